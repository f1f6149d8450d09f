//! Which of many conditions hold where: for every band of every axis a row of bits, one a condition.
//! Those that hold in a situation are the bits all its rows share.

use std::ops::Range;

use super::space::{NumberClass, PlaceClass, Space};
use super::split::{AXES, Axis, PLACE, Varying};

/// Conditions over the bands of a space.
#[derive(Debug)]
pub(super) struct Boxes {
    words: usize,
    /// By axis, `words` for each band.
    masks: [Vec<u64>; AXES.len()],
    /// Counties that some condition names.
    named: Vec<bool>,
}

impl Boxes {
    /// Condition k of the list is bit k.
    pub(super) fn of(space: &Space, conditions: &[&Varying]) -> Self {
        let words = conditions.len().div_ceil(64).max(1);
        let mut named = vec![false; space.bands(Axis::County)];
        let masks = AXES.map(|axis| match axis {
            Axis::County => by_county(space, conditions, words, &mut named),
            _ => by_band(space, conditions, words, axis),
        });
        Self {
            words,
            masks,
            named,
        }
    }

    /// The bits of one band: what makes it differ from others.
    pub(super) fn band(&self, axis: Axis, band: usize) -> &[u64] {
        let start = band * self.words;
        let masks = self.masks[axis.index()].get(start..start + self.words);
        masks.unwrap_or_default()
    }

    /// Whether a band of counties may differ from those no condition names.
    pub(super) fn is_named(&self, county: usize) -> bool {
        self.named.get(county).copied().unwrap_or_default()
    }

    /// The conditions that hold for numbers at a place, into `bits`.
    pub(super) fn holding(&self, number: &NumberClass, place: &PlaceClass, bits: &mut Vec<u64>) {
        bits.clear();
        bits.resize(self.words, u64::MAX);
        let bands = number.iter().chain(place);
        for (axis, band) in AXES.into_iter().zip(bands) {
            let band = usize::try_from(*band).unwrap_or(usize::MAX);
            for (word, mask) in bits.iter_mut().zip(self.band(axis, band)) {
                *word &= mask;
            }
        }
    }
}

fn by_band(space: &Space, conditions: &[&Varying], words: usize, axis: Axis) -> Vec<u64> {
    let bands = space.bands(axis);
    let mut masks = vec![u64::MAX; bands * words];
    for (bit, varying) in conditions.iter().enumerate() {
        if !varying.looks_at(axis) {
            continue;
        }
        for band in 0..bands {
            if !space.holds(varying, axis, band) {
                masks[band * words + bit / 64] &= !(1 << (bit % 64));
            }
        }
    }
    masks
}

/// There are thousands of counties and each condition names a few.
fn by_county(space: &Space, conditions: &[&Varying], words: usize, named: &mut [bool]) -> Vec<u64> {
    let mut elsewhere = vec![u64::MAX; words];
    for (bit, varying) in conditions.iter().enumerate() {
        if varying.looks_at(Axis::County) {
            elsewhere[bit / 64] &= !(1 << (bit % 64));
        }
    }
    let mut masks = elsewhere.repeat(space.bands(Axis::County));
    for (bit, varying) in conditions.iter().enumerate() {
        for band in varying
            .counties
            .iter()
            .filter_map(|county| space.county(*county))
        {
            if let Some(word) = masks.get_mut(band * words + bit / 64) {
                *word |= 1 << (bit % 64);
            }
            if let Some(place) = named.get_mut(band) {
                *place = true;
            }
        }
    }
    masks
}

const _: () = assert!(PLACE + 3 == AXES.len());

/// Calls `see` with the place from the start of a range of every bit in it that is set.
pub(super) fn each_set(bits: &[u64], range: Range<usize>, mut see: impl FnMut(usize)) {
    for word in range.start / 64..range.end.div_ceil(64) {
        let mut left = bits.get(word).copied().unwrap_or_default();
        let start = word * 64;
        if range.start > start {
            left &= u64::MAX << (range.start - start);
        }
        if range.end < start + 64 {
            left &= (1 << (range.end - start)) - 1;
        }
        while left != 0 {
            let bit = usize::try_from(left.trailing_zeros()).unwrap_or_default();
            left &= left.wrapping_sub(1);
            see((start + bit).wrapping_sub(range.start));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::each_set;

    #[test]
    fn bits_are_found_within_their_ends() {
        let bits = [0b1011, 1 | 1 << 63, u64::MAX];
        let found = |from, to| {
            let mut found = Vec::new();
            each_set(&bits, from..to, |at| found.push(from + at));
            found
        };
        assert_eq!(found(0, 64), [0, 1, 3]);
        assert_eq!(found(1, 65), [1, 3, 64]);
        assert_eq!(found(65, 130), [127, 128, 129]);
        assert_eq!(found(2, 2), [] as [usize; 0]);
        assert_eq!(found(64, 192).len(), 66);
    }
}
