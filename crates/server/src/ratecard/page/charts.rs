//! The histogram of what an offer costs beside its rate, and the rates by credit score.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::table;
use crate::ratecard::report::{grouped, pct};
use crate::ratecard::summary::{BAR_E9, Line};

/// The plot of both charts within a drawing of 720 by 300.
const LEFT: i64 = 64;
const RIGHT: i64 = 700;
const TOP: i64 = 16;
const BOTTOM: i64 = 250;
/// Labels of the lower axis at most.
const LABELS: usize = 10;

fn open(told: &str) -> String {
    format!(
        "<div class=\"chart\" tabindex=\"0\"><svg viewBox=\"0 0 720 300\" role=\"img\" aria-label=\"{told}\">\n"
    )
}

/// Where a value between the ends of the upright axis lies.
fn height(value: i64, least: i64, most: i64) -> i64 {
    let span =
        i128::from(BOTTOM - TOP) * i128::from(value - least) / i128::from((most - least).max(1));
    BOTTOM - i64::try_from(span).unwrap_or(0)
}

fn line_across(out: &mut String, y: i64, label: &str) {
    let _ = writeln!(
        out,
        "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y}\" y2=\"{y}\"/>\
         <text class=\"soft\" x=\"{}\" y=\"{}\" text-anchor=\"end\" font-size=\"13\">{label}</text>",
        LEFT - 8,
        y + 4
    );
}

fn label_below(out: &mut String, x: i64, label: &str) {
    let _ = writeln!(
        out,
        "<text class=\"soft\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-size=\"13\">{label}</text>",
        BOTTOM + 20
    );
}

fn title_below(out: &mut String, title: &str) {
    let _ = writeln!(
        out,
        "<text class=\"soft\" x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"13\">{title}</text>\n</svg></div>",
        (LEFT + RIGHT) / 2,
        BOTTOM + 42
    );
}

/// Offers by annual rate less note rate.
pub(super) fn spreads(counts: &[u64]) -> String {
    let used = counts
        .iter()
        .rposition(|count| *count > 0)
        .map_or(1, |last| last + 1);
    let counts = counts.get(..used).unwrap_or_default();
    let all: u64 = counts.iter().sum();
    let most = counts.iter().copied().max().unwrap_or(0);
    let edge = |bar: usize| pct(BAR_E9.saturating_mul(i64::try_from(bar).unwrap_or(0)));
    let peak = counts.iter().position(|count| *count == most).unwrap_or(0);
    let told = format!(
        "Of {} offers the largest group lies between {} and {} percentage points.",
        grouped(all),
        edge(peak),
        edge(peak + 1)
    );
    let mut out = format!(
        "<section aria-labelledby=\"h-spread\">\n<h2 id=\"h-spread\">What the APR adds to the note rate</h2>\n\
         <p class=\"note\">{told}</p>\n{}",
        open(&format!("Histogram of APR less note rate. {told}"))
    );
    let share =
        |count: u64| i64::try_from(u128::from(count) * 1000 / u128::from(all.max(1))).unwrap_or(0);
    // The axis ends at a whole multiple of five percent above the tallest bar.
    let top = (share(most) / 50 + 1) * 50;
    for step in 0..=5 {
        let value = top * step / 5;
        line_across(
            &mut out,
            height(value, 0, top),
            &format!("{}.{} %", value / 10, value % 10),
        );
    }
    let bars = i64::try_from(counts.len().max(1)).unwrap_or(1);
    let x_of = |bar: usize| LEFT + (RIGHT - LEFT) * i64::try_from(bar).unwrap_or(0) / bars;
    let every = counts.len().div_ceil(LABELS).max(1);
    for (bar, count) in counts.iter().enumerate() {
        let (x, y) = (x_of(bar), height(share(*count), 0, top));
        let last = bar + 1 == super::super::summary::BARS;
        let upper = if last {
            "more".to_owned()
        } else {
            edge(bar + 1)
        };
        let _ = writeln!(
            out,
            "<rect class=\"bar\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{}\"><title>{} to {upper}: {} offers</title></rect>",
            x + 1,
            (x_of(bar + 1) - x - 2).max(1),
            BOTTOM - y,
            edge(bar),
            grouped(*count)
        );
        if bar % every == 0 {
            label_below(&mut out, x, &edge(bar));
        }
    }
    title_below(
        &mut out,
        "APR less note rate, percentage points; share of offers",
    );
    out.push_str("<details><summary>Figures of every bar</summary>\n<div class=\"scroll\"><table>\n<caption>Offers by APR less note rate</caption>\n<thead><tr><th scope=\"col\">from</th><th scope=\"col\">offers</th></tr></thead>\n<tbody>\n");
    for (bar, count) in counts.iter().enumerate() {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
            edge(bar),
            grouped(*count)
        );
    }
    out.push_str("</tbody>\n</table></div></details>\n</section>\n");
    out
}

