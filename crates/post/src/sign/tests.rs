//! Signatures. Whether other programs find them good is tested with a real server (`tests-smtp`).

use ring::signature::KeyPair as _;

use super::*;
use crate::mime;

/// RFC 8463, appendix A.2: the key of the example.
const RFC_8463_SEED: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const RFC_8463_PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

fn signer() -> Signer {
    let seed = STANDARD.decode(RFC_8463_SEED).expect("base 64");
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a key");
    assert_eq!(STANDARD.encode(pair.public_key()), RFC_8463_PUBLIC);
    Signer {
        domain: "football.example.com".to_owned(),
        selector: "brisbane".to_owned(),
        key: Key::Ed25519(pair),
    }
}

/// RFC 8463, appendix A.3: the hash of the body, and the signature made of the head.
#[test]
fn the_example_of_rfc_8463_is_met() {
    let body = "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";
    let hash = digest::digest(&digest::SHA256, relaxed_body(body).as_bytes());
    let hash = STANDARD.encode(hash.as_ref());
    assert_eq!(hash, "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=");
    let head = "From: Joe SixPack <joe@football.example.com>\r\n\
                To: Suzie Q <suzie@shopping.example.net>\r\n\
                Subject: Is dinner ready?\r\n\
                Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n\
                Message-ID: <20030712040037.46341.5F8J@football.example.com>";
    let value = "v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; \
                 i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n \
                 subject : date : message-id : from : subject : date;\r\n \
                 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=";
    let names = [
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "from",
        "subject",
        "date",
    ];
    let mut hashed = chosen(&fields(head), &names);
    hashed.push_str(&relaxed_field("DKIM-Signature", value));
    let signature = signer().sign(hashed.as_bytes()).expect("signed");
    assert_eq!(
        STANDARD.encode(signature),
        "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\
         Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw=="
    );
}

/// RFC 6376, section 3.4.6.
#[test]
fn the_examples_of_rfc_6376_are_met() {
    assert_eq!(relaxed_field("A", " X"), "a:X");
    assert_eq!(relaxed_field("B ", " Y\t\r\n\tZ  "), "b:Y Z");
    assert_eq!(relaxed_body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
    // Section 3.4.4: a body of nothing but line ends is none.
    assert_eq!(relaxed_body("\r\n\r\n"), "");
    assert_eq!(relaxed_body(""), "");
    assert_eq!(relaxed_body("x"), "x\r\n");
}

#[test]
fn a_letter_is_signed_with_every_header_that_matters() {
    let letter = Outgoing {
        unsubscribe: Some("https://lintel.example.com/stop".to_owned()),
        html: Some("<p>Hi</p>".to_owned()),
        ..mime::tests::letter()
    };
    let bytes = mime::write(&letter, None).expect("a letter").bytes;
    let one = signed(Some(&signer()), &letter, bytes.clone()).expect("signed");
    let two = signed(Some(&signer()), &letter, bytes.clone()).expect("signed");
    assert_eq!(one, two);
    assert!(one.ends_with(&bytes));
    let text = String::from_utf8(one).expect("text");
    let own = &text[..text.len() - bytes.len()];
    assert!(own.lines().all(|line| line.len() <= 78), "{own}");
    assert_eq!(
        own.matches("\r\n from:").count() + own.matches("h=from:").count(),
        2,
        "{own}"
    );
    for name in ["list-unsubscribe:", "list-unsubscribe-post:", "message-id:"] {
        assert!(own.contains(name), "{name} in {own}");
    }
    assert_eq!(signed(None, &letter, bytes.clone()), Ok(bytes));
}

#[test]
fn keys_are_read_and_others_are_not() {
    for text in [
        "",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
    ] {
        assert!(read_key(text).is_none(), "{text}");
    }
    // PKCS #8 of an Ed25519 key is this and the seed (RFC 8410, section 7).
    let mut der = STANDARD
        .decode("MC4CAQAwBQYDK2VwBCIEIA==")
        .expect("base 64");
    der.extend(STANDARD.decode(RFC_8463_SEED).expect("base 64"));
    let body = STANDARD.encode(der);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    assert!(matches!(read_key(&pem), Some(Key::Ed25519(_))));
    let folder = tempfile::tempdir().expect("a folder");
    let dkim = Dkim {
        domain: "example.com".to_owned(),
        selector: "s".to_owned(),
        key_file: folder.path().join("key.pem"),
    };
    assert!(Signer::open(&dkim).is_err());
    fs::write(&dkim.key_file, pem).expect("written");
    let signer = Signer::open(&dkim).expect("a signer");
    assert!(!format!("{signer:?}").contains("nWGx"));
}
