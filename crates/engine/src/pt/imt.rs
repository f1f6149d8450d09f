//! IMT, the municipal tax on buying real estate (Código do IMT, article 17).
//!
//! Housing is taxed by bands: marginal rates up to a value, then one flat rate on the whole. The
//! printed tables say `value × rate − parcel`, where the parcel is what the lower bands save; both
//! ways are here and give the same cent.

use super::stamp_duty::positive;
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding, divide};
use crate::rate::Pct;

/// What the property is bought for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PropertyUse {
    /// The buyer's own permanent home (habitação própria e permanente).
    OwnPermanentHome,
    /// Other housing: a second home, or to let (habitação).
    OtherHousing,
    /// Rural property (prédio rústico).
    Rural,
    /// Other urban property: shops, offices, building plots (outros prédios urbanos).
    OtherUrban,
}

impl PropertyUse {
    /// Every use, in the order of the code.
    pub const ALL: &'static [Self] = &[
        Self::OwnPermanentHome,
        Self::OtherHousing,
        Self::Rural,
        Self::OtherUrban,
    ];

    /// The name used in inputs and data files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnPermanentHome => "own_permanent_home",
            Self::OtherHousing => "other_housing",
            Self::Rural => "rural",
            Self::OtherUrban => "other_urban",
        }
    }

    /// Reads a use by [`PropertyUse::name`] or by a usual English or Portuguese spelling.
    ///
    /// # Errors
    /// Field `use` when the text is none of them.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        match text.to_lowercase().replace(['-', ' '], "_").as_str() {
            "own_permanent_home"
            | "own_home"
            | "permanent_home"
            | "main_residence"
            | "primary_residence"
            | "primary"
            | "hpp"
            | "habitacao_propria_permanente" => Ok(Self::OwnPermanentHome),
            "other_housing"
            | "secondary"
            | "secondary_home"
            | "secondary_housing"
            | "second_home"
            | "secondary_residence"
            | "holiday_home"
            | "investment"
            | "rental"
            | "to_let"
            | "housing"
            | "habitacao"
            | "habitacao_secundaria" => Ok(Self::OtherHousing),
            "rural" | "rustic" | "rustico" => Ok(Self::Rural),
            "other_urban" | "urban_other" | "commercial" | "building_plot" | "outros_urbanos" => {
                Ok(Self::OtherUrban)
            }
            _ => Err(EngineError::new("use", Problem::UnknownName)),
        }
    }
}

/// Where the property lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Region {
    /// Mainland (continente).
    Mainland,
    /// Autonomous Region of the Azores.
    Azores,
    /// Autonomous Region of Madeira.
    Madeira,
}

impl Region {
    /// True in the autonomous regions, whose limits are higher.
    #[must_use]
    pub const fn is_autonomous(self) -> bool {
        match self {
            Self::Mainland => false,
            Self::Azores | Self::Madeira => true,
        }
    }

    /// Every region.
    pub const ALL: &'static [Self] = &[Self::Mainland, Self::Azores, Self::Madeira];

    /// The name used in inputs and data files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mainland => "mainland",
            Self::Azores => "azores",
            Self::Madeira => "madeira",
        }
    }

    /// Reads a region by name.
    ///
    /// # Errors
    /// Field `region` when the text is none of them.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        match text.to_lowercase().replace(['-', ' '], "_").as_str() {
            "mainland" | "continente" | "continent" => Ok(Self::Mainland),
            // One table is for both regions.
            "azores" | "acores" | "açores" | "islands" | "autonomous_regions" => Ok(Self::Azores),
            "madeira" => Ok(Self::Madeira),
            _ => Err(EngineError::new("region", Problem::UnknownName)),
        }
    }
}

/// How a band's rate applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BandRate {
    /// On the part of the value within the band.
    Marginal(Pct),
    /// On the whole value (taxa única).
    Flat(Pct),
}

/// A band of values: above the band before, up to and including `up_to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImtBand {
    /// Upper end, within the band; none for the last.
    pub up_to: Option<Cents>,
    /// Its rate.
    pub rate: BandRate,
}

