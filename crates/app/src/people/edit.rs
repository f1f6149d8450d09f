//! People as an organisation changes them itself, on a page or at the command line.

use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Field, PersonField, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_domain::staff::{AccountStatus, Person, PersonDraft, PersonFacts, UidRule};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::staff;

use super::add::refused;
use super::check::Mistakes;
use super::upsert::Writing;
use super::{CheckedPerson, check, keep_pictures, unknown_person};
use crate::by::By;
use crate::context::App;
use crate::error::AppError;
use crate::link;

/// A mistake of the one person a page is about.
const fn mistake(part: PersonField, rule: Rule) -> (Field, Rule) {
    (Field::Person { person: 0, part }, rule)
}

/// Adds somebody new.
///
/// # Errors
/// Denied to people whose roles do not allow it; refused with every mistake, an address or an id
/// that is there already among them.
#[boxed]
pub async fn add(app: &App, by: &By<'_>, draft: PersonDraft) -> Result<Person, AppError> {
    write(app, by, None, draft).await
}

/// Changes somebody.
///
/// # Errors
/// Denied to people whose roles do not allow it; not found when it is nobody of that organisation;
/// refused with every mistake. The last active Admin stays one.
#[boxed]
pub async fn update(
    app: &App,
    by: &By<'_>,
    id: &PublicId,
    draft: PersonDraft,
) -> Result<Person, AppError> {
    write(app, by, Some(id), draft).await
}

async fn write(
    app: &App,
    by: &By<'_>,
    id: Option<&PublicId>,
    draft: PersonDraft,
) -> Result<Person, AppError> {
    by.require(Permission::EditPeople)?;
    if let Some(id) = id {
        // Somebody who is not there is not there, whatever the form says.
        super::load(app, by.org(), id).await?;
    }
    let people = match check(app, vec![draft], UidRule::Optional).await? {
        Ok(people) => people,
        Err(mistakes) => return Err(refused(mistakes)),
    };
    keep_pictures(app, &people).await?;
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, by.org().lender_id()).await?;
    let actor = by.actor();
    let mut written = None;
    for checked in &people {
        written = Some(write_in(app, &mut tx, (by, &actor), id, checked).await?);
    }
    let written = written.ok_or_else(unknown_person)?;
    tx.commit().await?;
    Ok(written)
}

