//! The table as `scripts/make-places` wrote it, found in the program by position.
//!
//! All numbers are little-endian. After a head of 40 bytes, which is the magic word with the
//! version, the FNV-1a hash of the rest, five counts of 32 bits (ZIPs, counties, states, names,
//! bytes of all names) and four spare bytes, come these columns without gaps:
//!
//! | column | of | bits |
//! |---|---|---|
//! | ZIP code, ascending | ZIP | 32 |
//! | county code, ascending | county | 32 |
//! | where a name begins, and the end of the last | name | 32 |
//! | name of the city | ZIP | 16 |
//! | county, or [`NO_COUNTY`] | ZIP | 16 |
//! | name | county | 16 |
//! | state | ZIP | 8 |
//! | state | county | 8 |
//! | two letters | state | 16 |
//! | the names, end to end | | |

use crate::states::STATES;

/// Marks a ZIP that lies in no county.
const NO_COUNTY: u16 = u16::MAX;
/// First bytes of a table of the version this file reads.
const MAGIC: &[u8] = b"LNTLPLC1";
/// Bytes before the first column.
const HEAD: usize = 40;

/// Columns of the table, cut apart when the program is compiled.
pub(crate) struct Table {
    zips: &'static [[u8; 4]],
    fips: &'static [[u8; 4]],
    name_ends: &'static [[u8; 4]],
    cities: &'static [[u8; 2]],
    counties: &'static [[u8; 2]],
    county_names: &'static [[u8; 2]],
    states: &'static [u8],
    county_states: &'static [u8],
    names: &'static [u8],
}

/// The table in the program.
pub(crate) static TABLE: Table = Table::cut(include_bytes!("../../../data/us/places/places.bin"));

impl Table {
    /// Evaluated by the compiler: a table of another version or length does not compile.
    const fn cut(file: &'static [u8]) -> Self {
        assert!(file.len() >= HEAD, "the table of places is cut off");
        let mut at = 0;
        while at < MAGIC.len() {
            assert!(
                file[at] == MAGIC[at],
                "the table of places has another version"
            );
            at += 1;
        }
        let zips = count(file, 16);
        let counties = count(file, 20);
        let states = count(file, 24);
        let names = count(file, 28);
        let name_bytes = count(file, 32);
        let (_, rest) = file.split_at(HEAD);
        let (zip_column, rest) = rest.split_at(4 * zips);
        let (fips_column, rest) = rest.split_at(4 * counties);
        let (name_column, rest) = rest.split_at(4 * (names + 1));
        let (city_column, rest) = rest.split_at(2 * zips);
        let (county_column, rest) = rest.split_at(2 * zips);
        let (county_name_column, rest) = rest.split_at(2 * counties);
        let (state_column, rest) = rest.split_at(zips);
        let (county_state_column, rest) = rest.split_at(counties);
        let (code_column, rest) = rest.split_at(2 * states);
        assert!(
            rest.len() == name_bytes,
            "the table of places has another length"
        );
        assert!(
            states == STATES.len(),
            "the table of places has other states"
        );
        let mut at = 0;
        while at < states {
            let code = STATES[at].code.as_bytes();
            let same = code.len() == 2
                && code[0] == code_column[2 * at]
                && code[1] == code_column[2 * at + 1];
            assert!(same, "the table of places has other states");
            at += 1;
        }
        Self {
            zips: zip_column.as_chunks().0,
            fips: fips_column.as_chunks().0,
            name_ends: name_column.as_chunks().0,
            cities: city_column.as_chunks().0,
            counties: county_column.as_chunks().0,
            county_names: county_name_column.as_chunks().0,
            states: state_column,
            county_states: county_state_column,
            names: rest,
        }
    }

    pub(crate) const fn zip_count(&self) -> usize {
        self.zips.len()
    }

    pub(crate) const fn county_count(&self) -> usize {
        self.fips.len()
    }

    pub(crate) fn zip_at(&self, zip: u32) -> Option<usize> {
        position(self.zips, zip)
    }

    pub(crate) fn county_at(&self, fips: u32) -> Option<usize> {
        position(self.fips, fips)
    }

    pub(crate) fn zip(&self, index: usize) -> Option<u32> {
        self.zips.get(index).copied().map(u32::from_le_bytes)
    }

    pub(crate) fn fips(&self, county: usize) -> Option<u32> {
        self.fips.get(county).copied().map(u32::from_le_bytes)
    }

    /// The name of a ZIP's city, to be looked up with [`Self::name`].
    pub(crate) fn city_of(&self, index: usize) -> Option<usize> {
        self.cities.get(index).map(|city| short(*city))
    }

    /// The county of a ZIP; none also when it lies in no county.
    pub(crate) fn county_of(&self, index: usize) -> Option<usize> {
        let county = u16::from_le_bytes(*self.counties.get(index)?);
        (county != NO_COUNTY).then_some(usize::from(county))
    }

    /// The name of a county, to be looked up with [`Self::name`].
    pub(crate) fn county_name(&self, county: usize) -> Option<usize> {
        self.county_names.get(county).map(|name| short(*name))
    }

    pub(crate) fn state_of(&self, index: usize) -> Option<usize> {
        self.states.get(index).copied().map(usize::from)
    }

    pub(crate) fn state_of_county(&self, county: usize) -> Option<usize> {
        self.county_states.get(county).copied().map(usize::from)
    }

    pub(crate) fn name(&self, name: usize) -> Option<&'static str> {
        let [begin, end] = self.name_ends.get(name..)?.first_chunk()?;
        let begin = usize::try_from(u32::from_le_bytes(*begin)).ok()?;
        let end = usize::try_from(u32::from_le_bytes(*end)).ok()?;
        str::from_utf8(self.names.get(begin..end)?).ok()
    }
}

const fn count(file: &[u8], at: usize) -> usize {
    // Counts are far below what any target's `usize` holds, and a wrong one does not compile.
    file[at] as usize
        | (file[at + 1] as usize) << 8
        | (file[at + 2] as usize) << 16
        | (file[at + 3] as usize) << 24
}

fn short(bytes: [u8; 2]) -> usize {
    usize::from(u16::from_le_bytes(bytes))
}

fn position(column: &[[u8; 4]], value: u32) -> Option<usize> {
    column
        .binary_search_by_key(&value, |bytes| u32::from_le_bytes(*bytes))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_one_that_was_written() {
        let file = include_bytes!("../../../data/us/places/places.bin");
        let (_, body) = file.split_at(HEAD);
        let hash = body.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
        });
        assert_eq!(file[8..16], hash.to_le_bytes());
        assert!(file.len() < 1_000_000);
    }

    #[test]
    fn columns_are_as_long_as_they_should_be_and_ascend() {
        assert!(TABLE.zips.is_sorted_by_key(|zip| u32::from_le_bytes(*zip)));
        assert!(
            TABLE
                .fips
                .is_sorted_by_key(|fips| u32::from_le_bytes(*fips))
        );
        let ends: Vec<usize> = (0..TABLE.name_ends.len() - 1)
            .map(|name| TABLE.name(name).unwrap().len())
            .collect();
        assert!(ends.iter().all(|length| (1..=64).contains(length)));
        assert_eq!(ends.iter().sum::<usize>(), TABLE.names.len());
        assert_eq!(TABLE.name(TABLE.name_ends.len() - 1), None);
        assert_eq!(TABLE.name(usize::MAX), None);
    }
}
