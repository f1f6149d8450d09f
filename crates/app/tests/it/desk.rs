//! Somebody at a desk: people who sign in, with what their browser holds.

use std::sync::Arc;

use lintel_app::admin::{self, NewStaff};
use lintel_app::auth::Principal;
use lintel_app::job::drain;
use lintel_app::link;
use lintel_app::message;
use lintel_app::password::{self, Changed};
use lintel_app::ports::{MemoryPost, MemorySms, Outgoing};
use lintel_app::session::{self, SignInRules, SignedIn, Visitor};
use lintel_app::sign_in::{self, SignIn};
use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_store::db::Db;

use crate::world::World;

/// A password nobody thinks of first.
pub const PASSWORD: &str = "three lanterns by the quay";
/// Another.
pub const OTHER_PASSWORD: &str = "a heron waits in the reeds";
pub const SENDER: &str = "Lintel <no-reply@example.com>";
pub const URL: &str = "https://loans.example.com";

pub fn visitor() -> Visitor {
    Visitor {
        address: "192.0.2.7".to_owned(),
        browser: "Example Browser 1.0".to_owned(),
    }
}

/// A world in which people can sign in without waiting.
pub fn world(db: &Db) -> World {
    let world = World::on(db);
    world.app.set_sign_in_rules(SignInRules::quick());
    world.app.set_public_url(URL);
    world.app.set_mail_from(SENDER);
    world
}

/// Who calls in an organisation's name.
pub fn caller(org: &Organisation) -> Principal {
    Principal {
        org: org.clone(),
        api_id: "caller".to_owned(),
    }
}

/// What stands behind the last slash.
pub fn token_of(url: &str) -> String {
    url.rsplit('/').next().expect("a token").to_owned()
}

impl World {
    /// Adds a loan officer.
    pub async fn officer(&self, org: &Organisation, email: &str) -> PublicId {
        let new = NewStaff {
            first_name: "Olive".to_owned(),
            last_name: "Officer".to_owned(),
            email: email.to_owned(),
            nmls: None,
            los_id: None,
        };
        let added = admin::add_staff(&self.app, org, new).await.expect("added");
        added.expect("new").public_id
    }

    /// A link that signs somebody on.
    pub async fn sign_on_url(&self, org: &Organisation, person: &PublicId) -> String {
        let (lender, who) = (org.public_id.as_str(), person.as_str());
        let url = link::single_sign_on_url(&self.app, &caller(org), lender, who).await;
        url.expect("made").expect("the set-up is done")
    }

    /// Signs somebody on; the cookie.
    pub async fn sign_on(&self, org: &Organisation, person: &PublicId) -> String {
        let token = token_of(&self.sign_on_url(org, person).await);
        let landed = link::land_sign_on(&self.app, &token, &visitor()).await;
        landed.expect("landed").expect("a cookie")
    }

    /// Who is behind a cookie.
    pub async fn behind(&self, cookie: &str) -> Option<SignedIn> {
        session::open(&self.app, cookie).await.expect("opened")
    }

    /// A loan officer with a password, and the session it was chosen in.
    pub async fn officer_with_password(
        &self,
        org: &Organisation,
        email: &str,
        text: &str,
    ) -> (PublicId, String) {
        let person = self.officer(org, email).await;
        let cookie = self.sign_on(org, &person).await;
        let who = self.behind(&cookie).await.expect("signed in");
        let changed = password::change(&self.app, &who, None, text).await;
        assert_eq!(changed.expect("changed"), Changed::Done);
        (person, cookie)
    }

    /// Tries a password.
    pub async fn try_password(&self, email: &str, text: &str) -> SignIn {
        sign_in::with_password(&self.app, email, text, &visitor())
            .await
            .expect("tried")
    }

    /// Has everything that is due handed over.
    pub async fn deliver(&self, post: &Arc<MemoryPost>) -> u64 {
        let handlers = message::handlers(post.clone(), Arc::new(MemorySms::default()));
        drain(&self.app, &handlers).await.expect("delivered")
    }

    /// Every letter that was written so far, as text.
    pub async fn letters(&self, post: &Arc<MemoryPost>) -> Vec<String> {
        self.deliver(post).await;
        let letters = post.letters();
        letters.iter().map(Outgoing::readable).collect()
    }
}

/// The cookie of a success.
#[track_caller]
pub fn cookie_of(end: SignIn) -> String {
    match end {
        SignIn::Done { cookie, .. } => cookie,
        other => panic!("not signed in: {other:?}"),
    }
}
