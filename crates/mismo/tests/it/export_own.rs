//! Exports of applications no document gave: every field set, made by chance, and hostile ones.

use lintel_domain::application::Application;
use lintel_domain::application::employment::IncomeKind;
use lintel_domain::application::property::Attachment;
use lintel_mismo::{
    Anchor, Attribute, Carried, CarriedArc, CarriedLeaf, Code, End, Limits, Severity, Step,
    read_str, write,
};
use proptest::prelude::*;

use super::compare::differences;
use super::dice::Dice;
use super::dice_loan::application;
use super::export::{FACTS, export, import, similar, without_us};

/// Writes and reads an application; both applications and the document must agree.
fn round(name: &str, application: &Application) {
    let written = write(application, &Carried::default(), &FACTS);
    assert_eq!(written.findings, [], "{name}");
    let second = import(name, &written.xml);
    similar(name, application, &without_us(second.application.clone()));
    let unordered = second
        .findings
        .iter()
        .any(|f| f.code == Code::OrderNonstandard);
    assert!(!unordered, "{name}: {:#?}", second.findings);
    let again = export(&second);
    let different: Vec<_> = written
        .xml
        .lines()
        .zip(again.xml.lines())
        .filter(|(a, b)| a != b)
        .collect();
    assert!(written.xml == again.xml, "{name}: {different:#?}");
    assert_eq!(
        differences(&written.xml, &again.xml),
        Vec::<String>::new(),
        "{name}"
    );
}

