//! A document's tree with what the reader needs on top: places that may be absent, which elements
//! were read, line numbers, and the log of findings.
//!
//! Looking up a child walks its parent's children, and each list of children is walked a fixed
//! number of times, so reading stays linear in the size of the document.

mod lines;
mod path;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use roxmltree::{Document, Node};

use crate::finding::{Code, Finding, Log, Severity};
use crate::kind;
use crate::limits::Limits;
use lines::Lines;

/// The namespace of the standard's own elements, in all versions 3.
pub(crate) const MISMO: &str = "http://www.mismo.org/residential/2009/schemas";
/// Extensions of the uniform application form.
pub(crate) const ULAD: &str = "http://www.datamodelextension.org/Schema/ULAD";
/// Extensions of Fannie Mae's underwriting request.
pub(crate) const DU: &str = "http://www.datamodelextension.org/Schema/DU";
/// Extensions of Freddie Mac's underwriting request.
pub(crate) const LPA: &str = "http://www.datamodelextension.org/Schema/LPA";
/// Extensions of the exchange format between origination systems.
pub(crate) const ILAD: &str = "http://www.datamodelextension.org/Schema/ILAD";
/// Labels and arcs.
pub(crate) const XLINK: &str = "http://www.w3.org/1999/xlink";

/// The tree of one document being read.
pub(crate) struct Tree<'t> {
    doc: &'t Document<'t>,
    /// Per node: whether it was read.
    read: Vec<Cell<bool>>,
    lines: Lines,
    log: RefCell<Log>,
}

impl<'t> Tree<'t> {
    pub(crate) fn new(doc: &'t Document<'t>, log: Log) -> Self {
        let read = vec![Cell::new(false); doc.descendants().count()];
        Self {
            doc,
            read,
            lines: Lines::new(doc.input_text()),
            log: RefCell::new(log),
        }
    }

    pub(crate) fn root(&'t self) -> Part<'t> {
        let part = Part {
            tree: self,
            node: Some(self.doc.root_element()),
        };
        part.mark();
        part
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'t, 't>> {
        self.doc.descendants()
    }

    pub(crate) fn was_read(&self, node: Node<'_, '_>) -> bool {
        self.read.get(node.id().get_usize()).is_some_and(Cell::get)
    }

    fn set_read(&self, node: Node<'_, '_>, read: bool) {
        if let Some(mark) = self.read.get(node.id().get_usize()) {
            mark.set(read);
        }
    }

    /// Adds a finding about a node.
    pub(crate) fn report(
        &self,
        node: Node<'_, '_>,
        (code, severity): (Code, Severity),
        message: impl Into<Cow<'static, str>>,
        allowed: &[&'static str],
    ) {
        let mut log = self.log.borrow_mut();
        if !log.has_room(severity) {
            log.drop_one();
            return;
        }
        log.push(Finding {
            code,
            severity,
            path: path::with_places(node),
            line: Some(self.lines.at(self.doc.input_text(), node.range().start)),
            message: message.into(),
            allowed: allowed.to_vec(),
        });
    }

    pub(crate) fn report_whole(
        &self,
        code: Code,
        severity: Severity,
        message: impl Into<Cow<'static, str>>,
    ) {
        self.log
            .borrow_mut()
            .push(Finding::whole(code, severity, message));
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.log.borrow().has_errors()
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.log.into_inner().finish()
    }

    /// Checks every text and attribute value against the limit, embedded documents apart.
    pub(crate) fn check_lengths(&self, limits: &Limits) {
        let is_long = |text: &str| {
            text.len() > limits.max_text_chars && text.chars().count() > limits.max_text_chars
        };
        for node in self.nodes() {
            let is_embedded = || {
                node.parent()
                    .is_some_and(|p| p.tag_name().name() == EMBEDDED_CONTENT)
            };
            let is_long = if node.is_text() {
                node.text().is_some_and(is_long) && !is_embedded()
            } else {
                node.attributes()
                    .any(|attribute| is_long(attribute.value()))
            };
            if is_long {
                let message = format!(
                    "A value is longer than {} characters.",
                    limits.max_text_chars
                );
                let place = if node.is_text() {
                    node.parent().unwrap_or(node)
                } else {
                    node
                };
                self.report(place, (Code::TooLarge, Severity::Error), message, &[]);
            }
        }
    }

    /// The path of a node without positions, for lists of element kinds.
    pub(crate) fn kind_path(node: Node<'_, '_>) -> String {
        path::without_places(node)
    }
}

/// The attribute of an empty data point that says why it is empty: asked and not given is not the
/// same as absent.
pub(crate) const NOT_SUPPLIED: &str = "DataNotSuppliedReasonType";

/// The element that carries an embedded file.
pub(crate) const EMBEDDED_CONTENT: &str = "EmbeddedContentXML";

/// A place in the document: an element, or nothing where one could have been. Reading from nothing
/// finds nothing, so paths need no checks on the way.
#[derive(Clone, Copy)]
pub(crate) struct Part<'t> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) node: Option<Node<'t, 't>>,
}

impl<'t> Part<'t> {
    pub(crate) const fn exists(self) -> bool {
        self.node.is_some()
    }

    /// The element's local name; empty for nothing.
    pub(crate) fn name(self) -> &'t str {
        self.node.map_or("", |node| node.tag_name().name())
    }

    pub(crate) fn namespace(self) -> Option<&'t str> {
        self.node.and_then(|node| node.tag_name().namespace())
    }

