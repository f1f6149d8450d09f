//! A lender with products on the shelf, and searches over them.

use lintel_app::catalogue::{self, NewCatalogue, Outcome};
use lintel_app::sheet::{self, SheetImport, SheetUpdate};
use lintel_domain::organisation::Organisation;
use lintel_pricing::codec::sheet::read_sheets;
use lintel_pricing::codec::{Part, Parts};
use serde_json::{Value, json};

use crate::world::{Party, World, success};

pub const PPE: &str = "/get-ppe-anonymous";
pub const RATES: &str = "/custom-ppe/update-rates-points";

/// The sheets of the products on the shelf.
pub const SHEETS: &str = include_str!("stock/sheets.csv");

/// The texts of the catalogue.
pub fn parts() -> Parts {
    let text = |part, text: &str| (part, text.to_owned());
    Parts::from([
        text(Part::Products, include_str!("stock/products.toml")),
        text(Part::Eligibility, include_str!("stock/eligibility.toml")),
        text(Part::Adjustments, include_str!("stock/adjustments.toml")),
        text(Part::Caps, include_str!("stock/caps.toml")),
        text(Part::Margins, include_str!("stock/margins.toml")),
        text(Part::Fees, include_str!("stock/fees.toml")),
        text(Part::Estimates, include_str!("stock/estimates.toml")),
    ])
}

/// Imports a catalogue as an operator would.
pub async fn import(world: &World, org: &Organisation, parts: Parts) {
    let new = NewCatalogue {
        parts,
        effective_at: None,
        note: "a test".to_owned(),
        actor: "operator".to_owned(),
        is_dry_run: false,
    };
    let imported = catalogue::import(&world.app, org, new).await;
    let imported = imported.expect("a good catalogue");
    assert!(matches!(imported.outcome, Outcome::Stored { .. }));
}

/// Puts the whole stock on an organisation's shelf.
pub async fn fill(world: &World, org: &Organisation) {
    import(world, org, parts()).await;
    let sheets = read_sheets(SHEETS).expect("good sheets");
    let update = |(code, sheet): (String, lintel_pricing::catalogue::Sheet)| SheetUpdate {
        public_id: None,
        code: Some(code),
        index: sheet.index,
        margin: sheet.margin,
        rows: sheet.rows,
    };
    let import = SheetImport {
        updates: sheets.into_iter().map(update).collect(),
        effective_at: None,
        actor: "operator".to_owned(),
        source: "sheets.csv".to_owned(),
    };
    sheet::import(&world.app, org, import).await.expect("taken");
}

/// A retail lender with the stock, ready to call.
pub async fn lender(world: &World) -> Party {
    let me = world.lender().await;
    fill(world, &me.org).await;
    me
}

/// The sample payload of the text, less what it says of points, so that every row is there.
pub fn sample() -> Value {
    serde_json::from_str(include_str!("stock/search.json")).expect("JSON")
}

/// A purchase with 10 % down of which every programme is asked for, without an income that could be
/// too small.
pub fn purchase() -> Value {
    let mut data = sample();
    let changes = json!({
        "loanPurpose": "Purchase", "zipcode": "92649", "homePrice": "400000",
        "downPayment": "40000", "loanAmount": null, "cashOut": null, "grossMonthlyIncome": null,
        "filterVA": 1, "filterUSDA": 1, "filterHomeReady": 1,
    });
    for (name, value) in changes.as_object().expect("an object") {
        data[name] = value.clone();
    }
    data
}

/// A payload with some members replaced.
pub fn with(mut data: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        data[*name] = value.clone();
    }
    data
}

/// The answer to a search.
pub async fn search(world: &World, me: &Party, data: &Value) -> Value {
    success(&world.call(me, PPE, data).await)
}

/// Names of an answer's products.
pub fn names(answer: &Value) -> Vec<String> {
    let products = answer["products"].as_array().expect("a list");
    let name = |product: &Value| product["productName"].as_str().expect("text").to_owned();
    products.iter().map(name).collect()
}

/// Every rate of every product of an answer.
pub fn all_rates(answer: &Value) -> Vec<Value> {
    let products = answer["products"].as_array().expect("a list");
    let rates = |product: &Value| product["rates"].as_array().expect("a list").clone();
    products.iter().flat_map(rates).collect()
}
