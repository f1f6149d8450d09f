//! `lintel admin staff`, `branch` and `vendor`.

use lintel_app::admin::{NewOrganisation, create_organisation, find_organisation};
use lintel_app::auth::Principal;
use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::error::{AppError, Fault};
use lintel_app::{branch, password, people, vendor};
use lintel_domain::branch::BranchDraft;
use lintel_domain::entry::Entry;
use lintel_domain::license::LicenseDraft;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, PersonField, Refusal, Rule};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::{AccountStatus, Person, PersonDraft, UidRule};

use super::{lender_id, secret, table, utc};
use crate::cli::{
    BranchCommand, FirstAdmin, NewBranch, NewPerson, StaffCommand, StaffRole, VendorCommand, Whom,
};

/// People a table holds at most; a page of the application's list.
const LIST_MAX: u32 = 10_000;
const PAGE: u32 = 200;

async fn organisation(app: &App, text: &str) -> Result<Organisation, AppError> {
    find_organisation(app, &lender_id(text)?).await
}

/// Sets up an organisation, and its first person when one is named. What is wrong with the person is
/// said before anything is made.
pub(super) async fn organisation_with(
    app: &App,
    new: NewOrganisation,
    first: FirstAdmin,
) -> Result<String, AppError> {
    let draft = first.admin_email.map(|email| PersonDraft {
        first_name: first.admin_first_name,
        last_name: first.admin_last_name,
        phone: first.admin_phone,
        email: Some(email),
        roles: Entry::from(Some(RoleSet::only(Role::Admin))),
        ..PersonDraft::default()
    });
    if let Some(draft) = &draft {
        draft.check(UidRule::Optional).map_err(refused)?;
    }
    let org = create_organisation(app, new).await?;
    let mut text = format!(
        "lenderID  {}\nkind      {}\nname      {}\n",
        org.public_id, org.kind, org.name
    );
    if let Some(draft) = draft {
        let person = people::add(app, &By::Operator(&org), draft).await?;
        text.push_str(&format!(
            "admin     {} ({})\n",
            person.email, person.public_id
        ));
    }
    Ok(text)
}

fn refused(mistakes: Vec<(PersonField, Rule)>) -> AppError {
    let of_person = |(part, rule)| (Field::Person { person: 0, part }, rule);
    match Refusal::of(mistakes.into_iter().map(of_person).collect()) {
        Some(refusal) => refusal.into(),
        None => Fault::internal("refused without a mistake").into(),
    }
}

/// Runs one command about people.
pub(super) async fn staff(app: &App, command: StaffCommand) -> Result<String, AppError> {
    match command {
        StaffCommand::Add(new) => add(app, *new).await,
        StaffCommand::List { org } => list(app, &organisation(app, &org).await?).await,
        StaffCommand::Activate(whom) => switch(app, &whom, AccountStatus::Active).await,
        StaffCommand::Deactivate(whom) => switch(app, &whom, AccountStatus::Inactive).await,
        StaffCommand::Password(whom) => set_password(app, &whom).await,
    }
}

async fn add(app: &App, new: NewPerson) -> Result<String, AppError> {
    let org = organisation(app, &new.org).await?;
    let license = |text: &String| {
        let (state, number) = text.split_once('=').unwrap_or((text, ""));
        LicenseDraft {
            state: Entry::Given(state.trim().to_ascii_uppercase()),
            number: Entry::Given(number.to_owned()),
        }
    };
    let draft = PersonDraft {
        uid: new.uid,
        timezone: new.timezone,
        first_name: Some(new.first_name),
        last_name: Some(new.last_name),
        phone: Some(new.phone),
        phone_extension: new.extension,
        email: Some(new.email),
        roles: Entry::from(RoleSet::try_new(new.roles.into_iter().map(role))),
        nmls: new.nmls,
        los_id: new.los_id,
        primary_branch: new.branch,
        licenses: Some(new.licenses.iter().map(license).collect()),
        ..PersonDraft::default()
    };
    let person = people::add(app, &By::Operator(&org), draft).await?;
    Ok(format!(
        "userID  {}\nname    {}\nmail    {}\nroles   {}\n",
        person.public_id,
        person.display_name(),
        person.email,
        roles(&person)
    ))
}

const fn role(role: StaffRole) -> Role {
    match role {
        StaffRole::Admin => Role::Admin,
        StaffRole::LoanOfficer => Role::LoanOfficer,
        StaffRole::LoanOfficerAssistant => Role::LoanOfficerAssistant,
        StaffRole::Processor => Role::Processor,
        StaffRole::Underwriter => Role::Underwriter,
        StaffRole::AccountExecutive => Role::AccountExecutive,
        StaffRole::AccountManager => Role::AccountManager,
        StaffRole::Closer => Role::Closer,
        StaffRole::Representative => Role::Representative,
        StaffRole::SalesManager => Role::SalesManager,
    }
}

