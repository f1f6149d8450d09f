//! The memory that all bodies in flight share, counted in KiB.

use super::error::BodyError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Bodies up to this weight need no room in the budget: they are the usual case, and the bound on
/// requests in flight already bounds them.
pub const FREE_BYTES: usize = 64 * 1024;

const KIB: usize = 1024;

/// A growing body asks for room in steps, so that the semaphore is not asked for every packet.
const STEP_KIB: u32 = 256;

#[derive(Debug, Clone)]
pub(super) struct Budget {
    room: Arc<Semaphore>,
    total_kib: u32,
    wait: Duration,
}

impl Budget {
    pub(super) fn new(bytes: usize, wait: Duration) -> Self {
        // Counted in KiB, 32 bits reach 4 TiB; on 32-bit machines the semaphore's ceiling is lower.
        let ceiling = u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX);
        let total_kib = kib(bytes).min(ceiling);
        let permits = usize::try_from(total_kib).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            room: Arc::new(Semaphore::new(permits)),
            total_kib,
            wait,
        }
    }

    /// A ticket that holds nothing yet.
    pub(super) fn ticket(&self) -> Ticket {
        Ticket {
            budget: self.clone(),
            held: None,
            held_kib: 0,
        }
    }
}

fn kib(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(KIB)).unwrap_or(u32::MAX)
}

/// The room one body holds; given back when dropped.
#[derive(Debug)]
pub struct Ticket {
    budget: Budget,
    held: Option<OwnedSemaphorePermit>,
    held_kib: u32,
}

impl Ticket {
    /// Grows until it covers `bytes`, waiting a while for others to finish.
    ///
    /// More than the whole budget counts as the whole budget. Two bodies that both need the
    /// other's room both give up as [`BodyError::Busy`]: refusing is better than holding on.
    pub async fn cover(&mut self, bytes: usize) -> Result<(), BodyError> {
        let needed_kib = kib(bytes).min(self.budget.total_kib);
        if bytes <= FREE_BYTES || needed_kib <= self.held_kib {
            return Ok(());
        }
        let step_kib = self
            .held_kib
            .saturating_add(STEP_KIB)
            .min(self.budget.total_kib);
        let more_kib = needed_kib.max(step_kib) - self.held_kib;
        let more = self.budget.room.clone().acquire_many_owned(more_kib);
        let Ok(Ok(more)) = timeout(self.budget.wait, more).await else {
            return Err(BodyError::Busy);
        };
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        self.held_kib += more_kib;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(bytes: usize) -> Budget {
        Budget::new(bytes, Duration::from_millis(5))
    }

    #[tokio::test]
    async fn a_ticket_grows_in_steps_and_never_beyond_the_budget() {
        let budget = budget(1024 * KIB);
        let mut ticket = budget.ticket();
        ticket.cover(FREE_BYTES).await.unwrap();
        assert_eq!(ticket.held_kib, 0);
        ticket.cover(FREE_BYTES + 1).await.unwrap();
        assert_eq!(ticket.held_kib, STEP_KIB);
        ticket.cover(900 * KIB).await.unwrap();
        assert_eq!(ticket.held_kib, 900);
        ticket.cover(usize::MAX).await.unwrap();
        assert_eq!(
            (ticket.held_kib, budget.room.available_permits()),
            (1024, 0)
        );
        drop(ticket);
        assert_eq!(budget.room.available_permits(), 1024);
    }

    #[tokio::test]
    async fn a_ticket_waits_for_room() {
        let budget = Budget::new(512 * KIB, Duration::from_secs(5));
        let mut first = budget.ticket();
        first.cover(512 * KIB).await.unwrap();
        let mut second = budget.ticket();
        let (freed, waited) = tokio::join!(
            async {
                tokio::task::yield_now().await;
                drop(first);
            },
            second.cover(512 * KIB)
        );
        assert_eq!((freed, waited), ((), Ok(())));
    }

    #[test]
    fn huge_and_zero_budgets_are_clamped() {
        assert!(budget(usize::MAX).total_kib > 1024);
        assert_eq!(budget(0).total_kib, 0);
    }
}
