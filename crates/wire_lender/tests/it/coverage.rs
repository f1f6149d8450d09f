//! Spec coverage: every documented error row of every built endpoint is provoked over a real
//! socket, in JSON and in XML. A row without a case fails, and so does an answer without a row.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use lintel_app::by::By;
use lintel_app::message::settings::{self, Messaging};
use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use lintel_wire_lender::ENDPOINTS;
use serde_json::{Value, json};

use crate::facts::{not_documented, not_provoked, row_for, rows_of};
use crate::socket::{Reply, post_multipart, post_urlencoded, served};
use crate::world::{Party, World, path, success};

/// One call that must be refused. A field without a value is not sent.
struct Case {
    endpoint: &'static str,
    fields: Vec<(&'static str, Option<String>)>,
}

/// What a case was answered with, as `code message`, by format.
type Answers = BTreeMap<(&'static str, &'static str), BTreeSet<String>>;

/// Who calls, and tokens of every kind.
struct Cast {
    caller: Party,
    broker_id: String,
    lender_id: String,
    user_id: String,
    vendor_id: String,
    begun: Value,
    strict: Party,
    colleague_token: String,
    expired_token: String,
}

impl Cast {
    async fn gather(world: &World) -> Self {
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let late = world.party(&wholesale).await;
        world.pass_days(26);
        let caller = world.party(&wholesale).await;
        let vendor_id = world.vendor().await.org.public_id.to_string();
        let grant = json!({ "vendor": vendor_id });
        success(&world.call(&caller, "/connect-vendor", &grant).await);
        let user = world
            .staff(&wholesale, 1, "olive.officer@example.com")
            .await;
        let begun = success(
            &world
                .call(&caller, "/broker-setup-url", &begun_setup())
                .await,
        );
        Self {
            broker_id: broker.public_id.to_string(),
            lender_id: wholesale.public_id.to_string(),
            user_id: user.public_id.to_string(),
            vendor_id,
            begun,
            strict: strict(world).await,
            caller,
            colleague_token: world.party(&wholesale).await.token,
            expired_token: late.token,
        }
    }

