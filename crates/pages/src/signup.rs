//! The pages of borrowers: signing up by a link, choosing a password, signing in, their requests.

mod form;
pub(crate) mod home;
mod loans;
mod names;
mod offer;
mod officer;
pub(crate) mod sign_in;
pub(crate) mod welcome;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use lintel_app::company;
use lintel_app::error::AppError;
use lintel_app::signup::{self, Door, SignupPage, Submission, Submitted};
use lintel_domain::id::PublicId;
use lintel_domain::refusal::Refusal;
use lintel_domain::signup::SignupDraft;
use lintel_edge::one::one;
use serde::Serialize;

use crate::Answer;
use crate::brand;
use crate::failure::Failure;
use crate::fields::Mistakes;
use crate::layout::BrandView;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::show::When;
use crate::templates::Template;
use crate::visit::Visit;
use form::{About, SOURCE, SUBMISSION, SignupForm};
use offer::OfferView;
use officer::{CompanyView, OfficerView};

/// The sign-up page.
#[derive(Debug, Serialize)]
pub(crate) struct SignupView {
    action: String,
    company: CompanyView,
    officer: Option<OfficerView>,
    offer: Option<OfferView>,
    is_used: bool,
    form: SignupForm,
}

/// The page of a link that leads nowhere.
#[derive(Debug, Serialize)]
pub(crate) struct GoneView {}

/// The page after the form was sent.
#[derive(Debug, Serialize)]
pub(crate) struct DoneView {
    company: String,
}

async fn by_link(visit: Visit, Path((slug, code)): Path<(String, String)>) -> Answer {
    show(&visit, &Door::Link { slug, code }).await
}

async fn by_company(visit: Visit, Path(slug): Path<String>) -> Answer {
    show(&visit, &Door::Company { slug }).await
}

async fn by_officer(visit: Visit, Path(uid): Path<String>) -> Answer {
    show(&visit, &Door::Officer { uid }).await
}

async fn send_by_link(
    visit: Visit,
    Path((slug, code)): Path<(String, String)>,
    form: Posted,
) -> Answer {
    take(&visit, Door::Link { slug, code }, &form).await
}

async fn send_by_company(visit: Visit, Path(slug): Path<String>, form: Posted) -> Answer {
    take(&visit, Door::Company { slug }, &form).await
}

async fn send_by_officer(visit: Visit, Path(uid): Path<String>, form: Posted) -> Answer {
    take(&visit, Door::Officer { uid }, &form).await
}

/// The form, filled with what the link says first and what is known of its lead after.
async fn show(visit: &Visit, door: &Door) -> Answer {
    let page = match signup::open(visit.app(), door).await {
        Ok(page) => page,
        Err(error) => return no_link(visit, error),
    };
    let draft = form::of_query(visit.query()).readable(page.today);
    let draft = draft.or(page.prefill.clone()).with_likely_purpose();
    let source = visit.query().text(SOURCE);
    let source = source.and_then(PublicId::parse).map(|id| id.to_string());
    let about = About::new(visit.app(), &page.org.name, page.offer.as_ref(), source)?;
    write(visit, &page, &about, &draft, &Mistakes::default()).await
}

async fn take(visit: &Visit, door: Door, form: &Posted) -> Answer {
    let draft = form::of_post(form);
    let source = form.text(SOURCE).map(str::to_owned);
    let submission = Submission {
        door: door.clone(),
        source: source.clone(),
        id: form.raw(SUBMISSION).to_owned(),
        draft: draft.clone(),
        visitor: visit.visitor.clone(),
    };
    match signup::submit(visit.app(), submission).await {
        Ok(Submitted::Done { org }) => visit.go(&format!("/app/signup/done?c={org}")),
        Ok(Submitted::Later { seconds }) => Err(Failure::Throttled { seconds }),
        Ok(Submitted::Mistakes(found)) => {
            let page = signup::open(visit.app(), &door).await?;
            let mistakes = form::mistakes(&found);
            let about = About {
                company: &page.org.name,
                has_offer: page.offer.is_some(),
                has_purpose: form::says_purpose(page.offer.as_ref()),
                submission: form.raw(SUBMISSION).to_owned(),
                source,
            };
            write(visit, &page, &about, &draft, &mistakes).await
        }
        Err(error) => no_link(visit, error),
    }
}

