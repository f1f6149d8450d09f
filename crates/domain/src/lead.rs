//! Leads: somebody who asked what a loan would cost, and the offer that was chosen.

use std::fmt;

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

use crate::application::codec::{cents_opt, date_opt, pct_opt};
use crate::loan::{Occupancy, Program, Purpose};
use crate::scenario::{Employment, PropertyKind};
use crate::signup::Channel;

/// Who asked, as far as they said. Personal data: stored sealed, and its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LeadBorrower {
    /// Given name, and middle name if there is one.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Birth date.
    #[serde(with = "date_opt")]
    pub birth_date: Option<Date>,
    /// Telephone number, digits only.
    pub phone_primary: Option<String>,
    /// Another one.
    pub phone_secondary: Option<String>,
    /// Married or not.
    pub is_married: Option<bool>,
    /// Street of the present home.
    pub street: Option<String>,
    /// City of the present home.
    pub city: Option<String>,
    /// State of the present home.
    pub state: Option<String>,
    /// Postal code of the present home.
    pub postal_code: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Whether the sign-up page comes with terms and privacy policy ticked.
    pub accepts_terms: Option<bool>,
    /// Whether the lead is shown in the lender's pipeline.
    pub shows_in_pipeline: Option<bool>,
    /// Whether the lead is to be handed to the lender's customer system.
    pub goes_to_crm: Option<bool>,
    /// The lead's id in that system.
    pub crm_lead_id: Option<String>,
    /// What the sender calls this borrower.
    pub uid: Option<String>,
    /// What the sender calls the spouse.
    pub spouse_uid: Option<String>,
    /// Whether this is the main one of the borrowers who were sent together.
    pub is_primary: Option<bool>,
    /// The others who were sent together with this one, each a lead of its own.
    pub joint: Vec<JointBorrower>,
}

/// Somebody who applies together with a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointBorrower {
    /// What the sender calls the borrower.
    pub uid: String,
    /// Public id of the borrower's own lead.
    pub lead: String,
}

impl fmt::Debug for LeadBorrower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeadBorrower").finish_non_exhaustive()
    }
}

impl LeadBorrower {
    /// What is known after somebody said more: what is new replaces what was there, the rest stays.
    #[must_use]
    pub fn updated_by(self, newer: Self) -> Self {
        Self {
            first_name: newer.first_name.or(self.first_name),
            last_name: newer.last_name.or(self.last_name),
            birth_date: newer.birth_date.or(self.birth_date),
            phone_primary: newer.phone_primary.or(self.phone_primary),
            phone_secondary: newer.phone_secondary.or(self.phone_secondary),
            is_married: newer.is_married.or(self.is_married),
            street: newer.street.or(self.street),
            city: newer.city.or(self.city),
            state: newer.state.or(self.state),
            postal_code: newer.postal_code.or(self.postal_code),
            email: newer.email.or(self.email),
            accepts_terms: newer.accepts_terms.or(self.accepts_terms),
            shows_in_pipeline: newer.shows_in_pipeline.or(self.shows_in_pipeline),
            goes_to_crm: newer.goes_to_crm.or(self.goes_to_crm),
            crm_lead_id: newer.crm_lead_id.or(self.crm_lead_id),
            uid: newer.uid.or(self.uid),
            spouse_uid: newer.spouse_uid.or(self.spouse_uid),
            is_primary: newer.is_primary.or(self.is_primary),
            joint: if newer.joint.is_empty() {
                self.joint
            } else {
                newer.joint
            },
        }
    }
}