/// The bands of one use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImtScale {
    bands: Vec<ImtBand>,
}

/// The tax and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImtTax {
    /// The tax, half-up cents.
    pub tax: Cents,
    /// Number of the band the value lies in, from 1.
    pub band: usize,
    /// Rate of that band.
    pub rate: BandRate,
    /// Parcel of the printed table (parcela a abater), half-up cents; zero in a flat band.
    pub parcel: Cents,
}

/// Most bands of a scale.
const MAX_BANDS: usize = 20;
/// Cents × billionths of a percent in one cent of tax.
const PERCENT_SCALE: i128 = 100_000_000_000;

impl ImtScale {
    /// A scale from its bands in ascending order.
    ///
    /// # Errors
    /// Field `bands`: none or too many; ends not ascending from zero; only the last open; a marginal
    /// band after a flat one; a rate outside 0 to 100 %.
    pub fn try_new(bands: Vec<ImtBand>) -> Result<Self, EngineError> {
        let wrong = |how| EngineError::new("bands", Problem::Inconsistent(how));
        let Some((last, before)) = bands.split_last() else {
            return Err(EngineError::new("bands", Problem::Empty));
        };
        if bands.len() > MAX_BANDS {
            let problem = Problem::TooMany { limit: 20 };
            return Err(EngineError::new("bands", problem));
        }
        if last.up_to.is_some() || before.iter().any(|band| band.up_to.is_none()) {
            return Err(wrong("must be open at the top, and only there"));
        }
        let mut end = Cents::ZERO;
        for up_to in before.iter().filter_map(|band| band.up_to) {
            if up_to <= end {
                return Err(wrong("must end one above the other"));
            }
            end = up_to;
        }
        let is_flat = |band: &ImtBand| matches!(band.rate, BandRate::Flat(_));
        let first_flat = bands.iter().position(is_flat).unwrap_or(bands.len());
        if !bands.iter().skip(first_flat).all(is_flat) {
            return Err(wrong("must be marginal first and flat above"));
        }
        let in_bounds = |band: &ImtBand| match band.rate {
            BandRate::Marginal(rate) | BandRate::Flat(rate) => {
                !rate.is_negative() && rate <= Pct::HUNDRED
            }
        };
        if !bands.iter().all(in_bounds) {
            return Err(wrong("must have rates from 0 to 100 %"));
        }
        Ok(Self { bands })
    }

    /// One flat rate at every value.
    ///
    /// # Errors
    /// Field `bands` when the rate is outside 0 to 100 %.
    pub fn try_flat(rate: Pct) -> Result<Self, EngineError> {
        let rate = BandRate::Flat(rate);
        Self::try_new(vec![ImtBand { up_to: None, rate }])
    }

    /// The bands, lowest first.
    #[must_use]
    pub fn bands(&self) -> &[ImtBand] {
        &self.bands
    }

    /// The scale with every limit multiplied by `factor` (125 % on the islands) and rounded half up
    /// to whole currency units, as the printed island limits are.
    ///
    /// # Errors
    /// Field `factor` when it is not positive or a limit becomes too large.
    pub fn limits_times(&self, factor: Pct) -> Result<Self, EngineError> {
        let bands = self.bands.iter().map(|band| {
            let up_to = band.up_to.map(|limit| scaled_limit(limit, factor));
            Ok(ImtBand {
                up_to: up_to.transpose()?,
                rate: band.rate,
            })
        });
        Self::try_new(bands.collect::<Result<_, EngineError>>()?)
    }

