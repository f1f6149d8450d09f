//! A place in the document and how to read from it.

use std::borrow::Cow;

use crate::xml::{Named, Node};

use super::{NOT_SUPPLIED, Tree, XLINK};
use crate::carried::Anchor;
use crate::finding::{Code, Severity};
use crate::kind;

/// A place in the document: an element, or nothing where one could have been. Reading from nothing
/// finds nothing, so paths need no checks on the way.
#[derive(Clone, Copy)]
pub(crate) struct Part<'t> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) node: Option<Node<'t>>,
}

impl<'t> Part<'t> {
    pub(crate) const fn exists(self) -> bool {
        self.node.is_some()
    }

    /// The element's local name; empty for nothing.
    pub(crate) fn name(self) -> &'t str {
        self.node.map_or("", |node| node.name())
    }

    pub(crate) fn namespace(self) -> Option<&'t str> {
        self.node.and_then(|node| node.namespace())
    }

    /// An attribute without a namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<&'t str> {
        self.node.and_then(|node| node.attribute(None, name))
    }

    /// An attribute of the linking vocabulary; a leading `#` of its value is dropped.
    pub(crate) fn link(self, name: &str) -> Option<&'t str> {
        let value = self.node?.attribute(Some(XLINK), name)?;
        Some(value.trim_start_matches('#')).filter(|value| !value.is_empty())
    }

    pub(super) fn mark(self) {
        if let Some(node) = self.node {
            self.tree.marks().set_read(node, true);
        }
    }

    /// Takes the mark away again: what was looked at found no place in the application.
    pub(crate) fn unread(self, path: &str) {
        if let Some(node) = self.seek(path).node {
            self.tree.marks().set_read(node, false);
        }
    }

    /// Carries a data point over although it was read, because an export has no other source.
    pub(crate) fn keep(self, name: &str) {
        if let Some(node) = self.children(name).next().and_then(|p| p.node) {
            self.tree.marks().set_kept(node);
        }
    }

    /// Makes this the element of something the domain holds.
    pub(crate) fn anchor(self, anchor: Anchor) {
        if let Some(node) = self.node {
            self.tree.marks().set_anchor(node, anchor);
        }
    }

    /// Notes the position, from 0, that this element has in a list the domain holds.
    pub(crate) fn place(self, place: usize) {
        if let Some(node) = self.node {
            self.tree.marks().set_place(node, place);
        }
    }

    /// Notes how many children of a name an export writes before any others of that name.
    pub(crate) fn reserve(self, name: &'static str, count: usize) {
        if let Some(node) = self.node {
            self.tree.marks().reserve(node, name, count);
        }
    }

    /// The element around this one.
    pub(crate) fn parent(self) -> Option<Self> {
        let node = self.node?.parent()?;
        Some(Self {
            tree: self.tree,
            node: Some(node),
        })
    }

    /// The text of the first data point of a name, without marking it as read.
    pub(crate) fn peek(self, name: &str) -> Option<Cow<'t, str>> {
        let point = self.children(name).next()?;
        Some(point.own_text()).filter(|text| !text.is_empty() && !kind::is_placeholder(text))
    }

    /// The first place at the end of a path, without marking anything as read.
    pub(crate) fn seek(self, path: &str) -> Self {
        path.split('/').fold(self, |place, name| {
            let found = place.children(name).next();
            found.unwrap_or(place.nothing())
        })
    }

    const fn nothing(self) -> Self {
        Self {
            tree: self.tree,
            node: None,
        }
    }

    /// Children of a name in this element's own namespace, none marked as read yet.
    fn children<'n>(self, name: &'n str) -> impl Iterator<Item = Self> + use<'t, 'n> {
        let children = match self.node {
            Some(node) => node.alike(name),
            None => Named::nothing(self.tree.doc, name),
        };
        let tree = self.tree;
        children.map(move |node| Self {
            tree,
            node: Some(node),
        })
    }

    /// The first child of a name in another namespace, not marked as read yet.
    fn foreign(self, space: &str, name: &str) -> Option<Self> {
        let mut elements = self.node?.elements();
        let node = elements.find(|child| child.is(space, name))?;
        Some(Self {
            tree: self.tree,
            node: Some(node),
        })
    }

    /// The one child of a name; a second one is reported, once, and not read.
    pub(crate) fn one(self, name: &str, severity: Severity) -> Self {
        let mut found = self.children(name);
        let Some(first) = found.next() else {
            return self.nothing();
        };
        first.mark();
        for extra in found {
            let Some(node) = extra.node else { continue };
            if !self.tree.marks().was_read(node) {
                extra.mark();
                let message = format!("{name} is repeated; only one is allowed here.");
                self.tree
                    .report(node, (Code::Conflict, severity), message, &[]);
            }
        }
        first
    }

    /// Follows names separated by slashes, each of which occurs once.
    pub(crate) fn at(self, path: &str) -> Self {
        path.split('/')
            .fold(self, |place, name| place.one(name, Severity::Warning))
    }

    /// Every element at the end of a path; its last step may repeat.
    pub(crate) fn every(self, path: &str) -> impl Iterator<Item = Self> {
        let (way, last) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = if way.is_empty() { self } else { self.at(way) };
        parent.children(last).inspect(|child| child.mark())
    }

    /// The extension of this element in a namespace: `EXTENSION/OTHER/<prefix>:<name>`.
    pub(crate) fn extension(self, space: &'static str, name: &str) -> Self {
        for outer in self.children("EXTENSION") {
            for other in outer.children("OTHER") {
                if let Some(found) = other.foreign(space, name) {
                    outer.mark();
                    other.mark();
                    found.mark();
                    return found;
                }
            }
        }
        self.nothing()
    }

    /// The text of a data point, trimmed; `None` when absent, empty or a template's placeholder.
    /// An empty one that says why it is empty stays unread, so that it is kept for export.
    pub(crate) fn value(self, name: &str, severity: Severity) -> Option<(Self, Cow<'t, str>)> {
        let point = self.one(name, severity);
        let node = point.node?;
        let text = point.own_text();
        if text.is_empty() {
            if node.attribute(None, NOT_SUPPLIED).is_some() {
                self.tree.marks().set_read(node, false);
            }
            return None;
        }
        if kind::is_placeholder(&text) {
            let message = "A template placeholder stands here instead of a value; it was ignored.";
            point.report(Code::PlaceholderIgnored, Severity::Warning, message);
            return None;
        }
        Some((point, text))
    }

    /// The text directly in this element, trimmed.
    pub(crate) fn own_text(self) -> Cow<'t, str> {
        let Some(node) = self.node else {
            return Cow::Borrowed("");
        };
        let mut texts = node.children().filter_map(Node::text);
        let first = texts.next().unwrap_or("");
        match texts.next() {
            None => Cow::Borrowed(trimmed(first)),
            // A comment splits a value in two.
            Some(second) => {
                let mut whole = first.to_owned() + second;
                whole.extend(texts);
                Cow::Owned(whole.trim().to_owned())
            }
        }
    }

    /// Whether a data point has a text that is neither empty nor a placeholder.
    pub(crate) fn says_something(self) -> bool {
        let text = self.own_text();
        !text.is_empty() && !kind::is_placeholder(&text)
    }

    /// Adds a finding about this element; about nothing, there is nothing to say.
    pub(crate) fn report(
        self,
        code: Code,
        severity: Severity,
        message: impl Into<Cow<'static, str>>,
    ) {
        if let Some(node) = self.node {
            self.tree.report(node, (code, severity), message, &[]);
        }
    }
}

/// Without blanks around; as a rule there are none.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [one] if one.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}
