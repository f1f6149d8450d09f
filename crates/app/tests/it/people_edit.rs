//! People and branches as an organisation keeps them itself.

use lintel_app::by::By;
use lintel_app::error::AppError;
use lintel_app::people::{self, OwnDraft, add, set_assignable, set_status, update, update_own};
use lintel_app::{branch, status};
use lintel_domain::branch::BranchDraft;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{BranchField, Denial, Field, Noun, PersonField, Refusal, Rule};
use lintel_domain::role::Role;
use lintel_domain::staff::{AccountStatus, Person, PersonDraft};
use lintel_testkit::both;

use crate::crowd::{at, draft, families, officer, one, person, signed_in, some};
use crate::world::{World, denial, refusal};

const OFF: AccountStatus = AccountStatus::Inactive;
const ON: AccountStatus = AccountStatus::Active;

/// What is refused about one person.
#[track_caller]
fn wrong<T: std::fmt::Debug>(result: Result<T, AppError>) -> (Field, Rule) {
    let mistakes = refusal(result).mistakes();
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    mistakes[0].clone()
}

async fn admin(world: &World, who: &lintel_app::auth::Principal, n: usize) -> Person {
    let (uid, email) = (format!("admin-{n}"), format!("admin{n}@example.com"));
    one(world, who, draft(&uid, &email, &[Role::Admin])).await
}

