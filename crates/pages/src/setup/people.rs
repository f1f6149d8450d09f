//! Third step: the people. Each one is stored when it is saved; going on confirms the step.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use lintel_app::{people, setup as steps};
use lintel_domain::id::PublicId;
use lintel_domain::person::fold_email;
use lintel_domain::setup::{Setup as Standing, SetupStep};
use lintel_domain::staff::{Person, PersonDraft};
use lintel_edge::one::one;
use serde::Serialize;

use super::progress::Progress;
use super::{at, onward, page, path_of};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::Mistakes;
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::settings::license_rows::{self, Wish};
use crate::settings::people::PersonLine;
use crate::settings::person_fields::{self, PersonForm, Scope};
use crate::settings::told;
use crate::templates::Template;
use crate::visit::Setup;

const STEP: SetupStep = SetupStep::People;
/// Most people a list shows; a broker with more of them works on in the settings.
const MOST: u32 = 200;

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(path_of(STEP), get(one(list)).post(one(confirm)))
        .route(
            "/lender/sign-up/people/new",
            get(one(show_new)).post(one(add)),
        )
        .route(
            "/lender/sign-up/people/{id}",
            get(one(show)).post(one(save)),
        )
}

/// The list.
#[derive(Serialize)]
pub(crate) struct PeoplePage {
    progress: Progress,
    people: Vec<PersonLine>,
}

/// The form of somebody, there or new.
#[derive(Serialize)]
pub(crate) struct PersonPage {
    progress: Progress,
    form: PersonForm,
    action: String,
    is_new: bool,
}

impl Template for PeoplePage {
    const FILE: &'static str = "setup/people.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |progress| Self {
            progress,
            people: PersonLine::samples(),
        };
        Progress::samples().into_iter().map(page).collect()
    }
}

impl Template for PersonPage {
    const FILE: &'static str = "setup/person.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |(place, progress)| Self {
            progress,
            form: PersonForm::sample(),
            action: crate::templates::HOSTILE.to_owned(),
            is_new: place == 0,
        };
        Progress::samples()
            .into_iter()
            .enumerate()
            .map(page)
            .collect()
    }
}

/// Everybody at work, in the order mistakes count them in.
pub(super) async fn at_work(setup: &Setup) -> Result<Vec<Person>, Failure> {
    let mut page = people::list(setup.app(), setup.org(), MOST, 0).await?;
    page.people.retain(|person| person.is_active);
    Ok(page.people)
}

/// Somebody in the list, with the address of the set-up's own page.
pub(super) fn line(person: &Person) -> PersonLine {
    PersonLine::of(person, format!("{}/{}", path_of(STEP), person.public_id))
}

async fn list(setup: Setup) -> Answer {
    let standing = at(&setup, STEP).await?;
    list_page(&setup, &standing, &Mistakes::default()).await
}

async fn list_page(setup: &Setup, standing: &Standing, mistakes: &Mistakes) -> Answer {
    let people = at_work(setup).await?;
    page(setup, "Your people")
        .mistakes(mistakes)
        .render(&PeoplePage {
            progress: Progress::at(STEP, standing),
            people: people.iter().map(line).collect(),
        })
}

async fn confirm(setup: Setup, _form: Posted) -> Answer {
    let standing = at(&setup, STEP).await?;
    match Box::pin(steps::save_people(setup.app(), &setup.who, Vec::new())).await {
        Ok(_) => Ok(onward(STEP)),
        Err(error) => {
            let mistakes = told::mistakes(error, |_| false)?;
            list_page(&setup, &standing, &mistakes).await
        }
    }
}

fn person_page(
    setup: &Setup,
    standing: &Standing,
    person: Option<&Person>,
    form: PersonForm,
    mistakes: &Mistakes,
) -> Answer {
    let title = person.map_or_else(|| "Add a person".to_owned(), Person::display_name);
    let last = person.map_or("new", |p| p.public_id.as_str());
    page(setup, &title).mistakes(mistakes).render(&PersonPage {
        progress: Progress::at(STEP, standing),
        form,
        action: format!("{}/{last}", path_of(STEP)),
        is_new: person.is_none(),
    })
}

async fn show_new(setup: Setup) -> Answer {
    let standing = at(&setup, STEP).await?;
    let form = person_fields::form(None, Scope::Setup);
    person_page(&setup, &standing, None, form, &Mistakes::default())
}

async fn known(setup: &Setup, id: &str) -> Result<Person, Failure> {
    let id = PublicId::parse(id).ok_or(Failure::NotFound)?;
    Ok(people::load(setup.app(), setup.org(), &id).await?)
}

async fn show(setup: Setup, Path(id): Path<String>) -> Answer {
    let standing = at(&setup, STEP).await?;
    let person = known(&setup, &id).await?;
    let form = person_fields::form(Some(&person), Scope::Setup);
    person_page(&setup, &standing, Some(&person), form, &Mistakes::default())
}

async fn add(setup: Setup, posted: Posted) -> Answer {
    let standing = at(&setup, STEP).await?;
    let draft = person_fields::draft(&posted, Scope::Setup);
    // Storing somebody whose address is known would change that person: not what "add" says.
    let mut mistakes = Mistakes::default();
    let email = fold_email(draft.email.as_deref().unwrap_or_default().trim());
    let is_known = |person: &Person| fold_email(&person.email) == email;
    if at_work(&setup).await?.iter().any(is_known) {
        mistakes.add("email", "Somebody in your list has this email address.");
    }
    store(&setup, &standing, None, &posted, (draft, mistakes)).await
}

async fn save(setup: Setup, Path(id): Path<String>, posted: Posted) -> Answer {
    let standing = at(&setup, STEP).await?;
    let person = known(&setup, &id).await?;
    let draft = PersonDraft {
        // By our own id, whatever address or number is changed.
        uid: Some(person.public_id.to_string()),
        ..person_fields::draft(&posted, Scope::Setup)
    };
    let drafted = (draft, Mistakes::default());
    store(&setup, &standing, Some(&person), &posted, drafted).await
}

/// Stores one person, or shows the form again with what is wrong or with the rows asked for.
async fn store(
    setup: &Setup,
    standing: &Standing,
    person: Option<&Person>,
    posted: &Posted,
    (draft, mut mistakes): (PersonDraft, Mistakes),
) -> Answer {
    let again = |m: &Mistakes| person_fields::again(person, Scope::Setup, posted, m);
    if license_rows::wish(posted) != Wish::Save {
        let none = Mistakes::default();
        return person_page(setup, standing, person, again(&none), &none);
    }
    if mistakes.is_empty() {
        let saved = steps::save_people(setup.app(), &setup.who, vec![draft]);
        let Err(error) = Box::pin(saved).await else {
            let flash = if person.is_some() {
                Flash::Saved
            } else {
                Flash::PersonAdded
            };
            return setup.go_with(path_of(STEP), flash);
        };
        let form = again(&Mistakes::default());
        mistakes = told::mistakes(error, |name| person_fields::shows(&form, name))?;
    }
    person_page(setup, standing, person, again(&mistakes), &mistakes)
}
