//! Things people on a loan, or one of them, should know.

use lintel_macros::FromRow;
use lintel_macros::boxed;
use std::collections::HashMap;

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::message::Severity;
use lintel_domain::role::Role;

use crate::db::{Db, Tx, Val};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places, places};
use crate::row::{At, at, row_id};
use crate::vals;

const INSERT: &str = "INSERT INTO alert (org_id, id, public_id, lender_org_id, loan_id, lead_org_id, \
     lead_id, staff_id, crm_alert_id, code, message, severity, for_everybody, created_at_us, \
     created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
     ON CONFLICT DO NOTHING";
const INSERT_ROLE: &str = "INSERT INTO alert_role (org_id, alert_id, role) VALUES ($1, $2, $3) \
     ON CONFLICT DO NOTHING";
const PUT_AWAY: &str = "INSERT INTO alert_seen (staff_id, alert_id, seen_at_us) \
     VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const COLUMNS: &str = "SELECT a.org_id, a.id, a.public_id, a.lender_org_id, a.loan_id, a.lead_org_id, \
     a.lead_id, a.staff_id, a.crm_alert_id, a.code, a.message, a.severity, a.for_everybody, \
     a.created_at_us, a.created_by, s.first_name, s.preferred_name, s.last_name, \
     l.public_id AS loan_public_id, l.org_id AS loan_org_id, d.uid AS lead_uid, \
     n.alert_id AS seen_id";
/// With `$2` a person: whether that person put it away. Nobody has the empty id.
const FROM: &str = "FROM alert a \
     LEFT JOIN staff s ON s.id = a.staff_id AND s.lender_org_id = a.lender_org_id \
     LEFT JOIN loan l ON l.lender_org_id = a.lender_org_id AND l.id = a.loan_id \
     LEFT JOIN lead d ON d.org_id = a.lead_org_id AND d.id = a.lead_id \
     LEFT JOIN alert_seen n ON n.staff_id = $2 AND n.alert_id = a.id";
/// Whether an alert is for a person `$2` of an organisation `$3` who sees all of its loans and leads
/// (`$4`) or only those the person is the officer of. The officer of a loan is one person: others who
/// have that role are not on it, unless nobody is. The officer is told by the lender, too, when it is
/// a broker's loan.
const SIGHT: &str = "(a.staff_id = $2 OR (a.staff_id IS NULL AND a.org_id = $3 \
     AND ($4 = TRUE OR l.officer_id = $2 OR d.officer_id = $2) \
     AND (a.for_everybody = TRUE OR EXISTS (SELECT 1 FROM alert_role r JOIN staff_role p \
     ON p.role = r.role WHERE r.org_id = a.org_id AND r.alert_id = a.id AND p.org_id = $3 \
     AND p.staff_id = $2 AND (r.role <> 'loan_officer' \
     OR COALESCE(l.officer_id, d.officer_id) IS NULL)))) \
     OR (a.staff_id IS NULL AND (l.officer_id = $2 OR d.officer_id = $2) \
     AND (a.for_everybody = TRUE OR EXISTS (SELECT 1 FROM alert_role r WHERE r.org_id = a.org_id \
     AND r.alert_id = a.id AND r.role = 'loan_officer'))))";

/// An alert as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAlert {
    /// Whose alert.
    pub org_id: RowId,
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// The lender of the family.
    pub lender_id: RowId,
    /// The loan it is about.
    pub loan_id: Option<RowId>,
    /// The lead it is about, as organisation and row id.
    pub lead: Option<(RowId, RowId)>,
    /// The one person it is for.
    pub staff_id: Option<RowId>,
    /// Its id in the customer system.
    pub crm_id: Option<String>,
    /// What kind of alert it is there.
    pub code: Option<String>,
    /// HTML as it came. Never shown before it was cleaned.
    pub message: String,
    /// How much it matters.
    pub severity: Severity,
    /// Whether it is for everybody who sees what it is about.
    pub is_for_everybody: bool,
    /// Whom it is for, when that is neither one person nor everybody.
    pub roles: Vec<Role>,
    /// When it was raised.
    pub created_at: Instant,
    /// Who raised it, as the audit log names actors.
    pub created_by: String,
}

/// An alert with the names that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// The alert.
    pub alert: StoredAlert,
    /// Name of the one person it is for.
    pub person: Option<String>,
    /// Organisation and public id of the loan it is about.
    pub loan: Option<(RowId, PublicId)>,
    /// Public id of the lead it is about.
    pub lead: Option<PublicId>,
    /// Whether whoever looks put it away.
    pub is_put_away: bool,
}

