//! The summary of a card for the terminal.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};
use lintel_engine::rate::Pct;

use super::finish::Manifest;
use super::loan::Loan;
use super::summary::{Line, Offer, Summary};

/// States listed; the page has them all.
const STATES: usize = 12;
/// Products listed, and loans.
const PRODUCTS: usize = 40;

/// Tables of a finished card.
pub(super) fn tables(manifest: &Manifest) -> String {
    let card = &manifest.card;
    let summary = &manifest.summary;
    let mut text = format!(
        "{} ({}), prices of {}, generation {}\n{} rows priced, {} offered, {} ZIP codes, {} parts, {} bytes\n",
        card.lender_name,
        card.lender,
        card.priced_at,
        card.generation,
        grouped(manifest.cells),
        grouped(manifest.rows),
        grouped(manifest.zips),
        manifest.parts.len(),
        grouped(manifest.bytes),
    );
    let mut states: Vec<(&str, &Line)> = summary
        .states
        .iter()
        .map(|(name, line)| (name.as_str(), line))
        .collect();
    states.sort_by_key(|(name, line)| (line.no_points.as_ref().map_or(i64::MAX, rate), *name));
    let hidden = states.len().saturating_sub(STATES);
    states.truncate(STATES);
    let mut products: Vec<(&str, &Line)> = summary
        .products
        .iter()
        .map(|(name, line)| (name.as_str(), line))
        .collect();
    products.sort_by_key(|(name, line)| (line.no_points.as_ref().map_or(i64::MAX, rate), *name));
    products.truncate(PRODUCTS);
    let scores: Vec<(String, &Line)> = summary
        .scores
        .iter()
        .map(|(score, line)| (score.to_string(), line))
        .collect();
    let scores: Vec<(&str, &Line)> = scores
        .iter()
        .map(|(score, line)| (score.as_str(), *line))
        .collect();
    let loans = loans(summary, PRODUCTS);
    let loans: Vec<(&str, &Line)> = loans
        .iter()
        .map(|(loan, line)| (loan.as_str(), *line))
        .collect();
    for (what, lines) in [
        ("state", &states),
        ("product", &products),
        ("loan", &loans),
        ("score", &scores),
    ] {
        // One loan is that of the whole card.
        if what == "loan" && lines.len() < 2 {
            continue;
        }
        let _ = writeln!(text, "\n{}", table(what, lines));
        if what == "state" && hidden > 0 {
            let _ = writeln!(text, "and {hidden} more states, see index.html");
        }
    }
    text.push_str(
        "\nrate: least note rate without points, with its APR and product; mean rate: mean over all loans of\n\
         the rate with points nearest zero; spread: mean of APR less note rate\n",
    );
    text
}

/// The card's loans and what is known of each, rising by amount and price of the home; at most so many.
pub(super) fn loans(summary: &Summary, most: usize) -> Vec<(String, &Line)> {
    let text = |loan: &Loan| {
        let [amount, price] = [loan.amount_cents, loan.home_price_cents].map(dollars);
        format!("{amount}, {} of {price}", loan.ltv_text())
    };
    let loans = summary.loans.iter().take(most);
    loans.map(|(loan, line)| (text(loan), line)).collect()
}

/// Dollars with commas, and with cents where there are any; not for amounts below zero.
fn dollars(cents: i64) -> String {
    let cents = cents.unsigned_abs();
    match cents % 100 {
        0 => grouped(cents / 100),
        part => format!("{}.{part:02}", grouped(cents / 100)),
    }
}

fn rate(offer: &Offer) -> i64 {
    offer.note_rate_pct_e9
}

fn table(what: &str, lines: &[(&str, &Line)]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header([
        what,
        "offers",
        "rate",
        "APR",
        "product",
        "mean rate",
        "least APR",
        "spread",
    ]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for (name, line) in lines {
        let offer = line.no_points.as_ref();
        table.add_row([
            (*name).to_owned(),
            grouped(line.offers),
            offer.map_or("-".to_owned(), |offer| pct(offer.note_rate_pct_e9)),
            offer.map_or("-".to_owned(), |offer| pct(offer.apr_pct_e9)),
            offer.map_or("-".to_owned(), |offer| offer.product.clone()),
            line.mean_rate_e9().map_or("-".to_owned(), pct),
            line.least_apr
                .as_ref()
                .map_or("-".to_owned(), |offer| pct(offer.apr_pct_e9)),
            line.mean_spread_e9().map_or("-".to_owned(), pct),
        ]);
    }
    table
}

/// Percent with three decimals.
pub(super) fn pct(e9: i64) -> String {
    Pct::new(e9).to_fixed(3)
}

/// A whole number with commas.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
