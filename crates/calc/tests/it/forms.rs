//! The forms in which numbers and files may arrive.

use serde_json::{Value, json};

use crate::protocol::{ask, invalid, result};

fn apr(f: Value) -> Value {
    let stream = json!({ "t": 1, "f": f, "count": 24, "amount": "230" });
    json!({ "amount_financed": "5000", "unit_period": "1 month", "streams": [stream] })
}

#[test]
fn a_fraction_may_be_a_float() {
    let exact = result("us_apr", apr(json!("19/30")));
    assert_eq!(result("us_apr", apr(json!(19.0 / 30.0))), exact);
    assert_eq!(result("us_apr", apr(json!("0.6333333333"))), exact);
    let negative = ask("us_apr", apr(json!("-1/30")));
    assert_eq!(negative["error"]["message"], "must not be negative");
    let eu = |period: Value, offset: Value| {
        let flows = json!({ "net_received_at_t0": 1000, "period_years": period,
            "offset_years": offset, "runs": [{ "from": 1, "count": 12, "amount": -90 }] });
        result("eu_aprc", json!({ "flows": flows }))
    };
    let exact = eu(json!("1/12"), json!("3/365"));
    assert_eq!(eu(json!(1.0 / 12.0), json!(0.008_219_178_082_2)), exact);
    let before = eu(json!("1/12"), json!("-3/365"));
    assert_eq!(eu(json!("1/12"), json!(-3.0 / 365.0)), before);
}

#[test]
fn rates_and_amounts_may_be_fractions() {
    let loan = |principal: Value, rate: Value| json!({ "principal": principal, "rate_percent": rate, "months": 12 });
    let exact = result("schedule", loan(json!("1000.25"), json!("4.333333333")));
    assert_eq!(
        result("schedule", loan(json!("4001/4"), json!("13/3"))),
        exact
    );
    assert_eq!(
        invalid("schedule", loan(json!("13/3"), json!(5))),
        "principal"
    );
    assert_eq!(
        invalid("schedule", loan(json!(5), json!("1/0"))),
        "rate_percent"
    );
    let thirds = json!({ "amount_financed": "1000/3", "unit_period": "1 year",
                         "streams": [{ "t": 1, "count": 1, "amount": "1100/3" }] });
    assert_eq!(result("us_apr", thirds)["apr_percent"], "10.000000000");
}

#[test]
fn inputs_that_exclude_each_other() {
    let both = json!({ "advances": [["2026-01-01", 100]], "amount_financed": 100,
                       "streams": [{ "first_date": "2026-02-01", "amount": 101 }] });
    assert_eq!(invalid("us_apr_dates", both), "amount_financed");
    let both = json!({ "principal": 100, "rate_percent": 5, "months": 1, "first": "2026-01-01",
                       "due_dates": ["2026-02-01"] });
    assert_eq!(invalid("schedule", both), "months");
    let flat = json!({ "principal": 100, "rate_percent": 5, "term_months": 12, "mi_monthly": 1 });
    assert_eq!(invalid("us_loan_apr", flat), "mi_monthly");
    let third = json!({ "apr_percent": "8", "apor_percent": "6", "lien": 3 });
    assert_eq!(invalid("us_hpml", third), "lien");
    let many = json!({ "amount_financed": "1", "unit_period": "1 month",
                       "streams": [{ "t": 1, "count": 1e20, "amount": "1" }] });
    let message = ask("us_apr", many)["error"]["message"].to_string();
    assert!(message.contains("from 1 to 100000"), "{message}");
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let line = "{\"id\":1,\"kind\":\"payment\",\"inputs\":{\"principal\":100,\"rate_percent\":0,\"term_months\":4}}";
    let (good, answers) = crate::protocol::answers(&format!("\u{feff}{line}\n{line}"));
    assert!(good, "{answers:?}");
    assert!(!crate::protocol::answers(&format!("{line}\n\u{feff}{line}")).0);
}

#[test]
fn names_go_by_their_usual_spellings() {
    let fee = |purpose: &str| {
        let inputs = json!({ "purpose": purpose, "use": "any", "exempt": false });
        result("us_va_funding_fee", inputs)["rate_percent"].clone()
    };
    for purpose in [
        "Loan Assumption",
        "NADL-IRRRL",
        "native_american_direct_refinance",
    ] {
        assert_eq!(fee(purpose), "0.50", "{purpose}");
    }
    let refinance = ask("us_va_funding_fee", json!({ "purpose": "refinance" }));
    let message = refinance["error"]["message"].to_string();
    assert!(message.contains("cash_out"), "{message}");
    let imt = |use_: &str, region: &str| {
        let inputs =
            json!({ "date": "2026-09-01", "value": "250000", "use": use_, "region": region });
        result("pt_imt", inputs)["imt"].clone()
    };
    assert_eq!(
        imt("Own permanent home", "Islands"),
        imt("primary", "madeira")
    );
    assert_eq!(
        imt("urban-other", "mainland"),
        imt("other_urban", "mainland")
    );
    let other = json!({ "date": "2026-09-01", "value": "1", "use": "other" });
    assert_eq!(invalid("pt_imt", other), "use");
    let days = |basis: Value| json!({ "principal": 1000, "rate_percent": 5, "days": 3, "day_basis": basis });
    let found = result("us_prepaid_interest", days(json!("Actual/360")));
    assert_eq!(found, result("us_prepaid_interest", days(json!(360))));
    let dated = |count: &str| {
        json!({ "principal": 1000, "rate_percent": 5, "months": 3, "first": "2026-01-31",
                "day_count": count })
    };
    let found = result("schedule", dated("ACT/365"));
    assert_eq!(found, result("schedule", dated("actual/365")));
}

#[test]
fn exact_totals_of_sample_h_25_b() {
    let loan = |totals: &str, more: u32| {
        json!({ "principal": "162000", "rate_percent": "3.875", "term_months": 360, "totals": totals,
                "interest_only_months": more, "mi": { "monthly": "82.35", "original_value": "180000",
                "threshold_percent": "78" } })
    };
    let exact = result("us_loan_apr", loan("exact", 0));
    assert_eq!(exact["finance_charge"], "118830.27");
    assert_eq!(exact["totals_basis"], "exact");
    let schedule = result("us_loan_apr", loan("schedule", 0));
    assert_eq!(schedule["finance_charge"], "118831.70");
    assert_eq!(schedule["apr_percent"], exact["apr_percent"]);
    assert_eq!(invalid("us_loan_apr", loan("exact", 12)), "totals");
    assert_eq!(invalid("us_loan_apr", loan("both", 0)), "totals");
}

#[test]
fn an_assumed_interval_is_told() {
    let loan = |interval: Value| {
        json!({ "advance_date": "2026-01-01", "amount_financed": 1000,
                "streams": [{ "first_date": "2026-02-01", "count": 12, "amount": 90, "interval": interval }] })
    };
    let assumed = result("us_apr_dates", loan(Value::Null));
    assert_eq!(assumed["interval_assumed"], true);
    let stated = result("us_apr_dates", loan(json!("monthly")));
    assert!(stated.get("interval_assumed").is_none());
    assert_eq!(stated["apr_percent"], assumed["apr_percent"]);
}

#[test]
fn nested_inputs_are_listed_with_their_path() {
    let table = lintel_calc::kinds_table();
    assert!(table.contains("streams[].t, streams[].f"), "{table}");
}
