//! Last step: everything at a glance, what is missing, and the button that ends the set-up.

use axum::Router;
use axum::routing::get;
use lintel_app::company::{self, Profile};
use lintel_app::error::AppError;
use lintel_app::setup as steps;
use lintel_domain::company::{CompanyFacts, LegalForm};
use lintel_domain::refusal::{Field as About, Rule};
use lintel_domain::setup::{Setup as Standing, SetupStep};
use lintel_domain::staff::Person;
use lintel_edge::one::one;
use serde::Serialize;

use super::people::{at_work, line};
use super::progress::{Progress, label};
use super::{DONE, at, page, path_of};
use crate::Answer;
use crate::brand::picture_path;
use crate::failure::Failure;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::settings::company_fields;
use crate::settings::license_rows::{self, LicenseLine};
use crate::settings::people::PersonLine;
use crate::settings::{states, told};
use crate::show;
use crate::templates::Template;
use crate::visit::Setup;

const STEP: SetupStep = SetupStep::Review;

pub(super) fn routes() -> Router<Pages> {
    Router::new().route(path_of(STEP), get(one(show_all)).post(one(finish)))
}

/// Everything that was entered.
#[derive(Serialize)]
pub(crate) struct ReviewPage {
    progress: Progress,
    missing: Vec<Missing>,
    lines: Vec<Line>,
    about: Option<String>,
    licenses: Vec<LicenseLine>,
    people: Vec<PersonLine>,
    logo: Option<String>,
    favicon: Option<String>,
    company_path: &'static str,
    licensing_path: &'static str,
    people_path: &'static str,
    branding_path: &'static str,
}

/// Something that keeps the set-up from being finished.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Missing {
    href: String,
    step: &'static str,
    text: String,
}

/// A line of the company's profile.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    label: &'static str,
    text: String,
}

impl Template for ReviewPage {
    const FILE: &'static str = "setup/review.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let empty = |progress| Self {
            progress,
            missing: Vec::new(),
            lines: Vec::new(),
            about: None,
            licenses: Vec::new(),
            people: Vec::new(),
            logo: None,
            favicon: None,
            company_path: "/",
            licensing_path: "/",
            people_path: "/",
            branding_path: "/",
        };
        let missing = Missing {
            href: text(),
            step: "Company",
            text: text(),
        };
        let line = Line {
            label: "Legal name",
            text: text(),
        };
        let full = |progress| Self {
            missing: vec![missing.clone()],
            lines: vec![line.clone()],
            about: Some(text()),
            licenses: license_rows::sample_lines(),
            people: PersonLine::samples(),
            logo: Some(text()),
            favicon: Some(text()),
            ..empty(progress)
        };
        let mut progress = Progress::samples().into_iter();
        progress
            .next()
            .map(empty)
            .into_iter()
            .chain(progress.map(full))
            .collect()
    }
}

async fn show_all(setup: Setup) -> Answer {
    let standing = at(&setup, STEP).await?;
    render(&setup, &standing, Vec::new()).await
}

async fn render(setup: &Setup, standing: &Standing, wrong: Vec<(About, Rule)>) -> Answer {
    let profile = company::profile(setup.app(), setup.org()).await?;
    let people = at_work(setup).await?;
    let missing: Vec<Missing> = wrong.iter().map(|w| missing(w, &people)).collect();
    let page = page(setup, "Review and finish");
    let page = if missing.is_empty() {
        page
    } else {
        page.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY)
    };
    page.render(&ReviewPage {
        progress: Progress::at(STEP, standing),
        missing,
        lines: lines(&profile),
        about: profile
            .facts
            .about_short
            .clone()
            .or(profile.facts.about.clone()),
        licenses: license_rows::lines(&profile.facts.licenses),
        people: people.iter().map(line).collect(),
        logo: profile.logo.as_ref().map(picture_path),
        favicon: profile.favicon.as_ref().map(picture_path),
        company_path: path_of(SetupStep::Company),
        licensing_path: path_of(SetupStep::Licensing),
        people_path: path_of(SetupStep::People),
        branding_path: path_of(SetupStep::Branding),
    })
}

/// What is missing, and the page where it is put right.
fn missing((about, rule): &(About, Rule), people: &[Person]) -> Missing {
    let step = SetupStep::of_field(about).unwrap_or(SetupStep::Company);
    let (name, text) = told::told(about, *rule);
    let anchor = |page: &str| format!("{page}#{}", crate::fields::id_of(&name));
    if let About::Person { person, .. } = about
        && let Some(person) = people.get(*person)
    {
        return Missing {
            href: anchor(&line(person).href),
            step: label(step),
            text: format!("{}: {text}", person.display_name()),
        };
    }
    Missing {
        href: anchor(path_of(step)),
        step: label(step),
        text,
    }
}

fn lines(profile: &Profile) -> Vec<Line> {
    let facts = &profile.facts;
    let mut lines = Vec::new();
    let mut add = |label, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            lines.push(Line { label, text });
        }
    };
    add("Company name", Some(facts.name.clone()));
    add("Legal name", facts.legal_name.clone());
    add(
        "Legal form",
        facts
            .legal_form
            .map(|f: LegalForm| company_fields::legal_form(f).to_owned()),
    );
    add(
        "Originator type",
        facts
            .originator
            .map(|o| company_fields::originator(o).to_owned()),
    );
    add("NMLS number", facts.nmls.clone());
    let tax_id = facts.tax_id.as_ref();
    add(
        "Tax ID",
        tax_id.map(|id| format!("ends in {}", id.last_four())),
    );
    add("Address", Some(address(facts)));
    add(
        "Phone",
        facts
            .phone
            .as_deref()
            .map(|p| phone(p, facts.phone_extension.as_deref())),
    );
    add("Email", facts.email.clone());
    add("Website", facts.website.clone());
    add("Loans offered", Some(offered(facts)));
    add(
        "Loan officer compensation",
        facts.officer_compensation.map(show::percent),
    );
    add("Pricing tier", facts.pricing_tier.clone());
    lines
}

fn phone(number: &str, extension: Option<&str>) -> String {
    let number = show::phone(number);
    extension.map_or(number.clone(), |extension| {
        format!("{number}, ext. {extension}")
    })
}

fn address(facts: &CompanyFacts) -> String {
    let parts = [
        facts.street.clone(),
        facts.unit.clone(),
        facts.city.clone(),
        facts.state.map(|state| {
            let zip = facts.postal_code.as_deref().unwrap_or_default();
            format!("{} {zip}", states::name(state))
                .trim_end()
                .to_owned()
        }),
        facts
            .county
            .as_ref()
            .map(|county| format!("{county} County")),
        facts.country.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn offered(facts: &CompanyFacts) -> String {
    let all = [
        (facts.offers_conventional, "Conventional"),
        (facts.offers_fha, "FHA"),
        (facts.offers_va, "VA"),
    ];
    let names: Vec<&str> = all
        .iter()
        .filter(|(offers, _)| *offers == Some(true))
        .map(|(_, name)| *name)
        .collect();
    if names.is_empty() {
        "None".to_owned()
    } else {
        names.join(", ")
    }
}

async fn finish(setup: Setup, _form: Posted) -> Answer {
    let standing = at(&setup, STEP).await?;
    match Box::pin(steps::complete(setup.app(), &setup.who)).await {
        Ok(_) => setup.go(DONE),
        Err(AppError::Refused(refusal)) if !refusal.mistakes().is_empty() => {
            render(&setup, &standing, refusal.mistakes()).await
        }
        Err(error) => Err(Failure::from(error)),
    }
}
