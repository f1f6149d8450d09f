//! `/get-apr-closing-costs` over the wire: what is echoed, fees, and how the APR moves with them.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::quotes::{
    QUOTE, add_fees, adjustable, cents, changed, fixed, milli, payload, rates, search,
};
use crate::world::{World, success};

/// Points of each rate of one product, all at the same rate.
fn at_points(points: &[&str]) -> Value {
    let mut product = fixed(&[]);
    let rate = |points: &&str| json!({ "rate": "6.500", "points": points, "isHPML": "0" });
    product["rates"] = points.iter().map(rate).collect();
    product
}

both! {
    /// Without charges the APR is the note rate, whatever the term.
    async fn a_loan_without_charges_costs_its_rate(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let wanted = [
            "0.125", "2.250", "3.875", "6.500", "7.125", "9.999", "14.750",
        ];
        for years in ["10", "15", "20", "30", "40"] {
            let product = changed(
                fixed(&wanted),
                &[
                    ("loanTerm", json!(years)),
                    ("loanAmortization", json!(years)),
                ],
            );
            let answer = rates(&world, &me, &payload(search(), product)).await;
            let aprs: Vec<&str> = answer.iter().filter_map(|r| r["apr"].as_str()).collect();
            assert_eq!(aprs, wanted, "{years} years");
            assert!(answer.iter().all(|r| r["fees"] == json!([])));
        }
        let free = rates(&world, &me, &payload(search(), fixed(&["0"]))).await;
        assert_eq!(free[0]["apr"], "0.000");
    }

    /// A product's balloon, interest-only months and adjustments do not cost anything by themselves.
    async fn nor_do_its_features(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let products = [
            changed(fixed(&["6.250"]), &[("loanTerm", json!("7"))]),
            changed(fixed(&["6.250"]), &[("interestOnly", json!("1"))]),
            // Index and margin make 6.250 too: the rate never moves.
            adjustable(&["6.250"]),
            changed(adjustable(&["6.250"]), &[("interestOnly", json!(1))]),
        ];
        for product in products {
            let answer = rates(&world, &me, &payload(search(), product.clone())).await;
            assert_eq!(answer[0]["apr"], "6.250", "{product}");
        }
    }

    async fn products_come_back_as_sent(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let odd = json!({
            "rates": [
                { "isHPML": true, "points": -1.75, "rate": 6.5, "note": "kept" },
                { "rate": "6.000", "points": "0.00", "isHPML": "0", "apr": "1.000", "fees": [1], "schedule": [2] },
            ],
            "lpmi": 1, "interestOnly": false, "loanAmortization": 30, "loanAmortizationType": "Fixed",
            "loanTerm": "30", "productProgram": "Conventional", "armIndex": null, "mine": { "a": [1, "2"] },
        });
        let data = json!({ "search": search(), "products": [odd, adjustable(&["5.500"])] });
        let body = success(&world.call(&me, QUOTE, &data).await);
        assert_eq!(body["status"], "success");
        let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["status", "products"]);
        let first = body["products"][0].as_object().expect("an object");
        let names: Vec<&String> = first.keys().collect();
        assert_eq!(
            names,
            [
                "rates",
                "lpmi",
                "interestOnly",
                "loanAmortization",
                "loanAmortizationType",
                "loanTerm",
                "productProgram",
                "armIndex",
                "mine",
            ]
        );
        assert_eq!(
            (&first["lpmi"], &first["interestOnly"], &first["mine"]),
            (&json!(1), &json!(false), &json!({ "a": [1, "2"] }))
        );
        let expected = json!({ "isHPML": true, "points": -1.75, "rate": 6.5, "note": "kept", "apr": "6.500", "fees": [] });
        assert_eq!(first["rates"][0], expected);
        let names: Vec<&String> = first["rates"][1]
            .as_object()
            .expect("an object")
            .keys()
            .collect();
        assert_eq!(
            names,
            ["rate", "points", "isHPML", "apr", "fees"],
            "sent answers are replaced"
        );
        assert_eq!(first["rates"][1]["apr"], "6.000");
        assert_eq!(body["products"][1]["armIndex"], "LIBOR");
    }

    /// The more points, the higher the APR; a credit lowers no finance charge.
    async fn points_raise_the_apr(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let answer = rates(
            &world,
            &me,
            &payload(
                search(),
                at_points(&["0", "0.125", "0.5", "1", "2.375", "5"]),
            ),
        )
        .await;
        let aprs: Vec<i64> = answer.iter().map(|r| milli(&r["apr"])).collect();
        assert!(aprs.is_sorted_by(|a, b| a < b), "{aprs:?}");
        assert_eq!(aprs[0], 6500);
        assert_eq!(answer[0]["fees"], json!([]));
        let points = json!([{
            "name": "Loan discount points", "fee": "1600.00", "percent": "",
            "mismoType": "LoanDiscountPoints", "mismoTypeOther": "", "leSection": "A",
        }]);
        assert_eq!(answer[3]["fees"], points);
        let credit = rates(&world, &me, &payload(search(), at_points(&["-2"]))).await;
        assert_eq!(
            (&credit[0]["apr"], &credit[0]["fees"]),
            (&json!("6.500"), &json!([]))
        );
    }

    async fn fees_follow_the_lenders_templates(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        add_fees(&world, &me.org).await;
        let answer = rates(&world, &me, &payload(search(), fixed(&["6.500"]))).await;
        let fees: Vec<(&str, &str, i64)> = answer[0]["fees"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|f| {
                (
                    f["leSection"].as_str().expect("text"),
                    f["name"].as_str().expect("text"),
                    cents(&f["fee"]),
                )
            })
            .collect();
        assert_eq!(
            fees,
            [
                ("A", "Origination Fee", 80_000),
                ("A", "Underwriting Fee", 79_500),
                ("B", "Appraisal", 51_500),
                // 160,000 at 6.5 % for 15 of 360 days, rounded once a day: 28.89 × 15.
                ("F", "Prepaid Interest (15 days)", 43_335),
            ]
        );
        let texan = changed(
            search(),
            &[
                ("state", json!("TX")),
                ("zipcode", json!("73301")),
                ("countyFips", Value::Null),
            ],
        );
        let answer = rates(&world, &me, &payload(texan.clone(), fixed(&["6.500"]))).await;
        let names: Vec<&Value> = answer[0]["fees"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|f| &f["name"])
            .collect();
        assert!(names.contains(&&json!("Texas Fee")), "{names:?}");
        // Without a state, the ZIP code says where the property is.
        let by_zip = changed(
            texan,
            &[("state", Value::Null), ("zipcode", json!("73301-0001"))],
        );
        let again = rates(&world, &me, &payload(by_zip, fixed(&["6.500"]))).await;
        assert_eq!(again, answer);
        let stranger = world.lender().await;
        let theirs = rates(&world, &stranger, &payload(search(), fixed(&["6.500"]))).await;
        assert_eq!(
            theirs[0]["fees"],
            json!([]),
            "another lender's fees are its own"
        );
    }

    /// Fees by county: the one that is stated, else the ZIP code's; a state that contradicts the ZIP
    /// code wins, and then no county is known.
    async fn places_that_agree_and_that_do_not(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        crate::stock::fill(&world, &me.org).await;
        let orange = "Recording in Orange County";
        let place = |zip: &str, state: Value, county: Value| {
            let members = [("zipcode", json!(zip)), ("state", state), ("countyFips", county)];
            payload(changed(search(), &members), fixed(&["6.500"]))
        };
        for (asked, is_charged) in [
            (place("92649", Value::Null, Value::Null), true),
            (place("92649", json!("CA"), json!("06059")), true),
            (place("92649", json!("ca"), json!(6059)), true),
            (place("92649", json!("CA"), json!("06037")), false),
            (place("90001", json!("CA"), json!("06059")), true),
            (place("92649", json!("TX"), Value::Null), false),
            (place("00000", json!("CA"), json!("06059")), true),
            (place("00000", Value::Null, Value::Null), false),
        ] {
            let answer = rates(&world, &me, &asked).await;
            assert_eq!(answer[0]["fees"].to_string().contains(orange), is_charged, "{asked}");
        }
        for (zip, state, county) in [
            ("92649", Value::Null, json!("23031")),
            ("92649", json!("TX"), json!("06059")),
            ("92649", Value::Null, json!("99999")),
        ] {
            let answer = world.call(&me, QUOTE, &place(zip, state, county)).await;
            crate::world::is_error(&answer, 501, "Parameter search.countyFips invalid format.");
        }
    }

    /// The score mortgage insurance is found with, and what the property's kind and units decide.
    async fn score_and_property_matter(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let asked = |changes: &[(&str, Value)]| {
            let insured = changed(search(), &[("loanAmount", json!("185000")), ("downPayment", json!("15000"))]);
            payload(changed(insured, changes), fixed(&["6.500"]))
        };
        let apr = async |changes: &[(&str, Value)]| milli(&rates(&world, &me, &asked(changes)).await[0]["apr"]);
        let (low, assumed, high) = (
            apr(&[("fico", json!(640))]).await,
            apr(&[]).await,
            apr(&[("fico", json!("800"))]).await,
        );
        assert!(low > assumed && assumed > high, "{low} {assumed} {high}");
        assert_eq!(apr(&[("fico", json!(740))]).await, assumed);
        for (name, bad) in [("fico", json!(299)), ("fico", json!("NaN"))] {
            let answer = world.call(&me, QUOTE, &asked(&[(name, bad)])).await;
            crate::world::is_error(&answer, 501, "Parameter search.fico invalid format.");
        }
        let five = world.call(&me, QUOTE, &asked(&[("numUnits", json!(5))])).await;
        crate::world::is_error(&five, 501, "Parameter search.numUnits missing or invalid format.");
    }

    /// Only charges that are finance charges move the APR.
    async fn excluded_charges_do_not_count(db) {
        let world = World::on(&db);
        let (me, free) = (world.lender().await, world.lender().await);
        add_fees(&world, &me.org).await;
        let answer = rates(&world, &me, &payload(search(), fixed(&["6.500"]))).await;
        // Counted: 800.00 + 795.00 + 433.35 = 2,028.35, which is 1.26771875 points.
        let same = changed(
            fixed(&[]),
            &[(
                "rates",
                json!([{ "rate": "6.500", "points": "1.26771875", "isHPML": "0" }]),
            )],
        );
        let by_points = rates(&world, &free, &payload(search(), same)).await;
        assert_eq!(by_points[0]["fees"][0]["fee"], "2028.35");
        assert_eq!(answer[0]["apr"], by_points[0]["apr"]);
    }

    /// A broker lends its wholesale lender's money: the fees are the lender's.
    async fn a_broker_quotes_its_lenders_fees(db) {
        use lintel_domain::organisation::OrganisationKind;
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        add_fees(&world, &wholesale).await;
        let (wholesale, broker) = (world.party(&wholesale).await, world.party(&broker).await);
        let asked = payload(search(), fixed(&["6.500"]));
        assert_eq!(
            rates(&world, &broker, &asked).await,
            rates(&world, &wholesale, &asked).await
        );
    }

    /// The two payloads of the public text, whole.
    async fn the_public_samples(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        add_fees(&world, &me.org).await;
        for (sample, products) in [(first_sample(), &[3, 2][..]), (second_sample(), &[3])] {
            let body = success(&world.call(&me, QUOTE, &sample).await);
            let answered: Vec<usize> = body["products"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|p| p["rates"].as_array().map_or(0, Vec::len))
                .collect();
            assert_eq!(answered, products);
            for rate in body["products"]
                .as_array()
                .expect("a list")
                .iter()
                .flat_map(|p| p["rates"].as_array())
                .flatten()
            {
                assert!(milli(&rate["apr"]) > 1000, "{rate}");
                assert!(
                    rate["fees"].as_array().is_some_and(|f| f.len() >= 4),
                    "{rate}"
                );
            }
        }
    }
}

