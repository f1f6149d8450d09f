//! The account page: everything about oneself on one page, each form by itself.

use lintel_app::people::{self, OwnDraft};
use lintel_app::session::{self, SessionLine};
use lintel_app::{password, totp};
use lintel_domain::access::Way;
use lintel_domain::entry::Entry;
use lintel_domain::image::{ImageDraft, ImageKind, ImageSource};
use lintel_domain::refusal;
use lintel_domain::refusal::PersonField;
use lintel_domain::staff::{Person, Timezone};
use serde::Serialize;

use crate::Answer;
use crate::brand::picture_path;
use crate::failure::Failure;
use crate::fields::{Choice, Field, Mistakes};
use crate::flash::Flash;
use crate::layout::Section;
use crate::posted::Posted;
use crate::show::{self, When};
use crate::sign_in::new_password_fields;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct AccountPage {
    name: String,
    initials: String,
    picture: Option<String>,
    facts: Vec<(&'static str, String)>,
    details: Vec<Field>,
    password: Vec<Field>,
    has_password: bool,
    has_codes: bool,
    codes_off: Field,
    sessions: Vec<SessionView>,
    has_others: bool,
}

/// A session as the page shows it.
#[derive(Debug, Serialize)]
struct SessionView {
    id: String,
    browser: String,
    address: String,
    way: &'static str,
    started: When,
    seen: When,
    is_this: bool,
}

impl SessionView {
    fn of(line: SessionLine) -> Self {
        Self {
            browser: browser_name(&line.browser),
            address: line.address,
            way: match line.way {
                Way::Password => "with a password",
                Way::SignOn => "from another system",
                Way::Setup => "by a set-up link",
                Way::Welcome => "by a welcome link",
            },
            started: When::of(line.started_at),
            seen: When::of(line.seen_at),
            is_this: line.is_this,
            id: line.id,
        }
    }
}

/// `Firefox on Windows`: what a browser calls itself, cut down to what its owner knows it by.
fn browser_name(text: &str) -> String {
    // In this order: most browsers claim to be several others, the real name before the claimed.
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(mark, _)| text.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}

/// The forms with what was sent last, and what was wrong with it.
#[derive(Default)]
pub(super) struct Again<'a> {
    pub form: Option<&'a Posted>,
    pub mistakes: Mistakes,
}

impl AccountPage {
    pub(super) async fn load(staff: &Staff, again: &Again<'_>) -> Result<Self, Failure> {
        let (app, who) = (staff.app(), &staff.who);
        let has_password = password::has_password(app, who).await?;
        let sessions = session::list(app, who).await?;
        let sessions: Vec<_> = sessions.into_iter().map(SessionView::of).collect();
        let person = &who.person;
        Ok(Self {
            name: person.display_name(),
            initials: show::initials(&person.first_name, &person.last_name),
            picture: person.headshot.as_ref().map(picture_path),
            facts: facts(person, &who.org.name),
            details: detail_fields(person, again),
            password: password_fields(has_password, &again.mistakes),
            has_password,
            has_codes: totp::is_on(app, who).await?,
            codes_off: code_field("off_code", &again.mistakes),
            has_others: sessions.iter().any(|s| !s.is_this),
            sessions,
        })
    }
}

fn facts(person: &Person, company: &str) -> Vec<(&'static str, String)> {
    let roles: Vec<&str> = person.roles.iter().map(|role| role.title()).collect();
    let mut facts = vec![
        (
            "Name",
            format!("{} {}", person.first_name, person.last_name),
        ),
        ("Mail address", person.email.clone()),
        ("Company", company.to_owned()),
        ("Roles", roles.join(", ")),
    ];
    if let Some(nmls) = &person.nmls {
        facts.push(("NMLS", nmls.clone()));
    }
    if !person.licenses.is_empty() {
        let states: Vec<&str> = person.licenses.iter().map(|l| l.state.as_str()).collect();
        facts.push(("Licensed in", states.join(", ")));
    }
    if !person.branches.is_empty() {
        let names: Vec<&str> = person.branches.iter().map(|b| &*b.name).collect();
        facts.push(("Branches", names.join(", ")));
    }
    facts
}

fn detail_fields(person: &Person, again: &Again<'_>) -> Vec<Field> {
    let zones = Timezone::all().map(|zone| {
        let name = zone.as_str();
        Choice::new(name, name.replace('_', " "))
    });
    let zones = std::iter::once(Choice::new("", "Not set")).chain(zones);
    let zone = person.timezone.map_or("", |zone| zone.as_str());
    let fields = vec![
        Field::text("preferred_name", "Preferred name")
            .maybe(person.preferred_name.as_deref())
            .hint("What colleagues and borrowers call you, if it is not your first name.")
            .auto("nickname")
            .max(100)
            .half(),
        Field::select("timezone", "Time zone", zones.collect())
            .value(zone)
            .half(),
        Field::tel("phone", "Telephone")
            .maybe(person.phone.as_deref().map(show::phone).as_deref())
            .auto("tel-national")
            .max(40)
            .half(),
        Field::text("phone_extension", "Extension")
            .maybe(person.phone_extension.as_deref())
            .keys("numeric")
            .max(5)
            .half(),
        Field::file("picture", "Picture", "image/png,image/jpeg")
            .hint("PNG or JPEG, 2 MB at most. It is shown to your borrowers."),
        Field::checkbox("wants_mail", "Send me mail about my loans and leads")
            .checked(person.wants_mail),
    ];
    fields
        .into_iter()
        .map(|field| match again.form {
            Some(form) => field.with(form).error(&again.mistakes),
            None => field,
        })
        .collect()
}

