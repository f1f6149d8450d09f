//! The stream and the rate of a loan without the list of its payments: what a quote shows, at a
//! fraction of the cost of [`loan_apr`](super::loan_apr) and equal to it in every figure.

use super::stream::{self, StreamItem};
use super::{LoanTerms, amount_financed, due_date, plan, rate_path};
use crate::apr::Solution;
use crate::error::EngineError;
use crate::money::Cents;
use crate::rate::Pct;
use crate::schedule::{RateStep, Run};
use crate::us::mi::{MiPremium, MiStop, twelfth};

/// A loan's runs of equal payments and their rate.
#[derive(Debug, Clone, PartialEq)]
pub struct LoanStream {
    /// The annual percentage rate, or why there is none.
    pub apr: Solution,
    /// Runs of equal payments: those of [`LoanApr`](super::LoanApr).
    pub payment_stream: Vec<StreamItem>,
    /// Loan amount less prepaid finance charges.
    pub amount_financed: Cents,
}

/// Finds the runs of equal payments and solves for their annual percentage rate.
///
/// # Errors
/// As [`loan_apr`](super::loan_apr), save for sums over all payments, which are not made here; of
/// several faults it may name another one.
pub fn loan_stream(terms: &LoanTerms) -> Result<LoanStream, EngineError> {
    let amount_financed = amount_financed(terms)?;
    let path = rate_path(terms)?;
    let plan = plan(terms, terms.principal, &path)?;
    let mut runs = Runs::default();
    let mut insured = Insured::of(terms)?;
    plan.walk(|before| insured.add(before), |run| runs.add(run))?;
    let premiums = premiums(terms, &path, insured.count(terms))?;
    let payment_stream = merge(terms, &runs.0, &premiums)?;
    let start = terms.first_period.start(terms.term_months)?;
    let apr = stream::solve(amount_financed, &payment_stream, start, terms.note_rate)?;
    Ok(LoanStream {
        apr,
        payment_stream,
        amount_financed,
    })
}

/// Runs of which no neighbours are equal.
#[derive(Default)]
struct Runs(Vec<Run>);

impl Runs {
    fn add(&mut self, run: Run) {
        if run.count == 0 {
            return;
        }
        let same = |last: &&mut Run| last.payment == run.payment && last.rate == run.rate;
        match self.0.last_mut().filter(same) {
            Some(last) => last.count = last.count.saturating_add(run.count),
            None => self.0.push(run),
        }
    }
}

/// Counts the payments whose balance before them is above what insurance ends at. A balance only
/// falls, so that they are the first ones.
struct Insured {
    /// Highest balance that is not insured.
    ends_at: i64,
    months: u32,
}

impl Insured {
    fn of(terms: &LoanTerms) -> Result<Self, EngineError> {
        let threshold = terms.mi.and_then(|mi| mi.stop.threshold);
        let ends_at = match threshold {
            None => 0,
            Some(threshold) => {
                threshold.check()?;
                // A whole number is above the exact mark when it is above its whole part.
                let value = i128::from(threshold.original_value.get());
                value
                    .checked_mul(i128::from(threshold.percent.e9()))
                    .and_then(|mark| mark.checked_div(i128::from(Pct::HUNDRED.e9())))
                    .and_then(|mark| i64::try_from(mark).ok())
                    .ok_or(EngineError::too_large("original_value"))?
            }
        };
        Ok(Self { ends_at, months: 0 })
    }

    fn add(&mut self, before: i64) {
        self.months = self.months.wrapping_add(u32::from(before > self.ends_at));
    }

    fn count(&self, terms: &LoanTerms) -> u32 {
        let Some(mi) = &terms.mi else { return 0 };
        let MiStop {
            threshold: _,
            max_payments,
            at_midpoint,
        } = mi.stop;
        let midpoint = at_midpoint.then_some(terms.amortization_months / 2);
        [max_payments, midpoint]
            .into_iter()
            .flatten()
            .fold(self.months, u32::min)
    }
}

/// Months in a row with one premium.
type Premium = (u32, Cents);

