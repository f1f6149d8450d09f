//! What a finding reads like.

use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_taxonomy::{List, entry};

use super::told;
use crate::language::Language;
use crate::names;

/// The message of a finding: the field, what is wrong, and the figures it was measured with. Never what
/// was sent.
pub(crate) fn message(finding: &Finding, language: Language) -> String {
    let name = names::of(finding.field);
    let field = language.of(name.pt, name.en);
    // The bank's highest age is that at the last instalment.
    let when = match (finding.field, &finding.rule) {
        (CreditField::BorrowerAge, CreditRule::LimitExceeded { .. }) => {
            language.of(" no fim do prazo", " at the end of the term")
        }
        _ => "",
    };
    let said = told(finding).said(language);
    let figures = figures(&finding.rule, language);
    format!("{field}{when}: {said}{figures}.")
}

fn figures(rule: &CreditRule, language: Language) -> String {
    match rule {
        CreditRule::TooSmall(bound)
        | CreditRule::TooLarge(bound)
        | CreditRule::TooLong(bound)
        | CreditRule::TooShort(bound) => format!(" ({})", shown(bound, language)),
        CreditRule::LimitExceeded { value, limit } => {
            let (value, limit) = (shown(value, language), shown(limit, language));
            match language {
                Language::Portuguese => format!(" ({value}; limite {limit})"),
                Language::English => format!(" ({value}; limit {limit})"),
            }
        }
        CreditRule::PaperMissing { document_type } => {
            let kind = entry(List::DocumentTypes, *document_type);
            kind.map_or_else(String::new, |e| format!(" ({})", language.of(e.pt, e.en)))
        }
        CreditRule::Missing
        | CreditRule::Malformed
        | CreditRule::Unknown
        | CreditRule::Retired
        | CreditRule::CheckDigit
        | CreditRule::InThePast
        | CreditRule::InTheFuture
        | CreditRule::Conflict
        | CreditRule::Mismatch
        | CreditRule::Duplicate
        | CreditRule::NotOffered
        | CreditRule::NotAllowedNow
        | CreditRule::Expired
        | CreditRule::NotDone
        | CreditRule::Failed
        | CreditRule::NotPublic
        | CreditRule::Unsupported => String::new(),
    }
}

fn shown(bound: &Bound, language: Language) -> String {
    match bound {
        Bound::Amount(cents) => decimal(&format!("{cents} EUR"), language),
        Bound::Percent(percent) => decimal(&format!("{percent} %"), language),
        Bound::Months(months) => format!("{months} {}", language.of("meses", "months")),
        Bound::Years(years) => format!("{years} {}", language.of("anos", "years")),
        Bound::Day(day) => day.to_string(),
        Bound::Count(count) => count.to_string(),
    }
}

fn decimal(text: &str, language: Language) -> String {
    match language {
        Language::Portuguese => text.replace('.', ","),
        Language::English => text.to_owned(),
    }
}
