//! From the root of a document to its one deal, making sure on the way that it is a MISMO 3.4
//! document and not one of its relatives.

use std::borrow::Cow;

use crate::carried::Anchor;
use crate::finding::{Code, Severity};
use crate::import::{About, Flavour, Root};
use crate::tree::{DU, ILAD, LPA, MISMO, Part, ULAD};

/// Roots of MISMO 2.x documents.
const ROOTS_2X: &[&str] = &["LOAN_APPLICATION", "REQUEST_GROUP", "RESPONSE_GROUP"];

/// Whether a name is the root of a MISMO 2.x document.
pub(crate) fn is_2x_root(name: &str) -> bool {
    ROOTS_2X.contains(&name)
}

/// The deal and what the document says about itself; `None` after an error was reported.
pub(crate) fn deal<'t>(root: Part<'t>) -> Option<(Part<'t>, About)> {
    let kind = root_kind(root)?;
    let (message, deal) = match kind {
        Root::Message => {
            root.anchor(Anchor::Message);
            (root, only_deal(root)?)
        }
        Root::Deal => (root, root),
    };
    deal.anchor(Anchor::Deal);
    let about = about(message, deal, kind);
    check_version(message, deal, &about).then_some((deal, about))
}

fn fail<T>(part: Part<'_>, code: Code, message: impl Into<Cow<'static, str>>) -> Option<T> {
    part.report(code, Severity::Error, message);
    None
}

fn root_kind(root: Part<'_>) -> Option<Root> {
    let has_2x_version = root
        .attribute("MISMOVersionID")
        .is_some_and(|v| v.starts_with('2'));
    let has_2x_attributes = || {
        let mut attributes = root.node.into_iter().flat_map(|node| node.attributes());
        attributes.any(|attribute| attribute.name.starts_with('_'))
    };
    let is_ours = root.namespace() == Some(MISMO);
    if has_2x_version || (!is_ours && (is_2x_root(root.name()) || has_2x_attributes())) {
        return fail(root, Code::Mismo2x, TWO_X);
    }
    let is_known = matches!(root.name(), "MESSAGE" | "DEAL" | "DOCUMENT" | "PARTY");
    match (root.namespace(), root.name()) {
        (Some(MISMO), "MESSAGE") => Some(Root::Message),
        (Some(MISMO), "DEAL") => Some(Root::Deal),
        (Some(MISMO), name @ ("DOCUMENT" | "PARTY")) => fail(
            root,
            Code::WrongDocumentKind,
            format!("The root is {name}; an application travels in a MESSAGE or a DEAL."),
        ),
        (None, _) if is_known => fail(
            root,
            Code::NamespaceMissing,
            format!("The root has no namespace; declare xmlns=\"{MISMO}\"."),
        ),
        (Some(_), _) if is_known => fail(
            root,
            Code::NamespaceUnknown,
            format!("The root is in another namespace than {MISMO} (no https, no final slash)."),
        ),
        _ => fail(
            root,
            Code::WrongDocumentKind,
            "The root is not a MISMO 3.4 MESSAGE or DEAL.",
        ),
    }
}

const TWO_X: &str = "This is a MISMO 2.x document, with values in attributes; MISMO 3.4 is needed.";

