//! The kinds of the European Union: the Commission's examples, and inputs that must not pass.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::protocol::{ask, invalid, refusal, result};

/// `eu_aprc` of runs of monthly payments.
fn monthly(net: &str, offset: &str, runs: Value) -> Value {
    json!({ "flows": {
        "net_received_at_t0": net,
        "offset_years": offset,
        "period_years": "1/12",
        "runs": runs,
    } })
}

fn aprc(kind: &str, inputs: Value) -> String {
    let found = result(kind, inputs);
    found["aprc_percent"].as_str().unwrap().to_owned()
}

/// Compares a rate of nine decimals with one printed at fewer.
fn assert_rounds_to(found: &Value, printed: &str) {
    let decimals = printed.split('.').nth(1).unwrap().len();
    let found: f64 = found.as_str().unwrap().parse().unwrap();
    assert_eq!(format!("{found:.decimals$}"), printed);
}

/// Refused because no single rate balances the flows.
fn no_solution(inputs: Value) {
    assert_eq!(refusal("eu_aprc", inputs).0, "no_solution");
}

#[test]
fn commission_examples_1_18_and_43() {
    let runs = json!([{ "from": 1, "count": 240, "amount": "-1432.86" }]);
    let found = result("eu_aprc", monthly("196000", "0", runs));
    assert_rounds_to(&found["aprc_percent"], "6.434412");
    assert_eq!(found["aprc_disclosed"], "6.4");
    let runs = json!([{ "from": 0, "count": 240, "amount": -1429.01 }]);
    assert_rounds_to(
        &result("eu_aprc", monthly("196000", "14/365", runs))["aprc_percent"],
        "6.435937",
    );
    let runs = json!([
        { "from": -12, "count": 1, "amount": "-150.00" },
        { "from": 1, "count": 120, "amount": "-356.11" },
    ]);
    assert_rounds_to(
        &result("eu_aprc", monthly("29550.00", "0", runs))["aprc_percent"],
        "8.269278",
    );
}

#[test]
fn amounts_in_a_list_are_the_same_payments() {
    let list = vec!["-90"; 12];
    let listed = json!([{ "from": 1, "amounts": list }]);
    let counted = json!([{ "from": 1, "count": 12, "amount": "-90" }]);
    let of = |runs| aprc("eu_aprc", monthly("1000", "0", runs));
    assert_eq!(of(listed), of(counted));
}

#[test]
fn commission_example_2_from_its_dates() {
    // Signed on 12 January 2012, monthly on the 15th from 15 February.
    let date = |number: i32| {
        let month = number + 1;
        format!("{}-{:02}-15", 2012 + month / 12, month % 12 + 1)
    };
    let mut payments: Vec<Value> = (0..240).map(|n| json!([date(n), "1433.57"])).collect();
    payments.push(json!(["2012-01-12", "4000"]));
    let inputs = json!({ "drawdowns": [["2012-01-12", "200000"]], "payments": payments });
    let found = result("eu_aprc_dates", inputs);
    assert_rounds_to(&found["aprc_percent"], "6.434185");
    assert_eq!(found["period_unit"], "month");
}

#[test]
fn directive_98_7_from_dates() {
    let inputs = |unit: Value| {
        json!({
            "drawdowns": [["1994-01-01", 1000]],
            "payments": [["1995-07-01", 1200]],
            "period_unit": unit,
        })
    };
    // Eighteen months; a year and 181 days of 365.
    assert_rounds_to(
        &result("eu_aprc_dates", inputs(Value::Null))["aprc_percent"],
        "12.924",
    );
    assert_rounds_to(
        &result("eu_aprc_dates", inputs(json!("year")))["aprc_percent"],
        "12.962",
    );
}

