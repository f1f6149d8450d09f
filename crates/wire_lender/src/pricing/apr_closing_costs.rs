//! `POST /get-apr-closing-costs`: every product as sent, with APR and fees for each of its rates.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::quote::{MAX_QUOTES, QuoteRequest, quote_products};
use lintel_pricing::quote::{Quote, QuotedFee, ScheduledPayment};
use serde_json::Value;

use super::{product, search};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::quirks::ABSENT_FEE_TEXT;
use crate::refusal::lender_error;
use crate::tree::{Name, Node};

/// Most products of one call.
const PRODUCTS_MAX: usize = 200;
/// Most rates of one call when their schedules are wanted: each is hundreds of rows.
const SCHEDULES_MAX: usize = 200;
/// Decimals of an APR in this answer.
const APR_DECIMALS: u32 = 3;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let request = read(&Reader::new(&data))?;
    let with_schedule = request.with_schedule;
    let quotes = quote_products(&face.app, &principal, request)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(render(&data, &quotes, with_schedule))
}

fn read(data: &Reader<'_>) -> Result<QuoteRequest, LenderError> {
    // An empty object, a missing one and one of another type are the same row.
    let search = data
        .opt_obj("search")
        .ok()
        .flatten()
        .filter(|search| search.members().next().is_some())
        .ok_or_else(|| LenderError::empty("search"))?;
    let products = data
        .opt_list("products", PRODUCTS_MAX)?
        .filter(|list| !list.is_empty())
        .ok_or_else(|| LenderError::empty("products"))?;
    let options = data.opt_obj("options")?;
    let with_schedule = match options {
        Some(options) => options.opt_bit("isReturnSchedule")?.unwrap_or(false),
        None => false,
    };
    let search = search::read(&search)?;
    let products = products
        .iter()
        .map(product::read)
        .collect::<Result<Vec<_>, LenderError>>()?;
    let quotes: usize = products.iter().map(|(_, offers)| offers.len()).sum();
    let most = if with_schedule {
        SCHEDULES_MAX
    } else {
        MAX_QUOTES
    };
    if quotes > most {
        return Err(LenderError::invalid("products"));
    }
    Ok(QuoteRequest {
        scenario: search.scenario,
        zip: search.zip,
        state: search.state,
        county: search.county,
        products,
        with_schedule,
    })
}

/// Echoes what was sent, so that texts stay texts and numbers numbers, and adds what was found.
fn render(data: &Value, quotes: &[Vec<Quote>], with_schedule: bool) -> Node {
    let products = data.get("products").and_then(Value::as_array);
    let products = products
        .into_iter()
        .flatten()
        .zip(quotes)
        .map(|(product, quotes)| {
            let members = product
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| {
                    let node = if name == "rates" {
                        rates(value, quotes, with_schedule)
                    } else {
                        Node::from_json(value)
                    };
                    (Name::Owned(name.clone()), node)
                });
            Node::Object(members.collect())
        });
    Node::object([
        ("status", Node::from("success")),
        ("products", Node::List(products.collect())),
    ])
}

fn rates(sent: &Value, quotes: &[Quote], with_schedule: bool) -> Node {
    let sent = sent.as_array().into_iter().flatten();
    let rates = sent.zip(quotes).map(|(rate, quote)| {
        let mut node = without_answers(rate);
        node.push("apr", quote.apr.to_fixed(APR_DECIMALS));
        let fees = quote.fees.iter().map(|charge| fee(&charge));
        node.push("fees", Node::List(fees.collect()));
        if with_schedule {
            node.push(
                "schedule",
                Node::List(quote.schedule.iter().map(payment).collect()),
            );
        }
        node
    });
    Node::List(rates.collect())
}

/// A rate as sent, less what only an answer has: a caller may send back what it was given.
fn without_answers(rate: &Value) -> Node {
    let members = rate.as_object().into_iter().flatten();
    let kept = members.filter(|(name, _)| !matches!(name.as_str(), "apr" | "fees" | "schedule"));
    Node::Object(
        kept.map(|(name, value)| (Name::Owned(name.clone()), Node::from_json(value)))
            .collect(),
    )
}

fn fee(fee: &QuotedFee<'_>) -> Node {
    let other = fee.mismo_type_other.unwrap_or(ABSENT_FEE_TEXT);
    Node::object([
        ("name", Node::from(fee.name)),
        ("fee", Node::from(fee.amount.to_string())),
        ("percent", Node::from(ABSENT_FEE_TEXT)),
        ("mismoType", Node::from(fee.mismo_type)),
        ("mismoTypeOther", Node::from(other)),
        ("leSection", Node::from(fee.section.as_str())),
    ])
}

fn payment(row: &ScheduledPayment) -> Node {
    Node::object([
        ("paymentNumber", Node::from(row.number)),
        ("date", Node::from(row.due.to_string())),
        ("payment", Node::from(row.payment.to_string())),
        ("principal", Node::from(row.principal.to_string())),
        ("interest", Node::from(row.interest.to_string())),
        (
            "mortgageInsurance",
            Node::from(row.mortgage_insurance.to_string()),
        ),
        ("balance", Node::from(row.balance.to_string())),
        ("rate", Node::from(row.note_rate.to_fixed(APR_DECIMALS))),
    ])
}
