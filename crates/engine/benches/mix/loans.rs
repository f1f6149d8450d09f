//! Synthetic loans in the proportions of the published measurements: 80 % of 360 months, 15 % of
//! 180, 5 % of 240; 40 % level, 42 % with mortgage insurance until 78 %, 8 % with a reduced
//! renewal premium after year ten, 10 % with a 2-1 buydown. Seeded: the same on every machine.

use lintel_engine::bulk::{FixedColumns, LevelColumns};
use lintel_engine::{Cents, Pct};

/// The columns of a portfolio.
#[derive(Default)]
pub struct Loans {
    pub amount: Vec<f64>,
    pub guess: Vec<Pct>,
    pub count: [Vec<u32>; 3],
    pub payment: [Vec<f64>; 3],
    pub principal: Vec<Cents>,
    pub term: Vec<u32>,
}

/// SplitMix64.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn normal(&mut self) -> f64 {
        let (a, b) = (1.0 - self.unit(), self.unit());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

fn cents(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "small whole numbers in floats"
)]
fn whole(value: f64) -> i64 {
    value as i64
}

fn months(value: f64) -> u32 {
    u32::try_from(whole(value)).unwrap_or_default()
}

impl Loans {
    pub fn new(rows: usize, seed: u64) -> Self {
        let mut seeded = Seeded(seed);
        let mut loans = Self::default();
        for _ in 0..rows {
            loans.push(&mut seeded);
        }
        loans
    }

    fn push(&mut self, seeded: &mut Seeded) {
        let size = (12.6 + 0.45 * seeded.normal()).exp();
        let loan = (size.clamp(50_000.0, 1_200_000.0) / 100.0).round() * 100.0;
        let eighths = 36 + whole(33.0 * seeded.unit());
        let note = eighths as f64 * 0.00125;
        let term = match seeded.unit() {
            x if x < 0.8 => 360.0,
            x if x < 0.95 => 180.0,
            _ => 240.0,
        };
        let kind = seeded.unit();
        let ltv = if kind < 0.4 {
            seeded.between(0.4, 0.8)
        } else {
            seeded.between(0.805, 0.97)
        };
        let level = |yearly: f64| {
            let monthly = yearly / 12.0;
            cents(loan * monthly / (1.0 - (1.0 + monthly).powf(-term)))
        };
        let (regular, monthly) = (level(note), note / 12.0);
        let (steady, target) = (regular / monthly, 0.78 * loan / ltv);
        let cutoff = ((steady - target) / (steady - loan)).ln() / monthly.ln_1p();
        let cutoff = cutoff.ceil().clamp(1.0, term);
        let premium = cents(loan * seeded.between(0.002, 0.012) / 12.0);
        let reduced = cents(loan * 0.002 / 12.0);
        let levels = if kind < 0.4 {
            [(term, regular), (0.0, regular), (0.0, regular)]
        } else if kind < 0.82 {
            let rest = term - cutoff;
            [(cutoff, regular + premium), (0.0, regular), (rest, regular)]
        } else if kind < 0.9 {
            let first = cutoff.min(120.0);
            let second = (first + 60.0).min(term) - first;
            let rest = term - first - second;
            [
                (first, regular + premium),
                (second, regular + reduced),
                (rest, regular),
            ]
        } else {
            let bought = |points: f64| level(note - points / 100.0);
            [
                (12.0, bought(2.0)),
                (12.0, bought(1.0)),
                (term - 24.0, regular),
            ]
        };
        let fees = cents(loan * seeded.between(0.0, 0.03) + seeded.between(600.0, 3500.0));
        self.amount.push(loan - fees);
        self.guess.push(Pct::new(eighths * 125_000_000));
        for (level, (count, payment)) in levels.into_iter().enumerate() {
            self.count[level].push(months(count));
            self.payment[level].push(payment);
        }
        self.principal.push(Cents::new(whole(loan * 100.0)));
        self.term.push(months(term));
    }

    pub fn levels(&self) -> LevelColumns<'_> {
        let [c0, c1, c2] = self.count.each_ref().map(Vec::as_slice);
        let [p0, p1, p2] = self.payment.each_ref().map(Vec::as_slice);
        LevelColumns {
            amount_financed: &self.amount,
            guess: &self.guess,
            count: [c0, c1, c2, &[]],
            payment: [p0, p1, p2, &[]],
        }
    }

    pub fn fixed(&self) -> FixedColumns<'_> {
        FixedColumns {
            principal: &self.principal,
            rate: &self.guess,
            term_months: &self.term,
        }
    }
}
