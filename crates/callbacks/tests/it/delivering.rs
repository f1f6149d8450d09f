//! Order, retries, signatures.

use lintel_callbacks::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, Tell, deliveries, tell_in};
use lintel_domain::callback::{AttemptOutcome, DeliveryState, NotificationType};
use lintel_domain::id::Instant;
use lintel_testkit::both;
use serde_json::Value;

use crate::world::{NOON, World, id, numbers, process, silence, simulation, status};

const PROCESS: NotificationType = NotificationType::ProcessStatus;

both! {
    async fn a_callback_is_signed_and_says_the_same_each_time(db) {
        let world = World::on(&db).await;
        let secret = world.register(&world.anna, PROCESS).await;
        world.tell(&world.anna, &id(1), process(&id(1), 1)).await;
        world.port.answer([status(500), silence(), status(302), status(200)]);
        let mut sent = world.deliver().await;
        for wait in [6, 331, 1981] {
            sent.extend(world.deliver_after(wait).await);
        }
        assert_eq!(sent.len(), 4);
        let first = &sent[0];
        let body: Value = serde_json::from_slice(&first.body).expect("JSON");
        assert_eq!(body["type"], "process.status");
        assert_eq!(body["timestamp"], "2026-11-21T12:00:00.000Z");
        assert_eq!(body["data"]["correlation"], "c-1");
        let members: Vec<&String> = body.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["type", "timestamp", "data"]);
        let mut at = NOON;
        for (sent, wait) in sent.iter().zip([0, 6, 331, 1981]) {
            at += wait;
            assert_eq!(sent.header(ID_HEADER), first.header(ID_HEADER));
            assert_eq!(sent.body, first.body);
            assert_eq!(sent.header(TIMESTAMP_HEADER), at.to_string());
            let signed = secret.sign(first.header(ID_HEADER), Instant::from_seconds(at), &first.body);
            assert_eq!(sent.header(SIGNATURE_HEADER), signed);
            assert_eq!(sent.target.url(), "https://hooks.example.com:443/lintel");
        }
        // It is over, and was noted as it was.
        assert!(world.deliver_after(100_000).await.is_empty());
        let (list, count) = deliveries(&world.app, &world.anna, PROCESS, 0, 20).await.expect("listed");
        assert_eq!((list.len(), count), (1, 1));
        assert_eq!(list[0].state, DeliveryState::Delivered);
        assert_eq!(list[0].id.as_str(), first.header(ID_HEADER));
        let outcomes: Vec<_> = list[0].attempts.iter().map(|a| (a.number, a.outcome, a.status)).collect();
        assert_eq!(outcomes, [
            (1, AttemptOutcome::Refused, Some(500)),
            (2, AttemptOutcome::TimedOut, None),
            (3, AttemptOutcome::Refused, Some(302)),
            (4, AttemptOutcome::Delivered, Some(200)),
        ]);
        assert_eq!(list[0].attempts[1].millis, 15_000);
    }

    async fn one_subject_is_told_in_order_and_others_do_not_wait(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        world.register(&world.anna, NotificationType::SimulationStatus).await;
        world.register(&world.bruno, PROCESS).await;
        world.tell(&world.anna, &id(1), process(&id(1), 1)).await;
        // Another type, the same subject: it waits, too.
        world.tell(&world.anna, &id(1), simulation(&id(1), 2)).await;
        world.tell(&world.anna, &id(1), process(&id(1), 3)).await;
        world.port.answer([status(500)]);
        assert_eq!(numbers(&world.deliver().await), [1]);
        world.tell(&world.anna, &id(2), process(&id(2), 20)).await;
        world.tell(&world.bruno, &id(3), process(&id(3), 30)).await;
        let mut others = numbers(&world.deliver().await);
        others.sort_unstable();
        assert_eq!(others, [20, 30]);
        assert_eq!(numbers(&world.deliver_after(6).await), [1, 2, 3]);
        assert!(world.deliver_after(100_000).await.is_empty());
    }

    async fn the_schedule_ends_and_the_next_event_has_its_turn(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        world.tell(&world.anna, &id(1), process(&id(1), 1)).await;
        world.tell(&world.anna, &id(1), process(&id(1), 2)).await;
        world.port.answer((0..8).map(|_| status(503)));
        assert_eq!(numbers(&world.deliver().await), [1]);
        for wait in [5, 300, 1800, 7200, 18_000, 36_000] {
            // Not before its time, and with at most a tenth more.
            assert!(world.deliver_after(wait - 1).await.is_empty(), "{wait}");
            assert_eq!(numbers(&world.deliver_after(wait / 10 + 2).await), [1], "{wait}");
        }
        // The eighth is the last; then the next event goes out at once.
        assert_eq!(numbers(&world.deliver_after(40_000).await), [1, 2]);
        let (list, _) = deliveries(&world.app, &world.anna, PROCESS, 0, 20).await.expect("listed");
        let states: Vec<_> = list.iter().map(|d| (d.state, d.attempts.len())).collect();
        assert_eq!(states, [(DeliveryState::Delivered, 1), (DeliveryState::Dead, 8)]);
    }

    async fn nothing_is_told_of_a_change_that_was_not_made(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        let notice = process(&id(1), 1);
        let tell = Tell {
            org_id: &world.anna.org_id,
            intermediary_id: &world.anna.intermediary_id,
            subject: &id(1),
            notice: &notice,
            correlation: None,
        };
        let mut tx = world.app.db().begin().await.expect("a transaction");
        tell_in(&world.app, &mut tx, &tell).await.expect("told");
        drop(tx);
        assert!(world.deliver().await.is_empty());
        // Nor of what nobody asked for: another type, another partner, before it was asked for.
        world.tell(&world.anna, &id(1), simulation(&id(1), 2)).await;
        world.tell(&world.bruno, &id(2), process(&id(2), 3)).await;
        world.register(&world.bruno, PROCESS).await;
        assert!(world.deliver().await.is_empty());
        world.tell(&world.bruno, &id(2), process(&id(2), 4)).await;
        assert_eq!(numbers(&world.deliver().await), [4]);
    }

    async fn what_it_says_is_sealed_and_forgotten_after_a_month(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        world.tell(&world.anna, &id(1), process(&id(1), 1)).await;
        assert_eq!(world.deliver().await.len(), 1);
        let page = deliveries(&world.app, &world.anna, PROCESS, 0, 1).await.expect("listed").0;
        let event = lintel_store::callback::event::load(&db, &world.anna.org_id, &page[0].id).await;
        let event = event.expect("read").expect("there");
        for sealed in [event.payload, event.body.expect("a body")] {
            let shown = String::from_utf8_lossy(&sealed).into_owned();
            assert!(!shown.contains("process") && !shown.contains("c-1"));
        }
        let listed = async || {
            let page = deliveries(&world.app, &world.anna, PROCESS, 0, 20).await;
            page.expect("listed").1
        };
        world.clock.advance(30 * 86_400 - 1);
        lintel_callbacks::sweep(&world.app).await.expect("swept");
        assert_eq!(listed().await, 1);
        world.clock.advance(1);
        // A second subject's, of which something is kept.
        world.tell(&world.anna, &id(2), process(&id(2), 2)).await;
        lintel_callbacks::sweep(&world.app).await.expect("swept");
        assert_eq!(listed().await, 1);
        let queues = "SELECT subject_id FROM callback_queue";
        let queues: Vec<(String,)> = db.all(queues, Vec::new()).await.expect("read");
        assert_eq!(queues, [(id(2).to_string(),)]);
        // A subject whose queue was forgotten has a new one.
        for number in 3..5 {
            world.tell(&world.anna, &id(1), process(&id(1), number)).await;
        }
        let sent = world.deliver().await;
        let of_first: Vec<i64> = numbers(&sent).into_iter().filter(|n| *n > 2).collect();
        assert_eq!((sent.len(), of_first), (3, vec![3, 4]));
    }

    async fn how_it_is_doing_is_counted(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        let counts = lintel_callbacks::counts(&world.app).await.expect("counted");
        assert_eq!((counts.waiting, counts.oldest, counts.dead), (0, None, 0));
        for subject in [1, 2, 2] {
            world.tell(&world.anna, &id(subject), process(&id(subject), 1)).await;
        }
        let counts = lintel_callbacks::counts(&world.app).await.expect("counted");
        let noon = Some(Instant::from_seconds(NOON));
        assert_eq!((counts.waiting, counts.oldest, counts.dead), (3, noon, 0));
        world.deliver().await;
        let counts = lintel_callbacks::counts(&world.app).await.expect("counted");
        assert_eq!(counts.waiting, 0);
        lintel_callbacks::measure(&world.app).await.expect("measured");
    }
}
