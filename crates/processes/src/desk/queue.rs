//! The bank's queue: processes that were handed over, those that wait longest first.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::permission::Permission;
use lintel_domain::process::ProcessStatus;
use lintel_macros::boxed;
use lintel_simulations::search;
use lintel_store::fault::Fault;
use lintel_store::process::{
    QueueFilter as StoredFilter, StoredProcess, borrowers, queue as rows, queue_count,
};
use lintel_store::proposal::intermediary_name;
use lintel_store::staff;

use super::enter;
use crate::process::{open_borrower, terms_of};

/// Processes on one page.
pub const PAGE: u32 = 25;
/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;
/// Furthest page: beyond it there is nothing anybody looks for.
const LAST_PAGE: u32 = 100_000;

/// What somebody looks for.
#[derive(Debug, Clone)]
pub struct QueueFilter {
    /// Standing so.
    pub status: ProcessStatus,
    /// Taken on by whoever asks.
    pub mine: bool,
    /// In a borrower's name, as a NIF, or in the branch's name; more than
    /// [`search::TEXT_MAX_CHARS`] are cut off.
    pub text: String,
    /// Handed over so many days ago or longer; zero for any.
    pub days: u32,
    /// The page, from 1.
    pub page: u32,
}

/// A process of the queue.
#[derive(Debug, Clone)]
pub struct QueueLine {
    /// Its head.
    pub head: StoredProcess,
    /// Name of the key borrower.
    pub borrower: String,
    /// Amount asked for.
    pub amount: Option<lintel_engine::Cents>,
    /// Whose it is.
    pub intermediary: String,
    /// Who took it on.
    pub analyst: Option<String>,
    /// Whole days since it was handed over.
    pub days: i64,
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct Queue {
    /// The processes.
    pub lines: Vec<QueueLine>,
    /// How many the filter finds.
    pub total: u64,
    /// How many there are in each state, whoever has them.
    pub counts: Vec<(ProcessStatus, u64)>,
}

/// States the bank looks at, in the order of the work.
const STATES: [ProcessStatus; 7] = [
    ProcessStatus::Submitted,
    ProcessStatus::InAnalysis,
    ProcessStatus::PendingInformation,
    ProcessStatus::Approved,
    ProcessStatus::Contracted,
    ProcessStatus::Declined,
    ProcessStatus::Cancelled,
];

/// A page of the queue.
///
/// # Errors
/// Not found outside banks; denied; any fault.
#[boxed]
pub async fn queue(app: &App, who: &SignedIn, filter: &QueueFilter) -> Result<Queue, AppError> {
    let org_id = enter(who, Permission::SeeProcesses)?.org_id;
    let text: String = filter.text.chars().take(search::TEXT_MAX_CHARS).collect();
    let like = search::pattern(&text);
    let hash = search::nif_hash(app, text.trim())?.unwrap_or_default();
    let age = i64::from(filter.days).saturating_mul(DAY_SECONDS);
    let before = (filter.days > 0).then(|| app.now().plus_seconds(-age));
    let stored = StoredFilter {
        org_id,
        status: filter.status,
        analyst_id: filter.mine.then_some(&who.person.id),
        text: (!like.is_empty()).then_some((like.as_str(), hash.as_slice())),
        submitted_before: before,
    };
    let page = filter.page.clamp(1, LAST_PAGE);
    let offset = page.saturating_sub(1).saturating_mul(PAGE);
    let mut names = Names::default();
    let mut lines = Vec::new();
    for head in rows(app.db(), &stored, offset, PAGE).await? {
        lines.push(line(app, head, &mut names).await?);
    }
    let mut counts = Vec::new();
    for status in STATES {
        let all = StoredFilter {
            org_id,
            status,
            analyst_id: None,
            text: None,
            submitted_before: None,
        };
        counts.push((status, queue_count(app.db(), &all).await?));
    }
    Ok(Queue {
        lines,
        total: queue_count(app.db(), &stored).await?,
        counts,
    })
}

async fn line(app: &App, head: StoredProcess, names: &mut Names) -> Result<QueueLine, AppError> {
    let all = borrowers(app.db(), &head.org_id, &head.id).await?;
    let key = all.into_iter().find(|borrower| borrower.is_key);
    let key = key.map(|stored| open_borrower(app, stored)).transpose()?;
    let analyst = match &head.analyst_id {
        Some(id) => Some(names.person(app, &head.org_id, id).await?),
        None => None,
    };
    Ok(QueueLine {
        borrower: key.and_then(|key| key.facts.name).unwrap_or_default(),
        amount: terms_of(&head)?.amount,
        intermediary: names
            .intermediary(app, &head.org_id, &head.intermediary_id)
            .await?,
        analyst,
        days: days_since(app, head.submitted_at),
        head,
    })
}

fn days_since(app: &App, at: Option<Instant>) -> i64 {
    at.map_or(0, |at| {
        let seconds = app.now().seconds().saturating_sub(at.seconds());
        seconds.max(0) / DAY_SECONDS
    })
}

/// Names that were looked up already.
#[derive(Default)]
pub(super) struct Names {
    known: Vec<(RowId, String)>,
}

impl Names {
    fn find(&self, id: &RowId) -> Option<String> {
        let mut known = self.known.iter();
        known.find(|(of, _)| of == id).map(|(_, name)| name.clone())
    }

    /// The name of somebody at the bank; empty for somebody who is gone.
    #[boxed]
    pub async fn person(&mut self, app: &App, org: &RowId, id: &RowId) -> Result<String, Fault> {
        if let Some(name) = self.find(id) {
            return Ok(name);
        }
        let person = staff::load_by_id(app.db(), org, id).await?;
        let name = person.map(|p| p.display_name()).unwrap_or_default();
        self.known.push((id.clone(), name.clone()));
        Ok(name)
    }

    /// The name of an intermediary.
    #[boxed]
    pub async fn intermediary(
        &mut self,
        app: &App,
        org: &RowId,
        id: &RowId,
    ) -> Result<String, Fault> {
        if let Some(name) = self.find(id) {
            return Ok(name);
        }
        let name = intermediary_name(app.db(), org, id).await?;
        let name = name.unwrap_or_default();
        self.known.push((id.clone(), name.clone()));
        Ok(name)
    }
}
