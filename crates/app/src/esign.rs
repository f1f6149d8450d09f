//! A document vendor hands in the links under which a loan's papers are signed; the signers hear of
//! it by mail.

mod draft;

pub use draft::{SignerDraft, SigningDraft};
use lintel_macros::boxed;

use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::person::fold_email;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule, SignerPart, SigningField};
use lintel_letters::{SigningReady, plain_name};
use lintel_store::db::Tx;
use lintel_store::esign::{
    SigningBorrower, SigningLoan, StoredSigningLink, by_los_id, links_in, lock_loan_in, put_in,
};
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;

use crate::context::App;
use crate::error::AppError;
use crate::keys::Purpose;
use crate::message::{self, Mailbox};
use crate::partner::PartnerCaller;
use crate::sign_in::throttle::{Attempt, Limit};
use draft::{CheckedLink, CheckedLinks};

/// Calls with news about one loan in [`WINDOW_SECONDS`] whose signers are written to.
const WRITTEN: i64 = 10;
const WINDOW_SECONDS: i64 = 3600;

/// Keeps the links of a loan and writes to its signers. The same links again change nothing, and
/// nobody is written to twice about one; a signer who is not named keeps the link there is. Links
/// that change all the time are kept, but nobody is flooded with letters about them.
///
/// # Errors
/// Not permitted without access to loans; not found for a loan the caller does not reach; refused
/// fields, all of them at once. Nothing was changed then.
#[boxed]
pub async fn set_urls(
    app: &App,
    caller: &PartnerCaller,
    draft: SigningDraft,
) -> Result<(), AppError> {
    caller.check_loans()?;
    let unknown = || Refusal::NotFound { what: Noun::Loan };
    let loan = draft.loan.trim();
    let by_los_id = by_los_id(app.db(), &caller.org.id, loan).await?;
    let id = by_los_id
        .or_else(|| PublicId::parse(loan))
        .ok_or_else(unknown)?;
    let name = format!("signing|{}|{id}", caller.org.lender_id());
    let limit = Limit::window(name, WRITTEN, WINDOW_SECONDS);
    // Before the transaction: counting takes one of its own.
    let attempt = Attempt::begin(app, &[limit]).await?.ok();
    let told = keep(app, caller, &id, draft, attempt.is_some()).await;
    if let (Some(attempt), Err(_) | Ok(0)) = (attempt, &told) {
        attempt.succeeded(app).await?;
    }
    told.map(|_| ())
}

/// Keeps the links and answers how many letters that made.
async fn keep(
    app: &App,
    caller: &PartnerCaller,
    id: &PublicId,
    draft: SigningDraft,
    may_write: bool,
) -> Result<usize, AppError> {
    let unknown = Refusal::NotFound { what: Noun::Loan };
    let lender_id = caller.org.lender_id();
    let scope = caller.org.loan_scope();
    let mut tx = app.db().begin().await?;
    let loan = lock_loan_in(&mut tx, lender_id, &scope, id).await?;
    let loan = loan.ok_or(unknown)?;
    let links = draft.check().map_err(several)?;
    let signers = signers(&loan, links).map_err(several)?;
    let setting = Setting {
        app,
        caller,
        lender_id,
        loan: &loan,
        may_write,
        now: app.now(),
    };
    let told = setting.write_in(&mut tx, &signers).await?;
    if told.is_some() {
        tx.commit().await?;
    }
    Ok(told.unwrap_or(0))
}

fn several(mistakes: Vec<(SigningField, Rule)>) -> AppError {
    let mistakes = mistakes.into_iter();
    let fields = mistakes.map(|(field, rule)| (Field::Signing(field), rule));
    let fault = || AppError::from(Fault::internal("refused without a reason"));
    Refusal::of(fields.collect()).map_or_else(fault, AppError::from)
}

/// Somebody who signs, with where.
struct Signer {
    key: String,
    first_name: String,
    email: String,
    link: CheckedLink,
}

/// Finds out who everybody is. A name that fits two borrowers with one address is the first of them
/// who was not named yet.
fn signers(
    loan: &SigningLoan,
    links: CheckedLinks,
) -> Result<Vec<Signer>, Vec<(SigningField, Rule)>> {
    let mut found: Vec<Signer> = Vec::new();
    let mut mistakes = Vec::new();
    if let Some(link) = links.officer {
        match sendable(loan.officer_email.as_deref()) {
            Some(email) => found.push(Signer {
                key: "officer".to_owned(),
                first_name: loan.officer_first_name.clone().unwrap_or_default(),
                email,
                link,
            }),
            None => mistakes.push((SigningField::Officer(SignerPart::Who), Rule::Malformed)),
        }
    }
    for (borrower, (uid, link)) in links.borrowers.into_iter().enumerate() {
        let key = |b: &SigningBorrower| format!("borrower/{}", b.position);
        let mut named = loan
            .borrowers
            .iter()
            .filter(|b| is_called(b, &uid))
            .peekable();
        let is_somebody = named.peek().is_some();
        let free = named.find(|b| !found.iter().any(|s| s.key == key(b)));
        let signer = free.and_then(|b| Some((b, sendable(b.email.as_deref())?)));
        match signer {
            Some((b, email)) => found.push(Signer {
                key: key(b),
                first_name: b.first_name.clone(),
                email,
                link,
            }),
            None => {
                let part = SignerPart::Who;
                let is_taken = is_somebody && free.is_none();
                let rule = if is_taken {
                    Rule::Conflict
                } else {
                    Rule::Malformed
                };
                mistakes.push((SigningField::Borrower { borrower, part }, rule));
            }
        }
    }
    if mistakes.is_empty() {
        Ok(found)
    } else {
        Err(mistakes)
    }
}

