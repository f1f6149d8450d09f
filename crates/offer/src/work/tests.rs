//! Simulations worked out: figures, limits, taxes, findings.

use std::sync::LazyLock;

use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::simulation::{Borrower, Insurance, Insurances, Property, RateKind, Request};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_rule_book::RuleBook;

use crate::calculation::{Calculation, LimitOutcome, LimitValue, Obstacle, PhaseKind};
use crate::{Book, Indices, Offer, simulate};

#[path = "finding_tests.rs"]
mod findings_told;

static OFFER: LazyLock<Offer> =
    LazyLock::new(|| Offer::parse(include_str!("../../../../data/demo_bank/offer.toml")).unwrap());
static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().unwrap());
static INDICES: LazyLock<Indices> = LazyLock::new(|| {
    let row = |tenor: &str, month, rate| (tenor.to_owned(), day(month), pct(rate));
    Indices::of([
        row("3M", "2026-10-01", "2.014"),
        row("6M", "2026-10-01", "2.107"),
        row("12M", "2026-10-01", "2.187"),
        row("6M", "2008-10-01", "5.219"),
        row("12M", "2008-07-01", "5.393"),
        row("12M", "2021-01-01", "-0.505"),
    ])
});

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

fn euros(text: &str) -> Cents {
    Cents::parse_decimal(text).unwrap()
}

fn book() -> Book<'static> {
    Book {
        offer: &OFFER,
        rules: &RULES,
        indices: &INDICES,
        today: day("2026-11-21"),
    }
}

/// 180,000 for a home of 225,000 in Lisbon over 30 years, Euribor 12M, one buyer of 30.
pub(crate) fn request() -> Request {
    Request {
        product_purpose: Some(2),
        loan_purpose: Some(1),
        product_scheme: Some(1),
        branch: Some(1),
        amount: Some(euros("180000")),
        term_months: Some(360),
        utilisation_months: None,
        rate_kind: Some(2),
        index_type: Some(5),
        cross_selling: Some(true),
        property: Some(Property {
            typology: Some(3),
            estimated_value: Some(euros("230000")),
            acquisition_amount: Some(euros("225000")),
            district: Some(11),
            county: Some(1106),
            zip_code: Some("1000".to_owned()),
            zip_code_local: Some("001".to_owned()),
            ..Property::default()
        }),
        borrowers: vec![Borrower {
            kind: Some(1),
            name: Some("Ana Exemplo".to_owned()),
            nif: Some("123456789".to_owned()),
            birth_date: Some(day("1996-03-01")),
            email: Some("ana@example.com".to_owned()),
            monthly_net_income: Some(euros("2400")),
            ..Borrower::default()
        }],
        insurances: Insurances::default(),
    }
}

fn second() -> Borrower {
    Borrower {
        kind: Some(2),
        name: Some("Rui Exemplo".to_owned()),
        nif: Some("999999990".to_owned()),
        birth_date: Some(day("1980-03-01")),
        monthly_net_income: Some(euros("1500")),
        ..Borrower::default()
    }
}

fn done(request: &Request) -> Calculation {
    let done = simulate(&book(), request, Vec::new()).unwrap();
    for variant in [
        Some(&done.without_cross_selling),
        done.with_cross_selling.as_ref(),
    ] {
        let Some(variant) = variant else { continue };
        let paid: i64 = variant
            .months
            .iter()
            .map(|month| month.payment().get())
            .sum();
        assert_eq!(paid + variant.upfront.get(), variant.totals.mtic.get());
        let capital: i64 = variant.months.iter().map(|month| month.capital.get()).sum();
        assert_eq!(capital, done.loan.amount.get());
        let costs: i64 = variant.costs.iter().map(|cost| cost.over_term.get()).sum();
        assert_eq!(
            costs + variant.totals.interest.get(),
            variant.totals.total_cost.get()
        );
        let table = variant.table(done.loan.amount);
        assert_eq!(table.last().unwrap().payment, variant.totals.mtic);
        assert_eq!(variant.phases.first().unwrap().first_month, 1);
        assert_eq!(
            variant.phases.last().unwrap().last_month,
            done.loan.term_months
        );
    }
    let text = serde_json::to_string(&done).unwrap();
    assert_eq!(serde_json::from_str::<Calculation>(&text).unwrap(), done);
    done
}

