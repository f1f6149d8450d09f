//! The order of checks: a call with everything wrong is told one thing at a time, always the first.

use lintel_testkit::both;
use lintel_wire_lender::{ENDPOINTS, OUR_ENDPOINTS};

use crate::world::{World, is_error};

const FORMAT: &str = "Parameter format missing or invalid.";
const PAIR_SHAPE: &str = "Parameter apiID and/or apiKey missing or invalid format.";
const TOKEN_SHAPE: &str = "Parameter accessToken missing or invalid format.";
const DATA_SHAPE: &str = "Parameter data missing or invalid format.";
const PAIR: &str = "Parameter apiID and/or apiKey invalid.";
const EXPIRED: &str = "This accessToken is expired.";
const MISMATCH: &str = "Parameter accessToken mismatch.";
const TOKEN: &str = "Parameter accessToken invalid.";

const INVITER: &str = "Parameter lenderID and/or userUID invalid.";

/// The endpoint whose payload is a list.
const NOTIFY: &str = "/create-notifications";

/// The code of that complaint.
fn code_of(complaint: &str) -> u64 {
    if complaint == INVITER { 401 } else { 501 }
}

/// The first complaint about an empty but well-formed payload.
fn about_an_empty_payload(endpoint: &str) -> &'static str {
    match endpoint {
        "/create-loan" => "Parameter losLoanID missing or invalid format.",
        "/import-loan" => "Parameter loanLOSID missing or invalid format.",
        "/get-list-loans" => "Parameter isActive missing or invalid format.",
        "/get-apr-closing-costs" => "Parameter search cannot be empty.",
        "/get-ppe-anonymous" => "Parameter loanPurpose missing or invalid format.",
        "/set-signup-product-pricing" => "Parameter loan missing or invalid format.",
        "/email-application" => INVITER,
        NOTIFY => "Parameter data missing or invalid format.",
        "/rate-watch" => "Parameter action missing or invalid format.",
        "/custom-ppe/update-rates-points" => "Parameter products missing or invalid format.",
        "/broker-setup-url" => "Parameter loggedInUserUID missing or invalid format.",
        "/connect-vendor" => "The provided vendor ID is invalid.",
        "/update-headshot" => "Array users cannot be empty.",
        "/set-account-status" => "Array companies and users cannot be empty.",
        "/add-users" => "Parameter company.lenderID missing or invalid format.",
        "/update/user" => "Parameter userID missing or invalid format.",
        "/get-single-sign-on-url" => "Parameter user.userID cannot be empty.",
        "/get-internal-users" => "Parameter subRole missing or invalid format.",
        "/custom-ppe/quote-replay" => "Parameter searchID missing or invalid format.",
        "/custom-ppe/update-catalogue" => "Parameter parts cannot be empty.",
        "/download-documents" => "Parameter docID missing or invalid format.",
        "/download-condition-documents" => {
            "Parameter loanConditionPublicID missing or invalid format."
        }
        "/upload-documents" | "/update-loan-status" | "/create-condition" | "/export-loan" => {
            "Parameter loanPublicID missing or invalid format."
        }
        "/update-condition" => "Parameter conditionID missing or invalid format.",
        "/validate-mismo" => "Parameter mismo34 missing or invalid format.",
        other => panic!("say what {other} complains about first"),
    }
}

both! {
    async fn endpoints_with_data(db) {
        let world = World::on(&db);
        let late = world.lender().await;
        world.pass_days(26);
        let (me, other) = (world.lender().await, world.lender().await);
        let unknown = "0".repeat(40);
        let (id, key) = (me.pair.api_id.as_str(), me.pair.api_key.as_str());
        let ours = OUR_ENDPOINTS.iter().filter(|e| !e.contains("/get-"));
        let theirs = ENDPOINTS.iter().filter(|e| !e.starts_with("/access-token"));
        for endpoint in theirs.chain(ours) {
            let payload = about_an_empty_payload(endpoint);
            let empty = if *endpoint == NOTIFY { "[]" } else { "{}" };
            // Each step puts one more thing right and keeps everything after it wrong.
            let steps: [(u64, &str, [&str; 5]); 9] = [
                (400, FORMAT, ["yaml", "a b", "", "short", "{"]),
                (401, PAIR_SHAPE, ["json", "a b", "", "short", "{"]),
                (401, TOKEN_SHAPE, ["json", "nobody", "wrong", "short", "{"]),
                (401, DATA_SHAPE, ["json", "nobody", "wrong", &unknown, "{"]),
                (401, PAIR, ["json", "nobody", "wrong", &unknown, empty]),
                (401, EXPIRED, ["json", id, key, &late.token, empty]),
                (401, MISMATCH, ["json", id, key, &other.token, empty]),
                (401, TOKEN, ["json", id, key, &unknown, empty]),
                (code_of(payload), payload, ["json", id, key, &me.token, empty]),
            ];
            for (code, message, values) in steps {
                let names = ["format", "apiID", "apiKey", "accessToken", "data"];
                let fields: Vec<(&str, &str)> = names.into_iter().zip(values).collect();
                is_error(&world.post(endpoint, &fields).await, code, message);
            }
        }
    }

    async fn access_token(db) {
        let world = World::on(&db);
        let me = world.lender().await;
        let (id, key) = (me.pair.api_id.as_str(), me.pair.api_key.as_str());
        let steps: [(u64, &str, [&str; 4]); 5] = [
            (400, FORMAT, ["yaml", "a b", "", "short"]),
            (401, PAIR_SHAPE, ["json", "a b", "", "short"]),
            (
                401,
                "Parameter lenderID missing or invalid format.",
                ["json", "nobody", "wrong", "short"],
            ),
            (401, PAIR, ["json", "nobody", "wrong", "NOBODY00"]),
            (
                501,
                "Parameter lenderID invalid.",
                ["json", id, key, "NOBODY00"],
            ),
        ];
        for (code, message, values) in steps {
            let names = ["format", "apiID", "apiKey", "lenderID"];
            let fields: Vec<(&str, &str)> = names.into_iter().zip(values).collect();
            is_error(&world.post("/access-token", &fields).await, code, message);
        }
    }

    async fn destroy(db) {
        let world = World::on(&db);
        let (me, other) = (world.lender().await, world.lender().await);
        let (id, key) = (me.pair.api_id.as_str(), me.pair.api_key.as_str());
        let steps: [(u64, &str, [&str; 4]); 5] = [
            (400, FORMAT, ["yaml", "a b", "", "short"]),
            (401, PAIR_SHAPE, ["json", "a b", "", "short"]),
            (401, TOKEN_SHAPE, ["json", "nobody", "wrong", "short"]),
            (401, PAIR, ["json", "nobody", "wrong", &other.token]),
            // The table has no mismatch: another's token is no token of these credentials.
            (401, TOKEN, ["json", id, key, &other.token]),
        ];
        for (code, message, values) in steps {
            let names = ["format", "apiID", "apiKey", "accessToken"];
            let fields: Vec<(&str, &str)> = names.into_iter().zip(values).collect();
            is_error(
                &world.post("/access-token/destroy", &fields).await,
                code,
                message,
            );
        }
        assert_eq!(
            world.rows("access_token").await,
            2,
            "a rejected call changes nothing"
        );
    }
}
