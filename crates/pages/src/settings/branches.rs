//! Branches: the list, and each one with the officers that take borrowers there.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use lintel_app::branch;
use lintel_app::by::By;
use lintel_domain::branch::{Branch, BranchDraft};
use lintel_domain::id::PublicId;
use lintel_domain::staff::AccountStatus;
use lintel_edge::one::one;
use serde::Serialize;

use super::parts::{Group, Part, Tab, tabs};
use super::people::PersonLine;
use super::{page, states, told};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Field, Mistakes};
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::show;
use crate::templates::Template;
use crate::visit::Staff;

const BRANCHES: &str = "/lender/settings/branches";

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(BRANCHES, get(one(list)))
        .route(
            "/lender/settings/branches/new",
            get(one(show_new)).post(one(add)),
        )
        .route(
            "/lender/settings/branches/{id}",
            get(one(show_one)).post(one(save)),
        )
        .route(
            "/lender/settings/branches/{id}/status",
            post(one(set_status)),
        )
        .route(
            "/lender/settings/branches/{id}/officers",
            post(one(set_officers)),
        )
}

/// The list.
#[derive(Serialize)]
pub(crate) struct BranchesPage {
    tabs: Vec<Tab>,
    branches: Vec<BranchLine>,
}

/// A branch in the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BranchLine {
    href: String,
    id: String,
    name: String,
    place: String,
    phone: String,
    is_active: bool,
}

impl BranchLine {
    fn of(branch: &Branch) -> Self {
        let facts = &branch.facts;
        let place = [facts.city.as_deref(), facts.state.as_deref()];
        let place: Vec<&str> = place.into_iter().flatten().collect();
        Self {
            href: format!("{BRANCHES}/{}", branch.public_id),
            id: branch.public_id.to_string(),
            name: facts.name.clone(),
            place: place.join(", "),
            phone: facts.phone.as_deref().map(show::phone).unwrap_or_default(),
            is_active: branch.is_active,
        }
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let line = |is_active| Self {
            href: text(),
            id: text(),
            name: text(),
            place: text(),
            phone: text(),
            is_active,
        };
        vec![line(true), line(false)]
    }
}

impl Template for BranchesPage {
    const FILE: &'static str = "settings/branches.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |branches| Self {
            tabs: super::parts::sample_tabs(),
            branches,
        };
        vec![page(BranchLine::samples()), page(Vec::new())]
    }
}

/// One branch, there or new.
#[derive(Serialize)]
pub(crate) struct BranchPage {
    tabs: Vec<Tab>,
    groups: Vec<Group>,
    action: String,
    branch: Option<BranchLine>,
    officers: Vec<Officer>,
    others: Vec<PersonLine>,
}

/// Somebody of a branch who may be given borrowers.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Officer {
    id: String,
    line: PersonLine,
    is_assignable: bool,
    /// Whether the company's own rule includes the person.
    is_company_assignable: bool,
}

impl Template for BranchPage {
    const FILE: &'static str = "settings/branch.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let officer = |line: PersonLine| Officer {
            id: crate::templates::HOSTILE.to_owned(),
            is_assignable: line.is_active,
            is_company_assignable: line.is_active,
            line,
        };
        let page = |branch: Option<BranchLine>, people: Vec<PersonLine>| Self {
            tabs: super::parts::sample_tabs(),
            groups: vec![Group::new("Legend", Field::samples())],
            action: crate::templates::HOSTILE.to_owned(),
            branch,
            officers: people.iter().cloned().map(officer).collect(),
            others: people,
        };
        let mut pages = vec![page(None, Vec::new())];
        for line in BranchLine::samples() {
            pages.push(page(Some(line.clone()), PersonLine::samples()));
            pages.push(page(Some(line), Vec::new()));
        }
        pages
    }
}

fn groups(draft: &BranchDraft) -> Vec<Group> {
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let line = |name, label, text| Field::text(name, label).value(of(text)).max(200);
    vec![
        Group::new(
            "Branch",
            vec![
                line("name", "Name", &draft.name).required().half(),
                line("nmls", "NMLS number", &draft.nmls)
                    .max(12)
                    .keys("numeric")
                    .half(),
                Field::tel("phone", "Phone")
                    .value(of(&draft.phone))
                    .max(30)
                    .half(),
            ],
        ),
        Group::new(
            "Address",
            vec![
                line("street", "Street address", &draft.street).half(),
                line("unit", "Suite or unit", &draft.unit).half(),
                line("city", "City", &draft.city).third(),
                Field::select("state", "State", states::options("Not stated"))
                    .value(of(&draft.state))
                    .third(),
                line("postal_code", "ZIP code", &draft.postal_code)
                    .max(10)
                    .third(),
            ],
        ),
    ]
}

fn draft(form: &Posted) -> BranchDraft {
    let text = |name: &str| form.has(name).then(|| form.raw(name).to_owned());
    BranchDraft {
        name: text("name"),
        street: text("street"),
        unit: text("unit"),
        city: text("city"),
        state: text("state"),
        postal_code: text("postal_code"),
        phone: text("phone"),
        nmls: text("nmls"),
    }
}

fn refilled(form: &Posted, mistakes: &Mistakes) -> Vec<Group> {
    let mut groups = groups(&BranchDraft::default());
    for group in &mut groups {
        let fields = std::mem::take(&mut group.fields).into_iter();
        group.fields = fields.map(|f| f.with(form).error(mistakes)).collect();
    }
    groups
}

