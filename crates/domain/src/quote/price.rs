//! One quote: the closing costs, which of them are finance charges, the schedule, the APR.

use lintel_engine::date::Date;
use lintel_engine::error::EngineError;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_engine::schedule::LastPayment;
use lintel_engine::us::arm::ArmTerms;
use lintel_engine::us::loan_apr::{FirstPeriod, LoanApr, LoanTerms, due_date, loan_apr};
use lintel_engine::us::prepaid_interest::prepaid_interest;

use super::charges::{ProgramCharge, program_charge};
use super::{
    Quote, QuoteContext, QuoteScene, QuotedFee, QuotedProduct, RateOffer, ScheduledPayment,
};
use crate::fee::{
    FeeBasis, FeeScene, FeeTemplate, FinanceChargeRule, LeSection, is_finance_charge,
};
use crate::product::RateKind;

/// Days in the year prepaid interest is counted by: the basis that reproduces sample form H-25(B).
const PREPAID_DAY_BASIS: u32 = 360;
/// Index plus margin is rounded to the nearest eighth, as the agencies' uniform notes say.
const ARM_ROUNDING: Pct = Pct::new(125_000_000);
/// Days from a quote to the closing it assumes.
const DAYS_TO_CLOSING: i32 = 30;

/// Why a product cannot be quoted at a rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuoteProblem {
    /// The product follows an index whose value nobody gave.
    NoIndexValue,
    /// The programme charges for this loan, and its table has no row that says how much. Never quoted
    /// without: that would understate the APR.
    NoCharge,
    /// A term or amount is outside what can be worked out; the engine's name of it.
    Unusable(EngineError),
    /// The charges and payments have no annual percentage rate.
    NoRate,
}

impl From<EngineError> for QuoteProblem {
    fn from(error: EngineError) -> Self {
        Self::Unusable(error)
    }
}

/// Quotes a product at a rate.
///
/// A lender credit (negative points) lowers no finance charge: it may pay any cost, and overstating
/// the APR is within tolerance while understating it is not.
///
/// # Errors
/// See [`QuoteProblem`].
pub fn quote(
    context: &QuoteContext<'_>,
    product: &QuotedProduct,
    offer: RateOffer,
) -> Result<Quote, QuoteProblem> {
    let charge = program_charge(context, &product.terms)?;
    let fees = fees(context, product, offer, &charge)?;
    let counted = fees
        .iter()
        .filter(|f| f.is_finance_charge)
        .map(|f| f.amount);
    let prepaid = Cents::try_sum(counted).map_err(|_| EngineError::too_large("fees"))?;
    let interest = fees
        .iter()
        .filter(|f| f.mismo_type == PREPAID_INTEREST)
        .map(|f| f.amount);
    let interest = Cents::try_sum(interest).map_err(|_| EngineError::too_large("fees"))?;
    let terms = LoanTerms {
        principal: charge.principal,
        note_rate: offer.note_rate,
        amortization_months: product.terms.amortization_months,
        term_months: product.terms.term_months,
        interest_only_months: product.terms.interest_only_months,
        arm: arm_terms(product)?,
        prepaid_finance_charge: prepaid,
        prepaid_interest: interest,
        mi: charge.monthly,
        first_period: FirstPeriod::Regular,
        last_payment: LastPayment::ClearsBalance,
    };
    let result = loan_apr(&terms)?;
    let apr = result.apr.apr().ok_or(QuoteProblem::NoRate)?;
    let schedule = if context.with_schedule {
        schedule(&result, context.scene)?
    } else {
        Vec::new()
    };
    Ok(Quote {
        apr,
        fees,
        schedule,
    })
}

/// MISMO's prepaid item type of interest to the first payment month.
const PREPAID_INTEREST: &str = "PrepaidInterest";

