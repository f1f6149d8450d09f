//! The sample payload of the text, changed in one place at a time.

use super::*;
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_engine::date::Date;
use serde_json::{Value, json};

/// The payload of the text.
fn sample() -> Value {
    let text = include_str!("../../../tests/it/stock/signup.json");
    serde_json::from_str(text).expect("JSON")
}

fn with(part: &str, name: &str, value: Value) -> Result<Signup, LenderError> {
    let mut data = sample();
    data[part][name] = value;
    read(&Reader::new(&data), Date::new(2026, 6, 1).unwrap())
}

#[test]
fn the_sample_is_read() {
    let signup = read(&Reader::new(&sample()), Date::new(2026, 6, 1).unwrap()).unwrap();
    assert_eq!((signup.lender, signup.lead), (None, None));
    assert_eq!(signup.officer.as_deref(), Some("6ETBTZ4N"));
    let borrower = signup.borrower;
    assert_eq!(borrower.birth_date, Date::new(1968, 10, 22).ok());
    assert_eq!(borrower.phone_primary.as_deref(), Some("7142458223"));
    assert_eq!(borrower.is_married, Some(true));
    assert_eq!(borrower.accepts_terms, Some(true));
    assert_eq!(borrower.goes_to_crm, None);
    let loan = signup.loan;
    assert_eq!(loan.postal_code, "92649");
    assert_eq!(loan.purpose, Some(Purpose::RefinanceCashOut));
    assert_eq!(loan.occupancy, Some(Occupancy::PrimaryResidence));
    assert_eq!(loan.program, Some(Program::Conventional));
    assert_eq!(loan.arm_type.as_deref(), Some("7/1"));
    assert_eq!(loan.arm_caps.as_deref(), Some("5/2/5"));
    assert_eq!(loan.points_amount.unwrap().to_string(), "-2600.00");
    assert_eq!(loan.points.unwrap().to_string(), "-1");
    assert_eq!(loan.apr.unwrap().to_string(), "4.552");
    assert_eq!(loan.campaign_provider_id.as_deref(), Some("53781"));
}

#[test]
fn the_borrower_may_be_missing() {
    for none in [Value::Null, json!({}), json!([]), json!("")] {
        let mut data = sample();
        data["borrower"] = none;
        let read = read(&Reader::new(&data), Date::new(2026, 6, 1).unwrap()).unwrap();
        assert!(read.borrower == LeadBorrower::default());
    }
}

#[test]
fn required_members_of_the_loan() {
    for name in [
        "subjectPropertyAddressZipcode",
        "loanPurpose",
        "homePrice",
        "downPayment",
        "cashOut",
        "propertyType",
        "occupancyType",
        "productProgram",
        "loanAmortizationType",
        "loanAmortization",
        "armType",
        "armIndexMargin",
        "armCapRates",
        "rate",
        "apr",
        "discountPointPercent",
        "discountPoint",
    ] {
        let refused = with("loan", name, Value::Null).unwrap_err();
        let message = format!("Parameter loan.{name} missing or invalid format.");
        assert_eq!((refused.code, refused.message), (501, message));
    }
    let mut data = sample();
    for none in [Value::Null, json!("x"), json!([1])] {
        data["loan"] = none;
        let refused = read(&Reader::new(&data), Date::new(2026, 6, 1).unwrap()).unwrap_err();
        assert_eq!(refused.message, "Parameter loan missing or invalid format.");
    }
}

#[test]
fn a_fixed_loan_needs_no_adjustments() {
    let mut data = sample();
    data["loan"]["loanAmortizationType"] = json!("Fixed");
    for name in ["armType", "armIndexMargin", "armCapRates"] {
        data["loan"][name] = json!("nonsense");
    }
    let read = read(&Reader::new(&data), Date::new(2026, 6, 1).unwrap()).unwrap();
    assert_eq!(read.loan.arm_type, None);
}

#[test]
fn what_cannot_be_used_is_named() {
    for (part, name, bad) in [
        ("borrower", "dob", json!("13/22/1968")),
        ("borrower", "dob", json!("06/02/2026")),
        ("borrower", "phonePrimary", json!("call me")),
        ("borrower", "status", json!("Divorced")),
        ("borrower", "primaryAddressState", json!("Cal")),
        ("borrower", "primaryAddressZipcode", json!("9264")),
        ("borrower", "email", json!("nobody")),
        ("borrower", "autoCheckTOUPP", json!("2")),
        ("borrower", "pushToCRM", json!([])),
        ("borrower", "firstName", json!("x".repeat(101))),
        ("borrower", "bsmLeadUID", json!({})),
        ("loan", "fico", json!(1e308)),
        ("loan", "lockPeriod", json!("0")),
        ("loan", "downPayment", json!("500001")),
        ("loan", "cashOut", json!("250000.01")),
        ("loan", "monthlyPayment", json!("NaN")),
        ("loan", "employmentStatus", json!("Idle")),
        ("loan", "subjectPropertyAddressState", json!("12")),
    ] {
        let Err(refused) = with(part, name, bad.clone()) else {
            panic!("{part}.{name} {bad} was taken");
        };
        let message = format!("Parameter {part}.{name} invalid format.");
        assert_eq!((refused.code, refused.message), (501, message), "{bad}");
    }
    for (name, bad) in [
        ("homePrice", json!("0")),
        ("rate", json!("0")),
        ("rate", json!("1e1")),
        ("apr", json!("-1")),
        ("discountPoint", json!("many")),
        ("armType", json!("7")),
        ("armType", json!("7/1/2")),
        ("armType", json!("/")),
        ("armCapRates", json!("5/2")),
        ("armCapRates", json!("5/2/x")),
        ("loanAmortization", json!("0")),
        ("propertyType", json!("Castle")),
    ] {
        let Err(refused) = with("loan", name, bad.clone()) else {
            panic!("loan.{name} {bad} was taken");
        };
        let message = format!("Parameter loan.{name} missing or invalid format.");
        assert_eq!((refused.code, refused.message), (501, message), "{bad}");
    }
}
