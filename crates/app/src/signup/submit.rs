//! The form of the sign-up page, sent: a lead, an account, an officer, a letter, in one transaction.

mod whose;

use lintel_domain::access::LinkPurpose;
use lintel_domain::event::EventKind;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::lead::LeadBorrower;
use lintel_domain::organisation::Organisation;
use lintel_domain::person::fold_email;
use lintel_domain::refusal::Rule;
use lintel_domain::signup::{ApplicantPart, Asked, SignupDraft, SignupFacts, SignupField};
use lintel_letters::{Letter, SignUp, Welcome, plain_name};
use lintel_macros::boxed;
use lintel_store::borrower::StoredAccount;
use lintel_store::db::Tx;
use lintel_store::lead::{self, StoredLead, StoredSignup};
use lintel_store::{slug, staff};
use tokio::time::sleep_until;

use super::{Door, Opened, enter, may_answer, property_state};
use crate::borrower::account::{NewAccount, ensure_in, tell_in};
use crate::context::App;
use crate::error::{AppError, Fault};
use crate::lead::{
    ATTEMPTS, Told, as_column, borrower_of, new_lead, seal_borrower, seal_facts, seal_loan,
};
use crate::message::{self, Mailbox};
use crate::quote::day_of;
use crate::session::Visitor;
use crate::sign_in::throttle::{Attempt, Limit, network};
use crate::{assignment, link};

/// How the audit log names somebody who has not signed in.
const VISITOR: &str = "visitor";
/// Characters of a form's name: 131 random bits.
const SUBMISSION_LEN: usize = 22;
/// Forms for one mail address in an hour: each sends a letter to somebody who may not have asked.
const FOR_ADDRESS: i64 = 5;
/// Forms from one place in an hour.
const FROM_PLACE: i64 = 40;
const WINDOW_SECONDS: i64 = 3600;

/// A form that was sent.
#[derive(Debug)]
pub struct Submission {
    /// The link it came from.
    pub door: Door,
    /// The lead a link without an offer says somebody is, by its public id.
    pub source: Option<String>,
    /// Names this form: sent twice, it is one lead.
    pub id: String,
    /// What was said.
    pub draft: SignupDraft,
    /// Where it came from.
    pub visitor: Visitor,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It was taken in, now or before.
    Done {
        /// Public id of the organisation it was for.
        org: PublicId,
    },
    /// It was not; these are the mistakes, in the page's order.
    Mistakes(Vec<(SignupField, Rule)>),
    /// Too many came; look again after so many seconds.
    Later {
        /// Seconds.
        seconds: u32,
    },
}

/// A name for a form about to be shown.
///
/// # Errors
/// When no random bytes are to be had.
pub fn new_submission(app: &App) -> Result<String, Fault> {
    app.secret_base62(SUBMISSION_LEN)
}

/// Takes a form in. Neither the answer nor the time it takes says whether the borrower was known.
///
/// # Errors
/// Not found as for opening the link; any fault of the database. Nothing was stored then.
#[boxed]
pub async fn submit(app: &App, submission: Submission) -> Result<Submitted, AppError> {
    // A known borrower is less to write than a new one.
    let until = tokio::time::Instant::now() + app.sign_in_rules().slowness;
    let end = look_and_take(app, submission).await?;
    if matches!(end, Submitted::Done { .. }) {
        sleep_until(until).await;
    }
    Ok(end)
}

async fn look_and_take(app: &App, submission: Submission) -> Result<Submitted, AppError> {
    let opened = enter(app, &submission.door).await?;
    let offer = opened.link.as_ref().map(|link| &link.loan);
    let asked = Asked {
        property_state: offer.is_none(),
    };
    let facts = match submission.draft.check(asked, day_of(app.now())?) {
        Ok(facts) => facts,
        Err(mistakes) => return Ok(Submitted::Mistakes(mistakes)),
    };
    let Some(email) = facts
        .borrower
        .email
        .clone()
        .filter(|e| message::is_sendable(e))
    else {
        let field = SignupField::Borrower(ApplicantPart::Email);
        return Ok(Submitted::Mistakes(vec![(field, Rule::Malformed)]));
    };
    let is_name = submission.id.len() == SUBMISSION_LEN
        && submission.id.bytes().all(|b| b.is_ascii_alphanumeric());
    let taking = Taking {
        id: if is_name {
            submission.id
        } else {
            new_submission(app)?
        },
        source: submission.source.as_deref().and_then(PublicId::parse),
        app,
        opened,
        facts,
        email,
    };
    taking.take(&submission.visitor).await
}

