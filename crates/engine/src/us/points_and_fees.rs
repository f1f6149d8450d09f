//! Points and fees of a closed-end loan, 12 CFR 1026.32(b)(1) and 15 USC 1602(bb)(4), (ee).
//!
//! Not the finance charge: interest and mortgage insurance after closing stay out, charges of
//! 1026.4(c)(7) come in when an affiliate is paid, and so do an originator's pay and prepayment
//! penalties. The limits they are held against are in [`crate::us::price_tests`].

use crate::error::{EngineError, Problem};
use crate::money::{Cents, Rounding};
use crate::names::names;
use crate::rate::Pct;

/// How a type of charge counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointsKind {
    /// Interest or a time-price differential: never, (b)(1)(i)(A).
    Interest,
    /// Premium or fee of a federal or state programme: never, (b)(1)(i)(B).
    GovernmentInsurance,
    /// Private mortgage insurance paid at closing: the part above the FHA's up-front premium, and
    /// all of it when it is not refunded pro rata, (b)(1)(i)(C).
    PrivateInsurance,
    /// An item of the finance charge: unless a third party is paid, (b)(1)(i) and (i)(D).
    FinanceCharge,
    /// Discount points: less the bona fide ones, (b)(1)(i)(E), (F).
    DiscountPoints,
    /// Pay of a loan originator who is not the creditor's employee: always, (b)(1)(ii).
    OriginatorCompensation,
    /// A charge of 1026.4(c)(7): unless reasonable, without gain to the creditor, and not to an
    /// affiliate, (b)(1)(iii).
    RealEstate,
    /// Credit life, disability, unemployment or property insurance and debt cancellation paid at
    /// closing, (b)(1)(iv).
    CreditInsurance,
    /// The most that may be asked for paying early, or what refinancing with the same creditor
    /// costs, (b)(1)(v), (vi).
    PrepaymentPenalty,
    /// Nothing of the kind: taxes, property insurance, recording fees.
    Never,
}

names!(PointsKind, "points_and_fees" {
    Interest = "interest",
    GovernmentInsurance = "government_insurance",
    PrivateInsurance = "private_insurance",
    FinanceCharge = "finance_charge",
    DiscountPoints = "discount_points",
    OriginatorCompensation = "originator_compensation",
    RealEstate = "real_estate",
    CreditInsurance = "credit_insurance",
    PrepaymentPenalty = "prepayment_penalty",
    Never = "never",
});

/// Who receives a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaidTo {
    /// The creditor.
    Creditor,
    /// An affiliate of the creditor or of the originator.
    Affiliate,
    /// A loan originator.
    Originator,
    /// Somebody else.
    ThirdParty,
}

/// One charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointsItem {
    /// Its amount, zero or more.
    pub amount: Cents,
    /// How it counts.
    pub kind: PointsKind,
    /// Who receives it.
    pub paid_to: PaidTo,
    /// Part a creditor, originator or affiliate keeps of what a third party is paid; it counts.
    pub retained: Cents,
    /// A real-estate charge that is not reasonable counts whoever is paid.
    pub reasonable: bool,
    /// Private mortgage insurance that is refunded pro rata when the loan is repaid early.
    pub refundable: bool,
}

impl PointsItem {
    /// A reasonable charge of which nobody keeps a part.
    #[must_use]
    pub const fn new(amount: Cents, kind: PointsKind, paid_to: PaidTo) -> Self {
        Self {
            amount,
            kind,
            paid_to,
            retained: Cents::ZERO,
            reasonable: true,
            refundable: true,
        }
    }
}

/// What the exclusions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointsScene {
    /// The amount a point is one percent of.
    pub loan_amount: Cents,
    /// Rate before the discount, less the average prime offer rate, in points; none when there is
    /// no bona fide discount or the spread is unknown: nothing is excluded then.
    pub undiscounted_spread: Option<Pct>,
    /// Up-front premium of the FHA in percent, the part of private insurance that stays out.
    pub fha_upfront: Pct,
    /// Steps of the bona fide exclusion, the most generous first: points that may be left out, and
    /// the spread up to which they may.
    pub bona_fide: [BonaFide; 2],
}

