//! A card cut into parts, each priced and written on its own.
//!
//! A part is a product, a purpose and a run of ZIP codes, with every amount, score and note rate.
//! The cut depends on nothing but specification and prices, so every process makes the same.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use lintel_app::context::App;
use lintel_app::pricing::{place_facts, price_rules};
use lintel_domain::loan::Purpose;
use lintel_places::{Place, Zip};
use lintel_pricing::book::Book;
use lintel_pricing::card::{AmountOf, CardSpec, Compiled, MAX_LOAN};

use super::Trouble;
use super::header::Header;
use super::loan::Loan;
use super::moment;
use super::spec::{Amount, Spec};

/// Most parts of a card.
const MAX_PARTS: usize = lintel_app::ratecard::MAX_SHARDS as usize;
/// Most rows one ZIP code may have in a part: a part cannot be cut finer.
const MAX_ROWS_OF_PLACE: usize = 5_000_000;
/// Unknown entries named in a message.
const SHOWN: usize = 5;

/// A card ready to be priced part by part.
pub(super) struct Plan {
    pub(super) compiled: Compiled,
    /// In the order of the card's places.
    pub(super) places: Vec<Place>,
    pub(super) zips: Vec<String>,
    pub(super) groups: Vec<Group>,
    pub(super) parts: Vec<Part>,
}

/// A product for a purpose.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) product: String,
    pub(super) purpose: Purpose,
    /// Blocks of the compiled card: amounts and scores.
    pub(super) blocks: Range<usize>,
    rows_of_place: usize,
}

/// A group over a run of places.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) group: usize,
    pub(super) places: Range<usize>,
}

impl Plan {
    /// Compiles the card and cuts it.
    pub(super) fn make(app: &App, header: &Header, book: &Book) -> Result<Self, Trouble> {
        let beyond = || Trouble::told("the day of the card is beyond the dates there are");
        let day = moment::day(header.instant()?).ok_or_else(beyond)?;
        let places = places(&header.spec.zips).map_err(Trouble::Told)?;
        let facts: Result<Vec<_>, _> = places
            .iter()
            .map(|place| place_facts(app.rules(), day, Some(place)))
            .collect();
        let facts = facts?;
        let spec = &header.spec;
        let no_place = || Trouble::told("zips: no ZIP code is left");
        let template = spec.template(day, *facts.first().ok_or_else(no_place)?);
        let card = CardSpec {
            template,
            places: facts.into(),
            purposes: spec.purposes.clone(),
            amounts: amounts(spec).map_err(Trouble::Told)?,
            scores: spec.scores.iter().map(|score| Some(*score)).collect(),
            products: spec.products.clone(),
            lock_days: spec.lock_days,
            points: spec.points().map_err(Trouble::Told)?,
        };
        let rules = price_rules(app.rules(), day)?;
        let compiled = Compiled::compile(book, &rules, Arc::new(card));
        let compiled = compiled.map_err(|error| Trouble::Told(error.to_string()))?;
        let groups = groups(&compiled, book)?;
        let part_rows = usize::try_from(spec.part_rows).unwrap_or(usize::MAX);
        let parts = cut(&groups, places.len(), part_rows)?;
        Ok(Self {
            zips: places.iter().map(|place| place.zip.to_string()).collect(),
            compiled,
            places,
            groups,
            parts,
        })
    }

    /// Rows of a part before those without an offer are left out.
    pub(super) fn cells(&self, part: usize) -> u64 {
        let cells = self.parts.get(part).and_then(|part| {
            let group = self.groups.get(part.group)?;
            group.rows_of_place.checked_mul(part.places.len())
        });
        cells
            .and_then(|cells| u64::try_from(cells).ok())
            .unwrap_or(0)
    }
}

