//! Kinds `us_fha_annual_mip`, `us_fha_ufmip`, `us_va_funding_fee`, `us_usda_upfront` and
//! `us_mi_premium`.

use lintel_engine::schedule::MAX_TERM_MONTHS;
use lintel_engine::us::programs::conventional_mi::{CardKey, annual_premium};
use lintel_engine::us::programs::fha::{FhaCase, annual_mip, upfront_mip};
use lintel_engine::us::programs::usda::upfront_fee;
use lintel_engine::us::programs::va::{VaPurpose, VaUse, funding_fee};
use lintel_engine::{Pct, Rounding};
use serde_json::{Value, json};

use super::{edition, given};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const US_FHA_ANNUAL_MIP: KindDoc = KindDoc {
    name: "us_fha_annual_mip",
    summary: "Annual FHA mortgage insurance premium and how long it is paid.",
    inputs: &[
        ("term_months", "months to maturity"),
        ("base_loan", "loan without a financed premium"),
        ("ltv_percent", "base loan to value"),
        ("date", "day of endorsement; the newest table when left out"),
        (
            "case",
            "\"standard\" when left out, \"old_loan_refinance\" (streamline of a loan endorsed by 2009-05-31), \
             \"hawaiian_home_lands\"",
        ),
    ],
    results: &[
        (
            "rate_bps",
            "basis points a year of each year's average scheduled balance",
        ),
        ("duration_months", "payments that carry it"),
    ],
    formula: "table; term and loan amount bands include their upper edge, loan to value too",
    source: "HUD Mortgagee Letter 2023-05; durations recalled, not confirmed",
    calculate: us_fha_annual_mip,
};

pub(crate) const US_FHA_UFMIP: KindDoc = KindDoc {
    name: "us_fha_ufmip",
    summary: "Up-front FHA premium and the loan with it financed.",
    inputs: &[
        ("base_loan", "loan without the premium"),
        (
            "rate_percent",
            "of the base loan; left out, that of the table",
        ),
        ("date", "day of the table; the newest when left out"),
    ],
    results: &[
        ("ufmip", "half-up cents"),
        ("total_loan", "base loan and premium"),
    ],
    formula: "base_loan * rate",
    source: "HUD Mortgagee Letter 2023-05",
    calculate: us_fha_ufmip,
};

pub(crate) const US_VA_FUNDING_FEE: KindDoc = KindDoc {
    name: "us_va_funding_fee",
    summary: "Funding fee of a loan guaranteed by the Department of Veterans Affairs.",
    inputs: &[
        (
            "purpose",
            "\"purchase\", \"construction\", \"cash_out\", \"irrrl\", \"assumption\", \"manufactured\", \
             \"native_american_direct\", \"vendee\"",
        ),
        (
            "use",
            "\"first\" or \"later\"; \"any\" or left out where it makes no difference",
        ),
        (
            "down_payment_percent",
            "of the price; 0 when left out or empty",
        ),
        ("exempt", "true for an exempt borrower; false when left out"),
        ("date", "day of closing; the newest table when left out"),
    ],
    results: &[(
        "rate_percent",
        "percent of the loan before the fee, 2 decimals",
    )],
    formula: "table; down-payment bands include their lower edge",
    source: "38 USC 3729(b)(2), (c); VA Circular 26-23-06",
    calculate: us_va_funding_fee,
};

pub(crate) const US_USDA_UPFRONT: KindDoc = KindDoc {
    name: "us_usda_upfront",
    summary: "Up-front guarantee fee of USDA Rural Development.",
    inputs: &[
        ("base_loan", "loan without the fee"),
        ("rate_percent", "left out, that of the table"),
        (
            "financed",
            "true when the fee is added to the loan; false when left out",
        ),
        ("date", "day of the table; the newest when left out"),
    ],
    results: &[
        ("fee", "cents"),
        ("total_loan", "with the fee when it is financed"),
    ],
    formula: "financed: total = base_loan / (1 - rate), half-up cents, fee = total - base_loan; otherwise \
              fee = base_loan * rate",
    source: "7 CFR 3555.107; formula and the fees of fiscal years 2026 and 2027 recalled, not confirmed",
    calculate: us_usda_upfront,
};