/// The search that was made and the offer that was chosen, as the sender states them: shown as they
/// are, never worked out again. How much of it has to be there is for whoever takes it in to say. Says
/// where somebody lives and how they stand: stored sealed, and its
/// `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedLoan {
    /// Street of the subject property.
    pub street: Option<String>,
    /// City of the subject property.
    pub city: Option<String>,
    /// State of the subject property.
    pub state: Option<String>,
    /// Postal code of the subject property.
    pub postal_code: String,
    /// Purpose of the loan.
    pub purpose: Option<Purpose>,
    /// Days of the lock.
    pub lock_days: Option<u32>,
    /// Price, or value on a refinance.
    #[serde(with = "cents_opt", default)]
    pub home_price: Option<Cents>,
    /// Down payment on a purchase, balance of the present loan otherwise.
    #[serde(with = "cents_opt", default)]
    pub down_payment: Option<Cents>,
    /// Cash taken out.
    #[serde(with = "cents_opt", default)]
    pub cash_out: Option<Cents>,
    /// Credit score.
    pub score: Option<u32>,
    /// Income a month.
    #[serde(with = "cents_opt", default)]
    pub monthly_income: Option<Cents>,
    /// Payments on debts a month.
    #[serde(with = "cents_opt", default)]
    pub monthly_debts: Option<Cents>,
    /// Kind of property.
    pub property: Option<PropertyKind>,
    /// Occupancy.
    pub occupancy: Option<Occupancy>,
    /// A bankruptcy in the past.
    pub had_bankruptcy: Option<bool>,
    /// A foreclosure in the past.
    pub had_foreclosure: Option<bool>,
    /// Taxes and insurance are not collected with the payment.
    pub waives_escrow: Option<bool>,
    /// No home owned in the last three years.
    pub is_first_time_buyer: Option<bool>,
    /// Employment.
    pub employment: Option<Employment>,
    /// Documentation.
    pub documentation: Option<String>,
    /// Homes owned.
    pub homes_owned: Option<u32>,
    /// Up-front premium or fee of the programme is added to the loan.
    pub finances_upfront_fee: Option<bool>,
    /// Bought and sold within a short time.
    pub is_flip: Option<bool>,
    /// Streamline refinance.
    pub is_streamline: Option<bool>,
    /// Programme.
    pub program: Option<Program>,
    /// Whether the rate is adjustable.
    pub is_adjustable: Option<bool>,
    /// Years over which the loan amortises.
    pub amortization_years: Option<u32>,
    /// Years of the fixed period and between changes, as stated: `7/1`.
    pub arm_type: Option<String>,
    /// Margin over the index.
    #[serde(with = "pct_opt", default)]
    pub arm_margin: Option<Pct>,
    /// First, periodic and lifetime cap, as stated: `5/2/5`.
    pub arm_caps: Option<String>,
    /// Whether the lender pays the mortgage insurance.
    pub has_lender_paid_mi: Option<bool>,
    /// Whether the loan is higher-priced.
    pub is_hpml: Option<bool>,
    /// Note rate.
    #[serde(with = "pct_opt", default)]
    pub note_rate: Option<Pct>,
    /// Annual percentage rate.
    #[serde(with = "pct_opt", default)]
    pub apr: Option<Pct>,
    /// Payment a month.
    #[serde(with = "cents_opt", default)]
    pub monthly_payment: Option<Cents>,
    /// Discount points in percent of the loan; negative for a lender credit.
    #[serde(with = "pct_opt", default)]
    pub points: Option<Pct>,
    /// Discount points in money; negative for a lender credit.
    #[serde(with = "cents_opt", default)]
    pub points_amount: Option<Cents>,
    /// Provider's id of the advertising campaign.
    pub campaign_provider_id: Option<String>,
    /// Id of the advertiser.
    pub advertiser_id: Option<String>,
    /// Our id of the advertising campaign.
    pub campaign_uid: Option<String>,
    /// Id or friendly name of the marketing campaign.
    pub campaign_id: Option<String>,
    /// What the sender calls the offer.
    pub offer_id: Option<String>,
    /// The channel of a third party.
    pub channel: Option<Channel>,
}

impl fmt::Debug for PricedLoan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PricedLoan").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_again_stays() {
        let known = LeadBorrower {
            first_name: Some("Ann".to_owned()),
            email: Some("ann@example.com".to_owned()),
            accepts_terms: Some(true),
            ..LeadBorrower::default()
        };
        let newer = LeadBorrower {
            email: Some("ann.other@example.com".to_owned()),
            accepts_terms: Some(false),
            ..LeadBorrower::default()
        };
        let both = known.updated_by(newer);
        assert_eq!(both.first_name.as_deref(), Some("Ann"));
        assert_eq!(both.email.as_deref(), Some("ann.other@example.com"));
        assert_eq!(both.accepts_terms, Some(false));
    }

    #[test]
    fn debug_texts_show_nobody() {
        let known = LeadBorrower {
            first_name: Some("Ann".to_owned()),
            ..LeadBorrower::default()
        };
        assert!(!format!("{known:?}").contains("Ann"));
    }
}
