//! Where letters are handed over: a mail server, a folder, a catcher.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lintel_domain::id::{Instant, RowId};
use serde::{Deserialize, Serialize};

use super::attachment::Attachment;

/// Longest answer of a server that is kept, in characters.
pub const ANSWER_MAX_CHARS: usize = 200;

/// Handing one thing over, under way.
pub type PostFuture<'a> = Pin<Box<dyn Future<Output = Handed> + Send + 'a>>;

/// Takes letters.
pub trait Post: Send + Sync {
    /// Hands one letter over to one address. It may come again, which happens when a process dies
    /// at the wrong moment: then its bytes are the same, and with them its Message-ID.
    fn send<'a>(&'a self, letter: &'a Outgoing) -> PostFuture<'a>;
}

/// Somebody as a letter names them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Name shown. May be empty.
    pub name: String,
    /// Address, one that [`is_sendable`](crate::message::is_sendable).
    pub email: String,
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox")
    }
}

/// A letter on its way to one address. Everything its bytes depend on is in here.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The delivery this is: the same one handed over twice has the same.
    pub delivery: RowId,
    /// Message-ID without its angle brackets, the same for every address and every attempt.
    pub message_id: String,
    /// When it was written: its date.
    pub at: Instant,
    /// Who it is from.
    pub from: Mailbox,
    /// Where answers go; empty: to the sender.
    pub reply_to: Vec<Mailbox>,
    /// Whom it is to.
    pub to: Vec<Mailbox>,
    /// Who is to know of it. Those who are to know without the others' knowledge are nowhere in it.
    pub cc: Vec<Mailbox>,
    /// One line.
    pub subject: String,
    /// What it says, as text.
    pub text: String,
    /// What it says, as HTML, beside the text.
    pub html: Option<String>,
    /// Address that stops mail of this kind when something is posted to it (RFC 8058).
    pub unsubscribe: Option<String>,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
    /// The address this delivery goes to: one of those above, or one nobody sees.
    pub recipient: String,
}

impl Outgoing {
    /// Head and words in one text: for tests that look for something said.
    #[must_use]
    pub fn readable(&self) -> String {
        let people = |people: &[Mailbox]| -> String {
            let each = people
                .iter()
                .map(|m| format!("\"{}\" <{}>", m.name, m.email));
            each.collect::<Vec<_>>().join(", ")
        };
        format!(
            "From: {}\r\nTo: {}\r\nCc: {}\r\nReply-To: {}\r\nSubject: {}\r\nMessage-ID: <{}>\r\n\
             List-Unsubscribe: {}\r\n\r\n{}\r\n{}",
            people(std::slice::from_ref(&self.from)),
            people(&self.to),
            people(&self.cc),
            people(&self.reply_to),
            self.subject,
            self.message_id,
            self.unsubscribe.as_deref().unwrap_or_default(),
            self.text,
            self.html.as_deref().unwrap_or_default(),
        )
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}

/// What came of handing one thing over. Answers are fit to be shown: see [`shown_answer`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It was taken; the other side answers for it now.
    Taken {
        /// What the other side said.
        answer: String,
    },
    /// Not now; another attempt may do better.
    Later {
        /// What the other side said, or how it was lost.
        answer: String,
        /// How long it asked to be left alone.
        after: Option<Duration>,
        /// Whether it may have been taken all the same: the other side was lost after it had all of
        /// it and before its answer. Each further attempt may then be one too many.
        perhaps_taken: bool,
    },
    /// Never; another attempt would end the same way.
    Refused {
        /// What the other side said.
        answer: String,
        /// Whether it said that there is nobody at the address.
        is_gone: bool,
    },
    /// Not its turn: nothing was attempted.
    NotYet {
        /// When it will be.
        until: Instant,
    },
}

/// What another program said, as it is kept and shown: one line of printable characters with every
/// mail address masked, cut at [`ANSWER_MAX_CHARS`].
#[must_use]
pub fn shown_answer(said: &str) -> String {
    // Far more than is kept: a hostile answer is not worth more work.
    let kept: String = said.chars().take(4 * ANSWER_MAX_CHARS).collect();
    let is_shown = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let spaced: String = kept
        .chars()
        .map(|c| if is_shown(c) { c } else { ' ' })
        .collect();
    let masked: Vec<String> = spaced.split_whitespace().map(mask).collect();
    masked.join(" ").chars().take(ANSWER_MAX_CHARS).collect()
}

