//! The one registry of error codes: six digits, two for the group, two for the field, two for the rule.
//!
//! The first four are the places of group and field in the domain's lists, which only grow at their
//! ends; the last two are written here. A golden holds every code: they are for ever. A finding without
//! a code cannot be: a rule that is not listed for its field is told as the nearest one that is.

mod text;

use lintel_domain::finding::{CreditField, CreditRule, FieldGroup, Finding};

use crate::language::Language;

pub(crate) use text::message;

/// Kinds of rules, with their two digits.
macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $number:literal, $pt:literal, $en:literal;)+) => {
        /// What kind of rule was not kept.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kind {
            $($(#[$meta])* $name,)+
        }

        impl Kind {
            /// Every kind, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The last two digits of its codes.
            pub const fn number(self) -> u32 {
                match self {
                    $(Self::$name => $number,)+
                }
            }

            /// What it says, without figures.
            pub const fn said(self, language: Language) -> &'static str {
                match self {
                    $(Self::$name => language.of($pt, $en),)+
                }
            }
        }
    };
}

kinds! {
    /// Not there.
    Missing = 1, "é obrigatório", "is missing";
    /// Not readable.
    Malformed = 2, "tem um formato inválido", "cannot be read";
    /// Not in its list.
    Unknown = 3, "não é conhecido", "is not known";
    /// Not offered any more.
    Retired = 4, "já não está disponível", "is not available any more";
    /// Wrong check digit.
    CheckDigit = 5, "tem um dígito de controlo errado", "has a wrong check digit";
    /// Too low.
    TooSmall = 6, "é inferior ao mínimo", "is below the minimum";
    /// Too high.
    TooLarge = 7, "é superior ao máximo", "is above the maximum";
    /// Too long.
    TooLong = 8, "é demasiado longo", "is too long";
    /// Too short.
    TooShort = 9, "é demasiado curto", "is too short";
    /// In the past.
    InThePast = 10, "não pode estar no passado", "must not lie in the past";
    /// In the future.
    InTheFuture = 11, "não pode estar no futuro", "must not lie in the future";
    /// Against another field.
    Conflict = 12, "contradiz outro dado", "contradicts something else";
    /// Not within its parent.
    Mismatch = 13, "não pertence ao indicado", "does not belong to what is named";
    /// Twice.
    Duplicate = 14, "está repetido", "is there twice";
    /// Not in this combination.
    NotOffered = 15, "não é oferecido nesta combinação", "is not offered in this combination";
    /// Over a limit.
    LimitExceeded = 16, "excede o limite", "exceeds the limit";
    /// No such paper.
    PaperMissing = 17, "falta um documento deste tipo", "lacks a document of this type";
    /// Not in this state.
    NotAllowedNow = 18, "não é permitido no estado atual", "is not allowed in the present state";
    /// Over.
    Expired = 19, "terminou", "is over";
    /// Not done yet.
    NotDone = 20, "ainda não foi feito", "has not been done";
    /// Not possible.
    Failed = 21, "não foi possível", "could not be done";
    /// Not public.
    NotPublic = 22, "não é um endereço público", "is not a public address";
    /// Not supported.
    Unsupported = 23, "não é suportado", "is not supported";
}

/// The kind of a rule.
const fn kind(rule: &CreditRule) -> Kind {
    match rule {
        CreditRule::Missing => Kind::Missing,
        CreditRule::Malformed => Kind::Malformed,
        CreditRule::Unknown => Kind::Unknown,
        CreditRule::Retired => Kind::Retired,
        CreditRule::CheckDigit => Kind::CheckDigit,
        CreditRule::TooSmall(_) => Kind::TooSmall,
        CreditRule::TooLarge(_) => Kind::TooLarge,
        CreditRule::TooLong(_) => Kind::TooLong,
        CreditRule::TooShort(_) => Kind::TooShort,
        CreditRule::InThePast => Kind::InThePast,
        CreditRule::InTheFuture => Kind::InTheFuture,
        CreditRule::Conflict => Kind::Conflict,
        CreditRule::Mismatch => Kind::Mismatch,
        CreditRule::Duplicate => Kind::Duplicate,
        CreditRule::NotOffered => Kind::NotOffered,
        CreditRule::LimitExceeded { .. } => Kind::LimitExceeded,
        CreditRule::PaperMissing { .. } => Kind::PaperMissing,
        CreditRule::NotAllowedNow => Kind::NotAllowedNow,
        CreditRule::Expired => Kind::Expired,
        CreditRule::NotDone => Kind::NotDone,
        CreditRule::Failed => Kind::Failed,
        CreditRule::NotPublic => Kind::NotPublic,
        CreditRule::Unsupported => Kind::Unsupported,
    }
}

