//! A lender's day: prices change again and again while fifty clients quote. No answer may mix two
//! sheets, another node follows within a second, and a search made before the first change can be
//! reproduced after the last.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::Client;
use super::place::{Place, on_both};
use super::process::{Server, lintel, run};

on_both! {
    prices_change_while_fifty_clients_quote => super::a_lenders_day;
}

const CLIENTS: usize = 50;
const UPDATES: u64 = 12;
/// Note rate of the first update, in eighths of a percent; each update is an eighth higher, and every
/// product's sheet has that one rate. An answer with two rates mixes two sheets.
const FIRST_EIGHTH: u64 = 40;
/// What another node may take to follow, with room for a machine that runs fifty clients.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(5);

fn search() -> Value {
    json!({
        "loanPurpose": ["Purchase"], "zipcode": ["92649"], "lockPeriod": "30",
        "homePrice": "500000", "downPayment": "150000", "fico": "780",
        "propertyType": "SingleFamily", "occupancyType": "PrimaryResidence",
        "filterARMs": 1, "filterConventional": 1, "filterFHA": 1, "filterVA": 1,
        "filterHomeReady": 0, "filterUSDA": 0, "filter40Year": 1, "filter30Year": 1,
        "filter25Year": 1, "filter20Year": 1, "filter15Year": 1, "filter10Year": 1,
        "filter10YearARM": 1, "filter7YearARM": 1, "filter5YearARM": 1, "filter3YearARM": 1,
        "filter2YearARM": 1, "filter1YearARM": 1, "filterLess1YearARM": 1,
    })
}

fn quote(client: &Client) -> Value {
    let answer = client
        .call("get-ppe-anonymous", search())
        .expect("an answer");
    assert_eq!(answer["status"], "success", "{answer}");
    answer
}

fn products(answer: &Value) -> &[Value] {
    answer["products"].as_array().expect("products")
}

/// The note rates of an answer, in eighths.
fn eighths(answer: &Value) -> BTreeSet<u64> {
    let rates = products(answer).iter().flat_map(|p| {
        let rates = p["rates"].as_array().expect("rates");
        rates.iter().map(|r| r["rate"].as_f64().expect("a rate"))
    });
    let eighths: BTreeSet<String> = rates.map(|rate| (rate * 8.0).to_string()).collect();
    eighths
        .iter()
        .map(|text| text.parse().expect("whole eighths"))
        .collect()
}

/// Gives every product a sheet of one rate.
fn update(client: &Client, ids: &[String], eighth: u64) {
    let rate = format!("{}.{:03}", eighth / 8, eighth % 8 * 125);
    let row = json!({ "rate": rate, "point": "100.5", "lockPeriod": 30 });
    let products: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "publicID": id, "ratesAndPoints": [row] }))
        .collect();
    let data = json!({ "products": products });
    let answer = client
        .call("custom-ppe/update-rates-points", data)
        .expect("an answer");
    assert_eq!(answer["status"], "success", "{answer}");
}

fn a_lenders_day(place: &Place) {
    let server = Server::start(place, &[]);
    let client = server.demo_client(place);
    // A second node where the database is made for several.
    let second = place
        .flags()
        .iter()
        .any(|flag| flag == "--database-url")
        .then(|| Server::start(place, &[]));
    let morning = quote(&client);
    let ids: Vec<String> = products(&morning)
        .iter()
        .map(|p| p["ppeID"].as_str().expect("an id").to_owned())
        .collect();
    assert!(ids.len() >= 5, "{morning}");
    update(&client, &ids, FIRST_EIGHTH);
    assert_eq!(eighths(&quote(&client)), BTreeSet::from([FIRST_EIGHTH]));

    let stop = Arc::new(AtomicBool::new(false));
    let quoting: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (client, stop) = (client.clone(), Arc::clone(&stop));
            std::thread::spawn(move || {
                let mut seen = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let found = eighths(&quote(&client));
                    assert_eq!(found.len(), 1, "an answer mixes sheets: {found:?}");
                    seen.extend(found);
                }
                seen
            })
        })
        .collect();
    for eighth in FIRST_EIGHTH + 1..=FIRST_EIGHTH + UPDATES {
        update(&client, &ids, eighth);
        // What was acknowledged holds for the very next quote.
        assert_eq!(eighths(&quote(&client)), BTreeSet::from([eighth]));
    }
    stop.store(true, Ordering::Relaxed);
    let mut answers = 0;
    for thread in quoting {
        let seen = thread.join().expect("a client");
        assert!(seen.is_sorted(), "prices went back: {seen:?}");
        answers += seen.len();
    }
    assert!(answers >= CLIENTS, "{answers} answers");
    println!("{answers} answers of {CLIENTS} clients over {UPDATES} updates");

    if let Some(second) = second {
        let elsewhere = client.moved_to(&second.url);
        let last = BTreeSet::from([FIRST_EIGHTH + UPDATES]);
        let asked = Instant::now();
        while eighths(&quote(&elsewhere)) != last {
            assert!(asked.elapsed() < FOLLOWS_WITHIN, "the other node is behind");
        }
    }
    the_morning_can_be_reproduced(place, &morning);
}

/// The search from before every change gives the figures it gave then.
fn the_morning_can_be_reproduced(place: &Place, morning: &Value) {
    let search_id = morning["searchID"].as_str().expect("a searchID");
    let words = ["quote", "replay", search_id, "--lender", "DEMOLEND"];
    let replay = run(&mut lintel(place, &words));
    assert_eq!(replay.code, Some(0), "{replay:?}");
    assert!(replay.out.contains("reproduced"), "{replay:?}");
    let unknown = ["quote", "replay", "ZZZZZZ", "--lender", "DEMOLEND"];
    let unknown = run(&mut lintel(place, &unknown));
    assert_eq!(unknown.code, Some(1), "{unknown:?}");
}
