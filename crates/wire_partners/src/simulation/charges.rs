//! Charges, insurances, taxes and limits of a calculation.

use lintel_offer::{
    Calculation, Cost, CostOrigin, CostTiming, Guarantee, InsuranceKind, LimitCheck, LimitKind,
    LimitOutcome, LimitValue, Obstacle, PropertyUse, PurchaseTaxes, Region, TaxAmount,
};

use crate::language::Language;
use crate::write::{Object, Value, list};

/// The charges of the bank and of third parties.
pub(crate) fn bank_charges(language: Language, of: &[Cost]) -> Value {
    list(of.iter().map(|one| cost(language, one)))
}

/// A charge, a premium or a duty.
pub(super) fn cost(language: Language, of: &Cost) -> Value {
    let origin = match of.origin {
        CostOrigin::Bank => "bank",
        CostOrigin::ThirdParty => "thirdParty",
        CostOrigin::State => "state",
    };
    let timing = match of.timing {
        CostTiming::Contract => "contract",
        CostTiming::Monthly => "monthly",
        CostTiming::Yearly => "yearly",
    };
    Object::new()
        .with("bankChargeTypeID", of.kind.id)
        .with("description", language.of(&of.kind.pt, &of.kind.en))
        .with("origin", origin)
        .with("timing", timing)
        .with("amount", of.amount)
        .with("stampDuty", of.duty)
        .with("total", of.total)
        .with("totalOverTerm", of.over_term)
        .with("varies", of.varies)
        .with("isCompulsory", of.compulsory)
        .with("onlyWithCrossSelling", of.only_with_cross_selling)
        .with("isInTaeg", of.in_taeg)
        .done()
}

/// The insurances, one entry an insurance and person.
pub(crate) fn insurances(of: &Calculation) -> Value {
    list(of.insurances.iter().map(|line| {
        let kind = match line.kind {
            InsuranceKind::Life => "life",
            InsuranceKind::MultiRisk => "multiRisk",
        };
        Object::new()
            .with("insuranceType", kind)
            .with("borrowerPosition", line.borrower)
            .with("external", line.external)
            .with("isCompulsory", line.compulsory)
            .with("insuredAmount", line.insured)
            .with("monthlyAmountWithoutCrossSelling", line.monthly_without)
            .with("monthlyAmountWithCrossSelling", line.monthly_with)
            .with("totalWithoutCrossSelling", line.total_without)
            .with("totalWithCrossSelling", line.total_with)
            .with("varies", line.varies)
    }))
}

/// The taxes of the credit and of the purchase.
pub(crate) fn taxes(of: &Calculation) -> Value {
    let taxes = &of.taxes;
    Object::new()
        .with("creditStampDuty", taxes.credit_duty)
        .with("interestStampDuty", taxes.interest_duty)
        .with("purchase", taxes.purchase.as_ref().map(purchase))
        .with("publicGuarantee", taxes.guarantee.as_ref().map(guarantee))
        .done()
}

fn purchase(of: &PurchaseTaxes) -> Value {
    let region = match of.region {
        Region::Mainland => "mainland",
        Region::Azores => "azores",
        Region::Madeira => "madeira",
    };
    let used_as = match of.property_use {
        PropertyUse::OwnPermanentHome => "ownPermanentHome",
        PropertyUse::OtherHousing => "otherHousing",
        PropertyUse::OtherUrban => "otherUrban",
    };
    let tax = |of: &TaxAmount| {
        Object::new()
            .with("ordinaryAmount", of.ordinary)
            .with("dueAmount", of.due)
    };
    let relief = &of.young_buyers;
    Object::new()
        .with("region", region)
        .with("propertyUse", used_as)
        .with("taxableValue", of.value)
        .with("imt", tax(&of.imt))
        .with("stampDuty", tax(&of.stamp_duty))
        .with(
            "youngBuyers",
            Object::new()
                .with("applies", relief.applies)
                .with("share", relief.share)
                .with("isPartial", relief.partial)
                .with("reasons", obstacles(&relief.reasons))
                .with("assumptions", assumptions(&relief.assumed)),
        )
        .done()
}

