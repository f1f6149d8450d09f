//! The shared sample documents: agency test cases and broken files found in the wild. They live
//! beside the repository, never in it; without them these tests say so and pass.
//!
//! Expected figures were worked out from the XML with a script of its own, not with this crate.

use std::path::PathBuf;

use lintel_domain::application::Application;
use lintel_domain::application::property::PropertyType;
use lintel_domain::loan::{Program, Purpose};
use lintel_engine::money::Cents;
use lintel_mismo::{Code, Flavour, Import, Limits, Rejection, Severity, read};

fn sample(name: &str) -> Option<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/mismo");
    let path = PathBuf::from(folder).join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("SKIPPED: no shared sample {name}");
    }
    bytes
}

fn import(name: &str) -> Option<Import> {
    let bytes = sample(name)?;
    Some(read(&bytes, &Limits::default()).unwrap_or_else(|r| panic!("{name}: {:#?}", r.findings)))
}

fn rejection(name: &str) -> Option<Rejection> {
    let bytes = sample(name)?;
    Some(read(&bytes, &Limits::default()).expect_err(name))
}

fn codes(rejection: &Rejection, severity: Severity) -> Vec<Code> {
    rejection
        .findings
        .iter()
        .filter(|f| f.severity == severity)
        .map(|f| f.code)
        .collect()
}

/// Parties of a document in which every party has one role.
fn parties(a: &Application) -> usize {
    a.borrowers.len()
        + usize::from(a.originator.is_some())
        + usize::from(a.origination_company.is_some())
        + a.other_parties.len()
}

/// Owner lists as text: `01 0 -` is joint, first borrower, nobody.
fn owners<'a>(lists: impl Iterator<Item = &'a Vec<usize>>) -> String {
    let words: Vec<String> = lists
        .map(|list| match list.as_slice() {
            [] => "-".to_owned(),
            some => some.iter().map(usize::to_string).collect(),
        })
        .collect();
    words.join(" ")
}

struct Expected {
    file: &'static str,
    purpose: Purpose,
    /// The refinance kind as its `Debug` text, `None` on a purchase.
    refinance: &'static str,
    program: Program,
    amount_cents: i64,
    rate_pct_e9: i64,
    property: PropertyType,
    value_cents: i64,
    parties: usize,
    /// Borrowers, employments and income items of each.
    people: &'static [(usize, usize)],
    asset_owners: &'static str,
    owned_owners: &'static str,
    owned_debts: &'static [&'static [usize]],
    debt_owners: &'static str,
    /// Expenses, related loans, purchase credits, housing expenses.
    counts: (usize, usize, usize, usize),
    income_cents: i64,
    debt_cents: i64,
    pairs: usize,
    flavour: Flavour,
}

const PURCHASE_C01: Expected = Expected {
    file: "du-c01-purchase-fixed.xml",
    purpose: Purpose::Purchase,
    refinance: "None",
    program: Program::Conventional,
    amount_cents: 30_000_000,
    rate_pct_e9: 4_250_000_000,
    property: PropertyType::Townhouse,
    value_cents: 34_000_000,
    parties: 4,
    people: &[(1, 7)],
    asset_owners: "0 0 0 0",
    owned_owners: "",
    owned_debts: &[],
    debt_owners: "0 0",
    counts: (0, 0, 2, 4),
    income_cents: 1_410_000,
    debt_cents: 1_518_500,
    pairs: 0,
    flavour: Flavour::Du,
};

const PURCHASE_C01_LATER: Expected = Expected {
    file: "du183-c01-purchase-fixed.xml",
    ..PURCHASE_C01
};

const LIMITED_CASH_OUT_C04: Expected = Expected {
    file: "du-c04-refi-limited-cashout-heloc.xml",
    purpose: Purpose::Refinance,
    refinance: "Some(LimitedCashOut)",
    amount_cents: 20_200_000,
    rate_pct_e9: 4_500_000_000,
    value_cents: 25_000_000,
    people: &[(1, 3), (1, 1)],
    asset_owners: "0 0 0 0 0",
    owned_owners: "01 0",
    owned_debts: &[&[0, 2], &[1]],
    debt_owners: "01 0 01 0 0 0 0 0",
    counts: (0, 0, 1, 4),
    income_cents: 1_606_667,
    debt_cents: 23_679_508,
    pairs: 1,
    ..PURCHASE_C01
};

const SECOND_LIEN_C07: Expected = Expected {
    file: "du-c07-purchase-homeready-second.xml",
    amount_cents: 14_250_000,
    property: PropertyType::Pud,
    value_cents: 15_100_000,
    parties: 6,
    people: &[(1, 3)],
    counts: (0, 1, 3, 7),
    income_cents: 465_000,
    debt_cents: 303_700,
    ..PURCHASE_C01
};

