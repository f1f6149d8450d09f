//! Quoting a product a caller brings along, at rates of its own.

use lintel_domain::product::ProductTerms;
use lintel_domain::quote::QuoteTables;
use lintel_engine::date::Date;
use lintel_engine::error::EngineError;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::loan_apr::{LoanApr, due_date, loan_apr};

use super::loan::{ArmValues, CostScene, Costs, Loan, first_due};
use super::{Counting, Fees, Monthly, QuoteProblem};
use crate::book::{Book, Indices};
use crate::catalogue::EstimateOf;
use crate::scenario::Scenario;
use crate::when::{Facts, Selector};

/// A product to quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedProduct {
    /// Its terms.
    pub terms: ProductTerms,
    /// Value of its index; needed for an adjustable rate.
    pub index_value: Option<Pct>,
}

/// A note rate and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateOffer {
    /// Note rate, percent a year.
    pub note_rate: Pct,
    /// Discount points in percent of the loan amount; negative for a lender credit.
    pub points: Pct,
}

/// One payment of a quote's schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledPayment {
    /// From 1.
    pub number: u32,
    /// Due date.
    pub due: Date,
    /// Principal, interest and mortgage insurance together.
    pub payment: Cents,
    /// Principal part.
    pub principal: Cents,
    /// Interest part.
    pub interest: Cents,
    /// Mortgage insurance part.
    pub mortgage_insurance: Cents,
    /// Balance after the payment.
    pub balance: Cents,
    /// Note rate during the payment.
    pub note_rate: Pct,
}

/// A quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Annual percentage rate.
    pub apr: Pct,
    /// Closing costs by section, within a section in the order of the lender's list.
    pub fees: Fees,
    /// Every payment, when wanted.
    pub schedule: Vec<ScheduledPayment>,
}

/// What stays the same from quote to quote of one request.
#[derive(Debug, Clone, Copy)]
pub struct QuoteScene<'a> {
    /// The property, the loan and the borrower.
    pub scenario: &'a Scenario,
    /// The rule tables.
    pub tables: &'a QuoteTables,
    /// Whether every payment is wanted, too.
    pub with_schedule: bool,
}

impl Book {
    /// Quotes a product of the caller's own at each of its rates. Charges and cards of the catalogue
    /// are those whose selectors ask for no code and no family, and match the terms.
    ///
    /// # Errors
    /// The first rate that cannot be quoted (its place in `offers`), and why; 0 when no rate could.
    pub fn quotes(
        &self,
        scene: &QuoteScene<'_>,
        product: &QuotedProduct,
        offers: &[RateOffer],
    ) -> Result<Vec<Quote>, (usize, QuoteProblem)> {
        let at_once = |problem| (0, problem);
        let facts = Facts::try_of(scene.scenario).map_err(|problem| (0, problem.into()))?;
        let matching = |selector: &Selector| selector.matches_terms(None, &[], &product.terms);
        let mut fees = places(&self.catalogue.fees, |fee| matching(&fee.products));
        crate::book::sort_fees(&self.catalogue, &mut fees);
        let cards = places(&self.catalogue.mi_cards, |card| matching(&card.products));
        let costs = CostScene {
            book: self,
            fees: &fees,
            mi_cards: &cards,
            tables: scene.tables,
            monthly: self
                .monthly(scene.scenario)
                .map_err(|error| at_once(error.into()))?,
        };
        let mut counting = Counting::of(&self.catalogue, &scene.tables.finance_charge);
        let costs = Costs::of(&costs, &product.terms, &facts, &mut counting).map_err(at_once)?;
        let values = ArmValues {
            index: product.index_value,
            margin: None,
        };
        let loan = Loan {
            terms: &product.terms,
            arm: Loan::arm_terms(&product.terms, values).map_err(at_once)?,
            costs: &costs,
        };
        offers
            .iter()
            .enumerate()
            .map(|(index, offer)| quote(&loan, scene, *offer).map_err(|problem| (index, problem)))
            .collect()
    }

    /// Quotes one rate; see [`Book::quotes`].
    ///
    /// # Errors
    /// See [`QuoteProblem`].
    pub fn quote(
        &self,
        scene: &QuoteScene<'_>,
        product: &QuotedProduct,
        offer: RateOffer,
    ) -> Result<Quote, QuoteProblem> {
        let mut quotes = self
            .quotes(scene, product, &[offer])
            .map_err(|(_, problem)| problem)?;
        quotes.pop().ok_or(QuoteProblem::NoRate)
    }

    /// A twelfth of the yearly estimates of a search's place.
    ///
    /// # Errors
    /// Field `estimate` when one cannot be held.
    pub fn monthly(&self, scenario: &Scenario) -> Result<Monthly, EngineError> {
        Ok(Monthly {
            tax: self.monthly_estimate(EstimateOf::PropertyTax, scenario)?,
            insurance: self.monthly_estimate(EstimateOf::Insurance, scenario)?,
        })
    }
}

/// Places in a list of what is wanted.
fn places<T>(list: &[T], wanted: impl Fn(&T) -> bool) -> Indices {
    let numbered = list.iter().enumerate();
    numbered
        .filter(|(_, one)| wanted(one))
        .map(|(index, _)| index)
        .collect()
}

fn quote(loan: &Loan<'_>, scene: &QuoteScene<'_>, offer: RateOffer) -> Result<Quote, QuoteProblem> {
    if !scene.with_schedule {
        let figures = loan.figures(offer.note_rate, offer.points)?;
        return Ok(Quote {
            apr: figures.apr,
            fees: figures.fees,
            schedule: Vec::new(),
        });
    }
    let (fees, terms) = loan.at(offer.note_rate, offer.points)?;
    let result = loan_apr(&terms)?;
    Ok(Quote {
        apr: result.apr.apr().ok_or(QuoteProblem::NoRate)?,
        fees,
        schedule: schedule(&result, first_due(scene.scenario.day)?)?,
    })
}

fn schedule(result: &LoanApr, first: Date) -> Result<Vec<ScheduledPayment>, EngineError> {
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
