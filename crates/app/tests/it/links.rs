//! Links that work once.

use lintel_app::link::{self, land_setup, land_sign_on, single_sign_on_url, use_once};
use lintel_domain::access::{LinkPurpose, Subject};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Noun, Refusal};
use lintel_testkit::both;

use crate::desk::{URL, caller, token_of, visitor, world};
use crate::secrecy::dump;
use crate::world::{World, refusal};

const MINUTE: i64 = 60;

/// How many of ten callers at the same moment are let in.
async fn ten_land(world: &World, token: &str) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (app, token) = (world.app.clone(), token.to_owned());
        tasks.spawn(async move { land_sign_on(&app, &token, &visitor()).await });
    }
    let mut landed = 0;
    while let Some(done) = tasks.join_next().await {
        landed += usize::from(done.expect("ended").expect("asked").is_some());
    }
    landed
}

/// Says that a broker's set-up was begun by somebody.
async fn begin_setup(world: &World, org: &Organisation, starter: &str) {
    world
        .meddle(&format!(
            "INSERT INTO organisation_setup (org_id, started_by, started_at_us, step) \
             SELECT '{}', id, 0, 'company' FROM staff WHERE public_id = '{starter}'",
            org.id
        ))
        .await;
}

/// Lender id and token of a set-up address.
fn setup_parts(url: &str) -> (String, String) {
    let start = format!("{URL}/lender/sign-up/start-basic?lenderID=");
    let rest = url.strip_prefix(&start).expect("a set-up address");
    let (lender, token) = rest.split_once("&token=").expect("a token");
    (lender.to_owned(), token.to_owned())
}

