//! The loan that was looked at, as the caller states it. Little of it has to be there; what is there
//! has to be readable, and go together.

use lintel_domain::lead::PricedLoan;
use lintel_domain::loan::Purpose;
use lintel_domain::signup::Channel;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::sheet::MAX_LOCK_DAYS;

use super::TEXT_MAX;
use super::borrower::one_line;
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::{EMPLOYMENTS, PRICED_OCCUPANCIES, PRICED_PROPERTY_TYPES, PROGRAMS, PURPOSES};
use crate::pricing::amounts::Amounts;
use crate::pricing::ppe::SCORES;
use crate::pricing::signup::loan::{DOCUMENTATIONS, HOMES_MAX, KINDS, YEARS_MAX, arm, small};

/// The values of `businessChannel`.
const CHANNELS: &[(&str, Channel)] = &[
    ("Wholesale", Channel::Wholesale),
    ("Correspondent", Channel::Correspondent),
];

/// Reads every documented member.
pub fn read(loan: &Reader<'_>) -> Result<PricedLoan, LenderError> {
    let text = |name| loan.opt_text(name, TEXT_MAX);
    let offer_id = loan.req_text("loanID", TEXT_MAX)?;
    let street = [
        text("subjectPropertyAddressStreet1")?,
        text("subjectPropertyAddressStreet2")?,
    ];
    let postal_code = loan.req_zip("subjectPropertyAddressZipcode")?;
    let purpose = loan.opt_enum("loanPurpose", PURPOSES)?;
    let amounts = amounts(loan, purpose)?;
    let is_adjustable = loan.opt_enum("loanAmortizationType", KINDS)?;
    let arm = match is_adjustable {
        Some(true) => Some(arm(loan)?),
        Some(false) | None => None,
    };
    let arm = arm.map(|arm| (arm.kind, arm.margin, arm.caps));
    let (arm_type, arm_margin, arm_caps) = match arm {
        Some((kind, margin, caps)) => (Some(kind), Some(margin), Some(caps)),
        None => (None, None, None),
    };
    let documentation = loan.opt_enum("documentationType", DOCUMENTATIONS)?;
    Ok(PricedLoan {
        street: one_line(street),
        city: text("subjectPropertyAddressCity")?,
        state: loan.opt_state("subjectPropertyAddressState")?,
        postal_code,
        purpose,
        lock_days: small(loan, "lockPeriod", 1..=i64::from(MAX_LOCK_DAYS))?,
        home_price: amounts.home_price,
        down_payment: amounts.down_payment,
        cash_out: amounts.cash_out,
        score: small(loan, "fico", SCORES)?,
        monthly_income: loan.opt_money("grossMonthlyIncome")?,
        monthly_debts: loan.opt_money("monthlyDebts")?,
        property: loan.opt_enum("propertyType", PRICED_PROPERTY_TYPES)?,
        occupancy: loan.opt_enum("occupancyType", PRICED_OCCUPANCIES)?,
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
        program: loan.opt_enum("productProgram", PROGRAMS)?,
        is_adjustable,
        amortization_years: small(loan, "loanAmortization", 1..=YEARS_MAX)?,
        arm_type,
        arm_margin,
        arm_caps,
        has_lender_paid_mi: loan.opt_bit("lpmi")?,
        is_hpml: None,
        note_rate: rate(loan)?,
        apr: loan.opt_pct("apr")?,
        monthly_payment: loan.opt_money("monthlyPayment")?,
        points: loan.opt_points("discountPointPercent")?,
        points_amount: loan.opt_signed_money("discountPoint")?,
        campaign_provider_id: None,
        advertiser_id: None,
        campaign_uid: None,
        campaign_id: None,
        offer_id: Some(offer_id),
        channel: loan.opt_enum("businessChannel", CHANNELS)?,
    })
}

/// What the money members say.
struct Stated {
    home_price: Option<Cents>,
    down_payment: Option<Cents>,
    cash_out: Option<Cents>,
}

/// As many as were sent; when they make up a loan, it is one that can be lent.
fn amounts(loan: &Reader<'_>, purpose: Option<Purpose>) -> Result<Stated, LenderError> {
    let stated = Stated {
        home_price: loan.opt_positive("homePrice")?,
        down_payment: loan.opt_money("downPayment")?,
        cash_out: loan.opt_money("cashOut")?,
    };
    if purpose == Some(Purpose::RefinanceCashOut) && stated.cash_out.is_none() {
        return Err(LenderError::missing(&loan.path("cashOut")));
    }
    if let (Some(purpose), Some(_), Some(_)) = (purpose, stated.home_price, stated.down_payment) {
        Amounts::by_down_payment(loan)?.loan(purpose)?;
    }
    Ok(stated)
}

fn rate(loan: &Reader<'_>) -> Result<Option<Pct>, LenderError> {
    let rate = loan.opt_pct("rate")?;
    if rate.is_some_and(Pct::is_zero) {
        return Err(LenderError::invalid(&loan.path("rate")));
    }
    Ok(rate)
}
