//! The files of a catalogue on disk.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use lintel_pricing::catalogue::Effect;
use lintel_pricing::codec::sheet::MAX_SHEET_BYTES;
use lintel_pricing::codec::{
    self, Finding, Level, MAX_PART_BYTES, Part, Parts, grid_from_csv, grid_to_csv, part_from_csv,
    part_to_csv,
};

/// The file of rate sheets beside a catalogue.
pub(super) const SHEETS: &str = "sheets.csv";
/// Folder of the grids of an export.
const GRIDS: &str = "grids";
/// Most files of a folder that are looked at.
const MAX_FILES: usize = 10_000;
/// Longest part of a grid's file name that comes from its adjustment's name.
const MAX_SLUG: usize = 60;

/// A file of an export.
pub(super) struct Text {
    /// Its path below the folder.
    pub(super) name: String,
    /// What is in it.
    pub(super) text: String,
}

/// What files say instead of what a catalogue says.
pub struct Edits {
    /// Parts as TOML, or as CSV where `bool` says so.
    parts: Vec<(Part, bool, String)>,
    /// Grids of single adjustments by name.
    grids: Vec<(String, String)>,
    /// Rate sheets that lie beside them.
    pub(super) sheets: Option<String>,
    /// What was seen and not read.
    pub(super) notes: Vec<String>,
}

/// Reads `NAME=FILE`.
pub(super) fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text
        .rsplit_once('=')
        .ok_or("not NAME=FILE: the adjustment's name and its grid")?;
    if name.trim().is_empty() || file.is_empty() {
        return Err("not NAME=FILE: the adjustment's name and its grid".to_owned());
    }
    Ok((name.trim().to_owned(), PathBuf::from(file)))
}

/// Reads folders and files.
pub(super) fn read(paths: &[PathBuf], grids: &[(String, PathBuf)]) -> Result<Edits, String> {
    let mut edits = Edits {
        parts: Vec::new(),
        grids: Vec::new(),
        sheets: None,
        notes: Vec::new(),
    };
    for path in paths {
        let found = fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
        if found.is_dir() {
            read_folder(path, &mut edits)?;
        } else {
            read_file(path, &mut edits)?;
        }
    }
    for (name, path) in grids {
        edits
            .grids
            .push((name.clone(), read_text(path, MAX_PART_BYTES)?));
    }
    Ok(edits)
}

fn read_folder(folder: &Path, edits: &mut Edits) -> Result<(), String> {
    let named = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(named)?.take(MAX_FILES) {
        let path = entry.map_err(named)?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if path.is_file() && matches!(ending, Some("toml" | "csv")) {
            files.push(path);
        }
    }
    files.sort();
    if folder.join(GRIDS).is_dir() {
        let note = "was left alone: --grid NAME=FILE reads one of its grids";
        edits
            .notes
            .push(format!("{} {note}", folder.join(GRIDS).display()));
    }
    if files.is_empty() {
        return Err(format!(
            "{}: no .toml and no .csv file in it",
            folder.display()
        ));
    }
    files.iter().try_for_each(|file| read_file(file, edits))
}

/// Reads a file whose name says what it is.
fn read_file(path: &Path, edits: &mut Edits) -> Result<(), String> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if name == SHEETS {
        edits.sheets = Some(read_text(path, MAX_SHEET_BYTES)?);
        return Ok(());
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let part = Part::parse(stem);
    let is_csv = match (part, ending) {
        (Some(_), "toml") => false,
        (Some(Part::Fees | Part::Estimates), "csv") => true,
        _ => {
            let known = Part::ALL.map(Part::file_name).join(", ");
            let path = path.display();
            return Err(format!(
                "{path}: its name is of no part: {known}, fees.csv, estimates.csv, {SHEETS}"
            ));
        }
    };
    if let Some(part) = part {
        if edits.parts.iter().any(|(known, ..)| *known == part) {
            return Err(format!(
                "{}: the part {part} is there twice",
                path.display()
            ));
        }
        let text = read_text(path, MAX_PART_BYTES)?;
        edits.parts.push((part, is_csv, text));
    }
    Ok(())
}

