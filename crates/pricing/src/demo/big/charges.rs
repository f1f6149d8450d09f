//! Charges of the large invented catalogue.

use lintel_domain::fee::{FinanceChargeRule, LeSection};
use lintel_domain::loan::Purpose;
use lintel_engine::bands::{Band, Step};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::programs::conventional_mi::CardRow;

use crate::catalogue::{Estimate, EstimateOf, Fee, FeeAmount, FeeTier, MiCard, PerOf};
use crate::when::{Selector, When};

use super::{Dice, Map, milli};

/// Charges of the whole country by type and section.
const COMMON: [(&str, LeSection, i64); 12] = [
    ("UnderwritingFee", LeSection::A, 895),
    ("ProcessingFee", LeSection::A, 450),
    ("AppraisalFee", LeSection::B, 560),
    ("CreditReportFee", LeSection::B, 70),
    ("FloodCertification", LeSection::B, 11),
    ("TaxServiceFee", LeSection::B, 84),
    ("SettlementFee", LeSection::C, 430),
    ("TitleNotaryFee", LeSection::C, 140),
    ("SurveyFee", LeSection::C, 310),
    ("RecordingFeeForMortgage", LeSection::E, 150),
    ("RecordingFeeForDeed", LeSection::E, 55),
    ("TitleOwnersCoveragePremium", LeSection::H, 640),
];

fn fee(position: usize, (name, mismo_type): (String, &str), section: LeSection) -> Fee {
    Fee {
        position: i64::try_from(position).unwrap_or(i64::MAX),
        name,
        mismo_type: mismo_type.to_owned(),
        mismo_type_other: None,
        section,
        amount: FeeAmount::Flat(Cents::ZERO),
        min: None,
        max: None,
        finance_charge: FinanceChargeRule::ByType,
        reason: None,
        products: Selector::default(),
        when: When::default(),
        days: None,
    }
}

const fn dollars(amount: i64) -> Cents {
    Cents::new(amount.saturating_mul(100))
}

/// Sixty or so charges: those of the country, and some for states, counties and purposes.
pub(super) fn fees(dice: &mut Dice, map: &Map) -> Vec<Fee> {
    let common = COMMON.iter().map(|(mismo_type, section, amount)| Fee {
        amount: FeeAmount::Flat(dollars(*amount)),
        ..fee(0, ((*mismo_type).to_owned(), mismo_type), *section)
    });
    let mut fees: Vec<Fee> = common.collect();
    fees.push(Fee {
        amount: FeeAmount::Percent {
            rate: milli(125),
            of: PerOf::Loan,
        },
        min: Some(dollars(500)),
        max: Some(dollars(4_000)),
        ..fee(
            0,
            ("Origination".to_owned(), "LoanOriginationFee"),
            LeSection::A,
        )
    });
    fees.push(Fee {
        amount: FeeAmount::InterestDays(15),
        ..fee(
            0,
            ("Prepaid interest".to_owned(), "PrepaidInterest"),
            LeSection::F,
        )
    });
    fees.push(Fee {
        amount: title_tiers(),
        ..fee(
            0,
            ("Lender's policy".to_owned(), "TitleLendersCoveragePremium"),
            LeSection::C,
        )
    });
    fees.extend(local_fees(dice, map));
    for (position, fee) in fees.iter_mut().enumerate() {
        fee.position = i64::try_from(position).unwrap_or(i64::MAX);
    }
    fees
}

