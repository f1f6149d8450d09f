//! The catalogue over the wire: read, planned, replaced, refused.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::stock::{lender, names, purchase, search};
use crate::world::{World, error, is_error, success};

const GET: &str = "/custom-ppe/get-catalogue";
const UPDATE: &str = "/custom-ppe/update-catalogue";

const DEAR_FEE: &str =
    "[[fee]]\nname = \"Dear Fee\"\ntype = \"UnderwritingFee\"\nsection = \"A\"\namount = 1234\n";

both! {
    async fn what_was_read_can_be_written(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let got = success(&world.call(&me, GET, &json!({ "csv": 1 })).await);
        assert_eq!(got["status"], "success");
        assert!(got["version"].as_i64().is_some_and(|v| v > 0));
        let parts = got["parts"].as_object().expect("an object");
        assert_eq!(parts.len(), 8);
        assert!(got["parts"]["products"].as_str().is_some_and(|t| t.contains("CONV30")));
        assert!(got["csv"]["fees"].as_str().is_some_and(|t| t.contains("Underwriting Fee")));
        assert!(got["sheets"].as_str().is_some_and(|t| t.starts_with("product,")));
        let versions = world.rows("catalogue_version").await;
        for data in [
            json!({ "parts": got["parts"] }),
            json!({ "parts": { "fees": got["parts"]["fees"] } }),
            json!({ "csv": { "fees": got["csv"]["fees"] } }),
        ] {
            let answer = success(&world.call(&me, UPDATE, &data).await);
            assert_eq!(answer["outcome"], "unchanged", "{answer}");
        }
        let sheets = json!({ "sheets": got["sheets"] });
        let answer = success(&world.call(&me, UPDATE, &sheets).await);
        let all = answer["sheets"].as_array().expect("a list");
        assert!(!all.is_empty() && all.iter().all(|s| s["isChanged"] == 0), "{answer}");
        assert_eq!(world.rows("catalogue_version").await, versions);
        let some = success(&world.call(&me, GET, &json!({ "parts": ["caps"] })).await);
        assert_eq!(some["parts"].as_object().map(serde_json::Map::len), Some(1));
        assert!(some.get("sheets").is_none());
    }

    async fn a_plan_changes_nothing_and_a_change_does(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let change = |dry: i32| json!({ "parts": { "fees": DEAR_FEE }, "dryRun": dry, "note": "dearer" });
        let before = search(&world, &me, &purchase()).await;
        let planned = success(&world.call(&me, UPDATE, &change(1)).await);
        assert_eq!(planned["outcome"], "planned");
        let diff = &planned["diff"][0];
        assert_eq!((&diff["part"], &diff["added"], &diff["removed"]), (&json!("fees"), &json!(1), &json!(7)));
        assert_eq!(search(&world, &me, &purchase()).await["products"], before["products"]);
        let stored = success(&world.call(&me, UPDATE, &change(0)).await);
        assert_eq!(stored["outcome"], "stored");
        let after = search(&world, &me, &purchase()).await;
        assert_eq!(names(&after), names(&before));
        let fees = after["products"][0]["rates"][0]["fees"].to_string();
        assert!(fees.contains("Dear Fee") && !fees.contains("Appraisal"), "{fees}");
        let got = success(&world.call(&me, GET, &json!({})).await);
        assert_eq!((&got["note"], &got["version"]), (&json!("dearer"), &stored["version"]));
        let first = success(&world.call(&me, GET, &json!({ "version": 1 })).await);
        assert!(first["parts"]["fees"].as_str().is_some_and(|t| t.contains("Appraisal")));
    }

    async fn a_new_product_with_its_sheet(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let empty = success(&world.call(&me, GET, &json!({})).await);
        assert_eq!(empty["version"], 0);
        let product = "[[product]]\ncode = \"NEW30\"\nname = \"New 30\"\nprogram = \"conventional\"\nterm_years = 30\n";
        let data = |sheets: &str| json!({ "parts": { "products": product }, "sheets": sheets });
        let bad = world.call(&me, UPDATE, &data("product,lock_days,rate,price\nOLD30,30,6,100\n")).await;
        assert_eq!(error(&bad), (501, "Parameter sheets invalid format.".to_owned()));
        assert!(bad.text().contains("OLD30"), "{}", bad.text());
        assert_eq!(world.rows("catalogue_version").await, 0, "a bad sheet leaves the catalogue alone");
        let good = success(&world.call(&me, UPDATE, &data("product,lock_days,rate,price\nNEW30,30,6,100\n")).await);
        assert_eq!(good["newProducts"][0]["productCode"], "NEW30");
        assert_eq!(good["sheets"][0]["publicID"], good["newProducts"][0]["publicID"]);
        assert_eq!((&good["version"], &good["sheets"][0]["version"]), (&json!(1), &json!(1)), "one stroke");
        let answer = search(&world, &me, &purchase()).await;
        assert_eq!(names(&answer), ["New 30"]);
        assert_eq!(answer["products"][0]["ppeID"], good["newProducts"][0]["publicID"]);
    }

    async fn what_cannot_be_used_is_said_in_full(db) {
        let world = World::on(&db);
        let me = lender(&world).await;
        let versions = world.rows("catalogue_version").await;
        let bad = json!({ "parts": { "fees": "[[fee]]\nname = \"x\"\ncolour = 1\n" } });
        let answer = world.call(&me, UPDATE, &bad).await;
        assert_eq!(error(&answer), (501, "Parameter parts invalid format.".to_owned()));
        let details = answer.json()["error"]["details"].clone();
        assert!(details.as_array().is_some_and(|d| d.len() >= 2), "{details}");
        for member in ["level", "part", "row", "name", "line", "field", "message"] {
            assert!(details[0].get(member).is_some(), "{member}: {details}");
        }
        for (data, message) in [
            (json!({}), "Parameter parts cannot be empty."),
            (json!({ "parts": [] }), "Parameter parts cannot be empty."),
            (json!({ "parts": { "prices": "" } }), "Parameter parts.prices invalid format."),
            (json!({ "parts": { "fees": 7 } }), "Parameter parts.fees invalid format."),
            (json!({ "parts": { "fees": "" }, "csv": { "fees": "name\n" } }), "Parameter csv.fees invalid format."),
            (json!({ "csv": { "products": "code\n" } }), "Parameter csv.products invalid format."),
            (json!({ "sheets": 7 }), "Parameter sheets invalid format."),
            (json!({ "sheets": "product\n" }), "Parameter sheets invalid format."),
            (json!({ "parts": { "fees": "" }, "dryRun": "maybe" }), "Parameter dryRun invalid format."),
            (json!({ "parts": { "fees": "" }, "effectiveAt": -1 }), "Parameter effectiveAt invalid format."),
            (json!({ "parts": { "fees": "" }, "note": "x".repeat(501) }), "Parameter note invalid format."),
        ] {
            is_error(&world.call(&me, UPDATE, &data).await, 501, message);
        }
        is_error(&world.call(&me, GET, &json!({ "version": 99 })).await, 501, "Parameter version invalid format.");
        is_error(&world.call(&me, GET, &json!({ "parts": ["fees", "x"] })).await, 501, "Parameter parts[1] invalid format.");
        assert_eq!(world.rows("catalogue_version").await, versions);
    }

    async fn brokers_neither_read_nor_write(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        crate::stock::fill(&world, &wholesale).await;
        let broker = world.party(&broker).await;
        let data = json!({
            "company": { "lenderID": wholesale.public_id.as_str() }, "parts": { "fees": "" },
        });
        is_error(&world.call(&broker, UPDATE, &data).await, 501, "Parameter company.lenderID invalid format.");
        let asked: Value = json!({ "company": { "lenderID": wholesale.public_id.as_str() } });
        is_error(&world.call(&broker, GET, &asked).await, 501, "Parameter company.lenderID invalid format.");
    }
}
