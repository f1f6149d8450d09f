//! The kinds of Portugal: published figures, edges of the tables, hostile inputs.

use std::sync::LazyLock;

use lintel_rule_book::RuleBook;
use serde_json::{Value, json};

static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

fn ask(kind: &str, inputs: Value) -> Value {
    let request = json!({ "id": 1, "kind": kind, "inputs": inputs }).to_string();
    let mut output = Vec::new();
    lintel_calc::run(request.as_bytes(), &mut output, &RULES).expect("an answer");
    serde_json::from_slice(&output).expect("JSON")
}

fn result(kind: &str, inputs: Value) -> Value {
    let answer = ask(kind, inputs);
    assert!(answer.get("error").is_none(), "{answer}");
    answer["result"].clone()
}

/// The field a refusal names.
fn refused(kind: &str, inputs: Value) -> String {
    let answer = ask(kind, inputs);
    let error = answer.get("error").unwrap_or_else(|| panic!("{answer}"));
    error["field"].as_str().unwrap_or_default().to_owned()
}

/// `base` with members replaced or, when null, taken away.
fn with(base: &Value, changes: Value) -> Value {
    let mut inputs = base.clone();
    for (name, value) in changes.as_object().expect("an object") {
        inputs[name] = value.clone();
    }
    inputs
}

#[test]
fn deco_2024_10_payment() {
    let base = json!({
        "principal": "150000", "euribor_month_average_percent": "3.002", "spread_percent": "1.000",
        "term_months": 360
    });
    assert_eq!(result("pt_payment", base.clone())["payment"], "716.30");
    let negative = with(&base, json!({ "euribor_month_average_percent": "-0.394" }));
    assert_eq!(result("pt_payment", negative)["payment"], "455.79");
    let below_zero = with(&base, json!({ "euribor_month_average_percent": -1.2 }));
    assert_eq!(result("pt_payment", below_zero)["payment"], "404.26");
    for (change, field) in [
        (json!({ "principal": "0" }), "principal"),
        (json!({ "principal": "-5" }), "principal"),
        (json!({ "principal": "1000000000000000.01" }), "principal"),
        (json!({ "term_months": 0 }), "term_months"),
        (json!({ "term_months": 1201 }), "term_months"),
        (json!({ "spread_percent": "-104" }), "spread_percent"),
        (json!({ "spread_percent": "10000" }), "spread_percent"),
        (json!({ "spread_percent": null }), "spread_percent"),
        (
            json!({ "tan_percent": "3" }),
            "euribor_month_average_percent",
        ),
    ] {
        assert_eq!(refused("pt_payment", with(&base, change)), field);
    }
}

#[test]
fn section_5_2_taeg_and_mtic() {
    let base = json!({
        "amount": "180000", "term_months": 360,
        "tan_path": [{ "tan_percent": "3.037", "months": 360 }],
        "upfront_costs": "1620.80", "monthly_costs": "42.108"
    });
    let found = result("pt_taeg_mtic", base.clone());
    let taeg: f64 = found["taeg_percent"].as_str().unwrap().parse().unwrap();
    assert!((taeg - 3.593_876_86).abs() < 1e-6, "{taeg}");
    assert_eq!(found["taeg_disclosed"], "3.6");
    assert_eq!(found["mtic"], "291274.77");
    assert_eq!(found["first_instalment"], "762.48");
    assert_eq!(found["last_instalment"], "764.77");
    let steps = |steps: &[(&str, u32)]| {
        let step = |(tan, months): &(&str, u32)| json!({ "tan_percent": tan, "months": months });
        json!({ "tan_path": steps.iter().map(step).collect::<Vec<_>>() })
    };
    let mixed = with(&base, steps(&[("2.5", 24), ("3.037", 336)]));
    assert_eq!(result("pt_taeg_mtic", mixed)["first_instalment"], "711.22");
    for (change, field) in [
        (steps(&[("3", 359)]), "tan_path"),
        (steps(&[]), "tan_path"),
        (steps(&[("-101", 360)]), "tan_path"),
        (json!({ "upfront_costs": "-1" }), "upfront_costs"),
        (json!({ "monthly_costs": "1e3" }), "monthly_costs"),
        (
            json!({ "monthly_costs": "9999999999999999" }),
            "monthly_costs",
        ),
        (json!({ "amount": "0.001" }), "amount"),
    ] {
        assert_eq!(refused("pt_taeg_mtic", with(&base, change)), field);
    }
    let eaten = ask(
        "pt_taeg_mtic",
        with(&base, json!({ "upfront_costs": "180000" })),
    );
    assert_eq!(eaten["error"]["code"], "no_solution");
    let huge = with(
        &base,
        json!({ "amount": "1000000000000000", "upfront_costs": 0 }),
    );
    assert_eq!(refused("pt_taeg_mtic", huge), "amount");
}

