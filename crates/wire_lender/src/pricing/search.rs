//! The `search` part of `/get-apr-closing-costs`: the property and the loan.

use lintel_domain::loan::Purpose;
use lintel_domain::scenario::Flag;
use lintel_engine::money::Cents;
use lintel_places::CountyFips;
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario, StateCode};

use super::ppe::{SCORES, stand_in_day};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::{OCCUPANCIES, PURPOSES, SEARCH_PROPERTY_TYPES};
use crate::quirks::units;

/// Longest city, county or building status.
const TEXT_MAX: usize = 100;
/// Most units a property that is lent on here may have.
const UNITS_MAX: i64 = 4;

/// What was asked for, and where.
pub struct Search {
    /// Day and place are filled in by the application.
    pub scenario: Scenario,
    /// Five digits.
    pub zip: String,
    /// As stated.
    pub state: Option<StateCode>,
    /// As stated.
    pub county: Option<CountyFips>,
}

/// Reads and checks every documented member.
pub fn read(search: &Reader<'_>) -> Result<Search, LenderError> {
    let purpose: Purpose = search.req_enum("loanPurpose", PURPOSES)?;
    let zip = search.req_zip("zipcode")?;
    for name in ["city", "county"] {
        search.opt_text(name, TEXT_MAX)?;
    }
    let county = county(search)?;
    let state = search.opt_state("state")?;
    let home_price = search.req_positive("homePrice")?;
    let down_payment = search.opt_money("downPayment")?;
    let loan_amount = search.req_positive("loanAmount")?;
    // The loan amount is the total already.
    search.opt_money("cashOut")?;
    let property = search.req_enum("propertyType", SEARCH_PROPERTY_TYPES)?;
    let stated_units = search.req_int("numUnits", 0..=UNITS_MAX)?;
    search.req_text("buildingStatus", TEXT_MAX)?;
    let occupancy = search.req_enum("occupancyType", OCCUPANCIES)?;
    let score = search.opt_int("fico", SCORES)?;
    let waives_escrow = search.req_bit("noImpounds")?;
    let is_streamline = search.req_bit("streamline")?;
    let finances_ufmip = search.req_bit("financeUFMIP")?;
    let flags = Flags::default()
        .with(Flag::EscrowWaived, waives_escrow)
        .with(Flag::Streamline, is_streamline)
        .with(Flag::FinancesUpfrontFee, finances_ufmip);
    let scenario = Scenario {
        day: stand_in_day()?,
        purpose,
        place: PlaceFacts::NOWHERE,
        home_price,
        loan_amount,
        down_payment,
        subordinate_balance: Cents::ZERO,
        undrawn_line: Cents::ZERO,
        score: score.and_then(|n| u32::try_from(n).ok()),
        monthly_income: None,
        monthly_debts: None,
        property,
        units: units(property, u32::try_from(stated_units).ok()),
        occupancy,
        flags,
        finances_va_fee: search.req_bit("financeVAFF")?,
        finances_usda_fee: search.req_bit("financeUSDAGuaranteeFee")?,
        employment: None,
        documentation: None,
        homes_owned: None,
        channel: None,
        sub_channel: None,
        branch: None,
        criteria: Vec::new(),
    };
    Ok(Search {
        scenario,
        zip,
        state: state.as_deref().and_then(StateCode::parse),
        county,
    })
}

/// Five digits. A number has lost the zeros in front of it.
fn county(search: &Reader<'_>) -> Result<Option<CountyFips>, LenderError> {
    let Some(value) = search.value("countyFips") else {
        return Ok(None);
    };
    let text = match value.as_u64() {
        Some(number) => format!("{number:05}"),
        None => value.as_str().unwrap_or_default().trim().to_owned(),
    };
    let county = CountyFips::parse(&text);
    county
        .map(Some)
        .ok_or_else(|| LenderError::invalid(&search.path("countyFips")))
}
