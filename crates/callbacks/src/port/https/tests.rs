//! Connections that are refused, and those that are made.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::target::Target;

/// Says something else each time it is asked; the last answer for ever.
struct Turning(Vec<Vec<&'static str>>, AtomicUsize);

impl Lookup for Turning {
    fn addresses(&self, _name: &str) -> std::io::Result<Vec<IpAddr>> {
        let turn = self.1.fetch_add(1, Ordering::SeqCst).min(self.0.len() - 1);
        let parsed = self.0[turn].iter().map(|a| a.parse().expect("an address"));
        Ok(parsed.collect())
    }
}

fn https(turns: &[&[&'static str]], allow_private: bool) -> Https {
    let turns = turns.iter().map(|turn| turn.to_vec()).collect();
    let lookup = Arc::new(Turning(turns, AtomicUsize::new(0)));
    Https::open(lookup, allow_private, None).expect("a port")
}

fn call(url: &str) -> Outgoing {
    Outgoing {
        target: Target::parse(url, true).expect("an address"),
        headers: vec![("webhook-id", "x".to_owned())],
        body: b"{}".to_vec(),
    }
}

#[tokio::test]
async fn a_name_that_turns_inside_after_it_was_checked_is_not_connected_to() {
    let rebound = https(&[&["93.184.215.14"], &["127.0.0.1"]], false);
    let first = rebound.look_up("hooks.example.com", Box::new(())).await;
    let public = "93.184.215.14".parse().expect("good");
    assert_eq!(first, LookUp::Found(vec![public]));
    for _ in 0..2 {
        let reply = rebound.call(&call("https://hooks.example.com/x")).await;
        assert_eq!(reply.outcome, AttemptOutcome::NotPublic);
    }
    // Nor when only one of its addresses is inside, whichever place it has.
    for turn in [
        ["93.184.215.14", "10.0.0.1"],
        ["169.254.169.254", "93.184.215.14"],
        ["::ffff:127.0.0.1", "93.184.215.14"],
    ] {
        let mixed = https(&[&turn], false);
        let reply = mixed.call(&call("https://hooks.example.com/x")).await;
        assert_eq!(reply.outcome, AttemptOutcome::NotPublic, "{turn:?}");
    }
}

#[tokio::test]
async fn addresses_as_they_stand_are_checked_at_every_call() {
    let strict = https(&[&[]], false);
    for url in [
        "https://127.0.0.1:1/",
        "https://[::1]:1/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
    ] {
        let reply = strict.call(&call(url)).await;
        assert_eq!(reply.outcome, AttemptOutcome::NotPublic, "{url}");
    }
}

#[tokio::test]
async fn nobody_there() {
    let open = https(&[&["127.0.0.1"]], true);
    // A port nobody listens on: bound and let go.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let reply = open
        .call(&call(&format!("https://localhost:{port}/")))
        .await;
    assert_eq!(reply.outcome, AttemptOutcome::Unreachable);
    let nowhere = https(&[&[]], true);
    let nothing = nowhere.look_up("hooks.example.com", Box::new(())).await;
    assert_eq!(nothing, LookUp::Nothing);
    let reply = nowhere.call(&call("https://hooks.example.com/")).await;
    assert_eq!(reply.outcome, AttemptOutcome::Unreachable);
}

#[test]
fn a_file_without_certificates_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    let open = || Https::open(Arc::new(SystemLookup), false, Some(&file));
    assert!(open().is_err());
    std::fs::write(&file, "no certificate").expect("written");
    assert!(open().is_err());
}
