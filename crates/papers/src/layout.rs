//! Papers laid out on pages: headings, paragraphs, lists, tables, one after the other.

mod table;
mod text;

use lintel_engine::date::Date;

use crate::error::PaperError;
use crate::pdf::{
    About, Bookmark, Canvas, Faces, Ink, Mp, NodeId, PAGE_HEIGHT, PAGE_WIDTH, Place, Role, Tags,
    Weight, assemble, faces,
};

pub(crate) use table::{Column, Line, Table};
pub(crate) use text::clean;

/// How many pages a paper may have.
const MAX_PAGES: usize = 150;

/// Margin left and right.
const SIDE: Mp = 54_000;
/// Where the first line may begin.
const TOP: Mp = 58_000;
/// Where the last line must end, from the top edge.
const BOTTOM: Mp = PAGE_HEIGHT - 64_000;
/// Width of the lines.
const WIDTH: Mp = PAGE_WIDTH - 2 * SIDE;

/// How text is set.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size: Mp,
    pub(crate) weight: Weight,
    pub(crate) ink: Ink,
}

impl Style {
    pub(crate) const BODY: Self = Self {
        size: 9_500,
        weight: Weight::Regular,
        ink: Ink::Black,
    };
    pub(crate) const STRONG: Self = Self {
        weight: Weight::Bold,
        ..Self::BODY
    };
    const SMALL: Self = Self {
        size: 8_000,
        weight: Weight::Regular,
        ink: Ink::Quiet,
    };

    const fn heading(level: u8) -> Self {
        let size = match level {
            1 => 16_000,
            2 => 11_500,
            _ => 10_000,
        };
        Self {
            size,
            weight: Weight::Bold,
            ink: Ink::Heading,
        }
    }

    /// From one baseline to the next.
    const fn leading(self) -> Mp {
        self.size * 137 / 100
    }
}

/// A paper in the making.
pub(crate) struct Layout {
    faces: &'static Faces,
    canvas: Canvas,
    tags: Tags,
    root: NodeId,
    bookmarks: Vec<Bookmark>,
    /// Upper edge of what comes next.
    y: Mp,
    /// The limit of pages was reached; nothing more is painted.
    full: bool,
}

impl Layout {
    pub(crate) fn new() -> Result<Self, PaperError> {
        let faces = faces()?;
        let (tags, root) = Tags::new();
        let mut canvas = Canvas::new(faces);
        canvas.turn();
        Ok(Self {
            faces,
            canvas,
            tags,
            root,
            bookmarks: Vec::new(),
            y: TOP,
            full: false,
        })
    }

    fn turn(&mut self) {
        if self.canvas.count() < MAX_PAGES {
            self.canvas.turn();
        } else {
            self.full = true;
        }
        self.y = TOP;
    }

    /// Goes to a new page unless this one is empty.
    pub(crate) fn page_break(&mut self) {
        if self.y > TOP {
            self.turn();
        }
    }

    /// Goes to a new page when less than `height` is left.
    fn need(&mut self, height: Mp) {
        if self.y + height > BOTTOM {
            self.page_break();
        }
    }

    /// Leaves room.
    pub(crate) fn space(&mut self, height: Mp) {
        self.y = (self.y + height).min(BOTTOM);
    }

    /// A heading; levels 1 and 2 stand in the outline.
    pub(crate) fn heading(&mut self, level: u8, text: &str) {
        let style = Style::heading(level);
        // Not at the foot of a page, away from what it heads.
        self.need(style.leading() + 62_000);
        if self.y > TOP {
            self.space(if level == 2 { 13_000 } else { 7_000 });
        }
        let text = clean(text, self.faces);
        if level <= 2 {
            self.bookmarks.push(Bookmark {
                title: text.replace('\u{a0}', " "),
                page: self.canvas.count().saturating_sub(1),
                y: self.y,
            });
        }
        let node = self.tags.add(self.root, Role::Heading(level));
        self.lines(node, &text, style, (SIDE, WIDTH));
        if level == 2 {
            self.canvas
                .artifact_box(SIDE, self.y + 1_000, WIDTH, 700, Ink::Heading);
            self.space(2_000);
        }
        self.space(3_500);
    }

