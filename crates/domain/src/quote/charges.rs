//! What a programme charges for insurance or guarantee: once up front, and with each payment.

use lintel_engine::error::EngineError;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, MiThreshold};
use lintel_engine::us::programs::conventional_mi::{CardKey, annual_premium};
use lintel_engine::us::programs::fha::{FhaCase, annual_mip, upfront_mip};
use lintel_engine::us::programs::usda::upfront_fee;
use lintel_engine::us::programs::va::{VaPurpose, VaUse, funding_fee, funding_fee_amount};

use super::{QuoteContext, QuoteProblem, QuoteScene, QuoteTables, QuotedFee};
use crate::fee::{FinanceChargeRule, LeSection, is_finance_charge};
use crate::loan::{Program, Purpose};
use crate::product::ProductTerms;

/// Loan-to-value above which a conventional loan needs mortgage insurance, in percent.
const MI_ABOVE_LTV: Pct = Pct::new(80_000_000_000);
/// Scheduled loan-to-value at which it ends by law: Homeowners Protection Act, 12 USC 4902(b).
const MI_ENDS_AT_LTV: Pct = Pct::new(78_000_000_000);

/// The charge of a programme on one loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramCharge {
    /// The amount of the note: base loan and what is financed on top.
    pub principal: Cents,
    /// The up-front charge as a closing cost, financed or not.
    pub upfront: Option<QuotedFee>,
    /// What is paid with each payment.
    pub monthly: Option<MiTerms>,
}

/// Works out a product's programme charge.
///
/// # Errors
/// No charge known where one is due; a loan amount or table figure outside the engine's bounds.
pub fn program_charge(
    context: &QuoteContext<'_>,
    terms: &ProductTerms,
) -> Result<ProgramCharge, QuoteProblem> {
    let scene = context.scene;
    let tables = context.tables;
    match terms.program {
        Program::Conventional => Ok(ProgramCharge {
            principal: scene.loan_amount,
            upfront: None,
            monthly: conventional(scene, tables, terms)?,
        }),
        Program::Fha => fha(scene, tables, terms),
        Program::Va => va(scene, tables),
        Program::Usda => usda(scene, tables),
        Program::Other => Ok(ProgramCharge {
            principal: scene.loan_amount,
            upfront: None,
            monthly: None,
        }),
    }
}

/// Base loan to value in percent, half-up at the ninth decimal.
fn ltv(scene: &QuoteScene) -> Result<Pct, QuoteProblem> {
    let (loan, value) = (scene.loan_amount.get(), scene.home_price.get());
    Pct::of_ratio(i128::from(loan), i128::from(value), Rounding::HalfUp)
        .ok_or(QuoteProblem::NoCharge)
}

/// Borrower-paid insurance by the rate card, until the scheduled balance is 78 % of the value or
/// half the term is over.
fn conventional(
    scene: &QuoteScene,
    tables: &QuoteTables,
    terms: &ProductTerms,
) -> Result<Option<MiTerms>, QuoteProblem> {
    let ltv = ltv(scene)?;
    if terms.lender_paid_mi || ltv <= MI_ABOVE_LTV {
        return Ok(None);
    }
    let key = CardKey {
        ltv,
        score: tables.mi_assumed_score,
        term_months: terms.term_months,
        coverage: None,
    };
    let annual = annual_premium(&tables.mi_card, &key).ok_or(QuoteProblem::NoCharge)?;
    let threshold = MiThreshold {
        original_value: scene.home_price,
        percent: MI_ENDS_AT_LTV,
    };
    Ok(Some(MiTerms {
        premium: MiPremium::AnnualOfLoan(annual),
        stop: MiStop {
            threshold: Some(threshold),
            max_payments: None,
            at_midpoint: true,
        },
    }))
}

