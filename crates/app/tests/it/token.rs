//! Access tokens: the same one while it lives, another after that.

use lintel_app::auth::authenticate;
use lintel_app::token::{Issued, destroy, issue};
use lintel_domain::credential::{KeyPair, TOKEN_LIFE_SECONDS, is_token_shaped};
use lintel_domain::id::PublicId;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_store::event::{ChainState, list_after, verify};
use lintel_testkit::both;

use crate::world::{NOON, World, denial, refusal};

async fn token(world: &World, pair: &KeyPair) -> Issued {
    issue(&world.app, pair, None, "192.0.2.1")
        .await
        .expect("issued")
}

both! {
    async fn a_first_token(db) {
        let world = World::on(&db);
        let pair = world.pair(&world.lender().await).await;
        let issued = token(&world, &pair).await;
        assert!(is_token_shaped(&issued.token));
        assert_eq!(issued.created_at, NOON);
        assert_eq!(issued.expires_at, NOON.plus_seconds(TOKEN_LIFE_SECONDS));
        assert_eq!(
            TOKEN_LIFE_SECONDS, 2_160_000,
            "the sample answer's difference"
        );
        assert!(issued.device.len() == 64 && issued.device.bytes().all(|b| b.is_ascii_hexdigit()));
        let principal = authenticate(&world.app, &pair, &issued.token)
            .await
            .expect("let in");
        assert_eq!(principal.api_id, pair.api_id);
    }

    async fn asking_again_extends_the_same_token(db) {
        let world = World::on(&db);
        let pair = world.pair(&world.lender().await).await;
        let first = token(&world, &pair).await;
        for day in 1..=3 {
            world.pass_days(20);
            let again = token(&world, &pair).await;
            assert_eq!(again.token, first.token, "after {} days", day * 20);
            assert_eq!(again.created_at, NOON);
            let now = NOON.plus_seconds(day * 20 * 86_400);
            assert_eq!(again.expires_at, now.plus_seconds(TOKEN_LIFE_SECONDS));
        }
        assert_eq!(world.rows("access_token").await, 1);
    }

    /// The last microsecond belongs to the token; the next one does not.
    async fn a_token_ends_at_its_expiration(db) {
        let world = World::on(&db);
        let pair = world.pair(&world.lender().await).await;
        let first = token(&world, &pair).await;
        world.clock.advance(TOKEN_LIFE_SECONDS - 1);
        authenticate(&world.app, &pair, &first.token)
            .await
            .expect("a second before");
        world.clock.advance(1);
        assert_eq!(
            denial(authenticate(&world.app, &pair, &first.token).await),
            Denial::TokenExpired
        );
        let second = token(&world, &pair).await;
        assert_ne!(second.token, first.token);
        assert_eq!(second.created_at, NOON.plus_seconds(TOKEN_LIFE_SECONDS));
        authenticate(&world.app, &pair, &second.token)
            .await
            .expect("the new one");
        let old = authenticate(&world.app, &pair, &first.token).await;
        assert_eq!(denial(old), Denial::TokenExpired, "still known as expired");
    }

    async fn a_token_that_ran_out_long_ago_is_unknown(db) {
        let world = World::on(&db);
        let pair = world.pair(&world.lender().await).await;
        let first = token(&world, &pair).await;
        world.pass_days(300);
        token(&world, &pair).await;
        assert_eq!(
            denial(authenticate(&world.app, &pair, &first.token).await),
            Denial::TokenUnknown
        );
    }

    async fn a_destroyed_token_is_gone_and_the_next_is_new(db) {
        let world = World::on(&db);
        let pair = world.pair(&world.lender().await).await;
        let first = token(&world, &pair).await;
        destroy(&world.app, &pair, &first.token)
            .await
            .expect("destroyed");
        assert_eq!(
            denial(authenticate(&world.app, &pair, &first.token).await),
            Denial::TokenUnknown
        );
        let again = destroy(&world.app, &pair, &first.token).await;
        assert_eq!(denial(again), Denial::TokenUnknown);
        assert_ne!(token(&world, &pair).await.token, first.token);
    }

    async fn an_expired_token_can_be_destroyed(db) {
        let world = World::on(&db);
        let pair = world.pair(&world.lender().await).await;
        let first = token(&world, &pair).await;
        world.pass_days(26);
        destroy(&world.app, &pair, &first.token)
            .await
            .expect("destroyed");
        assert_eq!(world.rows("access_token").await, 0);
    }

    /// Expired wins over mismatch, and both over unknown: the contract's order.
    async fn expired_mismatch_unknown(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let (mine, colleague) = (world.pair(&org).await, world.pair(&org).await);
        let stranger = world.pair(&world.lender().await).await;
        let theirs = token(&world, &colleague).await;
        let foreign = token(&world, &stranger).await;
        for other in [&theirs, &foreign] {
            let answer = authenticate(&world.app, &mine, &other.token).await;
            assert_eq!(denial(answer), Denial::TokenMismatch);
            let answer = destroy(&world.app, &mine, &other.token).await;
            assert_eq!(
                denial(answer),
                Denial::TokenUnknown,
                "destroy has no mismatch row"
            );
        }
        let unknown = "0".repeat(40);
        assert_eq!(
            denial(authenticate(&world.app, &mine, &unknown).await),
            Denial::TokenUnknown
        );
        world.pass_days(26);
        let answer = authenticate(&world.app, &mine, &theirs.token).await;
        assert_eq!(denial(answer), Denial::TokenExpired);
        authenticate(&world.app, &stranger, &foreign.token)
            .await
            .expect_err("expired as well");
    }

    async fn the_device_is_stable_per_pair_and_address(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let (one, two) = (world.pair(&org).await, world.pair(&org).await);
        let device = async |pair: &KeyPair, from| {
            issue(&world.app, pair, None, from)
                .await
                .expect("issued")
                .device
        };
        let first = device(&one, "192.0.2.1").await;
        assert_eq!(device(&one, "192.0.2.1").await, first);
        assert_ne!(device(&one, "192.0.2.2").await, first);
        assert_ne!(device(&two, "192.0.2.1").await, first);
    }

    async fn naming_a_lender(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let sibling = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let stranger = world.lender().await;
        let pair = world.pair(&broker).await;
        let ask = async |id: &PublicId| issue(&world.app, &pair, Some(id), "192.0.2.1").await;
        ask(&broker.public_id).await.expect("its own");
        assert_eq!(
            denial(ask(&wholesale.public_id).await),
            Denial::OrganisationMismatch
        );
        let nobody = PublicId::parse("NOBODY00").expect("an id");
        let unknown = Refusal::NotFound {
            what: Noun::Organisation,
        };
        for id in [&sibling.public_id, &stranger.public_id, &nobody] {
            assert_eq!(refusal(ask(id).await), unknown, "{id}");
        }
    }

    /// Two processes share one pair: neither may cut the other off.
    async fn first_tokens_asked_for_at_the_same_time_are_one(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let pair = world.pair(&org).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (app, pair) = (world.app.clone(), pair.clone());
            tasks.spawn(async move { issue(&app, &pair, None, "192.0.2.1").await });
        }
        let mut tokens = Vec::new();
        while let Some(done) = tasks.join_next().await {
            tokens.push(done.expect("ended").expect("issued").token);
        }
        tokens.dedup();
        assert_eq!(tokens.len(), 1, "{tokens:?}");
        assert_eq!(world.rows("access_token").await, 1);
        let events = list_after(&db, &org.id, 0).await.expect("read");
        let issued = events
            .iter()
            .filter(|e| e.kind.as_str() == "token.issued")
            .count();
        let extended = events
            .iter()
            .filter(|e| e.kind.as_str() == "token.extended")
            .count();
        assert_eq!((issued, extended), (1, 7));
        assert!(matches!(
            verify(&db, &org.id).await.expect("verified"),
            ChainState::Intact { .. }
        ));
    }

    /// A stolen database yields no token: neither text nor bytes of it are in any row.
    async fn tokens_and_secrets_are_not_stored(db) {
        let world = World::on(&db);
        let pair = world.pair(&world.lender().await).await;
        let issued = token(&world, &pair).await;
        let dump = crate::secrecy::dump(&db).await;
        assert!(dump.finds(&pair.api_id), "the search finds what is there");
        assert!(!dump.finds(&issued.token));
        assert!(!dump.finds(&pair.api_key));
        assert!(!format!("{issued:?}").contains(&issued.token));
    }
}
