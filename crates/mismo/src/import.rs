//! What reading a document gives.

use lintel_domain::application::Application;

use crate::carried::Carried;
use crate::finding::Finding;

/// A document that makes a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The application.
    pub application: Application,
    /// Warnings, then notes; no errors.
    pub findings: Vec<Finding>,
    /// What the document says about itself.
    pub about: About,
    /// How many parties the document has, whatever their roles.
    pub party_count: usize,
    /// Kinds of elements that hold data which was not read, each once, without positions; keep
    /// the original document so that an export can carry them over.
    pub unconsumed_paths: Vec<String>,
    /// What was not read, with its values and places, for an export. Personal data.
    pub carried: Carried,
}

/// A document that makes no loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Errors first, at least one; then warnings and notes.
    pub findings: Vec<Finding>,
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.findings.first() {
            Some(first) => write!(f, "the document was refused: {}", first.code),
            None => f.write_str("the document was refused"),
        }
    }
}

impl std::error::Error for Rejection {}

/// What a document says about itself; for support, not for decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The reference model's identifier, as written.
    pub reference_model: Option<String>,
    /// The version of the specification the sender followed, as written.
    pub about_version: Option<String>,
    /// Whose habits the document follows.
    pub flavour: Flavour,
    /// The element at the root.
    pub root: Root,
}

/// Whose extensions a document declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// The uniform application data set alone.
    Ulad,
    /// Fannie Mae's underwriting request.
    Du,
    /// Freddie Mac's underwriting request.
    Lpa,
    /// The exchange format between origination systems.
    Ilad,
    /// The reference model without extensions.
    Core,
}

/// The element at the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    /// A message with deal sets.
    Message,
    /// A bare deal.
    Deal,
}
