//! Conditions: how they are read and how far they may go.

use super::*;
use crate::refusal::{ConditionField as F, Rule};

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn draft() -> ConditionDraft {
    ConditionDraft {
        title: text("Two months of statements"),
        phase: text("Prior to Docs"),
        ..ConditionDraft::default()
    }
}

#[test]
fn words_are_read_as_people_write_them() {
    for phase in ConditionPhase::ALL {
        for spelt in [
            phase.as_str().to_uppercase(),
            phase.as_str().replace(' ', "-"),
            phase.as_str().replace(' ', "_"),
            format!("  {} ", phase.as_str().replace(' ', "  ")),
        ] {
            assert_eq!(ConditionPhase::read(&spelt), Some(*phase), "{spelt}");
        }
    }
    assert_eq!(
        Responsible::read("Third Party"),
        Some(Responsible::ThirdParty)
    );
    assert_eq!(
        ConditionStatus::read("SATISFIED"),
        Some(ConditionStatus::Satisfied)
    );
    for odd in ["", "prior", "priortodocs", "prior to docs!"] {
        assert_eq!(ConditionPhase::read(odd), None, "{odd}");
    }
}

#[test]
fn a_draft_says_everything_that_is_wrong() {
    let facts = draft().check().expect("fine");
    assert_eq!(
        (facts.title.as_str(), facts.phase),
        ("Two months of statements", ConditionPhase::PriorToDocs)
    );
    assert_eq!(
        (facts.responsible, facts.auto_satisfy, facts.caller_key),
        (None, None, None)
    );
    let wrong = ConditionDraft {
        title: text(&"x".repeat(201)),
        description: text("a\u{7}"),
        phase: text("soon"),
        responsible: text("me"),
        auto_satisfy: None,
        caller_key: text(&"k".repeat(101)),
    };
    let fields: Vec<F> = wrong
        .check()
        .expect_err("wrong")
        .iter()
        .map(|m| m.0)
        .collect();
    assert_eq!(
        fields,
        [
            F::Title,
            F::Description,
            F::Phase,
            F::Responsible,
            F::CallerKey
        ]
    );
    let missing = ConditionDraft {
        title: text(" "),
        ..ConditionDraft::default()
    };
    let both = [(F::Title, Rule::Missing), (F::Phase, Rule::Missing)];
    assert_eq!(missing.check().expect_err("nothing"), both);
    assert_eq!(
        ConditionDraft::default().check().expect_err("nothing"),
        both
    );
}

#[test]
fn texts_at_their_limits() {
    let longest = ConditionDraft {
        title: text(&"ü".repeat(200)),
        description: text(&"d\n".repeat(2000)),
        caller_key: text(&"k".repeat(100)),
        ..draft()
    };
    let facts = longest.check().expect("at the limit");
    assert_eq!(facts.title.chars().count(), 200);
    let lines = ConditionDraft {
        description: text(" one\r\n\ttwo "),
        caller_key: text(" "),
        ..draft()
    };
    let facts = lines.check().expect("fine");
    assert_eq!(
        (facts.description.as_deref(), facts.caller_key),
        (Some("one\n\ttwo"), None)
    );
    for odd in ["a\nb", "a\u{0}b", "x\u{85}x"] {
        let odd = ConditionDraft {
            title: text(odd),
            ..draft()
        };
        assert_eq!(odd.check().expect_err("odd"), [(F::Title, Rule::Malformed)]);
    }
}

#[test]
fn an_edit_keeps_what_it_does_not_say() {
    assert_eq!(ConditionEdit::default().check(), Ok(EditedFacts::default()));
    let emptied = ConditionEdit {
        description: text(""),
        ..ConditionEdit::default()
    };
    assert_eq!(
        emptied.check().expect("fine").description.as_deref(),
        Some("")
    );
    let wrong = ConditionEdit {
        title: text(""),
        status: text("done"),
        ..ConditionEdit::default()
    };
    let mistakes = [(F::Title, Rule::Missing), (F::Status, Rule::Malformed)];
    assert_eq!(wrong.check().expect_err("wrong"), mistakes);
}

/// From (rows) and to (columns): open, received, satisfied, waived. `.` is allowed to everybody, `p`
/// with a paper, `l` to whoever decides for the lender, `b` with both.
#[test]
fn every_status_to_every_other() {
    let table = [
        (ConditionStatus::Open, ".pll"),
        (ConditionStatus::Received, "..ll"),
        (ConditionStatus::Satisfied, "lb.l"),
        (ConditionStatus::Waived, "lbl."),
    ];
    for (from, row) in table {
        for (to, way) in ConditionStatus::ALL.iter().zip(row.chars()) {
            for (may_clear, has_paper) in
                [(false, false), (false, true), (true, false), (true, true)]
            {
                let standing = Standing {
                    may_clear,
                    has_paper,
                };
                let expected = match way {
                    'l' | 'b' if !may_clear => Err(Bar::LendersAlone),
                    'p' | 'b' if !has_paper => Err(Bar::NoPaper),
                    _ => Ok(()),
                };
                assert_eq!(from.check_change(*to, standing), expected, "{from} to {to}");
            }
        }
    }
}

#[test]
fn papers_come_and_go() {
    use ConditionStatus::{Open, Received, Satisfied, Waived};
    for (from, auto, clear, to) in [
        (Open, false, true, Received),
        (Open, true, false, Received),
        (Open, true, true, Satisfied),
        (Received, true, true, Satisfied),
        (Received, false, true, Received),
        (Satisfied, false, false, Satisfied),
        (Waived, true, true, Waived),
    ] {
        assert_eq!(from.with_paper(auto, clear), to, "{from} {auto} {clear}");
    }
    for (from, to) in [
        (Open, Open),
        (Received, Open),
        (Satisfied, Satisfied),
        (Waived, Waived),
    ] {
        assert_eq!(from.without_paper(), to);
    }
    for status in ConditionStatus::ALL {
        assert_eq!(status.is_met(), matches!(status, Satisfied | Waived));
    }
}
