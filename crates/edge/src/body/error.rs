//! Why a body was not taken.

use std::fmt;

/// Why a request body could not be read or understood. Faces put it into their own words; the
/// texts carried here never quote what the client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyError {
    /// Longer than `limit` bytes.
    TooLarge {
        /// The cap in bytes.
        limit: usize,
    },
    /// Everything beside the contents of a streamed form is more than `limit` bytes.
    TooMuchBeside {
        /// The cap in bytes.
        limit: usize,
    },
    /// No room in the shared budget within the allowed wait; worth trying again.
    Busy,
    /// The client was silent or slow for too long.
    TimedOut,
    /// The connection broke or the transfer encoding was wrong.
    Broken,
    /// Neither multipart, urlencoded nor JSON, or compressed.
    UnsupportedType,
    /// Not well-formed multipart/form-data; says what.
    BadMultipart(String),
    /// Not a well-formed form; says what.
    BadForm(String),
    /// Not JSON, or not an object where one is needed. Both positions count from 1.
    BadJson {
        /// Line of the first offence.
        line: usize,
        /// Column of the first offence, in bytes.
        column: usize,
    },
    /// More fields or values than one request may carry.
    TooManyFields,
    /// Nested more deeply than any document needs.
    TooDeep,
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "body is larger than {limit} bytes"),
            Self::TooMuchBeside { limit } => {
                write!(f, "body holds more than {limit} bytes beside its contents")
            }
            Self::Busy => f.write_str("no room for the body at the moment"),
            Self::TimedOut => f.write_str("body did not arrive in time"),
            Self::Broken => f.write_str("body broke off"),
            Self::UnsupportedType => f.write_str("content type or encoding is not supported"),
            Self::BadMultipart(what) => write!(f, "bad multipart body: {what}"),
            Self::BadForm(what) => write!(f, "bad form body: {what}"),
            Self::BadJson { line, column } => {
                write!(f, "bad JSON at line {line}, column {column}")
            }
            Self::TooManyFields => f.write_str("body has too many fields"),
            Self::TooDeep => f.write_str("body is nested too deeply"),
        }
    }
}

impl std::error::Error for BodyError {}
