//! Documents made to hurt: they are refused quickly, or read, and never panic.

use lintel_mismo::{Code, Limits, read, read_str};
use proptest::prelude::*;

use super::builder::{Doc, party};
use super::fixtures::{ALL, PURCHASE};

fn first_code(text: &str) -> Code {
    read_str(text, &Limits::default())
        .expect_err("refused")
        .findings[0]
        .code
}

#[test]
fn document_types_are_refused_whatever_they_contain() {
    let laughs = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY l2 \"&lol;&lol;&lol;&lol;\">\
                  <!ENTITY l3 \"&l2;&l2;&l2;&l2;\">]>";
    let file = "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/hostname\">]>";
    for declaration in [
        laughs,
        file,
        "<!DOCTYPE MESSAGE SYSTEM \"http://example.com/x.dtd\">",
    ] {
        let text = format!(
            "<?xml version=\"1.0\"?>\n{declaration}{}",
            Doc::good().text()
        );
        let rejection = read_str(&text, &Limits::default()).expect_err("refused");
        assert_eq!(rejection.findings[0].code, Code::DoctypeForbidden);
        assert_eq!(rejection.findings[0].line, Some(2));
    }
}

#[test]
fn deep_nesting_is_refused_before_a_tree_is_built() {
    for depth in [65, 10_000, 1_000_000] {
        assert_eq!(first_code(&"<a>".repeat(depth)), Code::TooDeep);
    }
    let nested = format!("<DEAL>{}{}", "<X>".repeat(70), "</X>".repeat(70));
    assert_eq!(
        first_code(&Doc::good().with("<DEAL>", &nested).text()),
        Code::TooDeep
    );
}

#[test]
fn size_number_and_length_are_limited() {
    let limits = Limits::default();
    let big = vec![b' '; limits.max_bytes + 1];
    assert_eq!(
        read(&big, &limits).expect_err("refused").findings[0].code,
        Code::TooLarge
    );

    let many = Doc::good().with(
        "<ASSETS>",
        &format!("<ASSETS>{}", "<ASSET/>".repeat(200_000)),
    );
    assert_eq!(first_code(&many.text()), Code::TooLarge);

    let attributes: String = (0..65).map(|n| format!(" a{n}=\"\"")).collect();
    let wide = Doc::good().with("<LOANS>", &format!("<LOANS{attributes}>"));
    assert_eq!(first_code(&wide.text()), Code::TooLarge);

    let allowed = Doc::good().with("Given1", &"é".repeat(16_383));
    assert!(read_str(&allowed.text(), &limits).is_ok());
    let long = Doc::good().with("Given1", &"é".repeat(16_384));
    let rejection = read_str(&long.text(), &limits).expect_err("refused");
    assert_eq!(rejection.findings[0].code, Code::TooLarge);
    assert!(
        rejection.findings[0]
            .path
            .ends_with("INDIVIDUAL/NAME/FirstName")
    );
    let label = Doc::good().with(
        "label=\"ASSET_1\"",
        &format!("label=\"{}\"", "x".repeat(20_000)),
    );
    assert_eq!(first_code(&label.text()), Code::TooLarge);
}

#[test]
fn many_people_and_arcs_are_read_without_squares() {
    let people: String = (1..1_500).map(party).collect();
    let arcs = "<RELATIONSHIP xlink:from=\"ASSET_1\" xlink:to=\"BORROWER_1\" \
                xlink:arcrole=\"r/ASSET_IsAssociatedWith_ROLE\"/>"
        .repeat(20_000);
    let doc = Doc::good()
        .with(&party(1), &people)
        .with("<RELATIONSHIPS>", &format!("<RELATIONSHIPS>{arcs}"));
    let import = read_str(&doc.text(), &Limits::default()).expect("imports");
    assert_eq!(import.application.borrowers.len(), 1_499);
    assert_eq!(import.application.assets[0].owners, [0]);
}

#[test]
fn malformed_documents_are_refused_with_a_line() {
    let cases = [
        Doc::good().with("<DEAL>", "<DEAL>\n&nbsp;"),
        Doc::good().with("<DEAL>", "<DEAL>\nA & B"),
        Doc::good().with("<DEAL>", "<DEAL>\n</WRONG>"),
        Doc::good().with("<DEAL>", "<DEAL>\n<a b='1' b='2'/>"),
        Doc::good().with("<DEAL>", "<DEAL>\n<1/>"),
    ];
    for doc in cases {
        let rejection = read_str(&doc.text(), &Limits::default()).expect_err("refused");
        assert_eq!(
            rejection.findings[0].code,
            Code::XmlMalformed,
            "{}",
            doc.deal
        );
        assert_eq!(
            rejection.findings[0].line,
            Some(4),
            "{:?}",
            rejection.findings
        );
    }
}

#[test]
fn a_document_cut_off_anywhere_is_refused() {
    let end = PURCHASE.trim_end().len();
    for cut in (0..end).step_by(97) {
        let bytes = &PURCHASE.as_bytes()[..cut];
        let rejection = read(bytes, &Limits::default()).expect_err("refused");
        assert!(!rejection.findings.is_empty(), "{cut}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn arbitrary_markup_never_panics(text in "[<>/&;!\\[\\]\\-?=\"' a-cA-C:{}\\\\un0-9%\u{e9}\n]{0,400}") {
        let _ = read_str(&text, &Limits::default());
    }

    #[test]
    fn damaged_documents_never_panic(
        which in 0..ALL.len(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..40, any::<u8>()), 1..8),
    ) {
        let mut bytes = ALL[which].as_bytes().to_vec();
        for (place, length, byte) in cuts {
            let from = place.index(bytes.len());
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, [byte]);
        }
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn swapped_pieces_never_panic(
        which in 0..ALL.len(),
        a in any::<prop::sample::Index>(),
        b in any::<prop::sample::Index>(),
    ) {
        // Elements keep their form and change their places: most results stay well-formed.
        let mut pieces: Vec<&str> = ALL[which].split_inclusive('\n').collect();
        let (a, b) = (a.index(pieces.len()), b.index(pieces.len()));
        pieces.swap(a, b);
        let _ = read_str(&pieces.concat(), &Limits::default());
    }

    #[test]
    fn swapped_words_never_panic(
        which in 0..ALL.len(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
    ) {
        // A value of one data point in another: well-formed, and wrong in every type.
        let text = ALL[which];
        let values: Vec<(usize, &str)> = text
            .match_indices('>')
            .filter_map(|(at, _)| {
                let rest = &text[at + 1..];
                let value = &rest[..rest.find('<')?];
                (!value.trim().is_empty()).then_some((at + 1, value))
            })
            .collect();
        let (_, value) = values[from.index(values.len())];
        let (at, old) = values[to.index(values.len())];
        let changed = format!("{}{value}{}", &text[..at], &text[at + old.len()..]);
        let _ = read_str(&changed, &Limits::default());
    }
}
