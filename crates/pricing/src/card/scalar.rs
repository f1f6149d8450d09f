//! One row of a card by the scalar functions, without any table: what the compiler and the lanes are
//! measured against.
//!
//! Eligibility, price, points and closing costs are those of [`crate::price`] and [`crate::quote`];
//! what a card does differently, its equal payments, is [`super::payments`].

use lintel_domain::product::RateKind;
use lintel_engine::rate::Pct;

use super::CardRow;
use super::compiled::Block;
use super::payments::Cost;
use super::rates::RateColumn;
use super::spec::CardSpec;
use super::terms::Terms;
use crate::book::Book;
use crate::catalogue::EstimateOf;
use crate::price::{
    Net, Rules, final_price, is_eligible, net_adjustment, points_amount, points_of,
};
use crate::quote::{ArmValues, CostScene, Costs, Counting, Loan, Monthly};
use crate::when::{Facts, in_force};

/// The row of a block at a place and note rate; none where nothing is offered.
pub(super) fn row(
    book: &Book,
    rules: &Rules<'_>,
    spec: &CardSpec,
    (block, place, column): (&Block, usize, &RateColumn),
) -> Option<CardRow> {
    let product = book.catalogue.products.get(block.product)?;
    let sheet = book.sheets.get(block.product)?.as_ref()?;
    let amount = spec.amounts.get(block.amount)?;
    let mut scenario = spec.probe(block.purpose, block.score);
    spec.places.get(place)?;
    spec.put(
        &mut scenario,
        place,
        amount.loan_amount(place),
        amount.home_price(place),
    );
    let facts = Facts::try_of(&scenario).ok()?.at_lock(column.lock_days);
    let sells = |channel: &str| {
        let mut may = product.channels.iter();
        may.any(|one| one.eq_ignore_ascii_case(channel))
    };
    let is_sold = product.channels.is_empty() || scenario.channel.as_deref().is_some_and(sells);
    if !is_sold
        || !in_force(&product.days, scenario.day)
        || !is_eligible(book, block.product, &facts)
    {
        return None;
    }
    let Net::Points(net) = net_adjustment(book, block.product, &facts) else {
        return None;
    };
    let price = final_price(product, column.price, net)?;
    let points = points_of(price)?;
    if spec.points.is_some_and(|wanted| !wanted.contains(points)) {
        return None;
    }
    let monthly = |of| book.monthly_estimate(of, &scenario).ok();
    let selected = book.selected(block.product);
    let scene = CostScene {
        book,
        fees: &selected.fees,
        mi_cards: &selected.mi_cards,
        tables: rules.tables,
        monthly: Monthly {
            tax: monthly(EstimateOf::PropertyTax)?,
            insurance: monthly(EstimateOf::Insurance)?,
        },
    };
    let mut counting = Counting::of(&book.catalogue, &rules.tables.finance_charge);
    let costs = Costs::of(&scene, &product.terms, &facts, &mut counting).ok()?;
    let index = match &product.terms.rate_kind {
        RateKind::Fixed => None,
        RateKind::Adjustable(arm) => sheet
            .index
            .or_else(|| rules.indices.get(&arm.index).copied()),
    };
    let values = ArmValues {
        index,
        margin: sheet.margin,
    };
    let loan = Loan {
        terms: &product.terms,
        arm: Loan::arm_terms(&product.terms, values).ok()?,
        costs: &costs,
    };
    let (_, terms) = loan.at(column.note_rate, points).ok()?;
    let cost = Cost {
        price_e3: price.e9() / (Pct::SCALE / 1000),
        points: points_amount(scenario.loan_amount, points)?,
        principal: terms.principal,
        fees: terms.prepaid_finance_charge,
        mi: terms.mi,
    };
    cost.row(&Terms::new(&product.terms, terms.arm.as_ref(), column.note_rate).ok()?)
}
