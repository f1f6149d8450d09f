//! Parts of a catalogue and sheets are changed in one stroke, by whomever, without losing anything.

use std::collections::BTreeMap;

use lintel_app::catalogue::{self, Change, ChangeError, Changed, Outcome, Parts};
use lintel_app::demo;
use lintel_domain::event::EventKind;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, Refusal};
use lintel_pricing::catalogue::Sheet;
use lintel_pricing::codec::{self, Part};
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::prices::{CODES, ZIP, percent, prices, small_catalogue, update};
use crate::world::{World, refusal};

/// Sheets of the small catalogue's first products, at one price.
fn sheets(count: usize, price: i64) -> BTreeMap<String, Sheet> {
    let sheet = |code: &&str| {
        let rows = update(code, price).rows;
        let sheet = Sheet::try_new(rows, None, None).expect("a sheet");
        ((*code).to_owned(), sheet)
    };
    CODES[..count].iter().map(sheet).collect()
}

/// The part that has the products, the first under another name.
fn renamed(name: &str) -> Parts {
    let mut catalogue = small_catalogue();
    catalogue.products[0].name = name.to_owned();
    let mut parts = codec::write(&catalogue);
    parts.retain(|part, _| *part == Part::Products);
    parts
}

fn of(parts: Parts, sheets: BTreeMap<String, Sheet>) -> Change {
    Change {
        parts,
        sheets,
        effective_at: None,
        note: "a test's".to_owned(),
        actor: "operator".to_owned(),
        source: "a test".to_owned(),
        is_dry_run: false,
    }
}

impl World {
    async fn change(&self, org: &Organisation, change: Change) -> Changed {
        let changed = catalogue::change(&self.app, org, change).await;
        changed.expect("changed")
    }

    async fn part(&self, org: &Organisation, part: Part) -> String {
        let exported = catalogue::export(&self.app, org, None).await;
        exported.expect("exported").parts[&part].clone()
    }
}

