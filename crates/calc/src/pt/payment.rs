//! Kinds `pt_payment` and `pt_taeg_mtic`.

use lintel_engine::Pct;
use lintel_engine::aprc::disclosed;
use lintel_engine::pt::loan::{Loan, instalment};
use lintel_engine::pt::spread::variable_tan;
use lintel_engine::pt::taeg::taeg_mtic;
use lintel_engine::schedule::{MAX_TERM_MONTHS, RateStep};
use serde_json::{Value, json};

use super::{cost_e9, refused};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const PT_PAYMENT: KindDoc = KindDoc {
    name: "pt_payment",
    summary: "Constant monthly instalment (prestação) of a home loan.",
    inputs: &[
        ("principal", "capital, currency units"),
        (
            "euribor_month_average_percent",
            "index: average of the month before; may be negative",
        ),
        ("spread_percent", "points over the index"),
        (
            "tan_percent",
            "yearly nominal rate, instead of index and spread",
        ),
        ("term_months", "number of instalments, up to 1200"),
    ],
    results: &[
        ("payment", "half-up cents"),
        ("tan_percent", "yearly nominal rate"),
    ],
    formula: "i = TAN / 12; payment = P i / (1 - (1+i)^-n); the index is never floored",
    source: "30/360 constant instalments; index by DL 240/2006, negative rates by Lei 32/2018",
    calculate: pt_payment,
};

pub(crate) const PT_TAEG_MTIC: KindDoc = KindDoc {
    name: "pt_taeg_mtic",
    summary: "TAEG (annual percentage rate of charge) and MTIC (total amount payable) of a home loan.",
    inputs: &[
        ("amount", "total amount of credit"),
        ("term_months", "number of instalments, up to 1200"),
        ("tan_path[]", "steps of the yearly nominal rate:"),
        ("  tan_percent", "the rate; may be negative"),
        (
            "  months",
            "how long it lasts; all steps together last term_months",
        ),
        (
            "upfront_costs",
            "paid at the contract, with their duties; 0 when left out",
        ),
        (
            "monthly_costs",
            "paid with each instalment, up to 9 decimals; 0 when left out",
        ),
    ],
    results: &[
        ("taeg_percent", "9 decimals"),
        ("taeg_disclosed", "half up at one decimal"),
        ("mtic", "credit and total cost, rounded once"),
        ("first_instalment", "capital and interest"),
        ("last_instalment", "clears the balance"),
    ],
    formula: "sum C_k (1+X)^(-k/12) = sum D_l (1+X)^(-l/12); interest and instalment half-up cents each month",
    source: "DL 74-A/2017, article 15 and annex II; Directive 2014/17/EU, annex I",
    calculate: pt_taeg_mtic,
};

fn pt_payment(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let capital = inputs.positive_money("principal")?;
    let tan = tan(inputs)?;
    let months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let name = if inputs.has("tan_percent") {
        "tan_percent"
    } else {
        "spread_percent"
    };
    let payment = instalment(capital, tan, months).map_err(|error| {
        let failure = refused(inputs, error, &[("rate", name)]);
        if error.field != "rate" || inputs.has("tan_percent") {
            return failure;
        }
        let sum = "the sum of euribor_month_average_percent and spread_percent";
        let message = format!("{sum} {}", failure.message);
        Failure { message, ..failure }
    })?;
    Ok(json!({ "payment": payment.to_string(), "tan_percent": tan.to_fixed(9) }))
}

fn tan(inputs: &Fields<'_>) -> Result<Pct, Failure> {
    if !inputs.has("tan_percent") {
        let index = inputs.pct("euribor_month_average_percent")?;
        let spread = inputs.pct("spread_percent")?;
        return variable_tan(index, spread)
            .map_err(|error| refused(inputs, error, &[("spread", "spread_percent")]));
    }
    for other in ["euribor_month_average_percent", "spread_percent"] {
        if inputs.has(other) {
            return Err(inputs.fault(other, "must be left out beside tan_percent"));
        }
    }
    inputs.pct("tan_percent")
}

fn pt_taeg_mtic(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let amount = inputs.positive_money("amount")?;
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let path = tan_path(inputs, term_months)?;
    let upfront = cost_e9(inputs, "upfront_costs")?;
    let monthly = cost_e9(inputs, "monthly_costs")?;
    let names = [
        ("principal", "amount"),
        ("rate", "tan_path"),
        ("rate_path", "tan_path"),
        ("mtic", "amount"),
    ];
    let found = Loan::try_new(amount, &path)
        .and_then(|loan| taeg_mtic(&loan, upfront, monthly))
        .map_err(|error| refused(inputs, error, &names))?;
    let Some(taeg) = found.taeg.apr() else {
        return Err(Failure::of_solution(&found.taeg));
    };
    let payment = |month: Option<&lintel_engine::pt::loan::Instalment>| {
        month.map(|month| month.row.payment.to_string())
    };
    Ok(json!({
        "taeg_percent": taeg.to_fixed(9),
        "taeg_disclosed": disclosed(taeg, 1).to_fixed(1),
        "mtic": found.mtic.to_string(),
        "first_instalment": payment(found.months.first()),
        "last_instalment": payment(found.months.last()),
    }))
}

fn tan_path(inputs: &Fields<'_>, term_months: u32) -> Result<Vec<RateStep>, Failure> {
    let mut path = Vec::new();
    let mut months: u32 = 0;
    for fields in inputs.objects("tan_path")? {
        let step = RateStep {
            rate: fields.pct("tan_percent")?,
            months: fields.whole("months", 1, MAX_TERM_MONTHS)?,
        };
        months = months.saturating_add(step.months);
        path.push(step);
    }
    if months != term_months {
        let message = format!("lasts {months} months, not the {term_months} of the term");
        return Err(inputs.fault("tan_path", message));
    }
    Ok(path)
}
