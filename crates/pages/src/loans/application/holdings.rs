//! What the borrowers have and what they owe.

use lintel_domain::application::Application;
use lintel_domain::application::holding::{Liability, OwnedProperty};

use super::{Block, Chapter, Table, amount, sum};
use crate::loans::facts::{self, Facts, masked_account, owners, word};
use crate::show;

/// A kind and what is said beyond it.
fn kind(word: Option<String>, description: Option<&String>) -> String {
    match (word, description) {
        (Some(word), Some(more)) => format!("{word}: {more}"),
        (Some(word), None) => word,
        (None, Some(more)) => more.clone(),
        (None, None) => String::new(),
    }
}

pub(super) fn assets(application: &Application) -> Option<Chapter> {
    let head = &["Kind", "Holder", "Account", "Owner", "#Value"];
    let mut table = Table::of("Assets", head);
    for asset in &application.assets {
        let mut what = kind(asset.kind.as_ref().map(word), asset.description.as_ref());
        if let Some(source) = &asset.funds_source {
            what = format!("{what}, from {}", facts::apart(source));
        }
        if asset.is_in_listed_account == Some(true) {
            what.push_str(" (already in a listed account)");
        }
        table.row(vec![
            what,
            asset.holder.clone().unwrap_or_default(),
            asset
                .account
                .as_ref()
                .map(masked_account)
                .unwrap_or_default(),
            owners(application, &asset.owners),
            amount(asset.value_cents),
        ]);
    }
    let total = sum(application.assets.iter().map(|asset| asset.value_cents));
    let chapter = Chapter::of("assets", "Assets", vec![Block::table(table)])?;
    Some(chapter.total("All items", total))
}

pub(super) fn owned(application: &Application) -> Option<Chapter> {
    let block = |home: &OwnedProperty| {
        let facts = Facts::default()
            .add("Owner", Some(owners(application, &home.owners)))
            .cents("Value", home.value_cents)
            .cents("Liens", home.lien_balance_cents)
            .word("What happens to it", home.disposition.as_ref())
            .word("Used as", home.current_usage.as_ref())
            .word("To be used as", home.intended_usage.as_ref())
            .cents("Taxes, insurance, dues a month", home.maintenance_cents)
            .cents("Gross rent a month", home.gross_rent_cents)
            .cents("Net rent a month", home.net_rent_cents);
        let debts = home.liabilities.iter();
        let debts = debts.filter_map(|index| application.liabilities.get(*index));
        let facts = debts.fold(facts, |facts, debt| {
            facts.add("Mortgage", Some(mortgage(debt)))
        });
        let place = facts::address(&home.address);
        let title = if place.is_empty() {
            "Address not given".to_owned()
        } else {
            place
        };
        Block::of(title, facts.list()).mark(home.is_subject == Some(true), "Subject property")
    };
    let blocks: Vec<Block> = application.owned_properties.iter().map(block).collect();
    let total = sum(application
        .owned_properties
        .iter()
        .map(|home| home.value_cents));
    let chapter = Chapter::of("real-estate", "Real estate owned", blocks)?;
    Some(chapter.total("Value of all", total))
}

/// A mortgage in one line: whose, how much, how much a month.
fn mortgage(debt: &Liability) -> String {
    let parts = [
        debt.holder.clone(),
        debt.kind.as_ref().map(word),
        debt.account.as_ref().map(masked_account),
        debt.balance_cents
            .map(|cents| format!("{} owed", show::money(cents))),
        debt.monthly_payment_cents
            .map(|cents| format!("{} a month", show::money(cents))),
        (debt.is_paid_off == Some(true)).then(|| "paid off at closing".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

pub(super) fn liabilities(application: &Application) -> Option<Chapter> {
    let head = &[
        "Kind", "Creditor", "Account", "Owner", "Notes", "#A month", "#Balance",
    ];
    let mut table = Table::of("Liabilities", head);
    for debt in &application.liabilities {
        let program = debt.mortgage_program.as_ref().map(word);
        let notes = [
            (debt.is_paid_off == Some(true)).then(|| "Paid off at closing".to_owned()),
            (debt.is_excluded == Some(true)).then(|| "Left out of the ratios".to_owned()),
            (debt.includes_escrow == Some(true)).then(|| "With taxes and insurance".to_owned()),
            program,
            debt.credit_limit_cents
                .map(|cents| format!("Limit {}", show::money(cents))),
            debt.remaining_months
                .map(|n| format!("{} left", facts::months(n))),
        ];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        table.row(vec![
            kind(debt.kind.as_ref().map(word), debt.description.as_ref()),
            debt.holder.clone().unwrap_or_default(),
            debt.account
                .as_ref()
                .map(masked_account)
                .unwrap_or_default(),
            owners(application, &debt.owners),
            notes.join(", "),
            amount(debt.monthly_payment_cents),
            amount(debt.balance_cents),
        ]);
    }
    let payments = sum(application
        .liabilities
        .iter()
        .map(|d| d.monthly_payment_cents));
    let balances = sum(application.liabilities.iter().map(|d| d.balance_cents));
    let mut texts = vec![String::new(); head.len()];
    for (place, text) in [
        (0, "All items".to_owned()),
        (5, amount(payments)),
        (6, amount(balances)),
    ] {
        if let Some(slot) = texts.get_mut(place) {
            *slot = text;
        }
    }
    table.sum(texts);
    let chapter = Chapter::of("liabilities", "Liabilities", vec![Block::table(table)])?;
    Some(chapter.total("Balances that count", application.total_liabilities_cents()))
}

pub(super) fn expenses(application: &Application) -> Option<Chapter> {
    let mut table = Table::of("Expenses", &["Kind", "Who pays", "Left", "#A month"]);
    for item in &application.expenses {
        table.row(vec![
            kind(item.kind.as_ref().map(word), item.description.as_ref()),
            owners(application, &item.owners),
            item.remaining_months.map(facts::months).unwrap_or_default(),
            amount(item.monthly_payment_cents),
        ]);
    }
    let total = sum(application
        .expenses
        .iter()
        .map(|item| item.monthly_payment_cents));
    let chapter = Chapter::of("expenses", "Expenses", vec![Block::table(table)])?;
    Some(chapter.total("A month", total))
}
