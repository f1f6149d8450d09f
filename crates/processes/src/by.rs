//! Whose doing something is: a user of the intermediary, somebody at the bank, or nobody.

use lintel_domain::process::ProcessSide;
use lintel_simulations::Caller;

/// Who does something with a process, as history and log name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Whose side.
    pub side: ProcessSide,
    /// As the audit log names actors.
    pub actor: String,
    /// As people are shown it.
    pub name: String,
    /// The id the request goes by.
    pub correlation: Option<String>,
}

impl By {
    /// A user of an intermediary.
    #[must_use]
    pub fn partner(caller: Caller<'_>) -> Self {
        Self {
            side: ProcessSide::Partner,
            actor: caller.partner.actor(),
            name: caller.partner.user_name.clone(),
            correlation: caller.correlation.map(str::to_owned),
        }
    }

    /// Somebody at the bank.
    #[must_use]
    pub fn bank(actor: String, name: String) -> Self {
        Self {
            side: ProcessSide::Bank,
            actor,
            name,
            correlation: None,
        }
    }

    /// Nobody: what somebody else did leads to it.
    #[must_use]
    pub fn following(self) -> Self {
        Self {
            side: ProcessSide::System,
            ..self
        }
    }
}
