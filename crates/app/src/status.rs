//! Switching companies and people on and off. Off is off at once: sessions, one-time links and access
//! tokens end in the stroke that switches, and everything that checks a caller looks anew each time.

use lintel_macros::boxed;
use std::collections::HashMap;

use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule, StatusPart};
use lintel_domain::staff::{AccountStatus, Person};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::{organisation, staff};

use crate::admin::OPERATOR;
use crate::auth::Principal;
use crate::by::By;
use crate::context::App;
use crate::error::AppError;
use crate::link;
use crate::people::{find_visible, record_switch_in, switch_in, visible_organisation};

/// Most companies and people in one request.
const ENTRIES_MAX: usize = 1_000;
/// Most brokers of one lender that are listed.
const BROKERS_MAX: u32 = 10_000;

/// What is to become of a company or a person, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusDraft {
    /// A company's public id; a person's id, the partner's or ours.
    pub id: Option<String>,
    /// The status.
    pub status: Entry<AccountStatus>,
}

type Mistakes = Vec<(Field, Rule)>;

/// Switches a lender's brokers and the people the caller may see on and off: companies first, each
/// with everybody in it, then people, in the order of the request. All of it or nothing; doing it
/// again changes nothing.
///
/// # Errors
/// Refused with everything that is wrong, in this order: no entries at all; statuses of companies,
/// then of people; companies that are not brokers of the caller, which is never one itself; people
/// the caller cannot see. A company or person to be switched both ways is a conflict.
#[boxed]
pub async fn set_account_status(
    app: &App,
    principal: &Principal,
    companies: Vec<StatusDraft>,
    users: Vec<StatusDraft>,
) -> Result<(), AppError> {
    let rule = match companies.len().saturating_add(users.len()) {
        0 => Some(Rule::Missing),
        1..=ENTRIES_MAX => None,
        _ => Some(Rule::Malformed),
    };
    if let Some(rule) = rule {
        let field = Field::Statuses;
        return Err(Refusal::Invalid { field, rule }.into());
    }
    let mut mistakes = Mistakes::new();
    let company_at = |company, part| Field::CompanyStatus { company, part };
    let person_at = |person, part| Field::PersonStatus { person, part };
    let company_statuses = statuses(&companies, company_at, &mut mistakes);
    let person_statuses = statuses(&users, person_at, &mut mistakes);
    let mut orgs = Vec::new();
    for (company, draft) in companies.iter().enumerate() {
        match broker(app, &principal.org, draft).await? {
            Ok(org) => orgs.push((company, org)),
            Err(rule) => mistakes.push((company_at(company, StatusPart::Id), rule)),
        }
    }
    let mut people = Vec::new();
    for (person, draft) in users.iter().enumerate() {
        match somebody(app, &principal.org, draft).await? {
            Ok(found) => people.push((person, found)),
            Err(rule) => mistakes.push((person_at(person, StatusPart::Id), rule)),
        }
    }
    let orgs = once(
        orgs,
        &company_statuses,
        |org| &org.id,
        company_at,
        &mut mistakes,
    );
    let people = once(
        people,
        &person_statuses,
        |p| &p.id,
        person_at,
        &mut mistakes,
    );
    if let Some(refusal) = Refusal::of(in_order(mistakes)) {
        return Err(refusal.into());
    }
    switch(app, principal, orgs, people).await
}

/// The statuses, by place.
fn statuses(
    drafts: &[StatusDraft],
    at: fn(usize, StatusPart) -> Field,
    mistakes: &mut Mistakes,
) -> Vec<Option<AccountStatus>> {
    let mut list = Vec::with_capacity(drafts.len());
    for (place, draft) in drafts.iter().enumerate() {
        let rule = match draft.status {
            Entry::Given(_) => None,
            Entry::Absent => Some(Rule::Missing),
            Entry::Unreadable => Some(Rule::Malformed),
        };
        mistakes.extend(rule.map(|rule| (at(place, StatusPart::Status), rule)));
        list.push(draft.status.given());
    }
    list
}

fn filled(draft: &StatusDraft) -> Result<&str, Rule> {
    let text = draft.id.as_deref().map(str::trim).unwrap_or_default();
    if text.is_empty() {
        Err(Rule::Missing)
    } else {
        Ok(text)
    }
}

/// The broker of the caller that is named. The caller itself, strangers and nobody answer alike.
async fn broker(
    app: &App,
    caller: &Organisation,
    draft: &StatusDraft,
) -> Result<Result<Organisation, Rule>, Fault> {
    let text = match filled(draft) {
        Ok(text) => text,
        Err(rule) => return Ok(Err(rule)),
    };
    let found = visible_organisation(app, caller, text).await?;
    Ok(found
        .filter(|org| org.id != caller.id)
        .ok_or(Rule::Malformed))
}

/// The person that is named, of those the caller may see. Strangers and nobody answer alike.
async fn somebody(
    app: &App,
    caller: &Organisation,
    draft: &StatusDraft,
) -> Result<Result<Person, Rule>, Fault> {
    let text = match filled(draft) {
        Ok(text) => text,
        Err(rule) => return Ok(Err(rule)),
    };
    Ok(find_visible(app, caller, text)
        .await?
        .ok_or(Rule::Malformed))
}

