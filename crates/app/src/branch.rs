//! Branches as an organisation keeps them itself, and who of a branch is given new borrowers.

use lintel_domain::branch::{Branch, BranchDraft, BranchFacts};
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Field, Noun, Refusal};
use lintel_domain::staff::{AccountStatus, Person};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::{branch, staff};

use crate::by::By;
use crate::context::App;
use crate::error::AppError;
use crate::people::by_name;

/// Public ids collide once in a long while; then another is drawn.
const ATTEMPTS: usize = 5;

fn unknown() -> Refusal {
    Refusal::NotFound { what: Noun::Branch }
}

fn checked(draft: &BranchDraft) -> Result<BranchFacts, AppError> {
    let mistakes = match draft.check() {
        Ok(facts) => return Ok(facts),
        Err(mistakes) => mistakes.into_iter(),
    };
    let mistakes = mistakes.map(|(part, rule)| (Field::Branch(part), rule));
    let refusal = Refusal::of(mistakes.collect());
    Err(refusal.map_or_else(
        || Fault::internal("refused without a mistake").into(),
        AppError::from,
    ))
}

/// Adds a branch.
///
/// # Errors
/// Denied to people whose roles do not allow it; refused with every mistake.
#[boxed]
pub async fn create(app: &App, by: &By<'_>, draft: BranchDraft) -> Result<Branch, AppError> {
    by.require(Permission::EditBranches)?;
    let facts = checked(&draft)?;
    for _ in 0..ATTEMPTS {
        let branch = Branch {
            id: app.row_id()?,
            org_id: by.org().id.clone(),
            public_id: app.public_id()?,
            facts: facts.clone(),
            is_active: true,
        };
        let mut tx = app.db().begin().await?;
        if insert_in(app, &mut tx, &by.actor(), &branch).await? {
            tx.commit().await?;
            return Ok(branch);
        }
    }
    Err(Fault::internal("no free public id found").into())
}

/// Stores a branch with its event; `false` when its public id is taken.
pub(crate) async fn insert_in(
    app: &App,
    tx: &mut Tx,
    actor: &str,
    branch: &Branch,
) -> Result<bool, Fault> {
    let is_new = branch::insert_in(tx, branch, app.now()).await?;
    if is_new {
        record(app, tx, actor, EventKind::BranchAdded, branch).await?;
    }
    Ok(is_new)
}

async fn record(
    app: &App,
    tx: &mut Tx,
    actor: &str,
    kind: EventKind,
    branch: &Branch,
) -> Result<(), Fault> {
    let subject = branch.id.as_str();
    let event = NewEvent::plain(&branch.org_id, app.now(), actor, kind, subject);
    record_in(tx, &event).await.map(|_| ())
}

/// Changes what is known about a branch.
///
/// # Errors
/// Denied to people whose roles do not allow it; not found when it is not the organisation's; refused
/// with every mistake.
#[boxed]
pub async fn update(
    app: &App,
    by: &By<'_>,
    id: &PublicId,
    draft: BranchDraft,
) -> Result<Branch, AppError> {
    by.require(Permission::EditBranches)?;
    load(app, by.org(), id).await?;
    let facts = checked(&draft)?;
    change(app, by, id, |branch| branch.facts = facts).await
}

/// Switches a branch on or off, and answers whether that changed anything. Whoever is in it stays.
///
/// # Errors
/// Denied to people whose roles do not allow it; not found when it is not the organisation's.
#[boxed]
pub async fn set_status(
    app: &App,
    by: &By<'_>,
    id: &PublicId,
    status: AccountStatus,
) -> Result<bool, AppError> {
    by.require(Permission::EditBranches)?;
    let before = load(app, by.org(), id).await?;
    let is_active = status.is_active();
    change(app, by, id, |branch| branch.is_active = is_active).await?;
    Ok(before.is_active != is_active)
}

async fn change(
    app: &App,
    by: &By<'_>,
    id: &PublicId,
    change: impl FnOnce(&mut Branch),
) -> Result<Branch, AppError> {
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, by.org().lender_id()).await?;
    let before = branch::load_in(&mut tx, &by.org().id, id).await?;
    let before = before.ok_or_else(unknown)?;
    let mut after = before.clone();
    change(&mut after);
    if after != before {
        branch::update_in(&mut tx, &after, app.now()).await?;
        record(app, &mut tx, &by.actor(), EventKind::BranchUpdated, &after).await?;
        tx.commit().await?;
    }
    Ok(after)
}

/// Lists an organisation's branches: who is switched on first, then by name.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(app: &App, org: &Organisation) -> Result<Vec<Branch>, AppError> {
    Ok(branch::list(app.db(), &org.id).await?)
}

/// Finds an organisation's branch by the id partners see.
///
/// # Errors
/// Not found when it is not the organisation's.
#[boxed]
pub async fn load(app: &App, org: &Organisation, id: &PublicId) -> Result<Branch, AppError> {
    let found = branch::load(app.db(), &org.id, id).await?;
    Ok(found.ok_or_else(unknown)?)
}

/// Lists the people of a branch, switched on or not, by name.
///
/// # Errors
/// Not found when the branch is not the organisation's.
#[boxed]
pub async fn members(
    app: &App,
    org: &Organisation,
    id: &PublicId,
) -> Result<Vec<Person>, AppError> {
    let branch = load(app, org, id).await?;
    let mut people = staff::of_branch(app.db(), &org.id, &branch.id).await?;
    by_name(&mut people);
    Ok(people)
}

/// Sets whether the branch's rule gives somebody of the branch new borrowers.
///
/// # Errors
/// Denied to people whose roles do not allow it; not found when the branch is not the organisation's
/// or the person not in it.
#[boxed]
pub async fn set_assignable(
    app: &App,
    by: &By<'_>,
    id: &PublicId,
    person: &PublicId,
    is_assignable: bool,
) -> Result<(), AppError> {
    set_all_assignable(app, by, id, &[(person.clone(), is_assignable)]).await
}

/// As [`set_assignable`], for several people: all of it or nothing.
///
/// # Errors
/// As [`set_assignable`], when one of them is not in the branch.
#[boxed]
pub async fn set_all_assignable(
    app: &App,
    by: &By<'_>,
    id: &PublicId,
    people: &[(PublicId, bool)],
) -> Result<(), AppError> {
    by.require(Permission::EditPeople)?;
    let branch = load(app, by.org(), id).await?;
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, by.org().lender_id()).await?;
    let nobody = || Refusal::NotFound { what: Noun::Staff };
    let mut changed = Vec::new();
    for (person, is_assignable) in people {
        let person = staff::load_in(&mut tx, &by.org().id, person).await?;
        let person = person.ok_or_else(nobody)?;
        let place = person.branches.iter().find(|place| place.id == branch.id);
        let place = place.ok_or_else(nobody)?;
        if place.is_assignable != *is_assignable {
            staff::set_branch_rule_in(&mut tx, &person, &branch.id, *is_assignable).await?;
            changed.push(person.id);
        }
    }
    for id in &changed {
        let (actor, kind) = (by.actor(), EventKind::StaffUpdated);
        let event = NewEvent::plain(&by.org().id, app.now(), &actor, kind, id.as_str());
        record_in(&mut tx, &event).await?;
    }
    if !changed.is_empty() {
        tx.commit().await?;
    }
    Ok(())
}
