//! A lender with everything that has an id: a broker, people, branches, loans, leads, searches, prices.
//! Built through the APIs, as an integrator would.

use std::sync::Arc;

use axum::Router;
use lintel_app::admin::{self, NewOrganisation};
use lintel_app::branch;
use lintel_app::by::By;
use lintel_app::catalogue::{self, Change};
use lintel_app::context::App;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{FixedClock, MemoryBlobs, SeededRng};
use lintel_domain::branch::BranchDraft;
use lintel_domain::id::Instant;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_edge::Limits;
use lintel_edge::test_client::{Answer, TestClient};
use lintel_pricing::codec::sheet::read_sheets;
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_wire_lender::error::ErrorStatus;
use serde_json::{Value, json};

use super::loans;
use super::messages::{self, Written};

/// A noon in June 2026.
const NOON: Instant = Instant::from_seconds(1_780_315_200);
/// Where the installation believes it is.
pub const PUBLIC_URL: &str = "http://lintel.example.com";
/// The invented application the tests use.
pub const DOCUMENT: &str = include_str!("../../../../app/tests/it/fixtures/loan.xml");

/// The whole server over a fresh database, without a socket.
pub struct Place {
    pub app: App,
    /// The pages' routes.
    pub pages: Router,
    api: TestClient,
}

/// A key pair and a token.
pub struct Caller {
    pub api_id: String,
    pub api_key: String,
    pub token: String,
}

/// A lender and what lies under it.
pub struct Family {
    pub lender: Organisation,
    pub caller: Caller,
    /// `lenderID` of its broker.
    pub broker: String,
    /// The lender's own word for the broker.
    pub broker_uid: String,
    /// `userID` of the lender's administrator.
    pub admin: String,
    pub admin_uid: String,
    /// Mail address of the administrator.
    pub admin_email: String,
    /// `userID` of the broker's person.
    pub broker_user: String,
    pub branch: String,
    pub loan: String,
    /// A condition of the loan, and a paper of it.
    pub condition: String,
    pub document: String,
    pub lead: String,
    /// Slug and code of a sign-up link.
    pub slug: String,
    pub code: String,
    pub search: String,
    /// Public id of a product.
    pub product: String,
    pub vendor: String,
    pub vendor_caller: Caller,
    /// What its customer system calls loan and lead.
    pub crm_loan: String,
    pub crm_lead: String,
    pub written: Written,
    /// How many messages it has written.
    pub messages: i64,
}

