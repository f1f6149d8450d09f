//! How much waits for somebody: the numbers beside the links on every page.

use lintel_app::context::App;
use lintel_app::session::SignedIn;
use lintel_domain::message::TaskState;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::task::Of;
use lintel_store::{alert, task};

/// Beyond a hundred it does not matter how many, and counting them all would.
const MOST: u32 = 100;

/// How much waits for somebody, each counted to a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Open tasks the person is to do.
    pub tasks: u32,
    /// Alerts for the person that were not put away.
    pub alerts: u32,
}

/// Counts what waits for a person.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn counts(app: &App, who: &SignedIn) -> Result<Counts, Fault> {
    let mine = Of::Assignee(&who.person.id);
    let since = crate::alert::since(app.now());
    Ok(Counts {
        tasks: task::count(app.db(), mine, TaskState::Open, MOST).await?,
        alerts: alert::count(app.db(), crate::alert::looking(who), since, MOST).await?,
    })
}
