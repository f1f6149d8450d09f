//! A part as Parquet, by the leaf crate.

use lintel_export::parquet::{Codes, NO_VALUE, Part};

use super::Trouble;
use super::header::Header;
use super::plan::{Group, Plan};
use super::rows::Rows;

/// Encodes a part. The file's own list says whose prices they are, and of when.
pub(super) fn encode(
    header: &Header,
    plan: &Plan,
    group: &Group,
    rows: &Rows,
) -> Result<Vec<u8>, Trouble> {
    let first = rows.place.iter().copied().min().unwrap_or(0);
    let last = rows.place.iter().copied().max().unwrap_or(0);
    let run = to_usize(first)..to_usize(last).saturating_add(1).min(plan.places.len());
    let places = plan.places.get(run.clone()).unwrap_or_default();
    let zips: Vec<&str> = plan
        .zips
        .get(run)
        .unwrap_or_default()
        .iter()
        .map(String::as_str)
        .collect();
    let zip_codes: Vec<u32> = rows.place.iter().map(|place| place - first).collect();
    let counties: Vec<Option<String>> = places
        .iter()
        .map(|place| place.county_fips.map(|county| county.to_string()))
        .collect();
    let (county_values, county_codes) = dictionary(&counties, &zip_codes);
    let states: Vec<Option<String>> = places
        .iter()
        .map(|place| Some(place.state.to_owned()))
        .collect();
    let (state_values, state_codes) = dictionary(&states, &zip_codes);
    let one = vec![0; rows.len()];
    let unknown = vec![None; rows.len()];
    let county_values: Vec<&str> = county_values.iter().map(String::as_str).collect();
    let state_values: Vec<&str> = state_values.iter().map(String::as_str).collect();
    let (product, purpose) = ([group.product.as_str()], [group.purpose.as_str()]);
    let part = Part {
        product_code: codes(&product, &one),
        purpose: codes(&purpose, &one),
        zip: codes(&zips, &zip_codes),
        county_fips: codes(&county_values, &county_codes),
        state: codes(&state_values, &state_codes),
        loan_amount_cents: &rows.loan_amount_cents,
        home_price_cents: &rows.home_price_cents,
        ltv_pct_e3: &rows.ltv_pct_e3,
        score: &rows.score,
        note_rate_pct_e6: &rows.note_rate_pct_e6,
        lock_days: &rows.lock_days,
        price_e3: &rows.price_e3,
        points_e3: &rows.points_e3,
        points_amount_cents: &rows.points_cents,
        fees_amount_cents: &rows.fees_cents,
        monthly_payment_cents: &rows.payment_cents,
        mortgage_insurance_cents: &rows.mortgage_insurance_cents,
        apr_pct_e9: &rows.apr_pct_e9,
        is_hpml: &unknown,
    };
    let generation = header.generation.to_string();
    let meta = [
        ("lintel.lender", header.lender.as_str()),
        ("lintel.generation", &generation),
        ("lintel.priced_at", &header.priced_at),
        ("lintel.program", &header.program),
    ];
    Ok(lintel_export::parquet::encode(&part, &meta)?)
}

const fn codes<'a>(values: &'a [&'a str], codes: &'a [u32]) -> Codes<'a> {
    Codes { values, codes }
}

fn to_usize(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The values of the places, each once, and for each row the place of its own.
fn dictionary(of_places: &[Option<String>], rows: &[u32]) -> (Vec<String>, Vec<u32>) {
    let mut values: Vec<String> = of_places.iter().flatten().cloned().collect();
    values.sort_unstable();
    values.dedup();
    let code = |value: &Option<String>| {
        let found = value
            .as_ref()
            .and_then(|value| values.binary_search(value).ok());
        found
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or(NO_VALUE)
    };
    let of_places: Vec<u32> = of_places.iter().map(code).collect();
    let codes = rows
        .iter()
        .map(|row| of_places.get(to_usize(*row)).copied());
    let codes = codes.map(|code| code.unwrap_or(NO_VALUE)).collect();
    (values, codes)
}