/// Each of them once, with its status: the same again is left out, the opposite is a conflict.
fn once<T>(
    found: Vec<(usize, T)>,
    statuses: &[Option<AccountStatus>],
    id: fn(&T) -> &RowId,
    at: fn(usize, StatusPart) -> Field,
    mistakes: &mut Mistakes,
) -> Vec<(T, AccountStatus)> {
    let mut seen: HashMap<RowId, AccountStatus> = HashMap::new();
    let mut list = Vec::with_capacity(found.len());
    for (place, thing) in found {
        let Some(status) = statuses.get(place).copied().flatten() else {
            continue;
        };
        match seen.get(id(&thing)) {
            None => {
                seen.insert(id(&thing).clone(), status);
                list.push((thing, status));
            }
            Some(first) if *first == status => {}
            Some(_) => mistakes.push((at(place, StatusPart::Id), Rule::Conflict)),
        }
    }
    list
}

/// Mistakes in the order they are to be answered: statuses before ids, companies before people, and
/// ids that mean nothing before ids that mean two things.
fn in_order(mut mistakes: Mistakes) -> Mistakes {
    mistakes.sort_by_key(|(field, rule)| match field {
        Field::CompanyStatus { part, company } => (*part == StatusPart::Id, false, false, *company),
        Field::PersonStatus { part, person } => {
            let is_conflict = *rule == Rule::Conflict;
            (*part == StatusPart::Id, true, is_conflict, *person)
        }
        _ => (false, false, false, 0),
    });
    mistakes
}

async fn switch(
    app: &App,
    principal: &Principal,
    orgs: Vec<(Organisation, AccountStatus)>,
    people: Vec<(Person, AccountStatus)>,
) -> Result<(), AppError> {
    let actor = &principal.api_id;
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, principal.org.lender_id()).await?;
    let mut switched_orgs = Vec::new();
    for (org, status) in &orgs {
        let switched = switch_org_in(app, &mut tx, org, *status).await?;
        switched_orgs.push((org, *status, switched));
    }
    let mut switched_people = Vec::new();
    for (person, status) in &people {
        if switch_in(app, &mut tx, person, *status).await? {
            switched_people.push((person, *status));
        }
    }
    // Rows first, then the log's heads: see `people::upsert_in`.
    for (org, status, switched) in switched_orgs {
        record_org_in(app, &mut tx, org, actor, (status, switched)).await?;
    }
    for (person, status) in switched_people {
        record_switch_in(app, &mut tx, person, actor, status).await?;
    }
    Ok(tx.commit().await?)
}

/// What switching an organisation came to.
#[derive(Debug, Clone, Copy)]
struct Switched {
    is_org: bool,
    people: u64,
}

impl Switched {
    const fn is_any(self) -> bool {
        self.is_org || self.people > 0
    }
}

/// Switches an organisation and everybody in it, with everything that follows from it but the event.
async fn switch_org_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    status: AccountStatus,
) -> Result<Switched, Fault> {
    let (now, is_active) = (app.now(), status.is_active());
    let switched = Switched {
        is_org: organisation::set_active_in(tx, &org.id, is_active, now).await?,
        people: staff::set_all_active_in(tx, &org.id, is_active, now).await?,
    };
    if !is_active {
        link::end_all_in(tx, &org.id, None).await?;
    }
    Ok(switched)
}

async fn record_org_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    actor: &str,
    (status, switched): (AccountStatus, Switched),
) -> Result<(), Fault> {
    if !switched.is_any() {
        return Ok(());
    }
    let body = serde_json::json!({ "people": switched.people }).to_string();
    let event = NewEvent {
        org_id: &org.id,
        at: app.now(),
        actor,
        kind: match status {
            AccountStatus::Active => EventKind::OrganisationActivated,
            AccountStatus::Inactive => EventKind::OrganisationDeactivated,
        },
        subject: org.id.as_str(),
        body: &body,
    };
    record_in(tx, &event).await.map(|_| ())
}

/// Switches one of a lender's brokers, and answers whether that changed anything.
///
/// # Errors
/// Denied to people whose roles do not allow it; not found when it is no broker of that lender.
#[boxed]
pub async fn set_broker(
    app: &App,
    by: &By<'_>,
    broker: &PublicId,
    status: AccountStatus,
) -> Result<bool, AppError> {
    by.require(Permission::EditBrokers)?;
    let found = visible_organisation(app, by.org(), broker.as_str()).await?;
    let found = found.filter(|org| org.id != by.org().id);
    let org = found.ok_or_else(unknown)?;
    switch_one(app, &org, &by.actor(), status).await
}

/// Switches any organisation, as its operator does. With a lender everything of its brokers' people
/// that is open ends, too, though the brokers stay switched as they are.
///
/// # Errors
/// Not found for an unknown organisation.
#[boxed]
pub async fn set_organisation(
    app: &App,
    id: &PublicId,
    status: AccountStatus,
) -> Result<bool, AppError> {
    let org = organisation::load(app.db(), id).await?;
    let org = org.ok_or_else(unknown)?;
    switch_one(app, &org, OPERATOR, status).await
}

fn unknown() -> Refusal {
    Refusal::NotFound {
        what: Noun::Organisation,
    }
}

async fn switch_one(
    app: &App,
    org: &Organisation,
    actor: &str,
    status: AccountStatus,
) -> Result<bool, AppError> {
    let brokers = organisation::list_brokers(app.db(), &org.id, BROKERS_MAX).await?;
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, org.lender_id()).await?;
    let switched = switch_org_in(app, &mut tx, org, status).await?;
    if !status.is_active() {
        for broker in &brokers {
            link::end_all_in(&mut tx, &broker.id, None).await?;
        }
    }
    record_org_in(app, &mut tx, org, actor, (status, switched)).await?;
    tx.commit().await?;
    Ok(switched.is_any())
}

/// Lists a lender's brokers, oldest first.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn brokers(app: &App, lender: &Organisation) -> Result<Vec<Organisation>, AppError> {
    Ok(organisation::list_brokers(app.db(), &lender.id, BROKERS_MAX).await?)
}
