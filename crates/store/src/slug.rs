//! The word an organisation's public links have for it. Given out once and kept, whatever the
//! organisation is called later: links are in other people's mail.

use lintel_domain::id::RowId;
use lintel_domain::organisation::Organisation;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::organisation;
use crate::vals;

pub(crate) const OF_ORG: &str = "SELECT slug FROM organisation_slug WHERE org_id = $1";
pub(crate) const INSERT: &str =
    "INSERT INTO organisation_slug (slug, org_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
pub(crate) const ORGANISATION: &str = "SELECT o.id, o.public_id, o.kind, o.name, o.parent_id, \
     o.nmls, o.active FROM organisation_slug s JOIN organisation o ON o.id = s.org_id \
     WHERE s.slug = $1";

/// Longest slug made from a name, before the number that tells it from others.
const BASE_MAX_CHARS: usize = 40;
/// Organisations of one name; beyond that something else is wrong.
const NUMBERS: u32 = 10_000;

/// The slug a name suggests: its letters and digits in lower case, everything else between them one
/// hyphen. A name without any is `lender`.
#[must_use]
pub fn suggestion(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if slug.len() >= BASE_MAX_CHARS {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "lender" } else { slug }.to_owned()
}

/// An organisation's slug, made from its name when it has none yet; the second of a name gets `-2`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn ensure_in(tx: &mut Tx, org: &Organisation) -> Result<String, Fault> {
    let base = suggestion(&org.name);
    for number in 1..=NUMBERS {
        let there: Option<(String,)> = tx.maybe(OF_ORG, vals![org.id.as_str()]).await?;
        if let Some((slug,)) = there {
            return Ok(slug);
        }
        let slug = match number {
            1 => base.clone(),
            _ => format!("{base}-{number}"),
        };
        // Not inserted: another organisation has the word, or another node gave this one its own
        // meanwhile, which the next round finds.
        if tx.exec(INSERT, vals![&slug, org.id.as_str()]).await? == 1 {
            return Ok(slug);
        }
    }
    Err(Fault::internal("no free slug found"))
}

/// Finds the organisation a public link speaks of.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn organisation(db: &Db, slug: &str) -> Result<Option<Organisation>, Fault> {
    let row: Option<organisation::Row> = db.maybe(ORGANISATION, vals![slug]).await?;
    row.map(organisation::Row::read).transpose()
}

/// An organisation's slug, when it has one.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = db.maybe(OF_ORG, vals![org_id.as_str()]).await?;
    Ok(row.map(|(slug,)| slug))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_letters_digits_and_single_hyphens() {
        for (name, slug) in [
            ("Harbor Light Mortgage (demo)", "harbor-light-mortgage-demo"),
            ("Smart Mortgage", "smart-mortgage"),
            ("  A & B, Inc. ", "a-b-inc"),
            ("Éclair 1st", "clair-1st"),
            ("???", "lender"),
            ("", "lender"),
        ] {
            assert_eq!(suggestion(name), slug, "{name}");
        }
        let long = suggestion(&"Very Long ".repeat(50));
        assert!(
            long.len() <= BASE_MAX_CHARS && !long.ends_with('-'),
            "{long}"
        );
    }
}
