//! Changing what a process says: terms, borrowers, property. All go the same way: read, change,
//! work out, then write it if nobody was faster.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::event::EventKind;
use lintel_domain::finding::{FieldGroup, Finding};
use lintel_domain::id::RowId;
use lintel_domain::process::{BorrowerFacts, ProcessCommand, ProcessSide, PropertyFacts};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::simulation::Request;
use lintel_simulations::{Caller, search};
use lintel_store::db::Tx;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::process::{
    self as store, StoredProcess, borrower_in, delete_borrower_in, insert_borrower_in, property_in,
    update_borrower_in, update_property_in,
};
use serde_json::json;

use crate::by::By;
use crate::create::{stored_borrower, whose};
use crate::process::{Borrower, Process, json_of, load, lock_in, seal};
use crate::transition::{note_in, require, touch_in};
use crate::work::{Worked, set_branch, settle_in, work};

/// How often a change is tried anew because somebody else changed the process meanwhile.
const ATTEMPTS: usize = 5;

/// What is to be written.
#[derive(Clone)]
pub(crate) enum Change {
    /// Other terms, and what was found wrong with them already.
    Terms(Request, Vec<Finding>),
    /// One borrower more, the last.
    Add(RowId, BorrowerFacts),
    /// Borrowers as they are now: one, or two when the key borrower is another one.
    Set(Vec<Borrower>),
    /// One borrower less.
    Remove(RowId),
    /// The property as it is now.
    Property(PropertyFacts),
}

impl Change {
    const fn command(&self) -> ProcessCommand {
        match self {
            Self::Terms(..) | Self::Add(..) | Self::Remove(_) => ProcessCommand::Change,
            Self::Set(_) | Self::Property(_) => ProcessCommand::EditFacts,
        }
    }

    /// What the audit log says was changed.
    const fn name(&self) -> &'static str {
        match self {
            Self::Terms(..) => "terms",
            Self::Add(..) => "borrower_added",
            Self::Set(_) => "borrower",
            Self::Remove(_) => "borrower_removed",
            Self::Property(_) => "property",
        }
    }

    /// Everything that would be asked with it.
    fn request(&self, process: &Process) -> Request {
        let mut next = process.clone();
        match self {
            Self::Terms(terms, _) => next.terms = terms.clone(),
            Self::Add(id, facts) => next.borrowers.push(Borrower {
                id: id.clone(),
                position: i64::MAX,
                is_key: false,
                revision: 1,
                facts: facts.clone(),
                created_at: process.head.created_at,
                updated_at: process.head.created_at,
            }),
            Self::Set(changed) => {
                for borrower in &mut next.borrowers {
                    if let Some(new) = changed.iter().find(|new| new.id == borrower.id) {
                        *borrower = new.clone();
                    }
                }
            }
            Self::Remove(id) => next.borrowers.retain(|borrower| borrower.id != *id),
            Self::Property(facts) => next.property.facts = facts.clone(),
        }
        next.request()
    }
}

/// Changes a process of the caller's. `plan` looks at it as it is and says what to write; it may be
/// asked again when somebody else was faster.
///
/// Terms are refused when they cannot be worked out for a reason of their own. What is missing of
/// borrowers and property is no such reason: it is told when the process is submitted.
pub(crate) async fn edit(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    plan: &(dyn Fn(&Process) -> Result<Change, AppError> + Sync),
) -> Result<Process, AppError> {
    for _ in 0..ATTEMPTS {
        let process = load(app, whose(caller), id).await?;
        let change = plan(&process)?;
        require(process.head.status, change.command(), ProcessSide::Partner)?;
        let found = match &change {
            Change::Terms(_, found) => found.clone(),
            Change::Add(..) | Change::Set(_) | Change::Remove(_) | Change::Property(_) => {
                Vec::new()
            }
        };
        let request = change.request(&process);
        let worked = work(app, &process.head.org_id, request, found).await?;
        if let (Change::Terms(..), Err(findings)) = (&change, &worked) {
            refuse(
                findings
                    .iter()
                    .filter(|f| is_of_terms(f))
                    .cloned()
                    .collect(),
            )?;
        }
        let mut tx = app.db().begin().await?;
        let mut head = lock_in(&mut tx, whose(caller), id).await?;
        if head.revision != process.head.revision {
            continue;
        }
        let by = By::partner(caller);
        let body = json!({ "what": change.name(), "number": head.number });
        note_in(app, &mut tx, (&head, &by), EventKind::ProcessChanged, &body).await?;
        write_in(app, &mut tx, &mut head, (&change, &worked)).await?;
        settle_in(app, &mut tx, &mut head, (&process.calculation, &worked)).await?;
        touch_in(app, &mut tx, &mut head).await?;
        tx.commit().await?;
        return load(app, whose(caller), id).await;
    }
    Err(Fault::new(FaultKind::Busy, "a process changes all the time").into())
}

