//! Mail and text messages: the closed words rows hold.

use crate::words::words;

words! {
    /// By which way a message goes.
    Channel {
        /// Mail.
        Mail = "mail",
        /// Text message to a telephone.
        Sms = "sms",
    }
}

words! {
    /// What a message is about.
    MailKind {
        /// A link to choose a new password.
        PasswordReset = "password_reset",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// A borrower's account is ready.
        Welcome = "welcome",
        /// Somebody signed up who has an account.
        SignUp = "sign_up",
        /// A loan's papers can be signed.
        SigningReady = "signing_ready",
        /// A loan was taken in for a borrower, who can follow it.
        LoanInvitation = "loan_invitation",
        /// Somebody is invited to apply.
        ApplicationInvitation = "application_invitation",
        /// The rates somebody subscribed to.
        RateUpdate = "rate_update",
        /// A rate somebody waited for is there.
        RateReached = "rate_reached",
        /// What a customer system has sent, or wants sent.
        Crm = "crm",
        /// The information sheet (FINE) of a simulation or process.
        Fine = "fine",
        /// The proposal's papers.
        Proposal = "proposal",
        /// A partner's callbacks were switched off.
        CallbackOff = "callback_off",
    }
}

impl MailKind {
    /// Whether it goes only to people who want mail that is not about a request of their own. It
    /// carries a link to stop it (RFC 8058).
    #[must_use]
    pub const fn is_marketing(self) -> bool {
        match self {
            Self::RateUpdate | Self::RateReached => true,
            Self::PasswordReset
            | Self::PasswordChanged
            | Self::Welcome
            | Self::SignUp
            | Self::SigningReady
            | Self::LoanInvitation
            | Self::ApplicationInvitation
            | Self::Crm
            | Self::Fine
            | Self::Proposal
            | Self::CallbackOff => false,
        }
    }

    /// What it is called on pages.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::PasswordReset => "New password",
            Self::PasswordChanged => "Password changed",
            Self::Welcome => "Welcome",
            Self::SignUp => "Sign-up",
            Self::SigningReady => "Papers to sign",
            Self::LoanInvitation => "Invitation to follow a loan",
            Self::ApplicationInvitation => "Invitation to apply",
            Self::RateUpdate => "Rate update",
            Self::RateReached => "Rate reached",
            Self::Crm => "From the CRM",
            Self::Fine => "Information sheet (FINE)",
            Self::Proposal => "Proposal",
            Self::CallbackOff => "Callbacks switched off",
        }
    }
}

words! {
    /// Where an address stands in a message.
    AddressPart {
        /// Whom it is to.
        To = "to",
        /// Who is to know of it.
        Cc = "cc",
        /// Who is to know of it, without the others' knowledge.
        Bcc = "bcc",
    }
}

words! {
    /// How a delivery stands.
    DeliveryState {
        /// Waiting for its turn, or for the next attempt.
        Waiting = "waiting",
        /// Taken by the receiver's server, or its provider.
        Sent = "sent",
        /// Given up: refused for good, or tried too often.
        Failed = "failed",
        /// Not sent, as the address is not written to any more or wants no such mail.
        Suppressed = "suppressed",
        /// Taken back before it went out.
        Cancelled = "cancelled",
        /// Sent by another system; kept only.
        Archived = "archived",
    }
}

words! {
    /// Why an address is not written to any more.
    SuppressionReason {
        /// Its server said for good that there is nobody.
        Bounced = "bounced",
        /// Whoever has it complained.
        Complained = "complained",
        /// Whoever has it asked.
        Asked = "asked",
    }
}

words! {
    /// How a task stands.
    TaskState {
        /// To be done.
        Open = "open",
        /// Done.
        Done = "done",
    }
}

words! {
    /// How much an alert matters.
    Severity {
        /// Good to know.
        Low = "low",
        /// To be acted on.
        High = "high",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rates_are_marketing() {
        let marketing: Vec<MailKind> = MailKind::ALL
            .iter()
            .copied()
            .filter(|kind| kind.is_marketing())
            .collect();
        assert_eq!(marketing, [MailKind::RateUpdate, MailKind::RateReached]);
    }
}
