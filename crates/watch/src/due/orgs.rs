//! What of the organisations is needed to write for them.

use std::collections::HashMap;

use lintel_app::context::App;
use lintel_app::message::brand_in;
use lintel_app::message::settings;
use lintel_domain::id::RowId;
use lintel_domain::organisation::Organisation;
use lintel_letters::Brand;
use lintel_store::fault::Fault;
use lintel_store::watch::StoredWatch;
use lintel_store::{link, organisation};

/// An organisation in whose name is written.
#[derive(Debug)]
pub(super) struct Org {
    pub(super) org: Organisation,
    pub(super) brand: Brand,
    /// Switched off, or does not want its rates told: its watches are moved on in silence.
    pub(super) is_silent: bool,
}

pub(super) type Orgs = HashMap<RowId, Org>;

/// Loads the organisations of some watches of a lender.
pub(super) async fn load(
    app: &App,
    lender: &RowId,
    watches: &[StoredWatch],
) -> Result<Orgs, Fault> {
    let mut tx = app.db().begin().await?;
    let is_allowed = settings::load_in(&mut tx, lender).await?.watch_allowed;
    let mut orgs = Orgs::new();
    for watch in watches {
        if orgs.contains_key(&watch.org_id) {
            continue;
        }
        let org = organisation::load_by_id_in(&mut tx, &watch.org_id).await?;
        let org = org.ok_or_else(|| Fault::corrupt("rate_watch", "org_id", watch.id.as_str()))?;
        let own = settings::load_in(&mut tx, &org.id).await?.watch_allowed;
        let is_active = link::is_org_active_in(&mut tx, &org.id).await?;
        let brand = brand_in(app, &mut tx, &org).await?;
        let is_silent = !(is_allowed && own && is_active);
        let id = org.id.clone();
        orgs.insert(
            id,
            Org {
                org,
                brand,
                is_silent,
            },
        );
    }
    Ok(orgs)
}
