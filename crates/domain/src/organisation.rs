//! Lenders, brokers and vendors: who owns loans and credentials.

use crate::id::{PublicId, RowId};
use crate::words::words;

words! {
    /// What an organisation does in the market.
    OrganisationKind {
        /// Lends directly to consumers.
        Retail = "retail",
        /// Lends through brokers and sees their loans.
        Wholesale = "wholesale",
        /// Sells closed loans to a lender.
        Correspondent = "correspondent",
        /// Originates for a wholesale lender.
        Broker = "broker",
        /// Serves lenders; sees what it was granted.
        Vendor = "vendor",
        /// Lends in Portugal, through networks of credit intermediaries.
        Bank = "bank",
    }
}

impl OrganisationKind {
    /// Whether organisations of this kind belong to a wholesale lender.
    #[must_use]
    pub const fn has_parent(self) -> bool {
        match self {
            Self::Broker => true,
            Self::Retail | Self::Wholesale | Self::Correspondent | Self::Vendor | Self::Bank => {
                false
            }
        }
    }

    /// Whether it works by the rules and nouns of the Portuguese market: simulations and processes
    /// instead of loans.
    #[must_use]
    pub const fn is_bank(self) -> bool {
        match self {
            Self::Bank => true,
            Self::Retail | Self::Wholesale | Self::Correspondent | Self::Broker | Self::Vendor => {
                false
            }
        }
    }

    /// Whether its key pairs work on the Lender API as a lender's or a broker's.
    #[must_use]
    pub const fn may_call_as_lender(self) -> bool {
        match self {
            Self::Retail | Self::Wholesale | Self::Correspondent | Self::Broker => true,
            Self::Vendor | Self::Bank => false,
        }
    }

    /// Whether brokers may belong to an organisation of this kind: it lends.
    #[must_use]
    pub const fn may_have_brokers(self) -> bool {
        match self {
            Self::Retail | Self::Wholesale | Self::Correspondent => true,
            Self::Broker | Self::Vendor | Self::Bank => false,
        }
    }
}

/// An organisation as the application works with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Row id.
    pub id: RowId,
    /// The `lenderID` partners see.
    pub public_id: PublicId,
    /// What it does.
    pub kind: OrganisationKind,
    /// Trading name.
    pub name: String,
    /// The wholesale lender a broker belongs to.
    pub parent_id: Option<RowId>,
    /// Nationwide registry number, when it has one.
    pub nmls: Option<String>,
    /// Off means: its tokens, sessions and links stop at once.
    pub is_active: bool,
}

impl Organisation {
    /// The lender under whose key this organisation's loans are stored: the wholesale lender for a
    /// broker, the organisation itself otherwise.
    #[must_use]
    pub fn lender_id(&self) -> &RowId {
        self.parent_id.as_ref().unwrap_or(&self.id)
    }

    /// Which loans it sees: a broker its own, everybody else everything stored under it.
    #[must_use]
    pub fn loan_scope(&self) -> LoanScope {
        if self.kind.has_parent() {
            LoanScope::Originated(self.id.clone())
        } else {
            LoanScope::Lent(self.id.clone())
        }
    }
}

/// The part of the pipeline an organisation may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoanScope {
    /// Loans it originated itself.
    Originated(RowId),
    /// Loans it lends, its brokers' included.
    Lent(RowId),
}
