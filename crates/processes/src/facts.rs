//! Facts of a process as a simulation asks for them, and back.

use lintel_domain::process::{BorrowerFacts, PropertyFacts};
use lintel_domain::simulation::{self, Request};

use crate::process::Borrower;

/// Terms, borrowers and property as one request. Borrowers keep their order: findings name places.
pub(crate) fn request_of(
    terms: &Request,
    borrowers: &[Borrower],
    property: &PropertyFacts,
) -> Request {
    Request {
        borrowers: borrowers.iter().map(|b| asked_of(&b.facts)).collect(),
        property: Some(asked_property(property)),
        ..terms.clone()
    }
}

/// A request without anything personal.
pub(crate) fn terms_of(request: &Request) -> Request {
    Request {
        borrowers: Vec::new(),
        property: None,
        ..request.clone()
    }
}

fn asked_of(facts: &BorrowerFacts) -> simulation::Borrower {
    simulation::Borrower {
        kind: facts.borrower_type,
        relation: facts.key_relation,
        name: facts.name.clone(),
        nif: facts.nif.clone(),
        birth_date: facts.birth_date,
        email: facts.email.clone(),
        phone: facts.phone.clone(),
        // Other income counts as income does; a request has one field for both.
        monthly_net_income: match (facts.monthly_net_income, facts.other_income) {
            (Some(income), Some(other)) => income.checked_add(other),
            (income, _) => income,
        },
        other_instalments: facts.other_instalments,
        dependents: facts.dependents,
        tax_resident: facts.tax_resident,
        owns_housing: facts.owns_housing,
        first_own_home: facts.first_own_home,
        tax_dependent: facts.tax_dependent,
        clean_tax_record: facts.clean_tax_record,
        yearly_taxable_income: facts.yearly_taxable_income,
        retired: facts.retired,
    }
}

/// What a simulation knows of a borrower.
pub(crate) fn borrower_of(asked: &simulation::Borrower) -> BorrowerFacts {
    BorrowerFacts {
        borrower_type: asked.kind,
        key_relation: asked.relation,
        name: asked.name.clone(),
        nif: asked.nif.clone(),
        birth_date: asked.birth_date,
        email: asked.email.clone(),
        phone: asked.phone.clone(),
        monthly_net_income: asked.monthly_net_income,
        other_instalments: asked.other_instalments,
        dependents: asked.dependents,
        tax_resident: asked.tax_resident,
        owns_housing: asked.owns_housing,
        first_own_home: asked.first_own_home,
        tax_dependent: asked.tax_dependent,
        clean_tax_record: asked.clean_tax_record,
        yearly_taxable_income: asked.yearly_taxable_income,
        retired: asked.retired,
        ..BorrowerFacts::default()
    }
}

fn asked_property(facts: &PropertyFacts) -> simulation::Property {
    simulation::Property {
        typology: facts.typology,
        estimated_value: facts.estimated_value,
        acquisition_amount: facts.acquisition_amount,
        district: facts.district,
        county: facts.county,
        parish: facts.parish,
        address: facts.address.clone(),
        zip_code: facts.zip_code.clone(),
        zip_code_local: facts.zip_code_local.clone(),
    }
}

/// What a simulation knows of the property.
pub(crate) fn property_of(asked: &simulation::Property) -> PropertyFacts {
    PropertyFacts {
        typology: asked.typology,
        estimated_value: asked.estimated_value,
        acquisition_amount: asked.acquisition_amount,
        district: asked.district,
        county: asked.county,
        parish: asked.parish,
        address: asked.address.clone(),
        zip_code: asked.zip_code.clone(),
        zip_code_local: asked.zip_code_local.clone(),
        ..PropertyFacts::default()
    }
}
