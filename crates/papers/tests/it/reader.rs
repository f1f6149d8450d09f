//! A reader of our own files, for these tests only: objects, structure, and the text in the order of
//! the structure, as a screen reader would speak it.

use std::collections::BTreeMap;

use miniz_oxide::inflate::decompress_to_vec_zlib;

/// A node of the structure: its role, its text, its children.
pub struct Node {
    pub role: String,
    pub scope: Option<String>,
    pub text: String,
    pub kids: Vec<Node>,
}

pub struct Read {
    pub catalog: String,
    pub objects: BTreeMap<usize, String>,
    pub streams: BTreeMap<usize, (String, Vec<u8>)>,
    pub pages: Vec<usize>,
    pub root: Node,
    /// Text outside the structure: page numbers and repeated headers.
    pub artifacts: String,
}

/// The number after a name such as `/P `.
pub fn number(body: &str, name: &str) -> Option<usize> {
    let rest = body.split_once(name)?.1.trim_start();
    rest.split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

impl Read {
    pub fn new(bytes: &[u8]) -> Self {
        let (mut objects, mut streams) = (BTreeMap::new(), BTreeMap::new());
        let mut at = 0;
        while let Some(found) = find(&bytes[at..], b"stream\n") {
            let start = at + found + 7;
            let head = &bytes[at..start];
            let head = String::from_utf8_lossy(head).into_owned();
            let head = head.rsplit_once(" 0 obj\n").map(|(before, dict)| {
                let id = before.rsplit('\n').next().unwrap().parse().unwrap();
                (id, dict.to_owned())
            });
            let (id, dict): (usize, String) = head.unwrap();
            let length = number(&dict, "/Length ").unwrap();
            let raw = &bytes[start..start + length];
            let data = if dict.contains("/FlateDecode") {
                decompress_to_vec_zlib(raw).unwrap()
            } else {
                raw.to_vec()
            };
            streams.insert(id, (dict, data));
            at = start + length + "\nendstream\nendobj\n".len();
        }
        for (dict, data) in streams
            .values()
            .filter(|(dict, _)| dict.contains("/ObjStm"))
        {
            let text = String::from_utf8(data.clone()).unwrap();
            let (index, bodies) = text.split_at(number(dict, "/First ").unwrap());
            let index: Vec<usize> = index
                .split_whitespace()
                .map(|n| n.parse().unwrap())
                .collect();
            for pair in index.chunks(2) {
                let body = bodies[pair[1]..].lines().next().unwrap();
                objects.insert(pair[0], body.to_owned());
            }
        }
        let trailer = streams
            .values()
            .find(|(dict, _)| dict.contains("/Type/XRef"));
        let catalog = objects[&number(&trailer.unwrap().0, "/Root ").unwrap()].clone();
        let tree = &objects[&number(&catalog, "/Pages ").unwrap()];
        let kids = tree.split_once("/Kids[").unwrap().1;
        let pages = kids
            .split(" 0 R")
            .filter_map(|id| id.trim().parse().ok())
            .collect();
        let mut read = Self {
            catalog,
            objects,
            streams,
            pages,
            root: Node {
                role: String::new(),
                scope: None,
                text: String::new(),
                kids: Vec::new(),
            },
            artifacts: String::new(),
        };
        read.structure();
        read
    }

    fn structure(&mut self) {
        let mut marks = BTreeMap::new();
        for page in self.pages.clone() {
            let body = self.objects[&page].clone();
            let stream = number(&body, "/Contents ").unwrap();
            let fonts = &self.objects[&number(&body, "/Resources ").unwrap()];
            let table = |name: &str| {
                number(fonts, name).map(|id| {
                    let unicode = number(&self.objects[&id], "/ToUnicode ").unwrap();
                    to_unicode(&String::from_utf8_lossy(&self.streams[&unicode].1))
                })
            };
            let fonts = [table("/R "), table("/B ")];
            self.artifacts += &content(&self.streams[&stream].1, &fonts, page, &mut marks);
        }
        let tree = &self.objects[&number(&self.catalog, "/StructTreeRoot ").unwrap()];
        let root = number(tree, "/K[").unwrap();
        self.root = self.node(root, &mut marks);
        assert!(marks.is_empty(), "content without a place in the structure");
    }

    fn node(&self, id: usize, marks: &mut BTreeMap<(usize, usize), String>) -> Node {
        let body = &self.objects[&id];
        let role = body.split_once("/S/").unwrap().1;
        let role: String = role
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let scope = body
            .split_once("/Scope/")
            .map(|(_, rest)| rest.chars().take_while(char::is_ascii_alphabetic).collect());
        let mut node = Node {
            role,
            scope,
            text: String::new(),
            kids: Vec::new(),
        };
        let page = number(body, "/Pg ");
        let Some(kids) = body.split_once("/K[").map(|(_, kids)| kids) else {
            let mark = number(body, "/K ").unwrap();
            node.text = marks.remove(&(page.unwrap(), mark)).unwrap();
            return node;
        };
        let mut rest = kids.trim_end_matches(">>").trim_end_matches(']').trim();
        while !rest.is_empty() {
            if let Some(mcr) = rest.strip_prefix("<<") {
                let (dict, after) = mcr.split_once(">>").unwrap();
                let key = (
                    number(dict, "/Pg ").unwrap(),
                    number(dict, "/MCID ").unwrap(),
                );
                node.text += &marks.remove(&key).unwrap();
                rest = after.trim_start();
                continue;
            }
            let (first, after) = rest.split_once(' ').unwrap_or((rest, ""));
            rest = after.trim_start();
            let value = first.parse().unwrap();
            if let Some(after) = rest.strip_prefix("0 R") {
                node.kids.push(self.node(value, marks));
                rest = after.trim_start();
            } else {
                node.text += &marks.remove(&(page.unwrap(), value)).unwrap();
            }
        }
        node
    }

    /// All nodes of a role, in order.
    pub fn all(&self, role: &str) -> Vec<&Node> {
        let mut found = Vec::new();
        self.root.walk(&mut |node| {
            if node.role == role {
                found.push(node);
            }
        });
        found
    }

    /// All text of the structure, in order.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.root.walk(&mut |node| {
            if !node.text.is_empty() {
                out += &node.text;
                out.push('\n');
            }
        });
        out
    }
}

