//! A bank with two networks, of which each has two intermediaries with a user.

use std::sync::Arc;

use lintel_app::admin::{self, NewOrganisation};
use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{FixedClock, SeededRng};
use lintel_domain::finding::{CreditField, CreditRule};
use lintel_domain::id::Instant;
use lintel_domain::intermediary::{BrokerNames, Intermediary, Partner};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Denial, Refusal};
use lintel_intermediaries::intermediary::{self, NewIntermediary};
use lintel_intermediaries::network;
use lintel_intermediaries::user::{self, NewUser};
use lintel_intermediaries::{Session, Stated};
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;

/// A noon in 2026.
pub const NOON: Instant = Instant::from_seconds(1_780_315_200);
/// Where everybody calls from who is not told otherwise.
pub const HERE: &str = "192.0.2.1";
/// Dummy tax numbers with the right check digit.
pub const NIFS: [&str; 4] = ["500000000", "999999990", "501234560", "503456780"];

/// An intermediary with its user.
#[derive(Clone)]
pub struct Firm {
    pub client_id: String,
    pub secret: String,
    pub of: Intermediary,
    pub username: String,
}

impl Firm {
    /// Everything right, by UniqueID.
    pub fn stated(&self) -> Stated {
        Stated {
            client_id: Some(self.client_id.clone()),
            client_secret: Some(self.secret.clone()),
            broker: BrokerNames {
                unique_id: Some(self.of.id.clone()),
                ..BrokerNames::default()
            },
            username: Some(self.username.clone()),
            is_unreadable: false,
        }
    }

    pub fn number(&self) -> String {
        self.of.number.to_string()
    }
}

pub struct House {
    pub app: App,
    pub clock: Arc<FixedClock>,
}

impl House {
    pub fn on(db: &Db) -> Self {
        let rng = Arc::new(SeededRng::new(7));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(NOON));
        let rules = RuleBook::embedded().expect("the rule book");
        let app = App::new(db.clone(), keys, clock.clone(), rng, rules);
        Self { app, clock }
    }

    pub async fn org(&self, kind: OrganisationKind) -> Organisation {
        let new = NewOrganisation {
            name: format!("Banco Exemplo {kind}"),
            kind,
            parent: None,
            nmls: None,
        };
        let made = admin::create_organisation(&self.app, new).await;
        made.expect("set up")
    }

    pub async fn bank(&self) -> Organisation {
        self.org(OrganisationKind::Bank).await
    }

    /// A network of a bank with a firm for each tax number; users are named after their firm.
    pub async fn network<const N: usize>(&self, bank: &Organisation, nifs: [&str; N]) -> [Firm; N] {
        let by = By::Operator(bank);
        let made = network::add(&self.app, &by, "Rede Exemplo").await;
        let made = made.expect("a network");
        let mut firms = Vec::new();
        for nif in nifs {
            let new = NewIntermediary {
                client_id: made.network.client_id.clone(),
                name: format!("Intermediário {nif}"),
                nif: nif.to_owned(),
                email: "firma@example.com".into(),
                ..NewIntermediary::default()
            };
            let of = intermediary::add(&self.app, &by, new).await.expect("added");
            let new = NewUser {
                broker: of.number.to_string(),
                username: "Ana@Example.com".into(),
                name: "Ana Exemplo".into(),
                email: "ana@example.com".into(),
            };
            let user = user::add(&self.app, &by, &new).await.expect("added");
            firms.push(Firm {
                client_id: made.network.client_id.clone(),
                secret: made.client_secret.clone(),
                of,
                username: user.username,
            });
        }
        firms.try_into().ok().expect("as many")
    }

    pub async fn firm(&self) -> (Organisation, Firm) {
        let bank = self.bank().await;
        let [firm] = self.network(&bank, [NIFS[0]]).await;
        (bank, firm)
    }

    pub async fn sign_in(&self, stated: &Stated) -> Result<Session, AppError> {
        lintel_intermediaries::sign_in(&self.app, stated, HERE).await
    }

    pub async fn token(&self, firm: &Firm) -> String {
        self.sign_in(&firm.stated()).await.expect("signed in").token
    }

    pub async fn behind(&self, token: &str) -> Result<Partner, AppError> {
        lintel_intermediaries::partner(&self.app, token, &Stated::default()).await
    }

    pub async fn is_alive(&self, token: &str) -> bool {
        match self.behind(token).await {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(denial::<()>(Err(error)), Denial::PartnerSessionOver);
                false
            }
        }
    }

    /// How many rows a table has.
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

/// What an error denies.
#[track_caller]
pub fn denial<T: std::fmt::Debug>(result: Result<T, AppError>) -> Denial {
    match result {
        Err(AppError::Refused(Refusal::Denied(denial))) => denial,
        other => panic!("expected a denial, got {other:?}"),
    }
}

/// What an error finds.
#[track_caller]
pub fn findings<T: std::fmt::Debug>(result: Result<T, AppError>) -> Vec<(CreditField, CreditRule)> {
    match result {
        Err(AppError::Refused(Refusal::Findings(found))) => {
            found.into_iter().map(|f| (f.field, f.rule)).collect()
        }
        other => panic!("expected findings, got {other:?}"),
    }
}
