//! `lintel bench watch`: rate watches that are due all at once, priced, judged and written with their
//! mails, beside the same one by one with a transaction each, in the same run on the same database.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant as Moment;

use clap::Args;
use lintel_app::auth::Principal;
use lintel_app::context::App;
use lintel_app::demo;
use lintel_app::error::AppError;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{FixedClock, SystemRng};
use lintel_app::search::{self, SearchPurpose, SearchRequest};
use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_domain::loan::{Occupancy, Purpose};
use lintel_domain::scenario::PropertyKind;
use lintel_domain::watch::{Frequency, WatchDuration};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_pricing::price::PriceRequest;
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario};
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_store::fault::Fault;
use lintel_store::migrate;
use lintel_watch::{Asked, SubscribeError, Subscription, run_by, subscribe};

use super::{figure, grouped, progress, table};

/// Watches looked at together, as the job does, and one by one.
const BATCHES: [u32; 2] = [500, 1];
/// Noon in Greenwich on June 1, 2026.
const START: Instant = Instant::from_seconds(1_780_315_200);
/// What everybody watches: products of the demo lender.
const NAMES: [&str; 3] = [
    "Conventional 30 Year Fixed",
    "Conventional 15 Year Fixed",
    "FHA 30 Year Fixed",
];

/// Options of `lintel bench watch`.
#[derive(Debug, Clone, Args)]
pub struct WatchBenchArgs {
    /// Watches, each of a search of its own.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub watches: u32,
    /// Folder under which the throw-away SQLite database is made, in bench-watch.
    #[arg(long, value_name = "FOLDER", default_value = "lintel-data")]
    pub data_folder: PathBuf,
    /// Use this empty PostgreSQL database instead. Its rows stay: drop it afterwards.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

/// Measures and returns the table.
///
/// # Errors
/// A sentence for the terminal.
pub async fn run(args: &WatchBenchArgs) -> Result<String, String> {
    let folder = args.data_folder.join("bench-watch");
    let db = open(args, &folder).await.map_err(|e| e.chain())?;
    let text = measure(&db, args).await;
    db.close().await;
    if args.database_url.is_none() {
        std::fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    text.map_err(|fault| fault.chain())
}

async fn open(args: &WatchBenchArgs, folder: &Path) -> Result<Db, Fault> {
    let db = match &args.database_url {
        Some(url) => Db::open_postgres_unhurried(url, 8).await?,
        None => {
            // Of a run that was interrupted.
            let _ = std::fs::remove_dir_all(folder);
            std::fs::create_dir_all(folder).map_err(|e| {
                Fault::internal(format!("cannot make {}", folder.display())).caused_by(e)
            })?;
            Db::open_sqlite(&folder.join("lintel.sqlite")).await?
        }
    };
    migrate::run(&db).await?;
    Ok(db)
}

async fn measure(db: &Db, args: &WatchBenchArgs) -> Result<String, Fault> {
    let rng = Arc::new(SystemRng::default());
    let keys = KeyRing::in_memory(&*rng)?;
    let clock = Arc::new(FixedClock::at(START));
    let rules = RuleBook::embedded().map_err(|_| Fault::internal("the rule book"))?;
    let app = App::new(db.clone(), keys, clock.clone(), rng, rules);
    app.set_public_url("https://lintel.example.com");
    fill(&app, args.watches).await?;
    db.analyze().await?;
    let mut lines = Vec::new();
    for batch in BATCHES {
        clock.advance(DAY_SECONDS);
        let started = Moment::now();
        let run = run_by(&app, batch).await?;
        let seconds = started.elapsed().as_secs_f64().max(1e-9);
        lines.push((batch, run.looked, run.mails, seconds));
    }
    Ok(render(db, args, &lines))
}

/// Subscribes that many addresses, each to a search of its own.
async fn fill(app: &App, watches: u32) -> Result<(), Fault> {
    let failed = |_: AppError| Fault::internal("the demo lender could not be set up");
    let (org, _) = demo::load(app).await.map_err(failed)?;
    let me = Principal {
        org,
        api_id: "bench".to_owned(),
    };
    let bar = progress(u64::from(watches), "subscribing");
    for number in 0..watches {
        let searched = search::run(app, &me, request(number)).await;
        let searched = searched.map_err(|_| Fault::internal("a search failed"))?;
        let search_id = searched.found.first().map(|found| found.search_id.clone());
        let subscription = Subscription {
            search_id: search_id.unwrap_or_default(),
            first_name: "Charles".to_owned(),
            last_name: "Cooper".to_owned(),
            email: format!("reader-{number}@example.com"),
            phone: None,
            asked: Asked::Regular {
                frequency: Frequency::Daily,
                names: NAMES.map(str::to_owned).to_vec(),
            },
            duration: WatchDuration::UntilCancel,
            timezone: None,
        };
        let subscribed = subscribe(app, &me, &subscription).await;
        subscribed.map_err(|error| match error {
            SubscribeError::NotAllowed => Fault::internal("not allowed to subscribe"),
            SubscribeError::Other(error) => Fault::internal("not subscribed").caused_by(error),
        })?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// A purchase of a home at a price nobody else has.
fn request(number: u32) -> SearchRequest {
    let price = Cents::new(40_000_000 + i64::from(number) * 1_000);
    SearchRequest {
        scenario: Scenario {
            day: Date::FIRST,
            purpose: Purpose::Purchase,
            place: PlaceFacts::NOWHERE,
            home_price: price,
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
        },
        purposes: vec![SearchPurpose {
            purpose: Purpose::Purchase,
            loan_amount: Cents::new(30_000_000),
            down_payment: None,
        }],
        zips: vec!["92649".to_owned()],
        wanted: PriceRequest {
            best_match: true,
            ..PriceRequest::default()
        },
        lender: None,
        officer: None,
    }
}

fn render(db: &Db, args: &WatchBenchArgs, lines: &[(u32, u64, u64, f64)]) -> String {
    let mut shown = table(
        &[
            "watches at a time",
            "watches",
            "mails",
            "seconds",
            "watches a second",
            "x one by one",
        ],
        0,
    );
    let pace = |(_, looked, _, seconds): &(u32, u64, u64, f64)| {
        f64::from(u32::try_from(*looked).unwrap_or(u32::MAX)) / seconds
    };
    let one = lines.last().map_or(1.0, pace).max(1e-9);
    for line in lines {
        let (batch, looked, mails, seconds) = line;
        shown.add_row([
            batch.to_string(),
            grouped(&looked.to_string()),
            grouped(&mails.to_string()),
            figure(*seconds),
            figure(pace(line)),
            figure(pace(line) / one),
        ]);
    }
    format!(
        "{} watches of {} products each, every one of another search, due at once on {}; priced, \
         judged, written as mail and committed\n{shown}\n",
        grouped(&args.watches.to_string()),
        NAMES.len(),
        db.kind().as_str(),
    )
}
