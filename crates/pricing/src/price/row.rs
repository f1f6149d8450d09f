//! Making a row of a candidate: charges, payments, rate, debt to income.

use lintel_domain::loan::Program;
use lintel_domain::product::RateKind;
use lintel_engine::error::EngineError;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_engine::us::loan_apr::{StreamItem, due_date};

use super::adjust::points_amount;
use super::candidates::Candidate;
use super::eligible::{Stage, broken, reasons_of};
use super::hpml::Hpml;
use super::product::Pricing;
use super::search::Search;
use crate::catalogue::Product;
use crate::priced::{Piti, PricedRow, StreamRun};
use crate::quote::{CostScene, Costs, Loan, QuoteProblem};
use crate::when::telling_percent;

/// Charges by the lock they are for; one for all locks when nothing of them looks at it.
#[derive(Default)]
pub(super) struct CostsByLock(Vec<CostsAt>);

struct CostsAt {
    /// The lock; none for all.
    lock_days: Option<u32>,
    found: Result<(Costs, Hpml), QuoteProblem>,
}

impl Search<'_> {
    /// Makes a row of a candidate; a reason is kept when it cannot be one.
    pub(super) fn row(
        &mut self,
        pricing: &mut Pricing<'_>,
        candidate: &Candidate,
    ) -> Option<(Candidate, PricedRow)> {
        let at = self.costs_at(pricing, candidate.lock_days);
        let (made, gap) = match pricing.costs.0.get(at).map(|made| &made.found) {
            Some(Ok((costs, hpml))) => {
                let row = self.figures(pricing, candidate, costs, hpml);
                (row, hpml.gap())
            }
            Some(Err(problem)) => (Err(*problem), None),
            None => (Err(QuoteProblem::NoCharge), None),
        };
        let row = match made {
            Ok(row) => row,
            Err(problem) => {
                let reason = || self.problem_reason(pricing.product, &problem);
                pricing.reasons.leave_out(reason);
                return None;
            }
        };
        if pricing.by_dti {
            let facts = self.facts.at_lock(candidate.lock_days);
            let facts = facts.at_dti(self.debt_to_income(&row.piti));
            if facts.dti.is_some() {
                let rules = broken(self.book, pricing.index, &facts, Stage::Row);
                let mut rules = rules.peekable();
                if rules.peek().is_some() {
                    if pricing.reasons.is_told() {
                        for reason in reasons_of(rules, &facts) {
                            pricing.reasons.leave_out(|| reason);
                        }
                    }
                    return None;
                }
            }
        }
        pricing.gap = pricing.gap.or(gap);
        Some((*candidate, row))
    }

    /// Place of the charges for a lock, worked out when they have not been.
    fn costs_at(&mut self, pricing: &mut Pricing<'_>, lock_days: u32) -> usize {
        let selected = self.book.selected(pricing.index);
        let key = selected.costs_by_lock.then_some(lock_days);
        let made = &mut pricing.costs.0;
        if let Some(at) = made.iter().position(|made| made.lock_days == key) {
            return at;
        }
        let facts = match key {
            Some(days) => self.facts.at_lock(days),
            None => self.facts,
        };
        let terms = &pricing.product.terms;
        let costs = self
            .monthly
            .map_err(QuoteProblem::from)
            .and_then(|monthly| {
                let scene = CostScene {
                    book: self.book,
                    fees: &selected.fees,
                    mi_cards: &selected.mi_cards,
                    tables: self.rules.tables,
                    monthly,
                };
                Costs::of(&scene, terms, &facts, &mut self.counting)
            });
        let costs = costs.map(|costs| {
            let hpml = Hpml::of(self.rules, &self.facts, terms, costs.charge.principal);
            (costs, hpml)
        });
        made.push(CostsAt {
            lock_days: key,
            found: costs,
        });
        made.len() - 1
    }

    fn figures(
        &self,
        pricing: &Pricing<'_>,
        candidate: &Candidate,
        costs: &Costs,
        hpml: &Hpml,
    ) -> Result<PricedRow, QuoteProblem> {
        let loan = Loan {
            terms: &pricing.product.terms,
            arm: pricing.arm,
            costs,
        };
        let figures = loan.figures(candidate.note_rate, candidate.points)?;
        let amount = points_amount(self.facts.scenario.loan_amount, candidate.points);
        let too_large = EngineError::too_large("fee");
        let monthly = self.monthly.unwrap_or_default();
        let first = figures.stream.first();
        Ok(PricedRow {
            note_rate: candidate.note_rate,
            lock_days: candidate.lock_days,
            price: candidate.price,
            points: candidate.points,
            points_amount: amount.ok_or(too_large)?,
            principal: costs.charge.principal,
            apr: figures.apr,
            is_hpml: hpml.verdict(self.rules, figures.apr),
            piti: Piti {
                principal_and_interest: first.map_or(Cents::ZERO, |i| i.principal_and_interest),
                property_taxes: monthly.tax.unwrap_or_default(),
                insurance: monthly.insurance.unwrap_or_default(),
                mortgage_insurance: first.map_or(Cents::ZERO, |i| i.mortgage_insurance),
            },
            stream: self.dated(&figures.stream)?,
            fees: figures.fees,
        })
    }

    /// Runs of payments with the days they start on. A run ends where an amount changes.
    fn dated(&self, stream: &[StreamItem]) -> Result<Vec<StreamRun>, QuoteProblem> {
        let mut runs: Vec<StreamRun> = Vec::with_capacity(stream.len());
        let mut number = 1_u32;
        for item in stream {
            let same = |run: &&mut StreamRun| {
                run.principal_and_interest == item.principal_and_interest
                    && run.mortgage_insurance == item.mortgage_insurance
            };
            match runs.last_mut().filter(same) {
                Some(run) => run.payments = run.payments.saturating_add(item.number_of_payments),
                None => runs.push(StreamRun {
                    payments: item.number_of_payments,
                    principal_and_interest: item.principal_and_interest,
                    mortgage_insurance: item.mortgage_insurance,
                    starts: due_date(self.first_due, number)?,
                }),
            }
            number = number.saturating_add(item.number_of_payments);
        }
        Ok(runs)
    }

    /// Debts and the first month's payment over income; none without an income. An income of nothing
    /// carries no debt: the ratio is the largest there is.
    fn debt_to_income(&self, piti: &Piti) -> Option<Pct> {
        let scenario = self.facts.scenario;
        let income = scenario.monthly_income?;
        let Piti {
            principal_and_interest,
            property_taxes,
            insurance,
            mortgage_insurance,
        } = *piti;
        let debts = [
            principal_and_interest,
            property_taxes,
            insurance,
            mortgage_insurance,
            scenario.monthly_debts.unwrap_or_default(),
        ];
        let sum: i128 = debts.iter().map(|part| i128::from(part.get())).sum();
        if !income.is_positive() {
            return Some(Pct::MAX);
        }
        let ratio = Pct::of_ratio(sum, i128::from(income.get()), Rounding::HalfUp);
        Some(ratio.unwrap_or(Pct::MAX))
    }

    pub(super) fn problem_reason(&self, product: &Product, problem: &QuoteProblem) -> String {
        match problem {
            QuoteProblem::NoIndexValue => match &product.terms.rate_kind {
                RateKind::Adjustable(arm) => {
                    format!(
                        "no value of its index {}",
                        arm.index.as_str().replace('_', " ")
                    )
                }
                RateKind::Fixed => "no index value".to_owned(),
            },
            QuoteProblem::NoCharge => self.no_charge(product.terms.program),
            QuoteProblem::Unusable(error) => format!("cannot be worked out: {error}"),
            QuoteProblem::NoRate => {
                "its charges and payments have no annual percentage rate".to_owned()
            }
        }
    }

    fn no_charge(&self, program: Program) -> String {
        // Cards and tables have whole percents as edges.
        let whole = Pct::new(Pct::SCALE);
        let edge = |ltv: Pct| ltv.round_to(whole, Rounding::Up);
        let ltv = self.facts.ltv;
        let ltv = telling_percent(ltv, |shown| edge(shown) == edge(ltv));
        let score = match self.facts.scenario.score {
            Some(score) => format!("score {score}"),
            None => "no score".to_owned(),
        };
        match program {
            Program::Conventional | Program::Other => {
                format!("no mortgage insurance premium for LTV {ltv}, {score}")
            }
            Program::Fha => format!("no FHA premium for LTV {ltv}"),
            Program::Va => "no VA funding fee for this purpose and down payment".to_owned(),
            Program::Usda => "no USDA fee".to_owned(),
        }
    }
}
