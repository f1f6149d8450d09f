//! The best match of what is watched.

use std::collections::HashMap;

use lintel_app::search::again::{Today, Wish};
use lintel_pricing::priced::{PricedProduct, PricedRow};
use lintel_store::fault::Fault;

use crate::known::Told;
use crate::products::{Named, Names, Watched};

/// Searches priced already, by their text and the places of the products asked for.
pub(super) type Priced<'a> = HashMap<(&'a str, Vec<usize>), Vec<PricedProduct>>;

/// The best match of everything that is watched, in its order; none where nothing is offered. A product
/// of that name comes first, those of that kind where there is none to be had. Of several it is the row
/// with points nearest zero, then that with the lower rate, then the first in the catalogue.
pub(super) fn best<'a>(
    today: &Today<'_>,
    names: &Names,
    (search, wish): (&'a str, &Wish),
    watched: &[Watched],
    priced: &mut Priced<'a>,
) -> Result<Vec<Option<Told>>, Fault> {
    let named: Vec<Option<&Named>> = watched.iter().map(|one| names.of_name(&one.name)).collect();
    let places = named
        .iter()
        .flatten()
        .flat_map(|named| named.own.iter().chain(&named.kind));
    let mut places: Vec<usize> = places.copied().collect();
    places.sort_unstable();
    places.dedup();
    let key = (search, places);
    if !priced.contains_key(&key) {
        let found = today.best(wish, &key.1)?;
        priced.insert(key.clone(), found);
    }
    let products = priced.get(&key).map_or(&[][..], Vec::as_slice);
    let nearest = |places: &[usize]| {
        let own = products.iter().filter(|p| places.contains(&p.product));
        let rows = own.filter_map(|product| product.rows.first());
        rows.min_by_key(|row| (row.points.e9().unsigned_abs(), row.note_rate))
            .map(told)
    };
    let told = named.into_iter().map(|named| {
        let named = named?;
        nearest(&named.own).or_else(|| nearest(&named.kind))
    });
    Ok(told.collect())
}

fn told(row: &PricedRow) -> Told {
    Told {
        note_rate: row.note_rate,
        apr: row.apr,
        points: row.points,
        payment: row.piti.principal_and_interest,
    }
}
