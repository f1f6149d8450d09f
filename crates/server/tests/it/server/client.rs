//! A caller of the Lender API.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A key pair.
#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) api_id: String,
    pub(super) api_key: String,
}

impl Credentials {
    /// What `serve --demo` left in the data folder.
    pub(super) fn of_demo(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("demo-credentials.json")).expect("the demo");
        let demo: Value = serde_json::from_str(&text).expect("JSON");
        let text = |name: &str| demo[name].as_str().expect("text").to_owned();
        Self {
            api_id: text("apiID"),
            api_key: text("apiKey"),
        }
    }
}

/// A caller with a token. Clones share connections.
#[derive(Clone)]
pub(super) struct Client {
    agent: Agent,
    url: String,
    pub(super) credentials: Credentials,
    pub(super) token: String,
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into()
}

/// Status and body of a GET.
pub(super) fn get(url: &str, path: &str) -> (u16, String) {
    let mut answer = agent()
        .get(format!("{url}{path}"))
        .call()
        .expect("an answer");
    (
        answer.status().as_u16(),
        answer.body_mut().read_to_string().expect("text"),
    )
}

impl Client {
    /// Asks for a token.
    pub(super) fn new(url: &str, credentials: Credentials) -> Self {
        let mut client = Self {
            agent: agent(),
            url: url.to_owned(),
            credentials,
            token: String::new(),
        };
        let answer = client
            .post("access-token", client.body(None))
            .expect("an answer");
        client.token = answer["accessToken"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned();
        client
    }

    /// The same caller with the same token, calling another address.
    pub(super) fn moved_to(mut self, url: &str) -> Self {
        url.clone_into(&mut self.url);
        self
    }

    /// The common parameters, and the payload when there is one.
    pub(super) fn body(&self, data: Option<Value>) -> Value {
        let mut body = json!({
            "format": "json",
            "apiID": self.credentials.api_id,
            "apiKey": self.credentials.api_key,
        });
        if !self.token.is_empty() {
            body["accessToken"] = json!(self.token);
        }
        if let Some(data) = data {
            body["data"] = data;
        }
        body
    }

    /// One call; `Err` is a broken connection, never a refusal.
    pub(super) fn post(&self, endpoint: &str, body: Value) -> Result<Value, ureq::Error> {
        let mut answer = self
            .agent
            .post(format!("{}/api/lender/{endpoint}", self.url))
            .header("Content-Type", "application/json")
            .send(body.to_string())?;
        let text = answer.body_mut().read_to_string()?;
        Ok(serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}")))
    }

    /// One call with a payload.
    pub(super) fn call(&self, endpoint: &str, data: Value) -> Result<Value, ureq::Error> {
        self.post(endpoint, self.body(Some(data)))
    }

    /// Sends a loan; the answer is its publicID.
    pub(super) fn create(&self, los_loan_id: &str, document: &str) -> Result<String, ureq::Error> {
        let data = json!({ "losLoanID": los_loan_id, "mismo34": document });
        let answer = self.call("create-loan", data)?;
        let public_id = answer["publicID"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        Ok(public_id.to_owned())
    }

    /// Public ids of the whole active pipeline, and the total the server tells.
    pub(super) fn list(&self) -> (Vec<String>, usize) {
        let mut found = Vec::new();
        loop {
            let data = json!({ "isActive": 1, "limit": 100, "offset": found.len() });
            let answer = self.call("get-list-loans", data).expect("an answer");
            let loans = answer["loans"]
                .as_array()
                .unwrap_or_else(|| panic!("{answer}"));
            found.extend(
                loans
                    .iter()
                    .map(|l| l["ID"].as_str().expect("an ID").to_owned()),
            );
            if loans.is_empty() {
                let total = answer["totalCount"].as_u64().expect("a total");
                return (found, usize::try_from(total).expect("fits"));
            }
        }
    }
}

/// The code of an answer that must be a refusal in the API's own shape.
pub(super) fn refusal(answer: &Value) -> (u64, String) {
    let error = answer
        .get("error")
        .unwrap_or_else(|| panic!("no error in {answer}"));
    let message = error["message"].as_str().unwrap_or_default();
    assert!(!message.is_empty(), "{answer}");
    (
        error["code"].as_u64().unwrap_or_else(|| panic!("{answer}")),
        message.to_owned(),
    )
}
