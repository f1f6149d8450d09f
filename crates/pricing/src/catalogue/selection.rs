//! Which products selectors are for: found by name, since a catalogue may have thousands of rules that
//! name thousands of products.

use std::collections::HashMap;

use crate::catalogue::Product;
use crate::when::Selector;

/// The products of a catalogue by code and by family.
#[derive(Debug)]
pub(crate) struct Selection<'a> {
    products: &'a [Product],
    by_code: HashMap<&'a str, Vec<usize>>,
    /// Families in small letters.
    by_family: HashMap<String, Vec<usize>>,
}

impl<'a> Selection<'a> {
    pub(crate) fn of(products: &'a [Product]) -> Self {
        let mut by_code: HashMap<&str, Vec<usize>> = HashMap::with_capacity(products.len());
        let mut by_family: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, product) in products.iter().enumerate() {
            by_code.entry(&product.code).or_default().push(place);
            for family in &product.families {
                let family = family.to_ascii_lowercase();
                by_family.entry(family).or_default().push(place);
            }
        }
        Self {
            products,
            by_code,
            by_family,
        }
    }

    /// Whether there are no products.
    pub(crate) const fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// Whether a product has this code.
    pub(crate) fn has_code(&self, code: &str) -> bool {
        self.by_code.contains_key(code)
    }

    /// Whether a product is of this family.
    pub(crate) fn has_family(&self, family: &str) -> bool {
        self.by_family.contains_key(&family.to_ascii_lowercase())
    }

    /// The places of the products a selector is for, rising, each once: those that
    /// [`Selector::matches`] holds for.
    pub(crate) fn matching(&self, selector: &Selector) -> Vec<usize> {
        let coded = (!selector.codes.is_empty()).then(|| {
            let codes = selector.codes.iter();
            let places = codes.filter_map(|code| self.by_code.get(code.as_str()));
            sorted(places.flatten().copied().collect())
        });
        let related = (!selector.families.is_empty()).then(|| self.related(&selector.families));
        let mut places = match (coded, related) {
            (Some(mut coded), Some(related)) => {
                coded.retain(|place| related.binary_search(place).is_ok());
                coded
            }
            (Some(places), None) | (None, Some(places)) => places,
            (None, None) => (0..self.products.len()).collect(),
        };
        let rest = Selector {
            codes: Vec::new(),
            programs: selector.programs.clone(),
            families: Vec::new(),
            adjustable: selector.adjustable,
            interest_only: selector.interest_only,
            lender_paid_mi: selector.lender_paid_mi,
            term_months: selector.term_months,
        };
        if rest != Selector::default() {
            places.retain(|place| {
                let product = self.products.get(*place);
                product.is_some_and(|product| rest.matches_terms(None, &[], &product.terms))
            });
        }
        places
    }

    /// The products that are of one of these families, rising, each once.
    fn related(&self, families: &[String]) -> Vec<usize> {
        let mut is_found = vec![false; self.products.len()];
        for family in families {
            let places = self.by_family.get(&family.to_ascii_lowercase());
            for place in places.into_iter().flatten() {
                if let Some(found) = is_found.get_mut(*place) {
                    *found = true;
                }
            }
        }
        let places = is_found.iter().enumerate();
        places
            .filter(|(_, found)| **found)
            .map(|(place, _)| place)
            .collect()
    }
}

/// Rising, each once.
fn sorted(mut places: Vec<usize>) -> Vec<usize> {
    places.sort_unstable();
    places.dedup();
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::codec::{Part, Parts, parse};

    fn read(part: Part, text: &str) -> Catalogue {
        parse(&Parts::from([(part, text.to_owned())])).unwrap()
    }

    #[test]
    fn it_finds_what_selectors_match() {
        let product = |code: &str, rest: &str| {
            format!("[[product]]\ncode = \"{code}\"\nname = \"p\"\nprogram = \"fha\"\n{rest}\n")
        };
        let products = [
            product("A", "term_years = 30\nfamilies = [\"x\", \"y\"]"),
            product("B", "term_years = 15\nfamilies = [\"Y\"]"),
            product("C", "term_years = 30"),
        ];
        let catalogue = read(Part::Products, &products.concat());
        let selection = Selection::of(&catalogue.products);
        for selects in [
            "",
            "products.codes = [\"C\", \"A\", \"none\"]",
            "products.families = [\"x\", \"Y\"]",
            "products = { codes = [\"B\", \"C\"], families = [\"y\"] }",
            "products.term_years = 30",
            "products = { families = [\"Y\"], term_years = 30 }",
            "products.programs = [\"va\"]",
            "products.families = [\"none\"]",
        ] {
            let text = format!("[[margin]]\nname = \"m\"\npoints = 1\n{selects}\n");
            let selector = &read(Part::Margins, &text).margins[0].products;
            let products = catalogue.products.iter().enumerate();
            let wanted = products.filter(|(_, product)| selector.matches(product));
            let wanted: Vec<usize> = wanted.map(|(place, _)| place).collect();
            assert_eq!(selection.matching(selector), wanted, "{selects}");
        }
    }
}
