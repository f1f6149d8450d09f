//! Inviting people to apply: a lead for each borrower, a link of each one's own to the officer's
//! sign-up page, and a letter with it.

mod letter;
mod who;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::lead::{JointBorrower, LeadBorrower, PricedLoan};
use lintel_domain::refusal::{ApplicationField, Field, Refusal, Rule};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::lead::{self, StoredLead, StoredLink, invite as notes};
use lintel_store::{slug, staff};

use super::{
    ATTEMPTS, CODE_LEN, Told, as_column, borrower_of, new_lead, officer_signup_url, seal,
    seal_borrower, seal_loan, told, unknown_lead,
};
use crate::auth::Principal;
use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;
use crate::message::{self, Mailbox};
pub use who::{Inviter, Standing, inviter};

/// Most borrowers of one invitation.
pub const BORROWERS_MAX: usize = 20;
/// For so long the same call is taken for the one before: its answer got lost.
const AGAIN_SECONDS: i64 = 600;

/// Who is invited to what.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The lead that is meant, by its public id or the one it has in the organisation's customer
    /// system; none for somebody new.
    pub lead: Option<String>,
    /// Who they are. May be empty when a lead is named; beside one, what is said replaces what was
    /// known, and whoever was not known is added.
    pub borrowers: Vec<LeadBorrower>,
    /// The loan they looked at; without one the link leads to the officer's own page.
    pub loan: Option<PricedLoan>,
}

/// Invites people to apply, each by a mail with a link of their own. The same call again within ten
/// minutes does nothing more.
///
/// # Errors
/// Not found for a lead that is not the organisation's; refused when nobody is named, or somebody
/// cannot be written to. Nothing was written or sent then. Any fault of the database.
#[boxed]
pub async fn invite(
    app: &App,
    principal: &Principal,
    inviter: &Inviter,
    invitation: &Invitation,
) -> Result<(), AppError> {
    check(invitation)?;
    let Invitation {
        lead,
        borrowers,
        loan,
    } = invitation;
    let whose = [&principal.org.id, &inviter.org.id, &inviter.person.id].map(|id| id.as_str());
    let request = serde_json::to_vec(&(whose, lead, borrowers, loan))
        .map_err(|_| Fault::internal("an invitation could not be written"))?;
    let inviting = Inviting {
        app,
        principal,
        inviter,
        invitation,
        hash: app.keys().fingerprint(Purpose::ApplicationMail, &request)?,
    };
    for _ in 0..ATTEMPTS {
        if inviting.attempt().await? {
            return Ok(());
        }
    }
    Err(Fault::internal("no free lead id found").into())
}

fn refusal(field: ApplicationField, rule: Rule) -> Refusal {
    let field = Field::Application(field);
    Refusal::Invalid { field, rule }
}

