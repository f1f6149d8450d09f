//! What `/rate-watch` refuses, and that nothing is written then.

use lintel_app::by::By;
use lintel_app::message::settings;
use lintel_domain::organisation::Organisation;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::stock::lender;
use crate::watches::{WATCH, ending, regular, searched, target};
use crate::world::{World, error, is_error};

/// An organisation that does not let its rates be watched.
pub async fn forbid(world: &World, org: &Organisation) {
    let settings = settings::Messaging {
        watch_allowed: false,
        ..settings::Messaging::usual().expect("the usual")
    };
    let by = By::Operator(org);
    settings::set(&world.app, &by, &settings)
        .await
        .expect("set");
}

/// A payload with the member of a pointer replaced.
fn with(data: &Value, pointer: &str, value: Value) -> Value {
    let mut data = data.clone();
    let (group, name) = pointer.rsplit_once('/').expect("a pointer");
    let group = data.pointer_mut(group).expect(pointer);
    match name.parse::<usize>() {
        Ok(place) => group[place] = value,
        Err(_) => group[name] = value,
    }
    data
}

fn missing(path: &str) -> String {
    format!("Parameter {path} missing or invalid format.")
}

/// What is refused in any subscription.
fn of_both() -> Vec<(&'static str, Value, String)> {
    let long = "x".repeat(101);
    let mut bad = Vec::new();
    for value in [
        json!(null),
        json!(""),
        json!("SUBSCRIBE"),
        json!("stop"),
        json!(7),
        json!([]),
    ] {
        bad.push(("/action", value, missing("action")));
    }
    for value in [json!(null), json!({}), json!(long)] {
        bad.push(("/searchID", value, missing("searchID")));
    }
    for value in [
        "ABC",
        "abcdef",
        "ABCDE!",
        "ABCDEFGHI",
        "' OR 1=1 --",
        "ZZZZZZ",
    ] {
        bad.push((
            "/searchID",
            json!(value),
            "Parameter searchID not found.".to_owned(),
        ));
    }
    for name in ["firstName", "lastName"] {
        let pointer = if name == "firstName" {
            "/firstName"
        } else {
            "/lastName"
        };
        for value in [
            json!(null),
            json!(" "),
            json!(long),
            json!({}),
            json!("A\r\nBcc: x@example.com"),
            json!("a\u{0}b"),
            json!("a\u{2028}b"),
        ] {
            bad.push((pointer, value, missing(name)));
        }
    }
    bad
}

/// What is refused of how to reach somebody, and of what they are to hear.
fn of_reaching() -> Vec<(&'static str, Value, String)> {
    let mut bad = Vec::new();
    for value in [
        json!(null),
        json!(""),
        json!("charles"),
        json!("a b@mail.com"),
        json!("a@b@c"),
        json!("@mail.com"),
        json!("a@mail.com\r\nBcc: b@mail.com"),
        json!("a@mail.com,b@mail.com"),
        json!("A <a@mail.com>"),
        json!(format!("{}@mail.com", "x".repeat(250))),
        json!(["a@mail.com"]),
        json!("a@"),
    ] {
        bad.push(("/email", value, missing("email")));
    }
    for value in [
        json!("call me"),
        json!("1"),
        json!({}),
        json!("1".repeat(16)),
    ] {
        bad.push((
            "/phone",
            value,
            "Parameter phone invalid format.".to_owned(),
        ));
    }
    for value in [json!(null), json!("regular"), json!("WEEKLY"), json!(1)] {
        bad.push(("/type", value, missing("type")));
    }
    for value in [
        json!("Europe/Lisbon"),
        json!("EST"),
        json!("UTC"),
        json!(5),
        json!([]),
    ] {
        bad.push((
            "/timezone",
            value,
            "Parameter timezone invalid format.".to_owned(),
        ));
    }
    bad
}

/// What is refused of regular ones.
fn of_regular() -> Vec<(&'static str, Value, String)> {
    let mut bad = Vec::new();
    for value in [json!(null), json!("daily"), json!("YEARLY"), json!([])] {
        bad.push(("/frequency", value, missing("frequency")));
    }
    for value in [json!(null), json!("ONE_YEAR"), json!(7)] {
        bad.push(("/duration", value, missing("duration")));
    }
    for value in [
        json!(null),
        json!([]),
        json!("15 Year Fixed"),
        json!({}),
        json!(vec!["15 Year Fixed"; 51]),
    ] {
        bad.push(("/productNames", value, missing("productNames")));
    }
    for value in [
        json!(null),
        json!(""),
        json!(15),
        json!([]),
        json!("x".repeat(101)),
        json!("Conventional 40 Year Fixed"),
        // The lender does not let it be watched.
        json!("Home Ready 30 Year Fixed"),
        json!("<script>"),
        json!("15 Year Fixed\u{0}"),
    ] {
        bad.push(("/productNames/1", value, missing("productNames[1]")));
    }
    bad
}

