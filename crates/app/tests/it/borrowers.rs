//! Borrowers with an account: the first letter, signing in, their requests, which mail they want.

use std::sync::Arc;

use lintel_app::borrower::{
    self, BorrowerSignIn, SignedInBorrower, Welcomed, ask_link, requests, sign_in,
    update_preferences, welcome, welcoming,
};
use lintel_app::ports::MemoryPost;
use lintel_app::session;
use lintel_domain::event::EventKind;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Field, Noun, Refusal, Rule};
use lintel_store::db::Db;
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::desk::{OTHER_PASSWORD, PASSWORD, world};
use crate::secrecy::dump;
use crate::signup::{company_door, licensed, send, visitor};
use crate::world::{DOCUMENT, World, refusal};

/// The tokens of all letters so far.
async fn tokens(world: &World, post: &Arc<MemoryPost>) -> Vec<String> {
    let letters = world.letters(post).await;
    let token = |letter: &String| {
        let (_, rest) = letter.split_once("/app/welcome/")?;
        Some(
            rest.chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect(),
        )
    };
    letters.iter().filter_map(token).collect()
}

async fn signed_up(world: &World, org: &Organisation, email: &str) -> String {
    let door = company_door(world, org).await;
    send(world, &door, email).await;
    tokens(world, &Arc::new(MemoryPost::default()))
        .await
        .pop()
        .expect("a link")
}

async fn cookie_of_welcome(world: &World, token: &str) -> String {
    match welcome(&world.app, token, PASSWORD, &visitor())
        .await
        .expect("tried")
    {
        Welcomed::Done { cookie } => cookie,
        other => panic!("{other:?}"),
    }
}

async fn behind(world: &World, cookie: &str) -> Option<SignedInBorrower> {
    borrower::open(&world.app, cookie).await.expect("opened")
}

async fn enter(world: &World, email: &str, password: &str) -> BorrowerSignIn {
    sign_in(&world.app, None, (email, password), &visitor())
        .await
        .expect("tried")
}

async fn public_id(db: &Db) -> PublicId {
    let sql = "SELECT public_id FROM borrower_account";
    let rows: Vec<(String,)> = db.all(sql, Vec::new()).await.expect("read");
    PublicId::parse(&rows[0].0).expect("an id")
}

