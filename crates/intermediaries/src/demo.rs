//! The demo bank's network: obviously invented intermediaries with dummy tax numbers, and their users.
//! Loading it again changes nothing but a secret nobody knows any more.

use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::intermediary::{Intermediary, Particulars, fold_username};
use lintel_domain::organisation::Organisation;
use lintel_macros::boxed;
use lintel_store::fault::Fault;
use lintel_store::intermediary as intermediaries;
use lintel_store::partner_session::{self as sessions, By as Named};

use crate::intermediary::{self, NewIntermediary};
use crate::network;
use crate::user::{self, NewUser};

const NETWORK: &str = "Rede Farol (demonstração)";

struct Firm {
    name: &'static str,
    nif: &'static str,
    email: &'static str,
    registration: &'static str,
    address: &'static str,
    phone: &'static str,
    users: &'static [(&'static str, &'static str)],
}

const FIRMS: [Firm; 2] = [
    Firm {
        name: "Casa Clara, Intermediários de Crédito (demonstração)",
        nif: "555555550",
        email: "casa.clara@example.com",
        registration: "0000001 (fictício)",
        address: "Rua da Demonstração, 2, 1000-001 Lisboa",
        phone: "+351 210 000 001",
        users: &[
            ("ana.agente@example.com", "Ana Agente"),
            ("artur.agente@example.com", "Artur Agente"),
        ],
    },
    Firm {
        name: "Barco de Papel, Unipessoal (demonstração)",
        nif: "999999990",
        email: "barco.papel@example.com",
        registration: "0000002 (fictício)",
        address: "Cais da Demonstração, 3, 4000-001 Porto",
        phone: "+351 220 000 002",
        users: &[("bruno.corretor@example.com", "Bruno Corretor")],
    },
];

/// Client id and secret of a network.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The public half.
    pub client_id: String,
    /// The secret half. The demo's is meant to be found.
    pub client_secret: String,
}

/// An intermediary of the demo and one of its users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFirm {
    /// The intermediary.
    pub of: Intermediary,
    /// A name to sign in with.
    pub username: &'static str,
}

/// Sets up the demo's network at the demo bank, or completes it. `kept` are the credentials of an
/// earlier start; when they do not work the network is given another secret.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(
    app: &App,
    bank: &Organisation,
    kept: Option<Credentials>,
) -> Result<(Credentials, Vec<DemoFirm>), AppError> {
    let by = By::Operator(bank);
    let credentials = match kept {
        Some(kept) if works(app, bank, &kept).await? => kept,
        Some(_) | None => fresh(app, &by).await?,
    };
    let mut firms = Vec::new();
    for firm in &FIRMS {
        firms.push(complete(app, &by, &credentials.client_id, firm).await?);
    }
    Ok((credentials, firms))
}

/// The kept pair may be from another database: then it is no use.
async fn works(app: &App, bank: &Organisation, kept: &Credentials) -> Result<bool, Fault> {
    let chain = sessions::chain(app.db(), &kept.client_id, Named::Number(0), "").await?;
    let Some(chain) = chain.filter(|chain| chain.org_id == bank.id) else {
        return Ok(false);
    };
    app.keys().verify(
        Purpose::NetworkSecret,
        &chain.secret.key_id,
        kept.client_secret.as_bytes(),
        &chain.secret.hash,
    )
}

async fn fresh(app: &App, by: &By<'_>) -> Result<Credentials, AppError> {
    let there = network::list(app, by).await?;
    let made = match there.iter().find(|network| network.name == NETWORK) {
        Some(network) => network::rotate(app, by, &network.client_id).await?,
        None => network::add(app, by, NETWORK).await?,
    };
    Ok(Credentials {
        client_id: made.network.client_id,
        client_secret: made.client_secret,
    })
}

async fn complete(
    app: &App,
    by: &By<'_>,
    client_id: &str,
    firm: &Firm,
) -> Result<DemoFirm, AppError> {
    let network = network::find(app, by, client_id).await?;
    let known = intermediary::load_by_nif(app, &network, firm.nif).await?;
    let of = match known {
        Some(of) => of,
        None => {
            let new = NewIntermediary {
                client_id: client_id.to_owned(),
                name: firm.name.to_owned(),
                nif: firm.nif.to_owned(),
                email: firm.email.to_owned(),
                particulars: Particulars {
                    registration: firm.registration.to_owned(),
                    address: firm.address.to_owned(),
                    phone: firm.phone.to_owned(),
                },
                ..NewIntermediary::default()
            };
            intermediary::add(app, by, new).await?
        }
    };
    for (username, name) in firm.users {
        let folded = fold_username(username);
        let there = intermediaries::load_user(app.db(), &of.org_id, &of.id, &folded).await?;
        if there.is_none() {
            let new = NewUser {
                broker: of.number.to_string(),
                username: (*username).to_owned(),
                name: (*name).to_owned(),
                email: (*username).to_owned(),
            };
            user::add(app, by, &new).await?;
        }
    }
    let first = firm.users.first();
    let username = first.map_or("", |(username, _)| username);
    Ok(DemoFirm { of, username })
}