/// What is refused of those that wait for a rate.
fn of_targets() -> Vec<(&'static str, Value, String)> {
    let mut bad = Vec::new();
    let one = json!({ "productName": "15 Year Fixed", "desiredRate": "4%" });
    for value in [
        json!(null),
        json!([]),
        json!("4%"),
        json!({}),
        json!(vec![one; 51]),
    ] {
        bad.push(("/rateTargets", value, missing("rateTargets")));
    }
    for value in [json!(null), json!("4%"), json!(7)] {
        bad.push(("/rateTargets/1", value, missing("rateTargets[1]")));
    }
    for value in [
        json!(null),
        json!(""),
        json!("Conventional 40 Year Fixed"),
        json!({}),
    ] {
        bad.push((
            "/rateTargets/1/productName",
            value,
            missing("rateTargets[1].productName"),
        ));
    }
    for value in [
        json!(null),
        json!(""),
        json!("0%"),
        json!("-4%"),
        json!("four"),
        json!("4%%"),
        json!("26"),
        json!(1e300),
        json!([]),
        json!(true),
        json!("4;5"),
        json!("NaN"),
    ] {
        bad.push((
            "/rateTargets/1/desiredRate",
            value,
            missing("rateTargets[1].desiredRate"),
        ));
    }
    // Two rates for one product.
    bad.push((
        "/rateTargets/1/productName",
        json!("conventional 30 YEAR fixed"),
        missing("rateTargets[1].desiredRate"),
    ));
    bad.push((
        "/duration",
        json!("ONE_YEAR"),
        "Parameter duration invalid format.".to_owned(),
    ));
    bad
}

both! {
    async fn every_bad_input_is_named_and_nothing_is_written(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let id = searched(&world, &me).await;
        let lists = [
            (regular(&id), [of_both(), of_reaching(), of_regular()].concat()),
            (target(&id), [of_both(), of_reaching(), of_targets()].concat()),
        ];
        for (good, bad) in lists {
            for (pointer, value, message) in bad {
                let data = with(&good, pointer, value.clone());
                let answer = world.call(&me, WATCH, &data).await;
                assert_eq!(error(&answer), (501, message), "{pointer} {value}");
            }
        }
        assert_eq!(world.rows("rate_watch").await, 0);
        assert_eq!(world.rows("event WHERE kind LIKE 'rate_watch%'").await, 0);
    }

    async fn every_name_that_is_none_is_in_the_details(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let id = searched(&world, &me).await;
        let names = json!(["nothing", "15 Year Fixed", "nor this"]);
        let answer = world.call(&me, WATCH, &with(&regular(&id), "/productNames", names)).await;
        is_error(&answer, 501, &missing("productNames[0]"));
        let body = answer.json();
        let details = body["error"]["details"].as_array().expect("a list");
        let fields: Vec<&Value> = details.iter().map(|one| &one["field"]).collect();
        assert_eq!(fields, ["productNames[0]", "productNames[2]"]);
    }

    async fn tokens_nobody_has_are_not_found(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        for bad in [json!(null), json!(""), json!({}), json!("x".repeat(101))] {
            let answer = world.call(&me, WATCH, &ending(&bad)).await;
            is_error(&answer, 501, &missing("token"));
        }
        for unknown in ["short".to_owned(), "x".repeat(60), "é".repeat(30), "0".repeat(59), "' OR 1=1".to_owned()] {
            let answer = world.call(&me, WATCH, &ending(&json!(unknown))).await;
            is_error(&answer, 501, "Parameter token not found (action = unsubscribe).");
            assert_eq!(answer.json()["error"]["field"], "token");
        }
    }

    async fn a_lender_that_does_not_let_its_rates_be_watched_says_so(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let id = searched(&world, &me).await;
        let watch = world.call(&me, WATCH, &regular(&id)).await.json()["rateWatch"].clone();
        forbid(&world, &me.org).await;
        for data in [regular(&id), target(&id), json!({ "action": "subscribe" })] {
            let answer = world.call(&me, WATCH, &data).await;
            is_error(&answer, 400, "Your lender does not allow to register Rate Watch.");
        }
        // Who subscribed before can still end it.
        let answer = world.call(&me, WATCH, &ending(&watch["unsubscribeToken"])).await;
        assert_eq!(answer.json()["status"], "success");
    }
}
