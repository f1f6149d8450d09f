//! Searches are written many at once, found by their organisation only, and forgotten in time.

use lintel_domain::id::RowId;
use lintel_domain::organisation::OrganisationKind;
use lintel_store::db::Db;
use lintel_store::search::{self, StoredSearch};
use lintel_testkit::both;

use crate::seed::{START, add_org, day, org};

fn a_search(org_id: &RowId, search_id: &str, expires_day: i64) -> StoredSearch {
    StoredSearch {
        org_id: org_id.clone(),
        search_id: search_id.to_owned(),
        created_at: START,
        expires_at: day(expires_day),
        pricing_org_id: org_id.clone(),
        generation: 7,
        priced_at: START,
        rules_digest: "rules".to_owned(),
        program_version: "0.1.0".to_owned(),
        inputs: format!("{{\"id\":\"{search_id}\"}}"),
        result_digest: "result".to_owned(),
    }
}

async fn insert(db: &Db, searches: &[StoredSearch]) -> Vec<bool> {
    let mut tx = db.begin().await.expect("begun");
    let all: Vec<&StoredSearch> = searches.iter().collect();
    let written = search::insert_many_in(&mut tx, &all).await;
    tx.commit().await.expect("committed");
    written.expect("inserted")
}

/// Writes searches that expire one a minute.
pub async fn fill(db: &Db, org_id: &RowId, count: i64) {
    let all: Vec<StoredSearch> = (0..count)
        .map(|n| {
            let mut one = a_search(org_id, &format!("F{n:05}"), 90);
            one.expires_at = START.plus_seconds(60 * n);
            one
        })
        .collect();
    insert(db, &all).await;
}

both! {
    async fn a_batch_of_any_size_is_written(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        assert_eq!(insert(&db, &[]).await, Vec::<bool>::new());
        for size in [1, 15, 16, 17, 50] {
            let batch: Vec<StoredSearch> = (0..size)
                .map(|n| a_search(&lender.id, &format!("B{size:02}{n:03}"), 90))
                .collect();
            assert_eq!(insert(&db, &batch).await, vec![true; size]);
            for search in &batch {
                let found = search::load(&db, &lender.id, &search.search_id, START).await;
                assert_eq!(found.expect("asked").as_ref(), Some(search));
            }
        }
    }

    /// Whoever draws an id that is given out already is told, and nobody's search is overwritten.
    async fn ids_that_are_taken_are_told(db) {
        let (lender, other) = (
            org(1, OrganisationKind::Retail, None),
            org(2, OrganisationKind::Retail, None),
        );
        add_org(&db, &lender).await;
        add_org(&db, &other).await;
        let first = a_search(&lender.id, "TAKEN1", 90);
        assert_eq!(insert(&db, std::slice::from_ref(&first)).await, [true]);
        let mut batch: Vec<StoredSearch> = (0..20)
            .map(|n| a_search(&lender.id, &format!("N{n:05}"), 80))
            .collect();
        batch[3].search_id = "TAKEN1".to_owned();
        batch[5].search_id = batch[4].search_id.clone();
        batch[6] = a_search(&other.id, "TAKEN1", 80);
        batch[19].search_id = batch[0].search_id.clone();
        let expected: Vec<bool> = (0..20).map(|n| ![3, 5, 19].contains(&n)).collect();
        assert_eq!(insert(&db, &batch).await, expected);
        let kept = search::load(&db, &lender.id, "TAKEN1", START).await;
        assert_eq!(kept.expect("asked"), Some(first));
        let both = search::load_anywhere(&db, "TAKEN1", START).await.expect("asked");
        assert_eq!(both.len(), 2);
    }

    async fn foreign_and_expired_searches_are_not_found(db) {
        let (lender, other) = (
            org(1, OrganisationKind::Retail, None),
            org(2, OrganisationKind::Retail, None),
        );
        add_org(&db, &lender).await;
        add_org(&db, &other).await;
        insert(&db, &[a_search(&lender.id, "AAAAA1", 90)]).await;
        let found = search::load(&db, &other.id, "AAAAA1", START).await;
        assert_eq!(found.expect("asked"), None);
        let almost = day(90).plus_seconds(-1);
        let found = search::load(&db, &lender.id, "AAAAA1", almost).await;
        assert!(found.expect("asked").is_some());
        let found = search::load(&db, &lender.id, "AAAAA1", day(90)).await;
        assert_eq!(found.expect("asked"), None);
        let found = search::load_anywhere(&db, "AAAAA1", day(90)).await;
        assert_eq!(found.expect("asked"), []);
    }

    async fn the_oldest_are_swept_first(db) {
        let lender = org(1, OrganisationKind::Retail, None);
        add_org(&db, &lender).await;
        let batch: Vec<StoredSearch> = (1..=30)
            .map(|n| a_search(&lender.id, &format!("S{n:05}"), n))
            .collect();
        insert(&db, &batch).await;
        for (now, limit, expected) in [(day(10), 4, 4), (day(10), 100, 6), (day(10), 100, 0)] {
            let mut tx = db.begin().await.expect("begun");
            let swept = search::sweep_in(&mut tx, now, limit).await.expect("swept");
            tx.commit().await.expect("committed");
            assert_eq!(swept, expected);
        }
        let left = search::load(&db, &lender.id, "S00011", day(10)).await;
        assert!(left.expect("asked").is_some());
    }
}
