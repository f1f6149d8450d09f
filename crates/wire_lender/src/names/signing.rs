//! Spelling of signing links: who prepares the papers, and how far they are.

use lintel_domain::refusal::{SignerPart, SigningField};
use lintel_domain::signing::{DocumentVendor, SigningStatus};

/// The values of `docVendor`.
pub const DOCUMENT_VENDORS: &[(&str, DocumentVendor)] = &[
    ("Docutech", DocumentVendor::Docutech),
    ("DocMagic", DocumentVendor::DocMagic),
    ("IDS", DocumentVendor::Ids),
];

/// The values of `status` of a signer.
pub const SIGNING_STATUSES: &[(&str, SigningStatus)] = &[("ESignReady", SigningStatus::Ready)];

/// The path of a part of a call with signing links.
pub fn path(field: SigningField) -> String {
    match field {
        SigningField::Vendor => "docVendor".to_owned(),
        SigningField::Signers => "borrowers".to_owned(),
        SigningField::Officer(part) => format!("loanOfficer.{}", of_signer(part)),
        SigningField::Borrower { borrower, part } => {
            format!("borrowers[{borrower}].{}", of_signer(part))
        }
    }
}

const fn of_signer(part: SignerPart) -> &'static str {
    match part {
        SignerPart::Who => "borrowerUID",
        SignerPart::Url => "esignURL",
        SignerPart::ExpiresAt => "esignURLExpirationDate",
        SignerPart::Status => "status",
    }
}

/// As `names::is_needed`, of signing links.
pub const fn is_needed(field: SigningField) -> bool {
    match field {
        SigningField::Vendor => false,
        SigningField::Signers | SigningField::Officer(_) | SigningField::Borrower { .. } => true,
    }
}
