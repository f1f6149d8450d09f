//! Lists of an organisation's people by role, branch, licence and assignment.

use lintel_app::branch;
use lintel_app::by::By;
use lintel_app::people::{InternalUsers, internal_users, set_assignable, set_status};
use lintel_domain::branch::BranchDraft;
use lintel_domain::id::PublicId;
use lintel_domain::license::StateCode;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_domain::role::Role;
use lintel_domain::staff::AccountStatus;
use lintel_testkit::both;

use crate::crowd::{draft, families, officer, one, some};
use crate::world::{World, refusal};

fn all_of(role: Role) -> InternalUsers {
    InternalUsers {
        role,
        branch: None,
        licensed: Vec::new(),
        assignable: None,
    }
}

fn states(list: &[&str]) -> Vec<StateCode> {
    list.iter()
        .map(|s| StateCode::parse(s).expect("a state"))
        .collect()
}

async fn names(world: &World, org: &Organisation, wanted: InternalUsers) -> Vec<String> {
    let people = internal_users(&world.app, org, wanted)
        .await
        .expect("listed");
    people.into_iter().map(|p| p.last_name).collect()
}

both! {
    async fn every_filter_leaves_somebody_out(db) {
        let world = World::on(&db);
        let all = families(&world).await;
        let org = &all.lender.org;
        let by = By::Operator(org);
        let app = &world.app;
        let new = BranchDraft { name: some("Branch"), ..BranchDraft::default() };
        let here = branch::create(app, &by, new.clone()).await.expect("made").public_id;
        let there = branch::create(app, &by, new.clone()).await.expect("made").public_id;
        let foreign = branch::create(app, &By::Operator(&all.broker.org), new).await.expect("made");
        let placed = |uid: &str, states: &[&str], branch: Option<&PublicId>| {
            let mut draft = officer(uid, &format!("{uid}@example.com"), states);
            draft.secondary_branches = branch.map(|id| vec![id.to_string()]);
            draft
        };
        let ada = one(&world, &all.lender, placed("ada", &["CA", "NV"], Some(&here))).await;
        let bob = one(&world, &all.lender, placed("Bob", &["TX"], Some(&here))).await;
        one(&world, &all.lender, placed("cid", &["WA"], Some(&there))).await;
        let dan = one(&world, &all.lender, placed("dan", &["CA"], None)).await;
        one(&world, &all.lender, draft("eve", "eve@example.com", &[Role::Closer])).await;
        one(&world, &all.broker, placed("theirs", &["CA"], None)).await;
        set_status(app, &by, &dan.public_id, AccountStatus::Inactive).await.expect("off");
        let officers = || all_of(Role::LoanOfficer);
        assert_eq!(names(&world, org, officers()).await, ["ada", "Bob", "cid"]);
        assert_eq!(names(&world, org, all_of(Role::Closer)).await, ["eve"]);
        assert!(names(&world, org, all_of(Role::Underwriter)).await.is_empty());
        let licensed = |list: &[&str]| InternalUsers { licensed: states(list), ..officers() };
        assert_eq!(names(&world, org, licensed(&["CA", "TX"])).await, ["ada", "Bob"]);
        assert_eq!(names(&world, org, licensed(&["WA"])).await, ["cid"]);
        assert!(names(&world, org, licensed(&["GU"])).await.is_empty());
        let at_branch = |id: &PublicId| InternalUsers { branch: Some(id.clone()), ..officers() };
        assert_eq!(names(&world, org, at_branch(&here)).await, ["ada", "Bob"]);
        let none = PublicId::parse("00000000").expect("an id");
        for id in [&foreign.public_id, &none] {
            let refused = refusal(internal_users(app, org, at_branch(id)).await);
            assert_eq!(refused, Refusal::NotFound { what: Noun::Branch });
        }
        // The company's rule without a branch, the branch's with one.
        set_assignable(app, &by, &ada.public_id, false).await.expect("set");
        branch::set_assignable(app, &by, &here, &bob.public_id, false).await.expect("set");
        let asked = |wanted| InternalUsers { assignable: Some(true), ..wanted };
        assert_eq!(names(&world, org, asked(officers())).await, ["Bob", "cid"]);
        assert_eq!(names(&world, org, asked(at_branch(&here))).await, ["ada"]);
        let not_asked = InternalUsers { assignable: Some(false), ..officers() };
        assert_eq!(names(&world, org, not_asked).await.len(), 3);
        // Neither looks at anybody but loan officers.
        let closers = InternalUsers { licensed: states(&["CA"]), ..asked(all_of(Role::Closer)) };
        assert_eq!(names(&world, org, closers).await, ["eve"]);
        branch::set_status(app, &by, &here, AccountStatus::Inactive).await.expect("off");
        let refused = refusal(internal_users(app, org, at_branch(&here)).await);
        assert_eq!(refused, Refusal::NotFound { what: Noun::Branch });
    }
}
