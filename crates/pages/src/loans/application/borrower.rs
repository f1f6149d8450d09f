//! Each borrower: who it is, where, what work, what income.

use lintel_domain::application::Application;
use lintel_domain::application::borrower::{Borrower, Residence};
use lintel_domain::application::employment::{Employment, EmploymentTime};

use super::{Block, Chapter, Table, amount, person, sum};
use crate::loans::facts::{self, Facts, full_name, partial, word};
use crate::show;

pub(super) fn chapters(application: &Application) -> Vec<Option<Chapter>> {
    let primary = application.primary_borrower_index();
    let chapter = |(index, borrower): (usize, &Borrower)| {
        let number = index.saturating_add(1);
        let title = format!("Borrower {number}: {}", full_name(&borrower.name));
        let who = person::who(borrower)
            .mark(primary == Some(index), "Primary")
            .mark(true, joint(application, index));
        let mut blocks = vec![who];
        blocks.extend(residences(borrower));
        blocks.extend(borrower.employments.iter().map(employment));
        blocks.push(incomes(application, borrower));
        blocks.extend(person::questions(borrower));
        Chapter::of(&format!("borrower-{number}"), &title, blocks)
    };
    application
        .borrowers
        .iter()
        .enumerate()
        .map(chapter)
        .collect()
}

/// With whom a borrower's credit is reported.
fn joint(application: &Application, index: usize) -> String {
    let others = application.joint_credit_pairs.iter().filter_map(|pair| {
        let other = match (pair.first == index, pair.second == index) {
            (true, false) => pair.second,
            (false, true) => pair.first,
            (true, true) | (false, false) => return None,
        };
        application.borrowers.get(other).map(|b| full_name(&b.name))
    });
    let others: Vec<String> = others.collect();
    if others.is_empty() {
        return "Individual credit".to_owned();
    }
    format!("Joint credit with {}", others.join(", "))
}

fn residences(borrower: &Borrower) -> Vec<Block> {
    let block = |home: &Residence| {
        let list = Facts::default()
            .add("Address", Some(facts::address(&home.address)))
            .text("County", home.address.county.as_ref())
            .word("Terms", home.basis.as_ref())
            .months("For", home.duration_months)
            .cents("Rent a month", home.monthly_rent_cents);
        let time = home.time.as_ref().map_or_else(String::new, word);
        let title = if time.is_empty() {
            "Residence".to_owned()
        } else {
            format!("{time} residence")
        };
        Block::of(title, list.list())
    };
    let mut blocks: Vec<Block> = borrower.residences.iter().map(block).collect();
    if let Some(mail) = &borrower.mailing_address {
        let list = Facts::default().add("Address", Some(facts::address(mail)));
        blocks.push(Block::of("Mail goes to", list.list()));
    }
    blocks
}

fn employment(job: &Employment) -> Block {
    let list = Facts::default()
        .text("Position", job.position.as_ref())
        .word("Rank", job.rank.as_ref())
        .add("Since", job.start.map(partial))
        .add("Until", job.end.map(partial))
        .months("In this line of work", job.line_of_work_months)
        .add("Address", Some(facts::address(&job.address)))
        .add("Phone", job.employer_phone.as_deref().map(show::phone))
        .word("Share of the business", job.ownership.as_ref())
        .cents("Monthly income or loss", job.monthly_income_cents)
        .yes(
            "Employed by a party to the transaction",
            job.is_employed_by_party,
        )
        .yes("Foreign income", job.is_foreign_income)
        .yes("Seasonal income", job.is_seasonal_income);
    let name = job.employer_name.as_deref().unwrap_or("Employer not named");
    let title = match job.time {
        Some(EmploymentTime::Previous) => format!("Worked before: {name}"),
        Some(EmploymentTime::Current) | None => format!("Works: {name}"),
    };
    Block::of(title, list.list()).mark(job.is_self_employed == Some(true), "Self-employed")
}

fn incomes(application: &Application, borrower: &Borrower) -> Block {
    let mut table = Table::of("Income a month", &["Kind", "From", "#Amount"]);
    for item in &borrower.incomes {
        let mut kind = item.kind.as_ref().map_or_else(String::new, word);
        if let Some(more) = &item.description {
            kind = format!("{kind}: {more}");
        }
        let job = item.employment.and_then(|link| {
            let employments = &application.borrowers.get(link.borrower)?.employments;
            employments.get(link.employment)?.employer_name.clone()
        });
        let from = match (job, item.is_from_employment) {
            (Some(name), _) => name,
            (None, Some(true)) => "Employment".to_owned(),
            (None, Some(false) | None) => String::new(),
        };
        table.row(vec![kind, from, amount(item.monthly_cents)]);
    }
    let total = sum(borrower.incomes.iter().map(|item| item.monthly_cents));
    table.sum(vec!["All items".to_owned(), String::new(), amount(total)]);
    Block::table(table).titled("Income a month")
}
