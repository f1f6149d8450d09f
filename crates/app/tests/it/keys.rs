//! The key ring: what it seals only it opens, and only its owner may read its file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use lintel_app::keys::{KeyRing, Purpose};
use lintel_app::ports::{SeededRng, SystemRng};

const PURPOSES: [Purpose; 4] = [
    Purpose::LoanDocument,
    Purpose::LoanApplication,
    Purpose::TaxId,
    Purpose::BirthDate,
];

fn ring(seed: u64) -> (KeyRing, SeededRng) {
    let rng = SeededRng::new(seed);
    (KeyRing::in_memory(&rng).expect("a ring"), rng)
}

#[test]
fn what_is_sealed_opens_for_its_own_row_and_purpose_only() {
    let (ring, rng) = ring(1);
    for purpose in PURPOSES {
        let sealed = ring
            .seal(purpose, "row-1", b"900661234", &rng)
            .expect("sealed");
        assert!(!sealed.windows(9).any(|w| w == b"900661234"));
        assert_eq!(
            ring.unseal(purpose, "row-1", &sealed).expect("opened"),
            b"900661234"
        );
        ring.unseal(purpose, "row-2", &sealed)
            .expect_err("another row");
        for other in PURPOSES.into_iter().filter(|p| *p != purpose) {
            ring.unseal(other, "row-1", &sealed)
                .expect_err("another purpose");
        }
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let (ring, rng) = ring(1);
    let sealed = ring
        .seal(Purpose::TaxId, "row", b"900661234", &rng)
        .expect("sealed");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        ring.unseal(Purpose::TaxId, "row", &changed)
            .expect_err("changed");
        ring.unseal(Purpose::TaxId, "row", &sealed[..at])
            .expect_err("cut off");
    }
    let mut longer = sealed.clone();
    longer.push(0);
    ring.unseal(Purpose::TaxId, "row", &longer)
        .expect_err("longer");
    ring.unseal(Purpose::TaxId, "row", &sealed)
        .expect("untouched");
}

#[test]
fn another_ring_opens_nothing() {
    let (one, rng) = ring(1);
    let (other, _) = ring(2);
    let sealed = one
        .seal(Purpose::TaxId, "row", b"900661234", &rng)
        .expect("sealed");
    other
        .unseal(Purpose::TaxId, "row", &sealed)
        .expect_err("another ring");
    let (tag, id) = one.mac(Purpose::ApiKey, b"secret").expect("signed");
    assert!(
        one.verify(Purpose::ApiKey, id, b"secret", &tag)
            .expect("asked")
    );
    assert!(
        !one.verify(Purpose::ApiKey, id, b"secret!", &tag)
            .expect("asked")
    );
    assert!(
        !one.verify(Purpose::Device, id, b"secret", &tag)
            .expect("asked")
    );
    other
        .verify(Purpose::ApiKey, id, b"secret", &tag)
        .expect_err("a key it does not have");
}

#[test]
fn the_same_value_never_seals_the_same_way_twice() {
    let (ring, rng) = ring(1);
    let seal = || {
        ring.seal(Purpose::TaxId, "row", b"900661234", &rng)
            .expect("sealed")
    };
    assert_ne!(seal(), seal());
}

#[test]
fn the_file_is_for_its_owner_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys.toml");
    KeyRing::open_or_create(&path, &SystemRng::default()).expect("made");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(
        fs::read_dir(folder.path()).expect("listed").count(),
        1,
        "no second copy is left"
    );
    for shared in [0o640, 0o604, 0o660, 0o644, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(shared)).expect("changed");
        let fault = KeyRing::open(&path).expect_err("shared");
        assert!(fault.to_string().contains("chmod 600"), "{fault}");
        KeyRing::open_or_create(&path, &SystemRng::default()).expect_err("shared");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("changed");
    KeyRing::open(&path).expect("read-only for its owner is fine");
}

#[test]
fn opening_again_gives_the_same_ring() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys.toml");
    let rng = SystemRng::default();
    KeyRing::open(&path).expect_err("not there yet");
    let first = KeyRing::open_or_create(&path, &rng).expect("made");
    let second = KeyRing::open_or_create(&path, &rng).expect("opened");
    assert_eq!(
        first.current_id().expect("a key"),
        second.current_id().expect("a key")
    );
    let sealed = first
        .seal(Purpose::TaxId, "row", b"x", &rng)
        .expect("sealed");
    assert_eq!(
        second
            .unseal(Purpose::TaxId, "row", &sealed)
            .expect("opened"),
        b"x"
    );
    let derive = |ring: &KeyRing| {
        let id = ring.current_id().expect("a key").to_owned();
        ring.derive_base62(Purpose::AccessToken, &id, b"nonce", 40)
            .expect("derived")
    };
    assert_eq!(derive(&first), derive(&second));
    assert_eq!(derive(&first).len(), 40);
}

/// Adding a key changes what new values are sealed with; old ones still open.
#[test]
fn keys_rotate() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys.toml");
    let rng = SystemRng::default();
    let before = KeyRing::open_or_create(&path, &rng).expect("made");
    let old = before
        .seal(Purpose::TaxId, "row", b"old", &rng)
        .expect("sealed");
    let mut text = fs::read_to_string(&path).expect("read");
    let secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    text.push_str(&format!(
        "\n[[key]]\nid = \"feedbeef\"\nsecret = \"{secret}\"\n"
    ));
    fs::write(&path, text).expect("written");
    let after = KeyRing::open(&path).expect("opened");
    assert_eq!(after.current_id().expect("a key"), "feedbeef");
    assert!(after.has(before.current_id().expect("a key")));
    assert_eq!(
        after.unseal(Purpose::TaxId, "row", &old).expect("opened"),
        b"old"
    );
    let new = after
        .seal(Purpose::TaxId, "row", b"new", &rng)
        .expect("sealed");
    before
        .unseal(Purpose::TaxId, "row", &new)
        .expect_err("the old ring lacks the new key");
}

#[test]
fn a_broken_file_is_refused_without_quoting_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys.toml");
    for text in [
        "",
        "key = 1",
        "[[key]]\nid = \"00000001\"\nsecret = \"SECRETSECRET\"\n",
        "[[key]]\nid = \"1\"\nsecret = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"\n",
        "[[key]]\nid = \"00000001\nsecret = \"SECRETSECRET",
    ] {
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("changed");
        let fault = KeyRing::open_or_create(&path, &SystemRng::default()).expect_err(text);
        assert!(!fault.chain().contains("SECRET"), "{}", fault.chain());
        assert_eq!(
            fs::read_to_string(&path).expect("read"),
            text,
            "a broken file is not replaced"
        );
    }
}

#[test]
fn a_ring_does_not_print_its_secrets() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys.toml");
    let ring = KeyRing::open_or_create(&path, &SystemRng::default()).expect("made");
    let text = fs::read_to_string(&path).expect("read");
    let secret = text
        .lines()
        .find_map(|l| l.strip_prefix("secret = "))
        .expect("a secret");
    let shown = format!("{ring:?}");
    assert!(!shown.contains(secret.trim_matches('"')));
    assert!(shown.contains(ring.current_id().expect("a key")));
}
