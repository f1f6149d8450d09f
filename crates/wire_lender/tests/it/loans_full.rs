//! The calls of ours about one loan: opened, moved, conditioned, given out, looked at beforehand.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, Party, World, is_error, success};

async fn make(world: &World, me: &Party, los: &str) -> String {
    let data = json!({ "losLoanID": los, "mismo34": DOCUMENT, "inviteBorrowers": 0 });
    let made = success(&world.call(me, "/create-loan", &data).await);
    made["publicID"].as_str().expect("an id").to_owned()
}

async fn get(world: &World, me: &Party, loan: &str) -> Value {
    let data = json!({ "loanPublicID": loan });
    success(&world.call(me, "/get-loan", &data).await)
}

fn missing(name: &str) -> String {
    format!("Parameter {name} missing or invalid format.")
}

fn invalid(name: &str) -> String {
    format!("Parameter {name} invalid format.")
}

async fn goes(world: &World, me: &Party, loan: &str, main: &str, sub: &str) -> Value {
    let data = json!({ "loanPublicID": loan, "loanStatusMain": main, "loanStatusSub": sub });
    success(&world.call(me, "/update-loan-status", &data).await)
}

async fn condition(world: &World, me: &Party, loan: &str, kind: &str) -> String {
    let data = json!({ "loanPublicID": loan, "title": "Latest pay slip", "type": kind });
    let made = success(&world.call(me, "/create-condition", &data).await);
    made["conditionID"].as_str().expect("an id").to_owned()
}

