//! Checking new sheets before anything is written: products that are known, each once, with rows
//! that can be priced from.

use std::collections::{HashMap, HashSet};

use lintel_domain::refusal::{Field, RatesPart, RatesRowPart, Refusal, Rule};
use lintel_pricing::catalogue::Sheet;
use lintel_pricing::catalogue::sheet::{SheetFault, SheetProblem};
use lintel_pricing::codec::sheet::pack_rows;
use lintel_store::product::RegisteredProduct;

use super::SheetUpdate;

/// Longest product code looked at.
const CODE_MAX_CHARS: usize = 100;

/// A sheet whose product is known and whose rows can be used.
pub(super) struct Ready {
    pub(super) product: RegisteredProduct,
    pub(super) sheet: Sheet,
    pub(super) body: String,
}

/// Finds every product and reads every sheet; the first in the list that cannot be used is refused.
pub(super) fn check_all(
    registry: &[RegisteredProduct],
    updates: Vec<SheetUpdate>,
) -> Result<Vec<Ready>, Refusal> {
    let by_id: HashMap<&str, &RegisteredProduct> =
        registry.iter().map(|p| (p.public_id.as_str(), p)).collect();
    let by_code: HashMap<&str, &RegisteredProduct> =
        registry.iter().map(|p| (p.code.as_str(), p)).collect();
    let mut ready: Vec<Ready> = Vec::with_capacity(updates.len());
    let mut seen: HashSet<&str> = HashSet::new();
    for (at, update) in updates.into_iter().enumerate() {
        let product = find(&by_id, &by_code, &update, at)?;
        if !seen.insert(product.code.as_str()) {
            return Err(refused(at, named_by(&update), Rule::Conflict));
        }
        let count = update.rows.len();
        let sheet = Sheet::try_new(update.rows, update.index, update.margin)
            .map_err(|problem| blamed(at, &problem, count))?;
        ready.push(Ready {
            product: product.clone(),
            body: pack_rows(&sheet.rows),
            sheet,
        });
    }
    Ok(ready)
}

const fn refused(product: usize, part: RatesPart, rule: Rule) -> Refusal {
    let field = Field::RatesProduct { product, part };
    Refusal::Invalid { field, rule }
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|t| t.trim()).filter(|t| !t.is_empty())
}

/// Which of the two names an update goes by.
fn named_by(update: &SheetUpdate) -> RatesPart {
    match filled(update.public_id.as_ref()) {
        Some(_) => RatesPart::PublicId,
        None => RatesPart::Code,
    }
}

fn find<'a>(
    by_id: &HashMap<&str, &'a RegisteredProduct>,
    by_code: &HashMap<&str, &'a RegisteredProduct>,
    update: &SheetUpdate,
    at: usize,
) -> Result<&'a RegisteredProduct, Refusal> {
    let unknown = |part| refused(at, part, Rule::Malformed);
    let code = filled(update.code.as_ref()).filter(|c| c.chars().count() <= CODE_MAX_CHARS);
    match (filled(update.public_id.as_ref()), code) {
        (Some(id), code) => {
            let found = by_id.get(id).ok_or_else(|| unknown(RatesPart::PublicId))?;
            if code.is_some_and(|code| code != found.code) {
                return Err(unknown(RatesPart::Code));
            }
            Ok(found)
        }
        (None, Some(code)) => by_code
            .get(code)
            .copied()
            .ok_or_else(|| unknown(RatesPart::Code)),
        (None, None) if update.code.as_ref().is_some_and(|c| !c.trim().is_empty()) => {
            Err(unknown(RatesPart::Code))
        }
        (None, None) => Err(refused(at, RatesPart::PublicId, Rule::Missing)),
    }
}

/// Which of the caller's fields a problem of a sheet is about.
fn blamed(product: usize, problem: &SheetProblem, rows: usize) -> Refusal {
    let of_row = |part| match problem.row.filter(|row| *row < rows) {
        Some(row) => Refusal::malformed(Field::RatesRow { product, row, part }),
        None => refused(product, RatesPart::Rows, Rule::Malformed),
    };
    match problem.fault {
        SheetFault::Empty => refused(product, RatesPart::Rows, Rule::Missing),
        SheetFault::TooManyRows => refused(product, RatesPart::Rows, Rule::Malformed),
        SheetFault::Index => refused(product, RatesPart::Index, Rule::Malformed),
        SheetFault::Margin => refused(product, RatesPart::Margin, Rule::Malformed),
        SheetFault::NoteRate | SheetFault::Duplicate => of_row(RatesRowPart::Rate),
        SheetFault::Price => of_row(RatesRowPart::Price),
        SheetFault::LockDays => of_row(RatesRowPart::Lock),
    }
}
