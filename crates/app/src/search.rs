//! Searching a lender's products: prices for every purpose and ZIP code asked for, each kept under
//! an id of its own so that the same figures can be made again later.

pub mod again;
mod begin;
mod figures;
mod inputs;
mod replay;
mod writer;

pub use begin::begin;
use lintel_macros::boxed;
pub use replay::{KeptSearch, Replayed, find, replay, replay_stored};
pub(crate) use writer::SearchWriter;

use std::collections::HashMap;
use std::sync::Arc;

use lintel_domain::id::{DAY_SECONDS, Instant, RowId};
use lintel_domain::loan::Purpose;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_places::{CountyFips, Place, Zip};
use lintel_pricing::price::PriceRequest;
use lintel_pricing::priced::Priced;
use lintel_pricing::scenario::{Scenario, StateCode};
use lintel_rule_book::RuleBook;
use lintel_store::fault::Fault;
use lintel_store::search::StoredSearch;

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::pricing::{OrgBook, place_facts, price_rules};

/// Purposes times ZIP codes of one search.
pub const MAX_PERMUTATIONS: usize = 50_000;
/// How long a search is kept, in seconds: 90 days.
pub const KEPT_SECONDS: i64 = 90 * DAY_SECONDS;
/// Permutations priced and stored at a time, at most.
const TOGETHER: usize = 64;
/// Product and note rate pairs priced and stored at a time, but for one permutation always: an
/// answer of a lender with many is megabytes.
const OFFERS_TOGETHER: usize = 40_000;
/// Answers kept for places that are the same to every rule, so that they are priced once; fewer
/// where they are large.
const MAX_KNOWN: usize = 128;
/// Product and note rate pairs priced without leaving the thread that answers. A pair takes some
/// three millionths of a second, so this is a millisecond or two; waking another thread would cost a
/// busy node more than it gives.
const INLINE_OFFERS: usize = 500;
/// Product and note rate pairs priced before others have their turn: some thousandths of a second.
const TURN_OFFERS: usize = 1500;
/// The version of the program, kept with each search.
pub const PROGRAM_VERSION: &str = env!("CARGO_PKG_VERSION");

/// A purpose to search for, with the amounts that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchPurpose {
    /// The purpose.
    pub purpose: Purpose,
    /// Base loan amount, cash-out included. Positive.
    pub loan_amount: Cents,
    /// Down payment, when stated.
    pub down_payment: Option<Cents>,
}

/// What is searched for.
#[derive(Debug, Clone)]
pub struct SearchRequest {
    /// Everything a price depends on, but for day, place, purpose and the amounts that go with it:
    /// what is in those is not looked at.
    pub scenario: Scenario,
    /// Purposes, at least one.
    pub purposes: Vec<SearchPurpose>,
    /// ZIP codes as sent, at least one. Those that are unknown or none are answered without
    /// products.
    pub zips: Vec<String>,
    /// Which products and offers.
    pub wanted: PriceRequest,
    /// The organisation the caller believes it asks: itself, or a broker's wholesale lender.
    pub lender: Option<String>,
    /// Public id of the loan officer the search is for.
    pub officer: Option<String>,
}

/// The answer for one purpose and ZIP code.
#[derive(Debug, Clone)]
pub struct Found {
    /// Six characters, or up to eight once those are all given out; kept for 90 days.
    pub search_id: String,
    /// The purpose.
    pub purpose: Purpose,
    /// The ZIP code as sent.
    pub zip: String,
    /// Where that is; none when the ZIP code is not known, and then there are no products.
    pub place: Option<Place>,
    /// The answer. Places that are the same to every rule share one.
    pub priced: Arc<Priced>,
}

/// A search under way: its answers come in the order asked for, purposes outside, ZIP codes inside.
pub struct Searching {
    /// The prices it is answered from, all of it.
    pub book: Arc<OrgBook>,
    /// The instant it is answered for.
    pub priced_at: Instant,
    /// The day of that instant.
    pub day: Date,
    app: App,
    org_id: RowId,
    request: Arc<SearchRequest>,
    next: usize,
    known: HashMap<Class, Answer>,
}

