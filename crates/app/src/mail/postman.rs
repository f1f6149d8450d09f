//! Takes letters from the database to the post office.

use std::sync::Arc;
use std::time::Duration;

use lintel_domain::id::Instant;
use lintel_store::fault::Fault;
use lintel_store::mail::{self, ClaimedMail};
use tokio::time::MissedTickBehavior;

use super::{Letter, Message, letter};
use crate::context::{App, within};
use crate::keys::Purpose;
use crate::ports::Post;

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// How long a letter is one postman's, in seconds.
const LEASE_SECONDS: i64 = 120;
/// How long handing one over may take: less than the lease.
const HANDING_LONGEST: Duration = Duration::from_secs(60);
/// How long a step in the database may take.
const STEP_LONGEST: Duration = Duration::from_secs(20);
/// Letters in one round.
const ROUND: u64 = 100;
/// Attempts until a letter is given up: with the waits between them, three days.
const ATTEMPTS: i64 = 20;
/// Wait after the first failed attempt, doubled with each, and the longest.
const FIRST_WAIT_SECONDS: i64 = 10;
const LONGEST_WAIT_SECONDS: i64 = 6 * 3600;

/// Delivers for as long as the process lives. `from` is the sender of every letter.
pub async fn postman(app: App, post: Arc<dyn Post>, from: String) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    loop {
        ticks.tick().await;
        let result = deliver(&app, &*post, &from).await;
        match (&result, is_failing) {
            (Err(fault), false) => tracing::error!(
                error = fault.chain(),
                "mail cannot be taken from the database"
            ),
            (Ok(_), true) => tracing::info!("mail is taken from the database again"),
            (Err(_), true) | (Ok(_), false) => {}
        }
        is_failing = result.is_err();
    }
}

/// Delivers what is due now, a hundred letters at most; how many were handed over.
///
/// # Errors
/// Any fault of the database. A letter that cannot be handed over is no fault: it is tried again.
pub async fn deliver(app: &App, post: &dyn Post, from: &str) -> Result<u64, Fault> {
    let mut handed_over = 0;
    for _ in 0..ROUND {
        let Some(claimed) = within(STEP_LONGEST, "taking a mail", claim(app)).await? else {
            break;
        };
        let handing = hand_over(app, post, from, &claimed);
        let handed = within(HANDING_LONGEST, "handing a mail over", handing).await;
        handed_over += u64::from(handed.is_ok());
        let noted = note(app, &claimed, handed);
        within(STEP_LONGEST, "noting a mail", noted).await?;
    }
    Ok(handed_over)
}

async fn claim(app: &App) -> Result<Option<ClaimedMail>, Fault> {
    let now = app.now();
    let mut tx = app.db().begin().await?;
    let claimed = mail::claim_in(&mut tx, now, now.plus_seconds(LEASE_SECONDS)).await?;
    tx.commit().await?;
    Ok(claimed)
}

async fn hand_over(
    app: &App,
    post: &dyn Post,
    from: &str,
    claimed: &ClaimedMail,
) -> Result<(), Fault> {
    let letter = open(app, from, claimed)?;
    post.send(&letter).await
}

fn open(app: &App, from: &str, claimed: &ClaimedMail) -> Result<Letter, Fault> {
    let id = claimed.id.as_str();
    let plain = app.keys().unseal(Purpose::Mail, id, &claimed.sealed)?;
    let message: Message =
        serde_json::from_slice(&plain).map_err(|_| Fault::corrupt("mail", "message_sealed", id))?;
    Ok(letter::write(id, from, claimed.created_at, &message))
}

async fn note(app: &App, claimed: &ClaimedMail, handed: Result<(), Fault>) -> Result<(), Fault> {
    let now = app.now();
    let (id, kind, attempt) = (&claimed.id, &claimed.kind, claimed.attempt);
    let mut tx = app.db().begin().await?;
    match handed {
        Ok(()) => {
            mail::sent_in(&mut tx, claimed, now).await?;
            tracing::info!(mail = %id, kind, "mail handed over");
        }
        Err(fault) if attempt >= ATTEMPTS => {
            mail::failed_in(&mut tx, claimed, now).await?;
            tracing::error!(mail = %id, kind, error = fault.chain(), "mail given up");
        }
        Err(fault) => {
            mail::later_in(&mut tx, claimed, next_attempt(now, attempt)).await?;
            tracing::warn!(mail = %id, kind, attempt, error = fault.chain(), "mail not handed over yet");
        }
    }
    tx.commit().await
}

fn next_attempt(now: Instant, attempt: i64) -> Instant {
    let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(20);
    let wait = FIRST_WAIT_SECONDS << doublings;
    now.plus_seconds(wait.min(LONGEST_WAIT_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_between_attempts_add_up_to_days() {
        let now = Instant::from_seconds(0);
        let waits: Vec<i64> = (1..ATTEMPTS)
            .map(|attempt| next_attempt(now, attempt).seconds())
            .collect();
        assert_eq!(waits[..4], [10, 20, 40, 80]);
        assert_eq!(waits.last(), Some(&LONGEST_WAIT_SECONDS));
        let days = waits.iter().sum::<i64>() / 86_400;
        assert!((1..=4).contains(&days), "{days}");
    }
}
