//! Our own documents: one for each corner no shared sample covers.

use lintel_domain::application::borrower::{
    Citizenship, DomesticRelationshipKind, ResidencyTime, TaxIdKind,
};
use lintel_domain::application::closing::HousingExpenseTime;
use lintel_domain::application::declaration::{Answer, BankruptcyChapter, PriorTitle};
use lintel_domain::application::employment::{
    EmploymentRank, EmploymentRef, EmploymentTime, IncomeKind, OwnershipShare,
};
use lintel_domain::application::holding::{Disposition, LiabilityKind};
use lintel_domain::application::party::{LicenseAuthority, PhoneKind};
use lintel_domain::application::property::{PropertyType, Usage};
use lintel_domain::application::terms::{
    AmortizationKind, IdentifierKind, LienPriority, Program, RefinanceKind,
};
use lintel_domain::application::{Application, JointCreditPair};
use lintel_domain::loan::{Occupancy, Purpose};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_mismo::{Code, Flavour, Import, Limits, Root, Severity, read_str};

pub const PURCHASE: &str = include_str!("../fixtures/purchase-conventional.xml");
pub const REFINANCE: &str = include_str!("../fixtures/refinance-cash-out-heloc.xml");
pub const FHA: &str = include_str!("../fixtures/fha-streamline.xml");
pub const VA: &str = include_str!("../fixtures/va-adjustable.xml");
pub const USDA: &str = include_str!("../fixtures/usda-renamed-prefixes.xml");
pub const BARE: &str = include_str!("../fixtures/bare-deal-placeholders.xml");

/// Every fixture; all of them import.
pub const ALL: &[&str] = &[PURCHASE, REFINANCE, FHA, VA, USDA, BARE];

fn import(text: &str) -> Import {
    read_str(text, &Limits::default()).unwrap_or_else(|r| panic!("{:#?}", r.findings))
}

fn dollars(text: &str) -> Option<Cents> {
    Some(Cents::parse_decimal(text).expect("a figure of the fixture"))
}

fn percent(text: &str) -> Option<Pct> {
    Some(Pct::parse_decimal(text).expect("a figure of the fixture"))
}

fn warnings(import: &Import) -> Vec<(Code, &str)> {
    let of = import
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Warning);
    of.map(|f| (f.code, f.path.as_str())).collect()
}

#[test]
fn a_complete_purchase_has_no_findings_and_nothing_left_over() {
    let import = import(PURCHASE);
    assert_eq!(import.findings, []);
    assert_eq!(import.unconsumed_paths, Vec::<String>::new());
    assert_eq!(import.about.flavour, Flavour::Du);
    assert_eq!(import.about.about_version.as_deref(), Some("DU Spec 1.9.1"));
    assert_eq!(import.about.root, Root::Message);
}

#[test]
fn purchase_terms_and_closing() {
    let Application {
        loan,
        closing,
        fees,
        purchase_credits,
        ..
    } = import(PURCHASE).application;
    assert_eq!(loan.amount_cents, Cents::new(32_400_000));
    assert_eq!(loan.note_rate_pct_e9, percent("6.375"));
    assert_eq!(loan.amortization_months, Some(360), "thirty years");
    assert_eq!(loan.amortization, Some(AmortizationKind::Fixed));
    assert_eq!(loan.features.has_balloon, Some(false));
    assert_eq!(loan.features.is_renovation, None);
    assert_eq!(
        loan.application_date.map(|d| d.to_string()).as_deref(),
        Some("2026-02-01")
    );
    assert_eq!(loan.discount_points_cents, dollars("1620.00"));
    let kinds: Vec<_> = loan.identifiers.iter().map(|i| i.kind.clone()).collect();
    assert_eq!(
        kinds,
        [
            Some(IdentifierKind::LenderLoan),
            Some(IdentifierKind::UniversalLoan)
        ]
    );
    assert_eq!(loan.refinance, None);
    assert_eq!(closing.lender_credits_cents, dollars("750.00"));
    assert_eq!(closing.seller_credits_cents, dollars("2500.00"));
    assert_eq!(closing.cash_from_borrower_cents, dollars("88000.00"));
    assert_eq!(closing.prepaid_items_cents, dollars("1400.00"));
    assert_eq!(fees.len(), 2);
    assert_eq!(fees[0].section.as_deref(), Some("OriginationCharges"));
    assert_eq!(fees[1].share_pct_e9, percent("0.025"));
    assert_eq!(
        purchase_credits[0].source.as_deref(),
        Some("BorrowerPaidOutsideClosing")
    );
}

