//! Puts back what a source document said and nobody interpreted.
//!
//! A place is an entry of the application and the elements below it by name and position. What the
//! application says wins over what was carried: the loan may have changed since it was read.

use std::borrow::Cow;
use std::collections::HashMap;

use super::draft::{Draft, Id};
use super::xml_text::{is_blank, is_name};
use crate::carried::{Attribute, Carried, CarriedLeaf, End, Step};
use crate::finding::Code;
use crate::tree::{MISMO, NOT_SUPPLIED, XLINK};

/// Namespaces whose attributes belong to the document, not to what it says.
const OF_THE_DOCUMENT: &[&str] = &[XLINK, "http://www.w3.org/2000/xmlns/"];

/// The namespace of schema instances, whose `type` may name a prefix.
pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The place of an element: parent, namespace, name, and position among those alike.
type Key<'a> = (Id, &'a str, Cow<'a, str>, usize);

/// Puts everything back: data points first, then relationships.
pub(super) fn merge<'a>(draft: &mut Draft<'a>, carried: &'a Carried) {
    let mut places = Places::index(draft);
    for leaf in &carried.leaves {
        places.put(draft, leaf);
    }
    for arc in &carried.arcs {
        let from = places.end(draft, &arc.from);
        let to = places.end(draft, &arc.to);
        if let (Some(from), Some(to)) = (from, to) {
            draft.link(&arc.arcrole, from, to);
        } else {
            let message = "A relationship to a party or an entry that is gone was left out.";
            draft.report(draft.root(), Code::ArcDangling, message, &[]);
        }
    }
}

/// Where elements that stand for no entry of the application are.
struct Places<'a> {
    known: HashMap<Key<'a>, Id>,
}

impl<'a> Places<'a> {
    fn index(draft: &Draft<'a>) -> Self {
        let mut known = HashMap::new();
        let mut counts: HashMap<(Id, &'a str, Cow<'a, str>), usize> = HashMap::new();
        for (parent, element) in draft.iter() {
            for id in &element.children {
                let child = draft.get(*id);
                if child.is_entry {
                    continue;
                }
                let nth = counts
                    .entry((parent, child.space, child.name.clone()))
                    .or_default();
                known.insert((parent, child.space, child.name.clone(), *nth), *id);
                *nth = nth.saturating_add(1);
            }
        }
        Self { known }
    }

    /// The element at the end of a way, made as far as it is not there.
    fn walk(&mut self, draft: &mut Draft<'a>, from: Id, steps: &'a [Step]) -> Option<Id> {
        if !steps.iter().all(|step| is_name(&step.name)) {
            let message = "Content with a name that XML does not allow was left out.";
            draft.report(from, Code::XmlMalformed, message, &[]);
            return None;
        }
        let mut at = from;
        for step in steps {
            let space = step.namespace.as_deref().unwrap_or(MISMO);
            let key = (at, space, Cow::Borrowed(step.name.as_str()), step.nth);
            at = match self.known.get(&key) {
                Some(id) => *id,
                None => {
                    let made = draft.add_in(at, space, &step.name);
                    add_attributes(draft, made, &step.attributes);
                    self.known.insert(key, made);
                    made
                }
            };
        }
        Some(at)
    }

    fn put(&mut self, draft: &mut Draft<'a>, leaf: &'a CarriedLeaf) {
        let Some(anchor) = draft.anchored(leaf.anchor) else {
            let message = "Content of an entry that is gone was left out.";
            draft.report(draft.root(), Code::Conflict, message, &[]);
            return;
        };
        let Some(id) = self.walk(draft, anchor, &leaf.steps) else {
            return;
        };
        add_attributes(draft, id, &leaf.attributes);
        if let Some(text) = leaf.text.as_deref().filter(|text| !is_blank(text)) {
            let element = draft.get_mut(id);
            if element.text.is_none() {
                element.text = Some(Cow::Borrowed(text));
            }
        }
    }

    fn end(&mut self, draft: &mut Draft<'a>, end: &'a End) -> Option<Id> {
        match end {
            End::Anchor(anchor) => draft.anchored(*anchor),
            End::Path(anchor, steps) => {
                let anchor = draft.anchored(*anchor)?;
                self.walk(draft, anchor, steps)
            }
        }
    }
}

/// Adds attributes an element does not have yet. A reason why a value is absent is not added to a
/// value, and neither are labels, which are made anew.
fn add_attributes<'a>(draft: &mut Draft<'a>, id: Id, attributes: &'a [Attribute]) {
    for attribute in attributes {
        let space = attribute.namespace.as_deref().unwrap_or("");
        let has_value = draft.get(id).text.is_some();
        let is_reason = space.is_empty() && attribute.name.starts_with(NOT_SUPPLIED);
        let is_prefixed = space == XSI && attribute.value.contains(':');
        let is_ours = OF_THE_DOCUMENT.contains(&space) || is_prefixed;
        let is_there = draft.has_attribute(id, space, &attribute.name);
        if is_there || is_ours || (is_reason && has_value) || !is_name(&attribute.name) {
            continue;
        }
        draft.attribute_in(id, space, &attribute.name, Cow::Borrowed(&attribute.value));
    }
}
