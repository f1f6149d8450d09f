//! What can be typed about a bank's networks of credit intermediaries.

use clap::{Args, Subcommand};

/// `lintel admin network …`.
#[derive(Debug, Subcommand)]
pub enum NetworkCommand {
    /// Let a network in and make its credentials. The client secret is shown once and stored only
    /// as a hash.
    Add {
        /// lenderID of the bank.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
        /// Name.
        #[arg(long)]
        name: String,
    },
    /// List a bank's networks, without secrets.
    List {
        /// lenderID of the bank.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
    /// Give a network another client secret. The old one and every session begun with it end at
    /// once.
    Rotate(WhichNetwork),
    /// Switch a network on.
    Activate(WhichNetwork),
    /// Switch a network off: every session of its intermediaries ends at once.
    Deactivate(WhichNetwork),
}

/// A network of a bank.
#[derive(Debug, Args)]
pub struct WhichNetwork {
    /// lenderID of the bank.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Its client id.
    pub client_id: String,
}

/// `lintel admin intermediary …`.
#[derive(Debug, Subcommand)]
pub enum IntermediaryCommand {
    /// Add an intermediary to a network, with API access, and print its number and UniqueID.
    Add(Box<NewBroker>),
    /// List a bank's intermediaries.
    List {
        /// lenderID of the bank.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
    },
    /// Switch an intermediary on.
    Activate(WhichBroker),
    /// Switch an intermediary off: every session of its users ends at once.
    Deactivate(WhichBroker),
    /// Give an intermediary API access.
    Grant(WhichBroker),
    /// Take an intermediary's API access away: every session of its users ends at once.
    Withdraw(WhichBroker),
}

/// Options of `lintel admin intermediary add`.
#[derive(Debug, Args)]
pub struct NewBroker {
    /// lenderID of the bank.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Client id of its network.
    #[arg(long, value_name = "CLIENT_ID")]
    pub network: String,
    /// Name.
    #[arg(long)]
    pub name: String,
    /// NIF: nine digits, the last of them a check digit.
    #[arg(long)]
    pub nif: String,
    /// Mail address.
    #[arg(long)]
    pub email: String,
    /// Number in Banco de Portugal's register of credit intermediaries, for papers.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub registration: String,
    /// Address in one line, for papers.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub address: String,
    /// Telephone, for papers.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub phone: String,
    /// Its number at the bank, of eight digits at most; the next free one when absent.
    #[arg(long)]
    pub number: Option<u32>,
    /// Id in the taxonomy brokerTypes.
    #[arg(long = "type", value_name = "ID")]
    pub type_id: Option<u32>,
    /// Id in the taxonomy brokerSubTypes.
    #[arg(long = "sub-type", value_name = "ID")]
    pub sub_type_id: Option<u32>,
    /// Id in the taxonomy brokerClassifications.
    #[arg(long = "classification", value_name = "ID")]
    pub classification_id: Option<u32>,
}

/// An intermediary of a bank.
#[derive(Debug, Args)]
pub struct WhichBroker {
    /// lenderID of the bank.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Its number or UniqueID.
    pub broker: String,
}

/// `lintel admin partner-user …`.
#[derive(Debug, Subcommand)]
pub enum PartnerUserCommand {
    /// Add a user to an intermediary, with API access. There is no password: the credentials are the
    /// network's.
    Add {
        /// lenderID of the bank.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
        /// Number or UniqueID of the intermediary.
        #[arg(long)]
        broker: String,
        /// The name to sign in with; the mail address when absent.
        #[arg(long)]
        username: Option<String>,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// Mail address.
        #[arg(long)]
        email: String,
    },
    /// List an intermediary's users.
    List {
        /// lenderID of the bank.
        #[arg(long, value_name = "LENDER_ID")]
        org: String,
        /// Number or UniqueID of the intermediary.
        #[arg(long)]
        broker: String,
    },
    /// Switch a user on.
    Activate(WhichUser),
    /// Switch a user off: every session of the user ends at once.
    Deactivate(WhichUser),
    /// Give a user API access.
    Grant(WhichUser),
    /// Take a user's API access away: every session of the user ends at once.
    Withdraw(WhichUser),
}

/// A user of an intermediary.
#[derive(Debug, Args)]
pub struct WhichUser {
    /// lenderID of the bank.
    #[arg(long, value_name = "LENDER_ID")]
    pub org: String,
    /// Number or UniqueID of the intermediary.
    #[arg(long)]
    pub broker: String,
    /// The name the user signs in with.
    pub username: String,
}

/// The first person of a new organisation, who runs its settings: all four, or nobody.
#[derive(Debug, Args)]
pub struct FirstAdmin {
    /// Mail address of the first Admin, who signs in with it; a password is set apart, with `staff
    /// password`.
    #[arg(long, value_name = "EMAIL", requires_all = ["admin_first_name", "admin_last_name", "admin_phone"])]
    pub admin_email: Option<String>,
    /// Given name of the first Admin.
    #[arg(long, value_name = "NAME", requires = "admin_email")]
    pub admin_first_name: Option<String>,
    /// Family name of the first Admin.
    #[arg(long, value_name = "NAME", requires = "admin_email")]
    pub admin_last_name: Option<String>,
    /// Telephone of the first Admin, such as `+351 210 000 000`.
    #[arg(long, value_name = "PHONE", requires = "admin_email")]
    pub admin_phone: Option<String>,
}