/// A step of the bona fide discount-point exclusion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BonaFide {
    /// Points that may be left out.
    pub points: Pct,
    /// Most the undiscounted rate may exceed the average prime offer rate by.
    pub spread_up_to: Pct,
}

/// Points and fees, and what was left out of the charges given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsAndFees {
    /// What counts.
    pub total: Cents,
    /// What counts of each charge, in their order, before the bona fide exclusion.
    pub counted: Vec<Cents>,
    /// Bona fide discount points left out.
    pub bona_fide_excluded: Cents,
}

/// Most charges of one loan.
const MAX_ITEMS: usize = 1000;

/// Adds up the points and fees.
///
/// # Errors
/// A negative amount or percentage, more than 1,000 charges, more retained than charged, or a sum
/// beyond the bound of [`Cents`].
pub fn points_and_fees(
    items: &[PointsItem],
    scene: &PointsScene,
) -> Result<PointsAndFees, EngineError> {
    if items.len() > MAX_ITEMS {
        return Err(EngineError::new("fees", Problem::TooMany { limit: 1000 }));
    }
    if !scene.loan_amount.is_positive() {
        return Err(EngineError::new("loan_amount", Problem::MustBePositive));
    }
    let overflow = EngineError::too_large("amount");
    // Half up: the premium itself is charged to the cent.
    let insurance_free = scene
        .loan_amount
        .percent(scene.fha_upfront, Rounding::HalfUp)
        .ok_or(overflow)?;
    let mut insurance_left = insurance_free;
    let mut counted = Vec::with_capacity(items.len());
    for item in items {
        counted.push(count(item, &mut insurance_left)?);
    }
    let discount = items
        .iter()
        .zip(&counted)
        .filter(|(item, _)| item.kind == PointsKind::DiscountPoints)
        .map(|(_, amount)| *amount);
    let discount = Cents::try_sum(discount).map_err(|_| overflow)?;
    let bona_fide_excluded = discount.min(bona_fide_limit(scene)?);
    let total = Cents::try_sum(counted.iter().copied())
        .ok()
        .and_then(|sum| sum.checked_sub(bona_fide_excluded))
        .ok_or(overflow)?;
    Ok(PointsAndFees {
        total,
        counted,
        bona_fide_excluded,
    })
}

fn count(item: &PointsItem, insurance_left: &mut Cents) -> Result<Cents, EngineError> {
    if item.amount.is_negative() || item.retained.is_negative() {
        return Err(EngineError::new("amount", Problem::MustNotBeNegative));
    }
    if item.retained > item.amount {
        let why = "must not be more than the charge";
        return Err(EngineError::new("retained", Problem::Inconsistent(why)));
    }
    let inside = item.paid_to != PaidTo::ThirdParty;
    Ok(match item.kind {
        PointsKind::Interest | PointsKind::GovernmentInsurance | PointsKind::Never => Cents::ZERO,
        PointsKind::OriginatorCompensation
        | PointsKind::CreditInsurance
        | PointsKind::PrepaymentPenalty
        | PointsKind::DiscountPoints => item.amount,
        PointsKind::FinanceCharge if inside => item.amount,
        PointsKind::FinanceCharge => item.retained,
        PointsKind::RealEstate => {
            // Pay to the creditor itself is compensation it receives.
            let plain = item.reasonable && item.retained.is_zero() && !inside;
            if plain { Cents::ZERO } else { item.amount }
        }
        PointsKind::PrivateInsurance if item.refundable => {
            let free = item.amount.min(*insurance_left);
            let overflow = EngineError::too_large("amount");
            *insurance_left = insurance_left.checked_sub(free).ok_or(overflow)?;
            item.amount.checked_sub(free).ok_or(overflow)?
        }
        PointsKind::PrivateInsurance => item.amount,
    })
}

