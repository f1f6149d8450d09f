//! Lists of the bank's own, as its offer in force has them.

use lintel_simulations::book;

use crate::call::Call;
use crate::problem::Problem;
use crate::write::{Object, Value, list};

/// Product schemes; none while the bank offers nothing.
pub(super) async fn schemes(call: &Call) -> Result<Value, Problem> {
    let shelf = book::load(&call.app, &call.partner.org_id).await?;
    let schemes = shelf.iter().flat_map(|shelf| shelf.offer.schemes());
    Ok(list(schemes.map(|scheme| {
        let choice = &scheme.choice;
        Object::new()
            .with("id", choice.id)
            .with("code", &choice.code)
            .with("description", call.language.of(&choice.pt, &choice.en))
            .with("isActive", !scheme.retired)
    })))
}

/// Branches; none while the bank offers nothing. Their names are the same in every language.
pub(super) async fn branches(call: &Call) -> Result<Value, Problem> {
    let shelf = book::load(&call.app, &call.partner.org_id).await?;
    let branches = shelf.iter().flat_map(|shelf| shelf.offer.branches());
    Ok(list(branches.map(|branch| {
        Object::new()
            .with("id", branch.id)
            .with("code", &branch.code)
            .with("description", &branch.name)
            .with("isActive", !branch.retired)
    })))
}
