//! Words of closing costs: the sections they are shown in, and which of them are finance charges.

use lintel_engine::us::finance_charge::{Facts, PaidBy, Section, Table};

use crate::words::words;

words! {
    /// Sections of the Loan Estimate a charge is shown in (12 CFR 1026.37(f) and (g)).
    LeSection {
        /// Origination charges.
        A = "A",
        /// Services the borrower cannot shop for.
        B = "B",
        /// Services the borrower can shop for.
        C = "C",
        /// Taxes and other government fees.
        E = "E",
        /// Prepaids.
        F = "F",
        /// Initial escrow payment at closing.
        G = "G",
        /// Other costs.
        H = "H",
    }
}

words! {
    /// What a template says about its charge being a finance charge.
    FinanceChargeRule {
        /// Decided by the type and section table.
        ByType = "by_type",
        /// It is one, whatever the table says; the lender keeps the reason.
        Included = "included",
        /// It is not one, whatever the table says; the lender keeps the reason.
        Excluded = "excluded",
    }
}

/// The engine's section of a charge.
#[must_use]
pub const fn engine_section(section: LeSection) -> Section {
    match section {
        LeSection::A => Section::A,
        LeSection::B => Section::B,
        LeSection::C => Section::C,
        LeSection::E => Section::E,
        LeSection::F => Section::F,
        LeSection::G => Section::G,
        LeSection::H => Section::H,
    }
}

/// Whether a charge the consumer pays is a finance charge: by the template's own word, otherwise
/// by the table. No facts are known of a charge that is only quoted, so one that depends on a fact
/// counts.
#[must_use]
pub fn is_finance_charge(
    table: &Table,
    rule: FinanceChargeRule,
    mismo_type: &str,
    section: LeSection,
) -> bool {
    match rule {
        FinanceChargeRule::Included => true,
        FinanceChargeRule::Excluded => false,
        FinanceChargeRule::ByType => table
            .classify(
                mismo_type,
                engine_section(section),
                PaidBy::Consumer,
                &Facts::default(),
            )
            .counts(),
    }
}
