//! Making and changing: what is kept, what is sealed, who sees it.

use lintel_domain::finding::{CreditField, CreditRule};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::simulation::{Request, SimulationStatus};
use lintel_engine::Cents;
use lintel_simulations::history::{self, SYSTEM};
use lintel_simulations::{
    cancel, change, create, expire, fine, messages, one, take_in, validate, write_message,
};
use lintel_store::db::Val;
use lintel_testkit::both;

use crate::world::{asked, bank, caller, partner, refused, unknown_id, world};

const NOT_FOUND: Refusal = Refusal::NotFound {
    what: Noun::Simulation,
};

both! {
    async fn numbers_follow_each_other_and_everything_is_written_down(db) {
        let world = world(&db).await;
        let (first, second) = (world.make(&world.anna, "Ana").await, world.make(&world.bruno, "Rui").await);
        assert_eq!((first.number, second.number), (100_001, 100_002));
        assert_eq!((first.status, first.revision, first.expires_on.to_string().as_str()), (SimulationStatus::Simulated, 1, "2026-07-01"));
        let seen = one(&world.app, caller(&world.anna), first.id.as_str()).await.expect("there");
        assert_eq!(seen, first);
        let steps = history::of(&world.app, &world.bank.id, &first.id).await.expect("a history");
        assert_eq!(steps.len(), 1);
        assert_eq!((steps[0].from.as_deref(), steps[0].to.as_str(), steps[0].actor_name.as_str()), (None, "simulated", "Anna Exemplo"));
        let made = world.events().await.into_iter().filter(|kind| kind == "simulation.created").count();
        assert_eq!(made, 2);
    }

    async fn nothing_personal_lies_in_clear(db) {
        let world = world(&db).await;
        let made = world.make(&world.anna, "Íris Pelicano").await;
        let words = (Some("Garça"), Some("Corvo marinho"));
        write_message(&world.app, caller(&world.anna), made.id.as_str(), words, Vec::new()).await.expect("written");
        let rows: Vec<(String, Vec<u8>)> = db.all("SELECT answer, input FROM simulation", Vec::<Val>::new()).await.expect("rows");
        let contents: Vec<(Vec<u8>,)> = db.all("SELECT content FROM partner_message", Vec::<Val>::new()).await.expect("rows");
        let sealed = [String::from_utf8_lossy(&rows[0].1), String::from_utf8_lossy(&contents[0].0)];
        for never in ["Pelicano", "123456789", "cormorant", "1990-02-28", "Garça", "Corvo"] {
            assert!(!rows[0].0.contains(never), "{never}");
            assert!(sealed.iter().all(|text| !text.contains(never)), "{never}");
        }
        let page = messages(&world.app, caller(&world.anna), made.id.as_str(), (1, 20)).await.expect("a page");
        assert_eq!((page.total, page.messages[0].words.text.as_str()), (1, "Corvo marinho"));
    }

    async fn all_findings_come_at_once_and_nothing_is_kept(db) {
        let world = world(&db).await;
        let wrong = Request { amount: None, term_months: Some(1), borrowers: Vec::new(), ..asked("Ana") };
        let of_create = refused(create(&world.app, caller(&world.anna), wrong.clone(), Vec::new()).await);
        let of_validate = refused(validate(&world.app, caller(&world.anna), wrong, Vec::new()).await);
        let Refusal::Findings(found) = &of_create else { panic!("{of_create}") };
        assert!(found.len() >= 3, "{of_create}");
        assert_eq!(of_create, of_validate);
        assert_eq!(world.rows("simulation").await + world.rows("simulation_borrower").await, 0);
        validate(&world.app, caller(&world.anna), asked("Ana"), Vec::new()).await.expect("fine");
        assert_eq!(world.rows("simulation").await, 0);
        let other = bank(&world.app, "Banco sem Oferta").await;
        let nobody = partner(&world.app, &other, "Carla");
        let refusal = refused(create(&world.app, caller(&nobody), asked("Ana"), Vec::new()).await);
        let Refusal::Findings(found) = &refusal else { panic!("{refusal}") };
        assert_eq!((found[0].field, found[0].rule), (CreditField::Offer, CreditRule::NotOffered));
    }

    async fn another_intermediary_sees_nothing(db) {
        let world = world(&db).await;
        let made = world.make(&world.anna, "Ana").await;
        let other = bank(&world.app, "Banco Segundo").await;
        let mut stranger = partner(&world.app, &other, "Carla");
        // Even with the intermediary's id, of another bank.
        stranger.intermediary_id = world.anna.intermediary_id.clone();
        for (who, id) in [(&world.bruno, made.id.as_str()), (&stranger, made.id.as_str()), (&world.anna, unknown_id().as_str()), (&world.anna, "' OR 1=1"), (&world.anna, "a\u{0}b")] {
            let (app, who) = (&world.app, caller(who));
            let keep = |old: &Request| (old.clone(), Vec::new());
            assert_eq!(refused(one(app, who, id).await), NOT_FOUND);
            assert_eq!(refused(change(app, who, id, None, &keep).await), NOT_FOUND);
            assert_eq!(refused(cancel(app, who, id, None).await), NOT_FOUND);
            assert_eq!(refused(fine(app, who, id).await), NOT_FOUND);
            assert_eq!(refused(messages(app, who, id, (1, 1)).await), NOT_FOUND);
            assert_eq!(refused(write_message(app, who, id, (None, None), Vec::new()).await), NOT_FOUND);
            let mut tx = app.db().begin().await.expect("begun");
            assert_eq!(refused(take_in(app, &mut tx, who, id, &unknown_id()).await), NOT_FOUND);
        }
        assert_eq!(one(&world.app, caller(&world.anna), made.id.as_str()).await.expect("there"), made);
    }

    async fn a_change_is_worked_out_anew(db) {
        let world = world(&db).await;
        let made = world.make(&world.anna, "Ana").await;
        let (app, who, id) = (&world.app, caller(&world.anna), made.id.as_str());
        fine(app, who, id).await.expect("a sheet");
        assert!(one(app, who, id).await.expect("there").fine_at.is_some());
        let less = |old: &Request| (Request { amount: Some(Cents::new(15_000_000)), ..old.clone() }, Vec::new());
        let changed = change(app, who, id, Some(&[1]), &less).await.expect("changed");
        assert_eq!((changed.revision, changed.calculation.loan.amount.get(), changed.expires_on), (2, 15_000_000, made.expires_on));
        assert_ne!(changed.calculation.chosen().instalments.first, made.calculation.chosen().instalments.first);
        assert!(changed.fine_at.is_none(), "a sheet of other figures");
        assert_eq!(refused(change(app, who, id, Some(&[1]), &less).await), Refusal::Stale { what: Noun::Simulation });
        let again = change(app, who, id, None, &less).await.expect("nothing to change");
        assert_eq!(again.revision, 2);
        let wrong = |old: &Request| (Request { amount: None, ..old.clone() }, Vec::new());
        assert!(matches!(refused(change(app, who, id, None, &wrong).await), Refusal::Findings(_)));
        assert_eq!(one(app, who, id).await.expect("there"), changed);
    }

    async fn a_process_takes_it_once(db) {
        let world = world(&db).await;
        let made = world.make(&world.anna, "Ana").await;
        let (app, who, id) = (&world.app, caller(&world.anna), made.id.as_str());
        let process = unknown_id();
        let mut tx = app.db().begin().await.expect("begun");
        take_in(app, &mut tx, who, id, &process).await.expect("taken");
        drop(tx);
        assert_eq!(one(app, who, id).await.expect("there").status, SimulationStatus::Simulated, "given up");
        let mut tx = app.db().begin().await.expect("begun");
        let taken = take_in(app, &mut tx, who, id, &process).await.expect("taken");
        tx.commit().await.expect("committed");
        assert_eq!(one(app, who, id).await.expect("there"), taken);
        assert_eq!(taken.process_id.as_ref(), Some(&process));
        let wrong = Refusal::WrongState { what: Noun::Simulation, is: "in_process" };
        let mut tx = app.db().begin().await.expect("begun");
        assert_eq!(refused(take_in(app, &mut tx, who, id, &process).await), wrong);
        drop(tx);
        assert_eq!(refused(cancel(app, who, id, None).await), wrong);
        world.clock.advance(40 * 86_400);
        assert_eq!(expire::sweep(app).await.expect("swept"), 0);
        let steps = history::of(app, &world.bank.id, &made.id).await.expect("a history");
        assert!(steps.len() == 2 && steps.iter().all(|step| step.actor != SYSTEM));
        let events = world.events().await;
        let changes = events.iter().filter(|kind| *kind == "simulation.status_changed").count();
        assert_eq!(changes, 1, "{events:?}");
    }
}
