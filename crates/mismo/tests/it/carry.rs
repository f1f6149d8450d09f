//! What nobody read: with its place, its attributes and its text, within bounds.

use lintel_mismo::{Anchor, CarriedLeaf, Code, End, Import, Limits, read_str};

use super::builder::{Doc, party};

fn import(doc: &Doc) -> Import {
    read_str(&doc.text(), &Limits::default()).unwrap_or_else(|r| panic!("{:#?}", r.findings))
}

/// `PARENT[0]/Leaf[2]`
fn way(leaf: &CarriedLeaf) -> String {
    let steps = leaf
        .steps
        .iter()
        .map(|step| format!("{}[{}]", step.name, step.nth));
    steps.collect::<Vec<_>>().join("/")
}

fn leaves(import: &Import) -> Vec<(Anchor, String, Option<&str>)> {
    let leaves = import.carried.leaves.iter();
    leaves
        .map(|leaf| (leaf.anchor, way(leaf), leaf.text.as_deref()))
        .collect()
}

#[test]
fn a_document_read_whole_carries_nothing() {
    assert!(import(&Doc::good()).carried.is_empty());
}

#[test]
fn leaves_hang_on_the_nearest_thing_the_loan_knows() {
    let doc = Doc::good()
        .with("</ASSET_DETAIL>", "<AssetNetValueAmount> 9.00 </AssetNetValueAmount></ASSET_DETAIL>")
        .with("</BORROWER_DETAIL>", "<Shoe>44</Shoe></BORROWER_DETAIL>")
        .with("</INDIVIDUAL>", "<IDENTIFICATION_VERIFICATION><A>x</A><A>y</A></IDENTIFICATION_VERIFICATION></INDIVIDUAL>")
        .with("</LOAN_DETAIL>", "<Empty/><Odd a=\"1\"/></LOAN_DETAIL>")
        .with("</SUBJECT_PROPERTY>", "<SITE><SITE_DETAIL><Acres>2</Acres></SITE_DETAIL></SITE></SUBJECT_PROPERTY>")
        .with("</DEAL>", "<SERVICES><SERVICE xlink:label=\"S\"><B>1</B></SERVICE></SERVICES></DEAL>");
    let import = import(&doc);
    assert_eq!(
        leaves(&import),
        [
            (
                Anchor::Asset(0),
                "ASSET_DETAIL[0]/AssetNetValueAmount[0]".to_owned(),
                Some("9.00")
            ),
            (
                Anchor::SubjectProperty,
                "SITE[0]/SITE_DETAIL[0]/Acres[0]".to_owned(),
                Some("2")
            ),
            (
                Anchor::SubjectLoan,
                "LOAN_DETAIL[0]/Odd[0]".to_owned(),
                None
            ),
            (
                Anchor::Borrower(0),
                "INDIVIDUAL[0]/IDENTIFICATION_VERIFICATION[0]/A[0]".to_owned(),
                Some("x")
            ),
            (
                Anchor::Borrower(0),
                "INDIVIDUAL[0]/IDENTIFICATION_VERIFICATION[0]/A[1]".to_owned(),
                Some("y")
            ),
            (
                Anchor::BorrowerRole(0),
                "BORROWER[0]/BORROWER_DETAIL[0]/Shoe[0]".to_owned(),
                Some("44")
            ),
            (
                Anchor::Deal,
                "SERVICES[0]/SERVICE[0]/B[0]".to_owned(),
                Some("1")
            ),
        ]
    );
    let service = &import.carried.leaves[6].steps[1];
    assert_eq!(service.attributes[0].name, "label");
    assert_eq!(service.namespace, None, "the standard's own");
    let shown = format!("{:?}", import.carried);
    assert_eq!(shown, "Carried { 7 leaves, 0 arcs }", "never the values");
}

#[test]
fn attributes_are_carried_even_where_the_text_was_read() {
    let doc = Doc::good()
        .with("<FirstName>", "<FirstName SensitiveIndicator=\"true\">")
        .with(
            "<BorrowerBirthDate>1990-01-02</BorrowerBirthDate>",
            "<BorrowerBirthDate DataNotSuppliedReasonType=\"NotReceived\"/>",
        );
    let import = import(&doc);
    let carried = &import.carried.leaves;
    assert_eq!(carried.len(), 2);
    assert_eq!(way(&carried[0]), "INDIVIDUAL[0]/NAME[0]/FirstName[0]");
    assert_eq!(
        (
            carried[0].text.as_deref(),
            carried[0].attributes[0].name.as_str()
        ),
        (None, "SensitiveIndicator")
    );
    assert_eq!(carried[1].attributes[0].value, "NotReceived");
    assert_eq!(import.application.borrowers[0].birth_date, None);
}

