//! Reading data files: from the binary, or from an operator's folder in their place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use lintel_engine::bands::Effective;
use lintel_engine::date::Date;
use lintel_engine::rate::Pct;
use ring::digest::{Context, SHA256};
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::dated::{Dated, Edition};
use crate::folder::{Folder, Stranger};
use crate::report::{EditionReport, Origin, TableReport};

/// Most editions of one file: a century of years, with room.
const MAX_EDITIONS: usize = 300;
/// Most editions of the one table that may have an edition a day: thirty years of days.
const MAX_DAILY_EDITIONS: usize = 11_000;
/// Longest message about a file, in characters.
const MAX_MESSAGE: usize = 500;

/// A data file that cannot be used: its name and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// File name under `data/` or under the operator's folder.
    pub file: String,
    /// What is wrong, for the operator.
    pub what: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule book, {}: {}", self.file, self.what)
    }
}

impl std::error::Error for RuleError {}

/// Where files may lie that stand in for embedded ones.
pub(crate) enum Own<'a> {
    /// Nowhere: only the program's own.
    None,
    /// In an operator's folder.
    Folder(Folder),
    /// The text of one file, in place of a folder that has it.
    File { name: &'a str, text: &'a str },
    /// In texts kept from another book; a table they do not have is the program's own.
    Texts(&'a BTreeMap<String, String>),
}

/// Every table's name and text as it was read.
pub(crate) type Texts = Vec<(&'static str, Cow<'static, str>)>;

/// Reads files one after the other and keeps a report of each.
pub(crate) struct Loader<'a> {
    own: Own<'a>,
    reports: Vec<TableReport>,
    digest: Context,
    texts: Texts,
}

/// What is left of a [`Loader`] when every table was read.
pub(crate) struct Loaded {
    pub(crate) reports: Vec<TableReport>,
    /// Files of the folder that are no table.
    pub(crate) strangers: Vec<Stranger>,
    /// Of every text read, in hexadecimal digits.
    pub(crate) digest: String,
    pub(crate) texts: Texts,
}

impl<'a> Loader<'a> {
    /// Reads what `own` has, the rest from the binary.
    pub(crate) fn new(own: Own<'a>) -> Self {
        Self {
            own,
            reports: Vec::new(),
            digest: Context::new(&SHA256),
            texts: Vec::new(),
        }
    }

    /// What is left to keep.
    pub(crate) fn finish(self) -> Loaded {
        let digest = self.digest.clone().finish();
        let digest = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
        let known: Vec<&'static str> = self.reports.iter().map(|table| table.file).collect();
        let strangers = match &self.own {
            Own::None | Own::Texts(_) => Vec::new(),
            Own::Folder(folder) => folder.strangers(&known),
            Own::File { name, .. } if known.contains(name) => Vec::new(),
            Own::File { name, .. } => vec![Stranger::File((*name).to_owned())],
        };
        Loaded {
            reports: self.reports,
            strangers,
            digest,
            texts: self.texts,
        }
    }

    /// A table the program carries, unless the folder has a file of that name. `read` turns what
    /// an edition holds beside its dates into the figures; its text names the row at fault.
    pub(crate) fn table<R: DeserializeOwned, T>(
        &mut self,
        (file, embedded): (&'static str, &'static str),
        read: impl Fn(R) -> Result<T, String>,
    ) -> Result<Dated<T>, RuleError> {
        let own = self.own_text(file)?;
        let origin = if own.is_some() {
            Origin::Folder
        } else {
            Origin::Embedded
        };
        let text = own.map_or(Cow::Borrowed(embedded), Cow::Owned);
        self.read(file, origin, text, read)
    }

    /// A table that only the folder can hold, because its figures are too many or too fresh to be
    /// carried by the program.
    pub(crate) fn folder_table<R: DeserializeOwned, T>(
        &mut self,
        file: &'static str,
        read: impl Fn(R) -> Result<T, String>,
    ) -> Result<Option<Dated<T>>, RuleError> {
        if let Some(text) = self.own_text(file)? {
            let text = Cow::Owned(text);
            return self.read(file, Origin::Folder, text, read).map(Some);
        }
        self.reports.push(TableReport {
            file,
            origin: Origin::Absent,
            editions: Vec::new(),
        });
        Ok(None)
    }

