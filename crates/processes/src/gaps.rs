//! Everything that is missing before the bank can decide, as one list.

use lintel_domain::finding::{Bound, CreditField as F, CreditRule as R, Finding};
use lintel_domain::id::Instant;
use lintel_domain::process::{BorrowerFacts, BorrowerNeeds, PropertyNeeds};
use lintel_engine::Date;
use lintel_offer::{Calculation, LimitCheck, LimitKind, LimitValue};
use lintel_taxonomy::papers::{BorrowerSituation, of_borrower, of_process};
use lintel_taxonomy::{List, entry, has_code, places};

use crate::process::{Borrower, Process};
use crate::work::{Worked, is_same};

/// What gaps depend on beside the process itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// Now.
    pub now: Instant,
    /// The day in Lisbon.
    pub today: Date,
    /// Whether parishes can be named.
    pub parishes: bool,
}

/// Every gap of a process; `worked` is what it comes to today.
pub(crate) fn gaps(process: &Process, worked: &Worked, moment: Moment) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, borrower) in process.borrowers.iter().enumerate() {
        let needs = needs_of(borrower, moment);
        let missing = borrower.facts.gaps(&needs).into_iter();
        let missing = missing.map(|(field, rule)| Finding::at(field, place, rule));
        found.extend(missing.map(|finding| finding.about(borrower.id.clone())));
    }
    let needs = PropertyNeeds {
        price: is_purchase(process),
        parish: moment.parishes,
    };
    let missing = process.property.facts.gaps(&needs).into_iter();
    found.extend(missing.map(|(field, rule)| Finding::new(field, rule)));
    figures(process, worked, &mut found);
    if process.head.valid_until <= moment.now {
        found.push(Finding::new(F::ProcessValidity, R::Expired));
    }
    if process.head.fine_at.is_none() {
        found.push(Finding::new(F::EsisHandedOver, R::NotDone));
    }
    found.sort_by_key(|finding| (finding.field, finding.place));
    found.extend(papers(process));
    found
}

/// The gaps of a process that was handed over: what its intermediary has to mend before the bank goes
/// on. The bank works figures out anew when it decides, and terms cannot be changed any more: so figures
/// are those of the process whatever came after them, and what stands in their way counts only where
/// borrowers and property can mend it. A sheet is needed when these figures have none and can have one.
pub(crate) fn gaps_handed_over(process: &Process, worked: &Worked, moment: Moment) -> Vec<Finding> {
    let standing = || Ok((process.calculation.clone(), process.head.offer_id.clone()));
    let (figures, can_be_worked_out): (Worked, bool) = match worked {
        Ok(_) => (standing(), true),
        Err(findings) => {
            let theirs = findings.iter().filter(|finding| is_theirs(finding));
            let theirs: Vec<Finding> = theirs.cloned().collect();
            if theirs.is_empty() {
                (standing(), false)
            } else {
                (Err(theirs), true)
            }
        }
    };
    let needs_sheet = process.head.fine_at.is_none() && can_be_worked_out;
    let mut found = gaps(process, &figures, moment);
    found.retain(|finding| {
        needs_sheet || !matches!(finding.field, F::ProcessValidity | F::EsisHandedOver)
    });
    found.extend(asked_papers(process));
    found
}

/// Whether a finding is about what an intermediary says of borrowers and property.
pub(crate) fn is_theirs(finding: &Finding) -> bool {
    let group = finding.field.group();
    group == F::BorrowerName.group() || group == F::YearBuilt.group()
}

/// Papers the bank asked for that are not there.
fn asked_papers(process: &Process) -> Vec<Finding> {
    let asked = process.open_requests().filter_map(|request| {
        let document_type = request.document_type?;
        let about = request.borrower_id.as_ref().unwrap_or(&request.id);
        let rule = paper(document_type);
        Some(Finding::new(F::InformationAsked, rule).about(about.clone()))
    });
    asked.collect()
}

