//! A watch as its consumer sees it: reached by the token of a mail, without signing in.

use lintel_app::auth::token_hash;
use lintel_app::borrower::wants_mail;
use lintel_app::context::App;
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::Organisation;
use lintel_domain::staff::Timezone;
use lintel_domain::watch::{Frequency, WatchKind, WatchState};
use lintel_engine::rate::Pct;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;
use lintel_store::watch::{self, StoredWatch};
use lintel_store::{borrower, organisation};

use crate::known::{Known, Told};
use crate::products;
use crate::subscribe::{MAX_OF_ADDRESS, NO_PRICES, end_in, put_in};
use crate::token::is_token;
use crate::when::Schedule;

/// Who acts, as events name them.
const CONSUMER: &str = "consumer";

/// A watch as its consumer sees it.
#[derive(Debug, Clone)]
pub struct WatchView {
    /// Whose mail it is.
    pub org: Organisation,
    /// The id people see.
    pub public_id: PublicId,
    /// What the consumer hears.
    pub kind: WatchKind,
    /// How often it is looked at by the clock.
    pub frequency: Frequency,
    /// How it stands.
    pub state: WatchState,
    /// Given name.
    pub first_name: String,
    /// Mail address.
    pub email: String,
    /// What is watched, in the order subscribed to.
    pub products: Vec<WatchedProduct>,
    /// The zone of the time of day.
    pub timezone: Timezone,
    /// Minutes after midnight on that zone's clocks.
    pub minute_of_day: u32,
    /// When it was subscribed to.
    pub created_at: Instant,
    /// When it is looked at next; none once it ended.
    pub next_at: Option<Instant>,
    /// The last instant it is for; none without an end.
    pub expires_at: Option<Instant>,
    /// Whether the address wants mail of this lender that is not about requests of its own: without,
    /// no watch of it is told.
    pub wants_mail: bool,
}

/// A product that is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedProduct {
    /// Its name, or that of its kind.
    pub name: String,
    /// The rate waited for.
    pub desired_rate: Option<Pct>,
    /// What was told last.
    pub told: Option<Told>,
}

/// The watch of a token; none when there is no such watch.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn by_token(app: &App, token: &str) -> Result<Option<WatchView>, Fault> {
    if !is_token(token) {
        return Ok(None);
    }
    match watch::by_token(app.db(), &token_hash(token)).await? {
        Some(watch) => Ok(Some(view(app, watch).await?)),
        None => Ok(None),
    }
}

async fn view(app: &App, watch: StoredWatch) -> Result<WatchView, Fault> {
    let org = organisation::load_by_id(app.db(), &watch.org_id).await?;
    let org = org.ok_or_else(|| Fault::corrupt("rate_watch", "org_id", watch.id.as_str()))?;
    let watched = products::read(&watch.products, watch.id.as_str())?;
    let known = Known::read(&watch.known, watched.len(), watch.id.as_str())?;
    let products = watched.into_iter().zip(known.rows);
    Ok(WatchView {
        wants_mail: wants_mail(app, &watch.lender_org_id, &watch.email).await?,
        org,
        public_id: watch.public_id,
        kind: watch.kind,
        frequency: watch.frequency,
        state: watch.state,
        first_name: watch.first_name,
        email: watch.email,
        products: products
            .map(|(one, known)| WatchedProduct {
                name: one.name,
                desired_rate: one.desired_rate,
                told: known.told,
            })
            .collect(),
        timezone: watch.timezone,
        minute_of_day: watch.minute_of_day,
        created_at: watch.created_at,
        next_at: watch.next_at,
        expires_at: watch.expires_at,
    })
}

/// Ends the watch of a token; one that ended before stays as it is.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn stop(app: &App, token: &str) -> Result<Option<WatchView>, Fault> {
    let Some((mut tx, mut watch)) = locked(app, token).await? else {
        return Ok(None);
    };
    if end_in(app, &mut tx, &mut watch, CONSUMER).await? {
        tx.commit().await?;
    } else {
        drop(tx);
    }
    Ok(Some(view(app, watch).await?))
}

/// Says that the address of a token's watch wants no mail of this lender that is not about requests of
/// its own: nothing is told to it by any watch until it says otherwise.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn stop_all_of(app: &App, token: &str) -> Result<Option<WatchView>, Fault> {
    let Some((mut tx, watch)) = locked(app, token).await? else {
        return Ok(None);
    };
    choose_in(app, &mut tx, &watch, false).await?;
    tx.commit().await?;
    Ok(Some(view(app, watch).await?))
}

/// Says that such mail is wanted again, and has the watch go on unless its time is over, or the address
/// has as many watches as it may.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn resume(app: &App, token: &str) -> Result<Option<WatchView>, Fault> {
    let Some((mut tx, mut watch)) = locked(app, token).await? else {
        return Ok(None);
    };
    let now = app.now();
    let most = u32::try_from(MAX_OF_ADDRESS).unwrap_or(u32::MAX);
    let active = watch::active_of_in(&mut tx, &watch.lender_org_id, &watch.email, most).await?;
    if watch.state == WatchState::Stopped && active.len() < MAX_OF_ADDRESS {
        let next = Schedule::of(&watch).next_after(now);
        let is_over = |next: Instant| watch.expires_at.is_some_and(|end| end < next);
        match next.filter(|next| !is_over(*next)) {
            Some(next) => {
                watch.state = WatchState::Active;
                watch.next_at = Some(next);
                watch.prices = NO_PRICES;
            }
            None => watch.state = WatchState::Expired,
        }
        put_in(&mut tx, &watch, now).await?;
        if watch.state == WatchState::Active {
            let (kind, id) = (EventKind::RateWatchStarted, watch.id.as_str());
            let event = NewEvent::plain(&watch.org_id, now, CONSUMER, kind, id);
            record_in(&mut tx, &event).await?;
        }
    }
    choose_in(app, &mut tx, &watch, true).await?;
    tx.commit().await?;
    Ok(Some(view(app, watch).await?))
}

/// A transaction in which nobody else changes the watch of a token.
async fn locked(app: &App, token: &str) -> Result<Option<(Tx, StoredWatch)>, Fault> {
    if !is_token(token) {
        return Ok(None);
    }
    let mut tx = app.db().begin().await?;
    let watch = watch::lock_in(&mut tx, &token_hash(token)).await?;
    Ok(watch.map(|watch| (tx, watch)))
}

async fn choose_in(app: &App, tx: &mut Tx, watch: &StoredWatch, wants: bool) -> Result<(), Fault> {
    let (lender, now) = (&watch.lender_org_id, app.now());
    if wants && wants_mail(app, lender, &watch.email).await? {
        return Ok(());
    }
    if !borrower::set_wants_mail_in(tx, lender, &watch.email, wants, now).await? {
        return Ok(());
    }
    let (kind, org_id) = (EventKind::MailChoiceChanged, &watch.org_id);
    let body = serde_json::json!({ "wantsMail": wants }).to_string();
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(org_id, now, CONSUMER, kind, org_id.as_str())
    };
    let seq = record_in(tx, &event).await?;
    announce_in(tx, &app.row_id()?, org_id, seq, kind, now).await
}
