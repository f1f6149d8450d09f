//! Kind `us_short_reset_apr`.

use lintel_engine::us::loan_apr::{LoanTerms, loan_apr};
use lintel_engine::us::price_tests::short_reset_rate;
use serde_json::{Value, json};

use crate::KindDoc;
use crate::apr::found;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::loan::loan_terms;

pub(crate) const US_SHORT_RESET_APR: KindDoc = KindDoc {
    name: "us_short_reset_apr",
    summary: "Annual percentage rate the qualified-mortgage price test takes for a rate that may change early.",
    inputs: &[(
        "(loan)",
        "a loan as of us_loan_apr; an adjustable one needs arm.lifetime_cap_percent",
    )],
    results: &[
        (
            "short_reset",
            "true when the rate may change within five years of the first payment's due date",
        ),
        (
            "qm_apr_percent",
            "at the highest rate of those five years for the whole term; otherwise the loan's own apr",
        ),
        ("rate_percent", "the rate it assumes"),
    ],
    formula: "the highest rate of the payments set within 60 months of the first due date, as a fixed rate",
    source: "12 CFR 1026.43(e)(2)(vi); recalled, not confirmed",
    calculate: us_short_reset_apr,
};

fn us_short_reset_apr(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let terms = loan_terms(inputs)?;
    let highest = match &terms.arm {
        Some(arm) => short_reset_rate(terms.note_rate, arm, terms.term_months)?,
        None => None,
    };
    let judged = match highest {
        Some(note_rate) => LoanTerms {
            note_rate,
            arm: None,
            ..terms
        },
        None => terms,
    };
    let loan = loan_apr(&judged)?;
    Ok(json!({
        "short_reset": highest.is_some(),
        "qm_apr_percent": found(&loan.apr)?,
        "rate_percent": judged.note_rate.to_fixed(9),
    }))
}
