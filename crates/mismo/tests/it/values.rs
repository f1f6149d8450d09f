//! Data points that are not of the standard's form: what is reported, and what becomes of them.

use lintel_domain::application::employment::IncomeKind;
use lintel_domain::application::holding::AssetKind;
use lintel_domain::application::terms::{AmortizationKind, Program};
use lintel_mismo::{Code, Finding, Import, Limits, Severity, read_str};

use super::builder::{Doc, party};

fn import(doc: &Doc) -> Import {
    read_str(&doc.text(), &Limits::default()).unwrap_or_else(|r| panic!("{:#?}", r.findings))
}

/// The only finding of a document that imports.
fn only(doc: &Doc) -> (Import, Finding) {
    let import = import(doc);
    assert_eq!(import.findings.len(), 1, "{:#?}", import.findings);
    let finding = import.findings[0].clone();
    (import, finding)
}

fn errors(doc: &Doc) -> Vec<Finding> {
    let rejection = read_str(&doc.text(), &Limits::default()).expect_err("refused");
    rejection
        .findings
        .into_iter()
        .filter(|f| f.severity == Severity::Error)
        .collect()
}

/// Changes without which, or with which, there is no loan: what to replace, by what, and the error.
#[rustfmt::skip]
const FATAL: &[(&str, &str, Code)] = &[
    ("<LoanPurposeType>Purchase</LoanPurposeType>", "", Code::RequiredMissing),
    ("<LoanPurposeType>Purchase<", "<LoanPurposeType>{Purpose}<", Code::RequiredMissing),
    ("<LoanPurposeType>Purchase<", "<LoanPurposeType>purchase<", Code::EnumUnknown),
    ("<LoanPurposeType>Purchase<", "<LoanPurposeType>MortgageModification<", Code::EnumUnknown),
    ("<MortgageType>Conventional</MortgageType>", "", Code::RequiredMissing),
    ("<MortgageType>Conventional<", "<MortgageType>Jumbo<", Code::EnumUnknown),
    ("<BaseLoanAmount>100000.00</BaseLoanAmount>", "", Code::RequiredMissing),
    ("<BaseLoanAmount>100000.00<", "<BaseLoanAmount>$100,000<", Code::BadAmount),
    ("<BaseLoanAmount>100000.00<", "<BaseLoanAmount>0.00<", Code::BadAmount),
    ("<BaseLoanAmount>100000.00<", "<BaseLoanAmount>-5<", Code::BadAmount),
    ("<AmortizationType>Fixed<", "<AmortizationType>fixed<", Code::EnumUnknown),
    ("<PropertyUsageType>Primary", "<PropertyUsageType>Owner", Code::EnumUnknown),
    ("<FirstName>Given1</FirstName>", "", Code::RequiredMissing),
    ("<LastName>Family1</LastName>", "<FullName>Given Family</FullName>", Code::RequiredMissing),
    ("Borrower</PartyRoleType>", "Spouse</PartyRoleType>", Code::BorrowerMissing),
];

#[test]
fn what_a_loan_needs_is_an_error_when_absent_or_wrong() {
    // The body of a borrower would make a role one, whatever it calls itself.
    let bare = Doc::good()
        .with("<BORROWER>", "<X>")
        .with("</BORROWER>", "</X>");
    for (old, new, code) in FATAL {
        let found = errors(&bare.clone().with(old, new));
        let codes: Vec<_> = found.iter().map(|f| f.code).collect();
        assert_eq!(codes, [*code], "{old} -> {new}");
    }
}

#[test]
fn all_errors_are_reported_at_once() {
    let doc = Doc::good()
        .with("<MortgageType>Conventional</MortgageType>", "")
        .with("<FirstName>Given1</FirstName>", "")
        .with("PrimaryResidence", "Home");
    let codes: Vec<_> = errors(&doc).iter().map(|f| f.code).collect();
    assert_eq!(
        codes,
        [
            Code::RequiredMissing,
            Code::EnumUnknown,
            Code::RequiredMissing
        ]
    );
}

