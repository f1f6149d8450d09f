//! How often a partner may have this server go out at once.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::keys::Purpose;
use lintel_domain::intermediary::Partner;
use lintel_domain::refusal::Denial;
use lintel_store::db::Tx;
use lintel_store::fault::{Fault, FaultKind};
use lintel_store::throttle::{self, Count};

/// Of each, for one partner in [`WINDOW_SECONDS`].
const MOST: i64 = 20;
/// How long they are counted together, in seconds.
const WINDOW_SECONDS: i64 = 60;
/// Another transaction may remove a count in between; then it is begun anew.
const TRIES: usize = 5;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Deliveries to see whether a receiver is put together well.
    Echo,
    /// Addresses that are registered, for which a name is looked up.
    Address,
}

impl Counted {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Address => "callback address",
        }
    }
}

/// Counts one, or says how long to wait for the next.
pub(crate) async fn throttled(
    app: &App,
    partner: &Partner,
    counted: Counted,
) -> Result<(), AppError> {
    let name = format!("{}|{}", counted.as_str(), partner.intermediary_id);
    let key = app
        .keys()
        .stable_mac(Purpose::PartnerThrottle, name.as_bytes())?;
    for _ in 0..TRIES {
        let mut tx = app.db().begin().await?;
        let Some(wait) = count_in(app, &mut tx, &key).await? else {
            continue;
        };
        if wait > 0 {
            let wait_seconds = u32::try_from(wait).unwrap_or(u32::MAX);
            return Err(Denial::PartnerThrottled { wait_seconds }.into());
        }
        tx.commit().await?;
        return Ok(());
    }
    Err(Fault::new(FaultKind::Busy, "counts of a partner change too fast").into())
}

/// Seconds to wait; 0 when this one was counted. `None` to begin anew.
async fn count_in(app: &App, tx: &mut Tx, key: &[u8]) -> Result<Option<i64>, Fault> {
    let now = app.now();
    let Some(counted) = throttle::lock_in(tx, key, now).await? else {
        return Ok(None);
    };
    let ends = counted.first_at.plus_seconds(WINDOW_SECONDS);
    let is_over = ends <= now;
    if !is_over && counted.failures >= MOST {
        // Rounded up: a wait that is told must be enough.
        let left = ends.seconds().saturating_sub(now.seconds());
        return Ok(Some(left.max(1)));
    }
    let next = Count {
        failures: if is_over {
            1
        } else {
            counted.failures.saturating_add(1)
        },
        first_at: if is_over { now } else { counted.first_at },
        last_at: now,
    };
    throttle::set_in(tx, key, next).await?;
    Ok(Some(0))
}
