//! The steps on the pages: each one checked as the call checks it, stored at once, so that somebody
//! can close the browser and come back.

use lintel_domain::company::{CompanyDraft, CompanyFacts, CompanyMistakes};
use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::license::LicenseDraft;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Field, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_domain::setup::{Setup, SetupStep};
use lintel_domain::staff::{PersonDraft, UidRule};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::{organisation, setup, staff};

use super::{awaited, open};
use crate::company::{
    Pictures, WriteProfile, facts_in, keep_tax_id, profile, refused, tell_in, write_in,
};
use crate::context::App;
use crate::error::AppError;
use crate::people::{self, CheckedPerson, SameAddress};
use crate::session::SignedIn;

/// People looked at before a set-up is done: whoever has more has them from the call, checked.
const PEOPLE_MAX: u32 = 2000;

/// Stores the first step. What the lender calls the broker, its tier, its licences, pictures and
/// colours are not of this step and stay; so does the tax number when its field is blank.
///
/// # Errors
/// Refused with every mistake; denied to everybody but the person who started the set-up.
#[boxed]
pub async fn save_company(
    app: &App,
    who: &SignedIn,
    mut draft: CompanyDraft,
) -> Result<Setup, AppError> {
    keep_tax_id(&mut draft);
    draft.partner_uid = Entry::Absent;
    draft.pricing_tier = Entry::Absent;
    draft.licenses = Entry::Absent;
    draft.brand_color = Entry::Absent;
    draft.accent_color = Entry::Absent;
    (draft.logo, draft.favicon) = (None, None);
    save(app, who, SetupStep::Company, draft).await
}

/// Stores the second step: the licences, all of them.
///
/// # Errors
/// As [`save_company`].
#[boxed]
pub async fn save_licenses(
    app: &App,
    who: &SignedIn,
    licenses: Vec<LicenseDraft>,
) -> Result<Setup, AppError> {
    let draft = CompanyDraft {
        licenses: Entry::Given(licenses),
        ..CompanyDraft::default()
    };
    save(app, who, SetupStep::Licensing, draft).await
}

/// Stores the third step: adds these people, or updates those who are known, by the sender's id, by
/// ours in its place, or by address. Nobody is taken away; an empty list confirms the step.
///
/// # Errors
/// As [`save_company`].
#[boxed]
pub async fn save_people(
    app: &App,
    who: &SignedIn,
    people: Vec<PersonDraft>,
) -> Result<Setup, AppError> {
    open(app, who).await?;
    let mut checked = if people.is_empty() {
        Vec::new()
    } else {
        match people::check(app, people, UidRule::Optional).await? {
            Ok(checked) => checked,
            Err(mistakes) => return Err(refusal(mistakes)),
        }
    };
    people::keep_pictures(app, &checked).await?;
    let mut tx = app.db().begin().await?;
    // The family first, then the organisation, as every command locks them.
    organisation::lock_in(&mut tx, who.org.lender_id()).await?;
    let setup = held_in(&mut tx, who).await?;
    if !checked.is_empty() {
        // The starter fills in everybody's roles, its own among them: the lender chose it for that.
        recognise_in(&mut tx, who, &mut checked).await?;
        let (actor, same_address) = (who.actor(), SameAddress::Updates);
        people::upsert_in(app, &mut tx, &who.org, &actor, same_address, &checked).await?;
    }
    // People's rows before the log's head, as everybody takes them.
    let setup = advance_in(app, &mut tx, who, setup, SetupStep::People).await?;
    tx.commit().await?;
    Ok(setup)
}

/// Finds out who is meant where our own id stands in place of the sender's: a page knows everybody by
/// it.
async fn recognise_in(
    tx: &mut Tx,
    who: &SignedIn,
    people: &mut [CheckedPerson],
) -> Result<(), AppError> {
    for checked in people {
        let Some(id) = checked.facts.uid.as_deref().and_then(PublicId::parse) else {
            continue;
        };
        let Some(person) = staff::load_in(tx, &who.org.id, &id).await? else {
            continue;
        };
        checked.facts.uid = person.partner_uid;
        checked.known_as = Some(id);
    }
    Ok(())
}

/// Stores the fourth step: pictures and colours. A picture that is not sent stays.
///
/// # Errors
/// As [`save_company`].
#[boxed]
pub async fn save_branding(
    app: &App,
    who: &SignedIn,
    draft: CompanyDraft,
) -> Result<Setup, AppError> {
    let draft = CompanyDraft {
        logo: draft.logo,
        favicon: draft.favicon,
        brand_color: draft.brand_color,
        accent_color: draft.accent_color,
        ..CompanyDraft::default()
    };
    save(app, who, SetupStep::Branding, draft).await
}

/// Ends the set-up, once everything in it is as the call would take it. Doing it again changes
/// nothing.
///
/// # Errors
/// As [`save_company`].
#[boxed]
pub async fn complete(app: &App, who: &SignedIn) -> Result<Setup, AppError> {
    let of_people = people_mistakes(app, who).await?;
    let mut tx = app.db().begin().await?;
    organisation::lock_in(&mut tx, &who.org.id).await?;
    let found = setup::load_in(&mut tx, &who.org.id).await?;
    let is_own = |setup: &Setup| setup.is_completed() && setup.started_by == who.person.id;
    if let Some(done) = found.clone().filter(is_own) {
        return Ok(done);
    }
    let setup = awaited(found, who)?;
    let mut mistakes = company_mistakes_in(app, &mut tx, who).await?;
    mistakes.extend(of_people);
    if !mistakes.is_empty() {
        return Err(refusal(mistakes));
    }
    let now = app.now();
    setup::set_step_in(&mut tx, &who.org.id, SetupStep::Review).await?;
    setup::complete_in(&mut tx, &who.org.id, now).await?;
    let (org, actor) = (&who.org, who.actor());
    tell_in(app, &mut tx, org, &actor, EventKind::SetupCompleted).await?;
    tx.commit().await?;
    Ok(Setup {
        step: SetupStep::Review,
        completed_at: Some(now),
        ..setup
    })
}

