//! The statements people are read with.

use crate::in_list::places;

pub const COLUMNS: &str = "s.org_id, s.id, s.lender_org_id, s.public_id, s.partner_uid, s.first_name, \
     s.preferred_name, s.middle_name, s.last_name, s.email, s.phone, s.phone_extension, \
     s.timezone, s.nmls, s.los_id, s.headshot, s.wants_mail, s.is_assignable, s.active";
pub const BY_ID: &str = "s.org_id = $1 AND s.id = $2";
pub const BY_PUBLIC_ID: &str = "s.public_id = $2 AND s.org_id = $1";
pub const BY_UID: &str = "s.lender_org_id = $1 AND s.partner_uid = $2 AND s.org_id = $3";
pub const FAMILY_PUBLIC_ID: &str = "s.public_id = $2 AND s.lender_org_id = $1";
pub const FAMILY_UID: &str = "s.lender_org_id = $1 AND s.partner_uid = $2";
pub const FAMILY_EMAIL: &str = "s.lender_org_id = $1 AND s.email_folded = $2";
pub const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM staff WHERE org_id = $1";

pub fn one_sql(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM staff s WHERE {condition}")
}

pub fn list_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM staff s WHERE s.org_id = $1 ORDER BY s.active DESC, \
         LOWER(s.last_name), LOWER(s.first_name), s.id LIMIT $2 OFFSET $3"
    )
}

pub fn role_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM staff_role r JOIN staff s ON s.org_id = r.org_id \
         AND s.id = r.staff_id WHERE r.org_id = $1 AND r.role = $2 AND s.active = TRUE \
         ORDER BY s.id LIMIT $3"
    )
}

pub fn branch_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM staff_branch b JOIN staff s ON s.org_id = b.org_id \
         AND s.id = b.staff_id WHERE b.org_id = $1 AND b.branch_id = $2 \
         ORDER BY s.id LIMIT $3"
    )
}

/// Roles, licences and branches of many people, told apart by their kind.
pub fn details_sql() -> String {
    let list = places(2);
    format!(
        "SELECT staff_id, 'role' AS kind, role AS word, '' AS number, '' AS public_id, '' AS name, \
         FALSE AS is_primary, FALSE AS is_assignable FROM staff_role \
         WHERE org_id = $1 AND staff_id IN ({list}) \
         UNION ALL SELECT staff_id, 'license', state, number, '', '', FALSE, FALSE \
         FROM staff_license WHERE org_id = $1 AND staff_id IN ({list}) \
         UNION ALL SELECT b.staff_id, 'branch', b.branch_id, '', n.public_id, n.name, \
         b.is_primary, b.is_assignable FROM staff_branch b \
         JOIN branch n ON n.org_id = b.org_id AND n.id = b.branch_id \
         WHERE b.org_id = $1 AND b.staff_id IN ({list})"
    )
}

pub fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("staff.by_id", one_sql(BY_ID)),
        ("staff.by_public_id", one_sql(BY_PUBLIC_ID)),
        ("staff.by_uid", one_sql(BY_UID)),
        ("staff.family_public_id", one_sql(FAMILY_PUBLIC_ID)),
        ("staff.family_uid", one_sql(FAMILY_UID)),
        ("staff.family_email", one_sql(FAMILY_EMAIL)),
        ("staff.list", list_sql()),
        ("staff.of_role", role_sql()),
        ("staff.of_branch", branch_sql()),
        ("staff.details", details_sql()),
    ]
}
