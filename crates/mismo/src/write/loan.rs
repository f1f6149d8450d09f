//! The subject loan.

use std::borrow::Cow;

use lintel_domain::application::program::{Affordable, Construction, Government};
use lintel_domain::application::terms::{
    LoanFeatures, LoanIdentifier, LoanTerms, OriginationSystem, Refinance,
};

use super::WriteFacts;
use super::arm;
use super::draft::{Draft, Id};

/// Writes the terms of the loan into its `LOAN`.
pub(super) fn terms<'a>(
    draft: &mut Draft<'a>,
    loan: Id,
    terms: &'a LoanTerms,
    facts: &WriteFacts<'a>,
) {
    let LoanTerms {
        purpose: _,
        refinance,
        program: _,
        amount_cents: _,
        note_amount_cents: _,
        is_amount_of_note: _,
        requested_amount_cents,
        financed_mi_or_fee_cents,
        total_mi_or_fee_cents,
        note_rate_pct_e9: _,
        qualifying_rate_pct_e9,
        lien: _,
        amortization: _,
        amortization_months: _,
        maturity_months: _,
        maturity_date: _,
        arm,
        features,
        stated_borrower_count: _,
        mortgaged_property_count: _,
        subordinate_financing_cents: _,
        discount_points_cents,
        application_date: _,
        government,
        construction,
        affordable,
        is_hoepa_loan,
        identifiers,
        origination_systems,
    } = terms;
    core(draft, loan, terms);
    repayment(draft, loan, terms);
    detail(draft, loan, terms);
    write_features(draft, loan, features);
    if let Some(refinance) = refinance {
        write_refinance(draft, loan, refinance);
    }
    let part = urla(draft, loan, "URLA_DETAIL");
    let amounts = [
        ("BorrowerRequestedLoanAmount", requested_amount_cents),
        ("MIAndFundingFeeFinancedAmount", financed_mi_or_fee_cents),
        ("MIAndFundingFeeTotalAmount", total_mi_or_fee_cents),
    ];
    draft.amounts(part, amounts);
    let part = draft.at(loan, "QUALIFICATION");
    draft.percent(part, "QualifyingRatePercent", *qualifying_rate_pct_e9);
    if let Some(arm) = arm {
        arm::write(draft, loan, arm);
    }
    let part = draft.at(loan, "LOAN_PRODUCT/LOAN_PRODUCT_DETAIL");
    draft.amount(part, "DiscountPointsTotalAmount", *discount_points_cents);
    let part = draft.at(loan, "HMDA_LOAN/HMDA_LOAN_DETAIL");
    draft.flag(part, "HMDA_HOEPALoanStatusIndicator", *is_hoepa_loan);
    write_government(draft, loan, government);
    if let Some(construction) = construction {
        write_construction(draft, loan, construction);
    }
    write_affordable(draft, loan, affordable);
    write_identifiers(draft, loan, identifiers);
    systems(draft, loan, origination_systems, facts);
}

/// What stands in `TERMS_OF_LOAN`.
fn core<'a>(draft: &mut Draft<'a>, loan: Id, terms: &'a LoanTerms) {
    let part = draft.at(loan, "TERMS_OF_LOAN");
    let is_of_note = terms.is_amount_of_note && terms.note_amount_cents == Some(terms.amount_cents);
    let base = Some(terms.amount_cents).filter(|_| !is_of_note);
    draft.amount(part, "BaseLoanAmount", base);
    draft.word(part, "LienPriorityType", terms.lien.as_ref());
    draft.word(part, "LoanPurposeType", Some(&terms.purpose));
    draft.word(part, "MortgageType", Some(&terms.program));
    draft.amount(part, "NoteAmount", terms.note_amount_cents);
    draft.percent(part, "NoteRatePercent", terms.note_rate_pct_e9);
}

