//! API key pairs: making one shows its secret once; withdrawing one stops it at once.

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::routing::get;
use lintel_app::credentials::{self, Made, WORKING_MAX};
use lintel_domain::credential::Credential;
use lintel_edge::one::one;
use serde::Serialize;

use super::parts::{Part, Tab, tabs};
use super::{page, told};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Field, Mistakes};
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::show::When;
use crate::templates::Template;
use crate::visit::Staff;

const CREDENTIALS: &str = "/lender/settings/credentials";

pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(CREDENTIALS, get(one(list)).post(one(make)))
        .route(
            "/lender/settings/credentials/{id}/withdraw",
            get(one(confirm)).post(one(withdraw)),
        )
}

/// The list, the form that makes another pair, and the pair just made.
#[derive(Serialize)]
pub(crate) struct CredentialsPage {
    tabs: Vec<Tab>,
    working: Vec<PairLine>,
    withdrawn: Vec<PairLine>,
    label: Field,
    made: Option<MadePair>,
    lender_id: String,
}

/// A pair without its secret.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PairLine {
    api_id: String,
    label: String,
    created: When,
    withdrawn: Option<When>,
}

/// A pair with its secret: shown once.
#[derive(Serialize)]
pub(crate) struct MadePair {
    label: String,
    api_id: String,
    api_key: String,
}

impl PairLine {
    fn of(credential: &Credential) -> Self {
        Self {
            api_id: credential.api_id.clone(),
            label: credential.label.clone(),
            created: When::of(credential.created_at),
            withdrawn: credential.revoked_at.map(When::of),
        }
    }

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let when = || When::of(lintel_domain::id::Instant::from_seconds(0));
        vec![Self {
            api_id: text(),
            label: text(),
            created: when(),
            withdrawn: Some(when()),
        }]
    }
}

impl Template for CredentialsPage {
    const FILE: &'static str = "settings/credentials.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |lines: Vec<PairLine>, made| Self {
            tabs: super::parts::sample_tabs(),
            working: lines.clone(),
            withdrawn: lines,
            label: Field::text("label", "Name"),
            made,
            lender_id: text(),
        };
        let made = MadePair {
            label: text(),
            api_id: text(),
            api_key: text(),
        };
        vec![
            page(PairLine::samples(), Some(made)),
            page(Vec::new(), None),
        ]
    }
}

/// Asks before a pair is withdrawn.
#[derive(Serialize)]
pub(crate) struct CredentialConfirmPage {
    tabs: Vec<Tab>,
    pair: PairLine,
    is_last: bool,
}

impl Template for CredentialConfirmPage {
    const FILE: &'static str = "settings/credential_confirm.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let page = |pair: PairLine, is_last| Self {
            tabs: super::parts::sample_tabs(),
            pair,
            is_last,
        };
        let lines = PairLine::samples().into_iter();
        lines
            .flat_map(|l| [page(l.clone(), true), page(l, false)])
            .collect()
    }
}

fn label() -> Field {
    Field::text("label", "Name of the new key pair")
        .hint("The system that will use it, such as “Loan origination system”.")
        .auto("off")
        .required()
        .max(200)
}

async fn list(staff: Staff) -> Answer {
    Part::Credentials.require(&staff)?;
    credentials_page(&staff, label(), None, &Mistakes::default()).await
}

async fn credentials_page(
    staff: &Staff,
    label: Field,
    made: Option<MadePair>,
    mistakes: &Mistakes,
) -> Answer {
    let pairs = credentials::list(staff.app(), &staff.who).await?;
    let (withdrawn, working): (Vec<_>, Vec<_>) =
        pairs.iter().partition(|pair| pair.revoked_at.is_some());
    let lines = |pairs: &[&Credential]| pairs.iter().rev().map(|pair| PairLine::of(pair)).collect();
    page(staff, "API credentials")
        .mistakes(mistakes)
        .render(&CredentialsPage {
            tabs: tabs(staff, Some(Part::Credentials)),
            working: lines(&working),
            withdrawn: lines(&withdrawn),
            label,
            made,
            lender_id: staff.org().public_id.to_string(),
        })
}

async fn make(staff: Staff, form: Posted) -> Answer {
    Part::Credentials.require(&staff)?;
    let again = |mistakes: &Mistakes| label().with(&form).error(mistakes);
    let mistakes = match credentials::make(staff.app(), &staff.who, form.raw("label")).await {
        Ok(Made::Pair(made)) => {
            let pair = MadePair {
                label: made.credential.label.clone(),
                api_id: made.credential.api_id.clone(),
                api_key: made.api_key,
            };
            let none = Mistakes::default();
            let mut answer = credentials_page(&staff, label(), Some(pair), &none).await?;
            // The one page with a secret on it: no cache may keep it.
            let never = HeaderValue::from_static("no-store");
            answer.headers_mut().insert(CACHE_CONTROL, never);
            return Ok(answer);
        }
        Ok(Made::TooMany) => {
            let mut mistakes = Mistakes::default();
            let text = format!(
                "There are {WORKING_MAX} working key pairs already. Withdraw one that is not used any more."
            );
            mistakes.add("label", &text);
            mistakes
        }
        Err(error) => told::mistakes(error, |name| name == "label")?,
    };
    credentials_page(&staff, again(&mistakes), None, &mistakes).await
}

async fn confirm(staff: Staff, Path(id): Path<String>) -> Answer {
    Part::Credentials.require(&staff)?;
    let pairs = credentials::list(staff.app(), &staff.who).await?;
    let pair = pairs.iter().find(|pair| pair.api_id == id);
    let pair = pair.filter(|pair| pair.revoked_at.is_none());
    let pair = pair.ok_or(Failure::NotFound)?;
    let working = pairs.iter().filter(|pair| pair.revoked_at.is_none());
    page(&staff, "Withdraw a key pair?").render(&CredentialConfirmPage {
        tabs: tabs(&staff, Some(Part::Credentials)),
        is_last: working.count() == 1,
        pair: PairLine::of(pair),
    })
}

async fn withdraw(staff: Staff, Path(id): Path<String>, _form: Posted) -> Answer {
    Part::Credentials.require(&staff)?;
    credentials::withdraw(staff.app(), &staff.who, &id).await?;
    staff.go_with(CREDENTIALS, Flash::CredentialWithdrawn)
}
