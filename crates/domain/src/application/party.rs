//! Names, telephones, licences, and the parties that do not borrow.

use serde::{Deserialize, Serialize};

use super::choice::open_list;
use super::place::Address;

/// A person's name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonName {
    /// Given name.
    pub first: Option<String>,
    /// Middle name or initial.
    pub middle: Option<String>,
    /// Family name.
    pub last: Option<String>,
    /// Jr., III and the like.
    pub suffix: Option<String>,
    /// The whole name in one text; often all that is given of people who do not borrow, and then
    /// sometimes two people in one.
    pub full: Option<String>,
}

open_list! {
    /// Which telephone it is.
    PhoneKind {
        Home: "At home.",
        Mobile: "Carried along.",
        Work: "At work.",
    }
}

/// A telephone number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Phone {
    /// Number as written, as a rule ten digits.
    pub number: String,
    /// Extension.
    pub extension: Option<String>,
    /// Which telephone it is.
    pub kind: Option<PhoneKind>,
}

open_list! {
    /// Who issued a licence.
    LicenseAuthority {
        Nmls: "The nationwide registry (private authority in the standard's terms).",
        State: "A state.",
        Federal: "The federal government.",
        Local: "A city or county.",
    }
}

/// A licence of an originator or a company.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct License {
    /// Who issued it.
    pub authority: Option<LicenseAuthority>,
    /// Number as written.
    pub number: String,
    /// Two-letter state of a state licence.
    pub state: Option<String>,
}

/// The loan officer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Originator {
    /// Name.
    pub name: PersonName,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// Licences.
    pub licenses: Vec<License>,
}

/// The company the loan officer works for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OriginationCompany {
    /// Trading name.
    pub name: Option<String>,
    /// Address.
    pub address: Option<Address>,
    /// Licences.
    pub licenses: Vec<License>,
    /// Whether the loan officer and the company are one party.
    pub is_originator: bool,
}

fn nmls(licenses: &[License]) -> Option<&str> {
    let found = licenses
        .iter()
        .find(|l| l.authority == Some(LicenseAuthority::Nmls))?;
    Some(found.number.as_str())
}

impl Originator {
    /// The number in the nationwide registry, by which a loan officer is matched first.
    #[must_use]
    pub fn nmls(&self) -> Option<&str> {
        nmls(&self.licenses)
    }
}

impl OriginationCompany {
    /// The company's number in the nationwide registry.
    #[must_use]
    pub fn nmls(&self) -> Option<&str> {
        nmls(&self.licenses)
    }
}

/// Any other role a party plays, such as seller, title owner, or payee of a second loan.
///
/// A party with several roles appears once per role.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherParty {
    /// The sender's word for the role.
    pub role: String,
    /// Name of a person; empty for a company.
    pub person: PersonName,
    /// Name of a company.
    pub company: Option<String>,
    /// The borrower this party also is, as an index into the application's borrowers.
    pub borrower: Option<usize>,
    /// The other party this one is another role of: an index of an earlier one.
    pub same_as: Option<usize>,
    /// Whether it is another role of the loan officer.
    pub is_originator: bool,
    /// Whether it is another role of the loan officer's company.
    pub is_origination_company: bool,
    /// Numbers of the role, such as a counselling agency's HUD number.
    pub identifiers: Vec<String>,
    /// The sender's word for present or proposed ownership; of title owners.
    pub ownership_status: Option<String>,
    /// The sender's word for the form of joint title; of title owners.
    pub vesting: Option<String>,
}
