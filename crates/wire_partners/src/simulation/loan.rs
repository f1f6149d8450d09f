//! The loan of a calculation: terms, index, and both variants with their repayment tables.

use lintel_domain::simulation::RateKind;
use lintel_engine::Cents;
use lintel_offer::{Calculation, Choice, Phase, PhaseKind, Variant};
use lintel_taxonomy::{List, entry};

use super::charges::cost;
use crate::language::Language;
use crate::write::{Object, Value, list};

/// Decimals of an effective yearly rate as papers show it.
const SHOWN: u32 = 1;

/// The loan group.
pub(crate) fn loan(language: Language, of: &Calculation) -> Value {
    let loan = &of.loan;
    let kind = loan.rate_kind.id();
    let kind_described = entry(List::IndexTypeSubCategories, kind);
    let kind_described = kind_described.map(|entry| language.of(entry.pt, entry.en));
    let choice = |choice: &Choice| language.of(&choice.pt, &choice.en).to_owned();
    let with = of.with_cross_selling.as_ref();
    Object::new()
        .with("productPurposeID", loan.product_purpose.id)
        .with("productPurposeDescription", choice(&loan.product_purpose))
        .with("loanPurposeID", loan.loan_purpose.id)
        .with("loanPurposeDescription", choice(&loan.loan_purpose))
        .with("productSchemeID", loan.scheme.id)
        .with("productSchemeDescription", choice(&loan.scheme))
        .with("loanAmount", loan.amount)
        .with("loanDurationMonths", loan.term_months)
        .with("utilizationPeriodMonths", loan.utilisation_months)
        .with("indexTypeSubCategoryID", kind)
        .with("indexTypeSubCategoryDescription", kind_described)
        .with("indexTypeID", loan.index_type.id)
        .with("indexTypeDescription", choice(&loan.index_type))
        .with("fixedPeriodMonths", loan.fixed_months)
        .with("hasCrossSelling", loan.cross_selling)
        .with("calculationDate", of.day)
        .with("offerEdition", &of.edition)
        .with("index", index(of))
        .with("crossSellingProducts", products(language, of))
        .with(
            "withoutCrossSelling",
            variant(language, of, &of.without_cross_selling),
        )
        .with(
            "withCrossSelling",
            with.map(|with| variant(language, of, with)),
        )
        .done()
}

fn index(of: &Calculation) -> Value {
    let Some(index) = &of.index else {
        return Value::Null;
    };
    Object::new()
        .with("name", index.name())
        .with("tenor", &index.tenor)
        .with("resetMonths", index.reset_months)
        .with("referenceMonth", index.month)
        .with("rate", index.average)
        .with("highestRate", index.highest)
        .done()
}

fn products(language: Language, of: &Calculation) -> Value {
    list(of.products.iter().map(|product| {
        Object::new()
            .with("code", &product.code)
            .with("description", language.of(&product.pt, &product.en))
            .with("discount", product.discount)
            .with("isHeld", product.held)
    }))
}

/// A variant of the loan with everything it comes to.
pub(crate) fn variant(language: Language, of: &Calculation, variant: &Variant) -> Value {
    let (totals, instalments) = (&variant.totals, &variant.instalments);
    let is_indexed = match of.loan.rate_kind {
        RateKind::Fixed => false,
        RateKind::Variable | RateKind::Mixed => true,
    };
    let illustrative = variant.illustrative.map(|scenario| {
        Object::new()
            .with("taeg", Value::percent(scenario.taeg, SHOWN))
            .with("taegUnrounded", scenario.taeg)
            .with("tan", scenario.tan)
            .with("highestInstallment", scenario.highest_instalment)
    });
    let index_rate = of.index.as_ref().filter(|_| is_indexed);
    Object::new()
        .with("hasCrossSelling", variant.cross_selling)
        .with("indexRate", index_rate.map(|index| index.average))
        .with("spread", variant.spread)
        .with("tan", variant.tan)
        .with("variableTan", variant.variable_tan)
        .with("monthlyInstallment", instalments.first)
        .with("utilizationInstallment", instalments.utilisation)
        .with("variableInstallment", instalments.variable)
        .with("highestInstallment", instalments.highest)
        .with("lastInstallment", instalments.last)
        .with("taeg", Value::percent(variant.taeg, SHOWN))
        .with("taegUnrounded", variant.taeg)
        .with("mtic", totals.mtic)
        .with("totalCost", totals.total_cost)
        .with("totalInterest", totals.interest)
        .with("creditStampDuty", totals.credit_duty)
        .with("interestStampDuty", totals.interest_duty)
        .with("totalCharges", totals.charges)
        .with("feesStampDuty", totals.fee_duty)
        .with("totalPremiums", totals.premiums)
        .with("upfrontCosts", variant.upfront)
        .with("illustrativeTaeg", illustrative)
        .with(
            "phases",
            list(variant.phases.iter().map(|one| phase(one, variant))),
        )
        .with(
            "costs",
            list(variant.costs.iter().map(|one| cost(language, one))),
        )
        .with("repaymentTable", table(of.loan.amount, variant))
        .done()
}

fn phase(of: &Phase, variant: &Variant) -> Value {
    let kind = match of.kind {
        PhaseKind::Utilisation => "utilization",
        PhaseKind::Fixed => "fixed",
        PhaseKind::Variable => "variable",
    };
    Object::new()
        .with("phase", kind)
        .with("firstMonth", of.first_month)
        .with("lastMonth", of.last_month)
        .with("tan", of.tan)
        .with("isIndexed", of.indexed)
        .with("isAssumed", of.is_assumed(variant))
        .with("monthlyInstallment", of.instalment)
        .done()
}

/// Month zero is the day of the contract; then every month.
fn table(amount: Cents, of: &Variant) -> Value {
    let row = |month: u32, amounts: [Cents; 5]| {
        let [payment, interest, capital, other_costs, remaining] = amounts;
        Object::new()
            .with("month", month)
            .with("payment", payment)
            .with("interest", interest)
            .with("capital", capital)
            .with("otherCosts", other_costs)
            .with("remainingCapital", remaining)
    };
    let contract = [of.upfront, Cents::ZERO, Cents::ZERO, of.upfront, amount];
    let months = (1..).zip(&of.months).map(|(number, month)| {
        let amounts = [
            month.payment(),
            month.interest,
            month.capital,
            month.other_costs,
            month.remaining,
        ];
        row(number, amounts)
    });
    list(std::iter::once(row(0, contract)).chain(months))
}
