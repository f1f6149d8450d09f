//! What is news, case by case.

use super::*;

fn told(rate: i64) -> Told {
    Told {
        note_rate: Pct::new(rate * 1_000_000),
        apr: Pct::new(rate * 1_000_000 + 100_000_000),
        points: Pct::new(12_000_000),
        payment: Cents::new(rate * 30),
    }
}

fn watched(desired: &[i64]) -> Vec<Watched> {
    desired
        .iter()
        .map(|rate| Watched {
            name: format!("Product {rate}"),
            desired_rate: Some(Pct::new(rate * 1_000_000)),
        })
        .collect()
}

fn places(look: &Look) -> Vec<usize> {
    look.news.iter().map(|news| news.place).collect()
}

#[test]
fn what_is_known_is_read_as_written() {
    let known = Known {
        is_told: true,
        rows: vec![
            KnownRow {
                told: Some(told(6_125)),
                is_reached: true,
            },
            KnownRow::default(),
        ],
    };
    let text = known.write();
    assert_eq!(Known::read(&text, 2, "id").expect("read"), known);
    for (bad, products) in [(text.as_str(), 3), ("", 2), ("[]", 2), ("{\"rows\":7}", 2)] {
        assert!(Known::read(bad, products, "id").is_err(), "{bad}");
    }
}

#[test]
fn the_first_mail_has_no_changes_and_later_ones_say_what_moved() {
    let nothing = Known::nothing(3);
    let first = regular(&nothing, &[Some(told(6_500)), None, Some(told(5_875))]);
    assert!(first.is_news());
    assert!(first.news.iter().all(|news| news.change == Change::First));
    assert_eq!((places(&first), &first.gone), (vec![0, 2], &vec![1]));
    assert_eq!(first.after_silence, nothing);
    let second = regular(
        &first.after_told,
        &[Some(told(6_375)), Some(told(6_000)), Some(told(5_875))],
    );
    let changes: Vec<Change> = second.news.iter().map(|news| news.change).collect();
    let before = told(6_500);
    let moved = Change::Moved {
        rate: before.note_rate,
        points: before.points,
    };
    assert_eq!(changes, [moved, Change::New, Change::Same]);
    let third = regular(&second.after_told, &[None, None, None]);
    assert!(third.is_news(), "that nothing is offered any more is news");
    assert_eq!(third.gone, [0, 1, 2]);
    let fourth = regular(&third.after_told, &[None, None, None]);
    assert!(!fourth.is_news(), "but only once");
}

#[test]
fn nothing_that_was_never_offered_is_told() {
    let look = regular(&Known::nothing(2), &[None, None]);
    assert!(!look.is_news());
    // Silence keeps the first mail the first.
    let later = regular(&look.after_silence, &[Some(told(6_000)), None]);
    assert_eq!(later.news[0].change, Change::First);
}

#[test]
fn a_rate_is_told_once_each_time_it_is_reached() {
    let wanted = watched(&[6_000, 5_500]);
    let mut known = Known::nothing(2);
    let mut fired = Vec::new();
    for (step, rates) in [
        [6_250, 6_000],
        [6_000, 5_750],
        [5_875, 5_750],
        [6_000, 5_500],
        [6_125, 5_500],
        [6_000, 5_625],
        [5_750, 5_375],
    ]
    .into_iter()
    .enumerate()
    {
        let look = targets(&known, &wanted, &rates.map(|rate| Some(told(rate))));
        fired.extend(places(&look).into_iter().map(|place| (step, place)));
        known = look.after_told;
    }
    assert_eq!(fired, [(1, 0), (3, 1), (5, 0), (6, 1)]);
}

#[test]
fn the_first_look_tells_what_is_there_already_in_one_mail() {
    let wanted = watched(&[6_000, 5_500]);
    let look = targets(
        &Known::nothing(2),
        &wanted,
        &[Some(told(6_000)), Some(told(5_000))],
    );
    assert_eq!(places(&look), [0, 1]);
    assert!(look.news.iter().all(|news| news.change == Change::First));
}

#[test]
fn a_product_that_is_not_offered_is_neither_above_nor_below() {
    let wanted = watched(&[6_000]);
    let reached = targets(&Known::nothing(1), &wanted, &[Some(told(5_900))]);
    let away = targets(&reached.after_told, &wanted, &[None]);
    assert_eq!(away.after_told, reached.after_told);
    let back = targets(&away.after_told, &wanted, &[Some(told(5_900))]);
    assert!(!back.is_news());
}

#[test]
fn silence_forgets_nothing_but_that_a_rate_went_up_again() {
    let wanted = watched(&[6_000]);
    // Reached in silence: told as soon as it may be.
    let look = targets(&Known::nothing(1), &wanted, &[Some(told(5_900))]);
    let loud = targets(&look.after_silence, &wanted, &[Some(told(5_900))]);
    assert!(loud.is_news());
    // Up in silence and down again: told again.
    let up = targets(&loud.after_told, &wanted, &[Some(told(6_100))]);
    let down = targets(&up.after_silence, &wanted, &[Some(told(6_000))]);
    assert_eq!(places(&down), [0]);
    assert!(matches!(down.news[0].change, Change::Moved { .. }));
}
