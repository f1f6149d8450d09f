//! Names, addresses, contact points and licences, which parties and employers share.

use lintel_domain::application::party::{License, PersonName, Phone};
use lintel_domain::application::place::Address;

use super::draft::{Draft, Id};

/// Writes a `NAME` below an element.
pub(super) fn person_name<'a>(draft: &mut Draft<'a>, parent: Id, name: &'a PersonName) {
    let PersonName {
        first,
        middle,
        last,
        suffix,
        full,
    } = name;
    let part = draft.at(parent, "NAME");
    draft.text(part, "FirstName", first.as_ref());
    draft.text(part, "FullName", full.as_ref());
    draft.text(part, "LastName", last.as_ref());
    draft.text(part, "MiddleName", middle.as_ref());
    draft.text(part, "SuffixName", suffix.as_ref());
}

/// Writes the parts of an address into an `ADDRESS`.
pub(super) fn address<'a>(draft: &mut Draft<'a>, part: Id, address: &'a Address) {
    let Address {
        line,
        unit,
        city,
        state,
        postal_code,
        county,
        country,
    } = address;
    draft.text(part, "AddressLineText", line.as_ref());
    draft.text(part, "AddressUnitIdentifier", unit.as_ref());
    draft.text(part, "CityName", city.as_ref());
    draft.text(part, "CountryCode", country.as_ref());
    draft.text(part, "CountyName", county.as_ref());
    draft.text(part, "PostalCode", postal_code.as_ref());
    draft.text(part, "StateCode", state.as_ref());
}

/// Writes mail addresses, then telephones; what is carried over counts on that order.
pub(super) fn contacts<'a>(
    draft: &mut Draft<'a>,
    parent: Id,
    emails: &'a [String],
    phones: &'a [Phone],
) {
    let list = draft.at(parent, "CONTACT_POINTS");
    for email in emails {
        let point = draft.add(list, "CONTACT_POINT");
        let part = draft.at(point, "CONTACT_POINT_EMAIL");
        draft.text(part, "ContactPointEmailValue", Some(email));
    }
    for phone in phones {
        let Phone {
            number,
            extension,
            kind,
        } = phone;
        let point = draft.add(list, "CONTACT_POINT");
        let part = draft.at(point, "CONTACT_POINT_TELEPHONE");
        draft.text(
            part,
            "ContactPointTelephoneExtensionValue",
            extension.as_ref(),
        );
        draft.text(part, "ContactPointTelephoneValue", Some(number));
        let detail = draft.at(point, "CONTACT_POINT_DETAIL");
        draft.word(detail, "ContactPointRoleType", kind.as_ref());
    }
}

/// Writes the licences of a role.
pub(super) fn licenses<'a>(draft: &mut Draft<'a>, role: Id, licenses: &'a [License]) {
    let list = draft.at(role, "LICENSES");
    for license in licenses {
        let License {
            authority,
            number,
            state,
        } = license;
        let part = draft.add(list, "LICENSE");
        let detail = draft.at(part, "LICENSE_DETAIL");
        draft.word(detail, "LicenseAuthorityLevelType", authority.as_ref());
        draft.text(detail, "LicenseIdentifier", Some(number));
        draft.text(detail, "LicenseIssuingAuthorityStateCode", state.as_ref());
    }
}
