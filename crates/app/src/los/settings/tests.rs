//! What settings may be.

use super::*;

fn http() -> HttpSettings {
    HttpSettings {
        address: AddressTemplate::parse("https://los.example.com/{loanLOSID}").expect("a template"),
        credentials: LosCredentials::None,
        accept: DEFAULT_ACCEPT.to_owned(),
        member: DEFAULT_MEMBER.to_owned(),
        certificates: None,
        timeout_s: DEFAULT_TIMEOUT_S,
        attempts: DEFAULT_ATTEMPTS,
    }
}

fn secret(text: &str) -> Sensitive<String> {
    Sensitive::new(text.to_owned())
}

#[track_caller]
fn check(change: impl FnOnce(&mut HttpSettings)) -> Result<(), Mistake> {
    let mut settings = http();
    change(&mut settings);
    LosSettings::Http(Box::new(settings)).check()
}

#[test]
fn numbers_have_bounds() {
    assert_eq!(check(|_| {}), Ok(()));
    for (timeout_s, attempts, is_good) in [
        (1, 1, true),
        (25, 5, true),
        (0, 3, false),
        (26, 3, false),
        (20, 0, false),
        (20, 6, false),
    ] {
        let checked = check(|http| (http.timeout_s, http.attempts) = (timeout_s, attempts));
        assert_eq!(checked.is_ok(), is_good, "{timeout_s} {attempts}");
    }
}

#[test]
fn members_are_names_with_dots() {
    let long = "x".repeat(65);
    for (member, is_good) in [
        ("mismo34", true),
        ("data.loan.document", true),
        ("a.b.c.d.e", true),
        ("a.b.c.d.e.f", false),
        ("", false),
        (".a", false),
        ("a..b", false),
        ("a\nb", false),
        (long.as_str(), false),
    ] {
        let checked = check(|http| member.clone_into(&mut http.member));
        assert_eq!(checked.is_ok(), is_good, "{member:?}");
    }
}

#[test]
fn credentials_fit_into_a_header() {
    let basic = |user: &str, password: &str| LosCredentials::Basic {
        user: user.to_owned(),
        password: secret(password),
    };
    let bearer = |token: &str| LosCredentials::Bearer {
        token: secret(token),
    };
    let header = |name: &str, value: &str| LosCredentials::Header {
        name: name.to_owned(),
        value: secret(value),
    };
    for (credentials, is_good) in [
        (basic("lintel", "päss wörd"), true),
        (basic("", "x"), false),
        (basic("a:b", "x"), false),
        (basic("a", ""), false),
        (basic("a", "x\ny"), false),
        (basic("a\r", "x"), false),
        (bearer("abc.def-123"), true),
        (bearer("a b"), false),
        (bearer("a\r\nX: y"), false),
        (bearer("ä"), false),
        (bearer(""), false),
        (header("X-Api-Key", "k e y"), true),
        (header("Cookie", "a=b"), true),
        (header("X Api", "k"), false),
        (header("X:", "k"), false),
        (header("Host", "k"), false),
        (header("transfer-Encoding", "k"), false),
        (header("X-Api-Key", "k\n"), false),
        (header("X-Api-Key", " k"), false),
        (header("X-Api-Key", &"k".repeat(4097)), false),
    ] {
        let shown = format!("{credentials:?}");
        let checked = check(|http| http.credentials = credentials);
        assert_eq!(checked.is_ok(), is_good, "{shown}");
    }
}

#[test]
fn folders_are_absolute() {
    for (folder, is_good) in [
        ("/srv/los", true),
        ("srv/los", false),
        ("", false),
        ("/srv/\0", false),
    ] {
        let folder = folder.to_owned();
        let settings = LosSettings::Folder(FolderSettings { folder });
        assert_eq!(settings.check().is_ok(), is_good, "{settings:?}");
    }
}

#[test]
fn certificates_are_bounded() {
    let begin = "-----BEGIN CERTIFICATE-----\n";
    for (pem, is_good) in [
        (begin.to_owned(), true),
        ("nothing".to_owned(), false),
        (format!("{begin}{}", "A".repeat(256 * 1024)), false),
    ] {
        let checked = check(|http| http.certificates = Some(pem));
        assert_eq!(checked.is_ok(), is_good);
    }
}

#[test]
fn nothing_shows_a_secret_but_what_is_sealed() {
    let mut settings = http();
    settings.credentials = LosCredentials::Basic {
        user: "lintel".to_owned(),
        password: secret("hunter2"),
    };
    let settings = LosSettings::Http(Box::new(settings));
    assert!(!format!("{settings:?} {settings:#?}").contains("hunter2"));
    let stored = serde_json::to_string(&settings).expect("written");
    assert!(stored.contains("hunter2"));
    assert_eq!(
        serde_json::from_str::<LosSettings>(&stored).ok(),
        Some(settings)
    );
    // An address that was fine once and is not any more does not come back as settings.
    let bad = stored.replace("{loanLOSID}", "x");
    assert!(serde_json::from_str::<LosSettings>(&bad).is_err());
}
