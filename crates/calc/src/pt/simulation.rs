//! Kind `pt_simulation`.

use lintel_engine::apr::Solution;
use lintel_engine::aprc::disclosed;
use lintel_engine::aprc::table::{TablePeriod, TableRow};
use lintel_engine::pt::costs::{Charge, Requirement, Timing};
use lintel_engine::pt::euribor::Tenor;
use lintel_engine::pt::imt::PropertyUse;
use lintel_engine::pt::loan::{Drawing, NegativeInterest};
use lintel_engine::pt::simulation::{OfferedRate, SimulationTerms, Variant, simulate};
use lintel_engine::pt::spread::{BundledProduct, SpreadTerms};
use lintel_engine::schedule::MAX_TERM_MONTHS;
use serde_json::{Value, json};

use super::{money, on_date_or_newest, refused, word, word_or};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const PT_SIMULATION: KindDoc = KindDoc {
    name: "pt_simulation",
    summary: "A home loan as the information sheet (FINE) shows it, with and without bundled products.",
    inputs: &[
        ("amount", "total amount of credit"),
        (
            "term_months",
            "months to the last instalment, utilisation included",
        ),
        ("date", "day of the contract; left out, the newest tables"),
        (
            "use",
            "\"own_permanent_home\" (when left out: no duty on interest) or another use",
        ),
        (
            "rate_type",
            "\"variable\" (when left out), \"fixed\", \"mixed\"",
        ),
        ("tan_percent", "fixed rate; of the fixed period when mixed"),
        ("fixed_months", "months of the fixed period, when mixed"),
        (
            "euribor_month_average_percent",
            "index, when variable or mixed",
        ),
        ("tenor", "of the index; \"12M\" when left out"),
        ("spread_percent", "points over the index, without products"),
        ("cap_percent", "highest rate of the contract"),
        ("products[]", "bundled products:"),
        ("  spread_discount_percent", "points off the spread"),
        ("  tan_discount_percent", "points off the fixed rate"),
        ("  held", "true when the borrower takes it"),
        ("max_discount_percent", "most the discounts come to"),
        ("utilisation_months", "first months of interest only"),
        (
            "drawings[]",
            "month and amount of each; all at the contract when left out",
        ),
        ("residual", "capital left to the last instalment"),
        (
            "negative_interest",
            "\"capital\" (when left out) or \"banked\"",
        ),
        ("charges[]", "charges other than the duty on the credit:"),
        ("  code", "kind, of the table pt/costs.toml"),
        ("  amount", "each time, before duty"),
        ("  timing", "\"upfront\", \"monthly\", \"yearly\""),
        (
            "  required_for",
            "\"credit\" (when left out), \"bundle\", \"voluntary\"",
        ),
        (
            "highest_euribor_percent",
            "highest of twenty years, for the illustrative TAEG",
        ),
    ],
    results: &[
        (
            "without_products, with_products",
            "each with TAN, instalments, TAEG, MTIC, duties, table; the second null when none is held",
        ),
        ("outside_taeg[]", "charges that do not count"),
    ],
    formula: "pt_payment, pt_taeg_mtic; after a fixed period the TAEG assumes the higher of fixed rate and index \
              plus spread",
    source: "DL 74-A/2017, articles 11 to 15; Directive 2014/17/EU, article 17 and annex I part II; tables \
             pt/costs.toml and pt/stamp_duty.toml",
    calculate: pt_simulation,
};

fn pt_simulation(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let rules = &inputs.rules().pt;
    let costs = on_date_or_newest(inputs, &rules.costs)?;
    let duties = on_date_or_newest(inputs, &rules.stamp_duty)?;
    let terms = terms(inputs)?;
    let names = [
        ("principal", "amount"),
        ("rate", "tan_percent"),
        ("index", "euribor_month_average_percent"),
        ("cap", "cap_percent"),
        ("discount", "products"),
        ("max_discount", "max_discount_percent"),
        ("code", "charges"),
        ("mtic", "amount"),
    ];
    let found = simulate(&terms, costs, duties).map_err(|error| refused(inputs, error, &names))?;
    let outside = found
        .outside_taeg
        .iter()
        .map(|charge| json!({ "code": charge.code, "total": charge.total.to_string() }));
    Ok(json!({
        "without_products": variant(&found.without_products)?,
        "with_products": found.with_products.as_ref().map(variant).transpose()?,
        "outside_taeg": outside.collect::<Vec<_>>(),
    }))
}

fn terms(inputs: &Fields<'_>) -> Result<SimulationTerms, Failure> {
    let home = PropertyUse::OwnPermanentHome;
    let negative_interest = if inputs.has("negative_interest") {
        match inputs.text("negative_interest")? {
            "capital" => NegativeInterest::CreditedToCapital,
            "banked" => NegativeInterest::Banked,
            _ => return Err(inputs.fault("negative_interest", "must be capital or banked")),
        }
    } else {
        NegativeInterest::CreditedToCapital
    };
    Ok(SimulationTerms {
        amount: inputs.positive_money("amount")?,
        term_months: inputs.whole("term_months", 1, MAX_TERM_MONTHS)?,
        utilisation_months: inputs.whole_or("utilisation_months", 0, (0, MAX_TERM_MONTHS))?,
        drawings: drawings(inputs)?,
        residual: inputs.money_or_zero("residual")?,
        rate: rate(inputs)?,
        negative_interest,
        own_home: word_or(inputs, "use", home, PropertyUse::parse)? == home,
        charges: charges(inputs)?,
        highest_index: inputs.optional_pct("highest_euribor_percent")?,
    })
}

