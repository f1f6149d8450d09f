//! A wholesale lender and a broker, their people, loans, and a customer system that sends events.

use std::sync::{Arc, LazyLock};

use lintel_app::admin::{self, NewOrganisation, NewStaff};
use lintel_app::auth::Principal;
use lintel_app::context::App;
use lintel_app::keys::KeyRing;
use lintel_app::loan::{NewLoan, create};
use lintel_app::ports::{FixedClock, MemoryBlobs, SeededRng};
use lintel_app::session::SignedIn;
use lintel_desk::event::{
    ActionDraft, AlertDraft, AlertFor, EventDraft, ToldRole, WorkDraft, carry_out,
};
use lintel_domain::access::Subject;
use lintel_domain::entry::Entry;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::role::{Role, RoleSet};
use lintel_rule_book::RuleBook;
use lintel_store::db::{Db, Val};
use lintel_store::staff;

/// The invented loan document, the same other use cases are tested with.
const DOCUMENT: &str = include_str!("../../../app/tests/it/fixtures/loan.xml");
/// A noon in June 2026.
pub const NOON: Instant = Instant::from_seconds(1_780_315_200);

static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

pub struct Office {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub lender: Principal,
    pub broker: Principal,
}

impl Office {
    pub async fn on(db: &Db) -> Self {
        let rng = Arc::new(SeededRng::new(7));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(NOON));
        let app = App::new(db.clone(), keys, clock.clone(), rng, RULES.clone());
        app.set_public_url("https://lintel.example.com");
        app.set_blobs(Arc::new(MemoryBlobs::default()));
        let lender = organisation(&app, OrganisationKind::Wholesale, None).await;
        let broker = organisation(&app, OrganisationKind::Broker, Some(&lender)).await;
        let program = |org: Organisation| Principal {
            api_id: format!("api-{}", org.public_id),
            org,
        };
        Self {
            app,
            clock,
            lender: program(lender),
            broker: program(broker),
        }
    }

    /// Somebody with one role, signed in.
    pub async fn person(&self, org: &Organisation, role: Role) -> SignedIn {
        let n = self.app.code(6).expect("drawn").to_lowercase();
        let new = NewStaff {
            first_name: role.title().to_owned(),
            last_name: n.clone(),
            email: format!("{n}@example.com"),
            nmls: None,
            los_id: None,
        };
        let added = admin::add_staff(&self.app, org, new).await;
        let id = added.expect("added").expect("new").public_id;
        let mut tx = self.app.db().begin().await.expect("begun");
        let sql = "UPDATE staff_role SET role = $2 WHERE staff_id = \
                   (SELECT id FROM staff WHERE public_id = $1)";
        let args = vec![Val::from(id.as_str()), Val::from(role.as_str())];
        assert_eq!(tx.exec(sql, args).await.expect("written"), 1);
        tx.commit().await.expect("committed");
        let person = staff::load(self.app.db(), &org.id, &id)
            .await
            .expect("read");
        let person = person.expect("there");
        assert_eq!(person.roles, RoleSet::only(role));
        SignedIn {
            org: org.clone(),
            person,
            session_id: "a session".to_owned(),
            subject: Subject::Staff,
        }
    }

    /// A loan of an organisation, given to an officer.
    pub async fn loan(&self, of: &Principal, los: &str, officer: Option<&SignedIn>) -> PublicId {
        let new = NewLoan {
            los_loan_id: los.to_owned(),
            document: DOCUMENT.as_bytes().to_vec(),
            invite_borrowers: false,
            status: None,
            officer_email: officer.map(|who| who.person.email.clone()),
            crm_id: None,
        };
        let made = create(&self.app, of, new).await.expect("taken");
        made.public_id
    }

    /// An alert about a loan for people of these roles.
    pub async fn alert(
        &self,
        from: &Principal,
        loan: &PublicId,
        roles: &[ToldRole],
        message: &str,
    ) {
        let alert = AlertDraft {
            target: Entry::Given(AlertFor::Loan),
            roles: Entry::Given(roles.iter().copied().map(Some).collect()),
            message: Entry::Given(message.to_owned()),
            ..AlertDraft::default()
        };
        self.raise(from, Some(loan), alert).await;
    }

    pub async fn raise(&self, from: &Principal, loan: Option<&PublicId>, alert: AlertDraft) {
        self.act(from, loan, WorkDraft::Alert(alert)).await;
    }

    /// Has the customer system of an organisation do one thing.
    pub async fn act(&self, from: &Principal, loan: Option<&PublicId>, work: WorkDraft) {
        let action = ActionDraft {
            about: loan.map_or(Entry::Absent, |loan| Entry::Given(loan.to_string())),
            work: Entry::Given(work),
            details: Entry::Given(()),
        };
        let draft = EventDraft {
            id: Entry::Given(self.app.code(12).expect("drawn")),
            actions: Entry::Given(vec![action]),
        };
        let answer = carry_out(&self.app, from, draft).await.expect("answered");
        assert_eq!((answer.mistake, answer.is_repeat), (None, false));
    }
}

async fn organisation(
    app: &App,
    kind: OrganisationKind,
    parent: Option<&Organisation>,
) -> Organisation {
    let new = NewOrganisation {
        name: format!("Example {kind}"),
        kind,
        parent: parent.map(|p| p.public_id.clone()),
        nmls: None,
    };
    admin::create_organisation(app, new).await.expect("set up")
}
