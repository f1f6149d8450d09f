//! Whole applications made by chance; see `dice`.

use lintel_domain::application::borrower::{Borrower, Counseling};
use lintel_domain::application::closing::*;
use lintel_domain::application::party::*;
use lintel_domain::application::program::*;
use lintel_domain::application::property::*;
use lintel_domain::application::terms::*;
use lintel_domain::application::{Application, JointCreditPair};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::dice::Dice;

/// An application as a reader could have given it.
pub fn application(dice: &mut Dice) -> Application {
    let count = if dice.all { 4 } else { 1 + dice.below(4) };
    let mut borrowers: Vec<Borrower> = (0..count).map(|_| dice.borrower()).collect();
    for index in 0..count {
        let known = borrowers.clone();
        borrowers[index].incomes = dice.some(4, |dice| dice.income(&known));
    }
    let originator = dice.maybe(originator);
    let origination_company = dice.maybe(|dice| OriginationCompany {
        is_originator: originator.is_some() && dice.coin(),
        ..company(dice)
    });
    let mut application = Application {
        loan: terms(dice),
        property: property(dice),
        joint_credit_pairs: pairs(dice, count),
        assets: dice.some(4, |dice| dice.asset(count)),
        liabilities: dice.some(5, |dice| dice.liability(count)),
        owned_properties: Vec::new(),
        expenses: dice.some(3, |dice| dice.expense(count)),
        related_loans: Vec::new(),
        housing_expenses: Vec::new(),
        originator,
        origination_company,
        other_parties: Vec::new(),
        purchase_credits: dice.some(3, purchase_credit),
        fees: dice.some(3, fee),
        closing: closing(dice),
        verifications: dice.some(2, |dice| VerificationReport {
            id: Some(dice.plain()),
            supplier: dice.text(),
            kind: dice.text(),
            borrowers: dice.among(count),
        }),
        borrowers,
    };
    let debts = application.liabilities.len();
    application.owned_properties = dice.some(3, |dice| dice.owned_property(count, debts));
    for owner in std::iter::once(None).chain((0..count).map(Some)) {
        let more = dice.some(3, |dice| dice.housing_expense(owner));
        application.housing_expenses.extend(more);
    }
    application.other_parties = others(dice, &application);
    application.related_loans = dice.some(3, |dice| related(dice, &application.other_parties));
    for index in 0..count {
        let events = dice.some(2, |dice| counseling(dice, &application.other_parties));
        application.borrowers[index].counseling = events;
    }
    application
}

fn pairs(dice: &mut Dice, count: usize) -> Vec<JointCreditPair> {
    let all = (0..count).flat_map(|first| {
        let seconds = first + 1..count;
        seconds.map(move |second| JointCreditPair { first, second })
    });
    all.filter(|_| dice.all || dice.below(4) == 0).collect()
}

fn originator(dice: &mut Dice) -> Originator {
    Originator {
        name: dice.name(),
        emails: dice.emails(),
        phones: dice.phones(),
        licenses: dice.licenses(),
    }
}

fn company(dice: &mut Dice) -> OriginationCompany {
    OriginationCompany {
        name: dice.text(),
        address: dice.address_or_none(),
        licenses: dice.licenses(),
        is_originator: false,
    }
}

