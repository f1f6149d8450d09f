//! Our words to this API's words. Exhaustive matches: a new domain word does not compile until it
//! has a spelling here.

use lintel_domain::application::property::PropertyType;
use lintel_domain::loan::{Lifecycle, Occupancy, Program, Purpose};
use lintel_domain::product::ArmIndex;
use lintel_domain::refusal::{Field, ProductPart};

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
    };
    fixed.to_owned()
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

/// The values of `propertyType` a search may name. Price does not depend on them yet, so they are
/// only checked.
pub const SEARCH_PROPERTY_TYPES: &[(&str, ())] = &[
    ("SingleFamily", ()),
    ("TwoToFourUnitProperty", ()),
    ("Townhouse", ()),
    ("Condominium", ()),
    ("ManufacturedMobileHome", ()),
    ("SiteCondo", ()),
    ("Triplex", ()),
    ("Cooperative", ()),
    ("Duplex", ()),
    ("Quadplex", ()),
    ("HighRiseCondominium", ()),
    ("DetachedCondominium", ()),
    ("Land", ()),
    ("PUD", ()),
];

/// The values of `armIndex`; the last one is ours, because LIBOR has ended and the text has no
/// word for its successor.
pub const ARM_INDICES: &[(&str, ArmIndex)] = &[
    ("OneYearTreasury", ArmIndex::OneYearTreasury),
    ("ThreeYearTreasury", ArmIndex::ThreeYearTreasury),
    ("LIBOR", ArmIndex::Libor),
    (
        "EleventhDistrictCostOfFunds",
        ArmIndex::EleventhDistrictCostOfFunds,
    ),
    (
        "MonthlyAverageConstantMaturingTreasury",
        ArmIndex::MonthlyTreasuryAverage,
    ),
    ("WeeklyAveragePrimeRate", ArmIndex::WeeklyPrime),
    ("SOFR30DayAverage", ArmIndex::Sofr30DayAverage),
];

/// The ends of a loan's life that `filter.status` can name.
pub const ENDED_STATUSES: &[(&str, Lifecycle)] = &[
    ("archived", Lifecycle::Archived),
    ("withdrawn", Lifecycle::Withdrawn),
];