/// Taxes of states, stamps of counties.
fn local_fees(dice: &mut Dice, map: &Map) -> Vec<Fee> {
    let mut fees = Vec::new();
    for number in 0..30 {
        let state = dice.one(&map.states);
        fees.push(Fee {
            amount: FeeAmount::Percent {
                rate: milli(
                    i64::try_from(dice.below(500))
                        .unwrap_or(0)
                        .saturating_add(1),
                ),
                of: PerOf::Loan,
            },
            when: When {
                states: state.into_iter().collect(),
                purposes: vec![Purpose::Purchase, Purpose::RefinanceCashOut],
                ..When::default()
            },
            ..fee(
                0,
                (format!("State tax {number}"), "TaxStampForStateMortgage"),
                LeSection::E,
            )
        });
    }
    for number in 0..15 {
        let drawn = dice.one(&map.counties);
        fees.push(Fee {
            amount: FeeAmount::Flat(dollars(i64::try_from(dice.below(200)).unwrap_or(0))),
            when: When {
                counties: drawn.into_iter().map(|(_, county)| county).collect(),
                ..When::default()
            },
            ..fee(
                0,
                (
                    format!("County stamp {number}"),
                    "TaxStampForCountyMortgage",
                ),
                LeSection::E,
            )
        });
    }
    fees
}

fn title_tiers() -> FeeAmount {
    let tier = |over: Option<i64>, up_to: Option<i64>, flat: i64, rate: i64| FeeTier {
        band: Band {
            over: over.map(dollars),
            up_to: up_to.map(dollars),
        },
        flat: dollars(flat),
        rate: milli(rate),
    };
    FeeAmount::Tiered {
        of: PerOf::Loan,
        tiers: vec![
            tier(None, Some(100_000), 350, 0),
            tier(Some(100_000), Some(500_000), 350, 200),
            tier(Some(500_000), None, 1_150, 100),
        ],
    }
}

/// Taxes and insurance of every state, taxes of some counties.
pub(super) fn estimates(dice: &mut Dice, map: &Map) -> Vec<Estimate> {
    let mut estimates = Vec::new();
    let mut spread = |least: i64, span: usize| {
        milli(
            i64::try_from(dice.below(span))
                .unwrap_or(0)
                .saturating_add(least),
        )
    };
    for of in [EstimateOf::PropertyTax, EstimateOf::Insurance] {
        estimates.push(Estimate {
            of,
            state: None,
            county: None,
            rate: milli(1_000),
            flat: Cents::ZERO,
            days: None,
        });
        for state in &map.states {
            estimates.push(Estimate {
                of,
                state: Some(*state),
                county: None,
                rate: spread(200, 1_800),
                flat: Cents::ZERO,
                days: None,
            });
        }
    }
    for (state, county) in map.counties.iter().step_by(16) {
        estimates.push(Estimate {
            of: EstimateOf::PropertyTax,
            state: Some(*state),
            county: Some(*county),
            rate: spread(200, 2_300),
            flat: Cents::ZERO,
            days: None,
        });
    }
    estimates
}

/// One card over loan to value and score.
pub(super) fn mi_card() -> MiCard {
    let scores = [760_u32, 740, 720, 700, 680, 660, 640, 620];
    let bands = [
        (80_i64, 85_i64, 12_i64),
        (85, 90, 25),
        (90, 95, 30),
        (95, 100, 35),
    ];
    let mut rows = Vec::new();
    for (level, (over, up_to, coverage)) in (0_i64..).zip(bands) {
        for (place, least) in (0_i64..).zip(scores) {
            let above = scores.iter().copied().filter(|score| *score > least).min();
            let annual = 180 + level * 110 + place * (20 + 15 * level);
            rows.push(CardRow {
                ltv: Band {
                    over: Some(milli(over * 1_000)),
                    up_to: Some(milli(up_to * 1_000)),
                },
                score: Step {
                    // The weakest scores pay what the last column says.
                    at_least: (least > 620).then_some(least),
                    below: above,
                },
                term_months: Band::ALL,
                coverage: Pct::new(coverage * Pct::SCALE),
                annual: milli(annual),
            });
        }
    }
    MiCard {
        name: "Invented card".to_owned(),
        products: Selector::default(),
        when: When::default(),
        rows,
        adjusters: Vec::new(),
        days: None,
    }
}
