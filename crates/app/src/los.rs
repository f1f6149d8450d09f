//! Loan origination systems: where an organisation's loans come from when they are asked for.
//!
//! An organisation has at most one connector, set up by an operator. A broker has its own or none: it
//! never reaches its lender's.

mod address;
mod connector;
mod import;
mod settings;

pub use address::{AddressTemplate, GUID_PLACE, LOAN_PLACE};
pub use connector::{Connector, SetOutcome, Tried, remove, set, show, try_out};
pub use import::{ImportError, ImportLoan, import};
pub use settings::{
    ATTEMPTS_MAX, DEFAULT_ACCEPT, DEFAULT_ATTEMPTS, DEFAULT_MEMBER, DEFAULT_TIMEOUT_S,
    FolderSettings, HttpSettings, LosCredentials, LosSettings, Mistake, TIMEOUT_MAX_S,
};