    /// A paragraph; nothing for an empty text.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.styled(text, Style::BODY);
    }

    /// A paragraph in bold: what the law wants to stand out.
    pub(crate) fn strong(&mut self, text: &str) {
        self.styled(text, Style::STRONG);
    }

    fn styled(&mut self, text: &str, style: Style) {
        let text = clean(text, self.faces);
        if text.is_empty() {
            return;
        }
        let node = self.tags.add(self.root, Role::Paragraph);
        self.lines(node, &text, style, (SIDE, WIDTH));
        self.space(4_500);
    }

    /// A list with dots; nothing for none.
    pub(crate) fn list<T: AsRef<str>>(&mut self, items: &[T]) {
        const INDENT: Mp = 13_000;
        let texts: Vec<String> = items
            .iter()
            .map(|item| clean(item.as_ref(), self.faces))
            .filter(|item| !item.is_empty())
            .collect();
        if texts.is_empty() {
            return;
        }
        let list = self.tags.add(self.root, Role::List);
        for text in &texts {
            if self.full {
                return;
            }
            self.need(Style::BODY.leading() * 2);
            let item = self.tags.add(list, Role::Item);
            let label = self.tags.add(item, Role::Label);
            let place = self.place(SIDE + 3_000, Style::BODY);
            self.canvas.text(&mut self.tags, label, [(place, "•")]);
            let body = self.tags.add(item, Role::ItemBody);
            self.lines(body, text, Style::BODY, (SIDE + INDENT, WIDTH - INDENT));
            self.space(2_000);
        }
        self.space(2_500);
    }

    /// Room to sign: who, a line, and what belongs on it.
    pub(crate) fn signature(&mut self, who: &str, what: &str) {
        self.need(86_000);
        self.strong(who);
        self.space(30_000);
        self.canvas
            .artifact_box(SIDE, self.y, WIDTH * 55 / 100, 700, Ink::Quiet);
        self.space(3_000);
        self.styled(what, Style::SMALL);
        self.space(10_000);
    }

    fn place(&self, x: Mp, style: Style) -> Place {
        Place {
            x,
            y: self.y + baseline(style),
            size: style.size,
            weight: style.weight,
            ink: style.ink,
        }
    }

    /// Lines of a clean text as the content of a node, over as many pages as they need. `column` is
    /// the left edge and the width.
    fn lines(&mut self, node: NodeId, text: &str, style: Style, column: (Mp, Mp)) {
        let (x, width) = column;
        let lines = text::wrap(text, self.faces.of(style.weight), style.size, width);
        let mut rest = lines.as_slice();
        // A single first line does not stay behind.
        if rest.len() > 1 {
            self.need(style.leading() * 2);
        }
        while !rest.is_empty() && !self.full {
            let room = usize::try_from((BOTTOM - self.y) / style.leading()).unwrap_or_default();
            if room == 0 {
                self.turn();
                continue;
            }
            let (now, later) = rest.split_at(room.min(rest.len()));
            let first = self.place(x, style);
            let mut y = first.y;
            let painted: Vec<(Place, &str)> = now
                .iter()
                .map(|line| {
                    let place = Place { y, ..first };
                    y += style.leading();
                    (place, *line)
                })
                .collect();
            self.canvas.text(&mut self.tags, node, painted);
            self.y += style.leading() * Mp::try_from(now.len()).unwrap_or_default();
            rest = later;
        }
    }

    /// The file: pages numbered, the running line at their feet.
    pub(crate) fn finish(
        mut self,
        title: &str,
        author: &str,
        running: &str,
        date: Date,
    ) -> Result<Vec<u8>, PaperError> {
        if self.full {
            return Err(PaperError::TooManyPages);
        }
        let style = Style::SMALL;
        let face = self.faces.of(style.weight);
        let count = self.canvas.count();
        let running = clean(running, self.faces);
        let running = text::cut(&running, face, style.size, WIDTH - 90_000);
        for page in 0..count {
            let number = format!("Página {} de {count}", page + 1);
            let place = Place {
                x: SIDE,
                y: PAGE_HEIGHT - 38_000,
                size: style.size,
                weight: style.weight,
                ink: style.ink,
            };
            self.canvas.artifact_text(page, place, &running);
            let right = Place {
                x: SIDE + WIDTH - face.width(&number, style.size),
                ..place
            };
            self.canvas.artifact_text(page, right, &number);
        }
        let title = clean(title, self.faces);
        let about = About {
            title: &title,
            author,
            date,
            language: "pt-PT",
        };
        assemble(self.canvas, &self.tags, self.faces, &self.bookmarks, &about)
    }
}

/// From the upper edge of a line to its baseline.
const fn baseline(style: Style) -> Mp {
    style.size * 105 / 100
}
