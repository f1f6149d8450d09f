//! Alerts: things people on a loan, or one of them, should know.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::loan::{DoneBy, LoanCaller, Names};
use lintel_app::session::SignedIn;
use lintel_domain::id::{DAY_SECONDS, Instant, PublicId, RowId};
use lintel_domain::message::Severity;
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::role::Role;
use lintel_letters::{clean_html, text_of_html};
use lintel_macros::boxed;
use lintel_store::alert::{self, AlertRow, Looking};
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;

use crate::about::{Borrowers, LoanRef, sees};

/// Days an alert is news. Afterwards it is found with its loan only.
const NEWS_DAYS: i64 = 90;
/// Most alerts of one page: each is cleaned.
const PAGE_MAX: u32 = 200;
/// Most alerts a list is counted to.
const TOTAL_MAX: u32 = 1000;

/// Whom an alert is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Everybody who sees what it is about.
    Everybody,
    /// People of these roles who see what it is about.
    Roles(Vec<Role>),
    /// One person, by name.
    Person(String),
}

/// An alert as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertLine {
    /// The id partners see.
    pub id: PublicId,
    /// What it says, as HTML that was cleaned: it may stand in a page as it is.
    pub html: String,
    /// What it says, as text.
    pub text: String,
    /// How much it matters.
    pub severity: Severity,
    /// Whom it is for.
    pub target: Target,
    /// The loan it is about, where the organisation of whoever looks sees it.
    pub loan: Option<LoanRef>,
    /// Public id of the lead it is about, alike.
    pub lead: Option<PublicId>,
    /// Its id in the customer system.
    pub crm_id: Option<String>,
    /// What kind of alert it is there.
    pub code: Option<String>,
    /// When it was raised.
    pub created_at: Instant,
    /// Who raised it.
    pub created_by: DoneBy,
    /// Whether whoever looks put it away.
    pub is_put_away: bool,
}

/// A page of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertPage {
    /// How many there are on all pages, counted to a thousand.
    pub total: u64,
    /// Those of this page, newest first.
    pub lines: Vec<AlertLine>,
}

/// Since when alerts are news.
pub(crate) fn since(now: Instant) -> Instant {
    now.plus_seconds(-NEWS_DAYS * DAY_SECONDS)
}

/// The person as one who looks at alerts.
pub(crate) fn looking(who: &SignedIn) -> Looking<'_> {
    Looking {
        lender_id: who.org.lender_id(),
        org_id: &who.org.id,
        person_id: &who.person.id,
        sees_all: who.may(Permission::SeeAllLoans),
    }
}

/// The alerts for a person that are not older than ninety days and were not put away, newest first. At
/// most two hundred at a time.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn list(
    app: &App,
    who: &SignedIn,
    limit: u32,
    offset: u32,
) -> Result<AlertPage, AppError> {
    let (looking, since) = (looking(who), since(app.now()));
    let total = alert::count(app.db(), looking, since, TOTAL_MAX).await?;
    let limit = limit.min(PAGE_MAX);
    let rows = alert::new_of(app.db(), looking, since, limit, offset).await?;
    Ok(AlertPage {
        total: u64::from(total),
        lines: lines(app, &who.org, rows).await?,
    })
}

/// Puts an alert away for a person; `false` when it was already.
///
/// # Errors
/// Not found, alike, for what is unknown, foreign or for somebody else; any fault of the database.
#[boxed]
pub async fn put_away(app: &App, who: &SignedIn, id: &PublicId) -> Result<bool, AppError> {
    let mut tx = app.db().begin().await?;
    let put_away = alert::put_away_in(&mut tx, looking(who), id, app.now()).await?;
    let unknown = Refusal::NotFound { what: Noun::Alert };
    let is_new = put_away.ok_or(unknown)?;
    tx.commit().await?;
    Ok(is_new)
}

/// The alerts about a loan the caller has found, newest first, two hundred at most: for a person those
/// that are for the person, put away or not; for a program its organisation's.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn of_loan(
    app: &App,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
) -> Result<Vec<AlertLine>, Fault> {
    let loan_id: &RowId = &head.line.id;
    let rows = match caller {
        LoanCaller::Program(_) => {
            let loan = (&head.lender_id, loan_id);
            alert::of_loan_and_org(app.db(), loan, &caller.org().id, PAGE_MAX).await?
        }
        LoanCaller::Person(who) => {
            alert::of_loan(app.db(), looking(who), loan_id, PAGE_MAX).await?
        }
    };
    lines(app, caller.org(), rows).await
}

async fn lines(
    app: &App,
    org: &Organisation,
    rows: Vec<AlertRow>,
) -> Result<Vec<AlertLine>, Fault> {
    let loans = rows.iter().filter_map(|row| row.alert.loan_id.as_ref());
    let borrowers = Borrowers::of(app, org.lender_id(), loans).await?;
    let messages = rows.iter().map(|row| row.alert.message.clone()).collect();
    let mut names = Names::default();
    let mut lines = Vec::with_capacity(rows.len());
    for (row, (html, text)) in rows.into_iter().zip(said(app, messages).await?) {
        let alert = row.alert;
        let sees_lead = alert.lead.as_ref().is_some_and(|lead| sees(org, &lead.0));
        let target = if alert.staff_id.is_some() {
            Target::Person(row.person.unwrap_or_default())
        } else if alert.is_for_everybody {
            Target::Everybody
        } else {
            Target::Roles(alert.roles)
        };
        lines.push(AlertLine {
            id: alert.public_id,
            html,
            text,
            severity: alert.severity,
            target,
            loan: borrowers.loan(org, alert.loan_id.as_ref(), row.loan),
            lead: row.lead.filter(|_| sees_lead),
            crm_id: alert.crm_id,
            code: alert.code,
            created_at: alert.created_at,
            created_by: names.of(app, org, &alert.created_by).await?,
            is_put_away: row.is_put_away,
        });
    }
    Ok(lines)
}

/// What alerts say, as cleaned HTML and as text, in their order. They are others' words, and cleaning two
/// hundred of them would hold up whatever shares a thread with it.
async fn said(app: &App, messages: Vec<String>) -> Result<Vec<(String, String)>, Fault> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let cleaned = move || {
        let each = messages.iter();
        each.map(|html| (clean_html(html), text_of_html(html).trim().to_owned()))
            .collect()
    };
    app.heavy("cleaning alerts", cleaned).await
}
