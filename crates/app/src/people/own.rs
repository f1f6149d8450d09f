//! What people change about themselves.

use lintel_domain::contact;
use lintel_domain::event::EventKind;
use lintel_domain::image::{ImageDraft, ImageUse};
use lintel_domain::refusal::{Field, PersonField, Refusal, Rule};
use lintel_domain::staff::{Person, Timezone};
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::staff;

use super::check::Mistakes;
use super::unknown_person;
use crate::context::App;
use crate::error::AppError;
use crate::image::{self, Prepared};
use crate::session::SignedIn;

/// Longest preferred name.
const NAME_MAX_CHARS: usize = 100;

/// What somebody says about themselves. `None` leaves a value as it is; blank takes it away, but a
/// telephone stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnDraft {
    /// What the person likes to be called.
    pub preferred_name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Its extension.
    pub phone_extension: Option<String>,
    /// Name of a time zone.
    pub timezone: Option<String>,
    /// Whether the person wants mail.
    pub wants_mail: Option<bool>,
    /// Picture.
    pub headshot: Option<ImageDraft>,
}

/// Changes what the signed-in person may say without anybody's leave.
///
/// # Errors
/// Refused with every mistake.
#[boxed]
pub async fn update_own(
    app: &App,
    who: &SignedIn,
    mut draft: OwnDraft,
) -> Result<Person, AppError> {
    let mut mistakes = Mistakes::new();
    let mut fail = |part, rule| mistakes.push((Field::Person { person: 0, part }, rule));
    let headshot = match draft.headshot.take() {
        None => None,
        Some(draft) => match image::prepare(app, draft, ImageUse::Headshot).await? {
            Ok(picture) => Some(picture),
            Err(refusal) => {
                fail(PersonField::Headshot(refusal.part), refusal.rule);
                None
            }
        },
    };
    // Once to see what is wrong; once more on what is known under the lock.
    for (part, rule) in apply(&draft, &mut who.person.clone()) {
        fail(part, rule);
    }
    if let Some(refusal) = Refusal::of(mistakes) {
        return Err(refusal.into());
    }
    if let Some(picture) = &headshot {
        image::keep(app, picture).await?;
    }
    write(app, who, &draft, headshot.as_ref()).await
}

async fn write(
    app: &App,
    who: &SignedIn,
    draft: &OwnDraft,
    headshot: Option<&Prepared>,
) -> Result<Person, AppError> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, who.org.lender_id()).await?;
    let before = staff::load_by_id_in(&mut tx, &who.org.id, &who.person.id).await?;
    let before = before.ok_or_else(unknown_person)?;
    let mut after = before.clone();
    apply(draft, &mut after);
    if let Some(picture) = headshot {
        image::register_in(&mut tx, picture, now).await?;
        after.headshot = Some(picture.name.clone());
    }
    if after != before {
        staff::update_in(&mut tx, &after, now).await?;
        let (actor, kind) = (who.actor(), EventKind::StaffUpdated);
        let event = NewEvent::plain(&who.org.id, now, &actor, kind, after.id.as_str());
        record_in(&mut tx, &event).await?;
        tx.commit().await?;
    }
    Ok(after)
}

/// Writes what can be read of a draft into a person and says what cannot.
fn apply(draft: &OwnDraft, person: &mut Person) -> Vec<(PersonField, Rule)> {
    let mut wrong = Vec::new();
    let mut text = |part, text: &Option<String>, read: &dyn Fn(&str) -> Option<String>| {
        let text = text.as_deref()?.trim();
        if text.is_empty() {
            return Some(None);
        }
        let value = read(text);
        if value.is_none() {
            wrong.push((part, Rule::Malformed));
            return None;
        }
        Some(value)
    };
    let zone = |text: &str| Timezone::parse(text).map(|zone| zone.to_string());
    let timezone = text(PersonField::Timezone, &draft.timezone, &zone);
    let name = |text: &str| contact::line(text, NAME_MAX_CHARS);
    let preferred = text(PersonField::PreferredName, &draft.preferred_name, &name);
    let phone = text(PersonField::Phone, &draft.phone, &contact::phone);
    let read = &contact::phone_extension;
    let extension = text(PersonField::PhoneExtension, &draft.phone_extension, read);
    if let Some(timezone) = timezone {
        person.timezone = timezone.as_deref().and_then(Timezone::parse);
    }
    if let Some(preferred) = preferred {
        person.preferred_name = preferred;
    }
    if let Some(Some(phone)) = phone {
        person.phone = Some(phone);
    }
    if let Some(extension) = extension {
        person.phone_extension = extension;
    }
    if let Some(wants_mail) = draft.wants_mail {
        person.wants_mail = wants_mail;
    }
    wrong
}
