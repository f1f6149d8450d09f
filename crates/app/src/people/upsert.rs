//! Writing checked people: adding whom the family does not know, changing whom it knows.

use lintel_domain::access::LinkPurpose;
use lintel_domain::event::EventKind;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::organisation::Organisation;
use lintel_domain::person::fold_email;
use lintel_domain::refusal::{Field, PersonField, Refusal, Rule};
use lintel_domain::staff::{BranchPlace, Person, PersonFacts, Update};
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::{branch, link, staff};

use super::check::{CheckedPerson, Mistakes};
use crate::context::App;
use crate::error::AppError;
use crate::image::{self, Prepared};

/// Public ids collide once in a long while; then another is drawn.
const ATTEMPTS: usize = 5;

/// What it means that somebody of the organisation has the address already, under another id of the
/// partner's; and whether those who are known change at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameAddress {
    /// It is that person, who goes by the new id from now on.
    Updates,
    /// The address is taken.
    Conflicts,
    /// Whoever is known, by id or by address, stays as it is; only others are added.
    Keeps,
}

/// Adds or changes people of one organisation and answers their public ids in order. Whoever calls
/// it gives the transaction up when it refuses.
///
/// Takes the family's lock: that addresses and ids are free stays true until the commit.
///
/// # Errors
/// Refused with everything that does not fit what is stored: ids and addresses of somebody else in
/// the family, branches that are not there.
pub(crate) async fn upsert_in(
    app: &App,
    tx: &mut Tx,
    org: &Organisation,
    actor: &str,
    same_address: SameAddress,
    people: &[CheckedPerson],
) -> Result<Vec<PublicId>, AppError> {
    staff::lock_family_in(tx, org.lender_id()).await?;
    let writing = Writing { app, org, actor };
    let mut ids = Vec::with_capacity(people.len());
    let mut all = Vec::with_capacity(people.len());
    let mut mistakes = Mistakes::new();
    for (person, checked) in people.iter().enumerate() {
        let there = known_in(tx, org, checked, same_address).await?;
        let written = match there {
            Err(mistake) => Err(vec![mistake]),
            Ok(Some(person)) if same_address == SameAddress::Keeps => {
                Ok(Written { person, kind: None })
            }
            Ok(there) => writing.write_in(tx, checked, there).await?,
        };
        match written {
            Ok(written) => {
                ids.push(written.person.public_id.clone());
                all.push(written);
            }
            Err(wrong) => {
                let at = |(part, rule)| (Field::Person { person, part }, rule);
                mistakes.extend(wrong.into_iter().map(at));
            }
        }
    }
    if let Some(refusal) = Refusal::of(mistakes) {
        return Err(refusal.into());
    }
    // People's rows first, then the log's head: whoever signs in meanwhile takes them in that order.
    for written in &all {
        writing.record_in(tx, written).await?;
    }
    Ok(ids)
}

pub(super) type Mistake = (PersonField, Rule);

/// Whom of the organisation the facts are about; nobody when it is somebody new.
async fn known_in(
    tx: &mut Tx,
    org: &Organisation,
    checked: &CheckedPerson,
    same_address: SameAddress,
) -> Result<Result<Option<Person>, Mistake>, Fault> {
    const UID: Mistake = (PersonField::Uid, Rule::Conflict);
    const EMAIL: Mistake = (PersonField::Email, Rule::Conflict);
    let facts = &checked.facts;
    let by_uid = match (&checked.known_as, &facts.uid) {
        (Some(id), _) => staff::load_in(tx, &org.id, id).await?,
        (None, Some(uid)) => staff::find_by_uid_in(tx, org.lender_id(), uid).await?,
        (None, None) => None,
    };
    let by_email = staff::find_by_email_in(tx, org.lender_id(), &facts.email).await?;
    Ok(match (by_uid, by_email) {
        (Some(person), _) if person.org_id != org.id => Err(UID),
        (Some(person), _) if same_address == SameAddress::Keeps => Ok(Some(person)),
        (Some(person), Some(other)) if person.id != other.id => Err(EMAIL),
        (Some(person), _) => Ok(Some(person)),
        (None, Some(other)) if other.org_id != org.id => Err(EMAIL),
        (None, Some(person)) => match same_address {
            SameAddress::Conflicts if person.partner_uid.is_some() => Err(EMAIL),
            SameAddress::Conflicts | SameAddress::Updates | SameAddress::Keeps => Ok(Some(person)),
        },
        (None, None) => Ok(None),
    })
}

