//! Values of the right form that cannot be meant, and the words in which that is said.

use lintel_domain::application::terms::RefinanceKind;
use lintel_mismo::{Code, Finding, Import, Limits, Severity, read_str};

use super::builder::Doc;

const UNITS: &str = "<FinancedUnitCount>1<";
const ESTIMATE: &str = "<PropertyEstimatedValueAmount>200000.00<";
const PURPOSE: &str = "<LoanPurposeType>Purchase<";

fn import(doc: &Doc) -> Import {
    read_str(&doc.text(), &Limits::default()).unwrap_or_else(|r| panic!("{:#?}", r.findings))
}

/// The import and its findings' codes, all of which must be warnings.
fn warned(doc: &Doc) -> (Import, Vec<Code>) {
    let import = import(doc);
    let warnings = import.findings.iter();
    let codes = warnings
        .inspect(|f| assert_eq!(f.severity, Severity::Warning, "{f:?}"))
        .map(|f| f.code)
        .collect();
    (import, codes)
}

fn refused(text: &str) -> Vec<Finding> {
    read_str(text, &Limits::default())
        .expect_err("refused")
        .findings
}

fn with_address(content: &str) -> Doc {
    Doc::good().with(
        "<SUBJECT_PROPERTY>",
        &format!("<SUBJECT_PROPERTY><ADDRESS>{content}</ADDRESS>"),
    )
}

#[test]
fn states_are_two_capital_letters_everywhere() {
    for (written, read, codes) in [
        ("CA", Some("CA"), &[][..]),
        ("ca", Some("CA"), &[]),
        ("California", None, &[Code::EnumUnknown]),
        ("C1", None, &[Code::EnumUnknown]),
        ("É", None, &[Code::EnumUnknown]),
    ] {
        let (import, found) = warned(&with_address(&format!("<StateCode>{written}</StateCode>")));
        assert_eq!(found, codes, "{written}");
        assert_eq!(import.application.property.address.state.as_deref(), read);
        assert!(import.findings.iter().all(|f| !f.message.contains(written)));
    }
    let residence = "<RESIDENCES><RESIDENCE><ADDRESS><StateCode>ny</StateCode></ADDRESS>\
                     </RESIDENCE></RESIDENCES></BORROWER>";
    let (import, found) = warned(&Doc::good().with("</BORROWER>", residence));
    assert_eq!(found, []);
    let state = &import.application.borrowers[0].residences[0].address.state;
    assert_eq!(state.as_deref(), Some("NY"));
}

#[test]
fn zip_codes_of_the_property_have_five_or_nine_digits() {
    for (written, country, zip, codes) in [
        ("12345", "", Some("12345"), &[][..]),
        ("12345-6789", "US", Some("12345"), &[]),
        ("1234", "", None, &[Code::EnumUnknown]),
        ("123456", "us", None, &[Code::EnumUnknown]),
        ("ABCDE", "US", None, &[Code::EnumUnknown]),
        ("SW1A 1AA", "GB", None, &[]),
    ] {
        let country = format!("<CountryCode>{country}</CountryCode>");
        let doc = with_address(&format!("{country}<PostalCode>{written}</PostalCode>"));
        let (import, found) = warned(&doc);
        assert_eq!(found, codes, "{written}");
        let address = &import.application.property.address;
        assert_eq!(address.zip5(), zip);
        let kept = written.replace("-", "");
        assert_eq!(address.postal_code.as_deref(), Some(kept.as_str()));
    }
}

#[test]
fn a_home_has_one_to_four_units() {
    for (written, kept) in [("1", Some(1)), ("4", Some(4)), ("0", None), ("5", None)] {
        let doc = Doc::good().with(UNITS, &format!("<FinancedUnitCount>{written}<"));
        let (import, found) = warned(&doc);
        let expected = if kept.is_none() {
            vec![Code::BadCount]
        } else {
            vec![]
        };
        assert_eq!(found, expected, "{written}");
        assert_eq!(import.application.property.facts.unit_count, kept);
    }
}

