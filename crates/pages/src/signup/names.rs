//! What the fields of the sign-up page are called in a link and in the form, and the words of their
//! closed lists. The documented names are the Lender API's (`app-signup`); the form uses the same.

use lintel_domain::loan::Purpose;
use lintel_domain::signup::{
    AddressPart, ApplicantPart, ApplicationScope, Channel, PresentLoanPart, SignupField,
};

/// The name of a field.
pub(super) fn name(field: SignupField) -> &'static str {
    match field {
        SignupField::Borrower(part) => borrower(part),
        SignupField::CoBorrower(part) => co_borrower(part),
        SignupField::Property(part) => match part {
            AddressPart::Street => "purchaseAddressStreet",
            AddressPart::City => "purchaseAddressCity",
            AddressPart::State => "purchaseAddressState",
            AddressPart::PostalCode => "purchaseAddressZipcode",
        },
        SignupField::PresentLoan(part) => match part {
            PresentLoanPart::Balance => "currentLoanAmount",
            PresentLoanPart::NoteRate => "currentLoanRate",
            PresentLoanPart::MonthlyPayment => "currentMonthlyPayment",
        },
        SignupField::CashOut => "cashOut",
        SignupField::SolarCost => "solarCost",
        SignupField::ImprovesEnergy => "isHomeStyleEnergy",
        SignupField::WholesaleLoanId => "wholesaleLoanID",
        SignupField::TemporaryUserId => "userTempPublicID",
        SignupField::BorrowerUid => "borrowerUID",
        SignupField::Channel => "businessChannel",
        SignupField::Scope => "appType",
        SignupField::StopsWithoutProperty => "isTBDLoanHardStop",
        SignupField::AcceptsTerms => "autoCheckTOUPP",
        // Ours.
        SignupField::Purpose => "loanPurpose",
        SignupField::HasCoBorrower => "hasCoBorrower",
        SignupField::TakesElectronicRecords => "acceptsElectronicRecords",
    }
}

const fn borrower(part: ApplicantPart) -> &'static str {
    match part {
        ApplicantPart::FirstName => "firstName",
        ApplicantPart::LastName => "lastName",
        ApplicantPart::Email => "email",
        ApplicantPart::PhonePrimary => "phonePrimary",
        ApplicantPart::PhoneSecondary => "phoneSecondary",
        ApplicantPart::BirthDate => "dob",
        ApplicantPart::MaritalStatus => "status",
        ApplicantPart::Home(part) => match part {
            AddressPart::Street => "primaryAddressStreet",
            AddressPart::City => "primaryAddressCity",
            AddressPart::State => "primaryAddressState",
            AddressPart::PostalCode => "primaryAddressZipcode",
        },
    }
}

const fn co_borrower(part: ApplicantPart) -> &'static str {
    match part {
        ApplicantPart::FirstName => "coBoFirstName",
        ApplicantPart::LastName => "coBoLastName",
        ApplicantPart::Email => "coBoEmail",
        ApplicantPart::PhonePrimary => "coBoPhonePrimary",
        ApplicantPart::PhoneSecondary => "coBoPhoneSecondary",
        ApplicantPart::BirthDate => "coBoDOB",
        ApplicantPart::MaritalStatus => "coBoStatus",
        ApplicantPart::Home(part) => match part {
            AddressPart::Street => "coBoPrimaryAddressStreet",
            AddressPart::City => "coBoPrimaryAddressCity",
            AddressPart::State => "coBoPrimaryAddressState",
            AddressPart::PostalCode => "coBoPrimaryAddressZipcode",
        },
    }
}

/// Whether a link may fill a field. Nobody agrees to anything by being sent a link but to the terms,
/// which the documented parameter says; and who applies shows in the fields.
pub(super) const fn may_be_prefilled(field: SignupField) -> bool {
    !matches!(
        field,
        SignupField::TakesElectronicRecords | SignupField::HasCoBorrower
    )
}

/// The choices of marital status: the word sent, the stored word, what is read.
pub(super) const MARITAL: &[(&str, &str, &str)] = &[
    ("Married", "married", "Married"),
    ("Unmarried", "unmarried", "Unmarried"),
];

/// The purposes.
pub(super) const PURPOSES: &[(&str, &str, &str)] = &[
    ("Purchase", Purpose::Purchase.as_str(), "Buy a home"),
    (
        "Refinance",
        Purpose::Refinance.as_str(),
        "Refinance my present loan",
    ),
    (
        "RefinanceCashOut",
        Purpose::RefinanceCashOut.as_str(),
        "Refinance and take cash out",
    ),
];

