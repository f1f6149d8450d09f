//! The worked examples of Appendix J (c), and the shapes that must be refused.
use super::*;

fn stream(whole: u32, fraction: (u32, u32), count: u32, amount: f64) -> Stream {
    let fraction = Ratio::try_new(fraction.0, fraction.1).unwrap();
    Stream {
        whole,
        fraction,
        count,
        every: 1,
        amount,
    }
}

fn advance(whole: u32, amount: f64) -> Advance {
    Advance {
        whole,
        fraction: Ratio::ZERO,
        amount,
    }
}

fn apr(amount: f64, per_year: (u32, u32), streams: &[Stream]) -> String {
    let per_year = Ratio::try_new(per_year.0, per_year.1).unwrap();
    let solution = solve(&[advance(0, amount)], streams, per_year).unwrap();
    solution
        .apr()
        .unwrap_or_else(|| panic!("{solution:?}"))
        .to_fixed(6)
}

#[test]
fn appendix_j_c1_single_advance_equal_payments() {
    assert_eq!(
        apr(5000.0, (12, 1), &[stream(1, (0, 1), 24, 230.0)]),
        "9.685708"
    );
    assert_eq!(
        apr(6000.0, (12, 1), &[stream(1, (19, 30), 36, 200.0)]),
        "11.816508"
    );
    assert_eq!(
        apr(5000.0, (24, 1), &[stream(0, (6, 15), 24, 219.17)]),
        "10.337903"
    );
    assert_eq!(
        apr(10000.0, (4, 1), &[stream(1, (39, 90), 40, 385.0)]),
        "8.970770"
    );
    assert_eq!(
        apr(500.0, (52, 1), &[stream(4, (4, 7), 30, 17.60)]),
        "14.962223"
    );
}

#[test]
fn appendix_j_c2_irregular_first_payment() {
    let monthly = [stream(1, (0, 1), 1, 250.0), stream(2, (0, 1), 23, 230.0)];
    assert_eq!(apr(5000.0, (12, 1), &monthly), "10.082890");
    let weeks = [stream(1, (5, 28), 1, 39.50), stream(2, (5, 28), 11, 38.31)];
    assert_eq!(apr(400.0, (13, 1), &weeks), "28.497940");
}

#[test]
fn appendix_j_c3_irregular_last_payment() {
    let monthly = [stream(1, (0, 1), 23, 230.0), stream(24, (0, 1), 1, 280.0)];
    assert_eq!(apr(5000.0, (12, 1), &monthly), "10.500469");
    let weeks = [stream(0, (8, 14), 19, 9.50), stream(19, (8, 14), 1, 30.0)];
    assert_eq!(apr(200.0, (26, 1), &weeks), "12.224857");
}

#[test]
fn appendix_j_c4_irregular_first_and_last_payment() {
    let monthly = [
        stream(1, (0, 1), 1, 250.0),
        stream(2, (0, 1), 22, 230.0),
        stream(24, (0, 1), 1, 280.0),
    ];
    assert_eq!(apr(5000.0, (12, 1), &monthly), "10.895549");
    let two = [
        stream(0, (52, 60), 1, 449.36),
        stream(1, (52, 60), 18, 465.0),
        stream(19, (52, 60), 1, 200.0),
    ];
    assert_eq!(apr(8000.0, (6, 1), &two), "7.301765");
}

#[test]
fn appendix_j_c5_single_payment() {
    assert_eq!(
        apr(1000.0, (365, 255), &[stream(1, (0, 1), 1, 1080.0)]),
        "11.450980"
    );
    assert_eq!(
        apr(1000.0, (2, 1), &[stream(1, (0, 1), 1, 1044.0)]),
        "8.800000"
    );
    assert_eq!(
        apr(1000.0, (1, 1), &[stream(1, (6, 12), 1, 1135.19)]),
        "8.757047"
    );
    assert_eq!(
        apr(1000.0, (1, 1), &[stream(2, (0, 1), 1, 1240.0)]),
        "11.355287"
    );
}

#[test]
fn h_25_b_apr_4_174() {
    let streams = [
        stream(1, (0, 1), 80, 844.134_075_863_47),
        stream(81, (0, 1), 280, 761.784_075_863_47),
    ];
    assert!(apr(162_000.0, (12, 1), &streams).starts_with("4.174"));
}

#[test]
fn zero_and_negative_rates_are_answers() {
    assert_eq!(
        apr(1000.0, (12, 1), &[stream(1, (0, 1), 10, 100.0)]),
        "0.000000"
    );
    assert_eq!(
        apr(1000.0, (1, 1), &[stream(1, (0, 1), 1, 900.0)]),
        "-10.000000"
    );
    assert_eq!(
        apr(1e15, (12, 1), &[stream(1, (0, 1), 1, 0.01)]),
        "-1200.000000"
    );
    // Nothing but a fraction of a period: 1000 = P / (1 + i/2).
    assert_eq!(
        apr(1000.0, (12, 1), &[stream(0, (1, 2), 1, 600.0)]),
        "-960.000000"
    );
}

