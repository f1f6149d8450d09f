//! Changes, replays, switches and deliveries of the same processes at once: nobody waits in a circle,
//! which PostgreSQL would end by failing somebody, and no event is left without a job.

use std::sync::Arc;

use lintel_callbacks::{Tell, Wanted, deliveries, remove, replay, tell_in};
use lintel_domain::callback::NotificationType;
use lintel_domain::event::EventKind;
use lintel_domain::id::RowId;
use lintel_store::db::Val;
use lintel_store::event::{NewEvent, record_in};
use lintel_testkit::both;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::world::{World, id, process, status};

const PROCESS: NotificationType = NotificationType::ProcessStatus;
const LOCK: &str = "UPDATE process SET revision = revision + 1 WHERE org_id = $1 AND id = $2";

async fn store(world: &World, subject: &RowId, number: u32) {
    let sql = "INSERT INTO process (org_id, id, intermediary_id, user_id, simulation_id, number, \
         status, status_at_us, created_at_us, last_action_at_us, valid_until_us, revision, branch_folded, \
         offer_id, terms, answer) \
         VALUES ($1, $2, $3, $2, $2, $4, 'in_creation', 1, 1, 1, 1, 1, '', $2, '', '')";
    let args = vec![
        Val::from(world.anna.org_id.as_str()),
        Val::from(subject.as_str()),
        Val::from(world.anna.intermediary_id.as_str()),
        Val::from(number),
    ];
    let mut tx = world.app.db().begin().await.expect("a transaction");
    tx.exec(sql, args).await.expect("stored");
    tx.commit().await.expect("committed");
}

/// A change of a process as use cases write it: its row first, then log and notice in either order.
async fn change(world: &World, subject: &RowId, number: i64, log_first: bool) {
    let org_id = &world.anna.org_id;
    let mut tx = world.app.db().begin().await.expect("a transaction");
    let args = vec![Val::from(org_id.as_str()), Val::from(subject.as_str())];
    tx.exec(LOCK, args).await.expect("held");
    let kind = EventKind::ProcessStatusChanged;
    let event = NewEvent::plain(org_id, world.app.now(), "test", kind, subject.as_str());
    let notice = process(subject, number);
    let tell = Tell {
        org_id,
        intermediary_id: &world.anna.intermediary_id,
        subject,
        notice: &notice,
        correlation: None,
    };
    if log_first {
        record_in(&mut tx, &event).await.expect("recorded");
    }
    tell_in(&world.app, &mut tx, &tell).await.expect("told");
    if !log_first {
        record_in(&mut tx, &event).await.expect("recorded");
    }
    tx.commit().await.expect("committed");
}

async fn switch(world: &World, is_active: bool) {
    let wanted = Wanted {
        is_active: Some(is_active),
        ..Wanted::default()
    };
    let switched = world.try_register(&world.anna, PROCESS, wanted).await;
    switched.expect("switched");
}

async fn join(mut tasks: JoinSet<()>) {
    while let Some(task) = tasks.join_next().await {
        task.expect("done");
    }
}

/// Whatever is still to be delivered is, in the end.
async fn nothing_is_forgotten(world: &World) {
    world.port.forget();
    for _ in 0..3 {
        world.deliver_after(100_000).await;
    }
    let page = deliveries(&world.app, &world.anna, PROCESS, 0, 100).await;
    let open = page.expect("listed").0.into_iter();
    let open: Vec<_> = open.filter(|d| d.state.is_open()).collect();
    assert!(open.is_empty(), "{open:?}");
}

