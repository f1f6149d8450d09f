//! Which charges of a home loan count in the TAEG, and which bear stamp duty as fees.
//!
//! Source: DL 74-A/2017, article 4(1)(e) (total cost of credit) and article 15; Directive 2014/17/EU,
//! article 4(13). Interest, commissions, taxes and ancillary services required for the credit or for
//! the terms offered are in; notary and transfer costs and taxes on the purchase are out. The list of
//! charges is a table; this is the rule.

use super::stamp_duty::StampDutyRates;
use crate::error::{EngineError, Problem};
use crate::money::Cents;

/// How a kind of charge stands to the TAEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaegTreatment {
    /// A cost of the credit.
    Included,
    /// A cost of the credit when the service is required, for the credit or for the terms offered.
    IncludedWhenRequired,
    /// Never: it belongs to the purchase or to a breach of contract.
    Excluded,
}

impl TaegTreatment {
    /// Reads `included`, `included_when_required` or `excluded`.
    ///
    /// # Errors
    /// Field `taeg` when the text is none of them.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        match text {
            "included" => Ok(Self::Included),
            "included_when_required" => Ok(Self::IncludedWhenRequired),
            "excluded" => Ok(Self::Excluded),
            _ => Err(EngineError::new("taeg", Problem::UnknownName)),
        }
    }
}

/// A kind of charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostRule {
    /// Name used in inputs.
    pub code: String,
    /// Portuguese name, as the information sheet prints it.
    pub name_pt: String,
    /// English name.
    pub name_en: String,
    /// How it stands to the TAEG.
    pub taeg: TaegTreatment,
    /// It is a fee of the lender and bears stamp duty on fees.
    pub fee_duty: bool,
}

/// The kinds of charges of one edition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CostTable {
    /// The kinds.
    pub rules: Vec<CostRule>,
}

impl CostTable {
    /// The kind of a code.
    ///
    /// # Errors
    /// Field `code` when the table has no such kind.
    pub fn rule(&self, code: &str) -> Result<&CostRule, EngineError> {
        self.rules
            .iter()
            .find(|rule| rule.code == code)
            .ok_or(EngineError::new("code", Problem::UnknownName))
    }
}

/// When a charge is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// On the day of the contract.
    Upfront,
    /// With each instalment.
    Monthly,
    /// In advance: on the day of the contract and each anniversary before maturity.
    Yearly,
}

impl Timing {
    /// Reads `upfront`, `monthly` or `yearly`.
    ///
    /// # Errors
    /// Field `timing` when the text is none of them.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        match text {
            "upfront" => Ok(Self::Upfront),
            "monthly" => Ok(Self::Monthly),
            "yearly" => Ok(Self::Yearly),
            _ => Err(EngineError::new("timing", Problem::UnknownName)),
        }
    }
}

/// Why the borrower pays a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Requirement {
    /// There is no credit without it.
    Credit,
    /// The bundled terms need it; paid only in the variant with the products.
    Bundle,
    /// The borrower's own wish.
    Voluntary,
}

impl Requirement {
    /// Reads `credit`, `bundle` or `voluntary`.
    ///
    /// # Errors
    /// Field `required_for` when the text is none of them.
    pub fn parse(text: &str) -> Result<Self, EngineError> {
        match text {
            "credit" => Ok(Self::Credit),
            "bundle" => Ok(Self::Bundle),
            "voluntary" => Ok(Self::Voluntary),
            _ => Err(EngineError::new("required_for", Problem::UnknownName)),
        }
    }
}

/// A charge of one offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Code of its kind.
    pub code: String,
    /// Amount each time, before stamp duty.
    pub amount: Cents,
    /// When it is paid.
    pub timing: Timing,
    /// Why it is paid.
    pub required_for: Requirement,
}

/// A charge with its duty, and whether it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassifiedCharge {
    /// Amount each time, before duty.
    pub amount: Cents,
    /// Stamp duty each time, half-up cents.
    pub duty: Cents,
    /// Both.
    pub total: Cents,
    /// When it is paid.
    pub timing: Timing,
    /// It is paid in the variant asked about.
    pub paid: bool,
    /// It is paid and counts in the TAEG of that variant.
    pub in_taeg: bool,
}

