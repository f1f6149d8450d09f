//! A document as a flat table of elements and texts: the XML reader.
//!
//! Our own, because a loan is typed from a tree and the tree must cost little: no node for blanks
//! between elements, none for comments and instructions, names and texts borrowed from the input.
//! It accepts well-formed XML 1.0 with namespaces and nothing that could reach outside the text or
//! grow it: document types are refused. A test and a fuzz target hold it against another reader.
//! Nothing here recurses.

mod chars;
mod parse;
#[cfg(test)]
mod rival;

pub(crate) use parse::parse;

/// A well-formed document.
pub(crate) struct Document<'t> {
    text: &'t str,
    /// Elements and texts in document order; the root first.
    entries: Vec<Entry<'t>>,
    attributes: Vec<AttributeEntry<'t>>,
    /// Addresses of namespaces, each once; the first stands for none.
    spaces: Vec<std::borrow::Cow<'t, str>>,
    /// Texts and values that had references or line ends to be replaced.
    decoded: Vec<String>,
    /// How many attributes and namespaces the root declares.
    root_spaces: usize,
    /// Bytes of the longest text or attribute value.
    longest: usize,
}

#[derive(Clone, Copy)]
struct Entry<'t> {
    /// Local name of an element; text of a text, unless decoded.
    content: &'t str,
    /// See [`key`]; of an element's name.
    key: u32,
    what: What,
    parent: u32,
    /// Behind the last entry within this one.
    end: u32,
    offset: u32,
    first_attribute: u32,
    attributes: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// An element and its namespace.
    Element(u32),
    /// A text as it stands.
    Text,
    /// A text among the decoded ones.
    Decoded(u32),
}

#[derive(Clone, Copy)]
struct AttributeEntry<'t> {
    space: u32,
    name: &'t str,
    /// The value as it stands, unless decoded.
    value: &'t str,
    decoded: Option<u32>,
}

fn at(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

impl<'t> Document<'t> {
    /// The text the document was read from.
    pub(crate) const fn text(&self) -> &'t str {
        self.text
    }

    pub(crate) const fn root(&'t self) -> Node<'t> {
        Node {
            doc: self,
            index: 0,
        }
    }

    /// How many elements and texts there are.
    pub(crate) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes of the longest text or attribute value.
    pub(crate) const fn longest(&self) -> usize {
        self.longest
    }

    /// Every element and text in document order.
    pub(crate) fn nodes(&'t self) -> impl Iterator<Item = Node<'t>> {
        let count = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        (0..count).map(|index| Node { doc: self, index })
    }

    /// Whether the root declares a namespace.
    pub(crate) fn root_declares(&self, space: &str) -> bool {
        let declared = self.spaces.iter().take(self.root_spaces);
        declared.into_iter().any(|declared| declared == space)
    }

    fn space(&self, index: u32) -> Option<&str> {
        let space = self.spaces.get(at(index))?;
        (!space.is_empty()).then_some(space.as_ref())
    }

    fn decoded(&self, index: u32) -> &str {
        self.decoded.get(at(index)).map_or("", String::as_str)
    }
}

/// An element or a text.
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    doc: &'t Document<'t>,
    index: u32,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

/// Stands in for an entry outside the table. Never met: an index comes from the same table.
static NOTHING: Entry<'static> = Entry {
    content: "",
    key: 0,
    what: What::Text,
    parent: 0,
    end: 0,
    offset: 0,
    first_attribute: 0,
    attributes: 0,
};

/// A number that alike names share and different names rarely do, so that most comparisons of
/// names end with it.
fn key(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().map_or(0, u32::from);
    let last = bytes.len().saturating_sub(1);
    let length = u32::try_from(bytes.len() & 0xff).unwrap_or(0);
    byte(0) | byte(last / 2) << 8 | byte(last) << 16 | length << 24
}

impl<'t> Node<'t> {
    fn entry(self) -> &'t Entry<'t> {
        self.doc.entries.get(at(self.index)).unwrap_or(&NOTHING)
    }

    /// Its place in document order.
    pub(crate) fn index(self) -> usize {
        at(self.index)
    }

    pub(crate) fn is_element(self) -> bool {
        matches!(self.entry().what, What::Element(_))
    }

    /// Local name of an element; empty for a text.
    pub(crate) fn name(self) -> &'t str {
        let entry = self.entry();
        match entry.what {
            What::Element(_) => entry.content,
            What::Text | What::Decoded(_) => "",
        }
    }

    /// Namespace of an element.
    pub(crate) fn namespace(self) -> Option<&'t str> {
        match self.entry().what {
            What::Element(space) => self.doc.space(space),
            What::Text | What::Decoded(_) => None,
        }
    }

    /// Whether two elements are of one namespace.
    pub(crate) fn shares_namespace(self, other: Self) -> bool {
        self.entry().what == other.entry().what
    }

    /// What makes siblings alike.
    pub(crate) fn tag(self) -> (Option<&'t str>, &'t str) {
        (self.namespace(), self.name())
    }

    pub(crate) fn is(self, space: &str, name: &str) -> bool {
        self.name() == name && self.namespace() == Some(space)
    }

    /// A text's own text; `None` for an element.
    pub(crate) fn text(self) -> Option<&'t str> {
        let entry = self.entry();
        match entry.what {
            What::Element(_) => None,
            What::Text => Some(entry.content),
            What::Decoded(index) => Some(self.doc.decoded(index)),
        }
    }

    /// Where it begins in the document's text.
    pub(crate) fn offset(self) -> usize {
        at(self.entry().offset)
    }

    pub(crate) fn parent(self) -> Option<Self> {
        (self.index != 0).then(|| self.with(self.entry().parent))
    }

    const fn with(self, index: u32) -> Self {
        Self {
            doc: self.doc,
            index,
        }
    }

    /// The node itself, its parent, and so on to the root.
    pub(crate) fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |node| node.parent())
    }

    /// Elements and texts directly inside.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let entry = self.entry();
        let end = match entry.what {
            What::Element(_) => entry.end,
            What::Text | What::Decoded(_) => self.index,
        };
        let mut next = self.index.saturating_add(1);
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = self.with(next);
                next = child.entry().end;
                child
            })
        })
    }

    /// Elements directly inside.
    pub(crate) fn elements(self) -> impl Iterator<Item = Self> {
        self.children().filter(|child| child.is_element())
    }

    /// Elements of a name directly inside, of this element's own namespace.
    pub(crate) fn alike<'n>(self, name: &'n str) -> Named<'t, 'n> {
        let entry = self.entry();
        let (space, end) = match entry.what {
            What::Element(space) => (space, entry.end),
            What::Text | What::Decoded(_) => (0, self.index),
        };
        Named {
            doc: self.doc,
            next: self.index.saturating_add(1),
            end,
            space,
            key: key(name),
            name,
        }
    }

    /// The node and everything inside, in document order.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Self> {
        (self.index..self.entry().end).map(move |index| self.with(index))
    }

    /// The place behind everything inside.
    pub(crate) fn end(self) -> usize {
        at(self.entry().end)
    }

    pub(crate) fn attributes(self) -> impl Iterator<Item = Attribute<'t>> {
        let entry = self.entry();
        let from = at(entry.first_attribute);
        let to = from.saturating_add(at(entry.attributes));
        let own = self.doc.attributes.get(from..to).unwrap_or(&[]);
        own.iter().map(|entry| Attribute {
            namespace: self.doc.space(entry.space),
            name: entry.name,
            value: match entry.decoded {
                None => entry.value,
                Some(index) => self.doc.decoded(index),
            },
        })
    }

    pub(crate) fn has_attributes(self) -> bool {
        self.entry().attributes > 0
    }

    /// The value of an attribute.
    pub(crate) fn attribute(self, space: Option<&str>, name: &str) -> Option<&'t str> {
        if !self.has_attributes() {
            return None;
        }
        let mut all = self.attributes();
        let found = all.find(|a| a.name == name && a.namespace == space);
        found.map(|a| a.value)
    }
}

