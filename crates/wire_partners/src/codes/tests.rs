//! Codes are for ever.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_engine::Cents;

use super::{Kind, code, message, registry};
use crate::language::Language;

/// One line for each field: its number, and the rules listed for it.
fn written() -> String {
    let mut text = String::new();
    for field in CreditField::ALL {
        let entries: Vec<_> = registry().filter(|entry| entry.field == *field).collect();
        let first = entries.first().expect("codes").id / 100;
        let rules: Vec<_> = entries
            .iter()
            .map(|e| format!("{:02}", e.id % 100))
            .collect();
        writeln!(text, "{first:04} {field} {}", rules.join(" ")).expect("written");
    }
    text
}

/// When this fails because fields were added: the golden's lines must all be in the left text. Then put
/// the left text in its place.
#[test]
fn codes_do_not_change() {
    let golden = include_str!("golden.txt");
    let now = written();
    assert_eq!(now, golden, "codes changed");
}

#[test]
fn every_code_is_six_digits_and_there_once() {
    let ids: Vec<u32> = registry().map(|entry| entry.id).collect();
    let distinct: BTreeSet<u32> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len());
    assert!(ids.iter().all(|id| (10_101..1_000_000).contains(id)));
    assert!(ids.is_sorted());
    for (n, kind) in Kind::ALL.iter().enumerate() {
        assert_eq!(usize::try_from(kind.number()), Ok(n + 1));
    }
}

#[test]
fn every_finding_has_a_code_of_the_registry() {
    let bound = Bound::Count(3);
    let rules = [
        CreditRule::Missing,
        CreditRule::Malformed,
        CreditRule::Unknown,
        CreditRule::Retired,
        CreditRule::CheckDigit,
        CreditRule::TooSmall(bound),
        CreditRule::TooLarge(bound),
        CreditRule::TooLong(bound),
        CreditRule::TooShort(bound),
        CreditRule::InThePast,
        CreditRule::InTheFuture,
        CreditRule::Conflict,
        CreditRule::Mismatch,
        CreditRule::Duplicate,
        CreditRule::NotOffered,
        CreditRule::LimitExceeded {
            value: bound,
            limit: bound,
        },
        CreditRule::PaperMissing { document_type: 1 },
        CreditRule::NotAllowedNow,
        CreditRule::Expired,
        CreditRule::NotDone,
        CreditRule::Failed,
        CreditRule::NotPublic,
        CreditRule::Unsupported,
    ];
    assert_eq!(rules.len(), Kind::ALL.len());
    let listed: BTreeSet<String> = registry().map(|e| format!("{:06}", e.id)).collect();
    for field in CreditField::ALL {
        for rule in rules {
            let code = code(&Finding::new(*field, rule));
            assert!(listed.contains(&code), "{field} {rule}: {code}");
        }
    }
}

#[test]
fn messages_say_field_rule_and_figures() {
    let small = CreditRule::TooSmall(Bound::Amount(Cents::new(500_050)));
    let finding = Finding::new(CreditField::LoanAmount, small);
    assert_eq!(code(&finding), "030506");
    assert_eq!(
        message(&finding, Language::Portuguese),
        "Montante do crédito: é inferior ao mínimo (5000,50 EUR)."
    );
    assert_eq!(
        message(&finding, Language::English),
        "Amount of credit: is below the minimum (5000.50 EUR)."
    );
}

#[test]
fn the_highest_age_is_that_at_the_end() {
    let rule = CreditRule::LimitExceeded {
        value: Bound::Years(84),
        limit: Bound::Years(80),
    };
    assert_eq!(
        message(
            &Finding::at(CreditField::BorrowerAge, 1, rule),
            Language::Portuguese
        ),
        "Idade do proponente no fim do prazo: excede o limite (84 anos; limite 80 anos)."
    );
    let young = CreditRule::TooSmall(Bound::Years(18));
    assert_eq!(
        message(
            &Finding::at(CreditField::BorrowerAge, 0, young),
            Language::Portuguese
        ),
        "Idade do proponente: é inferior ao mínimo (18 anos)."
    );
}
