//! What is written to catalogue and sheets comes back as it was; what is in force at a generation
//! and an instant stays so, whatever is written later; changes never get lost or the same number.

use lintel_domain::id::{Instant, RowId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_engine::rate::Pct;
use lintel_store::catalogue::{self, CatalogueVersion, Head, next_generation_in};
use lintel_store::db::Db;
use lintel_store::product::{self, Registered, RegisteredProduct};
use lintel_store::sheet::{self, StoredSheet};
use lintel_testkit::both;

use crate::seed::{START, add_org, day, org, public_id, row};

pub fn a_product(n: usize) -> RegisteredProduct {
    RegisteredProduct {
        id: row("product", n),
        public_id: public_id('P', n),
        code: format!("CODE{n}"),
        created_at: START,
    }
}

pub async fn add_product(db: &Db, org: &RowId, item: &RegisteredProduct) -> bool {
    let mut tx = db.begin().await.expect("begun");
    let added = product::ensure_in(&mut tx, org, item).await;
    tx.commit().await.expect("committed");
    added.expect("asked") == Registered::New
}

async fn lender(db: &Db, n: usize) -> Organisation {
    let lender = org(n, OrganisationKind::Retail, None);
    add_org(db, &lender).await;
    lender
}

/// Writes a version of the catalogue and says which one it became.
async fn write_catalogue(db: &Db, org: &RowId, effective_at: Instant, body: &str) -> i64 {
    let mut tx = db.begin().await.expect("begun");
    let head = next_generation_in(&mut tx, org, START).await.expect("next");
    let version = CatalogueVersion {
        version: head.generation,
        effective_at,
        created_at: START,
        actor: "operator".to_owned(),
        note: "a note".to_owned(),
        digest: format!("digest of {body}"),
    };
    let parts = [("products", body), ("fees", "")];
    catalogue::insert_in(&mut tx, org, &version, &parts)
        .await
        .expect("inserted");
    tx.commit().await.expect("committed");
    head.generation
}

/// Writes one version of the sheets of several products.
pub async fn write_sheets(
    db: &Db,
    org: &RowId,
    products: &[&RegisteredProduct],
    effective_at: Instant,
) -> i64 {
    let mut tx = db.begin().await.expect("begun");
    let head = next_generation_in(&mut tx, org, START).await.expect("next");
    for product in products {
        let sheet = StoredSheet {
            product_id: product.id.clone(),
            code: product.code.clone(),
            version: head.generation,
            effective_at,
            created_at: START,
            actor: "pair-1".to_owned(),
            source: "api".to_owned(),
            index: Some(Pct::new(5_500_000_000)),
            margin: None,
            body: format!("rows of {}", head.generation),
            digest: format!("digest of {}", head.generation),
        };
        sheet::insert_in(&mut tx, org, &sheet)
            .await
            .expect("inserted");
    }
    tx.commit().await.expect("committed");
    head.generation
}

async fn catalogue_at(db: &Db, org: &RowId, generation: i64, at: Instant) -> Option<i64> {
    let found = catalogue::in_force(db, org, generation, at).await;
    found.expect("asked").map(|v| v.version)
}

async fn sheets_at(db: &Db, org: &RowId, generation: i64, at: Instant) -> Vec<(String, i64)> {
    let found = sheet::in_force(db, org, generation, at).await;
    let found = found.expect("asked");
    let short = sheet::versions_in_force(db, org, generation, at).await;
    let long: Vec<_> = found
        .iter()
        .map(|s| (s.product_id.clone(), s.version))
        .collect();
    assert_eq!(short.expect("asked"), long);
    found.into_iter().map(|s| (s.code, s.version)).collect()
}

both! {
    async fn products_keep_the_ids_they_were_first_given(db) {
        let (lender, other) = (lender(&db, 1).await, lender(&db, 2).await);
        let products = [a_product(1), a_product(2)];
        for item in products.iter().rev() {
            assert!(add_product(&db, &lender.id, item).await);
        }
        assert_eq!(product::list(&db, &lender.id).await.expect("listed"), products);
        assert_eq!(product::list(&db, &other.id).await.expect("listed"), []);
        let mut tx = db.begin().await.expect("begun");
        let again = RegisteredProduct { code: "CODE1".to_owned(), ..a_product(3) };
        let known = product::ensure_in(&mut tx, &lender.id, &again).await;
        assert_eq!(known.expect("asked"), Registered::Known);
        let twin = RegisteredProduct { public_id: public_id('P', 1), ..a_product(4) };
        let taken = product::ensure_in(&mut tx, &lender.id, &twin).await;
        assert_eq!(taken.expect("asked"), Registered::IdTaken);
        let taken = product::ensure_in(&mut tx, &other.id, &twin).await;
        assert_eq!(taken.expect("asked"), Registered::IdTaken, "ids are unique everywhere");
        let found = product::load_public_in(&mut tx, &lender.id, &public_id('P', 1)).await;
        assert_eq!(found.expect("asked").as_ref(), Some(&products[0]));
        let foreign = product::load_public_in(&mut tx, &other.id, &public_id('P', 1)).await;
        assert_eq!(foreign.expect("asked"), None);
        let found = product::load_in(&mut tx, &lender.id, "CODE2").await;
        assert_eq!(found.expect("asked").as_ref(), Some(&products[1]));
        assert_eq!(product::load_in(&mut tx, &other.id, "CODE2").await.expect("asked"), None);
        drop(tx);
        let found = product::load(&db, &lender.id, "CODE2").await;
        assert_eq!(found.expect("asked").as_ref(), Some(&products[1]));
    }

    async fn a_catalogue_comes_back_as_it_was(db) {
        let lender = lender(&db, 1).await;
        assert_eq!(catalogue_at(&db, &lender.id, 9, day(9)).await, None);
        let version = write_catalogue(&db, &lender.id, day(1), "ünï\ncode").await;
        let loaded = catalogue::load(&db, &lender.id, version).await;
        let loaded = loaded.expect("asked").expect("there");
        assert_eq!((loaded.effective_at, loaded.note.as_str()), (day(1), "a note"));
        let parts = catalogue::parts(&db, &lender.id, version).await.expect("asked");
        let expected = [("fees", ""), ("products", "ünï\ncode")];
        assert_eq!(parts, expected.map(|(p, b)| (p.to_owned(), b.to_owned())));
        let other = write_catalogue(&db, &lender.id, day(1), "other").await;
        let list = catalogue::list(&db, &lender.id, 10).await.expect("listed");
        let versions: Vec<i64> = list.iter().map(|v| v.version).collect();
        assert_eq!(versions, [other, version]);
        assert_eq!(catalogue::list(&db, &lender.id, 1).await.expect("listed").len(), 1);
        let mut tx = db.begin().await.expect("begun");
        let inside = catalogue::parts_in(&mut tx, &lender.id, version).await;
        assert_eq!(inside.expect("asked"), parts);
        let there = catalogue::in_force_in(&mut tx, &lender.id, version, day(1)).await;
        assert_eq!(there.expect("asked").map(|v| v.version), Some(version));
    }

    /// The rule of the whole design: generation and instant together name the prices for ever.
    async fn generation_and_instant_name_what_is_in_force(db) {
        let (lender, other) = (lender(&db, 1).await, lender(&db, 2).await);
        let id = &lender.id;
        let [first, second] = [a_product(1), a_product(2)];
        for item in [&first, &second] {
            assert!(add_product(&db, id, item).await);
        }
        let one = write_catalogue(&db, id, day(1), "one").await;
        let both = write_sheets(&db, id, &[&first, &second], day(1)).await;
        let future = write_sheets(&db, id, &[&first], day(10)).await;
        let now = write_sheets(&db, id, &[&first], day(2)).await;
        let two = write_catalogue(&db, id, day(5), "two").await;
        assert_eq!([one, both, future, now, two], [1, 2, 3, 4, 5]);
        let pair = |a: i64, b: i64| vec![("CODE1".to_owned(), a), ("CODE2".to_owned(), b)];
        // Before anything takes effect, before its generation, and after.
        assert_eq!(sheets_at(&db, id, 5, START).await, vec![]);
        assert_eq!(sheets_at(&db, id, one, day(20)).await, vec![]);
        assert_eq!(sheets_at(&db, id, both, day(20)).await, pair(both, both));
        assert_eq!(sheets_at(&db, id, future, day(9)).await, pair(both, both));
        assert_eq!(sheets_at(&db, id, future, day(10)).await, pair(future, both));
        assert_eq!(sheets_at(&db, id, now, day(2)).await, pair(now, both));
        assert_eq!(sheets_at(&db, id, now, day(1)).await, pair(both, both));
        // A sheet that was written before for a later time still takes its turn.
        assert_eq!(sheets_at(&db, id, two, day(10)).await, pair(future, both));
        assert_eq!(sheets_at(&db, &other.id, two, day(10)).await, vec![]);
        assert_eq!(catalogue_at(&db, id, now, day(9)).await, Some(one));
        assert_eq!(catalogue_at(&db, id, two, day(4)).await, Some(one));
        assert_eq!(catalogue_at(&db, id, two, day(5)).await, Some(two));
        // What takes effect next, of what the generation knows.
        for (generation, after, expected) in [
            (two, START, Some(day(1))),
            (two, day(1), Some(day(2))),
            (two, day(2), Some(day(5))),
            (now, day(2), Some(day(10))),
            (both, day(2), None),
            (two, day(10), None),
        ] {
            let due = catalogue::due_after(&db, id, generation, after).await;
            assert_eq!(due.expect("asked"), expected, "{generation} {after:?}");
        }
        let mut tx = db.begin().await.expect("begun");
        let found = sheet::in_force_of_in(&mut tx, id, &first.id, two, day(3)).await;
        let found = found.expect("asked").expect("there");
        assert_eq!((found.version, found.body.as_str()), (now, "rows of 4"));
        assert_eq!((found.index, found.margin), (Some(Pct::new(5_500_000_000)), None));
        drop(tx);
        let history = sheet::history(&db, id, &first.id, 10).await.expect("asked");
        let versions: Vec<i64> = history.iter().map(|s| s.version).collect();
        assert_eq!(versions, [now, future, both]);
        let loaded = sheet::load(&db, id, &first.id, future).await.expect("asked");
        assert_eq!(loaded.as_ref(), Some(&history[1]));
        assert_eq!(sheet::load(&db, id, &second.id, future).await.expect("asked"), None);
    }

    /// Two versions for the same instant: the one written last counts.
    async fn of_two_for_one_instant_the_later_one_is_in_force(db) {
        let lender = lender(&db, 1).await;
        let item = a_product(1);
        add_product(&db, &lender.id, &item).await;
        let old = write_sheets(&db, &lender.id, &[&item], day(1)).await;
        let new = write_sheets(&db, &lender.id, &[&item], day(1)).await;
        let at = |generation| sheets_at(&db, &lender.id, generation, day(1));
        assert_eq!(at(old).await[0].1, old);
        assert_eq!(at(new).await[0].1, new);
    }

    /// A node whose clock is slow must not write a change from before the change before it.
    async fn the_head_never_goes_back_in_time(db) {
        let lender = lender(&db, 1).await;
        assert_eq!(
            catalogue::head(&db, &lender.id).await.expect("asked"),
            Head { generation: 0, changed_at: Instant::from_micros(0) }
        );
        let mut changed = Vec::new();
        for now in [day(3), day(1), day(4)] {
            let mut tx = db.begin().await.expect("begun");
            changed.push(next_generation_in(&mut tx, &lender.id, now).await.expect("next"));
            tx.commit().await.expect("committed");
        }
        let expected = [(1, day(3)), (2, day(3)), (3, day(4))]
            .map(|(generation, changed_at)| Head { generation, changed_at });
        assert_eq!(changed, expected);
        assert_eq!(catalogue::head(&db, &lender.id).await.expect("asked"), expected[2]);
    }

    /// A change that was not committed takes no number.
    async fn a_change_given_up_leaves_no_gap(db) {
        let lender = lender(&db, 1).await;
        let mut tx = db.begin().await.expect("begun");
        next_generation_in(&mut tx, &lender.id, START).await.expect("next");
        drop(tx);
        let mut tx = db.begin().await.expect("begun");
        let head = next_generation_in(&mut tx, &lender.id, START).await.expect("next");
        assert_eq!(head.generation, 1);
    }

    async fn changes_at_once_are_numbered_one_by_one(db) {
        let lender = lender(&db, 1).await;
        let item = a_product(1);
        add_product(&db, &lender.id, &item).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..24 {
            let (db, id, item) = (db.clone(), lender.id.clone(), item.clone());
            tasks.spawn(async move { write_sheets(&db, &id, &[&item], day(1)).await });
        }
        let mut numbers = tasks.join_all().await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=24).collect::<Vec<i64>>());
        let history = sheet::history(&db, &lender.id, &item.id, 100).await.expect("asked");
        assert_eq!(history.len(), 24);
        assert_eq!(sheets_at(&db, &lender.id, 24, day(1)).await[0].1, 24);
    }

    async fn the_heads_of_many_are_read_at_once(db) {
        let mut ids = Vec::new();
        for n in 1..=3 {
            ids.push(lender(&db, n).await.id);
        }
        let item = a_product(1);
        add_product(&db, &ids[1], &item).await;
        write_sheets(&db, &ids[1], &[&item], day(1)).await;
        let heads = catalogue::heads(&db, &ids).await.expect("asked");
        let short: Vec<_> = heads.iter().map(|(id, h)| (id, h.generation)).collect();
        assert_eq!(short, [(&ids[1], 1)]);
        assert_eq!(catalogue::heads(&db, &[]).await.expect("asked"), []);
    }
}
