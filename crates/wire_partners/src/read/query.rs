//! The query of an address.

use std::borrow::Cow;

use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};

use super::{Found, Obj};
use crate::json::Node;
use crate::problem::Problem;

/// Most parameters of one query.
const MOST_PARAMETERS: usize = 100;

/// The parameters of an address, decoded. Empty ones count as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, Node)>);

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// A finding when it has too many parameters, or escapes that are none or make no UTF-8.
    pub fn parse(query: Option<&str>) -> Result<Self, Problem> {
        let refused = |rule| Problem::found(Finding::new(CreditField::Query, rule));
        let mut members = Vec::new();
        let pairs = query.unwrap_or_default().split('&');
        for pair in pairs.filter(|pair| !pair.is_empty()) {
            if members.len() == MOST_PARAMETERS {
                let most = Bound::Count(u64::try_from(MOST_PARAMETERS).unwrap_or(u64::MAX));
                return Err(refused(CreditRule::TooLong(most)));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (decoded(name), decoded(value)) else {
                return Err(refused(CreditRule::Malformed));
            };
            members.push((name, Node::Text(value)));
        }
        Ok(Self(members))
    }

    /// Reads like a body; numbers, flags and dates are read from their texts.
    pub fn object<'a>(&'a self, found: &'a Found) -> Obj<'a> {
        Obj::of_texts(&self.0, found)
    }
}

/// Undoes percent-encoding and `+`.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (digits, after) = rest.split_at_checked(2)?;
                let digit = |b: &u8| char::from(*b).to_digit(16);
                let value = digit(digits.first()?)? * 16 + digit(digits.last()?)?;
                bytes.push(u8::try_from(value).ok()?);
                rest = after;
            }
            byte => bytes.push(*byte),
        }
    }
    match String::from_utf8_lossy(&bytes) {
        Cow::Borrowed(text) => Some(text.to_owned()),
        Cow::Owned(_) => None,
    }
}
