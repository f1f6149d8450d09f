//! Storing a profile: pictures first, then everything else in one transaction.

use lintel_domain::company::{CompanyDraft, CompanyFacts, CompanyMistakes};
use lintel_domain::event::EventKind;
use lintel_domain::image::{ImageDraft, ImagePart, ImageRef, ImageUse};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{CompanyField, Field, Refusal, Rule};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;
use lintel_store::organisation;
use lintel_store::profile::{self, StoredProfile};

use super::{CompanyPicture, facts_of, gone};
use crate::context::App;
use crate::error::AppError;
use crate::image::{self, Prepared};
use crate::keys::Purpose;

/// The pictures of a company, made and not stored yet.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    logo: Option<Prepared>,
    favicon: Option<Prepared>,
}

impl Pictures {
    /// Takes the pictures out of a draft and makes them; what is wrong with them joins `mistakes`.
    #[boxed]
    pub async fn prepare(
        app: &App,
        draft: &mut CompanyDraft,
        mistakes: &mut CompanyMistakes,
    ) -> Result<Self, Fault> {
        let (logo, favicon) = (draft.logo.take(), draft.favicon.take());
        let logo = one(app, logo, ImageUse::Logo, CompanyField::Logo, mistakes).await?;
        let (purpose, field) = (ImageUse::Favicon, CompanyField::Favicon);
        let favicon = one(app, favicon, purpose, field, mistakes).await?;
        Ok(Self { logo, favicon })
    }

    /// Keeps the bytes. Before the transaction: bytes nobody names do no harm, a name without bytes
    /// does.
    #[boxed]
    pub async fn keep(&self, app: &App) -> Result<(), Fault> {
        for picture in [&self.logo, &self.favicon].into_iter().flatten() {
            image::keep(app, picture).await?;
        }
        Ok(())
    }

    /// What the new pictures are called: the same for the same pictures.
    pub fn names(&self) -> [Option<&ImageRef>; 2] {
        [&self.logo, &self.favicon].map(|picture| picture.as_ref().map(|picture| &picture.name))
    }

    async fn register_in(&self, app: &App, tx: &mut Tx) -> Result<(), Fault> {
        for picture in [&self.logo, &self.favicon].into_iter().flatten() {
            image::register_in(tx, picture, app.now()).await?;
        }
        Ok(())
    }
}

async fn one(
    app: &App,
    draft: Option<ImageDraft>,
    purpose: ImageUse,
    field: fn(ImagePart) -> CompanyField,
    mistakes: &mut CompanyMistakes,
) -> Result<Option<Prepared>, Fault> {
    let Some(draft) = draft else { return Ok(None) };
    match image::prepare(app, draft, purpose).await? {
        Ok(picture) => Ok(Some(picture)),
        Err(refusal) => {
            mistakes.push((field(refusal.part), refusal.rule));
            Ok(None)
        }
    }
}

/// Refuses a company for everything that is wrong with it: its texts first, then its pictures.
pub(crate) fn refused(texts: CompanyMistakes, pictures: CompanyMistakes) -> Result<(), Refusal> {
    let mistakes: Vec<(Field, Rule)> = texts
        .into_iter()
        .chain(pictures)
        .map(|(field, rule)| (Field::Company(field), rule))
        .collect();
    Refusal::of(mistakes).map_or(Ok(()), Err)
}

/// Whose profile is written, by whom, with which new pictures.
pub(crate) struct WriteProfile<'a> {
    /// Whose.
    pub org: &'a Organisation,
    /// By whom.
    pub actor: &'a str,
    /// New pictures; those that are absent stay.
    pub pictures: &'a Pictures,
}

/// Writes what `change` makes of the facts that are known, with the event; `false` when nothing is
/// different. The organisation's row is locked first, so that two changes follow each other.
pub(crate) async fn write_in(
    app: &App,
    tx: &mut Tx,
    write: &WriteProfile<'_>,
    change: impl FnOnce(&CompanyFacts) -> Result<CompanyFacts, CompanyMistakes>,
) -> Result<bool, AppError> {
    let org_id = &write.org.id;
    let stored = locked(tx, write.org).await?;
    let known = facts_of(app, org_id, &stored)?;
    let mut facts = match change(&known) {
        Ok(facts) => facts,
        Err(mistakes) => {
            refused(mistakes, Vec::new())?;
            return Err(Fault::internal("a company was refused without a mistake").into());
        }
    };
    // Sealing the same number again would look like a change.
    let tax_id_sealed = match (facts.tax_id.take(), &known.tax_id) {
        (None, _) => None,
        (Some(new), Some(old)) if new == *old => stored.tax_id_sealed.clone(),
        (Some(new), _) => {
            let (purpose, plain) = (Purpose::OrganisationTaxId, new.expose().as_bytes());
            let sealed = app
                .keys()
                .seal(purpose, org_id.as_str(), plain, app.rng())?;
            Some(sealed)
        }
    };
    let name = |new: &Option<Prepared>| new.as_ref().map(|picture| picture.name.clone());
    let profile = StoredProfile {
        facts,
        tax_id_sealed,
        logo: name(&write.pictures.logo).or_else(|| stored.logo.clone()),
        favicon: name(&write.pictures.favicon).or_else(|| stored.favicon.clone()),
        updated_at: stored.updated_at,
    };
    if profile == stored && stored.updated_at.is_some() {
        return Ok(false);
    }
    write.pictures.register_in(app, tx).await?;
    put_in(app, tx, write.org, write.actor, &profile).await?;
    Ok(true)
}

/// Takes a picture away; `false` when there was none.
pub(super) async fn remove_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    actor: &str,
    which: CompanyPicture,
) -> Result<bool, Fault> {
    let mut stored = locked(tx, org).await?;
    let removed = match which {
        CompanyPicture::Logo => stored.logo.take(),
        CompanyPicture::Favicon => stored.favicon.take(),
    };
    if removed.is_some() {
        put_in(app, tx, org, actor, &stored).await?;
    }
    Ok(removed.is_some())
}

/// What is known about an organisation whose row the transaction holds.
pub(crate) async fn facts_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
) -> Result<CompanyFacts, Fault> {
    let stored = locked(tx, org).await?;
    facts_of(app, &org.id, &stored)
}

async fn locked(tx: &mut Tx, org: &Organisation) -> Result<StoredProfile, Fault> {
    organisation::lock_in(tx, &org.id).await?;
    profile::load_in(tx, &org.id)
        .await?
        .ok_or_else(|| gone(&org.id))
}

async fn put_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    actor: &str,
    profile: &StoredProfile,
) -> Result<(), Fault> {
    let now = app.now();
    profile::put_in(tx, &org.id, profile, now).await?;
    tell_in(app, tx, org, actor, EventKind::OrganisationUpdated).await
}

/// Records an event about an organisation in its own log, and puts it in the outbox.
pub(crate) async fn tell_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    actor: &str,
    kind: EventKind,
) -> Result<(), Fault> {
    let now = app.now();
    let event = NewEvent::plain(&org.id, now, actor, kind, org.id.as_str());
    let seq = record_in(tx, &event).await?;
    announce_in(tx, &app.row_id()?, &org.id, seq, kind, now).await
}