/// Somebody who was written, and what that came to; nothing when nothing was new.
pub(super) struct Written {
    pub person: Person,
    kind: Option<EventKind>,
}

/// Who writes, and where.
pub(super) struct Writing<'a> {
    pub app: &'a App,
    pub org: &'a Organisation,
    pub actor: &'a str,
}

impl Writing<'_> {
    /// Writes somebody who is there, or somebody new; [`Writing::record_in`] belongs to it. The inner
    /// error is the sender's.
    #[boxed]
    pub async fn write_in(
        &self,
        tx: &mut Tx,
        checked: &CheckedPerson,
        there: Option<Person>,
    ) -> Result<Result<Written, Vec<Mistake>>, Fault> {
        let facts = &checked.facts;
        let before = there.as_ref().map_or(&[][..], |person| &person.branches);
        let branches = match self.places_in(tx, facts, before).await? {
            Ok(branches) => branches,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let now = self.app.now();
        if let Some(picture) = &checked.headshot {
            image::register_in(tx, picture, now).await?;
        }
        let headshot = checked.headshot.as_ref();
        match there {
            Some(before) => {
                let person = applied(facts, before.clone(), branches, headshot);
                let mut kind = None;
                if person != before {
                    staff::update_in(tx, &person, now).await?;
                    if fold_email(&person.email) != fold_email(&before.email) {
                        // What was mailed to the old address is for whoever reads that.
                        let (org, id, purpose) =
                            (&person.org_id, &person.id, LinkPurpose::Password);
                        link::drop_older_in(tx, org, id, purpose).await?;
                    }
                    kind = Some(EventKind::StaffUpdated);
                }
                Ok(Ok(Written { person, kind }))
            }
            None => {
                let blank = self.blank(facts)?;
                let person = applied(facts, blank, branches, headshot);
                let person = self.insert_in(tx, person, now).await?;
                let kind = Some(EventKind::StaffAdded);
                Ok(Ok(Written { person, kind }))
            }
        }
    }

    async fn insert_in(
        &self,
        tx: &mut Tx,
        mut person: Person,
        now: Instant,
    ) -> Result<Person, Fault> {
        for _ in 0..ATTEMPTS {
            if staff::insert_in(tx, &person, now).await? {
                return Ok(person);
            }
            person.public_id = self.app.public_id()?;
        }
        Err(Fault::internal("no free public id found"))
    }

    /// Records what was written.
    #[boxed]
    pub async fn record_in(&self, tx: &mut Tx, written: &Written) -> Result<(), Fault> {
        let Some(kind) = written.kind else {
            return Ok(());
        };
        let (now, subject) = (self.app.now(), written.person.id.as_str());
        let event = NewEvent::plain(&self.org.id, now, self.actor, kind, subject);
        record_in(tx, &event).await.map(|_| ())
    }

    /// Somebody new, of whom nothing is known but what cannot be left out.
    fn blank(&self, facts: &PersonFacts) -> Result<Person, Fault> {
        Ok(Person {
            id: self.app.row_id()?,
            org_id: self.org.id.clone(),
            lender_org_id: self.org.lender_id().clone(),
            public_id: self.app.public_id()?,
            partner_uid: None,
            first_name: facts.first_name.clone(),
            preferred_name: None,
            middle_name: None,
            last_name: facts.last_name.clone(),
            email: facts.email.clone(),
            phone: None,
            phone_extension: None,
            timezone: None,
            roles: facts.roles,
            nmls: None,
            los_id: None,
            headshot: None,
            licenses: Vec::new(),
            branches: Vec::new(),
            wants_mail: true,
            is_assignable: true,
            is_active: true,
        })
    }

    /// The branches somebody is in afterwards. Branches must be the organisation's and switched on,
    /// but whoever is in one that was switched off may stay.
    async fn places_in(
        &self,
        tx: &mut Tx,
        facts: &PersonFacts,
        before: &[BranchPlace],
    ) -> Result<Result<Vec<BranchPlace>, Vec<Mistake>>, Fault> {
        let mut wrong = Vec::new();
        let mut places: Vec<BranchPlace> = Vec::new();
        match &facts.primary_branch {
            Update::Keep => places.extend(before.iter().find(|place| place.is_primary).cloned()),
            Update::Clear => {}
            Update::Set(id) => match self.place_in(tx, id, before).await? {
                Some(place) => places.push(BranchPlace {
                    is_primary: true,
                    ..place
                }),
                None => wrong.push((PersonField::PrimaryBranch, Rule::Malformed)),
            },
        }
        let primary = places.first().map(|place| place.id.clone());
        let is_other = |place: &BranchPlace| primary.as_ref().is_none_or(|id| *id != place.id);
        match &facts.secondary_branches {
            None => {
                let secondary = before.iter().filter(|place| !place.is_primary);
                places.extend(secondary.filter(|place| is_other(place)).cloned());
            }
            Some(list) => {
                for (branch, id) in list {
                    let place = self.place_in(tx, id, before).await?;
                    match place {
                        Some(place) if is_other(&place) => places.push(BranchPlace {
                            is_primary: false,
                            ..place
                        }),
                        Some(_) => {}
                        None => {
                            let part = PersonField::SecondaryBranch { branch: *branch };
                            wrong.push((part, Rule::Malformed));
                        }
                    }
                }
            }
        }
        if !wrong.is_empty() {
            return Ok(Err(wrong));
        }
        places
            .sort_by(|a, b| (!a.is_primary, &a.name, &a.id).cmp(&(!b.is_primary, &b.name, &b.id)));
        Ok(Ok(places))
    }

    async fn place_in(
        &self,
        tx: &mut Tx,
        id: &PublicId,
        before: &[BranchPlace],
    ) -> Result<Option<BranchPlace>, Fault> {
        if let Some(place) = before.iter().find(|place| place.public_id == *id) {
            return Ok(Some(place.clone()));
        }
        let found = branch::load_in(tx, &self.org.id, id).await?;
        Ok(found
            .filter(|branch| branch.is_active)
            .map(|branch| BranchPlace {
                id: branch.id,
                public_id: branch.public_id,
                name: branch.facts.name,
                is_primary: false,
                is_assignable: true,
            }))
    }
}

