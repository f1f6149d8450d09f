//! Findings of a document as members of an answer.

use lintel_app::error::{Finding, Severity};
use lintel_app::loan::Validation;

use crate::tree::Node;

/// Findings in their order.
pub fn list(findings: &[Finding]) -> Vec<Node> {
    findings.iter().map(one).collect()
}

fn one(finding: &Finding) -> Node {
    let mut node = Node::object([
        ("code", Node::from(finding.code.as_str())),
        ("severity", Node::from(finding.severity.as_str())),
        ("path", Node::from(finding.path.as_str())),
        ("line", Node::from(finding.line)),
        ("message", Node::from(&*finding.message)),
    ]);
    if !finding.allowed.is_empty() {
        node.push("allowed", Node::list(finding.allowed.iter().copied()));
    }
    node
}

/// What a document was found to be.
pub fn validation(found: &Validation) -> Node {
    let mut node = Node::object([
        ("isValid", Node::Bool(found.is_valid)),
        ("errorCount", number(found.count(Severity::Error))),
        ("warningCount", number(found.count(Severity::Warning))),
        ("noteCount", number(found.count(Severity::Note))),
        ("findings", Node::List(list(&found.findings))),
    ]);
    if let Some(counts) = &found.counts {
        let summary = Node::object([
            ("partyCount", number(counts.parties)),
            ("borrowerCount", number(counts.borrowers)),
            ("assetCount", number(counts.assets)),
            ("ownedPropertyCount", number(counts.owned_properties)),
            ("liabilityCount", number(counts.liabilities)),
            ("expenseCount", number(counts.expenses)),
            ("incomeCount", number(counts.incomes)),
            ("employmentCount", number(counts.employments)),
            ("relatedLoanCount", number(counts.related_loans)),
        ]);
        node.push("summary", summary);
    }
    node
}

fn number(count: usize) -> Node {
    Node::Int(i64::try_from(count).unwrap_or(i64::MAX))
}
