//! `lintel bench simulate`: whole simulations of home loans in Portugal on one core, beside Python on the same
//! loans in the same run.

mod face;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::Args;
use lintel_domain::simulation::{Borrower, Insurances, Property, Request};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_offer::{Book, Calculation, Indices, Offer, Variant, simulate};
use lintel_rule_book::RuleBook;
use serde::{Deserialize, Serialize};

use super::cpu::Clock;
use super::engine::rivals::{self, Python};
use super::goals::{self, Goal};
use super::random::Seeded;
use super::{figure, table};

/// Carried inside the program, so that it works from any folder.
const SCRIPT: &str = include_str!("../../../../bench/simulate.py");
const OFFER: &str = include_str!("../../../../data/demo_bank/offer.toml");
/// Loans handed to Python.
const SAMPLES: usize = 40;
/// Largest difference of a TAEG, percent, at which two answers agree.
const AGREE: f64 = 1e-7;

/// Options of `lintel bench simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateBenchArgs {
    /// Invented requests that are worked out in turn.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(50..=10_000))]
    pub requests: u32,
    /// Install the Python rival when it is missing. Without this flag it is measured only where python3 has
    /// it already.
    #[arg(long, conflicts_with = "no_rivals")]
    pub rivals: bool,
    /// Leave the Python rival out.
    #[arg(long)]
    pub no_rivals: bool,
    /// Folder of the rival's virtual environment.
    #[arg(long, value_name = "FOLDER", default_value = "target/bench-venv")]
    pub venv: PathBuf,
    /// Seconds of requests at 50 a second to the real server over loopback; 0 leaves the server out.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub seconds: u64,
    /// An empty PostgreSQL database that the server is measured on besides SQLite. Its rows stay: drop it
    /// afterwards.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

/// Measures and returns the tables.
///
/// # Errors
/// A sentence for the terminal.
pub fn run(args: &SimulateBenchArgs) -> Result<String, String> {
    let clock = Clock::new();
    let offer = Offer::parse(OFFER).map_err(|error| error.to_string())?;
    let rules = RuleBook::embedded().map_err(|error| error.to_string())?;
    let indices = indices()?;
    let book = Book {
        offer: &offer,
        rules: &rules,
        indices: &indices,
        today: day("2026-10-15")?,
    };
    let requests = requests(args.requests)?;
    let mut rows = Vec::new();
    for (name, kind, index_type) in [
        ("variable, Euribor 12M", 2, 5),
        ("mixed, five years fixed", 3, 75),
        ("fixed", 1, 140),
    ] {
        let of_kind: Vec<Request> = requests
            .iter()
            .map(|request| Request {
                rate_kind: Some(kind),
                index_type: Some(index_type),
                ..request.clone()
            })
            .collect();
        rows.push((name, measure(&clock, &book, &of_kind)?));
    }
    let own = rows.first().map_or(f64::NAN, |(_, seconds)| *seconds);
    let (kept, bytes) = stored(&clock, &book, &requests)?;
    let mut shown = table(&["simulation, both variants", "us", "a second and core"], 1);
    for (name, seconds) in &rows {
        shown.add_row([
            (*name).to_owned(),
            figure(seconds * 1e6),
            figure(1.0 / seconds),
        ]);
    }
    shown.add_row([
        "written as stored JSON".to_owned(),
        figure(kept * 1e6),
        figure(1.0 / kept),
    ]);
    let mut goals = vec![Goal::at_least(
        "whole simulations a second and core",
        2_000.0,
        Some(5_000.0),
        Some(1.0 / own),
    )];
    let mut text = format!(
        "{} invented requests, seeded; {}; TAEG, MTIC, illustrative TAEG, every month, charges, taxes and \
         limits with and without cross-selling\n{shown}\nA calculation is stored in {bytes} bytes.\n",
        args.requests,
        clock.kind().describe(),
    );
    let python = if args.no_rivals {
        Err("left out, as --no-rivals says".to_owned())
    } else {
        rivals::python(&args.venv, args.rivals)
    };
    match python {
        Ok(python) => text.push_str(&beside(&python, &book, &requests, own, &mut goals)?),
        Err(missing) => text.push_str(&format!("Python rival: {missing}\n")),
    }
    if args.seconds > 0 {
        text.push_str(&face::measure(args.seconds, args.database_url.as_deref())?);
    }
    text.push_str(&format!("\nGoals\n{}\n", goals::render(&goals)));
    Ok(text)
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse_iso(text).map_err(|error| error.to_string())
}

fn indices() -> Result<Indices, String> {
    let averages = crate::import::averages::for_demo(day("2026-10-15")?)?;
    let rows = averages
        .into_iter()
        .map(|row| (row.tenor, row.month, row.average));
    Ok(Indices::of(rows))
}

