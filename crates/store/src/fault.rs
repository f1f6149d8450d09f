//! What goes wrong on our side of the wire.

use std::fmt;

/// Kinds of faults; a job or a caller asks the kind what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Too much work at once; the same call may go through in a moment.
    Busy,
    /// Something we need cannot be reached.
    Unavailable,
    /// A stored value is not what it must be.
    Corrupt,
    /// Anything else that is our mistake.
    Internal,
}

impl FaultKind {
    /// Whether doing the same again later can help.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::Busy | Self::Unavailable => true,
            Self::Corrupt | Self::Internal => false,
        }
    }
}

/// A fault with the text an operator needs. Callers of the API never see that text.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    what: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Fault {
    /// A fault of a kind, described for the operator.
    #[must_use]
    pub fn new(kind: FaultKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            source: None,
        }
    }

    /// Our own mistake.
    #[must_use]
    pub fn internal(what: impl Into<String>) -> Self {
        Self::new(FaultKind::Internal, what)
    }

    /// A stored value that cannot be read: names table, column and row, never the value.
    #[must_use]
    pub fn corrupt(table: &str, column: &str, id: &str) -> Self {
        Self::new(
            FaultKind::Corrupt,
            format!("corrupt value in {table}.{column}, row {id}"),
        )
    }

    /// Attaches the cause; `Display` does not repeat it.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> FaultKind {
        self.kind
    }

    /// The whole chain in one line, for the one place that logs it.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(error) = next {
            text.push_str(": ");
            text.push_str(&error.to_string());
            next = error.source();
        }
        text
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_deref()
            .map(|s| s as &(dyn std::error::Error + 'static))
    }
}

/// Sorts a driver error into a kind. Constraint violations are not expected here: statements that
/// can meet one say `ON CONFLICT DO NOTHING` and count rows.
pub(crate) fn from_driver(error: sqlx::Error) -> Fault {
    let kind = match &error {
        sqlx::Error::PoolTimedOut => FaultKind::Busy,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed => {
            FaultKind::Unavailable
        }
        sqlx::Error::Database(db) => {
            // SQLITE_BUSY and SQLITE_LOCKED families; PostgreSQL classes 40 (serialisation,
            // deadlock), 53 (resources), 57 (shutdown) and 08 (connection).
            let code = db.code();
            match code.as_deref() {
                Some("5" | "6" | "261" | "517" | "262") => FaultKind::Busy,
                // lock_not_available and query_canceled: our own time-outs, see `db`.
                Some("55P03" | "57014") => FaultKind::Busy,
                Some(c) if c.starts_with("40") || c.starts_with("53") => FaultKind::Busy,
                Some(c) if c.starts_with("57") || c.starts_with("08") => FaultKind::Unavailable,
                _ => FaultKind::Internal,
            }
        }
        _ => FaultKind::Internal,
    };
    Fault::new(kind, "database statement failed").caused_by(error)
}
