//! What was not read: paths to keep for export, extensions, embedded files.

use std::collections::HashSet;

use roxmltree::Node;

use crate::finding::{Code, Severity};
use crate::tree::{EMBEDDED_CONTENT, MISMO, NOT_SUPPLIED, Tree};

/// Lists the kinds of elements that hold data nobody read, outermost element first, each once, and
/// notes embedded files and extensions among them. Goes through the tree without recursion.
pub(crate) fn collect(tree: &Tree<'_>, root: Node<'_, '_>, max_paths: usize) -> Vec<String> {
    let mut leftover = Leftover {
        max_paths,
        ..Leftover::default()
    };
    let mut next = Some(root);
    while let Some(node) = next {
        let skip_inside = leftover.visit(tree, node);
        next = following(node, root, skip_inside);
    }
    leftover.report(tree);
    leftover.paths
}

#[derive(Default)]
struct Leftover {
    max_paths: usize,
    paths: Vec<String>,
    known: HashSet<String>,
    extension_kinds: HashSet<String>,
    embedded: usize,
}

impl Leftover {
    /// Looks at one element; answers whether what is inside it is settled.
    fn visit(&mut self, tree: &Tree<'_>, node: Node<'_, '_>) -> bool {
        if !node.is_element() {
            return true;
        }
        if node.tag_name().name() == EMBEDDED_CONTENT {
            self.embedded = self.embedded.saturating_add(1);
            return true;
        }
        if tree.was_read(node) {
            return false;
        }
        if self.paths.len() >= self.max_paths {
            // Only embedded files are still counted.
            return false;
        }
        let parent_was_read = node
            .parent_element()
            .is_none_or(|parent| tree.was_read(parent));
        if parent_was_read && holds_data(node) {
            let path = Tree::kind_path(node);
            let is_extension =
                node.tag_name().name() == "EXTENSION" || node.tag_name().namespace() != Some(MISMO);
            if is_extension && self.extension_kinds.insert(path.clone()) {
                let message = "Extension content here is not interpreted.";
                tree.report(node, (Code::ExtensionIgnored, Severity::Note), message, &[]);
            }
            if self.known.insert(path.clone()) {
                self.paths.push(path);
            }
        }
        false
    }

    fn report(&self, tree: &Tree<'_>) {
        if self.embedded > 0 {
            let count = self.embedded;
            let message = format!("{count} embedded documents were not read.");
            tree.report_whole(Code::EmbeddedIgnored, Severity::Note, message);
        }
    }
}

/// Whether an element has any text below it, or a data point that says why it is empty. Looks at
/// the first few hundred nodes only: an element with that many is not empty scaffolding.
fn holds_data(node: Node<'_, '_>) -> bool {
    let mut seen = 0_usize;
    node.descendants().any(|inner| {
        seen = seen.saturating_add(1);
        let is_text = inner.is_text() && inner.text().is_some_and(|text| !text.trim().is_empty());
        is_text || inner.has_attribute(NOT_SUPPLIED) || seen > 300
    })
}

/// The next node in document order within a root.
fn following<'a>(
    node: Node<'a, 'a>,
    root: Node<'a, 'a>,
    skip_inside: bool,
) -> Option<Node<'a, 'a>> {
    let inside = if skip_inside {
        None
    } else {
        node.first_child()
    };
    if inside.is_some() {
        return inside;
    }
    let mut at = node;
    while at != root {
        if let Some(sibling) = at.next_sibling() {
            return Some(sibling);
        }
        at = at.parent()?;
    }
    None
}
