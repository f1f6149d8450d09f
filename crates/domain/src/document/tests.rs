//! What papers can be, what they are called, and what is wrong with a draft.

use super::name::PATH_MAX_BYTES;
use super::*;

#[test]
fn kinds_are_read_in_any_case_and_spelled_as_published() {
    assert_eq!(LoanDocType::ALL.len(), 37);
    for kind in LoanDocType::ALL {
        assert_eq!(LoanDocType::parse(kind.as_str()), Some(*kind));
        let shouted = format!(" {} ", kind.as_str().to_uppercase());
        assert_eq!(LoanDocType::read(&shouted), Some(*kind), "{kind}");
    }
    for bad in ["", "prior  to docs", "misc.", "prequalification(no aus)"] {
        assert_eq!(LoanDocType::read(bad), None, "{bad}");
    }
}

#[test]
fn a_consent_is_kept_as_long_as_what_it_is_about() {
    let by_name = |name: &str| LoanDocType::read(name).expect(name).retention();
    for kind in LoanDocType::ALL {
        let name = kind.as_str();
        for about in [" electronic consent", " electronic evidence summary"] {
            if let Some(subject) = name.strip_suffix(about) {
                assert_eq!(kind.retention(), by_name(subject), "{name}");
            }
        }
    }
    assert_eq!(retention_of(None), by_name("condition"));
}

#[test]
fn names_lose_their_folders_and_nothing_else() {
    for (sent, kept) in [
        ("W2", "W2"),
        ("  W2 2025.pdf ", "W2 2025.pdf"),
        ("C:\\Users\\tam\\pay stub.PDF", "pay stub.PDF"),
        ("../../etc/passwd", "passwd"),
        ("a/b\\c.pdf", "c.pdf"),
        ("Gehaltszettel März.pdf", "Gehaltszettel März.pdf"),
        ("..pdf.pdf", "..pdf.pdf"),
        (".hidden", ".hidden"),
    ] {
        let name = FileName::read(sent);
        assert_eq!(name.as_ref().map(FileName::as_str), Some(kept), "{sent}");
    }
    let longest = "ä".repeat(FILE_NAME_MAX_CHARS);
    assert!(FileName::read(&longest).is_some());
    for bad in [
        "",
        "  ",
        "folder/",
        ".",
        "..",
        "a/..",
        ".pdf",
        "x/.PDF",
        "two\nlines",
        "nul\0",
        "turned \u{202e}fdp.exe",
        &format!("{longest}x"),
        &format!("{}/x", "y".repeat(PATH_MAX_BYTES)),
    ] {
        assert_eq!(FileName::read(bad), None, "{bad:?}");
    }
}

#[test]
fn case_and_ending_make_no_other_file() {
    let folded = |name| FileName::read(name).expect(name).folded();
    assert_eq!(folded("W2.pdf"), folded("w2"));
    assert_eq!(folded("W2 .PDF"), folded("w2"));
    assert_ne!(folded("W2.pdf"), folded("W2 2025.pdf"));
    assert_ne!(folded("W2.pdf.pdf"), folded("W2"));
    for (name, given) in [
        ("W2", "W2.pdf"),
        ("W2.PDF", "W2.PDF"),
        ("x.txt", "x.txt.pdf"),
        ("ä", "ä.pdf"),
        ("€pdf", "€pdf.pdf"),
    ] {
        assert_eq!(download_name(name), given);
        assert_eq!(FileName::read(name).expect(name).for_download(), given);
    }
}

fn draft() -> PaperDraft {
    PaperDraft::new("W2".to_owned(), FilingDraft::Loan(LoanDocType::Misc))
}

#[test]
fn a_draft_without_mistakes_says_where_it_goes() {
    let checked = draft().check(None).expect("good");
    assert_eq!(checked.filing, FilingDraft::Loan(LoanDocType::Misc));
    let id = PublicId::parse("AAAA1111").expect("an id");
    let filing = FilingDraft::Condition {
        id,
        auto_satisfy: true,
    };
    let checked = PaperDraft::new("W2".to_owned(), filing.clone()).check(None);
    assert_eq!(checked.expect("good").filing, filing);
    // What the class does not ask for does not matter.
    let with_more = PaperDraft {
        condition: Entry::Unreadable,
        auto_satisfy: Entry::Unreadable,
        is_pdf: Entry::Given(true),
        ..draft()
    };
    assert!(with_more.check(None).is_ok());
}

#[test]
fn every_mistake_is_told_in_order() {
    use DocumentPart as P;
    use Rule::{Malformed, Missing};
    let nothing = PaperDraft::default().check(Some(Missing));
    let all_missing = vec![
        (P::FileName, Missing),
        (P::Content, Missing),
        (P::Class, Missing),
    ];
    assert_eq!(nothing, Err(all_missing));
    let wrong = PaperDraft {
        file_name: Entry::Given("..".to_owned()),
        is_pdf: Entry::Given(false),
        class: Entry::Given(DocumentClass::Condition),
        condition: Entry::Unreadable,
        auto_satisfy: Entry::Unreadable,
        ..PaperDraft::default()
    };
    let all = vec![
        (P::FileName, Malformed),
        (P::Format, Malformed),
        (P::Content, Malformed),
        (P::Condition, Malformed),
        (P::AutoSatisfy, Malformed),
    ];
    assert_eq!(wrong.check(Verdict::Infected.rule()), Err(all));
    let kindless = PaperDraft {
        file_name: Entry::Given(" ".to_owned()),
        kind: Entry::Absent,
        ..draft()
    };
    let both = vec![(P::FileName, Missing), (P::Kind, Missing)];
    assert_eq!(kindless.check(Verdict::Good.rule()), Err(both));
    assert_eq!(Verdict::Empty.rule(), Some(Missing));
}
