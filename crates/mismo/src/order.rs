//! Whether elements stand in the order of the schema.
//!
//! We read by name, so order never changes a loan; other receivers are stricter, and a sender may
//! want to know. Containers not listed here are taken to be alphabetical only where the schema was
//! checked to be: the detail-like ones, whose extension comes last.

use crate::finding::{Code, Severity};
use crate::tree::{MISMO, Tree};

use roxmltree::Node;

/// Containers whose order is neither alphabetical nor free.
const ORDERS: &[(&str, &[&str])] = &[
    (
        "MESSAGE",
        &[
            "ABOUT_VERSIONS",
            "DEAL_SETS",
            "DOCUMENT_SETS",
            "RELATIONSHIPS",
            "SYSTEM_SIGNATURES",
        ],
    ),
    (
        "DEAL",
        &[
            "REFERENCE",
            "ABOUT_VERSIONS",
            "ASSETS",
            "COLLATERALS",
            "COMMUNICATION_EVENTS",
            "DEAL_DETAIL",
            "EXPENSES",
            "LIABILITIES",
            "LITIGATIONS",
            "LOANS",
            "PARTIES",
            "RELATIONSHIPS",
            "SERVICES",
            "SUPPORTING_RECORD_SETS",
        ],
    ),
    (
        "PARTY",
        &[
            "INDIVIDUAL",
            "LEGAL_ENTITY",
            "ADDRESSES",
            "LANGUAGES",
            "ROLES",
            "TAXPAYER_IDENTIFIERS",
        ],
    ),
    (
        "INDIVIDUAL",
        &[
            "ALIASES",
            "CONTACT_POINTS",
            "IDENTIFICATION_VERIFICATION",
            "NAME",
        ],
    ),
    (
        "ROLE",
        &[
            "BORROWER",
            "LICENSES",
            "PARTY_ROLE_IDENTIFIERS",
            "ROLE_DETAIL",
        ],
    ),
    (
        "EMPLOYER",
        &["INDIVIDUAL", "LEGAL_ENTITY", "ADDRESS", "EMPLOYMENT"],
    ),
    ("RESIDENCE", &["ADDRESS", "LANDLORD", "RESIDENCE_DETAIL"]),
    (
        "ASSET",
        &[
            "ASSET_DETAIL",
            "ASSET_DOCUMENTATIONS",
            "ASSET_HOLDER",
            "OWNED_PROPERTY",
        ],
    ),
    ("LIABILITY", &["LIABILITY_DETAIL", "LIABILITY_HOLDER"]),
    (
        "CONTACT_POINT",
        &[
            "CONTACT_POINT_EMAIL",
            "CONTACT_POINT_TELEPHONE",
            "CONTACT_POINT_DETAIL",
        ],
    ),
];

fn is_alphabetical(name: &str) -> bool {
    name.ends_with("_DETAIL") || matches!(name, "TERMS_OF_LOAN" | "LOAN" | "BORROWER")
}

/// Notes the first container out of order, and how many there are.
pub(crate) fn check(tree: &Tree<'_>) {
    let elements = tree
        .nodes()
        .filter(|node| node.is_element() && node.tag_name().namespace() == Some(MISMO));
    let mut wrong = elements.filter(|node| !is_ordered(*node));
    if let Some(first) = wrong.next() {
        let count = wrong.count().saturating_add(1);
        let message = format!(
            "Elements are not in the schema's order in {count} places; this is the first. They \
             were read all the same."
        );
        tree.report(
            first,
            (Code::OrderNonstandard, Severity::Note),
            message,
            &[],
        );
    }
}

fn is_ordered(node: Node<'_, '_>) -> bool {
    let name = node.tag_name().name();
    if let Some((_, order)) = ORDERS.iter().find(|(container, _)| *container == name) {
        let rank = |child: Node<'_, '_>| {
            let name = child.tag_name().name();
            if name == "EXTENSION" {
                return Some(order.len());
            }
            order.iter().position(|listed| *listed == name)
        };
        return node.children().filter_map(rank).is_sorted();
    }
    if !is_alphabetical(name) {
        return true;
    }
    let names = node
        .children()
        .filter(Node::is_element)
        .map(|child| child.tag_name().name());
    names.is_sorted_by(|a, b| comes_before(a, b))
}

fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|b| b.to_ascii_lowercase())
}

/// Alphabetical order ignoring case, extensions last.
fn comes_before(a: &str, b: &str) -> bool {
    match (a, b) {
        (_, "EXTENSION") => true,
        ("EXTENSION", _) => false,
        _ => folded(a).le(folded(b)),
    }
}
