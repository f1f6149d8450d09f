//! Everything that is wrong is told at once, and once.

use super::*;

#[test]
fn every_finding_comes_at_once() {
    let found = findings(&Request::default());
    let fields: Vec<_> = found.iter().map(|(field, _)| *field).collect();
    assert_eq!(
        fields,
        [
            CreditField::ProductPurpose,
            CreditField::LoanPurpose,
            CreditField::ProductScheme,
            CreditField::LoanAmount,
            CreditField::LoanDuration,
            CreditField::IndexTypeSubCategory,
            CreditField::IndexType,
            CreditField::Property,
            CreditField::Borrowers,
        ]
    );
    let mut asked = request();
    asked.product_scheme = Some(99);
    asked.branch = Some(9);
    asked.property.as_mut().unwrap().county = Some(1312);
    asked.property.as_mut().unwrap().zip_code = Some("0100".to_owned());
    asked.borrowers[0].nif = Some("123456780".to_owned());
    asked.borrowers.push(Borrower {
        nif: Some("12345".to_owned()),
        birth_date: Some(day("2027-01-01")),
        email: Some("nobody".to_owned()),
        kind: Some(1),
        ..second()
    });
    asked.insurances.life.external = Some(true);
    let found = findings(&asked);
    for expected in [
        (CreditField::ProductScheme, CreditRule::Retired),
        (CreditField::BankBranch, CreditRule::Retired),
        (CreditField::PropertyCounty, CreditRule::Mismatch),
        (CreditField::PropertyZipCode, CreditRule::Malformed),
        (CreditField::BorrowerType, CreditRule::Duplicate),
        (CreditField::BorrowerNif, CreditRule::CheckDigit),
        (CreditField::BorrowerNif, CreditRule::Malformed),
        (CreditField::BirthDate, CreditRule::InTheFuture),
        (CreditField::BorrowerEmail, CreditRule::Malformed),
        (CreditField::LifeInsuranceAmount, CreditRule::Missing),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
}

#[test]
fn a_list_is_not_missing_beside_an_entry_that_cannot_be_read() {
    let mut asked = request();
    asked.borrowers.clear();
    let before = vec![Finding::at(
        CreditField::Borrowers,
        0,
        CreditRule::Malformed,
    )];
    let found = simulate(&book(), &asked, before.clone()).unwrap_err();
    assert_eq!(found, before);
}

#[test]
fn what_the_face_found_is_not_told_again() {
    let mut asked = request();
    asked.amount = None;
    let before = vec![Finding::new(CreditField::LoanAmount, CreditRule::Malformed)];
    let found = simulate(&book(), &asked, before.clone()).unwrap_err();
    assert_eq!(found, before);
    // Even a request that is otherwise right is not worked out then.
    assert_eq!(simulate(&book(), &request(), before.clone()), Err(before));
}

#[test]
fn the_banks_own_bounds_are_findings() {
    let mut asked = request();
    asked.amount = Some(euros("9999.99"));
    let least = CreditRule::TooSmall(Bound::Amount(euros("10000")));
    assert_eq!(findings(&asked), [(CreditField::LoanAmount, least)]);
    asked.amount = Some(euros("225000.01"));
    let (field, rule) = findings(&asked)[0];
    assert_eq!(field, CreditField::LoanToValue);
    assert!(matches!(rule, CreditRule::LimitExceeded { .. }));
    let mut old = request();
    old.borrowers[0].birth_date = Some(day("1975-11-22"));
    assert!(simulate(&book(), &old, Vec::new()).is_ok());
    old.borrowers[0].birth_date = Some(day("1975-11-21"));
    assert_eq!(findings(&old)[0].0, CreditField::BorrowerAge);
    let mut twice = request();
    twice.borrowers.push(Borrower {
        nif: Some("123456789".to_owned()),
        ..second()
    });
    assert_eq!(
        findings(&twice),
        [(CreditField::BorrowerNif, CreditRule::Duplicate)]
    );
    // Without the month before there is no index.
    let later = Book {
        today: day("2026-12-01"),
        ..book()
    };
    let found = simulate(&later, &request(), Vec::new()).unwrap_err();
    assert_eq!(
        found,
        [Finding::new(CreditField::IndexValue, CreditRule::Missing)]
    );
}
