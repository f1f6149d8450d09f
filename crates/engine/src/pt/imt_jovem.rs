//! IMT Jovem: buyers up to an age pay no IMT and no stamp duty on their first home, up to limits.
//!
//! Source: DL 48-A/2024 of 25 July, effective 2024-08-01: exempt up to the fourth limit of the table
//! for own permanent homes; a rate on the part above it up to the fifth limit; above the fifth limit
//! the relief is lost. Before that day there is no edition of the figures, so asking is an error and
//! not the ordinary tax.

use super::imt::{ImtScale, scaled_limit};
use super::stamp_duty::{StampDutyRates, positive};
use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::rate::Pct;

/// The relief of one edition for one region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JovemRelief {
    /// Value that is free of tax, itself included: the fourth limit.
    pub exempt_up_to: Cents,
    /// Value up to which only the part above `exempt_up_to` is taxed, itself included: the fifth.
    pub partial_up_to: Cents,
    /// Percent of that part.
    pub partial_rate: Pct,
    /// Oldest age in completed years on the day of the deed.
    pub max_age: u32,
}

/// What the relief depends on beside the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JovemBuyer {
    /// Completed years of age on the day of the deed.
    pub age_years: u32,
    /// The purchase is the first own permanent home, and no housing was owned in the years before.
    pub first_own_home: bool,
    /// Counted as somebody's dependant for income tax this year.
    pub dependant: bool,
}

/// How far the relief goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// No tax at all.
    Full,
    /// Tax on the part above the exempt value.
    Partial,
    /// The value is above the upper limit: the ordinary tax.
    Lost,
}

impl Extent {
    /// A short name for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::Lost => "lost",
        }
    }
}

/// Both taxes under the relief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JovemTax {
    /// How far the relief goes.
    pub extent: Extent,
    /// IMT, half-up cents.
    pub imt: Cents,
    /// Stamp duty on the purchase, half-up cents: on the same part of the value as the IMT.
    pub stamp_duty: Cents,
}

impl JovemRelief {
    /// The relief with both limits multiplied by `factor` (125 % on the islands) and rounded half up to
    /// whole currency units.
    ///
    /// # Errors
    /// Field `factor` when it is not positive or a limit becomes too large.
    pub fn limits_times(&self, factor: Pct) -> Result<Self, EngineError> {
        Ok(Self {
            exempt_up_to: scaled_limit(self.exempt_up_to, factor)?,
            partial_up_to: scaled_limit(self.partial_up_to, factor)?,
            ..*self
        })
    }

    /// Refuses a buyer who has no relief, whatever the value.
    ///
    /// # Errors
    /// Field `age_years`, `first_own_home` or `dependant` when it excludes the relief.
    pub fn check_buyer(&self, buyer: &JovemBuyer) -> Result<(), EngineError> {
        if buyer.age_years > self.max_age {
            let (min, max) = (0, i64::from(self.max_age));
            return Err(EngineError::new(
                "age_years",
                Problem::OutOfRange { min, max },
            ));
        }
        let refused = |field, how| Err(EngineError::new(field, Problem::Inconsistent(how)));
        if !buyer.first_own_home {
            return refused(
                "first_own_home",
                "must be true for the young buyers' relief",
            );
        }
        if buyer.dependant {
            return refused("dependant", "must be false for the young buyers' relief");
        }
        Ok(())
    }

    /// How far the relief goes at `value`.
    #[must_use]
    pub fn extent(&self, value: Cents) -> Extent {
        if value <= self.exempt_up_to {
            Extent::Full
        } else if value <= self.partial_up_to {
            Extent::Partial
        } else {
            Extent::Lost
        }
    }

    /// IMT of an eligible buyer on `value`, the higher of price and tax value; `ordinary` is the scale
    /// for own permanent homes of the same edition and region.
    ///
    /// # Errors
    /// `value` not positive or above 10^15.
    pub fn imt(&self, value: Cents, ordinary: &ImtScale) -> Result<Cents, EngineError> {
        positive("value", value)?;
        match self.extent(value) {
            Extent::Full => Ok(Cents::ZERO),
            Extent::Partial => self
                .taxed_part(value)?
                .percent(self.partial_rate, Rounding::HalfUp)
                .ok_or(EngineError::too_large("value")),
            Extent::Lost => Ok(ordinary.tax(value)?.tax),
        }
    }

