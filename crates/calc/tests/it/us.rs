//! Kinds that look figures of the United States up: the edges of every table, and refusals.

use serde_json::{Value, json};

use crate::protocol::{invalid, result};

/// One member of an answer as text.
pub(crate) fn text(kind: &str, inputs: Value, member: &str) -> String {
    let found = &result(kind, inputs)[member];
    found
        .as_str()
        .map_or_else(|| found.to_string(), str::to_owned)
}

#[test]
fn fha_annual_premiums_of_mortgagee_letter_2023_05() {
    let row = |term: u32, base: &str, ltv: &str| {
        let inputs = json!({
            "term_months": term, "base_loan": base, "ltv_percent": ltv, "date": "2026-11-20",
        });
        let found = result("us_fha_annual_mip", inputs);
        format!("{} {}", found["rate_bps"], found["duration_months"])
    };
    for (term, base, ltv, expected) in [
        (360, "726200", "95", "50 360"),
        (360, "726200", "95.000000001", "55 360"),
        (360, "726200", "90", "50 132"),
        (360, "726200.01", "90", "70 132"),
        (360, "726200.01", "95.01", "75 360"),
        (181, "400000", "78", "50 132"),
        (180, "726200", "90", "15 132"),
        (180, "726200", "90.01", "40 180"),
        (180, "800000", "78", "15 132"),
        (180, "800000", "78.01", "40 132"),
        (180, "800000", "90", "40 132"),
        (180, "800000", "90.01", "65 180"),
        (120, "400000", "80", "15 120"),
    ] {
        assert_eq!(row(term, base, ltv), expected, "{term} {base} {ltv}");
    }
    let case = |case: &str| {
        let inputs = json!({
            "term_months": 360, "base_loan": "200000", "ltv_percent": "97", "case": case,
        });
        text("us_fha_annual_mip", inputs, "rate_bps")
    };
    assert_eq!(case("old_loan_refinance"), "55");
    assert_eq!(case("hawaiian_home_lands"), "0");
    let early = json!({
        "term_months": 360, "base_loan": "1", "ltv_percent": "90", "date": "2023-03-19",
    });
    assert_eq!(invalid("us_fha_annual_mip", early), "date");
}

#[test]
fn upfront_charges() {
    let ufmip = |inputs| text("us_fha_ufmip", inputs, "ufmip");
    assert_eq!(
        ufmip(json!({ "base_loan": "333333.33", "rate_percent": "1.75" })),
        "5833.33"
    );
    assert_eq!(ufmip(json!({ "base_loan": "100000" })), "1750.00");
    let usda = |financed: bool| {
        let inputs = json!({ "base_loan": "250000", "rate_percent": "1.0", "financed": financed });
        let found = result("us_usda_upfront", inputs);
        format!("{} {}", found["fee"], found["total_loan"])
    };
    assert_eq!(usda(true), "\"2525.25\" \"252525.25\"");
    assert_eq!(usda(false), "\"2500.00\" \"250000.00\"");
    let all = json!({ "base_loan": "1", "rate_percent": "100", "financed": true });
    assert_eq!(invalid("us_usda_upfront", all), "rate_percent");
}

#[test]
fn annual_premiums_step_down_each_year() {
    let inputs = json!({
        "program": "fha", "base_loan": "200000", "rate_percent": "6", "term_months": 360,
        "ltv_percent": "90",
    });
    let found = result("us_annual_premiums", inputs);
    assert_eq!(found["payments"], 132);
    let monthly = found["monthly"].as_array().unwrap();
    // 0.50 % of the first year's average, 198,886.49, / 12.
    assert_eq!((monthly.len(), &monthly[0]), (30, &json!("82.87")));
    assert_eq!(monthly[11], "0.00");
    let usda = json!({
        "program": "usda", "base_loan": "101010.10", "rate_percent": "0", "term_months": 12,
    });
    let found = result("us_annual_premiums", usda);
    // Average 54,713.80 of 101,010.10 paid down by 8,417.51.
    assert_eq!(found["monthly"], json!(["15.96"]));
    assert_eq!(found["total"], "191.52");
}

