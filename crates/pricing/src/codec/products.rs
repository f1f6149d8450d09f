//! Products as TOML.

use lintel_domain::id::PublicId;
use lintel_domain::loan::Program;
use lintel_domain::product::{ArmFeatures, ArmIndex, ProductTerms, RateKind};
use lintel_engine::rate::Pct;

use crate::catalogue::Product;
use crate::catalogue::sheet::{MAX_LOCK_DAYS, MAX_PRICE};

use super::conditions::{MAX_TERM_MONTHS, read_days, read_term, write_days};
use super::finding::echo;
use super::number::Unit;
use super::out::Out;
use super::row::Row;
use super::word::Word;

/// The list's name.
pub(super) const LIST: &str = "product";
/// Most lock periods a product has.
const MAX_LOCKS: usize = 30;

/// Most families a product is of.
const MAX_FAMILIES: usize = 20;
/// Longest code, in characters.
const MAX_CODE: usize = 100;

/// What the fields mean, for the head of the file.
pub(super) const HEAD: &str = "\
Products. code names a product in sheets, rules and calls. Terms: program, term_years or term_months;
amortization_years or _months when payments run longer than the term; interest_only_years or _months;
lender_paid_mi. families are free words that rules select by. lock_days: the locks offered, all of its
sheet's when left out. channels: who may sell it, all when left out. min_price and max_price: a row whose
final price is below is not offered, one above is cut. watchable = false: borrowers cannot watch its rate.
from and to: first and last day. [product.arm] makes it adjustable: index, margin, first_adjustment_years
or _months, first_cap, adjustment_months, periodic_cap, lifetime_cap.";

/// Reads a product.
pub(super) fn read(row: &Row<'_>) -> Product {
    let program = row.word::<Program>("program");
    row.must("program", row.has("program"));
    let term = read_term(row, ("term_months", "term_years"), 1);
    if !row.has("term_months") && !row.has("term_years") {
        row.fault("", "term_years or term_months is missing");
    }
    let term = term.unwrap_or(1);
    let amortization = read_term(row, ("amortization_months", "amortization_years"), 1);
    let amortization = amortization.unwrap_or(term);
    if amortization < term {
        row.fault(
            "",
            format!("amortises over {amortization} months, but the term is {term}"),
        );
    }
    let interest_only = read_term(row, ("interest_only_months", "interest_only_years"), 0);
    let interest_only = interest_only.unwrap_or(0);
    if interest_only > 0 && interest_only >= term {
        row.fault(
            "",
            format!("{interest_only} interest-only months in a term of {term}"),
        );
    }
    let terms = ProductTerms {
        program: program.unwrap_or(Program::Other),
        term_months: term,
        amortization_months: amortization,
        interest_only_months: interest_only,
        lender_paid_mi: row.truth("lender_paid_mi").unwrap_or(false),
        rate_kind: read_arm(row, term).map_or(RateKind::Fixed, RateKind::Adjustable),
    };
    let price = Unit::Pct(Pct::new(1), MAX_PRICE);
    let (min_price, max_price) = (row.pct("min_price", price), row.pct("max_price", price));
    if let (Some(min), Some(max)) = (min_price, max_price)
        && min > max
    {
        row.fault("max_price", format!("{max} is below min_price, {min}"));
    }
    Product {
        code: read_code(row, "code"),
        public_id: read_public_id(row),
        name: row.text("name"),
        terms,
        families: read_families(row),
        lock_days: read_locks(row),
        channels: row.texts("channels"),
        min_price,
        max_price,
        is_watchable: row.truth("watchable").unwrap_or(true),
        days: read_days(row),
    }
}

/// A product's code: it stands in CSV cells and lists, so it has no separators.
pub(super) fn read_code(row: &Row<'_>, key: &'static str) -> String {
    let code = row.text(key);
    if code.chars().nth(MAX_CODE).is_some() {
        let what = format!("must be at most {MAX_CODE} characters long");
        row.fault(key, what);
    }
    if code.contains([',', ';', '"']) {
        row.fault(
            key,
            format!("{} must not contain , ; or quotes", echo(&code)),
        );
    }
    code
}

fn read_public_id(row: &Row<'_>) -> Option<PublicId> {
    let text = row.maybe_text("public_id")?;
    let id = PublicId::parse(&text);
    if id.is_none() {
        let what = "is not a public id: eight capital letters and digits";
        row.fault("public_id", format!("{} {what}", echo(&text)));
    }
    id
}

