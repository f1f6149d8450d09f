//! The door: address and password, which company, the code; and the way out.

use axum::http::StatusCode;
use axum::response::Response;
use lintel_app::session;
use lintel_app::sign_in::{self, SignIn};
use lintel_domain::access::Subject;
use lintel_domain::id::PublicId;
use serde::Serialize;

use crate::Answer;
use crate::cookie::Cookie;
use crate::failure::{Failure, wait};
use crate::fields::{Choice, Field, Mistakes};
use crate::flash::Flash;
use crate::posted::Posted;
use crate::show;
use crate::templates::Template;
use crate::visit::{Staff, Visit, see_other, with_cookie};

/// What is said whatever part was wrong.
const WRONG: &str = "The mail address or the password is not right.";
const WRONG_CODE: &str = "The code is not right, or it has run out.";

/// Where to go after signing in: one of the console's own pages, or nowhere.
pub(crate) fn next_page(wanted: &str) -> Option<&str> {
    const LONGEST: usize = 1000;
    let is_plain = wanted.len() <= LONGEST
        && wanted.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && !wanted.contains("//")
        && !wanted.contains("..");
    let is_door = wanted.starts_with("/lender/sign-") || wanted.starts_with("/lender/single-");
    (is_plain && wanted.starts_with("/lender/") && !is_door).then_some(wanted)
}

/// Address and password.
#[derive(Debug, Serialize)]
pub(crate) struct SignInPage {
    fields: Vec<Field>,
    wait: Option<String>,
}

/// Several companies have the address.
#[derive(Debug, Serialize)]
pub(crate) struct ChoosePage {
    next: String,
    field: Field,
}

/// The code.
#[derive(Debug, Serialize)]
pub(crate) struct CodePage {
    fields: Vec<Field>,
    wait: Option<String>,
}

impl SignInPage {
    fn new(email: &str, next: &str, mistakes: &Mistakes) -> Self {
        Self {
            fields: vec![
                Field::hidden("next", next),
                Field::email("email", "Mail address")
                    .value(email)
                    .auto("username")
                    .max(254)
                    .required()
                    .error(mistakes),
                Field::password("password", "Password")
                    .auto("current-password")
                    .max(128)
                    .required(),
            ],
            wait: None,
        }
    }
}

impl CodePage {
    fn new(next: &str, mistakes: &Mistakes) -> Self {
        Self {
            fields: vec![
                Field::hidden("next", next),
                Field::text("code", "Code")
                    .hint("Six digits from your code app, or one of your recovery codes.")
                    .auto("one-time-code")
                    .max(40)
                    .required()
                    .error(mistakes),
            ],
            wait: None,
        }
    }
}

impl Template for SignInPage {
    const FILE: &'static str = "sign_in/sign_in.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let mut mistakes = Mistakes::default();
        mistakes.add("email", HOSTILE);
        let full = Self {
            wait: Some(HOSTILE.to_owned()),
            ..Self::new(HOSTILE, HOSTILE, &mistakes)
        };
        vec![Self::new("", "", &Mistakes::default()), full]
    }
}

impl Template for ChoosePage {
    const FILE: &'static str = "sign_in/choose.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        vec![Self {
            next: HOSTILE.to_owned(),
            field: Field::radios("organisation", HOSTILE, vec![Choice::new(HOSTILE, HOSTILE)]),
        }]
    }
}

impl Template for CodePage {
    const FILE: &'static str = "sign_in/code.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let mut mistakes = Mistakes::default();
        mistakes.add("code", HOSTILE);
        let full = Self {
            wait: Some(HOSTILE.to_owned()),
            ..Self::new(HOSTILE, &mistakes)
        };
        vec![Self::new("", &Mistakes::default()), full]
    }
}

/// Whether the browser is signed in already.
pub(crate) async fn is_signed_in(visit: &Visit) -> Result<bool, Failure> {
    let Some(cookie) = visit.cookie(Cookie::Staff) else {
        return Ok(false);
    };
    let who = session::open(visit.app(), &cookie).await?;
    Ok(who.is_some_and(|who| who.subject == Subject::Staff))
}

pub(super) async fn show(visit: Visit) -> Answer {
    let next = visit
        .query()
        .text("next")
        .and_then(next_page)
        .unwrap_or_default();
    if is_signed_in(&visit).await? {
        return visit.go(if next.is_empty() {
            "/lender/home"
        } else {
            next
        });
    }
    let page = SignInPage::new("", next, &Mistakes::default());
    visit.page("Sign in").narrow().render(&page)
}

pub(super) async fn sign_in(visit: Visit, form: Posted) -> Answer {
    let next = form.text("next").and_then(next_page).unwrap_or_default();
    let email = form.text("email").unwrap_or_default();
    let outcome =
        sign_in::with_password(visit.app(), email, form.raw("password"), &visit.visitor).await?;
    if let Some(answer) = go_on(&visit, &outcome, next).await? {
        return Ok(answer);
    }
    let mut mistakes = Mistakes::default();
    mistakes.add("email", WRONG);
    again(&visit, &outcome, &mistakes, |mistakes, wait| SignInPage {
        wait,
        ..SignInPage::new(email, next, mistakes)
    })
}

pub(super) async fn choose(visit: Visit, form: Posted) -> Answer {
    let next = form.text("next").and_then(next_page).unwrap_or_default();
    let Some(ticket) = visit.cookie(Cookie::Ticket) else {
        return visit.go_with("/lender/sign-in", Flash::SignInAgain);
    };
    let org = form.text("organisation").unwrap_or_default();
    let outcome = sign_in::choose(visit.app(), &ticket, org, &visit.visitor).await?;
    match go_on(&visit, &outcome, next).await? {
        Some(answer) => Ok(answer),
        None => visit.go_with("/lender/sign-in", Flash::SignInAgain),
    }
}

