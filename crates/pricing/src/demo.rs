//! Invented catalogues: the demo lender's, and a large one for benchmarks. No figure of theirs is
//! anybody's.

use crate::codec::{Part, Parts};

pub mod big;

const PRODUCTS: &str = include_str!("../../../data/demo/products.toml");
const ELIGIBILITY: &str = include_str!("../../../data/demo/eligibility.toml");
const ADJUSTMENTS: &str = include_str!("../../../data/demo/adjustments.toml");
const CAPS: &str = include_str!("../../../data/demo/caps.toml");
const MARGINS: &str = include_str!("../../../data/demo/margins.toml");
const FEES: &str = include_str!("../../../data/demo/fees.toml");
const ESTIMATES: &str = include_str!("../../../data/demo/estimates.toml");
const MI_CARDS: &str = include_str!("../../../data/demo/mi_cards.toml");
const SHEETS: &str = include_str!("../../../data/demo/sheets.csv");

/// The texts of the demo lender's catalogue, as they stand under `data/demo/`.
#[must_use]
pub fn parts() -> Parts {
    let text = |part: Part| match part {
        Part::Products => PRODUCTS,
        Part::Eligibility => ELIGIBILITY,
        Part::Adjustments => ADJUSTMENTS,
        Part::Caps => CAPS,
        Part::Margins => MARGINS,
        Part::Fees => FEES,
        Part::Estimates => ESTIMATES,
        Part::MiCards => MI_CARDS,
    };
    let parts = Part::ALL.into_iter();
    parts.map(|part| (part, text(part).to_owned())).collect()
}

/// The demo lender's rate sheets, for [`crate::codec::sheet::read_sheets`].
#[must_use]
pub const fn sheets_csv() -> &'static str {
    SHEETS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::validate::validate_sheets;
    use crate::codec::sheet::read_sheets;
    use crate::codec::{load, parse, write};

    #[test]
    fn the_demo_catalogue_is_sound() {
        let loaded = load(&parts()).unwrap_or_else(|found| panic!("{found:#?}"));
        assert_eq!(loaded.warnings, []);
        let catalogue = &loaded.catalogue;
        assert_eq!(parse(&write(catalogue)).as_ref(), Ok(catalogue));
        let sheets = read_sheets(sheets_csv()).unwrap_or_else(|found| panic!("{found:#?}"));
        assert_eq!(validate_sheets(catalogue, &sheets), []);
        assert_eq!(sheets.len(), catalogue.products.len());
        assert!(catalogue.products.len() >= 14 && catalogue.adjustments.len() >= 30);
    }

    #[test]
    fn the_demo_prices_rise_with_the_rate() {
        for (code, sheet) in read_sheets(sheets_csv()).unwrap() {
            let same_lock =
                |pair: &&[crate::catalogue::SheetRow]| pair[0].lock_days == pair[1].lock_days;
            for pair in sheet.rows.windows(2).filter(same_lock) {
                assert!(pair[0].price < pair[1].price, "{code}: {pair:?}");
            }
        }
    }
}
