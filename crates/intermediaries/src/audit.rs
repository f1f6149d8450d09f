//! Writing down who changed what.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, RowId};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;

/// Who changes something at which bank.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Audit<'a> {
    /// The bank.
    pub org_id: &'a RowId,
    /// Who.
    pub actor: &'a str,
    /// When.
    pub now: Instant,
}

impl Audit<'_> {
    /// Writes down one change, in its transaction.
    #[boxed]
    pub async fn record_in(
        self,
        tx: &mut Tx,
        kind: EventKind,
        subject: &RowId,
    ) -> Result<(), Fault> {
        let event = NewEvent::plain(self.org_id, self.now, self.actor, kind, subject.as_str());
        record_in(tx, &event).await.map(|_| ())
    }
}
