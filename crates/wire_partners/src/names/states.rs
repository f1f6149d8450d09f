//! Ids of states and of kinds of notifications. They are those of the taxonomies, whose codes are the
//! words stored.

use lintel_domain::callback::NotificationType;
use lintel_domain::process::ProcessStatus;
use lintel_domain::proposal::ProposalStatus;
use lintel_domain::simulation::SimulationStatus;
use lintel_taxonomy::{List, by_code, entry};

/// Zero is no id of any list; a test shows that every word has one.
fn id(list: List, word: &str) -> u32 {
    by_code(list, word).map_or(0, |entry| entry.id)
}

/// The id of a simulation's state.
pub(crate) fn simulation_status_id(status: SimulationStatus) -> u32 {
    id(List::WorkflowStatesSimulation, status.as_str())
}

/// The id of a process's state.
pub(crate) fn process_status_id(status: ProcessStatus) -> u32 {
    id(List::WorkflowStatesProcess, status.as_str())
}

/// The id of a proposal's state.
pub(crate) fn proposal_status_id(status: ProposalStatus) -> u32 {
    id(List::WorkflowStatesProposal, status.as_str())
}

/// The id of a kind of notification.
pub(crate) fn notification_type_id(kind: NotificationType) -> u32 {
    id(List::NotificationTypes, kind.as_str())
}

/// The simulation's state an id stands for.
pub(crate) fn simulation_status(id: u32) -> Option<SimulationStatus> {
    entry(List::WorkflowStatesSimulation, id).and_then(|e| SimulationStatus::parse(e.code))
}

/// The process's state an id stands for.
pub(crate) fn process_status(id: u32) -> Option<ProcessStatus> {
    entry(List::WorkflowStatesProcess, id).and_then(|e| ProcessStatus::parse(e.code))
}

/// The proposal's state an id stands for.
pub(crate) fn proposal_status(id: u32) -> Option<ProposalStatus> {
    entry(List::WorkflowStatesProposal, id).and_then(|e| ProposalStatus::parse(e.code))
}

/// The kind of notification an id stands for.
pub(crate) fn notification_type(id: u32) -> Option<NotificationType> {
    entry(List::NotificationTypes, id).and_then(|e| NotificationType::parse(e.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_an_id_and_comes_back() {
        for status in SimulationStatus::ALL {
            assert_eq!(
                simulation_status(simulation_status_id(*status)),
                Some(*status)
            );
        }
        for status in ProcessStatus::ALL {
            assert_eq!(process_status(process_status_id(*status)), Some(*status));
        }
        for status in ProposalStatus::ALL {
            assert_eq!(proposal_status(proposal_status_id(*status)), Some(*status));
        }
        for kind in NotificationType::ALL {
            assert_eq!(notification_type(notification_type_id(*kind)), Some(*kind));
        }
    }
}