#[test]
fn a_five_year_arm_is_tested_at_its_highest_early_rate() {
    let loan = |first: u32| {
        json!({
            "principal": "400000", "rate_percent": "6", "term_months": 360,
            "arm": {
                "first_adjustment_months": first, "adjustment_months": 12, "index_percent": "4",
                "margin_percent": "2.75", "first_cap_percent": "2", "periodic_cap_percent": "2",
                "lifetime_cap_percent": "5",
            },
        })
    };
    let early = result("us_short_reset_apr", loan(60));
    assert_eq!(
        (&early["short_reset"], &early["rate_percent"]),
        (&json!(true), &json!("8.000000000"))
    );
    let apr: f64 = early["qm_apr_percent"].as_str().unwrap().parse().unwrap();
    assert!((apr - 8.0).abs() < 1e-5, "{apr}");
    assert_eq!(result("us_short_reset_apr", loan(84))["short_reset"], false);
}

#[test]
fn va_funding_fees_of_circular_26_23_06() {
    let fee = |purpose: &str, usage: &str, down: &str| {
        let inputs = json!({
            "purpose": purpose, "use": usage, "down_payment_percent": down, "exempt": false,
        });
        text("us_va_funding_fee", inputs, "rate_percent")
    };
    for (purpose, usage, down, expected) in [
        ("purchase", "first", "4.99", "2.15"),
        ("purchase", "first", "9.99", "1.50"),
        ("construction", "later", "0", "3.30"),
        ("purchase", "subsequent", "5", "1.50"),
        ("purchase", "any", "12", "1.25"),
        ("cash_out", "later", "", "3.30"),
        ("irrrl", "any", "", "0.50"),
        ("assumption", "any", "", "0.50"),
        ("manufactured", "first", "", "1.00"),
        ("native_american_direct", "any", "", "1.25"),
        ("vendee", "any", "", "2.25"),
    ] {
        assert_eq!(
            fee(purpose, usage, down),
            expected,
            "{purpose} {usage} {down}"
        );
    }
    let exempt = json!({ "purpose": "purchase", "use": "later", "exempt": true });
    assert_eq!(text("us_va_funding_fee", exempt, "rate_percent"), "0.00");
    for (inputs, field) in [
        (json!({ "purpose": "purchase", "use": "any" }), "use"),
        (json!({ "purpose": "boat", "use": "first" }), "purpose"),
        (
            json!({ "purpose": "purchase", "use": "first", "down_payment_percent": "-1" }),
            "down_payment_percent",
        ),
        (json!({ "purpose": "vendee", "date": "2031-11-14" }), "date"),
    ] {
        assert_eq!(invalid("us_va_funding_fee", inputs), field);
    }
}

#[test]
fn llpa_columns_and_rows_have_their_edges() {
    let llpa = |score: Value, ltv: &str| {
        let inputs = json!({ "purpose": "purchase", "credit_score": score, "ltv_percent": ltv });
        text("us_llpa_base", inputs, "llpa_percent")
    };
    for (score, ltv, expected) in [
        (780, "30", "0.000"),
        (780, "95.01", "0.125"),
        (779, "70.01", "0.250"),
        (739, "80", "1.250"),
        (720, "85.01", "1.000"),
        (660, "85", "2.125"),
        (640, "97", "1.500"),
        (639, "60", "0.125"),
        (620, "80.01", "2.875"),
    ] {
        assert_eq!(llpa(json!(score), ltv), expected, "{score} {ltv}");
    }
    assert_eq!(llpa(Value::Null, "75"), "2.125");
    let second = json!({
        "purpose": "purchase", "credit_score": 740, "ltv_percent": "80", "attribute": "second_home",
    });
    assert_eq!(text("us_llpa_base", second, "llpa_percent"), "3.375");
    let cash_out = json!({ "purpose": "cash_out", "credit_score": 740, "ltv_percent": "80" });
    assert_eq!(invalid("us_llpa_base", cash_out), "purpose");
    let unheard = json!({
        "purpose": "purchase", "credit_score": 740, "ltv_percent": "80", "attribute": "boat",
    });
    assert_eq!(invalid("us_llpa_base", unheard), "attribute");
}

