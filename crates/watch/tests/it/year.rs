//! A year of rate watches, hour by hour where it matters: rates that move, clocks that change, months that
//! end, people who leave, a house that was dark for a week.

use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_domain::watch::{Frequency, WatchDuration};
use lintel_testkit::both;

use crate::calendar::{ARIZONA, CENTRAL, EAST, Zone, at};
use crate::model::{Script, Sub, Wants};
use crate::play::play;
use crate::world::World;

const EIGHT: u32 = 480;
const DAILY: Wants = Wants::Regular(Frequency::Daily);
const WEEKLY: Wants = Wants::Regular(Frequency::Weekly);
const MONTHLY: Wants = Wants::Regular(Frequency::Monthly);

fn sub(name: &'static str, at: Instant, wants: Wants, duration: WatchDuration) -> Sub {
    Sub {
        name,
        at,
        wants,
        duration,
        zone: EAST,
        minute: EIGHT,
        stopped: None,
        quiet: None,
    }
}

fn by(sub: Sub, zone: Zone, minute: u32) -> Sub {
    Sub {
        zone,
        minute,
        ..sub
    }
}

/// Rates that wander in eighths of a percent, every few days at any time of day: the same on every run.
fn wandering(from: Instant, to: Instant) -> Vec<(Instant, [i64; 2])> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i64::try_from(state % below).expect("small")
    };
    let mut rates = [6_500, 5_875];
    let mut all = vec![(from, rates)];
    let mut at = from;
    loop {
        at = at.plus_seconds(DAY_SECONDS + draw(8 * 86_400));
        if at >= to {
            return all;
        }
        for rate in &mut rates {
            *rate = (*rate + 125 * (draw(5) - 2)).clamp(5_000, 7_000);
        }
        all.push((at, rates));
    }
}

/// The subscriptions of one year from its first instant on.
fn subs(from: Instant, spring: Instant, autumn: Instant) -> Vec<Sub> {
    use WatchDuration::{OneMonth, OneWeek, SixMonths, ThreeMonths, UntilCancel};
    let later = |days: i64| from.plus_seconds(days * DAY_SECONDS + 4321);
    let targets = Wants::Targets([6_125, 5_500]);
    vec![
        sub("daily", from, DAILY, UntilCancel),
        by(sub("phoenix", from, DAILY, SixMonths), ARIZONA, EIGHT),
        sub("weekly", from, WEEKLY, UntilCancel),
        sub("monthly", from, MONTHLY, UntilCancel),
        sub("month", from, MONTHLY, OneMonth),
        sub("quarter", from, MONTHLY, ThreeMonths),
        sub("week", from, DAILY, OneWeek),
        sub("weeks", later(40), WEEKLY, OneMonth),
        sub("week-of-weeks", later(41), WEEKLY, OneWeek),
        by(sub("spring-gap", spring, DAILY, OneWeek), CENTRAL, 150),
        by(sub("spring-two", spring, DAILY, OneWeek), EAST, 120),
        by(sub("autumn-fold", autumn, DAILY, OneWeek), EAST, 90),
        by(sub("autumn-gap", autumn, DAILY, OneWeek), CENTRAL, 150),
        by(sub("midnight", autumn, DAILY, OneWeek), EAST, 0),
        sub("target", from, targets, UntilCancel),
        sub("half-year", from, Wants::Targets([5_875, 5_250]), SixMonths),
        Sub {
            stopped: Some(later(110)),
            ..sub("stopped", from, WEEKLY, UntilCancel)
        },
        Sub {
            quiet: Some((later(123), later(200))),
            ..sub("quiet", from, WEEKLY, UntilCancel)
        },
        Sub {
            quiet: Some((later(60), later(250))),
            ..sub("quiet-target", from, targets, UntilCancel)
        },
        Sub {
            stopped: Some(later(140)),
            ..sub("stopped-target", from, targets, UntilCancel)
        },
    ]
}

both! {
    /// Begins on January 31, at ten in the morning in New York.
    async fn year_2026(db) {
        let (from, end) = (at("2026-01-31 15:00"), at("2027-02-05 15:00"));
        let script = Script {
            rates: wandering(from, end),
            down: (at("2026-07-10 03:00"), at("2026-07-18 20:30")),
            end,
            subs: subs(from, at("2026-03-05 18:00"), at("2026-10-29 18:00")),
        };
        play(&World::on(&db, from).await, &script).await;
    }

    /// Begins on October 31 and has a February of 29 days; the house is dark over a month's end.
    async fn year_2028(db) {
        let (from, end) = (at("2027-10-31 15:00"), at("2028-11-10 15:00"));
        let script = Script {
            rates: wandering(from, end),
            down: (at("2028-04-29 22:00"), at("2028-05-03 11:59")),
            end,
            subs: subs(from, at("2028-03-09 18:00"), at("2028-11-02 18:00")),
        };
        play(&World::on(&db, from).await, &script).await;
    }
}