fn fees(
    context: &QuoteContext<'_>,
    product: &QuotedProduct,
    offer: RateOffer,
    charge: &ProgramCharge,
) -> Result<Vec<QuotedFee>, EngineError> {
    let scene = context.scene;
    let facts = FeeScene {
        program: product.terms.program,
        purpose: scene.purpose,
        state: scene.state.as_deref(),
        loan_amount: scene.loan_amount,
        day: scene.day,
    };
    let mut fees = Vec::with_capacity(context.templates.len() + 2);
    for template in context.templates.iter().filter(|t| t.applies(&facts)) {
        let amount = amount(template, scene, offer, charge)?;
        fees.push(QuotedFee {
            name: template.name.clone(),
            amount,
            mismo_type: template.mismo_type.clone(),
            mismo_type_other: template.mismo_type_other.clone(),
            section: template.section,
            is_finance_charge: is_finance_charge(
                &context.tables.finance_charge,
                template.finance_charge,
                &template.mismo_type,
                template.section,
            ),
        });
    }
    if offer.points > Pct::ZERO {
        fees.push(discount_points(context, scene, offer)?);
    }
    fees.extend(charge.upfront.clone());
    // Sections in the order of the form; within a section as the lender ordered them.
    fees.sort_by_key(|fee| fee.section);
    Ok(fees)
}

fn discount_points(
    context: &QuoteContext<'_>,
    scene: &QuoteScene,
    offer: RateOffer,
) -> Result<QuotedFee, EngineError> {
    let mismo_type = "LoanDiscountPoints";
    let (table, rule) = (&context.tables.finance_charge, FinanceChargeRule::ByType);
    let counts = is_finance_charge(table, rule, mismo_type, LeSection::A);
    Ok(QuotedFee {
        name: "Loan Discount Points".to_owned(),
        // Half-up to the cent, of the base loan: what the consumer is shown as "% of loan amount".
        amount: percent_of(scene.loan_amount, offer.points)?,
        mismo_type: mismo_type.to_owned(),
        mismo_type_other: None,
        section: LeSection::A,
        is_finance_charge: counts,
    })
}

fn percent_of(amount: Cents, rate: Pct) -> Result<Cents, EngineError> {
    amount
        .percent(rate, Rounding::HalfUp)
        .ok_or(EngineError::too_large("fee"))
}

fn amount(
    template: &FeeTemplate,
    scene: &QuoteScene,
    offer: RateOffer,
    charge: &ProgramCharge,
) -> Result<Cents, EngineError> {
    match template.basis {
        FeeBasis::Flat(amount) => Ok(amount),
        FeeBasis::PercentOfLoan(rate) => percent_of(scene.loan_amount, rate),
        FeeBasis::InterestDays(days) => {
            let days = i32::try_from(days).map_err(|_| EngineError::too_large("days"))?;
            prepaid_interest(charge.principal, offer.note_rate, days, PREPAID_DAY_BASIS)
                .map(|interest| interest.total)
        }
    }
}

fn arm_terms(product: &QuotedProduct) -> Result<Option<ArmTerms>, QuoteProblem> {
    let arm = match &product.terms.rate_kind {
        RateKind::Fixed => return Ok(None),
        RateKind::Adjustable(arm) => arm,
    };
    Ok(Some(ArmTerms {
        first_adjustment_months: arm.first_adjustment_months,
        adjustment_months: arm.adjustment_months,
        index: product.index_value.ok_or(QuoteProblem::NoIndexValue)?,
        margin: arm.margin,
        first_cap: Some(arm.first_cap),
        periodic_cap: Some(arm.periodic_cap),
        lifetime_cap: Some(arm.lifetime_cap),
        floor: None,
        rounding: Some(ARM_ROUNDING),
    }))
}

/// First payments fall on the first of the second month after closing.
fn first_due(day: Date) -> Result<Date, EngineError> {
    day.add_days(DAYS_TO_CLOSING)?
        .first_of_month()
        .add_months(2)
}

fn schedule(result: &LoanApr, scene: &QuoteScene) -> Result<Vec<ScheduledPayment>, EngineError> {
    let first = first_due(scene.day)?;
    result
        .rows
        .iter()
        .map(|line| {
            let row = &line.row;
            let payment = row.payment.checked_add(line.mortgage_insurance);
            Ok(ScheduledPayment {
                number: row.number,
                due: due_date(first, row.number)?,
                payment: payment.ok_or(EngineError::too_large("payment"))?,
                principal: row.principal,
                interest: row.interest,
                mortgage_insurance: line.mortgage_insurance,
                balance: row.balance,
                note_rate: row.rate,
            })
        })
        .collect()
}
