//! Writing people.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::image::ImageRef;
use lintel_domain::person::fold_email;
use lintel_domain::staff::{Person, Timezone};
use lintel_macros::boxed;

use crate::db::{Tx, Val};
use crate::fault::Fault;
use crate::vals;

const INSERT: &str = "INSERT INTO staff (org_id, id, lender_org_id, public_id, partner_uid, \
     first_name, preferred_name, middle_name, last_name, email, email_folded, phone, \
     phone_extension, timezone, nmls, los_id, headshot, wants_mail, is_assignable, active, \
     updated_at_us, created_at_us, search_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
     $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21, $22) \
     ON CONFLICT DO NOTHING";
const UPDATE: &str = "UPDATE staff SET partner_uid = $5, first_name = $6, preferred_name = $7, \
     middle_name = $8, last_name = $9, email = $10, email_folded = $11, phone = $12, \
     phone_extension = $13, timezone = $14, nmls = $15, los_id = $16, headshot = $17, \
     wants_mail = $18, is_assignable = $19, active = $20, updated_at_us = $21, \
     search_text = $22 \
     WHERE org_id = $1 AND id = $2 AND lender_org_id = $3 AND public_id = $4";
const SET_ACTIVE: &str = "UPDATE staff SET active = $3, updated_at_us = $4 \
     WHERE org_id = $1 AND id = $2 AND active <> $3";
const SET_ALL_ACTIVE: &str =
    "UPDATE staff SET active = $2, updated_at_us = $3 WHERE org_id = $1 AND active <> $2";
const FORGET_ROLES: &str = "DELETE FROM staff_role WHERE org_id = $1 AND staff_id = $2";
const FORGET_LICENSES: &str = "DELETE FROM staff_license WHERE org_id = $1 AND staff_id = $2";
const FORGET_BRANCHES: &str = "DELETE FROM staff_branch WHERE org_id = $1 AND staff_id = $2";
const INSERT_ROLE: &str = "INSERT INTO staff_role (org_id, staff_id, role) VALUES ($1, $2, $3)";
const INSERT_LICENSE: &str =
    "INSERT INTO staff_license (org_id, staff_id, state, number) VALUES ($1, $2, $3, $4)";
const INSERT_BRANCH: &str = "INSERT INTO staff_branch (org_id, staff_id, branch_id, is_primary, \
     is_assignable) VALUES ($1, $2, $3, $4, $5)";
const SET_BRANCH_RULE: &str = "UPDATE staff_branch SET is_assignable = $4 \
     WHERE org_id = $1 AND staff_id = $2 AND branch_id = $3";

pub(super) const STATEMENTS: [(&str, &str); 11] = [
    ("staff.insert", INSERT),
    ("staff.update", UPDATE),
    ("staff.set_active", SET_ACTIVE),
    ("staff.set_all_active", SET_ALL_ACTIVE),
    ("staff.forget_roles", FORGET_ROLES),
    ("staff.forget_licenses", FORGET_LICENSES),
    ("staff.forget_branches", FORGET_BRANCHES),
    ("staff.insert_role", INSERT_ROLE),
    ("staff.insert_license", INSERT_LICENSE),
    ("staff.insert_branch", INSERT_BRANCH),
    ("staff.set_branch_rule", SET_BRANCH_RULE),
];

fn columns(person: &Person, now: Instant) -> Vec<Val> {
    vals![
        person.org_id.as_str(),
        person.id.as_str(),
        person.lender_org_id.as_str(),
        person.public_id.as_str(),
        person.partner_uid.clone(),
        &person.first_name,
        person.preferred_name.clone(),
        person.middle_name.clone(),
        &person.last_name,
        &person.email,
        fold_email(&person.email),
        person.phone.clone(),
        person.phone_extension.clone(),
        person.timezone.map(Timezone::as_str),
        person.nmls.clone(),
        person.los_id.clone(),
        person.headshot.as_ref().map(ImageRef::to_string),
        person.wants_mail,
        person.is_assignable,
        person.is_active,
        now.micros(),
        search_text(person),
    ]
}

fn search_text(person: &Person) -> String {
    let preferred = person.preferred_name.as_deref();
    super::search::text(
        (&person.first_name, &person.last_name),
        preferred,
        &person.email,
    )
}

/// Adds somebody with roles, licences and branches; `false` when the address, the partner's id or the
/// public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, person: &Person, now: Instant) -> Result<bool, Fault> {
    if tx.exec(INSERT, columns(person, now)).await? == 0 {
        return Ok(false);
    }
    details_in(tx, person).await?;
    Ok(true)
}

/// Writes somebody over what is stored. The caller holds the family's lock and has seen that address
/// and partner's id are free.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn update_in(tx: &mut Tx, person: &Person, now: Instant) -> Result<(), Fault> {
    tx.exec(UPDATE, columns(person, now)).await?;
    for forget in [FORGET_ROLES, FORGET_LICENSES, FORGET_BRANCHES] {
        let args = vals![person.org_id.as_str(), person.id.as_str()];
        tx.exec(forget, args).await?;
    }
    details_in(tx, person).await
}

async fn details_in(tx: &mut Tx, person: &Person) -> Result<(), Fault> {
    let (org, id) = (person.org_id.as_str(), person.id.as_str());
    for role in person.roles.iter() {
        tx.exec(INSERT_ROLE, vals![org, id, role.as_str()]).await?;
    }
    for license in &person.licenses {
        let args = vals![org, id, license.state.as_str(), &license.number];
        tx.exec(INSERT_LICENSE, args).await?;
    }
    for branch in &person.branches {
        let (is_primary, is_assignable) = (branch.is_primary, branch.is_assignable);
        let args = vals![org, id, branch.id.as_str(), is_primary, is_assignable];
        tx.exec(INSERT_BRANCH, args).await?;
    }
    Ok(())
}

/// Switches somebody on or off; `false` when that changes nothing.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_active_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    is_active: bool,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), id.as_str(), is_active, now.micros()];
    Ok(tx.exec(SET_ACTIVE, args).await? == 1)
}

/// Switches everybody of an organisation on or off and says how many that changed.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_all_active_in(
    tx: &mut Tx,
    org_id: &RowId,
    is_active: bool,
    now: Instant,
) -> Result<u64, Fault> {
    let args = vals![org_id.as_str(), is_active, now.micros()];
    tx.exec(SET_ALL_ACTIVE, args).await
}

/// Sets whether a branch's rule gives somebody new borrowers; `false` when the person is not there.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn set_branch_rule_in(
    tx: &mut Tx,
    person: &Person,
    branch_id: &RowId,
    is_assignable: bool,
) -> Result<bool, Fault> {
    let (org, id) = (person.org_id.as_str(), person.id.as_str());
    let args = vals![org, id, branch_id.as_str(), is_assignable];
    Ok(tx.exec(SET_BRANCH_RULE, args).await? == 1)
}
