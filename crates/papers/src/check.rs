//! Contexts are looked at before anything is laid out: sizes, what must not be empty, months in order.

use crate::context::{
    Cost, Fine, Intermediary, Lender, Loan, MAX_ENTRIES, MAX_ROWS, MAX_TEXT, Obligation,
    ProposalLetter, Variant,
};
use crate::error::PaperError;

/// How many bytes all texts of a paper may have together.
const MAX_TEXTS: usize = 600_000;

/// Counts what a paper is made of, and refuses what is too much.
#[derive(Default)]
struct Count {
    bytes: usize,
}

impl Count {
    fn text(&mut self, what: &'static str, text: &str) -> Result<(), PaperError> {
        self.bytes = self.bytes.saturating_add(text.len());
        if text.len() > MAX_TEXT || self.bytes > MAX_TEXTS {
            return Err(PaperError::TooLong { what });
        }
        Ok(())
    }

    fn needed(&mut self, what: &'static str, text: &str) -> Result<(), PaperError> {
        if text.trim().is_empty() {
            return Err(PaperError::Missing { what });
        }
        self.text(what, text)
    }

    fn texts<T: AsRef<str>>(&mut self, what: &'static str, texts: &[T]) -> Result<(), PaperError> {
        entries(what, texts.len())?;
        texts
            .iter()
            .try_for_each(|text| self.text(what, text.as_ref()))
    }

    fn lender(&mut self, lender: &Lender) -> Result<(), PaperError> {
        self.needed("lender.name", &lender.name)?;
        self.text("lender.address", &lender.address)?;
        self.text("lender.phone", &lender.phone)?;
        self.text("lender.email", &lender.email)?;
        self.text("lender.website", &lender.website)?;
        self.text("lender.registration", &lender.registration)
    }

    fn intermediary(&mut self, intermediary: &Intermediary) -> Result<(), PaperError> {
        self.needed("intermediary.name", &intermediary.name)?;
        self.text("intermediary.category", &intermediary.category)?;
        self.text("intermediary.registration", &intermediary.registration)?;
        self.text("intermediary.address", &intermediary.address)?;
        self.text("intermediary.phone", &intermediary.phone)?;
        self.text("intermediary.email", &intermediary.email)
    }

    fn loan(&mut self, loan: &Loan) -> Result<(), PaperError> {
        self.text("loan.product", &loan.product)?;
        self.text("loan.purpose", &loan.purpose)?;
        self.text("loan.security", &loan.security)?;
        if !loan.amount.is_positive() {
            return Err(PaperError::Figures {
                what: "loan.amount",
            });
        }
        Ok(())
    }

    fn costs(&mut self, what: &'static str, costs: &[Cost]) -> Result<(), PaperError> {
        entries(what, costs.len())?;
        costs.iter().try_for_each(|cost| {
            self.text(what, &cost.name)?;
            self.text(what, &cost.detail)
        })
    }

    fn variant(&mut self, variant: &Variant) -> Result<(), PaperError> {
        self.costs("variant.one_off", &variant.one_off)?;
        self.costs("variant.recurring", &variant.recurring)?;
        if variant.phases.is_empty() {
            return Err(PaperError::Missing {
                what: "variant.phases",
            });
        }
        entries("variant.phases", variant.phases.len())?;
        for phase in &variant.phases {
            if let crate::PhaseRate::Variable { index, .. } = &phase.rate {
                self.text("phase.index", &index.name)?;
            }
            if phase.first_month > phase.last_month {
                return Err(PaperError::Figures {
                    what: "variant.phases",
                });
            }
        }
        if variant.rows.len() > MAX_ROWS {
            return Err(PaperError::TooMany {
                what: "variant.rows",
            });
        }
        let ordered = variant
            .rows
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.month.checked_add(1) == Some(b.month)));
        let begins = variant.rows.first().is_none_or(|row| row.month <= 1);
        if !ordered || !begins {
            return Err(PaperError::Figures {
                what: "variant.rows",
            });
        }
        Ok(())
    }

    fn obligation(&mut self, obligation: &Obligation) -> Result<(), PaperError> {
        self.text("obligations", &obligation.name)?;
        self.text("obligations", &obligation.detail)
    }
}

fn entries(what: &'static str, count: usize) -> Result<(), PaperError> {
    if count > MAX_ENTRIES {
        return Err(PaperError::TooMany { what });
    }
    Ok(())
}

/// Looks at the context of an information sheet.
pub(crate) fn fine(fine: &Fine) -> Result<(), PaperError> {
    let mut count = Count::default();
    count.needed("number", &fine.number)?;
    count.lender(&fine.lender)?;
    if let Some(intermediary) = &fine.intermediary {
        count.intermediary(intermediary)?;
    }
    count.texts("borrowers", &fine.borrowers)?;
    count.loan(&fine.loan)?;
    for variant in std::iter::once(&fine.chosen).chain(&fine.other) {
        count.variant(variant)?;
        if variant.rows.is_empty() {
            return Err(PaperError::Missing {
                what: "variant.rows",
            });
        }
    }
    count.costs("outside_taeg", &fine.outside_taeg)?;
    entries("obligations", fine.obligations.len())?;
    for obligation in &fine.obligations {
        count.obligation(obligation)?;
    }
    count.texts("flexible_features", &fine.flexible_features)?;
    count.texts("dispute_bodies", &fine.dispute_bodies)?;
    count.texts("additional", &fine.additional)
}

/// Looks at the context of a letter of approval.
pub(crate) fn letter(letter: &ProposalLetter) -> Result<(), PaperError> {
    let mut count = Count::default();
    count.needed("number", &letter.number)?;
    count.text("process_number", &letter.process_number)?;
    count.lender(&letter.lender)?;
    if let Some(intermediary) = &letter.intermediary {
        count.intermediary(intermediary)?;
    }
    entries("borrowers", letter.borrowers.len())?;
    if letter.borrowers.is_empty() {
        return Err(PaperError::Missing { what: "borrowers" });
    }
    for borrower in &letter.borrowers {
        count.needed("borrowers", &borrower.name)?;
        count.text("borrowers", &borrower.nif)?;
    }
    count.text("property", &letter.property)?;
    count.loan(&letter.loan)?;
    count.variant(&letter.terms)?;
    count.texts("conditions", &letter.conditions)
}
