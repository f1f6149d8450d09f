//! A person as somebody sent or typed it, and what is wrong with that.

use crate::contact;
use crate::entry::Entry;
use crate::id::PublicId;
use crate::image::ImageDraft;
use crate::license::{self, License, LicenseDraft};
use crate::refusal::{PersonField, Rule};
use crate::role::RoleSet;

use super::Timezone;

/// Longest name.
const NAME_MAX_CHARS: usize = 100;
/// Longest id of a foreign system.
const UID_MAX_CHARS: usize = 100;
/// Branches a person may have beside the primary one.
const SECONDARY_MAX: usize = 200;

/// What becomes of a value that is already stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Update<T> {
    /// Nothing was said about it.
    #[default]
    Keep,
    /// It is taken away.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Update<T> {
    /// The value afterwards.
    pub fn after(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// Whether a person must come with an id of the sender's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UidRule {
    /// A partner adds people under its own ids.
    Needed,
    /// Somebody fills in a page.
    Optional,
}

/// A person as it was sent. Of somebody who is there already, what is `None` stays as it is, and what
/// is blank is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonDraft {
    /// What the sender calls the person.
    pub uid: Option<String>,
    /// Name of a time zone.
    pub timezone: Option<String>,
    /// Picture. Not looked at here.
    pub headshot: Option<ImageDraft>,
    /// Given name. Needed.
    pub first_name: Option<String>,
    /// What the person likes to be called.
    pub preferred_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Family name. Needed.
    pub last_name: Option<String>,
    /// Telephone. Needed.
    pub phone: Option<String>,
    /// Extension of the telephone.
    pub phone_extension: Option<String>,
    /// Mail address. Needed.
    pub email: Option<String>,
    /// Roles. Needed.
    pub roles: Entry<RoleSet>,
    /// Registry number. Needed for a loan officer.
    pub nmls: Option<String>,
    /// Id in the organisation's loan origination system.
    pub los_id: Option<String>,
    /// Public id of the primary branch.
    pub primary_branch: Option<String>,
    /// Public ids of further branches.
    pub secondary_branches: Option<Vec<String>>,
    /// Licences. Needed for a loan officer.
    pub licenses: Option<Vec<LicenseDraft>>,
    /// Whether the company's rule gives the person new borrowers.
    pub is_assignable: Option<bool>,
    /// Whether the person wants mail.
    pub wants_mail: Option<bool>,
}

/// A person's values, checked one by one and against each other; whether they fit what is stored is
/// seen when they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFacts {
    /// What the sender calls the person.
    pub uid: Option<String>,
    /// Time zone.
    pub timezone: Update<Timezone>,
    /// Given name.
    pub first_name: String,
    /// What the person likes to be called.
    pub preferred_name: Update<String>,
    /// Middle name.
    pub middle_name: Update<String>,
    /// Family name.
    pub last_name: String,
    /// Telephone.
    pub phone: String,
    /// Extension of the telephone.
    pub phone_extension: Update<String>,
    /// Mail address.
    pub email: String,
    /// Roles.
    pub roles: RoleSet,
    /// Registry number.
    pub nmls: Update<String>,
    /// Id in the organisation's loan origination system.
    pub los_id: Update<String>,
    /// Primary branch.
    pub primary_branch: Update<PublicId>,
    /// Further branches, each with its place in the request; each once.
    pub secondary_branches: Option<Vec<(usize, PublicId)>>,
    /// Licences, by state.
    pub licenses: Option<Vec<License>>,
    /// Whether the company's rule gives the person new borrowers.
    pub is_assignable: Option<bool>,
    /// Whether the person wants mail.
    pub wants_mail: Option<bool>,
}

/// Reads values and gathers what is wrong with them.
#[derive(Default)]
struct Reading {
    mistakes: Vec<(PersonField, Rule)>,
}

type Read<'a, T> = &'a dyn Fn(&str) -> Option<T>;

impl Reading {
    fn fail(&mut self, field: PersonField, rule: Rule) {
        self.mistakes.push((field, rule));
    }

    /// A value that must be there.
    fn needed<T>(
        &mut self,
        field: PersonField,
        text: Option<&str>,
        read: Read<'_, T>,
    ) -> Option<T> {
        let Some(text) = filled(text) else {
            self.fail(field, Rule::Missing);
            return None;
        };
        let value = read(text);
        if value.is_none() {
            self.fail(field, Rule::Malformed);
        }
        value
    }

    /// A value that may be left out, or blank.
    fn update<T>(
        &mut self,
        field: PersonField,
        text: Option<&str>,
        read: Read<'_, T>,
    ) -> Update<T> {
        match (text, filled(text)) {
            (None, _) => Update::Keep,
            (Some(_), None) => Update::Clear,
            (Some(_), Some(text)) => match read(text) {
                Some(value) => Update::Set(value),
                None => {
                    self.fail(field, Rule::Malformed);
                    Update::Keep
                }
            },
        }
    }

    fn roles(&mut self, roles: &Entry<RoleSet>) -> Option<RoleSet> {
        match roles {
            Entry::Given(roles) => return Some(*roles),
            Entry::Absent => self.fail(PersonField::Roles, Rule::Missing),
            Entry::Unreadable => self.fail(PersonField::Roles, Rule::Malformed),
        }
        None
    }

