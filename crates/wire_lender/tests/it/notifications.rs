//! `/create-notifications`: events of a customer system, carried out once, in full or not at all.

use std::sync::Arc;

use lintel_app::job::drain;
use lintel_app::lead::{LeadBorrower, NewLead, create_lead};
use lintel_app::message::handlers;
use lintel_app::ports::{MemoryPost, MemorySms};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_edge::test_client::Answer;
use lintel_store::db::{Db, Val};
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, Party, World, success};

/// The sample payload of the public text, as it is.
const SAMPLE: &str = include_str!("stock/notifications.json");

/// Tables an event may write to.
const TABLES: [&str; 8] = [
    "crm_event",
    "task",
    "alert",
    "alert_role",
    "message",
    "delivery",
    "job",
    "event",
];

pub fn sample() -> Value {
    serde_json::from_str(SAMPLE).expect("JSON")
}

/// A lender whose customer system knows two leads and three people.
pub struct Office {
    pub world: World,
    pub me: Party,
}

impl Office {
    pub async fn on(db: &Db) -> Self {
        let world = World::on(db);
        let me = world.lender().await;
        let office = Self { world, me };
        office.furnish(&office.me.org).await;
        office
    }

    /// What the sample names.
    pub async fn furnish(&self, org: &Organisation) {
        for (n, uid) in ["U12345", "U45678", "NV38953"].iter().enumerate() {
            let email = format!("{uid}.{}@example.com", org.public_id).to_lowercase();
            let person = self.world.staff(org, n, &email).await;
            self.call_person(person.public_id.as_str(), uid).await;
        }
        for crm_id in ["22112183", "22102183"] {
            self.lead(org, crm_id).await;
        }
    }

    /// The partner's own id for somebody.
    pub async fn call_person(&self, public_id: &str, uid: &str) {
        let sql = "UPDATE staff SET partner_uid = $2 WHERE public_id = $1";
        self.exec(sql, &[public_id, uid]).await;
    }

    pub async fn exec(&self, sql: &str, args: &[&str]) {
        let mut tx = self.world.app.db().begin().await.expect("begun");
        let args = args.iter().map(|arg| Val::from(*arg)).collect();
        assert_eq!(tx.exec(sql, args).await.expect("written"), 1, "{sql}");
        tx.commit().await.expect("committed");
    }

    pub async fn lead(&self, org: &Organisation, crm_id: &str) -> String {
        let new = NewLead {
            officer: None,
            borrower: LeadBorrower {
                first_name: Some("Alice".to_owned()),
                crm_lead_id: Some(crm_id.to_owned()),
                ..LeadBorrower::default()
            },
            loan: None,
        };
        let made = create_lead(&self.world.app, org, "test", new).await;
        made.expect("taken").to_string()
    }

    pub async fn send(&self, events: &Value) -> Answer {
        self.world
            .call(&self.me, "/create-notifications", events)
            .await
    }

    /// The answers, one for each event.
    pub async fn answers(&self, events: &Value) -> Vec<Value> {
        let body = success(&self.send(events).await);
        body.as_array().expect("a list").clone()
    }

    /// How many rows there are of everything an event may write.
    pub async fn rows(&self) -> Vec<i64> {
        let mut rows = Vec::new();
        for table in TABLES {
            rows.push(self.world.rows(table).await);
        }
        rows
    }

    /// A loan by what the lender's own loan origination system calls it.
    pub async fn loan(&self, los: &str) -> String {
        let made = self
            .world
            .loan(&self.me, los, DOCUMENT, "Start Application")
            .await;
        made.public_id.to_string()
    }

    pub async fn get(&self, party: &Party, loan: &str) -> Value {
        let data = json!({ "loanPublicID": loan });
        success(&self.world.call(party, "/get-loan", &data).await)
    }

