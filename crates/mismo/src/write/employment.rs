//! Employments and income items, and the arcs from income to employment.

use lintel_domain::application::employment::{Employment, IncomeItem};

use super::draft::{Draft, Id};
use super::names;
use crate::carried::Anchor;
use crate::tree::DU;

/// Writes the employments of a borrower into its `BORROWER`.
pub(super) fn employments<'a>(
    draft: &mut Draft<'a>,
    body: Id,
    borrower: usize,
    employments: &'a [Employment],
) {
    let list = draft.at(body, "EMPLOYERS");
    for (index, employment) in employments.iter().enumerate() {
        let part = draft.item(list, "EMPLOYER");
        draft.number(part, "EMPLOYER", index);
        draft.anchor(part, Anchor::Employment(borrower, index));
        write(draft, part, employment);
    }
}

fn write<'a>(draft: &mut Draft<'a>, part: Id, employment: &'a Employment) {
    let Employment {
        employer_name,
        employer_person,
        employer_phone,
        address,
        time,
        rank,
        start,
        end,
        position,
        line_of_work_months,
        is_self_employed,
        ownership,
        monthly_income_cents,
        is_employed_by_party,
        is_foreign_income,
        is_seasonal_income,
    } = employment;
    match employer_person {
        Some(person) => {
            let individual = draft.at(part, "INDIVIDUAL");
            names::person_name(draft, individual, person);
        }
        None => {
            let detail = draft.at(part, "LEGAL_ENTITY/LEGAL_ENTITY_DETAIL");
            draft.text(detail, "FullName", employer_name.as_ref());
        }
    }
    let point = draft.at(
        part,
        "LEGAL_ENTITY/CONTACTS/CONTACT/CONTACT_POINTS/CONTACT_POINT",
    );
    let telephone = draft.at(point, "CONTACT_POINT_TELEPHONE");
    draft.text(
        telephone,
        "ContactPointTelephoneValue",
        employer_phone.as_ref(),
    );
    let place = draft.at(part, "ADDRESS");
    names::address(draft, place, address);
    let job = draft.at(part, "EMPLOYMENT");
    draft.flag(
        job,
        "EmploymentBorrowerSelfEmployedIndicator",
        *is_self_employed,
    );
    draft.word(job, "EmploymentClassificationType", rank.as_ref());
    draft.partial_date(job, "EmploymentEndDate", *end);
    draft.amount(job, "EmploymentMonthlyIncomeAmount", *monthly_income_cents);
    draft.text(job, "EmploymentPositionDescription", position.as_ref());
    draft.partial_date(job, "EmploymentStartDate", *start);
    draft.word(job, "EmploymentStatusType", time.as_ref());
    draft.count(
        job,
        "EmploymentTimeInLineOfWorkMonthsCount",
        *line_of_work_months,
    );
    draft.word(job, "OwnershipInterestType", ownership.as_ref());
    draft.flag(
        job,
        "SpecialBorrowerEmployerRelationshipIndicator",
        *is_employed_by_party,
    );
    let extension = draft.extension(job, DU, "EMPLOYMENT_EXTENSION");
    draft.flag(extension, "ForeignIncomeIndicator", *is_foreign_income);
    draft.flag(extension, "SeasonalIncomeIndicator", *is_seasonal_income);
}

/// Writes the income items of a borrower into its `BORROWER`.
pub(super) fn incomes<'a>(
    draft: &mut Draft<'a>,
    body: Id,
    borrower: usize,
    incomes: &'a [IncomeItem],
) {
    let list = draft.at(body, "CURRENT_INCOME/CURRENT_INCOME_ITEMS");
    for (index, income) in incomes.iter().enumerate() {
        let IncomeItem {
            kind,
            description,
            monthly_cents,
            is_from_employment,
            employment: _,
        } = income;
        let part = draft.item(list, "CURRENT_INCOME_ITEM");
        draft.number(part, "CURRENT_INCOME_ITEM", index);
        draft.anchor(part, Anchor::Income(borrower, index));
        let detail = draft.at(part, "CURRENT_INCOME_ITEM_DETAIL");
        draft.amount(detail, "CurrentIncomeMonthlyTotalAmount", *monthly_cents);
        draft.flag(detail, "EmploymentIncomeIndicator", *is_from_employment);
        draft.described(detail, "IncomeType", kind.as_ref(), description.as_ref());
    }
}

/// Relates the income items of a borrower to their employments, which must all be there: an income
/// may come from another borrower's.
pub(super) fn link(draft: &mut Draft<'_>, borrower: usize, incomes: &[IncomeItem]) {
    for (index, income) in incomes.iter().enumerate() {
        let item = draft.anchored(Anchor::Income(borrower, index));
        if let (Some(item), Some(place)) = (item, income.employment) {
            let employer = Anchor::Employment(place.borrower, place.employment);
            draft.link_to(
                "CURRENT_INCOME_ITEM_IsAssociatedWith_EMPLOYER",
                item,
                employer,
            );
        }
    }
}
