//! A borrower: who they are, where they live, and the answers the government monitors.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use serde::{Deserialize, Serialize};

use super::choice::{closed_list, open_list};
use super::codec::{cents_opt, date_opt, secret_date_opt};
use super::declaration::Declarations;
use super::employment::{Employment, IncomeItem};
use super::partial_date::PartialDate;
use super::party::{PersonName, Phone};
use super::place::Address;
use super::sensitive::Sensitive;

/// One person who will owe the loan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Borrower {
    /// Name; first and last name are never empty after an import.
    pub name: PersonName,
    /// Other names used.
    pub aliases: Vec<PersonName>,
    /// Whether the document calls this borrower the primary one.
    pub is_marked_primary: bool,
    /// Mail addresses, the preferred one first.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<Phone>,
    /// SSN or ITIN.
    pub tax_id: Option<TaxId>,
    /// Birth date.
    #[serde(with = "secret_date_opt")]
    pub birth_date: Option<Sensitive<Date>>,
    /// Marital status.
    pub marital_status: Option<MaritalStatus>,
    /// Dependents not listed by another borrower.
    pub dependent_count: Option<u32>,
    /// Their ages in years.
    pub dependent_ages: Vec<u32>,
    /// A partnership other than marriage.
    pub domestic_relationship: DomesticRelationship,
    /// Lives in a community property state.
    pub is_community_property_resident: Option<bool>,
    /// Right to live in the country.
    pub citizenship: Option<Citizenship>,
    /// Day the borrower signed the application.
    #[serde(with = "date_opt")]
    pub signed_date: Option<Date>,
    /// Preferred language.
    pub language: Language,
    /// Service in the armed forces.
    pub military: Military,
    /// Where mail goes, when it differs from the residence.
    pub mailing_address: Option<Address>,
    /// Present and former residences.
    pub residences: Vec<Residence>,
    /// Present and former employments.
    pub employments: Vec<Employment>,
    /// Monthly income items.
    pub incomes: Vec<IncomeItem>,
    /// Section 5 of the application.
    pub declarations: Declarations,
    /// Section 8 of the application; absent when the sender left it out whole.
    pub demographics: Option<Demographics>,
    /// Counselling and education attended.
    pub counseling: Vec<Counseling>,
}

closed_list! {
    /// Which number a tax identifier is.
    TaxIdKind {
        Ssn: "Social security number.",
        Itin: "Individual taxpayer identification number.",
    }
}

/// A personal tax identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxId {
    /// Which number it is.
    pub kind: TaxIdKind,
    /// Nine digits.
    pub value: Sensitive<String>,
}

open_list! {
    /// Marital status as the application form asks it.
    MaritalStatus {
        Married: "Married.",
        Separated: "Married and living apart.",
        Unmarried: "Single, divorced or widowed.",
        Divorced: "Divorced; older senders keep it apart from unmarried.",
        NotProvided: "Asked and not answered.",
    }
}

open_list! {
    /// A partnership other than marriage that gives property rights.
    DomesticRelationshipKind {
        CivilUnion: "Civil union.",
        DomesticPartnership: "Domestic partnership.",
        RegisteredReciprocalBeneficiary: "Registered reciprocal beneficiaries.",
    }
}

/// A partnership other than marriage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DomesticRelationship {
    /// Whether there is one.
    pub exists: Option<bool>,
    /// Which.
    pub kind: Option<DomesticRelationshipKind>,
    /// State under whose law it was made.
    pub state: Option<String>,
}

open_list! {
    /// Right to live in the country.
    Citizenship {
        UsCitizen: "Citizen of the United States.",
        PermanentResidentAlien: "Holds a permanent residence permit.",
        NonPermanentResidentAlien: "Holds a residence permit for a time.",
        NonResidentAlien: "Lives abroad.",
    }
}

/// Preferred language; answering is voluntary.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Language {
    /// Three-letter ISO 639-2 code.
    pub code: Option<String>,
    /// Name of a language without a code in the list.
    pub description: Option<String>,
    /// The borrower would not say.
    pub is_refused: Option<bool>,
}

