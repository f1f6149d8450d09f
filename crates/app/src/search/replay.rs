//! Making an old answer again from what is stored: the inputs, and the prices as they were.

use lintel_macros::boxed;
use std::sync::Arc;

use lintel_domain::id::{Instant, PUBLIC_ID_ALPHABET};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_pricing::priced::Priced;
use lintel_pricing::scenario::Scenario;
use lintel_rule_book::RuleBook;
use lintel_store::fault::Fault;
use lintel_store::organisation;
use lintel_store::rules;
use lintel_store::search::{self, StoredSearch};

use super::writer::{ID_LEN, ID_LEN_MAX};
use super::{PROGRAM_VERSION, figures, inputs, known_place, price_at, scenario};
use crate::context::App;
use crate::error::AppError;
use crate::pricing::{OrgBook, book_at};
use crate::quote::day_of;

/// An answer that was made again.
#[derive(Debug)]
pub struct Replayed {
    /// The search as stored: who, when, generation, digests then.
    pub stored: StoredSearch,
    /// Whether every figure is what it was.
    pub is_equal: bool,
    /// Digest of the figures now.
    pub result_digest: String,
    /// Digest of the rule book used now; where it differs from then, that of then could not be made
    /// again.
    pub rules_digest: String,
    /// Version of this program; where it differs from then, the program has changed since.
    pub program_version: String,
    /// What was asked, place and day left out.
    pub scenario: Scenario,
    /// The ZIP code that was asked for.
    pub zip: String,
    /// The prices as they were.
    pub book: Arc<OrgBook>,
    /// The answer made now.
    pub priced: Priced,
}

/// A search found by its id alone.
#[derive(Debug, Clone)]
pub struct KeptSearch {
    /// Whose it is.
    pub org: Organisation,
    /// The search.
    pub stored: StoredSearch,
}

/// Whether a text can be a search's id; others are not worth asking the database for.
pub(super) fn is_id(text: &str) -> bool {
    (ID_LEN..=ID_LEN_MAX).contains(&text.len())
        && text.bytes().all(|b| PUBLIC_ID_ALPHABET.contains(&b))
}

/// Finds searches by their id in every organisation, newest first: an operator may have nothing but
/// the id.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find(app: &App, search_id: &str) -> Result<Vec<KeptSearch>, AppError> {
    let mut found = Vec::new();
    if !is_id(search_id) {
        return Ok(found);
    }
    for stored in search::load_anywhere(app.db(), search_id, app.now()).await? {
        let org = organisation::load_by_id(app.db(), &stored.org_id).await?;
        let org =
            org.ok_or_else(|| Fault::corrupt("quote_search", "org_id", stored.org_id.as_str()))?;
        found.push(KeptSearch { org, stored });
    }
    Ok(found)
}

/// Makes the answer of an organisation's search again.
///
/// # Errors
/// Not found when the organisation has no such search, or not any more; a stored search this version
/// cannot read; a rule book without a table for the day.
#[boxed]
pub async fn replay(app: &App, org: &Organisation, search_id: &str) -> Result<Replayed, AppError> {
    let unknown = Refusal::NotFound { what: Noun::Search };
    if !is_id(search_id) {
        return Err(unknown.into());
    }
    let stored = search::load(app.db(), &org.id, search_id, app.now()).await?;
    replay_stored(app, stored.ok_or(unknown)?).await
}

/// Makes the answer of a stored search again.
///
/// # Errors
/// As [`replay`].
#[boxed]
pub async fn replay_stored(app: &App, stored: StoredSearch) -> Result<Replayed, AppError> {
    let asked = inputs::read(&stored.inputs)
        .ok_or_else(|| Fault::corrupt("quote_search", "inputs", &stored.search_id))?;
    let StoredSearch {
        generation,
        priced_at,
        ..
    } = stored;
    let book = book_at(app, &stored.pricing_org_id, generation, priced_at).await?;
    let day = day_of(priced_at)?;
    let scenario = scenario(&asked.scenario, asked.purpose);
    let place = known_place(&asked.zip);
    let (task, prices, of_task) = (app.clone(), Arc::clone(&book), scenario.clone());
    let then = rules_of(app, &stored.rules_digest).await?;
    let rules_digest = then.as_ref().unwrap_or(app.rules()).digest().to_owned();
    let priced = app
        .heavy("pricing again", move || {
            let rules = then.as_ref().unwrap_or(task.rules());
            price_at(rules, &prices, day, of_task, (place, &asked.wanted))
        })
        .await??;
    let result_digest = figures::digest(&book.book.catalogue, &priced);
    Ok(Replayed {
        is_equal: result_digest == stored.result_digest,
        result_digest,
        rules_digest,
        program_version: PROGRAM_VERSION.to_owned(),
        scenario,
        zip: asked.zip,
        book,
        priced,
        stored,
    })
}

/// The rule book a search was priced with, where it is not the present one; none too where it was
/// not kept or this program cannot read it: then the present one has to do, and its digest tells.
async fn rules_of(app: &App, digest: &str) -> Result<Option<RuleBook>, AppError> {
    if digest == app.rules().digest() {
        return Ok(None);
    }
    let texts = rules::load(app.db(), digest).await?;
    if texts.is_empty() {
        return Ok(None);
    }
    let read = app
        .heavy("an old rule book", move || RuleBook::from_texts(&texts))
        .await?;
    Ok(read.ok())
}

impl Replayed {
    /// When it was answered.
    #[must_use]
    pub const fn created_at(&self) -> Instant {
        self.stored.created_at
    }
}
