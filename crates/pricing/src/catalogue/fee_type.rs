//! The types a charge may have, and the section of the Loan Estimate each is usually shown in.
//!
//! MISMO 3.4 (build B324) FeeType, PrepaidItemType and EscrowItemType. The standard binds no type to a
//! section; these are our defaults, which a charge overrides with a section of its own.

use lintel_domain::fee::LeSection;

/// The type that needs a description of its own; it has no default section.
pub const OTHER: &str = "Other";

/// Origination charges.
const A: &[&str] = &[
    "203KDiscountOnRepairs",
    "203KSupplementalOriginationFee",
    "ApplicationFee",
    "AssignmentPreparationFee",
    "AssumptionFee",
    "AutomatedUnderwritingFee",
    "BondReviewFee",
    "ChosenInterestRateCreditOrChargeTotal",
    "CommitmentFee",
    "CopyOrFaxFee",
    "DiscountOnRepairsFee",
    "DocumentPreparationFee",
    "ElectronicDocumentDeliveryFee",
    "EscrowHoldbackFee",
    "EscrowWaiverFee",
    "LoanDiscountPoints",
    "LoanLevelPriceAdjustment",
    "LoanOriginationFee",
    "LoanOriginatorCompensation",
    "ManualUnderwritingFee",
    "ManufacturedHousingProcessingFee",
    "ModificationFee",
    "MortgageBrokerFee",
    "OurOriginationChargeTotal",
    "PreclosingVerificationControlFee",
    "ProcessingFee",
    "PropertyInspectionWaiverFee",
    "RateLockFee",
    "RedrawFee",
    "TemporaryBuydownAdministrationFee",
    "TemporaryBuydownPoints",
    "UnderwritingFee",
];
/// Services the borrower cannot shop for.
const B: &[&str] = &[
    "203KConsultantFee",
    "203KInspectionFee",
    "203KPermits",
    "203KTitleUpdate",
    "AppraisalDeskReviewFee",
    "AppraisalFee",
    "AppraisalFieldReviewFee",
    "AppraisalManagementCompanyFee",
    "AVMFee",
    "BankruptcyMonitoringFee",
    "BondFee",
    "CertificationFee",
    "CreditReportFee",
    "DisasterInspectionFee",
    "FloodCertification",
    "HighCostMortgageCounselingFee",
    "LendersAttorneyFee",
    "ManufacturedHousingInspectionFee",
    "MERSRegistrationFee",
    "MIInitialPremium",
    "MIUpfrontPremium",
    "MortgageTaxCreditServiceFee",
    "ProgramGuaranteeFee",
    "ReinspectionFee",
    "RenovationConsultantFee",
    "SubordinationFee",
    "TaxServiceFee",
    "TaxStatusResearchFee",
    "USDARuralDevelopmentGuaranteeFee",
    "VAFundingFee",
    "VerificationOfAssetsFee",
    "VerificationOfEmploymentFee",
    "VerificationOfIncomeFee",
    "VerificationOfResidencyStatusFee",
    "VerificationOfTaxpayerIdentificationFee",
    "VerificationOfTaxReturnFee",
];
/// Services the borrower can shop for. Inspections are here on the assumption that the lender requires them.
const C: &[&str] = &[
    "AsbestosInspectionFee",
    "AttorneyFee",
    "CourierFee",
    "DeedPreparationFee",
    "DryWallInspectionFee",
    "ElectricalInspectionFee",
    "EnvironmentalInspectionFee",
    "EscrowServiceFee",
    "FoundationInspectionFee",
    "HeatingCoolingInspectionFee",
    "LeadInspectionFee",
    "MoldInspectionFee",
    "MultipleLoansClosingFee",
    "MunicipalLienCertificateFee",
    "NotaryFee",
    "PestInspectionFee",
    "PlumbingInspectionFee",
    "PowerOfAttorneyPreparationFee",
    "RadonInspectionFee",
    "ReconveyanceFee",
    "ReconveyanceTrackingFee",
    "RecordingServiceFee",
    "RoofInspectionFee",
    "SepticInspectionFee",
    "SettlementFee",
    "SigningAgentFee",
    "SmokeDetectorInspectionFee",
    "StateTitleInsuranceFee",
    "StructuralInspectionFee",
    "SurveyFee",
    "TitleAbstractFee",
    "TitleBorrowerClosingProtectionLetterFee",
    "TitleCertificationFee",
    "TitleClosingCoordinationFee",
    "TitleClosingFee",
    "TitleClosingProtectionLetterFee",
    "TitleDocumentPreparationFee",
    "TitleEndorsementFee",
    "TitleExaminationFee",
    "TitleFinalPolicyShortFormFee",
    "TitleInsuranceBinderFee",
    "TitleInsuranceFee",
    "TitleLendersCoveragePremium",
    "TitleNotaryFee",
    "TitleServicesFeeTotal",
    "TitleServicesSalesTax",
    "TitleUnderwritingIssueResolutionFee",
    "WaterTestingFee",
    "WellInspectionFee",
    "WireTransferFee",
];
/// Taxes and other government fees.
const E: &[&str] = &[
    "DocumentaryStampFee",
    "FilingFee",
    "MortgageSurchargeCountyOrParish",
    "MortgageSurchargeMunicipal",
    "MortgageSurchargeState",
    "PowerOfAttorneyRecordingFee",
    "RecordingFeeForAssignment",
    "RecordingFeeForDeed",
    "RecordingFeeForMortgage",
    "RecordingFeeForMunicipalLienCertificate",
    "RecordingFeeForOtherDocument",
    "RecordingFeeForRelease",
    "RecordingFeeForSubordination",
    "RecordingFeeTotal",
    "TaxStampForCityDeed",
    "TaxStampForCityMortgage",
    "TaxStampForCountyDeed",
    "TaxStampForCountyMortgage",
    "TaxStampForStateDeed",
    "TaxStampForStateMortgage",
    "TransferTaxTotal",
];
/// Other costs.
const H: &[&str] = &[
    "CondominiumAssociationDues",
    "CondominiumAssociationSpecialAssessment",
    "CooperativeAssociationDues",
    "CooperativeAssociationSpecialAssessment",
    "CreditDisabilityInsurancePremium",
    "CreditLifeInsurancePremium",
    "CreditPropertyInsurancePremium",
    "CreditUnemploymentInsurancePremium",
    "DebtCancellationInsurancePremium",
    "DebtSuspensionInsurancePremium",
    "DownPaymentProtectionFee",
    "HomeInspectionFee",
    "HomeownersAssociationDues",
    "HomeownersAssociationServiceFee",
    "HomeownersAssociationSpecialAssessment",
    "HomeWarrantyFee",
    "PayoffRequestFee",
    "RealEstateCommissionBuyersBroker",
    "RealEstateCommissionSellersBroker",
    "RepairsFee",
    "TitleOwnersCoveragePremium",
];
/// Prepaid items.
const PREPAID: &[&str] = &[
    "BoroughPropertyTax",
    "CityPropertyTax",
    "CondominiumAssociationDues",
    "CondominiumAssociationSpecialAssessment",
    "CooperativeAssociationDues",
    "CooperativeAssociationSpecialAssessment",
    "CountyPropertyTax",
    "DistrictPropertyTax",
    "EarthquakeInsurancePremium",
    "FloodInsurancePremium",
    "HailInsurancePremium",
    "HazardInsurancePremium",
    "HomeownersAssociationDues",
    "HomeownersAssociationSpecialAssessment",
    "HomeownersInsurancePremium",
    "MortgageInsurancePremium",
    "PrepaidInterest",
    "StatePropertyTax",
    "TownPropertyTax",
    "USDARuralDevelopmentGuaranteeFee",
    "VAFundingFee",
    "VolcanoInsurancePremium",
    "WindAndStormInsurancePremium",
];
/// Items of the initial escrow payment.
const ESCROW: &[&str] = &[
    "AssessmentTax",
    "CityBondTax",
    "CityPropertyTax",
    "CountyBondTax",
    "CountyPropertyTax",
    "DistrictPropertyTax",
    "ParishTax",
    "PropertyTax",
    "SchoolPropertyTax",
    "StatePropertyTax",
    "TownPropertyTax",
    "TownshipPropertyTax",
    "VillagePropertyTax",
    "EarthquakeInsurance",
    "FloodInsurance",
    "HailInsurancePremium",
    "HazardInsurance",
    "HomeownersInsurance",
    "MortgageInsurance",
    "PestInsurance",
    "VolcanoInsurance",
    "WindstormInsurance",
    "CondominiumAssociationDues",
    "CondominiumAssociationSpecialAssessment",
    "CooperativeAssociationDues",
    "CooperativeAssociationSpecialAssessment",
    "HomeownersAssociationDues",
    "HomeownersAssociationSpecialAssessment",
    "ConstructionCompletionFunds",
    "EnergyEfficientImprovementFunds",
    "RehabilitationFunds",
];

