//! Staff behind a cookie.

use lintel_domain::access::{Subject, Way};
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::Denial;
use lintel_domain::staff::Person;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::{link, organisation, sign_in, staff};

use super::{NewSession, Visitor, look, start_in, touch};
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;

/// Somebody who is signed in: active, in an active organisation under an active lender, as of this
/// request.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Whose staff.
    pub org: Organisation,
    /// Who.
    pub person: Person,
    /// Names the session in lists.
    pub session_id: String,
    /// Staff, or staff within the set-up.
    pub subject: Subject,
}

impl SignedIn {
    /// The name events are recorded under.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("staff:{}", self.person.public_id)
    }

    /// For use cases that faces and pages share.
    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal {
            org: self.org.clone(),
            api_id: self.actor(),
        }
    }

    /// Whether the person's roles allow something. Within the set-up they allow nothing yet.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match self.subject {
            Subject::Staff => self.person.roles.may(permission),
            Subject::Setup | Subject::Borrower => false,
        }
    }

    /// Requires that the person's roles allow something.
    ///
    /// # Errors
    /// Denied when they do not.
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Denial::NotPermitted.into())
        }
    }
}

/// Who is behind a cookie: `None` when nobody is signed in with it any more. Any text may be a
/// cookie.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn open(app: &App, cookie: &str) -> Result<Option<SignedIn>, Fault> {
    let Some(open) = look(app, cookie, &[Subject::Staff, Subject::Setup]).await? else {
        return Ok(None);
    };
    let org = organisation::load_by_id(app.db(), &open.org_id).await?;
    let person = staff::load_by_id(app.db(), &open.org_id, &open.person_id).await?;
    let (Some(org), Some(person)) = (org, person) else {
        return Ok(None);
    };
    if !org.is_active || !person.is_active {
        return Ok(None);
    }
    touch(app, &open).await?;
    Ok(Some(SignedIn {
        org,
        person,
        session_id: open.id,
        subject: open.subject,
    }))
}

/// Begins a session of a member of staff, holding the person's row; `None` when person, organisation
/// or lender is switched off.
pub(crate) async fn start_staff_in(
    app: &App,
    tx: &mut Tx,
    (org_id, person_id): (&RowId, &RowId),
    how: (Subject, Way),
    visitor: &Visitor,
) -> Result<Option<String>, Fault> {
    let is_active = sign_in::lock_in(tx, org_id, person_id).await?
        && link::is_org_active_in(tx, org_id).await?;
    let person = match staff::load_by_id_in(tx, org_id, person_id).await? {
        Some(person) if is_active => person,
        Some(_) | None => return Ok(None),
    };
    let (subject, way) = how;
    let new = NewSession {
        subject,
        org_id,
        person_id,
        way,
        visitor,
    };
    let cookie = start_in(app, tx, &new).await?;
    let actor = format!("staff:{}", person.public_id);
    let body = serde_json::json!({ "way": way.as_str() }).to_string();
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(
            org_id,
            app.now(),
            &actor,
            EventKind::SignedIn,
            person_id.as_str(),
        )
    };
    record_in(tx, &event).await?;
    Ok(Some(cookie))
}
