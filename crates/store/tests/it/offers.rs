//! Versions of a bank's offer: stored once, found by day and by id.

use lintel_domain::organisation::OrganisationKind;
use lintel_engine::date::Date;
use lintel_store::offer::{self, Version};
use lintel_testkit::both;

use crate::seed::{add_org, day, org, row};

fn from(month: i8) -> Date {
    Date::new(2026, month, 1).expect("a day")
}

fn version(n: usize, month: i8, text: &str, on: i64) -> Version {
    Version {
        id: row("offer", n),
        effective_from: from(month),
        digest: text.as_bytes().to_vec(),
        document: text.to_owned(),
        created_by: "operator".to_owned(),
        created_at: day(on),
    }
}

both! {
    async fn the_version_of_a_day_is_the_last_that_begins_by_then(db) {
        add_org(&db, &org(1, OrganisationKind::Bank, None)).await;
        add_org(&db, &org(2, OrganisationKind::Bank, None)).await;
        let bank = row("org", 1);
        let versions = [
            version(1, 1, "january", 0),
            version(2, 6, "june", 1),
            version(3, 6, "june again", 2),
        ];
        let mut tx = db.begin().await.expect("begun");
        for version in &versions {
            assert!(offer::insert_in(&mut tx, &bank, version).await.expect("stored"));
            assert!(!offer::insert_in(&mut tx, &bank, version).await.expect("asked"));
        }
        let newest = offer::digest_in(&mut tx, &bank, from(6)).await.expect("asked");
        assert_eq!(newest, Some(b"june again".to_vec()));
        assert_eq!(offer::digest_in(&mut tx, &bank, from(2)).await.expect("asked"), None);
        tx.commit().await.expect("committed");
        let on = async |month| offer::in_force(&db, &bank, from(month)).await.expect("asked");
        assert_eq!(on(5).await.as_ref(), Some(&versions[0]));
        assert_eq!(on(6).await.as_ref(), Some(&versions[2]));
        let id = offer::in_force_id(&db, &bank, from(12)).await.expect("asked");
        assert_eq!(id.as_ref(), Some(&versions[2].id));
        let early = Date::new(2025, 12, 31).expect("a day");
        assert_eq!(offer::in_force(&db, &bank, early).await.expect("asked"), None);
        let found = offer::by_id(&db, &bank, &versions[1].id).await.expect("asked");
        assert_eq!(found.as_ref(), Some(&versions[1]));
        let other = row("org", 2);
        assert_eq!(offer::by_id(&db, &other, &versions[1].id).await.expect("asked"), None);
        assert_eq!(offer::in_force(&db, &other, from(12)).await.expect("asked"), None);
        let listed = offer::list(&db, &bank).await.expect("asked");
        let ids: Vec<_> = listed.iter().map(|version| version.id.clone()).collect();
        assert_eq!(ids, [versions[2].id.clone(), versions[1].id.clone(), versions[0].id.clone()]);
        assert!(listed.iter().all(|version| version.document.is_empty()));
    }
}
