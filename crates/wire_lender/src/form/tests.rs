//! Table tests of every reader, with the paths of the refusals.

use super::*;
use serde_json::json;

fn read<T>(value: Value, read: impl FnOnce(&Reader<'_>) -> Read<T>) -> Result<T, String> {
    let data = json!({ "a": { "x": value } });
    let root = Reader::new(&data);
    read(&root.obj("a").unwrap()).map_err(|error| {
        let field = error.field.clone().unwrap_or_default();
        assert!(error.message.contains(&field), "{error:?}");
        error.message
    })
}

const MISSING: &str = "Parameter a.x missing or invalid format.";
const INVALID: &str = "Parameter a.x invalid format.";

fn missing<T>() -> Result<T, String> {
    Err(MISSING.to_owned())
}

fn invalid<T>() -> Result<T, String> {
    Err(INVALID.to_owned())
}

#[test]
fn absent_is_null_blank_or_not_there() {
    for absent in [json!(null), json!(""), json!("  ")] {
        assert_eq!(read(absent.clone(), |r| r.req_text("x", 9)), missing());
        assert_eq!(read(absent.clone(), |r| r.opt_text("x", 9)), Ok(None));
        assert_eq!(read(absent.clone(), |r| r.opt_money("x")), Ok(None));
        assert_eq!(read(absent.clone(), |r| r.opt_date("x")), Ok(None));
        assert_eq!(
            read(absent.clone(), |r| r.opt_enum("x", &[("a", 1)])),
            Ok(None)
        );
        assert_eq!(
            read(absent.clone(), |r| Ok(r.opt_list("x", 9)?.is_none())),
            Ok(true)
        );
        assert_eq!(
            read(absent.clone(), |r| Ok(r.opt_obj("x")?.is_none())),
            Ok(true)
        );
        assert_eq!(read(absent, |r| Ok(r.has("x"))), Ok(false));
    }
    assert_eq!(
        read(json!(1), |r| r.req_int("y", 0..=9)),
        Err("Parameter a.y missing or invalid format.".to_owned())
    );
}

#[test]
fn texts() {
    for (value, expected) in [
        (json!(" Ann "), Some("Ann")),
        (json!("äöüß"), Some("äöüß")),
        (json!(92649), Some("92649")),
        (json!("a\nb\tc"), Some("a\nb\tc")),
        (json!("12345"), Some("12345")),
        (json!("123456"), None),
        (json!("a\u{0}b"), None),
        (json!(true), None),
        (json!([]), None),
        (json!({}), None),
    ] {
        let req = expected.map_or_else(missing, |text| Ok(text.to_owned()));
        assert_eq!(read(value.clone(), |r| r.req_text("x", 5)), req, "{value}");
        let opt = expected.map_or_else(invalid, |text| Ok(Some(text.to_owned())));
        assert_eq!(read(value.clone(), |r| r.opt_text("x", 5)), opt, "{value}");
    }
}

#[test]
fn money() {
    for (value, cents) in [
        (json!("160000"), Some(16_000_000)),
        (json!(160_000), Some(16_000_000)),
        (json!(1234.5), Some(123_450)),
        (json!("5000.00"), Some(500_000)),
        (json!("5000.0000"), Some(500_000)),
        (json!(".5"), Some(50)),
        (json!(0), Some(0)),
        (json!(" 7 "), Some(700)),
        (json!("100000000000"), Some(10_000_000_000_000)),
        (json!(1e11), Some(10_000_000_000_000)),
        (json!("100000000000.01"), None),
        (json!(1e308), None),
        (json!(1e17), None),
        (json!("1e3"), None),
        (json!("0.005"), Some(1)),
        (json!(0.001), Some(0)),
        (json!(300_000.000_000_000_06), Some(30_000_000)),
        (json!("416666.666667"), Some(41_666_667)),
        (json!("100000000000.004"), Some(10_000_000_000_000)),
        (json!("100000000000.005"), None),
        (json!("-1"), None),
        (json!(-0.01), None),
        (json!("$5"), None),
        (json!("1,000"), None),
        (json!("+1"), None),
        (json!("1."), None),
        (json!("."), None),
        (json!("NaN"), None),
        (json!("0x10"), None),
        (json!("٣"), None),
        (json!("1 000"), None),
        (json!("9".repeat(500)), None),
        (json!(true), None),
        (json!([1]), None),
    ] {
        let req = cents.map_or_else(missing, |cents| Ok(Cents::new(cents)));
        assert_eq!(read(value.clone(), |r| r.req_money("x")), req, "{value}");
        let opt = cents.map_or_else(invalid, |cents| Ok(Some(Cents::new(cents))));
        assert_eq!(read(value.clone(), |r| r.opt_money("x")), opt, "{value}");
    }
}

#[test]
fn percentages_and_points() {
    let rate = |text: &str| Pct::parse_decimal(text).unwrap();
    for (value, pct, points) in [
        (json!("2.250"), Some("2.25"), Some("2.25")),
        (json!(6.875), Some("6.875"), Some("6.875")),
        (json!("0"), Some("0"), Some("0")),
        (json!("100"), Some("100"), Some("100")),
        (json!("-1.750"), None, Some("-1.75")),
        (json!(-0.5), None, Some("-0.5")),
        (json!("-.125"), None, Some("-0.125")),
        (json!("100.001"), None, None),
        (json!("-101"), None, None),
        (json!("4%"), None, None),
        (json!("1e1"), None, None),
        (json!(1e308), None, None),
        (json!("6,5"), None, None),
        (json!("-"), None, None),
        (json!("--1"), None, None),
    ] {
        let expected = pct.map_or_else(missing, |text| Ok(rate(text)));
        assert_eq!(read(value.clone(), |r| r.req_pct("x")), expected, "{value}");
        let expected = points.map_or_else(missing, |text| Ok(rate(text)));
        assert_eq!(
            read(value.clone(), |r| r.req_points("x")),
            expected,
            "{value}"
        );
        let expected = points.map_or_else(invalid, |text| Ok(Some(rate(text))));
        assert_eq!(
            read(value.clone(), |r| r.opt_points("x")),
            expected,
            "{value}"
        );
        let expected = pct.map_or_else(invalid, |text| Ok(Some(rate(text))));
        assert_eq!(read(value.clone(), |r| r.opt_pct("x")), expected, "{value}");
    }
}

#[test]
fn whole_numbers() {
    for (value, expected) in [
        (json!(30), Some(30)),
        (json!("30"), Some(30)),
        (json!("030"), Some(30)),
        (json!(30.0), Some(30)),
        (json!("30.00"), Some(30)),
        (json!("0"), Some(0)),
        (json!(40), Some(40)),
        (json!(41), None),
        (json!(-1), None),
        (json!(30.5), None),
        (json!("abc"), None),
        (json!("99999999999999999999"), None),
        (json!(u64::MAX), None),
        (json!(false), None),
    ] {
        let req = expected.map_or_else(missing, Ok);
        assert_eq!(
            read(value.clone(), |r| r.req_int("x", 0..=40)),
            req,
            "{value}"
        );
        let opt = expected.map_or_else(invalid, |int| Ok(Some(int)));
        assert_eq!(
            read(value.clone(), |r| r.opt_int("x", 0..=40)),
            opt,
            "{value}"
        );
    }
}

#[test]
fn bits() {
    for (values, expected) in [
        (
            [json!(1), json!("1"), json!(true), json!("true")],
            Some(true),
        ),
        (
            [json!(0), json!("0"), json!(false), json!("false")],
            Some(false),
        ),
        ([json!(2), json!("yes"), json!([]), json!("TRUE")], None),
    ] {
        for value in values {
            let req = expected.map_or_else(missing, Ok);
            assert_eq!(read(value.clone(), |r| r.req_bit("x")), req, "{value}");
            let opt = expected.map_or_else(invalid, |set| Ok(Some(set)));
            assert_eq!(read(value.clone(), |r| r.opt_bit("x")), opt, "{value}");
        }
    }
}

#[test]
fn dates() {
    for (value, expected) in [
        (json!("01/31/2017"), Some((2017, 1, 31))),
        (json!("1/2/2017"), Some((2017, 1, 2))),
        (json!("2017-01-31"), Some((2017, 1, 31))),
        (json!("02/29/2024"), Some((2024, 2, 29))),
        (json!("02/29/2023"), None),
        (json!("31/01/2017"), None),
        (json!("01/31/17"), None),
        (json!("01/31/2017/1"), None),
        (json!("+1/31/2017"), None),
        (json!("2017-1-31"), None),
        (json!("2017-01-31T00:00:00Z"), None),
        (json!("//"), None),
        (json!("00/00/0000"), None),
        (json!(20_170_131), None),
    ] {
        let expected = expected.map(|(year, month, day)| Date::new(year, month, day).unwrap());
        let req = expected.map_or_else(missing, Ok);
        assert_eq!(read(value.clone(), |r| r.req_date("x")), req, "{value}");
        let opt = expected.map_or_else(invalid, |date| Ok(Some(date)));
        assert_eq!(read(value.clone(), |r| r.opt_date("x")), opt, "{value}");
    }
}

#[test]
fn choices() {
    let table = [("Fixed", 1), ("AdjustableRate", 2), ("30", 3)];
    for (value, expected) in [
        (json!("Fixed"), Some(1)),
        (json!("AdjustableRate"), Some(2)),
        (json!(30), Some(3)),
        (json!("fixed"), None),
        (json!("Fixed2"), None),
        (json!([]), None),
    ] {
        let req = expected.map_or_else(missing, Ok);
        assert_eq!(
            read(value.clone(), |r| r.req_enum("x", &table)),
            req,
            "{value}"
        );
        let opt = expected.map_or_else(invalid, |choice| Ok(Some(choice)));
        assert_eq!(
            read(value.clone(), |r| r.opt_enum("x", &table)),
            opt,
            "{value}"
        );
    }
}

#[test]
fn paths_lead_through_objects_and_lists() {
    let data =
        json!({"products": [{}, {"rates": [{"rate": "abc"}, 7]}], "none": [], "many": [{}, {}]});
    let root = Reader::new(&data);
    let products = root.filled_list("products", 2).unwrap();
    let field = |result: Read<()>| result.unwrap_err().field.unwrap();
    assert_eq!(
        field(products[0].list("rates", 9).map(drop)),
        "products[0].rates"
    );
    assert_eq!(
        field(products[1].list("rates", 9).map(drop)),
        "products[1].rates[1]"
    );
    let rates = json!({"products": [{"rates": [{"rate": "abc"}]}]});
    let rates = Reader::new(&rates).list("products", 9).unwrap()[0]
        .list("rates", 9)
        .unwrap();
    assert_eq!(
        field(rates[0].req_pct("rate").map(drop)),
        "products[0].rates[0].rate"
    );
    let empty = root.filled_list("none", 9).unwrap_err();
    assert_eq!(empty.message, "Parameter none cannot be empty.");
    assert!(root.list("none", 9).unwrap().is_empty());
    assert_eq!(
        root.opt_list("many", 1).unwrap_err(),
        LenderError::invalid("many")
    );
    assert_eq!(
        root.list("many", 1).unwrap_err(),
        LenderError::missing("many")
    );
    assert_eq!(root.obj("many").unwrap_err(), LenderError::missing("many"));
    assert!(
        !root.obj("none").unwrap().has("x"),
        "PHP writes an empty object as []"
    );
    let names: Vec<&str> = root.members().map(|(name, _)| name).collect();
    assert_eq!(names, ["products", "none", "many"]);
}

#[test]
fn lists_of_text() {
    let both = || json!(["CA", " NV "]);
    let texts = Ok(Some(vec!["CA".to_owned(), "NV".to_owned()]));
    assert_eq!(read(both(), |r| r.opt_list_of_text("x", 2, 2)), texts);
    assert_eq!(read(both(), |r| r.opt_list_of_text("x", 1, 2)), invalid());
    let item = Err("Parameter a.x[0] invalid format.".to_owned());
    assert_eq!(read(both(), |r| r.opt_list_of_text("x", 2, 1)), item);
    for odd in [json!([" "]), json!([null])] {
        assert_eq!(read(odd, |r| r.opt_list_of_text("x", 2, 9)), item);
    }
    for odd in [json!("CA"), json!({"0": "CA"})] {
        assert_eq!(read(odd, |r| r.opt_list_of_text("x", 2, 2)), invalid());
    }
    assert_eq!(
        read(json!(null), |r| r.opt_list_of_text("x", 2, 2)),
        Ok(None)
    );
}

#[test]
fn the_payload_itself() {
    assert!(!Reader::new(&json!([1])).has("0"));
}

#[test]
fn a_percentage_s_text_for_other_spellings() {
    assert_eq!(parse_pct(" 4 "), Pct::parse_decimal("4").ok());
    assert_eq!(parse_pct("4%"), None);
}
