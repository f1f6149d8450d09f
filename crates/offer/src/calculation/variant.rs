//! One variant of the loan: rates, instalments, sums and every month.

use lintel_domain::application::codec::{cents, cents_opt, pct, pct_opt};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::{Deserialize, Serialize};

use super::Cost;

/// The loan with the bundled products, or without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// The bundled products are held.
    pub cross_selling: bool,
    /// Rate at the contract (TAN), percent.
    #[serde(with = "pct")]
    pub tan: Pct,
    /// Points over the index, unless the rate is fixed.
    #[serde(with = "pct_opt", default)]
    pub spread: Option<Pct>,
    /// TAN of the variable phase at today's index, unless the rate is fixed.
    #[serde(with = "pct_opt", default)]
    pub variable_tan: Option<Pct>,
    /// Effective yearly rate (TAEG), percent with nine decimals; shown with one.
    #[serde(with = "pct")]
    pub taeg: Pct,
    /// Utilisation, fixed phase, variable phase, in the order of the months; at least one. The table and
    /// the sums follow the rates of these phases: for a mixed rate that assumed by the TAEG.
    pub phases: Vec<Phase>,
    /// Instalments.
    pub instalments: Instalments,
    /// Sums.
    pub totals: Totals,
    /// The illustrative TAEG of article 17(6); none for a fixed rate.
    pub illustrative: Option<Illustrative>,
    /// Costs that count in the TAEG, stamp duty on the credit included, each with its sum over the term.
    pub costs: Vec<Cost>,
    /// Paid on the day of the contract: stamp duty on the credit and charges. Month zero of the table.
    #[serde(with = "cents")]
    pub upfront: Cents,
    /// Every month, from 1.
    pub months: Vec<Month>,
}

/// What a stretch of months is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseKind {
    /// Only interest is paid.
    Utilisation,
    /// Capital and interest at a fixed rate.
    Fixed,
    /// Capital and interest at index plus spread.
    Variable,
}

/// A stretch of months with one rate and one instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// What it is.
    pub kind: PhaseKind,
    /// First month, from 1.
    pub first_month: u32,
    /// Last month, itself included.
    pub last_month: u32,
    /// TAN of these months as the table assumes it, percent.
    #[serde(with = "pct")]
    pub tan: Pct,
    /// The rate of these months follows the index: they are reset with it.
    pub indexed: bool,
    /// The first instalment, capital and interest.
    #[serde(with = "cents")]
    pub instalment: Cents,
}

impl Phase {
    /// The table assumes a higher rate here than index and spread come to: that of the fixed period
    /// before (Directive 2014/17/EU, annex I part II (e)).
    #[must_use]
    pub fn is_assumed(&self, of: &Variant) -> bool {
        self.indexed && of.variable_tan.is_some_and(|own| own < self.tan)
    }
}

/// Instalments of capital and interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalments {
    /// The highest of the utilisation period.
    #[serde(with = "cents_opt", default)]
    pub utilisation: Option<Cents>,
    /// The first of capital and interest: *the* instalment.
    #[serde(with = "cents")]
    pub first: Cents,
    /// The first of a mixed rate's variable phase at today's index.
    #[serde(with = "cents_opt", default)]
    pub variable: Option<Cents>,
    /// The highest before the last.
    #[serde(with = "cents")]
    pub highest: Cents,
    /// The last, which clears.
    #[serde(with = "cents")]
    pub last: Cents,
}

/// Sums over the whole term. `mtic` is the upfront costs and all months together, to the cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Total amount payable (MTIC).
    #[serde(with = "cents")]
    pub mtic: Cents,
    /// Total cost of the credit: `mtic` less the amount of credit.
    #[serde(with = "cents")]
    pub total_cost: Cents,
    /// Interest.
    #[serde(with = "cents")]
    pub interest: Cents,
    /// Stamp duty on the use of credit.
    #[serde(with = "cents")]
    pub credit_duty: Cents,
    /// Stamp duty on interest.
    #[serde(with = "cents")]
    pub interest_duty: Cents,
    /// Charges and premiums that count, with their duty.
    #[serde(with = "cents")]
    pub charges: Cents,
    /// Of `charges`, stamp duty on fees.
    #[serde(with = "cents")]
    pub fee_duty: Cents,
    /// Of `charges`, premiums of insurances.
    #[serde(with = "cents")]
    pub premiums: Cents,
}

