//! Why a command was refused: the vocabulary every face translates into its own words.
//!
//! Closed lists without a catch-all, so that a new reason does not compile until every dialect has
//! said how it spells it.

mod noun;
mod part;
mod text;

use std::fmt;

use crate::finding::Finding;

pub use noun::Noun;
pub use part::{
    ApplicationField, BranchField, CompanyField, ConditionField, DocumentPart, ImagePart,
    LicensePart, LoanStatusField, MessagingField, PersonField, SignerPart, SigningField,
    StatusPart, WatchField,
};

/// The fields a command can be refused for, in our words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    /// Name of an organisation.
    OrganisationName,
    /// The wholesale lender a broker belongs to.
    ParentOrganisation,
    /// Free text that tells one credential from another.
    CredentialLabel,
    /// The loan's number in the sender's loan origination system.
    LosLoanId,
    /// The MISMO document of a new loan.
    LoanDocument,
    /// Where the subject property is, as far as fees depend on it.
    PropertyState,
    /// Postal code of the subject property.
    PropertyPostalCode,
    /// County of the subject property.
    PropertyCounty,
    /// Price or value of the subject property.
    HomePrice,
    /// Amount of the loan before financed premiums.
    LoanAmount,
    /// A quoted product, by its place in the request.
    QuotedProduct {
        /// Zero-based place of the product.
        product: usize,
        /// What about it.
        part: ProductPart,
    },
    /// The discount points of a quoted rate, by its place in the request.
    QuotedPoints {
        /// Zero-based place of the product.
        product: usize,
        /// Zero-based place of the rate within the product.
        rate: usize,
    },
    /// A quoted note rate, by its place in the request.
    QuotedRate {
        /// Zero-based place of the product.
        product: usize,
        /// Zero-based place of the rate within the product.
        rate: usize,
    },
    /// The lender whose rate sheets are to be replaced.
    RatesLender,
    /// The list of products whose rate sheets are to be replaced.
    RatesProducts,
    /// A product whose rate sheet is to be replaced, by its place in the request.
    RatesProduct {
        /// Zero-based place of the product.
        product: usize,
        /// What about it.
        part: RatesPart,
    },
    /// A row of a rate sheet, by its place in the request.
    RatesRow {
        /// Zero-based place of the product.
        product: usize,
        /// Zero-based place of the row within the product.
        row: usize,
        /// What about it.
        part: RatesRowPart,
    },
    /// The purposes and ZIP codes of a search, as far as there are too many of them.
    SearchZips,
    /// A note for a version of the catalogue or of a sheet.
    VersionNote,
    /// Who is signed in at the caller and started a set-up.
    Starter,
    /// A part of a company.
    Company(CompanyField),
    /// The list of people.
    People,
    /// A part of a person.
    Person {
        /// Zero-based place in the request; zero when it is about one person.
        person: usize,
        /// What about the person.
        part: PersonField,
    },
    /// A part of a branch.
    Branch(BranchField),
    /// The lists of companies and people whose status changes, both of them.
    Statuses,
    /// A company whose status changes.
    CompanyStatus {
        /// Zero-based place in the request.
        company: usize,
        /// What about it.
        part: StatusPart,
    },
    /// A person whose status changes.
    PersonStatus {
        /// Zero-based place in the request.
        person: usize,
        /// What about it.
        part: StatusPart,
    },
    /// What a lender lets a vendor do.
    VendorGrant,
    /// A part of a set of signing links.
    Signing(SigningField),
    /// Which borrower it is about.
    BorrowerAccount,
    /// The mail address of the borrower it is about.
    BorrowerEmail,
    /// A part of a loan's status.
    LoanStatus(LoanStatusField),
    /// A part of a condition.
    Condition(ConditionField),
    /// The list of papers that are filed.
    Documents,
    /// A part of a paper that is filed.
    Document {
        /// Zero-based place in the request; zero when it is about one paper.
        document: usize,
        /// What about it.
        part: DocumentPart,
    },
    /// A kind of paper that is asked for.
    DocumentKind {
        /// Zero-based place in the request.
        place: usize,
    },
    /// The kinds of papers that are asked for.
    DocumentKinds,
    /// The loan's other number in the loan origination system.
    LosLoanGuid,
    /// The mail address of the loan officer a loan is given to.
    LoanOfficerEmail,
    /// The settings of a connection to a loan origination system.
    LosSettings,
    /// A row of the words a lender uses for a status.
    StatusWording,
    /// A part of how an organisation writes to people.
    Messaging(MessagingField),
    /// A part of an invitation to apply.
    Application(ApplicationField),
    /// A part of a subscription to rates.
    RateWatch(WatchField),
    /// What is to be done.
    TaskDescription,
}

/// The part of a rate sheet that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RatesPart {
    /// The id partners see.
    PublicId,
    /// The lender's own code.
    Code,
    /// Value of the index.
    Index,
    /// Margin over the index.
    Margin,
    /// The rows as a list.
    Rows,
}

/// The part of a row of a rate sheet that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RatesRowPart {
    /// Note rate.
    Rate,
    /// Price in percent of par.
    Price,
    /// Days of the lock.
    Lock,
}

