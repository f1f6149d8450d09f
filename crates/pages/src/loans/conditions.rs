//! What a loan needs before it may go on: the list by phase, and what can be done about each.

mod edit;

use axum::Router;
use axum::routing::{get, post};
use lintel_app::condition::ConditionLine;
use lintel_app::document::DocumentLine;
use lintel_app::loan::LoanCaller;
use lintel_domain::condition::{ConditionPhase, ConditionStatus, Responsible};
use lintel_domain::document::FiledUnder;
use lintel_domain::permission::Permission;
use lintel_edge::one::one;
use serde::Serialize;

use super::documents::{self, Paper};
use super::frame::{Frame, Part, Record, is_waiting};
use crate::fields::Field;
use crate::pages::Pages;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Staff;

#[cfg(test)]
pub(crate) use edit::ConditionPage;

/// The routes.
pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(
            "/lender/loans/{id}/conditions",
            get(one(edit::list))
                .head(super::loan::head)
                .post(one(edit::add)),
        )
        .route(
            "/lender/conditions/{id}",
            get(one(edit::show))
                .head(super::loan::head)
                .post(one(edit::save)),
        )
        .route(
            "/lender/conditions/{id}/status",
            post(one(edit::set_status)),
        )
}

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct ConditionsPage {
    frame: Frame,
    phases: Vec<Phased>,
    groups: Vec<Group>,
    /// The form for another one; empty for whoever may add none.
    fields: Vec<Field>,
    is_adding: bool,
    action: String,
}

/// How far the conditions of a phase are.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Phased {
    label: String,
    waiting: usize,
    all: usize,
}

/// The conditions of a phase.
#[derive(Debug, Serialize)]
struct Group {
    label: String,
    rows: Vec<ConditionView>,
}

/// A condition.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ConditionView {
    id: String,
    title: String,
    description: String,
    responsible: String,
    status: String,
    tone: &'static str,
    since: When,
    is_auto: bool,
    papers: Vec<Paper>,
    actions: Vec<Action>,
    may_edit: bool,
    /// Where a paper for it is uploaded.
    upload: Option<String>,
}

/// A status it can be given, as a button.
#[derive(Debug, Clone, Copy, Serialize)]
struct Action {
    value: &'static str,
    label: &'static str,
}

/// A phase for people.
pub(super) fn phase_label(phase: ConditionPhase) -> String {
    show::words(phase.as_str())
}

/// Who has to bring something, for people.
fn responsible_label(who: Responsible) -> String {
    show::words(who.as_str())
}

const fn tone(status: ConditionStatus) -> &'static str {
    match status {
        ConditionStatus::Open => "warn",
        ConditionStatus::Received => "info",
        ConditionStatus::Satisfied => "good",
        ConditionStatus::Waived => "plain",
    }
}

impl Phased {
    /// The phases that have conditions, in order.
    pub(super) fn all(conditions: &[ConditionLine]) -> Vec<Self> {
        let of = |phase: &ConditionPhase| {
            let mine: Vec<_> = conditions.iter().filter(|c| c.phase == *phase).collect();
            (!mine.is_empty()).then(|| Self {
                label: phase_label(*phase),
                waiting: mine.iter().filter(|c| is_waiting(c.status)).count(),
                all: mine.len(),
            })
        };
        ConditionPhase::ALL.iter().filter_map(of).collect()
    }

    #[cfg(test)]
    pub(super) fn samples() -> Vec<Self> {
        let of = |waiting| Self {
            label: crate::templates::HOSTILE.to_owned(),
            waiting,
            all: 2,
        };
        vec![of(0), of(1)]
    }
}

/// What somebody may do with the conditions of a loan.
#[derive(Debug, Clone, Copy)]
struct Rights {
    may_edit: bool,
    /// Whether it is the lender's own staff: a broker's changes what the broker asked for.
    is_lender: bool,
    may_clear: bool,
    may_file: bool,
}

impl Rights {
    fn of(staff: &Staff, record: &Record) -> Self {
        let caller = LoanCaller::Person(&staff.who);
        Self {
            may_edit: staff.may(Permission::EditConditions),
            is_lender: caller.is_lender_of(&record.head),
            may_clear: caller.may_clear(&record.head),
            may_file: staff.may(Permission::EditDocuments),
        }
    }

