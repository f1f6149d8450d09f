//! Searches are stored before they are answered, belong to whoever made them, and can be made again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use lintel_app::context::App;
use lintel_app::demo;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{Rng, SeededRng};
use lintel_app::pricing;
use lintel_app::search::{self, MAX_PERMUTATIONS, SearchPurpose, SearchRequest};
use lintel_domain::id::DAY_SECONDS;
use lintel_domain::loan::{Program, Purpose};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Field, Noun, Refusal};
use lintel_domain::scenario::{Employment, Flag};
use lintel_engine::money::Cents;
use lintel_places::Zip;
use lintel_pricing::book::PointsWanted;
use lintel_pricing::catalogue::Eligibility;
use lintel_pricing::codec;
use lintel_pricing::when::{Days, Selector, When};
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_store::fault::Fault;
use lintel_testkit::both;

use crate::prices::{ZIP, new_catalogue, percent, prices, request, small_catalogue};
use crate::world::{World, refusal};

/// A request with something in every field that is stored.
fn full_request() -> SearchRequest {
    let mut full = request(&[ZIP, "10014"]);
    let asked = &mut full.scenario;
    asked.subordinate_balance = Cents::new(1_000_000);
    asked.undrawn_line = Cents::new(500_000);
    asked.flags = asked
        .flags
        .with(Flag::FirstTimeBuyer, true)
        .with(Flag::EscrowWaived, true);
    asked.finances_va_fee = true;
    asked.employment = Some(Employment::SelfEmployed);
    asked.documentation = Some("Full \"quoted\" \u{1} ünï".to_owned());
    asked.homes_owned = Some(2);
    asked.channel = Some("Retail".to_owned());
    asked.sub_channel = Some("Employee".to_owned());
    asked.branch = Some("12".to_owned());
    asked.criteria = vec![("PromoCode".to_owned(), "X1".to_owned())];
    let wanted = &mut full.wanted;
    wanted.lock_days = 40;
    wanted.points = Some(PointsWanted {
        low: percent(-2_000),
        high: percent(2_000),
    });
    wanted.explain = true;
    wanted.filter.programs = Some(vec![Program::Conventional]);
    wanted.filter.families = vec![("HomeReady".to_owned(), false)];
    wanted.filter.term_years = Some(vec![30, 15]);
    wanted.filter.arm_years = Some(vec![5]);
    full.purposes.push(SearchPurpose {
        purpose: Purpose::RefinanceCashOut,
        loan_amount: Cents::new(26_000_000),
        down_payment: Some(Cents::new(25_000_000)),
    });
    full
}

