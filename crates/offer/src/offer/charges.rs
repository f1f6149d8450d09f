//! Charges of the bank and of third parties.

use lintel_engine::money::{Cents, Rounding};
use lintel_engine::pt::costs::{Requirement, Timing};
use lintel_engine::rate::Pct;
use lintel_taxonomy::{List, by_code};

use super::{MAX_PERCENT, Scheme};
use crate::calculation::{Choice, CostOrigin};
use crate::read::Section;

/// How much a charge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// An amount.
    Fixed(Cents),
    /// Percent of the amount of credit, within bounds.
    OfAmount {
        percent: Pct,
        least: Cents,
        most: Option<Cents>,
    },
}

/// A charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChargeRule {
    pub(crate) kind: Choice,
    pub(crate) origin: CostOrigin,
    pub(crate) size: Size,
    pub(crate) timing: Timing,
    pub(crate) required_for: Requirement,
    /// Numbers of the schemes it is for; all when empty.
    schemes: Vec<u32>,
    /// Purposes of loans it is for; all when empty.
    loan_purposes: Vec<u32>,
}

impl ChargeRule {
    /// True when a loan of this scheme and purpose has it.
    pub(crate) fn applies(&self, scheme: u32, loan_purpose: u32) -> bool {
        (self.schemes.is_empty() || self.schemes.contains(&scheme))
            && (self.loan_purposes.is_empty() || self.loan_purposes.contains(&loan_purpose))
    }

    /// How much it is for a loan, half-up cents. None beyond the bounds of money.
    pub(crate) fn amount(&self, credit: Cents) -> Option<Cents> {
        match self.size {
            Size::Fixed(amount) => Some(amount),
            Size::OfAmount {
                percent,
                least,
                most,
            } => {
                let share = credit.percent(percent, Rounding::HalfUp)?.max(least);
                Some(most.map_or(share, |most| share.min(most)))
            }
        }
    }
}

/// Most charges of a document: the engine takes two hundred.
const MOST: usize = 100;

pub(super) fn charges(top: &Section<'_>, schemes: &[Scheme]) -> Vec<ChargeRule> {
    let sections = top.sections("charge");
    if sections.len() > MOST {
        top.wrong("charge", format!("has more than {MOST} entries"));
        return Vec::new();
    }
    sections
        .iter()
        .filter_map(|section| charge(section, schemes))
        .collect()
}

fn charge(section: &Section<'_>, schemes: &[Scheme]) -> Option<ChargeRule> {
    let code = section.text("kind");
    let kind = by_code(List::BankChargeTypes, &code);
    if kind.is_none() && !code.is_empty() {
        section.wrong(
            "kind",
            format!("{code} is not a code of the bank charge types"),
        );
    }
    let origins = [
        ("bank", CostOrigin::Bank),
        ("third_party", CostOrigin::ThirdParty),
    ];
    let timings = [
        ("contract", Timing::Upfront),
        ("monthly", Timing::Monthly),
        ("yearly", Timing::Yearly),
    ];
    let requirements = [
        ("credit", Requirement::Credit),
        ("bundle", Requirement::Bundle),
        ("voluntary", Requirement::Voluntary),
    ];
    let origin = section.word("origin", &origins, Some(CostOrigin::Bank));
    let timing = section.word("timing", &timings, None);
    let required_for = section.word("required_for", &requirements, None);
    let size = size(section);
    let mut ids = Vec::new();
    for (at, text) in section.texts("schemes").into_iter().enumerate() {
        match schemes.iter().find(|scheme| scheme.choice.code == text) {
            Some(scheme) => ids.push(scheme.choice.id),
            None => section.wrong(&format!("schemes[{at}]"), format!("{text} is not a scheme")),
        }
    }
    let mut purposes = Vec::new();
    for (at, text) in section.texts("loan_purposes").into_iter().enumerate() {
        match by_code(List::LoanPurposes, text) {
            Some(entry) => purposes.push(entry.id),
            None => {
                section.wrong(
                    &format!("loan_purposes[{at}]"),
                    format!("{text} is not a purpose"),
                );
            }
        }
    }
    section.done();
    let kind = kind?;
    Some(ChargeRule {
        kind: Choice {
            id: kind.id,
            code: kind.code.to_owned(),
            pt: section_text(section, "pt", kind.pt),
            en: section_text(section, "en", kind.en),
        },
        origin: origin?,
        size: size?,
        timing: timing?,
        required_for: required_for?,
        schemes: ids,
        loan_purposes: purposes,
    })
}

/// The bank's own name of the charge, or that of its kind.
fn section_text(section: &Section<'_>, key: &'static str, otherwise: &str) -> String {
    section.opt_text(key).unwrap_or(otherwise).to_owned()
}

fn size(section: &Section<'_>) -> Option<Size> {
    let fixed = section.opt_amount("amount");
    let percent = section.opt_percent("percent_of_credit", MAX_PERCENT);
    let least = section.opt_amount("min_amount").unwrap_or(Cents::ZERO);
    let most = section.opt_amount("max_amount");
    // Names of the charge may stand beside it; they are read later.
    section.know(&["pt", "en"]);
    match (section.has("amount"), section.has("percent_of_credit")) {
        (true, false) => fixed.map(Size::Fixed),
        (false, true) => {
            if most.is_some_and(|most| most < least) {
                section.wrong("max_amount", "must not be below min_amount");
            }
            percent.map(|percent| Size::OfAmount {
                percent,
                least,
                most,
            })
        }
        (true, true) | (false, false) => {
            section.wrong(
                "amount",
                "or percent_of_credit must be given, and only one of them",
            );
            None
        }
    }
}
