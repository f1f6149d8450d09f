//! Every member of the endpoints that write to people that takes an id, and what a family has of them:
//! a message, a task, an alert, a watch.

use lintel_domain::organisation::Organisation;
use lintel_store::db::Val;
use serde_json::{Value, json};

use super::api::{Case, UNKNOWN, UNKNOWN_WORD, case};
use super::family::{Caller, Family, Place, text};

const NOTIFY: &str = "/api/lender/create-notifications";
const INVITE: &str = "/api/lender/email-application";
const WATCH: &str = "/api/lender/rate-watch";
const NOBODYS_TOKEN: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";

/// What a family has written, by public ids.
pub struct Written {
    /// A mail about its loan.
    pub message: String,
    pub task: String,
    pub alert: String,
    /// The token that ends its watch.
    pub watch: String,
}

/// What a family's customer system calls its loan, and its lead.
pub fn crm_ids(word: &str) -> (String, String) {
    (format!("{word}-crm-loan"), format!("{word}-crm-lead"))
}

/// A mail, a task and an alert about a loan the customer system knows, and a watch over a search.
pub async fn write(
    place: &Place,
    word: &str,
    (lender, caller): (&Organisation, &Caller),
    search: &Value,
) -> Written {
    let (about, _) = crm_ids(word);
    let actions = json!([
        action(
            "createTask",
            &about,
            json!({ "taskTargetType": "Lender", "taskDescription": "Call" })
        ),
        action("createAlert", &about, alert()),
        action(
            "sendEmail",
            &about,
            mail(&format!("somebody@{word}.example.com").to_lowercase())
        ),
    ]);
    let events = json!([{ "crmEventID": format!("{word}-event"), "actionList": actions }]);
    let done = place.made(NOTIFY, caller, &events).await;
    assert_eq!(done[0]["status"], "success", "{done}");
    let subscription = json!({
        "action": "subscribe", "searchID": search["searchID"], "firstName": "Pat", "lastName": "Example",
        "email": format!("watcher@{word}.example.com").to_lowercase(), "type": "REGULAR", "frequency": "DAILY",
        "duration": "UNTIL_CANCEL", "productNames": [search["products"][0]["productName"]],
    });
    let watch = place.made(WATCH, caller, &subscription).await;
    Written {
        message: only(place, "message", lender).await,
        task: only(place, "task", lender).await,
        alert: only(place, "alert", lender).await,
        watch: text(&watch["rateWatch"]["unsubscribeToken"]),
    }
}

/// Public id of the row about a loan that a family has in a table.
async fn only(place: &Place, table: &str, lender: &Organisation) -> String {
    let sql = format!(
        "SELECT public_id FROM {table} WHERE lender_org_id = $1 AND loan_id IS NOT NULL \
         ORDER BY created_at_us DESC, id DESC LIMIT 1"
    );
    let args = vec![Val::from(lender.id.as_str())];
    let row: Option<(String,)> = place.app.db().maybe(&sql, args).await.expect("read");
    row.unwrap_or_else(|| panic!("nothing in {table}")).0
}

/// How many rows a family has in a table.
pub async fn count(place: &Place, table: &str, lender: &Organisation) -> i64 {
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table} WHERE lender_org_id = $1");
    let args = vec![Val::from(lender.id.as_str())];
    let row: Option<(i64,)> = place.app.db().maybe(&sql, args).await.expect("read");
    row.map_or(0, |(rows,)| rows)
}

fn action(kind: &str, about: &str, data: Value) -> Value {
    json!({ "actionType": kind, "crmID": about, "actionData": data })
}

fn alert() -> Value {
    json!({ "alertTargetType": "Loan", "alertTargetRoles": ["All"], "alertMessage": "Hurry" })
}

fn mail(to: &str) -> Value {
    json!({
        "emailTargetType": "LenderUser", "emailSenderAddress": "crm@example.com",
        "emailRecipients": { "toEmailAddresses": [to] }, "emailSubject": "News", "emailBody": "<p>News</p>",
    })
}

/// One event with one action. Another id is another event.
fn event(id: &str, action: Value) -> Value {
    json!([{ "crmEventID": format!("event of {id}"), "actionList": [action] }])
}

fn task_about(id: &str) -> Value {
    let data = json!({ "taskTargetType": "Lender", "taskDescription": "Call" });
    event(id, action("createTask", id, data))
}

fn alert_about(id: &str) -> Value {
    event(id, action("createAlert", id, alert()))
}

fn task_for(family: &Family, id: &str) -> Value {
    let data = json!({
        "taskTargetType": "LenderUser", "taskAssigneeCRMID": id, "taskDescription": "Call",
    });
    event(id, action("createTask", &family.crm_loan, data))
}

