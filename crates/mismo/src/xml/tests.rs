//! The reader beside another one.

use std::fs;
use std::path::Path;

use super::{parse, rival, shape};
use crate::finding::Code;
use crate::limits::Limits;

fn limits() -> Limits {
    Limits {
        max_depth: 1_000,
        ..Limits::default()
    }
}

fn agree(text: &str) -> bool {
    rival::agree(text, shape(text, &limits()), limits().max_nodes)
}

fn fixtures() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = fs::read_dir(folder).expect("fixtures").flatten();
    let texts = files.filter(|file| file.path().extension().is_some_and(|e| e == "xml"));
    let mut texts: Vec<String> = texts
        .map(|file| fs::read_to_string(file.path()).expect("text"))
        .collect();
    texts.sort();
    texts
}

/// A small generator of numbers; the same sequence every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % bound.max(1)
    }
}

#[test]
fn fixtures_are_read_alike() {
    assert_eq!(fixtures().len(), 6);
    for text in fixtures() {
        assert!(agree(&text));
    }
}

#[test]
fn small_documents_are_read_alike() {
    let good = [
        "<a/>",
        "<?xml version='1.0'?>\n<!-- c --><?pi x?><a b='1' c=\"2\">t<!-- - -->u</a> <!-- d -->\n",
        "<a>x &amp; y &#65;&#x42; &lt;&gt;&quot;&apos;</a>",
        "<a><![CDATA[ <&]] ]]>b<![CDATA[]]></a>",
        "<a b=' x\ty\r\nz &#10;&#9; '>a\r\nb\rc</a>",
        "<p:a xmlns:p='u' xmlns='v' p:b='1' b='2'><c xmlns=''/><d/></p:a>",
        "<a xml:lang='en'/>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<\u{e9}t\u{e9} n\u{b7}='\u{1F600}'>\u{fffd}</\u{e9}t\u{e9}>",
        "<a>\u{a0}b\u{2003}</a>",
        "<a>]] ]></a >",
        "<a \n b = '1' />",
        "<a><b><c/></b>x<d/>y</a>",
        "<_a-1.b/>",
    ];
    for text in good {
        assert!(agree(text), "{text:?}");
    }
    let bad = [
        "",
        " ",
        "a",
        "<",
        "<a",
        "<a>",
        "<a b",
        "<a b=",
        "<a b='",
        "</a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a>&</a>",
        "<a>&x;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#;</a>",
        "<a>&#x;</a>",
        "<a>&#99999999999;</a>",
        "<a b='<'/>",
        "<a b='1' b='2'/>",
        "<a b='1'c='2'/>",
        "<p:a/>",
        "<a p:b='1'/>",
        "<a xmlns:p=''/>",
        "<1/>",
        "<a 1='2'/>",
        "<a:b:c xmlns:a='u'/>",
        "<:a/>",
        "<a:/>",
        "<!-- -- --><a/>",
        "<a>]]></a>",
        "<a>\u{1}</a>",
        "<a>\u{ffff}</a>",
        "<a b='&y;'/>",
        "<a><![CDATA[x</a>",
        "<a><?xml version='1.0'?></a>",
        "<a b=1/>",
        "< a/>",
        "<a / >",
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
        "<![CDATA[x]]><a/>",
    ];
    for text in bad {
        assert!(!agree(text), "{text:?}");
        assert!(parse(text, &limits()).is_err(), "{text:?}");
    }
}