    fn read<R: DeserializeOwned, T>(
        &mut self,
        file: &'static str,
        origin: Origin,
        text: Cow<'static, str>,
        read: impl Fn(R) -> Result<T, String>,
    ) -> Result<Dated<T>, RuleError> {
        let table = read_table(file, &text, read).map_err(|what| RuleError {
            file: self.name(file, origin),
            what,
        })?;
        // Each with its length in front, so that no two different books read the same.
        for piece in [file, &text] {
            self.digest.update(&(piece.len() as u64).to_be_bytes());
            self.digest.update(piece.as_bytes());
        }
        self.texts.push((file, text));
        let editions = table.editions().iter().map(|edition| EditionReport {
            effective: edition.effective,
            source: edition.source.clone(),
            checked_on: edition.checked_on,
            uncertain: edition.uncertain.clone(),
        });
        self.reports.push(TableReport {
            file,
            origin,
            editions: editions.collect(),
        });
        Ok(table)
    }

    /// The operator's own file, none when there is none.
    fn own_text(&self, file: &'static str) -> Result<Option<String>, RuleError> {
        match &self.own {
            Own::None => Ok(None),
            Own::Folder(folder) => folder.text(file).map_err(|what| RuleError {
                file: self.name(file, Origin::Folder),
                what,
            }),
            Own::File { name, text } => Ok((*name == file).then(|| (*text).to_owned())),
            Own::Texts(texts) => Ok(texts.get(file).cloned()),
        }
    }

    /// A file as messages name it: an operator's own with its path.
    fn name(&self, file: &'static str, origin: Origin) -> String {
        match (origin, &self.own) {
            (Origin::Folder, Own::Folder(folder)) => folder.path(file).display().to_string(),
            (Origin::Folder | Origin::Embedded | Origin::Absent, _) => file.to_owned(),
        }
    }
}

/// Reads one file's text.
pub(crate) fn read_table<R: DeserializeOwned, T>(
    file: &'static str,
    text: &str,
    read: impl Fn(R) -> Result<T, String>,
) -> Result<Dated<T>, String> {
    let whole = text.parse().map_err(|error| explain(text, &error));
    whole
        .and_then(|whole| read_whole(file, whole, read))
        .map_err(brief)
}

/// The line at fault and what is wrong there.
fn explain(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    match before {
        Some(before) => {
            let line = before.matches('\n').count() + 1;
            format!("line {line}: {}", error.message())
        }
        None => error.message().to_owned(),
    }
}

/// A message cut to what a terminal shows: a hostile file could make it as long as itself.
fn brief(mut what: String) -> String {
    if let Some((cut, _)) = what.char_indices().nth(MAX_MESSAGE) {
        what.truncate(cut);
        what.push('…');
    }
    what
}

fn read_whole<R: DeserializeOwned, T>(
    file: &'static str,
    mut whole: Table,
    read: impl Fn(R) -> Result<T, String>,
) -> Result<Dated<T>, String> {
    let editions = match whole.remove("edition") {
        Some(Value::Array(editions)) => editions,
        Some(_) => return Err("edition must be a list of tables: [[edition]]".to_owned()),
        None => return Err("has no [[edition]]".to_owned()),
    };
    let most = if file == crate::us::DAILY {
        MAX_DAILY_EDITIONS
    } else {
        MAX_EDITIONS
    };
    if editions.len() > most {
        return Err(format!("has more than {most} editions"));
    }
    let common = Head::take(&mut whole)?;
    if let Some(unknown) = whole.keys().next() {
        return Err(format!("unknown member {unknown}"));
    }
    let editions = editions.into_iter().enumerate().map(|(index, value)| {
        let number = index + 1;
        read_edition(value, &common, &read).map_err(|what| format!("edition {number}: {what}"))
    });
    Dated::try_new(file, editions.collect::<Result<_, _>>()?)
}

/// What a file says of all its editions, or an edition of itself.
struct Head {
    source: Option<String>,
    checked_on: Option<String>,
    uncertain: Option<String>,
}

impl Head {
    fn take(table: &mut Table) -> Result<Self, String> {
        Ok(Self {
            source: take_text(table, "source")?,
            checked_on: take_text(table, "checked_on")?,
            uncertain: take_text(table, "uncertain")?,
        })
    }
}

fn take_text(table: &mut Table, name: &str) -> Result<Option<String>, String> {
    match table.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
        Some(_) => Err(format!("{name} must be text and not empty")),
    }
}

