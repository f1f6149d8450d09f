//! Tables of the United States, one file each.

pub(crate) mod apor;
pub(crate) mod county_limits;
mod figures;
mod finance_charge;
mod indices;
mod limits;
mod llpa;
mod mortgage_insurance;
mod prices;
mod programs;
mod retention;
mod tolerances;
mod zip_states;

use std::collections::BTreeMap;

use lintel_domain::product::ArmIndex;
use lintel_engine::date::Date;
use lintel_engine::rate::Pct;
use lintel_engine::us::apor::AporTable;
use lintel_engine::us::finance_charge::Table;
use lintel_engine::us::llpa::Grid;
use lintel_engine::us::loan_limits::{ConformingRow, FhaLimitRow};
use lintel_engine::us::points_and_fees::BonaFide;
use lintel_engine::us::price_tests::PriceTables;
use lintel_engine::us::tolerance::Tolerances;

use crate::dated::{Dated, NotInForce};
use crate::embedded;
use crate::load::{Loader, RuleError};

pub use county_limits::{CountyLimits, UnitLimits};
pub use mortgage_insurance::MiCard;
pub use prices::{HpmlExemptions, PriceAmounts, PriceSpreads};
pub use programs::{FhaCharges, OldLoan, UsdaCharges, VaCharges};
pub use retention::Retention;
pub use zip_states::ZipStates;

embedded! {
    FINANCE_CHARGE = "us/finance_charge.toml";
    FHA = "us/fha.toml";
    VA = "us/va.toml";
    USDA = "us/usda.toml";
    MORTGAGE_INSURANCE = "us/mortgage_insurance.toml";
    LLPA = "us/llpa.toml";
    LOAN_LIMITS = "us/loan_limits.toml";
    FHA_LIMITS = "us/fha_limits.toml";
    PRICE_SPREADS = "us/price_spreads.toml";
    PRICE_AMOUNTS = "us/price_amounts.toml";
    HPML_EXEMPTIONS = "us/hpml_exemptions.toml";
    BONA_FIDE_POINTS = "us/bona_fide_points.toml";
    TOLERANCES = "us/tolerances.toml";
    ARM_INDICES = "us/arm_indices.toml";
    ZIP_STATES = "us/zip_states.toml";
    RETENTION = "us/retention.toml";
}

/// The table that may have an edition a day.
pub(crate) const DAILY: &str = ARM_INDICES.0;

/// Tables only an operator's folder can hold: `lintel import` writes them.
pub(crate) const APOR_FIXED: &str = "us/apor_fixed.toml";
pub(crate) const APOR_ADJUSTABLE: &str = "us/apor_adjustable.toml";
pub(crate) const COUNTY_LIMITS: &str = "us/county_limits.toml";

/// Every table of the United States.
#[derive(Debug, Clone)]
pub struct UsRules {
    /// Which closing charges are finance charges, 12 CFR 1026.4.
    pub finance_charge: Dated<Table>,
    /// Mortgage insurance of the Federal Housing Administration.
    pub fha: Dated<FhaCharges>,
    /// Funding fee of the Department of Veterans Affairs.
    pub va: Dated<VaCharges>,
    /// Guarantee fees of USDA Rural Development.
    pub usda: Dated<UsdaCharges>,
    /// Borrower-paid monthly mortgage insurance; demonstration data.
    pub mi_card: Dated<MiCard>,
    /// Loan-level price adjustments of Fannie Mae.
    pub llpa: Dated<Vec<Grid>>,
    /// Conforming loan limits.
    pub loan_limits: Dated<Vec<ConformingRow>>,
    /// National limits of the Federal Housing Administration.
    pub fha_limits: Dated<Vec<FhaLimitRow>>,
    /// Spreads of the price tests.
    pub price_spreads: Dated<PriceSpreads>,
    /// Dollar amounts of the price tests.
    pub price_amounts: Dated<PriceAmounts>,
    /// Amounts that exempt from the rules for higher-priced mortgage loans.
    pub hpml_exemptions: Dated<HpmlExemptions>,
    /// Discount points that stay out of points and fees.
    pub bona_fide_points: Dated<[BonaFide; 2]>,
    /// How far a disclosed rate or finance charge may be off.
    pub tolerances: Dated<Tolerances>,
    /// Index values for lenders that have not loaded their own; demonstration data.
    pub arm_indices: Dated<BTreeMap<ArmIndex, Pct>>,
    /// States of ZIP prefixes.
    pub zip_states: Dated<ZipStates>,
    /// How long a loan's papers are kept.
    pub retention: Dated<Retention>,
    /// Average prime offer rates of fixed-rate loans; none until imported.
    pub apor_fixed: Option<Dated<AporTable>>,
    /// Average prime offer rates of adjustable-rate loans; none until imported.
    pub apor_adjustable: Option<Dated<AporTable>>,
    /// Conforming limits of every county, a year an edition; none until imported.
    pub county_limits: Option<Dated<CountyLimits>>,
}

