//! The `search` part of a pricing call: the property and the loan.

use lintel_domain::loan::Purpose;
use lintel_domain::quote::QuoteScene;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;

use crate::error::LenderError;
use crate::form::Reader;
use crate::names::{OCCUPANCIES, PURPOSES, SEARCH_PROPERTY_TYPES};

/// Longest city, county or building status.
const TEXT_MAX: usize = 100;
/// Most units a property may have.
const UNITS_MAX: i64 = 10_000;

/// What was asked for, and the ZIP code it is at.
pub struct Search {
    pub scene: QuoteScene,
    pub zip: String,
}

/// Reads and checks every documented member, also those the price does not depend on yet: a caller
/// that sends nonsense is told so now, not when the price begins to depend on it.
pub fn read(search: &Reader<'_>, day: Date) -> Result<Search, LenderError> {
    let purpose: Purpose = search.req_enum("loanPurpose", PURPOSES)?;
    let zip = zip(search)?;
    for name in ["city", "county"] {
        search.opt_text(name, TEXT_MAX)?;
    }
    let fips = search.opt_text("countyFips", 5)?;
    if fips.is_some_and(|f| f.len() != 5 || !f.bytes().all(|b| b.is_ascii_digit())) {
        return Err(LenderError::invalid(&search.path("countyFips")));
    }
    let state = state(search)?;
    let home_price = positive(search, "homePrice")?;
    let down_payment = search.opt_money("downPayment")?;
    let loan_amount = positive(search, "loanAmount")?;
    search.opt_money("cashOut")?;
    search.req_enum("propertyType", SEARCH_PROPERTY_TYPES)?;
    search.req_int("numUnits", 0..=UNITS_MAX)?;
    search.req_text("buildingStatus", TEXT_MAX)?;
    search.req_enum("occupancyType", OCCUPANCIES)?;
    search.req_bit("noImpounds")?;
    let scene = QuoteScene {
        purpose,
        state,
        home_price,
        down_payment,
        loan_amount,
        is_streamline: search.req_bit("streamline")?,
        finances_ufmip: search.req_bit("financeUFMIP")?,
        finances_va_fee: search.req_bit("financeVAFF")?,
        finances_usda_fee: search.req_bit("financeUSDAGuaranteeFee")?,
        day,
    };
    Ok(Search { scene, zip })
}

/// Five digits; nine, with or without a hyphen, are cut.
fn zip(search: &Reader<'_>) -> Result<String, LenderError> {
    let text = search.req_text("zipcode", 10)?;
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let shaped = matches!(digits.len(), 5 | 9) && digits.bytes().all(|b| b.is_ascii_digit());
    if !shaped {
        return Err(LenderError::missing(&search.path("zipcode")));
    }
    Ok(digits.chars().take(5).collect())
}

fn state(search: &Reader<'_>) -> Result<Option<String>, LenderError> {
    let Some(text) = search.opt_text("state", 2)? else {
        return Ok(None);
    };
    if text.len() != 2 || !text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Err(LenderError::invalid(&search.path("state")));
    }
    Ok(Some(text.to_ascii_uppercase()))
}

fn positive(search: &Reader<'_>, name: &str) -> Result<Cents, LenderError> {
    let amount = search.req_money(name)?;
    if amount.is_positive() {
        Ok(amount)
    } else {
        Err(LenderError::missing(&search.path(name)))
    }
}
