//! Written and read back.

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field, Row};

use super::*;

/// A part of `rows` rows whose figures differ from row to row.
struct Made {
    codes: Vec<u32>,
    counties: Vec<u32>,
    cents: Vec<i64>,
    small: Vec<i32>,
    apr: Vec<i64>,
    flags: Vec<Option<bool>>,
}

fn made(rows: usize) -> Made {
    let numbers = || 0..i32::try_from(rows).unwrap();
    Made {
        codes: numbers().map(|n| u32::try_from(n % 3).unwrap()).collect(),
        counties: numbers()
            .map(|n| if n % 4 == 0 { NO_VALUE } else { 1 })
            .collect(),
        cents: numbers().map(|n| 30_000_000 + i64::from(n)).collect(),
        small: numbers().map(|n| 6_125_000 + n).collect(),
        apr: numbers().map(|n| 6_250_000_001 + i64::from(n)).collect(),
        flags: numbers()
            .map(|n| [None, Some(true), Some(false)][usize::try_from(n % 3).unwrap()])
            .collect(),
    }
}

impl Made {
    fn part(&self) -> Part<'_> {
        let text = |values| Codes {
            values,
            codes: &self.codes,
        };
        Part {
            product_code: text(&["A", "B", "C"]),
            purpose: text(&["purchase", "refinance", "cash-out"]),
            zip: text(&["00501", "92649", "99950"]),
            county_fips: Codes {
                values: &["06059", "36103"],
                codes: &self.counties,
            },
            state: text(&["NY", "CA", "AK"]),
            loan_amount_cents: &self.cents,
            home_price_cents: &self.cents,
            ltv_pct_e3: &self.small,
            score: &self.small,
            note_rate_pct_e6: &self.small,
            lock_days: &self.small,
            price_e3: &self.small,
            points_e3: &self.small,
            points_amount_cents: &self.cents,
            fees_amount_cents: &self.cents,
            monthly_payment_cents: &self.cents,
            mortgage_insurance_cents: &self.cents,
            apr_pct_e9: &self.apr,
            is_hpml: &self.flags,
        }
    }
}

fn read(bytes: Vec<u8>) -> (SerializedFileReader<Bytes>, Vec<Row>) {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    let rows = rows.map(Result::unwrap).collect();
    (reader, rows)
}

use bytes::Bytes;

#[test]
fn what_was_written_is_read() {
    let made = made(10_000);
    let bytes = encode_in_groups(&made.part(), &[("spec", "abc")], 4_000).unwrap();
    let (reader, rows) = read(bytes);
    let meta = reader.metadata();
    assert_eq!(meta.num_row_groups(), 3);
    assert_eq!(meta.file_metadata().created_by(), Some("lintel"));
    let pairs = meta.file_metadata().key_value_metadata().unwrap();
    assert_eq!(pairs[0].key, "spec");
    assert_eq!(rows.len(), 10_000);
    for number in [0_usize, 1, 2, 4_001, 9_999] {
        let shown: Vec<String> = rows[number]
            .get_column_iter()
            .map(|(_, field)| field.to_string())
            .collect();
        let pick = |values: [&str; 3]| format!("\"{}\"", values[number % 3]);
        let county = if number % 4 == 0 { "null" } else { "\"36103\"" };
        let flag = ["null", "true", "false"][number % 3];
        let dollars = format!("{}.{:02}", 300_000 + number / 100, number % 100);
        let small = 6_125_000 + number;
        let thousandths = format!("{}.{:03}", small / 1000, small % 1000);
        let expected = [
            pick(["A", "B", "C"]),
            pick(["purchase", "refinance", "cash-out"]),
            pick(["00501", "92649", "99950"]),
            county.to_owned(),
            pick(["NY", "CA", "AK"]),
            dollars.clone(),
            dollars.clone(),
            thousandths.clone(),
            small.to_string(),
            format!("6.{:06}", small - 6_000_000),
            small.to_string(),
            thousandths.clone(),
            thousandths,
            dollars.clone(),
            dollars.clone(),
            dollars.clone(),
            dollars,
            format!("6.{:09}", 250_000_001 + number),
            flag.to_owned(),
        ];
        assert_eq!(shown, expected, "row {number}");
    }
}

#[test]
fn the_same_part_gives_the_same_bytes() {
    let made = made(1_000);
    let first = encode(&made.part(), &[("a", "1"), ("b", "2")]).unwrap();
    assert_eq!(
        first,
        encode(&made.part(), &[("a", "1"), ("b", "2")]).unwrap()
    );
    assert_ne!(
        first,
        encode(&made.part(), &[("a", "1"), ("b", "3")]).unwrap()
    );
}

#[test]
fn a_part_without_rows_is_a_file_with_columns() {
    let made = made(0);
    let (reader, rows) = read(encode(&made.part(), &[]).unwrap());
    assert_eq!(rows.len(), 0);
    let schema = reader.metadata().file_metadata().schema_descr();
    assert_eq!(schema.num_columns(), 19);
}

#[test]
fn negative_figures_keep_their_sign() {
    let mut made = made(3);
    made.small = vec![-1, -999_999_999, 999_999_999];
    made.cents = vec![-1, -999_999_999_999, 999_999_999_999];
    let (_, rows) = read(encode(&made.part(), &[]).unwrap());
    let column = |row: &Row, at: usize| row.get_column_iter().nth(at).unwrap().1.clone();
    let points: Vec<Field> = rows.iter().map(|row| column(row, 12)).collect();
    assert_eq!(points[0].to_string(), "-0.001");
    assert_eq!(points[1].to_string(), "-999999.999");
    assert_eq!(column(&rows[2], 13).to_string(), "9999999999.99");
}

#[test]
fn columns_that_make_no_table_are_refused() {
    let made = made(6);
    let long = "x".repeat(MAX_TEXT + 1);
    let refused = |change: &dyn Fn(&mut Part<'_>)| {
        let mut part = made.part();
        change(&mut part);
        encode(&part, &[]).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&|part| part.state.values = &["CA"]),
        "column state: holds a code without a value"
    );
    assert_eq!(
        refused(&|part| part.zip.codes = &[NO_VALUE; 6]),
        "column zip: holds a code without a value"
    );
    assert_eq!(
        refused(&|part| part.apr_pct_e9 = &[1]),
        "column apr: is not as long as the others"
    );
    assert_eq!(
        refused(&|part| part.price_e3 = &[1_000_000_000; 6]),
        "column price: holds a figure of more than 9 digits"
    );
    assert_eq!(
        refused(&|part| part.loan_amount_cents = &[i64::MIN; 6]),
        "column loan_amount: holds a figure of more than 12 digits"
    );
    let mut part = made.part();
    let values = ["A", "B", long.as_str()];
    part.product_code.values = &values;
    let refused = encode(&part, &[]).unwrap_err().to_string();
    assert_eq!(
        refused,
        "column product_code: holds a text that is too long"
    );
}
