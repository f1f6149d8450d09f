//! `lintel import parishes`: the official list of parishes into the database.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::market::{ParishLoad, replace_parishes};
use lintel_store::parish::Changes;
use lintel_taxonomy::{List, list, places};

use super::rows::{Row, Rows};

/// Longest name of a parish: the longest union of parishes has half of it.
const NAME_MAX_CHARS: usize = 200;
/// Municipalities named at most that have no parish in a list.
const SHOWN_COUNTIES: usize = 10;
/// Columns that may have the code, as official and other lists call it.
const CODES: &[&str] = &[
    "dicofre",
    "dtmnfr",
    "codigodicofre",
    "codigoine",
    "codigofreguesia",
    "codfreguesia",
    "codigo",
    "code",
    "cod",
    "ine",
];
/// Columns that may have the name.
const NAMES: &[&str] = &[
    "freguesia",
    "nomefreguesia",
    "designacaofreguesia",
    "dessimpli",
    "designacao",
    "nome",
    "name",
];

/// Options of `import parishes`.
#[derive(Debug, Args)]
pub struct ParishArgs {
    /// CSV or JSON with the six digits and the name of every parish, as the national statistical institute
    /// and the map of administrative areas have it.
    pub file: PathBuf,
    /// Retire as many parishes as the file lacks, however many they are.
    #[arg(long)]
    pub shrink: bool,
    /// Say what would change, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// A list that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParishList {
    /// Names by code.
    pub parishes: BTreeMap<String, String>,
    /// Rows about districts and municipalities, which were left out.
    pub others: usize,
}

/// Reads a list.
///
/// # Errors
/// A sentence that names the row at fault.
pub fn read(bytes: &[u8]) -> Result<ParishList, String> {
    let rows = Rows::read(bytes)?;
    let code = rows
        .column(CODES)
        .ok_or("has no column for the code, such as dicofre")?;
    let name = rows
        .column(NAMES)
        .ok_or("has no column for the name, such as freguesia")?;
    let mut read = ParishList {
        parishes: BTreeMap::new(),
        others: 0,
    };
    for row in &rows.rows {
        let at = |what: String| format!("row {}: {what}", row.place);
        match parish(row, code, name).map_err(at)? {
            None => read.others = read.others.saturating_add(1),
            Some((code, name)) => {
                let before = read.parishes.insert(code.clone(), name.clone());
                // Maps have a row for every piece of land.
                if before.is_some_and(|before| before != name) {
                    return Err(at(format!("{code} is there twice with different names")));
                }
            }
        }
    }
    if read.parishes.is_empty() {
        return Err("has no parishes".to_owned());
    }
    Ok(read)
}

/// A parish; none for a row about a district or municipality.
fn parish(row: &Row, code: usize, name: usize) -> Result<Option<(String, String)>, String> {
    let (digits, name) = (row.value(code), row.value(name));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("has no code of digits".to_owned());
    }
    let code = match digits.len() {
        1..=4 => return Ok(None),
        // Spreadsheets lose the zero in front.
        5 => format!("0{digits}"),
        6 => digits.to_owned(),
        _ => return Err(format!("{digits} has not six digits")),
    };
    if code.ends_with("00") {
        return Ok(None);
    }
    if places::county_of_parish(&code).is_none() {
        return Err(format!("{code} begins with no municipality"));
    }
    if name.is_empty() || name.chars().count() > NAME_MAX_CHARS {
        return Err(format!("{code} has no name, or one that is too long"));
    }
    Ok(Some((code, name.to_owned())))
}

/// Puts a list in force; the text says what came of it, and `true` that it is.
///
/// # Errors
/// Any fault of the database.
pub async fn load(
    app: &App,
    args: &ParishArgs,
    list: &ParishList,
) -> Result<(String, bool), AppError> {
    let load = replace_parishes(app, &list.parishes, args.shrink, args.dry_run).await?;
    let mut text = format!("{} parishes read", list.parishes.len());
    if list.others > 0 {
        text.push_str(&format!(", {} other rows left out", list.others));
    }
    text.push('\n');
    text.push_str(&missing(list));
    Ok(match load {
        ParishLoad::Done(changes) => {
            let verb = if args.dry_run {
                "would be written"
            } else {
                "written"
            };
            text.push_str(&format!("{}: {verb}\n", tell(&changes)));
            (text, true)
        }
        ParishLoad::TooFew(changes) => {
            text.push_str(&format!(
                "{}: nothing written, because so many would be retired; --shrink writes it\n",
                tell(&changes)
            ));
            (text, false)
        }
    })
}

fn tell(changes: &Changes) -> String {
    format!(
        "{} new, {} renamed, {} as before, {} retired",
        changes.added, changes.changed, changes.kept, changes.retired
    )
}

/// Municipalities without a parish: a sign that the list is a part of one.
fn missing(read: &ParishList) -> String {
    let there: BTreeSet<&str> = read
        .parishes
        .keys()
        .filter_map(|code| code.get(..4))
        .collect();
    let without: Vec<&str> = list(List::Counties)
        .iter()
        .filter(|county| !there.contains(county.code))
        .map(|county| county.pt)
        .collect();
    if without.is_empty() {
        return String::new();
    }
    let first: Vec<&str> = without.iter().copied().take(SHOWN_COUNTIES).collect();
    let more = without.len().saturating_sub(first.len());
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("note   no parish of {}{more}\n", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_forms_are_read() {
        let fixture = include_bytes!("../../tests/fixtures/parishes.csv");
        let read = read(fixture).expect("read");
        assert_eq!(read.parishes.len(), 6);
        assert_eq!(read.others, 3, "districts and municipalities");
        assert_eq!(read.parishes["010103"], "Freguesia Inventada de Cima");
        assert_eq!(read.parishes["490101"], "Freguesia Única da Ilha");
        let note = missing(&read);
        assert!(
            note.contains("Albergaria-a-Velha") && note.contains("more"),
            "{note}"
        );
    }

    #[test]
    fn a_lost_zero_is_put_back_and_pieces_of_land_are_one() {
        let text =
            "DTMNFR,Municipio,Freguesia\n10103,Águeda,A\n010103,Águeda,A\n010100,Águeda,Águeda\n";
        let read = read(text.as_bytes()).expect("read");
        assert_eq!(
            read.parishes,
            BTreeMap::from([("010103".to_owned(), "A".to_owned())])
        );
        assert_eq!(read.others, 1);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, what) in [
            ("a;b\n1;2", "no column for the code"),
            ("dicofre;b\n010103;x", "no column for the name"),
            ("dicofre;nome\n010103;", "row 2: 010103 has no name"),
            (
                "dicofre;nome\n200101;x",
                "row 2: 200101 begins with no municipality",
            ),
            ("dicofre;nome\n0101031;x", "has not six digits"),
            ("dicofre;nome\nabc;x", "row 2: has no code"),
            (
                "dicofre;nome\n010103;x\n010103;y",
                "row 3: 010103 is there twice",
            ),
            ("dicofre;nome\n01;Aveiro", "has no parishes"),
        ] {
            let error = read(text.as_bytes()).expect_err(text);
            assert!(error.contains(what), "{text}: {error}");
        }
        let long = format!("dicofre;nome\n010103;{}", "x".repeat(NAME_MAX_CHARS + 1));
        assert!(read(long.as_bytes()).is_err());
    }
}