/// Somebody after the facts were written over what was known.
fn applied(
    facts: &PersonFacts,
    before: Person,
    branches: Vec<BranchPlace>,
    headshot: Option<&Prepared>,
) -> Person {
    let facts = facts.clone();
    Person {
        partner_uid: facts.uid.or(before.partner_uid),
        first_name: facts.first_name,
        preferred_name: facts.preferred_name.after(before.preferred_name),
        middle_name: facts.middle_name.after(before.middle_name),
        last_name: facts.last_name,
        email: facts.email,
        phone: Some(facts.phone),
        phone_extension: facts.phone_extension.after(before.phone_extension),
        timezone: facts.timezone.after(before.timezone),
        roles: facts.roles,
        nmls: facts.nmls.after(before.nmls),
        los_id: facts.los_id.after(before.los_id),
        headshot: headshot.map(|p| p.name.clone()).or(before.headshot),
        licenses: facts.licenses.unwrap_or(before.licenses),
        branches,
        wants_mail: facts.wants_mail.unwrap_or(before.wants_mail),
        is_assignable: facts.is_assignable.unwrap_or(before.is_assignable),
        id: before.id,
        org_id: before.org_id,
        lender_org_id: before.lender_org_id,
        public_id: before.public_id,
        is_active: before.is_active,
    }
}
