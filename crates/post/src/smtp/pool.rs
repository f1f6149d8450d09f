//! Connections kept for the next letter, and a server that is down left alone for a while.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lintel_app::ports::Clock;
use lintel_domain::id::Instant;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinSet;
use tokio::time::Instant as Moment;

use super::connection::{Connection, Server, Stumble};

/// How long a connection may lie idle.
const IDLE: Duration = Duration::from_secs(20);
/// How long a server that could not be reached is left alone, doubled with every failure.
const FIRST_REST_SECONDS: i64 = 2;
const LONGEST_REST_SECONDS: i64 = 60;

/// Connections to one server.
pub(super) struct Pool {
    server: Server,
    places: Semaphore,
    idle: Arc<Mutex<Vec<Idle>>>,
    rest: Mutex<Rest>,
    /// Closes what lies idle; there is one task at most.
    closer: Mutex<JoinSet<()>>,
    clock: Arc<dyn Clock>,
}

struct Idle {
    connection: Connection,
    since: Moment,
}

/// Failures in a row, and until when nobody tries again.
#[derive(Debug, Default)]
struct Rest {
    failures: u32,
    until: Option<Instant>,
}

impl Pool {
    pub(super) fn new(server: Server, connections: usize, clock: Arc<dyn Clock>) -> Self {
        Self {
            server,
            places: Semaphore::new(connections),
            idle: Arc::default(),
            rest: Mutex::default(),
            closer: Mutex::default(),
            clock,
        }
    }

    /// Waits for one of the connections there may be; `None` when there will be none.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.acquire().await.ok()
    }

    /// Until when the server is left alone. One letter after the other looks whether it is back; the
    /// others need not be counted as tried.
    pub(super) fn closed_until(&self) -> Option<Instant> {
        let now = self.clock.now();
        let until = self
            .rest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .until;
        let longest = now.plus_seconds(LONGEST_REST_SECONDS);
        // A clock that was set back must not hold mail up.
        until.filter(|until| *until > now && *until <= longest)
    }

    /// A connection that is ready: one that was kept, or a new one.
    pub(super) async fn take(&self) -> Result<Connection, Stumble> {
        while let Some(idle) = self.newest() {
            let mut connection = idle.connection;
            if idle.since.elapsed() >= IDLE {
                connection.close().await;
            } else if connection.is_ready().await {
                return Ok(connection);
            }
        }
        let opened = self.server.open().await;
        self.note(opened.as_ref().err());
        opened
    }

    fn newest(&self) -> Option<Idle> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn note(&self, stumble: Option<&Stumble>) {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        match stumble {
            None => {
                if rest.failures > 0 {
                    tracing::info!("the mail server is there again");
                }
                *rest = Rest::default();
            }
            Some(stumble) => {
                if rest.failures == 0 {
                    let said = super::verdict::unreachable(stumble);
                    tracing::warn!(answer = ?said, "the mail server cannot be used");
                }
                let doubled = FIRST_REST_SECONDS << rest.failures.min(10);
                let seconds = doubled.min(LONGEST_REST_SECONDS);
                rest.failures = rest.failures.saturating_add(1);
                rest.until = Some(self.clock.now().plus_seconds(seconds));
            }
        }
    }

    /// Keeps a connection for the next letter.
    pub(super) async fn give_back(&self, connection: Connection) {
        if connection.is_spent() {
            connection.close().await;
            return;
        }
        let since = Moment::now();
        let idle = Idle { connection, since };
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(idle);
        let mut closer = self.closer.lock().unwrap_or_else(PoisonError::into_inner);
        while closer.try_join_next().is_some() {}
        if closer.is_empty() {
            closer.spawn(close_idle(Arc::clone(&self.idle)));
        }
    }
}

/// Closes connections that lie idle too long, until there is none.
async fn close_idle(idle: Arc<Mutex<Vec<Idle>>>) {
    loop {
        tokio::time::sleep(IDLE).await;
        let (old, is_empty) = {
            let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
            let is_old = |i: &mut Idle| i.since.elapsed() >= IDLE;
            let old: Vec<Idle> = idle.extract_if(.., is_old).collect();
            (old, idle.is_empty())
        };
        for one in old {
            one.connection.close().await;
        }
        if is_empty {
            return;
        }
    }
}