/// The premiums of the first `count` payments.
fn premiums(terms: &LoanTerms, path: &[RateStep], count: u32) -> Result<Vec<Premium>, EngineError> {
    let Some(mi) = &terms.mi else {
        return Ok(Vec::new());
    };
    match mi.premium {
        MiPremium::Monthly(amount) => {
            if amount.is_negative() || amount > Cents::MAX {
                let problem = crate::error::Problem::MustNotBeNegative;
                return Err(EngineError::new("monthly", problem));
            }
            Ok(vec![(count, amount)])
        }
        MiPremium::AnnualOfLoan(annual) => Ok(vec![(count, twelfth(terms.principal, annual, 1)?)]),
        MiPremium::AnnualOfBalance { annual, base_loan } => {
            let mut years = Years::default();
            plan(terms, base_loan, path)?.walk(|before| years.add(before), |_| ())?;
            years.premiums(annual, count)
        }
    }
}

/// Sums of the balances before the payments of each twelve months.
#[derive(Default)]
struct Years {
    full: Vec<i64>,
    /// Months of the year that is not full, and their sum.
    open: (u32, i64),
}

impl Years {
    fn add(&mut self, before: i64) {
        let (months, sum) = self.open;
        // Twelve balances of at most 10^17 cents fit.
        self.open = (months.wrapping_add(1), sum.wrapping_add(before));
        if months == 11 {
            self.full.push(self.open.1);
            self.open = (0, 0);
        }
    }

    fn premiums(&self, annual: Pct, count: u32) -> Result<Vec<Premium>, EngineError> {
        let mut left = count;
        let full = self.full.iter().map(|sum| (12, *sum));
        let years = full.chain([self.open].into_iter().filter(|open| open.0 > 0));
        let mut premiums = Vec::with_capacity(self.full.len().saturating_add(1));
        // Every year is worked out, also those after the end: a figure that cannot be held is
        // refused as it is with the list of payments.
        for (months, sum) in years {
            let sum = Cents::new(sum);
            if sum > Cents::MAX {
                return Err(EngineError::too_large("principal"));
            }
            let premium = twelfth(sum, annual, months)?;
            let charged = left.min(months);
            left = left.saturating_sub(charged);
            if charged > 0 {
                premiums.push((charged, premium));
            }
        }
        Ok(premiums)
    }
}