fn repayment<'a>(draft: &mut Draft<'a>, loan: Id, terms: &'a LoanTerms) {
    let rule = draft.at(loan, "AMORTIZATION/AMORTIZATION_RULE");
    draft.word(rule, "AmortizationType", terms.amortization.as_ref());
    let names = ("LoanAmortizationPeriodCount", "LoanAmortizationPeriodType");
    months(draft, rule, names, terms.amortization_months);
    let rule = draft.at(loan, "MATURITY/MATURITY_RULE");
    draft.date(rule, "LoanMaturityDate", terms.maturity_date);
    let names = ("LoanMaturityPeriodCount", "LoanMaturityPeriodType");
    months(draft, rule, names, terms.maturity_months);
}

/// What stands in `LOAN_DETAIL`, features apart.
fn detail(draft: &mut Draft<'_>, loan: Id, terms: &LoanTerms) {
    let part = draft.at(loan, "LOAN_DETAIL");
    draft.date(part, "ApplicationReceivedDate", terms.application_date);
    draft.count(part, "BorrowerCount", terms.stated_borrower_count);
    let count = terms.mortgaged_property_count;
    draft.count(part, "TotalMortgagedPropertiesCount", count);
    let amount = terms.subordinate_financing_cents;
    draft.amount(part, "TotalSubordinateFinancingAmount", amount);
}

/// A part of the application form's own figures.
pub(super) fn urla(draft: &mut Draft<'_>, loan: Id, part: &'static str) -> Id {
    let urla = draft.at(
        loan,
        "DOCUMENT_SPECIFIC_DATA_SETS/DOCUMENT_SPECIFIC_DATA_SET/URLA",
    );
    draft.at(urla, part)
}

fn months(
    draft: &mut Draft<'_>,
    rule: Id,
    (count, unit): (&'static str, &'static str),
    months: Option<u32>,
) {
    if months.is_some() {
        draft.count(rule, count, months);
        draft.fixed(rule, unit, "Month");
    }
}

fn write_refinance<'a>(draft: &mut Draft<'a>, loan: Id, refinance: &'a Refinance) {
    let Refinance {
        kind,
        reason,
        cash_out_cents,
        is_cash_out_estimated,
    } = refinance;
    let part = draft.at(loan, "REFINANCE");
    let name = match is_cash_out_estimated {
        true => "EstimatedCashOutAmount",
        false => "RefinanceCashOutAmount",
    };
    draft.amount(part, name, *cash_out_cents);
    draft.word(part, "RefinanceCashOutDeterminationType", kind.as_ref());
    draft.text(part, "RefinancePrimaryPurposeType", reason.as_ref());
}

fn write_features(draft: &mut Draft<'_>, loan: Id, features: &LoanFeatures) {
    let LoanFeatures {
        has_balloon,
        is_interest_only,
        has_negative_amortization,
        has_prepayment_penalty,
        is_construction,
        is_renovation,
        has_temporary_buydown,
        has_energy_improvements,
        converts_contract_for_deed,
        has_below_market_subordinate,
    } = features;
    let flags = [
        ("BalloonIndicator", has_balloon),
        (
            "BelowMarketSubordinateFinancingIndicator",
            has_below_market_subordinate,
        ),
        (
            "BuydownTemporarySubsidyFundingIndicator",
            has_temporary_buydown,
        ),
        ("ConstructionLoanIndicator", is_construction),
        (
            "ConversionOfContractForDeedIndicator",
            converts_contract_for_deed,
        ),
        (
            "EnergyRelatedImprovementsIndicator",
            has_energy_improvements,
        ),
        ("InterestOnlyIndicator", is_interest_only),
        ("NegativeAmortizationIndicator", has_negative_amortization),
        ("PrepaymentPenaltyIndicator", has_prepayment_penalty),
        ("RenovationLoanIndicator", is_renovation),
    ];
    let detail = draft.at(loan, "LOAN_DETAIL");
    draft.flags(detail, flags);
}