impl Charge {
    /// The charge in the variant with the bundled products, or without them.
    ///
    /// # Errors
    /// Field `code` when its kind is unknown; `charges` when the amount is negative or too large.
    pub fn classify(
        &self,
        table: &CostTable,
        duties: &StampDutyRates,
        with_products: bool,
    ) -> Result<ClassifiedCharge, EngineError> {
        let rule = table.rule(&self.code)?;
        let refused = |error: EngineError| EngineError::new("charges", error.problem);
        if self.amount.is_negative() {
            return Err(EngineError::new("charges", Problem::MustNotBeNegative));
        }
        let duty = if rule.fee_duty {
            duties.on_fee(self.amount).map_err(refused)?
        } else {
            Cents::ZERO
        };
        let total = self.amount.checked_add(duty);
        let paid = match self.required_for {
            Requirement::Credit | Requirement::Voluntary => true,
            Requirement::Bundle => with_products,
        };
        let counts = match rule.taeg {
            TaegTreatment::Included => true,
            TaegTreatment::IncludedWhenRequired => match self.required_for {
                Requirement::Credit | Requirement::Bundle => true,
                Requirement::Voluntary => false,
            },
            TaegTreatment::Excluded => false,
        };
        Ok(ClassifiedCharge {
            amount: self.amount,
            duty,
            total: total.ok_or(EngineError::too_large("charges"))?,
            timing: self.timing,
            paid,
            in_taeg: paid && counts,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::stamp_duty::tests::rates;
    use super::*;

    pub(in crate::pt) fn table() -> CostTable {
        let rule = |code: &str, taeg, fee_duty| CostRule {
            code: code.to_owned(),
            name_pt: code.to_owned(),
            name_en: code.to_owned(),
            taeg,
            fee_duty,
        };
        CostTable {
            rules: vec![
                rule("file_fee", TaegTreatment::Included, true),
                rule("life_insurance", TaegTreatment::IncludedWhenRequired, false),
                rule("account_fee", TaegTreatment::IncludedWhenRequired, true),
                rule("notary", TaegTreatment::Excluded, false),
            ],
        }
    }

    fn charge(code: &str, required_for: Requirement) -> Charge {
        Charge {
            code: code.to_owned(),
            amount: Cents::new(520),
            timing: Timing::Monthly,
            required_for,
        }
    }

    fn classified(code: &str, required_for: Requirement, bundle: bool) -> ClassifiedCharge {
        let charge = charge(code, required_for);
        charge.classify(&table(), &rates(), bundle).unwrap()
    }

    #[test]
    fn required_services_count_and_voluntary_ones_do_not() {
        let counts = |code, required_for| classified(code, required_for, true).in_taeg;
        assert!(counts("file_fee", Requirement::Credit));
        assert!(counts("life_insurance", Requirement::Credit));
        assert!(counts("account_fee", Requirement::Bundle));
        assert!(!counts("life_insurance", Requirement::Voluntary));
        assert!(!counts("notary", Requirement::Credit));
        let without = classified("account_fee", Requirement::Bundle, false);
        assert!(!without.paid && !without.in_taeg);
    }

    #[test]
    fn fees_bear_duty_and_premiums_do_not() {
        assert_eq!(
            classified("account_fee", Requirement::Credit, false).duty,
            Cents::new(21)
        );
        assert_eq!(
            classified("life_insurance", Requirement::Credit, false).duty,
            Cents::ZERO
        );
        let refused = |charge: Charge| charge.classify(&table(), &rates(), true).unwrap_err().field;
        assert_eq!(refused(charge("castle", Requirement::Credit)), "code");
        let negative = Charge {
            amount: Cents::new(-1),
            ..charge("notary", Requirement::Credit)
        };
        assert_eq!(refused(negative), "charges");
    }

    #[test]
    fn names_are_read() {
        assert_eq!(Timing::parse("yearly"), Ok(Timing::Yearly));
        assert_eq!(Requirement::parse("bundle"), Ok(Requirement::Bundle));
        assert_eq!(
            TaegTreatment::parse("excluded"),
            Ok(TaegTreatment::Excluded)
        );
        assert!(Timing::parse("daily").is_err());
        assert!(Requirement::parse("").is_err());
        assert!(TaegTreatment::parse("maybe").is_err());
    }
}
