//! Signed-in browsers: found by their cookie, ended by time, by their person, and at once when
//! somebody is switched off.

use lintel_app::session::{self, COOKIE_LEN, form_token, is_form_token};
use lintel_domain::access::{Subject, Way};
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::permission::Permission;
use lintel_testkit::both;

use crate::desk::world;
use crate::secrecy::dump;

const MINUTE: i64 = 60;

both! {
    async fn a_session_is_behind_its_cookie_only(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let cookie = world.sign_on(&org, &person).await;
        assert_eq!(cookie.len(), COOKIE_LEN);
        let who = world.behind(&cookie).await.expect("signed in");
        assert_eq!((&who.org, &who.person.public_id), (&org, &person));
        assert_eq!(who.subject, Subject::Staff);
        assert_eq!(who.principal().api_id, format!("staff:{person}"));
        let wrong = cookie.chars().rev().collect::<String>();
        for text in [
            "",
            wrong.as_str(),
            &cookie[1..],
            &format!("{cookie}A"),
            &format!("{} ", &cookie[1..]),
            "' OR 1=1 --",
            &"x".repeat(100_000),
            "🦔",
        ] {
            assert!(world.behind(text).await.is_none());
        }
        let stored = dump(&db).await;
        assert!(!stored.finds(&cookie), "the cookie is in clear");
        assert!(stored.finds(&who.session_id));
    }

    async fn an_unused_session_ends_after_an_hour(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let cookie = world.sign_on(&org, &person).await;
        for _ in 0..3 {
            world.clock.advance(59 * MINUTE);
            assert!(world.behind(&cookie).await.is_some());
        }
        world.clock.advance(60 * MINUTE);
        assert!(world.behind(&cookie).await.is_none());
        // Once over, over: the clock of another node may be behind.
        world.clock.advance(-60 * MINUTE);
        assert!(world.behind(&cookie).await.is_some(), "nothing was written");
    }

    async fn no_session_lives_longer_than_half_a_day(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let cookie = world.sign_on(&org, &person).await;
        for _ in 0..23 {
            world.clock.advance(30 * MINUTE);
            assert!(world.behind(&cookie).await.is_some());
        }
        world.clock.advance(30 * MINUTE);
        assert!(world.behind(&cookie).await.is_none());
    }

    async fn use_is_noted_once_a_minute(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let cookie = world.sign_on(&org, &person).await;
        let began = world.clock_seconds();
        for (seconds, seen) in [(30, 0), (29, 0), (1, 60), (59, 60), (2, 121)] {
            world.clock.advance(seconds);
            let who = world.behind(&cookie).await.expect("signed in");
            let list = session::list(&world.app, &who).await.expect("listed");
            assert_eq!(list[0].seen_at.seconds() - began, seen);
        }
    }

    async fn people_see_and_end_their_own_sessions(db) {
        let world = world(&db);
        let org = world.lender().await;
        let olive = world.officer(&org, "olive@example.com").await;
        let other = world.officer(&org, "other@example.com").await;
        let theirs = world.sign_on(&org, &other).await;
        let mut cookies = Vec::new();
        for _ in 0..4 {
            world.clock.advance(MINUTE);
            cookies.push(world.sign_on(&org, &olive).await);
        }
        let who = world.behind(&cookies[3]).await.expect("signed in");
        let list = session::list(&world.app, &who).await.expect("listed");
        assert_eq!(list.len(), 4);
        assert_eq!(list.iter().filter(|line| line.is_this).count(), 1);
        assert!(list[0].is_this && list[0].way == Way::SignOn);
        assert_eq!(list[0].browser, "Example Browser 1.0");
        let their_id = world.behind(&theirs).await.expect("signed in").session_id;
        for foreign in [their_id.as_str(), "", "%", "nothing", "a\0b"] {
            let ended = session::end_one(&world.app, &who, foreign).await;
            assert!(!ended.expect("asked"), "{foreign}");
        }
        assert!(session::end_one(&world.app, &who, &list[3].id).await.expect("asked"));
        assert!(world.behind(&cookies[0]).await.is_none());
        assert_eq!(session::end_others(&world.app, &who).await.expect("ended"), 2);
        assert_eq!(session::end_others(&world.app, &who).await.expect("ended"), 0);
        for (at, cookie) in cookies.iter().enumerate() {
            assert_eq!(world.behind(cookie).await.is_some(), at == 3);
        }
        for _ in 0..2 {
            session::end(&world.app, &cookies[3]).await.expect("signed out");
            session::end(&world.app, "no cookie").await.expect("signed out");
        }
        assert!(world.behind(&cookies[3]).await.is_none());
        assert!(world.behind(&theirs).await.is_some(), "others stay");
    }

    async fn whoever_is_switched_off_is_out_at_once(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let person = world.officer(&broker, "olive@example.com").await;
        let cookie = world.sign_on(&broker, &person).await;
        let id = |org: &lintel_domain::organisation::Organisation| org.id.to_string();
        for (table, column, key) in [
            ("staff", "public_id", person.to_string()),
            ("organisation", "id", id(&broker)),
            ("organisation", "id", id(&lender)),
        ] {
            for (active, is_in) in [("FALSE", false), ("TRUE", true)] {
                let sql = format!("UPDATE {table} SET active = {active} WHERE {column} = '{key}'");
                world.meddle(&sql).await;
                assert_eq!(world.behind(&cookie).await.is_some(), is_in, "{sql}");
            }
        }
    }

    async fn roles_count_as_they_are_now(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let cookie = world.sign_on(&org, &person).await;
        let may = async |permission| {
            let who = world.behind(&cookie).await.expect("signed in");
            assert_eq!(who.require(permission).is_ok(), who.may(permission));
            who.may(permission)
        };
        assert!(!may(Permission::EditPeople).await);
        world.meddle("UPDATE staff_role SET role = 'admin'").await;
        assert!(may(Permission::EditPeople).await);
        world.meddle("UPDATE web_session SET subject = 'setup'").await;
        for permission in Permission::ALL {
            assert!(!may(*permission).await, "{permission} within the set-up");
        }
        world.meddle("UPDATE web_session SET subject = 'borrower'").await;
        assert!(world.behind(&cookie).await.is_none(), "no borrower is staff");
    }

    async fn a_person_keeps_fifty_sessions(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let mut cookies = Vec::new();
        for _ in 0..52 {
            world.clock.advance(1);
            cookies.push(world.sign_on(&org, &person).await);
        }
        assert_eq!(world.rows("web_session").await, 50);
        assert!(world.behind(&cookies[1]).await.is_none());
        assert!(world.behind(&cookies[2]).await.is_some());
    }

    async fn what_is_over_is_forgotten(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        world.sign_on(&org, &person).await;
        world.try_password("olive@example.com", "wrong").await;
        world.clock.advance(11 * 3600 + 1800);
        let young = world.sign_on(&org, &person).await;
        world.clock.advance(1800);
        session::sweep(&world.app).await.expect("swept");
        assert_eq!(world.rows("web_session").await, 1);
        assert_eq!(world.rows("one_time_link").await, 0);
        assert_eq!(world.rows("sign_in_failure").await, 2);
        assert!(world.behind(&young).await.is_some());
        world.clock.advance(13 * 3600);
        session::sweep(&world.app).await.expect("swept");
        for table in ["web_session", "one_time_link", "sign_in_failure"] {
            assert_eq!(world.rows(table).await, 0, "{table}");
        }
    }

    /// Another browser, or another value, does not make the form's value good.
    async fn a_form_belongs_to_its_cookie(db) {
        let world = world(&db);
        let app = &world.app;
        let token = form_token(app, "one").expect("made");
        assert!(token.len() == 43 && token.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert!(is_form_token(app, "one", &token));
        let other = form_token(app, "two").expect("made");
        for (cookie, text) in [
            ("two", token.as_str()),
            ("one", &other),
            ("one", ""),
            ("one", &token[1..]),
            ("", &form_token(app, "").expect("made")),
        ] {
            assert!(!is_form_token(app, cookie, text), "{cookie} {text}");
        }
    }

    async fn hostile_headers_are_kept_short_and_plain(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, "olive@example.com").await;
        let token = crate::desk::token_of(&world.sign_on_url(&org, &person).await);
        let visitor = session::Visitor {
            address: "x".repeat(10_000),
            browser: format!("<script>\0\r\n\u{1b}[31m{}", "🦔".repeat(10_000)),
        };
        let landed = lintel_app::link::land_sign_on(&world.app, &token, &visitor).await;
        let cookie = landed.expect("landed").expect("a cookie");
        let who = world.behind(&cookie).await.expect("signed in");
        let list = session::list(&world.app, &who).await.expect("listed");
        assert!(list[0].browser.starts_with("<script>[31m🦔"));
        assert!(list[0].browser.chars().count() <= 200 && list[0].address.len() <= 200);
    }
}
