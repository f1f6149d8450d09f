//! Charges and premiums of the loan, as the engine takes them.

use lintel_domain::finding::Finding;
use lintel_engine::date::Date;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::pt::age_on;
use lintel_engine::pt::costs::{Charge, Requirement};
use lintel_engine::pt::simulation::premium::{PaidIn, Premium, PremiumBasis};
use lintel_engine::rate::Pct;

use super::{failed, refused};
use crate::Book;
use crate::calculation::{BundledProduct, Choice, CostOrigin, InsuranceKind};
use crate::check::{Checked, Cover, Person};

/// A charge of the offer and its amount for this loan.
pub(super) struct Source<'a> {
    pub(super) kind: &'a Choice,
    pub(super) origin: CostOrigin,
    pub(super) charge: Charge,
}

/// An insurance and the premiums that stand for it.
pub(super) struct Insured {
    pub(super) kind: InsuranceKind,
    pub(super) borrower: Option<usize>,
    pub(super) external: bool,
    pub(super) compulsory: bool,
    pub(super) insured: Option<Cents>,
    /// Places of its premiums in the variants without and with the bundled products; none when not paid.
    pub(super) premiums: (Option<usize>, Option<usize>),
}

/// Everything that is paid besides capital and interest.
pub(super) struct Sources<'a> {
    pub(super) charges: Vec<Source<'a>>,
    pub(super) insured: Vec<Insured>,
    pub(super) premiums: Vec<Premium>,
}

/// One insurance about to be priced.
struct Policy {
    kind: InsuranceKind,
    borrower: Option<usize>,
    cover: Cover,
    required: bool,
    /// It is a bundled product that is held.
    bundled: bool,
    discount: Pct,
    insured: Cents,
}

impl<'a> Sources<'a> {
    pub(super) fn of(
        book: &Book<'a>,
        checked: &Checked<'_>,
        products: &[BundledProduct],
    ) -> Result<Self, Finding> {
        let (scheme, purpose) = (checked.scheme.choice.id, checked.loan_purpose.id);
        let rules = book
            .offer
            .charges
            .iter()
            .filter(|rule| rule.applies(scheme, purpose));
        let charges = rules.map(|rule| {
            Ok(Source {
                kind: &rule.kind,
                origin: rule.origin,
                charge: Charge {
                    code: rule.kind.code.clone(),
                    amount: rule.amount(checked.amount).ok_or_else(failed)?,
                    timing: rule.timing,
                    required_for: rule.required_for,
                },
            })
        });
        let mut all = Self {
            charges: charges.collect::<Result<_, Finding>>()?,
            insured: Vec::with_capacity(checked.people.len().saturating_add(1)),
            premiums: Vec::new(),
        };
        let held = |place: Option<usize>| {
            let code = place.and_then(|place| book.offer.products.get(place));
            code.is_some_and(|rule| products.iter().any(|p| p.held && p.code == rule.code))
        };
        all.life(book, checked, held(book.offer.life.product))?;
        all.multi_risk(book, checked, held(book.offer.multi_risk.product))?;
        Ok(all)
    }

    fn life(
        &mut self,
        book: &Book<'_>,
        checked: &Checked<'_>,
        bundled: bool,
    ) -> Result<(), Finding> {
        let tariff = &book.offer.life;
        let policy = |borrower| Policy {
            kind: InsuranceKind::Life,
            borrower,
            cover: checked.life,
            required: tariff.required,
            bundled,
            discount: tariff.discount,
            insured: checked.amount,
        };
        if matches!(checked.life, Cover::External(_)) {
            return self.add(&policy(None), &PremiumBasis::Level(Cents::ZERO));
        }
        for (place, person) in checked.people.iter().enumerate() {
            let ages = ages(person, book.today, checked.term_months)?;
            let basis = PremiumBasis::Capital {
                declining: tariff.declining,
                yearly_rates: ages
                    .into_iter()
                    .map(|age| tariff.yearly_percent(age))
                    .collect(),
            };
            self.add(&policy(Some(place)), &basis)?;
        }
        Ok(())
    }

