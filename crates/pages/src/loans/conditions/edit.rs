//! Putting a condition on a loan, changing it, giving it another status.

use axum::extract::Path;
use lintel_app::condition;
use lintel_app::error::AppError;
use lintel_app::loan::LoanCaller;
use lintel_domain::condition::{
    ConditionDraft, ConditionEdit, ConditionPhase, DESCRIPTION_MAX_CHARS, Responsible,
    TITLE_MAX_CHARS,
};
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{self, ConditionField};
use serde::Serialize;

use super::{ConditionsPage, phase_label, responsible_label};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Choice, Field, Mistakes};
use crate::flash::Flash;
use crate::loans::frame::{self, Frame, Part, Record};
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::Staff;

/// One condition, to be changed.
#[derive(Debug, Serialize)]
pub(crate) struct ConditionPage {
    frame: Frame,
    action: String,
    back: String,
    fields: Vec<Field>,
}

/// The form of a condition, empty.
pub(super) fn fields() -> Vec<Field> {
    let chars = |most: usize| u32::try_from(most).unwrap_or(u32::MAX);
    let phases = ConditionPhase::ALL.iter();
    let phases = phases.map(|phase| Choice::new(phase.as_str(), phase_label(*phase)));
    let people = Responsible::ALL.iter();
    let people = people.map(|who| Choice::new(who.as_str(), responsible_label(*who)));
    vec![
        Field::text("title", "What is needed")
            .hint("One line, such as: Pay stubs of the last 30 days")
            .required()
            .max(chars(TITLE_MAX_CHARS)),
        Field::area("description", "In full").max(chars(DESCRIPTION_MAX_CHARS)),
        Field::select("phase", "Needed", phases.collect())
            .required()
            .half(),
        Field::select("responsible", "Who brings it", people.collect())
            .required()
            .half(),
        Field::checkbox(
            "auto_satisfy",
            "Satisfied as soon as a paper is filed for it",
        )
        .hint("By somebody who may clear conditions. Otherwise it is received, and waits."),
    ]
}

/// The field of the form a mistake is about.
fn place(field: &refusal::Field) -> Option<(String, String)> {
    let refusal::Field::Condition(part) = field else {
        return None;
    };
    let (name, label) = match part {
        ConditionField::Title => ("title", "What is needed"),
        ConditionField::Description => ("description", "The description"),
        ConditionField::Phase => ("phase", "When it is needed"),
        ConditionField::Responsible => ("responsible", "Who brings it"),
        ConditionField::Count => ("", "The number of conditions"),
        ConditionField::Status | ConditionField::CallerKey => return None,
    };
    Some((name.to_owned(), label.to_owned()))
}

/// The form as it was sent, with what is wrong with it.
fn refilled(form: &Posted, mistakes: &Mistakes) -> Vec<Field> {
    let refill = |field: Field| field.with(form).error(mistakes);
    fields().into_iter().map(refill).collect()
}

pub(super) async fn list(staff: Staff, Path(id): Path<String>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    let page = ConditionsPage::of(&staff, &record, None);
    frame::page(&staff, &page.frame).render(&page)
}

pub(super) async fn add(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let loan = frame::public_id(&id)?;
    let draft = ConditionDraft {
        title: Some(form.raw("title").to_owned()),
        description: form.text("description").map(str::to_owned),
        phase: form.text("phase").map(str::to_owned),
        responsible: form.text("responsible").map(str::to_owned),
        auto_satisfy: Some(form.is_on("auto_satisfy")),
        caller_key: None,
    };
    let caller = LoanCaller::Person(&staff.who);
    let error = match condition::create(staff.app(), &caller, &loan, draft).await {
        Ok(made) => {
            let back = at(&id, made.line.public_id.as_str());
            return staff.go_with(&back, Flash::ConditionAdded);
        }
        Err(error) => error,
    };
    let mistakes = Mistakes::of(error, place)?;
    let record = frame::record(&staff, &id).await?;
    let page = ConditionsPage::of(&staff, &record, Some(refilled(&form, &mistakes)));
    frame::page(&staff, &page.frame)
        .mistakes(&mistakes)
        .render(&page)
}

