//! Borrowers are invited to follow their loan: once, with an account of their own, and see only that.

use std::sync::Arc;

use lintel_app::auth::Principal;
use lintel_app::borrower::{self, BorrowerLoan, SignedInBorrower, Welcomed, welcome};
use lintel_app::condition;
use lintel_app::loan::{Arrival, Created, LoanCaller, NewLoan, create};
use lintel_app::ports::MemoryPost;
use lintel_domain::condition::ConditionDraft;
use lintel_domain::event::EventKind;
use lintel_domain::loan::Status;
use lintel_domain::organisation::OrganisationKind;
use lintel_store::event::{ChainState, list_after, verify};
use lintel_testkit::both;

use crate::desk::{PASSWORD, visitor, world};
use crate::world::{DOCUMENT, World, document, new_loan};

const WREN: &str = "Wren.Ashdown@example.com";
const TAM: &str = "tam.ashdown@example.com";

fn inviting(los: &str, document: &str) -> NewLoan {
    NewLoan {
        invite_borrowers: true,
        ..new_loan(los, document)
    }
}

async fn send(world: &World, who: &Principal, los: &str, document: &str) -> Created {
    let created = create(&world.app, who, inviting(los, document)).await;
    created.expect("taken")
}

/// New letters, as readable texts.
async fn letters(world: &World) -> Vec<String> {
    world.letters(&Arc::new(MemoryPost::default())).await
}

/// Opens the account a letter is for, if it has a link that does.
async fn open(world: &World, letter: &str) -> SignedInBorrower {
    let (_, rest) = letter.split_once("/app/welcome/").expect("a link");
    let token: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let welcomed = welcome(&world.app, &token, PASSWORD, &visitor()).await;
    let Welcomed::Done { cookie } = welcomed.expect("tried") else {
        panic!("the link does not work")
    };
    let who = borrower::open(&world.app, &cookie).await.expect("opened");
    who.expect("signed in")
}

async fn loans(world: &World, who: &SignedInBorrower) -> Vec<BorrowerLoan> {
    borrower::loans(&world.app, who).await.expect("listed")
}

fn to<'a>(letters: &'a [String], email: &str) -> &'a str {
    let is_to = |l: &&String| {
        let to = l.lines().find(|line| line.starts_with("To: "));
        to.is_some_and(|to| to.ends_with(&format!("<{email}>")))
    };
    letters.iter().find(is_to).expect("a letter")
}