/// A form whose texts can be read, about to be taken in.
struct Taking<'a> {
    app: &'a App,
    opened: Opened,
    id: String,
    source: Option<PublicId>,
    facts: SignupFacts,
    email: String,
}

impl Taking<'_> {
    async fn take(&self, visitor: &Visitor) -> Result<Submitted, AppError> {
        let folded = fold_email(&self.email);
        let lender = self.org().lender_id();
        let limits = [
            Limit::window(
                format!("sign-up|{lender}|{folded}"),
                FOR_ADDRESS,
                WINDOW_SECONDS,
            ),
            Limit::window(
                format!("sign-up from|{}", network(&visitor.address)),
                FROM_PLACE,
                WINDOW_SECONDS,
            ),
        ];
        // A form that comes again costs nothing: browsers send twice what people click twice.
        let mut tx = self.app.db().begin().await?;
        let before = lead::by_submission_in(&mut tx, &self.org().id, &self.id).await?;
        drop(tx);
        if before.is_some() {
            return Ok(self.done());
        }
        if let Err(seconds) = Attempt::begin(self.app, &limits).await? {
            return Ok(Submitted::Later { seconds });
        }
        for _ in 0..ATTEMPTS {
            if self.attempt().await? {
                return Ok(self.done());
            }
        }
        Err(Fault::internal("no free id found for a sign-up").into())
    }

    fn org(&self) -> &Organisation {
        &self.opened.org
    }

    fn done(&self) -> Submitted {
        Submitted::Done {
            org: self.org().public_id.clone(),
        }
    }

    /// One transaction; `false` when an id that was drawn is taken.
    async fn attempt(&self) -> Result<bool, AppError> {
        let mut tx = self.app.db().begin().await?;
        // First of all locks, as everywhere: below, events of broker and lender are written.
        staff::lock_family_in(&mut tx, self.org().lender_id()).await?;
        let (open, meant) = self.open_lead_in(&mut tx).await?;
        // Asked once the lead is held: a form sent twice at the same moment waits there.
        let before = lead::by_submission_in(&mut tx, &self.org().id, &self.id).await?;
        if before.is_some() {
            return Ok(true);
        }
        let borrower = &self.facts.borrower;
        let new = NewAccount {
            email: &self.email,
            first_name: borrower.first_name.as_deref().unwrap_or_default(),
            last_name: borrower.last_name.as_deref().unwrap_or_default(),
        };
        let Some((account, is_new)) = ensure_in(self.app, &mut tx, self.org(), &new).await? else {
            return Ok(false);
        };
        let meant_officer = meant.as_ref().and_then(|lead| lead.officer_id.as_ref());
        let lead = self.lead_in(&mut tx, open, meant_officer, &account);
        let Some(lead) = lead.await? else {
            return Ok(false);
        };
        if is_new {
            tell_in(self.app, &mut tx, &account, VISITOR).await?;
        }
        self.write_in(&mut tx, &account, &lead.id).await?;
        let told = Told {
            app: self.app,
            lead: &lead,
            actor: VISITOR,
            body: serde_json::json!({
                "pushToCRM": borrower_of(self.app, &lead)?.goes_to_crm.unwrap_or(false),
                "assigned": lead.officer_id.is_some(),
                "leadReferralSource": meant.as_ref().map(|lead| lead.uid.as_str()),
            })
            .to_string(),
        };
        told.tell_in(&mut tx, EventKind::LeadSignedUp).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn lead_in(
        &self,
        tx: &mut Tx,
        open: Option<StoredLead>,
        meant_officer: Option<&RowId>,
        account: &StoredAccount,
    ) -> Result<Option<StoredLead>, Fault> {
        let now = self.app.now();
        let offer = self.opened.link.as_ref().map(|link| &link.loan);
        let is_new = open.is_none();
        let base = match open {
            Some(lead) => lead,
            None => new_lead(
                self.app,
                &self.org().id,
                &LeadBorrower::default(),
                offer,
                now,
            )?,
        };
        let known = borrower_of(self.app, &base)?;
        let borrower = self.facts.told_to(known);
        let lead = StoredLead {
            borrower_sealed: seal_borrower(self.app, &base.id, &borrower)?,
            loan_sealed: match offer {
                Some(loan) => seal_loan(self.app, &base.id, Some(loan))?,
                None => base.loan_sealed,
            },
            officer_id: self
                .officer_in(tx, base.officer_id.as_ref().or(meant_officer))
                .await?,
            crm_lead_id: as_column(borrower.crm_lead_id.as_deref()),
            updated_at: now,
            signup: Some(StoredSignup {
                facts_sealed: seal_facts(self.app, &base.id, &self.facts)?,
                account_id: account.id.clone(),
                at: now,
                submission: self.id.clone(),
            }),
            is_listed: true,
            org_id: base.org_id,
            id: base.id,
            uid: base.uid,
            created_at: base.created_at,
        };
        let is_written = if is_new {
            lead::insert_in(tx, &lead).await?
        } else {
            lead::update_in(tx, &lead).await?
        };
        Ok(is_written.then_some(lead))
    }

    /// Who answers: the officer of the link, when licensed for the property, else whose turn it is.
    async fn officer_in(
        &self,
        tx: &mut Tx,
        of_lead: Option<&RowId>,
    ) -> Result<Option<RowId>, Fault> {
        let offer = self.opened.link.as_ref().map(|link| &link.loan);
        let state = property_state(&self.facts, offer);
        let named = match (&self.opened.officer, of_lead) {
            (Some(officer), _) => Some(officer.clone()),
            // Not on a connection of its own: others hold those, waiting for this transaction.
            (None, Some(id)) => super::officer_in(tx, self.org(), id).await?,
            (None, None) => None,
        };
        if let Some(officer) = named.filter(|officer| may_answer(officer, state)) {
            return Ok(Some(officer.id));
        }
        assignment::choose_in(self.app, tx, self.org(), None, state).await
    }

    /// The letter: who has no password yet gets a link to choose one, everybody else is told where to
    /// sign in.
    async fn write_in(
        &self,
        tx: &mut Tx,
        account: &StoredAccount,
        lead: &RowId,
    ) -> Result<(), Fault> {
        if !account.is_active {
            return Ok(());
        }
        let app = self.app;
        let public_url = app
            .public_url()
            .ok_or_else(|| Fault::internal("the public address is not set"))?;
        let first_name = self.facts.borrower.first_name.as_deref();
        let first_name = first_name.and_then(plain_name);
        if account.password_phc.is_some() {
            let slug = slug::ensure_in(tx, self.org()).await?;
            let url = format!("{public_url}/app/sign-in?p={slug}");
            let letter = SignUp { first_name, url };
            return self.send_in(tx, account, &letter, (lead, Vec::new())).await;
        }
        let whom = (&account.lender_org_id, &account.id);
        let token = link::make_in(app, tx, LinkPurpose::Welcome, whom, VISITOR).await?;
        let url = format!("{public_url}/app/welcome/{token}");
        let secrets = message::secret(&url);
        let letter = Welcome { first_name, url };
        self.send_in(tx, account, &letter, (lead, secrets)).await
    }

    async fn send_in<L: Letter>(
        &self,
        tx: &mut Tx,
        account: &StoredAccount,
        letter: &L,
        (lead, secrets): (&RowId, Vec<String>),
    ) -> Result<(), Fault> {
        let (app, org) = (self.app, self.org());
        let to = Mailbox {
            // Anybody may have typed it: a letter says nothing a stranger chose but a plain given name.
            name: String::new(),
            email: account.email.clone(),
        };
        let mut draft = message::draft_in(app, tx, org, to, letter, VISITOR).await?;
        draft.lead_id = Some(lead.clone());
        draft.secrets = secrets;
        message::mail_in(app, tx, org, &draft).await.map(|_| ())
    }
}
