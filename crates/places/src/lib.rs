//! Every US ZIP code with its city, county and state.
//!
//! The table is made by `scripts/make-places` from openly licensed sources, see
//! `data/us/places/README.md`, and lies in the program as it is searched: nothing is read, parsed
//! or allocated at start, and a damaged table does not compile.
//!
//! A ZIP code is a set of mail routes. Some cross a county's border; the county here is the post
//! office's. Connecticut has its nine planning regions, which the Census Bureau and the Federal
//! Housing Finance Agency use in place of the eight former counties.
#![deny(missing_docs)]

mod codes;
mod states;
mod table;

pub use codes::{CountyFips, Zip, ZipError};
pub use states::{State, state_index, states};

use table::TABLE;

/// Where a ZIP code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The ZIP code.
    pub zip: Zip,
    /// Name of the post office's city. Military mail has APO or FPO.
    pub city: &'static str,
    /// The county with the word for its kind: `Orange County`, `Orleans Parish`, `Baltimore city`.
    /// None for military mail, the freely associated states and Wake Island.
    pub county: Option<&'static str>,
    /// The county's code; there exactly when [`Self::county`] is.
    pub county_fips: Option<CountyFips>,
    /// The county's place in [`counties`]; there exactly when [`Self::county`] is.
    pub county_index: Option<usize>,
    /// Two letters: a state, `DC`, a territory (`PR GU VI AS MP`), a freely associated state
    /// (`FM MH PW`), or military mail (`AA AE AP`).
    pub state: &'static str,
    /// The state's place in [`states`].
    pub state_index: usize,
}

/// A county, parish, borough, independent city, municipality or planning region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct County {
    /// Its code.
    pub fips: CountyFips,
    /// Its name with the word for its kind.
    pub name: &'static str,
    /// Two letters.
    pub state: &'static str,
    /// The state's place in [`states`].
    pub state_index: usize,
}

/// The place of a ZIP code; none when no such code is known.
#[must_use]
pub fn find(zip: Zip) -> Option<Place> {
    by_index(index_of(zip)?)
}

/// The position of a ZIP code among all of them, for tables with a row or column a ZIP: 0 up to
/// [`count`], ascending with the code. None when no such code is known.
#[must_use]
pub fn index_of(zip: Zip) -> Option<usize> {
    TABLE.zip_at(zip.get())
}

/// The place at a position; none from [`count`] on.
#[must_use]
pub fn by_index(index: usize) -> Option<Place> {
    let zip = Zip::try_new(TABLE.zip(index)?)?;
    let county_index = TABLE.county_of(index);
    let county = county_index.and_then(county_by_index);
    let state_index = TABLE.state_of(index)?;
    Some(Place {
        zip,
        city: TABLE.name(TABLE.city_of(index)?)?,
        county: county.map(|county| county.name),
        county_fips: county.map(|county| county.fips),
        county_index,
        state: states().get(state_index)?.code,
        state_index,
    })
}

/// How many ZIP codes are known.
#[must_use]
pub const fn count() -> usize {
    TABLE.zip_count()
}

/// Every place, ascending by ZIP code.
#[must_use]
pub fn iter() -> impl DoubleEndedIterator<Item = Place> + Clone {
    (0..count()).filter_map(by_index)
}

/// Every county of the states, the District of Columbia and the five territories, ascending by
/// code; also the five island counties without a ZIP code.
#[must_use]
pub fn counties() -> impl DoubleEndedIterator<Item = County> + Clone {
    (0..county_count()).filter_map(county_by_index)
}

/// How many counties there are.
#[must_use]
pub const fn county_count() -> usize {
    TABLE.county_count()
}

/// The county at a position; none from [`county_count`] on.
#[must_use]
pub fn county_by_index(index: usize) -> Option<County> {
    let state_index = TABLE.state_of_county(index)?;
    Some(County {
        fips: CountyFips::try_new(TABLE.fips(index)?)?,
        name: TABLE.name(TABLE.county_name(index)?)?,
        state: states().get(state_index)?.code,
        state_index,
    })
}

/// The position of a county in [`counties`]; none when there is no county of that code.
#[must_use]
pub fn county_index(fips: CountyFips) -> Option<usize> {
    TABLE.county_at(fips.get())
}

/// The county of a code; none when there is none, such as a former county of Connecticut.
#[must_use]
pub fn county(fips: CountyFips) -> Option<County> {
    county_by_index(county_index(fips)?)
}

/// Whose data the table was made from, and under which licences: to be shown to whoever asks.
#[must_use]
pub const fn attribution() -> &'static str {
    include_str!("../../../data/us/places/NOTICE.txt")
}

#[cfg(test)]
mod tests;
