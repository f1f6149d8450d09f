//! `lintel admin messaging`.

use lintel_app::admin::find_organisation;
use lintel_app::by::By;
use lintel_app::context::App;
use lintel_app::error::{AppError, Fault};
use lintel_app::message::settings::{self, Messaging};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, MessagingField, Refusal, Rule};
use lintel_domain::staff::Timezone;

use super::{lender_id, table};
use crate::cli::{MessagingChange, MessagingCommand};

/// Runs one command.
pub(super) async fn run(app: &App, command: MessagingCommand) -> Result<String, AppError> {
    match command {
        MessagingCommand::Set(change) => set(app, *change).await,
        MessagingCommand::Show { org } => {
            let org = organisation(app, &org).await?;
            let now = settings::load(app, &org.id).await?;
            Ok(shown(app, &org, &now))
        }
    }
}

async fn organisation(app: &App, text: &str) -> Result<Organisation, AppError> {
    find_organisation(app, &lender_id(text)?).await
}

async fn set(app: &App, change: MessagingChange) -> Result<String, AppError> {
    let org = organisation(app, &change.org).await?;
    let old = settings::load(app, &org.id).await?;
    let new = changed(old, change)?;
    let set = settings::set(app, &By::Operator(&org), &new).await;
    let is_new = set.map_err(told)?;
    let already = if is_new { "" } else { "already " };
    Ok(format!("{} {already}writes like this.\n", org.public_id))
}

/// A sender of a strange domain, in words that say what to do about it.
fn told(error: AppError) -> AppError {
    let field = Field::Messaging(MessagingField::SenderEmail);
    let rule = Rule::Conflict;
    match error {
        AppError::Refused(refusal) if refusal.mistakes().contains(&(field, rule)) => {
            let what = "nothing changed: the sender's address is of none of the domains; name its \
                        domain with --domains";
            Fault::internal(what).into()
        }
        other => other,
    }
}

/// The settings with what was named; a text that is empty takes a value away.
fn changed(old: Messaging, change: MessagingChange) -> Result<Messaging, Refusal> {
    let refused = |part| Refusal::malformed(Field::Messaging(part));
    let domains = |text: String| text.split(',').map(str::to_owned).collect();
    Ok(Messaging {
        sender_name: change.sender_name.or(old.sender_name),
        sender_email: change.sender_email.or(old.sender_email),
        reply_to: change.reply_to.or(old.reply_to),
        sender_domains: change.domains.map_or(old.sender_domains, domains),
        timezone: match change.timezone.as_deref().map(str::trim) {
            None => old.timezone,
            Some(name) => Timezone::parse(name).ok_or_else(|| refused(MessagingField::Timezone))?,
        },
        watch_allowed: change.rate_watch.unwrap_or(old.watch_allowed),
        watch_minute: match change.rates_at.as_deref() {
            None => old.watch_minute,
            Some(text) => {
                minute_of_day(text).ok_or_else(|| refused(MessagingField::WatchMinute))?
            }
        },
    })
}

/// Minutes since midnight of `HH:MM`.
fn minute_of_day(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |text: &str, most: u32| {
        let is_plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let number: u32 = text.parse().ok().filter(|_| is_plain)?;
        (number <= most).then_some(number)
    };
    Some(number(hours, 23)? * 60 + number(minutes, 59).filter(|_| minutes.len() == 2)?)
}

fn shown(app: &App, org: &Organisation, now: &Messaging) -> String {
    let installation = app.mail_from();
    let or = |text: &Option<String>, usual: &str| text.clone().unwrap_or_else(|| usual.to_owned());
    let name = match now.sender_email {
        Some(_) => org.name.as_str(),
        None => installation.name.as_str(),
    };
    let yes = |flag| if flag { "yes" } else { "no" };
    let (hour, minute) = (now.watch_minute / 60, now.watch_minute % 60);
    let mut table = table(&["setting", "value"]);
    for (setting, value) in [
        ("sender's name", or(&now.sender_name, name)),
        (
            "sender's address",
            or(&now.sender_email, &installation.email),
        ),
        ("answers go to", or(&now.reply_to, "the sender")),
        ("domains", now.sender_domains.join(", ")),
        ("time zone", now.timezone.to_string()),
        ("rate watches", yes(now.watch_allowed).to_owned()),
        ("rates are sent at", format!("{hour:02}:{minute:02}")),
    ] {
        table.add_row([setting.to_owned(), value]);
    }
    format!("{table}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        for (text, minute) in [
            ("00:00", 0),
            ("8:05", 485),
            ("23:59", 1439),
            (" 06:30 ", 390),
        ] {
            assert_eq!(minute_of_day(text), Some(minute), "{text}");
        }
        for bad in [
            "",
            "8",
            "24:00",
            "08:60",
            "8:5",
            "-1:00",
            "+8:00",
            "08:00:00",
            "٠٨:٠٠",
            "099:00",
        ] {
            assert_eq!(minute_of_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_not_named_stays() {
        let old = Messaging {
            sender_name: Some("Example".to_owned()),
            ..Messaging::usual().expect("known")
        };
        let nothing = || MessagingChange {
            org: "UU473IOJ".to_owned(),
            sender_name: None,
            sender_email: None,
            reply_to: None,
            domains: None,
            timezone: None,
            rate_watch: None,
            rates_at: None,
        };
        assert_eq!(changed(old.clone(), nothing()), Ok(old.clone()));
        let change = MessagingChange {
            domains: Some("a.example, b.example".to_owned()),
            timezone: Some("America/Chicago".to_owned()),
            rate_watch: Some(false),
            rates_at: Some("07:15".to_owned()),
            ..nothing()
        };
        let new = changed(old.clone(), change).expect("read");
        assert_eq!(
            (new.sender_name, new.watch_minute),
            (old.sender_name.clone(), 435)
        );
        assert!(!new.watch_allowed && new.timezone.as_str() == "America/Chicago");
        let zone = MessagingChange {
            timezone: Some("Mars/Olympus".to_owned()),
            ..nothing()
        };
        assert!(changed(old, zone).is_err());
    }
}
