//! Lists: filters, and pages both ways.

use lintel_domain::finding::{CreditField, CreditRule};
use lintel_domain::refusal::Refusal;
use lintel_simulations::{Filter, list};
use lintel_testkit::both;

use crate::world::{World, caller, day, refused, unknown_id, world};

impl World {
    async fn names(&self, filter: &Filter) -> (Vec<String>, i64, bool) {
        let page = list(&self.app, caller(&self.anna), filter, Vec::new())
            .await
            .expect("listed");
        let name = |line: &lintel_simulations::Line| {
            line.request.borrowers[0].name.clone().unwrap_or_default()
        };
        (
            page.lines.iter().map(name).collect(),
            page.total,
            page.has_more,
        )
    }
}

fn text(text: &str) -> Filter {
    Filter {
        text: Some(text.to_owned()),
        ..Filter::default()
    }
}

both! {
    async fn pages_go_both_ways_among_equal_times(db) {
        let world = world(&db).await;
        let mut ids = Vec::new();
        for n in 0..7 {
            ids.push(world.make(&world.anna, &format!("N{n}")).await.id.as_str().to_owned());
        }
        world.make(&world.bruno, "Other").await;
        // All of one instant: their ids decide, as they do for the cursors.
        let mut sorted: Vec<(String, String)> = ids.iter().cloned().zip((0..7).map(|n| format!("N{n}"))).collect();
        sorted.sort_by(|a, b| b.cmp(a));
        let order: Vec<String> = sorted.iter().map(|(_, name)| name.clone()).collect();
        let page = |next: Option<usize>, previous: Option<usize>| Filter {
            line_count: Some(3),
            next: next.map(|n| sorted[n].0.clone()),
            previous: previous.map(|n| sorted[n].0.clone()),
            ..Filter::default()
        };
        let rows = |from: usize, to: usize, more: bool| (order[from..to].to_vec(), 7, more);
        assert_eq!(world.names(&page(None, None)).await, rows(0, 3, true));
        assert_eq!(world.names(&page(Some(2), None)).await, rows(3, 6, true));
        assert_eq!(world.names(&page(Some(5), None)).await, rows(6, 7, false));
        assert_eq!(world.names(&page(Some(6), None)).await, rows(7, 7, false));
        assert_eq!(world.names(&page(None, Some(6))).await, rows(3, 6, true));
        assert_eq!(world.names(&page(None, Some(3))).await, rows(0, 3, false));
        assert_eq!(world.names(&page(None, Some(0))).await, rows(0, 0, false));
    }

    async fn names_branches_and_whole_nifs_are_found(db) {
        let world = world(&db).await;
        world.make(&world.anna, "João  da Conceição").await;
        world.make(&world.anna, "Rui 100%").await;
        for (wanted, count) in [
            ("joao", 1), ("CONCEI", 1), ("o da c", 1), ("100%", 1), ("%", 1), ("_", 0), ("farol", 2), ("123456789", 2),
            ("12345678", 0), (" 123456789 ", 2), ("999999990", 0), ("", 2), ("  ", 2), ("' OR '1'='1", 0), ("!", 0), ("\\", 0),
        ] {
            assert_eq!(world.names(&text(wanted)).await.1, count, "{wanted:?}");
        }
    }

    async fn days_are_lisbons_and_both_ends_count(db) {
        let world = world(&db).await;
        // 23:30 in Lisbon on 1 June is 22:30 UTC.
        world.clock.advance(10 * 3600 + 1800);
        world.make(&world.anna, "Late").await;
        world.clock.advance(1800);
        world.make(&world.anna, "Early").await;
        let days = |from: Option<&str>, to: Option<&str>| Filter { from: from.map(day), to: to.map(day), ..Filter::default() };
        for (from, to, names) in [
            (Some("2026-06-01"), Some("2026-06-01"), vec!["Late"]),
            (Some("2026-06-02"), None, vec!["Early"]),
            (None, Some("2026-06-02"), vec!["Early", "Late"]),
            (None, Some("2026-05-31"), vec![]),
            (Some("1900-01-01"), Some("2200-12-31"), vec!["Early", "Late"]),
        ] {
            assert_eq!(world.names(&days(from, to)).await.0, names, "{from:?} {to:?}");
        }
    }

    async fn what_is_wrong_with_a_question_is_told_at_once(db) {
        let world = world(&db).await;
        let others = world.make(&world.bruno, "Rui").await.id.as_str().to_owned();
        let filter = Filter {
            text: Some("a\u{0}b".to_owned()),
            from: Some(day("2026-02-02")),
            to: Some(day("2026-02-01")),
            line_count: Some(0),
            next: Some(others),
            previous: Some(unknown_id().as_str().to_owned()),
            ..Filter::default()
        };
        let refusal = refused(list(&world.app, caller(&world.anna), &filter, Vec::new()).await);
        let Refusal::Findings(found) = refusal else { panic!("{refusal}") };
        let fields: Vec<_> = found.iter().map(|f| f.field).collect();
        use CreditField::{FilterText, FilterTo, LineCount, NextRecord, PreviousRecord};
        assert_eq!(fields, [LineCount, NextRecord, PreviousRecord, FilterText, FilterTo]);
        assert_eq!((found[1].rule, found[2].rule), (CreditRule::Unknown, CreditRule::Conflict));
    }
}
