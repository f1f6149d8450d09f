//! Who acts on a loan, which loan that is, and the note that it was done.
//!
//! Whatever changes a loan or something that belongs to it locks in one order: the loan's row, then
//! its conditions and documents, then the event log. Two calls at once then wait for each other.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::organisation::{LoanScope, Organisation};
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_domain::status::Hand;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;
use lintel_store::loan::read::{self, LoanHead};
use serde_json::Value;

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::session::SignedIn;

/// Whoever acts on a loan.
#[derive(Debug, Clone, Copy)]
pub enum LoanCaller<'a> {
    /// A program of the organisation, without limits of roles.
    Program(&'a Principal),
    /// A signed-in person, as far as roles allow.
    Person(&'a SignedIn),
}

impl LoanCaller<'_> {
    /// The organisation that acts.
    #[must_use]
    pub const fn org(&self) -> &Organisation {
        match self {
            Self::Program(principal) => &principal.org,
            Self::Person(who) => &who.org,
        }
    }

    /// The name events are recorded under.
    #[must_use]
    pub fn actor(&self) -> String {
        match self {
            Self::Program(principal) => principal.api_id.clone(),
            Self::Person(who) => who.actor(),
        }
    }

    /// Whether the caller may do something; a program may do everything.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Program(_) => true,
            Self::Person(who) => who.may(permission),
        }
    }

    /// Requires that the caller may do something.
    ///
    /// # Errors
    /// Not permitted to people whose roles do not allow it.
    pub fn require(&self, permission: Permission) -> Result<(), Denial> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Denial::NotPermitted)
        }
    }

    /// Whether the caller's organisation is the one that lends; a broker is not.
    #[must_use]
    pub fn is_lender_of(&self, head: &LoanHead) -> bool {
        self.org().id == head.lender_id
    }

    /// Whose hand the caller's is, on every loan it sees.
    #[must_use]
    pub fn hand(&self) -> Hand {
        let org = self.org();
        if org.id == *org.lender_id() {
            Hand::Lender
        } else {
            Hand::Broker
        }
    }

    /// Whether the caller may satisfy and waive the conditions of a loan: that belongs to its lender.
    #[must_use]
    pub fn may_clear(&self, head: &LoanHead) -> bool {
        self.is_lender_of(head) && self.may(Permission::ClearConditions)
    }

    /// The part of the pipeline the organisation sees.
    fn scope(&self) -> LoanScope {
        self.org().loan_scope()
    }

    /// Requires that the caller sees loans at all.
    fn require_sight(&self) -> Result<(), Denial> {
        if self.may(Permission::SeeAllLoans) {
            Ok(())
        } else {
            self.require(Permission::SeeOwnLoans)
        }
    }

    /// Whether a loan of the organisation is shown to the caller. Somebody who may see own loans
    /// only sees those of which the person is the officer.
    fn sees(&self, head: &LoanHead) -> bool {
        match self {
            Self::Program(_) => true,
            Self::Person(who) => {
                who.may(Permission::SeeAllLoans) || head.officer_id.as_ref() == Some(&who.person.id)
            }
        }
    }

    fn seen(&self, head: Option<LoanHead>) -> Result<LoanHead, AppError> {
        head.filter(|head| self.sees(head))
            .ok_or_else(|| Refusal::NotFound { what: Noun::Loan }.into())
    }
}

/// Finds a loan.
///
/// # Errors
/// Not permitted for whoever may see no loans; not found, alike, for what is unknown, foreign or
/// somebody else's; any fault of the database.
#[boxed]
pub async fn find(app: &App, caller: &LoanCaller<'_>, id: &PublicId) -> Result<LoanHead, AppError> {
    caller.require_sight()?;
    caller.seen(read::by_public_id(app.db(), &caller.scope(), id).await?)
}

/// Finds a loan and keeps everybody else from changing it, or what belongs to it, until the
/// transaction ends. The first lock of a transaction, and before anything it decides on is read.
///
/// # Errors
/// As [`find`].
#[boxed]
pub async fn lock_in(
    tx: &mut Tx,
    caller: &LoanCaller<'_>,
    id: &PublicId,
) -> Result<LoanHead, AppError> {
    caller.require_sight()?;
    let lender_id = caller.org().lender_id();
    caller.seen(read::lock_in(tx, lender_id, &caller.scope(), id).await?)
}

/// Marks a loan as changed, so that lists of what changed of late have it. Its revision stays: a
/// newer document may still replace what the loan itself says.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn touch_in(tx: &mut Tx, head: &LoanHead, now: Instant) -> Result<(), Fault> {
    read::touch_in(tx, &head.lender_id, &head.line.id, now).await
}

/// Notes what the caller did to a loan, in the log of the caller's organisation, and announces it.
/// The last step of a transaction. No personal data in the body.
///
/// # Errors
/// Any fault of the database; when no random bytes are to be had.
#[boxed]
pub async fn note_in(
    app: &App,
    tx: &mut Tx,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
    what: (EventKind, Instant),
    body: &Value,
) -> Result<(), Fault> {
    tell_in(app, tx, caller, &head.line.id, what, body).await
}

/// As [`note_in`], of a loan by its row id.
pub(super) async fn tell_in(
    app: &App,
    tx: &mut Tx,
    caller: &LoanCaller<'_>,
    loan_id: &RowId,
    (kind, at): (EventKind, Instant),
    body: &Value,
) -> Result<(), Fault> {
    let org_id = &caller.org().id;
    let actor = caller.actor();
    let event = NewEvent {
        org_id,
        at,
        actor: &actor,
        kind,
        subject: loan_id.as_str(),
        body: &body.to_string(),
    };
    let seq = record_in(tx, &event).await?;
    announce_in(tx, &app.row_id()?, org_id, seq, kind, at).await
}
