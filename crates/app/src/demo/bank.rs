//! The demo bank: an obviously invented lender in Portugal and the people of its desk. Its networks of
//! intermediaries are loaded elsewhere.

use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::person::fold_email;
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::PersonDraft;
use lintel_macros::boxed;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::sign_in::{self, Account};
use lintel_store::{organisation, staff};

use super::sign_in::is_of;
use super::{ACTOR, public_id};
use crate::by::By;
use crate::context::App;
use crate::error::AppError;
use crate::{password, people};

/// The demo bank's id: fixed, so that loading twice finds the first.
const DEMO_BANK: &str = "DEMOBANK";
const NAME: &str = "Banco Farol (demonstração)";

/// Somebody of the bank's desk.
struct Member {
    first: &'static str,
    last: &'static str,
    email: &'static str,
    role: Role,
}

const DESK: [Member; 3] = [
    Member {
        first: "Alda",
        last: "Administradora",
        email: "alda.administradora@example.com",
        role: Role::Admin,
    },
    Member {
        first: "Nuno",
        last: "Analista",
        email: "nuno.analista@example.com",
        role: Role::Processor,
    },
    Member {
        first: "Dora",
        last: "Decisora",
        email: "dora.decisora@example.com",
        role: Role::Underwriter,
    },
];

/// Sets up the demo bank, or finds it; the flag says whether it is new. People that are missing are
/// added; whoever is there stays as they are.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load_bank(app: &App) -> Result<(Organisation, bool), AppError> {
    let id = public_id(DEMO_BANK)?;
    let (bank, is_new) = match organisation::load(app.db(), &id).await? {
        Some(bank) => (bank, false),
        None => create(app).await?,
    };
    for member in &DESK {
        let there = staff::find_by_email(app.db(), &bank.id, member.email).await?;
        if there.is_none() {
            people::add(app, &By::Operator(&bank), draft(member)).await?;
        }
    }
    Ok((bank, is_new))
}

async fn create(app: &App) -> Result<(Organisation, bool), AppError> {
    let now = app.now();
    let bank = Organisation {
        id: app.row_id()?,
        public_id: public_id(DEMO_BANK)?,
        kind: OrganisationKind::Bank,
        name: NAME.to_owned(),
        parent_id: None,
        nmls: None,
        is_active: true,
    };
    let mut tx = app.db().begin().await?;
    if !organisation::insert_in(&mut tx, &bank, now).await? {
        // Another node was faster by a moment: its demo bank is as good.
        drop(tx);
        let there = organisation::load(app.db(), &bank.public_id).await?;
        let there = there.ok_or_else(|| Fault::internal("the demo bank vanished"))?;
        return Ok((there, false));
    }
    let kind = EventKind::OrganisationCreated;
    let event = NewEvent::plain(&bank.id, now, ACTOR, kind, bank.id.as_str());
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok((bank, true))
}

fn draft(member: &Member) -> PersonDraft {
    PersonDraft {
        first_name: Some(member.first.to_owned()),
        last_name: Some(member.last.to_owned()),
        email: Some(member.email.to_owned()),
        // The regulator gives out no numbers that begin so.
        phone: Some("+351 200 000 000".to_owned()),
        roles: Entry::from(Some(RoleSet::only(member.role))),
        ..PersonDraft::default()
    }
}

/// How somebody of the demo bank signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankLogin {
    /// Mail address.
    pub email: &'static str,
    /// What the person does.
    pub role: Role,
    /// Whether the password that was asked about is the person's.
    pub is_known: bool,
}

/// The password of the demo bank's people.
#[derive(Debug, Clone, Default)]
pub struct BankPassword {
    /// The password.
    pub text: String,
    /// A stored hash that was made of it.
    pub proved: Option<String>,
    /// Whether it is everybody's from now on.
    pub is_fresh: bool,
}

/// Gives everybody of the demo bank who has none the password named, and says whose it is then. All who get it
/// get one hash, which is proved once: a start is to be fast. What was proved is in the password afterwards.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn bank_logins(app: &App, password: &mut BankPassword) -> Result<Vec<BankLogin>, Fault> {
    let mut logins = Vec::new();
    let mut hashed = None;
    for member in &DESK {
        let Some(account) = account(app, member.email).await? else {
            continue;
        };
        let stored = account.password_phc.as_deref();
        let is_known = match stored.filter(|_| !password.is_fresh) {
            Some(stored) => {
                let proved = password.proved.as_deref();
                let is_known = is_of(app, &password.text, stored, proved).await?;
                if is_known {
                    password.proved = Some(stored.to_owned());
                }
                is_known
            }
            None => {
                let phc = match hashed.take() {
                    Some(phc) => phc,
                    None => password::hash(app, &password.text).await?,
                };
                set(app, &account, &phc).await?;
                password.proved = Some(phc.clone());
                hashed = Some(phc);
                true
            }
        };
        logins.push(BankLogin {
            email: member.email,
            role: member.role,
            is_known,
        });
    }
    Ok(logins)
}

/// None when somebody switched the bank or the person off.
async fn account(app: &App, email: &str) -> Result<Option<Account>, Fault> {
    let accounts = sign_in::accounts(app.db(), &fold_email(email)).await?;
    let is_demo = |account: &Account| account.org_public_id.as_str() == DEMO_BANK;
    Ok(accounts.into_iter().find(is_demo))
}

async fn set(app: &App, account: &Account, phc: &str) -> Result<(), Fault> {
    let now = app.now();
    let (org, person) = (&account.org_id, &account.person_id);
    let mut tx = app.db().begin().await?;
    sign_in::set_password_in(&mut tx, org, person, phc, now).await?;
    let kind = EventKind::PasswordChanged;
    let event = NewEvent::plain(org, now, ACTOR, kind, person.as_str());
    record_in(&mut tx, &event).await?;
    tx.commit().await
}