#[test]
fn stamp_duty_at_the_edges_of_the_term() {
    let credit = |amount: &str, months: u32| {
        let inputs = json!({ "amount": amount, "term_months": months });
        result("pt_stamp_duty_credit", inputs)["tax"].clone()
    };
    assert_eq!(credit("180000", 60), "1080.00");
    assert_eq!(credit("50000", 59), "250.00");
    assert_eq!(credit("50000", 12), "250.00");
    assert_eq!(credit("50000", 11), "220.00");
    assert_eq!(credit("1000000000000000", 1200), "6000000000000.00");
    let fee = |inputs: Value| result("pt_stamp_duty_fee", inputs)["tax"].clone();
    assert_eq!(
        fee(json!({ "fee": "290.00", "rate_percent": "4" })),
        "11.60"
    );
    assert_eq!(fee(json!({ "fee": 230 })), "9.20");
    assert_eq!(refused("pt_stamp_duty_fee", json!({ "fee": "-1" })), "fee");
    let before = json!({ "amount": 1, "term_months": 1, "date": "2017-12-31" });
    assert_eq!(refused("pt_stamp_duty_credit", before), "date");
    let none = json!({ "amount": 1, "term_months": 0 });
    assert_eq!(refused("pt_stamp_duty_credit", none), "term_months");
}

#[test]
fn imt_of_each_use_and_region() {
    let base = json!({
        "date": "2026-09-01", "value": "250000", "use": "own_permanent_home", "region": "mainland"
    });
    let imt = |change: Value| result("pt_imt", with(&base, change))["imt"].clone();
    assert_eq!(imt(json!({})), "7042.04");
    assert_eq!(imt(json!({ "value": 1200000 })), "90000.00");
    assert_eq!(
        imt(json!({ "value": "1000000000000000" })),
        "75000000000000.00"
    );
    assert_eq!(
        imt(json!({ "date": "2024-02-29", "value": "200000" })),
        "3977.58"
    );
    assert_eq!(
        imt(json!({ "use": "secondary", "value": "100000" })),
        "1000.00"
    );
    assert_eq!(imt(json!({ "use": "rural" })), "12500.00");
    assert_eq!(imt(json!({ "use": "other_urban" })), "16250.00");
    assert_eq!(
        imt(json!({ "region": "azores", "value": "132000" })),
        "0.00"
    );
    assert_eq!(imt(json!({ "region": null })), "7042.04");
    assert_eq!(result("pt_imt", base.clone())["parcel"], "10457.96");
    for (change, field) in [
        (json!({ "date": "2020-12-31" }), "date"),
        (json!({ "date": "2022-08-01" }), "date"),
        (json!({ "date": "2027-01-01" }), "date"),
        (json!({ "date": "2026-02-29" }), "date"),
        (json!({ "value": "0" }), "value"),
        (json!({ "value": "-100000" }), "value"),
        (json!({ "use": "castle" }), "use"),
        (json!({ "use": null }), "use"),
        (json!({ "region": "spain" }), "region"),
    ] {
        assert_eq!(refused("pt_imt", with(&base, change)), field);
    }
}

