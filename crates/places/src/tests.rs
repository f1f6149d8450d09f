//! What the table says about places that are known.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn place(zip: &str) -> Place {
    find(Zip::parse(zip).unwrap()).unwrap_or_else(|| panic!("{zip} is missing"))
}

/// City, county code and state.
const KNOWN: &[(&str, &str, &str, &str)] = &[
    ("00501", "Holtsville", "36103", "NY"),
    ("00802", "St Thomas", "78030", "VI"),
    ("00820", "Christiansted", "78010", "VI"),
    ("00830", "St John", "78020", "VI"),
    ("00901", "San Juan", "72127", "PR"),
    ("00730", "Ponce", "72113", "PR"),
    ("00979", "Carolina", "72031", "PR"),
    ("02108", "Boston", "25025", "MA"),
    ("02554", "Nantucket", "25019", "MA"),
    ("02903", "Providence", "44007", "RI"),
    ("03101", "Manchester", "33011", "NH"),
    ("04101", "Portland", "23005", "ME"),
    ("05401", "Burlington", "50007", "VT"),
    ("06103", "Hartford", "09110", "CT"),
    ("06390", "Fishers Island", "36103", "NY"),
    ("06484", "Shelton", "09140", "CT"),
    ("06604", "Bridgeport", "09120", "CT"),
    ("06831", "Greenwich", "09190", "CT"),
    ("06226", "Willimantic", "09180", "CT"),
    ("07302", "Jersey City", "34017", "NJ"),
    ("10014", "New York", "36061", "NY"),
    ("10301", "Staten Island", "36085", "NY"),
    ("11201", "Brooklyn", "36047", "NY"),
    ("15222", "Pittsburgh", "42003", "PA"),
    ("19103", "Philadelphia", "42101", "PA"),
    ("19801", "Wilmington", "10003", "DE"),
    ("20001", "Washington", "11001", "DC"),
    ("21201", "Baltimore", "24510", "MD"),
    ("22314", "Alexandria", "51510", "VA"),
    ("23219", "Richmond", "51760", "VA"),
    ("25301", "Charleston", "54039", "WV"),
    ("28202", "Charlotte", "37119", "NC"),
    ("29401", "Charleston", "45019", "SC"),
    ("30303", "Atlanta", "13121", "GA"),
    ("33040", "Key West", "12087", "FL"),
    ("33154", "Miami Beach", "12086", "FL"),
    ("35203", "Birmingham", "01073", "AL"),
    ("37203", "Nashville", "47037", "TN"),
    ("39201", "Jackson", "28049", "MS"),
    ("40202", "Louisville", "21111", "KY"),
    ("43215", "Columbus", "39049", "OH"),
    ("46204", "Indianapolis", "18097", "IN"),
    ("48226", "Detroit", "26163", "MI"),
    ("50309", "Des Moines", "19153", "IA"),
    ("53202", "Milwaukee", "55079", "WI"),
    ("55401", "Minneapolis", "27053", "MN"),
    ("57770", "Pine Ridge", "46102", "SD"),
    ("58102", "Fargo", "38017", "ND"),
    ("59715", "Bozeman", "30031", "MT"),
    ("60601", "Chicago", "17031", "IL"),
    ("63103", "Saint Louis", "29510", "MO"),
    ("66101", "Kansas City", "20209", "KS"),
    ("68102", "Omaha", "31055", "NE"),
    ("70112", "New Orleans", "22071", "LA"),
    ("72201", "Little Rock", "05119", "AR"),
    ("73102", "Oklahoma City", "40109", "OK"),
    ("77002", "Houston", "48201", "TX"),
    ("80020", "Broomfield", "08014", "CO"),
    ("80202", "Denver", "08031", "CO"),
    ("83001", "Jackson", "56039", "WY"),
    ("83414", "Alta", "56039", "WY"),
    ("83702", "Boise", "16001", "ID"),
    ("84048", "Lehi", "49049", "UT"),
    ("84101", "Salt Lake City", "49035", "UT"),
    ("85004", "Phoenix", "04013", "AZ"),
    ("87501", "Santa Fe", "35049", "NM"),
    ("89101", "Las Vegas", "32003", "NV"),
    ("90210", "Beverly Hills", "06037", "CA"),
    ("90745", "Carson", "06037", "CA"),
    ("92649", "Huntington Beach", "06059", "CA"),
    ("94105", "San Francisco", "06075", "CA"),
    ("96742", "Kalaupapa", "15005", "HI"),
    ("96799", "Pago Pago", "60010", "AS"),
    ("96813", "Honolulu", "15003", "HI"),
    ("96910", "Hagatna", "66010", "GU"),
    ("96950", "Saipan", "69110", "MP"),
    ("97201", "Portland", "41051", "OR"),
    ("98101", "Seattle", "53033", "WA"),
    ("99501", "Anchorage", "02020", "AK"),
    ("99574", "Cordova", "02063", "AK"),
    ("99588", "Glennallen", "02066", "AK"),
];

