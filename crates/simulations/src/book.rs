//! What a bank's simulations are worked out with: its offer in force today, its index values.

use lintel_macros::boxed;
use std::sync::{Arc, Mutex, PoisonError};

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::lisbon;
use lintel_domain::refusal::Refusal;
use lintel_domain::simulation::Request;
use lintel_engine::Date;
use lintel_offer::{Book, Calculation, Indices, Offer, simulate as work_out};
use lintel_store::fault::Fault;
use lintel_store::{index_average, offer};

/// Offers kept read, and tables of averages; more are read again each time.
const KEPT: usize = 16;

/// Offers by the id of their version: a version is never changed.
static OFFERS: Kept<RowId, Offer> = Kept::new();

/// Averages by bank, how many there are and when one was last written.
static INDICES: Kept<(RowId, u64, Instant), Indices> = Kept::new();

/// The last few things read, by what they were read under.
struct Kept<K, V>(Mutex<Vec<(K, Arc<V>)>>);

impl<K: PartialEq, V> Kept<K, V> {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn get(&self, key: &K) -> Option<Arc<V>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(there, _)| there == key);
        found.map(|(_, value)| Arc::clone(value))
    }

    fn put(&self, key: K, value: V) -> Arc<V> {
        let value = Arc::new(value);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, Arc::clone(&value)));
        value
    }
}

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
#[boxed]
pub async fn load(app: &App, org_id: &RowId) -> Result<Option<Shelf>, Fault> {
    let today = lisbon::day_of(app.now());
    let Some(offer_id) = offer::in_force_id(app.db(), org_id, today).await? else {
        return Ok(None);
    };
    Ok(Some(Shelf {
        offer: offer_of(app, org_id, &offer_id).await?,
        indices: indices_of(app, org_id).await?,
        offer_id,
        today,
    }))
}

async fn offer_of(app: &App, org_id: &RowId, id: &RowId) -> Result<Arc<Offer>, Fault> {
    if let Some(offer) = OFFERS.get(id) {
        return Ok(offer);
    }
    let corrupt = || Fault::corrupt("bank_offer", "document", id.as_str());
    let version = offer::by_id(app.db(), org_id, id).await?;
    let text = version.ok_or_else(corrupt)?.document;
    let offer = Offer::parse(&text).map_err(|_| corrupt())?;
    Ok(OFFERS.put(id.clone(), offer))
}

async fn indices_of(app: &App, org_id: &RowId) -> Result<Arc<Indices>, Fault> {
    let Some((rows, newest)) = index_average::newest(app.db(), org_id).await? else {
        return Ok(Arc::new(Indices::none()));
    };
    let key = (org_id.clone(), rows, newest);
    if let Some(indices) = INDICES.get(&key) {
        return Ok(indices);
    }
    let averages = index_average::of_org(app.db(), org_id).await?;
    let rows = averages.into_iter();
    let indices = Indices::of(rows.map(|row| (row.tenor, row.month, row.average)));
    Ok(INDICES.put(key, indices))
}

/// Works a request out for a bank today. `found` is what the caller found already.
///
/// # Errors
/// Every finding at once; among them that the bank offers nothing. Busy when no processor is free; any
/// fault of the database.
#[boxed]
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
