//! A product at a note rate: its closing costs, payments and annual percentage rate.

use std::sync::Arc;

use lintel_domain::product::{ProductTerms, RateKind};
use lintel_domain::quote::QuoteTables;
use lintel_engine::date::Date;
use lintel_engine::error::EngineError;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::schedule::LastPayment;
use lintel_engine::us::arm::ArmTerms;
use lintel_engine::us::loan_apr::{FirstPeriod, LoanTerms, StreamItem, loan_stream};

use super::fees::{FeeScene, FeeSheet};
use super::{ChargeScene, Counting, Fees, Monthly, ProgramCharge, QuoteProblem};
use crate::book::{Book, Indices};
use crate::when::Facts;

/// Index plus margin is rounded to the nearest eighth, as the agencies' uniform notes say.
const ARM_ROUNDING: Pct = Pct::new(125_000_000);
/// Days from a quote to the closing it assumes.
const DAYS_TO_CLOSING: i32 = 30;

/// First payments fall on the first of the second month after closing.
pub(crate) fn first_due(day: Date) -> Result<Date, EngineError> {
    day.add_days(DAYS_TO_CLOSING)?
        .first_of_month()
        .add_months(2)
}

/// What an adjustable product follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ArmValues {
    pub(crate) index: Option<Pct>,
    /// Instead of the product's own margin.
    pub(crate) margin: Option<Pct>,
}

/// The charges of a product at one lock.
#[derive(Debug, Clone)]
pub(crate) struct Costs {
    pub(crate) charge: ProgramCharge,
    sheet: Arc<FeeSheet>,
}

/// What charges are found from.
pub(crate) struct CostScene<'a> {
    pub(crate) book: &'a Book,
    /// Places in the catalogue's lists of what is for the product.
    pub(crate) fees: &'a Indices,
    pub(crate) mi_cards: &'a Indices,
    pub(crate) tables: &'a QuoteTables,
    pub(crate) monthly: Monthly,
}

impl Costs {
    pub(crate) fn of(
        scene: &CostScene<'_>,
        terms: &ProductTerms,
        facts: &Facts<'_>,
        counting: &mut Counting<'_>,
    ) -> Result<Self, QuoteProblem> {
        let charge = ChargeScene {
            book: scene.book,
            mi_cards: scene.mi_cards,
            facts,
            tables: scene.tables,
        }
        .charge(terms)?;
        let fees = FeeScene {
            catalogue: &scene.book.catalogue,
            selected: scene.fees,
            facts,
            monthly: scene.monthly,
            principal: charge.principal,
            upfront: charge.upfront,
        };
        Ok(Self {
            charge,
            sheet: Arc::new(FeeSheet::of(&fees, counting)?),
        })
    }
}

/// A product with its charges, ready for note rates.
pub(crate) struct Loan<'a> {
    pub(crate) terms: &'a ProductTerms,
    pub(crate) arm: Option<ArmTerms>,
    pub(crate) costs: &'a Costs,
}

/// What a note rate comes to.
pub(crate) struct Figures {
    pub(crate) fees: Fees,
    pub(crate) apr: Pct,
    pub(crate) stream: Vec<StreamItem>,
}

impl Loan<'_> {
    /// The engine's terms of an adjustable product; none for a fixed one.
    pub(crate) fn arm_terms(
        terms: &ProductTerms,
        values: ArmValues,
    ) -> Result<Option<ArmTerms>, QuoteProblem> {
        let arm = match &terms.rate_kind {
            RateKind::Fixed => return Ok(None),
            RateKind::Adjustable(arm) => arm,
        };
        Ok(Some(ArmTerms {
            first_adjustment_months: arm.first_adjustment_months,
            adjustment_months: arm.adjustment_months,
            index: values.index.ok_or(QuoteProblem::NoIndexValue)?,
            margin: values.margin.unwrap_or(arm.margin),
            first_cap: Some(arm.first_cap),
            periodic_cap: Some(arm.periodic_cap),
            lifetime_cap: Some(arm.lifetime_cap),
            floor: None,
            rounding: Some(ARM_ROUNDING),
        }))
    }

    /// The loan with the finance charges a rate brings.
    ///
    /// A lender credit (negative points) lowers no finance charge: it may pay any cost, and
    /// overstating the APR is within tolerance while understating it is not.
    pub(crate) fn at(&self, note_rate: Pct, points: Pct) -> Result<(Fees, LoanTerms), EngineError> {
        let (fees, prepaid_finance_charge) = self.costs.sheet.row(note_rate, points)?;
        let terms = LoanTerms {
            principal: self.costs.charge.principal,
            note_rate,
            amortization_months: self.terms.amortization_months,
            term_months: self.terms.term_months,
            interest_only_months: self.terms.interest_only_months,
            arm: self.arm,
            prepaid_finance_charge,
            // Only counts in a percentage that is not asked for here.
            prepaid_interest: Cents::ZERO,
            mi: self.costs.charge.monthly,
            first_period: FirstPeriod::Regular,
            last_payment: LastPayment::ClearsBalance,
        };
        Ok((fees, terms))
    }

    /// Closing costs, runs of payments and annual percentage rate.
    pub(crate) fn figures(&self, note_rate: Pct, points: Pct) -> Result<Figures, QuoteProblem> {
        let (fees, terms) = self.at(note_rate, points)?;
        let found = loan_stream(&terms)?;
        Ok(Figures {
            fees,
            apr: found.apr.apr().ok_or(QuoteProblem::NoRate)?,
            stream: found.payment_stream,
        })
    }
}