#[test]
fn purchase_property() {
    let application = import(PURCHASE).application;
    let property = &application.property;
    assert_eq!(
        property.facts.property_type(),
        PropertyType::HighRiseCondominium
    );
    assert_eq!(property.address.postal_code.as_deref(), Some("040831234"));
    assert_eq!(property.address.zip5(), Some("04083"));
    assert_eq!(property.address.unit.as_deref(), Some("4B"));
    assert_eq!(property.fips_county.as_deref(), Some("031"));
    assert_eq!(property.facts.year_built, Some(2014));
    assert_eq!(property.sales_concession_cents, dollars("2500.00"));
    assert_eq!(application.occupancy(), Some(Occupancy::SecondHome));
    assert_eq!(
        application.home_price(),
        dollars("405000.00"),
        "the price, not the estimate"
    );
    assert_eq!(application.down_payment(), dollars("81000.00"));
}

#[test]
fn purchase_borrower() {
    let application = import(PURCHASE).application;
    let who = &application.borrowers[0];
    assert_eq!(who.name.first.as_deref(), Some("Orla"));
    assert_eq!(who.name.suffix.as_deref(), Some("III"));
    assert_eq!(who.aliases[0].last.as_deref(), Some("Fernweh"));
    assert_eq!(who.email(), Some("orla.quill@example.com"));
    assert_eq!(who.phones[0].kind, Some(PhoneKind::Work));
    assert_eq!(who.phones[0].extension.as_deref(), Some("12"));
    let tax_id = who.tax_id.as_ref().expect("given");
    assert_eq!(
        (tax_id.kind, tax_id.value.expose().as_str()),
        (TaxIdKind::Itin, "900990001")
    );
    let birth = who.birth_date.as_ref().expect("given");
    assert_eq!(birth.expose().to_string(), "1983-11-05");
    assert_eq!(who.dependent_ages, [6, 9]);
    let partnership = &who.domestic_relationship;
    assert_eq!(
        partnership.kind,
        Some(DomesticRelationshipKind::DomesticPartnership)
    );
    assert_eq!(partnership.state.as_deref(), Some("ME"));
    assert_eq!(who.citizenship, Some(Citizenship::PermanentResidentAlien));
    assert_eq!(who.language.code.as_deref(), Some("gle"));
    assert_eq!(who.language.is_refused, Some(false));
    let mailing = who.mailing_address.as_ref().expect("given");
    assert_eq!(mailing.line.as_deref(), Some("PO Box 9"));
    let home = who.current_residence().expect("given");
    assert_eq!(home.duration_months, Some(15), "one year and three months");
    assert_eq!(home.monthly_rent_cents, dollars("1650.00"));
    assert_eq!(who.residences[1].time, Some(ResidencyTime::Prior));
    let counseling = &who.counseling[0];
    assert_eq!(
        counseling.completed.map(|d| d.to_string()).as_deref(),
        Some("2025-12")
    );
    assert_eq!(counseling.agency_id.as_deref(), Some("80808"));
    assert_eq!(
        counseling.agency_name.as_deref(),
        Some("Example Counsel House")
    );
}

