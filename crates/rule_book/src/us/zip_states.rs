//! `us/zip_states.toml`: the state of a ZIP code by its first three digits.

use serde::Deserialize;

/// States of ZIP prefixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZipStates {
    ranges: Vec<Range>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    range: Vec<Range>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    first: String,
    last: String,
    state: String,
}

pub(super) fn read(rows: Rows) -> Result<ZipStates, String> {
    let is_prefix = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    for range in &rows.range {
        if !is_prefix(&range.first) || !is_prefix(&range.last) || range.first > range.last {
            return Err(format!("{} to {} is no range", range.first, range.last));
        }
    }
    Ok(ZipStates { ranges: rows.range })
}

impl ZipStates {
    /// State of a five-digit ZIP code; none for a prefix that is not in use.
    #[must_use]
    pub fn state_of(&self, zip: &str) -> Option<&str> {
        let prefix = zip.get(..3)?;
        let holds =
            |range: &&Range| range.first.as_str() <= prefix && prefix <= range.last.as_str();
        self.ranges.iter().find(holds).map(|r| r.state.as_str())
    }
}