#[test]
fn loan_limits_of_2025_and_2026() {
    let limit = |kind: &str, year: u32, units: u32| {
        let found = result(kind, json!({ "year": year, "units": units }));
        let (low, high) = match kind {
            "us_fha_limit" => ("floor", "ceiling"),
            _ => ("baseline", "high_cost_ceiling"),
        };
        format!(
            "{} {}",
            found[low].as_str().unwrap(),
            found[high].as_str().unwrap()
        )
    };
    assert_eq!(limit("us_conforming_limit", 2026, 3), "1288800 1933200");
    assert_eq!(limit("us_conforming_limit", 2026, 4), "1601750 2402625");
    assert_eq!(limit("us_conforming_limit", 2025, 1), "806500 1209750");
    // 65 % of the baseline, rounded down.
    assert_eq!(limit("us_fha_limit", 2026, 1), "541287 1249125");
    assert_eq!(limit("us_fha_limit", 2025, 1), "524225 1209750");
    for (year, units, field) in [(2027, 1, "year"), (2024, 1, "year"), (2026, 5, "units")] {
        let inputs = json!({ "year": year, "units": units });
        assert_eq!(invalid("us_conforming_limit", inputs), field);
    }
    let special = json!({ "year": 2025, "units": 1, "area": "special" });
    assert_eq!(invalid("us_conforming_limit", special), "units");
}

#[test]
fn price_thresholds_of_2026_have_their_edges() {
    let threshold = |amount: &str, lien: u32, manufactured: bool| {
        let inputs = json!({
            "loan_amount": amount, "lien": lien, "year": 2026, "manufactured_home": manufactured,
        });
        text("us_qm_price_threshold", inputs, "threshold_points")
    };
    for (amount, lien, manufactured, expected) in [
        ("137958", 1, false, "2.25"),
        ("137957.99", 1, false, "3.5"),
        ("82774.99", 1, false, "6.5"),
        ("137957.99", 1, true, "6.5"),
        ("137958", 1, true, "2.25"),
        ("82774.99", 2, false, "6.5"),
        ("1000000", 2, false, "3.5"),
    ] {
        assert_eq!(
            threshold(amount, lien, manufactured),
            expected,
            "{amount} {lien}"
        );
    }
    let cap = |total: &str| {
        let inputs = json!({ "total_loan_amount": total, "year": 2026 });
        text("us_qm_points_fees_cap", inputs, "cap")
    };
    for (total, expected) in [
        ("300000", "9000.00"),
        ("137957.99", "4139.00"),
        ("82774.99", "4138.75"),
        ("27592", "1379.60"),
        ("27591.99", "1380.00"),
        ("17245", "1380.00"),
        ("17244.99", "1379.60"),
        ("0.01", "0.00"),
    ] {
        assert_eq!(cap(total), expected, "{total}");
    }
    let trigger = |total: &str| {
        let inputs = json!({ "total_loan_amount": total, "year": 2026 });
        text("us_hoepa_points_fees_trigger", inputs, "trigger")
    };
    assert_eq!(trigger("27591.99"), "1380.00");
    assert_eq!(trigger("17000"), "1360.00");
    assert_eq!(trigger("100000"), "5000.00");
    for kind in ["us_qm_points_fees_cap", "us_hoepa_points_fees_trigger"] {
        let early = json!({ "total_loan_amount": "100000", "year": 2025 });
        assert_eq!(invalid(kind, early), "year");
        let nothing = json!({ "total_loan_amount": "0", "year": 2026 });
        assert_eq!(invalid(kind, nothing), "total_loan_amount");
    }
}

