//! Borrowers are invited to follow their loan: an account for each address, a letter with a link.
//!
//! A letter goes to whatever address the application names. What it opens is shown to the account of
//! that address alone, and only loans it was invited to: to be named in an application is not enough.

use lintel_domain::access::LinkPurpose;
use lintel_domain::application::Application;
use lintel_domain::event::EventKind;
use lintel_domain::id::Instant;
use lintel_domain::loan::OfficerName;
use lintel_domain::organisation::Organisation;
use lintel_domain::person::fold_email;
use lintel_letters::{LoanInvitation, Way, plain_name};
use lintel_mismo::{Code, Finding, Severity};
use lintel_store::borrower::StoredAccount;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::loan::invitation;
use lintel_store::loan::read::LoanHead;
use lintel_store::loan::write::ExistingLoan;
use lintel_store::{organisation, slug};

use super::caller::{LoanCaller, note_in, touch_in};
use crate::auth::Principal;
use crate::borrower::account::{NewAccount, ensure_in, tell_in};
use crate::context::App;
use crate::link;
use crate::message::{self, Mailbox};

/// Somebody who is to be written to.
#[derive(Clone)]
pub(super) struct Invitee {
    /// Place in the application, from zero.
    borrower: usize,
    first_name: String,
    last_name: String,
    email: String,
}

impl Invitee {
    /// The borrowers of an application who can be written to, each address once. Says of the others
    /// why not.
    pub(super) fn of(application: &Application, findings: &mut Vec<Finding>) -> Vec<Self> {
        let mut invitees: Vec<Self> = Vec::new();
        for (n, borrower) in application.borrowers.iter().enumerate() {
            let Some(email) = borrower.emails.first().map(|email| email.trim()) else {
                findings.push(cannot(n, "no mail address"));
                continue;
            };
            if !message::is_sendable(email) {
                findings.push(cannot(n, "nobody can be written to at the mail address"));
                continue;
            }
            let folded = fold_email(email);
            if invitees
                .iter()
                .any(|known| fold_email(&known.email) == folded)
            {
                continue;
            }
            invitees.push(Self {
                borrower: n,
                first_name: borrower.name.first.clone().unwrap_or_default(),
                last_name: borrower.name.last.clone().unwrap_or_default(),
                email: email.to_owned(),
            });
        }
        invitees
    }
}

/// Says that a borrower cannot be invited, and why.
fn cannot(borrower: usize, why: &str) -> Finding {
    Finding {
        code: Code::RequiredMissing,
        severity: Severity::Warning,
        path: format!("borrower[{}]", borrower + 1),
        line: None,
        message: format!("{why}, so this borrower cannot be invited").into(),
        allowed: Vec::new(),
    }
}

/// Borrowers about to be invited to one loan.
pub(super) struct Inviting<'a> {
    pub app: &'a App,
    pub principal: &'a Principal,
    pub invitees: &'a [Invitee],
}

impl Inviting<'_> {
    /// Whether somebody is to be written to who was not yet. Nobody is about a loan that ended.
    pub(super) async fn is_anybody_left_in(
        &self,
        tx: &mut Tx,
        loan: &ExistingLoan,
    ) -> Result<bool, Fault> {
        if self.invitees.is_empty() || !loan.lifecycle.is_active() {
            return Ok(false);
        }
        let lender = self.principal.org.lender_id();
        let known = invitation::emails_in(tx, lender, &loan.id).await?;
        let is_left = |one: &Invitee| !known.contains(&fold_email(&one.email));
        Ok(self.invitees.iter().any(is_left))
    }

    /// Invites who was not invited yet, in the transaction that holds the family and then the loan.
    /// Answers of whom that could not be done; `None` when a public id that was drawn is taken.
    pub(super) async fn invite_in(
        &self,
        tx: &mut Tx,
        head: &LoanHead,
        now: Instant,
    ) -> Result<Option<Vec<Finding>>, Fault> {
        let mut not_invited = Vec::new();
        if !head.lifecycle.is_active() {
            return Ok(Some(not_invited));
        }
        let (mut invited, mut added) = (0_usize, 0_usize);
        for invitee in self.invitees {
            let new = NewAccount {
                email: &invitee.email,
                first_name: &invitee.first_name,
                last_name: &invitee.last_name,
            };
            let found = ensure_in(self.app, tx, &self.principal.org, &new).await?;
            let Some((account, is_new)) = found else {
                return Ok(None);
            };
            if !account.is_active {
                not_invited.push(cannot(invitee.borrower, "the account is switched off"));
                continue;
            }
            if is_new {
                tell_in(self.app, tx, &account, &self.principal.api_id).await?;
                added += 1;
            }
            let keys = (&head.lender_id, &head.line.id);
            if invitation::insert_in(tx, keys, &account.id, now).await? {
                self.write_in(tx, head, invitee, &account).await?;
                invited += 1;
            }
        }
        if invited > 0 {
            touch_in(tx, head, now).await?;
            let body = serde_json::json!({ "invited": invited, "accounts": added });
            let (caller, kind) = (
                LoanCaller::Program(self.principal),
                EventKind::BorrowersInvited,
            );
            note_in(self.app, tx, &caller, head, (kind, now), &body).await?;
        }
        Ok(Some(not_invited))
    }

    /// The letter: who has no password yet gets a link to choose one, everybody else is told where to
    /// sign in.
    async fn write_in(
        &self,
        tx: &mut Tx,
        head: &LoanHead,
        invitee: &Invitee,
        account: &StoredAccount,
    ) -> Result<(), Fault> {
        let (app, org) = (self.app, &self.principal.org);
        let public_url = app
            .public_url()
            .ok_or_else(|| Fault::internal("the public address is not set"))?;
        let way = if account.password_phc.is_some() {
            let slug = slug::ensure_in(tx, org).await?;
            Way::SignIn {
                url: format!("{public_url}/app/sign-in?p={slug}"),
            }
        } else {
            let whom = (&account.lender_org_id, &account.id);
            let actor = &self.principal.api_id;
            let token = link::make_in(app, tx, LinkPurpose::Welcome, whom, actor).await?;
            Way::Welcome {
                url: format!("{public_url}/app/welcome/{token}"),
            }
        };
        let lender = self.lender_in(tx).await?;
        let secrets = match &way {
            Way::Welcome { url } => message::secret(url),
            Way::SignIn { .. } => Vec::new(),
        };
        let letter = LoanInvitation {
            first_name: plain_name(&invitee.first_name),
            lender: lender.map(|lender| lender.name),
            officer: plain_name(&officer_name(&head.line.officer)),
            way,
        };
        let to = Mailbox {
            name: String::new(),
            email: account.email.clone(),
        };
        let actor = &self.principal.api_id;
        let mut draft = message::draft_in(app, tx, org, to, &letter, actor).await?;
        draft.loan_id = Some(head.line.id.clone());
        draft.secrets = secrets;
        message::mail_in(app, tx, org, &draft).await.map(|_| ())
    }

    /// The lender a broker originates for.
    async fn lender_in(&self, tx: &mut Tx) -> Result<Option<Organisation>, Fault> {
        match &self.principal.org.parent_id {
            Some(lender) => organisation::load_by_id_in(tx, lender).await,
            None => Ok(None),
        }
    }
}

fn officer_name(officer: &OfficerName) -> String {
    let names = [&officer.first_name, &officer.last_name];
    let names: Vec<&str> = names
        .into_iter()
        .flatten()
        .map(|name| name.trim())
        .collect();
    names.join(" ")
}
