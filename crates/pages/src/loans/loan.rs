//! The page of one loan.

use axum::extract::Path;
use axum::http::StatusCode;
use lintel_app::loan::{self, Application, DoneBy, LoanEvent, LoanHead, LoanRecord};
use lintel_domain::application::borrower::Borrower;
use lintel_domain::application::party::PersonName;
use lintel_domain::application::place::Address;
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_engine::money::Rounding;
use lintel_engine::rate::Pct;
use serde::Serialize;

use crate::Answer;
use crate::failure::Failure;
use crate::layout::Section;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Staff;

/// A name and what stands behind it.
type Fact = (&'static str, String);

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct LoanView {
    id: String,
    title: String,
    place: String,
    status: String,
    sub_status: String,
    is_active: bool,
    lifecycle: String,
    figures: Vec<Fact>,
    terms: Vec<Fact>,
    property: Vec<Fact>,
    officer: Vec<Fact>,
    statuses: Vec<Fact>,
    borrowers: Vec<BorrowerView>,
    history: Vec<EventView>,
    arrived: When,
    changed: When,
}

#[derive(Debug, Serialize)]
struct BorrowerView {
    name: String,
    is_primary: bool,
    email: Option<String>,
    phone: Option<String>,
    facts: Vec<Fact>,
}

#[derive(Debug, Serialize)]
struct EventView {
    at: When,
    what: &'static str,
    by: String,
}

/// Facts that are there, in order.
#[derive(Default)]
struct Facts(Vec<Fact>);

impl Facts {
    fn add(&mut self, name: &'static str, value: Option<String>) {
        if let Some(value) = value.filter(|text| !text.trim().is_empty()) {
            self.0.push((name, value));
        }
    }
}

impl LoanView {
    fn of(record: &LoanRecord) -> Self {
        let (head, application) = (&record.head, &record.application);
        let line = &head.line;
        let primary = application.primary_borrower_index();
        let borrowers: Vec<BorrowerView> = application
            .borrowers
            .iter()
            .enumerate()
            .map(|(index, borrower)| BorrowerView::of(borrower, primary == Some(index)))
            .collect();
        let place = [
            &line.property.street,
            &line.property.city,
            &line.property.state,
        ];
        let place: Vec<&str> = place.iter().filter_map(|part| part.as_deref()).collect();
        let named = borrowers
            .iter()
            .find(|b| b.is_primary)
            .or(borrowers.first());
        Self {
            id: line.public_id.to_string(),
            title: named.map_or_else(|| "Loan".to_owned(), |b| b.name.clone()),
            place: place.join(", "),
            status: line.lender_status.main.clone(),
            sub_status: line.lender_status.sub.clone(),
            is_active: head.lifecycle.is_active(),
            lifecycle: show::words(head.lifecycle.as_str()),
            figures: figures(head, application),
            terms: terms(head, application),
            property: property(head, application),
            officer: officer(head, application),
            statuses: statuses(head),
            history: record.history.iter().map(EventView::of).collect(),
            arrived: When::of(line.created_at),
            changed: When::of(head.modified_at),
            borrowers,
        }
    }
}

fn figures(head: &LoanHead, application: &Application) -> Vec<Fact> {
    let line = &head.line;
    let mut facts = Facts::default();
    facts.add("Loan amount", Some(show::whole_money(line.loan_amount)));
    facts.add("Home price", line.home_price.map(show::whole_money));
    facts.add(
        "Note rate",
        application.loan.note_rate_pct_e9.map(show::percent),
    );
    facts.add("Loan to value", loan_to_value(head));
    facts.0
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
    let mut facts = Facts::default();
    facts.add("Purpose", Some(show::words(line.purpose.as_str())));
    facts.add("Program", Some(program(line.program)));
    facts.add("Term", application.term_months().map(months));
    facts.add(
        "Down payment",
        application.down_payment().map(show::whole_money),
    );
    facts.add(
        "Monthly income",
        Some(show::whole_money(line.monthly_income)),
    );
    facts.add(
        "Monthly liabilities",
        Some(show::whole_money(line.liabilities)),
    );
    facts.add("Applied on", loan.application_date.map(show::long_date));
    facts.add("Closing", line.closing_at.map(|at| When::of(at).day));
    facts.add("Loan number of the sender", Some(head.los_loan_id.clone()));
    facts.add("Changes", Some(head.revision.to_string()));
    facts.0
}

fn program(program: lintel_domain::loan::Program) -> String {
    use lintel_domain::loan::Program;
    match program {
        Program::Fha => "FHA".to_owned(),
        Program::Va => "VA".to_owned(),
        Program::Usda => "USDA".to_owned(),
        Program::Conventional | Program::Other => show::words(program.as_str()),
    }
}

/// `360 months (30 years)`.
fn months(months: u32) -> String {
    if months > 0 && months.is_multiple_of(12) {
        return format!("{months} months ({} years)", months / 12);
    }
    format!("{months} months")
}

fn property(head: &LoanHead, application: &Application) -> Vec<Fact> {
    let (line, property) = (&head.line, &application.property);
    let mut facts = Facts::default();
    facts.add("Address", Some(address(&property.address)));
    facts.add("County", property.address.county.clone());
    facts.add("Use", line.occupancy.map(|o| show::words(o.as_str())));
    facts.add("Type", line.property_type.map(|t| show::words(t.as_str())));
    facts.add("Units", property.facts.unit_count.map(|n| n.to_string()));
    facts.add("Built", property.facts.year_built.map(|n| n.to_string()));
    facts.add("Value", property.value().map(show::whole_money));
    facts.0
}

/// An address on one line.
fn address(address: &Address) -> String {
    let street = [&address.line, &address.unit];
    let street: Vec<&str> = street.iter().filter_map(|part| part.as_deref()).collect();
    let region = [
        address.state.clone(),
        address.postal_code.as_deref().map(show::zip),
    ];
    let region: Vec<&str> = region.iter().filter_map(|part| part.as_deref()).collect();
    let parts = [
        street.join(" "),
        address.city.clone().unwrap_or_default(),
        region.join(" "),
    ];
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(", ")
}

fn officer(head: &LoanHead, application: &Application) -> Vec<Fact> {
    let officer = &head.line.officer;
    let names = [&officer.first_name, &officer.last_name];
    let names: Vec<&str> = names.iter().filter_map(|name| name.as_deref()).collect();
    let mut facts = Facts::default();
    facts.add("Loan officer", Some(names.join(" ")));
    facts.add("Mail address", officer.email.clone());
    let originator = application.originator.as_ref();
    facts.add("NMLS", originator.and_then(|o| o.nmls()).map(str::to_owned));
    facts.add("Company", Some(head.org_name.clone()));
    facts.0
}

fn statuses(head: &LoanHead) -> Vec<Fact> {
    let line = &head.line;
    let one = |status: &lintel_domain::loan::Status| {
        if status.sub.is_empty() {
            status.main.clone()
        } else {
            format!("{} · {}", status.main, status.sub)
        }
    };
    vec![
        ("Ours", one(&line.lender_status)),
        ("The borrower reads", one(&line.borrower_status)),
        ("System", one(&line.system_status)),
        ("Since", When::of(line.status_at).day),
    ]
}

impl BorrowerView {
    fn of(borrower: &Borrower, is_primary: bool) -> Self {
        let mut facts = Facts::default();
        facts.add(
            "Tax id",
            borrower.tax_id.as_ref().map(|id| masked(id.value.expose())),
        );
        let home = borrower.current_residence();
        facts.add("Lives at", home.map(|home| address(&home.address)));
        let work = borrower
            .employments
            .iter()
            .find_map(|job| job.employer_name.clone());
        facts.add("Works at", work);
        facts.add(
            "Dependents",
            borrower.dependent_count.map(|n| n.to_string()),
        );
        Self {
            name: full_name(&borrower.name),
            is_primary,
            email: borrower.email().map(str::to_owned),
            phone: borrower
                .phones
                .first()
                .map(|phone| show::phone(&phone.number)),
            facts: facts.0,
        }
    }
}

/// The last four digits: enough to tell two people apart, too little to be one of them.
fn masked(tax_id: &str) -> String {
    let digits: Vec<char> = tax_id.chars().filter(char::is_ascii_digit).collect();
    let known: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    if digits.len() < 9 {
        return "•••".to_owned();
    }
    format!("•••-••-{known}")
}

fn full_name(name: &PersonName) -> String {
    let parts = [&name.first, &name.middle, &name.last, &name.suffix];
    let parts: Vec<&str> = parts.iter().filter_map(|part| part.as_deref()).collect();
    if parts.is_empty() {
        return name.full.clone().unwrap_or_else(|| "No name".to_owned());
    }
    parts.join(" ")
}

impl EventView {
    fn of(event: &LoanEvent) -> Self {
        Self {
            at: When::of(event.at),
            what: what(event.kind),
            by: match &event.by {
                DoneBy::Person(name) => name.clone(),
                DoneBy::Somebody => "somebody who is not here any more".to_owned(),
                DoneBy::Program => "a program, through the API".to_owned(),
                DoneBy::Operator => "the operator".to_owned(),
            },
        }
    }
}

/// What happened, in words.
fn what(kind: EventKind) -> &'static str {
    const NAMES: [(EventKind, &str); 4] = [
        (EventKind::LoanCreated, "Loan arrived"),
        (EventKind::LoanUpdated, "Replaced by a newer document"),
        (EventKind::LoanViewed, "Opened"),
        (EventKind::SigningLinksSet, "Signing links set"),
    ];
    let named = NAMES.iter().find(|(known, _)| *known == kind);
    named.map_or(kind.as_str(), |(_, name)| name)
}

