//! Taxes of the purchase, the relief of young buyers and the State's guarantee.
//!
//! A simulation asks little about the buyers. What the reliefs need and nobody stated is taken for
//! granted and told, so that the borrower sees what he may have and what he must be able to declare.

use lintel_domain::finding::Finding;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::pt::guarantee::{self, GuaranteeCase};
use lintel_engine::pt::imt::{self, ImtTable};
use lintel_engine::pt::imt_jovem::{Extent, JovemRelief};
use lintel_engine::pt::simulation::Totals;
use lintel_engine::rate::Pct;

use super::{failed, refused};
use crate::Book;
use crate::calculation::{
    Guarantee, Obstacle, PropertyUse, PurchaseTaxes, Region, Relief, TaxAmount, Taxes,
};
use crate::check::{Checked, Person, is_purchase};

pub(super) fn taxes(
    book: &Book<'_>,
    checked: &Checked<'_>,
    totals: &Totals,
    guarantee: Option<Guarantee>,
) -> Result<Taxes, Finding> {
    let buys = is_purchase(checked.loan_purpose);
    // Without figures of the year the taxes of a purchase are not told: they are no part of the loan.
    let table = book.rules.pt.imt.on(book.today).ok().filter(|_| buys);
    let purchase = match (table, checked.place.price, checked.place.region) {
        (Some(table), Some(price), Some(region)) => {
            let table = table.rows.of(engine_region(region));
            Some(purchase(book, checked, (price, region), table)?)
        }
        _ => None,
    };
    Ok(Taxes {
        credit_duty: totals.credit_duty,
        interest_duty: totals.interest_duty,
        purchase_not_known: buys && purchase.is_none(),
        purchase,
        guarantee,
    })
}

fn engine_region(region: Region) -> imt::Region {
    match region {
        Region::Mainland => imt::Region::Mainland,
        Region::Azores => imt::Region::Azores,
        Region::Madeira => imt::Region::Madeira,
    }
}

fn purchase(
    book: &Book<'_>,
    checked: &Checked<'_>,
    (value, region): (Cents, Region),
    table: &ImtTable,
) -> Result<PurchaseTaxes, Finding> {
    let duties = &book
        .rules
        .pt
        .stamp_duty
        .on(book.today)
        .map_err(|_| failed())?
        .rows;
    let (property_use, scale) = if checked.place.plot {
        (PropertyUse::OtherUrban, &table.other_urban)
    } else if checked.own_home {
        (PropertyUse::OwnPermanentHome, &table.own_permanent_home)
    } else {
        (PropertyUse::OtherHousing, &table.other_housing)
    };
    let ordinary_imt = scale.tax(value).map_err(refused)?.tax;
    let ordinary_duty = duties.on_purchase(value).map_err(refused)?;
    let edition = book.rules.pt.imt_jovem.on(book.today).ok();
    let rules = edition.map(|edition| edition.rows.of(engine_region(region)));
    let found = rules
        .map(|rules| relief(checked, rules, value))
        .transpose()?;
    let young_buyers = found.unwrap_or_else(|| nothing(vec![Obstacle::NotInForce]));
    let (mut imt, mut duty) = (ordinary_imt, ordinary_duty);
    if let Some(rules) = rules.filter(|_| young_buyers.applies) {
        let with = rules.taxes(value, scale, duties).map_err(refused)?;
        imt = shared(with.imt, ordinary_imt, young_buyers.share)?;
        duty = shared(with.stamp_duty, ordinary_duty, young_buyers.share)?;
    }
    let amount = |ordinary, due| TaxAmount { ordinary, due };
    Ok(PurchaseTaxes {
        region,
        property_use,
        value,
        imt: amount(ordinary_imt, imt),
        stamp_duty: amount(ordinary_duty, duty),
        young_buyers,
    })
}

/// The share of the buyers with the relief pays the lower tax, the others the ordinary one; half-up cents.
fn shared(with: Cents, ordinary: Cents, share: Pct) -> Result<Cents, Finding> {
    let saved = ordinary.checked_sub(with).ok_or_else(failed)?;
    let saved = saved.percent(share, Rounding::HalfUp).ok_or_else(failed)?;
    ordinary.checked_sub(saved).ok_or_else(failed)
}

fn nothing(reasons: Vec<Obstacle>) -> Relief {
    Relief {
        applies: false,
        share: Pct::ZERO,
        partial: false,
        reasons,
        assumed: Vec::new(),
    }
}

/// Reasons and assumptions, each once.
#[derive(Default)]
struct Told {
    reasons: Vec<Obstacle>,
    assumed: Vec<Obstacle>,
}

impl Told {
    fn reason(&mut self, obstacle: Obstacle) {
        if !self.reasons.contains(&obstacle) {
            self.reasons.push(obstacle);
        }
    }

    /// What somebody stated, or what is taken for granted; true when it stands against the relief.
    fn against(&mut self, stated: Option<bool>, good: bool, obstacle: Obstacle) -> bool {
        match stated {
            None => {
                if !self.assumed.contains(&obstacle) {
                    self.assumed.push(obstacle);
                }
                false
            }
            Some(stated) if stated == good => false,
            Some(_) => {
                self.reason(obstacle);
                true
            }
        }
    }
}

