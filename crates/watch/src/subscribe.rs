//! Subscribing to rates, and ending that over the API.

mod same;

use lintel_app::auth::{Principal, token_hash};
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::message::{is_sendable, settings};
use lintel_app::pricing;
use lintel_app::search::again;
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule, WatchField};
use lintel_domain::staff::Timezone;
use lintel_domain::watch::{Frequency, WatchDuration, WatchKind, WatchState};
use lintel_engine::rate::Pct;
use lintel_macros::boxed;
use lintel_pricing::catalogue::sheet::MAX_NOTE_RATE;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::organisation;
use lintel_store::watch::{self, StoredWatch};

use crate::known::Known;
use crate::products::{self, MAX_PRODUCTS, Names, Watched};
use crate::token;
use crate::when::{Schedule, day_in};

/// Most active watches of one address in a lender's family.
pub const MAX_OF_ADDRESS: usize = 100;
/// Longest search that is watched, in bytes as it is kept.
const SEARCH_MAX_LEN: usize = 64 * 1024;
/// How often a public id is drawn that somebody has already.
const DRAWS: usize = 8;
/// Prices no lender has: a watch that was looked at with them is behind.
pub(crate) const NO_PRICES: i64 = -1;

/// Who wants to hear of which rates.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Id of a kept search of the caller's organisation: what the rates are asked for.
    pub search_id: String,
    /// Given name. Length and characters are the caller's to check.
    pub first_name: String,
    /// Family name; likewise.
    pub last_name: String,
    /// Mail address.
    pub email: String,
    /// Phone number as stated; likewise.
    pub phone: Option<String>,
    /// What the consumer wants to hear.
    pub asked: Asked,
    /// How long the watch lasts.
    pub duration: WatchDuration,
    /// The zone of the time of day; none: the organisation's.
    pub timezone: Option<Timezone>,
}

/// What a consumer wants to hear.
#[derive(Debug, Clone)]
pub enum Asked {
    /// The rates of products, so often.
    Regular {
        /// How often.
        frequency: Frequency,
        /// Names of products or of kinds of products, 1 to [`MAX_PRODUCTS`].
        names: Vec<String>,
    },
    /// That rates have come down to what is wished, 1 to [`MAX_PRODUCTS`]: names, and percents a year.
    Targets(Vec<(String, Pct)>),
}

impl Asked {
    const fn kind(&self) -> WatchKind {
        match self {
            Self::Regular { .. } => WatchKind::Regular,
            Self::Targets(_) => WatchKind::RateTarget,
        }
    }

    /// Rates waited for are looked at every day, and whenever the lender's prices change.
    const fn frequency(&self) -> Frequency {
        match self {
            Self::Regular { frequency, .. } => *frequency,
            Self::Targets(_) => Frequency::Daily,
        }
    }
}

/// A watch as a caller is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateWatch {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Mail address.
    pub email: String,
    /// Phone number as it was stated.
    pub phone: Option<String>,
    /// What the consumer hears.
    pub kind: WatchKind,
    /// How often it is looked at.
    pub frequency: Frequency,
    /// The last instant it is for; none without an end.
    pub expires_at: Option<Instant>,
    /// When it was subscribed to.
    pub created_at: Instant,
    /// What ends it.
    pub token: String,
}

impl RateWatch {
    fn of(watch: StoredWatch, token: String) -> Self {
        Self {
            first_name: watch.first_name,
            last_name: watch.last_name,
            email: watch.email,
            phone: watch.phone,
            kind: watch.kind,
            frequency: watch.frequency,
            expires_at: watch.expires_at,
            created_at: watch.created_at,
            token,
        }
    }
}

/// Why there is no subscription.
#[derive(Debug)]
pub enum SubscribeError {
    /// The lender does not let consumers subscribe to its rates.
    NotAllowed,
    /// Anything else.
    Other(AppError),
}

impl<E: Into<AppError>> From<E> for SubscribeError {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// Whether consumers may subscribe to an organisation's rates: a broker's when its lender lets them, too.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_allowed(app: &App, org: &Organisation) -> Result<bool, Fault> {
    if !settings::load(app, &org.id).await?.watch_allowed {
        return Ok(false);
    }
    Ok(org.id == *org.lender_id() || settings::load(app, org.lender_id()).await?.watch_allowed)
}

