//! Tables: cells wrapped, rows kept whole where they fit a page, the header repeated on each.

use super::text::{clean, wrap};
use super::{BOTTOM, Layout, SIDE, Style, TOP, WIDTH};
use crate::pdf::{Ink, Mp, NodeId, Place, Role, Scope, Weight};

/// Which edge of the column the text keeps to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// Its part of the width, in proportion to the others'.
    pub(crate) share: Mp,
    pub(crate) align: Align,
}

impl Column {
    pub(crate) const fn left(title: &'static str, share: Mp) -> Self {
        Self {
            title,
            share,
            align: Align::Left,
        }
    }

    pub(crate) const fn right(title: &'static str, share: Mp) -> Self {
        Self {
            title,
            share,
            align: Align::Right,
        }
    }
}

/// A row: as many cells as there are columns; the first heads it.
pub(crate) struct Line {
    pub(crate) cells: Vec<String>,
    /// In bold: sums.
    pub(crate) strong: bool,
}

/// A table.
pub(crate) struct Table<'a> {
    pub(crate) columns: &'a [Column],
    pub(crate) lines: Vec<Line>,
    pub(crate) size: Mp,
}

/// Columns with their edges, and how cells are set.
struct Grid {
    /// Left edge, width, alignment.
    columns: Vec<(Mp, Mp, Align)>,
    size: Mp,
}

/// From the edge of a cell to its text.
const PAD_X: Mp = 4_000;
const PAD_Y: Mp = 2_000;

