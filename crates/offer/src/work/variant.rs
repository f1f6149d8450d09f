//! The engine's answer in the words of a calculation.

use lintel_domain::finding::Finding;
use lintel_engine::money::Cents;
use lintel_engine::pt::costs::{Charge, Requirement, Timing};
use lintel_engine::pt::simulation::Simulation;
use lintel_taxonomy::{List, by_code};

use super::costs::{Sources, compulsory};
use super::{Law, Worked, choice, failed, refused};
use crate::calculation::{
    Choice, Cost, CostOrigin, CostTiming, Illustrative, Instalments, InsuranceKind, InsuranceLine,
    Month, Phase, PhaseKind, Totals, Variant,
};
use crate::check::{Checked, Rate};

/// Months of a year.
const YEAR: u32 = 12;

/// What answers are cut from.
pub(super) struct Cut<'a> {
    pub(super) checked: &'a Checked<'a>,
    pub(super) sources: &'a Sources<'a>,
    pub(super) law: &'a Law<'a>,
}

impl Cut<'_> {
    pub(super) fn variant(&self, worked: &Worked, cross_selling: bool) -> Result<Variant, Finding> {
        let taeg = worked.taeg.apr().ok_or_else(failed)?;
        let illustrative = worked.illustrative.map(|found| {
            Ok::<_, Finding>(Illustrative {
                taeg: found.taeg.apr().ok_or_else(failed)?,
                tan: found.tan,
                highest_instalment: found.highest_instalment,
            })
        });
        let premiums = worked.premiums.iter().filter(|premium| premium.in_taeg);
        let totals = worked.totals;
        Ok(Variant {
            cross_selling,
            tan: worked.tans.first,
            spread: worked.tans.spread,
            variable_tan: worked.tans.variable,
            taeg,
            phases: self.phases(worked),
            instalments: Instalments {
                utilisation: worked.instalments.utilisation,
                first: worked.instalments.first,
                variable: worked.instalments.variable,
                highest: worked.instalments.highest,
                last: worked.instalments.last,
            },
            totals: Totals {
                mtic: totals.mtic,
                total_cost: totals.total_cost,
                interest: totals.interest,
                credit_duty: totals.credit_duty,
                interest_duty: totals.interest_duty,
                charges: totals.charges,
                fee_duty: totals.fee_duty,
                premiums: Cents::try_sum(premiums.map(|premium| premium.total))
                    .map_err(|_| failed())?,
            },
            illustrative: illustrative.transpose()?,
            costs: self.costs(worked, cross_selling)?,
            upfront: worked.upfront,
            months: worked.months.iter().map(month).collect(),
        })
    }

    /// Utilisation, fixed and variable months. Rates change where a mixed rate's fixed period ends.
    fn phases(&self, worked: &Worked) -> Vec<Phase> {
        let mut phases: Vec<Phase> = Vec::with_capacity(3);
        let fixed_until = match self.checked.rate {
            Rate::Fixed { .. } => self.checked.term_months,
            Rate::Variable { .. } => 0,
            Rate::Mixed { fixed_months, .. } => fixed_months,
        };
        for month in &worked.months {
            let number = month.row.number;
            let indexed = number > fixed_until;
            let kind = if number <= self.checked.utilisation_months {
                PhaseKind::Utilisation
            } else if indexed {
                PhaseKind::Variable
            } else {
                PhaseKind::Fixed
            };
            match phases.last_mut() {
                Some(phase) if phase.kind == kind && phase.indexed == indexed => {
                    phase.last_month = number;
                }
                Some(_) | None => phases.push(Phase {
                    kind,
                    first_month: number,
                    last_month: number,
                    tan: month.row.rate,
                    indexed,
                    instalment: month.row.payment,
                }),
            }
        }
        phases
    }

    /// What counts in the TAEG of the variant: stamp duties, charges, premiums.
    fn costs(&self, worked: &Worked, with: bool) -> Result<Vec<Cost>, Finding> {
        let mut costs = Vec::with_capacity(self.sources.charges.len().saturating_add(6));
        let totals = &worked.totals;
        if totals.credit_duty.is_positive() {
            let once = (totals.credit_duty, totals.credit_duty);
            costs.push(duty("credit_stamp_duty", CostTiming::Contract, once)?);
        }
        if totals.interest_duty.is_positive() {
            let interest = worked.months.first().map(|month| month.row.interest);
            let interest = interest.unwrap_or(Cents::ZERO);
            let first = self.law.duties.on_interest(interest, self.checked.own_home);
            let months = (first.map_err(refused)?, totals.interest_duty);
            costs.push(duty("interest_stamp_duty", CostTiming::Monthly, months)?);
        }
        for source in &self.sources.charges {
            let cost = self.charge(&source.charge, source.kind, source.origin, with)?;
            costs.extend(cost.filter(|cost| cost.in_taeg));
        }
        for (kind, code) in [
            (InsuranceKind::Life, "life_insurance"),
            (InsuranceKind::MultiRisk, "home_insurance"),
        ] {
            costs.extend(self.insurance(worked, kind, code, with)?);
        }
        Ok(costs)
    }

    /// All premiums of an insurance that count in the variant, as one cost.
    fn insurance(
        &self,
        worked: &Worked,
        kind: InsuranceKind,
        code: &str,
        with: bool,
    ) -> Result<Option<Cost>, Finding> {
        let (mut first, mut total) = (Cents::ZERO, Cents::ZERO);
        let (mut varies, mut counts, mut only_with) = (false, false, true);
        for insured in self
            .sources
            .insured
            .iter()
            .filter(|insured| insured.kind == kind)
        {
            let place = if with {
                insured.premiums.1
            } else {
                insured.premiums.0
            };
            let paid = place.and_then(|place| worked.premiums.get(place));
            let Some(paid) = paid.filter(|paid| paid.in_taeg) else {
                continue;
            };
            counts = true;
            first = first.checked_add(paid.first).ok_or_else(failed)?;
            total = total.checked_add(paid.total).ok_or_else(failed)?;
            varies = varies || paid.varies;
            only_with = only_with && insured.premiums.0.is_none();
        }
        if !counts {
            return Ok(None);
        }
        Ok(Some(Cost {
            kind: named(code)?,
            origin: CostOrigin::ThirdParty,
            timing: CostTiming::Monthly,
            amount: first,
            duty: Cents::ZERO,
            total: first,
            over_term: total,
            varies,
            compulsory: true,
            only_with_cross_selling: only_with,
            in_taeg: true,
        }))
    }

    /// A charge in a variant; none when it is not paid there.
    fn charge(
        &self,
        charge: &Charge,
        kind: &Choice,
        origin: CostOrigin,
        with: bool,
    ) -> Result<Option<Cost>, Finding> {
        let classified = charge
            .classify(self.law.costs, self.law.duties, with)
            .map_err(refused)?;
        if !classified.paid {
            return Ok(None);
        }
        let times = times(charge.timing, self.checked.term_months);
        Ok(Some(Cost {
            kind: kind.clone(),
            origin,
            timing: match charge.timing {
                Timing::Upfront => CostTiming::Contract,
                Timing::Monthly => CostTiming::Monthly,
                Timing::Yearly => CostTiming::Yearly,
            },
            amount: classified.amount,
            duty: classified.duty,
            total: classified.total,
            over_term: classified.total.checked_mul(times).ok_or_else(failed)?,
            varies: false,
            compulsory: compulsory(charge.required_for),
            only_with_cross_selling: charge.required_for == Requirement::Bundle,
            in_taeg: classified.in_taeg,
        }))
    }

    /// Every charge of the bank and of third parties, in the variant asked for. One that is only paid with
    /// the bundled products is listed in either case, with nothing over the term where it is not paid.
    pub(super) fn bank_charges(&self, with: bool) -> Result<Vec<Cost>, Finding> {
        let mut all = Vec::with_capacity(self.sources.charges.len());
        for source in &self.sources.charges {
            let charge = &source.charge;
            let paid = self.charge(charge, source.kind, source.origin, with)?;
            let listed = match paid {
                Some(paid) => Some(paid),
                None => self
                    .charge(charge, source.kind, source.origin, true)?
                    .map(|cost| Cost {
                        over_term: Cents::ZERO,
                        ..cost
                    }),
            };
            all.extend(listed);
        }
        Ok(all)
    }

    pub(super) fn insurances(&self, done: &Simulation) -> Vec<InsuranceLine> {
        let lines = self.sources.insured.iter().map(|insured| {
            let paid = |worked: Option<&Worked>, place: Option<usize>| {
                worked
                    .zip(place)
                    .and_then(|(worked, place)| worked.premiums.get(place).copied())
            };
            let without = paid(Some(&done.without_products), insured.premiums.0);
            let with = paid(done.with_products.as_ref(), insured.premiums.1);
            let varies = without.or(with).is_some_and(|paid| paid.varies);
            InsuranceLine {
                kind: insured.kind,
                borrower: insured.borrower,
                external: insured.external,
                compulsory: insured.compulsory,
                insured: insured.insured,
                monthly_without: without.map_or(Cents::ZERO, |paid| paid.first),
                monthly_with: with.map_or(Cents::ZERO, |paid| paid.first),
                total_without: without.map_or(Cents::ZERO, |paid| paid.total),
                total_with: with.map_or(Cents::ZERO, |paid| paid.total),
                varies,
            }
        });
        lines.collect()
    }
}

/// How often a charge is paid; yearly ones at the contract and on each anniversary before maturity.
fn times(timing: Timing, term_months: u32) -> i64 {
    match timing {
        Timing::Upfront => 1,
        Timing::Monthly => i64::from(term_months),
        Timing::Yearly => i64::from(term_months.div_ceil(YEAR)),
    }
}

fn named(code: &str) -> Result<Choice, Finding> {
    by_code(List::BankChargeTypes, code)
        .map(choice)
        .ok_or_else(failed)
}

/// A stamp duty, the first time and over the term; that on interest changes with the interest.
fn duty(
    code: &str,
    timing: CostTiming,
    (amount, over_term): (Cents, Cents),
) -> Result<Cost, Finding> {
    Ok(Cost {
        kind: named(code)?,
        origin: CostOrigin::State,
        timing,
        amount,
        duty: Cents::ZERO,
        total: amount,
        over_term,
        varies: timing != CostTiming::Contract,
        compulsory: true,
        only_with_cross_selling: false,
        in_taeg: true,
    })
}

fn month(month: &lintel_engine::aprc::table::Instalment) -> Month {
    Month {
        interest: month.row.interest,
        capital: month.row.principal,
        other_costs: month.other_costs,
        remaining: month.row.balance,
    }
}