    /// An attribute without a namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<&'t str> {
        self.node.and_then(|node| node.attribute(name))
    }

    /// An attribute of the linking vocabulary; a leading `#` of its value is dropped.
    pub(crate) fn link(self, name: &str) -> Option<&'t str> {
        let value = self.node.and_then(|node| node.attribute((XLINK, name)))?;
        Some(value.trim_start_matches('#')).filter(|value| !value.is_empty())
    }

    fn mark(self) {
        if let Some(node) = self.node {
            self.tree.set_read(node, true);
        }
    }

    const fn nothing(self) -> Self {
        Self {
            tree: self.tree,
            node: None,
        }
    }

    /// Children of a name in a namespace, none marked as read yet.
    fn children_in(self, space: Option<&'t str>, name: &str) -> impl Iterator<Item = Self> {
        let children = self.node.into_iter().flat_map(|node| node.children());
        children
            .filter(move |child| {
                child.is_element()
                    && child.tag_name().name() == name
                    && child.tag_name().namespace() == space
            })
            .map(move |node| Self {
                tree: self.tree,
                node: Some(node),
            })
    }

    /// The one child of a name; a second one is reported, once, and not read.
    pub(crate) fn one(self, name: &str, severity: Severity) -> Self {
        let mut found = self.children_in(self.namespace(), name);
        let Some(first) = found.next() else {
            return self.nothing();
        };
        first.mark();
        for extra in found {
            let Some(node) = extra.node else { continue };
            if !self.tree.was_read(node) {
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
        parent
            .children_in(parent.namespace(), last)
            .inspect(|child| child.mark())
    }

    /// The extension of this element in a namespace: `EXTENSION/OTHER/<prefix>:<name>`.
    pub(crate) fn extension(self, space: &'static str, name: &str) -> Self {
        for outer in self.children_in(Some(MISMO), "EXTENSION") {
            for other in outer.children_in(Some(MISMO), "OTHER") {
                if let Some(found) = other.children_in(Some(space), name).next() {
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
            if node.has_attribute(NOT_SUPPLIED) {
                self.tree.set_read(node, false);
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
    fn own_text(self) -> Cow<'t, str> {
        let Some(node) = self.node else {
            return Cow::Borrowed("");
        };
        let mut texts = node
            .children()
            .filter(Node::is_text)
            .filter_map(|child| child.text());
        let first = texts.next().unwrap_or("");
        match texts.next() {
            None => Cow::Borrowed(first.trim()),
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
