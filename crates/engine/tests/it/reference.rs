//! The annual percentage rate of seeded random loans against the defining equation summed payment
//! by payment with 220 bits (66 digits).
//!
//! Instead of searching for a root twice, the reference is evaluated a billionth of a percent below
//! and above the engine's answer: a change of sign proves the true root lies between.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use lintel_engine::unit_period::{UnitPeriod, interval};
use lintel_engine::us::arm::ArmTerms;
use lintel_engine::us::loan_apr::{FirstPeriod, LoanApr, LoanTerms, loan_apr};
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms, MiThreshold};
use lintel_engine::{Cents, Date, Pct};

type Big = FBig<HalfEven, 2>;

fn big(value: i64) -> Big {
    Big::from(value).with_precision(220).value()
}

/// A small linear congruential generator: the same loans on every machine.
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    pub(crate) fn below(&mut self, bound: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % u64::try_from(bound).unwrap()).unwrap()
    }
}

fn arm(seeded: &mut Seeded) -> ArmTerms {
    let points = |value: i64| Pct::new(value * 125_000_000);
    ArmTerms {
        first_adjustment_months: [12, 36, 60, 84, 120][usize::try_from(seeded.below(5)).unwrap()],
        adjustment_months: [6, 12][usize::try_from(seeded.below(2)).unwrap()],
        index: points(seeded.below(60)),
        margin: points(16 + seeded.below(8)),
        first_cap: Some(points(16)),
        periodic_cap: Some(points(8)),
        lifetime_cap: Some(points(40)),
        floor: Some(points(16)),
        rounding: Some(points(1)),
    }
}

fn insurance(seeded: &mut Seeded, principal: Cents) -> MiTerms {
    let original_value = Cents::new(principal.get() * 100 / (81 + seeded.below(16)));
    let threshold = MiThreshold {
        original_value,
        percent: Pct::new(78_000_000_000),
    };
    let annual = Pct::new((20 + seeded.below(160)) * 10_000_000);
    if seeded.below(3) == 0 {
        let premium = MiPremium::AnnualOfBalance {
            annual,
            base_loan: principal,
        };
        let stop = MiStop {
            max_payments: Some(132),
            ..MiStop::default()
        };
        return MiTerms { premium, stop };
    }
    let stop = MiStop {
        threshold: Some(threshold),
        max_payments: None,
        at_midpoint: true,
    };
    MiTerms {
        premium: MiPremium::AnnualOfLoan(annual),
        stop,
    }
}

fn random_loan(seeded: &mut Seeded) -> LoanTerms {
    let principal = Cents::new(5_000_000 + seeded.below(100_000_000));
    let term = u32::try_from(
        [60, 120, 180, 240, 300, 360, 480][usize::try_from(seeded.below(7)).unwrap()],
    )
    .unwrap();
    let mut terms = LoanTerms {
        prepaid_finance_charge: Cents::new(seeded.below(principal.get() / 20)),
        ..LoanTerms::fixed(
            principal,
            Pct::new(1_000_000_000 + seeded.below(12_000_000_000)),
            term,
        )
    };
    if seeded.below(3) == 0 {
        terms.arm = Some(arm(seeded));
    }
    if seeded.below(2) == 0 {
        terms.mi = Some(insurance(seeded, principal));
    }
    if seeded.below(4) == 0 {
        terms.interest_only_months = term / 4;
    }
    if seeded.below(2) == 0 {
        let closing = Date::new(2026, 1, 1)
            .unwrap()
            .add_days(i32::try_from(seeded.below(365)).unwrap());
        let closing = closing.unwrap();
        let first = closing
            .add_days(20 + i32::try_from(seeded.below(50)).unwrap())
            .unwrap();
        terms.first_period = FirstPeriod::Dates {
            closing,
            first_payment: first.add_months(1).unwrap().first_of_month(),
            ignore_minor_irregularities: false,
        };
    }
    terms
}

/// Present value of the payments less the amount financed, at a rate in 10^-9 percent a year.
fn balance_at(loan: &LoanApr, start: (u32, u32), pct_e9: i64) -> Big {
    let rate = big(pct_e9) / big(1_200_000_000_000);
    let discount = big(1) / (big(1) + rate.clone());
    let odd = big(1) + rate * big(i64::from(start.1)) / big(30);
    let mut power = big(1) / odd;
    for _ in 0..start.0 {
        power *= discount.clone();
    }
    let mut value = big(0);
    for row in &loan.rows {
        let cents = row.row.payment.get() + row.mortgage_insurance.get();
        value += power.clone() * big(cents);
        power *= discount.clone();
    }
    value - big(loan.amount_financed.get())
}

#[test]
fn four_hundred_random_loans_agree_to_a_billionth_of_a_percent() {
    let mut seeded = Seeded(20_261_121);
    for number in 0..400 {
        let terms = random_loan(&mut seeded);
        let loan = loan_apr(&terms).unwrap();
        let start = match terms.first_period {
            FirstPeriod::Regular => (1, 0),
            FirstPeriod::Dates {
                closing,
                first_payment,
                ..
            } => {
                let found = interval(closing, first_payment, UnitPeriod::Months(1), false).unwrap();
                (found.whole, found.fraction.num)
            }
        };
        let apr = loan
            .apr
            .apr()
            .unwrap_or_else(|| panic!("loan {number}: {:?}", loan.apr))
            .e9();
        let below = balance_at(&loan, start, apr - 1);
        let above = balance_at(&loan, start, apr + 1);
        assert!(
            below > big(0) && above < big(0),
            "loan {number}: {terms:?} gave {apr}"
        );
    }
}
