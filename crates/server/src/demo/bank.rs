//! The demo bank: its desk, its network of intermediaries, and how they call the server.

use lintel_app::context::App;
use lintel_app::demo::{self, BankPassword};
use lintel_app::error::AppError;
use lintel_app::market;
use lintel_domain::lisbon;
use lintel_domain::organisation::Organisation;
use lintel_domain::role::Role;
use lintel_intermediaries::demo::{Credentials, DemoFirm, load};
use lintel_store::fault::Fault;
use lintel_store::index_average;
use serde::{Deserialize, Serialize};

use super::{PASSWORD_LEN, into_fault};
use crate::import::{averages, offer};

/// The actor of the demo's events.
const ACTOR: &str = "demo";

/// What is kept of the demo bank in the file of the demo's credentials.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Bank {
    #[serde(rename = "lenderID")]
    lender_id: String,
    name: String,
    /// The password its people were given.
    #[serde(rename = "staffPassword")]
    password: String,
    /// What the database keeps instead of it, for those whose it still is.
    #[serde(rename = "staffPasswordHash", default)]
    hash: Option<String>,
    /// What they do, their addresses, and whether the password is theirs still.
    staff: Vec<(String, String, bool)>,
    #[serde(rename = "clientID")]
    client_id: String,
    #[serde(rename = "clientSecret")]
    client_secret: String,
    brokers: Vec<Broker>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Broker {
    name: String,
    #[serde(rename = "brokerID")]
    number: u32,
    #[serde(rename = "brokerUniqueID")]
    unique_id: String,
    nif: String,
    username: String,
}

/// Makes sure that the demo bank is there with people, network and offer, and that its credentials
/// work.
pub(super) async fn prepare(app: &App, kept: Option<Bank>) -> Result<Bank, Fault> {
    let (bank, _) = demo::load_bank(app).await.map_err(into_fault)?;
    // The file may be another database's.
    let kept = kept.filter(|kept| kept.lender_id == bank.public_id.as_str());
    let credentials = kept.as_ref().map(|kept| Credentials {
        client_id: kept.client_id.clone(),
        client_secret: kept.client_secret.clone(),
    });
    let (credentials, firms) = load(app, &bank, credentials).await.map_err(into_fault)?;
    load_market(app, &bank).await.map_err(into_fault)?;
    offer::load_demo(app, &bank, ACTOR)
        .await
        .map_err(into_fault)?;
    let mut password = match kept {
        Some(kept) => BankPassword {
            text: kept.password,
            proved: kept.hash,
            is_fresh: false,
        },
        None => BankPassword {
            text: app.secret_base62(PASSWORD_LEN)?,
            proved: None,
            is_fresh: true,
        },
    };
    let logins = demo::bank_logins(app, &mut password).await?;
    Ok(Bank {
        lender_id: bank.public_id.to_string(),
        name: bank.name,
        staff: logins
            .into_iter()
            .map(|login| {
                let title = Role::title(login.role).to_owned();
                (title, login.email.to_owned(), login.is_known)
            })
            .collect(),
        password: password.text,
        hash: password.proved,
        client_id: credentials.client_id,
        client_secret: credentials.client_secret,
        brokers: firms.into_iter().map(broker).collect(),
    })
}

fn broker(firm: DemoFirm) -> Broker {
    Broker {
        name: firm.of.name,
        number: firm.of.number,
        unique_id: firm.of.id.to_string(),
        nif: firm.of.nif.as_str().to_owned(),
        username: firm.username.to_owned(),
    }
}

/// Gives the bank the index values it prices with, unless it has the last month's.
async fn load_market(app: &App, bank: &Organisation) -> Result<(), AppError> {
    let today = lisbon::day_of(app.now());
    let there = index_average::of_org(app.db(), &bank.id).await?;
    let known = there.iter().map(|average| average.month).max();
    let carried = averages::for_demo(today)
        .map_err(|text| Fault::internal(format!("the demo's index values: {text}")))?;
    if carried.iter().map(|average| average.month).max() > known {
        market::put_averages(app, bank, ACTOR, &carried, false).await?;
    }
    Ok(())
}

impl Bank {
    /// What a newcomer needs to know.
    pub(super) fn lines(&self, url: &str) -> String {
        let Self {
            lender_id,
            name,
            password,
            staff,
            client_id,
            client_secret,
            brokers,
            ..
        } = self;
        let mut text = format!(
            "\nDemo bank {lender_id}: {name}\n\nIts people sign in at {url}/lender/sign-in\n\n"
        );
        for (title, email, is_known) in staff {
            let password = if *is_known {
                password
            } else {
                "(changed on a page)"
            };
            text.push_str(&format!("  {title:<13} {email:<34} {password}\n"));
        }
        text.push_str(&format!(
            "\nPartners Portal API, for the bank's network of intermediaries\n\n  xClientID      {client_id}\n  xClientSecret  {client_secret}\n"
        ));
        for broker in brokers {
            let Broker {
                name,
                number,
                unique_id,
                nif,
                username,
            } = broker;
            text.push_str(&format!(
                "\n  {name}\n  brokerID {number}  xBrokerUID {unique_id}  correlationId {nif}\n  username {username}\n"
            ));
        }
        text.push_str(
            "\nIts Euribor averages are the published ones up to the last month the program carries; months after it \
             repeat that one, whatever month simulations name.\n",
        );
        if let Some(broker) = brokers.first() {
            text.push_str(&self.calls(url, broker));
        }
        text
    }

    fn calls(&self, url: &str, broker: &Broker) -> String {
        let base = format!("{url}/API/partnersPortal");
        let Self {
            client_id,
            client_secret,
            ..
        } = self;
        let Broker {
            number, username, ..
        } = broker;
        format!(
            r#"
Try it with curl:

  TOKEN=$(curl -s -X POST {base}/authentication -H 'xClientID: {client_id}' -H 'xClientSecret: {client_secret}' -H 'brokerID: {number}' -H 'username: {username}' | tr -d '"')
  curl -s {base}/taxonomies/loanPurposes -H "Authorization: Bearer $TOKEN"
  curl -s {base}/simulations -H "Authorization: Bearer $TOKEN"
"#
        )
    }
}
