//! How things stand and what is told of them. The codes are the words that are stored; a test holds
//! them against the domain's.

use crate::table::entries;

entries! {
    SIMULATION {
        1 "simulated" "Simulada" "Simulated";
        2 "in_process" "Em processo" "In process";
        3 "cancelled" "Cancelada" "Cancelled";
        4 "expired" "Expirada" "Expired";
    }
}

entries! {
    PROCESS {
        1 "in_creation" "Em criação" "In creation";
        2 "submitted" "Submetido" "Submitted";
        3 "in_analysis" "Em análise" "In analysis";
        4 "pending_information" "Pendente de informação" "Pending information";
        5 "approved" "Aprovado" "Approved";
        6 "declined" "Recusado" "Declined";
        7 "contracted" "Contratado" "Contracted";
        8 "cancelled" "Cancelado" "Cancelled";
    }
}

entries! {
    PROPOSAL {
        1 "issued" "Emitida" "Issued";
        2 "accepted" "Aceite" "Accepted";
        3 "cancelled" "Cancelada" "Cancelled";
        4 "expired" "Expirada" "Expired";
        5 "superseded" "Substituída" "Superseded";
    }
}

entries! {
    NOTIFICATIONS {
        1 "simulation_status" "Estado da simulação" "Simulation status";
        2 "process_status" "Estado do processo" "Process status";
        3 "information_requested" "Pedido de informação ou de documento" "Information or document requested";
        4 "bank_message" "Mensagem do banco" "Message from the bank";
        5 "proposal_issued" "Proposta emitida" "Proposal issued";
        6 "proposal_status" "Estado da proposta" "Proposal status";
        7 "esis_generated" "FINE emitida" "ESIS generated";
    }
}
