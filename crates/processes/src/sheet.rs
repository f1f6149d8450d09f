//! The information sheet (FINE) of a process: given out, and mailed.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::message::{is_sendable, mail_in};
use lintel_callbacks::{About, Notice};
use lintel_domain::event::EventKind;
use lintel_domain::finding::{CreditField, CreditRule, FieldGroup, Finding};
use lintel_domain::id::RowId;
use lintel_domain::lisbon;
use lintel_domain::process::ProcessStatus;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_papers::{Stage, fine as write_fine};
use lintel_simulations::{Caller, FineLetter, FineOf, fine_of, mailed_too_often_in};
use lintel_store::db::Tx;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::intermediary::on_papers;
use lintel_store::organisation;
use lintel_store::process::{StoredProcess, save_in};
use serde_json::json;

use crate::by::By;
use crate::create::whose;
use crate::edit::refuse;
use crate::process::{Process, load, lock_in};
use crate::submit::missing;
use crate::transition::{note_in, tell};

/// How often a sheet is written anew because somebody changed the process meanwhile.
const ATTEMPTS: usize = 5;

/// A sheet, and whether it was made by the rules: only then it counts as handed over.
struct Sheet {
    process: Process,
    pdf: Vec<u8>,
    by_rules: bool,
}

/// The information sheet of a process of the caller's as PDF. The first one of its figures is noted as
/// handed over and told.
///
/// A sheet is made while its figures are today's and within their days, and no limit is broken. With
/// `ignores_rules` it is made all the same; it does not count as handed over then.
///
/// # Errors
/// Not found; the state once the process has ended; every rule that is not kept; busy when the process
/// changes all the time; any fault.
#[boxed]
pub async fn fine(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    ignores_rules: bool,
) -> Result<Vec<u8>, AppError> {
    for _ in 0..ATTEMPTS {
        let sheet = written(app, caller, id, ignores_rules).await?;
        if !sheet.by_rules || sheet.process.head.fine_at.is_some() {
            return Ok(sheet.pdf);
        }
        let mut tx = app.db().begin().await?;
        let head = lock_in(&mut tx, whose(caller), id).await?;
        if is_of(&sheet.process.head, &head) {
            given_in(app, &mut tx, caller, head, (&sheet, EventKind::FineGiven)).await?;
            tx.commit().await?;
            return Ok(sheet.pdf);
        }
    }
    Err(changes_all_the_time())
}

/// Whether a sheet of a process as it was seen is one of the process as it is: nothing that stands in it
/// changed meanwhile, borrowers included.
fn is_of(seen: &StoredProcess, head: &StoredProcess) -> bool {
    seen.revision == head.revision
}

fn changes_all_the_time() -> AppError {
    Fault::new(FaultKind::Busy, "a process changes all the time").into()
}

/// Mails the information sheet of a process of the caller's to an address.
///
/// # Errors
/// As [`fine`]; a finding for an address that is none; throttled when too many sheets were
/// mailed, to this address, of this process or by this intermediary.
#[boxed]
pub async fn mail_fine(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    (address, ignores_rules): (Option<&str>, bool),
) -> Result<(), AppError> {
    let address = address.map(str::trim).filter(|address| !address.is_empty());
    let found = |rule| vec![Finding::new(CreditField::SendAddress, rule)];
    let Some(address) = address else {
        // An unknown process is unknown first.
        load(app, whose(caller), id).await?;
        return refuse(found(CreditRule::Missing));
    };
    let org_id = &caller.partner.org_id;
    let org = organisation::load_by_id(app.db(), org_id).await?;
    let org = org.ok_or_else(|| Fault::internal("a partner's bank is gone"))?;
    for _ in 0..ATTEMPTS {
        let sheet = written(app, caller, id, ignores_rules).await?;
        if !is_sendable(address) {
            return refuse(found(CreditRule::Malformed));
        }
        let process = &sheet.process;
        let letter = FineLetter {
            of: "do processo",
            number: process.head.number,
            last_day: lisbon::last_day(process.head.valid_until),
            remark: None,
            bank: &process.calculation.bank.legal_name,
            pdf: sheet.pdf.clone(),
        };
        let draft = letter.draft(address, &caller.partner.actor());
        let mut tx = app.db().begin().await?;
        // The process first, as everybody does.
        let head = lock_in(&mut tx, whose(caller), id).await?;
        if is_of(&sheet.process.head, &head) {
            mailed_too_often_in(app, &mut tx, caller.partner, (id, address)).await?;
            mail_in(app, &mut tx, &org, &draft).await?;
            given_in(app, &mut tx, caller, head, (&sheet, EventKind::FineMailed)).await?;
            return Ok(tx.commit().await?);
        }
    }
    Err(changes_all_the_time())
}

