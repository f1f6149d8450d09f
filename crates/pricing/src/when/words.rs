//! The parts of a condition that a search fails, in words.

use lintel_domain::scenario::{Flag, LimitClass, PropertyKind};
use lintel_engine::bands::{Band, Step};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::holds::{among_words, criterion_met, in_band};
use super::text::{amount, beside, quoted};
use super::{Facts, When};
use crate::scenario::of_units;

/// A reason with the name of its rule: "LTV 97.00 > 95.00 for second home".
pub(crate) fn named(reason: &str, rule: &str) -> String {
    let rule = rule.trim();
    if rule.is_empty() {
        return reason.to_owned();
    }
    format!("{reason} for {}", inside_a_sentence(rule))
}

/// The name without the capital letter of a heading. Abbreviations, names of programmes and of states
/// keep theirs.
fn inside_a_sentence(name: &str) -> String {
    let first = name.split_whitespace().next().unwrap_or_default();
    let mut rest = first.chars();
    let capital = rest.next().filter(char::is_ascii_uppercase);
    let is_plain = first.len() > 1 && rest.clone().all(|c| c.is_ascii_lowercase() || c == '-');
    let is_state = || {
        let mut states = lintel_places::states().iter();
        states.any(|state| name.starts_with(state.name))
    };
    match capital {
        Some(capital) if is_plain && !is_state() => {
            format!("{}{}", capital.to_ascii_lowercase(), &name[1..])
        }
        Some(_) | None => name.to_owned(),
    }
}

/// A stored word as text: `second_home` is "second home".
fn spoken(word: &str) -> String {
    word.replace('_', " ")
}

impl When {
    /// Every part that does not hold, in words such as "LTV 97.00 > 95.00" or "score 610 < 620".
    #[must_use]
    pub fn failures(&self, facts: &Facts<'_>) -> Vec<String> {
        let mut reasons = Vec::new();
        self.place_failures(facts, &mut reasons);
        self.amount_failures(facts, &mut reasons);
        self.borrower_failures(facts, &mut reasons);
        self.sale_failures(facts, &mut reasons);
        reasons
    }

    fn place_failures(&self, facts: &Facts<'_>, reasons: &mut Vec<String>) {
        let (scenario, place) = (facts.scenario, &facts.scenario.place);
        if !self.purposes.is_empty() && !self.purposes.contains(&scenario.purpose) {
            let purpose = spoken(scenario.purpose.as_str());
            reasons.push(format!("purpose {purpose} not offered"));
        }
        if !self.occupancies.is_empty() && !self.occupancies.contains(&scenario.occupancy) {
            let occupancy = spoken(scenario.occupancy.as_str());
            reasons.push(format!("occupancy {occupancy} not offered"));
        }
        if !self.property_kinds.is_empty() && !self.property_kinds.contains(&scenario.property) {
            let kind = property(scenario.property);
            reasons.push(format!("property {kind} not offered"));
        }
        let state_missing = place
            .state
            .is_none_or(|state| !self.states.contains(&state));
        if (!self.states.is_empty() && state_missing) || !self.holds_outside(facts) {
            reasons.push(not_offered("state", place.state.as_ref()));
        }
        let county_missing = place.county.is_none_or(|one| !self.counties.contains(&one));
        if !self.counties.is_empty() && county_missing {
            reasons.push(not_offered("county", place.county.as_ref()));
        }
        if !self.holds_in_zips(facts) {
            reasons.push(not_offered("ZIP code", place.zip.as_ref()));
        }
        if !self.limits.is_empty() && !self.limits.contains(&facts.limit) {
            reasons.push(self.limit_failure(facts));
        }
        if !self.holds_for_fha(facts) {
            let limit = of_units(&place.fha_limits, scenario.units);
            let sign = if facts.is_within_fha_limit { "<=" } else { ">" };
            let (loan, limit) = (amount(scenario.loan_amount), amount(limit));
            reasons.push(format!("loan amount {loan} {sign} FHA limit {limit}"));
        }
    }

