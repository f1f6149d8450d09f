//! What a browser carries between two steps: sealed, so that nothing has to be kept, and good for
//! some minutes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lintel_domain::id::{Instant, RowId};
use lintel_store::fault::Fault;
use lintel_store::sign_in::{self as accounts, Account};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::context::App;
use crate::keys::Purpose;

/// Longest ticket looked at.
const MAX_LEN: usize = 8 * 1024;
/// How long the second step may take, in seconds.
const LIFE_SECONDS: i64 = 5 * 60;

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    until_us: i64,
    what: T,
}

/// Seals something for so many seconds. `step` keeps tickets of one step from being shown at another.
pub(crate) fn seal<T: Serialize>(
    app: &App,
    step: &str,
    life_seconds: i64,
    what: &T,
) -> Result<String, Fault> {
    let until_us = app.now().plus_seconds(life_seconds).micros();
    let plain = serde_json::to_vec(&Sealed { until_us, what })
        .map_err(|e| Fault::internal("a ticket cannot be written").caused_by(e))?;
    let sealed = app
        .keys()
        .seal(Purpose::SignInTicket, step, &plain, app.rng())?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

/// Opens a ticket; `None` when it is none of ours, of another step, or its time is over.
pub(crate) fn open<T: DeserializeOwned>(app: &App, step: &str, ticket: &str) -> Option<T> {
    if ticket.len() > MAX_LEN {
        return None;
    }
    let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
    let plain = app
        .keys()
        .unseal(Purpose::SignInTicket, step, &sealed)
        .ok()?;
    let opened: Sealed<T> = serde_json::from_slice(&plain).ok()?;
    (Instant::from_micros(opened.until_us) > app.now()).then_some(opened.what)
}

/// Somebody whose password was right.
#[derive(Serialize, Deserialize)]
struct Proved {
    org_id: String,
    person_id: String,
    password_at_us: Option<i64>,
}

/// A ticket for those whose password was right.
pub(super) fn for_people(app: &App, step: &str, people: &[Account]) -> Result<String, Fault> {
    let proved: Vec<Proved> = people
        .iter()
        .map(|account| Proved {
            org_id: account.org_id.to_string(),
            person_id: account.person_id.to_string(),
            password_at_us: account.password_at.map(Instant::micros),
        })
        .collect();
    seal(app, step, LIFE_SECONDS, &proved)
}

/// Those a ticket is for who may still sign in, with the password they had.
pub(super) async fn people(app: &App, step: &str, ticket: &str) -> Result<Vec<Account>, Fault> {
    let proved: Vec<Proved> = open(app, step, ticket).unwrap_or_default();
    let mut people = Vec::with_capacity(proved.len());
    for one in proved {
        let (org, person) = (RowId::new(one.org_id), RowId::new(one.person_id));
        let account = accounts::account(app.db(), &org, &person).await?;
        let same = |a: &Account| a.password_at.map(Instant::micros) == one.password_at_us;
        people.extend(account.filter(same));
    }
    Ok(people)
}
