//! When a request is given up, and how a handler gets longer for work that is known to be long.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The instant at which the guard gives a request up; a request extension.
///
/// Every request begins with the time-out of its face. A handler that has found out that its caller
/// may take longer, for example by checking credentials first, asks for more; nothing that comes
/// from outside can.
#[derive(Debug, Clone)]
pub struct Deadline(Arc<Mutex<When>>);

#[derive(Debug, Clone, Copy)]
struct When {
    at: Instant,
    is_extended: bool,
}

impl Deadline {
    /// A deadline this long from now.
    pub fn after(time: Duration) -> Self {
        Self(Arc::new(Mutex::new(When {
            at: Instant::now() + time,
            is_extended: false,
        })))
    }

    /// Moves the deadline to this long from now, unless it is later already.
    pub fn extend(&self, time: Duration) {
        let later = Instant::now() + time;
        let mut when = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if later > when.at {
            when.at = later;
            when.is_extended = true;
        }
    }

    /// When the request is given up, as things stand.
    pub fn at(&self) -> Instant {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).at
    }

    /// The same, for a deadline that was moved.
    pub(crate) fn extended(&self) -> Option<Instant> {
        let when = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        when.is_extended.then_some(when.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_moves_only_away() {
        let deadline = Deadline::after(Duration::from_secs(60));
        let first = deadline.at();
        deadline.extend(Duration::from_secs(1));
        assert_eq!(deadline.at(), first);
        deadline.clone().extend(Duration::from_secs(600));
        assert!(deadline.at() > first);
    }
}
