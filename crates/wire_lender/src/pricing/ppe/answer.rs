//! What a priced search looks like on the wire.

use std::collections::BTreeSet;

use lintel_domain::product::{ArmFeatures, RateKind};
use lintel_domain::watch::loan_program;
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::{Catalogue, Product};
use lintel_pricing::priced::{Explanation, Priced, PricedProduct, PricedRow, RefusedProduct};
use lintel_pricing::quote::QuotedFee;

use crate::names;
use crate::reply::Pen;

/// Months in a year.
const YEAR: u32 = 12;
/// An APR is shown to the thousandth of a percent.
const APR_STEP: Pct = Pct::new(Pct::SCALE / 1000);

/// What a search of a lender without a catalogue is told.
const NO_CATALOGUE: &str = "The lender has no products in force.";

/// How a search is shown.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Products of a group stand together, and the groups are listed.
    pub is_grouped: bool,
    /// How prices came about, and what was refused.
    pub explains: bool,
}

/// Writes everything of a search that does not depend on which of several equal places it is at.
pub fn found(pen: &mut Pen, catalogue: &Catalogue, priced: &Priced, view: View) {
    let known = |p| catalogue.products.get(at(p)).map(|product| (product, p));
    let shown: Vec<(&Product, &PricedProduct)> = priced.products.iter().filter_map(known).collect();
    if view.is_grouped {
        let groups = groups(&shown);
        let products = groups.iter().flat_map(|group| &group.1);
        pen.list("products", products, |pen, (of, offer)| {
            product(pen, of, offer)
        });
        pen.list("groups", &groups, |pen, ((program, years), products)| {
            pen.text("productProgram", program);
            pen.int("loanTerm", i64::from(*years));
            let ids = products.iter().map(|(product, _)| public_id(product));
            pen.texts("ppeID", ids);
        });
    } else {
        pen.list("products", &shown, |pen, (of, offer)| {
            product(pen, of, offer)
        });
    }
    pen.texts("watchableLoanPrograms", watchable(&shown));
    if view.explains {
        pen.list("ineligible", &priced.refused, |pen, refused| {
            ineligible(pen, catalogue, refused);
        });
    }
    let mut notices = priced.notices.clone();
    if catalogue.products.is_empty() {
        notices.push(NO_CATALOGUE.to_owned());
    }
    if !notices.is_empty() {
        pen.text("notice", &notices.join(" "));
    }
}

fn at(product: &PricedProduct) -> usize {
    product.product
}

type Group<'a> = ((&'static str, u32), Vec<(&'a Product, &'a PricedProduct)>);

/// Products of the same programme and term, in the order in which the first of each came.
fn groups<'a>(shown: &[(&'a Product, &'a PricedProduct)]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for pair in shown {
        let terms = &pair.0.terms;
        let key = (names::program(terms.program), years(terms.term_months));
        match groups.iter_mut().find(|(of, _)| *of == key) {
            Some((_, members)) => members.push(*pair),
            None => groups.push((key, vec![*pair])),
        }
    }
    groups
}

/// Whole years, the nearest.
fn years(months: u32) -> u32 {
    months.saturating_add(YEAR / 2) / YEAR
}

fn public_id(product: &Product) -> &str {
    product.public_id.as_ref().map_or("", |id| id.as_str())
}

/// "Conventional 30 Year Fixed", "VA 5 Year ARM": what a borrower can have watched, each once.
fn watchable(shown: &[(&Product, &PricedProduct)]) -> BTreeSet<String> {
    let watched = shown.iter().filter(|(product, _)| product.is_watchable);
    watched
        .map(|(product, _)| loan_program(&product.terms))
        .collect()
}

