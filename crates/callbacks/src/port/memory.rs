//! A port that leads nowhere, for tests: it remembers what was sent and answers as it was told to.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{BoxFuture, Held, LookUp, Outgoing, Port, Reply};
use crate::target::Target;

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Where.
    pub target: Target,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// What it said.
    pub body: Vec<u8>,
}

impl Sent {
    /// A header, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(n, _)| *n == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Inner {
    sent: Vec<Sent>,
    answers: VecDeque<Reply>,
    names: HashMap<String, Vec<IpAddr>>,
    is_crowded: bool,
}

/// The fake. Without anything else said, every call is answered 204 and every name leads to one public
/// address.
#[derive(Default)]
pub struct MemoryPort(Mutex<Inner>);

impl std::fmt::Debug for MemoryPort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryPort")
    }
}

impl MemoryPort {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next calls' answers, in order.
    pub fn answer(&self, answers: impl IntoIterator<Item = Reply>) {
        self.inner().answers.extend(answers);
    }

    /// Forgets the answers that are left.
    pub fn forget(&self) {
        self.inner().answers.clear();
    }

    /// Where a name leads; nowhere with an empty list.
    pub fn name(&self, name: &str, addresses: &[IpAddr]) {
        let name = name.to_owned();
        self.inner().names.insert(name, addresses.to_vec());
    }

    /// Whether no name can be looked up for others that are.
    pub fn crowd(&self, is_crowded: bool) {
        self.inner().is_crowded = is_crowded;
    }

    /// Takes what was sent since it was last taken.
    #[must_use]
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.inner().sent)
    }
}

impl Port for MemoryPort {
    fn look_up<'a>(&'a self, name: &'a str, _held: Held) -> BoxFuture<'a, LookUp> {
        let inner = self.inner();
        let found = inner.names.get(name).cloned();
        let found = found.unwrap_or_else(|| vec![IpAddr::from([93, 184, 215, 14])]);
        let found = if inner.is_crowded {
            LookUp::Busy
        } else if found.is_empty() {
            LookUp::Nothing
        } else {
            LookUp::Found(found)
        };
        Box::pin(std::future::ready(found))
    }

    fn call<'a>(&'a self, call: &'a Outgoing) -> BoxFuture<'a, Reply> {
        let mut inner = self.inner();
        inner.sent.push(Sent {
            target: call.target.clone(),
            headers: call.headers.clone(),
            body: call.body.clone(),
        });
        let answer = inner.answers.pop_front();
        let answer = answer.unwrap_or_else(|| Reply::answered(204, Vec::new(), Default::default()));
        Box::pin(std::future::ready(answer))
    }
}