    /// The loan amount against the edge of the nearest class that is offered.
    fn limit_failure(&self, facts: &Facts<'_>) -> String {
        let (scenario, place) = (facts.scenario, &facts.scenario.place);
        let at = |limits: &[Cents; 4]| of_units(limits, scenario.units);
        let baseline = (at(&place.baseline_limits), "baseline limit", "");
        // A figure that only stands in for the county's is not called the county's.
        let county = at(&place.county_limits);
        let county = match (place.has_county_list, place.county) {
            (false, _) => (county, "limit", " (no county list is loaded)"),
            (true, None) => (county, "limit", " (county not known)"),
            (true, Some(_)) => (county, "county limit", ""),
        };
        let high_balance = self.limits.contains(&LimitClass::HighBalance);
        let (is_above, (limit, name, remark)) = match facts.limit {
            LimitClass::AboveLimit if high_balance => (true, county),
            LimitClass::AboveLimit => (true, baseline),
            LimitClass::HighBalance if self.limits.contains(&LimitClass::Conforming) => {
                (true, baseline)
            }
            LimitClass::HighBalance => (false, county),
            LimitClass::Conforming if high_balance => (false, baseline),
            LimitClass::Conforming => (false, county),
        };
        let (sign, loan) = (
            if is_above { ">" } else { "<=" },
            amount(scenario.loan_amount),
        );
        format!("loan amount {loan} {sign} {name} {}{remark}", amount(limit))
    }

    fn amount_failures(&self, facts: &Facts<'_>, reasons: &mut Vec<String>) {
        let scenario = facts.scenario;
        if !in_band(self.loan_amount, scenario.loan_amount) {
            let loan = amount(scenario.loan_amount);
            reasons.extend(beyond(
                self.loan_amount,
                scenario.loan_amount,
                |sign, edge| format!("loan amount {loan} {sign} {}", amount(edge)),
            ));
        }
        for (name, band, value) in [
            ("LTV", self.ltv, facts.ltv),
            ("CLTV", self.cltv, facts.cltv),
            ("HCLTV", self.hcltv, facts.hcltv),
        ] {
            reasons.extend(ratio_failure(name, band, value));
        }
        reasons.extend(facts.dti.and_then(|dti| debt_failure(self.dti, dti)));
        reasons.extend(whole_failure("score", self.score, scenario.score));
        reasons.extend(whole_failure("units", self.units, Some(scenario.units)));
        match facts.lock_days {
            Some(days) => reasons.extend(beyond(self.lock_days, days, |sign, edge| {
                format!("lock of {days} days {sign} {edge}")
            })),
            None if self.lock_days.is_some() => reasons.push("lock not known".to_owned()),
            None => {}
        }
    }

    fn borrower_failures(&self, facts: &Facts<'_>, reasons: &mut Vec<String>) {
        let scenario = facts.scenario;
        let homes = scenario.homes_owned.unwrap_or_default();
        reasons.extend(whole_failure("homes owned", self.homes_owned, Some(homes)));
        for (flag, wanted) in &self.flags {
            if scenario.flags.has(*flag) != *wanted {
                let word = if *wanted { "required" } else { "not allowed" };
                reasons.push(format!("{} {word}", flag_name(*flag)));
            }
        }
        let employed = scenario.employment.map(|e| spoken(e.as_str()));
        let met = |employment| self.employments.contains(&employment);
        if !self.employments.is_empty() && !scenario.employment.is_some_and(met) {
            reasons.push(not_offered("employment", employed.as_ref()));
        }
        let kind = scenario.documentation.as_deref();
        reasons.extend(word_failure("documentation", &self.documentations, kind));
    }

    fn sale_failures(&self, facts: &Facts<'_>, reasons: &mut Vec<String>) {
        let scenario = facts.scenario;
        for (name, wanted, value) in [
            ("channel", &self.channels, &scenario.channel),
            ("sub-channel", &self.sub_channels, &scenario.sub_channel),
            ("branch", &self.branches, &scenario.branch),
        ] {
            reasons.extend(word_failure(name, wanted, value.as_deref()));
        }
        for (name, values) in &self.criteria {
            if !criterion_met(facts, name, values) {
                let mut stated = scenario.criteria.iter();
                let value = stated.find(|(own, _)| own.eq_ignore_ascii_case(name));
                let value = value.map(|(_, value)| quoted(value));
                reasons.push(not_offered(name, value.as_ref()));
            }
        }
    }
}

