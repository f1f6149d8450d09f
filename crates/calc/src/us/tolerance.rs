//! Kind `us_tolerances`.

use lintel_engine::Cents;
use lintel_engine::us::tolerance::{Rescission, Tolerances, Verdict, apr_accurate};
use serde_json::{Value, json};

use super::edition;
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const US_TOLERANCES: KindDoc = KindDoc {
    name: "us_tolerances",
    summary: "Whether a disclosed rate and a disclosed finance charge count as accurate.",
    inputs: &[
        (
            "disclosed_apr_percent, actual_apr_percent",
            "both or neither",
        ),
        (
            "irregular",
            "true with multiple advances, or irregular periods or payments other than an odd first period and an \
             odd first or last payment; false when left out",
        ),
        (
            "disclosed_finance_charge, actual_finance_charge",
            "both or neither; of loans secured by real property or a dwelling only",
        ),
        (
            "apr_follows_from_finance_charge",
            "true when the disclosed rate is the one the disclosed charge gives; false when left out",
        ),
        (
            "loan_amount",
            "face amount of the note, for the rescission tests; not judged when left out",
        ),
        (
            "no_new_advance_refinance",
            "true for the refinances without a new advance that have the wider limit; false when left out",
        ),
        (
            "date",
            "day of the tolerances, or year; the newest when left out",
        ),
    ],
    results: &[
        (
            "apr",
            "{accurate, within_tolerance, limit_points}: accurate also by the finance charge; null without rates",
        ),
        (
            "finance_charge",
            "{accurate, limit}: understated by no more than the limit, or overstated; null without charges",
        ),
        (
            "rescission",
            "as finance_charge, with the limit for rescission; null without charges and loan_amount",
        ),
        (
            "rescission_in_foreclosure",
            "as rescission, once foreclosure has begun",
        ),
    ],
    formula: "apr: |disclosed - actual| <= limit, or it follows from an accurate finance charge; charges: \
              actual - disclosed <= limit",
    source: "12 CFR 1026.22(a), 1026.18(d)(1), 1026.23(g) and (h), 15 USC 1606(c); recalled, not confirmed, but for \
             the 1/8 point of the statute",
    calculate: us_tolerances,
};

fn us_tolerances(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let table = &edition(inputs, &inputs.rules().us.tolerances)?.rows;
    let rates = pair(inputs, RATES, |name| inputs.pct(name))?;
    let charges = pair(inputs, CHARGES, |name| charge(inputs, name))?;
    let face = inputs.has("loan_amount");
    let face = face.then(|| inputs.positive_money("loan_amount"));
    let face = face.transpose()?;
    if rates.is_none() && charges.is_none() {
        return Err(inputs.fault(RATES.0, "is required, or disclosed_finance_charge"));
    }
    let irregular = inputs.flag("irregular")?;
    let follows = inputs.flag("apr_follows_from_finance_charge")?;
    if follows && charges.is_none() {
        return Err(inputs.fault(CHARGES.0, "is required when the rate follows from it"));
    }
    let charge = charges
        .map(|(disclosed, actual)| table.charge(disclosed, actual))
        .transpose()?;
    let apr = rates
        .map(|(disclosed, actual)| table.apr(disclosed, actual, irregular))
        .transpose()
        .map_err(|error| inputs.fault(RATES.0, error.problem.to_string()))?;
    let (usual, foreclosure) = match charges.zip(face) {
        Some((charges, face)) => rescission(inputs, table, charges, face)?,
        None => (None, None),
    };
    Ok(json!({
        "apr": apr.map(|apr| json!({
            "accurate": apr_accurate(&apr, charge.as_ref(), follows),
            "within_tolerance": apr.accurate,
            "limit_points": apr.limit.to_string(),
        })),
        "finance_charge": charge.map(shown),
        "rescission": usual.map(shown),
        "rescission_in_foreclosure": foreclosure.map(shown),
    }))
}

const RATES: (&str, &str) = ("disclosed_apr_percent", "actual_apr_percent");
const CHARGES: (&str, &str) = ("disclosed_finance_charge", "actual_finance_charge");

/// What is disclosed and what is so; none when neither is given.
fn pair<T>(
    inputs: &Fields<'_>,
    names: (&str, &str),
    read: impl Fn(&str) -> Result<T, Failure>,
) -> Result<Option<(T, T)>, Failure> {
    if !inputs.has(names.0) && !inputs.has(names.1) {
        return Ok(None);
    }
    Ok(Some((read(names.0)?, read(names.1)?)))
}

fn charge(inputs: &Fields<'_>, name: &str) -> Result<Cents, Failure> {
    let amount = inputs.money(name)?;
    if amount.is_negative() {
        return Err(inputs.fault(name, "must be 0 or more"));
    }
    Ok(amount)
}

type Judged = Option<Verdict<Cents>>;

/// The verdicts for rescission before and in foreclosure.
fn rescission(
    inputs: &Fields<'_>,
    table: &Tolerances,
    (disclosed, actual): (Cents, Cents),
    face: Cents,
) -> Result<(Judged, Judged), Failure> {
    let usual = if inputs.flag("no_new_advance_refinance")? {
        Rescission::NoNewAdvance
    } else {
        Rescission::Usual
    };
    let judged = |test| table.rescission(disclosed, actual, face, test);
    Ok((Some(judged(usual)?), Some(judged(Rescission::Foreclosure)?)))
}

fn shown(verdict: Verdict<Cents>) -> Value {
    json!({ "accurate": verdict.accurate, "limit": verdict.limit.to_string() })
}
