//! Exact figures out of literal text, with their bounds.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::finding::echo;

/// Largest amount a catalogue may hold: ten billion dollars.
pub(super) const MAX_AMOUNT: Cents = Cents::new(1_000_000_000_000);

/// What a number counts, and how far it may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Percent, in billionths: least and most.
    Pct(Pct, Pct),
    /// Dollars, in cents: least and most.
    Money(Cents, Cents),
    /// Whole numbers.
    Count(u32, u32),
    /// Years, in months: at most so many years.
    Years(u32),
}

impl Unit {
    /// Percent from nothing to `most`.
    pub(super) const fn percent(most: i64) -> Self {
        Self::Pct(Pct::ZERO, whole(most))
    }

    /// Percent from `-most` to `most`.
    pub(super) const fn signed_percent(most: i64) -> Self {
        Self::Pct(whole(-most), whole(most))
    }

    /// Dollars from nothing up.
    pub(super) const DOLLARS: Self = Self::Money(Cents::ZERO, MAX_AMOUNT);

    /// A literal as billionths, cents, units or months.
    pub(super) fn read(self, literal: &str) -> Result<i64, String> {
        let literal = literal.trim();
        if literal.contains(['e', 'E', 'x', 'o', 'b', 'n']) {
            return Err(format!(
                "{} is not a plain number like 1234.56",
                echo(literal)
            ));
        }
        let digits = literal.split_once('.').map_or("", |(_, fraction)| fraction);
        let digits = digits.trim_end_matches('0').len();
        let (least, most) = self.bounds();
        let (places, value) = match self {
            Self::Pct(..) => (9, Pct::parse_decimal(literal).map(Pct::e9)),
            Self::Money(..) => (2, Cents::parse_decimal_half_up(literal).map(Cents::get)),
            // Both read at the scale of cents and must be whole.
            Self::Count(..) => (
                0,
                Cents::parse_decimal_half_up(literal).map(|c| c.get() / 100),
            ),
            Self::Years(_) => (
                0,
                Cents::parse_decimal_half_up(literal).map(|c| (c.get() / 100).saturating_mul(12)),
            ),
        };
        let value = value.map_err(|error| format!("{} {error}", echo(literal)))?;
        if digits > places {
            let allowed = match places {
                0 => "must be a whole number".to_owned(),
                places => format!("has more than {places} digits after the point"),
            };
            return Err(format!("{} {allowed}", echo(literal)));
        }
        if !(least..=most).contains(&value) {
            let (least, most) = (self.show(least), self.show(most));
            return Err(format!("{} is not within {least} to {most}", echo(literal)));
        }
        Ok(value)
    }

    /// Least and most in the unit of [`Unit::read`].
    const fn bounds(self) -> (i64, i64) {
        match self {
            Self::Pct(least, most) => (least.e9(), most.e9()),
            Self::Money(least, most) => (least.get(), most.get()),
            Self::Count(least, most) => (least as i64, most as i64),
            Self::Years(most) => (0, most as i64 * 12),
        }
    }

    /// As far as the end of a range that lies outside it may go.
    pub(super) const fn with_room(self) -> Self {
        match self {
            Self::Count(least, most) => Self::Count(least, most.saturating_add(1)),
            Self::Pct(..) | Self::Money(..) | Self::Years(_) => self,
        }
    }

    /// The least value, in the unit of [`Unit::read`].
    pub(super) const fn least(self) -> i64 {
        self.bounds().0
    }

    fn show(self, value: i64) -> String {
        match self {
            Self::Pct(..) => Pct::new(value).to_string(),
            Self::Money(..) => Cents::new(value).to_string(),
            Self::Count(..) => value.to_string(),
            Self::Years(_) => (value / 12).to_string(),
        }
    }
}

/// A whole number of percent.
pub(super) const fn whole(percent: i64) -> Pct {
    Pct::new(percent * Pct::SCALE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_exactly_or_refused() {
        let pct = Unit::signed_percent(100);
        assert_eq!(pct.read("0.1"), Ok(100_000_000));
        assert_eq!(pct.read("-0.123456789"), Ok(-123_456_789));
        assert_eq!(pct.read("+0.2500000000000"), Ok(250_000_000));
        for bad in [
            "0.1234567891",
            "nan",
            "inf",
            "-inf",
            "1e2",
            "1e308",
            "101",
            "",
            "0x10",
            "1_0x",
        ] {
            assert!(pct.read(bad).is_err(), "{bad}");
        }
        assert_eq!(Unit::DOLLARS.read("575.00"), Ok(57_500));
        assert_eq!(Unit::DOLLARS.read("10000000000"), Ok(MAX_AMOUNT.get()));
        for bad in ["575.005", "-1", "10000000000.01", &"9".repeat(300)] {
            assert!(Unit::DOLLARS.read(bad).is_err(), "{bad}");
        }
        assert_eq!(Unit::Count(1, 730).read("30"), Ok(30));
        assert_eq!(Unit::Count(1, 730).read("30.0"), Ok(30));
        assert!(Unit::Count(1, 730).read("30.5").is_err());
        assert!(Unit::Count(1, 730).read("0").is_err());
        assert_eq!(Unit::Years(50).read("30"), Ok(360));
    }
}
