//! A large invented pipeline, the same for every run: most loans of one lender, some of another,
//! arriving over three years, one in five ended.

use indicatif::ProgressBar;
use lintel_domain::id::{DAY_SECONDS, Instant, PublicId, RowId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::person::{StaffMember, fold_email};
use lintel_store::db::{Db, Tx, Val};
use lintel_store::fault::Fault;
use lintel_store::organisation;
use lintel_store::vals;

use super::super::{progress, random::Seeded};

/// The lender whose pages are measured, and another who must not show in them.
const LENDERS: [(&str, &str); 2] = [
    ("BENCHONE", "Bench Lender One"),
    ("BENCHTWO", "Bench Lender Two"),
];
/// Officers of each lender.
const OFFICERS: u64 = 200;
/// Rows of one statement. More would not be faster: SQLite finds each named parameter by walking
/// over all before it.
const ROWS_PER_STATEMENT: u64 = 20;
/// Rows of one transaction.
const ROWS_PER_TRANSACTION: u64 = 10_000;
/// When the first loan arrived (2024-01-01), and over how long they did.
const FIRST_ARRIVAL: Instant = Instant::from_seconds(1_704_067_200);
const SPAN_SECONDS: i64 = 3 * 365 * DAY_SECONDS;

/// States and how many loans in a thousand are there.
const STATES: [(&str, u64); 12] = [
    ("CA", 140),
    ("TX", 120),
    ("FL", 110),
    ("NY", 80),
    ("PA", 60),
    ("OH", 60),
    ("IL", 60),
    ("GA", 60),
    ("NC", 60),
    ("CO", 100),
    ("OR", 148),
    ("WY", 2),
];

/// What the measured pages need to know.
pub(super) struct Pipeline {
    pub(super) lender_id: RowId,
    pub(super) officers: Vec<RowId>,
    pub(super) officer_email: String,
    pub(super) borrower_email: String,
    pub(super) last_arrival: Instant,
}

/// What a database is found to hold.
pub(super) enum State {
    /// Nothing.
    Empty,
    /// This pipeline, from an earlier run.
    Filled(Pipeline),
    /// This pipeline with another number of loans.
    OtherSize(i64),
    /// Somebody's data.
    Foreign,
}

/// Looks at what is there. Only an empty database is ever written to.
pub(super) async fn find(db: &Db, loans: u64) -> Result<State, Fault> {
    let there = organisation::list(db, 10).await?;
    if there.is_empty() {
        return Ok(State::Empty);
    }
    if there
        .iter()
        .any(|org| !LENDERS.iter().any(|(id, _)| org.public_id.as_str() == *id))
    {
        return Ok(State::Foreign);
    }
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM loan";
    let held = db
        .maybe::<(i64,)>(sql, Vec::new())
        .await?
        .map_or(0, |(n,)| n);
    if u64::try_from(held) == Ok(loans) {
        return Ok(State::Filled(pipeline(loans)));
    }
    Ok(State::OtherSize(held))
}

fn pipeline(loans: u64) -> Pipeline {
    Pipeline {
        lender_id: lender_id(0),
        officers: vec![officer_id(0, 17)],
        officer_email: fold_email(&officer_email(0, 17)),
        borrower_email: fold_email(&borrower_email(loans / 4)),
        last_arrival: FIRST_ARRIVAL.plus_seconds(SPAN_SECONDS),
    }
}

/// Writes the pipeline and refreshes the planner's statistics.
pub(super) async fn fill(db: &Db, loans: u64) -> Result<Pipeline, Fault> {
    let mut tx = db.begin().await?;
    for (number, (public_id, name)) in (0_u64..).zip(LENDERS) {
        add_lender(&mut tx, number, public_id, name).await?;
    }
    tx.commit().await?;
    let bar = progress(loans, "filling");
    let mut numbers = Seeded::new(20_261_121);
    let mut done = 0;
    while done < loans {
        done = fill_some(db, &mut numbers, done, loans, &bar).await?;
    }
    bar.finish_and_clear();
    let spinner = ProgressBar::new_spinner().with_message("refreshing statistics");
    spinner.tick();
    db.analyze().await?;
    spinner.finish_and_clear();
    Ok(pipeline(loans))
}

async fn add_lender(tx: &mut Tx, number: u64, public_id: &str, name: &str) -> Result<(), Fault> {
    let public = |text: &str| {
        PublicId::parse(text).ok_or_else(|| Fault::internal("a bench id is not an id"))
    };
    let org = Organisation {
        id: lender_id(number),
        public_id: public(public_id)?,
        kind: OrganisationKind::Retail,
        name: name.to_owned(),
        parent_id: None,
        nmls: None,
        is_active: true,
    };
    organisation::insert_in(tx, &org, FIRST_ARRIVAL).await?;
    for officer in 0..OFFICERS {
        let person = StaffMember {
            id: officer_id(number, officer),
            public_id: public(&format!(
                "{}{officer:06}",
                if number == 0 { "SA" } else { "SB" }
            ))?,
            first_name: "Officer".to_owned(),
            last_name: format!("Number{officer}"),
            email: officer_email(number, officer),
            nmls: Some(format!("{}", 9_900_000 + officer)),
            los_id: Some(format!("LO-{officer}")),
        };
        organisation::insert_staff_in(tx, &org.id, &person, FIRST_ARRIVAL).await?;
    }
    Ok(())
}

/// One transaction's worth of loans; returns how many there are now.
async fn fill_some(
    db: &Db,
    numbers: &mut Seeded,
    start: u64,
    loans: u64,
    bar: &ProgressBar,
) -> Result<u64, Fault> {
    let end = loans.min(start.saturating_add(ROWS_PER_TRANSACTION));
    let mut tx = db.begin().await?;
    let mut at = start;
    while at < end {
        let next = end.min(at.saturating_add(ROWS_PER_STATEMENT));
        let (mut lines, mut people) = (Vec::new(), Vec::new());
        for number in at..next {
            let loan = Loan::invent(numbers, number, loans);
            people.extend(loan.borrowers(numbers));
            lines.push(loan.values(numbers));
        }
        insert(&mut tx, "loan", LOAN_COLUMNS, lines).await?;
        insert(&mut tx, "borrower", BORROWER_COLUMNS, people).await?;
        bar.inc(next.saturating_sub(at));
        at = next;
    }
    tx.commit().await?;
    Ok(end)
}

const LOAN_COLUMNS: &str = "lender_org_id, id, org_id, public_id, los_loan_id, created_at_us, \
     modified_at_us, status_at_us, revision, imported_revision, active, lifecycle, \
     system_main_status, system_sub_status, lender_main_status, lender_sub_status, \
     borrower_main_status, borrower_sub_status, purpose, program, occupancy, property_type, \
     home_price_cents, loan_amount_cents, monthly_income_cents, liabilities_cents, street, city, \
     state, postal_code, officer_id, officer_first_name, officer_last_name, officer_email, \
     officer_email_folded";
const BORROWER_COLUMNS: &str = "lender_org_id, loan_id, position, first_name, last_name, email, \
     email_folded, phone, is_primary";

pub(super) async fn insert(
    tx: &mut Tx,
    table: &str,
    columns: &str,
    rows: Vec<Vec<Val>>,
) -> Result<(), Fault> {
    let mut sql = format!("INSERT INTO {table} ({columns}) VALUES ");
    let mut args = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        let places: Vec<String> = (1..=row.len())
            .map(|n| format!("${}", args.len().saturating_add(n)))
            .collect();
        sql.push_str(if at == 0 { "(" } else { ", (" });
        sql.push_str(&places.join(", "));
        sql.push(')');
        args.extend(row);
    }
    if args.is_empty() {
        return Ok(());
    }
    tx.exec(&sql, args).await.map(|_| ())
}

