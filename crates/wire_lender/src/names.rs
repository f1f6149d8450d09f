//! Our words to this API's words. Exhaustive matches: a new domain word does not compile until it
//! has a spelling here.

pub mod loan;
mod message;
pub mod people;
pub mod signing;

use lintel_domain::application::property::PropertyType;
use lintel_domain::loan::{Lifecycle, Occupancy, Program, Purpose};
use lintel_domain::product::ArmIndex;
use lintel_domain::refusal::{Field, ProductPart, RatesPart, RatesRowPart};
use lintel_domain::scenario::{Employment, Flag, PropertyKind};

/// The parameter a field is called in this API, with its full path.
pub fn path(field: &Field) -> String {
    let fixed = match field {
        // Set up by an operator, never over this API.
        Field::OrganisationName => "company.name",
        Field::ParentOrganisation => "company.parent",
        Field::CredentialLabel => "label",
        Field::LosLoanId => "losLoanID",
        Field::LoanDocument => "mismo34",
        Field::PropertyState => "search.state",
        Field::PropertyCounty => "search.countyFips",
        Field::PropertyPostalCode => "search.zipcode",
        Field::HomePrice => "search.homePrice",
        Field::LoanAmount => "search.loanAmount",
        Field::QuotedProduct { product, part } => {
            return format!("products[{product}].{}", product_part(*part));
        }
        Field::QuotedPoints { product, rate } => {
            return format!("products[{product}].rates[{rate}].points");
        }
        Field::QuotedRate { product, rate } => {
            return format!("products[{product}].rates[{rate}].rate");
        }
        Field::RatesLender => "company.lenderID",
        Field::RatesProducts => "products",
        Field::RatesProduct { product, part } => {
            return format!("products[{product}].{}", rates_part(*part));
        }
        Field::RatesRow { product, row, part } => {
            let part = rates_row_part(*part);
            return format!("products[{product}].ratesAndPoints[{row}].{part}");
        }
        Field::SearchZips => "zipcode",
        Field::VersionNote => "note",
        Field::Starter => "loggedInUserUID",
        Field::Company(part) => return format!("company.{}", people::company(*part)),
        Field::People => "users",
        Field::Person { person, part } => {
            return format!("users[{person}].{}", people::person(*part));
        }
        Field::Branch(part) => people::branch(*part),
        Field::Statuses => "companies",
        Field::CompanyStatus { company, part } => {
            return people::status_part("companies", *company, *part, "lenderID");
        }
        Field::PersonStatus { person, part } => {
            return people::status_part("users", *person, *part, "userUID");
        }
        Field::VendorGrant => "vendor",
        Field::Signing(part) => return signing::path(*part),
        Field::BorrowerAccount => "userID",
        Field::BorrowerEmail => "email",
        Field::LoanStatus(part) => loan::status(*part),
        Field::Condition(part) => loan::condition(*part),
        Field::Documents => "documents",
        Field::Document { document, part } => {
            return format!("documents[{document}].{}", loan::document(*part));
        }
        Field::DocumentKind { place } => return format!("docTypes[{place}]"),
        Field::DocumentKinds => "docTypes",
        Field::LosLoanGuid => "loanGUID",
        Field::LoanOfficerEmail => "loanOfficerEmail",
        // Set by an operator, never over this API.
        Field::LosSettings => "los",
        Field::StatusWording => "wording",
        Field::TaskDescription => "taskDescription",
        Field::Messaging(_) => "messaging",
        Field::Application(part) => return message::application(*part),
        Field::RateWatch(part) => return message::watch(*part),
    };
    fixed.to_owned()
}

/// Whether the text says that a field is required: then one that cannot be read is refused in the
/// same words as one that is not there. Fields whose readers see to that themselves are not.
pub const fn is_needed(field: &Field) -> bool {
    match field {
        Field::Company(part) => people::needs_of_company(*part),
        Field::Person { part, .. } => people::needs_of_person(*part),
        Field::Signing(part) => signing::is_needed(*part),
        Field::Starter
        | Field::People
        | Field::CompanyStatus { .. }
        | Field::PersonStatus { .. }
        | Field::Documents
        | Field::Document { .. }
        | Field::DocumentKind { .. }
        | Field::DocumentKinds
        | Field::Application(_)
        | Field::RateWatch(_)
        | Field::TaskDescription => true,
        Field::OrganisationName
        | Field::ParentOrganisation
        | Field::CredentialLabel
        | Field::LosLoanId
        | Field::LoanDocument
        | Field::PropertyState
        | Field::PropertyCounty
        | Field::PropertyPostalCode
        | Field::HomePrice
        | Field::LoanAmount
        | Field::QuotedProduct { .. }
        | Field::QuotedRate { .. }
        | Field::QuotedPoints { .. }
        | Field::RatesLender
        | Field::RatesProducts
        | Field::RatesProduct { .. }
        | Field::RatesRow { .. }
        | Field::SearchZips
        | Field::VersionNote
        | Field::Branch(_)
        | Field::Statuses
        | Field::VendorGrant
        | Field::BorrowerAccount
        | Field::BorrowerEmail
        | Field::LoanStatus(_)
        | Field::Condition(_)
        | Field::LosLoanGuid
        | Field::LoanOfficerEmail
        | Field::LosSettings
        | Field::StatusWording
        | Field::Messaging(_) => false,
    }
}