#[test]
fn prices_and_values_are_above_zero() {
    let wrong = ["0.00", "-1.00", "-200000"];
    for amount in wrong {
        let doc = Doc::good().with(
            ESTIMATE,
            &format!("<PropertyEstimatedValueAmount>{amount}<"),
        );
        let (import, found) = warned(&doc);
        assert_eq!(found, [Code::BadAmount], "{amount}");
        assert_eq!(import.application.home_price(), None);

        let doc = Doc::good().with(
            "</SUBJECT_PROPERTY>",
            &format!(
                "<PROPERTY_VALUATIONS><PROPERTY_VALUATION><PROPERTY_VALUATION_DETAIL>\
                 <PropertyValuationAmount>{amount}</PropertyValuationAmount>\
                 </PROPERTY_VALUATION_DETAIL></PROPERTY_VALUATION></PROPERTY_VALUATIONS>\
                 <SALES_CONTRACTS><SALES_CONTRACT><SALES_CONTRACT_DETAIL>\
                 <SalesContractAmount>{amount}</SalesContractAmount></SALES_CONTRACT_DETAIL>\
                 </SALES_CONTRACT></SALES_CONTRACTS></SUBJECT_PROPERTY>"
            ),
        );
        let (import, found) = warned(&doc);
        assert_eq!(found, [Code::BadAmount; 2], "{amount}");
        let property = import.application.property;
        assert_eq!(property.valuation_cents, None);
        assert_eq!(property.sales_price_cents, None);
        assert_eq!(property.value(), property.estimated_value_cents);
    }
}

#[test]
fn balances_are_not_negative_and_rent_may_be() {
    for (amount, codes) in [("0.00", &[][..]), ("-0.01", &[Code::BadAmount])] {
        let doc = Doc::good().with(
            "</COLLATERALS>",
            &format!(
                "</COLLATERALS><LIABILITIES><LIABILITY><LIABILITY_DETAIL>\
                 <LiabilityType>Revolving</LiabilityType>\
                 <LiabilityUnpaidBalanceAmount>{amount}</LiabilityUnpaidBalanceAmount>\
                 </LIABILITY_DETAIL></LIABILITY></LIABILITIES>"
            ),
        );
        let (import, found) = warned(&doc);
        assert_eq!(found, codes, "{amount}");
        let balance = import.application.liabilities[0].balance_cents;
        assert_eq!(balance.is_none(), !codes.is_empty());
    }
    let rent = "<RentalEstimatedNetMonthlyRentAmount>-5.00</RentalEstimatedNetMonthlyRentAmount>\
                </PROPERTY_DETAIL>";
    let (import, found) = warned(&Doc::good().with("</PROPERTY_DETAIL>", rent));
    assert_eq!(found, []);
    let rent = import.application.property.net_monthly_rent_cents;
    assert!(rent.is_some_and(|rent| rent.is_negative()));
}

fn refinance(kind: &str, purpose: &str) -> Doc {
    Doc::good()
        .with(PURPOSE, &format!("<LoanPurposeType>{purpose}<"))
        .with(
            "<TERMS_OF_LOAN>",
            &format!("<REFINANCE>{kind}</REFINANCE><TERMS_OF_LOAN>"),
        )
}

#[test]
fn a_misspelt_kind_of_refinance_is_an_error() {
    let word = |word: &str| {
        format!("<RefinanceCashOutDeterminationType>{word}</RefinanceCashOutDeterminationType>")
    };
    for wrong in ["cashout", "CashOutRefinance"] {
        let found = refused(&refinance(&word(wrong), "Refinance").text());
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].code, Code::EnumUnknown);
        assert_eq!(found[0].severity, Severity::Error);
        assert!(found[0].allowed.contains(&"CashOut"));
        // On a purchase nothing hangs on it.
        let (_, found) = warned(&refinance(&word(wrong), "Purchase"));
        assert_eq!(found, [Code::EnumUnknown]);
    }
    let both = refinance(&word("cashout"), "Refinance")
        .with("<MortgageType>Conventional</MortgageType>", "");
    assert_eq!(refused(&both.text()).len(), 2);
    let unknown = import(&refinance(&word("Unknown"), "Refinance"));
    let kind = unknown.application.loan.refinance.and_then(|r| r.kind);
    assert_eq!(kind, Some(RefinanceKind::Other("Unknown".to_owned())));
    let (_, found) = warned(&refinance("", "Refinance"));
    assert_eq!(found, [Code::RequiredMissing]);
}

