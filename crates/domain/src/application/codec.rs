//! Stored JSON for engine types: money as integer cents, percentages as integers of percent × 10⁹,
//! dates as ISO text. The engine itself knows no serde, so fields name these modules in `with`.
//!
//! The `*_opt` modules write `null` for an absent value; fields using them also say
//! `#[serde(default)]`, because serde cannot see that such a field is optional.

use lintel_engine::date::Date;

/// Reads `YYYY-MM-DD` and nothing looser, so that stored text has one spelling per date.
pub(crate) fn iso_date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    shaped.then(|| Date::parse_iso(text).ok()).flatten()
}

/// Declares a pair of modules, plain and optional, from one conversion each way.
macro_rules! codec {
    ($(#[$meta:meta])* $plain:ident, $(#[$ometa:meta])* $optional:ident, $type:ty, $stored:ty,
     |$out:ident| $to:expr, |$in:ident| $from:expr) => {
        $(#[$meta])*
        pub mod $plain {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            /// Writes the stored form.
            ///
            /// # Errors
            /// Only what the serializer reports.
            pub fn serialize<S: Serializer>($out: &$type, to: S) -> Result<S::Ok, S::Error> {
                $to.serialize(to)
            }

            /// Reads the stored form.
            ///
            /// # Errors
            /// When the stored value is of another kind or outside the type's range.
            pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                let $in = <$stored>::deserialize(from)?;
                $from.ok_or_else(|| serde::de::Error::custom("stored value out of range"))
            }
        }

        $(#[$ometa])*
        pub mod $optional {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            /// Writes the stored form, `null` when absent.
            ///
            /// # Errors
            /// Only what the serializer reports.
            pub fn serialize<S: Serializer>(
                value: &Option<$type>,
                to: S,
            ) -> Result<S::Ok, S::Error> {
                value.as_ref().map(|$out| $to).serialize(to)
            }

            /// Reads the stored form; `null` is absent.
            ///
            /// # Errors
            /// When the stored value is of another kind or outside the type's range.
            pub fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<Option<$type>, D::Error> {
                Option::<$stored>::deserialize(from)?
                    .map(|$in| {
                        $from.ok_or_else(|| serde::de::Error::custom("stored value out of range"))
                    })
                    .transpose()
            }
        }
    };
}

codec!(
    /// Money as integer cents.
    cents,
    /// Money as integer cents, or `null`.
    cents_opt,
    lintel_engine::money::Cents,
    i64,
    |value| value.get(),
    |stored| Some(lintel_engine::money::Cents::new(stored))
);

codec!(
    /// A percentage as an integer of percent × 10⁹.
    pct,
    /// A percentage as an integer of percent × 10⁹, or `null`.
    pct_opt,
    lintel_engine::rate::Pct,
    i64,
    |value| value.e9(),
    |stored| Some(lintel_engine::rate::Pct::new(stored))
);

codec!(
    /// A civil date as `YYYY-MM-DD`.
    date,
    /// A civil date as `YYYY-MM-DD`, or `null`.
    date_opt,
    lintel_engine::date::Date,
    String,
    |value| value.to_string(),
    |stored| super::iso_date(&stored)
);

codec!(
    /// A birth date and the like: stored as `YYYY-MM-DD`, redacted everywhere else.
    secret_date,
    /// A birth date and the like, or `null`.
    secret_date_opt,
    crate::application::sensitive::Sensitive<lintel_engine::date::Date>,
    String,
    |value| value.expose().to_string(),
    |stored| super::iso_date(&stored).map(crate::application::sensitive::Sensitive::new)
);