/// For whoever looks at the page without opening it: the loan stays unopened.
pub(super) async fn head(_: Staff) -> StatusCode {
    StatusCode::OK
}

pub(super) async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    let id = PublicId::parse(&id).ok_or(Failure::NotFound)?;
    let record = loan::read(staff.app(), &staff.who, &id).await?;
    let page = LoanView::of(&record);
    staff
        .page(&page.title.clone())
        .section(Section::Pipeline)
        .render(&page)
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
            id: text(),
            title: text(),
            place: text(),
            status: text(),
            sub_status: if is_active { text() } else { String::new() },
            is_active,
            lifecycle: text(),
            figures: facts(),
            terms: facts(),
            property: facts(),
            officer: facts(),
            statuses: facts(),
            borrowers: vec![borrower(true), borrower(false)],
            history: vec![EventView {
                at: when(),
                what: "Opened",
                by: text(),
            }],
            arrived: when(),
            changed: when(),
        };
        let mut empty = page(false);
        empty.borrowers.clear();
        empty.history.clear();
        vec![page(true), page(false), empty]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_ids_are_masked() {
        assert_eq!(masked("123456789"), "•••-••-6789");
        assert_eq!(masked("123-45-6789"), "•••-••-6789");
        for short in ["", "1", "1234", "12345678"] {
            assert_eq!(masked(short), "•••");
        }
    }
}
