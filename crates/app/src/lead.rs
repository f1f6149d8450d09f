//! Leads: somebody chose an offer elsewhere, and is sent to the sign-up page with it.

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
pub use lintel_domain::lead::{LeadBorrower, PricedLoan};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;
use lintel_store::lead::{self, StoredLead, StoredLink};
use lintel_store::{organisation, slug};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;

/// Characters of a link's code: 62 random bits.
const CODE_LEN: usize = 12;
/// Longest id of a foreign system kept in its column.
const CRM_ID_MAX_CHARS: usize = 200;
/// Ids collide once in a long while; then others are drawn.
const ATTEMPTS: usize = 5;

/// What is signed up for.
#[derive(Debug, Clone)]
pub struct Signup {
    /// The organisation the caller believes it asks: itself, a broker's wholesale lender, or one of
    /// a wholesale lender's brokers, whose lead it is then. Blank counts as absent.
    pub lender: Option<String>,
    /// Public id of the lead to update; none for a new one. Blank counts as absent.
    pub lead: Option<String>,
    /// Public id of the loan officer. Blank counts as absent.
    pub officer: Option<String>,
    /// Who it is.
    pub borrower: LeadBorrower,
    /// The offer that was chosen.
    pub loan: PricedLoan,
}

/// Where to send somebody who chose an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignupLink {
    /// Address of the sign-up page with the offer.
    pub url: String,
    /// Public id of the lead.
    pub lead: PublicId,
    /// Whether the lead is new.
    pub is_new_lead: bool,
}

/// Makes or updates a lead, and a link to the sign-up page that shows exactly the offer passed.
///
/// # Errors
/// Not found for an organisation, a loan officer or a lead that does not exist or is not the
/// caller's to name; nothing was changed then.
pub async fn set_signup(
    app: &App,
    principal: &Principal,
    signup: Signup,
) -> Result<SignupLink, AppError> {
    let public_url = app
        .public_url()
        .ok_or_else(|| Fault::internal("the public address is not set"))?;
    let org = whose(app, &principal.org, filled(signup.lender.as_ref())).await?;
    let officer = officer(app, principal, &org, filled(signup.officer.as_ref())).await?;
    let uid = match filled(signup.lead.as_ref()) {
        Some(text) => Some(PublicId::parse(text).ok_or_else(unknown_lead)?),
        None => None,
    };
    let signing = Signing {
        app,
        principal,
        org: &org,
        officer,
        uid,
        signup: &signup,
    };
    for _ in 0..ATTEMPTS {
        if let Some((lead, is_new_lead, path)) = signing.attempt().await? {
            let url = format!("{public_url}{path}");
            return Ok(SignupLink {
                url,
                lead,
                is_new_lead,
            });
        }
    }
    Err(Fault::internal("no free lead id found").into())
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|t| t.trim()).filter(|t| !t.is_empty())
}

fn unknown_lead() -> Refusal {
    Refusal::NotFound { what: Noun::Lead }
}

/// Whose lead it is.
async fn whose(
    app: &App,
    own: &Organisation,
    lender: Option<&str>,
) -> Result<Organisation, AppError> {
    let unknown = Refusal::NotFound {
        what: Noun::Organisation,
    };
    let Some(text) = lender.filter(|text| *text != own.public_id.as_str()) else {
        return Ok(own.clone());
    };
    let id = PublicId::parse(text).ok_or_else(|| unknown.clone())?;
    let named = organisation::load(app.db(), &id).await?;
    match named.filter(|named| named.is_active) {
        Some(named) if named.parent_id.as_ref() == Some(&own.id) => Ok(named),
        Some(named) if own.parent_id.as_ref() == Some(&named.id) => Ok(own.clone()),
        Some(_) | None => Err(unknown.into()),
    }
}

async fn officer(
    app: &App,
    principal: &Principal,
    org: &Organisation,
    officer: Option<&str>,
) -> Result<Option<RowId>, AppError> {
    let Some(text) = officer else {
        return Ok(None);
    };
    let unknown = Refusal::NotFound { what: Noun::Staff };
    let id = PublicId::parse(text).ok_or_else(|| unknown.clone())?;
    let orgs = [&org.id, &principal.org.id, org.lender_id()];
    let person = organisation::load_staff_of(app.db(), &orgs, &id).await?;
    Ok(Some(person.ok_or(unknown)?.id))
}

