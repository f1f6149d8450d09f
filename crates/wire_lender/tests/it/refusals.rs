//! Every refusal the application knows, in both formats, in one golden table.

use lintel_app::error::{AppError, Fault, FaultKind, Finding as DocumentFinding};
use lintel_domain::finding::{CreditField, CreditRule, Finding};
use lintel_domain::refusal::{
    BranchField, CompanyField, Denial, Field, ImagePart, LicensePart, Noun, PersonField,
    ProductPart, RatesPart, RatesRowPart, Refusal, Rule, SignerPart, SigningField, StatusPart,
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
        | Field::VersionNote
        | Field::Starter
        | Field::Company(_)
        | Field::People
        | Field::Person { .. }
        | Field::Branch(_)
        | Field::Statuses
        | Field::CompanyStatus { .. }
        | Field::PersonStatus { .. }
        | Field::VendorGrant
        | Field::Signing(_)
        | Field::BorrowerAccount
        | Field::BorrowerEmail
        | Field::LoanStatus(_)
        | Field::Condition(_)
        | Field::Documents
        | Field::Document { .. }
        | Field::DocumentKind { .. }
        | Field::DocumentKinds
        | Field::LosLoanGuid
        | Field::LoanOfficerEmail
        | Field::LosSettings
        | Field::StatusWording
        | Field::Messaging(_)
        | Field::Application(_)
        | Field::RateWatch(_)
        | Field::TaskDescription => (),
    };
    let mut fields = fields_of_prices();
    fields.extend(fields_of_companies());
    fields.extend(fields_of_people());
    fields.extend(fields_of_loans());
    fields.extend(fields_of_messages());
    fields
}

fn fields_of_messages() -> Vec<Field> {
    use lintel_domain::refusal::{ApplicationField, MessagingField, WatchField};
    let messaging = every!(
        MessagingField: SenderName, SenderEmail, ReplyTo, SenderDomains, Timezone, WatchMinute, Address
    );
    let mut fields: Vec<Field> = messaging.into_iter().map(Field::Messaging).collect();
    fields.extend([
        Field::Application(ApplicationField::Borrowers),
        Field::Application(ApplicationField::Email { borrower: 1 }),
        Field::RateWatch(WatchField::Email),
        Field::RateWatch(WatchField::ProductNames),
        Field::RateWatch(WatchField::ProductName { place: 1 }),
        Field::RateWatch(WatchField::Targets),
        Field::RateWatch(WatchField::TargetProduct { place: 1 }),
        Field::RateWatch(WatchField::TargetRate { place: 1 }),
        Field::RateWatch(WatchField::Count),
        Field::TaskDescription,
    ]);
    fields
}

fn fields_of_loans() -> Vec<Field> {
    use lintel_domain::refusal::{ConditionField, DocumentPart, LoanStatusField};
    let statuses = every!(
        LoanStatusField: Main, Sub, LenderMain, LenderSub, BorrowerMain, BorrowerSub, ClosingDate, CrmId
    );
    let conditions = every!(
        ConditionField: Title, Description, Phase, Responsible, Status, CallerKey, Count
    );
    let parts = every!(
        DocumentPart: FileName, Format, Content, Class, Kind, Condition, AutoSatisfy
    );
    let mut fields: Vec<Field> = statuses.into_iter().map(Field::LoanStatus).collect();
    fields.extend(conditions.into_iter().map(Field::Condition));
    let of_document = |part| Field::Document { document: 1, part };
    fields.extend(parts.into_iter().map(of_document));
    fields.extend([
        Field::Documents,
        Field::DocumentKind { place: 1 },
        Field::DocumentKinds,
        Field::LosLoanGuid,
        Field::LoanOfficerEmail,
        Field::LosSettings,
        Field::StatusWording,
    ]);
    fields
}

