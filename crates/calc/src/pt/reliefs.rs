//! Kinds `pt_guarantee` and `pt_early_repayment`.

use lintel_engine::pt::early_repayment::{EarlyRepayment, RateKind, early_repayment};
use lintel_engine::pt::guarantee::{GuaranteeCase, guarantee};
use serde_json::{Value, json};

use super::{flag_or_true, on_date, refused, word_or};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const PT_GUARANTEE: KindDoc = KindDoc {
    name: "pt_guarantee",
    summary: "The State's guarantee (garantia pública) for a young buyer: eligibility and amount.",
    inputs: &[
        ("date", "day of the contract, 2024-09-28 to 2026-12-31"),
        ("age_years", "completed years"),
        ("yearly_income", "taxable income a year"),
        ("price", "price of the home"),
        ("amount", "amount of credit"),
        ("tax_resident", "true when left out"),
        ("owns_housing", "false when left out"),
        ("first_own_home", "true when left out"),
        (
            "clean_record",
            "tax and social security; true when left out",
        ),
    ],
    results: &[
        ("eligible", "true when nothing stands against it"),
        ("obstacles", "list of conditions that are not met"),
        ("guarantee", "amount guaranteed, rounded down to cents"),
        ("funding_percent", "share of the price the bank funds"),
        ("years", "years it lasts"),
    ],
    formula: "guarantee = highest share x amount, the amount being 85 to 100 % of the price",
    source: "DL 44/2024, Portaria 236-A/2024/1, DL 24/2025; table pt/guarantee.toml. The proportion below full \
             funding and the income limit of 2026 are not confirmed",
    calculate: pt_guarantee,
};

pub(crate) const PT_EARLY_REPAYMENT: KindDoc = KindDoc {
    name: "pt_early_repayment",
    summary: "Fee for repaying early: cap, waiver, stamp duty and notice.",
    inputs: &[
        ("date", "day of the repayment, 2018-01-01 or later"),
        ("outstanding", "capital owed before it"),
        ("repaid", "capital repaid; all of it when left out"),
        (
            "rate_kind",
            "\"variable\" (when left out) or \"fixed\", by the phase of the loan",
        ),
        ("own_home", "own permanent home; true when left out"),
        ("fee_percent", "fee of the contract; the cap when left out"),
    ],
    results: &[
        ("cap_percent", "highest fee, of the capital repaid"),
        ("waived", "true while no fee is due"),
        ("fee", "half-up cents"),
        ("stamp_duty", "on the fee"),
        ("total", "both"),
        ("notice_working_days", "notice the borrower gives"),
    ],
    formula: "fee = lower of contract and cap x capital repaid; duty on the fee",
    source: "DL 74-A/2017, article 23; DL 80-A/2022, DL 91/2023, Lei 1/2025; tables pt/early_repayment.toml, \
             pt/stamp_duty.toml",
    calculate: pt_early_repayment,
};

fn pt_guarantee(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let case = GuaranteeCase {
        age_years: inputs.whole("age_years", 0, 150)?,
        yearly_income: inputs.money_or_zero("yearly_income")?,
        price: inputs.positive_money("price")?,
        loan: inputs.positive_money("amount")?,
        tax_resident: flag_or_true(inputs, "tax_resident")?,
        owns_housing: inputs.flag("owns_housing")?,
        first_own_home: flag_or_true(inputs, "first_own_home")?,
        clean_record: flag_or_true(inputs, "clean_record")?,
    };
    let terms = on_date(inputs, &inputs.rules().pt.guarantee)?;
    let found =
        guarantee(terms, &case).map_err(|error| refused(inputs, error, &[("loan", "amount")]))?;
    let obstacles = found.obstacles.iter().map(|obstacle| obstacle.name());
    Ok(json!({
        "eligible": found.eligible(),
        "obstacles": obstacles.collect::<Vec<_>>(),
        "guarantee": found.amount.to_string(),
        "funding_percent": found.funding.to_fixed(9),
        "years": found.years,
    }))
}

fn pt_early_repayment(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let rules = &inputs.rules().pt;
    let terms = on_date(inputs, &rules.early_repayment)?;
    let outstanding = inputs.positive_money("outstanding")?;
    let case = EarlyRepayment {
        date: inputs.date("date")?,
        outstanding,
        repaid: if inputs.has("repaid") {
            inputs.positive_money("repaid")?
        } else {
            outstanding
        },
        rate_kind: word_or(inputs, "rate_kind", RateKind::Variable, RateKind::parse)?,
        own_home: flag_or_true(inputs, "own_home")?,
        contract_fee: inputs.optional_pct("fee_percent")?,
        stamp_duty: on_date(inputs, &rules.stamp_duty)?.fee,
    };
    let names = [("contract_fee", "fee_percent")];
    let cost = early_repayment(terms, &case).map_err(|error| refused(inputs, error, &names))?;
    Ok(json!({
        "cap_percent": cost.cap.to_fixed(9),
        "waived": cost.waived,
        "fee": cost.fee.to_string(),
        "stamp_duty": cost.stamp_duty.to_string(),
        "total": cost.total.to_string(),
        "notice_working_days": cost.notice_working_days,
    }))
}