fn findings(request: &Request) -> Vec<(CreditField, CreditRule)> {
    let found = simulate(&book(), request, Vec::new()).unwrap_err();
    let sorted = found.windows(2).all(|two| two[0].field <= two[1].field);
    assert!(sorted, "{found:?}");
    found
        .into_iter()
        .map(|finding| (finding.field, finding.rule))
        .collect()
}

#[test]
fn a_variable_rate_with_and_without_products() {
    let done = done(&request());
    // Loan to value is 80 %: spread 1.30, less 0.60 at the most with every product.
    let without = &done.without_cross_selling;
    assert_eq!(
        (without.spread, without.tan),
        (Some(pct("1.3")), pct("3.487"))
    );
    let with = done.chosen();
    assert!(with.cross_selling);
    assert_eq!((with.spread, with.tan), (Some(pct("0.7")), pct("2.887")));
    let level = lintel_engine::pt::loan::instalment(euros("180000"), pct("2.887"), 360).unwrap();
    assert_eq!(with.instalments.first, level);
    assert_eq!(with.totals.credit_duty, euros("1080"));
    assert!(without.taeg > with.taeg && with.taeg > with.tan);
    assert!(with.illustrative.unwrap().taeg > with.taeg);
    assert_eq!(done.index.as_ref().unwrap().month, day("2026-10-01"));
    assert_eq!(done.index.as_ref().unwrap().highest, pct("5.393"));
    // Life: 0.90 per mille at 30 less a fifth, on what is owed: 180,000 × 0.072 % / 12.
    assert_eq!(done.insurances[0].monthly_with, euros("10.80"));
    assert_eq!(done.insurances[0].monthly_without, euros("13.50"));
    assert!(done.insurances[0].varies);
    // Home: 70 % of 230,000 × 1.30 per mille = 209.30 a year.
    assert_eq!(done.insurances[1].monthly_without, euros("17.44"));
    assert!(
        done.bank_charges
            .iter()
            .any(|cost| cost.kind.code == "notary" && !cost.in_taeg)
    );
}

#[test]
fn limits_are_measured_with_the_variant_asked_for() {
    let mut asked = request();
    let with = done(&asked).limits;
    assert!(with.pass(), "{with:?}");
    assert_eq!(with.checks[0].value, LimitValue::Percent(pct("80")));
    assert_eq!(with.checks[2].limit, LimitValue::Months(480));
    assert_eq!(with.shock, pct("1.5"));
    asked.cross_selling = Some(false);
    assert!(done(&asked).limits.stressed_instalment > with.stressed_instalment);
    asked.utilisation_months = Some(24);
    let later = done(&asked);
    assert_eq!(later.chosen().phases[0].kind, PhaseKind::Utilisation);
    let shocked = lintel_engine::pt::loan::instalment(euros("180000"), pct("4.987"), 336).unwrap();
    assert_eq!(later.limits.stressed_instalment, shocked);
    asked.borrowers[0].monthly_net_income = Some(euros("1000"));
    assert_eq!(
        done(&asked).limits.checks[1].outcome,
        LimitOutcome::Exceeded
    );
}

