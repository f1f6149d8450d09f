//! Kinds `us_hpml`, `us_qm_price_threshold`, `us_qm_points_fees_cap`,
//! `us_hoepa_points_fees_trigger` and `us_price_tests`.

use lintel_engine::us::apor::comparable_years;
use lintel_engine::us::price_tests::{
    Limit, LimitRow, PricedLoan, QmStatus, SpreadKey, high_cost, higher_priced, limit_in_force,
    qualified, spread_in_force,
};
use lintel_engine::{Cents, Pct};
use serde_json::{Value, json};

use super::{edition, in_force, lien, needed_day};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const US_HPML: KindDoc = KindDoc {
    name: "us_hpml",
    summary: "Whether a loan is a higher-priced mortgage loan.",
    inputs: &[
        ("apr_percent", "annual percentage rate"),
        (
            "apor_percent",
            "average prime offer rate of a comparable transaction on the rate-set date",
        ),
        (
            "rate_set_date, term_months",
            "instead of apor_percent, when a table of prime offer rates is loaded; an adjustable loan adds \
             initial_period_months",
        ),
        ("lien", "1 first, 2 subordinate"),
        (
            "above_conforming_limit",
            "true when the principal is above the limit in effect on the day the rate was set; false when left \
             out",
        ),
        ("date", "day of the spreads; the newest when left out"),
    ],
    results: &[
        ("hpml", "true or false"),
        ("spread_points", "apr less apor"),
        ("threshold_points", "where the test turns"),
    ],
    formula: "apr - apor >= threshold, compared exactly",
    source: "12 CFR 1026.35(a)(1)",
    calculate: us_hpml,
};

pub(crate) const US_QM_PRICE_THRESHOLD: KindDoc = KindDoc {
    name: "us_qm_price_threshold",
    summary: "Points over the average prime offer rate a general qualified mortgage must stay below.",
    inputs: &[
        ("loan_amount", "principal"),
        ("lien", "1 first, 2 subordinate"),
        ("year", "year of consummation; or date"),
        (
            "manufactured_home",
            "true when secured by one; false when left out",
        ),
    ],
    results: &[("threshold_points", "qualified while apr - apor is below it")],
    formula: "table by loan amount; bands include their lower edge",
    source: "12 CFR 1026.43(e)(2)(vi); 90 FR 57890 (2026)",
    calculate: us_qm_price_threshold,
};

pub(crate) const US_QM_POINTS_FEES_CAP: KindDoc = KindDoc {
    name: "us_qm_points_fees_cap",
    summary: "Most points and fees of a qualified mortgage.",
    inputs: &[
        ("total_loan_amount", "1026.32(b)(4)"),
        ("year", "year of consummation; or date"),
    ],
    results: &[(
        "cap",
        "half-up cents; a test compares with the exact percentage",
    )],
    formula: "table by total loan amount; bands include their lower edge",
    source: "12 CFR 1026.43(e)(3); 90 FR 57890 (2026)",
    calculate: us_qm_points_fees_cap,
};

pub(crate) const US_HOEPA_POINTS_FEES_TRIGGER: KindDoc = KindDoc {
    name: "us_hoepa_points_fees_trigger",
    summary: "Points and fees above which a loan is a high-cost mortgage.",
    inputs: &[
        ("total_loan_amount", "1026.32(b)(4)"),
        ("year", "year of consummation; or date"),
    ],
    results: &[(
        "trigger",
        "half-up cents; high-cost when points and fees are more",
    )],
    formula: "5 %; for small loans the lesser of 8 % and an amount",
    source: "12 CFR 1026.32(a)(1)(ii); 90 FR 57890 (2026)",
    calculate: us_hoepa_points_fees_trigger,
};

