//! Employments and income items, and which income comes from which employment.

use std::collections::HashMap;

use lintel_domain::application::employment::{Employment, EmploymentRef, IncomeItem};
use lintel_domain::application::party::PersonName;

use super::names::{address, company_name, person_name};
use crate::arcs::{Arc, Arcs};
use crate::carried::Anchor;
use crate::tree::{DU, Part};

/// Employments by label. Labels of employers are not unique across borrowers even in official
/// files, so a borrower's own come first.
pub(super) struct Employers<'t> {
    own: HashMap<(usize, &'t str), usize>,
    anywhere: HashMap<&'t str, EmploymentRef>,
}

impl<'t> Employers<'t> {
    /// Indexes the employers of all borrowers, given the bodies of their roles.
    pub(super) fn index(bodies: &[Part<'t>]) -> Self {
        let mut employers = Self {
            own: HashMap::new(),
            anywhere: HashMap::new(),
        };
        for (borrower, body) in bodies.iter().enumerate() {
            for (employment, part) in body.every("EMPLOYERS/EMPLOYER").enumerate() {
                if let Some(label) = part.link("label") {
                    employers.own.entry((borrower, label)).or_insert(employment);
                    let place = EmploymentRef {
                        borrower,
                        employment,
                    };
                    employers.anywhere.entry(label).or_insert(place);
                }
            }
        }
        employers
    }

    fn find(&self, borrower: usize, label: &'t str) -> Option<EmploymentRef> {
        let own = self.own.get(&(borrower, label));
        let own = own.map(|employment| EmploymentRef {
            borrower,
            employment: *employment,
        });
        own.or_else(|| self.anywhere.get(label).copied())
    }
}

/// Reads an `EMPLOYER`.
pub(super) fn read(part: Part<'_>) -> Employment {
    let job = part.at("EMPLOYMENT");
    let extension = job.extension(DU, "EMPLOYMENT_EXTENSION");
    let company = company_name(part);
    let employer_person = company.as_ref().map_or_else(|| person(part), |_| None);
    Employment {
        employer_name: company.or_else(|| employer_person.as_ref().and_then(whole_name)),
        employer_person,
        employer_phone: phone(part),
        address: address(part.at("ADDRESS")),
        time: job.word("EmploymentStatusType"),
        rank: job.word("EmploymentClassificationType"),
        start: job.partial_date("EmploymentStartDate"),
        end: job.partial_date("EmploymentEndDate"),
        position: job.text("EmploymentPositionDescription"),
        line_of_work_months: job.count("EmploymentTimeInLineOfWorkMonthsCount"),
        is_self_employed: job.flag("EmploymentBorrowerSelfEmployedIndicator"),
        ownership: job.word("OwnershipInterestType"),
        monthly_income_cents: job.amount("EmploymentMonthlyIncomeAmount"),
        is_employed_by_party: job.flag("SpecialBorrowerEmployerRelationshipIndicator"),
        is_foreign_income: extension.flag("ForeignIncomeIndicator"),
        is_seasonal_income: extension.flag("SeasonalIncomeIndicator"),
    }
}

/// A person as an employer.
fn person(part: Part<'_>) -> Option<PersonName> {
    let name = person_name(part.at("INDIVIDUAL/NAME"));
    (name != PersonName::default()).then_some(name)
}

fn whole_name(name: &PersonName) -> Option<String> {
    let parts = [&name.first, &name.last].into_iter().flatten();
    let joined = parts.map(String::as_str).collect::<Vec<_>>().join(" ");
    let full = name.full.clone();
    full.or_else(|| Some(joined).filter(|joined| !joined.is_empty()))
}

/// The employer's first telephone; what else there is is carried over.
fn phone(part: Part<'_>) -> Option<String> {
    let contacts = part.every("LEGAL_ENTITY/CONTACTS/CONTACT");
    for contact in contacts {
        for point in contact.every("CONTACT_POINTS/CONTACT_POINT") {
            let telephone = point.at("CONTACT_POINT_TELEPHONE");
            if let Some(number) = telephone.text("ContactPointTelephoneValue") {
                contact.place(0);
                point.place(0);
                return Some(number);
            }
        }
    }
    None
}

/// Reads the income items of a borrower.
pub(super) fn incomes<'t>(
    body: Part<'t>,
    borrower: usize,
    arcs: &Arcs<'t>,
    employers: &Employers<'t>,
) -> Vec<IncomeItem> {
    let items = body.every("CURRENT_INCOME/CURRENT_INCOME_ITEMS/CURRENT_INCOME_ITEM");
    let mut found = Vec::new();
    for item in items {
        let detail = item.at("CURRENT_INCOME_ITEM_DETAIL");
        let labels = arcs.from(Arc::IncomeEmployer, item);
        let (kind, description) = detail.described_word("IncomeType", "IncomeTypeOtherDescription");
        let places = labels.filter_map(|label| employers.find(borrower, label));
        // Of several arcs, whatever their order: the borrower's own employer, then the first.
        let place = places
            .min_by_key(|place| (place.borrower != borrower, place.borrower, place.employment));
        let income = IncomeItem {
            kind,
            description,
            monthly_cents: detail.amount("CurrentIncomeMonthlyTotalAmount"),
            is_from_employment: detail.flag("EmploymentIncomeIndicator"),
            employment: place,
        };
        if income != IncomeItem::default() {
            item.anchor(Anchor::Income(borrower, found.len()));
            found.push(income);
        }
    }
    found
}
