//! The states as tiles, each about where it lies, shaded by its best rate.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::table;
use crate::ratecard::report::pct;
use crate::ratecard::summary::Line;

/// Side of a tile, and the gap within it.
const TILE: usize = 60;
const GAP: usize = 4;
/// Shades.
const SHADES: i64 = 5;

/// Rows of tiles from north to south; a blank is sea, or abroad. The last row is what lies far off.
const TILES: [&[&str]; 9] = [
    &["AK", "", "", "", "", "", "", "", "", "", "", "ME"],
    &["", "", "", "", "", "", "", "", "", "", "VT", "NH"],
    &[
        "", "WA", "ID", "MT", "ND", "MN", "IL", "WI", "MI", "NY", "RI", "MA",
    ],
    &[
        "", "OR", "NV", "WY", "SD", "IA", "IN", "OH", "PA", "NJ", "CT", "",
    ],
    &[
        "", "CA", "UT", "CO", "NE", "MO", "KY", "WV", "VA", "MD", "DE", "",
    ],
    &[
        "", "", "AZ", "NM", "KS", "AR", "TN", "NC", "SC", "DC", "", "",
    ],
    &["", "", "", "", "OK", "LA", "MS", "AL", "GA", "", "", ""],
    &["HI", "", "", "", "TX", "", "", "", "", "FL", "", ""],
    &[
        "PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW", "", "AA", "AE", "AP",
    ],
];

/// Least and greatest of the states' mean annual rates.
struct Range {
    least: i64,
    most: i64,
}

impl Range {
    fn of(states: &BTreeMap<String, Line>) -> Option<Self> {
        let rates = states.values().filter_map(Line::mean_apr_e9);
        Some(Self {
            least: rates.clone().min()?,
            most: rates.max()?,
        })
    }

    /// The deeper, the dearer.
    fn shade(&self, rate: i64) -> i64 {
        let width = self.most - self.least;
        if width == 0 {
            return 0;
        }
        ((rate - self.least) * SHADES / (width + 1)).clamp(0, SHADES - 1)
    }
}

fn by_rate(line: &Line) -> (i64, i64) {
    let best = line.no_points.as_ref();
    best.map_or((i64::MAX, i64::MAX), |offer| {
        (offer.note_rate_pct_e9, offer.apr_pct_e9)
    })
}

/// The map with its key and table.
pub(super) fn section(states: &BTreeMap<String, Line>) -> String {
    let mut lines: Vec<(&str, &Line)> = states
        .iter()
        .map(|(code, line)| (code.as_str(), line))
        .collect();
    lines.sort_by_key(|(code, line)| (by_rate(line), *code));
    let best = states.values().filter_map(|line| line.no_points.as_ref());
    let best = best.map(|offer| offer.note_rate_pct_e9).min();
    let told = match (Range::of(states), best) {
        (Some(range), Some(best)) => format!(
            "Best note rate {} %, in {} of {} states and territories; mean APR from {} to {} %.",
            pct(best),
            lines
                .iter()
                .filter(|(_, line)| by_rate(line).0 == best)
                .count(),
            states.len(),
            pct(range.least),
            pct(range.most)
        ),
        _ => "No state has an offer without points.".to_owned(),
    };
    format!(
        "<section aria-labelledby=\"h-states\">\n<h2 id=\"h-states\">Best rate without points, by state</h2>\n\
         <p class=\"note\">{told} A tile shows the best note rate and, below it, the state's mean APR at points nearest zero, which shades it.</p>\n{}{}<details><summary>Figures of every state</summary>\n{}</details>\n</section>\n",
        svg(states, &told),
        key(states),
        table("Best rate without points by state", "state", &lines)
    )
}

fn svg(states: &BTreeMap<String, Line>, told: &str) -> String {
    let range = Range::of(states);
    // What lies far off is shown when there is something to show.
    let has_far_off = TILES
        .last()
        .is_some_and(|tiles| tiles.iter().any(|code| states.contains_key(*code)));
    let rows = if has_far_off {
        TILES.len()
    } else {
        TILES.len() - 1
    };
    let mut out = format!(
        "<div class=\"chart\" tabindex=\"0\"><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Map of the states as tiles. {told}\">\n",
        12 * TILE,
        rows * TILE
    );
    for (row, tiles) in TILES.iter().enumerate() {
        for (column, code) in tiles.iter().enumerate() {
            let line = states.get(*code);
            if code.is_empty() || (row == TILES.len() - 1 && line.is_none()) {
                continue;
            }
            let mean = line.and_then(Line::mean_apr_e9);
            let (class, small) = match mean.zip(range.as_ref()) {
                Some((mean, range)) => (format!("q{}", range.shade(mean)), pct(mean)),
                None => ("none".to_owned(), "–".to_owned()),
            };
            let best = line.and_then(|line| line.no_points.as_ref());
            let text = best.map_or("–".to_owned(), |best| pct(best.note_rate_pct_e9));
            let (x, y, side) = (column * TILE + GAP / 2, row * TILE + GAP / 2, TILE - GAP);
            let middle = column * TILE + TILE / 2;
            let _ = writeln!(
                out,
                "<g class=\"{class}\"><title>{code}: {text}, mean APR {small}</title><rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" rx=\"6\"/>\
                 <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" font-size=\"15\" font-weight=\"600\">{code}</text>\
                 <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" font-size=\"14\">{text}</text>\
                 <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\" font-size=\"11\">{small}</text></g>",
                y + 19,
                y + 35,
                y + 49
            );
        }
    }
    out.push_str("</svg></div>\n");
    out
}

fn key(states: &BTreeMap<String, Line>) -> String {
    let Some(range) = Range::of(states).filter(|range| range.most > range.least) else {
        return String::new();
    };
    let mut out = "<ul class=\"key\" aria-label=\"Key\">\n".to_owned();
    for shade in 0..SHADES {
        let edge = |shade: i64| range.least + (range.most - range.least) * shade / SHADES;
        let _ = writeln!(
            out,
            "<li><svg viewBox=\"0 0 14 9\" aria-hidden=\"true\" class=\"q{shade}\"><rect width=\"14\" height=\"9\" rx=\"2\"/></svg>{} to {} %</li>",
            pct(edge(shade)),
            pct(edge(shade + 1))
        );
    }
    out.push_str("</ul>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_there_is_has_its_tile() {
        let tiles: Vec<&str> = TILES
            .concat()
            .into_iter()
            .filter(|code| !code.is_empty())
            .collect();
        for state in lintel_places::states() {
            let count = tiles.iter().filter(|code| **code == state.code).count();
            assert_eq!(count, 1, "{}", state.code);
        }
        assert_eq!(tiles.len(), lintel_places::states().len());
    }

    #[test]
    fn shades_cover_the_range() {
        let range = Range {
            least: 10,
            most: 19,
        };
        assert_eq!(
            (10..=19).map(|rate| range.shade(rate)).collect::<Vec<_>>(),
            [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
        );
        assert_eq!(Range { least: 5, most: 5 }.shade(5), 0);
    }
}
