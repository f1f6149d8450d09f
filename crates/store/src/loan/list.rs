//! Listing a pipeline. The statement is put together from fixed pieces, so that the planner sees
//! only the conditions that are really there and can serve each from its index.

use lintel_domain::application::property::PropertyType;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::loan::{
    BorrowerLine, Lifecycle, LoanLine, Occupancy, OfficerName, Program, PropertyAddress, Purpose,
    Status,
};
use lintel_domain::organisation::LoanScope;
use lintel_macros::FromRow;
use lintel_macros::boxed;

use crate::db::{Db, Val};
use crate::fault::Fault;
use crate::in_list::{IN_PLACES, fill_places, places};
use crate::row::{At, at, cents, row_id};
use crate::vals;

/// What to list, with every name already resolved to row ids.
#[derive(Debug, Clone)]
pub struct LoanFilter {
    /// The part of the pipeline the caller sees.
    pub scope: LoanScope,
    /// The lender the scope's loans are stored under.
    pub lender_id: RowId,
    /// Active loans, or those whose life ended.
    pub is_active: bool,
    /// Arrived at or after.
    pub created_from: Option<Instant>,
    /// Arrived before.
    pub created_before: Option<Instant>,
    /// Officer by row id. Several must all hold.
    pub officers: Vec<RowId>,
    /// Officer or borrower by folded mail address.
    pub participant_email_folded: Option<String>,
    /// Ends of life to keep, each not reached before an instant.
    pub ended: Vec<(Lifecycle, Instant)>,
    /// State of the subject property.
    pub property_state: Option<String>,
    /// Changed at or after.
    pub modified_from: Option<Instant>,
    /// Newest first.
    pub newest_first: bool,
    /// Rows to return.
    pub limit: u32,
    /// Rows to skip.
    pub offset: u64,
}

/// Conditions and their parameters, growing together.
struct Where {
    text: String,
    args: Vec<Val>,
}

impl Where {
    /// Binds a value and returns its place.
    fn bind(&mut self, value: impl Into<Val>) -> String {
        self.args.push(value.into());
        format!("${}", self.args.len())
    }

    fn and(&mut self, condition: &str) {
        if !self.text.is_empty() {
            self.text.push_str(" AND ");
        }
        self.text.push_str(condition);
    }

    fn and_bound(&mut self, left: &str, value: impl Into<Val>) {
        let place = self.bind(value);
        self.and(&format!("{left} {place}"));
    }
}

fn conditions(filter: &LoanFilter) -> Where {
    let mut w = Where {
        text: String::new(),
        args: Vec::new(),
    };
    match &filter.scope {
        LoanScope::Lent(id) => w.and_bound("lender_org_id =", id.as_str()),
        LoanScope::Originated(id) => w.and_bound("org_id =", id.as_str()),
    }
    // Written out, not bound: the partial index on ended loans needs to see `NOT active`, and SQLite
    // needs the equality to use an index that has the column before the order.
    w.and(if filter.is_active {
        "active = TRUE"
    } else {
        "NOT active AND active = FALSE"
    });
    if let Some(state) = &filter.property_state {
        w.and_bound("state =", state);
    }
    for officer in &filter.officers {
        w.and_bound("officer_id =", officer.as_str());
    }
    if let Some(from) = filter.created_from {
        w.and_bound("created_at_us >=", from.micros());
    }
    if let Some(before) = filter.created_before {
        w.and_bound("created_at_us <", before.micros());
    }
    if let Some(from) = filter.modified_from {
        w.and_bound("modified_at_us >=", from.micros());
    }
    if let Some(email) = &filter.participant_email_folded {
        let lender = w.bind(filter.lender_id.as_str());
        let email = w.bind(email);
        w.and(&format!(
            "id IN (SELECT loan_id FROM borrower WHERE lender_org_id = {lender} \
             AND email_folded = {email} UNION SELECT id FROM loan WHERE lender_org_id = {lender} \
             AND officer_email_folded = {email})"
        ));
    }
    if !filter.is_active && !filter.ended.is_empty() {
        let ends: Vec<String> = filter
            .ended
            .iter()
            .map(|(lifecycle, since)| {
                let lifecycle = w.bind(lifecycle.as_str());
                let since = w.bind(since.micros());
                format!("(lifecycle = {lifecycle} AND status_at_us >= {since})")
            })
            .collect();
        w.and(&format!("({})", ends.join(" OR ")));
    }
    w
}

