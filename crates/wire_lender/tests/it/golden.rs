//! Byte-exact goldens: a request written by hand, and the replies to it in both formats.
//!
//! A request file has a first line `POST /path`, then `name=value` lines, then, after a line
//! `data=`, the payload to its end. Words in braces are filled in by the test. Replies are rewritten
//! only when `LINTEL_GOLDEN=write` is set; read the difference before committing it.
//!
//! Where the APR figures come from: they were computed a second time outside this code base, with
//! Python's `decimal` at fifty digits: the cent-rounded schedule of each loan, the composite rate
//! path of the adjustable one, and the root of the present-value equation by bisection. What it
//! found stands at each golden and agrees with it to the three decimals shown.

use std::collections::BTreeSet;
use std::path::PathBuf;

use lintel_app::token::issue;
use lintel_domain::event::EventKind;
use lintel_domain::person::StaffMember;
use lintel_store::event::{NewEvent, record_in};
use lintel_testkit::both;

use crate::quotes::add_fees;
use crate::world::{DOCUMENT, NOON, Party, World};

/// The goldens in the order they are played; the world is one, so order matters: the loan that is
/// listed was created first, and tokens are destroyed last.
const GOLDENS: &[&str] = &[
    "access_token",
    "access_token_unknown_lender",
    "create_loan",
    "create_loan_refused",
    "list_one_loan",
    "list_nothing",
    "list_bad_limit",
    // 160,000 less origination, underwriting, points and fifteen days of interest: 6.623075101 at
    // 6.500, 6.213288082 at 6.000 with a point; the 5/1 ARM at 5.500 that goes to 6.250 has
    // 6.072088124.
    "apr_fixed_and_arm",
    // 12,000 for a year at 6.000 with 885.00 of finance charges: 20.594651494; eleven payments of
    // 1,032.80 and one of 1,032.78.
    "apr_with_schedule",
    "apr_empty_products",
    "wrong_format",
    "wrong_token",
    "destroy",
];

/// The goldens of pricing, played over the demo lender. Their figures are worked out a second time by
/// `tests-php/recompute.php` from request and answer alone.
const OF_THE_DEMO: &[&str] = &[
    // The sample payload of the text, as it is.
    "ppe_sample",
    "ppe_permutations",
    "ppe_explained",
    "signup",
    "rates_points",
    "rates_points_refused",
];

/// Files beside the goldens of calls.
const OTHERS: &[&str] = &["refusals.txt"];

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/golden")
        .join(name)
}

#[expect(
    clippy::disallowed_methods,
    reason = "rewriting goldens is asked for by the environment"
)]
fn writes() -> bool {
    std::env::var("LINTEL_GOLDEN").is_ok_and(|value| value == "write")
}

/// Compares a text with its golden, or rewrites the golden.
#[track_caller]
pub fn compare(name: &str, text: &str) {
    if writes() {
        std::fs::write(file(name), text).expect("written");
        return;
    }
    let golden = std::fs::read_to_string(file(name)).unwrap_or_default();
    let differs = golden.chars().zip(text.chars()).position(|(a, b)| a != b);
    let at = differs.unwrap_or_else(|| golden.chars().count().min(text.chars().count()));
    let around = |text: &str| -> String {
        let from = at.saturating_sub(40);
        text.chars().skip(from).take(200).collect()
    };
    assert!(
        golden == text,
        "{name} differs at character {at}:\n{}\ninstead of\n{}",
        around(text),
        around(&golden)
    );
}

/// A request as read from its file.
struct Request {
    path: String,
    fields: Vec<(String, String)>,
}

