//! Kind `eu_loan`: a whole credit, from its terms to the figures of the information sheet.

mod terms;

use lintel_engine::Cents;
use lintel_engine::aprc::credit::{Burden, credit};
use lintel_engine::aprc::table::{TablePeriod, TableRow};
use serde_json::{Map, Value, json};

use crate::KindDoc;
use crate::eu::{named, rate_members};
use crate::failure::Failure;
use crate::fields::Fields;
use terms::terms;

pub(crate) const EU_LOAN: KindDoc = KindDoc {
    name: "eu_loan",
    summary: "A mortgage credit: instalments, total cost, rate of charge, illustrative rate, table.",
    inputs: &[
        ("amount", "drawn at once; or"),
        (
            "drawdowns[]",
            "month and amount of each, the first in month 0",
        ),
        ("term_months", "months to the last instalment, up to 1200"),
        (
            "rate_percent",
            "the fixed rate; with fixed_months, of the fixed period",
        ),
        (
            "fixed_months",
            "months it is fixed: then index and spread when index_percent is given, otherwise negotiated",
        ),
        (
            "index_percent",
            "index today; without rate_percent the rate is variable from the start",
        ),
        ("spread_percent", "points over the index; 0 when left out"),
        (
            "cap_percent, floor_percent",
            "limits of index and spread together",
        ),
        (
            "first_change_months",
            "months before a variable rate can change; 0 when left out",
        ),
        (
            "highest_index_percent",
            "highest index of the last 20 years: gives the illustrative rate",
        ),
        (
            "rate_path[]",
            "rate_percent and months, for rates agreed in advance, instead of those",
        ),
        (
            "interest_only_months",
            "first months that pay interest only",
        ),
        (
            "method",
            "equal_instalments (when left out) or equal_capital",
        ),
        (
            "amortize_over_months",
            "a balloon: instalments worked out over more months",
        ),
        (
            "agreed_instalment",
            "an agreed amount each time, until all is paid",
        ),
        ("part_of_balance_percent", "a part of the balance each time"),
        (
            "parts[]",
            "several parts, each with the members above, instead of those",
        ),
        (
            "months_per_instalment",
            "1 (when left out), 2, 3, 4, 6 or 12",
        ),
        ("rate_convention", "nominal (when left out) or effective"),
        ("last_instalment", "clears (when left out) or level"),
        (
            "drawdown_date, first_payment_date",
            "give an odd first period; or",
        ),
        ("first_period_years", "its length, such as 14/365"),
        ("costs[]", "kind, amount and when:"),
        (
            "  kind",
            "commission, intermediary_fee, tax_on_credit, compulsory_service, voluntary_service, \
             valuation, compulsory_account, voluntary_account, mortgage_registration, notary, \
             transfer_registration, tax_on_purchase, default_charge",
        ),
        (
            "  when",
            "drawdown, financed, instalment, month (with month), every (with months, month)",
        ),
        (
            "  month",
            "months after the drawdown, negative before it; with every, of the first, 0 when left out",
        ),
        ("  months", "with every, months from one to the next"),
        ("table", "true for the repayment table"),
    ],
    results: &[
        ("aprc_percent, aprc_disclosed", "as eu_aprc"),
        (
            "total_amount_of_credit",
            "all drawdowns, without financed costs",
        ),
        (
            "total_interest, total_cost",
            "interest; interest and costs of the credit",
        ),
        ("total_amount_payable", "credit and cost together"),
        ("highest_instalment", "with its costs, the last one aside"),
        ("highest_rate_percent", "highest borrowing rate of the term"),
        (
            "instalments[]",
            "count and amount of equal ones in a row, costs included",
        ),
        (
            "costs_left_out",
            "costs given that are no cost of the credit",
        ),
        (
            "illustrative",
            "the same at the highest rate; null when the rate cannot vary or is unknown",
        ),
        ("table[]", "instalments of year one, later years, total"),
    ],
    formula: "30/360 months, interest and instalments half up to cents; after a fixed period the higher of \
              fixed rate and index with spread; illustrative: highest index at the earliest change, or \
              repayment after a fixed period of five years or more; equation as eu_aprc",
    source: "Directive 2014/17/EU Articles 4(13), 17, Annex I, Annex II part A; the classification of costs \
             is recalled, not confirmed",
    calculate: eu_loan,
};

fn eu_loan(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let terms = terms(inputs)?;
    let found = credit(&terms).map_err(named)?;
    let mut members = burden(&found.expected)?;
    let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
    add(
        "total_amount_of_credit",
        json!(found.total_amount.to_string()),
    );
    add("costs_left_out", json!(found.left_out.to_string()));
    let illustrative = found.illustrative.as_ref().map(burden).transpose()?;
    add(
        "illustrative",
        illustrative.map_or(Value::Null, Value::Object),
    );
    if inputs.flag("table")? {
        let table = found.table().map_err(named)?;
        add("table", Value::Array(table.iter().map(line).collect()));
    }
    Ok(Value::Object(members))
}

fn burden(burden: &Burden) -> Result<Map<String, Value>, Failure> {
    let mut members = rate_members(&burden.aprc)?;
    let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
    for (name, amount) in [
        ("total_interest", burden.total_interest),
        ("total_cost", burden.total_cost),
        ("total_amount_payable", burden.total_payable),
        ("highest_instalment", burden.highest_instalment),
    ] {
        add(name, json!(amount.to_string()));
    }
    let mut runs: Vec<(u32, Cents)> = Vec::new();
    for instalment in &burden.instalments {
        let amount = instalment.payment().unwrap_or_default();
        match runs.last_mut().filter(|run| run.1 == amount) {
            Some(run) => run.0 = run.0.saturating_add(1),
            None => runs.push((1, amount)),
        }
    }
    let run =
        |(count, amount): &(u32, Cents)| json!({ "count": count, "amount": amount.to_string() });
    add("instalments", Value::Array(runs.iter().map(run).collect()));
    let highest = burden
        .instalments
        .iter()
        .map(|instalment| instalment.row.rate);
    let highest = highest.max().unwrap_or_default();
    add("highest_rate_percent", json!(highest.to_fixed(9)));
    Ok(members)
}

fn line(row: &TableRow) -> Value {
    let period = match row.period {
        TablePeriod::Instalment(number) => json!({ "instalment": number }),
        TablePeriod::Year(number) => json!({ "year": number }),
        TablePeriod::Total => json!("total"),
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
