//! What is asked for and what secures it.

use lintel_domain::application::Application;
use lintel_domain::application::terms::{Arm, LoanTerms};

use super::{Block, Chapter, Table};
use crate::loans::facts::{self, Facts, word};

pub(super) fn terms(application: &Application) -> Option<Chapter> {
    let loan = &application.loan;
    let refinance = loan.refinance.clone().unwrap_or_default();
    let main = Facts::default()
        .word("Purpose", Some(&loan.purpose))
        .word("Refinance", refinance.kind.as_ref())
        .said("Reason for the refinance", refinance.reason.as_ref())
        .cents("Cash to the borrower", refinance.cash_out_cents)
        .word("Program", Some(&loan.program))
        .word("Lien", loan.lien.as_ref())
        .cents("Loan amount", Some(loan.amount_cents))
        .cents("Note amount", loan.note_amount_cents)
        .cents("Amount asked for", loan.requested_amount_cents)
        .cents(
            "Mortgage insurance or funding fee",
            loan.total_mi_or_fee_cents,
        )
        .cents("of it financed", loan.financed_mi_or_fee_cents)
        .cents("Subordinate financing", loan.subordinate_financing_cents)
        .cents("Discount points", loan.discount_points_cents)
        .pct("Note rate", loan.note_rate_pct_e9)
        .pct("Qualifying rate", loan.qualifying_rate_pct_e9)
        .word("Amortization", loan.amortization.as_ref())
        .months("Amortized over", loan.amortization_months)
        .months("Due after", loan.maturity_months)
        .date("Due on", loan.maturity_date)
        .date("Applied on", loan.application_date)
        .cents("Down payment", application.down_payment())
        .count("Borrowers stated", loan.stated_borrower_count)
        .count("Mortgaged properties", loan.mortgaged_property_count)
        .yes("High-cost loan (HOEPA)", loan.is_hoepa_loan);
    let blocks = vec![
        Block::plain(main.list()),
        Block::of(
            "Adjustable rate",
            loan.arm.as_ref().map(arm).unwrap_or_default(),
        ),
        Block::of("Government loan", government(loan)),
        Block::of("Construction", construction(loan)),
        numbers(loan),
        systems(loan),
        verifications(application),
    ];
    Chapter::of("terms", "Loan terms", blocks)
}

fn arm(arm: &Arm) -> Vec<facts::Fact> {
    Facts::default()
        .said("Index", arm.index.as_ref())
        .said("Published as", arm.index_source.as_ref())
        .text("In the sender’s words", arm.index_description.as_ref())
        .months("First change after", arm.first_change_months)
        .months("First rule changes every", arm.first_rule_frequency_months)
        .pct("Value of the index", arm.index_rate_pct_e9)
        .pct("Margin", arm.margin_pct_e9)
        .months("Fixed for", arm.initial_fixed_months)
        .months("Changes every", arm.change_frequency_months)
        .pct("Cap of the first change", arm.first_cap_pct_e9)
        .pct("Cap of later changes", arm.later_cap_pct_e9)
        .pct("Cap over the term", arm.lifetime_cap_pct_e9)
        .pct("Highest rate", arm.ceiling_rate_pct_e9)
        .pct("Lowest rate", arm.floor_rate_pct_e9)
        .text("Plan", arm.plan_id.as_ref())
        .list()
}

fn government(loan: &LoanTerms) -> Vec<facts::Fact> {
    let of = &loan.government;
    Facts::default()
        .text("Section of the act", of.section_of_act.as_ref())
        .text("FHA lender", of.fha_lender_id.as_ref())
        .text("FHA sponsor", of.fha_sponsor_id.as_ref())
        .said("Documentation of the refinance", of.refinance_kind.as_ref())
        .cents("VA entitlement", of.va_entitlement_cents)
        .yes(
            "Veteran and co-borrower are married",
            of.va_borrowers_married,
        )
        .cents(
            "Mortgage credit certificate a month",
            of.mortgage_credit_certificate_cents,
        )
        .list()
}

fn construction(loan: &LoanTerms) -> Vec<facts::Fact> {
    let of = loan.construction.clone().unwrap_or_default();
    Facts::default()
        .said("Kind", of.kind.as_ref())
        .said("Closings", of.permanent_closing.as_ref())
        .cents("Cost of the improvements", of.improvement_cost_cents)
        .said("Affordable product", loan.affordable.product.as_ref())
        .said(
            "Community second repaid",
            loan.affordable.community_second_repayment.as_ref(),
        )
        .list()
}

