//! Kind `us_annual_premiums`.

use lintel_engine::schedule::{MAX_TERM_MONTHS, Plan};
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, mi_premiums};
use lintel_engine::us::programs::fha::annual_mip;
use lintel_engine::{Cents, Pct};
use serde_json::{Value, json};

use super::edition;
use super::programs::{fha_case, ltv};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const US_ANNUAL_PREMIUMS: KindDoc = KindDoc {
    name: "us_annual_premiums",
    summary: "Monthly FHA premium or USDA annual fee of each year of a loan.",
    inputs: &[
        ("program", "\"fha\" or \"usda\""),
        (
            "base_loan",
            "FHA: the loan without a financed premium; USDA: the loan with its fee",
        ),
        ("rate_percent", "yearly note rate"),
        ("term_months", "months to maturity"),
        ("ltv_percent", "base loan to value; FHA only"),
        ("case", "as us_fha_annual_mip; FHA only"),
        ("date", "day of the table; the newest when left out"),
    ],
    results: &[
        (
            "annual_percent",
            "of each year's average balance, 9 decimals",
        ),
        ("payments", "number of payments that carry it"),
        (
            "monthly[]",
            "the premium of each month, one element a year; 0 after the end",
        ),
        ("total", "all premiums"),
    ],
    formula: "average of the year's scheduled balances before each payment, times the rate, / 12, half-up cents",
    source: "HUD Handbook 4000.1 and 7 CFR 3555.107 as recalled, not confirmed; rates as us_fha_annual_mip",
    calculate: us_annual_premiums,
};

fn us_annual_premiums(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let base_loan = inputs.positive_money("base_loan")?;
    let rate = inputs.pct("rate_percent")?;
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let us = &inputs.rules().us;
    let (annual, payments) = match inputs.text("program")? {
        "fha" => {
            let rows = &edition(inputs, &us.fha)?.rows.annual;
            let ltv = ltv(inputs)?;
            let row = annual_mip(rows, fha_case(inputs)?, term_months, base_loan, ltv)
                .ok_or_else(|| inputs.fault("ltv_percent", "has no premium in the table"))?;
            let basis_points = i64::from(row.annual_bps);
            let annual = Pct::new(basis_points * (Pct::SCALE / 100));
            (annual, row.duration.months(term_months))
        }
        "usda" => (edition(inputs, &us.usda)?.rows.annual, term_months),
        _ => return Err(inputs.fault("program", "must be fha or usda")),
    };
    let rows = Plan::fixed(base_loan, rate, term_months)?.schedule()?.rows;
    let terms = MiTerms {
        premium: MiPremium::AnnualOfBalance { annual, base_loan },
        stop: MiStop {
            max_payments: Some(payments),
            ..MiStop::default()
        },
    };
    let premiums = mi_premiums(base_loan, &rows, &rows, &terms, term_months)?;
    let total = Cents::try_sum(premiums.iter().copied())
        .map_err(|_| inputs.fault("base_loan", "is too large"))?;
    let monthly: Vec<String> = premiums.iter().step_by(12).map(Cents::to_string).collect();
    Ok(json!({
        "annual_percent": annual.to_fixed(9),
        "payments": premiums.iter().filter(|premium| premium.is_positive()).count(),
        "monthly": monthly,
        "total": total.to_string(),
    }))
}