#[test]
fn fixed_and_mixed_rates() {
    let mut asked = request();
    (asked.rate_kind, asked.index_type) = (Some(1), Some(80));
    let fixed = done(&asked);
    assert_eq!(fixed.loan.rate_kind, RateKind::Fixed);
    assert_eq!(fixed.chosen().tan, pct("3.3"));
    assert!(fixed.index.is_none() && fixed.chosen().illustrative.is_none());
    assert!(fixed.repayment.variable_fee.is_none());
    (asked.rate_kind, asked.index_type) = (Some(3), Some(82));
    let mixed = done(&asked);
    let kinds: Vec<_> = mixed
        .chosen()
        .phases
        .iter()
        .map(|p| (p.kind, p.last_month))
        .collect();
    assert_eq!(kinds, [(PhaseKind::Fixed, 24), (PhaseKind::Variable, 360)]);
    // Fixed 3.10 − 0.60; then 2.107 + 1.25 − 0.60, which is above the fixed rate.
    assert_eq!(mixed.chosen().tan, pct("2.5"));
    assert_eq!(mixed.chosen().variable_tan, Some(pct("2.757")));
    assert_eq!(
        mixed.chosen().instalments.variable,
        Some(mixed.chosen().phases[1].instalment)
    );
    // A fixed period as long as the term, and another kind's type.
    asked.term_months = Some(60);
    asked.index_type = Some(75);
    assert_eq!(
        findings(&asked),
        [(CreditField::IndexType, CreditRule::Conflict)]
    );
    asked.index_type = Some(5);
    assert_eq!(
        findings(&asked),
        [(CreditField::IndexType, CreditRule::Conflict)]
    );
}

#[test]
fn taxes_reliefs_and_regions() {
    let taxes = |request: &Request| done(request).taxes;
    let mut asked = request();
    let lisbon = taxes(&asked).purchase.unwrap();
    // 225,000 in 2026: 7 % less 10,457.96; free for a first home at 30.
    assert_eq!(lisbon.imt.ordinary, euros("5292.04"));
    assert_eq!(
        (lisbon.imt.due, lisbon.stamp_duty.due),
        (Cents::ZERO, Cents::ZERO)
    );
    assert_eq!(lisbon.stamp_duty.ordinary, euros("1800"));
    assert!(
        lisbon
            .young_buyers
            .assumed
            .contains(&Obstacle::NotFirstHome)
    );
    // With an older second buyer half of the relief is left.
    asked.borrowers.push(second());
    let half = taxes(&asked).purchase.unwrap();
    assert_eq!(half.young_buyers.share, pct("50"));
    assert_eq!(half.imt.due, euros("2646.02"));
    assert_eq!(half.young_buyers.reasons, [Obstacle::Age]);
    asked.borrowers[0].first_own_home = Some(false);
    let none = taxes(&asked).purchase.unwrap();
    assert!(!none.young_buyers.applies && none.imt.due == none.imt.ordinary);
    // The municipality alone tells the district, and the islands have higher limits.
    let property = asked.property.as_mut().unwrap();
    (property.district, property.county) = (Some(30), None);
    assert!(taxes(&asked).purchase.unwrap().imt.ordinary < euros("5292.04"));
    (asked.product_purpose, asked.product_scheme) = (Some(3), Some(3));
    let other = done(&asked);
    assert!(other.chosen().totals.interest_duty.is_positive());
    let relief = other.taxes.purchase.unwrap().young_buyers;
    assert_eq!(relief.reasons, [Obstacle::NotOwnHome]);
    (asked.product_scheme, asked.loan_purpose) = (Some(4), Some(3));
    assert!(taxes(&asked).purchase.is_none());
}

#[test]
fn the_guarantee_lifts_the_limit_only_when_everything_is_stated() {
    let mut asked = request();
    asked.product_scheme = Some(2);
    asked.amount = Some(euros("225000"));
    let assumed = done(&asked);
    let guarantee = assumed.taxes.guarantee.clone().unwrap();
    assert!(guarantee.applies && guarantee.amount == euros("33750"));
    assert_eq!(assumed.limits.checks[0].outcome, LimitOutcome::Exceeded);
    let borrower = &mut asked.borrowers[0];
    borrower.tax_resident = Some(true);
    borrower.owns_housing = Some(false);
    borrower.first_own_home = Some(true);
    borrower.clean_tax_record = Some(true);
    borrower.yearly_taxable_income = Some(euros("40000"));
    assert_eq!(
        done(&asked).limits.checks[0].outcome,
        LimitOutcome::WithinGuarantee
    );
    asked.borrowers[0].yearly_taxable_income = Some(euros("90000"));
    let rich = done(&asked).taxes.guarantee.unwrap();
    assert_eq!(
        (rich.applies, rich.reasons),
        (false, vec![Obstacle::Income])
    );
}

