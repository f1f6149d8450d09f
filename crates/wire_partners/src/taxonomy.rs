//! Lists of values: the static ones, the bank's own, places within places, and the error codes.

mod bank;
mod error_code;
mod place;
pub(crate) mod table;

use axum::routing::get;
use lintel_edge::one::one;
use lintel_taxonomy::{Entry, List};

use crate::PREFIX;
use crate::answer::Answer;
use crate::call::Call;
use crate::language::Language;
use crate::problem::Problem;
use crate::routes::Routes;
use crate::write::{Object, Value, list};
use table::{Source, TABLE};

/// Mounted by the crate's router.
pub(crate) fn routes() -> Routes {
    let lists = Routes::new()
        .at("/taxonomies", get(one(index)))
        .at(
            "/taxonomies/countryWithDistricts/{countryId}",
            get(one(place::country)),
        )
        .at(
            "/taxonomies/countyWithParishes/{countyId}",
            get(one(place::county)),
        );
    TABLE.iter().fold(lists, |routes, row| {
        let source = row.source;
        routes.at(row.path, get(one(move |call: Call| listed(call, source))))
    })
}

/// The name of a list: the last part of its path.
fn name(path: &'static str) -> &'static str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What there is, and where.
async fn index(_call: Call) -> Answer {
    let rows = TABLE.iter().map(|row| {
        Object::new()
            .with("name", name(row.path))
            .with("path", format!("{PREFIX}{}", row.path))
    });
    Answer::ok(list(rows)).etag_of_content()
}

async fn listed(call: Call, source: Source) -> Result<Answer, Problem> {
    let entries = match source {
        Source::List(which) => of_list(which, call.language),
        Source::CountryWithDistricts => place::countries(call.language),
        Source::DistrictsWithCounties => place::districts(call.language),
        Source::CountyWithParishes => place::counties(&call).await?,
        Source::Parishes => place::parishes(&call).await?,
        Source::ProductSchemes => bank::schemes(&call).await?,
        Source::Branches => bank::branches(&call).await?,
        Source::ErrorCodes => error_code::all(call.language),
    };
    Ok(Answer::ok(entries).etag_of_content())
}

fn of_list(which: List, language: Language) -> Value {
    let entries = lintel_taxonomy::list(which).iter();
    list(entries.map(|entry| of_entry(entry, language)))
}

/// An entry. Retired ones stay, so that what names them can be read; `parentID` is that of the list the
/// entries lie in, where there is one.
fn of_entry(entry: &Entry, language: Language) -> Object {
    Object::new()
        .with("id", entry.id)
        .with("code", entry.code)
        .with("description", language.of(entry.pt, entry.en))
        .with("isActive", entry.active)
        .with_some("parentID", entry.parent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_static_list_is_served_under_one_name() {
        for which in List::ALL {
            let rows = TABLE
                .iter()
                .filter(|row| row.source == Source::List(*which));
            assert_eq!(rows.count(), 1, "{}", which.name());
        }
        let names: BTreeSet<&str> = TABLE.iter().map(|row| row.path).collect();
        assert_eq!(names.len(), TABLE.len());
        for path in names {
            assert_eq!(path, format!("/taxonomies/{}", name(path)));
        }
    }
}
