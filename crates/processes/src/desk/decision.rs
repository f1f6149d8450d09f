//! Decisions as they are kept: what one person decided, and whether a second one has to look at it.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::proposal::{DecisionOutcome, DecisionState, DeclineReason};
use lintel_domain::simulation::Request;
use lintel_offer::Calculation;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::process::StoredProcess;
use lintel_store::proposal::{
    self as store, StoredDecision, insert_decision_in, open_decision_in, settings_in,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Settings, by, waits};
use crate::process::{json_of, read_json};
use crate::proposal::issue::Terms;
use crate::transition::{note_in, touch_in};

/// What was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// The bank lends on these terms.
    Approve {
        /// The loan, without borrowers and property.
        terms: Box<Request>,
        /// What it came to when it was decided.
        calculation: Box<Calculation>,
        /// What has to be met before the contract.
        conditions: Vec<String>,
        /// Days the offer stands.
        valid_days: u32,
    },
    /// The bank does not lend.
    Decline {
        /// Why.
        reason: DeclineReason,
    },
}

impl Decided {
    /// Which way it went.
    #[must_use]
    pub const fn outcome(&self) -> DecisionOutcome {
        match self {
            Self::Approve { .. } => DecisionOutcome::Approve,
            Self::Decline { .. } => DecisionOutcome::Decline,
        }
    }

    /// An approval.
    pub(super) fn approval(of: &Terms) -> Self {
        Self::Approve {
            terms: Box::new(of.terms.clone()),
            calculation: Box::new(of.calculation.clone()),
            conditions: of.conditions.clone(),
            valid_days: of.valid_days,
        }
    }
}

/// A decision about a process.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its id.
    pub id: RowId,
    /// What was decided.
    pub decided: Decided,
    /// How it stands.
    pub state: DecisionState,
    /// Who decided.
    pub prepared_by: RowId,
    /// When.
    pub prepared_at: Instant,
    /// Who confirmed it or sent it back.
    pub closed_by: Option<RowId>,
    /// When.
    pub closed_at: Option<Instant>,
}

/// The decisions of a process, newest first.
pub(super) async fn of_process(
    app: &App,
    org_id: &RowId,
    process: &RowId,
) -> Result<Vec<Decision>, Fault> {
    let stored = store::decisions(app.db(), org_id, process).await?;
    stored.into_iter().map(opened).collect()
}

fn opened(stored: StoredDecision) -> Result<Decision, Fault> {
    let table = "process_decision";
    let state = DecisionState::parse(&stored.state);
    Ok(Decision {
        decided: read_json(&stored.terms, (table, "terms", &stored.id))?,
        state: state.ok_or_else(|| Fault::corrupt(table, "state", stored.id.as_str()))?,
        prepared_by: stored.prepared_by,
        prepared_at: stored.prepared_at,
        closed_by: stored.closed_by,
        closed_at: stored.closed_at,
        id: stored.id,
    })
}

/// How a decision that was just made goes on.
pub(super) enum Next {
    /// It waits for a second person; the process only notes it.
    Waits,
    /// It takes effect in this transaction.
    Now,
}

/// Writes a decision about a process that is locked. None is made while another waits.
pub(super) async fn decide_in(
    app: &App,
    tx: &mut Tx,
    (head, who): (&mut StoredProcess, &SignedIn),
    decided: &Decided,
) -> Result<Next, AppError> {
    if open_decision_in(tx, &head.org_id, &head.id)
        .await?
        .is_some()
    {
        return Err(waits());
    }
    let settings: Settings = match settings_in(tx, &head.org_id).await? {
        Some(text) => read_json(&text, ("bank_settings", "settings", &head.org_id))?,
        None => Settings::default(),
    };
    let now = app.now();
    let closed = !settings.four_eyes;
    let state = if closed {
        DecisionState::Confirmed
    } else {
        DecisionState::Open
    };
    let stored = StoredDecision {
        id: app.row_id()?,
        process_id: head.id.clone(),
        outcome: decided.outcome().as_str().to_owned(),
        state: state.as_str().to_owned(),
        terms: json_of(decided)?,
        prepared_by: who.person.id.clone(),
        prepared_at: now,
        closed_by: closed.then(|| who.person.id.clone()),
        closed_at: closed.then_some(now),
    };
    insert_decision_in(tx, &head.org_id, &stored).await?;
    if closed {
        return Ok(Next::Now);
    }
    let body = json!({ "decision": stored.id.as_str(), "outcome": decided.outcome() });
    note_in(
        app,
        tx,
        (head, &by(who)),
        EventKind::DecisionPrepared,
        &body,
    )
    .await?;
    touch_in(app, tx, head).await?;
    Ok(Next::Waits)
}