    /// A good call with some fields replaced; `None` leaves one out.
    fn case(&self, endpoint: &'static str, changes: &[(&'static str, Option<&str>)]) -> Case {
        let mut fields: BTreeMap<&'static str, Option<String>> = BTreeMap::new();
        for (name, value) in self.caller.fields("json") {
            let name = ["format", "apiID", "apiKey", "accessToken"]
                .into_iter()
                .find(|n| *n == name);
            fields.insert(name.expect("one of four"), Some(value.to_owned()));
        }
        let empty = if endpoint == NOTIFY { "[]" } else { "{}" };
        fields.insert("data", Some(empty.to_owned()));
        for (name, value) in changes {
            fields.insert(name, value.map(str::to_owned));
        }
        Case {
            endpoint,
            fields: fields.into_iter().collect(),
        }
    }

    /// What every endpoint has in common.
    fn shapes(&self, endpoint: &'static str) -> Vec<Case> {
        let mut cases = vec![
            self.case(endpoint, &[("format", None)]),
            self.case(endpoint, &[("format", Some("yaml"))]),
            self.case(endpoint, &[("apiID", None)]),
            self.case(endpoint, &[("apiKey", None)]),
            self.case(endpoint, &[("apiID", Some("not an id"))]),
            self.case(endpoint, &[("apiKey", Some(""))]),
            self.case(endpoint, &[("apiID", Some("nobody"))]),
            self.case(endpoint, &[("apiKey", Some("wrong"))]),
        ];
        if endpoint != "/access-token" {
            cases.push(self.case(endpoint, &[("accessToken", None)]));
            cases.push(self.case(endpoint, &[("accessToken", Some("too-short"))]));
            let unknown = "0".repeat(40);
            cases.push(self.case(endpoint, &[("accessToken", Some(&unknown))]));
        }
        cases
    }

    /// What every endpoint with a payload has in common.
    fn with_data(&self, endpoint: &'static str) -> Vec<Case> {
        let wrong = if endpoint == NOTIFY { "{}" } else { "[]" };
        vec![
            self.case(endpoint, &[("data", None)]),
            self.case(endpoint, &[("data", Some("{\"a\":"))]),
            self.case(endpoint, &[("data", Some(wrong))]),
            self.case(endpoint, &[("data", Some("7"))]),
            self.case(endpoint, &[("accessToken", Some(&self.expired_token))]),
            self.case(endpoint, &[("accessToken", Some(&self.colleague_token))]),
        ]
    }

    /// What each endpoint of pricing has alone: a lender nobody knows in a payload that is good
    /// otherwise, and what sheets cannot be.
    fn own_of_pricing(&self) -> Vec<Case> {
        let nobody = json!({ "lenderID": "NOBODY00" });
        let mut search = crate::stock::sample();
        search["company"] = nobody.clone();
        let signup = include_str!("stock/signup.json");
        let mut signup: Value = serde_json::from_str(signup).expect("JSON");
        signup["company"] = nobody.clone();
        let mut invitation = crate::invitations::sample();
        invitation["company"]["lenderID"] = self.begun["lenderID"].clone();
        invitation["user"]["userUID"] = json!(BEGUN);
        let not_set_up = invitation.to_string();
        invitation["company"] = nobody;
        let data = |endpoint, text: &str| self.case(endpoint, &[("data", Some(text))]);
        vec![
            data("/get-ppe-anonymous", &search.to_string()),
            data("/set-signup-product-pricing", &signup.to_string()),
            data("/email-application", &invitation.to_string()),
            data("/email-application", &not_set_up),
            data("/custom-ppe/update-rates-points", "{}"),
            data("/custom-ppe/update-rates-points", r#"{"company":"x"}"#),
        ]
    }

    /// What the endpoints that write to people have alone.
    fn own_of_messages(&self) -> Vec<Case> {
        let sample = include_str!("stock/watch.json");
        let data = |endpoint, text: &str| self.case(endpoint, &[("data", Some(text))]);
        let many = Value::from(vec![json!({}); 501]).to_string();
        let mut not_allowed = data("/rate-watch", sample);
        for (name, value) in self.strict.fields("json") {
            let field = not_allowed
                .fields
                .iter_mut()
                .find(|(known, _)| *known == name);
            field.expect("there").1 = Some(value.to_owned());
        }
        vec![
            data("/rate-watch", sample),
            data(
                "/rate-watch",
                r#"{"action":"unsubscribe","token":"nobody"}"#,
            ),
            not_allowed,
            data(NOTIFY, "[]"),
            data(NOTIFY, &many),
        ]
    }

    /// What each endpoint about companies and people has alone: payloads that are good otherwise.
    fn own_of_people(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        let setup = crate::setup::sample();
        let users = crate::people::plain_sample(&self.lender_id);
        let changed = |data: &Value, pointer: &str, value: Value| {
            let mut data = data.clone();
            let (group, name) = pointer.rsplit_once('/').expect("a pointer");
            data.pointer_mut(group).expect(pointer)[name] = value;
            data
        };
        for (pointer, value) in [
            ("/company/organizationType", json!("Guild")),
            ("/company/licensing", json!([])),
            ("/users/1/timezone", json!("Mars")),
            ("/users/1/role", json!("Wizard")),
            ("/users/1/licensing", json!([])),
            ("/users", json!([])),
            ("/users/1/email", setup["users"][0]["email"].clone()),
        ] {
            cases.push(("/broker-setup-url", changed(&setup, pointer, value)));
        }
        for (pointer, value) in [
            ("/users/1/firstName", Value::Null),
            ("/users/1/phoneExtension", json!("x")),
            ("/users/1/timezone", json!("Mars")),
            ("/users/0/headshot/imageFormat", json!("gif")),
            ("/users/1/role", json!("Wizard")),
            ("/users/1/licensing/0/state", json!("XX")),
            ("/users/1/licensing", json!([])),
            ("/users", json!([])),
            ("/company/lenderID", json!("NOBODY00")),
        ] {
            cases.push(("/add-users", changed(&users, pointer, value)));
        }
        cases.extend(self.payloads_of_accounts(&users["users"][0]["headshot"]));
        cases
            .into_iter()
            .map(|(endpoint, data)| self.case(endpoint, &[("data", Some(&data.to_string()))]))
            .collect()
    }

    /// Payloads about vendors, pictures, switches, links and lists that each provoke one row.
    fn payloads_of_accounts(&self, picture: &Value) -> Vec<(&'static str, Value)> {
        let company = json!({ "lenderID": self.lender_id });
        let nobody = json!({ "lenderID": "NOBODY00" });
        let user = json!({ "userUID": "nobody", "headshot": picture });
        let status = |id: &str, name: &str, status: &str| json!([{ name: id, "status": status }]);
        let twice = json!([
            { "userUID": self.user_id, "status": "Activate" },
            { "userUID": self.user_id, "status": "Deactivate" },
        ]);
        vec![
            ("/connect-vendor", json!({ "vendor": "NOBODY00" })),
            ("/connect-vendor", json!({ "vendor": self.vendor_id })),
            ("/update-headshot", json!({ "company": company })),
            (
                "/update-headshot",
                json!({ "company": nobody, "users": [user] }),
            ),
            (
                "/update-headshot",
                json!({ "company": company, "users": [user] }),
            ),
            ("/set-account-status", json!({})),
            (
                "/set-account-status",
                json!({ "companies": status("NOBODY00", "lenderID", "Off") }),
            ),
            (
                "/set-account-status",
                json!({ "users": status("NOBODY00", "userUID", "Off") }),
            ),
            (
                "/set-account-status",
                json!({ "companies": status("NOBODY00", "lenderID", "Activate") }),
            ),
            (
                "/set-account-status",
                json!({ "users": status("NOBODY00", "userUID", "Activate") }),
            ),
            ("/set-account-status", json!({ "users": twice })),
            ("/update/user", json!({})),
            ("/get-single-sign-on-url", json!({ "company": company })),
            (
                "/get-single-sign-on-url",
                json!({ "company": nobody, "user": { "userID": self.user_id } }),
            ),
            (
                "/get-single-sign-on-url",
                json!({ "company": company, "user": { "userID": "NOBODY00" } }),
            ),
            ("/get-internal-users", json!({})),
            (
                "/get-internal-users",
                json!({ "subRole": "Admin", "branchID": "x" }),
            ),
        ]
    }

    /// What each endpoint has alone.
    fn own(&self) -> Vec<Case> {
        let data = |endpoint, text| self.case(endpoint, &[("data", Some(text))]);
        let lender = |id| self.case("/access-token", &[("lenderID", Some(id))]);
        vec![
            lender("short"),
            lender(""),
            lender(&self.broker_id),
            lender("NOBODY00"),
            data("/create-loan", "{}"),
            data(
                "/create-loan",
                r#"{"losLoanID":"1","mismo34":"no document"}"#,
            ),
            data("/import-loan", "{}"),
            data("/import-loan", r#"{"loanLOSID":"1"}"#),
            data("/upload-documents", "{}"),
            data("/download-documents", "{}"),
            data("/download-condition-documents", "{}"),
            data("/get-list-loans", "{}"),
            data("/get-list-loans", r#"{"isActive":"maybe"}"#),
            data("/get-list-loans", r#"{"isActive":"true","limit":0}"#),
            data("/get-apr-closing-costs", r#"{"products":[{}]}"#),
            data("/get-apr-closing-costs", r#"{"search":{},"products":[{}]}"#),
            data(
                "/get-apr-closing-costs",
                r#"{"search":{"zipcode":"04083"}}"#,
            ),
            data(
                "/get-apr-closing-costs",
                r#"{"search":{"zipcode":"04083"},"products":[]}"#,
            ),
        ]
    }

    fn cases(&self) -> Vec<Case> {
        let mut cases: Vec<Case> = ENDPOINTS.iter().flat_map(|e| self.shapes(e)).collect();
        let with_data = ENDPOINTS.iter().filter(|e| !e.starts_with("/access-token"));
        cases.extend(with_data.flat_map(|e| self.with_data(e)));
        cases.extend(self.own());
        cases.extend(self.own_of_pricing());
        cases.extend(self.own_of_people());
        cases.extend(self.own_of_messages());
        cases
    }
}

/// The endpoint whose payload is a list.
const NOTIFY: &str = "/create-notifications";

/// A lender that allows nobody to subscribe to rates.
async fn strict(world: &World) -> Party {
    let me = world.lender().await;
    let settings = Messaging {
        watch_allowed: false,
        ..Messaging::usual().expect("the usual")
    };
    let by = By::Operator(&me.org);
    settings::set(&world.app, &by, &settings)
        .await
        .expect("set");
    me
}

/// What the lender calls somebody of the broker whose set-up was begun.
const BEGUN: &str = "begun-1";

/// A broker of its own, so that nobody else's set-up finds its people.
fn begun_setup() -> Value {
    let text = crate::setup::sample().to_string();
    let text = text
        .replace("aYF1VBsd46alkI3KD", "begun-broker")
        .replace("Da4W7mNZ", BEGUN)
        .replace("G2bdThp9", "begun-2")
        .replace("@abcloans.com", "@begun.example.com");
    serde_json::from_str(&text).expect("JSON")
}

/// Sends a case in one format: multipart for JSON, urlencoded for XML, so that both bodies are used.
async fn answer(to: SocketAddr, case: &Case, format: &'static str) -> String {
    let wrong_format = |value: &str| value != "json";
    let fields: Vec<(&str, &str)> = case
        .fields
        .iter()
        .filter_map(|(name, value)| Some((*name, value.as_deref()?)))
        .map(|(name, value)| match name {
            "format" if !wrong_format(value) => (name, format),
            _ => (name, value),
        })
        .collect();
    let path = path(case.endpoint);
    let reply = match format {
        "json" => post_multipart(to, &path, &fields).await,
        _ => post_urlencoded(to, &path, &fields).await,
    };
    let has_format = fields.contains(&("format", format));
    let (code, message) = if has_format && format == "xml" {
        from_xml(&reply)
    } else {
        from_json(&reply)
    };
    assert_eq!(reply.status.to_string(), code, "{message}");
    format!("{code} {message}")
}

fn from_json(reply: &Reply) -> (String, String) {
    assert!(
        reply.head.contains("content-type: application/json"),
        "{}",
        reply.head
    );
    let body: Value = serde_json::from_str(&reply.body).expect(&reply.body);
    let error = &body["error"];
    let message = error["message"]
        .as_str()
        .unwrap_or_else(|| panic!("{}", reply.body));
    (error["code"].to_string(), message.to_owned())
}

fn from_xml(reply: &Reply) -> (String, String) {
    assert!(
        reply.head.contains("content-type: application/xml"),
        "{}",
        reply.head
    );
    let document = roxmltree::Document::parse(&reply.body).expect(&reply.body);
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "response");
    let text = |name| {
        let found = root.descendants().find(|n| n.has_tag_name(name));
        found
            .and_then(|n| n.text())
            .unwrap_or_else(|| panic!("{}", reply.body))
            .to_owned()
    };
    (text("code"), text("message"))
}

async fn answers(world: &World) -> Answers {
    let cast = Cast::gather(world).await;
    let mut answers = Answers::new();
    served(world.router(), async |to| {
        for case in cast.cases() {
            for format in ["json", "xml"] {
                let text = answer(to, &case, format).await;
                answers
                    .entry((case.endpoint, format))
                    .or_default()
                    .insert(text);
            }
        }
    })
    .await;
    answers
}

both! {
    async fn every_documented_row_is_provoked_in_both_formats(db) {
        let answers = answers(&World::on(&db)).await;
        let mut complaints = Vec::new();
        for endpoint in ENDPOINTS {
            let rows = rows_of(endpoint);
            for format in ["json", "xml"] {
                let seen = answers
                    .get(&(*endpoint, format))
                    .cloned()
                    .unwrap_or_default();
                for row in not_provoked(&rows, &seen) {
                    complaints.push(format!("{endpoint} {format}: no case provokes {row}"));
                }
                for text in not_documented(&rows, &seen) {
                    complaints.push(format!("{endpoint} {format}: undocumented {text}"));
                }
            }
        }
        assert_eq!(complaints, Vec::<String>::new());
    }

    /// The test above can fail: without the cases of a row, exactly that row is missing; without
    /// the row, its answers are undocumented.
    async fn removing_any_pair_of_case_and_row_is_noticed(db) {
        let answers = answers(&World::on(&db)).await;
        let mut pairs = 0;
        for endpoint in ENDPOINTS {
            let rows = rows_of(endpoint);
            let seen = &answers[&(*endpoint, "json")];
            for row in &rows {
                let is_other = |a: &&String| row_for(&rows, a) != Some(row);
                let fewer: BTreeSet<String> = seen.iter().filter(is_other).cloned().collect();
                let lost = not_provoked(&rows, &fewer);
                assert_eq!(lost, std::slice::from_ref(row), "{endpoint}");
                let mut without = rows.clone();
                without.remove(row);
                assert!(
                    !not_documented(&without, seen).is_empty(),
                    "{endpoint} {row}"
                );
                pairs += 1;
            }
        }
        assert!(pairs >= 40, "only {pairs} rows were looked at");
    }
}
