//! Opening one loan of many: everything the store reads for it, in a pipeline of a million.
//!
//! Some loans get what loans have: a sealed application, conditions, papers, a history. The others
//! are only there to be in the way.

use std::time::Instant as Clock;

use lintel_domain::condition::{ConditionPhase, ConditionStatus, Responsible};
use lintel_domain::event::EventKind;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::LoanScope;
use lintel_store::condition::{self, StoredCondition};
use lintel_store::db::{Db, Tx};
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::loan::list::borrowers;
use lintel_store::loan::read::{LoanHead, by_public_id, history};
use lintel_store::loan::write::load_application;
use lintel_store::{document, vals};

use super::super::{median, progress, random::Seeded};
use super::fill::{Pipeline, insert, public_id};

/// Loans that are filled in; spread over the whole pipeline.
const FULL: u64 = 2_000;
/// What each of them has.
const CONDITIONS: u64 = 8;
const PAPERS: u64 = 12;
const EVENTS: u64 = 6;
/// Bytes of a sealed application of a couple with a few accounts.
const APPLICATION_BYTES: usize = 14_000;
/// Loans of one transaction.
const AT_ONCE: usize = 100;

const APPLICATION_COLUMNS: &str = "lender_org_id, loan_id, application_sealed";
const PAPER_COLUMNS: &str = "lender_org_id, loan_id, id, org_id, public_id, kind, condition_id, \
     file_name, file_name_folded, version, is_current, byte_count, sha256_hash, crc32, blob_name, \
     key_sealed, uploaded_at_us, uploaded_by, keep_until";

/// What opening loans took.
pub(super) struct Opened {
    pub(super) loans: usize,
    pub(super) median_ms: f64,
    pub(super) p99_ms: f64,
}

