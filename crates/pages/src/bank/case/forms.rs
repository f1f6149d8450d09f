//! The forms of the page of a process: which of them somebody may use, and their fields.

use lintel_domain::permission::Permission;
use lintel_domain::process::{ProcessCommand, ProcessSide, ProcessStatus, after};
use lintel_domain::proposal::DeclineReason;
use lintel_engine::money::Cents;
use lintel_processes::desk::Case;
use lintel_taxonomy::{List, list};
use serde::Serialize;

use crate::bank::euro;
use crate::bank::views::{Fact, LimitView};
use crate::fields::{Choice, Field, Mistakes};
use crate::posted::Posted;
use crate::visit::Staff;

/// Days an offer stands unless somebody says otherwise.
const VALID_DAYS: &str = "30";

/// The forms somebody may use now; those that are not there are empty.
#[derive(Debug, Default, Serialize)]
pub(super) struct Forms {
    pub seen: i64,
    pub may_take: bool,
    pub may_take_over: bool,
    pub ask: Vec<Field>,
    pub message: Vec<Field>,
    pub approve: Vec<Field>,
    pub decline: Vec<Field>,
    /// Which form is open, because something is wrong in it or it was looked ahead with.
    pub is_asking: bool,
    pub is_writing: bool,
    pub is_approving: bool,
    pub is_declining: bool,
    /// What the terms of the form come to.
    pub ahead: Vec<Fact>,
    pub ahead_limits: Vec<LimitView>,
    pub four_eyes: bool,
}

/// The forms of a process for whoever looks at it, filled with what was sent.
pub(super) fn forms(
    staff: &Staff,
    case: &Case,
    (is_waiting, sent): (bool, Option<(&Posted, &Mistakes)>),
) -> Forms {
    let head = &case.process.head;
    let allowed = |command| after(head.status, command, ProcessSide::Bank).is_some();
    let works = staff.may(Permission::WorkProcesses);
    let decides = staff.may(Permission::DecideProcesses) && !is_waiting;
    let is_mine = head.analyst_id.as_ref() == Some(&staff.who.person.id);
    let sent_has = |name: &str| sent.is_some_and(|(form, _)| form.has(name));
    let fill = |fields: Vec<Field>, marker: &str| -> Vec<Field> {
        match sent {
            Some((form, mistakes)) if form.has(marker) => {
                let fields = fields.into_iter();
                fields
                    .map(|field| field.with(form).error(mistakes))
                    .collect()
            }
            Some(_) | None => fields,
        }
    };
    let when = |is: bool, fields: fn(&Case) -> Vec<Field>, marker: &str| {
        if is {
            fill(fields(case), marker)
        } else {
            Vec::new()
        }
    };
    Forms {
        seen: head.revision,
        may_take: works && allowed(ProcessCommand::Take),
        may_take_over: works
            && !is_mine
            && matches!(
                head.status,
                ProcessStatus::InAnalysis
                    | ProcessStatus::PendingInformation
                    | ProcessStatus::Approved
            ),
        ask: when(
            works && allowed(ProcessCommand::Ask),
            ask_fields,
            "question",
        ),
        message: when(works, |_| message_fields(), "subject"),
        approve: when(
            decides && allowed(ProcessCommand::Approve),
            approve_fields,
            "amount",
        ),
        decline: when(
            decides && allowed(ProcessCommand::Decline),
            |_| decline_fields(),
            "reason",
        ),
        is_asking: sent_has("question"),
        is_writing: sent_has("subject"),
        is_approving: sent_has("amount"),
        is_declining: sent_has("reason"),
        ahead: Vec::new(),
        ahead_limits: Vec::new(),
        four_eyes: case.settings.four_eyes,
    }
}

fn ask_fields(case: &Case) -> Vec<Field> {
    let none = std::iter::once(Choice::new("", "No paper: a question in words"));
    let kinds = list(List::DocumentTypes).iter().filter(|kind| kind.active);
    let kinds = kinds.map(|kind| Choice::new(kind.id.to_string(), kind.en));
    let whole = std::iter::once(Choice::new("", "The process"));
    let people = case.process.borrowers.iter();
    let people = people.map(|one| {
        let name = one.facts.name.clone().unwrap_or_default();
        Choice::new(one.id.as_str(), name)
    });
    vec![
        Field::select("document_type", "Paper", none.chain(kinds).collect()).half(),
        Field::select("borrower", "About", whole.chain(people).collect()).half(),
        Field::area("question", "Question")
            .hint("Needed when no paper is asked for.")
            .max(2000),
    ]
}

fn message_fields() -> Vec<Field> {
    vec![
        Field::text("subject", "Subject").required().max(200),
        Field::area("text", "Text").required().max(4000),
    ]
}

fn decline_fields() -> Vec<Field> {
    let none = std::iter::once(Choice::new("", "Choose a reason"));
    let all = DeclineReason::ALL.iter();
    let all = all.map(|reason| Choice::new(reason.as_str(), reason.describe()));
    vec![Field::select("reason", "Reason", none.chain(all).collect()).required()]
}

/// `180000.00` as a form has it.
fn plain(amount: Cents) -> String {
    euro(amount).replace(['€', ','], "")
}

fn approve_fields(case: &Case) -> Vec<Field> {
    let terms = &case.process.terms;
    let choices = |of: List| {
        let all = list(of).iter().filter(|entry| entry.active);
        all.map(|entry| Choice::new(entry.id.to_string(), entry.en))
            .collect()
    };
    let text = |number: Option<u32>| number.map_or_else(String::new, |n| n.to_string());
    let months = terms.utilisation_months.unwrap_or(0);
    vec![
        Field::text("amount", "Amount in euro")
            .value(terms.amount.map(plain).unwrap_or_default())
            .keys("decimal")
            .required()
            .max(20)
            .third(),
        Field::text("months", "Term in months")
            .value(text(terms.term_months))
            .keys("numeric")
            .required()
            .max(4)
            .third(),
        Field::text("utilisation", "Of these, months of utilisation")
            .value(months.to_string())
            .keys("numeric")
            .required()
            .max(3)
            .third(),
        Field::select("rate_kind", "Rate", choices(List::IndexTypeSubCategories))
            .value(text(terms.rate_kind))
            .half(),
        Field::select(
            "index_type",
            "Index or fixed period",
            choices(List::IndexTypes),
        )
        .value(text(terms.index_type))
        .half(),
        Field::checkbox("cross_selling", "With the products sold together")
            .checked(terms.cross_selling.unwrap_or(false)),
        Field::area("conditions", "Conditions before the contract")
            .hint("One on each line, in Portuguese: they stand in the letter.")
            .max(30_000),
        Field::text("valid_days", "Days the offer stands")
            .value(VALID_DAYS)
            .hint("30 to 180.")
            .keys("numeric")
            .required()
            .max(3)
            .third(),
    ]
}
