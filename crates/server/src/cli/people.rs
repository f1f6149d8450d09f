//! What can be typed about people, branches and vendors.

use clap::{Args, Subcommand, ValueEnum};

/// `lintel admin staff …`.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Add somebody and print the userID. A password is set apart, with `staff password`.
    Add(Box<NewPerson>),
    /// List an organisation's people with roles, licences and branches.
    List {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
    /// Switch somebody on.
    Activate(Whom),
    /// Switch somebody off: sessions and links end at once.
    Deactivate(Whom),
    /// Set somebody's password: asked for at a terminal, else read as the first line of standard
    /// input. It is never an argument, so that it stays out of the shell's history.
    Password(Whom),
}

/// Somebody of an organisation.
#[derive(Debug, Args)]
pub struct Whom {
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Mail address, userID or the partner's userUID.
    pub user: String,
}

/// Options of `lintel admin staff add`.
#[derive(Debug, Args)]
pub struct NewPerson {
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Given name.
    #[arg(long, value_name = "NAME")]
    pub first_name: String,
    /// Family name.
    #[arg(long, value_name = "NAME")]
    pub last_name: String,
    /// Mail address; the person signs in with it.
    #[arg(long)]
    pub email: String,
    /// Telephone: ten digits, separators allowed.
    #[arg(long)]
    pub phone: String,
    /// Extension of the telephone: up to five digits.
    #[arg(long, value_name = "DIGITS")]
    pub extension: Option<String>,
    /// What the person does; several are given by repeating it.
    #[arg(long = "role", value_enum, required = true)]
    pub roles: Vec<StaffRole>,
    /// Nationwide registry number; needed for a loan officer.
    #[arg(long)]
    pub nmls: Option<String>,
    /// State licence, such as `CA=334455`, or `TX=n/a` where none is needed; repeat it for several.
    /// A loan officer needs one.
    #[arg(long = "license", value_name = "STATE=NUMBER")]
    pub licenses: Vec<String>,
    /// branchID of the person's own branch.
    #[arg(long, value_name = "BRANCH_ID")]
    pub branch: Option<String>,
    /// Time zone, such as `America/Chicago`.
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// What the partner's system calls the person.
    #[arg(long, value_name = "USER_UID")]
    pub uid: Option<String>,
    /// The person's id in the loan origination system.
    #[arg(long, value_name = "ID")]
    pub los_id: Option<String>,
}

/// Roles on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StaffRole {
    /// Runs the organisation's settings.
    Admin,
    /// Originates loans; needs licence and registry number.
    LoanOfficer,
    /// Helps loan officers.
    LoanOfficerAssistant,
    /// Gathers what a loan needs to be decided.
    Processor,
    /// Decides loans.
    Underwriter,
    /// Wins and keeps brokers.
    AccountExecutive,
    /// Looks after brokers' loans.
    AccountManager,
    /// Brings decided loans to closing.
    Closer,
    /// Answers borrowers.
    Representative,
    /// Leads the people who sell.
    SalesManager,
}

/// `lintel admin branch …`.
#[derive(Debug, Subcommand)]
pub enum BranchCommand {
    /// Add a branch and print its branchID.
    Add(Box<NewBranch>),
    /// List an organisation's branches.
    List {
        /// lenderID of the organisation.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
}

/// Options of `lintel admin branch add`.
#[derive(Debug, Args)]
pub struct NewBranch {
    /// lenderID of the organisation.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Name.
    #[arg(long)]
    pub name: String,
    /// Street and house number.
    #[arg(long)]
    pub street: Option<String>,
    /// Second line of the address.
    #[arg(long)]
    pub unit: Option<String>,
    /// City.
    #[arg(long)]
    pub city: Option<String>,
    /// State: two letters.
    #[arg(long)]
    pub state: Option<String>,
    /// Postal code.
    #[arg(long)]
    pub zip: Option<String>,
    /// Telephone.
    #[arg(long)]
    pub phone: Option<String>,
    /// Nationwide registry number of the branch.
    #[arg(long)]
    pub nmls: Option<String>,
}

/// `lintel admin vendor …`.
#[derive(Debug, Subcommand)]
pub enum VendorCommand {
    /// List the vendors a lender let in, and what they may do.
    List {
        /// lenderID of the lender.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
    /// Shut a vendor out: its tokens for the lender stop at once.
    Withdraw {
        /// lenderID of the lender.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
        /// The vendor's id.
        vendor: String,
    },
}
