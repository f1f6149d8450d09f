//! The pages that are measured.

use lintel_domain::id::{DAY_SECONDS, RowId};
use lintel_domain::loan::{Lifecycle, PAGE_LIMIT};
use lintel_domain::organisation::LoanScope;
use lintel_store::loan::list::LoanFilter;

use super::fill::Pipeline;

/// One page and what it is called.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) filter: LoanFilter,
    pub(super) with_borrowers: bool,
}

/// Every page, the plain first one first: others are compared with it.
pub(super) fn all(pipeline: &Pipeline) -> Vec<Case> {
    let plain = || plain(&pipeline.lender_id);
    let days_back = |days: i64| Some(pipeline.last_arrival.plus_seconds(-days * DAY_SECONDS));
    let case = |name, filter| Case {
        name,
        filter,
        with_borrowers: false,
    };
    let with = |name, change: &dyn Fn(&mut LoanFilter)| {
        let mut filter = plain();
        change(&mut filter);
        case(name, filter)
    };
    vec![
        case("no filter", plain()),
        with("no filter, oldest first", &|f| f.newest_first = false),
        with("page 100", &|f| f.offset = 99_000),
        Case {
            with_borrowers: true,
            ..case("no filter, withBorrower", plain())
        },
        with("state, common", &|f| {
            f.property_state = Some("CA".to_owned())
        }),
        with("state, rare", &|f| f.property_state = Some("WY".to_owned())),
        with("arrived in one month", &|f| {
            f.created_from = days_back(430);
            f.created_before = days_back(400);
        }),
        with("officer", &|f| f.officers.clone_from(&pipeline.officers)),
        with("changed in 30 days", &|f| f.modified_from = days_back(30)),
        with("changed in 30 days, oldest first", &|f| {
            f.modified_from = days_back(30);
            f.newest_first = false;
        }),
        with("changed in 1 day", &|f| f.modified_from = days_back(1)),
        with("state, changed in 30 days", &|f| {
            f.property_state = Some("CA".to_owned());
            f.modified_from = days_back(30);
        }),
        with("participant, borrower's mail", &|f| {
            f.participant_email_folded = Some(pipeline.borrower_email.clone());
        }),
        with("participant, officer's mail", &|f| {
            f.participant_email_folded = Some(pipeline.officer_email.clone());
        }),
        with("ended", &|f| f.is_active = false),
        with("ended: archived in 90 days", &|f| {
            f.is_active = false;
            f.ended = days_back(90)
                .map(|since| (Lifecycle::Archived, since))
                .into_iter()
                .collect();
        }),
    ]
}

fn plain(lender_id: &RowId) -> LoanFilter {
    LoanFilter {
        scope: LoanScope::Lent(lender_id.clone()),
        lender_id: lender_id.clone(),
        is_active: true,
        created_from: None,
        created_before: None,
        officers: Vec::new(),
        participant_email_folded: None,
        ended: Vec::new(),
        property_state: None,
        modified_from: None,
        newest_first: true,
        limit: PAGE_LIMIT,
        offset: 0,
    }
}