pub(super) const COLUMNS: &str = "l.id, l.public_id, l.created_at_us, l.status_at_us, l.system_main_status, \
     l.system_sub_status, l.lender_main_status, l.lender_sub_status, l.borrower_main_status, \
     l.borrower_sub_status, l.closing_at_us, l.purpose, l.program, l.occupancy, l.property_type, \
     l.home_price_cents, l.loan_amount_cents, l.monthly_income_cents, l.liabilities_cents, \
     l.street, l.unit, l.city, l.state, l.postal_code, l.officer_first_name, l.officer_last_name, \
     l.officer_email, l.officer_id, s.public_id AS officer_public_id";

/// The statement of one page and its parameters. The inner select walks an index and skips without
/// touching the rows it skips; only the page's own rows are read in full.
#[must_use]
pub fn page_statement(filter: &LoanFilter) -> (String, Vec<Val>) {
    let mut w = conditions(filter);
    let direction = if filter.newest_first { "DESC" } else { "ASC" };
    // Loans that changed of late arrived of late, mostly: from the oldest on, a walk in order of
    // arrival would pass over nearly the whole pipeline before it finds them, and planners, who
    // think them spread evenly, choose it. The sum hides the order from them.
    let walks_past_all = filter.modified_from.is_some()
        && !filter.newest_first
        && filter.property_state.is_none()
        && filter.officers.is_empty();
    let arrival = if walks_past_all {
        "created_at_us + 0"
    } else {
        "created_at_us"
    };
    let limit = w.bind(i64::from(filter.limit));
    let offset = w.bind(i64::try_from(filter.offset).unwrap_or(i64::MAX));
    let sql = format!(
        "SELECT {COLUMNS} FROM (SELECT lender_org_id, id FROM loan WHERE {} \
         ORDER BY {arrival} {direction}, id {direction} LIMIT {limit} OFFSET {offset}) p \
         JOIN loan l ON l.lender_org_id = p.lender_org_id AND l.id = p.id \
         LEFT JOIN staff s ON s.org_id = l.org_id AND s.id = l.officer_id \
         ORDER BY l.created_at_us {direction}, l.id {direction}",
        w.text
    );
    (sql, w.args)
}

/// The statement that counts every match and its parameters.
#[must_use]
pub fn count_statement(filter: &LoanFilter) -> (String, Vec<Val>) {
    let w = conditions(filter);
    (
        format!("SELECT CAST(COUNT(*) AS BIGINT) FROM loan WHERE {}", w.text),
        w.args,
    )
}

/// A loan's line as it is read.
#[derive(FromRow)]
pub(super) struct Row {
    id: String,
    public_id: String,
    created_at_us: i64,
    status_at_us: i64,
    system_main_status: String,
    system_sub_status: String,
    lender_main_status: String,
    lender_sub_status: String,
    borrower_main_status: String,
    borrower_sub_status: String,
    closing_at_us: Option<i64>,
    purpose: String,
    program: String,
    occupancy: Option<String>,
    property_type: Option<String>,
    home_price_cents: Option<i64>,
    loan_amount_cents: i64,
    monthly_income_cents: i64,
    liabilities_cents: i64,
    street: Option<String>,
    unit: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    officer_first_name: Option<String>,
    officer_last_name: Option<String>,
    officer_email: Option<String>,
    officer_id: Option<String>,
    officer_public_id: Option<String>,
}

impl Row {
    /// Row id of the officer.
    pub(super) fn officer_id(&self) -> Option<RowId> {
        self.officer_id.clone().map(row_id)
    }