fn roles(person: &Person) -> String {
    let titles: Vec<&str> = person.roles.iter().map(Role::title).collect();
    titles.join("/")
}

async fn list(app: &App, org: &Organisation) -> Result<String, AppError> {
    let mut table = table(&[
        "userID", "userUID", "name", "mail", "roles", "licences", "branches", "active",
    ]);
    let mut offset = 0_u32;
    loop {
        let page = people::list(app, org, PAGE, offset).await?;
        let is_last = page.people.is_empty();
        for person in page.people {
            let states: Vec<&str> = person.licenses.iter().map(|l| l.state.as_str()).collect();
            let branches: Vec<&str> = person.branches.iter().map(|b| b.name.as_str()).collect();
            table.add_row([
                person.public_id.to_string(),
                person.partner_uid.clone().unwrap_or_default(),
                person.display_name(),
                person.email.clone(),
                roles(&person),
                states.join(" "),
                branches.join(", "),
                yes(person.is_active),
            ]);
        }
        offset = offset.saturating_add(PAGE);
        if is_last || offset >= LIST_MAX {
            return Ok(format!("{table}\n"));
        }
    }
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

async fn switch(app: &App, whom: &Whom, status: AccountStatus) -> Result<String, AppError> {
    let org = organisation(app, &whom.org).await?;
    let person = people::find_by_any(app, &org, &whom.user).await?;
    let (by, id) = (By::Operator(&org), &person.public_id);
    let changed = people::set_status(app, &by, id, status).await?;
    let state = if status.is_active() { "on" } else { "off" };
    let already = if changed { "" } else { "already " };
    Ok(format!("{} ({id}) is {already}{state}.\n", person.email))
}

async fn set_password(app: &App, whom: &Whom) -> Result<String, AppError> {
    let org = organisation(app, &whom.org).await?;
    let person = people::find_by_any(app, &org, &whom.user).await?;
    let new = secret::read(&format!("New password of {}: ", person.email))
        .map_err(|e| Fault::internal("the password could not be read").caused_by(e))?;
    match password::set(app, &org, &person, &new).await? {
        Ok(()) => Ok(format!(
            "{} has a new password; all sessions have ended.\n",
            person.email
        )),
        // A sentence for people, and never the password.
        Err(weakness) => Err(Fault::internal(format!("nothing changed: {weakness}")).into()),
    }
}

/// Runs one command about branches.
pub(super) async fn branches(app: &App, command: BranchCommand) -> Result<String, AppError> {
    match command {
        BranchCommand::Add(new) => add_branch(app, *new).await,
        BranchCommand::List { org } => {
            let org = organisation(app, &org).await?;
            let mut table = table(&["branchID", "name", "city", "state", "NMLS", "active"]);
            for branch in branch::list(app, &org).await? {
                table.add_row([
                    branch.public_id.to_string(),
                    branch.facts.name,
                    branch.facts.city.unwrap_or_default(),
                    branch.facts.state.unwrap_or_default(),
                    branch.facts.nmls.unwrap_or_default(),
                    yes(branch.is_active),
                ]);
            }
            Ok(format!("{table}\n"))
        }
    }
}

async fn add_branch(app: &App, new: NewBranch) -> Result<String, AppError> {
    let org = organisation(app, &new.org).await?;
    let draft = BranchDraft {
        name: Some(new.name),
        street: new.street,
        unit: new.unit,
        city: new.city,
        state: new.state,
        postal_code: new.zip,
        phone: new.phone,
        nmls: new.nmls,
    };
    let branch = branch::create(app, &By::Operator(&org), draft).await?;
    let (id, name) = (branch.public_id, branch.facts.name);
    Ok(format!("branchID  {id}\nname      {name}\n"))
}

/// Runs one command about vendors.
pub(super) async fn vendors(app: &App, command: VendorCommand) -> Result<String, AppError> {
    match command {
        VendorCommand::List { org } => {
            let org = organisation(app, &org).await?;
            let mut table = table(&["vendor", "name", "loans", "brokers", "since", "active"]);
            for granted in vendor::list(app, &org).await? {
                table.add_row([
                    granted.vendor.public_id.to_string(),
                    granted.vendor.name,
                    yes(granted.sees_loans),
                    yes(granted.sees_brokers),
                    utc(granted.since),
                    yes(granted.vendor.is_active),
                ]);
            }
            Ok(format!("{table}\n"))
        }
        VendorCommand::Withdraw { org, vendor: id } => {
            let principal = Principal {
                org: organisation(app, &org).await?,
                api_id: "operator".to_owned(),
            };
            vendor::withdraw(app, &principal, &id).await?;
            Ok(format!("{id} is shut out; its tokens have stopped.\n"))
        }
    }
}
