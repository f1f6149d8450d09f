//! The world a test plays in: a lender with two products of which the best match is a known rate, and a
//! catcher for its mail.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use lintel_app::admin::{self, NewOrganisation};
use lintel_app::auth::Principal;
use lintel_app::by::By;
use lintel_app::catalogue::{self, NewCatalogue};
use lintel_app::context::App;
use lintel_app::job::{self, Handlers};
use lintel_app::keys::KeyRing;
use lintel_app::message::{self, settings};
use lintel_app::ports::{FixedClock, MemoryPost, MemorySms, Outgoing, SeededRng};
use lintel_app::search::{self, SearchPurpose, SearchRequest};
use lintel_app::sheet::{self, SheetImport, SheetUpdate};
use lintel_domain::id::Instant;
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::product::{ProductTerms, RateKind};
use lintel_domain::scenario::PropertyKind;
use lintel_domain::staff::Timezone;
use lintel_domain::watch::WatchDuration;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::{Catalogue, Product, SheetRow};
use lintel_pricing::codec;
use lintel_pricing::price::PriceRequest;
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario};
use lintel_rule_book::RuleBook;
use lintel_store::db::{Db, Val};
use lintel_watch::{Asked, RateWatch, Run, Subscription, run, subscribe};

/// The products, by the names they are watched by.
pub const PRODUCTS: [&str; 2] = ["Conventional 30 Year Fixed", "Conventional 15 Year Fixed"];
const CODES: [&str; 2] = ["FIX30", "FIX15"];
/// Where callers reach this.
pub const BASE: &str = "https://rates.example.com";

/// Reading the rule book takes longer than most tests. Figures that are known for some years only go on:
/// a test's years go on, too.
static RULES: LazyLock<RuleBook> = LazyLock::new(|| {
    let known = RuleBook::embedded().expect("the rule book");
    let longer = |text: &str| text.replace("to = \"2026-12-31\"", "to = \"2030-12-31\"");
    let texts = known
        .texts()
        .map(|(file, text)| (file.to_owned(), longer(text)));
    RuleBook::from_texts(&texts.collect()).expect("longer")
});

pub struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub me: Principal,
    pub post: Arc<MemoryPost>,
    handlers: Handlers,
}

pub fn percent(thousandths: i64) -> Pct {
    Pct::new(thousandths * 1_000_000)
}

fn product(code: &str, name: &str, years: u32) -> Product {
    Product {
        code: code.to_owned(),
        public_id: None,
        name: name.to_owned(),
        terms: ProductTerms {
            program: Program::Conventional,
            term_months: years * 12,
            amortization_months: years * 12,
            interest_only_months: 0,
            lender_paid_mi: false,
            rate_kind: RateKind::Fixed,
        },
        families: Vec::new(),
        lock_days: vec![30],
        channels: Vec::new(),
        min_price: None,
        max_price: None,
        is_watchable: true,
        days: None,
    }
}

impl World {
    pub async fn on(db: &Db, at: Instant) -> Self {
        let rng = Arc::new(SeededRng::new(7));
        let keys = KeyRing::in_memory(&*rng).expect("keys");
        let clock = Arc::new(FixedClock::at(at));
        let app = App::new(db.clone(), keys, clock.clone(), rng, RULES.clone());
        app.set_public_url(BASE);
        let new = NewOrganisation {
            name: "Example Lending".to_owned(),
            kind: OrganisationKind::Retail,
            parent: None,
            nmls: None,
        };
        let org = admin::create_organisation(&app, new).await.expect("set up");
        let me = Principal {
            org,
            api_id: "test".to_owned(),
        };
        let post = Arc::new(MemoryPost::default());
        let handlers = message::handlers(post.clone(), Arc::new(MemorySms::default()));
        let world = Self {
            app,
            clock,
            me,
            post,
            handlers,
        };
        world.catalogue().await;
        world
    }

    async fn catalogue(&self) {
        let catalogue = Catalogue {
            products: vec![
                product(CODES[0], PRODUCTS[0], 30),
                product(CODES[1], "Fifteen", 15),
            ],
            ..Catalogue::default()
        };
        let new = NewCatalogue {
            parts: codec::write(&catalogue),
            effective_at: None,
            note: "a test's".to_owned(),
            actor: "operator".to_owned(),
            is_dry_run: false,
        };
        catalogue::import(&self.app, &self.me.org, new)
            .await
            .expect("imported");
    }

    /// New rates, in thousandths of a percent, at no points.
    pub async fn rates(&self, rates: [i64; 2]) {
        let update = |(code, rate): (&str, i64)| SheetUpdate {
            public_id: None,
            code: Some(code.to_owned()),
            index: None,
            margin: None,
            rows: vec![SheetRow {
                lock_days: 30,
                note_rate: percent(rate),
                price: Pct::HUNDRED,
            }],
        };
        let import = SheetImport {
            updates: CODES.into_iter().zip(rates).map(update).collect(),
            effective_at: None,
            actor: "operator".to_owned(),
            source: "a test".to_owned(),
        };
        sheet::import(&self.app, &self.me.org, import)
            .await
            .expect("written");
    }

