//! The document being written, as a tree in one list: elements refer to each other by number, so
//! nothing here recurses and a parent always comes before its children.

use std::borrow::Cow;
use std::collections::HashMap;

use super::xml_text::is_blank;
use crate::carried::Anchor;
use crate::finding::{Code, Finding, Log, Severity};
use crate::tree::MISMO;

/// Findings about one export.
const MAX_FINDINGS: usize = 100;

/// An element of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(usize);

/// An attribute; an empty namespace is none.
pub(super) struct Attribute<'a> {
    pub(super) space: &'a str,
    pub(super) name: &'a str,
    pub(super) value: Cow<'a, str>,
}

/// One element.
pub(super) struct Element<'a> {
    pub(super) space: &'a str,
    pub(super) name: Cow<'a, str>,
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) text: Option<Cow<'a, str>>,
    pub(super) children: Vec<Id>,
    pub(super) parent: Option<Id>,
    /// Stays even when it is empty: an entry of a list whose length means something.
    pub(super) is_kept: bool,
    /// Stands for an entry of the application, so nothing carried is merged into it by position.
    pub(super) is_entry: bool,
    /// What its label begins with, when it has one.
    pub(super) label: Option<Cow<'static, str>>,
}

/// A relationship between two elements.
pub(super) struct Link<'a> {
    pub(super) arcrole: &'a str,
    pub(super) from: Id,
    pub(super) to: Id,
}

/// A document being written.
pub(super) struct Draft<'a> {
    elements: Vec<Element<'a>>,
    anchors: HashMap<Anchor, Id>,
    pub(super) links: Vec<Link<'a>>,
    log: Log,
}

impl<'a> Draft<'a> {
    /// A draft with a root in the standard's namespace.
    pub(super) fn new(root: &'static str) -> Self {
        let mut draft = Self {
            elements: Vec::with_capacity(1024),
            anchors: HashMap::new(),
            links: Vec::new(),
            log: Log::new(MAX_FINDINGS),
        };
        draft.push(None, MISMO, Cow::Borrowed(root));
        draft
    }

    /// The root.
    pub(super) const fn root(&self) -> Id {
        Id(0)
    }

    fn push(&mut self, parent: Option<Id>, space: &'a str, name: Cow<'a, str>) -> Id {
        let id = Id(self.elements.len());
        self.elements.push(Element {
            space,
            name,
            attributes: Vec::new(),
            text: None,
            children: Vec::new(),
            parent,
            is_kept: false,
            is_entry: false,
            label: None,
        });
        if let Some(parent) = parent {
            self.get_mut(parent).children.push(id);
        }
        id
    }

