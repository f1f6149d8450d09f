//! Who sees whose loans: a wholesale lender its brokers', a broker its own, a sibling nothing.

use lintel_app::admin::{NewStaff, add_staff};
use lintel_app::auth::Principal;
use lintel_app::loan::list;
use lintel_domain::loan::{LoanPage, LoanQuery};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::person::StaffMember;
use lintel_testkit::both;

use crate::world::{DOCUMENT, World, document};

/// A wholesale lender with two brokers, an unrelated lender, and who calls for each.
struct Market {
    wholesale: Principal,
    broker: Principal,
    sibling: Principal,
    stranger: Principal,
}

impl Market {
    async fn open(world: &World) -> Self {
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let sibling = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let stranger = world.lender().await;
        Self {
            wholesale: world.principal(&wholesale).await,
            broker: world.principal(&broker).await,
            sibling: world.principal(&sibling).await,
            stranger: world.principal(&stranger).await,
        }
    }
}

async fn ask(world: &World, who: &Principal, change: impl FnOnce(&mut LoanQuery)) -> LoanPage {
    let mut query = LoanQuery::all(true);
    query.with_borrowers = true;
    change(&mut query);
    list(&world.app, who, &query).await.expect("listed")
}

async fn officer(world: &World, org: &Organisation, n: usize) -> StaffMember {
    let new = NewStaff {
        first_name: "Olive".to_owned(),
        last_name: "Officer".to_owned(),
        email: "olive.officer@example.com".to_owned(),
        nmls: None,
        los_id: Some(format!("LO-{n}")),
    };
    add_staff(&world.app, org, new)
        .await
        .expect("added")
        .expect("new")
}

both! {
    async fn each_sees_its_part(db) {
        let world = World::on(&db);
        let market = Market::open(&world).await;
        let own = world
            .send(&market.wholesale, "LOS-1", DOCUMENT)
            .await
            .expect("taken")
            .public_id;
        world.pass_days(1);
        let brokers = world
            .send(&market.broker, "LOS-1", DOCUMENT)
            .await
            .expect("taken")
            .public_id;
        let ids = async |who| {
            let page = ask(&world, who, |_| ()).await;
            assert_eq!(page.total_count, page.loans.len() as u64);
            let listed: Vec<_> = page.loans.iter().map(|l| &l.id).collect();
            assert!(page.borrowers.iter().all(|b| listed.contains(&&b.loan_id)));
            page.loans
                .into_iter()
                .map(|l| l.public_id)
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&market.wholesale).await, [brokers.clone(), own]);
        assert_eq!(ids(&market.broker).await, [brokers]);
        assert_eq!(ids(&market.sibling).await, []);
        assert_eq!(ids(&market.stranger).await, []);
    }

    /// A filter that names somebody foreign answers like one that names nobody.
    async fn foreign_names_match_nothing(db) {
        let world = World::on(&db);
        let market = Market::open(&world).await;
        let person = officer(&world, &market.broker.org, 1).await;
        world
            .send(&market.broker, "LOS-1", DOCUMENT)
            .await
            .expect("taken");
        world
            .send(&market.sibling, "LOS-1", &document("1000.00"))
            .await
            .expect("taken");
        world
            .send(&market.stranger, "LOS-1", DOCUMENT)
            .await
            .expect("taken");
        let total = async |who: &Principal, change: &dyn Fn(&mut LoanQuery)| {
            ask(&world, who, change).await.total_count
        };
        let by_id = |q: &mut LoanQuery| q.officer_id = Some(person.public_id.clone());
        let by_user = |q: &mut LoanQuery| q.participant_id = Some(person.public_id.clone());
        let by_los = |q: &mut LoanQuery| q.officer_los_id = Some("LO-1".to_owned());
        let by_lender =
            |q: &mut LoanQuery| q.wholesale_lender = Some(market.wholesale.org.public_id.clone());
        let by_stranger =
            |q: &mut LoanQuery| q.wholesale_lender = Some(market.stranger.org.public_id.clone());
        for change in [&by_id as &dyn Fn(&mut LoanQuery), &by_user] {
            assert_eq!(total(&market.broker, change).await, 1);
            assert_eq!(
                total(&market.wholesale, change).await,
                1,
                "its brokers' officers"
            );
            assert_eq!(total(&market.sibling, change).await, 0);
            assert_eq!(total(&market.stranger, change).await, 0);
        }
        assert_eq!(total(&market.broker, &by_los).await, 1);
        assert_eq!(total(&market.stranger, &by_los).await, 0);
        assert_eq!(total(&market.broker, &by_lender).await, 1);
        assert_eq!(total(&market.wholesale, &by_lender).await, 2);
        assert_eq!(total(&market.stranger, &by_lender).await, 0);
        assert_eq!(total(&market.broker, &by_stranger).await, 0);
        assert_eq!(total(&market.stranger, &by_stranger).await, 1);
    }

    async fn mail_addresses_find_loans_of_officers_and_borrowers(db) {
        let world = World::on(&db);
        let market = Market::open(&world).await;
        officer(&world, &market.broker.org, 1).await;
        world
            .send(&market.broker, "LOS-1", DOCUMENT)
            .await
            .expect("taken");
        world
            .send(&market.stranger, "LOS-1", DOCUMENT)
            .await
            .expect("taken");
        for email in [
            "WREN.ASHDOWN@example.com",
            "tam.ashdown@example.com",
            "Olive.Officer@example.com",
        ] {
            for who in [&market.wholesale, &market.broker, &market.stranger] {
                let page = ask(&world, who, |q| {
                    q.participant_email = Some(email.to_owned())
                })
                .await;
                assert_eq!(page.total_count, 1, "{email}");
            }
            let page = ask(&world, &market.sibling, |q| {
                q.participant_email = Some(email.to_owned())
            })
            .await;
            assert_eq!(page.total_count, 0, "{email}");
        }
        let page = ask(&world, &market.broker, |q| {
            q.participant_email = Some("nobody@example.com".to_owned())
        })
        .await;
        assert_eq!(page.total_count, 0);
    }

    /// The staff list's officer is shown with the id partners know.
    async fn a_loan_officer_of_ones_own_has_a_public_id(db) {
        let world = World::on(&db);
        let market = Market::open(&world).await;
        let person = officer(&world, &market.broker.org, 1).await;
        world
            .send(&market.broker, "LOS-1", DOCUMENT)
            .await
            .expect("taken");
        let page = ask(&world, &market.broker, |_| ()).await;
        assert_eq!(page.loans[0].officer.public_id, Some(person.public_id));
        let names: Vec<&str> = page
            .borrowers
            .iter()
            .map(|b| b.first_name.as_str())
            .collect();
        assert_eq!(names, ["Wren", "Tam"]);
        assert_eq!(page.borrowers.iter().filter(|b| b.is_primary).count(), 1);
    }

    async fn totals_count_all_pages(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        for n in 0..7 {
            world
                .send(&who, &format!("LOS-{n}"), DOCUMENT)
                .await
                .expect("taken");
        }
        for (limit, offset, on_page) in [
            (3, 0, 3),
            (3, 6, 1),
            (3, 7, 0),
            (3, 99, 0),
            (7, 0, 7),
            (1000, 0, 7),
            (1000, 5, 2),
        ] {
            let page = ask(&world, &who, |q| (q.limit, q.offset) = (limit, offset)).await;
            assert_eq!(
                (page.loans.len(), page.total_count),
                (on_page, 7),
                "{limit} from {offset}"
            );
        }
    }
}
