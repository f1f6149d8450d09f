//! `POST /get-loan`: one loan with everything about it. Ours.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::loan::{self, FullLoan, LoanCaller, LoanHead};
use lintel_app::message::{self, MessageLine};
use lintel_desk::alert::{self, AlertLine};
use lintel_desk::task::{self, TaskLine};

use super::line::{BORROWER_FIELDS, VIEW_FIELDS, borrower, line, view};
use super::{application, condition, desk, id, paper};
use crate::call::{Call, Face};
use crate::error::LenderError;
use crate::form::Reader;
use crate::refusal::lender_error;
use crate::tree::Node;

pub async fn handle(State(face): State<Face>, request: Request) -> Response {
    face.run(request, run).await
}

async fn run(face: Arc<Face>, mut call: Call) -> Result<Node, LenderError> {
    let (principal, data) = call.enter(&face).await?;
    let id = id::loan(&Reader::new(&data))?;
    let caller = LoanCaller::Program(&principal);
    let found = loan::full(&face.app, &caller, &id)
        .await
        .map_err(|e| lender_error(&e))?;
    let beside = Beside::of(&face.app, &caller, &found.head).await;
    let beside = beside.map_err(|e| lender_error(&e))?;
    let node = render(&found).ok_or_else(LenderError::internal)?;
    Ok(beside.added_to(node))
}

/// What is written to people about a loan, and what they have to do.
struct Beside {
    tasks: Vec<TaskLine>,
    alerts: Vec<AlertLine>,
    messages: Vec<MessageLine>,
}

impl Beside {
    async fn of(app: &App, caller: &LoanCaller<'_>, head: &LoanHead) -> Result<Self, AppError> {
        Ok(Self {
            tasks: task::of_loan(app, caller, head).await?,
            alerts: alert::of_loan(app, caller, head).await?,
            messages: message::of_loan(app, caller, head).await?,
        })
    }

    fn added_to(&self, node: Node) -> Node {
        let tasks = self.tasks.iter().map(desk::task);
        let alerts = self.alerts.iter().map(desk::alert);
        let messages = self.messages.iter().map(desk::message);
        node.with("tasks", Node::List(tasks.collect()))
            .with("alerts", Node::List(alerts.collect()))
            .with("messages", Node::List(messages.collect()))
    }
}

/// A row of `/get-list-loans` with all its add-ons, and then what only one loan has.
fn render(found: &FullLoan) -> Option<Node> {
    let all = |fields: &[&str]| -> Vec<String> {
        fields.iter().map(|field| (*field).to_owned()).collect()
    };
    let (borrower_fields, view_fields) = (all(BORROWER_FIELDS), all(VIEW_FIELDS));
    let borrowers = found.borrowers.iter();
    let views = found.views.iter();
    let mut node = line(&found.head.line);
    node.push(
        "borrowers",
        Node::List(borrowers.map(|b| borrower(b, &borrower_fields)).collect()),
    );
    node.push(
        "loanViews",
        Node::List(views.map(|v| view(v, &view_fields)).collect()),
    );
    node.push("losLoanID", &found.head.los_loan_id);
    node.push("crmID", Node::from(found.crm_id.clone()));
    node.push("isActive", found.head.lifecycle.is_active());
    node.push("revision", found.head.revision);
    node.push("timestampLastModified", found.head.modified_at.seconds());
    node.push("application", application::node(&found.application)?);
    node.push(
        "conditions",
        Node::List(found.conditions.iter().map(condition::line).collect()),
    );
    node.push(
        "documents",
        Node::List(found.documents.iter().map(paper::line).collect()),
    );
    node.push(
        "history",
        Node::List(found.history.iter().map(paper::event).collect()),
    );
    Some(node)
}