    /// Every element with its number, parents before children.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (Id, &Element<'a>)> {
        self.elements
            .iter()
            .enumerate()
            .map(|(index, element)| (Id(index), element))
    }

    /// An element.
    pub(super) fn get(&self, id: Id) -> &Element<'a> {
        // Numbers are made by `push` alone and elements are never taken out.
        &self.elements[id.0]
    }

    /// An element, to change.
    pub(super) fn get_mut(&mut self, id: Id) -> &mut Element<'a> {
        &mut self.elements[id.0]
    }

    /// A new element in a namespace.
    pub(super) fn add_in(&mut self, parent: Id, space: &'a str, name: &'a str) -> Id {
        self.push(Some(parent), space, Cow::Borrowed(name))
    }

    /// A new element in its parent's namespace.
    pub(super) fn add(&mut self, parent: Id, name: &'a str) -> Id {
        self.add_in(parent, self.get(parent).space, name)
    }

    /// A new element for an entry of a list, which stays even when nothing is known of it.
    pub(super) fn item(&mut self, parent: Id, name: &'a str) -> Id {
        let id = self.add(parent, name);
        self.get_mut(id).is_kept = true;
        id
    }

    /// The first child of a name in its parent's namespace, made when it is not there.
    fn child(&mut self, parent: Id, name: &'a str) -> Id {
        let element = self.get(parent);
        let is_it = |id: &&Id| {
            let child = self.get(**id);
            child.name == name && child.space == element.space
        };
        match element.children.iter().find(is_it) {
            Some(id) => *id,
            None => self.add(parent, name),
        }
    }

    /// The element at a path of names, made as far as it is not there.
    pub(super) fn at(&mut self, parent: Id, path: &'static str) -> Id {
        path.split('/')
            .fold(parent, |id, name| self.child(id, name))
    }

    /// The extension of an element in a namespace: `EXTENSION/OTHER/<prefix>:<name>`.
    pub(super) fn extension(&mut self, parent: Id, space: &'static str, name: &'static str) -> Id {
        let other = self.at(parent, "EXTENSION/OTHER");
        let is_it = |id: &&Id| {
            let child = self.get(**id);
            child.name == name && child.space == space
        };
        match self.get(other).children.iter().find(is_it) {
            Some(id) => *id,
            None => self.add_in(other, space, name),
        }
    }

    /// A data point in its parent's namespace; nothing is written for blank text.
    pub(super) fn point(&mut self, parent: Id, name: Cow<'a, str>, text: Cow<'a, str>) {
        if is_blank(&text) {
            return;
        }
        let space = self.get(parent).space;
        let id = self.push(Some(parent), space, name);
        self.get_mut(id).text = Some(text);
    }

    /// Sets an attribute without a namespace.
    pub(super) fn attribute(&mut self, id: Id, name: &'a str, value: impl Into<Cow<'a, str>>) {
        self.attribute_in(id, "", name, value.into());
    }

    /// Sets an attribute in a namespace.
    pub(super) fn attribute_in(
        &mut self,
        id: Id,
        space: &'a str,
        name: &'a str,
        value: Cow<'a, str>,
    ) {
        self.get_mut(id)
            .attributes
            .push(Attribute { space, name, value });
    }

    /// Whether an element has an attribute.
    pub(super) fn has_attribute(&self, id: Id, space: &str, name: &str) -> bool {
        let mut attributes = self.get(id).attributes.iter();
        attributes.any(|attribute| attribute.space == space && attribute.name == name)
    }

    /// Makes an element the place of an entry of the application; it stays even when empty.
    pub(super) fn anchor(&mut self, id: Id, anchor: Anchor) {
        self.anchors.insert(anchor, id);
        let element = self.get_mut(id);
        element.is_entry = true;
        element.is_kept = true;
    }

    /// Gives an element a label that begins with a word.
    pub(super) fn label(&mut self, id: Id, label: impl Into<Cow<'static, str>>) {
        self.get_mut(id).label = Some(label.into());
    }

    /// Gives an element a label and, in its list, a sequence number counted from 1.
    pub(super) fn number(&mut self, id: Id, label: impl Into<Cow<'static, str>>, index: usize) {
        self.label(id, label);
        let number = index.saturating_add(1).to_string();
        self.attribute(id, "SequenceNumber", number);
    }

    /// The element of an entry, if it was written.
    pub(super) fn anchored(&self, anchor: Anchor) -> Option<Id> {
        self.anchors.get(&anchor).copied()
    }

    /// Relates two elements by an arc role of the standard, or by another one in full.
    pub(super) fn link(&mut self, arcrole: &'a str, from: Id, to: Id) {
        self.links.push(Link { arcrole, from, to });
    }

    /// Relates an entry to another one; an index nothing was written for is reported.
    pub(super) fn link_to(&mut self, arcrole: &'static str, from: Id, to: Anchor) {
        match self.anchored(to) {
            Some(to) => self.link(arcrole, from, to),
            None => {
                let message = "The application refers to an entry it does not have.";
                self.report(from, Code::ArcDangling, message, &[]);
            }
        }
    }

    /// Adds a warning about an element.
    pub(super) fn report(
        &mut self,
        id: Id,
        code: Code,
        message: &'static str,
        allowed: &[&'static str],
    ) {
        if !self.log.has_room(Severity::Warning) {
            self.log.drop_one();
            return;
        }
        let path = self.path(id);
        self.log.push(Finding {
            code,
            severity: Severity::Warning,
            path,
            line: None,
            message: message.into(),
            allowed: allowed.to_vec(),
        });
    }

    /// `DEAL/PARTIES/PARTY[2]`: from the deal, with a position where siblings have the same name.
    fn path(&self, id: Id) -> String {
        let mut steps = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            let element = self.get(id);
            let siblings = element.parent.map(|parent| &self.get(parent).children);
            let alike: Vec<Id> = siblings
                .into_iter()
                .flatten()
                .copied()
                .filter(|other| self.get(*other).name == element.name)
                .collect();
            let place = alike.iter().position(|other| *other == id).unwrap_or(0);
            steps.push(match alike.len() {
                0 | 1 => element.name.to_string(),
                _ => format!("{}[{}]", element.name, place.saturating_add(1)),
            });
            next = element.parent.filter(|_| element.name != "DEAL");
        }
        steps.reverse();
        steps.join("/")
    }

    /// Drops what holds nothing: no text, no attribute, no child that stays.
    pub(super) fn prune(&mut self) {
        let mut stays = vec![false; self.elements.len()];
        for (Id(index), element) in self.iter().rev() {
            stays[index] = element.is_kept
                || element.text.is_some()
                || !element.attributes.is_empty()
                || element.children.iter().any(|child| stays[child.0]);
        }
        for element in &mut self.elements {
            element.children.retain(|child| stays[child.0]);
        }
    }

    /// The findings, errors first.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.log.finish()
    }
}
