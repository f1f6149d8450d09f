//! The addresses nothing is sent to.

use lintel_app::message::{self, Suppressed};
use lintel_domain::id::PublicId;
use lintel_domain::message::{Channel, SuppressionReason};
use lintel_domain::permission::Permission;
use lintel_domain::refusal;
use serde::Serialize;

use super::{SUPPRESSED, href, page};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Choice, Field, Mistakes};
use crate::flash::Flash;
use crate::home::Pager;
use crate::messages::{channel_label, reason_label};
use crate::posted::Posted;
use crate::show::When;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct SuppressedPage {
    rows: Vec<RowView>,
    pager: Pager,
    fields: Vec<Field>,
    /// Whether the person may put addresses here and take them away.
    may_change: bool,
}

#[derive(Debug, Clone, Serialize)]
struct RowView {
    channel: &'static str,
    channel_label: &'static str,
    /// As it is stored: the form sends it back.
    address: String,
    reason: &'static str,
    at: When,
}

impl RowView {
    fn of(row: &Suppressed) -> Self {
        Self {
            channel: row.channel.as_str(),
            channel_label: channel_label(row.channel),
            address: row.address.clone(),
            reason: reason_label(row.reason),
            at: When::of(row.created_at),
        }
    }
}

/// The form, empty.
fn fields() -> Vec<Field> {
    let channels = Channel::ALL.iter();
    let channels = channels.map(|c| Choice::new(c.as_str(), channel_label(*c)));
    let reasons = [SuppressionReason::Asked, SuppressionReason::Complained];
    let reasons = reasons.map(|r| Choice::new(r.as_str(), reason_label(r)));
    vec![
        Field::text("address", "Address or number")
            .required()
            .max(254),
        Field::select("channel", "Way", channels.collect())
            .required()
            .half(),
        Field::select("reason", "Why", reasons.to_vec())
            .required()
            .half(),
    ]
}

/// The only field there is anything wrong with.
fn place(_: &refusal::Field) -> Option<(String, String)> {
    Some(("address".to_owned(), "The address or number".to_owned()))
}

async fn write(staff: &Staff, fields: Vec<Field>, mistakes: &Mistakes) -> Answer {
    let at = staff.query().page();
    let (found, has_more) = message::suppressed(staff.app(), &staff.who, at - 1).await?;
    let path = |at: u32| format!("{SUPPRESSED}?page={at}");
    let view = SuppressedPage {
        rows: found.iter().map(RowView::of).collect(),
        pager: Pager {
            before: (at > 1).then(|| path(at - 1)),
            after: has_more.then(|| path(at.saturating_add(1))),
        },
        fields,
        may_change: message::may_suppress(&staff.who),
    };
    page(staff, "Suppressed addresses")
        .mistakes(mistakes)
        .render(&view)
}

pub(super) async fn show(staff: Staff) -> Answer {
    staff.require(Permission::EditMessages)?;
    write(&staff, fields(), &Mistakes::default()).await
}

fn channel(form: &Posted) -> Result<Channel, Failure> {
    Channel::parse(form.raw("channel")).ok_or(Failure::BadForm)
}

/// The page the form was on: a message's, or the list.
fn back(form: &Posted) -> String {
    let id = form.text("back").and_then(PublicId::parse);
    id.map_or_else(|| SUPPRESSED.to_owned(), |id| href(id.as_str()))
}

pub(super) async fn add(staff: Staff, form: Posted) -> Answer {
    staff.require(Permission::EditMessages)?;
    let address = form.text("address").unwrap_or_default();
    let reason = SuppressionReason::parse(form.raw("reason")).unwrap_or(SuppressionReason::Asked);
    let channel = channel(&form)?;
    match message::suppress(staff.app(), &staff.who, channel, address, reason).await {
        Ok(_) => staff.go_with(&back(&form), Flash::AddressSuppressed),
        Err(error) => {
            let mistakes = Mistakes::of(error, place)?;
            let refill = |field: Field| field.with(&form).error(&mistakes);
            let fields = fields().into_iter().map(refill).collect();
            write(&staff, fields, &mistakes).await
        }
    }
}

pub(super) async fn release(staff: Staff, form: Posted) -> Answer {
    staff.require(Permission::EditMessages)?;
    let address = form.text("address").unwrap_or_default();
    message::release(staff.app(), &staff.who, channel(&form)?, address).await?;
    staff.go_with(&back(&form), Flash::AddressReleased)
}

impl Template for SuppressedPage {
    const FILE: &'static str = "outbox/suppressed.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let text = || crate::templates::HOSTILE.to_owned();
        let row = RowView {
            channel: "mail",
            channel_label: "Mail",
            address: text(),
            reason: "Why",
            at: When::of(lintel_domain::id::Instant::from_seconds(0)),
        };
        let page = |rows, pager, may_change| Self {
            rows,
            pager,
            fields: Field::samples(),
            may_change,
        };
        let pager = Pager {
            before: Some(text()),
            after: Some(text()),
        };
        vec![
            page(vec![row.clone()], pager, true),
            page(vec![row], Pager::default(), false),
            page(Vec::new(), Pager::default(), true),
        ]
    }
}