#[test]
fn what_an_export_writes_comes_first_in_a_list() {
    let fax =
        "<CONTACT_POINT><CONTACT_POINT_OTHER><A>fax</A></CONTACT_POINT_OTHER></CONTACT_POINT>";
    let phone = "<CONTACT_POINT><CONTACT_POINT_TELEPHONE><ContactPointTelephoneValue>1\
                 </ContactPointTelephoneValue></CONTACT_POINT_TELEPHONE><B>p</B></CONTACT_POINT>";
    let stranger = "<PARTY><INDIVIDUAL><NAME><FullName>S</FullName></NAME></INDIVIDUAL></PARTY>";
    let doc = Doc::good()
        .with("<CONTACT_POINTS>", &format!("<CONTACT_POINTS>{fax}{phone}"))
        .with("<PARTIES>", &format!("<PARTIES>{stranger}"));
    let import = import(&doc);
    assert_eq!(
        leaves(&import),
        [
            (
                Anchor::Deal,
                "PARTIES[0]/PARTY[1]/INDIVIDUAL[0]/NAME[0]/FullName[0]".to_owned(),
                Some("S")
            ),
            (
                Anchor::Borrower(0),
                "INDIVIDUAL[0]/CONTACT_POINTS[0]/CONTACT_POINT[2]/CONTACT_POINT_OTHER[0]/A[0]"
                    .to_owned(),
                Some("fax")
            ),
            (
                Anchor::Borrower(0),
                "INDIVIDUAL[0]/CONTACT_POINTS[0]/CONTACT_POINT[1]/B[0]".to_owned(),
                Some("p")
            ),
        ]
    );
}

#[test]
fn arcs_that_are_no_part_of_the_loan_are_carried() {
    let arc = |from: &str, to: &str, role: &str| {
        format!(
            "<RELATIONSHIP xlink:from=\"{from}\" xlink:to=\"{to}\" xlink:arcrole=\"urn:x/{role}\"/>"
        )
    };
    let spouse = party(2)
        .replace(">Borrower<", ">NonTitleSpouse<")
        .replace("BORROWER_2", "SPOUSE_1");
    let doc = Doc::good()
        .with("</PARTIES>", &format!("{spouse}</PARTIES>"))
        .with(
            "</LOANS>",
            "</LOANS><LITIGATIONS><X xlink:label=\"X\"/></LITIGATIONS>",
        )
        .with(
            "</RELATIONSHIPS>",
            &[
                arc("ASSET_1", "SPOUSE_1", "ASSET_IsAssociatedWith_ROLE"),
                arc("X", "BORROWER_1", "X_IsAssociatedWith_ROLE"),
                arc("X", "NOBODY", "X_IsAssociatedWith_ROLE"),
                "</RELATIONSHIPS>".to_owned(),
            ]
            .concat(),
        );
    let import = import(&doc);
    let arcs = &import.carried.arcs;
    assert_eq!(arcs.len(), 2);
    assert_eq!(arcs[0].arcrole, "urn:x/ASSET_IsAssociatedWith_ROLE");
    assert!(arcs[0].from == End::Anchor(Anchor::Asset(0)));
    assert!(arcs[0].to == End::Anchor(Anchor::OtherRole(0)));
    assert!(arcs[1].to == End::Anchor(Anchor::BorrowerRole(0)));
    let End::Path(Anchor::Deal, steps) = &arcs[1].from else {
        panic!("a path from the deal");
    };
    assert_eq!(steps.len(), 2);
    assert_eq!(import.application.assets[0].owners, [0]);
}

#[test]
fn embedded_files_are_not_carried() {
    let text = Doc::good().text().replace(
        "</MESSAGE>",
        "<DOCUMENT_SETS><FOREIGN_OBJECT><EmbeddedContentXML>QUJD</EmbeddedContentXML><ObjectName>n\
         </ObjectName></FOREIGN_OBJECT><Kept>1</Kept></DOCUMENT_SETS></MESSAGE>",
    );
    let import = read_str(&text, &Limits::default()).expect("imports");
    assert_eq!(
        leaves(&import),
        [(
            Anchor::Message,
            "DOCUMENT_SETS[0]/Kept[0]".to_owned(),
            Some("1")
        )]
    );
    assert_eq!(import.findings[0].code, Code::EmbeddedIgnored);
}

#[test]
fn what_is_carried_is_bounded_and_says_so() {
    let many = "<A>1</A>".repeat(5_000);
    let doc = Doc::good().with("</LOAN>", &format!("<Z>{many}</Z></LOAN>"));
    let small = Limits {
        max_carried: 100,
        ..Limits::default()
    };
    let narrow = Limits {
        max_carried_bytes: 10_000,
        ..Limits::default()
    };
    for (limits, most) in [(small, 100), (narrow, 99)] {
        let import = read_str(&doc.text(), &limits).expect("imports");
        let count = import.carried.leaves.len();
        assert!(count > 20 && count <= most, "{count}");
        assert!(import.findings.iter().any(|f| f.code == Code::CarriedCut));
    }
    assert_eq!(import(&doc).carried.leaves.len(), 5_000);
}

#[test]
fn names_a_sender_chose_are_not_repeated() {
    let long = format!(
        "<Jane_Doe_123456789>{}</Jane_Doe_123456789>",
        "x".repeat(20_000)
    );
    let doc = Doc::good().with("</LOAN>", &format!("{long}</LOAN>"));
    let rejection = read_str(&doc.text(), &Limits::default()).expect_err("too long");
    assert_eq!(rejection.findings[0].path, "DEAL/LOANS/LOAN/?");
    let prefix = Doc::good().with("</LOAN>", "<x123456789:a/></LOAN>");
    let rejection = read_str(&prefix.text(), &Limits::default()).expect_err("not declared");
    assert_eq!(rejection.findings[0].code, Code::PrefixUndeclared);
    assert!(!rejection.findings[0].message.contains("x123"));
}
