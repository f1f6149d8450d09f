//! Kinds of interest: fixed for the whole term, variable by Euribor, or fixed at first.
//!
//! The ids of Euribor 12 months, of the mixed periods of 1, 2, 3 and 5 years and of the fixed terms of 30
//! and 34 years are those seen at a bank of the market; the others are ours. An index type has one id in every
//! list of this file, the one a request names; lists of periods word it by its years alone.

use crate::table::{Entry, entries};
use crate::{List, entry};

/// Sub-category: the rate is fixed for the whole term.
pub const FIXED: u32 = 1;
/// Sub-category: index and spread from the first instalment.
pub const VARIABLE: u32 = 2;
/// Sub-category: fixed at first, then index and spread.
pub const MIXED: u32 = 3;

entries! {
    SUB_CATEGORIES {
        1 "fixed" "Taxa fixa" "Fixed rate";
        2 "variable" "Taxa variável" "Variable rate";
        3 "mixed" "Taxa mista" "Mixed rate";
    }
}

/// What an index type means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexTerms {
    /// [`FIXED`], [`VARIABLE`] or [`MIXED`].
    pub kind: u32,
    /// Months of the Euribor: 3, 6 or 12, which is also how often the rate is set anew. Variable only.
    pub tenor_months: Option<u32>,
    /// Months the rate is fixed: the longest term of a fixed rate, the fixed phase of a mixed one.
    pub fixed_months: Option<u32>,
}

const fn period(id: u32, code: &'static str, pt: &'static str, en: &'static str, of: u32) -> Entry {
    Entry {
        id,
        code,
        pt,
        en,
        parent: Some(of),
        active: true,
    }
}

macro_rules! index_types {
    (
        variable { $($v_id:literal $v_months:literal;)+ }
        mixed { $($m_id:literal $m_years:literal $m_pt:literal $m_en:literal;)+ }
        fixed { $($f_id:literal $f_years:literal;)+ }
    ) => {
        pub(crate) const TYPES: &[Entry] = &[
            $(period(
                $v_id,
                concat!("euribor_", $v_months, "m"),
                concat!("Euribor a ", $v_months, " meses"),
                concat!("Euribor ", $v_months, " months"),
                VARIABLE,
            ),)+
            $(period(
                $m_id,
                concat!("mixed_", $m_years, "y"),
                concat!("Taxa mista, fixa durante ", $m_years, " ", $m_pt),
                concat!("Mixed rate, fixed for ", $m_years, " ", $m_en),
                MIXED,
            ),)+
            $(period(
                $f_id,
                concat!("fixed_", $f_years, "y"),
                concat!("Taxa fixa até ", $f_years, " anos"),
                concat!("Fixed rate up to ", $f_years, " years"),
                FIXED,
            ),)+
        ];
        pub(crate) const MIXED_TYPES: &[Entry] = &[$(period(
            $m_id,
            concat!("mixed_", $m_years, "y"),
            concat!("Taxa mista, fixa durante ", $m_years, " ", $m_pt),
            concat!("Mixed rate, fixed for ", $m_years, " ", $m_en),
            MIXED,
        ),)+];
        pub(crate) const MIXED_PERIODS: &[Entry] = &[$(period(
            $m_id,
            concat!($m_years, "Y"),
            concat!($m_years, " ", $m_pt),
            concat!($m_years, " ", $m_en),
            MIXED,
        ),)+];
        pub(crate) const FIXED_PERIODS: &[Entry] = &[$(period(
            $f_id,
            concat!($f_years, "Y"),
            concat!($f_years, " anos"),
            concat!($f_years, " years"),
            FIXED,
        ),)+];
        const MIXED_MONTHS: &[(u32, u32)] = &[$(($m_id, $m_years * 12),)+];
        const FIXED_MONTHS: &[(u32, u32)] = &[$(($f_id, $f_years * 12),)+];
        const TENORS: &[(u32, u32)] = &[$(($v_id, $v_months),)+];
    };
}

index_types! {
    variable {
        3 3;
        4 6;
        5 12;
    }
    mixed {
        87 1 "ano" "year";
        82 2 "anos" "years";
        89 3 "anos" "years";
        75 5 "anos" "years";
        91 7 "anos" "years";
        92 10 "anos" "years";
        93 15 "anos" "years";
        94 20 "anos" "years";
    }
    fixed {
        105 5; 106 6; 107 7; 108 8; 109 9; 110 10; 111 11; 112 12; 113 13; 114 14; 115 15; 116 16;
        117 17; 118 18; 119 19; 120 20; 121 21; 122 22; 123 23; 124 24; 125 25; 126 26; 127 27;
        128 28; 129 29; 80 30; 131 31; 132 32; 133 33; 86 34; 135 35; 136 36; 137 37; 138 38;
        139 39; 140 40;
    }
}

