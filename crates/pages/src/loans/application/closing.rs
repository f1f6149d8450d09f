//! Other loans, the cost of housing, fees and the sums of the closing.

use lintel_domain::application::Application;
use lintel_domain::application::closing::HousingExpenseTime;
use lintel_domain::application::terms::RelatedLoan;

use super::{Block, Chapter, Table, amount, sum};
use crate::loans::facts::{self, Facts, full_name, word};
use crate::show;

pub(super) fn related(application: &Application) -> Option<Chapter> {
    let block = |loan: &RelatedLoan| {
        let facts = Facts::default()
            .cents("Amount", loan.amount_cents)
            .word("Lien", loan.lien.as_ref())
            .cents("Principal and interest a month", loan.payment_cents)
            .yes("Credit line", loan.is_heloc)
            .cents("Drawn", loan.heloc_balance_cents)
            .cents("Limit", loan.heloc_limit_cents)
            .all_said("Money comes from", &loan.funds_sources)
            .text("Paid to", loan.payee.as_ref());
        let title = if loan.is_historical {
            "Earlier loan"
        } else {
            "New loan beside this one"
        };
        Block::of(title, facts.list())
    };
    let blocks = application.related_loans.iter().map(block).collect();
    Chapter::of("related-loans", "Other loans of the transaction", blocks)
}

pub(super) fn housing(application: &Application) -> Option<Chapter> {
    let mut table = Table::of(
        "Cost of housing a month",
        &["Kind", "When", "Whose", "#Amount"],
    );
    for item in &application.housing_expenses {
        let whose = item
            .borrower
            .and_then(|index| application.borrowers.get(index));
        let kind = [item.kind.as_ref().map(word), item.description.clone()];
        let kind: Vec<String> = kind.into_iter().flatten().collect();
        table.row(vec![
            kind.join(": "),
            item.time.as_ref().map_or_else(String::new, word),
            whose.map(|b| full_name(&b.name)).unwrap_or_default(),
            amount(item.monthly_cents),
        ]);
    }
    let proposed = application
        .housing_expenses
        .iter()
        .filter(|item| item.time == Some(HousingExpenseTime::Proposed))
        .map(|item| item.monthly_cents);
    let chapter = Chapter::of("housing", "Cost of housing", vec![Block::table(table)])?;
    Some(chapter.total("Proposed", sum(proposed)))
}

pub(super) fn fees(application: &Application) -> Option<Chapter> {
    let head = &["Fee", "Section", "Paid to", "#Share", "#Estimate", "#Final"];
    let mut table = Table::of("Fees", head);
    for fee in &application.fees {
        let kind = fee.kind.as_deref().map(facts::apart);
        let name = [kind, fee.description.clone()];
        let name: Vec<String> = name.into_iter().flatten().collect();
        table.row(vec![
            name.join(": "),
            fee.section.as_deref().map(facts::apart).unwrap_or_default(),
            fee.paid_to.as_deref().map(facts::apart).unwrap_or_default(),
            fee.share_pct_e9.map(show::percent).unwrap_or_default(),
            amount(fee.estimated_cents),
            amount(fee.actual_cents),
        ]);
    }
    let mut credits = Table::of("Credits", &["Kind", "From", "#Amount"]);
    for credit in &application.purchase_credits {
        let kind = credit.kind.as_ref().map(word);
        let name = [kind, credit.description.clone()];
        let name: Vec<String> = name.into_iter().flatten().collect();
        credits.row(vec![
            name.join(": "),
            credit
                .source
                .as_deref()
                .map(facts::apart)
                .unwrap_or_default(),
            amount(credit.amount_cents),
        ]);
    }
    let blocks = vec![Block::table(table), Block::table(credits).titled("Credits")];
    let chapter = Chapter::of("fees", "Fees and credits", blocks)?;
    Some(chapter.total(
        "Fees, estimated",
        sum(application.fees.iter().map(|f| f.estimated_cents)),
    ))
}

pub(super) fn figures(application: &Application) -> Option<Chapter> {
    let of = &application.closing;
    let facts = Facts::default()
        .cents("Closing costs", of.closing_costs_cents)
        .cents("Prepaid items", of.prepaid_items_cents)
        .cents("Improvements and repairs", of.improvements_cents)
        .cents(
            "Improvements paid by the refinance",
            of.refinance_improvements_cents,
        )
        .said(
            "Improvements are",
            of.refinance_improvements_status.as_ref(),
        )
        .cents("Payoffs on the property", of.subject_payoffs_cents)
        .cents("Other payoffs", of.other_payoffs_cents)
        .cents("Due from the borrower", of.due_from_borrower_cents)
        .cents("All mortgage loans", of.total_mortgage_loans_cents)
        .cents("Seller credits", of.seller_credits_cents)
        .cents("Lender credits", of.lender_credits_cents)
        .cents("Other credits", of.other_credits_cents)
        .cents("All credits", of.total_credits_cents)
        .cents("Cash from the borrower", of.cash_from_borrower_cents)
        .date("Originator signed on", of.originator_signed_date);
    Chapter::of(
        "closing",
        "Closing figures",
        vec![Block::plain(facts.list())],
    )
}
