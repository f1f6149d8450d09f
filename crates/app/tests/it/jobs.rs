//! Jobs: done once though tried often, given up when it is hopeless, told of when they are.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lintel_app::context::App;
use lintel_app::error::Fault;
use lintel_app::job::operate::{Reopened, retry, retry_all};
use lintel_app::job::{
    self, BoxFuture, Handler, Handlers, Job, JobKind, JobState, Order, Verdict, drain, schedule,
    sweep,
};
use lintel_domain::id::RowId;
use lintel_store::db::Tx;
use lintel_store::job::{Filter, StoredJob};
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::World;

/// Answers what it was told to, then that all is done.
#[derive(Default)]
struct Scripted {
    verdicts: Mutex<VecDeque<Verdict>>,
    seen: Mutex<Vec<(u32, bool)>>,
    given_up: Mutex<Vec<String>>,
    reopened: AtomicU32,
}

impl Scripted {
    fn new(verdicts: impl IntoIterator<Item = Verdict>) -> Arc<Self> {
        Arc::new(Self {
            verdicts: Mutex::new(verdicts.into_iter().collect()),
            ..Self::default()
        })
    }

    fn handlers(self: &Arc<Self>) -> Handlers {
        Handlers::new().with(JobKind::MailSend, self.clone())
    }

    fn attempts(&self) -> Vec<u32> {
        let seen = self.seen.lock().expect("whole");
        seen.iter().map(|(attempt, _)| *attempt).collect()
    }
}

impl Handler for Scripted {
    fn run<'a>(&'a self, app: &'a App, job: &'a Job) -> BoxFuture<'a, Verdict> {
        Box::pin(async move {
            self.seen
                .lock()
                .expect("whole")
                .push((job.attempt, job.is_last));
            let verdict = self.verdicts.lock().expect("whole").pop_front();
            match verdict {
                Some(Verdict::Noted) => {
                    let mut tx = app.db().begin().await.expect("begun");
                    assert!(job.done_in(app, &mut tx).await.expect("noted"));
                    tx.commit().await.expect("committed");
                    Verdict::Noted
                }
                Some(Verdict::Fail { why }) if why == "panic" => panic!("with a secret"),
                verdict => verdict.unwrap_or(Verdict::Done),
            }
        })
    }

    fn given_up_in<'a>(
        &'a self,
        app: &'a App,
        tx: &'a mut Tx,
        job: &'a Job,
        why: &'a str,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            self.given_up.lock().expect("whole").push(why.to_owned());
            let order = order(app, JobKind::SmsSend, Some(job.id.as_str()));
            job::enqueue_in(app, tx, &order).await.map(|_| ())
        })
    }

    fn reopened_in<'a>(
        &'a self,
        _app: &'a App,
        _tx: &'a mut Tx,
        payload: &'a Value,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        assert_eq!(payload["n"], 7);
        self.reopened.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(Ok(())))
    }
}

pub fn order<'a>(app: &App, kind: JobKind, key: Option<&'a str>) -> Order<'a> {
    Order {
        kind,
        org_id: None,
        key,
        payload: json!({ "n": 7 }),
        run_at: app.now(),
    }
}

pub async fn ask(world: &World, kind: JobKind, count: usize) {
    let orders: Vec<Order<'_>> = (0..count).map(|_| order(&world.app, kind, None)).collect();
    let mut tx = world.app.db().begin().await.expect("begun");
    job::enqueue_many_in(&world.app, &mut tx, &orders)
        .await
        .expect("asked for");
    tx.commit().await.expect("committed");
}

pub async fn jobs(world: &World, state: JobState) -> Vec<StoredJob> {
    let filter = Filter {
        state,
        queue: None,
        kind: None,
        after: None,
        limit: 1000,
    };
    lintel_store::job::list(world.app.db(), &filter)
        .await
        .expect("listed")
}

async fn drained(world: &World, handlers: &Handlers) -> u64 {
    drain(&world.app, handlers).await.expect("drained")
}

/// Longer than any wait between two attempts.
const WHILE: i64 = 6 * 3600;

