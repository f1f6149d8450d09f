//! Kind `us_loan_apr`: payments, finance charge and annual percentage rate of a loan.

use lintel_engine::Cents;
use lintel_engine::schedule::{LastPayment, MAX_TERM_MONTHS};
use lintel_engine::us::arm::ArmTerms;
use lintel_engine::us::loan_apr::{
    FirstPeriod, LoanApr, LoanTerms, StreamItem, is_minor_irregularity, loan_apr,
};
use lintel_engine::us::mi::{MiPremium, MiStop, MiTerms};
use lintel_engine::us::trid;
use serde_json::{Map, Value, json};

use crate::KindDoc;
use crate::apr::found;
use crate::charges::threshold;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const US_LOAN_APR: KindDoc = KindDoc {
    name: "us_loan_apr",
    summary: "Annual percentage rate, payment stream and totals of a monthly loan.",
    inputs: &[
        ("principal", "loan amount"),
        (
            "rate_percent",
            "yearly note rate; the initial rate of an adjustable loan",
        ),
        ("term_months", "months to maturity"),
        (
            "amortization_months",
            "longer than the term for a balloon; the term when left out",
        ),
        (
            "interest_only_months",
            "first months of interest only; 0 when left out",
        ),
        (
            "prepaid_finance_charge",
            "charges paid at closing; 0 when left out",
        ),
        (
            "prepaid_interest",
            "the part of them that is interest, for tip_percent",
        ),
        (
            "arm.first_adjustment_months",
            "months the initial rate lasts",
        ),
        ("arm.adjustment_months", "months between later adjustments"),
        (
            "arm.index_percent, arm.margin_percent",
            "their sum is the fully indexed rate",
        ),
        (
            "arm.first_cap_percent",
            "most it moves at first; no cap when left out, as the next two",
        ),
        ("arm.periodic_cap_percent", "most it moves later"),
        (
            "arm.lifetime_cap_percent",
            "most it rises above the initial rate",
        ),
        ("arm.floor_percent", "lowest rate; 0 when left out"),
        (
            "arm.rounding_percent",
            "such as 0.125; no rounding when left out",
        ),
        ("mi.monthly", "monthly mortgage insurance; or"),
        (
            "mi.annual_percent",
            "a percentage a year of the loan, a twelfth a month",
        ),
        (
            "mi.declining",
            "true when annual_percent is of each year's average balance (FHA)",
        ),
        (
            "mi.original_value",
            "lower of price and appraisal; left out, insurance has no threshold",
        ),
        ("mi.threshold_percent", "78 when left out"),
        ("mi.max_payments", "most payments that carry insurance"),
        (
            "mi.stop_at_midpoint",
            "true to end it at half of the amortisation at the latest",
        ),
        (
            "closing_date, first_payment_date",
            "left out, the first period is one month",
        ),
        (
            "ignore_minor_irregularities",
            "true to treat a slightly odd first period as a month",
        ),
        (
            "totals",
            "\"schedule\" (when left out): sums of the cent schedule; \"exact\": unrounded level payment \
             times the number of payments, as sample H-25(B), fixed and fully amortising loans only",
        ),
    ],
    results: &[
        ("apr_percent", "9 decimals"),
        (
            "totals_basis",
            "\"schedule\" or \"exact\", of finance_charge, total_of_payments, total_interest, tip_percent",
        ),
        (
            "first_period",
            "\"regular\", \"by_dates\" or \"irregularity_ignored\": store it with the disclosure",
        ),
        (
            "payment_stream[]",
            "number_of_payments, payment and its parts, note_rate_percent, start",
        ),
        ("amount_financed", "principal less prepaid finance charges"),
        (
            "finance_charge",
            "interest, mortgage insurance and prepaid finance charges",
        ),
        ("total_of_payments", "all payments with mortgage insurance"),
        ("total_interest, total_mortgage_insurance", "their parts"),
        (
            "tip_percent",
            "interest and prepaid interest over the principal, 9 decimals",
        ),
    ],
    formula: "payments in cents, the last one clearing the balance; rate as us_apr, w = 12; later payments of an \
              adjustable loan follow the balance in cents; a floor above the lifetime cap prevails",
    source: "12 CFR 1026.22, 1026.17(c)(1) and (c)(4), 1026.18, 1026.37(l)(3), Appendix J",
    calculate: us_loan_apr,
};

