//! `lintel calc` against the shared vectors, the protocol's rules and hostile inputs.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::LazyLock;

use lintel_calc as calc;
use lintel_rule_book::RuleBook;
use serde_json::{Value, json};

static RULES: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the rule book"));

pub(crate) fn answers(input: &str) -> (bool, Vec<Value>) {
    let mut output = Vec::new();
    let good = calc::run(BufReader::new(input.as_bytes()), &mut output, &RULES).unwrap();
    let text = String::from_utf8(output).unwrap();
    (
        good,
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

pub(crate) fn ask(kind: &str, inputs: Value) -> Value {
    let request = json!({ "id": "q", "kind": kind, "inputs": inputs });
    answers(&request.to_string()).1.remove(0)
}

pub(crate) fn result(kind: &str, inputs: Value) -> Value {
    let answer = ask(kind, inputs);
    assert!(answer.get("error").is_none(), "{answer}");
    answer["result"].clone()
}

/// Code and field of a refusal.
pub(crate) fn refusal(kind: &str, inputs: Value) -> (String, String) {
    let answer = ask(kind, inputs);
    let error = answer.get("error").unwrap_or_else(|| panic!("{answer}"));
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    assert!(!text("message").is_empty());
    (text("code"), text("field"))
}

pub(crate) fn invalid(kind: &str, inputs: Value) -> String {
    let (code, field) = refusal(kind, inputs);
    assert_eq!(code, "invalid", "{field}");
    field
}

fn number(value: &Value) -> f64 {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    match text.split_once('/') {
        Some((a, b)) => a.parse::<f64>().unwrap() / b.parse::<f64>().unwrap(),
        None => text.parse().unwrap(),
    }
}

/// Compares one expected value with the answer, lists element by element.
fn agrees(expected: &Value, found: &Value, tolerance: f64) -> bool {
    match (expected, found) {
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(a, b)| agrees(a, b, tolerance))
        }
        _ if expected == found => true,
        (Value::Bool(_) | Value::Null, _) | (_, Value::Bool(_) | Value::Null) => false,
        _ => (number(expected) - number(found)).abs() <= tolerance,
    }
}

#[test]
fn shared_vectors() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/vectors.json"
    );
    let Ok(text) = std::fs::read_to_string(Path::new(path)) else {
        println!("SKIPPED: the shared vectors are not at {path}");
        return;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let known: Vec<_> = calc::kinds().iter().map(|kind| kind.name).collect();
    let mut seen = BTreeMap::<String, u32>::new();
    for vector in file["vectors"].as_array().unwrap() {
        let kind = vector["kind"].as_str().unwrap();
        assert!(known.contains(&kind), "there is no kind {kind}");
        *seen.entry(kind.to_owned()).or_default() += 1;
        let found = result(kind, vector["inputs"].clone());
        for (name, expected) in vector["expected"].as_object().unwrap() {
            let tolerances = vector["tolerance"].as_object().unwrap();
            let tolerance = tolerances.get(name).or(tolerances.values().next());
            let tolerance = tolerance.map_or(0.0, number);
            assert!(
                agrees(expected, &found[name], tolerance),
                "{vector} gave {found}"
            );
        }
    }
    println!("vectors: {seen:?}");
}

#[test]
fn answers_are_in_order_and_bad_lines_do_not_stop_the_rest() {
    let good =
        r#"{"id":7,"kind":"payment","inputs":{"principal":100,"rate_percent":0,"term_months":4}}"#;
    let input = format!(
        "{good}\n\nnot json\n[1]\n{{\"id\":\"x\"}}\n{{\"id\":8,\"kind\":\"nope\"}}\n  \n{good}"
    );
    let (all_good, answers) = answers(&input);
    assert!(!all_good);
    let codes: Vec<_> = answers
        .iter()
        .map(|a| a["error"]["code"].as_str().unwrap_or("-"))
        .collect();
    assert_eq!(
        codes,
        ["-", "invalid", "invalid", "invalid", "unknown_kind", "-"]
    );
    assert_eq!(
        answers[0].to_string(),
        r#"{"id":7,"kind":"payment","result":{"payment":"25.00"}}"#
    );
    assert_eq!(answers[3]["id"], "x");
    assert_eq!(
        (&answers[4]["id"], &answers[4]["kind"]),
        (&json!(8), &json!("nope"))
    );
    assert_eq!(answers[4]["error"]["field"], "kind");
    assert!(self::answers(good).0);
    assert_eq!(self::answers(""), (true, Vec::new()));
}

