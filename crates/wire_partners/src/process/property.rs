//! The property of a process: the public text calls it a list and answers the one there is.

use axum::routing::{get, put};
use lintel_domain::finding::{Bound, CreditField as F, CreditRule, Finding};
use lintel_domain::process::PropertyFacts;
use lintel_edge::one::one;
use lintel_engine::Cents;
use lintel_processes::Property;
use lintel_processes::property as properties;
use lintel_taxonomy::List;

use super::process_id;
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Problem;
use crate::read::{Body, Found, Given, Obj};
use crate::routes::Routes;
use crate::write::{Object, Value};

/// Longest street.
const LINE_MAX: usize = 200;
/// Longest door number, floor and part of a postal code.
const SHORT_MAX: usize = 40;

pub(super) fn routes() -> Routes {
    Routes::new()
        .own("/processes/{processUniqueId}/properties", get(one(detail)))
        .own(
            "/processes/{processUniqueId}/properties/{propertyUniqueId}",
            put(one(change)),
        )
}

async fn detail(call: Call) -> Result<Answer, Problem> {
    let one = properties::one(&call.app, call.caller(), &process_id(&call)?).await?;
    Ok(Answer::ok(shown(&call, &one)).revision(one.revision))
}

async fn change(call: Call, body: Body) -> Result<Answer, Problem> {
    let at = (&process_id(&call)?, &call.id("propertyUniqueId")?);
    body.object(&Found::new())?;
    let edit = |old: &PropertyFacts| edited(&body, old);
    let (app, caller) = (&call.app, call.caller());
    let one = properties::change(app, caller, at, call.expected(), &edit).await?;
    Ok(Answer::ok(shown(&call, &one)).revision(one.revision))
}

fn edited(body: &Body, old: &PropertyFacts) -> (PropertyFacts, Vec<Finding>) {
    let found = Found::new();
    let read = match body.object(&found) {
        Ok(sent) => facts(&sent, old),
        // It was one a moment ago.
        Err(_) => old.clone(),
    };
    (read, found.take())
}

/// Facts, read over older ones: absent keeps, `null` clears.
fn facts(sent: &Obj<'_>, old: &PropertyFacts) -> PropertyFacts {
    let id = |stem, field, old| sent.id(stem, field).or(old);
    let text =
        |name, field, most, old: &Option<String>| sent.text_line(name, field, most).or(old.clone());
    let price = sent.cents("acquisitionAmount", F::AcquisitionAmount);
    let value = sent.cents("estimatedValue", F::EstimatedValue);
    let bought = sent.date("acquisitionDate", F::AcquisitionDate);
    PropertyFacts {
        typology: id("propertyTypology", F::PropertyTypology, old.typology),
        estimated_value: value.or(old.estimated_value),
        acquisition_amount: price.or(old.acquisition_amount),
        acquisition_date: bought.or(old.acquisition_date),
        district: id("district", F::PropertyDistrict, old.district),
        county: id("county", F::PropertyCounty, old.county),
        parish: id("parish", F::PropertyParish, old.parish),
        address: text("address", F::PropertyAddress, LINE_MAX, &old.address),
        door_number: text(
            "doorNumber",
            F::PropertyDoorNumber,
            SHORT_MAX,
            &old.door_number,
        ),
        floor: text("floor", F::PropertyFloor, SHORT_MAX, &old.floor),
        zip_code: text("zipCode", F::PropertyZipCode, SHORT_MAX, &old.zip_code),
        zip_code_local: text(
            "zipCodeLocal",
            F::PropertyZipCodeLocal,
            SHORT_MAX,
            &old.zip_code_local,
        ),
        gross_built_area_m2_e2: area(sent, old.gross_built_area_m2_e2),
        year_built: sent.count("yearBuilt", F::YearBuilt).or(old.year_built),
    }
}

/// Square metres with two decimals at most, which are read as amounts are.
fn area(sent: &Obj<'_>, old: Option<u64>) -> Option<u64> {
    match sent.cents("grossBuiltArea", F::GrossBuiltArea) {
        Given::Absent => old,
        Given::Null => None,
        Given::Value(area) => {
            let read = u64::try_from(area.get()).ok();
            if read.is_none() {
                let least = CreditRule::TooSmall(Bound::Count(0));
                sent.note(F::GrossBuiltArea, least);
            }
            read
        }
    }
}

/// A property as it is answered.
pub(super) fn shown(call: &Call, of: &Property) -> Value {
    let facts = &of.facts;
    let described = |list, id: Option<u32>| id.map(|id| call.describe(list, id));
    let area = facts.gross_built_area_m2_e2;
    let area = area
        .and_then(|area| i64::try_from(area).ok())
        .map(Cents::new);
    Object::new()
        .with("propertyUniqueID", &of.id)
        .with("propertyTypologyID", facts.typology)
        .with(
            "propertyTypologyDescription",
            described(List::PropertyTypologies, facts.typology),
        )
        .with("estimatedValue", facts.estimated_value)
        .with("grossBuiltArea", area)
        .with("yearBuilt", facts.year_built)
        .with("acquisitionAmount", facts.acquisition_amount)
        .with("acquisitionDate", facts.acquisition_date)
        .with("address", facts.address.as_ref())
        .with("doorNumber", facts.door_number.as_ref())
        .with("floor", facts.floor.as_ref())
        .with("districtID", facts.district)
        .with(
            "districtDescription",
            described(List::Districts, facts.district),
        )
        .with("countyID", facts.county)
        .with("countyDescription", described(List::Counties, facts.county))
        .with("parishID", facts.parish)
        .with("zipCode", facts.zip_code.as_ref())
        .with("zipCodeLocal", facts.zip_code_local.as_ref())
        .with("lastActionDate", of.updated_at)
        .done()
}
