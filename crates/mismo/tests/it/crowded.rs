//! Documents within every limit in which many things refer to many: each takes a moment, and would
//! take hours, or all memory, if somebody looked at all of one for each of the other.

use lintel_mismo::{Code, Import, Limits, Severity, read_str};

use super::builder::{Doc, party};

fn import(doc: &Doc) -> Import {
    read_str(&doc.text(), &Limits::default()).unwrap_or_else(|r| panic!("{:#?}", r.findings))
}

/// The good document with more content in front of its assets, and more relationships.
fn crowded(content: &str, arcs: &str) -> Doc {
    Doc::good()
        .with("<ASSETS>", &format!("{content}<ASSETS>"))
        .with("<RELATIONSHIPS>", &format!("<RELATIONSHIPS>{arcs}"))
}

fn arc(from: &str, to: &str, role: &str) -> String {
    format!("<RELATIONSHIP xlink:from=\"{from}\" xlink:to=\"{to}\" xlink:arcrole=\"{role}\"/>")
}

fn warns(import: &Import, code: Code, text: &str) -> bool {
    let mut findings = import.findings.iter();
    findings.any(|f| f.code == code && f.severity == Severity::Warning && f.message.contains(text))
}

#[test]
fn many_arcs_lead_to_a_label_that_many_elements_have() {
    // None of the elements is in the party the arcs start from, so there is nothing to find.
    let elements = "<A xlink:label=\"t\"/>".repeat(60_000);
    let content = format!("<B>{elements}</B>");
    let arcs = arc("BORROWER_1", "t", "a").repeat(40_000);
    let import = import(&crowded(&content, &arcs));
    assert!(warns(&import, Code::LabelDuplicate, "also another"));
    assert!(warns(&import, Code::ArcUnknown, "not known"));
    assert_eq!(import.application.assets[0].owners, [0]);
}

#[test]
fn many_arcs_start_from_a_label_that_many_elements_have() {
    let mut content = "<B>".to_owned();
    let mut arcs = arc("a", "BORROWER_1", "ASSET_IsAssociatedWith_ROLE");
    for n in 0..30_000 {
        content.push_str(&format!("<ROLE xlink:label=\"r{n}\"/>"));
        arcs.push_str(&arc("a", &format!("r{n}"), "ASSET_IsAssociatedWith_ROLE"));
    }
    content.push_str("</B>");
    let assets = "<ASSET xlink:label=\"a\"/>".repeat(30_000);
    let doc = crowded(&content, &arcs).with("<ASSETS>", &format!("<ASSETS>{assets}"));
    let import = import(&doc);
    let assets = &import.application.assets;
    assert_eq!(assets.len(), 30_001);
    assert_eq!(assets[0].owners, [0]);
    assert!(assets[1].owners.is_empty());
    assert_eq!(assets[30_000].owners, [0]);
    assert!(warns(&import, Code::LabelDuplicate, "were not followed"));
}

#[test]
fn an_arc_said_often_is_one_arc_however_many_elements_share_its_label() {
    let arcs = arc("a", "BORROWER_1", "ASSET_IsAssociatedWith_ROLE").repeat(30_000);
    let assets = "<ASSET xlink:label=\"a\"/>".repeat(4_000);
    let doc = crowded("", &arcs).with("<ASSETS>", &format!("<ASSETS>{assets}"));
    let import = import(&doc);
    let assets = &import.application.assets;
    assert!(assets.iter().all(|asset| asset.owners == [0]));
    assert!(!warns(&import, Code::LabelDuplicate, "were not followed"));
}

#[test]
fn an_employer_of_a_label_many_have_is_the_own_one() {
    let count = 1_000;
    let jobs = |n: usize| {
        let jobs = "<CURRENT_INCOME><CURRENT_INCOME_ITEMS><CURRENT_INCOME_ITEM xlink:label=\"i\"/>\
                    </CURRENT_INCOME_ITEMS></CURRENT_INCOME><EMPLOYERS><EMPLOYER/>\
                    <EMPLOYER xlink:label=\"e\"/></EMPLOYERS></BORROWER>";
        party(n).replace("</BORROWER>", jobs)
    };
    let people: String = (1..=count).map(jobs).collect();
    let role = "CURRENT_INCOME_ITEM_IsAssociatedWith_EMPLOYER";
    let arcs = arc("i", "e", role).repeat(20_000);
    let import = import(&crowded("", &arcs).with(&party(1), &people));
    for (index, borrower) in import.application.borrowers.iter().enumerate() {
        let place = borrower.incomes[0].employment.expect("an employer");
        assert_eq!((place.borrower, place.employment), (index, 1));
    }
}

#[test]
fn a_party_of_many_roles_is_not_repeated_for_each() {
    let role = "<ROLE><ROLE_DETAIL><PartyRoleType>Attorney</PartyRoleType></ROLE_DETAIL></ROLE>";
    let junk = "<A/>".repeat(50_000);
    let party = format!(
        "<PARTY>{junk}<LEGAL_ENTITY><LEGAL_ENTITY_DETAIL><FullName>{}</FullName>\
         </LEGAL_ENTITY_DETAIL></LEGAL_ENTITY><ROLES>{}</ROLES></PARTY>",
        "x".repeat(16_000),
        role.repeat(30_000)
    );
    let import = import(&Doc::good().with("<PARTIES>", &format!("<PARTIES>{party}")));
    assert_eq!(import.application.other_parties.len(), 16);
    assert!(warns(&import, Code::TooLarge, "more roles"));
    // What was left out is kept for an export, as far as there is room.
    let mut carried = import.carried.leaves.iter();
    assert!(carried.any(|leaf| leaf.text.as_deref() == Some("Attorney")));
}

#[test]
fn a_long_name_is_not_repeated_for_each_relationship() {
    let payee = format!(
        "<PARTY>{}<LEGAL_ENTITY><LEGAL_ENTITY_DETAIL><FullName>{}</FullName></LEGAL_ENTITY_DETAIL>\
         </LEGAL_ENTITY><ROLES><ROLE xlink:label=\"p\"><ROLE_DETAIL><PartyRoleType>Payee\
         </PartyRoleType></ROLE_DETAIL></ROLE></ROLES></PARTY>",
        "<A/>".repeat(50_000),
        "x".repeat(16_000)
    );
    let mut loans = "<LOANS>".to_owned();
    let mut arcs = String::new();
    for n in 0..20_000 {
        loans.push_str(&format!(
            "<LOAN LoanRoleType=\"RelatedLoan\" xlink:label=\"l{n}\"/>"
        ));
        arcs.push_str(&arc(&format!("l{n}"), "p", "LOAN_IsAssociatedWith_ROLE"));
    }
    let doc = crowded("", &arcs)
        .with("<PARTIES>", &format!("<PARTIES>{payee}"))
        .with("<LOANS>", &loans);
    let import = import(&doc);
    let related = &import.application.related_loans;
    assert_eq!(related.len(), 20_000);
    assert!(related.iter().all(|loan| loan.payee_party == Some(0)));
    let names = related.iter().filter_map(|loan| loan.payee.as_ref());
    assert!(names.map(String::len).sum::<usize>() <= 4 * 1024 * 1024);
    assert!(warns(&import, Code::TooLarge, "not repeated"));
}