fn is_shown(name: &str) -> bool {
    let groups = groups(&BranchDraft::default());
    groups
        .iter()
        .flat_map(|g| &g.fields)
        .any(|f| f.name() == name)
}

async fn list(staff: Staff) -> Answer {
    Part::Branches.require(&staff)?;
    let branches = branch::list(staff.app(), staff.org()).await?;
    page(&staff, "Branches").render(&BranchesPage {
        tabs: tabs(&staff, Some(Part::Branches)),
        branches: branches.iter().map(BranchLine::of).collect(),
    })
}

async fn show_new(staff: Staff) -> Answer {
    Part::Branches.require(&staff)?;
    new_page(
        &staff,
        groups(&BranchDraft::default()),
        &Mistakes::default(),
    )
}

fn new_page(staff: &Staff, groups: Vec<Group>, mistakes: &Mistakes) -> Answer {
    page(staff, "Add a branch")
        .mistakes(mistakes)
        .render(&BranchPage {
            tabs: tabs(staff, Some(Part::Branches)),
            groups,
            action: format!("{BRANCHES}/new"),
            branch: None,
            officers: Vec::new(),
            others: Vec::new(),
        })
}

async fn add(staff: Staff, form: Posted) -> Answer {
    Part::Branches.require(&staff)?;
    match branch::create(staff.app(), &By::Person(&staff.who), draft(&form)).await {
        Ok(branch) => {
            let path = format!("{BRANCHES}/{}", branch.public_id);
            staff.go_with(&path, Flash::BranchAdded)
        }
        Err(error) => {
            let mistakes = told::mistakes(error, is_shown)?;
            new_page(&staff, refilled(&form, &mistakes), &mistakes)
        }
    }
}

async fn known(staff: &Staff, id: &str) -> Result<Branch, Failure> {
    let id = PublicId::parse(id).ok_or(Failure::NotFound)?;
    Ok(branch::load(staff.app(), staff.org(), &id).await?)
}

async fn show_one(staff: Staff, Path(id): Path<String>) -> Answer {
    Part::Branches.require(&staff)?;
    let branch = known(&staff, &id).await?;
    let groups = groups(&BranchDraft::from(&branch.facts));
    branch_page(&staff, &branch, groups, &Mistakes::default()).await
}

async fn branch_page(
    staff: &Staff,
    branch: &Branch,
    groups: Vec<Group>,
    mistakes: &Mistakes,
) -> Answer {
    let members = branch::members(staff.app(), staff.org(), &branch.public_id).await?;
    let (mut officers, mut others) = (Vec::new(), Vec::new());
    for person in &members {
        let path = format!("/lender/settings/people/{}", person.public_id);
        let line = PersonLine::of(person, path);
        let place = person.branches.iter().find(|own| own.id == branch.id);
        if person.roles.needs_license() && person.is_active {
            officers.push(Officer {
                id: person.public_id.to_string(),
                line,
                is_assignable: place.is_some_and(|place| place.is_assignable),
                is_company_assignable: person.is_assignable,
            });
        } else {
            others.push(line);
        }
    }
    let page = page(staff, &branch.facts.name).mistakes(mistakes);
    page.render(&BranchPage {
        tabs: tabs(staff, Some(Part::Branches)),
        groups,
        action: format!("{BRANCHES}/{}", branch.public_id),
        branch: Some(BranchLine::of(branch)),
        officers,
        others,
    })
}

async fn save(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    Part::Branches.require(&staff)?;
    let branch = known(&staff, &id).await?;
    let by = By::Person(&staff.who);
    match branch::update(staff.app(), &by, &branch.public_id, draft(&form)).await {
        Ok(_) => staff.go_with(&format!("{BRANCHES}/{id}"), Flash::Saved),
        Err(error) => {
            let mistakes = told::mistakes(error, is_shown)?;
            branch_page(&staff, &branch, refilled(&form, &mistakes), &mistakes).await
        }
    }
}

async fn set_status(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    Part::Branches.require(&staff)?;
    let branch = known(&staff, &id).await?;
    let (status, flash) = match form.raw("status") {
        "active" => (AccountStatus::Active, Flash::SwitchedOn),
        "inactive" => (AccountStatus::Inactive, Flash::BranchClosed),
        _ => return Err(Failure::BadForm),
    };
    branch::set_status(
        staff.app(),
        &By::Person(&staff.who),
        &branch.public_id,
        status,
    )
    .await?;
    staff.go_with(&format!("{BRANCHES}/{id}"), flash)
}

/// Takes the ticks of the list: everybody it showed and nobody else.
async fn set_officers(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    Part::Branches.require(&staff)?;
    let branch = known(&staff, &id).await?;
    let members = branch::members(staff.app(), staff.org(), &branch.public_id).await?;
    let (listed, ticked) = (form.list("listed"), form.list("officers"));
    let mut changes = Vec::new();
    for person in members {
        let word = person.public_id.as_str();
        let place = person.branches.iter().find(|own| own.id == branch.id);
        let is_now = place.is_some_and(|place| place.is_assignable);
        let is_wanted = ticked.contains(&word);
        if listed.contains(&word) && is_now != is_wanted {
            changes.push((person.public_id.clone(), is_wanted));
        }
    }
    let by = By::Person(&staff.who);
    branch::set_all_assignable(staff.app(), &by, &branch.public_id, &changes).await?;
    staff.go_with(&format!("{BRANCHES}/{id}"), Flash::Saved)
}
