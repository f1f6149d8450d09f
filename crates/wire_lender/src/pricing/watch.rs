//! `POST /rate-watch`: a consumer subscribes to rates, or ends that.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::auth::Principal;
use lintel_app::error::AppError;
use lintel_app::message::is_one_line;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::staff::Timezone;
use lintel_domain::watch::{Frequency, WatchDuration, WatchKind};
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::sheet::MAX_NOTE_RATE;
use lintel_watch::{
    Asked, MAX_PRODUCTS, RateWatch, SubscribeError, Subscription, is_allowed, subscribe,
    unsubscribe,
};
use serde_json::Value;

use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::{Reader, parse_pct};
use crate::refusal::lender_error;
use crate::tree::Node;

/// Longest name of a person or product.
const NAME_MAX: usize = 100;
/// Longest phone number as written.
const PHONE_MAX: usize = 40;
/// Longest id of a search, and token, that is looked at.
const ID_MAX: usize = 100;

#[derive(Clone, Copy)]
enum Action {
    Subscribe,
    Unsubscribe,
}

/// The samples' spelling, and that of the table of parameters.
const ACTIONS: &[(&str, Action)] = &[
    ("subscribe", Action::Subscribe),
    ("subcribe", Action::Subscribe),
    ("unsubscribe", Action::Unsubscribe),
    ("unsubcribe", Action::Unsubscribe),
];

const TYPES: &[(&str, WatchKind)] = &[
    (kind(WatchKind::Regular), WatchKind::Regular),
    (kind(WatchKind::RateTarget), WatchKind::RateTarget),
];

const fn kind(kind: WatchKind) -> &'static str {
    match kind {
        WatchKind::Regular => "REGULAR",
        WatchKind::RateTarget => "RATE_TARGET",
    }
}

const FREQUENCIES: &[(&str, Frequency)] = &[
    (frequency(Frequency::Daily), Frequency::Daily),
    (frequency(Frequency::Weekly), Frequency::Weekly),
    (frequency(Frequency::Monthly), Frequency::Monthly),
];

const fn frequency(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Daily => "DAILY",
        Frequency::Weekly => "WEEKLY",
        Frequency::Monthly => "MONTHLY",
    }
}

const DURATIONS: &[(&str, WatchDuration)] = &[
    ("ONE_WEEK", WatchDuration::OneWeek),
    ("ONE_MONTH", WatchDuration::OneMonth),
    ("THREE_MONTHS", WatchDuration::ThreeMonths),
    ("SIX_MONTHS", WatchDuration::SixMonths),
    ("UNTIL_CANCEL", WatchDuration::UntilCancel),
];

/// A rate target names no duration in the text's sample, and its answer ends 180 days after its date.
const OF_TARGETS: WatchDuration = WatchDuration::SixMonths;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let data = Reader::new(&data);
    let watch = match data.req_enum("action", ACTIONS)? {
        Action::Subscribe => begin(&face, &principal, &data).await?,
        Action::Unsubscribe => {
            let token = data.req_text("token", ID_MAX)?;
            let ended = unsubscribe(&face.app, &principal, &token).await;
            ended.map_err(|error| not_ended(&error))?
        }
    };
    Ok(Node::object([
        ("status", Node::from("success")),
        ("rateWatch", render(watch)),
    ]))
}

async fn begin(
    face: &Face,
    principal: &Principal,
    data: &Reader<'_>,
) -> Result<RateWatch, LenderError> {
    let allowed = is_allowed(&face.app, &principal.org).await;
    if !allowed.map_err(|fault| lender_error(&fault.into()))? {
        return Err(not_allowed());
    }
    let asked = read(data)?;
    subscribe(&face.app, principal, &asked)
        .await
        .map_err(|error| match error {
            SubscribeError::NotAllowed => not_allowed(),
            SubscribeError::Other(AppError::Refused(Refusal::NotFound { what: Noun::Search })) => {
                LenderError::new(501, "Parameter searchID not found.").at("searchID")
            }
            SubscribeError::Other(other) => lender_error(&other),
        })
}

fn not_allowed() -> LenderError {
    LenderError::new(400, "Your lender does not allow to register Rate Watch.")
}

fn not_ended(error: &AppError) -> LenderError {
    match error {
        AppError::Refused(Refusal::NotFound {
            what: Noun::RateWatch,
        }) => {
            let message = "Parameter token not found (action = unsubscribe).";
            LenderError::new(501, message).at("token")
        }
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => lender_error(error),
    }
}

