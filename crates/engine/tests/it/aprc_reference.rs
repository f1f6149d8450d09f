//! The annual percentage rate of charge of seeded random credits against the equation of Annex I
//! summed payment by payment with 220 bits (66 digits): a change of sign within a billionth of a
//! percent around the engine's answer proves the true root lies there.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use lintel_engine::Cents;
use lintel_engine::aprc::{Flow, Years, solve};

type Big = FBig<HalfEven, 2>;

fn big(value: i64) -> Big {
    Big::from(value).with_precision(220).value()
}

/// A small linear congruential generator: the same credits on every machine.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: i64) -> i64 {
        let (times, plus) = (6_364_136_223_846_793_005, 1_442_695_040_888_963_407);
        self.0 = self.0.wrapping_mul(times).wrapping_add(plus);
        i64::try_from((self.0 >> 33) % u64::try_from(bound).unwrap()).unwrap()
    }
}

/// A payment in cents at `first + number` periods.
struct Credit {
    net_cents: i64,
    first: Years,
    period: Years,
    payments_cents: Vec<i64>,
}

impl Credit {
    fn random(seeded: &mut Seeded) -> Self {
        let net_cents = 100_000 + seeded.below(100_000_000);
        let count = 1 + seeded.below(480);
        let average = net_cents / count;
        let level = average + 1 + seeded.below(average + 1);
        let random = seeded.below(2) == 0;
        let mut payment = || {
            if random {
                1 + seeded.below(2 * level)
            } else {
                level
            }
        };
        let payments_cents = (0..count).map(|_| payment()).collect();
        let period = [Years::MONTH, Years::WEEK, Years::ONE];
        let period = period[usize::try_from(seeded.below(3)).unwrap()];
        let odd = Years::try_new(seeded.below(30), 365 + seeded.below(2)).unwrap();
        Self {
            net_cents,
            first: period.checked_add(odd).unwrap(),
            period,
            payments_cents,
        }
    }

    fn flows(&self) -> Vec<Flow> {
        let mut flows = vec![Flow::received(Years::ZERO, Cents::new(self.net_cents))];
        let mut time = self.first;
        for cents in &self.payments_cents {
            flows.push(Flow::paid(time, Cents::new(*cents)));
            time = time.checked_add(self.period).unwrap();
        }
        flows
    }

    /// Received less paid at a rate in billionths of a percent.
    fn balance(&self, pct_e9: i64) -> Big {
        let hundred = big(100_000_000_000);
        let logarithm = ((hundred.clone() + big(pct_e9)) / hundred).ln();
        let discount = |time: Years| {
            let (num, den) = time.parts();
            (logarithm.clone() * big(-num) / big(den)).exp()
        };
        let step = discount(self.period);
        let mut worth = discount(self.first);
        let mut balance = big(self.net_cents);
        for cents in &self.payments_cents {
            balance -= worth.clone() * big(*cents);
            worth *= step.clone();
        }
        balance
    }
}

#[test]
fn the_root_lies_within_a_billionth_of_a_percent() {
    let mut seeded = Seeded(20_141_017);
    let mut solved = 0;
    for _ in 0..300 {
        let credit = Credit::random(&mut seeded);
        let Some(rate) = solve(&credit.flows()).unwrap().apr() else {
            continue;
        };
        // Above some thousands of percent the last of nine digits is finer than a float.
        if rate.e9() > 1_000_000_000_000 {
            continue;
        }
        solved += 1;
        let zero = big(0);
        let (below, above) = (credit.balance(rate.e9() - 1), credit.balance(rate.e9() + 1));
        assert!(below < zero && above > zero, "{rate} %");
    }
    assert!(solved > 200, "{solved}");
}
