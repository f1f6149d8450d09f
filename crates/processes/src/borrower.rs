//! Borrowers of a process: added and removed in creation, changed also while the bank asks about them.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::process::{BorrowerFacts, ProcessCommand, ProcessSide, ProcessStatus};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::simulation::MAX_BORROWERS;
use lintel_macros::boxed;
use lintel_simulations::Caller;
use lintel_taxonomy::{List, has_code};

use crate::check;
use crate::create::{typed, whose};
use crate::edit::{Change, edit, expect, refuse};
use crate::process::{Borrower, Process, load, unknown_part};
use crate::transition::require;

/// Changes facts, and says what was wrong with what it was told.
pub type EditFacts<'a> = &'a (dyn Fn(&BorrowerFacts) -> (BorrowerFacts, Vec<Finding>) + Sync);

/// A borrower of a process of the caller's.
///
/// # Errors
/// Not found for process and borrower alike; any fault.
#[boxed]
pub async fn one(
    app: &App,
    caller: Caller<'_>,
    (process, id): (&RowId, &RowId),
) -> Result<Borrower, AppError> {
    find(load(app, whose(caller), process).await?, id)
}

fn find(process: Process, id: &RowId) -> Result<Borrower, AppError> {
    let found = process.borrowers.into_iter().find(|b| b.id == *id);
    found.ok_or_else(|| unknown_part(Noun::ProcessBorrower))
}

/// Adds a borrower. A process has one key borrower from the beginning, so it is another one.
///
/// # Errors
/// Not found; the state; every finding; any fault.
#[boxed]
pub async fn add(
    app: &App,
    caller: Caller<'_>,
    process: &RowId,
    edit_facts: EditFacts<'_>,
) -> Result<Borrower, AppError> {
    let (given, found) = edit_facts(&BorrowerFacts::default());
    let places = check::places(app, given.residence_parish).await?;
    let id = app.row_id()?;
    let after = edit(app, caller, process, &|process| {
        require(
            process.head.status,
            ProcessCommand::Change,
            ProcessSide::Partner,
        )?;
        let mut findings = found.clone();
        if process.borrowers.len() >= MAX_BORROWERS {
            let most = Bound::Count(u64::try_from(MAX_BORROWERS).unwrap_or(u64::MAX));
            findings.push(Finding::new(
                CreditField::Borrowers,
                CreditRule::TooLong(most),
            ));
        }
        if has_code(List::BorrowerTypes, given.borrower_type, "key_borrower") {
            findings.push(Finding::new(
                CreditField::BorrowerType,
                CreditRule::Duplicate,
            ));
        }
        let facts = checked(app, (process, &id), (&given, false), (findings, &places))?;
        Ok(Change::Add(id.clone(), facts))
    })
    .await?;
    find(after, &id)
}

/// Changes what is known of a borrower. Named the key borrower, it takes the place of the one that
/// was. While the bank waits for information, only borrowers it asks about in words can be changed.
///
/// # Errors
/// Not found; the state; stale when `expected` names other revisions; every finding; any fault.
#[boxed]
pub async fn change(
    app: &App,
    caller: Caller<'_>,
    (process, id): (&RowId, &RowId),
    expected: Option<&[i64]>,
    edit_facts: EditFacts<'_>,
) -> Result<Borrower, AppError> {
    let before = one(app, caller, (process, id)).await?;
    let (likely, _) = edit_facts(&before.facts);
    let places = check::places(app, likely.residence_parish).await?;
    let after = edit(app, caller, process, &|process| {
        let before = find(process.clone(), id)?;
        expect(Noun::ProcessBorrower, expected, before.revision)?;
        require(
            process.head.status,
            ProcessCommand::EditFacts,
            ProcessSide::Partner,
        )?;
        require_asked(process, Some(id))?;
        let (mut facts, mut findings) = edit_facts(&before.facts);
        let names_key = has_code(List::BorrowerTypes, facts.borrower_type, "key_borrower");
        if before.is_key && !names_key {
            findings.push(Finding::new(
                CreditField::BorrowerType,
                CreditRule::Conflict,
            ));
        }
        let moves = names_key && !before.is_key;
        if moves && facts.key_relation == before.facts.key_relation {
            // Nobody is related to itself.
            facts.key_relation = None;
        }
        if moves && process.head.status != ProcessStatus::InCreation {
            let rule = CreditRule::NotAllowedNow;
            findings.push(Finding::new(CreditField::BorrowerType, rule));
        }
        let facts = checked(app, (process, id), (&facts, names_key), (findings, &places))?;
        let mut set = vec![Borrower {
            is_key: names_key,
            facts,
            ..before
        }];
        if moves && let Some(old) = process.key_borrower() {
            set.push(Borrower {
                is_key: false,
                facts: typed(old.facts.clone(), false),
                ..old.clone()
            });
        }
        Ok(Change::Set(set))
    })
    .await?;
    find(after, id)
}

/// Removes a borrower with the papers about it. The key borrower stays.
///
/// # Errors
/// Not found; the state, the key borrower's too; stale when `expected` names other revisions; any fault.
#[boxed]
pub async fn remove(
    app: &App,
    caller: Caller<'_>,
    (process, id): (&RowId, &RowId),
    expected: Option<&[i64]>,
) -> Result<(), AppError> {
    edit(app, caller, process, &|process| {
        let before = find(process.clone(), id)?;
        expect(Noun::ProcessBorrower, expected, before.revision)?;
        require(
            process.head.status,
            ProcessCommand::Change,
            ProcessSide::Partner,
        )?;
        if before.is_key {
            let what = Noun::ProcessBorrower;
            return Err(Refusal::WrongState {
                what,
                is: "key_borrower",
            }
            .into());
        }
        Ok(Change::Remove(id.clone()))
    })
    .await
    .map(|_| ())
}

/// While the bank waits, only what it asks about in words can be changed. When it asks for nothing and
/// the process has not gone back, something is missing: then anything can be.
pub(crate) fn require_asked(process: &Process, borrower: Option<&RowId>) -> Result<(), AppError> {
    if process.head.status != ProcessStatus::PendingInformation {
        return Ok(());
    }
    let mut asks_for_nothing = true;
    let mut open = process.open_requests();
    let is_asked = open.any(|request| {
        asks_for_nothing = false;
        let about = request.borrower_id.as_ref();
        request.document_type.is_none() && (about.is_none() || about == borrower)
    });
    if is_asked || asks_for_nothing {
        return Ok(());
    }
    Err(Refusal::WrongState {
        what: Noun::Process,
        is: process.head.status.as_str(),
    }
    .into())
}

/// Facts whose values were found good.
fn checked(
    app: &App,
    (process, id): (&Process, &RowId),
    (facts, is_key): (&BorrowerFacts, bool),
    (mut findings, places): (Vec<Finding>, &check::Places),
) -> Result<BorrowerFacts, AppError> {
    check::borrower(app, facts, places, &mut findings);
    let others = process.borrowers.iter().filter(|other| other.id != *id);
    let mut nifs = others.filter_map(|other| other.facts.nif.as_deref());
    let is_twice = facts
        .nif
        .as_deref()
        .is_some_and(|nif| nifs.any(|n| n == nif));
    if is_twice {
        findings.push(Finding::new(
            CreditField::BorrowerNif,
            CreditRule::Duplicate,
        ));
    }
    refuse(check::sorted(findings))?;
    Ok(typed(facts.clone(), is_key))
}
