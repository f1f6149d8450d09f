//! How an organisation writes to people.

use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_domain::permission::Permission;
use lintel_domain::refusal::{Denial, Field, MessagingField, Refusal, Rule};
use lintel_domain::staff::Timezone;
use lintel_macros::boxed;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::messaging::{self, StoredMessaging};
use lintel_store::organisation;

use super::address::{host, is_host, is_one_line, is_sendable};
use super::draft::NAME_MAX_CHARS;
use crate::by::By;
use crate::context::App;
use crate::error::AppError;

/// Most domains of senders.
pub const DOMAINS_MAX: usize = 20;
/// The zone of an organisation that named none.
const DEFAULT_ZONE: &str = "America/New_York";
/// Eight in the morning.
const DEFAULT_MINUTE: u32 = 8 * 60;
const DAY_MINUTES: u32 = 24 * 60;

/// How an organisation writes to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messaging {
    /// Name its mail is from; none: as the installation's, or the organisation's with an address of
    /// its own.
    pub sender_name: Option<String>,
    /// Address its mail is from, of one of the domains below; none: the installation's.
    pub sender_email: Option<String>,
    /// Where answers go; none: to the sender.
    pub reply_to: Option<String>,
    /// Domains whose owners let this installation send for them, in small letters. An operator says
    /// which: a wrong one makes receivers distrust all our mail.
    pub sender_domains: Vec<String>,
    /// The time zone of the organisation's days.
    pub timezone: Timezone,
    /// Whether consumers may subscribe to its rates.
    pub watch_allowed: bool,
    /// Minute of the day rates are sent at, 0 to 1439.
    pub watch_minute: u32,
}

impl Messaging {
    /// What holds until somebody says otherwise.
    ///
    /// # Errors
    /// Never with the zones this version knows.
    pub fn usual() -> Result<Self, Fault> {
        Ok(Self {
            sender_name: None,
            sender_email: None,
            reply_to: None,
            sender_domains: Vec::new(),
            timezone: Timezone::parse(DEFAULT_ZONE)
                .ok_or_else(|| Fault::internal("the usual time zone is unknown"))?,
            watch_allowed: true,
            watch_minute: DEFAULT_MINUTE,
        })
    }

    /// Whether its mail may be from an address: the owner of its domain let us.
    #[must_use]
    pub fn may_send_as(&self, email: &str) -> bool {
        self.sender_domains.contains(&host(email))
    }

    fn read(stored: Option<StoredMessaging>) -> Result<Self, Fault> {
        let Some(stored) = stored else {
            return Self::usual();
        };
        Ok(Self {
            sender_name: stored.sender_name,
            sender_email: stored.sender_email,
            reply_to: stored.reply_to,
            sender_domains: stored.sender_domains,
            timezone: stored.timezone,
            watch_allowed: stored.watch_allowed,
            watch_minute: stored.watch_minute,
        })
    }

    fn stored(&self) -> StoredMessaging {
        StoredMessaging {
            sender_name: self.sender_name.clone(),
            sender_email: self.sender_email.clone(),
            reply_to: self.reply_to.clone(),
            sender_domains: self.sender_domains.clone(),
            timezone: self.timezone,
            watch_allowed: self.watch_allowed,
            watch_minute: self.watch_minute,
        }
    }

    /// Trimmed, empty as none, domains in small letters and each once.
    fn tidied(&self) -> Self {
        let text = |text: &Option<String>| {
            let trimmed = text.as_deref().map(str::trim);
            trimmed.filter(|t| !t.is_empty()).map(str::to_owned)
        };
        let domains = self.sender_domains.iter();
        let mut sender_domains: Vec<String> = domains
            .map(|domain| domain.trim().to_ascii_lowercase())
            .filter(|domain| !domain.is_empty())
            .collect();
        sender_domains.sort();
        sender_domains.dedup();
        Self {
            sender_name: text(&self.sender_name),
            sender_email: text(&self.sender_email),
            reply_to: text(&self.reply_to),
            sender_domains,
            ..*self
        }
    }