const CHANNELS: &[(&str, &str, &str)] = &[
    ("Wholesale", Channel::Wholesale.as_str(), ""),
    ("Correspondent", Channel::Correspondent.as_str(), ""),
];

const SCOPES: &[(&str, &str, &str)] = &[
    ("Application", ApplicationScope::Application.as_str(), ""),
    ("Short", ApplicationScope::Short.as_str(), ""),
    ("ShortAUS", ApplicationScope::ShortWithDecision.as_str(), ""),
    ("Full", ApplicationScope::Full.as_str(), ""),
];

/// The list a field's words are from.
const fn words(
    field: SignupField,
) -> Option<&'static [(&'static str, &'static str, &'static str)]> {
    match field {
        SignupField::Borrower(ApplicantPart::MaritalStatus)
        | SignupField::CoBorrower(ApplicantPart::MaritalStatus) => Some(MARITAL),
        SignupField::Purpose => Some(PURPOSES),
        SignupField::Channel => Some(CHANNELS),
        SignupField::Scope => Some(SCOPES),
        SignupField::Borrower(_)
        | SignupField::CoBorrower(_)
        | SignupField::Property(_)
        | SignupField::PresentLoan(_)
        | SignupField::CashOut
        | SignupField::SolarCost
        | SignupField::ImprovesEnergy
        | SignupField::HasCoBorrower
        | SignupField::WholesaleLoanId
        | SignupField::TemporaryUserId
        | SignupField::BorrowerUid
        | SignupField::StopsWithoutProperty
        | SignupField::AcceptsTerms
        | SignupField::TakesElectronicRecords => None,
    }
}

/// What was sent, in stored words; a word that is none stays as it is, and cannot be read later.
pub(super) fn stored(field: SignupField, sent: &str) -> &str {
    let Some(words) = words(field) else {
        return sent;
    };
    let same = |(word, ..): &&(&str, &str, &str)| word.eq_ignore_ascii_case(sent.trim());
    words
        .iter()
        .find(same)
        .map_or(sent, |(_, stored, _)| stored)
}

/// A stored word as the form sends it.
pub(super) fn sent(field: SignupField, stored: &str) -> &str {
    let Some(words) = words(field) else {
        return stored;
    };
    let same = |(_, word, _): &&(&str, &str, &str)| *word == stored;
    words.iter().find(same).map_or(stored, |(sent, ..)| sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The documented parameters, in the text's order.
    const DOCUMENTED: [&str; 40] = [
        "firstName",
        "lastName",
        "phonePrimary",
        "phoneSecondary",
        "email",
        "dob",
        "status",
        "primaryAddressStreet",
        "primaryAddressCity",
        "primaryAddressState",
        "primaryAddressZipcode",
        "coBoFirstName",
        "coBoLastName",
        "coBoPhonePrimary",
        "coBoPhoneSecondary",
        "coBoEmail",
        "coBoDOB",
        "coBoStatus",
        "coBoPrimaryAddressStreet",
        "coBoPrimaryAddressCity",
        "coBoPrimaryAddressState",
        "coBoPrimaryAddressZipcode",
        "purchaseAddressStreet",
        "purchaseAddressCity",
        "purchaseAddressState",
        "purchaseAddressZipcode",
        "wholesaleLoanID",
        "userTempPublicID",
        "borrowerUID",
        "businessChannel",
        "isHomeStyleEnergy",
        "currentLoanAmount",
        "currentLoanRate",
        "currentMonthlyPayment",
        "cashOut",
        "appType",
        "isTBDLoanHardStop",
        "solarCost",
        "autoCheckTOUPP",
        "loanPurpose",
    ];

    #[test]
    fn every_documented_parameter_names_one_field() {
        let mut prefilled: Vec<&str> = SignupField::all()
            .into_iter()
            .filter(|field| may_be_prefilled(*field))
            .map(name)
            .collect();
        prefilled.sort_unstable();
        let mut documented = DOCUMENTED.to_vec();
        documented.sort_unstable();
        assert_eq!(prefilled, documented);
    }

    #[test]
    fn words_go_there_and_back() {
        for field in SignupField::all() {
            for (word, kept, _) in words(field).unwrap_or_default() {
                assert_eq!((stored(field, word), sent(field, kept)), (*kept, *word));
            }
        }
        assert_eq!(
            stored(SignupField::Scope, "shortaus"),
            "short_with_decision"
        );
        assert_eq!(stored(SignupField::Scope, "married"), "married");
    }
}
