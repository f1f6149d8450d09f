//! Property tax and insurance estimates: the most local one of a place.

use std::collections::HashMap;

use lintel_engine::error::EngineError;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_places::CountyFips;

use super::Book;
use crate::catalogue::{Catalogue, Estimate, EstimateOf};
use crate::scenario::{Scenario, StateCode};
use crate::when::in_force;

/// Where an estimate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reach {
    County(CountyFips),
    State(StateCode),
    Everywhere,
}

/// Estimates by what they are of and where, in the catalogue's order.
#[derive(Debug, Default)]
pub(super) struct Estimates(HashMap<(EstimateOf, Reach), Vec<Estimate>>);

impl Estimates {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let mut by_place: HashMap<_, Vec<_>> = HashMap::new();
        for estimate in &catalogue.estimates {
            let reach = match (estimate.county, estimate.state) {
                (Some(county), _) => Reach::County(county),
                (None, Some(state)) => Reach::State(state),
                (None, None) => Reach::Everywhere,
            };
            by_place
                .entry((estimate.of, reach))
                .or_default()
                .push(*estimate);
        }
        Self(by_place)
    }

    fn find(&self, of: EstimateOf, scenario: &Scenario) -> Option<&Estimate> {
        let place = &scenario.place;
        let county = place.county.map(Reach::County);
        let state = place.state.map(Reach::State);
        [county, state, Some(Reach::Everywhere)]
            .into_iter()
            .flatten()
            .find_map(|reach| {
                let mut of_place = self.0.get(&(of, reach))?.iter();
                of_place.find(|estimate| in_force(&estimate.days, scenario.day))
            })
    }
}

impl Book {
    /// The estimate used for a place and day: the county's, else the state's, else the one for
    /// everywhere; none when the catalogue has none.
    #[must_use]
    pub fn estimate(&self, of: EstimateOf, scenario: &Scenario) -> Option<&Estimate> {
        self.hoisted.estimates.find(of, scenario)
    }

    /// A twelfth of the yearly estimate of a place: percentage of the price and fixed part together,
    /// rounded once, half-up. None when the catalogue has no estimate for the place.
    ///
    /// # Errors
    /// Field `estimate` when it cannot be held.
    pub fn monthly_estimate(
        &self,
        of: EstimateOf,
        scenario: &Scenario,
    ) -> Result<Option<Cents>, EngineError> {
        let Some(estimate) = self.estimate(of, scenario) else {
            return Ok(None);
        };
        monthly(estimate, scenario.home_price)
            .map(Some)
            .ok_or(EngineError::too_large("estimate"))
    }
}

/// A twelfth of a yearly estimate at a price; none when it cannot be held.
pub(crate) fn monthly(estimate: &Estimate, price: Cents) -> Option<Cents> {
    let whole = i128::from(Pct::HUNDRED.e9());
    let part = i128::from(price.get()).checked_mul(i128::from(estimate.rate.e9()))?;
    let yearly = i128::from(estimate.flat.get())
        .checked_mul(whole)?
        .checked_add(part)?;
    let cents = lintel_engine::money::divide(yearly, whole.checked_mul(12)?, Rounding::HalfUp)?;
    let cents = i64::try_from(cents).ok().map(Cents::new)?;
    (Cents::MIN <= cents && cents <= Cents::MAX).then_some(cents)
}
