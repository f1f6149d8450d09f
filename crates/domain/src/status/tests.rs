//! The ways between statuses, written a second time by hand.

use super::*;

const OPEN: [Stage; 5] = [
    Stage::StartApplication,
    Stage::LoanApproval,
    Stage::LoanProcessing,
    Stage::Underwriting,
    Stage::Closing,
];

fn at(step: Step) -> Position {
    Position {
        step,
        reached: None,
        shelved: None,
    }
}

/// Rows are where a loan stands, columns where it would go: Start, Approval, Processing,
/// Underwriting, Closing, Funded, Withdrawn, Declined, Cancelled, Archived. `x` is allowed, `r` is
/// opened again at Loan Processing, where it had ended, `=` is back where it was shelved.
const TABLE: [(Stage, &str); 10] = [
    (Stage::StartApplication, "xxxxx.xxxx"),
    (Stage::LoanApproval, "xxxxx.xxxx"),
    (Stage::LoanProcessing, ".xxxx.xxxx"),
    (Stage::Underwriting, "..xxx.xxxx"),
    (Stage::Closing, "...xxxxxxx"),
    (Stage::Funded, ".....x...x"),
    (Stage::Withdrawn, "rrr...x..x"),
    (Stage::Declined, "rrr....x.x"),
    (Stage::Cancelled, "rrr.....xx"),
    (Stage::Archived, "...=.....x"),
];

#[test]
fn every_state_to_every_target() {
    for (from, row) in TABLE {
        for (to, way) in Stage::ALL.iter().zip(row.chars()) {
            for first in from.steps() {
                for step in to.steps() {
                    let position = Position {
                        step: first,
                        reached: (!first.lifecycle().is_active()).then_some(Step::SentDisclosures),
                        shelved: (first == Step::Archived).then_some(Step::Suspended),
                    };
                    let expected = match way {
                        'x' => true,
                        'r' => step <= Step::SentDisclosures,
                        '=' => step == Step::Suspended,
                        _ => false,
                    };
                    assert_eq!(position.may_go(step), expected, "{first} to {step}");
                }
            }
        }
    }
}

/// Where a loan stands, the last open step of one that ended or was put away, and the stages its
/// broker may send it to. Columns as in [`TABLE`].
const BROKERS: [(Step, Step, &str); 12] = [
    (Step::SignedUp, Step::SignedUp, "xxx...x.xx"),
    (Step::RanAus, Step::RanAus, "xxx...x.xx"),
    (Step::InProcessing, Step::InProcessing, ".xx...x.xx"),
    (Step::ClearToClose, Step::ClearToClose, "......x.xx"),
    (Step::ScheduledClosing, Step::ScheduledClosing, "......x.xx"),
    (Step::Funded, Step::ScheduledClosing, ".........x"),
    (Step::Withdrawn, Step::InProcessing, "xxx......x"),
    (Step::Withdrawn, Step::ClearToClose, ".........x"),
    (Step::Declined, Step::InProcessing, ".........x"),
    (Step::Cancelled, Step::RanAus, "xx.......x"),
    (Step::Archived, Step::InProcessing, "..x......."),
    (Step::Archived, Step::ClearToClose, ".........."),
];

#[test]
fn brokers_keep_to_what_is_before_underwriting() {
    for (step, last, row) in BROKERS {
        let position = Position {
            step,
            reached: (!step.lifecycle().is_active()).then_some(last),
            shelved: (step == Step::Archived).then_some(last),
        };
        for (stage, way) in Stage::ALL.iter().zip(row.chars()) {
            let mut ways = position.ways_by(Hand::Broker);
            ways.retain(|to| to.stage() == *stage);
            assert_eq!(!ways.is_empty(), way == 'x', "{step} of {last} to {stage}");
            assert!(ways.iter().all(|to| position.may_go(*to)), "{step}");
        }
        assert!(position.may_be_moved(step, Hand::Broker), "staying is fine");
        assert_eq!(position.ways_by(Hand::Lender), position.ways());
    }
    // What a broker put away from an end comes back to that end; a refusal does not.
    let shelved = |end| Position {
        reached: Some(Step::InProcessing),
        shelved: Some(end),
        ..at(Step::Archived)
    };
    let back = |end| shelved(end).may_be_moved(end, Hand::Broker);
    assert!(back(Step::Withdrawn) && back(Step::Cancelled));
    assert!(!back(Step::Declined) && !back(Step::Funded));
    // What arrived ended, and nobody knows from where, begins anew.
    assert!(at(Step::Withdrawn).may_be_moved(Step::SignedUp, Hand::Broker));
}

#[test]
fn a_loan_that_arrived_ended_begins_anew() {
    for end in [
        Step::Withdrawn,
        Step::Declined,
        Step::Cancelled,
        Step::Archived,
    ] {
        let open: Vec<Step> = at(end).ways();
        let open: Vec<&Step> = open.iter().filter(|s| s.lifecycle().is_active()).collect();
        assert_eq!(open, [&Step::SignedUp], "{end}");
    }
    assert_eq!(at(Step::Funded).ways(), [Step::Archived]);
}

#[test]
fn what_was_reached_outlives_the_archive() {
    let declined = at(Step::InProcessing).after(Step::Declined);
    assert_eq!(declined.reached, Some(Step::InProcessing));
    let archived = declined.after(Step::Archived);
    assert_eq!(archived.ways(), [Step::Declined]);
    assert!(archived.is_return(Step::Declined));
    let back = archived.after(Step::Declined);
    assert_eq!(back, declined);
    assert!(back.may_go(Step::InProcessing) && !back.may_go(Step::SubmittedToUnderwriting));
    assert_eq!(back.after(Step::SignedUp), at(Step::SignedUp));
    let shelved = at(Step::ClearToClose).after(Step::Archived);
    assert_eq!(shelved.ways(), [Step::ClearToClose]);
    assert_eq!(shelved.after(Step::ClearToClose), at(Step::ClearToClose));
    assert_eq!(shelved.after(Step::Archived), shelved, "nothing changes");
}

