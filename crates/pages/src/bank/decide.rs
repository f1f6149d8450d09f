//! The forms a process is decided with.

use axum::extract::Path;
use lintel_app::error::AppError;
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::proposal::DeclineReason;
use lintel_domain::refusal::Refusal;
use lintel_engine::money::Cents;
use lintel_processes::desk::{self, Approval};

use super::acts::{done, mistakes};
use super::{case, row_id};
use crate::Answer;
use crate::fields::Mistakes;
use crate::flash::Flash;
use crate::posted::Posted;
use crate::visit::Staff;

/// An amount as people write it: `180000`, `180,000.50`, `180 000`. A comma stands before three digits
/// only: whoever means cents by it is asked again.
fn amount(text: &str) -> Option<Cents> {
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = before.split(',').skip(1);
    if groups.any(|group| group.trim().len() != 3) || after.contains([',', '.']) {
        return None;
    }
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | ',' | '€' | '\u{a0}'))
        .collect();
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || cents.len() > 2 || !digits(whole) || !digits(cents) {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    Some(Cents::new(whole.checked_mul(100)?.checked_add(cents)?))
}

/// The terms of the form, and what of them cannot be read.
fn approval(form: &Posted) -> Result<Approval, Vec<Finding>> {
    let mut found = Vec::new();
    let mut bad = |field| found.push(Finding::new(field, CreditRule::Malformed));
    let mut number = |name: &str, field| {
        let read = form.text(name).and_then(|text| text.parse::<u32>().ok());
        if read.is_none() {
            bad(field);
        }
        read.unwrap_or(0)
    };
    let read = Approval {
        term_months: number("months", CreditField::LoanDuration),
        utilisation_months: number("utilisation", CreditField::UtilizationPeriod),
        rate_kind: number("rate_kind", CreditField::IndexTypeSubCategory),
        index_type: number("index_type", CreditField::IndexType),
        valid_days: number("valid_days", CreditField::ProposalValidity),
        amount: Cents::ZERO,
        cross_selling: form.is_on("cross_selling"),
        conditions: form
            .raw("conditions")
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    let sum = form.text("amount").and_then(amount);
    if sum.is_none() {
        bad(CreditField::LoanAmount);
    }
    match sum {
        Some(amount) if found.is_empty() => Ok(Approval { amount, ..read }),
        Some(_) | None => Err(found),
    }
}

/// The revision of the process the page showed.
fn seen(form: &Posted) -> i64 {
    form.text("seen")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}

/// Shows what the terms come to, or approves on them.
pub(super) async fn approve(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let id = row_id(&id)?;
    let approval = match approval(&form) {
        Ok(approval) => approval,
        Err(found) => {
            // An unknown process is unknown first, and it takes the permission.
            let refused = Err(AppError::Refused(Refusal::Findings(found)));
            return done(&staff, (&id, &form), refused, Flash::Saved).await;
        }
    };
    if form.raw("step") == "look" {
        return match desk::look_ahead(staff.app(), &staff.who, &id, &approval).await {
            Ok(worked) => {
                let none = Mistakes::default();
                case::again(&staff, &id, &form, (&none, Some(&worked))).await
            }
            Err(error) => done(&staff, (&id, &form), Err(error), Flash::Saved).await,
        };
    }
    let approved = desk::approve(staff.app(), &staff.who, (&id, seen(&form)), &approval).await;
    done(&staff, (&id, &form), approved, Flash::CaseDecided).await
}

pub(super) async fn decline(staff: Staff, Path(id): Path<String>, form: Posted) -> Answer {
    let id = row_id(&id)?;
    let reason = form.text("reason").and_then(DeclineReason::parse);
    let declined = match reason {
        Some(reason) => desk::decline(staff.app(), &staff.who, (&id, seen(&form)), reason).await,
        None => {
            let finding = Finding::new(CreditField::Decision, CreditRule::Missing);
            Err(Refusal::Findings(vec![finding]).into())
        }
    };
    done(&staff, (&id, &form), declined, Flash::CaseDecided).await
}

pub(super) async fn confirm(
    staff: Staff,
    Path((id, decision)): Path<(String, String)>,
    form: Posted,
) -> Answer {
    let (id, decision) = (row_id(&id)?, row_id(&decision)?);
    match desk::confirm(staff.app(), &staff.who, (&id, &decision)).await {
        Err(AppError::Refused(Refusal::Findings(found))) => {
            let mistakes = mistakes(&found);
            case::again(&staff, &id, &form, (&mistakes, None)).await
        }
        confirmed => done(&staff, (&id, &form), confirmed, Flash::CaseConfirmed).await,
    }
}

pub(super) async fn send_back(
    staff: Staff,
    Path((id, decision)): Path<(String, String)>,
    form: Posted,
) -> Answer {
    let (id, decision) = (row_id(&id)?, row_id(&decision)?);
    let sent = desk::send_back(staff.app(), &staff.who, (&id, &decision)).await;
    done(&staff, (&id, &form), sent, Flash::CaseReturned).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, cents) in [
            ("180000", 18_000_000),
            ("180,000.50", 18_000_050),
            ("€ 180 000.5", 18_000_050),
            ("0", 0),
        ] {
            assert_eq!(amount(text), Some(Cents::new(cents)), "{text}");
        }
        for text in [
            "",
            "-1",
            "1.234",
            "1e5",
            "9999999999999",
            "x",
            ".",
            "180000,50",
            "1.2,3",
        ] {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
