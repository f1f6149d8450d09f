//! The embedded tables of Portugal: press figures, edges of editions, slips in files.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::pt::imt::{PropertyUse, Region};
use lintel_engine::pt::imt_jovem::Extent;
use lintel_engine::rate::Pct;

use crate::RuleBook;
use crate::load::read_table;

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a date")
}

fn cents(text: &str) -> Cents {
    Cents::parse_decimal(text).expect("an amount")
}

fn book() -> RuleBook {
    RuleBook::embedded().expect("every file reads")
}

fn imt(date: &str, value: &str, property_use: PropertyUse, region: Region) -> String {
    let book = book();
    let table = &book.pt.imt.on(day(date)).expect("in force").rows;
    let tax = table.of(region).scale(property_use).tax(cents(value));
    tax.expect("a tax").tax.to_string()
}

#[test]
fn press_amounts_of_imt() {
    let own = |date, value| imt(date, value, PropertyUse::OwnPermanentHome, Region::Mainland);
    assert_eq!(own("2022-01-15", "200000"), "4912.81");
    assert_eq!(own("2023-06-01", "190000"), "3754.82");
    assert_eq!(own("2024-02-15", "190000"), "3279.30");
    assert_eq!(own("2024-12-31", "200000"), "3977.58");
    assert_eq!(own("2025-01-01", "200000"), "3747.08");
    assert_eq!(own("2026-09-01", "400000"), "18236.65");
}

#[test]
fn other_uses_and_regions() {
    let of = |value, property_use, region| imt("2025-06-01", value, property_use, region);
    let home = PropertyUse::OwnPermanentHome;
    assert_eq!(of("130326", home, Region::Azores), "0.00");
    assert_eq!(of("130327", home, Region::Madeira), "0.02");
    let second = PropertyUse::OtherHousing;
    assert_eq!(of("104261", second, Region::Mainland), "1042.61");
    assert_eq!(of("621502", second, Region::Mainland), "37290.12");
    assert_eq!(
        of("100000", PropertyUse::Rural, Region::Mainland),
        "5000.00"
    );
    assert_eq!(
        of("100000", PropertyUse::OtherUrban, Region::Azores),
        "6500.00"
    );
}

/// The parcels of other housing as the tables of 2023 print them.
#[test]
fn apcmc_2023_parcels_of_other_housing() {
    let book = book();
    let table = &book.pt.imt.on(day("2023-01-01")).expect("in force").rows;
    let scale = &table.mainland.other_housing;
    for (end, parcel) in [
        ("132774", "970.64"),
        ("181034", "4953.86"),
        ("301688", "8574.54"),
        ("578598", "11591.42"),
    ] {
        assert_eq!(scale.tax(cents(end)).expect("a tax").parcel, cents(parcel));
    }
}

#[test]
fn the_relief_began_in_august_2024() {
    let book = book();
    assert!(book.pt.imt_jovem.on(day("2024-07-31")).is_err());
    let edition = book.pt.imt_jovem.on(day("2024-08-01")).expect("in force");
    let relief = &edition.rows.mainland;
    assert_eq!(relief.extent(cents("316772")), Extent::Full);
    assert_eq!(relief.extent(cents("633453.01")), Extent::Lost);
    assert_eq!(edition.rows.islands.exempt_up_to, cents("395965"));
}

#[test]
fn stamp_duty_guarantee_and_early_repayment() {
    let book = book();
    let today = day("2026-11-21");
    let duty = &book.pt.stamp_duty.on(today).expect("in force").rows;
    assert_eq!(duty.on_credit(cents("180000"), 60), Ok(cents("1080")));
    assert_eq!(duty.on_credit(cents("50000"), 11), Ok(cents("220")));
    let guarantee = &book.pt.guarantee.on(today).expect("in force").rows;
    assert_eq!(guarantee.max_price, cents("450000"));
    assert!(book.pt.guarantee.on(day("2027-01-01")).is_err());
    let rules = &book.pt.early_repayment.on(today).expect("in force").rows;
    assert_eq!(rules.fixed_cap, Pct::new(2 * Pct::SCALE));
    assert_eq!(rules.own_home_variable_waivers.len(), 1);
}

#[test]
fn editions_of_the_recommendation() {
    let book = book();
    let limits = |date: &str| {
        &book
            .pt
            .macroprudential
            .on(day(date))
            .expect("in force")
            .rows
    };
    let shock = |date, months| {
        limits(date)
            .rate_shock(months)
            .expect("a shock")
            .to_string()
    };
    assert_eq!(shock("2018-07-01", 60), "1");
    assert_eq!(shock("2023-10-15", 361), "3");
    assert_eq!(shock("2023-10-16", 61), "1");
    assert_eq!(shock("2026-11-21", 121), "1.5");
    let years = |date, age| limits(date).max_maturity_years(age).expect("a maturity");
    assert_eq!(years("2022-03-31", 50), 40);
    assert_eq!(
        [30, 31, 35, 36].map(|age| years("2022-04-01", age)),
        [40, 37, 37, 35]
    );
    assert!(book.pt.macroprudential.on(day("2018-06-30")).is_err());
    assert_eq!(limits("2026-11-21").dsti_exceptions.len(), 2);
}

#[test]
fn every_kind_of_charge_has_a_place() {
    let book = book();
    let table = &book.pt.costs.on(day("2026-11-21")).expect("in force").rows;
    assert!(table.rule("file_fee").is_ok_and(|rule| rule.fee_duty));
    assert!(table.rule("castle").is_err());
}

#[test]
fn slips_in_the_files_are_named() {
    let head = "source = \"s\"\nchecked_on = \"2026-11-21\"\n[[edition]]\nfrom = \"2026-01-01\"\n";
    let duty = |credit: &str| {
        let text = format!(
            "{head}interest_percent = \"4\"\nfee_percent = \"4\"\npurchase_percent = \"0.8\"\n\
             credit = [{credit}]\n"
        );
        read_table("pt/stamp_duty.toml", &text, super::stamp_duty::read).map(|_| ())
    };
    assert!(duty("{ percent = \"0.6\" }").is_ok());
    for bad in [
        "",
        "{ below = 12, percent = \"1\" }",
        "{ below = 12, percent = \"1\" }, { at_least = 13, percent = \"1\" }",
        "{ percent = \"1\" }, { percent = \"1\" }",
        "{ below = 0, percent = \"1\" }, { at_least = 0, percent = \"1\" }",
        "{ percent = \"x\" }",
    ] {
        assert!(duty(bad).is_err(), "{bad}");
    }
    let imt = |bands: &str| {
        let text = format!(
            "{head}island_factor_percent = \"125\"\nrural_percent = \"5\"\n\
             other_urban_percent = \"6.5\"\nother_housing = [{{ flat_percent = \"1\" }}]\n\
             own_permanent_home = [{bands}]\n"
        );
        read_table("pt/imt.toml", &text, super::imt::read).map(|_| ())
    };
    assert!(imt("{ flat_percent = \"6\" }").is_ok());
    for bad in [
        "",
        "{ up_to = \"5\", flat_percent = \"1\" }",
        "{ marginal_percent = \"1\", flat_percent = \"1\" }",
        "{ up_to = \"-5\", marginal_percent = \"1\" }, { flat_percent = \"1\" }",
        "{ }",
    ] {
        assert!(imt(bad).is_err(), "{bad}");
    }
}
