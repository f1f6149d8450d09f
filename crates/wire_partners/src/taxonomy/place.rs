//! Places within places.

use lintel_store::parish::{self, Parish};
use lintel_taxonomy::places::{PORTUGAL, counties_of};
use lintel_taxonomy::{Entry, List, entry};

use super::of_entry;
use crate::answer::Answer;
use crate::call::Call;
use crate::language::Language;
use crate::problem::Problem;
use crate::write::{Object, Value, list};

/// Parishes read in one go.
const PAGE: u32 = 1000;
/// Pages read at most: three times what the country has ever had.
const PAGES: usize = 15;

/// Every country with its districts; only Portugal has any here.
pub(super) fn countries(language: Language) -> Value {
    let countries = lintel_taxonomy::list(List::Countries).iter();
    list(countries.map(|country| with_districts(country, language)))
}

/// One country with its districts.
pub(super) async fn country(call: Call) -> Result<Answer, Problem> {
    let country = call
        .number("countryId")
        .and_then(|id| entry(List::Countries, id));
    let country = country.ok_or_else(Problem::not_found)?;
    Ok(Answer::ok(list([with_districts(country, call.language)])).etag_of_content())
}

fn with_districts(country: &Entry, language: Language) -> Object {
    let districts = lintel_taxonomy::list(List::Districts).iter();
    let within = districts.filter(|_| country.id == PORTUGAL);
    let within = list(within.map(|district| of_entry(district, language)));
    of_entry(country, language).with("districts", within)
}

/// Every district with its municipalities.
pub(super) fn districts(language: Language) -> Value {
    let districts = lintel_taxonomy::list(List::Districts).iter();
    list(districts.map(|district| {
        let within = counties_of(district.id).map(|county| of_entry(county, language));
        of_entry(district, language).with("counties", list(within))
    }))
}

/// Every municipality with its parishes.
pub(super) async fn counties(call: &Call) -> Result<Value, Problem> {
    let parishes = every(call).await?;
    let counties = lintel_taxonomy::list(List::Counties).iter();
    Ok(list(counties.map(|county| {
        let code = county.code;
        let start = parishes.partition_point(|p| p.county_code.as_str() < code);
        let within = parishes
            .iter()
            .skip(start)
            .take_while(|p| p.county_code == code);
        of_entry(county, call.language).with("parishes", list(within.map(of_parish)))
    })))
}

/// One municipality with its parishes.
pub(super) async fn county(call: Call) -> Result<Answer, Problem> {
    let county = call
        .number("countyId")
        .and_then(|id| entry(List::Counties, id));
    let county = county.ok_or_else(Problem::not_found)?;
    let within = parish::of_county(call.app.db(), county.id).await?;
    let within = list(within.iter().map(of_parish));
    let shown = of_entry(county, call.language).with("parishes", within);
    Ok(Answer::ok(list([shown])).etag_of_content())
}

/// Every parish; none until the official list was loaded.
pub(super) async fn parishes(call: &Call) -> Result<Value, Problem> {
    Ok(list(every(call).await?.iter().map(of_parish)))
}

async fn every(call: &Call) -> Result<Vec<Parish>, Problem> {
    let mut all: Vec<Parish> = Vec::new();
    for _ in 0..PAGES {
        let after = all.last().map_or("", |p| p.code.as_str()).to_owned();
        let page = parish::page(call.app.db(), &after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    Ok(all)
}

/// Names of places are the same in every language. The county's id is its code as a number.
fn of_parish(parish: &Parish) -> Object {
    Object::new()
        .with("id", parish.id)
        .with("code", &parish.code)
        .with("description", &parish.name)
        .with("isActive", parish.active)
        .with_some("parentID", parish.county_code.parse::<u32>().ok())
}
