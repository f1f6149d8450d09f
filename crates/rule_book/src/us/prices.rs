//! `us/price_spreads.toml`, `us/price_amounts.toml`, `us/hpml_exemptions.toml` and
//! `us/bona_fide_points.toml`: where the price tests turn.

use lintel_engine::bands::Step;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::points_and_fees::BonaFide;
use lintel_engine::us::price_tests::{Lien, Limit, LimitRow, Penalty, SpreadRow};
use serde::Deserialize;

use super::figures::{cents, falling, maybe_cents, maybe_pct};
use crate::load::pct;

/// Spreads that stand in the regulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceSpreads {
    /// Higher-priced mortgage loan, 1026.35(a)(1).
    pub hpml: Vec<SpreadRow>,
    /// Higher-priced covered transaction, 1026.43(b)(4).
    pub covered: Vec<SpreadRow>,
    /// High-cost mortgage, 1026.32(a)(1)(i).
    pub hoepa: Vec<SpreadRow>,
    /// Prepayment penalties of a high-cost mortgage, 1026.32(a)(1)(iii).
    pub penalty: Penalty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpreadRows {
    hpml: HpmlEntry,
    covered: CoveredEntry,
    hoepa: HoepaEntry,
    penalty: PenaltyEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HpmlEntry {
    first: String,
    first_above_conforming_limit: String,
    subordinate: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoveredEntry {
    first: String,
    subordinate: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoepaEntry {
    first: String,
    first_personal_property: String,
    personal_property_below: String,
    subordinate: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PenaltyEntry {
    months: u32,
    percent: String,
}

fn spread(lien: Lien, points: &str) -> Result<SpreadRow, String> {
    Ok(SpreadRow {
        lien,
        above_conforming_limit: None,
        manufactured_home: None,
        loan_amount: Step::ALL,
        points: pct(points)?,
    })
}

pub(super) fn read_spreads(rows: SpreadRows) -> Result<PriceSpreads, String> {
    let (first, second) = (Lien::First, Lien::Subordinate);
    let above = |above, points| -> Result<SpreadRow, String> {
        Ok(SpreadRow {
            above_conforming_limit: Some(above),
            ..spread(first, points)?
        })
    };
    let small_home = SpreadRow {
        manufactured_home: Some(true),
        loan_amount: Step {
            at_least: None,
            below: Some(cents(&rows.hoepa.personal_property_below)?),
        },
        ..spread(first, &rows.hoepa.first_personal_property)?
    };
    Ok(PriceSpreads {
        hpml: vec![
            above(false, &rows.hpml.first)?,
            above(true, &rows.hpml.first_above_conforming_limit)?,
            spread(second, &rows.hpml.subordinate)?,
        ],
        covered: vec![
            spread(first, &rows.covered.first)?,
            spread(second, &rows.covered.subordinate)?,
        ],
        hoepa: vec![
            small_home,
            spread(first, &rows.hoepa.first)?,
            spread(second, &rows.hoepa.subordinate)?,
        ],
        penalty: Penalty {
            months: rows.penalty.months,
            percent: pct(&rows.penalty.percent)?,
        },
    })
}

/// Dollar amounts of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceAmounts {
    /// Qualified mortgage: below this spread, 1026.43(e)(2)(vi).
    pub qm_price: Vec<SpreadRow>,
    /// Qualified mortgage: at most these points and fees, 1026.43(e)(3).
    pub qm_points: Vec<LimitRow>,
    /// High-cost mortgage: more than these points and fees, 1026.32(a)(1)(ii).
    pub hoepa_points: Vec<LimitRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AmountRows {
    qm_price_first: Vec<SpreadEntry>,
    qm_price_manufactured: Vec<SpreadEntry>,
    qm_price_subordinate: Vec<SpreadEntry>,
    qm_points_and_fees: Vec<LimitEntry>,
    hoepa_points_and_fees: Vec<LimitEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpreadEntry {
    at_least: Option<String>,
    points: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitEntry {
    at_least: Option<String>,
    percent: Option<String>,
    amount: Option<String>,
}

pub(super) fn read_amounts(rows: AmountRows) -> Result<PriceAmounts, String> {
    let first = Lien::First;
    let mut qm_price = spreads(&rows.qm_price_manufactured, first, Some(true))?;
    qm_price.extend(spreads(&rows.qm_price_first, first, Some(false))?);
    qm_price.extend(spreads(
        &rows.qm_price_subordinate,
        Lien::Subordinate,
        None,
    )?);
    Ok(PriceAmounts {
        qm_price,
        qm_points: limits(&rows.qm_points_and_fees)
            .map_err(|what| format!("qm_points_and_fees: {what}"))?,
        hoepa_points: limits(&rows.hoepa_points_and_fees)
            .map_err(|what| format!("hoepa_points_and_fees: {what}"))?,
    })
}

fn spreads(
    entries: &[SpreadEntry],
    lien: Lien,
    manufactured_home: Option<bool>,
) -> Result<Vec<SpreadRow>, String> {
    let edges = entries.iter().map(|e| maybe_cents(e.at_least.as_ref()));
    let steps = falling(&edges.collect::<Result<Vec<_>, String>>()?)?;
    let rows = entries.iter().zip(steps).map(|(entry, loan_amount)| {
        Ok(SpreadRow {
            manufactured_home,
            loan_amount,
            ..spread(lien, &entry.points)?
        })
    });
    rows.collect()
}

fn limits(entries: &[LimitEntry]) -> Result<Vec<LimitRow>, String> {
    let edges = entries.iter().map(|e| maybe_cents(e.at_least.as_ref()));
    let steps = falling(&edges.collect::<Result<Vec<_>, String>>()?)?;
    let rows = entries.iter().zip(steps).map(|(entry, total_loan_amount)| {
        let percent = maybe_pct(entry.percent.as_ref())?;
        let amount = maybe_cents(entry.amount.as_ref())?;
        let limit = match (percent, amount) {
            (Some(percent), Some(amount)) => Limit::LesserOf(percent, amount),
            (Some(percent), None) => Limit::Percent(percent),
            (None, Some(amount)) => Limit::Amount(amount),
            (None, None) => return Err("a band has neither percent nor amount".to_owned()),
        };
        Ok(LimitRow {
            total_loan_amount,
            limit,
        })
    });
    rows.collect()
}

/// Amounts up to which the rules for higher-priced mortgage loans do not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HpmlExemptions {
    /// No appraisal is needed for a principal at or below this, 1026.35(c)(2)(ii).
    pub appraisal_up_to: Cents,
    /// No escrow is needed of a small creditor with assets below this, 1026.35(b)(2)(iii).
    pub escrow_small_creditor_assets: Option<Cents>,
    /// No escrow is needed of an insured depository with assets up to this, 1026.35(b)(2)(vi).
    pub escrow_insured_depository_assets: Option<Cents>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExemptionRows {
    appraisal_up_to: String,
    escrow_small_creditor_assets: Option<String>,
    escrow_insured_depository_assets: Option<String>,
}

pub(super) fn read_exemptions(rows: ExemptionRows) -> Result<HpmlExemptions, String> {
    let insured = rows.escrow_insured_depository_assets.as_ref();
    Ok(HpmlExemptions {
        appraisal_up_to: cents(&rows.appraisal_up_to)?,
        escrow_small_creditor_assets: maybe_cents(rows.escrow_small_creditor_assets.as_ref())?,
        escrow_insured_depository_assets: maybe_cents(insured)?,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BonaFideRows {
    steps: [BonaFideEntry; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BonaFideEntry {
    points: String,
    spread_up_to: String,
}

pub(super) fn read_bona_fide(rows: BonaFideRows) -> Result<[BonaFide; 2], String> {
    let step = |entry: &BonaFideEntry| -> Result<BonaFide, String> {
        let (points, spread_up_to) = (pct(&entry.points)?, pct(&entry.spread_up_to)?);
        if points < Pct::ZERO {
            return Err(format!("{} points", entry.points));
        }
        Ok(BonaFide {
            points,
            spread_up_to,
        })
    };
    let [first, second] = &rows.steps;
    Ok([step(first)?, step(second)?])
}