#[test]
fn conditions_stand_in_the_way_of_their_phase_only() {
    use ConditionPhase as P;
    for step in Step::ALL.iter().copied() {
        let docs =
            step == Step::ClearToClose || matches!(step.stage(), Stage::Closing | Stage::Funded);
        let funding = step == Step::Funded;
        let table = [
            (P::PriorToApproval, docs),
            (P::PriorToDocs, docs),
            (P::PriorToFunding, funding),
            (P::PriorToFinalFunding, funding),
            (P::PostClosing, false),
        ];
        for (phase, waits) in table {
            assert_eq!(step.waits_for(phase), waits, "{step} {phase}");
        }
    }
}

#[test]
fn stages_and_steps_fit_each_other() {
    let mut seen = Vec::new();
    for stage in Stage::ALL.iter().copied() {
        let steps = stage.steps();
        assert_eq!(steps.first(), Some(&stage.first_step()));
        assert_eq!(OPEN.contains(&stage), stage.lifecycle().is_active());
        seen.extend(steps);
        assert_eq!(
            Stage::read(&format!("  {} ", stage.as_str().to_uppercase())),
            Some(stage)
        );
    }
    assert_eq!(seen, Step::ALL, "in order, each once");
    for step in Step::ALL.iter().copied() {
        assert_eq!(Step::read(&step.as_str().replace(' ', " \t ")), Some(step));
        assert_eq!(Position::of(&step.status(), step.lifecycle()), at(step));
        let text = step.stage().as_str();
        assert_eq!(Lifecycle::from_status_text(text), step.lifecycle());
    }
    for odd in ["", " ", "Signed", "Signed Up\u{0}", "Ｆｕｎｄｅｄ"] {
        assert_eq!((Stage::read(odd), Step::read(odd)), (None, None), "{odd:?}");
    }
    assert_eq!(Stage::read("canceled"), Some(Stage::Cancelled));
    assert_eq!(Stage::read("Denied"), Some(Stage::Declined));
}

fn status(main: &str, sub: &str) -> Status {
    Status {
        main: main.to_owned(),
        sub: sub.to_owned(),
    }
}

#[test]
fn what_nobody_knows_stands_where_its_life_says() {
    let odd = status("Somewhere", "Else");
    assert_eq!(Position::of(&odd, Lifecycle::Active).step, Step::SignedUp);
    assert_eq!(Position::of(&odd, Lifecycle::Funded).step, Step::Funded);
    let open = status("Closing", "Scheduled Closing");
    assert_eq!(
        Position::of(&open, Lifecycle::Declined).step,
        Step::Declined
    );
    let stage = status("Closing", "With Bob");
    assert_eq!(
        Position::of(&stage, Lifecycle::Active).step,
        Step::ScheduledClosing
    );
}

fn wordings() -> Wordings {
    Wordings::new(vec![Wording {
        step: Step::ClearToClose,
        lender: status("Cleared", "CTC"),
        borrower: status("Nearly there", "Ready"),
    }])
}

/// What a sender says, the step it means, and the main words of the lender and the borrower for it.
const SENT: [((&str, &str), Step, &str, &str); 7] = [
    (
        ("underwriting", " clear TO close"),
        Step::ClearToClose,
        "Cleared",
        "Nearly there",
    ),
    (
        ("CLEARED", "ctc"),
        Step::ClearToClose,
        "Cleared",
        "Nearly there",
    ),
    (
        ("Closing", ""),
        Step::ScheduledClosing,
        "Closing",
        "Closing",
    ),
    (
        ("Closing", "With Bob"),
        Step::ScheduledClosing,
        "Closing",
        "Closing",
    ),
    (
        ("Withdrawn", "By phone"),
        Step::Withdrawn,
        "Withdrawn",
        "Withdrawn",
    ),
    ((" At Bob's ", ""), Step::SignedUp, "At Bob's", "At Bob's"),
    // The step is of another stage: neither is believed beyond the stage.
    (
        ("Closing", "Signed Up"),
        Step::ScheduledClosing,
        "Closing",
        "Closing",
    ),
];

#[test]
fn what_a_sender_says_is_placed() {
    let words = wordings();
    for ((main, sub), step, lender, borrower) in SENT {
        let placed = words.place(&status(main, sub), Step::SignedUp);
        assert_eq!(placed.step, step, "{main} {sub}");
        assert_eq!(
            (&*placed.lender.main, &*placed.borrower.main),
            (lender, borrower)
        );
    }
    let shown = words.place(&status("Closing", "With Bob"), Step::SignedUp);
    assert_eq!(shown.lender.sub, "With Bob");
    assert_eq!(words.of(Step::Funded).borrower, Step::Funded.status());
}

/// Words that name no stage, or the one the loan is in, leave it at its step.
#[test]
fn what_names_no_other_stage_moves_nothing() {
    let words = wordings();
    let now = Step::SentClosingDocuments;
    for (main, sub) in [("Closing", ""), ("Closing", "With Bob"), ("At Bob's", "")] {
        assert_eq!(
            words.place(&status(main, sub), now).step,
            now,
            "{main} {sub}"
        );
    }
    let other = words.place(&status("Underwriting", ""), now);
    assert_eq!(other.step, Step::InUnderwriting);
}
