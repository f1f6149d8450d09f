//! Conditions cut in two: what is the same for all rows of a block, and what varies over its rows.

use lintel_domain::scenario::LimitClass;
use lintel_engine::bands::Band;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_places::{CountyFips, Zip};

use crate::catalogue::Catalogue;
use crate::scenario::StateCode;
use crate::when::When;

/// What varies over the rows of a block. Conditions on different axes hold or not independently of
/// each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// Base loan.
    Loan,
    /// Price or value; only tiers of charges look at it.
    Price,
    /// Loan to value.
    Ltv,
    /// With the balance of other liens.
    Cltv,
    /// With the whole line.
    Hcltv,
    /// Down payment in percent of the price; only VA's funding fee looks at it.
    Down,
    /// Loan amount against the limits of the place, conforming and FHA's.
    Limit,
    /// State of the place.
    State,
    /// County of the place.
    County,
    /// ZIP code of the place.
    Zip,
}

/// The axes by their index.
pub(super) const AXES: [Axis; 10] = [
    Axis::Loan,
    Axis::Price,
    Axis::Ltv,
    Axis::Cltv,
    Axis::Hcltv,
    Axis::Down,
    Axis::Limit,
    Axis::State,
    Axis::County,
    Axis::Zip,
];
/// The first axes are those whose bands are ranges of numbers.
pub(super) const NUMBERS: usize = 6;
/// The axes from here on are the place's.
pub(super) const PLACE: usize = 7;

impl Axis {
    pub(super) const fn index(self) -> usize {
        match self {
            Self::Loan => 0,
            Self::Price => 1,
            Self::Ltv => 2,
            Self::Cltv => 3,
            Self::Hcltv => 4,
            Self::Down => 5,
            Self::Limit => 6,
            Self::State => 7,
            Self::County => 8,
            Self::Zip => 9,
        }
    }
}

/// The classes of limits, and whether the amount is within FHA's limit, in the order of their bands.
pub(super) const LIMITS: [(LimitClass, bool); 6] = [
    (LimitClass::Conforming, true),
    (LimitClass::HighBalance, true),
    (LimitClass::AboveLimit, true),
    (LimitClass::Conforming, false),
    (LimitClass::HighBalance, false),
    (LimitClass::AboveLimit, false),
];

/// The conditions that vary over rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Varying {
    /// By the index of the axes of numbers: over, up to.
    pub(super) bands: [Option<Band<i64>>; NUMBERS],
    pub(super) limits: Vec<LimitClass>,
    pub(super) within_fha_limit: Option<bool>,
    pub(super) states: Vec<StateCode>,
    pub(super) not_states: Vec<StateCode>,
    pub(super) counties: Vec<CountyFips>,
    pub(super) zips: Vec<(Zip, Zip)>,
}

impl Varying {
    /// Whether there is a condition on an axis.
    pub(super) fn looks_at(&self, axis: Axis) -> bool {
        match axis {
            Axis::Limit => !self.limits.is_empty() || self.within_fha_limit.is_some(),
            Axis::State => !self.states.is_empty() || !self.not_states.is_empty(),
            Axis::County => !self.counties.is_empty(),
            Axis::Zip => !self.zips.is_empty(),
            Axis::Loan | Axis::Price | Axis::Ltv | Axis::Cltv | Axis::Hcltv | Axis::Down => {
                self.bands.get(axis.index()).is_some_and(Option::is_some)
            }
        }
    }
}

/// A condition in its two parts: it holds where both do.
#[derive(Debug, Clone)]
pub(super) struct Split {
    pub(super) fixed: When,
    pub(super) varying: Varying,
}

impl Split {
    pub(super) fn of(when: &When) -> Self {
        let mut fixed = when.clone();
        let mut bands = [None; NUMBERS];
        bands[Axis::Loan.index()] = fixed.loan_amount.take().map(cents);
        bands[Axis::Ltv.index()] = fixed.ltv.take().map(percents);
        bands[Axis::Cltv.index()] = fixed.cltv.take().map(percents);
        bands[Axis::Hcltv.index()] = fixed.hcltv.take().map(percents);
        let varying = Varying {
            bands,
            limits: std::mem::take(&mut fixed.limits),
            within_fha_limit: fixed.within_fha_limit.take(),
            states: std::mem::take(&mut fixed.states),
            not_states: std::mem::take(&mut fixed.not_states),
            counties: std::mem::take(&mut fixed.counties),
            zips: std::mem::take(&mut fixed.zips),
        };
        Self { fixed, varying }
    }
}

pub(super) fn cents(band: Band<Cents>) -> Band<i64> {
    Band {
        over: band.over.map(Cents::get),
        up_to: band.up_to.map(Cents::get),
    }
}

pub(super) fn percents(band: Band<Pct>) -> Band<i64> {
    Band {
        over: band.over.map(Pct::e9),
        up_to: band.up_to.map(Pct::e9),
    }
}

/// All conditions of a catalogue, cut in two once.
#[derive(Debug)]
pub(super) struct Splits {
    /// Where each rule applies, and what it requires.
    pub(super) eligibility: Vec<[Split; 2]>,
    pub(super) adjustments: Vec<Split>,
    pub(super) caps: Vec<Split>,
    pub(super) margins: Vec<Split>,
    pub(super) fees: Vec<Split>,
    /// Of each insurance card, and of its adjusters.
    pub(super) cards: Vec<Vec<Split>>,
}

impl Splits {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let rules = catalogue.eligibility.iter();
        let cards = catalogue.mi_cards.iter().map(|card| {
            let adjusters = card.adjusters.iter().map(|(when, _)| when);
            std::iter::once(&card.when)
                .chain(adjusters)
                .map(Split::of)
                .collect()
        });
        Self {
            eligibility: rules
                .map(|rule| [Split::of(&rule.when), Split::of(&rule.require)])
                .collect(),
            adjustments: catalogue
                .adjustments
                .iter()
                .map(|one| Split::of(&one.when))
                .collect(),
            caps: catalogue
                .caps
                .iter()
                .map(|one| Split::of(&one.when))
                .collect(),
            margins: catalogue
                .margins
                .iter()
                .map(|one| Split::of(&one.when))
                .collect(),
            fees: catalogue
                .fees
                .iter()
                .map(|one| Split::of(&one.when))
                .collect(),
            cards: cards.collect(),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Split> {
        let rules = self.eligibility.iter().flatten();
        rules
            .chain(&self.adjustments)
            .chain(&self.caps)
            .chain(&self.margins)
            .chain(&self.fees)
            .chain(self.cards.iter().flatten())
    }
}
