//! `/get-apr-closing-costs`: everything that cannot be priced is refused by its path, nothing
//! crashes, and no number comes out of nonsense.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::quotes::{QUOTE, adjustable, changed, fixed, payload, rates, search, with_schedule};
use crate::world::{World, error, is_error, success};

const NO_SEARCH: &str = "Parameter search cannot be empty.";
const NO_PRODUCTS: &str = "Parameter products cannot be empty.";

fn missing(path: &str) -> String {
    format!("Parameter {path} missing or invalid format.")
}

fn invalid(path: &str) -> String {
    format!("Parameter {path} invalid format.")
}

/// What is no amount of money above zero.
fn no_amounts() -> Vec<Value> {
    let texts = [
        "",
        "NaN",
        "nan",
        "inf",
        "-1",
        "0",
        "0.00",
        "-0",
        "1e5",
        "1e308",
        "1,000",
        "$100",
        "0x10",
        "100000000000.01",
        "99999999999999999999999999",
        "1.",
        "+5",
        "one",
    ];
    let mut values: Vec<Value> = texts.into_iter().map(Value::from).collect();
    values.extend([
        Value::Null,
        json!(-1),
        json!(0),
        json!(1e308),
        json!(1e-9),
        json!(true),
        json!([]),
        json!({}),
    ]);
    values
}

