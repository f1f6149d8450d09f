//! Reading people in full: their rows, then roles, licences and branches of many at once.

mod sql;

use lintel_macros::FromRow;
use lintel_macros::boxed;
use std::collections::HashMap;

use lintel_domain::id::{PublicId, RowId};
use lintel_domain::image::ImageRef;
use lintel_domain::license::{License, StateCode};
use lintel_domain::person::fold_email;
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::{BranchPlace, Person, Timezone};

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places};
use crate::row::{At, row_id};
use crate::vals;
use sql::{
    BY_ID, BY_PUBLIC_ID, BY_UID, FAMILY_EMAIL, FAMILY_PUBLIC_ID, FAMILY_UID, branch_sql,
    details_sql, list_sql, one_sql, role_sql,
};
pub(super) use sql::{COLUMNS, COUNT, statements};

/// Most people of one role that a list for partners holds.
const ROLE_MAX: u32 = 10_000;

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    lender_org_id: String,
    public_id: String,
    partner_uid: Option<String>,
    first_name: String,
    preferred_name: Option<String>,
    middle_name: Option<String>,
    last_name: String,
    email: String,
    phone: Option<String>,
    phone_extension: Option<String>,
    timezone: Option<String>,
    nmls: Option<String>,
    los_id: Option<String>,
    headshot: Option<String>,
    wants_mail: bool,
    is_assignable: bool,
    active: bool,
}

#[derive(FromRow)]
struct Detail {
    staff_id: String,
    kind: String,
    word: String,
    number: String,
    public_id: String,
    name: String,
    is_primary: bool,
    is_assignable: bool,
}

/// What stands beside somebody's row.
#[derive(Default)]
struct Details {
    roles: Vec<Role>,
    licenses: Vec<License>,
    branches: Vec<BranchPlace>,
}

impl Details {
    fn add(&mut self, detail: Detail) -> Result<(), Fault> {
        let at = |table| At {
            table,
            id: &detail.staff_id,
        };
        match detail.kind.as_str() {
            "role" => {
                let role = at("staff_role").word("role", &detail.word, Role::parse)?;
                self.roles.push(role);
            }
            "license" => {
                let state = at("staff_license").word("state", &detail.word, StateCode::parse)?;
                self.licenses.push(License {
                    state,
                    number: detail.number,
                });
            }
            _ => self.branches.push(BranchPlace {
                public_id: at("branch").public_id(&detail.public_id)?,
                id: row_id(detail.word),
                name: detail.name,
                is_primary: detail.is_primary,
                is_assignable: detail.is_assignable,
            }),
        }
        Ok(())
    }
}

impl Row {
    fn read(self, mut details: Details) -> Result<Person, Fault> {
        let at = At {
            table: "staff",
            id: &self.id,
        };
        details.licenses.sort_by_key(|license| license.state);
        details
            .branches
            .sort_by(|a, b| (!a.is_primary, &a.name, &a.id).cmp(&(!b.is_primary, &b.name, &b.id)));
        let roles = at.need("roles", RoleSet::try_new(details.roles))?;
        Ok(Person {
            public_id: at.public_id(&self.public_id)?,
            timezone: at.maybe_word("timezone", self.timezone.as_deref(), Timezone::parse)?,
            headshot: at.maybe_word("headshot", self.headshot.as_deref(), ImageRef::parse)?,
            roles,
            licenses: details.licenses,
            branches: details.branches,
            org_id: row_id(self.org_id),
            lender_org_id: row_id(self.lender_org_id),
            partner_uid: self.partner_uid,
            first_name: self.first_name,
            preferred_name: self.preferred_name,
            middle_name: self.middle_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            phone_extension: self.phone_extension,
            nmls: self.nmls,
            los_id: self.los_id,
            wants_mail: self.wants_mail,
            is_assignable: self.is_assignable,
            is_active: self.active,
            id: row_id(self.id),
        })
    }
}

/// Puts rows of one organisation and their details together, in the rows' order.
fn join(rows: Vec<Row>, found: Vec<Detail>) -> Result<Vec<Person>, Fault> {
    let mut details: HashMap<String, Details> = HashMap::new();
    for detail in found {
        details
            .entry(detail.staff_id.clone())
            .or_default()
            .add(detail)?;
    }
    rows.into_iter()
        .map(|row| {
            let details = details.remove(&row.id).unwrap_or_default();
            row.read(details)
        })
        .collect()
}

fn details_args(rows: &[Row]) -> Vec<crate::db::Val> {
    let mut args = vals![rows.first().map(|row| row.org_id.as_str())];
    let ids: Vec<RowId> = rows.iter().map(|row| row_id(row.id.clone())).collect();
    fill_places(&mut args, &ids);
    args
}

async fn one(db: &Db, condition: &str, args: Vec<crate::db::Val>) -> Result<Option<Person>, Fault> {
    let Some(row): Option<Row> = db.maybe(&one_sql(condition), args).await? else {
        return Ok(None);
    };
    let rows = vec![row];
    let details = db.all(&details_sql(), details_args(&rows)).await?;
    Ok(join(rows, details)?.pop())
}

