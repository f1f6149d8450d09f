//! The second step of signing in: a code that a phone makes anew every thirty seconds, good once; and
//! ten codes on paper for the day the phone is lost.

mod code;

use lintel_macros::boxed;
use std::fmt::Write as _;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::sign_in::{self as accounts, Account};
use lintel_store::staff;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::by::By;
use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;
use crate::session::{self, SignedIn};
use crate::sign_in::throttle::{Attempt, Limit};
use crate::sign_in::ticket;

/// How long setting a phone up may take, in seconds.
const ENROL_SECONDS: i64 = 10 * 60;
/// Codes on paper, and characters of each: 51 random bits.
const RECOVERY_CODES: usize = 10;
const RECOVERY_LEN: usize = 10;

/// What is stored of a second step, sealed for its person.
#[derive(Serialize, Deserialize)]
struct Secret {
    /// What codes are made from, in base 32.
    base32: String,
    /// Hashes of the codes on paper that were not used yet.
    paper: Vec<String>,
}

/// What a phone is set up with.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enrolment {
    /// For typing it in: base 32.
    pub secret: String,
    /// For the picture a phone reads.
    pub uri: String,
    /// To be shown with the first code.
    pub ticket: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment")
    }
}

/// What came of the first code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// The second step is on. Every other session has ended.
    On {
        /// Codes that work once each when the phone is lost: shown now and never again.
        recovery_codes: Vec<String>,
    },
    /// Another code was expected.
    WrongCode,
    /// Setting up took too long, or was begun by somebody else: begin again.
    TicketGone,
    /// A second step is on already.
    AlreadyOn,
    /// Too many wrong ones: look again after so many seconds.
    Wait {
        /// Seconds.
        seconds: u32,
    },
}

/// What came of turning the second step off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SwitchedOff {
    /// It is off.
    Done,
    /// Another code was expected.
    WrongCode,
    /// Too many wrong ones: look again after so many seconds.
    Wait {
        /// Seconds.
        seconds: u32,
    },
}

async fn own_account(app: &App, who: &SignedIn) -> Result<Option<Account>, Fault> {
    accounts::account(app.db(), &who.org.id, &who.person.id).await
}

/// Whether somebody's second step is on.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_on(app: &App, who: &SignedIn) -> Result<bool, Fault> {
    let account = own_account(app, who).await?;
    Ok(account.is_some_and(|a| a.totp_sealed.is_some()))
}

fn enrol_step(who: &SignedIn) -> String {
    format!("enrol|{}", who.person.id)
}

/// Begins to set a phone up. Stores nothing.
///
/// # Errors
/// When no random bytes are to be had.
pub fn begin(app: &App, who: &SignedIn) -> Result<Enrolment, Fault> {
    let mut bytes = [0_u8; code::SECRET_LEN];
    app.rng().fill(&mut bytes)?;
    let secret = code::base32(&bytes);
    let ticket = ticket::seal(app, &enrol_step(who), ENROL_SECONDS, &secret)?;
    Ok(enrolment(who, secret, ticket))
}

/// The same again, after a wrong code; `None` when it took too long.
#[must_use]
pub fn resume(app: &App, who: &SignedIn, ticket: &str) -> Option<Enrolment> {
    let secret = ticket::open::<String>(app, &enrol_step(who), ticket)?;
    Some(enrolment(who, secret, ticket.to_owned()))
}

fn enrolment(who: &SignedIn, secret: String, ticket: String) -> Enrolment {
    let issuer = escaped(&who.org.name);
    let account = escaped(&who.person.email);
    let uri = format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    );
    Enrolment {
        secret,
        uri,
        ticket,
    }
}

/// Percent-encodes everything but letters, digits and `-._~`.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Turns the second step on by its first code, which is used up by that.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn confirm(
    app: &App,
    who: &SignedIn,
    ticket: &str,
    shown: &str,
) -> Result<Confirmed, Fault> {
    let Some(account) = own_account(app, who).await? else {
        return Ok(Confirmed::TicketGone);
    };
    if account.totp_sealed.is_some() {
        return Ok(Confirmed::AlreadyOn);
    }
    let Some(base32) = ticket::open::<String>(app, &enrol_step(who), ticket) else {
        return Ok(Confirmed::TicketGone);
    };
    let attempt = match Attempt::begin(app, &[Limit::codes(&account.person_id)]).await? {
        Ok(attempt) => attempt,
        Err(seconds) => return Ok(Confirmed::Wait { seconds }),
    };
    let bytes = code::unbase32(&base32).unwrap_or_default();
    let Some(step) = code::step_shown(&bytes, &without_gaps(shown), app.now()) else {
        return Ok(Confirmed::WrongCode);
    };
    attempt.succeeded(app).await?;
    let recovery_codes = (0..RECOVERY_CODES)
        .map(|_| app.code(RECOVERY_LEN))
        .collect::<Result<Vec<_>, _>>()?;
    let paper = recovery_codes.iter().map(|c| hashed(c)).collect();
    let sealed = seal(app, &account.person_id, &Secret { base32, paper })?;
    let mut tx = app.db().begin().await?;
    let (org, person) = (&account.org_id, &account.person_id);
    if !accounts::set_totp_in(&mut tx, org, person, &sealed, step).await? {
        return Ok(Confirmed::AlreadyOn);
    }
    session::end_others_in(&mut tx, org, person, Some(&who.session_id)).await?;
    record(app, &mut tx, who, EventKind::SecondStepOn).await?;
    tx.commit().await?;
    Ok(Confirmed::On { recovery_codes })
}