    fn multi_risk(
        &mut self,
        book: &Book<'_>,
        checked: &Checked<'_>,
        bundled: bool,
    ) -> Result<(), Finding> {
        let tariff = &book.offer.multi_risk;
        // There is nothing to insure on a plot yet.
        if checked.place.plot && checked.multi_risk == Cover::Tariff {
            return Ok(());
        }
        let value = checked
            .place
            .value
            .percent(tariff.rebuilding, Rounding::HalfUp);
        let insured = value.ok_or_else(failed)?;
        let yearly = insured.percent(tariff.yearly_percent, Rounding::HalfUp);
        let yearly = yearly.ok_or_else(failed)?.max(tariff.least_yearly);
        // A twelfth of the yearly premium is billed a month, half-up cents.
        let monthly = yearly
            .mul_ratio(1, 12, Rounding::HalfUp)
            .ok_or_else(failed)?;
        let policy = Policy {
            kind: InsuranceKind::MultiRisk,
            borrower: None,
            cover: checked.multi_risk,
            required: tariff.required && !checked.place.plot,
            bundled,
            discount: tariff.discount,
            insured,
        };
        self.add(&policy, &PremiumBasis::Level(monthly))
    }

    /// Adds an insurance: by the tariff's `basis`, unless it is taken elsewhere.
    fn add(&mut self, policy: &Policy, basis: &PremiumBasis) -> Result<(), Finding> {
        let mut push = |paid_in, basis| {
            self.premiums.push(Premium {
                code: match policy.kind {
                    InsuranceKind::Life => "life_insurance",
                    InsuranceKind::MultiRisk => "home_insurance",
                }
                .to_owned(),
                paid_in,
                required: policy.required || paid_in == PaidIn::WithProducts,
                basis,
            });
            self.premiums.len().checked_sub(1)
        };
        let premiums = match policy.cover {
            Cover::External(premium) => {
                let both = push(PaidIn::Both, PremiumBasis::Level(premium));
                (both, both)
            }
            Cover::Tariff if policy.bundled && policy.required => {
                let lowered = lowered(basis, policy.discount)?;
                let without = push(PaidIn::WithoutProducts, basis.clone());
                (without, push(PaidIn::WithProducts, lowered))
            }
            Cover::Tariff if policy.bundled => (
                None,
                push(PaidIn::WithProducts, lowered(basis, policy.discount)?),
            ),
            Cover::Tariff if policy.required => {
                let both = push(PaidIn::Both, basis.clone());
                (both, both)
            }
            Cover::Tariff => return Ok(()),
        };
        let external = matches!(policy.cover, Cover::External(_));
        self.insured.push(Insured {
            kind: policy.kind,
            borrower: policy.borrower,
            external,
            compulsory: policy.required,
            insured: (!external).then_some(policy.insured),
            premiums,
        });
        Ok(())
    }
}

/// The completed years at the start of each year of the contract.
fn ages(person: &Person<'_>, today: Date, term_months: u32) -> Result<Vec<u32>, Finding> {
    let mut ages = Vec::new();
    for months in (0..term_months).step_by(12) {
        let months = i32::try_from(months).map_err(|_| failed())?;
        let start = today.add_months(months).map_err(refused)?;
        ages.push(age_on(person.birth_date, start).map_err(refused)?);
    }
    Ok(ages)
}

/// The basis less a discount: rates half up at the ninth decimal, amounts half-up cents.
fn lowered(basis: &PremiumBasis, discount: Pct) -> Result<PremiumBasis, Finding> {
    let kept = Pct::HUNDRED.checked_sub(discount).ok_or_else(failed)?;
    match basis {
        PremiumBasis::Level(premium) => {
            let premium = premium.percent(kept, Rounding::HalfUp).ok_or_else(failed)?;
            Ok(PremiumBasis::Level(premium))
        }
        PremiumBasis::Capital {
            declining,
            yearly_rates,
        } => {
            let lower = |rate: &Pct| {
                let exact = i128::from(rate.e9()) * i128::from(kept.e9());
                let whole = i128::from(Pct::HUNDRED.e9());
                let e9 = lintel_engine::money::divide(exact, whole, Rounding::HalfUp);
                e9.and_then(|e9| i64::try_from(e9).ok())
                    .map(Pct::new)
                    .ok_or_else(failed)
            };
            Ok(PremiumBasis::Capital {
                declining: *declining,
                yearly_rates: yearly_rates.iter().map(lower).collect::<Result<_, _>>()?,
            })
        }
    }
}

/// True when a charge is asked for by the credit or by the terms of a variant.
pub(super) fn compulsory(required_for: Requirement) -> bool {
    match required_for {
        Requirement::Credit | Requirement::Bundle => true,
        Requirement::Voluntary => false,
    }
}
