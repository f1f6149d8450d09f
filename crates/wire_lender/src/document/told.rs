//! What is wrong with documents, in this API's words: every mistake in the details, with its reason.
//! There is one row for all of them, because these endpoints have no table of their own.

use lintel_app::error::AppError;
use lintel_domain::refusal::{DocumentPart, Field, Refusal, Rule};

use crate::error::LenderError;
use crate::form::Reader;
use crate::names;
use crate::refusal::lender_error;
use crate::tree::Node;

/// Most mistakes that `error.details` lists.
const DETAILS_MAX: usize = 200;

/// A path, and what is wrong there when the row does not say.
pub type Wrong = (String, Option<&'static str>);

/// Where documents stand in a payload.
pub struct Places {
    list: &'static str,
    documents: Vec<Place>,
}

struct Place {
    /// The path of the document with a dot behind it.
    path: String,
    /// What is wrong with its content.
    reason: Option<&'static str>,
}

impl Places {
    /// No documents yet; `list` is the list to be named when there is none.
    pub fn new(list: &'static str) -> Self {
        Self {
            list,
            documents: Vec::new(),
        }
    }

    /// Adds the next document.
    pub fn add(&mut self, item: &Reader<'_>, reason: Option<&'static str>) {
        let path = item.path("");
        self.documents.push(Place { path, reason });
    }

    /// Translates what the application refused.
    pub fn refused(&self, error: &AppError) -> LenderError {
        match error {
            AppError::Refused(Refusal::Invalid { field, rule }) => {
                rows(&self.wrong(&[(field.clone(), *rule)]))
            }
            AppError::Refused(Refusal::Several(mistakes)) => rows(&self.wrong(mistakes)),
            AppError::Refused(
                Refusal::NotFound { .. }
                | Refusal::Denied(_)
                | Refusal::Findings(_)
                | Refusal::WrongState { .. }
                | Refusal::Stale { .. },
            )
            | AppError::Document(_)
            | AppError::Failed(_) => lender_error(error),
        }
    }

    /// Mistakes by where they are.
    pub fn wrong(&self, mistakes: &[(Field, Rule)]) -> Vec<Wrong> {
        mistakes
            .iter()
            .map(|(field, _)| self.place(field))
            .collect()
    }

    fn place(&self, field: &Field) -> Wrong {
        let Field::Document { document, part } = field else {
            let is_list = *field == Field::Documents;
            let path = is_list.then(|| self.list.to_owned());
            return (path.unwrap_or_else(|| names::path(field)), None);
        };
        let Some(place) = self.documents.get(*document) else {
            return (names::path(field), None);
        };
        let path = format!("{}{}", place.path, names::loan::document(*part));
        let is_content = *part == DocumentPart::Content;
        (path, place.reason.filter(|_| is_content))
    }
}

/// The first of these is the answer; all of them are in the details, when there is more to say.
pub fn rows(wrong: &[Wrong]) -> LenderError {
    let Some((first, reason)) = wrong.first() else {
        return LenderError::internal();
    };
    let error = LenderError::missing(first);
    if wrong.len() == 1 && reason.is_none() {
        return error;
    }
    let details = wrong.iter().take(DETAILS_MAX).map(|(path, reason)| {
        let row = LenderError::missing(path);
        let mut detail = Node::object([
            ("code", Node::from(row.code)),
            ("message", Node::from(row.message)),
            ("field", Node::from(row.field)),
        ]);
        if let Some(reason) = reason {
            detail.push("reason", *reason);
        }
        detail
    });
    error.with_details(details.collect())
}

/// One path and what is wrong there.
pub fn row(path: &str, reason: &'static str) -> LenderError {
    rows(&[(path.to_owned(), Some(reason))])
}
