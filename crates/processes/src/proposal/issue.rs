//! Making a proposal: final information sheet and letter, and everything in one transaction.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_callbacks::{About, Notice};
use lintel_domain::event::EventKind;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::lisbon;
use lintel_domain::process::ProcessCommand;
use lintel_domain::proposal::{ProposalCommand, ProposalStatus, SheetKind};
use lintel_domain::refusal::Refusal;
use lintel_domain::simulation::Request;
use lintel_engine::Date;
use lintel_macros::boxed;
use lintel_offer::Calculation;
use lintel_papers::{ProposalLetter, Signatory, Stage, fine as write_fine, proposal_letter};
use lintel_simulations::numbers::{self, Series};
use lintel_simulations::{FineOf, fine_of, intermediary, lender, loan, rights, variant};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::intermediary::{OnPapers, on_papers};
use lintel_store::process::StoredProcess;
use lintel_store::proposal::{StoredProposal, insert_in};
use lintel_taxonomy::{List, entry};
use serde_json::json;

use super::moves::{end_open_in, noted_in};
use super::sheet::{Written, put};
use crate::by::By;
use crate::process::{Process, json_of};
use crate::transition::{note_in, tell, transition_in};

/// What the bank offers.
#[derive(Clone)]
pub(crate) struct Terms {
    /// The loan and its insurances, without borrowers and property.
    pub terms: Request,
    /// What that comes to today.
    pub calculation: Calculation,
    /// What has to be met before the contract.
    pub conditions: Vec<String>,
    /// Days it stands.
    pub valid_days: u32,
}

/// A proposal that is written and not yet made: its papers lie in the blob store.
pub(crate) struct Ready {
    terms: Terms,
    id: RowId,
    number: i64,
    last_day: Date,
    papers: [Written; 2],
}

/// Writes the papers of a proposal. Its number is taken for good: one that is not made leaves a gap.
pub(crate) async fn ready(app: &App, process: &Process, terms: Terms) -> Result<Ready, AppError> {
    let org_id = &process.head.org_id;
    let days = i32::try_from(terms.valid_days).unwrap_or(i32::MAX);
    let today = lisbon::day_of(app.now());
    let last_day = today.add_days(days);
    let last_day = last_day.map_err(|_| Fault::internal("the calendar ends"))?;
    let by = on_papers(app.db(), org_id, &process.head.intermediary_id).await?;
    let mut tx = app.db().begin().await?;
    let number = numbers::next_in(&mut tx, org_id, Series::Proposal).await?;
    tx.commit().await?;
    let (own, with) = (process.clone(), terms.clone());
    let writing = move || written(&own, &with, (number, by.as_ref()), (today, last_day));
    let pdfs = app.heavy("writing a proposal", writing).await?;
    let (fine, letter) = pdfs.map_err(|error| {
        let process = process.head.id.as_str();
        tracing::warn!(process, %error, "the papers of a proposal cannot be written");
        let finding = Finding::new(CreditField::EsisDocument, CreditRule::Failed);
        AppError::Refused(Refusal::Findings(vec![finding]))
    })?;
    let fine = put(app, SheetKind::Fine, &fine).await?;
    let letter = match put(app, SheetKind::Letter, &letter).await {
        Ok(letter) => letter,
        Err(error) => {
            fine.discard(app).await;
            return Err(error);
        }
    };
    Ok(Ready {
        terms,
        id: app.row_id()?,
        number,
        last_day,
        papers: [fine, letter],
    })
}