/// A regular file of bounded size, as text.
pub(super) fn read_text(path: &Path, most: usize) -> Result<String, String> {
    let named = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let found = fs::metadata(path).map_err(|error| named(&error))?;
    if !found.is_file() {
        return Err(named(&"is not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| named(&error))?;
    if bytes.len() > most {
        return Err(named(&format!("larger than {} MiB", most / (1024 * 1024))));
    }
    String::from_utf8(bytes).map_err(|_| named(&"is not UTF-8 text"))
}

impl Edits {
    /// `base` with the parts and grids of the files in place of its own.
    ///
    /// # Errors
    /// Everything that is wrong with CSV files and grids; TOML is read later.
    pub(super) fn apply(&self, base: Parts) -> Result<Parts, Vec<Finding>> {
        let mut parts = base;
        let mut found = Vec::new();
        for (part, is_csv, text) in &self.parts {
            let toml = if *is_csv {
                part_from_csv(*part, text)
            } else {
                Ok(text.clone())
            };
            match toml {
                Ok(toml) => {
                    parts.insert(*part, toml);
                }
                Err(more) => found.extend(more),
            }
        }
        if !self.grids.is_empty() && found.is_empty() {
            self.apply_grids(&mut parts)?;
        }
        if found.is_empty() {
            Ok(parts)
        } else {
            Err(found)
        }
    }

    fn apply_grids(&self, parts: &mut Parts) -> Result<(), Vec<Finding>> {
        let mut catalogue = codec::parse(parts)?;
        let mut found = Vec::new();
        for (name, text) in &self.grids {
            let adjustments = catalogue.adjustments.iter_mut();
            let mut named: Vec<_> = adjustments.filter(|a| a.name == *name).collect();
            let slip = |what: &str| Finding {
                level: Level::Error,
                part: Part::Adjustments.as_str().to_owned(),
                row: None,
                name: String::new(),
                line: None,
                field: super::report::plain(name),
                what: what.to_owned(),
            };
            match (named.as_mut_slice(), grid_from_csv(text)) {
                ([adjustment], Ok(grid)) => adjustment.effect = Effect::Grid(grid),
                ([], _) => found.push(slip("there is no adjustment of this name")),
                ([_, _, ..], _) => found.push(slip("there are several adjustments of this name")),
                ([_], Err(more)) => found.extend(more),
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        let text = codec::write_part(&catalogue, Part::Adjustments);
        parts.insert(Part::Adjustments, text);
        Ok(())
    }
}

/// The files of an export; with `csv` those that have one in CSV, and grids as files of their own
/// beside the adjustments.
pub(super) fn texts(parts: &Parts, csv: bool) -> Result<Vec<Text>, Vec<Finding>> {
    let mut texts = Vec::new();
    let catalogue = if csv {
        codec::parse(parts)?
    } else {
        Default::default()
    };
    for (part, toml) in parts {
        match part_to_csv(&catalogue, *part).filter(|_| csv) {
            Some(text) => texts.push(Text {
                name: format!("{part}.csv"),
                text,
            }),
            None => texts.push(Text {
                name: part.file_name(),
                text: toml.clone(),
            }),
        }
    }
    for (number, adjustment) in (1..).zip(&catalogue.adjustments) {
        if let Effect::Grid(grid) = &adjustment.effect {
            texts.push(Text {
                name: format!("{GRIDS}/{number:03}-{}.csv", slug(&adjustment.name)),
                text: grid_to_csv(grid),
            });
        }
    }
    Ok(texts)
}

/// A name as a file name may hold it everywhere.
fn slug(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
        _ => '-',
    });
    let mut slug = String::new();
    for letter in letters.take(MAX_SLUG) {
        if letter != '-' || !slug.ends_with('-') {
            slug.push(letter);
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Writes files below a folder, which is made when it is missing.
pub(super) fn write(folder: &Path, texts: &[Text]) -> Result<(), String> {
    for one in texts {
        let path = folder.join(&one.name);
        let named = |error: std::io::Error| format!("{}: {error}", path.display());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(named)?;
        }
        fs::write(&path, &one.text).map_err(named)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_file_names() {
        assert_eq!(slug("Purchase: score & LTV (1)"), "purchase-score-ltv-1");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("é"), "");
        assert!(slug(&"x".repeat(500)).len() <= MAX_SLUG);
    }

    #[test]
    fn an_export_reads_back_as_what_it_was() {
        let parts = lintel_pricing::demo::parts();
        let catalogue = codec::parse(&parts).unwrap();
        for csv in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let texts = texts(&parts, csv).unwrap();
            write(folder.path(), &texts).unwrap();
            let edits = read(&[folder.path().to_path_buf()], &[]).unwrap();
            let again = edits.apply(Parts::new()).unwrap();
            assert_eq!(codec::parse(&again).as_ref(), Ok(&catalogue));
            assert_eq!(texts.iter().any(|one| one.name.starts_with(GRIDS)), csv);
        }
    }

    #[test]
    fn a_grid_replaces_that_of_its_adjustment() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("g.csv");
        fs::write(&file, "lock_days,points\n30,-9\nabove,-8\n").unwrap();
        let replace = |name: &str| {
            let edits = read(&[], &[(name.to_owned(), file.clone())]).unwrap();
            edits.apply(lintel_pricing::demo::parts())
        };
        let parts = replace("Jumbo lock").unwrap();
        assert!(parts[&Part::Adjustments].contains("30,-9\nabove,-8\n"));
        assert!(
            replace("No such").unwrap_err()[0]
                .what
                .contains("no adjustment")
        );
        assert!(named_file("=x").is_err() && named_file("x").is_err());
    }

    #[test]
    fn foreign_and_double_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let told = || match read(&[folder.path().to_path_buf()], &[]) {
            Ok(_) => String::new(),
            Err(what) => what,
        };
        assert!(told().contains("no .toml and no .csv"));
        fs::write(folder.path().join("fees.toml"), "").unwrap();
        assert_eq!(told(), "");
        fs::write(folder.path().join("fees.csv"), "name\n").unwrap();
        assert!(told().contains("the part fees is there twice"));
        fs::remove_file(folder.path().join("fees.csv")).unwrap();
        fs::write(folder.path().join("fee.toml"), "").unwrap();
        assert!(told().contains("fee.toml: its name is of no part"));
        fs::write(folder.path().join("fee.toml"), [0xff, 0xfe]).unwrap();
        fs::rename(
            folder.path().join("fee.toml"),
            folder.path().join("caps.toml"),
        )
        .unwrap();
        assert!(told().contains("not UTF-8"));
    }
}