#[test]
fn higher_priced_high_cost_and_qualified() {
    let hpml = |apr: &str, lien: u32, above: bool| {
        let inputs = json!({
            "apr_percent": apr, "apor_percent": "6.500", "lien": lien, "above_conforming_limit": above,
        });
        result("us_hpml", inputs)["hpml"] == true
    };
    assert!(hpml("8.000", 1, false));
    assert!(!hpml("8.000", 1, true));
    assert!(!hpml("9.999", 2, false));
    assert!(hpml("10", 2, true));
    let tests = |apr: &str, points: &str| {
        let inputs = json!({
            "apr_percent": apr, "apor_percent": "6.5", "lien": 1, "loan_amount": "300000",
            "year": 2026, "points_and_fees": points,
        });
        let found = result("us_price_tests", inputs);
        format!(
            "{} {} {}",
            found["hpml"], found["high_cost"], found["qm_status"]
        )
    };
    assert_eq!(tests("7", "9000"), "false false \"safe_harbour\"");
    assert_eq!(tests("8", "9000"), "true false \"rebuttable_presumption\"");
    assert_eq!(tests("8.75", "9000"), "true false \"not_qualified\"");
    assert_eq!(tests("7", "9000.01"), "false false \"not_qualified\"");
    assert_eq!(tests("7", "15000.01"), "false true \"not_qualified\"");
    assert_eq!(tests("13.01", "0"), "true true \"not_qualified\"");
    let bad = json!({ "apr_percent": "8", "apor_percent": "6", "lien": 0 });
    assert_eq!(invalid("us_hpml", bad), "lien");
}

/// Class of a consumer's charge of 100 and what it adds to the prepaid finance charge.
fn classified(mismo_type: &str, section: &str, facts: &Value) -> (String, String) {
    let fee = json!({
        "mismo_type": mismo_type, "section": section, "amount": "100", "facts": facts,
    });
    let found = result("us_finance_charge_class", json!({ "fees": [fee] }));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    assert!(!text(&found["fees"][0]["reason"]).is_empty());
    let total = text(&found["prepaid_finance_charge"]);
    (text(&found["fees"][0]["class"]), total)
}

fn all_classified(rows: &[(&str, &str, Value, &str)]) {
    for (mismo_type, section, facts, class) in rows {
        let (found, total) = classified(mismo_type, section, facts);
        assert_eq!(&found, class, "{mismo_type} {section} {facts}");
        let counted = if *class == "excluded" {
            "0.00"
        } else {
            "100.00"
        };
        assert_eq!(total, counted, "{mismo_type} {facts}");
    }
}

#[test]
fn real_estate_charges_are_out_while_nothing_speaks_against_it() {
    let no = |fact: &str| json!({ fact: false });
    all_classified(&[
        ("AppraisalFee", "B", json!({}), "excluded"),
        (
            "AppraisalFee",
            "B",
            no("bona_fide_and_reasonable"),
            "included",
        ),
        ("AppraisalFee", "B", no("real_property_secured"), "included"),
        ("FloodCertification", "B", json!({}), "excluded"),
        ("FloodCertification", "B", no("once_only"), "included"),
        ("DocumentPreparationFee", "A", json!({}), "needs_fact"),
        (
            "DocumentPreparationFee",
            "A",
            json!({ "for_listed_documents": true }),
            "excluded",
        ),
        ("TransferTaxTotal", "E", json!({}), "excluded"),
        (
            "TransferTaxTotal",
            "E",
            json!({ "imposed_on_creditor": true }),
            "included",
        ),
        (
            "RecordingFeeForDeed",
            "E",
            no("itemised_and_disclosed"),
            "included",
        ),
        ("HomeownersInsurancePremium", "F", json!({}), "excluded"),
        (
            "HomeownersInsurancePremium",
            "F",
            no("consumer_may_choose_insurer"),
            "included",
        ),
        ("CountyPropertyTax", "G", json!({}), "excluded"),
    ]);
}

