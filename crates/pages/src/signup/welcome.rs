//! The link of the first letter: a borrower chooses a password and is signed in.

use axum::extract::Path;
use lintel_app::borrower::{self, Welcomed};
use lintel_app::company;
use serde::Serialize;

use crate::Answer;
use crate::brand;
use crate::cookie::Cookie;
use crate::fields::{Field, Mistakes};
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::{Visit, with_cookie};

const PASSWORD: &str = "password";

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct WelcomeView {
    action: String,
    email: String,
    has_password: bool,
    password: Field,
}

pub(super) async fn show(visit: Visit, Path(token): Path<String>) -> Answer {
    write(&visit, &token, &Mistakes::default()).await
}

/// The page; looking at it does not use the link up.
async fn write(visit: &Visit, token: &str, mistakes: &Mistakes) -> Answer {
    let Some(welcoming) = borrower::welcoming(visit.app(), token).await? else {
        return gone(visit);
    };
    let brand = company::brand_of(visit.app(), &welcoming.org).await?;
    let view = WelcomeView {
        action: visit.path.clone(),
        email: welcoming.email,
        has_password: welcoming.has_password,
        password: Field::password(PASSWORD, "Password")
            .hint("At least 12 characters. A few words you can remember are best.")
            .auto("new-password")
            .max(128)
            .required()
            .error(mistakes),
    };
    visit
        .page("Choose a password")
        .brand(&brand::view(&brand))
        .narrow()
        .mistakes(mistakes)
        .render(&view)
}

pub(super) async fn choose(visit: Visit, Path(token): Path<String>, form: Posted) -> Answer {
    let password = form.raw(PASSWORD);
    match borrower::welcome(visit.app(), &token, password, &visit.visitor).await? {
        Welcomed::Done { cookie } => {
            let answer = visit.go("/app/home")?;
            Ok(with_cookie(
                answer,
                visit.set_cookie(Cookie::Borrower, &cookie),
            ))
        }
        Welcomed::LinkGone => gone(&visit),
        Welcomed::Weak(weakness) => {
            let mut mistakes = Mistakes::default();
            mistakes.add(PASSWORD, &weakness.to_string());
            write(&visit, &token, &mistakes).await
        }
    }
}

/// A link that was used, ran out, or never was.
#[derive(Debug, Serialize)]
pub(crate) struct LinkGoneView {}

fn gone(visit: &Visit) -> Answer {
    visit
        .page("This link no longer works")
        .narrow()
        .status(axum::http::StatusCode::GONE)
        .render(&LinkGoneView {})
}

impl Template for WelcomeView {
    const FILE: &'static str = "signup/welcome.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let of = |has_password| Self {
            action: HOSTILE.to_owned(),
            email: HOSTILE.to_owned(),
            has_password,
            password: Field::password(PASSWORD, "Password"),
        };
        vec![of(true), of(false)]
    }
}

impl Template for LinkGoneView {
    const FILE: &'static str = "signup/link_gone.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}