/// Cuts the runs of payments where the premium changes; equal neighbours are one run.
fn merge(
    terms: &LoanTerms,
    runs: &[Run],
    premiums: &[Premium],
) -> Result<Vec<StreamItem>, EngineError> {
    let mut items: Vec<StreamItem> = Vec::with_capacity(runs.len().saturating_add(premiums.len()));
    let mut premiums = premiums.iter().copied().filter(|(months, _)| *months > 0);
    let mut premium = premiums.next();
    let mut number: u32 = 1;
    for run in runs {
        let mut left = run.count;
        while left > 0 {
            let (count, mortgage_insurance) = match &mut premium {
                Some((months, amount)) => {
                    let (count, amount) = (left.min(*months), *amount);
                    *months = months.saturating_sub(count);
                    if *months == 0 {
                        premium = premiums.next();
                    }
                    (count, amount)
                }
                None => (left, Cents::ZERO),
            };
            left = left.saturating_sub(count);
            let same = |item: &&mut StreamItem| {
                item.principal_and_interest == run.payment
                    && item.mortgage_insurance == mortgage_insurance
                    && item.note_rate == run.rate
            };
            match items.last_mut().filter(same) {
                Some(item) => {
                    item.number_of_payments = item.number_of_payments.saturating_add(count);
                }
                None => items.push(StreamItem {
                    number_of_payments: count,
                    principal_and_interest: run.payment,
                    mortgage_insurance,
                    start: match terms.first_period.first_payment() {
                        Some(first) => Some(due_date(first, number)?),
                        None => None,
                    },
                    note_rate: run.rate,
                }),
            }
            number = number.saturating_add(count);
        }
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::super::{FirstPeriod, loan_apr};
    use super::*;
    use crate::date::Date;
    use crate::schedule::LastPayment;
    use crate::us::arm::ArmTerms;
    use crate::us::mi::{MiTerms, MiThreshold};

    fn same(terms: &LoanTerms) {
        match (loan_apr(terms), loan_stream(terms)) {
            (Ok(full), Ok(brief)) => {
                assert_eq!(full.payment_stream, brief.payment_stream, "{terms:?}");
                assert_eq!(full.apr, brief.apr, "{terms:?}");
                assert_eq!(full.amount_financed, brief.amount_financed);
            }
            // Of several faults either may name another one.
            (Err(_), Err(_)) => {}
            (full, brief) => panic!("{terms:?}: {full:?} against {brief:?}"),
        }
    }

    fn arm() -> ArmTerms {
        ArmTerms {
            first_adjustment_months: 60,
            adjustment_months: 6,
            index: Pct::new(4_300_000_000),
            margin: Pct::new(2_750_000_000),
            first_cap: Some(Pct::new(2_000_000_000)),
            periodic_cap: Some(Pct::new(1_000_000_000)),
            lifetime_cap: Some(Pct::new(5_000_000_000)),
            floor: None,
            rounding: Some(Pct::new(125_000_000)),
        }
    }

    fn insurances(principal: Cents) -> Vec<Option<MiTerms>> {
        let threshold = |value: i64| {
            Some(MiThreshold {
                original_value: Cents::new(value),
                percent: Pct::new(78_000_000_000),
            })
        };
        let stops = [
            MiStop::default(),
            MiStop {
                threshold: threshold(principal.get() * 10 / 9),
                max_payments: None,
                at_midpoint: true,
            },
            MiStop {
                threshold: threshold(principal.get() * 2),
                ..MiStop::default()
            },
            MiStop {
                max_payments: Some(132),
                ..MiStop::default()
            },
            MiStop {
                threshold: threshold(0),
                ..MiStop::default()
            },
        ];
        let premiums = [
            MiPremium::Monthly(Cents::new(8235)),
            MiPremium::Monthly(Cents::new(-1)),
            MiPremium::AnnualOfLoan(Pct::new(550_000_000)),
            MiPremium::AnnualOfLoan(Pct::ZERO),
            MiPremium::AnnualOfBalance {
                annual: Pct::new(550_000_000),
                base_loan: principal,
            },
            MiPremium::AnnualOfBalance {
                annual: Pct::new(550_000_000),
                base_loan: Cents::ZERO,
            },
        ];
        let pairs = premiums
            .iter()
            .flat_map(|premium| stops.iter().map(move |stop| (*premium, *stop)));
        let mut all: Vec<_> = pairs
            .map(|(premium, stop)| Some(MiTerms { premium, stop }))
            .collect();
        all.push(None);
        all
    }

    #[test]
    fn every_figure_is_that_of_loan_apr() {
        let dates = FirstPeriod::Dates {
            closing: Date::parse_iso("2026-11-21").unwrap(),
            first_payment: Date::parse_iso("2027-01-01").unwrap(),
            ignore_minor_irregularities: false,
        };
        for principal in [Cents::new(16_200_000), Cents::new(100), Cents::new(2)] {
            for mi in insurances(principal) {
                for (term, amortization, interest_only) in [
                    (360, 360, 0),
                    (180, 360, 0),
                    (121, 121, 60),
                    (1, 1, 0),
                    (12, 6, 0),
                ] {
                    for (note_rate, arm) in [
                        (6_125_000_000, None),
                        (0, None),
                        (6_125_000_000, Some(arm())),
                    ] {
                        for (first_period, charge) in [(FirstPeriod::Regular, 0), (dates, 50)] {
                            same(&LoanTerms {
                                amortization_months: amortization,
                                interest_only_months: interest_only,
                                arm,
                                prepaid_finance_charge: Cents::new(charge),
                                mi,
                                first_period,
                                last_payment: if charge == 0 {
                                    LastPayment::ClearsBalance
                                } else {
                                    LastPayment::Level
                                },
                                ..LoanTerms::fixed(principal, Pct::new(note_rate), term)
                            });
                        }
                    }
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn of_random_loans_too(
            principal in 1_i64..200_000_000_000,
            eighths in 0_i64..200,
            term in 1_u32..480,
            longer in 0_u32..120,
            interest_only in 0_u32..120,
            adjusts in 0_u32..2,
            kind in 0_usize..31,
        ) {
            let principal = Cents::new(principal);
            same(&LoanTerms {
                amortization_months: term + longer,
                interest_only_months: interest_only,
                arm: (adjusts == 1).then(arm),
                mi: insurances(principal)[kind],
                ..LoanTerms::fixed(principal, Pct::new(eighths * 125_000_000), term)
            });
        }
    }

    #[test]
    fn what_cannot_be_held_is_refused() {
        for (principal, rate, term) in [
            (i64::MAX, 6_000_000_000, 360),
            (0, 6_000_000_000, 360),
            (-1, 6_000_000_000, 360),
            (Cents::MAX.get(), Pct::MAX.e9(), 360),
            (Cents::MAX.get(), 10_000_000_000_000, 1200),
            (100, -1, 360),
            (100, 5, 0),
            (100, 5, 1201),
        ] {
            same(&LoanTerms::fixed(
                Cents::new(principal),
                Pct::new(rate),
                term,
            ));
        }
    }
}