pub(crate) const US_MI_PREMIUM: KindDoc = KindDoc {
    name: "us_mi_premium",
    summary: "Borrower-paid monthly mortgage insurance from the rule book's card.",
    inputs: &[
        ("loan_amount", "loan"),
        ("ltv_percent", "loan to value"),
        ("credit_score", "300 to 850"),
        (
            "coverage_percent",
            "left out, the usual coverage of the band",
        ),
        ("term_months", "360 when left out"),
    ],
    results: &[
        ("annual_percent", "of the loan, 9 decimals"),
        ("monthly", "a twelfth of it, half-up cents"),
    ],
    formula: "table; loan-to-value bands include their upper edge, score bands their lower edge",
    source: "a public card of 2018, re-assembled from a text copy: demonstration data only",
    calculate: us_mi_premium,
};

fn us_fha_annual_mip(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let base_loan = inputs.positive_money("base_loan")?;
    let ltv = ltv(inputs)?;
    let case = fha_case(inputs)?;
    let rows = &edition(inputs, &inputs.rules().us.fha)?.rows.annual;
    let row = annual_mip(rows, case, term_months, base_loan, ltv)
        .ok_or_else(|| inputs.fault("ltv_percent", "has no premium in the table"))?;
    Ok(json!({
        "rate_bps": row.annual_bps,
        "duration_months": row.duration.months(term_months),
    }))
}

/// Which premium rules the loan falls under.
pub(super) fn fha_case(inputs: &Fields<'_>) -> Result<FhaCase, Failure> {
    match inputs.text("case") {
        Ok("standard") => Ok(FhaCase::Standard),
        Ok("old_loan_refinance") => Ok(FhaCase::OldLoanRefinance),
        Ok("hawaiian_home_lands") => Ok(FhaCase::HawaiianHomeLands),
        Ok(_) => {
            let message = "must be standard, old_loan_refinance or hawaiian_home_lands";
            Err(inputs.fault("case", message))
        }
        Err(_) if !inputs.has("case") => Ok(FhaCase::Standard),
        Err(failure) => Err(failure),
    }
}

/// Loan to value: more than zero, and no slip of the decimal point.
pub(super) fn ltv(inputs: &Fields<'_>) -> Result<Pct, Failure> {
    let ltv = inputs.pct("ltv_percent")?;
    if ltv <= Pct::ZERO || ltv > Pct::new(200 * Pct::SCALE) {
        return Err(inputs.fault("ltv_percent", "must be more than 0 and at most 200"));
    }
    Ok(ltv)
}

/// A rate the request may state; otherwise the table's.
fn rate_or(inputs: &Fields<'_>, table: Pct) -> Result<Pct, Failure> {
    let rate = inputs.optional_pct("rate_percent")?.unwrap_or(table);
    if rate.is_negative() || rate >= Pct::HUNDRED {
        return Err(inputs.fault("rate_percent", "must be 0 or more and less than 100"));
    }
    Ok(rate)
}

fn us_fha_ufmip(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let base_loan = inputs.positive_money("base_loan")?;
    let table = edition(inputs, &inputs.rules().us.fha)?.rows.upfront;
    let found = upfront_mip(base_loan, rate_or(inputs, table)?)?;
    Ok(json!({
        "ufmip": found.premium.to_string(),
        "total_loan": found.total_loan.to_string(),
    }))
}

/// The purposes by every name they commonly go by.
const PURPOSES: [(&str, VaPurpose); 29] = [
    ("purchase", VaPurpose::Purchase),
    ("construction", VaPurpose::Purchase),
    ("purchase_construction", VaPurpose::Purchase),
    ("purchase_or_construction", VaPurpose::Purchase),
    ("cash_out", VaPurpose::CashOut),
    ("cash_out_refinance", VaPurpose::CashOut),
    ("regular_refinance", VaPurpose::CashOut),
    ("irrrl", VaPurpose::RateReduction),
    ("rate_reduction", VaPurpose::RateReduction),
    ("interest_rate_reduction", VaPurpose::RateReduction),
    (
        "interest_rate_reduction_refinance",
        VaPurpose::RateReduction,
    ),
    ("streamline", VaPurpose::RateReduction),
    ("native_american_direct_irrrl", VaPurpose::RateReduction),
    ("assumption", VaPurpose::Assumption),
    ("manufactured", VaPurpose::Manufactured),
    ("manufactured_home", VaPurpose::Manufactured),
    ("native_american_direct", VaPurpose::NativeAmericanDirect),
    (
        "native_american_direct_loan",
        VaPurpose::NativeAmericanDirect,
    ),
    ("native_american", VaPurpose::NativeAmericanDirect),
    ("nadl", VaPurpose::NativeAmericanDirect),
    ("vendee", VaPurpose::Vendee),
    ("cashout", VaPurpose::CashOut),
    ("loan_assumption", VaPurpose::Assumption),
    ("vendee_loan", VaPurpose::Vendee),
    (
        "manufactured_home_not_permanently_affixed",
        VaPurpose::Manufactured,
    ),
    ("manufactured_not_affixed", VaPurpose::Manufactured),
    (
        "native_american_direct_loan_irrrl",
        VaPurpose::RateReduction,
    ),
    ("nadl_irrrl", VaPurpose::RateReduction),
    ("native_american_direct_refinance", VaPurpose::RateReduction),
];