async fn write_in(
    app: &App,
    tx: &mut Tx,
    (by, actor): (&By<'_>, &str),
    id: Option<&PublicId>,
    checked: &CheckedPerson,
) -> Result<Person, AppError> {
    let org = by.org();
    let there = match id {
        None => None,
        Some(id) => {
            let found = staff::load_in(tx, &org.id, id).await?;
            Some(found.ok_or_else(unknown_person)?)
        }
    };
    let mut mistakes = taken_in(tx, by, there.as_ref(), &checked.facts).await?;
    let is_left = !checked.facts.roles.has(Role::Admin);
    if let Some(person) = there.as_ref().filter(|_| is_left)
        && is_last_admin_in(tx, person).await?
    {
        mistakes.push(mistake(PersonField::Roles, Rule::Conflict));
    }
    if let Some(refusal) = Refusal::of(mistakes) {
        return Err(refusal.into());
    }
    let writing = Writing { app, org, actor };
    match writing.write_in(tx, checked, there).await? {
        Ok(written) => {
            writing.record_in(tx, &written).await?;
            Ok(written.person)
        }
        Err(wrong) => {
            let at = |(part, rule)| mistake(part, rule);
            Err(refused(wrong.into_iter().map(at).collect()))
        }
    }
}

/// Which of somebody's ids and addresses belong to somebody else of the family.
async fn taken_in(
    tx: &mut Tx,
    by: &By<'_>,
    there: Option<&Person>,
    facts: &PersonFacts,
) -> Result<Mistakes, AppError> {
    let lender = by.org().lender_id();
    let is_other = |found: &Person| there.is_none_or(|there| there.id != found.id);
    let mut mistakes = Mistakes::new();
    if let Some(uid) = &facts.uid {
        let found = staff::find_by_uid_in(tx, lender, uid).await?;
        if found.as_ref().is_some_and(is_other) {
            mistakes.push(mistake(PersonField::Uid, Rule::Conflict));
        }
    }
    let found = staff::find_by_email_in(tx, lender, &facts.email).await?;
    if found.as_ref().is_some_and(is_other) {
        mistakes.push(mistake(PersonField::Email, Rule::Conflict));
    }
    Ok(mistakes)
}

/// Whether nobody but this person could let others in again.
async fn is_last_admin_in(tx: &mut Tx, person: &Person) -> Result<bool, AppError> {
    let is_admin = person.is_active && person.roles.has(Role::Admin);
    let (org, id) = (&person.org_id, &person.id);
    Ok(is_admin && staff::others_of_role_in(tx, org, Role::Admin, id).await? == 0)
}

/// Switches somebody on or off, and answers whether that changed anything. Off, the person's sessions
/// and links end in the same stroke.
///
/// # Errors
/// Denied to people whose roles do not allow it; not found when it is nobody of that organisation;
/// refused when it would switch off whoever asks, or the last active Admin.
#[boxed]
pub async fn set_status(
    app: &App,
    by: &By<'_>,
    id: &PublicId,
    status: AccountStatus,
) -> Result<bool, AppError> {
    by.require(Permission::EditPeople)?;
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, by.org().lender_id()).await?;
    let person = staff::load_in(&mut tx, &by.org().id, id).await?;
    let person = person.ok_or_else(unknown_person)?;
    let is_off = !status.is_active();
    if is_off && (by.is(&person) || is_last_admin_in(&mut tx, &person).await?) {
        return Err(refused(vec![mistake(PersonField::Status, Rule::Conflict)]));
    }
    let changed = switch_in(app, &mut tx, &person, status).await?;
    if changed {
        record_switch_in(app, &mut tx, &person, &by.actor(), status).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

/// Switches somebody on or off, with everything that follows from it but the event, which
/// [`record_switch_in`] writes once all rows are.
pub(crate) async fn switch_in(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    status: AccountStatus,
) -> Result<bool, Fault> {
    let (org, id) = (&person.org_id, &person.id);
    let is_active = status.is_active();
    let changed = staff::set_active_in(tx, org, id, is_active, app.now()).await?;
    if !is_active {
        link::end_all_in(tx, org, Some(id)).await?;
    }
    Ok(changed)
}

/// Records that somebody was switched on or off.
pub(crate) async fn record_switch_in(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    actor: &str,
    status: AccountStatus,
) -> Result<(), Fault> {
    let kind = match status {
        AccountStatus::Active => EventKind::StaffActivated,
        AccountStatus::Inactive => EventKind::StaffDeactivated,
    };
    let (org, id) = (&person.org_id, person.id.as_str());
    let event = NewEvent::plain(org, app.now(), actor, kind, id);
    record_in(tx, &event).await.map(|_| ())
}

/// Sets whether the company's rule gives somebody new borrowers.
///
/// # Errors
/// Denied to people whose roles do not allow it; not found when it is nobody of that organisation.
#[boxed]
pub async fn set_assignable(
    app: &App,
    by: &By<'_>,
    id: &PublicId,
    is_assignable: bool,
) -> Result<Person, AppError> {
    by.require(Permission::EditPeople)?;
    let now = app.now();
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, by.org().lender_id()).await?;
    let person = staff::load_in(&mut tx, &by.org().id, id).await?;
    let mut person = person.ok_or_else(unknown_person)?;
    if person.is_assignable != is_assignable {
        person.is_assignable = is_assignable;
        staff::update_in(&mut tx, &person, now).await?;
        let (actor, kind) = (by.actor(), EventKind::StaffUpdated);
        let event = NewEvent::plain(&person.org_id, now, &actor, kind, person.id.as_str());
        record_in(&mut tx, &event).await?;
        tx.commit().await?;
    }
    Ok(person)
}
