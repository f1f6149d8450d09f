//! `lintel admin wording`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use lintel_app::admin::find_organisation;
use lintel_app::context::App;
use lintel_app::error::{AppError, Fault};
use lintel_app::loan::wording::{self, WordingDraft};
use lintel_domain::organisation::Organisation;
use lintel_domain::status::{Step, Worded, Wordings};
use serde::Deserialize;

use super::{lender_id, table};
use crate::cli::{NewWording, WordingCommand};

/// Longest file of words.
const FILE_MAX_BYTES: u64 = 256 * 1024;

/// Runs one command.
pub(super) async fn run(app: &App, command: WordingCommand) -> Result<String, AppError> {
    match command {
        WordingCommand::Set(new) => set(app, *new).await,
        WordingCommand::Import { org, file } => {
            let org = organisation(app, &org).await?;
            let drafts = read(&file)?;
            let changed = wording::set(app, &org, &drafts).await?;
            let all = drafts.len();
            Ok(format!(
                "{changed} of {all} steps are worded in a new way.\n"
            ))
        }
        WordingCommand::List { org } => list(app, &organisation(app, &org).await?).await,
        WordingCommand::Remove { org, step } => {
            let org = organisation(app, &org).await?;
            let told = if wording::remove(app, &org, &step).await? {
                "has the system's words again"
            } else {
                "had the system's words"
            };
            Ok(format!("{step} {told}.\n"))
        }
    }
}

async fn organisation(app: &App, text: &str) -> Result<Organisation, AppError> {
    find_organisation(app, &lender_id(text)?).await
}

async fn set(app: &App, new: NewWording) -> Result<String, AppError> {
    let org = organisation(app, &new.org).await?;
    let words = Wordings::new(wording::list(app, &org).await?);
    // An unknown step is refused below, with every other mistake.
    let known = words.of(Step::read(&new.step).unwrap_or(Step::SignedUp));
    let Worded {
        lender, borrower, ..
    } = known;
    let draft = WordingDraft {
        lender_main: new.lender_main.unwrap_or(lender.main),
        lender_sub: new.lender_sub.unwrap_or(lender.sub),
        borrower_main: new.borrower_main.unwrap_or(borrower.main),
        borrower_sub: new.borrower_sub.unwrap_or(borrower.sub),
        step: new.step,
    };
    let step = draft.step.clone();
    let changed = wording::set(app, &org, &[draft]).await?;
    let already = if changed == 0 { "already " } else { "" };
    Ok(format!("{step} is {already}worded like this.\n"))
}

async fn list(app: &App, org: &Organisation) -> Result<String, AppError> {
    let words = Wordings::new(wording::list(app, org).await?);
    let mut table = table(&[
        "stage",
        "step",
        "lender",
        "lender's step",
        "borrower",
        "borrower's step",
    ]);
    for step in Step::ALL.iter().copied() {
        let Worded {
            step,
            lender,
            borrower,
        } = words.of(step);
        table.add_row([
            step.stage().to_string(),
            step.to_string(),
            lender.main,
            lender.sub,
            borrower.main,
            borrower.sub,
        ]);
    }
    Ok(format!("{table}\n"))
}

/// One table of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    lender: [String; 2],
    borrower: [String; 2],
}

fn read(path: &Path) -> Result<Vec<WordingDraft>, AppError> {
    let fault = |what: &str| Fault::internal(format!("{}: {what}", path.display()));
    let file = File::open(path).map_err(|e| fault("cannot be opened").caused_by(e))?;
    let mut text = String::new();
    let read = file.take(FILE_MAX_BYTES + 1).read_to_string(&mut text);
    let length = read.map_err(|e| fault("cannot be read as text").caused_by(e))?;
    if u64::try_from(length).is_ok_and(|length| length > FILE_MAX_BYTES) {
        return Err(fault("is too long").into());
    }
    let rows: BTreeMap<String, Row> =
        toml::from_str(&text).map_err(|e| fault("is no file of words").caused_by(e))?;
    let draft = |(step, row): (String, Row)| {
        let [lender_main, lender_sub] = row.lender;
        let [borrower_main, borrower_sub] = row.borrower;
        WordingDraft {
            step,
            lender_main,
            lender_sub,
            borrower_main,
            borrower_sub,
        }
    };
    Ok(rows.into_iter().map(draft).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<WordingDraft>, AppError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("words.toml");
        std::fs::write(&path, text).expect("written");
        read(&path)
    }

    #[test]
    fn a_file_has_a_table_for_each_step() {
        let text = "[\"Clear to Close\"]\nlender = [\"Cleared\", \"CTC\"]\n\
                    borrower = [\"Nearly there\", \"Ready to sign\"]\n";
        let drafts = read_text(text).expect("read");
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].step, "Clear to Close");
        assert_eq!(
            (&*drafts[0].lender_sub, &*drafts[0].borrower_main),
            ("CTC", "Nearly there")
        );
        for odd in [
            "[\"Clear to Close\"]\nlender = [\"Cleared\"]\nborrower = [\"a\", \"b\"]\n",
            "[\"Clear to Close\"]\nlender = [\"a\", \"b\"]\n",
            "[\"x\"]\nlender = [\"a\", \"b\"]\nborrower = [\"a\", \"b\"]\nother = 1\n",
            "step,lender\n",
            &"#".repeat(256 * 1024 + 1),
        ] {
            assert!(read_text(odd).is_err(), "{}", odd.len());
        }
    }
}