fn guarantee(of: &Guarantee) -> Value {
    Object::new()
        .with("applies", of.applies)
        .with("amount", of.amount)
        .with("fundingShare", of.funding)
        .with("years", of.years)
        .with("reasons", obstacles(&of.reasons))
        .with("assumptions", assumptions(&of.assumed))
        .done()
}

fn obstacles(of: &[Obstacle]) -> Value {
    list(of.iter().map(|one| match one {
        Obstacle::NotInForce => "notInForce",
        Obstacle::NotOwnHome => "notOwnHome",
        Obstacle::BuildingPlot => "buildingPlot",
        Obstacle::Age => "age",
        Obstacle::Price => "price",
        Obstacle::NotFirstHome => "notFirstHome",
        Obstacle::TaxDependent => "taxDependent",
        Obstacle::OwnsHousing => "ownsHousing",
        Obstacle::Income => "income",
        Obstacle::Residence => "residence",
        Obstacle::Record => "taxRecord",
        Obstacle::FundingTooLow => "fundingTooLow",
        Obstacle::FundingAbovePrice => "fundingAbovePrice",
        Obstacle::SchemeWithout => "schemeWithout",
    }))
}

/// What is taken for granted, named as what it is taken to be. Ages, prices and the like are always stated.
fn assumptions(of: &[Obstacle]) -> Value {
    list(of.iter().filter_map(|one| match one {
        Obstacle::NotFirstHome => Some("firstOwnHome"),
        Obstacle::TaxDependent => Some("notTaxDependent"),
        Obstacle::OwnsHousing => Some("ownsNoHousing"),
        Obstacle::Income => Some("incomeWithinLimit"),
        Obstacle::Residence => Some("taxResident"),
        Obstacle::Record => Some("cleanTaxRecord"),
        Obstacle::NotInForce
        | Obstacle::NotOwnHome
        | Obstacle::BuildingPlot
        | Obstacle::Age
        | Obstacle::Price
        | Obstacle::FundingTooLow
        | Obstacle::FundingAbovePrice
        | Obstacle::SchemeWithout => None,
    }))
}

/// The limits of the supervisor, each with limit, value and outcome.
pub(crate) fn limits(of: &Calculation) -> Value {
    let limits = &of.limits;
    let mut all = Object::new();
    for one in &limits.checks {
        all = match one.kind {
            LimitKind::LoanToValue => all.with("loanToValue", check(one)),
            LimitKind::DebtService => {
                let figures = check(one)
                    .with("rateShock", limits.shock)
                    .with("stressedInstallment", limits.stressed_instalment)
                    .with("otherMonthlyInstalments", limits.other_instalments)
                    .with("countedIncome", limits.counted_income);
                all.with("debtServiceToIncome", figures)
            }
            LimitKind::Maturity => {
                let figures = check(one).with("oldestBorrowerAge", limits.oldest_age);
                all.with("maturity", figures)
            }
        };
    }
    all.with("allWithin", limits.pass()).done()
}

fn check(of: &LimitCheck) -> Object {
    let unit = match of.limit {
        LimitValue::Percent(_) => "percent",
        LimitValue::Months(_) => "months",
    };
    let outcome = match of.outcome {
        LimitOutcome::Within => "within",
        LimitOutcome::Exceeded => "exceeded",
        LimitOutcome::WithinGuarantee => "withinGuarantee",
    };
    Object::new()
        .with("limit", measure(of.limit))
        .with("value", measure(of.value))
        .with("unit", unit)
        .with("outcome", outcome)
}

fn measure(of: LimitValue) -> Value {
    match of {
        LimitValue::Percent(rate) => rate.into(),
        LimitValue::Months(months) => months.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assumptions_say_what_is_assumed() {
        let assumed = [
            Obstacle::NotFirstHome,
            Obstacle::TaxDependent,
            Obstacle::OwnsHousing,
            Obstacle::Income,
            Obstacle::Residence,
            Obstacle::Record,
        ];
        let names = [
            "firstOwnHome",
            "notTaxDependent",
            "ownsNoHousing",
            "incomeWithinLimit",
            "taxResident",
            "cleanTaxRecord",
        ];
        assert_eq!(assumptions(&assumed), list(names));
    }
}
