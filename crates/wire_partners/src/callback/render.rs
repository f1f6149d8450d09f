//! What a callback says, in the words of the wire.

use lintel_callbacks::{About, Notice, Render};
use lintel_domain::callback::NotificationType;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::process::ProcessStatus;
use lintel_domain::proposal::ProposalStatus;
use lintel_domain::simulation::SimulationStatus;
use serde_json::{Map, Value as Json, json};

use crate::names::{
    notification_type_id, process_status_id, proposal_status_id, simulation_status_id,
};
use crate::write::timestamp;

/// The words of this API.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Words;

impl Render for Words {
    fn name(&self, kind: NotificationType) -> &'static str {
        match kind {
            NotificationType::SimulationStatus => "simulation.status_changed",
            NotificationType::ProcessStatus => "process.status_changed",
            NotificationType::InformationRequested => "process.information_requested",
            NotificationType::BankMessage => "message.received",
            NotificationType::ProposalIssued => "proposal.issued",
            NotificationType::ProposalStatus => "proposal.status_changed",
            NotificationType::EsisGenerated => "esis.generated",
        }
    }

    fn data(&self, notice: &Notice, correlation: Option<&str>) -> Json {
        let mut data = Map::new();
        let mut put = |name: &str, value: Json| {
            data.insert(name.to_owned(), value);
        };
        put(
            "notificationTypeID",
            json!(notification_type_id(notice.kind())),
        );
        put("occurredAt", json!(timestamp(notice.at())));
        put("correlationId", json!(correlation));
        for (name, value) in members(notice) {
            put(name, value);
        }
        Json::Object(data)
    }
}

/// The members of a notice beside those all have.
type Members = Vec<(&'static str, Json)>;

fn members(notice: &Notice) -> Members {
    match notice {
        Notice::SimulationStatus {
            simulation_id,
            number,
            from,
            to,
            at: _,
        } => simulation_status(simulation_id, *number, *from, *to),
        Notice::ProcessStatus {
            process_id,
            number,
            from,
            to,
            at: _,
        } => process_status(process_id, *number, *from, *to),
        Notice::InformationRequested {
            process_id,
            number,
            request_id,
            borrower_id,
            document_type,
            at: _,
        } => {
            let of = process(process_id, *number);
            information(of, request_id, borrower_id.as_ref(), *document_type)
        }
        Notice::BankMessage {
            about,
            number,
            message_id,
            at: _,
        } => {
            let message = [("messageUniqueID", json!(message_id.as_str()))];
            subject(about, *number).into_iter().chain(message).collect()
        }
        Notice::ProposalIssued {
            process_id,
            process_number,
            proposal_id,
            number,
            valid_until,
            at: _,
        } => {
            let of = process(process_id, *process_number).into_iter();
            of.chain(issued(proposal_id, *number, *valid_until))
                .collect()
        }
        Notice::ProposalStatus {
            process_id,
            process_number,
            proposal_id,
            number,
            from,
            to,
            at: _,
        } => {
            let of = process(process_id, *process_number).into_iter();
            of.chain(proposal_status(proposal_id, *number, *from, *to))
                .collect()
        }
        Notice::EsisGenerated {
            about,
            number,
            proposal_id,
            at: _,
        } => {
            let of = [("proposalUniqueID", some(proposal_id.as_ref()))];
            subject(about, *number).into_iter().chain(of).collect()
        }
    }
}

fn simulation_status(
    id: &RowId,
    number: i64,
    from: Option<SimulationStatus>,
    to: SimulationStatus,
) -> Members {
    let mut members = simulation(id, number);
    let from = from.map(simulation_status_id);
    members.push(("previousSimulationStatusID", json!(from)));
    members.push(("simulationStatusID", json!(simulation_status_id(to))));
    members
}

fn process_status(
    id: &RowId,
    number: i64,
    from: Option<ProcessStatus>,
    to: ProcessStatus,
) -> Members {
    let mut members = process(id, number);
    members.push((
        "previousProcessStatusID",
        json!(from.map(process_status_id)),
    ));
    members.push(("processStatusID", json!(process_status_id(to))));
    members
}

fn information(
    mut members: Members,
    request: &RowId,
    borrower: Option<&RowId>,
    document_type: Option<u32>,
) -> Members {
    members.push(("informationRequestUniqueID", json!(request.as_str())));
    members.push(("borrowerUniqueID", some(borrower)));
    members.push(("documentTypeID", json!(document_type)));
    members
}

fn issued(id: &RowId, number: i64, valid_until: Instant) -> Members {
    let mut members = proposal(id, number);
    members.push(("validUntil", json!(timestamp(valid_until))));
    members
}

fn proposal_status(id: &RowId, number: i64, from: ProposalStatus, to: ProposalStatus) -> Members {
    let mut members = proposal(id, number);
    members.push(("previousProposalStatusID", json!(proposal_status_id(from))));
    members.push(("proposalStatusID", json!(proposal_status_id(to))));
    members
}

fn subject(about: &About, number: i64) -> Members {
    match about {
        About::Simulation(id) => simulation(id, number),
        About::Process(id) => process(id, number),
    }
}

fn simulation(id: &RowId, number: i64) -> Members {
    vec![
        ("simulationUniqueID", json!(id.as_str())),
        ("simulationNumber", json!(number)),
    ]
}

fn process(id: &RowId, number: i64) -> Members {
    vec![
        ("processUniqueID", json!(id.as_str())),
        ("processNumber", json!(number)),
    ]
}

fn proposal(id: &RowId, number: i64) -> Members {
    vec![
        ("proposalUniqueID", json!(id.as_str())),
        ("proposalNumber", json!(number)),
    ]
}

fn some(id: Option<&RowId>) -> Json {
    json!(id.map(RowId::as_str))
}

#[cfg(test)]
mod tests;
