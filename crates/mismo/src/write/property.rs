//! The subject property.

use lintel_domain::application::property::{PropertyFacts, SubjectProperty};

use super::draft::{Draft, Id};
use super::names;

/// Writes the property into its `SUBJECT_PROPERTY`.
pub(super) fn subject<'a>(draft: &mut Draft<'a>, subject: Id, property: &'a SubjectProperty) {
    let SubjectProperty {
        address,
        fips_state: _,
        fips_county: _,
        census_tract: _,
        msa: _,
        usage,
        facts: property_facts,
        valuation_cents,
        estimated_value_cents,
        sales_price_cents,
        sales_concession_cents,
        gross_monthly_rent_cents,
        net_monthly_rent_cents,
        acquired_date,
        ground_lease_expiration_date,
        has_clean_energy_lien,
        is_in_community_property_state,
        appraisal_id,
        is_fha_secondary_residence,
    } = property;
    let part = draft.at(subject, "ADDRESS");
    names::address(draft, part, address);
    locate(draft, subject, property);
    let detail = draft.at(subject, "PROPERTY_DETAIL");
    draft.word(detail, "PropertyUsageType", usage.as_ref());
    let amounts = [
        ("PropertyEstimatedValueAmount", estimated_value_cents),
        (
            "RentalEstimatedGrossMonthlyRentAmount",
            gross_monthly_rent_cents,
        ),
        (
            "RentalEstimatedNetMonthlyRentAmount",
            net_monthly_rent_cents,
        ),
    ];
    draft.amounts(detail, amounts);
    draft.date(detail, "PropertyAcquiredDate", *acquired_date);
    let name = "PropertyGroundLeaseExpirationDate";
    draft.date(detail, name, *ground_lease_expiration_date);
    let flags = [
        (
            "CommunityPropertyStateIndicator",
            is_in_community_property_state,
        ),
        ("FHASecondaryResidenceIndicator", is_fha_secondary_residence),
        (
            "PropertyExistingCleanEnergyLienIndicator",
            has_clean_energy_lien,
        ),
    ];
    draft.flags(detail, flags);
    facts(draft, subject, property_facts);
    let valuation = draft.at(
        subject,
        "PROPERTY_VALUATIONS/PROPERTY_VALUATION/PROPERTY_VALUATION_DETAIL",
    );
    draft.text(valuation, "AppraisalIdentifier", appraisal_id.as_ref());
    draft.amount(valuation, "PropertyValuationAmount", *valuation_cents);
    let contract = draft.at(subject, "SALES_CONTRACTS/SALES_CONTRACT");
    let part = draft.at(contract, "SALES_CONTRACT_DETAIL");
    draft.amount(part, "SalesContractAmount", *sales_price_cents);
    let part = draft.at(contract, "SALES_CONCESSIONS/SALES_CONCESSION");
    draft.amount(part, "SalesConcessionAmount", *sales_concession_cents);
}

/// The codes of the place.
fn locate<'a>(draft: &mut Draft<'a>, subject: Id, property: &'a SubjectProperty) {
    let place = draft.at(subject, "LOCATION_IDENTIFIER");
    let part = draft.at(place, "CENSUS_INFORMATION");
    draft.text(
        part,
        "CensusTractIdentifier",
        property.census_tract.as_ref(),
    );
    let part = draft.at(place, "FIPS_INFORMATION");
    draft.text(part, "FIPSCountyCode", property.fips_county.as_ref());
    draft.text(part, "FIPSStateNumericCode", property.fips_state.as_ref());
    let part = draft.at(place, "GENERAL_IDENTIFIER");
    draft.text(part, "MSAIdentifier", property.msa.as_ref());
}

fn facts<'a>(draft: &mut Draft<'a>, subject: Id, facts: &'a PropertyFacts) {
    let PropertyFacts {
        attachment,
        construction_method,
        unit_count,
        is_pud,
        is_in_project,
        estate,
        is_mixed_use,
        year_built,
        construction_status,
        project_legal_structure,
        project_design,
        project_name,
        manufactured_width,
    } = facts;
    let detail = draft.at(subject, "PROPERTY_DETAIL");
    draft.word(detail, "AttachmentType", attachment.as_ref());
    draft.word(
        detail,
        "ConstructionMethodType",
        construction_method.as_ref(),
    );
    draft.text(
        detail,
        "ConstructionStatusType",
        construction_status.as_ref(),
    );
    draft.count(detail, "FinancedUnitCount", *unit_count);
    draft.word(detail, "PropertyEstateType", estate.as_ref());
    draft.flag(detail, "PropertyInProjectIndicator", *is_in_project);
    draft.flag(detail, "PropertyMixedUsageIndicator", *is_mixed_use);
    draft.count(detail, "PropertyStructureBuiltYear", *year_built);
    draft.flag(detail, "PUDIndicator", *is_pud);
    let project = draft.at(subject, "PROJECT/PROJECT_DETAIL");
    draft.word(project, "ProjectDesignType", project_design.as_ref());
    draft.word(
        project,
        "ProjectLegalStructureType",
        project_legal_structure.as_ref(),
    );
    draft.text(project, "ProjectName", project_name.as_ref());
    let home = draft.at(subject, "MANUFACTURED_HOME/MANUFACTURED_HOME_DETAIL");
    draft.text(
        home,
        "ManufacturedHomeWidthType",
        manufactured_width.as_ref(),
    );
}