/// Subscribes somebody. The same address, search, kind and products again is the same watch: how often,
/// how long, the rates waited for, name and phone are then those of this call, and the end moves when
/// that is a day or more.
///
/// # Errors
/// Not allowed by the lender; not found for a search the organisation has not, or not any more; refused
/// for an address nothing can be sent to, names nothing is watched by, rates that are none, and too many
/// watches of one address. Any fault of the database.
#[boxed]
pub async fn subscribe(
    app: &App,
    principal: &Principal,
    asked: &Subscription,
) -> Result<RateWatch, SubscribeError> {
    let org = &principal.org;
    if !is_allowed(app, org).await? {
        return Err(SubscribeError::NotAllowed);
    }
    if !is_sendable(&asked.email) {
        return Err(refused(WatchField::Email).into());
    }
    let search = again::kept(app, org, asked.search_id.trim()).await?;
    if search.inputs.len() > SEARCH_MAX_LEN || again::Wish::read(&search.inputs).is_none() {
        return Err(Refusal::NotFound { what: Noun::Search }.into());
    }
    let (book, _) = pricing::book(app, org).await?;
    let watched = watched(&Names::of(&book.book.catalogue), &asked.asked)?;
    let fresh = draft(app, org, asked, search.inputs, watched).await?;
    let mut tx = app.db().begin().await?;
    // Calls at the same moment find each other's watches.
    organisation::lock_in(&mut tx, &fresh.lender_org_id).await?;
    let most = u32::try_from(MAX_OF_ADDRESS).unwrap_or(u32::MAX);
    let active = watch::active_of_in(
        &mut tx,
        &fresh.lender_org_id,
        &fresh.email,
        most.saturating_add(1),
    );
    let active = active.await?;
    let same = active.iter().find(|there| same::is_same(there, &fresh));
    let actor = &principal.api_id;
    let watch = match same {
        Some(there) => same::renew_in(app, &mut tx, there, &fresh, actor).await?,
        None if active.len() >= MAX_OF_ADDRESS => return Err(refused(WatchField::Count).into()),
        None => insert_in(app, &mut tx, fresh, actor).await?,
    };
    tx.commit().await?;
    let token = token::of(app, &watch.token_key, &watch.id)?;
    Ok(RateWatch::of(watch, token))
}

fn refused(field: WatchField) -> Refusal {
    Refusal::malformed(Field::RateWatch(field))
}

/// The names as the catalogue has them, each once.
fn watched(names: &Names, asked: &Asked) -> Result<Vec<Watched>, Refusal> {
    let (all, list): (Vec<(&str, Option<Pct>)>, WatchField) = match asked {
        Asked::Regular { names, .. } => {
            let names = names.iter().map(|name| (name.as_str(), None));
            (names.collect(), WatchField::ProductNames)
        }
        Asked::Targets(targets) => {
            let targets = targets.iter();
            let targets = targets.map(|(name, rate)| (name.as_str(), Some(*rate)));
            (targets.collect(), WatchField::Targets)
        }
    };
    if all.is_empty() || all.len() > MAX_PRODUCTS {
        return Err(refused(list));
    }
    let mut mistakes = Vec::new();
    let mut mistake = |part| mistakes.push((Field::RateWatch(part), Rule::Malformed));
    let mut watched: Vec<Watched> = Vec::with_capacity(all.len());
    for (place, (name, desired_rate)) in all.into_iter().enumerate() {
        let named = names.spelled(name);
        let wrong_name = match desired_rate {
            Some(_) => WatchField::TargetProduct { place },
            None => WatchField::ProductName { place },
        };
        if desired_rate.is_some_and(|rate| rate <= Pct::ZERO || rate > MAX_NOTE_RATE) {
            mistake(WatchField::TargetRate { place });
        }
        let Some(name) = named else {
            mistake(wrong_name);
            continue;
        };
        match watched.iter().find(|there| there.name == name) {
            Some(there) if there.desired_rate == desired_rate => {}
            // Two rates for one product.
            Some(_) => mistake(WatchField::TargetRate { place }),
            None => watched.push(Watched {
                name: name.to_owned(),
                desired_rate,
            }),
        }
    }
    Refusal::of(mistakes).map_or(Ok(watched), Err)
}