/// Other roles, of parties of their own and of all the others, in an order a document can have.
fn others(dice: &mut Dice, application: &Application) -> Vec<OtherParty> {
    let mut others: Vec<OtherParty> = Vec::new();
    let mut next_borrower = 0;
    let (mut officer, mut company) = (
        application.originator.clone(),
        application.origination_company.clone(),
    );
    for _ in 0..dice.below(6) + usize::from(dice.all) {
        let mut held = OtherParty::default();
        match dice.below(4) {
            0 if next_borrower < application.borrowers.len() => {
                held.borrower = Some(next_borrower);
                held.person = application.borrowers[next_borrower].name.clone();
                next_borrower += 1 + dice.below(2);
            }
            1 if officer.is_some() || company.is_some() => {
                let is_one = company
                    .as_ref()
                    .is_some_and(|company| company.is_originator);
                let takes_officer =
                    is_one || company.is_none() || (officer.is_some() && dice.coin());
                if takes_officer {
                    held.is_originator = true;
                    held.person = officer.take().expect("there").name;
                }
                if is_one || !takes_officer {
                    held.is_origination_company = true;
                    held.company = company.take().expect("there").name;
                }
            }
            _ => {
                held.person = dice.name();
                held.company = dice.text();
            }
        }
        let first = others.len();
        for nth in 0..1 + dice.below(2) {
            others.push(OtherParty {
                same_as: (nth > 0).then_some(first),
                role: dice
                    .pick(&[
                        "PropertySeller",
                        "NotePayTo",
                        "HousingCounselingAgency",
                        "Other",
                    ])
                    .to_owned(),
                identifiers: dice.some(2, Dice::plain),
                ownership_status: dice.text(),
                vesting: dice.text(),
                ..held.clone()
            });
        }
    }
    others
}

fn name_of(party: &OtherParty) -> Option<String> {
    party.company.clone().or_else(|| party.person.full.clone())
}

fn related(dice: &mut Dice, others: &[OtherParty]) -> RelatedLoan {
    let party = (!others.is_empty()).then(|| dice.below(others.len()));
    let amount_cents = dice.cents();
    RelatedLoan {
        is_historical: dice.coin(),
        amount_cents,
        is_base_amount: amount_cents.is_some() && dice.coin(),
        lien: dice.maybe(|dice| {
            let other = LienPriority::Other("Other".to_owned());
            dice.pick(&[LienPriority::Second, LienPriority::Fourth, other])
        }),
        payment_cents: dice.cents(),
        is_heloc: dice.flag(),
        heloc_balance_cents: dice.cents(),
        heloc_limit_cents: dice.cents(),
        funds_sources: dice.some(2, Dice::plain),
        payee: party.and_then(|party| name_of(&others[party])),
        payee_party: party,
    }
}

fn counseling(dice: &mut Dice, others: &[OtherParty]) -> Counseling {
    let party = (!others.is_empty()).then(|| dice.below(others.len()));
    Counseling {
        kind: Some(dice.plain()),
        is_confirmed: dice.flag(),
        completed: dice.partial_date(),
        format: dice.text(),
        agency_id: party.and_then(|party| others[party].identifiers.first().cloned()),
        agency_name: party.and_then(|party| name_of(&others[party])),
        agency_party: party,
    }
}

fn months(dice: &mut Dice) -> Option<u32> {
    dice.maybe(|dice| 60 + u32::try_from(dice.below(541)).expect("small"))
}

