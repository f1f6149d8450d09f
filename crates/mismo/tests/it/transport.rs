//! Documents that were escaped, encoded or mislabelled on the way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_mismo::{Code, Import, Limits, Severity, read, read_str};

use super::builder::Doc;
use super::fixtures::PURCHASE;

fn decoded(import: &Import) -> Vec<Severity> {
    let of = import
        .findings
        .iter()
        .filter(|f| f.code == Code::TransportDecoded);
    of.map(|f| f.severity).collect()
}

fn same_loan(bytes: &[u8], notes: &[Severity]) {
    let import = read(bytes, &Limits::default()).unwrap_or_else(|r| panic!("{:#?}", r.findings));
    let plain = read_str(PURCHASE, &Limits::default()).expect("imports");
    assert_eq!(import.application, plain.application);
    assert_eq!(decoded(&import), notes);
}

fn json_escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
        .replace('/', "\\/")
}

fn html_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn marks_blanks_and_line_ends_are_harmless() {
    same_loan(format!("\u{feff}{PURCHASE}").as_bytes(), &[]);
    same_loan(format!("\r\n \t{PURCHASE}").as_bytes(), &[]);
    same_loan(format!(" \u{feff}{PURCHASE}").as_bytes(), &[]);
    same_loan(PURCHASE.replace('\n', "\r\n").as_bytes(), &[]);
}

#[test]
fn one_layer_of_wrapping_is_undone_and_noted() {
    let note = &[Severity::Note];
    same_loan(html_escaped(PURCHASE).as_bytes(), note);
    same_loan(STANDARD.encode(PURCHASE).as_bytes(), note);
    same_loan(
        STANDARD.encode(PURCHASE).trim_end_matches('=').as_bytes(),
        note,
    );
    let wrapped: Vec<String> = STANDARD
        .encode(format!("\u{feff}{PURCHASE}"))
        .as_bytes()
        .chunks(76)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    same_loan(wrapped.join("\r\n").as_bytes(), note);
    same_loan(json_escaped(PURCHASE).as_bytes(), note);
    same_loan(format!("\"{}\"", json_escaped(PURCHASE)).as_bytes(), note);
}

#[test]
fn two_layers_are_refused() {
    for twice in [
        html_escaped(&html_escaped(PURCHASE)),
        format!("\"{}\"", json_escaped(&html_escaped(PURCHASE))),
        STANDARD.encode(html_escaped(PURCHASE)),
        STANDARD.encode(STANDARD.encode(PURCHASE)),
    ] {
        let rejection = read_str(&twice, &Limits::default()).expect_err("refused");
        assert_eq!(rejection.findings[0].code, Code::NotXml);
    }
}

#[test]
fn base64_of_another_kind_of_file_is_named() {
    let pdf = STANDARD.encode("%PDF-1.7 and so on");
    let rejection = read_str(&pdf, &Limits::default()).expect_err("refused");
    assert_eq!(rejection.findings[0].code, Code::WrongDocumentKind);
}

#[test]
fn real_utf_16_is_converted() {
    let note = &[Severity::Note];
    let marked = format!("\u{feff}{PURCHASE}");
    same_loan(&utf16(&marked, u16::to_le_bytes), note);
    same_loan(&utf16(&marked, u16::to_be_bytes), note);
    same_loan(&utf16(PURCHASE, u16::to_le_bytes), note);
    same_loan(&utf16(PURCHASE, u16::to_be_bytes), note);
    let labelled = marked.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    same_loan(
        &utf16(&labelled, u16::to_le_bytes),
        &[Severity::Note, Severity::Note],
    );
    for broken in [
        &[0xff, 0xfe, b'<'][..],
        &[0xff, 0xfe, 0x00, 0xd8, b'<', 0][..],
    ] {
        let rejection = read(broken, &Limits::default()).expect_err("refused");
        assert_eq!(rejection.findings[0].code, Code::XmlMalformed);
    }
}

#[test]
fn a_wrong_label_is_ignored_with_a_note() {
    let labelled = PURCHASE.replace("encoding=\"UTF-8\"", "encoding='UTF-16'");
    same_loan(labelled.as_bytes(), &[Severity::Note]);
    same_loan(
        PURCHASE
            .replace("encoding=\"UTF-8\"", "encoding=\"utf-8\"")
            .as_bytes(),
        &[],
    );
    same_loan(PURCHASE.replace(" encoding=\"UTF-8\"", "").as_bytes(), &[]);
}

#[test]
fn windows_1252_is_read_with_a_warning() {
    let mut bytes = Doc::good().text().into_bytes();
    let at = bytes
        .windows(6)
        .position(|w| w == b"Given1")
        .expect("the name");
    bytes[at] = 0xc9;
    let import = read(&bytes, &Limits::default()).expect("imports");
    assert_eq!(
        import.application.borrowers[0].name.first.as_deref(),
        Some("Éiven1")
    );
    assert_eq!(decoded(&import), [Severity::Warning]);
}

#[test]
fn nul_characters_are_refused_with_their_line() {
    let text = Doc::good().with("<DEAL>", "<DEAL>\n\0").text();
    let rejection = read_str(&text, &Limits::default()).expect_err("refused");
    assert_eq!(rejection.findings[0].code, Code::XmlMalformed);
    assert_eq!(rejection.findings[0].line, Some(4));
    let binary = read(&[b'a', 0, 0xff, 0xfe, 0], &Limits::default()).expect_err("refused");
    assert_eq!(binary.findings[0].code, Code::NotXml);
}
