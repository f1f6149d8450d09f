//! `index.html` of a card: one file that needs nothing else, for any browser, light or dark. Every
//! chart says in words what it shows and has its figures in a table.

mod charts;
mod map;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::finish::Manifest;
use super::report::{self, grouped, pct};
use super::summary::{Line, Summary};

const STYLE: &str = include_str!("page/style.css");

/// The page of a finished card; the same card gives the same bytes.
pub(super) fn render(manifest: &Manifest) -> String {
    let card = &manifest.card;
    let summary = &manifest.summary;
    let title = format!("Rate card of {}", escape(&card.lender_name));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    );
    let _ = writeln!(
        page,
        "<p class=\"of\">Prices of <time>{}</time>, generation {}. {} · lock of {} days or more{}. {}.</p>",
        escape(&card.priced_at),
        card.generation,
        escape(&purposes(manifest)),
        card.spec.lock_days,
        escape(&homes(manifest)),
        escape(&card.program)
    );
    page.push_str(&tiles(manifest));
    page.push_str(&map::section(&summary.states));
    page.push_str(&charts::spreads(&summary.spreads));
    page.push_str(&charts::scores(&summary.scores));
    page.push_str(&products(&summary.products));
    page.push_str(&loans(summary));
    page.push_str(FOOT);
    page
}

/// Loans listed on the page; manifest.json has them all.
const LOANS: usize = 200;

const FOOT: &str = "<footer><p>Rate without points: the least note rate whose points are zero or a \
    credit, with the annual percentage rate (APR) of that offer. Mean rate: the mean over all loans (ZIP code, \
    product, purpose, amount, score) of the rate whose points are nearest zero. APR takes equal monthly payments to the \
    cent. The parts beside this page hold every offer; manifest.json lists them with their \
    SHA-256.</p></footer>\n</main>\n</body>\n</html>\n";

fn purposes(manifest: &Manifest) -> String {
    let words = manifest
        .card
        .spec
        .purposes
        .iter()
        .map(|purpose| purpose.as_str().replace('_', " "));
    words.collect::<Vec<_>>().join(", ")
}

fn homes(manifest: &Manifest) -> String {
    let spec = &manifest.card.spec;
    let mut text = format!("; loans of ${}", spec.amounts.join(", $"));
    if !spec.ltvs.is_empty() {
        let _ = write!(text, " at {} % of the value", spec.ltvs.join(", "));
    }
    if !spec.values.is_empty() {
        let _ = write!(text, " on homes of ${}", spec.values.join(", $"));
    }
    text
}

fn tiles(manifest: &Manifest) -> String {
    let all = &manifest.summary.all;
    let best = all.no_points.as_ref();
    let figures = [
        ("offers", grouped(manifest.rows)),
        ("rows priced", grouped(manifest.cells)),
        ("ZIP codes", grouped(manifest.zips)),
        (
            "products with offers",
            manifest
                .summary
                .products
                .values()
                .filter(|line| line.offers > 0)
                .count()
                .to_string(),
        ),
        (
            "least rate without points",
            best.map_or("none".to_owned(), |offer| {
                format!("{} %", pct(offer.note_rate_pct_e9))
            }),
        ),
        (
            "its APR",
            best.map_or("none".to_owned(), |offer| {
                format!("{} %", pct(offer.apr_pct_e9))
            }),
        ),
    ];
    let mut out = "<dl class=\"tiles\">\n".to_owned();
    for (name, figure) in figures {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{figure}</dd></div>");
    }
    out.push_str("</dl>\n");
    out
}

fn products(products: &BTreeMap<String, Line>) -> String {
    let mut lines: Vec<(&str, &Line)> = products
        .iter()
        .map(|(code, line)| (code.as_str(), line))
        .collect();
    lines.sort_by_key(|(code, line)| {
        let rate = line
            .no_points
            .as_ref()
            .map_or(i64::MAX, |offer| offer.note_rate_pct_e9);
        (rate, *code)
    });
    format!(
        "<section aria-labelledby=\"h-products\">\n<h2 id=\"h-products\">By product</h2>\n{}</section>\n",
        table("Products by rate without points", "product", &lines)
    )
}

/// Amounts, ratios and values of a card that has several.
fn loans(summary: &Summary) -> String {
    let loans = report::loans(summary, LOANS);
    if loans.len() < 2 {
        return String::new();
    }
    let lines: Vec<(&str, &Line)> = loans
        .iter()
        .map(|(loan, line)| (loan.as_str(), *line))
        .collect();
    let hidden = summary.loans.len() - lines.len();
    let more = match hidden {
        0 => String::new(),
        _ => format!("<p class=\"note\">And {hidden} more, see manifest.json.</p>\n"),
    };
    format!(
        "<section aria-labelledby=\"h-loans\">\n<h2 id=\"h-loans\">By loan</h2>\n{}{more}</section>\n",
        table("Loan amounts, dollars", "loan", &lines)
    )
}

/// The figures behind a chart, or in place of one.
fn table(caption: &str, what: &str, lines: &[(&str, &Line)]) -> String {
    let mut out = format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table>\n<caption>{caption}</caption>\n<thead><tr>\
         <th scope=\"col\">{what}</th><th scope=\"col\">offers</th><th scope=\"col\">rate without points, %</th>\
         <th scope=\"col\">its APR, %</th><th scope=\"col\">product</th><th scope=\"col\">least APR, %</th>\
         <th scope=\"col\">mean rate, %</th>\
         <th scope=\"col\">APR less rate, mean</th></tr></thead>\n<tbody>\n"
    );
    for (name, line) in lines {
        let offer = line.no_points.as_ref();
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td class=\"word\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(name),
            grouped(line.offers),
            offer.map_or("–".to_owned(), |offer| pct(offer.note_rate_pct_e9)),
            offer.map_or("–".to_owned(), |offer| pct(offer.apr_pct_e9)),
            offer.map_or("–".to_owned(), |offer| escape(&offer.product)),
            line.least_apr
                .as_ref()
                .map_or("–".to_owned(), |offer| pct(offer.apr_pct_e9)),
            line.mean_rate_e9().map_or("–".to_owned(), pct),
            line.mean_spread_e9().map_or("–".to_owned(), pct),
        );
    }
    out.push_str("</tbody>\n</table></div>\n");
    out
}

/// Text that is safe between tags and in attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Nothing invisible from a catalogue may steer the page.
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
