//! How much an upload may bring, and how long it may take.

use std::time::Duration;

/// The operator's bounds for documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentRules {
    /// Longest document, in bytes of its plain content.
    pub max_bytes: u64,
    /// Longest body of one call, in bytes: all its documents and what is around them.
    pub request_bytes: u64,
    /// Calls that bring documents and are worked on at once, in this process.
    pub uploads_at_once: usize,
    /// Longest time for one call that brings or fetches documents.
    pub longest: Duration,
}

impl Default for DocumentRules {
    fn default() -> Self {
        Self {
            max_bytes: 25 << 20,
            request_bytes: 768 << 20,
            uploads_at_once: 4,
            longest: Duration::from_secs(15 * 60),
        }
    }
}
