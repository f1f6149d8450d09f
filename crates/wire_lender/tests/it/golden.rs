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

use lintel_app::auth::check_pair;
use lintel_app::token::issue;
use lintel_app::vendor;
use lintel_domain::event::EventKind;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::person::StaffMember;
use lintel_store::db::Val;
use lintel_store::event::{NewEvent, record_in};
use lintel_testkit::both;

use crate::notifications::Office;
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
    // The sample payload of the text, as it is; in both formats one mail each.
    "invitation",
    "invitation_refused",
    "invitation_nobody",
    "rates_points",
    "rates_points_refused",
    // The three samples of the text; {searchID} and {watchToken} are what the calls before answered.
    "rate_watch",
    "rate_watch_target",
    "rate_watch_end",
    "rate_watch_refused",
];

/// The goldens of companies and people, played by a wholesale lender. Names in braces are what earlier
/// calls of the same list made.
const OF_PEOPLE: &[&str] = &[
    "broker_setup",
    "broker_setup_refused",
    "broker_setup_taken",
    "add_users",
    "add_users_refused",
    "update_headshot",
    "update_headshot_refused",
    "internal_users",
    "internal_users_nobody",
    "internal_users_refused",
    "sign_on",
    "sign_on_set_up",
    "sign_on_waits",
    "sign_on_refused",
    "account_status",
    "account_status_refused",
    "update_user_refused",
    "connect_vendor",
    "connect_vendor_again",
    "connect_vendor_refused",
];

/// The goldens of the partner family, played by the vendor that was connected.
const OF_VENDORS: &[&str] = &[
    "partner_token",
    "partner_token_refused",
    "partner_lenders",
    "partner_users",
    "partner_users_refused",
    "partner_list_loans",
    "partner_lead",
    "partner_lead_refused",
    "signing_links_refused",
];

/// The goldens of a customer system's events, played by a lender that knows whom they name.
const OF_EVENTS: &[&str] = &[
    // The sample payload of the text, as it is.
    "create_notifications",
    // The error sample of the text among others; what was done before is not done again.
    "create_notifications_refused",
    "create_notifications_empty",
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
        Self::with(name, me, &[])
    }

    /// As [`Request::read`], with more words filled in.
    fn with(name: &str, me: &Party, words: &[(&str, String)]) -> Self {
        let path = file(&format!("{name}.request"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let document = serde_json::to_string(DOCUMENT).expect("text");
        let text = text
            .replace("{apiID}", &me.pair.api_id)
            .replace("{apiKey}", &me.pair.api_key)
            .replace("{accessToken}", &me.token)
            .replace("\"{document}\"", &document);
        let text = words.iter().fold(text, |text, (word, value)| {
            text.replace(&format!("{{{word}}}"), value)
        });
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
        let mut words = Vec::new();
        for name in OF_THE_DEMO {
            for format in ["json", "xml"] {
                let request = Request::with(name, &me, &words);
                let reply = request.send(&world, format).await;
                words.extend(made(name, &reply));
                compare(&format!("{name}.{format}"), &reply);
            }
        }
    }
}

/// What a reply of the demo's goldens has for later ones.
fn made(name: &str, reply: &str) -> Option<(&'static str, String)> {
    let (word, pointer) = match name {
        "ppe_sample" => ("searchID", "/searchID"),
        "rate_watch" => ("watchToken", "/rateWatch/unsubscribeToken"),
        _ => return None,
    };
    let body = serde_json::from_str::<serde_json::Value>(reply.lines().nth(2)?).ok()?;
    Some((word, body.pointer(pointer)?.as_str()?.to_owned()))
}

/// A small picture of each kind, made for these tests.
const JPG: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAj/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AUP/Z";
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR42mMwTpsJQQxwFgBFaActbtDawQAAAABJRU5ErkJggg==";

/// The id of a member of staff by the partner's.
async fn staff_id(world: &World, uid: &str) -> String {
    let sql = "SELECT public_id FROM staff WHERE partner_uid = $1";
    let row: Option<(String,)> = world
        .app
        .db()
        .maybe(sql, vec![Val::from(uid)])
        .await
        .expect("read");
    row.map_or_else(String::new, |(id,)| id)
}

/// The id of the broker the first of the goldens makes.
async fn broker_id(world: &World) -> String {
    let sql = "SELECT public_id FROM organisation WHERE partner_uid = $1";
    let uid = vec![Val::from("aYF1VBsd46alkI3KD")];
    let row: Option<(String,)> = world.app.db().maybe(sql, uid).await.expect("read");
    row.map_or_else(String::new, |(id,)| id)
}

/// Plays a list in both formats; what is made underway is filled in later.
async fn play(world: &World, me: &Party, vendor: &Party, names: &[&str]) {
    let mut me = Party {
        org: me.org.clone(),
        pair: me.pair.clone(),
        token: me.token.clone(),
    };
    let mut words = vec![
        ("lenderID", me.org.public_id.to_string()),
        ("vendorID", vendor.org.public_id.to_string()),
        ("jpg", JPG.to_owned()),
        ("png", PNG.to_owned()),
    ];
    for name in names {
        for format in ["json", "xml"] {
            if *name == "connect_vendor" && format == "xml" {
                // The same leave can be given once.
                let principal = check_pair(&world.app, &me.pair).await.expect("known");
                let id = vendor.org.public_id.as_str();
                vendor::withdraw(&world.app, &principal, id)
                    .await
                    .expect("withdrawn");
            }
            words.push(("adam", staff_id(world, "Da4W7mNZ").await));
            words.push(("lena", staff_id(world, "Lena-1").await));
            words.push(("sam", staff_id(world, "G2bdThp9").await));
            words.push(("brokerID", broker_id(world).await));
            let request = Request::with(name, &me, &words);
            words.truncate(4);
            let reply = request.send(world, format).await;
            if *name == "partner_token" && format == "json" {
                let body = reply.lines().nth(2).unwrap_or_default();
                let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
                me.token = body["accessToken"].as_str().expect("text").to_owned();
            }
            compare(&format!("{name}.{format}"), &reply);
        }
    }
}

both! {
    /// The same bytes from both databases.
    async fn people_and_vendors_are_answered_as_written(db) {
        let world = World::on(&db);
        let org = world.org(OrganisationKind::Wholesale, None).await;
        let (me, vendor) = (world.party(&org).await, world.vendor().await);
        world.loan(&me, "LOS-1", DOCUMENT, "Start Application").await;
        play(&world, &me, &vendor, OF_PEOPLE).await;
        let vendor = Party { org: me.org.clone(), ..vendor };
        play(&world, &vendor, &vendor, OF_VENDORS).await;
    }
}

both! {
    /// The same bytes from both databases.
    async fn events_are_answered_as_written(db) {
        let office = Office::on(&db).await;
        for name in OF_EVENTS {
            for format in ["json", "xml"] {
                let request = Request::read(name, &office.me);
                compare(
                    &format!("{name}.{format}"),
                    &request.send(&office.world, format).await,
                );
            }
        }
    }
}

#[test]
fn no_golden_is_unreferenced() {
    let mut expected: BTreeSet<String> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
    for name in [GOLDENS, OF_THE_DEMO, OF_PEOPLE, OF_VENDORS, OF_EVENTS].concat() {
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