fn amounts(spec: &Spec) -> Result<Vec<AmountOf>, String> {
    let made = spec.amounts()?.into_iter().map(|amount| match amount {
        Amount::AtValue(loan_amount, home_price) => Some(AmountOf::Everywhere {
            loan_amount,
            home_price,
        }),
        Amount::AtLtv(loan_amount, ltv) => AmountOf::at_ltv(loan_amount, ltv),
    });
    let made: Option<Vec<_>> = made.collect();
    let made = made.ok_or_else(|| "ltvs: a home would cost more than can be priced".to_owned())?;
    let mut loans = BTreeSet::new();
    for amount in &made {
        let (loan, price) = (amount.loan_amount(0), amount.home_price(0));
        if loan > MAX_LOAN {
            // The compiler of the card tells the limits.
            continue;
        }
        let Some(pair) = Loan::of(amount) else {
            return Err(format!(
                "a loan of {loan} is more than 999999.999 % of a home of {price}"
            ));
        };
        if !loans.insert(pair) {
            return Err(format!(
                "ltvs: two of them put a loan of {loan} on a home of {price}; give one"
            ));
        }
    }
    Ok(made)
}

/// The places a specification names, rising by ZIP code.
fn places(zips: &str) -> Result<Vec<Place>, String> {
    if zips == "all" {
        return Ok(lintel_places::iter().collect());
    }
    if let Some(states) = zips.strip_prefix("state:") {
        let states: Vec<&str> = states.split(',').collect();
        let unknown = states
            .iter()
            .filter(|s| lintel_places::state_index(s).is_none());
        refuse_unknown(unknown.copied(), "is no state")?;
        let places = lintel_places::iter().filter(|place| states.contains(&place.state));
        return Ok(places.collect());
    }
    let find = |code: &&str| Zip::parse(code).ok().and_then(lintel_places::find);
    let codes: Vec<&str> = zips.split(' ').filter(|code| !code.is_empty()).collect();
    let unknown = codes.iter().filter(|code| find(code).is_none());
    refuse_unknown(unknown.copied(), "is no ZIP code that is known")?;
    let mut places: Vec<Place> = codes.iter().filter_map(find).collect();
    places.sort_by_key(|place| place.zip);
    // 92649 and 92649-1234 are one place.
    places.dedup_by_key(|place| place.zip);
    Ok(places)
}

fn refuse_unknown<'a>(unknown: impl Iterator<Item = &'a str>, what: &str) -> Result<(), String> {
    let unknown: Vec<&str> = unknown.collect();
    let Some(first) = unknown.first() else {
        return Ok(());
    };
    let shown = |text: &str| text.chars().take(20).collect::<String>();
    if unknown.len() == 1 {
        return Err(format!("zips: {} {what}", shown(first)));
    }
    let some: Vec<String> = unknown.iter().take(SHOWN).map(|text| shown(text)).collect();
    Err(format!(
        "zips: each of {} entries {what}, such as {}",
        unknown.len(),
        some.join(", ")
    ))
}

/// Consecutive blocks of one product and purpose.
fn groups(compiled: &Compiled, book: &Book) -> Result<Vec<Group>, Trouble> {
    let mut groups: Vec<Group> = Vec::new();
    let mut last = None;
    for (index, block) in compiled.blocks().enumerate() {
        let rates = compiled.rates(index).len();
        let key = (block.product, block.purpose);
        match groups.last_mut() {
            Some(group) if last == Some(key) => {
                group.blocks.end = index + 1;
                group.rows_of_place = group.rows_of_place.saturating_add(rates);
            }
            _ => {
                let product = book.catalogue.products.get(block.product);
                let missing = || Trouble::told("a block of the card has no product");
                groups.push(Group {
                    product: product.ok_or_else(missing)?.code.clone(),
                    purpose: block.purpose,
                    blocks: index..index + 1,
                    rows_of_place: rates,
                });
            }
        }
        last = Some(key);
    }
    Ok(groups)
}

