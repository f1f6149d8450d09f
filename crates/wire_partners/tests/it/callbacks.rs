//! Callbacks over HTTP: registrations, deliveries, replay, echo, other partners' ids.

use std::net::IpAddr;

use lintel_app::job;
use lintel_callbacks::port::Reply;
use lintel_callbacks::{Notice, Secret, Tell, handlers, tell_in};
use lintel_domain::id::RowId;
use lintel_domain::process::ProcessStatus;
use lintel_store::db::Val;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::house::{Caller, House, problem};

const URL: &str = "https://hooks.example.com/lintel";
const PROCESS: &str = "0193f000-0000-7000-8000-000000000001";

/// The path of a caller's callbacks.
fn of(caller: &Caller, rest: &str) -> String {
    format!("/partners/{}/callbacks{rest}", caller.broker.id)
}

impl House {
    /// A process of a caller's, as far as callbacks look at it.
    async fn process(&self, caller: &Caller) {
        let sql = "INSERT INTO process (org_id, id, intermediary_id, user_id, simulation_id, number, \
             status, status_at_us, created_at_us, last_action_at_us, valid_until_us, revision, branch_folded, offer_id, \
             terms, answer) VALUES ($1, $2, $3, $2, $2, 1, 'in_creation', 1, 1, 1, 1, 1, '', $2, '', '')";
        let args = vec![
            Val::from(self.bank.id.as_str()),
            Val::from(PROCESS),
            Val::from(caller.broker.id.as_str()),
        ];
        let mut tx = self.app.db().begin().await.expect("a transaction");
        tx.exec(sql, args).await.expect("stored");
        tx.commit().await.expect("committed");
    }

    async fn tell(&self, caller: &Caller) {
        let subject = RowId::new(PROCESS.to_owned());
        let notice = Notice::ProcessStatus {
            process_id: subject.clone(),
            number: 100_001,
            from: Some(ProcessStatus::Submitted),
            to: ProcessStatus::InAnalysis,
            at: self.app.now(),
        };
        let tell = Tell {
            org_id: &self.bank.id,
            intermediary_id: &caller.broker.id,
            subject: &subject,
            notice: &notice,
            correlation: Some("c-1"),
        };
        let mut tx = self.app.db().begin().await.expect("a transaction");
        tell_in(&self.app, &mut tx, &tell).await.expect("told");
        tx.commit().await.expect("committed");
    }

    async fn deliver(&self) {
        let handlers = handlers(self.office.clone());
        job::drain(&self.app, &handlers).await.expect("drained");
    }
}

fn data() -> Value {
    json!({
        "notificationTypeID": 2, "occurredAt": "2026-06-01T12:00:00.000Z",
        "processUniqueID": PROCESS, "processNumber": 7,
        "previousProcessStatusID": null, "processStatusID": 1,
    })
}

fn field(field: &str) -> String {
    field.to_owned()
}

fn fields(errors: Vec<(String, String)>) -> Vec<String> {
    errors.into_iter().map(|(field, _)| field).collect()
}