/// Whether a vendor's word for somebody means this borrower: single sign-on id, mail address, or the
/// id of the account with that address.
fn is_called(borrower: &SigningBorrower, uid: &str) -> bool {
    let email = borrower.email.as_deref().map(fold_email);
    borrower.sso_id.as_deref() == Some(uid)
        || borrower.account_id.as_ref().map(PublicId::as_str) == Some(uid)
        || email.is_some_and(|email| !email.is_empty() && email == fold_email(uid))
}

fn sendable(email: Option<&str>) -> Option<String> {
    let email = email.map(str::trim)?;
    message::is_sendable(email).then(|| email.to_owned())
}

/// What writing the links needs beside them.
struct Setting<'a> {
    app: &'a App,
    caller: &'a PartnerCaller,
    lender_id: &'a RowId,
    loan: &'a SigningLoan,
    may_write: bool,
    now: Instant,
}

impl Setting<'_> {
    /// Writes what is new and says how many letters that made; `None` when nothing was new.
    async fn write_in(&self, tx: &mut Tx, signers: &[Signer]) -> Result<Option<usize>, Fault> {
        let there = links_in(tx, self.lender_id, &self.loan.id).await?;
        let (mut written, mut told) = (0_usize, 0_usize);
        for signer in signers {
            let old = there.iter().find(|link| link.signer == signer.key);
            if self.is_known(signer, old)? {
                continue;
            }
            self.put_in(tx, signer).await?;
            written += 1;
            // A mail with a link that is dead already helps nobody.
            if self.may_write && signer.link.expires_at > self.now {
                self.tell_in(tx, signer).await?;
                told += 1;
            }
        }
        if written == 0 {
            return Ok(None);
        }
        let body = serde_json::json!({ "links": written, "mails": told }).to_string();
        let event = NewEvent {
            org_id: &self.caller.org.id,
            at: self.now,
            actor: &self.caller.api_id,
            kind: EventKind::SigningLinksSet,
            subject: self.loan.id.as_str(),
            body: &body,
        };
        record_in(tx, &event).await?;
        Ok(Some(told))
    }

    /// Writes to a signer.
    async fn tell_in(&self, tx: &mut Tx, signer: &Signer) -> Result<(), Fault> {
        let (app, org) = (self.app, &self.caller.org);
        let letter = SigningReady {
            first_name: plain_name(&signer.first_name),
            url: signer.link.url.clone(),
        };
        let to = Mailbox {
            name: letter.first_name.clone().unwrap_or_default(),
            email: signer.email.clone(),
        };
        let actor = &self.caller.api_id;
        let mut draft = message::draft_in(app, tx, org, to, &letter, actor).await?;
        draft.loan_id = Some(self.loan.id.clone());
        draft.secrets = message::secret(&letter.url);
        message::mail_in(app, tx, org, &draft).await.map(|_| ())
    }

    /// Whether the link that is there says the same.
    fn is_known(&self, signer: &Signer, old: Option<&StoredSigningLink>) -> Result<bool, Fault> {
        let Some(old) = old else {
            return Ok(false);
        };
        let new = &signer.link;
        if (old.vendor, old.expires_at, old.status) != (new.vendor, new.expires_at, new.status) {
            return Ok(false);
        }
        let row = self.row(&signer.key);
        let url = self
            .app
            .keys()
            .unseal(Purpose::SigningUrl, &row, &old.url_sealed)?;
        Ok(url == new.url.as_bytes())
    }

    async fn put_in(&self, tx: &mut Tx, signer: &Signer) -> Result<(), Fault> {
        let row = self.row(&signer.key);
        let (app, new) = (self.app, &signer.link);
        let plain = new.url.as_bytes();
        let link = StoredSigningLink {
            signer: signer.key.clone(),
            vendor: new.vendor,
            url_sealed: app
                .keys()
                .seal(Purpose::SigningUrl, &row, plain, app.rng())?,
            expires_at: new.expires_at,
            status: new.status,
        };
        put_in(tx, (self.lender_id, &self.loan.id), &link, self.now).await
    }

    /// Names the row an address is sealed for.
    fn row(&self, key: &str) -> String {
        format!("{}/{key}", self.loan.id)
    }
}