/// Mean note rate at points nearest zero, and mean annual rate of these offers, by credit score.
pub(super) fn scores(scores: &BTreeMap<u32, Line>) -> String {
    let figures: Vec<(u32, Option<i64>, Option<i64>)> = scores
        .iter()
        .map(|(score, line)| (*score, line.mean_rate_e9(), line.mean_apr_e9()))
        .collect();
    let known = figures
        .iter()
        .flat_map(|(_, rate, apr)| [*rate, *apr])
        .flatten();
    let (least, most) = known.fold((i64::MAX, i64::MIN), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let told = "Mean over all loans of the note rate with points nearest zero, and of its APR.";
    let mut out = format!(
        "<section aria-labelledby=\"h-score\">\n<h2 id=\"h-score\">By credit score</h2>\n<p class=\"note\">{told}</p>\n"
    );
    if least <= most {
        out.push_str(&score_chart(&figures, (least, most), told));
    }
    let names: Vec<(String, &Line)> = scores
        .iter()
        .map(|(score, line)| (score.to_string(), line))
        .collect();
    let lines: Vec<(&str, &Line)> = names
        .iter()
        .map(|(name, line)| (name.as_str(), *line))
        .collect();
    let _ = write!(
        out,
        "<details><summary>Figures of every score</summary>\n{}</details>\n</section>\n",
        table("Rates by credit score", "score", &lines)
    );
    out
}

fn score_chart(
    figures: &[(u32, Option<i64>, Option<i64>)],
    (least, most): (i64, i64),
    told: &str,
) -> String {
    const EIGHTH: i64 = 125_000_000;
    let mut out = open(told);
    let (low, high) = (
        least.div_euclid(EIGHTH) * EIGHTH,
        (most.div_euclid(EIGHTH) + 1) * EIGHTH,
    );
    let eighths = (high - low) / EIGHTH;
    let every = (eighths / 6 + 1).max(1);
    for step in (0..=eighths).step_by(usize::try_from(every).unwrap_or(1)) {
        let value = low + step * EIGHTH;
        line_across(
            &mut out,
            height(value, low, high),
            &format!("{} %", pct(value)),
        );
    }
    let steps = i64::try_from(figures.len()).unwrap_or(1).max(1);
    let x_of =
        |at: usize| LEFT + (RIGHT - LEFT) * (2 * i64::try_from(at).unwrap_or(0) + 1) / (2 * steps);
    let label_every = figures.len().div_ceil(LABELS).max(1);
    for (class, dot, pick) in [("first", "dot1", 1), ("second", "dot2", 2)] {
        let points: Vec<(i64, i64, u32, i64)> = figures
            .iter()
            .enumerate()
            .filter_map(|(at, (score, rate, apr))| {
                let value = if pick == 1 { *rate } else { *apr }?;
                Some((x_of(at), height(value, low, high), *score, value))
            })
            .collect();
        let path: Vec<String> = points.iter().map(|(x, y, ..)| format!("{x},{y}")).collect();
        let _ = writeln!(
            out,
            "<polyline class=\"{class}\" points=\"{}\"/>",
            path.join(" ")
        );
        for (x, y, score, value) in points {
            let _ = writeln!(
                out,
                "<circle class=\"{dot}\" cx=\"{x}\" cy=\"{y}\" r=\"4.5\"><title>{score}: {} %</title></circle>",
                pct(value)
            );
        }
    }
    for (at, (score, ..)) in figures.iter().enumerate().step_by(label_every) {
        label_below(&mut out, x_of(at), &score.to_string());
    }
    title_below(&mut out, "credit score");
    out.push_str(
        "<ul class=\"key\" aria-label=\"Key\"><li><svg viewBox=\"0 0 14 9\" aria-hidden=\"true\"><path class=\"first\" d=\"M0 5h14\"/></svg>note rate</li>\
         <li><svg viewBox=\"0 0 14 9\" aria-hidden=\"true\"><path class=\"second\" d=\"M0 5h14\"/></svg>APR</li></ul>\n",
    );
    out
}
