//! What the next page says once. A closed list: the cookie carries a word, never a text, so that
//! nobody can make a page say something of theirs.

mod all;

use serde::Serialize;

use all::ALL;

/// Something to say once, after a form was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flash {
    /// A form was stored.
    Saved,
    /// A password was changed.
    PasswordChanged,
    /// A password was set by a mailed link.
    PasswordReset,
    /// The second factor is off.
    CodesOff,
    /// Somebody signed out.
    SignedOut,
    /// One session was ended.
    SessionEnded,
    /// All other sessions were ended.
    SessionsEnded,
    /// The session is over.
    SignInAgain,
    /// A picture was removed.
    PictureRemoved,
    /// Somebody was added.
    PersonAdded,
    /// An account was switched off.
    SwitchedOff,
    /// An account was switched on.
    SwitchedOn,
    /// A link to choose a password is on its way.
    LinkSent,
    /// No link to choose a password could be sent.
    LinkNotSent,
    /// A branch was added.
    BranchAdded,
    /// A branch was closed.
    BranchClosed,
    /// A broker was switched off.
    BrokerOff,
    /// A broker was switched on.
    BrokerOn,
    /// A vendor was let in.
    VendorConnected,
    /// A vendor was shut out.
    VendorWithdrawn,
    /// A key pair was withdrawn.
    CredentialWithdrawn,
    /// A condition was put on a loan.
    ConditionAdded,
    /// A condition has another status.
    ConditionChanged,
    /// A loan stands elsewhere.
    StatusChanged,
    /// Papers were filed.
    DocumentsFiled,
    /// A paper was removed.
    DocumentRemoved,
    /// A task was given.
    TaskAdded,
    /// A task is somebody else's.
    TaskAssigned,
    /// A task is done.
    TaskDone,
    /// A task is to be done again.
    TaskReopened,
    /// An alert was put away.
    AlertPutAway,
    /// A message is tried again.
    SentAgain,
    /// Nothing of a message could be tried again.
    NothingToSend,
    /// A message was taken back.
    MessageCancelled,
    /// Nothing of a message could be taken back.
    NothingToCancel,
    /// An address is not written to any more.
    AddressSuppressed,
    /// An address is written to again.
    AddressReleased,
    /// The catcher's mailbox was emptied.
    MailboxEmptied,
    /// A rate watch was stopped.
    RatesStopped,
    /// All mail about rates was stopped.
    RatesStoppedAll,
    /// A rate watch runs again.
    RatesResumed,
    /// Mail about rates is wanted.
    MailWanted,
    /// No mail about rates is wanted.
    MailNotWanted,
    /// A process was taken on.
    CaseTaken,
    /// Something was asked for.
    CaseAsked,
    /// A question was withdrawn.
    QuestionWithdrawn,
    /// A message was written.
    MessageWritten,
    /// A process was decided, or that was prepared.
    CaseDecided,
    /// A decision was confirmed.
    CaseConfirmed,
    /// A decision was sent back.
    CaseReturned,
    /// Somebody else changed the process.
    CaseChanged,
    /// The process does not stand as it did.
    CaseElsewhere,
    /// One's own decision cannot be confirmed.
    SecondPersonNeeded,
}

/// How a message looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tone {
    /// Something worked.
    Good,
    /// Something to know.
    Info,
    /// Something to look at.
    Warn,
}

/// A message as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FlashView {
    /// How it looks.
    pub tone: Tone,
    /// What it says.
    pub text: &'static str,
}

impl Flash {
    /// The cookie's word.
    pub(crate) fn word(self) -> &'static str {
        ALL.iter()
            .find(|(flash, ..)| *flash == self)
            .map_or("", |(_, word, ..)| word)
    }
}

/// What a cookie's word says.
pub(crate) fn of_word(word: &str) -> Option<FlashView> {
    ALL.iter()
        .find(|(_, known, ..)| *known == word)
        .map(|(_, _, tone, text)| FlashView { tone: *tone, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_finds_itself_and_nothing_else_is_said() {
        for (flash, word, tone, text) in ALL {
            assert_eq!(flash.word(), *word);
            assert_eq!(of_word(word), Some(FlashView { tone: *tone, text }));
        }
        let mut words: Vec<_> = ALL.iter().map(|(_, word, ..)| word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ALL.len());
        assert_eq!(of_word("<b>hello</b>"), None);
    }
}
