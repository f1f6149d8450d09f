//! Every organisation gets a word of its own for its links, and keeps it.

use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_store::db::Db;
use lintel_store::slug;
use lintel_testkit::both;

use crate::seed::{add_org, org, row};

async fn slug_of(db: &Db, org: &Organisation) -> String {
    let mut tx = db.begin().await.expect("begun");
    let slug = slug::ensure_in(&mut tx, org).await.expect("made");
    tx.commit().await.expect("committed");
    slug
}

async fn namesake(db: &Db, n: usize) -> Organisation {
    let org = Organisation {
        name: "Smart Mortgage".to_owned(),
        ..org(n, OrganisationKind::Retail, None)
    };
    add_org(db, &org).await;
    org
}

both! {
    async fn namesakes_are_told_apart_by_a_number(db) {
        let (one, two) = (namesake(&db, 1).await, namesake(&db, 2).await);
        let made = slug::load(&db, &one.id).await.expect("asked");
        assert_eq!(made.as_deref(), Some("smart-mortgage"), "made with it");
        assert_eq!(slug_of(&db, &one).await, "smart-mortgage");
        assert_eq!(slug_of(&db, &two).await, "smart-mortgage-2");
        let renamed = Organisation { name: "Else".to_owned(), ..one.clone() };
        assert_eq!(slug_of(&db, &renamed).await, "smart-mortgage", "kept");
        let found = slug::organisation(&db, "smart-mortgage-2").await.expect("asked");
        assert_eq!(found, Some(two));
        assert_eq!(slug::organisation(&db, "smart").await.expect("asked"), None);
        let slug = slug::load(&db, &one.id).await.expect("asked");
        assert_eq!(slug.as_deref(), Some("smart-mortgage"));
        assert_eq!(slug::load(&db, &row("org", 9)).await.expect("asked"), None);
    }

    async fn namesakes_at_once_get_different_words(db) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 1..=8 {
            let (db, org) = (db.clone(), namesake(&db, n).await);
            // Twice each: whoever comes second finds what the first one made.
            for _ in 0..2 {
                let (db, org) = (db.clone(), org.clone());
                tasks.spawn(async move { (org.id.clone(), slug_of(&db, &org).await) });
            }
        }
        let mut slugs = tasks.join_all().await;
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 8, "{slugs:?}");
    }
}