/// Everything an attempt needs; attempts differ only in the ids they draw.
struct Signing<'a> {
    app: &'a App,
    principal: &'a Principal,
    org: &'a Organisation,
    officer: Option<RowId>,
    uid: Option<PublicId>,
    signup: &'a Signup,
}

impl Signing<'_> {
    /// One transaction; none when an id that was drawn is taken.
    async fn attempt(&self) -> Result<Option<(PublicId, bool, String)>, AppError> {
        let mut tx = self.app.db().begin().await?;
        let now = self.app.now();
        let lead = match &self.uid {
            Some(uid) => Some(self.update_in(&mut tx, uid, now).await?),
            None => self.insert_in(&mut tx, now).await?,
        };
        let Some(lead) = lead else { return Ok(None) };
        // A lead that came before may be the caller's, whomever the caller names now: a link stands
        // under the word of its lead's organisation.
        let own = [self.org, &self.principal.org];
        let org = own.into_iter().find(|org| org.id == lead.org_id);
        let org = org.ok_or_else(|| Fault::internal("a lead belongs to neither organisation"))?;
        let slug = slug::ensure_in(&mut tx, org).await?;
        let code = self.app.code(CODE_LEN)?;
        let link = StoredLink {
            loan_sealed: seal(self.app, Purpose::SignupLoan, &code, &self.signup.loan)?,
            code,
            org_id: lead.org_id.clone(),
            lead_id: lead.id.clone(),
            created_at: now,
        };
        if !lead::insert_link_in(&mut tx, &link).await? {
            return Ok(None);
        }
        let is_new = self.uid.is_none();
        self.record_in(&mut tx, &lead, is_new).await?;
        tx.commit().await?;
        let (code, uid) = (&link.code, &lead.uid);
        let path = format!("/app/signup/p/{slug}/r/{code}?leadReferralSource={uid}");
        Ok(Some((lead.uid, is_new, path)))
    }

    async fn insert_in(&self, tx: &mut Tx, now: Instant) -> Result<Option<StoredLead>, Fault> {
        let id = self.app.row_id()?;
        let lead = StoredLead {
            borrower_sealed: self.seal_borrower(&id, &self.signup.borrower)?,
            loan_sealed: self.seal_loan(&id)?,
            org_id: self.org.id.clone(),
            uid: self.app.public_id()?,
            officer_id: self.officer.clone(),
            crm_lead_id: as_column(self.signup.borrower.crm_lead_id.as_deref()),
            created_at: now,
            updated_at: now,
            id,
        };
        Ok(lead::insert_in(tx, &lead).await?.then_some(lead))
    }

    async fn update_in(
        &self,
        tx: &mut Tx,
        uid: &PublicId,
        now: Instant,
    ) -> Result<StoredLead, AppError> {
        // Somebody else's lead answers like none.
        let own = [&self.org.id, &self.principal.org.id];
        let old = lead::lock_in(tx, own, uid)
            .await?
            .ok_or_else(unknown_lead)?;
        let known = borrower_of(self.app, &old)?.updated_by(self.signup.borrower.clone());
        let lead = StoredLead {
            borrower_sealed: self.seal_borrower(&old.id, &known)?,
            loan_sealed: self.seal_loan(&old.id)?,
            officer_id: self.officer.clone().or(old.officer_id),
            crm_lead_id: as_column(known.crm_lead_id.as_deref()),
            updated_at: now,
            org_id: old.org_id,
            id: old.id,
            uid: old.uid,
            created_at: old.created_at,
        };
        lead::update_in(tx, &lead).await?;
        Ok(lead)
    }

    fn seal_borrower(&self, id: &RowId, borrower: &LeadBorrower) -> Result<Vec<u8>, Fault> {
        seal(self.app, Purpose::LeadBorrower, id.as_str(), borrower)
    }

    fn seal_loan(&self, id: &RowId) -> Result<Vec<u8>, Fault> {
        let loan = &self.signup.loan;
        seal(self.app, Purpose::LeadLoan, id.as_str(), loan)
    }

    async fn record_in(&self, tx: &mut Tx, lead: &StoredLead, is_new: bool) -> Result<(), Fault> {
        let kind = if is_new {
            EventKind::LeadCreated
        } else {
            EventKind::LeadUpdated
        };
        let goes_to_crm = self.signup.borrower.goes_to_crm.unwrap_or(false);
        let body = serde_json::json!({ "pushToCRM": goes_to_crm }).to_string();
        let event = NewEvent {
            org_id: &lead.org_id,
            at: lead.updated_at,
            actor: &self.principal.api_id,
            kind,
            subject: lead.id.as_str(),
            body: &body,
        };
        let seq = record_in(tx, &event).await?;
        announce_in(
            tx,
            &self.app.row_id()?,
            &lead.org_id,
            seq,
            kind,
            lead.updated_at,
        )
        .await
    }
}

