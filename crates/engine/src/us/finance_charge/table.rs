//! The classification of a charge by its type, the section it is shown in, and the facts known.

use super::PaidBy;
use super::fact::{Fact, Facts};
use super::rule::{Class, Rule, Verdict};
use crate::us::points_and_fees::PointsKind;

/// Sections of the Loan Estimate and Closing Disclosure that list charges, 12 CFR 1026.37(f), (g).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Origination charges.
    A,
    /// Services the borrower cannot shop for.
    B,
    /// Services the borrower can shop for.
    C,
    /// Taxes and other government fees.
    E,
    /// Prepaids.
    F,
    /// Initial escrow payment at closing.
    G,
    /// Other costs.
    H,
}

/// A row of the table: how a type of charge is treated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// MISMO type of the fee or prepaid item.
    pub fee_type: String,
    /// Only in this section; none for every section without a row of its own.
    pub section: Option<Section>,
    /// The rule it follows: an index into [`Table::rules`]. A number beyond the list needs a fact.
    pub rule: usize,
    /// How it counts in points and fees, a base of its own (1026.32(b)(1)).
    pub points_and_fees: PointsKind,
}

/// The table: rules, and which type follows which.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The rules rows refer to.
    pub rules: Vec<Rule>,
    /// The rows. A row with a section goes before one without.
    pub rows: Vec<Row>,
}

impl Table {
    /// The row of a type in a section: its own row first, then the type's general row.
    #[must_use]
    pub fn row(&self, fee_type: &str, section: Section) -> Option<&Row> {
        let of_type = || self.rows.iter().filter(|row| row.fee_type == fee_type);
        of_type()
            .find(|row| row.section == Some(section))
            .or_else(|| of_type().find(|row| row.section.is_none()))
    }

    /// How a charge of the consumer counts in points and fees, 1026.32(b)(1)(i): its type's own kind,
    /// save that what the facts make an item of the finance charge counts as one, and what they take
    /// out of it does not. None for a type the table does not know.
    #[must_use]
    pub fn points_kind(
        &self,
        fee_type: &str,
        section: Section,
        facts: &Facts,
    ) -> Option<PointsKind> {
        let kind = self.row(fee_type, section)?.points_and_fees;
        let counts = self
            .classify(fee_type, section, PaidBy::Consumer, facts)
            .counts();
        Some(match (kind, counts) {
            (PointsKind::Never, true) => PointsKind::FinanceCharge,
            (PointsKind::FinanceCharge, false) => PointsKind::Never,
            (kind, _) => kind,
        })
    }

    /// How a charge is treated. What the seller or the creditor pays is none of the consumer's
    /// finance charge, whatever its type. A type without a row needs a fact: it counts until
    /// somebody says what it is for.
    #[must_use]
    pub fn classify(
        &self,
        fee_type: &str,
        section: Section,
        paid_by: PaidBy,
        facts: &Facts,
    ) -> Verdict<'_> {
        match paid_by {
            PaidBy::Consumer => {}
            PaidBy::Seller => {
                return Verdict::plain(Class::Excluded, "the seller pays it", "1026.4(c)(5)");
            }
            PaidBy::Creditor => {
                return Verdict::plain(
                    Class::Excluded,
                    "the creditor pays it from its own funds",
                    "1026.4(a)",
                );
            }
        }
        let rule = self
            .row(fee_type, section)
            .and_then(|row| self.rules.get(row.rule));
        match rule {
            Some(rule) => rule.judge(facts),
            None => Verdict {
                missing: vec![Fact::ConditionOfCredit],
                ..Verdict::plain(
                    Class::NeedsFact,
                    "the table does not know this type; it counts until its purpose is known",
                    "1026.4(a)",
                )
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::us::finance_charge::rule::{Condition, WayOut};

    fn table() -> Table {
        let rule = |name: &str, ways_out| Rule {
            name: name.to_owned(),
            ways_out,
            reason: format!("counts: {name}"),
            excluded_reason: format!("out: {name}"),
            paragraph: "1026.4(a)".to_owned(),
        };
        let row = |fee_type: &str, section, rule| Row {
            fee_type: fee_type.to_owned(),
            section,
            rule,
            points_and_fees: PointsKind::FinanceCharge,
        };
        let settlement = WayOut {
            conditions: vec![
                Condition::parse("!creditor_requires_service").unwrap(),
                Condition::parse("!creditor_retains_part").unwrap(),
            ],
        };
        let lump = WayOut {
            conditions: vec![Condition::parse("mainly_for_excluded_services").unwrap()],
        };
        Table {
            rules: vec![
                rule("lender", Vec::new()),
                rule("third", vec![settlement, lump]),
            ],
            rows: vec![
                row("CourierFee", None, 1),
                row("CourierFee", Some(Section::A), 0),
                row("UnderwritingFee", None, 0),
                row("Broken", None, 99),
            ],
        }
    }

    #[test]
    fn a_section_of_its_own_goes_first() {
        let table = table();
        let class = |fee_type: &str, section| {
            table
                .classify(fee_type, section, PaidBy::Consumer, &Facts::default())
                .class
        };
        assert_eq!(class("CourierFee", Section::A), Class::Included);
        assert_eq!(class("CourierFee", Section::C), Class::NeedsFact);
        assert_eq!(class("Unheard", Section::C), Class::NeedsFact);
        assert_eq!(class("Broken", Section::C), Class::NeedsFact);
    }

    #[test]
    fn the_seller_and_the_creditor_pay_no_finance_charge() {
        let table = table();
        for paid_by in [PaidBy::Seller, PaidBy::Creditor] {
            let verdict = table.classify("UnderwritingFee", Section::A, paid_by, &Facts::default());
            assert_eq!(verdict.class, Class::Excluded);
        }
    }
}
