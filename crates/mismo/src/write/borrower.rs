//! Borrowers.

use lintel_domain::application::Application;
use lintel_domain::application::borrower::{
    Borrower, Counseling, DomesticRelationship, Language, Military, MilitaryService, Residence,
    TaxId, TaxIdKind,
};
use lintel_domain::application::party::OtherParty;
use lintel_domain::application::place::Address;

use super::draft::{Draft, Id};
use super::party::{self, Sought};
use super::{declarations, demographics, employment, names};
use crate::carried::Anchor;
use crate::tree::ULAD;

/// Fills in the party of a borrower.
pub(super) fn write<'a>(draft: &mut Draft<'a>, party: Id, index: usize, borrower: &'a Borrower) {
    let Borrower {
        name,
        aliases,
        is_marked_primary: _,
        emails,
        phones,
        tax_id,
        birth_date: _,
        marital_status: _,
        dependent_count: _,
        dependent_ages,
        domestic_relationship: _,
        is_community_property_resident: _,
        citizenship,
        signed_date: _,
        language,
        military,
        mailing_address,
        residences,
        employments,
        incomes,
        declarations,
        demographics,
        counseling: _,
    } = borrower;
    let individual = draft.at(party, "INDIVIDUAL");
    let list = draft.at(individual, "ALIASES");
    for alias in aliases {
        let part = draft.item(list, "ALIAS");
        names::person_name(draft, part, alias);
    }
    names::contacts(draft, individual, emails, phones);
    names::person_name(draft, individual, name);
    write_mailing_address(draft, party, mailing_address.as_ref());
    write_language(draft, party, language);
    write_tax_id(draft, party, tax_id.as_ref());
    let role = party::role(draft, party, "Borrower");
    draft.anchor(role, Anchor::BorrowerRole(index));
    let body = draft.at(role, "BORROWER");
    detail(draft, body, borrower);
    let list = draft.at(body, "DEPENDENTS");
    for age in dependent_ages {
        let part = draft.add(list, "DEPENDENT");
        draft.count(part, "DependentAgeYearsCount", Some(*age));
    }
    let declaration = draft.at(body, "DECLARATION/DECLARATION_DETAIL");
    draft.word(
        declaration,
        "CitizenshipResidencyType",
        citizenship.as_ref(),
    );
    declarations::write(draft, body, declarations);
    write_military(draft, body, military);
    for (nth, residence) in residences.iter().enumerate() {
        write_residence(draft, body, Anchor::Residence(index, nth), residence);
    }
    employment::employments(draft, body, index, employments);
    employment::incomes(draft, body, index, incomes);
    if let Some(demographics) = demographics {
        demographics::write(draft, body, demographics);
    }
}

/// Writes what relates borrowers to each other and to other parties, which must all be there.
pub(super) fn relate<'a>(draft: &mut Draft<'a>, application: &'a Application) {
    for (index, borrower) in application.borrowers.iter().enumerate() {
        employment::link(draft, index, &borrower.incomes);
        if let Some(role) = draft.anchored(Anchor::BorrowerRole(index)) {
            let body = draft.at(role, "BORROWER");
            let events = &borrower.counseling;
            write_counseling(draft, body, (index, events), &application.other_parties);
        }
    }
    for pair in &application.joint_credit_pairs {
        if let Some(second) = draft.anchored(Anchor::BorrowerRole(pair.second)) {
            let first = Anchor::BorrowerRole(pair.first);
            draft.link_to("ROLE_SharesJointCreditReportWith_ROLE", second, first);
        }
    }
}

/// What stands in `BORROWER_DETAIL`.
fn detail<'a>(draft: &mut Draft<'a>, body: Id, borrower: &'a Borrower) {
    let part = draft.at(body, "BORROWER_DETAIL");
    draft.date(part, "BorrowerApplicationSignedDate", borrower.signed_date);
    let birth_date = borrower.birth_date.as_ref().map(|date| *date.expose());
    draft.date(part, "BorrowerBirthDate", birth_date);
    if borrower.is_marked_primary {
        draft.fixed(part, "BorrowerClassificationType", "Primary");
    }
    let is_resident = borrower.is_community_property_resident;
    draft.flag(part, "CommunityPropertyStateResidentIndicator", is_resident);
    draft.count(part, "DependentCount", borrower.dependent_count);
    let DomesticRelationship {
        exists,
        kind,
        state,
    } = &borrower.domestic_relationship;
    draft.flag(part, "DomesticRelationshipIndicator", *exists);
    draft.text(part, "DomesticRelationshipStateCode", state.as_ref());
    draft.word(part, "DomesticRelationshipType", kind.as_ref());
    draft.word(part, "MaritalStatusType", borrower.marital_status.as_ref());
    let has_served = borrower.military.has_served;
    draft.flag(part, "SelfDeclaredMilitaryServiceIndicator", has_served);
}

fn write_mailing_address<'a>(draft: &mut Draft<'a>, party: Id, address: Option<&'a Address>) {
    let Some(address) = address.filter(|address| !address.is_empty()) else {
        return;
    };
    let part = draft.at(party, "ADDRESSES/ADDRESS");
    draft.fixed(part, "AddressType", "Mailing");
    names::address(draft, part, address);
}

