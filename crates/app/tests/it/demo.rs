//! The demo: what the public text's samples name is there, an older demo is completed, and loading
//! again changes nothing.

use lintel_app::auth::Principal;
use lintel_app::people::{InternalUsers, add_users, find, internal_users};
use lintel_app::session::SignInRules;
use lintel_app::status::{StatusDraft, set_account_status};
use lintel_app::{demo, password, setup};
use lintel_domain::entry::Entry;
use lintel_domain::id::PublicId;
use lintel_domain::license::StateCode;
use lintel_domain::organisation::Organisation;
use lintel_domain::role::Role;
use lintel_domain::staff::AccountStatus;
use lintel_testkit::both;

use crate::crowd::{draft, officer, some};
use crate::world::World;

const TABLES: [&str; 9] = [
    "organisation",
    "organisation_profile",
    "organisation_setup",
    "branch",
    "staff",
    "staff_role",
    "staff_license",
    "event",
    "lead",
];

async fn rows(world: &World) -> Vec<i64> {
    let mut rows = Vec::new();
    for table in TABLES {
        rows.push(world.rows(table).await);
    }
    rows
}

async fn org(world: &World, id: &str) -> Organisation {
    let id = PublicId::parse(id).expect("an id");
    lintel_app::admin::find_organisation(&world.app, &id)
        .await
        .expect("there")
}

both! {
    async fn the_samples_of_the_public_text_work(db) {
        let world = World::on(&db);
        let (lender, _) = demo::load(&world.app).await.expect("loaded");
        let before = rows(&world).await;
        assert_eq!(before[..5], [5, 1, 2, 4, 13]);
        demo::load(&world.app).await.expect("loaded");
        assert_eq!(rows(&world).await, before);
        let app = &world.app;
        let who = Principal { org: lender.clone(), api_id: "test".to_owned() };
        // /get-internal-users
        let wanted = InternalUsers {
            role: Role::LoanOfficer,
            branch: PublicId::parse("4IITBI1P"),
            licensed: ["CA", "TX"].iter().filter_map(|s| StateCode::parse(s)).collect(),
            assignable: Some(true),
        };
        assert_eq!(internal_users(app, &lender, wanted).await.expect("listed").len(), 2);
        // /add-users
        let mut adam = draft("Da4W7mNZ", "adam.smith@abcloans.com", &[Role::Admin]);
        adam.primary_branch = some("TIDHLHOP");
        adam.secondary_branches = Some(vec!["TYHAOPOK".to_owned(), "PQAMLALD".to_owned()]);
        let sam = officer("G2bdThp9", "samantha.jones@abcloans.com", &["CA", "NV", "TX"]);
        let added = add_users(app, &who, "6SGKSI3X", vec![adam, sam]).await.expect("added");
        assert_eq!(added.broker_uid.as_deref(), Some("aYF1VBsd46alkI3KD"));
        // /set-account-status
        let to = |id: &str, status| StatusDraft {
            id: some(id),
            status: Entry::Given(status),
        };
        let (off, on) = (AccountStatus::Inactive, AccountStatus::Active);
        let companies = vec![to("6SGKSI3X", off), to("IHX4SFKS", off)];
        let users = vec![to("H92dE5b9", off), to("7t9D2MeE", off), to("5tXx2rEG2", on)];
        set_account_status(app, &who, companies, users).await.expect("switched");
        // /get-single-sign-on-url
        let third = org(&world, "4G7230D6").await;
        assert!(find(app, &third, "QZCJNMI2").await.expect("asked").is_some());
        let standing = setup::standing(app, &third).await.expect("asked");
        assert!(standing.is_some_and(|setup| setup.is_completed()));
        let first = org(&world, "6SGKSI3X").await;
        assert!(setup::standing(app, &first).await.expect("asked").is_none());
        assert!(demo::vendor(app).await.expect("asked").is_some());
        // Nothing of what was done is undone by loading again.
        let before = rows(&world).await;
        demo::load(app).await.expect("loaded");
        assert_eq!(rows(&world).await, before);
        assert!(!org(&world, "6SGKSI3X").await.is_active);
    }

    async fn an_older_demo_gets_what_is_missing(db) {
        let world = World::on(&db);
        let (lender, _) = demo::load(&world.app).await.expect("loaded");
        // What version 4 had: two officers, of whom it knew little.
        for sql in [
            "DELETE FROM organisation_setup",
            "DELETE FROM organisation_profile",
            "DELETE FROM staff_branch",
            "DELETE FROM branch",
            "DELETE FROM staff_license",
            "DELETE FROM staff_role WHERE role <> 'loan_officer'",
            "DELETE FROM staff_role WHERE staff_id NOT IN (SELECT id FROM staff WHERE los_id IS NOT NULL)",
            "DELETE FROM staff WHERE los_id IS NULL",
            "UPDATE staff SET phone = NULL, timezone = NULL",
            "UPDATE organisation SET name = 'Renamed (demo)' WHERE public_id = 'DEMOLEND'",
        ] {
            world.meddle(sql).await;
        }
        let olive = find(&world.app, &lender, "6ETBTZ4N").await.expect("asked").expect("there");
        assert!(olive.licenses.is_empty());
        let (again, is_new) = demo::load(&world.app).await.expect("loaded");
        assert!(!is_new);
        assert_eq!(again.name, "Renamed (demo)");
        let completed = find(&world.app, &lender, "6ETBTZ4N").await.expect("asked").expect("there");
        assert_eq!((&completed.id, completed.licenses.len()), (&olive.id, 4));
        assert_eq!(completed.primary_branch().map(|b| b.name.as_str()), Some("Harbor branch (demo)"));
        let people = lintel_app::people::list(&world.app, &lender, 50, 0).await.expect("listed");
        assert_eq!(people.total, 8);
        let before = rows(&world).await;
        demo::load(&world.app).await.expect("loaded");
        assert_eq!(rows(&world).await, before);
    }

    async fn the_admins_password(db) {
        let world = World::on(&db);
        let cost = password::PasswordCost::CHEAP;
        world.app.set_sign_in_rules(SignInRules { cost, ..SignInRules::default() });
        let nobody = demo::set_password(&world.app, "nobody is there yet").await.expect("asked");
        assert_eq!(nobody, None);
        demo::load(&world.app).await.expect("loaded");
        assert!(!demo::has_password(&world.app).await.expect("asked"));
        let hash = demo::set_password(&world.app, "a long demo password").await.expect("set");
        assert!(demo::has_password(&world.app).await.expect("asked"));
        assert!(hash.is_some());
        let (right, wrong) = ("a long demo password", "another");
        for (password, proved, works) in [
            (right, None, true),
            (right, Some("of another database"), true),
            (wrong, None, false),
            (wrong, Some("of another database"), false),
            (right, hash.as_deref(), true),
        ] {
            let found = demo::password_works(&world.app, password, proved).await.expect("asked");
            assert_eq!(found, hash.clone().filter(|_| works), "{password}, {proved:?}");
        }
        assert_eq!(world.rows("message").await, 0, "nobody is told");
    }
}
