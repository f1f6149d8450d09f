//! What customer systems call things here: events that were carried out, and the loans, leads and people
//! their ids name.

use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::organisation::{LoanScope, Organisation};
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Tx};
use crate::fault::Fault;
use crate::row::{At, row_id};
use crate::vals;

const KNOWN: &str =
    "SELECT CAST(1 AS BIGINT) FROM crm_event WHERE org_id = $1 AND crm_event_id = $2";
/// Whoever comes second waits for whoever is at it, and then finds it done, or not.
const INSERT: &str = "INSERT INTO crm_event (org_id, crm_event_id, action_count, received_at_us) \
     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
/// The organisation's own word for a loan it sees, the one given last.
const LOAN_BY_CRM: &str = "SELECT l.id, l.public_id FROM loan_crm c JOIN loan l \
     ON l.lender_org_id = c.lender_org_id AND l.id = c.loan_id \
     WHERE c.org_id = $1 AND c.crm_id = $2 AND l.lender_org_id = $3 AND ($4 = '' OR l.org_id = $4) \
     ORDER BY c.named_at_us DESC, c.loan_id DESC LIMIT 1";
/// An organisation's own leads come before those of its brokers.
const LEAD_BY_CRM: &str = "SELECT d.org_id, d.id FROM lead d WHERE d.org_id IN \
     (SELECT id FROM organisation WHERE id = $1 OR parent_id = $1) AND d.crm_lead_id = $2 \
     ORDER BY CASE WHEN d.org_id = $1 THEN 0 ELSE 1 END, d.created_at_us DESC, d.id DESC LIMIT 1";
const LOAN_BY_LOS: &str = "SELECT l.id, l.public_id FROM loan l WHERE l.org_id IN \
     (SELECT id FROM organisation WHERE id = $1 OR parent_id = $1) AND l.los_loan_id = $2 \
     ORDER BY CASE WHEN l.org_id = $1 THEN 0 ELSE 1 END, l.created_at_us DESC, l.id DESC LIMIT 1";
const LOAN_BY_ID: &str = "SELECT l.id, l.public_id FROM loan l WHERE l.public_id = $1 \
     AND l.lender_org_id = $2 AND ($3 = '' OR l.org_id = $3)";
const LEAD_BY_ID: &str = "SELECT d.org_id, d.id FROM lead d WHERE d.uid = $1 AND d.org_id IN \
     (SELECT id FROM organisation WHERE id = $2 OR parent_id = $2)";
const PERSON_BY_UID: &str = "SELECT s.org_id, s.id, s.public_id, s.active FROM staff s \
     WHERE s.lender_org_id = $1 AND s.partner_uid = $2 AND ($3 = '' OR s.org_id = $3)";
/// Nothing keeps two people from having the same id of a loan origination system.
const PERSON_BY_LOS: &str = "SELECT s.org_id, s.id, s.public_id, s.active FROM staff s \
     WHERE s.lender_org_id = $1 AND s.los_id = $2 AND ($3 = '' OR s.org_id = $3) \
     ORDER BY CASE WHEN s.active = TRUE THEN 0 ELSE 1 END, \
     CASE WHEN s.org_id = $4 THEN 0 ELSE 1 END, s.id LIMIT 1";
const PERSON_BY_ID: &str = "SELECT s.org_id, s.id, s.public_id, s.active FROM staff s \
     WHERE s.lender_org_id = $1 AND s.public_id = $2 AND ($3 = '' OR s.org_id = $3)";

/// The statements of this file, for the list of all of them.
pub(crate) const STATEMENTS: [(&str, &str); 10] = [
    ("crm.known", KNOWN),
    ("crm.insert", INSERT),
    ("crm.loan_by_crm", LOAN_BY_CRM),
    ("crm.lead_by_crm", LEAD_BY_CRM),
    ("crm.loan_by_los", LOAN_BY_LOS),
    ("crm.loan_by_id", LOAN_BY_ID),
    ("crm.lead_by_id", LEAD_BY_ID),
    ("crm.person_by_uid", PERSON_BY_UID),
    ("crm.person_by_los", PERSON_BY_LOS),
    ("crm.person_by_id", PERSON_BY_ID),
];

/// Whether an event was carried out before.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn is_known(db: &Db, org_id: &RowId, event_id: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> = db.maybe(KNOWN, vals![org_id.as_str(), event_id]).await?;
    Ok(row.is_some())
}

/// Notes that an event is being carried out; `false` when it was before. Whoever asks for the same one at
/// the same time waits here until this transaction ends.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn insert_in(
    tx: &mut Tx,
    org_id: &RowId,
    event_id: &str,
    action_count: u32,
    now: Instant,
) -> Result<bool, Fault> {
    let args = vals![org_id.as_str(), event_id, action_count, now.micros()];
    Ok(tx.exec(INSERT, args).await? == 1)
}