fn only_deal(message: Part<'_>) -> Option<Part<'_>> {
    let sets = message.every("DEAL_SETS/DEAL_SET");
    let deals: Vec<Part<'_>> = sets.flat_map(|set| set.every("DEALS/DEAL")).collect();
    match deals.as_slice() {
        [deal] => Some(*deal),
        [] => {
            let strays = message.node.into_iter().flat_map(|node| node.elements());
            let mut strays = strays.filter(|child| child.name() == "DEAL_SETS");
            if strays.any(|child| child.namespace() != Some(MISMO)) {
                return fail(
                    message,
                    Code::NamespaceMissing,
                    format!("Elements below the root are not in the namespace {MISMO}."),
                );
            }
            fail(
                message,
                Code::DealMissing,
                "There is no DEAL_SETS/DEAL_SET/DEALS/DEAL.",
            )
        }
        several => fail(
            message,
            Code::DealMultiple,
            format!(
                "There are {} deals; one document makes one loan.",
                several.len()
            ),
        ),
    }
}

fn about(message: Part<'_>, deal: Part<'_>, root: Root) -> About {
    let versions = || message.every("ABOUT_VERSIONS/ABOUT_VERSION");
    let mut about_version = None;
    for version in versions() {
        about_version = about_version.or(version.text("AboutVersionIdentifier"));
        // Read so that it does not count as left over. An export has its own time of creation.
        let _ = (
            version.text("CreatedDatetime"),
            version.text("DataVersionIdentifier"),
            version.text("DataVersionName"),
        );
        for name in [
            "AboutVersionIdentifier",
            "DataVersionIdentifier",
            "DataVersionName",
        ] {
            version.keep(name);
        }
    }
    // An underwriting request says so here; an export is none, so the mark is not carried over.
    let mut inner = deal.every("ABOUT_VERSIONS/ABOUT_VERSION");
    let is_lpa_request = inner.any(|version| {
        let is_request = version.peek("DataVersionName").as_deref() == Some("LPA_REQUEST");
        if is_request {
            let _ = version.text("DataVersionName");
        }
        is_request
    });
    let declares = |space| message.tree.root_declares(space);
    let starts = |start| {
        about_version
            .as_deref()
            .is_some_and(|v| v.starts_with(start))
    };
    let flavour = if declares(ILAD) {
        Flavour::Ilad
    } else if declares(LPA) || starts("S5.") || is_lpa_request {
        Flavour::Lpa
    } else if declares(DU) || starts("DU ") {
        Flavour::Du
    } else if declares(ULAD) {
        Flavour::Ulad
    } else {
        Flavour::Core
    };
    let reference_model = message
        .attribute("MISMOReferenceModelIdentifier")
        .map(str::trim);
    let reference_model = reference_model
        .filter(|id| !id.is_empty())
        .map(str::to_owned);
    About {
        reference_model,
        about_version,
        flavour,
        root,
    }
}

/// Checks the version by the strongest evidence there is. The namespace is none: all versions 3
/// share it.
fn check_version(message: Part<'_>, deal: Part<'_>, about: &About) -> bool {
    let wrong = |text: &'static str| {
        message.report(Code::MismoWrongModel, Severity::Error, text);
        false
    };
    if let Some(id) = about.reference_model.as_deref() {
        return match () {
            () if id.starts_with("3.4") => true,
            () if id.starts_with("3.0") => {
                wrong("This is MISMO 3.0 (loan delivery); 3.4 is needed.")
            }
            () if id.starts_with("3.3") => {
                wrong("This is MISMO 3.3 (closing data); 3.4 is needed.")
            }
            () if id.starts_with("2.") => {
                message.report(Code::Mismo2x, Severity::Error, TWO_X);
                false
            }
            () if id.starts_with("3.") => {
                wrong("This is another version of MISMO 3; 3.4 is needed.")
            }
            () => {
                let text = "The reference model identifier is not known; it was read as 3.4.";
                message.report(Code::MismoWrongModel, Severity::Warning, text);
                true
            }
        };
    }
    if about
        .about_version
        .as_deref()
        .is_some_and(|v| v.starts_with("FNM "))
    {
        return wrong("This is a loan delivery file; a loan application in MISMO 3.4 is needed.");
    }
    let mut loans = deal.every("LOANS/LOAN");
    let is_delivery = loans.any(|loan| loan.at("TERMS_OF_MORTGAGE").exists())
        || deal.at("COLLATERALS/COLLATERAL/PROPERTIES").exists();
    if is_delivery {
        return wrong("This looks like MISMO 3.0 loan delivery; 3.4 is needed.");
    }
    if about.about_version.is_none() {
        let text =
            "No MISMOReferenceModelIdentifier says which version this is; it was read as 3.4.";
        message.report(Code::MismoWrongModel, Severity::Warning, text);
    }
    true
}
