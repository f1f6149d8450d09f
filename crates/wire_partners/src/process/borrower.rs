//! Borrowers of a process.

use axum::routing::get;
use lintel_domain::finding::CreditField as F;
use lintel_domain::process::BorrowerFacts;
use lintel_edge::one::one;
use lintel_processes::Borrower;
use lintel_processes::borrower as borrowers;
use lintel_taxonomy::List;

use super::process_id;
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Problem;
use crate::read::{Body, Found, Obj};
use crate::routes::Routes;
use crate::write::{Object, Value, list as array};

/// Longest name, street and employer.
const LINE_MAX: usize = 200;
/// Longest mail address (RFC 5321, section 4.5.3.1).
const ADDRESS_MAX: usize = 254;
/// Longest phone number, NIF, number of a paper and part of a postal code.
const SHORT_MAX: usize = 40;

pub(super) fn routes() -> Routes {
    Routes::new()
        .own(
            "/processes/{processUniqueId}/borrowers",
            get(one(list)).post(one(add)),
        )
        .own(
            "/processes/{processUniqueId}/borrowers/{borrowerUniqueId}",
            get(one(detail)).put(one(change)).delete(one(remove)),
        )
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let process = lintel_processes::one(&call.app, call.caller(), &id).await?;
    let all = process.borrowers.iter().map(|one| shown(&call, one));
    let answer = Object::new()
        .with("totalCount", process.borrowers.len())
        .with("borrowers", array(all));
    Ok(Answer::ok(answer))
}

async fn add(call: Call, body: Body) -> Result<Answer, Problem> {
    let process = process_id(&call)?;
    body.object(&Found::new())?;
    let edit = |old: &BorrowerFacts| edited(&body, old);
    let made = borrowers::add(&call.app, call.caller(), &process, &edit).await?;
    let place = format!("/processes/{process}/borrowers/{}", made.id);
    let answer = Answer::created(shown(&call, &made)).location(place);
    Ok(answer.revision(made.revision))
}

async fn detail(call: Call) -> Result<Answer, Problem> {
    let at = (&process_id(&call)?, &call.id("borrowerUniqueId")?);
    let one = borrowers::one(&call.app, call.caller(), at).await?;
    Ok(Answer::ok(shown(&call, &one)).revision(one.revision))
}

async fn change(call: Call, body: Body) -> Result<Answer, Problem> {
    let at = (&process_id(&call)?, &call.id("borrowerUniqueId")?);
    body.object(&Found::new())?;
    let edit = |old: &BorrowerFacts| edited(&body, old);
    let (app, caller) = (&call.app, call.caller());
    let one = borrowers::change(app, caller, at, call.expected(), &edit).await?;
    Ok(Answer::ok(shown(&call, &one)).revision(one.revision))
}

async fn remove(call: Call) -> Result<Answer, Problem> {
    let at = (&process_id(&call)?, &call.id("borrowerUniqueId")?);
    borrowers::remove(&call.app, call.caller(), at, call.expected()).await?;
    Ok(Answer::empty())
}

fn edited(
    body: &Body,
    old: &BorrowerFacts,
) -> (BorrowerFacts, Vec<lintel_domain::finding::Finding>) {
    let found = Found::new();
    let read = match body.object(&found) {
        Ok(sent) => facts(&sent, old),
        // It was one a moment ago.
        Err(_) => old.clone(),
    };
    (read, found.take())
}

