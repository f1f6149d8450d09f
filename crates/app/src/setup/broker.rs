//! The call that makes a broker, or tells what changed about it.

use lintel_domain::company::{CompanyDraft, CompanyFacts, UID_MAX_CHARS};
use lintel_domain::contact;
use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Denial, Field, Refusal, Rule};
use lintel_domain::setup::{Setup, SetupStep};
use lintel_domain::staff::{Person, PersonDraft, UidRule};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::{organisation, setup, sign_in, staff};

use super::sent::Prints;
use crate::auth::Principal;
use crate::company::{Pictures, WriteProfile, tell_in, write_in};
use crate::context::App;
use crate::error::AppError;
use crate::link;
use crate::people::{self, CheckedPerson, SameAddress};

/// Ids collide once in a long while; then others are drawn.
const ATTEMPTS: usize = 5;

/// A broker's company and people, as a lender sends them.
#[derive(Debug, Clone, Default)]
pub struct BrokerSetup {
    /// The sender's id of the person at whose screen the call was made.
    pub logged_in_uid: Entry<String>,
    /// The company.
    pub company: CompanyDraft,
    /// Its people. Who is known already and not among them stays.
    pub people: Vec<PersonDraft>,
}

/// What became of a broker's set-up.
#[derive(Debug, Clone)]
pub struct BrokerSetupOutcome {
    /// The broker.
    pub broker: Organisation,
    /// Where the person at the screen goes on; none when somebody else started the set-up, or when it
    /// is done.
    pub redirect_url: Option<String>,
    /// Whether the set-up is done.
    pub is_completed: bool,
    /// The sender's and our id of everybody sent, in the order they were sent.
    pub people: Vec<(String, PublicId)>,
}