#[derive(FromRow)]
struct Row {
    org_id: String,
    id: String,
    public_id: String,
    lender_org_id: String,
    loan_id: Option<String>,
    lead_org_id: Option<String>,
    lead_id: Option<String>,
    staff_id: Option<String>,
    crm_alert_id: Option<String>,
    code: Option<String>,
    message: String,
    severity: String,
    for_everybody: bool,
    created_at_us: i64,
    created_by: String,
    first_name: Option<String>,
    preferred_name: Option<String>,
    last_name: Option<String>,
    loan_public_id: Option<String>,
    loan_org_id: Option<String>,
    lead_uid: Option<String>,
    seen_id: Option<String>,
}

impl Row {
    fn read(self, roles: Vec<Role>) -> Result<AlertRow, Fault> {
        let place = At {
            table: "alert",
            id: &self.id,
        };
        let id_of = |id: Option<String>| id.map(|id| place.public_id(&id)).transpose();
        let person = self.preferred_name.or(self.first_name).zip(self.last_name);
        let lead = self.lead_org_id.zip(self.lead_id);
        Ok(AlertRow {
            person: person.map(|(first, last)| format!("{first} {last}")),
            loan: self
                .loan_org_id
                .map(row_id)
                .zip(id_of(self.loan_public_id)?),
            lead: id_of(self.lead_uid)?,
            is_put_away: self.seen_id.is_some(),
            alert: StoredAlert {
                public_id: place.public_id(&self.public_id)?,
                severity: place.word("severity", &self.severity, Severity::parse)?,
                org_id: row_id(self.org_id),
                lender_id: row_id(self.lender_org_id),
                loan_id: self.loan_id.map(row_id),
                lead: lead.map(|(org, id)| (row_id(org), row_id(id))),
                staff_id: self.staff_id.map(row_id),
                crm_id: self.crm_alert_id,
                code: self.code,
                message: self.message,
                is_for_everybody: self.for_everybody,
                roles,
                created_at: at(self.created_at_us),
                created_by: self.created_by,
                id: row_id(self.id),
            },
        })
    }
}

fn new_of_sql() -> String {
    format!(
        "{COLUMNS} {FROM} WHERE a.lender_org_id = $1 AND a.created_at_us >= $5 \
         AND n.alert_id IS NULL AND {SIGHT} \
         ORDER BY a.created_at_us DESC, a.id DESC LIMIT $6 OFFSET $7"
    )
}

fn count_sql() -> String {
    format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one {FROM} WHERE a.lender_org_id = $1 \
         AND a.created_at_us >= $5 AND n.alert_id IS NULL AND {SIGHT} LIMIT $6) found"
    )
}

fn of_loan_sql() -> String {
    format!(
        "{COLUMNS} {FROM} WHERE a.lender_org_id = $1 AND a.loan_id = $5 AND {SIGHT} \
         ORDER BY a.created_at_us DESC, a.id DESC LIMIT $6"
    )
}

fn of_loan_and_org_sql() -> String {
    format!(
        "{COLUMNS} {FROM} WHERE a.lender_org_id = $1 AND a.loan_id = $4 AND a.org_id = $3 \
         ORDER BY a.created_at_us DESC, a.id DESC LIMIT $5"
    )
}

fn one_sql() -> String {
    format!("{COLUMNS} {FROM} WHERE a.lender_org_id = $1 AND a.public_id = $5 AND {SIGHT}")
}

/// Ids are unique on their own: the organisations of a family may be mixed.
fn roles_sql() -> String {
    format!(
        "SELECT r.alert_id, r.role FROM alert a JOIN alert_role r ON r.org_id = a.org_id \
         AND r.alert_id = a.id WHERE a.lender_org_id = $1 AND a.id IN ({})",
        places(2)
    )
}

/// The statements of this file, for the list of all of them.
pub(crate) fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("alert.insert", INSERT.to_owned()),
        ("alert.insert_role", INSERT_ROLE.to_owned()),
        ("alert.put_away", PUT_AWAY.to_owned()),
        ("alert.new_of", new_of_sql()),
        ("alert.count", count_sql()),
        ("alert.of_loan", of_loan_sql()),
        ("alert.of_loan_and_org", of_loan_and_org_sql()),
        ("alert.one", one_sql()),
        ("alert.roles", roles_sql()),
    ]
}

/// Adds an alert; `false` when its public id is taken.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(tx: &mut Tx, alert: &StoredAlert) -> Result<bool, Fault> {
    let text = |id: Option<&RowId>| id.map(|id| id.as_str().to_owned());
    let lead = alert.lead.as_ref();
    let args = vals![
        alert.org_id.as_str(),
        alert.id.as_str(),
        alert.public_id.as_str(),
        alert.lender_id.as_str(),
        text(alert.loan_id.as_ref()),
        text(lead.map(|lead| &lead.0)),
        text(lead.map(|lead| &lead.1)),
        text(alert.staff_id.as_ref()),
        alert.crm_id.clone(),
        alert.code.clone(),
        &alert.message,
        alert.severity.as_str(),
        alert.is_for_everybody,
        alert.created_at.micros(),
        &alert.created_by,
    ];
    if tx.exec(INSERT, args).await? == 0 {
        return Ok(false);
    }
    for role in &alert.roles {
        let args = vals![alert.org_id.as_str(), alert.id.as_str(), role.as_str()];
        tx.exec(INSERT_ROLE, args).await?;
    }
    Ok(true)
}

