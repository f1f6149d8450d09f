//! Fourth step: logo, icon, colours.

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
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::settings::company::{Branding, branding_draft};
use crate::settings::told;
use crate::templates::Template;
use crate::visit::Setup;

const STEP: SetupStep = SetupStep::Branding;

pub(super) fn routes() -> Router<Pages> {
    Router::new().route(path_of(STEP), get(one(show)).post(one(save)))
}

/// The form.
#[derive(Serialize)]
pub(crate) struct BrandingPage {
    progress: Progress,
    branding: Branding,
}

impl Template for BrandingPage {
    const FILE: &'static str = "setup/branding.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |(progress, branding)| Self { progress, branding };
        let progress = Progress::samples().into_iter();
        progress.zip(Branding::samples()).map(page).collect()
    }
}

fn render(setup: &Setup, standing: &Standing, branding: Branding, mistakes: &Mistakes) -> Answer {
    page(setup, "Branding")
        .mistakes(mistakes)
        .render(&BrandingPage {
            progress: Progress::at(STEP, standing),
            branding,
        })
}

async fn show(setup: Setup) -> Answer {
    let standing = at(&setup, STEP).await?;
    let profile = company::profile(setup.app(), setup.org()).await?;
    render(
        &setup,
        &standing,
        Branding::of(&profile),
        &Mistakes::default(),
    )
}

async fn save(setup: Setup, form: Posted) -> Answer {
    let standing = at(&setup, STEP).await?;
    let profile = company::profile(setup.app(), setup.org()).await?;
    let draft = branding_draft(&form, &profile);
    let has_picture = draft.logo.is_some() || draft.favicon.is_some();
    let saved = Box::pin(steps::save_branding(setup.app(), &setup.who, draft)).await;
    let Err(error) = saved else {
        // A new picture is looked at before going on.
        if has_picture && form.text("preview").is_some() {
            return setup.go_with(path_of(STEP), Flash::Saved);
        }
        return Ok(onward(STEP));
    };
    let branding = Branding::of(&profile);
    let mistakes = told::mistakes(error, |name| branding.shows(name))?;
    render(
        &setup,
        &standing,
        branding.again(&form, &mistakes),
        &mistakes,
    )
}