impl std::fmt::Debug for Searching {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Searching")
            .field("generation", &self.book.generation)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

/// What tells one answer of a search from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Class {
    /// Place in the list of purposes.
    purpose: usize,
    /// None for an unknown place, where there is nothing.
    place: Option<PlaceClass>,
}

/// Places of one class are the same to every rule of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct PlaceClass {
    state: Option<StateCode>,
    county: Option<CountyFips>,
    zip_band: usize,
    /// The ZIP code itself where the answer may name it: a refusal says which one is not offered.
    named: Option<Zip>,
}

/// An answer, with the digest of its figures.
#[derive(Debug, Clone)]
struct Answer {
    priced: Arc<Priced>,
    digest: Arc<str>,
}

/// Every answer of a search.
#[derive(Debug)]
pub struct Searched {
    /// The prices it was answered from.
    pub book: Arc<OrgBook>,
    /// The instant it was answered for.
    pub priced_at: Instant,
    /// The day of that instant.
    pub day: Date,
    /// The answers in the order asked for.
    pub found: Vec<Found>,
}

/// Searches, and waits for every answer.
///
/// # Errors
/// As [`begin`] and [`Searching::next`].
#[boxed]
pub async fn run(
    app: &App,
    principal: &Principal,
    request: SearchRequest,
) -> Result<Searched, AppError> {
    let mut searching = begin(app, principal, request).await?;
    let mut found = Vec::with_capacity(searching.total());
    while let Some(mut some) = searching.next().await? {
        found.append(&mut some);
    }
    Ok(Searched {
        book: searching.book,
        priced_at: searching.priced_at,
        day: searching.day,
        found,
    })
}

impl Searching {
    /// How many answers there are in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.request.purposes.len() * self.request.zips.len()
    }

    /// The next answers, stored already: at most 64, and none after the last.
    ///
    /// # Errors
    /// Any fault of the database, and then none of them was stored; a rule book without a table.
    #[boxed]
    pub async fn next(&mut self) -> Result<Option<Vec<Found>>, AppError> {
        let end = self.total().min(self.next + self.fitting(TOGETHER));
        if self.next == end {
            return Ok(None);
        }
        let wanted: Vec<(Class, Option<Place>)> = {
            let names_zip = self.names_zip();
            let numbers = self.next..end;
            numbers.map(|n| self.class(n, names_zip)).collect()
        };
        let answers = self.answers(&wanted).await?;
        let zips = self.request.zips.len();
        let (book, request) = (&self.book, &self.request);
        let now = self.app.now();
        let drafts = (self.next..end)
            .zip(&answers)
            .map(|(n, answer)| StoredSearch {
                org_id: self.org_id.clone(),
                search_id: String::new(),
                created_at: now,
                expires_at: now.plus_seconds(KEPT_SECONDS),
                pricing_org_id: book.org_id.clone(),
                generation: book.generation,
                priced_at: self.priced_at,
                rules_digest: self.app.rules().digest().to_owned(),
                program_version: PROGRAM_VERSION.to_owned(),
                inputs: inputs::write(request, n / zips, &request.zips[n % zips]),
                result_digest: answer.digest.to_string(),
            });
        let ids = self
            .app
            .searches()
            .store(&self.app, drafts.collect())
            .await?;
        let found = (self.next..end)
            .zip(wanted)
            .zip(answers.into_iter().zip(ids))
            .map(|((n, (_, place)), (answer, search_id))| Found {
                search_id,
                purpose: request.purposes[n / zips].purpose,
                zip: request.zips[n % zips].clone(),
                place,
                priced: answer.priced,
            });
        let found = found.collect();
        self.next = end;
        Ok(Some(found))
    }

    /// How many answers to hold at once, at most so many.
    fn fitting(&self, most: usize) -> usize {
        (OFFERS_TOGETHER / self.book.offers.max(1)).clamp(1, most)
    }

    /// Whether a refusal may name the ZIP code that is not offered.
    fn names_zip(&self) -> bool {
        let mut rules = self.book.book.catalogue.eligibility.iter();
        self.request.wanted.explain && rules.any(|rule| !rule.require.zips.is_empty())
    }

    /// The class of a permutation, and its place.
    fn class(&self, n: usize, names_zip: bool) -> (Class, Option<Place>) {
        let zips = self.request.zips.len();
        let place = known_place(&self.request.zips[n % zips]);
        let class = Class {
            purpose: n / zips,
            place: place.as_ref().map(|place| PlaceClass {
                state: StateCode::parse(place.state),
                county: place.county_fips,
                zip_band: self.book.zip_band(place.zip),
                named: names_zip.then_some(place.zip),
            }),
        };
        (class, place)
    }

    /// The answer of every class wanted; those not known yet are priced.
    async fn answers(
        &mut self,
        wanted: &[(Class, Option<Place>)],
    ) -> Result<Vec<Answer>, AppError> {
        if self.known.len() > self.fitting(MAX_KNOWN) {
            self.known.clear();
        }
        let mut missing: Vec<(Class, Option<Place>)> = Vec::new();
        for (class, place) in wanted {
            if !self.known.contains_key(class) && missing.iter().all(|(known, _)| known != class) {
                missing.push((*class, *place));
            }
        }
        let at_once = (TURN_OFFERS / self.book.offers.max(1)).max(1);
        for turn in missing.chunks(at_once) {
            let job = Job {
                app: self.app.clone(),
                book: Arc::clone(&self.book),
                request: Arc::clone(&self.request),
                day: self.day,
                missing: turn.to_vec(),
            };
            let priced = if self.book.offers.saturating_mul(turn.len()) <= INLINE_OFFERS {
                job.price_all()?
            } else {
                let priced = self.app.heavy("pricing", move || job.price_all());
                priced.await??
            };
            self.known.extend(priced);
        }
        wanted
            .iter()
            .map(|(class, _)| {
                let answer = self.known.get(class).cloned();
                answer.ok_or_else(|| Fault::internal("an answer got lost").into())
            })
            .collect()
    }
}

