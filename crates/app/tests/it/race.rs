//! Several tasks hand in the same loan at the same moment.

use lintel_app::loan::{Arrival, create};
use lintel_store::event::{ChainState, list_after, verify};
use lintel_testkit::both;

use crate::create::{counts, loans};
use crate::world::{DOCUMENT, World, document, new_loan};

/// Runs eight calls at once and returns how they ended.
async fn eight(
    world: &World,
    who: &lintel_app::auth::Principal,
    document_of: impl Fn(usize) -> String,
) -> Vec<(String, Arrival)> {
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (app, who) = (world.app.clone(), who.clone());
        let new = new_loan("LOS-1", &document_of(n));
        tasks.spawn(async move { create(&app, &who, new).await });
    }
    let mut ends = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let created = done.expect("ended").expect("taken");
        ends.push((created.public_id.to_string(), created.outcome));
    }
    ends
}

fn how_many(ends: &[(String, Arrival)], outcome: Arrival) -> usize {
    ends.iter().filter(|(_, end)| *end == outcome).count()
}

both! {
    async fn the_same_document_makes_one_loan(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let ends = eight(&world, &who, |_| DOCUMENT.to_owned()).await;
        assert!(ends.iter().all(|(id, _)| *id == ends[0].0), "{ends:?}");
        assert_eq!(how_many(&ends, Arrival::Created), 1);
        assert_eq!(how_many(&ends, Arrival::Repeated), 7);
        let [loan, application, source, borrower, _, outbox] = counts(&world).await[..] else {
            panic!("six tables")
        };
        assert_eq!(
            [loan, application, source, borrower, outbox],
            [1, 1, 1, 2, 1]
        );
    }

    /// Different documents follow each other in some order; the last one is what the loan is.
    async fn different_documents_make_one_loan_too(db) {
        let world = World::on(&db);
        let who = world.principal(&world.lender().await).await;
        let ends = eight(&world, &who, |n| document(&format!("15000{n}.00"))).await;
        assert!(ends.iter().all(|(id, _)| *id == ends[0].0), "{ends:?}");
        assert_eq!(how_many(&ends, Arrival::Created), 1);
        assert_eq!(how_many(&ends, Arrival::Updated), 7);
        assert_eq!(world.rows("loan_source").await, 8);
        assert_eq!(world.rows("borrower").await, 2);
        let [line] = &loans(&world, &who, true).await[..] else {
            panic!("not one loan")
        };
        let id = line.id.clone();
        let stored = lintel_app::loan::application(&world.app, &who.org.id, &id).await;
        let stored = stored.expect("opened").expect("there");
        assert_eq!(
            stored.loan.amount_cents, line.loan_amount,
            "line and application agree"
        );
        let events = list_after(&db, &who.org.id, 0).await.expect("read");
        let seqs: Vec<i64> = events.iter().map(|e| e.seq).collect();
        assert_eq!(
            seqs,
            (1..=i64::try_from(events.len()).expect("few")).collect::<Vec<_>>()
        );
        let state = verify(&db, &who.org.id).await.expect("verified");
        assert!(matches!(state, ChainState::Intact { .. }), "{state:?}");
    }
}
