//! Registrations that are removed, or switched off by the partner, by 410, by five days of failures.

use std::sync::{Arc, Mutex};

use lintel_app::context::App;
use lintel_callbacks::port::{BoxFuture, Held, LookUp, Outgoing, Port, Reply};
use lintel_callbacks::{Office, Rules, Wanted, deliveries, handlers, list, register, remove};
use lintel_domain::callback::{DeliveryState, NotificationType, OffReason};
use lintel_domain::event::EventKind;
use lintel_domain::intermediary::Partner;
use lintel_store::event;
use lintel_testkit::both;

use crate::world::{Plain, URL, World, id, numbers, process, simulation, status};

const PROCESS: NotificationType = NotificationType::ProcessStatus;
const SIMULATION: NotificationType = NotificationType::SimulationStatus;

async fn states(world: &World, kind: NotificationType) -> Vec<DeliveryState> {
    let page = deliveries(&world.app, &world.anna, kind, 0, 50).await;
    page.expect("listed").0.iter().map(|d| d.state).collect()
}

/// A receiver that is moved while it is asked.
struct Moving {
    app: App,
    office: Office,
    anna: Partner,
    answers: Mutex<Vec<Reply>>,
}

impl Port for Moving {
    fn look_up<'a>(&'a self, _name: &'a str, _held: Held) -> BoxFuture<'a, LookUp> {
        Box::pin(std::future::ready(LookUp::Nothing))
    }

    fn call<'a>(&'a self, _call: &'a Outgoing) -> BoxFuture<'a, Reply> {
        Box::pin(async {
            let wanted = Wanted {
                url: Some("https://moved.example.com/".to_owned()),
                ..Wanted::default()
            };
            let moved = register(
                &self.app,
                &self.office,
                &self.anna,
                PROCESS,
                wanted,
                Vec::new(),
            );
            moved.await.expect("moved");
            let answer = self.answers.lock().expect("ours").pop();
            answer.unwrap_or_else(|| status(204))
        })
    }
}

