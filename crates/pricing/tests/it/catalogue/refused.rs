//! Every kind of slip, and texts made to break the reader.

use lintel_pricing::codec::{MAX_FINDINGS, MAX_PART_BYTES, Part};

use super::only;

fn told(part: Part, text: &str) -> String {
    let found = only(part, text).unwrap_err();
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    found.join("\n")
}

#[test]
fn a_finding_says_where_and_what() {
    let text = "# a comment\n[[fee]]\nname = \"Appraisal\"\ntype = \"AppraisalFee\"\namont = 5\n";
    let found = told(Part::Fees, text);
    assert!(
        found.contains("fees, row 1 (Appraisal), line 5, amont: unknown key; did you mean amount?"),
        "{found}"
    );
    assert!(found.contains("one of amount, percent"), "{found}");
    let found = told(
        Part::Caps,
        "[[cap]]\ngroup = \"g\"\nmax = 1\nwhen.ltvs = { over = 1 }\n",
    );
    assert_eq!(
        found,
        "caps, row 1 (g), line 4, when.ltvs: unknown key; did you mean ltv?"
    );
    let found = told(Part::Caps, "[[caps]]\ngroup = \"g\"\n");
    assert_eq!(
        found,
        "caps, line 1, caps: unknown key; a row begins with [[cap]]"
    );
    let found = told(Part::Caps, "a = 1\nb = \n");
    assert!(found.starts_with("caps, line 2: not TOML"), "{found}");
}

#[test]
fn figures_out_of_bounds_are_refused() {
    let margin = |points: &str| format!("[[margin]]\nname = \"m\"\npoints = {points}\n");
    for points in [
        "nan",
        "inf",
        "-inf",
        "1e308",
        "1e2",
        "101",
        "-101",
        "0x10",
        "0.0000000001",
        "true",
        "[1]",
        "{}",
        "\"abc\"",
        "\"\"",
        "2026-01-01",
        "99999999999999999999999999999999999",
    ] {
        let found = told(Part::Margins, &margin(points));
        assert!(
            found.starts_with("margins, row 1 (m), line 3, points: "),
            "{points}: {found}"
        );
    }
    for points in ["0.1", "-100", "100.000", "\"0.25\"", "1_0.5", "+1"] {
        assert!(only(Part::Margins, &margin(points)).is_ok(), "{points}");
    }
}

#[test]
fn fees_are_checked() {
    let fee = |rest: &str| format!("[[fee]]\nname = \"f\"\ntype = \"SurveyFee\"\n{rest}\n");
    for (rest, wanted) in [
        ("amount = -1", "not within"),
        ("amount = 1.005", "more than 2 digits"),
        ("amount = 1e3", "plain number"),
        ("amount = 99999999999", "not within"),
        ("amount = 1\npercent = 1", "only one of amount, percent"),
        ("percent = 101", "not within"),
        ("percent = 1\nof = \"value\"", "not one of loan, price"),
        ("amount = 1\nof = \"loan\"", "only with percent or tiers"),
        ("amount = 1\nmin = 5\nmax = 4", "4.00 is below min, 5.00"),
        (
            "amount = 1\nsection = \"D\"",
            "D is not one of A, B, C, E, F, G, H",
        ),
        ("amount = 1\nposition = 1.5", "whole number"),
        ("interest_days = 63", "not within"),
        ("tiers = []", "there are none"),
        (
            "tiers = [{ amount = 1 }, { amount = 2 }]",
            "tiers 1 and 2 overlap",
        ),
        (
            "tiers = [{ up_to = 5, amount = 1 }, { over = 4, amount = 2 }]",
            "tiers 1 and 2 overlap",
        ),
        (
            "tiers = [{ over = 5, amount = 1 }, { up_to = 4, amount = 2 }]",
            "overlap or do not rise",
        ),
        (
            "tiers = [{ over = 5, up_to = 5, amount = 1 }]",
            "the range is empty",
        ),
        ("tiers = [{ up_to = 5 }]", "amount or percent is missing"),
        (
            "tiers = [{ up_to = 5, amount = 1, rate = 2 }]",
            "tiers[1].rate: unknown key",
        ),
        ("tiers = 5", "list of tables"),
    ] {
        let found = told(Part::Fees, &fee(rest));
        assert!(found.contains(wanted), "{rest}: {found}");
    }
    let found = told(
        Part::Fees,
        "[[fee]]\nname = \"f\"\ntype = \"ApraisalFee\"\namount = 1\n",
    );
    assert!(found.contains("did you mean AppraisalFee?"), "{found}");
    let found = told(
        Part::Fees,
        "[[fee]]\nname = \"f\"\ntype = \"Other\"\namount = 1\n",
    );
    assert!(found.contains("section: is missing"), "{found}");
}

