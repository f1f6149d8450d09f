//! Taking papers as they come: piece by piece into the store, never whole into memory. A form may
//! bring several; the script sends one at a time, to show how far each is.

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lintel_app::document::{Batch, DocumentDraft, Filed, Sheet, Staged};
use lintel_app::error::AppError;
use lintel_app::loan::{self, LoanCaller};
use lintel_domain::document::{DOCUMENTS_AT_ONCE, FilingDraft, LoanDocType, Verdict};
use lintel_domain::id::PublicId;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{DocumentPart, Field};
use lintel_edge::stream::SoFar;
use lintel_edge::{Begin, Deadline, Form, Sink, Stopped, StreamBounds, Wanted};
use serde_json::json;

use super::{page_of, size};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::Mistakes;
use crate::flash::Flash;
use crate::loans::frame::{self, Part};
use crate::pages::Pages;
use crate::posted::{FORM_TOKEN, TokenCheck};
use crate::visit::Staff;

/// Most papers of one form.
pub(super) const MOST: usize = DOCUMENTS_AT_ONCE;
/// What stands before the id of a condition in the choice of a place.
pub(super) const CONDITION: &str = "condition:";
/// The header in which the script sends the form's token.
const TOKEN_HEADER: &str = "x-form-token";
/// Most bytes of a form beside its papers.
const BESIDE_BYTES: usize = 64 * 1024;

/// A paper that came.
struct Came {
    name: String,
    staged: Option<Staged>,
}

/// What the form says of its papers.
struct Said {
    /// The place that was chosen, as it was sent.
    place: String,
    /// Whether they are all their condition asks for.
    satisfies: bool,
}

/// Takes the papers of one request.
struct Taking<'a> {
    staff: &'a Staff,
    token: &'a TokenCheck,
    /// Whether the token was found good already.
    is_ours: bool,
    batch: Option<Batch>,
    sheet: Option<Sheet>,
    came: Vec<Came>,
}

impl Taking<'_> {
    /// Reads a form and takes its papers; gives them up when it breaks off.
    async fn read(&mut self, request: Request, body_bytes: u64) -> Result<Form, Failure> {
        let wanted = Wanted {
            field: "",
            lists: &[],
            member: "",
            files: &["file"],
            known: &[FORM_TOKEN],
        };
        let bounds = StreamBounds {
            body_bytes,
            gathered_bytes: BESIDE_BYTES,
        };
        let pages = self.staff.pages.clone();
        let stopped = match pages.gate().stream(request, wanted, bounds, self).await {
            Ok(form) => return Ok(form),
            Err(stopped) => stopped,
        };
        drop(self.sheet.take());
        if let Some(batch) = self.batch.take() {
            batch.discard().await;
        }
        Err(match stopped {
            Stopped::Body(error) => error.into(),
            Stopped::Sink(failure) => failure,
        })
    }
}

impl Sink for Taking<'_> {
    type Error = Failure;

    async fn begin(&mut self, begin: &Begin, so_far: SoFar<'_>) -> Result<(), Failure> {
        // The token comes before the papers, so that nothing of a foreign form is kept.
        let token = so_far.text(FORM_TOKEN).unwrap_or_default();
        self.is_ours = self.is_ours || self.token.is_good(token);
        if !self.is_ours {
            return Err(Failure::ForeignForm);
        }
        if self.came.len() >= MOST {
            return Err(Failure::TooLarge);
        }
        let head = begin.file.as_ref();
        self.came.push(Came {
            name: head.map(|file| file.file_name.clone()).unwrap_or_default(),
            staged: None,
        });
        if self.batch.is_none() {
            let org_id = &self.staff.who.org.id;
            self.batch = Some(Batch::open_for(self.staff.app(), org_id).await?);
        }
        if let Some(batch) = &mut self.batch {
            self.sheet = Some(batch.start().await?);
        }
        Ok(())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match &mut self.sheet {
            Some(sheet) => Ok(sheet.write(bytes).await?),
            None => Ok(()),
        }
    }

    async fn end(&mut self) -> Result<(), Failure> {
        let Some(sheet) = self.sheet.take() else {
            return Ok(());
        };
        let staged = sheet.finish().await?;
        if let Some(came) = self.came.last_mut() {
            came.staged = Some(staged);
        }
        Ok(())
    }
}

