//! Borrowers sign in and out, and ask for a link when they forgot the password.

use lintel_app::borrower::{self, BorrowerSignIn};
use lintel_app::error::AppError;
use lintel_app::{company, lead, session};
use serde::Serialize;

use crate::Answer;
use crate::brand;
use crate::cookie::Cookie;
use crate::failure::Failure;
use crate::fields::{Field, Mistakes};
use crate::flash::Flash;
use crate::layout::BrandView;
use crate::posted::Posted;
use crate::show::encoded;
use crate::templates::Template;
use crate::visit::{Visit, with_cookie};

const EMAIL: &str = "email";
const PASSWORD: &str = "password";
/// The word of an organisation's links: whose page it is, and in whose family to look.
const SLUG: &str = "p";

/// The sign-in page.
#[derive(Debug, Serialize)]
pub(crate) struct SignInView {
    email: Field,
    password: Field,
    slug: Option<Field>,
    forgot: String,
}

/// The page for a forgotten password.
#[derive(Debug, Serialize)]
pub(crate) struct ForgotView {
    email: Field,
    slug: Option<Field>,
    is_sent: bool,
    sign_in: String,
}

/// Whose page it is: the word of a link, when it stands for somebody, and how that looks.
async fn whose(visit: &Visit, slug: Option<&str>) -> Result<(Option<String>, BrandView), Failure> {
    let Some(slug) = slug else {
        return Ok((None, BrandView::default()));
    };
    let org = match lead::organisation_of(visit.app(), slug).await {
        Ok(org) => org,
        Err(AppError::Failed(fault)) => return Err(fault.into()),
        Err(AppError::Refused(_) | AppError::Document(_)) => {
            return Ok((None, BrandView::default()));
        }
    };
    let brand = company::brand_of(visit.app(), &org).await?;
    Ok((Some(slug.to_owned()), brand::view(&brand)))
}

fn with_slug(path: &str, slug: Option<&str>) -> String {
    slug.map_or_else(
        || path.to_owned(),
        |slug| format!("{path}?{SLUG}={}", encoded(slug)),
    )
}

pub(super) async fn show(visit: Visit) -> Answer {
    let slug = visit.query().text(SLUG).map(str::to_owned);
    write(&visit, slug.as_deref(), "", &Mistakes::default()).await
}

async fn write(visit: &Visit, slug: Option<&str>, email: &str, mistakes: &Mistakes) -> Answer {
    let (slug, brand) = whose(visit, slug).await?;
    let view = SignInView {
        email: Field::email(EMAIL, "Email")
            .value(email)
            .auto("username")
            .max(254)
            .required()
            .error(mistakes),
        password: Field::password(PASSWORD, "Password")
            .auto("current-password")
            .required(),
        forgot: with_slug("/app/forgot-password", slug.as_deref()),
        slug: slug.map(|slug| Field::hidden(SLUG, &slug)),
    };
    visit
        .page("Sign in")
        .brand(&brand)
        .narrow()
        .mistakes(mistakes)
        .render(&view)
}

pub(super) async fn enter(visit: Visit, form: Posted) -> Answer {
    let slug = form.text(SLUG);
    let (email, password) = (form.raw(EMAIL), form.raw(PASSWORD));
    let end = borrower::sign_in(visit.app(), slug, (email, password), &visit.visitor).await?;
    match end {
        BorrowerSignIn::Done { cookie } => {
            let answer = visit.go("/app/home")?;
            Ok(with_cookie(
                answer,
                visit.set_cookie(Cookie::Borrower, &cookie),
            ))
        }
        BorrowerSignIn::Refused => {
            let mut mistakes = Mistakes::default();
            mistakes.add(EMAIL, "Email or password is not right.");
            write(&visit, slug, email, &mistakes).await
        }
        BorrowerSignIn::Wait { seconds } => Err(Failure::Throttled { seconds }),
    }
}

pub(super) async fn leave(who: super::home::Borrower, _form: Posted) -> Answer {
    if let Some(cookie) = who.cookie(Cookie::Borrower) {
        session::end(who.app(), &cookie).await?;
    }
    let answer = who.go_with("/app/sign-in", Flash::SignedOut)?;
    Ok(with_cookie(answer, who.clear_cookie(Cookie::Borrower)))
}

pub(super) async fn forgot(visit: Visit) -> Answer {
    let slug = visit.query().text(SLUG).map(str::to_owned);
    write_forgot(&visit, slug.as_deref(), false).await
}

async fn write_forgot(visit: &Visit, slug: Option<&str>, is_sent: bool) -> Answer {
    let (slug, brand) = whose(visit, slug).await?;
    let view = ForgotView {
        email: Field::email(EMAIL, "Email")
            .auto("username")
            .max(254)
            .required(),
        is_sent,
        sign_in: with_slug("/app/sign-in", slug.as_deref()),
        slug: slug.map(|slug| Field::hidden(SLUG, &slug)),
    };
    visit
        .page("Forgot your password?")
        .brand(&brand)
        .narrow()
        .render(&view)
}

/// Says the same whether there is such an account or not.
pub(super) async fn ask(visit: Visit, form: Posted) -> Answer {
    let slug = form.text(SLUG);
    borrower::ask_link(visit.app(), slug, form.raw(EMAIL), &visit.visitor).await;
    write_forgot(&visit, slug, true).await
}

impl Template for SignInView {
    const FILE: &'static str = "signup/sign_in.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let of = |slug: Option<&str>| Self {
            email: Field::email(EMAIL, "Email").value(HOSTILE),
            password: Field::password(PASSWORD, "Password"),
            slug: slug.map(|slug| Field::hidden(SLUG, slug)),
            forgot: HOSTILE.to_owned(),
        };
        vec![of(None), of(Some(HOSTILE))]
    }
}

impl Template for ForgotView {
    const FILE: &'static str = "signup/forgot.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let of = |is_sent| Self {
            email: Field::email(EMAIL, "Email"),
            slug: Some(Field::hidden(SLUG, HOSTILE)),
            is_sent,
            sign_in: HOSTILE.to_owned(),
        };
        vec![of(true), of(false)]
    }
}