both! {
    async fn each_verdict_does_what_it_says(db) {
        let world = World::on(&db);
        let later = world.app.now().plus_seconds(100);
        let after = Some(Duration::from_secs(50));
        let script = Scripted::new([
            Verdict::Later(later),
            Verdict::Later(world.app.now()),
            Verdict::Retry { why: "busy".to_owned(), after },
            Verdict::fail("panic"),
            Verdict::Noted,
        ]);
        let handlers = script.handlers();
        ask(&world, JobKind::MailSend, 1).await;
        let mut ran = Vec::new();
        for wait in [0, 99, 1, 0, 1, 49, 1, WHILE, WHILE] {
            world.clock.advance(wait);
            ran.push(drained(&world, &handlers).await);
        }
        assert_eq!(ran, [1, 0, 1, 0, 1, 0, 1, 1, 0]);
        // What was put off did not count.
        assert_eq!(script.attempts(), [1, 1, 1, 2, 3]);
        let done = jobs(&world, JobState::Done).await;
        assert_eq!((done.len(), done[0].attempts), (1, 3));
        assert!(script.given_up.lock().expect("whole").is_empty());
    }

    async fn a_panic_is_told_without_its_words(db) {
        let world = World::on(&db);
        let script = Scripted::new([Verdict::fail("panic")]);
        ask(&world, JobKind::MailSend, 1).await;
        drained(&world, &script.handlers()).await;
        let open = jobs(&world, JobState::Open).await;
        assert_eq!(open[0].error.as_deref(), Some("the handler panicked"));
    }

    async fn a_failure_for_good_is_told_in_the_same_transaction(db) {
        let world = World::on(&db);
        let script = Scripted::new([Verdict::fail("nobody lives there")]);
        ask(&world, JobKind::MailSend, 1).await;
        assert_eq!(drained(&world, &script.handlers()).await, 1);
        let dead = jobs(&world, JobState::Dead).await;
        assert_eq!(dead[0].error.as_deref(), Some("nobody lives there"));
        let told = jobs(&world, JobState::Open).await;
        assert_eq!(told[0].key.as_deref(), Some(dead[0].id.as_str()));
        assert_eq!(drained(&world, &script.handlers()).await, 0);
    }

    async fn after_twenty_attempts_a_job_is_given_up(db) {
        let world = World::on(&db);
        let script = Scripted::new((0..99).map(|_| Verdict::retry("closed")));
        ask(&world, JobKind::MailSend, 1).await;
        for _ in 0..25 {
            drained(&world, &script.handlers()).await;
            world.clock.advance(WHILE);
        }
        assert_eq!(script.attempts(), (1..=20).collect::<Vec<u32>>());
        let last: Vec<bool> = script.seen.lock().expect("whole").iter().map(|s| s.1).collect();
        assert_eq!(last.iter().position(|is_last| *is_last), Some(19));
        assert_eq!(*script.given_up.lock().expect("whole"), ["closed"]);
        assert_eq!(jobs(&world, JobState::Dead).await.len(), 1);
    }

    /// A job that takes its process with it each time.
    async fn a_job_that_kills_is_given_up_without_being_run(db) {
        let world = World::on(&db);
        let script = Scripted::new([]);
        ask(&world, JobKind::MailSend, 1).await;
        world.meddle("UPDATE job SET attempts = 20, worker = 'gone'").await;
        assert_eq!(drained(&world, &script.handlers()).await, 1);
        assert!(script.attempts().is_empty());
        let dead = jobs(&world, JobState::Dead).await;
        let why = "its worker stopped without a word, on the last attempt";
        assert_eq!(dead[0].error.as_deref(), Some(why));
        assert_eq!(*script.given_up.lock().expect("whole"), [why]);
    }

    async fn what_nobody_here_can_do_waits(db) {
        let world = World::on(&db);
        let script = Scripted::new([]);
        ask(&world, JobKind::MailSend, 2).await;
        ask(&world, JobKind::SmsSend, 1).await;
        let newest = jobs(&world, JobState::Open).await.remove(0).id;
        world.meddle(&format!("UPDATE job SET kind = 'mail.sing' WHERE id = '{newest}'")).await;
        assert_eq!(drained(&world, &script.handlers()).await, 1);
        let open = jobs(&world, JobState::Open).await;
        let open: Vec<(&str, u32)> = open.iter().map(|j| (j.kind.as_str(), j.attempts)).collect();
        assert_eq!(open, [("mail.sing", 0), ("sms.send", 0)]);
    }

    async fn an_order_with_a_taken_key_is_left_out(db) {
        let world = World::on(&db);
        let app = &world.app;
        let mut tx = db.begin().await.expect("begun");
        let one = order(app, JobKind::MailSend, Some("one"));
        assert!(job::enqueue_in(app, &mut tx, &one).await.expect("asked for"));
        assert!(!job::enqueue_in(app, &mut tx, &one).await.expect("asked for"));
        assert!(!job::again_in(app, &mut tx, &one).await.expect("asked for"));
        let long = json!({ "n": "x".repeat(20_000) });
        let long = Order { payload: long, ..order(app, JobKind::MailSend, None) };
        assert!(job::enqueue_in(app, &mut tx, &long).await.is_err());
        tx.commit().await.expect("committed");
        let script = Scripted::new([Verdict::fail("no")]);
        drained(&world, &script.handlers()).await;
        let mut tx = db.begin().await.expect("begun");
        assert!(job::again_in(app, &mut tx, &one).await.expect("asked for"));
        tx.commit().await.expect("committed");
        // The dead one was opened again: there is no second.
        assert_eq!(world.rows("job WHERE kind = 'mail.send'").await, 1);
        assert_eq!(drained(&world, &script.handlers()).await, 1);
        assert_eq!(script.attempts(), [1, 1]);
        let mut tx = db.begin().await.expect("begun");
        assert!(job::again_in(app, &mut tx, &one).await.expect("asked for"));
        tx.commit().await.expect("committed");
        assert_eq!(world.rows("job WHERE kind = 'mail.send'").await, 2);
    }

    async fn an_operator_has_the_dead_tried_again(db) {
        let world = World::on(&db);
        let script = Scripted::new((0..3).map(|_| Verdict::fail("no")));
        let handlers = script.handlers();
        ask(&world, JobKind::MailSend, 3).await;
        drained(&world, &handlers).await;
        let dead = jobs(&world, JobState::Dead).await;
        let once = retry(&world.app, &handlers, &dead[0].id).await.expect("asked");
        assert_eq!(once, Reopened::Yes);
        let twice = retry(&world.app, &handlers, &dead[0].id).await.expect("asked");
        assert_eq!(twice, Reopened::NotDead);
        let unknown = RowId::new("nobody".to_owned());
        let unknown = retry(&world.app, &handlers, &unknown).await.expect("asked");
        assert_eq!(unknown, Reopened::Unknown);
        let none = retry_all(&world.app, &handlers, Some("sms.send")).await.expect("asked");
        let two = retry_all(&world.app, &handlers, None).await.expect("asked");
        assert_eq!((none, two, script.reopened.load(Ordering::SeqCst)), (0, 2, 3));
        assert_eq!(drained(&world, &handlers).await, 3);
        assert_eq!(jobs(&world, JobState::Done).await.len(), 3);
    }

    async fn a_schedule_fires_once_for_all_nodes_and_for_all_that_was_missed(db) {
        let world = World::on(&db);
        let handlers = Handlers::new()
            .with(JobKind::WatchesDue, Scripted::new([]))
            .with(JobKind::Sweep, Scripted::new([]));
        schedule::settle(&world.app).await.expect("settled");
        schedule::settle(&world.app).await.expect("settled");
        assert_eq!(schedule::fire_due(&world.app, &handlers).await.expect("looked"), 0);
        let mut per_minute = Vec::new();
        for wait in [60, 60, 59, 1, 3600] {
            world.clock.advance(wait);
            let nodes = (0..3).map(|_| schedule::fire_due(&world.app, &handlers));
            let fired = futures_util::future::join_all(nodes).await;
            per_minute.push(fired.into_iter().map(|n| n.expect("looked")).sum::<u64>());
            assert_eq!(drained(&world, &handlers).await, *per_minute.last().expect("one"));
        }
        // After an hour without anybody, both fire, and each of them once.
        assert_eq!(per_minute, [1, 1, 0, 1, 2]);
        // While the job of one firing is open, the next adds none.
        for _ in 0..3 {
            world.clock.advance(60);
            schedule::fire_due(&world.app, &handlers).await.expect("looked");
        }
        assert_eq!(jobs(&world, JobState::Open).await.len(), 1);
        // A node that cannot do the job leaves the firing to others.
        world.clock.advance(7200);
        let nobody = schedule::fire_due(&world.app, &Handlers::new()).await;
        assert_eq!(nobody.expect("looked"), 0);
    }

    async fn an_operator_changes_when_it_fires(db) {
        let world = World::on(&db);
        let handlers = Handlers::new().with(JobKind::Sweep, Scripted::new([]));
        let next = schedule::set(&world.app, "house.sweep", "30 4 * * MON-FRI").await;
        let next = next.expect("set").expect("known");
        // From Monday noon to Tuesday, half past four.
        assert_eq!(next.seconds() - world.clock_seconds(), 59_400);
        assert!(schedule::set(&world.app, "house.paint", "* * * * *").await.expect("asked").is_none());
        assert!(schedule::set(&world.app, "house.sweep", "0 0 30 2 *").await.is_err());
        world.clock.advance(59_399);
        assert_eq!(schedule::fire_due(&world.app, &handlers).await.expect("looked"), 0);
        world.clock.advance(1);
        assert_eq!(schedule::fire_due(&world.app, &handlers).await.expect("looked"), 1);
        // Spoilt by hand: the fault names the row, and the other schedule fires all the same.
        world.meddle("UPDATE job_schedule SET cron = 'spoilt', next_at_us = 1 WHERE name = 'house.sweep'").await;
        world.clock.advance(60);
        let handlers = handlers.with(JobKind::WatchesDue, Scripted::new([]));
        let fault = schedule::fire_due(&world.app, &handlers).await.expect_err("spoilt");
        assert!(fault.to_string().contains("house.sweep"), "{fault}");
        assert_eq!(world.rows("job WHERE kind = 'watches.due'").await, 1);
    }

    async fn what_is_over_is_forgotten_in_time(db) {
        let world = World::on(&db);
        let script = Scripted::new([Verdict::fail("no"), Verdict::Done, Verdict::Later(world.app.now())]);
        ask(&world, JobKind::MailSend, 3).await;
        drained(&world, &script.handlers()).await;
        world.meddle("DELETE FROM job WHERE kind = 'sms.send'").await;
        let mut left = Vec::new();
        for days in [1, 1, 88, 1] {
            world.pass_days(days);
            world.clock.advance(-1);
            sweep::sweep(&world.app).await.expect("swept");
            left.push(world.rows("job").await);
        }
        assert_eq!(left, [3, 2, 2, 1]);
    }
}
