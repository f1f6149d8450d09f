//! Index, margin and caps of an adjustable rate.

use lintel_domain::application::terms::Arm;

use crate::finding::{Code, Severity};
use crate::tree::Part;

/// Reads the rate adjustment; `None` when the document says nothing about one.
///
/// Underwriting requests as a rule name a plan and leave the caps out.
pub(super) fn read(loan: Part<'_>) -> Option<Arm> {
    let adjustment = loan.at("ADJUSTMENT/INTEREST_RATE_ADJUSTMENT");
    let index = adjustment.at("INDEX_RULES/INDEX_RULE");
    let life = adjustment.at("INTEREST_RATE_LIFETIME_ADJUSTMENT_RULE");
    let described = index.text("IndexSourceTypeOtherDescription");
    let mut arm = Arm {
        index: index.text("IndexType"),
        index_source: index.text("IndexSourceType"),
        index_description: described.or_else(|| index.text("IndexTypeOtherDescription")),
        index_rate_pct_e9: loan
            .at("TERMS_OF_LOAN")
            .percent("DisclosedIndexRatePercent"),
        margin_pct_e9: life.percent("MarginRatePercent"),
        initial_fixed_months: loan
            .at("LOAN_DETAIL")
            .count("InitialFixedPeriodEffectiveMonthsCount")
            .or_else(|| life.count("FirstRateChangeMonthsCount")),
        lifetime_cap_pct_e9: life.percent("MaximumIncreaseRatePercent"),
        ceiling_rate_pct_e9: life.percent("CeilingRatePercent"),
        floor_rate_pct_e9: life.percent("FloorRatePercent"),
        plan_id: loan
            .at("INVESTOR_LOAN_INFORMATION")
            .text("InvestorProductPlanIdentifier"),
        ..Arm::default()
    };
    read_caps(adjustment, &mut arm);
    (arm != Arm::default()).then_some(arm)
}

fn read_caps(adjustment: Part<'_>, arm: &mut Arm) {
    let path = "INTEREST_RATE_PER_CHANGE_ADJUSTMENT_RULES/INTEREST_RATE_PER_CHANGE_ADJUSTMENT_RULE";
    for rule in adjustment.every(path) {
        let cap = rule.percent("PerChangeMaximumIncreaseRatePercent");
        let frequency = rule.count("PerChangeRateAdjustmentFrequencyMonthsCount");
        let kind = rule.text("AdjustmentRuleType");
        let slot = match kind.as_deref() {
            Some("First") => &mut arm.first_cap_pct_e9,
            Some("Subsequent") => {
                arm.change_frequency_months = arm.change_frequency_months.or(frequency);
                &mut arm.later_cap_pct_e9
            }
            Some(_) | None => {
                let message = "The rule is neither First nor Subsequent; it was left out.";
                rule.report(Code::EnumUnknown, Severity::Warning, message);
                continue;
            }
        };
        match (&slot, cap) {
            (Some(known), Some(other)) if *known != other => {
                let message = "Two rules of the same kind have different caps; the first was kept.";
                rule.report(Code::Conflict, Severity::Warning, message);
            }
            _ => *slot = slot.or(cap),
        }
    }
}
