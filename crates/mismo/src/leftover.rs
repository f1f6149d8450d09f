//! What was not read: paths to keep for export, extensions, embedded files.

use std::collections::HashSet;

use crate::xml::Node;

use crate::carried::Gather;
use crate::finding::{Code, Severity};
use crate::tree::{EMBEDDED_CONTENT, EMBEDDED_FILE, MISMO, NOT_SUPPLIED, Tree};

/// Lists the kinds of elements that hold data nobody read, outermost element first, each once, and
/// notes embedded files and extensions among them. What can be carried over goes to `gather`. Goes
/// through the tree without recursion.
pub(crate) fn collect<'t>(
    tree: &'t Tree<'t>,
    root: Node<'t>,
    max_paths: usize,
    gather: &mut Gather<'t>,
) -> Vec<String> {
    let mut leftover = Leftover {
        max_paths,
        ..Leftover::default()
    };
    let mut skip_to = 0_usize;
    for node in root.descendants() {
        if node.index() < skip_to || !node.is_element() {
            continue;
        }
        if leftover.visit(tree, node) {
            skip_to = node.end();
        } else {
            gather.leaf(node);
        }
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
    fn visit(&mut self, tree: &Tree<'_>, node: Node<'_>) -> bool {
        if matches!(node.name(), EMBEDDED_CONTENT | EMBEDDED_FILE) {
            self.embedded = self.embedded.saturating_add(1);
            return true;
        }
        if tree.marks().was_read(node) {
            return false;
        }
        if self.paths.len() >= self.max_paths {
            // Only embedded files are still counted.
            return false;
        }
        let parent_was_read = node
            .parent()
            .is_none_or(|parent| tree.marks().was_read(parent));
        if parent_was_read && holds_data(node) {
            let path = Tree::kind_path(node);
            let is_extension = node.name() == "EXTENSION" || node.namespace() != Some(MISMO);
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
fn holds_data(node: Node<'_>) -> bool {
    let mut seen = 0_usize;
    node.descendants().any(|inner| {
        seen = seen.saturating_add(1);
        let is_text = inner.text().is_some_and(|text| !text.trim().is_empty());
        is_text || inner.attribute(None, NOT_SUPPLIED).is_some() || seen > 300
    })
}
