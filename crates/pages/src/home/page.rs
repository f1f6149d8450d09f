//! The pipeline as a page.

use lintel_app::{loan, people};
use lintel_domain::license::StateCode;
use lintel_domain::loan::{BorrowerLine, LoanLine, LoanPage};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::filter::{Filter, ON_PAGE, Standing};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Choice, Field};
use crate::layout::Section;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Staff;

/// Most officers the filter offers.
const OFFICERS: u32 = 200;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct HomePage {
    is_own_only: bool,
    first: Vec<Field>,
    more: Vec<Field>,
    is_narrowed: bool,
    is_more_used: bool,
    rows: Vec<RowView>,
    total: String,
    range: String,
    csv: Option<String>,
    pager: Pager,
}

/// Where the pages before and after are.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Pager {
    /// Address of the page before.
    pub before: Option<String>,
    /// Address of the page after.
    pub after: Option<String>,
}

/// A loan in the list.
#[derive(Debug, Serialize)]
struct RowView {
    href: String,
    borrower: String,
    others: usize,
    property: String,
    amount: String,
    purpose: String,
    officer: String,
    status: String,
    sub_status: String,
    arrived: When,
}

impl RowView {
    fn of(loan: &LoanLine, borrowers: &[BorrowerLine]) -> Self {
        let its: Vec<_> = borrowers.iter().filter(|b| b.loan_id == loan.id).collect();
        let first = its.iter().find(|b| b.is_primary).or(its.first());
        let place = &loan.property;
        let place = [&place.street, &place.city, &place.state];
        let place: Vec<&str> = place.iter().filter_map(|part| part.as_deref()).collect();
        Self {
            href: format!("/lender/loans/{}", loan.public_id),
            borrower: first.map_or_else(
                || "No borrower named".to_owned(),
                |b| format!("{} {}", b.first_name, b.last_name),
            ),
            others: its.len().saturating_sub(1),
            property: place.join(", "),
            amount: show::whole_money(loan.loan_amount),
            purpose: show::words(loan.purpose.as_str()),
            officer: officer(loan),
            status: loan.lender_status.main.clone(),
            sub_status: loan.lender_status.sub.clone(),
            arrived: When::of(loan.created_at),
        }
    }
}

/// The officer's name, or nothing.
pub(super) fn officer(loan: &LoanLine) -> String {
    let names = [&loan.officer.first_name, &loan.officer.last_name];
    let names: Vec<&str> = names.iter().filter_map(|name| name.as_deref()).collect();
    names.join(" ")
}

impl HomePage {
    fn new(filter: &Filter, found: &LoanPage, officers: Vec<Choice>, staff: &Staff) -> Self {
        let rows: Vec<RowView> = found
            .loans
            .iter()
            .map(|loan| RowView::of(loan, &found.borrowers))
            .collect();
        let skipped = u64::from(filter.page.saturating_sub(1)) * u64::from(ON_PAGE);
        let last = skipped + u64::try_from(rows.len()).unwrap_or(0);
        let path = |page| filter.path("/lender/home", page);
        Self {
            is_own_only: !staff.may(Permission::SeeAllLoans),
            first: first_fields(filter, officers),
            more: more_fields(filter),
            is_narrowed: filter.is_narrowed(),
            is_more_used: filter.from.is_some()
                || filter.to.is_some()
                || filter.changed.is_some()
                || filter.since_days.is_some()
                || filter.email.is_some(),
            range: if rows.is_empty() {
                String::new()
            } else {
                format!("{} to {}", show::grouped(skipped + 1), show::grouped(last))
            },
            total: show::grouped(found.total_count),
            csv: (staff.may(Permission::ExportLoans) && found.total_count > 0)
                .then(|| filter.path("/lender/home.csv", 1)),
            pager: Pager {
                before: (filter.page > 1).then(|| path(filter.page - 1)),
                after: (last < found.total_count && !rows.is_empty())
                    .then(|| path(filter.page + 1)),
            },
            rows,
        }
    }
}