/// Both papers. The same facts give the same bytes.
fn written(
    process: &Process,
    terms: &Terms,
    (number, by): (i64, Option<&OnPapers>),
    (today, last_day): (Date, Date),
) -> Result<(Vec<u8>, Vec<u8>), lintel_papers::PaperError> {
    let calculation = &terms.calculation;
    let (key, others): (Vec<_>, Vec<_>) = process.borrowers.iter().partition(|b| b.is_key);
    let people: Vec<_> = key.into_iter().chain(others).collect();
    let named = |one: &&crate::Borrower| one.facts.name.clone();
    let borrowers: Vec<String> = people.iter().filter_map(named).collect();
    let fine = fine_of(&FineOf {
        calculation,
        stage: Stage::Approval,
        number: process.head.number,
        issued_on: today,
        valid_until: last_day,
        intermediary: by,
        borrowers: &borrowers,
    });
    let signatories = people.iter().map(|one| Signatory {
        name: one.facts.name.clone().unwrap_or_default(),
        nif: one.facts.nif.clone().unwrap_or_default(),
    });
    let letter = ProposalLetter {
        number: number.to_string(),
        process_number: process.head.number.to_string(),
        issued_on: today,
        valid_until: last_day,
        lender: lender(&calculation.bank),
        intermediary: by.map(intermediary),
        borrowers: signatories.collect(),
        property: property_line(process),
        loan: loan(calculation),
        terms: variant(calculation, calculation.chosen()),
        conditions: terms.conditions.clone(),
        rights: rights(&calculation.bank),
    };
    Ok((write_fine(&fine)?, proposal_letter(&letter)?))
}

/// Where the property is, in one line.
fn property_line(process: &Process) -> String {
    let facts = &process.property.facts;
    let code = match (&facts.zip_code, &facts.zip_code_local) {
        (Some(code), Some(local)) => Some(format!("{code}-{local}")),
        (Some(code), None) => Some(code.clone()),
        (None, _) => None,
    };
    let county = facts.county.and_then(|id| entry(List::Counties, id));
    let county = county.map(|entry| entry.pt.to_owned());
    let parts = [facts.address.clone(), code, county];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

impl Ready {
    /// Throws the papers away. Those of a proposal that was made after all stay.
    #[boxed]
    pub async fn discard(self, app: &App) {
        for paper in self.papers {
            paper.discard(app).await;
        }
    }

    /// Makes the proposal: the one before is superseded, the process is approved, papers are bound to
    /// it, the partner is told. The process is locked, and looked at by the caller.
    #[boxed]
    pub async fn make_in(
        &self,
        app: &App,
        tx: &mut Tx,
        (head, by): (&mut StoredProcess, &By),
    ) -> Result<(), AppError> {
        end_open_in(app, tx, head, (ProposalCommand::Supersede, by, None)).await?;
        transition_in(app, tx, head, ProcessCommand::Approve, by, None).await?;
        let proposal = self.proposal(head, app.now())?;
        insert_in(tx, &proposal, &json_of(&self.terms.calculation)?).await?;
        for paper in &self.papers {
            paper.bind_in(app, tx, (&head.org_id, &proposal.id)).await?;
        }
        let body = json!({ "proposal": proposal.id.as_str(), "number": proposal.number });
        note_in(app, tx, (head, by), EventKind::ProposalIssued, &body).await?;
        noted_in(app, tx, &proposal, (None, by, None), proposal.issued_at).await?;
        let issued = Notice::ProposalIssued {
            process_id: head.id.clone(),
            process_number: head.number,
            proposal_id: proposal.id.clone(),
            number: proposal.number,
            valid_until: proposal.valid_until,
            at: proposal.issued_at,
        };
        tell(app, tx, (head, by), &issued).await?;
        let sheet = Notice::EsisGenerated {
            about: About::Process(head.id.clone()),
            number: head.number,
            proposal_id: Some(proposal.id.clone()),
            at: proposal.issued_at,
        };
        Ok(tell(app, tx, (head, by), &sheet).await?)
    }

    fn proposal(&self, head: &StoredProcess, now: Instant) -> Result<StoredProposal, Fault> {
        Ok(StoredProposal {
            org_id: head.org_id.clone(),
            id: self.id.clone(),
            intermediary_id: head.intermediary_id.clone(),
            process_id: head.id.clone(),
            process_number: head.number,
            number: self.number,
            status: ProposalStatus::Issued,
            status_at: now,
            issued_at: now,
            valid_until: lisbon::end_of(self.last_day),
            revision: 1,
            conditions: json_of(&self.terms.conditions)?,
            terms: json_of(&self.terms.terms)?,
            cancel_reason_id: None,
        })
    }
}