/// "state NY not offered", "state not known".
fn not_offered(name: &str, value: Option<&impl std::fmt::Display>) -> String {
    match value {
        Some(value) => format!("{name} {value} not offered"),
        None => format!("{name} not known"),
    }
}

fn word_failure(name: &str, wanted: &[String], value: Option<&str>) -> Option<String> {
    if among_words(wanted, value) {
        return None;
    }
    Some(not_offered(name, value.map(quoted).as_ref()))
}

/// The sign and the edge by which a value misses a band.
fn beyond<T: Copy + PartialOrd>(
    band: Option<Band<T>>,
    value: T,
    say: impl Fn(&str, T) -> String,
) -> Option<String> {
    let band = band?;
    let above = band.up_to.filter(|up_to| value > *up_to);
    let below = band.over.filter(|over| value <= *over);
    match (above, below) {
        (Some(edge), _) => Some(say(">", edge)),
        (None, Some(edge)) => Some(say("<=", edge)),
        (None, None) => None,
    }
}

fn ratio_failure(name: &str, band: Option<Band<Pct>>, value: Pct) -> Option<String> {
    beyond(band, value, |sign, edge| {
        let (value, edge) = beside(value, edge);
        format!("{name} {value} {sign} {edge}")
    })
}

/// The largest ratio there is stands for no income at all.
fn debt_failure(band: Option<Band<Pct>>, dti: Pct) -> Option<String> {
    let failure = ratio_failure("DTI", band, dti)?;
    Some(if dti == Pct::MAX {
        "no income to carry debts".to_owned()
    } else {
        failure
    })
}

/// "score 610 < 620", "units 3 > 2", "score not known".
fn whole_failure(name: &str, step: Option<Step<u32>>, value: Option<u32>) -> Option<String> {
    let step = step?;
    let Some(value) = value else {
        return Some(format!("{name} not known"));
    };
    if let Some(least) = step.at_least.filter(|least| value < *least) {
        return Some(format!("{name} {value} < {least}"));
    }
    let below = step.below.filter(|below| value >= *below)?;
    // "Below 3" reads as "at most 2" where only whole numbers are.
    Some(format!("{name} {value} > {}", below.saturating_sub(1)))
}

fn property(kind: PropertyKind) -> String {
    match kind {
        PropertyKind::Pud => "PUD".to_owned(),
        PropertyKind::SingleFamily
        | PropertyKind::Townhouse
        | PropertyKind::TwoToFourUnits
        | PropertyKind::Duplex
        | PropertyKind::Triplex
        | PropertyKind::Quadplex
        | PropertyKind::Condominium
        | PropertyKind::HighRiseCondominium
        | PropertyKind::DetachedCondominium
        | PropertyKind::SiteCondominium
        | PropertyKind::Cooperative
        | PropertyKind::Manufactured
        | PropertyKind::Land => spoken(kind.as_str()),
    }
}

const fn flag_name(flag: Flag) -> &'static str {
    match flag {
        Flag::FirstTimeBuyer => "first-time buyer",
        Flag::EscrowWaived => "escrow waiver",
        Flag::Streamline => "streamline refinance",
        Flag::Flip => "flip",
        Flag::Bankruptcy => "bankruptcy",
        Flag::Foreclosure => "foreclosure",
        Flag::SecondFinancing => "second financing",
        Flag::StudentLoanCashout => "student loan cash-out",
        Flag::Texas50a6 => "Texas 50(a)(6) loan",
        Flag::PriorTexas50a6 => "prior Texas 50(a)(6) loan",
        Flag::FinancesUpfrontFee => "financed up-front fee",
    }
}

#[cfg(test)]
mod tests;
