//! Compares two documents container by container.
//!
//! Positions and labels carry no meaning, so containers of the same place are paired by what they
//! hold and by what their arcs lead to; then every data point, attribute and arc must be in both.
//! Numbers, indicators, dates and periods are compared by meaning, sequence numbers not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use roxmltree::{Document, Node};

const MISMO: &str = "http://www.mismo.org/residential/2009/schemas";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Everything that differs, as `missing PATH`, `added PATH` or `changed PATH`; never a value.
pub fn differences(source: &str, export: &str) -> Vec<String> {
    let (source, export) = (File::read(source), File::read(export));
    let mut found = Comparison {
        files: [&source, &export],
        ends: HashMap::new(),
        differences: Vec::new(),
    };
    // A bare deal is compared with the deal of the message.
    let inner = export
        .root
        .find("DEAL")
        .filter(|_| source.root.name == "DEAL");
    found.pair(
        &source.root,
        inner.unwrap_or(&export.root),
        &source.root.name,
    );
    found.arcs();
    found.differences
}

/// A document without what carries no meaning.
struct File {
    root: Item,
    arcs: Vec<Arc>,
    /// What each end of an arc holds.
    contents: HashMap<usize, String>,
}

/// A role and the elements at its ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Arc {
    role: String,
    from: usize,
    to: usize,
}

#[derive(Default)]
struct Item {
    name: String,
    id: Option<usize>,
    is_labelled: bool,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Item>,
}

impl File {
    fn read(xml: &str) -> Self {
        let doc = Document::parse(xml.trim_start_matches('\u{feff}')).expect("well-formed");
        let mut root = Item::read(doc.root_element());
        root.normalise();
        let arcs = doc.descendants().filter_map(|node| arc(node, &doc));
        let arcs: BTreeSet<Arc> = arcs.collect();
        let mut contents = HashMap::new();
        root.held(&mut contents);
        Self {
            root,
            arcs: arcs.into_iter().collect(),
            contents,
        }
    }

    /// What an item holds, and what its arcs lead to.
    fn signature(&self, item: &Item) -> BTreeMap<String, usize> {
        let mut lines = Vec::new();
        item.lines("", &mut lines);
        let mut within = BTreeSet::new();
        item.ids(&mut within);
        for arc in &self.arcs {
            for (near, far) in [(arc.from, arc.to), (arc.to, arc.from)] {
                if within.contains(&near) {
                    let held = self.contents.get(&far).map_or("", String::as_str);
                    lines.push(format!("{} -> {held}", arc.role));
                }
            }
        }
        let mut counts = BTreeMap::new();
        for line in lines {
            *counts.entry(line).or_default() += 1;
        }
        counts
    }
}

/// Reads an arc. A label that is not unique means the nearest element; one of a party, its role;
/// a joint credit report has no direction.
fn arc(node: Node<'_, '_>, doc: &Document<'_>) -> Option<Arc> {
    let get = |name| node.attribute((XLINK, name));
    let role = get("arcrole")?.rsplit('/').next()?.to_owned();
    let labelled = |label: &str| {
        let all = doc
            .descendants()
            .filter(|n| n.attribute((XLINK, "label")) == Some(label));
        all.collect::<Vec<_>>()
    };
    let from = *labelled(get("from")?).first()?;
    let above: BTreeSet<usize> = from.ancestors().map(|n| n.id().get_usize()).collect();
    let shared = |n: &Node<'_, '_>| {
        n.ancestors()
            .filter(|a| above.contains(&a.id().get_usize()))
            .count()
    };
    let ends = labelled(get("to")?);
    let best = ends.iter().map(shared).max()?;
    let to = *ends.iter().find(|n| shared(n) == best)?;
    let [from, to] = [from, to].map(|end| {
        let mut roles = end
            .descendants()
            .filter(|n| n.has_tag_name((MISMO, "ROLE")));
        roles
            .next()
            .filter(|_| end.has_tag_name((MISMO, "PARTY")))
            .unwrap_or(end)
            .id()
            .get_usize()
    });
    Some(Arc { role, from, to })
}

