//! A search: the property, the loan and the borrower as far as prices depend on them.

use std::fmt;

use lintel_domain::loan::{Occupancy, Purpose};
use lintel_domain::scenario::{Employment, Flag, LimitClass, PropertyKind};
use lintel_engine::date::Date;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_places::{CountyFips, Zip};

/// Two capital letters of a state, district or territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateCode([u8; 2]);

impl StateCode {
    /// Reads two ASCII letters, in either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for StateCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where the property is, with what the law says about that place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlaceFacts {
    /// ZIP code, when known.
    pub zip: Option<Zip>,
    /// State, when known.
    pub state: Option<StateCode>,
    /// County, when the ZIP code lies in one.
    pub county: Option<CountyFips>,
    /// Conforming baseline of the place by units, one to four: the nation's, or the higher one of
    /// Alaska, Hawaii, Guam and the Virgin Islands.
    pub baseline_limits: [Cents; 4],
    /// Conforming limits of the county by units; the baseline where no list says more.
    pub county_limits: [Cents; 4],
    /// Whether a list of the counties' limits is loaded for the day.
    pub has_county_list: bool,
    /// FHA's limits of the place by units; its national floor while there is no list of counties.
    pub fha_limits: [Cents; 4],
}

impl PlaceFacts {
    /// A place that is not known, without limits: to be filled in.
    pub const NOWHERE: Self = Self {
        zip: None,
        state: None,
        county: None,
        baseline_limits: [Cents::ZERO; 4],
        county_limits: [Cents::ZERO; 4],
        has_county_list: false,
        fha_limits: [Cents::ZERO; 4],
    };
}

/// Yes-or-no facts of a search as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(u32);

impl Flags {
    /// The set with `flag` in it or not.
    #[must_use]
    pub const fn with(self, flag: Flag, set: bool) -> Self {
        let bit = 1 << flag as u32;
        if set {
            Self(self.0 | bit)
        } else {
            Self(self.0 & !bit)
        }
    }

    /// Whether `flag` is in it.
    #[must_use]
    pub const fn has(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u32) != 0
    }
}

/// A search. Amounts are those of one loan; everything a rule may look at is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Day of the quote: rules, fees and tables in force on it are used.
    pub day: Date,
    /// Purpose of the loan.
    pub purpose: Purpose,
    /// Where the property is.
    pub place: PlaceFacts,
    /// Price, or value on a refinance. Positive.
    pub home_price: Cents,
    /// Base loan amount, before financed premiums; cash-out included. Positive.
    pub loan_amount: Cents,
    /// Down payment, when stated; otherwise price less loan on a purchase.
    pub down_payment: Option<Cents>,
    /// Balance of other liens, for CLTV.
    pub subordinate_balance: Cents,
    /// Undrawn part of a credit line on the property, for HCLTV.
    pub undrawn_line: Cents,
    /// Representative credit score, when known.
    pub score: Option<u32>,
    /// Monthly income, when known; for debt to income.
    pub monthly_income: Option<Cents>,
    /// Monthly payments on debts, when known; none counts as nothing.
    pub monthly_debts: Option<Cents>,
    /// Kind of property.
    pub property: PropertyKind,
    /// Units of the property, 1 to 4.
    pub units: u32,
    /// Occupancy.
    pub occupancy: Occupancy,
    /// Flags.
    pub flags: Flags,
    /// Whether VA's funding fee is added to the loan.
    pub finances_va_fee: bool,
    /// Whether USDA's guarantee fee is added to the loan.
    pub finances_usda_fee: bool,
    /// Employment, when stated.
    pub employment: Option<Employment>,
    /// Documentation, when stated.
    pub documentation: Option<String>,
    /// Homes the borrower owns, when stated.
    pub homes_owned: Option<u32>,
    /// Channel, when stated.
    pub channel: Option<String>,
    /// Sub-channel, when stated.
    pub sub_channel: Option<String>,
    /// Branch, when stated.
    pub branch: Option<String>,
    /// The lender's own criteria: names and values.
    pub criteria: Vec<(String, String)>,
}

impl Scenario {
    /// Base loan to value in percent, half-up at the ninth decimal; none beyond what can be held.
    #[must_use]
    pub fn ltv(&self) -> Option<Pct> {
        self.to_value(self.loan_amount)
    }

    /// With the balance of other liens.
    #[must_use]
    pub fn cltv(&self) -> Option<Pct> {
        self.to_value(self.loan_amount.checked_add(self.subordinate_balance)?)
    }

    /// With the whole credit line.
    #[must_use]
    pub fn hcltv(&self) -> Option<Pct> {
        let all = self.loan_amount.checked_add(self.subordinate_balance)?;
        self.to_value(all.checked_add(self.undrawn_line)?)
    }

    fn to_value(&self, amount: Cents) -> Option<Pct> {
        let (amount, value) = (i128::from(amount.get()), i128::from(self.home_price.get()));
        Pct::of_ratio(amount, value, Rounding::HalfUp)
    }

    /// How the loan amount stands to the limits of the place.
    #[must_use]
    pub fn limit_class(&self) -> LimitClass {
        limit_class(&self.place, self.units, self.loan_amount)
    }

    /// Whether the base loan amount is within FHA's limit of the place.
    #[must_use]
    pub fn is_within_fha_limit(&self) -> bool {
        is_within_fha_limit(&self.place, self.units, self.loan_amount)
    }
}

/// Whether a base loan amount, without a financed premium, is within FHA's limit of a place for a
/// property of 1 to 4 units: 24 CFR 203.18.
#[must_use]
pub fn is_within_fha_limit(place: &PlaceFacts, units: u32, loan_amount: Cents) -> bool {
    loan_amount <= of_units(&place.fha_limits, units)
}

/// The limit for a property of 1 to 4 units.
pub(crate) fn of_units(limits: &[Cents; 4], units: u32) -> Cents {
    let at = usize::try_from(units.clamp(1, 4).saturating_sub(1)).unwrap_or(0);
    limits.get(at).copied().unwrap_or(Cents::ZERO)
}

/// How a loan amount stands to the limits of a place, for a property of 1 to 4 units.
#[must_use]
pub fn limit_class(place: &PlaceFacts, units: u32, loan_amount: Cents) -> LimitClass {
    if loan_amount <= of_units(&place.baseline_limits, units) {
        LimitClass::Conforming
    } else if loan_amount <= of_units(&place.county_limits, units) {
        LimitClass::HighBalance
    } else {
        LimitClass::AboveLimit
    }
}