fn terms(dice: &mut Dice) -> LoanTerms {
    let amount_cents = Cents::new(1 + i64::try_from(dice.below(1_000_000_000)).expect("fits"));
    let is_amount_of_note = !dice.all && dice.below(4) == 0;
    let note_amount_cents = match is_amount_of_note {
        true => Some(amount_cents),
        false => dice.cents(),
    };
    let purpose = match dice.all {
        true => LoanPurpose::Refinance,
        false => dice.pick(&[LoanPurpose::Purchase, LoanPurpose::Refinance]),
    };
    let refinance = (purpose == LoanPurpose::Refinance).then(|| refinance(dice));
    let [state, other] = ["StateAgency", "Other"].map(|raw| Program::Other(raw.to_owned()));
    let gem = AmortizationKind::Other("GEM".to_owned());
    LoanTerms {
        purpose,
        refinance: refinance.filter(|refinance| *refinance != Refinance::default()),
        program: dice.pick(&[
            Program::Conventional,
            Program::Fha,
            Program::Usda,
            state,
            other,
        ]),
        amount_cents,
        note_amount_cents,
        is_amount_of_note,
        requested_amount_cents: dice.cents(),
        financed_mi_or_fee_cents: dice.cents(),
        total_mi_or_fee_cents: dice.cents(),
        note_rate_pct_e9: dice.rate(),
        qualifying_rate_pct_e9: dice.rate(),
        lien: dice.maybe(|_| LienPriority::First),
        amortization: dice.maybe(|dice| dice.pick(&[AmortizationKind::AdjustableRate, gem])),
        amortization_months: months(dice),
        maturity_months: months(dice),
        maturity_date: dice.date(),
        arm: Some(arm(dice)).filter(|arm| *arm != Arm::default()),
        features: features(dice),
        stated_borrower_count: dice.count(),
        mortgaged_property_count: dice.count(),
        subordinate_financing_cents: dice.cents(),
        discount_points_cents: dice.cents(),
        application_date: dice.date(),
        government: government(dice),
        construction: Some(construction(dice)).filter(|part| *part != Construction::default()),
        affordable: Affordable {
            product: dice.text(),
            community_second_repayment: dice.text(),
        },
        is_hoepa_loan: dice.flag(),
        identifiers: dice.some(4, |dice| {
            let other = IdentifierKind::Other("PoolIssuerLoan".to_owned());
            LoanIdentifier {
                kind: dice.maybe(|dice| {
                    dice.pick(&[IdentifierKind::MersMin, IdentifierKind::AgencyCase, other])
                }),
                value: dice.plain(),
            }
        }),
        origination_systems: dice.some(2, |dice| OriginationSystem {
            name: Some(dice.plain()),
            vendor_id: dice.text(),
            version: dice.text(),
        }),
    }
}

fn government(dice: &mut Dice) -> Government {
    Government {
        section_of_act: dice.text(),
        fha_lender_id: dice.text(),
        fha_sponsor_id: dice.text(),
        refinance_kind: dice.text(),
        va_entitlement_cents: dice.cents(),
        va_borrowers_married: dice.flag(),
        mortgage_credit_certificate_cents: dice.cents(),
    }
}

fn construction(dice: &mut Dice) -> Construction {
    Construction {
        kind: dice.text(),
        permanent_closing: dice.text(),
        improvement_cost_cents: dice.cents(),
    }
}

fn refinance(dice: &mut Dice) -> Refinance {
    let cash_out_cents = dice.cents();
    Refinance {
        kind: dice.maybe(|dice| {
            let unknown = RefinanceKind::Other("Unknown".to_owned());
            dice.pick(&[RefinanceKind::CashOut, RefinanceKind::NoCashOut, unknown])
        }),
        reason: dice.text(),
        cash_out_cents,
        is_cash_out_estimated: cash_out_cents.is_some() && dice.coin(),
    }
}

fn arm(dice: &mut Dice) -> Arm {
    let (family, series) = (dice.text(), dice.text());
    let first_change_months = dice.count();
    Arm {
        index: dice.text(),
        index_source: dice.text(),
        index_description: series.clone().or_else(|| family.clone()),
        index_family_description: family,
        index_source_description: series,
        index_rate_pct_e9: dice.rate(),
        margin_pct_e9: dice.rate(),
        initial_fixed_months: dice.count().or(first_change_months),
        first_change_months,
        first_rule_frequency_months: dice.count(),
        change_frequency_months: dice.count(),
        first_cap_pct_e9: dice.rate(),
        later_cap_pct_e9: dice.rate().map(|rate| Pct::new(-rate.e9())),
        lifetime_cap_pct_e9: dice.rate(),
        ceiling_rate_pct_e9: dice.rate(),
        floor_rate_pct_e9: dice.rate(),
        plan_id: dice.text(),
    }
}

fn features(dice: &mut Dice) -> LoanFeatures {
    LoanFeatures {
        has_balloon: dice.flag(),
        is_interest_only: dice.flag(),
        has_negative_amortization: dice.flag(),
        has_prepayment_penalty: dice.flag(),
        is_construction: dice.flag(),
        is_renovation: dice.flag(),
        has_temporary_buydown: dice.flag(),
        has_energy_improvements: dice.flag(),
        converts_contract_for_deed: dice.flag(),
        has_below_market_subordinate: dice.flag(),
    }
}

