//! How a paper of a loan and an event look.

use lintel_app::document::DocumentLine;
use lintel_app::loan::{DoneBy, LoanEvent};
use lintel_domain::document::FiledUnder;
use lintel_domain::loan::Status;

use crate::tree::Node;

/// A paper as it is shown: what upload said of it, and what became of it.
pub fn line(paper: &DocumentLine) -> Node {
    let mut node = Node::object([
        ("docID", Node::from(paper.id.as_str())),
        ("fileName", Node::from(&paper.file_name)),
    ]);
    match &paper.filing {
        FiledUnder::Loan(kind) => {
            node.push("documentType", "LoanDoc");
            node.push("loanDocType", kind.as_str());
        }
        FiledUnder::Condition(id) => {
            node.push("documentType", "LoanConditionDocument");
            node.push("conditionID", id.as_str());
        }
    }
    let bytes = i64::try_from(paper.bytes).unwrap_or(i64::MAX);
    node.with("version", paper.version)
        .with("isCurrent", paper.is_current)
        .with("bytes", bytes)
        .with("sha256", paper.sha256_hex())
        .with("uploadedDate", paper.uploaded_at.seconds())
        .with("uploadedBy", done_by(&paper.uploaded_by))
        .with("keepUntil", paper.keep_until.to_string())
}

/// Something that happened to a loan.
pub fn event(event: &LoanEvent) -> Node {
    let mut node = Node::object([
        ("time", Node::Int(event.at.seconds())),
        ("event", Node::from(event.kind.as_str())),
        ("by", done_by(&event.by)),
    ]);
    for (name, status) in [("from", &event.from), ("to", &event.to)] {
        if let Some(status) = status {
            node.push(name, words(status));
        }
    }
    node
}

fn words(status: &Status) -> Node {
    Node::object([
        ("systemMainStatus", Node::from(&status.main)),
        ("systemSubStatus", Node::from(&status.sub)),
    ])
}

/// Who did something: a name, or what kind of somebody; null when nobody knows any more.
fn done_by(by: &DoneBy) -> Node {
    match by {
        DoneBy::Person(name) => Node::from(name),
        DoneBy::Somebody => Node::Null,
        DoneBy::Program => Node::from("API"),
        DoneBy::Operator => Node::from("operator"),
    }
}