/// A sender's own id as a column may hold it: no control characters, and not without end.
fn as_column(text: Option<&str>) -> Option<String> {
    let clean = text?.chars().filter(|c| !c.is_control());
    Some(clean.take(CRM_ID_MAX_CHARS).collect())
}

/// Seals what is said about somebody, for the row it is stored in.
fn seal<T: Serialize>(app: &App, purpose: Purpose, row: &str, value: &T) -> Result<Vec<u8>, Fault> {
    let plain = serde_json::to_vec(value)
        .map_err(|_| Fault::internal("what a lead says could not be written"))?;
    app.keys().seal(purpose, row, &plain, app.rng())
}

/// None when it was opened and cannot be read. The parser's message may quote what it read: it is
/// left out.
fn unseal<T: DeserializeOwned>(
    app: &App,
    purpose: Purpose,
    row: &str,
    sealed: &[u8],
) -> Result<Option<T>, Fault> {
    let plain = app.keys().unseal(purpose, row, sealed)?;
    Ok(serde_json::from_slice(&plain).ok())
}

fn borrower_of(app: &App, lead: &StoredLead) -> Result<LeadBorrower, Fault> {
    let (purpose, id) = (Purpose::LeadBorrower, lead.id.as_str());
    unseal(app, purpose, id, &lead.borrower_sealed)?
        .ok_or_else(|| Fault::corrupt("lead", "borrower_sealed", id))
}

/// What a link to the sign-up page leads to.
#[derive(Debug, Clone)]
pub struct OpenedLink {
    /// Whose page.
    pub org: Organisation,
    /// Public id of the lead.
    pub lead: PublicId,
    /// Who it is, as far as known by now.
    pub borrower: LeadBorrower,
    /// The offer the link was made for.
    pub loan: PricedLoan,
}

/// Opens a link.
///
/// # Errors
/// Not found when there is no such link under that organisation's word, or the organisation is not
/// active.
pub async fn open_link(app: &App, slug: &str, code: &str) -> Result<OpenedLink, AppError> {
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if code.len() != CODE_LEN || !is_plain(code) || !is_plain(slug) {
        return Err(unknown_lead().into());
    }
    let org = slug::organisation(app.db(), slug).await?;
    let org = org.filter(|org| org.is_active).ok_or_else(unknown_lead)?;
    let link = lead::load_link(app.db(), code).await?;
    // A link stands under the word of its lead's organisation, and under no other.
    let link = link.filter(|link| link.org_id == org.id);
    let link = link.ok_or_else(unknown_lead)?;
    let stored = lead::load(app.db(), &link.org_id, &link.lead_id).await?;
    let stored = stored.ok_or_else(|| Fault::corrupt("signup_link", "lead_id", code))?;
    let loan = unseal(app, Purpose::SignupLoan, code, &link.loan_sealed)?
        .ok_or_else(|| Fault::corrupt("signup_link", "loan_sealed", stored.id.as_str()))?;
    Ok(OpenedLink {
        borrower: borrower_of(app, &stored)?,
        lead: stored.uid,
        org,
        loan,
    })
}
