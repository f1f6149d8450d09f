//! Finding an organisation's people by a part of a name or an address.

use lintel_domain::id::RowId;
use lintel_domain::staff::Person;
use lintel_macros::boxed;

use super::read::{COLUMNS, many};
use crate::db::Db;
use crate::fault::Fault;
use crate::vals;

/// What is searched: with `$2` a pattern, `$3` 1 for people switched on, 0 for the others, 2 for both.
const CONDITION: &str = "s.org_id = $1 AND s.search_text LIKE $2 ESCAPE '!' \
     AND ($3 = 2 OR s.active = ($3 = 1))";

/// What is stored to be searched: the name, the name somebody goes by and the address, in small
/// letters.
pub(super) fn text((first, last): (&str, &str), preferred: Option<&str>, email: &str) -> String {
    let preferred = preferred.unwrap_or_default();
    format!("{first} {last} {preferred} {last} {email}").to_lowercase()
}

fn page_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM staff s WHERE {CONDITION} ORDER BY s.active DESC, \
         LOWER(s.last_name), LOWER(s.first_name), s.id LIMIT $4 OFFSET $5"
    )
}

fn count_sql() -> String {
    format!("SELECT CAST(COUNT(*) AS BIGINT) FROM staff s WHERE {CONDITION}")
}

pub(super) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("staff.search", page_sql()),
        ("staff.search_count", count_sql()),
    ]
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// A part of the name or the address, whatever its case; empty for everybody.
    pub text: &'a str,
    /// Whether to be switched on; `None` for both.
    pub is_active: Option<bool>,
}

impl Wanted<'_> {
    /// The text anywhere in what is searched; what a pattern would give a meaning means itself.
    fn pattern(&self) -> String {
        let mut pattern = String::from("%");
        for letter in self.text.to_lowercase().chars().filter(|c| *c != '\0') {
            if matches!(letter, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(letter);
        }
        pattern.push('%');
        pattern
    }

    fn active(&self) -> i64 {
        self.is_active.map_or(2, i64::from)
    }
}

/// A page of the people found: who is switched on first, then by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn search(
    db: &Db,
    org_id: &RowId,
    wanted: Wanted<'_>,
    (limit, offset): (u32, u32),
) -> Result<Vec<Person>, Fault> {
    let args = vals![
        org_id.as_str(),
        wanted.pattern(),
        wanted.active(),
        limit,
        offset
    ];
    many(db, &page_sql(), args).await
}

/// How many people are found.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn search_count(db: &Db, org_id: &RowId, wanted: Wanted<'_>) -> Result<u64, Fault> {
    let args = vals![org_id.as_str(), wanted.pattern(), wanted.active()];
    let row: Option<(i64,)> = db.maybe(&count_sql(), args).await?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_mean_themselves() {
        let pattern = |text| {
            let is_active = None;
            Wanted { text, is_active }.pattern()
        };
        assert_eq!(pattern("Ann"), "%ann%");
        assert_eq!(pattern("100%_!\0"), "%100!%!_!!%");
        assert_eq!(pattern(""), "%%");
    }
}
