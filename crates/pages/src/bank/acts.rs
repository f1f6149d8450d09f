//! What is done with a process by its forms, and what the page says then.

use axum::extract::Path;
use lintel_app::error::AppError;
use lintel_domain::finding::Finding;
use lintel_domain::id::RowId;
use lintel_domain::refusal::{Denial, Refusal};
use lintel_processes::desk;
use lintel_processes::request::Ask;

use super::{case, case_path, row_id};
use crate::Answer;
use crate::fields::Mistakes;
use crate::flash::Flash;
use crate::posted::Posted;
use crate::visit::Staff;

/// After a form was taken: the process again, with what there is to say. What was wrong with the form is
/// said beside its fields.
pub(super) async fn done(
    staff: &Staff,
    (id, form): (&RowId, &Posted),
    result: Result<(), AppError>,
    flash: Flash,
) -> Answer {
    let say = |flash| staff.go_with(&case_path(id), flash);
    match result {
        Ok(()) => say(flash),
        Err(AppError::Refused(Refusal::Stale { .. })) => say(Flash::CaseChanged),
        Err(AppError::Refused(Refusal::WrongState { .. })) => say(Flash::CaseElsewhere),
        Err(AppError::Refused(Refusal::Denied(Denial::SecondPersonNeeded))) => {
            say(Flash::SecondPersonNeeded)
        }
        Err(AppError::Refused(Refusal::Findings(found))) => {
            case::again(staff, id, form, (&mistakes(&found), None)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Findings beside the fields of the forms.
pub(super) fn mistakes(found: &[Finding]) -> Mistakes {
    let mut mistakes = Mistakes::default();
    for finding in found {
        let name = match finding.field.as_str() {
            "loan_amount" => "amount",
            "loan_duration" => "months",
            "utilization_period" => "utilisation",
            "index_type_sub_category" => "rate_kind",
            "index_type" => "index_type",
            "cross_selling" => "cross_selling",
            "decision_terms" => "conditions",
            "proposal_validity" => "valid_days",
            "decision" => "reason",
            "message_subject" => "subject",
            "message_text" => "text",
            "information_asked" => "question",
            "document_type" => "document_type",
            _ => "",
        };
        let text = finding.to_string().replace('_', " ");
        let mut letters = text.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        let text = format!("{}{}.", first.unwrap_or_default(), letters.as_str());
        mistakes.add(name, &text);
    }
    mistakes
}

pub(super) async fn take(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let id = row_id(&id)?;
    let taken = desk::take(staff.app(), &staff.who, &id).await;
    done(&staff, (&id, &form), taken, Flash::CaseTaken).await
}

pub(super) async fn take_over(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let id = row_id(&id)?;
    let taken = desk::take_over(staff.app(), &staff.who, &id).await;
    done(&staff, (&id, &form), taken, Flash::CaseTaken).await
}

pub(super) async fn ask(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let id = row_id(&id)?;
    let kind = form.text("document_type");
    let ask = Ask {
        borrower_id: form.text("borrower").map(row_id).transpose()?,
        // What is no number is no type either; zero is the number of none.
        document_type: kind.map(|kind| kind.parse().unwrap_or(0)),
        text: form.text("question").unwrap_or_default().to_owned(),
    };
    let asked = desk::ask(staff.app(), &staff.who, &id, &ask).await;
    done(&staff, (&id, &form), asked.map(|_| ()), Flash::CaseAsked).await
}

pub(super) async fn withdraw(
    staff: Staff,
    Path((id, request)): Path<(String, String)>,
    form: Posted,
) -> Answer {
    let (id, request) = (row_id(&id)?, row_id(&request)?);
    let withdrawn = desk::withdraw(staff.app(), &staff.who, (&id, &request)).await;
    done(&staff, (&id, &form), withdrawn, Flash::QuestionWithdrawn).await
}

pub(super) async fn message(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let id = row_id(&id)?;
    let words = (form.raw("subject"), form.raw("text"));
    let written = desk::message(staff.app(), &staff.who, &id, words).await;
    done(&staff, (&id, &form), written, Flash::MessageWritten).await
}
