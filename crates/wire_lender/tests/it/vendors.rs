//! Vendors: connected by a lender, and what they call then, under `/api/partner` and `/api/loan`.

use lintel_domain::organisation::OrganisationKind;
use lintel_edge::test_client::Answer;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, Party, World, error, is_error, success};

const CONNECT: &str = "/connect-vendor";
const EXISTS: &str = "The vendor and lender relationship already exists.";
const UNKNOWN: &str = "The provided vendor ID is invalid.";

/// A lender with a broker, and a vendor with a key pair and no token yet.
struct Scene {
    world: World,
    lender: Party,
    broker: Party,
    vendor: Party,
}

impl Scene {
    async fn set(world: World) -> Self {
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let vendor = world.vendor().await;
        Self {
            lender: world.party(&lender).await,
            broker: world.party(&broker).await,
            vendor,
            world,
        }
    }

    async fn connect(&self, loans: Value, brokers: Value) -> Answer {
        let data = json!({
            "vendor": self.vendor.org.public_id.as_str(),
            "allowLoanLevelAccess": loans,
            "allowBrokerAccess": brokers,
        });
        self.world.call(&self.lender, CONNECT, &data).await
    }

    /// What the vendor posts, beside its key pair.
    async fn post(&self, path: &str, more: &[(&str, &str)]) -> Answer {
        let mut fields = self.vendor.fields("json")[..3].to_vec();
        fields.extend(more);
        self.world.client.post_form(path, &fields).await
    }

    async fn token(&self, lender: &str) -> Answer {
        self.post("/api/partner/access-token", &[("lenderID", lender)])
            .await
    }

    async fn token_for(&self, who: &Party) -> String {
        let body = success(&self.token(who.org.public_id.as_str()).await);
        body["accessToken"].as_str().expect("text").to_owned()
    }

    async fn with_token(&self, path: &str, token: &str, data: &Value) -> Answer {
        let data = data.to_string();
        self.post(path, &[("accessToken", token), ("data", &data)])
            .await
    }
}

