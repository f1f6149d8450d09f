//! Countries, districts and municipalities.
//!
//! **Portugal.** The national statistical institute numbers districts 01 to 18 and, on the islands,
//! each island like a district: 31 and 32 in Madeira, 41 to 49 in the Azores. A municipality has the
//! number of its district or island and two more digits; a parish another two. Here the islands'
//! municipalities keep their official numbers and belong to one of two autonomous regions, whose ids 30
//! and 40 are ours: the first digit of their islands.

mod counties;
mod countries;

use crate::table::{Entry, entries};
use crate::{List, children, entry};

pub(crate) use counties::COUNTIES;
pub(crate) use countries::COUNTRIES;

/// Portugal in [`List::Countries`].
pub const PORTUGAL: u32 = 620;
/// The autonomous region of Madeira in [`List::Districts`].
pub const MADEIRA: u32 = 30;
/// The autonomous region of the Azores in [`List::Districts`].
pub const AZORES: u32 = 40;

entries! {
    DISTRICTS {
        1 "01" "Aveiro" "Aveiro" in 620;
        2 "02" "Beja" "Beja" in 620;
        3 "03" "Braga" "Braga" in 620;
        4 "04" "Bragança" "Bragança" in 620;
        5 "05" "Castelo Branco" "Castelo Branco" in 620;
        6 "06" "Coimbra" "Coimbra" in 620;
        7 "07" "Évora" "Évora" in 620;
        8 "08" "Faro" "Faro" in 620;
        9 "09" "Guarda" "Guarda" in 620;
        10 "10" "Leiria" "Leiria" in 620;
        11 "11" "Lisboa" "Lisbon" in 620;
        12 "12" "Portalegre" "Portalegre" in 620;
        13 "13" "Porto" "Porto" in 620;
        14 "14" "Santarém" "Santarém" in 620;
        15 "15" "Setúbal" "Setúbal" in 620;
        16 "16" "Viana do Castelo" "Viana do Castelo" in 620;
        17 "17" "Vila Real" "Vila Real" in 620;
        18 "18" "Viseu" "Viseu" in 620;
        30 "30" "Região Autónoma da Madeira" "Madeira" in 620;
        40 "40" "Região Autónoma dos Açores" "Azores" in 620;
    }
}

/// The 18 districts and two autonomous regions.
#[must_use]
pub const fn districts() -> &'static [Entry] {
    DISTRICTS
}

/// The municipalities of a district or region; none for an id that is not known.
pub fn counties_of(district: u32) -> impl Iterator<Item = &'static Entry> {
    children(List::Counties, district)
}

/// The district or region of a municipality.
#[must_use]
pub fn district_of(county: u32) -> Option<u32> {
    entry(List::Counties, county)?.parent
}

/// The municipality of a parish by the parish's official six digits; whether there is such a parish is
/// not asked. None for anything but six digits that begin with a municipality.
#[must_use]
pub fn county_of_parish(code: &str) -> Option<&'static Entry> {
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let county = code.get(..4)?;
    COUNTIES.iter().find(|entry| entry.code == county)
}

/// Whether taxes of the autonomous regions apply in a district.
#[must_use]
pub const fn is_island(district: u32) -> bool {
    matches!(district, MADEIRA | AZORES)
}

/// The three letters of a country.
#[must_use]
pub fn alpha3(country: u32) -> Option<&'static str> {
    let (_, letters) = countries::ALPHA3.iter().find(|(id, _)| *id == country)?;
    Some(letters)
}

/// The country of three letters, written in capitals.
#[must_use]
pub fn country_by_alpha3(letters: &str) -> Option<&'static Entry> {
    let (id, _) = countries::ALPHA3.iter().find(|(_, own)| *own == letters)?;
    entry(List::Countries, *id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::by_code;

    /// How many municipalities each district has, by the official list of 2013 and after.
    const COUNTS: [(u32, usize); 20] = [
        (1, 19),
        (2, 14),
        (3, 14),
        (4, 12),
        (5, 11),
        (6, 17),
        (7, 14),
        (8, 16),
        (9, 14),
        (10, 16),
        (11, 16),
        (12, 15),
        (13, 18),
        (14, 21),
        (15, 13),
        (16, 10),
        (17, 14),
        (18, 24),
        (30, 11),
        (40, 19),
    ];

    #[test]
    fn all_308_municipalities_are_there() {
        assert_eq!(COUNTIES.len(), 308);
        assert_eq!(districts().len(), 20);
        for (district, count) in COUNTS {
            assert_eq!(counties_of(district).count(), count, "district {district}");
        }
    }

    #[test]
    fn numbers_of_municipalities_are_gapless_and_in_their_district() {
        let mut before = 0;
        for county in COUNTIES {
            assert_eq!(county.code, format!("{:04}", county.id));
            let (group, own) = (county.id / 100, county.id % 100);
            let district = match group {
                31 | 32 => MADEIRA,
                41..=49 => AZORES,
                group => group,
            };
            assert_eq!(county.parent, Some(district), "{}", county.pt);
            let expected = if before / 100 == group {
                before % 100 + 1
            } else {
                1
            };
            assert_eq!(own, expected, "{}", county.pt);
            before = county.id;
        }
    }

    #[test]
    fn names_and_codes() {
        let named = |code: &str| by_code(List::Counties, code).map(|county| county.pt);
        assert_eq!(named("1106"), Some("Lisboa"));
        assert_eq!(named("1312"), Some("Porto"));
        assert_eq!(named("0603"), Some("Coimbra"));
        assert_eq!(named("3103"), Some("Funchal"));
        assert_eq!(named("4203"), Some("Ponta Delgada"));
        assert_eq!(named("1824"), Some("Vouzela"));
        assert_eq!(named("1421"), Some("Ourém"));
        assert_eq!(named("1315"), Some("Valongo"));
        assert_eq!(named("1325"), None);
        assert_eq!(district_of(1106), Some(11));
        assert!(is_island(AZORES) && is_island(MADEIRA) && !is_island(11));
    }

    #[test]
    fn parishes_begin_with_their_municipality() {
        let county = |code| county_of_parish(code).map(|county| county.id);
        assert_eq!(county("110654"), Some(1106));
        assert_eq!(county("010103"), Some(101));
        for wrong in [
            "",
            "11065",
            "1106544",
            "11065a",
            "190101",
            "+10654",
            "１１０６５４",
        ] {
            assert_eq!(county(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn countries_have_three_codes() {
        assert_eq!(COUNTRIES.len(), 249);
        assert_eq!(countries::ALPHA3.len(), 249);
        let mut letters = HashSet::new();
        for (country, (id, three)) in COUNTRIES.iter().zip(countries::ALPHA3) {
            assert_eq!(country.id, *id);
            assert_eq!(country.code.len(), 2);
            assert!(three.len() == 3 && letters.insert(three));
            assert_eq!(alpha3(country.id), Some(*three));
            assert_eq!(country_by_alpha3(three), Some(country));
        }
        assert_eq!(alpha3(PORTUGAL), Some("PRT"));
        assert_eq!(by_code(List::Countries, "PT").map(|c| c.id), Some(620));
        assert_eq!(alpha3(1), None);
        assert_eq!(country_by_alpha3("prt"), None);
    }
}
