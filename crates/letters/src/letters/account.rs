//! Letters about somebody's account.

use lintel_domain::message::MailKind;
use serde::Serialize;

use super::{HOSTILE, LINK};
use crate::brand::Brand;
use crate::engine::Letter;

/// A link to choose a new password. It signs in: whoever has it has the account.
#[derive(Debug, Clone, Serialize)]
pub struct PasswordReset {
    /// Whom it is for; of staff, whose names the organisation chose.
    pub name: Option<String>,
    /// The administrator who asked; `None` when it was the person, or somebody who says so.
    pub asked_by: Option<String>,
    /// The link.
    pub url: String,
    /// How long it works, such as `30 minutes`.
    pub lasts: String,
}

impl Letter for PasswordReset {
    const NAME: &'static str = "password_reset";
    const KIND: MailKind = MailKind::PasswordReset;

    fn subject(&self, brand: &Brand) -> String {
        let name = &brand.name;
        match (&self.asked_by, &self.name) {
            (Some(_), _) => format!("Choose a password for your account at {name}"),
            (None, Some(_)) => format!("A new password for your account at {name}"),
            (None, None) => format!("A password for your account at {name}"),
        }
    }

    fn samples() -> Vec<Self> {
        let letter = Self {
            name: Some("Olive Sample".to_owned()),
            asked_by: None,
            url: LINK.to_owned(),
            lasts: "30 minutes".to_owned(),
        };
        let by_somebody = Self {
            name: Some(HOSTILE.to_owned()),
            asked_by: Some(HOSTILE.to_owned()),
            url: format!("{LINK}&x=\"><script>"),
            lasts: HOSTILE.to_owned(),
        };
        let of_borrower = Self {
            name: None,
            lasts: "seven days".to_owned(),
            ..letter.clone()
        };
        vec![letter, by_somebody, of_borrower]
    }
}

/// The password was changed.
#[derive(Debug, Clone, Serialize)]
pub struct PasswordChanged {
    /// Whose; of staff.
    pub name: Option<String>,
}

impl Letter for PasswordChanged {
    const NAME: &'static str = "password_changed";
    const KIND: MailKind = MailKind::PasswordChanged;

    fn subject(&self, brand: &Brand) -> String {
        format!("Your password at {} was changed", brand.name)
    }

    fn samples() -> Vec<Self> {
        let of = |name: Option<&str>| Self {
            name: name.map(str::to_owned),
        };
        vec![of(Some("Olive Sample")), of(Some(HOSTILE)), of(None)]
    }
}

/// Somebody signed up who has no password yet.
#[derive(Debug, Clone, Serialize)]
pub struct Welcome {
    /// Given name.
    pub first_name: Option<String>,
    /// The link that chooses the first password. It signs in.
    pub url: String,
}

impl Letter for Welcome {
    const NAME: &'static str = "welcome";
    const KIND: MailKind = MailKind::Welcome;

    fn subject(&self, brand: &Brand) -> String {
        format!("Your request at {}", brand.name)
    }

    fn samples() -> Vec<Self> {
        let of = |name: Option<&str>| Self {
            first_name: name.map(str::to_owned),
            url: LINK.to_owned(),
        };
        vec![of(Some("Sparky")), of(Some(HOSTILE)), of(None)]
    }
}

/// Somebody signed up who has a password.
#[derive(Debug, Clone, Serialize)]
pub struct SignUp {
    /// Given name.
    pub first_name: Option<String>,
    /// The sign-in page.
    pub url: String,
}

impl Letter for SignUp {
    const NAME: &'static str = "sign_up";
    const KIND: MailKind = MailKind::SignUp;

    fn subject(&self, brand: &Brand) -> String {
        format!("Your request at {}", brand.name)
    }

    fn samples() -> Vec<Self> {
        let of = |name: Option<&str>| Self {
            first_name: name.map(str::to_owned),
            url: LINK.to_owned(),
        };
        vec![of(Some("Sparky")), of(Some(HOSTILE)), of(None)]
    }
}
