//! Every address of the pages that holds an id, opened and posted to with another tenant's.

use axum::body::Body;
use axum::http::Method;
use lintel_edge::test_client::{Answer, TestClient};
use serde_json::{Value, json};

use super::family::{Family, PUBLIC_URL, Place, text};

/// One address. `{id}` in it is the id.
pub struct Address {
    /// As the pages' routes spell it.
    pub path: &'static str,
    /// Somebody else's id, as the other tenant has it.
    pub foreign: fn(&Family) -> String,
    /// An id of the same shape that nobody has.
    pub unknown: &'static str,
    /// Whether it is opened, posted to, or both.
    pub ways: &'static [Method],
}

/// Addresses that are for everybody who has them, or whose secret is the address.
pub const PUBLIC: &[(&str, &str)] = &[
    ("/app/signup/p/{slug}", "a lender's public page"),
    ("/app/signup/partner/{uid}", "an officer's public page"),
    ("/app/welcome/{token}", "the token is the secret"),
    ("/assets/{name}", "the same for everybody"),
    ("/brand/{name}", "colours and logo of public pages"),
    (
        "/images/{name}",
        "named by the hash of what is in it; shown on public pages",
    ),
    ("/lender/new-password/{token}", "the token is the secret"),
    ("/lender/single-sign-on/{token}", "the token is the secret"),
    (
        "/app/signup/p/{slug}/r/{code}",
        "a case of its own: the caller's slug with another's code",
    ),
    ("/app/rates/{token}", "the token is the secret"),
    ("/app/rates/{token}/stop", "the token is the secret"),
    (
        "/mailbox/{id}",
        "there only while mail is caught; whoever reaches the server reads all of it, and it says so",
    ),
    ("/mailbox/{id}/html", "as the page it is a part of"),
    ("/mailbox/{id}/files/{n}", "as the page it is a part of"),
    (
        "/lender/loans/{id}/messages/{message}",
        "a case of its own: a loan and a message",
    ),
    (
        "/lender/loans/{id}/messages/{message}/preview",
        "a case of its own: a loan and a message",
    ),
    (
        "/lender/sign-up/people/{id}",
        "a case of its own: within a set-up",
    ),
    (
        "/bank/processes/{id}/requests/{request}/withdraw",
        "a case of its own: two ids, of a bank",
    ),
    (
        "/bank/processes/{id}/decisions/{decision}/confirm",
        "a case of its own: two ids, of a bank",
    ),
    (
        "/bank/processes/{id}/decisions/{decision}/return",
        "a case of its own: two ids, of a bank",
    ),
    (
        "/bank/processes/{id}/documents/{document}",
        "a case of its own: two ids, of a bank",
    ),
    (
        "/bank/proposals/{id}/{paper}",
        "a case of its own: an id and a word, of a bank",
    ),
];

/// What stands before the value of a form's token.
const FORM_TOKEN: &str = "name=\"form_token\" value=\"";
const UNKNOWN: &str = "ZZZZ0000";
const GET: &[Method] = &[Method::GET];
const POST: &[Method] = &[Method::POST];
const BOTH: &[Method] = &[Method::GET, Method::POST];

const fn address(
    path: &'static str,
    foreign: fn(&Family) -> String,
    ways: &'static [Method],
) -> Address {
    Address {
        path,
        foreign,
        unknown: UNKNOWN,
        ways,
    }
}

/// Addresses of a bank's desk. To other people's staff there are no such pages; what one bank sees of
/// another is a case of its own beside the pages.
fn of_a_bank() -> Vec<Address> {
    let row = |path, ways| Address {
        path,
        foreign: |_| "0193f000-0000-7000-8000-00000000000b".to_owned(),
        unknown: "0193f000-0000-7000-8000-00000000000a",
        ways,
    };
    vec![
        row("/bank/processes/{id}", GET),
        row("/bank/processes/{id}/take", POST),
        row("/bank/processes/{id}/take-over", POST),
        row("/bank/processes/{id}/ask", POST),
        row("/bank/processes/{id}/messages", POST),
        row("/bank/processes/{id}/approve", POST),
        row("/bank/processes/{id}/decline", POST),
        row("/bank/networks/{id}/switch", POST),
        row("/bank/intermediaries/{id}/switch", POST),
    ]
}

/// Addresses of the console.
pub fn addresses() -> Vec<Address> {
    let mut all = of_a_bank();
    all.extend(of_a_lender());
    all
}