const fn product_part(part: ProductPart) -> &'static str {
    match part {
        ProductPart::Term => "loanTerm",
        ProductPart::Amortization => "loanAmortization",
        ProductPart::ArmIndex => "armIndex",
        ProductPart::ArmFirstAdjustment => "armFirstAdj",
        ProductPart::ArmPeriodicAdjustment => "armPerAdj",
    }
}

const fn rates_part(part: RatesPart) -> &'static str {
    match part {
        RatesPart::PublicId => "publicID",
        RatesPart::Code => "productCode",
        RatesPart::Index => "armIndex",
        RatesPart::Margin => "armIndexMargin",
        RatesPart::Rows => "ratesAndPoints",
    }
}

const fn rates_row_part(part: RatesRowPart) -> &'static str {
    match part {
        RatesRowPart::Rate => "rate",
        RatesRowPart::Price => "point",
        RatesRowPart::Lock => "lockPeriod",
    }
}

/// `loanPurpose`.
pub const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Purchase => "Purchase",
        Purpose::Refinance => "Refinance",
        Purpose::RefinanceCashOut => "RefinanceCashOut",
    }
}

/// The values of `loanPurpose`.
pub const PURPOSES: &[(&str, Purpose)] = &[
    (purpose(Purpose::Purchase), Purpose::Purchase),
    (purpose(Purpose::Refinance), Purpose::Refinance),
    (
        purpose(Purpose::RefinanceCashOut),
        Purpose::RefinanceCashOut,
    ),
];

/// `productProgram`. The public text has no word for a programme outside its four.
pub const fn program(program: Program) -> &'static str {
    match program {
        Program::Conventional => "Conventional",
        Program::Fha => "FHA",
        Program::Va => "VA",
        Program::Usda => "USDA",
        Program::Other => "Other",
    }
}

/// The values of `productProgram` a caller may ask for.
pub const PROGRAMS: &[(&str, Program)] = &[
    (program(Program::Conventional), Program::Conventional),
    (program(Program::Fha), Program::Fha),
    (program(Program::Va), Program::Va),
    (program(Program::Usda), Program::Usda),
];

/// `occupancyType`.
pub const fn occupancy(occupancy: Occupancy) -> &'static str {
    match occupancy {
        Occupancy::PrimaryResidence => "PrimaryResidence",
        Occupancy::SecondHome => "SecondHome",
        Occupancy::Investor => "Investor",
    }
}

/// The values of `occupancyType`; one list of the text also has `OwnerOccupied`, read as a primary
/// residence and never written.
pub const OCCUPANCIES: &[(&str, Occupancy)] = &[
    (
        occupancy(Occupancy::PrimaryResidence),
        Occupancy::PrimaryResidence,
    ),
    (occupancy(Occupancy::SecondHome), Occupancy::SecondHome),
    (occupancy(Occupancy::Investor), Occupancy::Investor),
    ("OwnerOccupied", Occupancy::PrimaryResidence),
];

/// `propertyType` of the pipeline.
pub const fn property_type(kind: PropertyType) -> &'static str {
    match kind {
        PropertyType::SingleFamily => "SingleFamily",
        PropertyType::Townhouse => "Townhouse",
        PropertyType::Duplex => "Duplex",
        PropertyType::Triplex => "Triplex",
        PropertyType::Quadplex => "Quadplex",
        PropertyType::Condominium => "Condominium",
        PropertyType::HighRiseCondominium => "HighRiseCondominium",
        PropertyType::DetachedCondominium => "DetachedCondominium",
        PropertyType::ManufacturedMobileHome => "ManufacturedMobileHome",
        PropertyType::Cooperative => "Cooperative",
        PropertyType::Pud => "PUD",
    }
}

/// The values of `propertyType` of `/get-apr-closing-costs`.
pub const SEARCH_PROPERTY_TYPES: &[(&str, PropertyKind)] = &[
    ("SingleFamily", PropertyKind::SingleFamily),
    ("TwoToFourUnitProperty", PropertyKind::TwoToFourUnits),
    ("Townhouse", PropertyKind::Townhouse),
    ("Condominium", PropertyKind::Condominium),
    ("ManufacturedMobileHome", PropertyKind::Manufactured),
    ("SiteCondo", PropertyKind::SiteCondominium),
    ("Triplex", PropertyKind::Triplex),
    ("Cooperative", PropertyKind::Cooperative),
    ("Duplex", PropertyKind::Duplex),
    ("Quadplex", PropertyKind::Quadplex),
    ("HighRiseCondominium", PropertyKind::HighRiseCondominium),
    ("DetachedCondominium", PropertyKind::DetachedCondominium),
    ("Land", PropertyKind::Land),
    ("PUD", PropertyKind::Pud),
];