fn first_fields(filter: &Filter, officers: Vec<Choice>) -> Vec<Field> {
    let standings = Standing::all()
        .into_iter()
        .map(|(word, name)| Choice::new(word, name))
        .collect();
    let states = StateCode::all().map(|state| Choice::new(state.as_str(), state.as_str()));
    let states = std::iter::once(Choice::new("", "All states")).chain(states);
    let orders = vec![
        Choice::new("", "Newest first"),
        Choice::new("oldest", "Oldest first"),
    ];
    let value = |name: &str| {
        let pairs = filter.pairs();
        let found = pairs.into_iter().find(|(known, _)| *known == name);
        found.map_or_else(String::new, |(_, value)| value)
    };
    let status = match filter.standing {
        Standing::Active => "active".to_owned(),
        Standing::Ended | Standing::As(_) => value("status"),
    };
    let mut fields = vec![Field::select("status", "Status", standings).value(status)];
    if officers.len() > 1 {
        fields.push(Field::select("officer", "Loan officer", officers).value(value("officer")));
    }
    fields.push(Field::select("state", "State", states.collect()).value(value("state")));
    fields.push(Field::select("sort", "Order", orders).value(value("sort")));
    fields
}

fn more_fields(filter: &Filter) -> Vec<Field> {
    let date = |name, label, date: Option<_>| {
        Field::date(name, label).maybe(date.map(show::iso_date).as_deref())
    };
    let periods = [
        ("", "However long ago"),
        ("30", "In the last 30 days"),
        ("90", "In the last 90 days"),
        ("365", "In the last year"),
    ];
    let mut periods: Vec<Choice> = periods.map(|(v, l)| Choice::new(v, l)).to_vec();
    let days = filter
        .since_days
        .map(|days| days.to_string())
        .unwrap_or_default();
    if !periods.iter().any(|choice| choice.value == days) {
        periods.push(Choice::new(&*days, format!("In the last {days} days")));
    }
    vec![
        date("from", "Arrived from", filter.from),
        date("to", "Arrived until", filter.to),
        date("changed", "Changed since", filter.changed),
        Field::select("since", "Ended", periods).value(days),
        Field::email("email", "Officer's or borrower's mail address")
            .maybe(filter.email.as_deref())
            .max(254),
    ]
}

/// Whom the filter offers: the organisation's own people, for whoever may see them.
async fn officers(staff: &Staff, filter: &Filter) -> Result<Vec<Choice>, Failure> {
    if !staff.may(Permission::SeeAllLoans) || !staff.may(Permission::SeePeople) {
        return Ok(Vec::new());
    }
    let people = people::list(staff.app(), staff.org(), OFFICERS, 0)
        .await?
        .people;
    let mut choices = vec![Choice::new("", "Everybody")];
    let able = people
        .iter()
        .filter(|p| p.roles.may(Permission::BeAssigned));
    choices.extend(able.map(|p| Choice::new(p.public_id.as_str(), p.display_name())));
    if let Some(wanted) = &filter.officer
        && !choices.iter().any(|choice| choice.value == wanted.as_str())
    {
        choices.push(Choice::new(wanted.as_str(), wanted.as_str()));
    }
    Ok(choices)
}

pub(super) async fn show(staff: Staff) -> Answer {
    if staff.org().kind == OrganisationKind::Bank {
        return staff.go(crate::bank::QUEUE);
    }
    let filter = Filter::of(staff.query());
    let query = filter.query(&staff)?;
    let found = loan::list(staff.app(), &staff.who.principal(), &query).await?;
    let officers = officers(&staff, &filter).await?;
    let page = HomePage::new(&filter, &found, officers, &staff);
    staff
        .page("Pipeline")
        .section(Section::Pipeline)
        .render(&page)
}

impl Template for HomePage {
    const FILE: &'static str = "loans/home.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        use crate::visit::Query;
        use lintel_domain::id::Instant;
        let text = || HOSTILE.to_owned();
        let filter = Filter::of(&Query::of("since=7&email=a@b.example&state=CA"));
        let row = |others| RowView {
            href: text(),
            borrower: text(),
            others,
            property: text(),
            amount: text(),
            purpose: text(),
            officer: text(),
            status: text(),
            sub_status: if others == 0 { String::new() } else { text() },
            arrived: When::of(Instant::from_seconds(0)),
        };
        let full = Self {
            is_own_only: true,
            first: first_fields(
                &filter,
                vec![Choice::new("", "x"), Choice::new(HOSTILE, HOSTILE)],
            ),
            more: more_fields(&filter),
            is_narrowed: true,
            is_more_used: true,
            rows: vec![row(0), row(1), row(2)],
            total: text(),
            range: text(),
            csv: Some(text()),
            pager: Pager {
                before: Some(text()),
                after: Some(text()),
            },
        };
        let empty = |is_narrowed| Self {
            is_own_only: false,
            first: Vec::new(),
            more: Vec::new(),
            is_narrowed,
            is_more_used: false,
            rows: Vec::new(),
            total: "0".to_owned(),
            range: String::new(),
            csv: None,
            pager: Pager::default(),
        };
        vec![full, empty(true), empty(false)]
    }
}
