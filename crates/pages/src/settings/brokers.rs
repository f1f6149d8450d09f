//! A lender's brokers: who they are, how far their set-up is, switching them off and on.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use lintel_app::by::By;
use lintel_app::{setup, status};
use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_domain::staff::AccountStatus;
use lintel_edge::one::one;
use serde::Serialize;

use super::page;
use super::parts::{Part, Tab, tabs};
use super::people::Pager;
use crate::Answer;
use crate::failure::Failure;
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::Staff;

const BROKERS: &str = "/lender/settings/brokers";
/// Brokers on one page.
const PER_PAGE: u32 = 50;

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(BROKERS, get(one(list)))
        .route(
            "/lender/settings/brokers/{id}/deactivate",
            get(one(confirm)).post(one(deactivate)),
        )
        .route(
            "/lender/settings/brokers/{id}/activate",
            post(one(activate)),
        )
}

/// The list.
#[derive(Serialize)]
pub(crate) struct BrokersPage {
    tabs: Vec<Tab>,
    brokers: Vec<BrokerLine>,
    pager: Option<Pager>,
}

/// A broker in the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BrokerLine {
    id: String,
    name: String,
    nmls: Option<String>,
    is_active: bool,
    setup: SetupView,
}

/// How far a broker's set-up is, for people.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct SetupView {
    tone: &'static str,
    text: &'static str,
}

impl BrokerLine {
    fn of(broker: &Organisation, setup: SetupView) -> Self {
        Self {
            id: broker.public_id.to_string(),
            name: broker.name.clone(),
            nmls: broker.nmls.clone(),
            is_active: broker.is_active,
            setup,
        }
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let line = |is_active, nmls| Self {
            id: text(),
            name: text(),
            nmls,
            is_active,
            setup: SetupView {
                tone: "good",
                text: "Finished",
            },
        };
        vec![line(true, Some(text())), line(false, None)]
    }
}

impl Template for BrokersPage {
    const FILE: &'static str = "settings/brokers.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |brokers, pager| Self {
            tabs: super::parts::sample_tabs(),
            brokers,
            pager,
        };
        let pager = Pager::of(BROKERS, "", 2, 50, 200);
        vec![page(BrokerLine::samples(), pager), page(Vec::new(), None)]
    }
}

/// Asks before a broker is switched off.
#[derive(Serialize)]
pub(crate) struct BrokerConfirmPage {
    tabs: Vec<Tab>,
    broker: BrokerLine,
}

impl Template for BrokerConfirmPage {
    const FILE: &'static str = "settings/broker_confirm.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |broker| Self {
            tabs: super::parts::sample_tabs(),
            broker,
        };
        BrokerLine::samples().into_iter().map(page).collect()
    }
}

async fn setup_of(staff: &Staff, broker: &Organisation) -> Result<SetupView, Failure> {
    let view = |tone, text| SetupView { tone, text };
    Ok(match setup::standing(staff.app(), broker).await? {
        None => view("", "Not asked for"),
        Some(setup) if setup.is_completed() => view("good", "Finished"),
        Some(_) => view("warn", "Under way"),
    })
}

async fn list(staff: Staff) -> Answer {
    Part::Brokers.require(&staff)?;
    let all = status::brokers(staff.app(), staff.org()).await?;
    let at = staff.query().page();
    let skipped = usize::try_from((at - 1).saturating_mul(PER_PAGE)).unwrap_or(usize::MAX);
    let mut brokers = Vec::new();
    for broker in all.iter().skip(skipped).take(PER_PAGE as usize) {
        let setup = setup_of(&staff, broker).await?;
        brokers.push(BrokerLine::of(broker, setup));
    }
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    page(&staff, "Brokers").render(&BrokersPage {
        tabs: tabs(&staff, Some(Part::Brokers)),
        brokers,
        pager: Pager::of(BROKERS, "", at, PER_PAGE, total),
    })
}

/// One of the lender's own brokers; nobody else's is there.
async fn known(staff: &Staff, id: &str) -> Result<Organisation, Failure> {
    let id = PublicId::parse(id).ok_or(Failure::NotFound)?;
    let all = status::brokers(staff.app(), staff.org()).await?;
    let found = all.into_iter().find(|broker| broker.public_id == id);
    found.ok_or(Failure::NotFound)
}

async fn confirm(staff: Staff, Path(id): Path<String>) -> Answer {
    Part::Brokers.require(&staff)?;
    let broker = known(&staff, &id).await?;
    let setup = setup_of(&staff, &broker).await?;
    page(&staff, &format!("Switch off {}?", broker.name)).render(&BrokerConfirmPage {
        tabs: tabs(&staff, Some(Part::Brokers)),
        broker: BrokerLine::of(&broker, setup),
    })
}

async fn deactivate(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    set(&staff, &id, AccountStatus::Inactive, Flash::BrokerOff).await
}

async fn activate(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    set(&staff, &id, AccountStatus::Active, Flash::BrokerOn).await
}

async fn set(staff: &Staff, id: &str, to: AccountStatus, flash: Flash) -> Answer {
    Part::Brokers.require(staff)?;
    let broker = known(staff, id).await?;
    let by = By::Person(&staff.who);
    status::set_broker(staff.app(), &by, &broker.public_id, to).await?;
    staff.go_with(BROKERS, flash)
}
