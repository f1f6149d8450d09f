//! People whom partners add, change and give pictures to.

use lintel_app::branch;
use lintel_app::by::By;
use lintel_app::people::{add_users, find, find_visible, list, set_headshots};
use lintel_domain::branch::BranchDraft;
use lintel_domain::entry::Entry;
use lintel_domain::id::PublicId;
use lintel_domain::image::{ImageDraft, ImageKind, ImageSource};
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Field, ImagePart, LicensePart, Noun, PersonField, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_domain::staff::PersonDraft;
use lintel_store::event::{ChainState, verify};
use lintel_testkit::both;

use crate::crowd::{added, at, draft, families, officer, one, person, some};
use crate::pictures::{gradient, jpg_of, png_of};
use crate::world::{World, refusal};

const ADAM: &str = "adam.smith@example.com";
const SAM: &str = "samantha.jones@example.com";
const UNKNOWN: Refusal = Refusal::NotFound {
    what: Noun::Organisation,
};

fn picture(kind: ImageKind, bytes: Vec<u8>) -> ImageDraft {
    ImageDraft {
        kind: Entry::Given(kind),
        source: Some(ImageSource::Bytes(bytes)),
    }
}

async fn new_branch(world: &World, org: &Organisation, name: &str) -> PublicId {
    let draft = BranchDraft {
        name: some(name),
        ..BranchDraft::default()
    };
    let made = branch::create(&world.app, &By::Operator(org), draft).await;
    made.expect("made").public_id
}

