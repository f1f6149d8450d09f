//! Names of the lists on this wire, in the order of the public text, then ours.

use lintel_taxonomy::List;

/// Where the entries of a list come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A static list.
    List(List),
    /// Countries with their districts.
    CountryWithDistricts,
    /// Districts with their municipalities.
    DistrictsWithCounties,
    /// Municipalities with their parishes.
    CountyWithParishes,
    /// Parishes, once they were loaded.
    Parishes,
    /// Product schemes of the bank.
    ProductSchemes,
    /// Branches of the bank.
    Branches,
    /// Error codes of this face.
    ErrorCodes,
}

/// A list with its path below the prefix, and the name of its operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The path.
    pub path: &'static str,
    /// The operation's name in the description of the API.
    pub operation: &'static str,
    /// Where its entries come from.
    pub source: Source,
}

const fn row(path: &'static str, operation: &'static str, source: Source) -> Row {
    Row {
        path,
        operation,
        source,
    }
}

/// Every list.
pub(crate) const TABLE: &[Row] = &[
    row(
        "/taxonomies/brokerTypes",
        "BrokerTypesGet",
        Source::List(List::BrokerTypes),
    ),
    row(
        "/taxonomies/brokerSubTypes",
        "BrokerSubTypesGet",
        Source::List(List::BrokerSubTypes),
    ),
    row(
        "/taxonomies/brokerClassifications",
        "BrokerClassificationsGet",
        Source::List(List::BrokerClassifications),
    ),
    row(
        "/taxonomies/brokerFeeTypes",
        "BrokerFeeTypesGet",
        Source::List(List::BrokerFeeTypes),
    ),
    row(
        "/taxonomies/brokerStatuses",
        "BrokerStatusesGet",
        Source::List(List::BrokerStatuses),
    ),
    row(
        "/taxonomies/brokerIVARegimes",
        "BrokerIVARegimesGet",
        Source::List(List::BrokerIvaRegimes),
    ),
    row(
        "/taxonomies/brokerRetentionRegimes",
        "BrokerRetentionRegimesGet",
        Source::List(List::BrokerRetentionRegimes),
    ),
    row(
        "/taxonomies/brokerExtractPeriodicity",
        "BrokerExtractPeriodicityGet",
        Source::List(List::BrokerExtractPeriodicity),
    ),
    row(
        "/taxonomies/countries",
        "CountriesGet",
        Source::List(List::Countries),
    ),
    row(
        "/taxonomies/countryWithDistricts",
        "CountryWithDistrictsGet",
        Source::CountryWithDistricts,
    ),
    row(
        "/taxonomies/districts",
        "DistrictsGet",
        Source::List(List::Districts),
    ),
    row(
        "/taxonomies/districtsWithCounties",
        "DistrictsWithCountiesGet",
        Source::DistrictsWithCounties,
    ),
    row(
        "/taxonomies/counties",
        "CountiesGet",
        Source::List(List::Counties),
    ),
    row(
        "/taxonomies/countyWithParishes",
        "CountyWithParishesGet",
        Source::CountyWithParishes,
    ),
    row("/taxonomies/parishes", "ParishesGet", Source::Parishes),
    row(
        "/taxonomies/documentTypes",
        "DocumentTypesGet",
        Source::List(List::DocumentTypes),
    ),
    row(
        "/taxonomies/documentCategories",
        "DocumentCategoriesGet",
        Source::List(List::DocumentCategories),
    ),
    row(
        "/taxonomies/productPurposes",
        "ProductPurposesGet",
        Source::List(List::ProductPurposes),
    ),
    row(
        "/taxonomies/loanPurposes",
        "LoanPurposesGet",
        Source::List(List::LoanPurposes),
    ),
    row(
        "/taxonomies/productSchemes",
        "ProductSchemesGet",
        Source::ProductSchemes,
    ),
    row(
        "/taxonomies/indexTypeSubCategories",
        "IndexTypeSubCategoriesGet",
        Source::List(List::IndexTypeSubCategories),
    ),
    row(
        "/taxonomies/indexTypes",
        "IndexTypesGet",
        Source::List(List::IndexTypes),
    ),
    row(
        "/taxonomies/indexTypeListMixed",
        "IndexTypeListMixedGet",
        Source::List(List::IndexTypeListMixed),
    ),
    row(
        "/taxonomies/fixedFixedPeriod",
        "FixedFixedPeriodGet",
        Source::List(List::FixedFixedPeriod),
    ),
    row(
        "/taxonomies/mixedFixedPeriod",
        "MixedFixedPeriodGet",
        Source::List(List::MixedFixedPeriod),
    ),
    row(
        "/taxonomies/bankChargeTypes",
        "BankChargeTypesGet",
        Source::List(List::BankChargeTypes),
    ),
    row(
        "/taxonomies/propertyTypologies",
        "PropertyTypologiesGet",
        Source::List(List::PropertyTypologies),
    ),
    row(
        "/taxonomies/entityTypes",
        "EntityTypesGet",
        Source::List(List::EntityTypes),
    ),
    row(
        "/taxonomies/identificationDocuments",
        "IdentificationDocumentsGet",
        Source::List(List::IdentificationDocuments),
    ),
    row(
        "/taxonomies/maritalStatuses",
        "MaritalStatusesGet",
        Source::List(List::MaritalStatuses),
    ),
    row(
        "/taxonomies/matrimonialRegimes",
        "MatrimonialRegimesGet",
        Source::List(List::MatrimonialRegimes),
    ),
    row(
        "/taxonomies/residenceTypes",
        "ResidenceTypesGet",
        Source::List(List::ResidenceTypes),
    ),
    row(
        "/taxonomies/genders",
        "GendersGet",
        Source::List(List::Genders),
    ),
    row(
        "/taxonomies/professions",
        "ProfessionsGet",
        Source::List(List::Professions),
    ),
    row(
        "/taxonomies/employmentContractTypes",
        "EmploymentContractTypesGet",
        Source::List(List::EmploymentContractTypes),
    ),
    row(
        "/taxonomies/employmentSituations",
        "EmploymentSituationsGet",
        Source::List(List::EmploymentSituations),
    ),
    row(
        "/taxonomies/employmentDepartmentPositions",
        "EmploymentDepartmentPositionsGet",
        Source::List(List::EmploymentDepartmentPositions),
    ),
    row(
        "/taxonomies/keyBorrowerRelations",
        "KeyBorrowerRelationsGet",
        Source::List(List::KeyBorrowerRelations),
    ),
    row(
        "/taxonomies/proposalCancelReasons",
        "ProposalCancelReasonsGet",
        Source::List(List::ProposalCancelReasons),
    ),
    row(
        "/taxonomies/workflowStatesSimulation",
        "WorkflowStatesSimulationGet",
        Source::List(List::WorkflowStatesSimulation),
    ),
    row(
        "/taxonomies/workflowStatesProcess",
        "WorkflowStatesProcessGet",
        Source::List(List::WorkflowStatesProcess),
    ),
    row(
        "/taxonomies/workflowStatesProposal",
        "WorkflowStatesProposalGet",
        Source::List(List::WorkflowStatesProposal),
    ),
    row(
        "/taxonomies/borrowerTypes",
        "BorrowerTypesGet",
        Source::List(List::BorrowerTypes),
    ),
    row("/taxonomies/branches", "BranchesGet", Source::Branches),
    row(
        "/taxonomies/notificationTypes",
        "NotificationTypesGet",
        Source::List(List::NotificationTypes),
    ),
    row(
        "/taxonomies/errorCodes",
        "ErrorCodesGet",
        Source::ErrorCodes,
    ),
];
