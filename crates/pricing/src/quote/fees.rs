//! Closing costs: which there are, how much each is, and which are finance charges.

use std::fmt;
use std::sync::Arc;

use lintel_domain::fee::LeSection;
use lintel_engine::error::EngineError;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_engine::us::prepaid_interest::prepaid_interest;

use super::amount::{bounded, percent_of};
use super::{Counting, FeeSum, Monthly, UpfrontCost, fee_amount};
use crate::book::Indices;
use crate::catalogue::{Catalogue, Fee};
use crate::when::{Facts, in_force};

/// Days in the year prepaid interest is counted by: the basis that reproduces sample form H-25(B).
const PREPAID_DAY_BASIS: u32 = 360;
const POINTS_NAME: &str = "Loan discount points";
pub(super) const POINTS_TYPE: &str = "LoanDiscountPoints";

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// A place in the catalogue's list of charges.
    Catalogue(usize),
    /// Discount points.
    Points,
    /// The programme's charge.
    Programme(UpfrontCost),
}

#[derive(Debug)]
struct Line {
    source: Source,
    section: LeSection,
    counts: bool,
    /// What it is at every rate; zero for points and interest.
    amount: Cents,
}

/// A line whose amount depends on the note rate.
#[derive(Debug, Clone, Copy)]
struct InterestLine {
    line: usize,
    days: i32,
}

/// The closing costs of a product at one lock: what all its rows share.
#[derive(Debug)]
pub(crate) struct FeeSheet {
    catalogue: Arc<Catalogue>,
    lines: Vec<Line>,
    /// Where discount points stand.
    points: usize,
    interest: Vec<InterestLine>,
    /// Finance charges that are the same at every rate.
    counted: Cents,
    /// What points are a percentage of.
    loan: Cents,
    /// What interest is of.
    principal: Cents,
}

/// What a sheet of closing costs is made from.
pub(crate) struct FeeScene<'a> {
    pub(crate) catalogue: &'a Arc<Catalogue>,
    /// Places of the charges that are for the product, by section and position.
    pub(crate) selected: &'a Indices,
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) monthly: Monthly,
    pub(crate) principal: Cents,
    pub(crate) upfront: Option<UpfrontCost>,
}