/// The facts of one loan that several of its rows share.
struct Loan {
    number: u64,
    lender: u64,
    id: RowId,
    created_at: Instant,
}

impl Loan {
    fn invent(numbers: &mut Seeded, number: u64, loans: u64) -> Self {
        let progress = i128::from(number) * i128::from(SPAN_SECONDS) / i128::from(loans.max(1));
        let seconds = i64::try_from(progress).unwrap_or(SPAN_SECONDS);
        let created_at = FIRST_ARRIVAL.plus_seconds(seconds);
        let millis = created_at.micros() / 1000;
        let noise = numbers.next();
        let id = RowId::new(format!(
            "{:08x}-{:04x}-7{:03x}-8{:03x}-{number:012x}",
            millis >> 16,
            millis & 0xffff,
            noise & 0xfff,
            (noise >> 12) & 0xfff,
        ));
        Self {
            number,
            lender: u64::from(numbers.chance(1, 20)),
            id,
            created_at,
        }
    }

    fn values(&self, numbers: &mut Seeded) -> Vec<Val> {
        let lender = lender_id(self.lender);
        let officer = numbers.below(OFFICERS);
        let age = (FIRST_ARRIVAL.seconds() + SPAN_SECONDS) - self.created_at.seconds();
        let changed_after = numbers.between(0, age.min(60 * DAY_SECONDS));
        let changed = self.created_at.plus_seconds(changed_after);
        let is_active = numbers.chance(4, 5);
        let ends = ["archived", "withdrawn", "declined", "funded"];
        let lifecycle = if is_active {
            "active"
        } else {
            numbers.pick(&ends).unwrap_or(&"funded")
        };
        let price = numbers.between(80_000, 1_500_000) * 100;
        let email = officer_email(self.lender, officer);
        let mut values = vals![
            lender.as_str(),
            self.id.as_str(),
            lender.as_str(),
            public_id(self.number),
            format!("BENCH-{}", self.number),
            self.created_at.micros(),
            changed.micros(),
            changed.micros(),
            1_i64,
            1_i64,
            is_active,
            lifecycle,
        ];
        for _ in 0..3 {
            values.extend(vals!["Start Application", "Signed Up"]);
        }
        values.extend(vals![
            *numbers
                .pick(&["purchase", "refinance", "refinance_cash_out"])
                .unwrap_or(&"purchase"),
            *numbers
                .pick(&["conventional", "fha", "va", "usda"])
                .unwrap_or(&"va"),
            "primary_residence",
            *numbers
                .pick(&["single_family", "condominium", "pud"])
                .unwrap_or(&"pud"),
            price,
            price / 5 * 4,
            numbers.between(3_000, 30_000) * 100,
            numbers.between(0, 90_000) * 100,
            format!("{} Invented Street", numbers.between(1, 9999)),
            "Exampleton",
            state(numbers),
            format!("{:05}", numbers.between(501, 99_950)),
            officer_id(self.lender, officer).as_str(),
            "Officer",
            format!("Number{officer}"),
            fold_email(&email),
        ]);
        let folded = values.len().saturating_sub(1);
        values.insert(folded, Val::from(email));
        values
    }