const NO_CASH_OUT_FHA02: Expected = Expected {
    file: "du-fha02-refi-no-cashout.xml",
    purpose: Purpose::Refinance,
    refinance: "Some(NoCashOut)",
    program: Program::Fha,
    amount_cents: 14_700_000,
    rate_pct_e9: 5_000_000_000,
    property: PropertyType::SingleFamily,
    value_cents: 25_000_000,
    people: &[(1, 3)],
    owned_owners: "0",
    owned_debts: &[&[0]],
    debt_owners: "0 0 0",
    counts: (0, 0, 1, 5),
    income_cents: 540_000,
    debt_cents: 14_803_700,
    ..PURCHASE_C01
};

const CASH_OUT_FHA04: Expected = Expected {
    file: "du-fha04-refi-cashout-two-unit.xml",
    purpose: Purpose::RefinanceCashOut,
    refinance: "Some(CashOut)",
    program: Program::Fha,
    amount_cents: 15_500_000,
    rate_pct_e9: 4_000_000_000,
    property: PropertyType::Duplex,
    value_cents: 27_500_000,
    parties: 5,
    people: &[(1, 3), (1, 1)],
    asset_owners: "0 01 01 01",
    owned_owners: "01",
    owned_debts: &[&[0]],
    debt_owners: "01 01 01",
    counts: (0, 0, 1, 5),
    income_cents: 1_806_667,
    debt_cents: 14_803_700,
    pairs: 1,
    ..PURCHASE_C01
};

const PURCHASE_VA01: Expected = Expected {
    file: "du-va01-purchase-fixed.xml",
    program: Program::Va,
    amount_cents: 31_540_000,
    rate_pct_e9: 5_250_000_000,
    property: PropertyType::Condominium,
    value_cents: 55_000_000,
    parties: 3,
    asset_owners: "0 0 0 0 0",
    owned_owners: "0",
    owned_debts: &[&[0, 1]],
    debt_owners: "0 0 0 0 0 0 0",
    income_cents: 1_410_000,
    debt_cents: 42_836_100,
    ..PURCHASE_C01
};

const TEMPLATE: Expected = Expected {
    file: "ulad-purchase-example-template.xml",
    amount_cents: 21_000_000,
    rate_pct_e9: 3_000_000_000,
    property: PropertyType::SingleFamily,
    value_cents: 27_500_000,
    parties: 7,
    people: &[(2, 2), (0, 1)],
    asset_owners: "01 01 01 1 01 0",
    debt_owners: "01 01 01 0",
    counts: (1, 1, 0, 4),
    // Items 8,030.00 and the second employment, which is self-employed, 500.00.
    income_cents: 853_000,
    debt_cents: 540_000,
    flavour: Flavour::Ulad,
    ..PURCHASE_C01
};

const VALID: &[Expected] = &[
    PURCHASE_C01,
    PURCHASE_C01_LATER,
    LIMITED_CASH_OUT_C04,
    SECOND_LIEN_C07,
    NO_CASH_OUT_FHA02,
    CASH_OUT_FHA04,
    PURCHASE_VA01,
    TEMPLATE,
];

#[test]
fn every_valid_sample_imports_with_the_terms_of_its_xml() {
    for e in VALID {
        let Some(import) = import(e.file) else {
            continue;
        };
        let (a, file) = (&import.application, e.file);
        assert_eq!(a.purpose(), e.purpose, "{file}");
        let kind = a.loan.refinance.as_ref().and_then(|r| r.kind.as_ref());
        assert_eq!(format!("{kind:?}"), e.refinance, "{file}");
        assert_eq!(a.program(), e.program, "{file}");
        assert_eq!(a.loan.amount_cents, Cents::new(e.amount_cents), "{file}");
        assert_eq!(
            a.loan.note_rate_pct_e9.map(|r| r.e9()),
            Some(e.rate_pct_e9),
            "{file}"
        );
        assert_eq!(a.term_months(), Some(360), "{file}");
        assert_eq!(a.property.facts.property_type(), e.property, "{file}");
        assert_eq!(
            a.property.value(),
            Some(Cents::new(e.value_cents)),
            "{file}"
        );
        assert_eq!(import.about.flavour, e.flavour, "{file}");
    }
}

#[test]
fn every_valid_sample_imports_with_the_people_of_its_xml() {
    for e in VALID {
        let Some(import) = import(e.file) else {
            continue;
        };
        let (a, file) = (&import.application, e.file);
        assert_eq!(parties(a), e.parties, "{file}");
        let people: Vec<_> = a
            .borrowers
            .iter()
            .map(|b| (b.employments.len(), b.incomes.len()))
            .collect();
        assert_eq!(people, e.people, "{file}");
        assert_eq!(a.joint_credit_pairs.len(), e.pairs, "{file}");
        assert_eq!(
            a.total_monthly_income_cents(),
            Some(Cents::new(e.income_cents)),
            "{file}"
        );
        assert!(
            a.borrowers.iter().all(|person| person.birth_date.is_some()),
            "{file}"
        );
        let without_tax_id = a
            .borrowers
            .iter()
            .filter(|person| person.tax_id.is_none())
            .count();
        // The template's second borrower has none.
        assert_eq!(
            without_tax_id,
            usize::from(e.flavour == Flavour::Ulad),
            "{file}"
        );
    }
}