impl Item {
    fn read(node: Node<'_, '_>) -> Self {
        let space = node.tag_name().namespace().unwrap_or("");
        let prefix = space.rsplit('/').next().unwrap_or("");
        let mut item = Self {
            name: match prefix {
                "schemas" => node.tag_name().name().to_owned(),
                _ => format!("{prefix}:{}", node.tag_name().name()),
            },
            id: Some(node.id().get_usize()),
            is_labelled: node.attribute((XLINK, "label")).is_some(),
            ..Self::default()
        };
        for attribute in node.attributes() {
            let is_position = attribute.name() == "SequenceNumber";
            let is_link = [Some(XLINK), Some(XSI)].contains(&attribute.namespace());
            if !is_position && !is_link {
                let value = attribute.value().to_owned();
                item.attributes.insert(attribute.name().to_owned(), value);
            }
        }
        for child in node.children() {
            if child.is_element() && child.tag_name().name() != "RELATIONSHIP" {
                let child = Self::read(child);
                if child.holds_something() {
                    item.children.push(child);
                }
            } else if child.is_text() {
                item.text.push_str(child.text().unwrap_or(""));
            }
        }
        item.text = meaning(item.text.trim());
        item
    }

    fn holds_something(&self) -> bool {
        self.is_labelled
            || !self.text.is_empty()
            || !self.children.is_empty()
            || !self.attributes.is_empty()
    }

    /// Says periods in months and postal codes without a hyphen.
    fn normalise(&mut self) {
        let take = |children: &mut Vec<Self>, name: &str| {
            let place = children.iter().position(|child| child.name == name)?;
            Some(children.remove(place).text)
        };
        for period in ["LoanAmortizationPeriod", "LoanMaturityPeriod"] {
            let (count, unit) = (format!("{period}Count"), format!("{period}Type"));
            let unit = take(&mut self.children, &unit);
            let factor = match unit.as_deref() {
                Some("Year") => 12,
                Some("Quarter") => 3,
                _ => 1,
            };
            for child in self.children.iter_mut().filter(|child| child.name == count) {
                let number: u64 = child.text.parse().expect("a count");
                child.text = (number * factor).to_string();
            }
        }
        if let Some(years) = take(&mut self.children, "BorrowerResidencyDurationYearsCount") {
            let name = "BorrowerResidencyDurationMonthsCount";
            let months = take(&mut self.children, name).unwrap_or_default();
            let number = |text: &str| text.parse::<u64>().unwrap_or(0);
            self.children.push(Self {
                name: name.to_owned(),
                text: (number(&years) * 12 + number(&months)).to_string(),
                ..Self::default()
            });
        }
        for child in &mut self.children {
            if child.name == "PostalCode" {
                child.text = child.text.replace('-', "");
            }
            child.normalise();
        }
    }

    fn lines(&self, path: &str, lines: &mut Vec<String>) {
        let path = format!("{path}/{}", self.name);
        if !self.text.is_empty() {
            lines.push(format!("{path}={}", self.text));
        }
        for (name, value) in &self.attributes {
            lines.push(format!("{path}@{name}={value}"));
        }
        for child in &self.children {
            child.lines(&path, lines);
        }
    }

    fn ids(&self, ids: &mut BTreeSet<usize>) {
        ids.extend(self.id);
        for child in &self.children {
            child.ids(ids);
        }
    }

    fn held(&self, contents: &mut HashMap<usize, String>) {
        let mut lines = Vec::new();
        self.lines("", &mut lines);
        lines.sort_unstable();
        contents.extend(self.id.map(|id| (id, lines.join("\n"))));
        for child in &self.children {
            child.held(contents);
        }
    }

    fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }
}

