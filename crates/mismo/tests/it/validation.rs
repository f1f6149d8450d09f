//! Looking at a document: everything that is wrong, and how many there are of what.

use lintel_mismo::{Code, Counts, Limits, Severity, validate};

use super::builder::Doc;
use super::fixtures::{PURCHASE, REFINANCE};

#[test]
fn a_good_document_is_counted() {
    let found = validate(PURCHASE.as_bytes(), &Limits::default());
    assert!(found.is_valid && found.findings.is_empty());
    let counts = Counts {
        parties: 5,
        borrowers: 1,
        assets: 2,
        owned_properties: 0,
        liabilities: 2,
        expenses: 1,
        incomes: 2,
        employments: 4,
        related_loans: 0,
    };
    assert_eq!(found.counts, Some(counts));
    let other = validate(REFINANCE.as_bytes(), &Limits::default()).counts;
    assert!(other.is_some_and(|counts| counts.owned_properties > 0 && counts.borrowers > 1));
}

#[test]
fn everything_wrong_is_listed_with_place_line_and_words() {
    let doc = Doc::good()
        .with(">Purchase<", ">Buy<")
        .with(">Conventional<", ">Normal<")
        .with("100000.00", "$1")
        .with("<FirstName>Given1</FirstName>", "")
        .with("1990-01-02", "02/01/1990")
        .with("xlink:to=\"BORROWER_1\"", "xlink:to=\"X\"");
    let found = validate(doc.text().as_bytes(), &Limits::default());
    assert!(!found.is_valid);
    assert_eq!(found.counts, None);
    assert_eq!(found.count(Severity::Error), 4);
    let has = |code, path: &str| {
        let mut all = found.findings.iter();
        all.any(|f| f.code == code && f.path == path && f.line == Some(3))
    };
    let terms = "DEAL/LOANS/LOAN/TERMS_OF_LOAN";
    assert!(has(Code::EnumUnknown, &format!("{terms}/LoanPurposeType")));
    assert!(has(Code::EnumUnknown, &format!("{terms}/MortgageType")));
    assert!(has(Code::BadAmount, &format!("{terms}/BaseLoanAmount")));
    assert!(has(
        Code::RequiredMissing,
        "DEAL/PARTIES/PARTY/INDIVIDUAL/NAME"
    ));
    assert!(has(Code::ArcDangling, "DEAL/RELATIONSHIPS/RELATIONSHIP"));
    let purpose = found
        .findings
        .iter()
        .find(|f| f.path.ends_with("LoanPurposeType"));
    assert_eq!(
        purpose.map(|f| f.allowed.clone()),
        Some(vec!["Purchase", "Refinance"])
    );
    let dates = found.findings.iter().filter(|f| f.code == Code::BadDate);
    assert_eq!(dates.count(), 1);
}

#[test]
fn a_list_that_was_cut_says_so() {
    let bad = "<ASSET><ASSET_DETAIL><AssetType>x</AssetType></ASSET_DETAIL></ASSET>".repeat(30);
    let doc = Doc::good().with("</ASSETS>", &format!("{bad}</ASSETS>"));
    let limits = Limits {
        max_findings: 10,
        ..Limits::default()
    };
    let found = validate(doc.text().as_bytes(), &limits);
    assert!(found.is_valid);
    assert_eq!(found.findings.len(), 11);
    assert_eq!(found.findings[10].code, Code::FindingsDropped);
}
