//! A borrower.

use lintel_domain::application::borrower::{
    Borrower, Counseling, DomesticRelationship, Language, Military, MilitaryService, Residence,
};
use lintel_domain::application::party::PersonName;
use lintel_domain::application::place::Address;
use lintel_domain::application::sensitive::Sensitive;

use super::names::{address, contacts, person_name};
use super::parties::Parties;
use super::{declarations, demographics, employment};
use crate::arcs::{Arc, Arcs};
use crate::carried::Anchor;
use crate::finding::{Code, Severity};
use crate::tree::{Part, ULAD};
use crate::value::read_tax_id;

/// Reads a borrower, income and counselling apart. A missing first or last name is an error.
pub(super) fn read(party: Part<'_>, role: Part<'_>, index: usize) -> Borrower {
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
        is_marked_primary: is_marked_primary(detail),
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
        mailing_address: mailing_address(party),
        residences: body
            .every("RESIDENCES/RESIDENCE")
            .enumerate()
            .map(|(nth, part)| {
                part.anchor(Anchor::Residence(index, nth));
                residence(part)
            })
            .collect(),
        employments: body
            .every("EMPLOYERS/EMPLOYER")
            .enumerate()
            .map(|(nth, part)| {
                part.anchor(Anchor::Employment(index, nth));
                employment::read(part)
            })
            .collect(),
        declarations: declarations::read(body),
        demographics: demographics::read(body),
        ..Borrower::default()
    }
}

fn name(party: Part<'_>, individual: Part<'_>) -> PersonName {
    let part = individual.at("NAME");
    let name = person_name(part);
    let seems_two = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or("").to_lowercase();
        text.contains(['&', '/', ';', '+']) || text.split_whitespace().any(|word| word == "and")
    };
    if [&name.first, &name.last].into_iter().any(seems_two) {
        let message = "The name seems to be that of two people; each borrower is a party of their \
                       own.";
        part.report(Code::Conflict, Severity::Warning, message);
    }
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

/// Other classes than the primary one are carried over.
fn is_marked_primary(detail: Part<'_>) -> bool {
    let name = "BorrowerClassificationType";
    let is_primary = detail.peek(name).as_deref() == Some("Primary");
    if is_primary {
        let _ = detail.text(name);
    }
    is_primary
}

/// The address for mail; others are carried over.
fn mailing_address(party: Part<'_>) -> Option<Address> {
    let mut addresses = party.every("ADDRESSES/ADDRESS");
    let found = addresses.find(|part| part.peek("AddressType").as_deref() == Some("Mailing"))?;
    let read = address(found);
    if read.is_empty() {
        return None;
    }
    let _ = found.text("AddressType");
    found.place(0);
    Some(read)
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
    let services = body.every("MILITARY_SERVICES/MILITARY_SERVICE");
    let services: Vec<MilitaryService> = services
        .map(|service| MilitaryService {
            status: service.text("MilitaryStatusType"),
            expected_completion: service.partial_date("MilitaryServiceExpectedCompletionDate"),
        })
        .collect();
    let statuses = services.iter().filter_map(|service| service.status.clone());
    Military {
        has_served: body
            .at("BORROWER_DETAIL")
            .flag("SelfDeclaredMilitaryServiceIndicator"),
        statuses: statuses.collect(),
        expected_completion: services
            .iter()
            .find_map(|service| service.expected_completion),
        va_federal_tax_cents: body.at("GOVERNMENT_BORROWER").amount("VAFederalTaxAmount"),
        services,
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
    borrower: usize,
    arcs: &Arcs<'t>,
    parties: &Parties<'t>,
) -> Vec<Counseling> {
    let events = body.every("COUNSELING/COUNSELING_EVENTS/COUNSELING_EVENT");
    let mut found = Vec::new();
    for event in events {
        let detail = event.at("COUNSELING_EVENT_DETAIL");
        let agency = parties.other(arcs.from(Arc::CounselingAgency, event));
        let counseling = Counseling {
            kind: detail.text("CounselingType"),
            is_confirmed: detail.flag("CounselingConfirmationIndicator"),
            completed: detail.partial_date("CounselingCompletedDate"),
            format: detail.text("CounselingFormatType"),
            agency_id: agency.and_then(|agency| parties.identifier(agency)),
            agency_name: agency.and_then(|agency| parties.company(agency)),
            agency_party: agency,
        };
        if counseling != Counseling::default() {
            event.anchor(Anchor::Counseling(borrower, found.len()));
            found.push(counseling);
        }
    }
    found
}
