//! Decisions of the rules for higher-priced loans that look at the amount of the loan alone.

use crate::money::Cents;

/// True when the principal at consummation is more than the conforming `limit`, 12 CFR
/// 1026.35(a)(1)(ii). The limit is the one in effect on the day the interest rate is set, not on the
/// day of consummation. A loan of exactly the limit is within it.
#[must_use]
pub fn exceeds_conforming_limit(principal: Cents, limit: Cents) -> bool {
    principal > limit
}

/// True when the appraisal rule for higher-priced loans is waived because the credit is equal to or
/// less than the threshold amount `up_to` in force at consummation, 12 CFR 1026.35(c)(2)(ii).
#[must_use]
pub fn appraisal_waived(credit: Cents, up_to: Cents) -> bool {
    credit <= up_to
}
