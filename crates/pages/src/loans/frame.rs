//! What every page of a loan has on top: whose it is, how it stands, the way to the other pages.

use lintel_app::condition::{self, ConditionLine};
use lintel_app::document::{self, DocumentLine};
use lintel_app::loan::{self, Application, LoanCaller, LoanEvent, LoanHead};
use lintel_domain::condition::ConditionStatus;
use lintel_domain::id::PublicId;
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::facts::full_name;
use crate::failure::Failure;
use crate::layout::Section;
use crate::show;
use crate::visit::{PageBuilder, Staff};

/// A loan with everything its pages show.
pub(crate) struct Record {
    /// Its row.
    pub head: LoanHead,
    /// What was applied for.
    pub application: Application,
    /// What happened, newest first.
    pub history: Vec<LoanEvent>,
    /// What it needs to go on.
    pub conditions: Vec<ConditionLine>,
    /// Its papers, newest first, all versions.
    pub documents: Vec<DocumentLine>,
}

/// The pages of a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Figures, people, latest events.
    Overview,
    /// Everything the borrowers stated.
    Application,
    /// What it needs to go on.
    Conditions,
    /// Its papers.
    Documents,
    /// What was written to whom about it.
    Messages,
    /// Where it stands and may go.
    Status,
    /// Who did what.
    History,
    /// The loan as a file.
    Export,
}

/// The top of a loan's page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Frame {
    id: String,
    title: String,
    place: String,
    status: String,
    sub_status: String,
    is_active: bool,
    lifecycle: String,
    /// Name of the page.
    part: &'static str,
    tabs: Vec<Tab>,
}

/// The way to one of the pages.
#[derive(Debug, Clone, Serialize)]
struct Tab {
    href: String,
    label: &'static str,
    count: Option<usize>,
    is_current: bool,
}

impl Part {
    const ALL: [Self; 8] = [
        Self::Overview,
        Self::Application,
        Self::Conditions,
        Self::Documents,
        Self::Messages,
        Self::Status,
        Self::History,
        Self::Export,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Application => "Application",
            Self::Conditions => "Conditions",
            Self::Documents => "Documents",
            Self::Messages => "Messages",
            Self::Status => "Status",
            Self::History => "History",
            Self::Export => "Export",
        }
    }

    /// Where the page of a loan is.
    pub(crate) fn href(self, id: &str) -> String {
        let last = match self {
            Self::Overview => "",
            Self::Application => "/application",
            Self::Conditions => "/conditions",
            Self::Documents => "/documents",
            Self::Messages => "/messages",
            Self::Status => "/status",
            Self::History => "/history",
            Self::Export => "/export",
        };
        format!("/lender/loans/{}{last}", show::encoded(id))
    }
}

/// The public id in an address.
pub(crate) fn public_id(text: &str) -> Result<PublicId, Failure> {
    PublicId::parse(text).ok_or(Failure::NotFound)
}

/// Opens a loan, which is noted.
pub(crate) async fn record(staff: &Staff, id: &str) -> Result<Record, Failure> {
    let id = public_id(id)?;
    let opened = loan::read(staff.app(), &staff.who, &id).await?;
    let caller = LoanCaller::Person(&staff.who);
    Ok(Record {
        conditions: condition::list_of(staff.app(), &caller, &opened.head).await?,
        documents: document::list_of(staff.app(), &caller, &opened.head).await?,
        head: opened.head,
        application: opened.application,
        history: opened.history,
    })
}

/// A page of a loan about to be written.
pub(crate) fn page<'a>(staff: &'a Staff, frame: &Frame) -> PageBuilder<'a> {
    let title = if frame.part == Part::Overview.label() {
        frame.title.clone()
    } else {
        format!("{} – {}", frame.part, frame.title)
    };
    staff.page(&title).section(Section::Pipeline)
}

impl Frame {
    /// The top of one of the pages.
    pub(crate) fn of(staff: &Staff, record: &Record, current: Part) -> Self {
        let line = &record.head.line;
        let id = line.public_id.as_str();
        let open = record
            .conditions
            .iter()
            .filter(|c| is_waiting(c.status))
            .count();
        let papers = record.documents.iter().filter(|d| d.is_current).count();
        let is_shown = |part: &Part| *part != Part::Export || staff.may(Permission::ExportLoans);
        let tab = |part: Part| Tab {
            href: part.href(id),
            label: part.label(),
            count: match part {
                Part::Conditions => Some(open),
                Part::Documents => Some(papers),
                Part::Overview
                | Part::Application
                | Part::Messages
                | Part::Status
                | Part::History
                | Part::Export => None,
            },
            is_current: part == current,
        };
        let place = [
            &line.property.street,
            &line.property.city,
            &line.property.state,
        ];
        let place: Vec<&str> = place.iter().filter_map(|part| part.as_deref()).collect();
        Self {
            id: id.to_owned(),
            title: title(&record.application),
            place: place.join(", "),
            status: line.lender_status.main.clone(),
            sub_status: line.lender_status.sub.clone(),
            is_active: record.head.lifecycle.is_active(),
            lifecycle: show::words(record.head.lifecycle.as_str()),
            part: current.label(),
            tabs: Part::ALL.into_iter().filter(is_shown).map(tab).collect(),
        }
    }

    /// A top with everything in it, for the test that renders all templates.
    #[cfg(test)]
    pub(crate) fn sample(current: Part, is_active: bool) -> Self {
        let text = || crate::templates::HOSTILE.to_owned();
        Self {
            id: text(),
            title: text(),
            place: text(),
            status: text(),
            sub_status: if is_active { text() } else { String::new() },
            is_active,
            lifecycle: text(),
            part: current.label(),
            tabs: Part::ALL
                .map(|part| Tab {
                    href: part.href("ABCD2345"),
                    label: part.label(),
                    count: (part == Part::Documents).then_some(3),
                    is_current: part == current,
                })
                .to_vec(),
        }
    }
}

/// Whether a condition still has to be cleared.
pub(crate) const fn is_waiting(status: ConditionStatus) -> bool {
    !status.is_met()
}

impl Record {
    /// What a condition or a paper is called; `None` for one that is not there any more.
    pub(super) fn name_of(&self, id: &PublicId) -> Option<String> {
        let condition = self.conditions.iter().find(|c| c.public_id == *id);
        let paper = self.documents.iter().find(|d| d.id == *id);
        let title = condition.map(|c| c.title.clone());
        title.or_else(|| paper.map(|d| d.file_name.clone()))
    }
}

/// The primary borrower's name, else the first one's.
fn title(application: &Application) -> String {
    let named = application
        .primary_borrower()
        .or(application.borrowers.first());
    named.map_or_else(|| "Loan".to_owned(), |b| full_name(&b.name))
}