/// A value in one spelling: numbers without idle zeros, indicators as words, dates without a zone.
fn meaning(text: &str) -> String {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let is_decimal = unsigned.matches('.').count() == 1
        && unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_decimal {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let is_date = text.len() > 10 && text.as_bytes()[4] == b'-' && !text.contains('T');
    if is_date && text.ends_with('Z') {
        return text.trim_end_matches('Z').to_owned();
    }
    text.to_owned()
}

/// Whether two values of a data point mean the same.
fn same(name: &str, a: &str, b: &str) -> bool {
    let flag = |text: &str| matches!(text, "true" | "1");
    a == b
        || (name.ends_with("Indicator") && flag(a) == flag(b))
        || (name.ends_with("StateCode") && a.eq_ignore_ascii_case(b))
}

struct Comparison<'f> {
    files: [&'f File; 2],
    /// Elements of the source and what became of them.
    ends: HashMap<usize, usize>,
    differences: Vec<String>,
}

impl Comparison<'_> {
    fn note(&mut self, what: &str, path: &str) {
        self.differences.push(format!("{what} {path}"));
    }

    fn pair(&mut self, source: &Item, export: &Item, path: &str) {
        if let (Some(from), Some(to)) = (source.id, export.id) {
            self.ends.insert(from, to);
        }
        if !same(&source.name, &source.text, &export.text) {
            self.note("changed", path);
        }
        let names: BTreeSet<&String> = source
            .attributes
            .keys()
            .chain(export.attributes.keys())
            .collect();
        for name in names {
            let path = format!("{path}/@{name}");
            match (source.attributes.get(name), export.attributes.get(name)) {
                (Some(a), Some(b)) if a != b => self.note("changed", &path),
                (Some(_), None) => self.note("missing", &path),
                (None, Some(_)) => self.note("added", &path),
                _ => {}
            }
        }
        let names: BTreeSet<&String> = source
            .children
            .iter()
            .chain(&export.children)
            .map(|child| &child.name)
            .collect();
        for name in names {
            self.group(source, export, (name, &format!("{path}/{name}")));
        }
    }

    /// Pairs the children of a name, best fit first.
    fn group(&mut self, source: &Item, export: &Item, (name, path): (&String, &str)) {
        let of = |item: &'_ Item| {
            let all = item.children.iter().enumerate();
            let named = all.filter(|(_, child)| child.name == *name);
            named.map(|(place, _)| place).collect::<Vec<_>>()
        };
        let (left, right) = (of(source), of(export));
        let pairs = self.best_pairs(source, export, (&left, &right));
        for (a, b) in &pairs {
            let place = match left.len() {
                1 => path.to_owned(),
                _ => format!("{path}[{}]", a + 1),
            };
            let items = (&source.children[left[*a]], &export.children[right[*b]]);
            self.pair(items.0, items.1, &place);
        }
        for (a, place) in left.iter().enumerate() {
            if !pairs.iter().any(|(done, _)| *done == a) {
                self.whole("missing", &source.children[*place], path);
            }
        }
        for (b, place) in right.iter().enumerate() {
            if !pairs.iter().any(|(_, done)| *done == b) {
                self.whole("added", &export.children[*place], path);
            }
        }
    }

    fn best_pairs(
        &self,
        source: &Item,
        export: &Item,
        (left, right): (&[usize], &[usize]),
    ) -> Vec<(usize, usize)> {
        if let ([_], [_]) = (left, right) {
            return vec![(0, 0)];
        }
        let signed = |file: &File, item: &Item, places: &[usize]| {
            let items = places.iter().map(|place| &item.children[*place]);
            items.map(|item| file.signature(item)).collect::<Vec<_>>()
        };
        let sources = signed(self.files[0], source, left);
        let exports = signed(self.files[1], export, right);
        let mut scores = Vec::new();
        for (a, x) in sources.iter().enumerate() {
            for (b, y) in exports.iter().enumerate() {
                scores.push((-fit(x, y), a.abs_diff(b), a, b));
            }
        }
        scores.sort_unstable();
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (_, _, a, b) in scores {
            if !pairs.iter().any(|(x, y)| *x == a || *y == b) {
                pairs.push((a, b));
            }
        }
        pairs
    }

    /// Reports every data point of a container that is in one document only.
    fn whole(&mut self, what: &str, item: &Item, path: &str) {
        let mut lines = Vec::new();
        item.lines("", &mut lines);
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        for line in lines {
            let place = line.split('=').next().unwrap_or("");
            self.note(what, &format!("{parent}{place}"));
        }
    }

    fn arcs(&mut self) {
        let [source, export] = self.files;
        let undirected = |mut arc: Arc| {
            if arc.role == "ROLE_SharesJointCreditReportWith_ROLE" && arc.from > arc.to {
                std::mem::swap(&mut arc.from, &mut arc.to);
            }
            arc
        };
        let of_export = |arc: &Arc| {
            let end = |id| self.ends.get(id).copied();
            let (from, to) = (end(&arc.from)?, end(&arc.to)?);
            let role = arc.role.clone();
            Some(undirected(Arc { role, from, to }))
        };
        let there: BTreeSet<Arc> = export.arcs.iter().cloned().map(undirected).collect();
        let mut wanted = BTreeSet::new();
        let mut lines = Vec::new();
        for arc in &source.arcs {
            match of_export(arc).filter(|arc| there.contains(arc)) {
                Some(found) => {
                    wanted.insert(found);
                }
                None => lines.push(format!("missing arc {}", arc.role)),
            }
        }
        let added = there.difference(&wanted);
        lines.extend(added.map(|arc| format!("added arc {}", arc.role)));
        self.differences.extend(lines);
    }
}