impl Request {
    fn read(name: &str, me: &Party) -> Self {
        let path = file(&format!("{name}.request"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let document = serde_json::to_string(DOCUMENT).expect("text");
        let text = text
            .replace("{apiID}", &me.pair.api_id)
            .replace("{apiKey}", &me.pair.api_key)
            .replace("{accessToken}", &me.token)
            .replace("\"{document}\"", &document);
        let (head, data) = text
            .split_once("\ndata=\n")
            .map_or((&*text, None), |(h, d)| (h, Some(d)));
        let mut lines = head.lines();
        let path = lines
            .next()
            .and_then(|l| l.strip_prefix("POST "))
            .expect("POST and a path");
        let pair = |line: &str| {
            let (name, value) = line.split_once('=').expect("name=value");
            (name.to_owned(), value.to_owned())
        };
        let mut fields: Vec<(String, String)> = lines.map(pair).collect();
        fields.extend(data.map(|data| ("data".to_owned(), data.to_owned())));
        Self {
            path: path.to_owned(),
            fields,
        }
    }

    async fn send(&self, world: &World, format: &str) -> String {
        let mut fields: Vec<(&str, &str)> = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        if !fields.iter().any(|(name, _)| *name == "format") {
            fields.push(("format", format));
        }
        let answer = world.client.post_form(&self.path, &fields).await;
        format!(
            "{}\n{}\n{}\n",
            answer.status.as_u16(),
            answer.header("content-type"),
            answer.text()
        )
    }
}

/// A lender with an officer and fees.
async fn given(world: &World) -> (Party, StaffMember) {
    let me = world.lender().await;
    let email = "olive.officer@example.com";
    let officer = world.staff(&me.org, 1, email).await;
    add_fees(world, &me.org).await;
    (me, officer)
}

/// The officer opens the loan that was created.
async fn view(world: &World, me: &Party, who: &StaffMember) {
    let body = format!(r#"{{"userID":"{}"}}"#, who.public_id);
    let db = world.app.db();
    let row: Option<(String,)> = db
        .maybe("SELECT id FROM loan", Vec::new())
        .await
        .expect("read");
    let event = NewEvent {
        org_id: &me.org.id,
        at: NOON.plus_seconds(60),
        actor: who.public_id.as_str(),
        kind: EventKind::LoanViewed,
        subject: &row.expect("created before").0,
        body: &body,
    };
    let mut tx = db.begin().await.expect("begun");
    record_in(&mut tx, &event).await.expect("recorded");
    tx.commit().await.expect("committed");
}

both! {
    /// The same bytes from both databases.
    async fn replies_are_as_written(db) {
        let world = World::on(&db);
        let (mut me, officer) = given(&world).await;
        for name in GOLDENS {
            if *name == "list_one_loan" {
                view(&world, &me, &officer).await;
            }
            for format in ["json", "xml"] {
                if *name == "destroy" {
                    // Each token can be destroyed once.
                    let fresh = issue(&world.app, &me.pair, None, "127.0.0.1").await;
                    me.token = fresh.expect("issued").token;
                }
                let request = Request::read(name, &me);
                compare(
                    &format!("{name}.{format}"),
                    &request.send(&world, format).await,
                );
            }
        }
    }
}

both! {
    /// The same bytes from both databases.
    async fn the_demo_prices_as_written(db) {
        let world = World::on(&db);
        let (org, _) = lintel_app::demo::load(&world.app).await.expect("the demo");
        let me = world.party(&org).await;
        for name in OF_THE_DEMO {
            for format in ["json", "xml"] {
                let request = Request::read(name, &me);
                compare(
                    &format!("{name}.{format}"),
                    &request.send(&world, format).await,
                );
            }
        }
    }
}

#[test]
fn no_golden_is_unreferenced() {
    let mut expected: BTreeSet<String> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
    for name in GOLDENS.iter().chain(OF_THE_DEMO) {
        expected.extend(["request", "json", "xml"].map(|ending| format!("{name}.{ending}")));
    }
    let entries = std::fs::read_dir(file("")).expect("the folder");
    let found: BTreeSet<String> = entries
        .map(|e| {
            e.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(
        found, expected,
        "left: what is there; right: what is referenced"
    );
}