#[test]
fn a_line_over_a_mebibyte_is_refused_and_the_next_is_read() {
    let good = "\n{\"id\":1,\"kind\":\"payment\",\"inputs\":{\"principal\":\"100\",\"rate_percent\":\"0\",\"term_months\":\"4\"}}\n";
    let long = std::io::repeat(b' ').take(40 * 1024 * 1024);
    let mut output = Vec::new();
    let input = BufReader::new(long.chain(good.as_bytes()));
    assert!(!calc::run(input, &mut output, &RULES).unwrap());
    let text = String::from_utf8(output).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["error"]["code"], "too_large");
    assert_eq!(lines[1]["result"]["payment"], "25.00");
    let deep = "[".repeat(500_000);
    assert_eq!(answers(&deep).1[0]["error"]["code"], "invalid");
    assert_eq!(
        answers("{\"id\":\"\u{0}\"}").1[0]["error"]["code"],
        "invalid"
    );
}

#[test]
fn errors_name_the_path() {
    let stream = |count: Value| {
        json!({ "amount_financed": "5000", "unit_period": "1 month", "unit_periods_per_year": "12",
                "streams": [{ "t": 1, "f": "0", "count": count, "amount": "230" }] })
    };
    let answer = ask("us_apr", stream(json!(0)));
    assert_eq!(
        answer["error"],
        json!({ "code": "invalid", "field": "streams[0].count", "message": "must be 1 or more" })
    );
    for count in [
        json!(-1),
        json!(1.5),
        json!("x"),
        json!(null),
        json!(true),
        json!(1e30),
    ] {
        assert_eq!(invalid("us_apr", stream(count)), "streams[0].count");
    }
    let (code, field) = refusal("us_apr", stream(json!(100_001)));
    assert_eq!(
        (code.as_str(), field.as_str()),
        ("too_large", "streams[0].count")
    );
    let arm = json!({ "principal": 1, "rate_percent": 1, "term_months": 12, "arm": {} });
    assert_eq!(invalid("us_loan_apr", arm), "arm.first_adjustment_months");
    let nothing = json!({ "principal": 1, "rate_percent": 1, "term_months": 12,
                          "mi": { "monthly": 1, "original_value": 0 } });
    assert_eq!(invalid("us_loan_apr", nothing), "mi.original_value");
    assert_eq!(invalid("payment", json!([])), "inputs");
    assert_eq!(invalid("payment", json!({})), "principal");
}

fn single(amount: &str, unit: &str, t: u32, count: u32, payment: &str) -> Value {
    json!({ "amount_financed": amount, "unit_period": unit,
            "streams": [{ "t": t, "f": "0", "count": count, "amount": payment }] })
}