/// Facts, read over older ones: absent keeps, `null` clears.
fn facts(sent: &Obj<'_>, old: &BorrowerFacts) -> BorrowerFacts {
    let id = |stem, field, old| sent.id(stem, field).or(old);
    let day = |name, field, old| sent.date(name, field).or(old);
    let flag = |name, field, old| sent.flag(name, field).or(old);
    let text =
        |name, field, most, old: &Option<String>| sent.text_line(name, field, most).or(old.clone());
    let number = &old.identification_number;
    BorrowerFacts {
        borrower_type: id("borrowerType", F::BorrowerType, old.borrower_type),
        key_relation: id(
            "keyBorrowerRelation",
            F::KeyBorrowerRelation,
            old.key_relation,
        ),
        entity_type: id("entityType", F::EntityType, old.entity_type),
        name: text("name", F::BorrowerName, LINE_MAX, &old.name),
        nif: text("nif", F::BorrowerNif, SHORT_MAX, &old.nif),
        birth_date: day("birthDate", F::BirthDate, old.birth_date),
        gender: id("gender", F::Gender, old.gender),
        nationality: id("nationality", F::Nationality, old.nationality),
        identification_document: id(
            "identificationDocument",
            F::IdentificationDocument,
            old.identification_document,
        ),
        identification_number: text(
            "identificationNumber",
            F::IdentificationNumber,
            SHORT_MAX,
            number,
        ),
        identification_validity: day(
            "identificationValidity",
            F::IdentificationValidity,
            old.identification_validity,
        ),
        marital_status: id("maritalStatus", F::MaritalStatus, old.marital_status),
        matrimonial_regime: id(
            "matrimonialRegime",
            F::MatrimonialRegime,
            old.matrimonial_regime,
        ),
        dependents: sent.count("dependents", F::Dependents).or(old.dependents),
        email: text("email", F::BorrowerEmail, ADDRESS_MAX, &old.email),
        phone: text("phone", F::BorrowerPhone, SHORT_MAX, &old.phone),
        data_consent: flag("dataConsent", F::DataConsent, old.data_consent),
        credit_bureau_consent: flag(
            "creditBureauConsent",
            F::CreditBureauConsent,
            old.credit_bureau_consent,
        ),
        marketing_consent: flag(
            "marketingConsent",
            F::MarketingConsent,
            old.marketing_consent,
        ),
        ..earning(sent, &living(sent, old))
    }
}

/// What somebody earns, owes and owns; the rest as it was.
fn earning(sent: &Obj<'_>, old: &BorrowerFacts) -> BorrowerFacts {
    let cents = |name, field, old| sent.cents(name, field).or(old);
    let flag = |name, field, old| sent.flag(name, field).or(old);
    BorrowerFacts {
        monthly_net_income: cents(
            "monthlyNetIncome",
            F::MonthlyNetIncome,
            old.monthly_net_income,
        ),
        other_income: cents("otherMonthlyIncome", F::OtherIncome, old.other_income),
        other_instalments: cents(
            "otherMonthlyInstalments",
            F::OtherInstalments,
            old.other_instalments,
        ),
        yearly_taxable_income: cents(
            "yearlyTaxableIncome",
            F::YearlyTaxableIncome,
            old.yearly_taxable_income,
        ),
        tax_resident: flag("taxResident", F::TaxResident, old.tax_resident),
        owns_housing: flag("ownsHousing", F::OwnsHousing, old.owns_housing),
        first_own_home: flag("firstOwnHome", F::FirstOwnHome, old.first_own_home),
        tax_dependent: flag("taxDependent", F::Dependents, old.tax_dependent),
        clean_tax_record: flag("cleanTaxRecord", F::TaxResident, old.clean_tax_record),
        retired: flag("retired", F::EmploymentSituation, old.retired),
        ..old.clone()
    }
}

/// Where somebody lives and works; the rest as it was.
fn living(sent: &Obj<'_>, old: &BorrowerFacts) -> BorrowerFacts {
    let id = |stem, field, old| sent.id(stem, field).or(old);
    let day = |name, field, old| sent.date(name, field).or(old);
    let text =
        |name, field, most, old: &Option<String>| sent.text_line(name, field, most).or(old.clone());
    let (zip, local) = (&old.residence_zip_code, &old.residence_zip_code_local);
    BorrowerFacts {
        residence_type: id("residenceType", F::ResidenceType, old.residence_type),
        residence_since: day("residenceSince", F::ResidenceSince, old.residence_since),
        residence_country: id(
            "residenceCountry",
            F::ResidenceCountry,
            old.residence_country,
        ),
        residence_district: id(
            "residenceDistrict",
            F::ResidenceDistrict,
            old.residence_district,
        ),
        residence_county: id("residenceCounty", F::ResidenceCounty, old.residence_county),
        residence_parish: id("residenceParish", F::ResidenceParish, old.residence_parish),
        residence_address: text(
            "residenceAddress",
            F::ResidenceAddress,
            LINE_MAX,
            &old.residence_address,
        ),
        residence_zip_code: text("residenceZipCode", F::ResidenceZipCode, SHORT_MAX, zip),
        residence_zip_code_local: text(
            "residenceZipCodeLocal",
            F::ResidenceZipCodeLocal,
            SHORT_MAX,
            local,
        ),
        profession: id("profession", F::Profession, old.profession),
        employment_contract_type: id(
            "employmentContractType",
            F::EmploymentContractType,
            old.employment_contract_type,
        ),
        employment_situation: id(
            "employmentSituation",
            F::EmploymentSituation,
            old.employment_situation,
        ),
        employment_position: id(
            "employmentDepartmentPosition",
            F::EmploymentPosition,
            old.employment_position,
        ),
        employer: text("employer", F::Employer, LINE_MAX, &old.employer),
        employed_since: day("employedSince", F::EmployedSince, old.employed_since),
        ..old.clone()
    }
}