/// Whether a kind is listed for a field. Those that can be true of any field are listed for all.
fn is_listed(field: CreditField, kind: Kind) -> bool {
    use CreditField as F;
    match kind {
        Kind::CheckDigit => matches!(
            field,
            F::BorrowerNif | F::IdentificationNumber | F::IntermediaryNif | F::BrokerId
        ),
        Kind::PaperMissing => field == F::DocumentType,
        Kind::NotPublic => field == F::CallbackUrl,
        Kind::LimitExceeded => matches!(field.group(), FieldGroup::Limit | FieldGroup::Loan),
        Kind::Missing
        | Kind::Malformed
        | Kind::Unknown
        | Kind::Retired
        | Kind::TooSmall
        | Kind::TooLarge
        | Kind::TooLong
        | Kind::TooShort
        | Kind::InThePast
        | Kind::InTheFuture
        | Kind::Conflict
        | Kind::Mismatch
        | Kind::Duplicate
        | Kind::NotOffered
        | Kind::NotAllowedNow
        | Kind::Expired
        | Kind::NotDone
        | Kind::Failed
        | Kind::Unsupported => true,
    }
}

/// The kind a finding is told as.
fn told(finding: &Finding) -> Kind {
    let kind = kind(&finding.rule);
    let nearest = match kind {
        Kind::LimitExceeded => Kind::TooLarge,
        Kind::PaperMissing => Kind::Missing,
        Kind::CheckDigit | Kind::NotPublic => Kind::Malformed,
        Kind::Missing
        | Kind::Malformed
        | Kind::Unknown
        | Kind::Retired
        | Kind::TooSmall
        | Kind::TooLarge
        | Kind::TooLong
        | Kind::TooShort
        | Kind::InThePast
        | Kind::InTheFuture
        | Kind::Conflict
        | Kind::Mismatch
        | Kind::Duplicate
        | Kind::NotOffered
        | Kind::NotAllowedNow
        | Kind::Expired
        | Kind::NotDone
        | Kind::Failed
        | Kind::Unsupported => kind,
    };
    if is_listed(finding.field, kind) {
        kind
    } else {
        nearest
    }
}

/// A number from 1: the place of one of a list's entries.
fn number<T: PartialEq>(entry: T, mut list: impl Iterator<Item = T>) -> u32 {
    let place = list.position(|other| other == entry).unwrap_or(0);
    u32::try_from(place).unwrap_or(0).saturating_add(1)
}

/// A code as a number.
fn whole(field: CreditField, kind: Kind) -> u32 {
    let group = field.group();
    let groups = FieldGroup::ALL.iter().copied();
    let fields = CreditField::ALL.iter().copied();
    let in_group = number(field, fields.filter(|f| f.group() == group));
    number(group, groups) * 10_000 + in_group * 100 + kind.number()
}

/// The code of a finding.
pub(crate) fn code(finding: &Finding) -> String {
    format!("{:06}", whole(finding.field, told(finding)))
}

/// An entry of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The code as a number.
    pub id: u32,
    /// The field.
    pub field: CreditField,
    /// What is wrong with it.
    pub kind: Kind,
}

/// The whole registry, by code.
pub(crate) fn registry() -> impl Iterator<Item = Entry> {
    CreditField::ALL.iter().flat_map(|field| {
        let listed = Kind::ALL.iter().filter(|kind| is_listed(*field, **kind));
        listed.map(|kind| Entry {
            id: whole(*field, *kind),
            field: *field,
            kind: *kind,
        })
    })
}

#[cfg(test)]
mod tests;
