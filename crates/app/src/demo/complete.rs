//! Adds what the demo is made of and is not there yet, in one transaction.

use lintel_domain::branch::{Branch, BranchFacts};
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::license::{License, StateCode};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::role::RoleSet;
use lintel_domain::setup::{Setup, SetupStep};
use lintel_domain::staff::{BranchPlace, Person, Timezone};
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::profile::{self, StoredProfile};
use lintel_store::{branch, organisation, setup, staff};

use super::cast::{self, LENDER_BRANCH, LICENSED, Member};
use super::leads;
use super::organisations::{BROKERS, Broker, VENDOR_NAME, lender_facts};
use super::{ACTOR, DEMO_VENDOR, public_id};
use crate::context::App;

/// Adds what is missing.
pub(super) async fn complete(app: &App, lender: &Organisation) -> Result<(), Fault> {
    // Looked up before the transaction: on SQLite the writer would wait for itself otherwise.
    let mut brokers = Vec::new();
    for broker in &BROKERS {
        let there = organisation::load(app.db(), &public_id(broker.id)?).await?;
        brokers.push((broker, there));
    }
    let vendor = super::vendor(app).await?;
    let mut tx = app.db().begin().await?;
    staff::lock_family_in(&mut tx, &lender.id).await?;
    let adding = Adding { app };
    adding.profile_in(&mut tx, lender).await?;
    // Branch and people came in one transaction: where the branch is, people are as somebody wants
    // them by now.
    let id = public_id(LENDER_BRANCH)?;
    if branch::load_in(&mut tx, &lender.id, &id).await?.is_none() {
        let name = "Harbor branch (demo)";
        adding
            .branch_in(&mut tx, lender, LENDER_BRANCH, name)
            .await?;
        adding.people_in(&mut tx, lender, &cast::LENDER).await?;
    }
    adding
        .people_in(&mut tx, lender, &cast::KNOWN_TO_CRM)
        .await?;
    leads::add_in(app, &mut tx, lender, &leads::OF_LENDER).await?;
    for (broker, there) in brokers {
        let org = match there {
            Some(org) => Some(org),
            None => adding.whole_broker_in(&mut tx, lender, broker).await?,
        };
        if let Some(org) = org {
            adding.people_in(&mut tx, &org, broker.early).await?;
            leads::add_in(app, &mut tx, &org, broker.leads).await?;
        }
    }
    if vendor.is_none() {
        let org = adding.organisation(DEMO_VENDOR, OrganisationKind::Vendor, VENDOR_NAME)?;
        adding.organisation_in(&mut tx, &org, None).await?;
    }
    tx.commit().await
}

struct Adding<'a> {
    app: &'a App,
}

