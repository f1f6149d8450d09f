//! The second step of signing in: codes of a phone, and codes on paper.

use std::sync::Arc;

use lintel_app::ports::MemoryPost;
use lintel_app::session::SignedIn;
use lintel_app::sign_in::{SignIn, with_code};
use lintel_app::totp::{self, Confirmed, SwitchedOff, code_at};
use lintel_testkit::both;

use crate::desk::{OTHER_PASSWORD, PASSWORD, cookie_of, visitor, world};
use crate::secrecy::dump;
use crate::world::World;

const OLIVE: &str = "olive@example.com";

/// The code a phone shows now, or some seconds from now.
fn shown(world: &World, secret: &str, seconds: i64) -> String {
    code_at(secret, world.app.now().plus_seconds(seconds)).expect("a code")
}

/// Turns the second step on; its secret and the codes on paper.
async fn turn_on(world: &World, who: &SignedIn) -> (String, Vec<String>) {
    let enrolment = totp::begin(&world.app, who).expect("begun");
    let code = shown(world, &enrolment.secret, 0);
    let confirmed = totp::confirm(&world.app, who, &enrolment.ticket, &code).await;
    match confirmed.expect("asked") {
        Confirmed::On { recovery_codes } => (enrolment.secret, recovery_codes),
        other => panic!("{other:?}"),
    }
}

async fn ticket(world: &World) -> String {
    match world.try_password(OLIVE, PASSWORD).await {
        SignIn::CodeNeeded { ticket } => ticket,
        other => panic!("{other:?}"),
    }
}

async fn try_code(world: &World, ticket: &str, code: &str) -> SignIn {
    with_code(&world.app, ticket, code, &visitor())
        .await
        .expect("tried")
}

