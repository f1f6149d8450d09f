//! Mail and text messages as pages show them: a line of a list, the words of one, where each address
//! of it stands.

use std::collections::BTreeMap;

use lintel_app::message::{MessageLine, MessageView, Recipient};
use lintel_domain::message::{AddressPart, Channel, DeliveryState, SuppressionReason};
use serde::Serialize;

use crate::show::{self, When};

/// A word with a colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Badge {
    /// End of the class that colours it.
    pub tone: &'static str,
    /// The word.
    pub label: String,
}

/// A message in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    href: Option<String>,
    subject: String,
    about: Option<String>,
    to: String,
    others: usize,
    kind: &'static str,
    channel: &'static str,
    states: Vec<Badge>,
    at: When,
}

/// What a message says.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Body {
    /// Where its HTML is, for a frame; none when it has none.
    frame: Option<String>,
    text: String,
}

/// What a channel is called.
pub(crate) const fn channel_label(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "Mail",
        Channel::Sms => "Text message",
    }
}

/// What a delivery's state is called.
pub(crate) const fn state_label(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "Waiting",
        DeliveryState::Sent => "Sent",
        DeliveryState::Failed => "Failed",
        DeliveryState::Suppressed => "Held back",
        DeliveryState::Cancelled => "Taken back",
        DeliveryState::Archived => "Archived",
    }
}

const fn state_tone(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "info",
        DeliveryState::Sent => "good",
        DeliveryState::Failed => "bad",
        DeliveryState::Suppressed => "warn",
        DeliveryState::Cancelled | DeliveryState::Archived => "plain",
    }
}

/// Where an address stands in a message.
pub(crate) const fn part_label(part: AddressPart) -> &'static str {
    match part {
        AddressPart::To => "To",
        AddressPart::Cc => "Copy",
        AddressPart::Bcc => "Blind copy",
    }
}

/// Why an address is not written to.
pub(crate) const fn reason_label(reason: SuppressionReason) -> &'static str {
    match reason {
        SuppressionReason::Bounced => "Its server says there is nobody",
        SuppressionReason::Complained => "Whoever has it complained",
        SuppressionReason::Asked => "Whoever has it asked for it",
    }
}

/// A delivery's state.
pub(crate) fn state(state: DeliveryState) -> Badge {
    Badge {
        tone: state_tone(state),
        label: state_label(state).to_owned(),
    }
}

/// How the addresses of a message stand together: one word when all stand alike.
pub(crate) fn states(recipients: &[Recipient]) -> Vec<Badge> {
    let mut counts: BTreeMap<DeliveryState, usize> = BTreeMap::new();
    for recipient in recipients {
        *counts.entry(recipient.state).or_default() += 1;
    }
    let is_one = counts.len() <= 1;
    let badge = |(one, count): (DeliveryState, usize)| Badge {
        tone: state_tone(one),
        label: if is_one {
            state_label(one).to_owned()
        } else {
            format!("{count} {}", state_label(one).to_lowercase())
        },
    };
    counts.into_iter().map(badge).collect()
}

/// An address with the name beside it, if there is one.
fn named(recipient: &Recipient) -> String {
    let address = address(&recipient.address);
    if recipient.name.is_empty() {
        return address;
    }
    format!("{} <{address}>", recipient.name)
}

/// A mail address as it is; a telephone number of the United States as people write it.
pub(crate) fn address(text: &str) -> String {
    match text.strip_prefix("+1") {
        Some(number) if !text.contains('@') => show::phone(number),
        Some(_) | None => text.to_owned(),
    }
}

/// A subject that can be clicked.
pub(crate) fn subject(line: &MessageLine) -> String {
    let text = line.subject.trim();
    if text.is_empty() {
        return "(no subject)".to_owned();
    }
    text.to_owned()
}

