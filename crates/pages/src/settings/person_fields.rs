//! A person as fields of a form: the set-up and the settings show the same ones.

use lintel_domain::branch::Branch;
use lintel_domain::entry::Entry;
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::{Person, PersonDraft, Timezone};
use serde::Serialize;

use super::license_rows::{self, LicenseRows, Row, Wish};
use super::parts::Group;
use crate::fields::{Choice, Field, Mistakes};
use crate::posted::Posted;

/// A person's form as templates show it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PersonForm {
    /// Who it is, how to reach them, what they do.
    pub groups: Vec<Group>,
    /// State licences.
    pub licenses: LicenseRows,
    /// What comes after the licences.
    pub more: Vec<Group>,
}

#[cfg(test)]
impl PersonForm {
    /// Every kind of field: for the test that renders all templates.
    pub(crate) fn sample() -> Self {
        Self {
            groups: vec![Group::new("Legend", Field::samples())],
            licenses: license_rows::sample(),
            more: vec![Group::new("More", vec![Field::text("uid", "ID")]).hint("Hint")],
        }
    }
}

/// Which fields there are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// Within the set-up: a broker has no branches yet.
    Setup,
    /// In the settings, with the branches that can be chosen.
    Settings(&'a [Branch]),
}

/// Zones people choose from, most people's first; whoever lives elsewhere has another one on file.
const ZONES: [(&str, &str); 9] = [
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("Pacific/Guam", "Guam"),
];

/// What a time zone is called.
pub(crate) fn zone_name(zone: Timezone) -> String {
    let known = ZONES.iter().find(|(name, _)| *name == zone.as_str());
    known.map_or_else(
        || zone.as_str().replace('_', " "),
        |(_, label)| format!("{label} time"),
    )
}

/// The form of somebody, or of nobody yet.
pub(crate) fn form(person: Option<&Person>, scope: Scope<'_>) -> PersonForm {
    let draft = person.map(PersonDraft::from).unwrap_or_default();
    let rows = person.map_or_else(Vec::new, |p| license_rows::stored(&p.licenses));
    let (groups, more) = groups(person, &draft, scope);
    PersonForm {
        groups,
        licenses: license_rows::view(&rows, Wish::Save, &Mistakes::default()),
        more,
    }
}

/// The same form with what was typed, and what is wrong with it.
pub(crate) fn again(
    person: Option<&Person>,
    scope: Scope<'_>,
    posted: &Posted,
    mistakes: &Mistakes,
) -> PersonForm {
    let draft = person.map(PersonDraft::from).unwrap_or_default();
    let (groups, more) = groups(person, &draft, scope);
    let refill = |mut group: Group| {
        let fields = group.fields.into_iter();
        group.fields = fields.map(|f| f.with(posted).error(mistakes)).collect();
        group
    };
    let rows: Vec<Row> = license_rows::posted(posted);
    PersonForm {
        groups: groups.into_iter().map(refill).collect(),
        licenses: license_rows::view(&rows, license_rows::wish(posted), mistakes),
        more: more.into_iter().map(refill).collect(),
    }
}

fn groups(
    person: Option<&Person>,
    draft: &PersonDraft,
    scope: Scope<'_>,
) -> (Vec<Group>, Vec<Group>) {
    let groups = vec![
        identity(draft),
        contact(person, draft),
        roles(person, draft),
    ];
    let mut more = Vec::new();
    if let Scope::Settings(branches) = scope {
        if !branches.is_empty() {
            more.push(places(person, branches));
        }
        more.push(assignment(person));
    }
    // Within the set-up somebody who is stored is named by our own id: theirs is changed later.
    match (scope, person) {
        (Scope::Setup, Some(_)) => {}
        (Scope::Setup, None) | (Scope::Settings(_), _) => more.push(ids(draft, scope)),
    }
    (groups, more)
}

fn of(text: &Option<String>) -> Option<&str> {
    text.as_deref()
}

fn identity(draft: &PersonDraft) -> Group {
    let name = |name, label| Field::text(name, label).max(100).half();
    let fields = vec![
        name("first_name", "First name")
            .maybe(of(&draft.first_name))
            .required(),
        name("last_name", "Last name")
            .maybe(of(&draft.last_name))
            .required(),
        name("middle_name", "Middle name").maybe(of(&draft.middle_name)),
        name("preferred_name", "Preferred first name")
            .maybe(of(&draft.preferred_name))
            .hint("Shown to borrowers instead of the first name."),
    ];
    Group::new("Name", fields)
}

fn contact(person: Option<&Person>, draft: &PersonDraft) -> Group {
    let fields = vec![
        Field::email("email", "Email")
            .maybe(of(&draft.email))
            .hint("The person signs in with it.")
            .required()
            .max(254)
            .half(),
        zone(person.and_then(|p| p.timezone)),
        Field::tel("phone", "Phone")
            .maybe(of(&draft.phone))
            .required()
            .max(30)
            .half(),
        Field::text("phone_extension", "Extension")
            .maybe(of(&draft.phone_extension))
            .keys("numeric")
            .max(5)
            .half(),
    ];
    Group::new("Contact", fields)
}

fn zone(stored: Option<Timezone>) -> Field {
    let mut choices = vec![Choice::new("", "Not stated")];
    choices.extend(ZONES.iter().map(|(name, label)| Choice::new(*name, *label)));
    if let Some(zone) = stored
        && ZONES.iter().all(|(name, _)| *name != zone.as_str())
    {
        choices.push(Choice::new(zone.as_str(), zone_name(zone)));
    }
    let chosen = stored.map_or("", Timezone::as_str);
    Field::select("timezone", "Time zone", choices)
        .value(chosen)
        .half()
}