/// Service in the armed forces.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Military {
    /// The borrower's own answer.
    pub has_served: Option<bool>,
    /// The sender's words for each service, such as active duty.
    pub statuses: Vec<String>,
    /// When the tour of duty ends.
    pub expected_completion: Option<PartialDate>,
    /// The services one by one.
    pub services: Vec<MilitaryService>,
    /// Federal tax the VA counts against residual income, a month.
    #[serde(with = "cents_opt")]
    pub va_federal_tax_cents: Option<Cents>,
}

/// One service in the armed forces.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MilitaryService {
    /// The sender's word, such as active duty.
    pub status: Option<String>,
    /// When the tour of duty ends.
    pub expected_completion: Option<PartialDate>,
}

closed_list! {
    /// Lives there now or did before.
    ResidencyTime {
        Current: "Lives there now.",
        Prior: "Lived there before.",
    }
}

open_list! {
    /// On what terms.
    ResidencyBasis {
        Own: "Owns it.",
        Rent: "Pays rent.",
        LivingRentFree: "Pays nothing.",
    }
}

/// A present or former residence.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Residence {
    /// Where.
    pub address: Address,
    /// Now or before.
    pub time: Option<ResidencyTime>,
    /// On what terms.
    pub basis: Option<ResidencyBasis>,
    /// How long, in months; stated years are added.
    pub duration_months: Option<u32>,
    /// Rent a month.
    #[serde(with = "cents_opt")]
    pub monthly_rent_cents: Option<Cents>,
}

/// One of the three demographic questions as a person collected it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Collection {
    /// The borrower would not say.
    pub is_refused: Option<bool>,
    /// Filled in from sight or from the name.
    pub is_observed: Option<bool>,
}

/// Section 8: monitored under HMDA, never used for a decision.
///
/// The words are kept as sent: they are reported, not computed with, and rules on them change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Demographics {
    /// How the application was taken.
    pub application_method: Option<String>,
    /// How ethnicity was collected.
    pub ethnicity_collection: Collection,
    /// Ethnicities chosen.
    pub ethnicities: Vec<String>,
    /// Origins chosen.
    pub ethnicity_origins: Vec<String>,
    /// Origin in the borrower's words.
    pub ethnicity_origin_description: Option<String>,
    /// The origins one by one, each with its words.
    pub ethnicity_origin_answers: Vec<OriginAnswer>,
    /// How sex was collected.
    pub sex_collection: Collection,
    /// Sex chosen.
    pub sex: Option<String>,
    /// How race was collected.
    pub race_collection: Collection,
    /// Races chosen.
    pub races: Vec<RaceAnswer>,
}

/// One race chosen, with what was said beyond it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RaceAnswer {
    /// The race.
    pub race: Option<String>,
    /// Finer designations.
    pub designations: Vec<String>,
    /// Designations or tribe in the borrower's words.
    pub descriptions: Vec<String>,
    /// Tribe, in the borrower's words.
    pub tribe: Option<String>,
    /// The designations one by one, each with its words.
    pub designation_answers: Vec<DesignationAnswer>,
}

/// One finer designation of a race.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DesignationAnswer {
    /// The designation.
    pub designation: Option<String>,
    /// Another Asian one, in the borrower's words.
    pub other_asian: Option<String>,
    /// Another Pacific islander one, in the borrower's words.
    pub other_pacific_islander: Option<String>,
}

/// One ethnic origin.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OriginAnswer {
    /// The origin.
    pub origin: Option<String>,
    /// The origin in the borrower's words.
    pub description: Option<String>,
}

/// Counselling or education the borrower attended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counseling {
    /// The sender's word: counselling or education.
    pub kind: Option<String>,
    /// Whether it is confirmed.
    pub is_confirmed: Option<bool>,
    /// When it was completed.
    pub completed: Option<PartialDate>,
    /// The sender's word for the form it took.
    pub format: Option<String>,
    /// The agency's HUD number.
    pub agency_id: Option<String>,
    /// The agency's name.
    pub agency_name: Option<String>,
    /// The agency, as an index into the application's other parties.
    pub agency_party: Option<usize>,
}

impl Borrower {
    /// The address mail goes to first, when there is one.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.emails.first().map(String::as_str)
    }

    /// The present residence, when stated.
    #[must_use]
    pub fn current_residence(&self) -> Option<&Residence> {
        self.residences
            .iter()
            .find(|residence| residence.time == Some(ResidencyTime::Current))
    }
}
