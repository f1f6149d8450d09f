//! What an endpoint with words of its own says: its row for a field, else the common one.

use lintel_app::error::AppError;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};

use super::{lender_error, mistake};
use crate::draft::LENDER;
use crate::error::LenderError;
use crate::names;
use crate::tree::Node;

/// Most findings that `error.details` lists.
const DETAILS_MAX: usize = 200;

/// A documented row without the path of a field in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    code: u16,
    message: &'static str,
}

/// The row an endpoint has for a mistake; none for the common ones.
pub type Words = fn(&Field, Rule) -> Option<Row>;

/// A row, in the place where an endpoint's list of them wants one.
pub const fn row(code: u16, message: &'static str) -> Option<Row> {
    Some(Row { code, message })
}

/// Translates an application error in an endpoint's own words.
pub fn told(error: &AppError, words: Words) -> LenderError {
    match error {
        AppError::Refused(Refusal::Invalid { field, rule }) => one(field, *rule, words),
        AppError::Refused(Refusal::Several(mistakes)) => several(mistakes, words),
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

/// As [`told`], where an organisation that is not there is the one `company.lenderID` names.
pub fn about_lender(error: &AppError, words: Words) -> LenderError {
    let said = told(error, words);
    match error {
        AppError::Refused(Refusal::NotFound {
            what: Noun::Organisation,
        }) => said.at(LENDER),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => said,
    }
}

/// Translates one mistake in an endpoint's own words.
pub fn one(field: &Field, rule: Rule, words: Words) -> LenderError {
    match words(field, rule) {
        Some(row) => LenderError::new(row.code, row.message).at(names::path(field)),
        None => mistake(field, rule),
    }
}

/// The first mistake is the answer; all of them are in the details.
pub(super) fn several(mistakes: &[(Field, Rule)], words: Words) -> LenderError {
    let said = |(field, rule): &(Field, Rule)| one(field, *rule, words);
    let Some(first) = mistakes.first().map(said) else {
        return LenderError::internal();
    };
    let details = mistakes.iter().take(DETAILS_MAX).map(|found| {
        let error = said(found);
        Node::object([
            ("code", Node::from(error.code)),
            ("message", Node::from(error.message)),
            ("field", Node::from(error.field)),
        ])
    });
    first.with_details(details.collect())
}