/// Where a paper is to be filed, as the form says it.
fn filing(text: &str, auto_satisfy: bool) -> Option<FilingDraft> {
    match text.strip_prefix(CONDITION) {
        Some(id) => Some(FilingDraft::Condition {
            id: PublicId::parse(id)?,
            auto_satisfy,
        }),
        None => LoanDocType::read(text).map(FilingDraft::Loan),
    }
}

/// What came of a request.
enum Outcome {
    Filed(Vec<Filed>),
    /// What is wrong, each with the file it is about, and the place that was chosen.
    Wrong(Vec<String>, String),
}

pub(super) async fn take(
    State(pages): State<Pages>,
    Path(id): Path<String>,
    request: Request,
) -> Answer {
    let (mut parts, body) = request.into_parts();
    let header = parts.headers.get(TOKEN_HEADER);
    let header = header.map(|value| value.to_str().unwrap_or_default().to_owned());
    let is_script = header.is_some();
    let staff = match Staff::from_request_parts(&mut parts, &pages).await {
        Ok(staff) => staff,
        Err(failure) => return answered(is_script, Err(failure)),
    };
    let request = Request::from_parts(parts, body);
    let outcome = received(&staff, &id, header, request).await;
    if is_script {
        return said(outcome);
    }
    match outcome? {
        Outcome::Filed(_) => staff.go_with(&Part::Documents.href(&id), Flash::DocumentsFiled),
        Outcome::Wrong(texts, chosen) => {
            let mut mistakes = Mistakes::default();
            for text in texts {
                mistakes.add("", &text);
            }
            let record = frame::record(&staff, &id).await?;
            let page = page_of(&staff, &record, &chosen);
            frame::page(&staff, &page.frame)
                .mistakes(&mistakes)
                .render(&page)
        }
    }
}

/// A failure before anything was read.
fn answered(is_script: bool, failed: Result<Outcome, Failure>) -> Answer {
    match failed {
        Err(failure) if !is_script => Err(failure),
        other => said(other),
    }
}

/// What the script is told.
#[expect(clippy::unnecessary_wraps, reason = "handlers end with it")]
fn said(outcome: Result<Outcome, Failure>) -> Answer {
    let (status, body) = match outcome {
        Ok(Outcome::Filed(filed)) => {
            let one = |filed: &Filed| json!({ "name": filed.file_name, "version": filed.version, "isNew": filed.is_new });
            let filed: Vec<_> = filed.iter().map(one).collect();
            (StatusCode::OK, json!({ "filed": filed }))
        }
        Ok(Outcome::Wrong(texts, _)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, json!({ "wrong": texts }))
        }
        Err(failure) => {
            // Instead of the way to the sign-in page, which the script cannot show.
            let is_away = matches!(failure, Failure::SeeOther(_));
            let status = if is_away {
                StatusCode::UNAUTHORIZED
            } else {
                failure.status()
            };
            (status, json!({ "wrong": [short(&failure)] }))
        }
    };
    Ok(reply(status, &body))
}

fn reply(status: StatusCode, body: &serde_json::Value) -> Response {
    let kind = [("content-type", "application/json")];
    (status, kind, body.to_string()).into_response()
}

/// A failure in a line, beside a file.
fn short(failure: &Failure) -> String {
    match failure {
        Failure::SeeOther(_) => "You are signed out. Sign in again, then upload it once more.",
        Failure::Forbidden => "Your role does not include filing documents.",
        Failure::ForeignForm => "This page is too old. Load it again, then upload once more.",
        Failure::TooLarge => "The upload is larger than allowed.",
        Failure::NotFound => "The loan is not there any more.",
        Failure::Busy => "Many uploads are running. Try again in a moment.",
        Failure::BadForm | Failure::NotAForm => "The upload broke off. Try again.",
        Failure::Gone | Failure::Throttled { .. } | Failure::Broken => {
            "Something went wrong on our side. Try again."
        }
    }
    .to_owned()
}

