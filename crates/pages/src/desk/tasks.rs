//! The list of tasks, one task, giving it to somebody, having it done.

use axum::extract::Path;
use lintel_app::error::AppError;
use lintel_desk::task::{self, Assignee, NewTask, TaskFilter, TaskLine, Whose};
use lintel_domain::id::PublicId;
use lintel_domain::message::TaskState;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{self, Noun, Refusal};
use serde::Serialize;

use super::views::facts;
use super::{TASKS, TaskView, back_to};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Choice, Field, Mistakes};
use crate::flash::Flash;
use crate::home::Pager;
use crate::layout::Section;
use crate::posted::Posted;
use crate::show;
use crate::templates::Template;
use crate::visit::Staff;

/// Tasks on one page.
const ON_PAGE: u32 = 50;
/// Longest description, in characters.
const DESCRIPTION_MAX_CHARS: u32 = 4000;

/// Which tasks a page lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Mine,
    All,
    Done,
}

/// The list.
#[derive(Debug, Serialize)]
pub(crate) struct TasksPage {
    total: String,
    choices: Vec<ChoiceView>,
    rows: Vec<TaskView>,
    nothing: &'static str,
    pager: Pager,
    /// Where the forms of the rows lead back to.
    back: String,
    /// The form for another one; empty for whoever may give none.
    fields: Vec<Field>,
    is_adding: bool,
}

/// A choice of tasks.
#[derive(Debug, Clone, Serialize)]
struct ChoiceView {
    href: String,
    label: &'static str,
    is_current: bool,
}

/// One task.
#[derive(Debug, Serialize)]
pub(crate) struct TaskPage {
    rows: Vec<TaskView>,
    facts: Vec<(&'static str, String)>,
    back: String,
    action: String,
    fields: Vec<Field>,
}

impl Shown {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Mine, "mine", "Yours"),
        (Self::All, "all", "All open"),
        (Self::Done, "done", "Done"),
    ];

    fn parse(word: Option<&str>) -> Self {
        let found = Self::ALL.iter().find(|(_, known, _)| Some(*known) == word);
        found.map_or(Self::Mine, |(shown, ..)| *shown)
    }

    fn path(self, page: u32) -> String {
        let known = Self::ALL.iter().find(|(shown, ..)| *shown == self);
        let word = known.map_or("mine", |(_, word, _)| word);
        if page > 1 {
            return format!("{TASKS}?show={word}&page={page}");
        }
        format!("{TASKS}?show={word}")
    }

    const fn filter(self) -> TaskFilter {
        match self {
            Self::Mine => TaskFilter {
                whose: Whose::Mine,
                state: TaskState::Open,
            },
            Self::All => TaskFilter {
                whose: Whose::Organisation,
                state: TaskState::Open,
            },
            Self::Done => TaskFilter {
                whose: Whose::Organisation,
                state: TaskState::Done,
            },
        }
    }

    const fn nothing(self) -> &'static str {
        match self {
            Self::Mine => "Nothing to do",
            Self::All => "No open tasks",
            Self::Done => "Nothing was done yet",
        }
    }
}

/// Whom a task can be given to, as a field.
fn assignee_field(people: &[Assignee]) -> Field {
    let nobody = std::iter::once(Choice::new("", "Whoever takes it"));
    let people = people.iter();
    let people = people.map(|one| Choice::new(one.id.as_str(), &*one.name));
    Field::select("assignee", "Who does it", nobody.chain(people).collect())
}

/// The form of another task, empty; nothing for whoever may give none.
async fn fields(staff: &Staff) -> Result<Vec<Field>, Failure> {
    if !staff.may(Permission::EditTasks) {
        return Ok(Vec::new());
    }
    let people = task::assignees(staff.app(), &staff.who).await?;
    Ok(vec![
        Field::area("description", "What is to be done")
            .required()
            .max(DESCRIPTION_MAX_CHARS),
        assignee_field(&people).half(),
        Field::text("loan", "About the loan")
            .hint("Its eight characters, as on the loan's page.")
            .max(20)
            .half(),
    ])
}

async fn write(staff: &Staff, sent: Option<Vec<Field>>, mistakes: &Mistakes) -> Answer {
    let query = staff.query();
    let shown = Shown::parse(query.text("show"));
    let at = query.page();
    let offset = (at - 1).saturating_mul(ON_PAGE);
    let found = task::list(staff.app(), &staff.who, &shown.filter(), ON_PAGE, offset).await?;
    let last = u64::from(offset) + u64::try_from(found.lines.len()).unwrap_or(0);
    let loan = query.text("loan").and_then(PublicId::parse);
    let fields = match sent {
        Some(fields) => fields,
        None => {
            let fill = |field: Field| match (&loan, field.name()) {
                (Some(id), "loan") => field.value(id.as_str()),
                _ => field,
            };
            fields(staff).await?.into_iter().map(fill).collect()
        }
    };
    let choices = Shown::ALL.map(|(one, _, label)| ChoiceView {
        href: one.path(1),
        label,
        is_current: one == shown,
    });
    let view = TasksPage {
        total: match found.total {
            1 => "1 task".to_owned(),
            n => format!("{} tasks", show::grouped(n)),
        },
        choices: choices.to_vec(),
        rows: found.lines.iter().map(TaskView::of).collect(),
        nothing: shown.nothing(),
        pager: Pager {
            before: (at > 1).then(|| shown.path(at - 1)),
            after: (last < found.total && !found.lines.is_empty()).then(|| shown.path(at + 1)),
        },
        back: shown.path(at),
        is_adding: !mistakes.is_empty() || loan.is_some(),
        fields,
    };
    staff
        .page("Tasks")
        .section(Section::Tasks)
        .mistakes(mistakes)
        .render(&view)
}