#[test]
fn intervals_as_the_guidelines_count_them() {
    let of = |drawdown: &str, payment: &str, unit: &str| {
        let inputs = json!({ "drawdown": drawdown, "payment": payment, "period_unit": unit });
        let found = result("eu_interval", inputs);
        let number = |name: &str| found[name].as_i64().unwrap();
        let days = (number("odd_days"), number("day_denominator"));
        (number("periods"), number("periods_per_year"), days)
    };
    assert_eq!(of("2013-02-26", "2013-03-29", "month"), (1, 12, (2, 366)));
    assert_eq!(of("2012-01-12", "2014-02-15", "year"), (2, 1, (34, 365)));
    assert_eq!(of("2024-02-29", "2025-02-28", "year"), (1, 1, (0, 366)));
    assert_eq!(of("2012-01-12", "2011-12-10", "month"), (-1, 12, (-2, 365)));
    let refused = |drawdown: &str, unit: &str| {
        let inputs = json!({ "drawdown": drawdown, "payment": "2012-02-15", "period_unit": unit });
        invalid("eu_interval", inputs)
    };
    assert_eq!(refused("2011-02-29", "month"), "drawdown");
    assert_eq!(refused("2012-01-12", "moon"), "period_unit");
}

#[test]
fn flows_without_a_single_rate_are_refused() {
    let at = |from: i32, amount: &str| json!({ "from": from, "amount": amount });
    no_solution(monthly(
        "1000",
        "0",
        json!([at(12, "-2300"), at(24, "1320")]),
    ));
    no_solution(monthly("1000", "0", json!([at(12, "100")])));
    no_solution(monthly("-1000", "0", json!([at(12, "-100")])));
    no_solution(monthly("-1000", "0", json!([at(12, "1100")])));
    no_solution(monthly("1000", "0", json!([at(0, "-1000")])));
    no_solution(monthly("1000", "0", json!([at(1, "-0")])));
    no_solution(monthly("0.01", "0", json!([at(1, "-1000000000000000")])));
}

#[test]
fn extreme_but_single_rates_are_answers() {
    let of = |net: &str, from: i32, amount: &str| {
        let runs = json!([{ "from": from, "amount": amount }]);
        aprc("eu_aprc", monthly(net, "0", runs))
    };
    assert_eq!(
        of("1000000000000000", 12, "-1000000000000000"),
        "0.000000000"
    );
    assert_eq!(of("1000", 12, "-0.01"), "-99.999000000");
    assert_eq!(of("1000", 12, "-2000"), "100.000000000");
    assert_eq!(of("1000", 11_988, "-1000"), "0.000000000");
    let late = json!([{ "from": 12, "amount": "-110" }, { "from": 0, "amount": "100" }]);
    assert_eq!(aprc("eu_aprc", monthly("0", "-1/2", late)), "10.000000000");
}

#[test]
fn bad_flows_are_refused_by_name() {
    let of = |runs: Value| invalid("eu_aprc", monthly("1000", "0", runs));
    assert_eq!(of(json!([])), "flows.runs");
    assert_eq!(of(json!([{ "amount": "-1" }])), "flows.runs[0].from");
    assert_eq!(of(json!([{ "from": 1 }])), "flows.runs[0].amount");
    assert_eq!(
        of(json!([{ "from": 1, "amount": "1e3" }])),
        "flows.runs[0].amount"
    );
    assert_eq!(
        of(json!([{ "from": 1, "amount": "-1", "amounts": ["-1"] }])),
        "flows.runs[0].amount"
    );
    assert_eq!(
        of(json!([{ "from": 1, "count": 2, "amounts": ["-1"] }])),
        "flows.runs[0].count"
    );
    assert_eq!(
        of(json!([{ "from": 1, "amounts": ["-1", null] }])),
        "flows.runs[0].amounts[1]"
    );
    assert_eq!(
        of(json!([{ "from": 12_001, "amount": "-1" }])),
        "flows.runs[0].from"
    );
    assert_eq!(
        of(json!([{ "from": 2_147_483_647, "amount": "-1" }])),
        "flows.runs[0].from"
    );
    assert_eq!(
        of(json!([{ "from": 1, "count": 0, "amount": "-1" }])),
        "flows.runs[0].count"
    );
    let many = json!([{ "from": 1, "count": 100_001, "amount": "-1" }]);
    assert_eq!(
        refusal("eu_aprc", monthly("1000", "0", many)).0,
        "too_large"
    );
    let period = |period: &str| {
        let runs = json!([{ "from": 1, "amount": "-1" }]);
        invalid(
            "eu_aprc",
            json!({ "flows": { "period_years": period, "runs": runs } }),
        )
    };
    for bad in ["0", "-1/12", "1/0", "x", "", "-", "-1/0"] {
        assert_eq!(period(bad), "flows.period_years", "{bad}");
    }
    assert_eq!(invalid("eu_aprc", json!({})), "flows");
}

