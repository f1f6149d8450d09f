//! One attempt to take in a loan, in one transaction: new, again, or newer.

mod placing;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::person::StaffMember;
use lintel_domain::refusal::{Field, Refusal, Rule};
use lintel_mismo::Finding;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::loan::crm::of_loan_in;
use lintel_store::loan::read::{LoanHead, lock_in};
use lintel_store::loan::status::keep_position_in;
use lintel_store::loan::write::{
    ExistingLoan, insert_in, load_existing_in, lock_existing_in, replace_in,
};
use lintel_store::organisation::match_staff_in;
use lintel_store::staff;
use serde_json::{Value, json};

use super::caller::{LoanCaller, tell_in};
use super::create::Arrival;
use super::draft::{self, DraftParts, Identity};
use super::invite::{Invitee, Inviting};
use super::{crm, officer, status};
use crate::auth::Principal;
use crate::context::App;
use crate::document;
use crate::error::AppError;
use crate::keys::Purpose;

/// Everything an attempt needs; attempts differ only in what other nodes did meanwhile.
pub(super) struct ArrivalParts<'a> {
    pub app: &'a App,
    pub principal: &'a Principal,
    pub los_loan_id: &'a str,
    pub officer_email: Option<&'a str>,
    pub crm_id: Option<String>,
    pub hash: Vec<u8>,
    pub parts: DraftParts,
    /// Who is to be written to.
    pub invitees: Vec<Invitee>,
}

/// What came of an attempt.
pub(super) enum Attempted {
    /// The loan is there.
    Done {
        public_id: PublicId,
        outcome: Arrival,
        /// Borrowers who were to be written to and could not be.
        not_invited: Vec<Finding>,
    },
    /// Another node was faster, and the next attempt sees what it did.
    Lost,
}

