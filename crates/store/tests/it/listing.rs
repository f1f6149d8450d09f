//! Listing a pipeline agrees with a filter written down naively, for every combination of filters.

use lintel_domain::id::RowId;
use lintel_domain::loan::Lifecycle;
use lintel_domain::organisation::LoanScope;
use lintel_domain::person::fold_email;
use lintel_store::db::Db;
use lintel_store::loan::list::{
    LoanFilter, borrowers, count, count_statement, page, page_statement,
};
use lintel_testkit::both;

use crate::seed::{self, Known, Pipeline, day, pipeline};

/// Everything in a scope, oldest first, on one page.
pub fn whole(scope: LoanScope, lender_id: &RowId, is_active: bool) -> LoanFilter {
    LoanFilter {
        scope,
        lender_id: lender_id.clone(),
        is_active,
        created_from: None,
        created_before: None,
        officers: Vec::new(),
        participant_email_folded: None,
        ended: Vec::new(),
        property_state: None,
        modified_from: None,
        newest_first: false,
        limit: 1000,
        offset: 0,
    }
}

/// The ids a filter must answer, worked out from what was seeded.
fn expected(loans: &[Known], filter: &LoanFilter) -> Vec<RowId> {
    let keeps = |loan: &&Known| {
        let scope = match &filter.scope {
            LoanScope::Lent(id) => loan.lender == *id,
            LoanScope::Originated(id) => loan.org == *id,
        };
        let ended =
            |(end, since): &(Lifecycle, _)| loan.lifecycle == *end && loan.status_at >= *since;
        let email = filter.participant_email_folded.as_ref();
        scope
            && filter.is_active == (loan.lifecycle == Lifecycle::Active)
            && filter
                .created_from
                .is_none_or(|from| loan.created_at >= from)
            && filter
                .created_before
                .is_none_or(|before| loan.created_at < before)
            && filter
                .officers
                .iter()
                .all(|o| loan.officer.as_ref() == Some(o))
            && email.is_none_or(|email| loan.emails.contains(email))
            && filter
                .property_state
                .as_deref()
                .is_none_or(|s| loan.state == Some(s))
            && filter
                .modified_from
                .is_none_or(|from| loan.modified_at >= from)
            && (filter.is_active || filter.ended.is_empty() || filter.ended.iter().any(ended))
    };
    let mut kept: Vec<&Known> = loans.iter().filter(keeps).collect();
    kept.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    if filter.newest_first {
        kept.reverse();
    }
    kept.into_iter().map(|loan| loan.id.clone()).collect()
}

/// Multiplies filters by the choices of one more dimension.
fn times(filters: Vec<LoanFilter>, choices: &[&dyn Fn(&mut LoanFilter)]) -> Vec<LoanFilter> {
    let with = |filter: &LoanFilter| {
        let mut all = vec![filter.clone()];
        all.extend(choices.iter().map(|choose| {
            let mut chosen = filter.clone();
            choose(&mut chosen);
            chosen
        }));
        all
    };
    filters.iter().flat_map(with).collect()
}

/// Every combination: each filter left out or set, in each way it can be set.
fn combinations(seeded: &Pipeline) -> Vec<LoanFilter> {
    let lender = &seeded.lender.id;
    let one = seeded.officers[0].id.clone();
    let other = seeded.officers[1].id.clone();
    let filters = vec![whole(LoanScope::Lent(lender.clone()), lender, true)];
    let filters = times(
        filters,
        &[&|f| f.scope = LoanScope::Originated(seeded.broker.id.clone())],
    );
    let filters = times(filters, &[&|f| f.is_active = false]);
    let filters = times(filters, &[&|f| f.created_from = Some(day(3))]);
    let filters = times(filters, &[&|f| f.created_before = Some(day(12))]);
    let filters = times(
        filters,
        &[&|f| f.officers = vec![one.clone()], &|f| {
            f.officers = vec![one.clone(), other.clone()]
        }],
    );
    let filters = times(
        filters,
        &[
            &|f| f.participant_email_folded = Some("shared@example.com".to_owned()),
            &|f| f.participant_email_folded = Some(fold_email(" OFFICER1@example.com ")),
        ],
    );
    let withdrawn = (Lifecycle::Withdrawn, day(22));
    let archived = (Lifecycle::Archived, day(0));
    let filters = times(
        filters,
        &[&|f| f.ended = vec![withdrawn], &|f| {
            f.ended = vec![archived, withdrawn]
        }],
    );
    let filters = times(filters, &[&|f| f.property_state = Some("CA".to_owned())]);
    let filters = times(filters, &[&|f| f.modified_from = Some(day(10))]);
    times(filters, &[&|f| f.newest_first = true])
}

async fn ids(db: &Db, filter: &LoanFilter) -> Vec<RowId> {
    let lines = page(db, filter).await.expect("a page");
    lines.into_iter().map(|line| line.id).collect()
}

