//! Index, margin and caps of an adjustable rate.

use lintel_domain::application::terms::Arm;
use lintel_engine::rate::Pct;

use super::draft::{Draft, Id};

/// Writes the rate adjustment of a loan.
pub(super) fn write<'a>(draft: &mut Draft<'a>, loan: Id, arm: &'a Arm) {
    let Arm {
        index,
        index_source,
        index_description,
        index_family_description,
        index_source_description,
        index_rate_pct_e9,
        margin_pct_e9,
        initial_fixed_months,
        first_change_months,
        first_rule_frequency_months,
        change_frequency_months,
        first_cap_pct_e9,
        later_cap_pct_e9,
        lifetime_cap_pct_e9,
        ceiling_rate_pct_e9,
        floor_rate_pct_e9,
        plan_id,
    } = arm;
    let adjustment = draft.at(loan, "ADJUSTMENT/INTEREST_RATE_ADJUSTMENT");
    let rule = draft.at(adjustment, "INDEX_RULES/INDEX_RULE");
    draft.text(rule, "IndexSourceType", index_source.as_ref());
    // The one description is that of the series, else of the family; alone, it is the series'.
    let series = match index_family_description {
        None => index_source_description
            .as_ref()
            .or(index_description.as_ref()),
        Some(_) => index_source_description.as_ref(),
    };
    draft.text(rule, "IndexSourceTypeOtherDescription", series);
    draft.text(rule, "IndexType", index.as_ref());
    draft.text(
        rule,
        "IndexTypeOtherDescription",
        index_family_description.as_ref(),
    );
    let life = draft.at(adjustment, "INTEREST_RATE_LIFETIME_ADJUSTMENT_RULE");
    draft.percent(life, "CeilingRatePercent", *ceiling_rate_pct_e9);
    draft.count(life, "FirstRateChangeMonthsCount", *first_change_months);
    draft.percent(life, "FloorRatePercent", *floor_rate_pct_e9);
    draft.percent(life, "MarginRatePercent", *margin_pct_e9);
    draft.percent(life, "MaximumIncreaseRatePercent", *lifetime_cap_pct_e9);
    cap(
        draft,
        adjustment,
        "First",
        (*first_cap_pct_e9, *first_rule_frequency_months),
    );
    let later = (*later_cap_pct_e9, *change_frequency_months);
    cap(draft, adjustment, "Subsequent", later);
    let detail = draft.at(loan, "LOAN_DETAIL");
    // The same number with the rules of adjustment says it already.
    let initial = initial_fixed_months.filter(|months| *first_change_months != Some(*months));
    draft.count(detail, "InitialFixedPeriodEffectiveMonthsCount", initial);
    let terms = draft.at(loan, "TERMS_OF_LOAN");
    draft.percent(terms, "DisclosedIndexRatePercent", *index_rate_pct_e9);
    let investor = draft.at(loan, "INVESTOR_LOAN_INFORMATION");
    draft.text(investor, "InvestorProductPlanIdentifier", plan_id.as_ref());
}

fn cap(
    draft: &mut Draft<'_>,
    adjustment: Id,
    kind: &'static str,
    (cap, frequency): (Option<Pct>, Option<u32>),
) {
    if cap.is_none() && frequency.is_none() {
        return;
    }
    let rules = draft.at(adjustment, "INTEREST_RATE_PER_CHANGE_ADJUSTMENT_RULES");
    let rule = draft.add(rules, "INTEREST_RATE_PER_CHANGE_ADJUSTMENT_RULE");
    draft.fixed(rule, "AdjustmentRuleType", kind);
    draft.percent(rule, "PerChangeMaximumIncreaseRatePercent", cap);
    draft.count(
        rule,
        "PerChangeRateAdjustmentFrequencyMonthsCount",
        frequency,
    );
}
