//! Networks of credit intermediaries, the intermediaries, their users, and who is signed in.

use crate::id::RowId;

/// A user of an intermediary who is signed in over the API: what every use case of the Portuguese
/// market is asked by. Everything it sees and changes belongs to `intermediary_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// The bank.
    pub org_id: RowId,
    /// The network.
    pub network_id: RowId,
    /// The intermediary, whose UniqueID this is.
    pub intermediary_id: RowId,
    /// The intermediary's name, as papers show it.
    pub intermediary_name: String,
    /// The user.
    pub user_id: RowId,
    /// The user's name.
    pub user_name: String,
}

impl Partner {
    /// The name events are recorded under.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("partner:{}", self.user_id)
    }
}
