//! `POST /custom-ppe/update-rates-points`: new sheets for some products, all or none.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::sheet::{MAX_PRODUCTS, SheetUpdate, SheetUpdated, update_rates};
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::SheetRow;
use lintel_pricing::catalogue::sheet::{MAX_LOCK_DAYS, MAX_NOTE_RATE, MAX_PRICE, MAX_SHEET_ROWS};
use serde_json::Value;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::{Name, Node};

/// Longest product code and id.
const CODE_MAX: usize = 100;
/// The least that is not nothing.
const LEAST: Pct = Pct::new(1);

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let (lender, updates) = read(&Reader::new(&data))?;
    let updated = update_rates(&face.app, &principal, lender.as_deref(), updates)
        .await
        .map_err(|e| lender_error(&e))?;
    Ok(render(&data, &updated))
}

fn read(data: &Reader<'_>) -> Result<(Option<String>, Vec<SheetUpdate>), LenderError> {
    let lender = match data.opt_obj("company")? {
        Some(company) => company.opt_text("lenderID", CODE_MAX)?,
        None => None,
    };
    let products = data.filled_list("products", MAX_PRODUCTS)?;
    let updates = products.iter().map(product).collect::<Result<_, _>>()?;
    Ok((lender, updates))
}

fn product(product: &Reader<'_>) -> Result<SheetUpdate, LenderError> {
    let public_id = product.opt_text("publicID", CODE_MAX)?;
    let code = product.opt_text("productCode", CODE_MAX)?;
    if public_id.is_none() && code.is_none() {
        return Err(LenderError::missing(&product.path("publicID")));
    }
    let index = product.opt_points("armIndex")?;
    let margin = product.opt_points("armIndexMargin")?;
    let rows = product.filled_list("ratesAndPoints", MAX_SHEET_ROWS)?;
    Ok(SheetUpdate {
        public_id,
        code,
        index,
        margin,
        rows: rows.iter().map(row).collect::<Result<_, _>>()?,
    })
}

fn row(row: &Reader<'_>) -> Result<SheetRow, LenderError> {
    let note_rate = row.req_pct_in("rate", LEAST..=MAX_NOTE_RATE)?;
    let price = row.req_pct_in("point", LEAST..=MAX_PRICE)?;
    let days = row.req_int("lockPeriod", 1..=i64::from(MAX_LOCK_DAYS))?;
    Ok(SheetRow {
        lock_days: u32::try_from(days)
            .map_err(|_| LenderError::missing(&row.path("lockPeriod")))?,
        note_rate,
        price,
    })
}

/// The products as sent, with both names of each: the one that was not sent is added.
fn render(data: &Value, updated: &[SheetUpdated]) -> Node {
    let sent = data.get("products").and_then(Value::as_array);
    let products = sent.into_iter().flatten().zip(updated).map(|(sent, of)| {
        let mut node = Node::object([
            ("publicID", Node::from(of.public_id.as_str())),
            ("productCode", Node::from(&of.code)),
        ]);
        let members = sent.as_object().into_iter().flatten();
        for (name, value) in members {
            if !matches!(name.as_str(), "publicID" | "productCode") {
                node.push(Name::Owned(name.clone()), Node::from_json(value));
            }
        }
        node
    });
    Node::object([
        ("status", Node::from("success")),
        ("products", Node::List(products.collect())),
    ])
}
