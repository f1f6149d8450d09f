//! What a use case can answer instead of a result.

use std::fmt;

use lintel_domain::refusal::{Denial, Refusal};
pub use lintel_mismo::{Finding, Severity};
pub use lintel_store::fault::{Fault, FaultKind};

/// Every use case's error: the caller's doing, a document's fault, or ours.
#[derive(Debug)]
pub enum AppError {
    /// The command was refused. Nothing changed.
    Refused(Refusal),
    /// A loan document could not be accepted; the findings say why. Nothing changed.
    Document(Vec<Finding>),
    /// Something on our side failed. Nothing changed, unless the connection broke while committing;
    /// every command is safe to repeat.
    Failed(Fault),
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(_) => f.write_str("refused"),
            Self::Document(findings) => write!(f, "document refused, {} findings", findings.len()),
            Self::Failed(_) => f.write_str("failed"),
        }
    }
}

impl std::error::Error for AppError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Document(_) => None,
            Self::Failed(fault) => Some(fault),
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Denial> for AppError {
    fn from(denial: Denial) -> Self {
        Self::Refused(Refusal::Denied(denial))
    }
}

impl From<Fault> for AppError {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}