#[test]
fn a_repeated_purpose_is_an_error_and_other_repetitions_warn() {
    let purpose = "<LoanPurposeType>Purchase</LoanPurposeType>";
    let doc = Doc::good().with(purpose, &purpose.repeat(2));
    assert_eq!(errors(&doc)[0].code, Code::Conflict);

    let birth = "<BorrowerBirthDate>1990-01-02</BorrowerBirthDate>";
    let (import, finding) = only(&Doc::good().with(birth, &birth.repeat(2)));
    assert_eq!(
        (finding.code, finding.severity),
        (Code::Conflict, Severity::Warning)
    );
    assert!(
        finding
            .path
            .ends_with("BORROWER_DETAIL/BorrowerBirthDate[2]"),
        "{}",
        finding.path
    );
    assert!(import.application.borrowers[0].birth_date.is_some());
}

#[test]
fn values_of_the_wrong_form_are_reported_and_left_out() {
    let rate = "<NoteRatePercent>6.5</NoteRatePercent>";
    for wrong in ["0.065", "650", "6.5%", "six"] {
        let doc = Doc::good().with(rate, &format!("<NoteRatePercent>{wrong}</NoteRatePercent>"));
        let import = import(&doc);
        assert_eq!(import.findings[0].code, Code::BadPercent, "{wrong}");
        assert_eq!(import.application.loan.note_rate_pct_e9, None, "{wrong}");
    }
    for wrong in ["01/02/1990", "1990-01", "1990-01-02T00:00:00", "1990-02-30"] {
        let (import, finding) = only(&Doc::good().with("1990-01-02", wrong));
        assert_eq!(finding.code, Code::BadDate, "{wrong}");
        assert!(!finding.message.contains(wrong));
        assert_eq!(import.application.borrowers[0].birth_date, None);
    }
    let doc = Doc::good().with("<FinancedUnitCount>1<", "<FinancedUnitCount>one<");
    assert_eq!(only(&doc).1.code, Code::BadCount);
    let doc = Doc::good().with(
        "<FinancedUnitCount>1</",
        "<PUDIndicator>Y</PUDIndicator><FinancedUnitCount>1</",
    );
    let found = import(&doc).findings;
    assert_eq!(found[0].code, Code::BadIndicator);
    let (import, finding) = only(&Doc::good().with("10.00", "10.005"));
    assert_eq!(finding.code, Code::BadAmount);
    assert_eq!(import.application.assets[0].value_cents, None);
}

#[test]
fn terms_beyond_belief_are_left_out() {
    for (count, unit) in [
        ("0", "Month"),
        ("601", "Month"),
        ("360", "Year"),
        ("360", "Week"),
    ] {
        let doc = Doc::good()
            .with("PeriodCount>360<", &format!("PeriodCount>{count}<"))
            .with("PeriodType>Month<", &format!("PeriodType>{unit}<"));
        let import = import(&doc);
        assert_eq!(import.findings[0].code, Code::BadCount, "{count} {unit}");
        assert_eq!(import.application.loan.amortization_months, None);
    }
}

#[test]
fn tax_identifiers_are_nine_digits_of_a_person() {
    for wrong in [
        "***-**-1234",
        "XXX-XX-1234",
        "12345678",
        "1234567890",
        "90000000a",
    ] {
        let (import, finding) = only(&Doc::good().with("900000001", wrong));
        assert_eq!(finding.code, Code::BadTaxId, "{wrong}");
        assert_eq!(finding.severity, Severity::Warning);
        assert!(!finding.message.contains("1234"));
        assert_eq!(import.application.borrowers[0].tax_id, None);
    }
    let masked = only(&Doc::good().with("900000001", "***-**-1234")).1;
    assert!(masked.message.contains("masked"));
    let ein = Doc::good().with("SocialSecurityNumber", "EmployerIdentificationNumber");
    let (import, finding) = only(&ein);
    assert_eq!(finding.code, Code::BadTaxId);
    assert_eq!(import.application.borrowers[0].tax_id, None);
}