fn read_families(row: &Row<'_>) -> Vec<String> {
    let families = row.texts("families");
    if families.len() > MAX_FAMILIES {
        let what = format!("must have at most {MAX_FAMILIES} entries");
        row.fault("families", what);
    }
    families
}

fn read_locks(row: &Row<'_>) -> Vec<u32> {
    let texts = row.texts("lock_days");
    let unit = Unit::Count(1, MAX_LOCK_DAYS);
    let days = texts.iter().filter_map(|text| match unit.read(text) {
        Ok(days) => u32::try_from(days).ok(),
        Err(what) => {
            row.fault("lock_days", what);
            None
        }
    });
    let days: Vec<u32> = days.collect();
    if days.len() > MAX_LOCKS {
        row.fault(
            "lock_days",
            format!("must have at most {MAX_LOCKS} entries"),
        );
    }
    if days.windows(2).any(|pair| pair[0] >= pair[1]) {
        row.fault("lock_days", "must rise");
    }
    days
}

fn read_arm(row: &Row<'_>, term: u32) -> Option<ArmFeatures> {
    let arm = row.table("arm")?;
    let index = arm.word::<ArmIndex>("index");
    let margin = arm.pct("margin", Unit::signed_percent(25));
    let cap = Unit::percent(25);
    let first_cap = arm.pct("first_cap", cap);
    let periodic_cap = arm.pct("periodic_cap", cap);
    let lifetime_cap = arm.pct("lifetime_cap", cap);
    for key in [
        "index",
        "margin",
        "first_cap",
        "periodic_cap",
        "lifetime_cap",
    ] {
        arm.must(key, arm.has(key));
    }
    let keys = ("first_adjustment_months", "first_adjustment_years");
    let first = read_term(&arm, keys, 1);
    if !arm.has(keys.0) && !arm.has(keys.1) {
        arm.fault(
            "",
            "first_adjustment_years or first_adjustment_months is missing",
        );
    }
    if first.is_some_and(|first| first >= term) {
        arm.fault(
            "",
            format!("its rate first changes after the term of {term} months"),
        );
    }
    arm.must("adjustment_months", arm.has("adjustment_months"));
    let every = arm.count("adjustment_months", 1, MAX_TERM_MONTHS);
    arm.finish();
    Some(ArmFeatures {
        index: index?,
        margin: margin?,
        first_adjustment_months: first?,
        first_cap: first_cap?,
        adjustment_months: every?,
        periodic_cap: periodic_cap?,
        lifetime_cap: lifetime_cap?,
    })
}

/// Writes a product.
pub(super) fn write(out: &mut Out, product: &Product) {
    out.row(LIST);
    out.text("code", &product.code);
    out.maybe_text(
        "public_id",
        product.public_id.as_ref().map(PublicId::as_str),
    );
    out.text("name", &product.name);
    let terms = &product.terms;
    out.text("program", terms.program.spelling());
    write_term(out, "term", terms.term_months);
    if terms.amortization_months != terms.term_months {
        write_term(out, "amortization", terms.amortization_months);
    }
    if terms.interest_only_months > 0 {
        write_term(out, "interest_only", terms.interest_only_months);
    }
    out.maybe("lender_paid_mi", terms.lender_paid_mi.then_some(true));
    out.texts("families", &product.families);
    let locks: Vec<String> = product.lock_days.iter().map(ToString::to_string).collect();
    out.maybe(
        "lock_days",
        (!locks.is_empty()).then(|| format!("[{}]", locks.join(", "))),
    );
    out.texts("channels", &product.channels);
    out.maybe("min_price", product.min_price);
    out.maybe("max_price", product.max_price);
    out.maybe("watchable", (!product.is_watchable).then_some(false));
    write_days(out, &product.days);
    if let RateKind::Adjustable(arm) = &terms.rate_kind {
        out.table("product.arm");
        out.text("index", arm.index.spelling());
        out.maybe("margin", Some(arm.margin));
        write_term(out, "first_adjustment", arm.first_adjustment_months);
        out.maybe("first_cap", Some(arm.first_cap));
        out.maybe("adjustment_months", Some(arm.adjustment_months));
        out.maybe("periodic_cap", Some(arm.periodic_cap));
        out.maybe("lifetime_cap", Some(arm.lifetime_cap));
    }
}

/// A term in years when it is whole years.
fn write_term(out: &mut Out, key: &str, months: u32) {
    if months > 0 && months.is_multiple_of(12) {
        out.maybe(&format!("{key}_years"), Some(months / 12));
    } else {
        out.maybe(&format!("{key}_months"), Some(months));
    }
}
