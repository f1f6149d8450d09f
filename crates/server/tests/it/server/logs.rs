//! What must never be in the logs: secrets and people.

use serde_json::json;

use super::client::Client;
use super::documents;
use super::place::{Place, on_both};
use super::process::{Server, bare, run};

on_both! {
    logs_hold_no_secret_and_nobody => super::logs_hold_nobody;
}

fn logs_hold_nobody(place: &Place) {
    for format in ["text", "json"] {
        let setting = format!("log.format={format}");
        let filter = ["--set", "log.filter=debug", "--set", &setting];
        let server = Server::start(place, &filter);
        let client = server.demo_client(place);
        let mut secrets = every_kind_of_call(&client);
        secrets.extend([client.credentials.api_key.clone(), client.token.clone()]);
        let made = run(bare(&["admin"])
            .args(place.flags())
            .args(["credential", "create", "--org", "DEMOLEND"])
            .env("LINTEL_LOG_FILTER", "debug"));
        let other = super::client::Credentials {
            api_id: made.value("apiID"),
            api_key: made.value("apiKey"),
        };
        let second = Client::new(&server.url, other);
        secrets.extend([second.credentials.api_key.clone(), second.token.clone()]);
        let _ = second
            .post("access-token/destroy", second.body(None))
            .expect("an answer");
        let (status, log) = server.stop();
        assert_eq!(status.code(), Some(0));
        assert!(
            log.contains("answered") && log.contains("DEBUG"),
            "the log was not at debug:\n{log}"
        );
        for secret in secrets {
            assert!(!contains_folded(&log, &secret), "the log tells {secret:?}");
            assert!(
                !contains_folded(&made.err, &secret),
                "admin's log tells {secret:?}"
            );
        }
    }
}

fn contains_folded(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// Good calls and bad ones; returns what none of them may leave in the log.
fn every_kind_of_call(client: &Client) -> Vec<String> {
    let mut secrets = vec!["Zephyrine".to_owned(), "Quarrelbane".to_owned()];
    for number in [3, 4] {
        client
            .create(&format!("LOG-{number}"), &documents::loan(number))
            .expect("created");
        for person in documents::people(number) {
            let tax_id = &person.tax_id;
            let dashed = format!("{}-{}-{}", &tax_id[..3], &tax_id[3..5], &tax_id[5..]);
            secrets.extend([person.email, person.tax_id.clone(), dashed]);
        }
    }
    let person = documents::people(3).remove(0);
    let broken = documents::loan(3).replace("</LastName>", "</Lastname>");
    let odd = documents::loan(3)
        .replace("1983-11-05", "Quarrelbane")
        .replace("Purchase<", "Quarrelbane<");
    for (endpoint, data) in [
        (
            "create-loan",
            json!({ "losLoanID": "LOG-X", "mismo34": broken }),
        ),
        (
            "create-loan",
            json!({ "losLoanID": "LOG-Y", "mismo34": odd }),
        ),
        (
            "create-loan",
            json!({ "losLoanID": "LOG-3", "mismo34": documents::loan(3).replace("150003", "150004") }),
        ),
        (
            "create-loan",
            json!({ "losLoanID": ["Quarrelbane"], "mismo34": person.last }),
        ),
        (
            "get-list-loans",
            json!({ "isActive": 1, "userEmail": person.email }),
        ),
        (
            "get-list-loans",
            json!({ "isActive": "Quarrelbane", "userEmail": "Quarrelbane" }),
        ),
        (
            "get-list-loans",
            json!({ "isActive": 1, "withBorrower": ["firstName", "lastName", "email"] }),
        ),
    ] {
        client.call(endpoint, data).expect("an answer");
    }
    let mut wrong = client.body(None);
    wrong["apiKey"] = json!("Quarrelbane-key");
    client.post("access-token", wrong).expect("an answer");
    let mut wrong = client.body(Some(json!({ "isActive": 1 })));
    wrong["accessToken"] = json!("Quarrelbane".repeat(4)[..40]);
    client.post("get-list-loans", wrong).expect("an answer");
    // Secrets in a query string are refused, and the path is not logged with them.
    let query = format!("get-list-loans?apiKey={}", client.credentials.api_key);
    client
        .call(&query, json!({ "isActive": 1 }))
        .expect("an answer");
    secrets
}