async fn write(
    visit: &Visit,
    page: &SignupPage,
    about: &About<'_>,
    draft: &SignupDraft,
    mistakes: &Mistakes,
) -> Answer {
    let brand = company::brand_of(visit.app(), &page.org).await?;
    let view = SignupView {
        action: visit.path.clone(),
        company: CompanyView::of(&brand),
        officer: page.officer.as_ref().map(OfficerView::of),
        offer: page
            .offer
            .as_ref()
            .map(|offer| OfferView::of(&offer.loan, Some(When::of(offer.stated_at)))),
        is_used: page.is_used,
        form: SignupForm::new(about, draft, mistakes),
    };
    visit
        .page("Get started")
        .brand(&brand::view(&brand))
        .mistakes(mistakes)
        .render(&view)
}

/// A link that never was, or whose people are gone: the same page for both.
fn no_link(visit: &Visit, error: AppError) -> Answer {
    match error {
        AppError::Refused(Refusal::NotFound { .. }) => visit
            .page("This link no longer works")
            .narrow()
            .status(StatusCode::GONE)
            .render(&GoneView {}),
        AppError::Refused(_) | AppError::Document(_) | AppError::Failed(_) => Err(error.into()),
    }
}

/// Says the same whoever signed up.
async fn done(visit: Visit) -> Answer {
    let id = visit.query().text("c").and_then(PublicId::parse);
    let brand = match id {
        Some(id) => company::brand(visit.app(), &id).await?,
        None => None,
    };
    let view = DoneView {
        company: brand.as_ref().map_or("", |brand| &brand.name).to_owned(),
    };
    let brand = brand.as_ref().map_or_else(BrandView::default, brand::view);
    visit
        .page("Check your email")
        .brand(&brand)
        .narrow()
        .render(&view)
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route(
            "/app/signup/p/{slug}",
            get(one(by_company)).post(one(send_by_company)),
        )
        .route(
            "/app/signup/p/{slug}/r/{code}",
            get(one(by_link)).post(one(send_by_link)),
        )
        .route(
            "/app/signup/partner/{uid}",
            get(one(by_officer)).post(one(send_by_officer)),
        )
        .route("/app/signup/done", get(one(done)))
        .route(
            "/app/welcome/{token}",
            get(one(welcome::show)).post(one(welcome::choose)),
        )
        .route(
            "/app/sign-in",
            get(one(sign_in::show)).post(one(sign_in::enter)),
        )
        .route("/app/sign-out", post(one(sign_in::leave)))
        .route(
            "/app/forgot-password",
            get(one(sign_in::forgot)).post(one(sign_in::ask)),
        )
        .route("/app/home", get(one(home::show)))
        .route("/app/mail", post(one(home::choose)))
}

impl Template for SignupView {
    const FILE: &'static str = "signup/form.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        use lintel_domain::refusal::Rule;
        use lintel_domain::signup::SignupField;
        let mut draft = SignupDraft::default();
        for field in SignupField::all() {
            draft.offer(field, HOSTILE);
        }
        let found: Vec<(SignupField, Rule)> = SignupField::all()
            .into_iter()
            .zip([Rule::Missing, Rule::Malformed].into_iter().cycle())
            .collect();
        let mistakes = form::mistakes(&found);
        let sample = |has_offer: bool| {
            let about = About {
                company: HOSTILE,
                has_offer,
                has_purpose: has_offer,
                submission: HOSTILE.to_owned(),
                source: has_offer.then(|| HOSTILE.to_owned()),
            };
            Self {
                action: HOSTILE.to_owned(),
                company: CompanyView::sample(),
                officer: has_offer.then(OfficerView::sample),
                offer: has_offer.then(OfferView::sample),
                is_used: has_offer,
                form: SignupForm::new(&about, &draft, &mistakes),
            }
        };
        vec![sample(true), sample(false)]
    }
}

impl Template for GoneView {
    const FILE: &'static str = "signup/gone.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

impl Template for DoneView {
    const FILE: &'static str = "signup/done.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let of = |company: &str| Self {
            company: company.to_owned(),
        };
        vec![of(crate::templates::HOSTILE), of("")]
    }
}