both! {
    async fn a_link_signs_in_once(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let url = world.sign_on_url(&org, &person).await;
        let token = token_of(&url);
        assert_eq!(url, format!("{URL}/lender/single-sign-on/{token}"));
        assert!(token.len() == 50 && token.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert!(!dump(&db).await.finds(&token), "the token is in clear");
        let looked = link::works(&world.app, LinkPurpose::SignOn, &token).await;
        assert!(looked.expect("looked").is_some(), "looking uses nothing up");
        for wrong in ["", &token[1..], &format!("{token}A"), &token.to_lowercase(), "🦔", "' OR 1=1"] {
            let landed = land_sign_on(&world.app, wrong, &visitor()).await;
            assert_eq!(landed.expect("asked"), None, "{wrong}");
        }
        let cookie = land_sign_on(&world.app, &token, &visitor()).await;
        let cookie = cookie.expect("landed").expect("a cookie");
        assert!(world.behind(&cookie).await.is_some());
        let again = land_sign_on(&world.app, &token, &visitor()).await;
        assert_eq!(again.expect("asked"), None);
        assert!(world.behind(&cookie).await.is_some(), "the session goes on");
    }

    async fn of_ten_at_once_one_is_let_in(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        for _ in 0..5 {
            let token = token_of(&world.sign_on_url(&org, &person).await);
            assert_eq!(ten_land(&world, &token).await, 1);
        }
        assert_eq!(world.rows("web_session").await, 5);
    }

    async fn a_link_lives_ten_minutes_and_for_its_purpose(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let token = token_of(&world.sign_on_url(&org, &person).await);
        for purpose in [LinkPurpose::Setup, LinkPurpose::Password, LinkPurpose::Welcome] {
            let used = use_once(&world.app, purpose, &token).await;
            assert!(used.expect("asked").is_none(), "{purpose}");
        }
        let second = token_of(&world.sign_on_url(&org, &person).await);
        world.clock.advance(10 * MINUTE - 1);
        assert_eq!(ten_land(&world, &token).await, 1, "two may be open");
        world.clock.advance(1);
        assert_eq!(ten_land(&world, &second).await, 0);
    }

    async fn links_of_the_switched_off_do_not_work(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let person = world.officer(&broker, "olive@example.com").await;
        let token = token_of(&world.sign_on_url(&broker, &person).await);
        for (table, column, key) in [
            ("staff", "public_id", person.to_string()),
            ("organisation", "id", broker.id.to_string()),
            ("organisation", "id", lender.id.to_string()),
        ] {
            world.meddle(&format!("UPDATE {table} SET active = FALSE WHERE {column} = '{key}'")).await;
            assert_eq!(ten_land(&world, &token).await, 0, "{table}");
            let made = single_sign_on_url(
                &world.app,
                &caller(&lender),
                broker.public_id.as_str(),
                person.as_str(),
            )
            .await;
            refusal(made);
            world.meddle(&format!("UPDATE {table} SET active = TRUE WHERE {column} = '{key}'")).await;
        }
        assert_eq!(ten_land(&world, &token).await, 1, "trying used nothing up");
    }

    /// Foreign, unknown and switched off answer alike.
    async fn only_the_own_family_can_be_named(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let sibling = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let stranger = world.lender().await;
        let of_lender = world.officer(&lender, "lender@example.com").await;
        let of_broker = world.officer(&broker, "broker@example.com").await;
        let of_stranger = world.officer(&stranger, "lender@example.com").await;
        let ask = async |who: &Organisation, lender: &str, user: &str| {
            single_sign_on_url(&world.app, &caller(who), lender, user).await
        };
        let id = |org: &Organisation| org.public_id.to_string();
        for (who, org, user) in [
            (&lender, &lender, &of_lender),
            (&lender, &broker, &of_broker),
            (&broker, &broker, &of_broker),
            (&stranger, &stranger, &of_stranger),
        ] {
            assert!(ask(who, &id(org), user.as_str()).await.expect("made").is_some());
        }
        let organisation = Refusal::NotFound { what: Noun::Organisation };
        for (who, org, user) in [
            (&broker, id(&lender), &of_lender),
            (&broker, id(&sibling), &of_broker),
            (&lender, id(&stranger), &of_stranger),
            (&stranger, id(&broker), &of_broker),
            (&lender, "AAAAAAAA".to_owned(), &of_lender),
            (&lender, String::new(), &of_lender),
            (&lender, format!(" {}", id(&lender)), &of_lender),
            (&lender, "x".repeat(100_000), &of_lender),
        ] {
            assert_eq!(refusal(ask(who, &org, user.as_str()).await), organisation, "{org}");
        }
        let staff = Refusal::NotFound { what: Noun::Staff };
        for (org, user) in [
            (&lender, of_broker.to_string()),
            (&broker, of_lender.to_string()),
            (&lender, of_stranger.to_string()),
            (&lender, "AAAAAAAA".to_owned()),
            (&lender, String::new()),
            (&lender, "%".to_owned()),
            (&lender, "a\0b".to_owned()),
            (&lender, "x".repeat(100_000)),
        ] {
            assert_eq!(refusal(ask(&lender, &id(org), &user).await), staff, "{user}");
        }
        world.meddle(&format!("UPDATE organisation SET active = FALSE WHERE id = '{}'", broker.id)).await;
        assert_eq!(refusal(ask(&lender, &id(&broker), of_broker.as_str()).await), organisation);
        assert_eq!(world.rows("one_time_link").await, 4, "refusals leave nothing");
    }

    async fn an_unfinished_set_up_is_gone_on_with_by_its_starter(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let starter = world.officer(&broker, "starter@example.com").await;
        let other = world.officer(&broker, "other@example.com").await;
        let early = token_of(&world.sign_on_url(&broker, &other).await);
        begin_setup(&world, &broker, starter.as_str()).await;
        let ask = async |user: &str| {
            let (app, id) = (&world.app, broker.public_id.as_str());
            single_sign_on_url(app, &caller(&lender), id, user).await.expect("asked")
        };
        assert_eq!(ask(other.as_str()).await, None);
        assert_eq!(ten_land(&world, &early).await, 0, "nobody comes in before it is done");
        let (named, older) = setup_parts(&ask(starter.as_str()).await.expect("an address"));
        assert_eq!(named, broker.public_id.as_str());
        let (_, token) = setup_parts(&ask(starter.as_str()).await.expect("an address"));
        let land = async |lender: &str, token: &str| {
            land_setup(&world.app, lender, token, &visitor()).await.expect("asked")
        };
        assert_eq!(land(broker.public_id.as_str(), &older).await, None, "replaced");
        assert_eq!(land(lender.public_id.as_str(), &token).await, None, "another's");
        assert_eq!(ten_land(&world, &token).await, 0, "no sign-on link");
        let cookie = land(broker.public_id.as_str(), &token).await.expect("a cookie");
        assert_eq!(land(broker.public_id.as_str(), &token).await, None, "used");
        let who = world.behind(&cookie).await.expect("signed in");
        assert_eq!((who.subject, &who.person.public_id), (Subject::Setup, &starter));

        let (_, late) = setup_parts(&ask(starter.as_str()).await.expect("an address"));
        world.meddle("UPDATE organisation_setup SET completed_at_us = 1").await;
        assert_eq!(land(broker.public_id.as_str(), &late).await, None, "it is done");
        for user in [&starter, &other] {
            let token = token_of(&ask(user.as_str()).await.expect("an address"));
            assert_eq!(ten_land(&world, &token).await, 1);
        }
    }

    /// Whom a partner's word means is the partner's to change: it signs nobody in.
    async fn the_partners_own_id_of_a_person_is_no_user_id(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let set = format!("UPDATE staff SET partner_uid = 'PARTNER7' WHERE public_id = '{person}'");
        world.meddle(&set).await;
        let lender = org.public_id.as_str();
        for word in ["PARTNER7", "CRM/7 ü"] {
            let asked = single_sign_on_url(&world.app, &caller(&org), lender, word).await;
            assert!(asked.is_err(), "{word}");
        }
        let made = single_sign_on_url(&world.app, &caller(&org), lender, person.as_str()).await;
        let token = token_of(&made.expect("made").expect("an address"));
        assert_eq!(ten_land(&world, &token).await, 1);
    }
}
