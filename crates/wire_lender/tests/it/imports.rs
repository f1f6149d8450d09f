//! `/import-loan` over the wire: what the caller's system has, and what it says instead.

use std::sync::Arc;

use lintel_app::los::{self, FolderSettings, LosSettings};
use lintel_app::ports::{LosFaultKind, MemoryLos};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::loan::Lifecycle;
use lintel_edge::test_client::Answer;
use lintel_store::loan::write::set_lifecycle_in;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, NOON, Party, World, is_error, success};

const IMPORT: &str = "/import-loan";
const LOAN: &str = "Parameter loanLOSID missing or invalid format.";
const BUSY: &str = "Server is busy, try again in a moment.";

/// A lender whose system is in memory and has one loan.
async fn connected(world: &World) -> (Party, Arc<MemoryLos>) {
    let system = Arc::new(MemoryLos::default());
    system.keep("LOS-1", DOCUMENT.as_bytes());
    world.app.set_los(system.clone());
    let me = world.lender().await;
    connect(world, &me).await;
    (me, system)
}

async fn connect(world: &World, party: &Party) {
    let folder = "/srv/los".to_owned();
    let settings = LosSettings::Folder(FolderSettings { folder });
    los::set(&world.app, &party.org.public_id, settings)
        .await
        .expect("set");
}

/// The code of the only detail of an error.
#[track_caller]
fn reason(answer: &Answer) -> String {
    let body = answer.json();
    let details = body["error"]["details"].as_array().expect("details");
    assert_eq!(details.len(), 1, "{body}");
    assert_eq!(details[0]["severity"], "error");
    assert!(
        details[0]["message"]
            .as_str()
            .is_some_and(|m| !m.is_empty())
    );
    details[0]["code"].as_str().expect("a code").to_owned()
}

