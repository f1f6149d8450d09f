//! The subject property.

use lintel_domain::application::place::Address;
use lintel_domain::application::property::{PropertyFacts, SubjectProperty};
use lintel_engine::money::Cents;

use super::names::address;
use crate::carried::Anchor;
use crate::finding::{Code, Severity};
use crate::tree::Part;

/// Reads the property of the one collateral that has one; empty ones beside it are harmless.
pub(super) fn subject(deal: Part<'_>) -> SubjectProperty {
    let collaterals = deal.every("COLLATERALS/COLLATERAL");
    let subjects: Vec<Part<'_>> = collaterals
        .map(|collateral| collateral.at("SUBJECT_PROPERTY"))
        .filter(|subject| subject.exists())
        .collect();
    match subjects.as_slice() {
        [] => {
            let message = "No COLLATERALS/COLLATERAL has a SUBJECT_PROPERTY.";
            deal.report(Code::RequiredMissing, Severity::Warning, message);
            SubjectProperty::default()
        }
        [subject] => {
            if let Some(collateral) = subject.parent() {
                collateral.place(0);
            }
            read(*subject)
        }
        [subject, second, ..] => {
            let message = format!(
                "There are {} subject properties; one is allowed.",
                subjects.len()
            );
            second.report(Code::Conflict, Severity::Error, message);
            read(*subject)
        }
    }
}

/// The first valuation with an amount, else the first with a number, and its appraisal's number.
fn valuation(subject: Part<'_>) -> (Option<Cents>, Option<String>) {
    let valuations = || {
        let parts = subject.every("PROPERTY_VALUATIONS/PROPERTY_VALUATION");
        parts.map(|part| (part, part.at("PROPERTY_VALUATION_DETAIL")))
    };
    let appraised = valuations().find_map(|(part, detail)| {
        let amount = detail.positive_amount("PropertyValuationAmount")?;
        Some((part, detail, Some(amount)))
    });
    let numbered = || {
        valuations()
            .find(|(_, detail)| detail.peek("AppraisalIdentifier").is_some())
            .map(|(part, detail)| (part, detail, None))
    };
    let Some((part, detail, amount)) = appraised.or_else(numbered) else {
        return (None, None);
    };
    part.place(0);
    (amount, detail.text("AppraisalIdentifier"))
}

fn read(subject: Part<'_>) -> SubjectProperty {
    subject.anchor(Anchor::SubjectProperty);
    let detail = subject.at("PROPERTY_DETAIL");
    let place = subject.at("LOCATION_IDENTIFIER");
    let fips = place.at("FIPS_INFORMATION");
    // Several valuations or contracts may be listed; the first is the one in force.
    let (valuation, appraisal_id) = valuation(subject);
    let contract = subject.every("SALES_CONTRACTS/SALES_CONTRACT").next();
    let price = contract.and_then(|contract| {
        contract
            .at("SALES_CONTRACT_DETAIL")
            .positive_amount("SalesContractAmount")
    });
    let concession = contract.and_then(|contract| {
        let mut concessions = contract.every("SALES_CONCESSIONS/SALES_CONCESSION");
        concessions.find_map(|concession| {
            let amount = concession.amount("SalesConcessionAmount")?;
            concession.place(0);
            Some(amount)
        })
    });
    SubjectProperty {
        address: located(subject.at("ADDRESS")),
        fips_state: fips.text("FIPSStateNumericCode"),
        fips_county: fips.text("FIPSCountyCode"),
        census_tract: place.at("CENSUS_INFORMATION").text("CensusTractIdentifier"),
        msa: place.at("GENERAL_IDENTIFIER").text("MSAIdentifier"),
        usage: detail.key_word("PropertyUsageType"),
        facts: facts(subject),
        valuation_cents: valuation,
        estimated_value_cents: detail.positive_amount("PropertyEstimatedValueAmount"),
        sales_price_cents: price,
        sales_concession_cents: concession,
        gross_monthly_rent_cents: detail.amount("RentalEstimatedGrossMonthlyRentAmount"),
        net_monthly_rent_cents: detail.amount("RentalEstimatedNetMonthlyRentAmount"),
        acquired_date: detail.date("PropertyAcquiredDate"),
        ground_lease_expiration_date: detail.date("PropertyGroundLeaseExpirationDate"),
        is_in_community_property_state: detail.flag("CommunityPropertyStateIndicator"),
        appraisal_id,
        has_clean_energy_lien: detail.flag("PropertyExistingCleanEnergyLienIndicator"),
        is_fha_secondary_residence: detail.flag("FHASecondaryResidenceIndicator"),
    }
}

/// The address, whose ZIP code places the loan; a code that is none is kept as written.
fn located(part: Part<'_>) -> Address {
    let address = address(part);
    let is_american = address.country.as_deref().is_none_or(|country| {
        ["US", "USA"]
            .iter()
            .any(|name| country.eq_ignore_ascii_case(name))
    });
    if is_american && address.postal_code.is_some() && address.zip5().is_none() {
        let message = "A ZIP code has five or nine digits. It was kept as written and places \
                       nothing.";
        part.one("PostalCode", Severity::Warning).report(
            Code::EnumUnknown,
            Severity::Warning,
            message,
        );
    }
    address
}

fn facts(subject: Part<'_>) -> PropertyFacts {
    let detail = subject.at("PROPERTY_DETAIL");
    let project = subject.at("PROJECT/PROJECT_DETAIL");
    let home = subject.at("MANUFACTURED_HOME/MANUFACTURED_HOME_DETAIL");
    PropertyFacts {
        attachment: detail.word("AttachmentType"),
        construction_method: detail.word("ConstructionMethodType"),
        unit_count: detail.unit_count("FinancedUnitCount"),
        is_pud: detail.flag("PUDIndicator"),
        is_in_project: detail.flag("PropertyInProjectIndicator"),
        estate: detail.word("PropertyEstateType"),
        is_mixed_use: detail.flag("PropertyMixedUsageIndicator"),
        year_built: detail.count("PropertyStructureBuiltYear"),
        construction_status: detail.text("ConstructionStatusType"),
        project_legal_structure: project.word("ProjectLegalStructureType"),
        project_design: project.word("ProjectDesignType"),
        project_name: project.text("ProjectName"),
        manufactured_width: home.text("ManufacturedHomeWidthType"),
    }
}