fn write_government<'a>(draft: &mut Draft<'a>, loan: Id, government: &'a Government) {
    let Government {
        section_of_act,
        fha_lender_id,
        fha_sponsor_id,
        refinance_kind,
        va_entitlement_cents,
        va_borrowers_married,
        mortgage_credit_certificate_cents,
    } = government;
    let part = draft.at(loan, "GOVERNMENT_LOAN");
    draft.text(part, "FHALoanLenderIdentifier", fha_lender_id.as_ref());
    draft.text(part, "FHALoanSponsorIdentifier", fha_sponsor_id.as_ref());
    draft.amount(
        part,
        "GovernmentMortgageCreditCertificateAmount",
        *mortgage_credit_certificate_cents,
    );
    draft.text(part, "GovernmentRefinanceType", refinance_kind.as_ref());
    draft.text(part, "SectionOfActType", section_of_act.as_ref());
    draft.flag(
        part,
        "VABorrowerCoBorrowerMarriedIndicator",
        *va_borrowers_married,
    );
    draft.amount(part, "VAEntitlementAmount", *va_entitlement_cents);
}

fn write_construction<'a>(draft: &mut Draft<'a>, loan: Id, construction: &'a Construction) {
    let Construction {
        kind,
        permanent_closing,
        improvement_cost_cents,
    } = construction;
    let part = draft.at(loan, "CONSTRUCTION");
    draft.amount(
        part,
        "ConstructionImprovementCostsAmount",
        *improvement_cost_cents,
    );
    draft.text(part, "ConstructionLoanType", kind.as_ref());
    draft.text(
        part,
        "ConstructionToPermanentClosingType",
        permanent_closing.as_ref(),
    );
}

fn write_affordable<'a>(draft: &mut Draft<'a>, loan: Id, affordable: &'a Affordable) {
    let Affordable {
        product,
        community_second_repayment,
    } = affordable;
    let part = draft.at(loan, "AFFORDABLE_LENDING");
    draft.text(part, "CommunityLendingProductType", product.as_ref());
    draft.text(
        part,
        "CommunitySecondsRepaymentType",
        community_second_repayment.as_ref(),
    );
}

fn write_identifiers<'a>(draft: &mut Draft<'a>, loan: Id, identifiers: &'a [LoanIdentifier]) {
    let list = draft.at(loan, "LOAN_IDENTIFIERS");
    for identifier in identifiers {
        let LoanIdentifier { kind, value } = identifier;
        let part = draft.add(list, "LOAN_IDENTIFIER");
        draft.text(part, "LoanIdentifier", Some(value));
        draft.word(part, "LoanIdentifierType", kind.as_ref());
    }
}

/// The systems the application came through in their order, and ours unless it is among them.
fn systems<'a>(
    draft: &mut Draft<'a>,
    loan: Id,
    systems: &'a [OriginationSystem],
    facts: &WriteFacts<'a>,
) {
    let list = draft.at(loan, "ORIGINATION_SYSTEMS");
    for system in systems {
        let OriginationSystem {
            name,
            vendor_id,
            version,
        } = system;
        let part = draft.add(list, "ORIGINATION_SYSTEM");
        draft.text(part, "LoanOriginationSystemName", name.as_ref());
        draft.text(
            part,
            "LoanOriginationSystemVendorIdentifier",
            vendor_id.as_ref(),
        );
        draft.text(
            part,
            "LoanOriginationSystemVersionIdentifier",
            version.as_ref(),
        );
    }
    let is_ours = |system: &OriginationSystem| {
        let mut names = system.name.iter();
        names.any(|name| name.trim().eq_ignore_ascii_case(facts.system_name.trim()))
    };
    if systems.iter().any(is_ours) {
        return;
    }
    let part = draft.add(list, "ORIGINATION_SYSTEM");
    let ours = [
        ("LoanOriginationSystemName", Some(facts.system_name)),
        (
            "LoanOriginationSystemVendorIdentifier",
            facts.system_vendor_id,
        ),
        (
            "LoanOriginationSystemVersionIdentifier",
            facts.system_version,
        ),
    ];
    for (name, value) in ours {
        if let Some(value) = value {
            draft.point(part, Cow::Borrowed(name), Cow::Borrowed(value));
        }
    }
}
