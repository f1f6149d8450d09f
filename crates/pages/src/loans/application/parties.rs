//! The loan officer, the company behind it, and everybody else the document names.

use lintel_domain::application::Application;
use lintel_domain::application::party::{License, OriginationCompany, Originator};

use super::{Block, Chapter, Table};
use crate::loans::facts::{self, Facts, full_name, name, word};

/// `NMLS 12345`, `State CA C-1`.
fn license(of: &License) -> String {
    let authority = of.authority.as_ref().map(word);
    let parts = [authority, of.state.clone(), Some(of.number.clone())];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" ")
}

fn licenses(list: &[License]) -> Option<String> {
    let list: Vec<String> = list.iter().map(license).collect();
    Some(list.join(", "))
}

pub(super) fn originator(application: &Application) -> Option<Chapter> {
    let person = |of: &Originator| {
        let phones: Vec<String> = of.phones.iter().map(facts::phone).collect();
        let facts = Facts::default()
            .add("Mail", Some(of.emails.join(", ")))
            .add("Phone", Some(phones.join(", ")))
            .add("Licenses", licenses(&of.licenses));
        Block::of(full_name(&of.name), facts.list()).mark(true, "Loan officer")
    };
    let company = |of: &OriginationCompany| {
        let facts = Facts::default()
            .add("Address", of.address.as_ref().map(facts::address))
            .add("Licenses", licenses(&of.licenses));
        let title = of
            .name
            .clone()
            .unwrap_or_else(|| "Company not named".to_owned());
        Block::of(title, facts.list()).mark(true, "Company")
    };
    let blocks = [
        application.originator.as_ref().map(person),
        application.origination_company.as_ref().map(company),
    ];
    Chapter::of(
        "originator",
        "Originator",
        blocks.into_iter().flatten().collect(),
    )
}

pub(super) fn others(application: &Application) -> Option<Chapter> {
    let mut table = Table::of(
        "Other parties",
        &["Role", "Name", "Also", "Numbers", "Title"],
    );
    for party in &application.other_parties {
        let who = party.company.clone().or_else(|| name(&party.person));
        let also = party
            .borrower
            .and_then(|index| application.borrowers.get(index));
        let title = [&party.ownership_status, &party.vesting];
        let title: Vec<String> = title
            .into_iter()
            .flatten()
            .map(|text| facts::apart(text))
            .collect();
        table.row(vec![
            facts::apart(&party.role),
            who.unwrap_or_default(),
            also.map(|b| format!("borrower {}", full_name(&b.name)))
                .unwrap_or_default(),
            party.identifiers.join(", "),
            title.join(", "),
        ]);
    }
    Chapter::of("others", "Other parties", vec![Block::table(table)])
}
