//! What a programme charges for insurance or guarantee: once up front, and with each payment.

use lintel_domain::loan::{Program, Purpose};
use lintel_domain::product::ProductTerms;
use lintel_domain::quote::QuoteTables;
use lintel_domain::scenario::Flag;
use lintel_engine::error::EngineError;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, MiThreshold};
use lintel_engine::us::programs::conventional_mi::{CardKey, annual_premium};
use lintel_engine::us::programs::fha::{FhaCase, annual_mip, upfront_mip};
use lintel_engine::us::programs::usda::upfront_fee;
use lintel_engine::us::programs::va::{VaPurpose, VaUse, funding_fee, funding_fee_amount};

use super::QuoteProblem;
use crate::book::{Book, Indices};
use crate::scenario::Scenario;
use crate::when::{Facts, in_force};

/// Loan-to-value above which a conventional loan needs mortgage insurance, in percent.
const MI_ABOVE_LTV: Pct = Pct::new(80_000_000_000);
/// Scheduled loan-to-value at which it ends by law: Homeowners Protection Act, 12 USC 4902(b).
const MI_ENDS_AT_LTV: Pct = Pct::new(78_000_000_000);

/// The charge of a programme on one loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgramCharge {
    /// The amount of the note: base loan and what is financed on top.
    pub principal: Cents,
    /// The up-front charge as a closing cost, financed or not.
    pub upfront: Option<UpfrontCost>,
    /// What is paid with each payment.
    pub monthly: Option<MiTerms>,
}

/// An up-front charge of a programme: a closing cost of section B.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpfrontCost {
    /// Name shown to people.
    pub name: &'static str,
    /// MISMO fee type.
    pub mismo_type: &'static str,
    /// How much; positive.
    pub amount: Cents,
}

/// What a charge is found by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChargeScene<'a> {
    pub(crate) book: &'a Book,
    /// Places of the cards in the catalogue's list that are for the product, in its order.
    pub(crate) mi_cards: &'a Indices,
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) tables: &'a QuoteTables,
}

/// Works out a programme's charge on a product of the catalogue (its place in the list).
///
/// # Errors
/// No charge known where one is due; a loan amount or table figure outside the engine's bounds.
pub fn program_charge(
    book: &Book,
    product: usize,
    terms: &ProductTerms,
    facts: &Facts<'_>,
    tables: &QuoteTables,
) -> Result<ProgramCharge, QuoteProblem> {
    ChargeScene {
        book,
        mi_cards: &book.selected(product).mi_cards,
        facts,
        tables,
    }
    .charge(terms)
}

