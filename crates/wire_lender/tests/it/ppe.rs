//! `/get-ppe-anonymous` over the wire: what is answered, and how the parameters choose it.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::stock::{PPE, all_rates, fill, lender, names, purchase, sample, search, with};
use crate::world::{World, success};

/// Every product of the stock that a purchase of 400,000 with 360,000 borrowed can have.
const ALL: [&str; 9] = [
    "30 Year Fixed",
    "15 Year Fixed",
    "7/6 SOFR ARM",
    "Home Ready 30 Year Fixed",
    "30 Year Fixed, lender-paid insurance",
    "FHA 30 Year Fixed",
    "VA 30 Year Fixed",
    "Rural 30 Year Fixed",
    "20 Year Fixed of the branches",
];

fn members(value: &Value) -> Vec<&str> {
    let members = value.as_object().expect("an object");
    members.keys().map(String::as_str).collect()
}

both! {
    async fn the_sample_has_the_documented_members(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let answer = search(&world, &me, &sample()).await;
        assert_eq!(
            members(&answer)[..6],
            ["status", "searchID", "loanPurpose", "zipcode", "products", "watchableLoanPrograms"]
        );
        assert_eq!(answer["status"], "success");
        assert_eq!(answer["loanPurpose"], "RefinanceCashOut");
        assert_eq!(answer["zipcode"], "92649");
        let id = answer["searchID"].as_str().expect("text");
        assert_eq!(id.len(), 6);
        assert!(id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{id}");
        let products = answer["products"].as_array().expect("a list");
        let fixed = &products[0];
        assert_eq!(
            members(fixed),
            [
                "ppeID", "interestOnly", "loanAmortizationType", "loanTerm", "lpmi",
                "productName", "productProgram", "rates",
            ]
        );
        assert_eq!(fixed["ppeID"].as_str().map(str::len), Some(8));
        assert_eq!(fixed["loanTerm"], 30);
        assert_eq!(fixed["lpmi"], 0);
        let rate = &fixed["rates"][0];
        assert_eq!(
            members(rate),
            [
                "apr", "fees", "isHPML", "lockPeriod", "monthlyPayment", "piti",
                "paymentStream", "points", "rate",
            ]
        );
        assert_eq!(
            members(&rate["piti"]),
            ["principalAndInterest", "propertyTaxes", "homeownerInsurance", "mortgageInsurance"]
        );
        assert_eq!(
            members(&rate["paymentStream"][0]),
            ["mortgageInsurance", "numberOfPayments", "principalAndInterest", "startDate"]
        );
        assert_eq!(
            members(&rate["fees"][0]),
            ["fee", "leSection", "mismoType", "mismoTypeOther", "name", "percent"]
        );
        let arm = products.iter().find(|p| p["armIndex"].is_string()).expect("an ARM");
        let expected = json!({
            "armFirstAdj": 84, "armFirstAdjCap": 5, "armIndex": "SOFR30DayAverage",
            "armIndexMargin": 2.875, "armLifeCap": 5, "armPerAdj": 6, "armPerAdjCap": 1,
        });
        for (name, value) in expected.as_object().expect("an object") {
            assert_eq!(arm[name], *value, "{name}");
        }
        assert_eq!(arm["loanAmortizationType"], "AdjustableRate");
    }

    /// What the sample comes to, worked out by hand from the stock.
    async fn the_figures_follow_from_the_stock(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let answer = search(&world, &me, &sample()).await;
        let rates = answer["products"][0]["rates"].as_array().expect("a list");
        assert_eq!(rates.len(), 7);
        let row = rates.iter().find(|r| r["rate"] == json!(6.5)).expect("6.5 %");
        // 100.125 on the sheet; score 750 at 50 % LTV costs nothing, cash-out 0.375, the channel 0.125.
        assert_eq!(row["points"], json!(0.375));
        assert_eq!(row["lockPeriod"], 30);
        // 250,000 at 6.5 % over 360 months.
        assert_eq!(row["monthlyPayment"], json!(1580.17));
        assert_eq!(row["piti"]["principalAndInterest"], json!(1580.17));
        // 0.75 % and 0.3 % plus 120 of 500,000 a year.
        assert_eq!(row["piti"]["propertyTaxes"], json!(312.5));
        assert_eq!(row["piti"]["homeownerInsurance"], json!(135));
        assert_eq!(row["piti"]["mortgageInsurance"], json!(0));
        let fees: Vec<(&str, &str, &Value)> = row["fees"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|f| (f["leSection"].as_str().expect("text"), f["name"].as_str().expect("text"), &f["fee"]))
            .collect();
        assert_eq!(
            fees,
            [
                ("A", "Origination Fee", &json!(625)),
                ("A", "Underwriting Fee", &json!(795)),
                ("A", "Loan discount points", &json!(937.5)),
                ("B", "Appraisal", &json!(515)),
                ("C", "Settlement, with a name of ours", &json!(450.5)),
                ("E", "Recording in Orange County", &json!(88)),
                // 250,000 at 6.5 % for a day of 360 is 45.14.
                ("F", "Prepaid Interest (15 days)", &json!(677.1)),
                ("H", "Title - Owner's Policy (optional)", &json!(500)),
            ]
        );
        let settlement = &row["fees"][4];
        assert_eq!(settlement["mismoTypeOther"], "Settlement & more");
        assert_eq!(row["fees"][0]["mismoTypeOther"], Value::Null);
        assert!(row["fees"].as_array().expect("a list").iter().all(|f| f["percent"].is_null()));
        let stream = row["paymentStream"].as_array().expect("a list");
        // Quoted on 1 June 2026: closing on 1 July, first payment on the first of the second month after.
        assert_eq!(stream[0]["startDate"], "2026-09-01");
        let payments: i64 = stream.iter().filter_map(|r| r["numberOfPayments"].as_i64()).sum();
        assert_eq!(payments, 360);
    }

    async fn filters_choose_products(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let everything = search(&world, &me, &purchase()).await;
        let mut all = names(&everything);
        all.sort_unstable();
        let mut expected = ALL.map(str::to_owned);
        expected.sort_unstable();
        assert_eq!(all, expected);
        for (filter, gone) in [
            ("filterARMs", &["7/6 SOFR ARM"][..]),
            ("filter7YearARM", &["7/6 SOFR ARM"]),
            ("filter5YearARM", &[]),
            ("filter15Year", &["15 Year Fixed"]),
            ("filter20Year", &["20 Year Fixed of the branches"]),
            ("filterFHA", &["FHA 30 Year Fixed"]),
            ("filterVA", &["VA 30 Year Fixed"]),
            ("filterUSDA", &["Rural 30 Year Fixed"]),
            ("filterHomeReady", &["Home Ready 30 Year Fixed"]),
        ] {
            let answer = search(&world, &me, &with(purchase(), &[(filter, json!(0))])).await;
            let left = names(&answer);
            let wanted: Vec<&String> = all.iter().filter(|n| !gone.contains(&n.as_str())).collect();
            let mut left: Vec<&String> = left.iter().collect();
            left.sort_unstable();
            assert_eq!(left, wanted, "{filter}");
        }
        let only_home_ready = with(purchase(), &[("filterConventional", json!(0))]);
        let left = names(&search(&world, &me, &only_home_ready).await);
        assert!(left.contains(&"Home Ready 30 Year Fixed".to_owned()), "{left:?}");
        assert!(!left.contains(&"30 Year Fixed".to_owned()), "{left:?}");
    }

    async fn points_locks_and_best_match(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let narrow = with(purchase(), &[("filterPoints", json!({"low": "-0.5", "high": 0.5}))]);
        let answer = search(&world, &me, &narrow).await;
        let points: Vec<f64> = all_rates(&answer).iter().filter_map(|r| r["points"].as_f64()).collect();
        assert!(!points.is_empty() && points.iter().all(|p| (-0.5..=0.5).contains(p)), "{points:?}");
        let longer = with(purchase(), &[("lockPeriod", json!(31))]);
        let answer = search(&world, &me, &longer).await;
        assert_eq!(names(&answer), ["30 Year Fixed"], "only it has a lock of 45 days");
        assert!(all_rates(&answer).iter().all(|r| r["lockPeriod"] == 45));
        let shorter = with(purchase(), &[("lockPeriod", json!(1))]);
        let answer = search(&world, &me, &shorter).await;
        assert!(answer["products"][0]["rates"].as_array().expect("a list").iter().all(|r| r["lockPeriod"] == 15));
        let best = search(&world, &me, &with(purchase(), &[("bestMatch", json!("1"))])).await;
        let all = search(&world, &me, &purchase()).await;
        assert_eq!(names(&best), names(&all));
        let pairs = best["products"].as_array().expect("a list").iter().zip(all["products"].as_array().expect("a list"));
        for (best, all) in pairs {
            let near = |row: &Value| row["points"].as_f64().expect("a number").abs();
            let rows = all["rates"].as_array().expect("a list");
            let nearest = rows.iter().map(near).fold(f64::INFINITY, f64::min);
            assert_eq!(best["rates"].as_array().map(Vec::len), Some(1));
            assert!((near(&best["rates"][0]) - nearest).abs() < 1e-9, "{}", best["productName"]);
        }
    }

    async fn groups_and_what_can_be_watched(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let answer = search(&world, &me, &with(purchase(), &[("customGrouping", json!(1))])).await;
        let groups = answer["groups"].as_array().expect("a list");
        let keys: Vec<(&str, i64)> = groups
            .iter()
            .map(|g| (g["productProgram"].as_str().expect("text"), g["loanTerm"].as_i64().expect("int")))
            .collect();
        assert_eq!(
            keys,
            [
                ("Conventional", 30),
                ("Conventional", 15),
                ("FHA", 30),
                ("VA", 30),
                ("USDA", 30),
                ("Conventional", 20),
            ]
        );
        let in_groups: Vec<&Value> = groups.iter().flat_map(|g| g["ppeID"].as_array().expect("a list")).collect();
        let products = answer["products"].as_array().expect("a list");
        let in_products: Vec<&Value> = products.iter().map(|p| &p["ppeID"]).collect();
        assert_eq!(in_groups, in_products, "products stand in the order of their groups");
        assert_eq!(
            answer["watchableLoanPrograms"],
            json!([
                "Conventional 15 Year Fixed", "Conventional 20 Year Fixed", "Conventional 30 Year Fixed",
                "Conventional 7 Year ARM", "FHA 30 Year Fixed", "USDA 30 Year Fixed", "VA 30 Year Fixed",
            ])
        );
    }

    async fn prices_are_explained_and_refusals_too(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let asked = with(purchase(), &[
            ("occupancyType", json!("SecondHome")),
            ("downPayment", json!("12000")),
            ("additionalCriteria", json!({ "RelationshipPromoCode": "GOLD", "Else": "1" })),
            ("options", json!({ "explain": true })),
        ]);
        let answer = search(&world, &me, &asked).await;
        let refused = answer["ineligible"].as_array().expect("a list");
        let fixed = refused.iter().find(|r| r["productName"] == "30 Year Fixed").expect("refused");
        assert_eq!(members(fixed), ["ppeID", "productName", "productProgram", "reasons"]);
        let reasons = fixed["reasons"].to_string();
        assert!(reasons.contains("97.00 > 90.00"), "{reasons}");
        let fha = answer["products"].as_array().expect("a list").iter()
            .find(|p| p["productName"] == "FHA 30 Year Fixed").expect("FHA");
        let explained = &fha["explanation"];
        assert_eq!(members(explained), ["rate", "lockPeriod", "basePrice", "adjustments", "finalPrice"]);
        let steps = explained["adjustments"].as_array().expect("a list");
        let gold = steps.iter().find(|s| s["name"] == "Gold promotion").expect("a step");
        assert_eq!(gold["change"], json!(0.25));
        let sum: f64 = steps.iter().filter_map(|s| s["change"].as_f64()).sum();
        let (base, last) = (&explained["basePrice"], &explained["finalPrice"]);
        let moved = last.as_f64().expect("a number") - base.as_f64().expect("a number");
        assert!((sum - moved).abs() < 1e-9, "{explained}");
        let row = &fha["rates"][0];
        let points = 100.0 - last.as_f64().expect("a number");
        assert!((row["points"].as_f64().expect("a number") - points).abs() < 1e-9);
        let plain = search(&world, &me, &purchase()).await;
        assert!(plain.get("ineligible").is_none());
        assert!(plain["products"][0].get("explanation").is_none());
    }

    async fn channels_places_and_amounts_move_prices(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let points = async |changes: &[(&str, Value)]| {
            let answer = search(&world, &me, &with(purchase(), changes)).await;
            answer["products"][0]["rates"][0]["points"].as_f64().expect("a number")
        };
        let base = points(&[]).await;
        let channel = points(&[("channel", json!("Other")), ("subChannel", json!("x"))]).await;
        assert!((base - channel - 0.125).abs() < 1e-9);
        let florida = points(&[("zipcode", json!("33154"))]).await;
        assert!((florida - base - 0.125).abs() < 1e-9);
        let gold = points(&[("additionalCriteria", json!({"relationshippromocode": "gold"}))]).await;
        assert!((base - gold - 0.25).abs() < 1e-9);
        let low = points(&[("fico", json!(650))]).await;
        assert!((low - base - 1.0).abs() < 1e-9, "capped at 1.5: {low} {base}");
        let without_channel = with(purchase(), &[("channel", Value::Null), ("subChannel", Value::Null)]);
        let left = names(&search(&world, &me, &without_channel).await);
        assert!(!left.contains(&"20 Year Fixed of the branches".to_owned()));
    }

    async fn permutations_come_in_the_order_asked(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let asked = with(sample(), &[
            ("loanPurpose", json!(["Purchase", "Refinance", "RefinanceCashOut"])),
            ("zipcode", json!(["92649", "00000", "33154", "10014", "92649"])),
        ]);
        let answer = search(&world, &me, &asked).await;
        assert_eq!(members(&answer), ["status", "permutations"]);
        let found = answer["permutations"].as_array().expect("a list");
        let heads: Vec<(&str, &str)> = found.iter()
            .map(|p| (p["loanPurpose"].as_str().expect("text"), p["zipcode"].as_str().expect("text")))
            .collect();
        let mut expected = Vec::new();
        for purpose in ["Purchase", "Refinance", "RefinanceCashOut"] {
            for zip in ["92649", "00000", "33154", "10014", "92649"] {
                expected.push((purpose, zip));
            }
        }
        assert_eq!(heads, expected);
        let ids: std::collections::BTreeSet<&str> = found.iter().filter_map(|p| p["searchID"].as_str()).collect();
        assert_eq!(ids.len(), 15, "each has an id of its own");
        for unknown in found.iter().filter(|p| p["zipcode"] == "00000") {
            assert_eq!(unknown["products"], json!([]));
            assert!(unknown["notice"].as_str().is_some_and(|n| n.contains("ZIP")), "{unknown}");
        }
        assert_eq!(world.rows("quote_search").await, 15);
        // Each is what it is alone.
        for one in found {
            let alone = with(sample(), &[("loanPurpose", one["loanPurpose"].clone()), ("zipcode", one["zipcode"].clone())]);
            let alone = search(&world, &me, &alone).await;
            assert_eq!(alone["products"], one["products"]);
            assert_eq!(alone["watchableLoanPrograms"], one["watchableLoanPrograms"]);
        }
    }

    async fn bodies_and_formats_say_the_same(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let json_answer = search(&world, &me, &sample()).await;
        let body = json!({
            "format": "json", "apiID": me.pair.api_id, "apiKey": me.pair.api_key,
            "accessToken": me.token, "data": sample(),
        });
        let path = format!("/api/lender{PPE}");
        let again = success(&world.client.post_json(&path, &body).await);
        assert_eq!(again["products"], json_answer["products"]);
        let text = sample().to_string();
        let mut fields = me.fields("xml").to_vec();
        fields.push(("data", &text));
        let xml = world.post(PPE, &fields).await;
        assert_eq!(xml.header("content-type"), "application/xml; charset=utf-8");
        let body = xml.text();
        let document = roxmltree::Document::parse(&body).expect("XML");
        let rates = document.descendants().filter(|n| n.has_tag_name("rates")).count();
        assert_eq!(rates, all_rates(&json_answer).len());
        let apr = document.descendants().find(|n| n.has_tag_name("apr")).and_then(|n| n.text().map(str::to_owned));
        assert_eq!(apr, Some(json_answer["products"][0]["rates"][0]["apr"].to_string()));
    }

    async fn a_broker_gets_its_lenders_prices_and_nobody_else(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        fill(&world, &wholesale).await;
        let (wholesale, broker) = (world.party(&wholesale).await, world.party(&broker).await);
        let stranger = world.lender().await;
        let theirs = search(&world, &wholesale, &purchase()).await;
        let brokered = search(&world, &broker, &purchase()).await;
        assert_eq!(brokered["products"], theirs["products"]);
        assert_eq!(search(&world, &stranger, &purchase()).await["products"], json!([]));
        let named = with(purchase(), &[("lenderID", json!(wholesale.org.public_id.as_str()))]);
        success(&world.call(&broker, PPE, &named).await);
        let foreign = world.call(&stranger, PPE, &named).await;
        let unknown = with(purchase(), &[("lenderID", json!("NOBODY00"))]);
        let unknown = world.call(&stranger, PPE, &unknown).await;
        assert_eq!((foreign.status, foreign.text()), (unknown.status, unknown.text()));
        crate::world::is_error(&unknown, 401, "Parameter lenderID and/or userUID invalid.");
    }
}