#[test]
fn bad_dates_are_refused_by_name() {
    let of = |drawdowns: Value, payments: Value| {
        invalid(
            "eu_aprc_dates",
            json!({ "drawdowns": drawdowns, "payments": payments }),
        )
    };
    let good = json!([["2020-02-29", "100"]]);
    assert_eq!(of(json!([]), good.clone()), "drawdowns");
    assert_eq!(
        of(good.clone(), json!([["2021-02-29", "1"]])),
        "payments[0][0]"
    );
    assert_eq!(
        of(good.clone(), json!([["2021-02-28", "-1"]])),
        "payments[0][1]"
    );
    assert_eq!(of(good.clone(), json!([["2021-02-28"]])), "payments[0]");
    assert_eq!(of(good.clone(), json!("2021-02-28")), "payments");
    // From leap day to leap day and to the last of February: whole years.
    let of = |payment: &str| {
        let payments = json!([[payment, "110"]]);
        aprc(
            "eu_aprc_dates",
            json!({ "drawdowns": [["2020-02-29", "100"]], "payments": payments }),
        )
    };
    assert_eq!(of("2021-02-28"), "10.000000000");
    let early = json!([["2019-02-28", "1"], ["2021-02-28", "110"]]);
    let inputs = json!({ "drawdowns": [["2020-02-29", "100"]], "payments": early });
    assert_rounds_to(&result("eu_aprc_dates", inputs)["aprc_percent"], "11.2");
}

#[test]
fn a_hundred_thousand_payments_in_time() {
    let amounts = vec!["-0.9"; 100_000];
    let flows = json!({ "flows": {
        "net_received_at_t0": "10000",
        "period_years": "1/365",
        "runs": [{ "from": 1, "amounts": amounts }],
    } });
    let dates: Vec<Value> = (0..27_000)
        .map(|n| {
            json!([
                format!(
                    "{}-{:02}-{:02}",
                    2000 + n / 336,
                    n / 28 % 12 + 1,
                    n % 28 + 1
                ),
                "1"
            ])
        })
        .collect();
    let dates = json!({ "drawdowns": [["2000-01-01", "9000"]], "payments": dates });
    // Fifty milliseconds in a release build; a test build is some thirty times slower.
    for (kind, inputs) in [("eu_aprc", flows), ("eu_aprc_dates", dates)] {
        let begin = Instant::now();
        let answer = ask(kind, inputs);
        assert!(answer.get("error").is_none(), "{answer}");
        let taken = begin.elapsed();
        println!("{kind}: {taken:?}");
        assert!(taken < Duration::from_secs(5), "{kind}: {taken:?}");
    }
}