impl Layout {
    /// A table of facts: what and how much, without a header row; nothing for none.
    pub(crate) fn pairs(&mut self, pairs: &[(&str, String)]) {
        const COLUMNS: [Column; 2] = [Column::left("", 32), Column::left("", 68)];
        let lines = pairs
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| Line {
                cells: vec![(*name).to_owned(), value.clone()],
                strong: false,
            })
            .collect();
        self.table(&Table {
            columns: &COLUMNS,
            lines,
            size: 9_000,
        });
    }

    /// A table; nothing without rows. A header row stands when a column has a title.
    pub(crate) fn table(&mut self, table: &Table<'_>) {
        if table.lines.is_empty() {
            return;
        }
        let grid = Grid::new(table);
        let head: Vec<String> = table
            .columns
            .iter()
            .map(|column| clean(column.title, self.faces))
            .collect();
        let head = head.iter().any(|title| !title.is_empty()).then_some(head);
        let node = self.tags.add(self.root, Role::Table);
        self.need(60_000);
        if let Some(head) = &head {
            let head_node = self.tags.add(node, Role::TableHead);
            let row = self.tags.add(head_node, Role::Row);
            let cells: Vec<NodeId> = head
                .iter()
                .map(|_| self.tags.add(row, Role::HeaderCell(Scope::Column)))
                .collect();
            self.row(&grid, head, Some(&cells), None);
        }
        let body = self.tags.add(node, Role::TableBody);
        for line in &table.lines {
            if self.full {
                return;
            }
            let row = self.tags.add(body, Role::Row);
            let nodes: Vec<NodeId> = (0..line.cells.len())
                .map(|at| {
                    let role = if at == 0 {
                        Role::HeaderCell(Scope::Row)
                    } else {
                        Role::Cell
                    };
                    self.tags.add(row, role)
                })
                .collect();
            let cells: Vec<String> = line
                .cells
                .iter()
                .map(|cell| clean(cell, self.faces))
                .collect();
            let weight = if line.strong {
                Weight::Bold
            } else {
                Weight::Regular
            };
            self.row(&grid, &cells, Some(&nodes), Some((weight, head.as_deref())));
        }
        self.space(7_000);
    }

    /// One row, over as many pages as it needs. `body` is the weight of a row of the body and the
    /// header to repeat; none for the header itself. Without nodes the row is an artifact.
    fn row(
        &mut self,
        grid: &Grid,
        cells: &[String],
        nodes: Option<&[NodeId]>,
        body: Option<(Weight, Option<&[String]>)>,
    ) {
        let weight = body.map_or(Weight::Bold, |(weight, _)| weight);
        let style = Style {
            size: grid.size,
            weight,
            ink: if body.is_none() {
                Ink::Heading
            } else {
                Ink::Black
            },
        };
        let face = self.faces.of(weight);
        let wrapped: Vec<Vec<&str>> = cells
            .iter()
            .zip(&grid.columns)
            .map(|(cell, (_, width, _))| wrap(cell, face, grid.size, width - 2 * PAD_X))
            .collect();
        let deepest = wrapped.iter().map(Vec::len).max().unwrap_or_default();
        let height = style.leading() * length(deepest) + 2 * PAD_Y;
        // A row that fits a page of its own is not torn apart.
        if self.y + height > BOTTOM && height < BOTTOM - TOP - 60_000 {
            self.next_page_of_table(grid, body);
        }
        let mut from = 0;
        while from < deepest && !self.full {
            let room = (BOTTOM - self.y - 2 * PAD_Y) / style.leading();
            let Ok(room @ 1..) = usize::try_from(room) else {
                self.next_page_of_table(grid, body);
                continue;
            };
            let till = deepest.min(from + room);
            self.band(grid, &wrapped, nodes, style, from..till);
            from = till;
            if from < deepest {
                self.next_page_of_table(grid, body);
            }
        }
    }

    fn next_page_of_table(&mut self, grid: &Grid, body: Option<(Weight, Option<&[String]>)>) {
        self.turn();
        if let (Some((_, Some(head))), false) = (body, self.full) {
            // The header's words are in the structure already.
            self.row(grid, head, None, None);
        }
    }

    /// The lines of a row that stand on this page.
    fn band(
        &mut self,
        grid: &Grid,
        wrapped: &[Vec<&str>],
        nodes: Option<&[NodeId]>,
        style: Style,
        range: std::ops::Range<usize>,
    ) {
        let height = style.leading() * length(range.len()) + 2 * PAD_Y;
        if style.ink == Ink::Heading {
            self.canvas
                .artifact_box(SIDE, self.y, WIDTH, height, Ink::Fill);
        }
        let page = self.canvas.count().saturating_sub(1);
        let face = self.faces.of(style.weight);
        self.y += PAD_Y;
        for (at, (lines, (x, width, align))) in wrapped.iter().zip(&grid.columns).enumerate() {
            let here = lines.get(range.start.min(lines.len())..range.end.min(lines.len()));
            let mut place = self.place(x + PAD_X, style);
            let mut painted: Vec<(Place, &str)> = Vec::new();
            for line in here.unwrap_or_default() {
                if *align == Align::Right {
                    let text = face.width(line.trim_end_matches(' '), style.size);
                    place.x = x + width - PAD_X - text;
                }
                painted.push((place, line));
                place.y += style.leading();
            }
            match nodes.and_then(|nodes| nodes.get(at)) {
                Some(node) => self.canvas.text(&mut self.tags, *node, painted),
                None => {
                    for (place, line) in painted {
                        self.canvas.artifact_text(page, place, line);
                    }
                }
            }
        }
        self.y += height - PAD_Y;
        self.canvas.artifact_rule(SIDE, self.y, WIDTH);
    }
}

impl Grid {
    fn new(table: &Table<'_>) -> Self {
        let shares: Mp = table.columns.iter().map(|column| column.share).sum();
        let mut x = SIDE;
        let columns = table
            .columns
            .iter()
            .map(|column| {
                let width = WIDTH * column.share / shares.max(1);
                let left = x;
                x += width;
                (left, width, column.align)
            })
            .collect();
        Self {
            columns,
            size: table.size,
        }
    }
}

fn length(count: usize) -> Mp {
    Mp::try_from(count).unwrap_or_default()
}
