//! What a signed-in borrower sees: the loans and what they wait for, the requests and who answers them.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lintel_app::borrower::{self, Request, SignedInBorrower};
use lintel_app::company;
use serde::Serialize;

use super::loans::LoanCard;
use super::offer::{OfferView, purpose};
use super::officer::{CompanyView, OfficerView};
use crate::Answer;
use crate::brand;
use crate::cookie::Cookie;
use crate::failure::Failure;
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::show::When;
use crate::templates::Template;
use crate::visit::Visit;

/// A signed-in borrower.
pub(super) struct Borrower {
    visit: Visit,
    /// Who it is.
    pub(super) who: SignedInBorrower,
}

impl Deref for Borrower {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequestParts<Pages> for Borrower {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Failure> {
        let Ok(mut visit) = Visit::from_request_parts(parts, pages).await;
        let away = || Failure::SeeOther("/app/sign-in".to_owned());
        let value = visit.cookie(Cookie::Borrower).ok_or_else(away)?;
        let who = borrower::open(pages.app(), &value).await?;
        let who = who.ok_or_else(away)?;
        visit.bind(&value, parts);
        Ok(Self { visit, who })
    }
}

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct HomeView {
    first_name: String,
    email: String,
    requests: Vec<RequestView>,
    loans: Vec<LoanCard>,
    /// Whether mail about rates is wanted.
    wants_mail: bool,
    company: String,
}

/// A request.
#[derive(Debug, Serialize)]
struct RequestView {
    title: String,
    place: Option<String>,
    when: Option<When>,
    with: Option<String>,
    company: CompanyView,
    officer: Option<OfficerView>,
    offer: Option<OfferView>,
}

pub(super) async fn show(borrower: Borrower) -> Answer {
    let who = &borrower.who;
    let mut requests = Vec::new();
    for request in borrower::requests(borrower.app(), who).await? {
        let company = company::brand_of(borrower.app(), &request.org).await?;
        requests.push(view(&request, CompanyView::of(&company)));
    }
    let brand = company::brand_of(borrower.app(), &who.org).await?;
    let loans = borrower::loans(borrower.app(), who).await?;
    let title = if loans.is_empty() {
        "Your requests"
    } else {
        "Your loans"
    };
    let view = HomeView {
        loans: loans.iter().map(LoanCard::of).collect(),
        first_name: who.first_name.clone(),
        email: who.email.clone(),
        requests,
        wants_mail: borrower::wants_mail(borrower.app(), &who.lender.id, &who.email).await?,
        company: who.org.name.clone(),
    };
    borrower
        .page(title)
        .brand(&brand::view(&brand))
        .render(&view)
}

/// Whether the borrower wants mail that is about no request of the borrower's own.
pub(super) async fn choose(borrower: Borrower, form: Posted) -> Answer {
    let wants = form.is_on("wants_mail");
    borrower::choose_own(borrower.app(), &borrower.who, wants).await?;
    let flash = if wants {
        Flash::MailWanted
    } else {
        Flash::MailNotWanted
    };
    borrower.go_with("/app/home", flash)
}

fn view(request: &Request, company: CompanyView) -> RequestView {
    let lead = &request.lead;
    let facts = lead.facts.as_ref();
    let asked = lead.loan.as_ref().and_then(|loan| loan.purpose);
    let asked = asked.or(facts.and_then(|facts| facts.purpose));
    let place = facts.and_then(|facts| {
        let property = &facts.property;
        let parts = [&property.street, &property.city, &property.state];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    });
    let co_borrower = facts.and_then(|facts| facts.co_borrower.as_ref());
    RequestView {
        title: asked.map_or("Home loan", purpose).to_owned(),
        place,
        when: lead.signed_up_at.map(When::of),
        with: co_borrower.map(|person| {
            let names = [person.first_name.as_deref(), person.last_name.as_deref()];
            let names: Vec<&str> = names.into_iter().flatten().collect();
            names.join(" ")
        }),
        officer: request.officer.as_ref().map(OfficerView::of),
        offer: lead.loan.as_ref().map(|loan| OfferView::of(loan, None)),
        company,
    }
}

impl Template for HomeView {
    const FILE: &'static str = "signup/home.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let text = || HOSTILE.to_owned();
        let of = |requests: Vec<RequestView>, loans| Self {
            first_name: text(),
            email: text(),
            wants_mail: requests.is_empty(),
            requests,
            loans,
            company: text(),
        };
        let request = |is_full: bool| RequestView {
            title: text(),
            place: is_full.then(text),
            when: is_full.then(|| When::of(lintel_domain::id::Instant::from_seconds(0))),
            with: is_full.then(text),
            company: CompanyView::sample(),
            officer: is_full.then(OfficerView::sample),
            offer: is_full.then(OfferView::sample),
        };
        let loans = vec![LoanCard::sample(true), LoanCard::sample(false)];
        vec![
            of(vec![request(true), request(false)], loans),
            of(vec![request(false)], Vec::new()),
            of(Vec::new(), Vec::new()),
            of(Vec::new(), vec![LoanCard::sample(true)]),
        ]
    }
}
