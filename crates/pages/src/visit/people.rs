//! Who is signed in, as extractors: a handler that takes one is not entered by anybody else.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lintel_app::session::{self, SignedIn};
use lintel_domain::access::Subject;
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::staff::Person;

use super::Visit;
use crate::cookie::Cookie;
use crate::failure::Failure;
use crate::layout::{Console, ConsoleSlot};
use crate::pages::Pages;
use crate::show;

/// A signed-in member of staff.
#[derive(Clone)]
pub(crate) struct Staff {
    visit: Visit,
    /// Who it is.
    pub who: SignedIn,
}

/// Somebody within a broker's set-up.
#[derive(Clone)]
pub(crate) struct Setup {
    visit: Visit,
    /// Who it is.
    pub who: SignedIn,
}

impl Staff {
    /// Whose staff.
    pub(crate) const fn org(&self) -> &Organisation {
        &self.who.org
    }

    /// The person.
    pub(crate) const fn person(&self) -> &Person {
        &self.who.person
    }

    /// Whether the person's roles allow something.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.who.may(permission)
    }

    /// Goes on only when the person's roles allow something.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Failure> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Failure::Forbidden)
        }
    }
}

impl Setup {
    /// The broker that is being set up.
    pub(crate) const fn org(&self) -> &Organisation {
        &self.who.org
    }
}

impl Deref for Staff {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl Deref for Setup {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

/// The session behind one of the cookies, if it is of the right kind. Forms are bound to it, and the
/// page shows its bar.
async fn enter(
    parts: &mut Parts,
    pages: &Pages,
    cookie: Cookie,
    subject: Subject,
) -> Result<(Visit, Option<SignedIn>), Failure> {
    let Ok(mut visit) = Visit::from_request_parts(parts, pages).await;
    let Some(value) = visit.cookie(cookie) else {
        return Ok((visit, None));
    };
    let who = session::open(pages.app(), &value).await?;
    let Some(who) = who.filter(|who| who.subject == subject) else {
        return Ok((visit, None));
    };
    let console = Console::load(pages.app(), &who).await?;
    if let Some(slot) = parts.extensions.get::<ConsoleSlot>() {
        slot.fill(console.clone());
    }
    visit.console = Some(console);
    visit.bind(&value, parts);
    Ok((visit, Some(who)))
}

impl FromRequestParts<Pages> for Staff {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Failure> {
        let (visit, who) = enter(parts, pages, Cookie::Staff, Subject::Staff).await?;
        match who {
            Some(who) => Ok(Self { visit, who }),
            None => Err(Failure::SeeOther(sign_in_path(&visit))),
        }
    }
}

impl FromRequestParts<Pages> for Setup {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Failure> {
        let (visit, who) = enter(parts, pages, Cookie::Setup, Subject::Setup).await?;
        match who {
            Some(who) => Ok(Self { visit, who }),
            None => Err(Failure::Gone),
        }
    }
}

/// The sign-in page, which leads back to what was asked for.
fn sign_in_path(visit: &Visit) -> String {
    if !visit.is_get() {
        return "/lender/sign-in".to_owned();
    }
    let query = visit.raw_query();
    let wanted = if query.is_empty() {
        visit.path.clone()
    } else {
        format!("{}?{query}", visit.path)
    };
    match crate::sign_in::next_page(&wanted) {
        Some(next) if next != "/lender/home" => {
            format!("/lender/sign-in?next={}", show::encoded(next))
        }
        Some(_) | None => "/lender/sign-in".to_owned(),
    }
}
