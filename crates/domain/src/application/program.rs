//! Facts only some programmes have: government, construction, affordable lending.

use lintel_engine::money::Cents;
use serde::{Deserialize, Serialize};

use super::codec::cents_opt;

/// Facts of loans the government insures or guarantees.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Government {
    /// Section of the National Housing Act, such as 203B.
    pub section_of_act: Option<String>,
    /// Ten-digit FHA number of the lender.
    pub fha_lender_id: Option<String>,
    /// Ten-digit FHA number of the sponsor.
    pub fha_sponsor_id: Option<String>,
    /// The sender's word for the documentation of a government refinance.
    pub refinance_kind: Option<String>,
    /// Guaranty entitlement the veteran still has.
    #[serde(with = "cents_opt")]
    pub va_entitlement_cents: Option<Cents>,
    /// Whether the veteran and the co-borrower are married to each other.
    pub va_borrowers_married: Option<bool>,
    /// Monthly mortgage credit certificate.
    #[serde(with = "cents_opt")]
    pub mortgage_credit_certificate_cents: Option<Cents>,
}

/// Facts of a construction loan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Construction {
    /// The sender's word for construction only or construction to permanent.
    pub kind: Option<String>,
    /// The sender's word for one or two closings.
    pub permanent_closing: Option<String>,
    /// Cost of the improvements.
    #[serde(with = "cents_opt")]
    pub improvement_cost_cents: Option<Cents>,
}

/// Facts of affordable-lending products.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Affordable {
    /// The sender's word for the product, such as HomeReady.
    pub product: Option<String>,
    /// The sender's word for how a community second is repaid.
    pub community_second_repayment: Option<String>,
}
