//! What a caller says about itself.

use lintel_domain::intermediary::BrokerNames;

/// What a caller says about itself: all of it is needed to sign in; later it is checked as far as it
/// is there.
#[derive(Clone, Default)]
pub struct Stated {
    /// The network's client id.
    pub client_id: Option<String>,
    /// The network's secret.
    pub client_secret: Option<String>,
    /// The intermediary.
    pub broker: BrokerNames,
    /// The user's name.
    pub username: Option<String>,
    /// Whether something was said that can be nobody's name: it agrees with nothing.
    pub is_unreadable: bool,
}

impl std::fmt::Debug for Stated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stated")
            .field("broker", &self.broker)
            .field("is_unreadable", &self.is_unreadable)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let stated = Stated {
            client_id: Some("the-client".into()),
            client_secret: Some("the-secret".into()),
            username: Some("the-user".into()),
            ..Stated::default()
        };
        let shown = format!("{stated:?}");
        assert!(!shown.contains("the-"), "{shown}");
    }
}
