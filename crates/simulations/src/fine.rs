//! What an information sheet (FINE) says, from a stored calculation: nothing is worked out again.

use lintel_domain::simulation::RateKind;
use lintel_engine::{Cents, Date, Pct};
use lintel_offer as offer;
use lintel_offer::{Calculation, LimitKind, LimitValue, Obstacle, PhaseKind};
use lintel_papers as papers;
use lintel_store::intermediary::OnPapers;

/// Code of the charge for keeping the account.
const ACCOUNT_FEE: &str = "account_fee";
/// Code of the premiums of life insurances.
const LIFE_PREMIUM: &str = "life_insurance";

/// The sheet of a calculation, and what is not part of it.
#[derive(Clone, Copy)]
pub struct FineOf<'a> {
    /// The figures.
    pub calculation: &'a Calculation,
    /// Why it is handed over.
    pub stage: papers::Stage,
    /// Number of the simulation or process.
    pub number: i64,
    /// The day it is made, in Lisbon.
    pub issued_on: Date,
    /// The last day its terms hold.
    pub valid_until: Date,
    /// The intermediary; none for borrowers who came to the bank directly.
    pub intermediary: Option<&'a OnPapers>,
    /// The borrowers' names, the key borrower first; those without one left out.
    pub borrowers: &'a [String],
}

/// What the sheet is told.
#[must_use]
pub fn fine_of(of: &FineOf<'_>) -> papers::Fine {
    let calculation = of.calculation;
    let bank = &calculation.bank;
    papers::Fine {
        stage: of.stage,
        number: of.number.to_string(),
        issued_on: of.issued_on,
        valid_until: of.valid_until,
        lender: lender(bank),
        intermediary: of.intermediary.map(intermediary),
        borrowers: of.borrowers.to_vec(),
        loan: loan(calculation),
        chosen: variant(calculation, calculation.chosen()),
        other: calculation.other().map(|other| variant(calculation, other)),
        outside_taeg: outside(calculation),
        obligations: obligations(calculation),
        early_repayment: papers::EarlyRepayment {
            variable_fee: calculation.repayment.variable_fee,
            fixed_fee: calculation.repayment.fixed_fee,
            partial_notice_days: calculation.repayment.partial_notice_days,
            full_notice_days: calculation.repayment.full_notice_days,
        },
        flexible_features: Vec::new(),
        rights: rights(bank),
        dispute_bodies: bank.complaints.clone(),
        default_surcharge: bank.default_surcharge,
        additional: Vec::new(),
    }
}

/// The bank as papers name it.
#[must_use]
pub fn lender(bank: &offer::Bank) -> papers::Lender {
    papers::Lender {
        name: bank.legal_name.clone(),
        address: bank.address.clone(),
        phone: bank.phone.clone(),
        email: bank.email.clone(),
        website: bank.website.clone(),
        registration: bank.registration.clone(),
        gives_advice: bank.gives_advice,
    }
}

/// The intermediary as papers name it.
#[must_use]
pub fn intermediary(of: &OnPapers) -> papers::Intermediary {
    let particulars = &of.particulars;
    papers::Intermediary {
        name: of.name.clone(),
        category: "Intermediário de crédito vinculado".to_owned(),
        registration: particulars.registration.clone(),
        address: particulars.address.clone(),
        phone: particulars.phone.clone(),
        email: of.email.clone(),
        gives_advice: false,
        remuneration: None,
    }
}

/// The periods the bank keeps to.
#[must_use]
pub const fn rights(bank: &offer::Bank) -> papers::Rights {
    papers::Rights {
        reflection_days: bank.reflection_days,
        offer_days: bank.offer_days,
    }
}

/// The loan's main features.
#[must_use]
pub fn loan(calculation: &Calculation) -> papers::Loan {
    let loan = &calculation.loan;
    let value = loan
        .price
        .map_or(loan.property_value, |price| price.min(loan.property_value));
    let checks = &calculation.limits.checks;
    let ltv = checks
        .iter()
        .find(|check| check.kind == LimitKind::LoanToValue);
    papers::Loan {
        product: loan.scheme.pt.clone(),
        purpose: format!("{}: {}", loan.loan_purpose.pt, loan.product_purpose.pt),
        amount: loan.amount,
        term_months: loan.term_months,
        rate: match (loan.rate_kind, loan.fixed_months) {
            (RateKind::Variable, _) => papers::LoanRate::Variable,
            (RateKind::Mixed, Some(fixed_months)) => papers::LoanRate::Mixed { fixed_months },
            (RateKind::Fixed | RateKind::Mixed, _) => papers::LoanRate::Fixed,
        },
        property_value: Some(value),
        loan_to_value: ltv.and_then(|check| match check.value {
            LimitValue::Percent(percent) => Some(percent),
            LimitValue::Months(_) => None,
        }),
        security: "Hipoteca sobre o imóvel".to_owned(),
        guarantee: guarantee(calculation),
        first_payment: None,
    }
}