async fn company_mistakes_in(
    app: &App,
    tx: &mut Tx,
    who: &SignedIn,
) -> Result<Vec<(Field, Rule)>, AppError> {
    let known = facts_in(app, tx, &who.org).await?;
    let (_, mistakes) = CompanyDraft::default()
        .over(&known)
        .read_for(OrganisationKind::Broker);
    let mistakes = mistakes.into_iter();
    Ok(mistakes
        .map(|(field, rule)| (Field::Company(field), rule))
        .collect())
}

/// There must be somebody at work who can let others in, and everybody who is must be as the call
/// would take them.
async fn people_mistakes(app: &App, who: &SignedIn) -> Result<Vec<(Field, Rule)>, Fault> {
    let people = staff::list(app.db(), &who.org.id, PEOPLE_MAX, 0).await?;
    let at_work = people.iter().filter(|person| person.is_active);
    let mut mistakes = Vec::new();
    for (person, draft) in at_work.map(PersonDraft::from).enumerate() {
        let wrong = draft.check(UidRule::Optional).err().unwrap_or_default();
        let wrong = wrong.into_iter();
        mistakes.extend(wrong.map(|(part, rule)| (Field::Person { person, part }, rule)));
    }
    let admins = staff::of_role(app.db(), &who.org.id, Role::Admin).await?;
    if admins.is_empty() {
        mistakes.push((Field::People, Rule::Missing));
    }
    Ok(mistakes)
}

/// Checks and stores the parts of one step.
async fn save(
    app: &App,
    who: &SignedIn,
    step: SetupStep,
    mut draft: CompanyDraft,
) -> Result<Setup, AppError> {
    open(app, who).await?;
    let mut of_pictures = Vec::new();
    let pictures = Pictures::prepare(app, &mut draft, &mut of_pictures).await?;
    let known = profile(app, &who.org).await?.facts;
    let of_texts = parts_of_step(&draft, step, &known).err();
    refused(of_texts.unwrap_or_default(), of_pictures)?;
    pictures.keep(app).await?;
    let mut tx = app.db().begin().await?;
    let setup = held_in(&mut tx, who).await?;
    let setup = advance_in(app, &mut tx, who, setup, step).await?;
    let actor = who.actor();
    let write = WriteProfile {
        org: &who.org,
        actor: &actor,
        pictures: &pictures,
    };
    write_in(app, &mut tx, &write, |known| {
        parts_of_step(&draft, step, known)
    })
    .await?;
    tx.commit().await?;
    Ok(setup)
}

/// The known facts with one step's parts from a draft; what other steps say stays as it is, and what
/// is wrong with it is theirs to say.
fn parts_of_step(
    draft: &CompanyDraft,
    step: SetupStep,
    known: &CompanyFacts,
) -> Result<CompanyFacts, CompanyMistakes> {
    let draft = draft.clone().over(known);
    let (new, mut mistakes) = draft.read_for(OrganisationKind::Broker);
    mistakes.retain(|(field, _)| SetupStep::of_company(*field) == step);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let known = known.clone();
    Ok(match step {
        SetupStep::Company => CompanyFacts {
            partner_uid: known.partner_uid,
            pricing_tier: known.pricing_tier,
            licenses: known.licenses,
            brand_color: known.brand_color,
            accent_color: known.accent_color,
            ..new
        },
        SetupStep::Licensing => CompanyFacts {
            licenses: new.licenses,
            ..known
        },
        SetupStep::Branding => CompanyFacts {
            brand_color: new.brand_color,
            accent_color: new.accent_color,
            ..known
        },
        SetupStep::People | SetupStep::Review => known,
    })
}

/// The set-up, its organisation's row held: one that was completed a moment ago is not changed any
/// more.
async fn held_in(tx: &mut Tx, who: &SignedIn) -> Result<Setup, AppError> {
    organisation::lock_in(tx, &who.org.id).await?;
    awaited(setup::load_in(tx, &who.org.id).await?, who)
}

/// Moves the set-up on if this was its first open step.
async fn advance_in(
    app: &App,
    tx: &mut Tx,
    who: &SignedIn,
    setup: Setup,
    step: SetupStep,
) -> Result<Setup, AppError> {
    let org = &who.org;
    let next = setup.confirmed(step);
    if next != setup.step {
        setup::set_step_in(tx, &org.id, next).await?;
        tell_in(app, tx, org, &who.actor(), EventKind::SetupAdvanced).await?;
    }
    Ok(Setup {
        step: next,
        ..setup
    })
}

fn refusal(mistakes: Vec<(Field, Rule)>) -> AppError {
    Refusal::of(mistakes).map_or_else(
        || Fault::internal("something was refused without a mistake").into(),
        AppError::from,
    )
}
