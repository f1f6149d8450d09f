//! The list of messages, newest first, with its filter.

use lintel_app::message::{self, Filter};
use lintel_domain::message::{Channel, DeliveryState, MailKind};
use lintel_domain::permission::Permission;
use serde::Serialize;

use super::{OUTBOX, href, page};
use crate::Answer;
use crate::fields::{Choice, Field};
use crate::home::Pager;
use crate::messages::{Line, channel_label, state_label};
use crate::show;
use crate::templates::Template;
use crate::visit::{Query, Staff};

/// Messages on one page, as the use case cuts them.
const ON_PAGE: u64 = 25;
/// Longest address that is looked for (RFC 5321, section 4.5.3.1.3).
const ADDRESS_MAX_CHARS: u32 = 254;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct OutboxPage {
    fields: Vec<Field>,
    is_narrowed: bool,
    rows: Vec<Line>,
    range: String,
    pager: Pager,
}

/// A filter that can be used: what cannot be read is left out.
fn filter(query: &Query) -> Filter {
    let address = query.text("address");
    Filter {
        state: query.text("state").and_then(DeliveryState::parse),
        channel: query.text("channel").and_then(Channel::parse),
        kind: query.text("kind").and_then(MailKind::parse),
        address: address
            .filter(|text| text.chars().count() <= ADDRESS_MAX_CHARS as usize)
            .map(str::to_owned),
        page: query.page() - 1,
    }
}

/// The names and values that say a filter again, without the page.
fn pairs(filter: &Filter) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    let mut add = |name, value: Option<&str>| {
        pairs.extend(value.map(|value| (name, value.to_owned())));
    };
    add("state", filter.state.map(DeliveryState::as_str));
    add("channel", filter.channel.map(Channel::as_str));
    add("kind", filter.kind.map(MailKind::as_str));
    add("address", filter.address.as_deref());
    pairs
}

/// The list with a filter, at a page from 1.
fn path(filter: &Filter, at: u64) -> String {
    let mut pairs = pairs(filter);
    if at > 1 {
        pairs.push(("page", at.to_string()));
    }
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", show::encoded(value)))
        .collect();
    if pairs.is_empty() {
        return OUTBOX.to_owned();
    }
    format!("{OUTBOX}?{}", pairs.join("&"))
}

fn fields(filter: &Filter) -> Vec<Field> {
    let any = |label: &str| std::iter::once(Choice::new("", label));
    let states = DeliveryState::ALL.iter();
    let states = states.map(|s| Choice::new(s.as_str(), state_label(*s)));
    let channels = Channel::ALL.iter();
    let channels = channels.map(|c| Choice::new(c.as_str(), channel_label(*c)));
    let kinds = MailKind::ALL.iter();
    let kinds = kinds.map(|k| Choice::new(k.as_str(), k.title()));
    vec![
        Field::select("state", "State", any("Every state").chain(states).collect())
            .maybe(filter.state.map(DeliveryState::as_str)),
        Field::select("channel", "Way", any("Every way").chain(channels).collect())
            .maybe(filter.channel.map(Channel::as_str)),
        Field::select("kind", "Kind", any("Every kind").chain(kinds).collect())
            .maybe(filter.kind.map(MailKind::as_str)),
        Field::text("address", "Address or number")
            .maybe(filter.address.as_deref())
            .max(ADDRESS_MAX_CHARS),
    ]
}

pub(super) async fn show(staff: Staff) -> Answer {
    staff.require(Permission::EditMessages)?;
    let filter = filter(staff.query());
    let found = message::list(staff.app(), &staff.who, &filter).await?;
    let at = u64::from(filter.page) + 1;
    let skipped = u64::from(filter.page) * ON_PAGE;
    let line = |line: &message::MessageLine| Line::of(line, Some(href(line.public_id.as_str())));
    let rows: Vec<Line> = found.lines.iter().map(line).collect();
    let last = skipped + u64::try_from(rows.len()).unwrap_or(0);
    let view = OutboxPage {
        fields: fields(&filter),
        is_narrowed: !pairs(&filter).is_empty(),
        range: if rows.is_empty() {
            String::new()
        } else {
            format!("{} to {}", show::grouped(skipped + 1), show::grouped(last))
        },
        pager: Pager {
            before: (at > 1).then(|| path(&filter, at - 1)),
            after: found.has_more.then(|| path(&filter, at + 1)),
        },
        rows,
    };
    page(&staff, "Outbox").render(&view)
}

impl Template for OutboxPage {
    const FILE: &'static str = "outbox/list.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let page = |rows: Vec<Line>, is_narrowed, pager| Self {
            fields: Field::samples(),
            is_narrowed,
            rows,
            range: text(),
            pager,
        };
        let pager = Pager {
            before: Some(text()),
            after: Some(text()),
        };
        vec![
            page(Line::samples(), true, pager),
            page(Vec::new(), true, Pager::default()),
            page(Vec::new(), false, Pager::default()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_itself_again_and_leaves_out_what_it_cannot_read() {
        let good = "state=failed&channel=mail&kind=rate_update&address=a%2Bb%40example.com";
        let read = filter(&Query::of(&format!("{good}&page=3")));
        assert_eq!(read.page, 2);
        assert_eq!(path(&read, 3), format!("{OUTBOX}?{good}&page=3"));
        let long = "x".repeat(300);
        let bad = format!("state=%3Cb%3E&channel=fax&kind=&address={long}&page=-1");
        let read = filter(&Query::of(&bad));
        assert_eq!(path(&read, 1), OUTBOX);
        assert!(pairs(&read).is_empty());
    }
}
