//! Simulations asked of the real server over loopback, with everything it writes.

use std::path::Path;

use lintel_wire_partners::PREFIX;
use serde_json::{Value, json};

use super::super::load::{self, Answer, Load, percentile};
use super::super::served::{Folder, Server, credentials};
use super::super::{figure, table};

/// Requests a second of a steady load.
const RATE: u32 = 50;
/// More than any database keeps up with: how fast the queue drains is how fast the server is.
const FLOOD: u32 = 5_000;

/// What one database did.
struct Row {
    what: String,
    answers: Vec<Answer>,
    wall: f64,
    used: f64,
}

/// Measures the embedded database, and PostgreSQL when an empty database of one is named.
pub(super) fn measure(seconds: u64, url: Option<&str>) -> Result<String, String> {
    let header = [
        "over loopback",
        "requests",
        "failed",
        "p50 ms",
        "p99 ms",
        "a second",
        "a second and core",
        "server CPU us each",
    ];
    let mut shown = table(&header, 1);
    let mut memory = Vec::new();
    for (name, url) in [("SQLite", None), ("PostgreSQL", url)] {
        if name == "PostgreSQL" && url.is_none() {
            continue;
        }
        let folder = Folder::new(&format!("simulate-{name}"))?;
        let server = Server::start(folder.path(), url)?;
        let begin = server.resident_mib().unwrap_or(f64::NAN);
        for row in on(&server, folder.path(), seconds)? {
            let count = u32::try_from(row.answers.len()).map_or(f64::MAX, f64::from);
            let failed = row.answers.iter().filter(|one| one.status >= 300).count();
            shown.add_row([
                format!("{name}, {}", row.what),
                row.answers.len().to_string(),
                failed.to_string(),
                figure(percentile(&row.answers, 50_000)),
                figure(percentile(&row.answers, 99_000)),
                figure(count / row.wall),
                figure(count / row.used),
                figure(row.used * 1e6 / count),
            ]);
        }
        let end = server.resident_mib().unwrap_or(f64::NAN);
        memory.push(format!(
            "{name} {} MiB at first, {} MiB at the end",
            figure(begin),
            figure(end)
        ));
    }
    Ok(format!(
        "\nThe real server, 48 connections, latency from the due time; the load shares its processors.\n\
         {shown}\nResident memory of the server: {}.\n",
        memory.join("; ")
    ))
}

/// A simulation again and again: at a steady rate, and as fast as it goes; then reading one, and its sheet.
fn on(server: &Server, folder: &Path, seconds: u64) -> Result<Vec<Row>, String> {
    let token = sign_in(server, folder)?;
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str())];
    let post = load::request(
        "POST",
        &format!("{PREFIX}/simulations"),
        &headers,
        &asked().to_string(),
    );
    let made = load::ask(server.address(), &post)?;
    let text = String::from_utf8_lossy(&made.body).into_owned();
    if made.status != 201 {
        return Err(format!("a simulation was answered {}: {text}", made.status));
    }
    let made: Value = serde_json::from_str(&text).map_err(|e| format!("a simulation: {e}"))?;
    let id = made["simulationUniqueID"].as_str().unwrap_or_default();
    let get = |rest: &str| {
        load::request(
            "GET",
            &format!("{PREFIX}/simulations/{id}{rest}"),
            &headers,
            "",
        )
    };
    let mut rows = Vec::new();
    for (what, request, rate, seconds) in [
        ("simulate, 50 a second", post.clone(), RATE, seconds),
        ("simulate, all at once", post, FLOOD, 1),
        ("read one, all at once", get(""), FLOOD, 1),
        ("its FINE, all at once", get("/esis"), 200, 1),
    ] {
        let load = Load {
            address: server.address(),
            request,
            rate,
            seconds,
        };
        let before = server.cpu_seconds().unwrap_or(f64::NAN);
        let begin = std::time::Instant::now();
        let answers = load.run()?;
        rows.push(Row {
            what: what.to_owned(),
            answers,
            wall: begin.elapsed().as_secs_f64(),
            used: server.cpu_seconds().unwrap_or(f64::NAN) - before,
        });
    }
    Ok(rows)
}

fn sign_in(server: &Server, folder: &Path) -> Result<String, String> {
    let demo = credentials(folder)?;
    let bank = &demo["bank"];
    let broker = &bank["brokers"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (client, secret) = (text(&bank["clientID"]), text(&bank["clientSecret"]));
    let (id, user) = (text(&broker["brokerUniqueID"]), text(&broker["username"]));
    let headers = [
        ("xClientID", client.as_str()),
        ("xClientSecret", secret.as_str()),
        ("xBrokerUID", id.as_str()),
        ("xUsername", user.as_str()),
    ];
    let request = load::request("POST", &format!("{PREFIX}/authentication"), &headers, "");
    let answer = load::ask(server.address(), &request)?;
    let told: Value =
        serde_json::from_slice(&answer.body).map_err(|e| format!("signing in: {e}"))?;
    let token = told["sessionToken"].as_str().map(str::to_owned);
    token.ok_or_else(|| format!("signing in was answered {}: {told}", answer.status))
}

/// An own home in Lisbon, variable rate, with and without cross-selling.
fn asked() -> Value {
    json!({
        "productPurposeId": 2, "loanPurposeId": 1, "productSchemeId": 1, "branchId": 1,
        "loanAmount": 180_000, "loanDurationMonths": 360, "indexTypeSubCategoryId": 2,
        "indexTypeId": 5, "hasCrossSelling": true,
        "property": {
            "propertyTypologyId": 1, "estimatedValue": 230_000, "acquisitionAmount": 225_000,
            "districtId": 11, "countyId": 1106, "zipCode": "1000", "zipCodeLocal": "001",
        },
        "borrowers": [{
            "borrowerTypeId": 1, "name": "Maria Exemplo", "nif": "123456789",
            "birthDate": "1990-02-28", "email": "maria@example.com", "phone": "+351910000000",
            "monthlyNetIncome": 3500, "dependents": 1,
        }],
    })
}
