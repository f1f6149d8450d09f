//! Leads: somebody asks what a loan would cost, is sent to the sign-up page, or comes from a partner.

pub mod invite;
mod link;
mod list;
mod sealed;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
pub use lintel_domain::lead::{LeadBorrower, PricedLoan};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, announce_in, record_in};
use lintel_store::fault::Fault;
use lintel_store::lead::{self, StoredLead, StoredLink};
use lintel_store::{organisation, slug, staff};

use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;
pub use link::{OpenedLink, officer_signup_url, open_link, organisation_of, signup_url};
pub use list::{LeadLine, LeadPage, list};
pub(crate) use sealed::{
    borrower_of, facts_of, loan_of, seal, seal_borrower, seal_facts, seal_loan,
};

/// Characters of a link's code: 62 random bits.
const CODE_LEN: usize = 12;
/// Longest id of a foreign system kept in its column.
const CRM_ID_MAX_CHARS: usize = 200;
/// Ids collide once in a long while; then others are drawn.
pub(crate) const ATTEMPTS: usize = 5;

/// What is signed up for.
#[derive(Debug, Clone)]
pub struct Signup {
    /// The organisation the caller believes it asks: itself, a broker's wholesale lender, or one of
    /// a wholesale lender's brokers, whose lead it is then. Blank counts as absent.
    pub lender: Option<String>,
    /// Public id of the lead to update; none for a new one. Blank counts as absent.
    pub lead: Option<String>,
    /// The loan officer, by the caller's own id for the person or the public one. Blank counts as
    /// absent.
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
#[boxed]
pub async fn set_signup(
    app: &App,
    principal: &Principal,
    signup: Signup,
) -> Result<SignupLink, AppError> {
    let public_url = app
        .public_url()
        .ok_or_else(|| Fault::internal("the public address is not set"))?;
    let org = whose(app, &principal.org, filled(signup.lender.as_ref())).await?;
    let orgs = [&org.id, &principal.org.id, org.lender_id()];
    let officer = officer(app, &org, &orgs, filled(signup.officer.as_ref())).await?;
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

/// The row id of an active person of one of these organisations of a family.
async fn officer(
    app: &App,
    org: &Organisation,
    org_ids: &[&RowId],
    officer: Option<&str>,
) -> Result<Option<RowId>, AppError> {
    let Some(text) = officer else {
        return Ok(None);
    };
    // No id has one, and PostgreSQL takes none.
    let is_plain = !text.contains('\0');
    for org_id in org_ids.iter().filter(|_| is_plain) {
        let person = staff::find(app.db(), org.lender_id(), org_id, text).await?;
        if let Some(person) = person.filter(|person| person.is_active) {
            return Ok(Some(person.id));
        }
    }
    Err(Refusal::NotFound { what: Noun::Staff }.into())
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
        let kind = match self.uid {
            None => EventKind::LeadCreated,
            Some(_) => EventKind::LeadUpdated,
        };
        let goes_to_crm = self.signup.borrower.goes_to_crm.unwrap_or(false);
        let told = told(self.app, &lead, &self.principal.api_id, goes_to_crm);
        told.tell_in(&mut tx, kind).await?;
        tx.commit().await?;
        let (code, uid) = (&link.code, &lead.uid);
        let path = format!("/app/signup/p/{slug}/r/{code}?leadReferralSource={uid}");
        Ok(Some((lead.uid, self.uid.is_none(), path)))
    }

    async fn insert_in(&self, tx: &mut Tx, now: Instant) -> Result<Option<StoredLead>, Fault> {
        let (borrower, loan) = (&self.signup.borrower, Some(&self.signup.loan));
        let lead = new_lead(self.app, &self.org.id, borrower, loan, now)?;
        let lead = StoredLead {
            officer_id: self.officer.clone(),
            ..lead
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
            borrower_sealed: seal_borrower(self.app, &old.id, &known)?,
            loan_sealed: seal_loan(self.app, &old.id, Some(&self.signup.loan))?,
            officer_id: self.officer.clone().or(old.officer_id),
            crm_lead_id: as_column(known.crm_lead_id.as_deref()),
            updated_at: now,
            is_listed: old.signup.is_some() || known.shows_in_pipeline.unwrap_or(true),
            signup: old.signup,
            org_id: old.org_id,
            id: old.id,
            uid: old.uid,
            created_at: old.created_at,
        };
        lead::update_in(tx, &lead).await?;
        Ok(lead)
    }
}

/// A lead nobody has stored yet, without an officer.
///
/// # Errors
/// When no random bytes are to be had.
pub(crate) fn new_lead(
    app: &App,
    org_id: &RowId,
    borrower: &LeadBorrower,
    loan: Option<&PricedLoan>,
    now: Instant,
) -> Result<StoredLead, Fault> {
    let id = app.row_id()?;
    Ok(StoredLead {
        borrower_sealed: seal_borrower(app, &id, borrower)?,
        loan_sealed: seal_loan(app, &id, loan)?,
        org_id: org_id.clone(),
        uid: app.public_id()?,
        officer_id: None,
        crm_lead_id: as_column(borrower.crm_lead_id.as_deref()),
        created_at: now,
        updated_at: now,
        signup: None,
        is_listed: borrower.shows_in_pipeline.unwrap_or(true),
        id,
    })
}

/// A lead that comes from a partner, without a link.
#[derive(Debug, Clone)]
pub struct NewLead {
    /// The loan officer, by the organisation's own id for the person or the public one. Blank counts
    /// as absent.
    pub officer: Option<String>,
    /// Who it is.
    pub borrower: LeadBorrower,
    /// The offer that was chosen, if one was.
    pub loan: Option<PricedLoan>,
}

/// Takes a lead in for an organisation; `actor` goes into the audit log. The caller must have seen
/// that it may be done. Answers the lead's public id.
///
/// # Errors
/// Not found for a loan officer who is not the organisation's or its lender's; nothing was changed
/// then.
#[boxed]
pub async fn create_lead(
    app: &App,
    org: &Organisation,
    actor: &str,
    lead: NewLead,
) -> Result<PublicId, AppError> {
    let orgs = [&org.id, org.lender_id()];
    let officer = officer(app, org, &orgs, filled(lead.officer.as_ref())).await?;
    let goes_to_crm = lead.borrower.goes_to_crm.unwrap_or(false);
    for _ in 0..ATTEMPTS {
        let now = app.now();
        let stored = StoredLead {
            officer_id: officer.clone(),
            ..new_lead(app, &org.id, &lead.borrower, lead.loan.as_ref(), now)?
        };
        let mut tx = app.db().begin().await?;
        if !lead::insert_in(&mut tx, &stored).await? {
            continue;
        }
        let told = told(app, &stored, actor, goes_to_crm);
        told.tell_in(&mut tx, EventKind::LeadCreated).await?;
        tx.commit().await?;
        return Ok(stored.uid);
    }
    Err(Fault::internal("no free lead id found").into())
}

/// What the log is told of a lead.
pub(crate) struct Told<'a> {
    pub app: &'a App,
    pub lead: &'a StoredLead,
    pub actor: &'a str,
    /// Names nobody.
    pub body: String,
}

fn told<'a>(app: &'a App, lead: &'a StoredLead, actor: &'a str, goes_to_crm: bool) -> Told<'a> {
    Told {
        app,
        lead,
        actor,
        body: serde_json::json!({ "pushToCRM": goes_to_crm }).to_string(),
    }
}

impl Told<'_> {
    /// Writes the event and the row of the outbox.
    pub(crate) async fn tell_in(&self, tx: &mut Tx, kind: EventKind) -> Result<(), Fault> {
        let (org_id, at) = (&self.lead.org_id, self.lead.updated_at);
        let event = NewEvent {
            org_id,
            at,
            actor: self.actor,
            kind,
            subject: self.lead.id.as_str(),
            body: &self.body,
        };
        let seq = record_in(tx, &event).await?;
        announce_in(tx, &self.app.row_id()?, org_id, seq, kind, at).await
    }
}

/// A sender's own id as a column may hold it: no control characters, and not without end.
pub(crate) fn as_column(text: Option<&str>) -> Option<String> {
    let clean = text?.chars().filter(|c| !c.is_control());
    Some(clean.take(CRM_ID_MAX_CHARS).collect())
}
