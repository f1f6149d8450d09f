//! Loans fetched from a folder of real files and from an address, by the whole server.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::{Value, json};

use super::client::{Client, Credentials, refusal};
use super::place::{Place, on_both, on_sqlite};
use super::process::{Finished, Server, bare, run};

const DOCUMENT: &str = include_str!("../../../../app/tests/it/fixtures/loan.xml");
const LOAN: &str = "Parameter loanLOSID missing or invalid format.";

on_both! {
    loans_are_fetched_from_a_folder => super::from_a_folder;
}

fn admin(place: &Place, words: &[&str]) -> Finished {
    run(bare(&["admin"]).args(place.flags()).args(words))
}

/// A lender and its key pair.
fn lender(place: &Place) -> (String, Credentials) {
    assert_eq!(run(bare(&["migrate"]).args(place.flags())).code, Some(0));
    let new = [
        "org",
        "create",
        "--name",
        "Invented Lending",
        "--kind",
        "retail",
    ];
    let id = admin(place, &new).value("lenderID");
    let made = admin(place, &["credential", "create", "--org", &id]);
    let (api_id, api_key) = (made.value("apiID"), made.value("apiKey"));
    (id, Credentials { api_id, api_key })
}

fn import(client: &Client, id: &str) -> Value {
    let data = json!({ "loanLOSID": id });
    client.call("import-loan", data).expect("an answer")
}

fn code_of(answer: &Value) -> &str {
    answer["error"]["details"][0]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"))
}

fn from_a_folder(place: &Place) {
    let (lender, credentials) = lender(place);
    let files = tempfile::tempdir().expect("a folder");
    let path = |name: &str| files.path().join(name);
    let loans = path("loans");
    fs::create_dir(&loans).expect("made");
    fs::write(path("outside.xml"), DOCUMENT).expect("written");
    fs::write(loans.join("2026-11.xml"), DOCUMENT).expect("written");
    fs::write(loans.join("broken.xml"), "<html/>").expect("written");
    let folder = loans.display().to_string();
    let set = ["los", "folder", "--org", &lender, "--folder", &folder];
    assert_eq!(admin(place, &set).code, Some(0));
    let again = admin(place, &set);
    assert!(again.out.contains("already connected"), "{again:?}");
    let shown = admin(place, &["los", "show", "--org", &lender]);
    assert!(shown.out.contains(&folder), "{shown:?}");

    let try_out = |id: &str| admin(place, &["los", "try", "--org", &lender, "--loan", id]);
    let tried = try_out("2026-11");
    assert_eq!(
        (tried.code, tried.value("borrowers")),
        (Some(0), "2".to_owned())
    );
    let broken = try_out("broken");
    assert_eq!(broken.code, Some(1));
    assert!(broken.err.contains("would be refused"), "{broken:?}");
    assert!(try_out("unknown").err.contains("no such loan"));

    let server = Server::start_with(place, &["--no-migrate"]);
    let client = Client::new(&server.url, credentials);
    assert_eq!(client.list(), (Vec::new(), 0), "trying stored nothing");
    let id = import(&client, "2026-11")["publicID"].clone();
    assert!(id.is_string(), "{id}");
    assert_eq!(import(&client, "2026-11")["publicID"], id);
    fs::write(
        loans.join("2026-11.xml"),
        DOCUMENT.replace("160000.00", "150000.00"),
    )
    .expect("written");
    assert_eq!(import(&client, "2026-11")["publicID"], id);
    let data = json!({ "isActive": 1 });
    let listed = client.call("get-list-loans", data).expect("an answer");
    assert_eq!(listed["loans"][0]["loanAmount"], "150000", "{listed}");
    for (los_id, code) in [
        ("unknown", "los_loan_unknown"),
        ("../outside", "los_loan_unknown"),
        ("..%2foutside", "los_loan_unknown"),
        ("../loans/2026-11", "los_loan_unknown"),
    ] {
        let answer = import(&client, los_id);
        assert_eq!(refusal(&answer), (501, LOAN.to_owned()), "{los_id}");
        assert_eq!(code_of(&answer), code, "{los_id}");
    }
    assert_eq!(refusal(&import(&client, "broken")), (501, LOAN.to_owned()));
    assert_eq!(client.list().1, 1);
    // Disconnected while the server runs.
    assert_eq!(
        admin(place, &["los", "remove", "--org", &lender]).code,
        Some(0)
    );
    assert_eq!(code_of(&import(&client, "2026-11")), "los_not_connected");
    let (status, logged) = server.stop();
    assert_eq!(status.code(), Some(0));
    assert!(!logged.contains(&folder), "{logged}");
}

