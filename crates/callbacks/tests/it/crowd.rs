//! Many tell and many deliver at once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lintel_app::context::App;
use lintel_app::job::{self, Handlers};
use lintel_app::ports::FixedClock;
use lintel_callbacks::port::{BoxFuture, Held, LookUp, Outgoing, Port, Reply};
use lintel_callbacks::{Office, Rules, deliveries, handlers};
use lintel_domain::callback::{DeliveryState, NotificationType};
use lintel_testkit::both;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::world::{World, id, number, numbers, process, status};

const PROCESS: NotificationType = NotificationType::ProcessStatus;
const SUBJECTS: u32 = 4;
const EACH: i64 = 6;

/// A call during which the job's lease runs out, and another node does the job.
struct Stalled {
    app: App,
    clock: Arc<FixedClock>,
    other: Handlers,
    left: AtomicUsize,
}

impl Port for Stalled {
    fn look_up<'a>(&'a self, _name: &'a str, _held: Held) -> BoxFuture<'a, LookUp> {
        Box::pin(std::future::ready(LookUp::Nothing))
    }

    fn call<'a>(&'a self, _call: &'a Outgoing) -> BoxFuture<'a, Reply> {
        Box::pin(async {
            if self
                .left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
                .is_ok()
            {
                self.clock.advance(61);
                job::drain(&self.app, &self.other).await.expect("drained");
            }
            status(500)
        })
    }
}

both! {
    async fn a_lease_that_ran_out_leaves_nobody_without_a_job(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        for number in 1..=2 {
            world.tell(&world.anna, &id(1), process(&id(1), number)).await;
        }
        // The other node fails, too; both count what they can.
        world.port.answer([status(500)]);
        let stalled = Stalled {
            app: world.app.clone(),
            clock: world.clock.clone(),
            other: world.handlers.clone(),
            left: AtomicUsize::new(1),
        };
        let plain = Arc::new(crate::world::Plain);
        let office = Office::new(Arc::new(stalled), plain, Rules::default());
        job::drain(&world.app, &handlers(office)).await.expect("drained");
        assert_eq!(numbers(&world.port.take()), [1]);
        assert_eq!(numbers(&world.deliver_after(7).await), [1, 2]);
        assert!(world.deliver_after(100_000).await.is_empty());
    }

    async fn two_nodes_keep_the_order_of_each_subject(db) {
        let world = Arc::new(World::on(&db).await);
        world.register(&world.anna, PROCESS).await;
        world.port.answer([status(500), status(204), status(500)]);
        let mut tasks = JoinSet::new();
        for subject in 0..SUBJECTS {
            let world = Arc::clone(&world);
            tasks.spawn(async move {
                for n in 0..EACH {
                    let subject = id(subject);
                    world.tell(&world.anna, &subject, process(&subject, n)).await;
                }
            });
        }
        for _ in 0..2 {
            let world = Arc::clone(&world);
            tasks.spawn(async move {
                for _ in 0..20 {
                    job::drain(&world.app, &world.handlers).await.expect("drained");
                    world.clock.advance(10);
                    tokio::task::yield_now().await;
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task.expect("done");
        }
        let mut sent = world.port.take();
        sent.extend(world.deliver_after(400).await);
        let mut order: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for one in &sent {
            let body: Value = serde_json::from_slice(&one.body).expect("JSON");
            let subject = body["data"]["notice"]["process_id"].to_string();
            let numbers = order.entry(subject).or_default();
            // A retry is the same number once more.
            if numbers.last() != Some(&number(one)) {
                numbers.push(number(one));
            }
        }
        for (subject, numbers) in order {
            let open = deliveries(&world.app, &world.anna, PROCESS, 0, 100).await.expect("listed").0;
            let open: Vec<_> = open.iter().filter(|d| d.state.is_open()).collect();
            assert_eq!(numbers, (0..EACH).collect::<Vec<_>>(), "{subject}: {open:?}");
        }
        let (page, count) = deliveries(&world.app, &world.anna, PROCESS, 0, 100).await.expect("listed");
        assert_eq!(count, u64::from(SUBJECTS) * u64::try_from(EACH).expect("few"));
        assert!(page.iter().all(|d| d.state == DeliveryState::Delivered));
    }
}