    /// The minute of the day the lender's mails about rates are sent at.
    pub async fn minute(&self, minute: u32, watch_allowed: bool) {
        let settings = settings::Messaging {
            watch_allowed,
            watch_minute: minute,
            ..settings::Messaging::usual().expect("the usual")
        };
        let by = By::Operator(&self.me.org);
        settings::set(&self.app, &by, &settings).await.expect("set");
    }

    /// The id of a fresh search: a purchase of 400,000 with a loan.
    pub async fn search(&self, loan_dollars: i64) -> String {
        let request = SearchRequest {
            scenario: scenario(),
            purposes: vec![SearchPurpose {
                purpose: Purpose::Purchase,
                loan_amount: Cents::new(loan_dollars * 100),
                down_payment: None,
            }],
            zips: vec!["92649".to_owned()],
            wanted: PriceRequest::default(),
            lender: None,
            officer: None,
        };
        let searched = search::run(&self.app, &self.me, request)
            .await
            .expect("answered");
        searched.found[0].search_id.clone()
    }

    /// Subscribes an address of example.com.
    pub async fn watch(
        &self,
        name: &str,
        asked: Asked,
        duration: WatchDuration,
        zone: &str,
    ) -> RateWatch {
        let subscription = Subscription {
            search_id: self.search(300_000).await,
            first_name: "Charles".to_owned(),
            last_name: "Cooper".to_owned(),
            email: format!("{name}@example.com"),
            phone: None,
            asked,
            duration,
            timezone: Some(Timezone::parse(zone).expect(zone)),
        };
        subscribe(&self.app, &self.me, &subscription)
            .await
            .expect("subscribed")
    }

    pub fn set_clock(&self, at: Instant) {
        let by = at.seconds() - self.app.now().seconds();
        self.clock.advance(by);
    }

    /// Looks at what is due.
    pub async fn run(&self) -> Run {
        run(&self.app).await.expect("run")
    }

    /// When the next watch is due.
    pub async fn next_due(&self) -> Option<Instant> {
        let sql = "SELECT MIN(next_at_us) FROM rate_watch WHERE next_at_us IS NOT NULL";
        let row: Option<(Option<i64>,)> = self.app.db().maybe(sql, Vec::new()).await.expect("read");
        row.and_then(|(at,)| at).map(Instant::from_micros)
    }

    /// Hands everything over that waits, and returns every letter so far by its address, in order.
    pub async fn letters(&self) -> HashMap<String, Vec<Outgoing>> {
        job::drain(&self.app, &self.handlers)
            .await
            .expect("drained");
        let mut letters: HashMap<String, Vec<Outgoing>> = HashMap::new();
        for letter in self.post.letters() {
            letters
                .entry(letter.recipient.clone())
                .or_default()
                .push(letter);
        }
        for all in letters.values_mut() {
            all.sort_by_key(|letter| letter.at);
        }
        letters
    }

    pub async fn count(&self, what: &str) -> i64 {
        let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {what}");
        let row: Option<(i64,)> = self
            .app
            .db()
            .maybe(&sql, Vec::<Val>::new())
            .await
            .expect("counted");
        row.map_or(0, |(n,)| n)
    }
}

fn scenario() -> Scenario {
    Scenario {
        day: Date::FIRST,
        purpose: Purpose::Purchase,
        place: PlaceFacts::NOWHERE,
        home_price: Cents::new(40_000_000),
        loan_amount: Cents::ZERO,
        down_payment: None,
        subordinate_balance: Cents::ZERO,
        undrawn_line: Cents::ZERO,
        score: Some(750),
        monthly_income: None,
        monthly_debts: None,
        property: PropertyKind::SingleFamily,
        units: 1,
        occupancy: Occupancy::PrimaryResidence,
        flags: Flags::default(),
        finances_va_fee: false,
        finances_usda_fee: false,
        employment: None,
        documentation: None,
        homes_owned: None,
        channel: None,
        sub_channel: None,
        branch: None,
        criteria: Vec::new(),
    }
}

/// A row of a letter: product, rate, and what it says became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub product: String,
    pub rate: String,
    pub change: Option<String>,
}

/// The rows of a letter's text.
pub fn rows(letter: &Outgoing) -> Vec<Told> {
    let lines: Vec<&str> = letter.text.lines().collect();
    let mut rows = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((_, after)) = line.split_once("Rate ") else {
            continue;
        };
        if !after.contains(", points ") {
            continue;
        }
        let blank = |line: &&&str| !line.trim().is_empty();
        let product = lines[..at].iter().rev().find(blank).expect("a product");
        let next = lines[at + 1..].iter().find(blank).map(|line| line.trim());
        let change = next.filter(|line| line.starts_with('('));
        rows.push(Told {
            product: product.trim().to_owned(),
            rate: after
                .split(',')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned(),
            change: change.map(|text| text.trim_matches(['(', ')']).to_owned()),
        });
    }
    rows
}
