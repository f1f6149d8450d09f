//! MISMO 3.4 loan application documents to the domain's application.
//!
//! [`read`] takes the bytes of one document and gives an [`Import`] or a [`Rejection`]; both carry
//! findings with a code, a path and a line, and never a value of the document. Pure: no files, no
//! network (a schema location or a link in a document is never followed), no clock, no logging.
//!
//! The way of a document: size and first bytes ([`Limits`], kind) → one layer of transport damage
//! undone → a linear look at the markup (depth, counts, document types) → a tree → version and
//! frame → labels and arcs → typed extraction → cross checks → what was left over. Nothing here
//! recurses over elements.
//!
//! Memory is bounded by a multiple of the input: at most three times its size for decoded text
//! (Windows-1252 to UTF-8) and as much again for values with escapes in them, plus about 100 bytes
//! for each of at most `max_nodes` nodes and as many attributes. With the default limits that is
//! below 150 MiB for the worst document; an ordinary one takes about ten times its own size.
//!
//! To read one more data point: add a field to the domain type, read it in the file of its part
//! below `extract`, and put it in a fixture. To read one more word: add it to its table in `words`.
#![deny(missing_docs)]

mod arcs;
mod extract;
mod finding;
mod frame;
mod import;
mod kind;
mod leftover;
mod limits;
mod order;
mod scan;
mod transport;
mod tree;
mod value;
mod words;

pub use finding::{Code, Finding, Severity};
pub use import::{About, Flavour, Import, Rejection, Root};
pub use limits::Limits;

use finding::Log;
use roxmltree::{Document, ParsingOptions};
use tree::Tree;

/// Reads a document.
///
/// # Errors
/// A [`Rejection`] when the document makes no loan; its first finding is an error.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Import, Rejection> {
    let mut log = Log::new(limits.max_findings);
    match transport::unwrap(bytes, limits, &mut log) {
        Ok(text) => read_text(&text, limits, log),
        Err(refusal) => Err(reject(log, refusal)),
    }
}

/// Reads a document that is text already, such as a member of a JSON object.
///
/// # Errors
/// As [`read`].
pub fn read_str(text: &str, limits: &Limits) -> Result<Import, Rejection> {
    read(text.as_bytes(), limits)
}

fn reject(mut log: Log, refusal: Finding) -> Rejection {
    log.push(refusal);
    Rejection {
        findings: log.finish(),
    }
}

fn read_text(text: &str, limits: &Limits, mut log: Log) -> Result<Import, Rejection> {
    if let Err(refusal) = scan::check(text, limits) {
        if refusal.code == Code::DoctypeForbidden && names_2x_root(text, refusal.offset) {
            let message = "This is a MISMO 2.x document; MISMO 3.4 is needed.";
            log.push(Finding::whole(Code::Mismo2x, Severity::Error, message));
        }
        let line = transport::line_at(text, refusal.offset);
        let finding = Finding::whole(refusal.code, Severity::Error, refusal.message);
        return Err(reject(log, finding.at_line(line)));
    }
    let options = ParsingOptions {
        nodes_limit: limits.max_nodes,
        ..ParsingOptions::default()
    };
    let doc = match Document::parse_with_options(text, options) {
        Ok(doc) => doc,
        Err(error) => return Err(reject(log, malformed(&error, text))),
    };
    let tree = Tree::new(&doc, log);
    let outcome = interpret(&tree, limits);
    let has_errors = tree.has_errors();
    let findings = tree.into_findings();
    match outcome {
        Some((application, about, unconsumed_paths)) if !has_errors => Ok(Import {
            application,
            findings,
            about,
            unconsumed_paths,
        }),
        Some(_) | None => Err(Rejection { findings }),
    }
}

/// Reads a tree; `None` after an error was reported.
fn interpret<'t>(
    tree: &'t Tree<'t>,
    limits: &Limits,
) -> Option<(lintel_domain::application::Application, About, Vec<String>)> {
    tree.check_lengths(limits);
    if tree.has_errors() {
        return None;
    }
    let root = tree.root();
    let (deal, about) = frame::deal(root)?;
    order::check(tree);
    let application = extract::application(deal)?;
    let unconsumed_paths = root
        .node
        .map(|node| leftover::collect(tree, node, limits.max_unconsumed_paths))
        .unwrap_or_default();
    Some((application, about, unconsumed_paths))
}

/// Whether a document type declaration names a root of MISMO 2.x.
fn names_2x_root(text: &str, offset: usize) -> bool {
    let declaration = text.get(offset..).unwrap_or("");
    declaration
        .split_ascii_whitespace()
        .nth(1)
        .is_some_and(frame::is_2x_root)
}

/// Puts a parser's complaint in our words. Its own text may repeat the document's.
fn malformed(error: &roxmltree::Error, text: &str) -> Finding {
    use roxmltree::Error as E;
    let (code, message): (Code, std::borrow::Cow<'static, str>) = match error {
        E::UnknownNamespace(prefix, _) => {
            let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            let shown: String = prefix.chars().filter(is_plain).take(40).collect();
            let message = format!("The prefix `{shown}` is used and not declared.");
            (Code::PrefixUndeclared, message.into())
        }
        E::NodesLimitReached | E::AttributesLimitReached | E::NamespacesLimitReached => {
            (Code::TooLarge, "The document has too many elements.".into())
        }
        E::DtdDetected => (
            Code::DoctypeForbidden,
            "A document type declaration is not accepted.".into(),
        ),
        E::UnexpectedCloseTag(..) => (
            Code::XmlMalformed,
            "An end tag does not match its start tag.".into(),
        ),
        E::UnclosedRootNode | E::UnexpectedEndOfStream => (
            Code::XmlMalformed,
            "The document ends before its elements do; was it cut off?".into(),
        ),
        E::MalformedEntityReference(place) if is_character_reference(text, *place) => (
            Code::XmlMalformed,
            "A reference names a character that XML forbids.".into(),
        ),
        E::NonXmlChar(..) => (
            Code::XmlMalformed,
            "The document contains a character that XML forbids.".into(),
        ),
        E::UnknownEntityReference(..) | E::MalformedEntityReference(_) => (
            Code::XmlMalformed,
            "An ampersand starts no known entity; write it as `&amp;`.".into(),
        ),
        E::DuplicatedAttribute(..) => (
            Code::XmlMalformed,
            "An element has the same attribute twice.".into(),
        ),
        _ => (
            Code::XmlMalformed,
            "The document is not well-formed XML.".into(),
        ),
    };
    let finding = Finding::whole(code, Severity::Error, message);
    match error {
        E::UnclosedRootNode | E::UnexpectedEndOfStream | E::NodesLimitReached | E::NoRootNode => {
            finding
        }
        other => finding.at_line(other.pos().row),
    }
}

/// Whether a complete character reference, such as `&#1;`, stands at a place.
fn is_character_reference(text: &str, place: roxmltree::TextPos) -> bool {
    let nth = |n: u32| usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
    let line = text.split('\n').nth(nth(place.row)).unwrap_or("");
    let mut rest = line.chars().skip(nth(place.col));
    let is_reference = rest.next() == Some('&') && rest.next() == Some('#');
    let number: String = rest.take_while(|c| *c != ';').take(40).collect();
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number.as_str(), 10),
    };
    is_reference && !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix))
}
