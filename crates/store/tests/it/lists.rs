//! Parishes and index averages: loaded, loaded again, found.

use std::collections::BTreeMap;

use lintel_domain::organisation::OrganisationKind;
use lintel_engine::date::Date;
use lintel_engine::rate::Pct;
use lintel_store::db::Db;
use lintel_store::index_average::{self, Average};
use lintel_store::parish::{self, Changes};
use lintel_testkit::both;

use crate::seed::{START, add_org, day, org, row};

async fn load(db: &Db, list: &[(&str, &str)], on: i64) -> Changes {
    let list: BTreeMap<String, String> = list
        .iter()
        .map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
        .collect();
    let mut tx = db.begin().await.expect("begun");
    let changes = parish::replace_in(&mut tx, &list, day(on))
        .await
        .expect("loaded");
    tx.commit().await.expect("committed");
    changes
}

fn average(tenor: &str, year: i16, month: i8, pct_e9: i64) -> Average {
    Average {
        tenor: tenor.to_owned(),
        month: Date::new(year, month, 1).expect("a day"),
        average: Pct::new(pct_e9),
        source: "invented".to_owned(),
    }
}

async fn put(db: &Db, n: usize, rows: &[Average], on: i64) -> index_average::Changes {
    let mut tx = db.begin().await.expect("begun");
    let changes = index_average::put_in(&mut tx, &row("org", n), rows, day(on)).await;
    tx.commit().await.expect("committed");
    changes.expect("written")
}

both! {
    async fn parishes_are_replaced_and_retired_ones_stay(db) {
        assert_eq!(parish::newest(&db).await.expect("asked"), None);
        let first = [("010103", "Aguada"), ("010109", "Fermentelos"), ("110601", "Ajuda")];
        let added = |added| Changes { added, ..Changes::default() };
        assert_eq!(load(&db, &first, 0).await, added(3));
        let again = load(&db, &first, 1).await;
        assert_eq!(again, Changes { kept: 3, ..Changes::default() });
        assert_eq!(parish::newest(&db).await.expect("asked"), Some((3, START)));
        let second = [("010103", "Aguada de Cima"), ("110601", "Ajuda"), ("490101", "Corvo")];
        let changed = load(&db, &second, 2).await;
        assert_eq!(changed, Changes { added: 1, changed: 1, kept: 1, retired: 1 });
        let gone = parish::by_id(&db, 10_109).await.expect("asked").expect("stays");
        assert!(!gone.active && gone.name == "Fermentelos");
        let names: Vec<_> = parish::of_county(&db, 101)
            .await
            .expect("asked")
            .into_iter()
            .map(|p| (p.id, p.name, p.active))
            .collect();
        assert_eq!(names, [
            (10_103, "Aguada de Cima".to_owned(), true),
            (10_109, "Fermentelos".to_owned(), false),
        ]);
        assert_eq!(load(&db, &first, 3).await.added, 1, "one is back");
        for unknown in [0, 10_104, 1_000_000, u32::MAX] {
            assert_eq!(parish::by_id(&db, unknown).await.expect("asked"), None);
        }
        assert_eq!(parish::of_county(&db, u32::MAX).await.expect("asked"), []);
    }

    async fn parishes_are_read_page_by_page(db) {
        load(&db, &[("010103", "A"), ("010109", "B"), ("110601", "C")], 0).await;
        let codes = |page: Vec<parish::Parish>| page.into_iter().map(|p| p.code).collect::<Vec<_>>();
        let first = parish::page(&db, "", 2).await.expect("asked");
        assert_eq!(codes(first), ["010103", "010109"]);
        let second = parish::page(&db, "010109", 2).await.expect("asked");
        assert_eq!(codes(second), ["110601"]);
    }

    async fn a_load_that_is_not_committed_leaves_nothing(db) {
        load(&db, &[("010103", "A")], 0).await;
        let list = BTreeMap::from([("110601".to_owned(), "C".to_owned())]);
        let mut tx = db.begin().await.expect("begun");
        parish::replace_in(&mut tx, &list, day(1)).await.expect("loaded");
        drop(tx);
        let there = parish::page(&db, "", 9).await.expect("asked");
        assert!(there.len() == 1 && there[0].active && there[0].code == "010103");
    }

    async fn averages_are_the_banks_own(db) {
        for n in [1, 2] {
            add_org(&db, &org(n, OrganisationKind::Bank, None)).await;
        }
        let rows = [
            average("12M", 2025, 9, 2_172_000_000),
            average("12M", 2025, 10, 2_187_000_000),
            average("3M", 2018, 11, -316_000_000),
        ];
        let one = put(&db, 1, &rows, 0).await;
        assert_eq!((one.added, one.changed, one.kept), (3, 0, 0));
        assert_eq!(index_average::of_org(&db, &row("org", 1)).await.expect("asked"), rows);
        assert_eq!(index_average::of_org(&db, &row("org", 2)).await.expect("asked"), []);
        let newest = index_average::newest(&db, &row("org", 1)).await.expect("asked");
        assert_eq!(newest, Some((3, START)));
        assert_eq!(index_average::newest(&db, &row("org", 2)).await.expect("asked"), None);
        let again = put(&db, 1, &rows, 1).await;
        assert_eq!((again.added, again.changed, again.kept), (0, 0, 3));
        let newest = index_average::newest(&db, &row("org", 1)).await.expect("asked");
        assert_eq!(newest, Some((3, START)), "nothing was written");
        let other = put(&db, 1, &[average("12M", 2025, 10, 1), average("6M", 2025, 10, 2)], 2).await;
        assert_eq!((other.added, other.changed, other.kept), (1, 1, 0));
        let newest = index_average::newest(&db, &row("org", 1)).await.expect("asked");
        assert_eq!(newest, Some((4, day(2))));
    }

    async fn a_day_within_a_month_is_no_month(db) {
        add_org(&db, &org(1, OrganisationKind::Bank, None)).await;
        let mut wrong = average("12M", 2025, 10, 1);
        wrong.month = Date::new(2025, 10, 2).expect("a day");
        let mut tx = db.begin().await.expect("begun");
        let refused = index_average::put_in(&mut tx, &row("org", 1), &[wrong], START).await;
        assert!(refused.is_err());
    }
}
