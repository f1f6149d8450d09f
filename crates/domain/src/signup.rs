//! Signing up: what somebody says on the sign-up page, first as texts, then as facts.
//!
//! The texts come from a stranger's browser twice: as the query of a link somebody made, where what
//! cannot be read is left out, and as the form that was sent, where each mistake is named.

mod draft;
mod field;
mod read;

use std::fmt;

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

use crate::application::codec::{cents_opt, date_opt, pct_opt};
use crate::lead::LeadBorrower;
use crate::loan::Purpose;
use crate::words::words;

pub use draft::{Asked, SignupDraft};
pub use field::{AddressPart, ApplicantPart, PresentLoanPart, SignupField};
pub use read::clean;

words! {
    /// The channel a third party originates through.
    Channel {
        /// A broker hands in an application; the lender closes it.
        Wholesale = "wholesale",
        /// A correspondent closes in its own name.
        Correspondent = "correspondent",
    }
}

words! {
    /// How much of an application is asked for.
    ApplicationScope {
        /// The application.
        Application = "application",
        /// Its short form.
        Short = "short",
        /// The short form, up to an automated decision.
        ShortWithDecision = "short_with_decision",
        /// Everything.
        Full = "full",
    }
}

/// Somebody who applies. Personal data: its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Applicant {
    /// Given name, and middle name if there is one.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Telephone number: ten digits, or with a `+` from elsewhere.
    pub phone_primary: Option<String>,
    /// Another one.
    pub phone_secondary: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Birth date.
    #[serde(with = "date_opt")]
    pub birth_date: Option<Date>,
    /// Married or not.
    pub is_married: Option<bool>,
    /// The present home.
    pub home: Address,
}

impl fmt::Debug for Applicant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applicant").finish_non_exhaustive()
    }
}

/// Where a home is. Personal data: its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street and house number.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Two letters of the postal service.
    pub state: Option<String>,
    /// Five digits, or nine with a hyphen.
    pub postal_code: Option<String>,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").finish_non_exhaustive()
    }
}

/// The loan a refinance replaces.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PresentLoan {
    /// What is still owed.
    #[serde(with = "cents_opt")]
    pub balance: Option<Cents>,
    /// Its note rate.
    #[serde(with = "pct_opt")]
    pub note_rate: Option<Pct>,
    /// Principal and interest a month.
    #[serde(with = "cents_opt")]
    pub monthly_payment: Option<Cents>,
}

/// Everything the sign-up page can be told: the documented parameters, and what the page itself asks.
/// Stored sealed; its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SignupFacts {
    /// Who signs up.
    pub borrower: Applicant,
    /// Who applies with the borrower.
    pub co_borrower: Option<Applicant>,
    /// The home the loan is for.
    pub property: Address,
    /// What the loan is for.
    pub purpose: Option<Purpose>,
    /// The loan that is replaced.
    pub present_loan: PresentLoan,
    /// Cash to be taken out.
    #[serde(with = "cents_opt")]
    pub cash_out: Option<Cents>,
    /// Cost of installing solar panels.
    #[serde(with = "cents_opt")]
    pub solar_cost: Option<Cents>,
    /// Improvements that save energy are financed (HomeStyle Energy, FHA's wind and solar).
    pub improves_energy: Option<bool>,
    /// The sender's id of the loan.
    pub wholesale_loan_id: Option<String>,
    /// The sender's id of somebody without an account.
    pub temporary_user_id: Option<String>,
    /// The sender's id of the borrower.
    pub borrower_uid: Option<String>,
    /// The channel of a third party.
    pub channel: Option<Channel>,
    /// How much of an application is asked for.
    pub scope: Option<ApplicationScope>,
    /// Whether it stops when there is no property yet.
    pub stops_without_property: Option<bool>,
    /// Whether terms of use and privacy policy were accepted.
    pub accepts_terms: bool,
    /// Whether records and notices may come electronically.
    pub takes_electronic_records: bool,
}

impl fmt::Debug for SignupFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignupFacts").finish_non_exhaustive()
    }
}

impl SignupFacts {
    /// What a lead knows of the borrower after these facts: what was said replaces what was known,
    /// and everything beside the person stays.
    #[must_use]
    pub fn told_to(&self, known: LeadBorrower) -> LeadBorrower {
        let Applicant {
            first_name,
            last_name,
            phone_primary,
            phone_secondary,
            email,
            birth_date,
            is_married,
            home,
        } = self.borrower.clone();
        let Address {
            street,
            city,
            state,
            postal_code,
        } = home;
        known.updated_by(LeadBorrower {
            first_name,
            last_name,
            birth_date,
            phone_primary,
            phone_secondary,
            is_married,
            street,
            city,
            state,
            postal_code,
            email,
            accepts_terms: Some(self.accepts_terms),
            shows_in_pipeline: None,
            goes_to_crm: None,
            crm_lead_id: None,
            uid: None,
            spouse_uid: None,
            is_primary: None,
            joint: Vec::new(),
        })
    }
}
