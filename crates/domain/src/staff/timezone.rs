//! Time zones of people: the ones of the United States and its territories.

use std::fmt;

/// Names of the IANA time zone database (files `northamerica` and `australasia`), links of it that
/// are in use among them; by their letters.
const ZONES: [&str; 47] = [
    "America/Adak",
    "America/Anchorage",
    "America/Boise",
    "America/Chicago",
    "America/Denver",
    "America/Detroit",
    "America/Indiana/Indianapolis",
    "America/Indiana/Knox",
    "America/Indiana/Marengo",
    "America/Indiana/Petersburg",
    "America/Indiana/Tell_City",
    "America/Indiana/Vevay",
    "America/Indiana/Vincennes",
    "America/Indiana/Winamac",
    "America/Indianapolis",
    "America/Juneau",
    "America/Kentucky/Louisville",
    "America/Kentucky/Monticello",
    "America/Los_Angeles",
    "America/Louisville",
    "America/Menominee",
    "America/Metlakatla",
    "America/New_York",
    "America/Nome",
    "America/North_Dakota/Beulah",
    "America/North_Dakota/Center",
    "America/North_Dakota/New_Salem",
    "America/Phoenix",
    "America/Puerto_Rico",
    "America/Sitka",
    "America/St_Thomas",
    "America/Yakutat",
    "Pacific/Guam",
    "Pacific/Honolulu",
    "Pacific/Pago_Pago",
    "Pacific/Saipan",
    "US/Alaska",
    "US/Aleutian",
    "US/Arizona",
    "US/Central",
    "US/East-Indiana",
    "US/Eastern",
    "US/Hawaii",
    "US/Indiana-Starke",
    "US/Michigan",
    "US/Mountain",
    "US/Pacific",
];

/// A time zone of the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timezone(&'static str);

impl Timezone {
    /// Reads a name of the list, spelled exactly; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let at = ZONES.binary_search(&text).ok()?;
        ZONES.get(at).copied().map(Self)
    }

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// All of them, by their letters.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        ZONES.iter().copied().map(Self)
    }
}

impl fmt::Display for Timezone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_holds_the_documented_ones() {
        assert!(ZONES.is_sorted());
        for zone in Timezone::all() {
            assert_eq!(Timezone::parse(zone.as_str()), Some(zone));
        }
        for documented in [
            "Pacific/Honolulu",
            "America/Anchorage",
            "America/Los_Angeles",
            "America/Denver",
            "America/Chicago",
            "America/New_York",
        ] {
            assert!(Timezone::parse(documented).is_some(), "{documented}");
        }
        for bad in [
            "",
            "PST",
            "america/new_york",
            "Europe/Lisbon",
            "UTC",
            " America/Denver",
        ] {
            assert_eq!(Timezone::parse(bad), None, "{bad}");
        }
    }
}
