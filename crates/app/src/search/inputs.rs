//! What was asked, as stored: every input of the pricing, in our own words, so that a later version
//! can ask the same again.

use lintel_domain::application::codec::{cents, cents_opt, pct};
use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::scenario::{Employment, Flag, PropertyKind};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_pricing::book::PointsWanted;
use lintel_pricing::price::{PriceRequest, ProductFilter};
use lintel_pricing::scenario::{Flags, PlaceFacts, Scenario};
use serde::{Deserialize, Serialize};

use super::{SearchPurpose, SearchRequest};

/// The layout below. Another layout gets another number, and this one stays readable.
const LAYOUT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Stored {
    layout: u32,
    purpose: Purpose,
    zip: String,
    #[serde(with = "cents")]
    home_price: Cents,
    #[serde(with = "cents")]
    loan_amount: Cents,
    #[serde(with = "cents_opt", default, skip_serializing_if = "Option::is_none")]
    down_payment: Option<Cents>,
    #[serde(with = "cents")]
    subordinate_balance: Cents,
    #[serde(with = "cents")]
    undrawn_line: Cents,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    score: Option<u32>,
    #[serde(with = "cents_opt", default, skip_serializing_if = "Option::is_none")]
    monthly_income: Option<Cents>,
    #[serde(with = "cents_opt", default, skip_serializing_if = "Option::is_none")]
    monthly_debts: Option<Cents>,
    property: PropertyKind,
    units: u32,
    occupancy: Occupancy,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    flags: Vec<Flag>,
    #[serde(default)]
    finances_va_fee: bool,
    #[serde(default)]
    finances_usda_fee: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    employment: Option<Employment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    documentation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    homes_owned: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sub_channel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    criteria: Vec<(String, String)>,
    wanted: Wanted,
}

#[derive(Serialize, Deserialize)]
struct Wanted {
    lock_days: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    points: Option<Points>,
    #[serde(default)]
    best_match: bool,
    #[serde(default)]
    explain: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    programs: Option<Vec<Program>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    families: Vec<(String, bool)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    term_years: Option<Vec<u32>>,
    adjustable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    arm_years: Option<Vec<u32>>,
}

#[derive(Serialize, Deserialize)]
struct Points {
    #[serde(with = "pct")]
    low: Pct,
    #[serde(with = "pct")]
    high: Pct,
}

/// What a stored search asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Day and place are not set.
    pub(super) scenario: Scenario,
    pub(super) purpose: SearchPurpose,
    pub(super) zip: String,
    pub(super) wanted: PriceRequest,
}

/// Writes what one permutation of a search asks for.
pub(super) fn write(request: &SearchRequest, purpose: usize, zip: &str) -> String {
    let (asked, wanted) = (&request.scenario, &request.wanted);
    let purpose = request.purposes[purpose];
    let flags = Flag::ALL.iter().copied();
    let stored = Stored {
        layout: LAYOUT,
        purpose: purpose.purpose,
        zip: zip.to_owned(),
        home_price: asked.home_price,
        loan_amount: purpose.loan_amount,
        down_payment: purpose.down_payment,
        subordinate_balance: asked.subordinate_balance,
        undrawn_line: asked.undrawn_line,
        score: asked.score,
        monthly_income: asked.monthly_income,
        monthly_debts: asked.monthly_debts,
        property: asked.property,
        units: asked.units,
        occupancy: asked.occupancy,
        flags: flags.filter(|flag| asked.flags.has(*flag)).collect(),
        finances_va_fee: asked.finances_va_fee,
        finances_usda_fee: asked.finances_usda_fee,
        employment: asked.employment,
        documentation: asked.documentation.clone(),
        homes_owned: asked.homes_owned,
        channel: asked.channel.clone(),
        sub_channel: asked.sub_channel.clone(),
        branch: asked.branch.clone(),
        criteria: asked.criteria.clone(),
        wanted: Wanted {
            lock_days: wanted.lock_days,
            points: wanted.points.map(|p| Points {
                low: p.low,
                high: p.high,
            }),
            best_match: wanted.best_match,
            explain: wanted.explain,
            programs: wanted.filter.programs.clone(),
            families: wanted.filter.families.clone(),
            term_years: wanted.filter.term_years.clone(),
            adjustable: wanted.filter.adjustable,
            arm_years: wanted.filter.arm_years.clone(),
        },
    };
    // Texts, numbers and lists of them: there is nothing in it that JSON cannot hold.
    serde_json::to_string(&stored).unwrap_or_default()
}

/// Reads what was asked for; none when it is not in a layout this version knows.
pub(super) fn read(text: &str) -> Option<Asked> {
    let stored: Stored = serde_json::from_str(text).ok()?;
    if stored.layout != LAYOUT {
        return None;
    }
    let flags = stored.flags.iter();
    let flags = flags.fold(Flags::default(), |set, flag| set.with(*flag, true));
    let purpose = SearchPurpose {
        purpose: stored.purpose,
        loan_amount: stored.loan_amount,
        down_payment: stored.down_payment,
    };
    let scenario = Scenario {
        day: Date::FIRST,
        purpose: stored.purpose,
        place: PlaceFacts::NOWHERE,
        home_price: stored.home_price,
        loan_amount: stored.loan_amount,
        down_payment: stored.down_payment,
        subordinate_balance: stored.subordinate_balance,
        undrawn_line: stored.undrawn_line,
        score: stored.score,
        monthly_income: stored.monthly_income,
        monthly_debts: stored.monthly_debts,
        property: stored.property,
        units: stored.units,
        occupancy: stored.occupancy,
        flags,
        finances_va_fee: stored.finances_va_fee,
        finances_usda_fee: stored.finances_usda_fee,
        employment: stored.employment,
        documentation: stored.documentation,
        homes_owned: stored.homes_owned,
        channel: stored.channel,
        sub_channel: stored.sub_channel,
        branch: stored.branch,
        criteria: stored.criteria,
    };
    let points = |p: Points| PointsWanted {
        low: p.low,
        high: p.high,
    };
    let wanted = PriceRequest {
        filter: ProductFilter {
            programs: stored.wanted.programs,
            families: stored.wanted.families,
            term_years: stored.wanted.term_years,
            adjustable: stored.wanted.adjustable,
            arm_years: stored.wanted.arm_years,
        },
        lock_days: stored.wanted.lock_days,
        points: stored.wanted.points.map(points),
        best_match: stored.wanted.best_match,
        explain: stored.wanted.explain,
    };
    Some(Asked {
        scenario,
        purpose,
        zip: stored.zip,
        wanted,
    })
}