    /// The statuses a condition can be given, as buttons.
    fn actions(self, status: ConditionStatus, has_papers: bool) -> Vec<Action> {
        let action = |value: ConditionStatus, label| Action {
            value: value.as_str(),
            label,
        };
        let received = action(ConditionStatus::Received, "Mark received");
        let clear = [
            action(ConditionStatus::Satisfied, "Satisfy"),
            action(ConditionStatus::Waived, "Waive"),
        ];
        let mut actions = Vec::new();
        match status {
            ConditionStatus::Open => {
                if has_papers && self.may_edit {
                    actions.push(received);
                }
                if self.may_clear {
                    actions.extend(clear);
                }
            }
            ConditionStatus::Received => {
                if self.may_clear {
                    actions.extend(clear);
                }
                if self.may_edit {
                    actions.push(action(ConditionStatus::Open, "Refuse papers"));
                }
            }
            ConditionStatus::Satisfied | ConditionStatus::Waived => {
                if self.may_clear {
                    actions.push(action(ConditionStatus::Open, "Reopen"));
                }
            }
        }
        actions
    }
}

/// The current papers filed for a condition.
fn papers(condition: &ConditionLine, documents: &[DocumentLine]) -> Vec<Paper> {
    let is_mine = |paper: &&DocumentLine| {
        paper.is_current
            && matches!(&paper.filing, FiledUnder::Condition(id) if *id == condition.public_id)
    };
    documents.iter().filter(is_mine).map(Paper::of).collect()
}

impl ConditionView {
    fn of(staff: &Staff, condition: &ConditionLine, record: &Record, rights: Rights) -> Self {
        let papers = papers(condition, &record.documents);
        let id = condition.public_id.as_str();
        let loan = record.head.line.public_id.as_str();
        Self {
            id: id.to_owned(),
            title: condition.title.clone(),
            description: condition.description.clone(),
            responsible: responsible_label(condition.responsible),
            status: show::words(condition.status.as_str()),
            tone: tone(condition.status),
            since: When::of(condition.status_at),
            is_auto: condition.auto_satisfy,
            actions: rights.actions(condition.status, !papers.is_empty()),
            may_edit: rights.may_edit && (rights.is_lender || condition.org_id == staff.org().id),
            upload: (rights.may_file && is_waiting(condition.status))
                .then(|| documents::upload_for(loan, id)),
            papers,
        }
    }

    #[cfg(test)]
    fn sample(is_full: bool) -> Self {
        let text = || crate::templates::HOSTILE.to_owned();
        Self {
            id: if is_full {
                "sample1".to_owned()
            } else {
                "sample2".to_owned()
            },
            title: text(),
            description: if is_full { text() } else { String::new() },
            responsible: text(),
            status: text(),
            tone: "warn",
            since: When::of(lintel_domain::id::Instant::from_seconds(0)),
            is_auto: is_full,
            papers: if is_full {
                vec![Paper::sample(), Paper::sample()]
            } else {
                Vec::new()
            },
            actions: if is_full {
                vec![Action {
                    value: "waived",
                    label: "Waive",
                }]
            } else {
                Vec::new()
            },
            may_edit: is_full,
            upload: is_full.then(text),
        }
    }
}

impl ConditionsPage {
    /// The page, with the form for another condition as it was sent, if it was.
    fn of(staff: &Staff, record: &Record, sent: Option<Vec<Field>>) -> Self {
        let rights = Rights::of(staff, record);
        let group = |phase: &ConditionPhase| {
            let mine = record.conditions.iter().filter(|c| c.phase == *phase);
            let rows: Vec<_> = mine
                .map(|condition| ConditionView::of(staff, condition, record, rights))
                .collect();
            (!rows.is_empty()).then(|| Group {
                label: phase_label(*phase),
                rows,
            })
        };
        let id = record.head.line.public_id.as_str();
        Self {
            frame: Frame::of(staff, record, Part::Conditions),
            phases: Phased::all(&record.conditions),
            groups: ConditionPhase::ALL.iter().filter_map(group).collect(),
            is_adding: sent.is_some(),
            fields: if rights.may_edit {
                sent.unwrap_or_else(edit::fields)
            } else {
                Vec::new()
            },
            action: Part::Conditions.href(id),
        }
    }
}

impl Template for ConditionsPage {
    const FILE: &'static str = "loans/conditions.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |is_full: bool| Self {
            frame: Frame::sample(Part::Conditions, is_full),
            phases: if is_full {
                Phased::samples()
            } else {
                Vec::new()
            },
            groups: if is_full {
                vec![Group {
                    label: text(),
                    rows: vec![ConditionView::sample(true), ConditionView::sample(false)],
                }]
            } else {
                Vec::new()
            },
            fields: if is_full {
                Field::samples()
            } else {
                Vec::new()
            },
            is_adding: is_full,
            action: text(),
        };
        vec![page(true), page(false)]
    }
}
