//! What the next page says once. A closed list: the cookie carries a word, never a text, so that
//! nobody can make a page say something of theirs.

use serde::Serialize;

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

/// Every message: the cookie's word, how it looks, what it says.
const ALL: &[(Flash, &str, Tone, &str)] = &[
    (Flash::Saved, "saved", Tone::Good, "Your changes are saved."),
    (
        Flash::PasswordChanged,
        "password-changed",
        Tone::Good,
        "Your password is changed. All other sessions have been ended.",
    ),
    (
        Flash::PasswordReset,
        "password-reset",
        Tone::Good,
        "Your new password is set. Sign in with it.",
    ),
    (
        Flash::CodesOff,
        "codes-off",
        Tone::Warn,
        "Two-step sign-in is off. Your password alone now opens your account.",
    ),
    (
        Flash::SignedOut,
        "signed-out",
        Tone::Info,
        "You are signed out.",
    ),
    (
        Flash::SessionEnded,
        "session-ended",
        Tone::Good,
        "The session is ended.",
    ),
    (
        Flash::SessionsEnded,
        "sessions-ended",
        Tone::Good,
        "All other sessions are ended.",
    ),
    (
        Flash::SignInAgain,
        "sign-in-again",
        Tone::Info,
        "That took too long. Please sign in again.",
    ),
    (
        Flash::PictureRemoved,
        "picture-removed",
        Tone::Good,
        "Your picture is removed.",
    ),
    (
        Flash::PersonAdded,
        "person-added",
        Tone::Good,
        "The person is added.",
    ),
    (
        Flash::SwitchedOff,
        "switched-off",
        Tone::Good,
        "The account is switched off. All its sessions and links have ended.",
    ),
    (
        Flash::SwitchedOn,
        "switched-on",
        Tone::Good,
        "It is switched on again.",
    ),
    (
        Flash::LinkSent,
        "link-sent",
        Tone::Good,
        "The link is on its way. It works once and for 30 minutes.",
    ),
    (
        Flash::LinkNotSent,
        "link-not-sent",
        Tone::Warn,
        "No link was sent: several went to this address a short while ago, or it cannot receive mail. Try again later.",
    ),
    (
        Flash::BranchAdded,
        "branch-added",
        Tone::Good,
        "The branch is added.",
    ),
    (
        Flash::BranchClosed,
        "branch-closed",
        Tone::Good,
        "The branch is closed.",
    ),
    (
        Flash::BrokerOff,
        "broker-off",
        Tone::Good,
        "The broker is switched off, and everybody in it.",
    ),
    (
        Flash::BrokerOn,
        "broker-on",
        Tone::Good,
        "The broker is switched on again, and everybody in it.",
    ),
    (
        Flash::VendorConnected,
        "vendor-connected",
        Tone::Good,
        "The vendor is connected.",
    ),
    (
        Flash::VendorWithdrawn,
        "vendor-withdrawn",
        Tone::Good,
        "The vendor is disconnected. Its access tokens have stopped.",
    ),
    (
        Flash::CredentialWithdrawn,
        "credential-withdrawn",
        Tone::Good,
        "The key pair is withdrawn. It and its access tokens have stopped.",
    ),
    (
        Flash::ConditionAdded,
        "condition-added",
        Tone::Good,
        "The condition is added.",
    ),
    (
        Flash::ConditionChanged,
        "condition-changed",
        Tone::Good,
        "The condition is updated.",
    ),
    (
        Flash::StatusChanged,
        "status-changed",
        Tone::Good,
        "The status is changed.",
    ),
    (
        Flash::DocumentsFiled,
        "documents-filed",
        Tone::Good,
        "The documents are filed.",
    ),
    (
        Flash::DocumentRemoved,
        "document-removed",
        Tone::Good,
        "The document is removed. Its bytes are kept until the day the law asks for.",
    ),
    (
        Flash::TaskAdded,
        "task-added",
        Tone::Good,
        "The task is added.",
    ),
    (
        Flash::TaskAssigned,
        "task-assigned",
        Tone::Good,
        "The task is assigned.",
    ),
    (
        Flash::TaskDone,
        "task-done",
        Tone::Good,
        "The task is done.",
    ),
    (
        Flash::TaskReopened,
        "task-reopened",
        Tone::Good,
        "The task is open again.",
    ),
    (
        Flash::AlertPutAway,
        "alert-put-away",
        Tone::Good,
        "The alert is put away, for you.",
    ),
    (
        Flash::SentAgain,
        "sent-again",
        Tone::Good,
        "It is on its way again.",
    ),
    (
        Flash::NothingToSend,
        "nothing-to-send",
        Tone::Info,
        "Nothing of it could be sent again.",
    ),
    (
        Flash::MessageCancelled,
        "message-cancelled",
        Tone::Good,
        "What still waited is taken back.",
    ),
    (
        Flash::NothingToCancel,
        "nothing-to-cancel",
        Tone::Info,
        "Nothing of it waits any more.",
    ),
    (
        Flash::AddressSuppressed,
        "address-suppressed",
        Tone::Good,
        "The address is not written to any more.",
    ),
    (
        Flash::AddressReleased,
        "address-released",
        Tone::Good,
        "The address can be written to again.",
    ),
    (
        Flash::MailboxEmptied,
        "mailbox-emptied",
        Tone::Good,
        "The mailbox is empty.",
    ),
    (
        Flash::RatesStopped,
        "rates-stopped",
        Tone::Good,
        "It is stopped. You get no more of these mails.",
    ),
    (
        Flash::RatesStoppedAll,
        "rates-stopped-all",
        Tone::Good,
        "You get no more mail about rates from this company.",
    ),
    (
        Flash::RatesResumed,
        "rates-resumed",
        Tone::Good,
        "You get these mails again.",
    ),
    (
        Flash::MailWanted,
        "mail-wanted",
        Tone::Good,
        "You get mail about rates you subscribe to.",
    ),
    (
        Flash::MailNotWanted,
        "mail-not-wanted",
        Tone::Good,
        "You get no mail about rates. Mail about your requests and loans still arrives.",
    ),
    (
        Flash::CaseTaken,
        "case-taken",
        Tone::Good,
        "The process is yours.",
    ),
    (
        Flash::CaseAsked,
        "case-asked",
        Tone::Good,
        "The intermediary is asked.",
    ),
    (
        Flash::QuestionWithdrawn,
        "question-withdrawn",
        Tone::Good,
        "The question is withdrawn.",
    ),
    (
        Flash::MessageWritten,
        "message-written",
        Tone::Good,
        "The message is sent.",
    ),
    (
        Flash::CaseDecided,
        "case-decided",
        Tone::Good,
        "The decision is taken. Where two people decide, somebody else confirms it now.",
    ),
    (
        Flash::CaseConfirmed,
        "case-confirmed",
        Tone::Good,
        "The decision is confirmed.",
    ),
    (
        Flash::CaseReturned,
        "case-returned",
        Tone::Info,
        "The decision is sent back. Nothing of it takes effect.",
    ),
    (
        Flash::CaseChanged,
        "case-changed",
        Tone::Warn,
        "The process was changed since you opened it. Nothing was done: look at it again.",
    ),
    (
        Flash::CaseElsewhere,
        "case-elsewhere",
        Tone::Warn,
        "The process does not stand as it did. Nothing was done.",
    ),
    (
        Flash::SecondPersonNeeded,
        "second-person",
        Tone::Warn,
        "You decided this yourself. Somebody else has to confirm it.",
    ),
];

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
