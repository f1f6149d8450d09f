//! Companies and people of another family: their ids answer like ids nobody has, byte for byte, and
//! nothing of theirs changes.

use lintel_domain::organisation::OrganisationKind;
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::people::{branches, plain_sample};
use crate::world::{DOCUMENT, Party, World, success};

/// A lender, two brokers, and an officer and an assistant of each, under ids of their own.
struct Family {
    lender: Party,
    brokers: [Party; 2],
    branch: String,
    /// Partner's id and ours of somebody at the lender, at the first broker, at the second.
    people: [(String, String); 3],
    borrower: (String, String),
    loan: String,
}

const NOBODY: &str = "NOBODY00";

impl Family {
    async fn set(world: &World, name: &str) -> Self {
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let first = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let second = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let lender = world.party(&lender).await;
        let brokers = [world.party(&first).await, world.party(&second).await];
        let mut people = Vec::new();
        for (n, org) in [&lender.org, &first, &second].into_iter().enumerate() {
            let mut data = plain_sample(org.public_id.as_str());
            for (m, user) in data["users"]
                .as_array_mut()
                .expect("a list")
                .iter_mut()
                .enumerate()
            {
                user["userUID"] = json!(format!("{name}-{n}-{m}"));
                user["email"] = json!(format!("{name}.{n}.{m}@example.com"));
            }
            let added = success(&world.call(&lender, "/add-users", &data).await);
            let text = |name: &str| added["users"][0][name].as_str().expect("text").to_owned();
            people.push((text("userUID"), text("userID")));
        }
        let [branch, _] = branches(world, &lender.org).await;
        let email = format!("{name}.borrower@example.com");
        let borrower = world.borrower(&lender.org, &email).await;
        let loan = world
            .loan(&lender, name, DOCUMENT, "Start Application")
            .await;
        Self {
            lender,
            brokers,
            branch,
            people: people.try_into().expect("three"),
            borrower: (borrower, email),
            loan: loan.public_id.to_string(),
        }
    }
}

/// Both payloads get the same bytes back, and the second one is refused.
async fn alike(
    world: &World,
    who: &Party,
    endpoint: &str,
    payload: impl Fn(&str) -> Value,
    id: &str,
) {
    let unknown = world.call(who, endpoint, &payload(NOBODY)).await;
    let foreign = world.call(who, endpoint, &payload(id)).await;
    assert_eq!(unknown.text(), foreign.text(), "{endpoint} {id}");
    assert_eq!(unknown.status, foreign.status);
    assert!(
        unknown.json()["error"].is_object(),
        "{endpoint}: {}",
        unknown.text()
    );
}

/// Ids of companies, people and branches, wherever a payload can have one.
async fn all_alike(
    world: &World,
    who: &Party,
    own: &str,
    own_user: &str,
    other: &Family,
    orgs: &[&str],
) {
    let picture = crate::setup::sample()["users"][0]["headshot"].clone();
    for org in orgs {
        alike(world, who, "/add-users", plain_sample, org).await;
        let heads = |id: &str| json!({ "company": { "lenderID": id }, "users": [{ "userUID": own_user, "headshot": picture }] });
        alike(world, who, "/update-headshot", heads, org).await;
        for status in ["Activate", "Deactivate"] {
            let data = |id: &str| json!({ "companies": [{ "lenderID": id, "status": status }] });
            alike(world, who, "/set-account-status", data, org).await;
        }
        let link =
            |id: &str| json!({ "company": { "lenderID": id }, "user": { "userID": own_user } });
        alike(world, who, "/get-single-sign-on-url", link, org).await;
    }
    for id in other.people.iter().flat_map(|(uid, id)| [uid, id]) {
        let heads = |id: &str| json!({ "company": { "lenderID": own }, "users": [{ "userUID": id, "headshot": picture }] });
        alike(world, who, "/update-headshot", heads, id).await;
        for status in ["Activate", "Deactivate"] {
            let data = |id: &str| json!({ "users": [{ "userUID": id, "status": status }] });
            alike(world, who, "/set-account-status", data, id).await;
        }
        let link = |id: &str| json!({ "company": { "lenderID": own }, "user": { "userID": id } });
        alike(world, who, "/get-single-sign-on-url", link, id).await;
        let signup = |id: &str| {
            let mut data: Value =
                serde_json::from_str(include_str!("stock/signup.json")).expect("JSON");
            data["loan"]["loanOfficerUID"] = json!(id);
            data
        };
        alike(world, who, "/set-signup-product-pricing", signup, id).await;
    }
    let ask = |id: &str| json!({ "subRole": "Admin", "branchID": id });
    alike(world, who, "/get-internal-users", ask, &other.branch).await;
    let placed = |id: &str| {
        let mut data = plain_sample(own);
        data["users"][0]["primaryBranchID"] = json!(id);
        data
    };
    alike(world, who, "/add-users", placed, &other.branch).await;
    let also = |id: &str| {
        let mut data = plain_sample(own);
        data["users"][1]["secondaryBranchIDs"] = json!([id]);
        data
    };
    alike(world, who, "/add-users", also, &other.branch).await;
}

