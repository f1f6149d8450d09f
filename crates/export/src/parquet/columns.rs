//! The columns of a card: their types in the file, what they may hold, and how they are written.

use std::ops::Range;

use bytes::Bytes;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::writer::SerializedColumnWriter;

use super::{Codes, MAX_TEXT, NO_VALUE, Part};
use crate::ExportError;

/// The file's columns, in the order of [`columns`].
pub(super) const SCHEMA: &str = "
message card {
  required binary product_code (STRING);
  required binary purpose (STRING);
  required binary zip (STRING);
  optional binary county_fips (STRING);
  required binary state (STRING);
  required int64 loan_amount (DECIMAL(12,2));
  required int64 home_price (DECIMAL(12,2));
  required int32 ltv (DECIMAL(9,3));
  required int32 score;
  required int32 note_rate (DECIMAL(9,6));
  required int32 lock_days;
  required int32 price (DECIMAL(9,3));
  required int32 points (DECIMAL(9,3));
  required int64 points_amount (DECIMAL(12,2));
  required int64 fees_amount (DECIMAL(12,2));
  required int64 monthly_payment (DECIMAL(12,2));
  required int64 mortgage_insurance (DECIMAL(12,2));
  required int64 apr (DECIMAL(12,9));
  optional boolean is_hpml;
}";

/// Ten to the precision of the DECIMAL columns of either width.
const DECIMAL_9: i32 = 1_000_000_000;
const DECIMAL_12: i64 = 1_000_000_000_000;
/// Values handed to the writer at a time.
const BLOCK: usize = 8192;

/// A column ready to be written.
pub(super) struct Field<'a> {
    name: &'static str,
    content: Content<'a>,
}

enum Content<'a> {
    /// Values made once, so that a row costs a reference and no copy.
    Text {
        values: Vec<ByteArray>,
        codes: &'a [u32],
        is_optional: bool,
    },
    Small(&'a [i32]),
    Large(&'a [i64]),
    Flags(&'a [Option<bool>]),
}

/// The part's columns in the order of [`SCHEMA`], checked.
pub(super) fn columns<'a>(part: &Part<'a>) -> std::result::Result<Vec<Field<'a>>, ExportError> {
    let fields = vec![
        text("product_code", part.product_code, false)?,
        text("purpose", part.purpose, false)?,
        text("zip", part.zip, false)?,
        text("county_fips", part.county_fips, true)?,
        text("state", part.state, false)?,
        decimal_12("loan_amount", part.loan_amount_cents)?,
        decimal_12("home_price", part.home_price_cents)?,
        decimal_9("ltv", part.ltv_pct_e3)?,
        whole("score", part.score),
        decimal_9("note_rate", part.note_rate_pct_e6)?,
        whole("lock_days", part.lock_days),
        decimal_9("price", part.price_e3)?,
        decimal_9("points", part.points_e3)?,
        decimal_12("points_amount", part.points_amount_cents)?,
        decimal_12("fees_amount", part.fees_amount_cents)?,
        decimal_12("monthly_payment", part.monthly_payment_cents)?,
        decimal_12("mortgage_insurance", part.mortgage_insurance_cents)?,
        decimal_12("apr", part.apr_pct_e9)?,
        Field {
            name: "is_hpml",
            content: Content::Flags(part.is_hpml),
        },
    ];
    let rows = part.score.len();
    match fields.iter().find(|field| field.len() != rows) {
        Some(field) => Err(wrong(field.name, "is not as long as the others")),
        None => Ok(fields),
    }
}

fn wrong(column: &'static str, reason: &'static str) -> ExportError {
    ExportError::Column { column, reason }
}