fn password_fields(has_password: bool, mistakes: &Mistakes) -> Vec<Field> {
    let mut fields = Vec::new();
    if has_password {
        fields.push(
            Field::password("password", "Present password")
                .auto("current-password")
                .max(128)
                .required()
                .error(mistakes),
        );
    }
    fields.extend(new_password_fields(mistakes));
    fields
}

pub(super) fn code_field(name: &str, mistakes: &Mistakes) -> Field {
    Field::text(name, "Code")
        .hint("Six digits from your code app.")
        .auto("one-time-code")
        .max(40)
        .required()
        .error(mistakes)
}

/// The page once more, with what was wrong.
pub(super) async fn again(staff: &Staff, again: Again<'_>) -> Answer {
    let page = AccountPage::load(staff, &again).await?;
    let builder = staff.page("Your account").section(Section::Account);
    builder.mistakes(&again.mistakes).render(&page)
}

pub(super) async fn show(staff: Staff) -> Answer {
    let page = AccountPage::load(&staff, &Again::default()).await?;
    let builder = staff.page("Your account").section(Section::Account);
    builder.render(&page)
}

pub(super) async fn save(staff: Staff, form: Posted) -> Answer {
    let text = |name: &str| Some(form.text(name).unwrap_or_default().to_owned());
    let draft = OwnDraft {
        preferred_name: text("preferred_name"),
        phone: text("phone"),
        phone_extension: text("phone_extension"),
        timezone: text("timezone"),
        wants_mail: Some(form.is_on("wants_mail")),
        headshot: form.file("picture").map(picture),
    };
    match people::update_own(staff.app(), &staff.who, draft).await {
        Ok(_) => staff.go_with("/lender/account", Flash::Saved),
        Err(error) => {
            let form = Some(&form);
            let mistakes = Mistakes::of(error, place)?;
            again(&staff, Again { form, mistakes }).await
        }
    }
}

/// A picture as chosen: its kind is what its first bytes say.
pub(crate) fn picture(bytes: &[u8]) -> ImageDraft {
    let is_png = bytes.starts_with(b"\x89PNG");
    ImageDraft {
        kind: Entry::Given(if is_png {
            ImageKind::Png
        } else {
            ImageKind::Jpg
        }),
        source: Some(ImageSource::Bytes(bytes.to_vec())),
    }
}

/// Where a mistake about oneself is shown.
fn place(field: &refusal::Field) -> Option<(String, String)> {
    let refusal::Field::Person { part, .. } = field else {
        return None;
    };
    let (name, label) = match part {
        PersonField::PreferredName => ("preferred_name", "Preferred name"),
        PersonField::Phone => ("phone", "Telephone"),
        PersonField::PhoneExtension => ("phone_extension", "Extension"),
        PersonField::Timezone => ("timezone", "Time zone"),
        PersonField::Headshot(_) => ("picture", "Picture (PNG or JPEG, 2 MB at most)"),
        PersonField::WantsMail => ("wants_mail", "Mail"),
        PersonField::Uid
        | PersonField::FirstName
        | PersonField::MiddleName
        | PersonField::LastName
        | PersonField::Email
        | PersonField::Roles
        | PersonField::Nmls
        | PersonField::LosId
        | PersonField::PrimaryBranch
        | PersonField::SecondaryBranches
        | PersonField::SecondaryBranch { .. }
        | PersonField::Licenses
        | PersonField::License { .. }
        | PersonField::IsAssignable
        | PersonField::Status => return None,
    };
    Some((name.to_owned(), label.to_owned()))
}

impl Template for AccountPage {
    const FILE: &'static str = "account/account.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        use lintel_domain::id::Instant;
        let text = || HOSTILE.to_owned();
        let session = |is_this| SessionView {
            id: text(),
            browser: text(),
            address: text(),
            way: "with a password",
            started: When::of(Instant::from_seconds(0)),
            seen: When::of(Instant::from_seconds(60)),
            is_this,
        };
        let page = |is_full: bool| Self {
            name: text(),
            initials: "AB".to_owned(),
            picture: is_full.then(text),
            facts: vec![("Name", text())],
            details: vec![Field::text("preferred_name", "Preferred name").value(HOSTILE)],
            password: password_fields(is_full, &Mistakes::default()),
            has_password: is_full,
            has_codes: is_full,
            codes_off: code_field("off_code", &Mistakes::default()),
            sessions: vec![session(true), session(false)],
            has_others: is_full,
        };
        vec![page(true), page(false)]
    }
}

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn browsers_are_known_by_their_usual_name() {
        for (text, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
                "Firefox on Linux",
            ),
            ("curl/8", "Unknown browser"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(browser_name(text), name);
        }
    }
}
