//! Kinds that work a loan of the United States out whole: projected payments, totals, ends of insurance,
//! dated payments.

use serde_json::{Value, json};

use crate::protocol::{invalid, result};
use crate::us::text;

#[test]
fn h_24_c_projected_payments() {
    let inputs = json!({
        "principal": "211000", "rate_percent": "4", "term_months": 360, "interest_only_months": 60,
        "arm": {
            "first_adjustment_months": 60, "adjustment_months": 36, "index_percent": "1",
            "margin_percent": "4", "first_cap_percent": "2", "periodic_cap_percent": "2",
            "lifetime_cap_percent": "8", "floor_percent": "3.25",
        },
    });
    let columns = result("us_projected_payments", inputs)["columns"].clone();
    let shown: Vec<String> = columns
        .as_array()
        .unwrap()
        .iter()
        .map(|column| {
            let range = &column["shown"]["principal_and_interest"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let years = format!("{}-{}", column["first_year"], column["last_year"]);
            format!("{years} {} {}", text(&range["min"]), text(&range["max"]))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "1-5 703 703",
            "6-8 1028 1359",
            "9-11 1028 1604",
            "12-30 1028 2068"
        ]
    );
    assert_eq!(columns[0]["principal_and_interest"]["max"], "703.33");
}

#[test]
fn h_24_b_and_h_25_b_totals() {
    let loan = |costs: &str, interest: &str| {
        json!({
            "principal": "162000", "rate_percent": "3.875", "term_months": 360,
            "mi_monthly": "82.35", "mi_payments": 80, "loan_costs": costs,
            "prepaid_interest": interest,
        })
    };
    let disclosed = result("us_trid_totals", loan("4694.05", "279.04"));
    assert_eq!(disclosed["total_of_payments"], "285803.36");
    assert_eq!(disclosed["finance_charge"], "118830.27");
    let estimate = result("us_trid_totals", loan("5672", "261.60"));
    assert_eq!(estimate["loan_estimate"]["five_years_paid"], "56582");
    assert_eq!(estimate["loan_estimate"]["five_years_principal"], "15773");
}

#[test]
fn insurance_ends_by_request_by_itself_and_at_the_midpoint() {
    let inputs = json!({
        "principal": "162000", "rate_percent": "3.875", "term_months": 360,
        "original_value": "180000", "first_payment_date": "2013-06-01",
    });
    let found = result("us_hpa", inputs);
    assert_eq!(found["automatic_after"], 80);
    assert_eq!(found["automatic_date"], "2020-01-01");
    assert_eq!(found["final_after"], 180);
    let adjustable = json!({
        "principal": "162000", "rate_percent": "3.875", "term_months": 360,
        "original_value": "180000", "arm": {
            "first_adjustment_months": 60, "adjustment_months": 12, "index_percent": "5",
            "margin_percent": "2.75",
        },
    });
    // A higher rate repays later: the balance at payment 60 is the same, then falls more slowly.
    assert_eq!(text("us_hpa", adjustable, "automatic_after"), "93");
    let card = json!({
        "loan_amount": "285000", "ltv_percent": "95", "credit_score": 745, "coverage_percent": "16",
    });
    assert_eq!(text("us_mi_premium", card, "annual_percent"), "0.400000000");
    let usual = json!({ "loan_amount": "120000", "ltv_percent": "90.01", "credit_score": 745 });
    assert_eq!(text("us_mi_premium", usual, "monthly"), "53.00");
}

#[test]
fn appendix_j_choices_are_recorded_options() {
    let apr = |extra: Value| {
        let mut inputs = json!({
            "advance_date": "1978-07-15", "amount_financed": "1000",
            "streams": [{ "first_date": "1979-01-15", "count": 1, "amount": "1044" }],
        });
        for (name, value) in extra.as_object().unwrap() {
            inputs[name] = value.clone();
        }
        let found = result("us_apr_dates", inputs);
        format!("{} {}", found["apr_percent"], found["unit_period"])
    };
    assert_eq!(apr(json!({})), "\"8.800000000\" \"6 months (term)\"");
    assert_eq!(
        apr(json!({ "single_payment_by": "days" })),
        "\"8.728260870\" \"184 days (term)\""
    );
    let odd = |over: u32| {
        let inputs = json!({
            "start": "1978-01-03", "end": "1980-01-06", "unit_period": "1 year",
            "year_odd_days_over": over,
        });
        text("us_unit_period_interval", inputs, "f")
    };
    assert_eq!(
        (odd(365), odd(360)),
        ("3/365".to_owned(), "3/360".to_owned())
    );
    let bad = json!({
        "start": "1978-01-03", "end": "1980-01-06", "unit_period": "1 year",
        "year_odd_days_over": 364,
    });
    assert_eq!(
        invalid("us_unit_period_interval", bad),
        "year_odd_days_over"
    );
}

#[test]
fn a_minor_irregularity_of_dated_payments_may_be_ignored() {
    let apr = |advance: &str, count: u32, unit: &str, ignore: bool| {
        let inputs = json!({
            "advance_date": advance, "amount_financed": "6000", "unit_period": unit,
            "streams": [{ "first_date": "1978-04-01", "count": count, "amount": "200" }],
            "ignore_minor_irregularities": ignore,
        });
        let found = result("us_apr_dates", inputs);
        let place = format!("{} {}", found["streams"][0]["t"], found["streams"][0]["f"]);
        (place, found["irregularity_ignored"] == true)
    };
    // Three years: 19 odd days are within 21.
    assert_eq!(
        apr("1978-02-10", 36, "1 month", false),
        ("1 \"19/30\"".to_owned(), false)
    );
    assert_eq!(
        apr("1978-02-10", 36, "1 month", true),
        ("1 \"0/30\"".to_owned(), true)
    );
    assert_eq!(
        apr("1978-02-07", 36, "1 month", true),
        ("1 \"22/30\"".to_owned(), false)
    );
    assert_eq!(
        apr("1978-03-12", 36, "1 month", true),
        ("1 \"0/30\"".to_owned(), true)
    );
    assert_eq!(
        apr("1978-03-13", 36, "1 month", true),
        ("0 \"19/30\"".to_owned(), false)
    );
    // Weekly for half a year: 13 days more.
    assert_eq!(apr("1978-03-12", 26, "1 week", true).0, "1 \"0/7\"");
    assert_eq!(apr("1978-03-11", 26, "1 week", true).0, "3 \"0/7\"");
    assert_eq!(
        apr("1978-03-01", 36, "1 month", true),
        ("1 \"0/30\"".to_owned(), false)
    );
}

#[test]
fn the_first_period_is_told_as_it_was_counted() {
    let loan = |ignore: bool| {
        json!({
            "principal": "400000", "rate_percent": "6.5", "term_months": 360,
            "closing_date": "2026-04-11", "first_payment_date": "2026-06-01",
            "ignore_minor_irregularities": ignore,
        })
    };
    assert_eq!(
        text("us_loan_apr", loan(true), "first_period"),
        "irregularity_ignored"
    );
    assert_eq!(text("us_loan_apr", loan(false), "first_period"), "by_dates");
}

#[test]
fn tolerances_turn_at_their_edges() {
    let inputs = |apr: &str, charge: &str, follows: bool| {
        json!({
            "disclosed_apr_percent": apr, "actual_apr_percent": "6.5",
            "disclosed_finance_charge": charge, "actual_finance_charge": "300000",
            "loan_amount": "300000", "apr_follows_from_finance_charge": follows,
        })
    };
    let edge = result("us_tolerances", inputs("6.375", "299900.00", false));
    assert_eq!(
        edge,
        json!({
            "apr": { "accurate": true, "within_tolerance": true, "limit_points": "0.125" },
            "finance_charge": { "accurate": true, "limit": "100.00" },
            "rescission": { "accurate": true, "limit": "1500.00" },
            "rescission_in_foreclosure": { "accurate": false, "limit": "35.00" },
        })
    );
    let beyond = result("us_tolerances", inputs("6.374999999", "299899.99", true));
    assert_eq!(beyond["apr"]["accurate"], false);
    assert_eq!(beyond["finance_charge"]["accurate"], false);
    let follows = result("us_tolerances", inputs("6.3", "299900", true));
    assert_eq!(follows["apr"]["accurate"], true);
    assert_eq!(follows["apr"]["within_tolerance"], false);
    let mut wide = inputs("6.25", "297000", false);
    wide["irregular"] = json!(true);
    wide["no_new_advance_refinance"] = json!(true);
    let wide = result("us_tolerances", wide);
    assert_eq!(wide["apr"]["accurate"], true);
    assert_eq!(
        wide["rescission"],
        json!({ "accurate": true, "limit": "3000.00" })
    );
    let rates = json!({ "disclosed_apr_percent": "6.5", "actual_apr_percent": "6.5" });
    assert_eq!(
        result("us_tolerances", rates)["finance_charge"],
        Value::Null
    );
    assert_eq!(invalid("us_tolerances", json!({})), "disclosed_apr_percent");
    let half = json!({ "disclosed_finance_charge": "1" });
    assert_eq!(invalid("us_tolerances", half), "actual_finance_charge");
}
