//! What was told last, and what of the rates of today is news.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_store::fault::Fault;
use serde::{Deserialize, Serialize};

use crate::products::Watched;

/// A product's rate as it was told, or would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Note rate, percent a year.
    pub note_rate: Pct,
    /// Annual percentage rate.
    pub apr: Pct,
    /// Discount points, in percent of the loan; negative for a lender's credit.
    pub points: Pct,
    /// Principal and interest of a month.
    pub payment: Cents,
}

#[derive(Serialize, Deserialize, Default)]
struct Stored {
    /// Whether anything was told.
    #[serde(default)]
    told: bool,
    #[serde(default)]
    rows: Vec<StoredRow>,
}

#[derive(Serialize, Deserialize, Default)]
struct StoredRow {
    /// Rate, APR, points, each e9, and payment in cents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<[i64; 4]>,
    /// Whether the rate waited for is there, and that was told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reached: bool,
}

/// What a consumer knows of one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct KnownRow {
    /// What was told last; none when the last mail said that it was not offered, or there was none.
    pub(crate) told: Option<Told>,
    /// Whether it was told that the rate waited for is there, and it has been since.
    pub(crate) is_reached: bool,
}

/// What a consumer knows, product by product as they are watched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Known {
    /// Whether there was a mail.
    pub(crate) is_told: bool,
    pub(crate) rows: Vec<KnownRow>,
}

impl Known {
    /// Nothing told of a number of products.
    pub(crate) fn nothing(products: usize) -> Self {
        Self {
            is_told: false,
            rows: vec![KnownRow::default(); products],
        }
    }

    /// As rows hold it.
    pub(crate) fn write(&self) -> String {
        let numbers = |told: Told| {
            let Told {
                note_rate,
                apr,
                points,
                payment,
            } = told;
            [note_rate.e9(), apr.e9(), points.e9(), payment.get()]
        };
        let stored = Stored {
            told: self.is_told,
            rows: self
                .rows
                .iter()
                .map(|row| StoredRow {
                    told: row.told.map(numbers),
                    reached: row.is_reached,
                })
                .collect(),
        };
        // Numbers and truths: there is nothing in it that JSON cannot hold.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Reads what a row holds about a number of products.
    ///
    /// # Errors
    /// Corrupt when it is not what [`Known::write`] makes. `row` is the watch's id.
    pub(crate) fn read(text: &str, products: usize, row: &str) -> Result<Self, Fault> {
        let corrupt = || Fault::corrupt("rate_watch", "known", row);
        let stored: Stored = serde_json::from_str(text).map_err(|_| corrupt())?;
        if stored.rows.len() != products {
            return Err(corrupt());
        }
        let told = |[rate, apr, points, payment]: [i64; 4]| Told {
            note_rate: Pct::new(rate),
            apr: Pct::new(apr),
            points: Pct::new(points),
            payment: Cents::new(payment),
        };
        Ok(Self {
            is_told: stored.told,
            rows: stored
                .rows
                .into_iter()
                .map(|row| KnownRow {
                    told: row.told.map(told),
                    is_reached: row.reached,
                })
                .collect(),
        })
    }
}

/// What became of a rate since it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing was told before.
    First,
    /// It was not offered when something was told last.
    New,
    /// Rate and points are what they were.
    Same,
    /// They were these.
    Moved { rate: Pct, points: Pct },
}

/// A product's rate, with what became of it. The place is that in the list of what is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) place: usize,
    pub(crate) now: Told,
    pub(crate) change: Change,
}

/// What a look at the rates comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Rates to tell; nothing is told when this and `gone` are empty.
    pub(crate) news: Vec<News>,
    /// Places of products that are not offered.
    pub(crate) gone: Vec<usize>,
    /// What is known once it was told.
    pub(crate) after_told: Known,
    /// What is known when it is not told: rates that rose above what was waited for are waited for
    /// again, and nothing else changes.
    pub(crate) after_silence: Known,
}

impl Look {
    /// Whether there is something to tell.
    pub(crate) fn is_news(&self) -> bool {
        !self.news.is_empty() || !self.gone.is_empty()
    }
}

fn change(known: &Known, before: Option<Told>, now: Told) -> Change {
    match before {
        None if known.is_told => Change::New,
        None => Change::First,
        Some(before) if before.note_rate == now.note_rate && before.points == now.points => {
            Change::Same
        }
        Some(before) => Change::Moved {
            rate: before.note_rate,
            points: before.points,
        },
    }
}

/// Every rate as it is now, and what became of it. `now` is product by product as they are watched; none
/// where one is not offered. There is nothing to tell while nothing is offered that ever was.
pub(crate) fn regular(known: &Known, now: &[Option<Told>]) -> Look {
    let pairs = || known.rows.iter().zip(now).enumerate();
    let rates = pairs().filter_map(|(place, (row, now))| {
        let now = (*now)?;
        let change = change(known, row.told, now);
        Some(News { place, now, change })
    });
    let gone = pairs().filter(|(_, (_, now))| now.is_none());
    let (news, mut gone): (Vec<News>, Vec<usize>) =
        (rates.collect(), gone.map(|(at, _)| at).collect());
    let was_offered = known.rows.iter().any(|row| row.told.is_some());
    if news.is_empty() && !was_offered {
        gone.clear();
    }
    let rows = now.iter().map(|now| KnownRow {
        told: *now,
        is_reached: false,
    });
    Look {
        news,
        gone,
        after_told: Known {
            is_told: true,
            rows: rows.collect(),
        },
        after_silence: known.clone(),
    }
}

/// The rates that have come down to what is waited for, and were above it before or are seen for the
/// first time. A product that is not offered is neither above nor below.
pub(crate) fn targets(known: &Known, watched: &[Watched], now: &[Option<Told>]) -> Look {
    let mut look = Look {
        news: Vec::new(),
        gone: Vec::new(),
        after_told: known.clone(),
        after_silence: known.clone(),
    };
    let rows = known.rows.iter().zip(watched).zip(now).enumerate();
    let after = look.after_told.rows.iter_mut();
    let after = after.zip(&mut look.after_silence.rows);
    for ((place, ((row, watched), now)), (told, silent)) in rows.zip(after) {
        let (Some(now), Some(wanted)) = (*now, watched.desired_rate) else {
            continue;
        };
        let is_there = now.note_rate <= wanted;
        told.is_reached = is_there;
        silent.is_reached = is_there && row.is_reached;
        if is_there && !row.is_reached {
            told.told = Some(now);
            let change = match row.told {
                Some(before) => change(known, Some(before), now),
                None => Change::First,
            };
            look.news.push(News { place, now, change });
        }
    }
    look.after_told.is_told |= !look.news.is_empty();
    look
}

#[cfg(test)]
mod tests;
