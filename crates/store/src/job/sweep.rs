//! What is kept for a while only, next to jobs that are over.

use lintel_domain::id::Instant;
use lintel_macros::boxed;

use crate::db::Tx;
use crate::fault::Fault;
use crate::vals;

pub(crate) const CAUGHT: &str = "DELETE FROM caught_message WHERE id IN (SELECT id FROM \
     caught_message WHERE caught_at_us < $1 ORDER BY caught_at_us, id LIMIT $2)";
/// Organisation and hash are its key.
pub(crate) const INVITED: &str = "DELETE FROM application_mail WHERE sent_at_us < $1 \
     AND request_hash IN (SELECT request_hash FROM application_mail WHERE sent_at_us < $1 \
     ORDER BY sent_at_us LIMIT $2)";

pub(super) const STATEMENTS: [(&str, &str); 2] =
    [("job.sweep_caught", CAUGHT), ("job.sweep_invited", INVITED)];

/// Forgets what the catcher took before an instant, the oldest first, at most `limit`; how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_caught_in(tx: &mut Tx, before: Instant, limit: u32) -> Result<u64, Fault> {
    tx.exec(CAUGHT, vals![before.micros(), limit]).await
}

/// Forgets that invitations to apply were sent before an instant, the oldest first, about `limit`;
/// how many.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn sweep_invited_in(tx: &mut Tx, before: Instant, limit: u32) -> Result<u64, Fault> {
    tx.exec(INVITED, vals![before.micros(), limit]).await
}