both! {
    async fn everybody_is_written_to_once(db) {
        let world = world(&db);
        let who = world.principal(&world.lender().await).await;
        let first = send(&world, &who, "LOS-1", DOCUMENT).await;
        assert_eq!(first.findings, []);
        let sent = letters(&world).await;
        assert_eq!(sent.len(), 2);
        let letter = to(&sent, WREN);
        for part in ["Hello Wren,", "Example retail has taken in", "loan officer is Olive Officer.", "/app/welcome/"] {
            assert!(letter.contains(part), "{part} in {letter}");
        }
        for _ in 0..3 {
            assert_eq!(send(&world, &who, "LOS-1", DOCUMENT).await.outcome, Arrival::Repeated);
        }
        let newer = send(&world, &who, "LOS-1", &document("150000.00")).await;
        assert_eq!(newer.outcome, Arrival::Updated);
        assert_eq!(letters(&world).await.len(), 0, "nobody twice");
        let events = list_after(&db, &who.org.id, 0).await.expect("read");
        let of = |kind| events.iter().filter(|e| e.kind == kind).count();
        assert_eq!((of(EventKind::BorrowersInvited), of(EventKind::BorrowerAdded)), (1, 2));
        let told = events.iter().find(|e| e.kind == EventKind::BorrowersInvited).expect("there");
        let body: serde_json::Value = serde_json::from_str(&told.body).expect("JSON");
        assert_eq!(body, serde_json::json!({ "invited": 2, "accounts": 2 }));
        assert!(matches!(verify(&db, &who.org.id).await, Ok(ChainState::Intact { .. })));
        // Another loan of theirs: another letter, the same accounts.
        send(&world, &who, "LOS-2", DOCUMENT).await;
        assert_eq!(letters(&world).await.len(), 2);
        assert_eq!(world.rows("borrower_account").await, 2);
    }

    async fn whoever_was_not_invited_is_later(db) {
        let world = world(&db);
        let who = world.principal(&world.lender().await).await;
        world.send(&who, "LOS-1", DOCUMENT).await.expect("taken");
        assert_eq!((letters(&world).await.len(), world.rows("borrower_account").await), (0, 0));
        let again = send(&world, &who, "LOS-1", DOCUMENT).await;
        assert_eq!(again.outcome, Arrival::Repeated);
        assert_eq!(letters(&world).await.len(), 2);
        let moved = DOCUMENT.replace(TAM, "tam.new@example.com");
        send(&world, &who, "LOS-1", &moved).await;
        let sent = letters(&world).await;
        assert_eq!(sent.len(), 1);
        to(&sent, "tam.new@example.com");
    }

    async fn one_address_is_one_account_and_one_letter(db) {
        let world = world(&db);
        let who = world.principal(&world.lender().await).await;
        let shared = DOCUMENT.replace(TAM, "WREN.Ashdown@example.com");
        send(&world, &who, "LOS-1", &shared).await;
        assert_eq!((letters(&world).await.len(), world.rows("borrower_account").await), (1, 1));
    }

    async fn who_cannot_be_written_to_is_a_warning(db) {
        let world = world(&db);
        let who = world.principal(&world.lender().await).await;
        let odd = DOCUMENT.replace(TAM, "tam@@example.com").replace(WREN, "");
        let created = send(&world, &who, "LOS-1", &odd).await;
        let about: Vec<&str> = created.findings.iter().map(|f| f.path.as_str()).collect();
        assert!(about.contains(&"borrower[1]") && about.contains(&"borrower[2]"), "{about:?}");
        assert_eq!((letters(&world).await.len(), world.rows("loan_invitation").await), (0, 0));
        send(&world, &who, "LOS-2", DOCUMENT).await;
        letters(&world).await;
        world.meddle("UPDATE borrower_account SET active = FALSE WHERE email_folded LIKE 'wren%'").await;
        let created = send(&world, &who, "LOS-3", DOCUMENT).await;
        assert_eq!(created.findings.len(), 1);
        assert_eq!(created.findings[0].path, "borrower[1]");
        assert_eq!(letters(&world).await.len(), 1);
    }

    async fn nobody_is_invited_to_what_ended(db) {
        let world = world(&db);
        let who = world.principal(&world.lender().await).await;
        let ended = NewLoan {
            status: Some(Status { main: "Withdrawn".to_owned(), sub: String::new() }),
            ..inviting("LOS-1", DOCUMENT)
        };
        create(&world.app, &who, ended).await.expect("taken");
        send(&world, &who, "LOS-1", DOCUMENT).await;
        assert_eq!((letters(&world).await.len(), world.rows("loan_invitation").await), (0, 0));
    }

    async fn a_borrower_sees_what_they_were_invited_to(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let who = world.principal(&broker).await;
        let invited = send(&world, &who, "LOS-1", DOCUMENT).await;
        // Named only, and never asked.
        world.send(&who, "LOS-2", &document("1000.00")).await.expect("taken");
        let sent = letters(&world).await;
        assert!(to(&sent, TAM).contains("The lender is Example wholesale."));
        let caller = LoanCaller::Program(&who);
        for (title, responsible) in [("Two pay slips", "borrower"), ("Title search", "third party")] {
            let draft = ConditionDraft {
                title: Some(title.to_owned()),
                phase: Some("prior to docs".to_owned()),
                responsible: Some(responsible.to_owned()),
                ..ConditionDraft::default()
            };
            condition::create(&world.app, &caller, &invited.public_id, draft).await.expect("made");
        }
        let tam = open(&world, to(&sent, TAM)).await;
        let [loan] = &loans(&world, &tam).await[..] else { panic!("not one loan") };
        assert_eq!((&loan.public_id, loan.is_active), (&invited.public_id, true));
        assert_eq!((loan.lender.as_str(), loan.status.main.as_str()), ("Example broker", "Start Application"));
        let asked: Vec<&str> = loan.conditions.iter().map(|c| c.title.as_str()).collect();
        assert_eq!(asked, ["Two pay slips"]);
        // Taken out of the application again: whose address it was sees nothing any more.
        send(&world, &who, "LOS-1", &DOCUMENT.replace(TAM, "tam.new@example.com")).await;
        assert_eq!(loans(&world, &tam).await, []);
        let new = open(&world, to(&letters(&world).await, "tam.new@example.com")).await;
        assert_eq!(loans(&world, &new).await.len(), 1);
        // Whoever has a password is told where to sign in.
        send(&world, &who, "LOS-3", &DOCUMENT.replace(TAM, "tam.new@example.com")).await;
        let sent = letters(&world).await;
        let letter = to(&sent, "tam.new@example.com");
        assert!(letter.contains("/app/sign-in?p=") && !letter.contains("/welcome/"), "{letter}");
        // A broker that is switched off shows nothing.
        world.meddle(&format!("UPDATE organisation SET active = FALSE WHERE id = '{}'", broker.id)).await;
        assert_eq!(loans(&world, &new).await, []);
    }

    async fn two_at_once_write_one_letter_each(db) {
        let world = world(&db);
        let who = world.principal(&world.lender().await).await;
        let send = |los: &'static str| send(&world, &who, los, DOCUMENT);
        tokio::join!(send("LOS-1"), send("LOS-1"), send("LOS-1"), send("LOS-2"));
        assert_eq!(letters(&world).await.len(), 4, "two loans, two borrowers");
        assert_eq!(world.rows("borrower_account").await, 2);
    }
}