#[test]
fn zero_negative_and_extreme_rates() {
    let apr = |inputs| {
        result("us_apr", inputs)["apr_percent"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(apr(single("1000", "1 month", 1, 10, "100")), "0.000000000");
    assert_eq!(apr(single("1000", "1 year", 1, 1, "1")), "-99.900000000");
    assert_eq!(
        apr(single("1000000000000000", "1 month", 1, 1, "0.01")),
        "-1200.000000000"
    );
    assert_eq!(
        apr(single("900000000000000", "1 year", 1, 1, "990000000000000")),
        "10.000000000"
    );
}

#[test]
fn amounts_must_be_positive_plain_and_bounded() {
    for bad in [
        "0",
        "-5",
        "1e5",
        "NaN",
        "inf",
        "",
        "1,000",
        "0x10",
        "1000000000000001",
        " 5",
    ] {
        assert_eq!(
            invalid("us_apr", single(bad, "1 month", 1, 1, "5")),
            "amount_financed",
            "{bad}"
        );
        assert_eq!(
            invalid("us_apr", single("5", "1 month", 1, 1, bad)),
            "streams[0].amount",
            "{bad}"
        );
        assert_eq!(
            invalid(
                "payment",
                json!({ "principal": bad, "rate_percent": 5, "term_months": 12 })
            ),
            "principal",
            "{bad}"
        );
    }
    let huge = "9".repeat(100_000);
    assert_eq!(
        invalid("us_apr", single(&huge, "1 month", 1, 1, "5")),
        "amount_financed"
    );
    let rate = |rate: Value| json!({ "principal": 5, "rate_percent": rate, "term_months": 12 });
    for bad in [
        json!(-1),
        json!("1e999"),
        json!(1e300),
        json!("abc"),
        json!({}),
        json!(10_001),
    ] {
        assert_eq!(invalid("payment", rate(bad)), "rate_percent");
    }
}

#[test]
fn no_root_and_several_roots_are_refused() {
    let (code, _) = refusal("us_apr", single("1", "1 month", 1, 1, "1000000000000000"));
    assert_eq!(code, "no_solution");
    let paid_at_once = json!({ "amount_financed": 100, "unit_period": "1 month",
        "streams": [{ "t": 0, "count": 1, "amount": 100 }, { "t": 1, "count": 1, "amount": 1 }] });
    assert_eq!(refusal("us_apr", paid_at_once).0, "no_solution");
    // No time passes at all: every rate balances it, so none is the answer.
    let at_once = single("1000", "1 month", 0, 1, "1000");
    assert_eq!(refusal("us_apr", at_once).0, "no_solution");
    let several = json!({
        "advances": [["2020-01-01", 1000], ["2022-01-01", 1320]], "unit_period": "1 year",
        "streams": [{ "first_date": "2021-01-01", "count": 1, "amount": 2300 }] });
    assert_eq!(refusal("us_apr_dates", several).0, "no_solution");
}

#[test]
fn forty_years_of_weeks_and_a_hundred_thousand_payments() {
    let weekly = json!({ "advance_date": "2020-01-01", "amount_financed": 100_000,
        "streams": [{ "first_date": "2020-01-08", "count": 2080, "amount": 130, "interval": "1 week" }] });
    let found = result("us_apr_dates", weekly);
    assert_eq!(found["unit_period"], "1 week");
    assert_eq!(found["streams"][0], json!({ "t": 1, "f": "0/7" }));
    let daily = single("100000", "1 day", 1, 100_000, "20");
    assert!(number(&result("us_apr", daily)["apr_percent"]) > 7.0);
    // Weekly payments counted in months: every payment by its own date.
    let mixed = json!({ "advance_date": "2020-01-01", "amount_financed": 100_000, "unit_period": "1 month",
        "streams": [{ "first_date": "2020-01-08", "count": 2080, "amount": 130, "interval": "1 week" }] });
    assert!(
        (number(&result("us_apr_dates", mixed)["apr_percent"]) - number(&found["apr_percent"]))
            .abs()
            < 0.05
    );
    let past = json!({ "advance_date": "2020-01-01", "amount_financed": 100_000, "unit_period": "1 year",
        "streams": [{ "first_date": "2021-01-01", "count": 2080, "amount": 130 }] });
    assert_eq!(invalid("us_apr_dates", past), "streams[0].count");
}

#[test]
fn dates_before_the_advance_leap_days_and_month_ends() {
    let loan = |advance: &str, first: &str, month_end: bool| {
        json!({ "advance_date": advance, "amount_financed": 1000, "streams": [
            { "first_date": first, "count": 12, "amount": 90, "month_end_series": month_end }] })
    };
    assert_eq!(
        invalid("us_apr_dates", loan("2024-02-29", "2024-02-28", false)),
        "streams[0].first_date"
    );
    assert_eq!(
        invalid("us_apr_dates", loan("2023-02-29", "2023-03-28", false)),
        "advance_date"
    );
    assert_eq!(
        invalid("us_apr_dates", loan("2023-02-28", "2023-03-30", true)),
        "streams[0].first_date"
    );
    let found = result("us_apr_dates", loan("2024-02-29", "2024-03-31", true));
    assert_eq!(found["streams"][0], json!({ "t": 1, "f": "0/30" }));
    let found = result("us_apr_dates", loan("2024-01-31", "2024-02-29", true));
    assert_eq!(found["streams"][0], json!({ "t": 1, "f": "0/30" }));
    let found = result("us_apr_dates", loan("2024-01-31", "2024-02-29", false));
    assert_eq!(found["streams"][0], json!({ "t": 0, "f": "29/30" }));
    let interval = |start: &str, end: &str| json!({ "start": start, "end": end, "unit_period": "1 month", "month_end_series": false });
    assert_eq!(
        invalid(
            "us_unit_period_interval",
            interval("2024-03-01", "2024-02-29")
        ),
        "end"
    );
    let found = result(
        "us_unit_period_interval",
        interval("2024-02-29", "2024-02-29"),
    );
    assert_eq!(found, json!({ "t": 0, "f": "0/30" }));
    assert_eq!(
        invalid(
            "us_unit_period_interval",
            interval("2024-02-30", "2024-03-01")
        ),
        "start"
    );
}

#[test]
fn unit_periods_are_found_from_the_streams() {
    let found = |streams: Value| {
        let inputs =
            json!({ "advance_date": "1978-01-10", "amount_financed": 5000, "streams": streams });
        let found = result("us_apr_dates", inputs);
        (
            found["unit_period"].as_str().unwrap().to_owned(),
            found["apr_percent"].clone(),
        )
    };
    let monthly = json!([{ "first_date": "1978-02-10", "count": 23, "amount": "230" },
                         { "first_date": "1980-01-10", "count": 1, "amount": "280" }]);
    let (unit, apr) = found(monthly);
    assert_eq!(unit, "1 month");
    assert!((number(&apr) - 10.50).abs() < 0.005);
    // Four quarterly payments lead to the next stream a year later.
    let quarterly = json!([{ "first_date": "1978-04-10", "count": 4, "amount": "900" },
                           { "first_date": "1979-04-10", "count": 4, "amount": "700", "interval": "3 months" }]);
    assert_eq!(found(quarterly).0, "3 months");
    let semimonthly = json!([{ "first_date": "1978-02-01", "count": 24, "amount": "150" },
                             { "first_date": "1979-02-01", "count": 1, "amount": "3000" }]);
    assert_eq!(found(semimonthly).0, "semimonth");
    // Appendix J (c)(2)(ii): an odd first payment four weeks before the others.
    let weeks = json!([{ "first_date": "1978-03-12", "count": 1, "amount": "500" },
                       { "first_date": "1978-04-09", "count": 11, "amount": "480" }]);
    assert_eq!(found(weeks).0, "4 weeks");
    // Insurance as a stream of its own beside the payments.
    let parallel = json!([{ "first_date": "1978-02-10", "count": 24, "amount": "230" },
                          { "first_date": "1978-02-10", "count": 12, "amount": "10" }]);
    assert_eq!(found(parallel).0, "1 month");
    assert_eq!(
        found(json!([{ "first_date": "1978-09-22", "amount": 5400 }])).0,
        "255 days (term)"
    );
}

/// A single payment a term of whole months away is one unit-period away, even where counting back
/// from a February end would leave odd days.
#[test]
fn a_single_payment_is_one_term_away() {
    for (advance, payment, unit, apr) in [
        ("2024-02-29", "2025-02-28", "12 months (term)", 10.0),
        ("2023-01-31", "2023-02-28", "1 month (term)", 120.0),
        (
            "2023-01-31",
            "2023-03-01",
            "29 days (term)",
            10.0 * 365.0 / 29.0,
        ),
    ] {
        let inputs = json!({ "advance_date": advance, "amount_financed": "1000",
                             "streams": [{ "first_date": payment, "count": 1, "amount": "1100" }] });
        let found = result("us_apr_dates", inputs);
        assert_eq!(found["unit_period"], unit, "{advance}");
        assert!(
            (number(&found["apr_percent"]) - apr).abs() < 1e-8,
            "{advance} {found}"
        );
        assert_eq!(found["streams"][0]["t"], 1, "{advance}");
    }
}

#[test]
fn contradictions_are_refused() {
    let unit = |unit: Value, per_year: Value| {
        json!({ "amount_financed": 100, "unit_period": unit, "unit_periods_per_year": per_year,
                "streams": [{ "t": 1, "f": "0", "count": 1, "amount": 101 }] })
    };
    assert_eq!(
        invalid("us_apr", unit(json!("1 month"), json!(52))),
        "unit_periods_per_year"
    );
    assert_eq!(
        invalid("us_apr", unit(json!("1 month"), json!("12/0"))),
        "unit_periods_per_year"
    );
    assert_eq!(
        invalid("us_apr", unit(json!("fortnight"), json!(26))),
        "unit_period"
    );
    assert_eq!(
        invalid("us_apr", unit(json!(null), json!(null))),
        "unit_period"
    );
    assert_eq!(
        result("us_apr", unit(json!(null), json!(12)))["apr_percent"],
        "12.000000000"
    );
    assert_eq!(
        result("us_apr", unit(json!("1 month"), json!(12.0)))["apr_percent"],
        "12.000000000"
    );
    let f = json!({ "amount_financed": 100, "unit_period": "1 month",
                    "streams": [{ "t": 1, "f": "31/30", "count": 1, "amount": 101 }] });
    assert_eq!(invalid("us_apr", f), "streams[0].f");
    let path = json!({ "principal": 1000, "term_months": 12,
                       "rate_path": [{ "rate_percent": 5, "months": 11 }] });
    assert_eq!(invalid("us_arm_composite_payments", path), "rate_path");
    let days = json!({ "principal": 1000, "rate_percent": 5, "days": 3, "day_basis": 360,
                       "from_date": "2026-01-01", "to_date": "2026-01-05" });
    assert_eq!(invalid("us_prepaid_interest", days), "days");
    let basis = json!({ "principal": 1000, "rate_percent": 5, "days": 3, "day_basis": 361 });
    assert_eq!(invalid("us_prepaid_interest", basis), "day_basis");
    let dates = json!({ "principal": 100, "rate_percent": 5, "first": "2026-01-01",
                        "due_dates": ["2026-02-01", "2026-02-01"], "day_count": "actual/365" });
    assert_eq!(invalid("schedule", dates), "due_dates");
}

#[test]
fn us_loan_apr_gives_the_whole_loan() {
    let found = result(
        "us_loan_apr",
        json!({
        "principal": "162000", "rate_percent": "3.875", "term_months": 360,
        "interest_only_months": 0, "prepaid_finance_charge": "0",
        "mi": { "monthly": "82.35", "original_value": "180000", "threshold_percent": "78" },
        "closing_date": "2013-04-15", "first_payment_date": "2013-06-01",
        "ignore_minor_irregularities": true }),
    );
    assert!((number(&found["apr_percent"]) - 4.174).abs() < 0.0005);
    assert_eq!(found["finance_charge"], "118831.70");
    assert_eq!(found["total_of_payments"], "280831.70");
    assert!((number(&found["tip_percent"]) - 69.28).abs() < 0.01);
    assert_eq!(
        found["payment_stream"][0],
        json!({ "number_of_payments": 80, "payment": "844.13", "principal_and_interest": "761.78",
                "mortgage_insurance": "82.35", "note_rate_percent": "3.875000000",
                "start": "2013-06-01" })
    );
    let charge = json!({ "principal": 1000, "rate_percent": 5, "term_months": 12,
                         "prepaid_finance_charge": 1000 });
    assert_eq!(invalid("us_loan_apr", charge), "prepaid_finance_charge");
    let zero = json!({ "principal": 1200, "rate_percent": 0, "term_months": 12 });
    assert_eq!(result("us_loan_apr", zero)["apr_percent"], "0.000000000");
    let one = json!({ "principal": 1200, "rate_percent": 12, "term_months": 1 });
    assert_eq!(result("us_loan_apr", one)["apr_percent"], "12.000000000");
}

#[test]
fn kinds_explain_themselves() {
    let table = calc::kinds_table();
    for kind in calc::kinds() {
        assert!(table.contains(kind.name));
        let page = calc::explain_kind(kind.name).unwrap();
        assert!(page.contains(kind.formula) && page.contains(kind.source));
    }
    assert!(calc::explain_kind("nope").is_none());
}
