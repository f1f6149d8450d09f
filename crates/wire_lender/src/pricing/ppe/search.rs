//! The search itself: where, for what, how much, by whom.

use lintel_domain::loan::Purpose;
use lintel_domain::scenario::PropertyKind;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario};

use crate::error::LenderError;
use crate::form::Reader;
use crate::names::{
    EMPLOYMENTS, PRICED_OCCUPANCIES, PRICED_PROPERTY_TYPES, PURPOSES, SEARCH_FLAGS,
};
use crate::pricing::amounts::Amounts;

/// Most purposes of a call: there are three.
const PURPOSES_MAX: usize = 3;
/// Most ZIP codes of a call; there are about 41,700. Purposes times ZIP codes have a bound of their own.
const ZIPS_MAX: usize = 50_000;
/// Longest channel, branch or value of a criterion.
const TEXT_MAX: usize = 100;
/// Credit scores there are.
pub const SCORES: std::ops::RangeInclusive<i64> = 300..=850;
/// Most homes anybody says to own.
const HOMES_MAX: i64 = 1000;
/// Most units of a property that is lent on here.
const UNITS_MAX: i64 = 4;
/// Most criteria of the lender's own.
const CRITERIA_MAX: usize = 50;
/// Most bytes of all of them: they are stored with every permutation.
const CRITERIA_BYTES: usize = 4096;

/// What was searched for.
#[derive(Debug)]
pub struct Search {
    /// Everything but day, purpose, place and loan amount, which differ from permutation to
    /// permutation; those here are stand-ins.
    pub scenario: Scenario,
    /// Purposes in the order asked, each with its loan amount.
    pub purposes: Vec<(Purpose, Cents)>,
    /// ZIP codes in the order asked, five digits each.
    pub zips: Vec<String>,
}

/// Reads and checks every documented member.
pub fn read(data: &Reader<'_>) -> Result<Search, LenderError> {
    let channel = data.opt_text("channel", TEXT_MAX)?;
    let sub_channel = match &channel {
        Some(_) => Some(data.req_text("subChannel", TEXT_MAX)?),
        None => data.opt_text("subChannel", TEXT_MAX)?,
    };
    let purposes = data.req_choices("loanPurpose", PURPOSES_MAX, PURPOSES)?;
    let zips = data.req_zips("zipcode", ZIPS_MAX)?;
    let amounts = Amounts::either(data)?;
    let loan = |purpose: &Purpose| Ok((*purpose, amounts.loan(*purpose)?));
    let purposes = purposes
        .iter()
        .map(loan)
        .collect::<Result<Vec<_>, LenderError>>()?;
    let (first_purpose, first_loan) = purposes
        .first()
        .copied()
        .ok_or_else(|| LenderError::missing(&data.path("loanPurpose")))?;
    let property = data.req_enum("propertyType", PRICED_PROPERTY_TYPES)?;
    let units = units(data, property)?;
    data.opt_enum("buildingStatus", &[("Existing", ())])?;
    let occupancy = data.req_enum("occupancyType", PRICED_OCCUPANCIES)?;
    let finances_fees = data.opt_bit("financeUFMIP")?.unwrap_or(false);
    // The sample carries it, the table does not know it: whose number it is nobody says.
    data.opt_text("ppeID", TEXT_MAX)?;
    let scenario = Scenario {
        day: stand_in_day()?,
        purpose: first_purpose,
        place: PlaceFacts::NOWHERE,
        home_price: amounts.home_price,
        loan_amount: first_loan,
        down_payment: None,
        subordinate_balance: Cents::ZERO,
        undrawn_line: Cents::ZERO,
        score: small(data, "fico", &SCORES)?,
        monthly_income: data.opt_money("grossMonthlyIncome")?,
        monthly_debts: data.opt_money("monthlyDebts")?,
        property,
        units,
        occupancy,
        flags: flags(data)?,
        finances_va_fee: finances_fees,
        finances_usda_fee: finances_fees,
        employment: data.opt_enum("employmentStatus", EMPLOYMENTS)?,
        documentation: data
            .opt_enum("documentationType", DOCUMENTATIONS)?
            .map(str::to_owned),
        homes_owned: small(data, "numberHomesOwned", &(0..=HOMES_MAX))?,
        channel,
        sub_channel,
        branch: data.opt_text("branch", TEXT_MAX)?,
        criteria: criteria(data)?,
    };
    Ok(Search {
        scenario,
        purposes,
        zips,
    })
}

/// The values of `documentationType`.
const DOCUMENTATIONS: &[(&str, &str)] = &[("Full", "Full")];

/// A day to be filled in: the application knows which it is.
pub fn stand_in_day() -> Result<Date, LenderError> {
    Date::new(2000, 1, 1).map_err(|_| LenderError::internal())
}

/// `numUnits` and a word such as `Duplex` both say it; the word of a property for several families
/// is not undone by a 1 beside it.
fn units(data: &Reader<'_>, property: PropertyKind) -> Result<u32, LenderError> {
    let stated = small(data, "numUnits", &(1..=UNITS_MAX))?;
    Ok(crate::quirks::units(property, stated))
}

fn small(
    data: &Reader<'_>,
    name: &str,
    range: &std::ops::RangeInclusive<i64>,
) -> Result<Option<u32>, LenderError> {
    let number = data.opt_int(name, range.clone())?;
    number
        .map(|n| u32::try_from(n).map_err(|_| LenderError::invalid(&data.path(name))))
        .transpose()
}

fn flags(data: &Reader<'_>) -> Result<Flags, LenderError> {
    let mut flags = Flags::default();
    for (name, flag) in SEARCH_FLAGS {
        flags = flags.with(*flag, data.opt_bit(name)?.unwrap_or(false));
    }
    Ok(flags)
}

/// All of them, also those the text does not name: they "vary by client".
fn criteria(data: &Reader<'_>) -> Result<Vec<(String, String)>, LenderError> {
    let Some(criteria) = data.opt_obj("additionalCriteria")? else {
        return Ok(Vec::new());
    };
    let refused = || LenderError::invalid(&data.path("additionalCriteria"));
    let mut read: Vec<(String, String)> = Vec::new();
    for (name, _) in criteria.members() {
        if name.is_empty() || name.chars().count() > TEXT_MAX || name.contains(char::is_control) {
            return Err(refused());
        }
        if let Some(value) = criteria.opt_text_or_bit(name, TEXT_MAX)? {
            read.push((name.to_owned(), value));
        }
    }
    let bytes: usize = read
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if read.len() > CRITERIA_MAX || bytes > CRITERIA_BYTES {
        return Err(refused());
    }
    Ok(read)
}

#[cfg(test)]
mod tests;
