//! Employments and income items, and which income comes from which employment.

use std::collections::HashMap;

use lintel_domain::application::employment::{Employment, EmploymentRef, IncomeItem};

use super::names::{address, company_name, contacts};
use crate::arcs::{Arc, Arcs};
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
    let mut points = part
        .every("LEGAL_ENTITY/CONTACTS/CONTACT")
        .map(|contact| contacts(contact).1);
    let phone = points.find_map(|phones| phones.into_iter().next());
    Employment {
        employer_name: company_name(part).or_else(|| person(part)),
        employer_phone: phone.map(|phone| phone.number),
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
fn person(part: Part<'_>) -> Option<String> {
    let name = part.at("INDIVIDUAL/NAME");
    name.text("FullName").or_else(|| {
        let parts = [name.text("FirstName"), name.text("LastName")];
        let whole = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!whole.is_empty()).then_some(whole)
    })
}

/// Reads the income items of a borrower.
pub(super) fn incomes<'t>(
    body: Part<'t>,
    borrower: usize,
    arcs: &Arcs<'t>,
    employers: &Employers<'t>,
) -> Vec<IncomeItem> {
    let items = body.every("CURRENT_INCOME/CURRENT_INCOME_ITEMS/CURRENT_INCOME_ITEM");
    let items = items.map(|item| {
        let detail = item.at("CURRENT_INCOME_ITEM_DETAIL");
        let labels = arcs.from(Arc::IncomeEmployer, item);
        let places = labels
            .iter()
            .filter_map(|label| employers.find(borrower, label));
        // With two arcs from one label, the borrower's own employer is meant.
        let places: Vec<EmploymentRef> = places.take(16).collect();
        let own = places.iter().find(|place| place.borrower == borrower);
        IncomeItem {
            kind: detail.word("IncomeType"),
            description: detail.text("IncomeTypeOtherDescription"),
            monthly_cents: detail.amount("CurrentIncomeMonthlyTotalAmount"),
            is_from_employment: detail.flag("EmploymentIncomeIndicator"),
            employment: own.or_else(|| places.first()).copied(),
        }
    });
    items
        .filter(|item| *item != IncomeItem::default())
        .collect()
}