pub(super) async fn show_code(visit: Visit) -> Answer {
    if visit.cookie(Cookie::Ticket).is_none() {
        return visit.go("/lender/sign-in");
    }
    let next = visit
        .query()
        .text("next")
        .and_then(next_page)
        .unwrap_or_default();
    let page = CodePage::new(next, &Mistakes::default());
    visit.page("Enter your code").narrow().render(&page)
}

pub(super) async fn code(visit: Visit, form: Posted) -> Answer {
    let next = form.text("next").and_then(next_page).unwrap_or_default();
    let Some(ticket) = visit.cookie(Cookie::Ticket) else {
        return visit.go_with("/lender/sign-in", Flash::SignInAgain);
    };
    let shown = form.text("code").unwrap_or_default();
    let outcome = sign_in::with_code(visit.app(), &ticket, shown, &visit.visitor).await?;
    if let Some(answer) = go_on(&visit, &outcome, next).await? {
        return Ok(answer);
    }
    let mut mistakes = Mistakes::default();
    mistakes.add("code", WRONG_CODE);
    again(&visit, &outcome, &mistakes, |mistakes, wait| CodePage {
        wait,
        ..CodePage::new(next, mistakes)
    })
}

/// Where an attempt leads; `None` when it was refused or has to wait.
async fn go_on(visit: &Visit, outcome: &SignIn, next: &str) -> Result<Option<Response>, Failure> {
    match outcome {
        SignIn::Done { cookie, subject } => Ok(Some(entered(visit, cookie, *subject, next).await?)),
        SignIn::CodeNeeded { ticket } => {
            let path = if next.is_empty() {
                "/lender/sign-in/code".to_owned()
            } else {
                format!("/lender/sign-in/code?next={}", show::encoded(next))
            };
            let ticket = visit.set_cookie(Cookie::Ticket, ticket);
            Ok(Some(with_cookie(see_other(&path), ticket)))
        }
        SignIn::Choose {
            ticket,
            organisations,
        } => Ok(Some(which(visit, ticket, organisations, next)?)),
        SignIn::Refused | SignIn::Wait { .. } => Ok(None),
    }
}

fn which(visit: &Visit, ticket: &str, found: &[(PublicId, String)], next: &str) -> Answer {
    let choices = found
        .iter()
        .map(|(id, name)| Choice::new(id.as_str(), name.as_str()))
        .collect();
    let page = ChoosePage {
        next: next.to_owned(),
        field: Field::radios("organisation", "Company", choices).required(),
    };
    visit
        .page("Choose your company")
        .narrow()
        .cookie(visit.set_cookie(Cookie::Ticket, ticket))
        .render(&page)
}

/// Signed in: the session's cookie, and the session before it ends.
pub(super) async fn entered(visit: &Visit, cookie: &str, subject: Subject, next: &str) -> Answer {
    let (jar, home) = match subject {
        Subject::Staff => (Cookie::Staff, "/lender/home"),
        Subject::Setup => (Cookie::Setup, "/lender/sign-up/company"),
        Subject::Borrower => (Cookie::Borrower, "/app/home"),
    };
    if let Some(old) = visit.cookie(jar) {
        session::end(visit.app(), &old).await?;
    }
    let is_staff = subject == Subject::Staff;
    let path = if is_staff && !next.is_empty() {
        next
    } else {
        home
    };
    let mut answer = with_cookie(see_other(path), visit.set_cookie(jar, cookie));
    if visit.cookie(Cookie::Ticket).is_some() {
        answer = with_cookie(answer, visit.clear_cookie(Cookie::Ticket));
    }
    Ok(answer)
}

/// The form once more: what was wrong, or how long to wait.
fn again<T: Template>(
    visit: &Visit,
    outcome: &SignIn,
    mistakes: &Mistakes,
    page: impl Fn(&Mistakes, Option<String>) -> T,
) -> Answer {
    let builder = visit.page("Sign in").narrow();
    if let SignIn::Wait { seconds } = outcome {
        let page = page(&Mistakes::default(), Some(wait(*seconds)));
        return builder
            .status(StatusCode::TOO_MANY_REQUESTS)
            .retry_after(*seconds)
            .render(&page);
    }
    builder.mistakes(mistakes).render(&page(mistakes, None))
}

pub(super) async fn sign_out(staff: Staff, _form: Posted) -> Answer {
    if let Some(cookie) = staff.cookie(Cookie::Staff) {
        session::end(staff.app(), &cookie).await?;
    }
    let answer = staff.go_with("/lender/sign-in", Flash::SignedOut)?;
    Ok(with_cookie(answer, staff.clear_cookie(Cookie::Staff)))
}

#[cfg(test)]
mod tests {
    use super::next_page;

    #[test]
    fn the_next_page_is_ours() {
        for good in [
            "/lender/home",
            "/lender/loans/UU473IOJ",
            "/lender/home?state=CA&page=2",
        ] {
            assert_eq!(next_page(good), Some(good));
        }
        let long = format!("/lender/{}", "x".repeat(2000));
        for bad in [
            "",
            "https://evil.example/lender/",
            "//evil.example/lender/",
            "/lender//evil.example",
            "/\\evil.example",
            "/lender/../app",
            "/lender/home\r\nSet-Cookie: a=b",
            "/lender/sign-out",
            "/app/home",
            &long,
        ] {
            assert_eq!(next_page(bad), None, "{bad}");
        }
    }
}
