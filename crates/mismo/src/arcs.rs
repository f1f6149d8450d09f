//! Labels and arcs: who owns what, which debt is secured by which property, and so on.
//!
//! The schema checks none of this: labels are plain names to it. So every end is checked here, and
//! an arc that cannot be followed is a warning, never a guess.

use std::collections::HashMap;

use roxmltree::Node;

use crate::finding::{Code, Severity};
use crate::tree::{Part, Tree, XLINK};

/// Declares the arcs with the names of the elements at their ends.
macro_rules! arcs {
    ($($variant:ident = $name:literal, $from:literal, $to:literal;)+) => {
        /// A kind of arc.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Arc {
            $($variant,)+
        }

        impl Arc {
            /// The names of all arcs, for messages.
            const NAMES: &'static [&'static str] = &[$($name,)+];

            /// Reads the last part of an arc role, and the elements its ends must name.
            fn parse(name: &str) -> Option<(Self, &'static str, &'static str)> {
                match name {
                    $($name => Some((Self::$variant, $from, $to)),)+
                    _ => None,
                }
            }
        }
    };
}

arcs! {
    AssetOwner = "ASSET_IsAssociatedWith_ROLE", "ASSET", "ROLE";
    LiabilityOwner = "LIABILITY_IsAssociatedWith_ROLE", "LIABILITY", "ROLE";
    ExpenseOwner = "EXPENSE_IsAssociatedWith_ROLE", "EXPENSE", "ROLE";
    PropertyDebt = "ASSET_IsAssociatedWith_LIABILITY", "ASSET", "LIABILITY";
    IncomeEmployer =
        "CURRENT_INCOME_ITEM_IsAssociatedWith_EMPLOYER", "CURRENT_INCOME_ITEM", "EMPLOYER";
    JointCredit = "ROLE_SharesJointCreditReportWith_ROLE", "ROLE", "ROLE";
    LoanPayee = "LOAN_IsAssociatedWith_ROLE", "LOAN", "ROLE";
    CounselingAgency = "COUNSELING_EVENT_IsAssociatedWith_ROLE", "COUNSELING_EVENT", "ROLE";
    VerificationBorrower =
        "UNDERWRITING_VERIFICATION_IsAssociatedWith_ROLE", "UNDERWRITING_VERIFICATION", "ROLE";
}

/// The arcs of a deal by the label they start from.
pub(crate) struct Arcs<'t> {
    links: HashMap<(Arc, &'t str), Vec<&'t str>>,
}

/// The names of the elements that carry a label; almost always one.
type Labels<'t> = HashMap<&'t str, Vec<&'t str>>;

impl<'t> Arcs<'t> {
    /// Reads and checks the relationships of a deal.
    pub(crate) fn read(deal: Part<'t>) -> Self {
        let labels = deal
            .node
            .map(|node| labels(deal.tree, node))
            .unwrap_or_default();
        let mut links: HashMap<(Arc, &'t str), Vec<&'t str>> = HashMap::new();
        for relationship in deal.every("RELATIONSHIPS/RELATIONSHIP") {
            if let Some((arc, from, to)) = read_one(relationship, &labels) {
                links.entry((arc, from)).or_default().push(to);
            }
        }
        Self { links }
    }

    /// The labels an element's arcs of a kind lead to.
    pub(crate) fn from(&self, arc: Arc, part: Part<'t>) -> &[&'t str] {
        let Some(label) = part.link("label") else {
            return &[];
        };
        self.links.get(&(arc, label)).map_or(&[], Vec::as_slice)
    }

    /// Both ends of every arc of a kind, in no order.
    pub(crate) fn pairs(&self, arc: Arc) -> impl Iterator<Item = (&'t str, &'t str)> {
        let of_kind = self.links.iter().filter(move |((kind, _), _)| *kind == arc);
        of_kind.flat_map(|((_, from), tos)| tos.iter().map(|to| (*from, *to)))
    }
}

/// All labels below a deal; a label used twice is reported.
fn labels<'t>(tree: &Tree<'t>, deal: Node<'t, 't>) -> Labels<'t> {
    let mut labels: Labels<'t> = HashMap::new();
    for node in deal.descendants().filter(Node::is_element) {
        let Some(label) = node
            .attribute((XLINK, "label"))
            .filter(|label| !label.is_empty())
        else {
            continue;
        };
        let named = labels.entry(label).or_default();
        named.push(node.tag_name().name());
        if named.len() == 2 {
            let message = "The label of this element is also another element's.";
            tree.report(
                node,
                (Code::LabelDuplicate, Severity::Warning),
                message,
                &[],
            );
        }
    }
    labels
}

fn read_one<'t>(part: Part<'t>, labels: &Labels<'t>) -> Option<(Arc, &'t str, &'t str)> {
    let complain = |code, message: String| {
        part.report(code, Severity::Warning, message);
        None
    };
    let (Some(from), Some(to)) = (part.link("from"), part.link("to")) else {
        return complain(
            Code::ArcDangling,
            "The relationship lacks an end.".to_owned(),
        );
    };
    let role = part.link("arcrole").unwrap_or("");
    let name = role.rsplit(['/', ':']).next().unwrap_or(role);
    let Some((arc, from_name, to_name)) = Arc::parse(name) else {
        if let Some(node) = part.node {
            let message = "The kind of relationship is not known; it was ignored.";
            let what = (Code::ArcUnknown, Severity::Warning);
            part.tree.report(node, what, message, Arc::NAMES);
        }
        return None;
    };
    for (end, label, wanted) in [("from", from, from_name), ("to", to, to_name)] {
        let Some(named) = labels.get(label) else {
            let message = format!("The `{end}` end names no element of the deal.");
            return complain(Code::ArcDangling, message);
        };
        // Some writers label the party instead of its role.
        let fits = |name: &&str| *name == wanted || (wanted == "ROLE" && *name == "PARTY");
        if !named.iter().any(fits) {
            let message = format!("The `{end}` end names an element that is no {wanted}.");
            return complain(Code::ArcDangling, message);
        }
    }
    Some((arc, from, to))
}