both! {
    async fn a_registration_from_its_beginning_to_its_end(db) {
        let house = House::on(&db).await;
        let anna = &house.anna;
        let made = anna.put(&of(anna, "/2"), &json!({"callbackUrl": URL})).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let body = made.json();
        assert_eq!(body["notificationTypeID"], 2);
        assert_eq!(body["isActive"], true);
        assert_eq!(body["callbackUrl"], "https://hooks.example.com:443/lintel");
        assert!(Secret::parse(body["secret"].as_str().expect("a secret")).is_some());
        assert!(made.header("location").ends_with(&of(anna, "/2")));
        // The documented form is the same registration; the secret is not shown again.
        let documented = format!("/{}/callbacks/2", anna.broker.id);
        let again = anna.put(&documented, &json!({"isActive": true})).await;
        assert_eq!(again.status, 200, "{}", again.text());
        assert!(again.json().get("secret").is_none());
        // Off: kept, and listed only to those who ask for it.
        let off = anna.put(&of(anna, "/2"), &json!({"isActive": false})).await;
        assert_eq!(off.json()["inactiveReason"], "partner");
        let list = anna.get(&of(anna, "")).await.json();
        assert_eq!((list["totalCount"].as_i64(), list["count"].as_i64()), (Some(0), Some(0)));
        let list = anna.get(&of(anna, "?includeInactive=true&offset=0&limit=1")).await.json();
        assert_eq!(list["callbacks"][0]["notificationTypeID"], 2);
        let list = anna.get(&format!("/{}/callbacks?includeInactive=true&offset=1", anna.broker.id)).await;
        assert_eq!(list.json()["count"], 0);
        assert_eq!(anna.delete(&documented).await.status, 204);
        problem(&anna.delete(&documented).await, 404);
        problem(&anna.delete(&of(anna, "/2")).await, 404);
    }

    async fn every_finding_at_once(db) {
        let house = House::on(&db).await;
        let anna = &house.anna;
        house.port.name("inside.example.com", &[IpAddr::from([10, 0, 0, 1])]);
        for (body, wrong) in [
            (json!({}), vec!["callbackUrl"]),
            (json!({"callbackUrl": null}), vec!["callbackUrl"]),
            (json!({"callbackUrl": ""}), vec!["callbackUrl"]),
            (json!({"callbackUrl": 7, "isActive": "yes", "secret": "x"}), vec!["callbackUrl", "isActive", "secret"]),
            (json!({"callbackUrl": "http://hooks.example.com/"}), vec!["callbackUrl"]),
            (json!({"callbackUrl": "https://127.0.0.1/"}), vec!["callbackUrl"]),
            (json!({"callbackUrl": "https://[::ffff:10.0.0.1]/"}), vec!["callbackUrl"]),
            (json!({"callbackUrl": "https://inside.example.com/"}), vec!["callbackUrl"]),
            (json!({"callbackUrl": URL, "secret": "whsec_AAAA"}), vec!["secret"]),
            (json!({"callbackUrl": format!("{URL}{}", "x".repeat(2000))}), vec!["callbackUrl"]),
        ] {
            let refused = anna.put(&of(anna, "/2"), &body).await;
            let mut found = fields(problem(&refused, 400));
            found.sort();
            found.dedup();
            assert_eq!(found, wrong, "{body}");
        }
        for kind in ["0", "8", "x", "99999999999", "-1", "2.0"] {
            let refused = anna.put(&of(anna, &format!("/{kind}")), &json!({"callbackUrl": URL})).await;
            assert_eq!(fields(problem(&refused, 400)), [field("notificationType")], "{kind}");
            problem(&anna.delete(&of(anna, &format!("/{kind}"))).await, 404);
        }
        problem(&anna.get(&of(anna, "?limit=101&offset=-1&includeInactive=x")).await, 400);
        assert_eq!(house.rows("callback").await, 0);
    }

    async fn another_partners_callbacks_are_unknown(db) {
        let house = House::on(&db).await;
        let (anna, bruno) = (&house.anna, &house.bruno);
        house.process(anna).await;
        anna.put(&of(anna, "/2"), &json!({"callbackUrl": URL})).await;
        house.tell(anna).await;
        house.deliver().await;
        let page = anna.get(&of(anna, "/2/deliveries")).await.json();
        let id = page["deliveries"][0]["deliveryUniqueID"].as_str().expect("an id").to_owned();
        bruno.put(&of(bruno, "/2"), &json!({"callbackUrl": URL})).await;
        let echo = json!({"notificationTypeID": 2, "processUniqueId": PROCESS, "rawBody": data()});
        for caller in [bruno, &house.carla] {
            problem(&caller.get(&of(anna, "")).await, 404);
            problem(&caller.put(&of(anna, "/2"), &json!({"callbackUrl": URL})).await, 404);
            problem(&caller.delete(&of(anna, "/2")).await, 404);
            problem(&caller.get(&of(anna, "/2/deliveries")).await, 404);
            problem(&caller.post(&of(anna, "/echo"), &echo).await, 404);
            for whose in [anna, caller] {
                let replay = of(whose, &format!("/2/deliveries/{id}/replay"));
                problem(&caller.post(&replay, &json!({})).await, 404);
            }
            problem(&caller.post(&of(caller, "/echo"), &echo).await, 404);
        }
        let network = format!("/{}/callbacks", anna.broker.network_id);
        problem(&anna.get(&network).await, 404);
        problem(&anna.get("/partners/x/callbacks").await, 404);
        assert_eq!(anna.get(&of(anna, "")).await.json()["count"], 1);
    }

    async fn deliveries_are_shown_and_replayed(db) {
        let house = House::on(&db).await;
        let anna = &house.anna;
        let made = anna.put(&of(anna, "/2"), &json!({"callbackUrl": URL})).await.json();
        let secret = Secret::parse(made["secret"].as_str().expect("a secret")).expect("good");
        let answer = |status| Reply::answered(status, Vec::new(), std::time::Duration::from_millis(9));
        house.port.answer([answer(500), answer(200)]);
        house.tell(anna).await;
        house.deliver().await;
        let shown = anna.get(&of(anna, "/2/deliveries")).await.json();
        let one = &shown["deliveries"][0];
        assert_eq!((shown["totalCount"].as_i64(), one["state"].as_str()), (Some(1), Some("waiting")));
        assert_eq!(one["attempts"], json!([{
            "number": 1, "at": "2026-06-01T12:00:00.000Z", "outcome": "refused", "status": 500, "timeMs": 9,
        }]));
        let replay = of(anna, &format!("/2/deliveries/{}/replay", one["deliveryUniqueID"].as_str().expect("id")));
        problem(&anna.post(&replay, &json!({})).await, 409);
        house.clock.advance(6);
        house.deliver().await;
        let accepted = anna.post(&replay, &json!({})).await;
        assert_eq!(accepted.status, 202, "{}", accepted.text());
        assert_eq!(accepted.json()["state"], "replaying");
        house.deliver().await;
        let sent = house.port.take();
        assert_eq!(sent.len(), 3);
        for one in &sent {
            assert_eq!(one.body, sent[0].body);
            assert_eq!(one.header("webhook-id"), sent[0].header("webhook-id"));
            let at = one.header("webhook-timestamp").parse().expect("seconds");
            let at = lintel_domain::id::Instant::from_seconds(at);
            let signed = secret.sign(one.header("webhook-id"), at, &one.body);
            assert_eq!(one.header("webhook-signature"), signed);
        }
        let body: Value = serde_json::from_slice(&sent[0].body).expect("JSON");
        assert_eq!(body["type"], "process.status_changed");
        assert_eq!(body["timestamp"], "2026-06-01T12:00:00.000Z");
        assert_eq!(body["data"]["correlationId"], "c-1");
        assert_eq!(body["data"]["processUniqueID"], PROCESS);
        problem(&anna.get(&of(anna, "/9/deliveries")).await, 404);
        problem(&anna.get(&of(anna, "/2/deliveries?limit=0")).await, 400);
        assert_eq!(anna.get(&of(anna, "/3/deliveries")).await.json()["totalCount"], 0);
    }

    async fn an_echo_is_sent_as_it_is(db) {
        let house = House::on(&db).await;
        let anna = &house.anna;
        house.process(anna).await;
        let path = format!("/{}/callbacks/echo", anna.broker.id);
        let echo = json!({"notificationTypeID": 2, "processUniqueId": PROCESS, "rawBody": data()});
        problem(&anna.post(&path, &echo).await, 404);
        anna.put(&of(anna, "/2"), &json!({"callbackUrl": URL, "isActive": false})).await;
        let headers = vec![("server".to_owned(), "x".to_owned()), ("server".to_owned(), "y".to_owned())];
        house.port.answer([Reply::answered(418, headers, std::time::Duration::from_millis(12))]);
        let answer = anna.post(&path, &echo).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let shown = answer.json();
        assert_eq!((shown["status"].as_i64(), shown["timeMs"].as_i64()), (Some(418), Some(12)));
        assert_eq!((&shown["outcome"], &shown["headers"]), (&json!("refused"), &json!({"server": "x, y"})));
        let sent = house.port.take();
        let body: Value = serde_json::from_slice(&sent[0].body).expect("JSON");
        assert_eq!(body["data"], data());
        // The same as text.
        let text = json!({"notificationTypeId": 2, "processUniqueID": PROCESS, "rawBody": data().to_string()});
        assert_eq!(anna.post(&of(anna, "/echo"), &text).await.status, 200);
        let body: Value = serde_json::from_slice(&house.port.take()[0].body).expect("JSON");
        assert_eq!(body["data"], data());
    }

    async fn an_echo_with_the_wrong_shape_is_refused(db) {
        let house = House::on(&db).await;
        let anna = &house.anna;
        house.process(anna).await;
        for kind in ["/1", "/2"] {
            anna.put(&of(anna, kind), &json!({"callbackUrl": URL})).await;
        }
        let with = |name: &str, value: Value| {
            let mut body = json!({"notificationTypeID": 2, "processUniqueId": PROCESS, "rawBody": data()});
            body[name] = value;
            body
        };
        let changed = |name: &str, value: Value| {
            let mut raw = data();
            raw[name] = value;
            with("rawBody", raw)
        };
        for (body, wrong) in [
            (with("simulationUniqueId", json!(PROCESS)), "simulationUniqueId"),
            (with("processUniqueId", Value::Null), "simulationUniqueId"),
            (with("processUniqueId", json!("x")), "simulationUniqueId"),
            (with("notificationTypeID", json!(1)), "simulationUniqueId"),
            (with("notificationTypeID", json!(8)), "notificationType"),
            (with("notificationTypeID", Value::Null), "notificationType"),
            (with("rawBody", Value::Null), "rawBody"),
            (with("rawBody", json!([])), "rawBody"),
            (with("rawBody", json!("{")), "rawBody"),
            (with("rawBody", json!({})), "rawBody"),
            (changed("processNumber", json!("7")), "rawBody"),
            (changed("processNumber", json!(1.5)), "rawBody"),
            (changed("processUniqueID", json!("x")), "rawBody"),
            (changed("occurredAt", json!("yesterday")), "rawBody"),
            (changed("notificationTypeID", json!(1)), "rawBody"),
            (changed("more", json!(1)), "rawBody"),
            (changed("processStatusID", json!({"a": 1})), "rawBody"),
        ] {
            let refused = anna.post(&of(anna, "/echo"), &body).await;
            let found = fields(problem(&refused, 400));
            assert!(found.contains(&field(wrong)), "{body}: {found:?}");
        }
        problem(&anna.post(&of(anna, "/echo"), &json!([])).await, 400);
        assert!(house.port.take().is_empty());
    }
}
