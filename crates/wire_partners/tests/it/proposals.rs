//! Proposals over HTTP, and the bank's staff who makes them: who may what, two people, a newer one, the
//! end of the days, races.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_app::by::By;
use lintel_app::error::AppError;
use lintel_app::people;
use lintel_app::session::SignedIn;
use lintel_domain::access::Subject;
use lintel_domain::entry::Entry;
use lintel_domain::id::RowId;
use lintel_domain::process::ProcessStatus;
use lintel_domain::proposal::{DecisionState, DeclineReason, ProposalStatus};
use lintel_domain::refusal::{Denial, Refusal};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::PersonDraft;
use lintel_engine::Cents;
use lintel_processes::desk::{self, Approval, Case, QueueFilter, Settings};
use lintel_processes::proposal::sweep;
use lintel_processes::request::Ask;
use lintel_store::db::Db;
use lintel_taxonomy::List;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::house::{House, problem};
use crate::processes::{borrower_path, first, id_of, submitted};
use crate::shop::open;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A house with a process the bank has, and its id.
async fn handed_over(db: &Db) -> (House, RowId) {
    let house = House::on(db).await;
    open(&house).await;
    let path = submitted(&house).await;
    (house, id_of(&path))
}

/// Somebody at the bank.
async fn staff(house: &House, uid: &str, role: Role) -> SignedIn {
    let text = |value: &str| Some(value.to_owned());
    let draft = PersonDraft {
        uid: text(uid),
        first_name: text("Rita"),
        last_name: Some(format!("Exemplo {uid}")),
        phone: text("+351910000000"),
        email: Some(format!("{uid}@example.com")),
        roles: Entry::Given(RoleSet::only(role)),
        ..PersonDraft::default()
    };
    let added = people::add(&house.app, &By::Operator(&house.bank), draft).await;
    SignedIn {
        org: house.bank.clone(),
        person: added.expect("added"),
        session_id: "s".to_owned(),
        subject: Subject::Staff,
    }
}

/// Terms as they were asked for, but for the amount.
fn terms(amount: i64) -> Approval {
    Approval {
        amount: Cents::new(amount),
        term_months: 360,
        utilisation_months: 0,
        rate_kind: 2,
        index_type: 5,
        cross_selling: true,
        conditions: vec!["Seguro de vida contratado.".to_owned()],
        valid_days: 30,
    }
}

async fn case(house: &House, who: &SignedIn, id: &RowId) -> Case {
    desk::look(&house.app, who, id).await.expect("there")
}

/// Approves as the process stands now.
async fn approved(house: &House, who: &SignedIn, id: &RowId, amount: i64) -> Result<(), AppError> {
    // Ids follow each other as long as the clock goes on.
    house.clock.advance(1);
    let seen = case(house, who, id).await.process.head.revision;
    desk::approve(&house.app, who, (id, seen), &terms(amount)).await
}

#[track_caller]
fn refused<T>(outcome: Result<T, AppError>) -> Refusal {
    match outcome {
        Ok(_) => panic!("not refused"),
        Err(AppError::Refused(refusal)) => refusal,
        Err(other) => panic!("{other:?}"),
    }
}

async fn newest(house: &House) -> Value {
    house.anna.get("/proposals").await.json()["proposals"][0].clone()
}

fn place(proposal: &Value) -> String {
    let id = proposal["proposalUniqueID"].as_str().expect("an id");
    format!("/proposals/{id}")
}