/// Reads the papers and files them.
async fn received(
    staff: &Staff,
    id: &str,
    header: Option<String>,
    request: Request,
) -> Result<Outcome, Failure> {
    let caller = LoanCaller::Person(&staff.who);
    let loan = frame::public_id(id)?;
    loan::find(staff.app(), &caller, &loan).await?;
    staff.require(Permission::EditDocuments)?;
    let token = TokenCheck::of(&request, &staff.pages)?;
    let is_ours = header.as_deref().is_some_and(|text| token.is_good(text));
    if header.is_some() && !is_ours {
        return Err(Failure::ForeignForm);
    }
    let rules = staff.app().document_rules();
    if let Some(deadline) = request.extensions().get::<Deadline>() {
        deadline.extend(rules.longest);
    }
    let mut taking = Taking {
        staff,
        token: &token,
        is_ours,
        batch: None,
        sheet: None,
        came: Vec::new(),
    };
    let form = taking.read(request, rules.request_bytes).await?;
    if !taking.is_ours && !token.is_good(form.text(FORM_TOKEN).unwrap_or_default()) {
        return Err(Failure::ForeignForm);
    }
    let said = Said {
        place: form.text("filing").unwrap_or_default().to_owned(),
        satisfies: form.text("satisfies").is_some(),
    };
    let Taking { batch, came, .. } = taking;
    let Some(batch) = batch else {
        return Ok(Outcome::Wrong(
            vec!["Choose at least one file.".to_owned()],
            said.place,
        ));
    };
    file(staff, &loan, batch, came, said).await
}

/// Files what came, all of it or nothing.
async fn file(
    staff: &Staff,
    loan: &PublicId,
    batch: Batch,
    came: Vec<Came>,
    said: Said,
) -> Result<Outcome, Failure> {
    let most = staff.app().document_rules().max_bytes;
    let names: Vec<String> = came.iter().map(|one| one.name.clone()).collect();
    let mut wrong = Vec::new();
    let mut drafts = Vec::with_capacity(came.len());
    for one in came {
        let Some(staged) = one.staged else {
            wrong.push(format!("{}: it did not come whole.", one.name));
            continue;
        };
        if let Some(text) = verdict(staged.verdict, most) {
            wrong.push(format!("{}: {text}", one.name));
        }
        match filing(&said.place, said.satisfies) {
            Some(filing) => drafts.push(DocumentDraft::new(staged, one.name, filing)),
            None => wrong.push(format!("{}: choose what it is.", one.name)),
        }
    }
    if !wrong.is_empty() {
        batch.discard().await;
        return Ok(Outcome::Wrong(wrong, said.place));
    }
    let caller = LoanCaller::Person(&staff.who);
    match batch.file(&caller, loan, drafts).await {
        Ok(filed) => Ok(Outcome::Filed(filed)),
        Err(AppError::Refused(refusal)) if !refusal.mistakes().is_empty() => {
            let texts = refusal.mistakes().into_iter();
            let texts = texts.map(|(field, _)| refused(&field, &names)).collect();
            Ok(Outcome::Wrong(texts, said.place))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with the bytes of a paper.
fn verdict(verdict: Verdict, most: u64) -> Option<String> {
    match verdict {
        Verdict::Good => None,
        Verdict::Empty => Some("the file is empty.".to_owned()),
        Verdict::TooLarge => Some(format!("larger than {}.", size(most))),
        Verdict::NotPdf => Some("this is not a PDF file.".to_owned()),
        Verdict::Infected => Some("the virus scanner refused it.".to_owned()),
    }
}

/// What is wrong with where or as what a paper is to be filed.
fn refused(field: &Field, names: &[String]) -> String {
    let Field::Document { document, part } = field else {
        return "The loan has as many documents as it can hold.".to_owned();
    };
    let name = names.get(*document).map_or("", String::as_str);
    let text = match part {
        DocumentPart::FileName => "the name is too long or holds letters that cannot be shown.",
        DocumentPart::Format => "this is not a PDF file.",
        DocumentPart::Content => "it cannot be taken.",
        DocumentPart::Class | DocumentPart::Kind => "choose what it is.",
        DocumentPart::Condition => "the condition is not there any more.",
        DocumentPart::AutoSatisfy => "it cannot satisfy the condition.",
    };
    format!("{name}: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        assert_eq!(
            filing("misc", false),
            Some(FilingDraft::Loan(LoanDocType::Misc))
        );
        assert_eq!(
            filing(" Credit ", true),
            Some(FilingDraft::Loan(LoanDocType::Credit))
        );
        assert!(matches!(
            filing("condition:ABCD2345", true),
            Some(FilingDraft::Condition {
                auto_satisfy: true,
                ..
            })
        ));
        for bad in ["", "condition:", "condition:<b>", "nothing"] {
            assert_eq!(filing(bad, false), None, "{bad}");
        }
    }
}
