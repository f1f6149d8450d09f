//! Parts as text: what is read, what is refused, and that writing and reading agree.

use lintel_domain::product::RateKind;
use lintel_engine::bands::{Band, Step};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use super::*;
use crate::catalogue::{Effect, FeeAmount};

fn only(part: Part, text: &str) -> Result<Catalogue, Vec<Finding>> {
    parse(&Parts::from([(part, text.to_owned())]))
}

fn good(part: Part, text: &str) -> Catalogue {
    only(part, text).unwrap_or_else(|found| panic!("{text}: {found:#?}"))
}

fn pct(text: &str) -> Pct {
    Pct::parse_decimal(text).unwrap()
}

#[test]
fn an_empty_catalogue_is_one() {
    assert_eq!(parse(&Parts::new()), Ok(Catalogue::default()));
    assert_eq!(
        parse(&write(&Catalogue::default())),
        Ok(Catalogue::default())
    );
}

#[test]
fn the_names_of_parts_are_their_own_inverse() {
    for part in Part::ALL {
        assert_eq!(Part::parse(part.as_str()), Some(part));
    }
    assert_eq!(Part::parse("Products"), None);
}

#[test]
fn a_product_is_read_with_its_defaults() {
    let text = "[[product]]\ncode = \"A\"\nname = \"Ann's\"\nprogram = \"conventional\"\nterm_years = 30\n\
                interest_only_months = 120\n[product.arm]\nindex = \"sofr_30_day_average\"\nmargin = 2.75\n\
                first_adjustment_years = 7\nfirst_cap = \"5\"\nadjustment_months = 6\nperiodic_cap = 1\n\
                lifetime_cap = 5.0\n";
    let product = &good(Part::Products, text).products[0];
    let terms = &product.terms;
    assert_eq!((terms.term_months, terms.amortization_months), (360, 360));
    assert_eq!(
        (terms.interest_only_months, terms.lender_paid_mi),
        (120, false)
    );
    let RateKind::Adjustable(arm) = &terms.rate_kind else {
        panic!("{terms:?}")
    };
    assert_eq!((arm.margin, arm.first_adjustment_months), (pct("2.75"), 84));
    assert!(product.is_watchable && product.lock_days.is_empty() && product.days.is_none());
}

#[test]
fn ranges_are_read_in_every_spelling() {
    let when = |text: &str| {
        let text = format!("[[margin]]\nname = \"m\"\npoints = 1\n{text}\n");
        good(Part::Margins, &text).margins[0].when.clone()
    };
    let over_80 = Some(Band {
        over: Some(pct("80")),
        up_to: Some(pct("95")),
    });
    assert_eq!(when("when.ltv = { over = 80, up_to = 95 }").ltv, over_80);
    assert_eq!(
        when("when = { ltv = { over = 80.0, up_to = \"95\" } }").ltv,
        over_80
    );
    let just_above = "when.ltv = { at_least = 80.000000001, below = 95.000000001 }";
    assert_eq!(when(just_above).ltv, over_80);
    let score = |least, below| {
        Some(Step {
            at_least: least,
            below,
        })
    };
    assert_eq!(
        when("when.score = { at_least = 620, up_to = 659 }").score,
        score(Some(620), Some(660))
    );
    assert_eq!(
        when("when.score = { over = 619 }").score,
        score(Some(620), None)
    );
    assert_eq!(when("when.units = 1").units, score(Some(1), Some(2)));
    let lock = when("when.lock_days = 30").lock_days.unwrap();
    assert_eq!((lock.over, lock.up_to), (Some(29), Some(30)));
    let amount = when("when.loan_amount = { over = 832_750, up_to = 1249125.50 }");
    let amount = amount.loan_amount.unwrap();
    assert_eq!(amount.over, Some(Cents::new(83_275_000)));
    assert_eq!(amount.up_to, Some(Cents::new(124_912_550)));
    let term = |text: &str| {
        let text = format!("[[margin]]\nname = \"m\"\npoints = 1\n{text}\n");
        good(Part::Margins, &text).margins[0]
            .products
            .term_months
            .unwrap()
    };
    let thirty = term("products.term_years = 30");
    assert_eq!((thirty.over, thirty.up_to), (Some(359), Some(360)));
    let long = term("products.term_years = { over = 15 }");
    assert_eq!((long.over, long.up_to), (Some(180), None));
}

#[test]
fn places_and_flags_are_read() {
    let text = "[[margin]]\nname = \"m\"\npoints = 1\nwhen.states = \"ca\"\nwhen.counties = [\"06059\", \"01001\"]\n\
                when.zips = [\"90001..90099\", \"10014\"]\nwhen.flags.escrow_waived = true\n\
                when.criteria.PMIType = [\"Single\", \"Split\"]\nwhen.purposes = [\"purchase\"]\n";
    let when = good(Part::Margins, text).margins.remove(0).when;
    assert_eq!(when.states[0].as_str(), "CA");
    assert_eq!(
        (when.counties[0].get(), when.counties[1].get()),
        (6059, 1001)
    );
    assert_eq!(
        (when.zips[0].1.get(), when.zips[1].0.get()),
        (90_099, 10_014)
    );
    assert!(when.flags[0].1 && when.criteria[0].1.len() == 2);
}

