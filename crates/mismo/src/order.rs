//! Whether elements stand in the order of the schema.
//!
//! We read by name, so order never changes a loan; other receivers are stricter, and a sender may
//! want to know. The rule is also that of our exports; it is checked only where the schema was.

pub(crate) mod rank;

use crate::finding::{Code, Severity};
use crate::tree::{MISMO, Tree};

use crate::xml::Node;

/// Containers whose order was checked against the schema, beside the detail-like ones.
const CHECKED: &[&str] = &[
    "MESSAGE",
    "DEAL",
    "PARTY",
    "INDIVIDUAL",
    "ROLE",
    "EMPLOYER",
    "RESIDENCE",
    "ASSET",
    "LIABILITY",
    "CONTACT_POINT",
    "TERMS_OF_LOAN",
    "LOAN",
    "BORROWER",
];

/// Notes the first container out of order, and how many there are.
pub(crate) fn check(tree: &Tree<'_>) {
    let mut wrong = tree.nodes().filter(|node| !is_ordered(*node));
    if let Some(first) = wrong.next() {
        let count = wrong.count().saturating_add(1);
        let message = format!(
            "Elements are not in the schema's order in {count} places; this is the first. They \
             were read all the same."
        );
        tree.report(
            first,
            (Code::OrderNonstandard, Severity::Note),
            message,
            &[],
        );
    }
}

fn is_ordered(node: Node<'_>) -> bool {
    let container = node.name();
    let is_detail = container.ends_with("_DETAIL");
    if !is_detail && !CHECKED.contains(&container) || node.namespace() != Some(MISMO) {
        return true;
    }
    node.elements().is_sorted_by(|a, b| {
        // Nearly all there is: two data points of the standard side by side.
        let is_plain = |child: &Node<'_>| {
            child.shares_namespace(node) && !matches!(child.name(), "EXTENSION" | "REFERENCE")
        };
        if is_detail && is_plain(a) && is_plain(b) {
            return folded(a.name()).le(folded(b.name()));
        }
        rank::compare(container, child(*a), child(*b)).is_le()
    })
}

fn child(node: Node<'_>) -> rank::Child<'_> {
    (node.namespace().unwrap_or(""), node.name())
}

fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|b| b.to_ascii_lowercase())
}