both! {
    async fn a_process_is_taken_on_approved_and_accepted(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        let filter = QueueFilter {
            status: ProcessStatus::Submitted, mine: false, text: "conceicao".to_owned(), days: 0, page: 1,
        };
        let queue = desk::queue(&house.app, &rita, &filter).await.expect("a queue");
        assert_eq!((queue.total, queue.lines[0].head.id.clone()), (1, id.clone()));
        desk::take(&house.app, &rita, &id).await.expect("taken");
        desk::take(&house.app, &rita, &id).await.expect("taken twice is taken once");
        approved(&house, &rita, &id, 17_500_000).await.expect("approved");

        let line = newest(&house).await;
        assert_eq!((&line["proposalStatusID"], &line["loanAmount"]), (&json!(1), &json!(175_000.0)));
        let path = place(&line);
        let one = house.anna.get(&path).await;
        let shown = one.json();
        assert_eq!(one.status, 200, "{}", one.text());
        assert_eq!((&shown["expirationDate"], &shown["reflectionEndDate"]), (&json!("2026-07-01"), &json!("2026-06-08")));
        assert_eq!(shown["conditions"], json!(["Seguro de vida contratado."]));
        assert!(!one.header("etag").is_empty());
        let mut papers = Vec::new();
        for (paper, member) in [("esis", "esis"), ("letter", "letter")] {
            let sheet = house.anna.get(&format!("{path}/{paper}")).await;
            assert_eq!(sheet.status, 200, "{}", sheet.text());
            let pdf = STANDARD.decode(sheet.json()[member].as_str().expect("a text")).expect("base64");
            assert!(pdf.starts_with(b"%PDF-"));
            assert_eq!(house.anna.get(&format!("{path}/{paper}")).await.json(), sheet.json());
            papers.push(pdf);
        }
        assert_ne!(papers[0], papers[1]);

        let (accept, empty) = (format!("{path}/accept"), json!({}));
        let (one, other) = tokio::join!(
            house.anna.post(&accept, &empty),
            house.anna.post(&accept, &empty),
        );
        for answer in [&one, &other] {
            assert_eq!((answer.status.as_u16(), &answer.json()["proposalStatusID"]), (200, &json!(2)), "{}", answer.text());
        }
        let process = house.anna.get(&format!("/processes/{id}")).await.json();
        assert_eq!(process["processStatusID"], 7);
        problem(&house.anna.delete(&format!("{path}?cancelReasonId={}", first(List::ProposalCancelReasons))).await, 409);
        let again = refused(desk::approve(&house.app, &rita, (&id, 99), &terms(17_500_000)).await);
        assert!(matches!(again, Refusal::WrongState { .. }), "{again}");
    }

    async fn somebody_elses_is_unknown(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        desk::take(&house.app, &rita, &id).await.expect("taken");
        approved(&house, &rita, &id, 18_000_000).await.expect("approved");
        let path = place(&newest(&house).await);
        let nobody = "/proposals/0193f000-0000-7000-8000-000000000001";
        for who in [&house.bruno, &house.carla] {
            for part in ["", "/esis", "/letter"] {
                let (theirs, none) = (who.get(&format!("{path}{part}")).await, who.get(&format!("{nobody}{part}")).await);
                assert_eq!(problem(&theirs, 404), problem(&none, 404));
            }
            problem(&who.post(&format!("{path}/accept"), &json!({})).await, 404);
            problem(&who.delete(&format!("{path}?cancelReasonId=1")).await, 404);
            problem(&who.get(&format!("/proposals?nextRecord={}", id_of(&path))).await, 400);
            assert_eq!(who.get("/proposals").await.json()["totalRecords"], 0);
        }
        problem(&house.anna.get("/proposals?filterProposalStatus=9").await, 400);
        problem(&house.anna.delete(&path).await, 400);
        problem(&house.anna.delete(&format!("{path}?cancelReasonId=4711")).await, 400);
    }

    async fn a_newer_one_supersedes_and_a_refused_one_leaves_the_process_approved(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        desk::take(&house.app, &rita, &id).await.expect("taken");
        let seen = case(&house, &rita, &id).await.process.head.revision;
        let wanted = terms(18_000_000);
        let approve = || desk::approve(&house.app, &rita, (&id, seen), &wanted);
        let (one, other) = tokio::join!(approve(), approve());
        assert!(one.is_ok() != other.is_ok(), "a double click makes one proposal");
        assert_eq!(house.rows("proposal").await, 1);
        assert_eq!(house.rows("credit_paper").await, 2);
        let first_path = place(&newest(&house).await);
        // Ids of one millisecond are in no order.
        house.clock.advance(1);
        approved(&house, &rita, &id, 17_000_000).await.expect("a newer one");
        assert_eq!(house.anna.get(&first_path).await.json()["proposalStatusID"], 5);
        problem(&house.anna.post(&format!("{first_path}/accept"), &json!({})).await, 409);
        let second = place(&newest(&house).await);
        let reason = first(List::ProposalCancelReasons);
        let stale = house.anna.with("if-match", "\"99\"");
        let stale = crate::house::send(&stale, axum::http::Method::DELETE, &format!("{second}?cancelReasonId={reason}"), None).await;
        problem(&stale, 412);
        for _ in 0..2 {
            let gone = house.anna.delete(&format!("{second}?cancelReasonId={reason}")).await;
            assert_eq!((gone.status.as_u16(), &gone.json()["proposalStatusID"]), (200, &json!(3)), "{}", gone.text());
        }
        assert_eq!(case(&house, &rita, &id).await.process.head.status, ProcessStatus::Approved);
        // Ids of one millisecond are in no order.
        house.clock.advance(1);
        approved(&house, &rita, &id, 16_000_000).await.expect("another one");
        let gone = house.anna.delete(&format!("/processes/{id}?cancelReasonId={reason}")).await;
        assert_eq!(gone.status, 200, "{}", gone.text());
        assert_eq!(newest(&house).await["proposalStatusID"], 3, "the offer goes with its process");
        let cancelled = house.anna.get("/proposals?filterProposalStatus=3").await.json();
        assert_eq!(cancelled["totalRecords"], 2);
    }

    async fn days_end_and_accepting_races_with_refusing(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        desk::take(&house.app, &rita, &id).await.expect("taken");
        approved(&house, &rita, &id, 18_000_000).await.expect("approved");
        let path = place(&newest(&house).await);
        let id_of_it = id_of(&path);
        house.clock.advance(31 * DAY);
        let head = lintel_store::proposal::find(
            house.app.db(),
            lintel_store::process::Whose { org_id: &house.bank.id, intermediary_id: None },
            &id_of_it,
        ).await.expect("asked").expect("there");
        assert_eq!(head.status, ProposalStatus::Issued, "nothing swept it");
        assert_eq!(desk::look(&house.app, &rita, &id).await.expect("there").proposals[0].status, ProposalStatus::Expired);
        assert_eq!(sweep(&house.app).await.expect("swept"), 1);
        assert_eq!(sweep(&house.app).await.expect("swept"), 0);
        assert_eq!(case(&house, &rita, &id).await.process.head.status, ProcessStatus::Approved);
    }

    async fn one_that_is_over_is_listed_by_the_day_it_was(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        desk::take(&house.app, &rita, &id).await.expect("taken");
        approved(&house, &rita, &id, 18_000_000).await.expect("approved");
        house.clock.advance(40 * DAY);
        let mut anna = house.anna.clone();
        anna.token = anna.sign_in().await.json()["sessionToken"].as_str().expect("a token").to_owned();
        for (filter, expected) in [
            ("filterStatusLastDateFrom=2026-06-30&filterStatusLastDateTo=2026-07-05", 1),
            ("filterStatusLastDateFrom=2026-05-30&filterStatusLastDateTo=2026-06-05", 0),
            ("filterStatusLastDateFrom=2026-07-06", 0),
        ] {
            let found = anna.get(&format!("/proposals?{filter}")).await.json();
            assert_eq!(found["totalRecords"], expected, "{filter} {found}");
        }
    }

    async fn state_comes_before_the_reason(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        desk::take(&house.app, &rita, &id).await.expect("taken");
        approved(&house, &rita, &id, 18_000_000).await.expect("approved");
        let path = place(&newest(&house).await);
        problem(&house.anna.delete(&path).await, 400);
        let reason = format!("{path}?cancelReasonId={}", first(List::ProposalCancelReasons));
        assert_eq!(house.anna.delete(&reason).await.status, 200);
        for again in [path.clone(), format!("{path}?cancelReasonId=4711"), reason] {
            let answer = house.anna.delete(&again).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["proposalStatusID"]), (200, &json!(3)), "{}", answer.text());
        }
        problem(&house.anna.delete(&format!("{path}?cancelReasonId=x")).await, 400);
        // Ids of one millisecond are in no order.
        house.clock.advance(1);
        approved(&house, &rita, &id, 17_000_000).await.expect("a newer one");
        let second = place(&newest(&house).await);
        assert_eq!(house.anna.post(&format!("{second}/accept"), &json!({})).await.status, 200);
        for closed in [second.clone(), format!("{second}?cancelReasonId=4711")] {
            problem(&house.anna.delete(&closed).await, 409);
        }
        problem(&house.anna.delete(&format!("/processes/{id}?cancelReasonId=4711")).await, 409);
    }

    async fn nothing_with_holes_is_approved(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        let path = format!("/processes/{id}");
        let ask = Ask { borrower_id: None, document_type: None, text: "Área?".to_owned() };
        desk::take(&house.app, &rita, &id).await.expect("taken");
        let asked = desk::ask(&house.app, &rita, &id, &ask).await.expect("asked");
        let borrower = borrower_path(&house.anna, &path).await;
        assert_eq!(house.anna.put(&borrower, &json!({ "creditBureauConsent": false })).await.status, 200);
        desk::withdraw(&house.app, &rita, (&id, &asked)).await.expect("withdrawn");
        assert_eq!(case(&house, &rita, &id).await.process.head.status, ProcessStatus::InAnalysis);
        let holes = refused(approved(&house, &rita, &id, 18_000_000).await);
        assert!(matches!(&holes, Refusal::Findings(found) if found.len() == 1), "{holes}");
        desk::ask(&house.app, &rita, &id, &ask).await.expect("asked again");
        assert_eq!(house.anna.put(&borrower, &json!({ "creditBureauConsent": true })).await.status, 200);
        let back = house.anna.post(&format!("{path}/submit"), &json!({})).await;
        assert_eq!(back.status, 200, "{}", back.text());
        approved(&house, &rita, &id, 18_000_000).await.expect("approved");
    }

    async fn one_answer_wins(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        desk::take(&house.app, &rita, &id).await.expect("taken");
        approved(&house, &rita, &id, 18_000_000).await.expect("approved");
        let path = place(&newest(&house).await);
        let (accept, body) = (format!("{path}/accept"), json!({}));
        let refuse = format!("{path}?cancelReasonId={}", first(List::ProposalCancelReasons));
        let (accepted, gone) = tokio::join!(house.anna.post(&accept, &body), house.anna.delete(&refuse));
        let both = (accepted.status.as_u16(), gone.status.as_u16());
        assert!(both == (200, 409) || both == (409, 200), "{both:?}");
        let status = case(&house, &rita, &id).await.process.head.status;
        let expected = if both.0 == 200 { ProcessStatus::Contracted } else { ProcessStatus::Approved };
        assert_eq!(status, expected);
    }

    async fn two_people_decide(db) {
        let (house, id) = handed_over(&db).await;
        let ada = staff(&house, "ada", Role::Admin).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        let paulo = staff(&house, "paulo", Role::Underwriter).await;
        let setting = Settings { four_eyes: true };
        assert!(matches!(refused(desk::set_settings(&house.app, &rita, setting).await), Refusal::Denied(Denial::NotPermitted)));
        desk::set_settings(&house.app, &ada, setting).await.expect("set");
        desk::take(&house.app, &rita, &id).await.expect("taken");
        approved(&house, &rita, &id, 18_000_000).await.expect("prepared");
        assert_eq!(house.rows("proposal").await, 0);
        let waiting = case(&house, &rita, &id).await;
        let decision = waiting.waiting().expect("it waits").0.id.clone();
        assert!(matches!(refused(approved(&house, &paulo, &id, 17_000_000).await), Refusal::WrongState { .. }));
        let own = refused(desk::confirm(&house.app, &rita, (&id, &decision)).await);
        assert_eq!(own, Refusal::Denied(Denial::SecondPersonNeeded));
        desk::send_back(&house.app, &paulo, (&id, &decision)).await.expect("sent back");
        assert!(desk::confirm(&house.app, &paulo, (&id, &decision)).await.is_err());
        assert_eq!(house.rows("proposal").await, 0);

        approved(&house, &rita, &id, 17_000_000).await.expect("prepared again");
        let decision = case(&house, &rita, &id).await.waiting().expect("it waits").0.id.clone();
        let confirm = || desk::confirm(&house.app, &paulo, (&id, &decision));
        let (one, other) = tokio::join!(confirm(), confirm());
        assert!(one.is_ok() || other.is_ok());
        desk::confirm(&house.app, &paulo, (&id, &decision)).await.expect("confirmed before");
        assert_eq!(house.rows("proposal").await, 1);
        let done = case(&house, &paulo, &id).await;
        assert_eq!(done.process.head.status, ProcessStatus::Approved);
        assert_eq!(done.decisions[0].0.state, DecisionState::Confirmed);
        assert_eq!(newest(&house).await["loanAmount"], json!(170_000.0));
    }

    async fn declining_needs_two_as_well_and_asking_takes_a_decision_back(db) {
        let (house, id) = handed_over(&db).await;
        let ada = staff(&house, "ada", Role::Admin).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        desk::set_settings(&house.app, &ada, Settings { four_eyes: true }).await.expect("set");
        desk::take(&house.app, &rita, &id).await.expect("taken");
        let seen = case(&house, &rita, &id).await.process.head.revision;
        desk::decline(&house.app, &rita, (&id, seen), DeclineReason::Property).await.expect("prepared");
        let ask = Ask { borrower_id: None, document_type: None, text: "Área?".to_owned() };
        let asked = desk::ask(&house.app, &rita, &id, &ask).await.expect("asked");
        let now = case(&house, &rita, &id).await;
        assert!(now.waiting().is_none());
        assert_eq!(now.process.head.status, ProcessStatus::PendingInformation);
        desk::withdraw(&house.app, &rita, (&id, &asked)).await.expect("withdrawn");
        desk::withdraw(&house.app, &rita, (&id, &asked)).await.expect("withdrawn before");
        let seen = case(&house, &rita, &id).await.process.head.revision;
        desk::decline(&house.app, &rita, (&id, seen), DeclineReason::Property).await.expect("prepared");
        let decision = case(&house, &rita, &id).await.waiting().expect("it waits").0.id.clone();
        desk::confirm(&house.app, &ada, (&id, &decision)).await.expect("declined");
        let process = house.anna.get(&format!("/processes/{id}")).await.json();
        assert_eq!(process["processStatusID"], 6);
        problem(&house.anna.delete(&format!("/processes/{id}")).await, 409);
    }

    async fn who_may_do_what_and_what_cannot_be_approved(db) {
        let (house, id) = handed_over(&db).await;
        let rita = staff(&house, "rita", Role::Underwriter).await;
        let clerk = staff(&house, "clerk", Role::Processor).await;
        let mut stranger = rita.clone();
        stranger.org.kind = lintel_domain::organisation::OrganisationKind::Retail;
        assert!(matches!(refused(desk::look(&house.app, &stranger, &id).await), Refusal::NotFound { .. }));
        assert!(matches!(refused(desk::look(&house.app, &rita, &house.bank.id).await), Refusal::NotFound { .. }));
        desk::take(&house.app, &clerk, &id).await.expect("taken");
        assert!(matches!(refused(desk::take(&house.app, &rita, &id).await), Refusal::WrongState { .. }));
        desk::take_over(&house.app, &rita, &id).await.expect("taken over");
        desk::message(&house.app, &clerk, &id, ("Pergunta", "Bom dia")).await.expect("written");
        let seen = case(&house, &rita, &id).await.process.head.revision;
        let denied = refused(desk::approve(&house.app, &clerk, (&id, seen), &terms(18_000_000)).await);
        assert_eq!(denied, Refusal::Denied(Denial::NotPermitted));
        for wrong in [
            Approval { amount: Cents::new(99_999_999_999), ..terms(1) },
            Approval { amount: Cents::new(22_400_000), ..terms(1) },
            Approval { amount: Cents::new(-1), ..terms(1) },
            Approval { term_months: 1, ..terms(18_000_000) },
            Approval { rate_kind: 9, ..terms(18_000_000) },
            Approval { valid_days: 29, ..terms(18_000_000) },
            Approval { valid_days: u32::MAX, ..terms(18_000_000) },
            Approval { conditions: vec!["a\u{0}b".to_owned()], ..terms(18_000_000) },
            Approval { conditions: vec!["x".repeat(1001)], ..terms(18_000_000) },
        ] {
            let outcome = desk::approve(&house.app, &rita, (&id, seen), &wrong).await;
            assert!(matches!(refused(outcome), Refusal::Findings(_)), "{wrong:?}");
        }
        let stale = desk::approve(&house.app, &rita, (&id, seen - 1), &terms(18_000_000)).await;
        assert!(matches!(refused(stale), Refusal::Stale { .. }));
        assert_eq!((house.rows("proposal").await, house.rows("credit_paper").await), (0, 0));
        let ahead = desk::look_ahead(&house.app, &rita, &id, &terms(15_000_000)).await.expect("worked out");
        assert_eq!(ahead.loan.amount, Cents::new(15_000_000));
        let paper = case(&house, &rita, &id).await.process.papers[0].id.clone();
        desk::paper(&house.app, &clerk, (&id, &paper)).await.expect("read");
    }
}
