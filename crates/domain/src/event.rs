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
        /// Somebody took the list of loans along as a file.
        LoansExported = "loan.exported",
        /// A newer document replaced an untouched loan.
        LoanUpdated = "loan.updated",
        /// It was noted what a customer system calls a loan.
        LoanNamed = "loan.named",
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
        /// An organisation's profile, licences or branding changed.
        OrganisationUpdated = "organisation.updated",
        /// An organisation was switched on.
        OrganisationActivated = "organisation.activated",
        /// An organisation was switched off, and everybody in it.
        OrganisationDeactivated = "organisation.deactivated",
        /// The set-up of a broker began.
        SetupStarted = "setup.started",
        /// A step of a broker's set-up was confirmed.
        SetupAdvanced = "setup.advanced",
        /// The set-up of a broker is done.
        SetupCompleted = "setup.completed",
        /// Something about a member of staff changed.
        StaffUpdated = "staff.updated",
        /// A member of staff was switched on.
        StaffActivated = "staff.activated",
        /// A member of staff was switched off.
        StaffDeactivated = "staff.deactivated",
        /// A branch was added.
        BranchAdded = "branch.added",
        /// Something about a branch changed.
        BranchUpdated = "branch.updated",
        /// A lender let a vendor in.
        VendorConnected = "vendor.connected",
        /// A lender changed what a vendor may do.
        VendorGrantChanged = "vendor.grant_changed",
        /// A lender shut a vendor out.
        VendorWithdrawn = "vendor.withdrawn",
        /// A link that works once was made.
        LinkMade = "link.made",
        /// Somebody signed in.
        SignedIn = "session.started",
        /// Somebody signed out, or sessions were ended.
        SignedOut = "session.ended",
        /// Somebody chose a password.
        PasswordChanged = "password.changed",
        /// Somebody turned the second step of signing in on.
        SecondStepOn = "second_step.on",
        /// Somebody turned the second step of signing in off.
        SecondStepOff = "second_step.off",
        /// A lead signed up on the page.
        LeadSignedUp = "lead.signed_up",
        /// A borrower's account was made.
        BorrowerAdded = "borrower.added",
        /// Somebody said which mail they want.
        MailChoiceChanged = "mail_choice.changed",
        /// Links were left under which a loan's papers are signed.
        SigningLinksSet = "signing_links.set",
        /// A loan's status changed.
        LoanStatusChanged = "loan.status_changed",
        /// Borrowers of a loan were sent their invitations.
        BorrowersInvited = "loan.borrowers_invited",
        /// A loan was given out in full, as a MISMO document.
        LoanGiven = "loan.given",
        /// A condition was put on a loan.
        ConditionAdded = "condition.added",
        /// Something about a condition changed.
        ConditionUpdated = "condition.updated",
        /// A paper was filed with a loan.
        DocumentFiled = "document.filed",
        /// A paper of a loan was given out.
        DocumentGiven = "document.given",
        /// A paper of a loan was removed from sight.
        DocumentRemoved = "document.removed",
        /// A removed paper's bytes were destroyed, as its time was over.
        DocumentDestroyed = "document.destroyed",
        /// A lender's loan origination system was connected, or its settings changed.
        LosConnected = "los.connected",
        /// A lender's loan origination system was disconnected.
        LosDisconnected = "los.disconnected",
        /// What a lender and its borrowers read instead of the system's statuses changed.
        StatusWordingChanged = "status_wording.changed",
        /// A message was written, to be sent.
        MessageWritten = "message.written",
        /// A message another system had sent was put away.
        MessageArchived = "message.archived",
        /// A message that was given up is tried again.
        MessageRetried = "message.retried",
        /// A message that had not gone out was taken back.
        MessageCancelled = "message.cancelled",
        /// An address is not written to any more.
        AddressSuppressed = "address.suppressed",
        /// An address may be written to again.
        AddressReleased = "address.released",
        /// How an organisation writes to people changed.
        MessagingChanged = "messaging.changed",
        /// Somebody was invited to apply for a loan.
        ApplicationMailed = "application.mailed",
        /// An event of a customer system was carried out.
        CrmEventDone = "crm.event_done",
        /// A task was set.
        TaskCreated = "task.created",
        /// A task was given to somebody else, done, or opened again.
        TaskChanged = "task.changed",
        /// An alert was raised.
        AlertRaised = "alert.raised",
        /// A consumer subscribed to rates.
        RateWatchStarted = "rate_watch.started",
        /// A subscription to rates ended.
        RateWatchEnded = "rate_watch.ended",
        /// A network of credit intermediaries was added.
        NetworkAdded = "network.added",
        /// Something about a network changed, or its secret was made anew.
        NetworkChanged = "network.changed",
        /// A credit intermediary was added.
        IntermediaryAdded = "intermediary.added",
        /// Something about a credit intermediary changed.
        IntermediaryChanged = "intermediary.changed",
        /// A user of an intermediary was added.
        IntermediaryUserAdded = "intermediary_user.added",
        /// Something about a user of an intermediary changed.
        IntermediaryUserChanged = "intermediary_user.changed",
        /// A user of an intermediary signed in over the API.
        PartnerSignedIn = "partner.signed_in",
        /// A user of an intermediary signed out, or sessions were ended.
        PartnerSignedOut = "partner.signed_out",
        /// A version of the bank's offer was imported.
        OfferImported = "offer.imported",
        /// Averages of an index were imported.
        IndexImported = "index.imported",
        /// A home loan was simulated.
        SimulationCreated = "simulation.created",
        /// A simulation was changed and worked out again.
        SimulationChanged = "simulation.changed",
        /// A simulation's status changed.
        SimulationStatusChanged = "simulation.status_changed",
        /// An information sheet (FINE) was made and given out.
        FineGiven = "fine.given",
        /// An information sheet (FINE) was mailed.
        FineMailed = "fine.mailed",
        /// A process was opened.
        ProcessCreated = "process.created",
        /// Something about a process changed.
        ProcessChanged = "process.changed",
        /// A process's status changed.
        ProcessStatusChanged = "process.status_changed",
        /// A paper was filed with a process.
        ProcessDocumentFiled = "process.document_filed",
        /// A paper of a process was changed or replaced.
        ProcessDocumentChanged = "process.document_changed",
        /// A paper of a process was removed from sight.
        ProcessDocumentRemoved = "process.document_removed",
        /// A paper of a process was given out.
        ProcessDocumentGiven = "process.document_given",
        /// The bank asked for information or a paper.
        InformationRequested = "process.information_requested",
        /// What the bank asked for was given or withdrawn.
        InformationAnswered = "process.information_answered",
        /// A message about a simulation or process was written.
        PartnerMessageWritten = "partner_message.written",
        /// A first person decided; a second one has to.
        DecisionPrepared = "process.decision_prepared",
        /// The bank made a binding offer.
        ProposalIssued = "proposal.issued",
        /// A proposal's status changed.
        ProposalStatusChanged = "proposal.status_changed",
        /// A partner's callback was registered or changed.
        CallbackSet = "callback.set",
        /// A partner's callback was removed.
        CallbackRemoved = "callback.removed",
        /// A partner's callback was switched off after failing.
        CallbackSwitchedOff = "callback.switched_off",
        /// A callback is delivered again.
        CallbackReplayed = "callback.replayed",
        /// How a bank decides was changed.
        BankSettingsChanged = "bank.settings_changed",
    }
}