/// What an index type means; none for an id that is not known.
#[must_use]
pub fn terms(index_type: u32) -> Option<IndexTerms> {
    let kind = entry(List::IndexTypes, index_type)?.parent?;
    Some(IndexTerms {
        kind,
        tenor_months: months_of(TENORS, index_type),
        fixed_months: months_of(FIXED_MONTHS, index_type)
            .or_else(|| months_of(MIXED_MONTHS, index_type)),
    })
}

fn months_of(table: &[(u32, u32)], id: u32) -> Option<u32> {
    let (_, months) = table.iter().find(|(own, _)| *own == id)?;
    Some(*months)
}

fn of_months(table: &[(u32, u32)], fits: impl Fn(u32) -> bool) -> Option<&'static Entry> {
    let (id, _) = table.iter().find(|(_, months)| fits(*months))?;
    entry(List::IndexTypes, *id)
}

/// The fixed index type for a term: its years rounded up, from 5 to 40. None for longer terms.
#[must_use]
pub fn fixed_for_term(term_months: u32) -> Option<&'static Entry> {
    of_months(FIXED_MONTHS, |months| months >= term_months)
}

/// The mixed index type with a fixed phase of so many months.
#[must_use]
pub fn mixed(fixed_months: u32) -> Option<&'static Entry> {
    of_months(MIXED_MONTHS, |months| months == fixed_months)
}

/// The variable index type of a tenor: 3, 6 or 12 months.
#[must_use]
pub fn variable(tenor_months: u32) -> Option<&'static Entry> {
    of_months(TENORS, |months| months == tenor_months)
}

/// The word a tenor is stored under with its month averages.
#[must_use]
pub const fn tenor_code(tenor_months: u32) -> Option<&'static str> {
    match tenor_months {
        3 => Some("3M"),
        6 => Some("6M"),
        12 => Some("12M"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: u32, tenor_months: Option<u32>, fixed_months: Option<u32>) -> Option<IndexTerms> {
        Some(IndexTerms {
            kind,
            tenor_months,
            fixed_months,
        })
    }

    /// Values seen in section 12 of the public facts.
    #[test]
    fn observed_ids() {
        assert_eq!(terms(5), of(VARIABLE, Some(12), None));
        assert_eq!(terms(87), of(MIXED, None, Some(12)));
        assert_eq!(terms(82), of(MIXED, None, Some(24)));
        assert_eq!(terms(89), of(MIXED, None, Some(36)));
        assert_eq!(terms(75), of(MIXED, None, Some(60)));
        assert_eq!(terms(80), of(FIXED, None, Some(360)));
        assert_eq!(terms(86), of(FIXED, None, Some(408)));
        assert_eq!(terms(0), None);
    }

    #[test]
    fn every_type_has_its_terms() {
        for entry in TYPES {
            let terms = terms(entry.id).expect(entry.code);
            assert_eq!(Some(terms.kind), entry.parent);
            assert_eq!(terms.tenor_months.is_some(), terms.kind == VARIABLE);
            assert_eq!(terms.fixed_months.is_none(), terms.kind == VARIABLE);
            if let Some(tenor) = terms.tenor_months {
                assert_eq!(variable(tenor), Some(entry));
                assert!(tenor_code(tenor).is_some());
            }
            match (terms.kind, terms.fixed_months) {
                (MIXED, Some(months)) => assert_eq!(mixed(months), Some(entry)),
                (FIXED, Some(months)) => {
                    assert_eq!(fixed_for_term(months), Some(entry));
                    assert_eq!(fixed_for_term(months - 11), Some(entry));
                }
                _ => {}
            }
        }
        assert!(MIXED_TYPES.iter().all(|entry| TYPES.contains(entry)));
        let periods = FIXED_PERIODS.iter().chain(MIXED_PERIODS);
        for period in periods {
            let terms = terms(period.id).expect(period.code);
            assert_eq!(Some(terms.kind), period.parent);
            let years = terms.fixed_months.map(|months| format!("{}Y", months / 12));
            assert_eq!(years.as_deref(), Some(period.code));
        }
    }

    #[test]
    fn every_term_has_a_fixed_rate() {
        for months in 1..=480 {
            let entry = fixed_for_term(months).expect("a fixed rate");
            let fixed = terms(entry.id).and_then(|terms| terms.fixed_months);
            assert!(fixed.is_some_and(|fixed| fixed >= months), "{months}");
        }
        assert_eq!(fixed_for_term(481), None);
        assert_eq!(fixed_for_term(1).map(|entry| entry.code), Some("fixed_5y"));
    }
}
