//! `/broker-setup-url`: brokers made and updated, who is sent to the set-up, refusals that leave
//! nothing behind.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{Party, World, error, is_error, success};

const SETUP: &str = "/broker-setup-url";

/// The sample payload of the text, with small pictures and invented addresses.
pub fn sample() -> Value {
    serde_json::from_str(include_str!("stock/setup.json")).expect("JSON")
}

fn with(pointer: &str, value: Value) -> Value {
    let mut data = sample();
    let (group, name) = pointer.rsplit_once('/').expect("a pointer");
    let group = data.pointer_mut(group).expect(pointer);
    match group {
        Value::Array(items) => items[name.parse::<usize>().expect("a place")] = value,
        group => group[name] = value,
    }
    data
}

async fn wholesale(world: &World) -> Party {
    let org = world.org(OrganisationKind::Wholesale, None).await;
    world.party(&org).await
}

async fn set_up(world: &World, who: &Party, data: &Value) -> Value {
    success(&world.call(who, SETUP, data).await)
}

#[track_caller]
fn is_refused(data: &Value, answer: &lintel_edge::test_client::Answer, row: (u64, &str, &str)) {
    let (code, message, field) = row;
    assert_eq!(error(answer), (code, message.to_owned()), "{data}");
    assert_eq!(answer.json()["error"]["field"], field, "{data}");
}

