//! Line numbers without a list of all lines.

/// Bytes between two counts. Small enough to count quickly, large enough that an 8 MiB document
/// needs 2,048 numbers only.
const STEP: usize = 4096;

/// Line breaks before each step of a text.
pub(super) struct Lines(Vec<u32>);

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let mut breaks = 0_u32;
        let counts = text.as_bytes().chunks(STEP).map(|chunk| {
            let before = breaks;
            breaks = breaks.saturating_add(count(chunk));
            before
        });
        Self(counts.collect())
    }

    /// The line of a byte offset into the same text, counted from 1.
    pub(super) fn at(&self, text: &str, offset: usize) -> u32 {
        let step = offset / STEP;
        let before = self.0.get(step).copied().unwrap_or(0);
        let rest = text
            .as_bytes()
            .get(step.saturating_mul(STEP)..offset)
            .map_or(0, count);
        before.saturating_add(rest).saturating_add(1)
    }
}

fn count(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|b| **b == b'\n').count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_from_the_start() {
        let text = "abc\n".repeat(5_000);
        let lines = Lines::new(&text);
        for offset in [0, 3, 4, 4_095, 4_096, 4_097, 12_288, 19_999, 20_000] {
            let counted = text[..offset].matches('\n').count() + 1;
            assert_eq!(
                usize::try_from(lines.at(&text, offset)).expect("small"),
                counted,
                "{offset}"
            );
        }
    }
}
