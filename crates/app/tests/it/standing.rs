//! Where a loan stands: moves, what stands in the way, who may, in whose words.

use lintel_app::auth::Principal;
use lintel_app::error::AppError;
use lintel_app::loan::status::{Bar, StatusChange, StatusOutcome, StatusWords, change, choices};
use lintel_app::loan::wording::{self, WordingDraft};
use lintel_app::loan::{Arrival, FullLoan, LoanCaller, create, export, full, list};
use lintel_app::session::SignedIn;
use lintel_app::{condition, demo};
use lintel_domain::condition::{ConditionDraft, ConditionEdit};
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::loan::{LoanQuery, Status};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Denial, Field, LoanStatusField, Noun, Refusal, Rule};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::status::Step;
use lintel_store::db::Db;
use lintel_store::event::{list_after, outbox_depth};
use lintel_testkit::both;

use crate::desk;
use crate::world::{DOCUMENT, NOON, World, denial, document, new_loan, refusal};

/// A wholesale lender, its broker with a loan, and a stranger.
pub struct Floor {
    pub world: World,
    pub lender: Principal,
    pub broker: Principal,
    pub stranger: Principal,
    pub loan: PublicId,
}

impl Floor {
    pub async fn on(db: &Db) -> Self {
        let world = desk::world(db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let broker = world.principal(&broker).await;
        let sent = world.send(&broker, "LOS-1", DOCUMENT).await;
        Self {
            lender: world.principal(&wholesale).await,
            stranger: world.principal(&world.lender().await).await,
            loan: sent.expect("taken").public_id,
            broker,
            world,
        }
    }

    pub async fn go(&self, who: &Principal, main: &str, sub: &str) -> StatusOutcome {
        let outcome = self.try_go(&LoanCaller::Program(who), to(main, sub)).await;
        outcome.expect("answered")
    }

    pub async fn try_go(
        &self,
        who: &LoanCaller<'_>,
        new: StatusChange,
    ) -> Result<StatusOutcome, AppError> {
        change(&self.world.app, who, &self.loan, new).await
    }

    pub async fn full(&self, who: &Principal) -> FullLoan {
        let caller = LoanCaller::Program(who);
        full(&self.world.app, &caller, &self.loan)
            .await
            .expect("read")
    }

    /// A person with one role, signed in.
    pub async fn person(&self, org: &Organisation, role: Role) -> SignedIn {
        let email = format!("{role}.{}@example.com", org.public_id);
        let id = self.world.officer(org, &email).await;
        let cookie = self.world.sign_on(org, &id).await;
        let mut who = self.world.behind(&cookie).await.expect("signed in");
        who.person.roles = RoleSet::only(role);
        who
    }

    pub async fn condition(&self, who: &Principal, phase: &str) -> PublicId {
        let draft = ConditionDraft {
            title: Some("Two months of statements".to_owned()),
            phase: Some(phase.to_owned()),
            ..ConditionDraft::default()
        };
        let caller = LoanCaller::Program(who);
        let made = condition::create(&self.world.app, &caller, &self.loan, draft).await;
        made.expect("made").line.public_id
    }

    /// Loans of the lender changed at or after an instant.
    pub async fn changed_since(&self, from: Instant) -> usize {
        let mut query = LoanQuery::all(true);
        query.modified_from = Some(from);
        let page = list(&self.world.app, &self.lender, &query).await;
        page.expect("listed").loans.len()
    }
}

pub fn to(main: &str, sub: &str) -> StatusChange {
    StatusChange {
        main: main.to_owned(),
        sub: (!sub.is_empty()).then(|| sub.to_owned()),
        ..StatusChange::default()
    }
}

#[track_caller]
fn bar(outcome: StatusOutcome) -> (LoanStatusField, Bar) {
    match outcome {
        StatusOutcome::Barred(barred) => {
            assert!(!barred.details().is_empty());
            (barred.field, barred.why)
        }
        other => panic!("{other:?}"),
    }
}

fn status(main: &str, sub: &str) -> Status {
    Status {
        main: main.to_owned(),
        sub: sub.to_owned(),
    }
}

both! {
    async fn a_loan_goes_its_way_and_the_log_says_so(db) {
        let floor = Floor::on(&db).await;
        let before = outbox_depth(&db).await.expect("asked");
        floor.world.pass_days(1);
        let today = floor.world.app.now();
        assert_eq!(floor.changed_since(today).await, 0);
        for (main, sub) in [
            ("loan approval", ""),
            ("UNDERWRITING", "Approved  with conditions"),
            ("Loan Processing", "In Processing"),
            ("Closing", "Scheduled Closing"),
        ] {
            let outcome = floor.go(&floor.lender, main, sub).await;
            assert!(matches!(outcome, StatusOutcome::Changed(_)), "{main}: {outcome:?}");
            let again = floor.go(&floor.broker, main, sub).await;
            assert!(matches!(again, StatusOutcome::Unchanged(_)), "{main}: {again:?}");
        }
        assert_eq!(floor.changed_since(today).await, 1);
        let seen = floor.full(&floor.lender).await;
        assert_eq!(seen.head.position().step, Step::ScheduledClosing);
        assert_eq!((seen.head.revision, seen.head.line.status_at), (5, today));
        assert_eq!(outbox_depth(&db).await.expect("asked"), before + 4);
        let moves: Vec<_> = seen.history.iter().filter_map(|e| Some((e.from.clone()?, e.to.clone()?))).collect();
        assert_eq!(moves[0], (status("Loan Processing", "In Processing"), status("Closing", "Scheduled Closing")));
        assert_eq!(moves.len(), 4);
        // The broker is told of its lender's moves, too.
        let told = floor.full(&floor.broker).await.history;
        assert_eq!(told.iter().filter(|e| e.kind == EventKind::LoanStatusChanged).count(), 4);
        // A newer document no longer replaces the loan.
        let newer = floor.world.send(&floor.broker, "LOS-1", &document("150000.00")).await;
        let conflict = Refusal::Invalid { field: Field::LosLoanId, rule: Rule::Conflict };
        assert_eq!(refusal(newer), conflict);
    }

    async fn there_is_no_way_and_no_such_step(db) {
        let floor = Floor::on(&db).await;
        let (field, why) = bar(floor.go(&floor.lender, "Funded", "").await);
        assert_eq!(field, LoanStatusField::Main);
        let Bar::NotFromHere { from, allowed } = why else { panic!("{why:?}") };
        assert_eq!(from, Step::SignedUp);
        assert!(allowed.contains(&Step::Withdrawn) && !allowed.contains(&Step::Funded));
        let (field, why) = bar(floor.go(&floor.lender, "Nowhere", "Signed Up").await);
        assert_eq!(field, LoanStatusField::Main);
        assert!(matches!(why, Bar::Unknown { ref known } if known.len() == 10), "{why:?}");
        let (field, why) = bar(floor.go(&floor.lender, "Closing", "Signed Up").await);
        assert_eq!(field, LoanStatusField::Sub);
        assert!(matches!(why, Bar::Unknown { ref known } if known.len() == 3), "{why:?}");
        let seen = floor.full(&floor.lender).await;
        assert_eq!((seen.head.revision, seen.head.position().step), (1, Step::SignedUp));
        let caller = LoanCaller::Program(&floor.lender);
        let ways = choices(&floor.world.app, &caller, &floor.loan).await.expect("listed");
        assert_eq!(ways, allowed);
    }

    async fn an_end_is_taken_back_as_far_as_it_had_come(db) {
        let floor = Floor::on(&db).await;
        floor.go(&floor.lender, "Underwriting", "Suspended").await;
        floor.go(&floor.lender, "Declined", "").await;
        let ended = floor.full(&floor.lender).await.head;
        assert!(!ended.lifecycle.is_active());
        bar(floor.go(&floor.lender, "Withdrawn", "").await);
        let (field, _) = bar(floor.go(&floor.lender, "Underwriting", "Clear to Close").await);
        assert_eq!(field, LoanStatusField::Sub);
        floor.go(&floor.lender, "Archived", "").await;
        bar(floor.go(&floor.lender, "Underwriting", "Suspended").await);
        let back = floor.go(&floor.lender, "Declined", "").await;
        assert!(matches!(back, StatusOutcome::Changed(_)), "{back:?}");
        floor.go(&floor.lender, "Underwriting", "Suspended").await;
        let opened = floor.full(&floor.lender).await.head;
        assert!(opened.lifecycle.is_active());
        assert_eq!((opened.reached, opened.shelved), (None, None));
    }

    async fn conditions_keep_a_loan_back(db) {
        let floor = Floor::on(&db).await;
        let docs = floor.condition(&floor.lender, "Prior to Docs").await;
        let funding = floor.condition(&floor.lender, "prior to final funding").await;
        floor.condition(&floor.lender, "post closing").await;
        for (main, sub) in [("Underwriting", "Clear to Close"), ("Closing", "")] {
            let (_, why) = bar(floor.go(&floor.lender, main, sub).await);
            let Bar::ConditionsOpen(open) = why else { panic!("{why:?}") };
            assert_eq!(open.iter().map(|c| &c.public_id).collect::<Vec<_>>(), [&docs]);
        }
        let waive = |id: PublicId| {
            let edit = ConditionEdit { status: Some("Waived".to_owned()), ..ConditionEdit::default() };
            let (app, who) = (&floor.world.app, &floor.lender);
            async move { condition::update(app, &LoanCaller::Program(who), &id, edit).await.expect("waived") }
        };
        waive(docs.clone()).await;
        floor.go(&floor.lender, "Closing", "").await;
        let (_, why) = bar(floor.go(&floor.lender, "Funded", "").await);
        assert!(matches!(why, Bar::ConditionsOpen(ref open) if open[0].public_id == funding));
        // Put away and taken out again where it was, whatever is open by now.
        floor.condition(&floor.lender, "prior to docs").await;
        floor.go(&floor.lender, "Archived", "").await;
        let back = floor.go(&floor.lender, "Closing", "Scheduled Closing").await;
        assert!(matches!(back, StatusOutcome::Changed(_)), "{back:?}");
        bar(floor.go(&floor.lender, "Closing", "Signed Closing Documents").await);
    }

    async fn who_may_move_a_loan(db) {
        let floor = Floor::on(&db).await;
        let unknown = Refusal::NotFound { what: Noun::Loan };
        let foreign = floor.try_go(&LoanCaller::Program(&floor.stranger), to("Withdrawn", "")).await;
        assert_eq!(refusal(foreign), unknown);
        for (org, role, sees) in [
            (&floor.lender.org, Role::Underwriter, true),
            (&floor.lender.org, Role::LoanOfficer, false),
            (&floor.broker.org, Role::Processor, true),
            (&floor.stranger.org, Role::Admin, false),
        ] {
            let person = floor.person(org, role).await;
            let moved = floor.try_go(&LoanCaller::Person(&person), to("Withdrawn", "")).await;
            if sees {
                assert!(moved.is_ok(), "{role}: {moved:?}");
            } else {
                assert_eq!(refusal(moved), unknown, "{role}");
            }
        }
        let person = floor.person(&floor.lender.org, Role::SalesManager).await;
        let denied = floor.try_go(&LoanCaller::Person(&person), to("Withdrawn", "")).await;
        assert_eq!(denial(denied), Denial::NotPermitted);
    }

    async fn lenders_have_words_of_their_own(db) {
        let floor = Floor::on(&db).await;
        let words = WordingDraft {
            step: "clear to CLOSE".to_owned(),
            lender_main: "Cleared".to_owned(),
            lender_sub: "CTC".to_owned(),
            borrower_main: "Nearly there".to_owned(),
            borrower_sub: "Ready to sign".to_owned(),
        };
        let (app, org) = (&floor.world.app, &floor.lender.org);
        let set = || wording::set(app, org, std::slice::from_ref(&words));
        assert_eq!((set().await.expect("set"), set().await.expect("set")), (1, 0));
        let at_broker = wording::set(app, &floor.broker.org, std::slice::from_ref(&words)).await;
        assert_eq!(refusal(at_broker), Refusal::malformed(Field::StatusWording));
        floor.go(&floor.lender, "Underwriting", "Clear to Close").await;
        let line = floor.full(&floor.lender).await.head.line;
        assert_eq!(line.system_status, status("Underwriting", "Clear to Close"));
        assert_eq!(line.lender_status, status("Cleared", "CTC"));
        assert_eq!(line.borrower_status, status("Nearly there", "Ready to sign"));
        // A word of the caller's own in place of one of them; the day; nothing moves.
        let day = NOON.plus_seconds(86_400);
        let own = StatusChange {
            borrower: StatusWords { main: None, sub: Some(" On Friday ".to_owned()) },
            closing_at: Some(day),
            ..to("Underwriting", "Clear to Close")
        };
        let caller = LoanCaller::Program(&floor.lender);
        let outcome = floor.try_go(&caller, own.clone()).await.expect("answered");
        let StatusOutcome::Changed(head) = outcome else { panic!("{outcome:?}") };
        assert_eq!(head.line.borrower_status, status("Nearly there", "On Friday"));
        assert_eq!((head.line.closing_at, head.line.status_at), (Some(day), NOON));
        let again = floor.try_go(&caller, own).await.expect("answered");
        assert!(matches!(again, StatusOutcome::Unchanged(_)), "{again:?}");
        let odd = StatusChange {
            lender: StatusWords { main: Some("x".repeat(101)), sub: Some("a\nb".to_owned()) },
            ..to(" ", "")
        };
        let fields = [
            (Field::LoanStatus(LoanStatusField::Main), Rule::Missing),
            (Field::LoanStatus(LoanStatusField::LenderMain), Rule::Malformed),
            (Field::LoanStatus(LoanStatusField::LenderSub), Rule::Malformed),
        ];
        assert_eq!(refusal(floor.try_go(&caller, odd).await).mistakes(), fields);
        assert!(wording::remove(app, org, "Clear to Close").await.expect("removed"));
        assert!(!wording::remove(app, org, "Clear to Close").await.expect("removed"));
        assert_eq!(wording::list(app, org).await.expect("listed"), []);
    }

    async fn what_a_sender_says_of_the_status(db) {
        let floor = Floor::on(&db).await;
        let (app, who) = (&floor.world.app, &floor.broker);
        let send = async |los: &str, amount: &str, main: &str, sub: &str| {
            let mut new = new_loan(los, &document(amount));
            new.status = Some(status(main, sub));
            let created = create(app, who, new).await.expect("taken");
            let caller = LoanCaller::Program(who);
            (created.outcome, full(app, &caller, &created.public_id).await.expect("read"))
        };
        let (_, seen) = send("LOS-2", "1000.00", "loan processing", "in processing").await;
        assert_eq!(seen.head.line.system_status, status("Loan Processing", "In Processing"));
        assert_eq!(seen.head.line.lender_status, status("Loan Processing", "In Processing"));
        let (_, seen) = send("LOS-2", "1500.00", "With Ann", "").await;
        assert_eq!(seen.head.position().step, Step::InProcessing, "words that name nothing move nothing");
        assert_eq!(seen.head.line.lender_status, status("With Ann", ""));
        let (_, seen) = send("LOS-3", "1000.00", "At Bob's", "Since May").await;
        assert_eq!(seen.head.line.system_status, status("Start Application", "Signed Up"));
        assert_eq!(seen.head.line.borrower_status, status("At Bob's", "Since May"));
        let (outcome, seen) = send("LOS-3", "2000.00", "Withdrawn", "By phone").await;
        assert_eq!((outcome, seen.head.position().step), (Arrival::Updated, Step::Withdrawn));
        assert_eq!(seen.head.line.lender_status, status("Withdrawn", "By phone"));
        let newest = seen.history.iter().find(|e| e.kind == EventKind::LoanStatusChanged);
        assert_eq!(newest.and_then(|e| e.to.clone()), Some(status("Withdrawn", "Withdrawn")));
    }

    /// Two callers at once: one moves the loan, the other finds it moved.
    async fn two_at_once_make_one_move(db) {
        let floor = Floor::on(&db).await;
        let go = || floor.go(&floor.lender, "Loan Approval", "");
        let (one, two) = tokio::join!(go(), go());
        let moved = [&one, &two].iter().filter(|o| matches!(o, StatusOutcome::Changed(_))).count();
        assert_eq!(moved, 1, "{one:?} {two:?}");
        let events = list_after(&db, &floor.lender.org.id, 0).await.expect("read");
        assert_eq!(events.iter().filter(|e| e.kind == EventKind::LoanStatusChanged).count(), 1);
    }
}

both! {
    async fn a_loan_is_given_out_as_it_came(db) {
        let floor = Floor::on(&db).await;
        let app = &floor.world.app;
        let give = async |caller: &LoanCaller<'_>| export(app, caller, &floor.loan).await;
        let given = give(&LoanCaller::Program(&floor.lender)).await.expect("given");
        assert!(given.xml.starts_with("<?xml") && given.xml.contains("900661234"));
        let again = floor.world.send(&floor.broker, "LOS-2", &given.xml).await.expect("taken");
        let read = async |id| {
            let caller = LoanCaller::Program(&floor.broker);
            full(app, &caller, id).await.expect("read").application
        };
        let (mut first, mut second) = (read(&floor.loan).await, read(&again.public_id).await);
        // Our own system is one more that the application came through.
        first.loan.origination_systems.clear();
        second.loan.origination_systems.clear();
        assert_eq!(first, second);
        let kind = EventKind::LoanGiven;
        let events = list_after(&db, &floor.lender.org.id, 0).await.expect("read");
        assert_eq!(events.iter().filter(|e| e.kind == kind).count(), 1);
        let unknown = Refusal::NotFound { what: Noun::Loan };
        assert_eq!(refusal(give(&LoanCaller::Program(&floor.stranger)).await), unknown);
        let processor = floor.person(&floor.lender.org, Role::Processor).await;
        let denied = give(&LoanCaller::Person(&processor)).await;
        assert_eq!(denial(denied), Denial::NotPermitted);
    }

    async fn a_loan_in_full_has_everything_and_notes_no_look(db) {
        let floor = Floor::on(&db).await;
        let id = floor.condition(&floor.lender, "prior to docs").await;
        let admin = floor.person(&floor.lender.org, Role::Admin).await;
        lintel_app::loan::read(&floor.world.app, &admin, &floor.loan).await.expect("opened");
        let seen = floor.full(&floor.lender).await;
        assert_eq!((seen.borrowers.len(), seen.conditions.len(), seen.documents.len()), (2, 1, 0));
        assert_eq!(seen.views.len(), 1, "the person's look, and not the program's");
        assert_eq!(floor.full(&floor.lender).await.views, seen.views);
        let added = seen.history.iter().find(|e| e.kind == EventKind::ConditionAdded);
        assert_eq!(added.and_then(|e| e.about.clone()), Some(id));
        assert_eq!(floor.full(&floor.broker).await.views, []);
        let stranger = LoanCaller::Program(&floor.stranger);
        let foreign = full(&floor.world.app, &stranger, &floor.loan).await;
        assert_eq!(refusal(foreign), Refusal::NotFound { what: Noun::Loan });
    }

    async fn the_demo_has_loans_when_it_is_asked_to(db) {
        let world = World::on(&db);
        let (lender, _) = demo::load(&world.app).await.expect("loaded");
        for expected in [3, 0] {
            let added = demo::load_loans(&world.app, &lender).await.expect("loaded");
            assert_eq!(added, expected);
        }
        let who = world.principal(&lender).await;
        let page = list(&world.app, &who, &LoanQuery::all(true)).await.expect("listed");
        let subs: Vec<&str> = page.loans.iter().map(|l| l.system_status.sub.as_str()).collect();
        assert_eq!(page.total_count, 3);
        for sub in ["Completed Application", "In Processing", "Approved with Conditions"] {
            assert!(subs.contains(&sub), "{subs:?}");
        }
        assert!(page.loans.iter().all(|l| l.officer.public_id.is_some()), "Olive's");
        assert_eq!(world.rows("loan_condition").await, 5);
    }
}
