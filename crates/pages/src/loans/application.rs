//! The application in full: everything the borrowers stated, in the order of the form.

mod borrower;
mod closing;
mod holdings;
mod parties;
mod person;
mod terms;

use axum::extract::Path;
use lintel_domain::application::Application;
use lintel_engine::money::Cents;
use serde::Serialize;

use super::facts::Fact;
use super::frame::{self, Frame, Part};
use crate::Answer;
use crate::show;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct ApplicationPage {
    frame: Frame,
    chapters: Vec<Chapter>,
}

/// A part of the form with an address of its own on the page.
#[derive(Debug, Serialize)]
pub(crate) struct Chapter {
    /// Where it is on the page.
    id: String,
    /// What it is about.
    title: String,
    /// Its sum, if it has one.
    total: Option<Fact>,
    /// What it says.
    blocks: Vec<Block>,
}

/// Facts, or a table, about one thing.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Block {
    title: Option<String>,
    /// What is true of it in a word, such as `Joint`.
    marks: Vec<String>,
    facts: Vec<Fact>,
    table: Option<Table>,
    /// Whether it is only seen when somebody asks for it.
    is_folded: bool,
}

/// Rows of the same shape.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    caption: String,
    head: Vec<Head>,
    rows: Vec<Vec<Cell>>,
    total: Vec<Cell>,
}

/// A column.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Head {
    label: &'static str,
    is_number: bool,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Cell {
    label: &'static str,
    text: String,
    is_number: bool,
}

impl Chapter {
    /// A chapter with what is there of its blocks; `None` when there is nothing.
    fn of(id: &str, title: &str, blocks: Vec<Block>) -> Option<Self> {
        let blocks: Vec<Block> = blocks.into_iter().filter(Block::is_there).collect();
        (!blocks.is_empty()).then(|| Self {
            id: id.to_owned(),
            title: title.to_owned(),
            total: None,
            blocks,
        })
    }

    /// With a sum.
    fn total(mut self, name: &'static str, sum: Option<Cents>) -> Self {
        let text = sum.map_or_else(|| "more than can be added up".to_owned(), show::money);
        self.total = Some((name, text));
        self
    }
}

impl Block {
    /// Facts under a heading.
    fn of(title: impl Into<String>, facts: Vec<Fact>) -> Self {
        Self {
            title: Some(title.into()),
            facts,
            ..Self::default()
        }
    }

    /// Facts right below the chapter's heading.
    fn plain(facts: Vec<Fact>) -> Self {
        Self {
            facts,
            ..Self::default()
        }
    }

    /// A table.
    fn table(table: Table) -> Self {
        Self {
            table: Some(table),
            ..Self::default()
        }
    }

    /// With a mark.
    fn mark(mut self, is_marked: bool, mark: impl Into<String>) -> Self {
        if is_marked {
            self.marks.push(mark.into());
        }
        self
    }

    /// Only seen when somebody asks for it.
    fn folded(mut self) -> Self {
        self.is_folded = true;
        self
    }

    /// With a heading.
    fn titled(mut self, title: &str) -> Self {
        self.title = Some(title.to_owned());
        self
    }

    fn is_there(&self) -> bool {
        let has_rows = self
            .table
            .as_ref()
            .is_some_and(|table| !table.rows.is_empty());
        has_rows || !self.facts.is_empty() || !self.marks.is_empty()
    }
}

impl Table {
    /// A table with columns; the names of those with numbers begin with `#`.
    fn of(caption: &str, head: &[&'static str]) -> Self {
        let head = head.iter().map(|label| match label.strip_prefix('#') {
            Some(label) => Head {
                label,
                is_number: true,
            },
            None => Head {
                label,
                is_number: false,
            },
        });
        Self {
            caption: caption.to_owned(),
            head: head.collect(),
            rows: Vec::new(),
            total: Vec::new(),
        }
    }

    /// Adds a row with a text for each column.
    fn row(&mut self, texts: Vec<String>) {
        let row = self.cells(texts);
        self.rows.push(row);
    }

    /// The last row: sums.
    fn sum(&mut self, texts: Vec<String>) {
        let is_blank: Vec<bool> = texts.iter().map(|text| text.trim().is_empty()).collect();
        self.total = self.cells(texts);
        for (cell, is_blank) in self.total.iter_mut().zip(is_blank) {
            if is_blank {
                cell.text.clear();
            }
        }
    }

    fn cells(&self, texts: Vec<String>) -> Vec<Cell> {
        let cell = |(head, text): (&Head, String)| Cell {
            label: head.label,
            text: if text.trim().is_empty() {
                "–".to_owned()
            } else {
                text
            },
            is_number: head.is_number,
        };
        self.head.iter().zip(texts).map(cell).collect()
    }
}

/// An amount for a table.
fn amount(cents: Option<Cents>) -> String {
    cents.map(show::money).unwrap_or_default()
}

/// The sum of what is there; `None` when it cannot be held.
fn sum(amounts: impl Iterator<Item = Option<Cents>>) -> Option<Cents> {
    let mut sum: i64 = 0;
    for cents in amounts.flatten() {
        sum = sum.checked_add(cents.get())?;
    }
    Some(Cents::new(sum))
}

fn chapters(application: &Application) -> Vec<Chapter> {
    let mut found = vec![
        terms::terms(application),
        terms::features(application),
        terms::property(application),
    ];
    found.extend(borrower::chapters(application));
    found.extend([
        holdings::assets(application),
        holdings::owned(application),
        holdings::liabilities(application),
        holdings::expenses(application),
        closing::related(application),
        closing::housing(application),
        closing::fees(application),
        closing::figures(application),
        parties::originator(application),
        parties::others(application),
    ]);
    found.into_iter().flatten().collect()
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    let page = ApplicationPage {
        frame: Frame::of(&staff, &record, Part::Application),
        chapters: chapters(&record.application),
    };
    frame::page(&staff, &page.frame).render(&page)
}

impl Template for ApplicationPage {
    const FILE: &'static str = "loans/application.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let text = || HOSTILE.to_owned();
        let mut table = Table::of(HOSTILE, &["Kind", "#Amount"]);
        table.row(vec![text(), text()]);
        let mut summed = Table::of("Plain", &["Kind", "#Amount"]);
        summed.row(vec![text(), String::new()]);
        summed.sum(vec![text(), text()]);
        let facts = || vec![("Something", text())];
        let chapter = |id: &str, blocks| Chapter {
            id: id.to_owned(),
            title: text(),
            total: Some(("Sum", text())),
            blocks,
        };
        let full = vec![
            chapter(
                "one",
                vec![
                    Block::of(text(), facts()).mark(true, text()),
                    Block::plain(facts()).folded(),
                    Block::of(text(), facts()).folded(),
                ],
            ),
            chapter(
                "two",
                vec![Block::table(table), Block::table(summed).titled(HOSTILE)],
            ),
            Chapter {
                total: None,
                ..chapter("three", vec![Block::plain(facts())])
            },
        ];
        let page = |chapters, is_active| Self {
            frame: Frame::sample(Part::Application, is_active),
            chapters,
        };
        vec![page(full, true), page(Vec::new(), false)]
    }
}