/// The place of a ZIP code as sent, with or without its four-digit extension.
fn known_place(zip: &str) -> Option<Place> {
    lintel_places::find(Zip::parse(zip).ok()?)
}

/// What pricing needs, wherever it runs.
struct Job {
    app: App,
    book: Arc<OrgBook>,
    request: Arc<SearchRequest>,
    day: Date,
    missing: Vec<(Class, Option<Place>)>,
}

impl Job {
    fn price_all(&self) -> Result<Vec<(Class, Answer)>, AppError> {
        let missing = self.missing.iter();
        missing
            .map(|(class, place)| self.price(*class, *place))
            .collect()
    }

    fn price(&self, class: Class, place: Option<Place>) -> Result<(Class, Answer), AppError> {
        let purpose = self.request.purposes[class.purpose];
        let scenario = scenario(&self.request.scenario, purpose);
        let wanted = &self.request.wanted;
        let priced = price_at(
            self.app.rules(),
            &self.book,
            self.day,
            scenario,
            (place, wanted),
        )?;
        let digest = figures::digest(&self.book.book.catalogue, &priced).into();
        let priced = Arc::new(priced);
        Ok((class, Answer { priced, digest }))
    }
}

/// The scenario of one purpose; day and place are not set yet.
fn scenario(template: &Scenario, purpose: SearchPurpose) -> Scenario {
    Scenario {
        purpose: purpose.purpose,
        loan_amount: purpose.loan_amount,
        down_payment: purpose.down_payment,
        ..template.clone()
    }
}

/// What a search for a place nobody knows is told.
const UNKNOWN_ZIP: &str = "The ZIP code is not known.";

/// Prices a scenario at a place, on a day.
fn price_at(
    rules: &RuleBook,
    book: &OrgBook,
    day: Date,
    scenario: Scenario,
    (place, wanted): (Option<Place>, &PriceRequest),
) -> Result<Priced, AppError> {
    let Some(place) = place else {
        return Ok(Priced {
            notices: vec![UNKNOWN_ZIP.to_owned()],
            ..Priced::default()
        });
    };
    let scenario = Scenario {
        day,
        place: place_facts(rules, day, Some(&place))?,
        ..scenario
    };
    let rules = price_rules(rules, day)?;
    let priced = book.book.price(&scenario, wanted, &rules);
    priced.map_err(begin::blamed)
}