    pub(super) fn read(self) -> Result<LoanLine, Fault> {
        let place = At {
            table: "loan",
            id: &self.id,
        };
        let public_id = place.public_id(&self.public_id)?;
        let purpose = place.word("purpose", &self.purpose, Purpose::parse)?;
        let program = place.word("program", &self.program, Program::parse)?;
        let occupancy =
            place.maybe_word("occupancy", self.occupancy.as_deref(), Occupancy::parse)?;
        let property_type = place.maybe_word(
            "property_type",
            self.property_type.as_deref(),
            PropertyType::parse,
        )?;
        // The joined row is the officer's: a bad id stands there.
        let officer = At {
            table: "staff",
            id: self.officer_id.as_deref().unwrap_or_default(),
        };
        let officer_id = officer.maybe_word(
            "public_id",
            self.officer_public_id.as_deref(),
            PublicId::parse,
        )?;
        Ok(LoanLine {
            id: row_id(self.id),
            public_id,
            created_at: at(self.created_at_us),
            status_at: at(self.status_at_us),
            system_status: Status {
                main: self.system_main_status,
                sub: self.system_sub_status,
            },
            lender_status: Status {
                main: self.lender_main_status,
                sub: self.lender_sub_status,
            },
            borrower_status: Status {
                main: self.borrower_main_status,
                sub: self.borrower_sub_status,
            },
            closing_at: self.closing_at_us.map(at),
            purpose,
            program,
            occupancy,
            property_type,
            home_price: self.home_price_cents.map(cents),
            loan_amount: cents(self.loan_amount_cents),
            monthly_income: cents(self.monthly_income_cents),
            liabilities: cents(self.liabilities_cents),
            property: PropertyAddress {
                street: self.street,
                unit: self.unit,
                city: self.city,
                state: self.state,
                postal_code: self.postal_code,
            },
            officer: OfficerName {
                first_name: self.officer_first_name,
                last_name: self.officer_last_name,
                email: self.officer_email,
                public_id: officer_id,
            },
        })
    }
}

/// One page of loans.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn page(db: &Db, filter: &LoanFilter) -> Result<Vec<LoanLine>, Fault> {
    let (sql, args) = page_statement(filter);
    let rows: Vec<Row> = db.all(&sql, args).await?;
    rows.into_iter().map(Row::read).collect()
}

/// How many loans match on all pages.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn count(db: &Db, filter: &LoanFilter) -> Result<u64, Fault> {
    let (sql, args) = count_statement(filter);
    let row: Option<(i64,)> = db.maybe(&sql, args).await?;
    Ok(row.map_or(0, |(n,)| u64::try_from(n).unwrap_or(0)))
}

pub(crate) fn borrowers_sql() -> String {
    format!(
        "SELECT loan_id, first_name, middle_name, last_name, email, sso_id, is_primary \
         FROM borrower WHERE lender_org_id = $1 AND loan_id IN ({}) ORDER BY loan_id, position",
        places(2)
    )
}

#[derive(FromRow)]
struct BorrowerRow {
    loan_id: String,
    first_name: String,
    middle_name: Option<String>,
    last_name: String,
    email: Option<String>,
    sso_id: Option<String>,
    is_primary: bool,
}

/// Borrowers of several loans, in the order of each application.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn borrowers(
    db: &Db,
    lender_id: &RowId,
    loans: &[RowId],
) -> Result<Vec<BorrowerLine>, Fault> {
    let sql = borrowers_sql();
    let mut found = Vec::new();
    for chunk in loans.chunks(IN_PLACES) {
        let mut args = vals![lender_id.as_str()];
        fill_places(&mut args, chunk);
        let rows: Vec<BorrowerRow> = db.all(&sql, args).await?;
        found.extend(rows.into_iter().map(|row| BorrowerLine {
            loan_id: row_id(row.loan_id),
            first_name: row.first_name,
            middle_name: row.middle_name,
            last_name: row.last_name,
            email: row.email,
            sso_id: row.sso_id,
            is_primary: row.is_primary,
        }));
    }
    Ok(found)
}
