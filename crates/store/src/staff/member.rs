//! People as loans see them: the officer a document names, the participant a list is asked for.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::person::{StaffMember, fold_email};
use lintel_domain::role::Role;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, row_id};
use crate::vals;

pub(crate) const INSERT_STAFF: &str = "INSERT INTO staff (org_id, id, public_id, first_name, \
     last_name, email, email_folded, nmls, los_id, active, created_at_us, \
     search_text, lender_org_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
     (SELECT COALESCE(parent_id, id) FROM organisation WHERE id = $1)) ON CONFLICT DO NOTHING";
pub(crate) const INSERT_MEMBER_ROLE: &str =
    "INSERT INTO staff_role (org_id, staff_id, role) VALUES ($1, $2, $3)";
pub(crate) const STAFF_BY_PUBLIC_ID: &str = "SELECT id, public_id, first_name, last_name, email, \
     nmls, los_id FROM staff WHERE public_id = $1";
/// Three organisations: a broker, its wholesale lender, and whoever asks for one of them.
pub(crate) const STAFF_OF: &str = "SELECT id, public_id, first_name, last_name, email, nmls, \
     los_id FROM staff WHERE public_id = $1 AND org_id IN ($2, $3, $4) AND active = TRUE";
pub(crate) const STAFF_BY_LOS_ID: &str = "SELECT id, public_id, first_name, last_name, email, \
     nmls, los_id FROM staff WHERE org_id = $1 AND los_id = $2 ORDER BY id LIMIT 1";
pub(crate) const STAFF_BY_NMLS: &str = "SELECT id, public_id, first_name, last_name, email, nmls, \
     los_id FROM staff WHERE org_id = $1 AND nmls = $2 AND active = TRUE ORDER BY id LIMIT 1";
pub(crate) const STAFF_BY_EMAIL: &str = "SELECT id, public_id, first_name, last_name, email, \
     nmls, los_id FROM staff WHERE org_id = $1 AND email_folded = $2 AND active = TRUE";

#[derive(FromRow)]
struct StaffRow {
    id: String,
    public_id: String,
    first_name: String,
    last_name: String,
    email: String,
    nmls: Option<String>,
    los_id: Option<String>,
}

impl StaffRow {
    fn read(self) -> Result<StaffMember, Fault> {
        let at = At {
            table: "staff",
            id: &self.id,
        };
        Ok(StaffMember {
            public_id: at.public_id(&self.public_id)?,
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            nmls: self.nmls,
            los_id: self.los_id,
            id: row_id(self.id),
        })
    }
}

/// Adds a loan officer of whom no more is known than loans need; `false` when the address or the
/// public id is taken in the family.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_staff_in(
    tx: &mut Tx,
    org_id: &RowId,
    person: &StaffMember,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![
        org_id.as_str(),
        person.id.as_str(),
        person.public_id.as_str(),
        &person.first_name,
        &person.last_name,
        &person.email,
        fold_email(&person.email),
        person.nmls.clone(),
        person.los_id.clone(),
        true,
        now.micros(),
        super::search::text((&person.first_name, &person.last_name), None, &person.email),
    ];
    if tx.exec(INSERT_STAFF, args).await? == 0 {
        return Ok(false);
    }
    let officer = Role::LoanOfficer.as_str();
    let args = vals![org_id.as_str(), person.id.as_str(), officer];
    tx.exec(INSERT_MEMBER_ROLE, args).await?;
    Ok(true)
}

/// Finds a member of any organisation's staff by the id partners see. The caller must bound what it
/// shows by its own scope.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_staff(db: &Db, public_id: &PublicId) -> Result<Option<StaffMember>, Fault> {
    let row: Option<StaffRow> = db
        .maybe(STAFF_BY_PUBLIC_ID, vals![public_id.as_str()])
        .await?;
    row.map(StaffRow::read).transpose()
}

/// Finds an active member of staff of one of up to three organisations by the id partners see.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_staff_of(
    db: &Db,
    org_ids: &[&RowId],
    public_id: &PublicId,
) -> Result<Option<StaffMember>, Fault> {
    let org = |n: usize| org_ids.get(n).or(org_ids.first()).map(|id| id.as_str());
    let args = vals![public_id.as_str(), org(0), org(1), org(2)];
    let row: Option<StaffRow> = db.maybe(STAFF_OF, args).await?;
    row.map(StaffRow::read).transpose()
}

/// Finds a member of staff by the id in the organisation's loan origination system.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_staff_by_los_id(
    db: &Db,
    org_id: &RowId,
    los_id: &str,
) -> Result<Option<StaffMember>, Fault> {
    let row: Option<StaffRow> = db
        .maybe(STAFF_BY_LOS_ID, vals![org_id.as_str(), los_id])
        .await?;
    row.map(StaffRow::read).transpose()
}

/// Finds an active member of staff the way a document names one: by registry number first, then by
/// mail address.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn match_staff_in(
    tx: &mut Tx,
    org_id: &RowId,
    nmls: Option<&str>,
    email: Option<&str>,
) -> Result<Option<StaffMember>, Fault> {
    if let Some(nmls) = nmls {
        let row: Option<StaffRow> = tx
            .maybe(STAFF_BY_NMLS, vals![org_id.as_str(), nmls])
            .await?;
        if let Some(row) = row {
            return row.read().map(Some);
        }
    }
    let Some(email) = email else { return Ok(None) };
    let row: Option<StaffRow> = tx
        .maybe(STAFF_BY_EMAIL, vals![org_id.as_str(), fold_email(email)])
        .await?;
    row.map(StaffRow::read).transpose()
}