fn fha(
    scene: &QuoteScene,
    tables: &QuoteTables,
    terms: &ProductTerms,
) -> Result<ProgramCharge, QuoteProblem> {
    let base = scene.loan_amount;
    let upfront = upfront_mip(base, tables.fha_upfront)?;
    let (case, term) = (FhaCase::Standard, terms.term_months);
    let row = annual_mip(&tables.fha_annual, case, term, base, ltv(scene)?)
        .ok_or(QuoteProblem::NoCharge)?;
    let monthly = Some(MiTerms {
        premium: MiPremium::AnnualOfBalance {
            annual: basis_points(row.annual_bps),
            base_loan: base,
        },
        stop: MiStop {
            max_payments: Some(row.duration.months(term)),
            ..MiStop::default()
        },
    });
    Ok(ProgramCharge {
        principal: if scene.finances_ufmip {
            upfront.total_loan
        } else {
            base
        },
        upfront: upfront_cost(
            tables,
            "FHA Upfront Mortgage Insurance Premium",
            "MIUpfrontPremium",
            upfront.premium,
        ),
        monthly,
    })
}

fn va(scene: &QuoteScene, tables: &QuoteTables) -> Result<ProgramCharge, QuoteProblem> {
    let base = scene.loan_amount;
    let purpose = match (scene.purpose, scene.is_streamline) {
        (Purpose::Purchase, _) => VaPurpose::Purchase,
        (Purpose::Refinance, true) => VaPurpose::RateReduction,
        (Purpose::Refinance | Purpose::RefinanceCashOut, _) => VaPurpose::CashOut,
    };
    // The smaller of what is stated and what price and loan leave over: a down payment that the loan
    // pays back is none.
    let left = scene.home_price.checked_sub(base).unwrap_or(Cents::ZERO);
    let down = scene
        .down_payment
        .map_or(left, |stated| stated.min(left))
        .max(Cents::ZERO);
    let down = Pct::of_ratio(
        i128::from(down.get()),
        i128::from(scene.home_price.get()),
        Rounding::HalfUp,
    )
    .ok_or(QuoteProblem::NoCharge)?;
    let fees = &tables.va_funding_fee;
    let rate =
        funding_fee(fees, purpose, VaUse::First, down, false).ok_or(QuoteProblem::NoCharge)?;
    let fee = funding_fee_amount(base, rate)?;
    let financed = base
        .checked_add(fee)
        .ok_or(EngineError::too_large("principal"))?;
    Ok(ProgramCharge {
        principal: if scene.finances_va_fee {
            financed
        } else {
            base
        },
        upfront: upfront_cost(tables, "VA Funding Fee", "VAFundingFee", fee),
        monthly: None,
    })
}

fn usda(scene: &QuoteScene, tables: &QuoteTables) -> Result<ProgramCharge, QuoteProblem> {
    let base = scene.loan_amount;
    let upfront = upfront_fee(base, tables.usda_upfront, scene.finances_usda_fee)?;
    let premium = MiPremium::AnnualOfBalance {
        annual: tables.usda_annual,
        base_loan: upfront.total_loan,
    };
    Ok(ProgramCharge {
        principal: upfront.total_loan,
        upfront: upfront_cost(
            tables,
            "USDA Guarantee Fee",
            "USDARuralDevelopmentGuaranteeFee",
            upfront.fee,
        ),
        monthly: Some(MiTerms {
            premium,
            stop: MiStop::default(),
        }),
    })
}

/// Basis points as a percentage: one is 0.01 %.
fn basis_points(points: u32) -> Pct {
    const ONE: i64 = 10_000_000;
    Pct::new(i64::from(points).saturating_mul(ONE))
}

fn upfront_cost(
    tables: &QuoteTables,
    name: &str,
    mismo_type: &str,
    amount: Cents,
) -> Option<QuotedFee> {
    let (rule, section) = (FinanceChargeRule::ByType, LeSection::B);
    amount.is_positive().then(|| QuotedFee {
        name: name.to_owned(),
        amount,
        mismo_type: mismo_type.to_owned(),
        mismo_type_other: None,
        section,
        is_finance_charge: is_finance_charge(&tables.finance_charge, rule, mismo_type, section),
    })
}