fn property(dice: &mut Dice) -> SubjectProperty {
    SubjectProperty {
        address: dice.address(),
        fips_state: dice.text(),
        fips_county: dice.text(),
        census_tract: dice.text(),
        msa: dice.text(),
        usage: dice
            .maybe(|dice| dice.pick(&[Usage::PrimaryResidence, Usage::Other("Other".to_owned())])),
        facts: PropertyFacts {
            attachment: dice.maybe(|_| Attachment::SemiDetached),
            construction_method: dice.maybe(|_| ConstructionMethod::Other("Other".to_owned())),
            unit_count: dice.maybe(|dice| 1 + u32::try_from(dice.below(4)).expect("small")),
            is_pud: dice.flag(),
            is_in_project: dice.flag(),
            estate: dice.maybe(|_| Estate::Leasehold),
            is_mixed_use: dice.flag(),
            year_built: dice.count(),
            construction_status: dice.text(),
            project_legal_structure: dice
                .maybe(|_| ProjectLegalStructure::Other("Unknown".to_owned())),
            project_design: dice.maybe(|_| ProjectDesign::TownhouseRowhouse),
            project_name: dice.text(),
            manufactured_width: dice.text(),
        },
        valuation_cents: dice.positive(),
        estimated_value_cents: dice.positive(),
        sales_price_cents: dice.positive(),
        sales_concession_cents: dice.cents(),
        gross_monthly_rent_cents: dice.cents(),
        net_monthly_rent_cents: dice.cents(),
        acquired_date: dice.date(),
        ground_lease_expiration_date: dice.date(),
        has_clean_energy_lien: dice.flag(),
        is_in_community_property_state: dice.flag(),
        appraisal_id: dice.text(),
        is_fha_secondary_residence: dice.flag(),
    }
}

fn purchase_credit(dice: &mut Dice) -> PurchaseCredit {
    let other = PurchaseCreditKind::Other("Other".to_owned());
    PurchaseCredit {
        kind: Some(dice.pick(&[PurchaseCreditKind::EarnestMoney, other])),
        description: dice.text(),
        source: dice.text(),
        amount_cents: dice.cents(),
    }
}

fn fee(dice: &mut Dice) -> Fee {
    Fee {
        kind: Some(dice.plain()),
        description: dice.text(),
        estimated_cents: dice.cents(),
        actual_cents: dice.cents(),
        share_pct_e9: dice.rate(),
        section: dice.text(),
        paid_to: dice.text(),
    }
}

fn closing(dice: &mut Dice) -> ClosingFigures {
    let lender_credits = dice.some(3, |dice| LenderCredit {
        amount_cents: Some(Cents::new(
            i64::try_from(dice.below(100_000)).expect("fits"),
        )),
    });
    let amounts = lender_credits
        .iter()
        .filter_map(|credit| credit.amount_cents);
    let sum = Cents::try_sum(amounts).expect("small");
    ClosingFigures {
        closing_costs_cents: dice.cents(),
        prepaid_items_cents: dice.cents(),
        improvements_cents: dice.cents(),
        refinance_improvements_cents: dice.cents(),
        refinance_improvements_status: dice.text(),
        seller_credits_cents: dice.cents(),
        other_credits_cents: dice.cents(),
        total_credits_cents: dice.cents(),
        total_mortgage_loans_cents: dice.cents(),
        lender_credits_cents: (!lender_credits.is_empty()).then_some(sum),
        lender_credits,
        due_from_borrower_cents: dice.cents(),
        cash_from_borrower_cents: dice.cents(),
        subject_payoffs_cents: dice.cents(),
        other_payoffs_cents: dice.cents(),
        originator_signed_date: dice.date(),
    }
}
