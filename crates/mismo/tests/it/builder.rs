//! A small document to break in one place at a time.

/// A document that imports without a warning, in pieces a test can replace.
#[derive(Clone)]
pub struct Doc {
    pub root: String,
    pub deal: String,
}

/// The smallest root: namespace, linking, and the model identifier.
pub const ROOT: &str = r#"<MESSAGE xmlns="http://www.mismo.org/residential/2009/schemas" xmlns:xlink="http://www.w3.org/1999/xlink" MISMOReferenceModelIdentifier="3.4.032420160128">"#;

const LOAN: &str = "<LOANS><LOAN LoanRoleType=\"SubjectLoan\">\
<AMORTIZATION><AMORTIZATION_RULE><AmortizationType>Fixed</AmortizationType>\
<LoanAmortizationPeriodCount>360</LoanAmortizationPeriodCount>\
<LoanAmortizationPeriodType>Month</LoanAmortizationPeriodType></AMORTIZATION_RULE></AMORTIZATION>\
<LOAN_DETAIL><BorrowerCount>1</BorrowerCount></LOAN_DETAIL>\
<TERMS_OF_LOAN><BaseLoanAmount>100000.00</BaseLoanAmount>\
<LoanPurposeType>Purchase</LoanPurposeType><MortgageType>Conventional</MortgageType>\
<NoteRatePercent>6.5</NoteRatePercent></TERMS_OF_LOAN></LOAN></LOANS>";

const PROPERTY: &str = "<COLLATERALS><COLLATERAL><SUBJECT_PROPERTY><PROPERTY_DETAIL>\
<FinancedUnitCount>1</FinancedUnitCount>\
<PropertyEstimatedValueAmount>200000.00</PropertyEstimatedValueAmount>\
<PropertyUsageType>PrimaryResidence</PropertyUsageType></PROPERTY_DETAIL></SUBJECT_PROPERTY>\
</COLLATERAL></COLLATERALS>";

const ARC: &str = "<RELATIONSHIPS><RELATIONSHIP xlink:from=\"ASSET_1\" xlink:to=\"BORROWER_1\" \
xlink:arcrole=\"urn:fdc:mismo.org:2009:residential/ASSET_IsAssociatedWith_ROLE\"/></RELATIONSHIPS>";

const ASSET: &str = "<ASSETS><ASSET xlink:label=\"ASSET_1\"><ASSET_DETAIL>\
<AssetCashOrMarketValueAmount>10.00</AssetCashOrMarketValueAmount>\
<AssetType>CashOnHand</AssetType></ASSET_DETAIL></ASSET></ASSETS>";

/// A borrower's party; the number makes label, names and mail address distinct.
pub fn party(n: usize) -> String {
    format!(
        "<PARTY><INDIVIDUAL><CONTACT_POINTS><CONTACT_POINT><CONTACT_POINT_EMAIL>\
         <ContactPointEmailValue>b{n}@example.com</ContactPointEmailValue></CONTACT_POINT_EMAIL>\
         </CONTACT_POINT></CONTACT_POINTS><NAME><FirstName>Given{n}</FirstName>\
         <LastName>Family{n}</LastName></NAME></INDIVIDUAL><ROLES>\
         <ROLE xlink:label=\"BORROWER_{n}\"><BORROWER><BORROWER_DETAIL>\
         <BorrowerBirthDate>1990-01-02</BorrowerBirthDate></BORROWER_DETAIL></BORROWER>\
         <ROLE_DETAIL><PartyRoleType>Borrower</PartyRoleType></ROLE_DETAIL></ROLE></ROLES>\
         <TAXPAYER_IDENTIFIERS><TAXPAYER_IDENTIFIER>\
         <TaxpayerIdentifierType>SocialSecurityNumber</TaxpayerIdentifierType>\
         <TaxpayerIdentifierValue>90000000{n}</TaxpayerIdentifierValue></TAXPAYER_IDENTIFIER>\
         </TAXPAYER_IDENTIFIERS></PARTY>"
    )
}

impl Doc {
    /// The document without a flaw.
    pub fn good() -> Self {
        let parties = format!("<PARTIES>{}</PARTIES>", party(1));
        let deal = format!("<DEAL>{ASSET}{PROPERTY}{LOAN}{parties}{ARC}</DEAL>");
        Self {
            root: ROOT.to_owned(),
            deal,
        }
    }

    /// Replaces a text of the deal, which must occur.
    pub fn with(mut self, old: &str, new: &str) -> Self {
        assert!(self.deal.contains(old), "the good document has no {old}");
        self.deal = self.deal.replacen(old, new, 1);
        self
    }

    /// Replaces a text of the root, which must occur.
    pub fn root_with(mut self, old: &str, new: &str) -> Self {
        assert!(self.root.contains(old), "the root has no {old}");
        self.root = self.root.replacen(old, new, 1);
        self
    }

    /// The document, with every `>` of the frame on a line of its own.
    pub fn text(&self) -> String {
        let close = if self.root.starts_with("<mismo:") {
            "mismo:"
        } else {
            ""
        };
        format!(
            "{}\n<DEAL_SETS><DEAL_SET><DEALS>\n{}\n</DEALS></DEAL_SET></DEAL_SETS></{close}MESSAGE>",
            self.root, self.deal
        )
    }
}