impl ChargeScene<'_> {
    pub(crate) fn charge(&self, terms: &ProductTerms) -> Result<ProgramCharge, QuoteProblem> {
        let principal = self.facts.scenario.loan_amount;
        match terms.program {
            Program::Conventional => Ok(ProgramCharge {
                principal,
                upfront: None,
                monthly: self.conventional(terms)?,
            }),
            Program::Fha => self.fha(terms),
            Program::Va => self.va(),
            Program::Usda => self.usda(),
            Program::Other => Ok(ProgramCharge {
                principal,
                upfront: None,
                monthly: None,
            }),
        }
    }

    /// Borrower-paid insurance by the card, until the scheduled balance is 78 % of the value or half
    /// the term is over.
    fn conventional(&self, terms: &ProductTerms) -> Result<Option<MiTerms>, QuoteProblem> {
        if terms.lender_paid_mi || self.facts.ltv <= MI_ABOVE_LTV {
            return Ok(None);
        }
        let annual = self.annual_of_cards(terms)?;
        if annual.is_zero() {
            return Ok(None);
        }
        let threshold = MiThreshold {
            original_value: self.facts.scenario.home_price,
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

    /// The first card of the catalogue that is for the search, with its adjusters; the rule book's
    /// card when there is none. Adjusters that take off more than the premium leave none.
    fn annual_of_cards(&self, terms: &ProductTerms) -> Result<Pct, QuoteProblem> {
        let facts = self.facts;
        let key = CardKey {
            ltv: facts.ltv,
            score: facts.scenario.score.unwrap_or(self.tables.mi_assumed_score),
            term_months: terms.term_months,
            coverage: None,
        };
        let mut cards = self.mi_cards.iter();
        let card = cards.find_map(|index| {
            let card = self.book.catalogue.mi_cards.get(index)?;
            let holds = in_force(&card.days, facts.scenario.day) && card.when.holds(facts);
            holds.then_some(card)
        });
        let Some(card) = card else {
            return annual_premium(&self.tables.mi_card, &key).ok_or(QuoteProblem::NoCharge);
        };
        let base = annual_premium(&card.rows, &key).ok_or(QuoteProblem::NoCharge)?;
        let mut adjusters = card.adjusters.iter().filter(|(when, _)| when.holds(facts));
        adjusters
            .try_fold(base, |sum, (_, adjuster)| sum.checked_add(*adjuster))
            .map(|annual| annual.max(Pct::ZERO))
            .ok_or(QuoteProblem::Unusable(EngineError::too_large(
                "annual_percent",
            )))
    }

    fn fha(&self, terms: &ProductTerms) -> Result<ProgramCharge, QuoteProblem> {
        let (scenario, tables) = (self.facts.scenario, self.tables);
        let base = scenario.loan_amount;
        let upfront = upfront_mip(base, tables.fha_upfront)?;
        let (case, term) = (FhaCase::Standard, terms.term_months);
        let row = annual_mip(&tables.fha_annual, case, term, base, self.facts.ltv)
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
        let finances = scenario.flags.has(Flag::FinancesUpfrontFee);
        Ok(ProgramCharge {
            principal: if finances { upfront.total_loan } else { base },
            upfront: upfront_cost(
                "FHA Upfront Mortgage Insurance Premium",
                "MIUpfrontPremium",
                upfront.premium,
            ),
            monthly,
        })
    }

    /// VA's funding fee in percent of the base loan.
    pub(crate) fn va_rate(&self) -> Result<Pct, QuoteProblem> {
        let scenario = self.facts.scenario;
        let used = stated_use(scenario).unwrap_or(VaUse::First);
        va_rate(scenario, self.tables, used)
    }

    fn va(&self) -> Result<ProgramCharge, QuoteProblem> {
        let scenario = self.facts.scenario;
        let base = scenario.loan_amount;
        let fee = funding_fee_amount(base, self.va_rate()?)?;
        let financed = base
            .checked_add(fee)
            .ok_or(EngineError::too_large("principal"))?;
        Ok(ProgramCharge {
            principal: if scenario.finances_va_fee {
                financed
            } else {
                base
            },
            upfront: upfront_cost("VA Funding Fee", "VAFundingFee", fee),
            monthly: None,
        })
    }

    fn usda(&self) -> Result<ProgramCharge, QuoteProblem> {
        let (scenario, tables) = (self.facts.scenario, self.tables);
        let base = scenario.loan_amount;
        let upfront = upfront_fee(base, tables.usda_upfront, scenario.finances_usda_fee)?;
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
}

/// Criterion (`additionalCriteria`) that says whether VA's entitlement was used before: `First` or
/// `Subsequent`.
pub(crate) const VA_USE: &str = "VAUse";
/// Criterion that says that the borrower is exempt from VA's funding fee: `1`.
pub(crate) const VA_EXEMPT: &str = "VAExempt";

fn stated<'a>(scenario: &'a Scenario, name: &str) -> Option<&'a str> {
    let mut criteria = scenario.criteria.iter();
    let found = criteria.find(|(own, _)| own.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

/// The use of the entitlement as it is stated; none when it is not, or in another word.
fn stated_use(scenario: &Scenario) -> Option<VaUse> {
    let word = stated(scenario, VA_USE)?;
    let is = |one: &str| word.eq_ignore_ascii_case(one);
    if is("First") {
        Some(VaUse::First)
    } else {
        is("Subsequent").then_some(VaUse::Later)
    }
}

fn is_exempt(scenario: &Scenario) -> bool {
    stated(scenario, VA_EXEMPT) == Some("1")
}

/// VA's funding fee in percent of the base loan at a use of the entitlement.
fn va_rate(scenario: &Scenario, tables: &QuoteTables, used: VaUse) -> Result<Pct, QuoteProblem> {
    let is_streamline = scenario.flags.has(Flag::Streamline);
    let purpose = match (scenario.purpose, is_streamline) {
        (Purpose::Purchase, _) => VaPurpose::Purchase,
        (Purpose::Refinance, true) => VaPurpose::RateReduction,
        (Purpose::Refinance | Purpose::RefinanceCashOut, _) => VaPurpose::CashOut,
    };
    let (fees, exempt) = (&tables.va_funding_fee, is_exempt(scenario));
    funding_fee(fees, purpose, used, down_payment(scenario)?, exempt).ok_or(QuoteProblem::NoCharge)
}

/// Whether VA's funding fee was taken to be that of a first use because nothing says so, and a later
/// one has another.
pub(crate) fn assumes_first_use(scenario: &Scenario, tables: &QuoteTables) -> bool {
    let of = |used| va_rate(scenario, tables, used).ok();
    stated_use(scenario).is_none() && of(VaUse::First) != of(VaUse::Later)
}

/// Percent of the price: the smaller of what is stated and what price and loan leave over. A down
/// payment that the loan pays back is none.
fn down_payment(scenario: &Scenario) -> Result<Pct, QuoteProblem> {
    let price = scenario.home_price;
    let left = price
        .checked_sub(scenario.loan_amount)
        .unwrap_or(Cents::ZERO);
    let down = scenario
        .down_payment
        .map_or(left, |stated| stated.min(left))
        .max(Cents::ZERO);
    let (down, price) = (i128::from(down.get()), i128::from(price.get()));
    Pct::of_ratio(down, price, Rounding::HalfUp).ok_or(QuoteProblem::NoCharge)
}

/// Basis points as a percentage: one is 0.01 %.
fn basis_points(points: u32) -> Pct {
    const ONE: i64 = 10_000_000;
    Pct::new(i64::from(points).saturating_mul(ONE))
}

fn upfront_cost(
    name: &'static str,
    mismo_type: &'static str,
    amount: Cents,
) -> Option<UpfrontCost> {
    amount.is_positive().then_some(UpfrontCost {
        name,
        mismo_type,
        amount,
    })
}
