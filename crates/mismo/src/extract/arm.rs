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
    let source_description = index.text("IndexSourceTypeOtherDescription");
    let family_description = index.text("IndexTypeOtherDescription");
    let first_change_months = life.count("FirstRateChangeMonthsCount");
    let mut arm = Arm {
        index: index.text("IndexType"),
        index_source: index.text("IndexSourceType"),
        index_description: source_description
            .clone()
            .or_else(|| family_description.clone()),
        index_family_description: family_description,
        index_source_description: source_description,
        index_rate_pct_e9: loan
            .at("TERMS_OF_LOAN")
            .percent("DisclosedIndexRatePercent"),
        margin_pct_e9: life.percent("MarginRatePercent"),
        initial_fixed_months: loan
            .at("LOAN_DETAIL")
            .count("InitialFixedPeriodEffectiveMonthsCount")
            .or(first_change_months),
        first_change_months,
        lifetime_cap_pct_e9: life.percent("MaximumIncreaseRatePercent"),
        ceiling_rate_pct_e9: life.percent("CeilingRatePercent"),
        floor_rate_pct_e9: life.percent("FloorRatePercent"),
        plan_id: loan
            .at("INVESTOR_LOAN_INFORMATION")
            .text("InvestorProductPlanIdentifier"),
        ..Arm::default()
    };
    if arm.first_change_months.is_some() && arm.initial_fixed_months == arm.first_change_months {
        // An export cannot tell whether the same number stood here too.
        loan.at("LOAN_DETAIL")
            .keep("InitialFixedPeriodEffectiveMonthsCount");
    }
    read_caps(adjustment, &mut arm);
    (arm != Arm::default()).then_some(arm)
}

/// Reads the first rule of each kind; every other rule is carried over.
fn read_caps(adjustment: Part<'_>, arm: &mut Arm) {
    let path = "INTEREST_RATE_PER_CHANGE_ADJUSTMENT_RULES/INTEREST_RATE_PER_CHANGE_ADJUSTMENT_RULE";
    let (mut has_first, mut has_later) = (false, false);
    for rule in adjustment.every(path) {
        let kind = rule.peek("AdjustmentRuleType");
        let (known, place) = match kind.as_deref() {
            Some("First") => (&mut has_first, 0),
            Some("Subsequent") => (&mut has_later, 1),
            Some(_) | None => {
                let message = "The rule is neither First nor Subsequent; it was left out.";
                rule.report(Code::EnumUnknown, Severity::Warning, message);
                continue;
            }
        };
        if *known {
            let message = "There is another rule of the same kind; the first was kept.";
            rule.report(Code::Conflict, Severity::Warning, message);
            continue;
        }
        *known = true;
        rule.place(place);
        let _ = rule.text("AdjustmentRuleType");
        let cap = rule.percent("PerChangeMaximumIncreaseRatePercent");
        let frequency = rule.count("PerChangeRateAdjustmentFrequencyMonthsCount");
        if place == 0 {
            arm.first_cap_pct_e9 = cap;
            arm.first_rule_frequency_months = frequency;
        } else {
            arm.later_cap_pct_e9 = cap;
            arm.change_frequency_months = frequency;
        }
    }
}
