//! The numbers that bound one listener: sizes, times and how much may be in flight.

use crate::client_addr::TrustedProxies;
use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// Bounds for the requests of one face. Every field has a default that suits one small machine.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest request body in bytes. Default 16 MiB.
    pub body_bytes: usize,
    /// Bytes of request bodies (with their parsed weight) that may be in memory at once, over all
    /// requests that share one [`crate::BodyGate`]. Default 64 MiB; at least `body_bytes`.
    pub body_budget_bytes: usize,
    /// How long a body may wait for room in the budget before it is refused as busy. Default 2 s.
    pub budget_wait: Duration,
    /// Longest silence while a body is being sent. Default 10 s.
    pub body_idle: Duration,
    /// Longest time for a whole body. Default 25 s, below `request`, so that a slow upload is told
    /// so and not merely cut off.
    pub body_total: Duration,
    /// Most values (scalars, arrays, objects) in one JSON document. Default 400,000.
    pub json_nodes: usize,
    /// Longest time from the head of a request to its answer. Default 30 s.
    pub request: Duration,
    /// Requests worked on at once; the next one is answered "overloaded". Default 512.
    pub in_flight: usize,
    /// Peers whose `X-Forwarded-For` is believed. Default none.
    pub trusted_proxies: TrustedProxies,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 * MIB,
            body_budget_bytes: 64 * MIB,
            budget_wait: Duration::from_secs(2),
            body_idle: Duration::from_secs(10),
            body_total: Duration::from_secs(25),
            json_nodes: 400_000,
            request: Duration::from_secs(30),
            in_flight: 512,
            trusted_proxies: TrustedProxies::default(),
        }
    }
}

impl Limits {
    /// Says what is wrong with the numbers, in a sentence for the operator, or nothing.
    ///
    /// Meant for configuration checking; the plumbing itself copes with odd values by refusing
    /// more than it should.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.body_bytes == 0 || self.in_flight == 0 || self.json_nodes == 0 {
            return Err("body_bytes, in_flight and json_nodes must be at least 1");
        }
        if self.body_budget_bytes < self.body_bytes {
            return Err("body_budget_bytes must be at least body_bytes");
        }
        let times = [self.body_idle, self.body_total, self.request];
        if times.iter().any(Duration::is_zero) {
            return Err("time-outs must be longer than zero");
        }
        if self.body_total > self.request {
            return Err("body_total must not be longer than the request time-out");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_consistent_and_nonsense_is_named() {
        assert_eq!(Limits::default().check(), Ok(()));
        let small_budget = Limits {
            body_budget_bytes: 1,
            ..Limits::default()
        };
        assert!(small_budget.check().is_err());
        let slow_body = Limits {
            body_total: Duration::from_secs(31),
            ..Limits::default()
        };
        assert!(slow_body.check().is_err());
        let nothing = Limits {
            in_flight: 0,
            ..Limits::default()
        };
        assert!(nothing.check().is_err());
        let instant = Limits {
            body_idle: Duration::ZERO,
            ..Limits::default()
        };
        assert!(instant.check().is_err());
    }
}
