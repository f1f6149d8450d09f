//! A document's tree with what the reader needs on top: places that may be absent, which elements
//! were read, line numbers, and the log of findings.
//!
//! Looking up a child walks its parent's children, and each list of children is walked a fixed
//! number of times, so reading stays linear in the size of the document.

mod lines;
mod marks;
mod part;
mod path;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};

use crate::xml::{Document, Node};

use crate::finding::{Code, Finding, Log, Severity};
use crate::limits::Limits;
use lines::Lines;
pub(crate) use marks::Marks;
pub(crate) use part::Part;

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

/// The attribute of an empty data point that says why it is empty: asked and not given is not the
/// same as absent.
pub(crate) const NOT_SUPPLIED: &str = "DataNotSuppliedReasonType";

/// The element that carries an embedded file.
pub(crate) const EMBEDDED_CONTENT: &str = "EmbeddedContentXML";

/// The element around it, with its name and format.
pub(crate) const EMBEDDED_FILE: &str = "FOREIGN_OBJECT";

/// The tree of one document being read.
pub(crate) struct Tree<'t> {
    doc: &'t Document<'t>,
    marks: Marks,
    /// Worked out when the first finding wants a line.
    lines: OnceCell<Lines>,
    log: RefCell<Log>,
}

impl<'t> Tree<'t> {
    pub(crate) fn new(doc: &'t Document<'t>, log: Log) -> Self {
        Self {
            doc,
            marks: Marks::new(doc.len()),
            lines: OnceCell::new(),
            log: RefCell::new(log),
        }
    }

    pub(crate) fn root(&'t self) -> Part<'t> {
        let part = Part {
            tree: self,
            node: Some(self.doc.root()),
        };
        part.mark();
        part
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'t>> {
        self.doc.nodes()
    }

    pub(crate) fn root_declares(&self, space: &str) -> bool {
        self.doc.root_declares(space)
    }

    pub(crate) const fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Adds a finding about a node.
    pub(crate) fn report(
        &self,
        node: Node<'_>,
        (code, severity): (Code, Severity),
        message: impl Into<Cow<'static, str>>,
        allowed: &[&'static str],
    ) {
        let mut log = self.log.borrow_mut();
        if !log.has_room(severity) {
            log.drop_one();
            return;
        }
        let lines = self.lines.get_or_init(|| Lines::new(self.doc.text()));
        log.push(Finding {
            code,
            severity,
            path: path::with_places(node),
            line: Some(lines.at(self.doc.text(), node.offset())),
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
        if self.doc.longest() <= limits.max_text_chars {
            return;
        }
        for node in self.nodes() {
            let is_embedded = || node.parent().is_some_and(|p| p.name() == EMBEDDED_CONTENT);
            let is_long = match node.text() {
                Some(text) => is_long(text) && !is_embedded(),
                None => node.attributes().any(|attribute| is_long(attribute.value)),
            };
            if is_long {
                let message = format!(
                    "A value is longer than {} characters.",
                    limits.max_text_chars
                );
                let place = match node.text() {
                    Some(_) => node.parent().unwrap_or(node),
                    None => node,
                };
                self.report(place, (Code::TooLarge, Severity::Error), message, &[]);
            }
        }
    }

    /// The path of a node without positions, for lists of element kinds.
    pub(crate) fn kind_path(node: Node<'_>) -> String {
        path::without_places(node)
    }
}
