//! Rate sheets are replaced all at once or not at all, and no quote mixes two of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lintel_app::auth::Principal;
use lintel_app::error::AppError;
use lintel_app::search;
use lintel_app::sheet::{self, SheetUpdate, SheetUpdated};
use lintel_domain::event::EventKind;
use lintel_domain::organisation::OrganisationKind;
use lintel_domain::refusal::{Field, RatesPart, RatesRowPart, Refusal, Rule};
use lintel_engine::rate::Pct;
use lintel_store::catalogue::head;
use lintel_store::event::{ChainState, list_after, verify};
use lintel_testkit::both;

use crate::prices::{CODES, ZIP, percent, prices, request, update, updates};
use crate::world::{World, refusal};

async fn send(
    world: &World,
    who: &Principal,
    updates: Vec<SheetUpdate>,
) -> Result<Vec<SheetUpdated>, AppError> {
    sheet::update_rates(&world.app, who, None, updates).await
}

fn invalid(field: Field, rule: Rule) -> Refusal {
    Refusal::Invalid { field, rule }
}

const fn of(product: usize, part: RatesPart) -> Field {
    Field::RatesProduct { product, part }
}

const fn in_row(product: usize, row: usize, part: RatesRowPart) -> Field {
    Field::RatesRow { product, row, part }
}

/// Spoils one of three updates and says what must be refused.
fn spoiled() -> Vec<(Vec<SheetUpdate>, Refusal)> {
    let with = |at: usize, spoil: &dyn Fn(&mut SheetUpdate)| {
        let mut all = updates(98_000);
        spoil(&mut all[at]);
        all
    };
    let bad = Rule::Malformed;
    let gone = Rule::Missing;
    vec![
        (Vec::new(), invalid(Field::RatesProducts, gone)),
        (
            vec![update(CODES[0], 1); 1001],
            invalid(Field::RatesProducts, bad),
        ),
        (
            with(1, &|u| u.code = None),
            invalid(of(1, RatesPart::PublicId), gone),
        ),
        (
            with(1, &|u| u.code = Some(" ".into())),
            invalid(of(1, RatesPart::PublicId), gone),
        ),
        (
            with(2, &|u| u.code = Some("NONE".into())),
            invalid(of(2, RatesPart::Code), bad),
        ),
        (
            with(2, &|u| u.code = Some("C".repeat(101))),
            invalid(of(2, RatesPart::Code), bad),
        ),
        (
            with(2, &|u| u.public_id = Some("NONE1234".into())),
            invalid(of(2, RatesPart::PublicId), bad),
        ),
        (
            with(2, &|u| u.public_id = Some("x".into())),
            invalid(of(2, RatesPart::PublicId), bad),
        ),
        (
            with(2, &|u| u.code = Some(CODES[0].into())),
            invalid(of(2, RatesPart::Code), Rule::Conflict),
        ),
        (
            with(0, &|u| u.rows.clear()),
            invalid(of(0, RatesPart::Rows), gone),
        ),
        (
            with(1, &|u| u.rows[2].note_rate = Pct::ZERO),
            invalid(in_row(1, 2, RatesRowPart::Rate), bad),
        ),
        (
            with(1, &|u| u.rows[3] = u.rows[1]),
            invalid(in_row(1, 3, RatesRowPart::Rate), bad),
        ),
        (
            with(1, &|u| u.rows[0].price = percent(200_001)),
            invalid(in_row(1, 0, RatesRowPart::Price), bad),
        ),
        (
            with(1, &|u| u.rows[1].lock_days = 0),
            invalid(in_row(1, 1, RatesRowPart::Lock), bad),
        ),
        (
            with(1, &|u| u.index = Some(percent(99_000))),
            invalid(of(1, RatesPart::Index), bad),
        ),
        (
            with(1, &|u| u.margin = Some(percent(-99_000))),
            invalid(of(1, RatesPart::Margin), bad),
        ),
    ]
}

