//! What a card is to price.

use std::fmt;
use std::sync::Arc;

use lintel_domain::loan::Purpose;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::book::PointsWanted;
use crate::scenario::{PlaceFacts, Scenario};

/// Most places of a card: more than the country has ZIP codes.
pub const MAX_PLACES: usize = 100_000;
/// Largest base loan of a card: its columns hold amounts as 32-bit cents.
pub const MAX_LOAN: Cents = Cents::new(3_000_000_000);
/// Largest price or value of a home on a card.
pub const MAX_PRICE: Cents = Cents::new(300_000_000_000);
/// Most blocks of a card.
pub const MAX_BLOCKS: usize = 1_000_000;

/// A card: products, purposes, amounts and scores over places and the note rates of the sheets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSpec {
    /// What all rows have in common: day, occupancy, property, flags, channel, criteria, liens. Its
    /// place, purpose, amounts, down payment and score are replaced by each block's; its income is
    /// not looked at, so that rules on debt to income refuse nobody on a card.
    pub template: Scenario,
    /// Places, in the order of the rows; at most [`MAX_PLACES`].
    pub places: Arc<[PlaceFacts]>,
    /// Purposes, at least one.
    pub purposes: Vec<Purpose>,
    /// Amounts, at least one.
    pub amounts: Vec<AmountOf>,
    /// Scores, at least one; none in the list stands for a score that is not known.
    pub scores: Vec<Option<u32>>,
    /// Product codes in the order wanted, each counted once; empty for every product that has a sheet.
    pub products: Vec<String>,
    /// Days the lock must last at least: of each note rate the shortest such lock is priced.
    pub lock_days: u32,
    /// Points; rows outside are not offered.
    pub points: Option<PointsWanted>,
}

/// Loan amounts and prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountOf {
    /// The same at every place.
    Everywhere {
        /// Base loan.
        loan_amount: Cents,
        /// Price or value.
        home_price: Cents,
    },
    /// Place by place, in the order of the card's places.
    PerPlace {
        /// Base loans.
        loan_amounts: Arc<[Cents]>,
        /// Prices or values.
        home_prices: Arc<[Cents]>,
    },
}

impl AmountOf {
    /// A loan at a loan to value: the price is the least in whole cents at which the ratio is not
    /// above it. None for a ratio or an amount that is not positive, or a price beyond what can be
    /// held.
    #[must_use]
    pub fn at_ltv(loan_amount: Cents, ltv: Pct) -> Option<Self> {
        Some(Self::Everywhere {
            loan_amount,
            home_price: price_at(loan_amount, ltv)?,
        })
    }

    /// As [`AmountOf::at_ltv`], place by place.
    #[must_use]
    pub fn per_place_at_ltv(loan_amounts: Arc<[Cents]>, ltv: Pct) -> Option<Self> {
        let prices = loan_amounts.iter().map(|loan| price_at(*loan, ltv));
        let home_prices = prices.collect::<Option<Arc<[Cents]>>>()?;
        Some(Self::PerPlace {
            loan_amounts,
            home_prices,
        })
    }

    /// Base loan at a place; zero beyond the last place.
    #[must_use]
    pub fn loan_amount(&self, place: usize) -> Cents {
        match self {
            Self::Everywhere { loan_amount, .. } => *loan_amount,
            Self::PerPlace { loan_amounts, .. } => at(loan_amounts, place),
        }
    }

    /// Price or value at a place; zero beyond the last place.
    #[must_use]
    pub fn home_price(&self, place: usize) -> Cents {
        match self {
            Self::Everywhere { home_price, .. } => *home_price,
            Self::PerPlace { home_prices, .. } => at(home_prices, place),
        }
    }
}

fn at(amounts: &[Cents], place: usize) -> Cents {
    amounts.get(place).copied().unwrap_or(Cents::ZERO)
}

fn price_at(loan: Cents, ltv: Pct) -> Option<Cents> {
    if !loan.is_positive() || ltv <= Pct::ZERO {
        return None;
    }
    // Up, so that the loan is not above its share of the price.
    let rounding = lintel_engine::money::Rounding::Up;
    loan.mul_ratio(
        i128::from(Pct::HUNDRED.e9()),
        i128::from(ltv.e9()),
        rounding,
    )
}