fn check(invitation: &Invitation) -> Result<(), Refusal> {
    let borrowers = &invitation.borrowers;
    let nobody = borrowers.is_empty() && invitation.lead.is_none();
    if nobody || borrowers.len() > BORROWERS_MAX {
        return Err(refusal(ApplicationField::Borrowers, Rule::Missing));
    }
    for (borrower, person) in borrowers.iter().enumerate() {
        let field = ApplicationField::Email { borrower };
        match person.email.as_deref() {
            None => return Err(refusal(field, Rule::Missing)),
            Some(email) if !message::is_sendable(email) => {
                return Err(refusal(field, Rule::Malformed));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Everything an attempt needs; attempts differ only in the ids they draw.
struct Inviting<'a> {
    app: &'a App,
    principal: &'a Principal,
    inviter: &'a Inviter,
    invitation: &'a Invitation,
    hash: Vec<u8>,
}

/// Somebody who is written to.
struct Invited {
    lead: StoredLead,
    is_new: bool,
    borrower: LeadBorrower,
}

impl Inviting<'_> {
    /// One transaction; `false` when an id that was drawn is taken.
    async fn attempt(&self) -> Result<bool, AppError> {
        let org = &self.inviter.org;
        let mut tx = self.app.db().begin().await?;
        // First of all locks, as everywhere: below, leads are held and events are written.
        staff::lock_family_in(&mut tx, org.lender_id()).await?;
        let now = self.app.now();
        let named = match &self.invitation.lead {
            Some(text) => Some(self.named_in(&mut tx, text).await?),
            None => None,
        };
        let since = now.plus_seconds(-AGAIN_SECONDS);
        if !notes::note_in(&mut tx, &org.id, &self.hash, now, since).await? {
            return Ok(true);
        }
        let mut invited = self.invited_in(&mut tx, named, now).await?;
        tell_each_other(&mut invited);
        for one in &mut invited {
            if !self.store_in(&mut tx, one).await? || !self.write_in(&mut tx, one, now).await? {
                return Ok(false);
            }
        }
        for one in &invited {
            self.note_in(&mut tx, one).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// The lead that is named, held. Somebody else's answers like none.
    async fn named_in(&self, tx: &mut Tx, text: &str) -> Result<StoredLead, AppError> {
        let org = &self.inviter.org.id;
        if let Some(uid) = PublicId::parse(text)
            && let Some(found) = lead::lock_in(tx, [org, org], &uid).await?
        {
            return Ok(found);
        }
        let uid = notes::uid_by_crm_id_in(tx, org, text).await?;
        let uid = uid.ok_or_else(unknown_lead)?;
        let found = lead::lock_in(tx, [org, org], &uid).await?;
        Ok(found.ok_or_else(unknown_lead)?)
    }

    /// Everybody who is written to, with what is known of them by now; nothing of it is stored yet.
    async fn invited_in(
        &self,
        tx: &mut Tx,
        named: Option<StoredLead>,
        now: Instant,
    ) -> Result<Vec<Invited>, AppError> {
        let said = &self.invitation.borrowers;
        let Some(named) = named else {
            return Ok(said
                .iter()
                .map(|borrower| self.new_one(borrower, now))
                .collect::<Result<_, Fault>>()?);
        };
        let known = borrower_of(self.app, &named)?;
        if said.is_empty() {
            let can_be_written_to = known.email.as_deref().is_some_and(message::is_sendable);
            if !can_be_written_to {
                return Err(refusal(ApplicationField::Borrowers, Rule::Missing).into());
            }
            return Ok(vec![self.known_one(named, known, now)]);
        }
        let meant = meant(&known, said);
        let joint = known.joint.clone();
        let mut main = Some((named, known));
        let mut invited = Vec::with_capacity(said.len());
        for (place, borrower) in said.iter().enumerate() {
            let there = match main.take_if(|_| place == meant) {
                Some(main) => Some(main),
                None => self.joint_in(tx, &joint, borrower).await?,
            };
            invited.push(match there {
                Some((lead, known)) => {
                    self.known_one(lead, known.updated_by(borrower.clone()), now)
                }
                None => self.new_one(borrower, now)?,
            });
        }
        Ok(invited)
    }

    /// The lead of a borrower who came together with another one before.
    async fn joint_in(
        &self,
        tx: &mut Tx,
        joint: &[JointBorrower],
        borrower: &LeadBorrower,
    ) -> Result<Option<(StoredLead, LeadBorrower)>, Fault> {
        let same = |one: &&JointBorrower| Some(&one.uid) == borrower.uid.as_ref();
        let uid = joint.iter().find(same);
        let Some(uid) = uid.and_then(|one| PublicId::parse(&one.lead)) else {
            return Ok(None);
        };
        let org = &self.inviter.org.id;
        let Some(lead) = lead::lock_in(tx, [org, org], &uid).await? else {
            return Ok(None);
        };
        let known = borrower_of(self.app, &lead)?;
        Ok(Some((lead, known)))
    }

    fn new_one(&self, borrower: &LeadBorrower, now: Instant) -> Result<Invited, Fault> {
        let (org, loan) = (&self.inviter.org.id, self.invitation.loan.as_ref());
        let lead = new_lead(self.app, org, borrower, loan, now)?;
        Ok(Invited {
            lead: StoredLead {
                officer_id: Some(self.inviter.person.id.clone()),
                ..lead
            },
            is_new: true,
            borrower: borrower.clone(),
        })
    }

    fn known_one(&self, lead: StoredLead, borrower: LeadBorrower, now: Instant) -> Invited {
        Invited {
            lead: StoredLead {
                officer_id: Some(self.inviter.person.id.clone()),
                crm_lead_id: as_column(borrower.crm_lead_id.as_deref()),
                updated_at: now,
                ..lead
            },
            is_new: false,
            borrower,
        }
    }

    /// `false` when an id that was drawn is taken.
    async fn store_in(&self, tx: &mut Tx, one: &mut Invited) -> Result<bool, Fault> {
        let lead = &mut one.lead;
        lead.borrower_sealed = seal_borrower(self.app, &lead.id, &one.borrower)?;
        if let Some(loan) = &self.invitation.loan {
            lead.loan_sealed = seal_loan(self.app, &lead.id, Some(loan))?;
        }
        if one.is_new {
            return lead::insert_in(tx, lead).await;
        }
        lead::update_in(tx, lead).await
    }

    /// The letter; `false` when the code of its link is taken.
    async fn write_in(&self, tx: &mut Tx, one: &Invited, now: Instant) -> Result<bool, AppError> {
        let (app, org, officer) = (self.app, &self.inviter.org, &self.inviter.person);
        let Some(url) = self.link_in(tx, &one.lead, now).await? else {
            return Ok(false);
        };
        let to = Mailbox {
            name: letter::full_name(&one.borrower),
            email: one.borrower.email.clone().unwrap_or_default(),
        };
        let letter = letter::letter(officer, &one.borrower, self.invitation.loan.as_ref(), url);
        let actor = &self.principal.api_id;
        let mut draft = message::draft_in(app, tx, org, to, &letter, actor).await?;
        // It opens a form with what is known of the borrower.
        draft.secrets = message::secret(&letter.url);
        draft.lead_id = Some(one.lead.id.clone());
        if message::is_sendable(&officer.email) {
            draft.reply_to = vec![Mailbox {
                name: officer.display_name(),
                email: officer.email.clone(),
            }];
        }
        message::mail_in(app, tx, org, &draft).await?;
        Ok(true)
    }

    /// Where the letter leads: to exactly the loan that was passed, or to the officer's own page.
    async fn link_in(
        &self,
        tx: &mut Tx,
        lead: &StoredLead,
        now: Instant,
    ) -> Result<Option<String>, AppError> {
        let uid = &lead.uid;
        let Some(loan) = &self.invitation.loan else {
            let page = officer_signup_url(self.app, &self.inviter.person.public_id)?;
            return Ok(Some(format!("{page}?leadReferralSource={uid}")));
        };
        let public_url = super::link::public_url(self.app)?;
        let slug = slug::ensure_in(tx, &self.inviter.org).await?;
        let code = self.app.code(CODE_LEN)?;
        let link = StoredLink {
            loan_sealed: seal(self.app, Purpose::SignupLoan, &code, loan)?,
            code,
            org_id: lead.org_id.clone(),
            lead_id: lead.id.clone(),
            created_at: now,
        };
        let is_new = lead::insert_link_in(tx, &link).await?;
        let code = &link.code;
        let url = format!("{public_url}/app/signup/p/{slug}/r/{code}?leadReferralSource={uid}");
        Ok(is_new.then_some(url))
    }

    async fn note_in(&self, tx: &mut Tx, one: &Invited) -> Result<(), Fault> {
        let kind = if one.is_new {
            EventKind::LeadCreated
        } else {
            EventKind::LeadUpdated
        };
        let (app, actor) = (self.app, &self.principal.api_id);
        let goes_to_crm = one.borrower.goes_to_crm.unwrap_or(false);
        let of_lead = told(app, &one.lead, actor, goes_to_crm);
        of_lead.tell_in(tx, kind).await?;
        let of_mail = Told {
            body: serde_json::json!({ "offer": self.invitation.loan.is_some() }).to_string(),
            ..of_lead
        };
        of_mail.tell_in(tx, EventKind::ApplicationMailed).await
    }
}

/// Which of the borrowers the lead that was named is: the one it was sent as before, else the main
/// one, else the first.
fn meant(known: &LeadBorrower, said: &[LeadBorrower]) -> usize {
    let same = |one: &LeadBorrower| one.uid.is_some() && one.uid == known.uid;
    let main = |one: &LeadBorrower| one.is_primary == Some(true);
    let place = said.iter().position(same);
    place
        .or_else(|| said.iter().position(main))
        .unwrap_or_default()
}

/// Everybody who came together knows the others, so that they are found again.
fn tell_each_other(invited: &mut [Invited]) {
    let all: Vec<JointBorrower> = invited
        .iter()
        .filter_map(|one| {
            Some(JointBorrower {
                uid: one.borrower.uid.clone()?,
                lead: one.lead.uid.to_string(),
            })
        })
        .collect();
    if all.len() < 2 {
        return;
    }
    for one in invited {
        let mut joint = all.clone();
        joint.retain(|other| other.lead != one.lead.uid.as_str());
        let is_new = |old: &JointBorrower| joint.iter().all(|other| other.uid != old.uid);
        let older: Vec<JointBorrower> = one.borrower.joint.drain(..).filter(is_new).collect();
        joint.extend(older);
        joint.truncate(BORROWERS_MAX);
        one.borrower.joint = joint;
    }
}
