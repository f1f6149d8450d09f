//! A lender with a broker and people, and browsers signed in as them.

use std::sync::Arc;

use lintel_app::admin::{self, NewOrganisation};
use lintel_app::auth::Principal;
use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{FixedClock, MemoryBlobs, SeededRng};
use lintel_app::session::{SignInRules, Visitor};
use lintel_app::setup::{BrokerSetup, BrokerSetupOutcome, set_up_broker};
use lintel_app::{link, people};
use lintel_domain::application::sensitive::Sensitive;
use lintel_domain::company::{CompanyDraft, LegalForm};
use lintel_domain::entry::Entry;
use lintel_domain::id::Instant;
use lintel_domain::license::LicenseDraft;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::{Person, PersonDraft};
use lintel_edge::Limits;
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;

use crate::tab::{Tab, URL};

/// The smallest picture there is.
pub const PNG: [u8; 70] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0,
    0, 0, 31, 21, 196, 137, 0, 0, 0, 13, 73, 68, 65, 84, 120, 218, 99, 100, 248, 207, 80, 15, 0, 3,
    134, 1, 128, 90, 52, 125, 107, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

/// The application behind the pages, and the pages.
pub struct Office {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub router: axum::Router,
}

pub fn said(text: &str) -> Entry<String> {
    Entry::Given(text.to_owned())
}

pub fn license(state: &str, number: &str) -> LicenseDraft {
    LicenseDraft {
        state: said(state),
        number: said(number),
    }
}

/// Somebody with one role, licensed if the role needs it.
pub fn a_person(uid: &str, role: Role) -> PersonDraft {
    let text = |value: &str| Some(value.to_owned());
    let mut draft = PersonDraft {
        uid: text(uid),
        first_name: text("Adam"),
        last_name: Some(format!("Sample {uid}")),
        phone: text("714-235-7114"),
        email: Some(format!("{}@example.com", uid.to_lowercase())),
        roles: Entry::Given(RoleSet::only(role)),
        ..PersonDraft::default()
    };
    if role.needs_license() {
        draft.nmls = text("334455");
        draft.licenses = Some(vec![license("CA", "12-A")]);
    }
    draft
}

/// Everything a lender may say of a broker.
pub fn a_company(uid: &str) -> CompanyDraft {
    CompanyDraft {
        partner_uid: said(uid),
        name: said("Example Brokers"),
        legal_name: said("Example Brokers, Inc."),
        street: said("1 Example Street"),
        city: said("Sampleton"),
        state: said("CA"),
        postal_code: said("92649"),
        phone: said("888-888-8888"),
        nmls: said("012345"),
        legal_form: Entry::Given(LegalForm::Corporation),
        tax_id: Entry::Given(Sensitive::new("90-0773311".to_owned())),
        officer_compensation: said("1.00"),
        pricing_tier: said("Tier AAA"),
        offers_conventional: Entry::Given(true),
        offers_fha: Entry::Given(false),
        offers_va: Entry::Given(false),
        licenses: Entry::Given(vec![license("CA", "09876")]),
        ..CompanyDraft::default()
    }
}

impl Office {
    pub fn on(db: &Db) -> Self {
        let rng = Arc::new(SeededRng::new(7));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(Instant::from_seconds(1_780_315_200)));
        let rules = RuleBook::embedded().expect("the rule book");
        let app = App::new(db.clone(), keys, clock.clone(), rng, rules);
        app.set_public_url(URL);
        app.set_sign_in_rules(SignInRules::quick());
        app.set_blobs(Arc::new(MemoryBlobs::default()));
        let router = lintel_pages::router(app.clone(), &Limits::default()).expect("pages");
        Self { app, clock, router }
    }

    pub async fn org(&self, kind: OrganisationKind, parent: Option<&Organisation>) -> Organisation {
        let new = NewOrganisation {
            name: format!("Example {kind}"),
            kind,
            parent: parent.map(|p| p.public_id.clone()),
            nmls: None,
        };
        admin::create_organisation(&self.app, new)
            .await
            .expect("made")
    }

    pub async fn lender(&self) -> Organisation {
        self.org(OrganisationKind::Wholesale, None).await
    }

    pub fn caller(&self, org: &Organisation) -> Principal {
        Principal {
            org: org.clone(),
            api_id: "caller".to_owned(),
        }
    }

    pub async fn person(&self, org: &Organisation, uid: &str, role: Role) -> Person {
        let added = people::add(&self.app, &By::Operator(org), a_person(uid, role)).await;
        added.expect("added")
    }

    /// A browser of somebody new with a role.
    pub async fn desk(&self, org: &Organisation, uid: &str, role: Role) -> Tab {
        let person = self.person(org, uid, role).await;
        self.desk_of(org, &person).await
    }

    /// A browser of somebody.
    pub async fn desk_of(&self, org: &Organisation, person: &Person) -> Tab {
        let (lender, who) = (org.public_id.as_str(), person.public_id.as_str());
        let url = link::single_sign_on_url(&self.app, &self.caller(org), lender, who).await;
        let url = url.expect("made").expect("a link");
        let token = url.rsplit('/').next().expect("a token");
        let landed = link::land_sign_on(&self.app, token, &Visitor::default()).await;
        Tab::new(&self.router).with("lintel", &landed.expect("landed").expect("a cookie"))
    }

    /// What a lender's system sends to begin the set-up of a broker with two people.
    pub async fn send_broker(&self, lender: &Organisation, starter: &str) -> BrokerSetupOutcome {
        let sent = BrokerSetup {
            logged_in_uid: said(starter),
            company: a_company("B-1"),
            people: vec![
                a_person("U1", Role::Admin),
                a_person("U2", Role::LoanOfficer),
            ],
        };
        let done = set_up_broker(&self.app, &self.caller(lender), sent).await;
        done.expect("sent")
    }

    pub async fn rows(&self, table: &str) -> i64 {
        let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}");
        let row: Option<(i64,)> = self
            .app
            .db()
            .maybe(&sql, Vec::new())
            .await
            .expect("counted");
        row.map_or(0, |(n,)| n)
    }
}