impl Line {
    /// A message, with the page about it.
    pub(crate) fn of(line: &MessageLine, href: Option<String>) -> Self {
        let first = line.recipients.first();
        Self {
            href,
            subject: subject(line),
            about: line.crm_code.clone(),
            to: first.map(|r| address(&r.address)).unwrap_or_default(),
            others: line.recipients.len().saturating_sub(1),
            kind: line.kind.title(),
            channel: channel_label(line.channel),
            states: states(&line.recipients),
            at: When::of(line.archived_at.unwrap_or(line.created_at)),
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let line = |is_full: bool| Self {
            href: is_full.then(text),
            subject: text(),
            about: is_full.then(text),
            to: if is_full { text() } else { String::new() },
            others: usize::from(is_full),
            kind: "Kind",
            channel: "Mail",
            states: Badge::samples(),
            at: When::of(lintel_domain::id::Instant::from_seconds(0)),
        };
        vec![line(true), line(false)]
    }
}

impl Badge {
    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        vec![Self {
            tone: "good",
            label: crate::templates::HOSTILE.to_owned(),
        }]
    }
}

impl Body {
    /// The words of a message; `preview` is where its HTML is, if it has any.
    pub(crate) fn of(view: &MessageView, preview: String) -> Self {
        Self {
            frame: view.html.is_some().then_some(preview),
            text: view.text.clone(),
        }
    }

    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let body = |frame, text| Self { frame, text };
        vec![
            body(Some(text()), text()),
            body(None, text()),
            body(None, String::new()),
        ]
    }
}

/// The length of a file in kilobytes, rounded up: none has nothing.
pub(crate) fn size(len: usize) -> String {
    format!("{} kB", len.div_ceil(1000))
}

/// Who wrote it to whom, by which way, and what it is known by.
pub(crate) fn facts(view: &MessageView) -> Vec<(&'static str, String)> {
    let line = &view.line;
    let people = |part: AddressPart| {
        let mine = line.recipients.iter().filter(|r| r.part == part);
        mine.map(named).collect::<Vec<_>>().join(", ")
    };
    let mut facts = vec![
        ("Kind", line.kind.title().to_owned()),
        ("By", channel_label(line.channel).to_owned()),
        ("From", line.from.clone()),
    ];
    for part in [AddressPart::To, AddressPart::Cc, AddressPart::Bcc] {
        facts.push((part_label(part), people(part)));
    }
    facts.push(("Answers go to", view.reply_to.join(", ")));
    let mut add = |name, value: Option<&String>| {
        facts.push((name, value.cloned().unwrap_or_default()));
    };
    add("Message-ID", view.message_id.as_ref());
    add("Id in the CRM", line.crm_id.as_ref());
    add("Code in the CRM", line.crm_code.as_ref());
    if view.has_unsubscribe {
        facts.push(("Can be stopped", "By a link of its own".to_owned()));
    }
    let files = view.attachments.iter();
    let files = files.map(|(name, len)| format!("{name} ({})", size(*len)));
    facts.push(("Attached", files.collect::<Vec<_>>().join(", ")));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_domain::id::Instant;

    fn recipient(state: DeliveryState) -> Recipient {
        Recipient {
            part: AddressPart::To,
            name: String::new(),
            address: "someone@example.com".to_owned(),
            state,
            attempts: 0,
            answer: None,
            updated_at: Instant::from_seconds(0),
            suppressed: None,
        }
    }

    #[test]
    fn states_that_differ_are_counted() {
        use DeliveryState::{Failed, Sent};
        let labels = |list: &[DeliveryState]| -> Vec<String> {
            let recipients: Vec<_> = list.iter().map(|s| recipient(*s)).collect();
            states(&recipients).into_iter().map(|b| b.label).collect()
        };
        assert_eq!(labels(&[Sent, Sent]), ["Sent"]);
        assert_eq!(labels(&[Sent, Failed, Sent]), ["2 sent", "1 failed"]);
        assert_eq!(labels(&[]), Vec::<String>::new());
    }

    #[test]
    fn numbers_are_written_for_people_and_addresses_as_they_are() {
        assert_eq!(address("+13125550100"), "(312) 555-0100");
        assert_eq!(address("+493055501"), "+493055501");
        assert_eq!(address("+1tag@example.com"), "+1tag@example.com");
    }
}