/// The part of a quoted product that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProductPart {
    /// Years to maturity.
    Term,
    /// Years over which the loan amortises.
    Amortization,
    /// The index of an adjustable-rate loan.
    ArmIndex,
    /// Months to the first rate change.
    ArmFirstAdjustment,
    /// Months between later rate changes.
    ArmPeriodicAdjustment,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// It is needed and not there.
    Missing,
    /// It is there and cannot be read or used.
    Malformed,
    /// It is already taken by something else.
    Conflict,
}

/// Why a caller may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Denial {
    /// No active organisation has this key pair.
    CredentialsUnknown,
    /// The access token ran out.
    TokenExpired,
    /// The access token was given to other credentials.
    TokenMismatch,
    /// No such access token.
    TokenUnknown,
    /// The organisation named is visible to the caller but these credentials are not its own.
    OrganisationMismatch,
    /// Somebody signed in whose roles do not allow it.
    NotPermitted,
    /// No network, intermediary and user with API access go by what was sent: which of them is not
    /// told.
    PartnerUnknown,
    /// The session of a partner ended, ran out or never was.
    PartnerSessionOver,
    /// Too many failed attempts to sign in; how long to wait, in seconds.
    PartnerThrottled {
        /// Seconds until the next attempt is looked at.
        wait_seconds: u32,
    },
    /// A decision needs a second person, and this one is the first.
    SecondPersonNeeded,
}

/// A refusal: the caller's doing, answered with a 4xx-like error of the dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing of that kind is visible to the caller under that id.
    NotFound {
        /// The kind.
        what: Noun,
    },
    /// A field cannot be accepted.
    Invalid {
        /// Which.
        field: Field,
        /// Why.
        rule: Rule,
    },
    /// Several fields cannot be accepted: everything that is wrong with one request, in the order of
    /// its fields. Never empty; [`Refusal::of`] makes it.
    Several(Vec<(Field, Rule)>),
    /// The caller may not do this.
    Denied(Denial),
    /// Everything that is wrong with a request about a home loan in Portugal. Never empty;
    /// [`Refusal::of_findings`] makes it.
    Findings(Vec<Finding>),
    /// What it is about does not stand as the command needs.
    WrongState {
        /// The kind.
        what: Noun,
        /// Its stored state.
        is: &'static str,
    },
    /// What it is about was changed by somebody else since the caller read it.
    Stale {
        /// The kind.
        what: Noun,
    },
}

impl Refusal {
    /// The refusal of everything that is wrong with a request; `None` when nothing is.
    #[must_use]
    pub fn of(mut mistakes: Vec<(Field, Rule)>) -> Option<Self> {
        match mistakes.len() {
            0 => None,
            1 => mistakes
                .pop()
                .map(|(field, rule)| Self::Invalid { field, rule }),
            _ => Some(Self::Several(mistakes)),
        }
    }

    /// The refusal of everything that is wrong with a request about a home loan in Portugal; `None`
    /// when nothing is.
    #[must_use]
    pub fn of_findings(findings: Vec<Finding>) -> Option<Self> {
        (!findings.is_empty()).then_some(Self::Findings(findings))
    }

    /// The fields that were refused, in order; empty when it is about something else.
    #[must_use]
    pub fn mistakes(&self) -> Vec<(Field, Rule)> {
        match self {
            Self::Invalid { field, rule } => vec![(field.clone(), *rule)],
            Self::Several(mistakes) => mistakes.clone(),
            Self::NotFound { .. }
            | Self::Denied(_)
            | Self::Findings(_)
            | Self::WrongState { .. }
            | Self::Stale { .. } => Vec::new(),
        }
    }

    /// Shorthand for a malformed field.
    #[must_use]
    pub const fn malformed(field: Field) -> Self {
        Self::Invalid {
            field,
            rule: Rule::Malformed,
        }
    }
}

struct Mistake<'a>(&'a Field, Rule);

impl fmt::Display for Mistake<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(field, rule) = self;
        match rule {
            Rule::Missing => write!(f, "{field} is missing"),
            Rule::Malformed => write!(f, "{field} cannot be used"),
            Rule::Conflict => write!(f, "{field} is taken"),
        }
    }
}

impl fmt::Display for Refusal {
    /// For operators and logs, not for a wire.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { what } => write!(f, "there is no such {what}"),
            Self::Invalid { field, rule } => write!(f, "{}", Mistake(field, *rule)),
            Self::Several(mistakes) => {
                for (n, (field, rule)) in mistakes.iter().enumerate() {
                    let comma = if n == 0 { "" } else { ", " };
                    write!(f, "{comma}{}", Mistake(field, *rule))?;
                }
                Ok(())
            }
            Self::Denied(denial) => write!(f, "{denial}"),
            Self::Findings(findings) => {
                for (n, finding) in findings.iter().enumerate() {
                    let comma = if n == 0 { "" } else { ", " };
                    write!(f, "{comma}{finding}")?;
                }
                Ok(())
            }
            Self::WrongState { what, is } => write!(f, "the {what} is {is}"),
            Self::Stale { what } => write!(f, "the {what} changed meanwhile"),
        }
    }
}

impl std::error::Error for Refusal {}
