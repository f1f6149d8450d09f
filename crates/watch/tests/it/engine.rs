//! What the engine does when several do it, when it is cut off, when prices move, when nobody listens.

use std::time::Duration;

use lintel_app::job::{self, Handlers, JobKind, Order};
use lintel_app::sheet::{self, SheetImport, SheetUpdate};
use lintel_domain::id::DAY_SECONDS;
use lintel_domain::watch::{Frequency, WatchDuration, WatchState};
use lintel_engine::rate::Pct;
use lintel_pricing::catalogue::SheetRow;
use lintel_testkit::both;
use lintel_watch::{
    Asked, MAX_OF_ADDRESS, RateWatch, by_token, handler, resume, run, stop, stop_all_of,
};
use serde_json::json;

use crate::calendar::at;
use crate::world::{PRODUCTS, World, percent, rows};

const EAST: &str = "America/New_York";

fn daily() -> Asked {
    Asked::Regular {
        frequency: Frequency::Daily,
        names: PRODUCTS.map(str::to_owned).to_vec(),
    }
}

fn wanting(rates: [i64; 2]) -> Asked {
    let names = PRODUCTS.map(str::to_owned);
    Asked::Targets(names.into_iter().zip(rates.map(percent)).collect())
}

async fn forever(world: &World, name: &str, asked: Asked) -> RateWatch {
    world
        .watch(name, asked, WatchDuration::UntilCancel, EAST)
        .await
}

async fn world(db: &lintel_store::db::Db) -> World {
    let world = World::on(db, at("2026-06-01 16:00")).await;
    world.rates([6_500, 5_875]).await;
    world
}