/// The State's guarantee, when the loan is to have it.
fn guarantee(calculation: &Calculation) -> Option<papers::Guarantee> {
    let found = calculation.taxes.guarantee.as_ref()?;
    let given = found.applies && found.amount.is_positive();
    given.then_some(papers::Guarantee {
        amount: found.amount,
        years: found.years,
        is_assumed: !found.assumed.is_empty(),
    })
}

/// A variant with every month of its repayment table.
#[must_use]
pub fn variant(calculation: &Calculation, of: &offer::Variant) -> papers::Variant {
    let phases = of.phases.iter();
    let phases = phases.map(|each| phase(calculation, of, each));
    let assumed = of.phases.iter().find(|phase| phase.is_assumed(of));
    let utilisation = of
        .phases
        .iter()
        .find(|phase| phase.kind == PhaseKind::Utilisation);
    let highest_index = calculation.index.as_ref().map(|index| index.highest);
    let illustrative = of.illustrative.zip(highest_index);
    let once = |cost: &&offer::Cost| cost.timing == offer::CostTiming::Contract;
    papers::Variant {
        cross_selling: of.cross_selling,
        phases: phases.collect(),
        utilisation: utilisation.map(|phase| papers::Utilisation {
            months: calculation.loan.utilisation_months,
            highest_instalment: of.instalments.utilisation.unwrap_or(phase.instalment),
        }),
        assumed_tan: assumed.map(|phase| phase.tan),
        taeg: of.taeg_shown(),
        mtic: of.totals.mtic,
        total_cost: of.totals.total_cost,
        illustrative: illustrative.map(|(figures, highest_index)| papers::Illustrative {
            taeg: figures.taeg,
            tan: figures.tan,
            highest_instalment: figures.highest_instalment,
            highest_index,
        }),
        one_off: of.costs.iter().filter(once).map(cost).collect(),
        recurring: of
            .costs
            .iter()
            .filter(|c| !once(c))
            .map(|each| papers::Cost {
                detail: premium_detail(calculation, each),
                ..cost(each)
            })
            .collect(),
        rows: rows(calculation.loan.amount, of),
    }
}

/// A phase at the contract's own rate: where the TAEG assumes a higher one, today's index and spread.
fn phase(calculation: &Calculation, of: &offer::Variant, phase: &offer::Phase) -> papers::Phase {
    let own = of.variable_tan.filter(|_| phase.is_assumed(of));
    let instalment = own.and(of.instalments.variable);
    papers::Phase {
        first_month: phase.first_month,
        last_month: phase.last_month,
        rate: phase_rate(calculation, of, phase),
        tan: own.unwrap_or(phase.tan),
        instalment: instalment.unwrap_or(phase.instalment),
    }
}

fn phase_rate(
    calculation: &Calculation,
    of: &offer::Variant,
    phase: &offer::Phase,
) -> papers::PhaseRate {
    let (Some(index), Some(spread), true) = (&calculation.index, of.spread, phase.indexed) else {
        return papers::PhaseRate::Fixed;
    };
    papers::PhaseRate::Variable {
        index: papers::IndexUsed {
            name: index.name(),
            value: index.average,
            month: index.month,
            reset_months: index.reset_months,
        },
        spread,
    }
}

fn cost(of: &offer::Cost) -> papers::Cost {
    papers::Cost {
        name: of.kind.pt.clone(),
        amount: of.total,
        tax: of.duty,
        timing: match of.timing {
            offer::CostTiming::Contract => papers::CostTiming::AtContract,
            offer::CostTiming::Monthly => papers::CostTiming::Monthly,
            offer::CostTiming::Yearly => papers::CostTiming::EveryMonths(12),
        },
        over_term: of.varies.then_some(of.over_term),
        detail: String::new(),
    }
}

/// What a premium of the bank's tariff depends on. That of another insurer is as it was stated.
fn premium_detail(calculation: &Calculation, of: &offer::Cost) -> String {
    if of.kind.code != LIFE_PREMIUM {
        return String::new();
    }
    let lines = calculation.insurances.iter();
    let insured = lines.filter(|l| l.kind == offer::InsuranceKind::Life && !l.external);
    match insured.count() {
        0 => String::new(),
        1 => "Depende da idade da pessoa segura e do capital seguro em cada ano".to_owned(),
        count => format!(
            "É a soma dos prémios de {count} pessoas seguras e depende da idade de cada uma e do capital \
             seguro em cada ano"
        ),
    }
}

