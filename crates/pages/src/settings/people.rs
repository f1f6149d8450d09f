//! Who works here: the list, and the pages of each person below.

mod person;
mod status;

use axum::Router;
use axum::routing::get;
use lintel_app::people;
use lintel_domain::staff::Person;
use lintel_edge::one::one;
use serde::Serialize;

#[cfg(test)]
pub(crate) use person::{PersonPage, PersonReadPage};
#[cfg(test)]
pub(crate) use status::PersonConfirmPage;

use super::page;
use super::parts::{Part, Tab, tabs};
use crate::Answer;
use crate::brand::picture_path;
use crate::failure::Failure;
use crate::fields::{Choice, Field};
use crate::pages::Pages;
use crate::show;
use crate::templates::Template;
use crate::visit::Staff;
use lintel_domain::permission::Permission;

pub(super) const PEOPLE: &str = "/lender/settings/people";
/// People on one page of the list.
const PER_PAGE: u32 = 50;

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(PEOPLE, get(one(list)))
        .merge(person::routes())
        .merge(status::routes())
}

/// The list.
#[derive(Serialize)]
pub(crate) struct PeoplePage {
    tabs: Vec<Tab>,
    may_edit: bool,
    search: Field,
    show: Field,
    is_filtered: bool,
    total: String,
    people: Vec<PersonLine>,
    pager: Option<Pager>,
}

/// Somebody in the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PersonLine {
    /// Where the person's page is.
    pub href: String,
    /// Name.
    pub name: String,
    /// First letters of it.
    pub initials: String,
    /// Path of the picture.
    pub picture: Option<String>,
    /// Mail address.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Roles, as titles.
    pub roles: Vec<&'static str>,
    /// Primary branch.
    pub branch: Option<String>,
    /// States of the licences.
    pub states: String,
    /// Whether the account is on.
    pub is_active: bool,
}

impl PersonLine {
    /// Somebody, with the address of a page about them.
    pub(crate) fn of(person: &Person, href: String) -> Self {
        let first = person.preferred_name.as_ref().unwrap_or(&person.first_name);
        let states: Vec<&str> = person.licenses.iter().map(|l| l.state.as_str()).collect();
        Self {
            href,
            name: person.display_name(),
            initials: show::initials(first, &person.last_name),
            picture: person.headshot.as_ref().map(picture_path),
            email: person.email.clone(),
            phone: person.phone.as_deref().map(show::phone).unwrap_or_default(),
            roles: person.roles.iter().map(|role| role.title()).collect(),
            branch: person.primary_branch().map(|branch| branch.name.clone()),
            states: states.join(", "),
            is_active: person.is_active,
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let full = Self {
            href: text(),
            name: text(),
            initials: text(),
            picture: Some(text()),
            email: text(),
            phone: text(),
            roles: vec!["Admin", "Loan Officer"],
            branch: Some(text()),
            states: text(),
            is_active: true,
        };
        let bare = Self {
            picture: None,
            branch: None,
            states: String::new(),
            is_active: false,
            ..full.clone()
        };
        vec![full, bare]
    }
}

/// Where the pages before and after this one are.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Pager {
    previous: Option<String>,
    next: Option<String>,
    text: String,
}

impl Pager {
    /// For so many entries in all; `None` when one page holds them. `query` is the rest of the query,
    /// ending in `&` unless it is empty.
    pub(crate) fn of(path: &str, query: &str, at: u32, per_page: u32, total: u64) -> Option<Self> {
        let last = total.div_ceil(u64::from(per_page.max(1)));
        if last <= 1 && at <= 1 {
            return None;
        }
        let link = |page: u32| format!("{path}?{query}page={page}");
        Some(Self {
            previous: (at > 1).then(|| link(at - 1)),
            next: (u64::from(at) < last).then(|| link(at.saturating_add(1))),
            text: format!("Page {at} of {}", last.max(1)),
        })
    }
}

impl Template for PeoplePage {
    const FILE: &'static str = "settings/people.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |people: Vec<PersonLine>, is_filtered, may_edit| Self {
            tabs: super::parts::sample_tabs(),
            may_edit,
            search: Field::text("q", "Search"),
            show: Field::select("show", "Show", vec![Choice::new("all", "All")]),
            is_filtered,
            total: crate::templates::HOSTILE.to_owned(),
            pager: Pager::of("/people", "q=x&", 2, 50, 120),
            people,
        };
        vec![
            page(PersonLine::samples(), true, true),
            page(PersonLine::samples(), false, false),
            page(Vec::new(), true, true),
            page(Vec::new(), false, true),
        ]
    }
}

async fn list(staff: Staff) -> Answer {
    Part::People.require(&staff)?;
    let query = staff.query();
    let text = query.text("q");
    let shown = match query.text("show") {
        Some(word @ ("inactive" | "all")) => word,
        Some(_) | None => "active",
    };
    let is_active = match shown {
        "active" => Some(true),
        "inactive" => Some(false),
        _ => None,
    };
    let at = query.page();
    let found = search(&staff, text, is_active, at).await?;
    let choices = [
        ("active", "Active"),
        ("inactive", "Inactive"),
        ("all", "Everybody"),
    ];
    let choices = choices.map(|(value, label)| Choice::new(value, label));
    let rest = text.map_or_else(String::new, |t| format!("q={}&", show::encoded(t)));
    let rest = format!("{rest}show={shown}&");
    let line = |p: &Person| PersonLine::of(p, format!("{PEOPLE}/{}", p.public_id));
    page(&staff, "People").render(&PeoplePage {
        tabs: tabs(&staff, Some(Part::People)),
        may_edit: staff.may(Permission::EditPeople),
        search: Field::text("q", "Name or email").maybe(text).max(100),
        show: Field::select("show", "Show", choices.to_vec()).value(shown),
        is_filtered: text.is_some() || shown != "active",
        total: match found.total {
            1 => "1 person".to_owned(),
            n => format!("{} people", show::grouped(n)),
        },
        people: found.people.iter().map(line).collect(),
        pager: Pager::of(PEOPLE, &rest, at, PER_PAGE, found.total),
    })
}

/// The people a search finds, one page of them.
async fn search(
    staff: &Staff,
    text: Option<&str>,
    is_active: Option<bool>,
    at: u32,
) -> Result<people::PeoplePage, Failure> {
    let query = people::PeopleQuery {
        text: text.map(str::to_owned),
        is_active,
        limit: PER_PAGE,
        offset: (at - 1).saturating_mul(PER_PAGE),
    };
    Ok(people::search(staff.app(), staff.org(), query).await?)
}
