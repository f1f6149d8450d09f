//! Whether the values of facts are possible. What is missing is no mistake here: it is told when the
//! process is submitted.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::contact;
use lintel_domain::finding::{Bound, CreditField as F, CreditRule as R, Finding};
use lintel_domain::lisbon;
use lintel_domain::nif::Nif;
use lintel_domain::process::{BorrowerFacts, PropertyFacts};
use lintel_engine::{Cents, Date};
use lintel_store::parish;
use lintel_taxonomy::{List, entry, has_code, places};

/// Most of any amount: a thousand million euro.
const MOST: Cents = Cents::new(100_000_000_000);
/// Most dependants.
const DEPENDENTS: u32 = 30;
/// Oldest year a building can say it is from.
const OLDEST_YEAR: u32 = 1100;
/// Largest area in hundredths of a square metre: a million square metres.
const LARGEST_AREA: u64 = 100_000_000;

/// What the official list says about a parish that was named.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Places {
    /// Whether the list was loaded at all.
    is_loaded: bool,
    /// The parish it was asked about, when the list has it and it still exists.
    parish: Option<u32>,
}

/// Asks the official list about a parish.
pub(crate) async fn places(app: &App, asked: Option<u32>) -> Result<Places, AppError> {
    let is_loaded = parish::newest(app.db()).await?.is_some();
    let Some(asked) = asked.filter(|_| is_loaded) else {
        return Ok(Places {
            is_loaded,
            parish: None,
        });
    };
    let there = parish::by_id(app.db(), asked).await?;
    Ok(Places {
        is_loaded,
        parish: there.filter(|parish| parish.active).map(|parish| parish.id),
    })
}

/// Findings in the order of their fields, each once.
pub(crate) fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| (finding.field, finding.place));
    findings.dedup();
    findings
}

/// Gathers findings about one thing.
struct Look<'a>(&'a mut Vec<Finding>);

impl Look<'_> {
    fn note(&mut self, field: F, rule: R) {
        // What the face found wrong already is not wrong twice.
        if !self.0.iter().any(|finding| finding.field == field) {
            self.0.push(Finding::new(field, rule));
        }
    }

    fn listed(&mut self, list: List, given: Option<u32>, field: F) {
        match given.map(|id| entry(list, id)) {
            None => {}
            Some(None) => self.note(field, R::Unknown),
            Some(Some(value)) if !value.active => self.note(field, R::Retired),
            Some(Some(_)) => {}
        }
    }

    fn amount(&mut self, given: Option<Cents>, field: F) {
        match given {
            Some(amount) if amount.is_negative() => {
                self.note(field, R::TooSmall(Bound::Amount(Cents::ZERO)));
            }
            Some(amount) if amount > MOST => self.note(field, R::TooLarge(Bound::Amount(MOST))),
            Some(_) | None => {}
        }
    }

    fn past(&mut self, given: Option<Date>, today: Date, field: F) {
        if given.is_some_and(|day| day > today) {
            self.note(field, R::InTheFuture);
        }
    }

    fn digits(&mut self, given: Option<&str>, count: usize, field: F) {
        let is_good = |text: &str| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        if given.is_some_and(|text| !is_good(text)) {
            self.note(field, R::Malformed);
        }
    }

    /// District, municipality and parish lie within each other.
    fn place(&mut self, given: [Option<u32>; 3], fields: [F; 3], places: &Places) {
        let ([district, county, parish], [in_district, in_county, in_parish]) = (given, fields);
        self.listed(List::Districts, district, in_district);
        self.listed(List::Counties, county, in_county);
        if let Some(within) = county.and_then(places::district_of)
            && district.is_some_and(|district| district != within)
        {
            self.note(in_county, R::Mismatch);
        }
        let Some(parish) = parish else { return };
        // An official number of a parish begins with that of its municipality.
        if county.is_some_and(|county| county != parish / 100) {
            self.note(in_parish, R::Mismatch);
        }
        let is_unknown = if places.is_loaded {
            places.parish != Some(parish)
        } else {
            entry(List::Counties, parish / 100).is_none()
        };
        if is_unknown {
            self.note(in_parish, R::Unknown);
        }
    }
}

/// Whether what is known of a borrower is possible.
pub(crate) fn borrower(
    app: &App,
    facts: &BorrowerFacts,
    places: &Places,
    findings: &mut Vec<Finding>,
) {
    let mut look = Look(findings);
    let today = lisbon::day_of(app.now());
    lists(&mut look, facts);
    person(&mut look, facts, today);
    for (amount, field) in [
        (facts.monthly_net_income, F::MonthlyNetIncome),
        (facts.other_instalments, F::OtherInstalments),
        (facts.other_income, F::OtherIncome),
        (facts.yearly_taxable_income, F::YearlyTaxableIncome),
    ] {
        look.amount(amount, field);
    }
    let given = [
        facts.residence_district,
        facts.residence_county,
        facts.residence_parish,
    ];
    let fields = [F::ResidenceDistrict, F::ResidenceCounty, F::ResidenceParish];
    look.place(given, fields, places);
    if facts
        .residence_country
        .is_none_or(|id| id == places::PORTUGAL)
    {
        let (zip, local) = (&facts.residence_zip_code, &facts.residence_zip_code_local);
        look.digits(zip.as_deref(), 4, F::ResidenceZipCode);
        look.digits(local.as_deref(), 3, F::ResidenceZipCodeLocal);
    } else if facts.residence_district.is_some() || facts.residence_county.is_some() {
        look.note(F::ResidenceCountry, R::Conflict);
    }
}

