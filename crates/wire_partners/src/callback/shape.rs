//! The members of a callback's `data`, by type: what is written, and what an echo must look like.

use lintel_callbacks::About;
use lintel_domain::callback::NotificationType;

use crate::json::Node;
use crate::names::notification_type_id;
use crate::read::unique_id;

/// Longest correlation id of an echo, in characters.
const CORRELATION_MAX_CHARS: usize = 200;

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// The id of the type.
    Kind,
    /// A UniqueID.
    Id,
    /// A UniqueID, or `null`.
    IdOrNull,
    /// A number of a simulation, process or proposal.
    Number,
    /// The id of a status or another entry of a list.
    Entry,
    /// As [`Holds::Entry`], or `null`.
    EntryOrNull,
    /// A time stamp.
    Time,
    /// The correlation id, or `null`.
    Correlation,
}

use Holds::{Correlation, Entry, EntryOrNull, Id, IdOrNull, Kind, Number, Time};

/// Members of one type's data.
type Members = &'static [(&'static str, Holds)];

/// Of every type.
const ALWAYS: Members = &[
    ("notificationTypeID", Kind),
    ("occurredAt", Time),
    ("correlationId", Correlation),
];
const OF_SIMULATION: Members = &[("simulationUniqueID", Id), ("simulationNumber", Number)];
const OF_PROCESS: Members = &[("processUniqueID", Id), ("processNumber", Number)];
const SIMULATION_STATUS: Members = &[
    ("previousSimulationStatusID", EntryOrNull),
    ("simulationStatusID", Entry),
];
const PROCESS_STATUS: Members = &[
    ("previousProcessStatusID", EntryOrNull),
    ("processStatusID", Entry),
];
const INFORMATION: Members = &[
    ("informationRequestUniqueID", Id),
    ("borrowerUniqueID", IdOrNull),
    ("documentTypeID", EntryOrNull),
];
const MESSAGE: Members = &[("messageUniqueID", Id)];
const ISSUED: Members = &[
    ("proposalUniqueID", Id),
    ("proposalNumber", Number),
    ("validUntil", Time),
];
const PROPOSAL_STATUS: Members = &[
    ("proposalUniqueID", Id),
    ("proposalNumber", Number),
    ("previousProposalStatusID", Entry),
    ("proposalStatusID", Entry),
];
const ESIS: Members = &[("proposalUniqueID", IdOrNull)];

/// Whether a type can be about this.
pub(super) const fn may_be_about(kind: NotificationType, about: &About) -> bool {
    match (kind, about) {
        (
            NotificationType::BankMessage | NotificationType::EsisGenerated,
            About::Simulation(_) | About::Process(_),
        )
        | (NotificationType::SimulationStatus, About::Simulation(_))
        | (
            NotificationType::ProcessStatus
            | NotificationType::InformationRequested
            | NotificationType::ProposalIssued
            | NotificationType::ProposalStatus,
            About::Process(_),
        ) => true,
        (NotificationType::SimulationStatus, About::Process(_))
        | (
            NotificationType::ProcessStatus
            | NotificationType::InformationRequested
            | NotificationType::ProposalIssued
            | NotificationType::ProposalStatus,
            About::Simulation(_),
        ) => false,
    }
}

/// The shapes a type's data may have: a set of members each.
pub(super) const fn shapes(kind: NotificationType) -> &'static [[Members; 3]] {
    match kind {
        NotificationType::SimulationStatus => &[[ALWAYS, OF_SIMULATION, SIMULATION_STATUS]],
        NotificationType::ProcessStatus => &[[ALWAYS, OF_PROCESS, PROCESS_STATUS]],
        NotificationType::InformationRequested => &[[ALWAYS, OF_PROCESS, INFORMATION]],
        NotificationType::BankMessage => &[
            [ALWAYS, OF_SIMULATION, MESSAGE],
            [ALWAYS, OF_PROCESS, MESSAGE],
        ],
        NotificationType::ProposalIssued => &[[ALWAYS, OF_PROCESS, ISSUED]],
        NotificationType::ProposalStatus => &[[ALWAYS, OF_PROCESS, PROPOSAL_STATUS]],
        NotificationType::EsisGenerated => {
            &[[ALWAYS, OF_SIMULATION, ESIS], [ALWAYS, OF_PROCESS, ESIS]]
        }
    }
}

