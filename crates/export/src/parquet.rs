//! One part of a rate card as a Parquet file.
//!
//! The column writer of the `parquet` crate is used as it is, without Arrow, whose arrays our
//! columns would only be copied into. Money and rates are DECIMAL, so that a query engine shows
//! 6.125 and adds up exactly. The same part gives the same bytes: there is no time in the file and
//! the writer's name is fixed.

mod columns;

use std::ops::Range;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::ExportError;
use columns::{Field, SCHEMA, columns};

/// Rows of a row group: what a reader takes at once, and what is held encoded at a time.
pub const ROW_GROUP_ROWS: usize = 1 << 20;
/// Longest value of a text column, in bytes.
pub const MAX_TEXT: usize = 256;
/// A code that means "no value", in columns that allow it.
pub const NO_VALUE: u32 = u32::MAX;

/// A text column: the values that occur, and for each row the place of its value.
#[derive(Debug, Clone, Copy)]
pub struct Codes<'a> {
    /// The values, each at most [`MAX_TEXT`] bytes. Values that no row uses are not written.
    pub values: &'a [&'a str],
    /// For each row a place in `values`.
    pub codes: &'a [u32],
}

/// A part of a rate card, column by column; all columns have one entry a row.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The lender's code of the product.
    pub product_code: Codes<'a>,
    /// Purpose of the loan.
    pub purpose: Codes<'a>,
    /// Five digits.
    pub zip: Codes<'a>,
    /// Five digits; [`NO_VALUE`] where a ZIP code lies in no county, as military mail does.
    pub county_fips: Codes<'a>,
    /// Two letters.
    pub state: Codes<'a>,
    /// Written as `loan_amount`, DECIMAL(12,2).
    pub loan_amount_cents: &'a [i64],
    /// Price or value of the home; written as `home_price`, DECIMAL(12,2).
    pub home_price_cents: &'a [i64],
    /// Loan to value in thousandths of a percent; written as `ltv`, DECIMAL(9,3), in percent.
    pub ltv_pct_e3: &'a [i32],
    /// Credit score.
    pub score: &'a [i32],
    /// Millionths of a percent; written as `note_rate`, DECIMAL(9,6), in percent.
    pub note_rate_pct_e6: &'a [i32],
    /// Days the rate is locked.
    pub lock_days: &'a [i32],
    /// Thousandths; written as `price`, DECIMAL(9,3), in percent of the loan.
    pub price_e3: &'a [i32],
    /// Thousandths; written as `points`, DECIMAL(9,3). Negative is a credit to the borrower.
    pub points_e3: &'a [i32],
    /// Written as `points_amount`, DECIMAL(12,2).
    pub points_amount_cents: &'a [i64],
    /// Fees that are finance charges; written as `fees_amount`, DECIMAL(12,2).
    pub fees_amount_cents: &'a [i64],
    /// First payment of principal and interest; written as `monthly_payment`, DECIMAL(12,2).
    pub monthly_payment_cents: &'a [i64],
    /// First month's premium; written as `mortgage_insurance`, DECIMAL(12,2).
    pub mortgage_insurance_cents: &'a [i64],
    /// Billionths of a percent; written as `apr`, DECIMAL(12,9), in percent.
    pub apr_pct_e9: &'a [i64],
    /// Higher-priced mortgage loan; unknown where no average prime offer rate was at hand.
    pub is_hpml: &'a [Option<bool>],
}

/// Encodes a part; `meta` goes into the file's own key-value list, in the order given.
///
/// A part without rows becomes a file with columns and no row group. Errors: columns of unequal
/// length, a code without a value, a figure its DECIMAL cannot hold.
pub fn encode(part: &Part<'_>, meta: &[(&str, &str)]) -> Result<Vec<u8>, ExportError> {
    encode_in_groups(part, meta, ROW_GROUP_ROWS)
}

fn encode_in_groups(
    part: &Part<'_>,
    meta: &[(&str, &str)],
    group_rows: usize,
) -> Result<Vec<u8>, ExportError> {
    let columns = columns(part)?;
    let rows = part.score.len();
    let schema = parse_message_type(SCHEMA).map_err(refused)?;
    let mut file = Vec::new();
    let properties = Arc::new(properties(meta));
    let mut writer =
        SerializedFileWriter::new(&mut file, Arc::new(schema), properties).map_err(refused)?;
    let mut start = 0;
    while start < rows {
        let end = start.saturating_add(group_rows).min(rows);
        write_group(&mut writer, &columns, start..end)?;
        start = end;
    }
    writer.close().map_err(refused)?;
    Ok(file)
}

fn write_group<W: std::io::Write + Send>(
    writer: &mut SerializedFileWriter<W>,
    columns: &[Field<'_>],
    rows: Range<usize>,
) -> Result<(), ExportError> {
    let mut group = writer.next_row_group().map_err(refused)?;
    for column in columns {
        let missing =
            || ExportError::Encoding("the file has fewer columns than the part".to_owned());
        let mut open = group.next_column().map_err(refused)?.ok_or_else(missing)?;
        column.write(&mut open, rows.clone()).map_err(refused)?;
        open.close().map_err(refused)?;
    }
    group.close().map_err(refused)?;
    Ok(())
}

/// zstd, see `docs/dependencies.md` for what was measured.
fn properties(meta: &[(&str, &str)]) -> WriterProperties {
    let pair = |(key, value): &(&str, &str)| KeyValue::new((*key).to_owned(), (*value).to_owned());
    WriterProperties::builder()
        .set_created_by("lintel".to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata((!meta.is_empty()).then(|| meta.iter().map(pair).collect()))
        .build()
}

fn refused(error: parquet::errors::ParquetError) -> ExportError {
    ExportError::Encoding(error.to_string())
}

#[cfg(test)]
mod tests;
