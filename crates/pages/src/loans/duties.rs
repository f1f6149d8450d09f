//! What is to be done and known about a loan, on its first page.

use lintel_app::loan::{LoanCaller, LoanHead};
use lintel_desk::{alert, task};
use lintel_domain::message::TaskState;
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::frame::Part;
use crate::desk::{AlertView, TaskView};
use crate::failure::Failure;
use crate::show;
use crate::visit::Staff;

/// Most of either that this page shows.
const MOST: usize = 20;

/// Tasks that are open, alerts that are not put away.
#[derive(Debug, Serialize)]
pub(super) struct Duties {
    tasks: Vec<TaskView>,
    /// Tasks that are done.
    done: usize,
    alerts: Vec<AlertView>,
    /// Where their forms lead back to.
    back: String,
    /// Where a task about the loan is added, for those who may.
    add: Option<String>,
}

impl Duties {
    /// Those of a loan that the person sees.
    pub(super) async fn of(staff: &Staff, head: &LoanHead) -> Result<Self, Failure> {
        let caller = LoanCaller::Person(&staff.who);
        let tasks = task::of_loan(staff.app(), &caller, head).await?;
        let alerts = alert::of_loan(staff.app(), &caller, head).await?;
        let id = head.line.public_id.as_str();
        let open = tasks.iter().filter(|task| task.state == TaskState::Open);
        let fresh = alerts.iter().filter(|alert| !alert.is_put_away);
        Ok(Self {
            done: tasks.len() - open.clone().count(),
            tasks: open.take(MOST).map(TaskView::on_loan).collect(),
            alerts: fresh.take(MOST).map(AlertView::on_loan).collect(),
            back: Part::Overview.href(id),
            add: staff
                .may(Permission::EditTasks)
                .then(|| format!("/lender/tasks?loan={}", show::encoded(id))),
        })
    }

    #[cfg(test)]
    pub(super) fn sample(is_full: bool) -> Self {
        let text = || crate::templates::HOSTILE.to_owned();
        if !is_full {
            return Self {
                tasks: Vec::new(),
                done: 0,
                alerts: Vec::new(),
                back: text(),
                add: None,
            };
        }
        Self {
            tasks: TaskView::samples(),
            done: 2,
            alerts: AlertView::samples(),
            back: text(),
            add: Some(text()),
        }
    }
}
