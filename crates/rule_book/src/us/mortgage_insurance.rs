//! `us/mortgage_insurance.toml`: a card of borrower-paid monthly mortgage insurance.

use lintel_engine::bands::{Band, Step};
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow;
use serde::Deserialize;

use super::figures::maybe_pct;
use crate::load::pct;

/// A card and the score it is read at when none is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiCard {
    /// Rows in the order they are looked up: bands from the lowest, of each band the usual coverage
    /// first, scores from the highest.
    pub rows: Vec<CardRow>,
    /// The credit score a quote without one is insured at.
    pub assumed_score: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    assumed_score: u32,
    scores: Vec<u32>,
    band: Vec<BandEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandEntry {
    max_ltv_percent: Option<String>,
    coverage_percent: u32,
    annual_percent: Vec<String>,
}

pub(super) fn read(rows: Rows) -> Result<MiCard, String> {
    if !rows.scores.is_sorted_by(|one, next| one > next) {
        return Err("scores must fall from the highest".to_owned());
    }
    let mut card = Vec::new();
    let (mut over, mut up_to) = (None, None);
    for (index, band) in rows.band.iter().enumerate() {
        let number = index + 1;
        let edge = maybe_pct(band.max_ltv_percent.as_ref())?;
        if index > 0 && edge != up_to {
            // A new band begins where the one before it ends; nothing is above an open one.
            let rises = up_to.is_some_and(|up_to| edge.is_none_or(|edge| edge > up_to));
            if !rises {
                return Err(format!("band {number} does not rise"));
            }
            over = up_to;
        }
        up_to = edge;
        if band.annual_percent.len() != rows.scores.len() {
            return Err(format!(
                "band {number} does not have a premium for each score"
            ));
        }
        let mut below = None;
        for (score, annual) in rows.scores.iter().zip(&band.annual_percent) {
            card.push(CardRow {
                ltv: Band { over, up_to },
                score: Step {
                    at_least: Some(*score),
                    below,
                },
                term_months: Band::ALL,
                coverage: Pct::new(i64::from(band.coverage_percent) * Pct::SCALE),
                annual: pct(annual)?,
            });
            below = Some(*score);
        }
    }
    Ok(MiCard {
        rows: card,
        assumed_score: rows.assumed_score,
    })
}