fn of_a_lender() -> Vec<Address> {
    let person = |family: &Family| family.admin.clone();
    let branch = |family: &Family| family.branch.clone();
    let broker = |family: &Family| family.broker.clone();
    let vendor = |family: &Family| family.vendor.clone();
    let loan = |family: &Family| family.loan.clone();
    let condition = |family: &Family| family.condition.clone();
    let document = |family: &Family| family.document.clone();
    let message = |family: &Family| family.written.message.clone();
    let task = |family: &Family| family.written.task.clone();
    let alert = |family: &Family| family.written.alert.clone();
    vec![
        address("/lender/loans/{id}/messages", loan, GET),
        address("/lender/outbox/{id}", message, GET),
        address("/lender/outbox/{id}/preview", message, GET),
        address("/lender/outbox/{id}/retry", message, POST),
        address("/lender/outbox/{id}/cancel", message, POST),
        address("/lender/tasks/{id}", task, BOTH),
        address("/lender/tasks/{id}/done", task, POST),
        address("/lender/tasks/{id}/reopen", task, POST),
        address("/lender/alerts/{id}/put-away", alert, POST),
        address("/lender/loans/{id}", loan, GET),
        address("/lender/loans/{id}/application", loan, GET),
        address("/lender/loans/{id}/conditions", loan, BOTH),
        address("/lender/loans/{id}/documents", loan, GET),
        address("/lender/loans/{id}/documents/upload", loan, POST),
        address("/lender/loans/{id}/documents/zip", loan, POST),
        address("/lender/loans/{id}/export", loan, BOTH),
        address("/lender/loans/{id}/history", loan, GET),
        address("/lender/loans/{id}/status", loan, BOTH),
        address("/lender/conditions/{id}", condition, BOTH),
        address("/lender/conditions/{id}/status", condition, POST),
        address("/lender/documents/{id}", document, GET),
        address("/lender/documents/{id}/download", document, GET),
        address("/lender/documents/{id}/remove", document, BOTH),
        address("/lender/settings/people/{id}", person, BOTH),
        address("/lender/settings/people/{id}/activate", person, POST),
        address("/lender/settings/people/{id}/deactivate", person, BOTH),
        address("/lender/settings/people/{id}/picture", person, POST),
        address("/lender/settings/people/{id}/send-link", person, POST),
        address("/lender/settings/branches/{id}", branch, BOTH),
        address("/lender/settings/branches/{id}/officers", branch, POST),
        address("/lender/settings/branches/{id}/status", branch, POST),
        address("/lender/settings/brokers/{id}/activate", broker, POST),
        address("/lender/settings/brokers/{id}/deactivate", broker, BOTH),
        address("/lender/settings/vendors/{id}", vendor, POST),
        address("/lender/settings/vendors/{id}/withdraw", vendor, BOTH),
        Address {
            path: "/lender/settings/credentials/{id}/withdraw",
            foreign: |family| family.caller.api_id.clone(),
            unknown: "zzzzzzzzzzzzzzzzzzzz",
            ways: BOTH,
        },
    ]
}

/// A browser that somebody signed in with, by the link the API gave out.
pub struct Browser {
    client: TestClient,
    form_token: String,
}

impl Browser {
    /// Signs a family's administrator in.
    pub async fn of(place: &Place, family: &Family) -> Self {
        let who = json!({
            "company": { "lenderID": family.lender.public_id.as_str() },
            "user": { "userID": family.admin },
        });
        let sso = "/api/lender/get-single-sign-on-url";
        let url = text(&place.made(sso, &family.caller, &who).await["signOnURL"]);
        let client = TestClient::new(place.pages.clone()).with_header("x-request-id", "r-1");
        Self::enter(client, &url, "/lender/settings/branches/new").await
    }

    /// Follows a link that starts a session, and takes the form token from a page with a form.
    pub async fn enter(client: TestClient, url: &str, form_page: &str) -> Self {
        let path = url.strip_prefix(PUBLIC_URL).expect(url);
        let entered = client.get(path).await;
        assert!(entered.status.is_redirection(), "{}", entered.text());
        let cookies: Vec<&str> = entered
            .headers
            .get_all("set-cookie")
            .iter()
            .filter_map(|value| value.to_str().ok()?.split(';').next())
            .collect();
        let client = client.with_header("cookie", &cookies.join("; "));
        let page = client.get(form_page).await;
        let html = page.text();
        let rest = html.split_once(FORM_TOKEN).map(|(_, rest)| rest);
        let rest = rest.unwrap_or_else(|| panic!("no form: {html}"));
        let form_token = rest.split('"').next().unwrap_or_default().to_owned();
        Self { client, form_token }
    }

    /// Opens or posts.
    pub async fn ask(&self, way: &Method, path: &str) -> Answer {
        if *way == Method::POST {
            let fields = [("form_token", self.form_token.as_str())];
            self.client.post_form(path, &fields).await
        } else {
            self.client
                .send(way.clone(), path, None, Body::empty())
                .await
        }
    }

    /// Posts fields with the form token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("form_token", self.form_token.as_str())];
        all.extend_from_slice(fields);
        self.client.post_form(path, &all).await
    }
}

/// The paths in the pages' sources that hold something in braces.
pub fn routes() -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../pages/src"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the pages' sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let source = std::fs::read_to_string(path).expect("text");
                found.extend(source.split('"').filter_map(is_route));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// A text between quotes that looks like an address with a place for an id.
fn is_route(text: &str) -> Option<String> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    let is_path = before.starts_with('/') && before.ends_with('/');
    let is_name = name.len() > 1 && name.bytes().all(|b| b.is_ascii_lowercase());
    let is_end = after.is_empty() || after.starts_with('/');
    (is_path && is_name && is_end && !text.contains(['?', ' ', '\n'])).then(|| text.to_owned())
}

/// An answer's status, text and way on, without the id and without what is new in every answer.
pub fn without(answer: &Answer, id: &str) -> (u16, String, Value) {
    let place = json!(answer.header("location").replace(id, "ID"));
    let mut parts = answer.text().replace(id, "ID");
    let mut text = String::new();
    while let Some((before, rest)) = parts.split_once(FORM_TOKEN) {
        text.push_str(before);
        text.push_str("TOKEN");
        parts = rest
            .split_once('"')
            .map_or("", |(_, after)| after)
            .to_owned();
    }
    text.push_str(&parts);
    (answer.status.as_u16(), text, place)
}