both! {
    async fn parts_and_sheets_come_into_force_together(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        let whole = codec::write(&small_catalogue());
        let first = world.change(&org, of(whole, sheets(3, 99_000))).await;
        let Some(Outcome::Stored { version: 1, new_products, .. }) = first.outcome else {
            panic!("{first:?}")
        };
        assert_eq!((new_products.len(), first.sheets.len()), (3, 3));
        for one in &first.sheets {
            assert_eq!((one.version, one.is_changed, one.diff.is_new), (Some(1), true, true));
            let (_, id) = new_products.iter().find(|(code, _)| *code == one.code).expect("new");
            assert_eq!(one.public_id.as_ref(), Some(id));
        }
        let searched = world.search(&who, &[ZIP]).await;
        assert_eq!((prices(&searched), searched.book.generation), (vec![99_000], 1));
        let second = world.change(&org, of(renamed("Other"), sheets(1, 99_500))).await;
        assert!(matches!(second.outcome, Some(Outcome::Stored { version: 2, .. })), "{second:?}");
        assert_eq!(second.sheets[0].diff.repriced, 4);
        let book = world.search(&who, &[ZIP]).await.book;
        assert_eq!((book.generation, book.catalogue_version), (2, 2));
        let versions = CODES.map(|code| book.sheet_version(code));
        assert_eq!(versions, [Some(2), Some(1), Some(1)]);
        // The same again is there already.
        let third = world.change(&org, of(renamed("Other"), sheets(1, 99_500))).await;
        assert!(matches!(third.outcome, Some(Outcome::Unchanged { version: 2 })), "{third:?}");
        assert_eq!((third.sheets[0].is_changed, third.sheets[0].version), (false, Some(2)));
        // Only a sheet.
        let fourth = world.change(&org, of(Parts::new(), sheets(1, 99_600))).await;
        assert!(fourth.outcome.is_none());
        assert_eq!(fourth.sheets[0].version, Some(3));
        assert_eq!(world.rows("catalogue_version").await, 2);
        let events = list_after(&db, &org.id, 0).await.expect("read");
        let count = |kind| events.iter().filter(|event| event.kind == kind).count();
        assert_eq!((count(EventKind::CatalogueImported), count(EventKind::RatesUpdated)), (2, 3));
    }

    async fn all_of_it_or_nothing(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        world.priced(&org, 99_000).await;
        let stranger = BTreeMap::from([("NOSUCH".to_owned(), sheets(1, 1)["FIX30"].clone())]);
        let error = catalogue::change(&world.app, &org, of(renamed("Other"), stranger)).await;
        assert!(matches!(error, Err(ChangeError::Sheets(_))), "{error:?}");
        let empty = BTreeMap::from([("FIX30".to_owned(), Sheet::default())]);
        let error = catalogue::change(&world.app, &org, of(renamed("Other"), empty)).await;
        assert!(matches!(error, Err(ChangeError::Sheets(_))), "{error:?}");
        let bad = Parts::from([(Part::Fees, "not toml [".to_owned())]);
        let error = catalogue::change(&world.app, &org, of(bad, sheets(1, 99_500))).await;
        let Err(ChangeError::Parts(findings)) = error else { panic!("{error:?}") };
        assert_eq!(findings[0].part, "fees");
        // A product that goes with its sheet in the same change.
        let mut fewer = small_catalogue();
        fewer.products.truncate(1);
        let error = catalogue::change(&world.app, &org, of(codec::write(&fewer), sheets(2, 99_500))).await;
        assert!(matches!(error, Err(ChangeError::Sheets(_))), "{error:?}");
        let mut noted = of(renamed("Other"), sheets(1, 99_500));
        noted.note = "line\nline".to_owned();
        let error = catalogue::change(&world.app, &org, noted).await;
        let Err(ChangeError::App(error)) = error else { panic!("{error:?}") };
        assert_eq!(refusal::<()>(Err(error)), Refusal::malformed(Field::VersionNote));
        let head = lintel_store::catalogue::head(&db, &org.id).await.expect("asked");
        assert_eq!(head.generation, 2);
        assert_eq!(world.rows("rate_sheet").await, 3);
    }

    async fn a_dry_run_plans_sheets_too(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let mut dry = of(codec::write(&small_catalogue()), sheets(3, 99_000));
        dry.is_dry_run = true;
        let planned = world.change(&org, dry).await;
        assert!(matches!(planned.outcome, Some(Outcome::Planned { .. })), "{planned:?}");
        for one in &planned.sheets {
            assert_eq!((&one.public_id, one.version, one.is_changed), (&None, None, true));
        }
        for table in ["product", "catalogue_version", "rate_sheet", "pricing_head"] {
            assert_eq!(world.rows(table).await, 0, "{table}");
        }
    }

    /// The index of a sheet stays when the new one names none, and is not told as a change.
    async fn an_index_that_is_not_named_stays(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let mut first = sheets(1, 99_000);
        first.get_mut("FIX30").expect("there").index = Some(percent(4_250));
        world.change(&org, of(codec::write(&small_catalogue()), first)).await;
        let second = world.change(&org, of(Parts::new(), sheets(1, 99_000))).await;
        assert!(!second.sheets[0].is_changed && second.sheets[0].diff.is_empty());
        let third = world.change(&org, of(Parts::new(), sheets(1, 99_125))).await;
        assert_eq!((third.sheets[0].diff.repriced, &third.sheets[0].diff.index), (4, &None));
    }

    /// Several people on several nodes change different parts at once: every part is there in the end.
    async fn changes_at_once_lose_nothing(db) {
        let nodes = [World::on(&db), World::on(&db)];
        let (org, _) = demo::load(&nodes[0].app).await.expect("loaded");
        let emptied = [Part::Caps, Part::Margins, Part::Fees, Part::Estimates];
        for part in emptied {
            assert!(nodes[0].part(&org, part).await.contains("[["), "{part:?}");
        }
        let mut tasks = tokio::task::JoinSet::new();
        for (n, part) in emptied.into_iter().enumerate() {
            let (app, org) = (nodes[n % 2].app.clone(), org.clone());
            let parts = Parts::from([(part, String::new())]);
            tasks.spawn(async move { catalogue::change(&app, &org, of(parts, BTreeMap::new())).await });
        }
        for changed in tasks.join_all().await {
            let outcome = changed.expect("changed").outcome;
            assert!(matches!(outcome, Some(Outcome::Stored { .. })), "{outcome:?}");
        }
        for part in emptied {
            assert!(!nodes[1].part(&org, part).await.contains("[["), "{part:?} came back");
        }
        assert!(nodes[1].part(&org, Part::Products).await.contains("[["));
        assert_eq!(nodes[1].rows("catalogue_version").await, 5);
    }

    /// A change for a later day keeps what was already written for that day.
    async fn what_is_written_ahead_is_built_upon(db) {
        let world = World::on(&db);
        let (org, _) = demo::load(&world.app).await.expect("loaded");
        let tomorrow = world.app.now().plus_seconds(86_400);
        let ahead = |part| {
            let mut change = of(Parts::from([(part, String::new())]), BTreeMap::new());
            change.effective_at = Some(tomorrow);
            change
        };
        world.change(&org, ahead(Part::Caps)).await;
        world.change(&org, ahead(Part::Margins)).await;
        for (days, is_there) in [(0, true), (1, false)] {
            world.pass_days(days);
            for part in [Part::Caps, Part::Margins] {
                assert_eq!(world.part(&org, part).await.contains("[["), is_there, "{part:?}");
            }
        }
    }
}
