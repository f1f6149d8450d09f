//! What can be typed about the words of statuses.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `lintel admin wording …`.
#[derive(Debug, Subcommand)]
pub enum WordingCommand {
    /// Say what a lender's staff and its borrowers read for one step, instead of the system's words.
    /// It counts from the next change of a loan's status on.
    Set(Box<NewWording>),
    /// Set many at once from a TOML file, all or nothing. A table for each step:
    /// ["Clear to Close"] with lender = ["main", "sub"] and borrower = ["main", "sub"].
    Import {
        /// lenderID of the lender.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
        /// The file.
        file: PathBuf,
    },
    /// List every step with the words for it.
    List {
        /// lenderID of the lender.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
    /// Go back to the system's words for a step.
    Remove {
        /// lenderID of the lender.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
        /// The step, in the system's words.
        #[arg(long)]
        step: String,
    },
}

/// Options of `lintel admin wording set`.
#[derive(Debug, Args)]
pub struct NewWording {
    /// lenderID of the lender.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// The step, in the system's words, such as "Clear to Close".
    #[arg(long)]
    pub step: String,
    /// Main status for the lender's staff; as it was when absent.
    #[arg(long, value_name = "TEXT")]
    pub lender_main: Option<String>,
    /// Sub status for the lender's staff; as it was when absent.
    #[arg(long, value_name = "TEXT")]
    pub lender_sub: Option<String>,
    /// Main status for the borrowers; as it was when absent.
    #[arg(long, value_name = "TEXT")]
    pub borrower_main: Option<String>,
    /// Sub status for the borrowers; as it was when absent.
    #[arg(long, value_name = "TEXT")]
    pub borrower_sub: Option<String>,
}