fn drawings(inputs: &Fields<'_>) -> Result<Vec<Drawing>, Failure> {
    if !inputs.has("drawings") {
        return Ok(Vec::new());
    }
    let read = |fields: &Fields<'_>| {
        Ok(Drawing {
            month: fields.whole("month", 0, MAX_TERM_MONTHS)?,
            amount: fields.positive_money("amount")?,
        })
    };
    inputs.objects("drawings")?.iter().map(read).collect()
}

fn charges(inputs: &Fields<'_>) -> Result<Vec<Charge>, Failure> {
    if !inputs.has("charges") {
        return Ok(Vec::new());
    }
    let read = |fields: &Fields<'_>| {
        Ok(Charge {
            code: fields.text("code")?.to_owned(),
            amount: fields.money_or_zero("amount")?,
            timing: word(fields, "timing", Timing::parse)?,
            required_for: word_or(
                fields,
                "required_for",
                Requirement::Credit,
                Requirement::parse,
            )?,
        })
    };
    inputs.objects("charges")?.iter().map(read).collect()
}

fn rate(inputs: &Fields<'_>) -> Result<OfferedRate, Failure> {
    let kind = if inputs.has("rate_type") {
        inputs.text("rate_type")?
    } else {
        "variable"
    };
    let tan = || offered(inputs, "tan_percent", "tan_discount_percent");
    let spread = || offered(inputs, "spread_percent", "spread_discount_percent");
    let index = || inputs.pct("euribor_month_average_percent");
    let cap = || inputs.optional_pct("cap_percent");
    match kind {
        "fixed" => Ok(OfferedRate::Fixed { tan: tan()? }),
        "variable" => Ok(OfferedRate::Variable {
            index: index()?,
            reset_months: word_or(inputs, "tenor", Tenor::TwelveMonths, Tenor::parse)?.months(),
            spread: spread()?,
            cap: cap()?,
        }),
        "mixed" => Ok(OfferedRate::Mixed {
            fixed: tan()?,
            fixed_months: inputs.whole("fixed_months", 1, MAX_TERM_MONTHS)?,
            index: index()?,
            spread: spread()?,
            cap: cap()?,
        }),
        _ => Err(inputs.fault("rate_type", "must be variable, fixed or mixed")),
    }
}

/// A rate or spread with the discounts of the products on it.
fn offered(inputs: &Fields<'_>, base: &str, discount: &str) -> Result<SpreadTerms, Failure> {
    let mut products = Vec::new();
    if inputs.has("products") {
        for fields in inputs.objects("products")? {
            products.push(BundledProduct {
                discount: fields.optional_pct(discount)?.unwrap_or_default(),
                held: fields.flag("held")?,
            });
        }
    }
    Ok(SpreadTerms {
        base: inputs.pct(base)?,
        products,
        max_discount: inputs.optional_pct("max_discount_percent")?,
    })
}

fn variant(found: &Variant) -> Result<Value, Failure> {
    let (taeg, taeg_disclosed) = rates(&found.taeg)?;
    let illustrative = found.illustrative.as_ref().map(|illustrative| {
        let (taeg, taeg_disclosed) = rates(&illustrative.taeg)?;
        Ok::<Value, Failure>(json!({
            "taeg_percent": taeg,
            "taeg_disclosed": taeg_disclosed,
            "tan_percent": illustrative.tan.to_fixed(9),
            "highest_instalment": illustrative.highest_instalment.to_string(),
        }))
    });
    let totals = &found.totals;
    Ok(json!({
        "tan_percent": found.tans.first.to_fixed(9),
        "variable_tan_percent": found.tans.variable.map(|tan| tan.to_fixed(9)),
        "spread_percent": found.tans.spread.map(|spread| spread.to_fixed(9)),
        "utilisation_instalment": money(found.instalments.utilisation),
        "first_instalment": found.instalments.first.to_string(),
        "variable_instalment": money(found.instalments.variable),
        "highest_instalment": found.instalments.highest.to_string(),
        "last_instalment": found.instalments.last.to_string(),
        "taeg_percent": taeg,
        "taeg_disclosed": taeg_disclosed,
        "illustrative": illustrative.transpose()?,
        "mtic": totals.mtic.to_string(),
        "total_cost": totals.total_cost.to_string(),
        "interest": totals.interest.to_string(),
        "stamp_duty_credit": totals.credit_duty.to_string(),
        "stamp_duty_interest": totals.interest_duty.to_string(),
        "charges": totals.charges.to_string(),
        "stamp_duty_fees": totals.fee_duty.to_string(),
        "table": found.table.iter().map(line).collect::<Vec<_>>(),
    }))
}

/// The rate with nine decimals and as disclosed.
fn rates(solution: &Solution) -> Result<(String, String), Failure> {
    match solution.apr() {
        Some(taeg) => Ok((taeg.to_fixed(9), disclosed(taeg, 1).to_fixed(1))),
        None => Err(Failure::of_solution(solution)),
    }
}

fn line(row: &TableRow) -> Value {
    let period = match row.period {
        TablePeriod::Instalment(number) => format!("month {number}"),
        TablePeriod::Year(year) => format!("year {year}"),
        TablePeriod::Total => "total".to_owned(),
    };
    json!({
        "period": period,
        "payment": row.payment.to_string(),
        "interest": row.interest.to_string(),
        "capital": row.capital.to_string(),
        "other_costs": row.other_costs.to_string(),
        "remaining": row.remaining.to_string(),
    })
}