/// The loan a request describes.
pub(crate) fn loan_terms(inputs: &Fields<'_>) -> Result<LoanTerms, Failure> {
    if inputs.has("mi_monthly") {
        return Err(inputs.fault("mi_monthly", "is mi.monthly here"));
    }
    let term_months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let bounds = (term_months, MAX_TERM_MONTHS);
    Ok(LoanTerms {
        principal: inputs.positive_money("principal")?,
        note_rate: inputs.pct("rate_percent")?,
        amortization_months: inputs.whole_or("amortization_months", term_months, bounds)?,
        term_months,
        interest_only_months: inputs.whole_or("interest_only_months", 0, (0, term_months))?,
        arm: inputs
            .object("arm")?
            .map(|arm| arm_terms(&arm))
            .transpose()?,
        prepaid_finance_charge: inputs.money_or_zero("prepaid_finance_charge")?,
        prepaid_interest: inputs.money_or_zero("prepaid_interest")?,
        mi: inputs
            .object("mi")?
            .map(|mi| mi_terms(&mi, inputs))
            .transpose()?,
        first_period: first_period(inputs)?,
        last_payment: LastPayment::ClearsBalance,
    })
}

fn us_loan_apr(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let terms = loan_terms(inputs)?;
    let mut loan = loan_apr(&terms)?;
    let totals_basis = match inputs
        .has("totals")
        .then(|| inputs.text("totals"))
        .transpose()?
    {
        None | Some("schedule") => "schedule",
        Some("exact") => {
            exact_totals(inputs, &terms, &mut loan)?;
            "exact"
        }
        Some(_) => return Err(inputs.fault("totals", "must be schedule or exact")),
    };
    Ok(json!({
        "first_period": first_period_reading(&terms)?,
        "apr_percent": found(&loan.apr)?,
        "payment_stream": loan.payment_stream.iter().map(stream_item).collect::<Vec<_>>(),
        "amount_financed": loan.amount_financed.to_string(),
        "finance_charge": loan.finance_charge.to_string(),
        "total_of_payments": loan.total_of_payments.to_string(),
        "total_interest": loan.total_interest.to_string(),
        "total_mortgage_insurance": loan.total_mortgage_insurance.to_string(),
        "tip_percent": loan.tip.to_fixed(9),
        "totals_basis": totals_basis,
    }))
}

/// Puts totals from the unrounded level payment in the place of those of the schedule.
fn exact_totals(inputs: &Fields<'_>, terms: &LoanTerms, loan: &mut LoanApr) -> Result<(), Failure> {
    let is_level = terms.arm.is_none()
        && terms.interest_only_months == 0
        && terms.amortization_months == terms.term_months;
    if !is_level {
        let message = "can be exact only for a fixed, fully amortising loan";
        return Err(inputs.fault("totals", message));
    }
    let found = trid::totals(&trid::TridLoan {
        principal: terms.principal,
        rate: terms.note_rate,
        term_months: terms.term_months,
        mi_monthly: Cents::ZERO,
        mi_payments: 0,
        loan_costs: Cents::ZERO,
        prepaid_interest: terms.prepaid_interest,
    })?;
    let insurance = loan.total_mortgage_insurance;
    let charge = found.total_interest.checked_add(insurance);
    let sums = charge.and_then(|charge| {
        let all = charge.checked_add(terms.principal)?;
        Some((charge.checked_add(terms.prepaid_finance_charge)?, all))
    });
    let too_large = || inputs.fault("principal", "is too large");
    (loan.finance_charge, loan.total_of_payments) = sums.ok_or_else(too_large)?;
    loan.total_interest = found.total_interest;
    loan.tip = found.tip;
    Ok(())
}

