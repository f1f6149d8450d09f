//! What an administrator does for the own organisation: key pairs, letting people in, finding them,
//! and going on from a finished set-up.

use std::sync::Arc;

use lintel_app::auth::check_pair;
use lintel_app::by::By;
use lintel_app::credentials::{self, Made, WORKING_MAX};
use lintel_app::people::{self, PeopleQuery};
use lintel_app::ports::MemoryPost;
use lintel_app::session::SignedIn;
use lintel_app::setup::{self, BrokerSetup, set_up_broker};
use lintel_app::{invite, link, password, setup_done};
use lintel_domain::access::Subject;
use lintel_domain::credential::KeyPair;
use lintel_domain::entry::Entry;
use lintel_domain::event::EventKind;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::refusal::{Denial, Field, Noun, Refusal, Rule};
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::{AccountStatus, PersonDraft};
use lintel_store::event::list_after;
use lintel_testkit::both;

use crate::desk::{URL, visitor, world};
use crate::setup::{a_company, a_person, said};
use crate::world::{World, denial, refusal};

impl World {
    /// Adds somebody with a role.
    pub async fn somebody(&self, org: &Organisation, uid: &str, role: Role) -> SignedIn {
        let draft = PersonDraft {
            roles: Entry::Given(RoleSet::only(role)),
            ..a_person(uid)
        };
        let added = people::add(&self.app, &By::Operator(org), draft).await;
        let id = added.expect("added").public_id;
        let cookie = self.sign_on(org, &id).await;
        self.behind(&cookie).await.expect("signed in")
    }
}

fn unknown(what: Noun) -> Refusal {
    Refusal::NotFound { what }
}