/// The watch as it would be new.
async fn draft(
    app: &App,
    org: &Organisation,
    asked: &Subscription,
    search: String,
    watched: Vec<Watched>,
) -> Result<StoredWatch, Fault> {
    let settings = settings::load(app, &org.id).await?;
    let now = app.now();
    let timezone = asked.timezone.unwrap_or(settings.timezone);
    let outside = || Fault::internal("the clock is out of the calendar's bounds");
    let schedule = Schedule {
        frequency: asked.asked.frequency(),
        timezone,
        minute_of_day: settings.watch_minute,
        anchor: day_in(timezone, now).ok_or_else(outside)?,
    };
    let next_at = schedule.next_after(now).ok_or_else(outside)?;
    Ok(StoredWatch {
        org_id: org.id.clone(),
        id: app.row_id()?,
        public_id: app.public_id()?,
        lender_org_id: org.lender_id().clone(),
        token_key: app.keys().current_id()?.to_owned(),
        kind: asked.asked.kind(),
        frequency: schedule.frequency,
        duration: asked.duration,
        first_name: asked.first_name.clone(),
        last_name: asked.last_name.clone(),
        email: asked.email.trim().to_owned(),
        phone: asked.phone.clone(),
        search,
        products: products::write(&watched),
        known: Known::nothing(watched.len()).write(),
        timezone,
        minute_of_day: schedule.minute_of_day,
        anchor_day: schedule.anchor,
        state: WatchState::Active,
        next_at: Some(next_at),
        expires_at: expiry(asked.duration, now, next_at),
        prices: NO_PRICES,
        version: 0,
        created_at: now,
    })
}

/// The last instant of a watch that begins now. It is never over before it was looked at once: a month
/// of thirty days may end the day before its first monthly mail.
fn expiry(duration: WatchDuration, now: Instant, next_at: Instant) -> Option<Instant> {
    let seconds = duration.seconds()?;
    Some(now.plus_seconds(seconds).max(next_at))
}

async fn insert_in(
    app: &App,
    tx: &mut Tx,
    mut watch: StoredWatch,
    actor: &str,
) -> Result<StoredWatch, Fault> {
    let hash = token_hash(&token::of(app, &watch.token_key, &watch.id)?);
    for _ in 0..DRAWS {
        if watch::insert_in(tx, &watch, &hash).await? {
            let kind = EventKind::RateWatchStarted;
            let subject = watch.id.as_str();
            let event = NewEvent::plain(&watch.org_id, watch.created_at, actor, kind, subject);
            record_in(tx, &event).await?;
            return Ok(watch);
        }
        watch.public_id = app.public_id()?;
    }
    Err(Fault::internal("no free public id found"))
}

/// Ends a watch of the caller's organisation, or of one of its brokers. One that ended already is
/// answered the same.
///
/// # Errors
/// Not found for a token of no watch the caller has; any fault of the database.
#[boxed]
pub async fn unsubscribe(
    app: &App,
    principal: &Principal,
    token: &str,
) -> Result<RateWatch, AppError> {
    let unknown = || Refusal::NotFound {
        what: Noun::RateWatch,
    };
    let token = token.trim();
    if !token::is_token(token) {
        return Err(unknown().into());
    }
    let mut tx = app.db().begin().await?;
    let found = watch::lock_in(&mut tx, &token_hash(token)).await?;
    let found = found.filter(|watch| is_seen(&principal.org, &watch.org_id, &watch.lender_org_id));
    let mut found = found.ok_or_else(unknown)?;
    if end_in(app, &mut tx, &mut found, &principal.api_id).await? {
        tx.commit().await?;
    }
    Ok(RateWatch::of(found, token.to_owned()))
}

fn is_seen(org: &Organisation, owner: &RowId, lender: &RowId) -> bool {
    org.id == *owner || org.id == *lender
}

/// Ends an active watch that is locked; `false` when it had ended before, and then nothing was written.
pub(crate) async fn end_in(
    app: &App,
    tx: &mut Tx,
    watch: &mut StoredWatch,
    actor: &str,
) -> Result<bool, Fault> {
    if watch.state != WatchState::Active {
        return Ok(false);
    }
    let now = app.now();
    watch.state = WatchState::Stopped;
    watch.next_at = None;
    put_in(tx, watch, now).await?;
    let kind = EventKind::RateWatchEnded;
    let event = NewEvent::plain(&watch.org_id, now, actor, kind, watch.id.as_str());
    record_in(tx, &event).await?;
    Ok(true)
}

/// Writes a watch that is locked.
pub(crate) async fn put_in(tx: &mut Tx, watch: &StoredWatch, now: Instant) -> Result<(), Fault> {
    let is_written = watch::put_in(tx, watch, now).await?;
    let lost = || Fault::internal("a locked rate watch was changed");
    is_written.then_some(()).ok_or_else(lost)
}

#[cfg(test)]
mod tests;
