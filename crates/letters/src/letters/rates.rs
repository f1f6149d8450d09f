//! Letters about rates somebody subscribed to.

use lintel_domain::message::MailKind;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::Serialize;

use super::{HOSTILE, LINK};
use crate::brand::Brand;
use crate::engine::Letter;
use crate::figures::{
    percent, write_money_or_none, write_percent, write_percent_or_none, write_points,
};

/// What became of a product's rate since somebody was last told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RateChange {
    /// There was none.
    New,
    /// It is the same, with the same points.
    Same,
    /// Rate or points are others.
    Moved {
        /// The rate they were told.
        #[serde(serialize_with = "write_percent")]
        rate: Pct,
        /// The points they were told.
        #[serde(serialize_with = "write_points")]
        points: Pct,
    },
}

/// A product's rate now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RateRow {
    /// Product.
    pub product: String,
    /// Note rate.
    #[serde(serialize_with = "write_percent")]
    pub rate: Pct,
    /// Annual percentage rate. A letter that names a rate should name it (12 CFR 1026.24(c)).
    #[serde(serialize_with = "write_percent_or_none")]
    pub apr: Option<Pct>,
    /// Points in percent of the loan; less than zero is a credit.
    #[serde(serialize_with = "write_points")]
    pub points: Pct,
    /// Principal and interest, a month.
    #[serde(serialize_with = "write_money_or_none")]
    pub payment: Option<Cents>,
    /// Since the last letter; none in the first.
    pub change: Option<RateChange>,
}

/// The rates of the products somebody chose.
#[derive(Debug, Clone, Serialize)]
pub struct RateUpdate {
    /// Given name.
    pub first_name: Option<String>,
    /// The day, in the reader's zone, such as `November 21, 2026`.
    pub as_of: String,
    /// What was searched for, in a line; may be empty.
    pub search: String,
    /// One row a product.
    pub rows: Vec<RateRow>,
    /// Products without a rate now.
    pub gone: Vec<String>,
    /// The page where the letters are chosen.
    pub manage_url: String,
    /// The page that stops them.
    pub stop_url: String,
    /// The last day of the letters; none when they go on until somebody stops them.
    pub until: Option<String>,
}

impl Letter for RateUpdate {
    const NAME: &'static str = "rate_update";
    const KIND: MailKind = MailKind::RateUpdate;

    fn subject(&self, brand: &Brand) -> String {
        format!("Your rates at {}, {}", brand.name, self.as_of)
    }

    fn samples() -> Vec<Self> {
        let row = sample_row();
        let moved = RateRow {
            product: "Conventional 15 Year Fixed".to_owned(),
            points: Pct::new(-375_000_000),
            change: Some(RateChange::Moved {
                rate: Pct::new(5_625_000_000),
                points: Pct::new(125_000_000),
            }),
            ..row.clone()
        };
        let same = RateRow {
            product: "FHA 30 Year Fixed".to_owned(),
            change: Some(RateChange::Same),
            ..row.clone()
        };
        let new = RateRow {
            product: "7/6 ARM, a product with quite a long name that takes two lines".to_owned(),
            apr: None,
            payment: None,
            change: Some(RateChange::New),
            ..row.clone()
        };
        let full = Self {
            first_name: Some("Charles".to_owned()),
            as_of: "November 21, 2026".to_owned(),
            search: "Purchase in 92649, $400,000 for 30 years, credit score 740".to_owned(),
            rows: vec![row.clone(), moved, same, new],
            gone: vec!["VA 30 Year Fixed".to_owned()],
            manage_url: LINK.to_owned(),
            stop_url: format!("{LINK}&stop"),
            until: Some("February 21, 2027".to_owned()),
        };
        let hostile = Self {
            first_name: Some(HOSTILE.to_owned()),
            as_of: HOSTILE.to_owned(),
            search: HOSTILE.to_owned(),
            rows: vec![RateRow {
                product: HOSTILE.to_owned(),
                ..row
            }],
            gone: vec![HOSTILE.to_owned(), HOSTILE.to_owned()],
            until: Some(HOSTILE.to_owned()),
            ..full.clone()
        };
        let nothing = Self {
            first_name: None,
            search: String::new(),
            rows: Vec::new(),
            gone: vec!["VA 30 Year Fixed".to_owned()],
            until: None,
            ..full.clone()
        };
        vec![full, hostile, nothing]
    }
}

/// A rate somebody waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReachedRow {
    /// The rate they wanted, or less.
    #[serde(serialize_with = "write_percent")]
    pub wanted: Pct,
    /// What there is now.
    pub row: RateRow,
}

/// Rates somebody waited for are there.
#[derive(Debug, Clone, Serialize)]
pub struct RateReached {
    /// Given name.
    pub first_name: Option<String>,
    /// The day, in the reader's zone.
    pub as_of: String,
    /// What was searched for, in a line; may be empty.
    pub search: String,
    /// The rates, at least one.
    pub rows: Vec<ReachedRow>,
    /// The page where the letters are chosen.
    pub manage_url: String,
    /// The page that stops them.
    pub stop_url: String,
    /// The last day of the letters; none when they go on until somebody stops them.
    pub until: Option<String>,
}

impl Letter for RateReached {
    const NAME: &'static str = "rate_reached";
    const KIND: MailKind = MailKind::RateReached;

    fn subject(&self, brand: &Brand) -> String {
        match self.rows.as_slice() {
            [only] => format!(
                "{} is at {} at {}",
                only.row.product,
                percent(only.row.rate),
                brand.name
            ),
            _ => format!("Rates you waited for at {}", brand.name),
        }
    }

    fn samples() -> Vec<Self> {
        let row = sample_row();
        let reached = ReachedRow {
            wanted: Pct::new(6_250_000_000),
            row: row.clone(),
        };
        let one = Self {
            first_name: Some("Charles".to_owned()),
            as_of: "November 21, 2026".to_owned(),
            search: "Purchase in 92649, $400,000 for 30 years, credit score 740".to_owned(),
            rows: vec![reached.clone()],
            manage_url: LINK.to_owned(),
            stop_url: format!("{LINK}&stop"),
            until: None,
        };
        let hostile = ReachedRow {
            row: RateRow {
                product: HOSTILE.to_owned(),
                apr: None,
                payment: None,
                ..row
            },
            ..reached.clone()
        };
        let several = Self {
            first_name: Some(HOSTILE.to_owned()),
            search: String::new(),
            rows: vec![reached, hostile],
            until: Some("February 21, 2027".to_owned()),
            ..one.clone()
        };
        let nobody = Self {
            first_name: None,
            ..one.clone()
        };
        vec![one, several, nobody]
    }
}

fn sample_row() -> RateRow {
    RateRow {
        product: "Conventional 30 Year Fixed".to_owned(),
        rate: Pct::new(6_125_000_000),
        apr: Some(Pct::new(6_283_500_568)),
        points: Pct::new(250_000_000),
        payment: Some(Cents::new(243_044)),
        change: None,
    }
}