/// The elements of one name and namespace among the children of an element.
pub(crate) struct Named<'t, 'n> {
    doc: &'t Document<'t>,
    next: u32,
    end: u32,
    space: u32,
    key: u32,
    name: &'n str,
}

impl<'t, 'n> Named<'t, 'n> {
    /// No elements at all.
    pub(crate) const fn nothing(doc: &'t Document<'t>, name: &'n str) -> Self {
        Self {
            doc,
            next: 1,
            end: 0,
            space: 0,
            key: 0,
            name,
        }
    }
}

impl<'t> Iterator for Named<'t, '_> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        while self.next < self.end {
            let index = self.next;
            let entry = self.doc.entries.get(at(index))?;
            self.next = entry.end;
            if entry.key == self.key
                && entry.what == What::Element(self.space)
                && entry.content == self.name
            {
                return Some(Node {
                    doc: self.doc,
                    index,
                });
            }
        }
        None
    }
}

/// An attribute; declarations of namespaces are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attribute<'t> {
    pub(crate) namespace: Option<&'t str>,
    pub(crate) name: &'t str,
    pub(crate) value: &'t str,
}

/// An element for comparison with another reader: depth, namespace and name; text; attributes.
#[cfg(any(test, feature = "shape"))]
pub(crate) type Element = (String, String, Vec<(String, String, String)>);

/// The tree as a list, for comparison with another reader.
#[cfg(feature = "shape")]
pub(crate) fn elements_of(
    text: &str,
    limits: &crate::limits::Limits,
) -> Result<Vec<Element>, (usize, String, bool)> {
    use crate::finding::Code;
    match parse(text, limits) {
        Ok(doc) => Ok(elements(&doc)),
        Err(refusal) => {
            let is_limit = !matches!(refusal.code, Code::XmlMalformed | Code::PrefixUndeclared);
            Err((refusal.offset, refusal.message.into_owned(), is_limit))
        }
    }
}

#[cfg(any(test, feature = "shape"))]
fn elements(doc: &Document<'_>) -> Vec<Element> {
    let shape = doc.nodes().filter(|node| node.is_element()).map(|node| {
        let depth = node.ancestors().count();
        let name = format!("{depth} {}:{}", node.namespace().unwrap_or(""), node.name());
        let text: String = node.children().filter_map(Node::text).collect();
        let attributes = node.attributes().map(|a| {
            let space = a.namespace.unwrap_or("").to_owned();
            (space, a.name.to_owned(), a.value.to_owned())
        });
        (name, text.trim().to_owned(), attributes.collect())
    });
    shape.collect()
}

#[cfg(test)]
fn shape(text: &str, limits: &crate::limits::Limits) -> Result<Vec<Element>, rival::Refused> {
    use crate::finding::Code;
    parse(text, limits)
        .map(|doc| elements(&doc))
        .map_err(|refusal| rival::Refused {
            is_limit: !matches!(refusal.code, Code::XmlMalformed | Code::PrefixUndeclared),
            offset: refusal.offset,
            message: refusal.message.into_owned(),
        })
}

#[cfg(test)]
mod tests;
