//! Another XML reader to hold ours against: the same texts are accepted, and the same tree is seen.
//! Included by the unit tests and by the fuzz target `mismo_xml`.

use roxmltree::{Document, Error, Node, NodeType, ParsingOptions};

/// An element: depth, namespace and name; its text, joined and without blanks around; its
/// attributes, each with namespace, name and value.
pub type Element = (String, String, Vec<(String, String, String)>);

/// Why a text was refused by our reader.
#[derive(Debug)]
pub struct Refused {
    /// Byte offset.
    pub offset: usize,
    /// What it says to a sender.
    pub message: String,
    /// Refused on purpose: a document type, or beyond a limit.
    pub is_limit: bool,
}

/// Compares what our reader made of a text with what the other one makes; answers whether both
/// accepted it.
///
/// # Panics
/// When they differ where they should not.
pub fn agree(text: &str, ours: Result<Vec<Element>, Refused>, max_nodes: u32) -> bool {
    let options = ParsingOptions {
        nodes_limit: max_nodes,
        ..ParsingOptions::default()
    };
    match (ours, Document::parse_with_options(text, options)) {
        (Ok(ours), Ok(rival)) => {
            assert_eq!(ours, theirs(&rival), "{text:?}");
            true
        }
        (Err(_), Err(_)) => false,
        (Err(refused), Ok(_)) => {
            let is_known = refused.is_limit || is_stricter(&refused, text);
            assert!(is_known, "only ours refuses: {refused:?} {text:?}");
            false
        }
        (Ok(_), Err(error)) => {
            assert!(
                is_laxer(&error, text),
                "only ours accepts: {error} {text:?}"
            );
            false
        }
    }
}

fn theirs(doc: &Document<'_>) -> Vec<Element> {
    let elements = doc.descendants().filter(Node::is_element);
    let shape = elements.map(|node| {
        let depth = node.ancestors().filter(Node::is_element).count();
        let tag = node.tag_name();
        let name = format!("{depth} {}:{}", tag.namespace().unwrap_or(""), tag.name());
        let texts = node
            .children()
            .filter(|child| child.node_type() == NodeType::Text);
        let text: String = texts.filter_map(|child| child.text()).collect();
        let attributes = node.attributes().map(|a| {
            let space = a.namespace().unwrap_or("").to_owned();
            (space, a.name().to_owned(), a.value().to_owned())
        });
        (name, text.trim().to_owned(), attributes.collect())
    });
    shape.collect()
}

/// Where the other reader is laxer than the standard: names of instructions, and references to
/// characters that do not exist; colons at either end of a name; prefixes declared to mean nothing,
/// or what is reserved.
fn is_stricter(refused: &Refused, text: &str) -> bool {
    let (before, behind) = text.split_at(refused.offset);
    let markup = before.rfind('<').map_or("", |at| &text[at..]);
    markup.starts_with("<?")
        || behind.starts_with("<?")
        || behind.starts_with("xmlns")
        || behind.starts_with(':')
        || before.ends_with(':')
        || refused.message.contains("character that XML forbids")
}

/// Where the other reader is stricter than we need to be: within the declaration, most of which
/// means nothing once the document is text; and in the number of nodes, of which ours has fewer.
fn is_laxer(error: &Error, text: &str) -> bool {
    let declaration = text.find("?>").map_or("", |end| &text[..end + 2]);
    let lines = declaration.matches('\n').count() + 1;
    let row = usize::try_from(error.pos().row).unwrap_or(0);
    (declaration.starts_with("<?xml") && row <= lines) || matches!(error, Error::NodesLimitReached)
}
