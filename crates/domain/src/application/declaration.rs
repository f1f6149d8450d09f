//! Section 5 of the application: what the borrower declares about this and earlier loans.

use lintel_engine::money::Cents;
use serde::{Deserialize, Serialize};

use super::choice::{closed_list, open_list};
use super::codec::cents_opt;
use super::property::Usage;

closed_list! {
    /// An answer that may be open.
    Answer {
        Yes: "Yes.",
        No: "No.",
        Unknown: "Asked, and open.",
    }
}

open_list! {
    /// How title to the earlier property was held.
    PriorTitle {
        Sole: "Alone.",
        JointWithSpouse: "With the spouse.",
        JointWithOtherThanSpouse: "With somebody else.",
    }
}

open_list! {
    /// Chapter of the bankruptcy code.
    BankruptcyChapter {
        Seven: "Liquidation.",
        Eleven: "Reorganisation.",
        Twelve: "Family farmers and fishermen.",
        Thirteen: "Repayment plan.",
        Fifteen: "Foreign proceeding.",
    }
}

/// The declarations; `None` means not answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Declarations {
    /// Will live in the property.
    pub will_occupy: Option<Answer>,
    /// Owned a home in the last three years.
    pub owned_home_in_three_years: Option<Answer>,
    /// How that home was used.
    pub prior_usage: Option<Usage>,
    /// How title to it was held.
    pub prior_title: Option<PriorTitle>,
    /// FHA: keeps a secondary residence.
    pub is_fha_secondary_residence: Option<bool>,
    /// Related to the seller.
    pub is_related_to_seller: Option<bool>,
    /// Borrows part of the down payment.
    pub borrows_undisclosed_funds: Option<bool>,
    /// How much of it.
    #[serde(with = "cents_opt")]
    pub undisclosed_funds_cents: Option<Cents>,
    /// Applies for another mortgage.
    pub applies_for_other_mortgage: Option<bool>,
    /// Applies for other credit.
    pub applies_for_other_credit: Option<bool>,
    /// A clean-energy (PACE) lien is planned.
    pub plans_clean_energy_lien: Option<bool>,
    /// Co-signed a debt that is not in the application.
    pub is_undisclosed_comaker: Option<bool>,
    /// Judgments are outstanding.
    pub has_outstanding_judgments: Option<bool>,
    /// In default on a federal debt.
    pub is_delinquent_on_federal_debt: Option<bool>,
    /// Party to a lawsuit.
    pub is_party_to_lawsuit: Option<bool>,
    /// Gave up a property by deed in lieu.
    pub had_deed_in_lieu: Option<bool>,
    /// Sold a property short.
    pub had_short_sale: Option<bool>,
    /// Lost a property by foreclosure.
    pub had_foreclosure: Option<bool>,
    /// Declared bankruptcy in the last seven years.
    pub had_bankruptcy: Option<bool>,
    /// Chapters, when stated.
    pub bankruptcy_chapters: Vec<BankruptcyChapter>,
    /// Explanations given.
    pub explanations: Vec<Explanation>,
}

/// A text that explains an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Explanation {
    /// The sender's word for the question.
    pub about: Option<String>,
    /// The borrower's words.
    pub text: String,
}
