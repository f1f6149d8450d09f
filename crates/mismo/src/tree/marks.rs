//! What the reader notes about elements while it reads: which were read, which of them the domain
//! knows, and where they stand in the domain's lists.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::xml::Node;

use crate::carried::Anchor;

const READ: u8 = 1;
const KEPT: u8 = 2;
const ANCHORED: u8 = 4;
const PLACED: u8 = 8;

/// One small set of flags for every node, and maps for the few that have more.
pub(crate) struct Marks {
    flags: Vec<Cell<u8>>,
    anchors: RefCell<HashMap<usize, Anchor>>,
    places: RefCell<HashMap<usize, usize>>,
    reserved: RefCell<HashMap<(usize, &'static str), usize>>,
}

impl Marks {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            flags: vec![Cell::new(0); nodes],
            anchors: RefCell::default(),
            places: RefCell::default(),
            reserved: RefCell::default(),
        }
    }

    fn has(&self, node: Node<'_>, flag: u8) -> bool {
        let flags = self.flags.get(node.index());
        flags.is_some_and(|flags| flags.get() & flag != 0)
    }

    fn set(&self, node: Node<'_>, flag: u8, on: bool) {
        if let Some(flags) = self.flags.get(node.index()) {
            let others = flags.get() & !flag;
            flags.set(if on { others | flag } else { others });
        }
    }

    pub(crate) fn was_read(&self, node: Node<'_>) -> bool {
        self.has(node, READ)
    }

    pub(super) fn set_read(&self, node: Node<'_>, read: bool) {
        self.set(node, READ, read);
    }

    /// Whether it is carried over although it was read.
    pub(crate) fn is_kept(&self, node: Node<'_>) -> bool {
        self.has(node, KEPT)
    }

    pub(super) fn set_kept(&self, node: Node<'_>) {
        self.set(node, KEPT, true);
    }

    /// The element of what the domain holds; the first name an element gets is its name.
    pub(super) fn set_anchor(&self, node: Node<'_>, anchor: Anchor) {
        self.set(node, ANCHORED, true);
        let mut anchors = self.anchors.borrow_mut();
        anchors.entry(node.index()).or_insert(anchor);
    }

    pub(crate) fn anchor(&self, node: Node<'_>) -> Option<Anchor> {
        if !self.has(node, ANCHORED) {
            return None;
        }
        self.anchors.borrow().get(&node.index()).copied()
    }

    pub(super) fn set_place(&self, node: Node<'_>, place: usize) {
        self.set(node, PLACED, true);
        let mut places = self.places.borrow_mut();
        places.entry(node.index()).or_insert(place);
    }

    /// Where it stands in a list of the domain.
    pub(crate) fn place(&self, node: Node<'_>) -> Option<usize> {
        if !self.has(node, PLACED) {
            return None;
        }
        self.places.borrow().get(&node.index()).copied()
    }

    pub(super) fn reserve(&self, node: Node<'_>, name: &'static str, count: usize) {
        let mut reserved = self.reserved.borrow_mut();
        reserved.insert((node.index(), name), count);
    }

    /// How many children of a name an export writes from the domain.
    pub(crate) fn reserved(&self, node: Node<'_>, name: &str) -> usize {
        fn find<'a>(all: &HashMap<(usize, &'a str), usize>, key: (usize, &'a str)) -> usize {
            all.get(&key).copied().unwrap_or(0)
        }
        find(&self.reserved.borrow(), (node.index(), name))
    }
}