fn fields_of_prices() -> Vec<Field> {
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

fn fields_of_companies() -> Vec<Field> {
    use CompanyField as C;
    let _exhaustive = |part: C| match part {
        C::Uid | C::Name | C::LegalName | C::Street | C::Unit | C::City | C::State => (),
        C::PostalCode | C::County | C::Country | C::Website | C::Phone => (),
        C::PhoneExtension | C::Email | C::Nmls | C::OriginatorType | C::LegalForm => (),
        C::About | C::AboutShort | C::TaxId | C::OfficerCompensation | C::PricingTier => (),
        C::OffersConventional | C::OffersFha | C::OffersVa | C::Licenses => (),
        C::License { .. } | C::Logo(_) | C::Favicon(_) | C::BrandColor | C::AccentColor => (),
    };
    let mut parts = vec![
        C::Uid,
        C::Name,
        C::LegalName,
        C::Street,
        C::Unit,
        C::City,
        C::State,
        C::PostalCode,
        C::County,
        C::Country,
        C::Website,
        C::Phone,
        C::PhoneExtension,
        C::Email,
        C::Nmls,
        C::OriginatorType,
        C::LegalForm,
        C::About,
        C::AboutShort,
        C::TaxId,
        C::OfficerCompensation,
        C::PricingTier,
        C::OffersConventional,
        C::OffersFha,
        C::OffersVa,
        C::Licenses,
        C::BrandColor,
        C::AccentColor,
    ];
    let license = |part| C::License { license: 2, part };
    parts.extend(every!(LicensePart: State, Number).into_iter().map(license));
    for part in every!(ImagePart: Format, Content) {
        parts.extend([C::Logo(part), C::Favicon(part)]);
    }
    let mut fields: Vec<Field> = parts.into_iter().map(Field::Company).collect();
    let parts = every!(BranchField: Name, Street, Unit, City, State, PostalCode, Phone, Nmls);
    fields.extend(parts.into_iter().map(Field::Branch));
    let of_company = |part| Field::CompanyStatus { company: 1, part };
    fields.extend(every!(StatusPart: Id, Status).into_iter().map(of_company));
    fields.extend([Field::Starter, Field::Statuses, Field::VendorGrant]);
    fields
}

fn fields_of_people() -> Vec<Field> {
    use PersonField as P;
    let _exhaustive = |part: P| match part {
        P::Uid | P::Timezone | P::Headshot(_) | P::FirstName | P::PreferredName => (),
        P::MiddleName | P::LastName | P::Phone | P::PhoneExtension | P::Email => (),
        P::Roles | P::Nmls | P::LosId | P::PrimaryBranch | P::SecondaryBranches => (),
        P::SecondaryBranch { .. } | P::Licenses | P::License { .. } => (),
        P::IsAssignable | P::WantsMail | P::Status => (),
    };
    let mut parts = vec![
        P::Uid,
        P::Timezone,
        P::FirstName,
        P::PreferredName,
        P::MiddleName,
        P::LastName,
        P::Phone,
        P::PhoneExtension,
        P::Email,
        P::Roles,
        P::Nmls,
        P::LosId,
        P::PrimaryBranch,
        P::SecondaryBranches,
        P::SecondaryBranch { branch: 3 },
        P::Licenses,
        P::IsAssignable,
        P::WantsMail,
        P::Status,
    ];
    let license = |part| P::License { license: 2, part };
    parts.extend(every!(LicensePart: State, Number).into_iter().map(license));
    parts.extend(
        every!(ImagePart: Format, Content)
            .into_iter()
            .map(P::Headshot),
    );
    let of_person = |part| Field::Person { person: 1, part };
    let mut fields: Vec<Field> = parts.into_iter().map(of_person).collect();
    let of_status = |part| Field::PersonStatus { person: 1, part };
    fields.extend(every!(StatusPart: Id, Status).into_iter().map(of_status));
    let signers = || every!(SignerPart: Who, Url, ExpiresAt, Status).into_iter();
    fields.extend(signers().map(|part| Field::Signing(SigningField::Officer(part))));
    let borrower = |part| Field::Signing(SigningField::Borrower { borrower: 1, part });
    fields.extend(signers().map(borrower));
    fields.extend([SigningField::Vendor, SigningField::Signers].map(Field::Signing));
    fields.extend([Field::People, Field::BorrowerAccount, Field::BorrowerEmail]);
    fields
}

fn denials() -> Vec<Denial> {
    let wait_seconds = 60;
    let _exhaustive = |denial: Denial| match denial {
        Denial::CredentialsUnknown
        | Denial::TokenExpired
        | Denial::TokenMismatch
        | Denial::TokenUnknown
        | Denial::OrganisationMismatch
        | Denial::NotPermitted
        | Denial::PartnerUnknown
        | Denial::PartnerSessionOver
        | Denial::PartnerThrottled { .. }
        | Denial::SecondPersonNeeded => (),
    };
    vec![
        Denial::CredentialsUnknown,
        Denial::TokenExpired,
        Denial::TokenMismatch,
        Denial::TokenUnknown,
        Denial::OrganisationMismatch,
        Denial::NotPermitted,
        Denial::PartnerUnknown,
        Denial::PartnerSessionOver,
        Denial::PartnerThrottled { wait_seconds },
        Denial::SecondPersonNeeded,
    ]
}

fn refusals() -> Vec<Refusal> {
    let nouns = every!(
        Noun: Organisation, Credential, Loan, Staff, Lead, Search, Product, CatalogueVersion,
        Branch, Vendor, Borrower, Condition, Document, LosConnector, LosLoan, Message, Task, Alert,
        RateWatch, Network, Intermediary, IntermediaryUser, Simulation, Process, ProcessBorrower,
        ProcessProperty, ProcessDocument, InformationRequest, Proposal, Callback, CallbackDelivery,
        Taxonomy
    );
    let rules = every!(Rule: Missing, Malformed, Conflict);
    let denials = denials();
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
    refusals.push(Refusal::Several(vec![
        (Field::Company(CompanyField::Name), Rule::Missing),
        (Field::Company(CompanyField::Email), Rule::Malformed),
    ]));
    let what = Noun::Process;
    let nothing_given = CreditRule::Missing;
    refusals.extend([
        Refusal::Findings(vec![Finding::new(CreditField::LoanAmount, nothing_given)]),
        Refusal::WrongState {
            what,
            is: "submitted",
        },
        Refusal::Stale { what },
    ]);
    refusals
}

fn errors() -> Vec<(String, AppError)> {
    let mut errors: Vec<(String, AppError)> = refusals()
        .into_iter()
        .map(|refusal| (format!("{refusal:?}"), AppError::Refused(refusal)))
        .collect();
    let finding = |message: &'static str, allowed: Vec<&'static str>| DocumentFinding {
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
