//! Words about borrowers and other parties.

use lintel_domain::application::borrower::{
    Citizenship, DomesticRelationshipKind, MaritalStatus, ResidencyBasis, ResidencyTime,
};
use lintel_domain::application::declaration::{Answer, BankruptcyChapter, PriorTitle};
use lintel_domain::application::employment::{
    EmploymentRank, EmploymentTime, IncomeKind, OwnershipShare,
};
use lintel_domain::application::party::{LicenseAuthority, PhoneKind};

use super::{closed_words, open_words};

open_words!(MaritalStatus {
    Married, Separated, Unmarried, Divorced, NotProvided,
} raw { "Other", "Unknown" });

open_words!(DomesticRelationshipKind {
    CivilUnion, DomesticPartnership,
    RegisteredReciprocalBeneficiary = "RegisteredReciprocalBeneficiaryRelationship",
} raw { "Other" });

open_words!(Citizenship {
    UsCitizen = "USCitizen", PermanentResidentAlien, NonPermanentResidentAlien, NonResidentAlien,
} raw { "Unknown" });

closed_words!(ResidencyTime { Current, Prior });

open_words!(ResidencyBasis { Own, Rent, LivingRentFree } raw { "Unknown" });

closed_words!(Answer { Yes, No, Unknown });

open_words!(PriorTitle { Sole, JointWithSpouse, JointWithOtherThanSpouse } raw {});

open_words!(BankruptcyChapter {
    Seven = "ChapterSeven", Eleven = "ChapterEleven", Twelve = "ChapterTwelve",
    Thirteen = "ChapterThirteen", Fifteen = "ChapterFifteen",
} raw { "Other", "Unknown" });

closed_words!(EmploymentTime { Current, Previous });

open_words!(EmploymentRank { Primary, Secondary } raw {});

open_words!(OwnershipShare {
    AtLeast25Percent = "GreaterThanOrEqualTo25Percent", LessThan25Percent,
} raw { "Other" });

open_words!(PhoneKind { Home, Mobile, Work } raw { "Other" });

open_words!(LicenseAuthority {
    Nmls = "Private", State = "PublicState", Federal = "PublicFederal", Local = "PublicLocal",
} raw { "Other" });

// "AccessoryUnitIincome" is the standard's own spelling.
open_words!(IncomeKind {
    AccessoryUnit = "AccessoryUnitIincome", Alimony, AutomobileAllowance, Base,
    Boarder = "BoarderIncome", Bonus, EstimatedTotal = "BorrowerEstimatedTotalMonthlyIncome",
    CapitalGains, ChildSupport, Commissions, ContractBasis, DefinedContributionPlan, Disability,
    DividendsInterest, EmploymentRelatedAccount, FosterCare, HousingAllowance,
    HousingChoiceVoucher = "HousingChoiceVoucherProgram", MilitaryBasePay,
    MilitaryClothesAllowance, MilitaryCombatPay, MilitaryFlightPay, MilitaryHazardPay,
    MilitaryOverseasPay, MilitaryPropPay, MilitaryQuartersAllowance, MilitaryRationsAllowance,
    MilitaryVariableHousingAllowance, Miscellaneous = "MiscellaneousIncome",
    MortgageCreditCertificate, MortgageDifferential, NetRental = "NetRentalIncome",
    NonBorrowerContribution, NonBorrowerHousehold = "NonBorrowerHouseholdIncome",
    NotesReceivable = "NotesReceivableInstallment", Overtime, Pension,
    ProposedSubjectGrossRent = "ProposedGrossRentForSubjectProperty", PublicAssistance,
    OwnedRealEstateGrossRent = "RealEstateOwnedGrossRentalIncome", Royalties,
    SelfEmployment = "SelfEmploymentIncome", SelfEmploymentLoss, SeparateMaintenance,
    SocialSecurity, SubjectNetCashFlow = "SubjectPropertyNetCashFlow", TemporaryLeave,
    Tips = "TipIncome", TrailingCoBorrower = "TrailingCoBorrowerIncome", Trust, Unemployment,
    VaBenefits = "VABenefitsNonEducational", WorkersCompensation,
} raw { "Other" });
