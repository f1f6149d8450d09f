//! Every letter, with every sample and brand, as HTML and text.

use super::*;
use crate::html::{active_content, text_of_html};
use crate::letters::{
    ApplicationInvitation, CallbackOff, HOSTILE, LoanInvitation, PasswordChanged, PasswordReset,
    RateReached, RateUpdate, SignUp, SigningReady, Welcome,
};

fn brands() -> Vec<Brand> {
    let full = Brand {
        name: "Sample Home Loans".to_owned(),
        logo_url: Some("https://loans.example.com/images/0a.png".to_owned()),
        color: Some("#ffd200".to_owned()),
        address: Some("1 Sample Street, Sampleton, CA 90001".to_owned()),
        nmls: Some("9900001".to_owned()),
        phone: Some("(714) 555-0100".to_owned()),
        website: Some("https://www.example.com".to_owned()),
    };
    let bare = Brand {
        name: "Sample Bank".to_owned(),
        ..Brand::default()
    };
    let text = || Some(HOSTILE.to_owned());
    let hostile = Brand {
        name: format!("{HOSTILE}\r\nBcc: all@example.com\u{202e}"),
        logo_url: text(),
        color: text(),
        address: text(),
        nmls: text(),
        phone: text(),
        website: Some("javascript:alert(1)".to_owned()),
    };
    vec![full, bare, hostile]
}

/// Renders every sample with every brand, twice, and hands each to the check.
fn each_sample(check: &dyn Fn(&str, &Rendered)) {
    fn all<L: Letter>(check: &dyn Fn(&str, &Rendered)) {
        for brand in brands() {
            let letters = L::samples();
            assert!(letters.len() >= 2, "{} has too few samples", L::NAME);
            for letter in &letters {
                let rendered = render(&brand, letter)
                    .unwrap_or_else(|e| panic!("{}: {e}: {:?}", L::NAME, e.cause));
                assert_eq!(rendered, render(&brand, letter).expect("again"));
                check(L::NAME, &rendered);
            }
        }
        assert!(LETTERS.iter().any(|(name, _)| *name == L::NAME));
    }
    all::<PasswordReset>(check);
    all::<PasswordChanged>(check);
    all::<Welcome>(check);
    all::<SignUp>(check);
    all::<SigningReady>(check);
    all::<LoanInvitation>(check);
    all::<ApplicationInvitation>(check);
    all::<RateUpdate>(check);
    all::<RateReached>(check);
    all::<CallbackOff>(check);
    assert_eq!(LETTERS.len(), 10, "a letter is missing above");
}

#[test]
fn every_letter_renders_with_every_sample() {
    each_sample(&|name, letter| {
        let subject = &letter.subject;
        assert!(!subject.is_empty() && subject.chars().count() <= SUBJECT_MAX_CHARS);
        assert!(
            !subject.chars().any(char::is_control),
            "{name}: {subject:?}"
        );
        assert!(!subject.contains('\u{202e}'));
        for text in [&letter.text, &letter.html] {
            assert!(
                !text.contains('\u{202e}') && !text.contains("{%"),
                "{name}: {text}"
            );
            assert!(!text.contains("{{ p."), "{name}: {text}");
        }
        assert!(
            letter.html.starts_with("<!DOCTYPE html>"),
            "{name}: {}",
            letter.html
        );
        assert!(!letter.html.contains("<sample"), "{name}: {}", letter.html);
        assert!(
            letter.html.len() < 60_000,
            "mail programs cut long letters: {name}"
        );
        assert_eq!(active_content(&letter.html), None, "{name}");
    });
}

#[test]
fn the_html_is_well_formed_and_accessible() {
    each_sample(&|name, letter| {
        let mut open: Vec<String> = Vec::new();
        let mut rest = letter.html.as_str();
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            let end = rest.find('>').expect("a tag ends");
            let tag = &rest[..end];
            if tag.starts_with('!') {
                let end = if tag.starts_with("!--") {
                    rest.find("-->").expect("ends")
                } else {
                    end
                };
                rest = &rest[end..];
                continue;
            }
            rest = &rest[end + 1..];
            let word = tag.split(' ').next().unwrap_or_default();
            match word.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed), "{name}: {tag}"),
                None if ["meta", "img", "br"].contains(&word) => {}
                None => open.push(word.to_owned()),
            }
            match word {
                "img" => assert!(
                    tag.contains(" alt=\"") && !tag.contains(" alt=\"\""),
                    "{tag}"
                ),
                "html" => assert!(tag.contains(" lang=\"en\"")),
                "th" => assert!(tag.contains(" scope=\""), "{tag}"),
                "a" => assert!(!rest.trim_start().starts_with("</a>"), "{name}: empty link"),
                "table" => {
                    let is_layout = tag.contains(" role=\"presentation\"");
                    let is_titled = rest.trim_start().starts_with("<caption");
                    assert!(is_layout != is_titled, "{name}: {tag}");
                }
                _ => {}
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
        assert_eq!(letter.html.matches("<h1").count(), 1);
    });
}

#[test]
fn text_and_html_say_the_same() {
    each_sample(&|name, letter| {
        let html = text_of_html(&letter.html);
        let said = joined(&html);
        for line in letter.text.lines().map(str::trim) {
            // Lists, tables and links are written in ways of their own.
            let is_prose = line.ends_with('.') && !line.contains(['(', '–', ':', '<']);
            if is_prose {
                assert!(
                    said.contains(&joined(line)),
                    "{name}: {line:?} is not in {said}"
                );
            }
        }
        for link in letter
            .text
            .split_whitespace()
            .filter(|w| w.starts_with("https://loans"))
        {
            let link = link.trim_end_matches([')', ',', '.']);
            assert!(letter.html.contains(&escaped(link)), "{name}: {link}");
        }
    });
}

#[test]
fn a_link_is_alone_on_its_line() {
    let brand = Brand::default();
    for letter in SigningReady::samples() {
        let text = render(&brand, &letter).expect("rendered").text;
        assert!(text.lines().any(|line| line == letter.url), "{text}");
    }
}

#[test]
fn a_subject_fits_a_header() {
    assert_eq!(one_line(" a\r\nBcc:  b\u{0}\u{2028}c\t"), "a Bcc: b c");
    let long = one_line(&"é".repeat(500));
    assert_eq!(long.chars().count(), SUBJECT_MAX_CHARS);
}

#[test]
fn what_a_letter_says() {
    let brand = Brand {
        name: "Example Broker".to_owned(),
        ..Brand::default()
    };
    let letter = &LoanInvitation::samples()[0];
    let text = render(&brand, letter).expect("rendered").text;
    for part in [
        "Hello Wren,\n",
        "Example Broker has taken in",
        "The lender is Sample Wholesale Lender.",
        "Your loan officer is Olive Officer Jr..",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// Writes every sample to the folder `LINTEL_LETTERS` names, to be looked at in a browser.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever looks at the samples says where to; no configuration of the program"
)]
fn samples_can_be_looked_at() {
    let Some(folder) = std::env::var_os("LINTEL_LETTERS") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let count = std::cell::Cell::new(0_usize);
    each_sample(&|name, letter| {
        count.set(count.get() + 1);
        let file = |ending: &str| folder.join(format!("{name}-{:03}.{ending}", count.get()));
        std::fs::write(file("html"), &letter.html).expect("written");
        let text = format!("{}\n\n{}", letter.subject, letter.text);
        std::fs::write(file("txt"), text).expect("written");
    });
}