fn write_language<'a>(draft: &mut Draft<'a>, party: Id, language: &'a Language) {
    let Language {
        code,
        description,
        is_refused,
    } = language;
    let part = draft.at(party, "LANGUAGES/LANGUAGE");
    draft.text(part, "LanguageCode", code.as_ref());
    let extension = draft.extension(part, ULAD, "LANGUAGE_EXTENSION");
    draft.text(
        extension,
        "LanguageCodeOtherDescription",
        description.as_ref(),
    );
    draft.flag(extension, "LanguageRefusalIndicator", *is_refused);
}

fn write_tax_id<'a>(draft: &mut Draft<'a>, party: Id, tax_id: Option<&'a TaxId>) {
    let Some(TaxId { kind, value }) = tax_id else {
        return;
    };
    let part = draft.at(party, "TAXPAYER_IDENTIFIERS/TAXPAYER_IDENTIFIER");
    let kind = match kind {
        TaxIdKind::Ssn => "SocialSecurityNumber",
        TaxIdKind::Itin => "IndividualTaxpayerIdentificationNumber",
    };
    draft.fixed(part, "TaxpayerIdentifierType", kind);
    draft.text(part, "TaxpayerIdentifierValue", Some(value.expose()));
}

fn write_military<'a>(draft: &mut Draft<'a>, body: Id, military: &'a Military) {
    let Military {
        has_served: _,
        statuses,
        expected_completion,
        services,
        va_federal_tax_cents,
    } = military;
    let part = draft.at(body, "GOVERNMENT_BORROWER");
    draft.amount(part, "VAFederalTaxAmount", *va_federal_tax_cents);
    let list = draft.at(body, "MILITARY_SERVICES");
    if services.is_empty() {
        // Without the services one by one, the date is that of the first.
        let count = statuses
            .len()
            .max(usize::from(expected_completion.is_some()));
        for index in 0..count {
            let part = draft.add(list, "MILITARY_SERVICE");
            let date = expected_completion.filter(|_| index == 0);
            draft.partial_date(part, "MilitaryServiceExpectedCompletionDate", date);
            draft.text(part, "MilitaryStatusType", statuses.get(index));
        }
    }
    for MilitaryService {
        status,
        expected_completion,
    } in services
    {
        let part = draft.add(list, "MILITARY_SERVICE");
        draft.partial_date(
            part,
            "MilitaryServiceExpectedCompletionDate",
            *expected_completion,
        );
        draft.text(part, "MilitaryStatusType", status.as_ref());
    }
}

fn write_residence<'a>(draft: &mut Draft<'a>, body: Id, anchor: Anchor, residence: &'a Residence) {
    let Residence {
        address,
        time,
        basis,
        duration_months,
        monthly_rent_cents,
    } = residence;
    let list = draft.at(body, "RESIDENCES");
    let part = draft.item(list, "RESIDENCE");
    draft.anchor(part, anchor);
    let place = draft.at(part, "ADDRESS");
    names::address(draft, place, address);
    let landlord = draft.at(part, "LANDLORD/LANDLORD_DETAIL");
    draft.amount(landlord, "MonthlyRentAmount", *monthly_rent_cents);
    let detail = draft.at(part, "RESIDENCE_DETAIL");
    draft.word(detail, "BorrowerResidencyBasisType", basis.as_ref());
    draft.count(
        detail,
        "BorrowerResidencyDurationMonthsCount",
        *duration_months,
    );
    draft.word(detail, "BorrowerResidencyType", time.as_ref());
}

fn write_counseling<'a>(
    draft: &mut Draft<'a>,
    body: Id,
    (borrower, events): (usize, &'a [Counseling]),
    others: &[OtherParty],
) {
    let list = draft.at(body, "COUNSELING/COUNSELING_EVENTS");
    for (index, event) in events.iter().enumerate() {
        let Counseling {
            kind,
            is_confirmed,
            completed,
            format,
            agency_id,
            agency_name,
            agency_party,
        } = event;
        let part = draft.item(list, "COUNSELING_EVENT");
        draft.number(part, "COUNSELING_EVENT", index);
        draft.anchor(part, Anchor::Counseling(borrower, index));
        let detail = draft.at(part, "COUNSELING_EVENT_DETAIL");
        draft.partial_date(detail, "CounselingCompletedDate", *completed);
        draft.flag(detail, "CounselingConfirmationIndicator", *is_confirmed);
        draft.text(detail, "CounselingFormatType", format.as_ref());
        draft.text(detail, "CounselingType", kind.as_ref());
        let agency = Sought {
            role: "HousingCounselingAgency",
            index: *agency_party,
            company: agency_name.as_deref(),
            identifier: agency_id.as_deref(),
        };
        if let Some(role) = party::find(draft, part, others, &agency) {
            draft.link("COUNSELING_EVENT_IsAssociatedWith_ROLE", part, role);
        }
    }
}