pub(crate) const US_PRICE_TESTS: KindDoc = KindDoc {
    name: "us_price_tests",
    summary: "Higher-priced, high-cost and qualified-mortgage verdicts of one loan.",
    inputs: &[
        (
            "apr_percent, apor_percent",
            "annual percentage rate; average prime offer rate",
        ),
        ("lien", "1 first, 2 subordinate"),
        ("loan_amount", "principal"),
        ("year", "year of consummation; or date"),
        (
            "above_conforming_limit",
            "false when left out, as the next two",
        ),
        ("manufactured_home", "secured by a manufactured home"),
        (
            "personal_property",
            "secured by a dwelling that is no real estate",
        ),
        (
            "points_and_fees",
            "left out, its tests are not judged; with",
        ),
        (
            "total_loan_amount",
            "what they are held against; loan_amount when left out",
        ),
        (
            "qm_apr_percent",
            "short-reset loans: apr at the highest rate of the first five years",
        ),
        (
            "penalty_months, penalty_percent",
            "last month of a prepayment penalty and its part of what is prepaid",
        ),
    ],
    results: &[
        ("hpml, hpml_threshold_points", "higher-priced mortgage loan"),
        (
            "high_cost",
            "true, false, or null while something is not known",
        ),
        (
            "hoepa_threshold_points, hoepa_points_fees_trigger",
            "where it turns",
        ),
        (
            "qm_status",
            "\"not_qualified\", \"safe_harbour\", \"rebuttable_presumption\" or null",
        ),
        ("qm_threshold_points, qm_points_fees_cap", "where it turns"),
    ],
    formula: "hpml: spread >= threshold; high-cost: spread > or fees > trigger or penalty beyond; \
              qualified: spread < and fees <= cap",
    source: "12 CFR 1026.35(a)(1), 1026.32(a)(1), 1026.43(b)(4) (recalled), (e)(1), (e)(2)(vi), (e)(3); 90 FR 57890",
    calculate: us_price_tests,
};

fn us_hpml(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let spreads = &edition(inputs, &inputs.rules().us.price_spreads)?.rows;
    let loan = PricedLoan {
        loan_amount: Cents::new(1),
        ..priced(inputs)?
    };
    let spread = spread(inputs, &loan)?;
    let (hpml, threshold) = higher_priced(&spreads.hpml, &loan)?
        .ok_or_else(|| inputs.fault("lien", "has no spread in the table"))?;
    Ok(json!({
        "hpml": hpml,
        "spread_points": spread.to_string(),
        "threshold_points": threshold.to_string(),
    }))
}

fn spread(inputs: &Fields<'_>, loan: &PricedLoan) -> Result<Pct, Failure> {
    loan.apr
        .checked_sub(loan.apor)
        .ok_or_else(|| inputs.fault("apr_percent", "is too large"))
}

/// The average prime offer rate: stated, or of the rate-set date from a loaded table.
fn apor(inputs: &Fields<'_>) -> Result<Pct, Failure> {
    if !inputs.has("rate_set_date") {
        return inputs.pct("apor_percent");
    }
    if inputs.has("apor_percent") {
        return Err(inputs.fault("rate_set_date", "goes without apor_percent"));
    }
    let day = inputs.date("rate_set_date")?;
    let us = &inputs.rules().us;
    let (table, months, name) = if inputs.has("initial_period_months") {
        (&us.apor_adjustable, "initial_period_months", "adjustable")
    } else {
        (&us.apor_fixed, "term_months", "fixed")
    };
    let years = comparable_years(inputs.whole(months, 0, 1200)?)
        .map_err(|error| inputs.fault(months, error.problem.to_string()))?;
    let refused = |message: String| inputs.fault("rate_set_date", message);
    let table = table
        .as_ref()
        .ok_or_else(|| refused(format!("no table of {name} prime offer rates is loaded")))?;
    let edition = table
        .on(day)
        .map_err(|missing| refused(missing.to_string()))?;
    edition.rows.rate(day, years).map_err(|error| {
        let field = if error.field == "years" {
            months
        } else {
            "rate_set_date"
        };
        inputs.fault(field, error.problem.to_string())
    })
}

/// What every test looks at, without amounts.
fn priced(inputs: &Fields<'_>) -> Result<PricedLoan, Failure> {
    Ok(PricedLoan {
        apr: inputs.pct("apr_percent")?,
        apor: apor(inputs)?,
        lien: lien(inputs)?,
        loan_amount: Cents::ZERO,
        above_conforming_limit: inputs.flag("above_conforming_limit")?,
        manufactured_home: inputs.flag("manufactured_home")?,
        personal_property: inputs.flag("personal_property")?,
        points_and_fees: None,
        qm_apr: None,
        prepayment_penalty: None,
    })
}

