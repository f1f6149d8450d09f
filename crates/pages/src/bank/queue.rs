//! The queue as a page.

use lintel_domain::process::ProcessStatus;
use lintel_processes::desk::{self, QueueFilter, QueueLine};
use serde::Serialize;

use super::views::status_name;
use super::{QUEUE, case_path, euro};
use crate::Answer;
use crate::fields::{Choice, Field};
use crate::home::Pager;
use crate::layout::Section;
use crate::show;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct QueuePage {
    choices: Vec<Tab>,
    fields: Vec<Field>,
    is_narrowed: bool,
    all: String,
    total: String,
    rows: Vec<RowView>,
    pager: Pager,
}

/// A state to look at.
#[derive(Debug, Clone, Serialize)]
struct Tab {
    href: String,
    label: &'static str,
    count: u64,
    is_current: bool,
}

/// A process of the queue.
#[derive(Debug, Serialize)]
struct RowView {
    href: String,
    number: i64,
    borrower: String,
    amount: String,
    intermediary: String,
    analyst: String,
    waiting: String,
}

impl RowView {
    fn of(line: &QueueLine) -> Self {
        Self {
            href: case_path(&line.head.id),
            number: line.head.number,
            borrower: line.borrower.clone(),
            amount: line.amount.map(euro).unwrap_or_default(),
            intermediary: line.intermediary.clone(),
            analyst: line.analyst.clone().unwrap_or_default(),
            waiting: match line.days {
                0 => "Today".to_owned(),
                1 => "1 day".to_owned(),
                days => format!("{days} days"),
            },
        }
    }
}

/// What the address asks for.
struct Asked {
    filter: QueueFilter,
}

impl Asked {
    fn of(staff: &Staff) -> Self {
        let query = staff.query();
        let status = query.text("status").and_then(ProcessStatus::parse);
        let status = status.filter(|status| *status != ProcessStatus::InCreation);
        let days = query.text("days").and_then(|text| text.parse().ok());
        Self {
            filter: QueueFilter {
                status: status.unwrap_or(ProcessStatus::Submitted),
                mine: query.text("who") == Some("me"),
                text: query.text("text").unwrap_or_default().to_owned(),
                days: days.filter(|days| *days <= 3650).unwrap_or(0),
                page: query.page(),
            },
        }
    }

    fn path(&self, status: ProcessStatus, page: u32) -> String {
        let filter = &self.filter;
        let mut path = format!("{QUEUE}?status={status}");
        if filter.mine {
            path.push_str("&who=me");
        }
        if !filter.text.is_empty() {
            path.push_str("&text=");
            path.push_str(&show::encoded(&filter.text));
        }
        if filter.days > 0 {
            path.push_str(&format!("&days={}", filter.days));
        }
        if page > 1 {
            path.push_str(&format!("&page={page}"));
        }
        path
    }

    fn fields(&self) -> Vec<Field> {
        let filter = &self.filter;
        let days = if filter.days > 0 {
            filter.days.to_string()
        } else {
            String::new()
        };
        let ages = [
            ("", "Any age"),
            ("2", "2 days or more"),
            ("7", "7 days or more"),
            ("30", "30 days or more"),
        ];
        let whose = [("", "Everybody's"), ("me", "Taken on by you")];
        let choices = |all: &[(&str, &str)]| {
            let all = all.iter();
            all.map(|(value, label)| Choice::new(*value, *label))
                .collect()
        };
        vec![
            Field::hidden("status", filter.status.as_str()),
            Field::text("text", "Name, NIF or branch")
                .value(&*filter.text)
                .max(100),
            Field::select("who", "Who has it", choices(&whose)).value(if filter.mine {
                "me"
            } else {
                ""
            }),
            Field::select("days", "Handed over", choices(&ages)).value(days),
        ]
    }

    fn is_narrowed(&self) -> bool {
        let filter = &self.filter;
        filter.mine || !filter.text.is_empty() || filter.days > 0
    }
}

pub(super) async fn show(staff: Staff) -> Answer {
    let asked = Asked::of(&staff);
    let (filter, at) = (&asked.filter, asked.filter.page);
    let found = desk::queue(staff.app(), &staff.who, filter).await?;
    let choices = found.counts.iter().map(|(status, count)| Tab {
        href: asked.path(*status, 1),
        label: status_name(*status).0,
        count: *count,
        is_current: *status == filter.status,
    });
    let seen = u64::from(at - 1) * u64::from(desk::PAGE);
    let last = seen + u64::try_from(found.lines.len()).unwrap_or(0);
    let has_more = last < found.total && !found.lines.is_empty();
    let view = QueuePage {
        choices: choices.collect(),
        fields: asked.fields(),
        is_narrowed: asked.is_narrowed(),
        all: format!("{QUEUE}?status={}", filter.status),
        total: match found.total {
            1 => "1 process".to_owned(),
            n => format!("{} processes", show::grouped(n)),
        },
        rows: found.lines.iter().map(RowView::of).collect(),
        pager: Pager {
            before: (at > 1).then(|| asked.path(filter.status, at - 1)),
            after: has_more.then(|| asked.path(filter.status, at + 1)),
        },
    };
    staff
        .page("Processes")
        .section(Section::Processes)
        .render(&view)
}

impl Template for QueuePage {
    const FILE: &'static str = "bank/queue.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let row = |number| RowView {
            href: text(),
            number,
            borrower: text(),
            amount: text(),
            intermediary: text(),
            analyst: if number == 1 { text() } else { String::new() },
            waiting: text(),
        };
        let page = |rows, is_narrowed| Self {
            choices: vec![Tab {
                href: text(),
                label: "Submitted",
                count: 3,
                is_current: is_narrowed,
            }],
            fields: Field::samples(),
            is_narrowed,
            all: text(),
            total: text(),
            rows,
            pager: Pager {
                before: Some(text()),
                after: Some(text()),
            },
        };
        vec![page(vec![row(1), row(2)], true), page(Vec::new(), false)]
    }
}
