//! Tests of reading people.

use super::*;
use crate::refusal::LicensePart;
use crate::role::Role;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn license(state: &str, number: &str) -> LicenseDraft {
    LicenseDraft {
        state: Entry::Given(state.to_owned()),
        number: Entry::Given(number.to_owned()),
    }
}

fn officer() -> PersonDraft {
    PersonDraft {
        uid: some("G2bdThp9"),
        timezone: some("America/Los_Angeles"),
        first_name: some(" Samantha Anne "),
        last_name: some("Jones"),
        phone: some("818-859-8285"),
        phone_extension: some("12345"),
        email: some("samantha.jones@example.com"),
        roles: Entry::Given(RoleSet::try_new([Role::Admin, Role::LoanOfficer]).expect("two")),
        nmls: some("010101"),
        primary_branch: some("PQAMLALD"),
        secondary_branches: Some(vec!["TYHAOPOK".to_owned()]),
        licenses: Some(vec![license("TX", "n/a"), license("CA", "224466")]),
        ..PersonDraft::default()
    }
}

fn wrong(draft: &PersonDraft) -> Vec<(PersonField, Rule)> {
    draft.check(UidRule::Needed).expect_err("refused")
}

#[test]
fn a_whole_person_is_read() {
    let facts = officer().check(UidRule::Needed).expect("good");
    assert_eq!(facts.uid.as_deref(), Some("G2bdThp9"));
    assert_eq!(facts.first_name, "Samantha Anne");
    assert_eq!(facts.phone, "8188598285");
    assert_eq!(
        facts.timezone,
        Update::Set(Timezone::parse("America/Los_Angeles").expect("one"))
    );
    assert_eq!(facts.preferred_name, Update::Keep);
    let states: Vec<_> = facts
        .licenses
        .expect("two")
        .iter()
        .map(|l| l.state.as_str())
        .collect();
    assert_eq!(states, ["CA", "TX"]);
}

#[test]
fn what_is_left_out_is_missing_and_what_is_blank_is_taken_away() {
    let (missing, bad) = (Rule::Missing, Rule::Malformed);
    let blank = PersonDraft {
        first_name: some("  "),
        ..PersonDraft::default()
    };
    assert_eq!(
        wrong(&blank),
        [
            (PersonField::Uid, missing),
            (PersonField::FirstName, missing),
            (PersonField::LastName, missing),
            (PersonField::Phone, missing),
            (PersonField::Email, missing),
            (PersonField::Roles, missing),
        ]
    );
    let cleared = PersonDraft {
        uid: None,
        timezone: some(""),
        nmls: some("1"),
        phone_extension: some(" "),
        primary_branch: some(""),
        secondary_branches: Some(Vec::new()),
        ..officer()
    };
    let facts = cleared.check(UidRule::Optional).expect("good");
    assert_eq!(facts.uid, None);
    assert_eq!(facts.timezone, Update::Clear);
    assert_eq!(facts.phone_extension, Update::Clear);
    assert_eq!(facts.primary_branch, Update::Clear);
    assert_eq!(facts.secondary_branches, Some(Vec::new()));
    assert_eq!(wrong(&cleared), [(PersonField::Uid, missing)]);
    let unreadable = PersonDraft {
        roles: Entry::Unreadable,
        ..officer()
    };
    assert_eq!(wrong(&unreadable), [(PersonField::Roles, bad)]);
}

#[test]
fn an_officer_needs_a_number_and_a_licence_and_nobody_else_does() {
    let none = PersonDraft {
        nmls: None,
        licenses: None,
        ..officer()
    };
    let mistakes = [
        (PersonField::Nmls, Rule::Missing),
        (PersonField::Licenses, Rule::Missing),
    ];
    assert_eq!(wrong(&none), mistakes);
    let empty = PersonDraft {
        nmls: some(" "),
        licenses: Some(Vec::new()),
        ..officer()
    };
    assert_eq!(wrong(&empty), mistakes);
    for role in Role::ALL {
        let draft = PersonDraft {
            roles: Entry::Given(RoleSet::only(*role)),
            ..none.clone()
        };
        let refused = draft.check(UidRule::Needed).is_err();
        assert_eq!(refused, role.needs_license(), "{role}");
    }
}

#[test]
fn every_mistake_is_named_in_the_order_of_the_fields() {
    let bad = Rule::Malformed;
    let draft = PersonDraft {
        uid: some("a\u{0}b"),
        timezone: some("Mars/Olympus"),
        first_name: some("a\nb"),
        preferred_name: some(&"x".repeat(101)),
        middle_name: some("\u{202e}evil"),
        last_name: some(&"é".repeat(1_000_000)),
        phone: some("12345"),
        phone_extension: some("123456"),
        email: some("not an address"),
        nmls: some("12-34"),
        los_id: some("\u{7}"),
        primary_branch: some("short"),
        secondary_branches: Some(vec!["TYHAOPOK".to_owned(), "nope".to_owned()]),
        licenses: Some(vec![license("XX", "1"), license("CA", "")]),
        ..officer()
    };
    let place = |license, part| PersonField::License { license, part };
    assert_eq!(
        wrong(&draft),
        [
            (PersonField::Uid, bad),
            (PersonField::Timezone, bad),
            (PersonField::FirstName, bad),
            (PersonField::PreferredName, bad),
            (PersonField::MiddleName, bad),
            (PersonField::LastName, bad),
            (PersonField::Phone, bad),
            (PersonField::PhoneExtension, bad),
            (PersonField::Email, bad),
            (PersonField::Nmls, bad),
            (PersonField::LosId, bad),
            (PersonField::PrimaryBranch, bad),
            (PersonField::SecondaryBranch { branch: 1 }, bad),
            (place(0, LicensePart::State), bad),
            (place(1, LicensePart::Number), Rule::Missing),
        ]
    );
}

#[test]
fn lists_end_somewhere_and_repeats_count_once() {
    let endless = PersonDraft {
        secondary_branches: Some(vec!["TYHAOPOK".to_owned(); 201]),
        ..officer()
    };
    assert_eq!(
        wrong(&endless),
        [(PersonField::SecondaryBranches, Rule::Malformed)]
    );
    let twice = PersonDraft {
        secondary_branches: Some(vec!["TYHAOPOK".to_owned(); 3]),
        ..officer()
    };
    let facts = twice.check(UidRule::Needed).expect("good");
    assert_eq!(facts.secondary_branches.expect("one").len(), 1);
}
