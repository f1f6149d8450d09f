//! Pages being painted: stretches of text that belong to a node, and artifacts that belong to none.

use std::io::Write as _;

use super::face::{Faces, Weight};
use super::font::Used;
use super::tags::{NodeId, Tags};
use super::{Mp, PAGE_HEIGHT};

/// Colours in use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    Heading,
    Quiet,
    Fill,
}

impl Ink {
    /// As an operator of a content stream, in sRGB. Text colours have a contrast above 7 : 1 on white.
    const fn operator(self) -> &'static str {
        match self {
            Self::Black => "0 0 0 rg",
            Self::Heading => ".06 .2 .36 rg",
            Self::Quiet => ".29 .29 .29 rg",
            Self::Fill => ".92 .94 .96 rg",
        }
    }
}

/// Where and how a line of text stands: distances from the left and the top edge to its baseline.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) x: Mp,
    pub(crate) y: Mp,
    pub(crate) size: Mp,
    pub(crate) weight: Weight,
    pub(crate) ink: Ink,
}

struct Page {
    content: Vec<u8>,
    marks: Vec<NodeId>,
    /// What the content has set last: colour, face and size.
    ink: Option<Ink>,
    font: Option<(Weight, Mp)>,
}

/// Colour and thickness of the rules under rows, set once a page: nothing else is stroked.
const RULES: &[u8] = b".75 .77 .8 RG .4 w\n";

/// The pages.
pub(crate) struct Canvas {
    faces: &'static Faces,
    pages: Vec<Page>,
    regular: Used,
    bold: Used,
}

impl Canvas {
    pub(crate) fn new(faces: &'static Faces) -> Self {
        Self {
            faces,
            pages: Vec::new(),
            regular: Used::new(&faces.regular),
            bold: Used::new(&faces.bold),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.pages.len()
    }

    /// Begins a page.
    pub(crate) fn turn(&mut self) {
        self.pages.push(Page {
            content: RULES.to_vec(),
            marks: Vec::new(),
            ink: None,
            font: None,
        });
    }

    /// Paints lines on the last page as one stretch of a node's content. Nothing for no lines.
    pub(crate) fn text<'t>(
        &mut self,
        tags: &mut Tags,
        node: NodeId,
        lines: impl IntoIterator<Item = (Place, &'t str)>,
    ) {
        let Some(at) = self.pages.len().checked_sub(1) else {
            return;
        };
        let Some(page) = self.pages.get_mut(at) else {
            return;
        };
        let mark = page.marks.len();
        let mut from = None;
        for (place, text) in lines {
            if from.is_none() {
                let _ = write!(page.content, "/{}<</MCID {mark}>>BDC BT", tags.name(node));
            }
            let used = match place.weight {
                Weight::Regular => &mut self.regular,
                Weight::Bold => &mut self.bold,
            };
            page.show(self.faces, used, place, from, text);
            from = Some(place);
        }
        if from.is_some() {
            page.content.extend_from_slice(b"ET EMC\n");
            page.marks.push(node);
            tags.mark(node, at, mark);
        }
    }

    /// Paints a line of text that is no content: page numbers, repeated headers.
    pub(crate) fn artifact_text(&mut self, page: usize, place: Place, text: &str) {
        let used = match place.weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
        };
        if let Some(page) = self.pages.get_mut(page) {
            page.content
                .extend_from_slice(b"/Artifact<</Type/Pagination>>BDC BT");
            page.show(self.faces, used, place, None, text);
            page.content.extend_from_slice(b"ET EMC\n");
        }
    }

    /// Fills a rectangle of the last page; `y` is its upper edge.
    pub(crate) fn artifact_box(&mut self, x: Mp, y: Mp, width: Mp, height: Mp, ink: Ink) {
        if let Some(page) = self.pages.last_mut() {
            page.content
                .extend_from_slice(b"/Artifact<</Type/Layout>>BDC ");
            page.set(ink);
            for length in [x, PAGE_HEIGHT - y - height, width, height] {
                points(&mut page.content, length);
            }
            page.content.extend_from_slice(b"re f EMC\n");
        }
    }

    /// Draws a thin rule on the last page.
    pub(crate) fn artifact_rule(&mut self, x: Mp, y: Mp, width: Mp) {
        if let Some(page) = self.pages.last_mut() {
            let out = &mut page.content;
            out.extend_from_slice(b"/Artifact<</Type/Layout>>BDC ");
            points(out, x);
            points(out, PAGE_HEIGHT - y);
            out.extend_from_slice(b"m ");
            points(out, x + width);
            points(out, PAGE_HEIGHT - y);
            out.extend_from_slice(b"l S EMC\n");
        }
    }

    /// Content and stretches of the pages, and the glyphs in use.
    pub(crate) fn into_parts(self) -> (Vec<Vec<u8>>, Vec<Vec<NodeId>>, [Used; 2]) {
        let (contents, marks) = self
            .pages
            .into_iter()
            .map(|page| (page.content, page.marks))
            .unzip();
        (contents, marks, [self.regular, self.bold])
    }
}

impl Page {
    /// Sets the colour unless it is set.
    fn set(&mut self, ink: Ink) {
        if self.ink != Some(ink) {
            self.content.extend_from_slice(ink.operator().as_bytes());
            self.content.push(b' ');
            self.ink = Some(ink);
        }
    }

    /// A line inside a text object; `from` is the line before it in the same object.
    fn show(
        &mut self,
        faces: &Faces,
        used: &mut Used,
        place: Place,
        from: Option<Place>,
        text: &str,
    ) {
        self.content.push(b' ');
        self.set(place.ink);
        if self.font != Some((place.weight, place.size)) {
            self.content.extend_from_slice(match place.weight {
                Weight::Regular => b"/R ",
                Weight::Bold => b"/B ",
            });
            points(&mut self.content, place.size);
            self.content.extend_from_slice(b"Tf ");
            self.font = Some((place.weight, place.size));
        }
        // Positions are given in whole hundredths from the line before, so that they add up.
        let (x, y) = (place.x / 10 * 10, (PAGE_HEIGHT - place.y) / 10 * 10);
        let (x0, y0) = from.map_or((0, 0), |from| {
            (from.x / 10 * 10, (PAGE_HEIGHT - from.y) / 10 * 10)
        });
        points(&mut self.content, x - x0);
        points(&mut self.content, y - y0);
        self.content.extend_from_slice(b"Td(");
        let face = faces.of(place.weight);
        for c in text.chars() {
            let c = if c == '\u{a0}' { ' ' } else { c };
            for byte in used.code(face.printed(c), c).to_be_bytes() {
                // What would end the string or be read as another byte.
                match byte {
                    b'(' | b')' | b'\\' => self.content.extend_from_slice(&[b'\\', byte]),
                    b'\r' => self.content.extend_from_slice(b"\\r"),
                    _ => self.content.push(byte),
                }
            }
        }
        self.content.extend_from_slice(b")Tj ");
    }
}

/// A length in points, hundredths kept, and a space.
fn points(out: &mut Vec<u8>, length: Mp) {
    let hundredths = length / 10;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
    let _ = match rest {
        0 => write!(out, "{sign}{whole} "),
        _ => write!(out, "{sign}{whole}.{rest:02} "),
    };
}
