//! Samples of the page, for the test that renders all templates.

use lintel_domain::id::Instant;

use super::forms::Forms;
use super::{CasePage, DecisionView, MessageView, PaperView, ProposalView, RequestView, StepView};
use crate::bank::views::{BorrowerView, Fact, LimitView};
use crate::fields::Field;
use crate::show::When;

fn text() -> String {
    crate::templates::HOSTILE.to_owned()
}

fn at() -> When {
    When::of(Instant::from_seconds(1_780_315_200))
}

fn facts() -> Vec<Fact> {
    vec![("Amount", text())]
}

fn limits() -> Vec<LimitView> {
    vec![LimitView {
        name: "Maturity",
        value: text(),
        limit: text(),
        outcome: "Within",
        tone: "good",
    }]
}

fn decision(is_own: bool) -> DecisionView {
    DecisionView {
        what: text(),
        facts: facts(),
        conditions: vec![text()],
        state: ("Sent back", ""),
        by: text(),
        closed: text(),
        at: at(),
        confirm: (!is_own).then(text),
        send_back: Some(text()),
        is_own,
    }
}

fn forms() -> Forms {
    Forms {
        seen: 7,
        may_take: true,
        may_take_over: true,
        ask: Field::samples(),
        message: vec![Field::text("sample_subject", "Subject")],
        approve: vec![Field::text("sample_amount", "Amount")],
        decline: vec![Field::text("sample_reason", "Reason")],
        is_asking: true,
        is_writing: true,
        is_approving: true,
        is_declining: true,
        ahead: facts(),
        ahead_limits: limits(),
        four_eyes: true,
    }
}

/// A process of which little is known and with which nothing can be done.
pub(super) fn bare() -> CasePage {
    CasePage {
        path: text(),
        number: 100_001,
        status: ("Submitted", "info"),
        intermediary: text(),
        analyst: String::new(),
        submitted: None,
        loan: facts(),
        limits: limits(),
        borrowers: Vec::new(),
        property: facts(),
        papers: Vec::new(),
        requests: Vec::new(),
        messages: Vec::new(),
        history: Vec::new(),
        proposals: Vec::new(),
        decisions: Vec::new(),
        waiting: None,
        forms: Forms::default(),
    }
}

/// One with everything.
pub(super) fn full() -> CasePage {
    CasePage {
        analyst: text(),
        submitted: Some(at()),
        borrowers: vec![BorrowerView {
            name: text(),
            is_key: true,
            facts: facts(),
        }],
        papers: vec![PaperView {
            href: text(),
            title: text(),
            kind: text(),
            about: text(),
            at: at(),
        }],
        requests: vec![RequestView {
            what: text(),
            text: text(),
            state: ("Open", "warn"),
            at: at(),
            withdraw: Some(text()),
        }],
        messages: vec![MessageView {
            subject: text(),
            text: text(),
            by: text(),
            at: at(),
        }],
        history: vec![StepView {
            to: text(),
            by: text(),
            reason: text(),
            at: at(),
        }],
        proposals: vec![ProposalView {
            number: 100_001,
            status: ("Open", "info"),
            issued: at(),
            last_day: text(),
            fine: text(),
            letter: text(),
        }],
        decisions: vec![decision(true)],
        waiting: Some(decision(false)),
        forms: forms(),
        ..bare()
    }
}
