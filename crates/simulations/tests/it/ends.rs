//! The end of a simulation: taken back, or over.

use lintel_app::job::{JobKind, drain};
use lintel_domain::lisbon;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::simulation::SimulationStatus::{Cancelled, Expired, Simulated};
use lintel_simulations::{Filter, cancel, change, expire, fine, history, list, one};
use lintel_testkit::both;

use crate::world::{caller, refused, world};

both! {
    async fn on_its_last_day_it_is_valid_and_then_over(db) {
        let world = world(&db).await;
        let made = world.make(&world.anna, "Ana").await;
        let (app, who, id) = (&world.app, caller(&world.anna), made.id.as_str());
        let end = lisbon::end_of(made.expires_on);
        world.at(end.plus_seconds(-1));
        let last = one(app, who, id).await.expect("there");
        assert_eq!((last.status, last.expires_on.to_string().as_str()), (Simulated, "2026-07-01"));
        assert_eq!(expire::sweep(app).await.expect("swept"), 0);
        world.at(end);
        let over = one(app, who, id).await.expect("there");
        assert_eq!((over.status, over.status_at), (Expired, end));
        let wrong = Refusal::WrongState { what: Noun::Simulation, is: "expired" };
        assert_eq!(refused(cancel(app, who, id, None).await), wrong);
        assert_eq!(refused(fine(app, who, id).await), wrong);
        let edit = |old: &lintel_domain::simulation::Request| (old.clone(), Vec::new());
        assert_eq!(refused(change(app, who, id, None, &edit).await), wrong);
        let expired = Filter { status: Some(Expired), from: Some(crate::world::day("2026-07-02")), ..Filter::default() };
        let simulated = Filter { status: Some(Simulated), ..Filter::default() };
        let before = list(app, who, &expired, Vec::new()).await.expect("listed");
        assert_eq!((before.total, list(app, who, &simulated, Vec::new()).await.expect("listed").total), (1, 0));
        world.clock.advance(3600);
        assert_eq!(expire::sweep(app).await.expect("swept"), 1);
        assert_eq!(expire::sweep(app).await.expect("swept"), 0, "once");
        let after = list(app, who, &expired, Vec::new()).await.expect("listed");
        assert_eq!((after.lines[0].status, after.lines[0].status_at), (Expired, end));
        assert_eq!((after.total, &after.lines[0].id), (1, &before.lines[0].id));
        let steps = history::of(app, &world.bank.id, &made.id).await.expect("a history");
        assert_eq!((steps.len(), steps[1].to.as_str(), steps[1].at), (2, "expired", end));
    }

    async fn the_job_ends_what_is_over(db) {
        let world = world(&db).await;
        for name in ["Ana", "Rui", "Eva"] {
            world.make(&world.anna, name).await;
        }
        world.clock.advance(31 * 86_400);
        world.make(&world.anna, "Ivo").await;
        let handlers = expire::handlers(Vec::new());
        lintel_app::job::schedule::settle(&world.app).await.expect("settled");
        world.clock.advance(3600);
        let fired = lintel_app::job::schedule::fire_due(&world.app, &handlers).await.expect("fired");
        assert_eq!(fired, 1);
        drain(&world.app, &handlers).await.expect("drained");
        let of = |status: &str| format!("SELECT CAST(COUNT(*) AS BIGINT) FROM simulation WHERE status = '{status}'");
        assert_eq!((world.number(&of("expired")).await, world.number(&of("simulated")).await), (3, 1));
        assert_eq!(JobKind::CreditExpire.as_str(), "credit.expire");
    }

    async fn taken_back_twice_is_taken_back_once(db) {
        let world = world(&db).await;
        let made = world.make(&world.anna, "Ana").await;
        let (app, who, id) = (&world.app, caller(&world.anna), made.id.as_str());
        assert_eq!(refused(cancel(app, who, id, Some(&[7])).await), Refusal::Stale { what: Noun::Simulation });
        let gone = cancel(app, who, id, Some(&[1])).await.expect("taken back");
        assert_eq!((gone.status, gone.revision), (Cancelled, 2));
        assert_eq!(cancel(app, who, id, Some(&[1])).await.expect("as it is"), gone);
        let changes = world.events().await.into_iter().filter(|kind| kind == "simulation.status_changed").count();
        assert_eq!(changes, 1);
        world.clock.advance(40 * 86_400);
        assert_eq!(expire::sweep(app).await.expect("swept"), 0);
        assert_eq!(one(app, who, id).await.expect("there").status, Cancelled);
    }
}