async fn written(
    app: &App,
    caller: Caller<'_>,
    id: &RowId,
    ignores_rules: bool,
) -> Result<Sheet, AppError> {
    let process = load(app, whose(caller), id).await?;
    let status = process.head.status;
    match status {
        ProcessStatus::InCreation
        | ProcessStatus::Submitted
        | ProcessStatus::InAnalysis
        | ProcessStatus::PendingInformation
        | ProcessStatus::Approved
        | ProcessStatus::Contracted => {}
        ProcessStatus::Declined | ProcessStatus::Cancelled => {
            return Err(Refusal::WrongState {
                what: Noun::Process,
                is: status.as_str(),
            }
            .into());
        }
    }
    let broken = broken(app, &process).await?;
    let by_rules = broken.is_empty();
    if !ignores_rules {
        refuse(broken)?;
    }
    let own = process.clone();
    let day = lisbon::day_of(app.now());
    let partner = caller.partner;
    let by = on_papers(app.db(), &partner.org_id, &partner.intermediary_id).await?;
    let writing = move || {
        let borrowers = names(&own);
        let fine = fine_of(&FineOf {
            calculation: &own.calculation,
            stage: Stage::Process,
            number: own.head.number,
            issued_on: day,
            valid_until: lisbon::last_day(own.head.valid_until),
            intermediary: by.as_ref(),
            borrowers: &borrowers,
        });
        write_fine(&fine)
    };
    let pdf = app.heavy("writing an information sheet", writing).await?;
    let pdf = pdf.map_err(|error| {
        tracing::warn!(process = id.as_str(), %error, "an information sheet cannot be written");
        let finding = Finding::new(CreditField::EsisDocument, CreditRule::Failed);
        AppError::Refused(Refusal::Findings(vec![finding]))
    })?;
    Ok(Sheet {
        process,
        pdf,
        by_rules,
    })
}

/// The rules a sheet is made by: it shows figures of today, within their days and limits. Once a process
/// was handed to the bank, a sheet of its figures that was given out is given again as it was.
async fn broken(app: &App, process: &Process) -> Result<Vec<Finding>, AppError> {
    if process.head.submitted_at.is_some() && process.head.fine_at.is_some() {
        return Ok(Vec::new());
    }
    let all = missing(app, process).await?.into_iter();
    let is_rule = |finding: &Finding| {
        finding.field == CreditField::ProcessValidity
            || matches!(finding.field.group(), FieldGroup::Limit | FieldGroup::Loan)
    };
    Ok(all.filter(is_rule).collect())
}

/// Names of the borrowers, the key borrower first.
fn names(process: &Process) -> Vec<String> {
    let (key, others): (Vec<_>, Vec<_>) = process.borrowers.iter().partition(|b| b.is_key);
    let all = key.into_iter().chain(others);
    all.filter_map(|borrower| borrower.facts.name.clone())
        .collect()
}

/// Notes that a sheet of a process that is locked was given out; the first one of its figures is told,
/// while they stand.
async fn given_in(
    app: &App,
    tx: &mut Tx,
    caller: Caller<'_>,
    mut head: StoredProcess,
    (sheet, kind): (&Sheet, EventKind),
) -> Result<(), AppError> {
    let by = By::partner(caller);
    let body = json!({ "number": head.number, "by_rules": sheet.by_rules });
    note_in(app, tx, (&head, &by), kind, &body).await?;
    let now = app.now();
    if head.fine_at.is_none() && sheet.by_rules && now < head.valid_until {
        head.fine_at = Some(now);
        save_in(tx, &head).await?;
        let notice = Notice::EsisGenerated {
            about: About::Process(head.id.clone()),
            number: head.number,
            proposal_id: None,
            at: now,
        };
        tell(app, tx, (&head, &by), &notice).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_domain::id::Instant;

    fn head(revision: i64) -> StoredProcess {
        let (id, at) = (|| RowId::new("1".to_owned()), Instant::from_seconds(0));
        StoredProcess {
            org_id: id(),
            id: id(),
            intermediary_id: id(),
            user_id: id(),
            simulation_id: id(),
            simulation_number: 1,
            number: 1,
            status: ProcessStatus::InCreation,
            status_at: at,
            created_at: at,
            last_action_at: at,
            valid_until: at,
            revision,
            branch_id: None,
            branch_folded: String::new(),
            offer_id: id(),
            terms: String::new(),
            fine_at: None,
            submitted_at: None,
            analyst_id: None,
            cancel_reason_id: None,
            decline_reason: None,
        }
    }

    #[test]
    fn a_sheet_with_borrowers_who_changed_is_not_the_process_s() {
        // A borrower's name changes neither offer nor terms nor days, but it stands in the sheet.
        assert!(is_of(&head(3), &head(3)));
        assert!(!is_of(&head(3), &head(4)));
    }
}
