//! People for tests: drafts as partners send them, and people signed in.

use lintel_app::auth::Principal;
use lintel_app::people::{AddedUsers, add_users};
use lintel_app::session::SignedIn;
use lintel_domain::access::Subject;
use lintel_domain::entry::Entry;
use lintel_domain::id::PublicId;
use lintel_domain::license::LicenseDraft;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Field, PersonField, Rule};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::{Person, PersonDraft};

use crate::world::World;

pub fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub fn license(state: &str, number: &str) -> LicenseDraft {
    LicenseDraft {
        state: Entry::Given(state.to_owned()),
        number: Entry::Given(number.to_owned()),
    }
}

/// Somebody with the least that must be said.
pub fn draft(uid: &str, email: &str, roles: &[Role]) -> PersonDraft {
    PersonDraft {
        uid: some(uid),
        first_name: some("Pat"),
        last_name: some(uid),
        phone: some("714-235-7114"),
        email: some(email),
        roles: Entry::Given(RoleSet::try_new(roles.iter().copied()).expect("roles")),
        ..PersonDraft::default()
    }
}

/// A loan officer with licences.
pub fn officer(uid: &str, email: &str, states: &[&str]) -> PersonDraft {
    PersonDraft {
        nmls: some("010101"),
        licenses: Some(states.iter().map(|state| license(state, "1")).collect()),
        ..draft(uid, email, &[Role::LoanOfficer])
    }
}

/// Two families with two brokers each, and who calls for them.
pub struct Families {
    pub lender: Principal,
    pub broker: Principal,
    pub sister: Principal,
    pub stranger: Principal,
    pub strangers_broker: Principal,
}

pub async fn families(world: &World) -> Families {
    let lender = world.org(OrganisationKind::Wholesale, None).await;
    let stranger = world.org(OrganisationKind::Correspondent, None).await;
    let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
    let sister = world.org(OrganisationKind::Broker, Some(&lender)).await;
    let strangers = world.org(OrganisationKind::Broker, Some(&stranger)).await;
    Families {
        lender: world.principal(&lender).await,
        broker: world.principal(&broker).await,
        sister: world.principal(&sister).await,
        stranger: world.principal(&stranger).await,
        strangers_broker: world.principal(&strangers).await,
    }
}

/// Adds people, who must be good, and answers what was answered.
pub async fn added(world: &World, who: &Principal, people: Vec<PersonDraft>) -> AddedUsers {
    let lender_id = who.org.public_id.to_string();
    add_users(&world.app, who, &lender_id, people)
        .await
        .expect("added")
}

/// Adds one person and reads it back.
pub async fn one(world: &World, who: &Principal, draft: PersonDraft) -> Person {
    let added = added(world, who, vec![draft]).await;
    person(world, &who.org, &added.people[0].1).await
}

pub async fn person(world: &World, org: &Organisation, id: &PublicId) -> Person {
    lintel_app::people::load(&world.app, org, id)
        .await
        .expect("there")
}

/// Somebody who is signed in, as pages see it.
pub fn signed_in(org: &Organisation, person: &Person) -> SignedIn {
    SignedIn {
        org: org.clone(),
        person: person.clone(),
        session_id: "session".to_owned(),
        subject: Subject::Staff,
    }
}

pub const fn at(person: usize, part: PersonField, rule: Rule) -> (Field, Rule) {
    (Field::Person { person, part }, rule)
}