fn invitation(lender: &str, user: &str, lead: Option<&str>) -> Value {
    let sample = include_str!("../../../../wire_lender/tests/it/stock/invitation.json");
    let mut data: Value = serde_json::from_str(sample).expect("JSON");
    data["company"]["lenderID"] = json!(lender);
    data["user"]["userUID"] = json!(user);
    data["publicID"] = json!(lead);
    data
}

fn own(family: &Family) -> String {
    family.lender.public_id.to_string()
}

fn loan_word(family: &Family) -> String {
    family.crm_loan.clone()
}

fn lead_word(family: &Family) -> String {
    family.crm_lead.clone()
}

fn admin(family: &Family) -> String {
    family.admin.clone()
}

fn admin_word(family: &Family) -> String {
    family.admin_uid.clone()
}

/// The cases.
pub const MESSAGE_CASES: &[Case] = &[
    case(INVITE, "company.lenderID", own, UNKNOWN, |f, id| {
        invitation(id, &f.admin_uid, None)
    }),
    case(
        INVITE,
        "company.lenderID of a broker",
        |f| f.broker.clone(),
        UNKNOWN,
        |f, id| invitation(id, &f.broker_user, None),
    ),
    case(INVITE, "user.userUID", admin_word, UNKNOWN_WORD, |f, id| {
        invitation(&own(f), id, None)
    }),
    case(
        INVITE,
        "user.userUID, as userID",
        admin,
        UNKNOWN,
        |f, id| invitation(&own(f), id, None),
    ),
    case(
        INVITE,
        "publicID",
        |f| f.lead.clone(),
        UNKNOWN,
        |f, id| invitation(&own(f), &f.admin_uid, Some(id)),
    ),
    case(
        INVITE,
        "publicID, as crmLeadID",
        lead_word,
        UNKNOWN_WORD,
        |f, id| invitation(&own(f), &f.admin_uid, Some(id)),
    ),
    case(
        NOTIFY,
        "crmID of a loan",
        loan_word,
        UNKNOWN_WORD,
        |_, id| task_about(id),
    ),
    case(
        NOTIFY,
        "crmID of a lead",
        lead_word,
        UNKNOWN_WORD,
        |_, id| task_about(id),
    ),
    case(
        NOTIFY,
        "crmID, a loan's publicID",
        |f| f.loan.clone(),
        UNKNOWN,
        |_, id| alert_about(id),
    ),
    case(
        NOTIFY,
        "crmID, a lead's publicID",
        |f| f.lead.clone(),
        UNKNOWN,
        |_, id| task_about(id),
    ),
    case(
        NOTIFY,
        "taskAssigneeCRMID",
        admin_word,
        UNKNOWN_WORD,
        task_for,
    ),
    case(
        NOTIFY,
        "taskAssigneeCRMID, as userID",
        admin,
        UNKNOWN,
        task_for,
    ),
    case(
        NOTIFY,
        "taskRequestedByUserCRMID",
        admin_word,
        UNKNOWN_WORD,
        |f, id| {
            let data = json!({
                "taskTargetType": "Lender", "taskRequestedByUserCRMID": id, "taskDescription": "Call",
            });
            event(id, action("createTask", &f.crm_loan, data))
        },
    ),
    case(
        NOTIFY,
        "alertTargetUserCRMID",
        admin_word,
        UNKNOWN_WORD,
        |_, id| {
            let data = json!({
                "alertTargetType": "LenderUser", "alertTargetUserCRMID": id, "alertMessage": "Hurry",
            });
            event(
                id,
                json!({ "actionType": "createAlert", "actionData": data }),
            )
        },
    ),
    case(
        NOTIFY,
        "smsTargetUserCRMID",
        admin_word,
        UNKNOWN_WORD,
        |_, id| {
            let data = json!({
                "smsTargetType": "LenderUser", "smsTargetUserCRMID": id, "smsToNumber": "3605550100",
                "smsBody": "News",
            });
            event(id, json!({ "actionType": "sendSMS", "actionData": data }))
        },
    ),
    case(
        WATCH,
        "searchID",
        |f| f.search.clone(),
        "ZZZ000",
        |_, id| {
            json!({
                "action": "subscribe", "searchID": id, "firstName": "Pat", "lastName": "Example",
                "email": "pat@example.com", "type": "REGULAR", "frequency": "DAILY",
                "duration": "UNTIL_CANCEL", "productNames": ["Conventional 30 Year Fixed"],
            })
        },
    ),
    case(
        WATCH,
        "token",
        |f| f.written.watch.clone(),
        NOBODYS_TOKEN,
        |_, id| json!({ "action": "unsubscribe", "token": id }),
    ),
];
