//! People: added and updated, listed, pictured, switched on and off, signed in, and what becomes of
//! calls that cannot be done.

use lintel_app::branch;
use lintel_app::by::By;
use lintel_domain::branch::BranchDraft;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_testkit::both;
use serde_json::{Value, json};

use crate::setup::path_of;
use crate::world::{Party, World, error, is_error, success};

const ADD: &str = "/add-users";
const HEADSHOT: &str = "/update-headshot";
const STATUS: &str = "/set-account-status";
const SIGN_ON: &str = "/get-single-sign-on-url";
const LIST: &str = "/get-internal-users";

/// Two branches of an organisation, by their public ids.
pub async fn branches(world: &World, org: &Organisation) -> [String; 2] {
    let mut made = Vec::new();
    for name in ["Harbour", "Hill"] {
        let draft = BranchDraft {
            name: Some(name.to_owned()),
            ..BranchDraft::default()
        };
        let branch = branch::create(&world.app, &By::Operator(org), draft).await;
        made.push(branch.expect("made").public_id.to_string());
    }
    made.try_into().expect("two")
}

/// The sample payload of the text for a company, with small pictures, invented addresses and the
/// company's own branches.
pub fn sample(lender: &str, branches: &[String; 2]) -> Value {
    let text = include_str!("stock/users.json")
        .replace("6SGKSI3X", lender)
        .replace("TIDHLHOP", &branches[0])
        .replace("PQAMLALD", &branches[1])
        .replace("TYHAOPOK", &branches[0]);
    let mut data: Value = serde_json::from_str(&text).expect("JSON");
    // The first user's two further branches were the same two; one of them is now the primary one.
    data["users"][0]["secondaryBranchIDs"] = json!([branches[1]]);
    data
}

/// As [`sample`], without branches.
pub fn plain_sample(lender: &str) -> Value {
    let none = [String::new(), String::new()];
    let mut data = sample(lender, &none);
    for user in data["users"].as_array_mut().expect("a list") {
        user["primaryBranchID"] = Value::Null;
        user["secondaryBranchIDs"] = Value::Null;
    }
    data
}

struct Scene {
    world: World,
    me: Party,
    data: Value,
}

impl Scene {
    async fn set(world: World) -> Self {
        let org = world.org(OrganisationKind::Wholesale, None).await;
        let me = world.party(&org).await;
        let data = sample(me.org.public_id.as_str(), &branches(&world, &me.org).await);
        Self { world, me, data }
    }

    fn with(&self, pointer: &str, value: Value) -> Value {
        let mut data = self.data.clone();
        let (group, name) = pointer.rsplit_once('/').expect("a pointer");
        data.pointer_mut(group).expect(pointer)[name] = value;
        data
    }

    async fn add(&self, data: &Value) -> Value {
        success(&self.world.call(&self.me, ADD, data).await)
    }

    async fn list(&self, data: Value) -> Vec<String> {
        let body = success(&self.world.call(&self.me, LIST, &data).await);
        let names = body.as_array().expect("a list").iter();
        names
            .map(|p| p["firstName"].as_str().expect("text").to_owned())
            .collect()
    }

    /// Refused with this message about this field, and nothing changed.
    async fn refuses(&self, endpoint: &str, data: &Value, code: u64, message: &str, field: &str) {
        let answer = self.world.call(&self.me, endpoint, data).await;
        assert_eq!(error(&answer), (code, message.to_owned()), "{data}");
        assert_eq!(answer.json()["error"]["field"], field, "{data}");
    }

    fn lender(&self) -> &str {
        self.me.org.public_id.as_str()
    }
}