impl UsRules {
    pub(crate) fn load(loader: &mut Loader<'_>) -> Result<Self, RuleError> {
        Ok(Self {
            finance_charge: loader.table(FINANCE_CHARGE, finance_charge::read)?,
            fha: loader.table(FHA, programs::read_fha)?,
            va: loader.table(VA, programs::read_va)?,
            usda: loader.table(USDA, programs::read_usda)?,
            mi_card: loader.table(MORTGAGE_INSURANCE, mortgage_insurance::read)?,
            llpa: loader.table(LLPA, llpa::read)?,
            loan_limits: loader.table(LOAN_LIMITS, limits::read_conforming)?,
            fha_limits: loader.table(FHA_LIMITS, limits::read_fha)?,
            price_spreads: loader.table(PRICE_SPREADS, prices::read_spreads)?,
            price_amounts: loader.table(PRICE_AMOUNTS, prices::read_amounts)?,
            hpml_exemptions: loader.table(HPML_EXEMPTIONS, prices::read_exemptions)?,
            bona_fide_points: loader.table(BONA_FIDE_POINTS, prices::read_bona_fide)?,
            tolerances: loader.table(TOLERANCES, tolerances::read)?,
            arm_indices: loader.table(ARM_INDICES, indices::read)?,
            zip_states: loader.table(ZIP_STATES, zip_states::read)?,
            retention: loader.table(RETENTION, retention::read)?,
            apor_fixed: loader.folder_table(APOR_FIXED, apor::read)?,
            apor_adjustable: loader.folder_table(APOR_ADJUSTABLE, apor::read)?,
            county_limits: loader.folder_table(COUNTY_LIMITS, county_limits::read)?,
        })
    }

    /// Everything the price tests of a day look up.
    ///
    /// # Errors
    /// When the spreads or the dollar amounts have no edition in force on that day.
    pub fn price_tables(&self, day: Date) -> Result<PriceTables, NotInForce> {
        let spreads = &self.price_spreads.on(day)?.rows;
        let amounts = &self.price_amounts.on(day)?.rows;
        Ok(PriceTables {
            hpml: spreads.hpml.clone(),
            covered: spreads.covered.clone(),
            qm_price: amounts.qm_price.clone(),
            qm_points: amounts.qm_points.clone(),
            hoepa_price: spreads.hoepa.clone(),
            hoepa_points: amounts.hoepa_points.clone(),
            penalty: Some(spreads.penalty),
        })
    }
}

#[cfg(test)]
mod tests {
    use lintel_engine::us::finance_charge::{Class, Facts, PaidBy, Section};
    use lintel_engine::us::points_and_fees::PointsKind;

    use super::*;
    use crate::RuleBook;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).expect("a date")
    }

    #[test]
    fn every_rule_of_the_charges_gives_a_reason_and_a_paragraph() {
        let book = RuleBook::embedded().expect("every file reads");
        let table = &book
            .us
            .finance_charge
            .on(day("2026-11-21"))
            .expect("in force")
            .rows;
        assert!(table.rows.len() > 150);
        for row in &table.rows {
            let section = row.section.unwrap_or(Section::B);
            let nothing = Facts::default();
            let verdict = table.classify(&row.fee_type, section, PaidBy::Consumer, &nothing);
            assert!(!verdict.reason.is_empty(), "{}", row.fee_type);
            assert!(verdict.paragraph.starts_with("1026.4("), "{}", row.fee_type);
            // What is interest or a guarantee of the state never escapes by its kind alone.
            if row.points_and_fees == PointsKind::Interest {
                assert_eq!(verdict.class, Class::Included);
            }
        }
    }

    #[test]
    fn price_tables_are_those_of_the_year() {
        let book = RuleBook::embedded().expect("every file reads");
        let tables = book.us.price_tables(day("2026-11-21")).expect("in force");
        assert_eq!((tables.hpml.len(), tables.qm_points.len()), (3, 5));
        for missing in ["2013-12-31", "2025-12-31", "2027-01-01"] {
            let missing = book
                .us
                .price_tables(day(missing))
                .expect_err("not in force");
            assert!(missing.to_string().contains("us/price_"), "{missing}");
        }
    }

    #[test]
    fn the_one_unit_floor_is_65_percent_of_the_baseline_rounded_down() {
        use lintel_engine::Rounding;
        use lintel_engine::us::loan_limits::{LimitArea, conforming_limit, fha_limit};
        let book = RuleBook::embedded().expect("every file reads");
        for year in ["2025-06-01", "2026-06-01"] {
            let conforming = &book.us.loan_limits.on(day(year)).expect("in force").rows;
            let fha = &book.us.fha_limits.on(day(year)).expect("in force").rows;
            for units in 1..=4 {
                let limits = conforming_limit(conforming, units, LimitArea::General);
                let limits = limits.expect("a row");
                let high = fha_limit(fha, units).expect("a row");
                assert_eq!(high.ceiling, limits.ceiling);
                let part =
                    |percent: i128, rounding| limits.baseline.mul_ratio(percent, 100, rounding);
                assert_eq!(
                    part(150, Rounding::Down),
                    Some(limits.ceiling),
                    "{year} {units}"
                );
                let exact = part(65, Rounding::Down).expect("held").get();
                // Of several units the floor grows with the one-unit floor and is cut to 25 more.
                let cut = if units == 1 { 100 } else { 5_000 };
                assert!(
                    (0..cut).contains(&(exact - high.floor.get())),
                    "{year} {units}"
                );
            }
        }
    }

    #[test]
    fn the_card_covers_each_band_and_score_once() {
        let book = RuleBook::embedded().expect("every file reads");
        let card = &book
            .us
            .mi_card
            .on(day("2026-11-21"))
            .expect("in force")
            .rows
            .rows;
        assert_eq!(card.len(), 80);
        for ltv in [
            "84", "85", "85.01", "90", "90.01", "95", "95.01", "97", "99",
        ] {
            let ltv = Pct::parse_decimal(ltv).expect("a percentage");
            for score in [620, 639, 640, 759, 760, 850] {
                let rows = card
                    .iter()
                    .filter(|row| row.ltv.contains(ltv) && row.score.contains(score));
                let mut coverages: Vec<Pct> = rows.map(|row| row.coverage).collect();
                assert!((2..=3).contains(&coverages.len()), "{ltv} {score}");
                coverages.dedup();
                assert!(
                    coverages.is_sorted_by(|one, next| one > next),
                    "{ltv} {score}"
                );
            }
        }
    }
}
