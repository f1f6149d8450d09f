//! What an operator does: configuration, migrations, organisations, credentials, exit statuses.

use serde_json::json;

use super::client::{Client, Credentials, refusal};
use super::place::{Place, on_both, on_sqlite};
use super::process::{Server, bare, lintel, run};

on_both! {
    a_withdrawn_credential_stops_at_once => super::withdrawn_credential_stops;
}

fn withdrawn_credential_stops(place: &Place) {
    let migrated = run(&mut lintel(place, &["migrate"]));
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
    assert!(migrated.out.contains("now at"), "{migrated:?}");
    assert_eq!(
        run(&mut lintel(place, &["migrate"])).code,
        Some(0),
        "migrating twice"
    );

    let admin = |words: &[&str]| {
        let mut command = bare(&["admin"]);
        command.args(place.flags()).args(words);
        run(&mut command)
    };
    let org = admin(&[
        "org",
        "create",
        "--name",
        "Invented Lending",
        "--kind",
        "retail",
    ]);
    assert_eq!(org.code, Some(0), "{org:?}");
    let lender = org.value("lenderID");
    let made = admin(&["credential", "create", "--org", &lender, "--label", "los"]);
    let (api_id, api_key) = (made.value("apiID"), made.value("apiKey"));
    let credentials = Credentials {
        api_id: api_id.clone(),
        api_key: api_key.clone(),
    };
    assert!(admin(&["org", "list"]).out.contains("Invented Lending"));

    let server = Server::start_with(place, &["--no-migrate"]);
    let client = Client::new(&server.url, credentials);
    assert_eq!(client.list(), (Vec::new(), 0));
    let listed = admin(&["credential", "list", "--org", &lender]);
    assert!(
        listed.out.contains(&api_id) && listed.out.contains("los"),
        "{listed:?}"
    );
    assert!(!listed.out.contains(&api_key), "the secret is shown again");

    let revoked = admin(&["credential", "revoke", &api_id]);
    assert_eq!(revoked.code, Some(0), "{revoked:?}");
    // The very next call, with the token from before.
    let answer = client
        .call("get-list-loans", json!({ "isActive": 1 }))
        .expect("an answer");
    assert_eq!(
        refusal(&answer),
        (401, "Parameter apiID and/or apiKey invalid.".to_owned())
    );
    let answer = client
        .post("access-token", client.body(None))
        .expect("an answer");
    assert_eq!(refusal(&answer).0, 401);
    assert_eq!(
        admin(&["credential", "revoke", &api_id]).code,
        Some(0),
        "twice is once"
    );
    assert_eq!(server.stop().0.code(), Some(0));
}

#[test]
fn an_unmigrated_database_is_refused_when_asked_to() {
    on_sqlite(|place| {
        let refused =
            run(lintel(place, &["serve", "--no-migrate"]).args(["--listen", "127.0.0.1:0"]));
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.err.contains("run lintel migrate"), "{refused:?}");
    });
}

#[test]
fn a_configuration_is_checked_whole() {
    on_sqlite(|place| {
        let file = place.folder().join("lintel.toml");
        let write = |text: &str| std::fs::write(&file, text).expect("written");
        write(
            "[http]\nlisten = \"127.0.0.1:9\"\n[database]\nurl = \"postgres://a:hunter2@db/x\"\n",
        );
        let shown = run(&mut bare(&["check", "--config"]));
        assert_eq!(shown.code, Some(0), "{shown:?}");
        assert!(shown.out.contains("http.listen"), "{shown:?}");
        let shown = run(bare(&["check"]).arg("--config").arg(&file));
        assert!(
            shown.out.contains("127.0.0.1:9") && shown.out.contains("***"),
            "{shown:?}"
        );
        assert!(
            !shown.out.contains("hunter2") && !shown.err.contains("hunter2"),
            "{shown:?}"
        );

        write("colour = \"red\"\n[http]\nlisten = \"here\"\n[log]\nformat = \"xml\"\n");
        let wrong = run(bare(&["check"]).arg("--config").arg(&file));
        assert_eq!(wrong.code, Some(1), "{wrong:?}");
        let wrong_serve = run(bare(&["serve"]).arg("--config").arg(&file));
        assert_eq!(wrong_serve.code, Some(2), "{wrong_serve:?}");
        for name in ["colour", "http.listen", "log.format"] {
            assert!(
                wrong.out.contains(&format!("{name}: ")),
                "{name}: {wrong:?}"
            );
            assert!(wrong_serve.err.contains(name), "{name}: {wrong_serve:?}");
        }
    });
}

#[test]
fn exit_statuses_tell_what_happened() {
    on_sqlite(|place| {
        for (words, code) in [
            (vec!["no-such-command"], 2),
            (vec!["serve", "--no-such-flag"], 2),
            (vec!["--version"], 0),
            (
                vec!["apr", "--amount", "0", "--rate", "5", "--term", "12"],
                2,
            ),
            (vec!["calc", "no_such_kind"], 2),
        ] {
            let ended = run(&mut bare(&words));
            assert_eq!(ended.code, Some(code), "{words:?}: {ended:?}");
            assert_eq!(ended.err.is_empty(), code == 0, "{words:?}: {ended:?}");
        }
        let admin = |words: &[&str]| run(bare(&["admin"]).args(place.flags()).args(words));
        for (words, code) in [
            (vec!["credential", "create", "--org", "NOBODY99"], 1),
            (vec!["credential", "revoke", "nobody"], 1),
            (vec!["org", "create", "--name", "", "--kind", "retail"], 1),
            (vec!["org", "create", "--name", "B", "--kind", "broker"], 1),
            (vec!["org", "create", "--name", "B", "--kind", "saver"], 2),
        ] {
            let ended = admin(&words);
            assert_eq!(ended.code, Some(code), "{words:?}: {ended:?}");
            assert!(!ended.err.is_empty(), "{words:?}");
        }
    });
    // A folder without data is a fault to `check`, and stays without.
    on_sqlite(|place| {
        let empty = run(&mut lintel(place, &["check"]));
        assert_eq!(empty.code, Some(1), "{empty:?}");
        assert_eq!(
            std::fs::read_dir(place.folder()).expect("read").count(),
            0,
            "{empty:?}"
        );
    });
    // A database that nobody serves.
    let unreachable = run(&mut bare(&[
        "migrate",
        "--database-url",
        "postgres://x:secret9@127.0.0.1:1/x",
    ]));
    assert_eq!(unreachable.code, Some(1), "{unreachable:?}");
    assert!(!unreachable.err.contains("secret9"), "{unreachable:?}");
}