/// The secret comes from a file or from standard input, and is seen nowhere again.
#[test]
fn secrets_stay_secret() {
    on_sqlite(|place| {
        let (lender, credentials) = lender(place);
        let secret = place.folder().join("secret");
        fs::write(&secret, "hunter2-hunter2\n").expect("written");
        let secret = secret.display().to_string();
        // Nobody listens there.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let url = format!("http://127.0.0.1:{port}/loans/{{loanLOSID}}?key=hunter2-hunter2");
        let set = [
            "los",
            "http",
            "--org",
            &lender,
            "--url",
            &url,
            "--auth",
            "basic",
            "--user",
            "lintel",
            "--secret-file",
            &secret,
            "--attempts",
            "1",
        ];
        let done = admin(place, &set);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.out.contains("can be read on the way"), "{done:?}");
        let plain = format!("http://127.0.0.1:{port}/loans/{{loanLOSID}}");
        set_with_typed_secret(place, &lender, &plain);
        let shown = admin(place, &["los", "show", "--org", &lender]);
        assert!(shown.out.contains("bearer"), "{shown:?}");
        let tried = admin(place, &["los", "try", "--org", &lender, "--loan", "7"]);
        assert_eq!(tried.code, Some(1));
        assert!(tried.err.contains("cannot be reached"), "{tried:?}");
        let server = Server::start_with(place, &["--no-migrate", "--set", "log.filter=debug"]);
        let client = Client::new(&server.url, credentials);
        for _ in 0..5 {
            let answer = import(&client, "7");
            assert_eq!(refusal(&answer).0, 503);
            assert_eq!(code_of(&answer), "los_unavailable");
        }
        assert_eq!(code_of(&import(&client, "7")), "los_paused");
        let (_, logged) = server.stop();
        assert!(logged.contains("could not be fetched"), "{logged}");
        for text in [&logged, &shown.out, &tried.err, &tried.out] {
            assert!(!text.contains("hunter2"), "{text}");
        }
        holds_no_secret(place);
    });
}

/// Connects a system with a secret that is typed in.
fn set_with_typed_secret(place: &Place, lender: &str, url: &str) {
    let mut asked = bare(&["admin"]);
    let what = ["los", "http", "--org", lender, "--url", url];
    let how = ["--auth", "bearer", "--attempts", "1"];
    asked.args(place.flags()).args(what).args(how);
    let mut child = asked
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("standard input");
    input.write_all(b"hunter2-hunter2\n").expect("written");
    drop(input);
    assert!(child.wait_with_output().expect("ended").status.success());
}

/// No file of the data folder but the caller's own holds the secret.
fn holds_no_secret(place: &Place) {
    for entry in fs::read_dir(place.folder()).expect("read").flatten() {
        if entry.file_name() == "secret" || !entry.path().is_file() {
            continue;
        }
        let bytes = fs::read(entry.path()).expect("read");
        let has = bytes.windows(7).any(|w| w == b"hunter2");
        assert!(!has, "{:?}", entry.file_name());
    }
}

#[test]
fn settings_that_cannot_be_used_are_refused() {
    on_sqlite(|place| {
        let (lender, _) = lender(place);
        let empty = place.folder().join("empty");
        fs::write(&empty, "").expect("written");
        let empty = empty.display().to_string();
        let http = |words: &[&str]| {
            let begin = ["los", "http", "--org", &lender];
            admin(place, &[&begin, words].concat())
        };
        let good = "https://los.example.com/{loanLOSID}";
        for (words, code) in [
            (vec!["--url", "https://los.example.com/loans"], 1),
            (vec!["--url", "https://a:b@los.example.com/{loanLOSID}"], 1),
            (vec!["--url", "ftp://los.example.com/{loanLOSID}"], 1),
            (vec!["--url", good, "--auth", "basic"], 2),
            (vec!["--url", good, "--auth", "header"], 2),
            (vec!["--url", good, "--timeout", "26"], 2),
            (vec!["--url", good, "--attempts", "0"], 2),
            (
                vec!["--url", good, "--auth", "bearer", "--secret-file", &empty],
                1,
            ),
            (
                vec![
                    "--url",
                    good,
                    "--auth",
                    "bearer",
                    "--secret-file",
                    "/nowhere/x",
                ],
                1,
            ),
            (vec!["--url", good, "--ca-file", &empty], 1),
            (vec!["--url", good, "--member", "a..b"], 1),
        ] {
            let ended = http(&words);
            assert_eq!(ended.code, Some(code), "{words:?}: {ended:?}");
            assert!(!ended.err.is_empty(), "{words:?}");
        }
        let relative = ["los", "folder", "--org", &lender, "--folder", "loans"];
        assert_eq!(admin(place, &relative).code, Some(1));
        let nowhere = [
            "los",
            "folder",
            "--org",
            &lender,
            "--folder",
            "/nowhere/loans",
        ];
        let noted = admin(place, &nowhere);
        assert!(noted.out.contains("no such folder"), "{noted:?}");
        let shown = admin(place, &["los", "show", "--org", "NOBODY99"]);
        assert_eq!(shown.code, Some(1));
    });
}
