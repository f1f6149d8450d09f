//! What can be typed about how an organisation writes to people.

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, Subcommand};

/// `lintel admin messaging …`.
#[derive(Debug, Subcommand)]
pub enum MessagingCommand {
    /// Say how an organisation writes to people. What is not named stays as it is; an empty text takes
    /// a value away.
    Set(Box<MessagingChange>),
    /// Show how an organisation writes to people.
    Show {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
}

/// Options of `lintel admin messaging set`.
#[derive(Debug, Args)]
pub struct MessagingChange {
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Name its mail is from.
    #[arg(long, value_name = "TEXT")]
    pub sender_name: Option<String>,
    /// Address its mail is from, of one of the domains.
    #[arg(long, value_name = "ADDRESS")]
    pub sender_email: Option<String>,
    /// Address answers go to.
    #[arg(long, value_name = "ADDRESS")]
    pub reply_to: Option<String>,
    /// Domains this installation may send for, commas between them: their SPF and DKIM records name
    /// the mail server used.
    #[arg(long, value_name = "DOMAINS")]
    pub domains: Option<String>,
    /// Time zone of its days, such as America/Chicago.
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// Whether consumers may subscribe to its rates.
    #[arg(long, value_name = "YES/NO", action = ArgAction::Set, value_parser = BoolishValueParser::new())]
    pub rate_watch: Option<bool>,
    /// Time of day rates are sent at, in that zone.
    #[arg(long, value_name = "HH:MM")]
    pub rates_at: Option<String>,
}
