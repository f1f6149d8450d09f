//! What an operator does from the command line: organisations, staff, credentials.

use lintel_domain::credential::{Credential, KeyPair};
use lintel_domain::event::EventKind;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::person::StaffMember;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::{credential, organisation, staff};

use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;

/// The actor operators' events are recorded under.
pub(crate) const OPERATOR: &str = "operator";
/// Longest name or label kept.
const NAME_MAX_CHARS: usize = 200;
/// Characters of an API id.
const API_ID_LEN: usize = 20;
/// Characters of an API key: 238 random bits.
const API_KEY_LEN: usize = 40;
/// Public ids collide once in a long while; then another is drawn.
const ATTEMPTS: usize = 5;

/// A new organisation.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Trading name.
    pub name: String,
    /// What it does.
    pub kind: OrganisationKind,
    /// The lender it belongs to; needed for brokers, refused for others.
    pub parent: Option<PublicId>,
    /// Registry number.
    pub nmls: Option<String>,
}

/// Sets up an organisation.
///
/// # Errors
/// Refused when the name is empty or too long, or the parent does not fit the kind.
#[boxed]
pub async fn create_organisation(
    app: &App,
    new: NewOrganisation,
) -> Result<Organisation, AppError> {
    let name = plain_text(&new.name, Field::OrganisationName)?;
    let parent_id = match (new.kind.has_parent(), &new.parent) {
        (false, None) => None,
        (true, Some(parent)) => {
            let parent = organisation::load(app.db(), parent)
                .await?
                .filter(|p| p.kind.may_have_brokers())
                .ok_or(Refusal::malformed(Field::ParentOrganisation))?;
            Some(parent.id)
        }
        (true, None) => {
            let (field, rule) = (Field::ParentOrganisation, Rule::Missing);
            return Err(Refusal::Invalid { field, rule }.into());
        }
        (false, Some(_)) => return Err(Refusal::malformed(Field::ParentOrganisation).into()),
    };
    let now = app.now();
    for _ in 0..ATTEMPTS {
        let org = Organisation {
            id: app.row_id()?,
            public_id: app.public_id()?,
            kind: new.kind,
            name: name.clone(),
            parent_id: parent_id.clone(),
            nmls: new.nmls.clone(),
            is_active: true,
        };
        let mut tx = app.db().begin().await?;
        if organisation::insert_in(&mut tx, &org, now).await? {
            let event = NewEvent::plain(
                &org.id,
                now,
                OPERATOR,
                EventKind::OrganisationCreated,
                org.id.as_str(),
            );
            record_in(&mut tx, &event).await?;
            tx.commit().await?;
            return Ok(org);
        }
    }
    Err(Fault::internal("no free public id found").into())
}

/// Trims a name and refuses empty, overlong and unprintable ones.
fn plain_text(text: &str, field: Field) -> Result<String, Refusal> {
    let text = text.trim();
    let printable = !text.chars().any(char::is_control);
    if text.is_empty() {
        return Err(Refusal::Invalid {
            field,
            rule: Rule::Missing,
        });
    }
    if text.chars().count() > NAME_MAX_CHARS || !printable {
        return Err(Refusal::malformed(field));
    }
    Ok(text.to_owned())
}

/// Lists organisations, oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list_organisations(app: &App) -> Result<Vec<Organisation>, AppError> {
    Ok(organisation::list(app.db(), 1000).await?)
}

/// Finds an organisation by the id partners see.
///
/// # Errors
/// Not found when there is none.
#[boxed]
pub async fn find_organisation(app: &App, id: &PublicId) -> Result<Organisation, AppError> {
    let missing = Refusal::NotFound {
        what: Noun::Organisation,
    };
    Ok(organisation::load(app.db(), id).await?.ok_or(missing)?)
}

/// A member of staff about to be added.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Mail address.
    pub email: String,
    /// Registry number.
    pub nmls: Option<String>,
    /// Id in the loan origination system.
    pub los_id: Option<String>,
}

/// Adds a member of staff; adding the same address again changes nothing and answers `None`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn add_staff(
    app: &App,
    org: &Organisation,
    new: NewStaff,
) -> Result<Option<StaffMember>, AppError> {
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, org.lender_id()).await?;
    let added = add_staff_in(app, &mut tx, org, OPERATOR, new).await?;
    if added.is_some() {
        tx.commit().await?;
    }
    Ok(added)
}

pub(crate) async fn add_staff_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    actor: &str,
    new: NewStaff,
) -> Result<Option<StaffMember>, Fault> {
    let person = member(app, new)?;
    add_member_in(app, tx, org, actor, person).await
}

