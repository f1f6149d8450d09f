//! The printed tables of 2021 to 2026 and the amounts the press published.

use super::*;

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

/// Limits in currency units of the four lower bands, the 8 % band and the 6 % band.
pub(in crate::pt) fn scale(first: &str, limits: [i64; 6]) -> ImtScale {
    let rates = [first, "2", "5", "7", "8"].map(pct).map(BandRate::Marginal);
    let flat = ["6", "7.5"].map(pct).map(BandRate::Flat);
    let ends = limits.map(|units| Some(Cents::new(units * 100)));
    let bands = rates
        .into_iter()
        .chain(flat)
        .zip(ends.into_iter().chain([None]))
        .map(|(rate, up_to)| ImtBand { up_to, rate });
    ImtScale::try_new(bands.collect()).unwrap()
}

pub(in crate::pt) fn own_2025() -> ImtScale {
    scale(
        "0",
        [104_261, 142_618, 194_458, 324_058, 648_022, 1_128_287],
    )
}

pub(in crate::pt) fn own_2026() -> ImtScale {
    scale(
        "0",
        [106_346, 145_470, 198_347, 330_539, 660_982, 1_150_853],
    )
}

fn own_2024() -> ImtScale {
    scale(
        "0",
        [101_917, 139_412, 190_086, 316_772, 633_453, 1_102_920],
    )
}

fn own_2023() -> ImtScale {
    scale("0", [97_064, 132_774, 181_034, 301_688, 603_289, 1_050_400])
}

fn tax(scale: &ImtScale, value: &str) -> String {
    scale.tax(cents(value)).unwrap().tax.to_string()
}

#[test]
fn parcels_are_the_printed_ones() {
    let parcels = |scale: &ImtScale| {
        let ends: Vec<Cents> = scale.bands().iter().filter_map(|b| b.up_to).collect();
        let inside = ends[1..5].iter().map(|end| scale.tax(*end).unwrap().parcel);
        inside.map(|parcel| parcel.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        parcels(&own_2023()),
        ["1941.28", "5924.50", "9545.18", "12562.06"]
    );
    assert_eq!(
        parcels(&own_2024()),
        ["2038.34", "6220.70", "10022.42", "13190.14"]
    );
    assert_eq!(
        parcels(&own_2025()),
        ["2085.22", "6363.76", "10252.92", "13493.50"]
    );
    assert_eq!(
        parcels(&own_2026()),
        ["2126.92", "6491.02", "10457.96", "13763.35"]
    );
    let other_2023 = scale("1", [97_064, 132_774, 181_034, 301_688, 578_598, 1_050_400]);
    assert_eq!(
        parcels(&other_2023),
        ["970.64", "4953.86", "8574.54", "11591.42"]
    );
}

#[test]
fn press_200_000_in_2022_2024_and_2025() {
    let own_2021 = scale("0", [92_407, 126_403, 172_348, 287_213, 574_323, 1_000_000]);
    assert_eq!(tax(&own_2021, "200000"), "4912.81");
    assert_eq!(tax(&own_2024(), "200000"), "3977.58");
    assert_eq!(tax(&own_2025(), "200000"), "3747.08");
    // Doutor Finanças, February 2024: 190,000 in 2023 and in 2024.
    assert_eq!(tax(&own_2023(), "190000"), "3754.82");
    assert_eq!(tax(&own_2024(), "190000"), "3279.30");
}

#[test]
fn table_of_2026_at_every_band() {
    let scale = own_2026();
    for (value, expected) in [
        ("0.01", "0.00"),
        ("100000", "0.00"),
        ("106346", "0.00"),
        ("106346.50", "0.01"),
        ("150000", "1008.98"),
        ("250000", "7042.04"),
        ("400000", "18236.65"),
        ("660982", "39115.21"),
        ("660982.01", "39658.92"),
        ("1150853", "69051.18"),
        ("1150853.01", "86313.98"),
        ("1200000", "90000.00"),
        ("1000000000000000", "75000000000000.00"),
    ] {
        assert_eq!(tax(&scale, value), expected, "{value}");
    }
}

#[test]
fn island_limits_of_2025() {
    let island = own_2025().limits_times(pct("125")).unwrap();
    let ends: Vec<_> = island.bands().iter().filter_map(|b| b.up_to).collect();
    assert_eq!(ends[0], cents("130326"));
    assert_eq!(ends[3], cents("405073"));
    assert_eq!(tax(&island, "130326"), "0.00");
}

#[test]
fn other_urban_and_rural_are_flat() {
    let urban = ImtScale::try_flat(pct("6.5")).unwrap();
    assert_eq!(tax(&urban, "123456.78"), "8024.69");
    assert_eq!(urban.tax(cents("1")).unwrap().band, 1);
}

#[test]
fn refuses_bad_values_and_scales() {
    let scale = own_2026();
    for value in [0, -1, Cents::MAX.get() + 1, i64::MAX] {
        assert!(scale.tax(Cents::new(value)).is_err(), "{value}");
    }
    let band = |up_to: Option<i64>, rate| ImtBand {
        up_to: up_to.map(Cents::new),
        rate,
    };
    let marginal = BandRate::Marginal(pct("1"));
    let flat = BandRate::Flat(pct("1"));
    for bands in [
        vec![],
        vec![band(Some(1), marginal)],
        vec![band(None, marginal), band(None, flat)],
        vec![
            band(Some(2), marginal),
            band(Some(2), flat),
            band(None, flat),
        ],
        vec![band(Some(2), flat), band(None, marginal)],
        vec![band(None, BandRate::Flat(pct("101")))],
        vec![band(None, BandRate::Flat(pct("-1")))],
        vec![band(None, flat); 21],
    ] {
        assert!(ImtScale::try_new(bands).is_err());
    }
}

#[test]
fn each_use_has_its_scale() {
    let flat = |rate| ImtScale::try_flat(pct(rate)).unwrap();
    let table = ImtTable {
        own_permanent_home: own_2026(),
        other_housing: flat("6"),
        rural: flat("5"),
        other_urban: flat("6.5"),
    };
    let island = table.limits_times(pct("125")).unwrap();
    let tax_of = |table: &ImtTable, property_use| tax(table.scale(property_use), "130000");
    assert_eq!(tax_of(&table, PropertyUse::OwnPermanentHome), "473.08");
    assert_eq!(tax_of(&island, PropertyUse::OwnPermanentHome), "0.00");
    assert_eq!(tax_of(&island, PropertyUse::Rural), "6500.00");
    assert_eq!(tax_of(&table, PropertyUse::OtherUrban), "8450.00");
    assert!(table.limits_times(Pct::ZERO).is_err());
    assert!(table.limits_times(Pct::MAX).is_ok());
}

#[test]
fn names_read_back() {
    for property_use in PropertyUse::ALL {
        assert_eq!(PropertyUse::parse(property_use.name()), Ok(*property_use));
    }
    for region in Region::ALL {
        assert_eq!(Region::parse(region.name()), Ok(*region));
    }
    assert!(PropertyUse::parse("castle").is_err());
}