    fn secondary(&mut self, list: Option<&[String]>) -> Option<Vec<(usize, PublicId)>> {
        let list = list?;
        if list.len() > SECONDARY_MAX {
            self.fail(PersonField::SecondaryBranches, Rule::Malformed);
            return None;
        }
        let mut branches: Vec<(usize, PublicId)> = Vec::new();
        for (branch, text) in list.iter().enumerate() {
            match PublicId::parse(text.trim()) {
                Some(id) if branches.iter().any(|(_, other)| *other == id) => {}
                Some(id) => branches.push((branch, id)),
                None => self.fail(PersonField::SecondaryBranch { branch }, Rule::Malformed),
            }
        }
        Some(branches)
    }

    fn licenses(
        &mut self,
        drafts: Option<&[LicenseDraft]>,
        is_needed: bool,
    ) -> Option<Vec<License>> {
        if is_needed && drafts.is_none_or(<[LicenseDraft]>::is_empty) {
            self.fail(PersonField::Licenses, Rule::Missing);
        }
        match license::check(drafts?) {
            Ok(list) => Some(list),
            Err(mistakes) => {
                for (license, part, rule) in mistakes {
                    self.fail(PersonField::License { license, part }, rule);
                }
                None
            }
        }
    }
}

impl PersonDraft {
    /// Reads the draft and says everything that is wrong with it. The picture is left to whoever can
    /// look at pictures, and whether branches, ids and addresses are free or taken to whoever knows
    /// what is stored.
    ///
    /// # Errors
    /// Every mistake, in the order of the fields.
    pub fn check(&self, uid_rule: UidRule) -> Result<PersonFacts, Vec<(PersonField, Rule)>> {
        let mut r = Reading::default();
        let name = |text: &str| contact::line(text, NAME_MAX_CHARS);
        let id = |text: &str| contact::line(text, UID_MAX_CHARS);
        let uid = match uid_rule {
            UidRule::Needed => r.needed(PersonField::Uid, self.uid.as_deref(), &id),
            UidRule::Optional => match r.update(PersonField::Uid, self.uid.as_deref(), &id) {
                Update::Set(uid) => Some(uid),
                Update::Keep | Update::Clear => None,
            },
        };
        let timezone = self.timezone.as_deref();
        let timezone = r.update(PersonField::Timezone, timezone, &Timezone::parse);
        let first_name = r.needed(PersonField::FirstName, self.first_name.as_deref(), &name);
        let preferred = self.preferred_name.as_deref();
        let preferred_name = r.update(PersonField::PreferredName, preferred, &name);
        let middle_name = r.update(PersonField::MiddleName, self.middle_name.as_deref(), &name);
        let last_name = r.needed(PersonField::LastName, self.last_name.as_deref(), &name);
        let phone = r.needed(PersonField::Phone, self.phone.as_deref(), &contact::phone);
        let extension = self.phone_extension.as_deref();
        let read = &contact::phone_extension;
        let phone_extension = r.update(PersonField::PhoneExtension, extension, read);
        let email = r.needed(PersonField::Email, self.email.as_deref(), &contact::email);
        let roles = r.roles(&self.roles);
        let is_officer = roles.is_some_and(RoleSet::needs_license);
        if is_officer && filled(self.nmls.as_deref()).is_none() {
            r.fail(PersonField::Nmls, Rule::Missing);
        }
        let nmls = r.update(PersonField::Nmls, self.nmls.as_deref(), &contact::nmls);
        let los_id = r.update(PersonField::LosId, self.los_id.as_deref(), &id);
        let primary = self.primary_branch.as_deref();
        let primary_branch = r.update(PersonField::PrimaryBranch, primary, &PublicId::parse);
        let secondary_branches = r.secondary(self.secondary_branches.as_deref());
        let licenses = r.licenses(self.licenses.as_deref(), is_officer);
        let (Some(first_name), Some(last_name), Some(phone), Some(email), Some(roles), true) = (
            first_name,
            last_name,
            phone,
            email,
            roles,
            r.mistakes.is_empty(),
        ) else {
            return Err(r.mistakes);
        };
        Ok(PersonFacts {
            uid,
            timezone,
            first_name,
            preferred_name,
            middle_name,
            last_name,
            phone,
            phone_extension,
            email,
            roles,
            nmls,
            los_id,
            primary_branch,
            secondary_branches,
            licenses,
            is_assignable: self.is_assignable,
            wants_mail: self.wants_mail,
        })
    }
}

impl From<&super::Person> for PersonDraft {
    /// As a form shows somebody; the picture is left as it is.
    fn from(person: &super::Person) -> Self {
        let shown = |text: &Option<String>| Some(text.clone().unwrap_or_default());
        let secondary = person.branches.iter().filter(|branch| !branch.is_primary);
        Self {
            uid: person.partner_uid.clone(),
            timezone: Some(person.timezone.map(|t| t.to_string()).unwrap_or_default()),
            headshot: None,
            first_name: Some(person.first_name.clone()),
            preferred_name: shown(&person.preferred_name),
            middle_name: shown(&person.middle_name),
            last_name: Some(person.last_name.clone()),
            phone: person.phone.clone(),
            phone_extension: shown(&person.phone_extension),
            email: Some(person.email.clone()),
            roles: Entry::Given(person.roles),
            nmls: shown(&person.nmls),
            los_id: shown(&person.los_id),
            primary_branch: Some(
                person
                    .primary_branch()
                    .map(|branch| branch.public_id.to_string())
                    .unwrap_or_default(),
            ),
            secondary_branches: Some(secondary.map(|b| b.public_id.to_string()).collect()),
            licenses: Some(person.licenses.iter().map(LicenseDraft::from).collect()),
            is_assignable: Some(person.is_assignable),
            wants_mail: Some(person.wants_mail),
        }
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
