//! A loan application as a tree, by rules and not field by field: what is added to the application
//! is shown without a change here.
//!
//! Members are the domain's fields in camel case. `…_cents` are dollars with two decimals and
//! `…_pct_e9` are percent, both as texts and without the ending. Words of closed lists are in Pascal
//! case, a word no list knows is as the document had it. What is absent is left out. Values that the
//! domain marks as sensitive show their last four characters at most: in full they leave by
//! `/export-loan` alone.

mod error;
mod members;
mod scalar;

use lintel_domain::application::Application;
use serde::Serialize as _;

use crate::tree::Node;
use scalar::Unit;

/// The tree of an application; `None` for one that cannot be shown, which is a mistake of ours.
pub fn node(application: &Application) -> Option<Node> {
    let shown = application.serialize(scalar::Writer(Unit::Plain)).ok()?;
    Some(shown.unwrap_or_default())
}

/// `note_rate_pct_e9` as `noteRate`, and what its number counts.
fn named(field: &str) -> (String, Unit) {
    let (stem, unit) = match (field.strip_suffix("_cents"), field.strip_suffix("_pct_e9")) {
        (Some(stem), _) => (stem, Unit::Cents),
        (None, Some(stem)) => (stem, Unit::Pct),
        (None, None) => (field, Unit::Plain),
    };
    (camel(stem, false), unit)
}

/// `site_built` as `siteBuilt` or `SiteBuilt`.
fn camel(snake: &str, is_capital: bool) -> String {
    let mut name = String::with_capacity(snake.len());
    let mut raise = is_capital;
    for c in snake.chars() {
        if c == '_' {
            raise = !name.is_empty();
        } else if raise {
            name.push(c.to_ascii_uppercase());
            raise = false;
        } else {
            name.push(c);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_units() {
        assert_eq!(
            named("note_rate_pct_e9"),
            ("noteRate".to_owned(), Unit::Pct)
        );
        assert_eq!(named("balance_cents"), ("balance".to_owned(), Unit::Cents));
        assert_eq!(named("is_subject"), ("isSubject".to_owned(), Unit::Plain));
        assert_eq!(camel("primary_residence", true), "PrimaryResidence");
    }
}