/// Whether an object has one of a type's shapes: all its members and no others. What may be `null` may
/// be left out.
pub(super) fn fits(kind: NotificationType, members: &[(String, Node)]) -> bool {
    shapes(kind)
        .iter()
        .any(|shape| fits_one(kind, shape, members))
}

fn fits_one(kind: NotificationType, shape: &[Members; 3], members: &[(String, Node)]) -> bool {
    let wanted = || shape.iter().flat_map(|part| part.iter());
    let all_there = wanted().all(|(name, holds)| {
        let member = members.iter().find(|(n, _)| n == name);
        match member {
            Some((_, node)) => is_good(kind, *holds, node),
            None => matches!(holds, IdOrNull | EntryOrNull | Correlation),
        }
    });
    all_there
        && members
            .iter()
            .all(|(n, _)| wanted().any(|(name, _)| n == name))
}

fn is_good(kind: NotificationType, holds: Holds, node: &Node) -> bool {
    let is_whole = |node: &Node| match node {
        Node::Number(digits) => digits.parse::<i64>().is_ok_and(|n| n >= 0),
        Node::Null | Node::Flag(_) | Node::Text(_) | Node::List(_) | Node::Object(_) => false,
    };
    let text = match node {
        Node::Text(text) => Some(text.as_str()),
        Node::Null | Node::Flag(_) | Node::Number(_) | Node::List(_) | Node::Object(_) => None,
    };
    let is_null = *node == Node::Null;
    let is_id = || text.is_some_and(|text| unique_id(text).is_some());
    match holds {
        Kind => matches!(node, Node::Number(n) if *n == notification_type_id(kind).to_string()),
        Id => is_id(),
        IdOrNull => is_null || is_id(),
        Number | Entry => is_whole(node),
        EntryOrNull => is_null || is_whole(node),
        Time => text.is_some_and(is_time),
        Correlation => {
            let is_plain = |t: &str| t.chars().count() <= CORRELATION_MAX_CHARS;
            is_null || text.is_some_and(is_plain)
        }
    }
}

/// A time stamp by RFC 3339, by its shape.
fn is_time(text: &str) -> bool {
    let Some((day, clock)) = text.split_once(['T', 't']) else {
        return false;
    };
    let (clock, zone) = clock.split_at_checked(8).unwrap_or((clock, ""));
    let is_clock = |t: &str| {
        let shape = t.bytes().enumerate();
        t.len() == 8
            && shape.into_iter().all(|(n, b)| match n {
                2 | 5 => b == b':',
                _ => b.is_ascii_digit(),
            })
    };
    let zone = zone.strip_prefix('.').map_or(zone, |fraction| {
        fraction.trim_start_matches(|c: char| c.is_ascii_digit())
    });
    let is_offset = |t: &str| {
        let sign = t.starts_with(['+', '-']);
        sign && t.len() == 6 && is_clock(&format!("{}:00", t.get(1..).unwrap_or_default()))
    };
    let is_day = lintel_engine::Date::parse_iso(day).is_ok();
    is_day && is_clock(clock) && (zone.eq_ignore_ascii_case("z") || is_offset(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stamps() {
        for (text, good) in [
            ("2026-11-21T23:12:32Z", true),
            ("2026-11-21T23:12:32.123Z", true),
            ("2026-11-21t23:12:32.123456z", true),
            ("2026-11-21T23:12:32+01:00", true),
            ("2026-11-21T23:12:32", false),
            ("2026-11-21", false),
            ("2026-02-30T23:12:32Z", false),
            ("2026-11-21T23:12Z", false),
            ("", false),
        ] {
            assert_eq!(is_time(text), good, "{text}");
        }
    }
}
