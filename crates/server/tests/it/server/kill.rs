//! Killed at any moment: what was acknowledged is there, and nothing is half there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use lintel_app::auth::Principal;
use lintel_app::context::App;
use lintel_app::loan;
use lintel_domain::id::PublicId;
use lintel_domain::loan::LoanQuery;
use lintel_store::organisation;

use super::client::Client;
use super::documents;
use super::place::{Place, block_on, on_both};
use super::process::{Server, lintel, run};

on_both! {
    acknowledged_loans_survive_kill_minus_nine => super::acknowledged_loans_survive;
}

const ROUNDS: u32 = 6;
const CLIENTS: u32 = 4;

/// What became of a loan that was sent.
enum Sent {
    /// The server answered with this publicID.
    Acknowledged(u32, String),
    /// The connection broke: it may be there or not, but not half.
    Unknown(u32),
}

fn los_loan_id(number: u32) -> String {
    format!("KILL-{number}")
}

fn acknowledged_loans_survive(place: &Place) {
    let (mut known, mut unknown) = (BTreeMap::new(), BTreeSet::new());
    let mut seed = 0x5eed_u64;
    for round in 0..ROUNDS {
        let mut server = Server::start(place, &[]);
        let client = server.demo_client(place);
        let (results, sent) = sync_channel(1000);
        let senders: Vec<_> = (0..CLIENTS)
            .map(|n| {
                let (client, results) = (client.clone(), results.clone());
                let first = (round * CLIENTS + n) * 1000;
                std::thread::spawn(move || send_until_it_breaks(&client, first, &results))
            })
            .collect();
        drop(results);
        // A number of acknowledgements, then a moment inside the calls that follow.
        let enough = 5 + next(&mut seed) % 40;
        let moment = Duration::from_micros(next(&mut seed) % 20_000);
        let (mut got, mut until) = (0, None::<Instant>);
        loop {
            let wait = until.map_or(Duration::from_secs(60), |at| {
                at.saturating_duration_since(Instant::now())
            });
            match sent.recv_timeout(wait) {
                Ok(Sent::Acknowledged(number, public_id)) => {
                    known.insert(number, public_id);
                    got += 1;
                }
                Ok(Sent::Unknown(number)) => panic!("loan {number} broke before the kill"),
                Err(_) if until.is_some() => break,
                Err(_) => panic!("no acknowledgement in a minute"),
            }
            if got >= enough && until.is_none() {
                until = Some(Instant::now() + moment);
            }
        }
        server.kill();
        for result in sent {
            match result {
                Sent::Acknowledged(number, public_id) => {
                    known.insert(number, public_id);
                }
                Sent::Unknown(number) => {
                    unknown.insert(number);
                }
            }
        }
        for sender in senders {
            sender.join().expect("a sender");
        }
    }
    assert!(known.len() >= 30, "{} acknowledged", known.len());
    println!(
        "{} acknowledged, {} unknown over {ROUNDS} kills",
        known.len(),
        unknown.len()
    );
    let ids = check_over_http(place, &known, &unknown);
    block_on(check_behind(place, &ids));
    let check = run(&mut lintel(place, &["check"]));
    check.assert_no_fault();
    assert!(check.out.contains("chain intact"), "{check:?}");
}