both! {
    async fn several_at_once_write_each_mail_once(db) {
        let world = world(&db).await;
        for n in 0..40 {
            forever(&world, &format!("reader-{n}"), daily()).await;
            forever(&world, &format!("waiter-{n}"), wanting([6_500, 5_000])).await;
        }
        world.set_clock(at("2026-06-02 12:00"));
        let app = &world.app;
        let (a, b, c) = tokio::join!(run(app), run(app), run(app));
        let mails: u64 = [a, b, c].map(|run| run.expect("run").mails).iter().sum();
        assert_eq!(mails, 80);
        assert_eq!(world.count("message").await, 80);
        assert_eq!(world.run().await.looked, 0);
        let letters = world.letters().await;
        assert_eq!((letters.len(), world.post.handed_over()), (80, 80));
    }

    /// A run that is dropped anywhere leaves nothing half done, and the next one does the rest.
    async fn a_run_that_is_cut_off_is_made_good(db) {
        let world = world(&db).await;
        for n in 0..120 {
            forever(&world, &format!("reader-{n}"), daily()).await;
        }
        for (day, morning) in [(0_u32, "2026-06-02 12:00"), (1, "2026-06-03 12:00"), (2, "2026-06-04 12:00")] {
            world.set_clock(at(morning));
            for step in 0..30 {
                let cut = Duration::from_micros(1_700 * (step * 3 + u64::from(day)));
                let _ = tokio::time::timeout(cut, run(&world.app)).await;
                let (mails, moved) = (
                    world.count("message").await,
                    world.count(&format!("rate_watch WHERE version = {}", day + 1)).await,
                );
                assert_eq!(mails - 120 * i64::from(day), moved, "mail and watch go together");
                assert_eq!(world.count("job WHERE kind = 'mail.send'").await, mails);
            }
            world.run().await;
            assert_eq!(world.count("message").await, 120 * (i64::from(day) + 1));
        }
    }

    async fn the_job_looks_at_everything_that_is_due(db) {
        let world = world(&db).await;
        for n in 0..60 {
            forever(&world, &format!("reader-{n}"), daily()).await;
        }
        world.set_clock(at("2026-06-02 12:00"));
        let mut tx = world.app.db().begin().await.expect("begun");
        let order = Order {
            kind: JobKind::WatchesDue,
            org_id: None,
            key: Some("watches.due"),
            payload: json!({}),
            run_at: world.app.now(),
        };
        assert!(job::enqueue_in(&world.app, &mut tx, &order).await.expect("stored"));
        tx.commit().await.expect("committed");
        let handlers = Handlers::new().with(JobKind::WatchesDue, handler());
        job::drain(&world.app, &handlers).await.expect("drained");
        assert_eq!(world.count("message WHERE kind = 'rate_update'").await, 60);
        assert_eq!(world.count("job WHERE kind = 'watches.due' AND state = 'done'").await, 1);
    }

    async fn a_price_written_ahead_is_told_when_it_takes_effect(db) {
        let world = world(&db).await;
        forever(&world, "waiter", wanting([6_000, 5_000])).await;
        assert_eq!((world.run().await.looked, world.run().await.looked), (1, 0));
        let ahead = at("2026-06-01 17:30");
        let import = SheetImport {
            updates: vec![SheetUpdate {
                public_id: None,
                code: Some("FIX30".to_owned()),
                index: None,
                margin: None,
                rows: vec![SheetRow { lock_days: 30, note_rate: percent(5_990), price: Pct::HUNDRED }],
            }],
            effective_at: Some(ahead),
            actor: "operator".to_owned(),
            source: "a test".to_owned(),
        };
        sheet::import(&world.app, &world.me.org, import).await.expect("written");
        world.set_clock(ahead.plus_seconds(-60));
        assert_eq!(world.run().await.mails, 0);
        world.set_clock(ahead);
        assert_eq!(world.run().await.mails, 1);
        let letters = world.letters().await;
        let letter = &letters["waiter@example.com"][0];
        assert_eq!(rows(letter)[0].rate, "5.990%");
        assert!(letter.text.contains("You wanted 6.000%"), "{}", letter.text);
        assert!(letter.text.contains("Purchase in 92649, loan of $300,000, home of $400,000"));
        assert_eq!((world.run().await.looked, world.count("message").await), (0, 1));
    }

    async fn a_product_that_is_gone_is_told_once(db) {
        let world = world(&db).await;
        forever(&world, "reader", daily()).await;
        world.set_clock(at("2026-06-02 12:00"));
        assert_eq!(world.run().await.mails, 1);
        // No rates at all: a book without sheets is what a catalogue of other products leaves.
        let mut tx = db.begin().await.expect("begun");
        tx.exec("UPDATE rate_watch SET products = REPLACE(products, 'Conventional', 'Vanished'), \
                 version = version + 1", Vec::new()).await.expect("written");
        tx.commit().await.expect("committed");
        for morning in ["2026-06-03 12:00", "2026-06-04 12:00"] {
            world.set_clock(at(morning));
            world.run().await;
        }
        let letters = world.letters().await;
        let letters = &letters["reader@example.com"];
        assert_eq!(letters.len(), 2);
        assert!(rows(&letters[1]).is_empty());
        assert!(letters[1].text.contains("- Vanished 15 Year Fixed"), "{}", letters[1].text);
    }

    async fn lenders_that_are_off_or_forbid_it_send_nothing_and_go_on(db) {
        let world = world(&db).await;
        forever(&world, "reader", daily()).await;
        forever(&world, "waiter", wanting([6_500, 5_000])).await;
        world.minute(480, false).await;
        world.set_clock(at("2026-06-02 12:00"));
        let quiet = world.run().await;
        assert_eq!((quiet.looked, quiet.mails), (2, 0));
        world.minute(480, true).await;
        for (active, morning, mails) in [(false, "2026-06-03 12:00", 0), (true, "2026-06-04 12:00", 2)] {
            let sql = format!("UPDATE organisation SET active = {active}");
            let mut tx = db.begin().await.expect("begun");
            tx.exec(&sql, Vec::new()).await.expect("switched");
            tx.commit().await.expect("committed");
            world.set_clock(at(morning));
            assert_eq!(world.run().await.mails, mails, "{morning}");
        }
    }

    async fn addresses_that_are_suppressed_are_not_written_to(db) {
        let world = world(&db).await;
        forever(&world, "Gone", daily()).await;
        forever(&world, "reader", daily()).await;
        let mut tx = db.begin().await.expect("begun");
        let sql = "INSERT INTO suppression (lender_org_id, channel, address_folded, reason, created_at_us, \
                   created_by) VALUES ($1, 'mail', 'gone@example.com', 'bounced', 0, 'test')";
        let lender = world.me.org.id.as_str().into();
        tx.exec(sql, vec![lender]).await.expect("written");
        tx.commit().await.expect("committed");
        world.set_clock(at("2026-06-02 12:00"));
        let looked = world.run().await;
        assert_eq!((looked.looked, looked.mails), (2, 1));
    }

    async fn a_watch_is_stopped_and_taken_up_by_its_token(db) {
        let world = world(&db).await;
        let app = &world.app;
        let watch = forever(&world, "reader", daily()).await;
        let seen = by_token(app, &watch.token).await.expect("read").expect("known");
        assert_eq!((seen.state, seen.wants_mail, seen.email.as_str()), (WatchState::Active, true, "reader@example.com"));
        assert_eq!(seen.next_at, Some(at("2026-06-02 12:00")));
        assert_eq!(seen.products[0].told, None);
        for _ in 0..2 {
            let stopped = stop(app, &watch.token).await.expect("done").expect("known");
            assert_eq!((stopped.state, stopped.next_at), (WatchState::Stopped, None));
        }
        world.set_clock(at("2026-06-02 12:00"));
        assert_eq!(world.run().await.looked, 0);
        let again = resume(app, &watch.token).await.expect("done").expect("known");
        assert_eq!((again.state, again.next_at), (WatchState::Active, Some(at("2026-06-03 12:00"))));
        let quiet = stop_all_of(app, &watch.token).await.expect("done").expect("known");
        assert_eq!((quiet.state, quiet.wants_mail), (WatchState::Active, false));
        world.set_clock(at("2026-06-03 12:00"));
        assert_eq!(world.run().await.mails, 0);
        assert!(resume(app, &watch.token).await.expect("done").expect("known").wants_mail);
        world.set_clock(at("2026-06-04 12:00"));
        assert_eq!(world.run().await.mails, 1);
        let told = by_token(app, &watch.token).await.expect("read").expect("known").products[0].told;
        assert_eq!(told.map(|told| told.note_rate), Some(percent(6_500)));
        for unknown in ["", "short", &"x".repeat(60), &"é".repeat(30)] {
            assert!(by_token(app, unknown).await.expect("read").is_none());
            assert!(stop(app, unknown).await.expect("read").is_none());
            assert!(stop_all_of(app, unknown).await.expect("read").is_none());
            assert!(resume(app, unknown).await.expect("read").is_none());
        }
    }

    async fn what_is_over_is_not_taken_up(db) {
        let world = world(&db).await;
        let app = &world.app;
        let watch = world.watch("reader", daily(), WatchDuration::OneWeek, EAST).await;
        stop(app, &watch.token).await.expect("done");
        world.clock.advance(8 * DAY_SECONDS);
        let over = resume(app, &watch.token).await.expect("done").expect("known");
        assert_eq!((over.state, over.next_at), (WatchState::Expired, None));
        assert_eq!(world.run().await.looked, 0);
        assert_eq!(MAX_OF_ADDRESS, 100);
    }

    async fn a_watch_nobody_can_read_holds_up_no_other(db) {
        let world = world(&db).await;
        for name in ["a", "b", "c"] {
            forever(&world, name, daily()).await;
        }
        let mut tx = db.begin().await.expect("begun");
        let sql = "UPDATE rate_watch SET search = '{}' WHERE email = 'b@example.com'";
        tx.exec(sql, Vec::new()).await.expect("broken");
        tx.commit().await.expect("committed");
        world.set_clock(at("2026-06-02 12:00"));
        let looked = world.run().await;
        assert_eq!((looked.looked, looked.mails), (3, 2));
        assert_eq!(world.run().await.looked, 0);
    }

    async fn a_row_nobody_can_read_is_put_off_alone(db) {
        let world = world(&db).await;
        for name in ["a", "b", "c"] {
            forever(&world, &format!("reader-{name}"), daily()).await;
            forever(&world, &format!("waiter-{name}"), wanting([6_000, 5_000])).await;
        }
        world.run().await;
        let spoil = async |column: &str, value: &str, name: &str| {
            let mut tx = db.begin().await.expect("begun");
            let sql = format!("UPDATE rate_watch SET {column} = '{value}' WHERE email = '{name}@example.com'");
            assert_eq!(tx.exec(&sql, Vec::new()).await.expect("spoiled"), 1);
            tx.commit().await.expect("committed");
        };
        spoil("timezone", "Mars/Olympus", "reader-b").await;
        spoil("frequency", "each_full_moon", "waiter-a").await;
        // The reached ones are found by the prices, the others by the clock.
        world.clock.advance(60);
        world.rates([5_990, 5_875]).await;
        let looked = world.run().await;
        assert_eq!((looked.looked, looked.mails), (2, 2));
        assert_eq!(world.run().await.looked, 0);
        world.set_clock(at("2026-06-02 12:00"));
        let looked = world.run().await;
        assert_eq!((looked.looked, looked.mails), (4, 2));
        assert_eq!(world.run().await.looked, 0);
        let later = at("2026-06-02 13:00").micros();
        let put_off = format!("rate_watch WHERE next_at_us = {later} AND state = 'active'");
        assert_eq!(world.count(&put_off).await, 2);
        // Whoever can read it again finds it.
        spoil("timezone", EAST, "reader-b").await;
        world.set_clock(at("2026-06-02 13:00"));
        assert_eq!(world.run().await.mails, 1);
    }

    async fn what_was_written_before_a_watch_was_stopped_is_not_sent(db) {
        let world = world(&db).await;
        let stopped = forever(&world, "stopped", daily()).await;
        forever(&world, "reader", daily()).await;
        world.set_clock(at("2026-06-02 12:00"));
        assert_eq!(world.run().await.mails, 2);
        stop(&world.app, &stopped.token).await.expect("done");
        let letters = world.letters().await;
        assert_eq!(letters.keys().collect::<Vec<_>>(), ["reader@example.com"]);
        assert_eq!(world.count("delivery WHERE state = 'suppressed'").await, 1);
    }

    async fn tokens_are_nowhere_in_the_database(db) {
        let world = world(&db).await;
        let watch = forever(&world, "reader", daily()).await;
        world.set_clock(at("2026-06-02 12:00"));
        world.run().await;
        for (table, column) in [("rate_watch", "known"), ("rate_watch", "products"), ("job", "payload"), ("event", "body"), ("event", "subject")] {
            let what = format!("{table} WHERE {column} LIKE '%{}%'", watch.token);
            assert_eq!(world.count(&what).await, 0, "{table}.{column}");
        }
    }
}
