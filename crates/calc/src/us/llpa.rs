//! Kind `us_llpa_base`.

use lintel_engine::Pct;
use lintel_engine::schedule::MAX_TERM_MONTHS;
use lintel_engine::us::llpa::{LlpaKey, LlpaPurpose, adjustment};
use serde_json::{Value, json};

use super::{edition, given};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const US_LLPA_BASE: KindDoc = KindDoc {
    name: "us_llpa_base",
    summary: "Loan-level price adjustment of the base grid, or of an attribute's grid.",
    inputs: &[
        (
            "purpose",
            "\"purchase\"; other purposes have no grid in the rule book",
        ),
        ("credit_score", "300 to 850; left out, the lowest band"),
        ("ltv_percent", "gross loan to value"),
        (
            "attribute",
            "left out, the base grid; or \"investment\", \"second_home\", \"condo\", \"two_to_four_units\", \
             \"manufactured\", \"high_balance_fixed\", \"subordinate_financing\"",
        ),
        (
            "term_months",
            "left out, a term over 15 years; at 15 years or less the base grid adds nothing",
        ),
        ("date", "day of the grid; the newest when left out"),
    ],
    results: &[("llpa_percent", "percent of the loan, 3 decimals")],
    formula: "table; the columns include their upper edge",
    source: "Fannie Mae LLPA Matrix, transcribed; the current matrix was not read, attribute grids stand on one copy",
    calculate: us_llpa_base,
};

fn us_llpa_base(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let purpose = match inputs.text("purpose")? {
        "purchase" => LlpaPurpose::Purchase,
        "limited_cash_out" | "rate_term" | "rate_and_term" | "refinance" => {
            LlpaPurpose::LimitedCashOut
        }
        "cash_out" => LlpaPurpose::CashOut,
        _ => {
            let message = "must be purchase, limited_cash_out or cash_out";
            return Err(inputs.fault("purpose", message));
        }
    };
    let score = given(inputs, "credit_score")
        .then(|| inputs.whole("credit_score", 300, 850))
        .transpose()?;
    let ltv = inputs.pct("ltv_percent")?;
    if ltv <= Pct::ZERO || ltv > Pct::new(200 * Pct::SCALE) {
        return Err(inputs.fault("ltv_percent", "must be more than 0 and at most 200"));
    }
    let attribute = given(inputs, "attribute")
        .then(|| inputs.text("attribute"))
        .transpose()?;
    let term_months = given(inputs, "term_months")
        .then(|| inputs.whole("term_months", 1, MAX_TERM_MONTHS))
        .transpose()?;
    let grids = &edition(inputs, &inputs.rules().us.llpa)?.rows;
    let key = LlpaKey {
        purpose,
        attribute,
        score,
        ltv,
        term_months,
    };
    let field = if attribute.is_some() {
        "attribute"
    } else {
        "purpose"
    };
    let found = adjustment(grids, &key)?
        .ok_or_else(|| inputs.fault(field, "has no table in force in the rule book"))?;
    Ok(json!({ "llpa_percent": found.to_fixed(3) }))
}
