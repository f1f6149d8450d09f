//! A loan arrives: from a MISMO document to rows, all or nothing.

use lintel_domain::id::PublicId;
use lintel_domain::loan::Status;
use lintel_domain::refusal::{Field, LoanStatusField, Refusal, Rule};
use lintel_domain::status::STATUS_MAX_CHARS;
use lintel_macros::boxed;
use lintel_mismo::{Finding, Import, Limits};
use lintel_store::fault::{Fault, FaultKind};

use super::arrival::{ArrivalParts, Attempted};
use super::crm;
use super::draft::{self, DraftParts};
use super::invite::Invitee;
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
    /// Mail address of the loan officer it is given to, one of the sender's own people, instead of
    /// whom the document names.
    pub officer_email: Option<String>,
    /// What the sender's customer system calls the loan; absent leaves what is known.
    pub crm_id: Option<String>,
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

/// Takes in a loan. Borrowers who are to be invited are written to in the same transaction, each once
/// however often the loan is handed in.
///
/// # Errors
/// Refused when the loan number cannot be used, or names a loan that was changed since it arrived;
/// the document's findings when it cannot be accepted. In each case nothing was written.
#[boxed]
pub async fn create(app: &App, principal: &Principal, new: NewLoan) -> Result<Created, AppError> {
    check_los_loan_id(&new.los_loan_id)?;
    check_status(new.status.as_ref())?;
    let crm_id = crm::checked(new.crm_id)?;
    let (import, document) = read_document(app, new.document).await?;
    let mut findings = import.findings;
    let mut invitees = Vec::new();
    if new.invite_borrowers {
        invitees = Invitee::of(&import.application, &mut findings);
    }
    let hash = app.keys().fingerprint(Purpose::DocumentHash, &document)?;
    let arrival = ArrivalParts {
        app,
        principal,
        los_loan_id: &new.los_loan_id,
        officer_email: new.officer_email.as_deref(),
        crm_id,
        hash,
        invitees,
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
        let attempted = arrival.attempt(attempt > 0).await?;
        if let Attempted::Done {
            public_id,
            outcome,
            not_invited,
        } = attempted
        {
            findings.extend(not_invited);
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

pub(crate) fn check_los_loan_id(text: &str) -> Result<(), Refusal> {
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

/// Any text may say where a loan stands, as long as it can be shown.
fn check_status(status: Option<&Status>) -> Result<(), Refusal> {
    let texts = status.map(|s| {
        [
            (&s.main, LoanStatusField::Main),
            (&s.sub, LoanStatusField::Sub),
        ]
    });
    let is_odd =
        |text: &str| text.chars().count() > STATUS_MAX_CHARS || text.chars().any(char::is_control);
    let odd = texts.into_iter().flatten().filter(|(text, _)| is_odd(text));
    let odd = odd.map(|(_, field)| (Field::LoanStatus(field), Rule::Malformed));
    Refusal::of(odd.collect()).map_or(Ok(()), Err)
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