both! {
    async fn every_combination_of_filters_agrees(db) {
        let seeded = pipeline(&db).await;
        let filters = combinations(&seeded);
        assert_eq!(filters.len(), 2_usize.pow(7) * 3_usize.pow(3));
        let mut hits = 0;
        for filter in &filters {
            let all = expected(&seeded.loans, filter);
            hits += usize::from(!all.is_empty());
            assert_eq!(ids(&db, filter).await, all, "{filter:?}");
            let total = count(&db, filter).await.expect("a count");
            assert_eq!(usize::try_from(total), Ok(all.len()), "{filter:?}");
            let part = LoanFilter {
                limit: 3,
                offset: 2,
                ..filter.clone()
            };
            let middle: Vec<RowId> = all.into_iter().skip(2).take(3).collect();
            assert_eq!(ids(&db, &part).await, middle, "{part:?}");
        }
        // Combinations that match nothing prove little; enough of them must match something.
        assert!(
            hits > filters.len() / 3,
            "{hits} of {} match",
            filters.len()
        );
    }

    async fn every_statement_binds_as_many_values_as_it_has_places(db) {
        let seeded = pipeline(&db).await;
        // Officers, mail addresses and ends change the number of places; order and scope do not.
        for filter in combinations(&seeded).iter().step_by(5) {
            for (sql, args) in [page_statement(filter), count_statement(filter)] {
                let prepared = crate::statements::prepare(&db, &sql)
                    .await
                    .expect("prepared");
                assert_eq!(prepared, args.len(), "{sql}");
            }
        }
    }

    /// Whatever the page size, the pages put together are the list: nothing twice, nothing missed,
    /// even though many loans arrived at the same instant.
    async fn pages_put_together_are_the_list(db) {
        let seeded = pipeline(&db).await;
        let lender = &seeded.lender.id;
        for newest_first in [false, true] {
            let mut filter = whole(LoanScope::Lent(lender.clone()), lender, true);
            filter.newest_first = newest_first;
            let all = expected(&seeded.loans, &filter);
            assert!(all.len() > 20);
            for limit in [1, 2, 7, 1000] {
                let mut pages = Vec::new();
                let mut offset = 0;
                loop {
                    let part = LoanFilter {
                        limit,
                        offset,
                        ..filter.clone()
                    };
                    let ids = ids(&db, &part).await;
                    if ids.is_empty() {
                        break;
                    }
                    offset += u64::from(limit);
                    pages.extend(ids);
                }
                assert_eq!(pages, all, "pages of {limit}");
            }
        }
    }

    async fn an_offset_beyond_everything_is_an_empty_page(db) {
        let seeded = pipeline(&db).await;
        let lender = &seeded.lender.id;
        for offset in [1000, u64::from(u32::MAX), i64::MAX.unsigned_abs(), u64::MAX] {
            let mut filter = whole(LoanScope::Lent(lender.clone()), lender, true);
            filter.offset = offset;
            assert_eq!(ids(&db, &filter).await, Vec::new(), "{offset}");
        }
    }

    async fn a_line_comes_back_as_it_was_written(db) {
        let lender = seed::org(
            1,
            lintel_domain::organisation::OrganisationKind::Retail,
            None,
        );
        seed::add_org(&db, &lender).await;
        let officer = seed::person(1);
        seed::add_staff(&db, &lender, &officer).await;
        let mut draft = seed::draft(1);
        draft.officer_row_id = Some(officer.id.clone());
        draft.line.officer = lintel_domain::loan::OfficerName {
            first_name: Some(officer.first_name.clone()),
            last_name: Some(officer.last_name.clone()),
            email: Some(officer.email.clone()),
            public_id: Some(officer.public_id.clone()),
        };
        let mut tx = db.begin().await.expect("begun");
        seed::add_loan(&mut tx, &lender, &lender, &draft).await;
        tx.commit().await.expect("committed");
        let filter = whole(LoanScope::Lent(lender.id.clone()), &lender.id, true);
        assert_eq!(page(&db, &filter).await.expect("a page"), [draft.line]);
    }

    /// More loans than one `IN` list has places, each with its borrowers in document order.
    async fn borrowers_of_many_loans(db) {
        let lender = seed::org(
            1,
            lintel_domain::organisation::OrganisationKind::Retail,
            None,
        );
        seed::add_org(&db, &lender).await;
        let mut tx = db.begin().await.expect("begun");
        let loans: Vec<RowId> = (0..260).map(|n| seed::row("loan", n)).collect();
        for n in 0..260 {
            let mut draft = seed::draft(n);
            draft.borrowers = vec![
                seed::borrower(0, None),
                seed::borrower(n + 1, Some("b@example.com")),
            ];
            seed::add_loan(&mut tx, &lender, &lender, &draft).await;
        }
        tx.commit().await.expect("committed");
        let found = borrowers(&db, &lender.id, &loans).await.expect("read");
        let seen: Vec<(RowId, String, bool)> = found
            .into_iter()
            .map(|b| (b.loan_id, b.first_name, b.is_primary))
            .collect();
        let expected: Vec<(RowId, String, bool)> = (0..260)
            .flat_map(|n| {
                let id = seed::row("loan", n);
                [
                    (id.clone(), "Bo0".to_owned(), true),
                    (id, format!("Bo{}", n + 1), false),
                ]
            })
            .collect();
        assert_eq!(seen, expected);
        let none = borrowers(&db, &lender.id, &[]).await.expect("read");
        assert_eq!(none, []);
        let foreign = borrowers(&db, &seed::row("org", 9), &loans)
            .await
            .expect("read");
        assert_eq!(foreign, []);
    }
}
