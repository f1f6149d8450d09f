//! Kinds `pt_max_maturity`, `pt_dsti_rate_shock` and `pt_assessment`.

use lintel_engine::pt::macroprudential::{
    Application, Assessment, Borrower, LtvPurpose, Measure, StressedRate, assess,
};
use lintel_engine::schedule::MAX_TERM_MONTHS;
use serde_json::{Value, json};

use super::{on_date, points, refused, word_or};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

/// Where every limit is written.
const SOURCE: &str = "Banco de Portugal, macroprudential Recommendation of 2018, amended 2022, Instrução 23/2023 \
                      (comply or explain); table pt/macroprudential.toml. The reduction of income above 70 and \
                      the exceptions by volume were recalled, not confirmed";

pub(crate) const PT_MAX_MATURITY: KindDoc = KindDoc {
    name: "pt_max_maturity",
    summary: "Longest maturity of a home loan for the oldest borrower's age.",
    inputs: &[
        ("oldest_borrower_age", "completed years, 18 to 120"),
        ("date", "day of the contract, 2018-07-01 or later"),
    ],
    results: &[("max_years", "whole years")],
    formula: "the band of the age in the edition of the date",
    source: SOURCE,
    calculate: pt_max_maturity,
};

pub(crate) const PT_DSTI_RATE_SHOCK: KindDoc = KindDoc {
    name: "pt_dsti_rate_shock",
    summary: "Percentage points by which a variable rate is raised before debt service is measured.",
    inputs: &[
        ("term_months", "months to maturity"),
        ("date", "day of the contract, 2018-07-01 or later"),
    ],
    results: &[("shock_points", "percentage points")],
    formula: "the band of the term in the edition of the date",
    source: SOURCE,
    calculate: pt_dsti_rate_shock,
};

pub(crate) const PT_ASSESSMENT: KindDoc = KindDoc {
    name: "pt_assessment",
    summary: "Loan to value, debt service to income under the rate shock, and maturity against the limits.",
    inputs: &[
        ("date", "day of the contract"),
        (
            "purpose",
            "\"own_permanent_home\" (when left out), \"other\", \"held_by_lender\"",
        ),
        ("amount", "amount of credit"),
        ("price", "price of the property"),
        ("valuation", "valuation; the price when left out"),
        ("term_months", "months to maturity"),
        (
            "rate_type",
            "\"variable\" (when left out), \"fixed\", \"mixed\"",
        ),
        (
            "tan_percent",
            "rate at the contract; of the fixed period when mixed",
        ),
        ("fixed_months", "months of the fixed period, when mixed"),
        (
            "variable_tan_percent",
            "index plus spread today, when mixed",
        ),
        ("borrowers[]", "everybody who will owe the loan:"),
        ("  birth_date", "day of birth"),
        ("  monthly_net_income", "net income a month"),
        (
            "  other_instalments",
            "instalments of other credit a month; 0 when left out",
        ),
        ("  retired", "true when retired already"),
    ],
    results: &[
        ("within", "true when every limit is kept"),
        (
            "limits[]",
            "limit, value, limit_value, unit, within, source",
        ),
        ("shock_points", "added to a variable rate"),
        ("stressed_instalment", "highest instalment under the shock"),
        ("counted_income", "after the reductions for age"),
        ("oldest_borrower_age", "completed years"),
    ],
    formula: "LTV = amount / lower of price and valuation; DSTI = (stressed instalment + other instalments) / income",
    source: SOURCE,
    calculate: pt_assessment,
};

fn pt_max_maturity(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let age = inputs.whole("oldest_borrower_age", 18, 120)?;
    let limits = on_date(inputs, &inputs.rules().pt.macroprudential)?;
    Ok(json!({ "max_years": limits.max_maturity_years(age)? }))
}

fn pt_dsti_rate_shock(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let limits = on_date(inputs, &inputs.rules().pt.macroprudential)?;
    Ok(json!({ "shock_points": points(limits.rate_shock(months)?) }))
}

fn pt_assessment(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let limits = on_date(inputs, &inputs.rules().pt.macroprudential)?;
    let price = inputs.positive_money("price")?;
    let application = Application {
        date: inputs.date("date")?,
        purpose: word_or(
            inputs,
            "purpose",
            LtvPurpose::OwnPermanentHome,
            LtvPurpose::parse,
        )?,
        loan: inputs.positive_money("amount")?,
        price,
        valuation: if inputs.has("valuation") {
            inputs.positive_money("valuation")?
        } else {
            price
        },
        term_months: inputs.whole("term_months", 1, MAX_TERM_MONTHS)?,
        rate: rate(inputs)?,
        borrowers: borrowers(inputs)?,
    };
    let names = [
        ("loan", "amount"),
        ("principal", "amount"),
        ("rate", "tan_percent"),
        ("birth_date", "borrowers"),
        ("monthly_net_income", "borrowers"),
        ("other_instalments", "borrowers"),
        ("oldest_borrower_age", "borrowers"),
    ];
    let found = assess(limits, &application).map_err(|error| refused(inputs, error, &names))?;
    Ok(answer(&found))
}

fn rate(inputs: &Fields<'_>) -> Result<StressedRate, Failure> {
    let tan = inputs.pct("tan_percent")?;
    let kind = if inputs.has("rate_type") {
        inputs.text("rate_type")?
    } else {
        "variable"
    };
    match kind {
        "variable" => Ok(StressedRate::Variable { tan }),
        "fixed" => Ok(StressedRate::Fixed { tan }),
        "mixed" => Ok(StressedRate::Mixed {
            fixed_tan: tan,
            fixed_months: inputs.whole("fixed_months", 1, MAX_TERM_MONTHS)?,
            variable_tan: inputs.pct("variable_tan_percent")?,
        }),
        _ => Err(inputs.fault("rate_type", "must be variable, fixed or mixed")),
    }
}

fn borrowers(inputs: &Fields<'_>) -> Result<Vec<Borrower>, Failure> {
    let read = |fields: &Fields<'_>| {
        Ok(Borrower {
            birth_date: fields.date("birth_date")?,
            monthly_net_income: fields.money_or_zero("monthly_net_income")?,
            other_instalments: fields.money_or_zero("other_instalments")?,
            retired: fields.flag("retired")?,
        })
    };
    inputs.objects("borrowers")?.iter().map(read).collect()
}

fn answer(found: &Assessment) -> Value {
    let measure = |measure: Measure| match measure {
        Measure::Percent(percent) => (percent.to_fixed(9), "percent"),
        Measure::Months(months) => (months.to_string(), "months"),
    };
    let limits = found.checks.iter().map(|check| {
        let (value, unit) = measure(check.value);
        json!({
            "limit": check.kind.name(),
            "value": value,
            "limit_value": measure(check.limit).0,
            "unit": unit,
            "within": check.within,
            "source": check.kind.source(),
        })
    });
    json!({
        "within": found.within(),
        "limits": limits.collect::<Vec<_>>(),
        "shock_points": points(found.shock),
        "stressed_instalment": found.stressed_instalment.to_string(),
        "other_instalments": found.other_instalments.to_string(),
        "counted_income": found.counted_income.to_string(),
        "oldest_borrower_age": found.oldest_age,
    })
}
