//! What is watched: names of products, or of kinds of products, with the rates waited for.

use std::collections::HashMap;

use lintel_domain::watch::{fold_name, loan_program};
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::Catalogue;
use lintel_store::fault::Fault;
use serde::{Deserialize, Serialize};

/// Most products of one watch.
pub const MAX_PRODUCTS: usize = 50;

/// A product that is watched, or a kind of product: the names of both are in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// As the lender's catalogue spells it: a product's own name, or that of its kind.
    pub name: String,
    /// The rate waited for, percent a year; none where all are told.
    pub desired_rate: Option<Pct>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    desired_e9: Option<i64>,
}

/// Writes what is watched as rows hold it.
pub(crate) fn write(watched: &[Watched]) -> String {
    let stored: Vec<Stored> = watched
        .iter()
        .map(|one| Stored {
            name: one.name.clone(),
            desired_e9: one.desired_rate.map(Pct::e9),
        })
        .collect();
    // Texts and numbers: there is nothing in it that JSON cannot hold.
    serde_json::to_string(&stored).unwrap_or_default()
}

/// Reads what a row holds.
///
/// # Errors
/// Corrupt when it is not what [`write`] makes. `row` is the watch's id.
pub(crate) fn read(text: &str, row: &str) -> Result<Vec<Watched>, Fault> {
    let corrupt = || Fault::corrupt("rate_watch", "products", row);
    let stored: Vec<Stored> = serde_json::from_str(text).map_err(|_| corrupt())?;
    let read = stored.into_iter().map(|one| Watched {
        name: one.name,
        desired_rate: one.desired_e9.map(Pct::new),
    });
    Ok(read.collect())
}

/// The names products of a catalogue may be watched by, folded. Products the lender does not let be
/// watched have none.
#[derive(Debug)]
pub(crate) struct Names(HashMap<String, Named>);

/// The products that go by a name, by their places in the catalogue.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// As the catalogue spells it.
    spelled: String,
    /// Those whose own name it is.
    pub(crate) own: Vec<usize>,
    /// Those of whose kind it is the name: they stand in where the former cannot be had.
    pub(crate) kind: Vec<usize>,
}

impl Names {
    pub(crate) fn of(catalogue: &Catalogue) -> Self {
        let mut names: HashMap<String, Named> = HashMap::new();
        for (place, product) in catalogue.products.iter().enumerate() {
            if !product.is_watchable {
                continue;
            }
            let of_kind = loan_program(&product.terms);
            let kind = names.entry(fold_name(&of_kind)).or_default();
            kind.spelled = of_kind;
            kind.kind.push(place);
            let own = names.entry(fold_name(&product.name)).or_default();
            if own.spelled.is_empty() {
                own.spelled.clone_from(&product.name);
            }
            own.own.push(place);
        }
        Self(names)
    }

    /// The catalogue's spelling of a name, however it is spelled; none when nothing goes by it.
    pub(crate) fn spelled(&self, name: &str) -> Option<&str> {
        self.of_name(name).map(|named| named.spelled.as_str())
    }

    /// The products that go by a name.
    pub(crate) fn of_name(&self, name: &str) -> Option<&Named> {
        self.0.get(&fold_name(name))
    }
}

#[cfg(test)]
mod tests {
    use lintel_domain::loan::Program;
    use lintel_domain::product::{ProductTerms, RateKind};
    use lintel_pricing::catalogue::Product;

    use super::*;

    fn product(name: &str, years: u32, is_watchable: bool) -> Product {
        Product {
            code: name.to_owned(),
            public_id: None,
            name: name.to_owned(),
            terms: ProductTerms {
                program: Program::Conventional,
                term_months: years * 12,
                amortization_months: years * 12,
                interest_only_months: 0,
                lender_paid_mi: false,
                rate_kind: RateKind::Fixed,
            },
            families: Vec::new(),
            lock_days: Vec::new(),
            channels: Vec::new(),
            min_price: None,
            max_price: None,
            is_watchable,
            days: None,
        }
    }

    #[test]
    fn products_go_by_their_own_names_and_by_that_of_their_kind() {
        let names = Names::of(&Catalogue {
            products: vec![
                product("Thirty", 30, true),
                product("Thirty with lender's insurance", 30, true),
                product("Conventional 15 Year Fixed", 15, true),
                product("Fifteen plus", 15, true),
                product("Hidden", 10, false),
            ],
            ..Catalogue::default()
        });
        let places = |name: &str| {
            let named = names.of_name(name).expect(name);
            (named.own.clone(), named.kind.clone())
        };
        assert_eq!(places(" THIRTY "), (vec![0], vec![]));
        assert_eq!(places("conventional 30 year  fixed"), (vec![], vec![0, 1]));
        assert_eq!(places("Conventional 15 Year Fixed"), (vec![2], vec![2, 3]));
        assert_eq!(
            names.spelled("CONVENTIONAL 30 year fixed"),
            Some("Conventional 30 Year Fixed")
        );
        for nothing in ["Hidden", "Conventional 10 Year Fixed", "", "Thirty-ish"] {
            assert_eq!(names.spelled(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let watched = vec![
            Watched {
                name: "A \"quoted\" ünï".to_owned(),
                desired_rate: Some(Pct::new(3_500_000_000)),
            },
            Watched {
                name: "B".to_owned(),
                desired_rate: None,
            },
        ];
        assert_eq!(read(&write(&watched), "id").expect("read"), watched);
        assert!(read("{}", "id").is_err());
    }
}