#[test]
fn imt_jovem_in_its_three_ranges() {
    let base = json!({ "date": "2024-09-01", "value": "320000", "region": "mainland" });
    assert_eq!(result("pt_imt_jovem", base.clone())["imt"], "258.24");
    let of = |date: &str, value: &str| {
        let found = result(
            "pt_imt_jovem",
            with(&base, json!({ "date": date, "value": value })),
        );
        (
            found["imt"].as_str().unwrap().to_owned(),
            found["relief"].as_str().unwrap().to_owned(),
        )
    };
    let pair = |imt: &str, relief: &str| (imt.to_owned(), relief.to_owned());
    assert_eq!(of("2026-09-01", "600000"), pair("21556.88", "partial"));
    assert_eq!(of("2026-09-01", "330539"), pair("0.00", "full"));
    assert_eq!(of("2026-09-01", "700000"), pair("42000.00", "lost"));
    for (change, field) in [
        (json!({ "date": "2024-07-31" }), "date"),
        (json!({ "value": 0 }), "value"),
        (json!({ "age_years": 36 }), "age_years"),
        (json!({ "first_own_home": false }), "first_own_home"),
        (json!({ "dependant": true }), "dependant"),
        (json!({ "use": "rental" }), "use"),
    ] {
        assert_eq!(refused("pt_imt_jovem", with(&base, change)), field);
    }
}

#[test]
fn maturity_and_shock_at_their_edges() {
    let years = |age: u32, date: &str| {
        let inputs = json!({ "oldest_borrower_age": age, "date": date });
        result("pt_max_maturity", inputs)["max_years"].clone()
    };
    let of_2022 = [30, 31, 35, 36].map(|age| years(age, "2022-04-01"));
    assert_eq!(of_2022, [40, 37, 37, 35]);
    assert_eq!(years(60, "2022-03-31"), 40);
    let shock = |months: u32, date: &str| {
        let inputs = json!({ "term_months": months, "date": date });
        result("pt_dsti_rate_shock", inputs)["shock_points"].clone()
    };
    let of_2023 = [60, 61, 120, 121].map(|months| shock(months, "2023-10-16"));
    assert_eq!(of_2023, ["0.5", "1.0", "1.0", "1.5"]);
    assert_eq!(
        [60, 61, 121].map(|months| shock(months, "2023-10-15")),
        ["1.0", "2.0", "3.0"]
    );
    let age = |age: Value| json!({ "oldest_borrower_age": age, "date": "2024-01-01" });
    assert_eq!(
        refused("pt_max_maturity", age(json!(17))),
        "oldest_borrower_age"
    );
    assert_eq!(
        refused("pt_max_maturity", age(json!(30.5))),
        "oldest_borrower_age"
    );
    let before = json!({ "term_months": 60, "date": "2018-06-30" });
    assert_eq!(refused("pt_dsti_rate_shock", before), "date");
}

#[test]
fn an_application_against_the_limits() {
    let base = json!({
        "date": "2026-04-01", "amount": "180000", "price": "200000", "term_months": 360,
        "tan_percent": "3", "borrowers": [{ "birth_date": "1990-04-01", "monthly_net_income": 2000 }]
    });
    let found = result("pt_assessment", base.clone());
    assert_eq!(found["within"], true);
    assert_eq!(found["stressed_instalment"], "912.03");
    assert_eq!(found["limits"][1]["value"], "45.601500000");
    assert_eq!(found["limits"][2]["limit_value"], "420");
    let over = with(&base, json!({ "valuation": "190000" }));
    assert_eq!(result("pt_assessment", over)["limits"][0]["within"], false);
    let none = with(
        &base,
        json!({ "borrowers": [{ "birth_date": "1990-04-01", "monthly_net_income": 0 }] }),
    );
    assert_eq!(refused("pt_assessment", none), "borrowers");
    let mixed = with(&base, json!({ "rate_type": "mixed", "fixed_months": 24 }));
    assert_eq!(refused("pt_assessment", mixed), "variable_tan_percent");
}

#[test]
fn the_guarantee_and_the_fee_for_repaying_early() {
    let base = json!({
        "date": "2025-03-01", "age_years": 28, "yearly_income": "30000", "price": "300000",
        "amount": "300000"
    });
    let found = result("pt_guarantee", base.clone());
    assert_eq!(
        (&found["eligible"], &found["guarantee"]),
        (&json!(true), &json!("45000.00"))
    );
    let rich = result(
        "pt_guarantee",
        with(&base, json!({ "yearly_income": "83696.01" })),
    );
    assert_eq!(rich["obstacles"], json!(["income"]));
    assert_eq!(
        refused("pt_guarantee", with(&base, json!({ "date": "2027-01-01" }))),
        "date"
    );
    let repay = json!({ "date": "2026-01-02", "outstanding": "100000", "repaid": "10000" });
    let cost = result("pt_early_repayment", repay.clone());
    assert_eq!(
        (&cost["total"], &cost["notice_working_days"]),
        (&json!("52.00"), &json!(7))
    );
    let waived = result(
        "pt_early_repayment",
        with(&repay, json!({ "date": "2025-12-31" })),
    );
    assert_eq!(
        (&waived["waived"], &waived["total"]),
        (&json!(true), &json!("0.00"))
    );
    let more = with(&repay, json!({ "repaid": "100000.01" }));
    assert_eq!(refused("pt_early_repayment", more), "repaid");
}

