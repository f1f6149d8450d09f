//! `/create-notifications`: everything that can be wrong with an event, each said in one answer.

use lintel_testkit::both;
use serde_json::{Value, json};

use crate::notifications::{Office, event, sample, task};
use crate::world::is_error;

/// A good action of each kind: of the sample, with everything it may have.
fn good(kind: usize) -> Value {
    let mut one = sample()[0].clone();
    one["actionList"] = json!([one["actionList"][kind]]);
    one
}

/// The sample with one parameter changed; null takes it away. A pointer begins at the action.
fn with(kind: usize, pointer: &str, value: Value) -> Value {
    let mut one = good(kind);
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = one["actionList"][0].pointer_mut(parent).expect("there");
    parent
        .as_object_mut()
        .expect("an object")
        .insert(name.to_owned(), value);
    one
}

/// What is wrong: message and path.
async fn said(office: &Office, event: Value) -> (String, String) {
    let answers = office.answers(&json!([event])).await;
    let answer = &answers[0];
    let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(answers.len(), 1);
    (text("errorMessage"), text("field"))
}

const TASK: usize = 0;
const ALERT: usize = 1;
const ARCHIVE: usize = 2;
const SEND: usize = 3;
const SMS: usize = 4;

/// Parameters there must be, as kind, pointer, and where the path goes through.
const NEEDED: &[(usize, &str)] = &[
    (TASK, "/actionType"),
    (TASK, "/crmID"),
    (ALERT, "/crmID"),
    (ARCHIVE, "/crmID"),
    (TASK, "/actionData"),
    (SEND, "/actionData"),
    (TASK, "/actionData/taskTargetType"),
    (TASK, "/actionData/taskAssigneeCRMID"),
    (TASK, "/actionData/taskDescription"),
    (ALERT, "/actionData/alertTargetType"),
    (ALERT, "/actionData/alertTargetRoles"),
    (ALERT, "/actionData/alertMessage"),
    (ARCHIVE, "/actionData/emailTargetType"),
    (ARCHIVE, "/actionData/emailSenderAddress"),
    (ARCHIVE, "/actionData/emailTimestamp"),
    (ARCHIVE, "/actionData/emailRecipients"),
    (ARCHIVE, "/actionData/emailRecipients/toEmailAddresses"),
    (SEND, "/actionData/emailTargetType"),
    (SEND, "/actionData/emailSenderAddress"),
    (SEND, "/actionData/emailRecipients"),
    (SEND, "/actionData/emailRecipients/toEmailAddresses"),
    (SMS, "/actionData/smsTargetType"),
    (SMS, "/actionData/smsTargetUserCRMID"),
    (SMS, "/actionData/smsToNumber"),
    (SMS, "/actionData/smsBody"),
];

/// Parameters there may be.
const OPTIONAL: &[(usize, &str)] = &[
    (SEND, "/crmID"),
    (SMS, "/crmID"),
    (TASK, "/actionData/taskCRMID"),
    (TASK, "/actionData/taskCode"),
    (TASK, "/actionData/taskRequestedByUserCRMID"),
    (ALERT, "/actionData/alertCRMID"),
    (ALERT, "/actionData/alertCode"),
    (ALERT, "/actionData/alertSeverity"),
    (ARCHIVE, "/actionData/emailCRMID"),
    (ARCHIVE, "/actionData/emailCode"),
    (ARCHIVE, "/actionData/emailSenderName"),
    (ARCHIVE, "/actionData/emailSubject"),
    (ARCHIVE, "/actionData/emailBody"),
    (SEND, "/actionData/emailSubject"),
    (SEND, "/actionData/emailBody"),
    (SEND, "/actionData/emailRecipients/ccEmailAddresses"),
    (SEND, "/actionData/emailRecipients/bccEmailAddresses"),
    (SEND, "/actionData/emailRecipients/replytoAddress"),
    (SMS, "/actionData/smsCRMID"),
    (SMS, "/actionData/smsCode"),
];

