//! People who work for organisations: as loans see them (`member`), in full (this file and
//! `read`), and who of them is next to be given a borrower.

mod member;
mod read;
mod search;
mod write;

use lintel_macros::FromRow;
use lintel_macros::boxed;
pub(crate) use member::{
    INSERT_MEMBER_ROLE, INSERT_STAFF, STAFF_BY_EMAIL, STAFF_BY_LOS_ID, STAFF_BY_NMLS,
    STAFF_BY_PUBLIC_ID, STAFF_OF,
};
pub use member::{
    insert_staff_in, load_staff, load_staff_by_los_id, load_staff_of, match_staff_in,
};
pub use read::{
    count, find, find_by_email, find_by_email_in, find_by_uid_in, find_in_family, list, load,
    load_by_id, load_by_id_in, load_in, of_branch, of_role,
};
pub use search::{Wanted, search, search_count};
pub use write::{insert_in, set_active_in, set_all_active_in, set_branch_rule_in, update_in};

use lintel_domain::assignment::Candidate;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::license::StateCode;
use lintel_domain::role::Role;

use crate::db::Tx;
use crate::fault::Fault;
use crate::organisation;
use crate::row::{at, row_id};
use crate::vals;

pub(crate) const CANDIDATES: &str = "SELECT s.id, s.is_assignable, s.assigned_at_us, \
     l.state AS license_state, b.is_assignable AS branch_rule FROM staff_role r \
     JOIN staff s ON s.org_id = r.org_id AND s.id = r.staff_id \
     LEFT JOIN staff_license l ON l.org_id = s.org_id AND l.staff_id = s.id AND l.state = $3 \
     LEFT JOIN staff_branch b ON b.org_id = s.org_id AND b.staff_id = s.id AND b.branch_id = $4 \
     WHERE r.org_id = $1 AND r.role = $2 AND s.active = TRUE ORDER BY s.id LIMIT 10000";
pub(crate) const ASSIGNED: &str =
    "UPDATE staff SET assigned_at_us = $3 WHERE org_id = $1 AND id = $2";
pub(crate) const OTHERS_OF_ROLE: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM staff_role r \
     JOIN staff s ON s.org_id = r.org_id AND s.id = r.staff_id \
     WHERE r.org_id = $1 AND r.role = $2 AND s.active = TRUE AND s.id <> $3";

/// Makes changes of the people of a lender and its brokers follow each other until the transaction
/// ends, so that an address or id that was seen to be free stays free. Taken before anything else.
///
/// # Errors
/// Any fault of the database; corrupt when there is no such lender.
#[boxed]
pub async fn lock_family_in(tx: &mut Tx, lender_id: &RowId) -> Result<(), Fault> {
    if organisation::lock_in(tx, lender_id).await? {
        Ok(())
    } else {
        Err(Fault::corrupt("organisation", "id", lender_id.as_str()))
    }
}

#[derive(FromRow)]
struct CandidateRow {
    id: String,
    is_assignable: bool,
    assigned_at_us: Option<i64>,
    license_state: Option<String>,
    branch_rule: Option<bool>,
}

/// Everybody switched on who has the role that is given borrowers, with what the choice depends on.
/// Without a state everybody counts as licensed; without a branch no branch's rule is asked.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn candidates_in(
    tx: &mut Tx,
    org_id: &RowId,
    branch: Option<&RowId>,
    state: Option<StateCode>,
) -> Result<Vec<Candidate>, Fault> {
    let args = vals![
        org_id.as_str(),
        Role::LoanOfficer.as_str(),
        state.map_or("", StateCode::as_str),
        branch.map_or("", RowId::as_str),
    ];
    let rows: Vec<CandidateRow> = tx.all(CANDIDATES, args).await?;
    let read = |row: CandidateRow| Candidate {
        id: row_id(row.id),
        is_assignable: row.is_assignable,
        is_branch_assignable: branch.map(|_| row.branch_rule.unwrap_or(false)),
        is_licensed: state.is_none() || row.license_state.is_some(),
        assigned_at: row.assigned_at_us.map(at),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Notes that somebody was given a borrower.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn mark_assigned_in(
    tx: &mut Tx,
    org_id: &RowId,
    id: &RowId,
    when: Instant,
) -> Result<(), Fault> {
    let args = vals![org_id.as_str(), id.as_str(), when.micros()];
    tx.exec(ASSIGNED, args).await.map(|_| ())
}

/// How many people of a role are switched on, one person left out.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn others_of_role_in(
    tx: &mut Tx,
    org_id: &RowId,
    role: Role,
    but: &RowId,
) -> Result<i64, Fault> {
    let args = vals![org_id.as_str(), role.as_str(), but.as_str()];
    let row: Option<(i64,)> = tx.maybe(OTHERS_OF_ROLE, args).await?;
    Ok(row.map_or(0, |(n,)| n))
}

/// The statements of this file and its parts, for the list of all of them.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    let mut list: Vec<(&'static str, String)> = [
        ("staff.insert_member", INSERT_STAFF),
        ("staff.insert_member_role", INSERT_MEMBER_ROLE),
        ("staff.member_by_public_id", STAFF_BY_PUBLIC_ID),
        ("staff.member_of", STAFF_OF),
        ("staff.member_by_los_id", STAFF_BY_LOS_ID),
        ("staff.member_by_nmls", STAFF_BY_NMLS),
        ("staff.member_by_email", STAFF_BY_EMAIL),
        ("staff.candidates", CANDIDATES),
        ("staff.assigned", ASSIGNED),
        ("staff.others_of_role", OTHERS_OF_ROLE),
        ("staff.count", read::COUNT),
    ]
    .into_iter()
    .chain(write::STATEMENTS)
    .map(|(name, sql)| (name, sql.to_owned()))
    .collect();
    list.extend(read::statements());
    list.extend(search::statements());
    list
}