/// The day of the contract as month zero, then every month.
fn rows(amount: Cents, of: &offer::Variant) -> Vec<papers::Row> {
    let contract = papers::Row {
        month: 0,
        payment: of.upfront,
        interest: Cents::ZERO,
        capital: Cents::ZERO,
        other_costs: of.upfront,
        remaining: amount,
    };
    let months = (1..).zip(&of.months).map(|(month, row)| papers::Row {
        month,
        payment: row.payment(),
        interest: row.interest,
        capital: row.capital,
        other_costs: row.other_costs,
        remaining: row.remaining,
    });
    std::iter::once(contract).chain(months).collect()
}

/// Costs the TAEG leaves out: charges that say so, and the taxes of the purchase.
fn outside(calculation: &Calculation) -> Vec<papers::Cost> {
    let charges = calculation.bank_charges.iter();
    let mut all: Vec<papers::Cost> = charges.filter(|c| !c.in_taeg).map(cost).collect();
    if let Some(purchase) = &calculation.taxes.purchase {
        let taxes = [
            (
                "Imposto Municipal sobre as Transmissões (IMT)",
                purchase.imt.due,
            ),
            ("Imposto do selo sobre a aquisição", purchase.stamp_duty.due),
        ];
        let detail = relief(&purchase.young_buyers);
        all.extend(taxes.into_iter().map(|(name, amount)| papers::Cost {
            name: name.to_owned(),
            amount,
            tax: Cents::ZERO,
            timing: papers::CostTiming::AtContract,
            over_term: None,
            detail: detail.clone(),
        }));
    }
    all
}

/// What a tax with the relief of young buyers rests on; empty without it.
fn relief(of: &offer::Relief) -> String {
    if !of.applies {
        return String::new();
    }
    let mut text = "Com o benefício dos jovens até aos 35 anos (IMT Jovem)".to_owned();
    if of.share < Pct::HUNDRED {
        let share = papers::short_rate(of.share);
        text.push_str(&format!(", na parte dos compradores que o têm ({share})"));
    }
    if of.partial {
        text.push_str(", que só isenta uma parte deste valor");
    }
    let assumed = of.assumed.iter().filter_map(|one| match one {
        Obstacle::NotFirstHome => Some("primeira habitação própria e permanente"),
        Obstacle::TaxDependent => Some("não ser dependente para efeitos de IRS"),
        Obstacle::OwnsHousing => Some("não ser proprietário de habitação"),
        Obstacle::NotInForce
        | Obstacle::NotOwnHome
        | Obstacle::BuildingPlot
        | Obstacle::Age
        | Obstacle::Price
        | Obstacle::Income
        | Obstacle::Residence
        | Obstacle::Record
        | Obstacle::FundingTooLow
        | Obstacle::FundingAbovePrice
        | Obstacle::SchemeWithout => None,
    });
    let assumed: Vec<&str> = assumed.collect();
    if !assumed.is_empty() {
        text.push_str("; pressupõe o que não foi declarado: ");
        text.push_str(&assumed.join(", "));
    }
    text
}

/// What must be held: an account the bank charges for, insurances, and for the better terms the products
/// sold with the loan. What is had elsewhere is none of them.
fn obligations(calculation: &Calculation) -> Vec<papers::Obligation> {
    let mut charges = calculation.bank_charges.iter();
    let account = charges.any(|charge| {
        charge.kind.code == ACCOUNT_FEE && charge.compulsory && !charge.only_with_cross_selling
    });
    let account = account.then(|| papers::Obligation {
        name: "Conta de depósito à ordem no mutuante".to_owned(),
        detail: "por onde se pagam as prestações; a comissão de manutenção está incluída na TAEG"
            .to_owned(),
        required: true,
        elsewhere: false,
    });
    let names = [
        (offer::InsuranceKind::Life, "Seguro de vida"),
        (offer::InsuranceKind::MultiRisk, "Seguro multirriscos"),
    ];
    let insurances = names.iter().filter_map(|(kind, name)| {
        let mut lines = calculation.insurances.iter();
        let line = lines.find(|line| line.kind == *kind)?;
        Some(papers::Obligation {
            name: (*name).to_owned(),
            detail: if line.external {
                "contratado noutra seguradora, pelo prémio indicado pelos proponentes".to_owned()
            } else {
                String::new()
            },
            required: line.compulsory,
            elsewhere: true,
        })
    });
    let sold = calculation.with_cross_selling.is_some();
    let products = calculation.products.iter();
    let products = products.filter(|product| sold && product.held);
    let products = products.map(|product| papers::Obligation {
        name: product.pt.clone(),
        detail: String::new(),
        required: false,
        elsewhere: false,
    });
    account
        .into_iter()
        .chain(insurances)
        .chain(products)
        .collect()
}

#[cfg(test)]
mod tests;