fn us_va_funding_fee(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let named = inputs
        .text("purpose")?
        .to_lowercase()
        .replace(['-', ' '], "_");
    let purpose = PURPOSES
        .iter()
        .find(|(name, _)| *name == named)
        .map(|(_, purpose)| *purpose)
        .ok_or_else(|| {
            let known: Vec<_> = PURPOSES.iter().map(|(name, _)| *name).collect();
            inputs.fault("purpose", format!("must be one of {}", known.join(", ")))
        })?;
    let uses: &[VaUse] = match inputs.text("use") {
        Ok("first") => &[VaUse::First],
        Ok("later" | "subsequent") => &[VaUse::Later],
        Ok("any" | "") => &[VaUse::First, VaUse::Later],
        Ok(_) => return Err(inputs.fault("use", "must be first, later or any")),
        Err(_) if !inputs.has("use") => &[VaUse::First, VaUse::Later],
        Err(failure) => return Err(failure),
    };
    let down = if given(inputs, "down_payment_percent") {
        inputs.pct("down_payment_percent")?
    } else {
        Pct::ZERO
    };
    if down.is_negative() || down >= Pct::HUNDRED {
        let message = "must be 0 or more and less than 100";
        return Err(inputs.fault("down_payment_percent", message));
    }
    let exempt = inputs.flag("exempt")?;
    let rows = &edition(inputs, &inputs.rules().us.va)?.rows.rows;
    let fees = uses
        .iter()
        .map(|entitlement_use| funding_fee(rows, purpose, *entitlement_use, down, exempt))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| inputs.fault("purpose", "has no fee in the table"))?;
    match fees.as_slice() {
        [fee, rest @ ..] if rest.iter().all(|other| other == fee) => {
            Ok(json!({ "rate_percent": fee.to_fixed(2) }))
        }
        _ => Err(inputs.fault("use", "must be first or later: the fees differ")),
    }
}

fn us_usda_upfront(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let base_loan = inputs.positive_money("base_loan")?;
    let table = edition(inputs, &inputs.rules().us.usda)?.rows.upfront;
    let found = upfront_fee(base_loan, rate_or(inputs, table)?, inputs.flag("financed")?)?;
    Ok(json!({
        "fee": found.fee.to_string(),
        "total_loan": found.total_loan.to_string(),
    }))
}

fn us_mi_premium(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let loan_amount = inputs.positive_money("loan_amount")?;
    let key = CardKey {
        ltv: ltv(inputs)?,
        score: inputs.whole("credit_score", 300, 850)?,
        term_months: inputs.whole_or("term_months", 360, (1, MAX_TERM_MONTHS))?,
        coverage: inputs.optional_pct("coverage_percent")?,
    };
    let card = &edition(inputs, &inputs.rules().us.mi_card)?.rows.rows;
    let annual = annual_premium(card, &key)
        .ok_or_else(|| inputs.fault("credit_score", "has no premium on the card"))?;
    let year = i128::from(Pct::HUNDRED.e9()) * 12;
    let monthly = loan_amount
        .mul_ratio(i128::from(annual.e9()), year, Rounding::HalfUp)
        .ok_or_else(|| inputs.fault("loan_amount", "is too large"))?;
    Ok(json!({
        "annual_percent": annual.to_fixed(9),
        "monthly": monthly.to_string(),
    }))
}