both! {
    async fn a_grant_is_made_and_changed(db) {
        let scene = Scene::set(World::on(&db)).await;
        assert_eq!(success(&scene.connect(json!(true), json!(false)).await), json!({ "success": true }));
        is_error(&scene.connect(json!(true), json!(false)).await, 501, EXISTS);
        is_error(&scene.connect(json!("1"), json!(0)).await, 501, EXISTS);
        is_error(&scene.connect(Value::Null, Value::Null).await, 501, EXISTS);
        assert_eq!(success(&scene.connect(Value::Null, json!(true)).await), json!({ "success": true }));
        is_error(&scene.connect(json!(true), json!("true")).await, 501, EXISTS);
        let mut fields = scene.lender.fields("xml").to_vec();
        let data = json!({ "vendor": scene.vendor.org.public_id.as_str(), "allowBrokerAccess": 0 }).to_string();
        fields.push(("data", &data));
        let answer = scene.world.post(CONNECT, &fields).await;
        assert!(answer.text().ends_with("<response><success>true</success></response>"), "{}", answer.text());
    }

    async fn no_vendor(db) {
        let scene = Scene::set(World::on(&db)).await;
        let lender = scene.lender.org.public_id.as_str();
        let broker = scene.broker.org.public_id.as_str();
        for odd in [
            Value::Null, json!(""), json!("NOBODY00"), json!("x"), json!(7), json!([]), json!({ "a": 1 }),
            json!(lender), json!(broker), json!("x".repeat(1_000_000)), json!("\u{0}"),
        ] {
            let data = json!({ "vendor": odd });
            is_error(&scene.world.call(&scene.lender, CONNECT, &data).await, 501, UNKNOWN);
        }
        is_error(&scene.world.call(&scene.lender, CONNECT, &json!({})).await, 501, UNKNOWN);
        for (loans, brokers, name) in [
            (json!("maybe"), Value::Null, "allowLoanLevelAccess"),
            (json!([]), Value::Null, "allowLoanLevelAccess"),
            (Value::Null, json!(2), "allowBrokerAccess"),
        ] {
            let message = format!("Parameter {name} invalid format.");
            is_error(&scene.connect(loans, brokers).await, 501, &message);
        }
        let vendors = scene.world.rows("vendor_grant").await;
        assert_eq!(vendors, 0, "a rejected call changes nothing");
    }

    async fn lenders_and_tokens_follow_the_grant(db) {
        let scene = Scene::set(World::on(&db)).await;
        let (lender, broker) = (scene.lender.org.public_id.as_str(), scene.broker.org.public_id.as_str());
        let list = async || scene.post("/api/partner/lenders", &[]).await.json();
        assert_eq!(list().await, Value::Null);
        is_error(&scene.token(lender).await, 501, "Parameter lenderID invalid.");
        scene.connect(json!(false), json!(false)).await;
        let line = |who: &Party| json!({ "name": who.org.name, "lenderID": who.org.public_id.as_str() });
        assert_eq!(list().await, json!([line(&scene.lender)]));
        let members = success(&scene.token(lender).await);
        let members: Vec<&String> = members.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["accessToken", "date", "expiration", "ip", "deviceID"]);
        is_error(&scene.token(broker).await, 501, "Parameter lenderID invalid.");
        scene.connect(json!(false), json!(true)).await;
        assert_eq!(list().await, json!([line(&scene.broker), line(&scene.lender)]));
        let token = scene.token_for(&scene.broker).await;
        assert_eq!(scene.token_for(&scene.broker).await, token, "the same while it lives");
        assert_ne!(scene.token_for(&scene.lender).await, token);
        for odd in ["", "x", "nobody00"] {
            is_error(&scene.token(odd).await, 401, "Parameter lenderID missing or invalid format.");
        }
        is_error(&scene.token("NOBODY00").await, 501, "Parameter lenderID invalid.");
        let ended = scene.post("/api/partner/access-token/destroy", &[("accessToken", &token)]).await;
        assert_eq!(ended.text(), "null");
        assert_ne!(scene.token_for(&scene.broker).await, token);
    }

    async fn a_vendor_is_no_lender_and_a_lender_no_vendor(db) {
        let scene = Scene::set(World::on(&db)).await;
        scene.connect(json!(true), json!(true)).await;
        let token = scene.token_for(&scene.lender).await;
        let unknown = "Parameter apiID and/or apiKey invalid.";
        let as_lender = Party { token, ..scene.vendor };
        for endpoint in lintel_wire_lender::ENDPOINTS {
            // The shape of `data` is looked at before the key pair.
            let data = if *endpoint == "/create-notifications" { json!([{}]) } else { json!({}) };
            is_error(&scene.world.call(&as_lender, endpoint, &data).await, 401, unknown);
        }
        for path in lintel_wire_lender::PARTNER_ENDPOINTS {
            let mut fields = scene.lender.fields("json").to_vec();
            fields.extend([("lenderID", scene.lender.org.public_id.as_str()), ("data", "{}")]);
            is_error(&scene.world.client.post_form(path, &fields).await, 401, unknown);
        }
    }

    async fn officers(db) {
        let scene = Scene::set(World::on(&db)).await;
        scene.connect(json!(false), json!(false)).await;
        let lender = scene.lender.org.public_id.as_str();
        let data = crate::people::sample(lender, &crate::people::branches(&scene.world, &scene.lender.org).await);
        success(&scene.world.call(&scene.lender, "/add-users", &data).await);
        let path = "/api/partner/lender/users";
        let token = scene.token_for(&scene.lender).await;
        let beside = [("accessToken", &*token), ("lenderID", lender), ("filter", "loanofficer")];
        let found = success(&scene.post(path, &beside).await);
        assert_eq!(found[0]["firstName"], "Samantha");
        assert_eq!(found.as_array().map(Vec::len), Some(1));
        let own = success(&scene.world.call(&scene.lender, "/get-internal-users", &json!({ "subRole": "Loan Officer" })).await);
        assert_eq!(found, own, "the same shape");
        let data = json!({ "lenderID": lender, "filter": "loanofficer" });
        assert_eq!(success(&scene.with_token(path, &token, &data).await), found);
        for (name, odd, message) in [
            ("filter", json!("processor"), "Parameter filter missing or invalid format."),
            ("filter", Value::Null, "Parameter filter missing or invalid format."),
            ("lenderID", Value::Null, "Parameter lenderID missing or invalid format."),
            ("lenderID", json!([]), "Parameter lenderID missing or invalid format."),
            ("lenderID", json!("NOBODY00"), "Parameter lenderID invalid."),
            ("lenderID", json!(scene.broker.org.public_id.as_str()), "Parameter lenderID invalid."),
        ] {
            let mut bad = data.clone();
            bad[name] = odd;
            is_error(&scene.with_token(path, &token, &bad).await, 501, message);
        }
    }

    async fn loans_only_with_leave(db) {
        let scene = Scene::set(World::on(&db)).await;
        let loan = scene.world.loan(&scene.lender, "LOS-1", DOCUMENT, "Start Application").await;
        let path = "/api/partner/loan/get-list-loans";
        let ask = json!({ "isActive": "true" });
        scene.connect(json!(false), json!(false)).await;
        let token = scene.token_for(&scene.lender).await;
        is_error(&scene.with_token(path, &token, &ask).await, 501, "Parameter lenderID invalid.");
        scene.connect(json!(true), Value::Null).await;
        let page = success(&scene.with_token(path, &token, &ask).await);
        assert_eq!(page["totalCount"], 1);
        assert_eq!(page["loans"][0]["ID"], loan.public_id.as_str());
        let beside = [("accessToken", &*token), ("isActive", "true"), ("withBorrower[]", "firstName"), ("limit", "5")];
        let page = success(&scene.post(path, &beside).await);
        assert!(page["loans"][0]["borrowers"].is_array());
        let bad = json!({ "isActive": "true", "limit": 0 });
        is_error(&scene.with_token(path, &token, &bad).await, 501, "Parameter limit invalid format.");
        is_error(&scene.with_token(path, &token, &json!([])).await, 401, "Parameter data missing or invalid format.");
        // At once after the leave is gone.
        scene.connect(json!(false), Value::Null).await;
        is_error(&scene.with_token(path, &token, &ask).await, 501, "Parameter lenderID invalid.");
    }

    async fn leads(db) {
        let scene = Scene::set(World::on(&db)).await;
        scene.connect(json!(false), json!(true)).await;
        let path = "/api/partner/create-lead";
        let token = scene.token_for(&scene.lender).await;
        let mut data: Value = serde_json::from_str(include_str!("stock/signup.json")).expect("JSON");
        data["loan"]["loanOfficerUID"] = Value::Null;
        let body = success(&scene.with_token(path, &token, &data).await);
        let members: Vec<&String> = body.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["publicID"]);
        // The lender knows it under that id.
        data["borrower"]["bsmLeadUID"] = body["publicID"].clone();
        let known = success(&scene.world.call(&scene.lender, "/set-signup-product-pricing", &data).await);
        assert_eq!(known["bsmLeadUID"], body["publicID"]);
        // Without a loan, and beside the credentials, as JSON texts and as PHP's brackets.
        let borrower = r#"{"firstName":"Charles","email":"charles.cooper@example.com"}"#;
        let beside = [("accessToken", &*token), ("borrower", borrower)];
        success(&scene.post(path, &beside).await);
        let beside = [("accessToken", &*token), ("borrower[firstName]", "Charles"), ("loan[loanOfficerUID]", "")];
        let answer = scene.post(path, &beside).await;
        is_error(&answer, 501, "Parameter loan.loanPurpose missing or invalid format.");
        success(&scene.post(path, &beside[..2]).await);
        let with = |pointer: &str, value: Value| {
            let mut data = data.clone();
            *data.pointer_mut(pointer).expect(pointer) = value;
            data
        };
        for (bad, message) in [
            (json!({}), "Parameter borrower missing or invalid format."),
            (json!({ "borrower": "x" }), "Parameter borrower missing or invalid format."),
            (json!({ "borrower": {} }), "Parameter borrower cannot be empty."),
            (with("/borrower/email", json!("x")), "Parameter borrower.email invalid format."),
            (with("/loan/homePrice", json!("0")), "Parameter loan.homePrice missing or invalid format."),
            (with("/loan/loanOfficerUID", json!("NOBODY00")), "Parameter loan.loanOfficerUID invalid format."),
            (with("/loan", json!("x")), "Parameter loan invalid format."),
        ] {
            is_error(&scene.with_token(path, &token, &bad).await, 501, message);
        }
        assert_eq!(scene.world.rows("lead").await, 3);
    }

    async fn signing_links(db) {
        let scene = Scene::set(World::on(&db)).await;
        scene.connect(json!(true), json!(false)).await;
        let loan = scene.world.loan(&scene.lender, "LOS-1", DOCUMENT, "Start Application").await;
        let asked = json!({ "isActive": "true", "withBorrower": ["email"] });
        let listed = success(&scene.world.call(&scene.lender, "/get-list-loans", &asked).await);
        let email = listed["loans"][0]["borrowers"][0]["email"].clone();
        let path = "/api/loan/set-esign-url";
        let token = scene.token_for(&scene.lender).await;
        let data = json!({
            "lenderID": scene.lender.org.public_id.as_str(),
            "loanID": loan.public_id.as_str(),
            "docVendor": "DocMagic",
            "borrowers": [{
                "borrowerUID": email,
                "esignURL": "https://sign.example.com/s?t=abc",
                "esignURLExpirationDate": "1783120275",
                "status": "ESignReady",
            }],
        });
        for _ in 0..2 {
            assert_eq!(scene.with_token(path, &token, &data).await.text(), "null");
        }
        assert_eq!(scene.world.rows("signing_link").await, 1);
        let with = |pointer: &str, value: Value| {
            let mut data = data.clone();
            let (group, name) = pointer.rsplit_once('/').expect("a pointer");
            data.pointer_mut(group).expect(pointer)[name] = value;
            data
        };
        for (bad, message) in [
            (with("/loanID", json!("NOBODY00")), "Parameter loanID missing or invalid format."),
            (with("/loanID", Value::Null), "Parameter loanID missing or invalid format."),
            (with("/lenderID", json!("NOBODY00")), "Parameter lenderID invalid."),
            (with("/lenderID", Value::Null), "Parameter lenderID missing or invalid format."),
            (with("/docVendor", json!("Elsewhere")), "Parameter docVendor invalid format."),
            (with("/borrowers", json!([])), "Parameter borrowers missing or invalid format."),
            (with("/borrowers", json!("x")), "Parameter borrowers missing or invalid format."),
            (with("/loanOfficer", json!("x")), "Parameter loanOfficer invalid format."),
            (with("/borrowers/0/borrowerUID", json!("nobody")), "Parameter borrowers[0].borrowerUID missing or invalid format."),
            (with("/borrowers/0/esignURL", json!("javascript:alert(1)")), "Parameter borrowers[0].esignURL missing or invalid format."),
            (with("/borrowers/0/esignURL", Value::Null), "Parameter borrowers[0].esignURL missing or invalid format."),
            (with("/borrowers/0/status", json!("Signed")), "Parameter borrowers[0].status missing or invalid format."),
            (with("/borrowers/0/esignURLExpirationDate", json!("soon")), "Parameter borrowers[0].esignURLExpirationDate missing or invalid format."),
        ] {
            is_error(&scene.with_token(path, &token, &bad).await, 501, message);
        }
        scene.connect(json!(false), Value::Null).await;
        is_error(&scene.with_token(path, &token, &data).await, 501, "Parameter lenderID invalid.");
    }

    async fn the_order_of_checks(db) {
        let scene = Scene::set(World::on(&db)).await;
        scene.connect(json!(true), json!(false)).await;
        let (id, key) = (scene.vendor.pair.api_id.as_str(), scene.vendor.pair.api_key.as_str());
        let late = scene.token_for(&scene.lender).await;
        scene.world.pass_days(26);
        let good = scene.token_for(&scene.lender).await;
        let other = Scene::set(World { app: scene.world.app.clone(), clock: scene.world.clock.clone(), client: scene.world.client.clone() }).await;
        other.connect(json!(true), json!(false)).await;
        let foreign = other.token_for(&other.lender).await;
        let none = "0".repeat(40);
        for path in lintel_wire_lender::PARTNER_ENDPOINTS.iter().filter(|p| !p.contains("access-token") && !p.ends_with("/lenders")) {
            let steps: [(u64, &str, [&str; 5]); 8] = [
                (400, "Parameter format missing or invalid.", ["yaml", "a b", "", "short", "{"]),
                (401, "Parameter apiID and/or apiKey missing or invalid format.", ["json", "a b", "", "short", "{"]),
                (401, "Parameter accessToken missing or invalid format.", ["json", "nobody", "wrong", "short", "{"]),
                (401, "Parameter data missing or invalid format.", ["json", "nobody", "wrong", &none, "{"]),
                (401, "Parameter apiID and/or apiKey invalid.", ["json", "nobody", "wrong", &none, "{}"]),
                (401, "This accessToken is expired.", ["json", id, key, &late, "{}"]),
                (401, "Parameter accessToken mismatch.", ["json", id, key, &foreign, "{}"]),
                (401, "Parameter accessToken invalid.", ["json", id, key, &none, "{}"]),
            ];
            for (code, message, values) in steps {
                let names = ["format", "apiID", "apiKey", "accessToken", "data"];
                let fields: Vec<(&str, &str)> = names.into_iter().zip(values).collect();
                is_error(&scene.world.client.post_form(path, &fields).await, code, message);
            }
            let fields = [("format", "json"), ("apiID", id), ("apiKey", key), ("accessToken", &good), ("data", "{}")];
            let answer = scene.world.client.post_form(path, &fields).await;
            assert_eq!(error(&answer).0, 501, "{path}: {}", answer.text());
        }
    }
}
