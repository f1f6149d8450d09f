//! One process in full, as the bank looks at it.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_domain::id::RowId;
use lintel_domain::permission::Permission;
use lintel_domain::proposal::DecisionState;
use lintel_macros::boxed;
use lintel_simulations::history::{self, StatusChange};
use lintel_simulations::thread::{self, ThreadMessage};
use lintel_store::proposal::StoredProposal;

use super::decision::{Decision, of_process};
use super::queue::Names;
use super::{Settings, enter, handed_over, settings};
use crate::process::{Process, load};
use crate::proposal;

/// Messages shown at once.
const MESSAGES: u32 = 100;

/// A process as the bank looks at it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The process with everything below it.
    pub process: Process,
    /// Whose it is.
    pub intermediary: String,
    /// Who took it on.
    pub analyst: Option<String>,
    /// Its history, oldest first.
    pub history: Vec<StatusChange>,
    /// The newest messages, newest first.
    pub messages: Vec<ThreadMessage>,
    /// Its proposals, newest first, each as it reads now.
    pub proposals: Vec<StoredProposal>,
    /// The decisions about it, newest first, each with the name of who made it and of who closed it.
    pub decisions: Vec<(Decision, String, Option<String>)>,
    /// How the bank decides.
    pub settings: Settings,
}

impl Case {
    /// The decision that waits for a second person, with the name of who made it.
    #[must_use]
    pub fn waiting(&self) -> Option<(&Decision, &str)> {
        if self.process.head.status.is_final() {
            return None;
        }
        let mut all = self.decisions.iter();
        let open = all.find(|(decision, ..)| decision.state == DecisionState::Open);
        open.map(|(decision, name, _)| (decision, name.as_str()))
    }
}

/// A process that was handed over.
///
/// # Errors
/// Not found; denied; any fault.
#[boxed]
pub async fn look(app: &App, who: &SignedIn, id: &RowId) -> Result<Case, AppError> {
    let whose = enter(who, Permission::SeeProcesses)?;
    let org_id = whose.org_id;
    let mut process = load(app, whose, id).await?;
    process.head = handed_over(process.head)?;
    let mut names = Names::default();
    let analyst = match &process.head.analyst_id {
        Some(id) => Some(names.person(app, org_id, id).await?),
        None => None,
    };
    let mut decisions = Vec::new();
    for decision in of_process(app, org_id, id).await? {
        let by = names.person(app, org_id, &decision.prepared_by).await?;
        let closed = match &decision.closed_by {
            Some(id) => Some(names.person(app, org_id, id).await?),
            None => None,
        };
        decisions.push((decision, by, closed));
    }
    let owner = &process.head.intermediary_id;
    Ok(Case {
        intermediary: names.intermediary(app, org_id, owner).await?,
        analyst,
        history: history::of(app, org_id, id).await?,
        messages: thread::page(app, org_id, id, 1, MESSAGES).await?.messages,
        proposals: proposal::of_process(app, org_id, id).await?,
        decisions,
        settings: settings(app, org_id).await?,
        process,
    })
}