/// Refuses findings, if there are any.
pub(crate) fn refuse(findings: Vec<Finding>) -> Result<(), AppError> {
    match Refusal::of_findings(findings) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// Refuses what was read before somebody else changed it.
pub(crate) fn expect(what: Noun, expected: Option<&[i64]>, is: i64) -> Result<(), AppError> {
    if expected.is_some_and(|seen| !seen.contains(&is)) {
        return Err(Refusal::Stale { what }.into());
    }
    Ok(())
}

fn is_of_terms(finding: &Finding) -> bool {
    match finding.field.group() {
        FieldGroup::Borrower | FieldGroup::Property => false,
        FieldGroup::Request
        | FieldGroup::Identification
        | FieldGroup::Loan
        | FieldGroup::Insurance
        | FieldGroup::Limit
        | FieldGroup::Process
        | FieldGroup::Document
        | FieldGroup::Message
        | FieldGroup::Esis
        | FieldGroup::Proposal
        | FieldGroup::Callback
        | FieldGroup::Bank => true,
    }
}

async fn write_in(
    app: &App,
    tx: &mut Tx,
    head: &mut StoredProcess,
    (change, worked): (&Change, &Worked),
) -> Result<(), AppError> {
    match change {
        Change::Terms(terms, _) => {
            head.terms = json_of(terms)?;
            set_branch(head, terms, worked);
        }
        Change::Add(id, facts) => {
            let there = store::borrowers_in(tx, &head.org_id, &head.id).await?;
            let last = there.iter().map(|borrower| borrower.position).max();
            let position = last.map_or(0, |last| last.saturating_add(1));
            let stored = stored_borrower(app, head, (id.clone(), position, false), facts)?;
            insert_borrower_in(tx, &stored).await?;
        }
        Change::Set(borrowers) => {
            for borrower in borrowers {
                set_in(app, tx, head, borrower).await?;
            }
        }
        Change::Remove(id) => remove_in(app, tx, head, id).await?,
        Change::Property(facts) => {
            let mut stored = property_in(tx, &head.org_id, &head.id).await?;
            stored.facts = seal(app, Purpose::ProcessProperty, &stored.id, facts)?;
            stored.revision = stored.revision.saturating_add(1);
            stored.updated_at = app.now();
            update_property_in(tx, &stored).await?;
        }
    }
    Ok(())
}

async fn set_in(
    app: &App,
    tx: &mut Tx,
    head: &StoredProcess,
    borrower: &Borrower,
) -> Result<(), AppError> {
    let mut stored = borrower_in(tx, &head.org_id, (&head.id, &borrower.id)).await?;
    let facts = &borrower.facts;
    let nif = facts.nif.as_deref().map(|nif| search::nif_hash(app, nif));
    stored.is_key = borrower.is_key;
    stored.name_folded = search::folded(facts.name.as_deref().unwrap_or_default());
    stored.nif_hash = nif.transpose()?.flatten();
    stored.facts = seal(app, Purpose::ProcessBorrower, &stored.id, facts)?;
    stored.revision = stored.revision.saturating_add(1);
    stored.updated_at = app.now();
    Ok(update_borrower_in(tx, &stored).await?)
}

/// A borrower who leaves takes the papers about it along.
async fn remove_in(
    app: &App,
    tx: &mut Tx,
    head: &StoredProcess,
    id: &RowId,
) -> Result<(), AppError> {
    let stored = borrower_in(tx, &head.org_id, (&head.id, id)).await?;
    delete_borrower_in(tx, &stored).await?;
    for paper in store::documents_in(tx, &head.org_id, &head.id).await? {
        if paper.borrower_id.as_ref() == Some(id) {
            crate::papers::take_away_in(app, tx, head, paper).await?;
        }
    }
    Ok(())
}
