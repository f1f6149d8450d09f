//! Which lists there are.

use crate::table::Entry;
use crate::{broker, credit, index, papers, people, places, professions, states};

macro_rules! lists {
    ($($(#[$meta:meta])* $variant:ident = $name:literal => $entries:expr;)+) => {
        /// A list of values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum List {
            $($(#[$meta])* $variant,)+
        }

        impl List {
            /// Every list, in the order of the contract.
            pub const ALL: &'static [List] = &[$(List::$variant,)+];

            /// A neutral name. The face has names of its own.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(List::$variant => $name,)+
                }
            }

            pub(crate) const fn entries(self) -> &'static [Entry] {
                match self {
                    $(List::$variant => $entries,)+
                }
            }
        }
    };
}

lists! {
    /// Kinds of credit intermediaries, as the law divides them.
    BrokerTypes = "broker_types" => broker::TYPES;
    /// What an intermediary of a kind does; belongs to a kind.
    BrokerSubTypes = "broker_sub_types" => broker::SUB_TYPES;
    /// How a bank ranks its intermediaries.
    BrokerClassifications = "broker_classifications" => broker::CLASSIFICATIONS;
    /// What an intermediary is paid by.
    BrokerFeeTypes = "broker_fee_types" => broker::FEE_TYPES;
    /// How an intermediary stands.
    BrokerStatuses = "broker_statuses" => broker::STATUSES;
    /// Value added tax of an intermediary's fees.
    BrokerIvaRegimes = "broker_iva_regimes" => broker::IVA_REGIMES;
    /// Tax withheld from an intermediary's fees.
    BrokerRetentionRegimes = "broker_retention_regimes" => broker::RETENTION_REGIMES;
    /// How often an intermediary gets a statement.
    BrokerExtractPeriodicity = "broker_extract_periodicity" => broker::EXTRACT_PERIODICITY;
    /// Countries of ISO 3166-1; the id is the numeric code, the code the two letters.
    Countries = "countries" => places::COUNTRIES;
    /// The 18 districts and two autonomous regions of Portugal.
    Districts = "districts" => places::DISTRICTS;
    /// The 308 municipalities; the id is the official number. Belong to a district.
    Counties = "counties" => places::COUNTIES;
    /// Kinds of papers a process needs; belong to a category.
    DocumentTypes = "document_types" => papers::TYPES;
    /// What kinds of papers are about.
    DocumentCategories = "document_categories" => papers::CATEGORIES;
    /// What the home is used for.
    ProductPurposes = "product_purposes" => credit::PRODUCT_PURPOSES;
    /// What the money is used for.
    LoanPurposes = "loan_purposes" => credit::LOAN_PURPOSES;
    /// Fixed, variable, mixed.
    IndexTypeSubCategories = "index_type_sub_categories" => index::SUB_CATEGORIES;
    /// Euribor of a tenor, or how long a rate is fixed; belongs to a sub-category.
    IndexTypes = "index_types" => index::TYPES;
    /// The index types of mixed rates.
    IndexTypeListMixed = "index_type_list_mixed" => index::MIXED_TYPES;
    /// How long rates that are fixed for the whole term can last; the ids are those of the index types.
    FixedFixedPeriod = "fixed_fixed_period" => index::FIXED_PERIODS;
    /// How long the fixed phase of mixed rates can last; the ids are those of the index types.
    MixedFixedPeriod = "mixed_fixed_period" => index::MIXED_PERIODS;
    /// Charges, insurance and taxes of a credit.
    BankChargeTypes = "bank_charge_types" => credit::CHARGES;
    /// Kinds of properties by rooms.
    PropertyTypologies = "property_typologies" => credit::TYPOLOGIES;
    /// Kinds of persons in law.
    EntityTypes = "entity_types" => people::ENTITY_TYPES;
    /// Documents people are identified by.
    IdentificationDocuments = "identification_documents" => people::IDENTIFICATION;
    /// Marital statuses.
    MaritalStatuses = "marital_statuses" => people::MARITAL;
    /// Property regimes of marriages.
    MatrimonialRegimes = "matrimonial_regimes" => people::REGIMES;
    /// By what right somebody lives where they live.
    ResidenceTypes = "residence_types" => people::RESIDENCE;
    /// Genders.
    Genders = "genders" => people::GENDERS;
    /// Professions by the Portuguese classification of 2010; the code is the official one. Sub-major groups
    /// belong to a major group.
    Professions = "professions" => professions::PROFESSIONS;
    /// Kinds of contracts of employment.
    EmploymentContractTypes = "employment_contract_types" => people::CONTRACTS;
    /// What somebody lives from.
    EmploymentSituations = "employment_situations" => people::SITUATIONS;
    /// Positions in a firm.
    EmploymentDepartmentPositions = "employment_department_positions" => people::POSITIONS;
    /// What a further borrower is to the first one.
    KeyBorrowerRelations = "key_borrower_relations" => people::RELATIONS;
    /// Why a process or proposal is given up.
    ProposalCancelReasons = "proposal_cancel_reasons" => credit::CANCEL_REASONS;
    /// How simulations stand; the codes are the stored words.
    WorkflowStatesSimulation = "workflow_states_simulation" => states::SIMULATION;
    /// How processes stand; the codes are the stored words.
    WorkflowStatesProcess = "workflow_states_process" => states::PROCESS;
    /// How proposals stand; the codes are the stored words.
    WorkflowStatesProposal = "workflow_states_proposal" => states::PROPOSAL;
    /// The first borrower and further ones.
    BorrowerTypes = "borrower_types" => people::BORROWERS;
    /// What callbacks tell; the codes are the stored words.
    NotificationTypes = "notification_types" => states::NOTIFICATIONS;
}

impl List {
    /// The list [`Entry::parent`] is an id of; none where values belong to nothing.
    #[must_use]
    pub const fn parent(self) -> Option<List> {
        match self {
            List::BrokerSubTypes => Some(List::BrokerTypes),
            List::Districts => Some(List::Countries),
            List::Counties => Some(List::Districts),
            List::DocumentTypes => Some(List::DocumentCategories),
            List::IndexTypes
            | List::IndexTypeListMixed
            | List::FixedFixedPeriod
            | List::MixedFixedPeriod => Some(List::IndexTypeSubCategories),
            List::Professions => Some(List::Professions),
            List::BrokerTypes
            | List::BrokerClassifications
            | List::BrokerFeeTypes
            | List::BrokerStatuses
            | List::BrokerIvaRegimes
            | List::BrokerRetentionRegimes
            | List::BrokerExtractPeriodicity
            | List::Countries
            | List::DocumentCategories
            | List::ProductPurposes
            | List::LoanPurposes
            | List::IndexTypeSubCategories
            | List::BankChargeTypes
            | List::PropertyTypologies
            | List::EntityTypes
            | List::IdentificationDocuments
            | List::MaritalStatuses
            | List::MatrimonialRegimes
            | List::ResidenceTypes
            | List::Genders
            | List::EmploymentContractTypes
            | List::EmploymentSituations
            | List::EmploymentDepartmentPositions
            | List::KeyBorrowerRelations
            | List::ProposalCancelReasons
            | List::WorkflowStatesSimulation
            | List::WorkflowStatesProcess
            | List::WorkflowStatesProposal
            | List::BorrowerTypes
            | List::NotificationTypes => None,
        }
    }
}
