//! The parties that do not borrow.

use std::borrow::Cow;

use lintel_domain::application::Application;
use lintel_domain::application::party::{OriginationCompany, Originator, OtherParty};

use super::draft::{Draft, Id};
use super::names;
use super::party_order::{self, Unit};
use crate::carried::Anchor;
use crate::finding::Code;

/// A new role of a party, with a label made of its name.
pub(super) fn role<'a>(draft: &mut Draft<'a>, party: Id, name: &'a str) -> Id {
    let roles = draft.at(party, "ROLES");
    let before = draft.get(roles).children.len();
    let role = draft.add(roles, "ROLE");
    draft.number(role, label(name), before);
    let detail = draft.at(role, "ROLE_DETAIL");
    draft.fixed(detail, "PartyRoleType", name);
    role
}

/// `LoanOriginator` as labels are written: `LOAN_ORIGINATOR`.
fn label(name: &str) -> Cow<'static, str> {
    if name == "Borrower" {
        return Cow::Borrowed("BORROWER");
    }
    let mut label = String::new();
    let mut was_small = false;
    for c in name.chars().filter(char::is_ascii_alphanumeric).take(60) {
        if c.is_ascii_uppercase() && was_small {
            label.push('_');
        }
        was_small = !c.is_ascii_uppercase();
        label.push(c.to_ascii_uppercase());
    }
    if label.starts_with(|c: char| c.is_ascii_alphabetic()) {
        Cow::Owned(label)
    } else {
        Cow::Borrowed("ROLE")
    }
}

/// Makes the elements of all parties, in the order of writing.
pub(super) fn places<'a>(draft: &mut Draft<'a>, deal: Id, application: &'a Application) {
    let parties = draft.at(deal, "PARTIES");
    for unit in party_order::units(application) {
        let party = draft.item(parties, "PARTY");
        let anchor = match unit {
            Unit::Borrower(index) => Anchor::Borrower(index),
            Unit::Company => Anchor::OriginationCompany,
            Unit::Originator => Anchor::Originator,
            Unit::Other(index) => Anchor::OtherParty(index),
        };
        draft.anchor(party, anchor);
        let company = application.origination_company.as_ref();
        let is_one = company.is_some_and(|company| company.is_originator);
        if unit == Unit::Company && is_one {
            draft.anchor(party, Anchor::Originator);
        }
    }
}

/// Fills in the company and the loan officer, who may be one party.
pub(super) fn originators<'a>(draft: &mut Draft<'a>, application: &'a Application) {
    let company = application.origination_company.as_ref();
    let place = draft.anchored(Anchor::OriginationCompany);
    if let (Some(company), Some(party)) = (company, place) {
        let OriginationCompany {
            name,
            address,
            licenses,
            is_originator: _,
        } = company;
        let detail = draft.at(party, "LEGAL_ENTITY/LEGAL_ENTITY_DETAIL");
        draft.text(detail, "FullName", name.as_ref());
        if let Some(address) = address {
            let part = draft.at(party, "ADDRESSES/ADDRESS");
            names::address(draft, part, address);
        }
        let role = role(draft, party, "LoanOriginationCompany");
        draft.anchor(role, Anchor::OriginationCompanyRole);
        names::licenses(draft, role, licenses);
    }
    let originator = application.originator.as_ref();
    let place = draft.anchored(Anchor::Originator);
    if let (Some(originator), Some(party)) = (originator, place) {
        let Originator {
            name,
            emails,
            phones,
            licenses,
        } = originator;
        let individual = draft.at(party, "INDIVIDUAL");
        names::contacts(draft, individual, emails, phones);
        names::person_name(draft, individual, name);
        let role = role(draft, party, "LoanOriginator");
        draft.anchor(role, Anchor::OriginatorRole);
        names::licenses(draft, role, licenses);
    }
}

