//! The command line: what can be typed, and what `--help` says about it.

mod jobs;
mod los;
mod messaging;
mod partners;
mod people;
mod wording;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use lintel_engine::date::Date;

use crate::bench::BenchArgs;
use crate::catalogue::CatalogueArgs;
use crate::human::text;
use crate::human::{AprArgs, AprcArgs, HpmlArgs, ImtArgs, ScheduleArgs, TaegArgs};
use crate::import::ImportArgs;
use crate::places::PlacesArgs;
use crate::quote::QuoteArgs;
use crate::ratecard::RateCardArgs;

pub use jobs::{JobsCommand, JobsState};
pub use los::{HttpConnector, LosAuth, LosCommand, LosTrial};
pub use messaging::{MessagingChange, MessagingCommand};
pub use partners::{
    FirstAdmin, IntermediaryCommand, NetworkCommand, NewBroker, PartnerUserCommand, WhichBroker,
    WhichNetwork, WhichUser,
};
pub use people::{
    BranchCommand, NewBranch, NewPerson, StaffCommand, StaffRole, VendorCommand, Whom,
};
pub use wording::{NewWording, WordingCommand};

/// Lintel, the open mortgage-origination server.
#[derive(Debug, Parser)]
#[command(name = "lintel", version, long_about = None, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server: Lender API, pages, health and metrics.
    Serve(ServeArgs),
    /// Work on jobs only, beside servers on the same PostgreSQL: mail, text messages, rate watches.
    Worker(ConfigArgs),
    /// Bring the database to the shape this version needs, then exit.
    Migrate(ConfigArgs),
    /// Check configuration, database, key ring, rule book and audit log; exit status 1 on any fault.
    Check(CheckArgs),
    /// Bring a published file into a folder of the rule book.
    Import(ImportArgs),
    /// Set up organisations, people, branches and API credentials.
    Admin(AdminArgs),
    /// A lender's products, rules, charges and rate sheets, in and out as files.
    Catalogue(CatalogueArgs),
    /// Look into a quote that was given: price its search again as it was then.
    Quote(QuoteArgs),
    /// Answer calculation requests: JSON Lines in, JSON Lines out.
    Calc(CalcArgs),
    /// Annual percentage rate of one loan, as a table.
    Apr(AprArgs),
    /// Annual percentage rate of charge of one European credit, as a table.
    Aprc(AprcArgs),
    /// A Portuguese home loan: TAEG, MTIC, instalments and costs, as a table.
    Taeg(TaegArgs),
    /// IMT and stamp duty on buying real estate in Portugal, as a table.
    Imt(ImtArgs),
    /// Payment schedule of one loan, as a table or CSV.
    Schedule(ScheduleArgs),
    /// Price tests of one loan: higher-priced, high-cost, qualified mortgage.
    Hpml(HpmlArgs),
    /// City, county and state of ZIP codes, and the ZIP codes of a county.
    Places(PlacesArgs),
    /// Price a country: purposes, ZIP codes, amounts, scores and products, into files.
    #[command(name = "ratecard")]
    RateCard(Box<RateCardArgs>),
    /// Measure this machine: rate solves beside Python libraries, pages of a large pipeline.
    Bench(BenchArgs),
}

/// Where the configuration comes from. Flags win over environment, environment over file.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    /// TOML configuration file.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the SQLite file and the key ring.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_folder: Option<String>,
    /// PostgreSQL address; without one the data folder's SQLite file is used.
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Any other setting, such as `--set log.format=json`. `lintel check --config` lists them.
    #[arg(long = "set", global = true, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

/// Options of `lintel serve`.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {
    /// Configuration sources.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Address and port to listen on; port 0 picks a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Load a demo lender with catalogue, fees and credentials, and print how to call it.
    #[arg(long)]
    pub demo: bool,
    /// With --demo: give the demo lender three invented loans, in processing and with conditions.
    #[arg(long, requires = "demo")]
    pub demo_loans: bool,
    /// Refuse to start on a database that needs migrating, instead of migrating it.
    #[arg(long)]
    pub no_migrate: bool,
}

