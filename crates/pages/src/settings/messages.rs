//! How the company writes to people: in whose name, at which hours, whether about rates.

use axum::Router;
use axum::routing::get;
use lintel_app::by::By;
use lintel_app::error::AppError;
use lintel_app::message::settings::{self, Messaging};
use lintel_domain::refusal::{self, MessagingField, Rule};
use lintel_domain::staff::Timezone;
use lintel_edge::one::one;
use serde::Serialize;

use super::page;
use super::parts::{Group, Part, Tab, tabs};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Choice, Field, Mistakes};
use crate::flash::Flash;
use crate::pages::Pages;
use crate::posted::Posted;
use crate::rates::time_of_day;
use crate::templates::Template;
use crate::visit::Staff;

const MESSAGES: &str = "/lender/settings/messages";
/// Minutes of a day.
const DAY_MINUTES: u32 = 24 * 60;
/// Minutes between two times that can be chosen.
const STEP_MINUTES: usize = 30;

pub(super) fn routes() -> Router<Pages> {
    Router::new().route(MESSAGES, get(one(show)).post(one(save)))
}

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct MessagesPage {
    tabs: Vec<Tab>,
    groups: Vec<Group>,
}

/// The times of day that can be chosen, the one that is set among them.
fn times(minute: u32) -> Vec<Choice> {
    let mut all: Vec<u32> = (0..DAY_MINUTES).step_by(STEP_MINUTES).collect();
    if !all.contains(&minute) && minute < DAY_MINUTES {
        all.push(minute);
        all.sort_unstable();
    }
    all.iter()
        .map(|minute| Choice::new(minute.to_string(), time_of_day(*minute)))
        .collect()
}

fn groups(now: &Messaging, address: &str) -> Vec<Group> {
    let zones = Timezone::all().map(|zone| Choice::new(zone.as_str(), zone.as_str()));
    let domains = now.sender_domains.join(", ");
    let own = if domains.is_empty() {
        format!("Mail leaves from {address}: your operator has not set up a domain of yours.")
    } else {
        format!("Of {domains}. Without one, mail leaves from {address}.")
    };
    vec![
        Group::new(
            "Sender",
            vec![
                Field::text("sender_name", "Name")
                    .maybe(now.sender_name.as_deref())
                    .hint("What readers see as the sender. Without one, your company's name.")
                    .max(200)
                    .half(),
                Field::email("sender_email", "Address")
                    .maybe(now.sender_email.as_deref())
                    .hint(own)
                    .max(254)
                    .half(),
                Field::email("reply_to", "Answers go to")
                    .maybe(now.reply_to.as_deref())
                    .hint("Without one, to the sender.")
                    .max(254)
                    .half(),
            ],
        )
        .hint("Of mail that no person of yours writes: passwords, invitations, rates."),
        Group::new(
            "Rate mail",
            vec![
                Field::checkbox("watch_allowed", "Consumers may subscribe to rates")
                    .checked(now.watch_allowed)
                    .hint("Off: nobody new. Whoever has subscribed still gets mail until they stop it."),
                Field::select("watch_minute", "Sent at", times(now.watch_minute))
                    .value(now.watch_minute.to_string())
                    .required()
                    .half(),
                Field::select("timezone", "Time zone", zones.collect())
                    .value(now.timezone.as_str())
                    .hint("Of subscribers who named none.")
                    .required()
                    .half(),
            ],
        ),
    ]
}

/// What is wrong with the form, in words of its own: whose address it is, is said in no other form.
fn mistakes(error: AppError, now: &Messaging) -> Result<Mistakes, Failure> {
    let AppError::Refused(refusal) = &error else {
        return Err(error.into());
    };
    let mut mistakes = Mistakes::default();
    for (field, rule) in refusal.mistakes() {
        let refusal::Field::Messaging(part) = field else {
            continue;
        };
        let (name, text) = match (part, rule) {
            (MessagingField::SenderName, _) => ("sender_name", "The name is not valid.".to_owned()),
            (MessagingField::SenderEmail, Rule::Conflict) => ("sender_email", not_yours(now)),
            (MessagingField::SenderEmail, _) => {
                ("sender_email", "The address is not valid.".to_owned())
            }
            (MessagingField::ReplyTo, _) => (
                "reply_to",
                "The address answers go to is not valid.".to_owned(),
            ),
            (MessagingField::WatchMinute, _) => {
                ("watch_minute", "The time of day is not valid.".to_owned())
            }
            (_, _) => ("", "This cannot be set.".to_owned()),
        };
        mistakes.add(name, &text);
    }
    if mistakes.is_empty() {
        return Err(error.into());
    }
    Ok(mistakes)
}