impl Adding<'_> {
    fn organisation(
        &self,
        id: &str,
        kind: OrganisationKind,
        name: &str,
    ) -> Result<Organisation, Fault> {
        Ok(Organisation {
            id: self.app.row_id()?,
            public_id: public_id(id)?,
            kind,
            name: name.to_owned(),
            parent_id: None,
            nmls: None,
            is_active: true,
        })
    }

    async fn organisation_in(
        &self,
        tx: &mut Tx,
        org: &Organisation,
        uid: Option<&str>,
    ) -> Result<bool, Fault> {
        let now = self.app.now();
        let is_new = match uid {
            Some(uid) => organisation::insert_broker_in(tx, org, uid, now).await?,
            None => organisation::insert_in(tx, org, now).await?,
        };
        if is_new {
            let kind = EventKind::OrganisationCreated;
            self.record_in(tx, &org.id, kind, &org.id).await?;
        }
        Ok(is_new)
    }

    /// None when another organisation of the lender has the broker's uid already.
    async fn broker_in(
        &self,
        tx: &mut Tx,
        lender: &Organisation,
        broker: &Broker,
    ) -> Result<Option<Organisation>, Fault> {
        let org = Organisation {
            parent_id: Some(lender.id.clone()),
            nmls: Some(broker.nmls.to_owned()),
            ..self.organisation(broker.id, OrganisationKind::Broker, broker.name)?
        };
        let is_new = self.organisation_in(tx, &org, broker.uid).await?;
        Ok(is_new.then_some(org))
    }

    /// As [`Self::broker_in`], with branches and people.
    async fn whole_broker_in(
        &self,
        tx: &mut Tx,
        lender: &Organisation,
        broker: &Broker,
    ) -> Result<Option<Organisation>, Fault> {
        let Some(org) = self.broker_in(tx, lender, broker).await? else {
            return Ok(None);
        };
        for (id, name) in broker.branches {
            self.branch_in(tx, &org, id, name).await?;
        }
        let first = self.people_in(tx, &org, broker.people).await?;
        self.set_up_in(tx, &org, first).await?;
        Ok(Some(org))
    }

    async fn profile_in(&self, tx: &mut Tx, org: &Organisation) -> Result<(), Fault> {
        let stored = profile::load_in(tx, &org.id).await?;
        if stored.is_some_and(|stored| stored.updated_at.is_some()) {
            return Ok(());
        }
        let profile = StoredProfile {
            facts: lender_facts(&org.name, org.nmls.clone()),
            ..StoredProfile::default()
        };
        profile::put_in(tx, &org.id, &profile, self.app.now()).await?;
        let kind = EventKind::OrganisationUpdated;
        self.record_in(tx, &org.id, kind, &org.id).await
    }

    async fn branch_in(
        &self,
        tx: &mut Tx,
        org: &Organisation,
        id: &str,
        name: &str,
    ) -> Result<(), Fault> {
        let branch = Branch {
            id: self.app.row_id()?,
            org_id: org.id.clone(),
            public_id: public_id(id)?,
            facts: BranchFacts {
                name: name.to_owned(),
                ..BranchFacts::default()
            },
            is_active: true,
        };
        crate::branch::insert_in(self.app, tx, ACTOR, &branch)
            .await
            .map(|_| ())
    }

    /// Adds who is missing; completes whom an older version knew by name only. Answers who is first.
    async fn people_in(
        &self,
        tx: &mut Tx,
        org: &Organisation,
        members: &[Member],
    ) -> Result<Option<RowId>, Fault> {
        let mut first = None;
        for member in members {
            let email = member.email;
            let mut there = staff::find_by_email_in(tx, org.lender_id(), email).await?;
            if let (None, Some(uid)) = (&there, member.uid) {
                // Somebody gave the person another address: the samples do.
                there = staff::find_by_uid_in(tx, org.lender_id(), uid).await?;
            }
            let id = match there {
                Some(person) if person.phone.is_some() || person.org_id != org.id => person.id,
                Some(person) => {
                    let known = self.person_in(tx, org, member).await?;
                    let person = Person {
                        id: person.id,
                        public_id: person.public_id,
                        is_active: person.is_active,
                        ..known
                    };
                    staff::update_in(tx, &person, self.app.now()).await?;
                    let kind = EventKind::StaffUpdated;
                    self.record_in(tx, &org.id, kind, &person.id).await?;
                    person.id
                }
                None => {
                    let mut person = self.person_in(tx, org, member).await?;
                    if !staff::insert_in(tx, &person, self.app.now()).await? {
                        // The public id or the partner's id is somebody else's: do without.
                        person.public_id = self.app.public_id()?;
                        person.partner_uid = None;
                        if !staff::insert_in(tx, &person, self.app.now()).await? {
                            return Err(Fault::internal("somebody of the demo cannot be added"));
                        }
                    }
                    let kind = EventKind::StaffAdded;
                    self.record_in(tx, &org.id, kind, &person.id).await?;
                    person.id
                }
            };
            first = first.or(Some(id));
        }
        Ok(first)
    }

    async fn person_in(
        &self,
        tx: &mut Tx,
        org: &Organisation,
        member: &Member,
    ) -> Result<Person, Fault> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let roles = RoleSet::try_new(member.roles.iter().copied());
        let roles = roles.ok_or_else(|| Fault::internal("somebody of the demo has no role"))?;
        let license = |state| License {
            state,
            number: format!("DEMO-{state}"),
        };
        let states = LICENSED.iter().filter_map(|state| StateCode::parse(state));
        Ok(Person {
            id: self.app.row_id()?,
            org_id: org.id.clone(),
            lender_org_id: org.lender_id().clone(),
            public_id: match member.id {
                Some(id) => public_id(id)?,
                None => self.app.public_id()?,
            },
            partner_uid: owned(member.uid),
            first_name: member.first.to_owned(),
            preferred_name: None,
            middle_name: None,
            last_name: member.last.to_owned(),
            email: member.email.to_owned(),
            phone: owned(Some(member.phone)),
            phone_extension: None,
            timezone: Timezone::parse("America/Los_Angeles"),
            roles,
            nmls: owned(member.nmls),
            los_id: owned(member.los_id),
            headshot: None,
            licenses: if roles.needs_license() {
                states.map(license).collect()
            } else {
                Vec::new()
            },
            branches: self.places_in(tx, org, member.branch).await?,
            wants_mail: true,
            is_assignable: true,
            is_active: true,
        })
    }

    async fn places_in(
        &self,
        tx: &mut Tx,
        org: &Organisation,
        id: Option<&str>,
    ) -> Result<Vec<BranchPlace>, Fault> {
        let Some(id) = id else { return Ok(Vec::new()) };
        let found = branch::load_in(tx, &org.id, &public_id(id)?).await?;
        let place = found.map(|branch| BranchPlace {
            id: branch.id,
            public_id: branch.public_id,
            name: branch.facts.name,
            is_primary: true,
            is_assignable: true,
        });
        Ok(place.into_iter().collect())
    }

    /// A broker with people was set up by the first of them; one without was not.
    async fn set_up_in(
        &self,
        tx: &mut Tx,
        org: &Organisation,
        first: Option<RowId>,
    ) -> Result<(), Fault> {
        let Some(started_by) = first else {
            return Ok(());
        };
        let now = self.app.now();
        let done = Setup {
            started_by,
            started_at: now,
            step: SetupStep::Review,
            completed_at: Some(now),
        };
        if setup::insert_in(tx, &org.id, &done).await? {
            let kind = EventKind::SetupCompleted;
            self.record_in(tx, &org.id, kind, &org.id).await?;
        }
        Ok(())
    }

    async fn record_in(
        &self,
        tx: &mut Tx,
        org_id: &RowId,
        kind: EventKind,
        subject: &RowId,
    ) -> Result<(), Fault> {
        let event = NewEvent::plain(org_id, self.app.now(), ACTOR, kind, subject.as_str());
        record_in(tx, &event).await.map(|_| ())
    }
}