/// Most discount points that may be left out, in money.
fn bona_fide_limit(scene: &PointsScene) -> Result<Cents, EngineError> {
    let Some(spread) = scene.undiscounted_spread else {
        return Ok(Cents::ZERO);
    };
    let points = scene
        .bona_fide
        .iter()
        .filter(|step| spread <= step.spread_up_to)
        .map(|step| step.points)
        .max()
        .unwrap_or(Pct::ZERO);
    // Down: no more than the points may be left out.
    scene
        .loan_amount
        .percent(points.max(Pct::ZERO), Rounding::Down)
        .ok_or(EngineError::too_large("loan_amount"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pct(text: &str) -> Pct {
        Pct::parse_decimal(text).unwrap()
    }

    fn scene(spread: Option<&str>) -> PointsScene {
        let step = |points, spread| BonaFide {
            points: pct(points),
            spread_up_to: pct(spread),
        };
        PointsScene {
            loan_amount: Cents::new(20_000_000),
            undiscounted_spread: spread.map(pct),
            fha_upfront: pct("1.75"),
            bona_fide: [step("2", "1"), step("1", "2")],
        }
    }

    fn total(items: &[PointsItem], spread: Option<&str>) -> i64 {
        points_and_fees(items, &scene(spread)).unwrap().total.get()
    }

    fn item(amount: i64, kind: PointsKind, paid_to: PaidTo) -> PointsItem {
        PointsItem::new(Cents::new(amount), kind, paid_to)
    }

    #[test]
    fn usc_1602_ee_bona_fide_points_by_spread() {
        let points = [item(600_000, PointsKind::DiscountPoints, PaidTo::Creditor)];
        // Three points on 200,000: two are left out up to 1 point over APOR, one up to 2.
        assert_eq!(total(&points, Some("1")), 200_000);
        assert_eq!(total(&points, Some("1.000000001")), 400_000);
        assert_eq!(total(&points, Some("2")), 400_000);
        assert_eq!(total(&points, Some("2.1")), 600_000);
        assert_eq!(total(&points, Some("-0.5")), 200_000);
        assert_eq!(total(&points, None), 600_000);
    }

    #[test]
    fn affiliates_and_retained_parts_count() {
        use PointsKind::{FinanceCharge, RealEstate};
        assert_eq!(
            total(&[item(50_000, RealEstate, PaidTo::ThirdParty)], None),
            0
        );
        assert_eq!(
            total(&[item(50_000, RealEstate, PaidTo::Affiliate)], None),
            50_000
        );
        let padded = PointsItem {
            reasonable: false,
            ..item(50_000, RealEstate, PaidTo::ThirdParty)
        };
        assert_eq!(total(&[padded], None), 50_000);
        let kept = PointsItem {
            retained: Cents::new(700),
            ..item(5000, FinanceCharge, PaidTo::ThirdParty)
        };
        assert_eq!(total(&[kept], None), 700);
        assert_eq!(
            total(&[item(5000, FinanceCharge, PaidTo::Creditor)], None),
            5000
        );
    }

    #[test]
    fn insurance_and_interest_stay_out_as_far_as_they_may() {
        use PointsKind::{GovernmentInsurance, Interest, PrivateInsurance};
        let outside = |amount, kind| item(amount, kind, PaidTo::ThirdParty);
        assert_eq!(total(&[outside(350_000, GovernmentInsurance)], None), 0);
        assert_eq!(total(&[outside(99_000, Interest)], None), 0);
        // 1.75 % of 200,000 is 3,500, once for all premiums together.
        let two = [
            outside(300_000, PrivateInsurance),
            outside(100_000, PrivateInsurance),
        ];
        assert_eq!(total(&two, None), 50_000);
        let kept = PointsItem {
            refundable: false,
            ..outside(300_000, PrivateInsurance)
        };
        assert_eq!(total(&[kept], None), 300_000);
    }

    #[test]
    fn refuses_more_retained_than_charged() {
        let bad = PointsItem {
            retained: Cents::new(2),
            ..item(1, PointsKind::FinanceCharge, PaidTo::ThirdParty)
        };
        assert_eq!(
            points_and_fees(&[bad], &scene(None)).unwrap_err().field,
            "retained"
        );
        let bad = item(-1, PointsKind::Never, PaidTo::Creditor);
        assert_eq!(
            points_and_fees(&[bad], &scene(None)).unwrap_err().field,
            "amount"
        );
    }
}
