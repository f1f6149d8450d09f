//! The rows of a card that differ from each other.

use std::collections::HashMap;

use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;

use super::{NumberClass, Space, small};
use crate::card::spec::{AmountOf, CardSpec};
use crate::card::split::{Axis, LIMITS};
use crate::scenario::{PlaceFacts, is_within_fha_limit, limit_class};

/// The rows of a card at one of its amounts that differ from each other.
#[derive(Debug)]
pub(in crate::card) struct Scenes {
    /// Base loan and price.
    pub(in crate::card) loan: Vec<Cents>,
    pub(in crate::card) price: Vec<Cents>,
    /// A place of the card where it is so.
    pub(in crate::card) place: Vec<u32>,
    /// Which of the situations it is in.
    pub(in crate::card) situation: Vec<u32>,
    /// The scene of each place; none when every place has its own, in order.
    pub(in crate::card) of_place: Option<Vec<u32>>,
    /// The combinations of bands of numbers there are.
    pub(in crate::card) numbers: Vec<NumberClass>,
    /// The situations there are.
    pub(in crate::card) situations: Vec<Situation>,
}

/// Numbers at a place.
#[derive(Debug, Clone, Copy)]
pub(in crate::card) struct Situation {
    /// Which of [`Scenes::numbers`].
    pub(in crate::card) number: u32,
    /// Which of [`Space::places`].
    pub(in crate::card) place: u32,
    /// A scene that is in it.
    pub(in crate::card) scene: u32,
}

impl Space {
    /// The scenes of one of a card's amounts; the amounts have been checked. None when a ratio
    /// cannot be held.
    pub(in crate::card) fn scenes(&self, spec: &CardSpec, amount: &AmountOf) -> Option<Scenes> {
        let places = spec.places.len();
        let mut scenes = Scenes {
            loan: Vec::with_capacity(places),
            price: Vec::with_capacity(places),
            place: Vec::with_capacity(places),
            situation: Vec::with_capacity(places),
            of_place: None,
            numbers: Vec::new(),
            situations: Vec::new(),
        };
        let mut numbers: HashMap<NumberClass, u32> = HashMap::new();
        let mut known: HashMap<(u32, u32), u32> = HashMap::new();
        for (place, facts) in spec.places.iter().enumerate() {
            let (loan, price) = (amount.loan_amount(place), amount.home_price(place));
            let number = self.number(spec, facts, loan, price)?;
            let next = small(scenes.numbers.len());
            let number = *numbers.entry(number).or_insert_with_key(|number| {
                scenes.numbers.push(*number);
                next
            });
            let kind = *self.kind_of.get(place)?;
            let next = small(scenes.situations.len());
            let situation = *known.entry((number, kind)).or_insert_with(|| {
                scenes.situations.push(Situation {
                    number,
                    place: kind,
                    scene: small(place),
                });
                next
            });
            scenes.loan.push(loan);
            scenes.price.push(price);
            scenes.place.push(small(place));
            scenes.situation.push(situation);
        }
        scenes.share();
        Some(scenes)
    }

    fn number(
        &self,
        spec: &CardSpec,
        facts: &PlaceFacts,
        loan: Cents,
        price: Cents,
    ) -> Option<NumberClass> {
        let (lien, line) = (
            spec.template.subordinate_balance,
            spec.template.undrawn_line,
        );
        let ltv = ratio(loan, price)?;
        let with_lien = loan.checked_add(lien)?;
        let cltv = if lien.is_zero() {
            ltv
        } else {
            ratio(with_lien, price)?
        };
        let hcltv = if line.is_zero() {
            cltv
        } else {
            ratio(with_lien.checked_add(line)?, price)?
        };
        let down = if self.edges[Axis::Down.index()].is_empty() {
            0
        } else {
            ratio(price.checked_sub(loan)?.max(Cents::ZERO), price)?
        };
        let units = spec.template.units;
        let limit = (
            limit_class(facts, units, loan),
            is_within_fha_limit(facts, units, loan),
        );
        let limit = LIMITS.iter().position(|class| *class == limit)?;
        Some([
            self.band(Axis::Loan, loan.get()),
            self.band(Axis::Price, price.get()),
            self.band(Axis::Ltv, ltv),
            self.band(Axis::Cltv, cltv),
            self.band(Axis::Hcltv, hcltv),
            self.band(Axis::Down, down),
            small(limit),
        ])
    }
}

/// Percent in billionths, half-up: as [`crate::scenario::Scenario::ltv`].
fn ratio(amount: Cents, price: Cents) -> Option<i64> {
    let (amount, price) = (i128::from(amount.get()), i128::from(price.get()));
    Pct::of_ratio(amount, price, Rounding::HalfUp).map(Pct::e9)
}

impl Scenes {
    /// Makes one scene of those that are alike, where that saves more than handing the answers out
    /// again costs.
    fn share(&mut self) {
        let places = self.loan.len();
        let mut same: HashMap<(u32, Cents, Cents), u32> = HashMap::new();
        let mut first = Vec::new();
        let mut of_place = Vec::with_capacity(places);
        let amounts = self.loan.iter().zip(&self.price).zip(&self.situation);
        for (place, ((loan, price), situation)) in amounts.enumerate() {
            let next = small(first.len());
            let scene = *same.entry((*situation, *loan, *price)).or_insert(next);
            if scene == next {
                first.push(place);
            }
            if first.len() > places / SHARED {
                return;
            }
            of_place.push(scene);
        }
        let mut scene_of_place = vec![0; places];
        for (scene, place) in first.iter().enumerate() {
            if let Some(known) = scene_of_place.get_mut(*place) {
                *known = small(scene);
            }
        }
        // A situation's own scene is the first of its kind, and so is kept.
        for situation in &mut self.situations {
            let place = usize::try_from(situation.scene).unwrap_or_default();
            situation.scene = scene_of_place.get(place).copied().unwrap_or_default();
        }
        fn kept<T: Copy>(column: &mut Vec<T>, first: &[usize]) {
            *column = first
                .iter()
                .filter_map(|place| column.get(*place).copied())
                .collect();
        }
        kept(&mut self.loan, &first);
        kept(&mut self.price, &first);
        kept(&mut self.place, &first);
        kept(&mut self.situation, &first);
        self.of_place = Some(of_place);
    }
}

/// Scenes are shared when there are at most one for so many places.
const SHARED: usize = 3;