    /// Hands over what waits: the mails, and the text messages.
    pub async fn hand_over(&self) -> (Arc<MemoryPost>, Arc<MemorySms>) {
        let (post, sms) = (
            Arc::new(MemoryPost::default()),
            Arc::new(MemorySms::default()),
        );
        let handlers = handlers(post.clone(), sms.clone());
        drain(&self.world.app, &handlers)
            .await
            .expect("handed over");
        (post, sms)
    }
}

/// An event of one action.
pub fn event(id: &str, kind: &str, crm_id: &str, data: &Value) -> Value {
    json!({ "crmEventID": id, "actionList": [
        { "actionType": kind, "crmID": crm_id, "actionData": data }
    ] })
}

/// A task of the organisation's.
pub fn task(id: &str, crm_id: &str) -> Value {
    let data = json!({ "taskTargetType": "Lender", "taskDescription": format!("Do {id}") });
    event(id, "createTask", crm_id, &data)
}

fn done(id: &str) -> Value {
    json!({ "status": "success", "crmEventID": id })
}

both! {
    async fn the_sample_of_the_text(db) {
        let office = Office::on(&db).await;
        let answer = office.send(&sample()).await;
        assert_eq!(answer.text(), r#"[{"status":"success","crmEventID":"2000084422"}]"#);
        for (table, count) in [
            ("crm_event", 1), ("task", 1), ("alert", 1), ("alert_role", 2), ("message", 3),
            ("delivery", 3), ("job", 2),
        ] {
            assert_eq!(office.world.rows(table).await, count, "{table}");
        }
        let (post, sms) = office.hand_over().await;
        let letters = post.letters();
        assert_eq!(letters.len(), 1, "the archived one was sent by somebody else");
        assert_eq!(letters[0].recipient, "lo@test.com");
        assert_eq!(letters[0].subject, "New Loan Application from Alice Firstimer");
        assert_eq!(letters[0].from.name, "Smart Mortgage");
        assert_eq!(letters[0].reply_to[0].email, "smartmortgage@test.com");
        assert_eq!(letters[0].text.trim(), "Hi LoanOfficer\n\nYou have a new loan application.");
        let messages = sms.messages();
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].number, "+19998887777");
        assert_eq!(messages[0].text, "New Loan Application from Alice Firstimer");
    }

    async fn the_same_in_xml_and_in_every_shape_of_a_form(db) {
        let office = Office::on(&db).await;
        let mut fields = office.me.fields("xml").to_vec();
        fields.push(("data", SAMPLE));
        let answer = office.world.post("/create-notifications", &fields).await;
        assert_eq!(answer.text(), concat!(
            r#"<?xml version="1.0" encoding="UTF-8"?><response><item><status>success</status>"#,
            "<crmEventID>2000084422</crmEventID></item></response>",
        ));
        let once = office.rows().await;
        // As `http_build_query` writes nested arrays.
        let mut fields = office.me.fields("json").to_vec();
        fields.extend([
            ("data[0][crmEventID]", "E-2"),
            ("data[0][actionList][0][actionType]", "createTask"),
            ("data[0][actionList][0][crmID]", "22112183"),
            ("data[0][actionList][0][actionData][taskTargetType]", "Lender"),
            ("data[0][actionList][0][actionData][taskDescription]", "Call"),
        ]);
        let answer = office.world.post("/create-notifications", &fields).await;
        assert_eq!(success(&answer), json!([done("E-2")]));
        // A list whose keys have gaps, and an id that is a number.
        let gaps = json!({ "3": task("E-3", "22112183"), "7": task("E-4", "22112183") });
        assert_eq!(office.answers(&gaps).await, [done("E-3"), done("E-4")]);
        let mut number = task("5", "22112183");
        number["crmEventID"] = json!(5);
        number["actionList"][0]["crmID"] = json!(22_112_183);
        assert_eq!(office.answers(&json!([number])).await, [done("5")]);
        assert_eq!(office.world.rows("task").await, once[1] + 4);
    }

    async fn a_bad_event_is_all_or_nothing_and_touches_no_other(db) {
        let office = Office::on(&db).await;
        let mut bad = sample()[0].clone();
        bad["crmEventID"] = json!("E-3");
        // Everything before it could be done; the last action names nothing that is known.
        bad["actionList"][4]["crmID"] = json!("nobody");
        let batch = json!([task("E-1", "22112183"), task("E-2", "22102183"), bad, task("E-4", "22112183")]);
        let wrong = json!({
            "status": "error", "crmEventID": "E-3", "errorMessage": "Parameter crmID invalid.",
            "field": "actionList[4].crmID",
        });
        let expected = [done("E-1"), done("E-2"), wrong, done("E-4")];
        assert_eq!(office.answers(&batch).await, expected);
        let after = office.rows().await;
        assert_eq!(after[..7], [3, 3, 0, 0, 0, 0, 0], "{TABLES:?}");
        // The same batch again: answered as before, and nothing done.
        assert_eq!(office.answers(&batch).await, expected);
        assert_eq!(office.rows().await, after);
        // Put right, the bad one may come again under its id.
        let mut right = batch;
        right[2]["actionList"][4]["crmID"] = json!("22102183");
        assert_eq!(office.answers(&right).await[2], done("E-3"));
        assert_eq!(office.world.rows("task").await, 4);
        assert_eq!(office.world.rows("message").await, 3);
    }

    async fn an_id_is_done_once(db) {
        let office = Office::on(&db).await;
        let twice = json!([task("E-1", "22112183"), task("E-1", "22102183")]);
        assert_eq!(office.answers(&twice).await, [done("E-1"), done("E-1")]);
        assert_eq!(office.world.rows("task").await, 1);
        let (call, again) = (json!([sample()[0]]), json!([sample()[0]]));
        let (one, other) = tokio::join!(office.answers(&call), office.answers(&again));
        assert_eq!((one, other), (vec![done("2000084422")], vec![done("2000084422")]));
        assert_eq!(office.world.rows("task").await, 2);
        assert_eq!(office.world.rows("message").await, 3);
        assert_eq!(office.world.rows("crm_event").await, 2);
        // What was done stays done, whatever the event says now.
        let empty = json!([{ "crmEventID": "E-1" }]);
        assert_eq!(office.answers(&empty).await, [done("E-1")]);
        // Another organisation has ids of its own.
        let other = office.world.lender().await;
        office.lead(&other.org, "L-1").await;
        let answer = office.world.call(&other, "/create-notifications", &json!([task("E-1", "L-1")])).await;
        assert_eq!(success(&answer), json!([done("E-1")]));
        assert_eq!(office.world.rows("task").await, 3);
    }

    async fn a_loan_shows_what_it_brought(db) {
        let office = Office::on(&db).await;
        let loan = office.loan("LOS-1").await;
        let mut events = sample();
        for action in events[0]["actionList"].as_array_mut().expect("a list") {
            // By its number in the loan origination system.
            action["crmID"] = json!("LOS-1");
        }
        events[0]["actionList"][1]["actionData"]["alertMessage"] =
            json!("<b onclick=\"x()\">Look</b><script>alert(1)</script>");
        assert_eq!(office.answers(&events).await, [done("2000084422")]);
        // By its public id.
        assert_eq!(office.answers(&json!([task("E-2", &loan)])).await, [done("E-2")]);
        let full = office.get(&office.me, &loan).await;
        let tasks = full["tasks"].as_array().expect("a list");
        assert_eq!(tasks.len(), 2);
        let first = tasks.iter().find(|t| t["taskCode"] == "RequestAction").expect("there");
        assert_eq!(first["taskCRMID"], "6df8be86-21c5-4e00-ba76-404625c80bd5");
        assert_eq!(first["description"], "Discuss LPA options with the client");
        assert_eq!(first["requestedBy"], "Olive Officer");
        assert_eq!(first["state"], "open");
        assert_eq!(first["doneDate"], Value::Null);
        assert_eq!(first["assigneeUserID"].as_str().expect("somebody").len(), 8);
        let alert = &full["alerts"][0];
        assert_eq!(alert["roles"], json!(["LoanOfficer", "LoanOfficerAssistant"]));
        assert_eq!(alert["severity"], "Low");
        assert_eq!(alert["message"], "<b>Look</b>", "cleaned");
        let messages = full["messages"].as_array().expect("a list");
        assert_eq!(messages.len(), 3);
        let archived = messages.iter().find(|m| !m["archivedDate"].is_null()).expect("there");
        assert_eq!(archived["createdDate"], 1_566_262_068);
        assert_eq!(archived["recipients"][0]["state"], "archived");
        let events: Vec<&str> = full["history"].as_array().expect("a list").iter()
            .filter_map(|event| event["event"].as_str()).collect();
        assert!(events.contains(&"task.created") && events.contains(&"alert.raised"), "{events:?}");
    }

    async fn ids_name_what_is_the_callers_own(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let me = world.party(&wholesale).await;
        let office = Office { world, me };
        office.furnish(&wholesale).await;
        let mut brokers = Vec::new();
        for n in 0..2 {
            let org = office.world.org(OrganisationKind::Broker, Some(&wholesale)).await;
            let email = format!("broker{n}@example.com");
            let person = office.world.staff(&org, 10 + n, &email).await;
            office.call_person(person.public_id.as_str(), &format!("B-{n}")).await;
            office.lead(&org, &format!("lead-{n}")).await;
            let party = office.world.party(&org).await;
            let loan = office.world.loan(&party, &format!("LOS-{n}"), DOCUMENT, "Start Application").await;
            brokers.push((party, loan.public_id.to_string(), person.public_id.to_string()));
        }
        let stranger = office.world.lender().await;
        let assigned = |id: &str, about: &str, to: &str| {
            let data = json!({ "taskTargetType": "LenderUser", "taskAssigneeCRMID": to, "taskDescription": "x" });
            json!([event(id, "createTask", about, &data)])
        };
        let unknown = |answer: &Answer, name: &str| {
            let body = success(answer);
            assert_eq!(body[0]["errorMessage"], format!("Parameter {name} invalid."), "{body}");
        };
        let (broker, loan, person) = &brokers[0];
        let call = async |party: &Party, events: &Value| {
            office.world.call(party, "/create-notifications", events).await
        };
        // The lender sees its brokers' loans, leads and people, by each of their names.
        for (n, (about, to)) in [("LOS-0", "B-0"), ("lead-1", "LO-11"), (loan, person)].iter().enumerate() {
            let answer = call(&office.me, &assigned(&format!("W-{n}"), about, to)).await;
            assert_eq!(success(&answer)[0]["status"], "success", "{}", answer.text());
        }
        // A broker sees its own only, and a stranger nothing, whichever name is used.
        for (about, to) in [("LOS-1", "B-0"), ("lead-1", "B-0"), (&brokers[1].1, "B-0"), ("22112183", "B-0")] {
            unknown(&call(broker, &assigned("X", about, to)).await, "crmID");
        }
        for to in ["B-1", "LO-11", &brokers[1].2, "U12345"] {
            unknown(&call(broker, &assigned("X", "LOS-0", to)).await, "taskAssigneeCRMID");
        }
        for about in ["LOS-0", loan, "lead-0", "22112183"] {
            unknown(&call(&stranger, &assigned("X", about, "B-0")).await, "crmID");
        }
        let answer = call(broker, &assigned("B-0", "LOS-0", "B-0")).await;
        assert_eq!(success(&answer)[0]["status"], "success");
        // Each sees its own tasks about the loan.
        assert_eq!(office.get(&office.me, loan).await["tasks"].as_array().map(Vec::len), Some(2));
        assert_eq!(office.get(broker, loan).await["tasks"].as_array().map(Vec::len), Some(1));
        // Somebody who is switched off is given nothing.
        office.exec("UPDATE staff SET active = FALSE WHERE partner_uid = $1", &["B-0"]).await;
        unknown(&call(broker, &assigned("B-1", "LOS-0", "B-0")).await, "taskAssigneeCRMID");
    }
}
