//! Wrong kinds, versions, namespaces and frames: each is named, not merely refused.

use lintel_mismo::{Code, Finding, Limits, Severity, read, read_str};

use super::builder::Doc;

fn errors(text: &str) -> Vec<Finding> {
    let rejection = read_str(text, &Limits::default()).expect_err("refused");
    rejection
        .findings
        .into_iter()
        .filter(|f| f.severity == Severity::Error)
        .collect()
}

fn codes(text: &str) -> Vec<Code> {
    errors(text).iter().map(|f| f.code).collect()
}

#[test]
fn the_good_document_is_good() {
    let import = read_str(&Doc::good().text(), &Limits::default()).expect("imports");
    assert_eq!(import.findings, []);
}

#[test]
fn other_kinds_of_files_are_named() {
    let cases: &[(&str, Code, &str)] = &[
        ("", Code::NotXml, "empty"),
        (" \r\n\t", Code::NotXml, "empty"),
        ("hello", Code::NotXml, "does not begin"),
        ("{\"loan\": 1}", Code::WrongDocumentKind, "JSON"),
        ("[1, 2]", Code::WrongDocumentKind, "JSON"),
        ("%PDF-1.7 ...", Code::WrongDocumentKind, "PDF"),
        ("PK\u{3}\u{4}...", Code::WrongDocumentKind, "ZIP"),
        (
            "<!DOCTYPE html><html></html>",
            Code::WrongDocumentKind,
            "HTML",
        ),
        ("<HTML><body/></HTML>", Code::WrongDocumentKind, "HTML"),
        ("{MismoXml}", Code::WrongDocumentKind, "template"),
        (
            "EH                  25\r\nTH T100099-002",
            Code::Fannie32File,
            "3.2",
        ),
        ("<a/>", Code::WrongDocumentKind, "root"),
    ];
    for (text, code, word) in cases {
        let found = errors(text);
        assert_eq!(found[0].code, *code, "{text}");
        assert!(
            found[0].message.contains(word),
            "{text}: {}",
            found[0].message
        );
    }
    let gzip = read(&[0x1f, 0x8b, 8, 0, 0], &Limits::default()).expect_err("refused");
    assert_eq!(gzip.findings[0].code, Code::WrongDocumentKind);
}

#[test]
fn older_and_other_versions_are_named() {
    for text in [
        "<REQUEST_GROUP MISMOVersionID=\"2.3.1\" _ID=\"1\"/>",
        "<LOAN_APPLICATION/>",
        "<BORROWER _FirstName=\"x\"/>",
        "<!DOCTYPE LOAN_APPLICATION SYSTEM \"x.dtd\"><LOAN_APPLICATION/>",
    ] {
        assert_eq!(codes(text)[0], Code::Mismo2x, "{text}");
    }
    for id in ["3.0", "3.3.0", "3.6.0", "3.5"] {
        let doc = Doc::good().root_with("3.4.032420160128", id);
        assert_eq!(codes(&doc.text()), [Code::MismoWrongModel], "{id}");
    }
    let delivery = Doc::good()
        .root_with(" MISMOReferenceModelIdentifier=\"3.4.032420160128\"", "")
        .with("<TERMS_OF_LOAN>", "<TERMS_OF_MORTGAGE/><TERMS_OF_LOAN>");
    assert_eq!(codes(&delivery.text()), [Code::MismoWrongModel]);
}

#[test]
fn versions_of_3_4_seen_in_the_wild_are_accepted() {
    for id in ["3.4.0", "3.4.0.27.00", "3.4[B324]", "3.4.0322"] {
        let doc = Doc::good().root_with("3.4.032420160128", id);
        let import = read_str(&doc.text(), &Limits::default()).expect(id);
        assert_eq!(import.findings, [], "{id}");
        assert_eq!(import.about.reference_model.as_deref(), Some(id));
    }
    for attribute in ["", " MISMOReferenceModelIdentifier=\"latest\""] {
        let doc = Doc::good().root_with(
            " MISMOReferenceModelIdentifier=\"3.4.032420160128\"",
            attribute,
        );
        let import = read_str(&doc.text(), &Limits::default()).expect("no identifier is enough");
        assert_eq!(import.findings[0].code, Code::MismoWrongModel);
        assert_eq!(import.findings[0].severity, Severity::Warning);
    }
}

#[test]
fn namespaces_are_matched_by_uri() {
    let uri = "http://www.mismo.org/residential/2009/schemas";
    let missing = Doc::good().root_with(&format!(" xmlns=\"{uri}\""), "");
    assert_eq!(codes(&missing.text()), [Code::NamespaceMissing]);
    for wrong in [
        "https://www.mismo.org/residential/2009/schemas",
        "http://www.mismo.org/residential/2009/schemas/",
        "urn:example",
    ] {
        let doc = Doc::good().root_with(&format!("\"{uri}\""), &format!("\"{wrong}\""));
        assert_eq!(codes(&doc.text()), [Code::NamespaceUnknown], "{wrong}");
    }
    let only_root = Doc::good().root_with("<MESSAGE xmlns=", "<mismo:MESSAGE xmlns:mismo=");
    assert_eq!(codes(&only_root.text()), [Code::NamespaceMissing]);
}

#[test]
fn an_undeclared_prefix_is_named_with_its_line() {
    let doc = Doc::good().with("<DEAL>", "<DEAL>\n<ULAD:X/>");
    let found = errors(&doc.text());
    assert_eq!(found[0].code, Code::PrefixUndeclared);
    assert!(found[0].message.contains("`ULAD`"));
    assert_eq!(found[0].line, Some(4));
}

#[test]
fn other_roots_of_the_standard_are_refused_by_name() {
    for name in ["DOCUMENT", "PARTY"] {
        let text = format!("<{name} xmlns=\"http://www.mismo.org/residential/2009/schemas\"/>");
        let found = errors(&text);
        assert_eq!(found[0].code, Code::WrongDocumentKind);
        assert!(found[0].message.contains(name));
    }
}

#[test]
fn one_deal_one_subject_loan_one_property() {
    let mut none = Doc::good();
    none.deal = String::new();
    assert_eq!(codes(&none.text()), [Code::DealMissing]);

    let mut two = Doc::good();
    two.deal = two.deal.repeat(3);
    let found = errors(&two.text());
    assert_eq!(found[0].code, Code::DealMultiple);
    assert!(found[0].message.contains("3 deals"));

    let related = Doc::good().with("SubjectLoan", "RelatedLoan");
    assert_eq!(codes(&related.text()), [Code::SubjectLoanMissing]);

    let loans = Doc::good().with("</LOANS>", "<LOAN LoanRoleType=\"SubjectLoan\"/></LOANS>");
    assert_eq!(codes(&loans.text()), [Code::SubjectLoanMultiple]);

    let second = "<COLLATERAL><SUBJECT_PROPERTY/></COLLATERAL></COLLATERALS>";
    let properties = Doc::good().with("</COLLATERALS>", second);
    assert_eq!(codes(&properties.text()), [Code::Conflict]);

    let empty = Doc::good().with("</COLLATERALS>", "<COLLATERAL/></COLLATERALS>");
    assert!(read_str(&empty.text(), &Limits::default()).is_ok());
}

#[test]
fn an_order_for_services_is_told_from_an_application() {
    let services = "<SERVICES><SERVICE><CREDIT/></SERVICE></SERVICES></DEAL>";
    let doc = Doc::good()
        .with("SubjectLoan", "RelatedLoan")
        .with("</DEAL>", services);
    assert_eq!(
        codes(&doc.text()),
        [Code::SubjectLoanMissing, Code::WrongDocumentKind]
    );
}
