//! Hostile payloads for the calls about companies and people: each ends in this API's own words, soon,
//! and leaves nothing behind.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::people::plain_sample;
use crate::world::{World, error};

/// What may stand anywhere.
fn oddities() -> Vec<Value> {
    let mut deep = json!("x");
    for _ in 0..40 {
        deep = json!([deep]);
    }
    vec![
        json!("x".repeat(200_000)),
        json!("/".repeat(100_000)),
        json!(",".repeat(100_000)),
        json!("\u{0}"),
        json!("a\u{0}b\u{7}\u{1b}[31m"),
        json!("\u{202e}\u{200b}"),
        json!("'; DROP TABLE staff; --"),
        json!("<script>alert(1)</script>"),
        json!("%00%0d%0a"),
        json!("🧨".repeat(1000)),
        json!(1e308),
        json!(-1),
        json!(u64::MAX),
        json!(true),
        json!([]),
        json!({}),
        json!([[], {}, null, 1, "x"]),
        json!({ "0": "x", "00": [], "-1": {} }),
        json!({ "99999999999999999999": {} }),
        deep,
        Value::Array(vec![json!({}); 2000]),
    ]
}

/// Payloads of one endpoint with every member, and every member of its members, replaced.
fn twisted(data: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    collect(data, "", &mut pointers);
    let odd = oddities();
    let mut payloads = Vec::new();
    for pointer in &pointers {
        for value in &odd {
            let mut data = data.clone();
            *data.pointer_mut(pointer).expect("collected") = value.clone();
            payloads.push(data);
        }
    }
    payloads
}

fn collect(data: &Value, at: &str, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match data {
        Value::Object(members) => members.iter().map(|(n, v)| (n.clone(), v)).collect(),
        Value::Array(items) => items.iter().take(1).map(|v| ("0".to_owned(), v)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        let pointer = format!("{at}/{name}");
        collect(child, &pointer, pointers);
        pointers.push(pointer);
    }
}

both! {
    /// An answer in the API's shape to each of them, whatever it says: never a fault of ours.
    async fn anything_anywhere(db) {
        let world = World::on(&db);
        let org = world.org(OrganisationKind::Wholesale, None).await;
        let me = world.party(&org).await;
        let lender = org.public_id.as_str();
        let one = |mut data: Value| {
            data["users"].as_array_mut().expect("a list").truncate(1);
            data
        };
        let picture = crate::setup::sample()["users"][0]["headshot"].clone();
        let calls = [
            ("/broker-setup-url", one(crate::setup::sample())),
            ("/add-users", one(plain_sample(lender))),
            ("/connect-vendor", json!({ "vendor": "NOBODY00", "allowLoanLevelAccess": 1, "allowBrokerAccess": 0 })),
            ("/update-headshot", json!({ "company": { "lenderID": lender }, "users": [{ "userUID": "nobody", "headshot": picture }] })),
            ("/set-account-status", json!({ "companies": [{ "lenderID": "NOBODY00", "status": "Activate" }], "users": [{ "userUID": "nobody", "status": "Activate" }] })),
            ("/update/user", json!({ "userID": "NOBODY00", "email": "nobody@example.com", "user": { "prefEmailNotifications": 0 } })),
            ("/get-single-sign-on-url", json!({ "company": { "lenderID": lender }, "user": { "userID": "NOBODY00" } })),
            ("/get-internal-users", json!({ "subRole": "Loan Officer", "branchID": "NOBODY00", "licensed": ["CA"], "assignable": 1 })),
        ];
        for (endpoint, data) in calls {
            for payload in twisted(&data) {
                let answer = world.call(&me, endpoint, &payload).await;
                let status = answer.status.as_u16();
                assert!(matches!(status, 200 | 501 | 502), "{endpoint} {status}: {}", answer.text());
                if status != 200 {
                    let (code, message) = error(&answer);
                    assert!(message.len() < 200, "{endpoint} {code}: an answer does not repeat what was sent");
                }
            }
        }
    }

    /// As many people as the body holds.
    async fn too_many_people(db) {
        let world = World::on(&db);
        let org = world.org(OrganisationKind::Wholesale, None).await;
        let me = world.party(&org).await;
        let mut data = plain_sample(org.public_id.as_str());
        let user = data["users"][1].clone();
        for many in [501, 1001, 5000] {
            data["users"] = Value::Array(vec![user.clone(); many]);
            let answer = world.call(&me, "/add-users", &data).await;
            let message = "Parameter users missing or invalid format.";
            assert_eq!(error(&answer), (501, message.to_owned()));
        }
        let blank = json!({ "users": vec![json!({}); 500], "company": data["company"] });
        let answer = world.call(&me, "/add-users", &blank).await;
        let details = answer.json()["error"]["details"].as_array().map(Vec::len);
        assert_eq!(details, Some(200), "the list of findings has an end");
        assert_eq!(world.rows("staff").await, 0);
    }
}
