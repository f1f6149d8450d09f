//! Second step: the company's licences.

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
use crate::settings::license_rows::{self, LicenseRows, Wish};
use crate::settings::told;
use crate::templates::Template;
use crate::visit::Setup;

const STEP: SetupStep = SetupStep::Licensing;

pub(super) fn routes() -> Router<Pages> {
    Router::new().route(path_of(STEP), get(one(show)).post(one(save)))
}

/// The form.
#[derive(Serialize)]
pub(crate) struct LicensingPage {
    progress: Progress,
    licenses: LicenseRows,
}

impl Template for LicensingPage {
    const FILE: &'static str = "setup/licensing.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |progress| Self {
            progress,
            licenses: license_rows::sample(),
        };
        Progress::samples().into_iter().map(page).collect()
    }
}

fn render(
    setup: &Setup,
    standing: &Standing,
    licenses: LicenseRows,
    mistakes: &Mistakes,
) -> Answer {
    let page = page(setup, "State licenses").mistakes(mistakes);
    page.render(&LicensingPage {
        progress: Progress::at(STEP, standing),
        licenses,
    })
}

async fn show(setup: Setup) -> Answer {
    let standing = at(&setup, STEP).await?;
    let profile = company::profile(setup.app(), setup.org()).await?;
    let rows = license_rows::stored(&profile.facts.licenses);
    let none = Mistakes::default();
    let view = license_rows::view(&rows, Wish::Save, &none);
    render(&setup, &standing, view, &none)
}

async fn save(setup: Setup, form: Posted) -> Answer {
    let standing = at(&setup, STEP).await?;
    let (rows, wish) = (license_rows::posted(&form), license_rows::wish(&form));
    let none = Mistakes::default();
    let plain = license_rows::view(&rows, wish, &none);
    if wish != Wish::Save {
        return render(&setup, &standing, plain, &none);
    }
    let drafts = license_rows::drafts(&rows);
    let saved = Box::pin(steps::save_licenses(setup.app(), &setup.who, drafts)).await;
    let Err(error) = saved else {
        return Ok(onward(STEP));
    };
    let mistakes = told::mistakes(error, |name| plain.shows(name))?;
    let view = license_rows::view(&rows, wish, &mistakes);
    render(&setup, &standing, view, &mistakes)
}
