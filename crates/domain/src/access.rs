//! Being signed in, and one-time links: the closed words rows hold.

use crate::id::DAY_SECONDS;
use crate::words::words;

words! {
    /// Which kind of person a browser's session belongs to.
    Subject {
        /// Staff of a lender or broker.
        Staff = "staff",
        /// A member of staff who is within the company's set-up and sees nothing else.
        Setup = "setup",
        /// Somebody who asks for a loan.
        Borrower = "borrower",
    }
}

words! {
    /// How a session began.
    Way {
        /// With a password, and a code where one is asked for.
        Password = "password",
        /// By a single-sign-on link.
        SignOn = "sign_on",
        /// By a link to the set-up.
        Setup = "setup",
        /// By a borrower's welcome link.
        Welcome = "welcome",
    }
}

words! {
    /// What a one-time link is for.
    LinkPurpose {
        /// Signs a member of staff in.
        SignOn = "sign_on",
        /// Opens the company's set-up.
        Setup = "setup",
        /// Lets a member of staff choose a new password.
        Password = "password",
        /// Lets a borrower open the account made for them.
        Welcome = "welcome",
    }
}

impl LinkPurpose {
    /// Seconds a link of this purpose lives. A sign-on link's life is a setting; this is its default.
    #[must_use]
    pub const fn life_seconds(self) -> i64 {
        match self {
            Self::SignOn => 10 * 60,
            Self::Setup => DAY_SECONDS,
            Self::Password => 30 * 60,
            Self::Welcome => 7 * DAY_SECONDS,
        }
    }

    /// Whether a new link of this purpose ends the person's older ones.
    #[must_use]
    pub const fn replaces_older(self) -> bool {
        match self {
            Self::Setup | Self::Password => true,
            // Two windows may each have asked for one; a mail may have been asked for twice.
            Self::SignOn | Self::Welcome => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_live_as_long_as_was_decided() {
        let minutes = |purpose: LinkPurpose| purpose.life_seconds() / 60;
        let all: Vec<i64> = LinkPurpose::ALL.iter().map(|p| minutes(*p)).collect();
        assert_eq!(all, [10, 24 * 60, 30, 7 * 24 * 60]);
    }
}
