//! Callbacks: what partners are told of, and how that stands.

use crate::words::words;

words! {
    /// What a callback tells.
    NotificationType {
        /// The status of a simulation changed.
        SimulationStatus = "simulation_status",
        /// The status of a process changed.
        ProcessStatus = "process_status",
        /// The bank asked for information or a paper.
        InformationRequested = "information_requested",
        /// The bank wrote a message.
        BankMessage = "bank_message",
        /// The bank made a binding offer.
        ProposalIssued = "proposal_issued",
        /// The status of a proposal changed.
        ProposalStatus = "proposal_status",
        /// An information sheet was made.
        EsisGenerated = "esis_generated",
    }
}

words! {
    /// How an event on its way to a partner stands.
    DeliveryState {
        /// To be delivered, after those before it of the same process or simulation.
        Waiting = "waiting",
        /// It was over, and is to be delivered once more; it holds nothing up.
        Replaying = "replaying",
        /// The partner took it.
        Delivered = "delivered",
        /// Given up after the last attempt, or at once when the partner said that the address is gone.
        Dead = "dead",
        /// The registration was removed or switched off before the partner took it.
        Dropped = "dropped",
    }
}

impl DeliveryState {
    /// Whether there is something left to do.
    #[must_use]
    pub const fn is_open(self) -> bool {
        match self {
            Self::Waiting | Self::Replaying => true,
            Self::Delivered | Self::Dead | Self::Dropped => false,
        }
    }
}

words! {
    /// What one attempt to deliver came to.
    AttemptOutcome {
        /// Answered with a status from 200 to 299.
        Delivered = "delivered",
        /// Answered with status 410.
        Gone = "gone",
        /// Answered with another status, of a redirect too.
        Refused = "refused",
        /// No answer in time.
        TimedOut = "timed_out",
        /// No connection, or it broke off.
        Unreachable = "unreachable",
        /// The certificate is not good, or TLS failed otherwise.
        Untrusted = "untrusted",
        /// The name leads to an address that is not public: no connection was made.
        NotPublic = "not_public",
        /// What came back is not HTTP.
        NotHttp = "not_http",
    }
}

words! {
    /// Why a registration is off.
    OffReason {
        /// The partner wants it so.
        Partner = "partner",
        /// The partner's server answered 410.
        Gone = "gone",
        /// Days of failures without a success.
        Failing = "failing",
    }
}

/// Days of failures without a success after which a registration is switched off.
pub const FAILING_DAYS: i64 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::parse(state.as_str()), Some(*state));
        }
        let open: Vec<_> = DeliveryState::ALL.iter().filter(|s| s.is_open()).collect();
        assert_eq!(open, [&DeliveryState::Waiting, &DeliveryState::Replaying]);
    }
}
