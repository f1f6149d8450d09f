//! Echo: one real delivery now, with the caller's own words.

use lintel_callbacks::{self as callbacks, About, Echoed};
use lintel_domain::callback::NotificationType;
use lintel_domain::finding::{CreditField, CreditRule};
use serde_json::{Map, Value as Json};

use super::{Desk, own, shape};
use crate::answer::Answer;
use crate::call::Call;
use crate::json::{self, Node};
use crate::names::{notification_type, notification_type_id};
use crate::problem::Problem;
use crate::read::{Body, Found, Given, Obj};
use crate::write::{Object, Value};

/// Most values of a `rawBody` that is sent as text.
const NODES_MAX: usize = 200;

pub(super) async fn send(call: Call, Desk(office): Desk, body: Body) -> Result<Answer, Problem> {
    own(&call)?;
    let (kind, about, data) = asked(&body)?;
    let echoed = callbacks::echo(&call.app, &office, &call.partner, kind, &about, &data).await?;
    Ok(Answer::ok(shown(kind, echoed)))
}

/// The type, what the echo is about, and what it says.
fn asked(body: &Body) -> Result<(NotificationType, About, Json), Problem> {
    let found = Found::new();
    let sent = body.object(&found)?;
    let kind = wanted(&sent);
    let about = about(&sent, kind);
    let data = kind.and_then(|kind| data(&sent, kind));
    found.refuse()?;
    match (kind, about, data) {
        (Some(kind), Some(about), Some(data)) => Ok((kind, about, data)),
        // Whatever is not there was noted above.
        _ => Err(Problem::internal()),
    }
}

fn wanted(sent: &Obj<'_>) -> Option<NotificationType> {
    let field = CreditField::NotificationType;
    let rule = match sent.id("notificationType", field) {
        Given::Value(id) => match notification_type(id) {
            Some(kind) => return Some(kind),
            None => CreditRule::Unknown,
        },
        Given::Null => CreditRule::Missing,
        // Absent, or something was found already.
        Given::Absent if sent.has("notificationTypeID") || sent.has("notificationTypeId") => {
            return None;
        }
        Given::Absent => CreditRule::Missing,
    };
    sent.note(field, rule);
    None
}

/// The one simulation or process, never both and never neither; of a kind the type can be about.
fn about(sent: &Obj<'_>, kind: Option<NotificationType>) -> Option<About> {
    let field = CreditField::EchoSubject;
    let simulation = sent.unique_id("simulationUnique", field);
    let process = sent.unique_id("processUnique", field);
    let names = [
        "simulationUniqueId",
        "simulationUniqueID",
        "processUniqueId",
        "processUniqueID",
    ];
    let about = match (simulation.value(), process.value()) {
        (Some(_), Some(_)) => {
            sent.note(field, CreditRule::Conflict);
            return None;
        }
        (Some(id), None) => About::Simulation(id),
        (None, Some(id)) => About::Process(id),
        (None, None) => {
            let is_given = |name: &&str| sent.raw(name).is_some_and(|node| *node != Node::Null);
            // What is given and cannot be read was noted.
            if !names.iter().any(is_given) {
                sent.note(field, CreditRule::Missing);
            }
            return None;
        }
    };
    if let Some(kind) = kind
        && !shape::may_be_about(kind, &about)
    {
        sent.note(field, CreditRule::Mismatch);
        return None;
    }
    Some(about)
}

/// The data to send: an object, or the JSON of one as a text.
fn data(sent: &Obj<'_>, kind: NotificationType) -> Option<Json> {
    let field = CreditField::EchoBody;
    let parsed;
    let node = match sent.raw("rawBody") {
        None | Some(Node::Null) => {
            sent.note(field, CreditRule::Missing);
            return None;
        }
        Some(Node::Text(text)) => {
            parsed = json::parse(text.as_bytes(), NODES_MAX).ok();
            parsed.as_ref()
        }
        Some(node) => Some(node),
    };
    let members = match node {
        Some(Node::Object(members)) if shape::fits(kind, members) => members,
        Some(_) | None => {
            sent.note(field, CreditRule::Malformed);
            return None;
        }
    };
    Some(Json::Object(plain(members)))
}

fn plain(members: &[(String, Node)]) -> Map<String, Json> {
    let value = |node: &Node| match node {
        Node::Flag(flag) => Json::Bool(*flag),
        Node::Number(digits) => digits.parse::<i64>().map_or(Json::Null, Json::from),
        Node::Text(text) => Json::String(text.clone()),
        // Nothing that fits has lists or objects in it.
        Node::Null | Node::List(_) | Node::Object(_) => Json::Null,
    };
    let members = members.iter();
    members
        .map(|(name, node)| (name.clone(), value(node)))
        .collect()
}

fn shown(kind: NotificationType, echoed: Echoed) -> Value {
    let mut headers = Map::new();
    for (name, value) in echoed.reply.headers {
        match headers.get_mut(&name) {
            // Headers that stand several times are one list (RFC 9110, 5.3).
            Some(Json::String(there)) => {
                there.push_str(", ");
                there.push_str(&value);
            }
            Some(_) | None => {
                headers.insert(name, Json::String(value));
            }
        }
    }
    Object::new()
        .with("webhookID", echoed.id)
        .with("notificationTypeID", notification_type_id(kind))
        .with("sentAt", echoed.at)
        .with("outcome", echoed.reply.outcome.as_str())
        .with("status", echoed.reply.status)
        .with("headers", Json::Object(headers))
        .with(
            "timeMs",
            u32::try_from(echoed.reply.took.as_millis()).unwrap_or(u32::MAX),
        )
        .done()
}
