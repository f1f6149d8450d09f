//! `lintel calc`: requests in, answers out, and the help of one kind.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, IsTerminal as _, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use super::{UNUSABLE, complain, print};
use crate::cli::{CalcArgs, Cli};
use crate::rules;
use lintel_calc as calc;

/// Bytes read and written at once by `calc`: what a pipe holds. Standard input and output alone
/// would take 8 KiB at a time.
const CALC_BUFFER: usize = 64 * 1024;

pub(super) fn run_calc(args: &CalcArgs) -> ExitCode {
    if args.kinds {
        return print(&calc::kinds_table());
    }
    if let Some(kind) = &args.kind {
        return explain_kind(kind, args.help);
    }
    if args.help {
        let mut command = <Cli as clap::CommandFactory>::command();
        // Builds the usage line's "lintel" and the flags that every command has.
        command.build();
        let calc = command.find_subcommand_mut("calc");
        let help = calc.map(|calc| calc.render_long_help().to_string());
        return print(&help.unwrap_or_default());
    }
    match answer(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            complain(&message);
            ExitCode::from(UNUSABLE)
        }
    }
}

fn explain_kind(kind: &str, help: bool) -> ExitCode {
    let unusable = |message: &str| {
        complain(message);
        ExitCode::from(UNUSABLE)
    };
    let Some(text) = calc::explain_kind(kind) else {
        return unusable(&format!(
            "there is no kind {kind}; lintel calc --kinds lists them"
        ));
    };
    // Requests are waiting to be read, and a page of help is no answer to them.
    if !help && !io::stdin().is_terminal() {
        return unusable(&format!(
            "the kind is named in each request line, not on the command line; lintel calc {kind} \
             --help explains it"
        ));
    }
    print(&text)
}

/// Answers the requests of `calc`; true when none had an error.
fn answer(args: &CalcArgs) -> Result<bool, String> {
    let rules = rules::load(args.rules.as_deref()).map_err(|error| error.to_string())?;
    let output = io::BufWriter::with_capacity(CALC_BUFFER, io::stdout().lock());
    let result = match &args.input {
        Some(path) => {
            let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let path = path.clone();
            let input = BufReader::with_capacity(CALC_BUFFER, Named { file, path });
            calc::run(input, output, &rules)
        }
        None => {
            let input = BufReader::with_capacity(CALC_BUFFER, io::stdin().lock());
            calc::run(input, output, &rules)
        }
    };
    match result {
        // The reader of our output went away: that is not our fault.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(true),
        result => result.map_err(|error| format!("calc: {error}")),
    }
}

/// A file whose faults name it: `calc` reads and writes, and both may fail.
struct Named {
    file: File,
    path: PathBuf,
}

impl Read for Named {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer).map_err(|error| match error.kind() {
            // Reading is tried again.
            ErrorKind::Interrupted => error,
            kind => io::Error::new(kind, format!("{}: {error}", self.path.display())),
        })
    }
}
