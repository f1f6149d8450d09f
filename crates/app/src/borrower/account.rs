//! A borrower's account in a lender's family: one for each mail address, made when it is first needed.

use lintel_domain::event::EventKind;
use lintel_domain::organisation::Organisation;
use lintel_store::borrower::{self, StoredAccount};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;

use crate::context::App;

/// Whose account.
pub(crate) struct NewAccount<'a> {
    /// An address mail can be sent to.
    pub email: &'a str,
    /// Given name; empty when it is not known.
    pub first_name: &'a str,
    /// Family name; empty when it is not known.
    pub last_name: &'a str,
}

/// Finds the account of an address in the family of an organisation, or makes it; whether it is new.
/// None when a public id that was drawn is taken: the transaction is to be begun again. The caller
/// holds the family.
pub(crate) async fn ensure_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    new: &NewAccount<'_>,
) -> Result<Option<(StoredAccount, bool)>, Fault> {
    let account = StoredAccount {
        lender_org_id: org.lender_id().clone(),
        id: app.row_id()?,
        org_id: org.id.clone(),
        public_id: app.public_id()?,
        email: new.email.to_owned(),
        first_name: new.first_name.to_owned(),
        last_name: new.last_name.to_owned(),
        password_phc: None,
        is_active: true,
        created_at: app.now(),
    };
    if borrower::insert_in(tx, &account).await? {
        return Ok(Some((account, true)));
    }
    let known = borrower::by_email_in(tx, &account.lender_org_id, new.email).await?;
    Ok(known.map(|account| (account, false)))
}

/// Notes that an account was made. `actor` is who had it made.
pub(crate) async fn tell_in(
    app: &App,
    tx: &mut Tx,
    account: &StoredAccount,
    actor: &str,
) -> Result<(), Fault> {
    let (kind, at) = (EventKind::BorrowerAdded, account.created_at);
    let event = NewEvent {
        org_id: &account.org_id,
        at,
        actor,
        kind,
        subject: account.id.as_str(),
        body: "{}",
    };
    let seq = record_in(tx, &event).await?;
    announce_in(tx, &app.row_id()?, &account.org_id, seq, kind, at).await
}
