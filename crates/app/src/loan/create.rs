//! A loan arrives: from a MISMO document to rows, all or nothing.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::loan::Status;
use lintel_domain::refusal::{Field, Refusal, Rule};
use lintel_mismo::{Finding, Import, Limits, Severity};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::loan::write::{
    ExistingLoan, insert_in, load_existing_in, lock_existing_in, replace_in,
};
use lintel_store::organisation::match_staff_in;

use super::draft::{self, DraftParts};
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;

/// Longest loan number a sender may use.
const LOS_LOAN_ID_MAX_CHARS: usize = 100;
/// Two nodes may work on the same loan number at once; whoever loses looks again.
const ATTEMPTS: usize = 5;

/// A loan as a sender hands it in.
#[derive(Clone)]
pub struct NewLoan {
    /// The loan's number in the sender's loan origination system. Naturally idempotent: the same
    /// number with the same document is the same loan.
    pub los_loan_id: String,
    /// The MISMO 3.4 document.
    pub document: Vec<u8>,
    /// Whether the borrowers are to be invited.
    pub invite_borrowers: bool,
    /// Where the loan stands in the sender's system, when it says so.
    pub status: Option<Status>,
}

impl std::fmt::Debug for NewLoan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewLoan")
            .field("bytes", &self.document.len())
            .finish_non_exhaustive()
    }
}

/// What became of a loan that was handed in.
#[derive(Debug, Clone)]
pub struct Created {
    /// The id partners see.
    pub public_id: PublicId,
    /// What happened this time.
    pub outcome: Arrival,
    /// What was noticed in the document, nothing of it an error.
    pub findings: Vec<Finding>,
}

/// The three good ends of handing in a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It is new.
    Created,
    /// It was there already, from the same document; nothing changed.
    Repeated,
    /// It was there, untouched, from an older document, and has been replaced.
    Updated,
}

/// Takes in a loan.
///
/// # Errors
/// Refused when the loan number cannot be used, or names a loan that was changed since it arrived;
/// the document's findings when it cannot be accepted. In each case nothing was written.
pub async fn create(app: &App, principal: &Principal, new: NewLoan) -> Result<Created, AppError> {
    check_los_loan_id(&new.los_loan_id)?;
    let (import, document) = read_document(app, new.document).await?;
    let findings =
        with_invitation_findings(import.findings, &import.application, new.invite_borrowers);
    let hash = app.keys().fingerprint(Purpose::DocumentHash, &document)?;
    let arrival = ArrivalParts {
        app,
        principal,
        los_loan_id: &new.los_loan_id,
        hash,
        parts: DraftParts {
            application: import.application,
            document,
            findings: draft::findings_json(&findings)?,
            invite_borrowers: new.invite_borrowers,
            status: new.status,
        },
    };
    for attempt in 0..ATTEMPTS {
        // Whoever lost a race waits in line from then on, so that nobody loses for ever.
        if let Some((public_id, outcome)) = arrival.attempt(attempt > 0).await? {
            return Ok(Created {
                public_id,
                outcome,
                findings,
            });
        }
    }
    let what = "other nodes kept winning the race for a loan number";
    Err(Fault::new(FaultKind::Busy, what).into())
}

fn check_los_loan_id(text: &str) -> Result<(), Refusal> {
    let field = Field::LosLoanId;
    if text.trim().is_empty() {
        return Err(Refusal::Invalid {
            field,
            rule: Rule::Missing,
        });
    }
    if text.chars().count() > LOS_LOAN_ID_MAX_CHARS || text.chars().any(char::is_control) {
        return Err(Refusal::malformed(field));
    }
    Ok(())
}

/// Reads the document away from the threads that answer requests: a large one takes a while.
async fn read_document(app: &App, document: Vec<u8>) -> Result<(Import, Vec<u8>), AppError> {
    app.heavy("reading a loan document", move || {
        let read = lintel_mismo::read(&document, &Limits::default());
        read.map(|import| (import, document))
            .map_err(|rejection| AppError::Document(rejection.findings))
    })
    .await?
}

/// An invitation needs an address: says which borrower has none.
fn with_invitation_findings(
    mut findings: Vec<Finding>,
    application: &lintel_domain::application::Application,
    invite: bool,
) -> Vec<Finding> {
    if invite {
        let without = application
            .borrowers
            .iter()
            .enumerate()
            .filter(|(_, b)| b.emails.is_empty());
        findings.extend(without.map(|(n, _)| Finding {
            code: lintel_mismo::Code::RequiredMissing,
            severity: Severity::Warning,
            path: format!("borrower[{}]", n + 1),
            line: None,
            message: "no mail address, so this borrower cannot be invited".into(),
            allowed: Vec::new(),
        }));
    }
    findings
}