#[test]
fn costs_turn_their_sign_and_caps_their_ends() {
    let text = "[[adjustment]]\nname = \"a\"\nunit = \"fee\"\npoints = 0.25\n";
    let catalogue = good(Part::Adjustments, text);
    assert_eq!(catalogue.adjustments[0].effect, Effect::Flat(pct("-0.25")));
    let text = "[[cap]]\ngroup = \"g\"\nunit = \"fee\"\nmax = 1.5\nmin = -0.5\n";
    let cap = &good(Part::Caps, text).caps[0];
    assert_eq!((cap.min, cap.max), (Some(pct("-1.5")), Some(pct("0.5"))));
    let only_max = good(
        Part::Caps,
        "[[cap]]\ngroup = \"g\"\nunit = \"fee\"\nmax = 0\n",
    );
    assert_eq!(
        (only_max.caps[0].min, only_max.caps[0].max),
        (Some(Pct::ZERO), None)
    );
}

#[test]
fn a_fee_takes_its_usual_section_and_place() {
    let text = "[[fee]]\nname = \"a\"\ntype = \"SurveyFee\"\namount = 1\n[[fee]]\nname = \"b\"\n\
                type = \"SurveyFee\"\nsection = \"B\"\npercent = 0.5\nof = \"price\"\nposition = 7\n";
    let fees = good(Part::Fees, text).fees;
    assert_eq!((fees[0].section.as_str(), fees[0].position), ("C", 1));
    assert_eq!((fees[1].section.as_str(), fees[1].position), ("B", 7));
    assert_eq!(fees[0].amount, FeeAmount::Flat(Cents::new(100)));
}

#[test]
fn fees_and_estimates_go_through_csv() {
    let catalogue = parse(&crate::demo::parts()).unwrap();
    for part in [Part::Fees, Part::Estimates] {
        let text = part_to_csv(&catalogue, part).unwrap();
        assert_eq!(
            part_from_csv(part, &text).as_ref(),
            Ok(&write_part(&catalogue, part))
        );
    }
    let text = "name,type,amount,when.states,when.loan_amount.over\nTax,MortgageSurchargeState,12.5,NY;NJ,1000\n";
    let toml = part_from_csv(Part::Fees, text).unwrap();
    let fee = &good(Part::Fees, &toml).fees[0];
    assert_eq!(fee.when.states.len(), 2);
    assert_eq!(fee.amount, FeeAmount::Flat(Cents::new(1_250)));
    for (text, wanted) in [
        ("", "no heading"),
        ("name,name\n", "twice"),
        ("name,\nx,y\n", "without a name"),
        (
            "name,when,when.states\nx,y,NY\n",
            "a value and a table at once",
        ),
        ("name,typ\nx,y\n", "did you mean type"),
        ("name,type\nx\n", "1 cells, 2 expected"),
        ("name,type,amount\nx,SurveyFee,nan\n", "line 2, amount: nan"),
    ] {
        let found = part_from_csv(Part::Fees, text).unwrap_err();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(found.join("\n").contains(wanted), "{text}: {found:?}");
    }
    assert!(part_from_csv(Part::Caps, "group\nx\n").is_err());
}

#[test]
fn what_would_not_come_back_is_not_accepted() {
    let text = "[[margin]]\nname = \"m\"\npoints = 1\n[[margin]]\nname = \"n\"\npoints = 2\n";
    let mut catalogue = good(Part::Margins, text);
    assert_eq!(unkept(&catalogue), []);
    catalogue.margins[1].when.units = Some(Step {
        at_least: Some(7),
        below: None,
    });
    let found = unkept(&catalogue);
    assert_eq!(found.len(), 1);
    let told = found[0].to_string();
    assert!(
        told.starts_with("margins, row 2 (n), when.units.at_least: cannot be stored"),
        "{told}"
    );
    catalogue.margins[1].when.units = Some(Step::ALL);
    assert_eq!(
        unkept(&catalogue)[0].to_string(),
        "margins: cannot be stored: reads differently"
    );
    catalogue.margins[1].when.units = None;
    catalogue.margins[1].name = "n".repeat(MAX_PART_BYTES);
    assert!(unkept(&catalogue)[0].what.contains("longer than 16 MiB"));
}

