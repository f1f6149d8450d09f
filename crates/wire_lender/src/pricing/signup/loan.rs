//! The search that was made and the offer that was chosen, as the caller states them.

use lintel_domain::lead::PricedLoan;
use lintel_domain::loan::Program;
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::sheet::MAX_LOCK_DAYS;
use std::ops::RangeInclusive;

use super::TEXT_MAX;
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::{EMPLOYMENTS, PRICED_OCCUPANCIES, PRICED_PROPERTY_TYPES, PROGRAMS, PURPOSES};
use crate::pricing::amounts::Amounts;
use crate::pricing::ppe::SCORES;

/// Longest amortization, in years.
pub const YEARS_MAX: i64 = 50;
/// Most homes anybody says to own.
pub const HOMES_MAX: i64 = 1000;
/// The values of `documentationType`.
pub const DOCUMENTATIONS: &[(&str, &str)] = &[("Full", "Full")];
/// The values of `loanAmortizationType`, and whether the rate is adjustable.
pub const KINDS: &[(&str, bool)] = &[("Fixed", false), ("AdjustableRate", true)];

/// What is said of an adjustable rate.
pub struct Arm {
    /// Years of the fixed period and between changes.
    pub kind: String,
    /// Margin over the index.
    pub margin: Pct,
    /// First, periodic and lifetime cap.
    pub caps: String,
}

/// Reads every documented member.
pub fn read(loan: &Reader<'_>) -> Result<PricedLoan, LenderError> {
    let text = |name| loan.opt_text(name, TEXT_MAX);
    let purpose = loan.req_enum("loanPurpose", PURPOSES)?;
    let amounts = Amounts::by_down_payment(loan)?;
    amounts.loan(purpose)?;
    let program: Program = loan.req_enum("productProgram", PROGRAMS)?;
    let is_adjustable = loan.req_enum("loanAmortizationType", KINDS)?;
    let arm = if is_adjustable {
        Some(arm(loan)?)
    } else {
        None
    };
    let arm = arm.map(|arm| (arm.kind, arm.margin, arm.caps));
    let (arm_type, arm_margin, arm_caps) = match arm {
        Some((kind, margin, caps)) => (Some(kind), Some(margin), Some(caps)),
        None => (None, None, None),
    };
    let documentation = loan.opt_enum("documentationType", DOCUMENTATIONS)?;
    Ok(PricedLoan {
        street: text("subjectPropertyAddressStreet")?,
        city: text("subjectPropertyAddressCity")?,
        state: loan.opt_state("subjectPropertyAddressState")?,
        postal_code: loan.req_zip("subjectPropertyAddressZipcode")?,
        purpose: Some(purpose),
        lock_days: small(loan, "lockPeriod", 1..=i64::from(MAX_LOCK_DAYS))?,
        home_price: Some(amounts.home_price),
        down_payment: Some(loan.req_money("downPayment")?),
        cash_out: loan.opt_money("cashOut")?,
        score: small(loan, "fico", SCORES)?,
        monthly_income: loan.opt_money("grossMonthlyIncome")?,
        monthly_debts: loan.opt_money("monthlyDebts")?,
        property: Some(loan.req_enum("propertyType", PRICED_PROPERTY_TYPES)?),
        occupancy: Some(loan.req_enum("occupancyType", PRICED_OCCUPANCIES)?),
        had_bankruptcy: loan.opt_bit("bankruptcy")?,
        had_foreclosure: loan.opt_bit("foreclosure")?,
        waives_escrow: loan.opt_bit("noImpounds")?,
        is_first_time_buyer: loan.opt_bit("firstTimeBuyer")?,
        employment: loan.opt_enum("employmentStatus", EMPLOYMENTS)?,
        documentation: documentation.map(str::to_owned),
        homes_owned: small(loan, "numberHomesOwned", 0..=HOMES_MAX)?,
        finances_upfront_fee: loan.opt_bit("financeUFMIP")?,
        is_flip: loan.opt_bit("flip")?,
        is_streamline: loan.opt_bit("streamline")?,
        program: Some(program),
        is_adjustable: Some(is_adjustable),
        amortization_years: Some(years(loan)?),
        arm_type,
        arm_margin,
        arm_caps,
        has_lender_paid_mi: loan.opt_bit("lpmi")?,
        is_hpml: loan.opt_bit("hpml")?,
        note_rate: Some(loan.req_pct_in("rate", Pct::new(1)..=Pct::HUNDRED)?),
        apr: Some(loan.req_pct("apr")?),
        monthly_payment: loan.opt_money("monthlyPayment")?,
        points: Some(loan.req_points("discountPointPercent")?),
        points_amount: Some(loan.req_signed_money("discountPoint")?),
        campaign_provider_id: text("advertisingCampaignProviderID")?,
        advertiser_id: text("advertiserID")?,
        campaign_uid: text("advertisingCampaignUID")?,
        campaign_id: text("campaignID")?,
        offer_id: None,
        channel: None,
    })
}

fn years(loan: &Reader<'_>) -> Result<u32, LenderError> {
    let years = loan.req_int("loanAmortization", 1..=YEARS_MAX)?;
    u32::try_from(years).map_err(|_| LenderError::missing(&loan.path("loanAmortization")))
}

/// An optional whole number.
pub fn small(
    loan: &Reader<'_>,
    name: &str,
    range: RangeInclusive<i64>,
) -> Result<Option<u32>, LenderError> {
    let number = loan.opt_int(name, range)?;
    number
        .map(|n| u32::try_from(n).map_err(|_| LenderError::invalid(&loan.path(name))))
        .transpose()
}

/// Required only when the rate is adjustable, and then all of it.
pub fn arm(loan: &Reader<'_>) -> Result<Arm, LenderError> {
    let parts = |name: &str, count: usize| {
        let text = loan.req_text(name, TEXT_MAX)?;
        let is_shaped = text.split('/').count() == count && text.split('/').all(is_small_number);
        if is_shaped {
            Ok(text)
        } else {
            Err(LenderError::missing(&loan.path(name)))
        }
    };
    Ok(Arm {
        kind: parts("armType", 2)?,
        margin: loan.req_points("armIndexMargin")?,
        caps: parts("armCapRates", 3)?,
    })
}

/// One or two digits, with at most three decimals.
fn is_small_number(text: &str) -> bool {
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole, 2) && digits(fraction, 3),
        None => digits(text, 2),
    }
}
