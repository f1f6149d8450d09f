//! A forgotten password: asking for a link, and setting a new one with it.

use axum::extract::Path;
use lintel_app::password::{self, Reset};
use serde::Serialize;

use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Field, Mistakes};
use crate::flash::Flash;
use crate::posted::Posted;
use crate::show;
use crate::templates::Template;
use crate::visit::Visit;

/// What a new password has to be.
pub(crate) const PASSWORD_HINT: &str =
    "At least 12 characters. A few words that do not belong together are easy to remember.";

/// Asks for the address.
#[derive(Debug, Serialize)]
pub(crate) struct ForgotPage {
    fields: Vec<Field>,
}

/// Says the same, whether somebody has the address or not.
#[derive(Debug, Serialize)]
pub(crate) struct SentPage {
    email: String,
}

/// Asks for a new password.
#[derive(Debug, Serialize)]
pub(crate) struct NewPasswordPage {
    action: String,
    fields: Vec<Field>,
}

impl ForgotPage {
    fn new(email: &str, mistakes: &Mistakes) -> Self {
        let field = Field::email("email", "Mail address")
            .value(email)
            .auto("username")
            .max(254)
            .required()
            .error(mistakes);
        Self {
            fields: vec![field],
        }
    }
}

impl NewPasswordPage {
    fn new(token: &str, mistakes: &Mistakes) -> Self {
        Self {
            action: format!("/lender/new-password/{}", show::encoded(token)),
            fields: new_password_fields(mistakes),
        }
    }
}

/// The two fields of a new password.
pub(crate) fn new_password_fields(mistakes: &Mistakes) -> Vec<Field> {
    vec![
        Field::password("new_password", "New password")
            .hint(PASSWORD_HINT)
            .auto("new-password")
            .max(128)
            .required()
            .error(mistakes),
        Field::password("repeated", "New password once more")
            .auto("new-password")
            .max(128)
            .required()
            .error(mistakes),
    ]
}

/// A new password as sent, if both fields say the same.
pub(crate) fn new_password(form: &Posted) -> Result<&str, Mistakes> {
    let (new, repeated) = (form.raw("new_password"), form.raw("repeated"));
    let mut mistakes = Mistakes::default();
    if new.is_empty() {
        mistakes.add("new_password", "The new password is missing.");
    } else if new != repeated {
        mistakes.add("repeated", "The two new passwords are not the same.");
    }
    if mistakes.is_empty() {
        Ok(new)
    } else {
        Err(mistakes)
    }
}

impl Template for ForgotPage {
    const FILE: &'static str = "sign_in/forgot.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self::new(crate::templates::HOSTILE, &Mistakes::default())]
    }
}

impl Template for SentPage {
    const FILE: &'static str = "sign_in/sent.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            email: crate::templates::HOSTILE.to_owned(),
        }]
    }
}

impl Template for NewPasswordPage {
    const FILE: &'static str = "sign_in/new_password.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self::new(crate::templates::HOSTILE, &Mistakes::default())]
    }
}

pub(super) async fn show_forgot(visit: Visit) -> Answer {
    let page = ForgotPage::new("", &Mistakes::default());
    visit.page("Forgot your password?").narrow().render(&page)
}

pub(super) async fn forgot(visit: Visit, form: Posted) -> Answer {
    let email = form.text("email").unwrap_or_default();
    if !email.contains('@') || email.len() > 254 {
        let mut mistakes = Mistakes::default();
        mistakes.add("email", "Enter a mail address, such as name@example.com.");
        let page = ForgotPage::new(email, &mistakes);
        let builder = visit.page("Forgot your password?").narrow();
        return builder.mistakes(&mistakes).render(&page);
    }
    password::ask_reset(visit.app(), email, &visit.visitor).await?;
    let page = SentPage {
        email: email.to_owned(),
    };
    visit.page("Look into your mail").narrow().render(&page)
}

pub(super) async fn show_new(visit: Visit, Path(token): Path<String>) -> Answer {
    if !password::reset_link_works(visit.app(), &token).await? {
        return Err(Failure::Gone);
    }
    let page = NewPasswordPage::new(&token, &Mistakes::default());
    visit.page("Set a new password").narrow().render(&page)
}

pub(super) async fn set_new(visit: Visit, Path(token): Path<String>, form: Posted) -> Answer {
    let mistakes = match new_password(&form) {
        Ok(new) => match password::reset(visit.app(), &token, new).await? {
            Reset::Done => return visit.go_with("/lender/sign-in", Flash::PasswordReset),
            Reset::LinkGone => return Err(Failure::Gone),
            Reset::Weak(weakness) => {
                let mut mistakes = Mistakes::default();
                mistakes.add("new_password", &weakness.to_string());
                mistakes
            }
        },
        Err(mistakes) => mistakes,
    };
    let page = NewPasswordPage::new(&token, &mistakes);
    let builder = visit.page("Set a new password").narrow();
    builder.mistakes(&mistakes).render(&page)
}
