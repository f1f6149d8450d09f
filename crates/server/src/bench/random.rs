//! Seeded numbers for invented inputs: the same on every machine and in every run.

/// `SplitMix64`. Not for secrets.
#[derive(Debug, Clone)]
pub(super) struct Seeded(u64);

impl Seeded {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to `bound - 1`; the lean towards small numbers is below 2^-30 for the
    /// bounds used here.
    pub(super) const fn below(&mut self, bound: u64) -> u64 {
        self.next() % if bound == 0 { 1 } else { bound }
    }

    /// A whole number between two ends, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low)).unwrap_or(0);
        let step = self.below(width.saturating_add(1));
        low.saturating_add(i64::try_from(step).unwrap_or(0))
    }

    /// A fraction from 0 to 1, one left out.
    pub(super) const fn part(&mut self) -> f64 {
        // 53 bits, as many as a double has.
        (self.next() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// True in `part` of `whole` cases.
    pub(super) const fn chance(&mut self, part: u64, whole: u64) -> bool {
        self.below(whole) < part
    }

    /// One of the items.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let bound = u64::try_from(items.len()).unwrap_or(0);
        items.get(usize::try_from(self.below(bound)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_bounds_hold() {
        let draw = |seed| {
            let mut numbers = Seeded::new(seed);
            (0..1000)
                .map(|_| numbers.between(-3, 3))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        for n in -3..=3 {
            assert!(draw(1).contains(&n));
        }
        assert!(draw(7).iter().all(|n| (-3..=3).contains(n)));
    }
}
