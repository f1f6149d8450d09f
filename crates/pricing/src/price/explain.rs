//! How a price came about, step by step.

use lintel_engine::rate::Pct;

use super::adjust::{Sums, caps, change, held, margins, rounded, term_of};
use super::candidates::Candidate;
use crate::book::Book;
use crate::catalogue::{Adjustment, Effect, Product};
use crate::priced::{Explanation, Step};
use crate::when::{Facts, points};

/// Explains the price of a row: the adjustments that hold, what caps gave back or took, margins, the
/// cut and the rounding. The changes add up from the sheet's price to the final one.
pub(super) fn explain(
    book: &Book,
    product: usize,
    facts: &Facts<'_>,
    row: &Candidate,
) -> Explanation {
    let facts = facts.at_lock(row.lock_days);
    let mut steps = Steps {
        price: row.base,
        steps: Vec::new(),
    };
    let mut sums = Sums::zero(book);
    adjustments(book, product, &facts, &mut steps, &mut sums);
    for (group, cap) in caps(book, product, &facts) {
        let Some(sum) = sums.of_group(group) else {
            continue;
        };
        let within = held(cap, sum);
        if within != sum {
            let text = |value: i128| points(Pct::new(i64::try_from(value).unwrap_or_default()));
            steps.add(Step {
                name: format!("Cap of {}", cap.group),
                group: Some(cap.group.clone()),
                detail: format!("sum {} held at {}", text(sum), text(within)),
                change: Pct::new(i64::try_from(within - sum).unwrap_or_default()),
                price: Pct::ZERO,
            });
        }
    }
    for margin in margins(book, product, &facts) {
        steps.add(Step {
            name: margin.name.clone(),
            group: None,
            detail: "margin".to_owned(),
            change: margin.price,
            price: Pct::ZERO,
        });
    }
    if let Some(product) = book.catalogue.products.get(product) {
        steps.finish(product);
    }
    Explanation {
        note_rate: row.note_rate,
        lock_days: row.lock_days,
        base_price: row.base,
        steps: steps.steps,
        final_price: row.price,
    }
}

fn adjustments(book: &Book, product: usize, facts: &Facts<'_>, steps: &mut Steps, sums: &mut Sums) {
    let term_months = term_of(book, product);
    for index in book.selected(product).adjustments.iter() {
        let Some(adjustment) = book.catalogue.adjustments.get(index) else {
            continue;
        };
        let Some(Ok(points)) = change((index, adjustment), facts, term_months) else {
            continue;
        };
        sums.count(book, index, points);
        steps.add(Step {
            name: adjustment.name.clone(),
            group: adjustment.group.clone(),
            detail: detail(adjustment, facts, term_months),
            change: points,
            price: Pct::ZERO,
        });
    }
}

fn detail(adjustment: &Adjustment, facts: &Facts<'_>, term_months: u32) -> String {
    match &adjustment.effect {
        Effect::Flat(_) => "flat".to_owned(),
        Effect::Grid(grid) => grid.words(facts, term_months),
    }
}

/// Steps with the price after each.
struct Steps {
    price: Pct,
    steps: Vec<Step>,
}

impl Steps {
    fn add(&mut self, step: Step) {
        // Prices that could not be held never became a row.
        self.price = Pct::new(self.price.e9().saturating_add(step.change.e9()));
        self.steps.push(Step {
            price: self.price,
            ..step
        });
    }

    /// The cut and the rounding, when they change anything.
    fn finish(&mut self, product: &Product) {
        let named = |name: &str, detail: String, change: i64| Step {
            name: name.to_owned(),
            group: None,
            detail,
            change: Pct::new(change),
            price: Pct::ZERO,
        };
        if let Some(most) = product.max_price.filter(|most| *most < self.price) {
            let change = most.e9().saturating_sub(self.price.e9());
            self.add(named(
                "Highest price",
                format!("cut to {}", points(most)),
                change,
            ));
        }
        let rounded = rounded(self.price).unwrap_or(self.price);
        let change = rounded.e9().saturating_sub(self.price.e9());
        if change != 0 {
            self.add(named("Rounding", "to three decimals".to_owned(), change));
        }
    }
}