/// Turns the second step off, by a code.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn switch_off(app: &App, who: &SignedIn, shown: &str) -> Result<SwitchedOff, Fault> {
    let Some(account) = own_account(app, who).await? else {
        return Ok(SwitchedOff::WrongCode);
    };
    if account.totp_sealed.is_none() {
        return Ok(SwitchedOff::Done);
    }
    let attempt = match Attempt::begin(app, &[Limit::codes(&account.person_id)]).await? {
        Ok(attempt) => attempt,
        Err(seconds) => return Ok(SwitchedOff::Wait { seconds }),
    };
    let Some(proof) = prove(app, &account, shown)? else {
        return Ok(SwitchedOff::WrongCode);
    };
    let mut tx = app.db().begin().await?;
    if !use_in(&mut tx, &account, &proof).await? {
        return Ok(SwitchedOff::WrongCode);
    }
    accounts::clear_totp_in(&mut tx, &account.org_id, &account.person_id).await?;
    record(app, &mut tx, who, EventKind::SecondStepOff).await?;
    tx.commit().await?;
    attempt.succeeded(app).await?;
    Ok(SwitchedOff::Done)
}

/// Takes a lost phone off somebody, whose sessions end; `false` when none was on. For administrators.
///
/// # Errors
/// Denied to those who may not edit people; not found when there is no such person.
#[boxed]
pub async fn reset(app: &App, by: &By<'_>, person: &PublicId) -> Result<bool, AppError> {
    by.require(Permission::EditPeople)?;
    let org = &by.org().id;
    let person = staff::load(app.db(), org, person)
        .await?
        .ok_or(Refusal::NotFound { what: Noun::Staff })?;
    let mut tx = app.db().begin().await?;
    if !accounts::clear_totp_in(&mut tx, org, &person.id).await? {
        return Ok(false);
    }
    session::end_others_in(&mut tx, org, &person.id, None).await?;
    let (actor, kind) = (by.actor(), EventKind::SecondStepOff);
    let event = NewEvent::plain(org, app.now(), &actor, kind, person.id.as_str());
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(true)
}

async fn record(app: &App, tx: &mut Tx, who: &SignedIn, kind: EventKind) -> Result<(), Fault> {
    let actor = who.actor();
    let person = who.person.id.as_str();
    let event = NewEvent::plain(&who.org.id, app.now(), &actor, kind, person);
    record_in(tx, &event).await.map(|_| ())
}

/// What shows that somebody has the phone, or the paper. Not used up yet.
pub(crate) enum Proof {
    /// A time step's code.
    Step(i64),
    /// A code on paper: what is stored when it is used.
    Paper(Vec<u8>),
}

/// Looks at a code somebody shows.
pub(crate) fn prove(app: &App, account: &Account, shown: &str) -> Result<Option<Proof>, Fault> {
    let Some(sealed) = &account.totp_sealed else {
        return Ok(None);
    };
    let person = &account.person_id;
    let opened = app
        .keys()
        .unseal(Purpose::TotpSecret, person.as_str(), sealed)?;
    let corrupt = || Fault::corrupt("staff", "totp_sealed", person.as_str());
    let mut secret: Secret = serde_json::from_slice(&opened).map_err(|_| corrupt())?;
    let shown = without_gaps(shown);
    let bytes = code::unbase32(&secret.base32).ok_or_else(corrupt)?;
    if let Some(step) = code::step_shown(&bytes, &shown, app.now()) {
        return Ok(Some(Proof::Step(step)));
    }
    if shown.len() != RECOVERY_LEN {
        return Ok(None);
    }
    let hash = hashed(&shown.to_ascii_uppercase());
    let Some(at) = secret.paper.iter().position(|h| *h == hash) else {
        return Ok(None);
    };
    secret.paper.remove(at);
    Ok(Some(Proof::Paper(seal(app, person, &secret)?)))
}

/// Uses a code up; `false` when somebody was faster with it.
pub(crate) async fn use_in(tx: &mut Tx, account: &Account, proof: &Proof) -> Result<bool, Fault> {
    let (org, person) = (&account.org_id, &account.person_id);
    let Some(sealed) = &account.totp_sealed else {
        return Ok(false);
    };
    match proof {
        Proof::Step(step) => accounts::take_step_in(tx, org, person, sealed, *step).await,
        Proof::Paper(rest) => accounts::replace_totp_in(tx, org, person, sealed, rest).await,
    }
}

fn seal(app: &App, person: &RowId, secret: &Secret) -> Result<Vec<u8>, Fault> {
    let plain = serde_json::to_vec(secret)
        .map_err(|e| Fault::internal("a second step cannot be written").caused_by(e))?;
    app.keys()
        .seal(Purpose::TotpSecret, person.as_str(), &plain, app.rng())
}

/// What people put between digits.
fn without_gaps(shown: &str) -> String {
    let plain = shown.chars().filter(|c| !c.is_whitespace() && *c != '-');
    plain.take(RECOVERY_LEN + 1).collect()
}

fn hashed(code: &str) -> String {
    let hash = digest(&SHA256, code.as_bytes());
    hash.as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The code a phone set up with a secret shows at an instant: for tests of everything above.
#[must_use]
pub fn code_at(secret_base32: &str, at: Instant) -> Option<String> {
    code::unbase32(secret_base32).map(|bytes| code::shown_at(&bytes, at))
}