fn numbers(loan: &LoanTerms) -> Block {
    let mut table = Table::of("Numbers of the loan", &["Whose", "Number"]);
    for number in &loan.identifiers {
        let whose = number.kind.as_ref().map_or_else(String::new, word);
        table.row(vec![whose, number.value.clone()]);
    }
    Block::table(table).titled("Numbers of the loan")
}

fn systems(loan: &LoanTerms) -> Block {
    let mut table = Table::of("Systems it came through", &["System", "Vendor", "Version"]);
    for system in &loan.origination_systems {
        let texts = [&system.name, &system.vendor_id, &system.version];
        table.row(texts.map(|text| text.clone().unwrap_or_default()).to_vec());
    }
    Block::table(table).titled("Systems it came through")
}

fn verifications(application: &Application) -> Block {
    let head = &["Report", "Verifies", "Supplier", "Of"];
    let mut table = Table::of("Reports ordered to verify", head);
    for report in &application.verifications {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        table.row(vec![
            text(&report.id),
            facts::apart(&text(&report.kind)),
            facts::apart(&text(&report.supplier)),
            facts::names(application, &report.borrowers).join(", "),
        ]);
    }
    Block::table(table).titled("Reports ordered to verify")
}

pub(super) fn features(application: &Application) -> Option<Chapter> {
    let of = &application.loan.features;
    let facts = Facts::default()
        .yes("Balloon payment", of.has_balloon)
        .yes("Interest only", of.is_interest_only)
        .yes("Negative amortization", of.has_negative_amortization)
        .yes("Prepayment penalty", of.has_prepayment_penalty)
        .yes("Construction", of.is_construction)
        .yes("Renovation", of.is_renovation)
        .yes("Temporary buydown", of.has_temporary_buydown)
        .yes("Energy improvements", of.has_energy_improvements)
        .yes(
            "Converts a contract for deed",
            of.converts_contract_for_deed,
        )
        .yes(
            "Subordinate below market rate",
            of.has_below_market_subordinate,
        );
    Chapter::of("features", "Features", vec![Block::plain(facts.list())])
}

pub(super) fn property(application: &Application) -> Option<Chapter> {
    let of = &application.property;
    let is = &of.facts;
    let place = Facts::default()
        .add("Address", Some(facts::address(&of.address)))
        .text("County", of.address.county.as_ref())
        .yes(
            "In a community property state",
            of.is_in_community_property_state,
        )
        .text("Census tract", of.census_tract.as_ref())
        .text("Metropolitan area", of.msa.as_ref())
        .text("FIPS code of the state", of.fips_state.as_ref())
        .text("FIPS code of the county", of.fips_county.as_ref());
    let kind = Facts::default()
        .word("Use", of.usage.as_ref())
        .word("Type", of.property_type().as_ref())
        .count("Units", is.unit_count)
        .count("Built", is.year_built)
        .word("Estate", is.estate.as_ref())
        .date("Ground lease ends", of.ground_lease_expiration_date)
        .word("Attachment", is.attachment.as_ref())
        .word("Construction method", is.construction_method.as_ref())
        .said("Construction status", is.construction_status.as_ref())
        .said(
            "Width of the manufactured home",
            is.manufactured_width.as_ref(),
        )
        .yes("Planned unit development", is.is_pud)
        .yes("In a project", is.is_in_project)
        .text("Project", is.project_name.as_ref())
        .word(
            "Legal form of the project",
            is.project_legal_structure.as_ref(),
        )
        .word("Shape of the project", is.project_design.as_ref())
        .yes("Mixed use", is.is_mixed_use)
        .yes("Clean-energy (PACE) lien", of.has_clean_energy_lien)
        .yes("FHA secondary residence", of.is_fha_secondary_residence);
    let value = Facts::default()
        .cents("Sales price", of.sales_price_cents)
        .cents("Appraised value", of.valuation_cents)
        .cents("Estimated value", of.estimated_value_cents)
        .text("Appraisal", of.appraisal_id.as_ref())
        .cents("Seller pays", of.sales_concession_cents)
        .cents("Gross rent a month", of.gross_monthly_rent_cents)
        .cents("Net rent a month", of.net_monthly_rent_cents)
        .date("Bought on", of.acquired_date);
    let blocks = vec![
        Block::plain(place.list()),
        Block::of("What it is", kind.list()),
        Block::of("What it is worth", value.list()),
    ];
    Chapter::of("property", "Property", blocks)
}
