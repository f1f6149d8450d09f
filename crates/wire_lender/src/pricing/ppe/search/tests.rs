//! The sample payload of the text, changed in one place at a time.

use super::*;
use lintel_domain::loan::Occupancy;
use lintel_domain::scenario::{Employment, Flag};
use serde_json::{Value, json};

/// The payload of the text.
fn sample() -> Value {
    let text = include_str!("../../../../tests/it/stock/search.json");
    serde_json::from_str(text).expect("JSON")
}

fn with(changes: &[(&str, Value)]) -> Result<Search, LenderError> {
    let mut data = sample();
    for (name, value) in changes {
        data[*name] = value.clone();
    }
    read(&Reader::new(&data))
}

#[track_caller]
fn message(changes: &[(&str, Value)]) -> String {
    with(changes).unwrap_err().message
}

#[test]
fn the_sample_is_read() {
    let Search {
        scenario,
        purposes,
        zips,
    } = with(&[]).unwrap();
    let loan = Cents::new(25_000_000);
    assert_eq!(purposes, [(Purpose::RefinanceCashOut, loan)]);
    assert_eq!(zips, ["92649"]);
    assert_eq!(scenario.home_price, Cents::new(50_000_000));
    assert_eq!(scenario.loan_amount, loan);
    assert_eq!(scenario.score, Some(750));
    assert_eq!(scenario.monthly_income, Some(Cents::new(500_000)));
    assert_eq!(scenario.monthly_debts, Some(Cents::new(95_162)));
    assert_eq!(scenario.property, PropertyKind::SingleFamily);
    assert_eq!(scenario.units, 1);
    assert_eq!(scenario.occupancy, Occupancy::PrimaryResidence);
    assert_eq!(scenario.employment, Some(Employment::FullTime));
    assert_eq!(scenario.documentation.as_deref(), Some("Full"));
    assert_eq!(scenario.homes_owned, Some(0));
    assert_eq!(scenario.channel.as_deref(), Some("Retail"));
    assert_eq!(scenario.sub_channel.as_deref(), Some("Employee"));
    assert_eq!(
        scenario.flags,
        Flags::default().with(Flag::FirstTimeBuyer, true)
    );
    assert!(!scenario.finances_va_fee && !scenario.finances_usda_fee);
}

#[test]
fn one_value_or_several() {
    let search = with(&[
        (
            "loanPurpose",
            json!(["Purchase", "Refinance", "RefinanceCashOut"]),
        ),
        ("zipcode", json!(["92649", 33154, "10014-1234"])),
        ("loanAmount", Value::Null),
    ])
    .unwrap();
    let loans: Vec<i64> = search.purposes.iter().map(|(_, l)| l.get() / 100).collect();
    assert_eq!(loans, [250_000, 250_000, 260_000]);
    assert_eq!(search.zips, ["92649", "33154", "10014"]);
    let search = with(&[
        ("loanPurpose", json!("Refinance")),
        ("zipcode", json!("04083")),
    ]);
    assert_eq!(search.unwrap().zips, ["04083"]);
    for (changes, path) in [
        (("loanPurpose", json!([])), "loanPurpose"),
        (("loanPurpose", json!("Rent")), "loanPurpose"),
        (
            ("loanPurpose", json!(["Purchase", "purchase"])),
            "loanPurpose[1]",
        ),
        (("loanPurpose", json!({})), "loanPurpose"),
        (
            (
                "loanPurpose",
                json!(["Purchase", "Purchase", "Purchase", "Purchase"]),
            ),
            "loanPurpose",
        ),
        (("zipcode", json!([])), "zipcode"),
        (("zipcode", json!("9264")), "zipcode"),
        (("zipcode", json!(["92649", null])), "zipcode[1]"),
        (("zipcode", json!([["92649"]])), "zipcode[0]"),
        (("zipcode", json!(vec!["92649"; ZIPS_MAX + 1])), "zipcode"),
    ] {
        assert_eq!(
            message(&[changes]),
            format!("Parameter {path} missing or invalid format.")
        );
    }
}

