//! What a server's no means: never, or not now.

use lintel_app::ports::{Handed, shown_answer};

use super::connection::Stumble;

/// How far a letter came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its sender was named.
    Sender,
    /// Its recipient was named.
    Recipient,
    /// It was announced.
    Data,
    /// It was sent, in part or whole.
    Content,
}

/// Status codes that say of the address that nobody will ever be there, RFC 3463, section 3.2, and
/// RFC 7505, section 4.1.
const GONE: [&str; 5] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"];

/// Nothing could be said to the server: the letter is not to blame, whatever the server said.
pub(super) fn unreachable(stumble: &Stumble) -> Handed {
    match stumble {
        Stumble::Answer(code, words) => later(&format!("{code} {words}")),
        Stumble::Lost(what) => later(what),
    }
}

/// What a stumble at a stage means for the letter; and whether the connection is good for another.
pub(super) fn judge(stage: Stage, stumble: &Stumble) -> (Handed, bool) {
    let (code, words) = match stumble {
        Stumble::Lost(what) if stage == Stage::Content => {
            return (crate::perhaps(what), false);
        }
        Stumble::Lost(what) => return (later(what), false),
        Stumble::Answer(code, words) => (*code, words),
    };
    let answer = format!("{code} {words}");
    match code {
        // It closes the connection, RFC 5321, section 3.8.
        421 => (later(&answer), false),
        400..=499 => (later(&answer), true),
        // How we speak to it, not what the letter is: out of order, or a matter of TLS and passwords
        // (RFC 4954, section 6).
        503 | 530 | 534 | 535 | 538 => (later(&answer), false),
        // Too much for the recipient now, RFC 5321, section 4.5.3.1.10.
        552 if stage == Stage::Recipient => (later(&answer), true),
        // "Useful only as a persistent transient error", RFC 3463, section 3.5.
        500..=599 if status(words) == Some("5.4.5") => (later(&answer), true),
        500..=599 => {
            let is_gone =
                stage != Stage::Sender && status(words).is_some_and(|s| GONE.contains(&s));
            let answer = shown_answer(&answer);
            (Handed::Refused { answer, is_gone }, true)
        }
        _ => (later(&answer), false),
    }
}

/// The enhanced status code an answer begins with, RFC 2034, section 4.
fn status(words: &str) -> Option<&str> {
    words.split([' ', '\t']).next()
}

fn later(what: &str) -> Handed {
    crate::later(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(stage: Stage, code: u16, words: &str) -> (&'static str, bool) {
        let (handed, is_sound) = judge(stage, &Stumble::Answer(code, words.to_owned()));
        let word = match handed {
            Handed::Later { .. } => "later",
            Handed::Refused { is_gone: true, .. } => "gone",
            Handed::Refused { is_gone: false, .. } => "refused",
            Handed::Taken { .. } => "taken",
            Handed::NotYet { .. } => "not yet",
        };
        (word, is_sound)
    }

    #[test]
    fn answers_mean_what_their_stage_makes_of_them() {
        use Stage::{Content, Data, Recipient, Sender};
        for (stage, code, words, expected) in [
            (Sender, 421, "4.3.2 closing", ("later", false)),
            (Sender, 450, "", ("later", true)),
            (Sender, 553, "5.1.1 whoever", ("refused", true)),
            (
                Sender,
                530,
                "5.7.0 Must issue a STARTTLS command first",
                ("later", false),
            ),
            (Recipient, 450, "4.2.0 greylisted", ("later", true)),
            (Recipient, 452, "4.5.3 too many", ("later", true)),
            (Recipient, 550, "5.1.1 no such user", ("gone", true)),
            (Recipient, 550, "5.1.10 null MX", ("gone", true)),
            (Recipient, 550, "no such user", ("refused", true)),
            (Recipient, 550, "5.7.1 blocked", ("refused", true)),
            (Recipient, 550, "5.4.5 daily limit", ("later", true)),
            (Recipient, 550, "5.1.11", ("refused", true)),
            (Recipient, 552, "5.2.2 full", ("later", true)),
            (Recipient, 503, "5.5.1 order", ("later", false)),
            (Data, 554, "no", ("refused", true)),
            (Data, 451, "4.3.0 no", ("later", true)),
            (Content, 552, "5.3.4 too large", ("refused", true)),
            (Content, 550, "5.1.1 nobody", ("gone", true)),
            (Content, 554, "5.7.1 spam", ("refused", true)),
            (Content, 451, "4.3.0 disk", ("later", true)),
            (Content, 299, "", ("later", false)),
        ] {
            assert_eq!(
                judged(stage, code, words),
                expected,
                "{stage:?} {code} {words}"
            );
        }
    }

    #[test]
    fn a_lost_line_says_whether_the_letter_may_be_there() {
        let lost = Stumble::Lost("the connection was lost".to_owned());
        for (stage, may_be_there) in [
            (Stage::Sender, false),
            (Stage::Recipient, false),
            (Stage::Data, false),
            (Stage::Content, true),
        ] {
            match judge(stage, &lost) {
                (
                    Handed::Later {
                        answer,
                        after: None,
                        perhaps_taken,
                    },
                    false,
                ) => {
                    assert_eq!(answer.contains("may have been taken"), may_be_there);
                    assert_eq!(perhaps_taken, may_be_there);
                }
                other => panic!("{other:?}"),
            }
        }
        let denied = Stumble::Answer(535, "5.7.8 wrong password".to_owned());
        assert!(matches!(unreachable(&denied), Handed::Later { .. }));
    }
}