#[test]
fn purchase_employments_and_income() {
    let application = import(PURCHASE).application;
    let who = &application.borrowers[0];
    let times: Vec<_> = who.employments.iter().map(|e| e.time).collect();
    use EmploymentTime::{Current, Previous};
    assert_eq!(
        times,
        [Some(Current), Some(Current), Some(Previous), Some(Previous)]
    );
    let [job, business, _, first] = who.employments.as_slice() else {
        panic!("four")
    };
    assert_eq!(job.start.map(|d| d.to_string()).as_deref(), Some("2024-03"));
    assert_eq!(job.employer_phone.as_deref(), Some("2075550155"));
    assert_eq!(job.is_seasonal_income, Some(true));
    assert_eq!(business.rank, Some(EmploymentRank::Secondary));
    assert_eq!(business.ownership, Some(OwnershipShare::LessThan25Percent));
    assert_eq!(business.monthly_income_cents, dollars("-75.25"));
    assert_eq!(
        first.employer_name.as_deref(),
        Some("Tove Marsh"),
        "a person as employer"
    );
    assert_eq!(first.start.map(|d| d.to_string()).as_deref(), Some("2019"));
    let link = EmploymentRef {
        borrower: 0,
        employment: 0,
    };
    assert_eq!(who.incomes[0].employment, Some(link));
    assert_eq!(
        who.incomes[1].kind,
        Some(IncomeKind::Other("Other".to_owned()))
    );
    assert_eq!(who.incomes[1].description.as_deref(), Some("Honey sales"));
    // 9,100.00 + 125.50 - 75.25
    assert_eq!(application.total_monthly_income_cents(), dollars("9150.25"));
    assert_eq!(
        application.total_liabilities_cents(),
        dollars("912.33"),
        "one is excluded"
    );
}

#[test]
fn purchase_declarations_and_demographics() {
    let application = import(PURCHASE).application;
    let said = &application.borrowers[0].declarations;
    assert_eq!(said.will_occupy, Some(Answer::No));
    assert_eq!(said.prior_usage, Some(Usage::Investment));
    assert_eq!(said.prior_title, Some(PriorTitle::JointWithOtherThanSpouse));
    assert_eq!(said.is_related_to_seller, Some(true));
    assert_eq!(said.undisclosed_funds_cents, dollars("4000.00"));
    assert_eq!(said.had_foreclosure, Some(true));
    assert_eq!(
        said.bankruptcy_chapters,
        [BankruptcyChapter::Thirteen, BankruptcyChapter::Seven]
    );
    assert_eq!(said.explanations[0].about.as_deref(), Some("Bankruptcy"));
    let answers = application.borrowers[0]
        .demographics
        .as_ref()
        .expect("given");
    assert_eq!(answers.application_method.as_deref(), Some("Internet"));
    assert_eq!(answers.sex_collection.is_refused, Some(true));
    assert_eq!(
        answers.ethnicities,
        ["HispanicOrLatino", "NotHispanicOrLatino"]
    );
    assert_eq!(
        answers.ethnicity_origin_description.as_deref(),
        Some("Galician")
    );
    assert_eq!(answers.races[0].race.as_deref(), Some("Asian"));
    assert_eq!(answers.races[0].designations, ["Korean", "OtherAsian"]);
    assert_eq!(answers.races[0].descriptions, ["Hmong"]);
}

#[test]
fn purchase_parties() {
    let application = import(PURCHASE).application;
    let originator = application.originator.as_ref().expect("given");
    assert_eq!(originator.name.last.as_deref(), Some("Tally"));
    assert_eq!(originator.nmls(), Some("2000002"));
    assert_eq!(originator.emails, ["lo.desk@example.com"]);
    let company = application.origination_company.as_ref().expect("given");
    assert_eq!(
        company.nmls(),
        Some("1000001"),
        "whatever the order of licences"
    );
    assert_eq!(company.licenses[0].authority, Some(LicenseAuthority::State));
    assert_eq!(company.licenses[0].state.as_deref(), Some("ME"));
    let roles: Vec<_> = application
        .other_parties
        .iter()
        .map(|p| p.role.as_str())
        .collect();
    assert_eq!(roles, ["PropertyOwner", "HousingCounselingAgency"]);
    let owner = &application.other_parties[0];
    assert_eq!(owner.vesting.as_deref(), Some("TenantsInCommon"));
    assert_eq!(
        owner.person.full.as_deref(),
        Some("Orla Quill and Finn Quill")
    );
    assert_eq!(application.expenses[0].owners, [0]);
    assert_eq!(application.assets[1].is_in_listed_account, Some(true));
    let account = application.assets[0].account.as_ref().expect("given");
    assert_eq!(account.expose(), "000111222");
}