async fn one_in(
    tx: &mut Tx,
    condition: &str,
    args: Vec<crate::db::Val>,
) -> Result<Option<Person>, Fault> {
    let Some(row): Option<Row> = tx.maybe(&one_sql(condition), args).await? else {
        return Ok(None);
    };
    let rows = vec![row];
    let details = tx.all(&details_sql(), details_args(&rows)).await?;
    Ok(join(rows, details)?.pop())
}

pub(super) async fn many(
    db: &Db,
    sql: &str,
    args: Vec<crate::db::Val>,
) -> Result<Vec<Person>, Fault> {
    let mut rows: Vec<Row> = db.all(sql, args).await?;
    let mut people = Vec::with_capacity(rows.len());
    let details_sql = details_sql();
    while !rows.is_empty() {
        let later = rows.split_off(rows.len().min(IN_PLACES));
        let details = db.all(&details_sql, details_args(&rows)).await?;
        people.extend(join(rows, details)?);
        rows = later;
    }
    Ok(people)
}

/// Finds one of an organisation's people by row.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_by_id(db: &Db, org_id: &RowId, id: &RowId) -> Result<Option<Person>, Fault> {
    one(db, BY_ID, vals![org_id.as_str(), id.as_str()]).await
}

/// As [`load_by_id`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_by_id_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
) -> Result<Option<Person>, Fault> {
    one_in(tx, BY_ID, vals![org_id.as_str(), id.as_str()]).await
}

/// Finds one of an organisation's people by the id partners see.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(db: &Db, org_id: &RowId, public_id: &PublicId) -> Result<Option<Person>, Fault> {
    one(db, BY_PUBLIC_ID, vals![org_id.as_str(), public_id.as_str()]).await
}

/// As [`load`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_in(
    tx: &mut Tx,
    org_id: &RowId,
    public_id: &PublicId,
) -> Result<Option<Person>, Fault> {
    one_in(tx, BY_PUBLIC_ID, vals![org_id.as_str(), public_id.as_str()]).await
}

/// Finds one of an organisation's people by the id partners see, else by the partner's: an id that is
/// given to somebody must not take over what is said about somebody else.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find(
    db: &Db,
    lender_id: &RowId,
    org_id: &RowId,
    uid_or_id: &str,
) -> Result<Option<Person>, Fault> {
    let by_id = match PublicId::parse(uid_or_id) {
        Some(public_id) => load(db, org_id, &public_id).await?,
        None => None,
    };
    match by_id {
        Some(person) => Ok(Some(person)),
        None => {
            let args = vals![lender_id.as_str(), uid_or_id, org_id.as_str()];
            one(db, BY_UID, args).await
        }
    }
}

/// As [`find`], among all of a family.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find_in_family(
    db: &Db,
    lender_id: &RowId,
    uid_or_id: &str,
) -> Result<Option<Person>, Fault> {
    let args = vals![lender_id.as_str(), uid_or_id];
    let by_id = match PublicId::parse(uid_or_id) {
        Some(_) => one(db, FAMILY_PUBLIC_ID, args.clone()).await?,
        None => None,
    };
    match by_id {
        Some(person) => Ok(Some(person)),
        None => one(db, FAMILY_UID, args).await,
    }
}

/// Finds whom a family knows under a partner's id.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find_by_uid_in(
    tx: &mut Tx,
    lender_id: &RowId,
    uid: &str,
) -> Result<Option<Person>, Fault> {
    one_in(tx, FAMILY_UID, vals![lender_id.as_str(), uid]).await
}

/// Finds whom a family knows under a mail address, whatever its case.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find_by_email(
    db: &Db,
    lender_id: &RowId,
    email: &str,
) -> Result<Option<Person>, Fault> {
    let args = vals![lender_id.as_str(), fold_email(email)];
    one(db, FAMILY_EMAIL, args).await
}

/// As [`find_by_email`].
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn find_by_email_in(
    tx: &mut Tx,
    lender_id: &RowId,
    email: &str,
) -> Result<Option<Person>, Fault> {
    let args = vals![lender_id.as_str(), fold_email(email)];
    one_in(tx, FAMILY_EMAIL, args).await
}

/// A page of an organisation's people: who is switched on first, then by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(db: &Db, org_id: &RowId, limit: u32, offset: u32) -> Result<Vec<Person>, Fault> {
    many(db, &list_sql(), vals![org_id.as_str(), limit, offset]).await
}

/// How many people an organisation has.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count(db: &Db, org_id: &RowId) -> Result<u64, Fault> {
    let row: Option<(i64,)> = db.maybe(COUNT, vals![org_id.as_str()]).await?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}

/// Everybody of a role who is switched on, in no order that means anything.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_role(db: &Db, org_id: &RowId, role: Role) -> Result<Vec<Person>, Fault> {
    let args = vals![org_id.as_str(), role.as_str(), ROLE_MAX];
    many(db, &role_sql(), args).await
}

/// Everybody of a branch, in no order that means anything.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_branch(db: &Db, org_id: &RowId, branch_id: &RowId) -> Result<Vec<Person>, Fault> {
    let args = vals![org_id.as_str(), branch_id.as_str(), ROLE_MAX];
    many(db, &branch_sql(), args).await
}
