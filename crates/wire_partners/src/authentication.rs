//! Signing in and out, and what a caller says about itself in headers, under all the names the public
//! text has for the same thing.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::routing::post;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::intermediary::{BrokerNames, NUMBER_MAX};
use lintel_domain::nif::Nif;
use lintel_edge::one::one;
use lintel_intermediaries::{self as intermediaries, Stated};

use crate::answer::Answer;
use crate::call::{Call, Open};
use crate::problem::Problem;
use crate::routes::Routes;
use crate::write::{Object, Value};

/// The network's client id: reference and guide; introduction and commons.
const CLIENT_ID: [&str; 2] = ["xclientid", "x-client-id"];
/// The network's secret, as [`CLIENT_ID`].
const CLIENT_SECRET: [&str; 2] = ["xclientsecret", "x-client-secret"];
/// The intermediary's UniqueID: reference.
const BROKER_UID: &str = "xbrokeruid";
/// The intermediary's number: guide.
const BROKER_NUMBER: &str = "brokerid";
/// The intermediary's NIF (commons), or its number (the collection's variables).
const BROKER_NIF: &str = "correlationid";
/// The user: reference; guide.
const USERNAME: [&str; 2] = ["xusername", "username"];
/// The session's token, beside `Authorization`: commons.
const SESSION_TOKEN: &str = "sessiontoken";

/// Mounted by the crate's router.
pub(crate) fn routes() -> Routes {
    Routes::new().at("/authentication", post(one(sign_in)).delete(one(sign_out)))
}

async fn sign_in(open: Open) -> Result<Answer, Problem> {
    let stated = stated(&open.headers)?;
    let session = intermediaries::sign_in(&open.app, &stated, &open.address).await?;
    if is_guides(&open.headers) {
        return Ok(Answer::ok(Value::from(session.token)));
    }
    let body = Object::new()
        .with("sessionToken", session.token)
        .with("tokenType", "Bearer")
        .with("expiresIn", session.expires_in);
    Ok(Answer::ok(body.done()))
}

async fn sign_out(call: Call) -> Result<Answer, Problem> {
    intermediaries::sign_out(&call.app, &call.token).await?;
    Ok(Answer::empty())
}

/// Whether broker and user stand under the guide's names and no others: that page shows a bare string
/// as the answer.
fn is_guides(headers: &HeaderMap) -> bool {
    let has = |name: &str| headers.contains_key(name);
    let [reference, guide] = USERNAME;
    has(BROKER_NUMBER) && has(guide) && !has(BROKER_UID) && !has(reference)
}

/// What a caller says about itself, with nothing where it says nothing.
///
/// # Errors
/// A finding for each thing that is said in two ways that differ.
pub(crate) fn stated(headers: &HeaderMap) -> Result<Stated, Vec<Finding>> {
    let mut heard = Heard {
        headers,
        is_unreadable: false,
        conflicts: Vec::new(),
    };
    let text = |text: &str| Some(text.to_owned());
    let client_id = heard.one(CreditField::ClientId, &CLIENT_ID, text);
    let client_secret = heard.one(CreditField::ClientSecret, &CLIENT_SECRET, text);
    let unique_id = heard.one(CreditField::BrokerId, &[BROKER_UID], unique_id);
    let numbers = [BROKER_NUMBER, BROKER_NIF];
    let of_broker = heard.all(&numbers, number_or_nif);
    let number = heard.agreed(
        CreditField::BrokerId,
        of_broker.iter().filter_map(Named::number),
    );
    let nif = heard.agreed(
        CreditField::BrokerId,
        of_broker.iter().filter_map(Named::nif),
    );
    let fold = |text: &str| Some(lintel_domain::intermediary::fold_username(text));
    let username = heard.one(CreditField::Username, &USERNAME, fold);
    let Heard {
        is_unreadable,
        mut conflicts,
        ..
    } = heard;
    if !conflicts.is_empty() {
        conflicts.dedup();
        return Err(conflicts);
    }
    Ok(Stated {
        client_id,
        client_secret,
        broker: BrokerNames {
            unique_id,
            number,
            nif,
        },
        username,
        is_unreadable,
    })
}

/// The token a call shows; none when it shows none, or two that differ.
pub(crate) fn token(headers: &HeaderMap) -> Option<String> {
    let shown = |name: &str| {
        let values: Vec<&str> = headers
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap_or_default().trim())
            .collect();
        values
    };
    let bearer = shown(AUTHORIZATION.as_str())
        .into_iter()
        .filter_map(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
    let mut all = bearer.chain(
        shown(SESSION_TOKEN)
            .into_iter()
            .filter(|text| !text.is_empty()),
    );
    let first = all.next()?;
    all.all(|other| other == first).then(|| first.to_owned())
}

/// What a number in a header may be.
enum Named {
    Number(u32),
    Nif(Nif),
}

impl Named {
    fn number(&self) -> Option<u32> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Nif(_) => None,
        }
    }

    fn nif(&self) -> Option<Nif> {
        match self {
            Self::Number(_) => None,
            Self::Nif(nif) => Some(nif.clone()),
        }
    }
}

/// A NIF has nine digits and a number fewer, so that either is read where the public text names the
/// other: only `brokerID` is a number always.
fn number_or_nif(name: &str, text: &str) -> Option<Named> {
    if text.len() < 9 && text.bytes().all(|b| b.is_ascii_digit()) {
        let number = text.parse::<u32>().ok()?;
        return (1..=NUMBER_MAX)
            .contains(&number)
            .then_some(Named::Number(number));
    }
    if name == BROKER_NUMBER {
        return None;
    }
    Nif::parse(text).ok().map(Named::Nif)
}

fn unique_id(text: &str) -> Option<RowId> {
    let is_hyphen = |place: usize| matches!(place, 8 | 13 | 18 | 23);
    let is_uuid = text.len() == 36
        && text.bytes().enumerate().all(|(place, b)| {
            if is_hyphen(place) {
                b == b'-'
            } else {
                b.is_ascii_hexdigit()
            }
        });
    is_uuid.then(|| RowId::new(text.to_ascii_lowercase()))
}

/// Headers that are being read.
struct Heard<'a> {
    headers: &'a HeaderMap,
    is_unreadable: bool,
    conflicts: Vec<Finding>,
}

impl Heard<'_> {
    /// What stands under any of the names, each time it does. An empty header says nothing.
    fn all<T>(&mut self, names: &[&str], read: impl Fn(&str, &str) -> Option<T>) -> Vec<T> {
        let mut values = Vec::new();
        for name in names {
            for value in self.headers.get_all(*name) {
                let text = value.to_str().map(str::trim);
                if matches!(text, Ok("")) {
                    continue;
                }
                match text.ok().and_then(|text| read(name, text)) {
                    Some(value) => values.push(value),
                    None => self.is_unreadable = true,
                }
            }
        }
        values
    }

    /// The one thing all values say.
    fn agreed<T: PartialEq>(
        &mut self,
        field: CreditField,
        mut values: impl Iterator<Item = T>,
    ) -> Option<T> {
        let first = values.next()?;
        if values.any(|other| other != first) {
            self.conflicts
                .push(Finding::new(field, CreditRule::Conflict));
        }
        Some(first)
    }

    fn one<T: PartialEq>(
        &mut self,
        field: CreditField,
        names: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let values = self.all(names, |_, text| read(text));
        self.agreed(field, values.into_iter())
    }
}

#[cfg(test)]
mod tests;