    /// IMT and stamp duty on the purchase together.
    ///
    /// # Errors
    /// As [`JovemRelief::imt`].
    pub fn taxes(
        &self,
        value: Cents,
        ordinary: &ImtScale,
        duty: &StampDutyRates,
    ) -> Result<JovemTax, EngineError> {
        let extent = self.extent(value);
        Ok(JovemTax {
            extent,
            imt: self.imt(value, ordinary)?,
            stamp_duty: match extent {
                Extent::Full => Cents::ZERO,
                Extent::Partial => duty.on_purchase(self.taxed_part(value)?)?,
                Extent::Lost => duty.on_purchase(value)?,
            },
        })
    }

    /// The part of `value` that is taxed under a partial relief.
    fn taxed_part(&self, value: Cents) -> Result<Cents, EngineError> {
        value
            .checked_sub(self.exempt_up_to)
            .ok_or(EngineError::too_large("value"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::imt::tests::{own_2025, own_2026, scale};
    use super::super::stamp_duty::tests::rates;
    use super::*;

    fn relief(four: i64, five: i64) -> JovemRelief {
        JovemRelief {
            exempt_up_to: Cents::new(four * 100),
            partial_up_to: Cents::new(five * 100),
            partial_rate: Pct::new(8_000_000_000),
            max_age: 35,
        }
    }

    fn imt(relief: JovemRelief, ordinary: &ImtScale, value: i64) -> String {
        let tax = relief.imt(Cents::new(value * 100), ordinary);
        tax.unwrap().to_string()
    }

    #[test]
    fn sapo_2025_320_000_in_2024() {
        let own = scale(
            "0",
            [101_917, 139_412, 190_086, 316_772, 633_453, 1_102_920],
        );
        assert_eq!(imt(relief(316_772, 633_453), &own, 320_000), "258.24");
    }

    #[test]
    fn limits_of_2025_and_2026() {
        let of_2026 = |value| imt(relief(330_539, 660_982), &own_2026(), value);
        assert_eq!(of_2026(330_539), "0.00");
        assert_eq!(of_2026(600_000), "21556.88");
        assert_eq!(of_2026(660_982), "26435.44");
        // One more unit and the ordinary flat rate is due on everything.
        assert_eq!(of_2026(660_983), "39658.98");
        assert_eq!(imt(relief(324_058, 648_022), &own_2025(), 324_059), "0.08");
        let island = relief(324_058, 648_022).limits_times(Pct::new(125_000_000_000));
        assert_eq!(island.unwrap().exempt_up_to, Cents::new(40_507_300));
        assert!(relief(1, 2).imt(Cents::ZERO, &own_2026()).is_err());
    }

    #[test]
    fn stamp_duty_follows_the_same_part() {
        let taxes = |value: i64| {
            let relief = relief(330_539, 660_982);
            let value = Cents::new(value * 100);
            relief.taxes(value, &own_2026(), &rates()).unwrap()
        };
        assert_eq!(taxes(300_000).stamp_duty, Cents::ZERO);
        assert_eq!(taxes(430_539).stamp_duty, Cents::new(80_000));
        assert_eq!(taxes(430_539).imt, Cents::new(800_000));
        assert_eq!(taxes(700_000).stamp_duty, Cents::new(560_000));
        assert_eq!(taxes(700_000).extent, Extent::Lost);
    }

    #[test]
    fn who_has_the_relief() {
        let buyer = JovemBuyer {
            age_years: 35,
            first_own_home: true,
            dependant: false,
        };
        let refused = |buyer| relief(1, 2).check_buyer(&buyer).unwrap_err().field;
        assert!(relief(1, 2).check_buyer(&buyer).is_ok());
        assert_eq!(
            refused(JovemBuyer {
                age_years: 36,
                ..buyer
            }),
            "age_years"
        );
        let second = JovemBuyer {
            first_own_home: false,
            ..buyer
        };
        assert_eq!(refused(second), "first_own_home");
        assert_eq!(
            refused(JovemBuyer {
                dependant: true,
                ..buyer
            }),
            "dependant"
        );
    }
}
