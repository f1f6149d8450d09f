//! Requests that carry an `Idempotency-Key` are answered once and told again for a day.
//!
//! The key is claimed before the endpoint is reached and the finished answer kept, sealed, afterwards:
//! two writes beside the use case's own. Claim, use case and answer are the work of a task of its own, so
//! that a caller who hangs up, or waits longer than a request may take, finds the answer when it asks
//! again. A node that dies between the two writes leaves the key claimed; once the longest request is
//! over the next one takes it and runs the use case again. What is created twice in that window is the
//! price of a layer that no use case has to know of; commands that change a state answer a second time
//! as they did the first.

mod kept;

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use lintel_app::error::Fault;
use lintel_app::keys::Purpose;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_edge::body::Loaded;
use lintel_store::idempotency::{self as store, Key, Standing, When};
use tokio::task::JoinHandle;
use tracing::Instrument as _;

use crate::call::{Face, Session};
use crate::correlation::Correlation;
use crate::dress::worded;
use crate::language::Language;
use crate::problem::Problem;
use crate::read::Early;
use kept::{ANSWER_MAX_BYTES, opened, packed};

/// The header that carries a key.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Most characters of a key.
const LONGEST: usize = 255;
/// Seconds beyond the longest request after which a claim is taken to have died.
const MARGIN_S: i64 = 30;
/// How much longer than a request the work of one may take: its end is well before its claim is another's.
const GRACE: Duration = Duration::from_secs(15);
/// How often and how long apart it is looked whether the same request has been answered.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(150);

/// A key of somebody, with the request it came with.
struct Owned {
    session: Session,
    key_hash: Vec<u8>,
    request_hash: Vec<u8>,
}

impl Owned {
    fn key(&self) -> Key<'_> {
        Key {
            org_id: &self.session.partner.org_id,
            principal_id: &self.session.partner.user_id,
            key_hash: &self.key_hash,
            request_hash: &self.request_hash,
        }
    }

    /// Names the row an answer is sealed for.
    fn row(&self) -> String {
        let hash: String = self.key_hash.iter().map(|b| format!("{b:02x}")).collect();
        format!("{}/{hash}", self.session.partner.user_id)
    }
}

/// Answers a `POST`: as before, when it carries a key that was answered.
pub(crate) async fn answered(face: &Face, request: Request, next: Next) -> Response {
    match key_of(request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => match keyed(face, request, next, &key).await {
            Ok(response) => response,
            Err(problem) => problem.into_response(),
        },
        Err(problem) => problem.into_response(),
    }
}

/// The key, when there is one: visible ASCII of bounded length, once.
fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let wrong = |rule| {
        Err(Problem::found(Finding::new(
            CreditField::IdempotencyKey,
            rule,
        )))
    };
    let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(key) = given.next() else {
        return Ok(None);
    };
    if given.next().is_some() {
        return wrong(CreditRule::Duplicate);
    }
    let text = key.to_str().map(str::trim).unwrap_or_default();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return wrong(CreditRule::Malformed);
    }
    if text.len() > LONGEST {
        let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        return wrong(CreditRule::TooLong(Bound::Count(most)));
    }
    Ok(Some(text.to_owned()))
}

async fn keyed(face: &Face, request: Request, next: Next, key: &str) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let session = parts.extensions.get::<Session>().cloned();
    let session = session.ok_or_else(Problem::no_session)?;
    let whole = Request::from_parts(parts.clone(), body);
    let loaded = face.gate.bytes(whole).await?;
    let owned = hashed(face, &parts, &loaded.bytes, session, key)?;
    let place = Arc::clone(&face.apart).try_acquire_owned();
    let place = place.map_err(|_| Problem::busy())?;
    let longest = face.longest.saturating_add(GRACE);
    let work = worked(face.clone(), owned, (parts, loaded), next);
    let task = start(async move {
        let _place = place;
        tokio::time::timeout(longest, work).await
    });
    match task.await {
        Ok(Ok(Ok(answer))) => answer,
        // A panic is the guard's to answer and to count, wherever it happened.
        Ok(Ok(Err(panic))) => resume_unwind(panic),
        Ok(Err(_)) => Err(Problem::timed_out()),
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The process is stopping.
            Err(_) => Err(Problem::busy()),
        },
    }
}

/// Starts work that its caller only waits for.
#[expect(
    clippy::disallowed_methods,
    reason = "the work has a longest time and a place among so many; a caller that hangs up must not part a change from its answer"
)]
fn start<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    tokio::spawn(work.in_current_span())
}

/// What a request with a key comes to; the error is a panic of the endpoint.
type Worked = Result<Result<Response, Problem>, Box<dyn Any + Send>>;