#[test]
fn commission_example_21_as_a_whole_credit() {
    let inputs = json!({
        "amount": "200000",
        "term_months": 240,
        "rate_percent": "5",
        "fixed_months": 9,
        "index_percent": "4",
        "spread_percent": "1.5",
        "highest_index_percent": "5.39",
        "last_instalment": "level",
        "costs": [
            { "kind": "commission", "amount": "4000", "when": "drawdown" },
            { "kind": "notary", "amount": "700", "when": "drawdown" },
        ],
        "table": true,
    });
    let found = result("eu_loan", inputs);
    assert_rounds_to(&found["aprc_percent"], "5.853526");
    let illustrative = &found["illustrative"];
    assert_rounds_to(&illustrative["aprc_percent"], "7.199734");
    assert_eq!(illustrative["highest_instalment"], "1530.61");
    assert_eq!(
        found["instalments"][1],
        json!({ "count": 231, "amount": "1374.06" })
    );
    assert_eq!(found["costs_left_out"], "700.00");
    assert_eq!(found["total_amount_of_credit"], "200000.00");
    assert_eq!(found["table"].as_array().unwrap().len(), 12 + 19 + 1);
    assert_eq!(found["table"][0]["period"], json!({ "instalment": 1 }));
}

#[test]
fn commission_examples_18_and_26_as_whole_credits() {
    let cost = json!([{ "kind": "commission", "amount": "4000", "when": "drawdown" }]);
    let inputs = json!({
        "amount": "200000", "term_months": 240, "rate_percent": "6", "costs": cost,
        "drawdown_date": "2012-01-12", "first_payment_date": "2012-02-15", "last_instalment": "level",
    });
    assert_rounds_to(&result("eu_loan", inputs)["aprc_percent"], "6.434185");
    let half = |rate: Value| {
        let mut part = json!({ "amount": "100000", "term_months": 180 });
        for (name, value) in rate.as_object().unwrap() {
            part[name] = value.clone();
        }
        part
    };
    let variable = json!({
        "index_percent": "4", "spread_percent": "1.5", "first_change_months": 6,
        "highest_index_percent": "5.39",
    });
    let parts = json!([half(json!({ "rate_percent": "6" })), half(variable)]);
    let found = result(
        "eu_loan",
        json!({ "parts": parts, "costs": cost, "last_instalment": "level" }),
    );
    assert_rounds_to(&found["aprc_percent"], "6.237362");
    assert_rounds_to(&found["illustrative"]["aprc_percent"], "6.925014");
}

#[test]
fn bad_credits_are_refused_by_name() {
    let of = |name: &str, value: Value| {
        let mut inputs = json!({ "amount": "1000", "term_months": 24, "rate_percent": "5" });
        inputs[name] = value;
        invalid("eu_loan", inputs)
    };
    assert_eq!(of("amount", json!("0")), "amount");
    assert_eq!(of("term_months", json!(1201)), "term_months");
    assert_eq!(of("rate_percent", json!("-1")), "rate_percent");
    assert_eq!(of("method", json!("bullet")), "method");
    assert_eq!(
        of("months_per_instalment", json!(5)),
        "months_per_instalment"
    );
    assert_eq!(of("agreed_instalment", json!("1")), "agreed_instalment");
    assert_eq!(
        of("interest_only_months", json!(25)),
        "interest_only_months"
    );
    assert_eq!(of("first_period_years", json!("3")), "first_period_years");
    assert_eq!(of("parts", json!([])), "parts");
    assert_eq!(
        of("rate_path", json!([{ "rate_percent": "5" }])),
        "rate_path[0].months"
    );
    let cost = |cost: Value| of("costs", json!([cost]));
    assert_eq!(
        cost(json!({ "kind": "fee", "when": "drawdown" })),
        "costs[0].kind"
    );
    assert_eq!(
        cost(json!({ "kind": "notary", "when": "never" })),
        "costs[0].when"
    );
    assert_eq!(
        cost(json!({ "kind": "notary", "amount": "-1", "when": "drawdown" })),
        "costs[0].amount"
    );
    let drawdowns = json!([{ "month": 24, "amount": "1" }]);
    assert_eq!(of("drawdowns", drawdowns), "drawdowns");
}
