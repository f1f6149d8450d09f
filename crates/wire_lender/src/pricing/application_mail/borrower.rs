//! The people who are invited.

use lintel_domain::lead::LeadBorrower;
use lintel_domain::license::StateCode;
use lintel_engine::date::Date;

use super::TEXT_MAX;
use crate::error::LenderError;
use crate::form::Reader;

/// The values of `status`.
const MARRIED: &[(&str, bool)] = &[("Married", true), ("Unmarried", false)];

/// Reads everybody. Nobody has another's id, and at most one of them is the main borrower.
pub fn read_all(readers: &[Reader<'_>], today: Date) -> Result<Vec<LeadBorrower>, LenderError> {
    let mut borrowers: Vec<LeadBorrower> = Vec::with_capacity(readers.len());
    for reader in readers {
        let one = read(reader, today)?;
        let has_id = |known: &LeadBorrower| known.uid == one.uid;
        if borrowers.iter().any(has_id) {
            return Err(LenderError::missing(&reader.path("borrowerUID")));
        }
        let is_main = |known: &LeadBorrower| known.is_primary == Some(true);
        if is_main(&one) && borrowers.iter().any(is_main) {
            return Err(LenderError::missing(&reader.path("isPrimary")));
        }
        borrowers.push(one);
    }
    Ok(borrowers)
}

fn read(borrower: &Reader<'_>, today: Date) -> Result<LeadBorrower, LenderError> {
    let text = |name| match borrower.opt_text(name, TEXT_MAX)? {
        Some(text) if text.contains(char::is_control) => {
            Err(LenderError::invalid(&borrower.path(name)))
        }
        text => Ok(text),
    };
    let needed = |name| {
        let text = text(name).ok().flatten();
        text.ok_or_else(|| LenderError::missing(&borrower.path(name)))
    };
    let uid = needed("borrowerUID")?;
    let first_name = needed("firstName")?;
    let last_name = needed("lastName")?;
    let birth_date = borrower.req_date("dob")?;
    if birth_date > today {
        return Err(LenderError::missing(&borrower.path("dob")));
    }
    let phone = borrower.opt_phone("phonePrimary");
    let phone = phone.ok().flatten();
    let phone = phone.ok_or_else(|| LenderError::missing(&borrower.path("phonePrimary")))?;
    let spouse_uid = text("marriedToBorrowerUID")?;
    if spouse_uid.as_ref() == Some(&uid) {
        return Err(LenderError::invalid(&borrower.path("marriedToBorrowerUID")));
    }
    let email = borrower.opt_email("email");
    let email = email.ok().flatten();
    let email = email.ok_or_else(|| LenderError::missing(&borrower.path("email")))?;
    let street = [
        text("primaryAddressStreet1")?,
        text("primaryAddressStreet2")?,
    ];
    let state = borrower.opt_state("primaryAddressState")?;
    if let Some(state) = &state
        && StateCode::parse(state).is_none()
    {
        return Err(LenderError::invalid(&borrower.path("primaryAddressState")));
    }
    Ok(LeadBorrower {
        uid: Some(uid),
        first_name: Some(first_name),
        last_name: Some(last_name),
        birth_date: Some(birth_date),
        phone_primary: Some(phone),
        phone_secondary: borrower.opt_phone("phoneSecondary")?,
        is_married: borrower.opt_enum("status", MARRIED)?,
        spouse_uid,
        street: one_line(street),
        city: text("primaryAddressCity")?,
        state,
        postal_code: borrower.opt_zip("primaryAddressZipcode")?,
        email: Some(email),
        is_primary: Some(borrower.req_bit("isPrimary")?),
        ..LeadBorrower::default()
    })
}

/// Two lines of an address as the one line a lead has.
pub fn one_line(lines: [Option<String>; 2]) -> Option<String> {
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}
