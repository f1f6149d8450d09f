//! Kinds `us_prepaid_interest`, `us_mi_termination` and `us_trid_finance_charge`.

use lintel_engine::Pct;
use lintel_engine::schedule::{MAX_TERM_MONTHS, Plan};
use lintel_engine::us::mi::{MiStop, MiThreshold, mi_payments};
use lintel_engine::us::prepaid_interest::prepaid_interest;
use lintel_engine::us::trid;
use serde_json::{Value, json};

use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const US_PREPAID_INTEREST: KindDoc = KindDoc {
    name: "us_prepaid_interest",
    summary: "Interest from disbursement to the start of the first full month.",
    inputs: &[
        ("principal", "loan amount"),
        ("rate_percent", "yearly note rate"),
        ("days", "days charged, negative for a credit; or"),
        (
            "from_date, to_date",
            "the dates they are counted between; to_date before from_date is a credit",
        ),
        (
            "day_basis",
            "days of a year: 360, 365 or 366; \"actual/360\", \"actual/365\"",
        ),
    ],
    results: &[
        ("per_diem", "one day, half-up cents"),
        ("total", "per diem times days"),
    ],
    formula: "per_diem = principal * rate / day_basis, rounded before it is multiplied",
    source: "12 CFR 1026 Appendix H, sample H-25(B), section F",
    calculate: us_prepaid_interest,
};

pub(crate) const US_MI_TERMINATION: KindDoc = KindDoc {
    name: "us_mi_termination",
    summary: "Number of payments that carry mortgage insurance.",
    inputs: &[
        ("principal", "loan amount"),
        ("rate_percent", "yearly note rate"),
        ("term_months", "months to maturity"),
        ("original_value", "lower of price and appraisal"),
        (
            "mi_monthly",
            "accepted and checked; does not change the answer",
        ),
        (
            "threshold_percent",
            "of the original value; 78 when left out",
        ),
        (
            "interest_only_months",
            "first months of interest only; 0 when left out",
        ),
    ],
    results: &[("mi_payments", "a whole number")],
    formula: "insurance is due while the balance before the payment exceeds the threshold",
    source: "12 USC 4901(18), 4902(b)",
    calculate: us_mi_termination,
};

pub(crate) const US_TRID_FINANCE_CHARGE: KindDoc = KindDoc {
    name: "us_trid_finance_charge",
    summary: "Finance charge of a level loan from its unrounded payment.",
    inputs: &[
        ("principal", "loan amount"),
        ("rate_percent", "yearly note rate"),
        ("term_months", "number of payments"),
        ("mi_monthly", "mortgage insurance; 0 when left out"),
        (
            "mi_payments",
            "number of payments that carry it; 0 when left out",
        ),
    ],
    results: &[("finance_charge", "half-up cents")],
    formula: "n * payment - principal + mi_monthly * mi_payments, rounded once",
    source: "12 CFR 1026 Appendix H, sample H-25(B); 1026.38(o)(2)",
    calculate: us_trid_finance_charge,
};

fn us_prepaid_interest(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let principal = inputs.positive_money("principal")?;
    let rate = inputs.pct("rate_percent")?;
    let counted = if inputs.has("from_date") || inputs.has("to_date") {
        Some(
            inputs
                .date("from_date")?
                .days_until(inputs.date("to_date")?),
        )
    } else {
        None
    };
    let days = match counted {
        Some(days) if inputs.has("days") && inputs.signed("days")? != days => {
            let message = format!("is not the {days} between from_date and to_date");
            return Err(inputs.fault("days", message));
        }
        Some(days) => days,
        None => inputs.signed("days")?,
    };
    let named = inputs.text("day_basis").unwrap_or_default().to_lowercase();
    let day_basis = match named.as_str() {
        "actual/360" | "act/360" => 360,
        "actual/365" | "act/365" => 365,
        _ => inputs.whole("day_basis", 360, 366)?,
    };
    let found = prepaid_interest(principal, rate, days, day_basis)?;
    Ok(json!({ "per_diem": found.per_diem.to_string(), "total": found.total.to_string() }))
}

fn us_mi_termination(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let principal = inputs.positive_money("principal")?;
    let rate = inputs.pct("rate_percent")?;
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    inputs.money_or_zero("mi_monthly")?;
    let interest_only = inputs.whole_or("interest_only_months", 0, (0, term_months))?;
    let rows = Plan::fixed(principal, rate, term_months)?
        .interest_only(interest_only)?
        .schedule()?
        .rows;
    let stop = MiStop {
        threshold: Some(threshold(inputs)?),
        ..MiStop::default()
    };
    Ok(json!({ "mi_payments": mi_payments(&rows, &stop, term_months)? }))
}

/// The mark at which insurance ends, 78 % unless stated.
pub(crate) fn threshold(inputs: &Fields<'_>) -> Result<MiThreshold, Failure> {
    let percent = inputs
        .optional_pct("threshold_percent")?
        .unwrap_or(Pct::new(78 * Pct::SCALE));
    if percent <= Pct::ZERO || percent > Pct::HUNDRED {
        return Err(inputs.fault("threshold_percent", "must be more than 0 and at most 100"));
    }
    Ok(MiThreshold {
        original_value: inputs.positive_money("original_value")?,
        percent,
    })
}

fn us_trid_finance_charge(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let principal = inputs.positive_money("principal")?;
    let rate = inputs.pct("rate_percent")?;
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let mi_monthly = inputs.money_or_zero("mi_monthly")?;
    let mi_payments = inputs.whole_or("mi_payments", 0, (0, term_months))?;
    let charge = trid::finance_charge(principal, rate, term_months, mi_monthly, mi_payments)?;
    Ok(json!({ "finance_charge": charge.to_string() }))
}