/// Makes a broker of the caller's, or updates it when its id is known. What is left out of a broker
/// that is known stays as it is. The first person at whose screen a broker was set up goes on with
/// it. Sent twice, it is done once; and company or people sent as they were sent last undo nothing that
/// was changed here since.
///
/// # Errors
/// Denied to organisations that have no brokers; refused with every mistake. Nothing is changed then.
#[boxed]
pub async fn set_up_broker(
    app: &App,
    principal: &Principal,
    request: BrokerSetup,
) -> Result<BrokerSetupOutcome, AppError> {
    if !principal.org.kind.may_have_brokers() {
        return Err(Denial::CredentialsUnknown.into());
    }
    let sent = check(app, request).await?;
    sent.pictures.keep(app).await?;
    people::keep_pictures(app, &sent.people).await?;
    let mut tx = app.db().begin().await?;
    let outcome = store_in(app, &mut tx, principal, &sent).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// A request whose every part was found good by itself.
pub(super) struct Sent {
    starter_uid: String,
    /// What the lender calls the broker.
    uid: String,
    /// The company as it was sent, for what is left out of a broker that is known.
    pub company: CompanyDraft,
    facts: CompanyFacts,
    pub pictures: Pictures,
    pub people: Vec<CheckedPerson>,
}

async fn check(app: &App, request: BrokerSetup) -> Result<Sent, AppError> {
    let mut mistakes: Vec<(Field, Rule)> = Vec::new();
    let starter_uid = match &request.logged_in_uid {
        Entry::Given(text) if !text.trim().is_empty() => {
            contact::line(text, UID_MAX_CHARS).ok_or(Rule::Malformed)
        }
        Entry::Unreadable => Err(Rule::Malformed),
        Entry::Absent | Entry::Given(_) => Err(Rule::Missing),
    };
    if let Err(rule) = starter_uid {
        mistakes.push((Field::Starter, rule));
    }
    let mut company = request.company;
    let mut of_pictures = Vec::new();
    let pictures = Pictures::prepare(app, &mut company, &mut of_pictures).await?;
    let facts = company.check();
    let of_company = facts.as_ref().err().into_iter().flatten().copied();
    mistakes.extend(
        of_company
            .chain(of_pictures)
            .map(|(field, rule)| (Field::Company(field), rule)),
    );
    let people = people::check(app, request.people, UidRule::Needed).await?;
    if let Err(wrong) = &people {
        mistakes.extend(wrong.iter().cloned());
    }
    if let Some(refusal) = Refusal::of(mistakes) {
        return Err(refusal.into());
    }
    let unsaid = || Fault::internal("a set-up was refused without a mistake");
    let facts = facts.map_err(|_| unsaid())?;
    Ok(Sent {
        starter_uid: starter_uid.map_err(|_| unsaid())?,
        uid: facts.partner_uid.clone().ok_or_else(unsaid)?,
        company,
        facts,
        pictures,
        people: people.map_err(|_| unsaid())?,
    })
}

async fn store_in(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    sent: &Sent,
) -> Result<BrokerSetupOutcome, AppError> {
    let actor = &principal.api_id;
    // Two calls of one family follow each other: the second of two that set up the same broker finds
    // the first one's.
    organisation::lock_in(tx, principal.org.lender_id()).await?;
    let (mut broker, is_new) = broker_in(app, tx, principal, sent).await?;
    if let Some(known) = known_starter_in(tx, &broker, &sent.starter_uid).await? {
        // Before the log's head and the links, as everybody takes them who signs in meanwhile.
        sign_in::lock_in(tx, &broker.id, &known.id).await?;
    }
    let prints = Prints::new(&broker, sent);
    let last = setup::sent_in(tx, &broker.id).await?;
    let same_address = if prints.are_people(app, &last) {
        SameAddress::Keeps
    } else {
        SameAddress::Conflicts
    };
    let ids = people::upsert_in(app, tx, &broker, actor, same_address, &sent.people).await?;
    if !prints.is_company(app, &last) {
        let write = WriteProfile {
            org: &broker,
            actor,
            pictures: &sent.pictures,
        };
        write_in(app, tx, &write, |known| {
            if is_new {
                Ok(sent.facts.clone())
            } else {
                sent.company.clone().over(known).check()
            }
        })
        .await?;
        broker.name.clone_from(&sent.facts.name);
        broker.nmls.clone_from(&sent.facts.nmls);
    }
    let starter = known_starter_in(tx, &broker, &sent.starter_uid).await?;
    let starter = starter.ok_or_else(|| Refusal::malformed(Field::Starter))?;
    let setup = setup_in(app, tx, &broker, actor, &starter).await?;
    prints.note_in(app, tx, &broker, &last).await?;
    let goes_on = setup.awaits(&starter.id) && starter.is_active && broker.is_active;
    let redirect_url = if goes_on {
        Some(link::setup_url_in(app, tx, &broker, &starter.id, actor).await?)
    } else {
        None
    };
    let uids = sent.people.iter().filter_map(|p| p.facts.uid.clone());
    Ok(BrokerSetupOutcome {
        redirect_url,
        is_completed: setup.is_completed(),
        people: uids.zip(ids).collect(),
        broker,
    })
}

/// The broker the caller calls so, made if there is none; and whether it is new.
async fn broker_in(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    sent: &Sent,
) -> Result<(Organisation, bool), AppError> {
    let lender_id = &principal.org.id;
    for _ in 0..ATTEMPTS {
        if let Some(found) = locked_in(tx, lender_id, &sent.uid).await? {
            return Ok((found, false));
        }
        let broker = Organisation {
            id: app.row_id()?,
            public_id: app.public_id()?,
            kind: OrganisationKind::Broker,
            name: sent.facts.name.clone(),
            parent_id: Some(lender_id.clone()),
            nmls: sent.facts.nmls.clone(),
            is_active: true,
        };
        if organisation::insert_broker_in(tx, &broker, &sent.uid, app.now()).await? {
            let kind = EventKind::OrganisationCreated;
            tell_in(app, tx, &broker, &principal.api_id, kind).await?;
            return Ok((broker, true));
        }
    }
    Err(Fault::internal("no free public id found").into())
}

/// The broker the lender calls so, its row held: what is read of it stays true.
async fn locked_in(
    tx: &mut Tx,
    lender_id: &RowId,
    uid: &str,
) -> Result<Option<Organisation>, Fault> {
    let Some(found) = organisation::load_by_partner_uid_in(tx, lender_id, uid).await? else {
        return Ok(None);
    };
    organisation::lock_in(tx, &found.id).await?;
    organisation::load_by_partner_uid_in(tx, lender_id, uid).await
}

/// The person at whose screen the call was made: one of those just sent, or one known before.
async fn known_starter_in(
    tx: &mut Tx,
    broker: &Organisation,
    uid: &str,
) -> Result<Option<Person>, Fault> {
    let found = staff::find_by_uid_in(tx, broker.lender_id(), uid).await?;
    Ok(found.filter(|person| person.org_id == broker.id))
}

/// The broker's set-up, started now if it never was. Starting it takes an Admin.
async fn setup_in(
    app: &App,
    tx: &mut Tx,
    broker: &Organisation,
    actor: &str,
    starter: &Person,
) -> Result<Setup, AppError> {
    if let Some(setup) = setup::load_in(tx, &broker.id).await? {
        return Ok(setup);
    }
    // Any role will do: the lender says who sets its broker up, and the contract asks for no more.
    let setup = started_by(app, &starter.id);
    setup::insert_in(tx, &broker.id, &setup).await?;
    tell_in(app, tx, broker, actor, EventKind::SetupStarted).await?;
    Ok(setup)
}

fn started_by(app: &App, starter: &RowId) -> Setup {
    Setup {
        started_by: starter.clone(),
        started_at: app.now(),
        step: SetupStep::Company,
        completed_at: None,
    }
}
