//! What is wrong with the form, in words for people.

use lintel_domain::refusal::Rule;
use lintel_domain::signup::{AddressPart, ApplicantPart, PresentLoanPart, SignupField};

use crate::fields::Mistakes;
use crate::signup::names;

/// The mistakes, in words for people.
pub(in crate::signup) fn mistakes(found: &[(SignupField, Rule)]) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for (field, rule) in found {
        let text = match rule {
            Rule::Missing => missing(*field),
            Rule::Malformed | Rule::Conflict => malformed(*field),
        };
        mistakes.add(names::name(*field), &text);
    }
    mistakes
}

fn missing(field: SignupField) -> String {
    match field {
        SignupField::AcceptsTerms => {
            "Tick that you accept the terms of use and the privacy policy".to_owned()
        }
        SignupField::TakesElectronicRecords => {
            "Tick that you agree to records and notices in electronic form".to_owned()
        }
        SignupField::Property(AddressPart::State) => {
            "Choose the state the property is in".to_owned()
        }
        field => format!("Enter {}", called(field)),
    }
}

fn malformed(field: SignupField) -> String {
    let example = match field {
        SignupField::Borrower(part) | SignupField::CoBorrower(part) => match part {
            ApplicantPart::Email => "such as name@example.com",
            ApplicantPart::PhonePrimary | ApplicantPart::PhoneSecondary => {
                "with ten digits, such as 555-555-0100"
            }
            ApplicantPart::BirthDate => {
                return format!(
                    "Enter {} as MM/DD/YYYY; borrowers are 18 or older",
                    called(field)
                );
            }
            ApplicantPart::Home(AddressPart::PostalCode) => "with five digits",
            ApplicantPart::FirstName
            | ApplicantPart::LastName
            | ApplicantPart::MaritalStatus
            | ApplicantPart::Home(_) => "with at most 100 characters",
        },
        SignupField::Property(AddressPart::PostalCode) => "with five digits",
        SignupField::PresentLoan(PresentLoanPart::NoteRate) => "in percent, such as 6.5",
        SignupField::PresentLoan(_) | SignupField::CashOut | SignupField::SolarCost => {
            "in dollars, such as 250,000"
        }
        SignupField::Property(_)
        | SignupField::Purpose
        | SignupField::ImprovesEnergy
        | SignupField::HasCoBorrower
        | SignupField::WholesaleLoanId
        | SignupField::TemporaryUserId
        | SignupField::BorrowerUid
        | SignupField::Channel
        | SignupField::Scope
        | SignupField::StopsWithoutProperty
        | SignupField::AcceptsTerms
        | SignupField::TakesElectronicRecords => return format!("Check {}", called(field)),
    };
    format!("Enter {} {example}", called(field))
}

/// What a field is called within a sentence.
fn called(field: SignupField) -> String {
    let fixed = match field {
        SignupField::Borrower(part) => return format!("your {}", about_person(part)),
        SignupField::CoBorrower(part) => {
            return format!("the co-borrower's {}", about_person(part));
        }
        SignupField::Property(part) => return format!("the property's {}", address(part)),
        SignupField::PresentLoan(PresentLoanPart::Balance) => "what you still owe",
        SignupField::PresentLoan(PresentLoanPart::NoteRate) => "the rate of your present loan",
        SignupField::PresentLoan(PresentLoanPart::MonthlyPayment) => "your present payment",
        SignupField::CashOut => "the cash you want to take out",
        SignupField::SolarCost => "the cost of the solar panels",
        SignupField::Purpose
        | SignupField::ImprovesEnergy
        | SignupField::HasCoBorrower
        | SignupField::WholesaleLoanId
        | SignupField::TemporaryUserId
        | SignupField::BorrowerUid
        | SignupField::Channel
        | SignupField::Scope
        | SignupField::StopsWithoutProperty
        | SignupField::AcceptsTerms
        | SignupField::TakesElectronicRecords => "this field",
    };
    fixed.to_owned()
}

const fn about_person(part: ApplicantPart) -> &'static str {
    match part {
        ApplicantPart::FirstName => "first name",
        ApplicantPart::LastName => "last name",
        ApplicantPart::Email => "email address",
        ApplicantPart::PhonePrimary => "phone number",
        ApplicantPart::PhoneSecondary => "other phone number",
        ApplicantPart::BirthDate => "date of birth",
        ApplicantPart::MaritalStatus => "marital status",
        ApplicantPart::Home(part) => address(part),
    }
}

const fn address(part: AddressPart) -> &'static str {
    match part {
        AddressPart::Street => "street address",
        AddressPart::City => "city",
        AddressPart::State => "state",
        AddressPart::PostalCode => "ZIP code",
    }
}