#[test]
fn the_index_is_the_average_of_the_month_before() {
    let days = [
        2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 30, 31,
    ];
    let fixings: Vec<_> = days
        .iter()
        .map(|day| json!([format!("2026-03-{day:02}"), "2.1875"]))
        .collect();
    let base = json!({ "period_start": "2026-04-15", "tenor": "6M", "fixings": fixings });
    let found = result("pt_euribor_average", base.clone());
    assert_eq!(found["index_percent"], "2.188");
    assert_eq!(found["next_reset"], "2026-10-15");
    let short = with(&base, json!({ "fixings": fixings[1..] }));
    assert_eq!(refused("pt_euribor_average", short), "fixings");
    assert_eq!(
        refused(
            "pt_euribor_average",
            with(&base, json!({ "fixings": null }))
        ),
        "fixings"
    );
    let early = with(&base, json!({ "period_start": "1900-01-01" }));
    assert_eq!(refused("pt_euribor_average", early), "period_start");
}

#[test]
fn a_simulation_shows_both_variants() {
    let base = json!({
        "amount": "180000", "term_months": 360, "date": "2026-04-15",
        "euribor_month_average_percent": "2.187", "spread_percent": "1.35",
        "products": [{ "spread_discount_percent": "0.5", "held": true }],
        "charges": [
            { "code": "file_fee", "amount": "290", "timing": "upfront" },
            { "code": "valuation", "amount": "230", "timing": "upfront" },
            { "code": "life_insurance", "amount": "22.50", "timing": "monthly" },
            { "code": "home_insurance", "amount": "14.20", "timing": "monthly" },
            { "code": "account_fee", "amount": "5.20", "timing": "monthly", "required_for": "bundle" },
            { "code": "notary", "amount": "375", "timing": "upfront" }
        ],
        "highest_euribor_percent": "5.393"
    });
    let found = result("pt_simulation", base.clone());
    let with_products = &found["with_products"];
    assert_eq!(with_products["tan_percent"], "3.037000000");
    assert_eq!(with_products["first_instalment"], "762.48");
    assert_eq!(with_products["taeg_disclosed"], "3.6");
    assert_eq!(with_products["stamp_duty_credit"], "1080.00");
    assert_eq!(with_products["table"].as_array().unwrap().len(), 42);
    assert_eq!(with_products["illustrative"]["tan_percent"], "6.243000000");
    assert_eq!(found["without_products"]["tan_percent"], "3.537000000");
    assert_eq!(found["outside_taeg"][0]["code"], "notary");
    let fixed = with(
        &base,
        json!({ "rate_type": "fixed", "tan_percent": "3.4", "products": null }),
    );
    let fixed = result("pt_simulation", fixed);
    assert_eq!(fixed["with_products"], Value::Null);
    assert_eq!(fixed["without_products"]["illustrative"], Value::Null);
    for (change, field) in [
        (
            json!({ "rate_type": "mixed", "tan_percent": "3", "fixed_months": 360 }),
            "fixed_months",
        ),
        (json!({ "rate_type": "odd" }), "rate_type"),
        (json!({ "utilisation_months": 360 }), "utilisation_months"),
        (json!({ "residual": "180000" }), "residual"),
        (
            json!({ "charges": [{ "code": "x", "amount": 1, "timing": "upfront" }] }),
            "charges",
        ),
        (
            json!({ "charges": [{ "code": "notary", "amount": 1, "timing": "daily" }] }),
            "charges[0].timing",
        ),
        (json!({ "amount": "1000000000000000" }), "amount"),
        (json!({ "negative_interest": "lost" }), "negative_interest"),
    ] {
        assert_eq!(refused("pt_simulation", with(&base, change)), field);
    }
}