pub(super) async fn list(staff: Staff) -> Answer {
    write(&staff, None, &Mistakes::default()).await
}

/// The field a mistake is about.
fn place(field: &refusal::Field) -> Option<(String, String)> {
    (*field == refusal::Field::TaskDescription)
        .then(|| ("description".to_owned(), "What is to be done".to_owned()))
}

/// What is wrong with the form. Somebody or something that is not there is a mistake of its field.
fn mistakes(error: AppError) -> Result<Mistakes, Failure> {
    let mut mistakes = Mistakes::default();
    match &error {
        AppError::Refused(Refusal::NotFound { what: Noun::Loan }) => {
            mistakes.add("loan", "There is no such loan.");
        }
        AppError::Refused(Refusal::NotFound { what: Noun::Staff }) => {
            mistakes.add("assignee", "This person cannot be given tasks.");
        }
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => {
            return Mistakes::of(error, place);
        }
    }
    Ok(mistakes)
}

pub(super) async fn add(staff: Staff, form: Posted) -> Answer {
    staff.require(Permission::EditTasks)?;
    let loan = form.text("loan");
    let id = loan.map(str::to_ascii_uppercase);
    let id = id.as_deref().and_then(PublicId::parse);
    let made = if loan.is_some() && id.is_none() {
        Err(Refusal::NotFound { what: Noun::Loan }.into())
    } else {
        let new = NewTask {
            description: form.raw("description").to_owned(),
            assignee: form.text("assignee").map(str::to_owned),
            loan: id,
        };
        task::create(staff.app(), &staff.who, new).await
    };
    match made {
        Ok(_) => staff.go_with(&Shown::All.path(1), Flash::TaskAdded),
        Err(error) => {
            let mistakes = mistakes(error)?;
            let refill = |field: Field| field.with(&form).error(&mistakes);
            let fields = fields(&staff).await?.into_iter().map(refill).collect();
            write(&staff, Some(fields), &mistakes).await
        }
    }
}

fn parsed(id: &str) -> Result<PublicId, Failure> {
    PublicId::parse(id).ok_or(Failure::NotFound)
}

/// The page of one task, with the form that gives it to somebody for those who may.
async fn one(staff: &Staff, task: &TaskLine, mistakes: &Mistakes) -> Answer {
    let mut fields = Vec::new();
    if task.may_edit {
        let people = task::assignees(staff.app(), &staff.who).await?;
        let now = task.assignee.as_ref().map_or("", |who| who.id.as_str());
        fields.push(assignee_field(&people).value(now).error(mistakes));
    }
    let action = format!("{TASKS}/{}", task.id);
    let view = TaskPage {
        rows: vec![TaskView::alone(task)],
        facts: facts(task),
        back: TASKS.to_owned(),
        action,
        fields,
    };
    staff
        .page("Task")
        .section(Section::Tasks)
        .mistakes(mistakes)
        .render(&view)
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let task = task::one(staff.app(), &staff.who, &parsed(&id)?).await?;
    one(&staff, &task, &Mistakes::default()).await
}

pub(super) async fn assign(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let id = parsed(&id)?;
    match task::assign(staff.app(), &staff.who, &id, form.text("assignee")).await {
        Ok(_) => staff.go_with(&format!("{TASKS}/{id}"), Flash::TaskAssigned),
        Err(error) => {
            let mistakes = mistakes(error)?;
            let task = task::one(staff.app(), &staff.who, &id).await?;
            one(&staff, &task, &mistakes).await
        }
    }
}

pub(super) async fn finish(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    task::finish(staff.app(), &staff.who, &parsed(&id)?).await?;
    staff.go_with(&back_to(form.raw("back"), TASKS), Flash::TaskDone)
}

pub(super) async fn reopen(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    task::reopen(staff.app(), &staff.who, &parsed(&id)?).await?;
    staff.go_with(&back_to(form.raw("back"), TASKS), Flash::TaskReopened)
}

impl Template for TasksPage {
    const FILE: &'static str = "desk/tasks.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |is_full: bool| Self {
            total: text(),
            choices: [true, false]
                .map(|is_current| ChoiceView {
                    href: text(),
                    label: "Yours",
                    is_current,
                })
                .to_vec(),
            rows: if is_full {
                TaskView::samples()
            } else {
                Vec::new()
            },
            nothing: "Nothing",
            pager: Pager {
                before: is_full.then(text),
                after: is_full.then(text),
            },
            back: text(),
            fields: if is_full {
                Field::samples()
            } else {
                Vec::new()
            },
            is_adding: is_full,
        };
        vec![page(true), page(false)]
    }
}

impl Template for TaskPage {
    const FILE: &'static str = "desk/task.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |fields| Self {
            rows: TaskView::samples(),
            facts: vec![("Made by", text())],
            back: text(),
            action: text(),
            fields,
        };
        vec![page(Field::samples()), page(Vec::new())]
    }
}