fn offers(offers: &[(&str, &str, &str)]) -> Value {
    let one = |(rate, points, hpml): &(&str, &str, &str)| json!({ "rate": rate, "points": points, "isHPML": hpml });
    offers.iter().map(one).collect()
}

/// Payload example 1: a fixed product whose amortization is three years, and a 5/1 ARM.
fn first_sample() -> Value {
    let place = [
        ("zipcode", json!("92649")),
        ("city", json!("Huntington Beach")),
        ("county", json!("Orange")),
        ("countyFips", json!("06059")),
        ("state", json!("CA")),
    ];
    let three = offers(&[
        ("2.250", "-1.750", "0"),
        ("3.500", "0.00", "0"),
        ("4.500", "2.00", "1"),
    ]);
    let two = offers(&[("3.500", "-0.250", "0"), ("2.750", "1.00", "0")]);
    let fixed = changed(
        fixed(&[]),
        &[
            ("loanAmortization", json!("3")),
            ("lpmi", json!("1")),
            ("rates", three),
        ],
    );
    let arm = changed(adjustable(&[]), &[("loanTerm", json!("5")), ("rates", two)]);
    json!({
        "options": { "isReturnSchedule": false },
        "search": changed(search(), &place),
        "products": [fixed, arm],
    })
}

/// Payload example 2: a VA cash-out refinance that finances its funding fee.
fn second_sample() -> Value {
    let rates = offers(&[
        ("2.250", "1.250", "0"),
        ("3.000", "0.00", "0"),
        ("4.500", "-2.00", "1"),
    ]);
    let product = changed(
        fixed(&[]),
        &[
            ("productProgram", json!("VA")),
            ("lpmi", json!("1")),
            ("rates", rates),
        ],
    );
    let search = json!({
        "loanPurpose": "RefinanceCashOut", "zipcode": "92649", "homePrice": "600000", "cashOut": "50000",
        "loanAmount": "200000", "propertyType": "SingleFamily", "numUnits": "1",
        "buildingStatus": "Existing", "occupancyType": "PrimaryResidence", "noImpounds": "1",
        "streamline": "1", "financeUFMIP": "0", "financeVAFF": "1", "financeUSDAGuaranteeFee": "0",
    });
    payload(search, product)
}