both! {
    async fn an_admin_adds_and_changes_people(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let org = &all.broker.org;
        let who = signed_in(org, &admin(&world, &all.broker, 1).await);
        let by = By::Person(&who);
        let app = &world.app;
        let mut new = officer("ignored", "olive@example.com", &["CA"]);
        new.uid = None;
        let olive = add(app, &by, new.clone()).await.expect("added");
        assert_eq!((olive.partner_uid.as_deref(), olive.is_active), (None, true));
        let taken = at(0, PersonField::Email, Rule::Conflict);
        assert_eq!(wrong(add(app, &by, new).await), taken, "adding is not changing");
        // A form filled with what is known changes nothing.
        let events = world.rows("event").await;
        let same = update(app, &by, &olive.public_id, PersonDraft::from(&olive)).await;
        assert_eq!(same.expect("written"), olive);
        assert_eq!(world.rows("event").await, events);
        let mut form = PersonDraft::from(&olive);
        form.email = some("admin1@example.com");
        assert_eq!(wrong(update(app, &by, &olive.public_id, form.clone()).await), taken);
        form.email = some("Olive.New@example.com");
        form.uid = some("admin-1");
        let uid = at(0, PersonField::Uid, Rule::Conflict);
        assert_eq!(wrong(update(app, &by, &olive.public_id, form.clone()).await), uid);
        form.uid = None;
        form.last_name = some("Newname");
        let changed = update(app, &by, &olive.public_id, form).await.expect("written");
        assert_eq!((&*changed.last_name, &changed.id), ("Newname", &olive.id));
        assert_eq!(person(&world, org, &olive.public_id).await, changed);
        let fewer = set_assignable(app, &by, &olive.public_id, false).await.expect("set");
        assert!(!fewer.is_assignable);
    }

    async fn only_who_may_does(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let org = &all.lender.org;
        let boss = admin(&world, &all.lender, 1).await;
        let app = &world.app;
        for (n, role) in Role::ALL.iter().enumerate().filter(|(_, role)| **role != Role::Admin) {
            let mut new = officer(&format!("u{n}"), &format!("u{n}@example.com"), &["CA"]);
            new.roles = lintel_domain::entry::Entry::Given(lintel_domain::role::RoleSet::only(*role));
            let mut who = signed_in(org, &one(&world, &all.lender, new.clone()).await);
            let id = boss.public_id.clone();
            for subject in [lintel_domain::access::Subject::Staff, lintel_domain::access::Subject::Setup] {
                who.subject = subject;
                let by = By::Person(&who);
                let branch = BranchDraft { name: some("Mine"), ..BranchDraft::default() };
                let denials = [
                    denial(add(app, &by, new.clone()).await),
                    denial(update(app, &by, &id, PersonDraft::from(&boss)).await),
                    denial(set_status(app, &by, &id, OFF).await),
                    denial(set_assignable(app, &by, &id, false).await),
                    denial(branch::create(app, &by, branch).await),
                    denial(branch::set_status(app, &by, &id, OFF).await),
                    denial(branch::set_assignable(app, &by, &id, &id, false).await),
                    denial(status::set_broker(app, &by, &all.broker.org.public_id, OFF).await),
                ];
                assert!(denials.iter().all(|d| *d == Denial::NotPermitted), "{role}");
            }
        }
        assert!(person(&world, org, &boss.public_id).await.is_active);
    }

    async fn somebody_can_always_let_others_in(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let org = &all.lender.org;
        let first = admin(&world, &all.lender, 1).await;
        let second = admin(&world, &all.lender, 2).await;
        let app = &world.app;
        let who = signed_in(org, &first);
        let (by, operator) = (By::Person(&who), By::Operator(org));
        let status = at(0, PersonField::Status, Rule::Conflict);
        assert_eq!(wrong(set_status(app, &by, &first.public_id, OFF).await), status, "oneself");
        assert!(set_status(app, &by, &second.public_id, OFF).await.expect("switched"));
        assert!(!set_status(app, &by, &second.public_id, OFF).await.expect("switched"));
        // Not even the operator takes the last one.
        assert_eq!(wrong(set_status(app, &operator, &first.public_id, OFF).await), status);
        let mut form = PersonDraft::from(&first);
        form.roles = lintel_domain::entry::Entry::Given(lintel_domain::role::RoleSet::only(Role::Closer));
        let roles = at(0, PersonField::Roles, Rule::Conflict);
        let refused = update(app, &by, &first.public_id, form.clone()).await;
        assert_eq!(wrong(refused), roles);
        assert!(set_status(app, &by, &second.public_id, ON).await.expect("switched"));
        let demoted = update(app, &by, &first.public_id, form).await.expect("written");
        assert!(!demoted.roles.has(Role::Admin));
    }

    async fn two_admins_cannot_switch_each_other_off(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let org = all.lender.org.clone();
        let pair = [admin(&world, &all.lender, 1).await, admin(&world, &all.lender, 2).await];
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..2 {
            let (app, who) = (world.app.clone(), signed_in(&org, &pair[n]));
            let other = pair[1 - n].public_id.clone();
            tasks.spawn(async move { set_status(&app, &By::Person(&who), &other, OFF).await });
        }
        let mut done = 0;
        while let Some(ended) = tasks.join_next().await {
            done += usize::from(ended.expect("ended").is_ok());
        }
        assert_eq!(done, 1);
    }

    async fn foreign_people_and_branches_are_unknown_ones(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let boss = admin(&world, &all.lender, 1).await;
        let who = signed_in(&all.lender.org, &boss);
        let by = By::Person(&who);
        let app = &world.app;
        let made = async |org: &Organisation, n: usize| {
            let draft = BranchDraft { name: some("Branch"), ..BranchDraft::default() };
            let branch = branch::create(app, &By::Operator(org), draft).await.expect("made");
            let principal = world.principal(org).await;
            (branch.public_id, one(&world, &principal, draft_of(n)).await.public_id)
        };
        let own_branch = made(&all.lender.org, 0).await.0;
        let mut ids = vec![
            made(&all.broker.org, 1).await,
            made(&all.stranger.org, 2).await,
            made(&all.strangers_broker.org, 3).await,
        ];
        let none = lintel_domain::id::PublicId::parse("00000000").expect("an id");
        ids.push((none.clone(), none));
        let (nobody, nowhere) = (
            Refusal::NotFound { what: Noun::Staff },
            Refusal::NotFound { what: Noun::Branch },
        );
        for (branch_id, id) in &ids {
            let form = PersonDraft::default();
            assert_eq!(refusal(update(app, &by, id, form).await), nobody);
            assert_eq!(refusal(set_status(app, &by, id, OFF).await), nobody);
            assert_eq!(refusal(set_assignable(app, &by, id, false).await), nobody);
            assert_eq!(refusal(people::load(app, &who.org, id).await), nobody);
            let set = branch::set_assignable(app, &by, &own_branch, id, false).await;
            assert_eq!(refusal(set), nobody);
            let form = BranchDraft::default();
            assert_eq!(refusal(branch::update(app, &by, branch_id, form).await), nowhere);
            assert_eq!(refusal(branch::set_status(app, &by, branch_id, OFF).await), nowhere);
            assert_eq!(refusal(branch::members(app, &who.org, branch_id).await), nowhere);
            let set = branch::set_assignable(app, &by, branch_id, &boss.public_id, false).await;
            assert_eq!(refusal(set), nowhere);
        }
    }

    async fn branches_are_kept(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let boss = admin(&world, &all.lender, 1).await;
        let who = signed_in(&all.lender.org, &boss);
        let by = By::Person(&who);
        let app = &world.app;
        let named = |name: &str| BranchDraft { name: some(name), ..BranchDraft::default() };
        let pier = branch::create(app, &by, named("Pier")).await.expect("made");
        let bay = branch::create(app, &by, named("bay")).await.expect("made");
        let bad = branch::create(app, &by, BranchDraft { state: some("XX"), ..named("") }).await;
        let (missing, malformed) = (Rule::Missing, Rule::Malformed);
        let mistakes = vec![
            (Field::Branch(BranchField::Name), missing),
            (Field::Branch(BranchField::State), malformed),
        ];
        assert_eq!(refusal(bad), Refusal::Several(mistakes));
        let events = world.rows("event").await;
        for _ in 0..2 {
            let form = BranchDraft { city: some("Bremerton"), ..named("Pier 2") };
            let changed = branch::update(app, &by, &pier.public_id, form).await.expect("changed");
            assert_eq!(changed.facts.city.as_deref(), Some("Bremerton"));
        }
        assert_eq!(world.rows("event").await, events + 1, "the second time nothing is new");
        assert!(branch::set_status(app, &by, &bay.public_id, OFF).await.expect("switched"));
        let names: Vec<_> = branch::list(app, &who.org).await.expect("listed").into_iter()
            .map(|branch| (branch.facts.name, branch.is_active)).collect();
        assert_eq!(names, [("Pier 2".to_owned(), true), ("bay".to_owned(), false)]);
    }

    async fn people_say_some_things_about_themselves(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let new = officer("u1", "olive@example.com", &["CA"]);
        let olive = one(&world, &all.broker, new).await;
        let who = signed_in(&all.broker.org, &olive);
        let app = &world.app;
        let good = OwnDraft {
            preferred_name: some("Ollie"),
            timezone: some("America/Boise"),
            phone: some(" "),
            phone_extension: some("7"),
            wants_mail: Some(false),
            ..OwnDraft::default()
        };
        let changed = update_own(app, &who, good.clone()).await.expect("written");
        assert_eq!(changed.display_name(), "Ollie u1");
        assert_eq!(changed.phone, olive.phone, "a telephone stays");
        assert!(!changed.wants_mail);
        let events = world.rows("event").await;
        update_own(app, &who, good).await.expect("written");
        assert_eq!(world.rows("event").await, events);
        let bad = OwnDraft {
            preferred_name: some("a\u{7}"),
            timezone: some("Mars"),
            phone: some("1"),
            phone_extension: some("1234567"),
            headshot: Some(lintel_domain::image::ImageDraft::default()),
            ..OwnDraft::default()
        };
        assert_eq!(refusal(update_own(app, &who, bad).await).mistakes().len(), 5);
        let cleared = OwnDraft { preferred_name: some(""), timezone: some(""), ..OwnDraft::default() };
        let cleared = update_own(app, &who, cleared).await.expect("written");
        assert_eq!((cleared.preferred_name, cleared.timezone), (None, None));
        assert_eq!(cleared.phone_extension.as_deref(), Some("7"));
    }
}

fn draft_of(n: usize) -> PersonDraft {
    draft(
        &format!("p{n}"),
        &format!("p{n}@example.com"),
        &[Role::Processor],
    )
}