/// Good enough to pick moments with, and the same in every run.
fn next(seed: &mut u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

fn send_until_it_breaks(client: &Client, first: u32, results: &SyncSender<Sent>) {
    for number in first.. {
        match client.create(&los_loan_id(number), &documents::loan(number)) {
            Ok(public_id) => results
                .send(Sent::Acknowledged(number, public_id))
                .expect("heard"),
            Err(_) => {
                results.send(Sent::Unknown(number)).expect("heard");
                return;
            }
        }
    }
}

/// Every loan there must be, by publicID, with its number. Sends every unknown loan again, as its
/// sender would.
fn check_over_http(
    place: &Place,
    known: &BTreeMap<u32, String>,
    unknown: &BTreeSet<u32>,
) -> BTreeMap<String, u32> {
    let server = Server::start(place, &[]);
    let client = server.demo_client(place);
    let (listed, total) = client.list();
    assert_eq!(listed.len(), total);
    let distinct: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(distinct.len(), listed.len(), "a loan is listed twice");
    let mut ids = BTreeMap::new();
    for (number, public_id) in known {
        assert!(
            distinct.contains(public_id),
            "acknowledged loan {number} is lost"
        );
        let again = client.create(&los_loan_id(*number), &documents::loan(*number));
        assert_eq!(&again.expect("repeated"), public_id, "loan {number}");
        ids.insert(public_id.clone(), *number);
    }
    for number in unknown {
        let again = client.create(&los_loan_id(*number), &documents::loan(*number));
        ids.insert(again.expect("sent again"), *number);
    }
    assert_eq!(
        ids.len(),
        known.len() + unknown.len(),
        "two loans share a publicID"
    );
    let foreign: Vec<_> = listed.iter().filter(|id| !ids.contains_key(*id)).collect();
    assert!(foreign.is_empty(), "listed and never sent: {foreign:?}");
    assert_eq!(client.list().1, ids.len());
    assert_eq!(server.stop().0.code(), Some(0));
    ids
}

/// Every loan is whole: borrowers, application, document, one arrival in the audit log, one in the
/// outbox.
async fn check_behind(place: &Place, ids: &BTreeMap<String, u32>) {
    let app = place.open().await;
    let lender = PublicId::parse("DEMOLEND").expect("an id");
    let org = organisation::load(app.db(), &lender)
        .await
        .expect("read")
        .expect("the demo");
    let principal = Principal {
        org,
        api_id: "test".to_owned(),
    };
    let mut seen = 0;
    loop {
        let query = LoanQuery {
            with_borrowers: true,
            offset: seen,
            ..LoanQuery::all(true)
        };
        let page = loan::list(&app, &principal, &query).await.expect("a page");
        if page.loans.is_empty() {
            break;
        }
        for line in &page.loans {
            let number = ids[line.public_id.as_str()];
            let people = documents::people(number);
            let lender = principal.org.lender_id();
            let application = loan::application(&app, lender, &line.id)
                .await
                .expect("opened");
            let application = application.unwrap_or_else(|| panic!("{number}: no application"));
            assert_eq!(application.borrowers.len(), people.len(), "{number}");
            let document = loan::document(&app, lender, &line.id)
                .await
                .expect("opened");
            assert_eq!(
                document.as_deref(),
                Some(documents::loan(number).as_bytes()),
                "{number}"
            );
            let rows = page.borrowers.iter().filter(|b| b.loan_id == line.id);
            let rows: Vec<_> = rows
                .map(|b| (b.last_name.clone(), b.email.clone()))
                .collect();
            let expected: Vec<_> = people
                .into_iter()
                .map(|p| (p.last, Some(p.email)))
                .collect();
            assert_eq!(rows, expected, "{number}");
        }
        seen += u64::try_from(page.loans.len()).expect("fits");
    }
    assert_eq!(usize::try_from(seen).expect("fits"), ids.len());
    for (what, sql) in HALF_THERE {
        assert_eq!(number(&app, sql).await, 0, "{what}");
    }
    app.db().close().await;
}

/// Statements that count what must not be.
const HALF_THERE: [(&str, &str); 6] = [
    (
        "loans without an application",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM loan l WHERE NOT EXISTS (SELECT 1 FROM \
         loan_application a WHERE a.lender_org_id = l.lender_org_id AND a.loan_id = l.id)",
    ),
    (
        "loans without a document",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM loan l WHERE NOT EXISTS (SELECT 1 FROM loan_source s \
         WHERE s.lender_org_id = l.lender_org_id AND s.loan_id = l.id AND s.revision = 1)",
    ),
    (
        "loans without a borrower",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM loan l WHERE NOT EXISTS (SELECT 1 FROM borrower b \
         WHERE b.lender_org_id = l.lender_org_id AND b.loan_id = l.id)",
    ),
    (
        "loans whose arrival is not in the audit log once",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM loan l WHERE 1 <> (SELECT COUNT(*) FROM event e \
         WHERE e.org_id = l.org_id AND e.subject = l.id AND e.kind = 'loan.created')",
    ),
    (
        "arrivals that were not announced once",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM loan l WHERE 1 <> (SELECT COUNT(*) FROM outbox o \
         JOIN event e ON e.org_id = o.org_id AND e.seq = o.event_seq \
         WHERE e.org_id = l.org_id AND e.subject = l.id AND e.kind = 'loan.created')",
    ),
    (
        "announcements of nothing",
        "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM event e \
         WHERE e.org_id = o.org_id AND e.seq = o.event_seq)",
    ),
];

async fn number(app: &App, sql: &str) -> i64 {
    app.db()
        .maybe::<(i64,)>(sql, Vec::new())
        .await
        .expect("counted")
        .expect("a row")
        .0
}