/// Name and path of a parameter.
fn named(pointer: &str) -> (String, String) {
    let name = pointer.rsplit('/').next().expect("a name").to_owned();
    let path = format!("actionList[0].{}", pointer[1..].replace('/', "."));
    (name, path)
}

both! {
    /// The error sample of the public text.
    async fn the_error_sample_of_the_text(db) {
        let office = Office::on(&db).await;
        let mut events = sample();
        let archive = events[0]["actionList"][2]["actionData"].as_object_mut().expect("an object");
        archive.remove("emailTimestamp");
        let before = office.rows().await;
        let answer = office.send(&events).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.text(), concat!(
            r#"[{"status":"error","crmEventID":"2000084422","#,
            r#""errorMessage":"Parameter emailTimestamp missing.","#,
            r#""field":"actionList[2].actionData.emailTimestamp"}]"#,
        ));
        assert_eq!(office.rows().await, before, "nothing of it was done");
    }

    async fn what_must_be_there(db) {
        let office = Office::on(&db).await;
        let before = office.rows().await;
        for (kind, pointer) in NEEDED {
            let (name, path) = named(pointer);
            for none in [Value::Null, json!(""), json!("  ")] {
                let found = said(&office, with(*kind, pointer, none)).await;
                assert_eq!(found, (format!("Parameter {name} missing."), path.clone()), "{kind} {pointer}");
            }
        }
        for pointer in ["/actionData/alertTargetRoles", "/actionData/emailRecipients/toEmailAddresses"] {
            let kind = if pointer.contains("alert") { ALERT } else { SEND };
            let (name, path) = named(pointer);
            let found = said(&office, with(kind, pointer, json!([]))).await;
            assert_eq!(found, (format!("Parameter {name} missing."), path));
        }
        let mut consumer = with(SMS, "/crmID", Value::Null);
        consumer["actionList"][0]["actionData"]["smsTargetType"] = json!("Consumer");
        assert_eq!(said(&office, consumer).await.0, "Parameter crmID missing.");
        assert_eq!(office.rows().await, before);
        for (n, (kind, pointer)) in OPTIONAL.iter().enumerate() {
            let mut event = with(*kind, pointer, Value::Null);
            event["crmEventID"] = json!(format!("E-{n}"));
            let found = said(&office, event).await;
            assert_eq!(found.0, "", "{kind} {pointer}");
        }
    }

    async fn what_cannot_be_used(db) {
        let office = Office::on(&db).await;
        let before = office.rows().await;
        for (kind, pointer) in NEEDED.iter().chain(OPTIONAL) {
            let (name, path) = named(pointer);
            for odd in [json!(true), json!({ "a": {} }), json!([[1]])] {
                let found = said(&office, with(*kind, pointer, odd.clone())).await;
                // An object without what is in it lacks the first of that.
                if found.0 != format!("Parameter {name} invalid format.") {
                    assert!(odd.is_object() && found.0.ends_with("missing."), "{kind} {pointer} {odd}: {found:?}");
                    continue;
                }
                assert!(found.1 == path || found.1 == format!("{path}[0]"), "{found:?}");
            }
        }
        let long = "x".repeat(201);
        for (kind, pointer, value) in [
            (TASK, "/actionType", json!("createtask")),
            (TASK, "/crmID", json!(long)),
            (TASK, "/actionData/taskTargetType", json!("Loan")),
            (TASK, "/actionData/taskDescription", json!("x".repeat(4001))),
            (TASK, "/actionData/taskDescription", json!("a\u{0}b")),
            (TASK, "/actionData/taskCRMID", json!(long)),
            (TASK, "/actionData/taskCode", json!("a\u{0}b")),
            (ALERT, "/actionData/alertTargetType", json!("Lender")),
            (ALERT, "/actionData/alertSeverity", json!("Middle")),
            (ALERT, "/actionData/alertMessage", json!("x".repeat(20_001))),
            (ALERT, "/actionData/alertMessage", json!("a\u{0}b")),
            (ARCHIVE, "/actionData/emailTimestamp", json!("yesterday")),
            (ARCHIVE, "/actionData/emailTimestamp", json!(-1)),
            (ARCHIVE, "/actionData/emailTimestamp", json!(1_566_262_068_000_i64)),
            (ARCHIVE, "/actionData/emailTargetType", json!("Broker")),
            (ARCHIVE, "/actionData/emailBody", json!("x".repeat(600_000))),
            (SMS, "/actionData/smsToNumber", json!("12345")),
            (SMS, "/actionData/smsToNumber", json!("999888777x")),
            (SMS, "/actionData/smsBody", json!("x".repeat(2000))),
            (SMS, "/actionData/smsTargetType", json!("Lender")),
        ] {
            let (name, path) = named(pointer);
            let found = said(&office, with(kind, pointer, value)).await;
            assert_eq!(found, (format!("Parameter {name} invalid format."), path));
        }
        let odd = json!(["Processor", "Wizard"]);
        let found = said(&office, with(ALERT, "/actionData/alertTargetRoles", odd)).await;
        assert_eq!(found.1, "actionList[0].actionData.alertTargetRoles[1]");
        assert_eq!(office.rows().await, before);
    }

    async fn whom_nobody_knows(db) {
        let office = Office::on(&db).await;
        let before = office.rows().await;
        for (kind, pointer) in [
            (TASK, "/crmID"),
            (SEND, "/crmID"),
            (TASK, "/actionData/taskAssigneeCRMID"),
            (SMS, "/actionData/smsTargetUserCRMID"),
        ] {
            let (name, path) = named(pointer);
            let found = said(&office, with(kind, pointer, json!("nobody"))).await;
            assert_eq!(found, (format!("Parameter {name} invalid."), path));
        }
        let personal = json!({ "alertTargetType": "LenderUser", "alertTargetUserCRMID": "nobody", "alertMessage": "x" });
        let found = said(&office, event("E-1", "createAlert", "", &personal)).await;
        assert_eq!(found.0, "Parameter alertTargetUserCRMID invalid.");
        assert_eq!(office.rows().await, before);
        // Who asks for a task may be somebody of the customer system alone.
        let asked = with(TASK, "/actionData/taskRequestedByUserCRMID", json!("A robot"));
        assert_eq!(said(&office, asked).await.0, "");
    }

    async fn events_that_are_none(db) {
        let office = Office::on(&db).await;
        let lead = "22112183";
        let mut nameless = task("x", lead);
        nameless.as_object_mut().expect("an object").remove("crmEventID");
        let mut odd = task("x", lead);
        odd["crmEventID"] = json!("a\nb");
        let mut empty = task("E-3", lead);
        empty["actionList"] = json!([]);
        let mut none = task("E-4", lead);
        none["actionList"] = Value::Null;
        let mut text = task("E-5", lead);
        text["actionList"] = json!("createTask");
        let mut many = task("E-6", lead);
        many["actionList"] = json!(vec![task("E-6", lead)["actionList"][0].clone(); 101]);
        let events = json!([nameless, odd, empty, none, text, many, "x", 7, null, [1], task("E-7", lead)]);
        let answers = office.answers(&events).await;
        let told: Vec<(&Value, &Value, &Value)> = answers.iter()
            .map(|a| (&a["crmEventID"], &a["errorMessage"], &a["field"])).collect();
        let no_id = (Value::Null, json!("Parameter crmEventID missing."), json!("crmEventID"));
        let list = |id: &str, what: &str| {
            (json!(id), json!(format!("Parameter actionList {what}.")), json!("actionList"))
        };
        let expected = [
            no_id.clone(),
            (Value::Null, json!("Parameter crmEventID invalid format."), json!("crmEventID")),
            list("E-3", "missing"),
            list("E-4", "missing"),
            list("E-5", "invalid format"),
            list("E-6", "invalid format"),
            no_id.clone(), no_id.clone(), no_id.clone(), no_id,
            (json!("E-7"), Value::Null, Value::Null),
        ];
        let expected: Vec<(&Value, &Value, &Value)> = expected.iter().map(|(a, b, c)| (a, b, c)).collect();
        assert_eq!(told, expected);
        assert_eq!(office.world.rows("task").await, 1);
    }

    async fn calls_that_are_none(db) {
        let office = Office::on(&db).await;
        let one = task("E-1", "22112183");
        for bad in [json!({}), one.clone(), json!("x"), json!(7)] {
            is_error(&office.send(&bad).await, 401, "Parameter data missing or invalid format.");
        }
        is_error(&office.send(&json!([])).await, 501, "Parameter data missing or invalid format.");
        let many = json!(vec![one.clone(); 501]);
        is_error(&office.send(&many).await, 501, "Parameter data invalid format.");
        assert_eq!(office.world.rows("crm_event").await, 0);
        // A list is right here and only here.
        for other in ["/get-list-loans", "/get-loan", "/update/user"] {
            let answer = office.world.call(&office.me, other, &json!([one])).await;
            is_error(&answer, 401, "Parameter data missing or invalid format.");
        }
        let most = json!(vec![one; 500]);
        assert_eq!(office.answers(&most).await.len(), 500);
        assert_eq!(office.world.rows("task").await, 1);
    }

    async fn what_does_harm_is_not_sent(db) {
        let office = Office::on(&db).await;
        let before = office.rows().await;
        let body = "/actionData/emailBody";
        for html in [
            "<script>alert(1)</script>",
            "<p>Hi<p><img src=x onerror=alert(1)>",
            "<a href=\"java&#115;cript:alert(1)\">x</a>",
            "<svg/onload=alert(1)>",
            "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
            "<form action=https://example.com><input name=p></form>",
            "<meta http-equiv=refresh content='0;url=https://example.com'>",
        ] {
            let found = said(&office, with(SEND, body, json!(html))).await;
            assert_eq!(found.0, "Parameter emailBody invalid format.", "{html}");
        }
        let header = "x\r\nBcc: all@example.com";
        let to = "/actionData/emailRecipients/toEmailAddresses";
        for kind in [SEND, ARCHIVE] {
            for (pointer, value, place) in [
                ("/actionData/emailSubject", json!(header), ""),
                ("/actionData/emailSenderName", json!(header), ""),
                ("/actionData/emailSenderAddress", json!("a@example.com\r\nX: y"), ""),
                ("/actionData/emailCRMID", json!(header), ""),
                ("/actionData/emailCode", json!(header), ""),
                (to, json!(["a@example.com", header]), "[1]"),
                (to, json!(["a@example.com\nBcc: b@example.com"]), "[0]"),
                (to, json!(["a@example.com", ""]), "[1]"),
                (to, json!(["not an address"]), "[0]"),
                (to, json!(["<a@example.com>"]), "[0]"),
                (to, json!(["Somebody <a@example.com>"]), "[0]"),
                (to, json!(vec!["a@example.com"; 51]), ""),
                (to, json!(vec!["a@example.com"; 10_000]), ""),
                ("/actionData/emailRecipients/ccEmailAddresses", json!(["x"]), "[0]"),
                ("/actionData/emailRecipients/bccEmailAddresses", json!(vec!["a@example.com"; 50]), ""),
                ("/actionData/emailRecipients/replytoAddress", json!(["x y@example.com"]), "[0]"),
            ] {
                let (name, path) = named(pointer);
                let found = said(&office, with(kind, pointer, value)).await;
                assert_eq!(found, (format!("Parameter {name} invalid format."), format!("{path}{place}")));
            }
        }
        assert_eq!(office.rows().await, before);
        let (post, sms) = office.hand_over().await;
        assert_eq!((post.letters().len(), sms.messages().len()), (0, 0));
        // What was sent by somebody else is kept as it is, and harmless where it is shown.
        let kept = with(ARCHIVE, body, json!("<script>alert(1)</script><p>Hi"));
        assert_eq!(said(&office, kept).await.0, "");
    }
}
