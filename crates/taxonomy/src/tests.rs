//! What must hold of every list: ids and codes are for ever.

use std::collections::HashSet;

use lintel_domain::callback::NotificationType;
use lintel_domain::process::ProcessStatus;
use lintel_domain::proposal::ProposalStatus;
use lintel_domain::simulation::SimulationStatus;

use crate::{List, by_code, children, entry, has_code, list, usable};

/// FNV-1a: no library's digest, so nothing can change it.
fn digest(of: List) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut ids: Vec<(u32, &str)> = list(of).iter().map(|e| (e.id, e.code)).collect();
    ids.sort_unstable();
    for (id, code) in ids {
        for byte in format!("{id}={code};").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

#[test]
fn ids_and_codes_are_for_ever() {
    let now: String = List::ALL
        .iter()
        .map(|of| format!("{} {} {:016x}\n", of.name(), list(*of).len(), digest(*of)))
        .collect();
    // A value may be added: its list's line changes then, and the diff must show that nothing else did. A
    // value that is here is never given another id or code and never removed.
    assert_eq!(now, include_str!("tests/pinned.txt"));
}

#[test]
fn every_list_is_sound() {
    let mut names = HashSet::new();
    for of in List::ALL.iter().copied() {
        assert!(names.insert(of.name()));
        assert!(!list(of).is_empty());
        let (mut ids, mut codes) = (HashSet::new(), HashSet::new());
        for value in list(of) {
            let at = format!("{} {}", of.name(), value.id);
            assert!(value.id > 0 && ids.insert(value.id), "{at}");
            assert!(codes.insert(value.code), "{at}: {}", value.code);
            assert!(
                value
                    .code
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_'),
                "{at}"
            );
            for text in [value.pt, value.en] {
                assert!(!text.is_empty() && text.trim() == text, "{at}");
                assert!(!text.chars().any(char::is_control), "{at}");
            }
            let parents = of.parent();
            assert!(parents.is_some() || value.parent.is_none(), "{at}");
            if let (Some(parents), Some(parent)) = (parents, value.parent) {
                assert!(entry(parents, parent).is_some(), "{at}: {parent}");
            }
            if of != List::Professions {
                assert_eq!(parents.is_some(), value.parent.is_some(), "{at}");
            }
        }
    }
    assert_eq!(names.len(), 39);
}

#[test]
fn states_are_the_stored_words() {
    fn words(of: List) -> Vec<&'static str> {
        list(of).iter().map(|value| value.code).collect()
    }
    let simulation: Vec<_> = SimulationStatus::ALL.iter().map(|s| s.as_str()).collect();
    assert_eq!(words(List::WorkflowStatesSimulation), simulation);
    let process: Vec<_> = ProcessStatus::ALL.iter().map(|s| s.as_str()).collect();
    assert_eq!(words(List::WorkflowStatesProcess), process);
    let proposal: Vec<_> = ProposalStatus::ALL.iter().map(|s| s.as_str()).collect();
    assert_eq!(words(List::WorkflowStatesProposal), proposal);
    let told: Vec<_> = NotificationType::ALL.iter().map(|s| s.as_str()).collect();
    assert_eq!(words(List::NotificationTypes), told);
}

#[test]
fn values_are_found() {
    assert_eq!(
        entry(List::MaritalStatuses, 2).map(|e| e.en),
        Some("Married")
    );
    assert_eq!(entry(List::MaritalStatuses, 0), None);
    assert_eq!(entry(List::MaritalStatuses, u32::MAX), None);
    assert_eq!(by_code(List::Countries, "pt"), None);
    assert!(has_code(
        List::ProductPurposes,
        Some(2),
        "own_permanent_home"
    ));
    assert!(!has_code(
        List::ProductPurposes,
        Some(3),
        "own_permanent_home"
    ));
    assert!(!has_code(List::ProductPurposes, None, "own_permanent_home"));
    assert_eq!(children(List::Counties, 16).count(), 10);
}

#[test]
fn retired_values_stay_readable() {
    let card = entry(List::IdentificationDocuments, 2).expect("the former identity card");
    assert!(!card.active);
    assert!(!usable(List::IdentificationDocuments, 2));
    assert!(usable(List::IdentificationDocuments, 1));
    assert!(!usable(List::IdentificationDocuments, 77));
}

/// The bank's charges are those of the rule book's table of costs, and the duties on a credit.
#[test]
fn charges_are_those_of_the_rule_book() {
    let table = include_str!("../../../data/pt/costs.toml");
    let codes: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("code = \"")?.strip_suffix('"'))
        .collect();
    assert!(codes.len() > 10);
    for code in &codes {
        assert!(by_code(List::BankChargeTypes, code).is_some(), "{code}");
    }
    let duties = ["credit_stamp_duty", "fee_stamp_duty", "interest_stamp_duty"];
    for value in list(List::BankChargeTypes) {
        assert!(codes.contains(&value.code) || duties.contains(&value.code));
    }
}
