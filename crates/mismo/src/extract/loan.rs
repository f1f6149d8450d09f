//! The terms of the subject loan.

use lintel_domain::application::program::{Affordable, Construction, Government};
use lintel_domain::application::terms::{
    LoanFeatures, LoanIdentifier, LoanPurpose, LoanTerms, OriginationSystem, Program, Refinance,
};
use lintel_engine::money::Cents;

use super::arm;
use crate::finding::{Code, Severity};
use crate::tree::Part;

/// Reads the terms; `None` when purpose, programme or amount is missing or unusable.
pub(super) fn terms(loan: Part<'_>) -> Option<LoanTerms> {
    let terms = loan.at("TERMS_OF_LOAN");
    let detail = loan.at("LOAN_DETAIL");
    let urla = urla_detail(loan);
    let purpose = required(loan, "LoanPurposeType", |terms, name| terms.key_word(name));
    let program = required(loan, "MortgageType", |terms, name| terms.key_word(name));
    let note_amount_cents = terms.amount("NoteAmount");
    let amount = amount(loan, note_amount_cents);
    let refinance = purpose.and_then(|purpose| refinance(loan, purpose));
    let rule = loan.at("AMORTIZATION/AMORTIZATION_RULE");
    let amortization = rule.key_word("AmortizationType");
    let (purpose, program, amount_cents) = (purpose?, program?, amount?);
    let is_amount_of_note = terms.key_amount("BaseLoanAmount").is_none();
    note_unusual_program(terms, &program);
    let maturity = loan.at("MATURITY/MATURITY_RULE");
    Some(LoanTerms {
        purpose,
        refinance,
        program,
        amount_cents,
        note_amount_cents,
        is_amount_of_note,
        requested_amount_cents: urla.amount("BorrowerRequestedLoanAmount"),
        financed_mi_or_fee_cents: urla.amount("MIAndFundingFeeFinancedAmount"),
        total_mi_or_fee_cents: urla.amount("MIAndFundingFeeTotalAmount"),
        note_rate_pct_e9: terms.rate("NoteRatePercent"),
        qualifying_rate_pct_e9: loan.at("QUALIFICATION").rate("QualifyingRatePercent"),
        lien: terms.word("LienPriorityType"),
        amortization,
        amortization_months: amortization_months(rule),
        maturity_months: months(
            maturity,
            "LoanMaturityPeriodCount",
            "LoanMaturityPeriodType",
        ),
        maturity_date: maturity.date("LoanMaturityDate"),
        arm: arm::read(loan),
        features: features(detail),
        stated_borrower_count: detail.count("BorrowerCount"),
        mortgaged_property_count: detail.count("TotalMortgagedPropertiesCount"),
        subordinate_financing_cents: detail.amount("TotalSubordinateFinancingAmount"),
        discount_points_cents: loan
            .at("LOAN_PRODUCT/LOAN_PRODUCT_DETAIL")
            .amount("DiscountPointsTotalAmount"),
        application_date: detail.date("ApplicationReceivedDate"),
        government: government(loan),
        construction: construction(loan),
        affordable: affordable(loan),
        is_hoepa_loan: loan
            .at("HMDA_LOAN/HMDA_LOAN_DETAIL")
            .flag("HMDA_HOEPALoanStatusIndicator"),
        identifiers: identifiers(loan),
        origination_systems: origination_systems(loan),
    })
}

