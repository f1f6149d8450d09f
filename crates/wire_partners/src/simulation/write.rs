//! A simulation as it is answered.

use lintel_domain::simulation::{Borrower, Request, SimulationStatus};
use lintel_engine::Date;
use lintel_offer::Calculation;
use lintel_simulations::{Line, Simulation};
use lintel_taxonomy::List;

use super::{bank_charges, insurances, limits, loan, taxes};
use crate::call::Call;
use crate::names;
use crate::write::{Object, Value, list};

/// What names a simulation and says how it stands.
struct Head<'a> {
    id: &'a lintel_domain::id::RowId,
    number: i64,
    status: SimulationStatus,
    status_at: lintel_domain::id::Instant,
    created_at: lintel_domain::id::Instant,
    expires_on: Date,
    process_id: Option<&'a lintel_domain::id::RowId>,
}

impl Head<'_> {
    fn write(&self, call: &Call) -> Object {
        let status = names::simulation_status_id(self.status);
        let described = call.describe(List::WorkflowStatesSimulation, status);
        Object::new()
            .with("simulationUniqueID", self.id)
            .with("simulationNumber", self.number)
            .with("simulationStatusID", status)
            .with("simulationStatusDescription", described)
            .with("simulationStatusDate", self.status_at)
            .with("creationDate", self.created_at)
            .with("expirationDate", self.expires_on)
            .with("processUniqueID", self.process_id)
    }
}

/// What names a simulation and says how it stands.
pub(super) fn head(call: &Call, of: &Simulation) -> Object {
    let head = Head {
        id: &of.id,
        number: of.number,
        status: of.status,
        status_at: of.status_at,
        created_at: of.created_at,
        expires_on: of.expires_on,
        process_id: of.process_id.as_ref(),
    };
    head.write(call)
}

/// A whole simulation.
pub(super) fn simulation(call: &Call, of: &Simulation) -> Value {
    let head = head(call, of).with("esisDate", of.fine_at);
    groups(head, call, &of.request, &of.calculation).done()
}

/// The groups of the contract.
pub(super) fn groups(
    head: Object,
    call: &Call,
    request: &Request,
    calculation: &Calculation,
) -> Object {
    let language = call.language;
    let branch = calculation.loan.branch.as_ref();
    head.with("branchID", branch.map(|branch| branch.id))
        .with(
            "branchDescription",
            branch.map(|branch| language.of(&branch.pt, &branch.en)),
        )
        .with("loan", loan(language, calculation))
        .with(
            "borrowers",
            list(
                request
                    .borrowers
                    .iter()
                    .map(|one| borrower(call, one, calculation.day)),
            ),
        )
        .with("property", property(call, request))
        .with("insurances", insurances(calculation))
        .with(
            "bankCharges",
            bank_charges(language, &calculation.bank_charges),
        )
        .with("taxes", taxes(calculation))
        .with("limits", limits(calculation))
}

/// A simulation of a list: what was asked, without what it comes to.
pub(super) fn line(call: &Call, of: &Line) -> Value {
    let head = Head {
        id: &of.id,
        number: of.number,
        status: of.status,
        status_at: of.status_at,
        created_at: of.created_at,
        expires_on: of.expires_on,
        process_id: of.process_id.as_ref(),
    };
    let names = of.request.borrowers.iter();
    let names = names.map(|borrower| {
        Object::new()
            .with("borrowerTypeID", borrower.kind)
            .with("name", borrower.name.as_ref())
            .with("nif", borrower.nif.as_ref())
    });
    head.write(call)
        .with("branchID", of.branch_id)
        .with("loanAmount", of.amount)
        .with("loanDurationMonths", of.term_months)
        .with("indexTypeSubCategoryID", of.request.rate_kind)
        .with("indexTypeID", of.request.index_type)
        .with("hasCrossSelling", of.request.cross_selling.unwrap_or(false))
        .with("borrowers", list(names))
        .done()
}

fn borrower(call: &Call, of: &Borrower, day: Date) -> Value {
    let described = |list, id: Option<u32>| id.map(|id| call.describe(list, id));
    let relation = described(List::KeyBorrowerRelations, of.relation);
    Object::new()
        .with("borrowerTypeID", of.kind)
        .with(
            "borrowerTypeDescription",
            described(List::BorrowerTypes, of.kind),
        )
        .with("keyBorrowerRelationID", of.relation)
        .with("keyBorrowerRelationDescription", relation)
        .with("name", of.name.as_ref())
        .with("nif", of.nif.as_ref())
        .with("birthDate", of.birth_date)
        .with("age", of.birth_date.map(|birth| age(birth, day)))
        .with("email", of.email.as_ref())
        .with("phone", of.phone.as_ref())
        .with("monthlyNetIncome", of.monthly_net_income)
        .with("otherMonthlyInstalments", of.other_instalments)
        .with("dependents", of.dependents)
        .with("taxResident", of.tax_resident)
        .with("ownsHousing", of.owns_housing)
        .with("firstOwnHome", of.first_own_home)
        .with("taxDependent", of.tax_dependent)
        .with("cleanTaxRecord", of.clean_tax_record)
        .with("yearlyTaxableIncome", of.yearly_taxable_income)
        .with("retired", of.retired)
        .done()
}

/// Completed years.
fn age(birth: Date, day: Date) -> i32 {
    let years = i32::from(day.year()) - i32::from(birth.year());
    let is_before = (day.month(), day.day()) < (birth.month(), birth.day());
    years - i32::from(is_before)
}

fn property(call: &Call, request: &Request) -> Value {
    let Some(of) = &request.property else {
        return Value::Null;
    };
    let described = |list, id: Option<u32>| id.map(|id| call.describe(list, id));
    let typology = described(List::PropertyTypologies, of.typology);
    Object::new()
        .with("propertyTypologyID", of.typology)
        .with("propertyTypologyDescription", typology)
        .with("estimatedValue", of.estimated_value)
        .with("acquisitionAmount", of.acquisition_amount)
        .with("districtID", of.district)
        .with(
            "districtDescription",
            described(List::Districts, of.district),
        )
        .with("countyID", of.county)
        .with("countyDescription", described(List::Counties, of.county))
        .with("parishID", of.parish)
        .with("address", of.address.as_ref())
        .with("zipCode", of.zip_code.as_ref())
        .with("zipCodeLocal", of.zip_code_local.as_ref())
        .done()
}