/// The lists in the order in which a type is looked for: a name that is both a fee and a prepaid or
/// escrow item is a fee unless its charge says otherwise.
const LISTS: [(LeSection, &[&str]); 7] = [
    (LeSection::A, A),
    (LeSection::B, B),
    (LeSection::C, C),
    (LeSection::E, E),
    (LeSection::H, H),
    (LeSection::F, PREPAID),
    (LeSection::G, ESCROW),
];

/// Whether there is such a type.
#[must_use]
pub fn is_known(mismo_type: &str) -> bool {
    mismo_type == OTHER || default_section(mismo_type).is_some()
}

/// The section a type is shown in unless its charge says otherwise; none for [`OTHER`] and for what
/// is no type.
#[must_use]
pub fn default_section(mismo_type: &str) -> Option<LeSection> {
    let mut lists = LISTS.iter();
    let list = lists.find(|(_, types)| types.contains(&mismo_type));
    list.map(|(section, _)| *section)
}

/// Every type.
pub fn all() -> impl Iterator<Item = &'static str> {
    let types = LISTS.iter().flat_map(|(_, types)| types.iter().copied());
    types.chain(std::iter::once(OTHER))
}

/// Whether a section is one of prepaids and escrow, whose items have type lists of their own.
#[must_use]
pub fn is_item_of(section: LeSection, mismo_type: &str) -> bool {
    match section {
        LeSection::F => mismo_type == OTHER || PREPAID.contains(&mismo_type),
        LeSection::G => mismo_type == OTHER || ESCROW.contains(&mismo_type),
        LeSection::A | LeSection::B | LeSection::C | LeSection::E | LeSection::H => {
            let is_fee = |(of, types): &(LeSection, &[&str])| {
                !matches!(of, LeSection::F | LeSection::G) && types.contains(&mismo_type)
            };
            mismo_type == OTHER || LISTS.iter().any(is_fee)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_complete() {
        let fees: usize = [A, B, C, E, H].iter().map(|list| list.len()).sum();
        assert_eq!(
            (fees + 1, PREPAID.len() + 1, ESCROW.len() + 1),
            (161, 24, 32)
        );
        assert_eq!(default_section("AppraisalFee"), Some(LeSection::B));
        assert_eq!(default_section("PrepaidInterest"), Some(LeSection::F));
        assert_eq!(default_section("VAFundingFee"), Some(LeSection::B));
        assert_eq!(default_section("PropertyTax"), Some(LeSection::G));
        assert_eq!((default_section(OTHER), is_known(OTHER)), (None, true));
        assert!(!is_known("appraisalfee") && all().all(is_known));
        assert!(is_item_of(LeSection::F, "VAFundingFee"));
        assert!(!is_item_of(LeSection::C, "PropertyTax"));
    }
}
