//! What the bank asks for: written down by the bank, answered by papers or in words.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_callbacks::Notice;
use lintel_domain::event::EventKind;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::process::{
    ProcessCommand, ProcessStatus, REQUESTS_AT_MOST, RequestState, papers_meet,
};
use lintel_domain::refusal::Noun;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::process::{
    StoredProcess, StoredRequest, borrowers_in, close_request_in, insert_request_in,
    reopen_request_in, requests_in,
};
use lintel_taxonomy::{List, usable};
use serde_json::json;

use crate::by::By;
use crate::edit::refuse;
use crate::process::{seal, unknown_part};
use crate::transition::{note_in, tell, touch_in, transition_in};

/// Longest text of a request, in characters.
pub const TEXT_MAX_CHARS: usize = 2000;

/// What the bank asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct Ask {
    /// The borrower it is about.
    pub borrower_id: Option<RowId>,
    /// A type of paper; `None` to ask something else in words.
    pub document_type: Option<u32>,
    /// The words; needed when no paper is asked for.
    pub text: String,
}

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ask(*)")
    }
}

/// Asks for something about a process that is locked: it waits for information then.
///
/// # Errors
/// The state; what is wrong with the request; any fault.
#[boxed]
pub async fn ask_in(
    app: &App,
    tx: &mut Tx,
    head: &mut StoredProcess,
    by: &By,
    ask: &Ask,
) -> Result<RowId, AppError> {
    refuse(wrong_in(tx, head, ask).await?)?;
    transition_in(app, tx, head, ProcessCommand::Ask, by, None).await?;
    let (id, now) = (app.row_id()?, app.now());
    let stored = StoredRequest {
        org_id: head.org_id.clone(),
        process_id: head.id.clone(),
        borrower_id: ask.borrower_id.clone(),
        document_type_id: ask.document_type,
        content: seal(app, Purpose::PartnerMessage, &id, &ask.text)?,
        state: RequestState::Open,
        asked_by: by.actor.clone(),
        asked_at: now,
        closed_at: None,
        id: id.clone(),
    };
    insert_request_in(tx, &stored).await?;
    let body = json!({ "request": id.as_str(), "document_type": ask.document_type });
    note_in(app, tx, (head, by), EventKind::InformationRequested, &body).await?;
    let notice = Notice::InformationRequested {
        process_id: head.id.clone(),
        number: head.number,
        request_id: id.clone(),
        borrower_id: ask.borrower_id.clone(),
        document_type: ask.document_type,
        at: now,
    };
    tell(app, tx, (head, by), &notice).await?;
    Ok(id)
}

async fn wrong_in(tx: &mut Tx, head: &StoredProcess, ask: &Ask) -> Result<Vec<Finding>, AppError> {
    let mut found = Vec::new();
    let mut note = |field, rule| found.push(Finding::new(field, rule));
    let type_id = ask.document_type;
    if type_id.is_some_and(|id| !usable(List::DocumentTypes, id)) {
        note(CreditField::DocumentType, CreditRule::Unknown);
    }
    if type_id.is_none() && ask.text.trim().is_empty() {
        note(CreditField::InformationAsked, CreditRule::Missing);
    }
    if ask.text.chars().count() > TEXT_MAX_CHARS {
        let most = Bound::Count(u64::try_from(TEXT_MAX_CHARS).unwrap_or(u64::MAX));
        note(CreditField::InformationAsked, CreditRule::TooLong(most));
    }
    // PostgreSQL keeps no NUL; the words are sealed, so this is about what people are shown.
    if ask
        .text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        note(CreditField::InformationAsked, CreditRule::Malformed);
    }
    if let Some(id) = &ask.borrower_id {
        let there = borrowers_in(tx, &head.org_id, &head.id).await?;
        if there.iter().all(|borrower| borrower.id != *id) {
            note(CreditField::DocumentBorrower, CreditRule::Unknown);
        }
    }
    if requests_in(tx, &head.org_id, &head.id).await?.len() >= REQUESTS_AT_MOST {
        note(CreditField::InformationAsked, CreditRule::NotAllowedNow);
    }
    Ok(found)
}

/// Withdraws a request that is open. With the last one the process goes back into analysis. Withdrawn
/// or answered before, nothing happens.
///
/// # Errors
/// Not found; any fault.
#[boxed]
pub async fn withdraw_in(
    app: &App,
    tx: &mut Tx,
    head: &mut StoredProcess,
    by: &By,
    id: &RowId,
) -> Result<(), AppError> {
    let asked = requests_in(tx, &head.org_id, &head.id).await?;
    if asked.iter().all(|request| request.id != *id) {
        return Err(unknown_part(Noun::InformationRequest));
    }
    let state = (RequestState::Withdrawn, app.now());
    if !close_request_in(tx, &head.org_id, id, state).await? {
        return Ok(());
    }
    let body = json!({ "request": id.as_str(), "state": RequestState::Withdrawn });
    note_in(app, tx, (head, by), EventKind::InformationAnswered, &body).await?;
    let is_waiting = asked
        .iter()
        .any(|r| r.state == RequestState::Open && r.id != *id);
    if is_waiting || head.status != ProcessStatus::PendingInformation {
        return Ok(touch_in(app, tx, head).await?);
    }
    // The bank takes it back as it is, also with holes: it may want to decline. Approving looks.
    let by = by.clone().following();
    transition_in(app, tx, head, ProcessCommand::Answer, &by, None).await
}

/// Closes the oldest open request a new paper answers, and says which. With the last one the process
/// goes back into analysis, once the paper is filed and when nothing is missing.
pub(crate) async fn answered_by_in(
    app: &App,
    tx: &mut Tx,
    (head, by): (&StoredProcess, &By),
    (paper_type, borrower): (u32, Option<&RowId>),
) -> Result<Option<RowId>, Fault> {
    if head.status != ProcessStatus::PendingInformation {
        return Ok(None);
    }
    let asked = requests_in(tx, &head.org_id, &head.id).await?;
    let meets = |request: &&StoredRequest| {
        let wanted = (request.document_type_id, request.borrower_id.as_ref());
        request.state == RequestState::Open && papers_meet(wanted, paper_type, borrower)
    };
    let Some(request) = asked.iter().find(meets) else {
        return Ok(None);
    };
    let state = (RequestState::Answered, app.now());
    close_request_in(tx, &head.org_id, &request.id, state).await?;
    let body = json!({ "request": request.id.as_str(), "state": RequestState::Answered });
    note_in(app, tx, (head, by), EventKind::InformationAnswered, &body).await?;
    Ok(Some(request.id.clone()))
}

/// Opens a request again whose paper is gone, while the bank still waits.
pub(crate) async fn unanswered_in(
    tx: &mut Tx,
    head: &StoredProcess,
    request: Option<&RowId>,
) -> Result<(), Fault> {
    if let Some(id) = request
        && head.status == ProcessStatus::PendingInformation
    {
        reopen_request_in(tx, &head.org_id, id).await?;
    }
    Ok(())
}