/// Why mail cannot be from an address.
fn not_yours(now: &Messaging) -> String {
    if now.sender_domains.is_empty() {
        return "Mail cannot be from this address: your operator has not set up its domain. Use it for answers.".to_owned();
    }
    let domains = now.sender_domains.join(", ");
    format!("Mail can be from addresses of {domains} only.")
}

fn write(staff: &Staff, groups: Vec<Group>, mistakes: &Mistakes) -> Answer {
    page(staff, "Messages")
        .mistakes(mistakes)
        .render(&MessagesPage {
            tabs: tabs(staff, Some(Part::Messages)),
            groups,
        })
}

async fn show(staff: Staff) -> Answer {
    Part::Messages.require(&staff)?;
    let now = settings::load(staff.app(), &staff.org().id).await?;
    let groups = groups(&now, &staff.app().mail_from().email);
    write(&staff, groups, &Mistakes::default())
}

/// What the form says; what cannot be read is a mistake of its field.
fn read(form: &Posted, now: &Messaging, mistakes: &mut Mistakes) -> Messaging {
    let text = |name: &str| form.text(name).map(str::to_owned);
    let timezone = Timezone::parse(form.raw("timezone"));
    let minute = form.raw("watch_minute").parse().ok();
    let minute = minute.filter(|minute| *minute < DAY_MINUTES);
    if timezone.is_none() {
        mistakes.add("timezone", "The time zone is not one of the list.");
    }
    if minute.is_none() {
        mistakes.add("watch_minute", "The time of day is not valid.");
    }
    Messaging {
        sender_name: text("sender_name"),
        sender_email: text("sender_email"),
        reply_to: text("reply_to"),
        timezone: timezone.unwrap_or(now.timezone),
        watch_allowed: form.is_on("watch_allowed"),
        watch_minute: minute.unwrap_or(now.watch_minute),
        sender_domains: now.sender_domains.clone(),
    }
}

async fn save(staff: Staff, form: Posted) -> Answer {
    Part::Messages.require(&staff)?;
    let now = settings::load(staff.app(), &staff.org().id).await?;
    let mut mistakes = Mistakes::default();
    let new = read(&form, &now, &mut mistakes);
    if mistakes.is_empty() {
        match settings::set(staff.app(), &By::Person(&staff.who), &new).await {
            Ok(_) => return staff.go_with(MESSAGES, Flash::Saved),
            Err(error) => mistakes = self::mistakes(error, &now)?,
        }
    }
    again(&staff, &now, &form, &mistakes)
}

/// The form as it was sent, with what is wrong with it.
fn again(staff: &Staff, now: &Messaging, form: &Posted, mistakes: &Mistakes) -> Answer {
    let mut groups = groups(now, &staff.app().mail_from().email);
    for group in &mut groups {
        let refill = |field: Field| field.with(form).error(mistakes);
        group.fields = std::mem::take(&mut group.fields)
            .into_iter()
            .map(refill)
            .collect();
    }
    write(staff, groups, mistakes)
}

impl Template for MessagesPage {
    const FILE: &'static str = "settings/messages.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            tabs: super::parts::sample_tabs(),
            groups: vec![Group::new("Legend", Field::samples())],
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_is_set_can_be_chosen() {
        for minute in [0, 480, 481, 1439] {
            let value = minute.to_string();
            assert_eq!(times(minute).iter().filter(|c| c.value == value).count(), 1);
        }
        assert_eq!(times(480).len(), 48);
        assert_eq!(times(9999).len(), 48);
    }
}
