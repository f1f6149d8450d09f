//! The bank's side: its staff looks at processes that were handed over, asks, and decides.
//!
//! Everything asks for a permission first, and of an organisation that is a bank. What is decided
//! carries the revision of the process it was decided by: whoever decides twice, or about what somebody
//! else changed meanwhile, is told so and nothing happens.

mod close;
mod decide;
mod decision;
mod look;
mod queue;
mod settings;
mod work;

pub use close::{confirm, decline, send_back};
pub use decide::{Approval, approve, look_ahead};
pub use decision::{Decided, Decision};
pub use look::{Case, look};
pub use queue::{PAGE, Queue, QueueFilter, QueueLine, queue};
pub use settings::{Settings, set_settings, settings};
pub use work::{ask, message, paper, read, take, take_over, withdraw};

use lintel_app::error::AppError;
use lintel_app::session::SignedIn;
use lintel_domain::id::RowId;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::Noun;
use lintel_domain::refusal::Refusal;
use lintel_store::db::Tx;
use lintel_store::process::{StoredProcess, Whose};

use crate::by::By;
use crate::edit::expect;
use crate::process::{lock_in, unknown};

/// Whose processes a member of staff may do something with: the bank's. Of an organisation that is no
/// bank, there are none.
///
/// # Errors
/// Not found outside banks; denied to people whose roles do not allow it.
pub fn enter(who: &SignedIn, permission: Permission) -> Result<Whose<'_>, AppError> {
    if who.org.kind != OrganisationKind::Bank {
        return Err(unknown());
    }
    who.require(permission)?;
    Ok(Whose {
        org_id: &who.org.id,
        intermediary_id: None,
    })
}

/// A member of staff, as history and log name them.
#[must_use]
pub fn by(who: &SignedIn) -> By {
    By::bank(who.actor(), who.person.display_name())
}

/// A process that was handed over. What never was is not the bank's yet.
fn handed_over(head: StoredProcess) -> Result<StoredProcess, AppError> {
    match head.submitted_at {
        Some(_) => Ok(head),
        None => Err(unknown()),
    }
}

/// The head of a process that was handed over, held until the transaction ends.
async fn held_in(tx: &mut Tx, whose: Whose<'_>, id: &RowId) -> Result<StoredProcess, AppError> {
    handed_over(lock_in(tx, whose, id).await?)
}

/// As [`held_in`], and still as it was when somebody decided about it.
async fn unchanged_in(
    tx: &mut Tx,
    whose: Whose<'_>,
    (id, seen): (&RowId, i64),
) -> Result<StoredProcess, AppError> {
    let head = held_in(tx, whose, id).await?;
    expect(Noun::Process, Some(&[seen]), head.revision)?;
    Ok(head)
}

/// The refusal of something that waits for a second person meanwhile.
fn waits() -> AppError {
    let (what, is) = (Noun::Process, "waiting_for_second_person");
    Refusal::WrongState { what, is }.into()
}
