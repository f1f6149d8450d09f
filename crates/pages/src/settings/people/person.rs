//! One person: adding, reading, changing.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use lintel_app::by::By;
use lintel_app::{branch, lead, people};
use lintel_domain::branch::Branch;
use lintel_domain::id::PublicId;
use lintel_domain::permission::Permission;
use lintel_domain::staff::Person;
use lintel_edge::one::one;
use serde::Serialize;

use super::{PEOPLE, PersonLine};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Field, Mistakes};
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::settings::company::{PICTURES, picture_draft};
use crate::settings::license_rows::{self, LicenseLine, Wish};
use crate::settings::parts::{Part, Tab, tabs};
use crate::settings::person_fields::{self, PersonForm, Scope};
use crate::settings::{page, told};
use crate::templates::Template;
use crate::visit::Staff;

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(
            "/lender/settings/people/new",
            get(one(show_new)).post(one(add)),
        )
        .route(
            "/lender/settings/people/{id}",
            get(one(show)).post(one(save)),
        )
        .route(
            "/lender/settings/people/{id}/picture",
            post(one(save_picture)),
        )
}

/// The form of a person, there or new.
#[derive(Serialize)]
pub(crate) struct PersonPage {
    tabs: Vec<Tab>,
    form: PersonForm,
    action: String,
    person: Option<Known>,
}

/// What there is beside the form once the person is stored.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Known {
    line: PersonLine,
    id: String,
    picture: Field,
    signup_url: Option<String>,
    is_oneself: bool,
}

/// A person for somebody who may only read.
#[derive(Serialize)]
pub(crate) struct PersonReadPage {
    tabs: Vec<Tab>,
    line: PersonLine,
    nmls: Option<String>,
    timezone: Option<String>,
    licenses: Vec<LicenseLine>,
    branches: Vec<String>,
}

impl Template for PersonPage {
    const FILE: &'static str = "settings/person.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |person| Self {
            tabs: crate::settings::parts::sample_tabs(),
            form: PersonForm::sample(),
            action: text(),
            person,
        };
        let mut pages = vec![page(None)];
        for (index, line) in PersonLine::samples().into_iter().enumerate() {
            pages.push(page(Some(Known {
                line,
                id: text(),
                picture: Field::file("headshot", "Picture", PICTURES),
                signup_url: (index == 0).then(text),
                is_oneself: index == 0,
            })));
        }
        pages
    }
}

impl Template for PersonReadPage {
    const FILE: &'static str = "settings/person_read.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let full = |line| Self {
            tabs: crate::settings::parts::sample_tabs(),
            line,
            nmls: Some(text()),
            timezone: Some(text()),
            licenses: license_rows::sample_lines(),
            branches: vec![text()],
        };
        let mut pages: Vec<Self> = PersonLine::samples().into_iter().map(full).collect();
        if let Some(bare) = pages.last_mut() {
            (bare.nmls, bare.timezone) = (None, None);
            bare.licenses.clear();
            bare.branches.clear();
        }
        pages
    }
}

/// Somebody of one's own organisation; everybody else's people are not there.
pub(super) async fn known(staff: &Staff, id: &str) -> Result<Person, Failure> {
    let id = PublicId::parse(id).ok_or(Failure::NotFound)?;
    Ok(people::load(staff.app(), staff.org(), &id).await?)
}

/// The branches somebody can be put into: the active ones, and those the person is in.
async fn places(staff: &Staff, person: Option<&Person>) -> Result<Vec<Branch>, Failure> {
    let mut branches = branch::list(staff.app(), staff.org()).await?;
    let is_of = |b: &Branch| person.is_some_and(|p| p.branches.iter().any(|own| own.id == b.id));
    branches.retain(|branch| branch.is_active || is_of(branch));
    Ok(branches)
}

async fn show_new(staff: Staff) -> Answer {
    staff.require(Permission::EditPeople)?;
    let branches = places(&staff, None).await?;
    let form = person_fields::form(None, Scope::Settings(&branches));
    new_page(&staff, form, &Mistakes::default())
}

fn new_page(staff: &Staff, form: PersonForm, mistakes: &Mistakes) -> Answer {
    page(staff, "Add a person")
        .mistakes(mistakes)
        .render(&PersonPage {
            tabs: tabs(staff, Some(Part::People)),
            form,
            action: format!("{PEOPLE}/new"),
            person: None,
        })
}

