//! What can happen, as the audit log records it.

use crate::words::words;

words! {
    /// Kinds of events. The spelling is stored for ever; retired kinds stay in the list.
    EventKind {
        /// An organisation was set up.
        OrganisationCreated = "organisation.created",
        /// A member of staff was added.
        StaffAdded = "staff.added",
        /// A key pair was made.
        CredentialCreated = "credential.created",
        /// A key pair was withdrawn.
        CredentialRevoked = "credential.revoked",
        /// An access token was given out for the first time.
        TokenIssued = "token.issued",
        /// A living access token was given out again and lives longer.
        TokenExtended = "token.extended",
        /// An access token was destroyed.
        TokenDestroyed = "token.destroyed",
        /// A loan arrived.
        LoanCreated = "loan.created",
        /// A newer document replaced an untouched loan.
        LoanUpdated = "loan.updated",
        /// Somebody opened a loan.
        LoanViewed = "loan.viewed",
        /// A product was added to the catalogue.
        ProductAdded = "product.added",
        /// A fee template was added.
        FeeTemplateAdded = "fee_template.added",
        /// A version of the catalogue was imported.
        CatalogueImported = "catalogue.imported",
        /// Rate sheets were replaced.
        RatesUpdated = "rates.updated",
        /// A lead came.
        LeadCreated = "lead.created",
        /// A lead came again with other facts.
        LeadUpdated = "lead.updated",
        /// A rate card job was started.
        RateCardStarted = "rate_card.started",
    }
}