/// Own homes with one or two borrowers.
fn requests(count: u32) -> Result<Vec<Request>, String> {
    let mut random = Seeded::new(8);
    let mut requests = Vec::new();
    for _ in 0..count {
        let thousands = |from: u64, more: u64, random: &mut Seeded| {
            let euros = from.saturating_add(random.below(more));
            Cents::new(i64::try_from(euros).unwrap_or(0).saturating_mul(100_000))
        };
        let price = thousands(150, 350, &mut random);
        let amount = price.mul_ratio(70, 100, lintel_engine::money::Rounding::Down);
        let years = 20_u64.saturating_add(random.below(16));
        let people = 1_u64.saturating_add(random.below(2));
        let borrower = |place: u64, random: &mut Seeded| {
            let year = 1975_u64.saturating_add(random.below(25));
            Ok::<_, String>(Borrower {
                kind: Some(if place == 0 { 1 } else { 2 }),
                name: Some("Exemplo".to_owned()),
                birth_date: Some(day(&format!("{year}-06-15"))?),
                monthly_net_income: Some(thousands(2, 4, random)),
                ..Borrower::default()
            })
        };
        let borrowers = (0..people).map(|place| borrower(place, &mut random));
        let borrowers = borrowers.collect::<Result<_, String>>()?;
        let months = u32::try_from(years.min(25))
            .unwrap_or(25)
            .saturating_mul(12);
        requests.push(Request {
            product_purpose: Some(2),
            loan_purpose: Some(1),
            product_scheme: Some(1),
            amount,
            term_months: Some(months),
            cross_selling: Some(true),
            property: Some(Property {
                acquisition_amount: Some(price),
                district: Some(11),
                ..Property::default()
            }),
            borrowers,
            insurances: Insurances::default(),
            ..Request::default()
        });
    }
    Ok(requests)
}

fn worked(book: &Book<'_>, request: &Request) -> Result<Calculation, String> {
    simulate(book, request, Vec::new()).map_err(|found| format!("a finding: {found:?}"))
}

/// Seconds of one simulation.
fn measure(clock: &Clock, book: &Book<'_>, requests: &[Request]) -> Result<f64, String> {
    let mut turn = requests.iter().cycle();
    clock.of_one(|| worked(book, turn.next().ok_or("there is no request")?))
}

/// Seconds that writing a calculation as it is stored takes, and its bytes.
fn stored(clock: &Clock, book: &Book<'_>, requests: &[Request]) -> Result<(f64, usize), String> {
    let request = requests.first().ok_or("there is no request")?;
    let request = Request {
        rate_kind: Some(2),
        index_type: Some(5),
        ..request.clone()
    };
    let done = worked(book, &request)?;
    let write = || serde_json::to_string(&done).map_err(|error| error.to_string());
    let bytes = write()?.len();
    Ok((clock.of_one(write)?, bytes))
}

/// What Python is given of a variant: everything but the schedule and the rate it has to find.
#[derive(Serialize)]
struct Sample {
    amount: f64,
    term: u32,
    tan: f64,
    reset: u32,
    highest: f64,
    upfront: f64,
    other: Vec<f64>,
    taeg: f64,
    mtic: f64,
}

/// What Python answers.
#[derive(Deserialize)]
struct Answer {
    name: String,
    /// Nanoseconds of a whole simulation: both variants.
    ns: f64,
    /// Largest difference of a TAEG, percent.
    taeg: f64,
    /// Largest difference of an MTIC, euro.
    mtic: f64,
}

fn euros(amount: Cents) -> f64 {
    // A bench's loans are far below 2^53 cents.
    i32::try_from(amount.get()).map_or(f64::NAN, f64::from) / 100.0
}

fn percent(rate: Pct) -> f64 {
    rate.to_fixed(9).parse().unwrap_or(f64::NAN)
}

fn sample(done: &Calculation, variant: &Variant) -> Sample {
    let tan = percent(variant.tan);
    Sample {
        amount: euros(done.loan.amount),
        term: done.loan.term_months,
        tan,
        reset: done.index.as_ref().map_or(0, |index| index.reset_months),
        highest: variant.illustrative.map_or(tan, |found| percent(found.tan)),
        upfront: euros(variant.upfront),
        other: variant
            .months
            .iter()
            .map(|month| euros(month.other_costs))
            .collect(),
        taeg: percent(variant.taeg),
        mtic: euros(variant.totals.mtic),
    }
}

fn beside(
    python: &Python,
    book: &Book<'_>,
    requests: &[Request],
    own: f64,
    goals: &mut Vec<Goal>,
) -> Result<String, String> {
    let mut samples = Vec::new();
    for request in requests.iter().take(SAMPLES) {
        let request = Request {
            rate_kind: Some(2),
            index_type: Some(5),
            ..request.clone()
        };
        let done = worked(book, &request)?;
        let with = done
            .with_cross_selling
            .as_ref()
            .ok_or("there is one variant")?;
        samples.push([
            sample(&done, &done.without_cross_selling),
            sample(&done, with),
        ]);
    }
    let given = serde_json::to_vec(&samples).map_err(|error| error.to_string())?;
    let failed = |error: std::io::Error| format!("{}: {error}", python.interpreter().display());
    let mut child = Command::new(python.interpreter())
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut stdin = child.stdin.take().ok_or("python3 takes nothing")?;
    stdin.write_all(&given).map_err(failed)?;
    drop(stdin);
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(format!("simulate.py ended with {}", output.status));
    }
    let answers: Vec<Answer> = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("simulate.py wrote something unexpected: {error}"))?;
    let header = [
        "beside Python",
        "us",
        "x Lintel",
        "worst TAEG, points",
        "worst MTIC, euro",
    ];
    let mut shown = table(&header, 1);
    for answer in &answers {
        let ratio = answer.ns / (own * 1e9);
        shown.add_row([
            answer.name.clone(),
            figure(answer.ns / 1e3),
            figure(ratio),
            format!("{:.0e}", answer.taeg),
            figure(answer.mtic),
        ]);
        if answer.taeg > AGREE || answer.mtic > 0.005 {
            return Err(format!("{} does not agree:\n{shown}", answer.name));
        }
        let what = format!("against {}", answer.name);
        goals.push(Goal::at_least(&what, 5.0, Some(20.0), Some(ratio)));
    }
    Ok(format!(
        "\nPython is given the other costs of every month, and works out schedules and rates only.\n{shown}\n"
    ))
}