async fn add(staff: Staff, posted: Posted) -> Answer {
    staff.require(Permission::EditPeople)?;
    let branches = places(&staff, None).await?;
    let scope = Scope::Settings(&branches);
    let mistakes = if license_rows::wish(&posted) == Wish::Save {
        let draft = person_fields::draft(&posted, scope);
        let added = Box::pin(people::add(staff.app(), &By::Person(&staff.who), draft)).await;
        let error = match added {
            Ok(person) => {
                let path = format!("{PEOPLE}/{}", person.public_id);
                return staff.go_with(&path, Flash::PersonAdded);
            }
            Err(error) => error,
        };
        let form = person_fields::again(None, scope, &posted, &Mistakes::default());
        told::mistakes(error, |name| person_fields::shows(&form, name))?
    } else {
        Mistakes::default()
    };
    let form = person_fields::again(None, scope, &posted, &mistakes);
    new_page(&staff, form, &mistakes)
}

async fn show(staff: Staff, Path(id): Path<String>) -> Answer {
    Part::People.require(&staff)?;
    let person = known(&staff, &id).await?;
    if !staff.may(Permission::EditPeople) {
        return read_page(&staff, &person);
    }
    let branches = places(&staff, Some(&person)).await?;
    let form = person_fields::form(Some(&person), Scope::Settings(&branches));
    person_page(&staff, &person, form, &Mistakes::default())
}

fn person_page(staff: &Staff, person: &Person, form: PersonForm, mistakes: &Mistakes) -> Answer {
    let path = format!("{PEOPLE}/{}", person.public_id);
    let picture = Field::file("headshot", "Picture", PICTURES)
        .hint("PNG or JPEG, at most 2 MB. Borrowers see it on the sign-up page.");
    let takes_borrowers = person.is_active && person.roles.may(Permission::BeAssigned);
    let signup_url = match takes_borrowers {
        true => Some(lead::officer_signup_url(staff.app(), &person.public_id)?),
        false => None,
    };
    let page = page(staff, &person.display_name()).mistakes(mistakes);
    page.render(&PersonPage {
        tabs: tabs(staff, Some(Part::People)),
        form,
        action: path.clone(),
        person: Some(Known {
            line: PersonLine::of(person, path),
            id: person.public_id.to_string(),
            picture: picture.error(mistakes),
            signup_url,
            is_oneself: person.id == staff.person().id,
        }),
    })
}

fn read_page(staff: &Staff, person: &Person) -> Answer {
    let path = format!("{PEOPLE}/{}", person.public_id);
    page(staff, &person.display_name()).render(&PersonReadPage {
        tabs: tabs(staff, Some(Part::People)),
        line: PersonLine::of(person, path),
        nmls: person.nmls.clone(),
        timezone: person.timezone.map(person_fields::zone_name),
        licenses: license_rows::lines(&person.licenses),
        branches: person.branches.iter().map(|b| b.name.clone()).collect(),
    })
}

async fn save(staff: Staff, Path(id): Path<String>, posted: Posted) -> Answer {
    staff.require(Permission::EditPeople)?;
    let person = known(&staff, &id).await?;
    let branches = places(&staff, Some(&person)).await?;
    let scope = Scope::Settings(&branches);
    let again = |m: &Mistakes| person_fields::again(Some(&person), scope, &posted, m);
    let mistakes = if license_rows::wish(&posted) == Wish::Save {
        let draft = person_fields::draft(&posted, scope);
        let by = By::Person(&staff.who);
        let updated = people::update(staff.app(), &by, &person.public_id, draft);
        let Err(error) = Box::pin(updated).await else {
            return staff.go_with(&format!("{PEOPLE}/{}", person.public_id), Flash::Saved);
        };
        let form = again(&Mistakes::default());
        told::mistakes(error, |name| person_fields::shows(&form, name))?
    } else {
        Mistakes::default()
    };
    person_page(&staff, &person, again(&mistakes), &mistakes)
}

async fn save_picture(staff: Staff, Path(id): Path<String>, posted: Posted) -> Answer {
    staff.require(Permission::EditPeople)?;
    let person = known(&staff, &id).await?;
    let mut mistakes = Mistakes::default();
    if let Some(picture) = picture_draft(&posted, "headshot") {
        // The picture alone: what else is known of the person may be less than a form asks for.
        let (who, org) = (staff.who.principal(), staff.org().public_id.as_str());
        let pictures = vec![(person.public_id.to_string(), picture)];
        let updated = people::set_headshots(staff.app(), &who, org, pictures);
        let Err(error) = Box::pin(updated).await else {
            return staff.go_with(&format!("{PEOPLE}/{}", person.public_id), Flash::Saved);
        };
        mistakes = told::mistakes(error, |name| name == "headshot")?;
    } else {
        mistakes.add("headshot", "Choose a file for the picture.");
    }
    let branches = places(&staff, Some(&person)).await?;
    let form = person_fields::form(Some(&person), Scope::Settings(&branches));
    person_page(&staff, &person, form, &mistakes)
}
