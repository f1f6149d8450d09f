//! The parts of companies, people, pictures, statuses, conditions and papers that can be refused.

/// The part of a company that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompanyField {
    /// What the lender a broker belongs to calls it.
    Uid,
    /// Trading name.
    Name,
    /// Name in the register.
    LegalName,
    /// Street and house number.
    Street,
    /// Second line of the address.
    Unit,
    /// City.
    City,
    /// State.
    State,
    /// Postal code.
    PostalCode,
    /// County.
    County,
    /// Country.
    Country,
    /// Site for consumers.
    Website,
    /// Telephone.
    Phone,
    /// Extension of the telephone.
    PhoneExtension,
    /// Mail address.
    Email,
    /// Registry number.
    Nmls,
    /// Broker or correspondent.
    OriginatorType,
    /// Legal form.
    LegalForm,
    /// Description.
    About,
    /// Short description.
    AboutShort,
    /// Tax number.
    TaxId,
    /// What loan officers earn, in percent of the loan.
    OfficerCompensation,
    /// Pricing tier.
    PricingTier,
    /// Whether conventional loans are offered.
    OffersConventional,
    /// Whether FHA loans are offered.
    OffersFha,
    /// Whether VA loans are offered.
    OffersVa,
    /// The list of licences.
    Licenses,
    /// A licence, by its place in the list.
    License {
        /// Zero-based place.
        license: usize,
        /// What about it.
        part: LicensePart,
    },
    /// Logo.
    Logo(ImagePart),
    /// Small picture for a browser's tab.
    Favicon(ImagePart),
    /// Main colour.
    BrandColor,
    /// Second colour.
    AccentColor,
}

/// The part of a person that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonField {
    /// What the organisation calls the person.
    Uid,
    /// Time zone.
    Timezone,
    /// Picture.
    Headshot(ImagePart),
    /// Given name.
    FirstName,
    /// Preferred given name.
    PreferredName,
    /// Middle name.
    MiddleName,
    /// Family name.
    LastName,
    /// Telephone.
    Phone,
    /// Extension of the telephone.
    PhoneExtension,
    /// Mail address.
    Email,
    /// Roles.
    Roles,
    /// Registry number.
    Nmls,
    /// Id in the loan origination system.
    LosId,
    /// Primary branch.
    PrimaryBranch,
    /// The list of further branches.
    SecondaryBranches,
    /// A further branch, by its place in the list.
    SecondaryBranch {
        /// Zero-based place.
        branch: usize,
    },
    /// The list of licences.
    Licenses,
    /// A licence, by its place in the list.
    License {
        /// Zero-based place.
        license: usize,
        /// What about it.
        part: LicensePart,
    },
    /// Whether new borrowers may be given to the person.
    IsAssignable,
    /// Whether the person wants mail.
    WantsMail,
    /// Whether the person is active.
    Status,
}

/// The part of a licence that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LicensePart {
    /// State.
    State,
    /// Number.
    Number,
}

/// The part of a picture that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImagePart {
    /// The format it is said to have: absent, unknown, or not that of its bytes.
    Format,
    /// Its bytes: absent, too many, or no picture.
    Content,
}

/// The part of a branch that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BranchField {
    /// Name.
    Name,
    /// Street and house number.
    Street,
    /// Second line of the address.
    Unit,
    /// City.
    City,
    /// State.
    State,
    /// Postal code.
    PostalCode,
    /// Telephone.
    Phone,
    /// Registry number.
    Nmls,
}

/// The part of an entry of a list of new statuses that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusPart {
    /// Who it is about.
    Id,
    /// The new status.
    Status,
}

/// The part of a set of signing links that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SigningField {
    /// The document vendor.
    Vendor,
    /// The signers, all of them: there is none, or there are too many.
    Signers,
    /// The loan officer's link.
    Officer(SignerPart),
    /// A borrower's link.
    Borrower {
        /// Zero-based place in the request.
        borrower: usize,
        /// What about it.
        part: SignerPart,
    },
}

/// The part of a signer's link that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignerPart {
    /// Who signs.
    Who,
    /// Address of the signing page.
    Url,
    /// When the address stops working.
    ExpiresAt,
    /// How far signing has come.
    Status,
}

/// The part of a loan's status that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoanStatusField {
    /// The stage, in the system's words.
    Main,
    /// The step, in the system's words.
    Sub,
    /// The stage in the lender's words.
    LenderMain,
    /// The step in the lender's words.
    LenderSub,
    /// The stage in the borrower's words.
    BorrowerMain,
    /// The step in the borrower's words.
    BorrowerSub,
    /// When the loan closes.
    ClosingDate,
    /// What the caller's customer system calls the loan.
    CrmId,
}

/// The part of a condition that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConditionField {
    /// One line that says what is asked for.
    Title,
    /// What is asked for, in full.
    Description,
    /// By when it has to be there.
    Phase,
    /// Who has to bring it.
    Responsible,
    /// How far it is.
    Status,
    /// The caller's own name of it.
    CallerKey,
    /// The conditions of a loan, as far as there are too many of them.
    Count,
}

/// The part of a paper that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentPart {
    /// Name of the file.
    FileName,
    /// Format of the file.
    Format,
    /// The bytes.
    Content,
    /// Whether it is a paper of the loan or of a condition.
    Class,
    /// Which paper of the loan it is.
    Kind,
    /// Which condition it is for.
    Condition,
    /// Whether it satisfies the condition.
    AutoSatisfy,
}

/// The part of how an organisation writes to people that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessagingField {
    /// Name of the sender.
    SenderName,
    /// Mail address of the sender.
    SenderEmail,
    /// Where answers go.
    ReplyTo,
    /// Domains other senders may be of.
    SenderDomains,
    /// Time zone.
    Timezone,
    /// Time of day rates are sent at.
    WatchMinute,
    /// An address that is not to be written to, or again.
    Address,
}

/// The part of an invitation to apply that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApplicationField {
    /// The list of borrowers.
    Borrowers,
    /// Mail address of a borrower.
    Email {
        /// Zero-based place in the request.
        borrower: usize,
    },
}

/// The part of a subscription to rates that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WatchField {
    /// Mail address.
    Email,
    /// The list of product names.
    ProductNames,
    /// A product's name.
    ProductName {
        /// Zero-based place in the request.
        place: usize,
    },
    /// The list of rates waited for.
    Targets,
    /// The product of a rate waited for.
    TargetProduct {
        /// Zero-based place in the request.
        place: usize,
    },
    /// A rate waited for.
    TargetRate {
        /// Zero-based place in the request.
        place: usize,
    },
    /// The number of subscriptions of one address.
    Count,
}