both! {
    async fn the_same_request_twice_changes_nothing(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let people = || {
            let mut adam = draft("Da4W7mNZ", ADAM, &[Role::Admin]);
            adam.headshot = Some(picture(ImageKind::Jpg, jpg_of(&gradient(40, 30))));
            vec![adam, officer("G2bdThp9", SAM, &["CA", "TX"])]
        };
        let broker = all.broker.org.public_id.to_string();
        let first = add_users(&world.app, &all.lender, &broker, people()).await.expect("added");
        assert_eq!(first.people[0].0.as_deref(), Some("Da4W7mNZ"));
        assert_eq!(first.broker_uid, None, "its lender has no name for it");
        let tables = ["staff", "staff_role", "staff_license", "event", "image"];
        let mut before = Vec::new();
        for table in tables {
            before.push(world.rows(table).await);
        }
        assert_eq!(before, [2, 2, 2, 5 + 5 + 2, 1]);
        world.pass_days(1);
        let again = add_users(&world.app, &all.lender, &broker, people()).await.expect("added");
        assert_eq!(first, again);
        for (table, before) in tables.into_iter().zip(before) {
            assert_eq!(world.rows(table).await, before, "{table}");
        }
        let adam = person(&world, &all.broker.org, &first.people[0].1).await;
        assert!(adam.headshot.is_some());
        assert_eq!(adam.phone.as_deref(), Some("7142357114"));
        assert_eq!(adam.lender_org_id, all.lender.org.id);
        let state = verify(&db, &all.broker.org.id).await.expect("verified");
        assert!(matches!(state, ChainState::Intact { .. }), "{state:?}");
    }

    async fn somebody_is_known_by_uid_or_by_address(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let mut sam = officer("G2bdThp9", SAM, &["CA"]);
        sam.preferred_name = some("Sam");
        sam.timezone = some("America/Denver");
        let first = one(&world, &all.lender, sam).await;
        // By uid, with another address; what is not said stays.
        let moved = one(&world, &all.lender, officer("G2bdThp9", "sam@example.com", &["NV"])).await;
        assert_eq!((&moved.id, moved.email.as_str()), (&first.id, "sam@example.com"));
        assert_eq!(moved.preferred_name.as_deref(), Some("Sam"));
        assert_eq!(moved.timezone, first.timezone);
        assert_eq!(moved.licenses.len(), 1);
        // By address, whatever its case, with another uid: that is the uid from now on.
        let mut renamed = draft("new-uid", "SAM@Example.com", &[Role::Closer]);
        renamed.preferred_name = some("");
        let renamed = one(&world, &all.lender, renamed).await;
        assert_eq!(renamed.id, first.id);
        assert_eq!(renamed.partner_uid.as_deref(), Some("new-uid"));
        assert_eq!(renamed.preferred_name, None, "blank takes away");
        assert_eq!(renamed.licenses.len(), 1, "not said, so kept");
        assert_eq!(renamed.roles.iter().collect::<Vec<_>>(), [Role::Closer]);
        assert_eq!(world.rows("staff").await, 1);
        let app = &world.app;
        let org = &all.lender.org;
        assert!(find(app, org, "G2bdThp9").await.expect("asked").is_none());
        for name in ["new-uid", " new-uid ", first.public_id.as_str()] {
            let found = find(app, org, name).await.expect("asked").expect(name);
            assert_eq!(found.id, first.id);
        }
        for nobody in ["", " ", "NEW-UID", "a\0b", "00000000", &"x".repeat(100_000)] {
            assert!(find(app, org, nobody).await.expect("asked").is_none(), "{nobody:.20}");
        }
    }

    async fn ids_and_addresses_are_taken_in_the_family_and_nowhere_else(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        added(&world, &all.broker, vec![draft("uid-1", ADAM, &[Role::Admin])]).await;
        let app = &world.app;
        let sister = all.sister.org.public_id.to_string();
        for who in [&all.lender, &all.sister] {
            let same_uid = draft("uid-1", "other@example.com", &[Role::Admin]);
            let same_address = draft("uid-2", &ADAM.to_uppercase(), &[Role::Admin]);
            let people = vec![same_uid, same_address];
            let refused = refusal(add_users(app, who, &sister, people).await);
            let taken = vec![
                at(0, PersonField::Uid, Rule::Conflict),
                at(1, PersonField::Email, Rule::Conflict),
            ];
            assert_eq!(refused, Refusal::Several(taken));
        }
        assert_eq!(world.rows("staff").await, 1);
        // Another family may have both.
        added(&world, &all.strangers_broker, vec![draft("uid-1", ADAM, &[Role::Admin])]).await;
        // One person's uid with another's address is nobody's.
        added(&world, &all.broker, vec![draft("uid-3", SAM, &[Role::Admin])]).await;
        let broker = all.broker.org.public_id.to_string();
        let mixed = vec![draft("uid-1", SAM, &[Role::Admin])];
        let refused = refusal(add_users(app, &all.broker, &broker, mixed).await);
        assert_eq!(refused.mistakes(), [at(0, PersonField::Email, Rule::Conflict)]);
    }

    async fn nobody_comes_twice_in_one_request(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let id = all.lender.org.public_id.to_string();
        let twins = vec![
            draft("uid-1", ADAM, &[Role::Admin]),
            draft("uid-1", "Adam.Smith@example.com", &[Role::Admin]),
            draft("uid-2", ADAM, &[Role::Admin]),
        ];
        let refused = refusal(add_users(&world.app, &all.lender, &id, twins).await);
        let conflict = Rule::Conflict;
        assert_eq!(
            refused.mistakes(),
            [
                at(1, PersonField::Uid, conflict),
                at(1, PersonField::Email, conflict),
                at(2, PersonField::Email, conflict),
            ]
        );
        assert_eq!(world.rows("staff").await, 0);
    }

    async fn foreign_companies_are_unknown_ones(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let app = &world.app;
        let people = || vec![draft("uid-1", ADAM, &[Role::Admin])];
        let [lender, broker, sister, stranger] =
            [&all.lender, &all.broker, &all.sister, &all.stranger].map(|p| p.org.public_id.to_string());
        for (who, id) in [
            (&all.lender, stranger.as_str()),
            (&all.stranger, broker.as_str()),
            (&all.broker, sister.as_str()),
            (&all.broker, lender.as_str()),
            (&all.lender, "00000000"),
            (&all.lender, "nonsense"),
            (&all.lender, ""),
        ] {
            assert_eq!(refusal(add_users(app, who, id, people()).await), UNKNOWN, "{id}");
            let pictures = vec![("uid-1".to_owned(), ImageDraft::default())];
            assert_eq!(refusal(set_headshots(app, who, id, pictures).await), UNKNOWN, "{id}");
        }
        // What is switched off takes nobody in, either.
        let off = lintel_domain::staff::AccountStatus::Inactive;
        lintel_app::status::set_organisation(app, &all.broker.org.public_id, off)
            .await
            .expect("switched");
        assert_eq!(refusal(add_users(app, &all.lender, &broker, people()).await), UNKNOWN);
        assert_eq!(world.rows("staff").await, 0);
    }

    async fn a_rejected_request_changes_nothing_and_names_everything(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let id = all.lender.org.public_id.to_string();
        let events = world.rows("event").await;
        let ask = async |people| refusal(add_users(&world.app, &all.lender, &id, people).await);
        let nobody = ask(Vec::new()).await;
        let (field, rule) = (Field::People, Rule::Missing);
        assert_eq!(nobody, Refusal::Invalid { field, rule });
        let endless = vec![PersonDraft::default(); 501];
        assert_eq!(ask(endless).await, Refusal::malformed(Field::People));
        let mut bad = officer("uid-2", SAM, &["XX"]);
        bad.timezone = some("Mars/Olympus");
        bad.headshot = Some(picture(ImageKind::Png, jpg_of(&gradient(9, 9))));
        bad.primary_branch = some("PQAMLALD");
        let mut nowhere = draft("uid-3", "c@example.com", &[Role::Admin]);
        nowhere.secondary_branches = Some(vec!["TYHAOPOK".to_owned()]);
        let good = draft("uid-1", ADAM, &[Role::Admin]);
        let malformed = Rule::Malformed;
        let (license, part) = (0, LicensePart::State);
        assert_eq!(
            ask(vec![good.clone(), bad]).await.mistakes(),
            [
                at(1, PersonField::Timezone, malformed),
                at(1, PersonField::Headshot(ImagePart::Format), malformed),
                at(1, PersonField::License { license, part }, malformed),
            ]
        );
        let branch = PersonField::SecondaryBranch { branch: 0 };
        assert_eq!(ask(vec![good, nowhere]).await.mistakes(), [at(1, branch, malformed)]);
        for table in ["staff", "staff_role", "image"] {
            assert_eq!(world.rows(table).await, 0, "{table}");
        }
        assert_eq!(world.rows("event").await, events);
    }

    async fn branches_are_the_organisations_own(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let org = &all.broker.org;
        let mut own = Vec::new();
        for name in ["Tide", "Pool", "Pier"] {
            own.push(new_branch(&world, org, name).await);
        }
        let foreign = new_branch(&world, &all.lender.org, "Lender's").await;
        let with = |primary: &PublicId, secondary: &[&PublicId]| PersonDraft {
            primary_branch: some(primary.as_str()),
            secondary_branches: Some(secondary.iter().map(ToString::to_string).collect()),
            ..draft("uid-1", ADAM, &[Role::Admin])
        };
        let names = |person: &lintel_domain::staff::Person| -> Vec<String> {
            let shown = person.branches.iter();
            shown.map(|b| format!("{}{}", b.name, if b.is_primary { "!" } else { "" })).collect()
        };
        let first = one(&world, &all.broker, with(&own[0], &[&own[1], &own[2], &own[0]])).await;
        assert_eq!(names(&first), ["Tide!", "Pier", "Pool"]);
        let by = By::Operator(org);
        let app = &world.app;
        branch::set_assignable(app, &by, &own[1], &first.public_id, false).await.expect("set");
        // A new primary branch alone keeps the others; who stays keeps the rule.
        let mut moved = draft("uid-1", ADAM, &[Role::Admin]);
        moved.primary_branch = some(own[1].as_str());
        let moved = one(&world, &all.broker, moved).await;
        assert_eq!(names(&moved), ["Pool!", "Pier"]);
        assert!(!moved.branches[0].is_assignable && moved.branches[1].is_assignable);
        let refused = add_users(app, &all.broker, org.public_id.as_str(), vec![with(&foreign, &[])]);
        let wrong = at(0, PersonField::PrimaryBranch, Rule::Malformed);
        assert_eq!(refusal(refused.await).mistakes(), std::slice::from_ref(&wrong));
        // Nobody new goes into a branch that is switched off; who is there may stay.
        let off = lintel_domain::staff::AccountStatus::Inactive;
        for id in &own {
            assert!(branch::set_status(app, &by, id, off).await.expect("switched"));
            assert!(!branch::set_status(app, &by, id, off).await.expect("switched"));
        }
        let stays = one(&world, &all.broker, with(&own[1], &[])).await;
        assert_eq!(names(&stays), ["Pool!"]);
        let refused = add_users(app, &all.broker, org.public_id.as_str(), vec![with(&own[0], &[])]);
        assert_eq!(refusal(refused.await).mistakes(), [wrong]);
    }

    async fn pictures_are_set_for_all_or_for_nobody(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let id = all.broker.org.public_id.to_string();
        let two = vec![draft("uid-1", ADAM, &[Role::Admin]), draft("uid-2", SAM, &[Role::Admin])];
        let two = added(&world, &all.broker, two).await;
        one(&world, &all.strangers_broker, draft("foreign", ADAM, &[Role::Admin])).await;
        let good = || picture(ImageKind::Png, png_of(&gradient(20, 20)));
        let set = async |pictures: Vec<(&str, ImageDraft)>| {
            let pictures = pictures.into_iter().map(|(uid, d)| (uid.to_owned(), d)).collect();
            set_headshots(&world.app, &all.lender, &id, pictures).await
        };
        let (uid, malformed) = (PersonField::Uid, Rule::Malformed);
        assert_eq!(refusal(set(Vec::new()).await).mistakes(), [(Field::People, Rule::Missing)]);
        let public_id = two.people[0].1.to_string();
        let wrong = vec![
            ("uid-1", good()),
            ("foreign", good()),
            ("nobody", good()),
            (" ", good()),
            (&*public_id, good()),
        ];
        assert_eq!(
            refusal(set(wrong).await).mistakes(),
            [
                at(1, uid, malformed),
                at(2, uid, malformed),
                at(3, uid, Rule::Missing),
                at(4, uid, Rule::Conflict),
            ]
        );
        let broken = picture(ImageKind::Png, b"no picture".to_vec());
        let content = PersonField::Headshot(ImagePart::Content);
        let refused = refusal(set(vec![("uid-1", good()), ("uid-2", broken)]).await);
        assert_eq!(refused.mistakes(), [at(1, content, malformed)]);
        assert_eq!(world.rows("image").await, 0);
        let events = world.rows("event").await;
        for more in [2, 2] {
            set(vec![(&*public_id, good()), ("uid-2", good())]).await.expect("set");
            assert_eq!(world.rows("event").await, events + more, "once");
        }
        for (_, id) in &two.people {
            let person = person(&world, &all.broker.org, id).await;
            assert!(person.headshot.is_some());
            assert_eq!(person.phone.as_deref(), Some("7142357114"), "nothing else changed");
        }
    }

    async fn eight_tasks_add_one_person(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (app, who) = (world.app.clone(), all.lender.clone());
            let org = if n % 2 == 0 { &all.broker.org } else { &all.sister.org };
            let id = org.public_id.to_string();
            let people = vec![draft("uid-1", ADAM, &[Role::Admin])];
            tasks.spawn(async move { add_users(&app, &who, &id, people).await });
        }
        let (mut ids, mut refused) = (Vec::new(), 0);
        while let Some(done) = tasks.join_next().await {
            match done.expect("ended") {
                Ok(added) => ids.push(added.people[0].1.clone()),
                result @ Err(_) => {
                    let mistakes = refusal(result).mistakes();
                    assert_eq!(mistakes, [at(0, PersonField::Uid, Rule::Conflict)]);
                    refused += 1;
                }
            }
        }
        assert_eq!((ids.len(), refused), (4, 4), "the broker that was first has the person");
        ids.dedup();
        assert_eq!(ids.len(), 1);
        assert_eq!(world.rows("staff").await, 1);
    }

    async fn lists_come_in_pages_by_name(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let name = |first: &str, last: &str, n: usize| {
            let mut draft = draft(&format!("u{n}"), &format!("p{n}@example.com"), &[Role::Closer]);
            (draft.first_name, draft.last_name) = (some(first), some(last));
            draft
        };
        let people = vec![name("Zoe", "adams", 0), name("Amy", "Baker", 1), name("Abe", "Adams", 2)];
        added(&world, &all.broker, people).await;
        added(&world, &all.sister, vec![name("Not", "Here", 3)]).await;
        let page = async |limit, offset| {
            let page = list(&world.app, &all.broker.org, limit, offset).await.expect("listed");
            let names = page.people.into_iter().map(|p| p.first_name);
            (page.total, names.collect::<Vec<_>>())
        };
        assert_eq!(page(2, 0).await, (3, vec!["Abe".to_owned(), "Zoe".to_owned()]));
        assert_eq!(page(2, 2).await, (3, vec!["Amy".to_owned()]));
        assert_eq!(page(200, 9).await, (3, Vec::new()));
        for (who, uid, is_seen) in [
            (&all.lender, "u0", true),
            (&all.broker, "u0", true),
            (&all.broker, "u3", false),
            (&all.stranger, "u0", false),
        ] {
            let found = find_visible(&world.app, &who.org, uid).await.expect("asked");
            assert_eq!(found.is_some(), is_seen, "{uid}");
        }
    }
}