both! {
    async fn the_sample_makes_a_broker_and_its_people(db) {
        let world = World::on(&db);
        let me = wholesale(&world).await;
        let answer = set_up(&world, &me, &sample()).await;
        let members: Vec<&String> = answer.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["lenderID", "redirectURL", "isSetUpCompleted", "users"]);
        let lender = answer["lenderID"].as_str().expect("text");
        let url = answer["redirectURL"].as_str().expect("text");
        let start = format!("https://lintel.example.com/lender/sign-up/start-basic?lenderID={lender}&token=");
        let token = url.strip_prefix(&start).expect(url);
        assert_eq!(token.len(), 50);
        assert_eq!(answer["isSetUpCompleted"], 0);
        let users = answer["users"].as_array().expect("a list");
        let members: Vec<&String> = users[0].as_object().expect("an object").keys().collect();
        assert_eq!(members, ["userID", "userUID"]);
        assert_eq!(users[0]["userUID"], "Da4W7mNZ");
        assert_eq!(users[1]["userUID"], "G2bdThp9");
        // Again: the same broker and people, another link.
        let again = set_up(&world, &me, &sample()).await;
        assert_eq!(again["lenderID"], answer["lenderID"]);
        assert_eq!(again["users"], answer["users"]);
        assert_ne!(again["redirectURL"], answer["redirectURL"]);
        assert_eq!(world.rows("organisation").await, 2);
        assert_eq!(world.rows("staff").await, 2);
        // The second of them did not start it.
        let other = set_up(&world, &me, &with("/loggedInUserUID", json!("G2bdThp9"))).await;
        assert_eq!(other["redirectURL"], Value::Null);
        assert_eq!(other["isSetUpCompleted"], 0);
        // Users in another order are answered in that order.
        let mut data = sample();
        data["users"].as_array_mut().expect("a list").reverse();
        let turned = set_up(&world, &me, &data).await;
        assert_eq!(turned["users"][0], answer["users"][1]);
    }

    async fn every_row_of_the_table(db) {
        let world = World::on(&db);
        let me = wholesale(&world).await;
        let user = |part: &str| format!("users[1].{part}");
        for (data, code, message, field) in [
            (with("/company/organizationType", json!("Guild")), 501, "Invalid organization type company.organizationType.", "company.organizationType".to_owned()),
            (with("/company/organizationType", json!([])), 501, "Invalid organization type company.organizationType.", "company.organizationType".to_owned()),
            (with("/company/licensing", json!([])), 501, "Array company.licensing cannot be empty.", "company.licensing".to_owned()),
            (with("/company/licensing", Value::Null), 501, "Array company.licensing cannot be empty.", "company.licensing".to_owned()),
            (with("/users/1/timezone", json!("Mars/Olympus")), 501, "Invalid time zone users.timezone", user("timezone")),
            (with("/users/1/timezone", json!(["America/Denver"])), 501, "Invalid time zone users.timezone", user("timezone")),
            (with("/users/1/role", json!("Wizard")), 501, "Invalid user role users.role", user("role")),
            (with("/users/1/role", json!("Admin/Admin")), 501, "Invalid user role users.role", user("role")),
            (with("/users/1/role", json!("Admin/")), 501, "Invalid user role users.role", user("role")),
            (with("/users/1/role", json!("admin")), 501, "Invalid user role users.role", user("role")),
            (with("/users/1/role", Value::Null), 501, "Invalid user role users.role", user("role")),
            (with("/users/1/licensing", json!([])), 501, "Array user.licensing cannot be empty for users.role", user("licensing")),
            (with("/users/1/licensing", Value::Null), 501, "Array user.licensing cannot be empty for users.role", user("licensing")),
            (with("/users", json!([])), 501, "Array users cannot be empty.", "users".to_owned()),
            (with("/users", Value::Null), 501, "Array users cannot be empty.", "users".to_owned()),
            (with("/users/1/email", json!("ADAM.smith@abcloans.example.com")), 502, "Duplicate user email users.email", user("email")),
            (with("/users/1/userUID", json!("Da4W7mNZ")), 502, "Duplicate user email users.email", user("userUID")),
        ] {
            let answer = world.call(&me, SETUP, &data).await;
            is_refused(&data, &answer, (code, message, &field));
        }
        assert_eq!(world.rows("organisation").await, 1, "a rejected call changes nothing");
        assert_eq!(world.rows("staff").await, 0);
    }

    async fn what_has_no_row_is_said_in_the_common_ones(db) {
        let world = World::on(&db);
        let me = wholesale(&world).await;
        let needed = [
            "/loggedInUserUID", "/company/brokerUID", "/company/name", "/company/nameLegal",
            "/company/addressStreet", "/company/addressCity", "/company/addressState",
            "/company/addressZipcode", "/company/phone", "/company/nmls", "/company/tin",
            "/company/loCompensation", "/company/productTypesOffer/conventional",
            "/company/productTypesOffer/fha", "/company/productTypesOffer/va",
            "/company/logo/imageFormat", "/company/logo/base64", "/company/licensing/1/state",
            "/company/licensing/1/licenseNum", "/users/1/userUID", "/users/1/firstName",
            "/users/1/lastName", "/users/1/phonePrimary", "/users/1/email",
            "/users/1/loanOfficer_nmls", "/users/1/licensing/2/state",
            "/users/1/licensing/2/licenseNum", "/users/0/headshot/base64",
        ];
        for pointer in needed {
            for odd in [Value::Null, json!({ "a": 1 }), json!([1]), json!("\u{1}\u{2}")] {
                // A list of numbers where an object is due says nothing of the members.
                let data = with(pointer, odd);
                let answer = world.call(&me, SETUP, &data).await;
                let field = path_of(pointer);
                let message = format!("Parameter {field} missing or invalid format.");
                is_refused(&data, &answer, (501, &message, &field));
            }
        }
        let optional = [
            "/company/addressStreet2", "/company/addressCounty", "/company/addressCountry",
            "/company/website", "/company/phoneExtension", "/company/email",
            "/company/originatorType", "/company/about", "/company/aboutShort",
            "/company/pricingTier", "/users/1/firstNamePreferred", "/users/1/phoneExtension",
        ];
        for pointer in optional {
            for odd in [json!({ "a": 1 }), json!([1]), json!("\u{1}"), json!("x".repeat(100_000))] {
                let data = with(pointer, odd);
                let answer = world.call(&me, SETUP, &data).await;
                let field = path_of(pointer);
                let message = format!("Parameter {field} invalid format.");
                let shown = pointer.into();
                is_refused(&shown, &answer, (501, &message, &field));
            }
        }
        for (data, message) in [
            (json!({}), "Parameter loggedInUserUID missing or invalid format."),
            (with("/company", json!("ABC")), "Parameter company missing or invalid format."),
            (with("/users", json!("x")), "Parameter users missing or invalid format."),
            (with("/users", json!([1])), "Parameter users missing or invalid format."),
            (with("/loggedInUserUID", json!("nobody")), "Parameter loggedInUserUID missing or invalid format."),
        ] {
            is_error(&world.call(&me, SETUP, &data).await, 501, message);
        }
        assert_eq!(world.rows("organisation").await, 1, "a rejected call changes nothing");
    }

    async fn all_mistakes_are_in_the_details(db) {
        let world = World::on(&db);
        let me = wholesale(&world).await;
        let mut data = sample();
        data["company"]["name"] = Value::Null;
        data["company"]["email"] = json!("nobody");
        data["users"][0]["role"] = json!("Wizard");
        data["users"][1]["timezone"] = json!("Mars");
        let answer = world.call(&me, SETUP, &data).await;
        is_refused(&data, &answer, (501, "Parameter company.name missing or invalid format.", "company.name"));
        let body = answer.json();
        let details: Vec<(&str, &str)> = body["error"]["details"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|d| (d["field"].as_str().expect("text"), d["message"].as_str().expect("text")))
            .collect();
        assert_eq!(details, [
            ("company.name", "Parameter company.name missing or invalid format."),
            ("company.email", "Parameter company.email invalid format."),
            ("users[0].role", "Invalid user role users.role"),
            ("users[1].timezone", "Invalid time zone users.timezone"),
        ]);
    }

    async fn a_broker_sets_up_nobody(db) {
        let world = World::on(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let broker = world.party(&broker).await;
        let answer = world.call(&broker, SETUP, &sample()).await;
        is_error(&answer, 401, "Parameter apiID and/or apiKey invalid.");
    }

    async fn families_do_not_meet(db) {
        let world = World::on(&db);
        let (one, two) = (wholesale(&world).await, wholesale(&world).await);
        let first = set_up(&world, &one, &sample()).await;
        // Ids and addresses of another family are free.
        let second = set_up(&world, &two, &sample()).await;
        assert_ne!(first["lenderID"], second["lenderID"]);
        assert_ne!(first["users"], second["users"]);
        // Within one, another broker's address is taken, whoever has it.
        let data = with("/company/brokerUID", json!("another"));
        let answer = world.call(&one, SETUP, &data).await;
        is_error(&answer, 502, "Duplicate user email users.email");
    }

    async fn the_shapes_php_makes_are_taken(db) {
        let world = World::on(&db);
        let me = wholesale(&world).await;
        let mut data = sample();
        let users = data["users"].take();
        data["users"] = json!({ "0": users[0], "2": users[1] });
        data["company"]["productTypesOffer"] = json!({ "conventional": true, "fha": 0, "va": "0" });
        data["company"]["loCompensation"] = json!(1.25);
        data["company"]["phone"] = json!("(888) 888-8888");
        data["company"]["logo"] = json!([]);
        data["company"]["favicon"] = json!("");
        data["users"]["0"]["licensing"] = json!([]);
        let answer = set_up(&world, &me, &data).await;
        assert_eq!(answer["users"][1]["userUID"], "G2bdThp9");
    }
}

/// `/users/1/licensing/2/state` as this API writes it: `users[1].licensing[2].state`.
pub fn path_of(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        if step.bytes().all(|b| b.is_ascii_digit()) {
            path.push_str(&format!("[{step}]"));
        } else if path.is_empty() {
            path.push_str(step);
        } else {
            path.push_str(&format!(".{step}"));
        }
    }
    path
}
