//! `/create-loan` over the wire.

use lintel_domain::id::RowId;
use lintel_domain::loan::Lifecycle;
use lintel_store::loan::write::set_lifecycle_in;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, NOON, World, error, is_error, success};

const CREATE: &str = "/create-loan";

fn payload(los: &str, document: &str) -> Value {
    json!({ "losLoanID": los, "mismo34": document, "inviteBorrowers": 0 })
}

both! {
    async fn a_loan_is_created_once(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let first = success(&world.call(&me, CREATE, &payload("LOS-1", DOCUMENT)).await);
        let id = first["publicID"].as_str().expect("text");
        assert_eq!(first, json!({ "publicID": id }));
        let is_public = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        assert!(id.len() == 8 && id.bytes().all(is_public), "{id}");
        for _ in 0..2 {
            let again = success(&world.call(&me, CREATE, &payload("LOS-1", DOCUMENT)).await);
            assert_eq!(again, first);
        }
        assert_eq!(world.rows("loan").await, 1);
        let newer = DOCUMENT.replace("160000.00", "150000.00");
        let updated = success(&world.call(&me, CREATE, &payload("LOS-1", &newer)).await);
        assert_eq!(updated, first);
        let other = success(&world.call(&me, CREATE, &payload("LOS-2", DOCUMENT)).await);
        assert_ne!(other, first);
    }

    async fn a_changed_loan_is_not_overwritten(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        world.call(&me, CREATE, &payload("LOS-1", DOCUMENT)).await;
        let row: Option<(String,)> = db
            .maybe("SELECT id FROM loan", Vec::new())
            .await
            .expect("read");
        let id = RowId::new(row.expect("there").0);
        let mut tx = db.begin().await.expect("begun");
        set_lifecycle_in(&mut tx, &me.org.id, &id, Lifecycle::Archived, NOON)
            .await
            .expect("touched");
        tx.commit().await.expect("committed");
        let newer = DOCUMENT.replace("160000.00", "150000.00");
        let answer = world.call(&me, CREATE, &payload("LOS-1", &newer)).await;
        is_error(&answer, 501, "Parameter losLoanID invalid format.");
        success(&world.call(&me, CREATE, &payload("LOS-1", DOCUMENT)).await);
    }

    async fn bad_payloads(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let good = payload("LOS-1", DOCUMENT);
        let missing = |name: &str| format!("Parameter {name} missing or invalid format.");
        let invalid = |name: &str| format!("Parameter {name} invalid format.");
        let long = "9".repeat(101);
        let table = [
            ("losLoanID", Value::Null, missing("losLoanID")),
            ("losLoanID", json!(""), missing("losLoanID")),
            ("losLoanID", json!({}), missing("losLoanID")),
            ("losLoanID", json!(long), missing("losLoanID")),
            ("losLoanID", json!("a\nb"), invalid("losLoanID")),
            ("mismo34", Value::Null, missing("mismo34")),
            ("mismo34", json!(""), missing("mismo34")),
            ("mismo34", json!(7), missing("mismo34")),
            ("mismo34", json!("no document"), missing("mismo34")),
            ("mismo34", json!("<a/>"), missing("mismo34")),
            ("inviteBorrowers", json!("2"), invalid("inviteBorrowers")),
            ("inviteBorrowers", json!([]), invalid("inviteBorrowers")),
            ("losMiscLoanData", json!("x"), invalid("losMiscLoanData")),
            (
                "losMiscLoanData",
                json!({ "loanStatusMain": [] }),
                invalid("losMiscLoanData.loanStatusMain"),
            ),
        ];
        let before = (world.rows("loan").await, world.rows("event").await);
        for (name, value, message) in table {
            let mut data = good.clone();
            data[name] = value.clone();
            let answer = world.call(&me, CREATE, &data).await;
            is_error(&answer, 501, &message);
            assert_eq!(
                answer.json()["error"]["field"],
                message.split(' ').nth(1).unwrap_or_default(),
                "{value}"
            );
        }
        assert_eq!(
            (world.rows("loan").await, world.rows("event").await),
            before
        );
    }

    /// Numbers as ids, PHP's empty array for an object, flags in every spelling.
    async fn lenient_payloads(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        for (n, (name, value)) in [
            ("losLoanID", json!(4711)),
            ("losMiscLoanData", json!([])),
            (
                "losMiscLoanData",
                json!({ "loanStatusMain": "Start Application", "loanStatusSub": "Signed Up" }),
            ),
            ("inviteBorrowers", json!("1")),
            ("inviteBorrowers", json!(true)),
            ("inviteBorrowers", Value::Null),
            ("unknown", json!({ "a": [1] })),
        ]
        .into_iter()
        .enumerate()
        {
            let mut data = payload(&format!("LOS-{n}"), DOCUMENT);
            data[name] = value;
            success(&world.call(&me, CREATE, &data).await);
        }
        assert_eq!(world.rows("loan").await, 7);
    }

    /// Every finding of a refused document is in the answer, without a value of the document.
    async fn findings_are_in_the_details(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let bad = DOCUMENT
            .replace("<BaseLoanAmount>160000.00", "<BaseLoanAmount>a lot")
            .replace("<LoanPurposeType>Purchase", "<LoanPurposeType>Holiday");
        let answer = world.call(&me, CREATE, &payload("LOS-1", &bad)).await;
        assert_eq!(error(&answer).0, 501);
        let body = answer.json();
        let details = body["error"]["details"].as_array().expect("a list");
        let codes: Vec<&str> = details.iter().filter_map(|d| d["code"].as_str()).collect();
        assert!(
            codes.contains(&"bad_amount") && codes.contains(&"enum_unknown"),
            "{codes:?}"
        );
        for detail in details {
            assert!(
                detail["path"].is_string() && detail["message"].is_string(),
                "{detail}"
            );
        }
        for value in ["a lot", "Holiday", "900661234", "Ashdown"] {
            assert!(
                !answer.text().contains(value),
                "{value} in {}",
                answer.text()
            );
        }
        assert_eq!(world.rows("loan").await, 0);
    }
}
