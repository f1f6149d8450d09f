//! The descriptions of the lists, made from the table they are routed by.

use serde_json::{Map, Value as Json, json};

use crate::taxonomy::table::{Row, Source, TABLE};

/// One operation for each list.
pub(super) fn fragment() -> Json {
    let mut paths = Map::new();
    for row in TABLE {
        let item = json!({ "get": operation(row.operation, &summary(row), schema(row.source)) });
        paths.insert(row.path.to_owned(), item);
    }
    let filtered = [
        (
            "countryWithDistricts",
            "countryId",
            "CountryWithDistrictsByIdGet",
            "CountryWithDistricts",
        ),
        (
            "countyWithParishes",
            "countyId",
            "CountyWithParishesByIdGet",
            "CountyWithParishes",
        ),
    ];
    for (name, parameter, id, schema) in filtered {
        let mut get = operation(id, &format!("One entry of {name}."), schema);
        get["parameters"] = json!([{
            "name": parameter, "in": "path", "required": true,
            "schema": { "$ref": "#/components/schemas/TaxonomyID" }
        }]);
        let path = format!("/taxonomies/{name}/{{{parameter}}}");
        paths.insert(path, json!({ "get": get }));
    }
    json!({ "paths": paths })
}

fn summary(row: &Row) -> String {
    let name = row.path.rsplit('/').next().unwrap_or_default();
    format!("The list {name}.")
}

const fn schema(source: Source) -> &'static str {
    match source {
        Source::List(_) | Source::Parishes | Source::ProductSchemes | Source::Branches => {
            "TaxonomyEntry"
        }
        Source::CountryWithDistricts => "CountryWithDistricts",
        Source::DistrictsWithCounties => "DistrictWithCounties",
        Source::CountyWithParishes => "CountyWithParishes",
        Source::ErrorCodes => "ErrorCode",
    }
}

fn operation(id: &str, summary: &str, schema: &str) -> Json {
    json!({
        "operationId": id,
        "tags": ["Taxonomy"],
        "summary": summary,
        "responses": { "200": {
            "description": "Every entry, those retired included.",
            "headers": { "ETag": { "$ref": "#/components/headers/ETag" } },
            "content": { "application/json": { "schema": {
                "type": "array",
                "items": { "$ref": format!("#/components/schemas/{schema}") }
            } } }
        } }
    })
}