#[test]
fn words_of_the_list_that_make_no_loan_are_told_from_misspelt_ones() {
    for (word, is_listed) in [
        ("Other", true),
        ("MortgageModification", true),
        ("Unknown", true),
        ("purchase", false),
    ] {
        let doc = Doc::good().with(PURPOSE, &format!("<LoanPurposeType>{word}<"));
        let found = refused(&doc.text());
        assert_eq!(found[0].code, Code::EnumUnknown);
        assert_eq!(found[0].allowed, ["Purchase", "Refinance"]);
        let says_listed = found[0]
            .message
            .contains("is in the standard's list but cannot be taken in here");
        assert_eq!(says_listed, is_listed, "{word}: {}", found[0].message);
    }
}

#[test]
fn an_amount_beyond_the_range_is_called_too_large() {
    let nines = "9".repeat(60);
    for amount in ["99999999999999999999", "99999999999999999999.00", &nines] {
        let doc = Doc::good().with("10.00", amount);
        let import = import(&doc);
        assert_eq!(import.findings[0].code, Code::BadAmount);
        let message = &import.findings[0].message;
        assert!(message.contains("too large"), "{message}");
    }
    for amount in ["ten", "1.005", "1-0", &format!("1.{nines}")] {
        let import = import(&Doc::good().with("10.00", amount));
        assert!(import.findings[0].message.contains("decimal"), "{amount}");
    }
}

#[test]
fn a_reference_to_a_forbidden_character_is_called_so() {
    for reference in ["&#1;", "&#x0;", "&#xFFFE;", "&#99999999999;"] {
        for doc in [
            Doc::good().with("Given1", &format!("A{reference}B")),
            Doc::good().with("<DEAL>", &format!("<DEAL a=\"{reference}\">")),
        ] {
            let found = refused(&doc.text());
            assert_eq!(found[0].code, Code::XmlMalformed);
            let message = &found[0].message;
            assert!(message.contains("character"), "{reference}: {message}");
            assert!(!message.contains("ampersand"), "{reference}: {message}");
        }
    }
    for reference in ["&nbsp;", "&#ab;", "&#;"] {
        let found = refused(&Doc::good().with("Given1", reference).text());
        assert!(found[0].message.contains("ampersand"), "{reference}");
    }
    let fine = Doc::good().with("Given1", "A&#x9;&#233; B<!-- &#1; --> <![CDATA[&#1;]]>");
    let name = import(&fine).application.borrowers[0].name.first.clone();
    assert_eq!(name.as_deref(), Some("A\té B &#1;"));
}

#[test]
fn what_is_wrong_is_not_called_absent_as_well() {
    for (old, new, code) in [
        (">Fixed<", ">fixed<", Code::EnumUnknown),
        (">PrimaryResidence<", ">Owner<", Code::EnumUnknown),
    ] {
        let found = refused(&Doc::good().with(old, new).text());
        let codes: Vec<Code> = found.iter().map(|f| f.code).collect();
        assert_eq!(codes, [code], "{new}");
    }
    for (old, new, code) in [
        (">6.5<", ">six<", Code::BadPercent),
        (">360<", ">30 years<", Code::BadCount),
        (">200000.00<", ">much<", Code::BadAmount),
    ] {
        let (_, codes) = warned(&Doc::good().with(old, new));
        assert_eq!(codes, [code], "{new}");
    }
    let absent = Doc::good().with("<AmortizationType>Fixed</AmortizationType>", "");
    assert_eq!(warned(&absent).1, [Code::RequiredMissing]);
}
