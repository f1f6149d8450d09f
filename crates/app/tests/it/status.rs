//! Switching companies and people on and off through the API: who may, in which order mistakes are
//! told, and that it is all or nothing. What ends with it is in `switched_off`.

use lintel_app::auth::Principal;
use lintel_app::by::By;
use lintel_app::status::{StatusDraft, brokers, set_account_status, set_broker};
use lintel_domain::entry::Entry;
use lintel_domain::refusal::{Field, Noun, Refusal, Rule, StatusPart};
use lintel_domain::role::Role;
use lintel_domain::staff::AccountStatus;
use lintel_testkit::both;

use crate::crowd::{Families, draft, families, one, person, signed_in};
use crate::world::{World, refusal};

const OFF: AccountStatus = AccountStatus::Inactive;
const ON: AccountStatus = AccountStatus::Active;

fn to(id: &str, status: AccountStatus) -> StatusDraft {
    StatusDraft {
        id: Some(id.to_owned()),
        status: Entry::Given(status),
    }
}

const fn company(company: usize, part: StatusPart, rule: Rule) -> (Field, Rule) {
    (Field::CompanyStatus { company, part }, rule)
}

const fn user(person: usize, part: StatusPart, rule: Rule) -> (Field, Rule) {
    (Field::PersonStatus { person, part }, rule)
}

async fn mistakes(
    world: &World,
    who: &Principal,
    companies: Vec<StatusDraft>,
    users: Vec<StatusDraft>,
) -> Vec<(Field, Rule)> {
    let result = set_account_status(&world.app, who, companies, users).await;
    refusal(result).mistakes()
}

async fn populated(world: &World) -> Families {
    let all = families(world).await;
    let everybody = [&all.lender, &all.broker, &all.sister, &all.strangers_broker];
    for (n, who) in everybody.into_iter().enumerate() {
        for role in [Role::Admin, Role::Closer] {
            let uid = format!("{role}-{n}");
            one(
                world,
                who,
                draft(&uid, &format!("{uid}@example.com"), &[role]),
            )
            .await;
        }
    }
    all
}

async fn active(world: &World) -> (i64, i64) {
    let count = async |table: &str| world.rows(&format!("{table} WHERE active = TRUE")).await;
    (count("organisation").await, count("staff").await)
}