#[test]
fn creditor_charges_count_and_conditional_ones_need_a_fact() {
    let denied = json!({
        "creditor_requires_service": false, "creditor_requires_charge": false,
        "creditor_retains_part": false,
    });
    let kept = json!({ "creditor_retains_part": true, "mainly_for_excluded_services": false });
    let signed = json!({ "voluntary": true, "voluntary_disclosed": true, "request_signed": true });
    let every = |holds: bool| json!({ "charged_to_every_applicant": holds });
    all_classified(&[
        ("UnderwritingFee", "A", json!({}), "included"),
        ("ApplicationFee", "A", json!({}), "needs_fact"),
        ("ApplicationFee", "A", every(true), "excluded"),
        ("ApplicationFee", "A", every(false), "included"),
        ("CourierFee", "A", json!({}), "included"),
        ("CourierFee", "C", json!({}), "needs_fact"),
        ("SettlementFee", "C", denied, "excluded"),
        ("SettlementFee", "C", kept, "included"),
        ("CreditLifeInsurancePremium", "H", signed, "excluded"),
        (
            "CreditLifeInsurancePremium",
            "H",
            json!({ "voluntary": false }),
            "included",
        ),
        ("RecordingFeeForAssignment", "E", json!({}), "included"),
        ("MortgageInsurance", "G", json!({}), "included"),
        ("PrepaidInterest", "F", json!({}), "included"),
        ("SomethingNew", "H", json!({}), "needs_fact"),
    ]);
}

#[test]
fn who_pays_and_unknown_facts() {
    let seller = json!({ "fees": [{
        "mismo_type": "LoanDiscountPoints", "section": "A", "amount": "5", "paid_by": "seller",
    }] });
    assert_eq!(
        text("us_finance_charge_class", seller, "prepaid_finance_charge"),
        "0.00"
    );
    let wrong = json!({ "fees": [{
        "mismo_type": "AppraisalFee", "section": "B", "facts": { "tasty": true },
    }] });
    assert_eq!(
        invalid("us_finance_charge_class", wrong),
        "fees[0].facts.tasty"
    );
    let section = json!({ "fees": [{ "mismo_type": "AppraisalFee", "section": "D" }] });
    assert_eq!(
        invalid("us_finance_charge_class", section),
        "fees[0].section"
    );
}

#[test]
fn points_and_fees_are_another_base() {
    let fees = json!([
        { "mismo_type": "LoanOriginationFee", "section": "A", "amount": "1500", "paid_to": "creditor" },
        { "mismo_type": "LoanDiscountPoints", "section": "A", "amount": "6000", "paid_to": "creditor" },
        { "mismo_type": "AppraisalFee", "section": "B", "amount": "600", "paid_to": "third_party" },
        { "mismo_type": "TitleInsuranceFee", "section": "C", "amount": "900", "paid_to": "affiliate" },
        { "mismo_type": "VAFundingFee", "section": "B", "amount": "4300", "paid_to": "third_party" },
        { "kind": "prepayment_penalty", "amount": "100", "paid_to": "creditor" },
    ]);
    let inputs = json!({
        "loan_amount": "200000", "undiscounted_spread_points": "0.75", "fees": fees,
    });
    let found = result("us_points_and_fees", inputs);
    assert_eq!(found["points_and_fees"], "4500.00");
    assert_eq!(found["bona_fide_excluded"], "4000.00");
    // The facts that decide about the finance charge decide here, too.
    let facts = json!({ "loan_amount": "200000", "fees": [
        { "mismo_type": "RepairsFee", "section": "H", "amount": "700", "paid_to": "creditor",
          "facts": { "condition_of_credit": true } },
        { "mismo_type": "RepairsFee", "section": "H", "amount": "700", "paid_to": "creditor",
          "facts": { "condition_of_credit": false } },
        { "mismo_type": "ApplicationFee", "section": "A", "amount": "500", "paid_to": "creditor",
          "facts": { "charged_to_every_applicant": true } },
        { "mismo_type": "ApplicationFee", "section": "A", "amount": "500", "paid_to": "creditor" },
    ] });
    let found = result("us_points_and_fees", facts);
    assert_eq!(
        found["counted"],
        json!(["700.00", "0.00", "0.00", "500.00"])
    );
    let unknown = json!({ "loan_amount": "1", "fees": [
        { "mismo_type": "Unheard", "section": "A", "paid_to": "creditor" },
    ] });
    assert_eq!(invalid("us_points_and_fees", unknown), "fees[0].mismo_type");
}