impl Place {
    pub fn on(db: &Db) -> Self {
        let rng = Arc::new(SeededRng::new(11));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(NOON));
        let rules = RuleBook::embedded().expect("the rule book");
        let app = App::new(db.clone(), keys, clock, rng, rules);
        app.set_public_url(PUBLIC_URL);
        app.set_blobs(Arc::new(MemoryBlobs::default()));
        let limits = Limits::default();
        let api = lintel_wire_lender::router(app.clone(), &limits, ErrorStatus::Code);
        let pages = lintel_pages::router(app.clone(), &limits).expect("templates");
        // A request id of our own, so that answers are the same on every run.
        let api = TestClient::new(api).with_header("x-request-id", "r-1");
        Self { app, pages, api }
    }

    /// Posts to an address with credentials and data.
    pub async fn post(&self, path: &str, who: &Caller, data: &Value) -> Answer {
        let body = json!({
            "format": "json", "apiID": who.api_id, "apiKey": who.api_key,
            "accessToken": who.token, "data": data,
        });
        self.api.post_json(path, &body).await
    }

    /// Posts a body as it is.
    pub async fn raw(&self, path: &str, body: &Value) -> Answer {
        self.api.post_json(path, body).await
    }

    /// As [`post`](Self::post); anything but success ends the test.
    pub async fn made(&self, path: &str, who: &Caller, data: &Value) -> Value {
        let answer = self.post(path, who, data).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer.json()
    }

    async fn organisation(&self, name: &str, kind: OrganisationKind) -> (Organisation, Caller) {
        let new = NewOrganisation {
            name: name.to_owned(),
            kind,
            parent: None,
            nmls: None,
        };
        let org = admin::create_organisation(&self.app, new).await;
        let org = org.expect("set up");
        let made = admin::create_credential(&self.app, &org.public_id, "test").await;
        let made = made.expect("made");
        let caller = Caller {
            api_id: made.credential.api_id,
            api_key: made.api_key,
            token: String::new(),
        };
        (org, caller)
    }

    async fn token(&self, path: &str, caller: &mut Caller, lender: Option<&str>) {
        let mut body = json!({
            "format": "json", "apiID": caller.api_id, "apiKey": caller.api_key,
        });
        if let Some(lender) = lender {
            body["lenderID"] = json!(lender);
        }
        let answer = self.api.post_json(path, &body).await.json();
        caller.token = text(&answer["accessToken"]);
    }

    /// A family whose ids and addresses begin with a word of its own.
    pub async fn family(&self, word: &str) -> Family {
        let name = format!("{word} Lender");
        let (lender, mut caller) = self.organisation(&name, OrganisationKind::Wholesale).await;
        self.token("/api/lender/access-token", &mut caller, None)
            .await;
        let broker_uid = format!("{word}-broker");
        let broker_person = person(word, "loaner", "Admin/Loan Officer");
        let setup = json!({
            "loggedInUserUID": broker_person["userUID"],
            "company": company(&broker_uid),
            "users": [broker_person],
        });
        let path = "/api/lender/broker-setup-url";
        let broker = self.made(path, &caller, &setup).await;
        let admin = person(word, "admin", "Admin/Loan Officer");
        let (admin_uid, admin_email) = (text(&admin["userUID"]), text(&admin["email"]));
        let company_id = json!({ "lenderID": lender.public_id.as_str() });
        let users = json!({ "company": company_id, "users": [admin] });
        let added = self.made("/api/lender/add-users", &caller, &users).await;
        let draft = BranchDraft {
            name: Some(format!("{word} Street")),
            ..BranchDraft::default()
        };
        let branch = branch::create(&self.app, &By::Operator(&lender), draft).await;
        self.prices(&lender).await;
        let path = "/api/lender/get-ppe-anonymous";
        let search = self.made(path, &caller, &search()).await;
        let (crm_loan, crm_lead) = messages::crm_ids(word);
        let loan = json!({
            "losLoanID": format!("{word}-1"), "mismo34": DOCUMENT,
            "losMiscLoanData": { "crmID": crm_loan },
        });
        let loan = self.made("/api/lender/create-loan", &caller, &loan).await;
        let (condition, document) = self.papers(&caller, &text(&loan["publicID"])).await;
        let mut signup = signup();
        signup["borrower"]["crmLeadID"] = json!(crm_lead);
        let signup = self
            .made("/api/lender/set-signup-product-pricing", &caller, &signup)
            .await;
        let (slug, code) = link(&text(&signup["signUpURL"]));
        let (vendor, vendor_caller) = self.vendor(word, &lender, &caller).await;
        let written = messages::write(self, word, (&lender, &caller), &search).await;
        let messages = messages::count(self, "message", &lender).await;
        Family {
            broker: text(&broker["lenderID"]),
            broker_user: text(&broker["users"][0]["userID"]),
            admin: text(&added["users"][0]["userID"]),
            branch: branch.expect("a branch").public_id.to_string(),
            loan: text(&loan["publicID"]),
            condition,
            document,
            lead: text(&signup["bsmLeadUID"]),
            search: text(&search["searchID"]),
            product: text(&search["products"][0]["ppeID"]),
            lender,
            caller,
            broker_uid,
            admin_uid,
            admin_email,
            slug,
            code,
            vendor,
            vendor_caller,
            crm_loan,
            crm_lead,
            written,
            messages,
        }
    }

    /// A condition of a loan and a paper for it.
    async fn papers(&self, caller: &Caller, loan: &str) -> (String, String) {
        let data = json!({ "loanPublicID": loan, "title": "A pay slip", "type": "prior to docs" });
        let path = "/api/lender/create-condition";
        let condition = text(&self.made(path, caller, &data).await["conditionID"]);
        let data = loans::upload(loan, loans::for_condition(&condition));
        let path = "/api/lender/upload-documents";
        let filed = self.made(path, caller, &data).await;
        (condition, text(&filed["documents"][0]["docID"]))
    }

    /// A vendor that a lender lets in, with a token for it.
    async fn vendor(&self, word: &str, lender: &Organisation, caller: &Caller) -> (String, Caller) {
        let vendor_name = format!("{word} Vendor");
        let (vendor, mut vendor_caller) = self
            .organisation(&vendor_name, OrganisationKind::Vendor)
            .await;
        let vendor = vendor.public_id.to_string();
        let grant = json!({
            "vendor": vendor, "allowLoanLevelAccess": true, "allowBrokerAccess": true,
        });
        self.made("/api/lender/connect-vendor", caller, &grant)
            .await;
        self.token(
            "/api/partner/access-token",
            &mut vendor_caller,
            Some(lender.public_id.as_str()),
        )
        .await;
        (vendor, vendor_caller)
    }

    async fn prices(&self, org: &Organisation) {
        let sheets = read_sheets(lintel_pricing::demo::sheets_csv());
        let change = Change {
            parts: lintel_pricing::demo::parts(),
            sheets: sheets.expect("good sheets"),
            effective_at: None,
            note: "a test".to_owned(),
            actor: "test".to_owned(),
            source: "test".to_owned(),
            is_dry_run: false,
        };
        catalogue::change(&self.app, org, change)
            .await
            .expect("taken");
    }
}

