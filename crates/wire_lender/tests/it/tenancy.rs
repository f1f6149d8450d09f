//! A foreign tenant's id answers exactly like an unknown one, byte for byte.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::world::{DOCUMENT, Party, World, success};

const LIST: &str = "/get-list-loans";

async fn listed(world: &World, who: &Party) -> Vec<String> {
    let body = success(&world.call(who, LIST, &json!({ "isActive": "true" })).await);
    let loans = body["loans"].as_array().expect("a list");
    loans
        .iter()
        .filter_map(|l| l["ID"].as_str().map(str::to_owned))
        .collect()
}

both! {
    async fn each_lists_its_own(db) {
        let world = World::on(&db);
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let sibling = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        let (wholesale, broker) = (world.party(&wholesale).await, world.party(&broker).await);
        let (sibling, stranger) = (world.party(&sibling).await, world.lender().await);
        let create = async |who: &Party| {
            let data = json!({ "losLoanID": "LOS-1", "mismo34": DOCUMENT });
            let body = success(&world.call(who, "/create-loan", &data).await);
            world.pass_days(1);
            body["publicID"].as_str().expect("text").to_owned()
        };
        let (own, brokered, foreign) = (
            create(&wholesale).await,
            create(&broker).await,
            create(&stranger).await,
        );
        assert_eq!(listed(&world, &wholesale).await, [brokered.clone(), own]);
        assert_eq!(listed(&world, &broker).await, [brokered]);
        assert_eq!(listed(&world, &sibling).await, Vec::<String>::new());
        assert_eq!(listed(&world, &stranger).await, [foreign]);
    }

    async fn foreign_ids_answer_like_unknown_ones(db) {
        let world = World::on(&db);
        let (me, other) = (world.lender().await, world.lender().await);
        let theirs = world
            .staff(&other.org, 1, "olive.officer@example.com")
            .await;
        world
            .loan(&me, "LOS-1", DOCUMENT, "Start Application")
            .await;
        world
            .loan(&other, "LOS-1", DOCUMENT, "Start Application")
            .await;
        let foreign_lender = other.org.public_id.as_str();
        let foreign_user = theirs.public_id.as_str();
        let query = |filter: Value| json!({ "isActive": "true", "filter": filter });
        let pairs = [
            (
                query(json!({ "wholesaleLenderUID": foreign_lender })),
                query(json!({ "wholesaleLenderUID": "NOBODY00" })),
            ),
            (
                query(json!({ "loanOfficer": { "loanOfficerUID": foreign_user } })),
                query(json!({ "loanOfficer": { "loanOfficerUID": "NOBODY00" } })),
            ),
            (
                query(json!({ "loanOfficer": { "loanOfficerLOSUID": "LO-1" } })),
                query(json!({ "loanOfficer": { "loanOfficerLOSUID": "LO-404" } })),
            ),
            (
                json!({ "isActive": "true", "userID": foreign_user }),
                json!({ "isActive": "true", "userID": "NOBODY00" }),
            ),
        ];
        for (foreign, unknown) in pairs {
            let (a, b) = (
                world.call(&me, LIST, &foreign).await,
                world.call(&me, LIST, &unknown).await,
            );
            assert_eq!((a.status, a.text()), (b.status, b.text()), "{foreign}");
            assert_eq!(success(&a)["totalCount"], 0, "{foreign}");
        }
        let ask = async |id: &str| {
            let mut fields = me.fields("json").to_vec();
            fields.push(("lenderID", id));
            world.post("/access-token", &fields).await
        };
        let (a, b) = (ask(foreign_lender).await, ask("NOBODY00").await);
        assert_eq!((a.status, a.text()), (b.status, b.text()));
    }

    /// Another's token with one's own pair opens nothing, whoever the other is.
    async fn tokens_are_not_shared(db) {
        let world = World::on(&db);
        let (me, other) = (world.lender().await, world.lender().await);
        let mixed = Party {
            org: me.org.clone(),
            pair: me.pair.clone(),
            token: other.token.clone(),
        };
        for endpoint in ["/create-loan", LIST, "/get-apr-closing-costs"] {
            let answer = world
                .call(&mixed, endpoint, &json!({ "isActive": "true" }))
                .await;
            crate::world::is_error(&answer, 401, "Parameter accessToken mismatch.");
        }
    }
}
