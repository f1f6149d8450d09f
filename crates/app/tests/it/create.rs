//! A loan arrives: once, again, newer, and when it must not.

use lintel_app::auth::Principal;
use lintel_app::error::AppError;
use lintel_app::loan::{Arrival, create, list};
use lintel_domain::id::RowId;
use lintel_domain::loan::{Lifecycle, LoanLine, LoanQuery, Status};
use lintel_domain::refusal::{Field, Refusal, Rule};
use lintel_engine::money::Cents;
use lintel_store::event::{ChainState, list_after, outbox_depth, verify};
use lintel_store::loan::write::set_lifecycle_in;
use lintel_testkit::both;

use crate::world::{DOCUMENT, NOON, World, document, new_loan, refusal};

/// Every table a call may write to.
const TABLES: [&str; 6] = [
    "loan",
    "loan_application",
    "loan_source",
    "borrower",
    "event",
    "outbox",
];

pub async fn counts(world: &World) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push(world.rows(table).await);
    }
    counts
}

pub async fn loans(world: &World, who: &Principal, is_active: bool) -> Vec<LoanLine> {
    list(&world.app, who, &LoanQuery::all(is_active))
        .await
        .expect("listed")
        .loans
}

async fn row_id(world: &World) -> RowId {
    let row: Option<(String,)> = world
        .app
        .db()
        .maybe("SELECT id FROM loan", Vec::new())
        .await
        .expect("read");
    RowId::new(row.expect("one loan").0)
}

