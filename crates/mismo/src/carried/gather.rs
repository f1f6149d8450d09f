//! Gathering what nobody read, within bounds.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::xml::{self, Node};

use super::{Anchor, Attribute, Carried, CarriedArc, CarriedLeaf, End, Step};
use crate::arcs::{Arc, Arcs, Relation};
use crate::finding::{Code, Severity};
use crate::kind;
use crate::limits::Limits;
use crate::tree::{MISMO, Part, Tree, XLINK};

/// Schema locations and the like: about the file, not about the loan.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Attributes that number or name elements, or that the reader knows; the rest is data.
const STRUCTURE: [&str; 4] = [
    "SequenceNumber",
    "LoanRoleType",
    "MISMOReferenceModelIdentifier",
    "MISMOLogicalDataDictionaryIdentifier",
];

/// Bytes reckoned for a step or an attribute beside its texts.
const OVERHEAD: usize = 64;

/// What was gathered, what room is left, and positions worked out on the way.
pub(crate) struct Gather<'t> {
    tree: &'t Tree<'t>,
    carried: Carried,
    entries_left: usize,
    bytes_left: usize,
    is_cut: bool,
    /// Position of each element among its siblings, for the children of parents looked at.
    places: HashMap<usize, usize>,
}

impl<'t> Gather<'t> {
    pub(crate) fn new(tree: &'t Tree<'t>, limits: &Limits) -> Self {
        Self {
            tree,
            carried: Carried::default(),
            entries_left: limits.max_carried,
            bytes_left: limits.max_carried_bytes,
            is_cut: false,
            places: HashMap::new(),
        }
    }

    /// Takes up an element's text and attributes if nobody read them.
    pub(crate) fn leaf(&mut self, node: Node<'t>) {
        let marks = self.tree.marks();
        let text = if marks.was_read(node) && !marks.is_kept(node) {
            Cow::Borrowed("")
        } else {
            let part = Part {
                tree: self.tree,
                node: Some(node),
            };
            part.own_text()
        };
        let has_text = !text.is_empty() && !kind::is_placeholder(&text);
        let is_data = |a: &xml::Attribute<'_>| {
            let is_structure = a.namespace.is_none() && STRUCTURE.contains(&a.name);
            !is_structure
                && !a.value.trim().is_empty()
                && !matches!(a.namespace, Some(XLINK | INSTANCE))
        };
        let has_attributes = node.has_attributes() && node.attributes().any(|a| is_data(&a));
        if !has_text && !has_attributes {
            return;
        }
        let Some((anchor, steps)) = self.way(node, text.len()) else {
            return;
        };
        self.carried.leaves.push(CarriedLeaf {
            anchor,
            steps,
            attributes: node.attributes().filter(is_data).map(owned).collect(),
            text: has_text.then(|| text.into_owned()),
        });
    }

    /// Takes up the relationships that are not part of the application. Called when every element
    /// of the domain has its anchor.
    pub(crate) fn arcs(&mut self, arcs: &Arcs<'t>, is_used: impl Fn(&Relation<'t>) -> bool) {
        for relation in arcs.relations() {
            let is_kept = relation.arc == Some(Arc::VerificationBorrower);
            if !is_kept && is_used(relation) {
                continue;
            }
            let Some(from) = self.end(relation.from, relation.role.len()) else {
                return;
            };
            let Some(to) = self.end(relation.to, 0) else {
                return;
            };
            self.carried.arcs.push(CarriedArc {
                arcrole: relation.role.to_owned(),
                from,
                to,
            });
        }
    }

    /// What was gathered; says so when something had to stay behind.
    pub(crate) fn finish(self) -> Carried {
        if self.is_cut {
            let message = "More was not interpreted than is kept for an export; the rest stays \
                           behind.";
            self.tree
                .report_whole(Code::CarriedCut, Severity::Warning, message);
        }
        self.carried
    }

    fn end(&mut self, node: Node<'t>, more: usize) -> Option<End> {
        let (anchor, steps) = self.way(node, more)?;
        Some(if steps.is_empty() {
            End::Anchor(anchor)
        } else {
            End::Path(anchor, steps)
        })
    }

    /// The way from the nearest anchor down to a node; `None` when there is no room for it.
    fn way(&mut self, node: Node<'t>, more: usize) -> Option<(Anchor, Vec<Step>)> {
        let mut nodes: Vec<Node<'t>> = Vec::new();
        let mut found = None;
        for at in node.ancestors() {
            found = self.tree.marks().anchor(at);
            if found.is_some() {
                break;
            }
            nodes.push(at);
        }
        let anchor = found?;
        let cost = nodes
            .iter()
            .map(cost)
            .fold(more.saturating_add(OVERHEAD), usize::saturating_add);
        if self.is_cut || self.entries_left == 0 || cost > self.bytes_left {
            self.is_cut = true;
            return None;
        }
        self.entries_left = self.entries_left.saturating_sub(1);
        self.bytes_left = self.bytes_left.saturating_sub(cost);
        let steps = nodes.iter().rev().map(|node| self.step(*node)).collect();
        Some((anchor, steps))
    }

    fn step(&mut self, node: Node<'t>) -> Step {
        let namespace = match node.namespace() {
            Some(MISMO) => None,
            other => Some(other.unwrap_or("").to_owned()),
        };
        Step {
            namespace,
            name: node.name().to_owned(),
            nth: self.nth(node),
            attributes: node
                .attributes()
                .filter(|a| a.namespace != Some(INSTANCE))
                .map(owned)
                .collect(),
        }
    }

    /// The position of an element; works out those of all its siblings at once.
    fn nth(&mut self, node: Node<'t>) -> usize {
        let id = node.index();
        if let Some(place) = self.places.get(&id) {
            return *place;
        }
        let Some(parent) = node.parent() else {
            return 0;
        };
        let marks = self.tree.marks();
        let children = || parent.elements();
        // What an export writes first: anchored and placed children, or as many as were reserved.
        let mut free: HashMap<_, usize> = HashMap::new();
        for child in children() {
            let written = free
                .entry(child.tag())
                .or_insert_with(|| marks.reserved(parent, child.name()));
            let behind = match marks.place(child) {
                Some(place) => place.saturating_add(1),
                None if marks.anchor(child).is_some() => written.saturating_add(1),
                None => 0,
            };
            *written = (*written).max(behind);
        }
        for child in children() {
            let place = match marks.place(child) {
                Some(place) => place,
                None if marks.anchor(child).is_some() => continue,
                None => {
                    let next = free.entry(child.tag()).or_default();
                    let place = *next;
                    *next = place.saturating_add(1);
                    place
                }
            };
            self.places.insert(child.index(), place);
        }
        self.places.get(&id).copied().unwrap_or(0)
    }
}

fn owned(a: xml::Attribute<'_>) -> Attribute {
    Attribute {
        namespace: a.namespace.map(str::to_owned),
        name: a.name.to_owned(),
        value: a.value.to_owned(),
    }
}

/// Bytes one step takes up.
fn cost(node: &Node<'_>) -> usize {
    let texts = |name: &str, space: Option<&str>| {
        OVERHEAD
            .saturating_add(name.len())
            .saturating_add(space.map_or(0, str::len))
    };
    let attributes = node
        .attributes()
        .map(|a| texts(a.name, a.namespace).saturating_add(a.value.len()));
    let own = texts(node.name(), node.namespace());
    attributes.fold(own, usize::saturating_add)
}