/// A text of an answer.
#[track_caller]
pub fn text(value: &Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None => panic!("not a text: {value}"),
    }
}

fn link(url: &str) -> (String, String) {
    let rest = url.split_once("/app/signup/p/").expect(url).1;
    let (slug, rest) = rest.split_once("/r/").expect(url);
    let code = rest.split_once('?').map_or(rest, |(code, _)| code);
    (slug.to_owned(), code.to_owned())
}

/// A person with every member the endpoints require.
pub fn person(word: &str, first: &str, role: &str) -> Value {
    json!({
        "userUID": format!("{word}-{first}"), "timezone": "America/Los_Angeles",
        "firstName": "Pat", "lastName": "Example", "phonePrimary": "555-555-0100",
        "email": format!("{first}@{word}.example.com").to_lowercase(), "role": role,
        "loanOfficer_nmls": "9900301",
        "licensing": [{ "state": "CA", "licenseNum": "L-1" }],
    })
}

/// A broker with every member the endpoint requires.
pub fn company(uid: &str) -> Value {
    json!({
        "brokerUID": uid, "name": "Example Brokers", "nameLegal": "Example Brokers, Inc.",
        "addressStreet": "1 Example Street", "addressCity": "Huntington Beach",
        "addressState": "CA", "addressZipcode": "92649", "phone": "5555550100",
        "nmls": "9900300", "tin": "111223333", "loCompensation": "1.00",
        "productTypesOffer": { "conventional": "1", "fha": "1", "va": "0" },
        "licensing": [{ "state": "CA", "licenseNum": "C-1" }],
    })
}

/// A search every lender's demo prices answer.
pub fn search() -> Value {
    json!({
        "channel": "Retail", "subChannel": "Employee", "loanPurpose": ["Purchase"], "lockPeriod": "30", "zipcode": ["92649"],
        "homePrice": "500000", "downPayment": "125000", "loanAmount": "375000", "fico": "760",
        "propertyType": "SingleFamily", "occupancyType": "PrimaryResidence",
        "filterARMs": "0", "filterConventional": "1", "filterFHA": "0", "filterVA": "0",
        "filterHomeReady": "0", "filterUSDA": "0", "filter40Year": "0", "filter30Year": "1",
        "filter25Year": "0", "filter20Year": "0", "filter15Year": "0", "filter10Year": "0",
        "filter10YearARM": "0", "filter7YearARM": "0", "filter5YearARM": "0",
        "filter3YearARM": "0", "filter2YearARM": "0", "filter1YearARM": "0",
        "filterLess1YearARM": "0", "filterPoints": { "low": "-1", "high": "1" },
    })
}

/// What a sign-up is made from: the sample of the public text, without its loan officer.
pub fn signup() -> Value {
    let sample = include_str!("../../../../wire_lender/tests/it/stock/signup.json");
    let mut data: Value = serde_json::from_str(sample).expect("JSON");
    data["loan"]["loanOfficerUID"] = Value::Null;
    data
}
