//! What an application knows about messages going out.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::App;
use crate::message::parts;
use crate::ports::Mailbox;

/// The sender of an installation that named none.
const USUAL_SENDER: (&str, &str) = ("Lintel", "no-reply@localhost");

/// Set at start.
#[derive(Default)]
pub(super) struct Mailing {
    from: OnceLock<Mailbox>,
    is_catching: AtomicBool,
}

impl App {
    /// Says who mail of organisations without a sender of their own is from: an address, or a name and
    /// an address in angle brackets. Once, at start; saying it again changes nothing.
    pub fn set_mail_from(&self, sender: &str) {
        let (name, email) = parts(sender);
        let _ = self.inner.mailing.from.set(Mailbox {
            name: name.to_owned(),
            email: email.to_owned(),
        });
    }

    /// Who mail of organisations without a sender of their own is from.
    #[must_use]
    pub fn mail_from(&self) -> Mailbox {
        let usual = || Mailbox {
            name: USUAL_SENDER.0.to_owned(),
            email: USUAL_SENDER.1.to_owned(),
        };
        self.inner.mailing.from.get().cloned().unwrap_or_else(usual)
    }

    /// Says whether messages end in the catcher of this installation, for a demo or a test, so that
    /// its pages show them.
    pub fn set_catching(&self, is_catching: bool) {
        let flag = &self.inner.mailing.is_catching;
        flag.store(is_catching, Ordering::Relaxed);
    }

    /// Whether messages end in the catcher of this installation.
    #[must_use]
    pub fn is_catching(&self) -> bool {
        self.inner.mailing.is_catching.load(Ordering::Relaxed)
    }
}
