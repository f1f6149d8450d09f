//! Reading requests: bodies and queries, each wrong member a finding, all of them told at once.
//!
//! A member is absent, `null` or a value: the three differ for `PATCH` and `PUT`. Unknown members are
//! ignored. What cannot be read is noted and then taken for absent.

mod body;
mod obj;
mod query;

use std::sync::{Mutex, PoisonError};

use lintel_domain::finding::Finding;
use lintel_domain::id::RowId;
use lintel_domain::refusal::Refusal;

pub(crate) use body::{Body, Early, OptionalBody};
pub(crate) use obj::Obj;
pub(crate) use query::Query;

use crate::problem::Problem;

/// Most findings kept of one request: what a person can work through.
const MOST_FOUND: usize = 500;

/// What was found while a request was read. Behind a lock, so that an endpoint may hold a reader while it
/// waits for something.
#[derive(Debug, Default)]
pub(crate) struct Found(Mutex<Vec<Finding>>);

impl Found {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn add(&self, finding: Finding) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() < MOST_FOUND {
            found.push(finding);
        }
    }

    /// Everything found, in the order read.
    pub fn take(&self) -> Vec<Finding> {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *found)
    }

    /// Nothing, or a refusal with everything found.
    ///
    /// # Errors
    /// The refusal.
    pub fn refuse(self) -> Result<(), Problem> {
        match Refusal::of_findings(self.take()) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(()),
        }
    }
}

/// A member as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given<T> {
    /// It is not there, or cannot be read and a finding says so.
    Absent,
    /// It is there and says nothing: `null`, or a text of blanks.
    Null,
    /// It has a value.
    Value(T),
}

impl<T> Given<T> {
    /// The value, when there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// What stands after a change: absent keeps the old, `null` clears it.
    pub fn or(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Absent => old,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// A UniqueID by its shape: a UUID with hyphens, in any letter case.
pub(crate) fn unique_id(text: &str) -> Option<RowId> {
    let is_uuid = text.len() == 36
        && text.bytes().enumerate().all(|(n, b)| match n {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        });
    is_uuid.then(|| RowId::new(text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests;