#[test]
fn a_transfer_bears_no_duty_on_the_use_of_credit() {
    let mut asked = request();
    (asked.product_scheme, asked.loan_purpose) = (Some(5), Some(5));
    asked.amount = Some(euros("120000"));
    let moved = done(&asked);
    assert_eq!(moved.taxes.credit_duty, Cents::ZERO);
    let is_duty = |cost: &&crate::Cost| cost.kind.code == "credit_stamp_duty";
    assert_eq!(moved.chosen().costs.iter().find(is_duty), None);
    // What part of it is new nobody says: all of it is taxed.
    asked.loan_purpose = Some(6);
    assert_eq!(done(&asked).taxes.credit_duty, euros("720"));
}

#[test]
fn the_duty_on_interest_is_told_with_its_first_month() {
    let mut asked = request();
    (asked.product_purpose, asked.product_scheme) = (Some(3), Some(3));
    let done = done(&asked);
    let chosen = done.chosen();
    let is_duty = |cost: &&crate::Cost| cost.kind.code == "interest_stamp_duty";
    let duty = chosen.costs.iter().find(is_duty).unwrap();
    let first = chosen.months[0].interest;
    let first = first.percent(pct("4"), lintel_engine::money::Rounding::HalfUp);
    assert_eq!(Some(duty.amount), first);
    assert_eq!((duty.total, duty.varies), (duty.amount, true));
    assert_eq!(duty.over_term, chosen.totals.interest_duty);
}

#[test]
fn an_insurance_taken_elsewhere_costs_its_discount() {
    let mut asked = request();
    asked.insurances.life = Insurance {
        external: Some(true),
        monthly_premium: Some(euros("9.90")),
    };
    let done = done(&asked);
    assert!(
        !done
            .products
            .iter()
            .any(|product| product.code == "life" && product.held)
    );
    // 0.45 of the other four products.
    assert_eq!(done.chosen().spread, Some(pct("0.85")));
    assert_eq!(done.insurances[0].total_with, euros("3564"));
    assert_eq!(done.insurances[0].total_without, euros("3564"));
    asked.insurances.life.external = Some(false);
    let conflict = (CreditField::LifeInsuranceExternal, CreditRule::Conflict);
    assert_eq!(findings(&asked), [conflict]);
}

/// Kinds of rates, utilisation, terms and schemes crossed: the sums of [`done`] hold everywhere. The figures
/// themselves are worked out again by `tests-partners/recompute.py`.
#[test]
fn every_combination_adds_up() {
    for (kind, index_type) in [(1, 80), (3, 82), (3, 75), (2, 4), (2, 3)] {
        for (idle, term, cross) in [(0, 360, true), (18, 301, false), (24, 125, true)] {
            let mut asked = request();
            (asked.rate_kind, asked.index_type) = (Some(kind), Some(index_type));
            (asked.utilisation_months, asked.term_months) = (Some(idle), Some(term));
            asked.cross_selling = Some(cross);
            asked.borrowers.push(second());
            assert_eq!(done(&asked).chosen().cross_selling, cross);
        }
    }
    for (scheme, product, purpose) in [(3, 3, 4), (4, 2, 2), (5, 2, 6), (6, 4, 1), (7, 2, 7)] {
        let mut asked = request();
        asked.product_scheme = Some(scheme);
        (asked.product_purpose, asked.loan_purpose) = (Some(product), Some(purpose));
        (asked.amount, asked.term_months) = (Some(euros("123456.78")), Some(199));
        asked.cross_selling = Some(false);
        assert_eq!(done(&asked).loan.scheme.id, scheme);
    }
}
