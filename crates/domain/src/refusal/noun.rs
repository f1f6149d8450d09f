//! What commands are about.

/// The things a command can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Noun {
    /// A lender, broker or vendor.
    Organisation,
    /// An API key pair.
    Credential,
    /// A loan in the pipeline.
    Loan,
    /// A member of staff.
    Staff,
    /// Somebody who asked for a loan.
    Lead,
    /// A search that was answered.
    Search,
    /// A product of the catalogue.
    Product,
    /// A version of the catalogue.
    CatalogueVersion,
    /// A branch of an organisation.
    Branch,
    /// Somebody who serves lenders.
    Vendor,
    /// A condition of a loan.
    Condition,
    /// A paper of a loan.
    Document,
    /// The connection to a lender's loan origination system.
    LosConnector,
    /// A loan in the lender's loan origination system.
    LosLoan,
    /// A borrower's account.
    Borrower,
    /// A mail or text message.
    Message,
    /// Something somebody is to do.
    Task,
    /// Something somebody should know.
    Alert,
    /// A subscription to rates.
    RateWatch,
    /// A network of credit intermediaries, with one pair of credentials.
    Network,
    /// A credit intermediary of a network.
    Intermediary,
    /// Somebody who works for a credit intermediary.
    IntermediaryUser,
    /// A simulation of a home loan.
    Simulation,
    /// An application for a home loan in Portugal.
    Process,
    /// A borrower of a process.
    ProcessBorrower,
    /// The property of a process.
    ProcessProperty,
    /// A paper of a process.
    ProcessDocument,
    /// What the bank asked for about a process.
    InformationRequest,
    /// The bank's binding offer for a process.
    Proposal,
    /// Where a partner is told of a kind of event.
    Callback,
    /// One event on its way to a partner.
    CallbackDelivery,
    /// A list of values of the bank's.
    Taxonomy,
}
