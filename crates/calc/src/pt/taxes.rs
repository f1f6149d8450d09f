//! Kinds `pt_stamp_duty_credit`, `pt_stamp_duty_fee`, `pt_imt` and `pt_imt_jovem`.

use lintel_engine::pt::imt::{BandRate, ImtTax, PropertyUse, Region};
use lintel_engine::pt::imt_jovem::JovemBuyer;
use lintel_engine::pt::stamp_duty::duty;
use lintel_engine::schedule::MAX_TERM_MONTHS;
use serde_json::{Value, json};

use super::{flag_or_true, on_date, on_date_or_newest, refused, word, word_or};
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

pub(crate) const PT_STAMP_DUTY_CREDIT: KindDoc = KindDoc {
    name: "pt_stamp_duty_credit",
    summary: "Stamp duty on the use of credit (imposto do selo, verba 17.1).",
    inputs: &[
        ("amount", "amount of credit"),
        ("term_months", "a part of a month counts as one"),
        ("date", "day of the contract; left out, the newest table"),
    ],
    results: &[("tax", "half-up cents")],
    formula: "under 12 months rate x months x amount; from 12 and from 60 months one rate x amount",
    source: "Código do Imposto do Selo, Tabela Geral 17.1; table pt/stamp_duty.toml",
    calculate: pt_stamp_duty_credit,
};

pub(crate) const PT_STAMP_DUTY_FEE: KindDoc = KindDoc {
    name: "pt_stamp_duty_fee",
    summary: "Stamp duty on a bank's fee (imposto do selo, verba 17.3).",
    inputs: &[
        ("fee", "the fee"),
        ("rate_percent", "rate; left out, that of the table of date"),
        ("date", "day of the fee; left out, the newest table"),
    ],
    results: &[("tax", "half-up cents")],
    formula: "fee x rate",
    source: "Código do Imposto do Selo, Tabela Geral 17.3; table pt/stamp_duty.toml",
    calculate: pt_stamp_duty_fee,
};

pub(crate) const PT_IMT: KindDoc = KindDoc {
    name: "pt_imt",
    summary: "IMT, the municipal tax on buying real estate.",
    inputs: &[
        ("date", "day of the deed"),
        ("value", "the higher of price and tax value"),
        (
            "use",
            "\"own_permanent_home\", \"other_housing\" (also \"secondary\", \"second_home\", \"rental\"), \
             \"rural\", \"other_urban\"",
        ),
        (
            "region",
            "\"mainland\" (when left out), \"azores\", \"madeira\"",
        ),
    ],
    results: &[
        ("imt", "half-up cents"),
        ("band", "number of the band, from 1"),
        ("rate_percent", "rate of that band"),
        ("flat", "true when the rate is due on the whole value"),
        ("parcel", "parcela a abater of the printed table"),
    ],
    formula: "value x rate - parcel; parcel_k = parcel_(k-1) + limit_(k-1) (rate_k - rate_(k-1))",
    source: "Código do IMT, article 17; table pt/imt.toml. Island limits (mainland x 1.25, whole euros) and \
             the upper end of the 8 % band of other housing are derived or recalled, not confirmed",
    calculate: pt_imt,
};

pub(crate) const PT_IMT_JOVEM: KindDoc = KindDoc {
    name: "pt_imt_jovem",
    summary: "IMT of a young buyer's first own permanent home, and the stamp duty on the purchase.",
    inputs: &[
        ("date", "day of the deed, 2024-08-01 or later"),
        ("value", "the higher of price and tax value"),
        (
            "region",
            "\"mainland\" (when left out), \"azores\", \"madeira\"",
        ),
        ("use", "own_permanent_home, when given"),
        ("age_years", "age on that day; checked when given"),
        ("first_own_home", "true when left out"),
        ("dependant", "false when left out"),
    ],
    results: &[
        ("imt", "half-up cents"),
        ("stamp_duty", "on the purchase, half-up cents"),
        ("relief", "\"full\", \"partial\" or \"lost\""),
    ],
    formula: "nothing up to the fourth limit; a rate on the part above it up to the fifth; above, the \
              ordinary tax",
    source: "DL 48-A/2024; tables pt/imt_jovem.toml, pt/imt.toml, pt/stamp_duty.toml. Stamp duty in the \
             partial relief and island limits are not confirmed",
    calculate: pt_imt_jovem,
};

fn pt_stamp_duty_credit(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let amount = inputs.positive_money("amount")?;
    let months = inputs.whole("term_months", 1, MAX_TERM_MONTHS)?;
    let rates = on_date_or_newest(inputs, &inputs.rules().pt.stamp_duty)?;
    let tax = rates.on_credit(amount, months)?;
    Ok(json!({ "tax": tax.to_string() }))
}

fn pt_stamp_duty_fee(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let fee = inputs.money("fee")?;
    let rate = match inputs.optional_pct("rate_percent")? {
        Some(rate) => rate,
        None => on_date_or_newest(inputs, &inputs.rules().pt.stamp_duty)?.fee,
    };
    let tax = duty("fee", fee, rate)?;
    Ok(json!({ "tax": tax.to_string() }))
}

fn region(inputs: &Fields<'_>) -> Result<Region, Failure> {
    word_or(inputs, "region", Region::Mainland, Region::parse).map_err(|failure| Failure {
        message: "must be mainland, azores, madeira or islands".to_owned(),
        ..failure
    })
}

fn pt_imt(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let value = inputs.positive_money("value")?;
    let property_use = word(inputs, "use", PropertyUse::parse)?;
    let region = region(inputs)?;
    let table = on_date(inputs, &inputs.rules().pt.imt)?.of(region);
    Ok(imt_answer(&table.scale(property_use).tax(value)?))
}

fn imt_answer(tax: &ImtTax) -> Value {
    let (rate, flat) = match tax.rate {
        BandRate::Marginal(rate) => (rate, false),
        BandRate::Flat(rate) => (rate, true),
    };
    json!({
        "imt": tax.tax.to_string(),
        "band": tax.band,
        "rate_percent": rate.to_fixed(9),
        "flat": flat,
        "parcel": tax.parcel.to_string(),
    })
}

fn pt_imt_jovem(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let value = inputs.positive_money("value")?;
    let region = region(inputs)?;
    let home = PropertyUse::OwnPermanentHome;
    if word_or(inputs, "use", home, PropertyUse::parse)? != home {
        return Err(inputs.fault(
            "use",
            "must be own_permanent_home for the young buyers' relief",
        ));
    }
    let rules = &inputs.rules().pt;
    let relief = on_date(inputs, &rules.imt_jovem)?.of(region);
    let buyer = JovemBuyer {
        age_years: inputs.whole_or("age_years", relief.max_age, (0, 150))?,
        first_own_home: flag_or_true(inputs, "first_own_home")?,
        dependant: inputs.flag("dependant")?,
    };
    relief
        .check_buyer(&buyer)
        .map_err(|error| refused(inputs, error, &[]))?;
    let ordinary = on_date(inputs, &rules.imt)?.of(region);
    let duties = on_date(inputs, &rules.stamp_duty)?;
    let taxes = relief.taxes(value, ordinary.scale(home), duties)?;
    Ok(json!({
        "imt": taxes.imt.to_string(),
        "stamp_duty": taxes.stamp_duty.to_string(),
        "relief": taxes.extent.name(),
    }))
}