both! {
    async fn a_loan_arrives_with_everything_that_belongs_to_it(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let before = counts(&world).await;
        let created = world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        assert_eq!(created.outcome, Arrival::Created);
        assert_eq!(created.findings, []);
        let added: Vec<i64> = counts(&world)
            .await
            .iter()
            .zip(before)
            .map(|(a, b)| a - b)
            .collect();
        assert_eq!(added, [1, 1, 1, 2, 1, 1], "{TABLES:?}");
        assert_eq!(outbox_depth(&db).await.expect("asked"), 1);
        let [line] = &loans(&world, &who, true).await[..] else {
            panic!("not one loan")
        };
        assert_eq!(line.public_id, created.public_id);
        assert_eq!((line.created_at, line.status_at), (NOON, NOON));
        assert_eq!(line.loan_amount, Cents::new(16_000_000));
        assert_eq!(line.home_price, Some(Cents::new(20_000_000)));
        assert_eq!(line.monthly_income, Cents::new(500_000));
        assert_eq!(line.liabilities, Cents::new(912_033));
        assert_eq!(line.property.state.as_deref(), Some("ME"));
        assert_eq!(
            line.officer.email.as_deref(),
            Some("olive.officer@example.com")
        );
        assert_eq!(line.officer.public_id, None, "not on the staff list");
    }

    async fn the_same_document_again_is_the_same_loan(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let first = world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        let before = counts(&world).await;
        world.pass_days(3);
        for _ in 0..3 {
            let again = world.send(&who, "LOS-1", DOCUMENT).await.expect("known");
            assert_eq!(again.outcome, Arrival::Repeated);
            assert_eq!(again.public_id, first.public_id);
        }
        assert_eq!(counts(&world).await, before);
        assert_eq!(loans(&world, &who, true).await[0].status_at, NOON);
    }

    async fn a_newer_document_updates_an_untouched_loan(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let first = world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        world.pass_days(3);
        let one_borrower = document("150000.00").replace("Tam", "Tamsin");
        let second = world
            .send(&who, "LOS-1", &one_borrower)
            .await
            .expect("replaced");
        assert_eq!(second.outcome, Arrival::Updated);
        assert_eq!(second.public_id, first.public_id);
        let [line] = &loans(&world, &who, true).await[..] else {
            panic!("not one loan")
        };
        assert_eq!(line.loan_amount, Cents::new(15_000_000));
        assert_eq!(line.created_at, NOON, "it arrived when it first arrived");
        assert_eq!(line.status_at, NOON, "its status did not change");
        assert_eq!(world.rows("borrower").await, 2);
        assert_eq!(
            world.rows("loan_source").await,
            2,
            "both documents are kept"
        );
        let repeated = world
            .send(&who, "LOS-1", &one_borrower)
            .await
            .expect("known");
        assert_eq!(repeated.outcome, Arrival::Repeated);
        let third = world
            .send(&who, "LOS-1", DOCUMENT)
            .await
            .expect("replaced again");
        assert_eq!(third.outcome, Arrival::Updated);
        let kinds: Vec<String> = list_after(&db, &who.org.id, 0)
            .await
            .expect("read")
            .iter()
            .map(|e| e.kind.to_string())
            .filter(|kind| kind.starts_with("loan."))
            .collect();
        assert_eq!(kinds, ["loan.created", "loan.updated", "loan.updated"]);
    }

    /// Somebody worked on the loan: a newer document would undo that.
    async fn a_newer_document_of_a_changed_loan_is_a_conflict(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let first = world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        let id = row_id(&world).await;
        let mut tx = db.begin().await.expect("begun");
        let lender = &who.org.id;
        let touched = set_lifecycle_in(&mut tx, lender, &id, Lifecycle::Withdrawn, NOON).await;
        assert!(touched.expect("touched"));
        tx.commit().await.expect("committed");
        let before = counts(&world).await;
        let refused = refusal(world.send(&who, "LOS-1", &document("150000.00")).await);
        let (field, rule) = (Field::LosLoanId, Rule::Conflict);
        assert_eq!(refused, Refusal::Invalid { field, rule });
        assert_eq!(
            counts(&world).await,
            before,
            "a rejected call changes nothing"
        );
        let same = world.send(&who, "LOS-1", DOCUMENT).await.expect("known");
        assert_eq!(
            (same.outcome, same.public_id),
            (Arrival::Repeated, first.public_id)
        );
        let [line] = &loans(&world, &who, false).await[..] else {
            panic!("not withdrawn")
        };
        assert_eq!(line.loan_amount, Cents::new(16_000_000));
    }

    async fn refused_documents_write_nothing(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        let before = counts(&world).await;
        let borrower = "<PartyRoleType>Borrower</PartyRoleType>";
        let refused = [
            String::new(),
            "no document".to_owned(),
            DOCUMENT[..DOCUMENT.len() / 2].to_owned(),
            DOCUMENT.replace(borrower, "<PartyRoleType>Other</PartyRoleType>"),
            DOCUMENT.replace("SubjectLoan", "RelatedLoan"),
            DOCUMENT.replace("<MESSAGE ", "<!DOCTYPE MESSAGE><MESSAGE "),
            format!("{DOCUMENT}\u{0}"),
        ];
        for text in refused {
            for los in ["LOS-1", "LOS-2"] {
                match world.send(&who, los, &text).await {
                    Err(AppError::Document(findings)) => assert!(!findings.is_empty()),
                    other => panic!("{other:?} for {}", &text[..text.len().min(60)]),
                }
            }
        }
        assert_eq!(counts(&world).await, before);
    }

    async fn loan_numbers_have_a_shape(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        for (los, rule) in [
            ("", Rule::Missing),
            ("  ", Rule::Missing),
            ("a\u{0}b", Rule::Malformed),
            ("a\nb", Rule::Malformed),
            (&"9".repeat(101), Rule::Malformed),
        ] {
            let refused = refusal(world.send(&who, los, DOCUMENT).await);
            assert_eq!(
                refused,
                Refusal::Invalid {
                    field: Field::LosLoanId,
                    rule
                },
                "{los:?}"
            );
        }
        assert_eq!(world.rows("loan").await, 0);
        for los in [&"9".repeat(100), "Ä-1 / 2"] {
            world.send(&who, los, DOCUMENT).await.expect(los);
        }
    }

    async fn a_loan_number_is_the_originators_own(db) {
        let world = World::on(&db);
        let (one, other) = (world.lender().await, world.lender().await);
        let (one, other) = (world.principal(&one).await, world.principal(&other).await);
        let first = world.send(&one, "LOS-1", DOCUMENT).await.expect("taken");
        let second = world.send(&other, "LOS-1", DOCUMENT).await.expect("taken");
        assert_eq!(second.outcome, Arrival::Created);
        assert_ne!(first.public_id, second.public_id);
    }

    async fn the_senders_status_decides_whether_a_loan_is_active(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let mut new = new_loan("LOS-1", DOCUMENT);
        new.status = Some(Status {
            main: "Withdrawn".to_owned(),
            sub: String::new(),
        });
        create(&world.app, &who, new).await.expect("taken");
        assert_eq!(loans(&world, &who, true).await, []);
        let [line] = &loans(&world, &who, false).await[..] else {
            panic!("not one loan")
        };
        assert_eq!(line.system_status.main, "Withdrawn");
    }

    async fn borrowers_without_an_address_are_a_warning_when_they_are_invited(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        world.app.set_public_url("https://loans.example.com");
        let silent = DOCUMENT.replace("tam.ashdown@example.com", "");
        let mut new = new_loan("LOS-1", &silent);
        new.invite_borrowers = true;
        let created = create(&world.app, &who, new).await.expect("taken");
        let about: Vec<&str> = created.findings.iter().map(|f| f.path.as_str()).collect();
        assert!(about.contains(&"borrower[2]"), "{about:?}");
        assert!(!about.contains(&"borrower[1]"), "{about:?}");
    }

    async fn every_change_is_in_an_intact_log(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        for n in 0..5 {
            world
                .send(&who, &format!("LOS-{n}"), DOCUMENT)
                .await
                .expect("taken");
        }
        let events = list_after(&db, &who.org.id, 0).await.expect("read");
        let created: Vec<_> = events
            .iter()
            .filter(|e| e.kind.as_str() == "loan.created")
            .collect();
        assert_eq!(created.len(), 5);
        assert!(created.iter().all(|e| e.actor == who.api_id));
        let total = i64::try_from(events.len()).expect("few");
        let state = verify(&db, &who.org.id).await.expect("verified");
        assert_eq!(state, ChainState::Intact { events: total });
        assert_eq!(outbox_depth(&db).await.expect("asked"), 5);
    }
}