/// What an id of a customer system names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A loan.
    Loan {
        /// Row id.
        id: RowId,
        /// The id partners see.
        public_id: PublicId,
    },
    /// Somebody who asked for a loan.
    Lead {
        /// Whose lead.
        org_id: RowId,
        /// Row id.
        id: RowId,
    },
}

/// The loan or lead an organisation means: by its customer system's word for a loan, for a lead, by the
/// loan's number in a loan origination system, by the public id of a loan or of a lead, in this order.
/// A broker finds its own only, a lender also its brokers'.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn subject_in(
    tx: &mut Tx,
    org: &Organisation,
    name: &str,
) -> Result<Option<Subject>, Fault> {
    let (own, lender) = (org.id.as_str(), org.lender_id().as_str());
    let originator = match org.loan_scope() {
        LoanScope::Lent(_) => String::new(),
        LoanScope::Originated(id) => id.as_str().to_owned(),
    };
    let args = vals![own, name, lender, &originator];
    if let Some(loan) = loan_in(tx, LOAN_BY_CRM, args).await? {
        return Ok(Some(loan));
    }
    if let Some(lead) = lead_in(tx, LEAD_BY_CRM, vals![own, name]).await? {
        return Ok(Some(lead));
    }
    if let Some(loan) = loan_in(tx, LOAN_BY_LOS, vals![own, name]).await? {
        return Ok(Some(loan));
    }
    let Some(id) = PublicId::parse(name) else {
        return Ok(None);
    };
    let args = vals![id.as_str(), lender, &originator];
    if let Some(loan) = loan_in(tx, LOAN_BY_ID, args).await? {
        return Ok(Some(loan));
    }
    lead_in(tx, LEAD_BY_ID, vals![id.as_str(), own]).await
}

async fn loan_in(
    tx: &mut Tx,
    sql: &str,
    args: Vec<crate::db::Val>,
) -> Result<Option<Subject>, Fault> {
    let row: Option<(String, String)> = tx.maybe(sql, args).await?;
    let Some((id, public_id)) = row else {
        return Ok(None);
    };
    let place = At {
        table: "loan",
        id: &id,
    };
    Ok(Some(Subject::Loan {
        public_id: place.public_id(&public_id)?,
        id: row_id(id),
    }))
}

async fn lead_in(
    tx: &mut Tx,
    sql: &str,
    args: Vec<crate::db::Val>,
) -> Result<Option<Subject>, Fault> {
    let row: Option<(String, String)> = tx.maybe(sql, args).await?;
    Ok(row.map(|(org_id, id)| Subject::Lead {
        org_id: row_id(org_id),
        id: row_id(id),
    }))
}

/// Somebody an id of a customer system names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrmPerson {
    /// Whose staff.
    pub org_id: RowId,
    /// Row id.
    pub id: RowId,
    /// The id partners see.
    pub public_id: PublicId,
    /// Whether the person is switched on.
    pub is_active: bool,
}

/// The member of staff an organisation means: by the partner's own id, the one in a loan origination
/// system, or the public one, in this order. A broker finds its own people only, a lender also its
/// brokers'. Switched on or not: an id that is somebody's is nobody else's.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn person_in(
    tx: &mut Tx,
    org: &Organisation,
    name: &str,
) -> Result<Option<CrmPerson>, Fault> {
    let (lender, own) = (org.lender_id().as_str(), org.id.as_str());
    let only = if org.parent_id.is_some() { own } else { "" };
    let mut row: Option<PersonRow> = tx.maybe(PERSON_BY_UID, vals![lender, name, only]).await?;
    if row.is_none() {
        let args = vals![lender, name, only, own];
        row = tx.maybe(PERSON_BY_LOS, args).await?;
    }
    if row.is_none() && PublicId::parse(name).is_some() {
        row = tx.maybe(PERSON_BY_ID, vals![lender, name, only]).await?;
    }
    row.map(PersonRow::read).transpose()
}

#[derive(FromRow)]
struct PersonRow {
    org_id: String,
    id: String,
    public_id: String,
    active: bool,
}

impl PersonRow {
    fn read(self) -> Result<CrmPerson, Fault> {
        let place = At {
            table: "staff",
            id: &self.id,
        };
        Ok(CrmPerson {
            public_id: place.public_id(&self.public_id)?,
            org_id: row_id(self.org_id),
            is_active: self.active,
            id: row_id(self.id),
        })
    }
}