both! {
    async fn a_loan_is_imported_once(db) {
        let world = World::on(&db);
        let (me, system) = connected(&world).await;
        let data = json!({ "loanLOSID": "LOS-1" });
        let first = success(&world.call(&me, IMPORT, &data).await);
        let id = first["publicID"].as_str().expect("text");
        assert_eq!(first, json!({ "publicID": id }));
        for data in [
            data.clone(),
            json!({ "loanLOSID": "LOS-1", "loanGUID": "", "notifyBorrowers": 0, "loanOfficerEmail": "" }),
            json!({ "loanLOSID": "unknown", "loanGUID": "LOS-1", "other": [1] }),
        ] {
            let again = success(&world.call(&me, IMPORT, &data).await);
            let is_same = data["loanLOSID"] == "LOS-1";
            assert_eq!(again == first, is_same, "{data}");
        }
        assert_eq!(world.rows("loan").await, 2);
        system.keep("LOS-1", DOCUMENT.replace("160000.00", "150000.00").as_bytes());
        assert_eq!(success(&world.call(&me, IMPORT, &data).await), first);
        // The number names the same loan for both endpoints.
        let sent = json!({ "losLoanID": "LOS-1", "mismo34": DOCUMENT, "inviteBorrowers": 0 });
        assert_eq!(success(&world.call(&me, "/create-loan", &sent).await), first);
        let mut fields = me.fields("xml").to_vec();
        let text = data.to_string();
        fields.push(("data", &text));
        let xml = world.post(IMPORT, &fields).await;
        assert!(xml.text().ends_with(&format!("<response><publicID>{id}</publicID></response>")));
    }

    /// Nobody is written to unless the caller says so: the opposite of create-loan.
    async fn borrowers_are_left_in_peace(db) {
        let world = World::on(&db);
        let (me, system) = connected(&world).await;
        for (n, (notify, wanted)) in [
            (Value::Null, false),
            (json!(0), false),
            (json!("0"), false),
            (json!(1), true),
            (json!(true), true),
        ].into_iter().enumerate() {
            let id = format!("N-{n}");
            system.keep(&id, DOCUMENT.as_bytes());
            let data = json!({ "loanLOSID": id, "notifyBorrowers": notify });
            let before = world.rows("loan_invitation").await;
            success(&world.call(&me, IMPORT, &data).await);
            let after = world.rows("loan_invitation").await;
            assert_eq!(after > before, wanted, "{notify}");
            assert_eq!(world.rows("message").await > 0, wanted, "{notify}");
        }
    }

    async fn bad_payloads(db) {
        let world = World::on(&db);
        let (me, system) = connected(&world).await;
        let long = "9".repeat(101);
        let before = (world.rows("loan").await, world.rows("event").await);
        for (name, value) in [
            ("loanLOSID", Value::Null),
            ("loanLOSID", json!("")),
            ("loanLOSID", json!({})),
            ("loanLOSID", json!(long)),
            ("loanLOSID", json!("a\nb")),
            ("loanLOSID", json!("a\u{0}b")),
            ("loanGUID", json!({})),
            ("loanGUID", json!(long)),
            ("loanGUID", json!("a\u{0}b")),
            ("notifyBorrowers", json!("2")),
            ("notifyBorrowers", json!([])),
            ("loanOfficerEmail", json!([])),
            ("loanOfficerEmail", json!("x".repeat(255))),
            ("loanOfficerEmail", json!("nobody@example.com")),
            ("loanOfficerEmail", json!("a\u{0}@example.com")),
        ] {
            let mut data = json!({ "loanLOSID": "LOS-1" });
            data[name] = value.clone();
            let answer = world.call(&me, IMPORT, &data).await;
            is_error(&answer, 501, &format!("Parameter {name} missing or invalid format."));
            assert_eq!(answer.json()["error"]["field"], name, "{value}");
        }
        assert_eq!(system.asked(), []);
        assert_eq!((world.rows("loan").await, world.rows("event").await), before);
    }

    async fn what_the_system_says_instead(db) {
        let world = World::on(&db);
        let (me, system) = connected(&world).await;
        let data = json!({ "loanLOSID": "LOS-1" });
        let until = Instant::from_micros(NOON.micros() + 29_500_000);
        for (kind, code, after) in [
            (LosFaultKind::TimedOut, "los_timed_out", "2"),
            (LosFaultKind::Unavailable { retry_after_s: None }, "los_unavailable", "2"),
            (LosFaultKind::Unavailable { retry_after_s: Some(120) }, "los_unavailable", "120"),
            (LosFaultKind::Busy, "los_busy", "2"),
            (LosFaultKind::CircuitOpen { until }, "los_paused", "30"),
        ] {
            system.fail(kind);
            let answer = world.call(&me, IMPORT, &data).await;
            is_error(&answer, 503, BUSY);
            assert_eq!(reason(&answer), code);
            assert_eq!(answer.header("retry-after"), after, "{kind:?}");
        }
        for (kind, code) in [
            (LosFaultKind::NotFound, "los_loan_unknown"),
            (LosFaultKind::Refused, "los_refused"),
            (LosFaultKind::TooLarge, "los_answer_too_large"),
            (LosFaultKind::Garbled, "los_answer_unusable"),
        ] {
            system.fail(kind);
            let answer = world.call(&me, IMPORT, &data).await;
            is_error(&answer, 501, LOAN);
            assert_eq!(reason(&answer), code);
        }
        system.fail(LosFaultKind::GuidNeeded);
        let answer = world.call(&me, IMPORT, &data).await;
        is_error(&answer, 501, "Parameter loanGUID missing or invalid format.");
        assert_eq!(reason(&answer), "los_guid_needed");
        assert_eq!(world.rows("loan").await, 0);
        // In XML alike.
        system.fail(LosFaultKind::TimedOut);
        let mut fields = me.fields("xml").to_vec();
        fields.push(("data", r#"{"loanLOSID":"LOS-1"}"#));
        let answer = world.post(IMPORT, &fields).await;
        assert_eq!(answer.status.as_u16(), 503);
        assert!(answer.text().contains("<code>503</code>"), "{}", answer.text());
        assert!(answer.text().contains("<details><code>los_timed_out</code>"));
    }

    async fn documents_that_make_no_loan(db) {
        let world = World::on(&db);
        let (me, system) = connected(&world).await;
        for (n, garbage) in [&b"<html><body>Sign in</body></html>"[..], b"", b"\xff\xfe", b"%PDF-1.7"]
            .into_iter()
            .enumerate()
        {
            let id = format!("G-{n}");
            system.keep(&id, garbage);
            let answer = world.call(&me, IMPORT, &json!({ "loanLOSID": id })).await;
            is_error(&answer, 501, LOAN);
            let body = answer.json();
            let details = body["error"]["details"].as_array().expect("details");
            assert!(details.iter().any(|d| d["severity"] == "error"), "{body}");
            assert!(details.iter().all(|d| d["path"].is_string()), "{body}");
        }
        assert_eq!(world.rows("loan").await, 0);
    }

    async fn a_changed_loan_is_not_overwritten(db) {
        let world = World::on(&db);
        let (me, system) = connected(&world).await;
        let data = json!({ "loanLOSID": "LOS-1" });
        let first = success(&world.call(&me, IMPORT, &data).await);
        let row: Option<(String,)> = db.maybe("SELECT id FROM loan", Vec::new()).await.expect("read");
        let id = RowId::new(row.expect("there").0);
        let mut tx = db.begin().await.expect("begun");
        set_lifecycle_in(&mut tx, &me.org.id, &id, Lifecycle::Archived, NOON).await.expect("set");
        tx.commit().await.expect("committed");
        assert_eq!(success(&world.call(&me, IMPORT, &data).await), first, "the same document");
        system.keep("LOS-1", DOCUMENT.replace("160000.00", "150000.00").as_bytes());
        let answer = world.call(&me, IMPORT, &data).await;
        is_error(&answer, 501, LOAN);
        assert_eq!(reason(&answer), "loan_changed");
    }

    async fn systems_and_officers_are_their_organisations_own(db) {
        let world = World::on(&db);
        let (me, system) = connected(&world).await;
        let other = world.lender().await;
        let data = json!({ "loanLOSID": "LOS-1" });
        let answer = world.call(&other, IMPORT, &data).await;
        is_error(&answer, 501, LOAN);
        assert_eq!(reason(&answer), "los_not_connected");
        assert_eq!(system.asked(), []);
        world.staff(&other.org, 1, "their.officer@example.com").await;
        world.staff(&me.org, 2, "my.officer@example.com").await;
        let with = |email: &str| json!({ "loanLOSID": "LOS-1", "loanOfficerEmail": email });
        let theirs = world.call(&me, IMPORT, &with("their.officer@example.com")).await;
        let nobodys = world.call(&me, IMPORT, &with("nobody@example.com")).await;
        is_error(&theirs, 501, "Parameter loanOfficerEmail missing or invalid format.");
        assert_eq!(theirs.text(), nobodys.text());
        success(&world.call(&me, IMPORT, &with("My.Officer@example.com")).await);
        let list = json!({ "isActive": 1 });
        let listed = success(&world.call(&me, "/get-list-loans", &list).await);
        assert_eq!(listed["loans"][0]["loanOfficerEmail"], "my.officer@example.com", "{listed}");
    }
}