fn needs_of(borrower: &Borrower, moment: Moment) -> BorrowerNeeds {
    let facts = &borrower.facts;
    let works_as = |code| has_code(List::EmploymentSituations, facts.employment_situation, code);
    let employed = works_as("employee");
    let country = facts.residence_country;
    BorrowerNeeds {
        is_key: borrower.is_key,
        regime: has_code(List::MaritalStatuses, facts.marital_status, "married"),
        employment: employed,
        profession: employed || works_as("self_employed") || works_as("business_owner"),
        portuguese_address: country.is_none_or(|id| id == places::PORTUGAL),
        parish: moment.parishes,
        today: moment.today,
    }
}

fn is_purchase(process: &Process) -> bool {
    let purpose = process.terms.loan_purpose;
    let purpose = purpose.and_then(|id| entry(List::LoanPurposes, id));
    purpose
        .is_some_and(|purpose| matches!(purpose.code, "purchase" | "purchase_and_works" | "land"))
}

/// What the figures say: that there are none, that they are not those of the information sheet any
/// more, that a limit is not kept.
fn figures(process: &Process, worked: &Worked, found: &mut Vec<Finding>) {
    match worked {
        Err(findings) => {
            for finding in findings {
                let borrower = finding.place.and_then(|place| process.borrowers.get(place));
                let is_known =
                    |known: &Finding| known.field == finding.field && known.place == finding.place;
                if found.iter().any(is_known) {
                    continue;
                }
                let is_borrowers = finding.field.group() == F::BorrowerName.group();
                let borrower = borrower.filter(|_| is_borrowers);
                found.push(match borrower {
                    Some(borrower) => finding.clone().about(borrower.id.clone()),
                    None => finding.clone(),
                });
            }
        }
        Ok((after, _)) => {
            let broken = after.limits.checks.iter();
            let broken = broken.filter(|check| !check.outcome.passes());
            found.extend(broken.map(limit));
            found.extend(outdated(&process.calculation, after));
        }
    }
}

/// Whether the figures that were told are still those of today.
fn outdated(before: &Calculation, after: &Calculation) -> Option<Finding> {
    if is_same(before, after) {
        return None;
    }
    let field = if before.index == after.index {
        F::Offer
    } else {
        F::IndexValue
    };
    Some(Finding::new(field, R::Expired))
}

/// What stands above a limit, as a finding.
pub(crate) fn limit(check: &LimitCheck) -> Finding {
    let field = match check.kind {
        LimitKind::LoanToValue => F::LoanToValue,
        LimitKind::DebtService => F::DebtService,
        LimitKind::Maturity => F::Maturity,
    };
    let bound = |value| match value {
        LimitValue::Percent(percent) => Bound::Percent(percent),
        LimitValue::Months(months) => Bound::Months(months),
    };
    let rule = R::LimitExceeded {
        value: bound(check.value),
        limit: bound(check.limit),
    };
    Finding::new(field, rule)
}

/// Papers that are needed and not there: each borrower's, then the process's.
fn papers(process: &Process) -> Vec<Finding> {
    let mut missing = Vec::new();
    for (place, borrower) in process.borrowers.iter().enumerate() {
        for need in of_borrower(&situation(&borrower.facts)) {
            let is_there = process.papers.iter().any(|paper| {
                paper.type_id == need.document_type
                    && paper.borrower_id.as_ref() == Some(&borrower.id)
            });
            if !is_there {
                let finding = Finding::at(F::DocumentType, place, paper(need.document_type));
                missing.push(finding.about(borrower.id.clone()));
            }
        }
    }
    for need in of_process(process.terms.loan_purpose) {
        let mut papers = process.papers.iter();
        if !papers.any(|paper| paper.type_id == need.document_type) {
            missing.push(Finding::new(F::DocumentType, paper(need.document_type)));
        }
    }
    missing
}

const fn paper(document_type: u32) -> R {
    R::PaperMissing { document_type }
}

fn situation(facts: &BorrowerFacts) -> BorrowerSituation {
    BorrowerSituation {
        employment: facts.employment_situation,
        marital: facts.marital_status,
        has_other_debts: facts
            .other_instalments
            .is_some_and(lintel_engine::Cents::is_positive),
    }
}
