//! A part as comma-separated text (RFC 4180, lines end in a line feed), the columns of the Parquet
//! form under the same names.

use super::plan::{Group, Plan};
use super::rows::Rows;

/// The first line.
pub(super) const HEAD: &str = "product_code,purpose,zip,county_fips,state,loan_amount,home_price,ltv,\
     score,note_rate,lock_days,price,points,points_amount,fees_amount,monthly_payment,mortgage_insurance,\
     apr,is_hpml\n";
/// About the length of a row.
const ROW_BYTES: usize = 160;

/// Writes a part. A field without a value is empty.
pub(super) fn encode(plan: &Plan, group: &Group, rows: &Rows) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD.len() + rows.len() * ROW_BYTES);
    out.extend_from_slice(HEAD.as_bytes());
    let mut start = Vec::new();
    field(&mut start, &group.product);
    start.push(b',');
    field(&mut start, group.purpose.as_str());
    let mut last = None;
    let mut place_text = Vec::new();
    for row in 0..rows.len() {
        let place = rows.place[row];
        if last != Some(place) {
            last = Some(place);
            place_text.clear();
            place_of(plan, place, &mut place_text);
        }
        out.extend_from_slice(&start);
        out.extend_from_slice(&place_text);
        fixed(&mut out, rows.loan_amount_cents[row], 2);
        fixed(&mut out, rows.home_price_cents[row], 2);
        fixed(&mut out, i64::from(rows.ltv_pct_e3[row]), 3);
        fixed(&mut out, i64::from(rows.score[row]), 0);
        fixed(&mut out, i64::from(rows.note_rate_pct_e6[row]), 6);
        fixed(&mut out, i64::from(rows.lock_days[row]), 0);
        fixed(&mut out, i64::from(rows.price_e3[row]), 3);
        fixed(&mut out, i64::from(rows.points_e3[row]), 3);
        fixed(&mut out, rows.points_cents[row], 2);
        fixed(&mut out, rows.fees_cents[row], 2);
        fixed(&mut out, rows.payment_cents[row], 2);
        fixed(&mut out, rows.mortgage_insurance_cents[row], 2);
        fixed(&mut out, rows.apr_pct_e9[row], 9);
        out.extend_from_slice(b",\n");
    }
    out
}

fn place_of(plan: &Plan, place: u32, out: &mut Vec<u8>) {
    let place = usize::try_from(place)
        .ok()
        .and_then(|at| plan.places.get(at));
    let Some(place) = place else {
        return out.extend_from_slice(b",,,");
    };
    out.push(b',');
    out.extend_from_slice(place.zip.to_string().as_bytes());
    out.push(b',');
    if let Some(county) = place.county_fips {
        out.extend_from_slice(county.to_string().as_bytes());
    }
    out.push(b',');
    out.extend_from_slice(place.state.as_bytes());
}

/// A text, in quotes when it holds what divides fields or lines.
fn field(out: &mut Vec<u8>, text: &str) {
    if !text.contains([',', '"', '\n', '\r']) {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// A comma and `number` with its last `decimals` digits behind a point.
fn fixed(out: &mut Vec<u8>, number: i64, decimals: usize) {
    out.push(b',');
    if number < 0 {
        out.push(b'-');
    }
    let mut digits = [b'0'; 20];
    let mut left = number.unsigned_abs();
    let mut at = digits.len();
    while left > 0 || digits.len() - at <= decimals {
        at -= 1;
        // One digit: the remainder is below ten.
        digits[at] = b'0' + u8::try_from(left % 10).unwrap_or(0);
        left /= 10;
    }
    let point = digits.len() - decimals;
    out.extend_from_slice(&digits[at..point]);
    if decimals > 0 {
        out.push(b'.');
        out.extend_from_slice(&digits[point..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_decimals() {
        for (number, decimals, shown) in [
            (0, 0, ",0"),
            (0, 2, ",0.00"),
            (5, 2, ",0.05"),
            (-5, 3, ",-0.005"),
            (123_456, 2, ",1234.56"),
            (-123_456, 0, ",-123456"),
            (6_125_000, 6, ",6.125000"),
            (i64::MAX, 9, ",9223372036.854775807"),
            (i64::MIN, 9, ",-9223372036.854775808"),
            (i64::MIN, 0, ",-9223372036854775808"),
        ] {
            let mut out = Vec::new();
            fixed(&mut out, number, decimals);
            assert_eq!(String::from_utf8(out).unwrap(), shown);
        }
    }

    #[test]
    fn texts_that_divide_are_quoted() {
        for (text, shown) in [
            ("CONV30", "CONV30"),
            ("A,\"B\"", "\"A,\"\"B\"\"\""),
            ("a\nb", "\"a\nb\""),
        ] {
            let mut out = Vec::new();
            field(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), shown);
        }
    }
}