both! {
    async fn an_administrator_changes_the_own_key_pairs_and_no_others(db) {
        let world = world(&db);
        let (org, other) = (world.lender().await, world.lender().await);
        let foreign = world.pair(&other).await;
        let admin = world.somebody(&org, "A1", Role::Admin).await;
        let Made::Pair(made) = credentials::make(&world.app, &admin, " LOS ").await.expect("made")
        else { panic!("too many") };
        assert_eq!(made.credential.label, "LOS");
        let pair = KeyPair::parse(&made.credential.api_id, &made.api_key).expect("a pair");
        check_pair(&world.app, &pair).await.expect("works");
        let listed = credentials::list(&world.app, &admin).await.expect("listed");
        assert_eq!(listed, std::slice::from_ref(&made.credential));
        for id in [&*foreign.api_id, "nobody", "", "\0"] {
            let answer = refusal(credentials::withdraw(&world.app, &admin, id).await);
            assert_eq!(answer, unknown(Noun::Credential), "{id}");
        }
        check_pair(&world.app, &foreign).await.expect("still works");
        for _ in 0..2 {
            let gone = credentials::withdraw(&world.app, &admin, &pair.api_id).await;
            assert_eq!(gone.expect("withdrawn").revoked_at, Some(world.app.now()));
        }
        assert_eq!(denial(check_pair(&world.app, &pair).await), Denial::CredentialsUnknown);
        let events = list_after(&db, &org.id, 0).await.expect("read");
        let actors: Vec<_> = events
            .iter()
            .filter(|e| matches!(e.kind, EventKind::CredentialCreated | EventKind::CredentialRevoked))
            .map(|e| e.actor.clone())
            .collect();
        assert_eq!(actors, [admin.actor(), admin.actor()]);
    }

    async fn key_pairs_need_the_permission_and_a_name_and_there_is_an_end(db) {
        let world = world(&db);
        let org = world.lender().await;
        let pair = world.pair(&org).await;
        let admin = world.somebody(&org, "A1", Role::Admin).await;
        for role in Role::ALL.iter().filter(|role| !matches!(role, Role::Admin | Role::LoanOfficer)) {
            let who = world.somebody(&org, role.as_str(), *role).await;
            assert_eq!(denial(credentials::list(&world.app, &who).await), Denial::NotPermitted);
            assert_eq!(denial(credentials::make(&world.app, &who, "x").await), Denial::NotPermitted);
            let gone = credentials::withdraw(&world.app, &who, &pair.api_id).await;
            assert_eq!(denial(gone), Denial::NotPermitted, "{role}");
        }
        for (label, rule) in [("", Rule::Missing), (" ", Rule::Missing), ("a\nb", Rule::Malformed)] {
            let field = Field::CredentialLabel;
            let answer = refusal(credentials::make(&world.app, &admin, label).await);
            assert_eq!(answer, Refusal::Invalid { field, rule }, "{label:?}");
        }
        for n in 1..WORKING_MAX {
            let made = credentials::make(&world.app, &admin, &n.to_string()).await;
            assert!(matches!(made, Ok(Made::Pair(_))), "{n}");
        }
        let made = credentials::make(&world.app, &admin, "one more").await;
        assert!(matches!(made, Ok(Made::TooMany)));
        credentials::withdraw(&world.app, &admin, &pair.api_id).await.expect("withdrawn");
        let made = credentials::make(&world.app, &admin, "one more").await;
        assert!(matches!(made, Ok(Made::Pair(_))));
    }

    async fn an_administrator_lets_people_in_by_mail(db) {
        let world = world(&db);
        let (org, other) = (world.lender().await, world.lender().await);
        let admin = world.somebody(&org, "A1", Role::Admin).await;
        let closer = world.somebody(&org, "C1", Role::Closer).await;
        let stranger = world.somebody(&other, "S1", Role::Closer).await;
        let send = async |who: &SignedIn, to: &SignedIn| {
            invite::send_password_link(&world.app, who, &to.person.public_id).await
        };
        assert_eq!(denial(send(&closer, &admin).await), Denial::NotPermitted);
        assert_eq!(refusal(send(&admin, &stranger).await), unknown(Noun::Staff));
        assert!(send(&admin, &closer).await.expect("sent"));
        let post = Arc::new(MemoryPost::default());
        let letters = world.letters(&post).await;
        let [letter] = &letters[..] else { panic!("{letters:?}") };
        assert!(letter.contains("To: \"Adam Sample\" <c1@example.com>"), "{letter}");
        let at = letter.find(&format!("{URL}/lender/new-password/")).expect("a link");
        let url = letter[at..].split_whitespace().next().expect("a link");
        let token = url.rsplit('/').next().expect("a token");
        assert!(password::reset_link_works(&world.app, token).await.expect("looked"));
        let off = AccountStatus::Inactive;
        let id = &closer.person.public_id;
        people::set_status(&world.app, &By::Person(&admin), id, off).await.expect("off");
        assert!(!password::reset_link_works(&world.app, token).await.expect("looked"));
        assert!(!send(&admin, &closer).await.expect("not sent"));
        assert_eq!(world.rows("message").await, 1);
    }

    async fn people_are_found_by_a_part_of_name_or_address(db) {
        let world = world(&db);
        let (org, other) = (world.lender().await, world.lender().await);
        world.somebody(&other, "X1", Role::Admin).await;
        let by = By::Operator(&org);
        for (uid, first, last) in [("U1", "Ann", "O'Hara"), ("U2", "Bob", "100%_Sure"), ("U3", "Cy", "Ann")] {
            let draft = PersonDraft {
                first_name: Some(first.to_owned()),
                last_name: Some(last.to_owned()),
                ..a_person(uid)
            };
            people::add(&world.app, &by, draft).await.expect("added");
        }
        let find = async |text: &str, is_active| {
            let text = Some(text.to_owned());
            let query = PeopleQuery { text, is_active, limit: 50, offset: 0 };
            let page = people::search(&world.app, &org, query).await.expect("searched");
            assert_eq!(page.total, u64::try_from(page.people.len()).expect("few"));
            page.people.into_iter().map(|p| p.partner_uid.expect("a uid")).collect::<Vec<_>>()
        };
        assert_eq!(find("", None).await, ["U2", "U3", "U1"]);
        assert_eq!(find("  ANN ", None).await, ["U3", "U1"]);
        assert_eq!(find("ann o'h", Some(true)).await, ["U1"]);
        assert_eq!(find("u3@EXAMPLE", None).await, ["U3"]);
        assert_eq!(find("%_s", None).await, ["U2"]);
        for none in ["%ann%", "_ob", "x1@", "\0", "!"] {
            let found = find(none, None).await;
            assert!(found.is_empty() || none == "\0", "{none:?}: {found:?}");
        }
        let page = people::search(&world.app, &org, PeopleQuery { limit: 2, offset: 2, ..PeopleQuery::default() });
        let page = page.await.expect("searched");
        assert_eq!((page.total, page.people.len()), (3, 1));
        let id = page.people[0].public_id.clone();
        people::set_status(&world.app, &by, &id, AccountStatus::Inactive).await.expect("off");
        assert_eq!(find("", Some(false)).await, ["U1"]);
        assert_eq!(find("", Some(true)).await, ["U2", "U3"]);
    }

    async fn a_finished_set_up_goes_on_signed_in_and_only_once(db) {
        let world = world(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let caller = world.principal(&lender).await;
        let sent = BrokerSetup {
            logged_in_uid: said("U1"),
            company: a_company("B-1"),
            people: vec![a_person("U1"), a_person("U2")],
        };
        let done = set_up_broker(&world.app, &caller, sent).await.expect("sent");
        let url = done.redirect_url.expect("an address");
        let (_, token) = url.split_once("&token=").expect("a token");
        let id = done.broker.public_id.as_str();
        let cookie = link::land_setup(&world.app, id, token, &visitor()).await;
        let cookie = cookie.expect("looked").expect("a living link");
        let who = world.behind(&cookie).await.expect("signed in");
        let go_on = async |who: &SignedIn, cookie: &str| {
            setup_done::go_on_as_staff(&world.app, who, cookie, &visitor()).await
        };
        assert_eq!(denial(go_on(&who, &cookie).await), Denial::NotPermitted);
        setup::complete(&world.app, &who).await.expect("complete");
        // A cookie that is not the person's own session ends nothing and starts nothing.
        assert_eq!(go_on(&who, "nonsense").await.expect("looked"), None);
        let staff = go_on(&who, &cookie).await.expect("looked").expect("a cookie");
        let signed_in = world.behind(&staff).await.expect("signed in");
        assert_eq!(signed_in.subject, Subject::Staff);
        assert_eq!(signed_in.person.id, who.person.id);
        assert!(world.behind(&cookie).await.is_none(), "the set-up's session has ended");
        assert_eq!(go_on(&who, &cookie).await.expect("looked"), None);
        assert_eq!(denial(go_on(&signed_in, &staff).await), Denial::NotPermitted);
    }
}