/// A word without the mail addresses in it. What surrounds an address, such as brackets, stays.
fn mask(word: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let mut shown = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let local = before.trim_end_matches(is_part).len();
        let host = after.len() - after.trim_start_matches(is_part).len();
        shown.push_str(&before[..local]);
        if !shown.ends_with('…') {
            shown.push('…');
        }
        rest = &after[host..];
    }
    shown.push_str(rest);
    shown
}

/// Keeps letters in memory, and fails as it is told to: for tests.
#[derive(Debug, Default)]
pub struct MemoryPost {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    letters: BTreeMap<String, Outgoing>,
    handed_over: usize,
    to_fail: usize,
    to_lose: usize,
    refused: BTreeSet<String>,
    gone: BTreeSet<String>,
    closed_until: Option<Instant>,
}

impl MemoryPost {
    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers [`Handed::Later`] to the next so many letters.
    pub fn fail(&self, times: usize) {
        self.with(|kept| kept.to_fail = times);
    }

    /// Is lost before its answer to the next so many letters, which may have been taken.
    pub fn lose(&self, times: usize) {
        self.with(|kept| kept.to_lose = times);
    }

    /// Refuses every letter to an address from now on; `is_gone`: as nobody is there.
    pub fn refuse(&self, address: &str, is_gone: bool) {
        self.with(|kept| {
            let set = if is_gone {
                &mut kept.gone
            } else {
                &mut kept.refused
            };
            set.insert(address.to_owned());
        });
    }

    /// Answers [`Handed::NotYet`] with that instant to every letter; `None`: no more.
    pub fn close_until(&self, until: Option<Instant>) {
        self.with(|kept| kept.closed_until = until);
    }

    /// Every letter taken, the same delivery once, in the order they were written.
    #[must_use]
    pub fn letters(&self) -> Vec<Outgoing> {
        self.with(|kept| kept.letters.values().cloned().collect())
    }

    /// How often a letter was taken.
    #[must_use]
    pub fn handed_over(&self) -> usize {
        self.with(|kept| kept.handed_over)
    }
}

impl Post for MemoryPost {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> PostFuture<'a> {
        let handed = self.with(|kept| {
            if let Some(until) = kept.closed_until {
                return Handed::NotYet { until };
            }
            if kept.to_fail > 0 {
                kept.to_fail -= 1;
                let answer = "451 4.3.0 told to fail".to_owned();
                return Handed::Later {
                    answer,
                    after: None,
                    perhaps_taken: false,
                };
            }
            if kept.to_lose > 0 {
                kept.to_lose -= 1;
                kept.handed_over += 1;
                let answer = "told to be lost".to_owned();
                return Handed::Later {
                    answer,
                    after: None,
                    perhaps_taken: true,
                };
            }
            let is_gone = kept.gone.contains(&letter.recipient);
            if is_gone || kept.refused.contains(&letter.recipient) {
                let answer = if is_gone {
                    "550 5.1.1 nobody there"
                } else {
                    "554 5.7.1 told to refuse"
                };
                let answer = answer.to_owned();
                return Handed::Refused { answer, is_gone };
            }
            kept.handed_over += 1;
            let key = letter.delivery.as_str().to_owned();
            kept.letters.insert(key, letter.clone());
            let answer = "250 2.0.0 kept".to_owned();
            Handed::Taken { answer }
        });
        Box::pin(std::future::ready(handed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_shown_without_addresses_and_control_characters() {
        for (said, shown) in [
            (
                "250 2.0.0 Ok: queued as 4711",
                "250 2.0.0 Ok: queued as 4711",
            ),
            (
                "550 5.1.1 <olive@example.com>: no such user",
                "550 5.1.1 <…>: no such user",
            ),
            ("a@b@c", "…"),
            ("to:olive.o'hara@example.com, x@y!", "to:…, …"),
            ("@ and a@ and @b", "… and … and …"),
            (
                "one\r\ntwo\u{0}three\u{202e}\u{1b}[31m",
                "one two three [31m",
            ),
            ("", ""),
        ] {
            assert_eq!(shown_answer(said), shown, "{said:?}");
        }
        let long = shown_answer(&"é".repeat(100_000));
        assert_eq!(long.chars().count(), ANSWER_MAX_CHARS);
        let many = shown_answer(&"a@b ".repeat(10_000));
        assert!(!many.contains('@'));
    }
}
