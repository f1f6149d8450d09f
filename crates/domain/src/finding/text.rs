//! How findings read in a log: without the values that were sent.

use std::fmt;

use super::{Bound, CreditRule, Finding};

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(cents) => write!(f, "{cents}"),
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Months(months) => write!(f, "{months} months"),
            Self::Years(years) => write!(f, "{years} years"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

impl fmt::Display for CreditRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::Malformed => f.write_str("cannot be read"),
            Self::Unknown => f.write_str("is not in its list"),
            Self::Retired => f.write_str("is not offered any more"),
            Self::CheckDigit => f.write_str("has a wrong check digit"),
            Self::TooSmall(least) => write!(f, "is below {least}"),
            Self::TooLarge(most) => write!(f, "is above {most}"),
            Self::TooLong(most) => write!(f, "is longer than {most}"),
            Self::TooShort(least) => write!(f, "is shorter than {least}"),
            Self::InThePast => f.write_str("lies in the past"),
            Self::InTheFuture => f.write_str("lies in the future"),
            Self::Conflict => f.write_str("contradicts another field"),
            Self::Mismatch => f.write_str("lies elsewhere"),
            Self::Duplicate => f.write_str("is there twice"),
            Self::NotOffered => f.write_str("is not offered"),
            Self::LimitExceeded { value, limit } => write!(f, "is {value}, above {limit}"),
            Self::PaperMissing { document_type } => write!(f, "{document_type} is missing"),
            Self::NotAllowedNow => f.write_str("is not allowed now"),
            Self::Expired => f.write_str("is over"),
            Self::NotDone => f.write_str("has not been done"),
            Self::Failed => f.write_str("could not be done"),
            Self::NotPublic => f.write_str("is not public"),
            Self::Unsupported => f.write_str("is not supported"),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.field)?;
        if let Some(place) = self.place {
            write!(f, " of entry {}", place + 1)?;
        }
        write!(f, " {}", self.rule)
    }
}