/// A member of staff with ids of its own, not stored yet.
pub(crate) fn member(app: &App, new: NewStaff) -> Result<StaffMember, Fault> {
    Ok(StaffMember {
        id: app.row_id()?,
        public_id: app.public_id()?,
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        nmls: new.nmls,
        los_id: new.los_id,
    })
}

/// Stores a member of staff with the event; `None` when the address is there already.
pub(crate) async fn add_member_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    actor: &str,
    person: StaffMember,
) -> Result<Option<StaffMember>, Fault> {
    let now = app.now();
    if !organisation::insert_staff_in(tx, &org.id, &person, now).await? {
        return Ok(None);
    }
    let event = NewEvent::plain(
        &org.id,
        now,
        actor,
        EventKind::StaffAdded,
        person.id.as_str(),
    );
    record_in(tx, &event).await?;
    Ok(Some(person))
}

/// A key pair the moment it is made: the only time its secret exists outside the caller's hands.
pub struct MadeCredential {
    /// What is stored.
    pub credential: Credential,
    /// The secret, to be shown once.
    pub api_key: String,
}

impl std::fmt::Debug for MadeCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeCredential")
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

/// Makes a key pair. An organisation may have several, so that pairs can be changed one by one.
///
/// # Errors
/// Not found for an unknown organisation; refused for an unusable label.
#[boxed]
pub async fn create_credential(
    app: &App,
    org: &PublicId,
    label: &str,
) -> Result<MadeCredential, AppError> {
    let org = find_organisation(app, org).await?;
    make_credential(app, &org.id, OPERATOR, label).await
}

/// Makes a key pair of an organisation that was looked up already.
pub(crate) async fn make_credential(
    app: &App,
    org_id: &RowId,
    actor: &str,
    label: &str,
) -> Result<MadeCredential, AppError> {
    let label = plain_text(label, Field::CredentialLabel)?;
    let api_key = app.secret_base62(API_KEY_LEN)?;
    let (hash, key_id) = app.keys().mac(Purpose::ApiKey, api_key.as_bytes())?;
    let now = app.now();
    let api_id = app.secret_base62(API_ID_LEN)?;
    let credential = Credential {
        api_id,
        organisation_id: org_id.clone(),
        label,
        created_at: now,
        revoked_at: None,
    };
    let mut tx = app.db().begin().await?;
    if !credential::insert_in(&mut tx, &credential, &hash, key_id).await? {
        // Twenty characters of base 62 do not collide; if they do, something else is wrong.
        return Err(Fault::internal("a fresh API id was taken").into());
    }
    let created = EventKind::CredentialCreated;
    let event = NewEvent::plain(org_id, now, actor, created, &credential.api_id);
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(MadeCredential {
        credential,
        api_key,
    })
}

/// Lists an organisation's key pairs.
///
/// # Errors
/// Not found for an unknown organisation.
#[boxed]
pub async fn list_credentials(app: &App, org: &PublicId) -> Result<Vec<Credential>, AppError> {
    let org = find_organisation(app, org).await?;
    Ok(credential::list(app.db(), &org.id).await?)
}

/// Withdraws a key pair: it and its tokens stop at once. Doing it again changes nothing.
///
/// # Errors
/// Not found for an unknown pair.
#[boxed]
pub async fn revoke_credential(app: &App, api_id: &str) -> Result<Credential, AppError> {
    withdraw_credential(app, None, OPERATOR, api_id).await
}

/// Withdraws a key pair, of one organisation only when it is named: somebody else's pair answers
/// like one that does not exist.
pub(crate) async fn withdraw_credential(
    app: &App,
    owner: Option<&RowId>,
    actor: &str,
    api_id: &str,
) -> Result<Credential, AppError> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let missing = Refusal::NotFound {
        what: Noun::Credential,
    };
    // Nothing else can be the name of a pair, and PostgreSQL takes no text with a NUL in it.
    let is_shaped = KeyPair::parse(api_id, "-").is_some();
    let found = match is_shaped {
        true => credential::load_in(&mut tx, api_id).await?,
        false => None,
    };
    let is_owned = |c: &Credential| owner.is_none_or(|id| *id == c.organisation_id);
    let mut found = found.filter(is_owned).ok_or(missing)?;
    if credential::revoke_in(&mut tx, api_id, now).await? {
        found.revoked_at = Some(now);
        let revoked = EventKind::CredentialRevoked;
        let event = NewEvent::plain(&found.organisation_id, now, actor, revoked, api_id);
        record_in(&mut tx, &event).await?;
        tx.commit().await?;
    }
    Ok(found)
}
