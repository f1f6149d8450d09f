//! Where an element is, in words.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::xml::Node;

use super::{DU, LPA, MISMO, ULAD};

/// Names of the standard and its extensions that may be shown: those that occur in applications.
static KNOWN: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("names.txt").lines().collect());

/// The elements from the deal (or the root, outside a deal) down to a node.
fn steps<'a>(node: Node<'a>) -> Vec<Node<'a>> {
    let mut steps = Vec::new();
    for step in node.ancestors() {
        steps.push(step);
        if step.name() == "DEAL" {
            break;
        }
    }
    steps.reverse();
    steps
}

fn push_name(out: &mut String, node: Node<'_>) {
    let prefix = match node.namespace() {
        Some(MISMO) | None => "",
        Some(ULAD) => "ULAD:",
        Some(DU) => "DU:",
        Some(LPA) => "LPA:",
        Some(_) => "other:",
    };
    out.push_str(prefix);
    // A sender chooses a name freely, and may have put a person's into it.
    let is_known = KNOWN.contains(node.name());
    out.push_str(if is_known { node.name() } else { "?" });
}

/// `DEAL/PARTIES/PARTY[2]`: a position wherever an element has siblings of its name.
pub(super) fn with_places(node: Node<'_>) -> String {
    let mut out = String::new();
    for step in steps(node) {
        if !out.is_empty() {
            out.push('/');
        }
        push_name(&mut out, step);
        let alike = || {
            let siblings = step.parent().into_iter().flat_map(Node::elements);
            siblings.filter(|other| other.tag() == step.tag())
        };
        if alike().nth(1).is_some() {
            let before = alike().take_while(|other| *other != step).count();
            out.push_str(&format!("[{}]", before.saturating_add(1)));
        }
    }
    out
}

/// `DEAL/PARTIES/PARTY`: the same for all siblings of a name.
pub(super) fn without_places(node: Node<'_>) -> String {
    let mut out = String::new();
    for step in steps(node) {
        if !out.is_empty() {
            out.push('/');
        }
        push_name(&mut out, step);
    }
    out
}
