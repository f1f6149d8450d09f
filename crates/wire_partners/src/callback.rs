//! Callbacks: where a partner is told of what. The documented form of the paths and ours, with
//! `/partners` before it, are the same.

mod delivery;
mod echo;
mod render;
mod shape;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, post, put};
use lintel_callbacks::{self as callbacks, Office, Registration, Wanted};
use lintel_domain::callback::NotificationType;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_edge::one::one;
use lintel_taxonomy::List;

use crate::answer::Answer;
use crate::call::{Call, Face};
use crate::names::{notification_type, notification_type_id};
use crate::page::Window;
use crate::problem::Problem;
use crate::read::{Body, Found, Given, Obj};
use crate::routes::Routes;
use crate::write::{Object, Value, list};

pub(crate) use render::Words;

/// Longest secret that is looked at, in characters: the base64 of 64 bytes, and its prefix.
const SECRET_MAX_CHARS: usize = 200;

/// Mounted by the crate's router.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .at("/partners/{partnerUniqueID}/callbacks", get(one(page)))
        .at("/{partnerUniqueID}/callbacks", get(one(page)))
        .at(
            "/partners/{partnerUniqueID}/callbacks/{notificationType}",
            put(one(update)).delete(one(remove)),
        )
        .at(
            "/{partnerUniqueID}/callbacks/{notificationType}",
            put(one(update)).delete(one(remove)),
        )
        .at("/partners/{partnerUniqueID}/callbacks/echo", post(one(echo::send)))
        .at("/{partnerUniqueID}/callbacks/echo", post(one(echo::send)))
        .at(
            "/partners/{partnerUniqueID}/callbacks/{notificationType}/deliveries",
            get(one(delivery::page)),
        )
        .at(
            "/{partnerUniqueID}/callbacks/{notificationType}/deliveries",
            get(one(delivery::page)),
        )
        .at(
            "/partners/{partnerUniqueID}/callbacks/{notificationType}/deliveries/{deliveryUniqueID}/replay",
            post(one(delivery::replay)),
        )
        .at(
            "/{partnerUniqueID}/callbacks/{notificationType}/deliveries/{deliveryUniqueID}/replay",
            post(one(delivery::replay)),
        )
}

/// What delivers callbacks; a request extension, put there by [`crate::with_callbacks`].
pub(crate) struct Desk(pub Office);

impl FromRequestParts<Face> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _face: &Face) -> Result<Self, Problem> {
        let office = parts.extensions.get::<Office>().cloned();
        office.map(Self).ok_or_else(Problem::internal)
    }
}

/// Callbacks are each intermediary's own: any other id is as unknown as one nobody has.
fn own(call: &Call) -> Result<(), Problem> {
    let is_own = call.id("partnerUniqueID")? == call.partner.intermediary_id;
    is_own.then_some(()).ok_or_else(Problem::not_found)
}

fn kind(call: &Call) -> Option<NotificationType> {
    call.number("notificationType").and_then(notification_type)
}

async fn page(call: Call) -> Result<Answer, Problem> {
    own(&call)?;
    let (window, with_inactive) = asked(&call)?;
    let all = callbacks::list(&call.app, &call.partner).await?;
    let is_shown = |one: &&Registration| one.is_active || with_inactive;
    let shown: Vec<&Registration> = all.iter().filter(is_shown).collect();
    let (offset, limit) = (place(window.offset), place(window.limit));
    let page = shown.iter().skip(offset).take(limit);
    let page: Vec<Value> = page.map(|one| registration(&call, one).done()).collect();
    let body = Object::new()
        .with("totalCount", shown.len())
        .with("count", page.len())
        .with("offset", window.offset)
        .with("limit", window.limit)
        .with("callbacks", list(page));
    Ok(Answer::ok(body))
}

/// Which part of the list, and whether with those that are off.
fn asked(call: &Call) -> Result<(Window, bool), Problem> {
    let found = Found::new();
    let query = call.query().object(&found);
    let window = Window::read(&query);
    let with_inactive = query.flag("includeInactive", CreditField::Query).value();
    found.refuse()?;
    Ok((window, with_inactive.unwrap_or_default()))
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

async fn update(call: Call, Desk(office): Desk, body: Body) -> Result<Answer, Problem> {
    own(&call)?;
    let kind = kind(&call).ok_or_else(|| {
        let finding = Finding::new(CreditField::NotificationType, CreditRule::Unknown);
        Problem::found(finding)
    })?;
    let (wanted, found) = wanted(&body)?;
    let (app, partner) = (&call.app, &call.partner);
    let registered = callbacks::register(app, &office, partner, kind, wanted, found).await?;
    let shown = registration(&call, &registered.registration)
        .with_some("secret", registered.drawn.map(|secret| secret.expose()));
    if !registered.is_new {
        return Ok(Answer::ok(shown));
    }
    let (partner, kind) = (&partner.intermediary_id, notification_type_id(kind));
    let location = format!("/partners/{partner}/callbacks/{kind}");
    Ok(Answer::created(shown).location(location))
}

/// What is asked for, and what is wrong with it so far.
fn wanted(body: &Body) -> Result<(Wanted, Vec<Finding>), Problem> {
    let found = Found::new();
    let sent = body.object(&found)?;
    let longest = callbacks::URL_MAX_LEN;
    let wanted = Wanted {
        url: stated(&sent, "callbackUrl", CreditField::CallbackUrl, longest),
        secret: stated(
            &sent,
            "secret",
            CreditField::CallbackSecret,
            SECRET_MAX_CHARS,
        ),
        is_active: sent.flag("isActive", CreditField::CallbackActive).value(),
    };
    Ok((wanted, found.take()))
}

/// A text; there and empty is wrong, and not the same as not there.
fn stated(sent: &Obj<'_>, name: &str, field: CreditField, most: usize) -> Option<String> {
    match sent.text_line(name, field, most) {
        Given::Value(text) => Some(text),
        Given::Null => {
            let is_text = sent
                .raw(name)
                .is_some_and(|node| *node != crate::json::Node::Null);
            if is_text {
                sent.note(field, CreditRule::Malformed);
            }
            None
        }
        Given::Absent => None,
    }
}

async fn remove(call: Call) -> Result<Answer, Problem> {
    own(&call)?;
    let kind = kind(&call).ok_or_else(Problem::not_found)?;
    callbacks::remove(&call.app, &call.partner, kind).await?;
    Ok(Answer::empty())
}

fn registration(call: &Call, one: &Registration) -> Object {
    let id = notification_type_id(one.kind);
    Object::new()
        .with("notificationTypeID", id)
        .with(
            "notificationTypeDescription",
            call.describe(List::NotificationTypes, id),
        )
        .with("callbackUrl", &one.url)
        .with("isActive", one.is_active)
        .with("inactiveReason", one.off_reason.map(|why| why.as_str()))
        .with("failingSince", one.failing_since)
        .with("createdAt", one.created_at)
        .with("updatedAt", one.updated_at)
}