/// The adjustment terms of a note.
pub(crate) fn arm_terms(arm: &Fields<'_>) -> Result<ArmTerms, Failure> {
    Ok(ArmTerms {
        first_adjustment_months: arm.whole("first_adjustment_months", 1, MAX_TERM_MONTHS)?,
        adjustment_months: arm.whole("adjustment_months", 1, MAX_TERM_MONTHS)?,
        index: arm.pct("index_percent")?,
        margin: arm.pct("margin_percent")?,
        first_cap: arm.optional_pct("first_cap_percent")?,
        periodic_cap: arm.optional_pct("periodic_cap_percent")?,
        lifetime_cap: arm.optional_pct("lifetime_cap_percent")?,
        floor: arm.optional_pct("floor_percent")?,
        rounding: arm.optional_pct("rounding_percent")?,
    })
}

fn mi_terms(mi: &Fields<'_>, loan: &Fields<'_>) -> Result<MiTerms, Failure> {
    let premium = match (mi.has("monthly"), mi.has("annual_percent")) {
        (true, true) => return Err(mi.fault("monthly", "goes without annual_percent")),
        (false, false) => return Err(mi.fault("monthly", "or annual_percent is required")),
        (true, false) => MiPremium::Monthly(mi.money_or_zero("monthly")?),
        (false, true) if mi.flag("declining")? => MiPremium::AnnualOfBalance {
            annual: mi.pct("annual_percent")?,
            base_loan: if mi.has("base_loan") {
                mi.positive_money("base_loan")?
            } else {
                loan.positive_money("principal")?
            },
        },
        (false, true) => MiPremium::AnnualOfLoan(mi.pct("annual_percent")?),
    };
    let stop = MiStop {
        threshold: mi
            .has("original_value")
            .then(|| threshold(mi))
            .transpose()?,
        max_payments: mi
            .has("max_payments")
            .then(|| mi.whole("max_payments", 0, MAX_TERM_MONTHS))
            .transpose()?,
        at_midpoint: mi.flag("stop_at_midpoint")?,
    };
    Ok(MiTerms { premium, stop })
}

fn first_period(inputs: &Fields<'_>) -> Result<FirstPeriod, Failure> {
    if !inputs.has("closing_date") && !inputs.has("first_payment_date") {
        return Ok(FirstPeriod::Regular);
    }
    Ok(FirstPeriod::Dates {
        closing: inputs.date("closing_date")?,
        first_payment: inputs.date("first_payment_date")?,
        ignore_minor_irregularities: inputs.flag("ignore_minor_irregularities")?,
    })
}

/// How the first period was counted: what the creditor stores with the disclosure.
fn first_period_reading(terms: &LoanTerms) -> Result<&'static str, Failure> {
    let FirstPeriod::Dates {
        closing,
        first_payment,
        ignore_minor_irregularities,
    } = terms.first_period
    else {
        return Ok("regular");
    };
    if first_payment.add_months(-1)? == closing {
        return Ok("regular");
    }
    let minor = is_minor_irregularity(closing, first_payment, terms.term_months)?;
    Ok(if ignore_minor_irregularities && minor {
        "irregularity_ignored"
    } else {
        "by_dates"
    })
}

fn stream_item(item: &StreamItem) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("number_of_payments", json!(item.number_of_payments));
    put("payment", json!(item.total().to_string()));
    put(
        "principal_and_interest",
        json!(item.principal_and_interest.to_string()),
    );
    put(
        "mortgage_insurance",
        json!(item.mortgage_insurance.to_string()),
    );
    put("note_rate_percent", json!(item.note_rate.to_fixed(9)));
    if let Some(start) = item.start {
        put("start", json!(start.to_string()));
    }
    Value::Object(members)
}
