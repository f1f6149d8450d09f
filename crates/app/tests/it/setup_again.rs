//! Lenders send a broker at every log-in: what was changed in the set-up meanwhile stays, until they
//! send something else.

use lintel_app::auth::Principal;
use lintel_app::company;
use lintel_app::people;
use lintel_app::setup::{self, set_up_broker};
use lintel_domain::company::CompanyDraft;
use lintel_domain::entry::Entry;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Field, Refusal, Rule};
use lintel_domain::role::{Role, RoleSet};
use lintel_testkit::both;

use crate::crowd::{officer, some};
use crate::setup::{a_person, follow, picture, request, said, start};
use crate::world::{World, refusal};

async fn names(world: &World, who: &Principal, uid: &str) -> (String, String) {
    let org = &who.org;
    let person = people::find_visible(&world.app, org, uid).await;
    let person = person.expect("read").expect("there");
    (person.first_name, person.email)
}

both! {
    async fn the_same_again_undoes_nothing_and_something_else_counts(db) {
        let (world, who) = start(&db).await;
        let app = &world.app;
        let send = async |request| set_up_broker(app, &who, request).await.expect("taken");
        let sent = request("B-1", "U1", &["U1", "U2"]);
        let done = send(sent.clone()).await;
        let me = follow(&world, &done).await;
        let edited = CompanyDraft {
            name: said("Corrected Brokers"),
            ..CompanyDraft::default()
        };
        setup::save_company(app, &me, edited).await.expect("saved");
        let branding = CompanyDraft { logo: Some(picture(33)), ..CompanyDraft::default() };
        setup::save_branding(app, &me, branding).await.expect("saved");
        let logo = company::profile(app, &me.org).await.expect("read").logo;
        let mut second = a_person("U2");
        second.first_name = some("Corrected");
        second.email = some("corrected@example.com");
        setup::save_people(app, &me, vec![second]).await.expect("saved");
        let events = world.rows("event").await;

        let mut same = sent.clone();
        same.people.reverse();
        let again = send(same.clone()).await;
        assert_eq!(again.broker.name, "Corrected Brokers");
        let people: Vec<_> = done.people.iter().rev().cloned().collect();
        assert_eq!(again.people, people);
        assert!(again.redirect_url.is_some());
        let profile = company::profile(app, &me.org).await.expect("read");
        assert_eq!((&*profile.facts.name, &profile.logo), ("Corrected Brokers", &logo));
        let corrected = ("Corrected".to_owned(), "corrected@example.com".to_owned());
        assert_eq!(names(&world, &who, "U2").await, corrected);
        assert_eq!(world.rows("event").await, events + 1, "the new link");

        // Something else about the people leaves the company alone, and the other way round.
        let mut other = sent.clone();
        other.people.push(a_person("U3"));
        other.people[1].first_name = some("Sent");
        send(other.clone()).await;
        assert_eq!(names(&world, &who, "U2").await, ("Sent".to_owned(), "u2@example.com".to_owned()));
        let profile = company::profile(app, &me.org).await.expect("read");
        assert_eq!(profile.facts.name, "Corrected Brokers");
        other.company.logo = Some(picture(21));
        assert_eq!(send(other.clone()).await.broker.name, "Example Brokers");
        let profile = company::profile(app, &me.org).await.expect("read");
        assert_ne!(profile.logo, logo);

        // Once it is done, the same holds.
        setup::complete(app, &me).await.expect("complete");
        world.meddle("UPDATE staff SET first_name = 'Later' WHERE partner_uid = 'U2'").await;
        let last = send(other).await;
        assert!(last.is_completed);
        assert_eq!(names(&world, &who, "U2").await.0, "Later");
    }

    /// Whoever the lender names may begin, whatever the role; somebody must be able to go on after it.
    async fn anybody_begins_and_an_admin_is_left_at_the_end(db) {
        let (world, who) = start(&db).await;
        let app = &world.app;
        let mut sent = request("B-1", "U1", &["U1", "U2"]);
        for (person, uid) in sent.people.iter_mut().zip(["U1", "U2"]) {
            *person = officer(uid, &format!("{uid}@example.com").to_lowercase(), &["CA"]);
        }
        let done = set_up_broker(app, &who, sent.clone()).await.expect("taken");
        let me = follow(&world, &done).await;
        let mut people = sent.people;
        setup::save_people(app, &me, people.clone()).await.expect("saved");
        let (field, rule) = (Field::People, Rule::Missing);
        let refused = refusal(setup::complete(app, &me).await);
        assert_eq!(refused, Refusal::Invalid { field, rule });
        let both = RoleSet::try_new([Role::Admin, Role::LoanOfficer]).expect("roles");
        people[0].roles = Entry::Given(both);
        setup::save_people(app, &me, people).await.expect("saved");
        setup::complete(app, &me).await.expect("complete");
    }

    async fn a_set_up_may_rest_for_hours(db) {
        let (world, who) = start(&db).await;
        let done = set_up_broker(&world.app, &who, request("B-1", "U1", &["U1"])).await;
        let done = done.expect("taken");
        let url = done.redirect_url.expect("an address");
        let (_, token) = url.split_once("&token=").expect("a token");
        let lender = done.broker.public_id.as_str();
        let cookie = lintel_app::link::land_setup(
            &world.app, lender, token, &lintel_app::session::Visitor::default(),
        ).await.expect("looked").expect("a cookie");
        let open = async || lintel_app::session::open(&world.app, &cookie).await.expect("looked");
        world.clock.advance(23 * 3600);
        assert!(open().await.is_some());
        world.clock.advance(3600);
        assert!(open().await.is_none());
        assert_eq!(who.org.kind, OrganisationKind::Wholesale);
    }
}