#[test]
fn columns_are_bounded_before_rows_are_made() {
    let deep = format!("name,when.{}\nx,y\n", vec!["a"; 60_000].join("."));
    let long = format!("name,when.criteria.{}\nx,y\n", "a".repeat(1_000));
    for text in [deep, long] {
        let found = part_from_csv(Part::Fees, &text).unwrap_err();
        assert_eq!(found.len(), 1);
        assert!(found[0].what.contains("too long"), "{found:?}");
    }
    let wide: Vec<String> = (0..250).map(|n| format!("when.criteria.k{n}")).collect();
    let text = format!("{}\n{}\n", wide.join(","), vec!["x"; 250].join(","));
    let found = part_from_csv(Part::Fees, &text).unwrap_err();
    assert!(found[0].what.contains("more than 200 cells"), "{found:?}");
}

#[test]
fn more_columns_than_can_be_read_are_not_exported() {
    let fee = |n: usize| {
        format!(
            "[[fee]]\nname = \"f\"\ntype = \"SurveyFee\"\namount = 1\nwhen.criteria.k{n} = \"x\"\n"
        )
    };
    let fees = |count: usize| good(Part::Fees, &(0..count).map(fee).collect::<String>());
    let csv = part_to_csv(&fees(200), Part::Fees).unwrap();
    assert!(part_from_csv(Part::Fees, &csv).is_ok());
    assert_eq!(part_to_csv(&fees(300), Part::Fees), None);
}

#[test]
fn tables_and_criteria_are_bounded() {
    let keys = |table: &str, count: usize| {
        let keys = (0..count).map(|n| format!("{table}k{n} = \"1\"\n"));
        format!(
            "[[margin]]\nname = \"m\"\npoints = 1\n{}",
            keys.collect::<String>()
        )
    };
    good(Part::Margins, &keys("when.criteria.", 50));
    for (text, wanted) in [
        (
            keys("when.criteria.", 51),
            "when.criteria: must be at most 50",
        ),
        (
            keys("when.criteria.", 5_000),
            "when.criteria: has more than 200 keys",
        ),
        (keys("", 5_000), "has more than 200 keys"),
    ] {
        let found = only(Part::Margins, &text).unwrap_err();
        assert!(
            found.iter().any(|f| f.to_string().contains(wanted)),
            "{found:#?}"
        );
        assert!(found.len() <= MAX_FINDINGS + 1);
    }
    let families: Vec<String> = (0..21).map(|n| format!("\"f{n}\"")).collect();
    let text = format!(
        "[[product]]\ncode = \"A\"\nname = \"A\"\nprogram = \"fha\"\nterm_years = 30\nfamilies = [{}]\n",
        families.join(",")
    );
    let found = only(Part::Products, &text).unwrap_err();
    assert!(found[0].what.contains("at most 20"), "{found:?}");
}

#[test]
fn a_number_alone_is_a_range_only_where_things_are_counted() {
    let margin = |rest: &str| format!("[[margin]]\nname = \"m\"\npoints = 1\n{rest}\n");
    for counted in [
        "when.units = 1",
        "when.lock_days = 30",
        "products.term_years = 30",
    ] {
        good(Part::Margins, &margin(counted));
    }
    for key in ["ltv", "cltv", "hcltv", "dti", "score", "loan_amount"] {
        let found = only(Part::Margins, &margin(&format!("when.{key} = 95"))).unwrap_err();
        assert_eq!(found.len(), 1);
        assert!(found[0].what.contains("must say which"), "{found:?}");
    }
}

#[test]
fn formulas_stay_texts_in_spreadsheets() {
    let text = "[[fee]]\nname = \"=HYPERLINK(\\\"x\\\")\"\ntype = \"SurveyFee\"\namount = 1\n\
                when.channels = [\"@a\", \"b\"]\n";
    let catalogue = good(Part::Fees, text);
    let csv = part_to_csv(&catalogue, Part::Fees).unwrap();
    assert!(
        csv.contains("\"'=HYPERLINK(\"\"x\"\")\"") && csv.contains("'@a;b"),
        "{csv}"
    );
    let again = part_from_csv(Part::Fees, &csv);
    assert_eq!(again, Ok(write_part(&catalogue, Part::Fees)));
    let sheet = "product,lock_days,rate,price\n'=A,30,6,100\n";
    let sheets = sheet::read_sheets(sheet).unwrap();
    assert_eq!(sheets.keys().collect::<Vec<_>>(), ["=A"]);
    let all = sheets.iter().map(|(code, sheet)| (code.as_str(), sheet));
    assert!(sheet::write_sheets(all).contains("\n'=A,30,6,100"));
}

#[test]
fn the_first_day_there_is_is_no_day() {
    let first = Date::FIRST;
    let text = format!("[[margin]]\nname = \"m\"\npoints = 1\nfrom = \"{first}\"\n");
    assert_eq!(good(Part::Margins, &text).margins[0].days, None);
}