/// How well two signatures fit: what they share counts much, what only one has a little against.
fn fit(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>) -> i64 {
    let shared = a
        .iter()
        .map(|(line, count)| *count.min(b.get(line).unwrap_or(&0)));
    let shared = i64::try_from(shared.sum::<usize>()).expect("small");
    let all: usize = a.values().chain(b.values()).sum();
    1000 * shared - (i64::try_from(all).expect("small") - 2 * shared)
}

#[cfg(test)]
mod tests {
    use super::differences;
    use crate::it::builder::Doc;

    #[test]
    fn every_kind_of_difference_is_seen() {
        let good = Doc::good();
        assert_eq!(
            differences(&good.text(), &good.text()),
            Vec::<String>::new()
        );
        let changes = [
            ("100000.00", "100000.01", "changed"),
            ("<BorrowerCount>1</BorrowerCount>", "", "missing"),
            (
                "</LOAN_DETAIL>",
                "<HELOCIndicator>true</HELOCIndicator></LOAN_DETAIL>",
                "added",
            ),
            (
                "ASSET_IsAssociatedWith_ROLE",
                "LIABILITY_IsAssociatedWith_ROLE",
                "arc",
            ),
            ("xlink:to=\"BORROWER_1\"", "xlink:to=\"ASSET_1\"", "arc"),
            (
                "<BaseLoanAmount>",
                "<BaseLoanAmount SensitiveIndicator=\"true\">",
                "added",
            ),
        ];
        for (old, new, what) in changes {
            let found = differences(&good.text(), &good.clone().with(old, new).text());
            assert!(
                found.iter().any(|line| line.contains(what)),
                "{old}: {found:?}"
            );
        }
    }

    #[test]
    fn spelling_order_and_labels_make_no_difference() {
        let good = Doc::good();
        let changes = [
            ("100000.00", "100000"),
            (
                "<LoanAmortizationPeriodCount>360<",
                "<LoanAmortizationPeriodCount>30<",
            ),
            (
                "<LoanAmortizationPeriodType>Month<",
                "<LoanAmortizationPeriodType>Year<",
            ),
            (
                "<ROLE xlink:label=\"BORROWER_1\">",
                "<ROLE xlink:label=\"SOMEBODY\">",
            ),
            ("xlink:to=\"BORROWER_1\"", "xlink:to=\"SOMEBODY\""),
            ("<ASSET xlink", "<ASSET SequenceNumber=\"7\" xlink"),
        ];
        let other = changes
            .into_iter()
            .fold(good.clone(), |doc, (old, new)| doc.with(old, new));
        assert_eq!(
            differences(&good.text(), &other.text()),
            Vec::<String>::new()
        );
    }
}