/// Parts of about `part_rows` rows, group by group, each at least one place wide.
fn cut(groups: &[Group], places: usize, part_rows: usize) -> Result<Vec<Part>, Trouble> {
    let mut parts = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        if group.rows_of_place == 0 {
            continue;
        }
        if group.rows_of_place > MAX_ROWS_OF_PLACE {
            return Err(Trouble::Told(format!(
                "{} has {} rows for each ZIP code; at most {MAX_ROWS_OF_PLACE}: ask for fewer amounts or scores",
                group.product, group.rows_of_place
            )));
        }
        let most = (part_rows / group.rows_of_place).max(1);
        // Even runs: no part that is a sliver.
        let count = places.div_ceil(most).max(1);
        for part in 0..count {
            let edge = |part: usize| places.saturating_mul(part) / count;
            parts.push(Part {
                group: index,
                places: edge(part)..edge(part + 1),
            });
        }
        if parts.len() > MAX_PARTS {
            return Err(Trouble::Told(format!(
                "the card would have more than {MAX_PARTS} parts: raise part_rows"
            )));
        }
    }
    if parts.is_empty() {
        return Err(Trouble::told(
            "there is nothing to price: no product asked for has a rate sheet with such a lock in force",
        ));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_once_and_in_order() {
        let codes = |zips: &str| -> Vec<String> {
            let found = places(zips).unwrap();
            found.iter().map(|place| place.zip.to_string()).collect()
        };
        assert_eq!(codes("92649 00501 92649-1234"), ["00501", "92649"]);
        assert_eq!(places("all").unwrap().len(), lintel_places::count());
        let two = places("state:CA,NV").unwrap();
        assert!(two.len() > 1000 && two.is_sorted_by_key(|place| place.zip));
        assert!(two.iter().all(|place| ["CA", "NV"].contains(&place.state)));
    }

    #[test]
    fn unknown_places_are_named() {
        assert_eq!(
            places("00000").unwrap_err(),
            "zips: 00000 is no ZIP code that is known"
        );
        let many = places("00000 00001 92649 x").unwrap_err();
        assert!(many.starts_with("zips: each of 3 entries"), "{many}");
        assert!(places("state:").is_err());
        assert!(places("state:XX").is_err());
        assert!(places("").unwrap().is_empty());
    }

    #[test]
    fn loans_that_cannot_be_told_apart_are_refused() {
        let made = |text: &str| {
            let given = crate::ratecard::spec::Given::parse(text).unwrap();
            amounts(&given.check().unwrap()).map(|made| made.len())
        };
        assert_eq!(made("amounts = [1, 2]\nltvs = [80, 95]"), Ok(4));
        let same = made("ltvs = [80, 80.000000001]").unwrap_err();
        assert!(same.contains("400000.00 on a home of 500000.00"), "{same}");
        let beyond = made("amounts = [30000000]\nvalues = [0.01]").unwrap_err();
        assert!(beyond.contains("999999.999 %"), "{beyond}");
    }

    fn group(rows_of_place: usize) -> Group {
        Group {
            product: "A".to_owned(),
            purpose: Purpose::Purchase,
            blocks: 0..1,
            rows_of_place,
        }
    }

    #[test]
    fn parts_cover_every_place_once() {
        for (rows, places, part_rows) in
            [(7, 1000, 100), (1, 1, 1), (10, 41_000, 500_000), (9, 5, 1)]
        {
            let parts = cut(&[group(rows), group(0), group(rows)], places, part_rows).unwrap();
            for index in [0, 2] {
                let mut next = 0;
                for part in parts.iter().filter(|part| part.group == index) {
                    assert_eq!(part.places.start, next);
                    assert!(!part.places.is_empty());
                    assert!(part.places.len() == 1 || part.places.len() * rows <= part_rows);
                    next = part.places.end;
                }
                assert_eq!(next, places);
            }
            assert!(parts.iter().all(|part| part.group != 1));
        }
        assert!(cut(&[group(0)], 5, 5).is_err());
        assert!(cut(&[group(MAX_ROWS_OF_PLACE + 1)], 5, 5).is_err());
        assert!(cut(&[group(1)], 200_000, 1).is_err());
    }
}
