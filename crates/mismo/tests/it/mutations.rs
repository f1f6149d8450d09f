//! Labels, arcs, order, extensions and roles: the good document changed in one place.

use lintel_mismo::{Code, Finding, Import, Limits, Severity, read_str};

use super::builder::{Doc, party};
use super::fixtures::PURCHASE;

fn import(doc: &Doc) -> Import {
    read_str(&doc.text(), &Limits::default()).unwrap_or_else(|r| panic!("{:#?}", r.findings))
}

fn only(doc: &Doc) -> Finding {
    let findings = import(doc).findings;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings[0].clone()
}

#[test]
fn arcs_that_lead_nowhere_are_reported_and_ignored() {
    for (old, new, code) in [
        (
            "xlink:to=\"BORROWER_1\"",
            "xlink:to=\"BORROWER_9\"",
            Code::ArcDangling,
        ),
        (
            "xlink:from=\"ASSET_1\"",
            "xlink:from=\"ASSET_9\"",
            Code::ArcDangling,
        ),
        (
            "xlink:to=\"BORROWER_1\"",
            "xlink:to=\"ASSET_1\"",
            Code::ArcDangling,
        ),
        ("xlink:to=\"BORROWER_1\"", "", Code::ArcDangling),
        (
            "ASSET_IsAssociatedWith_ROLE",
            "ASSET_Likes_ROLE",
            Code::ArcUnknown,
        ),
    ] {
        let doc = Doc::good().with(old, new);
        let finding = only(&doc);
        assert_eq!(
            (finding.code, finding.severity),
            (code, Severity::Warning),
            "{new}"
        );
        assert_eq!(finding.path, "DEAL/RELATIONSHIPS/RELATIONSHIP");
        assert_eq!(
            import(&doc).application.assets[0].owners,
            Vec::<usize>::new()
        );
    }
}

#[test]
fn a_label_with_a_hash_is_the_same_label() {
    let doc = Doc::good().with("xlink:to=\"BORROWER_1\"", "xlink:to=\"#BORROWER_1\"");
    assert_eq!(import(&doc).application.assets[0].owners, [0]);
}

#[test]
fn duplicate_labels_warn_once_per_label() {
    let asset = "<ASSET xlink:label=\"ASSET_1\"><ASSET_DETAIL><AssetType>Stock</AssetType>\
                 </ASSET_DETAIL></ASSET>";
    let doc = Doc::good().with("</ASSETS>", &format!("{asset}{asset}</ASSETS>"));
    let finding = only(&doc);
    assert_eq!(finding.code, Code::LabelDuplicate);
    assert_eq!(finding.path, "DEAL/ASSETS/ASSET[2]");
    assert_eq!(finding.line, Some(3));
}

#[test]
fn five_borrowers_are_read_and_pointed_out() {
    let more: String = (2..=5).map(party).collect();
    let doc = Doc::good()
        .with("</PARTIES>", &format!("{more}</PARTIES>"))
        .with("<BorrowerCount>1<", "<BorrowerCount>5<");
    assert_eq!(import(&doc).application.borrowers.len(), 5);
    assert_eq!(only(&doc).code, Code::AgencyLimit);
}

#[test]
fn a_party_may_hold_several_roles_and_repeat_a_borrower() {
    let owner = "<ROLE><PROPERTY_OWNER><PropertyOwnerStatusType>Current</PropertyOwnerStatusType>\
                 </PROPERTY_OWNER><ROLE_DETAIL><PartyRoleType>PropertyOwner</PartyRoleType>\
                 </ROLE_DETAIL></ROLE></ROLES>";
    let import = import(&Doc::good().with("</ROLES>", owner));
    assert_eq!(import.findings, []);
    assert_eq!(import.application.borrowers.len(), 1);
    assert_eq!(import.application.other_parties[0].borrower, Some(0));
}

#[test]
fn a_role_with_the_body_of_a_borrower_is_one() {
    let detail = "<ROLE_DETAIL><PartyRoleType>Borrower</PartyRoleType></ROLE_DETAIL>";
    let finding = only(&Doc::good().with(detail, ""));
    assert_eq!(
        (finding.code, finding.severity),
        (Code::RequiredMissing, Severity::Warning)
    );
}

#[test]
fn order_does_not_matter_and_is_noted_once() {
    let good = Doc::good();
    let (before, rest) = good.deal.split_once("<LOANS>").expect("loans");
    let (loans, after) = rest.split_once("</LOANS>").expect("loans");
    let mut doc = good.clone();
    doc.deal = format!(
        "{before}{}",
        after.replace("</DEAL>", &format!("<LOANS>{loans}</LOANS></DEAL>"))
    );
    let finding = only(&doc);
    assert_eq!(
        (finding.code, finding.severity),
        (Code::OrderNonstandard, Severity::Note)
    );
    assert_eq!(import(&doc).application, import(&good).application);
}

#[test]
fn extensions_and_embedded_files_are_noted_and_listed() {
    let extension = "<EXTENSION><OTHER><v:MORE xmlns:v=\"urn:vendor\"><v:A>1</v:A></v:MORE>\
                     </OTHER></EXTENSION></LOAN>";
    let doc = Doc::good().with("</LOAN>", extension);
    assert_eq!(only(&doc).code, Code::ExtensionIgnored);
    assert_eq!(import(&doc).unconsumed_paths, ["DEAL/LOANS/LOAN/EXTENSION"]);

    let mut text = Doc::good().text();
    let embedded = format!(
        "<DOCUMENT_SETS><DOCUMENT_SET><FOREIGN_OBJECTS><FOREIGN_OBJECT><EmbeddedContentXML>{}\
         </EmbeddedContentXML><ObjectName>a</ObjectName></FOREIGN_OBJECT></FOREIGN_OBJECTS>\
         </DOCUMENT_SET></DOCUMENT_SETS></MESSAGE>",
        "QUJD".repeat(50_000)
    );
    text = text.replace("</MESSAGE>", &embedded);
    let import = read_str(&text, &Limits::default()).expect("imports");
    assert_eq!(import.findings.len(), 1);
    assert_eq!(import.findings[0].code, Code::EmbeddedIgnored);
    assert_eq!(import.unconsumed_paths, ["MESSAGE/DOCUMENT_SETS"]);
}

#[test]
fn findings_never_repeat_what_people_wrote() {
    let broken = PURCHASE
        .replace("900990001", "90099000I")
        .replace("1983-11-05", "05.11.1983")
        .replace(
            "<FirstName>Orla</FirstName>",
            "<FirstName>Orla</FirstName><FirstName>Zelda</FirstName>",
        )
        .replace("orla.quill@example.com", "orla.quill-at-example.com")
        .replace("324000.00", "324.000,00")
        .replace("xlink:to=\"BORROWER_1\"", "xlink:to=\"Orla_Quill\"");
    let rejection = read_str(&broken, &Limits::default()).expect_err("refused");
    let shown = format!("{:?}", rejection.findings);
    for secret in [
        "90099000I",
        "05.11.1983",
        "Orla",
        "Zelda",
        "Quill",
        "orla.quill",
        "324.000,00",
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn findings_are_capped_and_counted() {
    let assets: String = (0..500)
        .map(|_| "<ASSET><ASSET_DETAIL><AssetType>x</AssetType></ASSET_DETAIL></ASSET>")
        .collect();
    let doc = Doc::good().with("</ASSETS>", &format!("{assets}</ASSETS>"));
    let findings = import(&doc).findings;
    assert_eq!(findings.len(), 101);
    assert_eq!(findings[100].code, Code::FindingsDropped);
    assert!(findings[100].message.starts_with("400 more"));
}
