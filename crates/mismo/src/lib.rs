//! MISMO 3.4 loan application documents to the domain's application.
//!
//! [`read`] takes the bytes of one document and gives an [`Import`] or a [`Rejection`]; both carry
//! findings with a code, a path and a line, and never a value of the document. Pure: no files, no
//! network (a schema location or a link in a document is never followed), no clock, no logging.
//!
//! The way of a document: size and first bytes ([`Limits`], kind) → one layer of transport damage
//! undone → one pass over the markup to a flat tree, with depth, counts and document types checked
//! on the way → version and frame → labels and arcs → typed extraction → cross checks → what was
//! left over, and what of it an export carries over ([`Carried`]). Nothing here recurses over
//! elements.
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
mod carried;
mod extract;
mod finding;
mod frame;
mod import;
mod kind;
mod leftover;
mod limits;
mod order;
mod transport;
mod tree;
mod validate;
mod value;
mod words;
mod write;
mod xml;

pub use carried::{Anchor, Attribute, Carried, CarriedArc, CarriedLeaf, End, Step};
pub use finding::{Code, Finding, Severity};
pub use import::{About, Flavour, Import, Rejection, Root};
pub use limits::Limits;
pub use validate::{Counts, Validation, validate};
pub use write::{WriteFacts, Written, write};

use arcs::Arcs;
use carried::Gather;
use finding::Log;
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

/// Elements of a text as the XML reader sees them, or where, why, and whether on purpose it refuses
/// the text: for the fuzz target that holds it against another reader.
///
/// # Errors
/// As above.
#[cfg(feature = "shape")]
#[doc(hidden)]
#[expect(
    clippy::type_complexity,
    reason = "plain types cross into the fuzz target"
)]
pub fn xml_elements(
    text: &str,
    limits: &Limits,
) -> Result<Vec<(String, String, Vec<(String, String, String)>)>, (usize, String, bool)> {
    xml::elements_of(text, limits)
}

fn reject(mut log: Log, refusal: Finding) -> Rejection {
    log.push(refusal);
    Rejection {
        findings: log.finish(),
    }
}

fn read_text(text: &str, limits: &Limits, mut log: Log) -> Result<Import, Rejection> {
    let doc = match xml::parse(text, limits) {
        Ok(doc) => doc,
        Err(refusal) => {
            if refusal.code == Code::DoctypeForbidden && names_2x_root(text, refusal.offset) {
                let message = "This is a MISMO 2.x document; MISMO 3.4 is needed.";
                log.push(Finding::whole(Code::Mismo2x, Severity::Error, message));
            }
            let line = transport::line_at(text, refusal.offset);
            let finding = Finding::whole(refusal.code, Severity::Error, refusal.message);
            return Err(reject(log, finding.at_line(line)));
        }
    };
    let tree = Tree::new(&doc, log);
    let outcome = interpret(&tree, limits);
    let has_errors = tree.has_errors();
    let findings = tree.into_findings();
    match outcome {
        Some(parts) if !has_errors => Ok(Import {
            application: parts.application,
            party_count: parts.party_count,
            findings,
            about: parts.about,
            unconsumed_paths: parts.unconsumed_paths,
            carried: parts.carried,
        }),
        Some(_) | None => Err(Rejection { findings }),
    }
}

/// An import without its findings, which are complete only at the end.
struct Parts {
    application: lintel_domain::application::Application,
    party_count: usize,
    about: About,
    unconsumed_paths: Vec<String>,
    carried: Carried,
}

/// Reads a tree; `None` after an error was reported.
fn interpret<'t>(tree: &'t Tree<'t>, limits: &Limits) -> Option<Parts> {
    tree.check_lengths(limits);
    if tree.has_errors() {
        return None;
    }
    let root = tree.root();
    let (deal, about) = frame::deal(root)?;
    order::check(tree);
    let arcs = Arcs::read(deal);
    let application = extract::application(deal, &arcs)?;
    let mut gather = Gather::new(tree, limits);
    let paths = limits.max_unconsumed_paths;
    let unconsumed_paths = leftover::collect(tree, root.node?, paths, &mut gather);
    gather.arcs(&arcs, |arc| extract::is_used(tree, &application, arc));
    Some(Parts {
        party_count: deal.every("PARTIES/PARTY").count(),
        application,
        about,
        unconsumed_paths,
        carried: gather.finish(),
    })
}

/// Whether a document type declaration names a root of MISMO 2.x.
fn names_2x_root(text: &str, offset: usize) -> bool {
    let declaration = text.get(offset..).unwrap_or("");
    declaration
        .split_ascii_whitespace()
        .nth(1)
        .is_some_and(frame::is_2x_root)
}