/// Why a card cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardError {
    /// A list that needs an entry has none; its name.
    Empty(&'static str),
    /// More places than [`MAX_PLACES`].
    TooManyPlaces,
    /// More blocks than [`MAX_BLOCKS`].
    TooManyBlocks,
    /// More look-ups than tables may hold: fewer products, purposes, scores or amounts at a time.
    TooLarge,
    /// No product of the catalogue has this code.
    UnknownProduct(String),
    /// Amounts (by their place in the list) that are not as many as the places.
    Length(usize),
    /// An amount that is not positive, or above [`MAX_LOAN`] or [`MAX_PRICE`].
    Amount {
        /// Place in the list of amounts.
        amount: usize,
        /// The card's place.
        place: usize,
    },
    /// Liens of the template that are negative or cannot be held.
    Liens,
}

impl fmt::Display for CardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(what) => write!(f, "a card needs at least one of its {what}"),
            Self::TooManyPlaces => write!(f, "a card has at most {MAX_PLACES} places"),
            Self::TooManyBlocks => write!(
                f,
                "more than {MAX_BLOCKS} combinations of product, purpose, amount and score"
            ),
            Self::TooLarge => f.write_str(
                "the card is too large to be compiled at once: fewer products, scores or amounts at a time",
            ),
            Self::UnknownProduct(code) => write!(f, "the catalogue has no product {code}"),
            Self::Length(amount) => write!(
                f,
                "amounts {}: there must be one loan and one price a place",
                amount.saturating_add(1)
            ),
            Self::Amount { amount, place } => write!(
                f,
                "amounts {}, place {}: a loan must be positive and at most {MAX_LOAN}, a price at most {MAX_PRICE}",
                amount.saturating_add(1),
                place.saturating_add(1)
            ),
            Self::Liens => {
                f.write_str("other liens must not be negative, and small enough to be held")
            }
        }
    }
}

impl std::error::Error for CardError {}

impl CardSpec {
    /// Everything that does not need a catalogue to be judged.
    pub(super) fn check(&self) -> Result<(), CardError> {
        for (what, missing) in [
            ("places", self.places.is_empty()),
            ("purposes", self.purposes.is_empty()),
            ("amounts", self.amounts.is_empty()),
            ("scores", self.scores.is_empty()),
        ] {
            if missing {
                return Err(CardError::Empty(what));
            }
        }
        if self.places.len() > MAX_PLACES {
            return Err(CardError::TooManyPlaces);
        }
        let lien = |amount: Cents| !amount.is_negative() && amount <= MAX_PRICE;
        if !lien(self.template.subordinate_balance) || !lien(self.template.undrawn_line) {
            return Err(CardError::Liens);
        }
        for (index, amount) in self.amounts.iter().enumerate() {
            self.check_amount(index, amount)?;
        }
        Ok(())
    }

    fn check_amount(&self, index: usize, amount: &AmountOf) -> Result<(), CardError> {
        let places = match amount {
            AmountOf::Everywhere { .. } => 1,
            AmountOf::PerPlace {
                loan_amounts,
                home_prices,
            } => {
                if loan_amounts.len() != self.places.len() || home_prices.len() != self.places.len()
                {
                    return Err(CardError::Length(index));
                }
                self.places.len()
            }
        };
        let within = |amount: Cents, most: Cents| amount.is_positive() && amount <= most;
        let bad = (0..places).find(|place| {
            !within(amount.loan_amount(*place), MAX_LOAN)
                || !within(amount.home_price(*place), MAX_PRICE)
        });
        match bad {
            Some(place) => Err(CardError::Amount {
                amount: index,
                place,
            }),
            None => Ok(()),
        }
    }

    /// The scenario of a row, in an earlier one's memory.
    pub(super) fn put(&self, probe: &mut Scenario, place: usize, loan: Cents, price: Cents) {
        if let Some(facts) = self.places.get(place) {
            probe.place = *facts;
        }
        probe.loan_amount = loan;
        probe.home_price = price;
    }

    /// The scenario of a block, its place and amounts still those of the template.
    pub(super) fn probe(&self, purpose: Purpose, score: Option<u32>) -> Scenario {
        Scenario {
            purpose,
            score,
            down_payment: None,
            monthly_income: None,
            ..self.template.clone()
        }
    }
}