/// A borrower as it is answered.
pub(super) fn shown(call: &Call, of: &Borrower) -> Value {
    let facts = &of.facts;
    let mut all = Object::new()
        .with("borrowerUniqueID", &of.id)
        .with("isKeyBorrower", of.is_key)
        .with("name", facts.name.as_ref())
        .with("nif", facts.nif.as_ref())
        .with("birthDate", facts.birth_date)
        .with("identificationNumber", facts.identification_number.as_ref())
        .with("identificationValidity", facts.identification_validity)
        .with("dependents", facts.dependents)
        .with("email", facts.email.as_ref())
        .with("phone", facts.phone.as_ref());
    for (id, described, list, given) in listed(facts) {
        all = all
            .with(id, given)
            .with(described, given.map(|id| call.describe(list, id)));
    }
    all.with("residenceParishID", facts.residence_parish)
        .with("residenceSince", facts.residence_since)
        .with("residenceAddress", facts.residence_address.as_ref())
        .with("residenceZipCode", facts.residence_zip_code.as_ref())
        .with(
            "residenceZipCodeLocal",
            facts.residence_zip_code_local.as_ref(),
        )
        .with("employer", facts.employer.as_ref())
        .with("employedSince", facts.employed_since)
        .with("monthlyNetIncome", facts.monthly_net_income)
        .with("otherMonthlyIncome", facts.other_income)
        .with("otherMonthlyInstalments", facts.other_instalments)
        .with("yearlyTaxableIncome", facts.yearly_taxable_income)
        .with("taxResident", facts.tax_resident)
        .with("ownsHousing", facts.owns_housing)
        .with("firstOwnHome", facts.first_own_home)
        .with("taxDependent", facts.tax_dependent)
        .with("cleanTaxRecord", facts.clean_tax_record)
        .with("retired", facts.retired)
        .with("dataConsent", facts.data_consent)
        .with("creditBureauConsent", facts.credit_bureau_consent)
        .with("marketingConsent", facts.marketing_consent)
        .with("creationDate", of.created_at)
        .with("lastActionDate", of.updated_at)
        .done()
}

/// Everything that is an id of a list: its name, its description's name, the list, the id.
#[rustfmt::skip]
fn listed(of: &BorrowerFacts) -> [(&'static str, &'static str, List, Option<u32>); 16] {
    [
        ("borrowerTypeID", "borrowerTypeDescription", List::BorrowerTypes, of.borrower_type),
        ("keyBorrowerRelationID", "keyBorrowerRelationDescription", List::KeyBorrowerRelations, of.key_relation),
        ("entityTypeID", "entityTypeDescription", List::EntityTypes, of.entity_type),
        ("genderID", "genderDescription", List::Genders, of.gender),
        ("nationalityID", "nationalityDescription", List::Countries, of.nationality),
        ("identificationDocumentID", "identificationDocumentDescription", List::IdentificationDocuments, of.identification_document),
        ("maritalStatusID", "maritalStatusDescription", List::MaritalStatuses, of.marital_status),
        ("matrimonialRegimeID", "matrimonialRegimeDescription", List::MatrimonialRegimes, of.matrimonial_regime),
        ("residenceTypeID", "residenceTypeDescription", List::ResidenceTypes, of.residence_type),
        ("residenceCountryID", "residenceCountryDescription", List::Countries, of.residence_country),
        ("residenceDistrictID", "residenceDistrictDescription", List::Districts, of.residence_district),
        ("residenceCountyID", "residenceCountyDescription", List::Counties, of.residence_county),
        ("professionID", "professionDescription", List::Professions, of.profession),
        ("employmentContractTypeID", "employmentContractTypeDescription", List::EmploymentContractTypes, of.employment_contract_type),
        ("employmentSituationID", "employmentSituationDescription", List::EmploymentSituations, of.employment_situation),
        ("employmentDepartmentPositionID", "employmentDepartmentPositionDescription", List::EmploymentDepartmentPositions, of.employment_position),
    ]
}