#[test]
fn no_rate_is_said_so() {
    let outcome = |amount, streams: &[Stream]| {
        solve(&[advance(0, amount)], streams, Ratio::whole(12)).unwrap()
    };
    let half = [stream(0, (1, 2), 1, 400.0)];
    assert_eq!(
        outcome(1000.0, &half),
        Solution::NoSolution(NoRate::BelowMinusHundred)
    );
    let now = [stream(0, (0, 1), 1, 1000.0), stream(1, (0, 1), 1, 1.0)];
    assert_eq!(
        outcome(1000.0, &now),
        Solution::NoSolution(NoRate::AboveLimit)
    );
    let huge = [stream(1, (0, 1), 1, 1e15)];
    assert_eq!(
        outcome(1.0, &huge),
        Solution::NoSolution(NoRate::AboveLimit)
    );
}

#[test]
fn several_advances_are_solved_when_the_rate_is_alone() {
    let both = [advance(0, 1000.0), advance(1, 1000.0)];
    let rate = |advances: &[Advance], streams: &[Stream]| {
        solve(advances, streams, Ratio::whole(1)).unwrap()
    };
    let solution = rate(&both, &[stream(2, (0, 1), 1, 2310.0)]);
    assert_eq!(solution.apr().unwrap().to_fixed(6), "10.000000");
    // A construction loan: interest paid between the advances.
    let solution = rate(
        &both,
        &[stream(1, (0, 1), 1, 100.0), stream(2, (0, 1), 1, 2200.0)],
    );
    assert_eq!(solution.apr().unwrap().to_fixed(6), "10.000000");
    // 1000, −2300, +1320: both 10 % and 20 % balance.
    let oil = [advance(0, 1000.0), advance(2, 1320.0)];
    let solution = rate(&oil, &[stream(1, (0, 1), 1, 2300.0)]);
    assert_eq!(solution, Solution::NoSolution(NoRate::NotUnique));
    // Three roots again, 900 % among them: there the late flows are worth nothing at time zero.
    let late = [advance(0, 100.0), advance(20, 100.0)];
    let streams = [stream(1, (0, 1), 1, 1000.0), stream(21, (0, 1), 1, 70.0)];
    assert_eq!(
        rate(&late, &streams),
        Solution::NoSolution(NoRate::NotUnique)
    );
    // The balance goes negative although the signs at the ends differ: three roots.
    let three = [advance(0, 1000.0), advance(2, 4000.0)];
    let streams = [stream(1, (0, 1), 1, 3600.0), stream(3, (0, 1), 1, 1400.0)];
    assert_eq!(
        rate(&three, &streams),
        Solution::NoSolution(NoRate::NotUnique)
    );
}

#[test]
fn refuses_hostile_numbers() {
    let field = |advances: &[Advance], streams: &[Stream]| {
        solve(advances, streams, Ratio::whole(12))
            .unwrap_err()
            .field
    };
    let one = [advance(0, 1000.0)];
    assert_eq!(field(&[], &[stream(1, (0, 1), 1, 1.0)]), "advances");
    assert_eq!(
        field(&[advance(1, 5.0)], &[stream(1, (0, 1), 1, 1.0)]),
        "advances"
    );
    assert_eq!(field(&one, &[]), "streams");
    for amount in [0.0, -1.0, f64::NAN, 2e15, f64::INFINITY] {
        assert_eq!(field(&one, &[stream(1, (0, 1), 1, amount)]), "amount");
        assert_eq!(
            field(&[advance(0, amount)], &[stream(1, (0, 1), 1, 1.0)]),
            "amount"
        );
    }
    assert_eq!(field(&one, &[stream(1, (0, 1), 0, 1.0)]), "count");
    assert_eq!(field(&one, &[stream(1, (0, 1), 100_001, 1.0)]), "count");
    assert_eq!(field(&one, &[stream(1, (2, 1), 1, 1.0)]), "fraction");
    assert_eq!(field(&one, &[stream(u32::MAX, (0, 1), 1, 1.0)]), "whole");
}

#[test]
fn long_streams_take_few_steps() {
    let solution = solve(
        &[advance(0, 100_000.0)],
        &[stream(1, (3, 7), 2080, 130.0)],
        Ratio::whole(52),
    );
    let Ok(Solution::Found(found)) = solution else {
        panic!("{solution:?}")
    };
    assert!(found.iterations < 20, "{}", found.iterations);
}