/// Who looks at alerts.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    /// The lender of the family.
    pub lender_id: &'a RowId,
    /// The person's organisation.
    pub org_id: &'a RowId,
    /// The person.
    pub person_id: &'a RowId,
    /// Whether the person sees all of the organisation's loans and leads.
    pub sees_all: bool,
}

impl Looking<'_> {
    /// The first four parameters of every statement with sight in it.
    fn args(&self) -> Vec<Val> {
        vals![
            self.lender_id.as_str(),
            self.person_id.as_str(),
            self.org_id.as_str(),
            self.sees_all
        ]
    }
}

/// Puts rows and their roles together.
async fn read(db: &Db, lender_id: &RowId, rows: Vec<Row>) -> Result<Vec<AlertRow>, Fault> {
    let sql = roles_sql();
    let mut roles: HashMap<String, Vec<Role>> = HashMap::new();
    let ids: Vec<RowId> = rows.iter().map(|row| row_id(row.id.clone())).collect();
    for chunk in ids.chunks(IN_PLACES) {
        let mut args = vals![lender_id.as_str()];
        fill_places(&mut args, chunk);
        let found: Vec<(String, String)> = db.all(&sql, args).await?;
        for (id, role) in found {
            let place = At {
                table: "alert_role",
                id: &id,
            };
            let role = place.word("role", &role, Role::parse)?;
            roles.entry(id).or_default().push(role);
        }
    }
    rows.into_iter()
        .map(|row| {
            let mut roles = roles.remove(&row.id).unwrap_or_default();
            roles.sort_unstable();
            row.read(roles)
        })
        .collect()
}

/// A page of the alerts for a person that were raised since an instant and not put away, newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn new_of(
    db: &Db,
    looking: Looking<'_>,
    since: Instant,
    limit: u32,
    offset: u32,
) -> Result<Vec<AlertRow>, Fault> {
    let mut args = looking.args();
    args.extend(vals![since.micros(), limit, offset]);
    let rows: Vec<Row> = db.all(&new_of_sql(), args).await?;
    read(db, looking.lender_id, rows).await
}

/// How many alerts [`new_of`] has, counted up to `most`.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count(db: &Db, looking: Looking<'_>, since: Instant, most: u32) -> Result<u32, Fault> {
    let mut args = looking.args();
    args.extend(vals![since.micros(), most]);
    let row: Option<(i64,)> = db.maybe(&count_sql(), args).await?;
    Ok(row.map_or(0, |(count,)| u32::try_from(count).unwrap_or(u32::MAX)))
}

/// The alerts about a loan that are for a person, put away or not, newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan(
    db: &Db,
    looking: Looking<'_>,
    loan_id: &RowId,
    limit: u32,
) -> Result<Vec<AlertRow>, Fault> {
    let mut args = looking.args();
    args.extend(vals![loan_id.as_str(), limit]);
    let rows: Vec<Row> = db.all(&of_loan_sql(), args).await?;
    read(db, looking.lender_id, rows).await
}

/// All alerts about a loan that are an organisation's, newest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan_and_org(
    db: &Db,
    (lender_id, loan_id): (&RowId, &RowId),
    org_id: &RowId,
    limit: u32,
) -> Result<Vec<AlertRow>, Fault> {
    let args = vals![
        lender_id.as_str(),
        "",
        org_id.as_str(),
        loan_id.as_str(),
        limit
    ];
    let rows: Vec<Row> = db.all(&of_loan_and_org_sql(), args).await?;
    read(db, lender_id, rows).await
}

/// Puts an alert away for a person whom it is for; `false` when it was put away before, `None` when there
/// is none such for the person.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn put_away_in(
    tx: &mut Tx,
    looking: Looking<'_>,
    id: &PublicId,
    now: Instant,
) -> Result<Option<bool>, Fault> {
    let mut args = looking.args();
    args.extend(vals![id.as_str()]);
    let row: Option<Row> = tx.maybe(&one_sql(), args).await?;
    let Some(row) = row else { return Ok(None) };
    let args = vals![looking.person_id.as_str(), &row.id, now.micros()];
    Ok(Some(tx.exec(PUT_AWAY, args).await? == 1))
}