#[test]
fn conditions_are_checked() {
    for (rest, wanted) in [
        (
            "when.ltv = { over = 95, up_to = 80 }",
            "when.ltv: the range is empty",
        ),
        ("when.ltv = { over = 80, up_to = 80 }", "empty"),
        ("when.ltv = {}", "needs one of over"),
        ("when.ltv = { over = 80, at_least = 81 }", "not both"),
        ("when.ltv = { up_to = 80, below = 81 }", "not both"),
        ("when.ltv = { from = 80 }", "when.ltv.from: unknown key"),
        ("when.ltv = { over = -1 }", "not within"),
        ("when.score = { below = 0 }", "empty"),
        ("when.score = { at_least = 1000 }", "not within 0 to 999"),
        ("when.units = 5", "not within"),
        ("when.states = [\"XX\"]", "XX is not a state"),
        ("when.states = [\"CA\", \"ca\"]", "ca is there twice"),
        ("when.states = []", "must not be an empty list"),
        ("when.states = [true]", "a list of texts"),
        ("when.counties = [\"6059\"]", "FIPS"),
        ("when.zips = [\"1234\"]", "ZIP"),
        ("when.zips = [\"20000..10000\"]", "empty range"),
        ("when.zips = [\"20000..\"]", "ZIP"),
        (
            "when.purposes = [\"buy\"]",
            "not one of purchase, refinance, refinance_cash_out",
        ),
        ("when.flags = { flipp = true }", "did you mean flip?"),
        ("when.flags = { flip = 1 }", "true or false"),
        ("when.criteria = { X = [] }", "empty list"),
        ("when = 5", "must be a table"),
        (
            "products.term_years = 30\nproducts.term_months = 360",
            "not both",
        ),
        ("products.codes = \" A\"", "begin or end with a blank"),
        ("from = \"2026-02-30\"", "not a date"),
        ("from = 2026-01-02\nto = 2026-01-01", "before"),
        ("from = 5", "must be a date"),
    ] {
        let text = format!("[[margin]]\nname = \"m\"\npoints = 1\n{rest}\n");
        let found = told(Part::Margins, &text);
        assert!(found.contains(wanted), "{rest}: {found}");
    }
}

#[test]
fn products_are_checked() {
    let product = |rest: &str| {
        format!(
            "[[product]]\ncode = \"A\"\nname = \"A\"\nprogram = \"fha\"\nterm_years = 30\n{rest}\n"
        )
    };
    for (rest, wanted) in [
        ("term_months = 360", "not both"),
        ("interest_only_years = 30", "interest-only months in a term"),
        ("amortization_years = 20", "amortises over 240 months"),
        ("lock_days = [30, 15]", "must rise"),
        ("lock_days = [0]", "not within"),
        ("lock_days = [30, 30]", "twice"),
        ("public_id = \"abc\"", "eight capital letters"),
        ("min_price = 0", "not within"),
        ("min_price = 101\nmax_price = 100", "100 is below min_price"),
        ("arm = { index = \"sofr\" }", "margin: is missing"),
        (
            "arm = { index = \"sofr_30_day_averag\" }",
            "did you mean sofr_30_day_average?",
        ),
    ] {
        let found = told(Part::Products, &product(rest));
        assert!(found.contains(wanted), "{rest}: {found}");
    }
    let found = told(Part::Products, "[[product]]\ncode = \"A,B\"\n");
    for wanted in [
        "must not contain",
        "name: is missing",
        "program: is missing",
        "term_years or",
    ] {
        assert!(found.contains(wanted), "{found}");
    }
}