/// The application form's own figures of the loan.
pub(super) fn urla_detail(loan: Part<'_>) -> Part<'_> {
    loan.at("DOCUMENT_SPECIFIC_DATA_SETS/DOCUMENT_SPECIFIC_DATA_SET/URLA/URLA_DETAIL")
}

/// Reads a needed data point of the terms; its absence is an error.
fn required<'t, T>(
    loan: Part<'t>,
    name: &'static str,
    read: impl FnOnce(Part<'t>, &str) -> Option<T>,
) -> Option<T> {
    let terms = loan.at("TERMS_OF_LOAN");
    let point = terms.one(name, Severity::Error);
    let value = read(terms, name);
    // A value that is there and wrong was reported as such.
    if value.is_none() && !point.says_something() {
        missing(
            loan,
            terms,
            format!("TERMS_OF_LOAN/{name} is needed to make a loan."),
        );
    }
    value
}

fn missing(loan: Part<'_>, terms: Part<'_>, message: String) {
    let place = if terms.exists() { terms } else { loan };
    place.report(Code::RequiredMissing, Severity::Error, message);
}

/// The base amount, which excludes a financed premium; else the amount of the note.
fn amount(loan: Part<'_>, note_amount: Option<Cents>) -> Option<Cents> {
    let terms = loan.at("TERMS_OF_LOAN");
    let point = terms.one("BaseLoanAmount", Severity::Error);
    let base = terms.key_amount("BaseLoanAmount");
    if base.is_some() || point.says_something() {
        return base;
    }
    let Some(note_amount) = note_amount.filter(|amount| amount.is_positive()) else {
        missing(
            loan,
            terms,
            "TERMS_OF_LOAN/BaseLoanAmount (or NoteAmount) is needed to make a loan.".to_owned(),
        );
        return None;
    };
    let message = "BaseLoanAmount is absent; NoteAmount was used.";
    terms.report(Code::RequiredMissing, Severity::Note, message);
    Some(note_amount)
}

fn note_unusual_program(terms: Part<'_>, program: &Program) {
    if matches!(program, Program::Other(_)) {
        let message = "No programme of ours corresponds to this MortgageType; it was kept as text.";
        terms.one("MortgageType", Severity::Error).report(
            Code::EnumUnknown,
            Severity::Warning,
            message,
        );
    }
}

/// Reads the kind of a refinance, which decides the loan's purpose as the pipeline lists it: a
/// misspelt one must not pass for a refinance without cash. On a purchase it decides nothing.
fn refinance(loan: Part<'_>, purpose: LoanPurpose) -> Option<Refinance> {
    let part = loan.at("REFINANCE");
    let name = "RefinanceCashOutDeterminationType";
    let stated = part.amount("RefinanceCashOutAmount");
    let estimated = match stated {
        Some(_) => None,
        None => part.amount("EstimatedCashOutAmount"),
    };
    let refinance = Refinance {
        kind: match purpose {
            LoanPurpose::Refinance => part.key_word(name),
            LoanPurpose::Purchase => part.word(name),
        },
        reason: part.text("RefinancePrimaryPurposeType"),
        cash_out_cents: stated.or(estimated),
        is_cash_out_estimated: estimated.is_some(),
    };
    if purpose == LoanPurpose::Purchase {
        // Looked at for mistakes only, and carried over.
        for name in [
            name,
            "RefinanceCashOutAmount",
            "EstimatedCashOutAmount",
            "RefinancePrimaryPurposeType",
        ] {
            part.unread(name);
        }
    }
    let is_stated = part.one(name, Severity::Warning).says_something();
    if purpose == LoanPurpose::Refinance && !is_stated {
        let message = "A refinance should say whether cash is taken out \
                       (REFINANCE/RefinanceCashOutDeterminationType).";
        loan.report(Code::RequiredMissing, Severity::Warning, message);
    }
    (purpose == LoanPurpose::Refinance && refinance != Refinance::default()).then_some(refinance)
}

/// The amortization period. Nobody repays a mortgage in fewer than five years, so a smaller number
/// of months is one of years with the wrong unit, and using it would give a wrong payment.
fn amortization_months(rule: Part<'_>) -> Option<u32> {
    let name = "LoanAmortizationPeriodCount";
    let months = months(rule, name, "LoanAmortizationPeriodType")?;
    if months < 60 {
        let message = "The amortization period is below 60 months; it looks like years. It was \
                       left out.";
        rule.one(name, Severity::Warning)
            .report(Code::BadCount, Severity::Warning, message);
        return None;
    }
    Some(months)
}

/// A period in months, whatever unit it is stated in.
fn months(part: Part<'_>, count_name: &str, unit_name: &str) -> Option<u32> {
    let count = part.count(count_name)?;
    let unit = part.text(unit_name);
    let months = match unit.as_deref() {
        Some("Year") => count.checked_mul(12),
        Some("Quarter") => count.checked_mul(3),
        Some("Month") | None => Some(count),
        Some(_) => None,
    };
    let months = months.filter(|months| (1..=MAX_TERM_MONTHS).contains(months));
    if months.is_none() {
        let message = format!(
            "The period is not of 1 to {MAX_TERM_MONTHS} months in a unit that can be converted. \
             It was left out."
        );
        part.one(count_name, Severity::Warning)
            .report(Code::BadCount, Severity::Warning, message);
    }
    months
}

/// Longest term believed, in months. Fifty years is the longest any programme has had.
const MAX_TERM_MONTHS: u32 = 600;

fn features(detail: Part<'_>) -> LoanFeatures {
    LoanFeatures {
        has_balloon: detail.flag("BalloonIndicator"),
        is_interest_only: detail.flag("InterestOnlyIndicator"),
        has_negative_amortization: detail.flag("NegativeAmortizationIndicator"),
        has_prepayment_penalty: detail.flag("PrepaymentPenaltyIndicator"),
        is_construction: detail.flag("ConstructionLoanIndicator"),
        is_renovation: detail.flag("RenovationLoanIndicator"),
        has_temporary_buydown: detail.flag("BuydownTemporarySubsidyFundingIndicator"),
        has_energy_improvements: detail.flag("EnergyRelatedImprovementsIndicator"),
        converts_contract_for_deed: detail.flag("ConversionOfContractForDeedIndicator"),
        has_below_market_subordinate: detail.flag("BelowMarketSubordinateFinancingIndicator"),
    }
}

fn government(loan: Part<'_>) -> Government {
    let part = loan.at("GOVERNMENT_LOAN");
    Government {
        section_of_act: part.text("SectionOfActType"),
        fha_lender_id: part.text("FHALoanLenderIdentifier"),
        fha_sponsor_id: part.text("FHALoanSponsorIdentifier"),
        refinance_kind: part.text("GovernmentRefinanceType"),
        va_entitlement_cents: part.amount("VAEntitlementAmount"),
        va_borrowers_married: part.flag("VABorrowerCoBorrowerMarriedIndicator"),
        mortgage_credit_certificate_cents: part.amount("GovernmentMortgageCreditCertificateAmount"),
    }
}

fn construction(loan: Part<'_>) -> Option<Construction> {
    let part = loan.at("CONSTRUCTION");
    let construction = Construction {
        kind: part.text("ConstructionLoanType"),
        permanent_closing: part.text("ConstructionToPermanentClosingType"),
        improvement_cost_cents: part.amount("ConstructionImprovementCostsAmount"),
    };
    (construction != Construction::default()).then_some(construction)
}

fn affordable(loan: Part<'_>) -> Affordable {
    let part = loan.at("AFFORDABLE_LENDING");
    Affordable {
        product: part.text("CommunityLendingProductType"),
        community_second_repayment: part.text("CommunitySecondsRepaymentType"),
    }
}

fn identifiers(loan: Part<'_>) -> Vec<LoanIdentifier> {
    let mut identifiers: Vec<LoanIdentifier> = Vec::new();
    for part in loan.every("LOAN_IDENTIFIERS/LOAN_IDENTIFIER") {
        let Some(value) = part.text("LoanIdentifier") else {
            continue;
        };
        let kind = part.word("LoanIdentifierType");
        part.place(identifiers.len());
        // Twenty kinds exist; looking at that many earlier ones is enough and bounds the work.
        let is_other = |known: &&LoanIdentifier| known.kind == kind && known.value != value;
        if kind.is_some() && identifiers.iter().take(20).any(|known| is_other(&known)) {
            let message = "Another identifier of the same type has another value.";
            part.report(Code::Conflict, Severity::Warning, message);
        }
        identifiers.push(LoanIdentifier { kind, value });
    }
    identifiers
}

fn origination_systems(loan: Part<'_>) -> Vec<OriginationSystem> {
    let systems = loan.every("ORIGINATION_SYSTEMS/ORIGINATION_SYSTEM");
    let mut found = Vec::new();
    for part in systems {
        let system = OriginationSystem {
            name: part.text("LoanOriginationSystemName"),
            vendor_id: part.text("LoanOriginationSystemVendorIdentifier"),
            version: part.text("LoanOriginationSystemVersionIdentifier"),
        };
        if system != OriginationSystem::default() {
            part.place(found.len());
            found.push(system);
        }
    }
    found
}