#[test]
fn cash_out_refinance_with_joint_holdings_and_labels_on_parties() {
    let import = import(REFINANCE);
    let a = &import.application;
    assert_eq!(a.purpose(), Purpose::RefinanceCashOut);
    let refinance = a.loan.refinance.as_ref().expect("given");
    assert_eq!(refinance.kind, Some(RefinanceKind::CashOut));
    assert_eq!(refinance.cash_out_cents, dollars("55000.00"));
    assert_eq!(a.property.facts.property_type(), PropertyType::Triplex);
    assert_eq!(a.home_price(), dollars("402000.00"), "the appraisal");
    assert_eq!(a.property.net_monthly_rent_cents, dollars("1575.00"));
    assert_eq!(
        a.joint_credit_pairs,
        [JointCreditPair {
            first: 0,
            second: 1
        }]
    );
    assert_eq!(a.assets[0].owners, [0, 1]);
    let [home, rented] = a.owned_properties.as_slice() else {
        panic!("two")
    };
    assert_eq!(
        (home.owners.as_slice(), home.liabilities.as_slice()),
        (&[0, 1][..], &[0, 1][..])
    );
    assert_eq!(home.is_subject, Some(true));
    assert_eq!(
        (rented.owners.as_slice(), rented.net_rent_cents),
        (&[1][..], dollars("-140.00"))
    );
    assert_eq!(rented.disposition, Some(Disposition::PendingSale));
    assert_eq!(a.liabilities[1].kind, Some(LiabilityKind::Heloc));
    assert_eq!(a.liabilities[1].credit_limit_cents, dollars("50000.00"));
    assert_eq!(
        a.liabilities[0].mortgage_program,
        Some(Program::Conventional)
    );
    assert_eq!(a.liabilities[2].owners, Vec::<usize>::new());
    assert_eq!(a.primary_borrower_index(), Some(1), "the document says so");
    let second = &a.related_loans[0];
    assert_eq!(second.lien, Some(LienPriority::Second));
    assert_eq!(second.heloc_limit_cents, dollars("40000.00"));
    assert_eq!(second.payee.as_deref(), Some("Second Example Bank"));
    assert_eq!(second.funds_sources, ["Lender"]);
    assert_eq!(
        a.housing_expenses[0].time,
        Some(HousingExpenseTime::Present)
    );
    assert_eq!(a.housing_expenses[0].borrower, Some(1));
    assert_eq!(a.closing.subject_payoffs_cents, dollars("181000.00"));
    let owner = &a.other_parties[0];
    assert_eq!(
        (owner.role.as_str(), owner.borrower),
        ("PropertyOwner", Some(0))
    );
    assert_eq!(
        a.borrowers[0].emails,
        ["ines.alder@example.com", "ines@example.com"]
    );
    let codes: Vec<_> = warnings(&import)
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(
        codes,
        [Code::Conflict, Code::BadTaxId],
        "two addresses; hyphens in the SSN"
    );
    let tax_id = a.borrowers[0].tax_id.as_ref().expect("read all the same");
    assert_eq!(tax_id.value.expose(), "900990002");
}

#[test]
fn fha_streamline_of_the_other_agency() {
    let import = import(FHA);
    let a = &import.application;
    assert_eq!(import.about.flavour, Flavour::Lpa);
    assert_eq!(a.loan.program, Program::Fha);
    assert_eq!(
        a.loan.amount_cents,
        Cents::new(17_700_000),
        "the note amount, for want of a base"
    );
    assert_eq!(a.total_loan_amount(), dollars("180097.50"));
    assert_eq!(
        a.loan.government.fha_sponsor_id.as_deref(),
        Some("0000000002")
    );
    assert_eq!(a.loan.identifiers[0].kind, Some(IdentifierKind::AgencyCase));
    assert_eq!(a.loan.is_hoepa_loan, Some(false));
    assert_eq!(warnings(&import), []);
    assert_eq!(import.unconsumed_paths, ["DEAL/SERVICES"]);
}

