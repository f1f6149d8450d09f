//! The same subscription again.

use std::collections::BTreeSet;

use lintel_app::auth::token_hash;
use lintel_app::context::App;
use lintel_domain::event::EventKind;
use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_domain::watch::fold_name;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::watch::{self, StoredWatch};

use super::{NO_PRICES, put_in};
use crate::known::{Known, KnownRow};
use crate::products::{self, Watched};
use crate::token;
use crate::when::Schedule;

/// What an end must move by to be moved, in seconds: a call that is repeated because its answer got lost
/// is answered as before.
const MOVED_BY: i64 = DAY_SECONDS;

/// Whether two watches of one address are the same: of one organisation, kind and search, and of the
/// same products.
pub(super) fn is_same(there: &StoredWatch, fresh: &StoredWatch) -> bool {
    let names = |watch: &StoredWatch| -> Option<BTreeSet<String>> {
        let watched = products::read(&watch.products, watch.id.as_str()).ok()?;
        Some(watched.iter().map(|one| fold_name(&one.name)).collect())
    };
    there.org_id == fresh.org_id
        && there.kind == fresh.kind
        && there.search == fresh.search
        && names(there).is_some_and(|known| names(fresh) == Some(known))
}

/// Gives a watch the terms of the same one as it would be new; when nothing differs nothing is written.
pub(super) async fn renew_in(
    app: &App,
    tx: &mut Tx,
    there: &StoredWatch,
    fresh: &StoredWatch,
    actor: &str,
) -> Result<StoredWatch, Fault> {
    let token = token::of(app, &there.token_key, &there.id)?;
    let locked = watch::lock_in(tx, &token_hash(&token)).await?;
    let gone = || Fault::internal("a rate watch vanished");
    let there = locked.ok_or_else(gone)?;
    let now = app.now();
    let renewed = renewed(&there, fresh, now)?;
    if renewed == there {
        return Ok(there);
    }
    put_in(tx, &renewed, now).await?;
    let kind = EventKind::RateWatchStarted;
    let event = NewEvent {
        body: r#"{"again":true}"#,
        ..NewEvent::plain(&there.org_id, now, actor, kind, there.id.as_str())
    };
    record_in(tx, &event).await?;
    Ok(renewed)
}

fn renewed(there: &StoredWatch, fresh: &StoredWatch, now: Instant) -> Result<StoredWatch, Fault> {
    let id = there.id.as_str();
    let (before, after) = (
        products::read(&there.products, id)?,
        products::read(&fresh.products, id)?,
    );
    let known = Known::read(&there.known, before.len(), id)?;
    let mut renewed = StoredWatch {
        frequency: fresh.frequency,
        duration: fresh.duration,
        first_name: fresh.first_name.clone(),
        last_name: fresh.last_name.clone(),
        phone: fresh.phone.clone(),
        timezone: fresh.timezone,
        minute_of_day: fresh.minute_of_day,
        ..there.clone()
    };
    // In another order they are the same.
    let is_same = before.len() == after.len() && after.iter().all(|one| before.contains(one));
    if !is_same {
        renewed.products = fresh.products.clone();
        renewed.known = carried(&known, &before, &after).write();
        // The new rates are looked for at once.
        renewed.prices = NO_PRICES;
    }
    let clock = |watch: &StoredWatch| (watch.frequency, watch.timezone, watch.minute_of_day);
    if clock(there) != clock(&renewed) {
        renewed.anchor_day = fresh.anchor_day;
        renewed.next_at = Schedule::of(&renewed).next_after(now);
    }
    if there.duration != renewed.duration || is_later(there.expires_at, fresh.expires_at) {
        renewed.expires_at = fresh
            .expires_at
            .max(renewed.next_at.filter(|_| fresh.expires_at.is_some()));
    }
    Ok(renewed)
}

/// Whether an end is that much later than another.
fn is_later(there: Option<Instant>, fresh: Option<Instant>) -> bool {
    match (there, fresh) {
        (Some(there), Some(fresh)) => fresh >= there.plus_seconds(MOVED_BY),
        (None, _) | (_, None) => false,
    }
}

/// What is known of products, in another order; a rate that is waited for anew was not reached.
fn carried(known: &Known, before: &[Watched], after: &[Watched]) -> Known {
    let rows = after.iter().map(|one| {
        let mut pairs = before.iter().zip(&known.rows);
        let found = pairs.find(|(there, _)| there.name == one.name);
        let same_rate = |there: &Watched| there.desired_rate == one.desired_rate;
        found.map_or_else(KnownRow::default, |(there, row)| KnownRow {
            told: row.told,
            is_reached: row.is_reached && same_rate(there),
        })
    });
    Known {
        is_told: known.is_told,
        rows: rows.collect(),
    }
}