/// Everything an attempt needs; attempts differ only in what other nodes did meanwhile.
struct ArrivalParts<'a> {
    app: &'a App,
    principal: &'a Principal,
    los_loan_id: &'a str,
    hash: Vec<u8>,
    parts: DraftParts,
}

impl ArrivalParts<'_> {
    /// One transaction. `None` means that another node was faster and the next attempt sees what
    /// it did.
    async fn attempt(&self, in_line: bool) -> Result<Option<(PublicId, Arrival)>, AppError> {
        let org_id = &self.principal.org.id;
        let mut tx = self.app.db().begin().await?;
        if in_line {
            lock_existing_in(&mut tx, org_id, self.los_loan_id).await?;
        }
        // After the waits: a caller that lists what changed since its last look must not be shown a
        // time from before them.
        let now = self.app.now();
        let existing = load_existing_in(&mut tx, org_id, self.los_loan_id).await?;
        let (public_id, outcome) = match existing {
            Some(loan) if self.is_same_document(&loan) => {
                return Ok(Some((loan.public_id, Arrival::Repeated)));
            }
            Some(loan) => {
                if loan.revision != loan.imported_revision {
                    let (field, rule) = (Field::LosLoanId, Rule::Conflict);
                    return Err(Refusal::Invalid { field, rule }.into());
                }
                if !self.replace_in(&mut tx, &loan, now).await? {
                    return Ok(None);
                }
                (loan.public_id, Arrival::Updated)
            }
            None => match self.insert_in(&mut tx, now).await? {
                Some(public_id) => (public_id, Arrival::Created),
                None => return Ok(None),
            },
        };
        tx.commit().await?;
        Ok(Some((public_id, outcome)))
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
        let draft = draft::build(
            self.app,
            &self.parts,
            draft::Identity {
                id: id.clone(),
                public_id: public_id.clone(),
                created_at: now,
            },
            officer,
            &self.hash,
        )?;
        let org = &self.principal.org;
        if !insert_in(tx, org.lender_id(), &org.id, self.los_loan_id, &draft).await? {
            return Ok(None);
        }
        self.record_in(tx, id.as_str(), now, EventKind::LoanCreated)
            .await?;
        Ok(Some(public_id))
    }

    async fn replace_in(
        &self,
        tx: &mut Tx,
        loan: &ExistingLoan,
        now: Instant,
    ) -> Result<bool, AppError> {
        let officer = self.officer_in(tx).await?;
        let identity = draft::Identity {
            id: loan.id.clone(),
            public_id: loan.public_id.clone(),
            created_at: now,
        };
        let mut draft = draft::build(self.app, &self.parts, identity, officer, &self.hash)?;
        if self.parts.status.is_none() {
            // A newer document says nothing about where the loan stands.
            draft.lifecycle = loan.lifecycle;
            draft.line.system_status = loan.system_status.clone();
            draft.line.lender_status = loan.lender_status.clone();
            draft.line.borrower_status = loan.borrower_status.clone();
        }
        let lender = self.principal.org.lender_id();
        if !replace_in(tx, lender, loan.revision, &draft, now).await? {
            return Ok(false);
        }
        self.record_in(tx, loan.id.as_str(), now, EventKind::LoanUpdated)
            .await?;
        Ok(true)
    }

    async fn officer_in(
        &self,
        tx: &mut Tx,
    ) -> Result<Option<lintel_domain::person::StaffMember>, Fault> {
        let Some(originator) = &self.parts.application.originator else {
            return Ok(None);
        };
        let email = originator.emails.first().map(String::as_str);
        match_staff_in(tx, &self.principal.org.id, originator.nmls(), email).await
    }

    async fn record_in(
        &self,
        tx: &mut Tx,
        loan_id: &str,
        at: Instant,
        kind: EventKind,
    ) -> Result<(), Fault> {
        let org_id = &self.principal.org.id;
        let body = serde_json::json!({
            "borrowers": self.parts.application.borrowers.len(),
            "inviteBorrowers": self.parts.invite_borrowers,
        })
        .to_string();
        let event = NewEvent {
            org_id,
            at,
            actor: &self.principal.api_id,
            kind,
            subject: loan_id,
            body: &body,
        };
        let seq = record_in(tx, &event).await?;
        announce_in(tx, &self.app.row_id()?, org_id, seq, kind, at).await
    }
}
