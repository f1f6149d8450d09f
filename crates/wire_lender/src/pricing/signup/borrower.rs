//! Who signs up, as far as the caller knows.

use lintel_domain::lead::LeadBorrower;
use lintel_domain::license::StateCode;
use lintel_engine::date::Date;

use super::TEXT_MAX;
use crate::error::LenderError;
use crate::form::Reader;

/// The values of `status`.
const MARRIED: &[(&str, bool)] = &[("Married", true), ("Unmarried", false)];

/// Reads every documented member; all are optional.
pub fn read(borrower: &Reader<'_>, today: Date) -> Result<LeadBorrower, LenderError> {
    let birth_date = borrower.opt_date("dob")?;
    if birth_date.is_some_and(|born| born > today) {
        return Err(LenderError::invalid(&borrower.path("dob")));
    }
    let text = |name| borrower.opt_text(name, TEXT_MAX);
    let state = borrower.opt_state("primaryAddressState")?;
    if let Some(state) = &state
        && StateCode::parse(state).is_none()
    {
        return Err(LenderError::invalid(&borrower.path("primaryAddressState")));
    }
    Ok(LeadBorrower {
        first_name: text("firstName")?,
        last_name: text("lastName")?,
        birth_date,
        phone_primary: borrower.opt_phone("phonePrimary")?,
        phone_secondary: borrower.opt_phone("phoneSecondary")?,
        is_married: borrower.opt_enum("status", MARRIED)?,
        street: text("primaryAddressStreet")?,
        city: text("primaryAddressCity")?,
        state,
        postal_code: borrower.opt_zip("primaryAddressZipcode")?,
        email: borrower.opt_email("email")?,
        accepts_terms: borrower.opt_bit("autoCheckTOUPP")?,
        shows_in_pipeline: borrower.opt_bit("isCreateLeadInPipeline")?,
        goes_to_crm: borrower.opt_bit("pushToCRM")?,
        crm_lead_id: text("crmLeadID")?,
        ..LeadBorrower::default()
    })
}