#[test]
fn damaged_documents_are_judged_alike() {
    let pieces = [
        "<",
        ">",
        "/",
        "&",
        ";",
        "\"",
        "'",
        "=",
        " ",
        "\r\n",
        "\t",
        "<a>",
        "</a>",
        "<b/>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?p ",
        "?>",
        "&#38;",
        "&amp;",
        "xmlns:x='u'",
        "x:",
        ":",
        "]",
        "\u{1}",
        "\u{fffe}",
        "\u{e9}",
        "xmlns=\"\"",
        "xmlns=\"v\"",
    ];
    let fixtures = fixtures();
    let mut dice = Dice(0x6d69_736d_6f21_1121);
    let mut accepted = 0_u32;
    for round in 0..20_000 {
        let whole = &fixtures[dice.below(fixtures.len())];
        // A window of a document inside an element of its own is small and mostly well-formed.
        let lines: Vec<&str> = whole.lines().skip(1).collect();
        let from = dice.below(lines.len());
        let to = (from + 1 + dice.below(6)).min(lines.len());
        let mut text = match round % 3 {
            0 => whole.clone(),
            _ => format!(
                "<r xmlns:xlink='l' xmlns:ULAD='u' xmlns:DU='d'>{}</r>",
                lines[from..to].join("\n")
            ),
        };
        for _ in 0..=dice.below(3) {
            let mut at = dice.below(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + dice.below(12)).min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let end = end.max(at);
            match dice.below(3) {
                0 => text.replace_range(at..end, ""),
                1 => text.insert_str(at, pieces[dice.below(pieces.len())]),
                _ => text.replace_range(at..end, pieces[dice.below(pieces.len())]),
            }
        }
        accepted += u32::from(agree(&text));
    }
    assert!(
        accepted > 400,
        "{accepted} of the damaged documents are well-formed"
    );
}

fn code(text: &str) -> Option<Code> {
    parse(text, &Limits::default())
        .err()
        .map(|refusal| refusal.code)
}

#[test]
fn a_document_type_is_refused_wherever_it_stands() {
    let texts = [
        "<!DOCTYPE a><a/>",
        "<!doctype a><a/>",
        "<a><!ENTITY b 'c'></a>",
        "<a/><!x>",
    ];
    for text in texts {
        assert_eq!(code(text), Some(Code::DoctypeForbidden), "{text}");
    }
    for text in [
        "<a><![CDATA[ <!DOCTYPE x> ]]></a>",
        "<!-- <!DOCTYPE x> --><a b='<!DOCTYPE'/>",
    ] {
        assert_ne!(code(text), Some(Code::DoctypeForbidden), "{text}");
    }
}

#[test]
fn depth_is_counted_exactly() {
    let nested = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
    assert_eq!(code(&nested(64)), None);
    assert_eq!(code(&nested(65)), Some(Code::TooDeep));
    assert_eq!(code(&"<a>".repeat(10_000)), Some(Code::TooDeep));
    assert_eq!(code(&format!("<r>{}</r>", "<a/>".repeat(10_000))), None);
}

#[test]
fn attributes_and_namespaces_are_counted() {
    let wide = |n: usize| {
        let attributes: String = (0..n).map(|i| format!(" a{i}='='")).collect();
        format!("<a{attributes}/>")
    };
    assert_eq!(code(&wide(64)), None);
    assert_eq!(code(&wide(65)), Some(Code::TooLarge));
    let spaces = |n: usize| {
        let declared: String = (0..n).map(|i| format!("<a xmlns:p{i}='u{i}'>")).collect();
        declared + &"</a>".repeat(n)
    };
    assert_eq!(code(&spaces(32)), None);
    assert_eq!(code(&spaces(33)), Some(Code::TooLarge));
    let many = |n: usize| {
        let declared: String = (0..n).map(|i| format!("<a xmlns='u{i}'/>")).collect();
        format!("<r>{declared}</r>")
    };
    assert_eq!(code(&many(20_000)), None);
    assert_eq!(code(&many(20_001)), Some(Code::TooLarge));
}

#[test]
fn many_attributes_in_all_are_too_many() {
    let small = Limits {
        max_nodes: 100,
        ..Limits::default()
    };
    let text = format!("<r>{}</r>", "<a b='1' c='2' d='3'/>".repeat(40));
    let refusal = parse(&text, &small).err().expect("refused");
    assert_eq!(refusal.code, Code::TooLarge);
}