fn read(data: &Reader<'_>) -> Result<Subscription, LenderError> {
    let search_id = data.req_text("searchID", ID_MAX)?;
    let first_name = name(data, "firstName")?;
    let last_name = name(data, "lastName")?;
    let email = data.opt_email("email").ok().flatten();
    let email = email.ok_or_else(|| LenderError::missing("email"))?;
    // Checked as digits, answered as sent.
    data.opt_phone("phone")?;
    let phone = data.opt_text("phone", PHONE_MAX)?;
    let (asked, duration) = match data.req_enum("type", TYPES)? {
        WatchKind::Regular => {
            let frequency = data.req_enum("frequency", FREQUENCIES)?;
            let duration = data.req_enum("duration", DURATIONS)?;
            let names = names(data)?;
            (Asked::Regular { frequency, names }, duration)
        }
        WatchKind::RateTarget => {
            let duration = data.opt_enum("duration", DURATIONS)?;
            (
                Asked::Targets(targets(data)?),
                duration.unwrap_or(OF_TARGETS),
            )
        }
    };
    let timezone = match data.opt_text("timezone", NAME_MAX)? {
        Some(name) => {
            let zone = Timezone::parse(&name);
            Some(zone.ok_or_else(|| LenderError::invalid("timezone"))?)
        }
        None => None,
    };
    Ok(Subscription {
        search_id,
        first_name,
        last_name,
        email,
        phone,
        asked,
        duration,
        timezone,
    })
}

/// A name on one line.
fn name(reader: &Reader<'_>, member: &str) -> Result<String, LenderError> {
    let text = reader.req_text(member, NAME_MAX)?;
    if is_one_line(&text) {
        Ok(text)
    } else {
        Err(LenderError::missing(&reader.path(member)))
    }
}

fn names(data: &Reader<'_>) -> Result<Vec<String>, LenderError> {
    const LIST: &str = "productNames";
    let list = data.value(LIST).and_then(Value::as_array);
    let list = list.filter(|list| (1..=MAX_PRODUCTS).contains(&list.len()));
    let list = list.ok_or_else(|| LenderError::missing(LIST))?;
    let read = list.iter().enumerate().map(|(place, item)| {
        let text = item.as_str().map(str::trim);
        let fits =
            |text: &&str| !text.is_empty() && text.chars().count() <= NAME_MAX && is_one_line(text);
        let text = text.filter(fits).map(str::to_owned);
        text.ok_or_else(|| LenderError::missing(&format!("{LIST}[{place}]")))
    });
    read.collect()
}

fn targets(data: &Reader<'_>) -> Result<Vec<(String, Pct)>, LenderError> {
    const LIST: &str = "rateTargets";
    let list = data.list(LIST, MAX_PRODUCTS)?;
    if list.is_empty() {
        return Err(LenderError::missing(LIST));
    }
    let read = list.iter().map(|target| {
        let product = name(target, "productName")?;
        let rate = target.value("desiredRate").and_then(rate);
        let rate = rate.ok_or_else(|| LenderError::missing(&target.path("desiredRate")))?;
        Ok((product, rate))
    });
    read.collect()
}

/// `"4%"`, `"3.50 %"`, `"4"` or `4.0`: above nothing, and no more than a note rate may be.
fn rate(value: &Value) -> Option<Pct> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let number = text.strip_suffix('%').unwrap_or(&text);
    parse_pct(number.trim_end()).filter(|rate| *rate > Pct::ZERO && *rate <= MAX_NOTE_RATE)
}

fn render(watch: RateWatch) -> Node {
    let RateWatch {
        first_name,
        last_name,
        email,
        phone,
        kind: of,
        frequency: often,
        expires_at,
        created_at,
        token,
    } = watch;
    let expiration = expires_at.map_or(Node::Null, |at| Node::from(at.seconds()));
    Node::object([
        ("firstName", Node::from(first_name)),
        ("lastName", Node::from(last_name)),
        ("email", Node::from(email)),
        ("phone", phone.map_or(Node::Null, Node::from)),
        ("type", Node::from(kind(of))),
        ("frequency", Node::from(frequency(often))),
        ("expiration", expiration),
        ("date", Node::from(created_at.seconds())),
        ("unsubscribeToken", Node::from(token)),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rates_as_people_write_them() {
        for (sent, thousandths) in [
            (json!("4%"), Some(4000)),
            (json!("3.50%"), Some(3500)),
            (json!(" 3.125 % "), Some(3125)),
            (json!("4"), Some(4000)),
            (json!(4), Some(4000)),
            (json!(4.0), Some(4000)),
            (json!("25"), Some(25_000)),
            (json!("25.001"), None),
            (json!("0"), None),
            (json!("0%"), None),
            (json!("-4%"), None),
            (json!("4%%"), None),
            (json!("%"), None),
            (json!("%4"), None),
            (json!("four"), None),
            (json!("4e0"), None),
            (json!("4,5"), None),
            (json!(1e300), None),
            (json!(true), None),
            (json!(["4%"]), None),
            (Value::Null, None),
        ] {
            let expected = thousandths.map(|n: i64| Pct::new(n * 1_000_000));
            assert_eq!(rate(&sent), expected, "{sent}");
        }
    }
}