fn text<'a>(
    name: &'static str,
    column: Codes<'a>,
    is_optional: bool,
) -> std::result::Result<Field<'a>, ExportError> {
    if column.values.iter().any(|value| value.len() > MAX_TEXT) {
        return Err(wrong(name, "holds a text that is too long"));
    }
    let known = |code: &u32| {
        (is_optional && *code == NO_VALUE)
            || usize::try_from(*code).is_ok_and(|code| code < column.values.len())
    };
    if !column.codes.iter().all(known) {
        return Err(wrong(name, "holds a code without a value"));
    }
    let shared = |value: &&str| ByteArray::from(Bytes::copy_from_slice(value.as_bytes()));
    Ok(Field {
        name,
        content: Content::Text {
            values: column.values.iter().map(shared).collect(),
            codes: column.codes,
            is_optional,
        },
    })
}

fn whole<'a>(name: &'static str, values: &'a [i32]) -> Field<'a> {
    Field {
        name,
        content: Content::Small(values),
    }
}

fn decimal_9<'a>(
    name: &'static str,
    values: &'a [i32],
) -> std::result::Result<Field<'a>, ExportError> {
    if values.iter().any(|v| *v <= -DECIMAL_9 || *v >= DECIMAL_9) {
        return Err(wrong(name, "holds a figure of more than 9 digits"));
    }
    Ok(whole(name, values))
}

fn decimal_12<'a>(
    name: &'static str,
    values: &'a [i64],
) -> std::result::Result<Field<'a>, ExportError> {
    if values.iter().any(|v| *v <= -DECIMAL_12 || *v >= DECIMAL_12) {
        return Err(wrong(name, "holds a figure of more than 12 digits"));
    }
    Ok(Field {
        name,
        content: Content::Large(values),
    })
}

impl Field<'_> {
    fn len(&self) -> usize {
        match &self.content {
            Content::Text { codes, .. } => codes.len(),
            Content::Small(values) => values.len(),
            Content::Large(values) => values.len(),
            Content::Flags(values) => values.len(),
        }
    }

    /// Writes some rows of this column; the range lies within it.
    pub(super) fn write(
        &self,
        writer: &mut SerializedColumnWriter<'_>,
        rows: Range<usize>,
    ) -> Result<()> {
        match &self.content {
            Content::Text {
                values,
                codes,
                is_optional,
            } => write_text(writer, values, &codes[rows], *is_optional),
            Content::Small(values) => {
                let typed = writer.typed::<Int32Type>();
                typed.write_batch(&values[rows], None, None).map(drop)
            }
            Content::Large(values) => {
                let typed = writer.typed::<Int64Type>();
                typed.write_batch(&values[rows], None, None).map(drop)
            }
            Content::Flags(values) => write_flags(writer, &values[rows]),
        }
    }
}

fn write_text(
    writer: &mut SerializedColumnWriter<'_>,
    values: &[ByteArray],
    codes: &[u32],
    is_optional: bool,
) -> Result<()> {
    let typed = writer.typed::<ByteArrayType>();
    let mut block = Vec::with_capacity(BLOCK);
    let mut levels = Vec::with_capacity(BLOCK);
    for codes in codes.chunks(BLOCK) {
        block.clear();
        levels.clear();
        for code in codes {
            // Checked in `text`: what has no place in the values is the code for no value.
            let value = usize::try_from(*code).ok().and_then(|c| values.get(c));
            levels.push(i16::from(value.is_some()));
            block.extend(value.cloned());
        }
        let levels = is_optional.then_some(levels.as_slice());
        typed.write_batch(&block, levels, None)?;
    }
    Ok(())
}

fn write_flags(writer: &mut SerializedColumnWriter<'_>, flags: &[Option<bool>]) -> Result<()> {
    let typed = writer.typed::<BoolType>();
    let mut block = Vec::with_capacity(BLOCK);
    let mut levels = Vec::with_capacity(BLOCK);
    for flags in flags.chunks(BLOCK) {
        block.clear();
        levels.clear();
        block.extend(flags.iter().copied().flatten());
        levels.extend(flags.iter().map(|flag| i16::from(flag.is_some())));
        typed.write_batch(&block, Some(&levels), None)?;
    }
    Ok(())
}
