//! Whose hand moves a loan how far: a lender's and its broker's, by call and by a newer document.

use lintel_app::auth::Principal;
use lintel_app::condition;
use lintel_app::error::AppError;
use lintel_app::loan::status::{Bar, StatusChange, StatusOutcome, StatusWords, choices};
use lintel_app::loan::{Arrival, Created, FullLoan, LoanCaller, create, full};
use lintel_domain::condition::ConditionEdit;
use lintel_domain::event::EventKind;
use lintel_domain::loan::Status;
use lintel_domain::refusal::{Denial, Field, LoanStatusField, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_domain::status::{Stage, Step};
use lintel_testkit::both;

use crate::standing::{Floor, to};
use crate::world::{denial, document, new_loan, refusal};

fn status(main: &str, sub: &str) -> Status {
    Status {
        main: main.to_owned(),
        sub: sub.to_owned(),
    }
}

fn conflict(field: LoanStatusField) -> Refusal {
    Refusal::Invalid {
        field: Field::LoanStatus(field),
        rule: Rule::Conflict,
    }
}

impl Floor {
    /// A document with a status; another amount makes another document.
    async fn sent(
        &self,
        who: &Principal,
        (los, amount): (&str, &str),
        main: &str,
        sub: &str,
    ) -> Result<Created, AppError> {
        let mut new = new_loan(los, &document(amount));
        new.status = Some(status(main, sub));
        create(&self.world.app, who, new).await
    }

    async fn loan_of(&self, who: &Principal, created: &Created) -> FullLoan {
        let caller = LoanCaller::Program(who);
        let read = full(&self.world.app, &caller, &created.public_id).await;
        read.expect("read")
    }
}

both! {
    async fn a_broker_leaves_the_lenders_steps_alone(db) {
        let floor = Floor::on(&db).await;
        let processor = floor.person(&floor.broker.org, Role::Processor).await;
        let (program, person) = (LoanCaller::Program(&floor.broker), LoanCaller::Person(&processor));
        for caller in [&program, &person] {
            for (main, sub) in [
                ("Underwriting", ""), ("Underwriting", "Clear to Close"), ("Closing", "Scheduled Closing"), ("Declined", ""),
            ] {
                let outcome = floor.try_go(caller, to(main, sub)).await.expect("answered");
                let StatusOutcome::Barred(barred) = outcome else { panic!("{main}: {outcome:?}") };
                assert_eq!(barred.field, LoanStatusField::Main, "{main}");
                assert!(matches!(barred.why, Bar::LendersAlone { .. }), "{barred:?}");
                assert!(barred.details().concat().contains("Only the lender"), "{barred:?}");
            }
            let ways = choices(&floor.world.app, caller, &floor.loan).await.expect("listed");
            let stages = |step: &Step| step.stage() <= Stage::LoanProcessing
                || matches!(step.stage(), Stage::Withdrawn | Stage::Cancelled | Stage::Archived);
            assert!(ways.iter().all(stages) && ways.contains(&Step::SubmittedToUnderwriting), "{ways:?}");
        }
        let own = StatusChange {
            lender: StatusWords { main: Some("Approved".to_owned()), sub: None },
            ..to("Loan Approval", "")
        };
        assert_eq!(refusal(floor.try_go(&program, own.clone()).await), conflict(LoanStatusField::LenderMain));
        assert_eq!(denial(floor.try_go(&person, own).await), Denial::NotPermitted);
        assert_eq!(floor.full(&floor.broker).await.head.revision, 1, "nothing changed");
        for (main, sub) in [
            ("Loan Processing", "Submitted to Underwriting"), ("Withdrawn", ""), ("Archived", ""), ("Withdrawn", ""),
            ("Loan Processing", "In Processing"), ("Cancelled", ""), ("Start Application", "Signed Up"),
        ] {
            let outcome = floor.try_go(&program, to(main, sub)).await.expect("answered");
            assert!(matches!(outcome, StatusOutcome::Changed(_)), "{main}: {outcome:?}");
        }
    }

    async fn a_loan_in_underwriting_comes_back_by_the_lenders_hand(db) {
        let floor = Floor::on(&db).await;
        floor.go(&floor.lender, "Underwriting", "Clear to Close").await;
        let barred = async |main: &str, sub: &str| {
            let outcome = floor.go(&floor.broker, main, sub).await;
            assert!(matches!(outcome, StatusOutcome::Barred(_)), "{main}: {outcome:?}");
        };
        barred("Loan Processing", "In Processing").await;
        barred("Closing", "").await;
        floor.go(&floor.broker, "Withdrawn", "").await;
        barred("Loan Processing", "In Processing").await;
        barred("Underwriting", "Clear to Close").await;
        floor.go(&floor.lender, "Loan Processing", "In Processing").await;
        floor.go(&floor.lender, "Declined", "").await;
        barred("Loan Processing", "In Processing").await;
        floor.go(&floor.broker, "Archived", "").await;
        barred("Declined", "").await;
        let caller = LoanCaller::Program(&floor.broker);
        assert_eq!(choices(&floor.world.app, &caller, &floor.loan).await.expect("listed"), []);
    }

    async fn a_brokers_first_word_goes_no_further_than_its_hand(db) {
        let floor = Floor::on(&db).await;
        let who = &floor.broker;
        let first = floor.sent(who, ("LOS-2", "1000.00"), "Funded", "Funded").await.expect("taken");
        let seen = floor.loan_of(who, &first).await;
        assert_eq!((seen.head.position().step, seen.head.lifecycle.is_active()), (Step::SignedUp, true));
        assert_eq!(seen.head.line.lender_status, status("Funded", "Funded"));
        // The same words with a newer document stand as before; others that are the lender's do not.
        let again = floor.sent(who, ("LOS-2", "2000.00"), "Funded", "Funded").await.expect("taken");
        assert_eq!((again.outcome, floor.loan_of(who, &again).await.head.position().step), (Arrival::Updated, Step::SignedUp));
        let other = floor.sent(who, ("LOS-2", "3000.00"), "Underwriting", "Clear to Close").await;
        assert_eq!(refusal(other), conflict(LoanStatusField::Main));
        assert_eq!(floor.loan_of(who, &first).await.head.revision, 2, "nothing changed");
    }

    async fn a_newer_document_goes_the_ways_of_the_status(db) {
        let floor = Floor::on(&db).await;
        // A retail lender and a wholesale lender with a loan of its own may do the same.
        for who in [&floor.stranger, &floor.lender] {
            let sent = async |amount: &str, main: &str, sub: &str| {
                floor.sent(who, ("LOS-9", amount), main, sub).await
            };
            let first = sent("1000.00", "Underwriting", "Suspended").await.expect("anywhere at first");
            let caller = LoanCaller::Program(who);
            let draft = lintel_domain::condition::ConditionDraft {
                title: Some("Statements".to_owned()),
                phase: Some("prior to docs".to_owned()),
                ..Default::default()
            };
            let app = &floor.world.app;
            let held = condition::create(app, &caller, &first.public_id, draft).await.expect("made");
            for (main, sub) in [
                ("Funded", ""), ("Underwriting", "Clear to Close"), ("Closing", ""), ("Start Application", "Signed Up"),
            ] {
                assert_eq!(refusal(sent("2000.00", main, sub).await), conflict(LoanStatusField::Main), "{main}");
            }
            let seen = floor.loan_of(who, &first).await;
            assert_eq!((seen.head.revision, seen.head.position().step), (1, Step::Suspended));
            assert_eq!(seen.history.iter().filter(|e| e.kind == EventKind::LoanUpdated).count(), 0);
            let edit = ConditionEdit { status: Some("waived".to_owned()), ..ConditionEdit::default() };
            condition::update(app, &caller, &held.line.public_id, edit).await.expect("waived");
            let cleared = sent("2000.00", "Underwriting", "Clear to Close").await.expect("taken");
            assert_eq!((cleared.outcome, floor.loan_of(who, &first).await.head.position().step), (Arrival::Updated, Step::ClearToClose));
            // What it may come back to is known, though a document moved it.
            sent("3000.00", "Archived", "").await.expect("taken");
            let head = floor.loan_of(who, &first).await.head;
            assert_eq!(head.position().ways(), [Step::ClearToClose]);
            sent("4000.00", "Underwriting", "Clear to Close").await.expect("taken");
            let head = floor.loan_of(who, &first).await.head;
            assert_eq!((head.reached, head.shelved), (None, None));
        }
    }
}
