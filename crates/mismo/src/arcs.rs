//! Labels and arcs: who owns what, which debt is secured by which property, and so on.
//!
//! The schema checks none of this: labels are plain names to it. So every end is checked here, and
//! an arc that cannot be followed is a warning, never a guess.

use std::cell::Cell;
use std::collections::HashMap;

use crate::xml::Node;

use crate::finding::{Code, Severity};
use crate::tree::{MISMO, Part, Tree, XLINK};

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

/// Ends of arcs followed for elements that share the label the arcs start from, in all; the first
/// element to ask is not counted. As many arcs as one likes can start from one label, and as many
/// elements carry it, so that without a bound a document would grow by the square of its size. A
/// few income items of a label are honest.
const MAX_SHARED_ENDS: usize = 4_096;

/// The arcs of a deal by the label they start from.
pub(crate) struct Arcs<'t> {
    links: HashMap<(Arc, &'t str), Ends<'t>>,
    relations: Vec<Relation<'t>>,
    /// What is left of [`MAX_SHARED_ENDS`].
    shared_left: Cell<usize>,
}

/// The labels arcs of one kind lead to from one label, each once; almost always one, which costs
/// nothing beside itself.
struct Ends<'t> {
    first: &'t str,
    others: Vec<&'t str>,
    /// Whether an element has asked for them.
    is_followed: Cell<bool>,
}

impl<'t> Ends<'t> {
    const fn new(first: &'t str) -> Self {
        Self {
            first,
            others: Vec::new(),
            is_followed: Cell::new(false),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &'t str> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    fn keep_each_once(&mut self) {
        self.others.sort_unstable();
        self.others.dedup();
        self.others.retain(|end| *end != self.first);
    }
}

/// One relationship whose ends exist.
pub(crate) struct Relation<'t> {
    /// What it means; `None` for a kind we do not know.
    pub(crate) arc: Option<Arc>,
    /// The arc role, as written.
    pub(crate) role: &'t str,
    pub(crate) from: Node<'t>,
    pub(crate) to: Node<'t>,
}

impl<'t> Arcs<'t> {
    /// Reads and checks the relationships of a deal.
    pub(crate) fn read(deal: Part<'t>) -> Self {
        let labels = deal
            .node
            .map(|node| labels(deal.tree, node))
            .unwrap_or_default();
        let mut arcs = Self {
            links: HashMap::new(),
            relations: Vec::new(),
            shared_left: Cell::new(MAX_SHARED_ENDS),
        };
        for part in deal.every("RELATIONSHIPS/RELATIONSHIP") {
            let Some((relation, from, to)) = read_one(part, &labels) else {
                continue;
            };
            if let Some(arc) = relation.arc {
                arcs.links
                    .entry((arc, from))
                    .and_modify(|ends| ends.others.push(to))
                    .or_insert(Ends::new(to));
            }
            arcs.relations.push(relation);
        }
        arcs.links.values_mut().for_each(Ends::keep_each_once);
        arcs
    }

    /// The labels an element's arcs of a kind lead to, each once, in no order. To be asked once for
    /// an element and a kind: a second element of the same label draws on [`MAX_SHARED_ENDS`].
    pub(crate) fn from(&self, arc: Arc, part: Part<'t>) -> impl Iterator<Item = &'t str> {
        let label = part.link("label");
        let ends = label.and_then(|label| self.links.get(&(arc, label)));
        let ends = ends.filter(|ends| {
            let is_bounded = !ends.is_followed.replace(true) || self.draw(ends);
            if !is_bounded {
                let message = "Other elements share this label, and too many relationships start \
                               from it; those of this element were not followed.";
                part.report(Code::LabelDuplicate, Severity::Warning, message);
            }
            is_bounded
        });
        ends.into_iter().flat_map(Ends::iter)
    }

    /// Whether there is room for these ends once more; takes it.
    fn draw(&self, ends: &Ends<'t>) -> bool {
        let count = ends.others.len().saturating_add(1);
        let left = self.shared_left.get().checked_sub(count);
        if let Some(left) = left {
            self.shared_left.set(left);
        }
        left.is_some()
    }

    /// Both ends of every arc of a kind, in no order.
    pub(crate) fn pairs(&self, arc: Arc) -> impl Iterator<Item = (&'t str, &'t str)> {
        let of_kind = self.links.iter().filter(move |((kind, _), _)| *kind == arc);
        of_kind.flat_map(|((_, from), tos)| tos.iter().map(|to| (*from, to)))
    }

    /// Every relationship whose ends exist, in document order.
    pub(crate) fn relations(&self) -> &[Relation<'t>] {
        &self.relations
    }
}

/// The party an element belongs to, by its place in the document.
type Person = Option<usize>;

fn person(node: Node<'_>) -> Person {
    let mut around = node.ancestors();
    around.find(|n| n.is(MISMO, "PARTY")).map(Node::index)
}

/// The elements that carry a label; almost always one, which costs nothing beside itself.
struct Labelled<'t> {
    first: Node<'t>,
    /// When there are several: the first of each name, or of any, in each party, or in any. Elements
    /// of one label can be many, and so can the arcs to them.
    several: HashMap<(Option<&'t str>, Option<Person>), Node<'t>>,
}

impl<'t> Labelled<'t> {
    fn new(first: Node<'t>) -> Self {
        Self {
            first,
            several: HashMap::new(),
        }
    }

