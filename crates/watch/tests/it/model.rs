//! Which mails a script comes to, by the rules and nothing of the engine.

use std::collections::BTreeSet;

use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_domain::watch::{Frequency, WatchDuration};
use lintel_engine::date::Date;
use lintel_letters::figures;

use crate::calendar::{Zone, weekday};
use crate::world::{PRODUCTS, Told, percent};

/// What somebody wants to hear.
#[derive(Debug, Clone, Copy)]
pub enum Wants {
    Regular(Frequency),
    /// Rates of both products, in thousandths of a percent.
    Targets([i64; 2]),
}

/// A subscription of the script.
#[derive(Debug, Clone, Copy)]
pub struct Sub {
    pub name: &'static str,
    pub at: Instant,
    pub wants: Wants,
    pub duration: WatchDuration,
    pub zone: Zone,
    pub minute: u32,
    pub stopped: Option<Instant>,
    /// Between these no mail is wanted.
    pub quiet: Option<(Instant, Instant)>,
}

/// The script: rates from an instant on, a time without the engine, the last instant.
#[derive(Debug)]
pub struct Script {
    pub rates: Vec<(Instant, [i64; 2])>,
    pub down: (Instant, Instant),
    pub end: Instant,
    pub subs: Vec<Sub>,
}

impl Script {
    fn rates_at(&self, at: Instant) -> [i64; 2] {
        let before = self.rates.iter().rev().find(|(from, _)| *from <= at);
        before.expect("rates from the start").1
    }

    /// When something that is due is looked at.
    fn looked(&self, due: Instant) -> Instant {
        let (from, to) = self.down;
        if (from..to).contains(&due) { to } else { due }
    }
}

fn last_of(month: Date) -> i8 {
    let next = month.first_of_month().add_months(1).expect("a month");
    next.add_days(-1).expect("a day").day()
}

impl Sub {
    /// Every instant the clock makes it due, from after the subscription on.
    fn by_the_clock(&self, end: Instant) -> Vec<Instant> {
        let frequency = match self.wants {
            Wants::Regular(frequency) => frequency,
            Wants::Targets(_) => Frequency::Daily,
        };
        let anchor = self.zone.day(self.at);
        let is_due = |date: Date| match frequency {
            Frequency::Daily => true,
            Frequency::Weekly => weekday(date) == weekday(anchor),
            Frequency::Monthly => date.day() == anchor.day().min(last_of(date)),
        };
        let mut date = anchor;
        let mut all = Vec::new();
        loop {
            let at = self.zone.instant(date, self.minute);
            if at > end {
                return all;
            }
            if at > self.at && is_due(date) {
                all.push(at);
            }
            date = date.add_days(1).expect("a day");
        }
    }

    /// Thirty days a month, and never before it was looked at once.
    fn expiry(&self, first: Instant) -> Option<Instant> {
        let days = match self.duration {
            WatchDuration::OneWeek => 7,
            WatchDuration::OneMonth => 30,
            WatchDuration::ThreeMonths => 90,
            WatchDuration::SixMonths => 180,
            WatchDuration::UntilCancel => return None,
        };
        Some(self.at.plus_seconds(days * DAY_SECONDS).max(first))
    }

    /// Every mail of it: when, and what it says.
    pub fn mails(&self, script: &Script) -> Vec<(Instant, Vec<Told>)> {
        // One more than the script is long, so that the first one of a month is known.
        let beyond = script.end.plus_seconds(40 * DAY_SECONDS);
        let mut due = self.by_the_clock(beyond);
        let expiry = self.expiry(due[0]);
        if let Wants::Targets(_) = self.wants {
            let rates = script.rates.iter().map(|(at, _)| *at);
            due.extend(rates.filter(|at| *at >= self.at));
            due.push(self.at);
            due.extend(expiry);
        }
        let is_in_time = |due: &Instant| {
            let looked = script.looked(*due);
            let is_late = expiry.is_some_and(|end| looked > end.plus_seconds(DAY_SECONDS));
            *due <= script.end && expiry.is_none_or(|end| *due <= end) && !is_late
        };
        let looks: BTreeSet<Instant> = due
            .into_iter()
            .filter(is_in_time)
            .map(|due| script.looked(due))
            .filter(|at| self.stopped.is_none_or(|stopped| *at < stopped))
            .collect();
        let mut known = [None; 2];
        let mut reached = [false; 2];
        let mut mails = Vec::new();
        for at in looks {
            let is_quiet = self
                .quiet
                .is_some_and(|(from, to)| (from..to).contains(&at));
            let rates = script.rates_at(at);
            let told = match self.wants {
                Wants::Regular(_) => vec![true; 2],
                Wants::Targets(wanted) => (0..2)
                    .map(|n| {
                        let is_there = rates[n] <= wanted[n];
                        let fires = is_there && !reached[n];
                        reached[n] = is_there && (reached[n] || !is_quiet);
                        fires
                    })
                    .collect(),
            };
            if is_quiet || !told.contains(&true) {
                continue;
            }
            let rows = (0..2).filter(|n| told[*n]).map(|n| Told {
                product: PRODUCTS[n].to_owned(),
                rate: figures::percent(percent(rates[n])),
                change: known[n].map(|before: i64| {
                    if before == rates[n] {
                        "as last time".to_owned()
                    } else {
                        let before = figures::percent(percent(before));
                        format!("was {before} with 0.000 points")
                    }
                }),
            });
            mails.push((at, rows.collect()));
            for n in (0..2).filter(|n| told[*n]) {
                known[n] = Some(rates[n]);
            }
        }
        mails
    }
}
