//! Payloads of `/get-apr-closing-costs` to change in one place at a time, and answers as numbers.

use lintel_domain::organisation::Organisation;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_pricing::codec::{Part, Parts};
use serde_json::{Value, json};

use crate::world::{Party, World, success};

pub const QUOTE: &str = "/get-apr-closing-costs";

/// A purchase of 200,000 with 160,000 borrowed: no mortgage insurance.
pub fn search() -> Value {
    json!({
        "loanPurpose": "Purchase", "zipcode": "04083", "city": "Springvale", "county": "York",
        "countyFips": "23031", "state": "ME", "homePrice": "200000", "downPayment": "40000",
        "loanAmount": "160000", "propertyType": "SingleFamily", "numUnits": "1",
        "buildingStatus": "Existing", "occupancyType": "PrimaryResidence", "noImpounds": "1",
        "streamline": "0", "financeUFMIP": "0", "financeVAFF": "0", "financeUSDAGuaranteeFee": "0",
    })
}

/// A 30-year fixed conventional product at these rates, without points.
pub fn fixed(rates: &[&str]) -> Value {
    let rates: Vec<Value> = rates
        .iter()
        .map(|rate| json!({ "rate": rate, "points": "0", "isHPML": "0" }))
        .collect();
    json!({
        "productProgram": "Conventional", "loanTerm": "30", "loanAmortizationType": "Fixed",
        "loanAmortization": "30", "interestOnly": "0", "lpmi": "0", "rates": rates,
    })
}

/// A 5/1 adjustable product on an index of 4.00 with a margin of 2.25.
pub fn adjustable(rates: &[&str]) -> Value {
    let mut product = fixed(rates);
    let features = [
        ("loanAmortizationType", "AdjustableRate"),
        ("armIndex", "LIBOR"),
        ("armIndexMargin", "2.250"),
        ("armFirstAdj", "60"),
        ("armFirstAdjCap", "5"),
        ("armPerAdj", "12"),
        ("armPerAdjCap", "2"),
        ("armLifeCap", "5"),
    ];
    for (name, value) in features {
        product[name] = json!(value);
    }
    product
}

/// A payload of one product.
pub fn payload(search: Value, product: Value) -> Value {
    json!({ "search": search, "products": [product] })
}

/// The same with a schedule wanted.
pub fn with_schedule(mut payload: Value) -> Value {
    payload["options"] = json!({ "isReturnSchedule": true });
    payload
}

/// With some members of an object replaced.
pub fn changed(mut object: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        object[*name] = value.clone();
    }
    object
}

/// The rates of the first product of an answer.
pub async fn rates(world: &World, me: &Party, payload: &Value) -> Vec<Value> {
    let body = success(&world.call(me, QUOTE, payload).await);
    body["products"][0]["rates"]
        .as_array()
        .expect("a list")
        .clone()
}

/// Dollars with two decimals, as cents.
#[track_caller]
pub fn cents(value: &Value) -> i64 {
    let text = value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not a text"));
    assert_eq!(
        text.split_once('.').map(|(_, d)| d.len()),
        Some(2),
        "{text}"
    );
    Cents::parse_decimal(text).expect("an amount").get()
}

/// A rate with three decimals, in thousandths of a percent.
#[track_caller]
pub fn milli(value: &Value) -> i64 {
    let text = value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not a text"));
    assert_eq!(
        text.split_once('.').map(|(_, d)| d.len()),
        Some(3),
        "{text}"
    );
    Pct::parse_decimal(text).expect("a rate").e9() / 1_000_000
}

/// Gives a lender six charges: two that count for the APR, one that does not, interest to the
/// first month, one only in Texas, one that ended before June 2026.
pub async fn add_fees(world: &World, org: &Organisation) {
    let parts = Parts::from([(Part::Fees, FEES.to_owned())]);
    crate::stock::import(world, org, parts).await;
}

const FEES: &str = r#"
[[fee]]
name = "Prepaid Interest (15 days)"
position = 1
type = "PrepaidInterest"
section = "F"
interest_days = 15

[[fee]]
name = "Appraisal"
position = 2
type = "AppraisalFee"
section = "B"
amount = 515

[[fee]]
name = "Origination Fee"
position = 3
type = "LoanOriginationFee"
section = "A"
percent = 0.5
of = "loan"

[[fee]]
name = "Underwriting Fee"
position = 4
type = "UnderwritingFee"
section = "A"
amount = 795

[[fee]]
name = "Texas Fee"
position = 5
type = "Other"
type_other = "Texas"
section = "E"
amount = 77
when = { states = ["TX"] }

[[fee]]
name = "Former Fee"
position = 6
type = "UnderwritingFee"
section = "A"
amount = 999
to = "2026-05-31"
"#;
