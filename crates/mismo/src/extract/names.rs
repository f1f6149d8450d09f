//! Names, addresses, contact points and licences, which parties and employers share.

use lintel_domain::application::party::{License, PersonName, Phone};
use lintel_domain::application::place::Address;

use crate::finding::{Code, Severity};
use crate::tree::Part;

/// Reads a `NAME`.
pub(super) fn person_name(name: Part<'_>) -> PersonName {
    PersonName {
        first: name.text("FirstName"),
        middle: name.text("MiddleName"),
        last: name.text("LastName"),
        suffix: name.text("SuffixName"),
        full: name.text("FullName"),
    }
}

/// Reads an `ADDRESS`.
pub(super) fn address(part: Part<'_>) -> Address {
    Address {
        line: part.text("AddressLineText"),
        unit: part.text("AddressUnitIdentifier"),
        city: part.text("CityName"),
        state: part.state("StateCode"),
        postal_code: part.text("PostalCode").map(postal_code),
        county: part.text("CountyName"),
        country: part.text("CountryCode"),
    }
}

/// Drops the hyphen of a nine-digit ZIP code; other codes stay as written.
fn postal_code(text: String) -> String {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        Some((zip, plus)) if zip.len() == 5 && plus.len() == 4 && digits(zip) && digits(plus) => {
            format!("{zip}{plus}")
        }
        Some(_) | None => text,
    }
}

/// Mail addresses and telephones of a container with `CONTACT_POINTS`.
pub(super) fn contacts(part: Part<'_>) -> (Vec<String>, Vec<Phone>) {
    let mut emails = Vec::new();
    let mut phones = Vec::new();
    let mut phone_points = Vec::new();
    for point in part.every("CONTACT_POINTS/CONTACT_POINT") {
        if let Some(text) = point
            .at("CONTACT_POINT_EMAIL")
            .text("ContactPointEmailValue")
        {
            let place = emails.len();
            push_emails(point, &text, &mut emails);
            if emails.len() > place {
                point.place(place);
            }
        }
        let telephone = point.at("CONTACT_POINT_TELEPHONE");
        if let Some(number) = telephone.text("ContactPointTelephoneValue") {
            phone_points.push(point);
            phones.push(Phone {
                number,
                extension: telephone.text("ContactPointTelephoneExtensionValue"),
                kind: point
                    .at("CONTACT_POINT_DETAIL")
                    .word("ContactPointRoleType"),
            });
        }
    }
    // An export writes mail addresses first.
    for (place, point) in phone_points.into_iter().enumerate() {
        point.place(place.saturating_add(emails.len()));
    }
    let points = part.at("CONTACT_POINTS");
    points.reserve("CONTACT_POINT", emails.len().saturating_add(phones.len()));
    (emails, phones)
}

/// Some systems write two addresses into one value.
fn push_emails(point: Part<'_>, text: &str, emails: &mut Vec<String>) {
    let several = |c: char| matches!(c, ';' | ',') || c.is_whitespace();
    let mut found = 0_usize;
    for email in text
        .split(several)
        .filter(|email| email.contains('@'))
        .take(8)
    {
        found = found.saturating_add(1);
        if emails.len() < 64 && !emails.iter().any(|known| known == email) {
            emails.push(email.to_owned());
        }
    }
    let message = match found {
        1 => return,
        0 => "This is not a mail address; it was left out.",
        _ => "Several mail addresses stand in one value; they were separated.",
    };
    point.report(Code::Conflict, Severity::Warning, message);
}

/// The name of a company.
pub(super) fn company_name(party: Part<'_>) -> Option<String> {
    party
        .at("LEGAL_ENTITY/LEGAL_ENTITY_DETAIL")
        .text("FullName")
}

/// Licences of a role.
pub(super) fn licenses(role: Part<'_>) -> Vec<License> {
    let mut licenses = Vec::new();
    for part in role.every("LICENSES/LICENSE") {
        let detail = part.at("LICENSE_DETAIL");
        let Some(number) = detail.text("LicenseIdentifier") else {
            continue;
        };
        part.place(licenses.len());
        licenses.push(License {
            authority: detail.word("LicenseAuthorityLevelType"),
            number,
            state: detail.text("LicenseIssuingAuthorityStateCode"),
        });
    }
    licenses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zip_codes_lose_their_hyphen() {
        let cases = [
            ("12345-6789", "123456789"),
            ("12345", "12345"),
            ("SW1A-1AA", "SW1A-1AA"),
        ];
        for (written, stored) in cases {
            assert_eq!(postal_code(written.to_owned()), stored);
        }
    }
}
