//! `/custom-ppe/update-rates-points`: new sheets for the next quote, all or none.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::stock::{RATES, fill, lender, purchase, search, with};
use crate::world::{Party, World, is_error, success};

const REPLAY: &str = "/custom-ppe/quote-replay";

/// A row of a sheet.
fn row(rate: f64, point: f64, days: i64) -> Value {
    json!({ "rate": rate, "point": point, "lockPeriod": days })
}

fn product(code: &str, rows: Vec<Value>) -> Value {
    json!({ "productCode": code, "armIndex": "", "armIndexMargin": "", "ratesAndPoints": rows })
}

fn update(products: Vec<Value>) -> Value {
    json!({ "products": products })
}

/// Rates of the first product of a search, as texts.
async fn quoted(world: &World, me: &Party) -> Vec<(String, String)> {
    let answer = search(world, me, &purchase()).await;
    let rates = answer["products"][0]["rates"].as_array().expect("a list");
    rates
        .iter()
        .map(|r| (r["rate"].to_string(), r["points"].to_string()))
        .collect()
}

both! {
    async fn new_prices_hold_for_the_next_quote(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let before = search(&world, &me, &purchase()).await;
        let id = before["products"][0]["ppeID"].clone();
        let sent = json!({
            "publicID": id, "armIndex": "", "ratesAndPoints": [row(4.0, 99.256, 30), row(4.125, 100.0, 45)],
            "note": { "mine": [1] },
        });
        let answer = success(&world.call(&me, RATES, &update(vec![sent.clone()])).await);
        let expected = json!({
            "status": "success",
            "products": [{
                "publicID": id, "productCode": "CONV30", "armIndex": "",
                "ratesAndPoints": sent["ratesAndPoints"], "note": { "mine": [1] },
            }],
        });
        assert_eq!(answer, expected);
        // 90 % at 750 costs half a point, the channel an eighth.
        let rates = quoted(&world, &me).await;
        assert_eq!(rates, [("4".to_owned(), "1.369".to_owned()), ("4.125".to_owned(), "0.625".to_owned())]);
        let versions = world.rows("rate_sheet").await;
        assert_eq!(success(&world.call(&me, RATES, &update(vec![sent])).await), expected, "again");
        assert_eq!(world.rows("rate_sheet").await, versions, "the same again is no new version");
        let other = search(&world, &me, &purchase()).await;
        assert_eq!(other["products"][1], before["products"][1], "other products keep their sheets");
    }

    /// An earlier search is worked out again from the sheets of its moment.
    async fn an_earlier_search_is_worked_out_again(db) {
        let world = World::on(&db);
        let (me, other) = (lender(&world).await, lender(&world).await);
        let before = search(&world, &me, &purchase()).await;
        let change = update(vec![product("CONV30", vec![row(4.0, 99.0, 30)])]);
        success(&world.call(&me, RATES, &change).await);
        world.pass_days(80);
        let fresh = world.party(&me.org).await;
        let asked = json!({ "searchID": before["searchID"] });
        let again = success(&world.call(&fresh, REPLAY, &asked).await);
        assert_eq!(again["isEqual"], 1);
        for member in ["loanPurpose", "zipcode", "products", "watchableLoanPrograms"] {
            assert_eq!(again[member], before[member], "{member}");
        }
        assert_ne!(search(&world, &fresh, &purchase()).await["products"], before["products"]);
        let unknown = "Parameter searchID invalid format.";
        let other = world.party(&other.org).await;
        is_error(&world.call(&other, REPLAY, &asked).await, 501, unknown);
        is_error(&world.call(&fresh, REPLAY, &json!({ "searchID": "NOBODY" })).await, 501, unknown);
        world.pass_days(11);
        is_error(&world.call(&fresh, REPLAY, &asked).await, 501, unknown);
    }

    async fn all_or_none(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let before = quoted(&world, &me).await;
        let versions = world.rows("rate_sheet").await;
        let good = || product("CONV30", vec![row(4.0, 99.0, 30)]);
        let missing = |path: &str| format!("Parameter {path} missing or invalid format.");
        let invalid = |path: &str| format!("Parameter {path} invalid format.");
        let rows = |rows: Vec<Value>| product("CONV15", rows);
        let nan = json!({ "rate": "NaN", "point": 100, "lockPeriod": 30 });
        for (second, message) in [
            (product("NOBODY", vec![row(4.0, 99.0, 30)]), invalid("products[1].productCode")),
            (json!({ "publicID": "NOBODY00", "ratesAndPoints": [row(4.0, 99.0, 30)] }), invalid("products[1].publicID")),
            (json!({ "ratesAndPoints": [row(4.0, 99.0, 30)] }), missing("products[1].publicID")),
            (rows(vec![]), "Parameter products[1].ratesAndPoints cannot be empty.".to_owned()),
            (json!({ "productCode": "CONV15" }), missing("products[1].ratesAndPoints")),
            (rows(vec![row(4.0, 99.0, 30), row(4.125, 0.0, 30)]), missing("products[1].ratesAndPoints[1].point")),
            (rows(vec![row(4.0, 200.001, 30)]), missing("products[1].ratesAndPoints[0].point")),
            (rows(vec![row(4.0, 1e308, 30)]), missing("products[1].ratesAndPoints[0].point")),
            (rows(vec![row(0.0, 99.0, 30)]), missing("products[1].ratesAndPoints[0].rate")),
            (rows(vec![nan]), missing("products[1].ratesAndPoints[0].rate")),
            (rows(vec![row(4.0, 99.0, 0)]), missing("products[1].ratesAndPoints[0].lockPeriod")),
            (rows(vec![row(4.0, 99.0, 731)]), missing("products[1].ratesAndPoints[0].lockPeriod")),
            (rows(vec![row(4.0, 99.0, 30), row(4.0, 98.0, 30)]), invalid("products[1].ratesAndPoints[1].rate")),
            (with(rows(vec![row(4.0, 99.0, 30)]), &[("armIndex", json!("x"))]), invalid("products[1].armIndex")),
            (with(rows(vec![row(4.0, 99.0, 30)]), &[("armIndexMargin", json!(26))]), invalid("products[1].armIndexMargin")),
            (rows(vec![json!(7)]), missing("products[1].ratesAndPoints[0]")),
        ] {
            let answer = world.call(&me, RATES, &update(vec![good(), second.clone()])).await;
            is_error(&answer, 501, &message);
        }
        let twice = update(vec![good(), good()]);
        is_error(&world.call(&me, RATES, &twice).await, 501, &invalid("products[1].productCode"));
        is_error(&world.call(&me, RATES, &json!({})).await, 501, &missing("products"));
        is_error(&world.call(&me, RATES, &update(vec![])).await, 501, "Parameter products cannot be empty.");
        assert_eq!(world.rows("rate_sheet").await, versions, "nothing was stored");
        assert_eq!(quoted(&world, &me).await, before);
    }

    async fn whose_sheets_they_are(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        fill(&world, &wholesale).await;
        let (wholesale, broker) = (world.party(&wholesale).await, world.party(&broker).await);
        let stranger = lender(&world).await;
        let theirs = search(&world, &wholesale, &purchase()).await["products"][0]["ppeID"].clone();
        let rows = json!([row(4.0, 99.0, 30)]);
        let by_id = |id: &Value| json!({ "publicID": id, "ratesAndPoints": rows });
        // A foreign product's id answers like an unknown one.
        let foreign = world.call(&stranger, RATES, &update(vec![by_id(&theirs)])).await;
        let unknown = world.call(&stranger, RATES, &update(vec![by_id(&json!("NOBODY00"))])).await;
        assert_eq!((foreign.status, foreign.text()), (unknown.status, unknown.text()));
        // Who is no retail lender says whose they are.
        let data = update(vec![by_id(&theirs)]);
        is_error(
            &world.call(&wholesale, RATES, &data).await,
            501,
            "Parameter company.lenderID missing or invalid format.",
        );
        let of = |lender: &str| with(data.clone(), &[("company", json!({ "lenderID": lender }))]);
        let own = wholesale.org.public_id.as_str();
        let refused = "Parameter company.lenderID invalid format.";
        is_error(&world.call(&wholesale, RATES, &of("NOBODY00")).await, 501, refused);
        is_error(&world.call(&broker, RATES, &of(own)).await, 501, refused);
        success(&world.call(&wholesale, RATES, &of(own)).await);
        assert_eq!(quoted(&world, &broker).await.len(), 1, "the broker quotes the new sheet");
    }
}
