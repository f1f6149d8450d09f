//! Lists of values.

use lintel_testkit::both;
use serde_json::Value;

use crate::house::{House, full};

fn entry(list: &Value, id: u64) -> &Value {
    let entries = list.as_array().expect("a list");
    entries
        .iter()
        .find(|entry| entry["id"] == id)
        .expect("the entry")
}

both! {
    async fn every_list_is_where_the_index_says(db) {
        let house = House::on(&db).await;
        let index = house.anna.get("/taxonomies").await.json();
        let rows = index.as_array().expect("a list");
        assert_eq!(rows.len(), 46);
        for row in rows {
            let path = row["path"].as_str().expect("a path");
            assert!(path.ends_with(row["name"].as_str().expect("a name")));
            let answer = house.anna.client().get(path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            for entry in answer.json().as_array().expect("a list") {
                assert!(entry["id"].is_u64(), "{path}");
                assert!(entry["code"].is_string(), "{path}");
                let described = entry["description"].as_str().expect("a text");
                assert!(!described.is_empty(), "{path}: {entry}");
            }
        }
    }

    async fn descriptions_follow_the_language(db) {
        let house = House::on(&db).await;
        let path = full("/taxonomies/workflowStatesSimulation");
        let pt = house.anna.client().get(&path).await;
        let en = house.anna.with("accept-language", "en").get(&path).await;
        assert_ne!(pt.header("etag"), en.header("etag"));
        assert_ne!(pt.json(), en.json());
        assert_eq!(pt.header("cache-control"), "private, no-cache");
        let again = house.anna.with("if-none-match", pt.header("etag")).get(&path).await;
        assert_eq!(again.status, 304);
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), pt.header("etag"));
        let other = house.anna.with("if-none-match", en.header("etag")).get(&path).await;
        assert_eq!(other.status, 200);
    }

    async fn places_lie_within_places(db) {
        let house = House::on(&db).await;
        let districts = house.anna.get("/taxonomies/districtsWithCounties").await.json();
        let lisbon = entry(&districts, 11);
        assert_eq!(entry(&lisbon["counties"], 1106)["description"], "Lisboa");
        let all = districts.as_array().expect("a list").iter();
        let counties: usize = all.map(|d| d["counties"].as_array().expect("a list").len()).sum();
        assert_eq!(counties, 308);
        let portugal = house.anna.get("/taxonomies/countryWithDistricts/620").await.json();
        assert_eq!(entry(&portugal, 620)["districts"].as_array().expect("a list").len(), 20);
        let spain = house.anna.get("/taxonomies/countryWithDistricts/724").await.json();
        assert_eq!(entry(&spain, 724)["districts"], Value::Array(Vec::new()));
        for path in ["/taxonomies/countryWithDistricts/1", "/taxonomies/countryWithDistricts/x",
                     "/taxonomies/countyWithParishes/0", "/taxonomies/countyWithParishes/99999999999"] {
            assert_eq!(house.anna.get(path).await.status, 404, "{path}");
        }
        assert_eq!(house.anna.get("/taxonomies/countyWithParishes/1106").await.status, 200);
    }

    async fn error_codes_are_listed(db) {
        let house = House::on(&db).await;
        let codes = house.anna.get("/taxonomies/errorCodes").await.json();
        let missing = entry(&codes, 30_501);
        assert_eq!(missing["code"], "030501");
        assert_eq!(missing["description"], "Montante do crédito: é obrigatório.");
        assert_eq!(missing["field"], "loanAmount");
    }
}