fn product(pen: &mut Pen, product: &Product, offer: &PricedProduct) {
    let terms = &product.terms;
    pen.text("ppeID", public_id(product));
    let kind = match &terms.rate_kind {
        RateKind::Fixed => "Fixed",
        RateKind::Adjustable(features) => {
            arm(pen, features, offer.margin);
            "AdjustableRate"
        }
    };
    pen.bit("interestOnly", terms.interest_only_months > 0);
    pen.text("loanAmortizationType", kind);
    pen.int("loanTerm", i64::from(years(terms.term_months)));
    pen.bit("lpmi", terms.lender_paid_mi);
    pen.text("productName", &product.name);
    pen.text("productProgram", names::program(terms.program));
    pen.list("rates", &offer.rows, row);
    if let Some(explanation) = &offer.explanation {
        pen.object("explanation", |pen| explained(pen, explanation));
    }
}

/// Members of an adjustable product; a fixed one has none of them.
fn arm(pen: &mut Pen, arm: &ArmFeatures, margin: Option<Pct>) {
    pen.int("armFirstAdj", i64::from(arm.first_adjustment_months));
    pen.pct("armFirstAdjCap", arm.first_cap);
    pen.text("armIndex", names::arm_index(arm.index));
    pen.pct("armIndexMargin", margin.unwrap_or(arm.margin));
    pen.pct("armLifeCap", arm.lifetime_cap);
    pen.int("armPerAdj", i64::from(arm.adjustment_months));
    pen.pct("armPerAdjCap", arm.periodic_cap);
}

fn row(pen: &mut Pen, row: &PricedRow) {
    pen.pct("apr", to_the_thousandth(row.apr));
    pen.list("fees", row.fees.iter(), |pen, charge| fee(pen, &charge));
    pen.bit("isHPML", row.is_hpml.unwrap_or(false));
    pen.int("lockPeriod", i64::from(row.lock_days));
    pen.money("monthlyPayment", row.piti.principal_and_interest);
    pen.object("piti", |pen| {
        pen.money("principalAndInterest", row.piti.principal_and_interest);
        pen.money("propertyTaxes", row.piti.property_taxes);
        pen.money("homeownerInsurance", row.piti.insurance);
        pen.money("mortgageInsurance", row.piti.mortgage_insurance);
    });
    pen.list("paymentStream", &row.stream, |pen, run| {
        pen.money("mortgageInsurance", run.mortgage_insurance);
        pen.int("numberOfPayments", i64::from(run.payments));
        pen.money("principalAndInterest", run.principal_and_interest);
        pen.date("startDate", run.starts);
    });
    pen.pct("points", row.points);
    pen.pct("rate", row.note_rate);
}

fn to_the_thousandth(apr: Pct) -> Pct {
    // Half-up, as disclosures print percentages.
    apr.round_to(APR_STEP, lintel_engine::money::Rounding::HalfUp)
        .unwrap_or(apr)
}

fn fee(pen: &mut Pen, fee: &QuotedFee<'_>) {
    pen.money("fee", fee.amount);
    pen.text("leSection", fee.section.as_str());
    pen.text("mismoType", fee.mismo_type);
    pen.maybe("mismoTypeOther", fee.mismo_type_other);
    pen.text("name", fee.name);
    pen.null("percent");
}

fn explained(pen: &mut Pen, explanation: &Explanation) {
    pen.pct("rate", explanation.note_rate);
    pen.int("lockPeriod", i64::from(explanation.lock_days));
    pen.pct("basePrice", explanation.base_price);
    pen.list("adjustments", &explanation.steps, |pen, step| {
        pen.text("name", &step.name);
        pen.maybe("group", step.group.as_deref());
        pen.text("detail", &step.detail);
        pen.pct("change", step.change);
        pen.pct("price", step.price);
    });
    pen.pct("finalPrice", explanation.final_price);
}

fn ineligible(pen: &mut Pen, catalogue: &Catalogue, refused: &RefusedProduct) {
    if let Some(product) = catalogue.products.get(refused.product) {
        pen.text("ppeID", public_id(product));
        pen.text("productName", &product.name);
        pen.text("productProgram", names::program(product.terms.program));
    }
    pen.texts("reasons", &refused.reasons);
}