fn relief(checked: &Checked<'_>, rules: &JovemRelief, value: Cents) -> Result<Relief, Finding> {
    if checked.place.plot {
        return Ok(nothing(vec![Obstacle::BuildingPlot]));
    }
    if !checked.own_home {
        return Ok(nothing(vec![Obstacle::NotOwnHome]));
    }
    let extent = rules.extent(value);
    if extent == Extent::Lost {
        return Ok(nothing(vec![Obstacle::Price]));
    }
    let mut told = Told::default();
    let mut with = 0_u64;
    for person in &checked.people {
        let before = told.assumed.len();
        let asked = person.asked;
        let mut against = person.age > rules.max_age;
        if against {
            told.reason(Obstacle::Age);
        } else {
            against |= told.against(asked.first_own_home, true, Obstacle::NotFirstHome);
            against |= told.against(asked.tax_dependent, false, Obstacle::TaxDependent);
            against |= told.against(asked.owns_housing, false, Obstacle::OwnsHousing);
        }
        if against {
            // Nothing is assumed of somebody who does not have the relief anyway.
            told.assumed.truncate(before);
        } else {
            with = with.saturating_add(1);
        }
    }
    let all = u64::try_from(checked.people.len()).map_err(|_| failed())?;
    let share = Pct::of_ratio(i128::from(with), i128::from(all), Rounding::HalfUp);
    Ok(Relief {
        applies: with > 0,
        share: share.ok_or_else(failed)?,
        partial: with > 0 && extent == Extent::Partial,
        reasons: told.reasons,
        assumed: told.assumed,
    })
}

/// The State's guarantee; none unless a home of the borrowers' own is bought. Every borrower must meet the
/// conditions.
pub(super) fn guarantee(
    book: &Book<'_>,
    checked: &Checked<'_>,
) -> Result<Option<Guarantee>, Finding> {
    let (Some(price), true) = (checked.place.price, checked.own_home && !checked.place.plot) else {
        return Ok(None);
    };
    let mut told = Told::default();
    if !checked.scheme.public_guarantee {
        told.reason(Obstacle::SchemeWithout);
    }
    let Ok(edition) = book.rules.pt.guarantee.on(book.today) else {
        told.reason(Obstacle::NotInForce);
        return Ok(Some(refusal(told, None, 0)));
    };
    let mut found = None;
    for person in &checked.people {
        let case = case(checked, person, price, &mut told);
        let answer = guarantee::guarantee(&edition.rows, &case).map_err(refused)?;
        for obstacle in &answer.obstacles {
            told.reason(obstacle_of(*obstacle));
        }
        found = Some(answer);
    }
    let found = found.ok_or_else(failed)?;
    if !told.reasons.is_empty() {
        return Ok(Some(refusal(told, Some(found.funding), found.years)));
    }
    Ok(Some(Guarantee {
        applies: true,
        amount: found.amount,
        funding: Some(found.funding),
        years: found.years,
        reasons: Vec::new(),
        assumed: told.assumed,
    }))
}

fn refusal(told: Told, funding: Option<Pct>, years: u32) -> Guarantee {
    Guarantee {
        applies: false,
        amount: Cents::ZERO,
        funding,
        years,
        reasons: told.reasons,
        assumed: Vec::new(),
    }
}

/// A borrower's case; what was not stated is taken for granted.
fn case(
    checked: &Checked<'_>,
    person: &Person<'_>,
    price: Cents,
    told: &mut Told,
) -> GuaranteeCase {
    let asked = person.asked;
    let income_stated = asked.yearly_taxable_income.map(|_| true);
    told.against(income_stated, true, Obstacle::Income);
    // Reasons come from the engine; here only what is assumed is noted.
    let mut assume = |stated: Option<bool>, obstacle| {
        if stated.is_none() {
            told.against(None, true, obstacle);
        }
    };
    assume(asked.tax_resident, Obstacle::Residence);
    assume(asked.owns_housing, Obstacle::OwnsHousing);
    assume(asked.first_own_home, Obstacle::NotFirstHome);
    assume(asked.clean_tax_record, Obstacle::Record);
    GuaranteeCase {
        age_years: person.age,
        yearly_income: asked.yearly_taxable_income.unwrap_or(Cents::ZERO),
        price,
        loan: checked.amount,
        tax_resident: asked.tax_resident.unwrap_or(true),
        owns_housing: asked.owns_housing.unwrap_or(false),
        first_own_home: asked.first_own_home.unwrap_or(true),
        clean_record: asked.clean_tax_record.unwrap_or(true),
    }
}

fn obstacle_of(obstacle: guarantee::Obstacle) -> Obstacle {
    match obstacle {
        guarantee::Obstacle::Age => Obstacle::Age,
        guarantee::Obstacle::Income => Obstacle::Income,
        guarantee::Obstacle::Price => Obstacle::Price,
        guarantee::Obstacle::Residence => Obstacle::Residence,
        guarantee::Obstacle::OwnsHousing => Obstacle::OwnsHousing,
        guarantee::Obstacle::NotFirstHome => Obstacle::NotFirstHome,
        guarantee::Obstacle::Record => Obstacle::Record,
        guarantee::Obstacle::FundingTooLow => Obstacle::FundingTooLow,
        guarantee::Obstacle::FundingAbovePrice => Obstacle::FundingAbovePrice,
    }
}