/// The values of `propertyType` of `/get-ppe-anonymous` and `/set-signup-product-pricing`, whose
/// lists are shorter.
pub const PRICED_PROPERTY_TYPES: &[(&str, PropertyKind)] = &[
    ("SingleFamily", PropertyKind::SingleFamily),
    ("Condominium", PropertyKind::Condominium),
    ("DetachedCondominium", PropertyKind::DetachedCondominium),
    ("Duplex", PropertyKind::Duplex),
    ("Triplex", PropertyKind::Triplex),
    ("Quadplex", PropertyKind::Quadplex),
    ("ManufacturedMobileHome", PropertyKind::Manufactured),
    ("PUD", PropertyKind::Pud),
];

/// The values of `occupancyType` of the same two.
pub const PRICED_OCCUPANCIES: &[(&str, Occupancy)] = &[
    (
        occupancy(Occupancy::PrimaryResidence),
        Occupancy::PrimaryResidence,
    ),
    (occupancy(Occupancy::SecondHome), Occupancy::SecondHome),
    (occupancy(Occupancy::Investor), Occupancy::Investor),
];

/// The values of `employmentStatus`.
pub const EMPLOYMENTS: &[(&str, Employment)] = &[
    ("NotEmployed", Employment::NotEmployed),
    ("FullTime", Employment::FullTime),
    ("PartTime", Employment::PartTime),
    ("SelfEmployed", Employment::SelfEmployed),
    ("Homemaker", Employment::Homemaker),
    ("Student", Employment::Student),
    ("Retired", Employment::Retired),
];

/// The bits of a search that rules look at, and what they say.
pub const SEARCH_FLAGS: &[(&str, Flag)] = &[
    ("bankruptcy", Flag::Bankruptcy),
    ("foreclosure", Flag::Foreclosure),
    ("noImpounds", Flag::EscrowWaived),
    ("firstTimeBuyer", Flag::FirstTimeBuyer),
    ("financeUFMIP", Flag::FinancesUpfrontFee),
    ("flip", Flag::Flip),
    ("streamline", Flag::Streamline),
    ("isSecondFinancing", Flag::SecondFinancing),
    ("isStudentLoanCashout", Flag::StudentLoanCashout),
    ("isTexas50a", Flag::Texas50a6),
    ("priorLoanIsTexas50a", Flag::PriorTexas50a6),
];

/// `armIndex`.
pub const fn arm_index(index: ArmIndex) -> &'static str {
    match index {
        ArmIndex::OneYearTreasury => "OneYearTreasury",
        ArmIndex::ThreeYearTreasury => "ThreeYearTreasury",
        ArmIndex::Libor => "LIBOR",
        ArmIndex::EleventhDistrictCostOfFunds => "EleventhDistrictCostOfFunds",
        ArmIndex::MonthlyTreasuryAverage => "MonthlyAverageConstantMaturingTreasury",
        ArmIndex::WeeklyPrime => "WeeklyAveragePrimeRate",
        ArmIndex::Sofr30DayAverage => "SOFR30DayAverage",
    }
}

/// The values of `armIndex`; the last one is ours, because LIBOR has ended and the text has no
/// word for its successor.
pub const ARM_INDICES: &[(&str, ArmIndex)] = &[
    (
        arm_index(ArmIndex::OneYearTreasury),
        ArmIndex::OneYearTreasury,
    ),
    (
        arm_index(ArmIndex::ThreeYearTreasury),
        ArmIndex::ThreeYearTreasury,
    ),
    (arm_index(ArmIndex::Libor), ArmIndex::Libor),
    (
        arm_index(ArmIndex::EleventhDistrictCostOfFunds),
        ArmIndex::EleventhDistrictCostOfFunds,
    ),
    (
        arm_index(ArmIndex::MonthlyTreasuryAverage),
        ArmIndex::MonthlyTreasuryAverage,
    ),
    (arm_index(ArmIndex::WeeklyPrime), ArmIndex::WeeklyPrime),
    (
        arm_index(ArmIndex::Sofr30DayAverage),
        ArmIndex::Sofr30DayAverage,
    ),
];

/// The ends of a loan's life that `filter.status` can name.
pub const ENDED_STATUSES: &[(&str, Lifecycle)] = &[
    ("archived", Lifecycle::Archived),
    ("withdrawn", Lifecycle::Withdrawn),
];