#[test]
fn every_valid_sample_imports_with_the_holdings_of_its_xml() {
    for e in VALID {
        let Some(import) = import(e.file) else {
            continue;
        };
        let (a, file) = (&import.application, e.file);
        assert_eq!(
            owners(a.assets.iter().map(|x| &x.owners)),
            e.asset_owners,
            "{file}"
        );
        assert_eq!(
            owners(a.owned_properties.iter().map(|x| &x.owners)),
            e.owned_owners,
            "{file}"
        );
        let debts: Vec<_> = a
            .owned_properties
            .iter()
            .map(|x| x.liabilities.as_slice())
            .collect();
        assert_eq!(debts, e.owned_debts, "{file}");
        assert_eq!(
            owners(a.liabilities.iter().map(|x| &x.owners)),
            e.debt_owners,
            "{file}"
        );
        let counts = (
            a.expenses.len(),
            a.related_loans.len(),
            a.purchase_credits.len(),
            a.housing_expenses.len(),
        );
        assert_eq!(counts, e.counts, "{file}");
        assert_eq!(
            a.total_liabilities_cents(),
            Some(Cents::new(e.debt_cents)),
            "{file}"
        );
    }
}

#[test]
fn official_cases_import_without_a_warning() {
    for e in VALID.iter().filter(|e| e.flavour == Flavour::Du) {
        let Some(import) = import(e.file) else {
            continue;
        };
        let warnings: Vec<_> = import
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Warning)
            .collect();
        assert!(warnings.is_empty(), "{}: {warnings:#?}", e.file);
    }
}

#[test]
fn the_template_keeps_its_placeholder_out_of_the_loan() {
    let Some(import) = import("ulad-purchase-example-template.xml") else {
        return;
    };
    assert!(import.application.loan.identifiers.is_empty());
    let found = |code| import.findings.iter().any(|f| f.code == code);
    for code in [
        Code::PlaceholderIgnored,
        Code::EmbeddedIgnored,
        Code::OrderNonstandard,
    ] {
        assert!(found(code), "{code}: {:#?}", import.findings);
    }
}

#[test]
fn invented_structure_has_neither_a_loan_nor_a_borrower() {
    let Some(rejection) = rejection("invalid-invented-structure.xml") else {
        return;
    };
    let errors = codes(&rejection, Severity::Error);
    assert_eq!(errors, [Code::SubjectLoanMissing, Code::BorrowerMissing]);
}

/// The file's only party says `PartyRoleType` directly in `ROLE`. No schema-minded receiver finds
/// a borrower there, so neither do we; the findings point at the misplaced element. The rest is
/// pointed out too: no model identifier, an identifier type of its own (twice, with two values).
#[test]
fn simplified_fha_has_a_role_nobody_can_find() {
    let Some(rejection) = rejection("invalid-simplified-fha.xml") else {
        return;
    };
    assert_eq!(codes(&rejection, Severity::Error), [Code::BorrowerMissing]);
    let warnings = codes(&rejection, Severity::Warning);
    let expected = [
        Code::MismoWrongModel,
        Code::EnumUnknown,
        Code::Conflict,
        Code::RequiredMissing,
    ];
    for code in expected {
        assert!(
            warnings.contains(&code),
            "{code}: {:#?}",
            rejection.findings
        );
    }
    assert!(codes(&rejection, Severity::Note).contains(&Code::OrderNonstandard));
}

#[test]
fn simplified_refinance_contradicts_itself_about_its_purpose() {
    let Some(rejection) = rejection("invalid-simplified-refi-two-purposes.xml") else {
        return;
    };
    let errors = codes(&rejection, Severity::Error);
    assert!(errors.contains(&Code::Conflict), "{errors:?}");
    assert!(errors.contains(&Code::EnumUnknown), "{errors:?}");
    let purpose = rejection
        .findings
        .iter()
        .find(|f| f.code == Code::EnumUnknown)
        .expect("found");
    assert_eq!(purpose.allowed, ["Purchase", "Refinance"]);
    assert!(
        purpose.path.ends_with("TERMS_OF_LOAN/LoanPurposeType[1]"),
        "{}",
        purpose.path
    );
}

#[test]
fn the_title_request_is_named_as_an_older_version() {
    let Some(rejection) = rejection("wrong-version-mismo23-title-request.xml") else {
        return;
    };
    assert_eq!(codes(&rejection, Severity::Error), [Code::Mismo2x]);
}
