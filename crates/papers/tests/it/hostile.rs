//! Texts nobody should send, and somebody will.

use lintel_papers::{fine, sample};

use crate::reader::Read;

const TEXTS: [&str; 14] = [
    "😀👩‍👩‍👧 José",
    "שלום עולם",
    "مرحبا",
    "中文名字",
    "\u{202e}fdp.exe\u{202c}",
    "a\u{0}b\u{1b}[31mc\u{85}d",
    ") Tj ET (\\",
    "<</S/JavaScript>> endstream endobj",
    "</rdf:li>&amp;<script>",
    "\u{feff}\u{fffe}\u{ffff}\u{10ffff}",
    "e\u{301}\u{301}\u{301}\u{301}",
    "%PDF-1.4",
    "{{ 7*7 }} ${x} `x`",
    "Ωμέγα Юлия Łódź ß ﬁ",
];

#[test]
fn any_text_is_printed_or_replaced() {
    for text in TEXTS {
        let mut sheet = sample::fine(12, true);
        sheet.borrowers = vec![text.to_owned(), text.repeat(50)];
        sheet.number = format!("N{text}");
        sheet.lender.name = format!("B{text}");
        sheet.lender.address = text.to_owned();
        sheet.loan.product = text.to_owned();
        sheet.chosen.one_off[0].name = text.to_owned();
        sheet.chosen.recurring[0].name = text.to_owned();
        sheet.obligations[0].name = text.to_owned();
        sheet.obligations[0].detail = text.to_owned();
        sheet.additional = vec![text.to_owned(), String::new()];
        let bytes = fine(&sheet).unwrap();
        let read = Read::new(&bytes);
        assert!(read.text().contains("15. Supervisor"));
        assert!(!read.text().chars().any(|c| c.is_control() && c != '\n'));
        let xmp = read
            .streams
            .values()
            .find(|(dict, _)| dict.contains("/Type/Metadata"));
        let xmp = String::from_utf8(xmp.unwrap().1.clone()).unwrap();
        let from = xmp.find("<x:xmpmeta").unwrap();
        let till = xmp.find("<?xpacket end").unwrap();
        assert!(xmp[from..till].matches("<script>").count() == 0);
    }
}

#[test]
fn what_has_no_glyph_is_seen_to_be_missing() {
    let mut sheet = sample::fine(12, false);
    sheet.borrowers = vec!["Ana 😀 \u{1f1f5}\u{1f1f9} Юлия Ωμέγα".to_owned()];
    let text = Read::new(&fine(&sheet).unwrap()).text();
    assert!(text.contains("Ana \u{fffd} \u{fffd}\u{fffd} Юлия Ωμέγα"));
}

#[test]
fn long_names_are_wrapped() {
    let mut sheet = sample::fine(12, false);
    let name = "Ñ".repeat(10_000);
    sheet.borrowers = vec![name.clone(), "a ".repeat(9_000)];
    sheet.loan.product = "W".repeat(10_000);
    let read = Read::new(&fine(&sheet).unwrap());
    let text = read.text();
    assert!(text.contains(&name));
    assert!(text.contains(&sheet.loan.product));
    assert!(read.pages.len() < 60, "{}", read.pages.len());
}

#[test]
fn white_space_alone_leaves_no_row() {
    let mut sheet = sample::fine(12, false);
    sheet.lender.phone = " \t\u{a0}".to_owned();
    sheet.lender.email = "\u{200b}\u{200d}".to_owned();
    let read = Read::new(&fine(&sheet).unwrap());
    assert!(read.text().contains("15. Supervisor"));
}
