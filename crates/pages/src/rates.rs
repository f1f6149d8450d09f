//! The page a rate mail leads to: what is watched, stopping it, having it again. The token in the
//! address is the secret; nobody signs in.

use axum::Router;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::routing::get;
use lintel_app::company;
use lintel_domain::watch::{Frequency, WatchKind, WatchState};
use lintel_edge::one::one;
use lintel_watch::{WatchView, WatchedProduct};
use serde::Serialize;

use crate::Answer;
use crate::brand;
use crate::flash::Flash;
use crate::messages::Badge;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::show::{self, When};
use crate::templates::Template;
use crate::visit::Visit;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct WatchPage {
    email: String,
    title: &'static str,
    lede: String,
    standing: Badge,
    products: Vec<ProductView>,
    facts: Vec<(&'static str, String)>,
    company: String,
    action: String,
    is_active: bool,
    is_wanted: bool,
    may_resume: bool,
    stopped: String,
}

/// What is watched.
#[derive(Debug, Clone, Serialize)]
struct ProductView {
    name: String,
    target: Option<String>,
}

/// What a mail program is answered that posted the unsubscribing.
#[derive(Debug, Serialize)]
pub(crate) struct StoppedPage {
    is_stopped: bool,
    company: String,
    /// The page about it.
    manage: Option<String>,
}

/// The page of a link nobody was sent.
#[derive(Debug, Serialize)]
pub(crate) struct WatchGonePage {}

fn gone(visit: &Visit) -> Answer {
    visit
        .page("This link leads nowhere")
        .narrow()
        .status(StatusCode::NOT_FOUND)
        .render(&WatchGonePage {})
}

/// `8:00 AM`.
pub(crate) fn time_of_day(minute: u32) -> String {
    let (hour, minute) = (minute / 60 % 24, minute % 60);
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = match hour % 12 {
        0 => 12,
        other => other,
    };
    format!("{hour}:{minute:02} {half}")
}

/// An address whose owner knows it, and nobody else: the link may be passed on.
fn hinted(email: &str) -> String {
    let (local, host) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{host}")
}

impl WatchPage {
    fn of(watch: &WatchView, company: &str, action: String) -> Self {
        let is_active = watch.state == WatchState::Active;
        let often = match watch.frequency {
            Frequency::Daily => "Every day",
            Frequency::Weekly => "Every week",
            Frequency::Monthly => "Every month",
        };
        let time = time_of_day(watch.minute_of_day);
        let mut facts = vec![match watch.kind {
            WatchKind::Regular => ("Sent", format!("{often} at {time} ({})", watch.timezone)),
            WatchKind::RateTarget => ("Sent", "As soon as the rate is there".to_owned()),
        }];
        facts.push(("Since", When::of(watch.created_at).day));
        facts.push((
            "Until",
            watch
                .expires_at
                .map_or_else(|| "You stop it".to_owned(), |at| When::of(at).day),
        ));
        let (tone, label) = match (watch.wants_mail, watch.state) {
            (false, _) => ("warn", "No mail wanted"),
            (true, WatchState::Active) => ("good", "Running"),
            (true, WatchState::Stopped) => ("plain", "Stopped"),
            (true, WatchState::Expired) => ("plain", "Over"),
        };
        Self {
            email: hinted(&watch.email),
            title: match watch.kind {
                WatchKind::Regular => "Your rate updates",
                WatchKind::RateTarget => "The rate you are waiting for",
            },
            lede: match watch.kind {
                WatchKind::Regular => format!("What {company} mails you about rates."),
                WatchKind::RateTarget => {
                    format!("{company} mails you when a rate you wish for is there.")
                }
            },
            standing: Badge {
                tone,
                label: label.to_owned(),
            },
            products: watch.products.iter().map(ProductView::of).collect(),
            facts,
            company: company.to_owned(),
            action,
            is_active,
            is_wanted: watch.wants_mail,
            may_resume: !watch.wants_mail || watch.state == WatchState::Stopped,
            stopped: match (watch.wants_mail, watch.state) {
                (false, _) => format!("You asked {company} for no mail about rates."),
                (true, WatchState::Active) => String::new(),
                (true, WatchState::Stopped) => "You stopped it.".to_owned(),
                (true, WatchState::Expired) => {
                    "Its time is over. Your loan officer can set up a new one.".to_owned()
                }
            },
        }
    }
}

impl ProductView {
    fn of(product: &WatchedProduct) -> Self {
        Self {
            name: product.name.clone(),
            target: product.desired_rate.map(show::percent),
        }
    }
}

async fn write(visit: &Visit, token: &str) -> Answer {
    let Some(watch) = lintel_watch::by_token(visit.app(), token).await? else {
        return gone(visit);
    };
    let company = company::brand_of(visit.app(), &watch.org).await?;
    let view = WatchPage::of(&watch, &company.name, lintel_watch::page_path(token));
    visit
        .page(view.title)
        .brand(&brand::view(&company))
        .narrow()
        .render(&view)
}

async fn show(visit: Visit, Path(token): Path<String>) -> Answer {
    write(&visit, &token).await
}

/// A button of the page.
async fn choose(visit: Visit, Path(token): Path<String>, form: Posted) -> Answer {
    let app = visit.app();
    let (found, flash) = match form.raw("choice") {
        "stop" => (lintel_watch::stop(app, &token).await?, Flash::RatesStopped),
        "stop-all" => (
            lintel_watch::stop_all_of(app, &token).await?,
            Flash::RatesStoppedAll,
        ),
        "resume" => (
            lintel_watch::resume(app, &token).await?,
            Flash::RatesResumed,
        ),
        _ => return write(&visit, &token).await,
    };
    match found {
        None => gone(&visit),
        // Its time is over: having mail again does not bring it back.
        Some(watch) if flash == Flash::RatesResumed && watch.state != WatchState::Active => {
            visit.go(&lintel_watch::page_path(&token))
        }
        Some(_) => visit.go_with(&lintel_watch::page_path(&token), flash),
    }
}

/// Unsubscribes for a mail program (RFC 8058, section 3.2): by POST, without a session, a form of
/// ours or another address to go to; once or many times, it is the same.
async fn one_click(visit: Visit, Path(token): Path<String>, request: Request) -> Answer {
    // Whatever cannot be read does not say it.
    let is_asked = visit.pages.gate().form(request).await.is_ok_and(|form| {
        let said = form.text("List-Unsubscribe").unwrap_or_default();
        said.trim().eq_ignore_ascii_case("One-Click")
    });
    let found = if is_asked {
        lintel_watch::stop(visit.app(), &token).await?
    } else {
        lintel_watch::by_token(visit.app(), &token).await?
    };
    let mut view = StoppedPage {
        is_stopped: is_asked && found.is_some(),
        company: String::new(),
        manage: None,
    };
    let title = if view.is_stopped {
        "You are unsubscribed"
    } else {
        "Nothing was changed"
    };
    let page = visit.page(title).narrow();
    let Some(watch) = found else {
        return page.render(&view);
    };
    let company = company::brand_of(visit.app(), &watch.org).await?;
    view.company.clone_from(&company.name);
    view.manage = Some(lintel_watch::page_path(&token));
    page.brand(&brand::view(&company)).render(&view)
}

/// Scanners of mail follow every link: looking at this one changes nothing.
async fn only_look(visit: Visit, Path(token): Path<String>) -> Answer {
    visit.go(&lintel_watch::page_path(&show::encoded(&token)))
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route("/app/rates/{token}", get(one(show)).post(one(choose)))
        .route(
            "/app/rates/{token}/stop",
            get(one(only_look)).post(one(one_click)),
        )
}

impl Template for WatchPage {
    const FILE: &'static str = "rates/watch.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let product = |target| ProductView {
            name: text(),
            target,
        };
        let page = |is_active, is_wanted, may_resume| Self {
            email: text(),
            title: "Title",
            lede: text(),
            standing: Badge {
                tone: "good",
                label: text(),
            },
            products: vec![product(Some(text())), product(None)],
            facts: vec![("Since", text())],
            company: text(),
            action: text(),
            is_active,
            is_wanted,
            may_resume,
            stopped: text(),
        };
        vec![
            page(true, true, false),
            page(true, false, true),
            page(false, true, true),
            page(false, false, true),
            page(false, true, false),
            page(false, false, false),
        ]
    }
}

impl Template for StoppedPage {
    const FILE: &'static str = "rates/stopped.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |is_stopped, company, manage| Self {
            is_stopped,
            company,
            manage,
        };
        vec![
            page(true, text(), Some(text())),
            page(false, text(), Some(text())),
            page(false, String::new(), None),
        ]
    }
}

impl Template for WatchGonePage {
    const FILE: &'static str = "rates/gone.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_addresses_are_written_for_people() {
        for (minute, text) in [
            (0, "12:00 AM"),
            (480, "8:00 AM"),
            (725, "12:05 PM"),
            (1439, "11:59 PM"),
            (1440, "12:00 AM"),
        ] {
            assert_eq!(time_of_day(minute), text);
        }
        assert_eq!(hinted("érika@example.com"), "é…@example.com");
        assert_eq!(hinted("@"), "…@");
    }
}