/// Options of `lintel check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// TOML configuration file; given bare, only the configuration is checked and every effective
    /// value printed, secrets masked.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    pub config: Option<Option<PathBuf>>,
    /// Folder of the SQLite file and the key ring.
    #[arg(long, value_name = "FOLDER")]
    pub data_folder: Option<String>,
    /// PostgreSQL address.
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Any other setting.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Look at the rule book only: which figures are in force on a day, where they come from, what
    /// ends soon and what is uncertain. Needs no database.
    #[arg(long)]
    pub data: bool,
    /// The day asked about; today when absent.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "data", value_parser = text::date)]
    pub on: Option<Date>,
    /// Folder whose data files replace the embedded ones; the configured one when absent.
    #[arg(long, value_name = "FOLDER", requires = "data")]
    pub rules: Option<PathBuf>,
    /// How many days ahead the end of an edition is told.
    #[arg(long, value_name = "DAYS", requires = "data", default_value_t = 60,
          value_parser = clap::value_parser!(u16))]
    pub within: u16,
}

/// `lintel admin …`.
#[derive(Debug, Args)]
pub struct AdminArgs {
    /// Configuration sources.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// On what.
    #[command(subcommand)]
    pub on: AdminCommand,
}

/// What `admin` works on.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Organisations: lenders, brokers, vendors, banks.
    #[command(subcommand)]
    Org(OrgCommand),
    /// API key pairs.
    #[command(subcommand)]
    Credential(CredentialCommand),
    /// People who work for a lender or broker.
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Branches of a lender or broker.
    #[command(subcommand)]
    Branch(BranchCommand),
    /// Vendors a lender let in.
    #[command(subcommand)]
    Vendor(VendorCommand),
    /// The loan origination system a lender's or broker's loans are fetched from.
    #[command(subcommand)]
    Los(LosCommand),
    /// What a lender and its borrowers read for a loan's status.
    #[command(subcommand)]
    Wording(WordingCommand),
    /// How an organisation writes to people: sender, time zone, rates.
    #[command(subcommand)]
    Messaging(MessagingCommand),
    /// Work that waits, was given up, or happens by the clock.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Networks of credit intermediaries of a bank, and their credentials.
    #[command(subcommand)]
    Network(NetworkCommand),
    /// Credit intermediaries of a bank's networks.
    #[command(subcommand)]
    Intermediary(IntermediaryCommand),
    /// Users of credit intermediaries.
    #[command(subcommand)]
    PartnerUser(PartnerUserCommand),
}

/// `lintel admin org …`.
#[derive(Debug, Subcommand)]
pub enum OrgCommand {
    /// Set up an organisation and print its lenderID.
    Create {
        /// Trading name.
        #[arg(long)]
        name: String,
        /// What it does.
        #[arg(long, value_enum)]
        kind: OrgKind,
        /// lenderID of the lender a broker belongs to.
        #[arg(long, value_name = "LENDER_ID")]
        parent: Option<String>,
        /// Nationwide registry number.
        #[arg(long)]
        nmls: Option<String>,
        /// Its first person, if it is to have one.
        #[command(flatten)]
        admin: FirstAdmin,
    },
    /// List organisations.
    List,
    /// Switch an organisation on, and everybody in it.
    Activate {
        /// Its lenderID.
        lender_id: String,
    },
    /// Switch an organisation off, and everybody in it: sessions, links and access tokens end at
    /// once. A lender's brokers can do nothing while it is off.
    Deactivate {
        /// Its lenderID.
        lender_id: String,
    },
}

/// Kinds of organisations on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrgKind {
    /// Lends directly to consumers.
    Retail,
    /// Lends through brokers.
    Wholesale,
    /// Sells closed loans.
    Correspondent,
    /// Originates for a wholesale lender; needs --parent.
    Broker,
    /// Serves lenders.
    Vendor,
    /// Lends in Portugal, through networks of credit intermediaries.
    Bank,
}

/// `lintel admin credential …`.
#[derive(Debug, Subcommand)]
pub enum CredentialCommand {
    /// Make a key pair. The apiKey is shown once and stored only as a hash.
    Create {
        /// lenderID of the organisation it is for.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
        /// What to call it.
        #[arg(long, default_value = "default")]
        label: String,
    },
    /// List an organisation's key pairs, without secrets.
    List {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
    /// Withdraw a key pair; it and its tokens stop at once.
    Revoke {
        /// The apiID.
        api_id: String,
    },
}

/// Options of `lintel calc`. Its `--help` explains one kind when a kind is named.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub struct CalcArgs {
    /// Explain one kind: inputs, result, formula, source, as in `lintel calc us_apr --help`.
    pub kind: Option<String>,
    /// Read requests from a file instead of standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "kind")]
    pub input: Option<PathBuf>,
    /// Folder whose data files replace the embedded rule book's.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Option<PathBuf>,
    /// List the kinds with their inputs and results.
    #[arg(long)]
    pub kinds: bool,
    /// Print help; with a kind, explain the kind.
    #[arg(long, short)]
    pub help: bool,
}