/// Fills loans in, unless an earlier run did, and opens each of them once.
pub(super) async fn measure(db: &Db, pipeline: &Pipeline, loans: u64) -> Result<Opened, Fault> {
    let heads = sample(db, pipeline, loans).await?;
    let is_filled = match heads.first() {
        Some(head) => load_application(db, &head.lender_id, &head.line.id)
            .await?
            .is_some(),
        None => true,
    };
    if !is_filled {
        fill(db, &heads).await?;
        db.analyze().await?;
    }
    let mut times = Vec::with_capacity(heads.len());
    // One round unseen, as for the pages.
    for round in 0..2 {
        for head in &heads {
            let start = Clock::now();
            open(db, pipeline, &head.line.public_id).await?;
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    times.sort_by(f64::total_cmp);
    let p99 = times.get(times.len() * 99 / 100).copied();
    Ok(Opened {
        loans: times.len(),
        p99_ms: p99.unwrap_or_default(),
        median_ms: median(times),
    })
}

/// The lender's own loans among every so many.
async fn sample(db: &Db, pipeline: &Pipeline, loans: u64) -> Result<Vec<LoanHead>, Fault> {
    let scope = LoanScope::Lent(pipeline.lender_id.clone());
    let step = usize::try_from((loans / FULL).max(1)).unwrap_or(1);
    let mut heads = Vec::new();
    for number in (0..loans).step_by(step) {
        let Some(id) = PublicId::parse(&public_id(number)) else {
            continue;
        };
        heads.extend(by_public_id(db, &scope, &id).await?);
    }
    Ok(heads)
}

/// What the application reads to show a loan in full.
async fn open(db: &Db, pipeline: &Pipeline, id: &PublicId) -> Result<(), Fault> {
    let lost = || Fault::internal("a loan of the bench is gone");
    let lender = &pipeline.lender_id;
    let scope = LoanScope::Lent(lender.clone());
    let head = by_public_id(db, &scope, id).await?.ok_or_else(lost)?;
    let loan = &head.line.id;
    load_application(db, lender, loan).await?.ok_or_else(lost)?;
    let people = borrowers(db, lender, std::slice::from_ref(loan)).await?;
    let conditions = condition::of_loan(db, lender, loan).await?;
    let filed = condition::papers(db, lender, loan).await?;
    let papers = document::list(db, (lender, loan)).await?;
    let events = history(db, lender, loan, 100).await?;
    let is_all_there = !people.is_empty()
        && conditions.len() as u64 == CONDITIONS
        && papers.len() as u64 == PAPERS
        && filed.len() as u64 == PAPERS
        && events.len() as u64 == EVENTS;
    if is_all_there { Ok(()) } else { Err(lost()) }
}

async fn fill(db: &Db, heads: &[LoanHead]) -> Result<(), Fault> {
    let bar = progress(u64::try_from(heads.len()).unwrap_or(0), "filling loans in");
    let mut numbers = Seeded::new(20_261_122);
    for some in heads.chunks(AT_ONCE) {
        let mut tx = db.begin().await?;
        for head in some {
            fill_one(&mut tx, &mut numbers, head).await?;
            bar.inc(1);
        }
        tx.commit().await?;
    }
    bar.finish_and_clear();
    Ok(())
}

async fn fill_one(tx: &mut Tx, numbers: &mut Seeded, head: &LoanHead) -> Result<(), Fault> {
    let (lender, loan) = (&head.lender_id, &head.line.id);
    let noise: Vec<u8> = (0..APPLICATION_BYTES)
        .map(|_| u8::try_from(numbers.below(256)).unwrap_or(0))
        .collect();
    let application = vals![lender.as_str(), loan.as_str(), noise];
    insert(
        tx,
        "loan_application",
        APPLICATION_COLUMNS,
        vec![application],
    )
    .await?;
    let mut papers = Vec::new();
    for number in 0..CONDITIONS {
        let condition = condition(numbers, head, number)?;
        condition::insert_in(tx, &condition).await?;
        // Papers lie with the first conditions, two by two.
        let here = if number < PAPERS / 2 { 2 } else { 0 };
        for _ in 0..here {
            let id = row_id(numbers);
            papers.push(vals![
                lender.as_str(),
                loan.as_str(),
                id.as_str(),
                lender.as_str(),
                drawn_id(numbers)?.as_str(),
                None::<String>,
                condition.id.as_str(),
                "pay slip.pdf",
                "pay slip.pdf",
                1_i64,
                true,
                180_000_i64,
                vec![7_u8; 32],
                1_i64,
                format!("documents/{id}"),
                vec![7_u8; 93],
                head.line.created_at.micros(),
                "bench",
                "2040-01-01",
            ]);
        }
    }
    insert(tx, "loan_document", PAPER_COLUMNS, papers).await?;
    for _ in 0..EVENTS {
        let event = NewEvent {
            org_id: lender,
            at: head.line.created_at,
            actor: "bench",
            kind: EventKind::LoanUpdated,
            subject: loan.as_str(),
            body: "{}",
        };
        record_in(tx, &event).await?;
    }
    Ok(())
}

fn condition(numbers: &mut Seeded, head: &LoanHead, number: u64) -> Result<StoredCondition, Fault> {
    Ok(StoredCondition {
        lender_id: head.lender_id.clone(),
        loan_id: head.line.id.clone(),
        id: row_id(numbers),
        org_id: head.lender_id.clone(),
        public_id: drawn_id(numbers)?,
        caller_key: Some(format!("C-{number}")),
        phase: ConditionPhase::PriorToDocs,
        responsible: Responsible::Borrower,
        title: "Pay slips of the last two months".to_owned(),
        description: "All pages, with the employer's name and the year to date.".to_owned(),
        auto_satisfy: false,
        status: ConditionStatus::Received,
        created_at: head.line.created_at,
        created_by: "bench".to_owned(),
        status_at: head.line.created_at,
        status_by: "bench".to_owned(),
    })
}

fn row_id(numbers: &mut Seeded) -> RowId {
    let (high, low) = (numbers.next(), numbers.next());
    RowId::new(format!(
        "{:08x}-0000-7000-8000-{:012x}",
        high >> 32,
        low >> 16
    ))
}

fn drawn_id(numbers: &mut Seeded) -> Result<PublicId, Fault> {
    PublicId::parse(&public_id(numbers.next()))
        .ok_or_else(|| Fault::internal("a bench id is not an id"))
}