both! {
    async fn people_are_added_once_and_then_updated(db) {
        let scene = Scene::set(World::on(&db)).await;
        let first = scene.add(&scene.data).await;
        let members: Vec<&String> = first.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["brokerUID", "users"]);
        assert_eq!(first["brokerUID"], Value::Null, "a lender is nobody's broker");
        assert_eq!(first["users"][0]["userUID"], "Da4W7mNZ");
        assert_eq!(scene.add(&scene.data).await, first, "the same people");
        assert_eq!(scene.world.rows("staff").await, 2);
        // A known address: that person is updated, and gets the new id.
        let renamed = scene.with("/users/1/userUID", json!("NEW-UID"));
        let third = scene.add(&renamed).await;
        assert_eq!(third["users"][1]["userID"], first["users"][1]["userID"]);
        assert_eq!(third["users"][1]["userUID"], "NEW-UID");
        assert_eq!(scene.world.rows("staff").await, 2);
    }

    async fn a_brokers_people(db) {
        let world = World::on(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let me = world.party(&lender).await;
        let setup = success(&world.call(&me, "/broker-setup-url", &crate::setup::sample()).await);
        let broker = setup["lenderID"].as_str().expect("text");
        let mut user = crate::setup::sample()["users"][1].clone();
        user["userUID"] = json!("third");
        user["email"] = json!("third@abcloans.example.com");
        let data = json!({ "company": { "lenderID": broker }, "users": [user] });
        let added = success(&world.call(&me, ADD, &data).await);
        assert_eq!(added["brokerUID"], "aYF1VBsd46alkI3KD");
        assert_eq!(added["users"][0]["userUID"], "third");
        // At the lender itself, that id and that address are somebody else's.
        let lender = lender.public_id.as_str();
        let [uid, email] = [json!("third"), json!("third@abcloans.example.com")];
        for (uid, email, part) in [(json!("fourth"), email, "email"), (uid, json!("fourth@example.com"), "userUID")] {
            let mut data = plain_sample(lender);
            data["users"].as_array_mut().expect("a list").remove(0);
            data["users"][0]["userUID"] = uid;
            data["users"][0]["email"] = email;
            let message = format!("Parameter users[0].{part} invalid format.");
            is_error(&world.call(&me, ADD, &data).await, 501, &message);
        }
    }

    async fn the_list_is_by_role_branch_licence_and_rule(db) {
        let scene = Scene::set(World::on(&db)).await;
        scene.add(&scene.data).await;
        let listed = success(&scene.world.call(&scene.me, LIST, &json!({ "subRole": "Loan Officer" })).await);
        let people = listed.as_array().expect("a list");
        assert_eq!(people.len(), 1);
        let members: Vec<&String> = people[0].as_object().expect("an object").keys().collect();
        assert_eq!(members, [
            "firstName", "firstNamePreferred", "middleName", "lastName", "phonePrimary", "email",
            "nmls", "userID", "headshotURL",
        ]);
        assert_eq!(people[0]["phonePrimary"], "818-859-8285");
        assert_eq!(people[0]["headshotURL"], Value::Null);
        assert_eq!(people[0]["nmls"], "010101");
        let admins = success(&scene.world.call(&scene.me, LIST, &json!({ "subRole": "Admin" })).await);
        let url = admins[1]["headshotURL"].as_str().expect("text");
        assert!(url.starts_with("https://lintel.example.com/images/") && url.ends_with(".jpg"), "{url}");
        let harbour = scene.data["users"][0]["primaryBranchID"].clone();
        let both = ["Samantha", "Adam"];
        let officer = |more: Value| {
            let mut data = json!({ "subRole": "Loan Officer" });
            data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            data
        };
        assert_eq!(scene.list(json!({ "subRole": "Admin" })).await, both);
        assert_eq!(scene.list(json!({ "subRole": "Admin", "branchID": harbour })).await, both);
        assert_eq!(scene.list(json!({ "subRole": "Underwriter" })).await, [""; 0]);
        for (more, found) in [
            (json!({ "licensed": "CA" }), 1),
            (json!({ "licensed": ["ca"] }), 1),
            (json!({ "licensed": ["WY", "TX"] }), 1),
            (json!({ "licensed": "WY,NV" }), 1),
            (json!({ "licensed": { "0": "WY", "3": "NV" } }), 1),
            (json!({ "licensed": ["WY"] }), 0),
            (json!({ "licensed": [] }), 1),
            (json!({ "licensed": "" }), 1),
            (json!({ "assignable": 1 }), 1),
            (json!({ "assignable": "0" }), 1),
            (json!({ "assignable": true, "licensed": "CA", "branchID": harbour }), 1),
            (json!({ "unknown": 1 }), 1),
        ] {
            assert_eq!(scene.list(officer(more.clone())).await.len(), found, "{more}");
        }
        // Not applicable to others, and so not looked at.
        let odd = json!({ "subRole": "Admin", "licensed": 7, "assignable": "maybe" });
        assert_eq!(scene.list(odd).await, both);
    }

    async fn a_question_that_cannot_be_read(db) {
        let scene = Scene::set(World::on(&db)).await;
        let ask = |data: Value| {
            let mut all = json!({ "subRole": "Loan Officer" });
            all.as_object_mut().expect("an object").extend(data.as_object().expect("an object").clone());
            all
        };
        let missing = "Parameter subRole missing or invalid format.";
        for role in [Value::Null, json!(""), json!("loan officer"), json!("Admin/Loan Officer"), json!([]), json!(7)] {
            scene.refuses(LIST, &json!({ "subRole": role }), 501, missing, "subRole").await;
        }
        for (name, bad) in [
            ("branchID", json!("NOBODY00")),
            ("branchID", json!("x")),
            ("branchID", json!(["TIDHLHOP"])),
            ("licensed", json!("California")),
            ("licensed", json!([["CA"]])),
            ("licensed", json!(true)),
            ("assignable", json!("perhaps")),
            ("assignable", json!(2)),
        ] {
            let message = format!("Parameter {name} invalid format.");
            scene.refuses(LIST, &ask(json!({ name: bad })), 501, &message, name).await;
        }
        let (message, asked) = ("Parameter licensed[1] invalid format.", json!(["CA", "XX"]));
        scene.refuses(LIST, &ask(json!({ "licensed": asked })), 501, message, "licensed[1]").await;
    }

    async fn every_row_of_add_users(db) {
        let scene = Scene::set(World::on(&db)).await;
        let format = "Invalid user headshot image format users.headshot.imageFormat.";
        for (pointer, value, message) in [
            ("/users/1/timezone", json!("Mars"), "Invalid timezone users.timezone"),
            ("/users/1/timezone", json!({}), "Invalid timezone users.timezone"),
            ("/users/0/headshot/imageFormat", json!("gif"), format),
            ("/users/0/headshot/imageFormat", json!("png"), format),
            ("/users/0/headshot/imageFormat", json!([]), format),
            ("/users/1/role", json!("Wizard"), "Invalid user role users.role."),
            ("/users/1/role", json!("Admin//Closer"), "Invalid user role users.role."),
            ("/users/1/role", json!(["Admin"]), "Invalid user role users.role."),
            ("/users/1/licensing/0/state", json!("XX"), "Invalid license state licensing.state."),
            ("/users/1/licensing/0/state", json!(7), "Invalid license state licensing.state."),
            ("/users/1/licensing", json!([]), "Array users.licensing cannot be empty."),
        ] {
            scene.refuses(ADD, &scene.with(pointer, value), 501, message, &path_of(pointer)).await;
        }
        for users in [json!([]), Value::Null, json!({})] {
            let data = scene.with("/users", users);
            scene.refuses(ADD, &data, 501, "Array users cannot be empty.", "users").await;
        }
        let lender = "Parameter company.lenderID missing or invalid format.";
        for none in [Value::Null, json!(""), json!([]), json!({ "a": 1 })] {
            let data = scene.with("/company/lenderID", none);
            scene.refuses(ADD, &data, 501, lender, "company.lenderID").await;
        }
        for unknown in [json!("NOBODY00"), json!("x"), json!(7), json!("x".repeat(1_000_000))] {
            let answer = scene.world.call(&scene.me, ADD, &scene.with("/company/lenderID", unknown)).await;
            is_error(&answer, 501, "Parameter lenderID invalid.");
        }
        for (pointer, value) in [
            ("/users/1/userUID", Value::Null),
            ("/users/1/firstName", json!("")),
            ("/users/1/lastName", json!([])),
            ("/users/1/phonePrimary", json!("none")),
            ("/users/1/email", json!("nobody")),
            ("/users/1/role", Value::Null),
            ("/users/1/loanOfficer_nmls", Value::Null),
            ("/users/1/licensing/0/licenseNum", json!("")),
            ("/users/0/headshot/imageFormat", Value::Null),
            ("/users/0/headshot/base64", Value::Null),
            ("/users/0/headshot/base64", json!("!!!")),
            ("/users/0/headshot/base64", json!("R0lGODlhAQABAAAAACw=")),
        ] {
            let message = format!("Parameter {} missing or invalid format.", path_of(pointer));
            scene.refuses(ADD, &scene.with(pointer, value), 501, &message, &path_of(pointer)).await;
        }
        for (pointer, value) in [
            ("/users/1/phoneExtension", json!("123456")),
            ("/users/1/primaryBranchID", json!("NOBODY00")),
            ("/users/1/primaryBranchID", json!([])),
            ("/users/1/firstNamePreferred", json!("\u{7}")),
        ] {
            let message = format!("Parameter {} invalid format.", path_of(pointer));
            scene.refuses(ADD, &scene.with(pointer, value), 501, &message, &path_of(pointer)).await;
        }
        let data = scene.with("/users/1/secondaryBranchIDs", json!(["NOBODY00"]));
        let message = "Parameter users[1].secondaryBranchIDs[0] invalid format.";
        scene.refuses(ADD, &data, 501, message, "users[1].secondaryBranchIDs[0]").await;
        assert_eq!(scene.world.rows("staff").await, 0, "a rejected call changes nothing");
    }

    async fn pictures_are_replaced(db) {
        let scene = Scene::set(World::on(&db)).await;
        let added = scene.add(&scene.data).await;
        let heads = include_str!("stock/headshots.json").replace("6SGKSI3X", scene.lender());
        let heads: Value = serde_json::from_str(&heads).expect("JSON");
        let answer = scene.world.call(&scene.me, HEADSHOT, &heads).await;
        assert_eq!(answer.text(), "null");
        let officers = success(&scene.world.call(&scene.me, LIST, &json!({ "subRole": "Loan Officer" })).await);
        assert!(officers[0]["headshotURL"].is_string());
        let with = |pointer: &str, value: Value| {
            let mut data = heads.clone();
            let (group, name) = pointer.rsplit_once('/').expect("a pointer");
            data.pointer_mut(group).expect(pointer)[name] = value;
            data
        };
        // Our own id does as well.
        let ours = with("/users/1/userUID", added["users"][1]["userID"].clone());
        assert_eq!(scene.world.call(&scene.me, HEADSHOT, &ours).await.text(), "null");
        let (uid, lender) = ("Parameter userUID users.userUID invalid.", "Parameter lenderID invalid.");
        for odd in [Value::Null, json!(""), json!("nobody"), json!([]), json!({ "a": 1 }), json!("x".repeat(100_000))] {
            scene.refuses(HEADSHOT, &with("/users/1/userUID", odd.clone()), 501, uid, "users[1].userUID").await;
            scene.refuses(HEADSHOT, &with("/company/lenderID", odd), 501, lender, "company.lenderID").await;
        }
        scene.refuses(HEADSHOT, &with("/company", json!("x")), 501, lender, "company.lenderID").await;
        for none in [Value::Null, json!([]), json!({})] {
            scene.refuses(HEADSHOT, &with("/users", none), 501, "Array users cannot be empty.", "users").await;
        }
        for (pointer, value) in [
            ("/users/1/headshot/imageFormat", json!("gif")),
            ("/users/1/headshot/imageFormat", json!("png")),
            ("/users/1/headshot/base64", json!("AAAA")),
            ("/users/1/headshot/base64", json!([])),
        ] {
            let message = format!("Parameter {} missing or invalid format.", path_of(pointer));
            scene.refuses(HEADSHOT, &with(pointer, value), 501, &message, &path_of(pointer)).await;
        }
        let message = "Parameter users[1].headshot missing or invalid format.";
        for none in [Value::Null, json!([]), json!({}), json!("")] {
            let data = with("/users/1/headshot", none);
            scene.refuses(HEADSHOT, &data, 501, message, "users[1].headshot").await;
        }
        let data = with("/users/1/headshot", json!("x"));
        let answer = scene.world.call(&scene.me, HEADSHOT, &data).await;
        assert_eq!(error(&answer).0, 501, "{}", answer.text());
    }

    async fn companies_and_people_are_switched(db) {
        let world = World::on(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&lender)).await;
        let (me, theirs) = (world.party(&lender).await, world.party(&broker).await);
        let data = sample(broker.public_id.as_str(), &branches(&world, &broker).await);
        success(&world.call(&me, ADD, &data).await);
        let entry = |id: &str, name: &str, status: &str| json!({ name: id, "status": status });
        let company = |status: &str| json!({ "companies": [entry(broker.public_id.as_str(), "lenderID", status)] });
        assert_eq!(world.call(&me, STATUS, &company("Deactivate")).await.text(), "null");
        let answer = world.call(&theirs, LIST, &json!({ "subRole": "Admin" })).await;
        is_error(&answer, 401, "Parameter apiID and/or apiKey invalid.");
        assert_eq!(world.call(&me, STATUS, &company("Activate")).await.text(), "null");
        // The token is gone for good, the pair works again.
        let answer = world.call(&theirs, LIST, &json!({ "subRole": "Admin" })).await;
        is_error(&answer, 401, "Parameter accessToken invalid.");
        let fresh = lintel_app::token::issue(&world.app, &theirs.pair, None, "127.0.0.1").await;
        let theirs = Party { token: fresh.expect("issued").token, ..theirs };
        let admins = async |who: &Party| success(&world.call(who, LIST, &json!({ "subRole": "Admin" })).await);
        assert_eq!(admins(&theirs).await.as_array().map(Vec::len), Some(2), "its people are on again");
        let users = json!({ "users": [entry("Da4W7mNZ", "userUID", "Deactivate"), entry("G2bdThp9", "userUID", "Activate")] });
        assert_eq!(world.call(&me, STATUS, &users).await.text(), "null");
        assert_eq!(admins(&theirs).await.as_array().map(Vec::len), Some(1));
        assert_eq!(world.call(&theirs, STATUS, &users).await.text(), "null", "twice is once");
    }

    async fn every_row_of_set_account_status(db) {
        let scene = Scene::set(World::on(&db)).await;
        scene.add(&scene.data).await;
        let company = |id: Value, status: Value| json!({ "companies": [{ "lenderID": id, "status": status }] });
        let user = |id: Value, status: Value| json!({ "users": [{ "userUID": id, "status": status }] });
        let both = "Array companies and users cannot be empty.";
        for none in [json!({}), json!({ "companies": [], "users": [] }), json!({ "users": {} }), json!({ "companies": null })] {
            scene.refuses(STATUS, &none, 501, both, "companies").await;
        }
        let lender = "Parameter lenderID missing, invalid or mismatch.";
        let missing = "Parameter userUID missing or invalid.";
        for odd in [Value::Null, json!(""), json!("x"), json!("NOBODY00"), json!([]), json!(7), json!(scene.lender()), json!("x".repeat(100_000))] {
            let data = company(odd.clone(), json!("Deactivate"));
            scene.refuses(STATUS, &data, 501, lender, "companies[0].lenderID").await;
            let data = user(odd, json!("Deactivate"));
            scene.refuses(STATUS, &data, 501, missing, "users[0].userUID").await;
        }
        for odd in [Value::Null, json!("deactivate"), json!("Off"), json!(1), json!([])] {
            let data = company(json!("NOBODY00"), odd.clone());
            scene.refuses(STATUS, &data, 501, "Invalid status companies.status.", "companies[0].status").await;
            let data = user(json!("Da4W7mNZ"), odd);
            scene.refuses(STATUS, &data, 501, "Invalid status users.status.", "users[0].status").await;
        }
        let twice = json!({ "users": [
            { "userUID": "Da4W7mNZ", "status": "Activate" },
            { "userUID": "Da4W7mNZ", "status": "Deactivate" },
        ] });
        scene.refuses(STATUS, &twice, 501, "Parameter userUID mismatch.", "users[1].userUID").await;
        for (list, odd) in [("companies", json!("x")), ("users", json!([1])), ("users", json!({ "userUID": "x" }))] {
            let message = format!("Parameter {list} invalid format.");
            scene.refuses(STATUS, &json!({ list: odd }), 501, &message, list).await;
        }
        // All or nothing: the first of them stays on.
        let half = json!({ "users": [
            { "userUID": "Da4W7mNZ", "status": "Deactivate" },
            { "userUID": "nobody", "status": "Deactivate" },
        ] });
        scene.refuses(STATUS, &half, 501, missing, "users[1].userUID").await;
        assert_eq!(scene.list(json!({ "subRole": "Admin" })).await, ["Samantha", "Adam"]);
    }

    async fn links_for_people(db) {
        let scene = Scene::set(World::on(&db)).await;
        let added = scene.add(&scene.data).await;
        let ask = |lender: Value, user: Value| json!({ "company": { "lenderID": lender }, "user": { "userID": user } });
        let (lender, id) = (json!(scene.lender()), added["users"][0]["userID"].clone());
        let data = ask(lender.clone(), id.clone());
        let body = success(&scene.world.call(&scene.me, SIGN_ON, &data).await);
        let url = body["signOnURL"].as_str().expect("text");
        let token = url.strip_prefix("https://lintel.example.com/lender/single-sign-on/").expect(url);
        assert_eq!(token.len(), 50);
        let again = success(&scene.world.call(&scene.me, SIGN_ON, &data).await);
        assert_ne!(again["signOnURL"], url);
        let (user, company) = ("Parameter user.userID invalid.", "Parameter lenderID invalid.");
        for odd in [json!("NOBODY00"), json!("x"), json!([]), json!({ "a": 1 }), json!(true), json!("x".repeat(100_000))] {
            scene.refuses(SIGN_ON, &ask(lender.clone(), odd.clone()), 501, user, "user.userID").await;
            scene.refuses(SIGN_ON, &ask(odd, id.clone()), 501, company, "company.lenderID").await;
        }
        for none in [Value::Null, json!(""), json!("  ")] {
            let empty = "Parameter user.userID cannot be empty.";
            scene.refuses(SIGN_ON, &ask(lender.clone(), none.clone()), 501, empty, "user.userID").await;
            scene.refuses(SIGN_ON, &ask(none, id.clone()), 501, company, "company.lenderID").await;
        }
        let off = json!({ "users": [{ "userUID": "Da4W7mNZ", "status": "Deactivate" }] });
        success(&scene.world.call(&scene.me, STATUS, &off).await);
        scene.refuses(SIGN_ON, &data, 501, user, "user.userID").await;
    }

    async fn links_while_a_broker_is_set_up(db) {
        let world = World::on(&db);
        let lender = world.org(OrganisationKind::Wholesale, None).await;
        let me = world.party(&lender).await;
        let setup = success(&world.call(&me, "/broker-setup-url", &crate::setup::sample()).await);
        let link = async |user: &Value| {
            let data = json!({ "company": { "lenderID": setup["lenderID"] }, "user": { "userID": user["userID"] } });
            success(&world.call(&me, SIGN_ON, &data).await)["signOnURL"].clone()
        };
        let started = link(&setup["users"][0]).await;
        let started = started.as_str().expect("the one who began goes on");
        assert!(started.contains("/lender/sign-up/start-basic?lenderID="), "{started}");
        assert_eq!(link(&setup["users"][1]).await, Value::Null, "the other waits");
    }

    async fn what_mail_a_borrower_wants(db) {
        let scene = Scene::set(World::on(&db)).await;
        let email = "alice@example.com";
        let id = scene.world.borrower(&scene.me.org, email).await;
        let wants = async || -> Vec<(bool,)> {
            let sql = "SELECT wants_mail FROM mail_choice";
            scene.world.app.db().all(sql, Vec::new()).await.expect("read")
        };
        for (data, choice) in [
            (json!({ "userID": id }), None),
            (json!({ "userID": id, "email": "ALICE@example.com", "user": { "prefEmailNotifications": 0 } }), Some(false)),
            (json!({ "email": email, "user": { "prefEmailNotifications": "1" } }), Some(true)),
            (json!({ "userID": id, "user": { "prefEmailNotifications": false } }), Some(false)),
            (json!({ "userID": id, "user": [] }), Some(false)),
        ] {
            assert_eq!(scene.world.call(&scene.me, "/update/user", &data).await.text(), "null", "{data}");
            assert_eq!(wants().await.first().map(|row| row.0), choice, "{data}");
        }
        let other = scene.world.borrower(&scene.me.org, "bob@example.com").await;
        let both = json!({ "userID": other, "email": email, "user": { "prefEmailNotifications": 1 } });
        scene.refuses("/update/user", &both, 501, "Parameter userID invalid.", "userID").await;
        let unknown = "Parameter userID invalid.";
        for data in [
            json!({ "userID": "NOBODY00", "user": { "prefEmailNotifications": 0 } }),
            json!({ "email": "alice.firstimer@example.com", "user": { "prefEmailNotifications": 0 } }),
            json!({ "userID": "x" }),
        ] {
            scene.refuses("/update/user", &data, 501, unknown, "userID").await;
        }
        for data in [json!({}), json!({ "userID": "", "email": null }), json!({ "user": { "prefEmailNotifications": 0 } })] {
            let missing = "Parameter userID missing or invalid format.";
            scene.refuses("/update/user", &data, 501, missing, "userID").await;
        }
        for (data, name) in [
            (json!({ "userID": [] }), "userID"),
            (json!({ "userID": "x".repeat(1_000_000) }), "userID"),
            (json!({ "email": "nobody" }), "email"),
            (json!({ "userID": "NOBODY00", "user": "x" }), "user"),
            (json!({ "userID": "NOBODY00", "user": { "prefEmailNotifications": "2" } }), "user.prefEmailNotifications"),
        ] {
            let message = format!("Parameter {name} invalid format.");
            scene.refuses("/update/user", &data, 501, &message, name).await;
        }
    }
}
