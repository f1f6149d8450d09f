//! Telling: written in the transaction of the change it tells of.

use lintel_app::context::App;
use lintel_app::job::{JobKind, Order, enqueue_in};
use lintel_app::keys::Purpose;
use lintel_domain::id::{Instant, RowId};
use lintel_macros::boxed;
use lintel_store::callback::event::{self, NewEvent};
use lintel_store::callback::{Whose, is_active_in};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::notice::Notice;

/// Longest correlation id that is kept, in characters.
const CORRELATION_MAX_CHARS: usize = 200;

/// Something a partner is to be told of.
#[derive(Debug, Clone, Copy)]
pub struct Tell<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// Whose process or simulation it is.
    pub intermediary_id: &'a RowId,
    /// The process or simulation: what is told of one subject is told in the order it was written.
    pub subject: &'a RowId,
    /// What happened.
    pub notice: &'a Notice,
    /// The correlation id of the request that made it happen, if one did.
    pub correlation: Option<&'a str>,
}

/// An event's words, as they are kept until it is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub notice: Notice,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub correlation: Option<String>,
}

/// Notes what a partner is to be told of, in the transaction of the change, and asks for its
/// delivery. Nothing is kept when the partner has no active registration of the type.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn tell_in(app: &App, tx: &mut Tx, tell: &Tell<'_>) -> Result<(), Fault> {
    let whose = Whose {
        org_id: tell.org_id,
        intermediary_id: tell.intermediary_id,
        kind: tell.notice.kind(),
    };
    if !is_active_in(tx, &whose).await? {
        return Ok(());
    }
    let correlation = tell.correlation.map(|text| {
        let kept = text.chars().filter(|c| !c.is_control());
        kept.take(CORRELATION_MAX_CHARS).collect()
    });
    let kept = Kept {
        notice: tell.notice.clone(),
        correlation,
    };
    let kept = serde_json::to_vec(&kept)
        .map_err(|e| Fault::internal("a notice cannot be written").caused_by(e))?;
    let id = app.row_id()?;
    let payload = app
        .keys()
        .seal(Purpose::CallbackPayload, id.as_str(), &kept, app.rng())?;
    let new = NewEvent {
        id: &id,
        whose,
        subject: tell.subject,
        payload: &payload,
        at: app.now(),
    };
    event::insert_in(tx, &new).await?;
    go_on_in(app, tx, tell.org_id, tell.subject).await
}

/// Sees to it that the first event of a subject that waits has a job. Whoever calls holds the
/// subject's queue.
pub(crate) async fn go_on_in(
    app: &App,
    tx: &mut Tx,
    org_id: &RowId,
    subject: &RowId,
) -> Result<(), Fault> {
    if let Some((id, next_at)) = event::head_in(tx, org_id, subject).await? {
        let run_at = next_at.unwrap_or_else(|| app.now());
        ask_in(app, tx, org_id, &id, run_at).await?;
    }
    Ok(())
}

/// Asks for an event's delivery, unless somebody did.
pub(crate) async fn ask_in(
    app: &App,
    tx: &mut Tx,
    org_id: &RowId,
    event: &RowId,
    run_at: Instant,
) -> Result<bool, Fault> {
    let order = Order {
        kind: JobKind::CallbackDeliver,
        org_id: Some(org_id),
        key: Some(event.as_str()),
        payload: json!({ "org": org_id.as_str(), "event": event.as_str() }),
        run_at,
    };
    enqueue_in(app, tx, &order).await
}
