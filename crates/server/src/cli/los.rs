//! What can be typed about loan origination systems.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use lintel_app::los::{
    ATTEMPTS_MAX, DEFAULT_ACCEPT, DEFAULT_ATTEMPTS, DEFAULT_MEMBER, DEFAULT_TIMEOUT_S,
    TIMEOUT_MAX_S,
};

/// `lintel admin los …`.
#[derive(Debug, Subcommand)]
pub enum LosCommand {
    /// Fetch loans as files of a folder: the loan's number, or its GUID, with `.xml`. Letters, digits
    /// and `- _ + , ( ) { } .` stand for themselves in a name, everything else as %XX of its UTF-8.
    Folder {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
        /// The folder, as an absolute path on every machine that serves. It is only read.
        #[arg(long, value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Fetch loans over HTTP: the answer is the MISMO document, or JSON with the document in a member.
    Http(Box<HttpConnector>),
    /// Show how loans are fetched, without secrets.
    Show {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
    /// Forget how loans are fetched, credentials included.
    Remove {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
    /// Fetch one loan and say what would come of it; nothing is stored. Exit status 1 when the loan
    /// would be refused.
    Try(LosTrial),
}

/// Options of `lintel admin los http`.
#[derive(Debug, Args)]
pub struct HttpConnector {
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Address of a loan, with {loanLOSID} or {loanGUID} or both in its path or query:
    /// `https://los.example.com/loans/{loanLOSID}/mismo34`
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// Who asks: nobody in particular, a user with a password, whoever has a token, whoever sends a
    /// header. The secret comes from --secret-file, else it is asked for at a terminal, else read as
    /// the first line of standard input. It is never an argument.
    #[arg(long, value_enum, default_value_t = LosAuth::None)]
    pub auth: LosAuth,
    /// The user, with --auth basic.
    #[arg(long, value_name = "NAME", required_if_eq("auth", "basic"))]
    pub user: Option<String>,
    /// Name of the header, with --auth header.
    #[arg(long, value_name = "NAME", required_if_eq("auth", "header"))]
    pub header: Option<String>,
    /// File whose first line is the password, token or header's value. It is read once, now.
    #[arg(long, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
    /// Formats asked for.
    #[arg(long, value_name = "MEDIA_TYPES", default_value = DEFAULT_ACCEPT)]
    pub accept: String,
    /// Where a JSON answer has the document: a member's name, or up to five with dots between them.
    #[arg(long, value_name = "NAME", default_value = DEFAULT_MEMBER)]
    pub member: String,
    /// PEM file of the certificates that vouch for the system, instead of the public ones. It is read
    /// once, now.
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Seconds for one fetch with all its repetitions, 1 to 25.
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_TIMEOUT_S,
          value_parser = clap::value_parser!(u8).range(1..=i64::from(TIMEOUT_MAX_S)))]
    pub timeout: u8,
    /// How often the system is asked before a fetch fails, 1 to 5.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_ATTEMPTS,
          value_parser = clap::value_parser!(u8).range(1..=i64::from(ATTEMPTS_MAX)))]
    pub attempts: u8,
}

/// Who asks, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LosAuth {
    /// Nobody in particular.
    None,
    /// A user with a password.
    Basic,
    /// Whoever has a token.
    Bearer,
    /// Whoever sends a header.
    Header,
}

/// Options of `lintel admin los try`.
#[derive(Debug, Args)]
pub struct LosTrial {
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// The loan's number in the system.
    #[arg(long, value_name = "ID")]
    pub loan: String,
    /// The loan's GUID in the system.
    #[arg(long, value_name = "GUID")]
    pub guid: Option<String>,
}
