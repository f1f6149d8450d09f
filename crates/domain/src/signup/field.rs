//! The fields of the sign-up page.

/// A field of the sign-up page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignupField {
    /// About the borrower.
    Borrower(ApplicantPart),
    /// What the loan is for.
    Purpose,
    /// The home the loan is for.
    Property(AddressPart),
    /// The loan that is replaced.
    PresentLoan(PresentLoanPart),
    /// Cash to be taken out.
    CashOut,
    /// Cost of installing solar panels.
    SolarCost,
    /// Whether improvements that save energy are financed.
    ImprovesEnergy,
    /// Whether somebody applies with the borrower.
    HasCoBorrower,
    /// About who applies with the borrower.
    CoBorrower(ApplicantPart),
    /// The sender's id of the loan.
    WholesaleLoanId,
    /// The sender's id of somebody without an account.
    TemporaryUserId,
    /// The sender's id of the borrower.
    BorrowerUid,
    /// The channel of a third party.
    Channel,
    /// How much of an application is asked for.
    Scope,
    /// Whether it stops when there is no property yet.
    StopsWithoutProperty,
    /// Terms of use and privacy policy.
    AcceptsTerms,
    /// Electronic records.
    TakesElectronicRecords,
}

/// What about an applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplicantPart {
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Mail address.
    Email,
    /// Telephone number.
    PhonePrimary,
    /// Another one.
    PhoneSecondary,
    /// Birth date.
    BirthDate,
    /// Married or not.
    MaritalStatus,
    /// The present home.
    Home(AddressPart),
}

/// What about an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressPart {
    /// Street and house number.
    Street,
    /// City.
    City,
    /// State.
    State,
    /// Postal code.
    PostalCode,
}

/// What about the loan that is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PresentLoanPart {
    /// What is still owed.
    Balance,
    /// Its note rate.
    NoteRate,
    /// Principal and interest a month.
    MonthlyPayment,
}

impl AddressPart {
    /// Every part, as an address is written.
    pub const ALL: [Self; 4] = [Self::Street, Self::City, Self::State, Self::PostalCode];
}

impl ApplicantPart {
    /// Every part, as the page asks.
    pub const ALL: [Self; 11] = [
        Self::FirstName,
        Self::LastName,
        Self::Email,
        Self::PhonePrimary,
        Self::PhoneSecondary,
        Self::BirthDate,
        Self::MaritalStatus,
        Self::Home(AddressPart::Street),
        Self::Home(AddressPart::City),
        Self::Home(AddressPart::State),
        Self::Home(AddressPart::PostalCode),
    ];
}

impl SignupField {
    /// Every field, as the page asks.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = ApplicantPart::ALL.map(Self::Borrower).to_vec();
        all.push(Self::Purpose);
        all.extend(AddressPart::ALL.map(Self::Property));
        all.extend([
            Self::PresentLoan(PresentLoanPart::Balance),
            Self::PresentLoan(PresentLoanPart::NoteRate),
            Self::PresentLoan(PresentLoanPart::MonthlyPayment),
            Self::CashOut,
            Self::SolarCost,
            Self::ImprovesEnergy,
            Self::HasCoBorrower,
        ]);
        all.extend(ApplicantPart::ALL.map(Self::CoBorrower));
        all.extend([
            Self::WholesaleLoanId,
            Self::TemporaryUserId,
            Self::BorrowerUid,
            Self::Channel,
            Self::Scope,
            Self::StopsWithoutProperty,
            Self::AcceptsTerms,
            Self::TakesElectronicRecords,
        ]);
        all
    }
}
