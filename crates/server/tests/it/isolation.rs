//! Tenants never see each other: every endpoint and every page, called with another tenant's ids,
//! answers exactly as it does for ids that nobody has.

mod api;
mod family;
mod loans;
mod messages;
mod pages;

use lintel_domain::watch::WatchState;
use lintel_edge::test_client::Answer;
use lintel_testkit::both;
use serde_json::{Value, json};

use api::{Case, LENDER_CASES, PARTNER_CASES, WITHOUT_IDS};
use family::{Family, Place, company, person};
use loans::LOAN_CASES;
use messages::MESSAGE_CASES;
use pages::{Browser, PUBLIC, addresses, routes};

/// An answer without the id that was asked for.
fn without(answer: &Answer, id: &str) -> (u16, String) {
    (answer.status.as_u16(), answer.text().replace(id, "ID"))
}

/// All mismatches of a case, for one caller.
async fn check(place: &Place, case: &Case, me: &Family, other: &Family, wrong: &mut Vec<String>) {
    let foreign = (case.foreign)(other);
    let caller = (case.caller)(me);
    let ask = async |id: &str| {
        let data = (case.data)(me, id);
        without(&place.post(case.path, caller, &data).await, id)
    };
    let (seen, expected) = (ask(&foreign).await, ask(case.unknown).await);
    if seen != expected {
        let (path, member) = (case.path, case.member);
        wrong.push(format!(
            "{path} {member}\n  foreign {seen:?}\n  unknown {expected:?}"
        ));
    }
}

#[test]
fn every_endpoint_has_a_case_or_a_reason() {
    for endpoint in lintel_wire_lender::ENDPOINTS
        .iter()
        .chain(lintel_wire_lender::OUR_ENDPOINTS)
    {
        let full = format!("/api/lender{endpoint}");
        let cases = LENDER_CASES.iter().chain(LOAN_CASES);
        let mut cases = cases.chain(MESSAGE_CASES);
        let has_case = cases.any(|case| case.path == full);
        let has_reason = WITHOUT_IDS.iter().any(|(path, _)| path == endpoint);
        let is_token = *endpoint == "/access-token";
        assert!(
            has_case != has_reason || is_token,
            "{endpoint}: neither a case nor a reason, or both"
        );
    }
}

#[test]
fn every_page_has_a_case_or_a_reason() {
    let addresses = addresses();
    let routes = routes();
    assert!(routes.len() > addresses.len(), "{routes:?}");
    for route in &routes {
        let has_case = addresses.iter().any(|one| one.path == route);
        let has_reason = PUBLIC.iter().any(|(path, _)| path == route);
        assert!(
            has_case != has_reason,
            "{route}: neither a case nor a reason, or both"
        );
    }
}