/// Answers a request as before, or has it worked on and keeps the answer.
async fn worked(
    face: Face,
    owned: Owned,
    (mut parts, loaded): (Parts, Loaded),
    next: Next,
) -> Worked {
    let claimed_at = match claimed(&face, &owned).await {
        Ok(Claim::Ours(at)) => at,
        Ok(Claim::Told(answer)) => return Ok(Ok(answer)),
        Err(problem) => return Ok(Err(problem)),
    };
    let language = parts.extensions.get::<Language>().copied();
    let correlation = parts.extensions.get::<Correlation>().cloned();
    parts.extensions.insert(Early::new(loaded));
    let run = next.run(Request::from_parts(parts, Body::empty()));
    // What the endpoint holds is dropped with it; what it shares is behind locks that poison.
    let response = match AssertUnwindSafe(run).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            freed(&face, &owned, claimed_at).await;
            return Err(panic);
        }
    };
    let response = match correlation {
        Some(correlation) => worded(response, language.unwrap_or_default(), &correlation),
        None => response,
    };
    Ok(Ok(settled(&face, &owned, claimed_at, response).await))
}

/// Whose a key is.
enum Claim {
    /// This request's, since then.
    Ours(Instant),
    /// An earlier request's, and this was its answer.
    Told(Response),
}

async fn claimed(face: &Face, owned: &Owned) -> Result<Claim, Problem> {
    let mut looks = 0;
    loop {
        let now = face.app.now();
        match claim(face, owned, now).await? {
            Standing::Claimed => return Ok(Claim::Ours(now)),
            Standing::Answered { status, sealed } => {
                let sealed = unsealed(face, owned, &sealed)?;
                let mut response = opened(status, &sealed).ok_or_else(Problem::internal)?;
                let replayed = HeaderValue::from_static("true");
                response.headers_mut().insert(REPLAYED, replayed);
                return Ok(Claim::Told(response));
            }
            Standing::OtherRequest => return Err(Problem::other_request()),
            Standing::UnderWay if looks == LOOKS => return Err(Problem::under_way()),
            Standing::UnderWay => {
                looks += 1;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// The hashes a key is kept under. Body and address enter apart, so that no two requests look alike.
fn hashed(
    face: &Face,
    parts: &Parts,
    body: &[u8],
    session: Session,
    key: &str,
) -> Result<Owned, Problem> {
    let keys = face.app.keys();
    let mac = |message: &[u8]| keys.stable_mac(Purpose::IdempotencyAnswer, message);
    let place = parts.uri.path_and_query().map_or("", |p| p.as_str());
    let mut message = format!("request {} {place}\n", parts.method).into_bytes();
    message.extend(mac(body)?);
    Ok(Owned {
        key_hash: mac(format!("key {key}").as_bytes())?,
        request_hash: mac(&message)?,
        session,
    })
}

async fn claim(face: &Face, owned: &Owned, now: Instant) -> Result<Standing, Fault> {
    let longest = i64::try_from(face.longest.as_secs()).unwrap_or(DAY_SECONDS);
    let when = When {
        now,
        forgotten: now.plus_seconds(-DAY_SECONDS),
        abandoned: now.plus_seconds(-longest.saturating_add(MARGIN_S)),
    };
    let mut tx = face.app.db().begin().await?;
    let standing = store::claim_in(&mut tx, owned.key(), when).await?;
    tx.commit().await?;
    Ok(standing)
}

fn unsealed(face: &Face, owned: &Owned, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
    let purpose = Purpose::IdempotencyAnswer;
    face.app.keys().unseal(purpose, &owned.row(), sealed)
}

/// Keeps an answer that is final, and frees the key of any other: our faults, and what may go through
/// when it is tried again.
async fn settled(face: &Face, owned: &Owned, claimed_at: Instant, response: Response) -> Response {
    let status = response.status().as_u16();
    let is_final = status < 500 && !matches!(status, 408 | 429);
    let size = response.body().size_hint().exact();
    if !is_final || size.is_none_or(|size| size > ANSWER_MAX_BYTES) {
        freed(face, owned, claimed_at).await;
        return response;
    }
    let (head, body) = response.into_parts();
    let most = usize::try_from(ANSWER_MAX_BYTES).unwrap_or(usize::MAX);
    let Ok(bytes) = to_bytes(body, most).await else {
        return Problem::internal().into_response();
    };
    if let Err(fault) = keep(
        face,
        owned,
        claimed_at,
        status,
        &packed(&head.headers, &bytes),
    )
    .await
    {
        // The change is made and its caller is told; the same request would be worked on again.
        tracing::error!(error = %fault.chain(), "an answer was not kept for its idempotency key");
    }
    Response::from_parts(head, Body::from(bytes))
}

async fn freed(face: &Face, owned: &Owned, claimed_at: Instant) {
    if let Err(fault) = store::free(face.app.db(), owned.key(), claimed_at).await {
        tracing::error!(error = %fault.chain(), "an idempotency key was not freed");
    }
}

async fn keep(
    face: &Face,
    owned: &Owned,
    claimed_at: Instant,
    status: u16,
    packed: &[u8],
) -> Result<(), Fault> {
    let app = &face.app;
    let purpose = Purpose::IdempotencyAnswer;
    let sealed = app.keys().seal(purpose, &owned.row(), packed, app.rng())?;
    store::keep(app.db(), owned.key(), claimed_at, status, sealed).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