impl Node {
    fn walk<'n>(&'n self, see: &mut dyn FnMut(&'n Node)) {
        see(self);
        for kid in &self.kids {
            kid.walk(see);
        }
    }

    pub fn roles(&self) -> Vec<&str> {
        self.kids.iter().map(|kid| kid.role.as_str()).collect()
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn to_unicode(table: &str) -> BTreeMap<u16, char> {
    let hex = |text: &str| u16::from_str_radix(text, 16).unwrap();
    let pairs = table.lines().filter_map(|line| {
        let (code, unit) = line
            .strip_prefix('<')?
            .strip_suffix('>')?
            .split_once("><")?;
        (unit != "FFFF").then(|| (hex(code), char::from_u32(u32::from(hex(unit))).unwrap()))
    });
    pairs.collect()
}

/// Reads a page: text of marked stretches into `marks`, the rest as the answer.
fn content(
    bytes: &[u8],
    fonts: &[Option<BTreeMap<u16, char>>; 2],
    page: usize,
    marks: &mut BTreeMap<(usize, usize), String>,
) -> String {
    let (mut outside, mut at, mut font) = (String::new(), 0, 0);
    let mut key = None;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"/R ") || rest.starts_with(b"/B ") {
            font = usize::from(rest[1] == b'B');
        } else if rest.starts_with(b"<</MCID ") {
            let text = String::from_utf8_lossy(&rest[..rest.len().min(24)]).into_owned();
            key = Some((page, number(&text, "/MCID ").unwrap()));
        } else if rest.starts_with(b"EMC") {
            key = None;
        } else if rest[0] == b'(' {
            let (codes, length) = string(&rest[1..]);
            let table = fonts[font].as_ref().unwrap();
            let text: String = codes
                .chunks(2)
                .map(|c| table[&u16::from_be_bytes([c[0], c[1]])])
                .collect();
            match key {
                Some(key) => *marks.entry(key).or_default() += &text,
                None => outside = outside + &text + "\n",
            }
            at += length;
        }
        at += 1;
    }
    outside
}

fn string(bytes: &[u8]) -> (Vec<u8>, usize) {
    let (mut out, mut at) = (Vec::new(), 0);
    loop {
        match bytes[at] {
            b')' => return (out, at + 1),
            b'\\' => {
                at += 1;
                out.push(if bytes[at] == b'r' { b'\r' } else { bytes[at] });
            }
            byte => out.push(byte),
        }
        at += 1;
    }
}
