//! Signing in with a password, with a code, and after the password was forgotten.

use std::sync::Arc;

use lintel_app::password::{self, Changed, Reset, Weakness, ask_reset, reset, reset_link_works};
use lintel_app::ports::MemoryPost;
use lintel_app::session::Visitor;
use lintel_app::sign_in::{SignIn, choose, with_code, with_password};
use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;

use crate::desk::{OTHER_PASSWORD, PASSWORD, cookie_of, visitor, world};
use crate::secrecy::dump;
use crate::world::World;

const OLIVE: &str = "olive@example.com";

fn wait(seconds: u32) -> SignIn {
    SignIn::Wait { seconds }
}

/// The token of the newest link in somebody's letters.
async fn newest_link(world: &World, post: &Arc<MemoryPost>) -> String {
    let letters = world.letters(post).await;
    let mut linked = letters
        .iter()
        .filter_map(|l| l.split_once("/new-password/"));
    let (_, rest) = linked.next_back().expect("a letter with a link");
    rest[..50].to_owned()
}

async fn new_password(world: &World, token: &str, text: &str) -> Reset {
    reset(&world.app, token, text).await.expect("asked")
}

both! {
    async fn address_and_password_sign_in(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (person, _) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        for email in [OLIVE, " Olive@Example.COM "] {
            let cookie = cookie_of(world.try_password(email, PASSWORD).await);
            let who = world.behind(&cookie).await.expect("signed in");
            assert_eq!(who.person.public_id, person);
        }
        let long = "x".repeat(1_000_000);
        for (email, text) in [
            (OLIVE, OTHER_PASSWORD),
            ("nobody@example.com", PASSWORD),
            (OLIVE, ""),
            (OLIVE, &format!("{PASSWORD} ")),
            ("", ""),
            ("\0", "\0"),
            (&long, PASSWORD),
            ("other@example.com", &long),
        ] {
            assert_eq!(world.try_password(email, text).await, SignIn::Refused);
        }
        world.officer(&org, "without@example.com").await;
        for text in ["", "x"] {
            assert_eq!(world.try_password("without@example.com", text).await, SignIn::Refused);
        }
        let stored = dump(&db).await;
        assert!(!stored.finds(PASSWORD) && !stored.finds(OTHER_PASSWORD));
        assert!(stored.finds("$argon2id$"));
    }

    async fn the_switched_off_are_refused_like_the_unknown(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let (person, _) = world.officer_with_password(&broker, OLIVE, PASSWORD).await;
        for (table, column, key) in [
            ("staff", "public_id", person.to_string()),
            ("organisation", "id", broker.id.to_string()),
            ("organisation", "id", lender.id.to_string()),
        ] {
            world.meddle(&format!("UPDATE {table} SET active = FALSE WHERE {column} = '{key}'")).await;
            assert_eq!(world.try_password(OLIVE, PASSWORD).await, SignIn::Refused);
            world.meddle(&format!("UPDATE {table} SET active = TRUE WHERE {column} = '{key}'")).await;
            cookie_of(world.try_password(OLIVE, PASSWORD).await);
        }
        let begun = format!(
            "INSERT INTO organisation_setup (org_id, started_by, started_at_us, step) \
             VALUES ('{}', 'somebody', 0, 'company')",
            broker.id
        );
        world.meddle(&begun).await;
        assert_eq!(world.try_password(OLIVE, PASSWORD).await, SignIn::Refused);
    }

    async fn guessing_becomes_slow(db) {
        let world = world(&db);
        let org = world.lender().await;
        world.officer_with_password(&org, OLIVE, PASSWORD).await;
        for email in [OLIVE, "nobody@example.com"] {
            for _ in 0..5 {
                assert_eq!(world.try_password(email, "wrong").await, SignIn::Refused);
            }
            assert_eq!(world.try_password(email, PASSWORD).await, wait(1), "{email}");
            world.clock.advance(1);
            assert_eq!(world.try_password(email, "wrong").await, SignIn::Refused);
            for _ in 0..3 {
                assert_eq!(world.try_password(email, PASSWORD).await, wait(2));
            }
        }
        world.clock.advance(2);
        cookie_of(world.try_password(OLIVE, PASSWORD).await);
        for _ in 0..5 {
            assert_eq!(world.try_password(OLIVE, "wrong").await, SignIn::Refused);
        }
        assert_eq!(world.try_password(OLIVE, "wrong").await, wait(1), "it began anew");
        world.pass_days(1);
        for _ in 0..5 {
            assert_eq!(world.try_password(OLIVE, "wrong").await, SignIn::Refused);
        }
    }

    /// Guesses at the same moment are as slow as one after the other.
    async fn thirty_guesses_at_once_are_five(db) {
        let world = world(&db);
        let org = world.lender().await;
        world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..30 {
            let app = world.app.clone();
            tasks.spawn(async move { with_password(&app, OLIVE, "wrong", &visitor()).await });
        }
        let mut looked_at = 0;
        while let Some(done) = tasks.join_next().await {
            looked_at += usize::from(done.expect("ended").expect("tried") == SignIn::Refused);
        }
        assert_eq!(looked_at, 5);
    }

    async fn an_address_has_a_hundred_attempts(db) {
        let world = world(&db);
        let from = |address: &str| Visitor { address: address.to_owned(), ..visitor() };
        let attempt = async |n: usize, address: &str| {
            let email = format!("nobody{n}@example.com");
            with_password(&world.app, &email, "wrong", &from(address)).await.expect("tried")
        };
        for n in 0..100 {
            let address = format!("2001:db8:1:2::{n:x}");
            assert_eq!(attempt(n, &address).await, SignIn::Refused);
            world.clock.advance(1);
        }
        assert_eq!(attempt(200, "2001:db8:1:2:ffff::1").await, wait(800));
        assert_eq!(attempt(200, "2001:db8:1:3::1").await, SignIn::Refused);
        world.clock.advance(800);
        assert_eq!(attempt(200, "2001:db8:1:2::1").await, SignIn::Refused);
    }

    async fn families_with_the_same_address_know_nothing_of_each_other(db) {
        let world = world(&db);
        let (first, second) = (world.lender().await, world.lender().await);
        let (one, _) = world.officer_with_password(&first, OLIVE, PASSWORD).await;
        let (two, _) = world.officer_with_password(&second, OLIVE, OTHER_PASSWORD).await;
        for (text, person) in [(PASSWORD, &one), (OTHER_PASSWORD, &two)] {
            let cookie = cookie_of(world.try_password(OLIVE, text).await);
            let who = world.behind(&cookie).await.expect("signed in");
            assert_eq!(who.person.public_id, *person);
        }
        // Being right about one does not make guesses about the other cheap.
        for _ in 0..4 {
            assert_eq!(world.try_password(OLIVE, "wrong").await, SignIn::Refused);
            cookie_of(world.try_password(OLIVE, PASSWORD).await);
        }
        assert_eq!(world.try_password(OLIVE, "wrong").await, SignIn::Refused);
        assert!(matches!(world.try_password(OLIVE, PASSWORD).await, SignIn::Wait { .. }));
    }

    async fn one_password_for_two_families_asks_which(db) {
        let world = world(&db);
        let (first, second) = (world.lender().await, world.lender().await);
        let third = world.lender().await;
        world.officer_with_password(&first, OLIVE, PASSWORD).await;
        world.clock.advance(1);
        let (two, _) = world.officer_with_password(&second, OLIVE, PASSWORD).await;
        world.officer_with_password(&third, OLIVE, OTHER_PASSWORD).await;
        let SignIn::Choose { ticket, organisations } = world.try_password(OLIVE, PASSWORD).await else {
            panic!("no choice");
        };
        let mut ids: Vec<String> = organisations.iter().map(|(id, _)| id.to_string()).collect();
        let mut expected = vec![first.public_id.to_string(), second.public_id.to_string()];
        ids.sort();
        expected.sort();
        assert_eq!(ids, expected);
        let choice = async |ticket: &str, org: &str| {
            choose(&world.app, ticket, org, &visitor()).await.expect("chosen")
        };
        let (chosen, other) = (second.public_id.as_str(), third.public_id.as_str());
        assert_eq!(choice(&ticket, other).await, SignIn::Refused, "another password");
        assert_eq!(choice(&ticket, "").await, SignIn::Refused);
        for spoilt in ["", "🦔", &ticket[1..], &format!("{ticket}AAAA"), &"A".repeat(1_000_000)] {
            assert_eq!(choice(spoilt, chosen).await, SignIn::Refused);
        }
        let as_code = with_code(&world.app, &ticket, "000000", &visitor()).await;
        assert_eq!(as_code.expect("tried"), SignIn::Refused, "another step's ticket");
        let cookie = cookie_of(choice(&ticket, chosen).await);
        let who = world.behind(&cookie).await.expect("signed in");
        assert_eq!(who.person.public_id, two);
        world.clock.advance(5 * 60);
        assert_eq!(choice(&ticket, chosen).await, SignIn::Refused, "too late");
    }

    async fn a_changed_password_ends_everything_else(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (person, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let other = cookie_of(world.try_password(OLIVE, PASSWORD).await);
        let open_link = crate::desk::token_of(&world.sign_on_url(&org, &person).await);
        let who = world.behind(&cookie).await.expect("signed in");
        let change = async |current: Option<&str>, new: &str| {
            password::change(&world.app, &who, current, new).await.expect("asked")
        };
        assert!(password::has_password(&world.app, &who).await.expect("asked"));
        assert_eq!(change(None, OTHER_PASSWORD).await, Changed::WrongPassword);
        assert_eq!(change(Some("wrong"), OTHER_PASSWORD).await, Changed::WrongPassword);
        for (new, weakness) in [
            ("short", Weakness::TooShort),
            ("password1234", Weakness::TooCommon),
            ("Olive@Example.com", Weakness::IsAddress),
        ] {
            assert_eq!(change(Some(PASSWORD), new).await, Changed::Weak(weakness));
        }
        assert!(world.behind(&other).await.is_some());
        assert_eq!(change(Some(PASSWORD), OTHER_PASSWORD).await, Changed::Done);
        assert!(world.behind(&cookie).await.is_some() && world.behind(&other).await.is_none());
        let landed = lintel_app::link::land_sign_on(&world.app, &open_link, &visitor()).await;
        assert_eq!(landed.expect("asked"), None);
        assert_eq!(world.try_password(OLIVE, PASSWORD).await, SignIn::Refused);
        cookie_of(world.try_password(OLIVE, OTHER_PASSWORD).await);
        let letters = world.letters(&Arc::new(MemoryPost::default())).await;
        assert_eq!(letters.len(), 2, "one for each change");
        for _ in 0..5 {
            assert_eq!(change(Some("wrong"), PASSWORD).await, Changed::WrongPassword);
        }
        let slow = change(Some(OTHER_PASSWORD), PASSWORD).await;
        assert_eq!(slow, Changed::Wait { seconds: 1 });
    }

    async fn a_forgotten_password_is_chosen_anew(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (person, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let post = Arc::new(MemoryPost::default());
        world.letters(&post).await;
        let kept = post.letters().len();
        for email in ["nobody@example.com", "", "🦔@example.com"] {
            ask_reset(&world.app, email, &visitor()).await.expect("asked");
        }
        assert_eq!(world.letters(&post).await.len(), kept, "nobody to write to");
        world.clock.advance(1);
        ask_reset(&world.app, " OLIVE@example.com", &visitor()).await.expect("asked");
        let older = newest_link(&world, &post).await;
        world.clock.advance(1);
        ask_reset(&world.app, OLIVE, &visitor()).await.expect("asked");
        let token = newest_link(&world, &post).await;
        assert_ne!(older, token);
        assert!(!reset_link_works(&world.app, &older).await.expect("asked"), "replaced");
        assert!(reset_link_works(&world.app, &token).await.expect("asked"));
        assert_eq!(new_password(&world, &older, OTHER_PASSWORD).await, Reset::LinkGone);
        let weak = new_password(&world, &token, "passwordpassword").await;
        assert_eq!(weak, Reset::Weak(Weakness::TooCommon));
        for _ in 0..6 {
            world.try_password(OLIVE, "wrong").await;
        }
        assert_eq!(new_password(&world, &token, OTHER_PASSWORD).await, Reset::Done);
        assert!(world.behind(&cookie).await.is_none(), "every session ended");
        assert_eq!(new_password(&world, &token, PASSWORD).await, Reset::LinkGone);
        assert!(!reset_link_works(&world.app, &token).await.expect("asked"));
        let cookie = cookie_of(world.try_password(OLIVE, OTHER_PASSWORD).await);
        let who = world.behind(&cookie).await.expect("signed in");
        assert_eq!(who.person.public_id, person);
        let stored = dump(&db).await;
        assert!(!stored.finds(&token) && !stored.finds(OTHER_PASSWORD));
    }

    async fn links_for_passwords_end_with_time_and_with_the_person(db) {
        let world = world(&db);
        let org = world.lender().await;
        let person = world.officer(&org, OLIVE).await;
        let post = Arc::new(MemoryPost::default());
        ask_reset(&world.app, OLIVE, &visitor()).await.expect("asked");
        let token = newest_link(&world, &post).await;
        let switch = async |active: &str| {
            let sql = format!("UPDATE staff SET active = {active} WHERE public_id = '{person}'");
            world.meddle(&sql).await;
        };
        switch("FALSE").await;
        assert!(!reset_link_works(&world.app, &token).await.expect("asked"));
        assert_eq!(new_password(&world, &token, PASSWORD).await, Reset::LinkGone);
        ask_reset(&world.app, OLIVE, &visitor()).await.expect("asked");
        assert_eq!(world.letters(&post).await.len(), 1, "no letter to the switched off");
        switch("TRUE").await;
        assert!(reset_link_works(&world.app, &token).await.expect("asked"));
        world.clock.advance(30 * 60);
        assert_eq!(new_password(&world, &token, PASSWORD).await, Reset::LinkGone);
    }

    async fn of_ten_new_passwords_at_once_one_is_taken(db) {
        let world = world(&db);
        let org = world.lender().await;
        world.officer(&org, OLIVE).await;
        ask_reset(&world.app, OLIVE, &visitor()).await.expect("asked");
        let token = newest_link(&world, &Arc::new(MemoryPost::default())).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..10 {
            let (app, token) = (world.app.clone(), token.clone());
            tasks.spawn(async move { reset(&app, &token, &format!("{PASSWORD} {n}")).await });
        }
        let mut done = 0;
        while let Some(end) = tasks.join_next().await {
            done += usize::from(end.expect("ended").expect("asked") == Reset::Done);
        }
        assert_eq!(done, 1);
    }

    async fn nobody_is_flooded_with_letters(db) {
        let world = world(&db);
        let org = world.lender().await;
        world.officer(&org, OLIVE).await;
        let post = Arc::new(MemoryPost::default());
        for _ in 0..10 {
            ask_reset(&world.app, OLIVE, &visitor()).await.expect("asked");
        }
        assert_eq!(world.letters(&post).await.len(), 3);
        world.clock.advance(3600);
        ask_reset(&world.app, OLIVE, &visitor()).await.expect("asked");
        assert_eq!(world.letters(&post).await.len(), 4);
    }

    async fn each_family_writes_its_own_letter(db) {
        let world = world(&db);
        let (first, second) = (world.lender().await, world.lender().await);
        let (_, _) = world.officer_with_password(&first, OLIVE, PASSWORD).await;
        world.officer(&second, OLIVE).await;
        let post = Arc::new(MemoryPost::default());
        world.letters(&post).await;
        let before = post.letters().len();
        ask_reset(&world.app, OLIVE, &visitor()).await.expect("asked");
        assert_eq!(world.letters(&post).await.len(), before + 2);
    }
}
