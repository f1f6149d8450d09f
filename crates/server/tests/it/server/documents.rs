//! Small loan documents about invented people.

/// One invented borrower.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Person {
    pub(super) first: String,
    pub(super) last: String,
    pub(super) email: String,
    /// In a group of numbers never given out.
    pub(super) tax_id: String,
}

/// The people of document `number`: every third has two.
pub(super) fn people(number: u32) -> Vec<Person> {
    let count = if number.is_multiple_of(3) { 2 } else { 1 };
    (0..count)
        .map(|place| Person {
            first: format!("Zephyrine{place}"),
            last: format!("Quarrelbane{number}"),
            email: format!("zephyrine{place}.quarrelbane{number}@example.com"),
            tax_id: format!("900{:02}{:04}", 10 + place, number % 10_000),
        })
        .collect()
}

/// A whole document; the same number gives the same document.
pub(super) fn loan(number: u32) -> String {
    let parties: String = people(number)
        .iter()
        .zip(1..)
        .map(|(p, n)| party(p, n))
        .collect();
    let amount = 150_000 + number % 1000;
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<MESSAGE xmlns="http://www.mismo.org/residential/2009/schemas" xmlns:xlink="http://www.w3.org/1999/xlink" MISMOReferenceModelIdentifier="3.4.032420160128">
 <DEAL_SETS><DEAL_SET><DEALS><DEAL>
  <COLLATERALS><COLLATERAL><SUBJECT_PROPERTY>
   <ADDRESS><AddressLineText>{number} Slate Lane</AddressLineText><CityName>Springvale</CityName><PostalCode>04083</PostalCode><StateCode>ME</StateCode></ADDRESS>
   <PROPERTY_DETAIL><AttachmentType>Detached</AttachmentType><ConstructionMethodType>SiteBuilt</ConstructionMethodType><FinancedUnitCount>1</FinancedUnitCount><PropertyEstimatedValueAmount>240000.00</PropertyEstimatedValueAmount><PropertyUsageType>PrimaryResidence</PropertyUsageType></PROPERTY_DETAIL>
  </SUBJECT_PROPERTY></COLLATERAL></COLLATERALS>
  <LOANS><LOAN LoanRoleType="SubjectLoan">
   <AMORTIZATION><AMORTIZATION_RULE><AmortizationType>Fixed</AmortizationType><LoanAmortizationPeriodCount>360</LoanAmortizationPeriodCount><LoanAmortizationPeriodType>Month</LoanAmortizationPeriodType></AMORTIZATION_RULE></AMORTIZATION>
   <TERMS_OF_LOAN><BaseLoanAmount>{amount}.00</BaseLoanAmount><LienPriorityType>FirstLien</LienPriorityType><LoanPurposeType>Purchase</LoanPurposeType><MortgageType>Conventional</MortgageType><NoteRatePercent>6.3750</NoteRatePercent></TERMS_OF_LOAN>
  </LOAN></LOANS>
  <PARTIES>{parties}</PARTIES>
 </DEAL></DEALS></DEAL_SET></DEAL_SETS>
</MESSAGE>
"#
    )
}

fn party(person: &Person, number: u32) -> String {
    let Person {
        first,
        last,
        email,
        tax_id,
    } = person;
    format!(
        r#"
   <PARTY><INDIVIDUAL><CONTACT_POINTS><CONTACT_POINT><CONTACT_POINT_EMAIL><ContactPointEmailValue>{email}</ContactPointEmailValue></CONTACT_POINT_EMAIL></CONTACT_POINT></CONTACT_POINTS><NAME><FirstName>{first}</FirstName><LastName>{last}</LastName></NAME></INDIVIDUAL>
    <ROLES><ROLE SequenceNumber="1" xlink:label="BORROWER_{number}"><BORROWER><BORROWER_DETAIL><BorrowerBirthDate>1983-11-05</BorrowerBirthDate></BORROWER_DETAIL></BORROWER><ROLE_DETAIL><PartyRoleType>Borrower</PartyRoleType></ROLE_DETAIL></ROLE></ROLES>
    <TAXPAYER_IDENTIFIERS><TAXPAYER_IDENTIFIER><TaxpayerIdentifierType>IndividualTaxpayerIdentificationNumber</TaxpayerIdentifierType><TaxpayerIdentifierValue>{tax_id}</TaxpayerIdentifierValue></TAXPAYER_IDENTIFIER></TAXPAYER_IDENTIFIERS>
   </PARTY>"#
    )
}
