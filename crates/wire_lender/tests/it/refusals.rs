//! Every refusal the application knows, in both formats, in one golden table.

use lintel_app::error::{AppError, Fault, FaultKind, Finding};
use lintel_domain::refusal::{
    Denial, Field, Noun, ProductPart, RatesPart, RatesRowPart, Refusal, Rule,
};
use lintel_wire_lender::error::ErrorStatus;
use lintel_wire_lender::refusal::lender_error;
use lintel_wire_lender::reply::Format;

use crate::golden;

/// Every value of a closed list, and a match that stops compiling when one is added.
macro_rules! every {
    ($kind:ident: $($variant:ident),+) => {{
        let _exhaustive = |value: $kind| match value { $($kind::$variant => ()),+ };
        vec![$($kind::$variant),+]
    }};
}

fn fields() -> Vec<Field> {
    let _exhaustive = |field: &Field| match field {
        Field::OrganisationName
        | Field::ParentOrganisation
        | Field::CredentialLabel
        | Field::LosLoanId
        | Field::LoanDocument
        | Field::PropertyState
        | Field::PropertyCounty
        | Field::PropertyPostalCode
        | Field::HomePrice
        | Field::LoanAmount
        | Field::QuotedProduct { .. }
        | Field::QuotedRate { .. }
        | Field::QuotedPoints { .. }
        | Field::RatesLender
        | Field::RatesProducts
        | Field::RatesProduct { .. }
        | Field::RatesRow { .. }
        | Field::SearchZips
        | Field::VersionNote => (),
    };
    let mut fields = vec![
        Field::OrganisationName,
        Field::ParentOrganisation,
        Field::CredentialLabel,
        Field::LosLoanId,
        Field::LoanDocument,
        Field::PropertyState,
        Field::PropertyCounty,
        Field::PropertyPostalCode,
        Field::HomePrice,
        Field::LoanAmount,
        Field::QuotedRate {
            product: 1,
            rate: 2,
        },
        Field::QuotedPoints {
            product: 1,
            rate: 2,
        },
    ];
    let parts = every!(ProductPart: Term, Amortization, ArmIndex, ArmFirstAdjustment, ArmPeriodicAdjustment);
    fields.extend(
        parts
            .into_iter()
            .map(|part| Field::QuotedProduct { product: 1, part }),
    );
    fields.extend([
        Field::RatesLender,
        Field::RatesProducts,
        Field::SearchZips,
        Field::VersionNote,
    ]);
    let parts = every!(RatesPart: PublicId, Code, Index, Margin, Rows);
    let of_product = |part| Field::RatesProduct { product: 0, part };
    fields.extend(parts.into_iter().map(of_product));
    let parts = every!(RatesRowPart: Rate, Price, Lock);
    let of_row = |part| Field::RatesRow {
        product: 0,
        row: 3,
        part,
    };
    fields.extend(parts.into_iter().map(of_row));
    fields
}

fn refusals() -> Vec<Refusal> {
    let nouns = every!(
        Noun: Organisation, Credential, Loan, Staff, Lead, Search, Product, CatalogueVersion
    );
    let rules = every!(Rule: Missing, Malformed, Conflict);
    let denials = every!(
        Denial: CredentialsUnknown, TokenExpired, TokenMismatch, TokenUnknown, OrganisationMismatch
    );
    let mut refusals: Vec<Refusal> = nouns
        .into_iter()
        .map(|what| Refusal::NotFound { what })
        .collect();
    for field in fields() {
        let of_field = |rule: &Rule| Refusal::Invalid {
            field: field.clone(),
            rule: *rule,
        };
        refusals.extend(rules.iter().map(of_field));
    }
    refusals.extend(denials.into_iter().map(Refusal::Denied));
    refusals
}

fn errors() -> Vec<(String, AppError)> {
    let mut errors: Vec<(String, AppError)> = refusals()
        .into_iter()
        .map(|refusal| (format!("{refusal:?}"), AppError::Refused(refusal)))
        .collect();
    let finding = |message: &'static str, allowed: Vec<&'static str>| Finding {
        code: lintel_mismo::Code::EnumUnknown,
        severity: lintel_mismo::Severity::Error,
        path: "LOAN[1]/TERMS_OF_LOAN/LoanPurposeType".to_owned(),
        line: Some(7),
        message: message.into(),
        allowed,
    };
    let findings = vec![
        finding("Not <one> of & the list.", vec!["Purchase", "Refinance"]),
        finding("Else.", vec![]),
    ];
    errors.push(("Document".to_owned(), AppError::Document(findings)));
    for kind in every!(FaultKind: Busy, Unavailable, Corrupt, Internal) {
        let fault = Fault::new(kind, "the operator's text with SECRET");
        errors.push((format!("Failed {kind:?}"), AppError::Failed(fault)));
    }
    errors
}

#[test]
fn every_refusal_in_both_formats() {
    let mut table = String::new();
    for (name, error) in errors() {
        table.push_str(&format!("{name}\n"));
        for format in [Format::Json, Format::Xml] {
            let reply = lender_error(&error).reply(format, ErrorStatus::Code, "r-1");
            let body = String::from_utf8(reply.body()).expect("text");
            assert!(!body.contains("SECRET"), "{body}");
            table.push_str(&format!("  {} {body}\n", reply.status.as_u16()));
        }
    }
    golden::compare("refusals.txt", &table);
}
