//! Words about assets, liabilities and expenses.

use lintel_domain::application::holding::{AssetKind, Disposition, ExpenseKind, LiabilityKind};

use super::open_words;

open_words!(AssetKind {
    Annuity, Automobile, Boat, Bond, EstimatedTotal = "BorrowerEstimatedTotalAssets",
    PrimaryHome = "BorrowerPrimaryHome", BridgeLoan = "BridgeLoanNotDeposited", CashOnHand,
    CertificateOfDeposit = "CertificateOfDepositTimeDeposit", CheckingAccount,
    EarnestMoney = "EarnestMoneyCashDepositTowardPurchase", EmployerAssistance, GiftOfCash,
    GiftOfEquity = "GiftOfPropertyEquity", GiftsTotal, Grant, IndividualDevelopmentAccount,
    LifeInsurance, MoneyMarketFund, MutualFund, BusinessNetWorth = "NetWorthOfBusinessOwned",
    PendingRealEstateProceeds = "PendingNetSaleProceedsFromRealEstateAssets",
    NonRealEstateProceeds = "ProceedsFromSaleOfNonRealEstateAsset",
    SecuredLoanProceeds = "ProceedsFromSecuredLoan",
    UnsecuredLoanProceeds = "ProceedsFromUnsecuredLoan", RealEstateOwned, RecreationalVehicle,
    RelocationMoney, RetirementFund, OtherAssetSale = "SaleOtherAssets", SavingsAccount,
    SavingsBond, SeverancePackage, Stock, StockOptions, TrustAccount,
} raw { "Other" });

open_words!(Disposition { PendingSale, Retain, Sold } raw {});

open_words!(LiabilityKind {
    EstimatedMonthlyTotal = "BorrowerEstimatedTotalMonthlyLiabilityPayment",
    CollectionsJudgmentsAndLiens, DeferredStudentLoan, DelinquentTaxes,
    FirstPositionMortgage = "FirstPositionMortgageLien", Garnishments, Heloc = "HELOC",
    AssociationLien = "HomeownersAssociationLien", Installment, LeasePayment, MonetaryJudgment,
    MortgageLoan, Open30DayCharge = "Open30DayChargeAccount", PersonalLoan, Revolving,
    SecondPositionMortgage = "SecondPositionMortgageLien", Taxes, TaxLien,
    ThirdPositionMortgage = "ThirdPositionMortgageLien",
    UnsecuredImprovementInstallment = "UnsecuredHomeImprovementLoanInstallment",
    UnsecuredImprovementRevolving = "UnsecuredHomeImprovementLoanRevolving",
} raw { "Other" });

open_words!(ExpenseKind {
    Alimony, CarMaintenance, CharitableContributions, ChildCare, ChildSupport, Clothing,
    DryCleaning, Entertainment, GroceryToiletry, HealthInsurance,
    JobRelated = "JobRelatedExpenses", Medical, MiscellaneousLiving = "MiscellaneousLivingExpenses",
    NetRental = "NetRentalExpense", PayrollInsurance = "PayrollInsuranceDeduction",
    PayrollMiscellaneous = "PayrollMiscellaneousDeductions",
    PayrollProfitSharing = "PayrollProfitSharingDeduction",
    PayrollRetirement = "PayrollRetirementDeduction", PayrollTax = "PayrollTaxDeduction",
    SeparateMaintenance = "SeparateMaintenanceExpense", UnionDues,
} raw { "Other" });
