//! Personal tax identifiers.

use lintel_domain::application::borrower::{TaxId, TaxIdKind};
use lintel_domain::application::sensitive::Sensitive;

use crate::finding::{Code, Severity};
use crate::tree::Part;

/// Digits in an SSN or ITIN.
const DIGITS: usize = 9;

/// The SSN or ITIN of a borrower's party. Other identifiers are reported and left out.
pub(crate) fn read_tax_id(party: Part<'_>) -> Option<TaxId> {
    let mut found: Option<TaxId> = None;
    for part in party.every("TAXPAYER_IDENTIFIERS/TAXPAYER_IDENTIFIER") {
        let Some(id) = read_one(part) else { continue };
        match &found {
            Some(first) if *first != id => {
                let message = "The borrower has two different tax identifiers; the first was kept.";
                part.report(Code::Conflict, Severity::Warning, message);
            }
            Some(_) => {}
            None => found = Some(id),
        }
    }
    found
}

fn read_one(part: Part<'_>) -> Option<TaxId> {
    let kind = part.text("TaxpayerIdentifierType");
    let (point, text) = part.value("TaxpayerIdentifierValue", Severity::Warning)?;
    let complain = |message| {
        point.report(Code::BadTaxId, Severity::Warning, message);
        None
    };
    let kind = match kind.as_deref() {
        Some("SocialSecurityNumber") => TaxIdKind::Ssn,
        Some("IndividualTaxpayerIdentificationNumber") => TaxIdKind::Itin,
        Some("EmployerIdentificationNumber") => {
            return complain(
                "A borrower has the tax identifier of an organisation. It was left out.",
            );
        }
        Some(_) => {
            return complain("The kind of tax identifier is not a person's. It was left out.");
        }
        None => return complain("The tax identifier does not say its kind. It was left out."),
    };
    let digits = match text.as_bytes() {
        [_, _, _, b'-', _, _, b'-', _, _, _, _] => text.replace('-', ""),
        _ => text.clone().into_owned(),
    };
    if digits.len() != DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let is_masked = text.contains(['*', 'X', 'x', '#', '•']);
        return complain(if is_masked {
            "The tax identifier is masked. It was left out."
        } else {
            "A tax identifier is nine digits. It was left out."
        });
    }
    if digits.len() != text.len() {
        let message = "A tax identifier has no hyphens; it was read without them.";
        point.report(Code::BadTaxId, Severity::Warning, message);
    }
    Some(TaxId {
        kind,
        value: Sensitive::new(digits),
    })
}