/// If the index rose to its highest of twenty years at the first change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Illustrative {
    /// The effective yearly rate then, percent.
    #[serde(with = "pct")]
    pub taeg: Pct,
    /// TAN after the rise, percent.
    #[serde(with = "pct")]
    pub tan: Pct,
    /// The highest instalment before the last.
    #[serde(with = "cents")]
    pub highest_instalment: Cents,
}

/// A month of the repayment table. Stored as `[interest, capital, other costs, remaining]` in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[i64; 4]", into = "[i64; 4]")]
pub struct Month {
    /// Interest.
    pub interest: Cents,
    /// Capital repaid.
    pub capital: Cents,
    /// Insurances, fees and duties paid with the instalment.
    pub other_costs: Cents,
    /// Capital owed afterwards.
    pub remaining: Cents,
}

impl From<[i64; 4]> for Month {
    fn from([interest, capital, other_costs, remaining]: [i64; 4]) -> Self {
        Self {
            interest: Cents::new(interest),
            capital: Cents::new(capital),
            other_costs: Cents::new(other_costs),
            remaining: Cents::new(remaining),
        }
    }
}

impl From<Month> for [i64; 4] {
    fn from(month: Month) -> Self {
        [
            month.interest,
            month.capital,
            month.other_costs,
            month.remaining,
        ]
        .map(Cents::get)
    }
}

impl Month {
    /// The instalment: interest and capital.
    #[must_use]
    pub fn instalment(&self) -> Cents {
        Cents::new(self.interest.get().saturating_add(self.capital.get()))
    }

    /// Paid in all: the instalment and the other costs.
    #[must_use]
    pub fn payment(&self) -> Cents {
        Cents::new(
            self.instalment()
                .get()
                .saturating_add(self.other_costs.get()),
        )
    }
}

/// What a line of the shorter table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablePeriod {
    /// The day of the contract.
    Contract,
    /// A month of the first year, from 1.
    Month(u32),
    /// A later year, from 2.
    Year(u32),
    /// The whole loan: its payment is the MTIC.
    Total,
}

/// A line of the shorter table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableLine {
    /// What it stands for.
    pub period: TablePeriod,
    /// Paid in all.
    pub payment: Cents,
    /// Interest.
    pub interest: Cents,
    /// Capital.
    pub capital: Cents,
    /// Other costs.
    pub other_costs: Cents,
    /// Capital owed afterwards.
    pub remaining: Cents,
}

impl Variant {
    /// The table of the information sheet: the contract, each month of the first year, yearly sums, the
    /// total (Directive 2014/17/EU, annex II part B section 7).
    #[must_use]
    pub fn table(&self, amount: Cents) -> Vec<TableLine> {
        let mut lines = vec![TableLine {
            period: TablePeriod::Contract,
            payment: self.upfront,
            interest: Cents::ZERO,
            capital: Cents::ZERO,
            other_costs: self.upfront,
            remaining: amount,
        }];
        let (first, later) = self.months.split_at(self.months.len().min(12));
        for (number, month) in (1..).zip(first) {
            lines.push(line(
                TablePeriod::Month(number),
                std::slice::from_ref(month),
            ));
        }
        for (number, year) in (2..).zip(later.chunks(12)) {
            lines.push(line(TablePeriod::Year(number), year));
        }
        let months = line(TablePeriod::Total, &self.months);
        let add = |sum: Cents| Cents::new(sum.get().saturating_add(self.upfront.get()));
        lines.push(TableLine {
            payment: add(months.payment),
            other_costs: add(months.other_costs),
            ..months
        });
        lines
    }

    /// The TAEG as papers show it: half up to one decimal.
    #[must_use]
    pub fn taeg_shown(&self) -> Pct {
        lintel_engine::aprc::disclosed(self.taeg, 1)
    }
}

/// The sum of a stretch of months. Sums of stored months stay far within the bound of an i64.
fn line(period: TablePeriod, part: &[Month]) -> TableLine {
    let sum = |amount: fn(&Month) -> Cents| {
        let total = part
            .iter()
            .fold(0_i64, |sum, month| sum.saturating_add(amount(month).get()));
        Cents::new(total)
    };
    TableLine {
        period,
        payment: sum(Month::payment),
        interest: sum(|month| month.interest),
        capital: sum(|month| month.capital),
        other_costs: sum(|month| month.other_costs),
        remaining: part.last().map_or(Cents::ZERO, |month| month.remaining),
    }
}
