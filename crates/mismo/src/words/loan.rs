//! Words about the loan, the property and the closing.

use lintel_domain::application::closing::{
    HousingExpenseKind, HousingExpenseTime, PurchaseCreditKind,
};
use lintel_domain::application::property::{
    Attachment, ConstructionMethod, Estate, ProjectDesign, ProjectLegalStructure, Usage,
};
use lintel_domain::application::terms::{
    AmortizationKind, IdentifierKind, LienPriority, LoanPurpose, Program, RefinanceKind,
};

use super::{closed_words, open_words};

// None of the unusable ones makes a new loan.
closed_words!(LoanPurpose { Purchase, Refinance } unusable {
    "MortgageModification", "Other", "Unknown"
});

open_words!(RefinanceKind { CashOut, LimitedCashOut, NoCashOut } raw { "Unknown" });

open_words!(Program {
    Conventional, Fha = "FHA", Va = "VA", Usda = "USDARuralDevelopment",
} raw { "LocalAgency", "Other", "PublicAndIndianHousing", "StateAgency" });

open_words!(LienPriority {
    First = "FirstLien", Second = "SecondLien", Third = "ThirdLien", Fourth = "FourthLien",
} raw { "Other" });

open_words!(AmortizationKind { Fixed, AdjustableRate } raw {
    "GEM", "GPM", "GraduatedPaymentARM", "Other", "RateImprovementMortgage", "Step"
});

open_words!(IdentifierKind {
    LenderLoan, LenderCase, AgencyCase, UniversalLoan, MersMin = "MERS_MIN", InvestorLoan,
    InvestorCommitment, SellerLoan, ServicerLoan, WholesaleLenderLoan, LoanPriceQuote,
    MiRateQuote = "MIRateQuote",
} raw {
    "InvestorContract", "InvestorWorkoutCase", "NewServicerLoan", "Other", "PoolIssuerLoan",
    "PriceResponse", "ServicerWorkoutCase", "SubservicerLoan"
});

open_words!(Usage { PrimaryResidence, SecondHome, Investment } raw { "Other" });

open_words!(Attachment { Attached, Detached, SemiDetached } raw {});

open_words!(ConstructionMethod {
    SiteBuilt, Modular, OnFrameModular, Manufactured, MobileHome,
} raw { "Other" });

open_words!(Estate { FeeSimple, Leasehold, Fractional } raw { "Other" });

open_words!(ProjectLegalStructure {
    Condominium, Cooperative, CommonInterestApartment,
} raw { "Unknown" });

open_words!(ProjectDesign {
    GardenProject, MidriseProject, HighriseProject, TownhouseRowhouse,
} raw { "Other" });

open_words!(PurchaseCreditKind {
    BuydownFund, CommitmentOriginationFee, EarnestMoney, EmployerAssistedHousing,
    FederalFundingFeeRefund = "FederalAgencyFundingFeeRefund", GiftOfEquity, LeasePurchaseFund,
    MiPremiumRefund = "MIPremiumRefund", RelocationFunds, SweatEquity, TradeEquity,
    TradeEquityFromPropertySwap,
} raw { "Other" });

closed_words!(HousingExpenseTime { Present, Proposed });

open_words!(HousingExpenseKind {
    Cable, Electricity, EscrowShortage, FirstMortgagePiti = "FirstMortgagePITI",
    FirstMortgagePrincipalAndInterest, FloodInsurance, GroundRent, Heating,
    AssociationDues = "HomeownersAssociationDuesAndCondominiumFees", HomeownersInsurance,
    LeaseholdPayments, Maintenance = "MaintenanceAndMiscellaneous", MiPremium = "MIPremium",
    OtherMortgagePrincipalAndInterest = "OtherMortgageLoanPrincipalAndInterest",
    OtherMortgagePiti = "OtherMortgageLoanPrincipalInterestTaxesAndInsurance", RealEstateTax, Rent,
    SupplementalPropertyInsurance, Telephone, Utilities,
} raw { "Other" });