impl FeeSheet {
    pub(crate) fn of(
        scene: &FeeScene<'_>,
        counting: &mut Counting<'_>,
    ) -> Result<Self, EngineError> {
        let mut sheet = Self {
            catalogue: Arc::clone(scene.catalogue),
            lines: Vec::with_capacity(16),
            points: 0,
            interest: Vec::new(),
            counted: Cents::ZERO,
            loan: scene.facts.scenario.loan_amount,
            principal: scene.principal,
        };
        // After the lender's own charges of a section: points in A, the programme's charge in B.
        let fees = scene.selected.iter();
        let fees = fees.filter_map(|index| Some((index, scene.catalogue.fees.get(index)?)));
        let mut fees = fees.peekable();
        let mut up_to = |section: LeSection, sheet: &mut Self, counting: &mut Counting<'_>| {
            while let Some(fee) = fees.next_if(|(_, fee)| fee.section <= section) {
                sheet.charge(fee, scene, counting)?;
            }
            Ok(())
        };
        up_to(LeSection::A, &mut sheet, counting)?;
        sheet.points = sheet.lines.len();
        sheet.lines.push(Line {
            source: Source::Points,
            section: LeSection::A,
            counts: counting.points,
            amount: Cents::ZERO,
        });
        up_to(LeSection::B, &mut sheet, counting)?;
        if let Some(cost) = scene.upfront {
            let counts = counting.upfront(&cost);
            if counts {
                sheet.count(cost.amount)?;
            }
            sheet.lines.push(Line {
                source: Source::Programme(cost),
                section: LeSection::B,
                counts,
                amount: cost.amount,
            });
        }
        for fee in fees {
            sheet.charge(fee, scene, counting)?;
        }
        Ok(sheet)
    }

    fn charge(
        &mut self,
        (index, fee): (usize, &Fee),
        scene: &FeeScene<'_>,
        counting: &mut Counting<'_>,
    ) -> Result<(), EngineError> {
        let scenario = scene.facts.scenario;
        if !in_force(&fee.days, scenario.day) || !fee.when.holds(scene.facts) {
            return Ok(());
        }
        let mut line = Line {
            source: Source::Catalogue(index),
            section: fee.section,
            counts: counting.fee(index, fee),
            amount: Cents::ZERO,
        };
        match fee_amount(fee, scenario, &scene.monthly)? {
            FeeSum::NotCharged => return Ok(()),
            FeeSum::Fixed(amount) => {
                line.amount = amount;
                if line.counts {
                    self.count(amount)?;
                }
            }
            FeeSum::InterestDays(days) => self.interest.push(InterestLine {
                line: self.lines.len(),
                days: i32::try_from(days).map_err(|_| EngineError::too_large("days"))?,
            }),
        }
        self.lines.push(line);
        Ok(())
    }

    fn count(&mut self, amount: Cents) -> Result<(), EngineError> {
        self.counted = add(self.counted, amount)?;
        Ok(())
    }

    /// A row's closing costs, and the sum of those that are finance charges.
    pub(crate) fn row(
        self: &Arc<Self>,
        note_rate: Pct,
        points: Pct,
    ) -> Result<(Fees, Cents), EngineError> {
        let mut amounts: Box<[Cents]> = self.lines.iter().map(|line| line.amount).collect();
        let mut counted = self.counted;
        let has_points = points > Pct::ZERO;
        if has_points {
            let amount = percent_of(self.loan, points)?;
            counted = self.put(&mut amounts, self.points, amount, counted)?;
        }
        for interest in &self.interest {
            let basis = PREPAID_DAY_BASIS;
            let found = prepaid_interest(self.principal, note_rate, interest.days, basis)?.total;
            let amount = self.bounded(interest.line, found);
            counted = self.put(&mut amounts, interest.line, amount, counted)?;
        }
        let fees = Fees {
            sheet: Arc::clone(self),
            amounts,
            has_points,
        };
        Ok((fees, counted))
    }

    fn bounded(&self, line: usize, amount: Cents) -> Cents {
        match self.lines.get(line).map(|line| line.source) {
            Some(Source::Catalogue(index)) => match self.catalogue.fees.get(index) {
                Some(fee) => bounded(fee, amount),
                None => amount,
            },
            Some(Source::Points | Source::Programme(_)) | None => amount,
        }
    }

    fn put(
        &self,
        amounts: &mut [Cents],
        line: usize,
        amount: Cents,
        counted: Cents,
    ) -> Result<Cents, EngineError> {
        if let Some(place) = amounts.get_mut(line) {
            *place = amount;
        }
        if self.lines.get(line).is_some_and(|line| line.counts) {
            return add(counted, amount);
        }
        Ok(counted)
    }
}

fn add(sum: Cents, amount: Cents) -> Result<Cents, EngineError> {
    sum.checked_add(amount)
        .ok_or(EngineError::too_large("fees"))
}

/// The closing costs of one row, by section and position. Names and kinds are shared by all rows of a
/// product; only the amounts are the row's own.
#[derive(Clone)]
pub struct Fees {
    sheet: Arc<FeeSheet>,
    amounts: Box<[Cents]>,
    has_points: bool,
}

/// A closing cost of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotedFee<'a> {
    /// Name shown to people.
    pub name: &'a str,
    /// How much.
    pub amount: Cents,
    /// MISMO fee or prepaid item type.
    pub mismo_type: &'a str,
    /// Description when the type is `Other`.
    pub mismo_type_other: Option<&'a str>,
    /// Section of the Loan Estimate.
    pub section: LeSection,
    /// Whether it is a prepaid finance charge.
    pub is_finance_charge: bool,
}

impl Fees {
    /// The closing costs in order.
    pub fn iter(&self) -> impl Iterator<Item = QuotedFee<'_>> {
        let lines = self.sheet.lines.iter().zip(&self.amounts);
        lines.filter_map(|(line, amount)| {
            let (name, mismo_type, mismo_type_other) = match &line.source {
                Source::Catalogue(index) => {
                    let fee = self.sheet.catalogue.fees.get(*index)?;
                    let other = fee.mismo_type_other.as_deref();
                    (fee.name.as_str(), fee.mismo_type.as_str(), other)
                }
                Source::Points if !self.has_points => return None,
                Source::Points => (POINTS_NAME, POINTS_TYPE, None),
                Source::Programme(cost) => (cost.name, cost.mismo_type, None),
            };
            Some(QuotedFee {
                name,
                amount: *amount,
                mismo_type,
                mismo_type_other,
                section: line.section,
                is_finance_charge: line.counts,
            })
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.amounts.len() - usize::from(!self.has_points)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them together; none beyond what can be held.
    #[must_use]
    pub fn total(&self) -> Option<Cents> {
        Cents::try_sum(self.iter().map(|fee| fee.amount)).ok()
    }
}

impl fmt::Debug for Fees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Fees {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Fees {}
