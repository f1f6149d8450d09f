//! Networks and their intermediaries: who they are, and switching them off and on.

use axum::extract::Path;
use lintel_app::by::By;
use lintel_domain::intermediary::{Intermediary, Network};
use lintel_domain::permission::Permission;
use lintel_intermediaries::intermediary::Switch;
use lintel_intermediaries::{intermediary, network};
use serde::Serialize;

use super::{NETWORKS, of_bank};
use crate::Answer;
use crate::failure::Failure;
use crate::flash::Flash;
use crate::layout::Section;
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct NetworksPage {
    networks: Vec<NetworkView>,
}

/// A network with its intermediaries.
#[derive(Debug, Serialize)]
struct NetworkView {
    name: String,
    client_id: String,
    is_active: bool,
    switch: String,
    brokers: Vec<BrokerView>,
}

/// An intermediary.
#[derive(Debug, Serialize)]
struct BrokerView {
    name: String,
    number: u32,
    nif: String,
    is_active: bool,
    has_api_access: bool,
    switch: String,
}

impl NetworkView {
    fn of(network: &Network, all: &[Intermediary]) -> Self {
        let own = all.iter().filter(|one| one.network_id == network.id);
        let view = own.map(|one| BrokerView {
            name: one.name.clone(),
            number: one.number,
            nif: one.nif.as_str().to_owned(),
            is_active: one.is_active,
            has_api_access: one.has_api_access,
            switch: format!("/bank/intermediaries/{}/switch", one.id),
        });
        Self {
            name: network.name.clone(),
            client_id: network.client_id.clone(),
            is_active: network.is_active,
            switch: format!("{NETWORKS}/{}/switch", network.client_id),
            brokers: view.collect(),
        }
    }
}

impl Template for NetworksPage {
    const FILE: &'static str = "bank/networks.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let broker = |is| BrokerView {
            name: text(),
            number: 1001,
            nif: text(),
            is_active: is,
            has_api_access: is,
            switch: text(),
        };
        let network = |is_active, brokers| NetworkView {
            name: text(),
            client_id: text(),
            is_active,
            switch: text(),
            brokers,
        };
        let full = vec![
            network(true, vec![broker(true), broker(false)]),
            network(false, Vec::new()),
        ];
        vec![
            Self { networks: full },
            Self {
                networks: Vec::new(),
            },
        ]
    }
}

pub(super) async fn show(staff: Staff) -> Answer {
    of_bank(&staff)?;
    let by = By::Person(&staff.who);
    let all = network::list(staff.app(), &by).await?;
    let brokers = intermediary::list(staff.app(), &by).await?;
    let view = NetworksPage {
        networks: all
            .iter()
            .map(|one| NetworkView::of(one, &brokers))
            .collect(),
    };
    staff
        .page("Networks")
        .section(Section::Networks)
        .render(&view)
}

fn is_on(form: &Posted) -> Result<bool, Failure> {
    match form.raw("on") {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err(Failure::BadForm),
    }
}

pub(super) async fn switch(staff: Staff, Path(client): Path<String>, form: Posted) -> Answer {
    of_bank(&staff)?;
    staff.require(Permission::EditNetworks)?;
    let (by, on) = (By::Person(&staff.who), is_on(&form)?);
    network::switch(staff.app(), &by, &client, on).await?;
    staff.go_with(NETWORKS, Flash::Saved)
}

pub(super) async fn switch_broker(
    staff: Staff,
    Path(broker): Path<String>,
    form: Posted,
) -> Answer {
    of_bank(&staff)?;
    staff.require(Permission::EditNetworks)?;
    let what = match form.raw("what") {
        "active" => Switch::Active,
        "api" => Switch::ApiAccess,
        _ => return Err(Failure::BadForm),
    };
    let (by, on) = (By::Person(&staff.who), is_on(&form)?);
    intermediary::switch(staff.app(), &by, &broker, what, on).await?;
    staff.go_with(NETWORKS, Flash::Saved)
}
