//! Order, labels and arcs: what can only be said of a whole document.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::draft::{Draft, Id, Link};
use super::related::VERIFICATION;
use crate::order::rank;
use crate::tree::XLINK;

/// Where the standard's own arc roles live.
const RESIDENTIAL: &str = "urn:fdc:mismo.org:2009:residential/";

/// Sorts the children of every element into the order of the schema.
pub(super) fn sort(draft: &mut Draft<'_>) {
    let ids: Vec<Id> = draft.iter().map(|(id, _)| id).collect();
    for id in ids {
        let mut children = std::mem::take(&mut draft.get_mut(id).children);
        let container = draft.get(id);
        let is_ordered = |pair: &[Id]| match pair {
            [a, b] => compare(draft, &container.name, *a, *b).is_le(),
            _ => true,
        };
        if !children.windows(2).all(is_ordered) {
            // Stable: entries of a list stay in theirs.
            children.sort_by(|a, b| compare(draft, &container.name, *a, *b));
        }
        draft.get_mut(id).children = children;
    }
}

fn compare(draft: &Draft<'_>, container: &str, a: Id, b: Id) -> std::cmp::Ordering {
    let [a, b] = [a, b].map(|id| draft.get(id));
    rank::compare(container, (a.space, &a.name), (b.space, &b.name))
}

/// Labels the elements and writes the arcs between them into a `RELATIONSHIPS`, sorted.
pub(super) fn write(draft: &mut Draft<'_>, relationships: Id) {
    let links = std::mem::take(&mut draft.links);
    let places = label(draft, &links);
    let place = |id: Id| places.get(&id);
    let mut links: Vec<&Link<'_>> = links
        .iter()
        .filter(|link| place(link.from).is_some() && place(link.to).is_some())
        .collect();
    let key = |link: &&Link<'_>| {
        let number = |id: Id| place(id).map(|(number, _)| *number);
        (full(link.arcrole), number(link.from), number(link.to))
    };
    links.sort_by_cached_key(key);
    links.dedup_by_key(|link| key(link));
    for (index, link) in links.into_iter().enumerate() {
        let (Some((_, from)), Some((_, to))) = (place(link.from), place(link.to)) else {
            continue;
        };
        let part = draft.add(relationships, "RELATIONSHIP");
        draft.attribute(part, "SequenceNumber", index.saturating_add(1).to_string());
        draft.attribute_in(part, XLINK, "from", Cow::Owned(from.clone()));
        draft.attribute_in(part, XLINK, "to", Cow::Owned(to.clone()));
        draft.attribute_in(part, XLINK, "arcrole", Cow::Owned(full(link.arcrole)));
    }
}

/// An arc role in full; the application's own are kept without the part all have in common.
fn full(arcrole: &str) -> String {
    if arcrole.contains([':', '/']) {
        arcrole.to_owned()
    } else {
        [RESIDENTIAL, arcrole].concat()
    }
}

/// Labels every element that has one or is the end of an arc: its kind and its number among them.
/// Answers the labels and the places of their elements in the document.
fn label(draft: &mut Draft<'_>, links: &[Link<'_>]) -> HashMap<Id, (usize, String)> {
    let ends: HashSet<Id> = links.iter().flat_map(|link| [link.from, link.to]).collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut labels = HashMap::new();
    let mut next = vec![draft.root()];
    let mut place = 0_usize;
    while let Some(id) = next.pop() {
        place = place.saturating_add(1);
        let element = draft.get(id);
        next.extend(element.children.iter().rev());
        let kind = match &element.label {
            Some(kind) => kind.to_string(),
            None if element.name == VERIFICATION => "VERIFICATION".to_owned(),
            None if ends.contains(&id) => element.name.to_string(),
            None => continue,
        };
        let count = counts.entry(kind.clone()).or_default();
        *count = count.saturating_add(1);
        let label = format!("{kind}_{count}");
        draft.attribute_in(id, XLINK, "label", Cow::Owned(label.clone()));
        labels.insert(id, (place, label));
    }
    labels
}
