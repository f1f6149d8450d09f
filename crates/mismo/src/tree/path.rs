//! Where an element is, in words.

use roxmltree::Node;

use super::{DU, LPA, MISMO, ULAD};

/// Longest element name shown; the schema's own stay below it.
const NAME_LEN: usize = 80;

/// The elements from the deal (or the root, outside a deal) down to a node.
fn steps<'a>(node: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
    let mut steps = Vec::new();
    for step in node.ancestors().filter(Node::is_element) {
        steps.push(step);
        if step.tag_name().name() == "DEAL" {
            break;
        }
    }
    steps.reverse();
    steps
}

fn push_name(out: &mut String, node: Node<'_, '_>) {
    let prefix = match node.tag_name().namespace() {
        Some(MISMO) | None => "",
        Some(ULAD) => "ULAD:",
        Some(DU) => "DU:",
        Some(LPA) => "LPA:",
        Some(_) => "other:",
    };
    out.push_str(prefix);
    out.extend(node.tag_name().name().chars().take(NAME_LEN));
}

/// `DEAL/PARTIES/PARTY[2]`: a position wherever an element has siblings of its name.
pub(super) fn with_places(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    for step in steps(node) {
        if !out.is_empty() {
            out.push('/');
        }
        push_name(&mut out, step);
        let is_alike = |other: &Node<'_, '_>| other.tag_name() == step.tag_name();
        let before = step.prev_siblings().skip(1).filter(is_alike).count();
        if before > 0 || step.next_siblings().skip(1).any(|other| is_alike(&other)) {
            out.push_str(&format!("[{}]", before.saturating_add(1)));
        }
    }
    out
}

/// `DEAL/PARTIES/PARTY`: the same for all siblings of a name.
pub(super) fn without_places(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    for step in steps(node) {
        if !out.is_empty() {
            out.push('/');
        }
        push_name(&mut out, step);
    }
    out
}