both! {
    async fn what_an_old_address_answers_says_nothing_of_the_new_one(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        for (case, answer, days) in [(0, status(410), 0), (1, status(500), 6), (2, status(500), 0)] {
            let old = Wanted { url: Some(URL.to_owned()), ..Wanted::default() };
            world.try_register(&world.anna, PROCESS, old).await.expect("as it was");
            if days > 0 {
                world.port.answer([status(500)]);
                world.tell(&world.anna, &id(20), process(&id(20), 0)).await;
                world.deliver().await;
                world.clock.advance(days * 86_400);
            }
            let moving = Moving {
                app: world.app.clone(),
                office: world.office.clone(),
                anna: world.anna.clone(),
                answers: Mutex::new(vec![answer]),
            };
            world.tell(&world.anna, &id(case), process(&id(case), 1)).await;
            let office = Office::new(Arc::new(moving), Arc::new(Plain), Rules::default());
            let drained = lintel_app::job::drain(&world.app, &handlers(office)).await;
            drained.expect("drained");
            let now = list(&world.app, &world.anna).await.expect("listed").remove(0);
            assert!(now.is_active && now.failing_since.is_none(), "{case}");
            assert_eq!(now.url, "https://moved.example.com:443/");
            assert!(world.post.letters().is_empty());
            // What failed goes to the new one.
            let sent = world.deliver_after(400).await;
            assert_eq!(sent.len(), 1);
            assert_eq!(sent[0].target.url(), now.url);
        }
    }

    async fn gone_is_gone_at_once(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        world.register(&world.anna, SIMULATION).await;
        for (subject, number) in [(1, 1), (1, 2), (2, 3)] {
            world.tell(&world.anna, &id(subject), process(&id(subject), number)).await;
        }
        // Of another type, behind two that are dropped.
        world.tell(&world.anna, &id(1), simulation(&id(1), 4)).await;
        world.port.answer([status(410)]);
        let mut sent = numbers(&world.deliver().await);
        // Which subject comes first is nobody's promise; the other type's event goes out.
        assert!(sent == [1, 4] || sent == [3, 4], "{sent:?}");
        sent.clear();
        let states = states(&world, PROCESS).await;
        let dropped = states.iter().filter(|s| **s == DeliveryState::Dropped).count();
        let dead = states.iter().filter(|s| **s == DeliveryState::Dead).count();
        assert_eq!((dropped, dead), (2, 1));
        let all = list(&world.app, &world.anna).await.expect("listed");
        let off: Vec<_> = all.iter().filter(|r| !r.is_active).collect();
        assert_eq!(off.len(), 1);
        assert_eq!((off[0].kind, off[0].off_reason), (PROCESS, Some(OffReason::Gone)));
        let page = deliveries(&world.app, &world.anna, PROCESS, 0, 9).await.expect("listed").0;
        let dead = page.iter().find(|d| d.state == DeliveryState::Dead).expect("one");
        let attempts: Vec<_> = dead.attempts.iter().map(|a| (a.number, a.status)).collect();
        assert_eq!(attempts, [(1, Some(410))]);
        // The partner hears of it by mail, in the bank's name, without the address's path.
        let mails = world.post.letters();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to[0].email, "anna@example.com");
        assert!(mails[0].text.contains("410") && mails[0].text.contains("hooks.example.com:443"));
        assert!(!mails[0].text.contains("/lintel"));
        let events = event::list_after(&db, &world.anna.org_id, 0).await.expect("events");
        let told = events.iter().filter(|e| e.kind == EventKind::CallbackSwitchedOff);
        assert_eq!(told.count(), 1);
        // Nothing is kept for it any more.
        world.tell(&world.anna, &id(5), process(&id(5), 5)).await;
        assert!(world.deliver_after(200_000).await.is_empty());
    }

    async fn five_days_of_failures_switch_it_off(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        world.port.answer((0..200).map(|_| status(500)));
        // A new event every six hours, each of a subject of its own.
        let mut days = 0;
        for n in 0..40 {
            world.tell(&world.anna, &id(n), process(&id(n), i64::from(n))).await;
            world.deliver().await;
            let all = list(&world.app, &world.anna).await.expect("listed");
            if !all[0].is_active {
                assert_eq!(all[0].off_reason, Some(OffReason::Failing));
                days = n / 4;
                break;
            }
            world.clock.advance(6 * 3600);
        }
        assert_eq!(days, 5);
        let states = states(&world, PROCESS).await;
        assert!(states.iter().all(|s| !s.is_open()), "{states:?}");
        assert_eq!(world.post.letters().len(), 1);
    }

    async fn a_success_in_between_begins_the_days_anew(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        for n in 0..12 {
            // Fails each day, and is taken at the second attempt on the fourth.
            let answers = if n == 4 { vec![status(500), status(200)] } else { vec![status(500); 40] };
            let _ = world.port.take();
            world.port.forget();
            world.port.answer(answers);
            world.tell(&world.anna, &id(n), process(&id(n), i64::from(n))).await;
            world.deliver().await;
            world.deliver_after(6).await;
            world.clock.advance(86_400);
            let all = list(&world.app, &world.anna).await.expect("listed");
            if !all[0].is_active {
                assert!(n >= 9, "{n}");
                return;
            }
        }
        panic!("never switched off");
    }

    async fn what_waits_is_dropped_with_its_registration(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        world.register(&world.anna, SIMULATION).await;
        world.port.answer([status(500)]);
        world.tell(&world.anna, &id(1), process(&id(1), 1)).await;
        world.tell(&world.anna, &id(1), simulation(&id(1), 2)).await;
        assert_eq!(numbers(&world.deliver().await), [1]);
        remove(&world.app, &world.anna, PROCESS).await.expect("removed");
        assert!(remove(&world.app, &world.anna, PROCESS).await.is_err());
        assert_eq!(states(&world, PROCESS).await, [DeliveryState::Dropped]);
        // What was behind it does not wait for its time; a new registration does not bring it back.
        world.register(&world.anna, PROCESS).await;
        assert_eq!(numbers(&world.deliver_after(1).await), [2]);
        world.port.answer([status(500)]);
        world.tell(&world.anna, &id(1), process(&id(1), 3)).await;
        assert_eq!(numbers(&world.deliver().await), [3]);
        let off = Wanted { is_active: Some(false), ..Wanted::default() };
        let off = world.try_register(&world.anna, PROCESS, off).await.expect("off");
        assert_eq!(off.registration.off_reason, Some(OffReason::Partner));
        assert_eq!(off.registration.url, format!("{}:443/lintel", URL.trim_end_matches("/lintel")));
        let on = Wanted { is_active: Some(true), ..Wanted::default() };
        world.try_register(&world.anna, PROCESS, on).await.expect("on");
        world.tell(&world.anna, &id(1), process(&id(1), 4)).await;
        assert_eq!(numbers(&world.deliver_after(100_000).await), [4]);
    }
}
