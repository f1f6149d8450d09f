//! The sample payload of the text, changed in one place at a time.

use super::*;
use lintel_domain::lead::PricedLoan;
use lintel_domain::loan::Purpose;
use lintel_domain::signup::Channel;
use serde_json::{Value, json};

fn sample() -> Value {
    let text = include_str!("../../../tests/it/stock/invitation.json");
    serde_json::from_str(text).expect("JSON")
}

fn taken(data: &Value) -> Invitation {
    read(&Reader::new(data), Date::new(2026, 6, 1).unwrap()).unwrap()
}

#[test]
fn the_sample_is_read() {
    let data = sample();
    let (lender, user) = whose(&Reader::new(&data)).unwrap();
    assert_eq!((lender.as_str(), user.as_str()), ("6SGKSI3X", "Da4W7mNZ"));
    let Invitation {
        lead,
        borrowers,
        loan,
    } = taken(&data);
    assert_eq!(lead.as_deref(), Some("ABC1223"));
    let [charles, mary] = &borrowers[..] else {
        panic!("two borrowers");
    };
    assert_eq!(charles.uid.as_deref(), Some("12001"));
    assert_eq!(charles.spouse_uid, mary.uid);
    assert_eq!(
        (charles.is_primary, mary.is_primary),
        (Some(true), Some(false))
    );
    let street = charles.street.as_deref();
    assert_eq!(street, Some("16892 Bolsa Chica St, #201"));
    let loan = loan.expect("a loan");
    assert_eq!(loan.purpose, Some(Purpose::RefinanceCashOut));
    assert_eq!(loan.channel, Some(Channel::Wholesale));
    assert_eq!(loan.offer_id.as_deref(), Some("LQCT0AK8"));
    assert_eq!(loan.street.as_deref(), Some("5361 Bonanza Dr"));
    assert_eq!(loan.arm_caps.as_deref(), Some("5/2/5"));
    assert_eq!(loan.apr.unwrap().to_string(), "4.552");
    assert_eq!(loan.points_amount.unwrap().to_string(), "-2600.00");
}

#[test]
fn little_of_a_loan_has_to_be_there() {
    let mut data = sample();
    data["loan"] = json!({ "loanID": 7, "subjectPropertyAddressZipcode": 4083 });
    let loan = taken(&data).loan.expect("a loan");
    let nothing = PricedLoan {
        offer_id: None,
        ..loan.clone()
    };
    assert_eq!(loan.offer_id.as_deref(), Some("7"));
    assert_eq!(loan.postal_code, "04083");
    assert_eq!((nothing.note_rate, nothing.program), (None, None));
    // Terms of an adjustable rate belong to one that is said to be.
    data["loan"]["armType"] = json!("nonsense");
    assert_eq!(taken(&data).loan.expect("a loan").arm_type, None);
    for none in [Value::Null, json!({}), json!([]), json!("")] {
        data["loan"] = none;
        assert!(taken(&data).loan.is_none());
    }
}

#[test]
fn somebody_has_to_be_named() {
    let mut data = sample();
    for none in [Value::Null, json!([]), json!("")] {
        data["borrowers"] = none;
        assert!(taken(&data).borrowers.is_empty());
        let mut nobody = data.clone();
        nobody["publicID"] = json!(" ");
        let refused = read(&Reader::new(&nobody), Date::new(2026, 6, 1).unwrap());
        let message = refused.unwrap_err().message;
        assert_eq!(message, "Parameter borrowers missing or invalid format.");
    }
}