#[test]
fn words_outside_a_list_are_kept_where_the_loan_does_not_hang_on_them() {
    let (import, finding) = only(&Doc::good().with("CashOnHand", "Cryptocurrency"));
    assert_eq!(
        (finding.code, finding.severity),
        (Code::EnumUnknown, Severity::Warning)
    );
    assert!(finding.allowed.contains(&"CheckingAccount"));
    let asset = &import.application.assets[0];
    assert_eq!(asset.kind, Some(AssetKind::Other("Other".to_owned())));
    assert_eq!(asset.description.as_deref(), Some("Cryptocurrency"));

    let (import, finding) = only(&Doc::good().with("CashOnHand", "CASHonhand"));
    assert_eq!(finding.code, Code::EnumUnknown);
    assert_eq!(
        import.application.assets[0].kind,
        Some(AssetKind::CashOnHand)
    );

    let (import, finding) = only(&Doc::good().with(">Conventional<", ">StateAgency<"));
    assert_eq!(
        (finding.code, finding.severity),
        (Code::EnumUnknown, Severity::Warning)
    );
    assert_eq!(
        import.application.loan.program,
        Program::Other("StateAgency".to_owned())
    );

    let step = import_amortization("Step");
    assert_eq!(step, Some(AmortizationKind::Other("Step".to_owned())));
}

fn import_amortization(word: &str) -> Option<AmortizationKind> {
    import(&Doc::good().with("Fixed", word))
        .application
        .loan
        .amortization
}

#[test]
fn comments_inside_values_and_entities_are_read_through() {
    let doc = Doc::good()
        .with("Given1", "Gi<!-- c -->ven &amp; Co")
        .with("Family1", "<![CDATA[O'Family <1>]]>");
    let name = import(&doc).application.borrowers[0].name.clone();
    assert_eq!(name.first.as_deref(), Some("Given & Co"));
    assert_eq!(name.last.as_deref(), Some("O'Family <1>"));
}

#[test]
fn counts_amounts_and_addresses_are_cross_checked() {
    let (_, finding) = only(&Doc::good().with("<BorrowerCount>1<", "<BorrowerCount>2<"));
    assert_eq!(finding.code, Code::Conflict);
    let (_, finding) = only(&Doc::good().with("100000.00", "200000.01"));
    assert_eq!(finding.code, Code::Conflict);
    let second = party(2).replace("b2@example.com", "B1@example.com");
    let doc = Doc::good()
        .with("</PARTIES>", &format!("{second}</PARTIES>"))
        .with("<BorrowerCount>1<", "<BorrowerCount>2<");
    assert_eq!(only(&doc).1.code, Code::Conflict);
    let doc = Doc::good().with("b1@example.com", "nobody");
    let codes: Vec<_> = import(&doc).findings.iter().map(|f| f.code).collect();
    assert_eq!(codes, [Code::Conflict, Code::RequiredMissing]);
}

#[test]
fn an_incomplete_application_still_makes_a_loan() {
    let mut doc = Doc::good();
    doc.deal = format!(
        "<DEAL><LOANS><LOAN LoanRoleType=\"SubjectLoan\"><TERMS_OF_LOAN>\
         <BaseLoanAmount>1.00</BaseLoanAmount><LoanPurposeType>Refinance</LoanPurposeType>\
         <MortgageType>VA</MortgageType></TERMS_OF_LOAN></LOAN></LOANS><PARTIES>{}</PARTIES></DEAL>",
        party(1)
    );
    let import = import(&doc);
    assert!(
        import
            .findings
            .iter()
            .all(|f| f.code == Code::RequiredMissing),
        "{:#?}",
        import.findings
    );
    assert!(import.application.property.address.is_empty());
    assert_eq!(
        import.application.borrowers[0]
            .incomes
            .first()
            .and_then(|i| i.kind.clone()),
        None::<IncomeKind>
    );
}