#[test]
fn required_members() {
    for name in [
        "loanPurpose",
        "zipcode",
        "homePrice",
        "propertyType",
        "occupancyType",
        "subChannel",
        "cashOut",
    ] {
        assert_eq!(
            message(&[(name, Value::Null)]),
            format!("Parameter {name} missing or invalid format.")
        );
    }
    let neither = [("loanAmount", Value::Null), ("downPayment", Value::Null)];
    assert_eq!(
        message(&neither),
        "Parameter loanAmount missing or invalid format."
    );
    assert!(with(&[("channel", Value::Null), ("subChannel", Value::Null)]).is_ok());
}

#[test]
fn optional_members_are_checked() {
    for (name, bad) in [
        ("fico", json!("299")),
        ("fico", json!(851)),
        ("fico", json!("NaN")),
        ("fico", json!(750.5)),
        ("grossMonthlyIncome", json!("-1")),
        ("monthlyDebts", json!(1e308)),
        ("downPayment", json!("NaN")),
        ("loanAmount", json!("0")),
        ("loanAmount", json!("500000.01")),
        ("cashOut", json!("$1")),
        ("numUnits", json!("5")),
        ("numUnits", json!("0")),
        ("buildingStatus", json!("Proposed")),
        ("employmentStatus", json!("Idle")),
        ("documentationType", json!("None")),
        ("numberHomesOwned", json!("-1")),
        ("bankruptcy", json!("2")),
        ("isTexas50a", json!("yes")),
        ("additionalCriteria", json!("x")),
        ("channel", json!("x".repeat(101))),
    ] {
        assert_eq!(
            message(&[(name, bad)]),
            format!("Parameter {name} invalid format.")
        );
    }
    for (name, bad) in [
        ("homePrice", json!("0")),
        ("homePrice", json!("NaN")),
        ("homePrice", json!(1e308)),
        ("propertyType", json!("Castle")),
        ("propertyType", json!("Townhouse")),
        ("occupancyType", json!("OwnerOccupied")),
    ] {
        assert_eq!(
            message(&[(name, bad)]),
            format!("Parameter {name} missing or invalid format.")
        );
    }
}

#[test]
fn criteria_of_any_name() {
    let search = with(&[(
        "additionalCriteria",
        json!({"PMIType": "Monthly", "Loyalty years": 7, "PrivateBank": true, "none": null, "blank": " "}),
    )]);
    let criteria = search.unwrap().scenario.criteria;
    let pairs: Vec<(&str, &str)> = criteria.iter().map(|(n, v)| (&**n, &**v)).collect();
    assert_eq!(
        pairs,
        [
            ("PMIType", "Monthly"),
            ("Loyalty years", "7"),
            ("PrivateBank", "1")
        ]
    );
    let list = with(&[("additionalCriteria", json!({"a": ["b"]}))]);
    assert_eq!(
        list.unwrap_err().message,
        "Parameter additionalCriteria.a invalid format."
    );
    let many: serde_json::Map<String, Value> =
        (0..51).map(|n| (n.to_string(), json!("x"))).collect();
    assert_eq!(
        message(&[("additionalCriteria", Value::Object(many))]),
        "Parameter additionalCriteria invalid format."
    );
    let long: serde_json::Map<String, Value> = (0..50)
        .map(|n| (n.to_string(), json!("é".repeat(50))))
        .collect();
    assert_eq!(
        message(&[("additionalCriteria", Value::Object(long))]),
        "Parameter additionalCriteria invalid format."
    );
    assert!(with(&[("additionalCriteria", json!([]))]).is_ok());
}

#[test]
fn units_and_financed_fees() {
    for (kind, stated, units) in [
        ("SingleFamily", json!("1"), 1),
        ("SingleFamily", Value::Null, 1),
        ("Duplex", json!("1"), 2),
        ("Triplex", Value::Null, 3),
        ("Quadplex", json!(4), 4),
        ("SingleFamily", json!(2), 2),
    ] {
        let search = with(&[("propertyType", json!(kind)), ("numUnits", stated)]);
        assert_eq!(search.unwrap().scenario.units, units, "{kind}");
    }
    let scenario = with(&[("financeUFMIP", json!(1))]).unwrap().scenario;
    assert!(scenario.finances_va_fee && scenario.finances_usda_fee);
    assert!(scenario.flags.has(Flag::FinancesUpfrontFee));
}
