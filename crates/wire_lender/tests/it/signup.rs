//! `/set-signup-product-pricing`: leads made and updated, links to the sign-up page, refusals that
//! leave nothing behind.

use lintel_app::lead::open_link;
use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{Party, World, is_error, success};

const SIGNUP: &str = "/set-signup-product-pricing";

/// The sample payload of the text, without the loan officer nobody here knows.
fn sample() -> Value {
    let mut data: Value = serde_json::from_str(include_str!("stock/signup.json")).expect("JSON");
    data["loan"]["loanOfficerUID"] = Value::Null;
    data
}

fn with(part: &str, name: &str, value: Value) -> Value {
    let mut data = sample();
    data[part][name] = value;
    data
}

/// Slug, code and lead of an answer's link.
fn parts(answer: &Value) -> (String, String, String) {
    let members: Vec<&String> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["signUpURL", "bsmLeadUID"]);
    let url = answer["signUpURL"].as_str().expect("text");
    let rest = url
        .strip_prefix("https://lintel.example.com/app/signup/p/")
        .expect(url);
    let (slug, rest) = rest.split_once("/r/").expect(url);
    let (code, lead) = rest.split_once("?leadReferralSource=").expect(url);
    assert_eq!(code.len(), 12, "{url}");
    assert_eq!(answer["bsmLeadUID"], lead, "{url}");
    (slug.to_owned(), code.to_owned(), lead.to_owned())
}

async fn signed(world: &World, who: &Party, data: &Value) -> (String, String, String) {
    parts(&success(&world.call(who, SIGNUP, data).await))
}

both! {
    async fn the_sample_makes_a_lead_and_a_link(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let (slug, code, lead) = signed(&world, &me, &sample()).await;
        let opened = open_link(&world.app, &slug, &code).await.expect("there");
        assert_eq!(opened.loan.note_rate.unwrap().to_string(), "4.5");
        assert_eq!(opened.loan.points_amount.unwrap().to_string(), "-2600.00");
        assert_eq!(opened.borrower.first_name.as_deref(), Some("Charles"));
        assert_eq!(world.rows("lead").await, 1);
        // Again: another lead, as nobody said it is the same.
        let (same_slug, other_code, other_lead) = signed(&world, &me, &sample()).await;
        assert_eq!(same_slug, slug);
        assert_ne!((other_code, &other_lead), (code.clone(), &lead));
        // The lead named: it is updated, and the first link still shows its own loan.
        let mut again = with("borrower", "bsmLeadUID", json!(lead));
        again["borrower"]["firstName"] = json!("Charlotte");
        again["borrower"]["lastName"] = Value::Null;
        again["loan"]["rate"] = json!("4.625");
        let (_, third_code, third_lead) = signed(&world, &me, &again).await;
        assert_eq!(third_lead, lead);
        assert_eq!(world.rows("lead").await, 2);
        let opened = open_link(&world.app, &slug, &third_code).await.expect("there");
        assert_eq!(opened.loan.note_rate.unwrap().to_string(), "4.625");
        assert_eq!(opened.borrower.first_name.as_deref(), Some("Charlotte"));
        assert_eq!(opened.borrower.last_name.as_deref(), Some("Cooper"));
        let first = open_link(&world.app, &slug, &code).await.expect("there");
        assert_eq!(first.loan.note_rate.unwrap().to_string(), "4.5");
    }

    async fn without_a_borrower_and_in_xml(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let mut data = sample();
        data["borrower"] = Value::Null;
        signed(&world, &me, &data).await;
        let text = data.to_string();
        let mut fields = me.fields("xml").to_vec();
        fields.push(("data", &text));
        let answer = world.post(SIGNUP, &fields).await;
        let body = answer.text();
        let document = roxmltree::Document::parse(&body).expect("XML");
        let names: Vec<&str> = document.root_element().children().map(|n| n.tag_name().name()).collect();
        assert_eq!(names, ["signUpURL", "bsmLeadUID"]);
    }

    async fn refusals_leave_nothing_behind(db) {
        let world = World::on(&db);
        let (me, other) = (world.lender().await, world.lender().await);
        let (_, _, foreign) = signed(&world, &other, &sample()).await;
        let staff = world.staff(&other.org, 1, "oscar.officer@example.com").await;
        let user = "Parameter lenderID and/or userUID invalid.";
        let company = |id: &str| {
            let mut data = sample();
            data["company"] = json!({ "lenderID": id });
            data
        };
        for (data, code, message) in [
            (json!({}), 501, "Parameter loan missing or invalid format."),
            (json!({ "loan": [] }), 501, "Parameter loan.loanPurpose missing or invalid format."),
            (json!({ "loan": "x" }), 501, "Parameter loan missing or invalid format."),
            (with("loan", "homePrice", json!("0")), 501, "Parameter loan.homePrice missing or invalid format."),
            (with("loan", "homePrice", json!(1e308)), 501, "Parameter loan.homePrice missing or invalid format."),
            (with("loan", "downPayment", json!("NaN")), 501, "Parameter loan.downPayment missing or invalid format."),
            (with("loan", "downPayment", json!("600000")), 501, "Parameter loan.downPayment invalid format."),
            (with("loan", "apr", json!("x")), 501, "Parameter loan.apr missing or invalid format."),
            (with("borrower", "email", json!("x")), 501, "Parameter borrower.email invalid format."),
            (with("borrower", "dob", json!("02/30/1980")), 501, "Parameter borrower.dob invalid format."),
            (with("borrower", "bsmLeadUID", json!("NOBODY00")), 501, "Parameter borrower.bsmLeadUID invalid format."),
            (with("borrower", "bsmLeadUID", json!(foreign)), 501, "Parameter borrower.bsmLeadUID invalid format."),
            (with("borrower", "bsmLeadUID", json!("x")), 501, "Parameter borrower.bsmLeadUID invalid format."),
            (with("loan", "loanOfficerUID", json!("NOBODY00")), 401, user),
            (with("loan", "loanOfficerUID", json!(staff.public_id.as_str())), 401, user),
            (company("NOBODY00"), 401, user),
            (company(other.org.public_id.as_str()), 401, user),
        ] {
            is_error(&world.call(&me, SIGNUP, &data).await, code, message);
        }
        assert_eq!(world.rows("lead").await, 1, "only the other lender's");
        assert_eq!(world.rows("signup_link").await, 1);
    }

    async fn brokers_and_officers(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let officer = world.staff(&broker, 1, "olive.officer@example.com").await;
        let broker = world.party(&broker).await;
        let mut data = with("loan", "loanOfficerUID", json!(officer.public_id.as_str()));
        data["company"] = json!({ "lenderID": wholesale.public_id.as_str() });
        signed(&world, &broker, &data).await;
        let lender = world.party(&wholesale).await;
        data["company"] = json!({ "lenderID": broker.org.public_id.as_str() });
        signed(&world, &lender, &data).await;
    }
}
