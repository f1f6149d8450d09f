//! Signed-in browsers: who is behind a cookie, looked at anew with every request.
//!
//! The cookie is chance; the database holds its hash. A session ends when it was not used for a
//! while, at its last hour, when its person signs out, and at once when person, organisation or the
//! lender above it is switched off.

mod form;
mod open;
mod rules;
mod sweep;

pub use form::{form_token, is_form_token};
use lintel_macros::boxed;
pub(crate) use open::start_staff_in;
pub use open::{SignedIn, open};
pub use rules::SignInRules;
pub use sweep::{keep_sweeping, sweep};

use lintel_domain::access::{Subject, Way};
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, RowId};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::session::{self, StoredSession};

use crate::auth::token_hash;
use crate::context::App;

/// Characters of a cookie's value: 256 random bits.
pub const COOKIE_LEN: usize = 43;
/// Sessions one person keeps; beginning another ends the one not used for longest.
const KEPT: u32 = 50;
/// Seconds between two notes that a session was used.
const SEEN_EVERY_SECONDS: i64 = 60;
/// Seconds a session within the set-up lives, used or not: what the link to it promised.
const SETUP_SECONDS: i64 = 24 * 3600;
/// Longest text kept of what a browser calls itself, and of an address.
const BROWSER_MAX_CHARS: usize = 200;

/// Where a request came from.
#[derive(Debug, Clone, Default)]
pub struct Visitor {
    /// The client's address, as far as proxies can be believed.
    pub address: String,
    /// What the browser calls itself; anything may stand in it.
    pub browser: String,
}

/// A session about to begin.
#[derive(Debug)]
pub(crate) struct NewSession<'a> {
    /// Which kind of person.
    pub subject: Subject,
    /// Whose person: a borrower's is the lender of the family.
    pub org_id: &'a RowId,
    /// The person.
    pub person_id: &'a RowId,
    /// How it begins.
    pub way: Way,
    /// Where from.
    pub visitor: &'a Visitor,
}

/// Begins a session and returns the cookie's value. The caller holds the person's row in the same
/// transaction and has seen that the person is active; so nothing survives being switched off at the
/// same moment.
pub(crate) async fn start_in(
    app: &App,
    tx: &mut Tx,
    new: &NewSession<'_>,
) -> Result<String, Fault> {
    let cookie = app.secret_base62(COOKIE_LEN)?;
    let now = app.now();
    let life_seconds = match new.subject {
        Subject::Setup => SETUP_SECONDS,
        Subject::Staff | Subject::Borrower => app.sign_in_rules().session_seconds(),
    };
    let stored = StoredSession {
        id: app.code(16)?,
        subject: new.subject,
        org_id: new.org_id.clone(),
        person_id: new.person_id.clone(),
        way: new.way,
        created_at: now,
        seen_at: now,
        expires_at: now.plus_seconds(life_seconds),
        address: plain(&new.visitor.address),
        browser: plain(&new.visitor.browser),
    };
    session::insert_in(tx, &token_hash(&cookie), &stored, KEPT).await?;
    Ok(cookie)
}

/// What can be shown again: no control characters, and not much.
fn plain(text: &str) -> String {
    let printable = text.chars().filter(|c| !c.is_control());
    printable.take(BROWSER_MAX_CHARS).collect()
}

/// A living session. Whether its person may still come in is for the caller to say.
#[derive(Debug, Clone)]
pub(crate) struct OpenSession {
    token_hash: Vec<u8>,
    seen_at: Instant,
    /// Names it in lists.
    pub id: String,
    /// Which kind of person.
    pub subject: Subject,
    /// Whose person: a borrower's is the lender of the family.
    pub org_id: RowId,
    /// The person.
    pub person_id: RowId,
}

/// Finds the living session behind a cookie, of an active organisation under an active lender, and of
/// one of the kinds asked for.
pub(crate) async fn look(
    app: &App,
    cookie: &str,
    subjects: &[Subject],
) -> Result<Option<OpenSession>, Fault> {
    if !is_cookie(cookie) {
        return Ok(None);
    }
    let hash = token_hash(cookie);
    let now = app.now();
    let found = session::look(app.db(), &hash, now, seen_after(app, now)).await?;
    Ok(found
        .filter(|s| subjects.contains(&s.subject))
        .map(|s| OpenSession {
            token_hash: hash,
            seen_at: s.seen_at,
            id: s.id,
            subject: s.subject,
            org_id: s.org_id,
            person_id: s.person_id,
        }))
}

