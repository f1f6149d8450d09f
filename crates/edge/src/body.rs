//! Reading request bodies within bounds of size, time and shared memory.
//!
//! A body above 64 KiB is read only as fast as it gets room in a budget that all
//! requests share, so the memory that hostile uploads can hold is bounded: at any moment the
//! bodies in flight occupy at most about three times the budget (the bytes, their decoded copy and
//! a moment's overlap) plus 64 KiB for each request in flight, however many connections send.

mod budget;
mod error;

pub use budget::Ticket;
pub use error::BodyError;

use crate::limits::Limits;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::header::CONTENT_ENCODING;
use budget::Budget;
use bytes::Bytes;
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Reads bodies. Made once per process and cloned: clones share one memory budget.
#[derive(Debug, Clone)]
pub struct BodyGate {
    budget: Budget,
    pub(crate) body_bytes: usize,
    pub(crate) json_nodes: usize,
    pub(crate) idle: Duration,
    pub(crate) total: Duration,
}

/// A body in memory, with the room it holds in the budget until dropped.
#[derive(Debug)]
pub struct Loaded {
    /// The whole body.
    pub bytes: Bytes,
    /// Keep it as long as the bytes or anything parsed from them.
    pub ticket: Ticket,
}

impl BodyGate {
    /// A gate with its own budget.
    pub fn new(limits: &Limits) -> Self {
        Self {
            budget: Budget::new(limits.body_budget_bytes, limits.budget_wait),
            body_bytes: limits.body_bytes.min(limits.body_budget_bytes),
            json_nodes: limits.json_nodes,
            idle: limits.body_idle,
            total: limits.body_total,
        }
    }

    /// Reads a whole body as it is.
    ///
    /// # Errors
    /// [`BodyError::TooLarge`], before anything is read when `Content-Length` already says so;
    /// [`BodyError::Busy`], [`BodyError::TimedOut`], [`BodyError::Broken`]; and
    /// [`BodyError::UnsupportedType`] for a compressed body.
    pub async fn bytes(&self, request: Request) -> Result<Loaded, BodyError> {
        if is_compressed(&request) {
            return Err(BodyError::UnsupportedType);
        }
        self.read(request.into_body()).await
    }

    /// A ticket for a body that is read elsewhere; it holds nothing yet.
    pub(crate) fn ticket(&self) -> Ticket {
        self.budget.ticket()
    }

    async fn read(&self, mut body: Body) -> Result<Loaded, BodyError> {
        let too_large = BodyError::TooLarge {
            limit: self.body_bytes,
        };
        let hint = body.size_hint();
        let announced = usize::try_from(hint.lower()).unwrap_or(usize::MAX);
        if announced > self.body_bytes {
            return Err(too_large);
        }
        let deadline = Instant::now() + self.total;
        let mut ticket = self.budget.ticket();
        // Not the announced length: claiming is free, and memory is given only for bytes received.
        let mut held: Vec<u8> = Vec::with_capacity(announced.min(budget::FREE_BYTES));
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // A timer of length zero loses to a body that always has one more byte ready.
            if left.is_zero() {
                return Err(BodyError::TimedOut);
            }
            let patience = self.idle.min(left);
            let frame = match timeout(patience, body.frame()).await {
                Err(_) => return Err(BodyError::TimedOut),
                Ok(None) => break,
                Ok(Some(Err(_))) => return Err(BodyError::Broken),
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(chunk) = frame.into_data() else {
                continue;
            };
            let length = held.len().saturating_add(chunk.len());
            if length > self.body_bytes {
                return Err(too_large);
            }
            ticket.cover(length).await?;
            held.extend_from_slice(&chunk);
        }
        Ok(Loaded {
            bytes: Bytes::from(held),
            ticket,
        })
    }
}