/// The paths of a value's members that are `null` or empty lists.
fn empty_members(value: &serde_json::Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = vec![(String::new(), value)];
    while let Some((path, value)) = next.pop() {
        match value {
            serde_json::Value::Null => found.push(path),
            serde_json::Value::Array(list) if list.is_empty() => found.push(path),
            serde_json::Value::Array(list) => {
                next.extend(list.iter().map(|item| (path.clone(), item)));
            }
            serde_json::Value::Object(members) => {
                next.extend(
                    members
                        .iter()
                        .map(|(name, item)| (format!("{path}/{name}"), item)),
                );
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn an_application_with_every_field_set_survives() {
    for seed in 0..8 {
        let full = application(&mut Dice::new(seed, true));
        let json = serde_json::to_value(&full).expect("serialises");
        // Whose other roles are, and who works for a person, differs from entry to entry.
        let varying = [
            "/other_parties/",
            "/housing_expenses/borrower",
            "/employments/employer_person",
            "/payee",
            "/counseling/agency",
        ];
        let empty = empty_members(&json);
        let is_varying = |path: &String| varying.iter().any(|part| path.contains(part));
        let empty: Vec<_> = empty.into_iter().filter(|path| !is_varying(path)).collect();
        assert_eq!(empty, Vec::<String>::new());
        round(&format!("full {seed}"), &full);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn applications_made_by_chance_survive(seed in any::<u64>()) {
        round(&format!("seed {seed}"), &application(&mut Dice::new(seed, false)));
    }
}

/// The smallest application: what a loan needs and nothing else.
fn smallest() -> Application {
    let json = r#"{"loan":{"purpose":"purchase","program":"va","amount_cents":100},"property":{},
        "borrowers":[{"name":{"first":"Ann","last":"Lee"}}]}"#;
    serde_json::from_str(json).expect("an application")
}

#[test]
fn the_smallest_application_makes_the_smallest_document() {
    let smallest = smallest();
    round("smallest", &smallest);
    let xml = write(&smallest, &Carried::default(), &FACTS).xml;
    for absent in [
        "ASSETS",
        "COLLATERALS",
        "RELATIONSHIPS",
        "EXTENSION",
        "LIABILITIES",
        "<DU:",
    ] {
        assert!(!xml.contains(absent), "{absent}: {xml}");
    }
}

#[test]
fn characters_xml_forbids_never_appear() {
    let mut odd = smallest();
    odd.borrowers[0].name.middle = Some("a\u{0}b\u{1}\u{FFFF}c".to_owned());
    odd.borrowers[0].name.suffix = Some("\u{0}\u{1}".to_owned());
    odd.borrowers[0].emails = vec![String::new(), " ".to_owned()];
    let written = write(&odd, &Carried::default(), &FACTS);
    let second = read_str(&written.xml, &Limits::default())
        .expect("imports")
        .application;
    assert_eq!(second.borrowers[0].name.middle.as_deref(), Some("abc"));
    assert_eq!(second.borrowers[0].name.suffix, None);
    assert_eq!(second.borrowers[0].emails, Vec::<String>::new());
}

#[test]
fn words_outside_a_list_are_described_or_left_out() {
    let mut odd = application(&mut Dice::new(7, true));
    let incomes = &mut odd.borrowers[0].incomes;
    incomes[0].kind = Some(IncomeKind::Other("Lottery".to_owned()));
    incomes[0].description = None;
    let mut described = incomes[0].clone();
    described.description = Some("every week".to_owned());
    incomes.insert(1, described);
    odd.property.facts.attachment = Some(Attachment::Other("Floating".to_owned()));
    let written = write(&odd, &Carried::default(), &FACTS);
    let codes: Vec<_> = written
        .findings
        .iter()
        .map(|f| (f.code, f.severity))
        .collect();
    assert_eq!(codes, [(Code::EnumUnknown, Severity::Warning); 3]);
    assert!(written.findings.iter().all(|f| f.path.starts_with("DEAL/")));
    let second = import("odd", &written.xml);
    let told: Vec<_> = second.application.borrowers[0].incomes[..2]
        .iter()
        .map(|income| (income.kind.clone(), income.description.clone()))
        .collect();
    let other = Some(IncomeKind::Other("Other".to_owned()));
    let expected =
        ["Lottery", "Lottery (every week)"].map(|text| (other.clone(), Some(text.to_owned())));
    assert_eq!(told, expected);
    assert_eq!(second.application.property.facts.attachment, None);
    let again = export(&second);
    assert!(again.xml == written.xml && again.findings.is_empty());
}

#[test]
fn references_to_nobody_are_left_out_with_a_warning() {
    let mut odd = application(&mut Dice::new(3, true));
    odd.assets[0].owners = vec![0, 99];
    odd.owned_properties[0].liabilities = vec![77];
    odd.related_loans[0].payee_party = Some(88);
    odd.housing_expenses[0].borrower = Some(66);
    let written = write(&odd, &Carried::default(), &FACTS);
    let dangling = written
        .findings
        .iter()
        .filter(|f| f.code == Code::ArcDangling);
    assert_eq!(dangling.count(), 4);
    let second = import("odd", &written.xml);
    let arcs = second
        .findings
        .iter()
        .filter(|f| f.code == Code::ArcDangling);
    assert_eq!(arcs.count(), 0);
}

#[test]
fn an_agency_or_payee_nobody_listed_becomes_a_party() {
    let mut application = application(&mut Dice::new(5, true));
    let payee = Some("Somebody & Sons".to_owned());
    application.related_loans[0].payee_party = None;
    application.related_loans[0].payee.clone_from(&payee);
    let event = &mut application.borrowers[0].counseling[0];
    (event.agency_party, event.agency_name) = (None, None);
    event.agency_id = Some("HUD 81000".to_owned());
    let written = write(&application, &Carried::default(), &FACTS);
    let second = import("payee", &written.xml).application;
    assert_eq!(second.related_loans[0].payee, payee);
    let event = &second.borrowers[0].counseling[0];
    assert_eq!(event.agency_id.as_deref(), Some("HUD 81000"));
    assert_eq!(
        second.other_parties.len(),
        application.other_parties.len() + 2
    );
    round("settled", &without_us(second));
}

fn step(namespace: Option<&str>, name: &str, nth: usize) -> Step {
    Step {
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
        nth,
        attributes: Vec::new(),
    }
}

fn leaf(anchor: Anchor, steps: Vec<Step>, text: Option<&str>) -> CarriedLeaf {
    CarriedLeaf {
        anchor,
        steps,
        attributes: Vec::new(),
        text: text.map(str::to_owned),
    }
}

fn attribute(namespace: Option<&str>, name: &str, value: &str) -> Attribute {
    Attribute {
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

/// Writes the smallest application with leaves and reads it again; answers the document.
fn carrying(leaves: Vec<CarriedLeaf>) -> String {
    let carried = Carried {
        leaves,
        arcs: Vec::new(),
    };
    let written = write(&smallest(), &carried, &FACTS);
    let second = import("carrying", &written.xml);
    similar(
        "carrying",
        &smallest(),
        &without_us(second.application.clone()),
    );
    assert!(export(&second).xml == written.xml, "{}", written.xml);
    written.xml
}

#[test]
fn carried_content_keeps_its_namespace() {
    let loan = Anchor::SubjectLoan;
    let other = |steps: &[Step]| {
        let mut all = vec![step(None, "EXTENSION", 0), step(None, "OTHER", 0)];
        all.extend_from_slice(steps);
        all
    };
    let [first, second] = ["urn:a&b", "urn:\"c\""];
    let xml = carrying(vec![
        leaf(
            loan,
            other(&[step(Some(first), "ONE", 0), step(Some(second), "Two", 0)]),
            Some("<2>"),
        ),
        leaf(
            loan,
            other(&[step(Some(first), "ONE", 1), step(Some(first), "Two", 0)]),
            Some("x"),
        ),
        leaf(
            loan,
            other(&[step(Some(""), "plain", 0), step(None, "INNER", 0)]),
            Some("y"),
        ),
    ]);
    for part in [
        "xmlns:ns1=\"urn:a&amp;b\"",
        "xmlns:ns2=\"urn:&quot;c&quot;\"",
        "<ns2:Two>&lt;2&gt;</ns2:Two>",
        "<plain xmlns=\"\">",
        "<INNER xmlns=\"http://www.mismo.org/residential/2009/schemas\">y</INNER>",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
}

#[test]
fn what_the_application_says_wins_over_what_was_carried() {
    let terms = || step(None, "TERMS_OF_LOAN", 0);
    let mut reason = leaf(
        Anchor::SubjectLoan,
        vec![terms(), step(None, "MortgageType", 0)],
        None,
    );
    reason.attributes = vec![
        attribute(None, "DataNotSuppliedReasonType", "NotCollected"),
        attribute(None, "SensitiveIndicator", "false"),
        attribute(Some("http://www.w3.org/1999/xlink"), "label", "EVIL_1"),
    ];
    let base = leaf(
        Anchor::SubjectLoan,
        vec![terms(), step(None, "BaseLoanAmount", 0)],
        Some("9.99"),
    );
    let xml = carrying(vec![reason, base]);
    assert!(
        xml.contains("<MortgageType SensitiveIndicator=\"false\">VA<"),
        "{xml}"
    );
    assert!(
        xml.contains("<BaseLoanAmount>1.00<") && !xml.contains("9.99"),
        "{xml}"
    );
}

#[test]
fn carried_content_nobody_can_write_is_left_out_with_a_warning() {
    let deep = (0..2_000).map(|_| step(Some("urn:deep"), "D", 0)).collect();
    let carried = Carried {
        leaves: vec![
            leaf(Anchor::Deal, vec![step(None, "not a name>", 0)], Some("x")),
            leaf(Anchor::Borrower(9), vec![step(None, "NAME", 0)], Some("x")),
            leaf(Anchor::Deal, deep, Some("x")),
        ],
        arcs: vec![CarriedArc {
            arcrole: "urn:a/\"<b>".to_owned(),
            from: End::Anchor(Anchor::SubjectLoan),
            to: End::Anchor(Anchor::Asset(3)),
        }],
    };
    let written = write(&smallest(), &carried, &FACTS);
    let codes: Vec<_> = written
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(
        codes,
        [Code::XmlMalformed, Code::Conflict, Code::ArcDangling]
    );
    assert!(roxmltree::Document::parse(&written.xml).is_ok());
    assert!(
        !format!("{written:?}").contains("Ann"),
        "no values in a log"
    );
}
