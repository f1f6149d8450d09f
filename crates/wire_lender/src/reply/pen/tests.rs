//! Decimals, and the comparison with the tree's writers.

use super::*;
use crate::reply::{to_json, to_xml};
use crate::tree::Node;

#[test]
fn decimals_are_exact_and_short() {
    let written = |value, scale| {
        let mut out = Vec::new();
        decimal(&mut out, value, scale);
        String::from_utf8(out).unwrap()
    };
    for (value, scale, text) in [
        (0, 0, "0"),
        (0, 2, "0"),
        (7, 0, "7"),
        (-70, 0, "-70"),
        (20_000, 2, "200"),
        (121_162, 2, "1211.62"),
        (121_160, 2, "1211.6"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (100, 2, "1"),
        (4_125_000_000, 9, "4.125"),
        (10_000_000_000, 9, "10"),
        (-250_000_000, 9, "-0.25"),
        (1, 9, "0.000000001"),
        (i64::MAX, 9, "9223372036.854775807"),
        (i64::MIN, 0, "-9223372036854775808"),
        (i64::MIN, 9, "-9223372036.854775808"),
    ] {
        assert_eq!(written(value, scale), text);
    }
}

#[test]
fn every_pct_is_written_as_it_is_shown() {
    for e9 in [
        1,
        10,
        999_999_999,
        1_000_000_000,
        4_671_500_000,
        -1_250_000_000,
    ] {
        let mut pen = Pen::new(Format::Json);
        pen.pct("rate", Pct::new(e9));
        pen.finish();
        let text = String::from_utf8(pen.take()).unwrap();
        assert_eq!(text, format!("{{\"rate\":{}}}", Pct::new(e9)));
    }
}

fn written(format: Format) -> Vec<u8> {
    let mut pen = Pen::new(format);
    pen.text("status", "a<b & \"c\" é\u{2028}\r\n");
    pen.null("percent");
    pen.maybe("other", None);
    pen.maybe("named", Some("x"));
    pen.int("loanTerm", -30);
    pen.bit("lpmi", true);
    pen.money("fee", Cents::new(62_500));
    pen.date("startDate", Date::new(2026, 9, 1).unwrap());
    pen.object("piti", |pen| {
        pen.pct("rate", Pct::new(4_125_000_000));
        pen.object("nothing", |_| ());
    });
    pen.list("fees", [1, 2], |pen, n| {
        pen.int("n", n);
        pen.texts("words", ["a", "b"]);
    });
    pen.list("none", Vec::<i64>::new(), |pen, n| pen.int("n", n));
    pen.texts("noWords", Vec::<String>::new());
    pen.begin_list("permutations");
    for n in 0..2 {
        pen.item("permutations", |pen| pen.int("n", n));
    }
    pen.end_list();
    pen.bit("last", false);
    pen.finish();
    pen.take()
}

#[test]
fn the_pen_and_the_tree_write_the_same() {
    let numbered = |n: i64| Node::object([("n", Node::Int(n))]);
    let fee = |n: i64| numbered(n).with("words", vec!["a", "b"]);
    let tree = Node::object([
        ("status", Node::text("a<b & \"c\" é\u{2028}\r\n")),
        ("percent", Node::Null),
        ("other", Node::Null),
        ("named", Node::text("x")),
        ("loanTerm", Node::Int(-30)),
        ("lpmi", Node::bit(true)),
        ("fee", Node::number("625")),
        ("startDate", Node::text("2026-09-01")),
        (
            "piti",
            Node::object([
                ("rate", Node::number("4.125")),
                ("nothing", Node::Object(Vec::new())),
            ]),
        ),
        ("fees", Node::List(vec![fee(1), fee(2)])),
        ("none", Node::List(Vec::new())),
        ("noWords", Node::List(Vec::new())),
        ("permutations", Node::List(vec![numbered(0), numbered(1)])),
        ("last", Node::bit(false)),
    ]);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert_eq!(text(written(Format::Json)), text(to_json(&tree)));
    assert_eq!(text(written(Format::Xml)), text(to_xml(&tree)));
}

#[test]
fn members_can_be_written_again() {
    for format in [Format::Json, Format::Xml] {
        let all = |second: &dyn Fn(&mut Pen, &[u8])| {
            let mut pen = Pen::new(format);
            let mut kept = Vec::new();
            pen.begin_list("permutations");
            pen.item("permutations", |pen| {
                pen.text("zipcode", "1");
                let mark = pen.mark();
                pen.texts("words", ["a"]);
                kept = pen.since(mark).to_vec();
            });
            pen.item("permutations", |pen| {
                pen.text("zipcode", "2");
                second(pen, &kept);
                pen.bit("more", true);
            });
            pen.end_list();
            pen.finish();
            pen.take()
        };
        let again = all(&|pen, kept| pen.again(kept));
        let anew = all(&|pen, _| pen.texts("words", ["a"]));
        assert_eq!(again, anew);
    }
}