    /// Everything that is wrong, in the order of the fields.
    fn check(&self) -> Result<(), Refusal> {
        let name = self.sender_name.as_deref();
        let is_name = |n: &str| n.chars().count() <= NAME_MAX_CHARS && is_one_line(n);
        let email = self.sender_email.as_deref();
        let is_of_a_domain = email.is_none_or(|e| !is_sendable(e) || self.may_send_as(e));
        let domains = &self.sender_domains;
        let are_domains = domains.len() <= DOMAINS_MAX && domains.iter().all(|d| is_host(d));
        let wrong = [
            (
                MessagingField::SenderName,
                Rule::Malformed,
                name.is_none_or(is_name),
            ),
            (
                MessagingField::SenderEmail,
                Rule::Malformed,
                email.is_none_or(is_sendable),
            ),
            (MessagingField::SenderEmail, Rule::Conflict, is_of_a_domain),
            (
                MessagingField::ReplyTo,
                Rule::Malformed,
                self.reply_to.as_deref().is_none_or(is_sendable),
            ),
            (MessagingField::SenderDomains, Rule::Malformed, are_domains),
            (
                MessagingField::WatchMinute,
                Rule::Malformed,
                self.watch_minute < DAY_MINUTES,
            ),
        ];
        let mistakes = wrong.into_iter().filter(|(_, _, is_well)| !is_well);
        let mistakes = mistakes.map(|(part, rule, _)| (Field::Messaging(part), rule));
        Refusal::of(mistakes.collect()).map_or(Ok(()), Err)
    }

    /// Names of what differs, for the event.
    fn changes(&self, old: &Self) -> Vec<&'static str> {
        let all = [
            ("senderName", self.sender_name != old.sender_name),
            ("senderEmail", self.sender_email != old.sender_email),
            ("replyTo", self.reply_to != old.reply_to),
            ("senderDomains", self.sender_domains != old.sender_domains),
            ("timezone", self.timezone != old.timezone),
            ("watchAllowed", self.watch_allowed != old.watch_allowed),
            ("watchMinute", self.watch_minute != old.watch_minute),
        ];
        let changed = all.into_iter().filter(|(_, differs)| *differs);
        changed.map(|(name, _)| name).collect()
    }
}

/// How an organisation writes to people.
///
/// # Errors
/// Any fault of the database.
#[boxed]
pub async fn load(app: &App, org_id: &RowId) -> Result<Messaging, Fault> {
    Messaging::read(messaging::load(app.db(), org_id).await?)
}

/// As [`load`], within a transaction.
///
/// # Errors
/// As [`load`].
#[boxed]
pub async fn load_in(tx: &mut Tx, org_id: &RowId) -> Result<Messaging, Fault> {
    Messaging::read(messaging::load_in(tx, org_id).await?)
}

/// Says how an organisation writes to people; `false` when it was so. Mail that was written before
/// goes out as it was written.
///
/// # Errors
/// Denied to people who may not edit the company, and to everybody but an operator for other domains;
/// refused for a field that cannot be; any fault of the database.
#[boxed]
pub async fn set(app: &App, by: &By<'_>, new: &Messaging) -> Result<bool, AppError> {
    by.require(Permission::EditCompany)?;
    let new = new.tidied();
    let org = by.org();
    let mut tx = app.db().begin().await?;
    organisation::lock_in(&mut tx, &org.id).await?;
    let old = load_in(&mut tx, &org.id).await?;
    let is_operator = matches!(by, By::Operator(_));
    if new.sender_domains != old.sender_domains && !is_operator {
        return Err(Denial::NotPermitted.into());
    }
    new.check()?;
    let changes = new.changes(&old);
    if changes.is_empty() {
        return Ok(false);
    }
    let now = app.now();
    messaging::put_in(&mut tx, &org.id, &new.stored(), now).await?;
    let (actor, kind) = (by.actor(), EventKind::MessagingChanged);
    let body = serde_json::json!({ "changed": changes }).to_string();
    let event = NewEvent {
        body: &body,
        ..NewEvent::plain(&org.id, now, &actor, kind, org.id.as_str())
    };
    record_in(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(true)
}
