//! What somebody may send on the sign-up page, value by value.

use super::*;

use SignupField as F;

fn today() -> Date {
    Date::new(2026, 11, 21).expect("a day")
}

fn draft(texts: &[(F, &str)]) -> SignupDraft {
    let mut draft = SignupDraft::default();
    for (field, text) in texts {
        draft.offer(*field, text);
    }
    draft
}

fn complete() -> SignupDraft {
    draft(&[
        (F::Borrower(ApplicantPart::FirstName), "Ann"),
        (F::Borrower(ApplicantPart::LastName), "Example"),
        (F::Borrower(ApplicantPart::Email), "ann@example.com"),
        (F::Borrower(ApplicantPart::PhonePrimary), "555-555-5555"),
        (F::Property(AddressPart::State), "me"),
        (F::AcceptsTerms, "1"),
        (F::TakesElectronicRecords, "1"),
    ])
}

const ASKED: Asked = Asked {
    property_state: true,
};

#[test]
fn every_field_is_listed_once() {
    let mut all = F::all();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!((all.len(), count), (42, 42));
}

#[test]
fn what_cannot_be_read_is_left_out() {
    let bad = draft(&[
        (F::Borrower(ApplicantPart::FirstName), "Ann"),
        (F::Borrower(ApplicantPart::FirstName), "Second"),
        (F::Borrower(ApplicantPart::BirthDate), "11/22/2008"),
        (F::Borrower(ApplicantPart::Email), "no address"),
        (
            F::Borrower(ApplicantPart::Home(AddressPart::State)),
            "Ontario",
        ),
        (F::CoBorrower(ApplicantPart::BirthDate), "1974-10-22"),
        (F::CashOut, "lots"),
        (F::Scope, "everything"),
    ])
    .readable(today());
    assert_eq!(bad.text(F::Borrower(ApplicantPart::FirstName)), "Ann");
    assert_eq!(
        bad.text(F::CoBorrower(ApplicantPart::BirthDate)),
        "10/22/1974"
    );
    assert!(bad.is_ticked(F::HasCoBorrower));
    assert_eq!(bad.texts.len(), 3);
}

#[test]
fn a_complete_form_becomes_facts() {
    let facts = complete().check(ASKED, today()).expect("complete");
    assert_eq!(facts.borrower.phone_primary.as_deref(), Some("5555555555"));
    assert_eq!(facts.property.state.as_deref(), Some("ME"));
    assert_eq!(facts.co_borrower, None);
    let stored = serde_json::to_string(&facts).expect("written");
    let read: SignupFacts = serde_json::from_str(&stored).expect("read");
    assert_eq!(read, facts);
    let lead = facts.told_to(LeadBorrower {
        crm_lead_id: Some("7".to_owned()),
        first_name: Some("Anna".to_owned()),
        city: Some("Springvale".to_owned()),
        ..LeadBorrower::default()
    });
    assert_eq!(lead.crm_lead_id.as_deref(), Some("7"));
    assert_eq!(lead.first_name.as_deref(), Some("Ann"));
    assert_eq!(lead.city.as_deref(), Some("Springvale"));
}

#[test]
fn every_mistake_is_named_in_the_order_of_the_page() {
    let bad = draft(&[
        (F::HasCoBorrower, "1"),
        (F::CoBorrower(ApplicantPart::FirstName), "Bob"),
        (F::CoBorrower(ApplicantPart::Email), "bob"),
        (F::Borrower(ApplicantPart::Email), "ann"),
        (F::StopsWithoutProperty, "1"),
        (F::Property(AddressPart::PostalCode), "1"),
        (F::Scope, "nonsense nobody sees"),
    ]);
    assert_eq!(
        bad.check(ASKED, today()),
        Err(vec![
            (F::Borrower(ApplicantPart::FirstName), Rule::Missing),
            (F::Borrower(ApplicantPart::LastName), Rule::Missing),
            (F::Borrower(ApplicantPart::Email), Rule::Malformed),
            (F::Borrower(ApplicantPart::PhonePrimary), Rule::Missing),
            (F::Property(AddressPart::Street), Rule::Missing),
            (F::Property(AddressPart::City), Rule::Missing),
            (F::Property(AddressPart::State), Rule::Missing),
            (F::Property(AddressPart::PostalCode), Rule::Malformed),
            (F::CoBorrower(ApplicantPart::LastName), Rule::Missing),
            (F::CoBorrower(ApplicantPart::Email), Rule::Malformed),
            (F::AcceptsTerms, Rule::Missing),
            (F::TakesElectronicRecords, Rule::Missing),
        ])
    );
}

#[test]
fn a_co_borrower_nobody_ticked_is_not_looked_at() {
    let texts = draft(&[(F::CoBorrower(ApplicantPart::Email), "bob")]).or(complete());
    let facts = texts.check(ASKED, today()).expect("complete");
    assert_eq!(facts.co_borrower, None);
}

#[test]
fn the_likely_purpose_is_guessed_and_never_overrides() {
    let likely = |texts: &[(F, &str)]| {
        let draft = draft(texts).with_likely_purpose();
        draft.text(F::Purpose).to_owned()
    };
    let rate = F::PresentLoan(PresentLoanPart::NoteRate);
    let street = F::Property(AddressPart::Street);
    assert_eq!(likely(&[]), "");
    assert_eq!(
        likely(&[(F::CashOut, "1"), (rate, "5")]),
        "refinance_cash_out"
    );
    assert_eq!(likely(&[(rate, "5"), (street, "x")]), "refinance");
    assert_eq!(likely(&[(street, "x")]), "purchase");
    assert_eq!(likely(&[(F::Purpose, "purchase"), (rate, "5")]), "purchase");
}

#[test]
fn a_lead_and_its_offer_fill_the_page() {
    let lead = LeadBorrower {
        first_name: Some("Ann".to_owned()),
        birth_date: Some(Date::new(1968, 10, 22).expect("a day")),
        is_married: Some(true),
        accepts_terms: Some(true),
        ..LeadBorrower::default()
    };
    let draft = SignupDraft::of_lead(&lead);
    assert_eq!(
        draft.text(F::Borrower(ApplicantPart::BirthDate)),
        "10/22/1968"
    );
    assert_eq!(
        draft.text(F::Borrower(ApplicantPart::MaritalStatus)),
        "married"
    );
    assert!(draft.is_ticked(F::AcceptsTerms));
    assert_eq!(format!("{draft:?}"), "SignupDraft { fields: 4, .. }");
}