#[test]
fn known_zip_codes_are_where_they_are() {
    for (zip, city, fips, state) in KNOWN {
        let found = place(zip);
        let code = found.county_fips.unwrap().to_string();
        assert_eq!(
            (found.city, code.as_str(), found.state),
            (*city, *fips, *state),
            "{zip}"
        );
    }
    assert_eq!(place("92649").county, Some("Orange County"));
    assert_eq!(place("10014").county, Some("New York County"));
    assert_eq!(place("21201").county, Some("Baltimore city"));
    assert_eq!(place("70112").county, Some("Orleans Parish"));
    assert_eq!(
        place("06604").county,
        Some("Greater Bridgeport Planning Region")
    );
    assert_eq!(place("87501-0001").county, Some("Santa Fe County"));
}

#[test]
fn only_mail_from_elsewhere_lies_in_no_county() {
    for place in iter() {
        assert_eq!(place.county.is_some(), place.county_fips.is_some());
        assert_eq!(place.county.is_some(), place.county_index.is_some());
        let abroad = ["AA", "AE", "AP", "FM", "MH", "PW"].contains(&place.state);
        let wake = place.zip.get() == 96_898;
        assert_eq!(place.county.is_none(), abroad || wake, "{place:?}");
    }
    for (zip, state) in [
        ("09012", "AE"),
        ("34002", "AA"),
        ("96201", "AP"),
        ("96860", "HI"),
    ] {
        assert_eq!(place(zip).state, state);
    }
}

#[test]
fn every_number_is_found_or_not_as_the_list_says() {
    let mut expected = iter().enumerate();
    let mut next = expected.next();
    for number in 0..100_000 {
        let zip = Zip::try_new(number).unwrap();
        let listed = next.filter(|(_, place)| place.zip == zip);
        assert_eq!(index_of(zip), listed.map(|(index, _)| index));
        assert_eq!(find(zip), listed.map(|(_, place)| place));
        if listed.is_some() {
            next = expected.next();
        }
    }
    assert!(next.is_none());
    assert_eq!(iter().count(), count());
    assert!((41_000..43_000).contains(&count()), "{}", count());
    assert_eq!((by_index(count()), by_index(usize::MAX)), (None, None));
}

#[test]
fn counties_are_those_of_their_states() {
    assert_eq!((county_count(), counties().count()), (3_235, 3_235));
    let mut used = BTreeSet::new();
    for (index, place) in iter().enumerate() {
        assert_eq!(states()[place.state_index].code, place.state);
        assert_eq!(by_index(index), Some(place));
        let Some(fips) = place.county_fips else {
            continue;
        };
        let county = county(fips).unwrap();
        assert_eq!(
            (Some(county.name), county.state),
            (place.county, place.state)
        );
        assert_eq!(county_index(fips), place.county_index);
        assert_eq!(states()[place.state_index].fips, Some(fips.state_number()));
        used.insert(fips);
    }
    let unused: Vec<String> = counties()
        .filter(|county| !used.contains(&county.fips))
        .map(|county| county.fips.to_string())
        .collect();
    assert_eq!(unused, ["60020", "60030", "60040", "60050", "69085"]);
    for former in ["09001", "02261", "46113", "51515", "74300"] {
        assert_eq!(county(CountyFips::parse(former).unwrap()), None, "{former}");
    }
    assert_eq!(county_by_index(county_count()), None);
}

#[test]
fn each_state_has_as_many_counties_as_it_has() {
    let mut of_state: BTreeMap<&str, usize> = BTreeMap::new();
    for county in counties() {
        *of_state.entry(county.state).or_default() += 1;
    }
    for (state, expected) in [
        ("AK", 30),
        ("CA", 58),
        ("CT", 9),
        ("DC", 1),
        ("DE", 3),
        ("GA", 159),
        ("HI", 5),
        ("LA", 64),
        ("NY", 62),
        ("PR", 78),
        ("TX", 254),
        ("VA", 133),
        ("VI", 3),
    ] {
        assert_eq!(of_state.get(state), Some(&expected), "{state}");
    }
    assert_eq!(of_state.len(), 56);
    assert!(
        iter()
            .map(|place| place.state_index)
            .collect::<BTreeSet<_>>()
            .len()
            == states().len()
    );
}

#[test]
fn names_can_be_shown() {
    for place in iter() {
        let text = place.city;
        assert_eq!(text.trim(), text, "{place:?}");
        assert!(!text.chars().any(char::is_control), "{place:?}");
        assert!(
            text.starts_with(|first: char| first.is_alphanumeric()),
            "{place:?}"
        );
    }
    for county in counties() {
        assert!(county.name.len() > 3, "{county:?}");
    }
    for source in ["GeoNames", "CC BY 4.0", "Census Bureau"] {
        assert!(attribution().contains(source), "{source}");
    }
}
