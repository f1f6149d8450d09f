//! Who did what to a loan, and when.

use axum::extract::Path;
use lintel_app::loan::{DoneBy, LoanEvent};
use lintel_domain::event::EventKind;
use serde::Serialize;

use super::frame::{self, Frame, Part, Record};
use super::loan::one_line;
use crate::Answer;
use crate::fields::{Choice, Field};
use crate::show::When;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryPage {
    frame: Frame,
    action: String,
    fields: Vec<Field>,
    is_narrowed: bool,
    all: usize,
    events: Vec<EventView>,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EventView {
    at: When,
    what: &'static str,
    by: String,
    /// The condition or paper it is about.
    about: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// What somebody may want to see of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Status,
    Conditions,
    Documents,
    Duties,
    Data,
    Looks,
}

impl About {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Status, "status", "Status"),
        (Self::Conditions, "conditions", "Conditions"),
        (Self::Documents, "documents", "Documents"),
        (Self::Duties, "duties", "Tasks, alerts and messages"),
        (Self::Data, "data", "Application and export"),
        (Self::Looks, "looks", "Who opened it"),
    ];

    /// What an event is about. Kinds that are about no loan count as its data: they are not there.
    fn of(kind: EventKind) -> Self {
        use EventKind as K;
        if kind == K::LoanStatusChanged {
            return Self::Status;
        }
        if kind == K::LoanViewed {
            return Self::Looks;
        }
        if matches!(kind, K::ConditionAdded | K::ConditionUpdated) {
            return Self::Conditions;
        }
        let papers = [
            K::DocumentFiled,
            K::DocumentGiven,
            K::DocumentRemoved,
            K::DocumentDestroyed,
        ];
        if papers.contains(&kind) {
            return Self::Documents;
        }
        let duties = [
            K::TaskCreated,
            K::TaskChanged,
            K::AlertRaised,
            K::MessageWritten,
            K::MessageArchived,
        ];
        if duties.contains(&kind) {
            return Self::Duties;
        }
        Self::Data
    }
}

/// Whoever did something, for people.
pub(crate) fn by(who: &DoneBy) -> String {
    match who {
        DoneBy::Person(name) => name.clone(),
        DoneBy::Somebody => "somebody who is not here any more".to_owned(),
        DoneBy::Program => "a program, through the API".to_owned(),
        DoneBy::Operator => "the operator".to_owned(),
    }
}

/// What happened, in words.
fn what(kind: EventKind) -> &'static str {
    const NAMES: [(EventKind, &str); 19] = [
        (EventKind::LoanCreated, "Loan arrived"),
        (EventKind::LoanUpdated, "Replaced by a newer document"),
        (EventKind::LoanViewed, "Opened"),
        (EventKind::LoanGiven, "Exported as MISMO"),
        (EventKind::LoanStatusChanged, "Status changed"),
        (EventKind::LoanNamed, "CRM id given"),
        (EventKind::BorrowersInvited, "Borrowers invited"),
        (EventKind::SigningLinksSet, "Signing links set"),
        (EventKind::ConditionAdded, "Condition added"),
        (EventKind::ConditionUpdated, "Condition changed"),
        (EventKind::DocumentFiled, "Document filed"),
        (EventKind::DocumentGiven, "Document opened or downloaded"),
        (EventKind::DocumentRemoved, "Document removed"),
        (EventKind::DocumentDestroyed, "Removed document destroyed"),
        (EventKind::TaskCreated, "Task added"),
        (EventKind::TaskChanged, "Task changed"),
        (EventKind::AlertRaised, "Alert raised"),
        (EventKind::MessageWritten, "Message written"),
        (EventKind::MessageArchived, "Message of a CRM kept"),
    ];
    let named = NAMES.iter().find(|(known, _)| *known == kind);
    named.map_or(kind.as_str(), |(_, name)| name)
}

impl EventView {
    pub(super) fn of(event: &LoanEvent, record: &Record) -> Self {
        Self {
            at: When::of(event.at),
            what: what(event.kind),
            by: by(&event.by),
            about: event.about.as_ref().and_then(|id| record.name_of(id)),
            from: event.from.as_ref().map(one_line),
            to: event.to.as_ref().map(one_line),
        }
    }

    #[cfg(test)]
    pub(super) fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let at = When::of(lintel_domain::id::Instant::from_seconds(0));
        let event = |is_full: bool| Self {
            at: at.clone(),
            what: "Opened",
            by: text(),
            about: is_full.then(text),
            from: is_full.then(text),
            to: is_full.then(text),
        };
        vec![event(true), event(false)]
    }
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    let wanted = staff.query().text("about");
    let about = About::ALL
        .into_iter()
        .find(|(_, word, _)| Some(*word) == wanted);
    let who = staff.query().text("who");
    let mut names: Vec<String> = record.history.iter().map(|e| by(&e.by)).collect();
    names.sort();
    names.dedup();
    let who = who.filter(|who| names.iter().any(|name| name == who));
    let is_wanted = |event: &&LoanEvent| {
        about.is_none_or(|(about, ..)| About::of(event.kind) == about)
            && who.is_none_or(|who| by(&event.by) == who)
    };
    let events = record.history.iter().filter(is_wanted);
    let mut abouts = vec![Choice::new("", "Everything")];
    abouts.extend(About::ALL.map(|(_, word, label)| Choice::new(word, label)));
    let mut people = vec![Choice::new("", "Everybody")];
    people.extend(
        names
            .iter()
            .map(|name| Choice::new(name.clone(), name.clone())),
    );
    let page = HistoryPage {
        frame: Frame::of(&staff, &record, Part::History),
        action: Part::History.href(&id),
        fields: vec![
            Field::select("about", "About", abouts).value(about.map_or("", |(_, word, _)| word)),
            Field::select("who", "By", people).value(who.unwrap_or_default()),
        ],
        is_narrowed: about.is_some() || who.is_some(),
        all: record.history.len(),
        events: events.map(|event| EventView::of(event, &record)).collect(),
    };
    frame::page(&staff, &page.frame).render(&page)
}

impl Template for HistoryPage {
    const FILE: &'static str = "loans/history.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |events: Vec<EventView>, is_narrowed| Self {
            frame: Frame::sample(Part::History, true),
            action: crate::templates::HOSTILE.to_owned(),
            fields: Field::samples(),
            is_narrowed,
            all: events.len(),
            events,
        };
        vec![
            page(EventView::samples(), true),
            page(Vec::new(), true),
            page(Vec::new(), false),
        ]
    }
}