/// Fills in everybody else. Several roles of one party stand below it.
pub(super) fn others<'a>(draft: &mut Draft<'a>, deal: Id, others: &'a [OtherParty]) {
    for (index, other) in others.iter().enumerate() {
        let OtherParty {
            role: name,
            person,
            company,
            borrower,
            same_as,
            is_originator,
            is_origination_company,
            identifiers,
            ownership_status,
            vesting,
        } = other;
        let held = [
            borrower.map(Anchor::Borrower),
            is_originator.then_some(Anchor::Originator),
            is_origination_company.then_some(Anchor::OriginationCompany),
            same_as
                .filter(|first| *first < index)
                .map(Anchor::OtherParty),
        ];
        let mut held = held.into_iter().flatten();
        let party = match held.find_map(|anchor| draft.anchored(anchor)) {
            Some(party) => party,
            None => {
                let party = own_party(draft, deal, index);
                let individual = draft.at(party, "INDIVIDUAL");
                names::person_name(draft, individual, person);
                party
            }
        };
        draft.anchor(party, Anchor::OtherParty(index));
        let detail = draft.at(party, "LEGAL_ENTITY/LEGAL_ENTITY_DETAIL");
        if draft.get(detail).children.is_empty() {
            draft.text(detail, "FullName", company.as_ref());
        }
        let role = role(draft, party, name);
        draft.anchor(role, Anchor::OtherRole(index));
        let owner = draft.at(role, "PROPERTY_OWNER");
        draft.text(owner, "PropertyOwnerStatusType", ownership_status.as_ref());
        draft.text(owner, "RelationshipVestingType", vesting.as_ref());
        let list = draft.at(role, "PARTY_ROLE_IDENTIFIERS");
        for identifier in identifiers {
            let part = draft.add(list, "PARTY_ROLE_IDENTIFIER");
            draft.text(part, "PartyRoleIdentifier", Some(identifier));
        }
    }
}

/// The party of a role that shares it with nobody before it.
fn own_party(draft: &mut Draft<'_>, deal: Id, index: usize) -> Id {
    if let Some(party) = draft.anchored(Anchor::OtherParty(index)) {
        return party;
    }
    let parties = draft.at(deal, "PARTIES");
    draft.item(parties, "PARTY")
}

/// A party an entry of the application refers to: by index, and otherwise by what it says of it.
pub(super) struct Sought<'a> {
    pub(super) role: &'static str,
    pub(super) index: Option<usize>,
    pub(super) company: Option<&'a str>,
    pub(super) identifier: Option<&'a str>,
}

/// Finds the role of a party, or writes the party: what an application says of an agency or a
/// payee must not be lost because nobody listed it among the parties.
pub(super) fn find<'a>(
    draft: &mut Draft<'a>,
    from: Id,
    others: &[OtherParty],
    sought: &Sought<'a>,
) -> Option<Id> {
    if let Some(index) = sought.index {
        let role = draft.anchored(Anchor::OtherRole(index));
        if role.is_none() {
            let message = "The application refers to a party it does not have.";
            draft.report(from, Code::ArcDangling, message, &[]);
        }
        return role;
    }
    if sought.company.is_none() && sought.identifier.is_none() {
        return None;
    }
    let is_it = |other: &OtherParty| {
        let name = other.company.as_ref().or(other.person.full.as_ref());
        name.map(String::as_str) == sought.company
            && (sought.identifier.is_none()
                || other.identifiers.first().map(String::as_str) == sought.identifier)
    };
    if let Some(index) = others.iter().position(is_it) {
        return draft.anchored(Anchor::OtherRole(index));
    }
    let deal = draft.anchored(Anchor::Deal)?;
    let parties = draft.at(deal, "PARTIES");
    let party = draft.item(parties, "PARTY");
    draft.get_mut(party).is_entry = true;
    let detail = draft.at(party, "LEGAL_ENTITY/LEGAL_ENTITY_DETAIL");
    if let Some(company) = sought.company {
        draft.fixed(detail, "FullName", company);
    }
    let role = role(draft, party, sought.role);
    if let Some(identifier) = sought.identifier {
        let list = draft.at(role, "PARTY_ROLE_IDENTIFIERS/PARTY_ROLE_IDENTIFIER");
        draft.fixed(list, "PartyRoleIdentifier", identifier);
    }
    Some(role)
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn labels_are_made_of_the_words_of_a_role() {
        let labels = [
            ("Borrower", "BORROWER"),
            ("LoanOriginationCompany", "LOAN_ORIGINATION_COMPANY"),
            ("NotePayTo", "NOTE_PAY_TO"),
            ("HousingCounselingAgency", "HOUSING_COUNSELING_AGENCY"),
            ("FHASponsor", "FHASPONSOR"),
            ("", "ROLE"),
            ("<&\u{e9}>", "ROLE"),
            ("2nd owner", "ROLE"),
        ];
        for (name, written) in labels {
            assert_eq!(label(name), written, "{name}");
        }
    }
}
