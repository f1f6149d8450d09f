//! Ids and addresses as weapons: giving somebody an id or an address must not take over anybody else.

use std::sync::Arc;

use lintel_app::by::By;
use lintel_app::password::{ask_reset, reset_link_works};
use lintel_app::people::{self, PeopleQuery, search, update};
use lintel_app::ports::MemoryPost;
use lintel_app::signup::{Door, open};
use lintel_domain::refusal::{PersonField, Rule};
use lintel_domain::role::Role;
use lintel_domain::staff::PersonDraft;
use lintel_testkit::both;

use crate::crowd::{at, draft, families, officer, one, some};
use crate::desk::{visitor, world};
use crate::world::refusal;

const URL: &str = "https://loans.example.com";

both! {
    async fn an_id_of_two_families_opens_nobodys_page(db) {
        let world = world(&db);
        let all = families(&world).await;
        let rightful = one(&world, &all.lender, officer("12345", "b@example.com", &["CA"])).await;
        let door = |uid: &str| Door::Officer { uid: uid.to_owned() };
        let page = open(&world.app, &door("12345")).await.expect("a page");
        assert!(format!("{page:?}").contains(all.lender.org.public_id.as_str()));
        one(&world, &all.stranger, officer("12345", "a@example.com", &["CA"])).await;
        assert!(open(&world.app, &door("12345")).await.is_err(), "whose it is cannot be told");
        // Our own id always can.
        let page = open(&world.app, &door(rightful.public_id.as_str())).await.expect("a page");
        assert!(format!("{page:?}").contains(all.lender.org.public_id.as_str()));
    }

    async fn an_id_that_is_somebodys_public_id_names_that_somebody(db) {
        let world = world(&db);
        let all = families(&world).await;
        let boss = one(&world, &all.lender, draft("boss", "boss@example.com", &[Role::Admin])).await;
        let id = boss.public_id.as_str();
        one(&world, &all.broker, draft(id, "pat@example.com", &[Role::Admin])).await;
        let found = people::find_visible(&world.app, &all.lender.org, id).await.expect("looked");
        assert_eq!(found.expect("there").id, boss.id);
        for odd in ["", " ", "a\0b", "\0", id.repeat(500).as_str()] {
            for org in [&all.lender.org, &all.broker.org] {
                let found = people::find_visible(&world.app, org, odd).await.expect("looked");
                assert_eq!(found, None, "{odd:?}");
            }
        }
    }

    async fn another_address_ends_the_links_mailed_to_the_old_one(db) {
        let world = world(&db);
        world.app.set_public_url(URL);
        let all = families(&world).await;
        let pat = one(&world, &all.lender, draft("pat", "old@example.com", &[Role::Admin])).await;
        let post = Arc::new(MemoryPost::default());
        let link = async || {
            ask_reset(&world.app, "old@example.com", &visitor()).await.expect("asked");
            let letters = world.letters(&post).await;
            let (_, rest) = letters.last().and_then(|l| l.split_once("/new-password/")).expect("a link");
            rest[..50].to_owned()
        };
        let token = link().await;
        let works = async || reset_link_works(&world.app, &token).await.expect("looked");
        let mut form = PersonDraft::from(&pat);
        form.last_name = some("Newname");
        form.email = some("OLD@example.com");
        let by = By::Operator(&all.lender.org);
        update(&world.app, &by, &pat.public_id, form.clone()).await.expect("written");
        assert!(works().await, "the same address");
        form.email = some("new@example.com");
        update(&world.app, &by, &pat.public_id, form).await.expect("written");
        assert!(!works().await);
    }

    async fn an_address_that_folds_into_anothers_is_none_and_stops_no_letter(db) {
        let world = world(&db);
        world.app.set_public_url(URL);
        let all = families(&world).await;
        let kelvin = draft("k", "mi\u{212a}e@example.com", &[Role::Admin]);
        let by = By::Operator(&all.stranger.org);
        let refused = refusal(people::add(&world.app, &by, kelvin).await).mistakes();
        assert_eq!(refused, [at(0, PersonField::Email, Rule::Malformed)]);
        one(&world, &all.lender, draft("mike", "mike@example.com", &[Role::Admin])).await;
        one(&world, &all.stranger, draft("mike", "mike@example.com", &[Role::Admin])).await;
        // As an earlier version would have taken it.
        let org = &all.stranger.org.id;
        world.meddle(&format!("UPDATE staff SET email = 'mi\u{212a}e@example.com' WHERE org_id = '{org}'")).await;
        let post = Arc::new(MemoryPost::default());
        ask_reset(&world.app, "mike@example.com", &visitor()).await.expect("asked");
        assert_eq!(world.letters(&post).await.len(), 1);
    }

    async fn every_alphabet_is_found_in_any_case(db) {
        let world = world(&db);
        let all = families(&world).await;
        let mut new = draft("oz", "oz@example.com", &[Role::Admin]);
        new.last_name = some("Özgür-ÅÉ");
        one(&world, &all.lender, new).await;
        for (text, total) in [("öZG", 1), ("özgür-åé", 1), ("OZ@EX", 1), ("%", 0), ("a\0b", 0)] {
            let query = PeopleQuery { text: some(text), limit: 10, ..PeopleQuery::default() };
            let page = search(&world.app, &all.lender.org, query).await.expect("searched");
            assert_eq!((page.total, page.people.len() as u64), (total, total), "{text:?}");
        }
    }
}