#[test]
fn va_loan_with_all_the_rules_of_an_adjustable_rate() {
    let a = import(VA).application;
    let arm = a.loan.arm.as_ref().expect("given");
    assert_eq!(a.loan.amortization, Some(AmortizationKind::AdjustableRate));
    assert_eq!(arm.index_description.as_deref(), Some("30DayAverageSOFR"));
    assert_eq!(arm.index_source.as_deref(), Some("Other"));
    assert_eq!(arm.index_rate_pct_e9, percent("4.31"));
    assert_eq!(arm.margin_pct_e9, percent("2.75"));
    assert_eq!(arm.initial_fixed_months, Some(60));
    assert_eq!(arm.first_cap_pct_e9, percent("2"));
    assert_eq!(arm.later_cap_pct_e9, percent("1"));
    assert_eq!(arm.change_frequency_months, Some(12));
    assert_eq!(arm.lifetime_cap_pct_e9, percent("5"));
    assert_eq!(arm.ceiling_rate_pct_e9, percent("10.25"));
    assert_eq!(arm.plan_id.as_deref(), Some("PLAN-5-1"));
    assert_eq!(a.term_months(), Some(360));
    assert_eq!(
        a.loan.maturity_date.map(|d| d.to_string()).as_deref(),
        Some("2056-03-01")
    );
    assert_eq!(a.loan.qualifying_rate_pct_e9, percent("7.25"));
    let construction = a.loan.construction.as_ref().expect("given");
    assert_eq!(construction.improvement_cost_cents, dollars("30000.00"));
    assert_eq!(a.loan.government.va_entitlement_cents, dollars("36000.00"));
    let military = &a.borrowers[0].military;
    assert_eq!(military.statuses, ["ActiveDuty", "Veteran"]);
    assert_eq!(
        military
            .expected_completion
            .map(|d| d.to_string())
            .as_deref(),
        Some("2027-09")
    );
    assert_eq!(military.va_federal_tax_cents, dollars("611.00"));
    assert_eq!(a.property.facts.property_type(), PropertyType::Pud);
    assert_eq!(
        a.property.facts.construction_status.as_deref(),
        Some("Proposed")
    );
}

#[test]
fn usda_loan_with_other_prefixes_and_numeric_indicators() {
    let import = import(USDA);
    let a = &import.application;
    assert_eq!(import.about.flavour, Flavour::Ulad);
    assert_eq!(a.loan.program, Program::Usda);
    assert_eq!(
        a.property.facts.property_type(),
        PropertyType::ManufacturedMobileHome
    );
    assert_eq!(a.property.facts.is_pud, Some(true));
    assert_eq!(a.assets[0].is_in_listed_account, Some(false));
    assert_eq!(a.assets[0].owners, [0]);
    assert_eq!(
        a.loan.amortization_months,
        Some(396),
        "months when no unit is given"
    );
}

#[test]
fn a_bare_deal_with_placeholders_and_one_label_for_two_employers() {
    let import = import(BARE);
    let a = &import.application;
    assert_eq!(import.about.root, Root::Deal);
    assert_eq!(import.about.flavour, Flavour::Core);
    assert!(a.loan.identifiers.is_empty());
    assert_eq!(a.loan.note_rate_pct_e9, None);
    let link = |borrower, employment| {
        Some(EmploymentRef {
            borrower,
            employment,
        })
    };
    assert_eq!(
        a.borrowers[0].incomes[0].employment,
        link(0, 0),
        "the borrower's own"
    );
    assert_eq!(
        a.borrowers[1].incomes[0].employment,
        link(1, 1),
        "the borrower's own"
    );
    assert_eq!(a.borrowers[1].incomes[1].employment, link(1, 0));
    let has = |code| import.findings.iter().any(|f| f.code == code);
    for code in [
        Code::PlaceholderIgnored,
        Code::LabelDuplicate,
        Code::ExtensionIgnored,
    ] {
        assert!(has(code), "{code}");
    }
    assert_eq!(
        import.unconsumed_paths,
        [
            "DEAL/LOANS/LOAN/LOAN_IDENTIFIERS/LOAN_IDENTIFIER/LoanIdentifierType",
            "DEAL/LOANS/LOAN/EXTENSION",
            "DEAL/PARTIES/PARTY/ROLES/ROLE/BORROWER/BORROWER_DETAIL/BorrowerBirthDate",
        ],
        "a data point that says why it is empty is kept too"
    );
}

#[test]
fn every_fixture_survives_storage_and_shows_no_secret() {
    for text in ALL {
        let application = import(text).application;
        let stored = serde_json::to_string(&application).expect("serialises");
        let again: Application = serde_json::from_str(&stored).expect("loads");
        assert_eq!(again, application);
        let shown = format!("{application:?}");
        for secret in ["900990001", "900990002", "1983-11-05", "000111222"] {
            assert!(!shown.contains(secret), "{secret}");
        }
    }
}