both! {
    async fn the_first_letter_opens_the_account_once(db) {
        let world = world(&db);
        let org = world.lender().await;
        let officer = licensed(&world, &org, "olive@example.com", &["ME"]).await;
        let token = signed_up(&world, &org, "wil@example.com").await;
        assert!(!dump(&db).await.finds(&token), "the token is in clear");
        let seen = welcoming(&world.app, &token).await.expect("looked").expect("works");
        assert_eq!((seen.email.as_str(), seen.has_password), ("wil@example.com", false));
        assert!(matches!(
            welcome(&world.app, &token, "short", &visitor()).await,
            Ok(Welcomed::Weak(_))
        ));
        let cookie = cookie_of_welcome(&world, &token).await;
        let again = welcome(&world.app, &token, PASSWORD, &visitor()).await;
        assert_eq!(again.expect("tried"), Welcomed::LinkGone);
        assert!(welcoming(&world.app, &token).await.expect("looked").is_none());
        let who = behind(&world, &cookie).await.expect("signed in");
        assert_eq!(who.email, "wil@example.com");
        let asked = requests(&world.app, &who).await.expect("listed");
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].officer.as_ref().map(|o| &o.id), Some(&officer.id));
        assert!(session::open(&world.app, &cookie).await.expect("opened").is_none(), "no staff");
        session::end(&world.app, &cookie).await.expect("ended");
        assert!(behind(&world, &cookie).await.is_none());
        let events = list_after(&db, &org.id, 0).await.expect("read");
        assert!(events.iter().any(|e| e.kind == EventKind::PasswordChanged));
    }

    async fn signing_in_and_forgetting(db) {
        let world = world(&db);
        let org = world.lender().await;
        let token = signed_up(&world, &org, "Wil@example.com").await;
        assert_eq!(enter(&world, "wil@example.com", PASSWORD).await, BorrowerSignIn::Refused);
        let cookie = cookie_of_welcome(&world, &token).await;
        for (email, password) in [
            ("wil@example.com", OTHER_PASSWORD),
            ("nobody@example.com", PASSWORD),
            ("wil@\0.example", PASSWORD),
        ] {
            assert_eq!(enter(&world, email, password).await, BorrowerSignIn::Refused);
        }
        let BorrowerSignIn::Done { cookie: second } = enter(&world, " WIL@example.com", PASSWORD).await
            else { panic!("refused") };
        assert!(behind(&world, &second).await.is_some());
        let post = Arc::new(MemoryPost::default());
        world.letters(&post).await;
        ask_link(&world.app, None, "nobody@example.com", &visitor()).await;
        ask_link(&world.app, Some("no-such-word"), "wil@example.com", &visitor()).await;
        let newest = tokens(&world, &post).await.pop().expect("a link");
        assert!(welcoming(&world.app, &newest).await.expect("looked").expect("works").has_password);
        let end = welcome(&world.app, &newest, OTHER_PASSWORD, &visitor()).await.expect("tried");
        assert!(matches!(end, Welcomed::Done { .. }));
        for old in [&cookie, &second] {
            assert!(behind(&world, old).await.is_none(), "a new password ends other sessions");
        }
        assert_eq!(enter(&world, "wil@example.com", PASSWORD).await, BorrowerSignIn::Refused);
        for _ in 0..10 {
            enter(&world, "wil@example.com", "guess").await;
        }
        assert!(matches!(
            enter(&world, "wil@example.com", OTHER_PASSWORD).await,
            BorrowerSignIn::Wait { .. }
        ));
    }

    /// The letter for somebody who has a password leads to signing in, and to nothing else.
    async fn who_has_a_password_is_not_sent_a_link(db) {
        let world = world(&db);
        let org = world.lender().await;
        let token = signed_up(&world, &org, "wil@example.com").await;
        cookie_of_welcome(&world, &token).await;
        let door = company_door(&world, &org).await;
        send(&world, &door, "wil@example.com").await;
        let letters = world.letters(&Arc::new(MemoryPost::default())).await;
        let last = letters.last().expect("a letter");
        assert!(last.contains("/app/sign-in?p=example-retail"), "{last}");
        assert!(!last.contains("/app/welcome/"), "{last}");
        let BorrowerSignIn::Done { cookie } = enter(&world, "wil@example.com", PASSWORD).await
            else { panic!("refused") };
        let who = behind(&world, &cookie).await.expect("signed in");
        assert_eq!(requests(&world.app, &who).await.expect("listed").len(), 2);
    }

    async fn a_switched_off_organisation_ends_it_at_once(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let token = signed_up(&world, &broker, "wil@example.com").await;
        let off = async |org: &Organisation, active: bool| {
            let id = &org.id;
            world.meddle(&format!("UPDATE organisation SET active = {active} WHERE id = '{id}'")).await;
        };
        for org in [&broker, &lender] {
            off(org, false).await;
            assert!(welcoming(&world.app, &token).await.expect("looked").is_none());
            off(org, true).await;
        }
        let cookie = cookie_of_welcome(&world, &token).await;
        for org in [&broker, &lender] {
            assert!(behind(&world, &cookie).await.is_some());
            off(org, false).await;
            assert!(behind(&world, &cookie).await.is_none());
            assert_eq!(enter(&world, "wil@example.com", PASSWORD).await, BorrowerSignIn::Refused);
            off(org, true).await;
        }
        // Somebody who also signed up at the lender itself stays, and sees that request.
        let door = company_door(&world, &lender).await;
        send(&world, &door, "wil@example.com").await;
        assert_eq!(world.rows("borrower_account").await, 1, "one account in a family");
        off(&broker, false).await;
        let who = behind(&world, &cookie).await.expect("signed in");
        let asked = requests(&world.app, &who).await.expect("listed");
        assert_eq!(asked.iter().map(|r| &r.org.id).collect::<Vec<_>>(), [&lender.id]);
        world.meddle("UPDATE borrower_account SET active = FALSE").await;
        assert!(behind(&world, &cookie).await.is_none());
    }

    /// Families know nothing of each other: one address, two accounts.
    async fn families_keep_their_own_accounts(db) {
        let world = world(&db);
        let (one, other) = (world.lender().await, world.lender().await);
        let first = signed_up(&world, &one, "wil@example.com").await;
        cookie_of_welcome(&world, &first).await;
        let door = company_door(&world, &other).await;
        send(&world, &door, "wil@example.com").await;
        assert_eq!(world.rows("borrower_account").await, 2);
        let BorrowerSignIn::Done { cookie } = enter(&world, "wil@example.com", PASSWORD).await
            else { panic!("refused") };
        let who = behind(&world, &cookie).await.expect("signed in");
        assert_eq!(who.lender.id, one.id);
        assert_eq!(requests(&world.app, &who).await.expect("listed").len(), 1);
        let there = Some("example-retail-2");
        let theirs = sign_in(&world.app, there, ("wil@example.com", PASSWORD), &visitor()).await;
        assert_eq!(theirs.expect("tried"), BorrowerSignIn::Refused);
    }

    async fn mail_preferences(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let sibling = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let stranger = world.lender().await;
        signed_up(&world, &broker, "wil@example.com").await;
        let id = public_id(&db).await;
        let [of_lender, of_broker, of_sibling, of_stranger] = [
            world.principal(&lender).await, world.principal(&broker).await,
            world.principal(&sibling).await, world.principal(&stranger).await,
        ];
        let set = async |who, id: Option<&str>, email: Option<&str>, wants| {
            update_preferences(&world.app, who, id, email, wants).await
        };
        let wants = async |email: &str| {
            borrower::wants_mail(&world.app, &lender.id, email).await.expect("read")
        };
        assert!(wants("wil@example.com").await, "until somebody says otherwise");
        set(&of_lender, Some(id.as_str()), None, Some(false)).await.expect("set");
        assert!(!wants("WIL@example.com").await);
        set(&of_broker, None, Some("Wil@Example.com"), Some(true)).await.expect("set");
        assert!(wants("wil@example.com").await);
        set(&of_broker, Some(id.as_str()), Some("wil@example.com"), None).await.expect("nothing said");
        set(&of_broker, Some(id.as_str()), Some(" "), Some(true)).await.expect("as before");
        let unknown = Refusal::NotFound { what: Noun::Borrower };
        for (who, id, email) in [
            (&of_sibling, Some(id.as_str()), None),
            (&of_sibling, None, Some("wil@example.com")),
            (&of_stranger, Some(id.as_str()), None),
            (&of_stranger, None, Some("wil@example.com")),
            (&of_lender, Some(id.as_str()), Some("other@example.com")),
            (&of_lender, Some("NOSUCH12"), None),
            (&of_lender, Some("<b>\0"), None),
            (&of_lender, None, Some("nobody@example.com")),
        ] {
            assert_eq!(refusal(set(who, id, email, Some(false)).await), unknown, "{id:?} {email:?}");
        }
        let missing = Refusal::Invalid { field: Field::BorrowerAccount, rule: Rule::Missing };
        assert_eq!(refusal(set(&of_lender, Some(" "), None, Some(false)).await), missing);
        let malformed = Refusal::malformed(Field::BorrowerEmail);
        assert_eq!(refusal(set(&of_lender, None, Some("wil@"), Some(false)).await), malformed);
        assert!(wants("wil@example.com").await, "nothing was changed");
        let events = list_after(&db, &broker.id, 0).await.expect("read");
        assert!(events.iter().any(|e| e.kind == EventKind::MailChoiceChanged));
        // Borrowers of loans count, with an account or without.
        let who = world.principal(&sibling).await;
        world.send(&who, "L-1", DOCUMENT).await.expect("created");
        let sql = "SELECT email FROM borrower WHERE email IS NOT NULL";
        let emails: Vec<(String,)> = db.all(sql, Vec::new()).await.expect("read");
        let email = &emails[0].0;
        set(&of_sibling, None, Some(email), Some(false)).await.expect("set");
        assert!(!wants(email).await);
        assert_eq!(refusal(set(&of_broker, None, Some(email), Some(true)).await), unknown);
    }
}