both! {
    async fn companies_take_their_people_along(db) {
        let world = World::on(&db);
        let all = populated(&world).await;
        let app = &world.app;
        let broker = all.broker.org.public_id.as_str();
        let events = world.rows("event").await;
        for _ in 0..2 {
            // People come after companies: one of the broker's stays on.
            let users = vec![to("admin-2", OFF), to("closer-1", ON)];
            set_account_status(app, &all.lender, vec![to(broker, OFF)], users).await.expect("done");
            assert_eq!(active(&world).await, (4, 6));
        }
        let added = world.rows("event").await - events;
        assert_eq!(added, 3 + 2, "the second time the closer is switched off and on again");
        set_account_status(app, &all.lender, vec![to(broker, ON)], Vec::new()).await.expect("done");
        assert_eq!(active(&world).await, (5, 7), "the sister's admin is still off");
        let users = vec![to("admin-2", ON)];
        set_account_status(app, &all.lender, Vec::new(), users).await.expect("done");
        assert_eq!(active(&world).await, (5, 8));
    }

    async fn mistakes_are_told_in_order_and_nothing_happens(db) {
        let world = World::on(&db);
        let all = populated(&world).await;
        let before = active(&world).await;
        let (id, status) = (StatusPart::Id, StatusPart::Status);
        let (missing, malformed, conflict) = (Rule::Missing, Rule::Malformed, Rule::Conflict);
        assert_eq!(
            mistakes(&world, &all.lender, Vec::new(), Vec::new()).await,
            [(Field::Statuses, missing)]
        );
        let endless = vec![to("admin-1", OFF); 1001];
        assert_eq!(
            mistakes(&world, &all.lender, Vec::new(), endless).await,
            [(Field::Statuses, malformed)]
        );
        let broker = all.broker.org.public_id.as_str();
        let sister = all.sister.org.public_id.as_str();
        let companies = vec![
            to(sister, OFF),
            StatusDraft { status: Entry::Unreadable, ..to(broker, OFF) },
            to("00000000", OFF),
            to(sister, ON),
            to(" ", OFF),
        ];
        let users = vec![
            StatusDraft::default(),
            to("closer-1", OFF),
            to("closer-1", ON),
            to("closer-1", OFF),
            to("nobody", OFF),
        ];
        assert_eq!(
            mistakes(&world, &all.lender, companies, users).await,
            [
                company(1, status, malformed),
                user(0, status, missing),
                company(2, id, malformed),
                company(3, id, conflict),
                company(4, id, missing),
                user(0, id, missing),
                user(4, id, malformed),
                user(2, id, conflict),
            ]
        );
        assert_eq!(active(&world).await, before);
    }

    async fn foreign_ones_are_unknown_ones(db) {
        let world = World::on(&db);
        let all = populated(&world).await;
        let before = active(&world).await;
        let (id, malformed) = (StatusPart::Id, Rule::Malformed);
        let [lender, broker, sister, stranger, theirs] =
            [&all.lender, &all.broker, &all.sister, &all.stranger, &all.strangers_broker]
                .map(|who| who.org.public_id.to_string());
        for (who, named) in [
            (&all.lender, lender.as_str()),
            (&all.lender, &stranger),
            (&all.lender, &theirs),
            (&all.lender, "00000000"),
            (&all.lender, "'; --"),
            (&all.broker, &broker),
            (&all.broker, &sister),
            (&all.broker, &lender),
        ] {
            let wrong = mistakes(&world, who, vec![to(named, OFF)], Vec::new()).await;
            assert_eq!(wrong, [company(0, id, malformed)], "{named}");
        }
        let theirs = lintel_app::people::find(&world.app, &all.strangers_broker.org, "admin-3").await;
        let theirs = theirs.expect("asked").expect("there").public_id.to_string();
        for (who, named) in [
            (&all.lender, "admin-3"),
            (&all.lender, &*theirs),
            (&all.broker, "admin-2"),
            (&all.broker, "admin-0"),
            (&all.stranger, "admin-0"),
        ] {
            let wrong = mistakes(&world, who, Vec::new(), vec![to(named, OFF)]).await;
            assert_eq!(wrong, [user(0, id, malformed)], "{named}");
        }
        assert_eq!(active(&world).await, before);
        // Its own people a broker may switch, by either id.
        let own = person_of(&world, &all, "admin-1").await;
        let users = vec![to("closer-1", OFF), to(&own, OFF)];
        set_account_status(&world.app, &all.broker, Vec::new(), users).await.expect("done");
        assert_eq!(active(&world).await, (before.0, before.1 - 2));
    }

    async fn a_lenders_admin_switches_brokers_on_a_page(db) {
        let world = World::on(&db);
        let all = populated(&world).await;
        let boss = lintel_app::people::find(&world.app, &all.lender.org, "admin-0").await;
        let who = signed_in(&all.lender.org, &boss.expect("asked").expect("there"));
        let by = By::Person(&who);
        let app = &world.app;
        let unknown = Refusal::NotFound { what: Noun::Organisation };
        for foreign in [&all.lender, &all.stranger, &all.strangers_broker] {
            let refused = set_broker(app, &by, &foreign.org.public_id, OFF).await;
            assert_eq!(refusal(refused), unknown);
        }
        let broker = &all.broker.org.public_id;
        assert!(set_broker(app, &by, broker, OFF).await.expect("switched"));
        assert!(!set_broker(app, &by, broker, OFF).await.expect("switched"));
        let list = brokers(app, &all.lender.org).await.expect("listed");
        let off: Vec<_> = list.iter().filter(|org| !org.is_active).collect();
        assert_eq!((list.len(), off.len(), &off[0].public_id), (2, 1, broker));
        let someone = person_of(&world, &all, "admin-1").await;
        let id = lintel_domain::id::PublicId::parse(&someone).expect("an id");
        assert!(!person(&world, &all.broker.org, &id).await.is_active);
    }
}

async fn person_of(world: &World, all: &Families, uid: &str) -> String {
    let found = lintel_app::people::find(&world.app, &all.broker.org, uid).await;
    found.expect("asked").expect("there").public_id.to_string()
}
