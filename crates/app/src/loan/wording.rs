//! The words a lender and its borrowers read for a status instead of the system's own.
//!
//! They count from the next change of a loan's status on; loans keep the words they have.

use lintel_domain::event::EventKind;
use lintel_domain::loan::Status;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, Refusal};
use lintel_domain::status::{STATUS_MAX_CHARS, Step, Wording};
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::loan::status::{
    put_wording_in, remove_wording_in, wordings as stored, wordings_in,
};

use crate::admin::OPERATOR;
use crate::context::App;
use crate::error::AppError;

/// The words for one step, as somebody writes them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WordingDraft {
    /// The step, in the system's words.
    pub step: String,
    /// The stage for the lender's staff.
    pub lender_main: String,
    /// The step for the lender's staff.
    pub lender_sub: String,
    /// The stage for the borrowers.
    pub borrower_main: String,
    /// The step for the borrowers.
    pub borrower_sub: String,
}

impl WordingDraft {
    fn check(&self) -> Result<Wording, Refusal> {
        let refused = || Refusal::malformed(Field::StatusWording);
        let plain = |text: &str| {
            let text = text.trim();
            let is_plain = text.chars().count() <= STATUS_MAX_CHARS
                && !text.is_empty()
                && !text.chars().any(char::is_control);
            is_plain.then(|| text.to_owned()).ok_or_else(refused)
        };
        Ok(Wording {
            step: Step::read(&self.step).ok_or_else(refused)?,
            lender: Status {
                main: plain(&self.lender_main)?,
                sub: plain(&self.lender_sub)?,
            },
            borrower: Status {
                main: plain(&self.borrower_main)?,
                sub: plain(&self.borrower_sub)?,
            },
        })
    }
}

/// Whose words count for the loans of an organisation: those of the lender.
fn lender_alone(org: &Organisation) -> Result<(), Refusal> {
    if org.kind.may_have_brokers() {
        Ok(())
    } else {
        Err(Refusal::malformed(Field::StatusWording))
    }
}

/// A lender's words, in the order of the steps.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(app: &App, org: &Organisation) -> Result<Vec<Wording>, AppError> {
    let mut rows = stored(app.db(), &org.id).await?;
    rows.sort_by_key(|row| row.step);
    Ok(rows)
}

/// Writes words in place of those there are for the same steps, all or nothing; how many rows are new
/// or changed.
///
/// # Errors
/// Refused for an organisation that does not lend, and for a row with an unknown step or a text that
/// is empty, too long or not plain; any fault of the database.
#[boxed]
pub async fn set(
    app: &App,
    org: &Organisation,
    drafts: &[WordingDraft],
) -> Result<usize, AppError> {
    lender_alone(org)?;
    let new = drafts.iter().map(WordingDraft::check);
    let new = new.collect::<Result<Vec<_>, _>>()?;
    let mut tx = app.db().begin().await?;
    let there = wordings_in(&mut tx, &org.id).await?;
    let changed: Vec<&Wording> = new.iter().filter(|row| !there.contains(row)).collect();
    if changed.is_empty() {
        return Ok(0);
    }
    let now = app.now();
    for wording in &changed {
        put_wording_in(&mut tx, &org.id, wording, now).await?;
    }
    let steps: Vec<&str> = changed.iter().map(|row| row.step.as_str()).collect();
    let body = serde_json::json!({ "steps": steps }).to_string();
    let kind = EventKind::StatusWordingChanged;
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(&org.id, now, OPERATOR, kind, org.id.as_str())
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(changed.len())
}

/// Takes the words for a step away; `false` when there were none.
///
/// # Errors
/// Refused for an unknown step; any fault of the database.
#[boxed]
pub async fn remove(app: &App, org: &Organisation, step: &str) -> Result<bool, AppError> {
    let step = Step::read(step).ok_or_else(|| Refusal::malformed(Field::StatusWording))?;
    let mut tx = app.db().begin().await?;
    if !remove_wording_in(&mut tx, &org.id, step).await? {
        return Ok(false);
    }
    let body = serde_json::json!({ "removed": step.as_str() }).to_string();
    let kind = EventKind::StatusWordingChanged;
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(&org.id, app.now(), OPERATOR, kind, org.id.as_str())
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(true)
}