fn is_id(text: &str) -> bool {
    text.len() == 6
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Random bytes that come three times each once it stutters.
struct Stutter {
    smooth: SeededRng,
    drawn: AtomicU64,
    stutters: AtomicBool,
}

impl Rng for Stutter {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault> {
        if !self.stutters.load(Ordering::SeqCst) {
            return self.smooth.fill(buffer);
        }
        let n = self.drawn.fetch_add(1, Ordering::SeqCst);
        SeededRng::new(n / 3).fill(buffer)
    }
}

/// Random bytes of which there are eight kinds only once it is short of ideas.
struct Short {
    smooth: SeededRng,
    drawn: AtomicU64,
    is_short: AtomicBool,
}

impl Rng for Short {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault> {
        if !self.is_short.load(Ordering::SeqCst) {
            return self.smooth.fill(buffer);
        }
        let kind = self.drawn.fetch_add(1, Ordering::SeqCst) % 8;
        buffer.fill(u8::try_from(kind).expect("small"));
        Ok(())
    }
}

/// Searches over `world`, made by a process that draws from `rng`.
fn drawing_from(world: &mut World, db: &Db, rng: Arc<dyn Rng>) {
    let keys = KeyRing::in_memory(&*rng).expect("keys");
    let rules = RuleBook::embedded().expect("the rule book");
    world.app = App::new(db.clone(), keys, world.clock.clone(), rng, rules);
}

both! {
    /// When every id of six characters is given out, longer ones are, and they are found again.
    async fn ids_do_not_run_out(db) {
        let rng = Arc::new(Short {
            smooth: SeededRng::new(12),
            drawn: AtomicU64::new(0),
            is_short: AtomicBool::new(false),
        });
        let mut world = World::on(&db);
        drawing_from(&mut world, &db, rng.clone());
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        rng.is_short.store(true, Ordering::SeqCst);
        let mut lengths = Vec::new();
        for _ in 0..20 {
            let id = world.search(&who, &[ZIP]).await.found[0].search_id.clone();
            let again = search::replay(&world.app, &org, &id).await.expect("replayed");
            assert!(again.is_equal);
            assert_eq!(search::find(&world.app, &id).await.expect("found").len(), 1);
            lengths.push(id.len());
        }
        assert_eq!(lengths[..8], [6; 8], "{lengths:?}");
        assert!(lengths[8..].iter().all(|length| [7, 8].contains(length)), "{lengths:?}");
        assert_eq!(world.rows("quote_search").await, 20);
    }

    /// A refusal that names the ZIP code names the one that was asked for.
    async fn a_refusal_names_its_own_zip(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        let mut catalogue = small_catalogue();
        let zip = |text: &str| Zip::parse(text).expect("a ZIP code");
        catalogue.eligibility.push(Eligibility {
            name: "Los Angeles only".to_owned(),
            products: Selector::default(),
            when: When::default(),
            require: When {
                zips: vec![(zip("90001"), zip("91000"))],
                ..When::default()
            },
            days: Days::default(),
        });
        world.import(&org, new_catalogue(codec::write(&catalogue))).await;
        world.sheets(&org, 99_000, None).await;
        let zips = ["92648", "92649"];
        let mut asked = request(&zips);
        asked.wanted.explain = true;
        let found = search::run(&world.app, &who, asked).await.expect("answered").found;
        for (found, [own, other]) in found.iter().zip([zips, ["92649", "92648"]]) {
            let told = format!("{:?}", found.priced.refused);
            assert!(told.contains(own) && !told.contains(other), "{own}: {told}");
        }
        // Without explanations nobody can tell, and they are priced once.
        let found = world.search(&who, &zips).await.found;
        assert!(Arc::ptr_eq(&found[0].priced, &found[1].priced));
    }

    /// However many searches are over, all are forgotten; prices stay current meanwhile.
    async fn a_mountain_of_old_searches_is_forgotten(db) {
        let (here, there) = (World::on(&db), World::on(&db));
        let org = here.lender().await;
        let who = here.principal(&org).await;
        here.priced(&org, 99_000).await;
        here.search(&who, &[ZIP]).await;
        here.meddle(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) \
             INSERT INTO quote_search (org_id, search_id, created_at_us, expires_at_us, \
             pricing_org_id, generation, priced_at_us, rules_digest, program_version, inputs, \
             result_digest) SELECT org_id, 'old-' || i, created_at_us, i, pricing_org_id, \
             generation, priced_at_us, rules_digest, program_version, inputs, result_digest \
             FROM quote_search, n",
        )
        .await;
        there.search(&who, &[ZIP]).await;
        let mut watching = tokio::task::JoinSet::new();
        watching.spawn(pricing::watch(there.app.clone()));
        here.sheets(&org, 99_500, None).await;
        let swapped = async {
            while pricing::book(&there.app, &org).await.expect("there").0.generation < 3 {
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(1), swapped).await;
        in_time.expect("within a second");
        watching.abort_all();
        pricing::sweep(&here.app).await.expect("swept");
        assert_eq!(here.rows("quote_search").await, 2);
    }

    /// Ids are drawn by chance: one that is taken is drawn again, also within one search.
    async fn an_id_is_never_given_out_twice(db) {
        let rng = Arc::new(Stutter {
            smooth: SeededRng::new(11),
            drawn: AtomicU64::new(0),
            stutters: AtomicBool::new(false),
        });
        let mut world = World::on(&db);
        drawing_from(&mut world, &db, rng.clone());
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        rng.stutters.store(true, Ordering::SeqCst);
        let mut ids = Vec::new();
        for zips in [&[ZIP][..], &[ZIP; 5], &[ZIP]] {
            let found = world.search(&who, zips).await.found;
            ids.extend(found.into_iter().map(|found| found.search_id));
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), count), (7, 7), "{ids:?}");
        assert_eq!(world.rows("quote_search").await, 7);
    }

    async fn every_permutation_is_answered_in_order_under_its_own_id(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let mut request = full_request();
        request.zips = vec![ZIP.into(), "92648".into(), "00000".into(), "9264".into(), "10014-1234".into()];
        let zips = request.zips.clone();
        let searched = search::run(&world.app, &who, request).await.expect("answered");
        assert_eq!(searched.found.len(), 10);
        assert_eq!(world.rows("quote_search").await, 10);
        let mut ids: Vec<&str> = searched.found.iter().map(|f| f.search_id.as_str()).collect();
        assert!(ids.iter().all(|id| is_id(id)), "{ids:?}");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 10);
        for (n, found) in searched.found.iter().enumerate() {
            assert_eq!(found.zip, zips[n % 5]);
            let purpose = [Purpose::Purchase, Purpose::RefinanceCashOut][n / 5];
            assert_eq!(found.purpose, purpose);
            let is_known = ![2, 3].contains(&(n % 5));
            assert_eq!(found.place.is_some(), is_known, "{}", found.zip);
            assert_eq!(!found.priced.products.is_empty(), is_known);
            assert!(is_known || !found.priced.notices.is_empty());
        }
        // Two ZIP codes of one county are the same to every rule, and answered once.
        let [first, second] = [&searched.found[0], &searched.found[1]];
        assert!(std::sync::Arc::ptr_eq(&first.priced, &second.priced));
        assert!(!std::sync::Arc::ptr_eq(&first.priced, &searched.found[5].priced));
    }

    async fn an_old_search_gives_the_old_figures(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let searched = search::run(&world.app, &who, full_request()).await.expect("answered");
        world.sheets(&org, 98_000, None).await;
        world.pass_days(30);
        world.sheets(&org, 97_000, None).await;
        // A node that never held the old book.
        let cold = World::on(&db);
        cold.pass_days(31);
        for app in [&world.app, &cold.app] {
            for found in &searched.found {
                let again = search::replay(app, &org, &found.search_id).await.expect("replayed");
                assert!(again.is_equal);
                assert_eq!(again.priced, *found.priced);
                assert_eq!((again.zip.as_str(), again.stored.generation), (found.zip.as_str(), 2));
                assert_eq!(again.rules_digest, again.stored.rules_digest);
                assert_eq!(again.program_version, again.stored.program_version);
            }
        }
        // Old prices are made again once, not for everybody who asks.
        let twice = async |n: usize| {
            let id = &searched.found[n].search_id;
            search::replay(&cold.app, &org, id).await.expect("replayed").book
        };
        let (once, again) = (twice(0).await, twice(1).await);
        assert!(Arc::ptr_eq(&once, &again));
        let new = world.search(&who, &[ZIP]).await;
        assert_eq!(prices(&new), [97_000]);
        let again = search::replay(&world.app, &org, &new.found[0].search_id).await;
        assert!(again.expect("replayed").is_equal);
    }

    /// What was stored is read back to the last field.
    async fn the_inputs_come_back_as_they_were(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let full = full_request();
        let searched = search::run(&world.app, &who, full.clone()).await.expect("answered");
        let id = &searched.found[2].search_id;
        let again = search::replay(&world.app, &org, id).await.expect("replayed");
        let mut expected = full.scenario.clone();
        expected.purpose = Purpose::RefinanceCashOut;
        expected.loan_amount = Cents::new(26_000_000);
        expected.down_payment = Some(Cents::new(25_000_000));
        assert_eq!(again.scenario, expected);
        assert!(again.is_equal);
    }

    /// A table that was replaced since does not change an old search: the rule book of then is kept.
    /// Without it, the present one is used, and that is told.
    async fn what_differs_is_told(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let id = world.search(&who, &[ZIP]).await.found[0].search_id.clone();
        // Discount points are no finance charge any more, so that every rate with points differs.
        let text = include_str!("../../../../data/us/finance_charge.toml");
        let points = "types = [\"LoanDiscountPoints\"]";
        assert!(text.contains(points));
        let text = text.replace(points, &format!("out_when = [[]]\nexcluded_reason = \"a test\"\n{points}"));
        let rules = RuleBook::with_file("us/finance_charge.toml", &text);
        let other = World::with_rules(&db, rules.expect("the rule book"));
        let again = search::replay(&other.app, &org, &id).await.expect("replayed");
        assert!(again.is_equal, "priced with the tables of then");
        assert_eq!(again.rules_digest, again.stored.rules_digest);
        world.meddle("DELETE FROM rule_book_text").await;
        let again = search::replay(&other.app, &org, &id).await.expect("replayed");
        assert!(!again.is_equal);
        assert_ne!(again.rules_digest, again.stored.rules_digest);
        world.meddle("UPDATE quote_search SET inputs = \
             REPLACE(inputs, '\"loan_amount\":30000000', '\"loan_amount\":30000100')").await;
        let again = search::replay(&world.app, &org, &id).await.expect("replayed");
        assert!(!again.is_equal);
        assert_ne!(again.result_digest, again.stored.result_digest);
        world.meddle("UPDATE quote_search SET inputs = '{\"layout\":2}'").await;
        let error = search::replay(&world.app, &org, &id).await.expect_err("corrupt");
        let lintel_app::error::AppError::Failed(fault) = error else { panic!("{error:?}") };
        assert!(fault.chain().contains("quote_search.inputs"), "{}", fault.chain());
    }

    async fn searches_are_their_askers_for_ninety_days(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let stranger = world.lender().await;
        world.priced(&wholesale, 99_000).await;
        let who = world.principal(&broker).await;
        let id = world.search(&who, &[ZIP]).await.found[0].search_id.clone();
        let unknown = Refusal::NotFound { what: Noun::Search };
        for org in [&wholesale, &stranger] {
            let foreign = search::replay(&world.app, org, &id).await;
            assert_eq!(refusal(foreign), unknown);
        }
        for bad in ["", "xxxxxx", "AAAAA\0", &format!("{id}0"), &id.to_lowercase()] {
            if bad != id {
                assert_eq!(refusal(search::replay(&world.app, &broker, bad).await), unknown);
            }
        }
        let kept = search::find(&world.app, &id).await.expect("asked");
        assert_eq!((kept.len(), &kept[0].org), (1, &broker));
        let again = search::replay_stored(&world.app, kept[0].stored.clone()).await;
        assert!(again.expect("replayed").is_equal);
        world.clock.advance(90 * DAY_SECONDS - 1);
        assert!(search::replay(&world.app, &broker, &id).await.is_ok());
        world.clock.advance(1);
        assert_eq!(refusal(search::replay(&world.app, &broker, &id).await), unknown);
        assert_eq!(search::find(&world.app, &id).await.expect("asked").len(), 0);
        world.search(&who, &[ZIP]).await;
        assert_eq!(world.rows("quote_search").await, 2);
        pricing::sweep(&world.app).await.expect("swept");
        assert_eq!(world.rows("quote_search").await, 1, "only what is over is forgotten");
    }

    async fn what_cannot_be_searched_is_refused_and_not_stored(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let with = |spoil: &dyn Fn(&mut SearchRequest)| {
            let mut one = request(&[ZIP]);
            spoil(&mut one);
            one
        };
        let bad = Refusal::malformed;
        let gone = |what| Refusal::NotFound { what };
        let cases = [
            (with(&|r| r.zips.clear()), bad(Field::SearchZips)),
            (with(&|r| r.purposes.clear()), bad(Field::SearchZips)),
            (with(&|r| r.zips = vec![ZIP.into(); MAX_PERMUTATIONS + 1]), bad(Field::SearchZips)),
            (with(&|r| r.scenario.home_price = Cents::ZERO), bad(Field::HomePrice)),
            (with(&|r| r.scenario.home_price = Cents::new(i64::MAX)), bad(Field::HomePrice)),
            (with(&|r| r.purposes[0].loan_amount = Cents::ZERO), bad(Field::LoanAmount)),
            (with(&|r| r.purposes[0].loan_amount = Cents::new(-1)), bad(Field::LoanAmount)),
            (with(&|r| r.purposes[0].loan_amount = Cents::new(i64::MAX)), bad(Field::LoanAmount)),
            (with(&|r| r.lender = Some("NOBODY12".into())), gone(Noun::Organisation)),
            (with(&|r| r.lender = Some("x".into())), gone(Noun::Organisation)),
            (with(&|r| r.officer = Some("NOBODY12".into())), gone(Noun::Staff)),
        ];
        for (request, expected) in cases {
            let refused = refusal(search::run(&world.app, &who, request).await);
            assert_eq!(refused, expected);
        }
        assert_eq!(world.rows("quote_search").await, 0);
        let mut own = request(&[ZIP]);
        own.lender = Some(org.public_id.to_string());
        assert!(search::run(&world.app, &who, own).await.is_ok());
    }

    async fn a_lender_without_a_catalogue_has_no_products(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        let searched = world.search(&who, &[ZIP]).await;
        assert_eq!(searched.found[0].priced.products, []);
        assert_eq!(searched.book.generation, 0);
        let again = search::replay(&world.app, &org, &searched.found[0].search_id).await;
        assert!(again.expect("replayed").is_equal);
    }

    /// Many at once share commits; each is there when it is answered, under an id of its own.
    async fn searches_at_once_are_all_stored(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let (app, who, org) = (world.app.clone(), who.clone(), org.clone());
            tasks.spawn(async move {
                let found = search::run(&app, &who, request(&[ZIP])).await.expect("answered").found;
                let id = found[0].search_id.clone();
                let there = lintel_store::search::load(app.db(), &org.id, &id, app.now()).await;
                assert!(there.expect("asked").is_some(), "answered before it was stored");
                id
            });
        }
        let mut ids = tasks.join_all().await;
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 200);
        assert_eq!(world.rows("quote_search").await, 200);
    }

    /// Nothing is acknowledged that is not stored: without a database there is no answer.
    async fn without_a_database_there_is_no_answer(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        world.search(&who, &[ZIP]).await;
        let closed = World::on(&db);
        db.close().await;
        for world in [&world, &closed] {
            let error = search::run(&world.app, &who, request(&[ZIP])).await;
            assert!(matches!(error, Err(lintel_app::error::AppError::Failed(_))), "{error:?}");
        }
    }

    /// A long search is answered in parts, each stored when it is handed out.
    async fn a_long_search_comes_in_parts(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let zips: Vec<String> = lintel_places::iter().step_by(300).map(|p| p.zip.to_string()).collect();
        let mut long = request(&[]);
        long.zips.clone_from(&zips);
        let mut searching = search::begin(&world.app, &who, long).await.expect("begun");
        assert_eq!(searching.total(), zips.len());
        assert_eq!(world.rows("quote_search").await, 0);
        world.sheets(&org, 95_000, None).await;
        let mut stored = 0;
        while let Some(found) = searching.next().await.expect("answered") {
            assert!(found.len() <= 64);
            for one in &found {
                assert_eq!(one.zip, zips[stored]);
                stored += 1;
                let rows = one.priced.products.iter().flat_map(|p| &p.rows);
                assert!(rows.into_iter().all(|row| row.price == percent(99_000)), "one book to the end");
            }
            assert_eq!(world.rows("quote_search").await, i64::try_from(stored).expect("few"));
        }
        assert_eq!(stored, zips.len());
        assert!(searching.next().await.expect("over").is_none());
    }

    /// The demo lender quotes a common loan in all its programmes, and can do so again.
    async fn the_demo_lender_quotes(db) {
        let world = World::on(&db);
        let (org, _) = demo::load(&world.app).await.expect("loaded");
        let who = world.principal(&org).await;
        let mut request = request(&[ZIP]);
        request.scenario.channel = Some("Retail".to_owned());
        request.scenario.sub_channel = Some("Employee".to_owned());
        request.wanted.explain = true;
        let searched = search::run(&world.app, &who, request).await.expect("answered");
        let found = &searched.found[0];
        let products = &found.priced.products;
        assert!(products.len() > 5, "{:?}", found.priced.refused);
        let rows: usize = products.iter().map(|product| product.rows.len()).sum();
        assert!(rows > 20, "{rows}");
        let again = search::replay(&world.app, &org, &found.search_id).await;
        assert!(again.expect("replayed").is_equal);
    }
}
