//! The spread of a loan with and without the products sold with it (vendas associadas facultativas).
//!
//! Source: DL 74-A/2017, article 11 (tying is forbidden, optional bundling is not); the information
//! sheet shows the loan with the bundled products and without them.

use crate::error::{EngineError, Problem};
use crate::rate::Pct;

/// A product that lowers the spread while the borrower holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundledProduct {
    /// Percentage points off the spread.
    pub discount: Pct,
    /// The borrower takes it.
    pub held: bool,
}

/// The spread and what may lower it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpreadTerms {
    /// Spread without any product, percentage points.
    pub base: Pct,
    /// Products of the offer.
    pub products: Vec<BundledProduct>,
    /// Most the discounts may come to together; none for no limit.
    pub max_discount: Option<Pct>,
}

/// Most products of an offer.
pub const MAX_PRODUCTS: usize = 50;

impl SpreadTerms {
    /// A spread nothing lowers.
    #[must_use]
    pub const fn plain(base: Pct) -> Self {
        Self {
            base,
            products: Vec::new(),
            max_discount: None,
        }
    }

    /// True when some product is held that lowers the spread.
    #[must_use]
    pub fn bundled(&self) -> bool {
        let lowers = |product: &BundledProduct| product.held && !product.discount.is_zero();
        self.products.iter().any(lowers)
    }

    /// The spread with the products held: the base less the sum of their discounts, at most the limit.
    /// Products lower a spread or rate to nothing at the most: the borrower is not paid for them. A
    /// base that is negative itself stays as it is when no product lowers it.
    ///
    /// # Errors
    /// Field `products`: too many; field `discount`: negative, too large or more than the base; field
    /// `max_discount`: negative.
    pub fn with_products(&self) -> Result<Pct, EngineError> {
        if self.products.len() > MAX_PRODUCTS {
            let problem = Problem::TooMany { limit: 50 };
            return Err(EngineError::new("products", problem));
        }
        let too_large = EngineError::too_large("discount");
        let mut discount = Pct::ZERO;
        for product in &self.products {
            if product.discount.is_negative() {
                return Err(EngineError::new("discount", Problem::MustNotBeNegative));
            }
            if product.held {
                discount = discount.checked_add(product.discount).ok_or(too_large)?;
            }
        }
        if let Some(most) = self.max_discount {
            if most.is_negative() {
                return Err(EngineError::new("max_discount", Problem::MustNotBeNegative));
            }
            discount = discount.min(most);
        }
        if !discount.is_zero() && discount > self.base {
            let why = "is more than the spread or rate it lowers";
            return Err(EngineError::new("discount", Problem::Inconsistent(why)));
        }
        self.base.checked_sub(discount).ok_or(too_large)
    }
}

/// TAN of a variable rate: index plus spread. The index is never floored and the sum may be negative
/// (Lei 32/2018).
///
/// # Errors
/// Field `spread` when the sum is beyond ±1,000,000 %.
pub fn variable_tan(index: Pct, spread: Pct) -> Result<Pct, EngineError> {
    index
        .checked_add(spread)
        .ok_or(EngineError::too_large("spread"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pct(text: &str) -> Pct {
        Pct::parse_decimal(text).unwrap()
    }

    fn terms(held: [bool; 3]) -> SpreadTerms {
        let product = |(discount, held)| BundledProduct {
            discount: pct(discount),
            held,
        };
        let discounts = ["0.10", "0.25", "0.30"];
        SpreadTerms {
            base: pct("1.50"),
            products: discounts.into_iter().zip(held).map(product).collect(),
            max_discount: None,
        }
    }

    #[test]
    fn held_products_lower_the_spread() {
        assert_eq!(terms([false; 3]).with_products().unwrap(), pct("1.5"));
        assert!(!terms([false; 3]).bundled());
        assert_eq!(
            terms([true, false, true]).with_products().unwrap(),
            pct("1.1")
        );
        let capped = SpreadTerms {
            max_discount: Some(pct("0.5")),
            ..terms([true; 3])
        };
        assert_eq!(capped.with_products().unwrap(), pct("1"));
        assert!(capped.bundled());
    }

    #[test]
    fn a_negative_index_is_passed_through() {
        assert_eq!(
            variable_tan(pct("-0.502"), pct("0.3")).unwrap(),
            pct("-0.202")
        );
        assert!(variable_tan(Pct::MIN, pct("-1")).is_err());
    }

    #[test]
    fn refuses_negative_discounts() {
        let mut bad = terms([true; 3]);
        bad.products[0].discount = pct("-0.1");
        assert_eq!(bad.with_products().unwrap_err().field, "discount");
    }

    #[test]
    fn discounts_take_off_the_base_at_most() {
        let of = |base, discount, most: Option<&str>| {
            let product = BundledProduct {
                discount: pct(discount),
                held: true,
            };
            let terms = SpreadTerms {
                base: pct(base),
                products: vec![product],
                max_discount: most.map(pct),
            };
            terms.with_products().map_err(|error| error.field)
        };
        assert_eq!(of("3", "3", None), Ok(Pct::ZERO));
        assert_eq!(of("3", "3.000000001", None), Err("discount"));
        assert_eq!(of("3", "9", Some("0.5")), Ok(pct("2.5")));
        assert_eq!(of("-0.1", "0.1", None), Err("discount"));
        assert_eq!(of("-0.1", "0", None), Ok(pct("-0.1")));
    }
}
