//! Tests of giving borrowers to officers, on both databases.

use std::sync::Arc;

use lintel_domain::entry::Entry;
use lintel_domain::id::Instant;
use lintel_domain::license::LicenseDraft;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::role::{Role, RoleSet};
use lintel_domain::staff::{AccountStatus, PersonDraft};
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;
use lintel_testkit::both;

use super::*;
use crate::admin::{NewOrganisation, create_organisation};
use crate::branch;
use crate::by::By;
use crate::keys::KeyRing;
use crate::people;
use crate::ports::{FixedClock, SeededRng};
use lintel_domain::branch::BranchDraft;

fn app(db: &Db) -> App {
    let rng = Arc::new(SeededRng::new(7));
    let keys = KeyRing::in_memory(&*rng).expect("keys");
    let clock = Arc::new(FixedClock::at(Instant::from_seconds(1_780_315_200)));
    App::new(
        db.clone(),
        keys,
        clock,
        rng,
        RuleBook::embedded().expect("the rule book"),
    )
}

async fn lender(app: &App) -> Organisation {
    let new = NewOrganisation {
        name: "Example".to_owned(),
        kind: OrganisationKind::Retail,
        parent: None,
        nmls: None,
    };
    create_organisation(app, new).await.expect("set up")
}

async fn officer(
    app: &App,
    org: &Organisation,
    n: u32,
    state: &str,
) -> lintel_domain::staff::Person {
    let some = |text: &str| Some(text.to_owned());
    let draft = PersonDraft {
        first_name: some("Olive"),
        last_name: some("Officer"),
        phone: some("3605550100"),
        email: Some(format!("officer{n}@example.com")),
        roles: Entry::Given(RoleSet::only(Role::LoanOfficer)),
        nmls: some("1"),
        licenses: Some(vec![LicenseDraft {
            state: Entry::Given(state.to_owned()),
            number: Entry::Given("n/a".to_owned()),
        }]),
        ..PersonDraft::default()
    };
    people::add(app, &By::Operator(org), draft)
        .await
        .expect("added")
}

/// Whose turn it is, as the place in a list of officers.
async fn turn(
    app: &App,
    org: &Organisation,
    officers: &[lintel_domain::staff::Person],
    (branch, state): (Option<&RowId>, Option<&str>),
) -> Option<usize> {
    let state = state.map(|s| StateCode::parse(s).expect("a state"));
    let mut tx = app.db().begin().await.expect("begun");
    let chosen = choose_in(app, &mut tx, org, branch, state)
        .await
        .expect("chosen");
    tx.commit().await.expect("committed");
    chosen.and_then(|id| officers.iter().position(|officer| officer.id == id))
}

both! {
    async fn turns_are_taken(db) {
        let app = app(&db);
        let org = lender(&app).await;
        assert_eq!(turn(&app, &org, &[], (None, None)).await, None);
        let list = [
            officer(&app, &org, 0, "CA").await,
            officer(&app, &org, 1, "CA").await,
            officer(&app, &org, 2, "TX").await,
        ];
        let mut turns = Vec::new();
        for _ in 0..6 {
            turns.push(turn(&app, &org, &list, (None, None)).await.expect("somebody"));
        }
        assert_eq!(turns[..3], turns[3..], "the clock stands still, turns do not");
        turns.truncate(3);
        turns.sort_unstable();
        assert_eq!(turns, [0, 1, 2]);
        for _ in 0..2 {
            assert_eq!(turn(&app, &org, &list, (None, Some("TX"))).await, Some(2));
        }
        assert_eq!(turn(&app, &org, &list, (None, Some("GU"))).await, None);
        let by = By::Operator(&org);
        let off = AccountStatus::Inactive;
        people::set_status(&app, &by, &list[2].public_id, off).await.expect("off");
        assert_eq!(turn(&app, &org, &list, (None, Some("TX"))).await, None);
        people::set_assignable(&app, &by, &list[0].public_id, false).await.expect("set");
        for _ in 0..2 {
            assert_eq!(turn(&app, &org, &list, (None, Some("CA"))).await, Some(1));
        }
    }

    async fn a_branch_has_a_rule_of_its_own(db) {
        let app = app(&db);
        let org = lender(&app).await;
        let by = By::Operator(&org);
        let list = [officer(&app, &org, 0, "CA").await, officer(&app, &org, 1, "CA").await];
        let draft = BranchDraft { name: Some("Pier".to_owned()), ..BranchDraft::default() };
        let pier = branch::create(&app, &by, draft).await.expect("made");
        let at_pier = (Some(&pier.id), None);
        assert_eq!(turn(&app, &org, &list, at_pier).await, None, "nobody is there");
        for person in &list {
            let mut draft = PersonDraft::from(person);
            draft.primary_branch = Some(pier.public_id.to_string());
            people::update(&app, &by, &person.public_id, draft).await.expect("moved");
        }
        let (first, second) = (&list[0].public_id, &list[1].public_id);
        branch::set_assignable(&app, &by, &pier.public_id, first, false).await.expect("set");
        assert_eq!(turn(&app, &org, &list, at_pier).await, Some(1));
        people::set_assignable(&app, &by, second, false).await.expect("set");
        assert_eq!(turn(&app, &org, &list, at_pier).await, None, "both rules count");
        assert_eq!(turn(&app, &org, &list, (None, None)).await, Some(0));
    }

    async fn borrowers_at_the_same_moment_are_two_turns(db) {
        let app = app(&db);
        let org = lender(&app).await;
        let list = [officer(&app, &org, 0, "CA").await, officer(&app, &org, 1, "CA").await];
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (app, org, list) = (app.clone(), org.clone(), list.clone());
            tasks.spawn(async move { turn(&app, &org, &list, (None, None)).await });
        }
        let mut count = [0, 0];
        while let Some(done) = tasks.join_next().await {
            count[done.expect("ended").expect("somebody")] += 1;
        }
        assert_eq!(count, [4, 4]);
    }
}