both! {
    async fn pages_of_others_are_not_there(db) {
        let place = Place::on(&db);
        let (me, other) = (place.family("Amber").await, place.family("Birch").await);
        let browser = Browser::of(&place, &me).await;
        let mut wrong = Vec::new();
        for address in addresses() {
            let foreign = (address.foreign)(&other);
            for way in address.ways {
                let ask = async |id: &str| {
                    let path = address.path.replace("{id}", id);
                    pages::without(&browser.ask(way, &path).await, id)
                };
                let (seen, expected) = (ask(&foreign).await, ask(address.unknown).await);
                if seen != expected || expected.0 < 400 {
                    let path = address.path;
                    wrong.push(format!("{way} {path}\n  foreign {seen:?}\n  unknown {expected:?}"));
                }
            }
        }
        // A code stands under its own lender's word only.
        let mine = async |code: &str| {
            let path = format!("/app/signup/p/{}/r/{code}", me.slug);
            pages::without(&browser.ask(&axum::http::Method::GET, &path).await, code)
        };
        assert_eq!(mine(&other.code).await, mine("ZZZZ0000ZZZZ").await);
        // Connecting a vendor that is none, and one that is somebody's.
        let connect = "/lender/settings/vendors";
        let connected =
            async |id: &str| pages::without(&browser.post(connect, &[("vendor", id)]).await, id);
        let foreign = connected(other.lender.public_id.as_str()).await;
        assert_eq!(foreign, connected("ZZZZ0000").await);
        // A message stands under the loan it is about.
        let get = &axum::http::Method::GET;
        let read = async |loan: &str, message: &str, end: &str| {
            let path = format!("/lender/loans/{loan}/messages/{message}{end}");
            let (status, text, place) = pages::without(&browser.ask(get, &path).await, message);
            (status, text.replace(loan, "LOAN"), place)
        };
        for end in ["", "/preview"] {
            assert_eq!(read(&me.loan, &me.written.message, end).await.0, 200);
            let nobodys = read(&me.loan, "ZZZZ0000", end).await;
            assert_eq!(nobodys.0, 404);
            assert_eq!(read(&me.loan, &other.written.message, end).await, nobodys);
            assert_eq!(read(&other.loan, &other.written.message, end).await, nobodys);
            assert_eq!(read(&other.loan, &me.written.message, end).await, nobodys);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        untouched(&place, &other).await;
    }

    async fn the_same_event_of_two_systems(db) {
        let place = Place::on(&db);
        let (me, other) = (place.family("Amber").await, place.family("Birch").await);
        // The other tenant carried out an event of that id: here it is new.
        let event = |about: &str| json!([{ "crmEventID": "Birch-event", "actionList": [{
            "actionType": "createTask", "crmID": about,
            "actionData": { "taskTargetType": "Lender", "taskDescription": "Call" },
        }] }]);
        let path = "/api/lender/create-notifications";
        let foreign = place.made(path, &me.caller, &event(&other.crm_loan)).await;
        assert_eq!(foreign[0]["errorMessage"], "Parameter crmID invalid.");
        for tasks in [2, 2] {
            let done = place.made(path, &me.caller, &event(&me.crm_loan)).await;
            assert_eq!(done[0]["status"], "success");
            assert_eq!(messages::count(&place, "task", &me.lender).await, tasks);
        }
        untouched(&place, &other).await;
    }

    async fn foreign_ids_answer_like_unknown_ones(db) {
        let place = Place::on(&db);
        let (me, other) = (place.family("Amber").await, place.family("Birch").await);
        let mut wrong = Vec::new();
        let cases = LENDER_CASES.iter().chain(LOAN_CASES).chain(MESSAGE_CASES);
        for case in cases.chain(PARTNER_CASES) {
            check(&place, case, &me, &other, &mut wrong).await;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        untouched(&place, &other).await;
    }

    async fn tokens_are_for_one_tenant(db) {
        let place = Place::on(&db);
        let (me, other) = (place.family("Amber").await, place.family("Birch").await);
        let destroy = "/api/lender/access-token/destroy";
        let with = |token: &str| family::Caller {
            api_id: me.caller.api_id.clone(),
            api_key: me.caller.api_key.clone(),
            token: token.to_owned(),
        };
        let nobodys = "Z".repeat(40);
        let foreign = place.post(destroy, &with(&other.caller.token), &Value::Null).await;
        let unknown = place.post(destroy, &with(&nobodys), &Value::Null).await;
        assert_eq!(without(&foreign, ""), without(&unknown, ""));
        untouched(&place, &other).await;
        // A vendor's token is for the lender that connected it.
        let lenders = place.post("/api/partner/lenders", &me.vendor_caller, &Value::Null).await;
        assert!(!lenders.text().contains(other.lender.public_id.as_str()));
        let token = async |id: &str| {
            let body = json!({
                "format": "json", "apiID": me.vendor_caller.api_id,
                "apiKey": me.vendor_caller.api_key, "lenderID": id,
            });
            let answer = place.raw("/api/partner/access-token", &body).await;
            without(&answer, id)
        };
        let lender = other.lender.public_id.as_str();
        assert_eq!(token(lender).await, token("ZZZZ0000").await);
        assert_eq!(token(&other.broker).await, token("ZZZZ0000").await);
    }

    async fn words_of_one_tenant_are_free_in_another(db) {
        let place = Place::on(&db);
        let (me, other) = (place.family("Amber").await, place.family("Birch").await);
        // The same broker's word, people's words and addresses: a broker of its own.
        let stranger = person("Birch", "loaner", "Admin/Loan Officer");
        let setup = json!({
            "loggedInUserUID": stranger["userUID"],
            "company": company(&other.broker_uid),
            "users": [stranger],
        });
        let made = place.made("/api/lender/broker-setup-url", &me.caller, &setup).await;
        assert_ne!(made["lenderID"], json!(other.broker));
        assert_ne!(made["users"][0]["userID"], json!(other.broker_user));
        let loan = json!({ "losLoanID": "Birch-1", "mismo34": family::DOCUMENT });
        let made = place.made("/api/lender/create-loan", &me.caller, &loan).await;
        assert_ne!(made["publicID"], json!(other.loan));
        untouched(&place, &other).await;
    }
}

/// Everything of a family still works and is as it was.
async fn untouched(place: &Place, family: &Family) {
    let loans = json!({ "isActive": "true" });
    let list = "/api/lender/get-list-loans";
    let loans = place.made(list, &family.caller, &loans).await;
    assert_eq!(loans["totalCount"], 1, "{loans}");
    assert_eq!(loans["loans"][0]["ID"], json!(family.loan));
    let who = json!({
        "company": { "lenderID": family.lender.public_id.as_str() },
        "user": { "userID": family.admin },
    });
    let sso = "/api/lender/get-single-sign-on-url";
    let url = place.made(sso, &family.caller, &who).await;
    assert!(url["signOnURL"].is_string(), "{url}");
    let search = json!({ "searchID": family.search });
    let replay = "/api/lender/custom-ppe/quote-replay";
    place.made(replay, &family.caller, &search).await;
    let loans = json!({ "isActive": "true" });
    let list = "/api/partner/loan/get-list-loans";
    place.made(list, &family.vendor_caller, &loans).await;
    for table in ["task", "alert", "message", "rate_watch"] {
        let rows = messages::count(place, table, &family.lender).await;
        let wanted = if table == "message" {
            family.messages
        } else {
            1
        };
        assert_eq!(rows, wanted, "{table}");
    }
    let watch = lintel_watch::by_token(&place.app, &family.written.watch).await;
    let watch = watch.expect("asked").expect("there");
    assert_eq!(watch.state, WatchState::Active);
}
