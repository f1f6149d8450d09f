//! Leads the samples of the public text name by the ids a customer system has for them. Everybody is
//! invented.

use lintel_domain::event::EventKind;
use lintel_domain::lead::LeadBorrower;
use lintel_domain::organisation::Organisation;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::lead::{insert_in, invite::uid_by_crm_id_in};

use super::ACTOR;
use crate::context::App;
use crate::lead::{ATTEMPTS, Told, new_lead};

/// A lead of the demo.
pub(super) struct DemoLead {
    crm_id: &'static str,
    first: &'static str,
    last: &'static str,
    email: &'static str,
    /// 555-01xx numbers are set aside for fiction.
    phone: &'static str,
}

/// The lender's: events of the customer system are about them.
pub(super) const OF_LENDER: [DemoLead; 2] = [
    DemoLead {
        crm_id: "22112183",
        first: "Alice",
        last: "Firstimer",
        email: "alice.firstimer@example.com",
        phone: "3605550141",
    },
    DemoLead {
        crm_id: "22102183",
        first: "Andy",
        last: "Example",
        email: "andy.example@example.com",
        phone: "3605550142",
    },
];

/// The first broker's: somebody who is invited to apply.
pub(super) const OF_BROKER: [DemoLead; 1] = [DemoLead {
    crm_id: "ABC1223",
    first: "Charles",
    last: "Cooper",
    email: "charles.cooper@example.com",
    phone: "3605550143",
}];

/// Adds those of an organisation's leads that are missing.
pub(super) async fn add_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    leads: &[DemoLead],
) -> Result<(), Fault> {
    for lead in leads {
        if uid_by_crm_id_in(tx, &org.id, lead.crm_id).await?.is_none() {
            insert_one_in(app, tx, org, lead).await?;
        }
    }
    Ok(())
}

async fn insert_one_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    lead: &DemoLead,
) -> Result<(), Fault> {
    let owned = |text: &str| Some(text.to_owned());
    let borrower = LeadBorrower {
        first_name: owned(lead.first),
        last_name: owned(lead.last),
        email: owned(lead.email),
        phone_primary: owned(lead.phone),
        crm_lead_id: owned(lead.crm_id),
        ..LeadBorrower::default()
    };
    for _ in 0..ATTEMPTS {
        let stored = new_lead(app, &org.id, &borrower, None, app.now())?;
        if insert_in(tx, &stored).await? {
            let told = Told {
                app,
                lead: &stored,
                actor: ACTOR,
                body: "{}".to_owned(),
            };
            return told.tell_in(tx, EventKind::LeadCreated).await;
        }
    }
    Err(Fault::internal("no free lead id found for the demo"))
}