both! {
    async fn another_familys_ids_are_nobodys(db) {
        let world = World::on(&db);
        let (mine, other) = (Family::set(&world, "mine").await, Family::set(&world, "other").await);
        let [first, second] = &other.brokers;
        let orgs = [&other.lender, first, second].map(|p| p.org.public_id.as_str());
        let own = mine.lender.org.public_id.as_str();
        all_alike(&world, &mine.lender, own, &mine.people[0].0, &other, &orgs).await;
        let broker = &mine.brokers[0];
        let own = broker.org.public_id.as_str();
        all_alike(&world, broker, own, &mine.people[1].0, &other, &orgs).await;
        let (id, email) = &other.borrower;
        for who in [&mine.lender, broker] {
            let wish = json!({ "prefEmailNotifications": 0 });
            alike(&world, who, "/update/user", |id| json!({ "userID": id, "user": wish }), id).await;
            let by_email = world.call(who, "/update/user", &json!({ "email": email, "user": wish })).await;
            let unknown = world.call(who, "/update/user", &json!({ "email": "nobody@example.com", "user": wish })).await;
            assert_eq!(by_email.text(), unknown.text());
        }
        for uid in other.people.iter().flat_map(|(uid, id)| [uid, id]) {
            let starter = |id: &str| {
                let mut data = crate::setup::sample();
                data["loggedInUserUID"] = json!(id);
                data
            };
            alike(&world, &mine.lender, "/broker-setup-url", starter, uid).await;
        }
        assert_eq!(world.rows("mail_choice").await, 0);
        assert_eq!(world.rows("staff WHERE NOT active").await, 0);
        assert_eq!(world.rows("organisation WHERE NOT active").await, 0);
    }

    async fn a_broker_sees_itself_alone(db) {
        let world = World::on(&db);
        let family = Family::set(&world, "mine").await;
        let [me, sibling] = &family.brokers;
        let orgs = [&family.lender, sibling].map(|p| p.org.public_id.as_str());
        let picture = crate::setup::sample()["users"][0]["headshot"].clone();
        let (own, own_user) = (me.org.public_id.as_str(), family.people[1].0.as_str());
        for org in orgs {
            alike(&world, me, "/add-users", plain_sample, org).await;
            let heads = |id: &str| json!({ "company": { "lenderID": id }, "users": [{ "userUID": own_user, "headshot": picture }] });
            alike(&world, me, "/update-headshot", heads, org).await;
            let data = |id: &str| json!({ "companies": [{ "lenderID": id, "status": "Deactivate" }] });
            alike(&world, me, "/set-account-status", data, org).await;
            let link = |id: &str| json!({ "company": { "lenderID": id }, "user": { "userID": own_user } });
            alike(&world, me, "/get-single-sign-on-url", link, org).await;
        }
        for (uid, id) in [&family.people[0], &family.people[2]] {
            for id in [uid, id] {
                let heads = |id: &str| json!({ "company": { "lenderID": own }, "users": [{ "userUID": id, "headshot": picture }] });
                alike(&world, me, "/update-headshot", heads, id).await;
                let data = |id: &str| json!({ "users": [{ "userUID": id, "status": "Deactivate" }] });
                alike(&world, me, "/set-account-status", data, id).await;
                let link = |id: &str| json!({ "company": { "lenderID": own }, "user": { "userID": id } });
                alike(&world, me, "/get-single-sign-on-url", link, id).await;
            }
        }
        let ask = |id: &str| json!({ "subRole": "Admin", "branchID": id });
        alike(&world, me, "/get-internal-users", ask, &family.branch).await;
        let listed = success(&world.call(me, "/get-internal-users", &json!({ "subRole": "Admin" })).await);
        assert_eq!(listed.as_array().map(Vec::len), Some(2), "its own people");
        let lenders = success(&world.call(&family.lender, "/get-internal-users", &json!({ "subRole": "Admin" })).await);
        assert_eq!(lenders.as_array().map(Vec::len), Some(2), "the lender's own, without its brokers'");
    }

    /// Ids and addresses are a family's own: another one may have the same, and neither notices.
    async fn the_same_ids_in_two_families(db) {
        let world = World::on(&db);
        let (mine, other) = (Family::set(&world, "same").await, Family::set(&world, "else").await);
        let mut data = plain_sample(other.lender.org.public_id.as_str());
        data["users"][0]["userUID"] = json!("same-0-0");
        data["users"][0]["email"] = json!("same.0.0@example.com");
        let added = success(&world.call(&other.lender, "/add-users", &data).await);
        assert_ne!(added["users"][0]["userID"], mine.people[0].1);
        let off = json!({ "users": [{ "userUID": "same-0-0", "status": "Deactivate" }] });
        success(&world.call(&other.lender, "/set-account-status", &off).await);
        let listed = success(&world.call(&mine.lender, "/get-internal-users", &json!({ "subRole": "Admin" })).await);
        assert_eq!(listed.as_array().map(Vec::len), Some(2), "mine is still on");
    }

    async fn what_a_vendor_was_not_granted_is_not_there(db) {
        let world = World::on(&db);
        let (mine, other) = (Family::set(&world, "mine").await, Family::set(&world, "other").await);
        let vendor = world.vendor().await;
        let grant = json!({ "vendor": vendor.org.public_id.as_str(), "allowLoanLevelAccess": 1, "allowBrokerAccess": 0 });
        success(&world.call(&mine.lender, "/connect-vendor", &grant).await);
        let pair = |more: &[(&'static str, String)]| {
            let mut fields: Vec<(&'static str, String)> = vec![
                ("format", "json".to_owned()),
                ("apiID", vendor.pair.api_id.clone()),
                ("apiKey", vendor.pair.api_key.clone()),
            ];
            fields.extend(more.iter().cloned());
            fields
        };
        let post = async |path: &str, fields: Vec<(&'static str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            world.client.post_form(path, &fields).await
        };
        let token_of = async |id: &str| post("/api/partner/access-token", pair(&[("lenderID", id.to_owned())])).await;
        let unknown = token_of(NOBODY).await;
        for party in [&mine.brokers[0], &other.lender, &other.brokers[1], &vendor] {
            let answer = token_of(party.org.public_id.as_str()).await;
            assert_eq!((answer.status, answer.text()), (unknown.status, unknown.text()));
        }
        let token = success(&token_of(mine.lender.org.public_id.as_str()).await);
        let token = token["accessToken"].as_str().expect("text").to_owned();
        let own = mine.lender.org.public_id.as_str();
        let call = async |path: &str, data: Value| {
            post(path, pair(&[("accessToken", token.clone()), ("data", data.to_string())])).await
        };
        let same = async |path: &str, data: &dyn Fn(&str) -> Value, ids: &[&str]| {
            let unknown = call(path, data(NOBODY)).await;
            assert!(unknown.json()["error"].is_object(), "{path}: {}", unknown.text());
            for id in ids {
                let answer = call(path, data(id)).await;
                assert_eq!((answer.status, answer.text()), (unknown.status, unknown.text()), "{path} {id}");
            }
        };
        let orgs = [
            mine.brokers[0].org.public_id.as_str(),
            other.lender.org.public_id.as_str(),
            other.brokers[0].org.public_id.as_str(),
        ];
        same("/api/partner/lender/users", &|id| json!({ "lenderID": id, "filter": "loanofficer" }), &orgs).await;
        same("/api/partner/loan/get-list-loans", &|id| json!({ "lenderID": id, "isActive": 1 }), &orgs).await;
        same("/api/partner/create-lead", &|id| json!({ "lenderID": id, "borrower": { "firstName": "x" } }), &orgs).await;
        let signer = json!([{ "borrowerUID": "x@example.com", "esignURL": "https://sign.example.com", "esignURLExpirationDate": 1_783_120_275, "status": "ESignReady" }]);
        same("/api/loan/set-esign-url", &|id| json!({ "lenderID": id, "loanID": mine.loan, "borrowers": signer }), &orgs).await;
        same("/api/loan/set-esign-url", &|id| json!({ "lenderID": own, "loanID": id, "borrowers": signer }), &[&other.loan, "LOS-9"]).await;
        let officers: Vec<&str> = other.people.iter().flat_map(|(uid, id)| [uid.as_str(), id.as_str()]).collect();
        let lead = |id: &str| {
            let mut data: Value = serde_json::from_str(include_str!("stock/signup.json")).expect("JSON");
            data["loan"]["loanOfficerUID"] = json!(id);
            data
        };
        same("/api/partner/create-lead", &lead, &officers).await;
        assert_eq!(world.rows("lead").await, 0);
    }
}
