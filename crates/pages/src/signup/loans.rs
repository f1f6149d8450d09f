//! A borrower's loans: where each stands, in the borrower's words, and what is still needed.

use lintel_app::borrower::BorrowerLoan;
use lintel_domain::condition::ConditionStatus;
use serde::Serialize;

use crate::show::{self, When};

/// A loan as its borrower sees it.
#[derive(Debug, Serialize)]
pub(super) struct LoanCard {
    lender: String,
    status: String,
    sub_status: Option<String>,
    amount: String,
    place: Option<String>,
    is_active: bool,
    since: When,
    needs: Vec<Need>,
    waiting: usize,
}

/// Something the borrower is asked for.
#[derive(Debug, Serialize)]
struct Need {
    title: String,
    description: String,
    state: &'static str,
    is_done: bool,
}

impl LoanCard {
    pub(super) fn of(loan: &BorrowerLoan) -> Self {
        let need = |condition: &lintel_app::borrower::BorrowerCondition| {
            let (state, is_done) = match condition.status {
                ConditionStatus::Open => ("Still needed", false),
                ConditionStatus::Received => ("Received, being looked at", true),
                ConditionStatus::Satisfied => ("Done", true),
                ConditionStatus::Waived => ("Not needed any more", true),
            };
            Need {
                title: condition.title.clone(),
                description: condition.description.clone(),
                state,
                is_done,
            }
        };
        let needs: Vec<Need> = loan.conditions.iter().map(need).collect();
        let property = &loan.property;
        let place = [&property.street, &property.city, &property.state];
        let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
        let (main, sub) = (&loan.status.main, &loan.status.sub);
        Self {
            lender: loan.lender.clone(),
            status: main.clone(),
            sub_status: (!sub.is_empty() && sub != main).then(|| sub.clone()),
            amount: show::whole_money(loan.amount),
            place: (!place.is_empty()).then(|| place.join(", ")),
            is_active: loan.is_active,
            since: When::of(loan.created_at),
            waiting: needs.iter().filter(|need| !need.is_done).count(),
            needs,
        }
    }

    #[cfg(test)]
    pub(super) fn sample(is_full: bool) -> Self {
        let text = || crate::templates::HOSTILE.to_owned();
        let need = |is_done| Need {
            title: text(),
            description: if is_done { String::new() } else { text() },
            state: "Done",
            is_done,
        };
        Self {
            lender: text(),
            status: text(),
            sub_status: is_full.then(text),
            amount: text(),
            place: is_full.then(text),
            is_active: is_full,
            since: When::of(lintel_domain::id::Instant::from_seconds(0)),
            waiting: usize::from(is_full),
            needs: if is_full {
                vec![need(false), need(true)]
            } else {
                Vec::new()
            },
        }
    }
}