    /// Takes up another element; answers whether it is the second.
    fn add(&mut self, node: Node<'t>) -> bool {
        let is_second = self.several.is_empty();
        if is_second {
            self.index(self.first);
        }
        self.index(node);
        is_second
    }

    fn index(&mut self, node: Node<'t>) {
        let person = Some(person(node));
        let name = Some(node.name());
        for key in [(None, None), (None, person), (name, None), (name, person)] {
            self.several.entry(key).or_insert(node);
        }
    }

    /// The element an end means: it has the name wanted, and of several it is the first in the
    /// party of the other end, else the first of all.
    fn find(&self, wanted: Option<&'static str>, from: Option<Node<'t>>) -> Option<Node<'t>> {
        // Some writers label the party instead of its role.
        let names = match wanted {
            Some("ROLE") => [wanted, Some("PARTY")],
            Some(_) | None => [wanted, wanted],
        };
        if self.several.is_empty() {
            let fits = |name: &Option<&str>| name.is_none_or(|name| name == self.first.name());
            return names.iter().any(fits).then_some(self.first);
        }
        let first = |person: Option<Person>| {
            let found = names
                .iter()
                .filter_map(|name| self.several.get(&(*name, person)));
            found.copied().min_by_key(|node| node.index())
        };
        // A label of several employers: the borrower's own is meant.
        let own = from.and_then(|from| first(Some(person(from))));
        own.or_else(|| first(None))
    }
}

/// All labels below a deal; a label used twice is reported.
fn labels<'t>(tree: &Tree<'t>, deal: Node<'t>) -> HashMap<&'t str, Labelled<'t>> {
    let mut labels: HashMap<&'t str, Labelled<'t>> = HashMap::new();
    for node in deal.descendants().filter(|node| node.has_attributes()) {
        let Some(label) = node
            .attribute(Some(XLINK), "label")
            .filter(|label| !label.is_empty())
        else {
            continue;
        };
        let mut is_second = false;
        labels
            .entry(label)
            .and_modify(|labelled| is_second = labelled.add(node))
            .or_insert_with(|| Labelled::new(node));
        if is_second {
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

fn read_one<'t>(
    part: Part<'t>,
    labels: &HashMap<&'t str, Labelled<'t>>,
) -> Option<(Relation<'t>, &'t str, &'t str)> {
    let complain = |message: String| {
        part.report(Code::ArcDangling, Severity::Warning, message);
        None
    };
    let (Some(from), Some(to)) = (part.link("from"), part.link("to")) else {
        return complain("The relationship lacks an end.".to_owned());
    };
    let role = part.link("arcrole").unwrap_or("");
    let name = role.rsplit(['/', ':']).next().unwrap_or(role);
    let known = Arc::parse(name);
    if known.is_none()
        && let Some(node) = part.node
    {
        let message = "The kind of relationship is not known; it was not interpreted.";
        let what = (Code::ArcUnknown, Severity::Warning);
        part.tree.report(node, what, message, Arc::NAMES);
    }
    let wanted = |at: fn((Arc, &'static str, &'static str)) -> &'static str| known.map(at);
    let mut ends: Vec<Node<'t>> = Vec::new();
    for (end, label, wanted) in [
        ("from", from, wanted(|(_, from, _)| from)),
        ("to", to, wanted(|(_, _, to)| to)),
    ] {
        let Some(labelled) = labels.get(label) else {
            return complain(format!("The `{end}` end names no element of the deal."));
        };
        let Some(found) = labelled.find(wanted, ends.first().copied()) else {
            let wanted = wanted.unwrap_or_default();
            return complain(format!(
                "The `{end}` end names an element that is no {wanted}."
            ));
        };
        ends.push(found);
    }
    let relation = Relation {
        arc: known.map(|(arc, ..)| arc),
        role,
        from: *ends.first()?,
        to: *ends.get(1)?,
    };
    Some((relation, from, to))
}
