//! From the tree to text. Nothing here recurses: a document may be as deep as what it carries.

use std::collections::HashMap;

use super::carry::XSI;
use super::draft::{Draft, Element, Id};
use super::xml_text::{self, Place};
use crate::tree::{DU, LPA, MISMO, ULAD, XLINK};

/// The prefix `xml`, which needs no declaration.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Prefixes every document declares, in the order of the agencies' own.
const ALWAYS: &[(&str, &str)] = &[("xsi", XSI), ("ULAD", ULAD), ("DU", DU), ("xlink", XLINK)];

/// Prefixes declared when something needs them.
const KNOWN: &[(&str, &str)] = &[("LPA", LPA), ("mismo", MISMO)];

/// The prefixes of a document.
struct Prefixes<'a> {
    of: HashMap<&'a str, String>,
    /// Beyond those always declared, in the order met.
    more: Vec<&'a str>,
}

impl<'a> Prefixes<'a> {
    fn collect(draft: &Draft<'a>, order: &[Id]) -> Self {
        let mut prefixes = Self {
            of: HashMap::new(),
            more: Vec::new(),
        };
        for (prefix, space) in ALWAYS {
            prefixes.of.insert(space, (*prefix).to_owned());
        }
        prefixes.of.insert(XML, "xml".to_owned());
        for id in order {
            let element = draft.get(*id);
            if element.space != MISMO {
                prefixes.need(element.space);
            }
            for attribute in &element.attributes {
                prefixes.need(attribute.space);
            }
        }
        prefixes
    }

    fn need(&mut self, space: &'a str) {
        if space.is_empty() || self.of.contains_key(space) {
            return;
        }
        let known = KNOWN.iter().find(|(_, known)| *known == space);
        let prefix = match known {
            Some((prefix, _)) => (*prefix).to_owned(),
            None => format!("ns{}", self.more.len().saturating_add(1)),
        };
        self.of.insert(space, prefix);
        self.more.push(space);
    }

    fn push(&self, out: &mut String, space: &str) {
        if let Some(prefix) = self.of.get(space) {
            out.push_str(prefix);
            out.push(':');
        }
    }
}

/// What is still to be written.
enum Task {
    Open(Id, usize),
    Close(Id, usize),
}

/// The document as text.
pub(super) fn text(draft: &Draft<'_>) -> String {
    let order = order(draft);
    let prefixes = Prefixes::collect(draft, &order);
    let mut out = String::with_capacity(order.len().saturating_mul(80));
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    let mut tasks = vec![Task::Open(draft.root(), 0)];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Open(id, depth) => {
                let element = draft.get(id);
                break_line(&mut out, depth);
                open(&mut out, draft, &prefixes, element);
                if element.children.is_empty() {
                    continue;
                }
                tasks.push(Task::Close(id, depth));
                let inside = depth.saturating_add(1);
                let children = element.children.iter().rev();
                tasks.extend(children.map(|child| Task::Open(*child, inside)));
            }
            Task::Close(id, depth) => {
                break_line(&mut out, depth);
                close(&mut out, &prefixes, draft.get(id));
            }
        }
    }
    out.push('\n');
    out
}

/// The elements that are written, in the order of the document.
fn order(draft: &Draft<'_>) -> Vec<Id> {
    let mut order = Vec::new();
    let mut next = vec![draft.root()];
    while let Some(id) = next.pop() {
        order.push(id);
        next.extend(draft.get(id).children.iter().rev());
    }
    order
}

/// Deepest indentation; documents as deep as that are nobody's to look at.
const MAX_INDENT: usize = 40;

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n('\t', depth.min(MAX_INDENT)));
}

fn push_name(out: &mut String, prefixes: &Prefixes<'_>, element: &Element<'_>) {
    if element.space != MISMO {
        prefixes.push(out, element.space);
    }
    out.push_str(&element.name);
}

/// Writes the start of an element and its text; the whole of it when it has no children.
fn open(out: &mut String, draft: &Draft<'_>, prefixes: &Prefixes<'_>, element: &Element<'_>) {
    out.push('<');
    push_name(out, prefixes, element);
    let outer = element.parent.map(|parent| draft.get(parent).space);
    match outer {
        None => declare(out, prefixes),
        // The default namespace is the standard's, so an element of none takes it off.
        Some(outer) if element.space.is_empty() && !outer.is_empty() => out.push_str(" xmlns=\"\""),
        Some("") if element.space == MISMO => declare_one(out, "xmlns", MISMO),
        Some(_) => {}
    }
    for attribute in &element.attributes {
        out.push(' ');
        prefixes.push(out, attribute.space);
        out.push_str(attribute.name);
        out.push_str("=\"");
        xml_text::push(out, &attribute.value, Place::Attribute);
        out.push('"');
    }
    match (&element.text, element.children.is_empty()) {
        (None, true) => out.push_str("/>"),
        (None, false) => out.push('>'),
        (Some(text), is_leaf) => {
            out.push('>');
            xml_text::push(out, text, Place::Content);
            if is_leaf {
                close(out, prefixes, element);
            }
        }
    }
}

fn close(out: &mut String, prefixes: &Prefixes<'_>, element: &Element<'_>) {
    out.push_str("</");
    push_name(out, prefixes, element);
    out.push('>');
}

fn declare(out: &mut String, prefixes: &Prefixes<'_>) {
    declare_one(out, "xmlns", MISMO);
    for (prefix, space) in ALWAYS {
        declare_one(out, &format!("xmlns:{prefix}"), space);
    }
    for space in &prefixes.more {
        if let Some(prefix) = prefixes.of.get(space) {
            declare_one(out, &format!("xmlns:{prefix}"), space);
        }
    }
}

fn declare_one(out: &mut String, name: &str, space: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    xml_text::push(out, space, Place::Attribute);
    out.push('"');
}
