//! Conditions: which products and which searches a rule, an adjustment or a fee is for.

mod facts;
mod holds;
mod text;
mod words;

use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::scenario::{Employment, Flag, LimitClass, PropertyKind};
use lintel_engine::bands::{Band, Effective, Step};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use lintel_places::{CountyFips, Zip};

use crate::scenario::StateCode;

pub use facts::{Facts, PriceProblem};
pub use holds::in_force;
pub(crate) use text::{amount, points, telling_percent};
pub(crate) use words::named;

/// Which products something is for. Each list that is not empty must contain the product's own
/// value; a selector without any is for every product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    /// Product codes.
    pub codes: Vec<String>,
    /// Programmes.
    pub programs: Vec<Program>,
    /// Families, such as `HomeReady` or `jumbo`: free words the products carry.
    pub families: Vec<String>,
    /// Only adjustable (`true`) or only fixed (`false`) products.
    pub adjustable: Option<bool>,
    /// Only interest-only (`true`) or only amortising (`false`) products.
    pub interest_only: Option<bool>,
    /// Only with (`true`) or without (`false`) lender-paid mortgage insurance.
    pub lender_paid_mi: Option<bool>,
    /// Months to maturity.
    pub term_months: Option<Band<u32>>,
}

/// The days something holds on; none: always.
pub type Days = Option<Effective>;

/// Conditions on a search. Everything that is given must hold; a list holds when it contains the
/// search's value; a search that does not know a value does not meet a condition on it, except where
/// a field says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    /// Purposes.
    pub purposes: Vec<Purpose>,
    /// Occupancies.
    pub occupancies: Vec<Occupancy>,
    /// Kinds of property.
    pub property_kinds: Vec<PropertyKind>,
    /// States the property may lie in.
    pub states: Vec<StateCode>,
    /// States it must not lie in.
    pub not_states: Vec<StateCode>,
    /// Counties.
    pub counties: Vec<CountyFips>,
    /// ZIP codes, first and last of each range.
    pub zips: Vec<(Zip, Zip)>,
    /// Base loan amount.
    pub loan_amount: Option<Band<Cents>>,
    /// Loan amount against the county's conforming limits.
    pub limits: Vec<LimitClass>,
    /// Whether the base loan amount is within FHA's limit of the place.
    pub within_fha_limit: Option<bool>,
    /// Loan to value, percent.
    pub ltv: Option<Band<Pct>>,
    /// Combined loan to value, percent.
    pub cltv: Option<Band<Pct>>,
    /// Combined loan to value with the whole credit line, percent.
    pub hcltv: Option<Band<Pct>>,
    /// Representative credit score. As a condition of what is done an unknown one counts as 0, as in
    /// the lowest band of a grid; what a rule requires it does not meet.
    pub score: Option<Step<u32>>,
    /// Total debt to income, percent. Only in what an eligibility rule requires; a search without
    /// an income meets it.
    pub dti: Option<Band<Pct>>,
    /// Units of the property.
    pub units: Option<Step<u32>>,
    /// Days of the lock.
    pub lock_days: Option<Band<u32>>,
    /// Homes the borrower owns; a search that does not say owns none.
    pub homes_owned: Option<Step<u32>>,
    /// Flags and what they must be.
    pub flags: Vec<(Flag, bool)>,
    /// Employments.
    pub employments: Vec<Employment>,
    /// Kinds of documentation, ASCII case ignored.
    pub documentations: Vec<String>,
    /// Channels, ASCII case ignored.
    pub channels: Vec<String>,
    /// Sub-channels, ASCII case ignored.
    pub sub_channels: Vec<String>,
    /// Branches, ASCII case ignored.
    pub branches: Vec<String>,
    /// Criteria of the lender's own (`additionalCriteria`): name and the values that meet it, both
    /// with ASCII case ignored.
    pub criteria: Vec<(String, Vec<String>)>,
}
