//! Parties in the order an export writes them.

use lintel_domain::application::Application;
use lintel_domain::application::borrower::Borrower;
use lintel_domain::application::party::{OriginationCompany, Originator, OtherParty};

use super::{Unit, units};
use Unit::{Company, Originator as Officer, Other};

/// An application of two borrowers, a company and a loan officer with other roles: each with the
/// borrower that holds it, and `None` for a party of its own.
fn application(holders: &[Option<usize>]) -> Application {
    let json = r#"{"loan":{"purpose":"purchase","program":"va","amount_cents":1},
        "property":{},"borrowers":[]}"#;
    let mut application: Application = serde_json::from_str(json).expect("an application");
    application.borrowers = vec![Borrower::default(), Borrower::default()];
    application.originator = Some(Originator::default());
    application.origination_company = Some(OriginationCompany::default());
    application.other_parties = holders
        .iter()
        .map(|borrower| OtherParty {
            borrower: *borrower,
            ..OtherParty::default()
        })
        .collect();
    application
}

#[test]
fn borrowers_come_first_where_nothing_depends_on_it() {
    let [first, second] = [Unit::Borrower(0), Unit::Borrower(1)];
    let ordinary = application(&[None, None]);
    let expected = [first, second, Company, Officer, Other(0), Other(1)];
    assert_eq!(units(&ordinary), expected);
    let with_roles = application(&[Some(0), Some(1), None]);
    let expected = [Company, Officer, first, second, Other(2)];
    assert_eq!(units(&with_roles), expected);
}

#[test]
fn a_party_before_the_role_of_a_borrower_stays_before_it() {
    let [first, second] = [Unit::Borrower(0), Unit::Borrower(1)];
    let second_late = application(&[None, Some(1)]);
    let expected = [first, Company, Officer, Other(0), second];
    assert_eq!(units(&second_late), expected);
    let first_late = application(&[None, Some(0), None]);
    let expected = [Company, Officer, Other(0), first, second, Other(2)];
    assert_eq!(units(&first_late), expected);
}

#[test]
fn roles_of_one_party_make_one_party() {
    let mut one = application(&[None, None, None]);
    one.other_parties[2].same_as = Some(1);
    one.other_parties[0].is_originator = true;
    one.origination_company = None;
    let [first, second] = [Unit::Borrower(0), Unit::Borrower(1)];
    assert_eq!(units(&one), [first, second, Officer, Other(1)]);
}
