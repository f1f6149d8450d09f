//! Letters about a loan.

use lintel_domain::message::MailKind;
use serde::Serialize;

use super::{HOSTILE, LINK};
use crate::brand::Brand;
use crate::engine::Letter;
use crate::figures::write_phone_or_none;

/// A document vendor has a loan's papers ready to sign.
#[derive(Debug, Clone, Serialize)]
pub struct SigningReady {
    /// Given name.
    pub first_name: Option<String>,
    /// The vendor's link. Whoever has it can sign in the person's name.
    pub url: String,
}

impl Letter for SigningReady {
    const NAME: &'static str = "signing_ready";
    const KIND: MailKind = MailKind::SigningReady;

    fn subject(&self, _brand: &Brand) -> String {
        "Your loan documents are ready to sign".to_owned()
    }

    fn samples() -> Vec<Self> {
        let of = |name: Option<&str>, url: String| Self {
            first_name: name.map(str::to_owned),
            url,
        };
        vec![
            of(Some("Wren"), LINK.to_owned()),
            of(Some(HOSTILE), format!("{LINK}&token={}", "x".repeat(1900))),
            of(None, LINK.to_owned()),
        ]
    }
}

/// How somebody gets to their loan.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Way {
    /// A link that chooses the first password. It signs in.
    Welcome {
        /// The link.
        url: String,
    },
    /// The sign-in page.
    SignIn {
        /// The page.
        url: String,
    },
}

/// A loan was taken in for a borrower, who can follow it.
#[derive(Debug, Clone, Serialize)]
pub struct LoanInvitation {
    /// Given name.
    pub first_name: Option<String>,
    /// The lender behind the organisation, when that is somebody else.
    pub lender: Option<String>,
    /// Who answers for the loan.
    pub officer: Option<String>,
    /// How the loan is followed.
    pub way: Way,
}

impl Letter for LoanInvitation {
    const NAME: &'static str = "loan_invitation";
    const KIND: MailKind = MailKind::LoanInvitation;

    fn subject(&self, brand: &Brand) -> String {
        format!("Your home loan application at {}", brand.name)
    }

    fn samples() -> Vec<Self> {
        let full = Self {
            first_name: Some("Wren".to_owned()),
            lender: Some("Sample Wholesale Lender".to_owned()),
            officer: Some("Olive Officer Jr.".to_owned()),
            way: Way::Welcome {
                url: LINK.to_owned(),
            },
        };
        let bare = Self {
            first_name: None,
            lender: None,
            officer: None,
            way: Way::SignIn {
                url: LINK.to_owned(),
            },
        };
        let hostile = Self {
            first_name: Some(HOSTILE.to_owned()),
            lender: Some(HOSTILE.to_owned()),
            officer: Some(HOSTILE.to_owned()),
            ..full.clone()
        };
        vec![full, bare, hostile]
    }
}

/// The loan officer a letter comes from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Officer {
    /// Name.
    pub name: String,
    /// NMLS number.
    pub nmls: Option<String>,
    /// Telephone; ten digits are written as people do.
    #[serde(serialize_with = "write_phone_or_none")]
    pub phone: Option<String>,
    /// Mail address.
    pub email: Option<String>,
}

/// A line of a list of facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is, such as `Loan amount`.
    pub label: String,
    /// As people read it.
    pub value: String,
}

impl Line {
    /// A line.
    #[must_use]
    pub fn new(label: &str, value: impl Into<String>) -> Self {
        Self {
            label: label.to_owned(),
            value: value.into(),
        }
    }
}

/// A loan officer invites somebody to apply.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationInvitation {
    /// Given name.
    pub first_name: Option<String>,
    /// Who invites.
    pub officer: Officer,
    /// The sign-up page, with what is known already.
    pub url: String,
    /// The loan they looked at together; empty for a general invitation.
    pub loan: Vec<Line>,
}

impl Letter for ApplicationInvitation {
    const NAME: &'static str = "application_invitation";
    const KIND: MailKind = MailKind::ApplicationInvitation;

    fn subject(&self, brand: &Brand) -> String {
        if self.loan.is_empty() {
            format!("Apply for your home loan at {}", brand.name)
        } else {
            format!("Your home loan at {}: apply online", brand.name)
        }
    }

    fn samples() -> Vec<Self> {
        let officer = Officer {
            name: "Olive Officer".to_owned(),
            nmls: Some("9900311".to_owned()),
            phone: Some("7145550100".to_owned()),
            email: Some("olive.officer@example.com".to_owned()),
        };
        let loan = vec![
            Line::new("Loan", "Conventional 30 Year Fixed"),
            Line::new("Purpose", "Refinance with cash out"),
            Line::new("Property", "1 Sample Street, Sampleton, CA 90001"),
            Line::new("Loan amount", "$260,000.00"),
            Line::new("Rate / APR", "4.500% / 4.552%"),
            Line::new("Monthly payment", "$1,315.84"),
        ];
        let full = Self {
            first_name: Some("Charles".to_owned()),
            officer: officer.clone(),
            url: LINK.to_owned(),
            loan,
        };
        let bare = Self {
            first_name: None,
            officer: Officer {
                name: officer.name,
                ..Officer::default()
            },
            loan: Vec::new(),
            ..full.clone()
        };
        let hostile = Self {
            first_name: Some(HOSTILE.to_owned()),
            officer: Officer {
                name: HOSTILE.to_owned(),
                nmls: Some(HOSTILE.to_owned()),
                phone: Some(HOSTILE.to_owned()),
                email: Some(HOSTILE.to_owned()),
            },
            loan: vec![Line::new(HOSTILE, HOSTILE)],
            ..full.clone()
        };
        vec![full, bare, hostile]
    }
}
