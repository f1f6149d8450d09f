//! `crmID` of loans: said when a loan arrives, said again, said alone; each organisation has a word of
//! its own and sees nobody else's.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, Party, World, is_error, success};

async fn create(world: &World, me: &Party, los: &str, crm_id: Value) -> Value {
    let data = json!({
        "losLoanID": los, "mismo34": DOCUMENT, "inviteBorrowers": 0, "losMiscLoanData": { "crmID": crm_id },
    });
    success(&world.call(me, "/create-loan", &data).await)["publicID"].clone()
}

async fn loan(world: &World, me: &Party, id: &Value) -> Value {
    success(
        &world
            .call(me, "/get-loan", &json!({ "loanPublicID": id }))
            .await,
    )
}

async fn crm_id(world: &World, me: &Party, id: &Value) -> Value {
    loan(world, me, id).await["crmID"].clone()
}

fn names(loan: &Value) -> usize {
    let history = loan["history"].as_array().expect("a list");
    history
        .iter()
        .filter(|e| e["event"] == "loan.named")
        .count()
}

both! {
    async fn a_loan_is_named_when_it_arrives(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let id = create(&world, &me, "LOS-1", json!(" 22112183 ")).await;
        let first = loan(&world, &me, &id).await;
        assert_eq!((first["crmID"].clone(), names(&first)), (json!("22112183"), 0));
        // Nothing said: it stays. A number is its digits. The same again is no news.
        for (said, seen, told) in [
            (Value::Null, "22112183", 0), (json!(""), "22112183", 0), (json!(7), "7", 1), (json!("7"), "7", 1),
        ] {
            assert_eq!(create(&world, &me, "LOS-1", said).await, id);
            let now = loan(&world, &me, &id).await;
            assert_eq!((now["crmID"].clone(), names(&now)), (json!(seen), told));
            assert_eq!(now["revision"], 1, "the loan itself is as it was");
        }
        // A newer document, and with it another word.
        let newer = DOCUMENT.replace("</MESSAGE>", "<!-- newer --></MESSAGE>");
        let data = json!({
            "losLoanID": "LOS-1", "mismo34": newer, "inviteBorrowers": 0, "losMiscLoanData": { "crmID": "8" },
        });
        assert_eq!(success(&world.call(&me, "/create-loan", &data).await)["publicID"], id);
        assert_eq!(crm_id(&world, &me, &id).await, "8");
        let none = json!({ "losLoanID": "LOS-2", "mismo34": DOCUMENT, "inviteBorrowers": 0 });
        let other = success(&world.call(&me, "/create-loan", &none).await)["publicID"].clone();
        assert_eq!(crm_id(&world, &me, &other).await, Value::Null);
    }

    async fn a_loan_is_named_later(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let id = create(&world, &me, "LOS-1", Value::Null).await;
        let update = "/update-loan-status";
        let alone = json!({ "loanPublicID": id, "crmID": "A-1" });
        for _ in 0..2 {
            let answer = success(&world.call(&me, update, &alone).await);
            assert_eq!((answer["ID"].clone(), answer["systemSubStatus"].clone()), (id.clone(), json!("Signed Up")));
        }
        let named = loan(&world, &me, &id).await;
        assert_eq!((named["crmID"].clone(), names(&named), named["revision"].clone()), (json!("A-1"), 1, json!(1)));
        let moved = json!({ "loanPublicID": id, "crmID": "A-2", "loanStatusMain": "Loan Approval" });
        success(&world.call(&me, update, &moved).await);
        let named = loan(&world, &me, &id).await;
        assert_eq!((named["crmID"].clone(), named["systemMainStatus"].clone()), (json!("A-2"), json!("Loan Approval")));
        // What is refused names nothing.
        let back = json!({ "loanPublicID": id, "crmID": "A-3", "loanStatusMain": "Funded" });
        is_error(&world.call(&me, update, &back).await, 501, "Parameter loanStatusMain invalid format.");
        let half = json!({ "loanPublicID": id, "crmID": "A-3", "loanStatusSub": "Signed Up" });
        is_error(&world.call(&me, update, &half).await, 501, "Parameter loanStatusMain missing or invalid format.");
        assert_eq!(crm_id(&world, &me, &id).await, "A-2");
    }

    async fn words_that_cannot_be_kept(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let id = create(&world, &me, "LOS-1", json!("é".repeat(200))).await;
        assert_eq!(crm_id(&world, &me, &id).await, "é".repeat(200));
        for bad in [json!("x".repeat(201)), json!("a\u{0}b"), json!("a\nb"), json!("a\u{7f}b"), json!([]), json!({}), json!(true)] {
            let data = json!({
                "losLoanID": "LOS-2", "mismo34": DOCUMENT, "losMiscLoanData": { "crmID": bad },
            });
            let message = "Parameter losMiscLoanData.crmID invalid format.";
            is_error(&world.call(&me, "/create-loan", &data).await, 501, message);
            for more in [json!({}), json!({ "loanStatusMain": "Withdrawn" })] {
                let mut data = more;
                data["loanPublicID"] = id.clone();
                data["crmID"] = bad.clone();
                is_error(&world.call(&me, "/update-loan-status", &data).await, 501, "Parameter crmID invalid format.");
            }
        }
        assert_eq!(world.rows("loan").await, 1);
        assert_eq!(crm_id(&world, &me, &id).await, "é".repeat(200));
    }

    async fn nobodys_word_reaches_into_another_system(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let (lender, broker, other) = (world.party(&wholesale).await, world.party(&broker).await, world.lender().await);
        let id = create(&world, &broker, "LOS-1", json!("B-1")).await;
        assert_eq!(crm_id(&world, &broker, &id).await, "B-1");
        assert_eq!(crm_id(&world, &lender, &id).await, Value::Null, "the lender has not said anything");
        let name = json!({ "loanPublicID": id, "crmID": "L-1" });
        success(&world.call(&lender, "/update-loan-status", &name).await);
        assert_eq!((crm_id(&world, &lender, &id).await, crm_id(&world, &broker, &id).await), (json!("L-1"), json!("B-1")));
        let unknown = "Parameter loanPublicID missing or invalid format.";
        is_error(&world.call(&other, "/update-loan-status", &name).await, 501, unknown);
        // The lender's own word stays the lender's when a broker has the same for its loan.
        let own = create(&world, &lender, "LOS-9", json!("SAME")).await;
        let hijack = json!({ "loanPublicID": id, "crmID": "SAME" });
        success(&world.call(&broker, "/update-loan-status", &hijack).await);
        let task = |id: &str| json!([{ "crmEventID": id, "actionList": [{
            "actionType": "createTask", "crmID": "SAME",
            "actionData": { "taskTargetType": "Lender", "taskDescription": "Call" },
        }] }]);
        let notify = "/create-notifications";
        assert_eq!(success(&world.call(&lender, notify, &task("E-1")).await)[0]["status"], "success");
        let foreign = success(&world.call(&other, notify, &task("E-2")).await);
        assert_eq!(foreign[0]["errorMessage"], "Parameter crmID invalid.");
        let tasks = async |id: &Value| loan(&world, &lender, id).await["tasks"].as_array().expect("a list").len();
        assert_eq!((tasks(&own).await, tasks(&id).await), (1, 0));
    }
}
