//! The first page of a loan: figures, people, what happened last.

use axum::extract::Path;
use axum::http::StatusCode;
use lintel_app::loan::{Application, LoanHead};
use lintel_domain::application::borrower::Borrower;
use lintel_domain::loan::Program;
use lintel_engine::money::Rounding;
use lintel_engine::rate::Pct;
use serde::Serialize;

use super::conditions::Phased;
use super::duties::Duties;
use super::facts::{Fact, Facts, address, full_name, masked, months, word};
use super::frame::{self, Frame, Part, Record};
use super::history::EventView;
use crate::Answer;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Staff;

/// Events on this page; the others have one of their own.
const LATEST: usize = 6;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct LoanView {
    frame: Frame,
    figures: Vec<Fact>,
    terms: Vec<Fact>,
    property: Vec<Fact>,
    officer: Vec<Fact>,
    statuses: Vec<Fact>,
    borrowers: Vec<BorrowerView>,
    phases: Vec<Phased>,
    history: Vec<EventView>,
    duties: Duties,
    arrived: When,
    changed: When,
    conditions_href: String,
    history_href: String,
}

#[derive(Debug, Serialize)]
struct BorrowerView {
    name: String,
    is_primary: bool,
    email: Option<String>,
    phone: Option<String>,
    facts: Vec<Fact>,
}

impl LoanView {
    fn of(staff: &Staff, record: &Record, duties: Duties) -> Self {
        let (head, application) = (&record.head, &record.application);
        let primary = application.primary_borrower_index();
        let borrowers = application.borrowers.iter().enumerate();
        let latest = record.history.iter().take(LATEST);
        let id = head.line.public_id.as_str();
        Self {
            frame: Frame::of(staff, record, Part::Overview),
            figures: figures(head, application),
            terms: terms(head, application),
            property: property(head, application),
            officer: officer(head, application),
            statuses: statuses(head),
            borrowers: borrowers
                .map(|(index, borrower)| BorrowerView::of(borrower, primary == Some(index)))
                .collect(),
            phases: Phased::all(&record.conditions),
            duties,
            history: latest.map(|event| EventView::of(event, record)).collect(),
            arrived: When::of(head.line.created_at),
            changed: When::of(head.modified_at),
            conditions_href: Part::Conditions.href(id),
            history_href: Part::History.href(id),
        }
    }
}

fn figures(head: &LoanHead, application: &Application) -> Vec<Fact> {
    let line = &head.line;
    Facts::default()
        .add("Loan amount", Some(show::whole_money(line.loan_amount)))
        .add("Home price", line.home_price.map(show::whole_money))
        .pct("Note rate", application.loan.note_rate_pct_e9)
        .add("Loan to value", loan_to_value(head))
        .list()
}

/// The loan in percent of the home's price, to three places.
fn loan_to_value(head: &LoanHead) -> Option<String> {
    let price = head.line.home_price.filter(|price| price.is_positive())?;
    let (loan, price) = (head.line.loan_amount.get(), price.get());
    let share = Pct::of_ratio(i128::from(loan), i128::from(price), Rounding::HalfUp)?;
    let rounded = share.round_to(Pct::new(1_000_000), Rounding::HalfUp)?;
    Some(show::percent(rounded))
}

fn terms(head: &LoanHead, application: &Application) -> Vec<Fact> {
    let (line, loan) = (&head.line, &application.loan);
    Facts::default()
        .add("Purpose", Some(show::words(line.purpose.as_str())))
        .add("Program", Some(program(line.program)))
        .add("Term", application.term_months().map(months))
        .add(
            "Down payment",
            application.down_payment().map(show::whole_money),
        )
        .add(
            "Monthly income",
            Some(show::whole_money(line.monthly_income)),
        )
        .add(
            "Liabilities that count",
            Some(show::whole_money(line.liabilities)),
        )
        .date("Applied on", loan.application_date)
        .add("Closing", line.closing_at.map(|at| When::of(at).day))
        .add("Loan number of the sender", Some(head.los_loan_id.clone()))
        .add("Changes", Some(head.revision.to_string()))
        .list()
}

fn program(program: Program) -> String {
    match program {
        Program::Fha => "FHA".to_owned(),
        Program::Va => "VA".to_owned(),
        Program::Usda => "USDA".to_owned(),
        Program::Conventional | Program::Other => show::words(program.as_str()),
    }
}

