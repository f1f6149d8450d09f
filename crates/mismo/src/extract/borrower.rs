//! A borrower.

use lintel_domain::application::borrower::{
    Borrower, Counseling, DomesticRelationship, Language, Military, Residence,
};
use lintel_domain::application::party::PersonName;
use lintel_domain::application::sensitive::Sensitive;

use super::names::{address, contacts, person_name};
use super::parties::Parties;
use super::{declarations, demographics, employment};
use crate::arcs::{Arc, Arcs};
use crate::finding::{Code, Severity};
use crate::tree::{Part, ULAD};
use crate::value::read_tax_id;

/// Reads a borrower, income and counselling apart. A missing first or last name is an error.
pub(super) fn read(party: Part<'_>, role: Part<'_>) -> Borrower {
    let individual = party.at("INDIVIDUAL");
    let body = role.at("BORROWER");
    let detail = body.at("BORROWER_DETAIL");
    let (emails, phones) = contacts(individual);
    let declaration = body.at("DECLARATION/DECLARATION_DETAIL");
    Borrower {
        name: name(party, individual),
        aliases: individual
            .every("ALIASES/ALIAS")
            .map(|a| person_name(a.at("NAME")))
            .collect(),
        is_marked_primary: detail.text("BorrowerClassificationType").as_deref() == Some("Primary"),
        emails,
        phones,
        tax_id: read_tax_id(party),
        birth_date: detail.date("BorrowerBirthDate").map(Sensitive::new),
        marital_status: detail.word("MaritalStatusType"),
        dependent_count: detail.count("DependentCount"),
        dependent_ages: body
            .every("DEPENDENTS/DEPENDENT")
            .filter_map(|dependent| dependent.count("DependentAgeYearsCount"))
            .collect(),
        domestic_relationship: DomesticRelationship {
            exists: detail.flag("DomesticRelationshipIndicator"),
            kind: detail.word("DomesticRelationshipType"),
            state: detail.text("DomesticRelationshipStateCode"),
        },
        is_community_property_resident: detail.flag("CommunityPropertyStateResidentIndicator"),
        citizenship: declaration.word("CitizenshipResidencyType"),
        signed_date: detail.date("BorrowerApplicationSignedDate"),
        language: language(party),
        military: military(body),
        mailing_address: party
            .every("ADDRESSES/ADDRESS")
            .find(|part| part.text("AddressType").as_deref() == Some("Mailing"))
            .map(address)
            .filter(|address| !address.is_empty()),
        residences: body.every("RESIDENCES/RESIDENCE").map(residence).collect(),
        employments: body
            .every("EMPLOYERS/EMPLOYER")
            .map(employment::read)
            .collect(),
        declarations: declarations::read(body),
        demographics: demographics::read(body),
        ..Borrower::default()
    }
}

fn name(party: Part<'_>, individual: Part<'_>) -> PersonName {
    let part = individual.at("NAME");
    let name = person_name(part);
    for (value, element) in [(&name.first, "FirstName"), (&name.last, "LastName")] {
        if value.is_none() {
            let place = [part, individual, party]
                .into_iter()
                .find(|place| place.exists());
            let hint = match name.full {
                Some(_) => " FullName alone is not enough for a borrower.",
                None => "",
            };
            let message = format!("A borrower needs INDIVIDUAL/NAME/{element}.{hint}");
            place
                .unwrap_or(party)
                .report(Code::RequiredMissing, Severity::Error, message);
        }
    }
    name
}

fn language(party: Part<'_>) -> Language {
    let Some(part) = party.every("LANGUAGES/LANGUAGE").next() else {
        return Language::default();
    };
    let extension = part.extension(ULAD, "LANGUAGE_EXTENSION");
    Language {
        code: part.text("LanguageCode"),
        description: extension.text("LanguageCodeOtherDescription"),
        is_refused: extension.flag("LanguageRefusalIndicator"),
    }
}

fn military(body: Part<'_>) -> Military {
    let services: Vec<Part<'_>> = body.every("MILITARY_SERVICES/MILITARY_SERVICE").collect();
    let statuses = services
        .iter()
        .filter_map(|service| service.text("MilitaryStatusType"));
    Military {
        has_served: body
            .at("BORROWER_DETAIL")
            .flag("SelfDeclaredMilitaryServiceIndicator"),
        statuses: statuses.collect(),
        expected_completion: services
            .iter()
            .find_map(|service| service.partial_date("MilitaryServiceExpectedCompletionDate")),
        va_federal_tax_cents: body.at("GOVERNMENT_BORROWER").amount("VAFederalTaxAmount"),
    }
}

fn residence(part: Part<'_>) -> Residence {
    let detail = part.at("RESIDENCE_DETAIL");
    let months = detail.count("BorrowerResidencyDurationMonthsCount");
    let years = detail.count("BorrowerResidencyDurationYearsCount");
    let duration_months = match (years, months) {
        (None, None) => None,
        (years, months) => years
            .unwrap_or(0)
            .checked_mul(12)
            .and_then(|sum| sum.checked_add(months.unwrap_or(0))),
    };
    Residence {
        address: address(part.at("ADDRESS")),
        time: detail.word("BorrowerResidencyType"),
        basis: detail.word("BorrowerResidencyBasisType"),
        duration_months,
        monthly_rent_cents: part
            .at("LANDLORD/LANDLORD_DETAIL")
            .amount("MonthlyRentAmount"),
    }
}

/// Counselling attended, with the agency its arc leads to.
pub(super) fn counseling<'t>(
    body: Part<'t>,
    arcs: &Arcs<'t>,
    parties: &Parties<'t>,
) -> Vec<Counseling> {
    let events = body.every("COUNSELING/COUNSELING_EVENTS/COUNSELING_EVENT");
    let events = events.map(|event| {
        let detail = event.at("COUNSELING_EVENT_DETAIL");
        let agencies = arcs.from(Arc::CounselingAgency, event);
        Counseling {
            kind: detail.text("CounselingType"),
            is_confirmed: detail.flag("CounselingConfirmationIndicator"),
            completed: detail.partial_date("CounselingCompletedDate"),
            format: detail.text("CounselingFormatType"),
            agency_id: agencies
                .iter()
                .find_map(|label| parties.identifier_at(label)),
            agency_name: agencies.iter().find_map(|label| parties.company_at(label)),
        }
    });
    events
        .filter(|event| *event != Counseling::default())
        .collect()
}
