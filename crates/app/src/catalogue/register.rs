//! Public ids for product codes that have none yet.

use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_pricing::codec::{Finding, Level};
use lintel_store::db::Tx;
use lintel_store::product::{self, Registered, RegisteredProduct};

use super::change::ChangeError;
use super::plan::Checked;
use crate::context::App;

/// Gives every code that has none a public id; none when an id that was drawn is taken.
pub(super) async fn register_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    checked: &Checked,
) -> Result<Option<Vec<(String, PublicId)>>, ChangeError> {
    let mut new_products = Vec::new();
    let products = checked.codes.iter().zip(&checked.stated);
    for (row, (code, stated)) in products.enumerate() {
        let clash = |what: String| {
            ChangeError::Parts(vec![Finding {
                level: Level::Error,
                part: "products".to_owned(),
                row: Some(row + 1),
                name: code.clone(),
                line: None,
                field: "public_id".to_owned(),
                what,
            }])
        };
        if let Some(known) = product::load_in(tx, &org.id, code).await? {
            if stated.as_ref().is_some_and(|id| *id != known.public_id) {
                let id = &known.public_id;
                return Err(clash(format!("this product has the id {id} and keeps it")));
            }
            continue;
        }
        let fresh = RegisteredProduct {
            id: app.row_id()?,
            public_id: match stated {
                Some(id) => id.clone(),
                None => app.public_id()?,
            },
            code: code.clone(),
            created_at: app.now(),
        };
        match product::ensure_in(tx, &org.id, &fresh).await? {
            Registered::New => new_products.push((fresh.code, fresh.public_id)),
            Registered::Known => {}
            Registered::IdTaken if stated.is_some() => {
                return Err(clash("another product has this id".to_owned()));
            }
            Registered::IdTaken => return Ok(None),
        }
    }
    Ok(Some(new_products))
}
