//! A bank that offers something: the demo's offer, and index values for the days of the tests.

use lintel_domain::id::RowId;
use lintel_engine::{Date, Pct};
use lintel_store::index_average::{self, Average};
use lintel_store::offer::{self, Version};
use serde_json::{Value, json};

use crate::house::House;

/// The fictional bank's offer.
const OFFER: &str = include_str!("../../../../data/demo_bank/offer.toml");

/// Gives the house's bank its offer and its index values.
pub async fn open(house: &House) {
    let app = &house.app;
    let version = Version {
        id: app.row_id().expect("an id"),
        effective_from: day("2026-01-01"),
        digest: OFFER.len().to_be_bytes().to_vec(),
        document: OFFER.to_owned(),
        created_by: "test".to_owned(),
        created_at: app.now(),
    };
    let mut averages = Vec::new();
    for (tenor, now_e9) in [
        ("3M", 2_041_000_000),
        ("6M", 2_098_000_000),
        ("12M", 2_187_000_000),
    ] {
        for (month, value) in [("2008-10-01", 5_526_000_000), ("2026-05-01", now_e9)] {
            averages.push(Average {
                tenor: tenor.to_owned(),
                month: day(month),
                average: Pct::new(value),
                source: "test".to_owned(),
            });
        }
    }
    let (org, now): (&RowId, _) = (&house.bank.id, app.now());
    let mut tx = app.db().begin().await.expect("begun");
    offer::insert_in(&mut tx, org, &version)
        .await
        .expect("kept");
    index_average::put_in(&mut tx, org, &averages, now)
        .await
        .expect("kept");
    tx.commit().await.expect("committed");
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a day")
}

/// A request the bank answers: a variable rate for an own permanent home in Lisbon.
pub fn asked() -> Value {
    json!({
        "productPurposeId": 2, "loanPurposeId": 1, "productSchemeId": 1, "branchId": 1,
        "loanAmount": 180000, "loanDurationMonths": 360, "indexTypeSubCategoryId": 2,
        "indexTypeId": 5, "hasCrossSelling": true,
        "property": {
            "propertyTypologyId": 1, "estimatedValue": 230000, "acquisitionAmount": 225000.50,
            "districtId": 11, "countyId": 1106, "address": "Rua do Exemplo, 1",
            "zipCode": "1000", "zipCodeLocal": "001",
        },
        "borrowers": [{
            "borrowerTypeId": 1, "name": "Maria da Conceição Exemplo", "nif": "123456789",
            "birthDate": "1990-02-28", "email": "maria@example.com", "phone": "+351910000000",
            "monthlyNetIncome": 3500, "otherMonthlyInstalments": 120, "dependents": 1,
        }],
    })
}