fn is_cookie(text: &str) -> bool {
    text.len() == COOKIE_LEN && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Sessions last seen before this are over.
fn seen_after(app: &App, now: Instant) -> Instant {
    now.plus_seconds(-app.sign_in_rules().idle_seconds())
}

/// Notes that a session was used, at most once a minute.
pub(crate) async fn touch(app: &App, open: &OpenSession) -> Result<(), Fault> {
    let now = app.now();
    if now < open.seen_at.plus_seconds(SEEN_EVERY_SECONDS) {
        return Ok(());
    }
    let mut tx = app.db().begin().await?;
    session::touch_in(&mut tx, &open.token_hash, now).await?;
    tx.commit().await
}

/// Signs out: ends the session behind a cookie, whatever its kind. Doing it again changes nothing.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end(app: &App, cookie: &str) -> Result<(), Fault> {
    if !is_cookie(cookie) {
        return Ok(());
    }
    let mut tx = app.db().begin().await?;
    let Some(ended) = session::end_in(&mut tx, &token_hash(cookie)).await? else {
        return Ok(());
    };
    let person = ended.person_id.as_str();
    let actor = format!("{}:{person}", ended.subject);
    let kind = EventKind::SignedOut;
    record_in(
        &mut tx,
        &NewEvent::plain(&ended.org_id, app.now(), &actor, kind, person),
    )
    .await?;
    tx.commit().await
}

/// A session in its owner's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// Names it; good for nothing but ending it.
    pub id: String,
    /// How it began.
    pub way: Way,
    /// When it began.
    pub started_at: Instant,
    /// When it was last used, to the minute.
    pub seen_at: Instant,
    /// When it ends whatever happens.
    pub expires_at: Instant,
    /// Where from.
    pub address: String,
    /// What the browser called itself.
    pub browser: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// Somebody's own living sessions, last used first, a hundred at most.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(app: &App, who: &SignedIn) -> Result<Vec<SessionLine>, Fault> {
    let now = app.now();
    let after = seen_after(app, now);
    let found = session::list(app.db(), &who.org.id, &who.person.id, now, after).await?;
    let line = |s: StoredSession| SessionLine {
        is_this: s.id == who.session_id,
        id: s.id,
        way: s.way,
        started_at: s.created_at,
        seen_at: s.seen_at,
        expires_at: s.expires_at,
        address: s.address,
        browser: s.browser,
    };
    Ok(found.into_iter().map(line).collect())
}

/// Ends one of somebody's own sessions; `false` when there is none such.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_one(app: &App, who: &SignedIn, session_id: &str) -> Result<bool, Fault> {
    if !session_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(false);
    }
    let mut tx = app.db().begin().await?;
    let (org, person) = (&who.org.id, &who.person.id);
    if !session::end_one_in(&mut tx, org, person, session_id).await? {
        return Ok(false);
    }
    record_end_in(app, &mut tx, who).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends somebody's sessions but the one that asks; how many there were.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn end_others(app: &App, who: &SignedIn) -> Result<u64, Fault> {
    let mut tx = app.db().begin().await?;
    let (org, person) = (&who.org.id, &who.person.id);
    let ended = end_others_in(&mut tx, org, person, Some(&who.session_id)).await?;
    if ended > 0 {
        record_end_in(app, &mut tx, who).await?;
        tx.commit().await?;
    }
    Ok(ended)
}

/// Ends a person's sessions but the one named; how many there were. For a change of password, in its
/// transaction.
pub(crate) async fn end_others_in(
    tx: &mut Tx,
    org_id: &RowId,
    person_id: &RowId,
    keep: Option<&str>,
) -> Result<u64, Fault> {
    session::end_others_in(tx, org_id, person_id, keep).await
}

async fn record_end_in(app: &App, tx: &mut Tx, who: &SignedIn) -> Result<(), Fault> {
    let actor = who.actor();
    let (kind, person) = (EventKind::SignedOut, who.person.id.as_str());
    record_in(
        tx,
        &NewEvent::plain(&who.org.id, app.now(), &actor, kind, person),
    )
    .await
    .map(|_| ())
}
