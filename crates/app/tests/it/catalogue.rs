//! Catalogues are imported whole, in versions, and come out again as they went in.

use lintel_app::catalogue::{self, ImportError, Outcome, Parts};
use lintel_app::context::App;
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Field, Noun, Refusal};
use lintel_pricing::codec::{self, Part};
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::prices::{CODES, ZIP, new_catalogue, prices, small_catalogue};
use crate::world::{World, refusal};

fn texts() -> Parts {
    codec::write(&small_catalogue())
}

/// The small catalogue with another name for its first product.
fn renamed(name: &str) -> Parts {
    let mut catalogue = small_catalogue();
    catalogue.products[0].name = name.to_owned();
    codec::write(&catalogue)
}

async fn generation(app: &App, org: &Organisation) -> i64 {
    let head = lintel_store::catalogue::head(app.db(), &org.id).await;
    head.expect("asked").generation
}

both! {
    async fn an_import_gives_public_ids_once(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let first = world.import(&org, new_catalogue(texts())).await.outcome;
        let Outcome::Stored { version: 1, new_products, .. } = first else {
            panic!("{first:?}")
        };
        let codes: Vec<&str> = new_products.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(codes, CODES);
        let second = world.import(&org, new_catalogue(renamed("Other"))).await.outcome;
        let Outcome::Stored { version: 2, new_products: newer, diff, .. } = second else {
            panic!("{second:?}")
        };
        assert_eq!(newer, []);
        assert!(!diff.is_empty());
        let registered = catalogue::products(&world.app, &org).await.expect("listed");
        assert_eq!(registered.len(), 3);
        let id_of = |code: &str| {
            let (_, id) = new_products.iter().find(|(c, _)| c == code).expect("given");
            id.clone()
        };
        for product in registered {
            assert_eq!(product.public_id, id_of(&product.code));
        }
        let book = catalogue::in_force(&world.app, &org).await.expect("read");
        assert_eq!(book.catalogue_version, 2);
        for product in &book.book.catalogue.products {
            assert_eq!(product.public_id, Some(id_of(&product.code)));
        }
        let events = list_after(&db, &org.id, 0).await.expect("read");
        let imports = events.iter().filter(|e| e.kind == EventKind::CatalogueImported);
        assert_eq!(imports.count(), 2);
    }

    async fn the_same_content_again_changes_nothing(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        world.import(&org, new_catalogue(texts())).await;
        let counted = [world.rows("catalogue_version").await, world.rows("event").await];
        let again = world.import(&org, new_catalogue(texts())).await.outcome;
        assert!(matches!(again, Outcome::Unchanged { version: 1 }), "{again:?}");
        // What comes out goes in again, public ids and all.
        let exported = catalogue::export(&world.app, &org, None).await.expect("exported");
        assert!(exported.parts[&Part::Products].contains("public_id"));
        let again = world.import(&org, new_catalogue(exported.parts)).await.outcome;
        assert!(matches!(again, Outcome::Unchanged { version: 1 }), "{again:?}");
        let after = [world.rows("catalogue_version").await, world.rows("event").await];
        assert_eq!(counted, after);
        assert_eq!(generation(&world.app, &org).await, 1);
    }

    async fn a_dry_run_says_what_would_change_and_writes_nothing(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let dry = |parts| {
            let mut new = new_catalogue(parts);
            new.is_dry_run = true;
            new
        };
        let planned = world.import(&org, dry(texts())).await.outcome;
        let Outcome::Planned { diff, new_codes } = planned else {
            panic!("{planned:?}")
        };
        assert!(!diff.is_empty());
        assert_eq!(new_codes, CODES);
        assert_eq!(world.rows("product").await, 0);
        assert_eq!(world.rows("catalogue_version").await, 0);
        assert_eq!(generation(&world.app, &org).await, 0);
        world.import(&org, new_catalogue(texts())).await;
        let same = world.import(&org, dry(texts())).await.outcome;
        assert!(matches!(same, Outcome::Unchanged { .. }), "{same:?}");
    }

    async fn bad_texts_are_findings_and_nothing_is_written(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let mut parts = texts();
        parts.insert(Part::Fees, "not toml [".to_owned());
        let error = catalogue::import(&world.app, &org, new_catalogue(parts)).await;
        let Err(ImportError::Findings(findings)) = error else {
            panic!("{error:?}")
        };
        assert_eq!(findings[0].part, "fees");
        let mut new = new_catalogue(texts());
        new.note = "x".repeat(501);
        let error = catalogue::import(&world.app, &org, new).await;
        let Err(ImportError::App(error)) = error else {
            panic!("{error:?}")
        };
        let expected = Refusal::malformed(Field::VersionNote);
        assert_eq!(refusal::<()>(Err(error)), expected);
        assert_eq!(world.rows("catalogue_version").await, 0);
        assert_eq!(world.rows("product").await, 0);
    }

    /// A catalogue may move to another server with its public ids; it may not take somebody's.
    async fn stated_public_ids_are_kept_or_refused(db) {
        let world = World::on(&db);
        let (org, other) = (world.lender().await, world.lender().await);
        let stated = |id: &str| {
            let mut catalogue = small_catalogue();
            catalogue.products[0].public_id = PublicId::parse(id);
            new_catalogue(codec::write(&catalogue))
        };
        world.import(&org, stated("ABCDEFG1")).await;
        let registered = catalogue::products(&world.app, &org).await.expect("listed");
        let first = registered.iter().find(|p| p.code == CODES[0]).expect("there");
        assert_eq!(first.public_id.as_str(), "ABCDEFG1");
        // The same content is not passed over when it states an id that is not the product's.
        let same = catalogue::import(&world.app, &org, stated("ABCDEFG2")).await;
        assert!(matches!(same, Err(ImportError::Findings(_))), "{same:?}");
        for (who, id) in [(&org, "ABCDEFG2"), (&other, "ABCDEFG1")] {
            let error = catalogue::import(&world.app, who, {
                let mut new = stated(id);
                new.effective_at = None;
                new.parts = {
                    let mut catalogue = small_catalogue();
                    catalogue.products[0].public_id = PublicId::parse(id);
                    catalogue.products[0].name = "Changed".to_owned();
                    codec::write(&catalogue)
                };
                new
            })
            .await;
            let Err(ImportError::Findings(findings)) = error else {
                panic!("{error:?}")
            };
            assert_eq!(findings[0].field, "public_id");
        }
        assert_eq!(world.rows("product").await, 3);
    }

    async fn versions_are_kept_and_exported(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let none = catalogue::export(&world.app, &org, None).await;
        let what = Noun::CatalogueVersion;
        assert_eq!(refusal(none), Refusal::NotFound { what });
        world.import(&org, new_catalogue(texts())).await;
        world.import(&org, new_catalogue(renamed("Other"))).await;
        for (version, expected) in [(Some(1), false), (Some(2), true), (None, true)] {
            let exported = catalogue::export(&world.app, &org, version).await.expect("exported");
            assert_eq!(exported.parts[&Part::Products].contains("Other"), expected);
        }
        let history = catalogue::history(&world.app, &org).await.expect("listed");
        let versions: Vec<i64> = history.iter().map(|v| v.version).collect();
        assert_eq!(versions, [2, 1]);
        let stranger = world.lender().await;
        let foreign = catalogue::export(&world.app, &stranger, Some(1)).await;
        assert_eq!(refusal(foreign), Refusal::NotFound { what });
    }

    /// A catalogue written ahead waits for its time, and the same content meanwhile is not "there
    /// already".
    async fn a_catalogue_takes_effect_in_its_time(db) {
        let world = World::on(&db);
        let org = world.org(OrganisationKind::Retail, None).await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let mut fewer = small_catalogue();
        fewer.products.truncate(1);
        let mut ahead = new_catalogue(codec::write(&fewer));
        ahead.effective_at = Some(world.app.now().plus_seconds(86_400));
        let stored = world.import(&org, ahead.clone()).await.outcome;
        assert!(matches!(stored, Outcome::Stored { .. }), "{stored:?}");
        let again = world.import(&org, ahead).await.outcome;
        assert!(matches!(again, Outcome::Unchanged { .. }), "{again:?}");
        let count = |searched: &lintel_app::search::Searched| searched.found[0].priced.products.len();
        assert_eq!(count(&world.search(&who, &[ZIP]).await), 3);
        world.pass_days(1);
        assert_eq!(count(&world.search(&who, &[ZIP]).await), 1);
        // The old content again, at once: that is a change now.
        let back = world.import(&org, new_catalogue(texts())).await.outcome;
        assert!(matches!(back, Outcome::Stored { .. }), "{back:?}");
        let searched = world.search(&who, &[ZIP]).await;
        assert_eq!((count(&searched), prices(&searched)), (3, vec![99_000]));
    }
}