both! {
    async fn a_loan_in_full_begins_as_its_row_in_the_list(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = make(&world, &me, "LOS-1").await;
        let every = json!(["firstName", "middleName", "lastName", "email", "ssoID", "isPrimary"]);
        let asked = json!({
            "isActive": "true", "withBorrower": every, "loanViews": ["name", "userID", "time"],
        });
        let listed = success(&world.call(&me, "/get-list-loans", &asked).await);
        let row = listed["loans"][0].as_object().expect("a row").clone();
        let full = get(&world, &me, &loan).await;
        for (name, value) in &row {
            assert_eq!(&full[name], value, "{name}");
        }
        let names: Vec<&String> = full.as_object().expect("an object").keys().collect();
        assert_eq!(names[..row.len()], row.keys().collect::<Vec<_>>());
        assert_eq!(full["losLoanID"], "LOS-1");
        assert_eq!(full["isActive"], true);
        assert_eq!(full["history"][0]["event"], "loan.created");
        assert_eq!(full["history"][0]["by"], "API");
        for name in ["conditions", "documents", "loanViews"] {
            assert_eq!(full[name], json!([]), "{name}");
        }
    }

    async fn secrets_stay_in_the_document(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = make(&world, &me, "LOS-1").await;
        let full = get(&world, &me, &loan).await;
        let borrower = &full["application"]["borrowers"][0];
        let shown = borrower["taxId"]["value"].as_str().expect("a tax id");
        assert!(shown.len() == 9 && shown.starts_with("*****"), "{shown}");
        let tax_id = DOCUMENT.split("<TaxpayerIdentifierValue>").nth(1).expect("one");
        let tax_id = tax_id.split('<').next().expect("text");
        assert!(!full.to_string().contains(tax_id));
        assert!(tax_id.ends_with(&shown[5..]));
        let data = json!({ "loanPublicID": loan });
        let given = success(&world.call(&me, "/export-loan", &data).await);
        assert!(given["mismo34"].as_str().expect("a document").contains(tax_id));
        let events = get(&world, &me, &loan).await;
        assert_eq!(events["history"][0]["event"], "loan.given");
    }

    async fn an_export_is_the_same_loan_again(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = make(&world, &me, "LOS-1").await;
        let data = json!({ "loanPublicID": loan });
        let given = success(&world.call(&me, "/export-loan", &data).await);
        let document = given["mismo34"].as_str().expect("a document");
        assert!(document.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
        assert_eq!(given["findings"], json!([]));
        let copy = json!({ "losLoanID": "LOS-2", "mismo34": document, "inviteBorrowers": 0 });
        let copy = success(&world.call(&me, "/create-loan", &copy).await);
        let copy = copy["publicID"].as_str().expect("an id");
        let mut applications = Vec::new();
        for id in [&*loan, copy] {
            let mut application = get(&world, &me, id).await["application"].take();
            // The second one came through us.
            application["loan"]["originationSystems"].take();
            applications.push(application);
        }
        assert_eq!(applications[0], applications[1]);
        let xml = me.fields("xml");
        let payload = data.to_string();
        let mut fields = xml.to_vec();
        fields.push(("data", &payload));
        let answer = world.post("/export-loan", &fields).await;
        let text = answer.text();
        assert!(text.contains("<mismo34>&lt;?xml"), "{text}");
    }

    async fn statuses_move_by_the_rules(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = make(&world, &me, "LOS-1").await;
        let moved = goes(&world, &me, &loan, "loan approval", "chose loan").await;
        assert_eq!(moved["systemMainStatus"], "Loan Approval");
        assert_eq!(moved["borrowerSubStatus"], "Chose Loan");
        let before = get(&world, &me, &loan).await;
        goes(&world, &me, &loan, "Loan Approval", "Chose Loan").await;
        assert_eq!(get(&world, &me, &loan).await, before, "the same again");
        let jump = json!({ "loanPublicID": loan, "loanStatusMain": "Funded" });
        let answer = world.call(&me, "/update-loan-status", &jump).await;
        is_error(&answer, 501, &invalid("loanStatusMain"));
        assert!(!answer.json()["error"]["details"].as_array().expect("reasons").is_empty());
        let ended = goes(&world, &me, &loan, "Withdrawn", "").await;
        assert_eq!(ended["isActive"], false);
        assert_eq!(get(&world, &me, &loan).await["history"][0]["to"]["systemMainStatus"], "Withdrawn");
        let data = json!({
            "loanPublicID": loan, "loanStatusMain": "Loan Approval", "loanStatusSub": "Chose Loan",
            "lenderMainStatus": "On the desk", "borrowerMainStatus": "We are at it",
            "closingDate": "12/24/2026",
        });
        let again = success(&world.call(&me, "/update-loan-status", &data).await);
        assert_eq!(again["isActive"], true);
        assert_eq!(again["lenderMainStatus"], "On the desk");
        assert_eq!(again["borrowerMainStatus"], "We are at it");
        assert_eq!(again["closingDate"], 1_798_070_400);
    }

    async fn open_conditions_hold_a_loan_back(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = make(&world, &me, "LOS-1").await;
        goes(&world, &me, &loan, "Underwriting", "In Underwriting").await;
        let held = condition(&world, &me, &loan, "Prior To Docs").await;
        condition(&world, &me, &loan, "post closing").await;
        let close = json!({
            "loanPublicID": loan, "loanStatusMain": "Underwriting", "loanStatusSub": "Clear to Close",
        });
        let answer = world.call(&me, "/update-loan-status", &close).await;
        is_error(&answer, 501, &invalid("loanStatusSub"));
        let told = answer.json()["error"]["details"].to_string();
        assert!(told.contains("Latest pay slip"), "{told}");
        let waive = json!({ "conditionID": held, "status": "waived" });
        let waived = success(&world.call(&me, "/update-condition", &waive).await);
        assert_eq!(waived["status"], "waived");
        assert_eq!(waived["type"], "prior to docs");
        assert_eq!(waived["responsible"], "borrower");
        success(&world.call(&me, "/update-loan-status", &close).await);
        let shown = get(&world, &me, &loan).await;
        assert_eq!(shown["conditions"].as_array().expect("a list").len(), 2);
    }

    async fn the_same_key_is_the_same_condition(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = make(&world, &me, "LOS-1").await;
        let data = |title: &str| json!({
            "loanID": loan, "title": title, "type": "prior to funding", "conditionUID": "C-1",
            "responsible": "Third Party", "autoSatisfy": "true",
        });
        let first = success(&world.call(&me, "/create-condition", &data("Title")).await);
        for title in ["Title", "Title insurance"] {
            let again = success(&world.call(&me, "/create-condition", &data(title)).await);
            assert_eq!(again, first);
        }
        let shown = get(&world, &me, &loan).await;
        assert_eq!(shown["conditions"].as_array().expect("a list").len(), 1);
        assert_eq!(shown["conditions"][0]["title"], "Title insurance");
        assert_eq!(shown["conditions"][0]["autoSatisfy"], true);
    }

    async fn brokers_do_not_clear_their_lenders_conditions(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let (lender, broker) = (world.party(&wholesale).await, world.party(&broker).await);
        let loan = make(&world, &broker, "LOS-1").await;
        let held = condition(&world, &lender, &loan, "prior to docs").await;
        assert_eq!(get(&world, &broker, &loan).await["conditions"][0]["conditionID"], *held);
        for status in ["satisfied", "waived"] {
            let data = json!({ "conditionID": held, "status": status });
            let answer = world.call(&broker, "/update-condition", &data).await;
            is_error(&answer, 501, &invalid("status"));
            assert_eq!(get(&world, &lender, &loan).await["conditions"][0]["status"], "open");
            let seen = success(&world.call(&lender, "/update-condition", &data).await);
            assert_eq!(seen["status"], status);
            let reopen = json!({ "conditionID": held, "status": "open" });
            success(&world.call(&lender, "/update-condition", &reopen).await);
        }
    }

    async fn bad_payloads_change_nothing(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let loan = make(&world, &me, "LOS-1").await;
        let held = condition(&world, &me, &loan, "prior to docs").await;
        let before = get(&world, &me, &loan).await;
        let long = "x".repeat(5000);
        let table = [
            ("/get-loan", json!({}), missing("loanPublicID")),
            ("/get-loan", json!({ "loanPublicID": "short" }), missing("loanPublicID")),
            ("/get-loan", json!({ "loanPublicID": [loan] }), missing("loanPublicID")),
            ("/get-loan", json!({ "loanPublicID": "ZZZZ0000" }), missing("loanPublicID")),
            ("/export-loan", json!({ "loanPublicID": "ZZZZ0000" }), missing("loanPublicID")),
            ("/validate-mismo", json!({}), missing("mismo34")),
            ("/validate-mismo", json!({ "mismo34": 7 }), missing("mismo34")),
            ("/update-loan-status", json!({ "loanPublicID": loan }), missing("loanStatusMain")),
            (
                "/update-loan-status",
                json!({ "loanPublicID": loan, "loanStatusMain": "Nowhere" }),
                invalid("loanStatusMain"),
            ),
            (
                "/update-loan-status",
                json!({ "loanPublicID": loan, "loanStatusMain": "Closing", "loanStatusSub": "Ran AUS" }),
                invalid("loanStatusSub"),
            ),
            (
                "/update-loan-status",
                json!({ "loanPublicID": loan, "loanStatusMain": "Closing", "closingDate": "soon" }),
                invalid("closingDate"),
            ),
            (
                "/create-condition",
                json!({ "loanPublicID": loan, "type": "prior to docs" }),
                missing("title"),
            ),
            (
                "/create-condition",
                json!({ "loanPublicID": loan, "title": "A", "type": "whenever" }),
                invalid("type"),
            ),
            (
                "/create-condition",
                json!({ "loanPublicID": loan, "title": "A", "type": "prior to docs", "description": long }),
                invalid("description"),
            ),
            (
                "/create-condition",
                json!({ "loanPublicID": loan, "title": "a\u{0}b", "type": "prior to docs" }),
                invalid("title"),
            ),
            ("/update-condition", json!({ "status": "waived" }), missing("conditionID")),
            (
                "/update-condition",
                json!({ "conditionID": "ZZZZ0000", "status": "waived" }),
                missing("conditionID"),
            ),
            (
                "/update-condition",
                json!({ "conditionID": held, "status": "lost" }),
                invalid("status"),
            ),
        ];
        for (endpoint, data, message) in table {
            let answer = world.call(&me, endpoint, &data).await;
            is_error(&answer, 501, &message);
        }
        assert_eq!(get(&world, &me, &loan).await, before);
    }

    async fn a_document_is_looked_at_without_a_trace(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let good = json!({ "mismo34": DOCUMENT });
        let found = success(&world.call(&me, "/validate-mismo", &good).await);
        assert_eq!(found["isValid"], true);
        assert_eq!(found["errorCount"], 0);
        assert_eq!(found["summary"]["borrowerCount"], 2);
        let bad = json!({ "mismo34": "<MESSAGE/>" });
        let found = success(&world.call(&me, "/validate-mismo", &bad).await);
        assert_eq!(found["isValid"], false);
        assert_eq!(found["findings"][0]["severity"], "error");
        assert_eq!(found["findings"][0]["code"], "namespace_missing");
        assert_eq!(world.rows("loan").await, 0);
    }
}
