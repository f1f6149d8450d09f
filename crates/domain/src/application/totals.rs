//! Figures and words derived from an application, as pipeline lists and pricing use them.

use lintel_engine::money::Cents;

use super::Application;
use super::borrower::Borrower;
use super::employment::{Employment, EmploymentRef, EmploymentTime, IncomeItem, IncomeKind};
use super::property::Usage;
use super::terms::{LoanPurpose, Program, RefinanceKind};
use crate::loan;

impl Application {
    /// Income of all borrowers a month: every income item, and what self-employed borrowers state
    /// with a business they still have (one without a status counts as such). `None` when the sum
    /// is beyond the money type's range.
    ///
    /// Some senders write a business's income twice, with the business and as an item of
    /// self-employment income. The rule that recognises it is ours: the business's amount is left
    /// out when such an item of the same borrower is linked to it, and when such an item is linked
    /// to nothing, has the same amount, and the borrower has no other present business. Unequal
    /// amounts or several businesses are no evidence that one income was meant, so both count.
    #[must_use]
    pub fn total_monthly_income_cents(&self) -> Option<Cents> {
        let items = self.borrowers.iter().flat_map(|b| &b.incomes);
        let items = items.filter_map(|income| income.monthly_cents);
        let businesses = self
            .borrowers
            .iter()
            .enumerate()
            .flat_map(|(borrower, who)| {
                who.employments
                    .iter()
                    .enumerate()
                    .filter_map(move |(employment, job)| {
                        self.business_income(
                            EmploymentRef {
                                borrower,
                                employment,
                            },
                            job,
                        )
                    })
            });
        Cents::try_sum(items.chain(businesses)).ok()
    }

    fn business_income(&self, place: EmploymentRef, job: &Employment) -> Option<Cents> {
        let amount = job
            .monthly_income_cents
            .filter(|_| is_present_business(job))?;
        let who = self.borrowers.get(place.borrower)?;
        let businesses = who
            .employments
            .iter()
            .filter(|job| is_present_business(job));
        let is_only_business = businesses.count() == 1;
        let repeats = |income: &IncomeItem| match income.employment {
            Some(linked) => linked == place,
            None => is_only_business && income.monthly_cents == Some(amount),
        };
        let mut profits = who.incomes.iter().filter(|income| {
            matches!(
                income.kind,
                Some(IncomeKind::SelfEmployment | IncomeKind::SelfEmploymentLoss)
            )
        });
        (!profits.any(repeats)).then_some(amount)
    }

    /// Unpaid balances of the liabilities that are not excluded; those paid off at closing count,
    /// because the figure describes the borrowers before it. `None` when the sum is beyond the
    /// money type's range.
    #[must_use]
    pub fn total_liabilities_cents(&self) -> Option<Cents> {
        let counted = self
            .liabilities
            .iter()
            .filter(|debt| debt.is_excluded != Some(true));
        Cents::try_sum(counted.filter_map(|debt| debt.balance_cents)).ok()
    }

    /// Index of the primary borrower: the one marked so when exactly one is, else the first. The
    /// rule is ours; underwriting documents as a rule mark nobody. `None` without borrowers.
    #[must_use]
    pub fn primary_borrower_index(&self) -> Option<usize> {
        let mut marked = self
            .borrowers
            .iter()
            .enumerate()
            .filter(|(_, who)| who.is_marked_primary);
        match (marked.next(), marked.next()) {
            (Some((index, _)), None) => Some(index),
            (Some(_), Some(_)) | (None, _) => (!self.borrowers.is_empty()).then_some(0),
        }
    }

    /// The primary borrower, see [`Application::primary_borrower_index`].
    #[must_use]
    pub fn primary_borrower(&self) -> Option<&Borrower> {
        self.borrowers.get(self.primary_borrower_index()?)
    }

    /// Price of the property: on a purchase the sales price, else the value; on a refinance the
    /// value.
    #[must_use]
    pub fn home_price(&self) -> Option<Cents> {
        match self.loan.purpose {
            LoanPurpose::Purchase => self.property.sales_price_cents.or(self.property.value()),
            LoanPurpose::Refinance => self.property.value(),
        }
    }

    /// Price less the amount before financed premiums. `None` on a refinance, without a price, and
    /// when the loan is above the price.
    #[must_use]
    pub fn down_payment(&self) -> Option<Cents> {
        match self.loan.purpose {
            LoanPurpose::Purchase => self
                .home_price()?
                .checked_sub(self.loan.amount_cents)
                .filter(|rest| !rest.is_negative()),
            LoanPurpose::Refinance => None,
        }
    }

    /// Amount with the financed premium or fee; `None` when beyond the money type's range.
    #[must_use]
    pub fn total_loan_amount(&self) -> Option<Cents> {
        self.loan
            .amount_cents
            .checked_add(self.loan.financed_mi_or_fee_cents.unwrap_or(Cents::new(0)))
    }

    /// Months until the loan is repaid: the stated maturity, else the amortization.
    #[must_use]
    pub fn term_months(&self) -> Option<u32> {
        self.loan.maturity_months.or(self.loan.amortization_months)
    }

    /// Purpose as the pipeline lists it. A refinance of unknown or limited kind is a plain one.
    #[must_use]
    pub fn purpose(&self) -> loan::Purpose {
        let kind = self
            .loan
            .refinance
            .as_ref()
            .and_then(|refinance| refinance.kind.as_ref());
        match (self.loan.purpose, kind) {
            (LoanPurpose::Purchase, _) => loan::Purpose::Purchase,
            (LoanPurpose::Refinance, Some(RefinanceKind::CashOut)) => {
                loan::Purpose::RefinanceCashOut
            }
            (
                LoanPurpose::Refinance,
                Some(
                    RefinanceKind::LimitedCashOut
                    | RefinanceKind::NoCashOut
                    | RefinanceKind::Other(_),
                )
                | None,
            ) => loan::Purpose::Refinance,
        }
    }

    /// Programme as the pipeline lists it.
    #[must_use]
    pub fn program(&self) -> loan::Program {
        match self.loan.program {
            Program::Conventional => loan::Program::Conventional,
            Program::Fha => loan::Program::Fha,
            Program::Va => loan::Program::Va,
            Program::Usda => loan::Program::Usda,
            Program::Other(_) => loan::Program::Other,
        }
    }

    /// Occupancy as the pipeline lists it; `None` when unknown or outside its list.
    #[must_use]
    pub fn occupancy(&self) -> Option<loan::Occupancy> {
        match self.property.usage.as_ref()? {
            Usage::PrimaryResidence => Some(loan::Occupancy::PrimaryResidence),
            Usage::SecondHome => Some(loan::Occupancy::SecondHome),
            Usage::Investment => Some(loan::Occupancy::Investor),
            Usage::Other(_) => None,
        }
    }
}

/// Whether an employment is a business of the borrower's own that was not given up.
fn is_present_business(job: &Employment) -> bool {
    job.is_self_employed == Some(true) && job.time != Some(EmploymentTime::Previous)
}

#[cfg(test)]
mod tests;
