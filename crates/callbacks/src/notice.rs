//! What a partner is told: neutral facts. The words of the wire are the face's.

use lintel_domain::callback::NotificationType;
use lintel_domain::id::{Instant, RowId};
use lintel_domain::process::ProcessStatus;
use lintel_domain::proposal::ProposalStatus;
use lintel_domain::simulation::SimulationStatus;
use serde::{Deserialize, Serialize};

mod plain;

/// What a message or an information sheet belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A simulation.
    Simulation(#[serde(with = "plain::id")] RowId),
    /// A process.
    Process(#[serde(with = "plain::id")] RowId),
}

/// Something that happened, as it is kept until it is told. Ids, numbers, statuses and instants
/// only: what the partner wants to know beyond that it asks for, with its own session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// The status of a simulation changed.
    SimulationStatus {
        /// The simulation.
        #[serde(with = "plain::id")]
        simulation_id: RowId,
        /// Its number.
        number: i64,
        /// The status it had; none for one that was just made.
        from: Option<SimulationStatus>,
        /// The status it has.
        to: SimulationStatus,
        /// When.
        #[serde(with = "plain::at")]
        at: Instant,
    },
    /// The status of a process changed.
    ProcessStatus {
        /// The process.
        #[serde(with = "plain::id")]
        process_id: RowId,
        /// Its number.
        number: i64,
        /// The status it had; none for one that was just made.
        from: Option<ProcessStatus>,
        /// The status it has.
        to: ProcessStatus,
        /// When.
        #[serde(with = "plain::at")]
        at: Instant,
    },
    /// The bank asked for information or a paper.
    InformationRequested {
        /// The process.
        #[serde(with = "plain::id")]
        process_id: RowId,
        /// Its number.
        number: i64,
        /// The request.
        #[serde(with = "plain::id")]
        request_id: RowId,
        /// The borrower it is about, if one.
        #[serde(with = "plain::id_if_any")]
        borrower_id: Option<RowId>,
        /// The type of paper that is asked for, as its list has it; none when it is asked in words.
        document_type: Option<u32>,
        /// When.
        #[serde(with = "plain::at")]
        at: Instant,
    },
    /// The bank wrote a message.
    BankMessage {
        /// What it is about.
        about: About,
        /// The number of that simulation or process.
        number: i64,
        /// The message.
        #[serde(with = "plain::id")]
        message_id: RowId,
        /// When.
        #[serde(with = "plain::at")]
        at: Instant,
    },
    /// The bank made a binding offer.
    ProposalIssued {
        /// The process.
        #[serde(with = "plain::id")]
        process_id: RowId,
        /// Its number.
        process_number: i64,
        /// The proposal.
        #[serde(with = "plain::id")]
        proposal_id: RowId,
        /// Its number.
        number: i64,
        /// Until when it stands.
        #[serde(with = "plain::at")]
        valid_until: Instant,
        /// When.
        #[serde(with = "plain::at")]
        at: Instant,
    },
    /// The status of a proposal changed after it was issued.
    ProposalStatus {
        /// The process.
        #[serde(with = "plain::id")]
        process_id: RowId,
        /// Its number.
        process_number: i64,
        /// The proposal.
        #[serde(with = "plain::id")]
        proposal_id: RowId,
        /// Its number.
        number: i64,
        /// The status it had.
        from: ProposalStatus,
        /// The status it has.
        to: ProposalStatus,
        /// When.
        #[serde(with = "plain::at")]
        at: Instant,
    },
    /// An information sheet was made.
    EsisGenerated {
        /// What it is for.
        about: About,
        /// The number of that simulation or process.
        number: i64,
        /// The proposal it belongs to, if one.
        #[serde(with = "plain::id_if_any")]
        proposal_id: Option<RowId>,
        /// When.
        #[serde(with = "plain::at")]
        at: Instant,
    },
}

impl Notice {
    /// The type partners register for.
    #[must_use]
    pub const fn kind(&self) -> NotificationType {
        match self {
            Self::SimulationStatus { .. } => NotificationType::SimulationStatus,
            Self::ProcessStatus { .. } => NotificationType::ProcessStatus,
            Self::InformationRequested { .. } => NotificationType::InformationRequested,
            Self::BankMessage { .. } => NotificationType::BankMessage,
            Self::ProposalIssued { .. } => NotificationType::ProposalIssued,
            Self::ProposalStatus { .. } => NotificationType::ProposalStatus,
            Self::EsisGenerated { .. } => NotificationType::EsisGenerated,
        }
    }

    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Instant {
        match self {
            Self::SimulationStatus { at, .. }
            | Self::ProcessStatus { at, .. }
            | Self::InformationRequested { at, .. }
            | Self::BankMessage { at, .. }
            | Self::ProposalIssued { at, .. }
            | Self::ProposalStatus { at, .. }
            | Self::EsisGenerated { at, .. } => *at,
        }
    }
}

/// The words of the wire. The face implements it.
pub trait Render: Send + Sync {
    /// The name of a type in the body's `type`: words with full stops between them, as Standard
    /// Webhooks has it.
    fn name(&self, kind: NotificationType) -> &'static str;

    /// The body's `data`. The same notice must give the same value for as long as it is delivered.
    fn data(&self, notice: &Notice, correlation: Option<&str>) -> serde_json::Value;
}
