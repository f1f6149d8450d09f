//! The order of children in a container of the schema (edition B324).
//!
//! One rule and few exceptions: a choice comes first, then all else in alphabetical order ignoring
//! case, and the extension last. The exceptions are the choices.

use std::cmp::Ordering;

use crate::tree::{DU, LPA, MISMO, ULAD};

/// Containers whose first children are a choice, in the order of the schema.
const HEADS: &[(&str, &[&str])] = &[
    ("EMPLOYER", &["INDIVIDUAL", "LEGAL_ENTITY"]),
    ("PARTY", &["INDIVIDUAL", "LEGAL_ENTITY"]),
    (
        "CONTACT_POINT",
        &[
            "CONTACT_POINT_EMAIL",
            "CONTACT_POINT_SOCIAL_MEDIA",
            "CONTACT_POINT_TELEPHONE",
            "CONTACT_POINT_OTHER",
        ],
    ),
    ("FOREIGN_OBJECT", &["EmbeddedContentXML", "ObjectURL"]),
];

/// What follows the body of a role; every other child is a body.
const AFTER_BODY: &[&str] = &["LICENSES", "PARTY_ROLE_IDENTIFIERS", "ROLE_DETAIL"];

/// A child of a container: its namespace and its local name.
pub(crate) type Child<'a> = (&'a str, &'a str);

/// Compares two children of a container by where the schema has them. Children that are alike, or
/// of a namespace whose order we do not know, are equal: they stay as they came.
pub(crate) fn compare(container: &str, a: Child<'_>, b: Child<'_>) -> Ordering {
    let groups = [a, b].map(|child| group(container, child));
    groups[0].cmp(&groups[1]).then_with(|| {
        if [MISMO, ULAD, DU].contains(&a.0) {
            folded(a.1).cmp(folded(b.1))
        } else {
            Ordering::Equal
        }
    })
}

/// What comes before what, whatever the names: a lower number first.
fn group(container: &str, (space, name): Child<'_>) -> usize {
    match space {
        MISMO => {}
        ULAD => return 900,
        DU => return 901,
        LPA => return 902,
        _ => return 903,
    }
    match name {
        "EXTENSION" => return 800,
        "REFERENCE" => return 0,
        _ => {}
    }
    if container == "ROLE" && !AFTER_BODY.contains(&name) {
        return 1;
    }
    let heads = HEADS.iter().find(|(listed, _)| *listed == container);
    let place = heads.and_then(|(_, heads)| heads.iter().position(|head| *head == name));
    place.map_or(100, |place| place.saturating_add(1))
}

fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|b| b.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Orders the specification and the agencies' own documents state.
    const STATED: &[(&str, &str)] = &[
        (
            "MESSAGE",
            "ABOUT_VERSIONS DEAL_SETS DOCUMENT_SETS RELATIONSHIPS SYSTEM_SIGNATURES EXTENSION",
        ),
        (
            "DEAL",
            "REFERENCE ABOUT_VERSIONS ASSETS COLLATERALS COMMUNICATION_EVENTS DEAL_DETAIL EXPENSES \
             LIABILITIES LITIGATIONS LOANS PARTIES RELATIONSHIPS SERVICES SUPPORTING_RECORD_SETS \
             EXTENSION",
        ),
        (
            "PARTY",
            "INDIVIDUAL LEGAL_ENTITY ADDRESSES LANGUAGES ROLES TAXPAYER_IDENTIFIERS EXTENSION",
        ),
        (
            "INDIVIDUAL",
            "ALIASES CONTACT_POINTS IDENTIFICATION_VERIFICATION NAME",
        ),
        (
            "ROLE",
            "BORROWER LICENSES PARTY_ROLE_IDENTIFIERS ROLE_DETAIL EXTENSION",
        ),
        (
            "ROLE",
            "PROPERTY_OWNER LICENSES PARTY_ROLE_IDENTIFIERS ROLE_DETAIL",
        ),
        (
            "BORROWER",
            "BANKRUPTCIES BORROWER_DETAIL COUNSELING CREDIT_SCORES CURRENT_INCOME DECLARATION \
             DEPENDENTS EMPLOYERS GOVERNMENT_BORROWER GOVERNMENT_MONITORING HARDSHIP_DECLARATION \
             HOUSING_EXPENSES MILITARY_SERVICES RESIDENCES",
        ),
        ("EMPLOYER", "INDIVIDUAL LEGAL_ENTITY ADDRESS EMPLOYMENT"),
        ("RESIDENCE", "ADDRESS LANDLORD RESIDENCE_DETAIL"),
        (
            "ASSET",
            "ASSET_DETAIL ASSET_DOCUMENTATIONS ASSET_HOLDER OWNED_PROPERTY",
        ),
        ("LIABILITY", "LIABILITY_DETAIL LIABILITY_HOLDER"),
        (
            "CONTACT_POINT",
            "CONTACT_POINT_EMAIL CONTACT_POINT_SOCIAL_MEDIA CONTACT_POINT_TELEPHONE \
             CONTACT_POINT_OTHER CONTACT_POINT_DETAIL",
        ),
        (
            "PROPERTY_DETAIL",
            "FHASecondaryResidenceIndicator FinancedUnitCount PropertyUsageType PUDIndicator",
        ),
        ("EXTENSION", "MISMO OTHER"),
    ];

    #[test]
    fn the_rule_gives_the_stated_orders() {
        for (container, names) in STATED {
            let names: Vec<Child<'_>> = names.split_whitespace().map(|n| (MISMO, n)).collect();
            for pair in names.windows(2) {
                let order = compare(container, pair[0], pair[1]);
                assert_eq!(order, Ordering::Less, "{container}: {pair:?}");
            }
        }
    }

    #[test]
    fn unknown_namespaces_stay_as_they_came() {
        let [a, b] = [("urn:x", "B"), ("urn:x", "A")];
        assert_eq!(compare("OTHER", a, b), Ordering::Equal);
        assert_eq!(compare("OTHER", (ULAD, "Z"), (DU, "A")), Ordering::Less);
        assert_eq!(compare("OTHER", (DU, "A"), a), Ordering::Less);
    }
}
