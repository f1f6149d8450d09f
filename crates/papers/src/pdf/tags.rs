//! The structure of a document: what is a heading, a table, a cell, in reading order.

use super::file::{File, Id};
use std::fmt::Write as _;

/// A node of the structure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// What a header cell heads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Column,
    Row,
}

/// What a node is: the standard structure types of PDF 1.7 that our papers need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Document,
    Heading(u8),
    Paragraph,
    List,
    Item,
    Label,
    ItemBody,
    Table,
    TableHead,
    TableBody,
    Row,
    HeaderCell(Scope),
    Cell,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Heading(1) => "H1",
            Self::Heading(2) => "H2",
            Self::Heading(_) => "H3",
            Self::Paragraph => "P",
            Self::List => "L",
            Self::Item => "LI",
            Self::Label => "Lbl",
            Self::ItemBody => "LBody",
            Self::Table => "Table",
            Self::TableHead => "THead",
            Self::TableBody => "TBody",
            Self::Row => "TR",
            Self::HeaderCell(_) => "TH",
            Self::Cell => "TD",
        }
    }

    const fn attributes(self) -> &'static str {
        match self {
            Self::HeaderCell(Scope::Column) => "/A<</O/Table/Scope/Column>>",
            Self::HeaderCell(Scope::Row) => "/A<</O/Table/Scope/Row>>",
            Self::List => "/A<</O/List/ListNumbering/Disc>>",
            Self::Document
            | Self::Heading(_)
            | Self::Paragraph
            | Self::Item
            | Self::Label
            | Self::ItemBody
            | Self::Table
            | Self::TableHead
            | Self::TableBody
            | Self::Row
            | Self::Cell => "",
        }
    }
}

#[derive(Clone, Copy)]
enum Kid {
    Node(NodeId),
    /// A stretch of marked content: page and number on it.
    Mark(usize, usize),
}

struct Node {
    role: Role,
    parent: Option<NodeId>,
    kids: Vec<Kid>,
}

/// The tree.
pub(crate) struct Tags {
    nodes: Vec<Node>,
}

impl Tags {
    /// A tree of one document node, and that node.
    pub(crate) fn new() -> (Self, NodeId) {
        let root = Node {
            role: Role::Document,
            parent: None,
            kids: Vec::new(),
        };
        (Self { nodes: vec![root] }, NodeId(0))
    }

    /// A new last child.
    pub(crate) fn add(&mut self, parent: NodeId, role: Role) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node {
            role,
            parent: Some(parent),
            kids: Vec::new(),
        });
        self.kid(parent, Kid::Node(id));
        id
    }

    /// Content of a node: the stretch `mark` on a page.
    pub(crate) fn mark(&mut self, node: NodeId, page: usize, mark: usize) {
        self.kid(node, Kid::Mark(page, mark));
    }

    fn kid(&mut self, node: NodeId, kid: Kid) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.kids.push(kid);
        }
    }

    /// The name marked content of a node carries.
    pub(crate) fn name(&self, node: NodeId) -> &'static str {
        self.nodes
            .get(node.0)
            .map_or("Span", |node| node.role.name())
    }

    /// Writes the tree. `marks` are, for each page, the nodes of its stretches in order.
    pub(crate) fn write(&self, file: &mut File, pages: &[Id], marks: &[Vec<NodeId>]) -> Id {
        let root = file.reserve();
        let ids: Vec<Id> = self.nodes.iter().map(|_| file.reserve()).collect();
        let id_of = |node: NodeId| ids.get(node.0).copied().unwrap_or(root);
        for (node, id) in self.nodes.iter().zip(&ids) {
            let body = element(node, node.parent.map_or(root, id_of), pages, id_of);
            file.put(*id, body);
        }
        let mut numbers = String::from("<</Nums[");
        for (page, nodes) in marks.iter().enumerate() {
            let list = file.reserve();
            let mut body = String::from("[");
            for node in nodes {
                let _ = write!(body, "{} ", id_of(*node));
            }
            body.push(']');
            file.put(list, body);
            let _ = write!(numbers, "{page} {list} ");
        }
        numbers.push_str("]>>");
        let parents = file.reserve();
        file.put(parents, numbers);
        file.put(
            root,
            format!(
                "<</Type/StructTreeRoot/K[{}]/ParentTree {parents}/ParentTreeNextKey {}>>",
                id_of(NodeId(0)),
                marks.len()
            ),
        );
        root
    }
}

fn element(node: &Node, parent: Id, pages: &[Id], id_of: impl Fn(NodeId) -> Id) -> String {
    let mut body = format!(
        "<</S/{}{}/P {parent}",
        node.role.name(),
        node.role.attributes()
    );
    // The page of the first stretch; stretches on other pages say theirs.
    let page = node.kids.iter().find_map(|kid| match kid {
        Kid::Mark(page, _) => Some(*page),
        Kid::Node(_) => None,
    });
    if let Some(id) = page.and_then(|page| pages.get(page)) {
        let _ = write!(body, "/Pg {id}");
    }
    if let ([Kid::Mark(_, mark)], Some(_)) = (node.kids.as_slice(), page) {
        let _ = write!(body, "/K {mark}>>");
        return body;
    }
    body.push_str("/K[");
    for kid in &node.kids {
        let _ = match kid {
            Kid::Node(child) => write!(body, "{} ", id_of(*child)),
            Kid::Mark(on, mark) if page == Some(*on) => write!(body, "{mark} "),
            Kid::Mark(on, mark) => match pages.get(*on) {
                Some(id) => write!(body, "<</Type/MCR/Pg {id}/MCID {mark}>>"),
                None => Ok(()),
            },
        };
    }
    body.push_str("]>>");
    body
}
