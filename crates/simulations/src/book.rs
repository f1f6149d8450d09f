//! What a bank's simulations are worked out with: its offer in force today, its index values.

use std::sync::{Arc, Mutex, PoisonError};

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::refusal::Refusal;
use lintel_domain::simulation::Request;
use lintel_engine::Date;
use lintel_offer::{Book, Calculation, Indices, Offer, simulate as work_out};
use lintel_store::fault::Fault;
use lintel_store::{index_average, offer};

/// Offers kept read; more are read again each time.
const KEPT: usize = 16;

/// Offers by the digest of their text: what is read once is the same for ever.
static READ: Mutex<Vec<(Vec<u8>, Arc<Offer>)>> = Mutex::new(Vec::new());

/// A bank's offer and index values on a day.
#[derive(Clone)]
pub struct Shelf {
    /// The version of the offer.
    pub offer_id: RowId,
    /// The offer.
    pub offer: Arc<Offer>,
    /// Month averages.
    pub indices: Arc<Indices>,
    /// The day, in Lisbon.
    pub today: Date,
}

impl Shelf {
    /// What a simulation looks up.
    #[must_use]
    pub fn book<'a>(&'a self, app: &'a App) -> Book<'a> {
        Book {
            offer: &self.offer,
            rules: app.rules(),
            indices: &self.indices,
            today: self.today,
        }
    }
}

/// A bank's offer in force and its index values, today in Lisbon; none while it offers nothing.
///
/// # Errors
/// Any fault of the database; corrupt for an offer that cannot be read.
pub async fn load(app: &App, org_id: &RowId) -> Result<Option<Shelf>, Fault> {
    let today = lisbon::day_of(app.now());
    let Some(version) = offer::in_force(app.db(), org_id, today).await? else {
        return Ok(None);
    };
    let offer = read(&version)?;
    let averages = index_average::of_org(app.db(), org_id).await?;
    let rows = averages.into_iter();
    let indices = Indices::of(rows.map(|row| (row.tenor, row.month, row.average)));
    Ok(Some(Shelf {
        offer_id: version.id,
        offer,
        indices: Arc::new(indices),
        today,
    }))
}

fn read(version: &offer::Version) -> Result<Arc<Offer>, Fault> {
    let shelf = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    let known = |kept: &Vec<(Vec<u8>, Arc<Offer>)>| {
        let found = kept.iter().find(|(digest, _)| *digest == version.digest);
        found.map(|(_, offer)| offer.clone())
    };
    if let Some(offer) = known(&shelf()) {
        return Ok(offer);
    }
    let offer = Offer::parse(&version.document)
        .map_err(|_| Fault::corrupt("bank_offer", "document", version.id.as_str()))?;
    let offer = Arc::new(offer);
    let mut kept = shelf();
    if kept.len() >= KEPT {
        kept.remove(0);
    }
    kept.push((version.digest.clone(), offer.clone()));
    Ok(offer)
}

/// Works a request out for a bank today. `found` is what the caller found already.
///
/// # Errors
/// Every finding at once; among them that the bank offers nothing. Busy when no processor is free; any
/// fault of the database.
pub async fn simulate(
    app: &App,
    org_id: &RowId,
    request: Request,
    found: Vec<Finding>,
) -> Result<(Calculation, Shelf), AppError> {
    let Some(shelf) = load(app, org_id).await? else {
        let mut found = found;
        found.push(Finding::new(CreditField::Offer, CreditRule::NotOffered));
        return Err(Refusal::Findings(found).into());
    };
    let (own, with) = (app.clone(), shelf.clone());
    let working = move || work_out(&with.book(&own), &request, found);
    match app.heavy("working out a simulation", working).await? {
        Ok(calculation) => Ok((calculation, shelf)),
        Err(findings) => Err(Refusal::Findings(findings).into()),
    }
}