fn lists(look: &mut Look<'_>, facts: &BorrowerFacts) {
    for (list, given, field) in [
        (List::BorrowerTypes, facts.borrower_type, F::BorrowerType),
        (
            List::KeyBorrowerRelations,
            facts.key_relation,
            F::KeyBorrowerRelation,
        ),
        (List::EntityTypes, facts.entity_type, F::EntityType),
        (List::Genders, facts.gender, F::Gender),
        (List::Countries, facts.nationality, F::Nationality),
        (
            List::IdentificationDocuments,
            facts.identification_document,
            F::IdentificationDocument,
        ),
        (
            List::MaritalStatuses,
            facts.marital_status,
            F::MaritalStatus,
        ),
        (
            List::MatrimonialRegimes,
            facts.matrimonial_regime,
            F::MatrimonialRegime,
        ),
        (List::ResidenceTypes, facts.residence_type, F::ResidenceType),
        (
            List::Countries,
            facts.residence_country,
            F::ResidenceCountry,
        ),
        (List::Professions, facts.profession, F::Profession),
        (
            List::EmploymentContractTypes,
            facts.employment_contract_type,
            F::EmploymentContractType,
        ),
        (
            List::EmploymentSituations,
            facts.employment_situation,
            F::EmploymentSituation,
        ),
        (
            List::EmploymentDepartmentPositions,
            facts.employment_position,
            F::EmploymentPosition,
        ),
    ] {
        look.listed(list, given, field);
    }
    let is_married = has_code(List::MaritalStatuses, facts.marital_status, "married");
    if facts.matrimonial_regime.is_some() && facts.marital_status.is_some() && !is_married {
        look.note(F::MatrimonialRegime, R::Conflict);
    }
    let is_key = has_code(List::BorrowerTypes, facts.borrower_type, "key_borrower");
    if is_key && facts.key_relation.is_some() {
        look.note(F::KeyBorrowerRelation, R::Conflict);
    }
}

fn person(look: &mut Look<'_>, facts: &BorrowerFacts, today: Date) {
    let nif = facts.nif.as_deref().map(Nif::parse);
    if let Some(Err(wrong)) = nif {
        look.note(F::BorrowerNif, wrong.into());
    }
    for (day, field) in [
        (facts.birth_date, F::BirthDate),
        (facts.residence_since, F::ResidenceSince),
        (facts.employed_since, F::EmployedSince),
    ] {
        look.past(day, today, field);
        // Nobody lives or works anywhere before being born.
        if facts
            .birth_date
            .zip(day)
            .is_some_and(|(born, day)| day < born)
        {
            look.note(field, R::Conflict);
        }
    }
    if facts.dependents.is_some_and(|count| count > DEPENDENTS) {
        let most = Bound::Count(u64::from(DEPENDENTS));
        look.note(F::Dependents, R::TooLarge(most));
    }
    let (email, phone) = (facts.email.as_deref(), facts.phone.as_deref());
    if email.is_some_and(|text| contact::email(text).is_none()) {
        look.note(F::BorrowerEmail, R::Malformed);
    }
    if phone.is_some_and(|text| !is_phone(text)) {
        look.note(F::BorrowerPhone, R::Malformed);
    }
    let number = facts.identification_number.as_deref();
    if number.is_some_and(|text| !is_paper_number(text)) {
        look.note(F::IdentificationNumber, R::Malformed);
    }
}

/// A phone number: 6 to 15 digits (ITU-T E.164) with a plus sign in front, spaces and the like between.
fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')');
    (6..=15).contains(&digits) && rest.chars().all(known)
}

fn is_paper_number(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '/' | '.');
    text.chars().any(|c| c.is_ascii_alphanumeric()) && text.chars().all(known)
}

/// Whether what is known of a property is possible.
pub(crate) fn property(
    app: &App,
    facts: &PropertyFacts,
    places: &Places,
    findings: &mut Vec<Finding>,
) {
    let mut look = Look(findings);
    let today = lisbon::day_of(app.now());
    look.listed(
        List::PropertyTypologies,
        facts.typology,
        F::PropertyTypology,
    );
    look.amount(facts.estimated_value, F::EstimatedValue);
    look.amount(facts.acquisition_amount, F::AcquisitionAmount);
    let given = [facts.district, facts.county, facts.parish];
    let fields = [F::PropertyDistrict, F::PropertyCounty, F::PropertyParish];
    look.place(given, fields, places);
    look.digits(facts.zip_code.as_deref(), 4, F::PropertyZipCode);
    look.digits(facts.zip_code_local.as_deref(), 3, F::PropertyZipCodeLocal);
    if let Some(area) = facts.gross_built_area_m2_e2 {
        if area == 0 {
            look.note(F::GrossBuiltArea, R::TooSmall(Bound::Count(1)));
        } else if area > LARGEST_AREA {
            look.note(
                F::GrossBuiltArea,
                R::TooLarge(Bound::Count(LARGEST_AREA / 100)),
            );
        }
    }
    // A building that is bought from the plans is finished in a few years.
    let latest = u32::try_from(today.year())
        .unwrap_or(u32::MAX)
        .saturating_add(10);
    match facts.year_built {
        Some(year) if year < OLDEST_YEAR => {
            let least = Bound::Count(u64::from(OLDEST_YEAR));
            look.note(F::YearBuilt, R::TooSmall(least));
        }
        Some(year) if year > latest => {
            look.note(F::YearBuilt, R::TooLarge(Bound::Count(u64::from(latest))));
        }
        Some(_) | None => {}
    }
}

/// Whether parishes can be named at all.
pub(crate) async fn parishes_are_loaded(app: &App) -> Result<bool, AppError> {
    Ok(parish::newest(app.db()).await?.is_some())
}