/// Where a condition is seen among the others.
fn at(loan: &str, condition: &str) -> String {
    format!("{}#c-{condition}", Part::Conditions.href(loan))
}

/// The loan of a condition, opened.
async fn record_of(staff: &Staff, id: &str) -> Result<Record, Failure> {
    let id = frame::public_id(id)?;
    let (head, _) = condition::find(staff.app(), &LoanCaller::Person(&staff.who), &id).await?;
    frame::record(staff, head.line.public_id.as_str()).await
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let record = record_of(&staff, &id).await?;
    staff.require(Permission::EditConditions)?;
    let line = record
        .conditions
        .iter()
        .find(|c| c.public_id.as_str() == id);
    let line = line.ok_or(Failure::NotFound)?;
    let fill = |field: Field| match field.name() {
        "title" => field.value(line.title.clone()),
        "description" => field.value(line.description.clone()),
        "phase" => field.value(line.phase.as_str()),
        "responsible" => field.value(line.responsible.as_str()),
        "auto_satisfy" => field.checked(line.auto_satisfy),
        _ => field,
    };
    let fields = fields().into_iter().map(fill).collect();
    one(&staff, &record, &id, fields, &Mistakes::default())
}

fn one(staff: &Staff, record: &Record, id: &str, fields: Vec<Field>, wrong: &Mistakes) -> Answer {
    let page = ConditionPage {
        frame: Frame::of(staff, record, Part::Conditions),
        action: format!("/lender/conditions/{id}"),
        back: at(record.head.line.public_id.as_str(), id),
        fields,
    };
    frame::page(staff, &page.frame)
        .mistakes(wrong)
        .render(&page)
}

pub(super) async fn save(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let condition = frame::public_id(&id)?;
    let caller = LoanCaller::Person(&staff.who);
    let (head, _) = condition::find(staff.app(), &caller, &condition).await?;
    let edit = ConditionEdit {
        title: Some(form.raw("title").to_owned()),
        description: Some(form.raw("description").trim().to_owned()),
        phase: Some(form.raw("phase").to_owned()),
        responsible: Some(form.raw("responsible").to_owned()),
        auto_satisfy: Some(form.is_on("auto_satisfy")),
        status: None,
    };
    match condition::update(staff.app(), &caller, &condition, edit).await {
        Ok(_) => staff.go_with(&at(head.line.public_id.as_str(), &id), Flash::Saved),
        Err(error) => {
            let mistakes = Mistakes::of(error, place)?;
            let record = record_of(&staff, &id).await?;
            one(&staff, &record, &id, refilled(&form, &mistakes), &mistakes)
        }
    }
}

pub(super) async fn set_status(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let condition = frame::public_id(&id)?;
    let caller = LoanCaller::Person(&staff.who);
    let (head, _) = condition::find(staff.app(), &caller, &condition).await?;
    let edit = ConditionEdit {
        status: Some(form.raw("status").to_owned()),
        ..ConditionEdit::default()
    };
    match condition::update(staff.app(), &caller, &condition, edit).await {
        Ok(_) => staff.go_with(
            &at(head.line.public_id.as_str(), &id),
            Flash::ConditionChanged,
        ),
        Err(AppError::Refused(refusal)) if !refusal.mistakes().is_empty() => {
            let mut mistakes = Mistakes::default();
            mistakes.add(
                "",
                "The condition cannot be given this status now. It counts as received only while a document is filed for it.",
            );
            let record = record_of(&staff, &id).await?;
            let page = ConditionsPage::of(&staff, &record, None);
            frame::page(&staff, &page.frame)
                .mistakes(&mistakes)
                .render(&page)
        }
        Err(error) => Err(error.into()),
    }
}

impl Template for ConditionPage {
    const FILE: &'static str = "loans/condition.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        vec![Self {
            frame: Frame::sample(Part::Conditions, true),
            action: text(),
            back: text(),
            fields: Field::samples(),
        }]
    }
}
