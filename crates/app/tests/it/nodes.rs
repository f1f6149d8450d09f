//! Several nodes over one database: each quotes the newest prices within a second, whatever their
//! clocks say.

use std::time::Duration;

use lintel_app::context::App;
use lintel_app::pricing;
use lintel_app::ratecard::{self, Claim, JobState, Lease, NewJob, ShardOutput};
use lintel_domain::id::DAY_SECONDS;
use lintel_testkit::both;

use crate::prices::{ZIP, percent, prices};
use crate::world::World;

async fn finish(app: &App, lease: &Lease) {
    let output = ShardOutput {
        shard: lease.shard,
        output: format!("part-{}", lease.shard),
        rows: 10,
        digest: "digest".to_owned(),
    };
    let finished = ratecard::finish(app, lease, &output).await;
    assert!(finished.expect("asked"));
}

/// Longer than a poller may take; a test that waits this long has failed.
const A_SECOND: Duration = Duration::from_secs(1);

both! {
    async fn another_node_sees_a_change_when_it_looks(db) {
        let (here, there) = (World::on(&db), World::on(&db));
        let org = here.lender().await;
        let who = here.principal(&org).await;
        here.priced(&org, 99_000).await;
        assert_eq!(prices(&there.search(&who, &[ZIP]).await), [99_000]);
        here.sheets(&org, 99_500, None).await;
        assert_eq!(prices(&here.search(&who, &[ZIP]).await), [99_500]);
        let before = there.search(&who, &[ZIP]).await;
        assert_eq!(prices(&before), [99_000], "it has not looked yet");
        pricing::poll(&there.app).await.expect("looked");
        let after = there.search(&who, &[ZIP]).await;
        assert_eq!(prices(&after), [99_500]);
        assert_eq!(after.book.generation, before.book.generation + 1);
        // What did not change is shared, not read again.
        assert!(std::sync::Arc::ptr_eq(
            &before.book.book.catalogue,
            &after.book.book.catalogue
        ));
    }

    async fn the_watch_swaps_within_a_second(db) {
        let (here, there) = (World::on(&db), World::on(&db));
        let org = here.lender().await;
        let who = here.principal(&org).await;
        here.priced(&org, 99_000).await;
        there.search(&who, &[ZIP]).await;
        let mut watching = tokio::task::JoinSet::new();
        watching.spawn(pricing::watch(there.app.clone()));
        for price in [99_100, 99_200, 99_300] {
            here.sheets(&org, price, None).await;
            let swapped = async {
                loop {
                    let (book, _) = pricing::book(&there.app, &org).await.expect("there");
                    if book.sheet_version("FIX30") == Some(book.generation) && {
                        let searched = there.search(&who, &[ZIP]).await;
                        prices(&searched) == [price]
                    } {
                        break;
                    }
                }
            };
            tokio::time::timeout(A_SECOND, swapped).await.expect("within a second");
        }
    }

    /// The watch goes on after a fault; meanwhile the last known prices are quoted.
    async fn a_catalogue_that_cannot_be_read_leaves_the_old_book(db) {
        let (here, there) = (World::on(&db), World::on(&db));
        let org = here.lender().await;
        let who = here.principal(&org).await;
        here.priced(&org, 99_000).await;
        there.search(&who, &[ZIP]).await;
        here.sheets(&org, 99_500, None).await;
        here.meddle("UPDATE rate_sheet SET body = 'nonsense' WHERE version = 3").await;
        let fault = pricing::poll(&there.app).await.expect_err("corrupt");
        assert!(fault.chain().contains("rate_sheet.body"), "{}", fault.chain());
        let (book, _) = pricing::book(&there.app, &org).await.expect("the old one");
        assert_eq!(book.generation, 2);
        here.sheets(&org, 99_600, None).await;
        pricing::poll(&there.app).await.expect("looked");
        assert_eq!(prices(&there.search(&who, &[ZIP]).await), [99_600]);
    }

    /// A sheet written ahead takes effect in its time on every node, without anybody looking.
    async fn what_is_written_ahead_waits_for_its_time(db) {
        let (here, there) = (World::on(&db), World::on(&db));
        let org = here.lender().await;
        let who = here.principal(&org).await;
        here.priced(&org, 99_000).await;
        let noon = here.app.now();
        here.sheets(&org, 99_700, Some(noon.plus_seconds(2 * DAY_SECONDS))).await;
        here.sheets(&org, 99_500, Some(noon.plus_seconds(DAY_SECONDS))).await;
        for (days, expected) in [(0, 99_000), (1, 99_500), (1, 99_700)] {
            for node in [&here, &there] {
                node.pass_days(days);
                assert_eq!(prices(&node.search(&who, &[ZIP]).await), [expected]);
            }
        }
        // A time that is over means at once.
        here.sheets(&org, 99_800, Some(noon)).await;
        assert_eq!(prices(&here.search(&who, &[ZIP]).await), [99_800]);
    }

    /// A node whose clock is an hour behind sees and makes changes all the same, in the order of
    /// their commits.
    async fn clocks_that_disagree_lose_no_change(db) {
        let (fast, slow) = (World::on(&db), World::on(&db));
        fast.clock.advance(3600);
        let org = fast.lender().await;
        let who = fast.principal(&org).await;
        fast.priced(&org, 99_000).await;
        assert_eq!(prices(&slow.search(&who, &[ZIP]).await), [99_000]);
        slow.sheets(&org, 99_500, None).await;
        assert_eq!(prices(&slow.search(&who, &[ZIP]).await), [99_500]);
        pricing::poll(&fast.app).await.expect("looked");
        assert_eq!(prices(&fast.search(&who, &[ZIP]).await), [99_500]);
        fast.sheets(&org, 99_600, None).await;
        pricing::poll(&slow.app).await.expect("looked");
        let late = slow.search(&who, &[ZIP]).await;
        assert_eq!(prices(&late), [99_600]);
        assert!(late.priced_at >= fast.app.now(), "not priced for a time before the change");
        let again = lintel_app::search::replay(&slow.app, &org, &late.found[0].search_id).await;
        assert!(again.expect("replayed").is_equal);
    }

    /// A crowd that comes to a cold node loads one book.
    async fn a_cold_node_loads_once(db) {
        let (here, there) = (World::on(&db), World::on(&db));
        let org = here.lender().await;
        here.priced(&org, 99_000).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (app, org) = (there.app.clone(), org.clone());
            tasks.spawn(async move { pricing::book(&app, &org).await.expect("loaded").0 });
        }
        let books = tasks.join_all().await;
        assert!(books.iter().all(|book| std::sync::Arc::ptr_eq(book, &books[0])));
    }

    /// Nodes that work off a rate card price it from the same sheets, whatever changes meanwhile.
    async fn a_rate_card_is_made_from_one_book(db) {
        let (here, there) = (World::on(&db), World::on(&db));
        let org = here.lender().await;
        here.priced(&org, 99_000).await;
        let new = NewJob {
            spec: "{}".to_owned(),
            shards: 2,
            attempts_max: 3,
            actor: "operator".to_owned(),
        };
        let job = ratecard::start(&here.app, &org, new).await.expect("started");
        here.sheets(&org, 99_500, None).await;
        for (node, worker) in [(&here, "a"), (&there, "b")] {
            let found = ratecard::load(&node.app, job.id.as_str()).await.expect("asked");
            assert_eq!(found.as_ref(), Some(&job));
            let book = ratecard::book(&node.app, &job).await.expect("made");
            assert_eq!(book.generation, 2);
            let sheet = book.book.sheets[0].as_ref().expect("a sheet");
            assert_eq!(sheet.rows[0].price, percent(99_000));
            let claim = ratecard::claim(&node.app, &job, worker, 60).await.expect("asked");
            let Claim::Taken(lease) = claim else { panic!("{claim:?}") };
            assert!(ratecard::heartbeat(&node.app, &lease, 60).await.expect("asked"));
            if worker == "a" {
                assert!(ratecard::fail(&node.app, &job, &lease, 0, "no disk").await.expect("asked"));
                continue;
            }
            finish(&node.app, &lease).await;
        }
        assert_eq!(ratecard::open(&there.app).await.expect("listed").len(), 1);
        let claim = ratecard::claim(&there.app, &job, "b", 60).await.expect("asked");
        let Claim::Taken(lease) = claim else { panic!("{claim:?}") };
        finish(&there.app, &lease).await;
        assert_eq!(ratecard::open(&here.app).await.expect("listed").len(), 1, "not put together yet");
        assert!(ratecard::close(&there.app, &job.id).await.expect("closed"));
        assert_eq!(ratecard::claim(&here.app, &job, "a", 60).await.expect("asked"), Claim::Over);
        let listed = ratecard::list(&here.app, &org).await.expect("listed");
        assert_eq!(listed[0].state, JobState::Done);
        let progress = ratecard::progress(&here.app, &job).await.expect("counted");
        assert_eq!((progress.done, progress.rows), (2, 20));
        assert_eq!(ratecard::outputs(&here.app, &job).await.expect("listed").len(), 2);
        assert_eq!(ratecard::shards(&here.app, &job).await.expect("listed").len(), 2);
    }

    /// A job whose last shard is finished is open until somebody put the whole together, whatever
    /// becomes of a worker that lost the shard; one whose shards are given up has failed.
    async fn only_who_holds_a_shard_ends_a_job(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        world.priced(&org, 99_000).await;
        let new = NewJob {
            spec: "{}".to_owned(),
            shards: 1,
            attempts_max: 2,
            actor: "operator".to_owned(),
        };
        let app = &world.app;
        let take = async |job, worker| {
            match ratecard::claim(app, job, worker, 60).await.expect("asked") {
                Claim::Taken(lease) => lease,
                other => panic!("{other:?}"),
            }
        };
        let job = ratecard::start(app, &org, new.clone()).await.expect("started");
        let slow = take(&job, "slow").await;
        world.clock.advance(61);
        let quick = take(&job, "quick").await;
        finish(app, &quick).await;
        assert!(!ratecard::fail(app, &job, &slow, 0, "no disk").await.expect("asked"));
        assert_eq!(ratecard::open(app).await.expect("listed").len(), 1);
        assert!(ratecard::close(app, &job.id).await.expect("closed"));
        let failing = ratecard::start(app, &org, new).await.expect("started");
        for is_over in [false, true] {
            let lease = take(&failing, "slow").await;
            assert!(ratecard::fail(app, &failing, &lease, 0, "no disk").await.expect("asked"));
            assert_eq!(ratecard::open(app).await.expect("listed").is_empty(), is_over);
        }
        let states: Vec<JobState> = ratecard::list(app, &org).await.expect("listed").iter().map(|j| j.state).collect();
        assert_eq!(states.len(), 2);
        assert!(states.contains(&JobState::Done) && states.contains(&JobState::Failed));
    }
}
