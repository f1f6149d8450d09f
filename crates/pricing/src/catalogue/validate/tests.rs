//! Each finding of the validation once, and none for a sound catalogue.

use super::*;
use crate::codec::{Parts, parse};

fn findings(texts: &[(Part, &str)]) -> Vec<String> {
    let parts: Parts = texts
        .iter()
        .map(|(part, text)| (*part, (*text).to_owned()))
        .collect();
    let catalogue = parse(&parts).unwrap_or_else(|found| panic!("{found:?}"));
    let found = validate(&catalogue);
    found.iter().map(|f| format!("{:?} {f}", f.level)).collect()
}

const PRODUCT: &str = "[[product]]\ncode = \"A\"\nname = \"A\"\nprogram = \"conventional\"\n\
                       term_years = 30\nlock_days = [30]\nfamilies = [\"jumbo\"]\n";
const RULE: &str = "[[rule]]\nname = \"r\"\nrequire.ltv = { up_to = 80 }\n";

#[test]
fn a_sound_catalogue_has_no_findings() {
    let found = findings(&[(Part::Products, PRODUCT), (Part::Eligibility, RULE)]);
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(findings(&[]), Vec::<String>::new());
}

/// Texts, and what is to be found in them.
type Case<'a> = (&'a [(Part, &'a str)], &'a str);

fn find(cases: &[Case<'_>]) {
    for (texts, wanted) in cases {
        let found = findings(texts);
        assert!(
            found.iter().any(|f| f.contains(wanted)),
            "{wanted}: {found:?}"
        );
    }
}

#[test]
fn slips_of_products_and_eligibility_are_found() {
    let twice = format!("{PRODUCT}{PRODUCT}");
    let no_locks = PRODUCT.replace("lock_days = [30]\n", "");
    find(&[
        (
            &[(Part::Products, &twice)],
            "Error products, row 2 (A), code: is the code of row 1 too",
        ),
        (
            &[(Part::Products, &no_locks)],
            "Warning products, row 1 (A), lock_days",
        ),
        (
            &[(Part::Products, PRODUCT)],
            "no eligibility rule is for it",
        ),
        (
            &[(
                Part::Eligibility,
                "[[rule]]\nname=\"r\"\nproducts.codes=[\"B\"]\nrequire.units=1\n",
            )],
            "Error eligibility, row 1 (r), products.codes: B is no product",
        ),
        (
            &[
                (Part::Products, PRODUCT),
                (
                    Part::Margins,
                    "[[margin]]\nname=\"m\"\nproducts.families=[\"x\"]\npoints=1\n",
                ),
            ],
            "Warning margins, row 1 (m), products.families: no product is of the family x",
        ),
        (
            &[
                (Part::Products, PRODUCT),
                (
                    Part::Margins,
                    "[[margin]]\nname=\"m\"\nproducts.adjustable=true\npoints=1\n",
                ),
            ],
            "products: no product is selected",
        ),
        (
            &[(
                Part::Margins,
                "[[margin]]\nname=\"m\"\nwhen.dti={up_to=50}\npoints=1\n",
            )],
            "Error margins, row 1 (m), when.dti: debt to income can only be required",
        ),
        (
            &[(
                Part::Eligibility,
                "[[rule]]\nname=\"r\"\nwhen.dti={up_to=50}\nrequire={}\n",
            )],
            "when.dti",
        ),
        (
            &[(Part::Eligibility, "[[rule]]\nname=\"r\"\nrequire={}\n")],
            "requires nothing",
        ),
    ]);
}

#[test]
fn slips_of_rules_that_move_prices_are_found() {
    let grid = "[[adjustment]]\nname = \"g\"\ngroup = \"x\"\ngrid = \"\"\"\nscore,points\n700,1\nbelow,1\"\"\"\n";
    find(&[
        (&[(Part::Adjustments, grid)], "all its cells are 1"),
        (
            &[(Part::Adjustments, "[[adjustment]]\nname=\"a\"\npoints=0\n")],
            "moves no price",
        ),
        (
            &[(
                Part::Adjustments,
                "[[adjustment]]\nname=\"a\"\npoints=1\n[[adjustment]]\nname=\"a\"\npoints=1\n",
            )],
            "says the same as row 1",
        ),
        (
            &[(Part::Caps, "[[cap]]\ngroup=\"x\"\nmax=0\n")],
            "no adjustment is of this group",
        ),
        (
            &[
                (Part::Adjustments, grid),
                (
                    Part::Caps,
                    "[[cap]]\ngroup=\"x\"\nmax=0\n[[cap]]\ngroup=\"x\"\nmax=1\n",
                ),
            ],
            "Warning caps, row 2 (x): is never reached: row 1",
        ),
        (
            &[(
                Part::Margins,
                "[[margin]]\nname=\"m\"\nwhen.states=[\"CA\"]\nwhen.not_states=[\"CA\"]\npoints=1\n",
            )],
            "it never holds",
        ),
        (
            &[(
                Part::Margins,
                "[[margin]]\nname=\"m\"\nwhen.states=[\"NY\"]\nwhen.counties=[\"06059\"]\npoints=1\n",
            )],
            "06059 lies in CA, which is not among states",
        ),
        (
            &[(
                Part::Margins,
                "[[margin]]\nname=\"m\"\nwhen.counties=[\"06998\"]\npoints=1\n",
            )],
            "there is no county 06998",
        ),
    ]);
}

#[test]
fn slips_of_charges_are_found() {
    let fha = PRODUCT.replace("conventional", "fha");
    let card = "[[card]]\nname = \"m\"\ncells = \"\"\"\n\
                ltv_over,ltv_up_to,term_over,term_up_to,coverage,all\n80,,,,25,0.5\n\"\"\"\n";
    find(&[
        (
            &[(
                Part::Fees,
                "[[fee]]\nname=\"f\"\ntype=\"Other\"\nsection=\"C\"\namount=1\n",
            )],
            "Error fees, row 1 (f), type_other: is missing",
        ),
        (
            &[(
                Part::Fees,
                "[[fee]]\nname=\"f\"\ntype=\"AppraisalFee\"\ntype_other=\"x\"\namount=1\n",
            )],
            "Warning fees, row 1 (f), type_other",
        ),
        (
            &[(
                Part::Fees,
                "[[fee]]\nname=\"f\"\ntype=\"AppraisalFee\"\nfinance_charge=\"excluded\"\namount=1\n",
            )],
            "Error fees, row 1 (f), reason",
        ),
        (
            &[(
                Part::Fees,
                "[[fee]]\nname=\"f\"\ntype=\"AppraisalFee\"\nsection=\"F\"\namount=1\n",
            )],
            "items of section F have other types",
        ),
        (
            &[(
                Part::Estimates,
                "[[estimate]]\nof=\"insurance\"\nstate=\"CA\"\npercent=1\n[[estimate]]\nof=\"insurance\"\nstate=\"CA\"\namount=1\nfrom=2026-01-01\n",
            )],
            "Error estimates, row 2 (CA): row 1 is for the same place and days",
        ),
        (
            &[(
                Part::Estimates,
                "[[estimate]]\nof=\"insurance\"\nstate=\"NY\"\ncounty=\"06059\"\npercent=1\n",
            )],
            "Error estimates, row 1 (NY 06059), county: 06059 lies in CA",
        ),
        (
            &[(Part::Products, &fha), (Part::MiCards, card)],
            "is for no conventional product",
        ),
    ]);
}

#[test]
fn estimates_of_different_days_are_apart() {
    let row =
        |days: &str| format!("[[estimate]]\nof=\"insurance\"\nstate=\"CA\"\npercent=1\n{days}\n");
    let text = row("to=2025-12-31") + &row("from=2026-01-01");
    assert_eq!(findings(&[(Part::Estimates, &text)]), Vec::<String>::new());
}

#[test]
fn sheets_are_looked_at_beside_the_catalogue() {
    let parts = Parts::from([(Part::Products, PRODUCT.replace("[30]", "[30, 60]"))]);
    let catalogue = parse(&parts).unwrap();
    let text = "product,lock_days,rate,price\nA,30,6,100\nA,45,6,100\nB,30,6,100\n";
    let sheets = crate::codec::sheet::read_sheets(text).unwrap();
    let found: Vec<String> = validate_sheets(&catalogue, &sheets)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found.len(), 3);
    assert!(found[0].contains("B is no product"));
    assert!(found[1].contains("lock of 45 days is not offered"));
    assert!(found[2].contains("no row for the lock of 60 days"));
}

#[test]
fn findings_are_bounded() {
    let rows = "[[margin]]\nname=\"m\"\nproducts.codes=[\"X\"]\npoints=1\n".repeat(1_000);
    let found = findings(&[(Part::Margins, &rows)]);
    assert!(found.len() <= 2 * MAX_FINDINGS && found[0].starts_with("Error"));
}

#[test]
fn figures_that_say_less_than_they_seem_to_are_warned_of() {
    let fee = |rest: &str| format!("[[fee]]\nname=\"f\"\ntype=\"SurveyFee\"\n{rest}\n");
    let tiers = |tiers: &str| fee(&format!("tiers=[{tiers}]"));
    let holes = tiers("{over=50,up_to=100,amount=1},{over=200,up_to=300,amount=2}");
    let cap = |rest: &str| format!("[[cap]]\ngroup=\"x\"\n{rest}\n");
    let card = "[[card]]\nname = \"m\"\nwhen.lock_days={up_to=30}\ncells = \"\"\"\n\
                ltv_over,ltv_up_to,term_over,term_up_to,coverage,all\n80,,,,25,0.5\n\"\"\"\n";
    find(&[
        (
            &[(Part::Fees, &holes)],
            "Warning fees, row 1 (f), tiers: nothing is charged up to 50.00",
        ),
        (
            &[(Part::Fees, &holes)],
            "nothing is charged over 100.00 up to 200.00",
        ),
        (&[(Part::Fees, &holes)], "nothing is charged over 300.00"),
        (
            &[(Part::Fees, &fee("tax_months=3"))],
            "Warning fees, row 1 (f), tax_months: there is no estimate of property tax: nothing",
        ),
        (
            &[
                (Part::Fees, &fee("insurance_months=3")),
                (
                    Part::Estimates,
                    "[[estimate]]\nof=\"insurance\"\nstate=\"AL\"\npercent=1\n",
                ),
            ],
            "insurance_months: there is no estimate of insurance for ",
        ),
        (
            &[(Part::Fees, &fee("amount=1\nwhen.lock_days={up_to=30}"))],
            "when.lock_days: closing costs asked for without a product",
        ),
        (
            &[(Part::MiCards, card)],
            "Warning mi_cards, row 1 (m), when.lock_days",
        ),
        (
            &[(Part::Caps, &cap("min=0.25"))],
            "Warning caps, row 1 (x), min: the least is 0.25",
        ),
        (
            &[(Part::Caps, &cap("unit=\"fee\"\nmin=0.25"))],
            "Warning caps, row 1 (x), max: the most is -0.25",
        ),
    ]);
    let whole = tiers("{up_to=100,amount=1},{over=100,amount=2}");
    assert_eq!(findings(&[(Part::Fees, &whole)]), Vec::<String>::new());
    let estimate = "[[estimate]]\nof=\"property_tax\"\npercent=1\n";
    let sound = [
        (Part::Fees, fee("tax_months=3")),
        (Part::Estimates, estimate.to_owned()),
    ];
    let sound = sound.each_ref().map(|(part, text)| (*part, text.as_str()));
    assert_eq!(findings(&sound), Vec::<String>::new());
}

#[test]
fn spells_of_days_clash_only_when_they_share_a_day() {
    let row = |days: &str| format!("[[estimate]]\nof=\"insurance\"\npercent=1\n{days}\n");
    for (days, row_at_fault) in [
        (
            [
                "from=2026-02-01\nto=2026-02-28",
                "from=2026-01-01\nto=2026-01-31",
                "from=2026-03-01",
            ],
            0,
        ),
        (
            [
                "from=2026-02-01\nto=2026-02-28",
                "to=2026-01-31",
                "to=2026-02-01",
            ],
            3,
        ),
        (
            [
                "from=2026-02-01",
                "to=2026-01-31",
                "from=2026-05-01\nto=2026-05-02",
            ],
            3,
        ),
        (["from=2026-02-01\nto=2026-02-28", "from=2026-03-01", ""], 3),
    ] {
        let text: String = days.iter().map(|days| row(days)).collect();
        let found = findings(&[(Part::Estimates, &text)]);
        let wanted = format!("Error estimates, row {row_at_fault} (everywhere)");
        match row_at_fault {
            0 => assert_eq!(found, Vec::<String>::new()),
            _ => assert!(
                found.len() == 1 && found[0].starts_with(&wanted),
                "{found:?}"
            ),
        }
    }
}

#[test]
fn rows_for_too_many_products_are_refused() {
    let products: String = (0..1_000)
        .map(|n| PRODUCT.replace("\"A\"", &format!("\"P{n}\"")))
        .collect();
    let margins = |count: usize| {
        let rows = (0..count).map(|n| format!("[[margin]]\nname=\"m{n}\"\npoints=1\n"));
        rows.collect::<String>()
    };
    let told = |count: usize| {
        findings(&[
            (Part::Products, &products),
            (Part::Margins, &margins(count)),
        ])
    };
    assert!(told(5_000).iter().all(|f| !f.starts_with("Error")));
    let found = told(5_001);
    assert!(
        found[0].starts_with("Error margins, row 5001 (m5000), products: more than 5000000 pairs"),
        "{}",
        found[0]
    );
    assert!(!found[1].starts_with("Error"));
}

#[test]
fn findings_about_sheets_are_bounded() {
    let catalogue = parse(&Parts::from([(Part::Products, PRODUCT.to_owned())])).unwrap();
    let rows: String = (0..20_000).map(|n| format!("X{n},30,6,100\n")).collect();
    let text = format!("product,lock_days,rate,price\nA,45,6,100\n{rows}");
    let sheets = crate::codec::sheet::read_sheets(&text).unwrap();
    let found = validate_sheets(&catalogue, &sheets);
    assert_eq!(found.len(), MAX_FINDINGS);
    assert!(found.iter().all(|finding| finding.level == Level::Error));
}