#[test]
fn grids_and_cards_are_checked() {
    let text = "[[adjustment]]\nname = \"g\"\ngrid = \"\"\"\nscore/ltv,80,above\n700,1\nbelow,1,2\n\"\"\"\n";
    let found = told(Part::Adjustments, text);
    assert_eq!(
        found,
        "adjustments, row 1 (g), line 3, grid: row 700 has 1 cells, 2 expected"
    );
    let found = told(Part::Adjustments, "[[adjustment]]\nname = \"g\"\n");
    assert!(found.contains("points or grid is missing"), "{found}");
    let head = "ltv_over,ltv_up_to,term_over,term_up_to,coverage";
    for (cells, wanted) in [
        ("", "has no lines"),
        ("a,b\n", "the heading must be"),
        (
            &format!("{head},760\n80,,,,12,1\n"),
            "760 is not a band of scores",
        ),
        (&format!("{head},760+\n"), "no lines below"),
        (&format!("{head},760+\n80,,,,12\n"), "0 cells for 1 bands"),
        (&format!("{head},760+\n80,80,,,12,1\n"), "a range is empty"),
        (&format!("{head},760+\n80,,,,12,nan\n"), "nan"),
        (&format!("{head},760+\n80,,,,12,21\n"), "not within"),
        (
            &format!("{head},760+,<760\n80,,,,12,-,-\n"),
            "has no premium",
        ),
        (
            &format!("{head},760+,740+\n80,,,,12,1,1\n"),
            "760+ and 740+ have scores in common",
        ),
        (
            &format!("{head},760+,760+\n80,,,,12,1,1\n"),
            "760+ and 760+ have scores in common",
        ),
        (
            &format!("{head},600-700,all\n80,,,,12,1,1\n"),
            "600-700 and all have",
        ),
    ] {
        let text = format!("[[card]]\nname = \"c\"\ncells = \"\"\"\n{cells}\"\"\"\n");
        let found = told(Part::MiCards, &text);
        assert!(found.contains(wanted), "{cells}: {found}");
    }
}

#[test]
fn all_slips_are_told_up_to_a_bound() {
    let row = "[[cap]]\ngroup = \"g\"\nmax = 1000\nmix = 2\n";
    let found = only(Part::Caps, &row.repeat(10)).unwrap_err();
    assert_eq!(found.len(), 20);
    let found = only(Part::Caps, &row.repeat(1_000)).unwrap_err();
    assert_eq!(found.len(), MAX_FINDINGS + 1);
    assert_eq!(found.last().unwrap().what, "and 1900 more");
}

#[test]
fn hostile_texts_end_in_findings() {
    let deep = format!("[[cap]]\nwhen = {}", "[".repeat(100_000));
    let dotted = format!("[[cap]]\n{} = 1\n", vec!["a"; 50_000].join("."));
    let long_key = format!("[[cap]]\n{} = 1\n", "k".repeat(1_000_000));
    let long_name = format!("[[cap]]\ngroup = \"{}\"\nmax = 1\n", "n".repeat(1_000_000));
    let control = "[[cap]]\ngroup = \"a\\u0000b\\n\"\nmax = 1\n".to_owned();
    let many = format!("cap = [{}]\n", "1,".repeat(60_000));
    let huge = " ".repeat(MAX_PART_BYTES + 1);
    for text in [
        deep,
        dotted,
        long_key,
        long_name,
        control,
        many,
        huge,
        "\u{0}".to_owned(),
    ] {
        let found = only(Part::Caps, &text).unwrap_err();
        for finding in &found {
            let text = finding.to_string();
            assert!(text.len() < 1_000 && !text.contains('\u{0}'), "{text}");
        }
    }
}
