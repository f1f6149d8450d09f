//! Who asks.

use lintel_domain::intermediary::Partner;

/// Who asks for something over the API, and under which correlation id.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// Who.
    pub partner: &'a Partner,
    /// What the call is found by in logs and callbacks.
    pub correlation: Option<&'a str>,
}
