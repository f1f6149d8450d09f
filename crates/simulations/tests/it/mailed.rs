//! How often sheets may be mailed.

use lintel_domain::refusal::{Denial, Refusal};
use lintel_simulations::{MAILS_OF_ALL_AN_HOUR, MAILS_OF_ONE_A_DAY, mailed_too_often_in};
use lintel_testkit::both;

use crate::world::{World, world};
use lintel_domain::id::RowId;
use lintel_domain::intermediary::Partner;

/// Counts one mail; the wait, when it is one too many.
async fn mailed(world: &World, who: &Partner, of: &RowId, address: &str) -> Result<(), u32> {
    let mut tx = world.app.db().begin().await.expect("begun");
    match mailed_too_often_in(&world.app, &mut tx, who, (of, address)).await {
        Ok(()) => {
            tx.commit().await.expect("committed");
            Ok(())
        }
        Err(lintel_app::error::AppError::Refused(Refusal::Denied(Denial::PartnerThrottled {
            wait_seconds,
        }))) => Err(wait_seconds),
        Err(error) => panic!("{error:?}"),
    }
}

fn drawn(world: &World) -> RowId {
    world.app.row_id().expect("an id")
}

both! {
    async fn one_sheet_goes_to_so_many_addresses_a_day(db) {
        let world = world(&db).await;
        let (who, of) = (&world.anna, drawn(&world));
        for n in 0..MAILS_OF_ONE_A_DAY {
            assert_eq!(mailed(&world, who, &of, &format!("a{n}@example.com")).await, Ok(()));
            world.clock.advance(60);
        }
        let wait = Err(24 * 3600 - 60 * 20);
        assert_eq!(mailed(&world, who, &of, "b@example.com").await, wait);
        assert_eq!(mailed(&world, who, &drawn(&world), "b@example.com").await, Ok(()));
        world.clock.advance(24 * 3600 - 60 * 20 - 1);
        assert_eq!(mailed(&world, who, &of, "b@example.com").await, Err(1));
        world.clock.advance(1);
        assert_eq!(mailed(&world, who, &of, "b@example.com").await, Ok(()));
    }

    async fn one_intermediary_mails_so_many_an_hour(db) {
        let world = world(&db).await;
        for n in 0..MAILS_OF_ALL_AN_HOUR {
            let address = format!("a{n}@example.com");
            assert_eq!(mailed(&world, &world.anna, &drawn(&world), &address).await, Ok(()));
        }
        let of = drawn(&world);
        for _ in 0..5 {
            let again = mailed(&world, &world.anna, &of, "b@example.com").await;
            assert_eq!(again, Err(3600), "whatever it is about");
        }
        let colleague = Partner { user_id: drawn(&world), ..world.anna.clone() };
        assert_eq!(mailed(&world, &colleague, &of, "b@example.com").await, Err(3600));
        assert_eq!(mailed(&world, &world.bruno, &of, "b@example.com").await, Ok(()));
        world.clock.advance(3600);
        // What was refused was not counted.
        for _ in 0..2 {
            assert_eq!(mailed(&world, &world.anna, &of, "b@example.com").await, Ok(()));
        }
    }
}
