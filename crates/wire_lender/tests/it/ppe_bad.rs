//! `/get-ppe-anonymous`: everything that cannot be priced is refused by its path, and nothing of it is
//! stored.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::stock::{PPE, lender, purchase, sample, search, with};
use crate::world::{World, is_error};

fn missing(path: &str) -> String {
    format!("Parameter {path} missing or invalid format.")
}

fn invalid(path: &str) -> String {
    format!("Parameter {path} invalid format.")
}

/// What is no amount of money.
fn no_amounts() -> Vec<Value> {
    let texts = [
        "NaN",
        "nan",
        "inf",
        "-1",
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
        json!(-1),
        json!(1e308),
        json!(1e-9),
        json!(true),
        json!([]),
        json!({}),
    ]);
    values
}

both! {
    async fn amounts(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        for value in no_amounts() {
            for (name, is_required) in [
                ("homePrice", true), ("loanAmount", false), ("downPayment", false), ("cashOut", false),
                ("grossMonthlyIncome", false), ("monthlyDebts", false),
            ] {
                let answer = world.call(&me, PPE, &with(sample(), &[(name, value.clone())])).await;
                let message = if is_required { missing(name) } else { invalid(name) };
                is_error(&answer, 501, &message);
            }
        }
        for (changes, message) in [
            (vec![("homePrice", json!("0"))], missing("homePrice")),
            (vec![("homePrice", json!("0.00"))], missing("homePrice")),
            (vec![("loanAmount", json!(0))], invalid("loanAmount")),
            (vec![("loanAmount", json!("500000.01"))], invalid("loanAmount")),
            (vec![("loanAmount", Value::Null), ("downPayment", json!("490000.01"))], invalid("cashOut")),
            (vec![("loanAmount", Value::Null), ("downPayment", json!("500000.01"))], invalid("downPayment")),
            (vec![("loanAmount", Value::Null), ("downPayment", Value::Null)], missing("loanAmount")),
            (vec![("cashOut", Value::Null)], missing("cashOut")),
        ] {
            is_error(&world.call(&me, PPE, &with(sample(), &changes)).await, 501, &message);
        }
        // A literal NaN is no JSON at all.
        let text = sample().to_string().replace("\"250000\"", "NaN");
        let mut fields = me.fields("json").to_vec();
        fields.push(("data", &text));
        is_error(&world.post(PPE, &fields).await, 401, "Parameter data missing or invalid format.");
        assert_eq!(world.rows("quote_search").await, 0, "nothing was stored");
        // The smallest and the largest are priced, or said to be had by nobody.
        for (price, loan) in [("0.01", "0.01"), ("1", "0.01"), ("100000000000", "100000000000")] {
            search(&world, &me, &with(sample(), &[("homePrice", json!(price)), ("loanAmount", json!(loan))])).await;
        }
    }

    async fn required_and_optional_members(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let required = [
            "loanPurpose", "zipcode", "homePrice", "propertyType", "occupancyType", "subChannel",
            "filterARMs", "filterConventional", "filterFHA", "filterVA", "filterHomeReady",
            "filterUSDA", "filter40Year", "filter30Year", "filter25Year", "filter20Year",
            "filter15Year", "filter10Year", "filter10YearARM", "filter7YearARM", "filter5YearARM",
            "filter3YearARM", "filter2YearARM", "filter1YearARM", "filterLess1YearARM",
        ];
        for name in required {
            for none in [Value::Null, json!(""), json!([]), json!({})] {
                let answer = world.call(&me, PPE, &with(sample(), &[(name, none)])).await;
                is_error(&answer, 501, &missing(name));
            }
        }
        for (name, bad) in [
            ("lockPeriod", json!("0")),
            ("lockPeriod", json!("731")),
            ("lockPeriod", json!(1e308)),
            ("fico", json!("299")),
            ("fico", json!("NaN")),
            ("numUnits", json!("5")),
            ("bestMatch", json!("2")),
            ("customGrouping", json!("yes")),
            ("options", json!("x")),
            ("filterPoints", json!([1, 2])),
            ("additionalCriteria", json!(["x"])),
        ] {
            let answer = world.call(&me, PPE, &with(sample(), &[(name, bad)])).await;
            is_error(&answer, 501, &invalid(name));
        }
        for (name, bad, path) in [
            ("options", json!({ "explain": "maybe" }), invalid("options.explain")),
            ("filterPoints", json!({ "low": "1", "high": "-1" }), invalid("filterPoints")),
            ("filterPoints", json!({ "low": "NaN", "high": "1" }), missing("filterPoints.low")),
            ("filterPoints", json!({ "low": "1" }), missing("filterPoints.high")),
            ("loanPurpose", json!(["Purchase", "Rent"]), missing("loanPurpose[1]")),
            ("zipcode", json!(["92649", "9264"]), missing("zipcode[1]")),
            ("company", json!("x"), invalid("company")),
        ] {
            is_error(&world.call(&me, PPE, &with(sample(), &[(name, bad)])).await, 501, &path);
        }
        assert_eq!(world.rows("quote_search").await, 0, "nothing was stored");
    }

    async fn whose_search_it_is(db) {
        let world = World::on(&db);
        let (me, other) = (lender(&world).await, world.lender().await);
        let mine = world.staff(&me.org, 1, "olive.officer@example.com").await;
        let theirs = world.staff(&other.org, 1, "oscar.officer@example.com").await;
        let row = "Parameter lenderID and/or userUID invalid.";
        for (name, id) in [
            ("lenderID", other.org.public_id.as_str()),
            ("lenderID", "NOBODY00"),
            ("lenderID", "short"),
            ("userUID", theirs.public_id.as_str()),
            ("userUID", "NOBODY00"),
        ] {
            let answer = world.call(&me, PPE, &with(purchase(), &[(name, json!(id))])).await;
            is_error(&answer, 401, row);
        }
        let company = json!({ "lenderID": other.org.public_id.as_str() });
        is_error(&world.call(&me, PPE, &with(purchase(), &[("company", company)])).await, 401, row);
        assert_eq!(world.rows("quote_search").await, 0, "nothing was stored");
        let own = with(purchase(), &[
            ("company", json!({ "lenderID": me.org.public_id.as_str() })),
            ("userUID", json!(mine.public_id.as_str())),
        ]);
        search(&world, &me, &own).await;
    }
}
