//! How nouns, fields and denials read in a log.

use std::fmt;

use super::{Denial, Field, Noun};

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Organisation => "organisation",
            Self::Credential => "credential",
            Self::Loan => "loan",
            Self::Staff => "member of staff",
            Self::Lead => "lead",
            Self::Search => "search",
            Self::Product => "product",
            Self::CatalogueVersion => "version of the catalogue",
            Self::Branch => "branch",
            Self::Vendor => "vendor",
            Self::Borrower => "borrower",
            Self::Condition => "condition",
            Self::Document => "document",
            Self::LosConnector => "connection to a loan origination system",
            Self::LosLoan => "loan in the loan origination system",
            Self::Message => "message",
            Self::Task => "task",
            Self::Alert => "alert",
            Self::RateWatch => "rate watch",
            Self::Network => "network of intermediaries",
            Self::Intermediary => "credit intermediary",
            Self::IntermediaryUser => "user of an intermediary",
            Self::Simulation => "simulation",
            Self::Process => "process",
            Self::ProcessBorrower => "borrower of a process",
            Self::ProcessProperty => "property of a process",
            Self::ProcessDocument => "document of a process",
            Self::InformationRequest => "request for information",
            Self::Proposal => "proposal",
            Self::Callback => "callback registration",
            Self::CallbackDelivery => "callback delivery",
            Self::Taxonomy => "taxonomy",
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrganisationName => "the name",
            Self::ParentOrganisation => "the parent organisation",
            Self::CredentialLabel => "the label",
            Self::LosLoanId => "the loan number",
            Self::LoanDocument => "the loan document",
            Self::PropertyState => "the property's state",
            Self::PropertyPostalCode => "the property's postal code",
            Self::PropertyCounty => "the property's county",
            Self::HomePrice => "the home price",
            Self::LoanAmount => "the loan amount",
            Self::QuotedProduct { product, part } => {
                return write!(f, "{part:?} of product {}", product + 1);
            }
            Self::QuotedPoints { product, rate } => {
                return write!(f, "points of rate {} of product {}", rate + 1, product + 1);
            }
            Self::QuotedRate { product, rate } => {
                return write!(f, "rate {} of product {}", rate + 1, product + 1);
            }
            Self::RatesLender => "the lender of the rate sheets",
            Self::RatesProducts => "the list of products",
            Self::RatesProduct { product, part } => {
                return write!(f, "{part:?} of product {}", product + 1);
            }
            Self::RatesRow { product, row, part } => {
                let (row, product) = (row + 1, product + 1);
                return write!(f, "{part:?} in row {row} of product {product}");
            }
            Self::SearchZips => "the list of ZIP codes",
            Self::VersionNote => "the note",
            Self::Starter => "who started the set-up",
            Self::Company(part) => return write!(f, "{part:?} of the company"),
            Self::People => "the list of people",
            Self::Person { person, part } => {
                return write!(f, "{part:?} of person {}", person + 1);
            }
            Self::Branch(part) => return write!(f, "{part:?} of the branch"),
            Self::Statuses => "the lists of companies and people",
            Self::CompanyStatus { company, part } => {
                return write!(f, "{part:?} of company {}", company + 1);
            }
            Self::PersonStatus { person, part } => {
                return write!(f, "{part:?} of person {}", person + 1);
            }
            Self::VendorGrant => "the vendor's grant",
            Self::Signing(part) => return write!(f, "{part:?} of the signing links"),
            Self::BorrowerAccount => "the borrower",
            Self::BorrowerEmail => "the borrower's mail address",
            Self::LoanStatus(part) => return write!(f, "{part:?} of the loan's status"),
            Self::Condition(part) => return write!(f, "{part:?} of the condition"),
            Self::Documents => "the list of documents",
            Self::Document { document, part } => {
                return write!(f, "{part:?} of document {}", document + 1);
            }
            Self::DocumentKind { place } => return write!(f, "kind {} of documents", place + 1),
            Self::DocumentKinds => "the kinds of documents",
            Self::LosLoanGuid => "the loan's other number",
            Self::LoanOfficerEmail => "the loan officer's mail address",
            Self::LosSettings => "the settings of the loan origination system",
            Self::StatusWording => "the wording of a status",
            Self::TaskDescription => "the description of the task",
            Self::Messaging(part) => return write!(f, "{part:?} of how the organisation writes"),
            Self::Application(part) => return write!(f, "{part:?} of the invitation to apply"),
            Self::RateWatch(part) => return write!(f, "{part:?} of the rate watch"),
        })
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CredentialsUnknown => "the credentials are not known",
            Self::TokenExpired => "the access token ran out",
            Self::TokenMismatch => "the access token belongs to other credentials",
            Self::TokenUnknown => "the access token is not known",
            Self::OrganisationMismatch => "the credentials belong to another organisation",
            Self::NotPermitted => "the person's roles do not allow it",
            Self::PartnerUnknown => "no partner with API access goes by these names",
            Self::PartnerSessionOver => "the partner's session is over",
            Self::PartnerThrottled { .. } => "too many attempts to sign in",
            Self::SecondPersonNeeded => "somebody else has to decide",
        })
    }
}
