//! The bounds on what a sender may make us do.

/// Bounds on one document. The defaults leave a wide margin over every real application seen
/// (54 KB, depth 19, ten declarations of namespaces).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document as received.
    pub max_bytes: usize,
    /// Elements open at once.
    pub max_depth: u16,
    /// Nodes of the tree: elements, texts and comments together. All attributes together may be as
    /// many again.
    pub max_nodes: u32,
    /// Attributes on one element, namespace declarations included.
    pub max_attributes: u16,
    /// Characters of one text or attribute value; the standard's own limit. Embedded documents
    /// are exempt, they are never read.
    pub max_text_chars: usize,
    /// Findings reported; more are counted and dropped, errors last.
    pub max_findings: usize,
    /// Paths reported as not consumed.
    pub max_unconsumed_paths: usize,
    /// Leaves and relationships carried over for an export.
    pub max_carried: usize,
    /// Bytes of what is carried over, names and places included.
    pub max_carried_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 8 * 1024 * 1024,
            max_depth: 64,
            max_nodes: 200_000,
            max_attributes: 64,
            max_text_chars: 16_383,
            max_findings: 100,
            max_unconsumed_paths: 200,
            max_carried: 20_000,
            max_carried_bytes: 8 * 1024 * 1024,
        }
    }
}
