//! Pictures a partner sets for people.

use lintel_domain::event::EventKind;
use lintel_domain::image::{ImageDraft, ImageUse};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, PersonField, Refusal, Rule};
use lintel_domain::staff::Person;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::staff;

use super::add::refused;
use super::check::{Mistakes, bad_length};
use super::{find, named_organisation};
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::image::{self, Prepared};

/// Sets the pictures of people of the caller's organisation or one of its brokers, named by the
/// partner's ids or ours. All of it or nothing.
///
/// # Errors
/// Refused without people, or with every mistake; not found for an organisation that is not there to
/// be named.
#[boxed]
pub async fn set_headshots(
    app: &App,
    principal: &Principal,
    lender_id: &str,
    pictures: Vec<(String, ImageDraft)>,
) -> Result<(), AppError> {
    if let Some(rule) = bad_length(pictures.len()) {
        return Err(refused(vec![(Field::People, rule)]));
    }
    let org = named_organisation(app, &principal.org, lender_id).await?;
    let people = whose(app, &org, &pictures).await?;
    let mut mistakes = Mistakes::new();
    let mut prepared = Vec::with_capacity(pictures.len());
    let mut budget = image::Budget::default();
    for (person, (_, draft)) in pictures.into_iter().enumerate() {
        match budget.prepare(app, draft, ImageUse::Headshot).await? {
            Ok(picture) => prepared.push(picture),
            Err(refusal) => {
                let part = PersonField::Headshot(refusal.part);
                mistakes.push((Field::Person { person, part }, refusal.rule));
            }
        }
    }
    if let Some(refusal) = Refusal::of(mistakes) {
        return Err(refusal.into());
    }
    for picture in &prepared {
        image::keep(app, picture).await?;
    }
    write(app, &org, &principal.api_id, people, &prepared).await
}

/// Who the pictures show, in order.
async fn whose(
    app: &App,
    org: &Organisation,
    pictures: &[(String, ImageDraft)],
) -> Result<Vec<Person>, AppError> {
    let mut people: Vec<Person> = Vec::with_capacity(pictures.len());
    let mut mistakes = Mistakes::new();
    for (person, (uid, _)) in pictures.iter().enumerate() {
        let part = PersonField::Uid;
        let mut fail = |rule| mistakes.push((Field::Person { person, part }, rule));
        match find(app, org, uid).await? {
            None if uid.trim().is_empty() => fail(Rule::Missing),
            None => fail(Rule::Malformed),
            Some(found) if people.iter().any(|other| other.id == found.id) => fail(Rule::Conflict),
            Some(found) => people.push(found),
        }
    }
    match Refusal::of(mistakes) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(people),
    }
}

async fn write(
    app: &App,
    org: &Organisation,
    actor: &str,
    people: Vec<Person>,
    pictures: &[Prepared],
) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, org.lender_id()).await?;
    let mut changed = Vec::new();
    for (person, picture) in people.iter().zip(pictures) {
        image::register_in(&mut tx, picture, now).await?;
        // What else is known of the person may have changed since it was looked up.
        let known = staff::load_by_id_in(&mut tx, &org.id, &person.id).await?;
        let Some(mut known) = known else { continue };
        if known.headshot.as_ref() == Some(&picture.name) {
            continue;
        }
        known.headshot = Some(picture.name.clone());
        staff::update_in(&mut tx, &known, now).await?;
        changed.push(known.id);
    }
    for id in &changed {
        let kind = EventKind::StaffUpdated;
        let event = NewEvent::plain(&org.id, now, actor, kind, id.as_str());
        record_in(&mut tx, &event).await?;
    }
    Ok(tx.commit().await?)
}
