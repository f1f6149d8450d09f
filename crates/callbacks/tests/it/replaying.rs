//! Delivering once more, and echoes.

use lintel_app::error::AppError;
use lintel_callbacks::{About, ID_HEADER, Wanted, deliveries, echo, replay};
use lintel_domain::callback::{DeliveryState, NotificationType};
use lintel_domain::id::RowId;
use lintel_domain::refusal::{Denial, Refusal};
use lintel_store::db::Val;
use lintel_testkit::both;
use serde_json::json;

use crate::world::{World, id, numbers, process, status};

const PROCESS: NotificationType = NotificationType::ProcessStatus;

async fn newest(world: &World) -> (RowId, DeliveryState) {
    let page = deliveries(&world.app, &world.anna, PROCESS, 0, 1)
        .await
        .expect("listed");
    (page.0[0].id.clone(), page.0[0].state)
}

fn is_wrong_state(refused: Result<impl Sized, AppError>) -> bool {
    matches!(refused, Err(AppError::Refused(Refusal::WrongState { .. })))
}

fn is_not_found(refused: Result<impl Sized, AppError>) -> bool {
    matches!(refused, Err(AppError::Refused(Refusal::NotFound { .. })))
}

both! {
    async fn the_same_bytes_under_the_same_id(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        world.tell(&world.anna, &id(1), process(&id(1), 1)).await;
        let (one, _) = newest(&world).await;
        // While it waits it cannot be replayed.
        assert!(is_wrong_state(replay(&world.app, &world.anna, PROCESS, &one).await));
        world.port.answer([status(500)]);
        let first = world.deliver().await;
        assert!(is_wrong_state(replay(&world.app, &world.anna, PROCESS, &one).await));
        world.deliver_after(6).await;
        let delivered = replay(&world.app, &world.anna, PROCESS, &one).await.expect("replayed");
        assert_eq!(delivered.state, DeliveryState::Replaying);
        // Twice before it went out is once.
        replay(&world.app, &world.anna, PROCESS, &one).await.expect("replayed");
        let second = world.deliver().await;
        assert_eq!(second.len(), 1);
        assert_eq!(second[0].body, first[0].body);
        assert_eq!(second[0].header(ID_HEADER), first[0].header(ID_HEADER));
        assert_eq!(newest(&world).await.1, DeliveryState::Delivered);
        // Another partner's and unknown ones are the same.
        world.register(&world.bruno, PROCESS).await;
        assert!(is_not_found(replay(&world.app, &world.bruno, PROCESS, &one).await));
        assert!(is_not_found(replay(&world.app, &world.anna, PROCESS, &id(99)).await));
        let other = NotificationType::EsisGenerated;
        assert!(is_not_found(replay(&world.app, &world.anna, other, &one).await));
    }

    async fn a_replay_holds_up_nothing_and_has_the_whole_schedule(db) {
        let world = World::on(&db).await;
        world.register(&world.anna, PROCESS).await;
        world.tell(&world.anna, &id(1), process(&id(1), 1)).await;
        world.port.answer((0..8).map(|_| status(500)));
        world.deliver().await;
        for _ in 0..7 {
            world.deliver_after(40_000).await;
        }
        let (dead, state) = newest(&world).await;
        assert_eq!(state, DeliveryState::Dead);
        replay(&world.app, &world.anna, PROCESS, &dead).await.expect("replayed");
        world.port.answer([status(500)]);
        assert_eq!(numbers(&world.deliver().await), [1]);
        // Fails again and waits; a new event of the subject goes out all the same.
        world.tell(&world.anna, &id(1), process(&id(1), 2)).await;
        assert_eq!(numbers(&world.deliver().await), [2]);
        assert_eq!(numbers(&world.deliver_after(6).await), [1]);
        let page = deliveries(&world.app, &world.anna, PROCESS, 0, 9).await.expect("listed");
        let states: Vec<_> = page.0.iter().map(|d| (d.state, d.attempts.len())).collect();
        assert_eq!(states, [(DeliveryState::Delivered, 1), (DeliveryState::Delivered, 10)]);
        // Not while it is off.
        let off = Wanted { is_active: Some(false), ..Wanted::default() };
        world.try_register(&world.anna, PROCESS, off).await.expect("off");
        assert!(is_wrong_state(replay(&world.app, &world.anna, PROCESS, &dead).await));
    }

    async fn an_echo_is_one_real_delivery_and_keeps_nothing(db) {
        let world = World::on(&db).await;
        let sql = "INSERT INTO process (org_id, id, intermediary_id, user_id, simulation_id, number, \
             status, status_at_us, created_at_us, last_action_at_us, valid_until_us, revision, branch_folded, offer_id, \
             terms, answer) VALUES ($1, $2, $3, $2, $2, 1, 'in_creation', 1, 1, 1, 1, 1, '', $2, '', '')";
        let args = vec![
            Val::from(world.anna.org_id.as_str()),
            Val::from(id(1).as_str()),
            Val::from(world.anna.intermediary_id.as_str()),
        ];
        let mut tx = world.app.db().begin().await.expect("a transaction");
        tx.exec(sql, args).await.expect("stored");
        tx.commit().await.expect("committed");
        let data = json!({"a": 1});
        let (own, other) = (About::Process(id(1)), About::Simulation(id(1)));
        let send = async |partner, about| {
            echo(&world.app, &world.office, partner, PROCESS, about, &data).await
        };
        // Nothing registered; another's; unknown.
        assert!(is_not_found(send(&world.anna, &own).await));
        let secret = world.register(&world.anna, PROCESS).await;
        world.register(&world.bruno, PROCESS).await;
        assert!(is_not_found(send(&world.bruno, &own).await));
        assert!(is_not_found(send(&world.anna, &other).await));
        world.port.answer([status(418)]);
        let echoed = send(&world.anna, &own).await.expect("sent");
        assert_eq!((echoed.reply.status, echoed.reply.millis()), (Some(418), 7));
        let sent = world.port.take();
        assert_eq!(sent.len(), 1);
        let signed = secret.sign(echoed.id.as_str(), echoed.at, &sent[0].body);
        assert_eq!(sent[0].header("webhook-signature"), signed);
        let (page, count) = deliveries(&world.app, &world.anna, PROCESS, 0, 9).await.expect("listed");
        assert!(page.is_empty() && count == 0);
        // Nineteen more in the minute, and no further.
        for _ in 0..19 {
            send(&world.anna, &own).await.expect("sent");
        }
        let throttled = send(&world.anna, &own).await;
        assert!(matches!(
            throttled,
            Err(AppError::Refused(Refusal::Denied(Denial::PartnerThrottled { wait_seconds: 60 })))
        ));
        world.clock.advance(60);
        send(&world.anna, &own).await.expect("sent");
    }
}