/// Whether a body is sent in any encoding but its own.
pub(crate) fn is_compressed(request: &Request) -> bool {
    let encoding = request.headers().get(CONTENT_ENCODING);
    encoding.is_some_and(|v| !v.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use std::convert::Infallible;

    fn gate(change: impl FnOnce(&mut Limits)) -> BodyGate {
        let mut limits = Limits {
            body_bytes: 1000,
            ..Limits::default()
        };
        limits.budget_wait = Duration::from_millis(5);
        change(&mut limits);
        BodyGate::new(&limits)
    }

    fn chunked(chunks: Vec<Vec<u8>>) -> Request {
        let items = chunks
            .into_iter()
            .map(|c| Ok::<_, Infallible>(Bytes::from(c)));
        Request::new(Body::from_stream(stream::iter(items)))
    }

    #[tokio::test]
    async fn the_cap_holds_with_and_without_a_length() {
        let gate = gate(|_| ());
        let exact = gate
            .bytes(Request::new(Body::from(vec![7; 1000])))
            .await
            .unwrap();
        assert_eq!(exact.bytes.len(), 1000);
        let announced = gate.bytes(Request::new(Body::from(vec![7; 1001]))).await;
        assert_eq!(announced.unwrap_err(), BodyError::TooLarge { limit: 1000 });
        let streamed = gate
            .bytes(chunked(vec![vec![7; 600], vec![7; 400]]))
            .await
            .unwrap();
        assert_eq!(streamed.bytes.len(), 1000);
        let streamed = gate.bytes(chunked(vec![vec![7; 600], vec![7; 401]])).await;
        assert_eq!(streamed.unwrap_err(), BodyError::TooLarge { limit: 1000 });
    }

    #[tokio::test]
    async fn silence_ends_in_a_time_out_and_a_torn_body_is_broken() {
        let gate = gate(|limits| limits.body_idle = Duration::from_millis(5));
        let silent = stream::pending::<Result<Bytes, Infallible>>();
        let answer = gate.bytes(Request::new(Body::from_stream(silent))).await;
        assert_eq!(answer.unwrap_err(), BodyError::TimedOut);
        let torn = stream::iter([Ok(Bytes::from_static(b"a")), Err("gone")]);
        let answer = gate.bytes(Request::new(Body::from_stream(torn))).await;
        assert_eq!(answer.unwrap_err(), BodyError::Broken);
    }

    #[tokio::test]
    async fn an_endless_drip_ends_at_the_total_time() {
        let gate = gate(|limits| limits.body_total = Duration::from_millis(5));
        let drip = stream::unfold((), |()| async {
            tokio::task::yield_now().await;
            Some((Ok::<_, Infallible>(Bytes::new()), ()))
        });
        let answer = gate.bytes(Request::new(Body::from_stream(drip))).await;
        assert_eq!(answer.unwrap_err(), BodyError::TimedOut);
    }

    #[tokio::test]
    async fn big_bodies_share_a_budget_and_small_ones_need_none() {
        let gate = gate(|limits| {
            limits.body_bytes = 512 * 1024;
            limits.body_budget_bytes = 512 * 1024;
        });
        let big = || Request::new(Body::from(vec![7; 400 * 1024]));
        let first = gate.bytes(big()).await.unwrap();
        assert_eq!(
            gate.clone().bytes(big()).await.unwrap_err(),
            BodyError::Busy
        );
        let small = gate
            .bytes(Request::new(Body::from(vec![7; 64 * 1024])))
            .await;
        assert!(small.is_ok());
        drop(first);
        assert!(gate.bytes(big()).await.is_ok());
    }

    #[tokio::test]
    async fn a_compressed_body_is_not_supported() {
        let mut request = Request::new(Body::from("x"));
        request
            .headers_mut()
            .insert(CONTENT_ENCODING, "gzip".parse().unwrap());
        assert_eq!(
            gate(|_| ()).bytes(request).await.unwrap_err(),
            BodyError::UnsupportedType
        );
    }
}
