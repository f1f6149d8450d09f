//! Switching off ends everything at once, and switching on again brings nothing of it back.

use lintel_app::auth::authenticate;
use lintel_app::link::land_sign_on;
use lintel_app::status::{StatusDraft, set_account_status, set_organisation};
use lintel_app::token::issue;
use lintel_domain::entry::Entry;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::Denial;
use lintel_domain::staff::AccountStatus;
use lintel_testkit::both;

use crate::desk::{PASSWORD, caller, cookie_of, token_of, visitor, world};
use crate::world::{World, denial};

const OLIVE: &str = "olive@example.com";

fn to(id: &PublicId, status: AccountStatus) -> Vec<StatusDraft> {
    vec![StatusDraft {
        id: Some(id.to_string()),
        status: Entry::Given(status),
    }]
}

async fn lands(world: &World, token: &str) -> bool {
    let landed = land_sign_on(&world.app, token, &visitor()).await;
    landed.expect("asked").is_some()
}

both! {
    async fn a_company(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let (person, cookie) = world.officer_with_password(&broker, OLIVE, PASSWORD).await;
        let link = token_of(&world.sign_on_url(&broker, &person).await);
        let pair = world.pair(&broker).await;
        let token = issue(&world.app, &pair, None, "192.0.2.1").await.expect("issued").token;
        let bystander = world.officer(&lender, "lender@example.com").await;
        let theirs = world.sign_on(&lender, &bystander).await;
        let switch = async |status| {
            let (app, by) = (&world.app, caller(&lender));
            set_account_status(app, &by, to(&broker.public_id, status), Vec::new()).await
        };
        switch(AccountStatus::Inactive).await.expect("switched");
        assert!(world.behind(&cookie).await.is_none());
        assert!(!lands(&world, &link).await);
        let call = authenticate(&world.app, &pair, &token).await;
        assert_eq!(denial(call), Denial::CredentialsUnknown);
        switch(AccountStatus::Active).await.expect("switched");
        assert!(world.behind(&cookie).await.is_none(), "it stays dead");
        assert!(!lands(&world, &link).await, "it stays dead");
        let call = authenticate(&world.app, &pair, &token).await;
        assert_eq!(denial(call), Denial::TokenUnknown);
        // The pair, the password and new links work again.
        let fresh = issue(&world.app, &pair, None, "192.0.2.1").await.expect("issued").token;
        assert_ne!(fresh, token);
        authenticate(&world.app, &pair, &fresh).await.expect("let in");
        cookie_of(world.try_password(OLIVE, PASSWORD).await);
        world.sign_on(&broker, &person).await;
        assert!(world.behind(&theirs).await.is_some(), "others were not touched");
    }

    async fn a_lender_takes_its_brokers_people_along(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let person = world.officer(&broker, OLIVE).await;
        let cookie = world.sign_on(&broker, &person).await;
        for (status, is_in) in [(AccountStatus::Inactive, false), (AccountStatus::Active, false)] {
            set_organisation(&world.app, &lender.public_id, status).await.expect("switched");
            assert_eq!(world.behind(&cookie).await.is_some(), is_in);
        }
        world.sign_on(&broker, &person).await;
    }

    async fn a_person(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (person, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let other = world.officer(&org, "other@example.com").await;
        let (theirs, their_link) = (
            world.sign_on(&org, &other).await,
            token_of(&world.sign_on_url(&org, &other).await),
        );
        let link = token_of(&world.sign_on_url(&org, &person).await);
        for status in [AccountStatus::Inactive, AccountStatus::Active] {
            set_account_status(&world.app, &caller(&org), Vec::new(), to(&person, status))
                .await
                .expect("switched");
            assert!(world.behind(&cookie).await.is_none());
            assert!(!lands(&world, &link).await);
        }
        assert!(world.behind(&theirs).await.is_some() && lands(&world, &their_link).await);
        cookie_of(world.try_password(OLIVE, PASSWORD).await);
    }

    /// Whatever begins while somebody is switched off is ended by it, or finds it done.
    async fn nothing_slips_through_at_the_same_moment(db) {
        let world = world(&db);
        let org = world.lender().await;
        for round in 0..10 {
            let email = format!("olive{round}@example.com");
            let (person, _) = world.officer_with_password(&org, &email, PASSWORD).await;
            let link = token_of(&world.sign_on_url(&org, &person).await);
            let mut tasks = tokio::task::JoinSet::new();
            let (app, by, id) = (world.app.clone(), caller(&org), person.clone());
            tasks.spawn(async move {
                let off = to(&id, AccountStatus::Inactive);
                set_account_status(&app, &by, Vec::new(), off).await.expect("switched");
                None
            });
            let app = world.app.clone();
            tasks.spawn(async move { land_sign_on(&app, &link, &visitor()).await.expect("asked") });
            let app = world.app.clone();
            tasks.spawn(async move {
                let end = lintel_app::sign_in::with_password(&app, &email, PASSWORD, &visitor()).await;
                match end.expect("tried") {
                    lintel_app::sign_in::SignIn::Done { cookie, .. } => Some(cookie),
                    _ => None,
                }
            });
            let cookies: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
            let by = caller(&org);
            let on = to(&person, AccountStatus::Active);
            set_account_status(&world.app, &by, Vec::new(), on).await.expect("switched");
            for cookie in cookies {
                assert!(world.behind(&cookie).await.is_none(), "round {round}");
            }
            let left = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM one_time_link WHERE person_id \
                = (SELECT id FROM staff WHERE public_id = '{person}') AND used_at_us IS NULL");
            let left: Option<(i64,)> = db.maybe(&left, Vec::new()).await.expect("counted");
            assert_eq!(left, Some((0,)));
        }
    }

    async fn no_token_slips_through_at_the_same_moment(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        for round in 0..8 {
            let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
            let pair = world.pair(&broker).await;
            let mut tasks = tokio::task::JoinSet::new();
            let (app, by, id) = (world.app.clone(), caller(&lender), broker.public_id.clone());
            tasks.spawn(async move {
                let off = to(&id, AccountStatus::Inactive);
                set_account_status(&app, &by, off, Vec::new()).await.expect("switched");
                None
            });
            for _ in 0..3 {
                let (app, pair) = (world.app.clone(), pair.clone());
                tasks.spawn(async move {
                    let issued = issue(&app, &pair, None, "192.0.2.1").await;
                    issued.ok().map(|issued| issued.token)
                });
            }
            let tokens: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
            let on = to(&broker.public_id, AccountStatus::Active);
            set_account_status(&world.app, &caller(&lender), on, Vec::new()).await.expect("switched");
            for token in tokens {
                let call = authenticate(&world.app, &pair, &token).await;
                assert_eq!(denial(call), Denial::TokenUnknown, "round {round}");
            }
        }
    }
}