    fn borrowers(&self, numbers: &mut Seeded) -> Vec<Vec<Val>> {
        let people = 1 + i64::from(numbers.chance(35, 100));
        (0..people)
            .map(|position| {
                // Some people come back with another loan.
                let person = (self.number / 3).saturating_add(numbers.below(50_000));
                let email = borrower_email(person);
                vals![
                    lender_id(self.lender).as_str(),
                    self.id.as_str(),
                    position,
                    "Borrower",
                    format!("Person{person}"),
                    &email,
                    fold_email(&email),
                    "2075550100",
                    position == 0,
                ]
            })
            .collect()
    }
}

fn state(numbers: &mut Seeded) -> &'static str {
    let mut left = numbers.below(STATES.iter().map(|(_, weight)| weight).sum());
    for (state, weight) in STATES {
        if left < weight {
            return state;
        }
        left -= weight;
    }
    "WY"
}

fn lender_id(number: u64) -> RowId {
    RowId::new(format!("018cc251-f400-7000-8000-0000000000{number:02x}"))
}

fn officer_id(lender: u64, officer: u64) -> RowId {
    RowId::new(format!(
        "018cc251-f400-7000-8001-00000000{lender:02x}{officer:02x}"
    ))
}

fn officer_email(lender: u64, officer: u64) -> String {
    format!("officer{officer}.of{lender}@example.com")
}

fn borrower_email(person: u64) -> String {
    format!("Person{person}@example.com")
}

/// Eight letters and digits, different for every number below 36^8: the factor has no divisor in
/// common with 36.
pub(super) fn public_id(number: u64) -> String {
    const DIGITS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut left = number.wrapping_mul(1_234_567_891) % 36_u64.pow(8);
    let mut text = String::with_capacity(8);
    for _ in 0..8 {
        let digit = usize::try_from(left % 36).unwrap_or(0);
        text.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'A')));
        left /= 36;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_rows_are_well_formed_and_distinct() {
        let mut numbers = Seeded::new(1);
        let mut ids = std::collections::HashSet::new();
        for number in 0..2000 {
            let loan = Loan::invent(&mut numbers, number, 2000);
            assert_eq!(
                loan.values(&mut numbers).len(),
                LOAN_COLUMNS.split(',').count()
            );
            for borrower in loan.borrowers(&mut numbers) {
                assert_eq!(borrower.len(), BORROWER_COLUMNS.split(',').count());
            }
            assert_eq!(loan.id.as_str().len(), 36);
            assert!(PublicId::parse(&public_id(number)).is_some());
            assert!(ids.insert(public_id(number)) && ids.insert(loan.id.as_str().to_owned()));
        }
    }
}
