//! The borrower behind a cookie.

use lintel_domain::access::Subject;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::Organisation;
use lintel_macros::boxed;
use lintel_store::borrower::{self, StoredAccount};
use lintel_store::fault::Fault;
use lintel_store::organisation;

use crate::context::App;
use crate::session::{look, touch};

/// A borrower who is signed in.
#[derive(Debug, Clone)]
pub struct SignedInBorrower {
    /// The lender of the family.
    pub lender: Organisation,
    /// Where the borrower signed up first: whose page it is.
    pub org: Organisation,
    /// The `userID` partners see.
    pub public_id: PublicId,
    /// Mail address.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Row id of the account.
    pub(crate) id: RowId,
}

/// Who is behind a cookie; none when nobody is, or no longer. Looked at anew with each request: the
/// account, its lender, and the organisations the person signed up at.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn open(app: &App, cookie: &str) -> Result<Option<SignedInBorrower>, Fault> {
    let Some(session) = look(app, cookie, &[Subject::Borrower]).await? else {
        return Ok(None);
    };
    let (lender_id, id) = (&session.org_id, &session.person_id);
    if !borrower::is_alive(app.db(), lender_id, id).await? {
        return Ok(None);
    }
    let account = borrower::load(app.db(), lender_id, id).await?;
    let who = match account {
        Some(account) => signed_in(app, account).await?,
        None => None,
    };
    if who.is_some() {
        touch(app, &session).await?;
    }
    Ok(who)
}

async fn signed_in(app: &App, account: StoredAccount) -> Result<Option<SignedInBorrower>, Fault> {
    let lender = organisation::load_by_id(app.db(), &account.lender_org_id).await?;
    let org = organisation::load_by_id(app.db(), &account.org_id).await?;
    let Some(lender) = lender else {
        return Ok(None);
    };
    Ok(Some(SignedInBorrower {
        // A broker that was switched off shows its face nowhere; the lender stays.
        org: org
            .filter(|org| org.is_active)
            .unwrap_or_else(|| lender.clone()),
        lender,
        public_id: account.public_id,
        email: account.email,
        first_name: account.first_name,
        last_name: account.last_name,
        id: account.id,
    }))
}
