//! What callbacks say, type by type.

use super::*;
use crate::callback::shape;
use crate::json;

const ID: &str = "0193f000-0000-7000-8000-000000000001";

fn id() -> RowId {
    RowId::new(ID.to_owned())
}

fn notices() -> Vec<Notice> {
    let at = Instant::from_micros(1_795_302_752_123_999);
    vec![
        Notice::SimulationStatus {
            simulation_id: id(),
            number: 7,
            from: None,
            to: SimulationStatus::Simulated,
            at,
        },
        Notice::ProcessStatus {
            process_id: id(),
            number: 7,
            from: Some(ProcessStatus::Submitted),
            to: ProcessStatus::InAnalysis,
            at,
        },
        Notice::InformationRequested {
            process_id: id(),
            number: 7,
            request_id: id(),
            borrower_id: Some(id()),
            document_type: None,
            at,
        },
        Notice::BankMessage {
            about: About::Simulation(id()),
            number: 7,
            message_id: id(),
            at,
        },
        Notice::BankMessage {
            about: About::Process(id()),
            number: 7,
            message_id: id(),
            at,
        },
        Notice::ProposalIssued {
            process_id: id(),
            process_number: 7,
            proposal_id: id(),
            number: 8,
            valid_until: at,
            at,
        },
        Notice::ProposalStatus {
            process_id: id(),
            process_number: 7,
            proposal_id: id(),
            number: 8,
            from: ProposalStatus::Issued,
            to: ProposalStatus::Accepted,
            at,
        },
        Notice::EsisGenerated {
            about: About::Process(id()),
            number: 7,
            proposal_id: None,
            at,
        },
    ]
}

/// What we send, an echo may send: the two lists of members are the same.
#[test]
fn every_notice_has_the_shape_an_echo_must_have() {
    for notice in notices() {
        for correlation in [None, Some("abc")] {
            let data = Words.data(&notice, correlation).to_string();
            let Ok(json::Node::Object(members)) = json::parse(data.as_bytes(), 100) else {
                panic!("{data}");
            };
            for kind in NotificationType::ALL {
                let fits = shape::fits(*kind, &members);
                assert_eq!(fits, *kind == notice.kind(), "{kind}: {data}");
            }
            // In the order written, and kept the same through a notice's stored form.
            let kept = serde_json::to_string(&notice).expect("written");
            let back: Notice = serde_json::from_str(&kept).expect("read");
            assert_eq!(Words.data(&back, correlation).to_string(), data);
        }
    }
}

#[test]
fn the_words_of_a_status() {
    let data = Words.data(&notices()[1], Some("c-1")).to_string();
    let expected = format!(
        "{{\"notificationTypeID\":2,\"occurredAt\":\"2026-11-21T23:12:32.123Z\",\
         \"correlationId\":\"c-1\",\"processUniqueID\":\"{ID}\",\"processNumber\":7,\
         \"previousProcessStatusID\":{},\"processStatusID\":{}}}",
        process_status_id(ProcessStatus::Submitted),
        process_status_id(ProcessStatus::InAnalysis),
    );
    assert_eq!(data, expected);
}

#[test]
fn names_are_words_with_full_stops() {
    let mut names: Vec<&str> = NotificationType::ALL
        .iter()
        .map(|k| Words.name(*k))
        .collect();
    let is_good = |b: u8| b.is_ascii_lowercase() || matches!(b, b'.' | b'_');
    assert!(
        names
            .iter()
            .all(|name| name.contains('.') && name.bytes().all(is_good))
    );
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), NotificationType::ALL.len());
}
