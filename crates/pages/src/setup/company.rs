//! First step: name, address, contact, what the company offers.

use axum::Router;
use axum::routing::get;
use lintel_app::{company, setup as steps};
use lintel_domain::setup::{Setup as Standing, SetupStep};
use lintel_edge::one::one;
use serde::Serialize;

use super::progress::Progress;
use super::{at, onward, page, path_of};
use crate::Answer;
use crate::fields::Mistakes;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::settings::company_fields::{self, Audience};
use crate::settings::parts::Group;
use crate::settings::told;
use crate::templates::Template;
use crate::visit::Setup;

const STEP: SetupStep = SetupStep::Company;

pub(super) fn routes() -> Router<Pages> {
    Router::new().route(path_of(STEP), get(one(show)).post(one(save)))
}

/// The form.
#[derive(Serialize)]
pub(crate) struct CompanyPage {
    progress: Progress,
    company: String,
    first_name: String,
    groups: Vec<Group>,
    tier: Option<String>,
}

impl Template for CompanyPage {
    const FILE: &'static str = "setup/company.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |progress| Self {
            progress,
            company: text(),
            first_name: text(),
            groups: vec![Group::new("Legend", crate::fields::Field::samples()).hint(text())],
            tier: Some(text()),
        };
        let mut pages: Vec<Self> = Progress::samples().into_iter().map(page).collect();
        if let Some(first) = pages.first_mut() {
            first.tier = None;
        }
        pages
    }
}

async fn show(setup: Setup) -> Answer {
    let standing = at(&setup, STEP).await?;
    render(&setup, &standing, None, &Mistakes::default()).await
}

async fn render(
    setup: &Setup,
    standing: &Standing,
    form: Option<&Posted>,
    mistakes: &Mistakes,
) -> Answer {
    let profile = company::profile(setup.app(), setup.org()).await?;
    let mut groups = company_fields::groups(&profile.facts, Audience::Setup);
    if let Some(form) = form {
        groups = company_fields::again(groups, form, mistakes);
    }
    let person = &setup.who.person;
    let first_name = person.preferred_name.as_ref().unwrap_or(&person.first_name);
    page(setup, "Your company")
        .mistakes(mistakes)
        .render(&CompanyPage {
            progress: Progress::at(STEP, standing),
            company: setup.org().name.clone(),
            first_name: first_name.clone(),
            groups,
            tier: profile.facts.pricing_tier,
        })
}

async fn save(setup: Setup, form: Posted) -> Answer {
    let standing = at(&setup, STEP).await?;
    let draft = company_fields::draft(&form);
    let saved = Box::pin(steps::save_company(setup.app(), &setup.who, draft)).await;
    let Err(error) = saved else {
        return Ok(onward(STEP));
    };
    let profile = company::profile(setup.app(), setup.org()).await?;
    let groups = company_fields::groups(&profile.facts, Audience::Setup);
    let shown = |name: &str| {
        groups
            .iter()
            .flat_map(|g| &g.fields)
            .any(|f| f.name() == name)
    };
    let mistakes = told::mistakes(error, shown)?;
    render(&setup, &standing, Some(&form), &mistakes).await
}
