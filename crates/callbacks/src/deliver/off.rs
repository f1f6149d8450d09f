//! Switching a registration off that only fails: at once, with what waits under it, and with a mail to
//! the partner.

use lintel_app::context::App;
use lintel_app::message::{Mailbox, draft_in, is_sendable, mail_in};
use lintel_domain::callback::OffReason;
use lintel_domain::event::EventKind;
use lintel_letters::CallbackOff;
use lintel_store::callback::event::{StoredEvent, drop_in, hold_in};
use lintel_store::callback::{self, StoredCallback};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::organisation;
use serde_json::json;

use super::whose_is;
use crate::register::url_of;
use crate::target::Target;

/// Who does it, as events name them.
const ACTOR: &str = "callbacks";

/// Switches a registration off in the transaction that notes the attempt which said so; that attempt's
/// event is left to its own end. `false` when it is off by now, or was changed since it was called: then
/// the answer was another address's, or another registration's.
pub(super) async fn switch_off_in(
    app: &App,
    tx: &mut Tx,
    event: &StoredEvent,
    registration: &StoredCallback,
    why: OffReason,
) -> Result<bool, Fault> {
    let (org_id, now) = (&event.org_id, app.now());
    // ADR 19, order of locks: the subject, the registration, the queue, the log, other subjects' jobs.
    callback::lock_subject_in(tx, org_id, &event.subject).await?;
    if !callback::switch_off_in(tx, org_id, registration, why, now).await? {
        return Ok(false);
    }
    hold_in(tx, org_id, &event.subject).await?;
    let body = json!({
        "type": event.kind.as_str(),
        "reason": why.as_str(),
        "intermediary": event.intermediary_id.as_str(),
    });
    let told = NewEvent {
        org_id,
        at: now,
        actor: ACTOR,
        kind: EventKind::CallbackSwitchedOff,
        subject: registration.id.as_str(),
        body: &body.to_string(),
    };
    record_in(tx, &told).await?;
    drop_in(tx, &whose_is(event), Some(&event.id), now).await?;
    mail_partner_in(app, tx, event, registration, why).await?;
    Ok(true)
}

async fn mail_partner_in(
    app: &App,
    tx: &mut Tx,
    event: &StoredEvent,
    registration: &StoredCallback,
    why: OffReason,
) -> Result<(), Fault> {
    let (org_id, partner) = (&event.org_id, &event.intermediary_id);
    let Some((name, email)) = callback::contact_in(tx, org_id, partner).await? else {
        return Ok(());
    };
    let Some(org) = organisation::load_by_id_in(tx, org_id).await? else {
        return Ok(());
    };
    if !is_sendable(&email) {
        return Ok(());
    }
    // Path and query may hold the partner's own secrets.
    let target = Target::parse(&url_of(app, registration)?, true);
    let host = target.map_or_else(|_| String::new(), |target| target.place());
    let letter = CallbackOff {
        name: name.clone(),
        what: about(event).to_owned(),
        host,
        gone: why == OffReason::Gone,
    };
    let to = Mailbox { name, email };
    let draft = draft_in(app, tx, &org, to, &letter, ACTOR).await?;
    mail_in(app, tx, &org, &draft).await.map(|_| ())
}

/// What is told no more, for people.
const fn about(event: &StoredEvent) -> &'static str {
    use lintel_domain::callback::NotificationType as Type;
    match event.kind {
        Type::SimulationStatus => "estado das simulações / simulation status",
        Type::ProcessStatus => "estado dos processos / process status",
        Type::InformationRequested => "pedidos de informação / information requests",
        Type::BankMessage => "mensagens do banco / messages from the bank",
        Type::ProposalIssued => "propostas emitidas / proposals issued",
        Type::ProposalStatus => "estado das propostas / proposal status",
        Type::EsisGenerated => "FINE emitidas / information sheets",
    }
}
