//! What a programme charges for insurance or guarantee: once up front, and with each payment.

use lintel_engine::error::EngineError;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, MiThreshold};
use lintel_engine::us::programs::conventional_mi::{CardKey, annual_premium};
use lintel_engine::us::programs::fha::{annual_mip, upfront_mip};
use lintel_engine::us::programs::usda::upfront_fee;
use lintel_engine::us::programs::va::{VaPurpose, VaUse, funding_fee, funding_fee_amount};

use super::{QuoteContext, QuoteScene, QuoteTables, QuotedFee};
use crate::fee::LeSection;
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

/// Works out a product's programme charge. A table without a fitting row charges nothing.
///
/// # Errors
/// A loan amount or table figure outside the engine's bounds.
pub fn program_charge(
    context: &QuoteContext<'_>,
    terms: &ProductTerms,
) -> Result<ProgramCharge, EngineError> {
    let scene = context.scene;
    let tables = context.tables;
    match terms.program {
        Program::Conventional => Ok(ProgramCharge {
            principal: scene.loan_amount,
            upfront: None,
            monthly: conventional(scene, tables, terms),
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

/// Base loan to value in percent, half-up at the ninth decimal; `None` when there is no value.
fn ltv(scene: &QuoteScene) -> Option<Pct> {
    let (loan, value) = (scene.loan_amount.get(), scene.home_price.get());
    Pct::of_ratio(i128::from(loan), i128::from(value), Rounding::HalfUp)
}

/// Borrower-paid insurance by the rate card, until the scheduled balance is 78 % of the value or
/// half the term is over.
fn conventional(scene: &QuoteScene, tables: &QuoteTables, terms: &ProductTerms) -> Option<MiTerms> {
    let ltv = ltv(scene)?;
    if terms.lender_paid_mi || ltv <= MI_ABOVE_LTV {
        return None;
    }
    let key = CardKey {
        date: scene.day,
        ltv,
        score: tables.mi_assumed_score,
        term_months: terms.term_months,
        coverage: None,
    };
    let annual = annual_premium(&tables.mi_card, &key)?;
    let threshold = MiThreshold {
        original_value: scene.home_price,
        percent: MI_ENDS_AT_LTV,
    };
    Some(MiTerms {
        premium: MiPremium::AnnualOfLoan(annual),
        stop: MiStop {
            threshold: Some(threshold),
            max_payments: None,
            at_midpoint: true,
        },
    })
}

fn fha(
    scene: &QuoteScene,
    tables: &QuoteTables,
    terms: &ProductTerms,
) -> Result<ProgramCharge, EngineError> {
    let base = scene.loan_amount;
    let upfront = upfront_mip(base, tables.fha_upfront)?;
    let row = ltv(scene)
        .and_then(|ltv| annual_mip(&tables.fha_annual, scene.day, terms.term_months, base, ltv));
    let monthly = row.map(|row| MiTerms {
        premium: MiPremium::AnnualOfBalance {
            annual: basis_points(row.annual_bps),
            base_loan: base,
        },
        stop: MiStop {
            max_payments: Some(row.duration.months(terms.term_months)),
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
            "FHA Upfront Mortgage Insurance Premium",
            "MIUpfrontPremium",
            upfront.premium,
        ),
        monthly,
    })
}

fn va(scene: &QuoteScene, tables: &QuoteTables) -> Result<ProgramCharge, EngineError> {
    let base = scene.loan_amount;
    let purpose = match (scene.purpose, scene.is_streamline) {
        (Purpose::Purchase, _) => VaPurpose::Purchase,
        (Purpose::Refinance, true) => VaPurpose::RateReduction,
        (Purpose::Refinance | Purpose::RefinanceCashOut, _) => VaPurpose::CashOut,
    };
    let down = scene
        .down_payment
        .or_else(|| scene.home_price.checked_sub(base))
        .filter(|d| !d.is_negative())
        .unwrap_or(Cents::ZERO);
    let down = Pct::of_ratio(
        i128::from(down.get()),
        i128::from(scene.home_price.get()),
        Rounding::HalfUp,
    );
    let rate = funding_fee(
        &tables.va_funding_fee,
        scene.day,
        purpose,
        VaUse::First,
        down.unwrap_or_default(),
        false,
    )
    .unwrap_or_default();
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
        upfront: upfront_cost("VA Funding Fee", "VAFundingFee", fee),
        monthly: None,
    })
}

fn usda(scene: &QuoteScene, tables: &QuoteTables) -> Result<ProgramCharge, EngineError> {
    let base = scene.loan_amount;
    let upfront = upfront_fee(base, tables.usda_upfront, scene.finances_usda_fee)?;
    let premium = MiPremium::AnnualOfBalance {
        annual: tables.usda_annual,
        base_loan: upfront.total_loan,
    };
    Ok(ProgramCharge {
        principal: upfront.total_loan,
        upfront: upfront_cost(
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

fn upfront_cost(name: &str, mismo_type: &str, amount: Cents) -> Option<QuotedFee> {
    amount.is_positive().then(|| QuotedFee {
        name: name.to_owned(),
        amount,
        mismo_type: mismo_type.to_owned(),
        mismo_type_other: None,
        section: LeSection::B,
        is_finance_charge: true,
    })
}
