//! The world a test plays in: a bank, two intermediaries of one network, a port that remembers.

use std::sync::{Arc, LazyLock};

use lintel_app::admin::{self, NewOrganisation};
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::job::{self, Handlers};
use lintel_app::keys::KeyRing;
use lintel_app::ports::{FixedClock, MemoryPost, MemorySms, SeededRng};
use lintel_callbacks::port::{MemoryPort, Reply, Sent};
use lintel_callbacks::{
    Notice, Office, Registered, Render, Rules, Secret, Tell, Wanted, handlers, register, tell_in,
};
use lintel_domain::callback::{AttemptOutcome, NotificationType};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::intermediary::Partner;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::process::ProcessStatus;
use lintel_domain::simulation::SimulationStatus;
use lintel_rule_book::RuleBook;
use lintel_store::db::{Db, Val};
use serde_json::{Value, json};

static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

/// 2026-11-21 12:00 UTC.
pub const NOON: i64 = 1_795_262_400;
/// Where most tests are told.
pub const URL: &str = "https://hooks.example.com/lintel";

/// Plain words for tests.
pub struct Plain;

impl Render for Plain {
    fn name(&self, kind: NotificationType) -> &'static str {
        match kind {
            NotificationType::ProcessStatus => "process.status",
            NotificationType::SimulationStatus => "simulation.status",
            _ => "other",
        }
    }

    fn data(&self, notice: &Notice, correlation: Option<&str>) -> Value {
        json!({ "notice": notice, "correlation": correlation })
    }
}

pub struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub port: Arc<MemoryPort>,
    pub post: Arc<MemoryPost>,
    pub office: Office,
    pub anna: Partner,
    pub bruno: Partner,
    pub handlers: Handlers,
}

pub fn id(number: u32) -> RowId {
    RowId::new(format!("0193f000-0000-7000-8000-{number:012}"))
}

pub fn status(code: u16) -> Reply {
    Reply::answered(code, Vec::new(), std::time::Duration::from_millis(7))
}

pub fn silence() -> Reply {
    Reply::none(AttemptOutcome::TimedOut, std::time::Duration::from_secs(15))
}

/// A change of a process's status; `number` tells one from another.
pub fn process(subject: &RowId, number: i64) -> Notice {
    Notice::ProcessStatus {
        process_id: subject.clone(),
        number,
        from: Some(ProcessStatus::Submitted),
        to: ProcessStatus::InAnalysis,
        at: Instant::from_seconds(NOON),
    }
}

pub fn simulation(subject: &RowId, number: i64) -> Notice {
    Notice::SimulationStatus {
        simulation_id: subject.clone(),
        number,
        from: None,
        to: SimulationStatus::Simulated,
        at: Instant::from_seconds(NOON),
    }
}

/// The numbers of what was sent, in order.
pub fn numbers(sent: &[Sent]) -> Vec<i64> {
    sent.iter().map(number).collect()
}

pub fn number(sent: &Sent) -> i64 {
    let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
    body["data"]["notice"]["number"].as_i64().expect("a number")
}

impl World {
    pub async fn on(db: &Db) -> Self {
        let rng = Arc::new(SeededRng::new(19));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(Instant::from_seconds(NOON)));
        let app = App::new(db.clone(), keys, clock.clone(), rng, RULES.clone());
        let new = NewOrganisation {
            name: "Banco Exemplo (fictício)".to_owned(),
            kind: OrganisationKind::Bank,
            parent: None,
            nmls: None,
        };
        let bank = admin::create_organisation(&app, new).await.expect("a bank");
        let partner = |n: u32, name: &str| Partner {
            org_id: bank.id.clone(),
            network_id: id(1),
            intermediary_id: id(n),
            intermediary_name: name.to_owned(),
            user_id: id(n + 100),
            user_name: "Somebody".to_owned(),
        };
        let port = Arc::new(MemoryPort::default());
        let office = Office::new(port.clone(), Arc::new(Plain), Rules::default());
        let post = Arc::new(MemoryPost::default());
        let messages = lintel_app::message::handlers(post.clone(), Arc::new(MemorySms::default()));
        let world = Self {
            handlers: handlers(office.clone()).and(messages),
            anna: partner(11, "Anna"),
            bruno: partner(12, "Bruno"),
            app,
            clock,
            port,
            post,
            office,
        };
        for partner in [&world.anna, &world.bruno] {
            world.store(partner).await;
        }
        world
    }

    /// The row a mail's address is read from.
    async fn store(&self, partner: &Partner) {
        let sql = "INSERT INTO intermediary (org_id, id, network_id, number, nif, nif_hash, name, \
             email, type_id, status_id, active, api_access, created_at_us, updated_at_us) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, 1, $9, $9, $4, $4)";
        let name = &partner.intermediary_name;
        let number = i64::from(name == "Anna");
        let args = vec![
            Val::from(partner.org_id.as_str()),
            Val::from(partner.intermediary_id.as_str()),
            Val::from(partner.network_id.as_str()),
            Val::from(number),
            Val::Bytes(Some(vec![0])),
            Val::Bytes(Some(name.clone().into_bytes())),
            Val::from(name.as_str()),
            Val::from(format!("{}@example.com", name.to_lowercase())),
            Val::from(true),
        ];
        let mut tx = self.app.db().begin().await.expect("a transaction");
        tx.exec(sql, args).await.expect("stored");
        tx.commit().await.expect("committed");
    }

    pub async fn try_register(
        &self,
        partner: &Partner,
        kind: NotificationType,
        wanted: Wanted,
    ) -> Result<Registered, AppError> {
        register(&self.app, &self.office, partner, kind, wanted, Vec::new()).await
    }

    /// Registers the usual address for a type, and says what it is signed with.
    pub async fn register(&self, partner: &Partner, kind: NotificationType) -> Secret {
        let wanted = Wanted {
            url: Some(URL.to_owned()),
            ..Wanted::default()
        };
        let registered = self.try_register(partner, kind, wanted).await;
        registered.expect("registered").drawn.expect("a secret")
    }

    pub async fn tell(&self, partner: &Partner, subject: &RowId, notice: Notice) {
        let mut tx = self.app.db().begin().await.expect("a transaction");
        let tell = Tell {
            org_id: &partner.org_id,
            intermediary_id: &partner.intermediary_id,
            subject,
            notice: &notice,
            correlation: Some("c-1"),
        };
        tell_in(&self.app, &mut tx, &tell).await.expect("told");
        tx.commit().await.expect("committed");
    }

    /// Does what is due, and takes what was sent.
    pub async fn deliver(&self) -> Vec<Sent> {
        job::drain(&self.app, &self.handlers)
            .await
            .expect("drained");
        self.port.take()
    }

    /// As [`World::deliver`], so many seconds later.
    pub async fn deliver_after(&self, seconds: i64) -> Vec<Sent> {
        self.clock.advance(seconds);
        self.deliver().await
    }
}