    /// The tax on `value`, the higher of price and tax value.
    ///
    /// # Errors
    /// `value` not positive or above 10^15 currency units.
    pub fn tax(&self, value: Cents) -> Result<ImtTax, EngineError> {
        positive("value", value)?;
        let too_large = EngineError::too_large("value");
        let mut below = Cents::ZERO;
        let mut saved: i128 = 0;
        let mut previous = Pct::ZERO;
        for (index, band) in self.bands.iter().enumerate() {
            if let BandRate::Marginal(rate) = band.rate {
                // parcel_k = parcel_(k−1) + limit_(k−1) × (rate_k − rate_(k−1)), kept exact.
                let step = i128::from(rate.e9()).saturating_sub(i128::from(previous.e9()));
                let more = i128::from(below.get()).checked_mul(step);
                saved = more
                    .and_then(|more| saved.checked_add(more))
                    .ok_or(too_large)?;
                previous = rate;
            }
            if band.up_to.is_none_or(|up_to| value <= up_to) {
                let tax = tax_in(value, band.rate, saved).ok_or(too_large)?;
                let parcel = match band.rate {
                    BandRate::Marginal(_) => to_cents(saved).ok_or(too_large)?,
                    BandRate::Flat(_) => Cents::ZERO,
                };
                return Ok(ImtTax {
                    tax,
                    band: index.saturating_add(1),
                    rate: band.rate,
                    parcel,
                });
            }
            below = band.up_to.unwrap_or(below);
        }
        Err(too_large)
    }
}

/// Half-up cents of `value × rate − parcel`, one rounding.
fn tax_in(value: Cents, rate: BandRate, saved: i128) -> Option<Cents> {
    if value > Cents::MAX {
        return None;
    }
    let (rate, saved) = match rate {
        BandRate::Marginal(rate) => (rate, saved),
        BandRate::Flat(rate) => (rate, 0),
    };
    let product = i128::from(value.get()).checked_mul(i128::from(rate.e9()))?;
    to_cents(product.checked_sub(saved)?)
}

fn to_cents(scaled: i128) -> Option<Cents> {
    let cents = divide(scaled, PERCENT_SCALE, Rounding::HalfUp)?;
    i64::try_from(cents).ok().map(Cents::new)
}

pub(super) fn scaled_limit(limit: Cents, factor: Pct) -> Result<Cents, EngineError> {
    let too_large = EngineError::too_large("factor");
    if factor <= Pct::ZERO {
        return Err(EngineError::new("factor", Problem::MustBePositive));
    }
    // Whole units, half up: 104,261 becomes 130,326 and 324,058 becomes 405,073.
    let units = i128::from(limit.get())
        .checked_mul(i128::from(factor.e9()))
        .and_then(|scaled| divide(scaled, PERCENT_SCALE.saturating_mul(100), Rounding::HalfUp))
        .and_then(|units| i64::try_from(units).ok());
    units
        .and_then(|units| Cents::new(100).checked_mul(units))
        .ok_or(too_large)
}

/// The scales of one edition for one region: mainland, or either of the autonomous regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImtTable {
    /// Own permanent home.
    pub own_permanent_home: ImtScale,
    /// Other housing.
    pub other_housing: ImtScale,
    /// Rural property.
    pub rural: ImtScale,
    /// Other urban property.
    pub other_urban: ImtScale,
}

impl ImtTable {
    /// The scale of a use.
    #[must_use]
    pub const fn scale(&self, property_use: PropertyUse) -> &ImtScale {
        match property_use {
            PropertyUse::OwnPermanentHome => &self.own_permanent_home,
            PropertyUse::OtherHousing => &self.other_housing,
            PropertyUse::Rural => &self.rural,
            PropertyUse::OtherUrban => &self.other_urban,
        }
    }

    /// The table with every limit multiplied by `factor`, as [`ImtScale::limits_times`].
    ///
    /// # Errors
    /// Field `factor` when it is not positive or a limit becomes too large.
    pub fn limits_times(&self, factor: Pct) -> Result<Self, EngineError> {
        Ok(Self {
            own_permanent_home: self.own_permanent_home.limits_times(factor)?,
            other_housing: self.other_housing.limits_times(factor)?,
            rural: self.rural.limits_times(factor)?,
            other_urban: self.other_urban.limits_times(factor)?,
        })
    }
}

#[cfg(test)]
pub(super) mod tests;