both! {
    async fn nothing_to_price(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let products = json!([fixed(&["6.500"])]);
        for none in [
            Value::Null,
            json!(""),
            json!({}),
            json!([]),
            json!("x"),
            json!(1),
            json!([1]),
        ] {
            let data = json!({ "search": none, "products": products });
            is_error(&world.call(&me, QUOTE, &data).await, 501, NO_SEARCH);
        }
        is_error(
            &world
                .call(&me, QUOTE, &json!({ "products": products }))
                .await,
            501,
            NO_SEARCH,
        );
        is_error(&world.call(&me, QUOTE, &json!({})).await, 501, NO_SEARCH);
        for none in [Value::Null, json!(""), json!([])] {
            let data = json!({ "search": search(), "products": none });
            is_error(&world.call(&me, QUOTE, &data).await, 501, NO_PRODUCTS);
        }
        is_error(
            &world.call(&me, QUOTE, &json!({ "search": search() })).await,
            501,
            NO_PRODUCTS,
        );
        for odd in [json!({}), json!("x"), json!({ "0": fixed(&["6.500"]) })] {
            let data = json!({ "search": search(), "products": odd });
            is_error(
                &world.call(&me, QUOTE, &data).await,
                501,
                &invalid("products"),
            );
        }
        let data = json!({ "search": search(), "products": [fixed(&["6.500"]), 7] });
        is_error(
            &world.call(&me, QUOTE, &data).await,
            501,
            &invalid("products[1]"),
        );
    }

    async fn amounts(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        for name in ["homePrice", "loanAmount"] {
            for value in no_amounts() {
                let data = payload(
                    changed(search(), &[(name, value.clone())]),
                    fixed(&["6.500"]),
                );
                let answer = world.call(&me, QUOTE, &data).await;
                assert_eq!(
                    error(&answer),
                    (501, missing(&format!("search.{name}"))),
                    "{value}"
                );
            }
        }
        for bad in ["NaN", "-1", "1e308"] {
            let data = payload(
                changed(search(), &[("downPayment", json!(bad))]),
                fixed(&["6.500"]),
            );
            is_error(
                &world.call(&me, QUOTE, &data).await,
                501,
                &invalid("search.downPayment"),
            );
        }
        // A literal NaN is no JSON at all.
        let text = payload(search(), fixed(&["6.500"]))
            .to_string()
            .replace("\"160000\"", "NaN");
        let mut fields = me.fields("json").to_vec();
        fields.push(("data", &text));
        is_error(
            &world.post(QUOTE, &fields).await,
            401,
            "Parameter data missing or invalid format.",
        );
        // The smallest and the largest amounts are priced.
        let sized = |price: &str, loan: &str| {
            let amounts = [
                ("homePrice", json!(price)),
                ("loanAmount", json!(loan)),
                ("downPayment", Value::Null),
            ];
            changed(search(), &amounts)
        };
        for (price, loan) in [
            ("1", "0.01"),
            ("1000.50", "800.40"),
            ("100000000000", "80000000000"),
        ] {
            let asked = payload(sized(price, loan), fixed(&["6.500"]));
            success(&world.call(&me, QUOTE, &asked).await);
        }
        // The card ends at 97 %: above it its dearest band stands in, rather than no premium at all.
        // 7.098... was computed a second time outside this code base, as the figures of the goldens.
        let whole = sized("200000", "200000");
        let insured = rates(&world, &me, &payload(whole.clone(), fixed(&["6.500"]))).await;
        assert_eq!(insured[0]["apr"], "7.098");
        let by_lender = changed(fixed(&["6.500"]), &[("lpmi", json!("1"))]);
        let uninsured = rates(&world, &me, &payload(whole, by_lender)).await;
        assert_eq!(uninsured[0]["apr"], "6.500");
    }

    async fn rates_and_points(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let offer = |rate: Value, points: Value| {
            let offers = json!([{ "rate": "6", "points": "0", "isHPML": "0" }, { "rate": rate, "points": points, "isHPML": "0" }]);
            payload(search(), changed(fixed(&[]), &[("rates", offers)]))
        };
        let bad = [
            Value::Null,
            json!(""),
            json!("NaN"),
            json!("-0.001"),
            json!("100.001"),
            json!("1e1"),
            json!(1e308),
            json!("6%"),
            json!([]),
            json!(true),
        ];
        for value in bad {
            let answer = world.call(&me, QUOTE, &offer(value, json!("0"))).await;
            is_error(&answer, 501, &missing("products[0].rates[1].rate"));
        }
        for value in [
            Value::Null,
            json!("x"),
            json!("100.001"),
            json!("-100.001"),
            json!(1e308),
            json!({}),
        ] {
            let answer = world.call(&me, QUOTE, &offer(json!("6"), value)).await;
            is_error(&answer, 501, &missing("products[0].rates[1].points"));
        }
        // As many points as the loan, or more with a fee: nothing is left to finance.
        let answer = world
            .call(&me, QUOTE, &offer(json!("6"), json!("100")))
            .await;
        is_error(&answer, 501, &invalid("products[0].rates[1].points"));
        for (rate, points) in [
            ("0", "0"),
            ("100", "0"),
            ("6", "99"),
            ("6", "-100"),
            ("0", "50"),
        ] {
            let answer = world
                .call(&me, QUOTE, &offer(json!(rate), json!(points)))
                .await;
            let body = success(&answer);
            let apr = body["products"][0]["rates"][1]["apr"]
                .as_str()
                .expect("text")
                .to_owned();
            assert!(apr.parse::<f64>().is_ok_and(f64::is_finite), "{apr}");
        }
    }

    /// Every required member is missed by its own path, and none by another's.
    async fn required_members(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let required = [
            "loanPurpose",
            "zipcode",
            "homePrice",
            "loanAmount",
            "propertyType",
            "numUnits",
            "buildingStatus",
            "occupancyType",
            "noImpounds",
            "streamline",
            "financeUFMIP",
            "financeVAFF",
            "financeUSDAGuaranteeFee",
        ];
        for name in required {
            let data = payload(changed(search(), &[(name, Value::Null)]), fixed(&["6.500"]));
            is_error(
                &world.call(&me, QUOTE, &data).await,
                501,
                &missing(&format!("search.{name}")),
            );
        }
        let required = [
            "productProgram",
            "loanTerm",
            "loanAmortizationType",
            "loanAmortization",
            "interestOnly",
            "lpmi",
            "armIndex",
            "armIndexMargin",
            "armFirstAdj",
            "armFirstAdjCap",
            "armPerAdj",
            "armPerAdjCap",
            "armLifeCap",
            "rates",
        ];
        for name in required {
            let product = changed(adjustable(&["6.500"]), &[(name, Value::Null)]);
            let data = json!({ "search": search(), "products": [fixed(&["6"]), product] });
            is_error(
                &world.call(&me, QUOTE, &data).await,
                501,
                &missing(&format!("products[1].{name}")),
            );
        }
        for name in ["rate", "points", "isHPML"] {
            let offer = changed(
                json!({ "rate": "6", "points": "0", "isHPML": "0" }),
                &[(name, Value::Null)],
            );
            let product = changed(fixed(&[]), &[("rates", json!([offer]))]);
            let answer = world.call(&me, QUOTE, &payload(search(), product)).await;
            is_error(
                &answer,
                501,
                &missing(&format!("products[0].rates[0].{name}")),
            );
        }
        let none = changed(fixed(&[]), &[("rates", json!([]))]);
        let answer = world.call(&me, QUOTE, &payload(search(), none)).await;
        is_error(&answer, 501, "Parameter products[0].rates cannot be empty.");
    }

    async fn members_of_the_wrong_kind(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let table = [
            ("loanPurpose", json!("purchase"), true),
            ("zipcode", json!("9264"), true),
            ("zipcode", json!("92649-12"), true),
            ("zipcode", json!("ABCDE"), true),
            ("countyFips", json!("6059"), false),
            ("countyFips", json!("0605A"), false),
            ("state", json!("C1"), false),
            ("state", json!("California"), false),
            ("propertyType", json!("Castle"), true),
            ("numUnits", json!("-1"), true),
            ("numUnits", json!("1.5"), true),
            ("occupancyType", json!("Nobody"), true),
            ("noImpounds", json!("yes"), true),
            ("city", json!("x".repeat(101)), false),
        ];
        for (name, value, is_required) in table {
            let path = format!("search.{name}");
            let message = if is_required {
                missing(&path)
            } else {
                invalid(&path)
            };
            let data = payload(
                changed(search(), &[(name, value.clone())]),
                fixed(&["6.500"]),
            );
            assert_eq!(
                error(&world.call(&me, QUOTE, &data).await),
                (501, message),
                "{value}"
            );
        }
        let table = [
            ("productProgram", json!("Other")),
            ("loanTerm", json!("0")),
            ("loanTerm", json!("51")),
            ("loanTerm", json!("30.5")),
            ("loanAmortization", json!(-30)),
            ("loanAmortizationType", json!("fixed")),
            ("armIndex", json!("EURIBOR")),
            ("armFirstAdj", json!("0")),
            ("armFirstAdj", json!("601")),
            ("armPerAdj", json!("0")),
            ("armFirstAdjCap", json!("-1")),
            ("armLifeCap", json!("101")),
            ("armIndexMargin", json!("x")),
            ("rates", json!("6.5")),
            ("rates", json!({})),
        ];
        for (name, value) in table {
            let product = changed(adjustable(&["6.500"]), &[(name, value.clone())]);
            let answer = world.call(&me, QUOTE, &payload(search(), product)).await;
            assert_eq!(
                error(&answer),
                (501, missing(&format!("products[0].{name}"))),
                "{value}"
            );
        }
    }

    async fn every_documented_choice_is_priced(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let search_choices = [
            (
                "loanPurpose",
                vec!["Purchase", "Refinance", "RefinanceCashOut"],
            ),
            (
                "propertyType",
                vec![
                    "SingleFamily",
                    "TwoToFourUnitProperty",
                    "Townhouse",
                    "Condominium",
                    "ManufacturedMobileHome",
                    "SiteCondo",
                    "Triplex",
                    "Cooperative",
                    "Duplex",
                    "Quadplex",
                    "HighRiseCondominium",
                    "DetachedCondominium",
                    "Land",
                    "PUD",
                ],
            ),
            (
                "occupancyType",
                vec![
                    "PrimaryResidence",
                    "SecondHome",
                    "OwnerOccupied",
                    "Investor",
                ],
            ),
        ];
        for (name, choices) in search_choices {
            for choice in choices {
                let data = payload(
                    changed(search(), &[(name, json!(choice))]),
                    fixed(&["6.500"]),
                );
                success(&world.call(&me, QUOTE, &data).await);
            }
        }
        let product_choices = [
            ("productProgram", vec!["Conventional", "FHA", "VA", "USDA"]),
            (
                "armIndex",
                vec![
                    "OneYearTreasury",
                    "ThreeYearTreasury",
                    "LIBOR",
                    "EleventhDistrictCostOfFunds",
                    "MonthlyAverageConstantMaturingTreasury",
                    "WeeklyAveragePrimeRate",
                    "SOFR30DayAverage",
                ],
            ),
        ];
        for (name, choices) in product_choices {
            for choice in choices {
                let product = changed(adjustable(&["6.500"]), &[(name, json!(choice))]);
                success(&world.call(&me, QUOTE, &payload(search(), product)).await);
            }
        }
    }

    async fn too_much_at_once(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let many = |n: usize| {
            changed(
                fixed(&[]),
                &[(
                    "rates",
                    vec![json!({ "rate": "6", "points": "0", "isHPML": "0" }); n].into(),
                )],
            )
        };
        let answer = world.call(&me, QUOTE, &payload(search(), many(1001))).await;
        is_error(&answer, 501, &missing("products[0].rates"));
        let short = changed(
            many(1000),
            &[("loanTerm", json!("1")), ("loanAmortization", json!("1"))],
        );
        let products = |n: usize| json!({ "search": search(), "products": vec![short.clone(); n] });
        is_error(
            &world.call(&me, QUOTE, &products(6)).await,
            501,
            &invalid("products"),
        );
        success(&world.call(&me, QUOTE, &products(1)).await);
        let one = fixed(&["6"]);
        let too_many = json!({ "search": search(), "products": vec![one; 201] });
        is_error(
            &world.call(&me, QUOTE, &too_many).await,
            501,
            &invalid("products"),
        );
        let schedules = |n| {
            with_schedule(payload(
                search(),
                changed(
                    many(n),
                    &[("loanTerm", json!("1")), ("loanAmortization", json!("1"))],
                ),
            ))
        };
        is_error(
            &world.call(&me, QUOTE, &schedules(201)).await,
            501,
            &invalid("products"),
        );
        assert_eq!(rates(&world, &me, &schedules(200)).await.len(), 200);
    }

    async fn options_that_cannot_be_read(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let mut data = payload(search(), fixed(&["6"]));
        for (options, path) in [
            (json!("x"), "options"),
            (
                json!({ "isReturnSchedule": "maybe" }),
                "options.isReturnSchedule",
            ),
        ] {
            data["options"] = options;
            is_error(&world.call(&me, QUOTE, &data).await, 501, &invalid(path));
        }
    }
}
