//! Addresses a callback may go to, and all the ways of writing one it may not.

use super::*;

use BadTarget::{Malformed, NotPublic, TooLong};

#[test]
fn addresses_that_are_called() {
    for (text, url) in [
        (
            "https://hooks.example.com",
            "https://hooks.example.com:443/",
        ),
        (
            "HTTPS://Hooks.Example.COM/a/B?c=D",
            "https://hooks.example.com:443/a/B?c=D",
        ),
        (
            "https://hooks.example.com:8443/x",
            "https://hooks.example.com:8443/x",
        ),
        (
            "https://hooks.example.com?x=1",
            "https://hooks.example.com:443/?x=1",
        ),
        (
            "https://xn--bcher-kva.example/%C3%A9",
            "https://xn--bcher-kva.example:443/%C3%A9",
        ),
        ("https://93.184.215.14/x", "https://93.184.215.14:443/x"),
        (
            "https://[2606:4700:4700::1111]:8443/x",
            "https://[2606:4700:4700::1111]:8443/x",
        ),
        (
            "https://1a.example.com/@user:x",
            "https://1a.example.com:443/@user:x",
        ),
    ] {
        let target = Target::parse(text, false).expect(text);
        assert_eq!(target.url(), url);
        // What is called reads the same once more.
        assert_eq!(Target::parse(target.url(), false), Ok(target), "{text}");
    }
}

/// Holds a list against the reader.
fn hold(list: &[(&str, BadTarget)]) {
    for (text, why) in list {
        assert_eq!(Target::parse(text, false), Err(*why), "{text:?}");
    }
}

#[test]
fn addresses_that_are_not() {
    hold(&[
        ("", Malformed),
        ("hooks.example.com", Malformed),
        ("//hooks.example.com/", Malformed),
        ("http://hooks.example.com/", Malformed),
        ("ftp://hooks.example.com/", Malformed),
        ("file:///etc/passwd", Malformed),
        ("https:hooks.example.com", Malformed),
        ("https:///x", Malformed),
        ("https://", Malformed),
        (" https://hooks.example.com/", Malformed),
        ("https://hooks.example.com/ x", Malformed),
        ("https://hooks.example.com/\r\nHost: a", Malformed),
        ("https://hooks.example.com/\0", Malformed),
        ("https://hooks.example.com\\@10.0.0.1/", Malformed),
        ("https://user@hooks.example.com/", Malformed),
        ("https://user:pass@hooks.example.com/", Malformed),
        ("https://hooks.example.com@127.0.0.1/", Malformed),
        ("https://hooks.example.com/#part", Malformed),
        ("https://hooks.example.com#@127.0.0.1/", Malformed),
        ("https://hooks.example.com/%zz", Malformed),
        ("https://hooks.example.com/%4", Malformed),
        ("https://%31%32%37.0.0.1/", Malformed),
        ("https://bücher.example/", Malformed),
        ("https://１２７.0.0.1/", Malformed),
        ("https://hooks。example.com/", Malformed),
        ("https://hooks.example.com./", Malformed),
        ("https://.example.com/", Malformed),
        ("https://a..example.com/", Malformed),
        ("https://-a.example.com/", Malformed),
        ("https://a_b.example.com/", Malformed),
        ("https://hooks.example.com:0/", Malformed),
        ("https://hooks.example.com:/", Malformed),
        ("https://hooks.example.com:65536/", Malformed),
        ("https://hooks.example.com:+443/", Malformed),
        ("https://hooks.example.com:443:443/", Malformed),
        ("https://2130706433/", Malformed),
        ("https://0x7f000001/", Malformed),
        ("https://0x7f.0x0.0x0.0x1/", Malformed),
        ("https://017700000001/", Malformed),
        ("https://0177.0.0.1/", Malformed),
        ("https://127.1/", Malformed),
        ("https://127.0.0.1./", Malformed),
        ("https://127.0.0.0x1/", Malformed),
        ("https://example.0x/", Malformed),
        ("https://[::1/", Malformed),
        ("https://::1/", Malformed),
        ("https://[fe80::1%25eth0]/", Malformed),
        ("https://[v1.x]/", Malformed),
        ("https://[::1]x/", Malformed),
    ]);
}

#[test]
fn addresses_that_lead_inside() {
    hold(&[
        ("https://127.0.0.1/", NotPublic),
        ("https://10.1.2.3:8443/", NotPublic),
        ("https://169.254.169.254/latest/meta-data", NotPublic),
        ("https://[::1]/", NotPublic),
        ("https://[::ffff:127.0.0.1]/", NotPublic),
        ("https://[::ffff:7f00:1]/", NotPublic),
        ("https://[64:ff9b::7f00:1]/", NotPublic),
        ("https://[2002:7f00:1::]/", NotPublic),
        ("https://[fd00:ec2::254]/", NotPublic),
        ("https://localhost/", NotPublic),
        ("https://a.localhost/", NotPublic),
        ("https://intranet/", NotPublic),
        ("https://printer.local/", NotPublic),
        ("https://metadata.google.internal/", NotPublic),
        ("https://box.home.arpa/", NotPublic),
        ("https://hooks.example.com:22/", NotPublic),
        ("https://hooks.example.com:80/", NotPublic),
    ]);
}

#[test]
fn addresses_that_are_too_long() {
    let long = format!("https://hooks.example.com/{}", "a".repeat(URL_MAX_LEN));
    assert_eq!(Target::parse(&long, false), Err(TooLong));
    let label = format!("https://{}.example.com/", "a".repeat(64));
    assert_eq!(Target::parse(&label, false), Err(Malformed));
}

#[test]
fn development_reaches_its_own_machine_and_still_needs_https() {
    for text in [
        "https://localhost:8443/x",
        "https://127.0.0.1:1/",
        "https://[::1]:9443/",
    ] {
        assert!(Target::parse(text, true).is_ok(), "{text}");
    }
    assert_eq!(Target::parse("http://localhost/", true), Err(Malformed));
    assert_eq!(Target::parse("https://127.1/", true), Err(Malformed));
}

#[test]
fn debugging_shows_no_path() {
    let target = Target::parse("https://hooks.example.com/token-abc?key=def", false).expect("good");
    let shown = format!("{target:?}");
    assert!(!shown.contains("abc") && !shown.contains("def"), "{shown}");
}