both! {
    async fn an_update_is_in_force_at_once(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        assert_eq!(prices(&world.search(&who, &[ZIP]).await), [99_000]);
        let updated = send(&world, &who, updates(99_500)).await.expect("written");
        assert!(updated.iter().all(|one| one.is_changed && one.version == 3), "{updated:?}");
        assert_eq!(prices(&world.search(&who, &[ZIP]).await), [99_500]);
        // By public id, with or without the code.
        let mut one = update(CODES[1], 99_750);
        one.public_id = Some(format!(" {} ", updated[1].public_id));
        send(&world, &who, vec![one.clone()]).await.expect("written");
        one.code = None;
        let again = send(&world, &who, vec![one]).await.expect("written");
        assert!(!again[0].is_changed, "the same sheet again is no change");
        assert_eq!((again[0].code.as_str(), again[0].version), (CODES[1], 4));
        assert_eq!(head(&db, &org.id).await.expect("asked").generation, 4);
        assert_eq!(prices(&world.search(&who, &[ZIP]).await), [99_500, 99_750]);
        let history = sheet::history(&world.app, &org, CODES[1]).await.expect("listed");
        let versions: Vec<i64> = history.iter().map(|v| v.stored.version).collect();
        assert_eq!(versions, [4, 3, 2], "old sheets are kept");
        assert_eq!(history[0].stored.actor, who.api_id);
        assert_eq!(history[0].stored.source, "api");
        let events = list_after(&db, &org.id, 0).await.expect("read");
        let told = events.iter().filter(|e| e.kind == EventKind::RatesUpdated);
        assert_eq!(told.count(), 3);
    }

    async fn a_refused_update_changes_nothing(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let before = [world.rows("rate_sheet").await, world.rows("event").await];
        for (updates, expected) in spoiled() {
            let refused = refusal(send(&world, &who, updates).await);
            assert_eq!(refused, expected);
        }
        assert_eq!([world.rows("rate_sheet").await, world.rows("event").await], before);
        assert_eq!(head(&db, &org.id).await.expect("asked").generation, 2);
        assert_eq!(prices(&world.search(&who, &[ZIP]).await), [99_000]);
    }

    async fn another_lenders_products_are_unknown(db) {
        let world = World::on(&db);
        let (org, other) = (world.lender().await, world.lender().await);
        world.priced(&org, 99_000).await;
        let ids = sheet::in_force(&world.app, &org).await.expect("listed");
        assert_eq!(ids.len(), 3);
        let stranger = world.principal(&other).await;
        let own = lintel_app::catalogue::products(&world.app, &org).await.expect("listed");
        let mut one = update(CODES[0], 99_000);
        one.public_id = Some(own[0].public_id.to_string());
        let refused = refusal(send(&world, &stranger, vec![one]).await);
        assert_eq!(refused, invalid(of(0, RatesPart::PublicId), Rule::Malformed));
        let refused = refusal(send(&world, &stranger, updates(99_000)).await);
        assert_eq!(refused, invalid(of(0, RatesPart::Code), Rule::Malformed));
    }

    async fn sheets_are_their_lenders(db) {
        let world = World::on(&db);
        let retail = world.lender().await;
        let wholesale = world.org(OrganisationKind::Wholesale, None).await;
        let broker = world.org(OrganisationKind::Broker, Some(&wholesale)).await;
        world.priced(&retail, 99_000).await;
        world.priced(&wholesale, 99_000).await;
        let id = |org: &lintel_domain::organisation::Organisation| org.public_id.to_string();
        let cases = [
            (&retail, None, None),
            (&retail, Some(String::new()), None),
            (&retail, Some(id(&retail)), None),
            (&retail, Some(id(&wholesale)), Some(Rule::Malformed)),
            (&wholesale, Some(id(&wholesale)), None),
            (&wholesale, None, Some(Rule::Missing)),
            (&wholesale, Some(id(&broker)), Some(Rule::Malformed)),
            (&broker, Some(id(&wholesale)), Some(Rule::Malformed)),
            (&broker, Some(id(&broker)), Some(Rule::Malformed)),
            (&broker, None, Some(Rule::Malformed)),
        ];
        for (org, lender, expected) in cases {
            let who = world.principal(org).await;
            let sent = sheet::update_rates(&world.app, &who, lender.as_deref(), updates(99_100));
            match (sent.await, expected) {
                (Ok(_), None) => {}
                (result, Some(rule)) => {
                    assert_eq!(refusal(result), invalid(Field::RatesLender, rule));
                }
                (result, None) => panic!("{} {lender:?}: {result:?}", org.kind),
            }
        }
        // A broker quotes its wholesale lender's new prices.
        let who = world.principal(&broker).await;
        assert_eq!(prices(&world.search(&who, &[ZIP]).await), [99_100]);
    }

    async fn an_empty_index_keeps_the_one_before(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 99_000).await;
        let with = |index: Option<i64>, margin: Option<i64>, price| SheetUpdate {
            index: index.map(percent),
            margin: margin.map(percent),
            ..update(CODES[0], price)
        };
        for (index, margin, price, expected) in [
            (Some(5_500), Some(-250), 99_001, (Some(5_500), Some(-250))),
            (None, None, 99_002, (Some(5_500), Some(-250))),
            (Some(5_250), None, 99_003, (Some(5_250), Some(-250))),
            (None, Some(2_000), 99_003, (Some(5_250), Some(2_000))),
        ] {
            let sent = send(&world, &who, vec![with(index, margin, price)]).await.expect("written");
            let expected = (expected.0.map(percent), expected.1.map(percent));
            assert_eq!((sent[0].index, sent[0].margin), expected);
            assert!(sent[0].is_changed);
        }
    }

    /// Fifty at once: each gets a number of its own, none is lost, and whoever quotes meanwhile sees
    /// one update or the other, never two.
    async fn fifty_updates_at_once_follow_each_other(db) {
        let world = World::on(&db);
        let org = world.lender().await;
        let who = world.principal(&org).await;
        world.priced(&org, 90_000).await;
        let is_over = Arc::new(AtomicBool::new(false));
        let mut readers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (app, who, is_over) = (world.app.clone(), who.clone(), Arc::clone(&is_over));
            readers.spawn(async move {
                let mut seen = Vec::new();
                while !is_over.load(Ordering::SeqCst) {
                    let found = search::run(&app, &who, request(&[ZIP])).await.expect("answered");
                    assert_eq!(prices(&found).len(), 1, "an answer mixes sheets");
                    seen.push((found.book.generation, prices(&found)[0]));
                }
                seen
            });
        }
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..50 {
            let (app, who) = (world.app.clone(), who.clone());
            writers.spawn(async move {
                let sent = sheet::update_rates(&app, &who, None, updates(91_000 + n)).await;
                (sent.expect("written")[0].version, 91_000 + n)
            });
        }
        let mut written = writers.join_all().await;
        is_over.store(true, Ordering::SeqCst);
        written.sort_unstable();
        let versions: Vec<i64> = written.iter().map(|(version, _)| *version).collect();
        assert_eq!(versions, (3..53).collect::<Vec<i64>>());
        for (generation, price) in readers.join_all().await.into_iter().flatten() {
            let expected = written.iter().find(|(version, _)| *version == generation);
            assert_eq!(price, expected.map_or(90_000, |(_, price)| *price));
        }
        let last = written.last().expect("fifty").1;
        assert_eq!(prices(&world.search(&who, &[ZIP]).await), [last]);
        let history = sheet::history(&world.app, &org, CODES[0]).await.expect("listed");
        assert_eq!(history.len(), 51);
        let state = verify(&db, &org.id).await.expect("verified");
        assert!(matches!(state, ChainState::Intact { .. }), "{state:?}");
    }
}
