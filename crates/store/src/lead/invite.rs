//! Invitations to apply: whom the caller means, and which went out lately.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_macros::boxed;

use crate::db::Tx;
use crate::fault::Fault;
use crate::loan::crm::is_one;
use crate::row::At;
use crate::vals;

/// A word of a customer system may stand for several leads; the newest is meant.
const UID_BY_CRM_ID: &str = "SELECT id, uid FROM lead WHERE org_id = $1 AND crm_lead_id = $2 \
     ORDER BY created_at_us DESC, id DESC LIMIT 1";
/// Only one of two calls at the same moment writes the row.
const NOTE: &str = "INSERT INTO application_mail (org_id, request_hash, sent_at_us) \
     VALUES ($1, $2, $3) ON CONFLICT (org_id, request_hash) DO UPDATE SET \
     sent_at_us = excluded.sent_at_us WHERE application_mail.sent_at_us <= $4";
const FORGET: &str = "DELETE FROM application_mail WHERE org_id = $1 AND sent_at_us < $2";

pub(crate) const STATEMENTS: [(&str, &str); 3] = [
    ("lead.uid_by_crm_id", UID_BY_CRM_ID),
    ("lead.note_invitation", NOTE),
    ("lead.forget_invitations", FORGET),
];

/// Public id of the newest lead of an organisation that its customer system calls so.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn uid_by_crm_id_in(
    tx: &mut Tx,
    org_id: &RowId,
    crm_id: &str,
) -> Result<Option<PublicId>, Fault> {
    if !is_one(crm_id) {
        return Ok(None);
    }
    let row: Option<(String, String)> = tx
        .maybe(UID_BY_CRM_ID, vals![org_id.as_str(), crm_id])
        .await?;
    row.map(|(id, uid)| {
        let place = At {
            table: "lead",
            id: &id,
        };
        place.word("uid", &uid, PublicId::parse)
    })
    .transpose()
}

/// Notes that an invitation goes out now; `false` when the same one went out after `since`. Older notes
/// of the organisation are dropped.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn note_in(
    tx: &mut Tx,
    org_id: &RowId,
    request_hash: &[u8],
    now: Instant,
    since: Instant,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), request_hash, now.micros(), since.micros()];
    if tx.exec(NOTE, args).await? == 0 {
        return Ok(false);
    }
    tx.exec(FORGET, vals![org_id.as_str(), since.micros()])
        .await?;
    Ok(true)
}