fn roles(person: Option<&Person>, draft: &PersonDraft) -> Group {
    let choices = Role::ALL.iter().map(|role| {
        let choice = Choice::new(role.as_str(), role.title());
        choice.hint(role_hint(*role))
    });
    let chosen: Vec<&str> =
        person.map_or_else(Vec::new, |p| p.roles.iter().map(Role::as_str).collect());
    let fields = vec![
        Field::checks("roles", "Roles", choices.collect())
            .chosen(&chosen)
            .required(),
        Field::text("nmls", "NMLS number")
            .maybe(of(&draft.nmls))
            .hint("Needed for loan officers. Up to 12 digits.")
            .keys("numeric")
            .max(12)
            .half(),
    ];
    Group::new("Work", fields)
}

/// What of a role is worth saying beside its name.
pub(crate) const fn role_hint(role: Role) -> &'static str {
    match role {
        Role::Admin => "Runs these settings and sees all loans.",
        Role::LoanOfficer => "Originates loans. Needs an NMLS number and a state license.",
        Role::LoanOfficerAssistant => "Helps loan officers.",
        Role::Processor => "Gathers what a loan needs to be decided.",
        Role::Underwriter => "Decides loans.",
        Role::AccountExecutive => "Wins and keeps brokers.",
        Role::AccountManager => "Looks after brokers’ loans.",
        Role::Closer => "Brings decided loans to closing.",
        Role::Representative => "Answers borrowers.",
        Role::SalesManager => "Leads the people who sell.",
    }
}

fn places(person: Option<&Person>, branches: &[Branch]) -> Group {
    let choice = |branch: &Branch| Choice::new(branch.public_id.as_str(), &*branch.facts.name);
    let primary = person.and_then(Person::primary_branch);
    let others: Vec<&str> = person.map_or_else(Vec::new, |p| {
        let others = p.branches.iter().filter(|b| !b.is_primary);
        others.map(|b| b.public_id.as_str()).collect()
    });
    let none = std::iter::once(Choice::new("", "None"));
    let primary_choices = none.chain(branches.iter().map(choice)).collect();
    let fields = vec![
        Field::select("primary_branch", "Primary branch", primary_choices)
            .value(primary.map_or("", |b| b.public_id.as_str()))
            .half(),
        Field::checks(
            "secondary_branches",
            "Other branches",
            branches.iter().map(choice).collect(),
        )
        .chosen(&others),
    ];
    Group::new("Branches", fields)
}

fn assignment(person: Option<&Person>) -> Group {
    let fields = vec![
        Field::checkbox("is_assignable", "Give this person new borrowers")
            .checked(person.is_none_or(|p| p.is_assignable))
            .hint("Only licensed loan officers take part. Each branch has a rule of its own."),
        Field::checkbox("wants_mail", "Send notifications by email")
            .checked(person.is_none_or(|p| p.wants_mail)),
    ];
    Group::new("Assignment and mail", fields)
}

fn ids(draft: &PersonDraft, scope: Scope<'_>) -> Group {
    let mut fields = vec![
        Field::text("uid", "ID in your own systems")
            .maybe(of(&draft.uid))
            .hint("The userUID your programs call this person by.")
            .max(100)
            .half(),
    ];
    if let Scope::Settings(_) = scope {
        fields.push(
            Field::text("los_id", "ID in the loan origination system")
                .maybe(of(&draft.los_id))
                .max(100)
                .half(),
        );
    }
    Group::new("Identifiers", fields)
}

/// What the form says about somebody, or about nobody yet. What it does not show stays as it is.
pub(crate) fn draft(form: &Posted, scope: Scope<'_>) -> PersonDraft {
    let text = |name: &str| form.has(name).then(|| form.raw(name).to_owned());
    let mut draft = PersonDraft {
        uid: text("uid"),
        timezone: text("timezone"),
        first_name: text("first_name"),
        preferred_name: text("preferred_name"),
        middle_name: text("middle_name"),
        last_name: text("last_name"),
        phone: text("phone"),
        phone_extension: text("phone_extension"),
        email: text("email"),
        roles: posted_roles(form),
        nmls: text("nmls"),
        licenses: Some(license_rows::drafts(&license_rows::posted(form))),
        ..PersonDraft::default()
    };
    if let Scope::Settings(branches) = scope {
        draft.los_id = text("los_id");
        draft.is_assignable = Some(form.is_on("is_assignable"));
        draft.wants_mail = Some(form.is_on("wants_mail"));
        if !branches.is_empty() {
            draft.primary_branch = text("primary_branch");
            let others = form.list("secondary_branches").into_iter();
            draft.secondary_branches = Some(others.map(str::to_owned).collect());
        }
    }
    draft
}

fn posted_roles(form: &Posted) -> Entry<RoleSet> {
    let mut roles = Vec::new();
    for word in form.list("roles") {
        match Role::parse(word) {
            Some(role) => roles.push(role),
            None => return Entry::Unreadable,
        }
    }
    RoleSet::try_new(roles).into()
}

/// Whether the form shows a field, so that its mistake can be shown beside it.
pub(crate) fn shows(form: &PersonForm, name: &str) -> bool {
    let groups = form.groups.iter().chain(&form.more);
    let mut fields = groups.flat_map(|group| &group.fields);
    fields.any(|field| field.name() == name) || form.licenses.shows(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_offered_is_one() {
        for (name, label) in ZONES {
            let zone = Timezone::parse(name).expect(name);
            assert_eq!(zone_name(zone), format!("{label} time"));
        }
    }
}