fn read_edition<R: DeserializeOwned, T>(
    value: Value,
    common: &Head,
    read: impl Fn(R) -> Result<T, String>,
) -> Result<Edition<T>, String> {
    let Value::Table(mut table) = value else {
        return Err("must be a table".to_owned());
    };
    let from = take_text(&mut table, "from")?.ok_or("from is missing")?;
    let to = take_text(&mut table, "to")?;
    let effective = Effective {
        from: date(&from)?,
        to: to.as_deref().map(date).transpose()?,
    };
    if effective.to.is_some_and(|to| to < effective.from) {
        return Err("ends before it begins".to_owned());
    }
    let own = Head::take(&mut table)?;
    let source = own.source.or_else(|| common.source.clone());
    let checked_on = own.checked_on.as_ref().or(common.checked_on.as_ref());
    let rows = R::deserialize(Value::Table(table)).map_err(|e| e.to_string())?;
    Ok(Edition {
        effective,
        source: source.ok_or("source is missing")?,
        checked_on: date(checked_on.ok_or("checked_on is missing")?)?,
        uncertain: own.uncertain.or_else(|| common.uncertain.clone()),
        rows: read(rows)?,
    })
}

/// A percentage of a data file.
pub(crate) fn pct(text: &str) -> Result<Pct, String> {
    Pct::parse_decimal(text).map_err(|_| format!("{text} is not a percentage"))
}

/// A day of a data file.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    Date::parse_iso(text).map_err(|_| format!("{text} is not a date"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Dated<u32>, String> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Rows {
            figure: u32,
        }
        read_table("us/test.toml", text, |rows: Rows| Ok(rows.figure))
    }

    const HEAD: &str = "source = \"s\"\nchecked_on = \"2026-11-21\"\n";

    #[test]
    fn an_edition_takes_what_it_does_not_say_from_the_file() {
        let text = format!(
            "{HEAD}[[edition]]\nfrom = \"2025-01-01\"\nto = \"2025-12-31\"\nfigure = 1\n\
             [[edition]]\nfrom = \"2026-01-01\"\nfigure = 2\nuncertain = \"recalled\"\nsource = \"t\"\n"
        );
        let table = read(&text).unwrap();
        let [first, second] = table.editions() else {
            panic!("{table:?}")
        };
        assert_eq!((first.source.as_str(), &first.uncertain), ("s", &None));
        assert_eq!((second.source.as_str(), second.rows), ("t", 2));
        assert_eq!(second.uncertain.as_deref(), Some("recalled"));
    }

    #[test]
    fn a_slip_is_named() {
        for (rest, named) in [
            ("", "no [[edition]]"),
            ("edition = 1", "list of tables"),
            ("colour = 1\nedition = []", "colour"),
            ("[[edition]]\nfigure = 1", "from is missing"),
            (
                "[[edition]]\nfrom = \"2026-13-01\"\nfigure = 1",
                "2026-13-01",
            ),
            ("[[edition]]\nfrom = \"2026-01-01\"", "figure"),
            (
                "[[edition]]\nfrom = \"2026-01-01\"\nfigure = 1\nother = 2",
                "other",
            ),
            (
                "[[edition]]\nfrom = \"2026-01-02\"\nto = \"2026-01-01\"\nfigure = 1",
                "ends before",
            ),
            (
                "[[edition]]\nfrom = \"2026-01-02\"\nsource = \"\"\nfigure = 1",
                "source",
            ),
        ] {
            let found = read(&format!("{HEAD}{rest}")).unwrap_err();
            assert!(found.contains(named), "{found} does not name {named}");
        }
        let without_source = "[[edition]]\nfrom = \"2026-01-01\"\nfigure = 1";
        assert!(read(without_source).unwrap_err().contains("source"));
    }

    #[test]
    fn a_file_in_the_folder_replaces_the_embedded_one() {
        let folder = tempfile::tempdir().unwrap();
        let embedded: &'static str =
            format!("{HEAD}[[edition]]\nfrom = \"2026-01-01\"\nfigure = 1\n").leak();
        let load = || {
            let opened = Folder::open(folder.path()).unwrap();
            let mut loader = Loader::new(Own::Folder(opened));
            let table = loader.table(("us/test.toml", embedded), |rows: Table| {
                Ok(rows["figure"].as_integer())
            });
            let table = table.map(|t| t.editions()[0].rows);
            (table, loader.finish().reports)
        };
        let (figure, reports) = load();
        assert_eq!((figure, reports[0].origin), (Ok(Some(1)), Origin::Embedded));
        std::fs::create_dir(folder.path().join("us")).unwrap();
        let own = folder.path().join("us/test.toml");
        std::fs::write(&own, "edition = 1").unwrap();
        assert!(load().0.unwrap_err().what.contains("list of tables"));
        std::fs::write(&own, embedded.replace("figure = 1", "figure = 2")).unwrap();
        let (figure, reports) = load();
        assert_eq!((figure, reports[0].origin), (Ok(Some(2)), Origin::Folder));
    }
}