both! {
    async fn changes_and_replays(db) {
        let world = Arc::new(World::on(&db).await);
        world.register(&world.anna, PROCESS).await;
        for n in 0..2 {
            store(&world, &id(n), n).await;
        }
        for number in 0..24 {
            world.tell(&world.anna, &id(0), process(&id(0), number)).await;
        }
        world.deliver().await;
        let page = deliveries(&world.app, &world.anna, PROCESS, 0, 24).await.expect("listed").0;
        let start = Arc::new(Barrier::new(6));
        let mut tasks = JoinSet::new();
        for part in page.chunks(12) {
            let ids: Vec<RowId> = part.iter().map(|delivery| delivery.id.clone()).collect();
            let (world, start) = (Arc::clone(&world), Arc::clone(&start));
            tasks.spawn(async move {
                start.wait().await;
                for one in ids {
                    replay(&world.app, &world.anna, PROCESS, &one).await.expect("replayed");
                }
            });
        }
        for (subject, log_first) in [(0, true), (0, false), (1, true), (1, false)] {
            let (world, start) = (Arc::clone(&world), Arc::clone(&start));
            tasks.spawn(async move {
                start.wait().await;
                for number in 0..12 {
                    change(&world, &id(subject), number, log_first).await;
                }
            });
        }
        join(tasks).await;
        nothing_is_forgotten(&world).await;
    }

    async fn changes_and_switches(db) {
        let world = Arc::new(World::on(&db).await);
        world.register(&world.anna, PROCESS).await;
        for n in 0..6 {
            store(&world, &id(n), n).await;
        }
        for round in 0..12_u32 {
            // Each has an event that waits for a while, and one has another that is due.
            world.port.answer((0..6).map(|_| status(500)));
            for n in 0..6 {
                world.tell(&world.anna, &id(n), process(&id(n), i64::from(round))).await;
            }
            world.deliver().await;
            world.port.forget();
            world.tell(&world.anna, &id(9), process(&id(9), i64::from(round))).await;
            let start = Arc::new(Barrier::new(7));
            let mut tasks = JoinSet::new();
            for n in 0..6 {
                let (world, start) = (Arc::clone(&world), Arc::clone(&start));
                tasks.spawn(async move {
                    start.wait().await;
                    change(&world, &id(n), 100, (n + round) % 2 == 0).await;
                });
            }
            let (one, begun) = (Arc::clone(&world), Arc::clone(&start));
            tasks.spawn(async move {
                begun.wait().await;
                match round % 3 {
                    0 => switch(&one, false).await,
                    1 => remove(&one.app, &one.anna, PROCESS).await.expect("removed"),
                    _ => {
                        one.port.answer([status(410)]);
                        one.deliver().await;
                    }
                }
            });
            join(tasks).await;
            world.port.forget();
            world.deliver_after(1).await;
            if round % 3 == 1 {
                world.register(&world.anna, PROCESS).await;
            } else {
                switch(&world, true).await;
            }
        }
        nothing_is_forgotten(&world).await;
    }

    async fn everything_at_once(db) {
        let world = Arc::new(World::on(&db).await);
        world.register(&world.anna, PROCESS).await;
        for n in 0..3 {
            store(&world, &id(n), n).await;
            world.tell(&world.anna, &id(n), process(&id(n), 0)).await;
        }
        world.deliver().await;
        let page = deliveries(&world.app, &world.anna, PROCESS, 0, 3).await.expect("listed").0;
        world.port.answer((0..60).map(|n| status(if n % 9 == 8 { 410 } else { 500 })));
        let mut tasks = JoinSet::new();
        for (n, log_first) in [(0, true), (0, false), (1, true), (2, false)] {
            let world = Arc::clone(&world);
            tasks.spawn(async move {
                for number in 1..10 {
                    change(&world, &id(n), number, log_first).await;
                }
            });
        }
        for one in page {
            let world = Arc::clone(&world);
            tasks.spawn(async move {
                for _ in 0..6 {
                    // Refused while it is off, or still to be delivered.
                    if let Err(error) = replay(&world.app, &world.anna, PROCESS, &one.id).await {
                        assert!(matches!(error, lintel_app::error::AppError::Refused(_)), "{error}");
                    }
                }
            });
        }
        for _ in 0..2 {
            let world = Arc::clone(&world);
            tasks.spawn(async move {
                for _ in 0..8 {
                    world.deliver_after(7).await;
                    switch(&world, true).await;
                }
            });
        }
        let one = Arc::clone(&world);
        tasks.spawn(async move {
            for _ in 0..6 {
                switch(&one, false).await;
                switch(&one, true).await;
            }
        });
        join(tasks).await;
        switch(&world, true).await;
        nothing_is_forgotten(&world).await;
    }
}
