//! Signing up: what a borrower's link opens, and what comes of the form behind it.
//!
//! Nothing is stored before the form is sent. A link tells what its sender said of the borrower until
//! somebody signed up with it, and its offer for as long as the organisation is there.

mod submit;

use lintel_domain::id::{Instant, RowId};
use lintel_domain::lead::PricedLoan;
use lintel_domain::license::StateCode;
use lintel_domain::organisation::Organisation;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::signup::{SignupDraft, SignupFacts};
use lintel_domain::staff::Person;
use lintel_engine::date::Date;
use lintel_macros::boxed;
use lintel_places::Zip;
use lintel_store::db::Tx;
use lintel_store::{organisation, staff};

use crate::context::App;
use crate::error::{AppError, Fault};
use crate::lead::{self, OpenedLink};
use crate::quote::day_of;

pub use submit::{Submission, Submitted, new_submission, submit};

/// Longest id of an officer a link may name.
const UID_MAX_LEN: usize = 200;

/// Which link was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// A link with an offer.
    Link {
        /// The organisation's word.
        slug: String,
        /// Names the link.
        code: String,
    },
    /// An organisation's own.
    Company {
        /// The organisation's word.
        slug: String,
    },
    /// An officer's own.
    Officer {
        /// The public id, or the organisation's id for the person.
        uid: String,
    },
}

/// An offer somebody was sent with.
#[derive(Debug, Clone)]
pub struct Offer {
    /// As the sender stated it.
    pub loan: PricedLoan,
    /// When the sender stated it.
    pub stated_at: Instant,
}

/// What the page shows.
#[derive(Debug)]
pub struct SignupPage {
    /// Whose page.
    pub org: Organisation,
    /// Who will answer, when the link says so.
    pub officer: Option<Person>,
    /// The offer, when the link has one.
    pub offer: Option<Offer>,
    /// What is known of the borrower, the property and the purpose.
    pub prefill: SignupDraft,
    /// Whether somebody signed up with the link before.
    pub is_used: bool,
    /// The day by which ages are counted.
    pub today: Date,
}

/// A link, opened.
struct Opened {
    org: Organisation,
    officer: Option<Person>,
    link: Option<OpenedLink>,
}

/// Opens a link.
///
/// # Errors
/// Not found when there is no such link, or its organisation, the lender above it or the officer is
/// not active.
#[boxed]
pub async fn open(app: &App, door: &Door) -> Result<SignupPage, AppError> {
    let opened = enter(app, door).await?;
    let today = day_of(app.now())?;
    let is_used = opened.link.as_ref().is_some_and(is_used);
    let prefill = opened.link.as_ref().map(|link| {
        let offered = SignupDraft::of_offer(&link.loan);
        if is_used {
            offered
        } else {
            SignupDraft::of_lead(&link.borrower).or(offered)
        }
    });
    Ok(SignupPage {
        prefill: prefill.unwrap_or_default().readable(today),
        offer: opened.link.map(|link| Offer {
            loan: link.loan,
            stated_at: link.made_at,
        }),
        org: opened.org,
        officer: opened.officer,
        is_used,
        today,
    })
}

/// Who signed up is nobody else's business: from then on the link tells nothing about the lead.
const fn is_used(link: &OpenedLink) -> bool {
    link.signed_up_at.is_some()
}

async fn enter(app: &App, door: &Door) -> Result<Opened, AppError> {
    match door {
        Door::Link { slug, code } => {
            let link = lead::open_link(app, slug, code).await?;
            let officer = officer_of(app, &link.org, link.officer.as_ref()).await?;
            Ok(Opened {
                org: link.org.clone(),
                officer,
                link: Some(link),
            })
        }
        Door::Company { slug } => Ok(Opened {
            org: lead::organisation_of(app, slug).await?,
            officer: None,
            link: None,
        }),
        Door::Officer { uid } => officers_own(app, uid).await,
    }
}

/// The officer a lead is meant for: somebody of its organisation or of the lender above it. One who
/// left is no reason not to sign up.
async fn officer_of(
    app: &App,
    org: &Organisation,
    id: Option<&RowId>,
) -> Result<Option<Person>, Fault> {
    let Some(id) = id else { return Ok(None) };
    let mut tx = app.db().begin().await?;
    officer_in(&mut tx, org, id).await
}

/// As [`officer_of`], within a transaction.
async fn officer_in(tx: &mut Tx, org: &Organisation, id: &RowId) -> Result<Option<Person>, Fault> {
    for org_id in [&org.id, org.lender_id()] {
        if let Some(person) = staff::load_by_id_in(tx, org_id, id).await? {
            return Ok(Some(person).filter(|person| person.is_active));
        }
    }
    Ok(None)
}

async fn officers_own(app: &App, uid: &str) -> Result<Opened, AppError> {
    let unknown = || AppError::from(Refusal::NotFound { what: Noun::Staff });
    let is_plain = (1..=UID_MAX_LEN).contains(&uid.len()) && !uid.contains('\0');
    if !is_plain {
        return Err(unknown());
    }
    let named = lintel_store::lead::officer(app.db(), uid).await?;
    let (org_id, id) = named.ok_or_else(unknown)?;
    let person = staff::load_by_id(app.db(), &org_id, &id).await?;
    let person = person.filter(|p| p.is_active).ok_or_else(unknown)?;
    let org = organisation::load_by_id(app.db(), &org_id).await?;
    let lends = |org: &Organisation| org.kind.may_call_as_lender();
    let org = org.filter(|org| org.is_active && lends(org));
    let org = org.ok_or_else(unknown)?;
    if let Some(parent) = &org.parent_id {
        let lender = organisation::load_by_id(app.db(), parent).await?;
        lender
            .filter(|lender| lender.is_active)
            .ok_or_else(unknown)?;
    }
    Ok(Opened {
        org,
        officer: Some(person),
        link: None,
    })
}

/// Where the property is: as stated, else by its postal code, else as the offer has it.
fn property_state(facts: &SignupFacts, offer: Option<&PricedLoan>) -> Option<StateCode> {
    let property = &facts.property;
    let stated = property.state.as_deref().and_then(StateCode::parse);
    stated
        .or_else(|| state_of_zip(property.postal_code.as_deref()?))
        .or_else(|| StateCode::parse(offer?.state.as_deref()?))
        .or_else(|| state_of_zip(&offer?.postal_code))
}

fn state_of_zip(postal_code: &str) -> Option<StateCode> {
    let zip = Zip::parse(postal_code.get(..5)?).ok()?;
    StateCode::parse(lintel_places::find(zip)?.state)
}

/// Whether an officer may answer for a property. Where it is may not be known; the officer will ask.
fn may_answer(officer: &Person, state: Option<StateCode>) -> bool {
    let is_licensed = |state| officer.licenses.iter().any(|l| l.state == state);
    officer.is_active && officer.roles.may(Permission::BeAssigned) && state.is_none_or(is_licensed)
}