both! {
    async fn a_code_is_good_once(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (_, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let who = world.behind(&cookie).await.expect("signed in");
        assert!(!totp::is_on(&world.app, &who).await.expect("asked"));
        let (secret, _) = turn_on(&world, &who).await;
        assert!(totp::is_on(&world.app, &who).await.expect("asked"));
        let first = ticket(&world).await;
        let used = shown(&world, &secret, 0);
        assert_eq!(try_code(&world, &first, &used).await, SignIn::Refused, "used to turn it on");
        world.clock.advance(30);
        let code = shown(&world, &secret, 0);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        cookie_of(try_code(&world, &first, &spaced).await);
        assert_eq!(try_code(&world, &first, &code).await, SignIn::Refused, "replayed");
        let second = ticket(&world).await;
        assert_eq!(try_code(&world, &second, &code).await, SignIn::Refused, "replayed");
        // One step ahead is taken, and then nothing older.
        let ahead = shown(&world, &secret, 30);
        cookie_of(try_code(&world, &second, &ahead).await);
        world.clock.advance(30);
        assert_eq!(try_code(&world, &second, &ahead).await, SignIn::Refused);
        let stored = dump(&db).await;
        assert!(!stored.finds(&secret), "the secret is in clear");
    }

    async fn of_ten_with_the_same_code_one_is_let_in(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (_, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let who = world.behind(&cookie).await.expect("signed in");
        let (secret, paper) = turn_on(&world, &who).await;
        world.clock.advance(60);
        for is_paper in [false, true] {
            let ticket = ticket(&world).await;
            let code = if is_paper { paper[0].clone() } else { shown(&world, &secret, 0) };
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..4 {
                let (app, ticket, code) = (world.app.clone(), ticket.clone(), code.clone());
                tasks.spawn(async move { with_code(&app, &ticket, &code, &visitor()).await });
            }
            let mut let_in = 0;
            while let Some(done) = tasks.join_next().await {
                let end = done.expect("ended").expect("tried");
                let_in += usize::from(matches!(end, SignIn::Done { .. }));
            }
            assert_eq!(let_in, 1, "{code}");
            world.clock.advance(3600);
            let after = self::ticket(&world).await;
            cookie_of(try_code(&world, &after, &shown(&world, &secret, 0)).await);
            world.clock.advance(60);
        }
    }

    async fn paper_helps_when_the_phone_is_lost(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (_, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let who = world.behind(&cookie).await.expect("signed in");
        let (_, paper) = turn_on(&world, &who).await;
        assert_eq!(paper.len(), 10);
        for code in &paper {
            assert!(!dump(&db).await.finds(code), "{code} is in clear");
            let ticket = ticket(&world).await;
            let typed = format!("{}-{}", code[..5].to_lowercase(), &code[5..]);
            cookie_of(try_code(&world, &ticket, &typed).await);
            assert_eq!(try_code(&world, &ticket, code).await, SignIn::Refused, "used");
        }
    }

    async fn guessing_codes_becomes_slow(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (_, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let who = world.behind(&cookie).await.expect("signed in");
        let (secret, _) = turn_on(&world, &who).await;
        world.clock.advance(60);
        for wrong in ["000000", "", "12345", "1234567", "abcdef"] {
            // A fresh ticket each time: the count is the person's, not the ticket's.
            let ticket = ticket(&world).await;
            assert_eq!(try_code(&world, &ticket, wrong).await, SignIn::Refused, "{wrong}");
        }
        let ticket = ticket(&world).await;
        let right = shown(&world, &secret, 0);
        assert_eq!(try_code(&world, &ticket, &right).await, SignIn::Wait { seconds: 1 });
        world.clock.advance(1);
        cookie_of(try_code(&world, &ticket, &shown(&world, &secret, 0)).await);
    }

    async fn a_ticket_ends_with_time_password_and_person(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (person, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let who = world.behind(&cookie).await.expect("signed in");
        let (secret, _) = turn_on(&world, &who).await;
        let late = ticket(&world).await;
        world.clock.advance(300);
        assert_eq!(try_code(&world, &late, &shown(&world, &secret, 0)).await, SignIn::Refused);
        let held = ticket(&world).await;
        let switch = async |active: &str| {
            let sql = format!("UPDATE staff SET active = {active} WHERE public_id = '{person}'");
            world.meddle(&sql).await;
        };
        switch("FALSE").await;
        assert_eq!(try_code(&world, &held, &shown(&world, &secret, 0)).await, SignIn::Refused);
        switch("TRUE").await;
        world.clock.advance(1);
        let who = world.behind(&cookie).await.expect("signed in");
        let app = &world.app;
        let changed = lintel_app::password::change(app, &who, Some(PASSWORD), OTHER_PASSWORD).await;
        assert_eq!(changed.expect("asked"), lintel_app::password::Changed::Done);
        assert_eq!(try_code(&world, &held, &shown(&world, &secret, 0)).await, SignIn::Refused);
    }

    async fn it_is_turned_on_by_its_first_code_only(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (_, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let (_, others) = world.officer_with_password(&org, "other@example.com", PASSWORD).await;
        let who = world.behind(&cookie).await.expect("signed in");
        let other = world.behind(&others).await.expect("signed in");
        let second = cookie_of(world.try_password(OLIVE, PASSWORD).await);
        let begun = totp::begin(&world.app, &who).expect("begun");
        let code = shown(&world, &begun.secret, 0);
        let issuer = "Example%20retail";
        let expected = format!(
            "otpauth://totp/{issuer}:olive%40example.com?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            begun.secret
        );
        assert_eq!(begun.uri, expected);
        let confirm = async |who: &SignedIn, ticket: &str, code: &str| {
            totp::confirm(&world.app, who, ticket, code).await.expect("asked")
        };
        assert_eq!(confirm(&other, &begun.ticket, &code).await, Confirmed::TicketGone);
        assert_eq!(confirm(&who, "AAAA", &code).await, Confirmed::TicketGone);
        assert_eq!(confirm(&who, &begun.ticket, "000000").await, Confirmed::WrongCode);
        cookie_of(world.try_password(OLIVE, PASSWORD).await);
        let again = totp::resume(&world.app, &who, &begun.ticket).expect("still good");
        assert_eq!((&again.secret, &again.ticket), (&begun.secret, &begun.ticket));
        assert!(matches!(confirm(&who, &begun.ticket, &code).await, Confirmed::On { .. }));
        assert_eq!(confirm(&who, &begun.ticket, &code).await, Confirmed::AlreadyOn);
        assert!(world.behind(&second).await.is_none(), "it came in without a code");
        assert!(world.behind(&cookie).await.is_some());
        let late = totp::begin(&world.app, &other).expect("begun");
        world.clock.advance(600);
        let code = shown(&world, &late.secret, 0);
        assert_eq!(confirm(&other, &late.ticket, &code).await, Confirmed::TicketGone);
        assert!(totp::resume(&world.app, &other, &late.ticket).is_none());
    }

    async fn it_is_turned_off_by_a_code(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (_, cookie) = world.officer_with_password(&org, OLIVE, PASSWORD).await;
        let who = world.behind(&cookie).await.expect("signed in");
        let (secret, paper) = turn_on(&world, &who).await;
        let off = async |code: &str| totp::switch_off(&world.app, &who, code).await.expect("asked");
        let used = shown(&world, &secret, 0);
        assert_eq!(off(&used).await, SwitchedOff::WrongCode, "used already");
        assert_eq!(off("").await, SwitchedOff::WrongCode);
        assert_eq!(off(&paper[3]).await, SwitchedOff::Done);
        assert_eq!(off(&paper[3]).await, SwitchedOff::Done, "twice is once");
        cookie_of(world.try_password(OLIVE, PASSWORD).await);
        // A new phone is another secret, and the old paper is worth nothing.
        let (fresh, _) = turn_on(&world, &who).await;
        assert_ne!(fresh, secret);
        let ticket = ticket(&world).await;
        assert_eq!(try_code(&world, &ticket, &paper[4]).await, SignIn::Refused);
    }

    /// A link of the lender's own application signs in without a code: it vouches for its people.
    async fn a_new_password_does_not_turn_it_off(db) {
        let world = world(&db);
        let org = world.lender().await;
        let (person, cookie) = world.officer_with_password(&org, OLIVE, OTHER_PASSWORD).await;
        let who = world.behind(&cookie).await.expect("signed in");
        turn_on(&world, &who).await;
        let app = &world.app;
        lintel_app::password::ask_reset(app, OLIVE, &visitor()).await.expect("asked");
        let letters = world.letters(&Arc::new(MemoryPost::default())).await;
        let mut linked = letters.iter().filter_map(|l| l.split_once("/new-password/"));
        let (_, rest) = linked.next_back().expect("a link");
        let done = lintel_app::password::reset(app, &rest[..50], PASSWORD).await;
        assert_eq!(done.expect("asked"), lintel_app::password::Reset::Done);
        ticket(&world).await;
        assert!(world.behind(&world.sign_on(&org, &person).await).await.is_some());
    }
}