fn us_qm_price_threshold(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let day = needed_day(inputs)?;
    let key = SpreadKey {
        lien: lien(inputs)?,
        above_conforming_limit: false,
        manufactured_home: inputs.flag("manufactured_home")?,
        loan_amount: inputs.positive_money("loan_amount")?,
    };
    let amounts = &in_force(inputs, inputs.rules().us.price_amounts.on(day))?.rows;
    let points = spread_in_force(&amounts.qm_price, &key)
        .ok_or_else(|| inputs.fault("loan_amount", "has no band in the table"))?;
    Ok(json!({ "threshold_points": points.to_string() }))
}

fn us_qm_points_fees_cap(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let day = needed_day(inputs)?;
    let amounts = &in_force(inputs, inputs.rules().us.price_amounts.on(day))?.rows;
    let cap = limit_in_money(inputs, &amounts.qm_points)?;
    Ok(json!({ "cap": cap.to_string() }))
}

fn us_hoepa_points_fees_trigger(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let day = needed_day(inputs)?;
    let amounts = &in_force(inputs, inputs.rules().us.price_amounts.on(day))?.rows;
    let trigger = limit_in_money(inputs, &amounts.hoepa_points)?;
    Ok(json!({ "trigger": trigger.to_string() }))
}

fn limit_in_money(inputs: &Fields<'_>, rows: &[LimitRow]) -> Result<Cents, Failure> {
    let total = inputs.positive_money("total_loan_amount")?;
    let limit: Limit = limit_in_force(rows, total)
        .ok_or_else(|| inputs.fault("total_loan_amount", "has no band in the table"))?;
    limit
        .in_money(total)
        .ok_or_else(|| inputs.fault("total_loan_amount", "is too large"))
}

fn us_price_tests(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let day = needed_day(inputs)?;
    let loan_amount = inputs.positive_money("loan_amount")?;
    let total = if inputs.has("total_loan_amount") {
        inputs.positive_money("total_loan_amount")?
    } else {
        loan_amount
    };
    let points = inputs
        .has("points_and_fees")
        .then(|| inputs.money_or_zero("points_and_fees"))
        .transpose()?;
    let penalty = match inputs.has("penalty_months") || inputs.has("penalty_percent") {
        true => Some((
            inputs.whole("penalty_months", 0, 1200)?,
            inputs.pct("penalty_percent")?,
        )),
        false => None,
    };
    let loan = PricedLoan {
        loan_amount,
        points_and_fees: points.map(|points| (points, total)),
        qm_apr: inputs.optional_pct("qm_apr_percent")?,
        prepayment_penalty: penalty,
        ..priced(inputs)?
    };
    let tables = in_force(inputs, inputs.rules().us.price_tables(day))?;
    let hpml = higher_priced(&tables.hpml, &loan)?;
    let costly = high_cost(&tables, &loan)?;
    let qm = qualified(&tables, &loan)?;
    let points = |part: Option<(bool, Pct)>| part.map(|(_, points)| points.to_string());
    let money = |part: Option<(bool, Cents)>| part.map(|(_, money)| money.to_string());
    Ok(json!({
        "spread_points": spread(inputs, &loan)?.to_string(),
        "hpml": hpml.map(|(dear, _)| dear),
        "hpml_threshold_points": points(hpml),
        "high_cost": costly.verdict(),
        "hoepa_threshold_points": points(costly.by_rate),
        "hoepa_points_fees_trigger": money(costly.by_points),
        "qm_status": qm.status().map(status_name),
        "qm_threshold_points": points(qm.by_price),
        "qm_points_fees_cap": money(qm.by_points),
    }))
}

const fn status_name(status: QmStatus) -> &'static str {
    match status {
        QmStatus::NotQualified => "not_qualified",
        QmStatus::SafeHarbour => "safe_harbour",
        QmStatus::RebuttablePresumption => "rebuttable_presumption",
    }
}