impl ArrivalParts<'_> {
    pub(super) async fn attempt(&self, in_line: bool) -> Result<Attempted, AppError> {
        let org = &self.principal.org;
        let mut tx = self.app.db().begin().await?;
        if in_line {
            self.lock_family_in(&mut tx).await?;
            lock_existing_in(&mut tx, &org.id, self.los_loan_id).await?;
        }
        let existing = load_existing_in(&mut tx, &org.id, self.los_loan_id).await?;
        if let Some(loan) = existing.as_ref().filter(|loan| self.is_same_document(loan)) {
            return self.again(tx, loan).await;
        }
        if !in_line {
            self.lock_family_in(&mut tx).await?;
        }
        // After the waits: a caller that lists what changed since its last look must not be shown a
        // time from before them.
        let now = self.app.now();
        let done = match existing {
            Some(loan) => {
                if loan.revision != loan.imported_revision {
                    let (field, rule) = (Field::LosLoanId, Rule::Conflict);
                    return Err(Refusal::Invalid { field, rule }.into());
                }
                let id = loan.public_id.clone();
                let is_done = self.replace_in(&mut tx, &loan, now).await?;
                is_done.then_some((id, Arrival::Updated))
            }
            None => {
                let id = self.insert_in(&mut tx, now).await?;
                id.map(|id| (id, Arrival::Created))
            }
        };
        let Some((public_id, outcome)) = done else {
            return Ok(Attempted::Lost);
        };
        self.name_in(&mut tx, &public_id, now).await?;
        let Some(not_invited) = self.invite_in(&mut tx, &public_id, now).await? else {
            return Ok(Attempted::Lost);
        };
        tx.commit().await?;
        Ok(Attempted::Done {
            public_id,
            outcome,
            not_invited,
        })
    }

    /// The same document again. Nothing of the loan changes; who was not invited yet is, and what the
    /// sender's customer system calls the loan may be something else by now.
    async fn again(&self, mut tx: Tx, loan: &ExistingLoan) -> Result<Attempted, AppError> {
        let done = |not_invited| Attempted::Done {
            public_id: loan.public_id.clone(),
            outcome: Arrival::Repeated,
            not_invited,
        };
        let is_renamed = self.is_renamed_in(&mut tx, loan).await?;
        let inviting = self.inviting();
        if !is_renamed && !inviting.is_anybody_left_in(&mut tx, loan).await? {
            return Ok(done(Vec::new()));
        }
        self.lock_family_in(&mut tx).await?;
        let now = self.app.now();
        if let Some(head) = self.name_in(&mut tx, &loan.public_id, now).await? {
            crm::note_name_in(self.app, &mut tx, &self.caller(), &head, now).await?;
        }
        let Some(not_invited) = self.invite_in(&mut tx, &loan.public_id, now).await? else {
            return Ok(Attempted::Lost);
        };
        tx.commit().await?;
        Ok(done(not_invited))
    }

    /// Whether the sender's customer system calls the loan something it did not before.
    async fn is_renamed_in(&self, tx: &mut Tx, loan: &ExistingLoan) -> Result<bool, Fault> {
        let Some(crm_id) = &self.crm_id else {
            return Ok(false);
        };
        let org = &self.principal.org;
        let known = of_loan_in(tx, &org.id, (org.lender_id(), &loan.id)).await?;
        Ok(known.as_ref() != Some(crm_id))
    }

    /// Notes what the sender's customer system calls the loan; answers the loan when that is new.
    async fn name_in(
        &self,
        tx: &mut Tx,
        id: &PublicId,
        now: Instant,
    ) -> Result<Option<LoanHead>, Fault> {
        if self.crm_id.is_none() {
            return Ok(None);
        }
        let head = self.head_in(tx, id).await?;
        let is_new = crm::name_in(tx, &self.caller(), &head, self.crm_id.as_deref(), now).await?;
        Ok(is_new.then_some(head))
    }

    /// First of all locks: an account is made below, and events of broker and lender are written.
    async fn lock_family_in(&self, tx: &mut Tx) -> Result<(), Fault> {
        if self.invitees.is_empty() {
            return Ok(());
        }
        staff::lock_family_in(tx, self.principal.org.lender_id()).await
    }

    fn inviting(&self) -> Inviting<'_> {
        Inviting {
            app: self.app,
            principal: self.principal,
            invitees: &self.invitees,
        }
    }

    async fn invite_in(
        &self,
        tx: &mut Tx,
        id: &PublicId,
        now: Instant,
    ) -> Result<Option<Vec<Finding>>, AppError> {
        if self.invitees.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let head = self.head_in(tx, id).await?;
        Ok(self.inviting().invite_in(tx, &head, now).await?)
    }

    /// The loan as it is in the transaction.
    async fn head_in(&self, tx: &mut Tx, id: &PublicId) -> Result<LoanHead, Fault> {
        let org = &self.principal.org;
        let head = lock_in(tx, org.lender_id(), &org.loan_scope(), id).await?;
        head.ok_or_else(|| Fault::internal("a loan vanished while it arrived"))
    }

    fn is_same_document(&self, loan: &ExistingLoan) -> bool {
        // Hashing again is only of use for a fingerprint made before a key was added.
        loan.document_hash == self.hash
            || self.app.keys().is_fingerprint_of(
                Purpose::DocumentHash,
                &self.parts.document,
                &loan.document_hash,
            )
    }

    async fn insert_in(&self, tx: &mut Tx, now: Instant) -> Result<Option<PublicId>, AppError> {
        let (id, public_id) = (self.app.row_id()?, self.app.public_id()?);
        let officer = self.officer_in(tx).await?;
        let placed = placing::first_in(tx, &self.caller(), self.parts.status.as_ref()).await?;
        let identity = Identity {
            id: id.clone(),
            public_id: public_id.clone(),
            created_at: now,
        };
        let (app, parts) = (self.app, &self.parts);
        let draft = draft::build(app, parts, identity, placed, officer, &self.hash)?;
        let org = &self.principal.org;
        if !insert_in(tx, org.lender_id(), &org.id, self.los_loan_id, &draft).await? {
            return Ok(None);
        }
        let body = self.body();
        self.note_in(tx, &id, (EventKind::LoanCreated, now), &body)
            .await?;
        Ok(Some(public_id))
    }

    async fn replace_in(
        &self,
        tx: &mut Tx,
        loan: &ExistingLoan,
        now: Instant,
    ) -> Result<bool, AppError> {
        let (placed, moved) = match &self.parts.status {
            None => (loan.into(), None),
            Some(sent) => {
                // Held from here on: a condition put on it in between is not overlooked.
                let head = self.head_in(tx, &loan.public_id).await?;
                if head.revision != loan.revision {
                    return Ok(false);
                }
                placing::again_in(tx, &self.caller(), &head, sent).await?
            }
        };
        let officer = self.officer_in(tx).await?;
        let identity = Identity {
            id: loan.id.clone(),
            public_id: loan.public_id.clone(),
            created_at: now,
        };
        let (app, parts) = (self.app, &self.parts);
        let draft = draft::build(app, parts, identity, placed, officer, &self.hash)?;
        let lender = self.principal.org.lender_id();
        if !replace_in(tx, lender, loan.revision, &draft, now).await? {
            return Ok(false);
        }
        let body = self.body();
        self.note_in(tx, &loan.id, (EventKind::LoanUpdated, now), &body)
            .await?;
        if let Some(position) = moved {
            keep_position_in(tx, (lender, &loan.id), position).await?;
            self.moved_in(tx, loan, now).await?;
        }
        Ok(true)
    }

    /// The sender said that the loan stands elsewhere by now.
    async fn moved_in(
        &self,
        tx: &mut Tx,
        before: &ExistingLoan,
        now: Instant,
    ) -> Result<(), AppError> {
        let head = self.head_in(tx, &before.public_id).await?;
        if before.lifecycle.is_active() && !head.lifecycle.is_active() {
            document::recount_retention_in(self.app, tx, &head, now).await?;
        }
        let body = status::moved(&before.system_status, head.position().step);
        let kind = EventKind::LoanStatusChanged;
        Ok(self.note_in(tx, &before.id, (kind, now), &body).await?)
    }

    async fn officer_in(&self, tx: &mut Tx) -> Result<Option<StaffMember>, AppError> {
        let org = &self.principal.org;
        if let Some(email) = self.officer_email {
            return officer::named_in(tx, org, email).await.map(Some);
        }
        let Some(originator) = &self.parts.application.originator else {
            return Ok(None);
        };
        let email = originator.emails.first().map(String::as_str);
        Ok(match_staff_in(tx, &org.id, originator.nmls(), email).await?)
    }

    fn body(&self) -> Value {
        json!({
            "borrowers": self.parts.application.borrowers.len(),
            "inviteBorrowers": self.parts.invite_borrowers,
        })
    }

    async fn note_in(
        &self,
        tx: &mut Tx,
        loan_id: &RowId,
        what: (EventKind, Instant),
        body: &Value,
    ) -> Result<(), Fault> {
        tell_in(self.app, tx, &self.caller(), loan_id, what, body).await
    }

    const fn caller(&self) -> LoanCaller<'_> {
        LoanCaller::Program(self.principal)
    }
}