fn property(head: &LoanHead, application: &Application) -> Vec<Fact> {
    let (line, property) = (&head.line, &application.property);
    Facts::default()
        .add("Address", Some(address(&property.address)))
        .text("County", property.address.county.as_ref())
        .add("Use", line.occupancy.map(|o| show::words(o.as_str())))
        .word("Type", line.property_type.as_ref())
        .count("Units", property.facts.unit_count)
        .count("Built", property.facts.year_built)
        .add("Value", property.value().map(show::whole_money))
        .list()
}

fn officer(head: &LoanHead, application: &Application) -> Vec<Fact> {
    let officer = &head.line.officer;
    let names = [&officer.first_name, &officer.last_name];
    let names: Vec<&str> = names.iter().filter_map(|name| name.as_deref()).collect();
    let originator = application.originator.as_ref();
    Facts::default()
        .add("Loan officer", Some(names.join(" ")))
        .text("Mail address", officer.email.as_ref())
        .add("NMLS", originator.and_then(|o| o.nmls()).map(str::to_owned))
        .add("Company", Some(head.org_name.clone()))
        .list()
}

/// A status in one line.
pub(super) fn one_line(status: &lintel_domain::loan::Status) -> String {
    if status.sub.is_empty() || status.sub == status.main {
        return status.main.clone();
    }
    format!("{} · {}", status.main, status.sub)
}

/// A loan's status in the words of everybody concerned.
pub(super) fn statuses(head: &LoanHead) -> Vec<Fact> {
    let line = &head.line;
    vec![
        ("Ours", one_line(&line.lender_status)),
        ("The borrower reads", one_line(&line.borrower_status)),
        ("System", one_line(&line.system_status)),
        ("Since", When::of(line.status_at).day),
    ]
}

impl BorrowerView {
    fn of(borrower: &Borrower, is_primary: bool) -> Self {
        let home = borrower.current_residence();
        let work = borrower
            .employments
            .iter()
            .find_map(|job| job.employer_name.clone());
        let facts = Facts::default()
            .add(
                "Tax id",
                borrower.tax_id.as_ref().map(|id| masked(id.value.expose())),
            )
            .word("Marital status", borrower.marital_status.as_ref())
            .add("Lives at", home.map(|home| address(&home.address)))
            .add("Works at", work)
            .count("Dependents", borrower.dependent_count);
        Self {
            name: full_name(&borrower.name),
            is_primary,
            email: borrower.email().map(str::to_owned),
            phone: borrower.phones.first().map(|phone| {
                let kind = phone.kind.as_ref().map(|kind| word(kind).to_lowercase());
                let number = show::phone(&phone.number);
                kind.map_or(number.clone(), |kind| format!("{number} ({kind})"))
            }),
            facts: facts.list(),
        }
    }
}

/// For whoever looks at a page without opening it: the loan stays unopened.
pub(super) async fn head(_: Staff) -> StatusCode {
    StatusCode::OK
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let record = frame::record(&staff, &id).await?;
    let duties = Duties::of(&staff, &record.head).await?;
    let page = LoanView::of(&staff, &record, duties);
    frame::page(&staff, &page.frame).render(&page)
}

impl Template for LoanView {
    const FILE: &'static str = "loans/loan.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        use lintel_domain::id::Instant;
        let text = || HOSTILE.to_owned();
        let facts = || vec![("Something", text())];
        let borrower = |is_primary| BorrowerView {
            name: text(),
            is_primary,
            email: is_primary.then(text),
            phone: is_primary.then(text),
            facts: if is_primary { facts() } else { Vec::new() },
        };
        let when = || When::of(Instant::from_seconds(0));
        let page = |is_active: bool| Self {
            frame: Frame::sample(Part::Overview, is_active),
            figures: facts(),
            terms: facts(),
            property: facts(),
            officer: facts(),
            statuses: facts(),
            borrowers: vec![borrower(true), borrower(false)],
            phases: Phased::samples(),
            history: EventView::samples(),
            duties: Duties::sample(is_active),
            arrived: when(),
            changed: when(),
            conditions_href: text(),
            history_href: text(),
        };
        let mut empty = page(false);
        empty.borrowers.clear();
        empty.history.clear();
        empty.phases.clear();
        vec![page(true), page(false), empty]
    }
}
